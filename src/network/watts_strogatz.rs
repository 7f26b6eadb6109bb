//! Watts–Strogatz: firms know their neighbours on a ring, and a few ties lead far away.
//!
//! The slots of a home stand on a ring in the order of district and slot number; each is tied to the k/2 next ones
//! (an odd or broken k is met on average). Each tie is then moved, with probability p = `rewiring`, to any other place
//! of the home.
//!
//! ```text
//! C(0) = 3(k − 2) / (4(k − 1))          C(p) ≈ C(0) · (1 − p)³
//! ```
//!
//! **Predicts** that few moved ties shorten paths long before clustering falls; see `few_far_ties_make_a_small_world`.
//!
//! Watts & Strogatz (1998), *Nature* 393, 440–442; Barrat & Weigt (2000), *Eur. Phys. J. B* 13, 547–560, for C(p).

use super::field::Field;
use super::growth::{Growth, Question, block, position, round, uniform};
use crate::draw::Seed;

/// Places tried for one moved tie; if all are taken, which needs a home hardly larger than k, the tie stays.
const TRIES: u32 = 16;

/// Grows a small world of mean degree `mean` in each home.
pub(super) fn grow(field: &Field, mean: f64, rewiring: f64, seed: Seed) -> Growth {
    let mut growth = Growth::new(field.members.len());
    for home in &field.homes {
        let ring = &field.members[home.members.clone()];
        for at in 0..ring.len() {
            walk(ring, at, (mean, rewiring), seed, &mut growth);
        }
    }
    growth
}

/// The turn of the place that stands `at` on the ring.
fn walk(ring: &[u32], at: usize, (mean, rewiring): (f64, f64), seed: Seed, growth: &mut Growth) {
    let slot = ring[at];
    let number = block(seed, slot, Question::Rewire, 0, 0);
    let ties = round(0.5 * mean, uniform(number.low)) as usize;
    growth.begin_turn(slot);
    // Going round more than once would only repeat ties.
    for step in 1..=ties.min(ring.len() - 1) {
        let next = ring[(at + step) % ring.len()];
        let moves = uniform(block(seed, slot, Question::Rewire, step as u32, 0).high) < rewiring;
        let far = if moves { far_place(ring, at, (mean, step), seed, growth) } else { None };
        if let Some(other) = far.or(Some(next)).filter(|&other| growth.free(slot, other)) {
            growth.tie(slot, other);
        }
    }
}

/// A slot anywhere on the ring that is neither tied already nor near enough to be.
fn far_place(ring: &[u32], at: usize, (mean, step): (f64, usize), seed: Seed, growth: &Growth) -> Option<u32> {
    let near = (0.5 * mean).ceil() as usize;
    (1..=TRIES).find_map(|attempt| {
        let draw = block(seed, ring[at], Question::Rewire, step as u32, attempt).low;
        let to = position(ring.len(), draw);
        let apart = at.abs_diff(to).min(ring.len() - at.abs_diff(to));
        (apart > near && growth.free(ring[at], ring[to])).then_some(ring[to])
    })
}

#[cfg(test)]
mod tests {
    use super::super::statistic::{mean_clustering, mean_path_length};
    use super::super::tests::{country, grown};
    use super::super::{Csr, Generator, NetworkSettings};

    fn ring(mean: f64, rewiring: f64) -> Csr {
        let settings = NetworkSettings {
            generator: Generator::WattsStrogatz,
            offline_district: mean,
            offline_country: 0.0,
            rewiring,
            ..NetworkSettings::default()
        };
        grown(&settings, &country(4_000, 10), 8).offline
    }

    #[test]
    fn an_unmoved_ring_clusters_as_the_closed_form_says() {
        for k in [2.0, 4.0, 6.0, 10.0] {
            let graph = ring(k, 0.0);
            assert!((0..4_000).all(|i| f64::from(graph.degree(i)) == k));
            assert!((mean_clustering(&graph) - 3.0 * (k - 2.0) / (4.0 * (k - 1.0))).abs() < 1e-12);
        }
        assert!((2.0 * ring(5.0, 0.0).ties() as f64 / 4_000.0 - 5.0).abs() < 4.0 / f64::sqrt(4_000.0));
    }

    #[test]
    fn few_far_ties_make_a_small_world() {
        let (still, moved) = (ring(10.0, 0.0), ring(10.0, 0.05));
        assert_eq!(still.ties(), moved.ties());
        let kept = mean_clustering(&moved) / mean_clustering(&still);
        // Barrat and Weigt: (1 − p)³ = 0.857, up to order 1/n.
        assert!((kept - 0.857).abs() < 0.02, "{kept} of the clustering is kept");
        let sources: Vec<u32> = (0..4_000).step_by(400).collect();
        // On the ring the mean distance is n/2k = 200.
        let (long, short) = (mean_path_length(&still, &sources).unwrap(), mean_path_length(&moved, &sources).unwrap());
        assert!((long - 200.0).abs() < 2.0 && short < 12.0, "{long} became {short}");
    }
}
