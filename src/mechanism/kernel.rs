//! Kernels: where contacts come from, by the size of a market and how far it is or looks.
//!
//! ```text
//! offline:  Y_c^a · exp(−λ_off·P)          online:  Y_c^a · audience_c · exp(−λ_on·P)        0 < λ_on < λ_off
//! ```
//!
//! Distance sorts online contacts too, only less steeply. Audience is the share of people on the internet.
//!
//! **Predicts** that contacts cluster near home and near other contacts; see `online_contacts_reach_farther`.
//!
//! Chaney (2014), *Am. Econ. Rev.* 104(11), 3600–3634; Ellis (2011), *J. Int. Bus. Stud.* 42(1), 99–127; online
//! presence still follows distance: Pogrebnyakov (2017), *Manag. Int. Rev.* 57(1), 37–64.

use crate::number::exp;

crate::params! {
    /// Where contacts come from.
    pub struct Kernel at "mechanism.kernel" {
        /// Elasticity of contacts to the size (GDP) of a market.
        size: f32 = 0.524 in 0.0 ..= 3.0, "a", "1", "prototype, pinned by exporters per market (C8)";
        /// Decay of offline contacts with distance.
        offline_decay: f32 = 3.0 in 0.0 ..= 20.0, "λ_off", "1 per mean distance", "calibrated to gravity (C7) with τ and κ_P, within 1–7";
        /// Decay of online contacts with distance.
        online_decay: f32 = 0.5 in 0.0 ..= 20.0, "λ_on", "1 per mean distance", "assumption, 83 % less than offline; trade on eBay falls 65 % less with distance (Lendle et al. 2016)";
    }
}

impl Kernel {
    /// Weight of a market by distance alone, offline.
    #[inline]
    pub fn offline(&self, p: f32) -> f32 {
        exp(-self.offline_decay * p)
    }

    /// Weight of a market by distance alone, online.
    #[inline]
    pub fn online(&self, p: f32) -> f32 {
        exp(-self.online_decay * p)
    }
}

/// Weights of markets, added up for drawing.
#[derive(Clone, Debug)]
pub struct Cumulative {
    sums: Vec<f32>,
}

impl Cumulative {
    /// Adds the weights up.
    pub fn new(weights: impl Iterator<Item = f32>) -> Self {
        let mut sum = 0.0;
        Self {
            sums: weights
                .map(|weight| {
                    sum += weight;
                    sum
                })
                .collect(),
        }
    }

    /// Sum of all weights.
    #[inline]
    pub fn total(&self) -> f32 {
        self.sums.last().copied().unwrap_or(0.0)
    }

    /// The single weights, but for rounding.
    pub fn weights(&self) -> impl Iterator<Item = f32> + '_ {
        let before = std::iter::once(0.0).chain(self.sums.iter().copied());
        self.sums.iter().zip(before).map(|(sum, before)| sum - before)
    }

    /// The market at the uniform `u`.
    #[inline]
    pub fn draw(&self, u: f32) -> u8 {
        let target = u * self.total();
        self.sums.partition_point(|sum| *sum <= target).min(self.sums.len() - 1) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn online_contacts_reach_farther() {
        let kernel = Kernel::default();
        assert!(kernel.offline(1.0) / kernel.offline(0.2) < kernel.online(1.0) / kernel.online(0.2));
        assert_eq!(kernel.offline(0.0), 1.0);
    }
}
