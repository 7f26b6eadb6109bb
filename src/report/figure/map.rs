//! Where firms go: foreign markets as circles on a map of the world.
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
use super::font;
use super::sheet::{Anchor, Frame, Point, Sheet};
use super::style::{BLUE, INK, Marker, PALE, SOFT, Stroke, VERMILLION, WHITE, darker, listed, percent, plain, size};
use crate::number::f64s;

pub const STEM: &str = "map";
pub const ABOUT: &str = "Foreign markets on the map";

/// South of this there are no markets, and land is left out.
const SOUTH: f64 = -58.0;
const NORTH: f64 = 84.0;
/// Radius of the largest circle in units of the page.
const LARGEST: f64 = 24.0;
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

/// The map fitted into a frame.
struct Globe {
    middle: Point,
    scale: f64,
}

impl Globe {
    fn new(room: Frame) -> Self {
        let (right, _) = project(180.0, 0.0);
        let (top, bottom) = (project(0.0, NORTH).1, project(0.0, SOUTH).1);
        let scale = (room.wide() / (2.0 * right)).min(room.high() / (top - bottom));
        let (x, y) = room.centre();
        Self { middle: (x, y + scale * (top + bottom) / 2.0), scale }
    }

    fn at(&self, longitude: f64, latitude: f64) -> Point {
        let (x, y) = project(longitude, latitude);
        (self.middle.0 + self.scale * x, self.middle.1 - self.scale * y)
    }
}

impl Input {
    /// Markets with a place and a count, the largest first.
    fn shown(&self) -> Vec<&Market> {
        let whole = |market: &&Market| {
            market.longitude.is_finite()
                && market.latitude.is_finite()
                && market.count.is_finite()
                && market.count > 0.0
        };
        let mut markets: Vec<&Market> = self.markets.iter().filter(whole).collect();
        markets.sort_by(|a, b| b.count.total_cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        markets
    }

    fn measure(&self) -> &str {
        if self.measure.is_empty() { "entries" } else { &self.measure }
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

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let globe = Globe::new(room);
        for outline in &self.outlines {
            land(sheet, &globe, outline);
        }
        let markets = self.shown();
        let most = markets[0].count;
        let radius = |count: f64| LARGEST * (count / most).sqrt();
        for market in &markets {
            let at = globe.at(market.longitude, market.latitude);
            sheet.disc(at, radius(market.count).max(1.2), VERMILLION.mix(0.42));
            rim(sheet, at, radius(market.count).max(1.2));
        }
        legend(sheet, room, most, self.measure());
        let mut obstacles: Vec<Frame> = markets
            .iter()
            .filter(|market| radius(market.count) > 4.0)
            .map(|market| {
                Frame::around(
                    globe.at(market.longitude, market.latitude),
                    radius(market.count) * 0.7,
                    radius(market.count) * 0.7,
                )
            })
            .collect();
        for (longitude, latitude, _) in &self.homes {
            let at = globe.at(*longitude, *latitude);
            sheet.shape(at, Marker::Diamond, 6.2, WHITE);
            sheet.shape(at, Marker::Diamond, 5.0, BLUE);
            obstacles.push(Frame::around(at, 5.0, 5.0));
        }
        let page = Frame { bottom: room.bottom + 4.0, ..room };
        for (longitude, latitude, name) in &self.homes {
            sheet.tag(name, globe.at(*longitude, *latitude), 5.0, size::NOTE, page, &obstacles);
        }
        for market in markets.iter().take(LABELS) {
            let text = format!("{} {}", market.name, market.note);
            let at = globe.at(market.longitude, market.latitude);
            sheet.tag(text.trim(), at, radius(market.count), size::NOTE, page, &obstacles);
        }
    }
}

/// The outline of a circle.
fn rim(sheet: &mut Sheet, at: Point, radius: f64) {
    let corner = |i: i32| {
        let turn = std::f64::consts::TAU * f64::from(i) / 48.0;
        (at.0 + radius * f64s::cos(turn), at.1 + radius * f64s::sin(turn))
    };
    sheet.outline((0..48).map(corner), Stroke::solid(darker(VERMILLION), 0.9));
}

/// One piece of land; the Antarctic is left out, and a piece that crosses the date line is carried on beyond it.
fn land(sheet: &mut Sheet, globe: &Globe, outline: &[(f32, f32)]) {
    if outline.iter().all(|(_, latitude)| f64::from(*latitude) < SOUTH) {
        return;
    }
    let mut shift = 0.0;
    let mut last: Option<f64> = None;
    let mut ring = Vec::with_capacity(outline.len());
    for &(longitude, latitude) in outline {
        let longitude = f64::from(longitude);
        let jump = longitude - last.unwrap_or(longitude);
        shift -= if jump > 180.0 {
            360.0
        } else if jump < -180.0 {
            -360.0
        } else {
            0.0
        };
        last = Some(longitude);
        ring.push(globe.at(longitude + shift, f64::from(latitude)));
    }
    sheet.area(ring.iter().copied(), PALE);
    sheet.outline(ring, Stroke::solid(WHITE, 0.7));
}

/// Three circles of round sizes with what they mean.
fn legend(sheet: &mut Sheet, room: Frame, most: f64, measure: &str) {
    let power = f64s::pow(10.0, f64s::log10(most).floor());
    let top = [5.0, 2.0, 1.0]
        .into_iter()
        .map(|part| part * power)
        .find(|round| *round <= most * (1.0 + 1e-9))
        .unwrap_or(most);
    let left = room.left + LARGEST + 2.0;
    let mut y = room.bottom - 2.0;
    for part in [0.1, 0.4, 1.0] {
        let radius = (LARGEST * (part * top / most).sqrt()).max(1.2);
        y -= radius.max(7.0);
        sheet.disc((left, y), radius, VERMILLION.mix(0.42));
        rim(sheet, (left, y), radius);
        sheet.beside(&plain(part * top), (left + LARGEST + 8.0, y), size::NOTE, INK, Anchor::Start);
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
}
