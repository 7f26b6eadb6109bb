//! Which ways abroad living firms have taken, year by year: all firms stacked, and the rare ways enlarged beneath.

use super::axis::{Axis, Lines, Panel, label_room, tick_room};
use super::data::Data;
use super::sheet::{Anchor, Frame, Point, Sheet};
use super::style::{INK, ORANGE, PALE, SKY, SOFT, Stroke, Unit, YELLOW, cue, fine_percent, listed, percent, size};
use super::{Picture, style};
use plotters::style::{Color, RGBColor};

pub const STEM: &str = "trajectory";
pub const ABOUT: &str = "Ways abroad over the years";

/// Ways whose share stays below this get a panel of their own.
const RARE: f64 = 0.02;
const COMMON_FILLS: [RGBColor; 3] = [SKY, ORANGE, YELLOW];
const UNKNOWN: RGBColor = RGBColor(244, 244, 244);
const LOWER: f64 = 0.36;
const FIRMS: &str = "share of living firms (%)";

/// What a label says about going abroad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// One of the ways abroad.
    Abroad,
    /// Stayed at home.
    Home,
    /// Seen too short, or from too late, to tell.
    Unknown,
}

/// Firms of one label.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    pub label: String,
    pub way: Way,
    /// Share of all living firms, 0–1, in each year.
    pub shares: Vec<f64>,
    /// Lowest and highest share among replicates in each year; empty for a single one.
    pub ranges: Vec<(f64, f64)>,
}

/// Shares of living firms by label; together they should make 1 in each year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub years: Vec<i32>,
    pub classes: Vec<Class>,
    /// Living firms in the last year: how fine a share can be.
    pub firms: u64,
    /// Lowest and highest share that went abroad on any way, as the ranges of classes.
    pub abroad: Vec<(f64, f64)>,
}

/// A band of the stack.
struct Band {
    label: String,
    heights: Vec<f64>,
    fill: RGBColor,
}

impl Input {
    /// The share of a class in a year; what is missing or no number counts as none.
    fn share(&self, class: usize, year: usize) -> f64 {
        self.classes[class].shares.get(year).copied().filter(|share| share.is_finite()).unwrap_or(0.0).max(0.0)
    }

    fn last(&self, class: usize) -> f64 {
        self.share(class, self.years.len() - 1)
    }

