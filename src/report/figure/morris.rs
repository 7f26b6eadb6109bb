//! The plane of Morris: how much each setting moves an outcome (μ*), and how unevenly it does so (σ).

use super::Picture;
use super::axis::{Axis, Panel, label_room};
use super::data::Data;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{BLUE, INK, Marker, PALE, SOFT, Stroke, Unit, capital, listed, size};

/// One setting, or group of settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dot {
    pub label: String,
    /// Mean size of its elementary effects, with the interval.
    pub mu_star: f64,
    pub low: f64,
    pub high: f64,
    /// Their standard deviation.
    pub sigma: f64,
}

/// Settings on the plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    pub stem: String,
    /// What the figure is about, for sweeps that have nothing to show.
    pub about: String,
    /// The outcome, with its unit.
    pub outcome: String,
    /// The outcome as words within a sentence.
    pub spoken: String,
    pub dots: Vec<Dot>,
    pub unit: Unit,
}

impl Input {
    fn shown(&self) -> Vec<&Dot> {
        let mut dots: Vec<&Dot> =
            self.dots.iter().filter(|dot| dot.mu_star.is_finite() && dot.sigma.is_finite()).collect();
        dots.sort_by(|a, b| b.mu_star.total_cmp(&a.mu_star));
        dots
    }

    /// Whether anything has an effect.
    fn moves(&self) -> bool {
        self.shown().iter().any(|dot| dot.mu_star > 0.0 || dot.sigma > 0.0)
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
        (!self.moves()).then(|| "no setting has an effect that can be told".to_owned())
    }

    fn title(&self) -> String {
        let shown = self.shown();
        let Some((leader, others)) = shown.split_first() else { return String::new() };
        let peers: Vec<String> =
            others.iter().filter(|dot| dot.high > leader.low).map(|dot| dot.label.clone()).collect();
        let moved = &self.spoken;
        capital(&match peers.len() {
            0 => format!("{} moves {moved} most, beyond chance", leader.label),
            1 | 2 => {
                let all: Vec<String> = std::iter::once(leader.label.clone()).chain(peers).collect();
                format!("{} move {moved} most; chance leaves open which of them", listed(&all))
            }
            n => format!("{} leads, but {n} others may move {moved} as much", leader.label),
        })
    }

    fn subtitle(&self) -> String {
        format!(
            "Elementary effects over the whole range of each setting: mean size μ* with 95% interval, and spread σ. {}",
            self.outcome
        )
    }

    fn alt(&self) -> String {
        let part = |dot: &&Dot| {
            let [size, low, high, sigma] = self.unit.beside([dot.mu_star, dot.low, dot.high, dot.sigma]);
            format!("{}: μ* {size} ({low} to {high}), σ {sigma}", dot.label)
        };
        let parts: Vec<String> = self.shown().iter().map(part).collect();
        format!("Plane of mean size and spread of elementary effects on {}. {}.", self.outcome, parts.join("; "))
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["setting", "mu_star", "low", "high", "sigma", "outcome"]);
        for dot in self.shown() {
            data.row(&[&dot.label, &dot.mu_star, &dot.low, &dot.high, &dot.sigma, &self.outcome]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let dots = self.shown();
        let mut labels: Vec<String> = dots.iter().map(|dot| dot.label.clone()).collect();
        let right = label_room(&mut labels, 200.0);
        let across = dots.iter().flat_map(|dot| [dot.mu_star, dot.high]);
        let panel = Panel::new(
            sheet,
            room.inset(0.0, 0.0, right, 0.0),
            Axis::linear("μ*: mean size of the effect", self.unit, across, true),
            Axis::linear("σ: spread of the effect", self.unit, dots.iter().map(|dot| dot.sigma), true),
        );
        let plot = panel.plot;
        // Where spread and size are equal: up to the edge that is met first.
        let slope = (panel.y(0.0) - panel.y(1.0)) / (panel.x(1.0) - panel.x(0.0));
        let reach = (plot.right - panel.x(0.0)).min((panel.y(0.0) - plot.top) / slope);
        let at = |part: f64| (panel.x(0.0) + part * reach, panel.y(0.0) - part * reach * slope);
        sheet.line([at(0.0), at(1.0)], Stroke::dashed(SOFT, 1.2));
        for dot in &dots {
            // The guide leads the eye to the name.
            let (x, y) = panel.at(dot.mu_star, dot.sigma);
            sheet.line([(x, y), (plot.right, y)], Stroke::dashed(PALE, 0.9));
            sheet.line([(panel.x(dot.low), y), (panel.x(dot.high), y)], Stroke::solid(BLUE, 1.4));
        }
        for dot in &dots {
            sheet.marker(panel.at(dot.mu_star, dot.sigma), Marker::Disc, 4.5, BLUE);
        }
        let (x, y) = at(0.86);
        sheet.note("σ = μ*", (x - 6.0, y - 6.0), size::NOTE, SOFT, Anchor::End);
        let ends: Vec<_> = dots.iter().zip(labels).map(|(dot, label)| (panel.y(dot.sigma), label, INK)).collect();
        panel.label_ends(sheet, plot.right, &ends);
        sheet.line([(plot.left, plot.top), (plot.left, plot.bottom)], Stroke::solid(INK, 1.0));
    }
}
