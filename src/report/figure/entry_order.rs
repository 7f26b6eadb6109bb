//! Whether firms enter near markets first: the distance rank of the first market, the second, and so on, beside what
//! running out of near markets makes of it.

use plotters::style::{Color, RGBAColor};

use super::axis::{Axis, Panel};
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{BLUE, INK, SOFT, Stroke, Unit, VERMILLION, count, fixed, plain, several, signed, size};
use super::{Picture, style};
use crate::statistics::words::fixed_beside;

pub const STEM: &str = "entry_order";
pub const ABOUT: &str = "Order of market entry and distance";

/// The line of markets drawn without replacement.
const DRAWN: Stroke = Stroke { colour: RGBAColor(38, 38, 38, 1.0), width: 1.4, dash: &[1.6, 2.4] };
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
    /// The mean if nothing but what is left of the markets decided, at the weights that first entries have; not a number
    /// if unknown.
    pub depleted: f64,
    /// Half width of the 95 % interval of the difference between the two means.
    pub margin: f64,
}

/// Distance rank by order of entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub points: Vec<Order>,
    /// Foreign markets: the farthest has this rank.
    pub markets: u32,
    /// Spearman's rank correlation between order and distance over all entries; NaN if undefined.
    pub rho: f64,
    /// The same if nothing but what is left of the markets decided.
    pub rho_depleted: f64,
    /// By how much later entries go farther than that, in ranks, averaged over all of them, with its 95 % interval.
    pub beyond: (f64, f64, f64),
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
        match (self.rho.is_finite(), self.rho_depleted.is_finite()) {
            (true, true) => {
                format!("Spearman ρ {}, of drawn markets {}", fixed(self.rho, 2), fixed(self.rho_depleted, 2))
            }
            (true, false) => format!("Spearman ρ {}", fixed(self.rho, 2)),
            _ => "ρ undefined".to_owned(),
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
        self.shown().is_empty().then(|| format!("fewer than {FEWEST} firms entered a market in this run"))
    }

    fn title(&self) -> String {
        let (mean, low, high) = self.beyond;
        if !(mean.is_finite() && low.is_finite() && high.is_finite()) {
            return ABOUT.to_owned();
        }
        let finding = match (low, high) {
            (low, _) if low > 0.0 => "Later entries go farther than running out of near markets explains",
            (_, high) if high < 0.0 => "Later entries go less far than running out of near markets explains",
            _ => "No order of entry is clear beyond running out of near markets",
        };
        let sign = if mean > 0.0 { "+" } else { "" };
        let [mean, low, high] = fixed_beside([mean, low, high], 2);
        format!("{finding}: {sign}{mean} ranks (95% {low} to {high})")
    }

    fn subtitle(&self) -> String {
        let of = if self.markets > 0 { format!(" of {}", count(u64::from(self.markets))) } else { String::new() };
        format!(
            "Rank by felt distance of a firm's k-th foreign market (1 = nearest{of}). Drawn without replacement: first entries' \
             markets, never one twice. {}",
            self.correlation()
        )
    }

    fn alt(&self) -> String {
        let points = self.shown();
        let (first, last) = (points[0], points[points.len() - 1]);
        format!(
            "Bars of the interquartile range with mean and median for entries number {} to {}. Mean distance rank is {} \
             at entry {} ({}) and {} at entry {} ({}); if markets were drawn without replacement by the weights of first \
             entries it would be {} there. Later entries lie {} ranks ({} to {}) farther than so drawn. {}.",
            first.k,
            last.k,
            plain(first.mean),
            first.k,
            several(first.n, "entry", "entries"),
            plain(last.mean),
            last.k,
            several(last.n, "entry", "entries"),
            plain(last.depleted),
            signed(self.beyond.0),
            signed(self.beyond.1),
            signed(self.beyond.2),
            self.correlation(),
        )
    }

    fn data(&self) -> Data {
        let columns = ["order", "entries", "mean", "q1", "median", "q3", "mean_if_drawn_without_replacement", "margin"];
        let mut data = Data::new(&columns);
        for point in self.shown() {
            let Order { k, n, mean, quartiles: [low, median, high], depleted, margin } = point;
            data.row(&[&k, &n, &mean, &low, &median, &high, &depleted, &margin]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let points = self.shown();
        let orders = points.iter().map(|point| f64::from(point.k));
        let (first, last) = super::axis::span(orders).unwrap_or((1.0, 1.0));
        let heights = points.iter().flat_map(|point| point.quartiles.into_iter().chain([point.mean, point.depleted]));
        let panel = Panel::new(
            sheet,
            room.inset(22.0, 44.0, 0.0, 18.0),
            Axis::exact("order of entry, k", Unit::Count, first - 0.6, last + 0.6).bare(),
            Axis::linear("distance rank", Unit::Plain, heights, true),
        );
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
        let drawn = || points.iter().filter(|point| point.depleted.is_finite());
        let edge = |side: f64| drawn().map(move |point| (f64::from(point.k), point.depleted + side * point.margin));
        let edge = |side: f64| edge(side).map(|(k, rank)| panel.at(k, rank)).collect::<Vec<_>>();
        // Where the means would lie: a diamond outside is more than chance.
        sheet.area(edge(-1.0).into_iter().rev().chain(edge(1.0)), INK.mix(0.22));
        sheet.line(edge(0.0), DRAWN);
        for point in &points {
            sheet.marker(panel.at(f64::from(point.k), point.mean), style::Marker::Diamond, 3.6, VERMILLION);
        }
        legend(sheet, room);
        numbers(sheet, &panel, room, &points);
    }
}

fn legend(sheet: &mut Sheet, room: Frame) {
    let (y, low) = (room.top + 4.0, room.top + 23.0);
    let (a, b, c) = (room.left, room.left + 155.0, room.left + 245.0);
    sheet.tile(Frame { left: a, top: y - 6.0, right: a + 16.0, bottom: y + 6.0 }, BLUE.mix(0.22));
    sheet.beside("quartile to quartile", (a + 22.0, y), size::TICK, INK, Anchor::Start);
    sheet.line([(b, y), (b + 16.0, y)], Stroke::solid(BLUE, 2.4));
    sheet.beside("median", (b + 22.0, y), size::TICK, INK, Anchor::Start);
    sheet.line([(c, y), (c + 26.0, y)], Stroke::dashed(VERMILLION, 1.6));
    sheet.marker((c + 13.0, y), style::Marker::Diamond, 3.6, VERMILLION);
    sheet.beside("mean", (c + 32.0, y), size::TICK, INK, Anchor::Start);
    sheet.tile(Frame { left: a, top: low - 6.0, right: a + 26.0, bottom: low + 6.0 }, INK.mix(0.22));
    sheet.line([(a, low), (a + 26.0, low)], DRAWN);
    sheet.beside(
        "mean if drawn without replacement, with 95% interval",
        (a + 32.0, low),
        size::TICK,
        INK,
        Anchor::Start,
    );
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
