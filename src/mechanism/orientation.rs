//! Orientation: non-exporter, passive exporter, proactive exporter, and what moves a firm between them.
//!
//! ```text
//! at birth proactive with probability π_0·a
//! non-exporter, passive → proactive  at hazard λ_o·a_eff; after two successes while it has a customer; at an incident
//! non-exporter → passive             when it follows up a contact it did not look for
//! proactive without a customer       falls back at hazard relapse·(1 − a)
//! ```
//!
//! **Predicts** that unsolicited orders create passive exporters and success proactive ones; see
//! `the_zealous_start_out_and_do_not_relapse`.
//!
//! Stages from non-exporter over passive to proactive exporter: Hamill (1997), *Int. Mark. Rev.* 14(5),
//! 300–323.

crate::params! {
    /// Change of orientation.
    pub struct OrientationChange at "mechanism.orientation" {
        /// Share proactive at birth among fully proactive founders.
        birth: f32 = 0.595 in 0.0 ..= 1.0, "π_0", "1", "prototype, pinned by early internationalisers (C11)";
        /// Hazard of turning proactive at full effective proactivity.
        turn: f32 = 0.0156 in 0.0 ..= 10.0, "λ_o", "1/year", "prototype, pinned by early internationalisers (C11)";
        /// Hazard that a proactive firm without customers falls back.
        relapse: f32 = 0.1 in 0.0 ..= 10.0, "relapse", "1/year", "prototype, pinned by entry and exit (C4)";
        /// Successes after which an exporter turns proactive.
        successes: u32 = 2 in 1 ..= 100, "n_o", "successes", "assumption";
    }
}

impl OrientationChange {
    /// Chance of being proactive at birth.
    #[inline]
    pub fn at_birth(&self, a: f32) -> f32 {
        self.birth * a
    }

    /// Hazard of turning proactive at effective proactivity `a`.
    #[inline]
    pub fn turn_hazard(&self, a: f32) -> f32 {
        self.turn * a
    }

    /// Hazard of falling back.
    #[inline]
    pub fn relapse_hazard(&self, a: f32) -> f32 {
        self.relapse * (1.0 - a)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zealous_start_out_and_do_not_relapse() {
        let change = OrientationChange::default();
        assert!((change.at_birth(0.5) - 0.2975).abs() < 1e-6);
        assert_eq!(change.relapse_hazard(1.0), 0.0);
        assert!(change.turn_hazard(0.8) > change.turn_hazard(0.2));
    }
}
