//! Which ways abroad firms have taken, year by year: shares of all firms, stacked by the label of their history.

use super::axis::{Axis, Panel, label_room};
use super::sheet::{Frame, Point, Sheet};
use super::style::{INK, Stroke, Unit, fill, listed, percent};
use super::{Picture, style};

pub const STEM: &str = "trajectory";
pub const ABOUT: &str = "Ways abroad over the years";

/// Shares of all firms by label; firms that never exported are best left out, as the rest to 100 %.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub years: Vec<i32>,
    /// Label and its share of all firms, 0–1, in each year.
    pub classes: Vec<(String, Vec<f64>)>,
}

impl Input {
    /// The share of a class in a year; what is missing or no number counts as none.
    fn share(&self, class: usize, year: usize) -> f64 {
        self.classes[class].1.get(year).copied().filter(|share| share.is_finite()).unwrap_or(0.0).max(0.0)
    }

    fn total(&self, year: usize) -> f64 {
        (0..self.classes.len()).map(|class| self.share(class, year)).sum()
    }

    /// The classes with their share in the last year, the largest first.
    fn last(&self) -> Vec<(String, f64)> {
        let last = self.years.len() - 1;
        let mut shares: Vec<_> =
            self.classes.iter().enumerate().map(|(i, class)| (class.0.clone(), self.share(i, last))).collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1));
        shares
    }

    /// Where the bands begin and end across: a single year is drawn a year wide.
    fn across(&self) -> Vec<f64> {
        match self.years[..] {
            [only] => vec![f64::from(only) - 0.5, f64::from(only) + 0.5],
            _ => self.years.iter().map(|&year| f64::from(year)).collect(),
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
        let none = (0..self.years.len()).all(|year| self.total(year) <= 0.0);
        none.then(|| "no exporters in this run".to_owned())
    }

    fn title(&self) -> String {
        let last = self.years.len() - 1;
        let largest = self.last().swap_remove(0);
        format!(
            "By {}, {} of firms have gone abroad; the most common label is {} ({})",
            self.years[last],
            percent(self.total(last)),
            largest.0,
            percent(largest.1),
        )
    }

    fn subtitle(&self) -> String {
        "Share of all firms (%) by the label of their history so far, stacked".to_owned()
    }

    fn alt(&self) -> String {
        let parts: Vec<String> =
            self.last().iter().map(|(label, share)| format!("{label} {}", percent(*share))).collect();
        format!(
            "Stacked areas over {}–{}. All classes together go from {} to {} of firms. In the last year: {}.",
            self.years[0],
            self.years[self.years.len() - 1],
            percent(self.total(0)),
            percent(self.total(self.years.len() - 1)),
            listed(&parts),
        )
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let last = self.years.len() - 1;
        let mut labels: Vec<String> = (0..self.classes.len())
            .map(|i| format!("{} {}", self.classes[i].0, percent(self.share(i, last))))
            .collect();
        let right = label_room(&mut labels, 230.0);
        let across = self.across();
        let highest = (0..self.years.len()).map(|year| self.total(year));
        let panel = Panel::new(
            sheet,
            room.inset(0.0, 0.0, right, 0.0),
            Axis::linear("year", Unit::Year, across.iter().copied(), false).bare(),
            Axis::linear("", Unit::Share, highest.map(|total| total.min(1.0)), true),
        );
        let mut floor = vec![0.0; across.len()];
        let mut ends = Vec::new();
        for (i, label) in labels.into_iter().enumerate() {
            let roof: Vec<f64> =
                floor.iter().enumerate().map(|(at, floor)| floor + self.share(i, at.min(last))).collect();
            let middle = (floor[floor.len() - 1] + roof[roof.len() - 1]) / 2.0;
            draw_band(sheet, &panel, &across, &floor, &roof, i);
            ends.push((panel.y(middle), label, style::INK));
            floor = roof;
        }
        panel.label_ends(sheet, panel.plot.right, &ends);
    }
}

fn draw_band(sheet: &mut Sheet, panel: &Panel, across: &[f64], floor: &[f64], roof: &[f64], index: usize) {
    let edge = |heights: &[f64]| -> Vec<Point> { across.iter().zip(heights).map(|(x, y)| panel.at(*x, *y)).collect() };
    let top = edge(roof);
    sheet.area(edge(floor).into_iter().rev().chain(top.iter().copied()), fill(index));
    sheet.line(top, Stroke::solid(INK, 0.9));
}
