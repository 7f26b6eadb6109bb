//! Erdős–Rényi: any two firms of a country are as likely to know each other as any other two.
//!
//! The null model: whatever a theory says about a network should differ from this. Each pair is tied with
//!
//! ```text
//! p = k / (n − 1)
//! ```
//!
//! where n is the number of places in the home and k the mean degree, `offline_district + offline_country`.
//!
//! **Predicts** binomial degrees: mean k, variance k·(1 − p), and clustering p; see `degrees_are_binomial`.
//!
//! Erdős & Rényi (1959), *Publ. Math. Debrecen* 6, 290–297; Gilbert (1959), *Ann. Math. Stat.* 30(4), 1141–1144, for
//! independent pairs.

use super::field::Field;
use super::growth::{Question, sprinkle};
use crate::draw::Seed;

/// Grows a random graph of mean degree `mean` in each home.
pub(super) fn grow(field: &Field, mean: f64, seed: Seed) -> Vec<(u32, u32)> {
    let mut edges = Vec::with_capacity((0.51 * mean * field.members.len() as f64) as usize);
    for home in &field.homes {
        let p = mean / (home.members.len() as f64 - 1.0).max(1.0);
        for i in home.members.clone() {
            let slot = field.members[i];
            sprinkle(i + 1..home.members.end, p, (seed, slot, Question::Random), |j| {
                edges.push((slot, field.members[j]));
            });
        }
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::super::statistic::mean_clustering;
    use super::super::tests::{country, grown, moments};
    use super::super::{Generator, NetworkSettings};

    #[test]
    fn degrees_are_binomial() {
        let n = 20_000.0;
        let settings = NetworkSettings { generator: Generator::ErdosRenyi, ..NetworkSettings::default() };
        let graph = grown(&settings, &country(20_000, 40), 5).offline;
        let (mean, variance) = moments(&graph);
        // Twice the ties have variance 2nk, so the mean degree has standard error √(2k/n) = 0.022; the sample variance
        // of a near-Poisson degree has √((2k² + k)/n) = 0.052.
        assert!((mean - 5.0).abs() < 4.0 * f64::sqrt(2.0 * 5.0 / n), "mean {mean}");
        assert!((variance - 5.0).abs() < 4.0 * f64::sqrt((2.0 * 25.0 + 5.0) / n), "variance {variance}");
        assert!(mean_clustering(&graph) < 0.002);
    }

    #[test]
    fn asking_for_everyone_gives_the_complete_graph() {
        let settings = NetworkSettings {
            generator: Generator::ErdosRenyi,
            offline_district: 5.0,
            offline_country: 5.0,
            ..NetworkSettings::default()
        };
        assert_eq!(grown(&settings, &country(8, 2), 1).offline.ties(), 8 * 7 / 2);
    }
}
