//! Responses: how an outcome moves with one axis, or two, all others averaged over.
//!
//! Where every replicate has every point (grids, tables of points), a replicate gives one mean of a level, and the
//! interval is that of these means over replicates: it says what chance leaves open, the points being what they are.
//! Elsewhere points are a sample themselves, and the interval is that of their means. Intervals are 95 % by Student's t.

use super::Sweep;
use super::design::Method;
use super::result::Outcomes;
use crate::statistics::interval;

/// Classes that a continuous axis is cut into at most, and points that a class has at least.
const CLASSES: usize = 6;
const IN_CLASS: usize = 4;

/// The mean of an outcome at a level, with its interval; the interval is NaN where nothing tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mean {
    pub level: String,
    /// The level as a number, or its position.
    pub x: f64,
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// Points behind it.
    pub points: usize,
}

/// Levels of an axis: labels, numbers, and the level of every point.
pub struct Levels {
    pub labels: Vec<String>,
    pub numbers: Vec<f64>,
    pub of_point: Vec<usize>,
}

/// The levels of an axis over all points. A continuous axis is cut into classes of equally many points unless its values
/// recur; of too few points there is one class only: in a drawn design a point is no level.
pub fn levels(sweep: &Sweep, axis: usize) -> Levels {
    let design = &sweep.design;
    let values: Vec<f64> = (0..design.len()).map(|point| design.point(point)[axis]).collect();
    if let Some(levels) = design.axes[axis].levels() {
        return Levels {
            labels: levels.iter().map(|level| level.label.clone()).collect(),
            numbers: (0..levels.len()).map(|i| design.axes[axis].number(i as f64)).collect(),
            of_point: values.iter().map(|value| *value as usize).collect(),
        };
    }
    let mut distinct = values.clone();
    distinct.sort_by(f64::total_cmp);
    let sorted = distinct.clone();
    distinct.dedup();
    if distinct.len() <= 2 * CLASSES && values.len() >= IN_CLASS * distinct.len() {
        return Levels {
            labels: distinct.iter().map(|x| short(*x)).collect(),
            of_point: values.iter().map(|x| distinct.partition_point(|known| known < x)).collect(),
            numbers: distinct,
        };
    }
    let classes = (sorted.len() / IN_CLASS).clamp(1, CLASSES);
    let cut = |class: usize| sorted[(sorted.len() * class / classes).min(sorted.len() - 1)];
    let inner: Vec<f64> = (1..classes).map(cut).collect();
    let of_point: Vec<usize> = values.iter().map(|value| inner.partition_point(|end| end <= value)).collect();
    let middle = |class: usize| {
        let within: Vec<f64> =
            values.iter().zip(&of_point).filter(|(_, own)| **own == class).map(|(value, _)| *value).collect();
        within.iter().sum::<f64>() / within.len() as f64
    };
    Levels {
        labels: (0..classes).map(|class| format!("{}–{}", short(cut(class)), short(cut(class + 1)))).collect(),
        numbers: (0..classes).map(middle).collect(),
        of_point,
    }
}

/// A number with three digits that matter.
pub(super) fn short(x: f64) -> String {
    let rounded: f64 = format!("{x:.2e}").parse().unwrap_or(x);
    format!("{rounded}")
}

/// The mean of an outcome over some points, with its interval.
pub fn mean(sweep: &Sweep, outcomes: &Outcomes, outcome: usize, points: &[usize]) -> (f64, f64, f64) {
    let sample = if matches!(sweep.design.method, Method::Grid | Method::Points) {
        // One mean for each replicate, over the points that have a value in all of them.
        let whole: Vec<usize> = points
            .iter()
            .copied()
            .filter(|point| outcomes.of_point(outcome, *point).len() == outcomes.replicates)
            .collect();
        let of_replicate = |r: usize| average(whole.iter().map(|point| outcomes.at(outcome, *point, r)));
        (0..outcomes.replicates).map(of_replicate).filter(|mean| mean.is_finite()).collect::<Vec<f64>>()
    } else {
        points.iter().map(|point| outcomes.mean(outcome, *point)).filter(|mean| mean.is_finite()).collect()
    };
    let (value, half, _) = interval(&sample);
    (value, value - half, value + half)
}

fn average(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
    if n > 0.0 { sum / n } else { f64::NAN }
}

/// The response of an outcome to one axis, level by level.
pub fn response(sweep: &Sweep, outcomes: &Outcomes, outcome: usize, axis: usize) -> Vec<Mean> {
    let levels = levels(sweep, axis);
    let of_level = |(i, label): (usize, &String)| {
        let points: Vec<usize> = (0..outcomes.points).filter(|point| levels.of_point[*point] == i).collect();
        let (value, low, high) = mean(sweep, outcomes, outcome, &points);
        Mean { level: label.clone(), x: levels.numbers[i], value, low, high, points: points.len() }
    };
    levels.labels.iter().enumerate().map(of_level).collect()
}

#[cfg(test)]
mod tests {
    use super::super::design::Domain;
    use super::super::task::tests::sweep;
    use super::*;

    #[test]
    fn a_response_by_hand() {
        // z = x + y + replicate over x in 0, 1, 2 and y in 0, 1: means over y and three replicates are x + 1.5.
        let grid = sweep(3, 3);
        let rows: Vec<Vec<f64>> =
            (0..6).map(|p| (0..3).map(|r| grid.design.point(p).iter().sum::<f64>() + f64::from(r)).collect()).collect();
        let found = response(&grid, &Outcomes::of(&rows), 0, 0);
        assert_eq!(found.iter().map(|mean| mean.value).collect::<Vec<_>>(), [1.5, 2.5, 3.5]);
        // Means of replicates are one apart: standard deviation 1 over three, times t of two degrees of freedom.
        let half = 4.302_652_730 / 3.0_f64.sqrt();
        assert!((found[1].high - 2.5 - half).abs() < 1e-8 && (found[1].low - 2.5 + half).abs() < 1e-8);
        assert_eq!((found[2].level.as_str(), found[2].x, found[2].points), ("2", 2.0, 2));
        let single: Vec<Vec<f64>> = rows.iter().map(|row| row[..1].to_vec()).collect();
        assert!(response(&grid, &Outcomes::of(&single), 0, 0)[0].low.is_nan(), "one replicate tells no interval");
    }

    #[test]
    fn a_continuous_axis_is_cut_into_classes_of_equally_many_points() {
        let mut cube = sweep(3, 1);
        cube.design.method = Method::Sobol;
        cube.design.points = 96;
        cube.design.axes[0].domain = Domain::Uniform { low: 0.0, high: 6.0 };
        let cut = levels(&cube, 0);
        for class in 0..6 {
            assert_eq!(cut.of_point.iter().filter(|own| **own == class).count(), 16);
            assert!((cut.numbers[class] - 0.5 - class as f64).abs() < 0.15);
        }
        // Ten points of a hypercube are ten different values, and two classes at most.
        cube.design.method = Method::LatinHypercube;
        cube.design.points = 10;
        assert_eq!(levels(&cube, 0).labels.len(), 2);
        cube.design.points = 7;
        assert_eq!(levels(&cube, 0).labels.len(), 1);
    }
}
