//! Which share of their sales exporters make abroad (fact C9).

use super::{Measured, Options, Statistic, mean, measured};
use crate::observe::panel::Sample;

pub const STATISTIC: Statistic = Statistic {
    name: "export_intensity",
    about: "foreign over total sales (FSTS) of exporters: mean, share below 0.2, share above 0.8; exporter-years pooled",
    parts: &["mean", "below 0.2", "above 0.8"],
    options: &[],
    lacking: None,
    of_exports: true,
    measure,
};

fn measure(sample: &Sample, _: &Options) -> Measured {
    let shares: Vec<f64> = sample
        .exporters()
        .map(|row| f64::from(row.exports) / (f64::from(row.exports) + f64::from(row.home_sales)))
        .collect();
    let share = |holds: &dyn Fn(f64) -> bool| {
        let held: Vec<f64> = shares.iter().map(|share| f64::from(u8::from(holds(*share)))).collect();
        mean(&held)
    };
    measured([
        ("mean", mean(&shares)),
        ("below 0.2", share(&|share| share < 0.2)),
        ("above 0.8", share(&|share| share > 0.8)),
    ])
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell, value};
    use super::*;
    use crate::observe::panel::Population;

    #[test]
    fn intensities_by_hand() {
        let mut example = example(4, 1);
        for (firm, exports) in [(0, 250_000.0), (1, 9_000_000.0), (2, 111_111.1)] {
            sell(&mut example.0, firm, 0, 1, exports);
        }
        example.0.firm_years[1].employees = 400.0;
        let of = |population, part| value(&STATISTIC, &example, population, part);
        assert!((of(Population::All, "mean") - (0.2 + 0.9 + 0.1) / 3.0).abs() < 1e-6);
        assert!((of(Population::All, "above 0.8") - 1.0 / 3.0).abs() < 1e-12);
        assert!((of(Population::Sme, "below 0.2") - 0.5).abs() < 1e-12, "0.2 itself is not below");
    }
}
