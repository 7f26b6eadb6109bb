//! Geographic: the farther apart two districts, the fewer ties between their firms.
//!
//! The districts of a home stand on a ring or on a square grid in the order of their numbers, one step apart. A slot
//! makes a Poisson number of ties with mean k/2; the partner's district g and then the partner are drawn by
//!
//! ```text
//! P(g | district h) ∝ n_g · exp(−λ · steps(h, g))          partner even within g
//! ```
//!
//! where n_g is the number of places in g and λ = `decay`. Cost: places plus districts squared.
//!
//! **Predicts** ties that thin out exponentially with distance, and Erdős–Rényi at λ = 0; see
//! `ties_fall_with_distance`.
//!
//! Waxman (1988), *IEEE J. Sel. Areas Commun.* 6(9), 1617–1622; Barthélemy (2011), *Phys. Rep.* 499, 1–101.

use super::Arrangement;
use super::field::{Field, Urn};
use super::growth::{Growth, Question, block, position};
use crate::draw::Seed;
use crate::number::{f64s, poisson};

/// Candidates for one tie; fewer only where a slot knows nearly everyone within reach.
const TRIES: u32 = 16;

/// Grows a spatial graph of mean degree `mean` in each home.
pub(super) fn grow(field: &Field, mean: f64, decay: f64, arrangement: Arrangement, seed: Seed) -> Growth {
    let mut growth = Growth::new(field.members.len());
    for home in &field.homes {
        let count = home.blocks.len();
        for own in home.blocks.clone() {
            let weights: Vec<f32> = home
                .blocks
                .clone()
                .map(|other| {
                    let steps = steps(arrangement, count, own - home.blocks.start, other - home.blocks.start);
                    let slots = field.blocks[other].members.len() as f64;
                    (slots * f64s::exp(-decay * steps as f64)) as f32
                })
                .collect();
            let urn = Urn::new(&weights, std::iter::once(0..count));
            for &slot in &field.members[field.blocks[own].members.clone()] {
                let draw = |word| {
                    let members = &field.blocks[home.blocks.start + urn.draw(&(0..count), word)].members;
                    (members.start, members.len())
                };
                turn(field, slot, mean, seed, &mut growth, draw);
            }
        }
    }
    growth
}

/// One place makes its ties; `district` gives where the members of a drawn district start, and how many they are.
fn turn(
    field: &Field,
    slot: u32,
    mean: f64,
    seed: Seed,
    growth: &mut Growth,
    district: impl Fn(u64) -> (usize, usize),
) {
    growth.begin_turn(slot);
    let ties = poisson(0.5 * mean as f32, block(seed, slot, Question::Geographic, 0, 0).uniform(0));
    for ordinal in 1..=ties {
        let partner = (0..TRIES).find_map(|attempt| {
            let draw = block(seed, slot, Question::Geographic, ordinal, attempt);
            let (start, len) = district(draw.low);
            let other = field.members[start + position(len, draw.high)];
            growth.free(slot, other).then_some(other)
        });
        if let Some(partner) = partner {
            growth.tie(slot, partner);
        }
    }
}

/// Steps between two of `count` districts.
fn steps(arrangement: Arrangement, count: usize, a: usize, b: usize) -> usize {
    match arrangement {
        Arrangement::Ring => a.abs_diff(b).min(count - a.abs_diff(b)),
        Arrangement::Grid => {
            let side = count.isqrt() + usize::from(count.isqrt().pow(2) < count);
            (a % side).abs_diff(b % side) + (a / side).abs_diff(b / side)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{country, grown, moments};
    use super::super::{Generator, NetworkSettings};
    use super::*;

    #[test]
    fn ties_fall_with_distance() {
        let nodes = country(20_000, 40);
        for (decay, arrangement) in [(0.7, Arrangement::Ring), (0.7, Arrangement::Grid), (0.0, Arrangement::Ring)] {
            let settings =
                NetworkSettings { generator: Generator::Geographic, decay, arrangement, ..NetworkSettings::default() };
            let graph = grown(&settings, &nodes, 12).offline;
            let distance = |a: u32, b: u32| {
                let district = |i: u32| usize::from(nodes[i as usize].district);
                steps(arrangement, 40, district(a), district(b))
            };
            // Two interior districts of the grid, and any of the ring: ties at one step against ties at none.
            let (mut none, mut one) = (0.0, 0.0);
            for (a, b) in graph.edges() {
                let inside = |i: u32| [16, 17].contains(&nodes[i as usize].district);
                if inside(a) && inside(b) {
                    if distance(a, b) == 0 { none += 1.0 } else { one += 1.0 }
                }
            }
            // Two districts offer twice as many pairs across (n·n) as within one (n·n/2 each): equal in all.
            let ratio: f64 = one / none;
            let error = ratio * f64::sqrt(1.0 / one + 1.0 / none);
            assert!((ratio - f64s::exp(-decay)).abs() < 4.0 * error, "{ratio} at decay {decay}");
            let (mean, _) = moments(&graph);
            // The number of ties is Poisson; candidates met twice are drawn again.
            assert!((mean - 5.0).abs() < 4.0 * f64::sqrt(2.0 * 5.0 / 20_000.0), "mean {mean}");
        }
    }

    #[test]
    fn steps_go_round_the_ring_and_across_the_grid() {
        assert_eq!(steps(Arrangement::Ring, 10, 1, 9), 2);
        // Ten districts stand in rows of four: 1 is at (1, 0) and 9 at (1, 2).
        assert_eq!(steps(Arrangement::Grid, 10, 1, 9), 2);
        assert_eq!(steps(Arrangement::Grid, 10, 0, 7), 4);
        assert_eq!(steps(Arrangement::Grid, 9, 0, 8), 4);
    }
}
