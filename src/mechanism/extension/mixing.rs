//! Mixing: personal talk on business accounts costs reach.
//!
//! ```text
//! reach × (1 − ε·m)          m is the share of what is posted that is personal
//! ```
//!
//! Off by default (m = 0): business and personal are kept apart.
//!
//! **Predicts** that separation makes more contacts of an hour; see `personal_talk_costs_reach`.
//!
//! Lazaro (2012), *The role of social networks in the internationalization of Tanzanian SME*, University of Dar es
//! Salaam.

crate::params! {
    /// Business and personal use of social networking sites.
    pub struct Mixing at "mechanism.mixing" {
        /// Share of what is posted that is personal.
        share: f32 = 0.0 in 0.0 ..= 1.0, "m", "1", "assumption, off; swept 0–0.5; Lazaro 2012 for the idea";
        /// Reach lost per share of personal talk.
        leak: f32 = 1.0 in 0.0 ..= 1.0, "ε", "1", "assumption, swept 0.3–1";
    }
}

impl Mixing {
    /// What is left of reach.
    #[inline]
    pub fn kept(&self) -> f32 {
        1.0 - self.leak * self.share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_talk_costs_reach() {
        assert_eq!(Mixing { share: 0.5, leak: 0.5 }.kept(), 0.75);
        assert_eq!(Mixing::default().kept(), 1.0);
    }
}
