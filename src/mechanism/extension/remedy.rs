//! Remedies: of the items of each barrier, the Internet cures some and leaves the others.
//!
//! ```text
//! B_k × (1 − ρ_r·share_k)          for users of SNS;  share_k of the items under heading k are cured
//! ```
//!
//! | heading        | cured                                            | not cured |
//! |----------------|--------------------------------------------------|-----------|
//! | psychological  | too risky, not for us                            | short-term view, too much trouble |
//! | organisational | –                                                | managers' time, untrained staff, experience, working capital |
//! | operational    | paperwork, finding agents                        | transport, insurance, slow payment |
//! | product/market | locating customers, choosing countries           | price, standards, adaptation, tariffs, currency, politics |
//!
//! Items count alike within their heading (an assumption). Off by default (ρ_r = 0).
//!
//! **Predicts** that SNS lower psychological, operational and market barriers and no organisational one; see
//! `the_organisation_is_not_cured`.
//!
//! Hamill (1997), *Int. Mark. Rev.* 14(5), 300–323, for headings and remedies; Leonidou (2004), *J. Small Bus. Manag.*
//! 42(3), 279–302, for items.

crate::params! {
    /// What social networking sites do against barriers.
    pub struct Remedy at "mechanism.remedy" {
        /// How far a cured item is cured for a user.
        strength: f32 = 0.0 in 0.0 ..= 1.0, "ρ_r", "1", "assumption, off; swept 0–1";
    }
}

/// Every item: its heading in the order of barriers, its name, and whether the Internet cures it.
pub const ITEMS: [(usize, &str, bool); 21] = [
    (0, "too risky", true),
    (0, "not for us", true),
    (0, "short-term view", false),
    (0, "too much trouble", false),
    (1, "managers' time", false),
    (1, "untrained staff", false),
    (1, "experience", false),
    (1, "working capital", false),
    (2, "paperwork", true),
    (2, "finding agents", true),
    (2, "transport", false),
    (2, "insurance", false),
    (2, "slow payment", false),
    (3, "locating customers", true),
    (3, "choosing countries", true),
    (3, "price", false),
    (3, "standards", false),
    (3, "adaptation", false),
    (3, "tariffs", false),
    (3, "currency", false),
    (3, "politics", false),
];

impl Remedy {
    /// Is anything cured?
    #[inline]
    pub fn on(&self) -> bool {
        self.strength > 0.0
    }

    /// Barriers of a user.
    pub fn eased(&self, barriers: &[f32; 4]) -> [f32; 4] {
        std::array::from_fn(|heading| barriers[heading] * (1.0 - self.strength * cured(heading)))
    }
}

/// Share of the items under a heading that the Internet cures.
fn cured(heading: usize) -> f32 {
    let of = |cured: bool| ITEMS.iter().filter(|item| item.0 == heading && item.2 == cured).count() as f32;
    of(true) / (of(true) + of(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organisation_is_not_cured() {
        let eased = Remedy { strength: 1.0 }.eased(&[0.8; 4]);
        assert!((eased[0] - 0.4).abs() < 1e-6 && eased[1] == 0.8);
        assert!((eased[2] - 0.48).abs() < 1e-6 && (eased[3] - 0.6).abs() < 1e-6);
        assert_eq!(Remedy::default().eased(&[0.3; 4]), [0.3; 4]);
    }
}
