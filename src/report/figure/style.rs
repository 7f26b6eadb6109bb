//! How every figure looks: colours that survive colour blindness, second cues, and numbers as people write them.

use plotters::style::colors::colormaps::{ColorMap, ViridisRGB};
use plotters::style::{Color, RGBAColor, RGBColor};

use crate::number::f64s;
pub use crate::statistics::words::{
    beside, capital, count, fine_percent, fixed, listed, percent, percents, plain, rounded, several, signed,
    signed_beside,
};

/// Text and axes: contrast 15:1 on white.
pub const INK: RGBColor = RGBColor(38, 38, 38);
/// Subtitles, captions, tick labels: contrast 6:1 on white.
pub const SOFT: RGBColor = RGBColor(96, 96, 96);
/// Grid lines, which may be overlooked.
pub const GRID: RGBColor = RGBColor(226, 226, 226);
/// Land on maps, bars that are context.
pub const PALE: RGBColor = RGBColor(222, 222, 222);
pub const WHITE: RGBColor = RGBColor(255, 255, 255);

pub const BLUE: RGBColor = RGBColor(0, 114, 178);
pub const VERMILLION: RGBColor = RGBColor(213, 94, 0);
pub const GREEN: RGBColor = RGBColor(0, 158, 115);
pub const PURPLE: RGBColor = RGBColor(204, 121, 167);
pub const ORANGE: RGBColor = RGBColor(230, 159, 0);
pub const SKY: RGBColor = RGBColor(86, 180, 233);
pub const YELLOW: RGBColor = RGBColor(240, 228, 66);

/// The colours of Okabe & Ito (2008) that reach the contrast of 3:1 on white which WCAG 2.2 asks of graphics, and
/// violet, brown and wine, which no kind of colour blindness takes for one of them: lines use these.
const LINES: [RGBColor; 8] = [
    BLUE,
    VERMILLION,
    GREEN,
    PURPLE,
    RGBColor(0, 0, 0),
    RGBColor(136, 0, 255),
    RGBColor(102, 51, 17),
    RGBColor(153, 17, 102),
];

/// All of them, for fills, which get a dark outline.
const FILLS: [RGBColor; 8] = [BLUE, ORANGE, GREEN, SKY, VERMILLION, YELLOW, PURPLE, RGBColor(150, 150, 150)];

/// Dash patterns: on, off, on, off … in units of the page; empty is solid.
const DASHES: [&[f64]; 8] = [
    &[],
    &[7.0, 3.5],
    &[2.0, 2.6],
    &[9.0, 3.0, 2.0, 3.0],
    &[14.0, 4.0],
    &[9.0, 3.0, 2.0, 3.0, 2.0, 3.0],
    &[4.0, 2.0],
    &[14.0, 3.0, 4.0, 3.0],
];

/// Sizes of letters in units of the page (the em).
pub mod size {
    pub const TITLE: f64 = 18.0;
    pub const SUBTITLE: f64 = 13.0;
    pub const LABEL: f64 = 12.5;
    pub const TICK: f64 = 12.0;
    pub const NOTE: f64 = 11.0;
}

/// The shape of a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    Disc,
    Square,
    Triangle,
    Diamond,
    Cross,
    Wedge,
    Hexagon,
    Plus,
}

impl Marker {
    /// Whether it has an area that may be left open.
    pub fn is_solid(self) -> bool {
        !matches!(self, Self::Cross | Self::Plus)
    }
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Stroke {
    pub colour: RGBAColor,
    /// Units of the page.
    pub width: f64,
    /// On, off, … in units of the page.
    pub dash: &'static [f64],
}

impl Stroke {
    /// A solid line.
    pub fn solid(colour: impl Color, width: f64) -> Self {
        Self { colour: colour.to_rgba(), width, dash: &[] }
    }

