//! Where firms go: foreign markets as circles on a map of the world, with Europe enlarged where it matters.
//!
//! ```text
//! sin θ = (√3 / 2) · sin φ
//! x = 2 √3 · λ · cos θ / (3 · (A1 + 3 A2 θ² + 7 A3 θ⁶ + 9 A4 θ⁸))
//! y = A1 θ + A2 θ³ + A3 θ⁷ + A4 θ⁹
//! ```
//!
//! φ: latitude; λ: longitude (radians). The Equal Earth projection keeps areas true, so that neither countries nor
//! circles mislead. Šavrič, Patterson & Jenny (2019), *Int. J. Geogr. Inf. Sci.* 33(3), 454–465.

use plotters::style::Color;

use super::Picture;
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Point, Sheet};
use super::style::{BLUE, INK, Marker, PALE, SOFT, Stroke, VERMILLION, WHITE, darker, listed, percent, plain, size};
use crate::number::f64s;

pub const STEM: &str = "map";
pub const ABOUT: &str = "Foreign markets on the map";

/// Degrees of longitude and latitude: west, south, east, north.
pub(super) type Region = [f64; 4];
/// South of this there are no markets, and land is left out.
pub(super) const WORLD: Region = [-180.0, -57.0, 180.0, 83.0];
pub(super) const EUROPE: Region = [-25.0, 34.0, 45.0, 66.0];
/// Share of the counts in Europe from which it is enlarged.
const ENLARGE: f64 = 0.25;
pub(super) const WORLD_HIGH: f64 = 372.0;
pub(super) const EUROPE_HIGH: f64 = 372.0;
/// Radius of the largest circle in units of the page.
pub(super) const LARGEST: f64 = 22.0;
/// Labels in each map.
const LABELS: usize = 10;

/// A foreign market.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Market {
    pub name: String,
    /// Degrees east and north.
    pub longitude: f64,
    pub latitude: f64,
    /// What the area of the circle shows.
    pub count: f64,
    /// A word more for the label, such as "12%"; "" for none.
    pub note: String,
}

/// Circles on a map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// Closed outlines of land: (degrees east, degrees north).
    pub outlines: Vec<Vec<(f32, f32)>>,
    pub markets: Vec<Market>,
    /// Where firms are at home: degrees east, degrees north, name.
    pub homes: Vec<(f64, f64, String)>,
    /// What is counted, such as "market entries"; stands in title, subtitle and legend.
    pub measure: String,
}

/// Equal Earth: degrees east and north to right and up; the equator is 5.41 long.
fn project(longitude: f64, latitude: f64) -> Point {
    const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];
    let root = f64::sqrt(3.0);
    let theta = f64s::asin(root / 2.0 * f64s::sin(latitude.clamp(-90.0, 90.0).to_radians()));
    let two = theta * theta;
    let six = two * two * two;
    let slope = A[0] + 3.0 * A[1] * two + six * (7.0 * A[2] + 9.0 * A[3] * two);
    let x = 2.0 * root * longitude.to_radians() * f64s::cos(theta) / (3.0 * slope);
    (x, theta * (A[0] + A[1] * two + six * (A[2] + A[3] * two)))
}

/// The upper part of a room that holds the world.
pub(super) fn world_of(room: Frame) -> Frame {
    Frame { bottom: (room.top + WORLD_HIGH.min(0.49 * room.wide())).min(room.bottom), ..room }
}

/// A region fitted into a frame; its own middle meridian is upright.
pub(super) struct Globe {
    pub frame: Frame,
    meridian: f64,
    middle: Point,
    scale: f64,
}

impl Globe {
    pub fn new(frame: Frame, [west, south, east, north]: Region) -> Self {
        let meridian = (west + east) / 2.0;
        // A region is widest where it is nearest to the equator.
        let widest = south.max(0.0).min(north);
        let half = project((east - west) / 2.0, widest).0;
        let (bottom, top) = (project(0.0, south).1, project(0.0, north).1);
        let scale = (frame.wide() / (2.0 * half)).min(frame.high() / (top - bottom));
        let (x, y) = frame.centre();
        Self { frame, meridian, middle: (x, y + scale * (top + bottom) / 2.0), scale }
    }

