//! Matrices that users bring: a value for ordered country pairs, as a square or as a list of pairs.

use std::collections::BTreeSet;

use super::atlas::Row;
use super::units::{self, Compared};
use super::{code, pair};
use crate::error::Fault;
use crate::read::{Cell, Faults, Table, key};

/// Missing pairs named in a fault; the others are counted.
const NAMED: usize = 4;
/// Pairs of a list whose kilometres are compared with the data set's.
const COMPARED: usize = 500;

/// Names of the column with the country from which a pair is seen: those of CEPII, of the Social Connectedness Index, and
/// others in use.
const FROM: [&str; 16] = [
    "from",
    "home",
    "origin",
    "orig",
    "iso_o",
    "iso3_o",
    "iso2_o",
    "country_o",
    "user_loc",
    "user_country",
    "exporter",
    "iso3_from",
    "from_iso3",
    "source",
    "a",
    "i",
];
/// Names of the column with the country that is seen.
const TO: [&str; 18] = [
    "to",
    "host",
    "market",
    "destination",
    "dest",
    "iso_d",
    "iso3_d",
    "iso2_d",
    "country_d",
    "fr_loc",
    "friend_country",
    "importer",
    "iso3_to",
    "to_iso3",
    "target",
    "b",
    "j",
    "partner",
];
/// Names of the column with a distance, the surest first; distances of CEPII are in km.
const DISTANCE: [&str; 9] = ["value", "distance", "felt", "friction", "distw", "dist", "distcap", "distwces", "km"];
/// Names of the column with an index of ties.
const TIES: [&str; 5] = ["value", "scaled_sci", "sci", "index", "ties"];
/// Columns in km.
const KILOMETRES: [&str; 6] = ["distw", "dist", "distcap", "distwces", "km", "distance_km"];

/// What the values of a matrix are.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Holds {
    /// Distances, 0 or more: the larger the farther.
    Distance,
    /// An index of ties, above 0: the larger the nearer.
    Ties,
}

impl Holds {
    /// Names of its column, those of the other, and what is wrong with them.
    fn names(self) -> (&'static [&'static str], &'static [&'static str], &'static str) {
        match self {
            Self::Distance => {
                (&DISTANCE, &TIES, "an index of ties is no distance; it belongs into `world.connectedness`")
            }
            Self::Ties => (&TIES, &DISTANCE, "a distance is no index of ties; it belongs into `world.felt_matrix`"),
        }
    }
}

/// A value for ordered pairs of countries, possibly with gaps; the diagonal is not kept.
pub(crate) struct Matrix {
    /// Row-major over all countries known.
    values: Vec<Option<f64>>,
    n: usize,
}

impl Matrix {
    /// Reads a square (a header row and a first column of codes, rows are homes) or a list of pairs by the names of its
    /// columns (`from,to,value`).
    pub fn read(table: &Table, rows: &[Row], holds: Holds, faults: &mut Faults) -> Self {
        let n = rows.len();
        let mut matrix = Self { values: vec![None; n * n], n };
        let mut countries = code::Reader::new(rows);
        let header = table.header();
        let role = |cell: &Cell| FROM.contains(&&*key(&cell.text)) || TO.contains(&&*key(&cell.text));
        let codes = header[1..].iter().filter(|cell| countries.knows(cell) && !role(cell)).count();
        if header.len() == 3 && header[2].text.parse::<f64>().is_ok() {
            let fault = table.fault_of_header("the first line is not a header");
            faults.push(fault.expected("from,to,value").help("put that line above the first pair"));
        } else if header.len() < 3 {
            let fault = table.fault_of_header(format!("a matrix cannot have {} columns", header.len()));
            faults.push(fault.expected("a square with codes around it, or the columns from,to,value"));
        } else if 2 * codes >= header.len() - 1 {
            matrix.read_square(table, &mut countries, holds, faults);
        } else {
            matrix.read_list(table, &mut countries, holds, faults);
        }
        countries.tell(table, faults);
        matrix
    }

