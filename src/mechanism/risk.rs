//! Tolerable risk: a step into a market is taken only if the commitment at stake times the uncertainty is bearable.
//!
//! ```text
//! U  = θ_D·P + θ_O·(1 − J) + turbulence
//! R* = r_0 · (1 + max(W, 0)/W̄)^ρ · exp(−r_p·(1 − a))         × r_inc after a critical incident
//! step to stage s tolerable  ⇔  C_s · U ≤ R*
//! ```
//!
//! Outsidership (1 − J) and distance are two roots of uncertainty; which one weighs more separates the Uppsala
//! model of 1977 (θ_O = 0) from that of 2009 (θ_O > θ_D). Risk perception falls with proactivity.
//!
//! **Predicts** that near and known markets and small steps come first; see `far_markets_are_refused_first`.
//!
//! Johanson & Vahlne (1977), *J. Int. Bus. Stud.* 8(1), 23–32, and (2009), 40(9), 1411–1431; Acedo & Jones (2007),
//! *J. World Bus.* 42(3), 236–252.

use crate::number::{exp, ln};

crate::params! {
    /// Uncertainty and tolerable risk (Uppsala model).
    pub struct Risk at "mechanism.risk" {
        /// Weight of perceived distance in uncertainty.
        distance_weight: f32 = 0.5 in 0.0 ..= 5.0, "θ_D", "1", "assumption, swept 0–1.5";
        /// Weight of outsidership in uncertainty.
        outsider_weight: f32 = 0.7 in 0.0 ..= 5.0, "θ_O", "1", "assumption, swept 0–1.5; Johanson & Vahlne 2009";
        /// Uncertainty that neither distance nor outsidership explains.
        turbulence: f32 = 0.1 in 0.0 ..= 5.0, "turbulence", "1", "assumption, swept 0–0.5";
        /// Tolerable risk of a fully proactive firm without slack.
        tolerance: f32 = 1.0 in 0.0 ..= 20.0, "r_0", "1", "prototype, pinned by early internationalisers (C11)";
        /// Elasticity of tolerable risk to slack.
        slack_elasticity: f32 = 0.5 in 0.0 ..= 3.0, "ρ", "1", "assumption, swept 0–1";
        /// Risk perception of a firm without proactivity.
        caution: f32 = 0.8 in 0.0 ..= 5.0, "r_p", "1", "assumption, swept 0–2; sign from Acedo & Jones 2007";
        /// Exposure of sporadic exporting.
        exposure_sporadic: f32 = 0.751 in 0.0 ..= 20.0, "C_0", "1", "prototype: 5–60 % of first contacts are refused by risk";
        /// Exposure of exporting through an agent.
        exposure_agent: f32 = 0.95 in 0.0 ..= 20.0, "C_1", "1", "assumption, swept 0.4–2";
        /// Exposure of a sales subsidiary.
        exposure_subsidiary: f32 = 1.5 in 0.0 ..= 20.0, "C_2", "1", "assumption, swept 0.8–3";
        /// Exposure of production abroad.
        exposure_production: f32 = 2.5 in 0.0 ..= 20.0, "C_3", "1", "assumption, swept 1.2–5";
        /// Whether risk limits commitment at all.
        on: bool = true, "", "", "switch";
    }
}

impl Risk {
    /// Uncertainty `U` of a market at perceived distance `p` for a firm with insidership `j` there.
    #[inline]
    pub fn uncertainty(&self, p: f32, j: f32) -> f32 {
        self.distance_weight * p + self.outsider_weight * (1.0 - j) + self.turbulence
    }

    /// Tolerable risk `R*` at slack `w` (quarters of revenue; `w_bar` its target) and proactivity `a`.
    #[inline]
    pub fn tolerable(&self, w: f32, w_bar: f32, a: f32) -> f32 {
        // A power and an exponential in one.
        self.tolerance * exp(self.slack_elasticity * ln(1.0 + w.max(0.0) / w_bar) - self.caution * (1.0 - a))
    }

    /// Exposure `C_s` of stage `s`, 0 sporadic to 3 production.
    #[inline]
    pub fn exposure(&self, stage: u8) -> f32 {
        match stage {
            0 => self.exposure_sporadic,
            1 => self.exposure_agent,
            2 => self.exposure_subsidiary,
            _ => self.exposure_production,
        }
    }

    /// Is an exposure `c` at uncertainty `u` within the tolerable risk `r`?
    #[inline]
    pub fn bearable(&self, c: f32, u: f32, r: f32) -> bool {
        !self.on || c * u <= r
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_by_hand() {
        let risk = Risk {
            distance_weight: 0.5,
            outsider_weight: 0.7,
            turbulence: 0.1,
            slack_elasticity: 0.5,
            caution: 0.8,
            tolerance: 1.0,
            ..Risk::default()
        };
        assert!((risk.uncertainty(0.6, 0.2) - 0.96).abs() < 1e-6);
        // (1 + 1)^0.5 · exp(−0.8·0.5) = 1.41421 · 0.67032
        assert!((risk.tolerable(1.0, 1.0, 0.5) - 0.947_976).abs() < 1e-4);
        assert_eq!(risk.tolerable(-3.0, 1.0, 1.0), 1.0, "debt gives no further caution here: it raises failure");
    }

    #[test]
    fn far_markets_are_refused_first() {
        let risk = Risk::default();
        let r = risk.tolerable(1.0, 1.0, 0.4);
        let refused = |p: f32, j: f32| !risk.bearable(risk.exposure(0), risk.uncertainty(p, j), r);
        assert!(!refused(0.2, 0.2) && refused(2.0, 0.2));
        assert!(refused(1.1, 0.0) && !refused(1.1, 0.9), "insiders go where outsiders do not");
    }
}
