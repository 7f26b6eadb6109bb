//! Facts and what was simulated, one row each: the band accepted, published points, the range over seeds.
//!
//! Every row has a scale of its own, on which its band is as wide as any other: facts differ in unit and size, and
//! the question is the same for all, whether the median falls between the edges.

use super::Picture;
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{BLUE, INK, Marker, ORANGE, PALE, SOFT, Stroke, VERMILLION, plain, size};

pub const STEM: &str = "scorecard";
pub const ABOUT: &str = "Published facts and simulated values";

const ROW: f64 = 21.0;
/// Widths of a band beyond which a value is shown at the edge.
const BEYOND: f64 = 0.85;

/// One checked number or pattern.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The fact it belongs to.
    pub id: String,
    pub label: String,
    /// The band accepted; none for a pattern, or where nothing could be measured.
    pub band: Option<(f64, f64)>,
    pub published: Vec<f64>,
    /// Smallest, median and largest value over seeds; NaN where not measured.
    pub simulated: [f64; 3],
    /// Median of the null model, NaN where it has nothing to say.
    pub null: f64,
    /// Whether it passes; none where it could not be measured, or is context.
    pub passes: Option<bool>,
    /// Whether it was published for other homes: shown, not judged.
    pub context: bool,
    /// What is written instead of a band.
    pub words: String,
}

/// A scorecard to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub rows: Vec<Row>,
    /// Facts passed, and all facts.
    pub passed: (usize, usize),
}

impl Input {
    fn first_of_fact(&self, row: usize) -> bool {
        row == 0 || self.rows[row - 1].id != self.rows[row].id
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
        self.rows.is_empty().then(|| "no facts were asked for".to_owned())
    }

    fn title(&self) -> String {
        format!("{} of {} facts pass", self.passed.0, self.passed.1)
    }

    fn subtitle(&self) -> String {
        "Grey: band accepted, each row on its own scale. Orange diamonds: published values. Blue: median and range of the \
         simulation over seeds, vermillion where the row fails. Crosses: random shipments."
            .to_owned()
    }

    fn alt(&self) -> String {
        let say = |row: &Row| {
            let verdict = match row.passes {
                Some(true) => "passes",
                Some(false) => "fails",
                None if row.context => "context",
                None => "not measured",
            };
            match row.band {
                Some((low, high)) if row.simulated[1].is_finite() => format!(
                    "{} {}: {} in {} to {}, {verdict}",
                    row.id,
                    row.label,
                    plain(row.simulated[1]),
                    plain(low),
                    plain(high)
                ),
                _ => format!("{} {}: {verdict}", row.id, row.label),
            }
        };
        let rows: Vec<String> = self.rows.iter().map(say).collect();
        format!("{} of {} facts pass. {}.", self.passed.0, self.passed.1, rows.join("; "))
    }

    fn size(&self) -> (f64, f64) {
        let gaps = (0..self.rows.len()).filter(|row| self.first_of_fact(*row)).count() as f64;
        (900.0, 150.0 + ROW * self.rows.len().max(4) as f64 + 7.0 * gaps)
    }

    fn narrowest(&self) -> f64 {
        self.size().0
    }