    pub fn at(&self, longitude: f64, latitude: f64) -> Point {
        let (x, y) = project(longitude - self.meridian, latitude);
        (self.middle.0 + self.scale * x, self.middle.1 - self.scale * y)
    }

    pub fn shows(&self, at: Point) -> bool {
        self.frame.holds(&Frame::around(at, 0.0, 0.0))
    }
}

/// The part of a ring where `inside` is not negative: Sutherland & Hodgman (1974), *Commun. ACM* 17(1), 32–42.
fn cut(ring: &[Point], inside: impl Fn(Point) -> f64) -> Vec<Point> {
    let mut kept = Vec::with_capacity(ring.len() + 4);
    for (i, &from) in ring.iter().enumerate() {
        let to = ring[(i + 1) % ring.len()];
        let (a, b) = (inside(from), inside(to));
        if a >= 0.0 {
            kept.push(from);
        }
        if (a < 0.0) != (b < 0.0) {
            let share = a / (a - b);
            kept.push((from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1)));
        }
    }
    kept
}

/// The outline carried on beyond the date line instead of jumping back across the map.
fn unrolled(outline: &[(f32, f32)]) -> Vec<Point> {
    let mut shift = 0.0;
    let mut last: Option<f64> = None;
    let mut ring = Vec::with_capacity(outline.len());
    for &(longitude, latitude) in outline {
        let longitude = f64::from(longitude);
        let jump = longitude - last.unwrap_or(longitude);
        shift -= if jump > 180.0 { 360.0 } else { 0.0 };
        shift += if jump < -180.0 { 360.0 } else { 0.0 };
        last = Some(longitude);
        ring.push((longitude + shift, f64::from(latitude)));
    }
    ring
}

/// One piece of land in a map: each turn of the globe at which it lies within half a turn of the meridian, cut to the
/// frame.
pub(super) fn land(sheet: &mut Sheet, globe: &Globe, outline: &[(f32, f32)]) {
    let ring = cut(&unrolled(outline), |at| at.1 - WORLD[1]);
    for turn in [-720.0, -360.0, 0.0, 360.0, 720.0] {
        let (west, east) = (globe.meridian - 180.0 - turn, globe.meridian + 180.0 - turn);
        let piece = cut(&cut(&ring, |at| at.0 - west), |at| east - at.0);
        let places: Vec<Point> = piece.iter().map(|at| globe.at(at.0 + turn, at.1)).collect();
        let frame = globe.frame;
        let places = cut(&cut(&places, |at| at.0 - frame.left), |at| frame.right - at.0);
        let places = cut(&cut(&places, |at| at.1 - frame.top), |at| frame.bottom - at.1);
        sheet.area(places.iter().copied(), PALE);
        sheet.outline(places, Stroke::solid(WHITE, 0.7));
    }
}

impl Input {
    /// Markets with a place and a count, the largest first.
    fn shown(&self) -> Vec<&Market> {
        let whole = |market: &&Market| {
            let place = market.longitude.is_finite() && market.latitude.is_finite();
            place && market.count.is_finite() && market.count > 0.0
        };
        let mut markets: Vec<&Market> = self.markets.iter().filter(whole).collect();
        markets.sort_by(|a, b| b.count.total_cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        markets
    }

    fn measure(&self) -> &str {
        if self.measure.is_empty() { "entries" } else { &self.measure }
    }

    /// Is so much in Europe that it needs a map of its own?
    fn enlarges(&self) -> bool {
        let markets = self.shown();
        let all: f64 = markets.iter().map(|market| market.count).sum();
        let inner: Vec<&&Market> = markets.iter().filter(|market| european(market)).collect();
        inner.len() > 2 && inner.iter().map(|market| market.count).sum::<f64>() >= ENLARGE * all
    }
}

fn european(market: &Market) -> bool {
    within_europe(market.longitude, market.latitude)
}

pub(super) fn within_europe(longitude: f64, latitude: f64) -> bool {
    let [west, south, east, north] = EUROPE;
    (west..=east).contains(&longitude) && (south..=north).contains(&latitude)
}

impl Picture for Input {
    fn stem(&self) -> &str {
        STEM
    }

    fn about(&self) -> &str {
        ABOUT
    }

