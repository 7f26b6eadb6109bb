//! Barriers: four kinds of obstacles inside the firm that stop it from following a contact up.
//!
//! ```text
//! chance that nothing stops it = exp(−Σ_k b_k·B_k)        k = psychological, organisational, operational, product/market
//! ```
//!
//! A contact that a barrier stops is missed: the firm does not see what it could be (but for those through social
//! networking sites, which it knows and does not follow up as long as the barrier is there). So contacts that pass arrive at
//! the rate of all contacts times this chance; whoever lowers a barrier meets more of those that come, and those that came
//! lately.
//!
//! **Predicts** that each barrier keeps firms at home and that removing one frees some contacts; see
//! `a_lower_barrier_never_stops_more`.
//!
//! Hamill (1997), *Int. Mark. Rev.* 14(5), 300–323; Leonidou (2004), *J. Small Bus. Manag.* 42(3), 279–302.

use crate::number::exp;

crate::params! {
    /// Barriers to exporting.
    pub struct Barrier at "mechanism.barrier" {
        /// Weight of psychological barriers: "too risky", "not for us".
        psychological: f32 = 0.9 in 0.0 ..= 20.0, "b_psych", "1", "calibrated to exporting by size (C1)";
        /// Weight of organisational barriers: managers' time, experience, working capital.
        organisational: f32 = 1.0 in 0.0 ..= 20.0, "b_org", "1", "prototype, pinned by exporting by size (C1)";
        /// Weight of operational barriers: paperwork, language, transport, slow payment.
        operational: f32 = 1.0 in 0.0 ..= 20.0, "b_oper", "1", "prototype, pinned by exporting by size (C1)";
        /// Weight of product and market barriers: suitability, standards, choice of country.
        product: f32 = 1.0 in 0.0 ..= 20.0, "b_prod", "1", "prototype, pinned by exporting by size (C1)";
        /// Whether barriers stop anybody.
        on: bool = true, "", "", "switch";
    }
}

impl Barrier {
    /// Chance that no barrier stops a firm with barriers `b`, in the order of the parameters.
    #[inline]
    pub fn unhindered(&self, b: &[f32; 4]) -> f32 {
        if !self.on {
            return 1.0;
        }
        exp(-(self.psychological * b[0] + self.organisational * b[1] + self.operational * b[2] + self.product * b[3]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lower_barrier_never_stops_more() {
        let barrier = Barrier { psychological: 1.1, organisational: 1.0, operational: 1.0, product: 1.0, on: true };
        let before = barrier.unhindered(&[0.4; 4]);
        assert!((before - 0.194_0).abs() < 1e-3, "{before}");
        for k in 0..4 {
            let mut lower = [0.4; 4];
            lower[k] = 0.1;
            assert!(barrier.unhindered(&lower) > before);
        }
    }
}
