//! Exchange: peers at home pass contacts on to those who have something to give back.
//!
//! ```text
//! rate of contacts through peers × (1 + x·n/(2 + n))          n is the number of markets with a customer
//! ```
//!
//! Off by default (x = 0): then peers give to anybody.
//!
//! **Predicts** that ties at home carry part of what internationalization does for performance; see
//! `who_gives_receives`.
//!
//! Zhou, Wu & Luo (2007), *J. Int. Bus. Stud.* 38(4), 673–690; give and return: Mlaïki, Walsh & Kalika (2017), *Syst. Inf.
//! Manag.* 22(2), 5–47.

crate::params! {
    /// Give and return among peers at home.
    pub struct Exchange at "mechanism.exchange" {
        /// Gain in contacts through peers of a firm with many markets.
        weight: f32 = 0.0 in 0.0 ..= 50.0, "x", "1", "assumption, off; swept 0–4";
    }
}

/// Markets at which the gain reaches half of its ceiling.
const HALF: f32 = 2.0;

impl Exchange {
    /// Multiplier of the rate of contacts for a firm with customers in `markets` markets.
    #[inline]
    pub fn gain(&self, markets: u32) -> f32 {
        1.0 + self.weight * markets as f32 / (HALF + markets as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gives_receives() {
        let exchange = Exchange { weight: 2.0 };
        assert_eq!((exchange.gain(0), exchange.gain(2)), (1.0, 2.0));
        assert_eq!(Exchange::default().gain(9), 1.0);
    }
}
