//! What is said of a graph in numbers: its statistics, and who brokers between others.

use crate::economy::Economy;
use crate::engine::model::Model;
use crate::engine::social::{FirmNode, Social};
use crate::firm::{Tie, TieState};
use crate::network::statistic::{GraphStatistics, betweenness, components, constraint, sources};
use crate::network::{Csr, Node, TieKind};
use serde::Serialize;

/// What the social graph of an economy is like.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SocialStatistics {
    /// Calendar year at whose end it was measured.
    pub year: i32,
    pub firms: usize,
    pub exporters: usize,
    pub firms_on_sns: usize,
    /// Partners abroad that some firm is tied to and that are no simulated firms.
    pub partners: usize,
    /// Ties between peers that work always.
    pub peers_offline: GraphStatistics,
    /// Ties between peers that both use SNS.
    pub peers_online_active: GraphStatistics,
    pub cross_border: CrossBorderStatistics,
    /// Firms and partners together, by all ties that work now.
    pub combined: CombinedStatistics,
    /// Standing among peers, by ties that work now, of exporters and of the others.
    pub brokerage: Vec<Brokerage>,
}

/// Ties between firms and partners abroad.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CrossBorderStatistics {
    pub ties: usize,
    pub customers: usize,
    pub online: usize,
    /// Ties to simulated firms of other homes.
    pub to_simulated_firms: usize,
    /// How many firms keep no tie abroad, one tie, two …
    pub firm_degree_counts: Vec<u64>,
    /// How many partners are at the end of no tie (always 0: such partners are not in the graph), of one, of two …
    pub partner_degree_counts: Vec<u64>,
    /// Correlation, over ties, of the number of ties of the firm and of its partner; missing where either is the same
    /// for all.
    pub degree_assortativity: Option<f64>,
}

/// Components of the whole graph.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CombinedStatistics {
    pub nodes: usize,
    /// Pairs of nodes with at least one tie.
    pub pairs: usize,
    pub components: usize,
    /// Nodes without any tie.
    pub isolates: usize,
    /// Share of nodes in the largest component.
    pub largest_component: f64,
}

/// Mean and spread over firms.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Firms measured.
    pub n: usize,
    pub mean: Option<f64>,
    pub standard_deviation: Option<f64>,
}

impl Spread {
    pub(super) fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let n = values.clone().count();
        let mean = (n > 0).then(|| values.clone().sum::<f64>() / n as f64);
        let variance =
            mean.filter(|_| n > 1).map(|mean| values.map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1) as f64);
        Self { n, mean, standard_deviation: variance.map(f64::sqrt) }
    }
}

/// How a group of firms stands among peers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Brokerage {
    /// exporters or non-exporters.
    pub group: &'static str,
    pub firms: usize,
    /// Peers whose ties work now.
    pub degree: Spread,
    /// Burt's constraint of firms with peers: low for brokers among strangers.
    pub constraint: Spread,
    /// Share of shortest paths between two other firms that pass a firm, estimated from `sources` firms.
    pub betweenness: Spread,
    pub sources: usize,
}

impl SocialStatistics {
    /// Measures the social graph of an economy, with shortest paths from at most `sources` firms.
    pub fn new(model: &Model, economy: &Economy, sources: usize) -> Self {
        let social = Social::new(model, economy);
        let firms: Vec<FirmNode> = social.each_firm().collect();
        let node =
            |firm: &FirmNode| Node { home: firm.home, district: firm.district, sector: firm.sector, size: firm.size };
        let nodes: Vec<Node> = firms.iter().map(node).collect();
        let count = |of: fn(&FirmNode) -> bool| firms.iter().filter(|firm| of(firm)).count();
        let statistics = |graph: &Csr| GraphStatistics::new(graph, &nodes, model.seed, sources);
        Self {
            year: model.calendar(i32::from(economy.step) - 1),
            firms: firms.len(),
            exporters: count(|firm| firm.exporter),
            firms_on_sns: count(|firm| firm.on_sns),
            partners: social.partners().len(),
            peers_offline: statistics(&social.peers(TieKind::Offline)),
            peers_online_active: statistics(&social.peers(TieKind::Online)),
            cross_border: CrossBorderStatistics::new(&social),
            combined: CombinedStatistics::new(&social),
            brokerage: brokerage(model, &social, &firms, sources),
        }
    }
}

