//! Barabási–Albert: newcomers attach to those who are known already, so the well known become better known.
//!
//! Places join in a drawn order, each with m = k/2 ties (a fraction is met on average):
//!
//! ```text
//! P(newcomer attaches to j) = degree[j] / Σ degree
//! ```
//!
//! The first ⌈m⌉ + 1 slots know each other. The urn is the list of all ends of ties, from which one is drawn evenly
//! (Batagelj & Brandes 2005, *Phys. Rev. E* 71, 036113). **The largest degree is not bounded**: it grows like m·√n, to
//! a few thousand among a million slots.
//!
//! **Predicts** at least m ties for everyone and a share 2m(m+1)/(d(d+1)(d+2)) of slots with d ties, so a tail of
//! exponent 3 (Dorogovtsev, Mendes & Samukhin 2000, *Phys. Rev. Lett.* 85, 4633); see
//! `degrees_follow_the_closed_form`.
//!
//! Barabási & Albert (1999), *Science* 286, 509–512.

use super::field::Field;
use super::growth::{Question, block, position, round, uniform};
use crate::draw::Seed;

/// Ends of ties looked at for one tie. The first slots know each other, so a newcomer always finds others not yet its
/// own.
const TRIES: u32 = 200;

/// Grows a preferential graph of mean degree `mean` in each home.
pub(super) fn grow(field: &Field, mean: f64, seed: Seed) -> Vec<(u32, u32)> {
    let mut edges = Vec::with_capacity((0.51 * mean * field.members.len() as f64) as usize);
    for home in &field.homes {
        let joining = order(&field.members[home.members.clone()], seed);
        attach(&joining, 0.5 * mean, seed, &mut edges);
    }
    edges
}

/// The slots in a drawn order: neither districts nor slot numbers decide who is well known.
fn order(members: &[u32], seed: Seed) -> Vec<u32> {
    let key = |slot: u32| u64::from(block(seed, slot, Question::Join, 0, 0).word(0)) << 32 | u64::from(slot);
    let mut keys: Vec<u64> = members.iter().map(|&slot| key(slot)).collect();
    keys.sort_unstable();
    keys.into_iter().map(|key| key as u32).collect()
}

fn attach(joining: &[u32], m: f64, seed: Seed, edges: &mut Vec<(u32, u32)>) {
    if m <= 0.0 {
        return;
    }
    let start = edges.len();
    let core = (m.ceil() as usize + 1).min(joining.len());
    for (i, &a) in joining[..core].iter().enumerate() {
        edges.extend(joining[..i].iter().map(|&b| (a, b)));
    }
    for &slot in &joining[core..] {
        let own = edges.len();
        let ties = round(m, uniform(block(seed, slot, Question::Attach, 0, 0).low));
        for ordinal in 1..=ties {
            let partner = (0..TRIES).find_map(|attempt| {
                let end = position(2 * (own - start), block(seed, slot, Question::Attach, ordinal, attempt).low);
                let (a, b) = edges[start + end / 2];
                let drawn = if end.is_multiple_of(2) { a } else { b };
                edges[own..].iter().all(|&(_, known)| known != drawn).then_some(drawn)
            });
            edges.extend(partner.map(|partner| (slot, partner)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::statistic::degree_counts;
    use super::super::tests::{country, grown};
    use super::super::{Generator, NetworkSettings};

    fn settings(mean: f64) -> NetworkSettings {
        NetworkSettings {
            generator: Generator::BarabasiAlbert,
            offline_district: mean,
            offline_country: 0.0,
            ..NetworkSettings::default()
        }
    }

    #[test]
    fn degrees_follow_the_closed_form() {
        let n = 50_000.0;
        let graph = grown(&settings(6.0), &country(50_000, 40), 6).offline;
        // Every newcomer makes three ties; the first four slots know each other.
        assert_eq!(graph.ties(), 6 + 3 * (50_000 - 4));
        let counts = degree_counts(&graph);
        assert_eq!(counts[..3], [0, 0, 0]);
        for (d, &slots) in counts.iter().enumerate().take(8).skip(3) {
            let share = 2.0 * 3.0 * 4.0 / (d * (d + 1) * (d + 2)) as f64;
            let error = f64::sqrt(share * (1.0 - share) / n);
            assert!((slots as f64 / n - share).abs() < 4.0 * error, "{slots} places have {d} ties");
        }
        for d in [20_usize, 60] {
            // Summing the shares from d on telescopes to m(m+1)/(d(d+1)).
            let share = 12.0 / (d * (d + 1)) as f64;
            let error = f64::sqrt(share / n);
            let beyond: u64 = counts.iter().skip(d).sum();
            assert!((beyond as f64 / n - share).abs() < 4.0 * error, "{beyond} places have {d} ties or more");
        }
    }

    #[test]
    fn a_fraction_of_a_tie_is_met_on_average() {
        let graph = grown(&settings(5.0), &country(20_000, 40), 7).offline;
        // Two or three ties each: standard error of the mean degree 2·½/√n.
        assert!((2.0 * graph.ties() as f64 / 20_000.0 - 5.0).abs() < 4.0 / f64::sqrt(20_000.0));
        assert_eq!(degree_counts(&graph)[..2], [0, 0]);
    }

    #[test]
    fn few_places_know_each_other_and_no_ties_are_none() {
        assert_eq!(grown(&settings(6.0), &country(3, 1), 1).offline.ties(), 3);
        assert_eq!(grown(&settings(0.0), &country(30, 1), 1).offline.ties(), 0);
    }
}
