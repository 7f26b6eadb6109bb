//! Layouts: numbers by country, however a file lays them out, as one series after another.
//!
//! | layout | told by | read |
//! |---|---|---|
//! | plain | a column of countries | every other column that holds a number |
//! | World Bank | `Country Code` and columns such as `2019` or `2019 [YR2019]` | a series for every series code |
//! | Eurostat, wide | a column such as `freq,unit,geo\TIME_PERIOD` | one series; flags behind a number are left out |
//! | Eurostat, long | `geo`, `TIME_PERIOD`, `OBS_VALUE` | one series |
//!
//! Where there are several years, each country has the last that is known.

use std::collections::BTreeMap;

use super::atlas::Row;
use super::code;
use crate::read::{Cell, Faults, Table, key};

/// Names of the column that says which country a row is about.
const COUNTRY: [&str; 15] = [
    "iso3",
    "iso3c",
    "iso_a3",
    "alpha_3",
    "iso2",
    "iso2c",
    "alpha_2",
    "iso",
    "code",
    "country_code",
    "iso_code",
    "geo",
    "country",
    "country_name",
    "name",
];

/// Names of the columns by which the World Bank tells series apart, the surest first.
const SERIES: [&str; 4] = ["series_code", "indicator_code", "series_name", "indicator_name"];

/// Numbers by country.
pub(crate) struct Series<'t> {
    pub name: String,
    /// Where its name stands.
    pub head: Cell<'static>,
    /// A country's row and the cell that holds its number, in the order of the file.
    pub values: Vec<(usize, Cell<'t>)>,
    /// First and last year taken, where the file has years.
    pub years: Option<(u16, u16)>,
}

/// The column of countries, and whether it holds names beside codes of the author's own, as Hofstede's does.
pub(crate) fn country_column(table: &Table, faults: &mut Faults) -> Option<(usize, bool)> {
    let own = table.column(&["ctr"], &mut Faults::default()).is_some();
    if let Some(country) = table.column(&["country"], faults).filter(|_| own) {
        return Some((country, true));
    }
    table.require(&COUNTRY, "which country a row is about", faults).map(|at| (at, false))
}

/// Every series of a table; the columns that hold none are told.
pub(crate) fn series<'t>(table: &'t Table, rows: &[Row], faults: &mut Faults) -> Vec<Series<'t>> {
    if table.is_empty() {
        faults.push(
            table.fault_of_header(format!("{} has no rows", table.source().name)).expected("a header, then rows"),
        );
        return Vec::new();
    }
    let mut countries = code::Reader::new(rows);
    let years: Vec<(usize, u16)> =
        table.header().iter().enumerate().filter_map(|(at, cell)| Some((at, year(&cell.text)?))).collect();
    let geo = table.header().iter().position(|cell| cell.text.contains('\\'));
    let long = ["geo", "time_period", "obs_value"].map(|name| table.column(&[name], &mut Faults::default()));
    let found = match (geo, long) {
        (Some(geo), _) => wide(table, geo, &years, &mut countries, faults),
        (None, [Some(geo), Some(time), Some(value)]) => by_year(table, geo, time, value, &mut countries, faults),
        _ if !years.is_empty() && all_known(table) => world_bank(table, &years, &mut countries, faults),
        _ => plain(table, &mut countries, faults),
    };
    countries.tell(table, faults);
    found
}

/// Are all columns years, or what the World Bank writes beside them?
fn all_known(table: &Table) -> bool {
    let known = |name: String| name.is_empty() || COUNTRY.contains(&&*name) || SERIES.contains(&&*name);
    table.header().iter().all(|cell| year(&cell.text).is_some() || known(key(&cell.text)))
}

/// The year that a column is about: `2019` or `2019 [YR2019]`.
fn year(name: &str) -> Option<u16> {
    let word = name.split(" [YR").next().unwrap_or_default();
    word.parse().ok().filter(|year| word.len() == 4 && (1800..2200).contains(year))
}

/// The code in the brackets of a name such as `Population, total [SP.POP.TOTL]`, else the name.
fn bracketed(name: &str) -> &str {
    let inner = name.rsplit_once('[').and_then(|(_, rest)| rest.strip_suffix(']'));
    inner.filter(|code| !code.is_empty()).unwrap_or(name)
}

/// The name of a file without folder and extensions.
fn stem(table: &Table) -> String {
    let name = table.source().name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.split('.').next().unwrap_or_default().to_owned()
}

