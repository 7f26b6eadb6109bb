//! Separation: customers leave, the less the more trust, commitment and match tie them.
//!
//! ```text
//! hazard = δ_0 · exp(−δ_w·w − δ_s·s − δ_n·ν)
//! quarters that a customer stays of the next n = Σ_{t<n} Π_{k<t} exp(−hazard(w_k)/4)
//! ```
//!
//! **Predicts** that exits fall with tenure, because trust grows and bad matches leave first; see
//! `trusted_customers_stay`.
//!
//! Exits by tenure: Steinberg (2023), *J. Int. Econ.* 145, 103807; Alessandria, Choi & Ruhl (2021), *J. Int. Econ.* 131,
//! 103458.

use crate::number::{exp, quarterly};

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

    /// Quarters that a new customer of trust `w` is expected to stay, of those of the next `years`; `next` is trust a
    /// quarter later.
    pub fn stay(&self, w: f32, s: u8, nu: f32, years: f32, next: impl Fn(f32) -> f32) -> f32 {
        let (mut w, mut there, mut quarters, mut left) = (w, 1.0, 0.0, 4.0 * years);
        while left > 0.0 {
            quarters += there * left.min(1.0);
            there *= 1.0 - quarterly(self.hazard(w, s, nu));
            w = next(w);
            left -= 1.0;
        }
        quarters
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

    #[test]
    fn a_stay_is_as_long_as_its_hazard_lets_it_be() {
        let separation = Separation { rate: 3.03, trust: 2.82, ..Separation::default() };
        // Of trust .243 that stays as it is: 1.527 a year, so that .683 are left after a quarter; 1/(1 − .683) quarters.
        let still = |w: f32| w;
        assert!((separation.stay(0.243, 0, 0.0, 50.0, still) - 3.151).abs() < 2e-3);
        assert!((separation.stay(0.243, 0, 0.0, 0.5, still) - 1.683).abs() < 1e-3);
        assert!(
            separation.stay(0.243, 0, 0.0, 4.0, |w| w + 0.1 * (1.0 - w)) > separation.stay(0.243, 0, 0.0, 4.0, still)
        );
        assert_eq!(Separation { on: false, ..separation }.stay(0.0, 0, 0.0, 4.0, still), 16.0);
    }
}
