//! Forces of speed: technology enables and competition motivates, as far as the entrepreneur perceives them.
//!
//! ```text
//! hazard of turning proactive × exp( π·(b_T·web(t) + b_C·pressure)·(1 + b_K·K + b_N·N) )
//! pressure = (sector + ½)/sectors        K = orders learnt from/(4 + orders)        N = ties/(4 + ties)
//! ```
//!
//! Perception π mediates, knowledge K and the network N moderate. Off by default: the weights are 0.
//!
//! **Predicts** that technology and competition shorten the lag, and that nothing does without perception; see
//! `unperceived_forces_move_nobody`.
//!
//! Oviatt & McDougall (2005), *Entrep. Theory Pract.* 29(5), 537–553.

use crate::number::exp;

crate::params! {
    /// Forces that speed the beginning of internationalization.
    pub struct Force at "mechanism.force" {
        /// Weight of enabling technology: the spread of the web.
        technology: f32 = 0.0 in 0.0 ..= 10.0, "b_T", "1", "assumption, off; swept 0–3";
        /// Weight of motivating competition: the pressure in the sector, spread evenly over sectors.
        competition: f32 = 0.0 in 0.0 ..= 10.0, "b_C", "1", "assumption, off; swept 0–3";
        /// Perception of both by the entrepreneur.
        perception: f32 = 1.0 in 0.0 ..= 1.0, "π", "1", "normalisation";
        /// Moderation by knowledge of foreign markets.
        knowledge: f32 = 0.0 in 0.0 ..= 10.0, "b_K", "1", "assumption, off; swept 0–2";
        /// Moderation by ties abroad.
        network: f32 = 0.0 in 0.0 ..= 10.0, "b_N", "1", "assumption, off; swept 0–2";
        /// Whether the forces act.
        on: bool = true, "", "", "switch";
    }
}

/// Orders, or ties, at which moderation reaches half of its ceiling.
const HALF: f32 = 4.0;

impl Force {
    /// Is there any force?
    #[inline]
    pub fn acts(&self) -> bool {
        self.on && (self.technology > 0.0 || self.competition > 0.0)
    }

    /// Multiplier of the hazard of turning proactive at the spread of the web, the pressure in the sector, orders
    /// learnt from and ties abroad.
    #[inline]
    pub fn push(&self, web: f32, pressure: f32, lessons: u16, ties: u16) -> f32 {
        let half = |n: u16| f32::from(n) / (HALF + f32::from(n));
        let drive = self.technology * web + self.competition * pressure;
        exp(self.perception * drive * (1.0 + self.knowledge * half(lessons) + self.network * half(ties)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unperceived_forces_move_nobody() {
        let force = Force { technology: 1.0, competition: 2.0, network: 1.0, ..Force::default() };
        assert!((force.push(0.5, 0.25, 0, 0) - 1.0_f32.exp()).abs() < 1e-5);
        assert!(force.push(0.5, 0.25, 0, 9) > force.push(0.5, 0.25, 0, 0));
        assert_eq!(Force { perception: 0.0, ..force }.push(1.0, 1.0, 9, 9), 1.0);
        assert!(!Force::default().acts());
    }
}
