//! Peers: firms at home pass on contacts in markets where they have customers, and their success is believed.
//!
//! ```text
//! rate = λ_p · mean strength of the ties to peers           strength = min(1, joint age / 2 years)
//! ```
//!
//! A contact comes from a random peer and is in one of that peer's markets; a peer without customers abroad has
//! none to give. What n_c peers do in a market also enters the belief in success (see `belief`).
//!
//! **Predicts** that entry into a market is likelier with a peer there, and only into that market; see
//! `new_acquaintances_give_little`.
//!
//! Bisztray, Koren & Szeidl (2018), *J. Int. Econ.* 115, 242–258; Fernandes & Tang (2014), *J. Int. Econ.* 94(1),
//! 67–84.

crate::params! {
    /// Contacts through peers at home.
    pub struct Peer at "mechanism.peer" {
        /// Contacts a year offered by peers to a firm whose ties are all old.
        rate: f32 = 0.75 in 0.0 ..= 20.0, "λ_p", "1/year", "prototype, pinned by the effect of experienced peers (C13)";
        /// Joint age at which a tie has its full strength.
        maturity: f32 = 2.0 in 0.0 ..= 50.0, "joint age", "years", "assumption";
        /// Whether peers pass contacts on.
        on: bool = true, "", "", "switch";
    }
}

impl Peer {
    /// Strength of a tie, 0 to 1, after `quarters` of joint age.
    #[inline]
    pub fn strength(&self, quarters: f32) -> f32 {
        if quarters >= 4.0 * self.maturity { 1.0 } else { quarters / (4.0 * self.maturity) }
    }

    /// Contacts a year if every tie had full strength; a contact is kept with the probability `strength`.
    #[inline]
    pub fn ceiling(&self, has_peers: bool) -> f32 {
        if self.on && has_peers { self.rate } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_acquaintances_give_little() {
        let peer = Peer::default();
        assert_eq!((peer.strength(0.0), peer.strength(4.0), peer.strength(80.0)), (0.0, 0.5, 1.0));
        assert_eq!(Peer { maturity: 0.0, ..peer }.strength(0.0), 1.0);
    }
}