fn plain<'t>(table: &'t Table, countries: &mut code::Reader, faults: &mut Faults) -> Vec<Series<'t>> {
    let Some((country, names)) = country_column(table, faults) else { return Vec::new() };
    countries.names = names;
    let holds_a_number = |at: usize| {
        let known = |cell: &Cell| !cell.is_missing() && table.number(cell, &mut Faults::default()).is_some();
        table.rows().any(|row| known(&row.cells[at])) || table.rows().all(|row| row.cells[at].is_missing())
    };
    let columns: Vec<usize> = (0..table.header().len())
        .filter(|at| *at != country && !table.header()[*at].text.is_empty() && holds_a_number(*at))
        .collect();
    let mut found: Vec<Series> = columns
        .iter()
        .map(|at| {
            let head = table.header()[*at].clone();
            Series { name: bracketed(&head.text).to_owned(), head, values: Vec::new(), years: None }
        })
        .collect();
    let mut seen = BTreeMap::new();
    for mut row in table.rows() {
        let cell = &row.cells[country];
        let Some(at) = countries.find(table, cell, faults) else { continue };
        if let Some(before) = seen.insert(at, cell.text.to_string()) {
            faults.push(twice(table, cell, &before));
            continue;
        }
        for (series, column) in found.iter_mut().zip(&columns) {
            let empty = Cell { text: "".into(), range: 0..0 };
            series.values.push((at, std::mem::replace(&mut row.cells[*column], empty)));
        }
    }
    let read: Vec<usize> = std::iter::once(country).chain(columns).collect();
    table.unread(&read, &[], faults);
    found
}

fn twice(table: &Table, cell: &Cell, before: &str) -> crate::error::Fault {
    let same = if cell.text == before { String::new() } else { format!(" (`{before}` is the same country)") };
    let fault = table.fault(cell, format!("{} appears twice{same}", cell.text));
    let year = table.column(&["year", "time", "time_period"], &mut Faults::default()).is_some();
    fault.help(if year { "keep one year of each country" } else { "keep one row of each country" })
}

/// One series after another below each other, years beside each other.
fn world_bank<'t>(
    table: &'t Table,
    years: &[(usize, u16)],
    countries: &mut code::Reader,
    faults: &mut Faults,
) -> Vec<Series<'t>> {
    let Some((country, _)) = country_column(table, faults) else { return Vec::new() };
    let code = table.column(&SERIES, faults);
    let mut found: BTreeMap<String, Latest> = BTreeMap::new();
    let mut order = Vec::new();
    for row in table.rows() {
        let head = code.map_or_else(|| table.header()[country].clone(), |at| row.cells[at].clone().owned());
        let name = if code.is_some() { head.text.to_string() } else { stem(table) };
        let Some(at) = countries.find(table, &row.cells[country], faults) else { continue };
        let latest = found.entry(name.clone()).or_insert_with(|| {
            order.push(name);
            Latest { head, cells: BTreeMap::new() }
        });
        if latest.cells.contains_key(&at) {
            faults.push(twice(table, &row.cells[country], &row.cells[country].text));
        }
        latest.cells.insert(at, last(row.cells, years, |cell| cell));
    }
    order.into_iter().map(|name| found.remove(&name).expect("it was noted").series(name)).collect()
}

/// The last year that is known of every country.
struct Latest<'t> {
    head: Cell<'static>,
    cells: BTreeMap<usize, Option<(u16, Cell<'t>)>>,
}

impl<'t> Latest<'t> {
    fn series(self, name: String) -> Series<'t> {
        let mut years: Option<(u16, u16)> = None;
        let mut values = Vec::new();
        for (at, (year, cell)) in self.cells.into_iter().filter_map(|(at, found)| Some((at, found?))) {
            years = Some(years.map_or((year, year), |(first, last)| (first.min(year), last.max(year))));
            values.push((at, cell));
        }
        values.sort_by_key(|(_, cell)| cell.range.start);
        Series { name, head: self.head, values, years }
    }
}

/// The cell of the last year that is known.
fn last<'t>(
    cells: Vec<Cell<'t>>,
    years: &[(usize, u16)],
    bare: impl Fn(Cell<'t>) -> Cell<'t>,
) -> Option<(u16, Cell<'t>)> {
    let of = |(at, year): &(usize, u16)| (*year, bare(cells[*at].clone()));
    years.iter().map(of).filter(|(_, cell)| !cell.is_missing()).max_by_key(|(year, _)| *year)
}

/// A number without the flags that Eurostat writes behind it, such as `b` for a break in the series.
fn unflagged(mut cell: Cell) -> Cell {
    let text = cell.text.trim_end_matches(|c: char| c.is_ascii_lowercase()).trim_end();
    let number = text.ends_with(|c: char| c.is_ascii_digit() || c == ':');
    if number && text.len() < cell.text.len() {
        cell.range.end -= cell.text.len() - text.len();
        cell.text = text.to_owned().into();
    }
    cell
}

