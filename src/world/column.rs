//! Columns that users bring: any number per country, and their own population, GDP or internet use.

use super::atlas::{self, Country, Row};
use super::layout::{Series, series};
use super::units::{self, Compared};
use crate::error::nearest;
use crate::read::{Cell, Faults, Table, key};

/// A fact of the data set that a column of its name, or of the World Bank's code for it, replaces.
struct Fact {
    name: &'static str,
    code: &'static str,
    of: fn(&Country) -> f64,
    /// What numbers in other units have to be multiplied by.
    factors: &'static [(f64, &'static str)],
}

const FACTS: [Fact; 4] = [
    Fact {
        name: "population",
        code: "SP.POP.TOTL",
        of: |country| country.population,
        factors: &[(1e3, "in thousands"), (1e6, "in millions"), (1e9, "in billions")],
    },
    Fact {
        name: "gdp_usd",
        code: "NY.GDP.MKTP.CD",
        of: |country| country.gdp_usd,
        factors: &[(1e3, "in thousands"), (1e6, "in millions"), (1e9, "in billions"), (1e12, "in trillions")],
    },
    Fact {
        name: "gdp_per_head_ppp",
        code: "NY.GDP.PCAP.PP.KD",
        of: |country| country.gdp_per_head_ppp,
        factors: &[(1e3, "in thousands")],
    },
    Fact {
        name: "internet_pct",
        code: "IT.NET.USER.ZS",
        of: |country| 100.0 * country.internet,
        factors: &[(100.0, "shares instead of percent")],
    },
];

/// A user's column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    /// The name of the fact it replaces, or its own.
    pub name: String,
    /// By country, in the order of the rows.
    pub values: Vec<Option<f64>>,
    /// First and last year taken, where the file has years.
    pub years: Option<(u16, u16)>,
}

impl Column {
    /// The column of the countries selected.
    pub fn of(&self, selected: &[usize]) -> Self {
        Self { values: selected.iter().map(|at| self.values[*at]).collect(), ..self.clone() }
    }

    /// Does it replace a fact?
    pub fn is_fact(&self) -> bool {
        FACTS.iter().any(|fact| fact.name == self.name)
    }
}

/// Reads countries and any numeric columns; values that are missing are values nobody has.
pub(crate) fn read(table: &Table, rows: &[Row], faults: &mut Faults) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let mut idle = Vec::new();
    for series in series(table, rows, faults) {
        let fact = FACTS.iter().find(|fact| key(&series.name) == fact.name || series.name == fact.code);
        let name = fact.map_or(series.name.as_str(), |fact| fact.name).to_owned();
        if columns.iter().any(|column| column.name == name) {
            let fault = table.fault(&series.head, format!("the column `{}` appears twice", series.head.text));
            faults.push(fault.expected("a name of its own for each column"));
        }
        let mut column = Column { name, values: vec![None; rows.len()], years: series.years };
        let mut compared = Vec::new();
        for (at, cell) in &series.values {
            let Some(value) = table.number(cell, faults) else { continue };
            column.values[*at] = Some(value);
            let Some(fact) = fact else { continue };
            if possible(table, fact, cell, value, faults) {
                let country = &rows[*at].country;
                compared.push(Compared { stated: value, known: (fact.of)(country), whose: country.iso3.clone() });
            }
        }
        match fact {
            Some(fact) => units::check(table, &series.head, &compared, fact.factors, faults),
            None => idle.push(series),
        }
        columns.push(column);
    }
    tell_idle(table, &idle, faults);
    columns
}

/// Warns of columns that replace no fact: nothing in a run reads them.
fn tell_idle(table: &Table, idle: &[Series], faults: &mut Faults) {
    let Some(first) = idle.first() else { return };
    let facts = FACTS.map(|fact| fact.name);
    let names: Vec<String> = idle.iter().map(|series| format!("`{}`", series.name)).collect();
    let title = format!("no run reads the column{} {}", if idle.len() == 1 { "" } else { "s" }, names.join(", "));
    let near = idle.iter().find_map(|series| {
        nearest(&key(&series.name), facts).map(|fact| format!("is `{}` meant to be `{fact}`?", series.name))
    });
    let fault = table.fault(&first.head, title).expected(format!("read: {}", facts.join(", ")));
    faults.push(
        fault.help(near.unwrap_or_else(|| "leave it out, or name it like the fact it is to replace".into())).warning(),
    );
}

