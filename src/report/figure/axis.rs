//! Axes with few, round, readable ticks, on linear and logarithmic scales.

use plotters::style::Color;

use super::font;
use super::sheet::{Anchor, Frame, Point, Sheet, spread};
use super::style::{Cue, GRID, INK, SOFT, Stroke, Unit, size};
use crate::number::f64s;
use plotters::style::RGBColor;

/// One axis: what it measures, its range and its ticks.
#[derive(Clone, Debug)]
pub struct Axis {
    /// What is measured, with its unit; "" for none.
    title: String,
    unit: Unit,
    from: f64,
    to: f64,
    log: bool,
    /// Grid lines across the panel.
    grid: bool,
    /// No ticks at all: whoever draws the panel labels this side.
    silent: bool,
}

impl Axis {
    /// A linear axis around values, widened to round numbers; with `zero` it contains 0.
    pub fn linear(title: &str, unit: Unit, values: impl IntoIterator<Item = f64>, zero: bool) -> Self {
        let (mut from, mut to) = span(values).unwrap_or((0.0, 1.0));
        if zero {
            (from, to) = (from.min(0.0), to.max(0.0));
        }
        if to - from <= 1e-9 * to.abs().max(from.abs()) {
            let room = if to == 0.0 || unit == Unit::Year { 1.0 } else { 0.5 * to.abs() };
            (from, to) = if zero { (from.min(0.0), to + room) } else { (from - room, to + room) };
        }
        if unit == Unit::Year {
            return Self::exact(title, unit, from, to);
        }
        // Out to the next tick, but not so far that the data fill only part of the plot.
        let (step, room) = (nice_step(to - from, 5.0, unit), 0.06 * (to - from));
        let low = ((from / step + 1e-9).floor() * step).max(from - room);
        let high = ((to / step - 1e-9).ceil() * step).min(to + room);
        Self::exact(title, unit, low, high)
    }

    /// A linear axis of exactly this range.
    pub fn exact(title: &str, unit: Unit, from: f64, to: f64) -> Self {
        Self { title: title.to_owned(), unit, from, to, log: false, grid: true, silent: false }
    }

    /// A logarithmic axis around the positive values, from a power of ten.
    pub fn log(title: &str, unit: Unit, values: impl IntoIterator<Item = f64>) -> Self {
        let (from, to) = span(values.into_iter().filter(|value| *value > 0.0)).unwrap_or((1.0, 10.0));
        let from = f64s::pow(10.0, (f64s::log10(from) + 1e-9).floor());
        let to = (1.15 * to).max(10.0 * from);
        let title = if title.is_empty() { String::new() } else { format!("{title} (log scale)") };
        Self { log: true, ..Self::exact(&title, unit, from, to) }
    }

    /// The same axis ending exactly at `to`.
    pub fn until(self, to: f64) -> Self {
        // A tenth of it at least: where all values are the end itself, the axis still has a length.
        let from = if self.log { self.from.min(to / 10.0) } else { self.from };
        Self { from, to, ..self }
    }

    /// The same axis without grid lines.
    pub fn bare(self) -> Self {
        Self { grid: false, ..self }
    }

    /// The same axis without ticks and grid lines.
    pub fn silent(self) -> Self {
        Self { silent: true, ..self.bare() }
    }

    /// Where a value lies: 0 at the start of the axis, 1 at its end.
    fn share(&self, value: f64) -> f64 {
        if self.log {
            f64s::ln(value / self.from) / f64s::ln(self.to / self.from)
        } else {
            (value - self.from) / (self.to - self.from)
        }
    }

    /// About `wanted` ticks with their labels.
    fn ticks(&self, wanted: f64) -> Vec<(f64, String)> {
        if self.silent {
            return Vec::new();
        }
        if self.log {
            return self.log_ticks(wanted);
        }
        let step = nice_step(self.to - self.from, wanted, self.unit);
        let first = (self.from / step - 1e-6).ceil() as i64;
        let last = (self.to / step + 1e-6).floor() as i64;
        (first..=last).map(|i| i as f64 * step).map(|value| (value, self.unit.tick(value, step))).collect()
    }

    /// The ticks of an upright axis of this length.
    fn ticks_up(&self, high: f64) -> Vec<(f64, String)> {
        // Powers are told apart at a glance: their labels may stand closer.
        // A low panel still has more than one.
        self.ticks((high / if self.log { 34.0 } else { 62.0 }).max(3.0))
    }