impl CrossBorderStatistics {
    pub(super) fn new(social: &Social) -> Self {
        let mut kept = vec![0_u32; social.firms()];
        let mut held = vec![0_u32; social.nodes()];
        let (mut customers, mut online, mut to_simulated_firms) = (0, 0, 0);
        let mut ties = 0;
        for (slot, end, tie) in social.each_abroad() {
            kept[slot as usize] += 1;
            held[end] += 1;
            ties += 1;
            customers += usize::from(tie.state == TieState::Customer);
            online += usize::from(tie.online());
            to_simulated_firms += usize::from(end < social.firms());
        }
        let ends = |(slot, end, _): (u32, usize, &Tie)| (f64::from(kept[slot as usize]), f64::from(held[end]));
        let degree_assortativity = correlation(|| social.each_abroad().map(ends));
        // Simulated firms that nobody abroad is tied to are no partners.
        let partners = held.iter().copied().filter(|degree| *degree > 0);
        Self {
            ties,
            customers,
            online,
            to_simulated_firms,
            firm_degree_counts: counts(kept.iter().copied()),
            partner_degree_counts: counts(partners),
            degree_assortativity,
        }
    }
}

impl CombinedStatistics {
    pub(super) fn new(social: &Social) -> Self {
        let active = social.each_link().filter(|(_, _, link)| link.active());
        let ties: Vec<(u32, u32)> = active.map(|(a, b, _)| (a as u32, b as u32)).collect();
        let graph = Csr::from_edges(social.nodes(), &ties);
        let sizes = components(&graph);
        let largest = sizes.iter().copied().max().unwrap_or(0);
        Self {
            nodes: graph.nodes(),
            pairs: graph.ties(),
            components: sizes.len(),
            isolates: sizes.iter().filter(|size| **size == 1).count(),
            largest_component: if sizes.is_empty() { 0.0 } else { f64::from(largest) / graph.nodes() as f64 },
        }
    }
}

/// How often 0, 1, 2 … occur.
pub(super) fn counts(values: impl Iterator<Item = u32>) -> Vec<u64> {
    let mut counts = Vec::new();
    for value in values {
        if counts.len() <= value as usize {
            counts.resize(value as usize + 1, 0);
        }
        counts[value as usize] += 1;
    }
    counts
}

/// Pearson's correlation of pairs that can be asked for again; `None` where either part does not vary.
pub(super) fn correlation<I: Iterator<Item = (f64, f64)>>(pairs: impl Fn() -> I) -> Option<f64> {
    let n = pairs().count() as f64;
    let (x, y) = pairs().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    let (x, y) = (x / n, y / n);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (a, b) in pairs() {
        xx += (a - x) * (a - x);
        yy += (b - y) * (b - y);
        xy += (a - x) * (b - y);
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

/// Exporters and the others among peers.
pub(super) fn brokerage(model: &Model, social: &Social, firms: &[FirmNode], most: usize) -> Vec<Brokerage> {
    let active = social.each_peer().filter(|(_, _, _, active)| *active);
    let ties: Vec<(u32, u32)> = active.map(|(a, b, _, _)| (a, b)).collect();
    let graph = Csr::from_edges(social.firms(), &ties);
    let sources = sources(social.firms(), most, model.seed);
    let between = betweenness(&graph, &sources);
    let group = |exporters: bool| {
        let members = || firms.iter().filter(move |firm| firm.exporter == exporters).map(|firm| firm.slot);
        let tied = members().filter(|slot| graph.degree(*slot) > 0);
        Brokerage {
            group: if exporters { "exporters" } else { "non-exporters" },
            firms: members().count(),
            degree: Spread::of(members().map(|slot| f64::from(graph.degree(slot)))),
            constraint: Spread::of(tied.map(|slot| constraint(&graph, slot))),
            betweenness: Spread::of(members().map(|slot| between[slot as usize])),
            sources: sources.len(),
        }
    };
    vec![group(true), group(false)]
}
