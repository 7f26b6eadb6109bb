//! Growth: size moves by shocks with fat tails, the young grow, and exporting teaches.
//!
//! ```text
//! Δ ln z = g_z + g_y·exp(−age/τ_age) + g_x·[exported last year] + σ_0·z^(−β)·Laplace        a year,  z ≥ 1
//! ```
//!
//! Negative drift against the floor at one person gives the Zipf tail of firm sizes.
//!
//! **Predicts** a Pareto tail near 1 and growth rates with a tent shape; see `large_firms_are_steadier`.
//!
//! Gabaix (1999), *Q. J. Econ.* 114(3), 739–767; Stanley et al. (1996), *Nature* 379, 804–806 (Laplace shape and fall of the
//! spread with size).

use crate::number::{exp, laplace};

crate::params! {
    /// Growth of firms at home.
    pub struct Growth at "mechanism.growth" {
        /// Laplace scale of yearly growth of a one-person firm.
        spread: f32 = 0.16 in 0.0 ..= 2.0, "σ_0", "ln/year", "prototype, pinned by the size distribution (C10)";
        /// Fall of that scale with size.
        spread_size: f32 = 0.1 in 0.0 ..= 1.0, "β", "1", "0.15–0.20 for large firms in Stanley et al. 1996; smaller here";
        /// Drift of log size.
        drift: f32 = -0.015 in -1.0 ..= 1.0, "g_z", "1/year", "prototype, pinned by the size distribution (C10)";
        /// Extra drift of a newborn.
        young: f32 = 0.06 in -1.0 ..= 1.0, "g_y", "1/year", "prototype, pinned by the size distribution (C10)";
        /// Extra drift of a firm that exported last year.
        exporting: f32 = 0.01 in -1.0 ..= 1.0, "g_x", "1/year", "assumption, swept 0–0.05: learning by exporting";
        /// Whether size moves.
        on: bool = true, "", "", "switch";
    }
}

impl Growth {
    /// Log size after a year; `newness` = exp(−age/τ_age), `u` the year's uniform draw.
    #[inline]
    pub fn next(&self, ln_z: f32, newness: f32, exported: bool, u: f32) -> f32 {
        if !self.on {
            return ln_z;
        }
        let drift = self.drift + self.young * newness + if exported { self.exporting } else { 0.0 };
        (ln_z + drift + self.spread * exp(-self.spread_size * ln_z) * laplace(u)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_firms_are_steadier() {
        let growth = Growth::default();
        let rise = |ln_z: f32| growth.next(ln_z, 0.0, false, 0.9) - ln_z;
        // −0.015 − 0.16·ln 0.2 at one person.
        assert!((rise(0.0) - 0.2425).abs() < 1e-3, "{}", rise(0.0));
        assert!(rise(4.0) < rise(0.0));
        assert_eq!(growth.next(0.0, 0.0, false, 0.01), 0.0, "one person is the floor");
        assert!(growth.next(1.0, 0.0, true, 0.5) > growth.next(1.0, 0.0, false, 0.5));
    }
}
