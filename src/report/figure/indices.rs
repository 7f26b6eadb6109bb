//! Sobol' indices as bars: what each setting explains alone, and what it has a part in, with intervals.

use super::Picture;
use super::axis::{Axis, Rows};
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{BLUE, INK, SKY, SOFT, Stroke, Unit, capital, percent, size};

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

    fn data(&self) -> Data {
        let mut data = Data::new(&["setting", "index", "value", "low", "high", "outcome"]);
        for row in self.shown() {
            for (index, (value, low, high)) in [("first", row.first), ("total", row.total)] {
                data.row(&[&row.label, &index, &value, &low, &high, &self.outcome]);
            }
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let shown = self.shown();
        let values = shown.iter().flat_map(|row| [row.first.0, row.first.1, row.first.2, row.total.1, row.total.2]);
        let scale = Axis::linear("share of the variance (%)", Unit::Share, values.chain([0.0, 1.0]), true);
        let names = shown.iter().map(|row| row.label.as_str()).collect();
        let rows = Rows::new(sheet, room, names, 240.0, [0.0, 26.0, 20.0], scale);
        let panel = &rows.panel;
        let mut x = panel.plot.left;
        for (text, fill) in [("alone (first order)", BLUE), ("with others (total)", SKY)] {
            let top = panel.plot.top;
            sheet.bar(Frame { left: x, right: x + 12.0, top: top - 24.0, bottom: top - 12.0 }, fill);
            sheet.words(text, (x + 18.0, top - 14.0), size::TICK, SOFT, Anchor::Start);
            x += 18.0 + font::width(text, size::TICK) + 24.0;
        }
        let zero = panel.x(0.0);
        for (i, row) in shown.iter().enumerate() {
            let y = rows.name(sheet, i, INK);
            for ((value, low, high), fill, lift) in [(row.first, BLUE, -8.5), (row.total, SKY, 8.5)] {
                let (end, middle) = (panel.x(value), y + lift);
                let frame =
                    Frame { left: end.min(zero), right: end.max(zero), top: middle - 7.5, bottom: middle + 7.5 };
                sheet.bar(frame, fill);
                rows.interval(sheet, middle, (low, high), Stroke::solid(INK, 1.3));
            }
        }
        sheet.line([(zero, panel.plot.top), (zero, panel.plot.bottom)], Stroke::solid(INK, 1.0));
    }
}
