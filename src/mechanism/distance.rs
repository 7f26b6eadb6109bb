//! Perceived distance and true friction: what is known and who is known there brings a market nearer.
//!
//! ```text
//! J = 1 − Π(1 − w)                     insidership over the ties in a market, offline (J_off) and online (J_on)
//! P = D · exp(−α_K·K − α_off·J_off − α_on·J_on)        how far the market looks
//! A = T · exp(−α_K·K − α_off·J_off − φ·α_on·J_on)      how far it is for trade
//! ```
//!
//! Two variables, because a tie on a social networking site (SNS) may make a market *look* near without making it
//! near. Only knowledge of that very market counts (Ambos, Leicht-Deobald & Leinemann 2019). The *channel* says how
//! SNS act: on the slope of distance (as above), on the level of the cost of entry (see `entry`), both, or neither.
//!
//! **Predicts** that the same market looks nearer to the firm that knows it, and that online ties shrink the view
//! of distance more than distance itself; see `online_ties_shrink_the_view_more_than_the_way`.
//!
//! Johanson & Wiedersheim-Paul (1975), *J. Manag. Stud.* 12(3), 305–322; Johanson & Vahlne (2009), *J. Int. Bus.
//! Stud.* 40(9), 1411–1431; slope against level: Lendle, Olarreaga, Schropp & Vézina (2016), *Econ. J.* 126(591),
//! 406–441; Freund & Weinhold (2004), *J. Int. Econ.* 62(1), 171–189.

use crate::number::exp;

crate::choice! {
    /// How ties on social networking sites act on distance.
    pub enum Channel {
        /// They flatten the slope: far markets look nearer.
        Slope = "slope",
        /// They cut the cost of entering a market, near or far.
        Level = "level",
        Both = "both",
        None = "none",
    }
}

crate::params! {
    /// Perceived distance and true friction (Uppsala model).
    pub struct Distance at "mechanism.distance" {
        /// Log fall of distance from full knowledge of the market.
        knowledge: f32 = 0.565 in 0.0 ..= 3.0, "α_K", "1", "prototype, pinned by market exits and entrant size (C5, C6)";
        /// Log fall of distance from full insidership through offline ties.
        offline: f32 = 0.324 in 0.0 ..= 3.0, "α_off", "1", "prototype, pinned by market exits and entrant size (C5, C6)";
        /// Log fall of perceived distance from full insidership through online ties.
        online: f32 = 0.8 in 0.0 ..= 3.0, "α_on", "1", "assumption, swept 0–1.2";
        /// Share of the online effect that is true of trade and not only of the view.
        online_truth: f32 = 0.3 in 0.0 ..= 1.0, "φ", "1", "assumption, swept 0–1";
        /// How online ties act on distance.
        channel: Channel = "slope", "", "", "switch; Lendle et al. 2016 against Freund & Weinhold 2004";
        /// Whether knowledge and ties bring markets nearer at all.
        on: bool = true, "", "", "switch";
    }
}

impl Distance {
    /// Log fall of (perceived distance, true friction) at knowledge `k` and insidership `j_off`, `j_on`.
    #[inline]
    pub fn nearing(&self, k: f32, j_off: f32, j_on: f32) -> (f32, f32) {
        if !self.on {
            return (1.0, 1.0);
        }
        let common = self.knowledge * k + self.offline * j_off;
        let online = if self.slope() { self.online * j_on } else { 0.0 };
        let view = exp(-common - online);
        let way = if online == 0.0 { view } else { exp(-common - self.online_truth * online) };
        (view, way)
    }

    /// Do online ties act on the slope of distance?
    #[inline]
    pub fn slope(&self) -> bool {
        matches!(self.channel, Channel::Slope | Channel::Both)
    }

    /// Do online ties act on the level of the entry cost?
    #[inline]
    pub fn level(&self) -> bool {
        matches!(self.channel, Channel::Level | Channel::Both)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_by_hand() {
        let distance =
            Distance { knowledge: 0.565, offline: 0.324, online: 0.8, online_truth: 0.3, ..Distance::default() };
        let (p, a) = distance.nearing(0.5, 0.4, 0.25);
        // exp(−0.565·0.5 − 0.324·0.4 − 0.8·0.25) and with 0.3 of the last term.
        assert!((p - 0.542_237).abs() < 1e-4, "{p}");
        assert!((a - 0.623_721).abs() < 1e-4, "{a}");
    }

    #[test]
    fn online_ties_shrink_the_view_more_than_the_way() {
        let distance = Distance::default();
        let (p, a) = distance.nearing(0.0, 0.0, 0.5);
        assert!(p < a && a < 1.0);
        let level = Distance { channel: Channel::Level, ..distance };
        assert_eq!(level.nearing(0.0, 0.0, 0.5), (1.0, 1.0));
    }
}
