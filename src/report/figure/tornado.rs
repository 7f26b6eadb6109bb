//! A tornado: how far an outcome moves when one setting goes over its range, the widest first.

use super::Picture;
use super::axis::{Axis, Panel};
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{BLUE, INK, ORANGE, SOFT, Stroke, Unit, darker, size};

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

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        const NAMES: f64 = 200.0;
        const LEVELS: f64 = 92.0;
        let rows = self.shown();
        let names: Vec<String> =
            rows.iter().map(|row| font::fit(&font::clean(&row.label), size::LABEL, NAMES)).collect();
        let left = font::widest(names.iter().map(String::as_str), size::LABEL) + 16.0;
        let ends = rows.iter().flat_map(|row| [&row.least, &row.greatest]);
        let values = ends.flat_map(|end| [end.value, end.low, end.high]).chain([self.mean]);
        let level = |end: &End| font::fit(&font::clean(&end.level), size::TICK, LEVELS - 12.0);
        let panel = Panel::new(
            sheet,
            room.inset(left + LEVELS, 20.0, LEVELS, 0.0),
            Axis::linear(&self.measure, self.unit, values, false),
            Axis::exact("", Unit::Count, 0.0, rows.len() as f64).silent(),
        );
        let middle = panel.x(self.mean);
        for (i, (row, name)) in rows.iter().zip(&names).enumerate() {
            let y = panel.plot.top + panel.plot.high() * (i as f64 + 0.5) / rows.len() as f64;
            sheet.beside(name, (room.left, y), size::LABEL, INK, Anchor::Start);
            for (end, fill) in [(&row.least, ORANGE), (&row.greatest, BLUE)] {
                let x = panel.x(end.value);
                let bar = Frame { left: x.min(middle), right: x.max(middle), top: y - 10.0, bottom: y + 10.0 };
                sheet.tile(bar, fill);
                let corners =
                    [(bar.left, bar.top), (bar.right, bar.top), (bar.right, bar.bottom), (bar.left, bar.bottom)];
                sheet.outline(corners, Stroke::solid(darker(fill), 0.8));
            }
            for end in [&row.least, &row.greatest] {
                let whisker = (panel.x(end.low), panel.x(end.high));
                sheet.line([(whisker.0, y), (whisker.1, y)], Stroke::solid(INK, 1.4));
                for x in [whisker.0, whisker.1] {
                    sheet.line([(x, y - 4.0), (x, y + 4.0)], Stroke::solid(INK, 1.4));
                }
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
        sheet.line([(middle, panel.plot.top), (middle, panel.plot.bottom)], Stroke::dashed(INK, 1.2));
        let mean = format!("mean {}", self.unit.say(self.mean));
        sheet.words(&mean, (middle, panel.plot.top - 6.0), size::NOTE, SOFT, Anchor::Middle);
    }
}
