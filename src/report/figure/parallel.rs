//! Parallel coordinates: every design point a line over its settings, coloured by what came of it.

use plotters::style::Color;

use super::Picture;
use super::axis::span;
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{INK, SOFT, Stroke, Unit, capital, plain, several, size, viridis};

/// Lines that can be told apart on a page.
const MOST: usize = 600;
/// Room left and right of the columns, at most.
const AROUND: f64 = 240.0;
/// Height of a line of the key.
const KEY: f64 = 17.0;
/// Columns that fit on a page.
const COLUMNS: usize = 12;

/// One column: a setting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    pub label: String,
    /// What stands at certain heights; empty for numbers, whose ends are written.
    pub levels: Vec<String>,
}

/// Points over their settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    pub stem: String,
    /// What the figure is about, for sweeps that have nothing to show.
    pub about: String,
    /// The outcome, with its unit.
    pub outcome: String,
    pub unit: Unit,
    pub columns: Vec<Column>,
    /// Values by column (positions where there are levels), and the outcome.
    pub points: Vec<(Vec<f64>, f64)>,
}

impl Input {
    /// Points with an outcome, evenly thinned out if they are too many, the lowest outcome first.
    fn shown(&self) -> Vec<&(Vec<f64>, f64)> {
        let all: Vec<_> = self.points.iter().filter(|point| point.1.is_finite()).collect();
        let step = all.len().div_ceil(MOST).max(1);
        let mut shown: Vec<_> = all.into_iter().step_by(step).collect();
        shown.sort_by(|a, b| a.1.total_cmp(&b.1));
        shown
    }

    fn shown_columns(&self) -> usize {
        self.columns.len().min(COLUMNS)
    }

    /// Do the names of the columns lack room above them on a page so wide? Then they have numbers, and a key below.
    fn numbered(&self, wide: f64) -> bool {
        let n = self.shown_columns();
        let gap = (wide - AROUND) / (n.max(2) - 1) as f64;
        self.columns.iter().take(n).any(|column| font::width(&font::clean(&column.label), size::TICK) > gap - 8.0)
    }

    fn ends(&self, column: usize) -> Option<(f64, f64)> {
        match self.columns[column].levels.len() {
            0 => span(self.points.iter().map(|point| point.0[column])).filter(|(low, high)| low < high),
            1 => None,
            n => Some((0.0, (n - 1) as f64)),
        }
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
        match () {
            () if self.shown().len() < 2 => Some("fewer than two points have a value".to_owned()),
            () if self.columns.len() < 2 => Some("fewer than two settings vary".to_owned()),
            () => None,
        }
    }

    fn title(&self) -> String {
        let shown = self.shown();
        let ends = [shown.first(), shown.last()].map(|point| point.map_or(f64::NAN, |point| point.1));
        let [least, greatest] = self.unit.beside(ends);
        capital(&format!("{} goes from {least} to {greatest} over {} settings", self.outcome, self.columns.len()))
    }

    fn subtitle(&self) -> String {
        let cut = if self.columns.len() > COLUMNS { format!("; the first {COLUMNS} settings") } else { String::new() };
        format!(
            "Each line is a design point ({} shown), coloured by {}, mean over replicates{cut}",
            several(self.shown().len() as u64, "point", "points"),
            self.outcome
        )
    }

    fn alt(&self) -> String {
        let columns: Vec<&str> = self.columns.iter().map(|column| column.label.as_str()).collect();
        let points = several(self.shown().len() as u64, "point", "points");
        format!("Parallel coordinates of {points} over {}. {}.", columns.join(", "), self.title())
    }

    fn data(&self) -> Data {
        let names: Vec<&str> = self.columns.iter().map(|column| column.label.as_str()).collect();
        let mut data = Data::new(&[&names[..], &[self.outcome.as_str()]].concat());
        for (values, outcome) in &self.points {
            let level = |(value, column): (&f64, &Column)| match column.levels.get(*value as usize) {
                Some(level) => level.clone(),
                None => value.to_string(),
            };
            let cells: Vec<String> = values.iter().zip(&self.columns).map(level).chain([outcome.to_string()]).collect();
            data.row(&cells.iter().map(|cell| cell as &dyn std::fmt::Display).collect::<Vec<_>>());
        }
        data
    }

    fn size(&self) -> (f64, f64) {
        let key = if self.numbered(800.0) { KEY * self.shown_columns().div_ceil(2) as f64 + 8.0 } else { 0.0 };
        (800.0, 500.0 + key)
    }

