//! How firms climb the establishment chain in a market: yearly transitions from stage to stage as a matrix.

use super::Picture;
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{GRID, INK, SOFT, Stroke, count, ink_on, percent, several, size, viridis};

pub const STEM: &str = "stage";
pub const ABOUT: &str = "Yearly transitions along the establishment chain";

/// Moves below which the title speaks of numbers, not of shares.
const FEWEST: u64 = 20;

/// Transitions between stages of commitment to a market from one year's end to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// Relations in one state (row) that were in another (column) a year later; those that stayed stand on the diagonal.
    pub counts: Vec<Vec<u64>>,
    /// Names of rows and columns: the stages in order, then what lies outside the chain, such as "not served".
    pub labels: Vec<String>,
    /// How many of the first labels are stages of the chain.
    pub stages: usize,
}

/// Moves within the chain.
struct Moves {
    all: u64,
    one_up: u64,
    leaps: u64,
    down: u64,
}

impl Input {
    fn moves(&self, from: usize, to: usize) -> u64 {
        self.counts.get(from).and_then(|row| row.get(to)).copied().unwrap_or(0)
    }

    fn row(&self, from: usize) -> u64 {
        (0..self.labels.len()).map(|to| self.moves(from, to)).sum()
    }

    fn total(&self) -> u64 {
        (0..self.labels.len()).map(|from| self.row(from)).sum()
    }

    fn within(&self) -> Moves {
        let stages = self.stages.min(self.labels.len());
        let sum = |keep: &dyn Fn(usize, usize) -> bool| {
            let pairs = (0..stages).flat_map(|from| (0..stages).map(move |to| (from, to)));
            pairs.filter(|&(from, to)| keep(from, to)).map(|(from, to)| self.moves(from, to)).sum()
        };
        Moves {
            all: sum(&|from, to| from != to),
            one_up: sum(&|from, to| to == from + 1),
            leaps: sum(&|from, to| to > from + 1),
            down: sum(&|from, to| to < from),
        }
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
        (self.total() == 0).then(|| "no market was served in this run".to_owned())
    }

    fn title(&self) -> String {
        let Moves { all, one_up, leaps, down } = self.within();
        if all == 0 {
            return "No relation went from one stage of the chain to another".to_owned();
        }
        let within: u64 = (0..self.stages.min(self.labels.len())).map(|from| self.row(from)).sum();
        let of = |moves: u64| match all {
            all if all < FEWEST => count(moves),
            all => percent(moves as f64 / all as f64),
        };
        format!(
            "In a year {} of relations in the chain change stage; of these moves {} go one step up, {} farther, {} down",
            percent(all as f64 / within as f64),
            of(one_up),
            of(leaps),
            of(down),
        )
    }

    fn subtitle(&self) -> String {
        "Firm–market relations by state at one year's end (rows) and at the next (columns): number, and share of the row (%)"
            .to_owned()
    }

    fn alt(&self) -> String {
        let Moves { all, one_up, leaps, down } = self.within();
        let n = self.labels.len();
        let pairs = (0..n).flat_map(|from| (0..n).map(move |to| (from, to)));
        let (from, to) = pairs.max_by_key(|&(from, to)| self.moves(from, to)).unwrap_or((0, 0));
        format!(
            "Matrix of {} between {n} states. Within the chain: {}, of which {} one step up, {} skipping a step, {} \
             down. The most common transition is from {} to {}: {}.",
            several(self.total(), "yearly transition", "yearly transitions"),
            several(all, "move", "moves"),
            count(one_up),
            count(leaps),
            count(down),
            self.labels[from],
            self.labels[to],
            count(self.moves(from, to)),
        )
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["from", "to", "relation_years", "share_of_from"]);
        for from in 0..self.labels.len() {
            for to in 0..self.labels.len() {
                let moves = self.moves(from, to);
                let share = moves as f64 / self.row(from) as f64;
                data.row(&[&self.labels[from], &self.labels[to], &moves, &share]);
            }
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let n = self.labels.len();
        let names: Vec<String> =
            self.labels.iter().map(|label| font::fit(&font::clean(label), size::LABEL, 150.0)).collect();
        let left = font::widest(names.iter().map(String::as_str), size::LABEL).max(40.0) + 12.0;
        let grid = room.inset(left, 42.0, 62.0, 4.0);
        let (wide, high) = (grid.wide() / n as f64, grid.high() / n as f64);
        sheet.words("from ↓   to →", (room.left, grid.top - 10.0), size::TICK, SOFT, Anchor::Start);
        sheet.words("all", (room.right, grid.top - 10.0), size::TICK, SOFT, Anchor::End);
        for (i, name) in names.iter().enumerate() {
            let (x, y) = (grid.left + wide * (i as f64 + 0.5), grid.top + high * (i as f64 + 0.5));
            let short = font::fit(name, size::LABEL, (wide - 6.0).max(0.0));
            sheet.words(&short, (x, grid.top - 10.0), size::LABEL, INK, Anchor::Middle);
            sheet.beside(name, (grid.left - 10.0, y), size::LABEL, INK, Anchor::End);
            sheet.beside(&count(self.row(i)), (room.right, y), size::LABEL, SOFT, Anchor::End);
            for to in 0..n {
                let corner = (grid.left + wide * to as f64, grid.top + high * i as f64);
                let cell = Frame { left: corner.0, top: corner.1, right: corner.0 + wide, bottom: corner.1 + high };
                self.cell(sheet, i, to, cell.inset(1.0, 1.0, 1.0, 1.0));
            }
        }
    }
}

impl Input {
    fn cell(&self, sheet: &mut Sheet, from: usize, to: usize, cell: Frame) {
        let moves = self.moves(from, to);
        let (x, y) = cell.centre();
        if moves == 0 {
            sheet.border(cell, Stroke::solid(GRID, 1.0));
            sheet.beside("0", (x, y), size::LABEL, SOFT, Anchor::Middle);
            return;
        }
        let share = moves as f64 / self.row(from) as f64;
        let fill = viridis(share);
        sheet.tile(cell, fill);
        let (number, part) = (count(moves), percent(share));
        let room = font::width(&number, size::LABEL).max(font::width(&part, size::TICK)) + 4.0;
        if cell.wide() >= room && cell.high() >= 38.0 {
            sheet.words(&number, (x, y - 2.0), size::LABEL, ink_on(fill), Anchor::Middle);
            sheet.words(&part, (x, y + 15.0), size::TICK, ink_on(fill), Anchor::Middle);
        } else if cell.wide() >= room && cell.high() >= 16.0 {
            sheet.beside(&number, (x, y), size::LABEL, ink_on(fill), Anchor::Middle);
        }
    }
}
