//! Which share of exports is sold by exporters with few and with many markets (fact C17).

use super::{Measured, Options, Statistic, mean, measured, ratio};
use crate::observe::panel::Sample;

/// Markets from which they are many, as in the count of exporters.
const MANY: u8 = 10;

pub const STATISTIC: Statistic = Statistic {
    name: "market_value",
    about: "share of export value sold by exporters with one and with ten or more markets, mean of the years",
    parts: &["1", "10+"],
    options: &[],
    lacking: None,
    of_exports: true,
    measure,
};

fn measure(sample: &Sample, _: &Options) -> Measured {
    let mut years = vec![[0.0_f64; 3]; usize::from(sample.panel.years)];
    for row in sample.exporters() {
        let [one, many, all] = &mut years[usize::from(row.year)];
        let value = f64::from(row.exports);
        *one += if row.markets == 1 { value } else { 0.0 };
        *many += if row.markets >= MANY { value } else { 0.0 };
        *all += value;
    }
    let of = |part: usize| {
        let shares: Vec<f64> =
            years.iter().filter(|year| year[2] > 0.0).map(|year| ratio(year[part], year[2])).collect();
        mean(&shares)
    };
    measured([("1", of(0)), ("10+", of(1))])
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell, value};
    use super::*;
    use crate::observe::panel::Population;

    #[test]
    fn shares_of_value_by_hand() {
        let mut example = example(4, 2);
        // Year 0: one market 20, two markets 30, ten markets 50; year 1: one market 40, eleven markets 60.
        for (firm, year, markets, each) in
            [(0, 0, 1, 20_000.0), (1, 0, 2, 15_000.0), (2, 0, 10, 5000.0), (0, 1, 1, 40_000.0), (3, 1, 12, 5000.0)]
        {
            for market in 1..=markets {
                sell(&mut example.0, firm, year, market, each);
            }
        }
        for row in example.0.firm_years.iter_mut().filter(|row| row.firm == 3) {
            row.employees = 300.0;
        }
        let of = |population, part| value(&STATISTIC, &example, population, part);
        assert!((of(Population::Customs, "1") - (0.2 + 0.4) / 2.0).abs() < 1e-9, "of exporters it would be .4");
        assert!((of(Population::Customs, "10+") - (0.5 + 0.6) / 2.0).abs() < 1e-9);
        assert!((of(Population::Sme, "1") - (0.2 + 1.0) / 2.0).abs() < 1e-9);
        assert!((of(Population::Sme, "10+") - (0.5 + 0.0) / 2.0).abs() < 1e-9);
    }
}