    fn lack(&self) -> Option<String> {
        self.shown().is_empty().then(|| "no exporters in this run".to_owned())
    }

    fn title(&self) -> String {
        let markets = self.shown();
        let all: f64 = markets.iter().map(|market| market.count).sum();
        let first: f64 = markets.iter().take(3).map(|market| market.count).sum();
        let names: Vec<String> = markets.iter().take(3).map(|market| market.name.clone()).collect();
        let verb = if names.len() == 1 { "receives" } else { "receive" };
        format!("{} {verb} {} of {}", listed(&names), percent(first / all), self.measure())
    }

    fn subtitle(&self) -> String {
        let home = if self.homes.is_empty() { "" } else { "; diamonds: home countries" };
        format!("Area of a circle: {} by foreign market{home} (Equal Earth projection)", self.measure())
    }

    fn alt(&self) -> String {
        let markets = self.shown();
        let part = |market: &&Market| format!("{} {}", market.name, plain(market.count));
        let parts: Vec<String> = markets.iter().take(LABELS).map(part).collect();
        let homes: Vec<String> = self.homes.iter().map(|home| home.2.clone()).collect();
        let homes = if homes.is_empty() { String::new() } else { format!(" Firms are at home in {}.", listed(&homes)) };
        format!(
            "World map with circles for {} markets by {}.{homes} The largest: {}.",
            markets.len(),
            self.measure(),
            listed(&parts),
        )
    }

