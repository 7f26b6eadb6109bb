//! Statistics that every part of the program shares: one estimate, one interval, one bootstrap, one correction.
//!
//! ```text
//! mean           d̄ of values d_r over seeds r; for a comparison d_r = y_r(arm) − y_r(baseline)
//! 95 % interval  d̄ ± t(n−1; .975)·s_d/√n, and the percentiles of bootstrap means
//! p              two-sided t test of no effect; where all values are equal and not 0 that of the signs, 2^(1−n)
//! stability      share of values that have the sign of the mean
//! reduction      (s²(arm) + s²(baseline)) / s_d²: how many times fewer runs pairing needs
//! ratios         mean of the one over mean of the other; interval by bootstrap over pairs, told only where the
//!                interval of the denominator excludes 0 (otherwise cost and effect are told apart)
//! correction     Holm 1979
//! ```
//!
//! What may be said of an estimate is in [`claim`], how numbers are written in [`words`].

pub mod claim;
pub mod regression;
pub mod words;

use crate::draw::{Address, Purpose, Seed};
use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Bootstrap samples.
const SAMPLES: u32 = 2000;
/// What intervals hold.
pub const CONFIDENCE: f64 = 0.95;

/// A mean over pairs with its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Lower end of the 95 % t interval.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Lower end of the 95 % bootstrap interval.
    pub boot_low: f64,
    /// Its upper end.
    pub boot_high: f64,
    /// Share of pairs with the sign of the mean.
    pub same_sign: f64,
    /// Two-sided p value of the t test of no effect.
    pub p: f64,
    /// Pairs with a value.
    pub n: u32,
}

impl Estimate {
    /// The estimate of what nothing tells.
    pub fn unknown() -> Self {
        let [mean, low, high, boot_low, boot_high, same_sign, p] = [f64::NAN; 7];
        Self { mean, low, high, boot_low, boot_high, same_sign, p, n: 0 }
    }

    /// Half width of the t interval.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// Does the t interval leave 0 out? Whether an effect is *clear* depends on what it was picked from too: see
    /// [`claim::Claim`].
    pub fn leaves_zero_out(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// The points of a sample between which the middle `share` of it lies, by linear interpolation; NaN if it is empty.
pub fn percentiles(sample: &mut [f64], share: f64) -> (f64, f64) {
    if sample.is_empty() {
        return (f64::NAN, f64::NAN);
    }
    sample.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * (sample.len() - 1) as f64;
        let (below, part) = (place.floor() as usize, place - place.floor());
        let above = (below + 1).min(sample.len() - 1);
        sample[below] + part * (sample[above] - sample[below])
    };
    (at((1.0 - share) / 2.0), at((1.0 + share) / 2.0))
}

/// Row numbers drawn with replacement, as many as there are rows; `draw` is the number of the sample.
pub fn resample(seed: Seed, draw: u32, rows: usize) -> Vec<usize> {
    let word = |i: usize| {
        let block = seed.block(Address::row(draw, Purpose::Sample).which(i as u64 / 4));
        ((u64::from(block.word(i % 4)) * rows as u64) >> 32) as usize
    };
    (0..rows).map(word).collect()
}

/// The same bootstrap samples of pairs for everything: rows of pair numbers.
#[derive(Clone, Debug)]
pub struct Bootstrap {
    rows: Vec<Vec<usize>>,
}

impl Bootstrap {
    /// Draws samples of `n` pairs.
    pub fn new(seed: Seed, n: usize) -> Self {
        Self { rows: (0..SAMPLES).map(|sample| resample(seed, sample, n)).collect() }
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// There is always a sample.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Mean over each sample; pairs without a value (NaN) are left out.
    pub fn means<'a>(&'a self, values: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.rows.iter().map(|row| mean(row.iter().map(|pair| values[*pair])).0)
    }
}

/// Mean and number of the values that are known (not NaN); the mean of none is NaN.
pub fn mean(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut sum, mut n) = (0.0, 0.0);
    for value in values.filter(|value| !value.is_nan()) {
        sum += value;
        n += 1.0;
    }
    (sum / n, n)
}

