//! A page of marks in plain coordinates, which becomes SVG.
//!
//! Because a page can be read back, tests can ask whether any two texts overlap.

use std::fmt::Write as _;

use plotters::style::{Color, RGBAColor, RGBColor};

use super::font;
use super::style::{INK, Marker, SOFT, Stroke, WHITE, darker, size};
use crate::number::f64s;

/// Grid steps per unit of the page: SVG holds whole numbers only, which are shorter.
pub const FINE: f64 = 4.0;

/// A place on the page: right, down.
pub type Point = (f64, f64);

/// An upright rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Frame {
    /// The rectangle around a point.
    pub fn around(at: Point, half_wide: f64, half_high: f64) -> Self {
        Self { left: at.0 - half_wide, top: at.1 - half_high, right: at.0 + half_wide, bottom: at.1 + half_high }
    }

    pub fn wide(&self) -> f64 {
        self.right - self.left
    }

    pub fn high(&self) -> f64 {
        self.bottom - self.top
    }

    pub fn centre(&self) -> Point {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    /// The rectangle with its sides moved inwards.
    pub fn inset(&self, left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self { left: self.left + left, top: self.top + top, right: self.right - right, bottom: self.bottom - bottom }
    }

    pub fn meets(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    pub fn holds(&self, other: &Self) -> bool {
        self.left <= other.left && other.right <= self.right && self.top <= other.top && other.bottom <= self.bottom
    }
}

/// Which part of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// One thing on the page.
#[derive(Clone, Debug)]
enum Mark {
    Area {
        ring: Vec<Point>,
        fill: RGBAColor,
    },
    Line {
        points: Vec<Point>,
        colour: RGBAColor,
        width: f64,
    },
    Disc {
        centre: Point,
        radius: f64,
        fill: RGBAColor,
    },
    Tile {
        frame: Frame,
        fill: RGBAColor,
    },
    /// The place is on the baseline.
    Words {
        text: String,
        at: Point,
        em: f64,
        colour: RGBAColor,
        anchor: Anchor,
    },
}

/// A page.
#[derive(Debug)]
pub struct Sheet {
    pub wide: f64,
    pub high: f64,
    marks: Vec<Mark>,
}

impl Sheet {
    /// An empty white page.
    pub fn new((wide, high): (f64, f64)) -> Self {
        Self { wide, high, marks: Vec::new() }
    }

    /// A filled shape.
    pub fn area(&mut self, ring: impl IntoIterator<Item = Point>, fill: impl Color) {
        let ring = finite(ring);
        if ring.len() > 2 {
            self.marks.push(Mark::Area { ring, fill: fill.to_rgba() });
        }
    }

    /// A line through points; it breaks where a point is not a number.
    pub fn line(&mut self, points: impl IntoIterator<Item = Point>, stroke: Stroke) {
        let points: Vec<Point> = points.into_iter().collect();
        for run in points.split(|at| !(at.0.is_finite() && at.1.is_finite())) {
            for piece in dashes(run, stroke.dash) {
                self.marks.push(Mark::Line { points: piece, colour: stroke.colour, width: stroke.width });
            }
        }
    }

    /// The outline of a shape.
    pub fn outline(&mut self, ring: impl IntoIterator<Item = Point>, stroke: Stroke) {
        let mut ring = finite(ring);
        if let (Some(&first), Some(&second)) = (ring.first(), ring.get(1)) {
            // From the middle of a side to the middle of a side, so that every corner is a joint.
            let middle = ((first.0 + second.0) / 2.0, (first.1 + second.1) / 2.0);
            ring[0] = middle;
            ring.extend([first, middle]);
            self.line(ring, stroke);
        }
    }

    /// A filled rectangle.
    pub fn tile(&mut self, frame: Frame, fill: impl Color) {
        if [frame.left, frame.top, frame.right, frame.bottom].iter().all(|side| side.is_finite()) {
            self.marks.push(Mark::Tile { frame, fill: fill.to_rgba() });
        }
    }

    /// The outline of a rectangle.
    pub fn border(&mut self, Frame { left, top, right, bottom }: Frame, stroke: Stroke) {
        self.outline([(left, top), (right, top), (right, bottom), (left, bottom)], stroke);
    }

    /// A filled rectangle with a darker outline.
    pub fn bar(&mut self, frame: Frame, fill: RGBColor) {
        self.tile(frame, fill);
        self.border(frame, Stroke::solid(darker(fill), 0.8));
    }

    /// A filled disc.
    pub fn disc(&mut self, centre: Point, radius: f64, fill: impl Color) {
        if centre.0.is_finite() && centre.1.is_finite() && radius > 0.0 {
            self.marks.push(Mark::Disc { centre, radius, fill: fill.to_rgba() });
        }
    }

    /// A disc with an outline.
    pub fn ringed(&mut self, centre: Point, radius: f64, fill: impl Color, rim: impl Color) {
        self.disc(centre, radius + 0.9, rim);
        self.disc(centre, radius, fill);
    }

    /// A marker with a white rim.
    pub fn marker(&mut self, at: Point, marker: Marker, radius: f64, colour: impl Color) {
        self.shape(at, marker, radius + 1.1, WHITE);
        self.shape(at, marker, radius, colour);
    }

    /// A marker without a rim.
    pub fn shape(&mut self, (x, y): Point, marker: Marker, radius: f64, colour: impl Color) {
        let r = radius;
        match marker {
            Marker::Disc => self.disc((x, y), r, colour),
            Marker::Square => self.tile(Frame::around((x, y), 0.88 * r, 0.88 * r), colour),
            Marker::Triangle => {
                self.area([(x, y - 1.2 * r), (x + 1.1 * r, y + 0.8 * r), (x - 1.1 * r, y + 0.8 * r)], colour);
            }
            Marker::Diamond => {
                self.area([(x, y - 1.25 * r), (x + 1.25 * r, y), (x, y + 1.25 * r), (x - 1.25 * r, y)], colour);
            }
            Marker::Wedge => {
                self.area([(x, y + 1.2 * r), (x + 1.1 * r, y - 0.8 * r), (x - 1.1 * r, y - 0.8 * r)], colour);
            }
            Marker::Hexagon => {
                let side = |turn: f64| (x + 1.1 * r * f64s::cos(turn), y + 1.1 * r * f64s::sin(turn));
                self.area((0..6).map(|i| side(std::f64::consts::TAU * f64::from(i) / 6.0)), colour);
            }
            Marker::Plus => {
                let stroke = Stroke::solid(colour, 0.6 * r);
                self.line([(x - 1.2 * r, y), (x + 1.2 * r, y)], stroke);
                self.line([(x, y - 1.2 * r), (x, y + 1.2 * r)], stroke);
            }
            Marker::Cross => {
                let stroke = Stroke::solid(colour, 0.6 * r);
                self.line([(x - r, y - r), (x + r, y + r)], stroke);
                self.line([(x - r, y + r), (x + r, y - r)], stroke);
            }
        }
    }

    /// A text with its baseline at a place.
    pub fn words(&mut self, text: &str, at: Point, em: f64, colour: impl Color, anchor: Anchor) {
        let text = font::clean(text).trim().to_owned();
        if !text.is_empty() && at.0.is_finite() && at.1.is_finite() {
            self.marks.push(Mark::Words { text, at, em, colour: colour.to_rgba(), anchor });
        }
    }

    /// A text on a veil of white, legible over lines and land.
    pub fn note(&mut self, text: &str, at: Point, em: f64, colour: impl Color, anchor: Anchor) {
        self.tile(text_frame(at, font::width(text, em), em, anchor), WHITE.mix(0.72));
        self.words(text, at, em, colour, anchor);
    }

    /// A text whose letters are centred on a height.
    pub fn beside(&mut self, text: &str, at: Point, em: f64, colour: impl Color, anchor: Anchor) {
        self.words(text, (at.0, at.1 + 0.36 * em), em, colour, anchor);
    }

    /// Labels a disc where there is room within `page`: beside, above or below, clear of other texts and of
    /// `obstacles`. Gives back whether there was room.
    pub fn tag(&mut self, text: &str, at: Point, radius: f64, em: f64, page: Frame, obstacles: &[Frame]) -> bool {
        let text = font::fit(&font::clean(text), em, 170.0);
        let wide = font::width(&text, em);
        let (gap, lift) = (radius + 4.0, radius + 5.0);
        let slant = 0.7 * radius + 3.0;
        let places = [
            ((at.0 + gap, at.1 + 0.36 * em), Anchor::Start),
            ((at.0 - gap, at.1 + 0.36 * em), Anchor::End),
            ((at.0, at.1 - lift), Anchor::Middle),
            ((at.0, at.1 + lift + 0.72 * em), Anchor::Middle),
            ((at.0 + slant, at.1 - slant), Anchor::Start),
            ((at.0 + slant, at.1 + slant + 0.72 * em), Anchor::Start),
            ((at.0 - slant, at.1 - slant), Anchor::End),
            ((at.0 - slant, at.1 + slant + 0.72 * em), Anchor::End),
        ];
        let taken: Vec<Frame> =
            self.texts().into_iter().map(|(_, frame)| frame).chain(obstacles.iter().copied()).collect();
        let free = |place: &&(Point, Anchor)| {
            let frame = text_frame(place.0, wide, em, place.1);
            page.holds(&frame) && !taken.iter().any(|other| other.meets(&frame))
        };
        let Some(&(place, anchor)) = places.iter().find(free) else { return false };
        self.note(&text, place, em, INK, anchor);
        true
    }

    /// A label beside a circle in a crowd: farther off than [`Sheet::tag`] would set it, at the end of a thin line that
    /// crosses no text. Gives back whether there was room.
    pub fn lead(&mut self, text: &str, at: Point, radius: f64, em: f64, page: Frame, obstacles: &[Frame]) -> bool {
        const TURNS: u32 = 24;
        let text = font::fit(&font::clean(text), em, 170.0);
        let wide = font::width(&text, em);
        let texts: Vec<Frame> = self.texts().into_iter().map(|(_, frame)| frame).collect();
        let ways = (1..=6).flat_map(|far| (0..TURNS).map(move |turn| (12.0 * f64::from(far), turn)));
        for (far, turn) in ways {
            let angle = std::f64::consts::TAU * f64::from(turn) / f64::from(TURNS);
            let (across, down) = (f64s::cos(angle), f64s::sin(angle));
            let on = |reach: f64| (at.0 + reach * across, at.1 + reach * down);
            let end = on(radius + far);
            let (side, anchor) = if across < 0.0 { (-3.0, Anchor::End) } else { (3.0, Anchor::Start) };
            let place = (end.0 + side, end.1 + 0.36 * em);
            let frame = text_frame(place, wide, em, anchor);
            let free = page.holds(&frame) && !texts.iter().chain(obstacles).any(|other| other.meets(&frame));
            let steps = (0..=12).map(|step| on(radius + far * f64::from(step) / 12.0));
            let mut crossed = steps.filter(|step| texts.iter().any(|text| text.holds(&Frame::around(*step, 0.0, 0.0))));
            if free && crossed.next().is_none() {
                self.line([on(radius), end], Stroke::solid(INK, 0.8));
                self.note(&text, place, em, INK, anchor);
                return true;
            }
        }
        false
    }

    /// Writes title, subtitle and caption; gives back the room left between them.
    pub fn head_and_foot(&mut self, title: &str, subtitle: &str, caption: &str) -> Frame {
        const SIDE: f64 = 18.0;
        let room = self.wide - 2.0 * SIDE;
        let mut y = 10.0;
        for line in font::balance(&font::clean(title), size::TITLE, room, 2) {
            y += 22.0;
            self.words(&line, (SIDE, y), size::TITLE, INK, Anchor::Start);
        }
        y += 3.0;
        for line in font::balance(&font::clean(subtitle), size::SUBTITLE, room, 2) {
            y += 17.0;
            self.words(&line, (SIDE, y), size::SUBTITLE, SOFT, Anchor::Start);
        }
        let foot = font::wrap(&font::clean(caption), size::NOTE, room, 3);
        let bottom = self.high - 12.0;
        for (up, line) in foot.iter().rev().enumerate() {
            self.words(line, (SIDE, bottom - 14.0 * up as f64), size::NOTE, SOFT, Anchor::Start);
        }
        Frame { left: SIDE, top: y + 14.0, right: self.wide - SIDE, bottom: bottom - 14.0 * foot.len() as f64 - 4.0 }
    }

    /// Cuts off what lies empty below the lowest mark, but for a margin.
    pub fn crop(&mut self, margin: f64) {
        let lowest = |mark: &Mark| match mark {
            Mark::Area { ring, .. } => ring.iter().map(|at| at.1).fold(0.0, f64::max),
            Mark::Line { points, .. } => points.iter().map(|at| at.1).fold(0.0, f64::max),
            Mark::Disc { centre, radius, .. } => centre.1 + radius,
            Mark::Tile { frame, .. } => frame.bottom,
            Mark::Words { at, em, .. } => at.1 + 0.2 * em,
        };
        let end = self.marks.iter().map(lowest).fold(0.0, f64::max) + margin;
        // Whole units, which the grids of vectors and pixels share.
        self.high = self.high.min(end).ceil();
    }

    /// Every text with the room its letters take.
    pub fn texts(&self) -> Vec<(&str, Frame)> {
        let text = |mark| match mark {
            &Mark::Words { ref text, at, em, anchor, .. } => {
                Some((text.as_str(), text_frame(at, font::width(text, em), em, anchor)))
            }
            _ => None,
        };
        self.marks.iter().filter_map(text).collect()
    }

    /// Every mark as an element of SVG, measured in steps of the grid.
    pub fn svg(&self) -> String {
        let mut out = String::new();
        for mark in &self.marks {
            let _ = writeln!(out, "{}", element(mark));
        }
        out
    }
}

/// A mark as an element: what is half seen through says so of its own paint, for layers are slow to draw.
fn element(mark: &Mark) -> String {
    let paint = |what: &str, colour: &RGBAColor| {
        let (red, green, blue) = colour.rgb();
        let veil = match colour.alpha() {
            alpha if alpha < 1.0 => format!(" {what}-opacity=\"{alpha}\""),
            _ => String::new(),
        };
        format!("{what}=\"#{red:02X}{green:02X}{blue:02X}\"{veil}")
    };
    let places = |points: &[Point]| {
        let steps: Vec<String> = grid_all(points).iter().map(|(x, y)| format!("{x},{y}")).collect();
        steps.join(" ")
    };
    let long = |length: f64| (length * FINE).round().max(1.0);
    match mark {
        Mark::Area { ring, fill } => format!("<polygon points=\"{}\" {}/>", places(ring), paint("fill", fill)),
        Mark::Line { points, colour, width } => format!(
            "<polyline points=\"{}\" fill=\"none\" stroke-width=\"{}\" {}/>",
            places(points),
            long(*width),
            paint("stroke", colour)
        ),
        Mark::Disc { centre, radius, fill } => {
            let (x, y) = grid(*centre);
            format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\" {}/>", long(*radius), paint("fill", fill))
        }
        Mark::Tile { frame, fill } => {
            let ((left, top), (right, bottom)) = (grid((frame.left, frame.top)), grid((frame.right, frame.bottom)));
            let (wide, high) = ((right - left).max(0), (bottom - top).max(0));
            let paint = paint("fill", fill);
            format!("<rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{high}\" {paint}/>")
        }
        Mark::Words { text, at, em, colour, anchor } => {
            let (x, y) = grid(*at);
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            format!(
                "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" text-anchor=\"{anchor}\" {}>{}</text>",
                em * FINE,
                paint("fill", colour),
                quick_xml::escape::escape(text.as_str())
            )
        }
    }
}