    /// A dashed line, for references and baselines.
    pub fn dashed(colour: impl Color, width: f64) -> Self {
        Self { dash: DASHES[1], ..Self::solid(colour, width) }
    }
}

/// What tells one series from another, twice over: by colour, and by dash and marker.
#[derive(Clone, Copy, Debug)]
pub struct Cue {
    pub colour: RGBColor,
    pub dash: &'static [f64],
    pub marker: Marker,
}

impl Cue {
    /// The line of this cue.
    pub fn stroke(&self, width: f64) -> Stroke {
        Stroke { colour: self.colour.to_rgba(), width, dash: self.dash }
    }

    /// The colour darkened until small letters in it reach 4.5:1 on white.
    pub fn ink(&self) -> RGBColor {
        darker(self.colour)
    }
}

/// The cue of the `index`-th series: the first eight differ in colour, dash and marker; beyond them the dashes shift, so
/// that no two of the first 64 are alike.
pub fn cue(index: usize) -> Cue {
    use Marker::{Cross, Diamond, Disc, Hexagon, Plus, Square, Triangle, Wedge};
    let other = (index + index / LINES.len()) % DASHES.len();
    Cue {
        colour: LINES[index % LINES.len()],
        dash: DASHES[other],
        marker: [Disc, Square, Triangle, Diamond, Cross, Wedge, Hexagon, Plus][other],
    }
}

/// The baseline's cue: grey-black and dashed in every figure.
pub fn baseline() -> Cue {
    Cue { colour: INK, dash: DASHES[1], marker: Marker::Disc }
}

/// The fill of the `index`-th category.
pub fn fill(index: usize) -> RGBColor {
    FILLS[index % FILLS.len()]
}

/// A colour at 65 % of its light.
pub fn darker(colour: RGBColor) -> RGBColor {
    let dim = |part: u8| (f64::from(part) * 0.65).round() as u8;
    RGBColor(dim(colour.0), dim(colour.1), dim(colour.2))
}

/// Viridis for a share between 0 (dark blue) and 1 (yellow), for ordered values.
pub fn viridis(share: f64) -> RGBColor {
    ViridisRGB.get_color(if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 })
}

/// Contrast ratio of two colours after WCAG 2.2, from 1 to 21.
pub fn contrast(a: RGBColor, b: RGBColor) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

fn luminance(colour: RGBColor) -> f64 {
    let part = |part: u8| {
        let share = f64::from(part) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { f64s::pow((share + 0.055) / 1.055, 2.4) }
    };
    0.2126 * part(colour.0) + 0.7152 * part(colour.1) + 0.0722 * part(colour.2)
}

/// Black or white, whichever reads better on a fill.
pub fn ink_on(fill: RGBColor) -> RGBColor {
    let black = RGBColor(0, 0, 0);
    if contrast(black, fill) > contrast(WHITE, fill) { black } else { WHITE }
}

/// What a subtitle says of the intervals that the title gives in brackets.
pub fn over_runs(runs: usize) -> &'static str {
    if runs > 1 { "; in brackets: 95% intervals over replicates" } else { "" }
}

/// What the numbers on an axis are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Whole things.
    Count,
    /// A share, shown as a percentage.
    Share,
    /// A calendar year.
    Year,
    /// Any other number; its unit stands in the axis title.
    Plain,
}

impl Unit {
    /// A number as a tick label, with the decimals its `step` needs.
    pub fn tick(self, value: f64, step: f64) -> String {
        match self {
            Self::Year => format!("{value:.0}"),
            Self::Share => format!("{}%", fixed(100.0 * value, decimals(100.0 * step))),
            Self::Count | Self::Plain => fixed(value, decimals(step)),
        }
    }

    /// A number in a sentence or a direct label: three digits that matter.
    pub fn say(self, value: f64) -> String {
        match self {
            Self::Year => format!("{value:.0}"),
            Self::Share => percent(value),
            Self::Count => fixed(value, 0),
            Self::Plain => plain(value),
        }
    }

