//! Where an arm brings firms: additional and lost entries by market as circles on a map of the world.

use plotters::style::{Color, RGBColor};

use super::Picture;
use super::data::Data;
use super::font;
use super::map::{EUROPE, EUROPE_HIGH, Globe, LARGEST, WORLD, WORLD_HIGH, land, within_europe, world_of};
use super::sheet::{Anchor, Frame, Point, Sheet};
use super::style::{
    BLUE, INK, Marker, PALE, SOFT, Stroke, VERMILLION, WHITE, darker, listed, plain, signed, signed_beside, size,
};
use crate::number::f64s;

pub const STEM: &str = "additional_entries";
pub const ABOUT: &str = "Where the arm with the largest effect brings firms";

/// Labels in each map.
const LABELS: usize = 10;
/// Share of the changes in Europe from which it is enlarged.
const ENLARGE: f64 = 0.25;

/// A foreign market.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Market {
    pub name: String,
    /// Degrees east and north.
    pub longitude: f64,
    pub latitude: f64,
    /// Additional firms that serve it, with the 95 % interval; fewer than none where there are less.
    pub mean: f64,
    pub low: f64,
    pub high: f64,
    /// Is the change clear, picked as it is from all markets?
    pub clear: bool,
}

impl Market {
    fn in_europe(&self) -> bool {
        within_europe(self.longitude, self.latitude)
    }
}

/// An arm on the map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    pub arm: String,
    /// The last year compared.
    pub year: i32,
    /// Closed outlines of land: (degrees east, degrees north).
    pub outlines: Vec<Vec<(f32, f32)>>,
    pub markets: Vec<Market>,
    /// Where firms are at home: degrees east, degrees north, name.
    pub homes: Vec<(f64, f64, String)>,
    /// The finding.
    pub title: String,
}

impl Input {
    /// Markets with a place and a change, the largest first.
    fn shown(&self) -> Vec<&Market> {
        let whole = |market: &&Market| {
            let place = market.longitude.is_finite() && market.latitude.is_finite();
            place && market.mean.is_finite() && market.mean != 0.0
        };
        let mut markets: Vec<&Market> = self.markets.iter().filter(whole).collect();
        markets.sort_by(|a, b| b.mean.abs().total_cmp(&a.mean.abs()).then_with(|| a.name.cmp(&b.name)));
        markets
    }

    fn enlarges(&self) -> bool {
        let shown = self.shown();
        let sum = |all: bool| -> f64 {
            shown.iter().filter(|market| all || market.in_europe()).map(|market| market.mean.abs()).sum()
        };
        shown.iter().filter(|market| market.in_europe()).count() > 2 && sum(false) >= ENLARGE * sum(true)
    }

