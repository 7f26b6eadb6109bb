//! Strain: going abroad early, or fast and far, may cost firms their life. Both are assumptions, off by default.
//!
//! ```text
//! failure hazard + s_e·exp(−entry age/τ_s)·exp(−soft·successes)·exp(−years abroad/τ_s)         early entry
//!                + s_p·(markets served / (1 + years abroad))·(mean felt distance of them)       pace × risk
//! ```
//!
//! The literature disputes both; without them the model lets entry touch survival through money only.
//!
//! **Predicts** that early entry costs survival and experience softens it, and that the late, slow and cautious fail
//! least; see `the_late_slow_and_cautious_bear_least`.
//!
//! Sapienza, Autio, George & Zahra (2006), *Acad. Manag. Rev.* 31(4), 914–933; Meschi, Ricard & Tapia Moore (2017), *J.
//! Int. Manag.* 23(3), 279–291.

use crate::number::exp;

crate::params! {
    /// What early, fast and risky internationalization adds to the hazard of failing.
    pub struct Strain at "mechanism.strain" {
        /// Hazard added to a newborn exporter.
        early: f32 = 0.0 in 0.0 ..= 10.0, "s_e", "1/year", "assumption, off; swept 0–0.5";
        /// Fall of it with each success abroad.
        softening: f32 = 0.2 in 0.0 ..= 10.0, "soft", "1", "assumption, swept 0–1";
        /// Age at entry, and years abroad, at which it has fallen to 37 %.
        years: f32 = 3.0 in 0.1 ..= 100.0, "τ_s", "years", "assumption, swept 1–6";
        /// Hazard added per market a year and mean distance.
        pace: f32 = 0.0 in 0.0 ..= 10.0, "s_p", "1/year", "assumption, off; swept 0–0.5";
    }
}

impl Strain {
    /// Does it act?
    #[inline]
    pub fn acts(&self) -> bool {
        self.early > 0.0 || self.pace > 0.0
    }

    /// Hazard added to a firm that entered at `age` and is `abroad` years abroad, after `successes`; it serves
    /// `markets`, whose felt distances add up to `distance`.
    #[inline]
    pub fn hazard(&self, age: f32, abroad: f32, successes: u16, markets: f32, distance: f32) -> f32 {
        let early = self.early * exp(-(age + abroad) / self.years - self.softening * f32::from(successes));
        let risk = if markets > 0.0 { distance / markets } else { 0.0 };
        early + self.pace * markets / (1.0 + abroad) * risk
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_late_slow_and_cautious_bear_least() {
        let strain = Strain { early: 0.3, pace: 0.2, ..Strain::default() };
        let usual = strain.hazard(1.0, 1.0, 1, 4.0, 4.0);
        assert!(strain.hazard(9.0, 1.0, 1, 4.0, 4.0) < usual, "late");
        assert!(strain.hazard(1.0, 1.0, 1, 2.0, 2.0) < usual, "slow");
        assert!(strain.hazard(1.0, 1.0, 1, 4.0, 2.0) < usual, "cautious");
        assert!(strain.hazard(1.0, 1.0, 9, 4.0, 4.0) < usual, "experienced");
        assert!(!Strain::default().acts());
    }
}
