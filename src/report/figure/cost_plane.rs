//! The cost-effectiveness plane: what arms cost and what they bring, with the frontier of those worth a look.
//!
//! Doing nothing is the origin. The frontier is the upper hull of effects over costs from there: an arm to the left of it
//! is beaten by another, or by a mix of two that costs the same.

use plotters::style::Color;

use super::Picture;
use super::axis::{Axis, Panel, span};
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet, spread};
use super::style::{INK, Marker, SOFT, Stroke, Unit, count, cue, listed, signed_beside, size};

pub const STEM: &str = "cost_plane";
pub const ABOUT: &str = "What the arms cost and what they bring";

/// Arms closer than this on the page are moved apart.
const APART: f64 = 7.0;
/// Arms beyond which nobody reads on.
const MOST: usize = 20;

/// An arm on the plane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arm {
    pub label: String,
    /// Discounted cost, US$.
    pub cost: f64,
    /// Additional exporters with their 95 % interval.
    pub effect: f64,
    pub low: f64,
    pub high: f64,
    /// Cost of an additional exporter in words; "" where it cannot be told.
    pub price: String,
    /// Cost and effect of every pair.
    pub pairs: Vec<(f64, f64)>,
}

/// Arms on the plane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub arms: Vec<Arm>,
    /// The last year compared.
    pub year: i32,
    /// The finding.
    pub title: String,
}

impl Input {
    fn shown(&self) -> Vec<(usize, &Arm)> {
        let known = |(_, arm): &(usize, &Arm)| arm.cost.is_finite() && arm.effect.is_finite();
        self.arms.iter().enumerate().filter(known).take(MOST).collect()
    }

