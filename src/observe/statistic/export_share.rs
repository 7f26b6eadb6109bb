//! Which share of firms exports, by size (fact C1).

use super::{Measured, Options, Statistic, ratio};
use crate::observe::panel::Sample;

/// Size classes: part, and the number of employees from which and below which.
const CLASSES: [(&str, f32, f32); 4] =
    [("1-9", 0.0, 10.0), ("10-49", 10.0, 50.0), ("50-249", 50.0, 250.0), ("250+", 250.0, f32::INFINITY)];

pub const STATISTIC: Statistic = Statistic {
    name: "export_share",
    about: "share of firms that export, by employees; firm-years pooled",
    parts: &["1-9", "10-49", "50-249", "250+", "all"],
    options: &[],
    lacking: None,
    of_exports: true,
    measure,
};

fn measure(sample: &Sample, _: &Options) -> Measured {
    let share = |low: f32, high: f32| {
        let (mut firms, mut exporters) = (0.0, 0.0);
        for row in sample.firm_years().filter(|row| row.employees >= low && row.employees < high) {
            firms += 1.0;
            exporters += f64::from(u8::from(row.markets > 0));
        }
        ratio(exporters, firms)
    };
    let mut parts: Measured =
        CLASSES.iter().map(|(part, low, high)| ((*part).to_owned(), share(*low, *high))).collect();
    parts.push(("all".to_owned(), share(0.0, f32::INFINITY)));
    parts
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell, value};
    use super::*;
    use crate::observe::panel::Population;

    #[test]
    fn shares_by_hand() {
        let mut example = example(8, 1);
        for (firm, employees) in [1.0, 9.9, 10.0, 49.0, 50.0, 249.0, 250.0, 5.0].into_iter().enumerate() {
            example.0.firm_years[firm].employees = employees;
        }
        for firm in [1, 2, 3, 4, 6] {
            sell(&mut example.0, firm, 0, 1, 2000.0);
        }
        let of = |population, part| value(&STATISTIC, &example, population, part);
        assert!((of(Population::All, "1-9") - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(of(Population::All, "10-49"), 1.0);
        assert_eq!(of(Population::All, "50-249"), 0.5);
        assert_eq!(of(Population::All, "250+"), 1.0);
        assert_eq!(of(Population::All, "all"), 5.0 / 8.0);
        assert_eq!(of(Population::Sme, "all"), 4.0 / 7.0);
        assert!(of(Population::Sme, "250+").is_nan());
    }
}