    fn of(&self, way: Way) -> impl Iterator<Item = usize> + '_ {
        (0..self.classes.len()).filter(move |class| self.classes[*class].way == way)
    }

    fn total(&self, classes: &[usize], year: usize) -> f64 {
        classes.iter().map(|class| self.share(*class, year)).sum()
    }

    fn most(&self, class: usize) -> f64 {
        (0..self.years.len()).map(|year| self.share(class, year)).fold(0.0, f64::max)
    }

    /// The ways abroad that someone took: the common ones, and the rare ones.
    fn ways(&self) -> (Vec<usize>, Vec<usize>) {
        let taken = self.of(Way::Abroad).filter(|class| self.most(*class) > 0.0);
        taken.partition(|class| self.most(*class) >= RARE)
    }

    /// All ways abroad, with their share in the last year, the largest first.
    fn abroad(&self) -> Vec<(String, f64)> {
        let mut shares: Vec<_> =
            self.of(Way::Abroad).map(|class| (self.classes[class].label.clone(), self.last(class))).collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1));
        shares
    }

    /// The stack, from the bottom.
    fn bands(&self) -> Vec<Band> {
        let (common, rare) = self.ways();
        let heights = |classes: &[usize]| (0..self.years.len()).map(|year| self.total(classes, year)).collect();
        let mut bands: Vec<Band> = Vec::new();
        if !rare.is_empty() {
            bands.push(Band { label: "rarer ways".to_owned(), heights: heights(&rare), fill: SOFT });
        }
        for (i, class) in common.into_iter().enumerate() {
            let label = self.classes[class].label.clone();
            bands.push(Band { label, heights: heights(&[class]), fill: COMMON_FILLS[i % COMMON_FILLS.len()] });
        }
        for (way, fill) in [(Way::Home, PALE), (Way::Unknown, UNKNOWN)] {
            for class in self.of(way).filter(|class| self.most(*class) > 0.0) {
                bands.push(Band { label: self.classes[class].label.clone(), heights: heights(&[class]), fill });
            }
        }
        bands
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
        let (common, rare) = self.ways();
        (common.is_empty() && rare.is_empty()).then(|| "no firm went abroad in this run".to_owned())
    }

    fn title(&self) -> String {
        let abroad = self.abroad();
        let total: f64 = abroad.iter().map(|way| way.1).sum();
        let year = self.years[self.years.len() - 1];
        if total == 0.0 {
            return format!("No firm alive in {year} goes abroad");
        }
        let (label, share) = &abroad[0];
        let range = self.abroad.last().map_or_else(String::new, |(low, high)| {
            format!(" ({} to {} over replicates)", percent(*low), percent(*high))
        });
        format!(
            "{}{range} of firms alive in {year} go abroad in their lives, most often as {label} ({})",
            percent(total),
            fine_percent(*share)
        )
    }

    fn subtitle(&self) -> String {
        let bands = if self.abroad.is_empty() { "" } else { "; veils: range over replicates" };
        format!("Share of living firms (%) by the label of their whole history, stacked{bands}")
    }

    fn alt(&self) -> String {
        let parts: Vec<String> =
            self.abroad().iter().map(|(label, share)| format!("{label} {}", fine_percent(*share))).collect();
        let all: Vec<usize> = self.of(Way::Abroad).collect();
        format!(
            "Stacked areas over {}–{}. All ways abroad together go from {} to {} of firms. In the last year: {}.",
            self.years[0],
            self.years[self.years.len() - 1],
            percent(self.total(&all, 0)),
            percent(self.total(&all, self.years.len() - 1)),
            listed(&parts),
        )
    }

    fn size(&self) -> (f64, f64) {
        (800.0, if self.ways().1.is_empty() { 500.0 } else { 680.0 })
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["year", "label", "share", "low", "high"]);
        for class in &self.classes {
            for (i, year) in self.years.iter().enumerate() {
                let (low, high) = class.ranges.get(i).copied().unwrap_or((f64::NAN, f64::NAN));
                data.row(&[year, &class.label, &class.shares.get(i).copied().unwrap_or(f64::NAN), &low, &high]);
            }
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let (rare, bands) = (self.ways().1, self.bands());
        let mut labels: Vec<String> = bands
            .iter()
            .map(|band| format!("{} {}", band.label, percent(band.heights[band.heights.len() - 1])))
            .collect();
        let mut rare_labels: Vec<String> = rare
            .iter()
            .map(|class| format!("{} {}", self.classes[*class].label, fine_percent(self.last(*class))))
            .collect();
        let right = label_room(&mut labels, 230.0).max(label_room(&mut rare_labels, 230.0));
        let room = room.inset(0.0, 0.0, right, 0.0);
        let across = self.across();
        let years = || Axis::linear("year", Unit::Year, across.iter().copied(), false).bare();
        if rare.is_empty() {
            let panel = Panel::new(sheet, room, years(), Axis::exact(FIRMS, Unit::Share, 0.0, 1.0));
            self.draw_bands(sheet, &panel, &across, &bands, &labels);
            return;
        }
        let cut = room.bottom - LOWER * room.high();
        let upper = Frame { bottom: cut - 24.0, ..room };
        let lower = Frame { top: cut + 14.0, ..room };
        let most = |ranges: &[(f64, f64)]| ranges.iter().map(|range| range.1).fold(0.0, f64::max);
        let highest = rare.iter().map(|class| self.most(*class).max(most(&self.classes[*class].ranges)));
        let scales = [Axis::exact(FIRMS, Unit::Share, 0.0, 1.0), Axis::linear(FIRMS, Unit::Share, highest, true)];
        let rooms = [upper, lower];
        let margins: Vec<f64> =
            scales.iter().zip(rooms).map(|(scale, room)| tick_room(scale, &years(), room)).collect();
        let widest = margins[0].max(margins[1]);
        let [all, enlarged] = scales;
        let panel = Panel::new(sheet, upper.inset(widest - margins[0], 0.0, 0.0, 0.0), years(), all);
        self.draw_bands(sheet, &panel, &across, &bands, &labels);
        let one = if self.firms > 0 {
            format!("The rarer ways, enlarged (one firm is {})", fine_percent(1.0 / self.firms as f64))
        } else {
            "The rarer ways, enlarged".to_owned()
        };
        sheet.words(&one, (room.left, cut + 4.0), size::SUBTITLE, SOFT, Anchor::Start);
        let panel = Panel::new(sheet, lower.inset(widest - margins[1], 0.0, 0.0, 0.0), years(), enlarged);
        self.draw_lines(sheet, &panel, &across, &rare, rare_labels);
    }
}

