//! To how many markets exporters sell (fact C3).

use super::{Measured, Options, Statistic, measured, ratio};
use crate::number::f64s::ln;
use crate::observe::estimate::line;
use crate::observe::panel::Sample;

pub const STATISTIC: Statistic = Statistic {
    name: "market_count",
    about: "share of exporters with one and with ten or more markets; slope of ln N(n) on ln n, where N(n) exporters \
            sell in n markets, home counted, n = 2 to 5, least squares; exporter-years pooled",
    parts: &["1", "10+", "slope"],
    options: &[],
    lacking: None,
    of_exports: true,
    measure,
};

/// Markets abroad whose counts make the slope: n = 2 … 5 with home.
const SLOPE: std::ops::RangeInclusive<usize> = 1..=4;

fn measure(sample: &Sample, _: &Options) -> Measured {
    let mut counts = [0.0_f64; 256];
    for row in sample.exporters() {
        counts[usize::from(row.markets)] += 1.0;
    }
    let all: f64 = counts.iter().sum();
    let many: f64 = counts[10..].iter().sum();
    let points: Vec<(f64, f64)> = SLOPE.map(|n| (ln(n as f64 + 1.0), ln(counts[n]))).collect();
    let slope = if points.iter().all(|point| point.1.is_finite()) { line(&points) } else { f64::NAN };
    measured([("1", ratio(counts[1], all)), ("10+", ratio(many, all)), ("slope", slope)])
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, value};
    use super::*;
    use crate::observe::panel::Population;

    #[test]
    fn a_power_law_has_its_slope() {
        // 3600·n^−2 firms in n markets, home counted: 900, 400, 225, 144.
        let mut example = example(1700, 1);
        let counts = [(1, 900), (2, 400), (3, 225), (4, 144), (10, 20), (25, 11)];
        let markets = counts.iter().flat_map(|(markets, firms)| (0..*firms).map(|_| *markets));
        for (row, markets) in example.0.firm_years.iter_mut().zip(markets) {
            row.markets = markets;
        }
        let of = |part| value(&STATISTIC, &example, Population::Customs, part);
        assert!((of("slope") + 2.0).abs() < 1e-9);
        assert!((of("1") - 900.0 / 1700.0).abs() < 1e-12);
        assert!((of("10+") - 31.0 / 1700.0).abs() < 1e-12);
    }

    #[test]
    fn published_shares_give_the_published_slope() {
        // Mexico: .71, .12, .05, .03 of exporters; the slope stated for it is −3.48.
        let mut example = example(1000, 1);
        let counts = [(1, 710), (2, 120), (3, 50), (4, 30), (5, 90)];
        let markets = counts.iter().flat_map(|(markets, firms)| (0..*firms).map(|_| *markets));
        for (row, markets) in example.0.firm_years.iter_mut().zip(markets) {
            row.markets = markets;
        }
        assert!((value(&STATISTIC, &example, Population::Customs, "slope") + 3.48).abs() < 0.01);
    }
}
