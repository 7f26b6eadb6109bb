//! Poisson pseudo maximum likelihood with fixed effects: gravity that counts zero flows.
//!
//! ```text
//! E[y] = exp(x·β + effects);   z = x·β̂ + effects + (y − μ)/μ,   β̂ ← weighted least squares of z, weights μ
//! ```
//!
//! Santos Silva & Tenreyro (2006), *Rev. Econ. Stat.* 88(4), 641–658; effects swept out in every round as by
//! Correia, Guimarães & Zylkin (2020), *Stata J.* 20(1), 95–115.

use super::least_squares::weighted;
use super::within::{Factor, within};
use crate::number::f64s::{exp, ln};

const ROUNDS: usize = 200;
const SETTLED: f64 = 1e-9;

/// Coefficients of `x`; `None` where they are not identified or do not settle. Groups without a positive `y` say
/// nothing and must have been left out.
pub fn pseudo_poisson(y: &[f64], x: &[Vec<f64>], factors: &[Factor]) -> Option<Vec<f64>> {
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    if mean.is_nan() || mean <= 0.0 {
        return None;
    }
    let mut index: Vec<f64> = y.iter().map(|y| ln(0.5 * (y + mean))).collect();
    let mut before: Vec<f64> = Vec::new();
    for _ in 0..ROUNDS {
        let fitted: Vec<f64> = index.iter().map(|index| exp(*index)).collect();
        let work: Vec<f64> = index.iter().zip(y).zip(&fitted).map(|((index, y), mu)| index + (y - mu) / mu).collect();
        let beta = weighted(work.clone(), x.to_vec(), factors, Some(&fitted))?;
        // The new index is the working variable less its residual within the effects.
        let mut residual = [work.clone()];
        for (row, value) in residual[0].iter_mut().enumerate() {
            *value -= beta.iter().zip(x).map(|(beta, column)| beta * column[row]).sum::<f64>();
        }
        if !within(&mut residual, factors, Some(&fitted)) {
            return None;
        }
        for ((index, work), residual) in index.iter_mut().zip(&work).zip(&residual[0]) {
            *index = work - residual;
        }
        if index.iter().any(|index| !index.is_finite()) {
            return None;
        }
        let moved = beta.iter().zip(&before).map(|(now, then)| (now - then).abs()).fold(0.0, f64::max);
        if !before.is_empty() && moved < SETTLED {
            return Some(beta);
        }
        before = beta;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_of_means_by_hand() {
        // With one dummy and a constant the estimate is the log of the ratio of means, zeros counted.
        let y = [0.0, 2.0, 4.0, 3.0, 9.0, 0.0];
        let x = vec![vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0]];
        let found = pseudo_poisson(&y, &x, &[Factor::new(&[0; 6])]).expect("it is identified");
        assert!((found[0] - ln(2.0)).abs() < 1e-7, "{found:?}");
    }

    #[test]
    fn exact_gravity_is_found_again() {
        let (mut y, mut x, mut from, mut to) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for i in 0..5 {
            for j in 0..6 {
                let distance = f64::from((3 * i + 7 * j) % 11) / 3.0;
                y.push(exp(0.3 * f64::from(i) - 0.2 * f64::from(j * j) / 5.0 - 0.9 * distance));
                x.push(distance);
                from.push(i);
                to.push(j);
            }
        }
        let found = pseudo_poisson(&y, &[x], &[Factor::new(&from), Factor::new(&to)]).expect("it is identified");
        assert!((found[0] + 0.9).abs() < 1e-6, "{found:?}");
    }
}