    fn most(&self) -> f64 {
        self.shown().first().map_or(1.0, |market| market.mean.abs())
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
        self.shown().is_empty().then(|| "no market has more or fewer firms than in the baseline".to_owned())
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn subtitle(&self) -> String {
        format!(
            "Area: firms serving a market in {}, arm minus baseline; blue: more, vermillion ring: fewer; faint: not clear, all markets \
             considered; diamonds: home countries (Equal Earth)",
            self.year
        )
    }

    fn alt(&self) -> String {
        let shown = self.shown();
        let say = |market: &&Market| {
            let [mean, low, high] = signed_beside([market.mean, market.low, market.high]);
            format!("{} {mean} ({low} to {high})", market.name)
        };
        let clear: Vec<&&Market> = shown.iter().filter(|market| market.clear).collect();
        let parts: Vec<String> = clear.iter().take(LABELS).map(|market| say(market)).collect();
        let told = if parts.is_empty() { String::new() } else { format!(" Of these, by size: {}.", listed(&parts)) };
        format!(
            "World map of the change of firms per market by {} in {}. {} markets change, {} of them clearly (Holm over all markets).{told}",
            self.arm,
            self.year,
            shown.len(),
            clear.len(),
        )
    }

    fn size(&self) -> (f64, f64) {
        (800.0, 135.0 + WORLD_HIGH + if self.enlarges() { EUROPE_HIGH + 24.0 } else { 0.0 })
    }

    fn data(&self) -> Data {
        let mut data =
            Data::new(&["market", "longitude", "latitude", "additional_firms", "low", "high", "arm", "year"]);
        for market in self.shown() {
            let Market { name, longitude, latitude, mean, low, high, .. } = market;
            data.row(&[name, longitude, latitude, mean, low, high, &self.arm, &self.year]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let world = world_of(room);
        let enlarged = self.enlarges();
        self.draw_map(sheet, &Globe::new(world, WORLD), |market| !(enlarged && market.in_europe()));
        self.legend(sheet, world);
        if enlarged {
            let europe = Frame { top: world.bottom + 24.0, bottom: world.bottom + 24.0 + world.high(), ..room };
            let at = (room.left, world.bottom + 16.0);
            sheet.words("Europe, circles to the same scale", at, size::TICK, SOFT, Anchor::Start);
            self.draw_map(sheet, &Globe::new(europe, EUROPE), Market::in_europe);
            sheet.border(europe, Stroke::solid(PALE, 1.0));
        }
    }
}

impl Input {
    /// Land, circles, homes, and labels for the largest clear changes that `named` picks.
    fn draw_map(&self, sheet: &mut Sheet, globe: &Globe, named: impl Fn(&Market) -> bool) {
        for outline in &self.outlines {
            land(sheet, globe, outline);
        }
        let most = self.most();
        let circle = |market: &&Market| (LARGEST * (market.mean.abs() / most).sqrt()).max(1.2);
        let circles: Vec<(&Market, Point, f64)> = self
            .shown()
            .into_iter()
            .map(|market| (market, globe.at(market.longitude, market.latitude), circle(&market)))
            .filter(|(_, at, _)| globe.shows(*at))
            .collect();
        for (market, at, radius) in &circles {
            let strong = if market.clear { 1.0 } else { 0.35 };
            change(sheet, *at, *radius, market.mean > 0.0, if named(market) { strong } else { 0.35 * strong });
        }
        let homes: Vec<Point> = self.homes.iter().map(|(x, y, _)| globe.at(*x, *y)).collect();
        for at in homes.iter().filter(|at| globe.shows(**at)) {
            sheet.shape(*at, Marker::Diamond, 6.2, WHITE);
            sheet.shape(*at, Marker::Diamond, 5.0, INK);
        }
        let around = circles.iter().map(|(_, at, radius)| Frame::around(*at, 0.8 * radius, 0.8 * radius));
        let obstacles: Vec<Frame> = around.chain(homes.iter().map(|at| Frame::around(*at, 5.0, 5.0))).collect();
        let told = circles.iter().filter(|(market, ..)| named(market) && market.clear);
        for (market, at, radius) in told.take(LABELS) {
            let text = format!("{} {}", market.name, signed(market.mean));
            sheet.tag(&text, *at, *radius, size::NOTE, globe.frame, &obstacles);
        }
    }

    /// Circles of round sizes with what they mean.
    fn legend(&self, sheet: &mut Sheet, room: Frame) {
        let most = self.most();
        let power = f64s::pow(10.0, f64s::log10(most).floor());
        let round = [5.0, 2.0, 1.0].into_iter().map(|part| part * power);
        let top = round.into_iter().find(|round| *round <= most * (1.0 + 1e-9)).unwrap_or(most);
        let left = room.left + LARGEST + 2.0;
        let mut y = room.bottom - 4.0;
        for (value, more) in [(-0.2 * top, false), (0.2 * top, true), (top, true)] {
            let radius = (LARGEST * (value.abs() / most).sqrt()).max(1.2);
            y -= radius.max(7.0);
            change(sheet, (left, y), radius, more, 1.0);
            let text = font::fit(&format!("{}{}", if more { "+" } else { "−" }, plain(value.abs())), size::NOTE, 120.0);
            sheet.beside(&text, (left + LARGEST + 8.0, y), size::NOTE, INK, Anchor::Start);
            y -= radius.max(7.0) + 3.0;
        }
        sheet.words("firms", (room.left, y - 4.0), size::NOTE, SOFT, Anchor::Start);
    }
}

/// A circle: filled for more, a ring for fewer, fainter where less is known.
fn change(sheet: &mut Sheet, at: Point, radius: f64, more: bool, strong: f64) {
    let colour: RGBColor = if more { BLUE } else { VERMILLION };
    if more {
        sheet.disc(at, radius, colour.mix(0.45 * strong));
    }
    let corner = |i: i32| {
        let turn = std::f64::consts::TAU * f64::from(i) / 48.0;
        (at.0 + radius * f64s::cos(turn), at.1 + radius * f64s::sin(turn))
    };
    let width = if more { 0.9 } else { 1.6 };
    sheet.outline((0..48).map(corner), Stroke::solid(darker(colour).mix(strong), width));
}
