//! Small statistics that several rows share.

use crate::observe::estimate::{Factor, fixed_effects};
use crate::statistics;

/// The mean of the values that are finite, NaN of nothing.
pub fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    statistics::mean(values.into_iter().filter(|value| value.is_finite())).0
}

/// Standard deviation, NaN of fewer than two.
pub fn deviation(values: &[f64]) -> f64 {
    statistics::variance(values).sqrt()
}

/// Third standardised moment, NaN of fewer than three.
pub fn skewness(values: &[f64]) -> f64 {
    let (centre, spread) = (mean(values.iter().copied()), deviation(values));
    if values.len() < 3 || spread == 0.0 {
        return f64::NAN;
    }
    mean(
        values
            .iter()
            .map(|value| ((value - centre) / spread) * ((value - centre) / spread) * ((value - centre) / spread)),
    )
}

/// Least squares of `y` on columns and a constant: the coefficients, NaN where they are not identified.
pub fn regress<const N: usize>(rows: &[(f64, [f64; N])]) -> [f64; N] {
    regress_within(rows, &vec![0_u8; rows.len()])
}

/// The same with an effect for every group.
pub fn regress_within<const N: usize, K: Ord + Copy>(rows: &[(f64, [f64; N])], groups: &[K]) -> [f64; N] {
    let y = rows.iter().map(|row| row.0).collect();
    let x = (0..N).map(|k| rows.iter().map(|row| row.1[k]).collect()).collect();
    let found = fixed_effects(y, x, &[Factor::new(groups)]);
    found.map_or([f64::NAN; N], |found| std::array::from_fn(|k| found[k]))
}

/// Slope of one column.
pub fn slope(rows: &[(f64, f64)]) -> f64 {
    regress(&rows.iter().map(|(y, x)| (*y, [*x])).collect::<Vec<_>>())[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_statistics_by_hand() {
        assert_eq!(mean([1.0, f64::NAN, 3.0]), 2.0);
        assert!((deviation(&[1.0, 3.0]) - 2.0_f64.sqrt()).abs() < 1e-12);
        assert!(skewness(&[0.0, 0.0, 0.0, 9.0]) > 0.5);
        assert!((slope(&[(1.0, 0.0), (3.0, 1.0), (5.0, 2.0)]) - 2.0).abs() < 1e-9);
        let rows = [(1.0, [0.0]), (2.0, [1.0]), (11.0, [0.0]), (12.0, [1.0])];
        assert!((regress_within(&rows, &[0, 0, 1, 1])[0] - 1.0).abs() < 1e-9);
    }
}
