//! How far firms perceive markets against the distance felt at their home: density of firm–market pairs.

use std::collections::BTreeMap;

use plotters::style::RGBColor;

use super::Picture;
use super::axis::{Axis, Panel};
use super::data::Data;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{INK, SOFT, Stroke, Unit, WHITE, count, over_runs, percent, plain, several, size, viridis};
use crate::number::f64s;
use crate::statistics::claim::share_with_range;
use crate::statistics::of_values;

pub const STEM: &str = "distance";
pub const ABOUT: &str = "Perceived distance against felt distance";

/// Cells along an axis beyond which neighbours are merged.
const MOST: u32 = 60;
/// Steps of the colour scale, few enough that neighbours merge into one rectangle.
const SHADES: f64 = 24.0;

/// Firm–market pairs by felt distance (across), the same for all firms of a home, and perceived distance (up), what the
/// firm makes of it by its own knowledge and ties.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// (Bin across, bin up, pairs); bin i holds distances from i widths to i + 1.
    pub cells: Vec<(u32, u32, u64)>,
    /// Width of a bin of felt distance.
    pub x_width: f64,
    /// Width of a bin of perceived distance.
    pub y_width: f64,
    /// In each run: by what share the mean perceived distance differs from the mean felt one.
    pub runs: Vec<f64>,
}

/// Cells after merging: pairs by row, then column.
struct Grid {
    cells: BTreeMap<(u32, u32), u64>,
    x_width: f64,
    y_width: f64,
    columns: u32,
    rows: u32,
}

impl Input {
    fn pairs(&self) -> u64 {
        self.cells.iter().map(|cell| cell.2).sum()
    }

    /// Mean felt distance, mean perceived distance, and the share of pairs perceived nearer than felt at home.
    fn summary(&self) -> (f64, f64, f64) {
        let all = self.pairs() as f64;
        let mean = |value: &dyn Fn(&(u32, u32, u64)) -> f64| {
            self.cells.iter().map(|cell| value(cell) * cell.2 as f64).sum::<f64>() / all
        };
        let x = |cell: &(u32, u32, u64)| (f64::from(cell.0) + 0.5) * self.x_width;
        let y = |cell: &(u32, u32, u64)| (f64::from(cell.1) + 0.5) * self.y_width;
        (mean(&x), mean(&y), mean(&|cell| f64::from(u8::from(y(cell) < x(cell) - 1e-12))))
    }

    fn grid(&self) -> Grid {
        let used = || self.cells.iter().filter(|cell| cell.2 > 0);
        let columns = used().map(|cell| cell.0).max().unwrap_or(0).saturating_add(1);
        let rows = used().map(|cell| cell.1).max().unwrap_or(0).saturating_add(1);
        let (across, up) = (columns.div_ceil(MOST), rows.div_ceil(MOST));
        let mut cells = BTreeMap::new();
        for cell in used() {
            *cells.entry((cell.1 / up, cell.0 / across)).or_insert(0) += cell.2;
        }
        Grid {
            cells,
            x_width: self.x_width * f64::from(across),
            y_width: self.y_width * f64::from(up),
            columns: columns.div_ceil(across),
            rows: rows.div_ceil(up),
        }
    }
}

/// The shade of a number of pairs, equal steps of its logarithm.
fn shade(pairs: u64, most: u64) -> RGBColor {
    viridis((height(pairs, most) * SHADES).round() / SHADES)
}

/// Where a number of pairs lies on the colour scale, 0–1.
fn height(pairs: u64, most: u64) -> f64 {
    if most > 1 { f64s::ln(pairs as f64) / f64s::ln(most as f64) } else { 0.0 }
}

impl Picture for Input {
    fn stem(&self) -> &str {
        STEM
    }

    fn about(&self) -> &str {
        ABOUT
    }

    fn lack(&self) -> Option<String> {
        let widths = self.x_width > 0.0 && self.y_width > 0.0 && (self.x_width + self.y_width).is_finite();
        (self.pairs() == 0 || !widths).then(|| "no foreign market was served at the end of this run".to_owned())
    }

    fn title(&self) -> String {
        let (x, y, _) = self.summary();
        let over = of_values(&self.runs);
        let known = over.low.is_finite() && over.high.is_finite();
        let gap = if known { over.mean } else { y / x - 1.0 };
        let same = if known { !over.leaves_zero_out() } else { gap.abs() < 0.01 };
        if same {
            return "Firms perceive the markets they serve about as far away as their home feels them".to_owned();
        }
        let (side, sign) = if gap < 0.0 { ("nearer", -1.0) } else { ("farther away", 1.0) };
        let [low, high] = if sign < 0.0 { [-over.high, -over.low] } else { [over.low, over.high] };
        format!(
            "Firms perceive the markets they serve {} {side} than their home feels them",
            share_with_range(sign * gap, low, high)
        )
    }

    fn subtitle(&self) -> String {
        format!(
            "Perceived distance, for a firm’s own knowledge and ties, against felt distance, the same for all at home; markets \
             served; home = 0{}",
            over_runs(self.runs.len())
        )
    }