    fn read_list(&mut self, table: &Table, countries: &mut code::Reader, holds: Holds, faults: &mut Faults) {
        let from = table.require(&FROM, "from which country a pair is seen", faults);
        let to = table.require(&TO, "which country is seen", faults);
        let (Some(from), Some(to)) = (from, to) else { return };
        let Some(value) = value_column(table, [from, to], holds, faults) else { return };
        let mut seen = BTreeSet::new();
        let mut known = 0;
        for row in table.rows() {
            let (a, b) = (&row.cells[from], &row.cells[to]);
            let pair = (countries.find(table, a, faults), countries.find(table, b, faults));
            let (Some(home), Some(host)) = pair else { continue };
            if !seen.insert((home, host)) {
                let fault = table.fault(a, format!("the pair {},{} appears twice", a.text, b.text));
                let parts =
                    ["year", "user_region", "friend_region"].map(|name| table.column(&[name], &mut Faults::default()));
                faults.push(fault.help(match parts {
                    [Some(_), ..] => "keep one year of each pair",
                    [None, None, None] => "delete one of the two lines",
                    _ => "take the file of countries, not the one of regions",
                }));
            }
            known += usize::from(self.put(table, (home, host), &row.cells[value], holds, faults));
        }
        let head = &table.header()[value];
        if known == 0 && !faults.any() {
            let title = format!("the column `{}` holds no value of a pair of countries", head.text);
            faults.push(table.fault(head, title).expected("numbers"));
        }
        table.unread(&[from, to, value], &[], faults);
        if KILOMETRES.contains(&&*key(&head.text)) && !faults.any() {
            self.compare_km(table, head, countries.rows, faults);
        }
    }

    fn read_square(&mut self, table: &Table, countries: &mut code::Reader, holds: Holds, faults: &mut Faults) {
        let header = table.header();
        let columns: Vec<Option<usize>> = header[1..].iter().map(|cell| countries.find(table, cell, faults)).collect();
        for (at, column) in columns.iter().enumerate() {
            if column.is_some() && columns[..at].contains(column) {
                let cell = &header[at + 1];
                faults.push(table.fault(cell, format!("the column {} appears twice", cell.text)));
            }
        }
        let mut lines = BTreeSet::new();
        for row in table.rows() {
            let Some(from) = countries.find(table, &row.cells[0], faults) else { continue };
            if !lines.insert(from) {
                faults.push(table.fault(&row.cells[0], format!("the row {} appears twice", row.cells[0].text)));
            }
            for (to, cell) in columns.iter().zip(&row.cells[1..]) {
                if let Some(to) = *to {
                    self.put(table, (from, to), cell, holds, faults);
                }
            }
        }
        let across: BTreeSet<usize> = columns.into_iter().flatten().collect();
        let rows = countries.rows;
        let names =
            |of: Vec<&usize>| of.iter().map(|at| rows[**at].country.iso3.as_str()).collect::<Vec<_>>().join(" ");
        for (what, odd) in [("row", across.difference(&lines)), ("column", lines.difference(&across))]
            .map(|(what, odd)| (what, names(odd.collect())))
        {
            if !odd.is_empty() && !faults.any() {
                faults.push(table.fault_of_header(format!("the matrix is not square: no {what} for {odd}")));
            }
        }
    }

    /// Keeps the value in a cell; whether there is one.
    fn put(
        &mut self,
        table: &Table,
        (from, to): (usize, usize),
        cell: &Cell,
        holds: Holds,
        faults: &mut Faults,
    ) -> bool {
        let Some(value) = table.number(cell, faults) else { return false };
        if value < 0.0 || (value == 0.0 && holds == Holds::Ties && from != to) {
            let expected = if holds == Holds::Distance { "0 or more" } else { "a value above 0" };
            faults.push(table.fault(cell, format!("`{}` is too small", cell.text)).expected(expected));
        } else if from != to {
            self.values[from * self.n + to] = Some(value);
        }
        true
    }

