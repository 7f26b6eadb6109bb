//! Whether firms enter near markets first: the distance rank of the first market, the second, and so on.

use plotters::style::Color;

use super::axis::{Axis, Panel};
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{BLUE, INK, SOFT, Stroke, Unit, VERMILLION, count, fixed, plain, several, size};
use super::{Picture, style};

pub const STEM: &str = "entry_order";
pub const ABOUT: &str = "Order of market entry and distance";

/// Entries below which an order is not drawn.
const FEWEST: u64 = 10;

/// The distance rank, 1 the nearest to its home, of the markets that were a firm's k-th.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Order {
    /// First, second, …
    pub k: u32,
    /// Entries.
    pub n: u64,
    pub mean: f64,
    /// First quartile, median, third quartile.
    pub quartiles: [f64; 3],
}

/// Distance rank by order of entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub points: Vec<Order>,
    /// Foreign markets: the farthest has this rank.
    pub markets: u32,
    /// Spearman's rank correlation between order and distance over all entries; NaN if undefined.
    pub rho: f64,
}

impl Input {
    fn shown(&self) -> Vec<Order> {
        let whole = |point: &&Order| point.mean.is_finite() && point.quartiles.iter().all(|part| part.is_finite());
        let mut points: Vec<Order> =
            self.points.iter().filter(|point| point.n >= FEWEST).filter(whole).copied().collect();
        points.sort_by_key(|point| point.k);
        points
    }

    fn correlation(&self) -> String {
        if self.rho.is_finite() { format!("Spearman ρ = {}", fixed(self.rho, 2)) } else { "ρ undefined".to_owned() }
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
        self.shown().is_empty().then(|| format!("fewer than {FEWEST} firms entered a market in this run"))
    }

    fn title(&self) -> String {
        let finding = match self.rho {
            rho if rho >= 0.3 => "Later entries go to markets farther away",
            rho if rho >= 0.1 => "Later entries tend to go to markets farther away",
            rho if rho <= -0.1 => "Later entries tend to go to nearer markets",
            rho if rho.is_nan() => "Distance rank of markets by order of entry",
            _ => "The order of entry hardly follows distance",
        };
        format!("{finding} ({})", self.correlation())
    }

    fn subtitle(&self) -> String {
        let of = if self.markets > 0 { format!(" of {}", count(u64::from(self.markets))) } else { String::new() };
        format!(
            "Rank by felt distance of a firm's k-th foreign market (1 = nearest{of}): mean, median, interquartile range"
        )
    }

    fn alt(&self) -> String {
        let points = self.shown();
        let (first, last) = (points[0], points[points.len() - 1]);
        format!(
            "Bars of the interquartile range with mean and median for entries number {} to {}. Mean distance rank is {} \
             at entry {} ({}) and {} at entry {} ({}). {}.",
            first.k,
            last.k,
            plain(first.mean),
            first.k,
            several(first.n, "entry", "entries"),
            plain(last.mean),
            last.k,
            several(last.n, "entry", "entries"),
            self.correlation(),
        )
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let points = self.shown();
        let orders = points.iter().map(|point| f64::from(point.k));
        let (first, last) = super::axis::span(orders).unwrap_or((1.0, 1.0));
        let even = if self.markets > 0 { Some((f64::from(self.markets) + 1.0) / 2.0) } else { None };
        let heights = points.iter().flat_map(|point| point.quartiles.into_iter().chain([point.mean])).chain(even);
        let panel = Panel::new(
            sheet,
            room.inset(22.0, 26.0, 0.0, 18.0),
            Axis::exact("order of entry, k", Unit::Count, first - 0.6, last + 0.6).bare(),
            Axis::linear("", Unit::Plain, heights, true),
        );
        if let Some(even) = even {
            let y = panel.y(even);
            sheet.line(
                [(panel.plot.left, y), (panel.plot.right, y)],
                Stroke { dash: &[1.6, 2.4], ..Stroke::solid(INK, 1.2) },
            );
        }
        let half = (0.28 * (panel.x(1.0) - panel.x(0.0))).min(16.0);
        for point in &points {
            let [low, median, high] = point.quartiles.map(|part| panel.y(part));
            let x = panel.x(f64::from(point.k));
            let bar = Frame { left: x - half, top: high, right: x + half, bottom: low };
            sheet.tile(bar, BLUE.mix(0.22));
            let corners = [(bar.left, high), (bar.right, high), (bar.right, low), (bar.left, low)];
            sheet.outline(corners, Stroke::solid(BLUE, 0.8));
            sheet.line([(x - half, median), (x + half, median)], Stroke::solid(BLUE, 2.4));
        }
        sheet
            .line(points.iter().map(|point| panel.at(f64::from(point.k), point.mean)), Stroke::dashed(VERMILLION, 1.6));
        for point in &points {
            sheet.marker(panel.at(f64::from(point.k), point.mean), style::Marker::Diamond, 3.6, VERMILLION);
        }
        legend(sheet, room, even.is_some());
        numbers(sheet, &panel, room, &points);
    }
}

fn legend(sheet: &mut Sheet, room: Frame, even: bool) {
    let y = room.top + 4.0;
    let (a, b, c) = (room.left, room.left + 150.0, room.left + 245.0);
    sheet.tile(Frame { left: a, top: y - 6.0, right: a + 16.0, bottom: y + 6.0 }, BLUE.mix(0.22));
    sheet.beside("quartile to quartile", (a + 22.0, y), size::TICK, INK, Anchor::Start);
    sheet.line([(b, y), (b + 16.0, y)], Stroke::solid(BLUE, 2.4));
    sheet.beside("median", (b + 22.0, y), size::TICK, INK, Anchor::Start);
    sheet.line([(c, y), (c + 26.0, y)], Stroke::dashed(VERMILLION, 1.6));
    sheet.marker((c + 13.0, y), style::Marker::Diamond, 3.6, VERMILLION);
    sheet.beside("mean", (c + 32.0, y), size::TICK, INK, Anchor::Start);
    if even {
        let d = room.left + 335.0;
        sheet.line([(d, y), (d + 26.0, y)], Stroke { dash: &[1.6, 2.4], ..Stroke::solid(INK, 1.2) });
        sheet.beside("mean if every market were as likely", (d + 32.0, y), size::TICK, INK, Anchor::Start);
    }
}

/// How many entries each bar rests on, where there is room for the numbers.
fn numbers(sheet: &mut Sheet, panel: &Panel, room: Frame, points: &[Order]) {
    let y = room.bottom - 4.0;
    sheet.words("entries", (room.left, y), size::NOTE, SOFT, Anchor::Start);
    let mut free = room.left + font::width("entries", size::NOTE) + 4.0;
    for point in points {
        let text = count(point.n);
        let half = font::width(&text, size::NOTE) / 2.0;
        let x = panel.x(f64::from(point.k));
        if x - half >= free {
            sheet.words(&text, (x, y), size::NOTE, SOFT, Anchor::Middle);
            free = x + half + 5.0;
        }
    }
}
