//! Presence: an agent or a subsidiary finds further customers in its own market.
//!
//! ```text
//! rate = λ_g · Σ stage          in the market of the agent or subsidiary, ∝ its stage
//! ```
//!
//! **Predicts** that commitment deepens a market; see `presence_finds_customers`.
//!
//! Johanson & Vahlne (1977), *J. Int. Bus. Stud.* 8(1), 23–32: commitment breeds knowledge and further commitment.

crate::params! {
    /// Contacts through an agent or a subsidiary.
    pub struct Agent at "mechanism.agent" {
        /// Contacts a year per stage.
        rate: f32 = 0.22 in 0.0 ..= 20.0, "λ_g", "1/year", "prototype, pinned by markets per exporter (C3)";
        /// Whether presence finds customers.
        on: bool = true, "", "", "switch";
    }
}

impl Agent {
    /// Contacts a year of a firm whose stages add up to `stages`.
    #[inline]
    pub fn rate(&self, stages: u32) -> f32 {
        if self.on { self.rate * stages as f32 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_finds_customers() {
        let agent = Agent::default();
        assert_eq!(agent.rate(0), 0.0);
        assert!((agent.rate(3) - 0.66).abs() < 1e-6);
    }
}
