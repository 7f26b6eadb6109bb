//! Anchor partner: a large partner opens more doors than a small one.
//!
//! ```text
//! what a tie counts in referrals = w · pop^κ_a          pop is the partner's popularity, mean 1
//! ```
//!
//! Off by default (κ_a = 0). The bound on attention holds for the sum, so a firm with many partners depends less on the
//! large one.
//!
//! **Predicts** that early markets follow the first large partner and later ones do so less; see
//! `the_large_open_more_doors`.
//!
//! Coviello & Munro (1997), *Int. Bus. Rev.* 6(4), 361–386.

use crate::number::pow;

crate::params! {
    /// Large partners as anchors.
    pub struct Anchor at "mechanism.anchor" {
        /// Elasticity of a partner's referrals to its popularity.
        weight: f32 = 0.0 in 0.0 ..= 3.0, "κ_a", "1", "assumption, off; swept 0–1";
    }
}

impl Anchor {
    /// Is there anything to weigh?
    #[inline]
    pub fn on(&self) -> bool {
        self.weight > 0.0
    }

    /// What a partner counts beside one of mean popularity.
    #[inline]
    pub fn pull(&self, popularity: f32) -> f32 {
        pow(popularity, self.weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_large_open_more_doors() {
        let anchor = Anchor { weight: 0.5 };
        assert!((anchor.pull(100.0) - 10.0).abs() < 1e-4 && (anchor.pull(1.0) - 1.0).abs() < 1e-6);
        assert!(anchor.on() && !Anchor::default().on());
    }
}
