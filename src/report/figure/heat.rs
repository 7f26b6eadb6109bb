//! A heat map of an outcome over two swept settings: one cell for each pair of levels, with what chance leaves open.

use super::Picture;
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{INK, PALE, SOFT, Stroke, Unit, fixed, ink_on, size, viridis};

/// Cells across and up beyond which numbers would not be read.
const MOST: usize = 40;

/// An outcome over two settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The stem of the files.
    pub stem: String,
    /// What the figure is about, for sweeps that have nothing to show.
    pub about: String,
    /// The finding.
    pub title: String,
    /// The measure, its unit, and what the second number of a cell is.
    pub subtitle: String,
    /// Levels across, and what they are.
    pub across: Vec<String>,
    pub across_label: String,
    /// Levels up, the lowest first, and what they are.
    pub up: Vec<String>,
    pub up_label: String,
    /// Mean and half width of its interval, by level up, by level across; NaN where there is none.
    pub cells: Vec<Vec<(f64, f64)>>,
    pub unit: Unit,
}

impl Input {
    fn size_of(&self) -> (usize, usize) {
        (self.across.len().min(MOST), self.up.len().min(MOST))
    }

    fn cell(&self, across: usize, up: usize) -> (f64, f64) {
        self.cells.get(up).and_then(|row| row.get(across)).copied().unwrap_or((f64::NAN, f64::NAN))
    }

    fn span(&self) -> Option<(f64, f64)> {
        super::axis::span(self.cells.iter().flatten().map(|cell| cell.0))
    }

