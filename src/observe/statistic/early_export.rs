//! How many new exporters went abroad early, and how far (fact C11).

use super::{Measured, Options, Statistic, measured, ratio};
use crate::observe::panel::{Enterprise, Panel, Sample};

pub const STATISTIC: Statistic = Statistic {
    name: "early_export",
    about: "new exporters, at their first export ever: born global (within the window after founding, with sales beyond \
            the home region within it), born regional (within the window, not beyond), gradual (later)",
    parts: &["global", "regional", "gradual"],
    options: &[("window", 3.0, "years after founding")],
    lacking: None,
    of_exports: true,
    measure,
};

fn measure(sample: &Sample, options: &Options) -> Measured {
    let window = options["window"] as i32;
    let panel = sample.panel;
    let (mut global, mut regional, mut gradual) = (0.0, 0.0, 0.0);
    let beyond = sold_beyond(sample, window);
    for (number, firm) in panel.firms.iter().enumerate() {
        if !is_new(firm, panel, window) {
            continue;
        }
        let first = firm.first_export.expect("a new exporter exports");
        let row = u16::try_from(first - panel.first_year).ok().and_then(|year| panel.at(number as u32, year));
        if !row.is_some_and(|row| sample.population.admits(row.employees)) {
            continue;
        }
        let kind = match (first - firm.founded <= window, beyond[number]) {
            (true, true) => &mut global,
            (true, false) => &mut regional,
            (false, _) => &mut gradual,
        };
        *kind += 1.0;
    }
    let all: f64 = global + regional + gradual;
    measured([("global", ratio(global, all)), ("regional", ratio(regional, all)), ("gradual", ratio(gradual, all))])
}

/// Did the firm begin to export within the panel, and can its kind be told before the panel ends?
fn is_new(firm: &Enterprise, panel: &Panel, window: i32) -> bool {
    let last = panel.first_year + i32::from(panel.years) - 1;
    firm.first_export.is_some_and(|first| {
        let settled = first - firm.founded > window || firm.founded + window <= last;
        first > panel.first_year && first <= last && settled
    })
}

/// Which firms sold beyond their home region within the window after founding.
fn sold_beyond(sample: &Sample, window: i32) -> Vec<bool> {
    let panel = sample.panel;
    let mut beyond = vec![false; panel.firms.len()];
    for flow in &panel.flows {
        let firm = panel.firm(flow.firm);
        let home = &sample.ground.homes[usize::from(firm.home)];
        if panel.calendar(flow.year) - firm.founded <= window && home.beyond[usize::from(flow.market)] {
            beyond[flow.firm as usize] = true;
        }
    }
    beyond
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell, value};
    use super::*;
    use crate::observe::panel::Population;

    #[test]
    fn kinds_by_hand() {
        // Markets 1 and 2 are near, 3 and 4 beyond the region.
        let mut example = example(8, 10);
        for (firm, founded, sales) in [
            (0, 1999, &[(2, 1), (3, 4)][..]), // regional: went beyond after the window
            (1, 2000, &[(1, 1), (3, 3)]),     // global in its third year
            (2, 2001, &[(4, 3)]),             // global, exactly three years after founding
            (3, 1990, &[(5, 3)]),             // gradual
            (4, 1991, &[(6, 1)]),             // gradual
            (5, 1999, &[(0, 3), (1, 3)]),     // exported in the first year: not new
            (6, 2008, &[(8, 1)]),             // the window is still open: not counted
            (7, 1992, &[(7, 1)]),             // gradual, but no SME
        ] {
            example.0.firms[firm as usize].founded = founded;
            for (year, market) in sales {
                sell(&mut example.0, firm, *year, *market, 2000.0);
            }
        }
        for row in example.0.firm_years.iter_mut().filter(|row| row.firm == 7) {
            row.employees = 500.0;
        }
        let of = |part| value(&STATISTIC, &example, Population::Sme, part);
        assert!((of("regional") - 0.2).abs() < 1e-12);
        assert!((of("global") - 0.4).abs() < 1e-12);
        assert!((of("gradual") - 0.4).abs() < 1e-12);
    }
}
