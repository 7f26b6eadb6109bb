//! The project's own country tables, read once: facts, languages, religions, ties, agreements, cities, blocs.

use std::sync::LazyLock;

use super::pair::{self, Components, Point};

/// The five regions of the United Nations (M49), in the order of [`Country::region_id`].
pub const REGIONS: [&str; 5] = ["Africa", "Americas", "Asia", "Europe", "Oceania"];

/// What religions are told apart; the order of [`Row::religions`].
pub(crate) const RELIGIONS: [&str; 11] = [
    "catholic",
    "protestant",
    "orthodox",
    "christian_other",
    "muslim",
    "buddhist",
    "hindu",
    "jewish",
    "folk",
    "other",
    "none",
];

const LEGAL_ORIGINS: [&str; 4] = ["common", "french", "german", "scandinavian"];

/// Every embedded table by its name, for provenance.
const TABLES: [(&str, &str); 11] = [
    ("data/agreements.csv", include_str!("../../data/agreements.csv")),
    ("data/blocs.csv", include_str!("../../data/blocs.csv")),
    ("data/cities.csv", include_str!("../../data/cities.csv")),
    ("data/codes.csv", include_str!("../../data/codes.csv")),
    ("data/colonial_ties.csv", include_str!("../../data/colonial_ties.csv")),
    ("data/countries.csv", include_str!("../../data/countries.csv")),
    ("data/language_caps.csv", include_str!("../../data/language_caps.csv")),
    ("data/language_paths.csv", include_str!("../../data/language_paths.csv")),
    ("data/languages.csv", include_str!("../../data/languages.csv")),
    ("data/outlines.csv", include_str!("../../data/outlines.csv")),
    ("data/religions.csv", include_str!("../../data/religions.csv")),
];

/// A country, or a territory that a scenario treats as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Country {
    /// ISO 3166-1 alpha-3 code, or the code a scenario gave to a territory.
    pub iso3: String,
    pub name: String,
    pub capital: String,
    /// One of [`REGIONS`].
    pub region: String,
    /// UN M49 subregion, such as `Western Europe`.
    pub subregion: String,
    /// Index into [`REGIONS`]: the home region beyond which a firm's sales are counted as far.
    pub region_id: u8,
    /// People.
    pub population: f64,
    /// US$ a year at market exchange rates.
    pub gdp_usd: f64,
    /// US$ per person and year at market exchange rates.
    pub gdp_per_head: f64,
    /// 2021 US$ per person and year at purchasing power parity.
    pub gdp_per_head_ppp: f64,
    /// Share of people who use the internet, 0..=1.
    pub internet: f64,
    /// Degrees north of the equator, of the capital.
    pub latitude: f64,
    /// Degrees east of Greenwich, of the capital.
    pub longitude: f64,
}

/// A country with all that pairs are computed from.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub country: Country,
    /// The data set's country this row is, or was copied from: its index in [`Atlas::rows`].
    pub base: usize,
    /// The code of that country.
    pub origin: String,
    /// Codes of land neighbours.
    pub borders: Vec<String>,
    pub official: Vec<u16>,
    /// Languages and the share of people able to use them.
    pub speakers: Vec<(u16, f64)>,
    /// Shares in the order of [`RELIGIONS`].
    pub religions: [f64; RELIGIONS.len()],
    pub legal_origin: usize,
    pub rulers: Vec<Ruler>,
    /// Where people live, with weights that add up to 1.
    pub cities: Vec<(Point, f64)>,
}

/// A power that once ruled a country.
#[derive(Clone, Debug)]
pub(crate) struct Ruler {
    pub iso3: String,
    /// A colony or mandate, in contrast to a part of a land empire.
    pub overseas: bool,
}

/// All tables, parsed.
pub(crate) struct Atlas {
    /// The countries in the order of their codes.
    pub rows: Vec<Row>,
    /// Trade blocs and other clubs with the codes of their members.
    pub blocs: Vec<(String, Vec<String>)>,
    /// Proximity of two languages, row-major.
    proximity: Vec<f64>,
    languages: usize,
    /// Deepest agreement between two countries, row-major, 0 none … 5 economic union.
    agreements: Vec<u8>,
}

impl Atlas {
    /// Proximity of two languages, 0..=1.
    pub fn proximity(&self, a: u16, b: u16) -> f64 {
        self.proximity[usize::from(a) * self.languages + usize::from(b)]
    }

    /// The deepest agreement between two countries of the data set.
    pub fn agreement(&self, a: usize, b: usize) -> u8 {
        self.agreements[a * self.rows.len() + b]
    }
}

/// The tables.
pub(crate) fn atlas() -> &'static Atlas {
    static ATLAS: LazyLock<Atlas> = LazyLock::new(read);
    &ATLAS
}

