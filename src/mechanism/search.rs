//! Search: a proactive firm looks for customers abroad itself, offline.
//!
//! ```text
//! rate = λ_s · a_eff · z^ω · [proactive] · (1 − B_psych)
//! ```
//!
//! **Predicts** that only firms that turned to foreign markets search; see `only_proactive_firms_search`.
//!
//! Ellis (2011), *J. Int. Bus. Stud.* 42(1), 99–127; psychological barriers: Hamill (1997), *Int. Mark. Rev.* 14(5),
//! 300–323.

crate::params! {
    /// Offline search for customers.
    pub struct Search at "mechanism.search" {
        /// Contacts a year that a fully proactive one-person firm without barriers finds.
        rate: f32 = 5.2 in 0.0 ..= 100.0, "λ_s", "1/year", "calibrated to exporting by size (C1), within 0.3–6";
        /// Elasticity of arrivals (of search and of unsolicited contacts) to firm size.
        size_elasticity: f32 = 0.38 in 0.0 ..= 2.0, "ω", "1", "calibrated to exporting by size (C1)";
        /// Cost of a year of search by a fully proactive firm.
        cost: f32 = 0.01 in 0.0 ..= 10.0, "cost of search", "employee-revenues/year", "input, swept 0–0.1";
        /// Whether firms search.
        on: bool = true, "", "", "switch";
    }
}

impl Search {
    /// Contacts a year; `scale` is z^ω, `a` effective proactivity, `fear` the psychological barrier.
    #[inline]
    pub fn rate(&self, proactive: bool, a: f32, scale: f32, fear: f32) -> f32 {
        if self.on && proactive { self.rate * a * scale * (1.0 - fear) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_proactive_firms_search() {
        let search = Search { rate: 3.58, ..Search::default() };
        assert_eq!(search.rate(false, 0.9, 2.0, 0.1), 0.0);
        assert!((search.rate(true, 0.5, 2.0, 0.25) - 3.58 * 0.75).abs() < 1e-5);
    }
}
