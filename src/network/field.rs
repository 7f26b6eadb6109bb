//! Who can be met: slots grouped by home and block, and urns to draw one by weight in constant time.

use super::Node;
use std::ops::Range;

/// Places in the order of home, block (a district or a sector) and slot number.
pub(super) struct Field {
    pub members: Vec<u32>,
    pub blocks: Vec<Block>,
    pub homes: Vec<Home>,
    /// The block of each slot.
    pub block_of: Vec<u32>,
}

/// Places of one home that share a district or a sector.
pub(super) struct Block {
    /// Position of the home in [`Field::homes`].
    pub home: usize,
    /// Positions in [`Field::members`].
    pub members: Range<usize>,
}

/// The slots of one home country.
pub(super) struct Home {
    /// Positions in [`Field::blocks`].
    pub blocks: Range<usize>,
    /// Positions in [`Field::members`].
    pub members: Range<usize>,
}

impl Field {
    /// Groups places by home and by what `block` says of them.
    pub fn new(nodes: &[Node], block: impl Fn(&Node) -> u16) -> Self {
        let key = |slot: u32| {
            let node = &nodes[slot as usize];
            (node.home, block(node))
        };
        let mut members: Vec<u32> = (0..nodes.len() as u32).collect();
        // Stable, and linear where slots come in this order already.
        members.sort_by_key(|&slot| key(slot));
        let mut field =
            Self { members: Vec::new(), blocks: Vec::new(), homes: Vec::new(), block_of: vec![0; nodes.len()] };
        for chunk in members.chunk_by(|&a, &b| key(a).0 == key(b).0) {
            field.add_home(chunk, |slot| key(slot).1);
        }
        field
    }

    fn add_home(&mut self, slots: &[u32], block: impl Fn(u32) -> u16) {
        let (first, start) = (self.blocks.len(), self.members.len());
        for chunk in slots.chunk_by(|&a, &b| block(a) == block(b)) {
            for &slot in chunk {
                self.block_of[slot as usize] = self.blocks.len() as u32;
            }
            let start = self.members.len();
            self.members.extend_from_slice(chunk);
            self.blocks.push(Block { home: self.homes.len(), members: start..self.members.len() });
        }
        self.homes.push(Home { blocks: first..self.blocks.len(), members: start..self.members.len() });
    }

    /// The block of a slot.
    pub fn block(&self, slot: u32) -> &Block {
        &self.blocks[self.block_of[slot as usize] as usize]
    }

    /// The home of a slot.
    pub fn home(&self, slot: u32) -> &Home {
        &self.homes[self.block(slot).home]
    }
}

/// Draws positions by weight within segments of a list, in constant time (alias method; Walker 1977, *ACM Trans. Math.
/// Softw.* 3(3), 253–256; tables as in Vose 1991, *IEEE Trans. Softw. Eng.* 17(9), 972–975).
pub(super) struct Urn(Vec<Slot>);

#[derive(Clone, Copy)]
struct Slot {
    /// Probability that the slot keeps the draw.
    keep: f32,
    /// Where the draw goes otherwise, counted within the segment.
    alias: u32,
}

impl Urn {
    /// Prepares an urn for each segment; together the segments cover `weights` in order.
    pub fn new(weights: &[f32], segments: impl Iterator<Item = Range<usize>>) -> Self {
        let mut slots = Vec::with_capacity(weights.len());
        for segment in segments {
            debug_assert_eq!(segment.start, slots.len(), "segments follow one another");
            fill(&weights[segment], &mut slots);
        }
        Self(slots)
    }

    /// The position that a random word names within `segment`.
    #[inline]
    pub fn draw(&self, segment: &Range<usize>, word: u64) -> usize {
        self.hit(Aim::new(segment, word))
    }

    /// Where an aim ends.
    #[inline]
    pub fn hit(&self, aim: Aim) -> usize {
        let slot = self.0[(aim.start + aim.within) as usize];
        (aim.start + if aim.rest < slot.keep { aim.within } else { slot.alias }) as usize
    }
}

/// A draw before the urn was looked into: which slot, and what is left of the random word.
#[derive(Clone, Copy)]
pub(super) struct Aim {
    start: u32,
    within: u32,
    rest: f32,
}

impl Aim {
    /// Aims at a slot of `segment`.
    #[inline]
    pub fn new(segment: &Range<usize>, word: u64) -> Self {
        let product = u128::from(word) * segment.len() as u128;
        Self { start: segment.start as u32, within: (product >> 64) as u32, rest: fraction(product as u64) }
    }
}

/// The top 24 bits of a word as a number in [0, 1).
fn fraction(word: u64) -> f32 {
    (word >> 40) as f32 * (1.0 / 16_777_216.0)
}

/// Appends the alias table of one segment.
fn fill(weights: &[f32], slots: &mut Vec<Slot>) {
    let start = slots.len();
    let total: f64 = weights.iter().map(|w| f64::from(*w)).sum();
    let scale = weights.len() as f64 / total;
    let mut share: Vec<f64> = weights.iter().map(|w| f64::from(*w) * scale).collect();
    slots.extend((0..weights.len()).map(|i| Slot { keep: 1.0, alias: i as u32 }));
    let (mut small, mut large): (Vec<u32>, Vec<u32>) =
        (0..weights.len() as u32).partition(|i| share[*i as usize] < 1.0);
    while let (Some(poor), Some(&rich)) = (small.pop(), large.last()) {
        slots[start + poor as usize] = Slot { keep: share[poor as usize] as f32, alias: rich };
        share[rich as usize] -= 1.0 - share[poor as usize];
        if share[rich as usize] < 1.0 {
            large.pop();
            small.push(rich);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_grouped_in_order() {
        let node = |home, district| Node { home, district, sector: 0, size: 1.0 };
        let field = Field::new(&[node(1, 0), node(0, 5), node(0, 2), node(1, 0), node(0, 2)], |node| node.district);
        assert_eq!(field.members, [2, 4, 1, 0, 3]);
        assert_eq!(field.block_of, [2, 1, 0, 2, 0]);
        assert_eq!(field.homes.len(), 2);
        assert_eq!((field.home(1).members.clone(), field.home(3).blocks.clone()), (0..3, 2..3));
        assert_eq!(field.block(4).members, 0..2);
    }

    #[test]
    fn an_urn_gives_each_position_its_share() {
        let weights = [1.0, 0.0, 3.0, 6.0, /* second segment */ 5.0, 5.0];
        let urn = Urn::new(&weights, [0..4, 4..6].into_iter());
        // Words spread evenly over the circle, so counts are shares up to rounding.
        let draws = 100_000_u64;
        let mut counts = [0.0; 6];
        for i in 0..draws {
            let word = i * (u64::MAX / draws);
            counts[urn.draw(&(0..4), word)] += 1.0 / draws as f64;
            counts[urn.draw(&(4..6), word)] += 1.0 / draws as f64;
        }
        for (count, share) in counts.iter().zip([0.1, 0.0, 0.3, 0.6, 0.5, 0.5]) {
            assert!((count - share).abs() < 1e-4, "{counts:?}");
        }
    }
}