    fn size(&self) -> (f64, f64) {
        (800.0, 118.0 + WORLD_HIGH + if self.enlarges() { EUROPE_HIGH + 24.0 } else { 0.0 })
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["market", "longitude", "latitude", "count", "what"]);
        for market in self.shown() {
            data.row(&[&market.name, &market.longitude, &market.latitude, &market.count, &self.measure()]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let world = world_of(room);
        let enlarged = self.enlarges();
        self.draw_map(sheet, &Globe::new(world, WORLD), |market| !(enlarged && european(market)), enlarged);
        let most = self.shown().first().map_or(1.0, |market| market.count);
        legend(sheet, world, most, self.measure());
        if enlarged {
            let europe = Frame { top: world.bottom + 24.0, bottom: world.bottom + 24.0 + world.high(), ..room };
            sheet.words(
                "Europe, circles to the same scale",
                (room.left, world.bottom + 16.0),
                size::TICK,
                SOFT,
                Anchor::Start,
            );
            let globe = Globe::new(europe, EUROPE);
            self.draw_map(sheet, &globe, european, false);
            sheet.border(europe, Stroke::solid(PALE, 1.0));
        }
    }
}

impl Input {
    /// Land, circles, homes, and labels for the largest markets that `named` picks; the others are `faint` where another
    /// map shows them.
    fn draw_map(&self, sheet: &mut Sheet, globe: &Globe, named: impl Fn(&Market) -> bool, faint: bool) {
        for outline in &self.outlines {
            land(sheet, globe, outline);
        }
        let markets = self.shown();
        let most = markets.first().map_or(1.0, |market| market.count);
        let circles: Vec<(&Market, Point, f64)> = markets
            .into_iter()
            .map(|market| {
                let radius = (LARGEST * (market.count / most).sqrt()).max(1.2);
                (market, globe.at(market.longitude, market.latitude), radius)
            })
            .filter(|(_, at, _)| globe.shows(*at))
            .collect();
        for (market, at, radius) in &circles {
            let faint = faint && !named(market);
            sheet.disc(*at, *radius, VERMILLION.mix(if faint { 0.07 } else { 0.4 }));
            rim(sheet, *at, *radius, if faint { 0.45 } else { 0.9 });
        }
        let homes: Vec<(&str, Point)> =
            self.homes.iter().map(|(x, y, name)| (name.as_str(), globe.at(*x, *y))).collect();
        for (_, at) in &homes {
            sheet.shape(*at, Marker::Diamond, 6.2, WHITE);
            sheet.shape(*at, Marker::Diamond, 5.0, BLUE);
        }
        let around = circles.iter().map(|(_, at, radius)| Frame::around(*at, 0.8 * radius, 0.8 * radius));
        let obstacles: Vec<Frame> = around.chain(homes.iter().map(|home| Frame::around(home.1, 5.0, 5.0))).collect();
        let mut said: Vec<&str> = Vec::new();
        for (market, at, radius) in circles.iter().filter(|circle| named(circle.0)).take(LABELS) {
            let text = format!("{} {}", market.name, market.note);
            let beside = sheet.tag(text.trim(), *at, *radius, size::NOTE, globe.frame, &obstacles);
            if beside || sheet.lead(text.trim(), *at, *radius, size::NOTE, globe.frame, &obstacles) {
                said.push(&market.name);
            }
        }
        // A home that is a market of other homes has its name already; in a map with an enlarged part it stands there.
        for (name, at) in homes.iter().filter(|home| globe.shows(home.1) && !said.contains(&home.0)) {
            let enlarged = faint && self.homes.iter().any(|home| home.2 == *name && within_europe(home.0, home.1));
            if !enlarged {
                sheet.tag(name, *at, 5.0, size::NOTE, globe.frame, &obstacles);
            }
        }
    }
}

/// The outline of a circle.
fn rim(sheet: &mut Sheet, at: Point, radius: f64, width: f64) {
    let corner = |i: i32| {
        let turn = std::f64::consts::TAU * f64::from(i) / 48.0;
        (at.0 + radius * f64s::cos(turn), at.1 + radius * f64s::sin(turn))
    };
    sheet.outline((0..48).map(corner), Stroke::solid(darker(VERMILLION), width));
}

/// Three circles of round sizes with what they mean.
fn legend(sheet: &mut Sheet, room: Frame, most: f64, measure: &str) {
    let power = f64s::pow(10.0, f64s::log10(most).floor());
    let round = [5.0, 2.0, 1.0].into_iter().map(|part| part * power);
    let top = round.into_iter().find(|round| *round <= most * (1.0 + 1e-9)).unwrap_or(most);
    let left = room.left + LARGEST + 2.0;
    let mut y = room.bottom - 4.0;
    // Half an entry is none: where counts are small, fewer circles stand in the legend.
    for part in [0.1, 0.4, 1.0].into_iter().filter(|part| *part == 1.0 || part * top >= 1.0) {
        let radius = (LARGEST * (part * top / most).sqrt()).max(1.2);
        y -= radius.max(7.0);
        sheet.disc((left, y), radius, VERMILLION.mix(0.4));
        rim(sheet, (left, y), radius, 0.9);
        sheet.beside(
            &font::fit(&plain(part * top), size::NOTE, 120.0),
            (left + LARGEST + 8.0, y),
            size::NOTE,
            INK,
            Anchor::Start,
        );
        y -= radius.max(7.0) + 3.0;
    }
    let measure = font::fit(&font::clean(measure), size::NOTE, 150.0);
    sheet.words(&measure, (room.left, y - 4.0), size::NOTE, SOFT, Anchor::Start);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_projection_keeps_areas() {
        // Cells of one degree shrink with the cosine of the latitude.
        let cell = |latitude: f64| {
            let (a, b) = (project(10.0, latitude - 0.5), project(11.0, latitude + 0.5));
            let c = project(11.0, latitude - 0.5);
            (c.0 - a.0) * (b.1 - a.1) / f64s::cos(latitude.to_radians())
        };
        for latitude in [15.0, 45.0, 60.0, -30.0] {
            assert!((cell(latitude) / cell(0.0) - 1.0).abs() < 0.02, "{latitude}: {} {}", cell(latitude), cell(0.0));
        }
        assert!((project(180.0, 0.0).0 - 2.706_630).abs() < 1e-5);
    }

    #[test]
    fn land_across_the_date_line_appears_on_both_sides() {
        let ring = unrolled(&[(170.0, 0.0), (-170.0, 0.0), (-170.0, 10.0), (170.0, 10.0)]);
        assert_eq!(ring, [(170.0, 0.0), (190.0, 0.0), (190.0, 10.0), (170.0, 10.0)]);
        let west = cut(&ring, |at| 180.0 - at.0);
        assert_eq!(west, [(170.0, 0.0), (180.0, 0.0), (180.0, 10.0), (170.0, 10.0)]);
        assert!(cut(&ring, |at| at.1 - 20.0).is_empty() && cut(&[], |at| at.0).is_empty());
    }
}
