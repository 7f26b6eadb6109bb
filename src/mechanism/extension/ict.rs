//! Advanced ICT: customers order more often where ordering is electronic.
//!
//! ```text
//! order probability × (1 + o_e·web(t)·d)          at most 1;  d is digital skill
//! ```
//!
//! Websites raise visibility (see `unsolicited`); electronic ordering acts on customers won. Off by default (o_e = 0).
//!
//! **Predicts** that advanced ICT raises sales more than the number of exporters; see `customers_order_more_often`.
//!
//! Hagsten & Kotnik (2017), *Small Bus. Econ.* 48(2), 431–446.

crate::params! {
    /// Electronic ordering.
    pub struct Ict at "mechanism.ict" {
        /// Gain in the frequency of orders at full spread of the web and full digital skill.
        ordering: f32 = 0.0 in 0.0 ..= 10.0, "o_e", "1", "assumption, off; swept 0–1";
    }
}

impl Ict {
    /// Probability of an order, given that without electronic ordering.
    #[inline]
    pub fn chance(&self, plain: f32, web: f32, digital: f32) -> f32 {
        (plain * (1.0 + self.ordering * web * digital)).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_order_more_often() {
        let ict = Ict { ordering: 1.0 };
        assert!((ict.chance(0.4, 0.5, 0.5) - 0.5).abs() < 1e-6);
        assert_eq!((ict.chance(0.9, 1.0, 1.0), Ict::default().chance(0.4, 1.0, 1.0)), (1.0, 0.4));
    }
}
