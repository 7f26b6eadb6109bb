//! Stages: sporadic exporting, agent, sales subsidiary, production; the establishment chain.
//!
//! ```text
//! yearly, per market:  next stage iff  C_{s+1}·U ≤ R*,  F_{s+1} affordable,  ΔV > bias·F_{s+1}
//! ΔV = H* · (margin · sales · (f_{s+1}·p_o(s+1) / (f_s·p_o(s)) − 1) − (upkeep_{s+1} − upkeep_s))
//! one step at a time, unless leapfrogging is allowed: then the highest stage that passes
//! q quarters without an order: a stage back, and from stage 0 out of the market
//! ```
//!
//! A stage ≥ 1 needs an offline customer and lapses with the last one.
//!
//! **Predicts** commitment in small steps, later where uncertainty is high; see `small_steps_need_less`.
//!
//! Johanson & Wiedersheim-Paul (1975), *J. Manag. Stud.* 12(3), 305–322; micro-foundations of the bias towards small
//! steps: Vahlne & Johanson (2020), *J. Int. Bus. Stud.* 51(1), 4–10.

crate::params! {
    /// The establishment chain.
    pub struct Stage at "mechanism.stage" {
        /// Cost of appointing an agent.
        cost_agent: f32 = 0.08 in 0.0 ..= 1000.0, "F_1", "employee-revenues", "assumption, swept 0.02–0.3";
        /// Cost of a sales subsidiary.
        cost_subsidiary: f32 = 1.0 in 0.0 ..= 1000.0, "F_2", "employee-revenues", "assumption, swept 0.3–4";
        /// Cost of production abroad.
        cost_production: f32 = 5.0 in 0.0 ..= 1000.0, "F_3", "employee-revenues", "assumption, swept 1–20";
        /// Upkeep of an agent.
        upkeep_agent: f32 = 0.02 in 0.0 ..= 100.0, "up_1", "employee-revenues/year", "assumption, swept 0–0.1";
        /// Upkeep of a sales subsidiary.
        upkeep_subsidiary: f32 = 0.3 in 0.0 ..= 100.0, "up_2", "employee-revenues/year", "assumption, swept 0.1–1";
        /// Upkeep of production abroad.
        upkeep_production: f32 = 2.5 in 0.0 ..= 100.0, "up_3", "employee-revenues/year", "assumption, swept 0.5–5";
        /// Bias towards small steps: how many times its cost a step must promise.
        bias: f32 = 1.3 in 0.0 ..= 100.0, "bias", "1", "assumption, swept 1–3; Vahlne & Johanson 2020";
        /// Quarters without an order after which the firm retreats.
        patience: u32 = 4 in 2 ..= 250, "q", "quarters", "assumption, swept 2–12";
        /// Fixed cost of keeping a market.
        keeping: f32 = 0.002 in 0.0 ..= 10.0, "f_mkt", "employee-revenues/quarter", "assumption, swept 0–0.02";
        /// Whether stages may be skipped.
        leapfrog: bool = false, "", "", "switch";
        /// Whether firms commit to markets beyond sporadic exporting.
        on: bool = true, "", "", "switch";
    }
}

impl Stage {
    /// Cost of reaching a stage.
    #[inline]
    pub fn cost(&self, stage: u8) -> f32 {
        [0.0, self.cost_agent, self.cost_subsidiary, self.cost_production][usize::from(stage.min(3))]
    }

    /// Upkeep of a stage a year.
    #[inline]
    pub fn upkeep(&self, stage: u8) -> f32 {
        [0.0, self.upkeep_agent, self.upkeep_subsidiary, self.upkeep_production][usize::from(stage.min(3))]
    }

    /// Value over the horizon (years) of going from stage `from` to `to`; `profit` is the margin on a year's sales
    /// there, `multiple` the expected growth of sales.
    #[inline]
    pub fn gain(&self, from: u8, to: u8, profit: f32, multiple: f32, horizon: f32) -> f32 {
        horizon * (profit * (multiple - 1.0) - (self.upkeep(to) - self.upkeep(from)))
    }

    /// Is a step worth its cost?
    #[inline]
    pub fn worth(&self, to: u8, gain: f32) -> bool {
        gain > self.bias * self.cost(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_steps_need_less() {
        let stage = Stage::default();
        let gain = |to: u8, multiple: f32| stage.gain(0, to, 0.5, multiple, 3.0);
        assert!((gain(1, 1.66) - 3.0 * (0.33 - 0.02)).abs() < 1e-5);
        assert!(stage.worth(1, gain(1, 1.66)) && !stage.worth(3, gain(3, 4.3)));
        assert!(!Stage { bias: 20.0, ..stage.clone() }.worth(1, gain(1, 1.66)));
    }
}
