//! How social networking sites (SNS) spread among firms, beside what official statistics counted.

use plotters::style::Color;

use super::Picture;
use super::axis::{Axis, Panel, label_room, span};
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{INK, Marker, Unit, WHITE, cue, listed, percent, size};
use super::{font, style};

pub const STEM: &str = "diffusion";
pub const ABOUT: &str = "Use of social networking sites (SNS) by firms";

/// Some firms, and the share of them that uses SNS.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Which firms.
    pub label: String,
    /// Their share in each year, 0–1.
    pub shares: Vec<f64>,
    /// Lowest and highest share among replicates in each year; empty for a single one.
    pub ranges: Vec<(f64, f64)>,
}

/// Shares of firms that use SNS.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub years: Vec<i32>,
    pub lines: Vec<Line>,
    /// Published figures: year, share, what they count.
    pub published: Vec<(i32, f64, String)>,
}

impl Input {
    /// The points of a series, in order.
    fn points(&self, line: usize) -> Vec<(f64, f64)> {
        let points = self.years.iter().zip(&self.lines[line].shares).map(|(year, share)| (f64::from(*year), *share));
        points.filter(|point| point.1.is_finite()).collect()
    }

    /// The series that have points.
    fn shown(&self) -> Vec<(&str, Vec<(f64, f64)>)> {
        let all = (0..self.lines.len()).map(|i| (self.lines[i].label.as_str(), self.points(i)));
        all.filter(|(_, points)| !points.is_empty()).collect()
    }

    /// What the published figures count, each once.
    fn sources(&self) -> Vec<&str> {
        let mut sources: Vec<&str> = Vec::new();
        for (_, _, label) in &self.published {
            if !sources.contains(&label.as_str()) {
                sources.push(label);
            }
        }
        sources
    }

    fn change(label: &str, points: &[(f64, f64)]) -> String {
        let (first, last) = (points[0], points[points.len() - 1]);
        let verb = match last.1 - first.1 {
            _ if first.0 == last.0 => return format!("is at {} of {label} in {}", percent(last.1), last.0),
            rise if rise > 0.0 => "rises",
            rise if rise < 0.0 => "falls",
            _ => {
                return format!("stays at {} of {label} from {} to {}", percent(last.1), first.0, last.0);
            }
        };
        format!("{verb} from {} of {label} in {} to {} in {}", percent(first.1), first.0, percent(last.1), last.0)
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
        self.shown().is_empty().then(|| "no firms in this run".to_owned())
    }

    fn title(&self) -> String {
        let shown = self.shown();
        if shown.iter().all(|(_, points)| points.iter().all(|point| point.1 == 0.0)) {
            return "No firm uses SNS in this run".to_owned();
        }
        format!("Use of SNS {}", Self::change(shown[0].0, &shown[0].1))
    }

    fn subtitle(&self) -> String {
        let published = if self.published.is_empty() { "" } else { "; open markers: published figures" };
        let range =
            if self.lines.iter().all(|line| line.ranges.is_empty()) { "" } else { "; bands: range over replicates" };
        format!("Share of firms using social networking sites (SNS, %){range}{published}")
    }

    fn alt(&self) -> String {
        let parts: Vec<String> = self.shown().iter().map(|(label, points)| Self::change(label, points)).collect();
        let sources: Vec<String> = self.sources().iter().map(|&source| source.to_owned()).collect();
        let published = match sources[..] {
            [] => String::new(),
            _ => format!(" {} published figures for comparison: {}.", self.published.len(), listed(&sources)),
        };
        format!("Lines of the share of firms using social networking sites, which {}.{published}", parts.join("; "))
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let shown = self.shown();
        let last = |points: &[(f64, f64)]| points[points.len() - 1];
        let mut labels: Vec<String> =
            shown.iter().map(|(label, points)| format!("{label} {}", percent(last(points).1))).collect();
        let right = label_room(&mut labels, 210.0);
        let published = || self.published.iter().filter(|point| point.1.is_finite());
        let years = shown.iter().flat_map(|(_, points)| points).map(|point| point.0);
        let years = span(years.chain(published().map(|point| f64::from(point.0)))).unwrap_or((0.0, 1.0));
        let shares = shown.iter().flat_map(|(_, points)| points).map(|point| point.1);
        let key = if self.published.is_empty() { 0.0 } else { 22.0 };
        let panel = Panel::new(
            sheet,
            room.inset(0.0, key, right, 0.0),
            Axis::linear("year", Unit::Year, [years.0, years.1], false).bare(),
            Axis::linear("", Unit::Share, shares.chain(published().map(|point| point.1)), true),
        );
        for (i, line) in self.lines.iter().enumerate() {
            self.draw_range(sheet, &panel, line, i);
        }
        let mut ends = Vec::new();
        for (i, ((_, points), label)) in shown.iter().zip(labels).enumerate() {
            let end = last(points);
            sheet.line(points.iter().map(|point| panel.at(point.0, point.1)), cue(i).stroke(2.4));
            sheet.marker(panel.at(end.0, end.1), cue(i).marker, 3.6, cue(i).colour);
            ends.push((panel.y(end.1), label, cue(i).ink()));
        }
        panel.label_ends(sheet, panel.plot.right, &ends);
        self.draw_published(sheet, &panel, room);
    }
}

impl Input {
    fn draw_range(&self, sheet: &mut Sheet, panel: &Panel, line: &Line, index: usize) {
        let pairs =
            || self.years.iter().zip(&line.ranges).filter(|(_, range)| range.0.is_finite() && range.1.is_finite());
        let edge = |of: fn(&(f64, f64)) -> f64| -> Vec<_> {
            pairs().map(|(year, range)| panel.at(f64::from(*year), of(range))).collect()
        };
        let (low, high) = (edge(|range| range.0), edge(|range| range.1));
        sheet.area(low.into_iter().rev().chain(high), cue(index).colour.mix(0.18));
    }

    fn draw_published(&self, sheet: &mut Sheet, panel: &Panel, room: Frame) {
        const SHAPES: [Marker; 4] = [Marker::Diamond, Marker::Square, Marker::Triangle, Marker::Disc];
        let open = |sheet: &mut Sheet, at, shape| {
            sheet.shape(at, shape, 6.0, INK);
            sheet.shape(at, shape, 3.9, WHITE);
        };
        let mut x = room.left + 6.0;
        for (i, source) in self.sources().into_iter().enumerate() {
            let shape = SHAPES[i % SHAPES.len()];
            for (year, share, _) in self.published.iter().filter(|point| point.2 == source && point.1.is_finite()) {
                open(sheet, panel.at(f64::from(*year), *share), shape);
            }
            let text = font::fit(&font::clean(source), size::TICK, (room.right - x - 14.0).max(0.0));
            if room.right - x > 60.0 {
                open(sheet, (x, room.top + 4.0), shape);
                sheet.beside(&text, (x + 12.0, room.top + 4.0), size::TICK, style::INK, Anchor::Start);
            }
            x += font::width(&text, size::TICK) + 40.0;
        }
    }
}
