//! Sensitivity: which settings decide an outcome, and how much of what is seen is chance.
//!
//! ```text
//! S_i  = mean(f(B)·(f(AB_i) − f(A))) / V          first order: the variance that i explains alone
//! T_i  = ½·mean((f(A) − f(AB_i))²) / V            total: the variance that goes when all but i are known
//! EE_i = ± (f(x + Δ e_i) − f(x)) / Δ              elementary effects; μ, μ* (of their size) and σ over trajectories
//! y_pr = m + point_p + replicate_r + rest_pr      analysis of variance: what is noise
//! ```
//!
//! f is the mean over replicates, A and B are two Sobol' matrices, AB_i is A with the columns of group i from B, and V is
//! the variance over A and B together; all values are centred at their common mean first. With common random numbers the
//! replicate's own effect is the same at every point and cancels from differences; `rest` does not, and its share of V is
//! told, for it raises every total index. Intervals are percentiles of a bootstrap over rows or trajectories, whose draws
//! have addresses. A row or a step with a run that failed, or has no such number, is left out whole and counted.
//!
//! Morris (1991), *Technometrics* 33(2), 161–174; Campolongo, Cariboni & Saltelli (2007), *Environ. Model. Softw.*
//! 22(10), 1509–1518; Jansen (1999), *Comput. Phys. Commun.* 117(1–2), 35–43; Saltelli et al. (2010), *Comput. Phys.
//! Commun.* 181(2), 259–270.

use super::sweep::design::{Design, Method};
use super::sweep::result::Outcomes;
use crate::draw::Seed;
use crate::number::f64s;
use crate::statistics::{CONFIDENCE, percentiles, resample};

/// Resamples of a bootstrap.
pub const RESAMPLES: u32 = 1000;
/// The replicate whose addresses serve the bootstrap, far from those of models and designs.
const BOOTSTRAP_STREAM: u32 = u32::MAX - 2;

/// A number with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// How much of the variance of an outcome is Monte-Carlo noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// Share of the variance of single runs that the seed makes, not the settings.
    pub share: f64,
    /// The part of it that all points share, and that differences do not have.
    pub common: f64,
    /// Share of the variance of the means over replicates that is noise left in them.
    pub left: f64,
    /// Variance of such a mean that is noise.
    variance_left: f64,
}

/// What Sobol' indices say of one group of axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    pub group: String,
    pub first: Estimate,
    pub total: Estimate,
    /// The total index without what noise adds to it; `None` without replicates to tell.
    pub total_less_noise: Option<f64>,
}

/// Sobol' indices of one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Sobol {
    pub indices: Vec<Index>,
    pub mean: f64,
    /// Variance of the outcome over the sample.
    pub variance: f64,
    /// Rows used and rows left out.
    pub rows: usize,
    pub left_out: usize,
}

/// What elementary effects say of one group of axes, per unit of share: from one end of the range to the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    pub group: String,
    /// Mean effect; `None` for a group, whose axes may move against each other.
    pub mu: Option<f64>,
    /// Mean size of effects.
    pub mu_star: Estimate,
    /// Standard deviation of effects: how much they depend on where the others stand.
    pub sigma: f64,
}

/// Morris screening of one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Screening {
    pub effects: Vec<Effect>,
    /// Trajectories, effects used and effects left out.
    pub trajectories: usize,
    pub used: usize,
    pub left_out: usize,
}

/// Either kind of answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Sobol(Sobol),
    Morris(Screening),
}

/// The sensitivity of one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitivity {
    /// Position among the outcomes shown.
    pub outcome: usize,
    /// `None` when too few rows are left, or nothing varies.
    pub answer: Option<Answer>,
    /// `None` with a single replicate.
    pub noise: Option<Noise>,
}