    fn data(&self) -> Data {
        let columns =
            ["fact", "number", "band_low", "band_high", "published", "least", "median", "most", "null_model", "passes"];
        let mut data = Data::new(&columns);
        for row in &self.rows {
            let (low, high) = row.band.unwrap_or((f64::NAN, f64::NAN));
            let published = row
                .published
                .iter()
                .filter(|value| value.is_finite())
                .map(f64::to_string)
                .collect::<Vec<_>>()
                .join("; ");
            let [least, median, most] = row.simulated;
            let passes = row.passes.map_or(String::new(), |passes| passes.to_string());
            data.row(&[&row.id, &row.label, &low, &high, &published, &least, &median, &most, &row.null, &passes]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let labels: Vec<String> =
            self.rows.iter().map(|row| font::fit(&font::clean(&row.label), size::NOTE, 330.0)).collect();
        let left = room.left + 34.0 + font::widest(labels.iter().map(String::as_str), size::NOTE) + 12.0;
        let right = room.right - 104.0;
        // The band takes the middle, BEYOND of its width lies on either side.
        let unit = (right - left) / (1.0 + 2.0 * BEYOND);
        let mut y = room.top + 8.0;
        for (i, (row, label)) in self.rows.iter().zip(&labels).enumerate() {
            if self.first_of_fact(i) {
                y += 7.0;
                sheet.line([(room.left, y - 2.0), (room.right, y - 2.0)], Stroke::solid(PALE, 0.7));
                sheet.beside(&row.id, (room.left, y + ROW / 2.0), size::NOTE, INK, Anchor::Start);
            }
            let middle = y + ROW / 2.0;
            sheet.beside(label, (room.left + 34.0, middle), size::NOTE, INK, Anchor::Start);
            match row.band {
                Some(band) => draw_band(sheet, row, band, (left, unit, middle)),
                None => {
                    let room = right - left;
                    let words = font::fit(&font::clean(&row.words), size::NOTE, room);
                    sheet.beside(&words, ((left + right) / 2.0, middle), size::NOTE, SOFT, Anchor::Middle);
                }
            }
            let verdict = match row.passes {
                Some(true) => ("pass", INK),
                Some(false) => ("FAIL", VERMILLION),
                None if row.context => ("context", SOFT),
                None => ("–", SOFT),
            };
            let median = if row.band.is_some() { plain(row.simulated[1]) } else { String::new() };
            sheet.beside(&median, (room.right - 40.0, middle), size::NOTE, SOFT, Anchor::End);
            sheet.beside(verdict.0, (room.right, middle), size::NOTE, verdict.1, Anchor::End);
            y += ROW;
        }
    }
}

/// Draws a row with a band; `(left, unit, y)` place its scale on the page.
fn draw_band(sheet: &mut Sheet, row: &Row, (low, high): (f64, f64), (left, unit, y): (f64, f64, f64)) {
    let x = |value: f64| {
        let share = (value - low) / (high - low);
        left + unit * (BEYOND + share.clamp(-BEYOND + 0.02, 1.0 + BEYOND - 0.02))
    };
    let band = Frame { left: x(low), right: x(high), top: y - 6.5, bottom: y + 6.5 };
    sheet.tile(band, PALE);
    let [least, median, most] = row.simulated;
    // The numbers of the edges make room for what is drawn outside the band.
    let drawn: Vec<f64> =
        row.published.iter().copied().chain([least, median, most, row.null]).filter(|v| v.is_finite()).map(x).collect();
    let free = |from: f64, to: f64| drawn.iter().all(|at| *at < from - 6.0 || *at > to + 6.0);
    let crossed = |from: f64, to: f64| least.is_finite() && x(least) < to && x(most) > from;
    for (value, edge, anchor) in [(low, band.left - 5.0, Anchor::End), (high, band.right + 5.0, Anchor::Start)] {
        let text = plain(value);
        let wide = font::width(&text, size::NOTE);
        let (from, to) = if anchor == Anchor::End { (edge - wide, edge) } else { (edge, edge + wide) };
        if free(from, to) && !crossed(from, to) {
            sheet.beside(&text, (edge, y), size::NOTE, SOFT, anchor);
        }
    }
    for value in row.published.iter().filter(|value| value.is_finite()) {
        sheet.shape((x(*value), y), Marker::Diamond, 4.6, INK);
        sheet.shape((x(*value), y), Marker::Diamond, 3.6, ORANGE);
    }
    if row.null.is_finite() {
        sheet.shape((x(row.null), y), Marker::Cross, 3.2, SOFT);
    }
    if median.is_finite() {
        let colour = match row.passes {
            Some(true) => BLUE,
            Some(false) => VERMILLION,
            None => SOFT,
        };
        sheet.line([(x(least), y), (x(most), y)], Stroke::solid(colour, 2.2));
        sheet.marker((x(median), y), Marker::Disc, 4.0, colour);
    }
}