/// Dimensions and the country in the cells up to `geo`, years beside each other.
fn wide<'t>(
    table: &'t Table,
    geo: usize,
    years: &[(usize, u16)],
    countries: &mut code::Reader,
    faults: &mut Faults,
) -> Vec<Series<'t>> {
    let read: Vec<usize> = (0..=geo).chain(years.iter().map(|year| year.0)).collect();
    table.unread(&read, &[], faults);
    if years.is_empty() {
        faults.push(table.fault_of_header("no column is about a year").expected("columns such as 2019"));
    }
    let mut latest = Latest { head: table.header()[geo].clone(), cells: BTreeMap::new() };
    let mut first: Option<String> = None;
    for row in table.rows() {
        let cell = &row.cells[geo];
        // The country is the last of the words before the first year, which may stand in one cell.
        let inner = cell.text.rfind(',').map_or(0, |comma| comma + 1);
        let place =
            Cell { text: cell.text[inner..].trim().to_owned().into(), range: cell.range.start + inner..cell.range.end };
        let before: Vec<&str> = row.cells[..geo].iter().map(|cell| cell.text.as_ref()).collect();
        let series = format!("{},{}", before.join(","), &cell.text[..inner]).trim_matches(',').to_owned();
        let of = first.get_or_insert_with(|| series.clone());
        if *of != series {
            let fault = table.fault(cell, format!("the file holds several series: {of} and {series}"));
            faults.push(fault.expected("one series").help("keep the rows of one of them"));
            return Vec::new();
        }
        let Some(at) = countries.find(table, &place, faults) else { continue };
        if latest.cells.contains_key(&at) {
            faults.push(twice(table, &place, &place.text));
        }
        latest.cells.insert(at, last(row.cells, years, unflagged));
    }
    vec![latest.series(stem(table))]
}

