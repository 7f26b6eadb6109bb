//! The tournament of theories: combinations of mechanisms against published facts.

use super::Picture;
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{INK, SOFT, Stroke, WHITE, ink_on, size, viridis};

pub const STEM: &str = "theory-tournament";
pub const ABOUT: &str = "Which mechanisms reproduce which facts";

const ROW: f64 = 27.0;

/// One combination of mechanisms: rows passed and all rows, by fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub label: String,
    pub cells: Vec<(usize, usize)>,
}

/// The tournament to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// Names of the facts.
    pub facts: Vec<String>,
    pub lines: Vec<Line>,
}

impl Line {
    fn passed(&self) -> usize {
        self.cells.iter().filter(|(passed, all)| passed == all).count()
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
        self.lines.is_empty().then(|| "no combination was run".to_owned())
    }

    fn title(&self) -> String {
        let best = self.lines.iter().map(Line::passed).max().unwrap_or(0);
        let names: Vec<String> =
            self.lines.iter().filter(|line| line.passed() == best).map(|line| line.label.clone()).collect();
        format!("Most facts ({best} of {}): {}", self.facts.len(), names.join(", "))
    }

    fn subtitle(&self) -> String {
        "Numbers of a fact inside their bands, of all its numbers; yellow with a frame: all, and the fact passes; dark: \
         none. Parameters stay those calibrated for the whole model."
            .to_owned()
    }

    fn alt(&self) -> String {
        let lines: Vec<String> = self
            .lines
            .iter()
            .map(|line| {
                let whole: Vec<&str> = self
                    .facts
                    .iter()
                    .zip(&line.cells)
                    .filter(|(_, (passed, all))| passed == all)
                    .map(|(fact, _)| fact.as_str())
                    .collect();
                format!(
                    "{}: passes {}",
                    line.label,
                    if whole.is_empty() { "none".to_owned() } else { whole.join(", ") }
                )
            })
            .collect();
        format!("Combinations of mechanisms against {} facts. {}.", self.facts.len(), lines.join("; "))
    }

    fn size(&self) -> (f64, f64) {
        (860.0, 190.0 + ROW * self.lines.len().max(3) as f64)
    }

    fn narrowest(&self) -> f64 {
        self.size().0
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["mechanisms", "fact", "numbers_passed", "numbers"]);
        for line in &self.lines {
            for (fact, (passed, all)) in self.facts.iter().zip(&line.cells) {
                data.row(&[&line.label, fact, passed, all]);
            }
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let left = room.left + font::widest(self.lines.iter().map(|line| line.label.as_str()), size::LABEL) + 12.0;
        let right = room.right - 56.0;
        let wide = (right - left) / self.facts.len().max(1) as f64;
        let top = room.top + 26.0;
        for (i, fact) in self.facts.iter().enumerate() {
            let at = (left + wide * (i as f64 + 0.5), room.top + 18.0);
            sheet.words(fact, at, size::LABEL, INK, Anchor::Middle);
        }
        sheet.words("facts", (room.right, room.top + 18.0), size::NOTE, SOFT, Anchor::End);
        for (i, line) in self.lines.iter().enumerate() {
            let y = top + ROW * i as f64;
            let middle = y + ROW / 2.0;
            sheet.beside(&line.label, (room.left, middle), size::LABEL, INK, Anchor::Start);
            for (k, (passed, all)) in line.cells.iter().enumerate() {
                let x = left + wide * k as f64;
                let fill = viridis(*passed as f64 / (*all).max(1) as f64);
                let tile = Frame { left: x + 1.5, right: x + wide - 1.5, top: y + 1.5, bottom: y + ROW - 1.5 };
                sheet.tile(tile, fill);
                if passed == all {
                    sheet.border(tile, Stroke::solid(INK, 1.6));
                }
                let at = (x + wide / 2.0, middle);
                sheet.beside(&format!("{passed}/{all}"), at, size::NOTE, ink_on(fill), Anchor::Middle);
            }
            sheet.beside(&line.passed().to_string(), (room.right, middle), size::LABEL, INK, Anchor::End);
        }
        let bottom = top + ROW * self.lines.len() as f64;
        sheet.line([(left, bottom + 1.0), (right, bottom + 1.0)], Stroke::solid(WHITE, 0.5));
    }
}