    fn alt(&self) -> String {
        let (x, y, nearer) = self.summary();
        format!(
            "Density of {} with the line of equality. Mean felt distance {}, mean perceived distance {}; {} of pairs are \
             perceived nearer than felt at home.",
            several(self.pairs(), "firm–market pair", "firm–market pairs"),
            plain(x),
            plain(y),
            percent(nearer),
        )
    }

    fn size(&self) -> (f64, f64) {
        (800.0, 620.0)
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["felt_from", "felt_to", "perceived_from", "perceived_to", "pairs"]);
        for &(x, y, pairs) in self.cells.iter().filter(|cell| cell.2 > 0) {
            let edge = |bin: u32, width: f64| [f64::from(bin) * width, (f64::from(bin) + 1.0) * width];
            let ([a, b], [c, d]) = (edge(x, self.x_width), edge(y, self.y_width));
            data.row(&[&a, &b, &c, &d, &pairs]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let grid = self.grid();
        let most = grid.cells.values().copied().max().unwrap_or(1);
        // One scale for both, so that the line of equality is the diagonal.
        let end = (f64::from(grid.columns) * grid.x_width).max(f64::from(grid.rows) * grid.y_width);
        let panel = Panel::new(
            sheet,
            room.inset(0.0, 0.0, 110.0, 0.0),
            Axis::exact("felt distance (index)", Unit::Plain, 0.0, end).bare(),
            Axis::exact("perceived distance (index)", Unit::Plain, 0.0, end).bare(),
        );
        draw_cells(sheet, &panel, &grid, most);
        let line = [panel.at(0.0, 0.0), panel.at(end, end)];
        sheet.line(line, Stroke::solid(WHITE, 3.6));
        sheet.line(line, Stroke::dashed(INK, 1.6));
        scale(sheet, Frame { left: panel.plot.right + 24.0, right: panel.plot.right + 40.0, ..panel.plot }, most);
    }
}

/// Draws neighbours of one shade as one rectangle.
fn draw_cells(sheet: &mut Sheet, panel: &Panel, grid: &Grid, most: u64) {
    let mut run: Option<(u32, u32, u32, RGBColor)> = None;
    let mut finish = |run: Option<(u32, u32, u32, RGBColor)>| {
        if let Some((row, from, to, colour)) = run {
            let (left, bottom) = panel.at(f64::from(from) * grid.x_width, f64::from(row) * grid.y_width);
            let (right, top) = panel.at(f64::from(to) * grid.x_width, f64::from(row + 1) * grid.y_width);
            // A little over the next cell, which is drawn later: no seam shows between them.
            sheet.tile(Frame { left, top: top - 0.4, right: right + 0.4, bottom }, colour);
        }
    };
    for (&(row, column), &pairs) in &grid.cells {
        let colour = shade(pairs, most);
        run = match run {
            Some((above, from, to, same)) if above == row && to == column && same == colour => {
                Some((row, from, column + 1, same))
            }
            other => {
                finish(other);
                Some((row, column, column + 1, colour))
            }
        };
    }
    finish(run);
}

/// The colour scale and the key of the line.
fn scale(sheet: &mut Sheet, room: Frame, most: u64) {
    let bar = Frame { top: room.top + 16.0, bottom: room.top + 216.0, ..room };
    sheet.words("pairs (log)", (bar.left, bar.top - 12.0), size::TICK, SOFT, Anchor::Start);
    let steps = SHADES as usize + 1;
    for i in 0..steps {
        let y = |i: usize| bar.bottom - bar.high() * i as f64 / steps as f64;
        sheet.tile(
            Frame { top: y(i + 1) - if i + 1 < steps { 0.4 } else { 0.0 }, bottom: y(i), ..bar },
            viridis(i as f64 / SHADES),
        );
    }
    let mut value = 1;
    let mut last = f64::MAX;
    while value <= most {
        let y = bar.bottom - bar.high() * height(value, most);
        if last - y > 14.0 {
            sheet.beside(&count(value), (bar.right + 7.0, y), size::TICK, SOFT, Anchor::Start);
            last = y;
        }
        value = value.saturating_mul(10);
        if value == u64::MAX {
            break;
        }
    }
    if last - bar.top > 14.0 && most > 1 {
        sheet.beside(&count(most), (bar.right + 7.0, bar.top), size::TICK, SOFT, Anchor::Start);
    }
    let y = bar.bottom + 34.0;
    sheet.line([(bar.left, y), (bar.left + 26.0, y)], Stroke::dashed(INK, 1.6));
    sheet.words("equal", (bar.left, y + 18.0), size::NOTE, SOFT, Anchor::Start);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_cells_are_merged_and_none_is_lost() {
        let cells: Vec<_> = (0..130).flat_map(|x| (0..130).map(move |y| (x, y, 1))).collect();
        let input = Input { cells, x_width: 0.01, y_width: 0.01, runs: Vec::new() };
        let grid = input.grid();
        assert!(grid.columns <= MOST && grid.rows <= MOST);
        assert_eq!(grid.cells.values().sum::<u64>(), 130 * 130);
        let (x, y, nearer) = input.summary();
        assert!((x - 0.65).abs() < 1e-9 && (y - 0.65).abs() < 1e-9);
        assert!((nearer - 129.0 / 260.0).abs() < 1e-9);
    }
}