/// Components of every unordered pair of the data set, `(a, b)` with `a < b` in order.
pub(crate) fn pairs() -> &'static [(usize, usize, Components)] {
    static PAIRS: LazyLock<Vec<(usize, usize, Components)>> = LazyLock::new(|| {
        let rows = &atlas().rows;
        let below = |b: usize| (0..b).map(move |a| (a, b, pair::components(&rows[a], &rows[b])));
        (0..rows.len()).flat_map(below).collect()
    });
    &PAIRS
}

/// Name and BLAKE3 hash of every embedded table.
pub(crate) fn inputs() -> Vec<(String, String)> {
    TABLES.iter().map(|(name, text)| ((*name).to_owned(), blake3::hash(text.as_bytes()).to_hex().to_string())).collect()
}

/// The records of an embedded table, without the header.
pub(crate) fn records(name: &str) -> Vec<csv::StringRecord> {
    let (_, text) = TABLES.iter().find(|(known, _)| *known == name).expect("the table is embedded");
    let records = csv::Reader::from_reader(text.as_bytes()).into_records();
    records.map(|record| record.expect("an embedded table is well formed")).collect()
}

/// A number of an embedded table.
pub(crate) fn number(field: &str) -> f64 {
    field.parse().unwrap_or_else(|_| panic!("an embedded table has `{field}` where a number belongs"))
}

fn words(field: &str) -> Vec<String> {
    field.split_whitespace().map(str::to_owned).collect()
}

fn position(known: &[&str], word: &str) -> usize {
    known.iter().position(|k| *k == word).unwrap_or_else(|| panic!("an embedded table has the unknown word `{word}`"))
}

fn read() -> Atlas {
    let paths: Vec<(String, Vec<String>)> = records("data/language_paths.csv")
        .iter()
        .map(|r| (r[0].to_owned(), r[1].split('/').map(str::to_owned).collect()))
        .collect();
    let language = |word: &str| {
        let found = paths.binary_search_by(|(known, _)| known.as_str().cmp(word));
        u16::try_from(found.unwrap_or_else(|_| panic!("no path of the language `{word}`"))).expect("few languages")
    };
    let mut rows: Vec<Row> = records("data/countries.csv").iter().map(|r| row(r, language)).collect();
    for (base, row) in rows.iter_mut().enumerate() {
        row.base = base;
    }
    add_speakers(&mut rows, language);
    add_religions(&mut rows);
    add_rulers(&mut rows);
    add_cities(&mut rows);
    let blocs: Vec<(String, Vec<String>)> =
        records("data/blocs.csv").iter().map(|r| (r[0].to_owned(), words(&r[1]))).collect();
    let agreements = agreements(&rows, &blocs);
    let proximity = paths.iter().flat_map(|(_, a)| paths.iter().map(|(_, b)| kinship(a, b))).collect();
    Atlas { rows, blocs, proximity, languages: paths.len(), agreements }
}

fn row(r: &csv::StringRecord, language: impl Fn(&str) -> u16) -> Row {
    let (population, gdp_usd) = (number(&r[7]), number(&r[9]));
    let country = Country {
        iso3: r[0].to_owned(),
        name: r[1].to_owned(),
        region: r[2].to_owned(),
        subregion: r[3].to_owned(),
        region_id: u8::try_from(position(&REGIONS, &r[2])).expect("few regions"),
        capital: r[4].to_owned(),
        latitude: number(&r[5]),
        longitude: number(&r[6]),
        population,
        gdp_usd,
        gdp_per_head: gdp_usd / population,
        gdp_per_head_ppp: number(&r[11]),
        internet: number(&r[12]) / 100.0,
    };
    Row {
        origin: country.iso3.clone(),
        country,
        base: 0,
        borders: words(&r[16]),
        official: r[14].split_whitespace().map(language).collect(),
        speakers: Vec::new(),
        religions: [0.0; RELIGIONS.len()],
        legal_origin: position(&LEGAL_ORIGINS, &r[15]),
        rulers: Vec::new(),
        cities: Vec::new(),
    }
}

/// The row of a code among rows in the order of their codes.
pub(crate) fn find(rows: &[Row], iso3: &str) -> Option<usize> {
    rows.binary_search_by(|row| row.country.iso3.as_str().cmp(iso3)).ok()
}

fn known<'a>(rows: &'a mut [Row], iso3: &str) -> &'a mut Row {
    let found = find(rows, iso3).unwrap_or_else(|| panic!("an embedded table has the unknown country `{iso3}`"));
    &mut rows[found]
}

fn add_speakers(rows: &mut [Row], language: impl Fn(&str) -> u16) {
    let caps = records("data/language_caps.csv");
    for r in records("data/languages.csv") {
        let cap = caps.iter().find(|cap| cap[0] == r[0] && cap[1] == r[1]).map_or(100.0, |cap| number(&cap[2]));
        known(rows, &r[0]).speakers.push((language(&r[1]), number(&r[2]).min(cap) / 100.0));
    }
}

