//! Effects of settings: by how much each moves an outcome, with intervals that fit how the points were laid.
//!
//! ```text
//! grid     effect of a level   d_r = mean over the other settings of y_r(level) − y_r(first level)
//!          interaction         d_r = mean over the others of [y_r(a₁,b₁) − y_r(a₀,b₁)] − [y_r(a₁,b₀) − y_r(a₀,b₀)]
//!                              between first (₀) and last (₁) levels; 95 % interval of the mean of d_r by Student's t
//! table    y_r = β₀ + Σ_k β_k·x_k over the points, replicate by replicate; 95 % interval of the mean of β_k over r
//! drawn    the same regression once, of the means over replicates; 95 % interval by the standard error of β_k
//! ```
//!
//! A replicate has the same seed at every point, so differences within a replicate hold no noise that points share: the
//! interval of a contrast is narrower than those of the two means it compares. In a drawn design every point differs
//! from every other in all settings: no point is a level, and the regression holds the others fixed. `x` runs from 0 at
//! the lower end of a setting's range to 1 at its upper end (by quantiles of its distribution); a list has a term for
//! each level but the first.

use super::Sweep;
use super::design::{Axis, Method};
use super::response::short;
use super::result::Outcomes;
use crate::statistics::regression::{Fit, least_squares};
use crate::statistics::{Estimate, of_values, student, two_sided};
use std::collections::BTreeMap;

/// By how much moving a setting from one value to another moves the outcome, the other settings being what they are.
#[derive(Clone, Debug)]
pub struct Effect {
    pub axis: usize,
    /// The values between which it moves, as texts.
    pub from: String,
    pub to: String,
    pub estimate: Estimate,
}

/// By how much the effect of one setting changes with another, both from their first to their last levels.
#[derive(Clone, Debug)]
pub struct Interaction {
    pub axes: (usize, usize),
    pub estimate: Estimate,
}

/// The effects of all settings on one outcome.
#[derive(Clone, Debug)]
pub struct Effects {
    pub effects: Vec<Effect>,
    /// Of grids.
    pub interactions: Vec<Interaction>,
    /// Share of the variance over points that the regression explains; of grids nothing.
    pub explained: Option<f64>,
}

/// The effects of the settings of a sweep on an outcome; nothing where there are too few points for a regression.
pub fn effects(sweep: &Sweep, outcomes: &Outcomes, outcome: usize) -> Option<Effects> {
    match sweep.design.method {
        Method::Grid => Some(contrasts(sweep, outcomes, outcome)),
        Method::Points => by_replicate(sweep, outcomes, outcome),
        _ => over_points(sweep, outcomes, outcome),
    }
}

/// Means over the other settings of differences between levels, replicate by replicate.
fn contrasts(sweep: &Sweep, outcomes: &Outcomes, outcome: usize) -> Effects {
    let axes = &sweep.design.axes;
    let points: Vec<Vec<usize>> = (0..outcomes.points)
        .map(|point| sweep.design.point(point as u64).iter().map(|x| *x as usize).collect())
        .collect();
    let place: BTreeMap<&[usize], usize> = points.iter().enumerate().map(|(i, levels)| (&levels[..], i)).collect();
    let count = |axis: usize| axes[axis].levels().map_or(0, <[_]>::len);
    // The value of a replicate where some axes are moved to other levels.
    let moved = |at: &[usize], to: &[(usize, usize)], r: usize| {
        let mut levels = at.to_vec();
        to.iter().for_each(|(axis, level)| levels[*axis] = *level);
        outcomes.at(outcome, place[&levels[..]], r)
    };
    let mean_of = |from: &[usize], difference: &dyn Fn(&[usize], usize) -> f64| {
        let here = || points.iter().filter(|levels| from.iter().all(|axis| levels[*axis] == 0));
        let of_replicate = |r: usize| {
            let known: Vec<f64> = here().map(|levels| difference(levels, r)).filter(|d| d.is_finite()).collect();
            // Replicates are means over the same points, or they are not comparable.
            if known.len() == here().count() { known.iter().sum::<f64>() / known.len() as f64 } else { f64::NAN }
        };
        of_values(&(0..outcomes.replicates).map(of_replicate).collect::<Vec<_>>())
    };
    let label =
        |axis: usize, level: usize| axes[axis].levels().map_or_else(String::new, |all| all[level].label.clone());
    let mut found = Vec::new();
    for axis in 0..axes.len() {
        for level in 1..count(axis) {
            let estimate = mean_of(&[axis], &|at, r| moved(at, &[(axis, level)], r) - moved(at, &[], r));
            found.push(Effect { axis, from: label(axis, 0), to: label(axis, level), estimate });
        }
    }
    let mut interactions = Vec::new();
    for a in 0..axes.len() {
        for b in (a + 1..axes.len()).filter(|b| count(a) > 1 && count(*b) > 1) {
            let (last_a, last_b) = ((a, count(a) - 1), (b, count(b) - 1));
            let estimate = mean_of(&[a, b], &|at, r| {
                let with = moved(at, &[last_a, last_b], r) - moved(at, &[last_b], r);
                with - (moved(at, &[last_a], r) - moved(at, &[], r))
            });
            interactions.push(Interaction { axes: (a, b), estimate });
        }
    }
    Effects { effects: found, interactions, explained: None }
}

