//! Which parameter pins which fact: the slopes of statistics at the end of a calibration, as a table of tiles.

use super::Picture;
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{BLUE, INK, SOFT, VERMILLION, WHITE, fixed, ink_on, size};
use plotters::style::RGBColor;

pub const STEM: &str = "pins";
pub const ABOUT: &str = "Which parameter pins which fact";

const ROW: f64 = 20.0;
/// Half widths of a band from which a tile has its full colour.
const FULL: f64 = 4.0;
const LABEL: f64 = 300.0;
/// Height of one name of a parameter.
const STAIR: f64 = 15.0;

/// Slopes at a point.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub parameters: Vec<String>,
    pub targets: Vec<String>,
    /// Change in half widths of the band over a tenth of a parameter's range: target by target.
    pub slopes: Vec<Vec<f64>>,
}

impl Input {
    /// Height of the names of the parameters.
    fn head(&self) -> f64 {
        STAIR * self.parameters.len() as f64 + 16.0
    }

    /// The steepest: target, parameter, slope.
    fn steepest(&self) -> Option<(&str, &str, f64)> {
        let all = self.slopes.iter().zip(&self.targets).flat_map(|(row, target)| {
            row.iter()
                .zip(&self.parameters)
                .map(move |(slope, parameter)| (target.as_str(), parameter.as_str(), *slope))
        });
        all.filter(|known| known.2.is_finite()).max_by(|a, b| a.2.abs().total_cmp(&b.2.abs()))
    }
}

/// Blue for a rise, vermillion for a fall, the paler the weaker.
fn colour(slope: f64) -> RGBColor {
    let full = if slope > 0.0 { BLUE } else { VERMILLION };
    let share = (slope.abs() / FULL).min(1.0);
    let mix = |part: u8, white: u8| (f64::from(white) + share * (f64::from(part) - f64::from(white))).round() as u8;
    RGBColor(mix(full.0, WHITE.0), mix(full.1, WHITE.1), mix(full.2, WHITE.2))
}

impl Picture for Input {
    fn stem(&self) -> &str {
        STEM
    }

    fn about(&self) -> &str {
        ABOUT
    }

    fn lack(&self) -> Option<String> {
        self.steepest().is_none().then(|| "the budget did not reach to slopes".to_owned())
    }

    fn title(&self) -> String {
        let (target, parameter, _) = self.steepest().expect("there are slopes");
        format!("The strongest hold: {} on {target}", short(parameter))
    }

    fn subtitle(&self) -> String {
        "Change of a statistic, in half widths of its band, over a tenth of a parameter's range at the end of the search. \
         Blue: rises, vermillion: falls"
            .to_owned()
    }

    fn alt(&self) -> String {
        let strongest = |(row, target): (&Vec<f64>, &String)| {
            let known = row.iter().zip(&self.parameters).filter(|(slope, _)| slope.is_finite());
            let most = known.max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))?;
            Some(format!("{target}: {} ({})", short(most.1), fixed(*most.0, 1)))
        };
        let rows: Vec<String> = self.slopes.iter().zip(&self.targets).filter_map(strongest).collect();
        format!("Tiles, facts by parameters. Strongest parameter of each. {}.", rows.join("; "))
    }

    fn size(&self) -> (f64, f64) {
        let wide = LABEL + 42.0 * self.parameters.len().max(6) as f64 + 60.0;
        (wide.max(800.0), 130.0 + self.head() + ROW * self.targets.len().max(4) as f64)
    }

    fn narrowest(&self) -> f64 {
        self.size().0
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["parameter", "statistic", "half_widths_of_the_band_per_tenth_of_the_range"]);
        for (target, row) in self.targets.iter().zip(&self.slopes) {
            self.parameters.iter().zip(row).for_each(|(parameter, slope)| data.row(&[parameter, target, slope]));
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let left = room.left + LABEL;
        let top = room.top + self.head();
        let wide = (room.right - left) / self.parameters.len() as f64;
        for (column, parameter) in self.parameters.iter().enumerate() {
            // A stair of names, each with a line down to its column; names stand left of it, so that higher ones cross none.
            let x = left + wide * (column as f64 + 0.5);
            let y = top - 10.0 - STAIR * column as f64;
            sheet.line([(x, y + 2.0), (x, top - 2.0)], super::style::Stroke::solid(SOFT, 0.7));
            let name = font::fit(short(parameter), size::NOTE, x - room.left - 8.0);
            sheet.words(&name, (x - 4.0, y + 4.0), size::NOTE, INK, Anchor::End);
        }
        for (row, (target, slopes)) in self.targets.iter().zip(&self.slopes).enumerate() {
            let y = top + ROW * row as f64;
            let label = font::fit(&font::clean(target), size::NOTE, LABEL - 10.0);
            sheet.beside(&label, (left - 8.0, y + ROW / 2.0), size::NOTE, INK, Anchor::End);
            for (column, slope) in slopes.iter().enumerate() {
                let x = left + wide * column as f64;
                let tile = Frame { left: x + 0.5, right: x + wide - 0.5, top: y + 0.5, bottom: y + ROW - 0.5 };
                let fill = if slope.is_finite() { colour(*slope) } else { WHITE };
                sheet.tile(tile, fill);
                let words = if slope.is_finite() { fixed(*slope, 1) } else { "–".to_owned() };
                if !slope.is_finite() || slope.abs() >= 0.05 {
                    sheet.beside(&words, (x + wide / 2.0, y + ROW / 2.0), size::NOTE, ink_on(fill), Anchor::Middle);
                }
            }
        }
    }
}

/// A path without the word that most share.
fn short(path: &str) -> &str {
    path.strip_prefix("mechanism.").unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steepest_slope_is_the_finding() {
        let input = Input {
            parameters: vec!["mechanism.a.b".into(), "mechanism.c.d".into()],
            targets: vec!["C1".into(), "C2".into()],
            slopes: vec![vec![0.5, f64::NAN], vec![-2.0, 1.0]],
        };
        assert_eq!(input.steepest(), Some(("C2", "mechanism.a.b", -2.0)));
        assert_eq!(input.title(), "The strongest hold: a.b on C2");
        assert!(Input::default().lack().is_some());
        assert_eq!((colour(0.0), colour(9.0), colour(-9.0)), (WHITE, BLUE, VERMILLION));
    }
}
