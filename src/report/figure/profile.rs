//! What participants gain by years since they enrolled, one small panel per arm: an event-study profile.
//!
//! Before enrolment a participant and its twin are the same firm to the last bit; the profile shows it.

use plotters::style::Color;

use super::Picture;
use super::axis::{Axis, Lines, Panel, span};
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Point, Sheet};
use super::style::{INK, SOFT, Stroke, Unit, cue, size};
use crate::statistics::words::with_interval;

pub const STEM: &str = "profile";
pub const ABOUT: &str = "What participants gain by years since enrolment";

/// Panels beside each other.
const ACROSS: usize = 3;
const HIGH: f64 = 200.0;
/// Panels beyond which nobody reads on.
const MOST: usize = 24;

/// The participants of an arm against their twins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arm {
    pub label: String,
    /// Additional exporters per 100 participants: mean, lower and upper end of the interval, by year; not a number
    /// where nobody is observed.
    pub points: Vec<(f64, f64, f64)>,
}

/// Arms over years since enrolment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// Years since enrolment, 0 the year in which a firm enrolled.
    pub since: Vec<i32>,
    pub arms: Vec<Arm>,
    /// The finding.
    pub title: String,
}

impl Input {
    fn points<'a>(&'a self, arm: &'a Arm) -> impl Iterator<Item = (f64, (f64, f64, f64))> + 'a {
        let known = self.since.iter().zip(&arm.points).filter(|(_, point)| point.0.is_finite());
        known.map(|(since, point)| (f64::from(*since), *point))
    }

    /// Arms with a point, with their number.
    fn shown(&self) -> Vec<(usize, &Arm)> {
        let arms = self.arms.iter().enumerate().filter(|(_, arm)| self.points(arm).next().is_some());
        arms.take(MOST).collect()
    }

    fn rows(&self) -> usize {
        self.shown().len().div_ceil(ACROSS).max(1)
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
        self.shown().is_empty().then(|| "nobody took part in any arm".to_owned())
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn subtitle(&self) -> String {
        "Additional exporters per 100 participants, each against its twin in the baseline, by years since enrolment; \
         band: 95 % interval; dashed: no difference from the baseline"
            .to_owned()
    }

    fn alt(&self) -> String {
        let say = |(_, arm): &(usize, &Arm)| {
            let last = self.points(arm).last().map_or((0.0, (0.0, 0.0, 0.0)), |last| last);
            let (mean, low, high) = last.1;
            let (mean, interval) = with_interval(mean, low, high);
            format!("{}: {mean} ({interval}) after {} years", arm.label, last.0)
        };
        let parts: Vec<String> = self.shown().iter().map(say).collect();
        format!(
            "Additional exporters per 100 participants by years since enrolment, a panel per arm. {}.",
            parts.join("; ")
        )
    }

    fn size(&self) -> (f64, f64) {
        (800.0, 130.0 + HIGH * self.rows() as f64)
    }

    fn data(&self) -> Data {
        let mut data =
            Data::new(&["arm", "years_since_enrolment", "additional_exporters_per_100_participants", "low", "high"]);
        for (_, arm) in self.shown() {
            for (since, (mean, low, high)) in self.points(arm) {
                data.row(&[&arm.label, &since, &mean, &low, &high]);
            }
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let shown = self.shown();
        let all = || shown.iter().flat_map(|(_, arm)| self.points(arm));
        let values = || all().flat_map(|(_, (mean, low, high))| [mean, low, high]);
        let (from, to) = span(all().map(|point| point.0)).unwrap_or((0.0, 1.0));
        let to = to.max(from + 1.0);
        let (wide, high) = (room.wide() / ACROSS as f64, room.high() / self.rows() as f64);
        for (i, (number, arm)) in shown.iter().enumerate() {
            let look = cue(*number);
            let (left, top) = (room.left + wide * (i % ACROSS) as f64, room.top + high * (i / ACROSS) as f64);
            let own = Frame { left, top, right: left + wide - 16.0, bottom: top + high - 4.0 };
            let panel = Panel::new(
                sheet,
                own.inset(0.0, 20.0, 0.0, 0.0),
                Axis::exact("", Unit::Count, from, to).bare(),
                Axis::linear("", Unit::Plain, values(), true),
            );
            let zero = panel.y(0.0);
            sheet.line([(panel.plot.left, zero), (panel.plot.right, zero)], Stroke::dashed(INK, 1.3));
            if from < 0.0 {
                let x = panel.x(0.0);
                sheet.line([(x, panel.plot.top), (x, panel.plot.bottom)], Stroke::solid(SOFT.mix(0.5), 0.8));
            }
            let edge = |part: fn(&(f64, f64, f64)) -> f64| -> Vec<Point> {
                let banded = self.points(arm).filter(|(_, (_, low, high))| low.is_finite() && high.is_finite());
                banded.map(|(since, point)| panel.at(since, part(&point))).collect()
            };
            let (low, upper) = (edge(|point| point.1), edge(|point| point.2));
            Lines::band(sheet, low, upper, &look);
            let line: Vec<Point> = self.points(arm).map(|(since, point)| panel.at(since, point.0)).collect();
            sheet.line(line.iter().copied(), Stroke::solid(look.colour, 2.0));
            line.iter().for_each(|at| sheet.marker(*at, look.marker, 3.2, look.colour));
            let label = font::fit(&font::clean(&arm.label), size::LABEL, own.wide() - 8.0);
            sheet.words(&label, (own.left + 4.0, own.top + 13.0), size::LABEL, look.ink(), Anchor::Start);
        }
    }
}
