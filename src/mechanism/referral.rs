//! Referrals: partners introduce the firm to others, there or near there.
//!
//! ```text
//! rate = λ_r · min(Σw, S_max·√z)       market: the partner's own; with probability ρ one near it, ∝ Y^a·exp(−λ_off·D)
//! ```
//!
//! Σw runs over partners with whom something was begun: customers, contacts followed up, and online ties, which live
//! by their loops. Referrals breed referrals, so attention bounds them: a firm can keep only so many partners talking. Unbounded,
//! they supplied two thirds of all entries in a trial, and one firm held more than a thousand ties.
//!
//! **Predicts** entries near existing contacts and a heavy but bounded tail of ties; see
//! `attention_bounds_referrals`.
//!
//! Chaney (2014), *Am. Econ. Rev.* 104(11), 3600–3634; Johanson & Vahlne (2009), *J. Int. Bus. Stud.* 40(9),
//! 1411–1431.

crate::params! {
    /// Contacts through partners.
    pub struct Referral at "mechanism.referral" {
        /// Referrals a year per unit of trust in a partner.
        rate: f32 = 4.7 in 0.0 ..= 20.0, "λ_r", "1/year", "calibrated to markets per exporter (C3)";
        /// Trust a one-person firm can attend to; grows with the square root of size.
        attention: f32 = 3.5 in 0.0 ..= 1000.0, "S_max", "1", "calibrated to exporters with ten or more markets (C3); bounds the 99.9th percentile of ties per firm";
        /// Share of referrals that lead to another market near the partner's.
        roaming: f32 = 0.8 in 0.0 ..= 1.0, "ρ", "1", "calibrated to markets per exporter and exits with tenure (C3, C5)";
        /// Others in each market whom a partner can introduce.
        acquaintances: u32 = 8 in 1 ..= 255, "k", "persons", "assumption: closes triads instead of drawing from everybody";
        /// Whether partners refer.
        on: bool = true, "", "", "switch";
    }
}

impl Referral {
    /// Contacts a year; `trust` is the sum over the firm's ties, `root_size` is √z.
    #[inline]
    pub fn rate(&self, trust: f32, root_size: f32) -> f32 {
        if self.on { self.rate * trust.min(self.attention * root_size) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attention_bounds_referrals() {
        let referral = Referral { rate: 1.76, attention: 5.0, ..Referral::default() };
        assert!((referral.rate(2.0, 1.0) - 3.52).abs() < 1e-5);
        assert_eq!(referral.rate(1000.0, 2.0), referral.rate(10.0, 2.0));
    }
}