    /// Warns if distances said to be in km are in another unit, or some of them far from the data set's.
    fn compare_km(&self, table: &Table, head: &Cell, rows: &[Row], faults: &mut Faults) {
        let given: Vec<(usize, f64)> =
            self.values.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?))).collect();
        let step = given.len().div_ceil(COMPARED).max(1);
        let compare = |(at, stated): &(usize, f64)| {
            let (from, to) = (&rows[at / self.n], &rows[at % self.n]);
            let whose = format!("{}–{}", from.country.iso3, to.country.iso3);
            Compared { stated: *stated, known: pair::components(from, to).km, whose }
        };
        let compared: Vec<Compared> = given.iter().step_by(step).map(compare).collect();
        let ratios = compared.iter().map(|pair| pair.stated / pair.known).filter(|ratio| *ratio > 0.0).collect();
        if units::median(ratios).is_some_and(|middle| (0.56..0.69).contains(&middle)) {
            let fault = table.fault(head, format!("`{}` looks like miles, not km", head.text)).warning();
            let help = "multiply the column by 1.609; where all pairs are in one unit, scaling makes it the same";
            faults.push(fault.expected("compared with the data set's distances by the median").help(help));
        } else {
            units::check(table, head, &compared, &[(1e-3, "in metres"), (1e3, "in thousands of km")], faults);
        }
    }

    /// The value of a pair.
    pub fn get(&self, from: usize, to: usize) -> Option<f64> {
        self.values[from * self.n + to]
    }

    /// Every value given, in row order.
    pub fn given(&self) -> impl Iterator<Item = f64> {
        self.values.iter().flatten().copied()
    }

    /// Mean of the values given.
    pub fn mean(&self) -> f64 {
        let (sum, n) = self.given().fold((0.0, 0_u32), |(sum, n), value| (sum + value, n + 1));
        sum / f64::from(n.max(1))
    }

    /// A fault if no value is above 0: such a matrix cannot be scaled.
    pub fn all_zero(&self, table: &Table) -> Option<Fault> {
        let fault = || table.fault_of_header("every value is 0").expected("one or more values above 0");
        (self.mean() <= 0.0).then(fault)
    }

    /// A fault that names the pairs among `selected` without a value.
    pub fn missing(&self, table: &Table, rows: &[Row], selected: &[usize]) -> Option<Fault> {
        let pairs = selected.iter().flat_map(|from| selected.iter().map(move |to| (*from, *to)));
        let gaps: Vec<(usize, usize)> =
            pairs.filter(|(from, to)| from != to && self.get(*from, *to).is_none()).collect();
        if gaps.is_empty() {
            return None;
        }
        let iso3 = |at: usize| rows[at].country.iso3.as_str();
        let name = |(from, to): &(usize, usize)| format!("{} to {}", iso3(*from), iso3(*to));
        let names: Vec<String> = gaps.iter().take(NAMED).map(name).collect();
        let more = gaps.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let title = format!("no value from {}{more}", names.join(", "));
        let fault =
            table.fault_of_header(title).expected("a value for every ordered pair of the countries of the scenario");
        Some(fault.help("add them, or leave the countries out by `world.countries`"))
    }
}

