//! What a graph is like: degrees, clustering, components, mixing, brokerage and paths.
//!
//! ```text
//! clustering[i] = 2 · triangles[i] / (d[i] (d[i] − 1))                           0 where d[i] < 2
//! transitivity  = 3 · triangles / paths of length two
//! r             = correlation of the degrees at both ends of a tie               (Newman 2002)
//! r_attribute   = (Σ_g e_gg − Σ_g a_g²) / (1 − Σ_g a_g²)                         (Newman 2003)
//! constraint[i] = Σ_j (p_ij + Σ_q p_iq p_qj)²,  p_ij = 1/d[i], j and q peers of i  (Burt 1992)
//! betweenness[v] = share of shortest paths between two others that pass v        (Brandes 2001)
//! ```
//!
//! e_gg is the share of ties within group g and a_g the share of ends of ties in it. Triangles are found by merging
//! sorted rows, at a cost of Σ d². Betweenness and path lengths are exact when every place is a source of paths;
//! otherwise they are estimated from a drawn sample of sources, and scaled (Brandes & Pich 2007, *Int. J. Bifurcat.
//! Chaos* 17(7), 2303–2318).
//!
//! Newman (2002), *Phys. Rev. Lett.* 89, 208701; Newman (2003), *Phys. Rev. E* 67, 026126; Burt (1992), *Structural
//! Holes*, Harvard University Press; Brandes (2001), *J. Math. Sociol.* 25(2), 163–177.

use super::{Csr, Node};
use crate::draw::{Address, Purpose, Seed};
use crate::number::f64s;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is known of one layer of the graph. What has no value (the assortativity of a graph in which all degrees are
/// the same, the path length of a graph without ties) is `None`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GraphStatistics {
    pub places: usize,
    pub ties: usize,
    pub mean_degree: f64,
    /// Variance over all places.
    pub degree_variance: f64,
    pub largest_degree: usize,
    /// How many places have no tie, one tie, two …
    pub degree_counts: Vec<u64>,
    /// Mean of local clustering over all places; 0 for places with fewer than two peers.
    pub mean_clustering: f64,
    /// Share of paths of length two that are closed.
    pub transitivity: f64,
    pub components: usize,
    /// Share of places in the largest component.
    pub largest_component: f64,
    pub degree_assortativity: Option<f64>,
    pub home_assortativity: Option<f64>,
    /// By home and district together.
    pub district_assortativity: Option<f64>,
    pub sector_assortativity: Option<f64>,
    /// Correlation of log sizes at both ends of a tie.
    pub size_assortativity: Option<f64>,
    /// Places from which the next four are measured.
    pub sampled: usize,
    /// Mean of Burt's constraint over sampled places that have peers.
    pub mean_constraint: Option<f64>,
    /// Mean number of ties on the shortest path from sampled places to all they reach.
    pub mean_path_length: Option<f64>,
    /// Mean betweenness over all places, each between 0 and 1.
    pub mean_betweenness: f64,
    pub largest_betweenness: f64,
}

