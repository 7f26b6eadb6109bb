//! Demography: the new and the small and the distressed fail; a newborn takes the place.
//!
//! ```text
//! hazard = (h_∞ + h_new·exp(−age/τ_age) + h_old·age/100)·z^(−h_z) + h_W·max(0, −W)        a year
//! ```
//!
//! Births fill freed slots, so that births equal deaths. Obsolescence h_old is off by default.
//!
//! **Predicts** survival curves that flatten with age, and more failures of the small; see
//! `newness_smallness_and_distress_kill`.
//!
//! Stinchcombe (1965), Social structure and organizations, *Handbook of Organizations*, 142–193, on the liability of
//! newness; Henderson (1999), *Adm. Sci. Q.* 44(2), 281–314; Sørensen & Stuart (2000), *Adm. Sci. Q.* 45(1), 81–112.

crate::params! {
    /// Failures and births.
    pub struct Demography at "mechanism.demography" {
        /// Failure hazard of an old one-person firm.
        base: f32 = 0.0642 in 0.0 ..= 4.0, "h_∞", "1/year", "prototype, pinned by deaths and survival (C10)";
        /// Extra hazard of a newborn.
        newness: f32 = 0.185 in 0.0 ..= 4.0, "h_new", "1/year", "calibrated to survival of one year (C10), within 0–0.3";
        /// Decay of newness.
        newness_years: f32 = 4.0 in 0.1 ..= 100.0, "τ_age", "years", "prototype, pinned by deaths and survival (C10)";
        /// Fall of the hazard with size.
        size: f32 = 0.1 in 0.0 ..= 2.0, "h_z", "1", "prototype, pinned by deaths and survival (C10)";
        /// Extra hazard per century of age.
        obsolescence: f32 = 0.0 in 0.0 ..= 4.0, "h_old", "1/year", "assumption, off; Sørensen & Stuart 2000";
        /// Hazard per quarter of revenue in debt.
        distress: f32 = 0.4 in 0.0 ..= 20.0, "h_W", "1/year", "assumption, swept 0–1";
        /// Whether firms fail.
        on: bool = true, "", "", "switch";
    }
}

impl Demography {
    /// Failure hazard a year; `newness` = exp(−age/τ_age), `scale` = z^(−h_z), `w` slack.
    #[inline]
    pub fn hazard(&self, newness: f32, age_years: f32, scale: f32, w: f32) -> f32 {
        if !self.on {
            return 0.0;
        }
        (self.base + self.newness * newness + 0.01 * self.obsolescence * age_years) * scale
            + self.distress * (-w).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newness_smallness_and_distress_kill() {
        let demography = Demography { newness: 0.16, ..Demography::default() };
        assert!((demography.hazard(1.0, 0.0, 1.0, 1.0) - 0.2242).abs() < 1e-6);
        assert!((demography.hazard(0.0, 30.0, 1.0, 1.0) - 0.0642).abs() < 1e-6);
        assert!(demography.hazard(0.0, 30.0, 0.7, 1.0) < demography.hazard(0.0, 30.0, 1.0, 1.0));
        assert!((demography.hazard(0.0, 30.0, 1.0, -0.5) - 0.2642).abs() < 1e-6);
        let aging = Demography { obsolescence: 0.5, ..demography };
        assert!(aging.hazard(0.0, 40.0, 1.0, 1.0) > aging.hazard(0.0, 10.0, 1.0, 1.0));
    }
}
