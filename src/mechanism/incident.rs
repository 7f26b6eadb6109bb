//! Critical incidents: new management, a takeover or a client to follow shake a firm awake.
//!
//! ```text
//! at rate ι:  R* × r_inc for some years      W += w_inc      a += a_inc·(1 − a)      I = 0      proactive
//! ```
//!
//! **Predicts** born-again globals: sudden internationalization after decades at home; see
//! `an_incident_shakes_a_firm_awake`.
//!
//! Bell, McNaughton & Young (2001), *J. Int. Manag.* 7(3), 173–189; Bell, McNaughton, Young & Crick (2003), *J. Int.
//! Entrep.* 1(4), 339–362.

crate::params! {
    /// Critical incidents.
    pub struct Incident at "mechanism.incident" {
        /// How often a firm meets one.
        rate: f32 = 0.02 in 0.0 ..= 4.0, "ι", "1/year", "assumption, swept 0–0.1";
        /// Multiplier of tolerable risk while it lasts.
        tolerance: f32 = 2.0 in 0.0 ..= 50.0, "r_inc", "1", "assumption, swept 1–4";
        /// Slack it brings.
        slack: f32 = 1.0 in 0.0 ..= 50.0, "w_inc", "quarters of revenue", "assumption, swept 0–3";
        /// Share of the gap to full proactivity it closes.
        proactivity: f32 = 0.5 in 0.0 ..= 1.0, "a_inc", "1", "assumption, swept 0–1";
        /// How long the higher tolerance lasts.
        years: f32 = 3.0 in 0.0 ..= 50.0, "t_inc", "years", "assumption, swept 1–5";
        /// Whether incidents happen.
        on: bool = true, "", "", "switch";
    }
}

impl Incident {
    /// Incidents a year.
    #[inline]
    pub fn hazard(&self) -> f32 {
        if self.on { self.rate } else { 0.0 }
    }

    /// Proactivity after an incident.
    #[inline]
    pub fn awakened(&self, a: f32) -> f32 {
        a + self.proactivity * (1.0 - a)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_shakes_a_firm_awake() {
        let incident = Incident::default();
        assert!((incident.awakened(0.2) - 0.6).abs() < 1e-6);
        assert_eq!(Incident { on: false, ..incident }.hazard(), 0.0);
    }
}