impl GraphStatistics {
    /// Measures a layer of the graph of `nodes`, with constraint, paths and betweenness from at most `sample` places.
    ///
    /// # Panics
    /// When the graph has another number of places than `nodes`.
    pub fn new(graph: &Csr, nodes: &[Node], seed: Seed, sample: usize) -> Self {
        assert_eq!(graph.nodes(), nodes.len(), "a graph over these places");
        let node = |i: u32| &nodes[i as usize];
        let counts = degree_counts(graph);
        let triangles = triangles(graph);
        let sizes = components(graph);
        let sources = sources(nodes.len(), sample, seed);
        let paths = Paths::measure(graph, &sources);
        let (mean_degree, degree_variance) = degree_moments(graph);
        Self {
            places: nodes.len(),
            ties: graph.ties(),
            mean_degree,
            degree_variance,
            largest_degree: counts.len().saturating_sub(1),
            degree_counts: counts,
            mean_clustering: mean_local_clustering(graph, &triangles),
            transitivity: closed_share(graph, &triangles),
            components: sizes.len(),
            largest_component: share(sizes.iter().max().map_or(0, |size| *size as usize), nodes.len()),
            degree_assortativity: assortativity_by(graph, |i| f64::from(graph.degree(i))),
            home_assortativity: assortativity(graph, |i| node(i).home),
            district_assortativity: assortativity(graph, |i| (node(i).home, node(i).district)),
            sector_assortativity: assortativity(graph, |i| node(i).sector),
            size_assortativity: assortativity_by(graph, |i| f64s::ln(f64::from(node(i).size.max(f32::MIN_POSITIVE)))),
            sampled: sources.len(),
            mean_constraint: mean_constraint(graph, &sources),
            mean_path_length: paths.mean_length(),
            mean_betweenness: paths.betweenness.iter().sum::<f64>() / (nodes.len().max(1)) as f64,
            largest_betweenness: paths.betweenness.iter().copied().fold(0.0, f64::max),
        }
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// How many places have no tie, one tie, two, and so on up to the largest degree.
pub fn degree_counts(graph: &Csr) -> Vec<u64> {
    let mut counts = Vec::new();
    for i in 0..graph.nodes() as u32 {
        let degree = graph.degree(i) as usize;
        if counts.len() <= degree {
            counts.resize(degree + 1, 0);
        }
        counts[degree] += 1;
    }
    counts
}

fn degree_moments(graph: &Csr) -> (f64, f64) {
    let n = graph.nodes().max(1) as f64;
    let mean = graph.targets.len() as f64 / n;
    let deviation = |i| f64::from(graph.degree(i)) - mean;
    (mean, (0..graph.nodes() as u32).map(|i| deviation(i) * deviation(i)).sum::<f64>() / n)
}

/// Visits what two sorted rows have in common.
fn common(mut a: &[u32], mut b: &[u32], mut visit: impl FnMut(u32)) {
    while let (Some(&x), Some(&y)) = (a.first(), b.first()) {
        if x <= y {
            a = &a[1..];
        }
        if y <= x {
            b = &b[1..];
        }
        if x == y {
            visit(x);
        }
    }
}

/// How many triangles each place is a corner of.
pub fn triangles(graph: &Csr) -> Vec<u64> {
    let mut corners = vec![0; graph.nodes()];
    for (a, b) in graph.edges() {
        // Each triangle is found once, at the tie between its two smallest corners.
        let beyond = |i: u32| &graph.row(i)[graph.row(i).partition_point(|j| *j <= b)..];
        common(beyond(a), beyond(b), |c| {
            for corner in [a, b, c] {
                corners[corner as usize] += 1;
            }
        });
    }
    corners
}

/// Ordered pairs of different peers.
fn pairs(graph: &Csr, i: u32) -> f64 {
    let degree = f64::from(graph.degree(i));
    degree * (degree - 1.0)
}

/// Mean local clustering over all places.
pub fn mean_clustering(graph: &Csr) -> f64 {
    mean_local_clustering(graph, &triangles(graph))
}

fn mean_local_clustering(graph: &Csr, triangles: &[u64]) -> f64 {
    let local = |i: u32| if graph.degree(i) < 2 { 0.0 } else { 2.0 * triangles[i as usize] as f64 / pairs(graph, i) };
    (0..graph.nodes() as u32).map(local).sum::<f64>() / graph.nodes().max(1) as f64
}

/// Share of paths of length two whose ends are tied.
pub fn transitivity(graph: &Csr) -> f64 {
    closed_share(graph, &triangles(graph))
}

fn closed_share(graph: &Csr, triangles: &[u64]) -> f64 {
    let paths: f64 = (0..graph.nodes() as u32).map(|i| pairs(graph, i)).sum();
    let closed = 2.0 * triangles.iter().sum::<u64>() as f64;
    if paths > 0.0 { closed / paths } else { 0.0 }
}

/// The sizes of the components, in the order of their smallest place.
pub fn components(graph: &Csr) -> Vec<u32> {
    let mut seen = vec![false; graph.nodes()];
    let (mut sizes, mut waiting) = (Vec::new(), Vec::new());
    for start in 0..graph.nodes() as u32 {
        if seen[start as usize] {
            continue;
        }
        seen[start as usize] = true;
        waiting.push(start);
        let mut size = 0;
        while let Some(i) = waiting.pop() {
            size += 1;
            for &j in graph.row(i) {
                if !std::mem::replace(&mut seen[j as usize], true) {
                    waiting.push(j);
                }
            }
        }
        sizes.push(size);
    }
    sizes
}

/// Correlation of a number at both ends of a tie, over ties; `None` without ties or where the number does not vary.
pub fn assortativity_by(graph: &Csr, of: impl Fn(u32) -> f64) -> Option<f64> {
    let ends = graph.targets.len() as f64;
    let rows = || (0..graph.nodes() as u32).map(|i| (f64::from(graph.degree(i)), of(i), i));
    let mean = rows().map(|(degree, x, _)| degree * x).sum::<f64>() / ends;
    let variance = rows().map(|(degree, x, _)| degree * (x - mean) * (x - mean)).sum::<f64>() / ends;
    let covariance = graph.edges().map(|(i, j)| 2.0 * (of(i) - mean) * (of(j) - mean)).sum::<f64>() / ends;
    (variance > 0.0).then(|| covariance / variance)
}

/// Newman's assortativity of a group: 1 when all ties lie within groups, 0 when groups do not matter; `None` without
/// ties or with a single group.
pub fn assortativity<G: Ord>(graph: &Csr, group: impl Fn(u32) -> G) -> Option<f64> {
    let mut ends: BTreeMap<G, u64> = BTreeMap::new();
    for i in 0..graph.nodes() as u32 {
        *ends.entry(group(i)).or_default() += u64::from(graph.degree(i));
    }
    let all = graph.targets.len() as f64;
    let within = graph.edges().filter(|&(i, j)| group(i) == group(j)).count() as f64 / graph.ties() as f64;
    let chance: f64 = ends.values().map(|&ends| (ends as f64 / all) * (ends as f64 / all)).sum();
    (chance < 1.0).then(|| (within - chance) / (1.0 - chance))
}

/// Burt's constraint of one place: near 0 for a broker among strangers, 1 for a place with one peer, up to 9/8 in
/// small closed groups. NaN for a place without peers.
pub fn constraint(graph: &Csr, i: u32) -> f64 {
    let peers = graph.row(i);
    if peers.is_empty() {
        return f64::NAN;
    }
    let invested = 1.0 / peers.len() as f64;
    let on = |j: u32| {
        let mut through = 0.0;
        common(peers, graph.row(j), |q| through += invested / f64::from(graph.degree(q)));
        (invested + through) * (invested + through)
    };
    peers.iter().map(|&j| on(j)).sum()
}

/// Mean constraint over those of `places` that have peers.
pub fn mean_constraint(graph: &Csr, places: &[u32]) -> Option<f64> {
    let tied: Vec<u32> = places.iter().copied().filter(|&i| graph.degree(i) > 0).collect();
    let sum: f64 = tied.iter().map(|&i| constraint(graph, i)).sum();
    (!tied.is_empty()).then(|| sum / tied.len() as f64)
}

/// Up to `sample` different places in increasing order, drawn evenly (Floyd's method); all of them when there are no
/// more.
pub fn sources(places: usize, sample: usize, seed: Seed) -> Vec<u32> {
    if sample >= places {
        return (0..places as u32).collect();
    }
    let mut chosen = std::collections::BTreeSet::new();
    for last in places - sample..places {
        let word = seed.block(Address::row(last as u32, Purpose::Sample)).low;
        let drawn = ((u128::from(word) * (last as u128 + 1)) >> 64) as u32;
        if !chosen.insert(drawn) {
            chosen.insert(last as u32);
        }
    }
    chosen.into_iter().collect()
}

/// Betweenness of every place between 0 and 1, from shortest paths that start at `sources`.
pub fn betweenness(graph: &Csr, sources: &[u32]) -> Vec<f64> {
    Paths::measure(graph, sources).betweenness
}

/// Mean number of ties on the shortest paths from `sources` to all they reach; `None` when they reach nobody.
pub fn mean_path_length(graph: &Csr, sources: &[u32]) -> Option<f64> {
    let mut search = Search::new(graph);
    let (mut pairs, mut length) = (0, 0);
    for &source in sources {
        search.outward(source);
        pairs += search.order.len() as u64 - 1;
        length += search.length();
        search.forget();
    }
    (pairs > 0).then(|| length as f64 / pairs as f64)
}

/// What shortest paths tell.
struct Paths {
    betweenness: Vec<f64>,
    /// Pairs of a source and a place it reaches.
    pairs: u64,
    length: u64,
}

impl Paths {
    fn measure(graph: &Csr, sources: &[u32]) -> Self {
        let n = graph.nodes() as f64;
        let mut search = Search::new(graph);
        let mut paths = Self { betweenness: vec![0.0; graph.nodes()], pairs: 0, length: 0 };
        for &source in sources {
            search.outward(source);
            paths.pairs += search.order.len() as u64 - 1;
            paths.length += search.length();
            search.inward(&mut paths.betweenness);
            search.forget();
        }
        // Each source sees ordered pairs: (n − 1)(n − 2) from all n of them.
        let all = (n - 1.0) * (n - 2.0) * sources.len() as f64 / n;
        for share in &mut paths.betweenness {
            *share = if all > 0.0 { *share / all } else { 0.0 };
        }
        paths
    }

    fn mean_length(&self) -> Option<f64> {
        (self.pairs > 0).then(|| self.length as f64 / self.pairs as f64)
    }
}

/// Brandes's algorithm from one source at a time.
struct Search<'a> {
    graph: &'a Csr,
    /// Places in the order reached.
    order: Vec<u32>,
    steps: Vec<u32>,
    /// Number of shortest paths from the source.
    paths: Vec<f64>,
    /// Share of the paths to places farther out that pass a place.
    passing: Vec<f64>,
}

const UNSEEN: u32 = u32::MAX;

impl<'a> Search<'a> {
    fn new(graph: &'a Csr) -> Self {
        let n = graph.nodes();
        Self { graph, order: Vec::new(), steps: vec![UNSEEN; n], paths: vec![0.0; n], passing: vec![0.0; n] }
    }

