//! Sobol' indices as bars: what each setting explains alone, and what it has a part in, with intervals.

use super::Picture;
use super::axis::{Axis, Panel};
use super::font;
use super::sheet::{Anchor, Frame, Point, Sheet};
use super::style::{BLUE, INK, SKY, SOFT, Stroke, Unit, capital, darker, percent, size};

const ROW: f64 = 44.0;
/// Rows beyond which nobody reads on.
const MOST: usize = 30;

/// One setting, or group of settings; each index with its interval.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub label: String,
    pub first: (f64, f64, f64),
    pub total: (f64, f64, f64),
}

/// Indices to be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    pub stem: String,
    /// What the figure is about, for sweeps that have nothing to show.
    pub about: String,
    /// The outcome, with its unit.
    pub outcome: String,
    pub rows: Vec<Row>,
    /// Share of the variance of the means over replicates that is noise, if there are replicates to tell.
    pub noise: Option<f64>,
}

impl Input {
    fn shown(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().filter(|row| row.total.0.is_finite()).collect();
        rows.sort_by(|a, b| b.total.0.total_cmp(&a.total.0));
        rows.truncate(MOST);
        rows
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
        self.shown().is_empty().then(|| "no index can be told".to_owned())
    }

    fn title(&self) -> String {
        let shown = self.shown();
        let alone: f64 = shown.iter().map(|row| row.first.0.max(0.0)).sum::<f64>().min(1.0);
        match shown.first() {
            Some(row) => capital(&format!(
                "{} has a part in {} of the variance; settings explain {} of it one by one",
                row.label,
                percent(row.total.0.clamp(0.0, 1.0)),
                percent(alone)
            )),
            None => String::new(),
        }
    }

    fn subtitle(&self) -> String {
        let noise = self.noise.map_or_else(String::new, |noise| {
            format!("; {} of the variance of means is Monte-Carlo noise", percent(noise))
        });
        format!("Shares of the variance of {}, with 95% bootstrap intervals{noise}", self.outcome)
    }

    fn alt(&self) -> String {
        let said = |(value, low, high): (f64, f64, f64)| format!("{value:.2} ({low:.2} to {high:.2})");
        let part = |row: &&Row| format!("{}: first {}, total {}", row.label, said(row.first), said(row.total));
        let parts: Vec<String> = self.shown().iter().map(part).collect();
        format!("Bars of first and total Sobol' indices of {}. {}.", self.outcome, parts.join("; "))
    }

    fn size(&self) -> (f64, f64) {
        (800.0, 200.0 + ROW * self.shown().len().max(3) as f64)
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let rows = self.shown();
        let names: Vec<String> =
            rows.iter().map(|row| font::fit(&font::clean(&row.label), size::LABEL, 240.0)).collect();
        let left = font::widest(names.iter().map(String::as_str), size::LABEL) + 16.0;
        let values = rows.iter().flat_map(|row| [row.first.0, row.first.1, row.first.2, row.total.1, row.total.2]);
        let panel = Panel::new(
            sheet,
            room.inset(left, 26.0, 20.0, 0.0),
            Axis::linear("share of the variance (%)", Unit::Share, values.chain([0.0, 1.0]), true),
            Axis::exact("", Unit::Count, 0.0, rows.len() as f64).silent(),
        );
        let mut x = panel.plot.left;
        for (text, fill) in [("alone (first order)", BLUE), ("with others (total)", SKY)] {
            let box_ = Frame { left: x, right: x + 12.0, top: panel.plot.top - 24.0, bottom: panel.plot.top - 12.0 };
            bar(sheet, box_, fill);
            sheet.words(text, (x + 18.0, panel.plot.top - 14.0), size::TICK, SOFT, Anchor::Start);
            x += 18.0 + font::width(text, size::TICK) + 24.0;
        }
        let zero = panel.x(0.0);
        for (i, (row, name)) in rows.iter().zip(&names).enumerate() {
            let y = panel.plot.top + panel.plot.high() * (i as f64 + 0.5) / rows.len() as f64;
            sheet.beside(name, (room.left, y), size::LABEL, INK, Anchor::Start);
            for ((value, low, high), fill, lift) in [(row.first, BLUE, -8.5), (row.total, SKY, 8.5)] {
                let end = panel.x(value);
                let middle = y + lift;
                let frame =
                    Frame { left: end.min(zero), right: end.max(zero), top: middle - 7.5, bottom: middle + 7.5 };
                bar(sheet, frame, fill);
                whisker(sheet, (panel.x(low), middle), (panel.x(high), middle));
            }
        }
        sheet.line([(zero, panel.plot.top), (zero, panel.plot.bottom)], Stroke::solid(INK, 1.0));
    }
}

fn bar(sheet: &mut Sheet, frame: Frame, fill: plotters::style::RGBColor) {
    sheet.tile(frame, fill);
    let corners =
        [(frame.left, frame.top), (frame.right, frame.top), (frame.right, frame.bottom), (frame.left, frame.bottom)];
    sheet.outline(corners, Stroke::solid(darker(fill), 0.8));
}

fn whisker(sheet: &mut Sheet, from: Point, to: Point) {
    sheet.line([from, to], Stroke::solid(INK, 1.3));
    for (x, y) in [from, to] {
        sheet.line([(x, y - 3.5), (x, y + 3.5)], Stroke::solid(INK, 1.3));
    }
}
