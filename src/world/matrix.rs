//! Matrices that users bring: a value for ordered country pairs, as a square or as a list of pairs.

use std::collections::BTreeSet;

use super::atlas::{self, Row};
use super::table::{Cell, Faults, Table};
use crate::error::Fault;

/// Missing pairs named in a fault; the others are counted.
const NAMED: usize = 4;

/// Whether zero is a value.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Least {
    Zero,
    AboveZero,
}

/// A value for ordered pairs of countries, possibly with gaps; the diagonal is not kept.
pub(crate) struct Matrix {
    /// Row-major over all countries known.
    values: Vec<Option<f64>>,
    n: usize,
}

impl Matrix {
    /// Reads a square (a header row and a first column of codes, rows are homes) or a list (`from,to,value`).
    pub fn read(table: &Table, rows: &[Row], least: Least, faults: &mut Faults) -> Self {
        let n = rows.len();
        let mut matrix = Self { values: vec![None; n * n], n };
        let code = |column: usize| table.header.get(column).is_some_and(|c| atlas::find(rows, &c.text).is_some());
        if table.header.len() == 3 && table.header[2].text.parse::<f64>().is_ok() {
            let fault = table.fault_of_all("the first line is not a header");
            faults.push(fault.expected("from,to,value").help("put that line above the first pair"));
        } else if table.header.len() == 3 && !code(1) && !code(2) {
            matrix.read_list(table, rows, least, faults);
        } else if table.header.len() >= 3 {
            matrix.read_square(table, rows, least, faults);
        } else {
            let fault = table.fault_of_all(format!("a matrix cannot have {} columns", table.header.len()));
            faults.push(fault.expected("a square with codes around it, or the columns from,to,value"));
        }
        matrix
    }

    fn read_list(&mut self, table: &Table, rows: &[Row], least: Least, faults: &mut Faults) {
        let mut seen = BTreeSet::new();
        for row in table.full_rows(faults) {
            let (from, to) = (table.country(&row[0], rows, faults), table.country(&row[1], rows, faults));
            let (Some(from), Some(to)) = (from, to) else { continue };
            if !seen.insert((from, to)) {
                let title = format!("the pair {},{} appears twice", row[0].text, row[1].text);
                faults.push(table.fault(&row[0], title).help("delete one of the two lines"));
            }
            self.put(table, from, to, &row[2], least, faults);
        }
    }

    fn read_square(&mut self, table: &Table, rows: &[Row], least: Least, faults: &mut Faults) {
        let columns: Vec<Option<usize>> =
            table.header[1..].iter().map(|cell| table.country(cell, rows, faults)).collect();
        for (at, column) in columns.iter().enumerate() {
            if column.is_some() && columns[..at].contains(column) {
                let cell = &table.header[at + 1];
                faults.push(table.fault(cell, format!("the column {} appears twice", cell.text)));
            }
        }
        let mut lines = BTreeSet::new();
        for row in table.full_rows(faults) {
            let Some(from) = table.country(&row[0], rows, faults) else { continue };
            if !lines.insert(from) {
                faults.push(table.fault(&row[0], format!("the row {} appears twice", row[0].text)));
            }
            for (to, cell) in columns.iter().zip(&row[1..]) {
                if let Some(to) = *to {
                    self.put(table, from, to, cell, least, faults);
                }
            }
        }
        let across: BTreeSet<usize> = columns.into_iter().flatten().collect();
        let names =
            |of: Vec<&usize>| of.iter().map(|at| rows[**at].country.iso3.as_str()).collect::<Vec<_>>().join(" ");
        for (what, odd) in [("row", across.difference(&lines)), ("column", lines.difference(&across))]
            .map(|(what, odd)| (what, names(odd.collect())))
        {
            if !odd.is_empty() && !faults.any() {
                faults.push(table.fault_of_all(format!("the matrix is not square: no {what} for {odd}")));
            }
        }
    }

    fn put(&mut self, table: &Table, from: usize, to: usize, cell: &Cell, least: Least, faults: &mut Faults) {
        let Some(value) = table.number_or_empty(cell, faults) else { return };
        if value < 0.0 || (value == 0.0 && least == Least::AboveZero && from != to) {
            let expected = if least == Least::Zero { "0 or more" } else { "a value above 0" };
            faults.push(table.fault(cell, format!("`{}` is too small", cell.text)).expected(expected));
        } else if from != to {
            self.values[from * self.n + to] = Some(value);
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
        let fault = || table.fault_of_all("every value is 0").expected("one or more values above 0");
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
            table.fault_of_all(title).expected("a value for every ordered pair of the countries of the scenario");
        Some(fault.help("add them, or leave the countries out by `world.countries`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::atlas::{atlas, find};

    fn read(text: &str) -> (Table, Matrix, Vec<String>) {
        let mut faults = Faults::default();
        let table = Table::parse("m.csv", text, &mut faults).unwrap();
        let matrix = Matrix::read(&table, &atlas().rows, Least::Zero, &mut faults);
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
            ("x,BEL,FRE\nBEL,0,2\nFRE,1,0\n", "`FRE` is not a country of the data set"),
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
        ];
        for (text, title) in cases {
            let (_, _, titles) = read(text);
            assert!(titles.iter().any(|found| found == title), "{text}: {titles:?}");
        }
    }

    #[test]
    fn missing_pairs_are_named() {
        let (table, matrix, _) = read("from,to,value\nBEL,FRA,3\n");
        let fault = matrix.missing(&table, &atlas().rows, &[at("BEL"), at("FRA"), at("DEU")]).unwrap();
        assert_eq!(fault.title, "no value from BEL to DEU, FRA to BEL, FRA to DEU, DEU to BEL and 1 more");
        assert!(matrix.missing(&table, &atlas().rows, &[at("BEL")]).is_none());
    }
}
