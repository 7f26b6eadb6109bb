//! Proactivity: success encourages, and routine brings a firm back to its own baseline.
//!
//! ```text
//! every quarter, first  a += δ_a·(a_birth − a),  then  a += η_a·(1 − a)  once per success of the quarter
//! ```
//!
//! **Predicts** that early successes make explorers for a while; see `encouragement_fades`.
//!
//! Acedo & Jones (2007), *J. World Bus.* 42(3), 236–252.

crate::params! {
    /// Proactivity and how success changes it.
    pub struct Proactivity at "mechanism.proactivity" {
        /// Share of the gap to full proactivity closed by a success.
        gain: f32 = 0.05 in 0.0 ..= 1.0, "η_a", "1", "assumption, swept 0–0.2";
        /// Return to the baseline, the proactivity at birth.
        fading: f32 = 0.02 in 0.0 ..= 1.0, "δ_a", "1/quarter", "assumption, swept 0–0.1";
        /// Whether proactivity moves.
        on: bool = true, "", "", "switch";
    }
}

impl Proactivity {
    /// Proactivity after a quarter with `successes` new customers.
    #[inline]
    pub fn next(&self, a: f32, birth: f32, successes: u32) -> f32 {
        if !self.on {
            return a;
        }
        let mut next = a + self.fading * (birth - a);
        for _ in 0..successes {
            next += self.gain * (1.0 - next);
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encouragement_fades() {
        let proactivity = Proactivity::default();
        let after = proactivity.next(0.4, 0.4, 1);
        assert!((after - 0.43).abs() < 1e-6);
        assert!(proactivity.next(after, 0.4, 0) < after);
    }
}
