//! Estimators that published facts were measured with: least squares and Poisson regressions with fixed effects.
//!
//! Fixed effects of many groups are swept out of the data and never estimated; what is left is a small system of
//! equations, solved by Cholesky's decomposition. Sums run in the order of the rows, so results have the same bits
//! everywhere.

pub mod hazard;
pub mod least_squares;
pub mod poisson;
mod within;

pub use hazard::{Cell, Hazard};
pub use least_squares::{fixed_effects, line};
pub use poisson::pseudo_poisson;
pub use within::Factor;

use nalgebra::{DMatrix, DVector};

/// Solves `a·x = b` for a symmetric positive definite `a`; `None` where columns are collinear.
fn solve(a: &DMatrix<f64>, b: &DVector<f64>) -> Option<DVector<f64>> {
    // Scaled to a unit diagonal, so that one threshold tells collinear columns from small ones.
    let scale: Vec<f64> = a.diagonal().iter().map(|x| x.sqrt()).collect();
    if scale.iter().any(|x| !x.is_finite() || *x == 0.0) {
        return None;
    }
    let unit = DMatrix::from_fn(a.nrows(), a.ncols(), |i, j| a[(i, j)] / (scale[i] * scale[j]));
    let decomposition = unit.cholesky()?;
    const COLLINEAR: f64 = 1e-6;
    if decomposition.l_dirty().diagonal().iter().any(|x| *x < COLLINEAR) {
        return None;
    }
    let x = decomposition.solve(&DVector::from_fn(b.len(), |i, _| b[i] / scale[i]));
    Some(DVector::from_fn(b.len(), |i, _| x[i] / scale[i]))
}
