//! How the distance from the targets fell: every evaluation of a calibration, and the lowest so far.

use super::Picture;
use super::axis::{Axis, Panel};
use super::data::Data;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{BLUE, GREEN, INK, Marker, ORANGE, PURPLE, Stroke, Unit, beside, count, plain, size};
use plotters::style::RGBColor;

pub const STEM: &str = "descent";
pub const ABOUT: &str = "Distance from the targets";

/// Stages of a search with their looks, in the order of the legend.
const STAGES: [(&str, Marker, RGBColor); 4] = [
    ("start", Marker::Square, INK),
    ("screen", Marker::Disc, ORANGE),
    ("slope", Marker::Triangle, PURPLE),
    ("step", Marker::Diamond, BLUE),
];

/// The evaluations of a calibration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// Stage and distance of every evaluation, in order.
    pub evaluations: Vec<(String, f64)>,
}

impl Input {
    /// The lowest distance so far, at every evaluation.
    fn lowest(&self) -> Vec<f64> {
        let mut least = f64::INFINITY;
        self.evaluations
            .iter()
            .map(|(_, distance)| {
                least = least.min(*distance);
                least
            })
            .collect()
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
        self.evaluations.iter().all(|(_, distance)| *distance <= 0.0).then(|| "no distance to fall".to_owned())
    }

    fn title(&self) -> String {
        let (first, last) = (self.evaluations[0].1, self.lowest().last().copied().unwrap_or(f64::NAN));
        let number = count(self.evaluations.len() as u64);
        if last >= first {
            return format!(
                "None of {number} evaluations comes nearer than the first, at a distance of {}",
                plain(first)
            );
        }
        let [first, last] = beside([first, last]);
        format!("The distance goes from {first} to {last} in {number} evaluations")
    }

    fn subtitle(&self) -> String {
        "Weighted squared distance of the statistics from their bands, by evaluation; line: lowest so far".to_owned()
    }

    fn alt(&self) -> String {
        let count_of = |stage: &str| self.evaluations.iter().filter(|known| known.0 == stage).count();
        let parts: Vec<String> = STAGES.iter().map(|(stage, ..)| format!("{} {stage}", count_of(stage))).collect();
        format!("Dots over evaluations with a falling line. {}. By stage: {}.", self.title(), parts.join(", "))
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["evaluation", "stage", "distance", "lowest_so_far"]);
        for (i, ((stage, distance), lowest)) in self.evaluations.iter().zip(self.lowest()).enumerate() {
            data.row(&[&(i + 1), stage, distance, &lowest]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let lowest = self.lowest();
        let last = self.evaluations.len().max(2) as f64;
        let drawn = room.inset(0.0, 24.0, 12.0, 0.0);
        let x = Axis::exact("evaluation", Unit::Count, 0.0, last);
        let y = Axis::log("distance", Unit::Plain, self.evaluations.iter().map(|known| known.1));
        let panel = Panel::new(sheet, drawn, x, y);
        let floor = panel.plot.bottom;
        let height = |distance: f64| if distance > 0.0 { panel.y(distance).min(floor) } else { floor };
        let mut stairs = Vec::new();
        for (i, least) in lowest.iter().enumerate() {
            let y = height(*least);
            stairs.push((panel.x(i as f64 + 0.5), y));
            stairs.push((panel.x(i as f64 + 1.5).min(panel.plot.right), y));
        }
        sheet.line(stairs, Stroke::solid(GREEN, 2.0));
        for (i, (stage, distance)) in self.evaluations.iter().enumerate() {
            let look = STAGES.iter().find(|known| known.0 == stage).unwrap_or(&STAGES[0]);
            sheet.shape((panel.x(i as f64 + 1.0), height(*distance)), look.1, 3.6, look.2);
        }
        let mut at = room.left + 4.0;
        for (stage, marker, colour) in STAGES {
            sheet.shape((at, room.top + 8.0), marker, 4.0, colour);
            sheet.beside(stage, (at + 10.0, room.top + 8.0), size::NOTE, INK, Anchor::Start);
            at += 90.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_so_far_never_rises() {
        let evaluations = [("start", 4.0), ("screen", 6.0), ("step", 1.0), ("slope", 2.0)];
        let input = Input { evaluations: evaluations.map(|(stage, distance)| (stage.to_owned(), distance)).to_vec() };
        assert_eq!(input.lowest(), [4.0, 4.0, 1.0, 1.0]);
        assert!(input.title().contains("from 4 to 1 in 4 evaluations"), "{}", input.title());
        assert!(Input::default().lack().is_some());
    }
}
