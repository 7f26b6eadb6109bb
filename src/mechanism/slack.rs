//! Slack: liquid reserves in quarters of revenue, filled by margins, emptied by costs, drawn to a target.
//!
//! ```text
//! W += (margin·exports − costs)/(z/4) + κ_W·(W̄ − W) + σ_W·ε                a quarter
//! ```
//!
//! The margin on sales at home and ordinary costs are in the return to the target.
//!
//! **Predicts** that exports pay for further steps and that failed ones bite; see `profits_fill_and_costs_empty`.
//!
//! Cyert & March (1963), *A Behavioral Theory of the Firm*, on organisational slack.

crate::params! {
    /// Liquid reserves.
    pub struct Slack at "mechanism.slack" {
        /// Target.
        target: f32 = 0.5 in 0.01 ..= 50.0, "W̄", "quarters of revenue", "input, swept 0.3–3: low enough that money can bind";
        /// Return to the target.
        reversion: f32 = 0.15 in 0.0 ..= 1.0, "κ_W", "1/quarter", "input, swept 0.02–0.5";
        /// Shock to reserves.
        shock: f32 = 0.18 in 0.0 ..= 10.0, "σ_W", "quarters of revenue", "input, swept 0.05–0.5";
    }
}

impl Slack {
    /// Slack after a quarter; `net` is money earned abroad less costs, `revenue` a quarter's revenue at home, `epsilon`
    /// a standard normal draw.
    #[inline]
    pub fn next(&self, w: f32, net: f32, revenue: f32, epsilon: f32) -> f32 {
        w + net / revenue + self.reversion * (self.target - w) + self.shock * epsilon
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profits_fill_and_costs_empty() {
        let slack = Slack { target: 1.0, reversion: 0.15, shock: 0.2 };
        assert!((slack.next(0.6, 0.5, 2.0, 0.0) - (0.6 + 0.25 + 0.06)).abs() < 1e-6);
        assert!(slack.next(1.0, -1.0, 2.0, 0.0) < 1.0);
    }
}