/// The column that holds the values of a list: by its name, or the only one that is left.
fn value_column(table: &Table, pair: [usize; 2], holds: Holds, faults: &mut Faults) -> Option<usize> {
    let (names, others, wrong) = holds.names();
    if let Some(column) = table.column(names, faults) {
        return Some(column);
    }
    let header = table.header();
    let mut left = (0..header.len()).filter(|at| !pair.contains(at) && !header[*at].text.is_empty());
    let (first, more) = (left.next(), left.next().is_some());
    if let Some(other) = table.column(others, faults) {
        faults.push(table.fault(&header[other], format!("`{}` is the wrong thing", header[other].text)).help(wrong));
        return None;
    }
    if more || first.is_none() {
        let fault =
            table.fault_of_header("no column says the value of a pair").expected(format!("a column `{}`", names[0]));
        faults.push(fault.help(format!("rename the one to be read; known names are {}", names.join(", "))));
        return None;
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::atlas::{atlas, find};

    fn read(text: &str) -> (Table, Matrix, Vec<String>) {
        let mut faults = Faults::default();
        let table = Table::parse("m.csv", text, &mut faults).unwrap();
        let matrix = Matrix::read(&table, &atlas().rows, Holds::Distance, &mut faults);
        (table, matrix, faults.take("m.csv").into_iter().map(|fault| fault.title).collect())
    }

    fn at(iso3: &str) -> usize {
        find(&atlas().rows, iso3).unwrap()
    }

    #[test]
    fn squares_and_lists_say_the_same() {
        let (_, square, none) = read("home,BEL,FRA\nFRA,1,0\nBEL,,3\n");
        let (_, list, also_none) = read("from,to,value\nBEL,FRA,3\nFRA,BEL,1\n");
        assert_eq!((none, also_none), (vec![], vec![]));
        for matrix in [square, list] {
            assert_eq!(matrix.get(at("BEL"), at("FRA")), Some(3.0));
            assert_eq!(matrix.get(at("FRA"), at("BEL")), Some(1.0), "a matrix may be asymmetric");
            assert_eq!(matrix.mean(), 2.0);
        }
    }

    #[test]
    fn every_fault_is_told() {
        let cases = [
            ("x,BEL,FRA\nBEL,0,NaN\nFRA,1,0\n", "`NaN` is not a number"),
            ("x,BEL,FRA\nBEL,0,inf\nFRA,1,0\n", "`inf` is not a number"),
            ("x,BEL,FRA\nBEL,0,-2\nFRA,1,0\n", "`-2` is too small"),
            ("x,BEL,FRA,FRE\nBEL,0,2,1\nFRE,1,0,1\n", "`FRE` is not a country of the data set"),
            ("x,BEL,FRA\nBEL,0\nFRA,1,0\n", "this row has 2 cells, the header has 3"),
            ("x,BEL,FRA\nBEL,0,2\n", "the matrix is not square: no row for FRA"),
            ("x,BEL,FRA\nBEL,0,2\nFRA,1,0\nDEU,1,1\n", "the matrix is not square: no column for DEU"),
            ("x,BEL,BEL\nBEL,0,2\n", "the column BEL appears twice"),
            ("x,BEL,FRA\nBEL,0,2\nBEL,0,2\nFRA,1,0\n", "the row BEL appears twice"),
            ("from,to,value\nBEL,FRA,1\nBEL,FRA,1\n", "the pair BEL,FRA appears twice"),
            ("from,to,value\nBEL,FRA,\"1,5\"\n", "`1,5` is not a number"),
            ("from,to,value\nBEL,FRA,1,5\n", "this row has 4 cells, the header has 3"),
            ("BEL,FRA,1\nFRA,BEL,1\n", "the first line is not a header"),
            ("BEL,FRA\n0,1\n", "a matrix cannot have 2 columns"),
            ("from,to,name\nBEL,FRA,near\n", "`near` is not a number"),
            ("from,to,value\nBEL,FRA,..\n", "the column `value` holds no value of a pair of countries"),
            ("x,y,value\nBEL,FRA,1\n", "no column says from which country a pair is seen"),
            ("from,y,value\nBEL,FRA,1\n", "no column says which country is seen"),
            ("from,to,u,v\nBEL,FRA,1,2\n", "no column says the value of a pair"),
            ("from,to,scaled_sci\nBEL,FRA,1\n", "`scaled_sci` is the wrong thing"),
            ("from,to,value,value\nBEL,FRA,1,2\n", "the column `value` appears twice"),
        ];
        for (text, title) in cases {
            let (_, _, titles) = read(text);
            assert!(titles.iter().any(|found| found == title), "{text}: {titles:?}");
        }
    }

    #[test]
    fn columns_of_a_list_are_read_by_their_names() {
        let lists = [
            "to,from,value\nFRA,BEL,3\nBEL,FRA,1\n",
            "Value;To;From\n3;FR;BE\n1;BE;FR\n",
            "iso_o,iso_d,distw\nBEL,FRA,3\nFRA,BEL,1\n",
            "user_country\tfriend_country\tx\nbe\tfr\t3\nfr\tbe\t1\n",
        ];
        for text in lists {
            let (_, matrix, told) = read(text);
            let found = (matrix.get(at("BEL"), at("FRA")), matrix.get(at("FRA"), at("BEL")));
            assert_eq!(found, (Some(3.0), Some(1.0)), "{text}: {told:?}");
        }
    }

    #[test]
    fn dyads_of_cepii_are_read_with_their_other_columns_told() {
        let text = "iso_o,iso_d,contig,comlang_off,dist,distcap,distw\nBEL,BEL,0,0,9,9,9\nBEL,ROM,0,0,1,1,1700\n\
                    BEL,YUG,0,0,1,1,1300\nBEL,ABW,0,0,1,1,7900\nZAR,BEL,0,1,1,1,6300\n";
        let (_, matrix, told) = read(text);
        assert_eq!(matrix.get(at("BEL"), at("ROU")), Some(1700.0));
        assert_eq!(matrix.get(at("COD"), at("BEL")), Some(6300.0));
        assert_eq!(matrix.given().count(), 2);
        assert_eq!(told[0], "nothing reads 4 columns: `contig`, `comlang_off`, `dist`, `distcap`");
        assert!(told[1].contains("`YUG` (Yugoslavia") && told[1].contains("`ABW` (Aruba)"), "{told:?}");
    }

    #[test]
    fn distances_in_other_units_are_told() {
        let told = |factor: f64| {
            let rows = &atlas().rows;
            let km = |a: &str, b: &str| factor * pair::components(&rows[at(a)], &rows[at(b)]).km;
            let pairs = [("BEL", "USA"), ("BEL", "CHN"), ("FRA", "BRA")];
            let lines: String = pairs.iter().map(|(a, b)| format!("{a},{b},{}\n", km(a, b))).collect();
            read(&format!("from,to,dist\n{lines}")).2
        };
        assert_eq!(told(1.0), [""; 0]);
        assert_eq!(told(1.0 / 1.609), ["`dist` looks like miles, not km"]);
        assert!(told(1000.0)[0].starts_with("`dist` looks too large"), "{:?}", told(1000.0));
    }

    #[test]
    fn missing_pairs_are_named() {
        let (table, matrix, _) = read("from,to,value\nBEL,FRA,3\n");
        let fault = matrix.missing(&table, &atlas().rows, &[at("BEL"), at("FRA"), at("DEU")]).unwrap();
        assert_eq!(fault.title, "no value from BEL to DEU, FRA to BEL, FRA to DEU, DEU to BEL and 1 more");
        assert!(matrix.missing(&table, &atlas().rows, &[at("BEL")]).is_none());
    }
}
