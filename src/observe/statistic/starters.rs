//! How firms grow into exporting: what those new to it are beside those established in it (fact C15).
//!
//! ```text
//! new[t]      = mean over k = 5 … 8 of the share of the exporters of year t that did not export in year t − k
//! level       = Σ exports / Σ sales of incumbents
//! path[a]     = Σ exports / Σ sales of starters in their a-th year after the first, exporting ever since
//! years       = the first a at which the path reaches the level, in between on a straight line
//! ```
//!
//! Who counts as new is seen as a census sees it: a firm that was not born then, or too small to be in it, did not export.
//! Sums run over firms and years, so that firms count in proportion to their sales, as in the source. Starters did not
//! export in the year before, incumbents did. Only spells whose beginning was seen count for the path, and each age is
//! told by those that have stayed so long: an average over all starters would mix the path of those that stay with the
//! first years of those that leave. A first year is partial, as annual data are. A path that does not reach the level
//! within the ages observed is continued along its line from the first full year on, to [`FARTHEST`] years at most.

use super::{Measured, Options, Statistic, mean, measured, ratio};
use crate::observe::estimate::line;
use crate::observe::panel::{FirmYear, Sample};
use std::ops::RangeInclusive;

/// Years back in which those new to exporting did not export.
const BACK: RangeInclusive<u16> = 5..=8;
/// Years said of a path that rises too slowly to reach the level sooner, or not at all.
const FARTHEST: f64 = 99.0;

pub const STATISTIC: Statistic = Statistic {
    name: "starters",
    about: "exporters that did not export 5 to 8 years before: their share of exporters and of exports, mean of the \
            years; sales-weighted FSTS of starters over that of incumbents, years pooled; years until starters that \
            stay reach the incumbents' level",
    parts: &["new exporters", "new exports", "fsts", "years"],
    options: &[("least", 20.0, "starters that must have stayed so long for an age to count")],
    lacking: None,
    of_exports: true,
    measure,
};

/// Sales abroad and all sales of a group.
#[derive(Clone, Copy, Default)]
struct Group {
    exports: f64,
    sales: f64,
    firms: f64,
}

impl Group {
    fn add(&mut self, row: &FirmYear) {
        self.exports += f64::from(row.exports);
        self.sales += f64::from(row.exports) + f64::from(row.home_sales);
        self.firms += 1.0;
    }

    fn fsts(&self) -> f64 {
        ratio(self.exports, self.sales)
    }
}

fn measure(sample: &Sample, options: &Options) -> Measured {
    let years = usize::from(sample.panel.years);
    // Of every year: exporters and exports, all and new, the lags together.
    let mut by_year = vec![[0.0_f64; 4]; years];
    let mut incumbents = Group::default();
    // Starters by years since their first; a spell under way in the first year has no age.
    let mut path = vec![Group::default(); years];
    for history in sample.panel.histories() {
        let back = |i: usize, back: u16| {
            let row = i.checked_sub(usize::from(back)).map(|at| &history[at]);
            row.filter(|row| row.year + back == history[i].year && row.markets > 0)
        };
        // A census holds no firm that was too small for it then.
        let counted = |i: usize, years: u16| back(i, years).is_some_and(|row| sample.population.admits(row.employees));
        let mut age: Option<usize> = None;
        for (i, row) in history.iter().enumerate() {
            if row.markets == 0 {
                age = None;
                continue;
            }
            let incumbent = row.year > 0 && back(i, 1).is_some();
            age = match (row.year, incumbent) {
                (0, _) => None,
                (_, false) => Some(0),
                (_, true) => age.map(|age| age + 1),
            };
            if !sample.population.admits(row.employees) {
                continue;
            }
            if incumbent {
                incumbents.add(row);
            }
            if let Some(age) = age {
                path[age].add(row);
            }
            if row.year >= *BACK.end() {
                let new = BACK.filter(|back| !counted(i, *back)).count() as f64 / BACK.count() as f64;
                let value = f64::from(row.exports);
                let sums = &mut by_year[usize::from(row.year)];
                for (sum, add) in sums.iter_mut().zip([1.0, new, value, new * value]) {
                    *sum += add;
                }
            }
        }
    }
    let seen = by_year.iter().filter(|sums| sums[0] > 0.0);
    let (new, value): (Vec<f64>, Vec<f64>) =
        seen.map(|sums| (ratio(sums[1], sums[0]), ratio(sums[3], sums[2]))).unzip();
    let level = incumbents.fsts();
    let told: Vec<f64> =
        path.iter().take_while(|group| group.firms >= options["least"].max(1.0)).map(Group::fsts).collect();
    let start = path.first().map_or(f64::NAN, Group::fsts);
    measured([
        ("new exporters", mean(&new)),
        ("new exports", mean(&value)),
        ("fsts", ratio(start, level)),
        ("years", reached(&told, level)),
    ])
}