fn grid(at: Point) -> (i32, i32) {
    let step = |part: f64| (part * FINE).round().clamp(-1e6, 1e6) as i32;
    (step(at.0), step(at.1))
}

fn grid_all(points: &[Point]) -> Vec<(i32, i32)> {
    let mut steps: Vec<_> = points.iter().map(|&at| grid(at)).collect();
    steps.dedup();
    steps
}

fn finite(points: impl IntoIterator<Item = Point>) -> Vec<Point> {
    points.into_iter().filter(|at| at.0.is_finite() && at.1.is_finite()).collect()
}

/// The room of a text: its letters from descender to ascender.
fn text_frame(at: Point, wide: f64, em: f64, anchor: Anchor) -> Frame {
    let left = match anchor {
        Anchor::Start => at.0,
        Anchor::Middle => at.0 - wide / 2.0,
        Anchor::End => at.0 - wide,
    };
    Frame { left, top: at.1 - 0.76 * em, right: left + wide, bottom: at.1 + 0.2 * em }
}

/// The pieces of a line that a dash pattern leaves.
fn dashes(points: &[Point], pattern: &[f64]) -> Vec<Vec<Point>> {
    if points.len() < 2 {
        return Vec::new();
    }
    if pattern.is_empty() {
        return vec![points.to_vec()];
    }
    let mut pieces = vec![vec![points[0]]];
    let (mut phase, mut left) = (0, pattern[0]);
    for ends in points.windows(2) {
        let (from, to) = (ends[0], ends[1]);
        let long = distance(from, to);
        let mut done = 0.0;
        while long - done > left {
            done += left;
            let share = done / long;
            let at = (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
            if phase % 2 == 0 {
                pieces.last_mut().expect("it begins with one piece").push(at);
            } else {
                pieces.push(vec![at]);
            }
            phase = (phase + 1) % pattern.len();
            left = pattern[phase];
        }
        left -= long - done;
        if phase % 2 == 0 {
            pieces.last_mut().expect("it begins with one piece").push(to);
        }
    }
    pieces.retain(|piece| piece.len() > 1);
    pieces
}

/// The distance between two places.
pub fn distance(a: Point, b: Point) -> f64 {
    ((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)).sqrt()
}

/// Moves heights apart to at least `gap` within a span, keeping their order; closer only if they cannot all fit.
pub fn spread(heights: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|&a, &b| heights[a].total_cmp(&heights[b]));
    let gap = gap.min((bottom - top) / heights.len().saturating_sub(1).max(1) as f64);
    let mut placed = heights.to_vec();
    let mut least = top;
    for &i in &order {
        placed[i] = placed[i].max(least);
        least = placed[i] + gap;
    }
    let mut most = bottom;
    for &i in order.iter().rev() {
        placed[i] = placed[i].min(most);
        most = placed[i] - gap;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_keep_to_their_pattern_around_corners() {
        let pieces = dashes(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)], &[4.0, 2.0]);
        let long: Vec<f64> =
            pieces.iter().map(|piece| piece.windows(2).map(|ends| distance(ends[0], ends[1])).sum()).collect();
        assert_eq!(long, [4.0, 4.0, 4.0, 2.0]);
        assert!(dashes(&[(1.0, 1.0)], &[]).is_empty());
    }

    #[test]
    fn labels_are_spread_in_order_and_stay_within() {
        let placed = spread(&[50.0, 51.0, 49.0, 99.0], 10.0, 0.0, 100.0);
        assert!(placed[2] < placed[0] && placed[0] < placed[1] && placed[1] < placed[3]);
        let mut sorted = placed.clone();
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] >= 9.999), "{sorted:?}");
        assert!(sorted[3] <= 100.0);
        assert!(spread(&[5.0; 30], 10.0, 0.0, 100.0).iter().all(|y| (-1e-9..=100.0 + 1e-9).contains(y)));
    }

    #[test]
    fn a_line_breaks_where_there_is_no_number() {
        let mut sheet = Sheet::new((10.0, 10.0));
        let gap = (2.0, f64::NAN);
        sheet.line([(0.0, 0.0), (1.0, 1.0), gap, (3.0, 1.0), (4.0, 1.0), gap, (5.0, 5.0)], Stroke::solid(INK, 1.0));
        assert_eq!(sheet.marks.len(), 2);
    }

    #[test]
    fn a_label_without_room_beside_its_circle_stands_at_the_end_of_a_line() {
        let mut sheet = Sheet::new((300.0, 200.0));
        let page = Frame { left: 0.0, top: 0.0, right: 300.0, bottom: 200.0 };
        let crowd = [Frame::around((150.0, 100.0), 40.0, 30.0)];
        assert!(!sheet.tag("Netherlands", (150.0, 100.0), 6.0, 12.0, page, &crowd));
        assert!(sheet.lead("Netherlands", (150.0, 100.0), 6.0, 12.0, page, &crowd));
        let texts = sheet.texts();
        assert!(texts.len() == 1 && !texts[0].1.meets(&crowd[0]) && page.holds(&texts[0].1));
        assert!(!sheet.lead("Netherlands", (150.0, 100.0), 6.0, 12.0, crowd[0], &crowd), "there is no room at all");
    }

    #[test]
    fn tags_keep_clear_of_each_other() {
        let mut sheet = Sheet::new((300.0, 100.0));
        let page = Frame { left: 0.0, top: 0.0, right: 300.0, bottom: 100.0 };
        let set = (0..20).filter(|_| sheet.tag("Switzerland", (150.0, 50.0), 3.0, 12.0, page, &[])).count();
        assert!((2..20).contains(&set));
        let texts = sheet.texts();
        for (i, a) in texts.iter().enumerate() {
            assert!(texts[..i].iter().all(|b| !a.1.meets(&b.1)));
        }
    }
}
