//! Separation: customers leave, the less the more trust, commitment and match tie them.
//!
//! ```text
//! hazard = δ_0 · exp(−δ_w·w − δ_s·s − δ_n·ν)
//! ```
//!
//! **Predicts** that exits fall with tenure, because trust grows and bad matches leave first; see
//! `trusted_customers_stay`.
//!
//! Exits by tenure: Steinberg (2023), *J. Int. Econ.*; Alessandria, Choi & Ruhl (2021), *J. Int. Econ.*

use crate::number::exp;

crate::params! {
    /// How customers are lost.
    pub struct Separation at "mechanism.separation" {
        /// Hazard of losing a customer without trust.
        rate: f32 = 3.03 in 0.0 ..= 50.0, "δ_0", "1/year", "prototype, pinned by market exits (C5)";
        /// Log fall with trust.
        trust: f32 = 2.82 in 0.0 ..= 20.0, "δ_w", "1", "prototype, pinned by exits with tenure (C5)";
        /// Log fall per stage.
        stage: f32 = 0.4 in 0.0 ..= 5.0, "δ_s", "1", "assumption, swept 0–1";
        /// Log fall with match quality.
        quality: f32 = 0.374 in 0.0 ..= 5.0, "δ_n", "1", "prototype, pinned by market exits (C5)";
        /// Whether customers ever leave.
        on: bool = true, "", "", "switch";
    }
}

impl Separation {
    /// Hazard a year at trust `w`, stage `s` and match quality `nu`.
    #[inline]
    pub fn hazard(&self, w: f32, s: u8, nu: f32) -> f32 {
        if !self.on {
            return 0.0;
        }
        self.rate * exp(-self.trust * w - self.stage * f32::from(s) - self.quality * nu)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trusted_customers_stay() {
        let separation = Separation::default();
        assert!((separation.hazard(0.0, 0, 0.0) - 3.03).abs() < 1e-5);
        assert!(separation.hazard(0.8, 0, 0.0) < 0.4);
        assert!(separation.hazard(0.2, 1, 1.0) < separation.hazard(0.2, 0, 0.0));
    }
}
