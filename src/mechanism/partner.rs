//! Partners abroad: how many a country has, how popular each is, and which of them are simulated firms.
//!
//! ```text
//! N_c = n_0 · (Y_c / 1 bn US$)^ν        popularity of the top fraction x:  (1 − 1/α) · x^(−1/α)      mean 1
//! drawn by popularity:  x = u^(α/(α−1))                          (the Lorenz curve of a Pareto law, inverted)
//! ```
//!
//! Partners need no memory: a partner is a market and a rank, and all that a firm learns about it lives in the tie.
//! Where the market is itself a simulated home country, a share of its partners are simulated firms: such a tie ends
//! when that firm fails (a mere offline contact only lapses), is met online only if that firm uses SNS, and leads on to that firm's own markets.
//!
//! **Predicts** that a few partners hold most ties; see `popularity_has_a_heavy_tail`.
//!
//! Pareto popularity: Barabási & Albert (1999), *Science* 286, 509–512; partners as firms: Coviello & Munro (1997), *Int.
//! Bus. Rev.* 6(4), 361–386.

use crate::number::pow;

crate::params! {
    /// Partners abroad.
    pub struct Partner at "mechanism.partner" {
        /// Partners in a country with a GDP of one billion US$.
        per_billion: f32 = 50.0 in 1.0 ..= 100000.0, "n_0", "partners", "assumption: partners are plenty, popularity is scarce";
        /// Elasticity of the number of partners to GDP.
        elasticity: f32 = 0.7 in 0.0 ..= 2.0, "ν", "1", "assumption";
        /// Tail exponent of popularity.
        tail: f32 = 1.5 in 1.05 ..= 10.0, "α", "1", "assumption: between 1 (one partner has all) and 2 (finite variance)";
        /// Share of the partners in a simulated home country that are simulated firms.
        simulated: f32 = 0.5 in 0.0 ..= 1.0, "share simulated", "1", "assumption; matters with several home countries only";
    }
}

impl Partner {
    /// Number of partners in a country of `gdp` US$.
    pub fn count(&self, gdp: f64) -> u32 {
        (self.per_billion * pow((gdp * 1e-9).max(0.01) as f32, self.elasticity)).clamp(10.0, 4e9) as u32
    }

    /// Rank of a partner drawn by popularity among `count`.
    #[inline]
    pub fn draw(&self, count: u32, u: f32) -> u32 {
        let x = pow(u, self.tail / (self.tail - 1.0));
        ((x * count as f32) as u32).min(count - 1)
    }

    /// Popularity of the partner at `rank` among `count`, mean 1.
    #[inline]
    pub fn popularity(&self, rank: u32, count: u32) -> f32 {
        let x = (rank as f32 + 0.5) / count as f32;
        (1.0 - 1.0 / self.tail) * pow(x, -1.0 / self.tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn popularity_has_a_heavy_tail() {
        let partner = Partner::default();
        let n = 10_000;
        let mean: f64 = (0..n).map(|rank| f64::from(partner.popularity(rank, n))).sum::<f64>() / f64::from(n);
        // The sum over ranks misses a little of the infinite density at rank 0.
        assert!((mean - 1.0).abs() < 0.03, "{mean}");
        // Drawing by popularity gives the top 1 % the share 0.01^(1 − 1/1.5) = 0.215 of all ties.
        let draws = 10_000;
        let top = (0..draws).filter(|i| partner.draw(n, (*i as f32 + 0.5) / draws as f32) < n / 100).count();
        assert!((top as f64 / f64::from(draws) - 0.215).abs() < 0.005, "{top}");
    }
}
