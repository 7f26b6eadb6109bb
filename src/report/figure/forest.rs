//! Effects of arms on an outcome with their intervals, one row each, against the baseline: a forest plot.

use super::Picture;
use super::axis::{Axis, Panel};
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{INK, PALE, SOFT, Stroke, Unit, WHITE, capital, cue, plain, signed, size};

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
        format!("{} [{}, {}]", signed(self.mean), signed(self.low), signed(self.high))
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
        let shown = self.shown();
        let clear =
            shown.iter().filter(|(_, row)| row.is_clear()).max_by(|a, b| a.1.mean.abs().total_cmp(&b.1.mean.abs()));
        match clear {
            Some((_, row)) => format!(
                "{}: {} {} in {}, the largest clear effect",
                capital(&row.label),
                signed(row.mean),
                if self.unit == "firms" { self.outcome() } else { format!("{} of {}", self.unit, self.outcome()) },
                self.year
            ),
            None => format!("No arm changes {} clearly by {}", self.outcome(), self.year),
        }
    }

    fn subtitle(&self) -> String {
        format!(
            "{} in {} ({}): arm minus baseline of the same seed; mean and 95 % interval; filled: the interval leaves 0 out",
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

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let shown = self.shown();
        let names: Vec<String> =
            shown.iter().map(|(_, row)| font::fit(&font::clean(&row.label), size::LABEL, 250.0)).collect();
        let numbers: Vec<String> = shown.iter().map(|(_, row)| row.words()).collect();
        let left = font::widest(names.iter().map(String::as_str), size::LABEL) + 16.0;
        let right = font::widest(numbers.iter().map(String::as_str), size::TICK) + 16.0;
        let values = shown.iter().flat_map(|(_, row)| [row.low, row.mean, row.high]).chain([0.0]);
        let panel = Panel::new(
            sheet,
            room.inset(left, 20.0, right, 0.0),
            Axis::linear(&format!("difference from the baseline, {}", self.unit), Unit::Plain, values, false),
            Axis::exact("", Unit::Count, 0.0, shown.len() as f64).silent(),
        );
        let x = panel.x(0.0);
        sheet.line([(x, panel.plot.top), (x, panel.plot.bottom)], Stroke::dashed(INK, 1.4));
        let zero =
            if self.baseline.is_finite() { format!("baseline {}", plain(self.baseline)) } else { "baseline".into() };
        let half = font::width(&zero, size::NOTE) / 2.0;
        let at = x.clamp(room.left + half, room.right - half);
        sheet.words(&zero, (at, panel.plot.top - 6.0), size::NOTE, SOFT, Anchor::Middle);
        for (i, (((arm, row), name), number)) in shown.iter().zip(names).zip(numbers).enumerate() {
            let look = cue(*arm);
            let y = panel.plot.top + panel.plot.high() * (i as f64 + 0.5) / shown.len() as f64;
            sheet.line([(panel.plot.left, y), (panel.plot.right, y)], Stroke::solid(PALE, 0.7));
            let ends = [panel.x(row.low), panel.x(row.high)];
            sheet.line([(ends[0], y), (ends[1], y)], Stroke::solid(look.colour, 2.2));
            for end in ends {
                sheet.line([(end, y - 4.0), (end, y + 4.0)], Stroke::solid(look.colour, 2.2));
            }
            let at = (panel.x(row.mean), y);
            sheet.marker(at, look.marker, 5.6, look.colour);
            if !row.is_clear() && look.marker != super::style::Marker::Cross {
                sheet.shape(at, look.marker, 3.2, WHITE);
            }
            sheet.beside(&name, (room.left, y), size::LABEL, look.ink(), Anchor::Start);
            sheet.beside(&number, (room.right, y), size::TICK, SOFT, Anchor::End);
        }
    }
}
