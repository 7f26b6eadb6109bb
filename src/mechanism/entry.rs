//! Entry: what following a contact up costs, what it is believed to bring, and when it becomes a customer.
//!
//! ```text
//! F = F_0 · exp(β_D·P) · (1 − s_F·J_on)[level] · Π(1 − e_x)      new market; f_more·F in a known one; ς·F if only online
//! X̂ = margin · 4 · p_o(0) · v_0 · z^η · exp(μ̂ − τ·P + ½(σ_ν² + σ_ξ²))          believed profit a year
//! pursue if  Ĝ · X̂ · H* > F                                                     (and risk and the barriers allow)
//! pursued → customer with quarterly probability  p_0 · (½ + ½b) · exp(−κ_P·A) · √w
//! ```
//!
//! e_x: the market is like one served before, by nearness, language or income. A market is known while there was a
//! sale in the last two years.
//!
//! **Predicts** that entry into a market is likelier when one like it is served (extended gravity), and dearer and
//! rarer entry far away; see `like_markets_are_cheaper`.
//!
//! Morales, Sheu & Zahler (2019), *Rev. Econ. Stud.* 86(6), 2668–2712 (range of the discounts); Roberts & Tybout
//! (1997), *Am. Econ. Rev.* 87(4), 545–564, on sunk costs.

use crate::number::exp;

crate::params! {
    /// From contact to customer.
    pub struct Entry at "mechanism.entry" {
        /// Cost of a first pursuit at no perceived distance.
        cost: f32 = 0.04 in 0.0 ..= 100.0, "F_0", "employee-revenues", "calibrated to exporting by size (C1); high enough that money can bind";
        /// Cost of a further contact in a known market, as a share.
        further: f32 = 0.15 in 0.0 ..= 1.0, "f_more", "1", "prototype, pinned by markets per exporter (C3)";
        /// Log rise of the cost with perceived distance.
        distance: f32 = 0.6 in 0.0 ..= 10.0, "β_D", "1 per mean distance", "prototype, pinned by gravity (C7)";
        /// Cut of the cost at full online insidership, where SNS act on the level.
        online: f32 = 0.5 in 0.0 ..= 1.0, "s_F", "1", "assumption; Freund & Weinhold 2004 for the channel";
        /// Discount where a near market was served.
        near: f32 = 0.3 in 0.0 ..= 1.0, "e_geo", "1", "0.25–0.38 in Morales et al. 2019";
        /// Discount where a market of the same language was served.
        language: f32 = 0.3 in 0.0 ..= 1.0, "e_lang", "1", "0.29–0.36 in Morales et al. 2019";
        /// Discount where a market of the same income level was served.
        income: f32 = 0.1 in 0.0 ..= 1.0, "e_inc", "1", "assumption, swept 0–0.2";
        /// Horizon of the calculation.
        horizon: f32 = 4.0 in 0.25 ..= 50.0, "H*", "years", "calibrated to exporting by size (C1)";
        /// Years without a sale after which a market is new again.
        memory: f32 = 2.0 in 0.25 ..= 50.0, "known", "years", "assumption";
        /// Quarterly probability that a pursued contact of full trust at no distance becomes a customer.
        deal: f32 = 0.75 in 0.0 ..= 1.0, "p_0", "1/quarter", "calibrated to exporting by size (C1) with κ_P: holds for full trust, full skill and no distance only";
        /// Log fall of that probability with true friction.
        deal_distance: f32 = 1.8 in 0.0 ..= 10.0, "κ_P", "1 per mean friction", "calibrated to gravity (C7), within 0–2";
        /// Whether firms follow contacts up at all: without it nobody exports.
        on: bool = true, "", "", "switch";
    }
}

impl Entry {
    /// Cost of entering a new market at perceived distance `p`; `likeness` from [`Entry::likeness`], `j_on` online
    /// insidership (0 unless SNS act on the level).
    #[inline]
    pub fn cost(&self, p: f32, likeness: f32, j_on: f32) -> f32 {
        self.cost * exp(self.distance * p) * (1.0 - self.online * j_on) * likeness
    }

    /// Share of the cost left after the discounts for likeness to a market served before.
    #[inline]
    pub fn likeness(&self, near: bool, language: bool, income: bool) -> f32 {
        let keep = |applies: bool, discount: f32| if applies { 1.0 - discount } else { 1.0 };
        keep(near, self.near) * keep(language, self.language) * keep(income, self.income)
    }

    /// No deal is likelier than this, whatever friction and trust.
    #[inline]
    pub fn deal_at_most(&self, skill: f32) -> f32 {
        self.deal * (0.5 + 0.5 * skill)
    }

    /// Quarterly probability that a pursued contact becomes a customer.
    #[inline]
    pub fn deal(&self, skill: f32, friction: f32, w: f32) -> f32 {
        self.deal_at_most(skill) * exp(-self.deal_distance * friction) * w.sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_markets_are_cheaper() {
        let entry = Entry { cost: 0.02, distance: 0.6, near: 0.3, language: 0.3, ..Entry::default() };
        let alien = entry.cost(0.5, entry.likeness(false, false, false), 0.0);
        assert!((alien - 0.02 * 1.349_859).abs() < 1e-5);
        let alike = entry.cost(0.5, entry.likeness(true, true, false), 0.0);
        assert!((alike / alien - 0.49).abs() < 1e-5);
        assert!(entry.deal(0.5, 0.2, 0.25) > entry.deal(0.5, 1.5, 0.25));
    }
}
