//! How unequally ties are spread: the share of firms with at least so many, by kind of tie.

use super::Picture;
use super::axis::{Axis, Panel};
use super::data::Data;
use super::font;
use super::market_count::at_least;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{INK, Unit, count, cue, fixed, listed, over_runs, percent, plain, size};
use crate::statistics::words::fixed_beside;
use crate::statistics::{Estimate, of_values};

pub const STEM: &str = "degree";
pub const ABOUT: &str = "Ties per firm";

/// Firms by their number of ties, for each kind of tie.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// Kind, such as "offline peers"; then (ties, firms), firms without ties included.
    pub kinds: Vec<(String, Vec<(u64, u64)>)>,
    /// Mean ties of a firm in each run, by kind.
    pub runs: Vec<Vec<f64>>,
}

fn firms(counts: &[(u64, u64)]) -> u64 {
    counts.iter().map(|(_, firms)| firms).sum()
}

/// Mean number of ties.
pub fn mean(counts: &[(u64, u64)]) -> f64 {
    counts.iter().map(|(ties, firms)| *ties as f64 * *firms as f64).sum::<f64>() / firms(counts) as f64
}

/// A mean number of ties.
fn number(mean: f64) -> String {
    if mean < 0.1 { plain(mean) } else { fixed(mean, 2) }
}

impl Input {
    /// The kinds that connect anyone.
    fn shown(&self) -> Vec<&(String, Vec<(u64, u64)>)> {
        self.kinds.iter().filter(|(_, counts)| !at_least(counts).is_empty()).collect()
    }

    /// The mean of a kind with its interval over runs, where there are several.
    fn over_runs(&self, shown: &(String, Vec<(u64, u64)>)) -> String {
        let runs = self.kinds.iter().zip(&self.runs).find(|(kind, _)| kind.0 == shown.0);
        let Estimate { mean, low, high, .. } = runs.map_or_else(Estimate::unknown, |(_, runs)| of_values(runs));
        if !(low.is_finite() && high.is_finite() && low < high) {
            return number(self::mean(&shown.1));
        }
        let [mean, low, high] = fixed_beside([mean, low.max(0.0), high], 2);
        format!("{mean} ({low} to {high})")
    }
}

impl Picture for Input {
    fn stem(&self) -> &str {
        STEM
    }

    fn about(&self) -> &str {
        ABOUT
    }

    fn lack(&self) -> Option<String> {
        self.shown().is_empty().then(|| "no ties in this run".to_owned())
    }

    fn title(&self) -> String {
        let part = |shown: &&(String, Vec<(u64, u64)>)| format!("{} {}", self.over_runs(shown), shown.0);
        format!("A firm has {} on average", listed(&self.shown().iter().map(part).collect::<Vec<_>>()))
    }

    fn subtitle(&self) -> String {
        let runs = self.runs.iter().map(Vec::len).max().unwrap_or(0);
        format!(
            "Share of firms with at least k ties (%), both axes logarithmic; firms without a tie count in the share{}",
            over_runs(runs)
        )
    }

    fn alt(&self) -> String {
        let part = |(kind, counts): &&(String, Vec<(u64, u64)>)| {
            let points = at_least(counts);
            format!(
                "{kind}: mean {}, {} have any, the most is {}",
                number(mean(counts)),
                percent(points[0].1),
                count(points[points.len() - 1].0 as u64),
            )
        };
        let parts: Vec<String> = self.shown().iter().map(part).collect();
        format!("Falling curves of the share of firms with at least k ties. {}.", parts.join("; "))
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["kind", "ties", "firms"]);
        for (kind, counts) in &self.kinds {
            counts.iter().for_each(|(ties, firms)| data.row(&[kind, ties, firms]));
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let shown = self.shown();
        let curves: Vec<Vec<(f64, f64)>> = shown.iter().map(|(_, counts)| at_least(counts)).collect();
        let points = || curves.iter().flatten();
        let panel = Panel::new(
            sheet,
            room.inset(0.0, 24.0, 12.0, 0.0),
            Axis::log("ties, at least", Unit::Count, points().map(|point| point.0)),
            Axis::log("share of firms (%)", Unit::Share, points().map(|point| point.1).chain([1.0])).until(1.0),
        );
        for (i, curve) in curves.iter().enumerate() {
            let places: Vec<_> = curve.iter().map(|point| panel.at(point.0, point.1)).collect();
            sheet.line(places.iter().copied(), cue(i).stroke(2.0));
            let mut last = (f64::MIN, 0.0);
            for &place in &places {
                // Markers closer than they are wide would make the line a smear.
                if super::sheet::distance(place, last) > 22.0 {
                    sheet.marker(place, cue(i).marker, 3.6, cue(i).colour);
                    last = place;
                }
            }
        }
        let mut x = room.left;
        for (i, (kind, counts)) in shown.iter().enumerate() {
            let y = room.top + 4.0;
            let text = font::fit(&format!("{} (mean {})", font::clean(kind), number(mean(counts))), size::TICK, 200.0);
            let wide = font::width(&text, size::TICK) + 58.0;
            if x + wide <= room.right + 20.0 {
                sheet.line([(x, y), (x + 30.0, y)], cue(i).stroke(2.0));
                sheet.marker((x + 15.0, y), cue(i).marker, 3.6, cue(i).colour);
                sheet.beside(&text, (x + 37.0, y), size::TICK, INK, Anchor::Start);
            }
            x += wide;
        }
    }
}
