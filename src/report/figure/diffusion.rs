//! How social networking sites (SNS) spread among firms, beside what official statistics counted.

use super::Picture;
use super::axis::{Axis, Lines, Panel, span};
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{INK, Marker, Unit, WHITE, cue, listed, percent, size};
use crate::statistics::claim::share_over_runs;

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
    /// The shares of each replicate by year.
    pub runs: Vec<Vec<f64>>,
}

/// Shares of firms that use SNS.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub years: Vec<i32>,
    pub lines: Vec<Line>,
    pub published: Vec<Published>,
}

/// A published figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Published {
    pub year: i32,
    pub share: f64,
    /// What it counts.
    pub label: String,
    /// Whether the model was calibrated to it: then that the lines come near is no evidence.
    pub target: bool,
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

    /// What the published figures count and whether they are targets, each once.
    fn sources(&self) -> Vec<(&str, bool)> {
        let mut sources: Vec<(&str, bool)> = Vec::new();
        for Published { label, target, .. } in &self.published {
            if !sources.contains(&(label.as_str(), *target)) {
                sources.push((label, *target));
            }
        }
        sources
    }

    /// How a series changes from its first to its last point.
    fn change(&self, label: &str, points: &[(f64, f64)]) -> String {
        let (first, last) = (points[0], points[points.len() - 1]);
        let share = |(year, share): (f64, f64)| {
            let at = self.years.iter().position(|known| f64::from(*known) == year);
            let line = self.lines.iter().find(|line| line.label == label);
            let runs = line.iter().flat_map(|line| &line.runs).filter_map(|run| run.get(at?).copied());
            share_over_runs(share, &runs.collect::<Vec<_>>())
        };
        let verb = match last.1 - first.1 {
            _ if first.0 == last.0 => return format!("is at {} of {label} in {}", share(last), last.0),
            rise if rise > 0.0 => "rises",
            rise if rise < 0.0 => "falls",
            _ => {
                return format!("stays at {} of {label} from {} to {}", share(last), first.0, last.0);
            }
        };
        format!("{verb} from {} of {label} in {} to {} in {}", share(first), first.0, share(last), last.0)
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
        format!("Use of SNS {}", self.change(shown[0].0, &shown[0].1))
    }

    fn subtitle(&self) -> String {
        let targets = self.published.iter().filter(|point| point.target).count();
        let published = match self.published.len() {
            0 => "",
            all if targets == all => "; filled markers: published figures, all of them targets of calibration",
            _ if targets == 0 => "; open markers: published figures",
            _ => "; markers: published figures, filled if they are targets of calibration",
        };
        let range = if self.lines.iter().all(|line| line.ranges.is_empty()) {
            ""
        } else {
            "; bands: range over replicates, in brackets: 95% intervals"
        };
        format!("Share of firms using social networking sites (SNS, %){range}{published}")
    }

    fn alt(&self) -> String {
        let parts: Vec<String> = self.shown().iter().map(|(label, points)| self.change(label, points)).collect();
        let of = |(source, target): &(&str, bool)| {
            if *target { format!("{source}, targets of calibration") } else { (*source).to_owned() }
        };
        let sources: Vec<String> = self.sources().iter().map(of).collect();
        let published = match sources[..] {
            [] => String::new(),
            _ => format!(" {} published figures: {}.", self.published.len(), listed(&sources)),
        };
        format!("Lines of the share of firms using social networking sites, which {}.{published}", parts.join("; "))
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["series", "year", "share", "low", "high", "target_of_calibration"]);
        for line in &self.lines {
            for (i, (year, share)) in self.years.iter().zip(&line.shares).enumerate() {
                let (low, high) = line.ranges.get(i).copied().unwrap_or((f64::NAN, f64::NAN));
                data.row(&[&line.label, year, share, &low, &high, &""]);
            }
        }
        for point in &self.published {
            data.row(&[&point.label, &point.year, &point.share, &"", &"", &point.target]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let shown = self.shown();
        let last = |points: &[(f64, f64)]| points[points.len() - 1];
        let labels = shown.iter().map(|(label, points)| format!("{label} {}", percent(last(points).1))).collect();
        let published = || self.published.iter().filter(|point| point.share.is_finite());
        let years = shown.iter().flat_map(|(_, points)| points).map(|point| point.0);
        let years = span(years.chain(published().map(|point| f64::from(point.year)))).unwrap_or((0.0, 1.0));
        let ends = self.lines.iter().flat_map(|line| &line.ranges).flat_map(|range| [range.0, range.1]);
        let shares = shown.iter().flat_map(|(_, points)| points).map(|point| point.1).chain(ends);
        let key = 22.0 * self.sources().len() as f64;
        let x = Axis::linear("year", Unit::Year, [years.0, years.1], false).bare();
        let shares = shares.chain(published().map(|point| point.share));
        let y = Axis::linear("share of firms (%)", Unit::Share, shares, true);
        let mut drawn = Lines::new(sheet, room.inset(0.0, key, 0.0, 0.0), labels, 210.0, x, y);
        for (i, line) in self.lines.iter().enumerate() {
            let known = || self.years.iter().zip(&line.ranges).filter(|(_, (low, high))| (low + high).is_finite());
            let edge = |of: fn(&(f64, f64)) -> f64| -> Vec<_> {
                known().map(|(year, range)| drawn.panel.at(f64::from(*year), of(range))).collect()
            };
            Lines::band(sheet, edge(|range| range.0), edge(|range| range.1), &cue(i));
        }
        for (i, (_, points)) in shown.iter().enumerate() {
            let places = points.iter().map(|point| drawn.panel.at(point.0, point.1)).collect();
            drawn.line(sheet, places, cue(i));
        }
        self.draw_published(sheet, &drawn.panel, room);
        drawn.finish(sheet);
    }
}

impl Input {
    /// Published figures over the lines, and what each kind of them counts above.
    fn draw_published(&self, sheet: &mut Sheet, panel: &Panel, room: Frame) {
        const SHAPES: [Marker; 4] = [Marker::Diamond, Marker::Square, Marker::Triangle, Marker::Disc];
        for (i, (source, target)) in self.sources().into_iter().enumerate() {
            let draw = |sheet: &mut Sheet, at| {
                sheet.shape(at, SHAPES[i % SHAPES.len()], 6.0, INK);
                if !target {
                    sheet.shape(at, SHAPES[i % SHAPES.len()], 3.9, WHITE);
                }
            };
            let own = self.published.iter().filter(|point| (point.label.as_str(), point.target) == (source, target));
            for point in own.filter(|point| point.share.is_finite()) {
                draw(sheet, panel.at(f64::from(point.year), point.share));
            }
            let y = room.top + 4.0 + 22.0 * i as f64;
            let role = if target { "target of calibration: " } else { "" };
            let text = font::fit(&font::clean(&format!("{role}{source}")), size::TICK, room.wide() - 20.0);
            draw(sheet, (room.left + 6.0, y));
            sheet.beside(&text, (room.left + 18.0, y), size::TICK, INK, Anchor::Start);
        }
    }
}
