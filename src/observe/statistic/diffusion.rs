//! Which share of firms uses social networking sites, by calendar year (fact C12).

use super::{Measured, Options, Statistic, ratio};
use crate::observe::panel::Sample;

pub const STATISTIC: Statistic = Statistic {
    name: "sns_share",
    about: "share of firms on social networking sites in a calendar year: its middle, linear between year ends",
    parts: &["YEAR"],
    options: &[],
    lacking: None,
    of_exports: false,
    measure,
};

fn measure(sample: &Sample, _: &Options) -> Measured {
    let mut years = vec![(0.0, 0.0); usize::from(sample.panel.years)];
    for row in sample.firm_years() {
        let (on, all) = &mut years[usize::from(row.year)];
        *on += f64::from(u8::from(row.on_sns));
        *all += 1.0;
    }
    let ends: Vec<f64> = years.iter().map(|(on, all)| ratio(*on, *all)).collect();
    // The middle of a year lies between the end of the year before and its own.
    let middle = |i: usize| (ends[i - 1] + ends[i]) / 2.0;
    (1..ends.len()).map(|i| (sample.panel.calendar(i as u16).to_string(), middle(i))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, value};
    use super::*;
    use crate::observe::panel::Population;

    #[test]
    fn shares_in_the_middle_of_years() {
        let mut example = example(5, 3);
        // 1, 2 and 5 of five firms at the ends of 2000, 2001, 2002; the fifth is small.
        for row in &mut example.0.firm_years {
            row.on_sns = row.firm < [1, 2, 5][usize::from(row.year)];
            row.employees = if row.firm == 4 { 9.0 } else { 10.0 };
        }
        let of = |part| value(&STATISTIC, &example, Population::TenPlus, part);
        assert!((of("2001") - 0.375).abs() < 1e-12);
        assert!((of("2002") - 0.75).abs() < 1e-12);
        assert!(STATISTIC.has("2013") && !STATISTIC.has("once"));
    }
}