    fn narrowest(&self) -> f64 {
        // The ends of neighbouring columns stand beside each other.
        let ends = (0..self.shown_columns()).filter(|column| self.columns[*column].levels.is_empty());
        let ends = ends.filter_map(|column| self.ends(column)).flat_map(|(from, to)| [plain(from), plain(to)]);
        let widest = ends.map(|end| font::width(&end, size::NOTE)).fold(0.0, f64::max);
        (AROUND + (widest + 8.0) * (self.shown_columns().max(2) - 1) as f64).max(500.0)
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let shown = self.shown();
        let n = self.shown_columns();
        let numbered = self.numbered(sheet.wide);
        let page = room;
        let room = if numbered {
            let key = KEY * n.div_ceil(2) as f64 + 8.0;
            for (column, label) in self.columns.iter().take(n).enumerate() {
                let (row, side) = (column % n.div_ceil(2), column / n.div_ceil(2));
                let x = page.left + 0.5 * page.wide() * side as f64;
                let y = page.bottom - key + 12.0 + KEY * (row as f64 + 0.5);
                let text = format!("{} {}", column + 1, label.label);
                let text = font::fit(&font::clean(&text), size::TICK, 0.5 * page.wide() - 12.0);
                sheet.beside(&text, (x, y), size::TICK, INK, Anchor::Start);
            }
            page.inset(0.0, 0.0, 0.0, key)
        } else {
            page
        };
        let (low, high) = (shown[0].1, shown[shown.len() - 1].1);
        let share = |value: f64| if high > low { (value - low) / (high - low) } else { 0.5 };
        let key = [self.unit.say(low), self.unit.say(high)];
        let right = font::widest(key.iter().map(String::as_str), size::TICK) + 96.0;
        let plot = room.inset(50.0, 34.0, right, 22.0);
        let gap = plot.wide() / (n - 1) as f64;
        let x = |column: usize| plot.left + gap * column as f64;
        let y = |column: usize, value: f64| match self.ends(column) {
            Some((from, to)) => plot.bottom - plot.high() * (value - from) / (to - from),
            None => plot.centre().1,
        };
        let veil = (40.0 / shown.len() as f64).clamp(0.35, 0.9);
        for (values, outcome) in &shown {
            let line = (0..n).map(|column| (x(column), y(column, values[column])));
            let colour = shade(share(*outcome)).mix(veil);
            sheet.line(line, Stroke::solid(colour, 1.4));
        }
        for column in 0..n {
            let at = x(column);
            sheet.line([(at, plot.top), (at, plot.bottom)], Stroke::solid(INK, 1.2));
            let label = if numbered { (column + 1).to_string() } else { self.columns[column].label.clone() };
            let label = font::fit(&font::clean(&label), size::TICK, gap - 8.0);
            sheet.words(&label, (at, plot.top - 22.0), size::TICK, INK, Anchor::Middle);
            let levels = &self.columns[column].levels;
            match self.ends(column) {
                Some((from, to)) if levels.is_empty() => {
                    sheet.words(&plain(to), (at, plot.top - 6.0), size::NOTE, SOFT, Anchor::Middle);
                    sheet.words(&plain(from), (at, plot.bottom + 16.0), size::NOTE, SOFT, Anchor::Middle);
                }
                Some(_) => {
                    let few = levels.len() <= 12;
                    for (i, level) in
                        levels.iter().enumerate().filter(|(i, _)| few || *i == 0 || *i + 1 == levels.len())
                    {
                        // Right of the last column there is room up to the colours.
                        let wide = if column + 1 == n { 66.0 } else { gap * 0.4 };
                        let text = font::fit(&font::clean(level), size::NOTE, wide);
                        sheet.note(&text, (at + 5.0, y(column, i as f64) + 4.0), size::NOTE, INK, Anchor::Start);
                    }
                }
                None => {}
            }
        }
        let bar = Frame { left: room.right - right + 74.0, right: room.right - right + 86.0, ..plot };
        const STEPS: usize = 60;
        for step in 0..STEPS {
            // Each down to the foot, so that no seam shows between two.
            let top = bar.top + bar.high() * step as f64 / STEPS as f64;
            sheet.tile(Frame { top, ..bar }, shade(1.0 - (step as f64 + 0.5) / STEPS as f64));
        }
        for (text, y) in key.iter().zip([bar.bottom - 5.0, bar.top + 5.0]) {
            sheet.beside(text, (bar.right + 6.0, y), size::TICK, SOFT, Anchor::Start);
        }
    }
}

/// The colour of a share: the end of the scale that is too bright for lines on white is left out.
fn shade(share: f64) -> plotters::style::RGBColor {
    viridis(0.92 * share)
}
