//! Lines with bands for any report: a middle and an interval over time or over a swept value.

use super::Picture;
use super::axis::{Axis, Lines, Panel};
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Point, Sheet};
use super::style::{Cue, GRID, Stroke, Unit, baseline, cue, size};

/// Bands over each other that can be told apart; more lines get a panel each.
const MOST_BANDS: usize = 3;
/// Panels beside each other.
const ACROSS: usize = 3;
const PANEL_HIGH: f64 = 190.0;

/// One line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub label: String,
    /// The baseline is grey-black and dashed in every figure.
    pub baseline: bool,
    /// Middle, lower and upper end at each x; a value that is not finite leaves a gap, equal ends draw no band.
    pub points: Vec<(f64, f64, f64)>,
}

/// Lines over a common x.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The stem of the files.
    pub stem: String,
    /// What the figure is about, for runs that have nothing to show.
    pub about: String,
    /// The finding.
    pub title: String,
    /// The measure, its unit, and what the band is.
    pub subtitle: String,
    pub x: Vec<f64>,
    pub lines: Vec<Line>,
    /// What x is, with its unit.
    pub x_label: String,
    pub x_unit: Unit,
    /// What y is, with its unit.
    pub y_label: String,
    pub y_unit: Unit,
    /// Let the y axis contain 0.
    pub from_zero: bool,
}

/// Middle, lower and upper end.
type Interval = (f64, f64, f64);

/// A line that has points, with its look.
struct Shown<'a> {
    line: &'a Line,
    /// x, and the interval there.
    points: Vec<(f64, Interval)>,
    look: Cue,
}

impl Shown<'_> {
    fn first(&self) -> (f64, Interval) {
        self.points[0]
    }

    fn last(&self) -> (f64, Interval) {
        self.points[self.points.len() - 1]
    }
}

impl Input {
    fn place(&self, line: &Line, i: usize) -> Option<(f64, Interval)> {
        let point = *line.points.get(i)?;
        (self.x[i].is_finite() && point.0.is_finite()).then_some((self.x[i], point))
    }

    /// Lines that have points.
    fn shown(&self) -> Vec<Shown<'_>> {
        let mut next = 0;
        let mut shown = Vec::new();
        for line in &self.lines {
            let look = if line.baseline { baseline() } else { cue(next) };
            next += usize::from(!line.baseline);
            let points: Vec<_> = (0..self.x.len()).filter_map(|i| self.place(line, i)).collect();
            if !points.is_empty() {
                shown.push(Shown { line, points, look });
            }
        }
        shown
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
        self.shown().is_empty().then(|| "no values in this run".to_owned())
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn subtitle(&self) -> String {
        self.subtitle.clone()
    }

    fn alt(&self) -> String {
        let part = |shown: &Shown| {
            let (first, last) = (shown.first(), shown.last());
            let [from, to, low, high] = self.y_unit.beside([first.1.0, last.1.0, last.1.1, last.1.2]);
            let [start, end] = [first.0, last.0].map(|x| self.x_unit.say(x));
            format!("{} goes from {from} at {start} to {to} ({low} to {high}) at {end}", shown.line.label)
        };
        let parts: Vec<String> = self.shown().iter().map(part).collect();
        format!("Lines with bands over {}. {}. {}.", self.x_label, self.subtitle, parts.join("; "))
    }

    fn size(&self) -> (f64, f64) {
        match self.crowded() {
            true => (800.0, 150.0 + PANEL_HIGH * self.compared().div_ceil(ACROSS) as f64),
            false => (800.0, 500.0),
        }
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["line", "x", "y", "low", "high"]);
        for Shown { line, points, .. } in self.shown() {
            for (x, (y, low, high)) in &points {
                data.row(&[&line.label, x, y, low, high]);
            }
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        if self.crowded() {
            return self.panels(sheet, room);
        }
        let shown = self.shown();
        let labels =
            shown.iter().map(|shown| format!("{} {}", shown.line.label, self.y_unit.say(shown.last().1.0))).collect();
        let points = || shown.iter().flat_map(|shown| &shown.points);
        let x = across(&self.x_label, self.x_unit, points().map(|point| point.0));
        let heights = points().flat_map(|(_, (y, low, high))| [*y, *low, *high]);
        let y = Axis::linear(&self.y_label, self.y_unit, heights, self.from_zero);
        let mut drawn = Lines::new(sheet, room, labels, 230.0, x, y);
        for Shown { line, look, .. } in &shown {
            self.band(sheet, &drawn.panel, line, look);
        }
        for Shown { line, look, .. } in &shown {
            let gap = (f64::NAN, f64::NAN);
            let place = |i: usize| self.place(line, i).map_or(gap, |(x, point)| drawn.panel.at(x, point.0));
            let points = (0..self.x.len()).map(place).collect();
            drawn.line(sheet, points, *look);
        }
        drawn.finish(sheet);
    }
}

