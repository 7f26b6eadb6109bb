//! The estimate that a matching study would have published on the data of one arm, next to the true effect.
//!
//! ```text
//! control of i:  the firm without a place, of the same exporting status and nearest in
//!                d² = Σ ((x_i − x_j)/s)²  over ln employees, ln age, ln(1 + exports), SNS use, same sector
//! matched effect = mean over participants of (y_i,H − y_i,0) − (y_c(i),H − y_c(i),0)
//! true effect    = mean over participants of  y_i,H − y_i,H of the twin
//! ```
//!
//! Exports are compared in logarithms, as such studies do, over pairs of firms that export in both years; the effect is
//! told as e^mean − 1. The true effect on exports is that on their sum.
//!
//! Participants and controls are firms that lived on the eve of the parting; the dead export nothing. The method is
//! nearest-neighbour matching with difference in differences (Heckman, Ichimura & Todd 1997), with replacement.

use super::course::{BEFORE, Course};
use super::pair::unknown;
use crate::number::f64s::{exp, ln};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Estimates of one arm and seed; NaN where there is nobody to compare.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Matched {
    /// Effect on the probability of exporting in the last year.
    #[serde(with = "unknown")]
    pub exporting: f64,
    #[serde(with = "unknown")]
    pub exporting_true: f64,
    /// Effect on the exports of those who export in both years, and true effect on the sum of exports: relative.
    #[serde(with = "unknown")]
    pub exports: f64,
    #[serde(with = "unknown")]
    pub exports_true: f64,
    /// True effects relative to the twin: probability of exporting; and on the mean export share of participants.
    #[serde(with = "unknown")]
    pub exporting_relative: f64,
    #[serde(with = "unknown")]
    pub share_true: f64,
}

/// Most participants that are matched; beyond, every so many-th is.
const MOST: usize = 1000;
/// Weight of a different sector in the distance.
const SECTOR: f64 = 1.0;

/// Covariates of a firm on the eve.
struct Row {
    slot: u32,
    exporter: bool,
    sector: u8,
    x: [f64; 4],
}

/// Both estimates.
pub fn matched(baseline: &Course, arm: &Course, treated: &BTreeSet<u32>) -> Matched {
    let last = arm.years.len() - 1;
    let rows: Vec<Row> = (0..arm.eve().len()).map(|slot| row(arm, slot)).collect();
    let scale: [f64; 4] = std::array::from_fn(|k| deviation(rows.iter().map(|row| row.x[k])));
    let controls: Vec<&Row> = rows.iter().filter(|row| !treated.contains(&row.slot)).collect();
    let stride = treated.len().div_ceil(MOST).max(1);
    let (mut n, mut did) = (0.0, [0.0; 2]);
    let mut logged = 0.0;
    for &slot in treated.iter().step_by(stride) {
        let own = &rows[slot as usize];
        let near = controls.iter().filter(|row| row.exporter == own.exporter);
        let Some(control) = near.min_by(|a, b| far(own, a, &scale).total_cmp(&far(own, b, &scale))) else { continue };
        let change = |slot: u32| {
            let (now, then) = (value(arm, last, slot), value(arm, usize::from(BEFORE) - 1, slot));
            [now[0] - then[0], now[1] - then[1]]
        };
        let (own_change, control_change) = (change(slot), change(control.slot));
        n += 1.0;
        did[0] += own_change[0] - control_change[0];
        let difference = growth(arm, last, slot) - growth(arm, last, control.slot);
        if difference.is_finite() {
            logged += 1.0;
            did[1] += difference;
        }
    }
    let (mut now, mut twin, mut share) = ([0.0; 2], [0.0; 2], 0.0);
    for &slot in treated {
        let (a, b) = (value(arm, last, slot), value(baseline, last, slot));
        (now[0], now[1]) = (now[0] + a[0], now[1] + a[1]);
        (twin[0], twin[1]) = (twin[0] + b[0], twin[1] + b[1]);
        share += export_share(arm, last, slot) - export_share(baseline, last, slot);
    }
    let all = treated.len() as f64;
    // Where nobody would have exported, a relative effect is unknown.
    let over = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { f64::NAN };
    Matched {
        exporting: did[0] / n,
        exporting_true: (now[0] - twin[0]) / all,
        exports: if logged > 0.0 { exp(did[1] / logged) - 1.0 } else { f64::NAN },
        exports_true: over(now[1] - twin[1], twin[1]),
        exporting_relative: over(now[0] - twin[0], twin[0]),
        share_true: share / all,
    }
}

fn row(course: &Course, slot: usize) -> Row {
    let (state, known) = (&course.eve()[slot], &course.traits[slot]);
    Row {
        slot: slot as u32,
        exporter: state.exporter(),
        sector: known.sector,
        x: [
            ln(f64::from(state.employees).max(1.0)),
            ln(1.0 + f64::from(known.age.max(0.0))),
            ln(1.0 + f64::from(state.exports)),
            f64::from(u8::from(state.on_sns)),
        ],
    }
}

fn far(a: &Row, b: &Row, scale: &[f64; 4]) -> f64 {
    let along: f64 = (0..4)
        .map(|k| {
            let apart = (a.x[k] - b.x[k]) / scale[k];
            apart * apart
        })
        .sum();
    along + if a.sector == b.sector { 0.0 } else { SECTOR }
}

/// Standard deviation, 1 where nothing varies.
fn deviation(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    let variance = values.map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    if variance > 0.0 { variance.sqrt() } else { 1.0 }
}

/// Whether a firm of the eve exports in a year, and how much.
fn value(course: &Course, year: usize, slot: u32) -> [f64; 2] {
    let state = &course.years[year][slot as usize];
    if state.generation == course.eve()[slot as usize].generation {
        [f64::from(u8::from(state.exporter())), f64::from(state.exports)]
    } else {
        [0.0; 2]
    }
}

/// Growth of a firm's exports from the eve to a year, in logarithms; not finite unless it exports in both.
fn growth(course: &Course, year: usize, slot: u32) -> f64 {
    let exports = |year: usize| value(course, year, slot)[1];
    let (now, then) = (exports(year), exports(usize::from(BEFORE) - 1));
    if now > 0.0 && then > 0.0 { ln(now) - ln(then) } else { f64::NAN }
}

fn export_share(course: &Course, year: usize, slot: u32) -> f64 {
    let state = &course.years[year][slot as usize];
    if state.generation == course.eve()[slot as usize].generation { f64::from(state.share) } else { 0.0 }
}
