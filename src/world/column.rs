//! Columns that users bring: any number per country, and their own population, GDP or internet use.

use super::atlas::{self, Row};
use super::table::{Cell, Faults, Table};

/// Columns of these names replace the facts of the data set.
const FACTS: [&str; 4] = ["population", "gdp_usd", "gdp_per_head_ppp", "internet_pct"];

/// A user's column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub name: String,
    /// By country, in the order of the rows.
    pub values: Vec<Option<f64>>,
}

impl Column {
    /// The column of the countries selected.
    pub fn of(&self, selected: &[usize]) -> Self {
        Self { name: self.name.clone(), values: selected.iter().map(|at| self.values[*at]).collect() }
    }
}

/// Reads `iso3` and any numeric columns; empty cells are values nobody has.
pub(crate) fn read(table: &Table, rows: &[Row], faults: &mut Faults) -> Vec<Column> {
    let countries = table.by_country(rows, faults);
    let mut columns: Vec<Column> = Vec::new();
    for (at, head) in table.header.iter().enumerate().skip(1) {
        if head.text.is_empty() || columns.iter().any(|column| column.name == head.text) {
            let title = if head.text.is_empty() { "a column has no name".into() } else { twice(head) };
            faults.push(table.fault(head, title).expected("a name of its own for each column"));
        }
        let mut column = Column { name: head.text.clone(), values: vec![None; rows.len()] };
        for (iso3, cells) in &countries {
            let value = table.number_or_empty(&cells[at], faults);
            check(table, head, &cells[at], value, faults);
            column.values[atlas::find(rows, iso3).expect("the reader knows the country")] = value;
        }
        columns.push(column);
    }
    columns
}

fn twice(head: &Cell) -> String {
    format!("the column `{}` appears twice", head.text)
}

/// Facts must be possible: people and output above 0, shares of people up to 100 %.
fn check(table: &Table, head: &Cell, cell: &Cell, value: Option<f64>, faults: &mut Faults) {
    let Some(value) = value.filter(|_| FACTS.contains(&head.text.as_str())) else { return };
    let percent = head.text == "internet_pct";
    if (percent && !(0.0..=100.0).contains(&value)) || (!percent && value <= 0.0) {
        let expected = if percent { "a value from 0 to 100" } else { "a value above 0" };
        faults.push(table.fault(cell, format!("{} cannot be {}", head.text, cell.text)).expected(expected));
    }
}

/// Replaces the facts of countries that columns state.
pub(crate) fn replace_facts(columns: &[Column], rows: &mut [Row]) {
    for (at, row) in rows.iter_mut().enumerate() {
        let stated = |name: &str| columns.iter().find(|column| column.name == name).and_then(|c| c.values[at]);
        let country = &mut row.country;
        country.population = stated("population").unwrap_or(country.population);
        country.gdp_usd = stated("gdp_usd").unwrap_or(country.gdp_usd);
        country.gdp_per_head = country.gdp_usd / country.population;
        country.gdp_per_head_ppp = stated("gdp_per_head_ppp").unwrap_or(country.gdp_per_head_ppp);
        country.internet = stated("internet_pct").map_or(country.internet, |percent| percent / 100.0);
    }
}

/// Gives territories without a value of their own that of their country.
pub(crate) fn inherit(columns: &mut [Column], rows: &[Row]) {
    for column in columns {
        for (at, row) in rows.iter().enumerate() {
            let parent = atlas::find(rows, &row.origin).expect("a territory's country is there");
            column.values[at] = column.values[at].or(column.values[parent]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::atlas::{atlas, find};

    fn columns(text: &str) -> (Vec<Column>, Vec<String>) {
        let mut faults = Faults::default();
        let table = Table::parse("c.csv", text, &mut faults).unwrap();
        let columns = read(&table, &atlas().rows, &mut faults);
        (columns, faults.take("c.csv").into_iter().map(|fault| fault.title).collect())
    }

    #[test]
    fn stated_facts_replace_those_of_the_data_set() {
        let (columns, faults) = columns("iso3,governance,gdp_usd\nBEL,1.5,1000\nFRA,,\n");
        assert_eq!(faults, [""; 0]);
        let mut rows = atlas().rows.clone();
        let (belgium, france) = (find(&rows, "BEL").unwrap(), find(&rows, "FRA").unwrap());
        assert_eq!((columns[0].values[belgium], columns[0].values[france]), (Some(1.5), None));
        replace_facts(&columns, &mut rows);
        assert_eq!(rows[belgium].country.gdp_usd, 1000.0);
        assert_eq!(rows[belgium].country.gdp_per_head, 1000.0 / rows[belgium].country.population);
        assert_eq!(rows[france].country, atlas().rows[france].country);
    }

    #[test]
    fn impossible_facts_and_unclear_names_are_faults() {
        let (_, faults) = columns("iso3,gdp_usd,x,x,internet_pct\nBEL,0,1,NA,101\n");
        assert_eq!(
            faults,
            [
                "gdp_usd cannot be 0",
                "the column `x` appears twice",
                "`NA` is not a number",
                "internet_pct cannot be 101"
            ]
        );
    }
}
