//! Adoption of social networking sites (SNS): useful, seen at peers, and given up when nothing comes back.
//!
//! ```text
//! adopt at  κ(t) · logistic(c_0 + c_u·a_eff + c_s·share of peers on SNS + c_d·D̄ + c_z·ln z − c_a·ln(1 + age)
//!                           − c_i·irrelevance of the sector + c_f·d)                    κ(t) = κ_max · logistic((t − t_κ)/w_κ)
//! quit at   q_0 + q_1 · moving share of failed loops
//! ```
//!
//! D̄ is the mean perceived distance of the markets considered (of the search kernel). Usefulness is effective
//! proactivity. The signs of age and distance are open in the literature: here they are named assumptions.
//!
//! **Predicts** that peers speed adoption, irrelevant sectors lag and fruitless use is given up; see
//! `peers_speed_adoption_and_silence_ends_it`.
//!
//! Pentina, Koh & Le (2012), *Int. J. Internet Mark. Advert.* 7(1), 65–82; Michaelidou, Siamagka & Christodoulides
//! (2011), *Ind. Mark. Manag.* 40(7), 1153–1159; Mlaïki, Walsh & Kalika (2017), *Syst. Inf. Manag.* 22(2), 5–47, on
//! individuals who go on using a site as long as what they give comes back.

use crate::number::{exp, logistic};

crate::params! {
    /// Adoption and abandonment of social networking sites.
    pub struct Adoption at "mechanism.adoption" {
        /// Ceiling of the adoption calendar.
        ceiling: f32 = 2.6 in 0.0 ..= 20.0, "κ_max", "1/year", "calibrated to SNS use (C12), within 0.05–3";
        /// Midpoint of the adoption calendar.
        midpoint: f32 = 2013.5 in 1900.0 ..= 2200.0, "t_κ", "year", "calibrated to SNS use (C12)";
        /// Width of the adoption calendar.
        width: f32 = 2.7 in 0.05 ..= 100.0, "w_κ", "years", "calibrated to SNS use (C12)";
        /// Base propensity.
        base: f32 = -0.9 in -20.0 ..= 20.0, "c_0", "logit", "calibrated to SNS use (C12) with c_i, within −6–0";
        /// Weight of usefulness (effective proactivity).
        usefulness: f32 = 1.0 in -10.0 ..= 10.0, "c_u", "logit", "assumption, swept 0–2; sign from Pentina et al. 2012";
        /// Weight of the share of peers who use SNS.
        peers: f32 = 3.0 in -10.0 ..= 10.0, "c_s", "logit", "calibrated to the slowing of SNS use after 2019 (C12), within 0–3; sign from Pentina et al. 2012";
        /// Weight of the mean perceived distance of considered markets.
        distance: f32 = 0.2 in -10.0 ..= 10.0, "c_d", "logit", "assumption, swept −1–1; sign open";
        /// Weight of ln size.
        size: f32 = 0.2 in -10.0 ..= 10.0, "c_z", "logit", "assumption, swept 0–0.6";
        /// Weight of ln(1 + age), taken off.
        age: f32 = 0.2 in -10.0 ..= 10.0, "c_a", "logit", "assumption, swept 0–0.6";
        /// Weight of the irrelevance of the sector, taken off.
        irrelevance: f32 = 6.0 in -20.0 ..= 20.0, "c_i", "logit", "calibrated to the saturation of SNS use (C12), within 0–6; sign from Michaelidou et al. 2011";
        /// Weight of digital skill.
        digital: f32 = 1.0 in -10.0 ..= 10.0, "c_f", "logit", "assumption, swept 0–2";
        /// Hazard of giving SNS up.
        quit: f32 = 0.15 in 0.0 ..= 10.0, "q_0", "1/year", "calibrated to the slowing of SNS use after 2019 (C12), within 0–0.2";
        /// Further hazard when every loop fails.
        quit_failed: f32 = 0.08 in 0.0 ..= 10.0, "q_1", "1/year", "assumption, swept 0–0.5";
        /// Weight of the latest quarter in the moving share of failed loops.
        memory: f32 = 0.25 in 0.01 ..= 1.0, "m_q", "1", "assumption: a year";
        /// Whether firms take up SNS at all.
        on: bool = true, "", "", "switch";
    }
}

