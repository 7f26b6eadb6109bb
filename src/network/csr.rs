//! An undirected graph frozen for reading: two flat arrays in compressed sparse rows.

/// A simple undirected graph: no tie of a slot with itself, no tie twice. Each tie stands in both rows, and rows
/// are sorted. Four bytes per slot and eight per tie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csr {
    /// Where the row of each place starts in `targets`, and one more entry for the end of the last.
    pub offsets: Vec<u32>,
    /// The rows, one after another.
    pub targets: Vec<u32>,
}

impl Csr {
    /// A graph of `nodes` places without ties.
    pub fn empty(nodes: usize) -> Self {
        Self { offsets: vec![0; nodes + 1], targets: Vec::new() }
    }

    /// Freezes a list of ties by counting sort, in time and memory proportional to slots plus ties. Ties named twice,
    /// in either direction, are kept once; a tie of a slot with itself is dropped.
    ///
    /// # Panics
    /// When an end is not below `nodes`, or there are more than 2³¹ ties.
    pub fn from_edges(nodes: usize, edges: &[(u32, u32)]) -> Self {
        assert!(edges.len() < 1 << 31, "a graph holds fewer than 2^31 ties, not {}", edges.len());
        let proper = || edges.iter().filter(|(a, b)| a != b);
        let mut offsets = vec![0_u32; nodes + 1];
        for &(a, b) in proper() {
            offsets[a as usize] += 1;
            offsets[b as usize] += 1;
        }
        let mut end = 0;
        for offset in &mut offsets {
            end += *offset;
            *offset = end;
        }
        // Filling each row from its end leaves the offset at its start.
        let mut targets = vec![0_u32; end as usize];
        for &(a, b) in proper() {
            for (from, to) in [(a, b), (b, a)] {
                offsets[from as usize] -= 1;
                targets[offsets[from as usize] as usize] = to;
            }
        }
        let mut graph = Self { offsets, targets };
        graph.sort_rows_without_twins();
        graph
    }

    fn sort_rows_without_twins(&mut self) {
        let (mut written, mut start) = (0, 0);
        for row in 0..self.nodes() {
            let end = self.offsets[row + 1] as usize;
            self.targets[start..end].sort_unstable();
            self.offsets[row] = written as u32;
            for read in start..end {
                let target = self.targets[read];
                if read == start || target != self.targets[read - 1] {
                    // `written` never overtakes `read`, so what stands before `read` is still what was sorted there.
                    self.targets[written] = target;
                    written += 1;
                }
            }
            start = end;
        }
        *self.offsets.last_mut().expect("offsets always hold the end") = written as u32;
        self.targets.truncate(written);
        self.targets.shrink_to_fit();
    }

    /// Number of slots.
    #[inline]
    pub fn nodes(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Number of ties.
    pub fn ties(&self) -> usize {
        self.targets.len() / 2
    }

    /// The peers of a slot, in increasing order.
    #[inline]
    pub fn row(&self, i: u32) -> &[u32] {
        &self.targets[self.offsets[i as usize] as usize..self.offsets[i as usize + 1] as usize]
    }

    /// How many peers a slot has.
    #[inline]
    pub fn degree(&self, i: u32) -> u32 {
        self.offsets[i as usize + 1] - self.offsets[i as usize]
    }

    /// Whether two slots are tied.
    pub fn contains(&self, a: u32, b: u32) -> bool {
        self.row(a).binary_search(&b).is_ok()
    }

    /// Every tie once, the smaller end first, in increasing order.
    pub fn edges(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0..self.nodes() as u32).flat_map(move |a| self.row(a).iter().filter(move |b| **b > a).map(move |b| (a, *b)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn twins_and_self_ties_are_dropped() {
        let graph = Csr::from_edges(4, &[(2, 0), (0, 1), (1, 0), (3, 3), (2, 0), (0, 2)]);
        assert_eq!(graph, Csr { offsets: vec![0, 2, 3, 4, 4], targets: vec![1, 2, 0, 0] });
        assert_eq!((graph.nodes(), graph.ties(), graph.degree(0), graph.row(3)), (4, 2, 2, &[][..]));
        assert!(graph.contains(2, 0) && !graph.contains(2, 1));
        assert_eq!(Csr::from_edges(3, &[]), Csr::empty(3));
        assert_eq!(Csr::from_edges(0, &[]).nodes(), 0);
    }

    proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(70),
            failure_persistence: None,
            ..Default::default()
        })]
        #[test]
        fn freezing_keeps_exactly_the_set_of_ties(edges in prop::collection::vec((0_u32..12, 0_u32..12), 0..80)) {
            let graph = Csr::from_edges(12, &edges);
            let wanted: BTreeSet<(u32, u32)> =
                edges.iter().filter(|(a, b)| a != b).map(|&(a, b)| (a.min(b), a.max(b))).collect();
            prop_assert_eq!(graph.edges().collect::<Vec<_>>(), wanted.into_iter().collect::<Vec<_>>());
            for i in 0..12 {
                prop_assert!(graph.row(i).is_sorted());
                prop_assert!(graph.row(i).iter().all(|&j| graph.contains(j, i)));
            }
        }
    }
}
