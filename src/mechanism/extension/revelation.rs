//! Revelation: experience in a market may show it to be farther than it looked, and the firm withdraws.
//!
//! ```text
//! at the yearly review, a year or more after entry:  one stage back, and from stage 0 out,  if  A − P > margin
//! ```
//!
//! A is true friction, P perceived distance. Off by default: a named assumption.
//!
//! **Predicts** that what looked nearer than it is, is left again; see `what_proves_farther_is_left`.
//!
//! Liesch, Welch & Buckley (2011), *Manag. Int. Rev.* 51(6), 851–873; Dominguez & Mayrhofer (2017), *Int. Bus. Rev.*
//! 26(6), 1051–1063.

crate::params! {
    /// Withdrawal from markets that prove farther than they looked.
    pub struct Revelation at "mechanism.revelation" {
        /// By how much true friction must exceed perceived distance.
        margin: f32 = 0.2 in -10.0 ..= 10.0, "margin", "mean distances", "assumption, swept 0–0.5";
        /// Whether experience reveals anything.
        on: bool = false, "", "", "switch; off: an assumption";
    }
}

impl Revelation {
    /// Does a market look too far, now that it is known?
    #[inline]
    pub fn disappoints(&self, friction: f32, perceived: f32) -> bool {
        self.on && friction - perceived > self.margin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_proves_farther_is_left() {
        let revelation = Revelation { on: true, ..Revelation::default() };
        assert!(revelation.disappoints(1.0, 0.5) && !revelation.disappoints(0.6, 0.5));
        assert!(!Revelation::default().disappoints(9.0, 0.0), "off by default");
    }
}
