//! Horizon: partners seldom refer a firm to where its home is out of sight.
//!
//! ```text
//! a referral that roams leads to market m ∝ Y_m^a · exp(−λ_off·D[c,m]) · exp(−λ_h·D[h,m])     c the partner's market, h home
//! ```
//!
//! Off by default (λ_h = 0): then the partner's own neighbourhood alone decides.
//!
//! **Predicts** that opportunities through ties are nearer than others; see `the_far_is_out_of_sight`.
//!
//! Ellis (2011), *J. Int. Bus. Stud.* 42(1), 99–127.

use crate::number::exp;

crate::params! {
    /// The horizon of ties.
    pub struct Horizon at "mechanism.horizon" {
        /// Decay of referrals with felt distance from the firm's home.
        decay: f32 = 0.0 in 0.0 ..= 50.0, "λ_h", "1 per mean distance", "assumption, off; swept 0–10";
    }
}

impl Horizon {
    /// Weight of a market at felt distance `d` from home.
    #[inline]
    pub fn weight(&self, d: f32) -> f32 {
        exp(-self.decay * d)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_far_is_out_of_sight() {
        let horizon = Horizon { decay: 4.0 };
        assert!(horizon.weight(1.0) < horizon.weight(0.1));
        assert_eq!(Horizon::default().weight(3.0), 1.0);
    }
}
