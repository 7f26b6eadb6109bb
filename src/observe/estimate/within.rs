//! Sweeps fixed effects out of variables: the within transformation, for any number of factors.
//!
//! ```text
//! x ← x − mean of x in its group,   factor after factor, until nothing moves
//! ```
//!
//! Projecting on one factor after another converges to the projection on all of them (Guimarães & Portugal 2010,
//! *Stata J.* 10(4); Gaure 2013, *Comput. Stat. Data Anal.* 66). Regressing what is left on what is left gives the
//! coefficients of the regression with all dummies (Frisch–Waugh–Lovell).

/// One set of fixed effects: which group every row belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    group: Vec<u32>,
    groups: usize,
}

impl Factor {
    /// Numbers the groups of rows by their keys.
    pub fn new<K: Ord + Copy>(keys: &[K]) -> Self {
        let mut known = keys.to_vec();
        known.sort_unstable();
        known.dedup();
        let number = |key: &K| known.binary_search(key).expect("every key is known") as u32;
        Self { group: keys.iter().map(number).collect(), groups: known.len() }
    }

    /// Takes the weighted mean of its group from every value; returns the largest mean taken.
    fn sweep(&self, values: &mut [f64], weights: Option<&[f64]>, weight: &[f64], means: &mut Vec<f64>) -> f64 {
        means.clear();
        means.resize(self.groups, 0.0);
        match weights {
            Some(weights) => {
                for ((group, value), w) in self.group.iter().zip(values.iter()).zip(weights) {
                    means[*group as usize] += w * value;
                }
            }
            None => {
                for (group, value) in self.group.iter().zip(values.iter()) {
                    means[*group as usize] += value;
                }
            }
        }
        let mut largest = 0.0_f64;
        for (mean, weight) in means.iter_mut().zip(weight) {
            *mean /= weight;
            largest = largest.max(mean.abs());
        }
        for (group, value) in self.group.iter().zip(values.iter_mut()) {
            *value -= means[*group as usize];
        }
        largest
    }

    fn weight(&self, weights: Option<&[f64]>) -> Vec<f64> {
        let mut sums = vec![0.0; self.groups];
        for (row, group) in self.group.iter().enumerate() {
            sums[*group as usize] += weights.map_or(1.0, |weights| weights[row]);
        }
        sums
    }
}

/// Movement, relative to the spread of a variable, below which it has settled.
const SETTLED: f64 = 1e-8;
const MOST_ROUNDS: usize = 20_000;

/// Sweeps factors out of variables; false if one did not settle.
pub(super) fn within(columns: &mut [Vec<f64>], factors: &[Factor], weights: Option<&[f64]>) -> bool {
    let weight: Vec<Vec<f64>> = factors.iter().map(|factor| factor.weight(weights)).collect();
    let mut means = Vec::new();
    let mut settled = true;
    for column in columns {
        let spread = column.iter().fold(0.0_f64, |most, x| most.max(x.abs())).max(f64::MIN_POSITIVE);
        let rounds = if factors.len() < 2 { 1 } else { MOST_ROUNDS };
        let mut moved = 0.0;
        for _ in 0..rounds {
            moved = 0.0;
            for (factor, weight) in factors.iter().zip(&weight) {
                moved = factor.sweep(column, weights, weight, &mut means).max(moved);
            }
            if moved <= SETTLED * spread {
                break;
            }
        }
        settled &= rounds == 1 || moved <= SETTLED * spread;
    }
    settled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_factor_takes_means_away() {
        let mut columns = [vec![1.0, 3.0, 10.0, 20.0]];
        assert!(within(&mut columns, &[Factor::new(&["a", "a", "b", "b"])], None));
        assert_eq!(columns[0], [-1.0, 1.0, -5.0, 5.0]);
        let mut columns = [vec![1.0, 3.0, 10.0, 20.0]];
        within(&mut columns, &[Factor::new(&[7, 7, 9, 9])], Some(&[3.0, 1.0, 1.0, 1.0]));
        assert_eq!(columns[0], [-0.5, 1.5, -5.0, 5.0]);
    }

    #[test]
    fn two_factors_leave_no_mean_in_any_group() {
        let (a, b) = ([0, 0, 1, 1, 2, 2, 2, 3], [0, 1, 1, 2, 2, 0, 3, 3]);
        let factors = [Factor::new(&a), Factor::new(&b)];
        let mut columns = [vec![3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0, 6.0]];
        assert!(within(&mut columns, &factors, None));
        for keys in [a, b] {
            for group in 0..4 {
                let sum: f64 = keys.iter().zip(&columns[0]).filter(|(key, _)| **key == group).map(|(_, x)| x).sum();
                assert!(sum.abs() < 1e-6, "group {group} keeps {sum}");
            }
        }
    }
}
