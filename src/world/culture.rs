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
use std::collections::btree_map::Entry;

use super::atlas::Row;
use super::{code, layout};
use crate::error::Fault;
use crate::read::{Faults, Table};

/// Hofstede's dimensions, each with the other names that columns have: power distance, individualism, masculinity,
/// uncertainty avoidance, long-term orientation, indulgence.
const DIMENSIONS: [&[&str]; 6] = [
    &["pdi", "power_distance"],
    &["idv", "individualism"],
    &["mas", "masculinity"],
    &["uai", "uncertainty_avoidance"],
    &["lto", "ltowvs", "long_term_orientation"],
    &["ivr", "indulgence"],
];

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

    /// Reads countries and any of [`DIMENSIONS`] in any order; cells may say that a score is missing.
    pub fn read(table: &Table, rows: &[Row], faults: &mut Faults) -> Self {
        let mut scores = Self::default();
        let dimensions: Vec<(usize, usize)> =
            (0..).zip(DIMENSIONS).filter_map(|(d, names)| Some((table.column(names, faults)?, d))).collect();
        if dimensions.is_empty() {
            let names = DIMENSIONS.map(|names| names[0]).join(", ");
            let fault = table.fault_of_header("no column holds cultural scores").expected(format!("some of {names}"));
            faults.push(fault.help("other columns belong into the file of `world.columns`"));
        }
        let Some((country, names)) = layout::country_column(table, faults) else { return scores };
        let mut countries = code::Reader::new(rows);
        countries.names = names;
        for row in table.rows() {
            let Some(at) = countries.find(table, &row.cells[country], faults) else { continue };
            let mut values = [None; DIMENSIONS.len()];
            for (column, d) in &dimensions {
                values[*d] = table.number(&row.cells[*column], faults);
            }
            match scores.values.entry(rows[at].country.iso3.clone()) {
                Entry::Vacant(free) => drop(free.insert(values)),
                Entry::Occupied(_) => {
                    let cell = &row.cells[country];
                    faults.push(table.fault(cell, format!("{} appears twice", cell.text)).help("keep one of the rows"));
                }
            }
        }
        countries.tell(table, faults);
        let read: Vec<usize> = std::iter::once(country).chain(dimensions.iter().map(|(column, _)| *column)).collect();
        table.unread(&read, &DIMENSIONS.concat(), faults);
        for (column, d) in dimensions {
            let known: Vec<f64> = scores.values.values().filter_map(|values| values[d]).collect();
            scores.variance[d] = variance(&known);
            let head = &table.header()[column];
            if scores.variance[d].is_none() && !faults.any() {
                let title = format!("`{}` does not vary over the countries of the file", head.text);
                faults.push(table.fault(head, title).expected("scores of two or more countries"));
            } else if known.iter().all(|score| (0.0..=1.0).contains(score)) && !known.is_empty() {
                faults.push(between_0_and_1(table, column));
            }
        }
        scores
    }

    /// Of how many of the countries there are scores, and for how many pairs of them an index.
    pub fn covered(&self, rows: &[Row], selected: &[usize]) -> (usize, usize) {
        let of = |at: &usize| {
            let row = &rows[*at];
            self.values.get(&row.country.iso3).or_else(|| self.values.get(&row.origin))
        };
        let known: Vec<_> = selected.iter().filter_map(of).collect();
        let pairs = (0..known.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        (known.len(), pairs.filter(|(a, b)| self.index(known[*a], known[*b]).is_some()).count())
    }
}

fn between_0_and_1(table: &Table, column: usize) -> Fault {
    let head = &table.header()[column];
    let fault = table.fault(head, format!("all scores of `{}` lie between 0 and 1", head.text)).warning();
    fault.expected("Hofstede's go from about 0 to 100").help(
        "shares instead of points? Multiply the column by 100; the index divides by the variance, so that it does not change",
    )
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
        let (_, faults) = read("iso3,pdi,PDI,uia\nBEL,x,1,2\nBEL,2,3,3\nATLANTIS,3,4,5\n");
        let titles: Vec<&str> = faults.iter().map(|fault| fault.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "the column `PDI` appears twice",
                "`x` is not a number",
                "BEL appears twice",
                "`ATLANTIS` is not a country of the data set",
                "nothing reads 2 columns: `PDI`, `uia`",
            ]
        );
        assert_eq!(faults[4].help.as_deref(), Some("is `PDI` meant to be `pdi`?"));
        let (_, flat) = read("iso3,pdi\nBEL,5\nFRA,5\n");
        assert_eq!(flat[0].title, "`pdi` does not vary over the countries of the file");
        assert_eq!(read("iso3,power\nBEL,5\n").1[0].title, "no column holds cultural scores");
    }

    #[test]
    fn the_published_list_is_read_by_its_names() {
        let (scores, faults) = read(
            "ctr;country;pdi;idv;mas;uai;ltowvs;ivr\nBEL;Belgium;11;22;33;44;55;66\nAFW;Africa West;1;2;3;4;5;6\n\
             USA;U.S.A.;10;20;30;40;#NULL!;60\nSLV;Slovenia;30;60;70;50;70;60\n",
        );
        let titles: Vec<&str> = faults.iter().map(|fault| fault.title.as_str()).collect();
        let passed = "a row of no country of the data set was passed over: `Africa West`";
        assert_eq!(titles, [passed, "nothing reads the column `ctr`"]);
        let rows = &atlas().rows;
        let selected: Vec<usize> = ["BEL", "SVN", "USA", "SLV"].map(|iso3| find(rows, iso3).unwrap()).to_vec();
        assert_eq!(scores.covered(rows, &selected), (3, 3));
        assert_eq!(index(&scores, "BEL", "SLV"), None, "the list's own SLV is not El Salvador");
    }

    #[test]
    fn scores_between_0_and_1_are_told() {
        let (scores, faults) = read("iso3,pdi,uai\nBEL,.1,10\nFRA,.3,20\n");
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].title, "all scores of `pdi` lie between 0 and 1");
        assert_eq!(index(&scores, "BEL", "FRA"), Some(2.0));
    }
}