/// Variance of a sample, NaN below two values.
pub fn variance(values: &[f64]) -> f64 {
    let (mean, n) = mean(values.iter().copied());
    values.iter().filter(|value| !value.is_nan()).map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0)
}

/// The 97.5 % point of Student's t, by its number of degrees of freedom; NaN where there are none.
pub fn student(freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |t| t.inverse_cdf((1.0 + CONFIDENCE) / 2.0))
}

/// The two-sided p value of a t statistic; NaN without a degree of freedom, and of what is no number.
pub fn two_sided(t: f64, freedom: f64) -> f64 {
    if !t.is_finite() {
        return if t.is_nan() { f64::NAN } else { 0.0 };
    }
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |student| 2.0 * (1.0 - student.cdf(t.abs())))
}

/// Half the width of the 95 % interval of a mean of `n` values and the p value of no effect, by its standard error.
fn half_width_and_p(mean: f64, spread: f64, n: f64) -> (f64, f64) {
    if n < 2.0 {
        (f64::NAN, f64::NAN)
    } else if spread == 0.0 {
        // Equal values tell no variance: two pairs that agree are no proof, as a t test would have it.
        (0.0, if mean == 0.0 { 1.0 } else { crate::number::f64s::pow(2.0, 1.0 - n) })
    } else {
        (student(n - 1.0) * spread, two_sided(mean / spread, n - 1.0))
    }
}

/// Mean of the values that are known, half the width of its 95 % interval, and the p value of no effect.
pub fn interval(values: &[f64]) -> (f64, f64, f64) {
    let (mean, n) = mean(values.iter().copied());
    let (half, p) = half_width_and_p(mean, (variance(values) / n).sqrt(), n);
    (mean, half, p)
}

/// An estimate of the mean of some values without a bootstrap: its interval by samples is unknown.
pub fn of_values(values: &[f64]) -> Estimate {
    estimate(values, &Bootstrap { rows: Vec::new() })
}

/// What differences of pairs amount to; NaN differences are left out.
pub fn estimate(differences: &[f64], bootstrap: &Bootstrap) -> Estimate {
    let (mean, n) = mean(differences.iter().copied());
    let spread = (variance(differences) / n).sqrt();
    let known = differences.iter().filter(|d| !d.is_nan());
    let same = known.filter(|d| **d * mean > 0.0 || (**d == 0.0 && mean == 0.0)).count() as f64;
    let (half, p) = half_width_and_p(mean, spread, n);
    let mut means: Vec<f64> = bootstrap.means(differences).filter(|mean| !mean.is_nan()).collect();
    let (boot_low, boot_high) = percentiles(&mut means, CONFIDENCE);
    Estimate { mean, low: mean - half, high: mean + half, boot_low, boot_high, same_sign: same / n, p, n: n as u32 }
}

/// How many times fewer runs pairing needs: variance of independent differences over that of pairs.
pub fn reduction(arm: &[f64], baseline: &[f64]) -> f64 {
    let differences: Vec<f64> = arm.iter().zip(baseline).map(|(a, b)| a - b).collect();
    (variance(arm) + variance(baseline)) / variance(&differences)
}

/// A ratio of means with its bootstrap interval; infinite ends where the denominator changes its sign.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ratio {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// Is the denominator clearly not 0? Otherwise the ratio says nothing.
    pub told: bool,
}

/// The ratio of two means over pairs.
pub fn ratio(over: &[f64], under: &[f64], bootstrap: &Bootstrap) -> Ratio {
    let denominator = estimate(under, bootstrap);
    let value = mean(over.iter().copied()).0 / denominator.mean;
    let mut sample: Vec<f64> =
        bootstrap.means(over).zip(bootstrap.means(under)).map(|(a, b)| a / b).filter(|x| !x.is_nan()).collect();
    let (low, high) = percentiles(&mut sample, CONFIDENCE);
    Ratio {
        value,
        low,
        high,
        told: denominator.leaves_zero_out() && denominator.boot_low * denominator.boot_high > 0.0,
    }
}

