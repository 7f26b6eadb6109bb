//! Stochastic blocks: firms of one district (or sector) know each other more often than others do, and no more is said.
//!
//! With s = `share_within` of the ties inside blocks, k the mean degree and n = Σ n_b places in the home:
//!
//! ```text
//! p_in  = s · k · n / Σ n_b (n_b − 1)          p_out = (1 − s) · k · n / (n² − Σ n_b²)
//! ```
//!
//! One density for all blocks, so slots of large blocks have more ties. Where blocks are too small to hold their share
//! (p_in would pass 1), what is left goes between them.
//!
//! **Predicts** these two densities and no clustering beyond them; see `both_densities_are_met`.
//!
//! Holland, Laskey & Leinhardt (1983), *Social Networks* 5(2), 109–137.

use super::field::{Field, Home};
use super::growth::{Question, sprinkle};
use crate::draw::Seed;

/// Grows block graphs of mean degree `mean`, a `share` of it within the blocks of `field`.
pub(super) fn grow(field: &Field, mean: f64, share: f64, seed: Seed) -> Vec<(u32, u32)> {
    let mut edges = Vec::with_capacity((0.51 * mean * field.members.len() as f64) as usize);
    for home in &field.homes {
        let (within, between) = densities(field, home, mean, share);
        for block in &field.blocks[home.blocks.clone()] {
            for i in block.members.clone() {
                let slot = field.members[i];
                let mut tie = |j: usize| edges.push((slot, field.members[j]));
                sprinkle(i + 1..block.members.end, within, (seed, slot, Question::Within), &mut tie);
                sprinkle(block.members.end..home.members.end, between, (seed, slot, Question::Between), &mut tie);
            }
        }
    }
    edges
}

/// Probability of a tie within and between blocks of one home.
fn densities(field: &Field, home: &Home, mean: f64, share: f64) -> (f64, f64) {
    let n = home.members.len() as f64;
    let same: f64 = field.blocks[home.blocks.clone()]
        .iter()
        .map(|b| (b.members.len() as f64) * (b.members.len() as f64 - 1.0))
        .sum();
    let other = n * (n - 1.0) - same;
    let inside = if other > 0.0 { (share * mean * n).min(same) } else { (mean * n).min(same) };
    let outside = mean * n - inside;
    let density = |ends: f64, pairs: f64| if pairs > 0.0 { (ends / pairs).min(1.0) } else { 0.0 };
    (density(inside, same), density(outside, other))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{country, grown};
    use super::super::{Block, Generator, NetworkSettings};

    fn settings(blocks: Block) -> NetworkSettings {
        NetworkSettings {
            generator: Generator::StochasticBlock,
            blocks,
            share_within: 0.7,
            ..NetworkSettings::default()
        }
    }

    #[test]
    fn both_densities_are_met() {
        let nodes = country(20_000, 40);
        for blocks in [Block::District, Block::Sector] {
            let block = |i: u32| {
                let node = &nodes[i as usize];
                if blocks == Block::District { node.district } else { u16::from(node.sector) }
            };
            let graph = grown(&settings(blocks), &nodes, 9).offline;
            let within = graph.edges().filter(|&(a, b)| block(a) == block(b)).count() as f64;
            // 35,000 and 15,000 ties expected, each with the standard error of a count.
            assert!((within - 35_000.0).abs() < 4.0 * f64::sqrt(35_000.0), "{within} ties within");
            let between = graph.ties() as f64 - within;
            assert!((between - 15_000.0).abs() < 4.0 * f64::sqrt(15_000.0), "{between} ties between");
        }
    }

    #[test]
    fn what_small_blocks_cannot_hold_goes_between_them() {
        // Pairs can hold one tie within; four ties a slot lead elsewhere.
        let graph = grown(&settings(Block::District), &country(2_000, 1_000), 10).offline;
        assert!((0..1_000).all(|pair| graph.contains(pair, pair + 1_000)));
        assert!((graph.ties() as f64 - 5_000.0).abs() < 4.0 * f64::sqrt(4_000.0));
    }

    #[test]
    fn one_block_is_a_random_graph() {
        let graph = grown(&settings(Block::District), &country(5_000, 1), 11).offline;
        assert!((graph.ties() as f64 - 12_500.0).abs() < 4.0 * f64::sqrt(12_500.0));
    }
}
