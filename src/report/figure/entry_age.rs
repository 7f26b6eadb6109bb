//! How old firms would be at their first export at the rates of a group: one minus Kaplan–Meier, with Greenwood's band.
//!
//! ```text
//! S(a)      = Π over ages ≤ a of (1 − d/n)
//! var S(a)  = S(a)² · Σ d / (n · (n − d))
//! ```
//!
//! d: first exports at that age; n: firms at risk just before. A firm may change groups as it ages, so a curve is what
//! would be if the rates of the group held for life (Simon & Makuch 1984, *Stat. Med.* 3, 35–44). Kaplan & Meier (1958), *J. Am. Stat. Assoc.* 53,
//! 457–481; Greenwood (1926), *Reports on Public Health and Medical Subjects* 33.

use super::Picture;
use super::axis::{Axis, Lines, Panel};
use super::data::Data;
use super::font;
use super::sheet::{Anchor, Frame, Point, Sheet};
use super::style::{self, SOFT, Unit, count, cue, listed, percent, size};
use crate::statistics::claim::share_with_range;

pub const STEM: &str = "entry_age";
pub const ABOUT: &str = "Age of firms at their first export";

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_964;
/// A curve ends where fewer firms are at risk.
const AT_RISK: u64 = 30;
/// The age at which the title compares groups, if all curves reach it.
const COMPARED: f64 = 10.0;
const ROW: f64 = 17.0;

/// Firms at risk and first exports by age, one list for each group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// Label, and the ages in rising order.
    pub groups: Vec<(String, Vec<Row>)>,
}

/// Age in years, firms at risk just before, first exports at that age.
pub type Row = (f64, u64, u64);

/// A group with its curve.
struct Curve<'a> {
    label: &'a str,
    steps: Vec<Step>,
    rows: &'a [Row],
}

impl Curve<'_> {
    /// The share at the last age.
    fn end(&self) -> Step {
        self.steps[self.steps.len() - 1]
    }
}

/// The share that has entered by an age, with its 95 % band.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    age: f64,
    share: f64,
    low: f64,
    high: f64,
}

fn curve(rows: &[Row]) -> Vec<Step> {
    let mut steps = Vec::new();
    let (mut stay, mut sum) = (1.0, 0.0);
    for &(age, at_risk, events) in rows.iter().filter(|row| row.0.is_finite()).take_while(|row| row.1 >= AT_RISK) {
        let (n, d) = (at_risk as f64, events.min(at_risk) as f64);
        stay *= 1.0 - d / n;
        // Where the last firm at risk enters, S is 0 and Greenwood's sum has no end: the band closes.
        sum += if d < n { d / (n * (n - d)) } else { 0.0 };
        let half = Z * stay * f64::sqrt(sum);
        let share = 1.0 - stay;
        steps.push(Step { age, share, low: (share - half).max(0.0), high: (share + half).min(1.0) });
    }
    steps
}

/// The corners of a step curve from age 0: flat until the next age, then up.
fn corners(panel: &Panel, steps: &[Step], height: impl Fn(&Step) -> f64) -> Vec<Point> {
    let mut points = vec![panel.at(0.0, 0.0)];
    let mut last = 0.0;
    for step in steps {
        points.push(panel.at(step.age, last));
        last = height(step);
        points.push(panel.at(step.age, last));
    }
    points
}

