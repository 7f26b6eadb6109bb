//! Bridging: peers who do not know each other bring news that no other peer brings.
//!
//! ```text
//! rate of contacts through peers × (1 + b·max(0, 1 − c))          c is Burt's constraint of the firm's slot among peers
//! ```
//!
//! Off by default (b = 0). The peer graph is fixed, and with it the constraint.
//!
//! **Predicts** that brokers hear of opportunities in more countries; see `brokers_hear_more`.
//!
//! Granovetter (1973), *Am. J. Sociol.* 78(6), 1360–1380; Burt (1992), *Structural Holes*, Harvard University Press.

crate::params! {
    /// What a slot between groups is worth.
    pub struct Bridging at "mechanism.bridging" {
        /// Gain in contacts through peers of a slot without constraint.
        weight: f32 = 0.0 in 0.0 ..= 50.0, "b", "1", "assumption, off; swept 0–4";
    }
}

impl Bridging {
    /// Multiplier of the rate of contacts at a constraint; a firm without peers has none.
    #[inline]
    pub fn gain(&self, constraint: f32) -> f32 {
        if constraint.is_nan() { 1.0 } else { 1.0 + self.weight * (1.0 - constraint).max(0.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brokers_hear_more() {
        let bridging = Bridging { weight: 2.0 };
        assert!((bridging.gain(0.25) - 2.5).abs() < 1e-6);
        assert_eq!((bridging.gain(1.1), bridging.gain(f32::NAN), Bridging::default().gain(0.1)), (1.0, 1.0, 1.0));
    }
}