    /// Numbers that stand beside each other in a sentence, with the digits that show how they differ.
    pub fn beside<const N: usize>(self, values: [f64; N]) -> [String; N] {
        match self {
            Self::Year | Self::Count => values.map(|value| self.say(value)),
            Self::Share => percents(values),
            Self::Plain => beside(values),
        }
    }
}

fn decimals(step: f64) -> usize {
    let mut scaled = step.abs();
    for decimals in 0..9 {
        if (scaled - scaled.round()).abs() < 1e-6 * scaled.max(1e-3) {
            return decimals;
        }
        scaled *= 10.0;
    }
    9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_letters_stand_out_from_white() {
        for index in 0..LINES.len() {
            assert!(contrast(WHITE, cue(index).colour) >= 3.0, "line {index}");
            assert!(contrast(WHITE, cue(index).ink()) >= 4.5, "letters {index}");
        }
        assert!(contrast(WHITE, INK) > 12.0 && contrast(WHITE, SOFT) >= 4.5);
        for share in 0..=20 {
            let fill = viridis(f64::from(share) / 20.0);
            assert!(contrast(fill, ink_on(fill)) >= 4.5, "{share}");
        }
    }

    #[test]
    fn the_first_series_differ_in_three_ways_and_later_ones_in_two() {
        let cues: Vec<_> = (0..64).map(cue).collect();
        for (i, a) in cues.iter().enumerate() {
            for (j, b) in cues[..i].iter().enumerate() {
                let (colour, dash) = (a.colour != b.colour, a.dash != b.dash && a.marker != b.marker);
                assert!(colour || dash, "{i} and {j}");
                assert!(i >= LINES.len() || (colour && dash), "{i} and {j}");
            }
        }
    }

    /// Lightness, red against green, yellow against blue (CIELAB) of a colour as seen by an eye, given by what it makes of
    /// linear red, green and blue.
    fn seen(colour: RGBColor, eye: [[f64; 3]; 3]) -> [f64; 3] {
        let linear = |part: u8| {
            let share = f64::from(part) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { f64s::pow((share + 0.055) / 1.055, 2.4) }
        };
        let light = [linear(colour.0), linear(colour.1), linear(colour.2)];
        let times = |row: [f64; 3], light: [f64; 3]| row.iter().zip(light).map(|(a, b)| a * b).sum::<f64>();
        let light = eye.map(|row| times(row, light).clamp(0.0, 1.0));
        let root = |t: f64| if t > 0.008856 { f64s::pow(t, 1.0 / 3.0) } else { 7.787 * t + 16.0 / 116.0 };
        let x = root(times([0.4124, 0.3576, 0.1805], light) / 0.9505);
        let y = root(times([0.2126, 0.7152, 0.0722], light));
        let z = root(times([0.0193, 0.1192, 0.9505], light) / 1.089);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// The matrices of Machado, Oliveira & Fernandes (2009), *IEEE Trans. Vis. Comput. Graph.* 15(6), 1291–1298, for eyes
    /// without long, middle and short cones.
    #[test]
    fn no_kind_of_colour_blindness_takes_one_line_for_another() {
        let eyes = [
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
        ];
        for (i, a) in LINES.iter().enumerate() {
            for b in &LINES[..i] {
                for eye in eyes {
                    let (p, q) = (seen(*a, eye), seen(*b, eye));
                    let apart = p.iter().zip(q).map(|(p, q)| (p - q) * (p - q)).sum::<f64>().sqrt();
                    assert!(apart > 15.0, "{a:?} and {b:?}: {apart}");
                }
            }
        }
    }

    #[test]
    fn ticks_have_the_decimals_of_their_step() {
        assert_eq!(Unit::Share.tick(0.025, 0.025), "2.5%");
        assert_eq!(Unit::Year.tick(2010.0, 5.0), "2010");
        assert_eq!(Unit::Count.tick(2000.0, 1000.0), "2,000");
        assert_eq!(Unit::Plain.tick(0.3, 0.1), "0.3");
        assert_eq!(Unit::Share.beside([0.000_39, 0.001_48]), ["0.04%", "0.15%"]);
    }
}
