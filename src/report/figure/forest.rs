//! Effects of arms on an outcome with their intervals, one row each, against the baseline: a forest plot.

use super::Picture;
use super::axis::{Axis, Rows};
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{PALE, SOFT, Stroke, Unit, WHITE, cue, plain, signed_beside, size};

pub const STEM: &str = "effects";
pub const ABOUT: &str = "Effects of the arms on the primary outcome";

const ROW: f64 = 28.0;
/// Rows beyond which nobody reads on.
const MOST: usize = 60;

/// The effect of an arm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub label: String,
    pub mean: f64,
    /// 95 % interval.
    pub low: f64,
    pub high: f64,
}

impl Row {
    /// Does the interval leave 0 out?
    pub fn is_clear(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    /// Mean and interval in words.
    pub fn words(&self) -> String {
        let [mean, low, high] = signed_beside([self.mean, self.low, self.high]);
        format!("{mean} [{low}, {high}]")
    }
}

/// Arms, in the order that gives each its colour in all figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub rows: Vec<Row>,
    /// The outcome and its unit.
    pub outcome: String,
    pub unit: String,
    /// The last year compared.
    pub year: i32,
    /// Mean level of the outcome in the baseline.
    pub baseline: f64,
    /// The finding.
    pub title: String,
}

impl Input {
    /// Rows with an effect, the largest first, with the number of their arm.
    fn shown(&self) -> Vec<(usize, &Row)> {
        let mut rows: Vec<(usize, &Row)> =
            self.rows.iter().enumerate().filter(|(_, row)| row.mean.is_finite()).collect();
        rows.sort_by(|a, b| b.1.mean.total_cmp(&a.1.mean).then(a.0.cmp(&b.0)));
        rows.truncate(MOST);
        rows
    }

    fn outcome(&self) -> String {
        self.outcome.to_lowercase()
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
        self.shown().is_empty().then(|| "no pair of runs gave an effect".to_owned())
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn subtitle(&self) -> String {
        format!(
            "{} in {} ({}): arm minus baseline of the same seed; mean and 95 % interval; the largest first; filled: the interval leaves 0 \
             out",
            self.outcome, self.year, self.unit
        )
    }

    fn alt(&self) -> String {
        let shown = self.shown();
        let parts: Vec<String> = shown.iter().map(|(_, row)| format!("{} {}", row.label, row.words())).collect();
        let clear = shown.iter().filter(|(_, row)| row.is_clear()).count();
        format!(
            "Forest plot of the effects of {} arms on {} in {}, baseline {}. {clear} of {} intervals leave 0 out. {}.",
            shown.len(),
            self.outcome(),
            self.year,
            plain(self.baseline),
            shown.len(),
            parts.join("; "),
        )
    }

    fn size(&self) -> (f64, f64) {
        (800.0, 210.0 + ROW * self.shown().len().max(3) as f64)
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["arm", "effect", "low", "high", "unit", "outcome", "year", "baseline"]);
        for (_, row) in self.shown() {
            data.row(&[
                &row.label,
                &row.mean,
                &row.low,
                &row.high,
                &self.unit,
                &self.outcome,
                &self.year,
                &self.baseline,
            ]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let shown = self.shown();
        let numbers: Vec<String> = shown.iter().map(|(_, row)| row.words()).collect();
        let right = font::widest(numbers.iter().map(String::as_str), size::TICK) + 16.0;
        let values = shown.iter().flat_map(|(_, row)| [row.low, row.mean, row.high]).chain([0.0]);
        let scale = Axis::linear(&format!("difference from the baseline ({})", self.unit), Unit::Plain, values, false);
        let names = shown.iter().map(|(_, row)| row.label.as_str()).collect();
        let rows = Rows::new(sheet, room, names, 250.0, [0.0, 20.0, right], scale);
        let zero =
            if self.baseline.is_finite() { format!("baseline {}", plain(self.baseline)) } else { "baseline".into() };
        rows.reference(sheet, 0.0, &zero, room);
        for (i, ((arm, row), number)) in shown.iter().zip(numbers).enumerate() {
            let look = cue(*arm);
            let y = rows.name(sheet, i, look.ink());
            let plot = rows.panel.plot;
            sheet.line([(plot.left, y), (plot.right, y)], Stroke::solid(PALE, 0.7));
            rows.interval(sheet, y, (row.low, row.high), Stroke::solid(look.colour, 2.2));
            let at = (rows.panel.x(row.mean), y);
            sheet.marker(at, look.marker, 5.6, look.colour);
            if !row.is_clear() && look.marker.is_solid() {
                sheet.shape(at, look.marker, 3.2, WHITE);
            }
            sheet.beside(&number, (room.right, y), size::TICK, SOFT, Anchor::End);
        }
    }
}
