//! All rows of the table of theories at one look: how far each estimate is from nothing, in margins of its own interval.
//!
//! Estimates differ in unit and size. Divided by half the width of its 95 % interval and turned so that the expected
//! side is right, an estimate beyond 1 has an interval that excludes zero on the expected side.

use super::Picture;
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{BLUE, GREEN, GRID, INK, Marker, SOFT, Stroke, VERMILLION, size};
use crate::number::f64s::ln;

pub const STEM: &str = "theory-rows";
pub const ABOUT: &str = "The table of theories, row by row";

const ROW: f64 = 16.5;
/// Ends of the scale, in margins.
const LEAST: f64 = -3.0;
const MOST: f64 = 150.0;

/// What one check of a row gave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// An estimate in margins, positive on the expected side.
    Direction(f64),
    /// The sign is open: an estimate in margins, as it came.
    Open(f64),
    /// An invariant or equivalence, and whether it holds.
    Rule(bool),
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub label: String,
    pub marks: Vec<Mark>,
    /// Did it come out?
    pub out: bool,
}

/// The table to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub rows: Vec<Row>,
}

impl Input {
    fn passed(&self) -> usize {
        self.rows.iter().filter(|row| row.out).count()
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
        self.rows.is_empty().then(|| "no rows were asked for".to_owned())
    }

    fn title(&self) -> String {
        format!("{} of {} rows come out", self.passed(), self.rows.len())
    }

    fn subtitle(&self) -> String {
        "Estimate over its 95 % margin (bars), expected side right; dashed line: clear of zero. Disc: shown; cross: not \
         shown; grey diamond: sign open; green square: invariant holds."
            .to_owned()
    }

    fn alt(&self) -> String {
        let failing: Vec<&str> = self.rows.iter().filter(|row| !row.out).map(|row| row.label.as_str()).collect();
        let rest =
            if failing.is_empty() { "None fails".to_owned() } else { format!("Not shown: {}", failing.join(", ")) };
        format!("{} of {} rows of the table of theories come out. {rest}.", self.passed(), self.rows.len())
    }

    fn size(&self) -> (f64, f64) {
        (860.0, 190.0 + ROW * self.rows.len().max(4) as f64)
    }

    fn narrowest(&self) -> f64 {
        self.size().0
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["row", "came_out", "check", "estimate_over_margin"]);
        for row in &self.rows {
            for mark in &row.marks {
                let (kind, value) = match *mark {
                    Mark::Direction(value) => ("direction", value),
                    Mark::Open(value) => ("sign open", value),
                    Mark::Rule(true) => ("invariant holds", f64::NAN),
                    Mark::Rule(false) => ("invariant broken", f64::NAN),
                };
                data.row(&[&row.label, &row.out, &kind, &value]);
            }
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let left = room.left + font::widest(self.rows.iter().map(|row| row.label.as_str()), size::NOTE) + 14.0;
        let right = room.right - 44.0;
        let (from, to) = (bent(LEAST), bent(MOST));
        let x = |value: f64| left + (right - left) * (bent(value.clamp(LEAST, MOST)) - from) / (to - from);
        let bottom = room.top + 14.0 + ROW * self.rows.len() as f64;
        for tick in [-1.0, 0.0, 1.0, 3.0, 10.0, 30.0, 100.0] {
            let stroke = if tick == 1.0 { Stroke::dashed(INK, 0.9) } else { Stroke::solid(GRID, 0.8) };
            sheet.line([(x(tick), room.top + 10.0), (x(tick), bottom)], stroke);
            let word = if tick < 0.0 { format!("−{}", -tick) } else { format!("{tick}") };
            sheet.words(&word, (x(tick), bottom + 13.0), size::NOTE, SOFT, Anchor::Middle);
        }
        sheet.line([(x(0.0), room.top + 10.0), (x(0.0), bottom)], Stroke::solid(SOFT, 1.0));
        let middle = (left + right) / 2.0;
        sheet.words(
            "estimate / margin of its 95 % interval",
            (middle, bottom + 29.0),
            size::NOTE,
            SOFT,
            Anchor::Middle,
        );
        for (i, row) in self.rows.iter().enumerate() {
            let y = room.top + 14.0 + ROW * (i as f64 + 0.5);
            let ink = if row.out { INK } else { VERMILLION };
            sheet.beside(&row.label, (room.left, y), size::NOTE, ink, Anchor::Start);
            let mut rule = right + 14.0;
            for mark in &row.marks {
                let (value, colour, shape) = match *mark {
                    Mark::Direction(value) if value > 1.0 => (value, BLUE, Marker::Disc),
                    Mark::Direction(value) => (value, VERMILLION, Marker::Cross),
                    Mark::Open(value) => (value, SOFT, Marker::Diamond),
                    Mark::Rule(holds) => {
                        let (colour, shape) = if holds { (GREEN, Marker::Square) } else { (VERMILLION, Marker::Cross) };
                        sheet.marker((rule, y), shape, 3.4, colour);
                        rule += 10.0;
                        continue;
                    }
                };
                if value.is_finite() {
                    sheet.line([(x(value - 1.0), y), (x(value + 1.0), y)], Stroke::solid(colour, 1.3));
                    sheet.marker((x(value), y), shape, 3.4, colour);
                }
            }
        }
    }
}

/// A scale that is straight near zero and logarithmic far from it.
fn bent(value: f64) -> f64 {
    ln(value.abs() + 1.0) * value.signum()
}
