//! Founders: some bring contacts abroad from their former lives.
//!
//! ```text
//! contacts at birth ~ Poisson(n_f)          market ∝ Y^a · exp(−f·λ_off·D)
//! ```
//!
//! **Predicts** early internationalisers, whose first markets are those of the founder; see
//! `founders_know_farther_than_search_reaches`.
//!
//! Oviatt & McDougall (1994), *J. Int. Bus. Stud.* 25(1), 45–64; Bruneel, Yli-Renko & Clarysse (2010), *Strateg.
//! Entrep. J.* 4(2), 164–182.

crate::params! {
    /// Contacts that founders bring.
    pub struct Founder at "mechanism.founder" {
        /// Mean number of foreign contacts that founders bring.
        contacts: f32 = 0.8 in 0.0 ..= 20.0, "n_f", "contacts", "calibrated to early internationalisers (C11), within 0–1.5";
        /// Distance decay of founders' contacts relative to search.
        reach: f32 = 0.35 in 0.0 ..= 3.0, "f", "1", "calibrated to the born global among early internationalisers (C11), within 0.1–1.5";
        /// Whether founders bring contacts.
        on: bool = true, "", "", "switch";
    }
}

impl Founder {
    /// Mean number of contacts at birth.
    #[inline]
    pub fn mean(&self) -> f32 {
        if self.on { self.contacts } else { 0.0 }
    }

    /// Decay of the founders' kernel with distance, given that of offline search.
    pub fn decay(&self, offline: f32) -> f32 {
        self.reach * offline
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn founders_know_farther_than_search_reaches() {
        let founder = Founder::default();
        assert!(founder.decay(3.82) < 3.82);
        assert_eq!(Founder { on: false, ..founder }.mean(), 0.0);
    }
}