/// Works out the sensitivity of the `outcome`-th outcome shown to the groups of a design.
///
/// # Panics
/// For a design that is no sample for it, which files are checked for.
pub fn of(design: &Design, outcomes: &Outcomes, outcome: usize) -> Sensitivity {
    let means: Vec<f64> = (0..outcomes.points).map(|point| whole_mean(outcomes, outcome, point)).collect();
    let noise = noise(outcomes, outcome);
    let answer = match design.method {
        Method::Saltelli => sobol(design, &means, noise.as_ref()).map(Answer::Sobol),
        Method::Morris => morris(design, &means).map(Answer::Morris),
        other => panic!("the design {} is no sample for sensitivity", other.word()),
    };
    Sensitivity { outcome, answer, noise }
}

/// The mean of a point all of whose replicates have a value; NaN otherwise, for means over different replicates would
/// differ by chance.
fn whole_mean(outcomes: &Outcomes, outcome: usize, point: usize) -> f64 {
    let values = outcomes.of_point(outcome, point);
    if values.len() == outcomes.replicates { values.iter().sum::<f64>() / values.len() as f64 } else { f64::NAN }
}

/// Splits the variance of single runs into points, replicates and the rest, over points whose replicates are whole.
pub fn noise(outcomes: &Outcomes, outcome: usize) -> Option<Noise> {
    let replicates = outcomes.replicates;
    let rows: Vec<Vec<f64>> = (0..outcomes.points)
        .map(|point| outcomes.of_point(outcome, point))
        .filter(|values| values.len() == replicates)
        .collect();
    if replicates < 2 || rows.len() < 2 {
        return None;
    }
    let (n, r) = (rows.len() as f64, replicates as f64);
    let mean = rows.iter().flatten().sum::<f64>() / (n * r);
    let square = |x: f64| x * x;
    let of_point = |row: &Vec<f64>| row.iter().sum::<f64>() / r;
    let of_replicate = |j: usize| rows.iter().map(|row| row[j]).sum::<f64>() / n;
    let points = r * rows.iter().map(|row| square(of_point(row) - mean)).sum::<f64>();
    let common = n * (0..replicates).map(|j| square(of_replicate(j) - mean)).sum::<f64>();
    let all: f64 = rows.iter().flatten().map(|value| square(value - mean)).sum();
    let rest = (all - points - common).max(0.0) / ((n - 1.0) * (r - 1.0));
    let of_points = ((points / (n - 1.0) - rest) / r).max(0.0);
    let of_replicates = ((common / (r - 1.0) - rest) / n).max(0.0);
    let sum = of_points + of_replicates + rest;
    if sum <= 0.0 {
        return None;
    }
    let left = of_points + rest / r;
    Some(Noise {
        share: (of_replicates + rest) / sum,
        common: of_replicates / sum,
        left: if left > 0.0 { rest / r / left } else { 0.0 },
        variance_left: rest / r,
    })
}

/// First and total indices of a sample laid as blocks A, AB_1 …, B.
fn sobol(design: &Design, means: &[f64], noise: Option<&Noise>) -> Option<Sobol> {
    let groups = design.groups();
    let block = design.block() as usize;
    let all: Vec<&[f64]> = means.chunks_exact(block).collect();
    let mut rows: Vec<Vec<f64>> =
        all.iter().filter(|row| row.iter().all(|value| value.is_finite())).map(|row| row.to_vec()).collect();
    if rows.len() < 4 {
        return None;
    }
    let centre = rows.iter().flatten().sum::<f64>() / (rows.len() * block) as f64;
    rows.iter_mut().flatten().for_each(|value| *value -= centre);
    let every: Vec<usize> = (0..rows.len()).collect();
    let (variance, values) = indices(&rows, &every, groups.len());
    if variance <= 0.0 {
        return None;
    }
    let seed = Seed::new(design.seed, BOOTSTRAP_STREAM);
    let resampled: Vec<Vec<(f64, f64)>> =
        (0..RESAMPLES).map(|draw| indices(&rows, &resample(seed, draw, rows.len()), groups.len()).1).collect();
    let interval = |g: usize, part: fn(&(f64, f64)) -> f64| {
        let (low, high) =
            percentiles(&mut resampled.iter().map(|indices| part(&indices[g])).collect::<Vec<_>>(), CONFIDENCE);
        Estimate { value: part(&values[g]), low, high }
    };
    let less_noise = |total: f64| {
        let left = noise?.variance_left;
        (variance > left).then(|| ((total * variance - left) / (variance - left)).max(0.0))
    };
    let of_group = |(g, (name, _)): (usize, &(String, Vec<usize>))| Index {
        group: name.clone(),
        first: interval(g, |index| index.0),
        total: interval(g, |index| index.1),
        total_less_noise: less_noise(values[g].1),
    };
    Some(Sobol {
        indices: groups.iter().enumerate().map(of_group).collect(),
        mean: centre,
        variance,
        rows: rows.len(),
        left_out: all.len() - rows.len(),
    })
}

