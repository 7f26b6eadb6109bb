//! Conversion: a conversation that began on a social networking site leaves it.
//!
//! ```text
//! online → offline at hazard  χ · w · b · visit · off_p
//! ```
//!
//! Visits are raised by fairs, missions and travel, and lowered by travel bans; off_p is the platform's ease.
//!
//! **Predicts** that without visits online ties stay small and never carry a subsidiary; see
//! `no_visit_no_offline_tie`.
//!
//! Lazaro (2012), University of Dar es Salaam: the conversation must leave the network to complete the business circle;
//! Sinkovics, Sinkovics & Jean (2013), *Int. Mark. Rev.* 30(2), 130–155, on the virtuality trap.

crate::params! {
    /// From online to offline ties.
    pub struct Conversion at "mechanism.conversion" {
        /// Hazard at full trust, skill and normal travel.
        rate: f32 = 0.8 in 0.0 ..= 50.0, "χ", "1/year", "assumption, swept 0–3";
        /// Normal level of visits.
        visit: f32 = 1.0 in 0.0 ..= 50.0, "visit", "1", "normalisation; shocks and measures change it";
        /// Whether online ties can go offline.
        on: bool = true, "", "", "switch";
    }
}

impl Conversion {
    /// Hazard a year at trust `w`, business skill `b` and the platform's `ease`.
    #[inline]
    pub fn hazard(&self, w: f32, b: f32, visit: f32, ease: f32) -> f32 {
        if self.on { self.rate * w * b * self.visit * visit * ease } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_visit_no_offline_tie() {
        let conversion = Conversion::default();
        assert!((conversion.hazard(0.5, 0.5, 1.0, 1.0) - 0.2).abs() < 1e-6);
        assert_eq!(conversion.hazard(0.5, 0.5, 0.0, 1.0), 0.0);
    }
}