    /// The numbers of the arms on the frontier, the cheapest first.
    pub fn frontier(&self) -> Vec<usize> {
        let mut hull: Vec<(usize, f64, f64)> = Vec::new();
        let mut arms = self.shown();
        arms.sort_by(|a, b| a.1.cost.total_cmp(&b.1.cost).then(b.1.effect.total_cmp(&a.1.effect)));
        let (mut best, origin) = (0.0, (0.0, 0.0));
        for (number, arm) in arms {
            // Who costs more and brings no more is beaten.
            if arm.effect <= best {
                continue;
            }
            best = arm.effect;
            let slope = |from: (f64, f64), to: (f64, f64)| (to.1 - from.1) / (to.0 - from.0);
            while let Some(&(_, cost, effect)) = hull.last() {
                let before = hull.len().checked_sub(2).map_or(origin, |i| (hull[i].1, hull[i].2));
                if slope(before, (cost, effect)) > slope((cost, effect), (arm.cost, arm.effect)) {
                    break;
                }
                hull.pop();
            }
            hull.push((number, arm.cost, arm.effect));
        }
        hull.into_iter().map(|arm| arm.0).collect()
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
        self.shown().is_empty().then(|| "no pair of runs gave costs and effects".to_owned())
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn subtitle(&self) -> String {
        format!(
            "Discounted cost (US$) and additional exporters in {} with 95 % intervals; dots: pairs of runs; line: frontier of the \
             means; arms of equal cost stand side by side",
            self.year
        )
    }

    fn alt(&self) -> String {
        let say = |(_, arm): &(usize, &Arm)| {
            let price = if arm.price.is_empty() { String::new() } else { format!(", {}", arm.price) };
            let [effect, low, high] = signed_beside([arm.effect, arm.low, arm.high]);
            let cost = count(arm.cost.max(0.0).round() as u64);
            format!("{}: {cost} US$, {effect} exporters ({low} to {high}){price}", arm.label)
        };
        let parts: Vec<String> = self.shown().iter().map(say).collect();
        let names: Vec<String> = self.frontier().into_iter().map(|arm| self.arms[arm].label.clone()).collect();
        let frontier = if names.is_empty() { "only doing nothing".to_owned() } else { listed(&names) };
        format!("Cost-effectiveness plane. {}. On the frontier: {frontier}.", parts.join("; "))
    }

    fn size(&self) -> (f64, f64) {
        (800.0, 470.0 + 10.0 * self.shown().len() as f64)
    }

    fn data(&self) -> Data {
        let columns =
            ["arm", "what", "discounted_cost_usd", "additional_exporters", "low", "high", "on_frontier", "price"];
        let mut data = Data::new(&columns);
        let frontier = self.frontier();
        for (number, arm) in self.shown() {
            let on = frontier.contains(&number);
            data.row(&[&arm.label, &"mean", &arm.cost, &arm.effect, &arm.low, &arm.high, &on, &arm.price]);
            for (cost, effect) in &arm.pairs {
                data.row(&[&arm.label, &"pair", cost, effect, &"", &"", &"", &""]);
            }
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let shown = self.shown();
        let label = |arm: &Arm| {
            let price = if arm.price.is_empty() { String::new() } else { format!(": {}", arm.price) };
            font::fit(&font::clean(&format!("{}{price}", arm.label)), size::LABEL, 330.0)
        };
        let labels: Vec<String> = shown.iter().map(|(_, arm)| label(arm)).collect();
        let right = font::widest(labels.iter().map(String::as_str), size::LABEL) + 40.0;
        let effects = shown.iter().flat_map(|(_, arm)| {
            [arm.low, arm.effect, arm.high].into_iter().chain(arm.pairs.iter().map(|pair| pair.1))
        });
        // Room below the line of doing nothing for its name.
        let most = span(effects.clone()).map_or(1.0, |(_, most)| most.max(0.0));
        let effects = effects.chain([-0.12 * most]);
        let panel = Panel::new(
            sheet,
            room.inset(0.0, 0.0, right, 0.0),
            Axis::linear("discounted cost, US$", Unit::Plain, shown.iter().map(|(_, arm)| arm.cost), true).bare(),
            Axis::linear(&format!("additional exporters in {}", self.year), Unit::Plain, effects, true),
        );
        let origin = panel.at(0.0, 0.0);
        sheet.line([(panel.plot.left, origin.1), (panel.plot.right, origin.1)], Stroke::dashed(INK, 1.2));
        let costs: Vec<f64> = shown.iter().map(|(_, arm)| panel.x(arm.cost)).collect();
        let across = spread(&costs, APART, panel.plot.left + APART, panel.plot.right - 4.0);
        let mut places = vec![origin; self.arms.len()];
        for ((number, arm), x) in shown.iter().zip(&across) {
            places[*number] = (*x, panel.y(arm.effect));
        }
        let frontier = std::iter::once(origin).chain(self.frontier().into_iter().map(|arm| places[arm]));
        sheet.line(frontier.collect::<Vec<_>>(), Stroke::solid(SOFT, 1.3));
        for ((number, arm), x) in shown.iter().zip(&across) {
            let look = cue(*number);
            for (_, effect) in arm.pairs.iter().take(400) {
                sheet.disc((x + 5.0, panel.y(*effect)), 1.7, look.colour.mix(0.55));
            }
            sheet.line([(*x, panel.y(arm.low)), (*x, panel.y(arm.high))], Stroke::solid(look.colour, 2.0));
            sheet.marker(places[*number], look.marker, 5.0, look.colour);
        }
        // The names stand at the right at the heights of their arms, each with its marker.
        let heights: Vec<f64> = shown.iter().map(|(number, _)| places[*number].1).collect();
        let placed = spread(&heights, 1.3 * size::LABEL, panel.plot.top, panel.plot.bottom);
        for (((number, _), text), y) in shown.iter().zip(&labels).zip(placed) {
            let look = cue(*number);
            sheet.marker((panel.plot.right + 22.0, y), look.marker, 4.4, look.colour);
            sheet.beside(text, (panel.plot.right + 33.0, y), size::LABEL, look.ink(), Anchor::Start);
        }
        sheet.marker(origin, Marker::Disc, 4.4, INK);
        sheet.words("doing nothing", (origin.0 + 9.0, origin.1 + 14.0), size::NOTE, SOFT, Anchor::Start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frontier_leaves_out_what_another_or_a_mix_beats() {
        let arm = |cost, effect| Arm { cost, effect, ..Arm::default() };
        let arms = vec![arm(1.0, 1.0), arm(2.0, 8.0), arm(3.0, 7.0), arm(4.0, 9.0), arm(5.0, 12.0), arm(0.5, -1.0)];
        // 0 is beaten by half of 1, 2 by 1, 3 by a mix of 1 and 4.
        assert_eq!(Input { arms, ..Input::default() }.frontier(), [1, 4]);
    }
}
