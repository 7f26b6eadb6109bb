//! How many new firms are born global, and how many markets these have (fact C16).
//!
//! A firm is born global if its FSTS reaches the threshold in a year within the window after its founding. All firms born
//! count, those too that died before a year of theirs ended: a share of the survivors would be larger. Only firms
//! whose whole window lies in the panel are asked.

use super::{Measured, Options, Statistic, mean, measured, ratio};
use crate::observe::panel::{Enterprise, FirmYear, Panel, Sample};

pub const STATISTIC: Statistic = Statistic {
    name: "born_global",
    about: "share of all new firms whose FSTS reaches the threshold within the window after founding; mean number of \
            markets of those in the last year of the window in which they export",
    parts: &["share", "markets"],
    options: &[
        ("window", 3.0, "years after founding"),
        ("fsts", 0.25, "foreign over total sales from which it counts"),
    ],
    lacking: None,
    of_exports: true,
    measure,
};

fn measure(sample: &Sample, options: &Options) -> Measured {
    let (window, threshold) = (options["window"] as i32, options["fsts"]);
    let panel = sample.panel;
    let mut rows = panel.firm_years.iter().peekable();
    let (mut born, mut markets) = (0.0, Vec::new());
    for (number, firm) in panel.firms.iter().enumerate() {
        let mut young: Vec<&FirmYear> = Vec::new();
        while let Some(row) = rows.next_if(|row| row.firm as usize == number) {
            if panel.calendar(row.year) - firm.founded <= window {
                young.push(row);
            }
        }
        // A firm that died before its first year ended left no size behind; it was small.
        if !is_observed(firm, panel, window)
            || !sample.population.admits(young.first().map_or(0.0, |row| row.employees))
        {
            continue;
        }
        born += 1.0;
        let fsts = |row: &FirmYear| ratio(f64::from(row.exports), f64::from(row.exports) + f64::from(row.home_sales));
        if young.iter().any(|row| row.markets > 0 && fsts(row) >= threshold) {
            let last = young.iter().rev().find(|row| row.markets > 0).expect("one of them exports");
            markets.push(f64::from(last.markets));
        }
    }
    measured([("share", ratio(markets.len() as f64, born)), ("markets", mean(&markets))])
}

/// Does the whole window of a firm lie in the panel?
fn is_observed(firm: &Enterprise, panel: &Panel, window: i32) -> bool {
    let last = panel.first_year + i32::from(panel.years) - 1;
    firm.founded >= panel.first_year && firm.founded + window <= last
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell, value};
    use super::*;
    use crate::observe::panel::Population;

    #[test]
    fn shares_and_markets_by_hand() {
        let mut example = example(8, 8);
        // Founding year, and the first year without a row; home sales of a million a year.
        for (firm, founded, gone) in [
            (0, 2000, 9), // a third abroad in its third year after founding, in two markets; later in three
            (1, 2001, 9), // a third abroad at once in one market, then in three
            (2, 2002, 9), // a tenth abroad
            (3, 2001, 9), // half abroad, but a year too late
            (4, 2003, 3), // died in its first year
            (5, 1998, 9), // older than the panel
            (6, 2005, 9), // its window is not over
            (7, 2004, 6), // died young, without exports
        ] {
            example.0.firms[firm as usize].founded = founded;
            example
                .0
                .firm_years
                .retain(|row| row.firm != firm || (i32::from(row.year) + 2000 >= founded && row.year < gone));
        }
        for (firm, year, sales) in [
            (0, 3, &[250_000.0, 250_000.0][..]),
            (0, 4, &[9_000.0, 9_000.0, 9_000.0]),
            (1, 1, &[500_000.0]),
            (1, 4, &[9_000.0, 9_000.0, 9_000.0]),
            (2, 3, &[111_111.0]),
            (3, 5, &[1_000_000.0]),
            (5, 0, &[1_000_000.0]),
            (6, 5, &[1_000_000.0]),
        ] {
            for (market, sales) in sales.iter().enumerate() {
                sell(&mut example.0, firm, year, market as u8 + 1, *sales);
            }
        }
        let of = |population, part| value(&STATISTIC, &example, population, part);
        // Firms 0 and 1 of 0, 1, 2, 3, 4 and 7: of those with a row in their last year they would be two of four.
        assert!((of(Population::All, "share") - 2.0 / 6.0).abs() < 1e-12);
        assert!((of(Population::All, "markets") - (2.0 + 3.0) / 2.0).abs() < 1e-12);
        assert!((of(Population::TenPlus, "share") - 2.0 / 5.0).abs() < 1e-12, "the size of firm 4 was never seen");
    }
}
