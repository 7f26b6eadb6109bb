//! Information: what a firm reads on social networking sites (SNS) takes uncertainty out of markets it has not sold to.
//!
//! ```text
//! U × (1 − θ_I·(1 − u)·information)          in a market without a sale so far
//! ```
//!
//! u is the relational share of SNS use, information the mean suitability of the platforms used. Off by default (θ_I = 0):
//! then informational use acts on knowledge of markets in hand alone.
//!
//! **Predicts** that informational use broadens; see `reading_takes_fear_away`.
//!
//! Deprince & Moalla, *The Social Networking Sites within the Belgian SMEs at international*.

crate::params! {
    /// Informational use of social networking sites and uncertainty.
    pub struct Information at "mechanism.information" {
        /// Share of uncertainty that full informational use takes away.
        weight: f32 = 0.0 in 0.0 ..= 1.0, "θ_I", "1", "assumption, off; swept 0–0.8";
    }
}

impl Information {
    /// What is left of uncertainty at an informational use from 0 to 1.
    #[inline]
    pub fn left(&self, informed: f32) -> f32 {
        1.0 - self.weight * informed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_takes_fear_away() {
        let information = Information { weight: 0.6 };
        assert!((information.left(0.5) - 0.7).abs() < 1e-6);
        assert_eq!(Information::default().left(1.0), 1.0);
    }
}
