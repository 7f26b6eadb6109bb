//! Least squares, with fixed effects swept out.

use super::solve;
use super::within::{Factor, within};
use nalgebra::{DMatrix, DVector};

/// Coefficients of `x` in the regression of `y` on `x` and the effects of all factors; `None` where the columns are
/// collinear given the effects, or there are too few rows. Without factors there is no constant either.
pub fn fixed_effects(y: Vec<f64>, x: Vec<Vec<f64>>, factors: &[Factor]) -> Option<Vec<f64>> {
    weighted(y, x, factors, None)
}

/// The same with weights.
pub(super) fn weighted(y: Vec<f64>, x: Vec<Vec<f64>>, factors: &[Factor], weights: Option<&[f64]>) -> Option<Vec<f64>> {
    let (rows, terms) = (y.len(), x.len());
    if rows <= terms || terms == 0 {
        return None;
    }
    let before: Vec<f64> = x.iter().map(|column| squares(column)).collect();
    let mut columns = x;
    columns.push(y);
    if !within(&mut columns, factors, weights) {
        return None;
    }
    // What the effects explain entirely leaves only rounding behind.
    const EXPLAINED: f64 = 1e-12;
    if columns.iter().zip(&before).any(|(column, before)| squares(column) <= EXPLAINED * before) {
        return None;
    }
    let y = columns.pop().expect("y was put there");
    let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
    let heavy = DMatrix::from_fn(rows, terms, |row, term| weight(row) * columns[term][row]);
    let design = DMatrix::from_fn(rows, terms, |row, term| columns[term][row]);
    let solution = solve(&design.tr_mul(&heavy), &heavy.tr_mul(&DVector::from_vec(y)))?;
    Some(solution.iter().copied().collect())
}

fn squares(column: &[f64]) -> f64 {
    column.iter().map(|x| x * x).sum()
}

/// Slope of the straight line through points; NaN with fewer than two different `x`.
pub fn line(points: &[(f64, f64)]) -> f64 {
    let (x, y) = points.iter().copied().unzip();
    let constant = Factor::new(&vec![0_u8; points.len()]);
    if points.len() == 2 {
        let ((x0, y0), (x1, y1)) = (points[0], points[1]);
        return if x0 == x1 { f64::NAN } else { (y1 - y0) / (x1 - x0) };
    }
    fixed_effects(y, vec![x], &[constant]).map_or(f64::NAN, |slope| slope[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_by_hand() {
        assert!((line(&[(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]) - 2.0).abs() < 1e-12);
        assert!((line(&[(1.0, 1.0), (2.0, 2.0), (3.0, 2.0), (4.0, 5.0)]) - 1.2).abs() < 1e-12);
        assert_eq!(line(&[(1.0, 1.0), (3.0, 5.0)]), 2.0);
        assert!(line(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)]).is_nan());
    }

    #[test]
    fn two_way_effects_agree_with_dummies() {
        // numpy.linalg.lstsq on x1, x2 and dummies of both factors gives the same coefficients.
        let a = [0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 3];
        let b = [0, 1, 2, 0, 2, 1, 2, 3, 0, 1, 2, 3];
        let x1 = vec![1.0, 2.0, 0.5, 3.0, 1.5, 2.5, 4.0, 0.0, 1.0, 3.5, 2.0, 5.0];
        let x2 = vec![0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0];
        let y = vec![2.0, 4.5, 1.0, 6.0, 3.5, 3.0, 7.5, 1.0, 2.0, 5.5, 4.0, 9.0];
        let found = fixed_effects(y, vec![x1, x2], &[Factor::new(&a), Factor::new(&b)]).expect("it is identified");
        for (found, expected) in found.iter().zip([1.967_590_172_503_92, 1.202_822_791_427_08]) {
            assert!((found - expected).abs() < 1e-7, "{found} for {expected}");
        }
    }

    #[test]
    fn what_the_effects_explain_is_not_estimated() {
        let group = [0, 0, 1, 1, 2];
        let of_group = vec![1.0, 1.0, 5.0, 5.0, 2.0];
        assert_eq!(fixed_effects(vec![1.0, 2.0, 3.0, 5.0, 1.0], vec![of_group], &[Factor::new(&group)]), None);
        let x = vec![1.0, 2.0, 3.0, 4.0, 7.0];
        let twice = x.iter().map(|x| 2.0 * x).collect();
        assert_eq!(fixed_effects(vec![1.0, 2.0, 3.0, 5.0, 1.0], vec![x, twice], &[Factor::new(&[0; 5])]), None);
    }
}
