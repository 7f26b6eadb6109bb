//! Published figures that results are shown beside: for comparison only, nothing in a run depends on them.

use crate::experiment::fact::facts;

/// The share of firms that used SNS in one year, as published.
#[derive(Clone, Debug, PartialEq)]
pub struct SnsUse {
    pub year: i32,
    /// Country code or bloc.
    pub area: String,
    /// Which firms are counted.
    pub firms: String,
    pub share: f64,
    pub source: String,
    /// Whether a fact that the model is calibrated to holds the same number.
    pub target: bool,
}

/// Name and content of the table.
pub const SNS_USE: (&str, &str) = ("data/facts_sns.csv", include_str!("../../data/facts_sns.csv"));

/// Every published share of firms that use SNS, as it stands in the table.
pub fn sns_use() -> Vec<SnsUse> {
    let records = csv::Reader::from_reader(SNS_USE.1.as_bytes()).into_records();
    let targets: Vec<String> =
        facts().into_iter().filter(|fact| fact.statistic.name == "sns_share").flat_map(|fact| fact.parts).collect();
    let number = |field: &str| field.parse::<f64>().expect("an embedded table holds numbers");
    records
        .map(|record| record.expect("an embedded table is well formed"))
        .map(|record| SnsUse {
            year: number(&record[0]) as i32,
            area: record[1].to_owned(),
            firms: record[2].to_owned(),
            share: number(&record[3]),
            source: record[4].to_owned(),
            target: targets.iter().any(|year| *year == record[0]),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_shares_are_shares_with_a_source() {
        let facts = sns_use();
        assert!(facts.len() >= 5 && facts.is_sorted_by_key(|fact| fact.year));
        for fact in facts {
            assert!((2000..2030).contains(&fact.year) && (0.0..1.0).contains(&fact.share), "{fact:?}");
            assert!(fact.target, "the table of facts has every year of this one");
            assert!(!fact.source.is_empty() && !fact.firms.is_empty() && !fact.area.is_empty(), "{fact:?}");
        }
    }

    #[test]
    fn every_column_is_described() {
        let described = include_str!("../../data/columns.csv");
        for column in SNS_USE.1.lines().next().unwrap().split(',') {
            assert!(described.contains(&format!("\nfacts_sns.csv,{column},")), "{column} has no description");
        }
    }
}