    /// Counts shortest paths, breadth first.
    fn outward(&mut self, source: u32) {
        self.order.push(source);
        self.steps[source as usize] = 0;
        self.paths[source as usize] = 1.0;
        let mut head = 0;
        while head < self.order.len() {
            let i = self.order[head] as usize;
            head += 1;
            for &j in self.graph.row(i as u32) {
                let j = j as usize;
                if self.steps[j] == UNSEEN {
                    self.steps[j] = self.steps[i] + 1;
                    self.order.push(j as u32);
                }
                if self.steps[j] == self.steps[i] + 1 {
                    self.paths[j] += self.paths[i];
                }
            }
        }
    }

    fn length(&self) -> u64 {
        self.order.iter().map(|&i| u64::from(self.steps[i as usize])).sum()
    }

    /// Collects, from the outside in, how many paths pass each place.
    fn inward(&mut self, betweenness: &mut [f64]) {
        for &j in self.order[1..].iter().rev() {
            let j = j as usize;
            let each = (1.0 + self.passing[j]) / self.paths[j];
            for &i in self.graph.row(j as u32) {
                let i = i as usize;
                // A place one step nearer; the source is at 0 and UNSEEN + 1 never occurs among reached places.
                if self.steps[i] + 1 == self.steps[j] {
                    self.passing[i] += self.paths[i] * each;
                }
            }
            betweenness[j] += self.passing[j];
        }
    }