impl Input {
    /// Lines besides the baseline.
    fn compared(&self) -> usize {
        self.shown().iter().filter(|shown| !shown.line.baseline).count()
    }

    /// Do so many bands lie over each other that none can be told from the next?
    fn crowded(&self) -> bool {
        let banded = |shown: &&Shown| !shown.line.baseline && shown.points.iter().any(|(_, (_, low, high))| low < high);
        self.shown().iter().filter(banded).count() > MOST_BANDS
    }

    /// A small panel for each line, over the same axes: its band, and the other lines thin and grey.
    fn panels(&self, sheet: &mut Sheet, room: Frame) {
        let shown = self.shown();
        let points = || shown.iter().flat_map(|shown| &shown.points);
        let heights = || points().flat_map(|(_, (y, low, high))| [*y, *low, *high]);
        let count = self.compared();
        let (wide, high) = (room.wide() / ACROSS as f64, room.high() / count.div_ceil(ACROSS) as f64);
        for (i, own) in shown.iter().filter(|shown| !shown.line.baseline).enumerate() {
            let (left, top) = (room.left + wide * (i % ACROSS) as f64, room.top + high * (i / ACROSS) as f64);
            let frame = Frame { left, top, right: left + wide - 16.0, bottom: top + high - 4.0 };
            let panel = Panel::new(
                sheet,
                frame.inset(0.0, 20.0, 0.0, 0.0),
                across("", self.x_unit, points().map(|point| point.0)),
                Axis::linear("", self.y_unit, heights(), self.from_zero),
            );
            let line = |shown: &Shown| {
                let gap = (f64::NAN, f64::NAN);
                let place = |i: usize| self.place(shown.line, i).map_or(gap, |(x, point)| panel.at(x, point.0));
                (0..self.x.len()).map(place).collect::<Vec<_>>()
            };
            for other in shown.iter().filter(|other| !other.line.baseline && !std::ptr::eq(other.line, own.line)) {
                sheet.line(line(other), Stroke::solid(GRID, 1.2));
            }
            for base in shown.iter().filter(|shown| shown.line.baseline) {
                sheet.line(line(base), base.look.stroke(1.3));
            }
            self.band(sheet, &panel, own.line, &own.look);
            sheet.line(line(own), own.look.stroke(2.2));
            let label = format!("{} {}", own.line.label, self.y_unit.say(own.last().1.0));
            let label = font::fit(&font::clean(&label), size::LABEL, frame.wide() - 8.0);
            sheet.words(&label, (frame.left + 4.0, frame.top + 13.0), size::LABEL, own.look.ink(), Anchor::Start);
        }
    }
}

/// The x axis runs from the first to the last value, without rounding outwards.
fn across(title: &str, unit: Unit, values: impl Iterator<Item = f64> + Clone) -> Axis {
    match super::axis::span(values.clone()) {
        Some((from, to)) if to > from => Axis::exact(title, unit, from, to).bare(),
        _ => Axis::linear(title, unit, values, false).bare(),
    }
}

impl Input {
    /// The band of a line, in as many pieces as its gaps leave.
    fn band(&self, sheet: &mut Sheet, panel: &Panel, line: &Line, look: &Cue) {
        let whole =
            |i: &usize| self.place(line, *i).is_some_and(|(_, (_, low, high))| low.is_finite() && high.is_finite());
        let all: Vec<usize> = (0..self.x.len()).collect();
        for run in all.split(|i| !whole(i)) {
            let edge = |part: fn(&(f64, f64, f64)) -> f64| -> Vec<Point> {
                run.iter().filter_map(|&i| self.place(line, i)).map(|(x, point)| panel.at(x, part(&point))).collect()
            };
            Lines::band(sheet, edge(|point| point.1), edge(|point| point.2), look);
        }
    }
}
