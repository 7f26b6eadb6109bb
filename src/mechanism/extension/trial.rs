//! Trial orders: a new market begins with small orders, and is left if they disappoint; who knows better starts larger.
//!
//! ```text
//! order × q,   q = 1 − (1 − q_0)/(1 + ψ_q·n + ψ_l·l)     in the first years in a market;  q = 1 after them
//! at the yearly review a market on trial is left if   μ̂ < −d
//! ```
//!
//! n is the number of peers at home with a customer there, l the number of orders from abroad that taught the firm about
//! itself so far, μ̂ what it believes of its appeal. Off by default (q_0 = 1).
//!
//! **Predicts** larger first sales and smaller later growth where neighbours sell already, and that first markets are
//! left sooner and grow faster than later ones; see `neighbours_make_trials_larger`.
//!
//! Fernandes & Tang (2014), *J. Int. Econ.* 94(1), 67–84; Albornoz, Calvo Pardo, Corcos & Ornelas (2012), *J. Int.
//! Econ.* 88(1), 17–31.

crate::params! {
    /// Trial orders in new markets.
    pub struct Trial at "mechanism.trial" {
        /// Size of orders on trial without neighbours.
        start: f32 = 1.0 in 0.01 ..= 1.0, "q_0", "1", "assumption, off; swept 0.2–1";
        /// Weight of a neighbour in the market.
        neighbour: f32 = 0.5 in 0.0 ..= 20.0, "ψ_q", "1", "assumption, swept 0–2; sign from Fernandes & Tang 2014";
        /// Weight of an order that taught the firm about itself.
        lesson: f32 = 0.1 in 0.0 ..= 20.0, "ψ_l", "1", "assumption, swept 0–0.5; sign from Albornoz et al. 2012";
        /// How low believed appeal must be for a market on trial to be left.
        despair: f32 = 0.3 in 0.0 ..= 20.0, "d", "ln", "assumption, swept 0–1";
        /// How long a market is on trial.
        years: f32 = 2.0 in 0.0 ..= 50.0, "trial", "years", "assumption";
    }
}

impl Trial {
    /// Are there trials at all?
    #[inline]
    pub fn on(&self) -> bool {
        self.start < 1.0
    }

    /// Is a market still on trial, `quarters` after entry?
    #[inline]
    pub fn runs(&self, quarters: f32) -> bool {
        self.on() && quarters < 4.0 * self.years
    }

    /// Share of a usual order on trial, with `peers` neighbours there and `lessons` learnt.
    #[inline]
    pub fn share(&self, peers: f32, lessons: f32) -> f32 {
        1.0 - (1.0 - self.start) / (1.0 + self.neighbour * peers + self.lesson * lessons)
    }

    /// Is the trial over for a firm that believes its appeal to be `appeal`?
    #[inline]
    pub fn disappoints(&self, appeal: f32) -> bool {
        appeal < -self.despair
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_make_trials_larger() {
        let trial = Trial { start: 0.4, ..Trial::default() };
        assert!((trial.share(0.0, 0.0) - 0.4).abs() < 1e-6);
        assert!((trial.share(2.0, 0.0) - 0.7).abs() < 1e-6);
        assert!(trial.share(0.0, 9.0) > trial.share(0.0, 0.0), "later markets start larger");
        assert!(trial.runs(7.0) && !trial.runs(8.0) && trial.disappoints(-0.5) && !trial.disappoints(0.0));
        assert!(!Trial::default().on());
    }
}
