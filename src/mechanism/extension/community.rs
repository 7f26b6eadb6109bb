//! Community: talk on social networking sites (SNS) leads to more people where the firm is known already.
//!
//! ```text
//! a contact through SNS arises, with probability c·u, in the market of a tie in hand; otherwise in one of the kernel
//! ```
//!
//! u is the relational share of SNS use; the tie is drawn evenly. Off by default (c = 0).
//!
//! **Predicts** that relational use deepens; see `talk_stays_among_friends`.
//!
//! Deprince & Moalla, *The Social Networking Sites within the Belgian SMEs at international*; closure of triads:
//! Granovetter (1973), *Am. J. Sociol.* 78(6), 1360–1380.

crate::params! {
    /// Contacts on social networking sites where the firm is known.
    pub struct Community at "mechanism.community" {
        /// Share of contacts that arise there when all use is relational.
        depth: f32 = 0.0 in 0.0 ..= 1.0, "c", "1", "assumption, off; swept 0–0.9";
    }
}

impl Community {
    /// Chance that a contact arises where the firm is known, at relational share `u`.
    #[inline]
    pub fn chance(&self, u: f32) -> f32 {
        self.depth * u
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talk_stays_among_friends() {
        let community = Community { depth: 0.8 };
        assert!(community.chance(0.9) > community.chance(0.1));
        assert_eq!(Community::default().chance(1.0), 0.0);
    }
}