/// A term of a regression: the axis it is of, what it goes from and to, and its value at every point.
struct Term {
    axis: usize,
    from: String,
    to: String,
    x: Vec<f64>,
}

/// The terms of all axes that vary.
fn terms(sweep: &Sweep) -> Vec<Term> {
    let design = &sweep.design;
    let points = || 0..design.len();
    let of_axis = |(axis, known): (usize, &Axis)| -> Vec<Term> {
        let values: Vec<f64> = points().map(|point| design.point(point)[axis]).collect();
        if let Some(levels) = known.levels() {
            let used = |level: &usize| values.contains(&(*level as f64));
            let mut used = (0..levels.len()).filter(used);
            let Some(first) = used.next() else { return Vec::new() };
            let dummy = |level: usize| values.iter().map(|own| f64::from(u8::from(*own == level as f64))).collect();
            let term = |level: usize| Term {
                axis,
                from: levels[first].label.clone(),
                to: levels[level].label.clone(),
                x: dummy(level),
            };
            return used.map(term).collect();
        }
        let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
        if low >= high {
            return Vec::new();
        }
        let drawn = design.method != Method::Points;
        let (from, to) = if drawn { (known.value(0.0), known.value(1.0)) } else { (low, high) };
        let x = points().zip(&values).map(|(point, value)| match drawn {
            true => design.shares(point)[axis],
            false => (value - low) / (high - low),
        });
        vec![Term { axis, from: short(from), to: short(to), x: x.collect() }]
    };
    design.axes.iter().enumerate().flat_map(of_axis).collect()
}

/// The regression of values of points, those that are missing left out.
fn fitted(terms: &[Term], values: &[f64]) -> Option<Fit> {
    let known: Vec<usize> = (0..values.len()).filter(|point| values[*point].is_finite()).collect();
    let column = |x: &Vec<f64>| known.iter().map(|point| x[*point]).collect();
    let columns: Vec<Vec<f64>> = terms.iter().map(|term| column(&term.x)).collect();
    let y: Vec<f64> = known.iter().map(|point| values[*point]).collect();
    least_squares(&y, &columns)
}

/// Of a table of points: one regression a replicate; what chance leaves open shows in how they differ.
fn by_replicate(sweep: &Sweep, outcomes: &Outcomes, outcome: usize) -> Option<Effects> {
    let terms = terms(sweep);
    let values = |r: usize| (0..outcomes.points).map(|point| outcomes.at(outcome, point, r)).collect::<Vec<_>>();
    let fits: Vec<Fit> = (0..outcomes.replicates).map(|r| fitted(&terms, &values(r))).collect::<Option<_>>()?;
    let of_term = |(k, term): (usize, Term)| {
        let sample: Vec<f64> = fits.iter().map(|fit| fit.coefficients[k + 1]).collect();
        Effect { axis: term.axis, from: term.from, to: term.to, estimate: of_values(&sample) }
    };
    let explained = fits.iter().map(|fit| fit.explained).sum::<f64>() / fits.len() as f64;
    let effects = terms.into_iter().enumerate().map(of_term).collect();
    Some(Effects { effects, interactions: Vec::new(), explained: Some(explained) })
}

/// Of a drawn design: one regression of the means of points.
fn over_points(sweep: &Sweep, outcomes: &Outcomes, outcome: usize) -> Option<Effects> {
    let terms = terms(sweep);
    let means: Vec<f64> = (0..outcomes.points).map(|point| outcomes.mean(outcome, point)).collect();
    let fit = fitted(&terms, &means)?;
    let known = means.iter().filter(|mean| mean.is_finite()).count() as u32;
    let of_term = |(k, term): (usize, Term)| {
        let (mean, error) = (fit.coefficients[k + 1], fit.errors[k + 1]);
        let half = student(fit.freedom) * error;
        let p = if error > 0.0 { two_sided(mean / error, fit.freedom) } else { f64::from(u8::from(mean == 0.0)) };
        let estimate = Estimate { mean, low: mean - half, high: mean + half, p, n: known, ..Estimate::unknown() };
        Effect { axis: term.axis, from: term.from, to: term.to, estimate }
    };
    let effects = terms.into_iter().enumerate().map(of_term).collect();
    Some(Effects { effects, interactions: Vec::new(), explained: Some(fit.explained) })
}

