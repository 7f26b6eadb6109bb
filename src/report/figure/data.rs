//! The numbers of a figure as rows of text, for whoever draws them anew.

use crate::statistics::words::cell;
use std::fmt::Display;

/// Columns and rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    columns: usize,
    rows: Vec<Vec<String>>,
}

impl Data {
    /// No rows yet under these column names.
    pub fn new(columns: &[&str]) -> Self {
        Self { columns: columns.len(), rows: vec![columns.iter().map(|&name| name.to_owned()).collect()] }
    }

    /// Adds a row; what is not a number is left empty.
    pub fn row(&mut self, cells: &[&dyn Display]) {
        assert_eq!(cells.len(), self.columns, "a cell for every column");
        let plain = |value: &&dyn Display| match value.to_string() {
            text if ["NaN", "inf", "-inf"].contains(&text.as_str()) => String::new(),
            text => cell(&text).into_owned(),
        };
        self.rows.push(cells.iter().map(plain).collect());
    }

    /// How many rows there are below the names.
    pub fn len(&self) -> usize {
        self.rows.len() - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of it as CSV.
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in &self.rows {
            writer.write_record(row).expect("rows are as long as the head, and memory takes them");
        }
        String::from_utf8(writer.into_inner().expect("memory takes every row")).expect("texts are UTF-8")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_texts_their_commas() {
        let mut data = Data::new(&["arm", "effect"]);
        data.row(&[&"advice, loans", &0.1_f64]);
        data.row(&[&"=1+1", &f64::NAN]);
        assert_eq!(data.csv(), "arm,effect\n\"advice, loans\",0.1\n'=1+1,\n");
        assert_eq!((data.len(), data.is_empty()), (2, false));
    }
}
