//! Inertia: every year at home only makes the next one likelier.
//!
//! ```text
//! I += ψ_I·(1 − I)/4  in a quarter without an order abroad      I −= 2ψ_I·I/4  with one      I = 0 after an incident
//! a_eff = a · (1 − i_max·I)          replaces a in search, tolerable risk and adoption, and slows capacity growth
//! ```
//!
//! **Predicts** that firms late to start stay at home until something shakes them; see
//! `years_at_home_blunt_initiative`.
//!
//! Autio, Sapienza & Almeida (2000), *Acad. Manag. J.* 43(5), 909–924; Bell, McNaughton & Young (2001), *J. Int. Manag.*
//! 7(3), 173–189.

crate::params! {
    /// Inertia of firms that sell at home only.
    pub struct Inertia at "mechanism.inertia" {
        /// Growth of inertia while selling only at home.
        growth: f32 = 0.12 in 0.0 ..= 4.0, "ψ_I", "1/year", "prototype, pinned by early internationalisers (C11)";
        /// Largest cut of proactivity and capacity growth.
        ceiling: f32 = 0.8 in 0.0 ..= 1.0, "i_max", "1", "assumption, swept 0–1";
        /// Whether inertia grows.
        on: bool = true, "", "", "switch";
    }
}

impl Inertia {
    /// Inertia after a quarter.
    #[inline]
    pub fn next(&self, i: f32, ordered: bool) -> f32 {
        let step = 0.25 * self.growth;
        if !self.on {
            0.0
        } else if ordered {
            i - (2.0 * step).min(1.0) * i
        } else {
            i + step * (1.0 - i)
        }
    }

    /// What is left of drive: 1 − i_max·I.
    #[inline]
    pub fn drive(&self, i: f32) -> f32 {
        1.0 - self.ceiling * i
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_at_home_blunt_initiative() {
        let inertia = Inertia::default();
        let ten_years = (0..40).fold(0.0, |i, _| inertia.next(i, false));
        // 1 − (1 − 0.03)^40
        assert!((ten_years - 0.704_3).abs() < 1e-3, "{ten_years}");
        assert!(inertia.drive(ten_years) < 0.5);
        assert!(inertia.next(ten_years, true) < ten_years);
    }
}
