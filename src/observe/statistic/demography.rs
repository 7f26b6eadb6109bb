//! Births, deaths and survival of firms, and the tail of their sizes (fact C10).

use super::{Measured, Options, Statistic, measured, ratio};
use crate::number::f64s::ln;
use crate::observe::estimate::line;
use crate::observe::panel::Sample;

pub const STATISTIC: Statistic = Statistic {
    name: "demography",
    about: "births and deaths over all firms active at any time of a year, years pooled; share of the firms born in a \
            year that are active in the next, and in the fifth year after",
    parts: &["births", "deaths", "survival 1", "survival 5"],
    options: &[],
    lacking: None,
    of_exports: false,
    measure,
};

pub const SIZE_TAIL: Statistic = Statistic {
    name: "size_tail",
    about: "slope of the log of the share of firms of at least s employees on log s, s = 1, 2, 4, …, least squares; \
            with its sign turned, firm-years pooled",
    parts: &["slope"],
    options: &[("least", 100.0, "firm-years that must be at least that large for a size to count")],
    lacking: None,
    of_exports: false,
    measure: size_tail,
};

fn measure(sample: &Sample, _: &Options) -> Measured {
    let panel = sample.panel;
    let (mut births, mut deaths, mut active) = (0.0, 0.0, 0.0);
    let mut living = vec![0.0; usize::from(panel.years)];
    for row in &panel.firm_years {
        living[usize::from(row.year)] += 1.0;
    }
    for (turnover, living) in panel.turnover.iter().zip(&living) {
        births += turnover.births as f64;
        deaths += turnover.deaths as f64;
        active += living + turnover.deaths as f64;
    }
    let survival = |years: i32| {
        let last = panel.first_year + i32::from(panel.years) - 1;
        let cohort = panel.firms.iter().filter(|firm| firm.founded >= panel.first_year && firm.founded + years <= last);
        let (mut born, mut alive) = (0.0, 0.0);
        for firm in cohort {
            born += 1.0;
            alive += f64::from(u8::from(firm.ended >= firm.founded + years));
        }
        ratio(alive, born)
    };
    measured([
        ("births", ratio(births, active)),
        ("deaths", ratio(deaths, active)),
        ("survival 1", survival(1)),
        ("survival 5", survival(5)),
    ])
}

fn size_tail(sample: &Sample, options: &Options) -> Measured {
    let mut at_least = [0.0_f64; 32];
    for row in sample.firm_years() {
        let mut size = 1.0;
        for count in &mut at_least {
            if row.employees < size {
                break;
            }
            *count += 1.0;
            size *= 2.0;
        }
    }
    let points: Vec<(f64, f64)> = at_least
        .iter()
        .enumerate()
        .filter(|(_, count)| **count >= options["least"].max(1.0))
        .map(|(power, count)| (power as f64 * ln(2.0), ln(*count)))
        .collect();
    measured([("slope", if points.len() < 2 { f64::NAN } else { -line(&points) })])
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, value};
    use super::*;
    use crate::observe::panel::{Enterprise, Population, Turnover};

    #[test]
    fn births_and_survival_by_hand() {
        let mut example = example(90, 8);
        example.0.turnover = vec![Turnover { births: 12, deaths: 10, orders: 0 }; 8];
        let born = |founded, ended, died| Enterprise { founded, ended, died, ..example.0.firms[0] };
        let cohort = [born(2000, 2000, true), born(2000, 2001, true), born(2001, 2006, true), born(2002, 2007, false)];
        let young = [born(2007, 2007, false), born(2005, 2007, false)];
        example.0.firms.extend(cohort.into_iter().chain(young));
        let of = |part| value(&STATISTIC, &example, Population::All, part);
        assert!((of("births") - 0.12).abs() < 1e-12);
        assert!((of("deaths") - 0.10).abs() < 1e-12);
        assert!((of("survival 1") - 0.8).abs() < 1e-12, "the firm of 2007 has not been seen in 2008");
        assert!((of("survival 5") - 0.5).abs() < 1e-12);
    }

    #[test]
    fn zipf_sizes_have_slope_one() {
        let mut example = example(4096, 1);
        for (rank, row) in example.0.firm_years.iter_mut().enumerate() {
            row.employees = 4096.0 / (rank as f32 + 1.0);
        }
        let slope = value(&SIZE_TAIL, &example, Population::All, "slope");
        assert!((slope - 1.0).abs() < 1e-12, "{slope}");
    }
}