/// What an adoption decision looks at, besides peers.
#[derive(Clone, Copy, Debug)]
pub struct Inclination {
    pub usefulness: f32,
    pub distance: f32,
    pub ln_size: f32,
    /// ln(1 + age in years).
    pub ln_age: f32,
    pub irrelevance: f32,
    pub digital: f32,
}

impl Adoption {
    /// The platform calendar κ(t) in adoptions a year.
    pub fn calendar(&self, year: f32) -> f32 {
        if self.on { self.ceiling * logistic((year - self.midpoint) / self.width) } else { 0.0 }
    }

    /// The logit without the peers' term.
    #[inline]
    pub fn inclination(&self, i: &Inclination) -> f32 {
        self.base + self.usefulness * i.usefulness + self.distance * i.distance + self.size * i.ln_size
            - self.age * i.ln_age
            - self.irrelevance * i.irrelevance
            + self.digital * i.digital
    }

    /// Adoption hazard a year; `kappa` the calendar, `peers` the share of peers on SNS.
    #[inline]
    pub fn hazard(&self, kappa: f32, inclination: f32, peers: f32) -> f32 {
        kappa * logistic(inclination + self.peers * peers)
    }

    /// No adoption hazard is above this one, whatever the share of peers and the mean distance up to `farthest`, when
    /// `near` is the logit at no distance: most firms are settled before anybody is looked at.
    #[inline]
    pub fn hazard_at_most(&self, kappa: f32, near: f32, farthest: f32) -> f32 {
        let most = near + self.distance.max(0.0) * farthest + self.peers.max(0.0);
        // A little more, so that no rounding of the exact hazard gets above.
        1.001 * kappa * logistic(most)
    }

    /// Hazard of giving up at a moving share `failed` of loops that did not come back.
    #[inline]
    pub fn quit_hazard(&self, failed: f32) -> f32 {
        self.quit + self.quit_failed * failed
    }
}

/// ln(1 + age) for ages in quarters, worked out once.
pub fn ln_ages(quarters: usize) -> Vec<f32> {
    (0..quarters).map(|q| crate::number::ln(1.0 + q as f32 / 4.0)).collect()
}

/// e^(−age/τ) for ages in quarters, worked out once.
pub fn newness(quarters: usize, tau: f32) -> Vec<f32> {
    (0..quarters).map(|q| exp(-(q as f32) / (4.0 * tau))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_speed_adoption_and_silence_ends_it() {
        let adoption = Adoption { midpoint: 2012.0, ..Adoption::default() };
        let kappa = adoption.calendar(2012.0);
        assert!((kappa - 1.3).abs() < 1e-5);
        let mut firm =
            Inclination { usefulness: 0.5, distance: 0.4, ln_size: 1.0, ln_age: 2.0, irrelevance: 0.2, digital: 0.6 };
        let logit = adoption.inclination(&firm);
        assert!((logit - (-0.9 + 0.5 + 0.08 + 0.2 - 0.4 - 1.2 + 0.6)).abs() < 1e-5);
        assert!(adoption.hazard(kappa, logit, 1.0) > adoption.hazard(kappa, logit, 0.0));
        firm.irrelevance = 0.9;
        assert!(adoption.inclination(&firm) < logit);
        for adoption in [adoption.clone(), Adoption { distance: -0.3, peers: -1.0, ..adoption.clone() }] {
            let logit = |distance: f32| adoption.inclination(&Inclination { distance, ..firm });
            for (distance, peers) in [(0.0, 0.0), (0.0, 1.0), (2.5, 0.0), (2.5, 1.0), (1.0, 0.3)] {
                let most = adoption.hazard_at_most(kappa, logit(0.0), 2.5);
                assert!(adoption.hazard(kappa, logit(distance), peers) < most);
            }
        }
        assert!(adoption.quit_hazard(1.0) > adoption.quit_hazard(0.0));
    }
}
