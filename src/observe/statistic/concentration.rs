//! How much of all exports the largest exporters have (fact C2).

use super::{Measured, Options, Statistic, mean, ratio};
use crate::observe::panel::Sample;

/// Parts with the share of exporters they are about.
const TOPS: [(&str, f64); 3] = [("top 1%", 0.01), ("top 5%", 0.05), ("top 10%", 0.1)];

pub const STATISTIC: Statistic = Statistic {
    name: "concentration",
    about: "share of export value of the largest exporters, mean of the years",
    parts: &["top 1%", "top 5%", "top 10%"],
    options: &[],
    lacking: None,
    of_exports: true,
    measure,
};

fn measure(sample: &Sample, _: &Options) -> Measured {
    let mut years = vec![Vec::new(); usize::from(sample.panel.years)];
    for row in sample.exporters() {
        years[usize::from(row.year)].push(f64::from(row.exports));
    }
    for exports in &mut years {
        exports.sort_unstable_by(|a, b| b.total_cmp(a));
    }
    let top = |share: f64| {
        let shares: Vec<f64> = years.iter().filter(|year| !year.is_empty()).map(|year| held(year, share)).collect();
        mean(&shares)
    };
    TOPS.iter().map(|(part, share)| ((*part).to_owned(), top(*share))).collect()
}

/// What the first `share` of values, largest first, have of their sum; a fraction of a firm counts as one.
fn held(values: &[f64], share: f64) -> f64 {
    let wanted = share * values.len() as f64;
    let whole = (wanted as usize).min(values.len());
    let part = values.get(whole).map_or(0.0, |next| next * (wanted - whole as f64));
    ratio(values[..whole].iter().sum::<f64>() + part, values.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell, value};
    use super::*;
    use crate::observe::panel::Population;

    #[test]
    fn the_share_of_the_largest_by_hand() {
        let mut example = example(20, 2);
        for firm in 0..20 {
            for year in 0..2 {
                let sales = if firm == 7 { 81_000.0 } else { 1000.0 };
                sell(&mut example.0, firm, year, 1, sales);
            }
        }
        example.0.firm_years[14].employees = 300.0;
        let of = |population, part| value(&STATISTIC, &example, population, part);
        assert!((of(Population::All, "top 5%") - 0.81).abs() < 1e-9);
        assert!((of(Population::All, "top 10%") - 0.82).abs() < 1e-9);
        assert!((of(Population::All, "top 1%") - 0.2 * 0.81).abs() < 1e-9, "a fifth of the largest firm");
        assert!(of(Population::Sme, "top 5%") < 0.5, "the largest is no SME in one of the years");
    }
}