fn add_religions(rows: &mut [Row]) {
    for r in records("data/religions.csv") {
        known(rows, &r[0]).religions[position(&RELIGIONS, &r[1])] = number(&r[2]);
    }
}

fn add_rulers(rows: &mut [Row]) {
    for r in records("data/colonial_ties.csv") {
        // A state that left another one (South Sudan) is no former colony of it.
        if &r[3] != "secession" {
            let overseas = matches!(&r[3], "colonial" | "mandate");
            known(rows, &r[0]).rulers.push(Ruler { iso3: r[1].to_owned(), overseas });
        }
    }
}

fn add_cities(rows: &mut [Row]) {
    for r in records("data/cities.csv") {
        // One capital is listed with nobody in it.
        let people = number(&r[4]).max(1.0);
        known(rows, &r[0]).cities.push((Point::at(number(&r[2]), number(&r[3])), people));
    }
    for row in rows {
        let people: f64 = row.cities.iter().map(|city| city.1).sum();
        row.cities.iter_mut().for_each(|city| city.1 /= people);
    }
}

/// Deepest agreement of every pair: the parties of one side with one another, or of one side with the other.
fn agreements(rows: &[Row], blocs: &[(String, Vec<String>)]) -> Vec<u8> {
    let n = rows.len();
    let mut levels = vec![0; n * n];
    let parties = |field: &str| -> Vec<usize> {
        let expand = |word: &str| match word.strip_prefix('@') {
            Some(bloc) => blocs.iter().find(|b| b.0 == bloc).expect("an agreement names a known bloc").1.clone(),
            None => vec![word.to_owned()],
        };
        let codes = field.split_whitespace().flat_map(expand);
        codes.map(|code| find(rows, &code).expect("an agreement names a known country")).collect()
    };
    for r in records("data/agreements.csv") {
        let level: u8 = r[2].parse().expect("a level is a small whole number");
        let one = parties(&r[4]);
        let other = if r[5].is_empty() { one.clone() } else { parties(&r[5]) };
        for (&a, b) in one.iter().flat_map(|a| other.iter().map(move |b| (a, *b))).filter(|(a, b)| *a != b) {
            levels[a * n + b] = level.max(levels[a * n + b]);
            levels[b * n + a] = levels[a * n + b];
        }
    }
    levels
}

/// Proximity of two languages: `2k / (d₁ + d₂)` for `k` shared levels of family paths of depths `d₁` and `d₂`.
fn kinship(a: &[String], b: &[String]) -> f64 {
    let shared = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    2.0 * shared as f64 / (a.len() + b.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hundred_countries_are_complete() {
        let rows = &atlas().rows;
        assert_eq!(rows.len(), 200);
        for row in rows {
            let c = &row.country;
            assert!(c.population > 0.0 && c.gdp_usd > 0.0 && c.gdp_per_head_ppp > 0.0, "{}", c.iso3);
            assert!((0.0..=1.0).contains(&c.internet) && c.latitude.abs() <= 90.0, "{}", c.iso3);
            assert!(!row.speakers.is_empty() && !row.official.is_empty() && !row.cities.is_empty(), "{}", c.iso3);
            let believers: f64 = row.religions.iter().sum();
            assert!((believers - 1.0).abs() < 0.05, "{}: religions add up to {believers}", c.iso3);
            for neighbour in &row.borders {
                let other = &rows[find(rows, neighbour).expect("a neighbour is a country")];
                assert!(other.borders.contains(&c.iso3), "{} borders {neighbour} but not the other way", c.iso3);
            }
        }
        assert_eq!(rows[find(rows, "NAM").unwrap()].country.name, "Namibia");
    }

    #[test]
    fn english_is_capped_where_few_speak_it() {
        let rows = &atlas().rows;
        let share = |iso3: &str, other: &str| {
            let english = rows[find(rows, other).unwrap()].official[0];
            let tanzania = &rows[find(rows, iso3).unwrap()];
            tanzania.speakers.iter().find(|(language, _)| *language == english).unwrap().1
        };
        assert_eq!(share("TZA", "GBR"), 0.10);
        assert_eq!(share("GHA", "GBR"), 0.21, "a share below its cap stays");
    }

    #[test]
    fn every_column_is_described() {
        let described = include_str!("../../data/columns.csv");
        for (name, text) in TABLES {
            let file = name.trim_start_matches("data/");
            for column in text.lines().next().unwrap().split(',') {
                assert!(described.contains(&format!("\n{file},{column},")), "{file}: {column} has no description");
            }
        }
    }
}