    fn log_ticks(&self, wanted: f64) -> Vec<(f64, String)> {
        let low = f64s::log10(self.from).round() as i32;
        let high = f64s::log10(self.to).floor() as i32;
        let all: &[f64] = if f64::from(high - low) <= wanted / 3.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let skip = 1 + ((f64::from(high - low)) / wanted) as usize;
        let powers = (low..=high).step_by(skip).map(|power| f64s::pow(10.0, f64::from(power)));
        let ticks = powers.flat_map(|power| all.iter().map(move |part| (part * power, power)));
        ticks
            .filter(|(value, _)| *value <= self.to * (1.0 + 1e-9))
            .map(|(value, power)| (value, self.unit.tick(value, power)))
            .collect()
    }
}

/// The least and the greatest of the finite values.
pub fn span(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let widen = |range: Option<(f64, f64)>, value: f64| match range {
        _ if !value.is_finite() => range,
        Some((least, most)) => Some((least.min(value), most.max(value))),
        None => Some((value, value)),
    };
    values.into_iter().fold(None, widen)
}

/// The step among 1, 2, 2.5, 5 × 10ᵏ that gives about `wanted` intervals; whole where the things are whole.
fn nice_step(range: f64, wanted: f64, unit: Unit) -> f64 {
    let rough = range / wanted.max(1.0);
    let power = f64s::pow(10.0, f64s::log10(rough).floor());
    let whole = matches!(unit, Unit::Count | Unit::Year);
    let steps: &[f64] = if whole { &[1.0, 2.0, 5.0, 10.0] } else { &[1.0, 2.0, 2.5, 5.0, 10.0] };
    let step = steps.iter().copied().find(|step| step * power >= rough * (1.0 - 1e-9)).unwrap_or(10.0) * power;
    if whole { step.max(1.0) } else { step }
}

/// Room above and below a plot for the titles of its axes.
fn around(x: &Axis, y: &Axis) -> (f64, f64) {
    (if y.title.is_empty() { 6.0 } else { 26.0 }, if x.title.is_empty() { 22.0 } else { 42.0 })
}

/// The room that the labels of an upright axis take in a panel, so that panels can be aligned.
pub fn tick_room(y: &Axis, x: &Axis, room: Frame) -> f64 {
    let (head, foot) = around(x, y);
    font::widest(y.ticks_up(room.high() - head - foot).iter().map(|tick| tick.1.as_str()), size::TICK) + 10.0
}

/// A pair of axes on a page.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The room for data.
    pub plot: Frame,
    x: Axis,
    y: Axis,
}

impl Panel {
    /// Draws axes into a room on the page: grid, ticks, labels, titles.
    pub fn new(sheet: &mut Sheet, room: Frame, x: Axis, y: Axis) -> Self {
        let (head, foot) = around(&x, &y);
        let up = y.ticks_up(room.high() - head - foot);
        let left = font::widest(up.iter().map(|tick| tick.1.as_str()), size::TICK) + 10.0;
        let panel = Self { plot: room.inset(left, head, 0.0, foot), x, y };
        panel.draw_up(sheet, room.left, &up);
        panel.draw_across(sheet);
        panel
    }

    fn draw_up(&self, sheet: &mut Sheet, left: f64, ticks: &[(f64, String)]) {
        for (value, label) in ticks {
            let y = self.y(*value);
            if self.y.grid {
                sheet.line([(self.plot.left, y), (self.plot.right, y)], Stroke::solid(GRID, 1.0));
            }
            sheet.beside(label, (self.plot.left - 8.0, y), size::TICK, SOFT, Anchor::End);
        }
        sheet.words(&self.y.title, (left, self.plot.top - 14.0), size::TICK, SOFT, Anchor::Start);
    }

    fn draw_across(&self, sheet: &mut Sheet) {
        let Frame { left, right, top, bottom } = self.plot;
        for (value, label) in self.fitting_ticks() {
            let x = self.x(value);
            if self.x.grid && self.x.log {
                sheet.line([(x, top), (x, bottom)], Stroke::solid(GRID, 1.0));
            }
            sheet.line([(x, bottom), (x, bottom + 4.0)], Stroke::solid(INK, 1.0));
            sheet.words(&label, (x, bottom + 18.0), size::TICK, SOFT, Anchor::Middle);
        }
        sheet.line([(left, bottom), (right, bottom)], Stroke::solid(INK, 1.0));
        sheet.words(&self.x.title, ((left + right) / 2.0, bottom + 37.0), size::TICK, SOFT, Anchor::Middle);
    }