/// p values corrected for being many (Holm 1979); NaN stays NaN and is not counted.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).filter(|i| !p[*i].is_nan()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let mut corrected = vec![f64::NAN; p.len()];
    let mut largest = 0.0_f64;
    for (rank, &i) in order.iter().enumerate() {
        largest = largest.max(((order.len() - rank) as f64 * p[i]).min(1.0));
        corrected[i] = largest;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_by_hand() {
        let bootstrap = Bootstrap::new(Seed::new(1, 0), 4);
        let estimate = estimate(&[1.0, 2.0, 3.0, 2.0], &bootstrap);
        // s = .8165, s/√4 = .4082, t(3; .975) = 3.1824.
        assert!((estimate.mean - 2.0).abs() < 1e-12);
        assert!((estimate.half_width() - 1.2992).abs() < 1e-3, "{}", estimate.half_width());
        assert!((estimate.p - 0.0163).abs() < 1e-3, "{}", estimate.p);
        assert_eq!((estimate.same_sign, estimate.n), (1.0, 4));
        assert!(estimate.boot_low >= 1.0 && estimate.boot_low < 2.0 && estimate.boot_high > 2.0);
    }

    #[test]
    fn two_pairs_that_agree_are_no_proof() {
        let same = |n: usize| estimate(&vec![1.0; n], &Bootstrap::new(Seed::new(1, 0), n)).p;
        assert_eq!((same(2), same(6)), (0.5, 0.031_25));
        assert_eq!(estimate(&[0.0; 4], &Bootstrap::new(Seed::new(1, 0), 4)).p, 1.0);
    }

    #[test]
    fn percentiles_and_students_t_are_those_of_the_tables() {
        assert_eq!(percentiles(&mut [3.0, 0.0, 1.0, 2.0, 4.0], 0.5), (1.0, 3.0));
        assert_eq!(percentiles(&mut [0.0, 1.0], 0.5), (0.25, 0.75));
        for (freedom, known) in [(1.0, 12.706), (2.0, 4.303), (3.0, 3.182), (5.0, 2.571), (9.0, 2.262), (30.0, 2.042)] {
            assert!((student(freedom) - known).abs() < 0.0006, "{freedom}: {}", student(freedom));
        }
        assert!(student(0.0).is_nan());
        assert!(two_sided(f64::NAN, 3.0).is_nan() && two_sided(f64::INFINITY, 3.0) == 0.0);
        assert!(of_values(&[f64::INFINITY, 1.0]).p.is_nan(), "an infinite value tells nothing");
    }

    #[test]
    fn missing_pairs_are_left_out() {
        let bootstrap = Bootstrap::new(Seed::new(1, 0), 3);
        let estimate = estimate(&[1.0, f64::NAN, 3.0], &bootstrap);
        assert_eq!((estimate.mean, estimate.n), (2.0, 2));
    }

    #[test]
    fn pairing_pays_when_both_move_together() {
        let baseline = [10.0, 20.0, 30.0, 40.0];
        let arm = [11.0, 21.5, 31.0, 41.5];
        assert!(reduction(&arm, &baseline) > 1000.0);
        let apart = [40.0, 10.0, 20.0, 30.0];
        assert!(reduction(&apart, &baseline) < 2.0);
    }

    #[test]
    fn holm_by_hand() {
        let corrected = holm(&[0.01, f64::NAN, 0.04, 0.03]);
        assert!((corrected[0] - 0.03).abs() < 1e-12 && (corrected[3] - 0.06).abs() < 1e-12);
        assert!((corrected[2] - 0.06).abs() < 1e-12 && corrected[1].is_nan());
    }

    #[test]
    fn a_ratio_over_nothing_is_not_told() {
        let bootstrap = Bootstrap::new(Seed::new(1, 0), 4);
        assert!(!ratio(&[1.0; 4], &[1.0, -1.0, 2.0, -2.0], &bootstrap).told);
        let clear = ratio(&[10.0; 4], &[2.0, 2.1, 1.9, 2.0], &bootstrap);
        assert!(clear.told && (clear.value - 5.0).abs() < 1e-9 && clear.low < 5.0 && clear.high > 5.0);
    }
}
