//! Beliefs: a firm learns from trials whether it succeeds abroad, and from orders how its products appeal.
//!
//! ```text
//! Ĝ = (β_a + successes + ψ·n_c) / (β_a + β_b + trials + ψ·n_c)        chance that a pursuit succeeds
//! μ̂ = Σ residuals / (n + (σ_ν² + σ_ξ²)/σ_μ²)                          normal posterior of export appeal
//! ```
//!
//! n_c peers with a customer in the market count as successes of weight ψ. A residual is the log of an order beyond
//! what size, friction and stage explain: appeal plus match plus noise.
//!
//! **Predicts** that first successes carry firms into further markets, and that neighbours' success is believed; see
//! `success_at_one_door_opens_the_next`.
//!
//! Albornoz, Calvo Pardo, Corcos & Ornelas (2012), *J. Int. Econ.* 88(1), 17–31; Fernandes & Tang (2014), *J. Int.
//! Econ.* 94(1), 67–84.

crate::params! {
    /// Beliefs about success abroad.
    pub struct Belief at "mechanism.belief" {
        /// Prior successes.
        successes: f32 = 1.0 in 0.01 ..= 100.0, "β_a", "trials", "prototype, pinned by entry and exit (C4)";
        /// Prior failures.
        failures: f32 = 1.0 in 0.01 ..= 100.0, "β_b", "trials", "prototype, pinned by entry and exit (C4)";
        /// Weight of a peer's success in the same market.
        peer: f32 = 0.5 in 0.0 ..= 20.0, "ψ", "trials", "prototype, pinned by the effect of experienced peers (C13)";
        /// Whether firms learn from their own trials and orders.
        on: bool = true, "", "", "switch";
    }
}

impl Belief {
    /// Believed chance that pursuing a contact succeeds.
    #[inline]
    pub fn chance(&self, successes: u16, trials: u16, peers: f32) -> f32 {
        let (successes, trials) = if self.on { (f32::from(successes), f32::from(trials)) } else { (0.0, 0.0) };
        let seen = self.peer * peers;
        (self.successes + successes + seen) / (self.successes + self.failures + trials + seen)
    }

    /// Posterior mean of export appeal after `n` residuals that add up to `sum`; variances of match plus noise, and
    /// of appeal in the population.
    #[inline]
    pub fn appeal(&self, sum: f32, n: f32, var_residual: f32, var_appeal: f32) -> f32 {
        if self.on && var_appeal > 0.0 { sum / (n + var_residual / var_appeal) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn success_at_one_door_opens_the_next() {
        let belief = Belief::default();
        assert_eq!(belief.chance(0, 0, 0.0), 0.5);
        assert!((belief.chance(1, 1, 0.0) - 2.0 / 3.0).abs() < 1e-6);
        assert!(belief.chance(0, 1, 0.0) < 0.5 && belief.chance(0, 0, 2.0) > 0.5);
        assert!((belief.appeal(3.0, 2.0, 1.0, 0.5) - 0.75).abs() < 1e-6);
    }
}