/// The variance over A and B, and first and total index of each group, over some rows of centred values.
fn indices(rows: &[Vec<f64>], chosen: &[usize], groups: usize) -> (f64, Vec<(f64, f64)>) {
    let n = chosen.len() as f64;
    let ends = || chosen.iter().flat_map(|row| [rows[*row][0], rows[*row][groups + 1]]);
    let mean = ends().sum::<f64>() / (2.0 * n);
    let variance = ends().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (2.0 * n);
    let of_group = |g: usize| {
        let (mut first, mut total) = (0.0, 0.0);
        for row in chosen.iter().map(|row| &rows[*row]) {
            let (a, mixed, b) = (row[0], row[g + 1], row[groups + 1]);
            first += b * (mixed - a);
            total += (a - mixed) * (a - mixed);
        }
        (first / n / variance, 0.5 * total / n / variance)
    };
    (variance, (0..groups).map(of_group).collect())
}

/// Elementary effects of a sample laid as trajectories.
fn morris(design: &Design, means: &[f64]) -> Option<Screening> {
    let groups = design.groups();
    let block = design.block() as usize;
    let trajectories = means.len() / block;
    // Effects by trajectory and group; NaN where one end has no value.
    let mut effects = vec![vec![f64::NAN; groups.len()]; trajectories];
    for (t, row) in effects.iter_mut().enumerate() {
        for step in 1..block {
            let (group, rises) = design.change(t as u64, step);
            let sign = if rises[0] { 1.0 } else { -1.0 };
            row[group] = sign * (means[t * block + step] - means[t * block + step - 1]) / design.delta();
        }
    }
    let of = |g: usize, chosen: &[usize]| -> Vec<f64> {
        chosen.iter().map(|t| effects[*t][g]).filter(|effect| effect.is_finite()).collect()
    };
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let size = |values: &[f64]| values.iter().map(|value| value.abs()).sum::<f64>() / values.len() as f64;
    let every: Vec<usize> = (0..trajectories).collect();
    let used: usize = (0..groups.len()).map(|g| of(g, &every).len()).sum();
    if (0..groups.len()).any(|g| of(g, &every).len() < 2) {
        return None;
    }
    let seed = Seed::new(design.seed, BOOTSTRAP_STREAM);
    let draws: Vec<Vec<usize>> = (0..RESAMPLES).map(|draw| resample(seed, draw, trajectories)).collect();
    let of_group = |(g, (name, axes)): (usize, &(String, Vec<usize>))| {
        let values = of(g, &every);
        let (mu, n) = (mean(&values), values.len() as f64);
        let spread = values.iter().map(|value| (value - mu) * (value - mu)).sum::<f64>() / (n - 1.0);
        let mut sizes: Vec<f64> = draws.iter().map(|draw| size(&of(g, draw))).filter(|size| size.is_finite()).collect();
        let (low, high) = percentiles(&mut sizes, CONFIDENCE);
        Effect {
            group: name.clone(),
            mu: (axes.len() == 1).then_some(mu),
            mu_star: Estimate { value: size(&values), low, high },
            sigma: f64s::sqrt(spread),
        }
    };
    Some(Screening {
        effects: groups.iter().enumerate().map(of_group).collect(),
        trajectories,
        used,
        left_out: trajectories * groups.len() - used,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Address, Purpose};
    use crate::experiment::sweep::design::{Axis, Domain};
    use serde::{Deserialize, Serialize};
    use std::f64::consts::PI;

    fn axis(name: &str, low: f64, high: f64) -> Axis {
        Axis {
            name: name.into(),
            label: name.into(),
            paths: vec![name.into()],
            whole: false,
            domain: Domain::Uniform { low, high },
            group: name.into(),
        }
    }

    fn design(method: Method, axes: Vec<Axis>, points: u64) -> Design {
        Design { method, axes, points, levels: 4, seed: 11, rows: Vec::new() }
    }

    fn ishigami(x: &[f64]) -> f64 {
        let (a, b) = (7.0, 0.1);
        let square = f64s::sin(x[1]) * f64s::sin(x[1]);
        f64s::sin(x[0]) + a * square + b * x[2] * x[2] * x[2] * x[2] * f64s::sin(x[0])
    }

    const G: [f64; 6] = [0.0, 0.5, 3.0, 9.0, 99.0, 99.0];

    fn g(x: &[f64]) -> f64 {
        x.iter().zip(G).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
    }

    fn cube(method: Method, points: u64, ends: (f64, f64), d: usize) -> Design {
        design(method, (0..d).map(|i| axis(&format!("x{}", i + 1), ends.0, ends.1)).collect(), points)
    }

    fn outcomes(design: &Design, f: impl Fn(&[f64]) -> f64) -> Outcomes {
        Outcomes::of(&(0..design.len()).map(|i| vec![f(&design.point(i))]).collect::<Vec<_>>())
    }

    fn indices_of(design: &Design, outcomes: &Outcomes) -> Sobol {
        match of(design, outcomes, 0).answer {
            Some(Answer::Sobol(sobol)) => sobol,
            other => panic!("no indices: {other:?}"),
        }
    }

    #[test]
    fn the_known_indices_of_the_ishigami_function_are_found() {
        let (a, b) = (7.0, 0.1);
        let variance = a * a / 8.0 + b * PI.powi(4) / 5.0 + b * b * PI.powi(8) / 18.0 + 0.5;
        let alone = [0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2), a * a / 8.0, 0.0];
        let both = b * b * PI.powi(8) * 8.0 / 225.0;
        let sample = cube(Method::Saltelli, 4096, (-PI, PI), 3);
        let found = indices_of(&sample, &outcomes(&sample, ishigami));
        assert!((found.variance / variance - 1.0).abs() < 0.01);
        for (i, index) in found.indices.iter().enumerate() {
            let first = alone[i] / variance;
            let total = (alone[i] + if i == 1 { 0.0 } else { both }) / variance;
            assert!((index.first.value - first).abs() < 0.02, "S{i}: {:?} for {first}", index.first);
            assert!((index.total.value - total).abs() < 0.02, "T{i}: {:?} for {total}", index.total);
            assert!(index.first.low <= first && first <= index.first.high, "S{i}: {:?} for {first}", index.first);
            assert!(index.total.low <= total && total <= index.total.high, "T{i}: {:?} for {total}", index.total);
            assert!(index.total.high - index.total.low < 0.1);
        }
    }

    #[test]
    fn the_known_indices_of_the_g_function_are_found_for_axes_and_for_groups() {
        let part = |a: f64| 1.0 / (3.0 * (1.0 + a) * (1.0 + a));
        let variance = G.iter().map(|a| 1.0 + part(*a)).product::<f64>() - 1.0;
        let sample = cube(Method::Saltelli, 4096, (0.0, 1.0), 6);
        let found = indices_of(&sample, &outcomes(&sample, g));
        for (index, a) in found.indices.iter().zip(G) {
            let others: f64 = G.iter().map(|b| 1.0 + part(*b)).product::<f64>() / (1.0 + part(a));
            assert!((index.first.value - part(a) / variance).abs() < 0.02, "{index:?}");
            assert!((index.total.value - part(a) * others / variance).abs() < 0.02, "{index:?}");
        }
        // The first two as one group: all but what the others do alone and among themselves.
        let mut sample = cube(Method::Saltelli, 4096, (0.0, 1.0), 6);
        sample
            .axes
            .iter_mut()
            .enumerate()
            .for_each(|(i, axis)| axis.group = if i < 2 { "big" } else { "small" }.into());
        let found = indices_of(&sample, &outcomes(&sample, g));
        let product = |of: &[f64]| of.iter().map(|a| 1.0 + part(*a)).product::<f64>();
        assert_eq!(found.indices.len(), 2);
        let big = &found.indices[0];
        assert!((big.first.value - (product(&G[..2]) - 1.0) / variance).abs() < 0.02, "{big:?}");
        assert!((big.total.value - (1.0 - (product(&G[2..]) - 1.0) / variance)).abs() < 0.02, "{big:?}");
    }

    #[test]
    fn screening_finds_what_is_linear_what_bends_and_what_is_idle() {
        let walk = cube(Method::Morris, 40, (0.0, 1.0), 4);
        let known = outcomes(&walk, |x| 3.0 * x[0] - 2.0 * x[1] + 5.0 * x[2] * x[0]);
        let Some(Answer::Morris(found)) = of(&walk, &known, 0).answer else { panic!("effects") };
        let effect = |i: usize| &found.effects[i];
        assert!((effect(1).mu.expect("one axis") + 2.0).abs() < 1e-9 && effect(1).sigma < 1e-9);
        assert!((effect(1).mu_star.value - 2.0).abs() < 1e-9);
        assert!(effect(0).sigma > 1.0 && effect(2).sigma > 1.0, "those two interact");
        assert_eq!((effect(3).mu_star.value, effect(3).sigma), (0.0, 0.0));
    }

    #[test]
    fn noise_is_told_from_effects_and_common_noise_from_the_rest() {
        // point 0 … 39, a common effect of the replicate, and a residual that is neither.
        let seed = Seed::new(5, 0);
        let normal = |i: u32| f64::from(crate::number::normal(seed.block(Address::row(i, Purpose::Sample)).uniform(0)));
        let rows: Vec<Vec<f64>> = (0..400)
            .map(|p| (0..50).map(|r| 2.0 * normal(p) + normal(9000 + r) + 0.5 * normal(10_000 + p * 50 + r)).collect())
            .collect();
        let found = noise(&Outcomes::of(&rows), 0).expect("there are replicates");
        // Variances 4, 1 and 0.25. The common one rests on 50 draws: standard error 20 %.
        assert!((found.share - 1.25 / 5.25).abs() < 0.05, "{found:?}");
        assert!((found.common - 1.0 / 5.25).abs() < 0.05, "{found:?}");
        assert!((found.left - 0.25 / 50.0 / (4.0 + 0.25 / 50.0)).abs() < 2e-4, "{found:?}");
        assert!(noise(&Outcomes::of(&[vec![1.0], vec![2.0]]), 0).is_none());
    }

    #[test]
    fn noise_is_taken_out_of_total_indices() {
        let sample = cube(Method::Saltelli, 1024, (-PI, PI), 3);
        let seed = Seed::new(6, 0);
        let normal = |i: u32| f64::from(crate::number::normal(seed.block(Address::row(i, Purpose::Sample)).uniform(0)));
        let noisy = |p: u64| -> Vec<f64> {
            (0..4).map(|r| ishigami(&sample.point(p)) + 4.0 * normal(p as u32 * 4 + r)).collect()
        };
        let rows: Vec<Vec<f64>> = (0..sample.len()).map(noisy).collect();
        let found = indices_of(&sample, &Outcomes::of(&rows));
        for (index, known) in found.indices.iter().zip([0.5576, 0.4424, 0.2437]) {
            let clean = index.total_less_noise.expect("there are replicates");
            assert!(index.total.value - known > 0.05, "noise raises {index:?}");
            assert!((clean - known).abs() < 0.06, "{index:?}");
        }
    }

    #[test]
    fn failed_points_take_their_rows_along_and_are_counted() {
        let sample = cube(Method::Saltelli, 256, (-PI, PI), 3);
        let broken = |p: u64| if p % 500 == 7 { f64::NAN } else { ishigami(&sample.point(p)) };
        let rows: Vec<Vec<f64>> = (0..sample.len()).map(|p| vec![broken(p)]).collect();
        let found = indices_of(&sample, &Outcomes::of(&rows));
        assert_eq!((found.rows, found.left_out), (253, 3));
        let walk = cube(Method::Morris, 10, (0.0, 1.0), 3);
        let mut rows: Vec<Vec<f64>> = (0..walk.len()).map(|p| vec![walk.point(p)[0]]).collect();
        rows[5] = vec![f64::NAN];
        let Some(Answer::Morris(found)) = of(&walk, &Outcomes::of(&rows), 0).answer else { panic!("effects") };
        assert_eq!((found.used, found.left_out), (28, 2));
        assert!((found.effects[0].mu_star.value - 1.0).abs() < 1e-12);
        let nothing = vec![vec![f64::NAN]; 40];
        assert!(of(&walk, &Outcomes::of(&nothing), 0).answer.is_none());
        assert!(of(&sample, &Outcomes::of(&vec![vec![2.0]; 1280]), 0).answer.is_none(), "nothing varies");
    }

    /// What SALib says of the same values. `scripts/salib.py FILE` fills in what SALib finds.
    #[derive(Serialize, Deserialize)]
    struct Case {
        name: String,
        y: Vec<f64>,
        /// S1 and ST, or mu, mu_star and sigma.
        salib: Vec<Vec<f64>>,
        /// The points, for elementary effects.
        x: Vec<Vec<f64>>,
    }

    type Function = fn(&[f64]) -> f64;

    fn cases() -> Vec<(&'static str, Design, Function)> {
        vec![
            ("sobol ishigami", cube(Method::Saltelli, 64, (-PI, PI), 3), ishigami as Function),
            ("sobol g", cube(Method::Saltelli, 64, (0.0, 1.0), 6), g),
            ("morris ishigami", cube(Method::Morris, 20, (-PI, PI), 3), ishigami),
            ("morris g", cube(Method::Morris, 20, (0.0, 1.0), 6), g),
        ]
    }

    #[test]
    fn indices_and_effects_agree_with_salib_on_the_same_sample() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/salib.json");
        if std::env::var_os("FONDACO_BLESS_SALIB").is_some() {
            let made: Vec<Case> = cases()
                .into_iter()
                .map(|(name, design, f)| {
                    let x: Vec<Vec<f64>> = (0..design.len()).map(|i| design.point(i)).collect();
                    Case { name: name.into(), y: x.iter().map(|x| f(x)).collect(), salib: Vec::new(), x }
                })
                .collect();
            std::fs::write(path, serde_json::to_string(&made).unwrap()).unwrap();
            return;
        }
        let known: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(known.len(), cases().len());
        for (case, (name, design, f)) in known.iter().zip(cases()) {
            assert_eq!(case.name, name);
            let own = outcomes(&design, f);
            assert!(
                (0..own.points).all(|p| (own.at(0, p, 0) - case.y[p]).abs() < 1e-9),
                "{name}: the sample is the same"
            );
            let near = |found: Vec<f64>, known: &[f64], what: &str| {
                assert_eq!(found.len(), known.len());
                let close = found.iter().zip(known).all(|(found, known)| (found - known).abs() < 1e-9);
                assert!(close, "{name}, {what}: {found:?} for {known:?}");
            };
            match of(&design, &own, 0).answer.expect("an answer") {
                Answer::Sobol(found) => {
                    near(found.indices.iter().map(|index| index.first.value).collect(), &case.salib[0], "S1");
                    near(found.indices.iter().map(|index| index.total.value).collect(), &case.salib[1], "ST");
                }
                Answer::Morris(found) => {
                    let mu = found.effects.iter().map(|effect| effect.mu.expect("one axis"));
                    near(mu.collect(), &case.salib[0], "mu");
                    near(found.effects.iter().map(|effect| effect.mu_star.value).collect(), &case.salib[1], "mu*");
                    near(found.effects.iter().map(|effect| effect.sigma).collect(), &case.salib[2], "sigma");
                }
            }
        }
    }
}