    /// As many ticks across as their labels have room for.
    fn fitting_ticks(&self) -> Vec<(f64, String)> {
        let clear = |ticks: &[(f64, String)]| {
            ticks.windows(2).all(|pair| {
                let half = |label: &str| font::width(label, size::TICK) / 2.0;
                self.x(pair[1].0) - self.x(pair[0].0) > half(&pair[0].1) + half(&pair[1].1) + 10.0
            })
        };
        // A few whole things are each named.
        let few = self.x.unit == Unit::Count && !self.x.log && self.x.to - self.x.from <= 18.0;
        let most = if few { self.x.to - self.x.from } else { (self.plot.wide() / 60.0).clamp(2.0, 12.0) };
        let mut wanted = most;
        while wanted >= 1.0 {
            let ticks = self.x.ticks(wanted);
            if clear(&ticks) {
                return ticks;
            }
            wanted -= 1.0;
        }
        self.x.ticks(1.0).into_iter().take(1).collect()
    }

    /// The values that have ticks across.
    pub fn ticks_across(&self) -> Vec<f64> {
        self.fitting_ticks().into_iter().map(|tick| tick.0).collect()
    }

    /// The place of a pair of values.
    pub fn at(&self, x: f64, y: f64) -> Point {
        (self.x(x), self.y(y))
    }

    /// The place of a value across.
    pub fn x(&self, value: f64) -> f64 {
        self.plot.left + self.x.share(value) * self.plot.wide()
    }

    /// The height of a value.
    pub fn y(&self, value: f64) -> f64 {
        self.plot.bottom - self.y.share(value) * self.plot.high()
    }

    /// Labels right of the plot, each beside its height, moved apart, with thin leaders to `from` across.
    pub fn label_ends(&self, sheet: &mut Sheet, from: f64, labels: &[(f64, String, RGBColor)]) {
        let heights: Vec<f64> = labels.iter().map(|label| label.0.clamp(self.plot.top, self.plot.bottom)).collect();
        let placed = spread(&heights, size::LABEL * 1.2, self.plot.top, self.plot.bottom);
        for ((label, height), y) in labels.iter().zip(heights).zip(placed) {
            if (y - height).abs() > 3.0 {
                sheet.line([(from + 2.0, height), (from + 11.0, y)], Stroke::solid(SOFT.mix(0.7), 0.75));
            }
            sheet.beside(&label.1, (from + 14.0, y), size::LABEL, label.2, Anchor::Start);
        }
    }
}

/// Lines over one pair of axes, each with a marker and its name at its end.
pub struct Lines {
    pub panel: Panel,
    labels: std::vec::IntoIter<String>,
    ends: Vec<(f64, String, RGBColor)>,
}

impl Lines {
    /// Axes with room for the labels of the lines, in their order, at the right; longer ones than `most` are cut.
    pub fn new(sheet: &mut Sheet, room: Frame, mut labels: Vec<String>, most: f64, x: Axis, y: Axis) -> Self {
        let right = label_room(&mut labels, most.min(0.4 * room.wide()));
        let panel = Panel::new(sheet, room.inset(0.0, 0.0, right, 0.0), x, y);
        Self { panel, labels: labels.into_iter(), ends: Vec::new() }
    }

    /// Fills what lies between two edges; where they have one point each, a stroke joins them.
    pub fn band(sheet: &mut Sheet, low: Vec<Point>, high: Vec<Point>, look: &Cue) {
        match (&low[..], &high[..]) {
            ([a], [b]) => sheet.line([*a, *b], look.stroke(1.4)),
            _ => sheet.area(low.into_iter().rev().chain(high), look.colour.mix(0.17)),
        }
    }

    /// The next line; its last point with a number gets the marker.
    pub fn line(&mut self, sheet: &mut Sheet, points: Vec<Point>, look: Cue) {
        let label = self.labels.next().unwrap_or_default();
        let Some(&end) = points.iter().rev().find(|at| at.0.is_finite() && at.1.is_finite()) else { return };
        sheet.line(points, look.stroke(2.2));
        sheet.marker(end, look.marker, 3.6, look.colour);
        self.ends.push((end.1, label, look.ink()));
    }

    /// Writes the names.
    pub fn finish(self, sheet: &mut Sheet) {
        self.panel.label_ends(sheet, self.panel.plot.right, &self.ends);
    }
}

/// Height of a line of names.
const LINE: f64 = 1.2 * size::LABEL;

/// Rows over one scale, the names of rows at the left.
pub struct Rows {
    pub panel: Panel,
    /// Where names begin.
    left: f64,
    /// Names, in two lines where they are long and rows are high.
    names: Vec<Vec<String>>,
}