    /// Makes ready for another source, touching only what was reached.
    fn forget(&mut self) {
        for &i in &self.order {
            self.steps[i as usize] = UNSEEN;
            self.paths[i as usize] = 0.0;
            self.passing[i as usize] = 0.0;
        }
        self.order.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{country, grown};
    use super::super::{Generator, NetworkSettings};
    use super::*;

    /// A triangle 0–1–2 with a tail 2–3–4, and 5 alone.
    fn kite() -> Csr {
        Csr::from_edges(6, &[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4)])
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn degrees_and_components_are_counted() {
        assert_eq!(degree_counts(&kite()), [1, 1, 3, 1]);
        assert_eq!(components(&kite()), [5, 1]);
        assert!(components(&Csr::empty(0)).is_empty());
    }

    #[test]
    fn clustering_by_hand() {
        // Local: 0 and 1 have both peers tied (1); 2 has one of three pairs (1/3); 3, 4 and 5 none. Mean (1 + 1 +
        // 1/3)/6.
        assert!(near(mean_clustering(&kite()), 7.0 / 18.0));
        // Paths of length two by their middle: 1 + 1 + 3 + 1 = 6; one triangle closes three.
        assert!(near(transitivity(&kite()), 0.5));
        assert_eq!(triangles(&kite()), [1, 1, 1, 0, 0, 0]);
    }

    #[test]
    fn degree_assortativity_by_hand() {
        // A path of four: ties (1,2), (2,2), (2,1). Over the six ends the mean is 5/3 and the variance 2/9; the mean
        // product of deviations is (2·(−2/3 · 1/3) + 1/9)/3 = −1/9. So r = −1/2.
        let path = Csr::from_edges(4, &[(0, 1), (1, 2), (2, 3)]);
        assert!(near(assortativity_by(&path, |i| f64::from(path.degree(i))).unwrap(), -0.5));
        // A ring has one degree: no correlation to speak of.
        let ring = Csr::from_edges(3, &[(0, 1), (1, 2), (2, 0)]);
        assert_eq!(assortativity_by(&ring, |i| f64::from(ring.degree(i))), None);
        assert_eq!(assortativity_by(&Csr::empty(3), f64::from), None);
    }

    #[test]
    fn group_assortativity_by_hand() {
        // Groups {0, 1, 2} and {3, 4, 5}: four of five ties lie within; ends 7 and 3 of 10. (0.8 − 0.58)/(1 − 0.58).
        assert!(near(assortativity(&kite(), |i| i / 3).unwrap(), 0.22 / 0.42));
        assert_eq!(assortativity(&kite(), |_| 0), None);
        assert_eq!(assortativity(&Csr::empty(2), |i| i), None);
    }

    #[test]
    fn constraint_by_hand() {
        // 3 has two strangers: 2 · (1/2)². 4 has one peer: 1.
        assert!(near(constraint(&kite(), 3), 0.5));
        assert!(near(constraint(&kite(), 4), 1.0));
        // 0 has 1 and 2. On 1: 1/2 directly and 1/2 · 1/3 through 2. On 2: 1/2 directly and 1/2 · 1/2 through 1.
        assert!(near(constraint(&kite(), 0), (2.0_f64 / 3.0).powi(2) + 0.75_f64.powi(2)));
        // In a triangle each leg is (1/2 + 1/4)²: 9/8 in all.
        assert!(near(constraint(&Csr::from_edges(3, &[(0, 1), (1, 2), (2, 0)]), 0), 1.125));
        assert!(constraint(&kite(), 5).is_nan());
        assert!(near(mean_constraint(&kite(), &[3, 4, 5]).unwrap(), 0.75));
        assert_eq!(mean_constraint(&kite(), &[5]), None);
    }

    #[test]
    fn betweenness_and_paths_by_hand() {
        // Through 2 run the paths of {0, 1} × {3, 4}: four of the ten pairs of others. Through 3: {0, 1, 2} × {4}.
        let all = sources(6, 6, Seed::new(1, 0));
        let found = betweenness(&kite(), &all);
        for (found, wanted) in found.iter().zip([0.0, 0.0, 0.4, 0.3, 0.0, 0.0]) {
            assert!(near(*found, wanted), "{found} is not {wanted}");
        }
        // Distances from 4: 1 to 3, 2 to 2, 3 to 0 and 1; 5 is out of reach.
        assert!(near(mean_path_length(&kite(), &[4]).unwrap(), 9.0 / 4.0));
        assert_eq!(mean_path_length(&kite(), &[5]), None);
        // On a square the two paths between opposite corners share: each corner has half of one pair of three.
        let square = Csr::from_edges(4, &[(0, 1), (1, 2), (2, 3), (3, 0)]);
        assert!(betweenness(&square, &[0, 1, 2, 3]).iter().all(|share| near(*share, 1.0 / 6.0)));
    }

    /// How far every place is from one, and over how many shortest paths it is reached.
    fn reached(graph: &Csr, from: usize) -> Vec<(f64, f64)> {
        let mut found = vec![(f64::INFINITY, 0.0); graph.nodes()];
        found[from] = (0.0, 1.0);
        let mut last = vec![from];
        for far in 1.. {
            let mut next = Vec::new();
            for at in last {
                for to in graph.row(at as u32).iter().map(|to| *to as usize) {
                    if found[to].1 == 0.0 {
                        next.push(to);
                    }
                    if found[to].1 == 0.0 || found[to].0 == f64::from(far) {
                        found[to] = (f64::from(far), found[to].1 + found[at].1);
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            last = next;
        }
        found
    }

    #[test]
    fn larger_graphs_agree_with_the_definitions() {
        const N: usize = 300;
        for generator in [Generator::Homophilous, Generator::BarabasiAlbert] {
            let settings = NetworkSettings { generator, online: 0.0, ..NetworkSettings::default() };
            let graph = grown(&settings, &country(N as u32, 4), 13).offline;
            let reach: Vec<Vec<(f64, f64)>> = (0..N).map(|from| reached(&graph, from)).collect();
            // The mean share of the shortest paths between two others that lead through a place.
            let share = |i: usize, a: usize, b: usize| {
                let (there, on, all) = (reach[a][i], reach[i][b], reach[a][b]);
                if there.0 + on.0 == all.0 && all.0.is_finite() { there.1 * on.1 / all.1 } else { 0.0 }
            };
            let all: Vec<u32> = (0..N as u32).collect();
            for (i, found) in betweenness(&graph, &all).into_iter().enumerate() {
                let others = || (0..N).filter(|a| *a != i);
                let sum: f64 = others()
                    .flat_map(|a| others().filter(move |b| *b < a).map(move |b| (a, b)))
                    .map(|(a, b)| share(i, a, b))
                    .sum();
                let wanted = 2.0 * sum / ((N - 1) * (N - 2)) as f64;
                assert!((found - wanted).abs() < 1e-10, "{found} is not {wanted}");
            }
            let paths = all.iter().flat_map(|i| {
                let row = graph.row(*i);
                row.iter().flat_map(move |a| row.iter().filter(move |b| *b > a).map(move |b| (*a, *b)))
            });
            let (closed, open): (Vec<_>, Vec<_>) = paths.partition(|(a, b)| graph.contains(*a, *b));
            let wanted = closed.len() as f64 / (closed.len() + open.len()) as f64;
            assert!(wanted > 0.0 && (transitivity(&graph) - wanted).abs() < 1e-12);
        }
    }

    #[test]
    fn a_sample_of_sources_estimates_betweenness() {
        let settings = NetworkSettings { generator: Generator::BarabasiAlbert, ..NetworkSettings::default() };
        let graph = grown(&settings, &country(1_000, 4), 14).offline;
        let some = sources(1_000, 250, Seed::new(5, 0));
        assert!(some.len() == 250 && some.is_sorted_by(|a, b| a < b) && some[249] < 1_000);
        let all: Vec<u32> = (0..1_000).collect();
        let (estimate, exact) = (betweenness(&graph, &some), betweenness(&graph, &all));
        let hub = (0..1_000).max_by(|a, b| exact[*a].total_cmp(&exact[*b])).unwrap();
        assert!((estimate[hub] / exact[hub] - 1.0).abs() < 0.1, "{} for {}", estimate[hub], exact[hub]);
    }

    #[test]
    fn all_statistics_come_together_and_as_json() {
        let nodes = country(6, 2);
        let found = GraphStatistics::new(&kite(), &nodes, Seed::new(1, 0), 100);
        assert_eq!((found.places, found.ties, found.sampled, found.components, found.largest_degree), (6, 5, 6, 2, 3));
        assert!(near(found.mean_degree, 10.0 / 6.0) && near(found.largest_component, 5.0 / 6.0));
        // Squares of 2, 2, 3, 2, 1, 0 sum to 22.
        assert!(near(found.degree_variance, 22.0 / 6.0 - 100.0 / 36.0));
        assert!(near(found.mean_betweenness, 0.7 / 6.0) && near(found.largest_betweenness, 0.4));
        assert_eq!(found.home_assortativity, None);
        let json = serde_json::to_value(&found).unwrap();
        assert_eq!(json["degree_counts"], serde_json::json!([1, 1, 3, 1]));
        assert!(json["home_assortativity"].is_null());
        let none = GraphStatistics::new(&Csr::empty(0), &[], Seed::new(1, 0), 10);
        assert_eq!((none.components, none.mean_path_length, none.mean_degree), (0, None, 0.0));
    }
}