impl Input {
    /// The groups that have firms enough at risk.
    fn curves(&self) -> Vec<Curve<'_>> {
        let curves = self.groups.iter().map(|(label, rows)| Curve { label, steps: curve(rows), rows });
        curves.filter(|curve| !curve.steps.is_empty()).collect()
    }

    /// The age compared, and the share of each by then, the highest first.
    fn compared(&self) -> (f64, Vec<(&str, Step)>) {
        let curves = self.curves();
        let age = curves.iter().map(|curve| curve.end().age).fold(COMPARED, f64::min);
        let none = Step { age, share: 0.0, low: 0.0, high: 0.0 };
        let by = |steps: &[Step]| steps.iter().take_while(|step| step.age <= age).last().map_or(none, |step| *step);
        let mut shares: Vec<_> = curves.iter().map(|curve| (curve.label, by(&curve.steps))).collect();
        shares.sort_by(|a, b| b.1.share.total_cmp(&a.1.share));
        (age, shares)
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
        let entries: u64 = self.groups.iter().flat_map(|(_, rows)| rows).map(|row| row.2).sum();
        match (entries, self.curves().is_empty()) {
            (0, _) => Some("no firm had its first export in this run".to_owned()),
            (_, true) => Some(format!("fewer than {AT_RISK} firms were at risk of a first export in this run")),
            _ => None,
        }
    }

    fn title(&self) -> String {
        let (age, shares) = self.compared();
        let part =
            |(label, step): &(&str, Step)| format!("{} {label}", share_with_range(step.share, step.low, step.high));
        let parts: Vec<String> = shares.iter().map(part).collect();
        let warning = if parts.len() > 1 { ": an association, not an effect" } else { "" };
        format!("By age {}, {} would have exported{warning}", style::plain(age), listed(&parts))
    }

    fn subtitle(&self) -> String {
        "Share of firms that would have exported by an age (%) at the yearly rates of each group; Kaplan–Meier, bands and \
         brackets: 95% by Greenwood. Groups differ already: the gap is not what changing them brings"
            .to_owned()
    }

    fn alt(&self) -> String {
        let part = |curve: &Curve| {
            let end = curve.end();
            format!(
                "{}: {} firms at risk at first, {} by age {} (95% band {} to {})",
                curve.label,
                count(curve.rows.first().map_or(0, |row| row.1)),
                percent(end.share),
                style::plain(end.age),
                percent(end.low),
                percent(end.high),
            )
        };
        let parts: Vec<String> = self.curves().iter().map(part).collect();
        format!(
            "Step curves of the share of firms that would have exported by an age. {}. The groups differ in other \
             ways already: an association, not an effect.",
            parts.join("; ")
        )
    }

    fn size(&self) -> (f64, f64) {
        (800.0, 500.0 + ROW * (self.curves().len() as f64 + 1.0))
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["group", "age_years", "at_risk", "first_exports", "share", "low", "high"]);
        for curve in self.curves() {
            let known = curve.rows.iter().filter(|row| row.0.is_finite());
            for (step, (age, at_risk, events)) in curve.steps.iter().zip(known) {
                data.row(&[&curve.label, age, at_risk, events, &step.share, &step.low, &step.high]);
            }
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let curves = self.curves();
        let labels = curves.iter().map(|curve| format!("{} {}", curve.label, percent(curve.end().share))).collect();
        let ages = || curves.iter().flat_map(|curve| &curve.steps).map(|step| step.age);
        let oldest = ages().fold(1.0, f64::max);
        let highest = curves.iter().flat_map(|curve| &curve.steps).map(|step| step.high);
        let below = ROW * (curves.len() as f64 + 1.0) + 8.0;
        // The names of the table's rows stand left of the plot, under the labels of the axis and farther out.
        let names = font::widest(curves.iter().map(|curve| curve.label), size::NOTE).clamp(60.0, 150.0);
        let plot = room.inset(names - 4.0, 0.0, 0.0, below);
        let x = Axis::exact("firm age (years)", Unit::Count, 0.0, oldest).bare();
        let y = Axis::linear("firms that would have exported (%)", Unit::Share, highest, true);
        let mut drawn = Lines::new(sheet, plot, labels, 190.0, x, y);
        for (i, curve) in curves.iter().enumerate() {
            let edge = |height: fn(&Step) -> f64| corners(&drawn.panel, &curve.steps, height);
            Lines::band(sheet, edge(|step| step.low), edge(|step| step.high), &cue(i));
        }
        for (i, curve) in curves.iter().enumerate() {
            let line = corners(&drawn.panel, &curve.steps, |step| step.share);
            drawn.line(sheet, line, cue(i));
        }
        table(sheet, &drawn.panel, room, &curves);
        drawn.finish(sheet);
    }
}

/// Numbers at risk beneath the ages.
fn table(sheet: &mut Sheet, panel: &Panel, room: Frame, curves: &[Curve]) {
    let top = room.bottom - ROW * curves.len() as f64;
    sheet.words("firms at risk", (room.left, top - 2.0), size::NOTE, SOFT, Anchor::Start);
    for (i, curve) in curves.iter().enumerate() {
        let y = top + ROW * (i as f64 + 0.8);
        let room_for_name = panel.x(0.0) - room.left - 24.0;
        let name = font::fit(&font::clean(curve.label), size::NOTE, room_for_name.max(40.0));
        sheet.words(&name, (room.left, y), size::NOTE, cue(i).ink(), Anchor::Start);
        let mut free = f64::MIN;
        for age in panel.ticks_across() {
            // At risk at an age: the next row at or after it.
            let text = count(curve.rows.iter().find(|row| row.0 >= age).map_or(0, |row| row.1));
            let half = font::width(&text, size::NOTE) / 2.0;
            if panel.x(age) - half > free {
                sheet.words(&text, (panel.x(age), y), size::NOTE, SOFT, Anchor::Middle);
                free = panel.x(age) + half + 5.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_is_the_one_worked_by_hand() {
        // 1000 at risk, 200 enter: S = .8, var = .64/4000 = .00016; then 600 at risk, 300 enter: S = .4, sum = 1/4000 + 1/600.
        let steps = curve(&[(1.0, 1000, 200), (2.0, 600, 300), (3.0, 100, 100)]);
        assert!((steps[0].share - 0.2).abs() < 1e-12);
        assert!((steps[0].high - (0.2 + Z * 0.00016_f64.sqrt())).abs() < 1e-12);
        assert!((steps[1].share - 0.6).abs() < 1e-12);
        assert!((steps[1].low - (0.6 - Z * 0.4 * (0.00025_f64 + 1.0 / 600.0).sqrt())).abs() < 1e-12);
        assert_eq!((steps[2].share, steps[2].low, steps[2].high), (1.0, 1.0, 1.0));
        assert_eq!(curve(&[(1.0, 30, 1), (2.0, 29, 1), (3.0, 90, 1)]).len(), 1, "it ends where few are at risk");
    }

    #[test]
    fn the_title_says_how_sure_the_shares_are() {
        let group = |entries: u64| (1..=12).map(|age| (f64::from(age), 1000, entries)).collect();
        let groups = vec![("using SNS".to_owned(), group(60)), ("not using SNS".to_owned(), group(30))];
        let title = Input { groups }.title();
        assert_eq!(title.matches("% to ").count(), 2, "{title}");
        assert!(title.contains("an association, not an effect"), "{title}");
    }
}
