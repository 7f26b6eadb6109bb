//! Contacts: the trust a tie begins with, and how a mere contact lapses.
//!
//! ```text
//! w(0) = w0_off  search, unsolicited, policy       w0_on  SNS       w0_tie  founder, peer, agent
//!      = w0_tie · (½ + ½·w of the referrer)        referral
//! a contact that is no customer lapses at hazard δ_c, and when w < 0.02
//! ```
//!
//! **Predicts** that introduced contacts are better than found ones; see `introductions_carry_trust`.
//!
//! Ellis (2011), *J. Int. Bus. Stud.* 42(1), 99–127.

use crate::firm::Origin;
use crate::number::ln;

crate::params! {
    /// Trust at the start and lapse of mere contacts.
    pub struct Contact at "mechanism.contact" {
        /// Initial trust of a contact from search, an unsolicited one, or one made by a policy.
        trust_offline: f32 = 0.243 in 0.0 ..= 1.0, "w0_off", "1", "prototype, pinned by market exits (C5)";
        /// Initial trust of a contact made on a social networking site.
        trust_online: f32 = 0.12 in 0.0 ..= 1.0, "w0_on", "1", "assumption, swept 0.02–0.3";
        /// Initial trust of a contact through founder, peer, agent or referral.
        trust_introduced: f32 = 0.42 in 0.0 ..= 1.0, "w0_tie", "1", "prototype, pinned by market exits (C5)";
        /// Hazard that a mere contact lapses.
        lapse: f32 = 1.17 in 0.0 ..= 50.0, "δ_c", "1/year", "prototype, pinned by entry and exit of exporters (C4)";
        /// Trust below which a contact is forgotten.
        floor: f32 = 0.02 in 0.0 ..= 1.0, "w_min", "1", "assumption";
    }
}

impl Contact {
    /// Quarters that a mere contact lasts, at a uniform draw: by inversion, 60,000 at most.
    #[inline]
    pub fn lifetime(&self, u: f32) -> u16 {
        let hazard = 0.25 * self.lapse;
        if hazard > 0.0 { (-ln(u) / hazard).min(60_000.0) as u16 } else { 60_000 }
    }

    /// Quarters after which nearly all contacts (99 %) have lapsed, 40 at most.
    pub fn longest(&self) -> u16 {
        self.lifetime(0.01).min(40)
    }

    /// Initial trust by origin; `referrer` is the trust in the partner who introduced it.
    #[inline]
    pub fn trust(&self, origin: Origin, referrer: f32) -> f32 {
        match origin {
            Origin::Search | Origin::Unsolicited | Origin::Policy => self.trust_offline,
            Origin::Sns => self.trust_online,
            Origin::Peer | Origin::Agent | Origin::Founder => self.trust_introduced,
            Origin::Referral => self.trust_introduced * (0.5 + 0.5 * referrer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn introductions_carry_trust() {
        let contact = Contact::default();
        assert!(contact.trust(Origin::Peer, 0.0) > contact.trust(Origin::Search, 0.0));
        assert!(contact.trust(Origin::Search, 0.0) > contact.trust(Origin::Sns, 0.0));
        assert!((contact.trust(Origin::Referral, 0.5) - 0.42 * 0.75).abs() < 1e-6);
    }

    #[test]
    fn contacts_last_as_long_as_their_hazard_says() {
        let contact = Contact { lapse: 1.17, ..Contact::default() };
        // ln 2 / 0.2925 = 2.37 quarters at the median, ln 100 / 0.2925 = 15.7 for the last in a hundred.
        assert_eq!((contact.lifetime(0.5), contact.longest()), (2, 15));
        assert_eq!(Contact { lapse: 0.0, ..contact }.lifetime(0.5), 60_000);
    }
}