impl Rows {
    /// A scale with room for names as wide as `most`, and for what stands left of the scale, above and right of it.
    pub fn new(sheet: &mut Sheet, room: Frame, names: Vec<&str>, most: f64, around: [f64; 3], scale: Axis) -> Self {
        let most = most.min(0.4 * room.wide());
        let lines = if room.high() >= 2.0 * LINE * (names.len() as f64 + 1.5) { 2 } else { 1 };
        let wrapped = |name: &str| font::wrap(&font::clean(name), size::LABEL, most, lines);
        let names: Vec<Vec<String>> = names.into_iter().map(wrapped).collect();
        let wide = font::widest(names.iter().flatten().map(String::as_str), size::LABEL) + 16.0;
        let silent = Axis::exact("", Unit::Count, 0.0, names.len() as f64).silent();
        let [left, top, right] = around;
        let panel = Panel::new(sheet, room.inset(wide + left, top, right, 0.0), scale, silent);
        Self { panel, left: room.left, names }
    }

    /// Names a row; gives back its height.
    pub fn name(&self, sheet: &mut Sheet, row: usize, ink: RGBColor) -> f64 {
        let y = self.panel.plot.top + self.panel.plot.high() * (row as f64 + 0.5) / self.names.len() as f64;
        let lines = &self.names[row];
        for (i, line) in lines.iter().enumerate() {
            let lift = LINE * (i as f64 - (lines.len() as f64 - 1.0) / 2.0);
            sheet.beside(line, (self.left, y + lift), size::LABEL, ink, Anchor::Start);
        }
        y
    }

    /// An interval with its ends.
    pub fn interval(&self, sheet: &mut Sheet, y: f64, (low, high): (f64, f64), stroke: Stroke) {
        let ends = [self.panel.x(low), self.panel.x(high)];
        sheet.line(ends.map(|x| (x, y)), stroke);
        for x in ends {
            sheet.line([(x, y - 4.0), (x, y + 4.0)], stroke);
        }
    }

    /// A dashed line of reference with its name above.
    pub fn reference(&self, sheet: &mut Sheet, value: f64, name: &str, page: Frame) {
        let (x, plot) = (self.panel.x(value), self.panel.plot);
        sheet.line([(x, plot.top), (x, plot.bottom)], Stroke::dashed(INK, 1.3));
        let half = font::width(name, size::NOTE) / 2.0;
        let at = x.clamp(page.left + half, (page.right - half).max(page.left + half));
        sheet.words(name, (at, plot.top - 6.0), size::NOTE, SOFT, Anchor::Middle);
    }
}

/// The room that labels right of a plot need, at most `most`; longer ones are cut.
pub fn label_room(labels: &mut [String], most: f64) -> f64 {
    for label in labels.iter_mut() {
        *label = font::fit(&font::clean(label), size::LABEL, most);
    }
    18.0 + font::widest(labels.iter().map(String::as_str), size::LABEL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks(5.0).into_iter().map(|tick| tick.1).collect()
    }

    #[test]
    fn ticks_are_few_and_round() {
        assert_eq!(labels(&Axis::linear("", Unit::Share, [0.0, 0.134], true)), ["0%", "5%", "10%"]);
        assert_eq!(labels(&Axis::linear("", Unit::Count, [0.0, 3.0], true)), ["0", "1", "2", "3"]);
        assert_eq!(labels(&Axis::linear("", Unit::Year, [2003.0, 2019.0], false)), ["2005", "2010", "2015"]);
        assert_eq!(labels(&Axis::linear("", Unit::Year, [2020.0], false)), ["2019", "2020", "2021"]);
        assert_eq!(labels(&Axis::log("", Unit::Count, [1.0, 700.0])), ["1", "10", "100"]);
        assert_eq!(labels(&Axis::log("", Unit::Share, [0.001, 1.0])), ["0.1%", "1%", "10%", "100%"]);
        assert_eq!(labels(&Axis::log("", Unit::Share, [1.0]).until(1.0)), ["10%", "20%", "50%", "100%"]);
        assert_eq!(labels(&Axis::log("", Unit::Count, [1.0, 9.0])), ["1", "2", "5", "10"]);
    }

    #[test]
    fn axes_survive_empty_and_flat_data() {
        let odd: [&[f64]; 5] = [&[], &[0.0], &[7.0], &[f64::NAN, f64::INFINITY], &[-3.0, -3.0]];
        for values in odd {
            for zero in [true, false] {
                for unit in [Unit::Count, Unit::Share, Unit::Year, Unit::Plain] {
                    let axis = Axis::linear("", unit, values.iter().copied(), zero);
                    assert!(axis.to > axis.from && !axis.ticks(5.0).is_empty(), "{values:?} {unit:?}");
                    assert!(axis.ticks(5.0).len() < 12);
                }
            }
            let axis = Axis::log("", Unit::Count, values.iter().copied());
            assert!(axis.from > 0.0 && axis.to > axis.from && !axis.ticks(5.0).is_empty());
        }
    }
}