    /// A mean, and its half width, with as many decimals as tell the cells apart.
    fn say(&self, (mean, half): (f64, f64)) -> (String, String) {
        let (low, high) = self.span().unwrap_or((0.0, 1.0));
        let (factor, sign) = if self.unit == Unit::Share { (100.0, "%") } else { (1.0, "") };
        let decimals = match factor * (high - low) {
            wide if wide >= 30.0 => 0,
            wide if wide >= 3.0 => 1,
            wide if wide >= 0.3 => 2,
            wide if wide > 0.0 => 3,
            _ => 1,
        };
        let half = if half.is_finite() { format!("±{}", fixed(factor * half, decimals)) } else { String::new() };
        (format!("{}{sign}", fixed(factor * mean, decimals)), half)
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
        self.span().is_none().then(|| "no run of this sweep has a value".to_owned())
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn subtitle(&self) -> String {
        let cut = self.across.len() > MOST || self.up.len() > MOST;
        let note = if cut { format!("; the first {MOST} levels") } else { String::new() };
        format!("{}{note}", self.subtitle)
    }

    fn alt(&self) -> String {
        let (wide, high) = self.size_of();
        let places =
            (0..wide).flat_map(|x| (0..high).map(move |y| (x, y))).filter(|p| self.cell(p.0, p.1).0.is_finite());
        let by = |a: &(usize, usize), b: &(usize, usize)| self.cell(a.0, a.1).0.total_cmp(&self.cell(b.0, b.1).0);
        let name = |at: Option<(usize, usize)>| {
            at.map_or_else(String::new, |(x, y)| {
                format!(
                    "{} at {} {} and {} {}",
                    self.say(self.cell(x, y)).0,
                    self.across_label,
                    self.across[x],
                    self.up_label,
                    self.up[y]
                )
            })
        };
        format!(
            "Heat map of {wide} by {high} levels. {}. The lowest value is {}, the highest {}.",
            self.subtitle,
            name(places.clone().min_by(by)),
            name(places.max_by(by)),
        )
    }

    fn size(&self) -> (f64, f64) {
        (800.0, 190.0 + 44.0 * self.up.len().clamp(4, MOST).min(14) as f64)
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&[&self.across_label, &self.up_label, "mean", "half_width_of_interval"]);
        for (y, up) in self.up.iter().enumerate() {
            for (x, across) in self.across.iter().enumerate() {
                let (mean, half) = self.cell(x, y);
                data.row(&[across, up, &mean, &half]);
            }
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        const BAR: f64 = 14.0;
        let Some((low, high)) = self.span() else { return };
        let (across, up) = self.size_of();
        let names = |labels: &[String]| -> Vec<String> {
            labels.iter().map(|label| font::fit(&font::clean(label), size::LABEL, 130.0)).collect()
        };
        let rows = names(&self.up);
        let left = font::widest(rows.iter().map(String::as_str), size::LABEL).max(20.0) + 12.0;
        let ends = [self.say((low, f64::NAN)).0, self.say((high, f64::NAN)).0];
        let right = font::widest(ends.iter().map(String::as_str), size::TICK) + BAR + 34.0;
        let grid = room.inset(left, 26.0, right, 44.0);
        let (wide, tall) = (grid.wide() / across as f64, grid.high() / up as f64);
        let title = font::fit(&font::clean(&self.up_label), size::TICK, room.wide());
        sheet.words(&title, (room.left, grid.top - 12.0), size::TICK, SOFT, Anchor::Start);
        let title = font::fit(&font::clean(&self.across_label), size::TICK, room.wide());
        sheet.words(&title, (grid.centre().0, grid.bottom + 38.0), size::TICK, SOFT, Anchor::Middle);
        for (y, name) in rows.iter().enumerate().take(up) {
            let middle = grid.bottom - tall * (y as f64 + 0.5);
            if tall >= size::LABEL {
                sheet.beside(name, (grid.left - 8.0, middle), size::LABEL, INK, Anchor::End);
            }
        }
        for (x, name) in names(&self.across).iter().enumerate().take(across) {
            let short = font::fit(name, size::LABEL, (wide - 4.0).max(0.0));
            if short == "…" {
                continue;
            }
            let middle = grid.left + wide * (x as f64 + 0.5);
            sheet.words(&short, (middle, grid.bottom + 18.0), size::LABEL, INK, Anchor::Middle);
        }
        let share = |value: f64| if high > low { (value - low) / (high - low) } else { 0.5 };
        for y in 0..up {
            for x in 0..across {
                let corner = (grid.left + wide * x as f64, grid.bottom - tall * (y + 1) as f64);
                let cell = Frame { left: corner.0, top: corner.1, right: corner.0 + wide, bottom: corner.1 + tall };
                self.tile(sheet, self.cell(x, y), cell.inset(0.75, 0.75, 0.75, 0.75), &share);
            }
        }
        let bar = Frame { left: grid.right + 18.0, right: grid.right + 18.0 + BAR, ..grid };
        const STEPS: usize = 60;
        for step in 0..STEPS {
            let part = |k: usize| bar.bottom - bar.high() * k as f64 / STEPS as f64;
            // Each down to the foot, so that no seam shows between two.
            let slice = Frame { top: part(STEPS - step), bottom: bar.bottom, ..bar };
            sheet.tile(slice, viridis(1.0 - (step as f64 + 0.5) / STEPS as f64));
        }
        for (text, y) in ends.iter().zip([bar.bottom - 5.0, bar.top + 5.0]) {
            sheet.beside(text, (bar.right + 6.0, y), size::TICK, SOFT, Anchor::Start);
        }
    }
}

impl Input {
    fn tile(&self, sheet: &mut Sheet, (mean, half): (f64, f64), cell: Frame, share: &dyn Fn(f64) -> f64) {
        let (x, y) = cell.centre();
        if !mean.is_finite() {
            sheet.border(cell, Stroke::solid(PALE, 1.0));
            if cell.wide() > 14.0 && cell.high() > 14.0 {
                sheet.beside("–", (x, y), size::LABEL, SOFT, Anchor::Middle);
            }
            return;
        }
        let fill = viridis(share(mean));
        sheet.tile(cell, fill);
        let (number, width) = self.say((mean, half));
        let room = font::width(&number, size::LABEL).max(font::width(&width, size::NOTE)) + 4.0;
        if cell.wide() >= room && cell.high() >= 34.0 && !width.is_empty() {
            sheet.words(&number, (x, y - 1.0), size::LABEL, ink_on(fill), Anchor::Middle);
            sheet.words(&width, (x, y + 14.0), size::NOTE, ink_on(fill), Anchor::Middle);
        } else if cell.wide() >= font::width(&number, size::LABEL) + 4.0 && cell.high() >= 16.0 {
            sheet.beside(&number, (x, y), size::LABEL, ink_on(fill), Anchor::Middle);
        }
    }
}
