//! Gusher: a firm flooded with orders may rush, and win the capacity it lacks or lose the customers it has.
//!
//! ```text
//! while orders wanted exceed free capacity, at rate γ_r a year:
//!     with probability p_w   capacity jumps to (1 + spare)·(z + wanted)
//!     otherwise              trust of every customer × (1 − ℓ),  slack − cost
//! ```
//!
//! Off by default (γ_r = 0).
//!
//! **Predicts** that growth above capacity scatters outcomes; see `a_rush_is_a_gamble`.
//!
//! Chetty & Campbell-Hunt (2004), *J. Int. Mark.* 12(1), 57–81.

crate::params! {
    /// Rushing after demand beyond capacity.
    pub struct Gusher at "mechanism.gusher" {
        /// How often a firm with too many orders rushes.
        rate: f32 = 0.0 in 0.0 ..= 20.0, "γ_r", "1/year", "assumption, off; swept 0–1";
        /// Chance that it comes off.
        success: f32 = 0.5 in 0.0 ..= 1.0, "p_w", "1", "assumption: a fair coin";
        /// Share of customers' trust lost when it does not.
        lost_trust: f32 = 0.6 in 0.0 ..= 1.0, "ℓ", "1", "assumption, swept 0.2–0.9";
        /// Slack lost when it does not.
        cost: f32 = 1.0 in 0.0 ..= 50.0, "cost of a failed rush", "quarters of revenue", "assumption, swept 0–3";
    }
}

impl Gusher {
    /// Rushes a year of a firm that wants `wanted` orders a year and can fill `free`.
    #[inline]
    pub fn hazard(&self, wanted: f32, free: f32) -> f32 {
        if wanted > free { self.rate } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rush_is_a_gamble() {
        let gusher = Gusher { rate: 0.5, ..Gusher::default() };
        assert_eq!((gusher.hazard(2.0, 1.0), gusher.hazard(0.5, 1.0)), (0.5, 0.0));
        assert_eq!(Gusher::default().hazard(9.0, 0.0), 0.0);
    }
}
