//! Orders: how often a customer orders and how much.
//!
//! ```text
//! order with quarterly probability  p_o(s) = p_o(0) + p_s·s
//! value = v_0 · z^η · exp(μ + ν − τ·A + ξ) · f_s                      × ς for a tie that is only online
//! ```
//!
//! μ is the firm's export appeal, ν ~ N(0, σ_ν²) the match with the customer, ξ ~ N(0, σ_ξ²) the order's own noise, A
//! true friction, f_s the stage factor.
//!
//! **Predicts** lumpy, skewed sales that fall with friction and rise with stage; see `online_orders_are_small`.
//!
//! Eaton, Eslava, Jinkins, Krizan & Tybout (2025), *J. Int. Econ.* 157, 104155, for buyer–seller search; Kamakura,
//! Ramón-Jerónimo & Vecino Gravel (2012), *J. Acad. Mark. Sci.* 40(2), 236–251, for dynamics by stage.

use crate::number::{exp, ln};

crate::params! {
    /// Orders of customers abroad.
    pub struct Order at "mechanism.order" {
        /// Quarterly probability that a customer of a sporadic exporter orders.
        chance: f32 = 0.372 in 0.0 ..= 1.0, "p_o(0)", "1/quarter", "prototype, pinned by market exits (C5)";
        /// Rise of that probability per stage.
        chance_stage: f32 = 0.04 in 0.0 ..= 0.3, "p_s", "1/quarter", "calibrated to entrant size and exits with tenure (C6, C5), swept 0–0.2";
        /// Order of a one-person firm without friction.
        value: f32 = 0.12 in 0.0 ..= 100.0, "v_0", "employee-revenues", "calibrated to export intensity (C9) with η; about EUR 24,000, within 0.003–0.3";
        /// Elasticity of order value to firm size.
        size: f32 = 0.21 in 0.0 ..= 2.0, "η", "1", "calibrated to concentration and export intensity (C2, C9): a large firm has more customers rather than larger ones";
        /// Log fall of order value with true friction.
        friction: f32 = 1.2 in 0.0 ..= 10.0, "τ", "1 per mean friction", "calibrated to gravity (C7), within 0–3";
        /// Spread of match quality.
        match_spread: f32 = 1.03 in 0.0 ..= 5.0, "σ_ν", "ln", "prototype, pinned by entrant size (C6)";
        /// Spread of an order's own noise.
        noise: f32 = 0.7 in 0.0 ..= 5.0, "σ_ξ", "ln", "prototype, pinned by market exits (C5)";
        /// Size of orders through ties that are only online; also of the exposure and cost at stake there.
        online: f32 = 0.4 in 0.0 ..= 1.0, "ς", "1", "assumption, swept 0.1–1; Sinkovics et al. 2013 for the sign";
        /// Stage factor of an agent.
        factor_agent: f32 = 1.31 in 0.0 ..= 100.0, "f_1", "1", "assumption, swept 1–2.5";
        /// Stage factor of a sales subsidiary.
        factor_subsidiary: f32 = 1.7 in 0.0 ..= 100.0, "f_2", "1", "calibrated to entrant size (C6), swept 1.2–4";
        /// Stage factor of production abroad.
        factor_production: f32 = 2.0 in 0.0 ..= 100.0, "f_3", "1", "calibrated to concentration (C2), swept 1.5–6";
        /// Contribution margin of exports.
        margin: f32 = 0.25 in 0.0 ..= 1.0, "margin", "1", "input, swept 0.1–0.5";
    }
}

impl Order {
    /// Quarterly probability of an order at stage `s`.
    #[inline]
    pub fn chance(&self, stage: u8) -> f32 {
        (self.chance + self.chance_stage * f32::from(stage)).min(1.0)
    }

    /// Stage factor `f_s`.
    #[inline]
    pub fn factor(&self, stage: u8) -> f32 {
        match stage {
            0 => 1.0,
            1 => self.factor_agent,
            2 => self.factor_subsidiary,
            _ => self.factor_production,
        }
    }

    /// Value of an order before the stage factor; `scale` is z^η, `quality` = μ + ν + ξ, `a` friction.
    #[inline]
    pub fn value(&self, scale: f32, quality: f32, a: f32) -> f32 {
        self.value * scale * exp(quality - self.friction * a)
    }

    /// What a firm believes a customer brings in a year; `scale` is z^η, `appeal` its posterior, `p` perceived distance.
    #[inline]
    pub fn believed_profit(&self, scale: f32, appeal: f32, p: f32) -> f32 {
        self.margin * 4.0 * self.chance * self.value(scale, appeal + 0.5 * self.variance(), p)
    }

    /// Variance of match plus noise.
    #[inline]
    pub fn variance(&self) -> f32 {
        self.match_spread * self.match_spread + self.noise * self.noise
    }

    /// What an order says about appeal: its log beyond size and friction (stage factor already taken out).
    #[inline]
    pub fn residual(&self, value: f32, scale: f32, a: f32) -> f32 {
        ln(value / (self.value * scale)) + self.friction * a
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn online_orders_are_small() {
        let order = Order { value: 0.0475, friction: 0.558, ..Order::default() };
        let offline = order.value(1.0, 0.5, 0.4);
        assert!((offline - 0.0475 * 1.318_88).abs() < 1e-4, "{offline}");
        assert!(order.online * offline < offline);
        assert!((order.residual(offline, 1.0, 0.4) - 0.5).abs() < 1e-5, "an order tells the appeal it was made of");
        assert!(order.chance(3) > order.chance(0) && order.factor(3) > order.factor(1));
    }
}