impl Input {
    fn draw_lines(&self, sheet: &mut Sheet, panel: &Panel, across: &[f64], rare: &[usize], labels: Vec<String>) {
        let last = self.years.len() - 1;
        let mut ends = Vec::new();
        for (i, &class) in rare.iter().enumerate() {
            let [low, high] = edges(panel, across, &self.classes[class].ranges);
            Lines::band(sheet, low, high, &cue(i));
        }
        for (i, (&class, label)) in rare.iter().zip(labels).enumerate() {
            let place = |(at, x): (usize, &f64)| panel.at(*x, self.share(class, at.min(last)));
            let points: Vec<Point> = across.iter().enumerate().map(place).collect();
            let end = points[points.len() - 1];
            sheet.line(points, cue(i).stroke(2.0));
            sheet.marker(end, cue(i).marker, 3.4, cue(i).colour);
            ends.push((end.1, label, cue(i).ink()));
        }
        panel.label_ends(sheet, panel.plot.right, &ends);
    }
}

/// The lower and the upper edge of ranges by year.
fn edges(panel: &Panel, across: &[f64], ranges: &[(f64, f64)]) -> [Vec<Point>; 2] {
    let known =
        || across.iter().zip(ranges.iter().chain(ranges.last())).filter(|(_, range)| (range.0 + range.1).is_finite());
    let edge = |of: fn(&(f64, f64)) -> f64| known().map(|(x, range)| panel.at(*x, of(range))).collect();
    [edge(|range| range.0), edge(|range| range.1)]
}

impl Input {
    fn draw_bands(&self, sheet: &mut Sheet, panel: &Panel, across: &[f64], bands: &[Band], labels: &[String]) {
        let mut floor = vec![0.0; across.len()];
        let mut ends = Vec::new();
        for (band, label) in bands.iter().zip(labels) {
            let last = band.heights.len() - 1;
            let roof: Vec<f64> =
                floor.iter().enumerate().map(|(at, floor)| (floor + band.heights[at.min(last)]).min(1.0)).collect();
            let middle = (floor[floor.len() - 1] + roof[roof.len() - 1]) / 2.0;
            let edge =
                |heights: &[f64]| -> Vec<Point> { across.iter().zip(heights).map(|(x, y)| panel.at(*x, *y)).collect() };
            let top = edge(&roof);
            sheet.area(edge(&floor).into_iter().rev().chain(top.iter().copied()), band.fill);
            sheet.line(top, Stroke::solid(INK, 0.7));
            ends.push((panel.y(middle), label.clone(), style::INK));
            floor = roof;
        }
        let [low, high] = edges(panel, across, &self.abroad);
        sheet.area(low.into_iter().rev().chain(high), INK.mix(0.3));
        panel.label_ends(sheet, panel.plot.right, &ends);
    }
}
