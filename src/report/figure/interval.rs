//! Estimates with their intervals, one row each, against a line of reference: a forest plot for any report.

use super::Picture;
use super::axis::{Axis, Rows};
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{BLUE, INK, Marker, PALE, SOFT, Stroke, Unit, fixed, size};

const ROW: f64 = 24.0;
/// Rows beyond which nobody reads on.
const MOST: usize = 60;

/// One estimate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub label: String,
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
}

/// Estimates to be compared with each other and with a reference.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The stem of the files.
    pub stem: String,
    /// What the figure is about, for runs that have nothing to show.
    pub about: String,
    /// The finding.
    pub title: String,
    /// The measure, its unit, and what the interval is.
    pub subtitle: String,
    pub rows: Vec<Row>,
    /// What the axis measures, with its unit.
    pub measure: String,
    pub unit: Unit,
    /// Where the line of reference stands, and what it means: (0, "no effect").
    pub reference: (f64, String),
}

impl Input {
    fn finite(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.estimate.is_finite())
    }

    fn shown(&self) -> Vec<&Row> {
        self.finite().take(MOST).collect()
    }

    /// Does the interval leave the reference out?
    fn clear(&self, row: &Row) -> bool {
        row.low > self.reference.0 || row.high < self.reference.0
    }

    /// The numbers of a row, with as many decimals as the widths of the intervals warrant.
    fn numbers(&self, row: &Row) -> String {
        let widest = self
            .shown()
            .iter()
            .map(|row| (row.high - row.low).abs())
            .filter(|wide| wide.is_finite())
            .fold(0.0, f64::max);
        let (factor, sign) = if self.unit == Unit::Share { (100.0, "%") } else { (1.0, "") };
        let decimals = match widest * factor {
            _ if self.unit == Unit::Count => 0,
            wide if wide >= 30.0 => 0,
            wide if wide >= 3.0 => 1,
            wide if wide >= 0.3 || wide == 0.0 => 2,
            _ => 3,
        };
        let say = |value: f64| fixed(factor * value, decimals);
        format!("{}{sign} [{}, {}]", say(row.estimate), say(row.low), say(row.high))
    }
}

impl Picture for Input {
    fn stem(&self) -> &str {
        &self.stem
    }

    fn about(&self) -> &str {
        &self.about
    }

    fn lack(&self) -> Option<String> {
        self.shown().is_empty().then(|| "no estimates in this run".to_owned())
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn subtitle(&self) -> String {
        let all = self.finite().count();
        let part = if all > MOST { format!("; the first {MOST} of {all}") } else { String::new() };
        format!("{}; filled: interval clear of “{}”{part}", self.subtitle, self.reference.1)
    }

    fn alt(&self) -> String {
        let rows = self.shown();
        let parts: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.label, self.numbers(row))).collect();
        let clear = rows.iter().filter(|row| self.clear(row)).count();
        format!(
            "Estimates with intervals for {}. {clear} of {} intervals leave out {}. {}.",
            self.measure,
            rows.len(),
            self.reference.1,
            parts.join("; "),
        )
    }

    fn size(&self) -> (f64, f64) {
        (800.0, 210.0 + ROW * self.shown().len().max(4) as f64)
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["row", "estimate", "low", "high", "reference", "measure"]);
        for row in self.shown() {
            data.row(&[&row.label, &row.estimate, &row.low, &row.high, &self.reference.0, &self.measure]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let shown = self.shown();
        let numbers: Vec<String> = shown.iter().map(|row| self.numbers(row)).collect();
        let right = font::widest(numbers.iter().map(String::as_str), size::TICK) + 16.0;
        let values = shown.iter().flat_map(|row| [row.low, row.estimate, row.high]).chain([self.reference.0]);
        let scale = Axis::linear(&self.measure, self.unit, values, false);
        let names = shown.iter().map(|row| row.label.as_str()).collect();
        let rows = Rows::new(sheet, room, names, 260.0, [0.0, 20.0, right], scale);
        rows.reference(sheet, self.reference.0, &self.reference.1, room);
        for (i, (row, number)) in shown.iter().zip(numbers).enumerate() {
            let y = rows.name(sheet, i, INK);
            let plot = rows.panel.plot;
            sheet.line([(plot.left, y), (plot.right, y)], Stroke::solid(PALE, 0.7));
            rows.interval(sheet, y, (row.low, row.high), Stroke::solid(BLUE, 2.2));
            let at = (rows.panel.x(row.estimate), y);
            sheet.marker(at, Marker::Square, 5.0, BLUE);
            if !self.clear(row) {
                sheet.shape(at, Marker::Square, 3.0, super::style::WHITE);
            }
            sheet.beside(&number, (room.right, y), size::TICK, SOFT, Anchor::End);
        }
    }
}
