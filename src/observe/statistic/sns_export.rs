//! How much oftener firms on social networking sites export than firms do (fact C18).
//!
//! ```text
//! ratio = P(export | on SNS) / P(export)
//! ```
//!
//! Who is on SNS chose to be, here as in the survey: the ratio holds selection and effect together. It is no odds ratio
//! and no ratio to those that are not on SNS, both of which would be larger.

use super::{Measured, Options, Statistic, ratio};
use crate::observe::panel::{FirmYear, Sample};

/// Size classes: part, and the number of employees from which and below which.
const CLASSES: [(&str, f32, f32); 5] = [
    ("all", 0.0, f32::INFINITY),
    ("1-9", 0.0, 10.0),
    ("10-49", 10.0, 50.0),
    ("50-249", 50.0, 250.0),
    ("250+", 250.0, f32::INFINITY),
];

pub const STATISTIC: Statistic = Statistic {
    name: "sns_export",
    about: "share of firms on social networking sites that export over the share of all firms that export, by employees; \
            firms and years of the survey pooled",
    parts: &["all", "1-9", "10-49", "50-249", "250+"],
    options: &[
        ("from", 2016.0, "first calendar year of the survey"),
        ("to", 2019.0, "last calendar year of the survey"),
    ],
    lacking: None,
    of_exports: true,
    measure,
};

fn measure(sample: &Sample, options: &Options) -> Measured {
    let years = options["from"] as i32..=options["to"] as i32;
    let asked = |row: &&FirmYear| years.contains(&sample.panel.calendar(row.year));
    let rows: Vec<&FirmYear> = sample.firm_years().filter(asked).collect();
    let of = |low: f32, high: f32| {
        let class = || rows.iter().filter(|row| row.employees >= low && row.employees < high);
        let exporting = |on_sns: bool| {
            let (mut firms, mut exporters) = (0.0, 0.0);
            for row in class().filter(|row| row.on_sns || !on_sns) {
                firms += 1.0;
                exporters += f64::from(u8::from(row.markets > 0));
            }
            ratio(exporters, firms)
        };
        ratio(exporting(true), exporting(false))
    };
    CLASSES.iter().map(|(part, low, high)| ((*part).to_owned(), of(*low, *high))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell};
    use super::*;
    use crate::observe::panel::Population;

    #[test]
    fn ratios_by_hand() {
        // Years 2000 to 2002, of which 2001 is asked. Of ten small firms four are on SNS and three export, two of them
        // on SNS; of four larger ones two are on SNS and two export, one of them on SNS.
        let mut example = example(14, 3);
        for row in &mut example.0.firm_years {
            row.employees = if row.firm < 10 { 5.0 } else { 20.0 };
            row.on_sns = [0, 1, 2, 3, 10, 11].contains(&row.firm);
        }
        for firm in [0, 1, 9, 10, 13] {
            sell(&mut example.0, firm, 1, 1, 2000.0);
        }
        for firm in 0..14 {
            sell(&mut example.0, firm, 2, 1, 2000.0);
        }
        let (panel, ground, peers) = (&example.0, &example.1, &example.2);
        let sample = Sample { panel, ground, peers, population: Population::All };
        let of = |from: f64, to: f64, part: &str| {
            let measured = STATISTIC.measure(&sample, &[("from".to_owned(), from), ("to".to_owned(), to)].into());
            measured.iter().find(|(name, _)| name == part).expect("the part is measured").1
        };
        assert!((of(2001.0, 2001.0, "all") - (3.0 / 6.0) / (5.0 / 14.0)).abs() < 1e-12);
        assert!(
            (of(2001.0, 2001.0, "1-9") - (2.0 / 4.0) / (3.0 / 10.0)).abs() < 1e-12,
            "to those off SNS it would be 3"
        );
        assert!((of(2001.0, 2001.0, "10-49") - 1.0).abs() < 1e-12);
        assert!(of(2001.0, 2001.0, "50-249").is_nan());
        assert!((of(2002.0, 2002.0, "all") - 1.0).abs() < 1e-12);
        assert!(of(2016.0, 2019.0, "all").is_nan(), "years that the panel has not");
    }
}
