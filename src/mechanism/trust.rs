//! Trust: give, receive, return; a loop that closes builds it, one that does not wears it away.
//!
//! ```text
//! offline: closes if the partner ordered last quarter, else with probability l_0 + l_b·b
//!          closed  w += g_off·(1 − w)        open  w −= d_off·w
//! online:  closes with probability 1 − exp(−l_on·u·H/n_on · popularity^l_p)
//!          closed  w += g·(w̄_on − w)         open  w −= d·w
//! ```
//!
//! n_on is the number of online ties the firm's relational effort u·H has to serve; online trust stays below w̄_on
//! until the tie goes offline.
//!
//! **Predicts** that reciprocity builds trust and that thinly spread effort loses it; see
//! `reciprocity_builds_trust_up_to_its_ceiling`.
//!
//! Mlaïki, Walsh & Kalika (2017), *Syst. Inf. Manag.* 22(2), 5–47, on individuals; Johanson & Vahlne (2009), *J. Int. Bus.
//! Stud.* 40(9), 1411–1431.

use crate::number::{exp, pow};

crate::params! {
    /// Give–receive–return loops.
    pub struct Trust at "mechanism.trust" {
        /// Trust gained offline when the loop closes.
        gain_offline: f32 = 0.164 in 0.0 ..= 1.0, "g_off", "1/quarter", "prototype, pinned by exits with tenure (C5)";
        /// Trust lost offline when it does not.
        loss_offline: f32 = 0.05 in 0.0 ..= 1.0, "d_off", "1/quarter", "prototype, pinned by exits with tenure (C5)";
        /// Chance that an offline loop closes without an order, for a firm without business skill.
        courtesy: f32 = 0.3 in 0.0 ..= 1.0, "l_0", "1", "assumption";
        /// What full business skill adds to that chance.
        courtesy_skill: f32 = 0.4 in 0.0 ..= 1.0, "l_b", "1", "assumption; Lazaro 2012 for the sign";
        /// Trust gained online when the loop closes, towards its ceiling.
        gain_online: f32 = 0.2 in 0.0 ..= 1.0, "g", "1/quarter", "assumption, swept 0.05–0.5";
        /// Trust lost online when it does not.
        loss_online: f32 = 0.12 in 0.0 ..= 1.0, "d", "1/quarter", "assumption, swept 0.02–0.4";
        /// Ceiling of online trust.
        ceiling: f32 = 0.5 in 0.0 ..= 1.0, "w̄_on", "1", "assumption, swept 0.2–0.7";
        /// Intensity of closing online loops per relational hour and tie.
        intensity: f32 = 1.5 in 0.0 ..= 100.0, "l_on", "1/quarter", "assumption, swept 0.2–5";
        /// Elasticity of that intensity to the partner's popularity.
        popularity: f32 = 0.2 in -2.0 ..= 2.0, "l_p", "1", "assumption, swept 0–0.5";
        /// Whether trust moves at all.
        on: bool = true, "", "", "switch";
    }
}

impl Trust {
    /// Chance that an offline loop closes.
    #[inline]
    pub fn closes_offline(&self, ordered: bool, skill: f32) -> f32 {
        if ordered { 1.0 } else { self.courtesy + self.courtesy_skill * skill }
    }

    /// Chance that an online loop closes; `hours` is relational effort per online tie.
    #[inline]
    pub fn closes_online(&self, hours: f32, popularity: f32) -> f32 {
        1.0 - exp(-self.intensity * hours * pow(popularity, self.popularity))
    }

    /// Trust after a quarter.
    #[inline]
    pub fn next(&self, w: f32, online: bool, closed: bool) -> f32 {
        if !self.on {
            return w;
        }
        let (gain, ceiling, loss) = if online {
            (self.gain_online, self.ceiling, self.loss_online)
        } else {
            (self.gain_offline, 1.0, self.loss_offline)
        };
        // A tie introduced above the ceiling does not fall to it by being tended.
        if closed { w + gain * (ceiling - w).max(0.0) } else { w - loss * w }
    }

    /// Trust expected after a quarter whose loop closes with probability `closes`.
    #[inline]
    pub fn expected(&self, w: f32, online: bool, closes: f32) -> f32 {
        closes * self.next(w, online, true) + (1.0 - closes) * self.next(w, online, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reciprocity_builds_trust_up_to_its_ceiling() {
        let trust = Trust::default();
        assert!((trust.next(0.5, false, true) - 0.582).abs() < 1e-6);
        assert!((trust.next(0.5, false, false) - 0.475).abs() < 1e-6);
        let mut w = 0.1;
        for _ in 0..200 {
            w = trust.next(w, true, true);
        }
        assert!((w - 0.5).abs() < 1e-4, "{w}");
        assert!(trust.next(w, true, false) < w);
        assert!(trust.closes_online(0.2, 1.0) < trust.closes_online(2.0, 1.0));
        assert_eq!(trust.closes_offline(true, 0.0), 1.0);
    }
}
