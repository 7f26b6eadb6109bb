//! A graph while it grows: ties in the order made, no tie twice, degrees counted.

use super::Seed;
use crate::draw::{Address, Block, Purpose};
use std::ops::Range;

/// What a draw of the peer graph decides; part of its address: never reuse or reorder one.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Question {
    /// How sociable a slot is.
    Sociability = 0,
    /// Ties in the district.
    District = 1,
    /// Ties elsewhere in the country.
    Elsewhere = 2,
    /// Online ties.
    Online = 3,
    /// Ties across homes: offline ones.
    Abroad = 4,
    /// Ties across homes: online ones.
    AbroadOnline = 5,
    /// Which other home.
    AbroadHome = 6,
    /// Which other home, of an online tie.
    AbroadOnlineHome = 7,
    /// Erdős–Rényi: how many pairs are skipped.
    Random = 8,
    /// Stochastic blocks: pairs skipped within a block.
    Within = 9,
    /// Stochastic blocks: pairs skipped between blocks.
    Between = 10,
    /// Barabási–Albert: when a slot joins.
    Join = 11,
    /// Barabási–Albert: to whom it attaches.
    Attach = 12,
    /// Watts–Strogatz: which ties of the ring move, and where.
    Rewire = 13,
    /// Geographic: partners by distance.
    Geographic = 14,
}

/// The random block for one question about one place: `ordinal` counts ties from 1 (0 is their number), `attempt` the
/// candidates for one tie.
#[inline]
pub(super) fn block(seed: Seed, slot: u32, question: Question, ordinal: u32, attempt: u32) -> Block {
    debug_assert!(attempt < 1 << 8, "an address holds 8 bits of `attempt`, not {attempt}");
    let which = (question as u64) << 40 | u64::from(ordinal) << 8 | u64::from(attempt);
    seed.block(Address::row(slot, Purpose::Network).which(which))
}

/// A uniform in (0, 1) with 53 bits.
#[inline]
pub(super) fn uniform(word: u64) -> f64 {
    ((word >> 11) as f64 + 0.5) * (1.0 / 9_007_199_254_740_992.0)
}

/// A position below `count` from a random word.
#[inline]
pub(super) fn position(count: usize, word: u64) -> usize {
    ((u128::from(word) * count as u128) >> 64) as usize
}

/// The whole number below or above `mean`, with `mean` as its expectation.
#[inline]
pub(super) fn round(mean: f64, u: f64) -> u32 {
    let floor = mean.floor();
    floor as u32 + u32::from(u < mean - floor)
}

/// Ties made so far.
pub(super) struct Growth {
    pub edges: Vec<(u32, u32)>,
    progress: Vec<Progress>,
}

/// How far a slot is; both are asked together, so they lie together.
#[derive(Clone, Copy)]
struct Progress {
    /// Ties made and received.
    degree: u32,
    /// Where the ties that the place made in the current pass begin; `NONE` before its turn.
    first: u32,
}

const NONE: u32 = u32::MAX;

impl Growth {
    /// No ties among `nodes` places.
    pub fn new(nodes: usize) -> Self {
        Self { edges: Vec::new(), progress: vec![Progress { degree: 0, first: NONE }; nodes] }
    }

    /// Ties that are known to be distinct.
    pub fn from_edges(nodes: usize, edges: Vec<(u32, u32)>) -> Self {
        let mut growth = Self::new(nodes);
        for &(a, b) in &edges {
            growth.progress[a as usize].degree += 1;
            growth.progress[b as usize].degree += 1;
        }
        growth.edges = edges;
        growth
    }

    /// How many ties a slot has so far.
    #[inline]
    pub fn degree(&self, slot: u32) -> u32 {
        self.progress[slot as usize].degree
    }

    /// Begins a pass in which every slot makes its ties in one turn; ties of earlier passes are not looked at again,
    /// so passes must reach for different slots.
    pub fn begin_pass(&mut self) {
        for progress in &mut self.progress {
            progress.first = NONE;
        }
    }

    /// Begins the turn of a slot.
    pub fn begin_turn(&mut self, slot: u32) {
        self.progress[slot as usize].first = self.edges.len() as u32;
    }

    /// Whether the slot whose turn it is may be tied to another: not itself, and not tied in this pass.
    #[inline]
    pub fn free(&self, slot: u32, other: u32) -> bool {
        slot != other && !self.made(slot, other) && !self.made(other, slot)
    }

    #[inline]
    fn made(&self, by: u32, with: u32) -> bool {
        let first = self.progress[by as usize].first;
        first != NONE && self.edges[first as usize..].iter().take_while(|tie| tie.0 == by).any(|tie| tie.1 == with)
    }

    /// Makes a tie for the slot whose turn it is.
    #[inline]
    pub fn tie(&mut self, slot: u32, other: u32) {
        self.edges.push((slot, other));
        self.progress[slot as usize].degree += 1;
        self.progress[other as usize].degree += 1;
    }
}

/// Visits each position of `range` with probability `p`, in increasing order, by drawing how many are skipped: the cost
/// grows with those visited only (Batagelj & Brandes 2005, *Phys. Rev. E* 71, 036113).
pub(super) fn sprinkle(
    range: Range<usize>,
    p: f64,
    (seed, slot, question): (Seed, u32, Question),
    mut visit: impl FnMut(usize),
) {
    if p <= 0.0 {
        return;
    }
    let rate = if p < 1.0 { 1.0 / crate::number::f64s::ln(1.0 - p) } else { 0.0 };
    let mut next = range.start;
    for ordinal in 1.. {
        let u = uniform(block(seed, slot, question, ordinal, 0).low);
        let skip = (crate::number::f64s::ln(u) * rate).floor();
        if skip >= (range.end - next) as f64 {
            return;
        }
        next += skip as usize;
        visit(next);
        next += 1;
    }
}
