//! A tornado: how far an outcome moves when one setting goes over its range, the widest first.

use super::Picture;
use super::axis::{Axis, Rows};
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{BLUE, INK, ORANGE, SOFT, Stroke, Unit, size};

const ROW: f64 = 46.0;
/// Rows beyond which nobody reads on.
const MOST: usize = 30;

/// One end of a bar: the level of the setting there, and the outcome with its interval.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct End {
    pub level: String,
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// One setting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub label: String,
    /// Where the outcome is least and greatest.
    pub least: End,
    pub greatest: End,
}

/// Settings to be compared by how far they move an outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    pub stem: String,
    /// What the figure is about, for sweeps that have nothing to show.
    pub about: String,
    /// The finding.
    pub title: String,
    /// The measure, its unit, and what the whiskers are.
    pub subtitle: String,
    pub rows: Vec<Row>,
    /// What the axis measures, with its unit.
    pub measure: String,
    pub unit: Unit,
    /// The mean over the whole design.
    pub mean: f64,
}

impl Input {
    /// Rows that have values, the widest first.
    fn shown(&self) -> Vec<&Row> {
        let wide = |row: &&Row| row.greatest.value - row.least.value;
        let mut rows: Vec<&Row> = self.rows.iter().filter(|row| wide(row).is_finite()).collect();
        rows.sort_by(|a, b| wide(b).total_cmp(&wide(a)));
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
        self.shown().is_empty().then(|| "no run of this sweep has a value".to_owned())
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn subtitle(&self) -> String {
        self.subtitle.clone()
    }

    fn alt(&self) -> String {
        let part = |row: &&Row| {
            format!(
                "{} moves it from {} (at {}) to {} (at {})",
                row.label,
                self.unit.say(row.least.value),
                row.least.level,
                self.unit.say(row.greatest.value),
                row.greatest.level
            )
        };
        let parts: Vec<String> = self.shown().iter().map(part).collect();
        format!("Tornado of {}, mean {}. {}.", self.measure, self.unit.say(self.mean), parts.join("; "))
    }

    fn size(&self) -> (f64, f64) {
        (800.0, 190.0 + ROW * self.shown().len().max(2) as f64)
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["setting", "end", "level", "value", "low", "high", "measure", "mean_of_all"]);
        for row in self.shown() {
            for (name, end) in [("least", &row.least), ("greatest", &row.greatest)] {
                data.row(&[&row.label, &name, &end.level, &end.value, &end.low, &end.high, &self.measure, &self.mean]);
            }
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        const LEVELS: f64 = 92.0;
        let shown = self.shown();
        let ends = shown.iter().flat_map(|row| [&row.least, &row.greatest]);
        let values = ends.flat_map(|end| [end.value, end.low, end.high]).chain([self.mean]);
        let level = |end: &End| font::fit(&font::clean(&end.level), size::TICK, LEVELS - 12.0);
        let scale = Axis::linear(&self.measure, self.unit, values, false);
        let names = shown.iter().map(|row| row.label.as_str()).collect();
        let rows = Rows::new(sheet, room, names, 200.0, [LEVELS, 20.0, LEVELS], scale);
        let panel = &rows.panel;
        let middle = panel.x(self.mean);
        for (i, row) in shown.iter().enumerate() {
            let y = rows.name(sheet, i, INK);
            for (end, fill) in [(&row.least, ORANGE), (&row.greatest, BLUE)] {
                let x = panel.x(end.value);
                sheet.bar(Frame { left: x.min(middle), right: x.max(middle), top: y - 10.0, bottom: y + 10.0 }, fill);
            }
            for end in [&row.least, &row.greatest] {
                rows.interval(sheet, y, (end.low, end.high), Stroke::solid(INK, 1.4));
            }
            let outer = |end: &End, side: fn(f64, f64) -> f64| {
                [end.value, end.low, end.high]
                    .into_iter()
                    .filter(|x| x.is_finite())
                    .map(|x| panel.x(x))
                    .fold(middle, side)
            };
            let (from, to) = (outer(&row.least, f64::min), outer(&row.greatest, f64::max));
            sheet.beside(&level(&row.least), (from - 8.0, y), size::TICK, SOFT, Anchor::End);
            sheet.beside(&level(&row.greatest), (to + 8.0, y), size::TICK, SOFT, Anchor::Start);
        }
        rows.reference(sheet, self.mean, &format!("mean {}", self.unit.say(self.mean)), room);
    }
}