/// A row for every country and year.
fn by_year<'t>(
    table: &'t Table,
    geo: usize,
    time: usize,
    value: usize,
    countries: &mut code::Reader,
    faults: &mut Faults,
) -> Vec<Series<'t>> {
    const BESIDE: [&str; 5] = ["dataflow", "last_update", "obs_flag", "conf_status", "structure"];
    let read = [geo, time, value];
    let dimensions: Vec<usize> = (0..table.header().len())
        .filter(|at| !read.contains(at) && !BESIDE.contains(&&*key(&table.header()[*at].text)))
        .collect();
    let mut latest = Latest { head: table.header()[value].clone(), cells: BTreeMap::new() };
    let mut first: Option<String> = None;
    for mut row in table.rows() {
        let words: Vec<&str> = dimensions.iter().map(|at| row.cells[*at].text.as_ref()).collect();
        let series = words.join(",");
        let of = first.get_or_insert_with(|| series.clone());
        if *of != series {
            let fault = table.fault_of_row(&row, format!("the file holds several series: {of} and {series}"));
            faults.push(fault.expected("one series").help("keep the rows of one of them"));
            return Vec::new();
        }
        let Some(when) = year(&row.cells[time].text) else {
            let fault = table.fault(&row.cells[time], format!("`{}` is no year", row.cells[time].text));
            faults.push(fault.expected("a year such as 2019"));
            continue;
        };
        let Some(at) = countries.find(table, &row.cells[geo], faults) else { continue };
        let cell = row.cells.swap_remove(value);
        let known = latest.cells.entry(at).or_default();
        if !cell.is_missing() && known.as_ref().is_none_or(|(before, _)| *before < when) {
            *known = Some((when, cell));
        }
    }
    vec![latest.series(stem(table))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::atlas::atlas;

    /// Every series as its name, years and values by code, and the titles of the faults.
    fn read(name: &str, text: &str) -> (Vec<String>, Vec<String>) {
        let mut faults = Faults::default();
        let table = Table::parse(name, text, &mut faults).unwrap();
        let rows = &atlas().rows;
        let mut told = Vec::new();
        for series in super::series(&table, rows, &mut faults) {
            let values: Vec<String> =
                series.values.iter().map(|(at, cell)| format!("{} {}", rows[*at].country.iso3, cell.text)).collect();
            let years = series.years.map_or(String::new(), |(first, last)| format!(" {first}–{last}"));
            told.push(format!("{}{years}: {}", series.name, values.join(", ")));
        }
        (told, faults.take(name).into_iter().map(|fault| fault.title).collect())
    }

    #[test]
    fn downloads_of_the_world_bank_are_read_with_the_last_year_known() {
        let bulk = "\"Data Source\",\"World Development Indicators\",\n\n\"Last Updated Date\",\"2024-06-28\",\n\n\
            \"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"2021\",\"2022\",\"2023\",\n\
            \"Aruba\",\"ABW\",\"Population, total\",\"SP.POP.TOTL\",\"1\",\"2\",\"\",\n\
            \"Africa Eastern and Southern\",\"AFE\",\"Population, total\",\"SP.POP.TOTL\",\"1\",\"2\",\"3\",\n\
            \"Belgium\",\"BEL\",\"Population, total\",\"SP.POP.TOTL\",\"11\",\"12\",\"\",\n\
            \"Romania\",\"ROM\",\"Population, total\",\"SP.POP.TOTL\",\"19\",\"\",\"\",\n";
        let passed =
            "rows of no country of the data set were passed over: `ABW` (Aruba), `AFE` (a group of the World Bank)";
        assert_eq!(read("API.csv", bulk), (vec!["SP.POP.TOTL 2021–2022: BEL 12, ROU 19".into()], vec![passed.into()]));
        let bank = "Country Name,Country Code,Series Name,Series Code,2019 [YR2019],2020 [YR2020]\n\
            Belgium,BEL,\"Population, total\",SP.POP.TOTL,11,..\nBelgium,BEL,GDP,NY.GDP.MKTP.CD,5,6\n\
            ,,,,,\nData from database: World Development Indicators,,,,,\nLast Updated: 06/28/2024,,,,,\n";
        let expected = ["SP.POP.TOTL 2019–2019: BEL 11", "NY.GDP.MKTP.CD 2020–2020: BEL 6"].map(str::to_owned);
        assert_eq!(read("d.csv", bank), (expected.to_vec(), vec![]));
        let time = "Time,Time Code,Country Name,Country Code,\"Population, total [SP.POP.TOTL]\"\n2020,YR2020,Belgium,BEL,11\n";
        let (series, told) = read("t.csv", time);
        assert_eq!(series.last().unwrap(), "SP.POP.TOTL: BEL 11");
        assert_eq!(told, ["nothing reads 2 columns: `Time Code`, `Country Name`"]);
    }

    #[test]
    fn downloads_of_eurostat_are_read_without_flags() {
        let wide = "freq,unit,geo\\TIME_PERIOD\t2022 \t2023 \t2024 \nA,PC,BE\t91 \t92.5 b\t: m\nA,PC,EL\t80 u\t:c\t:\n\
            A,PC,EU27_2020\t1\t2\t3\n";
        let passed =
            "a row of no country of the data set was passed over: `EU27_2020` (a group of Eurostat)".to_owned();
        let expected = (vec!["isoc 2022–2023: BEL 92.5, GRC 80".to_owned()], vec![passed]);
        assert_eq!(read("data/isoc.tsv", wide), expected);
        let commas = "freq,unit,geo\\TIME_PERIOD,2022,2023\nA,PC,BE,91,92.5 b\nA,PC,EL,80 u,:\n";
        assert_eq!(read("isoc.csv", commas).0, expected.0);
        let (_, told) = read("isoc.tsv", "freq,unit,geo\\TIME_PERIOD\t2022\nA,PC,BE\t9\nA,NR,BE\t9\n");
        assert_eq!(told, ["the file holds several series: A,PC and A,NR"]);
        let long = "DATAFLOW,LAST UPDATE,freq,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n\
            ESTAT:X(1.0),01/01/24 11:00:00,A,PC,BE,2022,91,,\nESTAT:X(1.0),01/01/24 11:00:00,A,PC,BE,2021,90,,\n\
            ESTAT:X(1.0),01/01/24 11:00:00,A,PC,UK,2019,95,b,\n";
        assert_eq!(read("isoc.csv", long), (vec!["isoc 2019–2022: BEL 91, GBR 95".into()], vec![]));
    }

    #[test]
    fn plain_columns_may_stand_anywhere_and_hold_words() {
        let (series, told) = read("t.csv", "Region,Law,Country\nWest,1.5,BE\nWest,n/a,fra\n");
        assert_eq!(
            (series, told),
            (vec!["Law: BEL 1.5, FRA n/a".into()], vec!["nothing reads the column `Region`".into()])
        );
        let (_, told) = read("t.csv", "iso3,x\nROU,1\nROM,2\n,3\n#N/A,4\n");
        assert_eq!(
            told,
            ["ROM appears twice (`ROU` is the same country)", "this row names no country", "`#N/A` names no country"]
        );
        assert_eq!(read("t.csv", "land,x\nBEL,1\n").1, ["no column says which country a row is about"]);
        assert_eq!(read("t.csv", "iso3,x\n").1, ["t.csv has no rows"]);
    }

    #[test]
    fn names_decide_where_a_list_has_codes_of_its_own() {
        let text = "ctr;country;pdi\nMAC;Macedonia Rep;1\nSLV;Slovenia;2\nBEF;Belgium French;3\n";
        let (series, told) = read("h.csv", text);
        assert_eq!(series, ["pdi: MKD 1, SVN 2"]);
        assert!(told[0].contains("`ctr`") && told[1].ends_with("`Belgium French`"), "{told:?}");
    }
}
