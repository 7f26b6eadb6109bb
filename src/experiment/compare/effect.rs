//! Effects with their uncertainty: what pairs of runs say together.
//!
//! ```text
//! effect         d̄ = mean of d_r = y_r(arm) − y_r(baseline) over seeds r
//! 95 % interval  d̄ ± t(n−1; .975)·s_d/√n, and the percentiles of 2,000 bootstrap means
//! stability      share of pairs whose difference has the sign of the mean
//! reduction      (s²(arm) + s²(baseline)) / s_d²: how many times fewer runs pairing needs
//! ratios         mean of the one over mean of the other; interval by bootstrap over pairs, told only where the
//!                interval of the denominator excludes 0 (otherwise cost and effect are told apart)
//! correction     Holm 1979 over all arms and outcomes of the last year
//! ```

use crate::draw::{Address, Purpose, Seed};
use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Bootstrap samples.
const SAMPLES: u32 = 2000;

/// A mean over pairs with its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    pub mean: f64,
    /// 95 % t interval.
    pub low: f64,
    pub high: f64,
    /// 95 % bootstrap interval.
    pub boot_low: f64,
    pub boot_high: f64,
    /// Share of pairs with the sign of the mean.
    pub same_sign: f64,
    /// Two-sided p value of the t test of no effect.
    pub p: f64,
    /// Pairs with a value.
    pub n: u32,
}

impl Estimate {
    /// Half width of the t interval.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// Does the t interval exclude 0?
    pub fn is_clear(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// The 2.5 % and 97.5 % points of a sample; NaN if it is empty.
pub fn percentiles(sample: &mut [f64]) -> (f64, f64) {
    if sample.is_empty() {
        return (f64::NAN, f64::NAN);
    }
    sample.sort_by(f64::total_cmp);
    let at = |share: f64| sample[((sample.len() - 1) as f64 * share).round() as usize];
    (at(0.025), at(0.975))
}

/// The same bootstrap samples of pairs for everything: rows of pair numbers.
#[derive(Clone, Debug)]
pub struct Bootstrap {
    rows: Vec<Vec<u32>>,
}

impl Bootstrap {
    /// Draws samples of `n` pairs.
    pub fn new(seed: Seed, n: usize) -> Self {
        let draw = |sample: u32, k: usize| {
            let address = Address::row(sample, Purpose::Sample).which(k as u64 / 4);
            ((u64::from(seed.block(address).word(k % 4)) * n as u64) >> 32) as u32
        };
        Self { rows: (0..SAMPLES).map(|sample| (0..n).map(|k| draw(sample, k)).collect()).collect() }
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
        self.rows.iter().map(|row| mean(row.iter().map(|pair| values[*pair as usize])).0)
    }
}

fn mean(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut sum, mut n) = (0.0, 0.0);
    for value in values.filter(|value| !value.is_nan()) {
        sum += value;
        n += 1.0;
    }
    (sum / n, n)
}

/// Variance of a sample, NaN below two values.
fn variance(values: &[f64]) -> f64 {
    let (mean, n) = mean(values.iter().copied());
    values.iter().filter(|value| !value.is_nan()).map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0)
}

/// What differences of pairs amount to; NaN differences are left out.
pub fn estimate(differences: &[f64], bootstrap: &Bootstrap) -> Estimate {
    let (mean, n) = mean(differences.iter().copied());
    let spread = (variance(differences) / n).sqrt();
    let known = differences.iter().filter(|d| !d.is_nan());
    let same = known.filter(|d| **d * mean > 0.0 || (**d == 0.0 && mean == 0.0)).count() as f64;
    let (half, p) = if n < 2.0 {
        (f64::NAN, f64::NAN)
    } else if spread == 0.0 {
        (0.0, if mean == 0.0 { 1.0 } else { 0.0 })
    } else {
        let t = StudentsT::new(0.0, 1.0, n - 1.0).expect("a positive number of degrees of freedom");
        (t.inverse_cdf(0.975) * spread, 2.0 * (1.0 - t.cdf((mean / spread).abs())))
    };
    let mut means: Vec<f64> = bootstrap.means(differences).filter(|mean| !mean.is_nan()).collect();
    let (boot_low, boot_high) = percentiles(&mut means);
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
    let (low, high) = percentiles(&mut sample);
    Ratio { value, low, high, told: denominator.is_clear() && denominator.boot_low * denominator.boot_high > 0.0 }
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
