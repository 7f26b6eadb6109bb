//! The order in which firms would enter markets if nothing but what is left of them decided it: a null for orders of entry.
//!
//! ```text
//! P(k-th is r) = ∫ w_r · exp(−w_r·t) · P(k − 1 of the others have come by t) dt
//! ```
//!
//! Markets are drawn one by one, in proportion to constant weights, from those not drawn yet. The same law has every
//! market come at an exponential time of its own with rate w (Plackett 1975, *J. R. Stat. Soc. C* 24(2), 193–202), so the
//! k-th drawn is the k-th to come, and how many of the others have come by t is a sum of independent yes and no.

use crate::number::f64s;

/// Step of the integral, in the logarithm of time: the integrand is smooth and dies away at both ends.
const STEP: f64 = 0.25;
/// Beyond this many lives of the last market wanted, all of them have come.
const LIVES: f64 = 40.0;

/// The probabilities of every market to be the first, second, … drawn, `most` orders in all, for weights that are not
/// negative. Orders beyond the markets with a weight are zero.
pub fn orders(weights: &[f64], most: usize) -> Vec<Vec<f64>> {
    let mut sorted: Vec<f64> = weights.iter().copied().filter(|weight| *weight > 0.0).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let mut found = vec![vec![0.0; weights.len()]; most];
    let Some(&last) = sorted.get(most.min(sorted.len()).wrapping_sub(1)) else { return found };
    let from = f64s::ln(1e-7 / sorted.iter().sum::<f64>());
    let steps = ((f64s::ln(LIVES / last) - from) / STEP).ceil() as usize;
    // Of the markets before and after each in the list: how likely none, one, two … have come.
    let mut before = vec![vec![0.0; most]; weights.len() + 1];
    let mut after = before.clone();
    for step in 0..=steps {
        let t = f64s::exp(from + STEP * step as f64);
        let come: Vec<f64> = weights.iter().map(|weight| 1.0 - f64s::exp(-weight * t)).collect();
        before[0].fill(0.0);
        before[0][0] = 1.0;
        for r in 0..weights.len() {
            let (known, next) = before.split_at_mut(r + 1);
            add(&known[r], come[r], &mut next[0]);
        }
        after[weights.len()].fill(0.0);
        after[weights.len()][0] = 1.0;
        for r in (0..weights.len()).rev() {
            let (next, known) = after.split_at_mut(r + 1);
            add(&known[0], come[r], &mut next[r]);
        }
        for (r, weight) in weights.iter().enumerate() {
            let density = weight * t * f64s::exp(-weight * t) * STEP;
            if density < 1e-15 {
                continue;
            }
            for (k, order) in found.iter_mut().enumerate() {
                let others: f64 = (0..=k).map(|a| before[r][a] * after[r + 1][k - a]).sum();
                order[r] += density * others;
            }
        }
    }
    found
}

/// How likely none, one, two … have come if one more market, which has come with probability `come`, is looked at.
fn add(known: &[f64], come: f64, next: &mut [f64]) {
    for k in 0..known.len() {
        next[k] = known[k] * (1.0 - come) + if k > 0 { known[k - 1] * come } else { 0.0 };
    }
}

/// The mean slot, 1 for the first in the list, of the markets drawn as the first, second, …; not a number where there is
/// none.
pub fn mean_places(orders: &[Vec<f64>]) -> Vec<f64> {
    let mean = |order: &Vec<f64>| {
        let all: f64 = order.iter().sum();
        order.iter().enumerate().map(|(r, p)| (r as f64 + 1.0) * p).sum::<f64>() / all
    };
    orders.iter().map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_markets_are_drawn_as_by_hand() {
        // Weights 5, 3, 2: first .5 .3 .2; second is market 1 with .3·5/7 + .2·5/8.
        let found = orders(&[5.0, 3.0, 2.0], 3);
        let second =
            [0.3 * 5.0 / 7.0 + 0.2 * 5.0 / 8.0, 0.5 * 3.0 / 5.0 + 0.2 * 3.0 / 8.0, 0.5 * 2.0 / 5.0 + 0.3 * 2.0 / 7.0];
        for r in 0..3 {
            assert!((found[0][r] - [0.5, 0.3, 0.2][r]).abs() < 1e-6, "{found:?}");
            assert!((found[1][r] - second[r]).abs() < 1e-6, "{found:?}");
            assert!((found[2][r] - (1.0 - found[0][r] - found[1][r])).abs() < 1e-6, "{found:?}");
        }
    }

    #[test]
    fn equal_weights_leave_no_order_and_none_leave_nothing() {
        for mean in mean_places(&orders(&[0.2; 9], 4)) {
            assert!((mean - 5.0).abs() < 1e-6, "{mean}");
        }
        let short = orders(&[0.0, 2.0, 1.0], 4);
        assert!((short[1].iter().sum::<f64>() - 1.0).abs() < 1e-6 && short[3].iter().all(|p| *p == 0.0), "{short:?}");
        assert!(mean_places(&orders(&[], 2)).iter().all(|mean| mean.is_nan()));
    }

    #[test]
    fn near_markets_run_out() {
        let weights: Vec<f64> = (0..40).map(|r| 1.0 / (f64::from(r) + 1.0)).collect();
        let means = mean_places(&orders(&weights, 12));
        assert!(means.windows(2).all(|pair| pair[1] > pair[0]), "{means:?}");
    }
}