/// The age at which a path, told from age 0 on, reaches a level.
fn reached(path: &[f64], level: f64) -> f64 {
    // An age of one's own, one after it and a line between them are the least that tells a path.
    if path.len() < 3 || !level.is_finite() {
        return f64::NAN;
    }
    if path[0] >= level {
        return 0.0;
    }
    if let Some(at) = (1..path.len()).find(|at| path[*at] >= level) {
        let (before, after) = (path[at - 1], path[at]);
        return (at - 1) as f64 + (level - before) / (after - before);
    }
    let points: Vec<(f64, f64)> = path.iter().enumerate().skip(1).map(|(age, fsts)| (age as f64, *fsts)).collect();
    let (slope, last) = (line(&points), points[points.len() - 1]);
    if slope > 0.0 { (last.0 + (level - last.1) / slope).min(FARTHEST) } else { FARTHEST }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell, value};
    use super::*;
    use crate::network::PeerGraph;
    use crate::observe::panel::{Ground, Panel, Population};

    fn at(example: &(Panel, Ground, PeerGraph), part: &str) -> f64 {
        let sample =
            Sample { panel: &example.0, ground: &example.1, peers: &example.2, population: Population::Plants };
        let measured = STATISTIC.measure(&sample, &[("least".to_owned(), 1.0)].into());
        measured.iter().find(|(name, _)| name == part).expect("the part is measured").1
    }

    #[test]
    fn the_new_of_a_year_by_hand() {
        // Year 8 of nine. Firm 0 always; firm 1 from year 2 on (not 7 and 8 years before); firm 2 in year 8 alone; firm
        // 3 in years 0 to 3 and 8; firm 4 was born in year 6; firm 5 is small; firm 6 always, and small until year 1.
        let mut example = example(7, 9);
        let sold: [(u32, std::ops::Range<u16>); 8] =
            [(0, 0..9), (1, 2..9), (2, 8..9), (3, 0..4), (3, 8..9), (4, 6..9), (5, 8..9), (6, 0..9)];
        for (firm, years) in sold {
            for year in years {
                sell(&mut example.0, firm, year, 1, 10_000.0 * (firm as f32 + 1.0));
            }
        }
        example.0.firm_years.retain(|row| row.firm != 4 || row.year >= 6);
        for row in example.0.firm_years.iter_mut().filter(|row| row.firm == 5 || row.firm == 6 && row.year < 2) {
            row.employees = 9.0;
        }
        // Years 3 to 0 are 5 to 8 before: none of firm 0, half of firms 1 and 6, all of firms 2 and 4, none of firm 3.
        assert!((at(&example, "new exporters") - 3.0 / 6.0).abs() < 1e-12);
        let (new, all) = (0.5 * 2.0 + 3.0 + 5.0 + 0.5 * 7.0, 1.0 + 2.0 + 3.0 + 4.0 + 5.0 + 7.0);
        assert!((at(&example, "new exports") - new / all).abs() < 1e-7);
        let short = super::super::tests::example(7, 8);
        assert!(value(&STATISTIC, &short, Population::Plants, "new exporters").is_nan(), "too short to look back");
    }

    #[test]
    fn starters_are_weighed_by_their_sales() {
        let mut example = example(3, 3);
        // One incumbent sells half abroad. Starters in year 1: a small firm with FSTS .5 and a large one with .1.
        for year in 0..3 {
            sell(&mut example.0, 0, year, 1, 1_000_000.0);
        }
        sell(&mut example.0, 1, 1, 1, 100_000.0);
        sell(&mut example.0, 2, 1, 1, 1_000_000.0);
        for row in &mut example.0.firm_years {
            row.home_sales = [1_000_000.0, 100_000.0, 9_000_000.0][row.firm as usize];
        }
        let expected = (1_100_000.0 / 10_200_000.0) / 0.5;
        assert!((at(&example, "fsts") - expected).abs() < 1e-9, "their plain mean would give .6");
    }

    #[test]
    fn the_path_is_that_of_those_that_stay() {
        // The incumbent has .4. Firms 1 and 2 start in year 1 at .1 and add .1 a year: at .4 after three years. Firm 3
        // begins anew at .04 every other year and never stays: it counts at age 0 alone.
        let mut example = example(4, 7);
        let fsts = |firm: u32, year: u16| match firm {
            0 => 0.4,
            3 => 0.04 * f32::from(year % 2),
            _ => 0.1 * f32::from(year),
        };
        for firm in 0..4 {
            for year in 0..7 {
                let share = fsts(firm, year);
                if share > 0.0 {
                    let row = example.0.firm_years.iter_mut().find(|row| (row.firm, row.year) == (firm, year));
                    row.expect("it lives").home_sales = 1_000_000.0 * (1.0 - share);
                    sell(&mut example.0, firm, year, 1, 1_000_000.0 * share);
                }
            }
        }
        // What counts as the level: firm 0 in years 1 to 6, firms 1 and 2 in their years 2 to 6 (.2 to .6).
        let level = (6.0 * 0.4 + 2.0 * (0.2 + 0.3 + 0.4 + 0.5 + 0.6)) / 16.0;
        assert!((level - 0.4_f64).abs() < 1e-12);
        assert!((at(&example, "years") - 3.0).abs() < 1e-5, "{}", at(&example, "years"));
    }

    #[test]
    fn a_level_not_reached_is_reached_along_the_line() {
        // The first year is partial: from the second on, the path rises by .01 a year.
        assert!((reached(&[0.01, 0.1, 0.11, 0.12], 0.2) - 11.0).abs() < 1e-9);
        assert_eq!(reached(&[0.01, 0.1, 0.09, 0.08], 0.2), FARTHEST, "it never is");
        assert_eq!(reached(&[0.01, 0.1, 0.1001, 0.1002], 0.9), FARTHEST);
        assert!((reached(&[0.1, 0.2, 0.4, 0.1], 0.3) - 1.5).abs() < 1e-12, "the first time counts");
        assert_eq!(reached(&[0.3, 0.2, 0.4], 0.3), 0.0);
        assert!(reached(&[0.1, 0.2], 0.3).is_nan() && reached(&[], f64::NAN).is_nan());
    }
}