#[cfg(test)]
mod tests {
    use super::super::design::Domain;
    use super::super::task::tests::sweep;
    use super::*;

    /// The toy's grid: x in 0, 1, 2 by y in 0, 1, with values made by `value(x, y, replicate)`.
    fn grid(value: impl Fn(f64, f64, f64) -> f64) -> (Sweep, Outcomes) {
        let grid = sweep(3, 4);
        let at = |p: u64, r: u32| {
            let point = grid.design.point(p);
            value(point[0], point[1], f64::from(r))
        };
        let rows: Vec<Vec<f64>> = (0..6).map(|p| (0..4).map(|r| at(p, r)).collect()).collect();
        (grid, Outcomes::of(&rows))
    }

    #[test]
    fn what_a_replicate_shares_is_not_in_a_contrast() {
        // Replicates are a thousand apart; the effects are the same in all of them but for a little.
        let (grid, outcomes) = grid(|x, y, r| 1000.0 * r + 2.0 * x + 5.0 * y + 0.01 * r * x);
        let found = effects(&grid, &outcomes, 0).expect("a grid has effects");
        let of: Vec<(usize, &str, &str, f64)> =
            found.effects.iter().map(|e| (e.axis, e.from.as_str(), e.to.as_str(), e.estimate.mean)).collect();
        assert_eq!(
            of.iter().map(|e| (e.0, e.1, e.2)).collect::<Vec<_>>(),
            [(0, "0", "1"), (0, "0", "2"), (1, "0", "1")]
        );
        for (found, expected) in of.iter().zip([2.015, 4.03, 5.0]) {
            assert!((found.3 - expected).abs() < 1e-9, "{} for {expected}", found.3);
        }
        assert!(found.effects[0].estimate.half_width() < 0.03, "{:?}", found.effects[0].estimate);
    }

    #[test]
    fn an_interaction_is_how_an_effect_changes() {
        let (grid, outcomes) = grid(|x, y, r| x + y + 3.0 * x * y + r);
        let found = effects(&grid, &outcomes, 0).expect("a grid has effects");
        assert_eq!(found.interactions.len(), 1);
        // Both from their first to their last levels: x from 0 to 2, y from 0 to 1.
        assert!((found.interactions[0].estimate.mean - 6.0).abs() < 1e-9);
        let (grid, outcomes) = self::grid(|x, y, r| x + y + r);
        let none = effects(&grid, &outcomes, 0).expect("a grid has effects").interactions[0].estimate;
        assert!(none.mean.abs() < 1e-12);
    }

    #[test]
    fn a_replicate_with_a_hole_tells_no_contrast() {
        let (grid, outcomes) = grid(|x, y, r| if (x, y, r) == (1.0, 0.0, 2.0) { f64::NAN } else { x + r * r });
        let found = effects(&grid, &outcomes, 0).expect("a grid has effects");
        assert_eq!(found.effects.iter().map(|e| e.estimate.n).collect::<Vec<_>>(), [3, 4, 3]);
    }

    #[test]
    fn a_drawn_design_is_regressed_and_no_point_is_a_level() {
        let mut drawn = sweep(3, 1);
        drawn.design.method = Method::LatinHypercube;
        drawn.design.points = 12;
        drawn.design.axes[0].domain = Domain::Uniform { low: 10.0, high: 30.0 };
        drawn.design.axes[1].domain = Domain::LogUniform { low: 1.0, high: 100.0 };
        let noise = |p: u64| 0.001 * ((p * 7 % 5) as f64 - 2.0);
        let value = |p: u64| {
            let point = drawn.design.point(p);
            0.5 * point[0] + 2.0 * point[1].log10() + noise(p)
        };
        let rows: Vec<Vec<f64>> = (0..12).map(|p| vec![value(p)]).collect();
        let found = effects(&drawn, &Outcomes::of(&rows), 0).expect("twelve points suffice for two terms");
        assert_eq!(found.effects.len(), 2);
        for (effect, (from, to, size)) in found.effects.iter().zip([("10", "30", 10.0), ("1", "100", 4.0)]) {
            assert_eq!((effect.from.as_str(), effect.to.as_str()), (from, to));
            assert!((effect.estimate.mean - size).abs() < 0.01, "{:?}", effect.estimate);
            assert!(effect.estimate.half_width() > 0.0 && effect.estimate.p < 1e-6);
        }
        assert!(found.explained.is_some_and(|share| share > 0.999));
        let few = Outcomes::of(&rows[..3]);
        assert!(
            effects(
                &Sweep { design: super::super::design::Design { points: 3, ..drawn.design.clone() }, ..drawn },
                &few,
                0
            )
            .is_none()
        );
    }
}
