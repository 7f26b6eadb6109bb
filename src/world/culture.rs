//! Culture: the Kogut–Singh index from national scores that the user supplies.
//!
//! ```text
//! KS[a,b] = (1/n) · Σ_d (s_da − s_db)² / V_d
//! ```
//!
//! | symbol | in code    | meaning                                                            | unit     |
//! |--------|------------|--------------------------------------------------------------------|----------|
//! | s_da   | `values`   | score of a country on a dimension, such as uncertainty avoidance   | as given |
//! | V_d    | `variance` | sample variance of the dimension over the countries of the file    | as given |
//! | n      |            | dimensions scored for both; four in the original, up to six here   | 1        |
//!
//! The mean over random pairs is 2, whatever the unit of the scores. No scores are shipped: their owners forbid it.
//!
//! Kogut & Singh (1988), *J. Int. Bus. Stud.* 19(3), 411–432.

use std::collections::BTreeMap;

use super::atlas::Row;
use super::table::{Faults, Table};
use crate::error::{Fault, nearest};

/// Hofstede's dimensions: power distance, individualism, masculinity, uncertainty avoidance, long-term orientation,
/// indulgence.
const DIMENSIONS: [&str; 6] = ["pdi", "idv", "mas", "uai", "lto", "ivr"];

/// National scores on cultural dimensions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scores {
    values: BTreeMap<String, [Option<f64>; DIMENSIONS.len()]>,
    variance: [Option<f64>; DIMENSIONS.len()],
}

/// The Kogut–Singh index of two countries where both have scores; a territory without its own has its country's.
pub(crate) fn between(scores: Option<&Scores>, a: &Row, b: &Row) -> Option<f64> {
    let scores = scores?;
    let of = |row: &Row| scores.values.get(&row.country.iso3).or_else(|| scores.values.get(&row.origin));
    scores.index(of(a)?, of(b)?)
}

impl Scores {
    fn index(&self, a: &[Option<f64>], b: &[Option<f64>]) -> Option<f64> {
        let terms = (0..DIMENSIONS.len()).filter_map(|d| {
            let gap = a[d]? - b[d]?;
            Some(gap * gap / self.variance[d]?)
        });
        let (sum, n) = terms.fold((0.0, 0), |(sum, n), term| (sum + term, n + 1));
        (n > 0).then(|| sum / f64::from(n))
    }

    /// Reads `iso3` and any of [`DIMENSIONS`] in any order; empty cells are scores nobody has.
    pub fn read(table: &Table, rows: &[Row], faults: &mut Faults) -> Self {
        let mut scores = Self::default();
        let mut dimensions = Vec::new();
        for (column, cell) in table.header.iter().enumerate().skip(1) {
            match DIMENSIONS.iter().position(|d| cell.text.eq_ignore_ascii_case(d)) {
                Some(d) if dimensions.iter().any(|(_, other)| *other == d) => {
                    faults.push(table.fault(cell, format!("the dimension `{}` appears twice", cell.text)));
                }
                Some(d) => dimensions.push((column, d)),
                None => faults.push(unknown_dimension(table, cell)),
            }
        }
        for (iso3, row) in table.by_country(rows, faults) {
            let mut values = [None; DIMENSIONS.len()];
            for (column, d) in &dimensions {
                values[*d] = row.get(*column).and_then(|cell| table.number_or_empty(cell, faults));
            }
            scores.values.insert(iso3, values);
        }
        for (column, d) in dimensions {
            let known: Vec<f64> = scores.values.values().filter_map(|values| values[d]).collect();
            scores.variance[d] = variance(&known);
            if scores.variance[d].is_none() && !faults.any() {
                let title = format!("`{}` does not vary over the countries of the file", table.header[column].text);
                faults.push(table.fault(&table.header[column], title).expected("scores of two or more countries"));
            }
        }
        scores
    }
}

fn unknown_dimension(table: &Table, cell: &super::table::Cell) -> Fault {
    let fault = table
        .fault(cell, format!("`{}` is not a cultural dimension", cell.text))
        .expected(format!("one of {}", DIMENSIONS.join(", ")));
    match nearest(&cell.text, DIMENSIONS) {
        Some(word) => fault.help(format!("did you mean `{word}`? Other columns belong into `world.columns`")),
        None => fault.help("other columns belong into the file of `world.columns`"),
    }
}

/// Sample variance, if positive.
fn variance(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    (values.len() > 1 && variance > 0.0).then_some(variance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::atlas::{atlas, find};

    fn read(text: &str) -> (Scores, Vec<Fault>) {
        let mut faults = Faults::default();
        let table = Table::parse("scores.csv", text, &mut faults).unwrap();
        let scores = Scores::read(&table, &atlas().rows, &mut faults);
        (scores, faults.take("scores.csv"))
    }

    fn index(scores: &Scores, a: &str, b: &str) -> Option<f64> {
        let rows = &atlas().rows;
        between(Some(scores), &rows[find(rows, a).unwrap()], &rows[find(rows, b).unwrap()])
    }

    #[test]
    fn the_index_is_that_of_the_hand_example() {
        // Made-up scores: the variance of pdi is 400 and of uai 100.
        let (scores, faults) = read("iso3,pdi,uai,ivr\nBEL,10,50,\nFRA,30,60,20\nUSA,50,70,40\n");
        assert_eq!(faults, []);
        assert_eq!(index(&scores, "BEL", "FRA"), Some(0.5 * (400.0 / 400.0 + 100.0 / 100.0)));
        assert_eq!(index(&scores, "BEL", "USA"), Some(0.5 * (1600.0 / 400.0 + 400.0 / 100.0)));
        assert_eq!(index(&scores, "FRA", "USA"), Some((1.0 + 1.0 + 400.0 / 200.0) / 3.0), "three dimensions in common");
        assert_eq!(index(&scores, "FRA", "CHN"), None);
    }

    #[test]
    fn the_mean_over_random_pairs_is_two() {
        let (scores, _) = read("iso3,pdi\nBEL,10\nFRA,33\nUSA,50\nCHN,81\n");
        let codes = ["BEL", "FRA", "USA", "CHN"];
        let pairs = codes.iter().flat_map(|a| codes.iter().map(move |b| (a, b))).filter(|(a, b)| a != b);
        let sum: f64 = pairs.map(|(a, b)| index(&scores, a, b).unwrap()).sum();
        assert!((sum / 12.0 - 2.0).abs() < 1e-12);
    }

    #[test]
    fn faulty_scores_are_all_told() {
        let (_, faults) = read("iso3,pdi,power\nBEL,x,1\nBEL,2,3\nATLANTIS,3,4\n");
        let titles: Vec<&str> = faults.iter().map(|fault| fault.title.as_str()).collect();
        assert_eq!(titles.len(), 4, "{titles:?}");
        let (_, flat) = read("iso3,pdi\nBEL,5\nFRA,5\n");
        assert_eq!(flat[0].title, "`pdi` does not vary over the countries of the file");
    }
}