/// Facts must be possible: people and output above 0, shares of people up to 100 %.
fn possible(table: &Table, fact: &Fact, cell: &Cell, value: f64, faults: &mut Faults) -> bool {
    let percent = fact.name == "internet_pct";
    let possible = if percent { (0.0..=100.0).contains(&value) } else { value > 0.0 };
    if !possible {
        let expected = if percent { "a value from 0 to 100" } else { "a value above 0" };
        faults.push(table.fault(cell, format!("{} cannot be {}", fact.name, cell.text)).expected(expected));
    }
    possible
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
        let (columns, faults) = told(text);
        (columns, faults.into_iter().map(|fault| fault.title).collect())
    }

    fn told(text: &str) -> (Vec<Column>, Vec<crate::error::Fault>) {
        let mut faults = Faults::default();
        let table = Table::parse("c.csv", text, &mut faults).unwrap();
        let columns = read(&table, &atlas().rows, &mut faults);
        (columns, faults.take("c.csv"))
    }

    #[test]
    fn stated_facts_replace_those_of_the_data_set() {
        let (columns, faults) = columns("ISO3,governance,GDP_usd\nBEL,1.5,4e11\nFRA,,\n");
        assert_eq!(faults, ["no run reads the column `governance`"]);
        let mut rows = atlas().rows.clone();
        let (belgium, france) = (find(&rows, "BEL").unwrap(), find(&rows, "FRA").unwrap());
        assert_eq!((columns[0].values[belgium], columns[0].values[france]), (Some(1.5), None));
        replace_facts(&columns, &mut rows);
        assert_eq!(rows[belgium].country.gdp_usd, 4e11);
        assert_eq!(rows[belgium].country.gdp_per_head, 4e11 / rows[belgium].country.population);
        assert_eq!(rows[france].country, atlas().rows[france].country);
    }

    #[test]
    fn impossible_facts_and_unclear_names_are_faults() {
        let (_, faults) = columns("iso3,gdp_usd,x,X,x,internet_pct\nBEL,0,1,NaN,2,101\n");
        assert_eq!(
            faults,
            [
                "gdp_usd cannot be 0",
                "the column `x` appears twice",
                "internet_pct cannot be 101",
                "nothing reads the column `X`",
                "no run reads the columns `x`, `x`",
            ]
        );
    }

    #[test]
    fn a_name_near_that_of_a_fact_is_told() {
        for (name, fact) in [("Populaton", "population"), ("GDP", "gdp_usd"), ("internet", "internet_pct")] {
            let (_, faults) = told(&format!("iso3,{name}\nBEL,1\n"));
            assert_eq!(faults[0].help.clone().unwrap(), format!("is `{name}` meant to be `{fact}`?"));
        }
    }

    #[test]
    fn numbers_in_other_units_are_told_by_column() {
        let (_, faults) = told("iso3;population;gdp_usd;internet_pct\nBEL;11,7;664,6;0,94\nFRA;68,2;3162;0,87\n");
        let helps: Vec<String> = faults.into_iter().map(|fault| fault.help.unwrap()).collect();
        assert_eq!(
            helps,
            [
                "in millions? Multiply the column by 1,000,000",
                "in billions? Multiply the column by 1,000,000,000",
                "shares instead of percent? Multiply the column by 100",
            ]
        );
        assert_eq!(columns("iso3,population\nBEL,12000000\nFRA,70000000\n").1, [""; 0]);
        let (_, faults) = columns("iso3,population\nBEL,50000000\nFRA,1000\n");
        assert!(
            faults[0].starts_with("1 of 2 values of `population`") && faults[0].contains("FRA 1,000"),
            "{faults:?}"
        );
    }

    #[test]
    fn codes_of_the_world_bank_name_facts() {
        let (columns, faults) = columns(
            "Country Name,Country Code,Series Code,2022 [YR2022],2023 [YR2023]\nBelgium,BEL,SP.POP.TOTL,11700000,..\n\
             Belgium,BEL,NY.GDP.MKTP.CD,..,600000000000\n",
        );
        assert_eq!(faults, [""; 0]);
        let found: Vec<(&str, Option<(u16, u16)>)> = columns.iter().map(|c| (c.name.as_str(), c.years)).collect();
        assert_eq!(found, [("population", Some((2022, 2022))), ("gdp_usd", Some((2023, 2023)))]);
    }
}
