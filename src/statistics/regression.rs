//! Ordinary least squares with a constant: coefficients, their standard errors, and how much is explained.

use nalgebra::{DMatrix, DVector};

/// A fitted regression.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The constant first, then a coefficient for each column.
    pub coefficients: Vec<f64>,
    /// Standard errors, in the same order.
    pub errors: Vec<f64>,
    /// Degrees of freedom left: rows less coefficients.
    pub freedom: f64,
    /// Share of the variance explained, 0 to 1; NaN where nothing varies.
    pub explained: f64,
}

/// Regresses `y` on `columns` and a constant, `β = (XᵀX)⁻¹Xᵀy` with `V(β) = s²(XᵀX)⁻¹`; nothing where columns are
/// collinear or constant, or rows do not outnumber the coefficients.
pub fn least_squares(y: &[f64], columns: &[Vec<f64>]) -> Option<Fit> {
    let (rows, terms) = (y.len(), columns.len() + 1);
    if rows <= terms {
        return None;
    }
    let x = DMatrix::from_fn(rows, terms, |row, term| if term == 0 { 1.0 } else { columns[term - 1][row] });
    let y = DVector::from_column_slice(y);
    let cross = x.tr_mul(&x).cholesky()?;
    // A column that the others explain leaves nothing but rounding on the diagonal.
    const COLLINEAR: f64 = 1e-7;
    let kept = |term: usize| cross.l_dirty()[(term, term)] > COLLINEAR * x.column(term).norm();
    if !(0..terms).all(kept) {
        return None;
    }
    let beta = cross.solve(&x.tr_mul(&y));
    let left = (&y - &x * &beta).norm_squared();
    let freedom = (rows - terms) as f64;
    let variances = cross.inverse().diagonal() * (left / freedom);
    let all = y.add_scalar(-y.mean()).norm_squared();
    Some(Fit {
        coefficients: beta.iter().copied().collect(),
        errors: variances.iter().map(|variance| variance.max(0.0).sqrt()).collect(),
        freedom,
        explained: 1.0 - left / all,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regression_agrees_with_a_known_one() {
        // R: summary(lm(y ~ x)) of x = 1 … 5, y = 2.1, 3.9, 6.2, 7.8, 10.1: slope 1.99 (.0597), constant .05 (.198).
        let fit =
            least_squares(&[2.1, 3.9, 6.2, 7.8, 10.1], &[vec![1.0, 2.0, 3.0, 4.0, 5.0]]).expect("it is identified");
        let close = |a: f64, b: f64, within: f64| assert!((a - b).abs() < within, "{a} for {b}");
        close(fit.coefficients[0], 0.05, 1e-9);
        close(fit.coefficients[1], 1.99, 1e-9);
        close(fit.errors[1], 0.059_722, 1e-5);
        close(fit.errors[0], 0.198_074, 1e-5);
        close(fit.explained, 0.997_305, 1e-5);
        assert_eq!(fit.freedom, 3.0);
    }

    #[test]
    fn what_is_collinear_is_not_estimated() {
        let x = vec![1.0, 2.0, 4.0, 3.0, 5.0];
        let twice = x.iter().map(|x| 2.0 * x + 1.0).collect();
        assert_eq!(least_squares(&[1.0, 2.0, 3.0, 1.0, 0.0], &[x.clone(), twice]), None);
        assert_eq!(least_squares(&[1.0, 2.0, 3.0, 1.0, 0.0], &[vec![7.0; 5]]), None);
        assert_eq!(least_squares(&[1.0, 2.0], &[vec![1.0, 2.0]]), None);
    }
}
