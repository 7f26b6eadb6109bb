//! With whom: the graph of peers among the firms of one or more homes, grown by a theory or read from a file.
//!
//! Peers are who a firm hears from: they pass contacts on, show that SNS are worth the effort, and back beliefs. The
//! graph is over *slots*, so it outlives the firms: a newborn inherits its slot's peers and grows into them. Offline
//! ties work always; online ties lie ready between slots and work only while both firms use SNS.
//!
//! | generator           | a tie means                                  | file                 |
//! |---------------------|----------------------------------------------|----------------------|
//! | `homophilous`       | near, alike, sociable                        | `homophilous.rs`     |
//! | `barabasi-albert`   | known because well known                     | `barabasi_albert.rs` |
//! | `watts-strogatz`    | next on the ring, or by a long jump          | `watts_strogatz.rs`  |
//! | `erdos-renyi`       | nothing: chance                              | `erdos_renyi.rs`     |
//! | `stochastic-block`  | same district or sector, more often than not | `stochastic_block.rs`|
//! | `geographic`        | near on the map                              | `geographic.rs`      |
//! | `file`              | what the user observed                       | `import.rs`, `graphml.rs` |
//!
//! Every generator makes the offline ties within a home with the same mean degree, `offline_district +
//! offline_country`, so that theories differ in *who* knows whom and not in how many. Online ties within a country
//! (blind to districts) and ties across homes are added alike to all of them, by sociability and likeness
//! (`meeting.rs`); a file says everything itself. A pair has one tie at most: what is offline is not online too.
//!
//! A graph is a pure function of settings, nodes and seed: every slot, tie and candidate has an address of its own,
//! so threads change nothing. A million slots take about a second on one core. Nodes that stand in the order of home
//! and district make neighbours lie close in memory.

mod barabasi_albert;
mod csr;
mod erdos_renyi;
pub mod export;
mod field;
mod geographic;
mod graphml;
mod growth;
mod homophilous;
pub mod import;
mod meeting;
pub mod statistic;
mod stochastic_block;
mod watts_strogatz;

use crate::draw::Seed;
use crate::error::Fault;
use crate::param::FilePath;
pub use csr::Csr;
use field::Field;
use growth::{Growth, Question};
use meeting::{Meeting, Scope};
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::visit::EdgeRef;

crate::choice! {
    /// The theory that says who knows whom.
    pub enum Generator {
        Homophilous = "homophilous",
        BarabasiAlbert = "barabasi-albert",
        WattsStrogatz = "watts-strogatz",
        ErdosRenyi = "erdos-renyi",
        StochasticBlock = "stochastic-block",
        Geographic = "geographic",
        File = "file",
    }
}

crate::choice! {
    /// What the blocks of the stochastic-block generator are.
    pub enum Block {
        District = "district",
        Sector = "sector",
    }
}

crate::choice! {
    /// How the geographic generator lays out the districts of a home.
    pub enum Arrangement {
        Ring = "ring",
        Grid = "grid",
    }
}

crate::params! {
    /// Who knows whom: the graph of peers among firms.
    pub struct NetworkSettings at "network" {
        /// Whether firms have peers at all.
        on: bool = true, "", "", "switch";
        /// The theory that says who knows whom.
        generator: Generator = "homophilous", "", "", "our choice; every generator has the same mean degree";
        /// Mean number of offline peers in the own district.
        offline_district: f64 = 4.0 in 0.0 ..= 50.0, "k_d", "ties", "assumption, swept 2–10";
        /// Mean number of offline peers elsewhere in the country.
        offline_country: f64 = 1.0 in 0.0 ..= 50.0, "k_c", "ties", "assumption, swept 0–4";
        /// Mean number of online peers in the country; a tie works while both firms use SNS.
        online: f64 = 2.0 in 0.0 ..= 50.0, "k_o", "ties", "assumption, swept 0–6";
        /// Mean number of peers in other homes, where several homes are simulated.
        abroad: f64 = 0.1 in 0.0 ..= 20.0, "k_a", "ties", "assumption, swept 0–1";
        /// Share of the ties across homes that exist online only.
        abroad_online: f64 = 0.5 in 0.0 ..= 1.0, "", "1", "assumption, swept 0–1";
        /// How much less readily firms of different sectors tie: log fall of acceptance.
        homophily_sector: f64 = 0.7 in 0.0 ..= 10.0, "η_s", "1", "assumption, swept 0–2 (McPherson et al. 2001)";
        /// How much less readily firms of different size tie: log fall of acceptance per log unit of size difference.
        homophily_size: f64 = 0.2 in 0.0 ..= 10.0, "η_z", "1", "assumption, swept 0–1 (McPherson et al. 2001)";
        /// Exponent of the density of degrees in the tail; smaller is heavier (homophilous, online and abroad).
        degree_tail: f64 = 3.0 in 2.05 ..= 10.0, "γ", "1", "assumption, swept 2.2–5";
        /// Elasticity of the expected degree to size (homophilous, online and abroad).
        degree_size: f64 = 0.2 in 0.0 ..= 1.0, "ω_d", "1", "assumption, swept 0–0.5";
        /// Most offline ties, and most online ties, a slot may have (homophilous, online and abroad).
        degree_largest: u32 = 150 in 1 ..= 100000, "", "ties", "assumption: what one manager can keep up (Dunbar 1992)";
        /// Share of ties moved to a slot anywhere in the country (watts-strogatz).
        rewiring: f64 = 0.1 in 0.0 ..= 1.0, "p", "1", "small-world range of Watts & Strogatz (1998)";
        /// What the blocks are (stochastic-block).
        blocks: Block = "district", "", "", "our choice";
        /// Share of ties within blocks (stochastic-block).
        share_within: f64 = 0.8 in 0.0 ..= 1.0, "s", "1", "as offline_district to offline_country";
        /// Log fall of ties per step between districts (geographic).
        decay: f64 = 1.0 in 0.0 ..= 20.0, "λ", "1/step", "assumption, swept 0–3";
        /// How districts are laid out (geographic).
        arrangement: Arrangement = "ring", "", "", "our choice";
        /// Edge list (columns source, target and perhaps kind) or GraphML to read; a relative path begins at the folder of the file that states it (file).
        file: FilePath = "", "", "", "none";
        /// What names the nodes of GraphML: an attribute, or `id` for the ids; empty finds it (file).
        names: String = "", "", "", "none";
    }
}

impl NetworkSettings {
    /// Mean number of offline peers in the country: the mean degree every generator aims at.
    pub fn offline(&self) -> f64 {
        self.offline_district + self.offline_country
    }

    /// Faults of settings that only show together.
    ///
    /// # Errors
    /// Every fault found.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        let busiest = self.offline().max(self.online);
        if f64::from(self.degree_largest) < 2.0 * busiest {
            let title = format!(
                "network.degree_largest = {} is less than twice the mean degree {busiest}",
                self.degree_largest
            );
            let fault = Fault::setting("network.degree_largest", title)
                .expected(format!("at least {}", (2.0 * busiest).ceil()))
                .help("raise it, or ask for fewer peers: network.offline_district, offline_country, online");
            faults.push(fault);
        }
        if self.generator == Generator::File && self.file.is_empty() {
            let fault = Fault::setting("network.file", "network.generator = \"file\" needs a file")
                .expected("the path of a CSV edge list or a GraphML file")
                .help("write network.file = \"ties.csv\", or choose another network.generator");
            faults.push(fault);
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

/// What the graph needs to know of a slot; the row number is the slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// Home country of the slot.
    pub home: u8,
    /// District, numbered within its home.
    pub district: u16,
    /// Sector of the slot.
    pub sector: u8,
    /// Size of its first firm, in any unit; only ratios matter.
    pub size: f32,
}

/// When a tie works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TieKind {
    /// Always.
    Offline,
    /// While both firms use SNS.
    Online,
}

impl TieKind {
    /// The word used in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Online => "online",
        }
    }
}

/// The frozen graph of peers. No pair is tied in both layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerGraph {
    /// Ties that work always.
    pub offline: Csr,
    /// Ties that work while both firms use SNS.
    pub online: Csr,
}

impl PeerGraph {
    /// Freezes ties; a pair tied both ways is tied offline.
    ///
    /// # Panics
    /// When a place is not below `places`.
    pub fn from_ties(slots: usize, ties: impl IntoIterator<Item = (u32, u32, TieKind)>) -> Self {
        let (mut offline, mut online) = (Vec::new(), Vec::new());
        for (a, b, kind) in ties {
            match kind {
                TieKind::Offline => offline.push((a, b)),
                TieKind::Online => online.push((a, b)),
            }
        }
        let offline = Csr::from_edges(slots, &offline);
        online.retain(|&(a, b)| !offline.contains(a, b));
        Self { online: Csr::from_edges(slots, &online), offline }
    }

    /// Every tie once with the smaller slot first: the offline ones, then the online ones.
    pub fn ties(&self) -> impl Iterator<Item = (u32, u32, TieKind)> + '_ {
        let offline = self.offline.edges().map(|(a, b)| (a, b, TieKind::Offline));
        offline.chain(self.online.edges().map(|(a, b)| (a, b, TieKind::Online)))
    }

    /// The graph for the algorithms of petgraph and rustworkx; nodes carry their slot.
    pub fn petgraph(&self) -> UnGraph<u32, TieKind> {
        let slots = self.offline.nodes();
        let mut graph = UnGraph::with_capacity(slots, self.offline.ties() + self.online.ties());
        for slot in 0..slots as u32 {
            graph.add_node(slot);
        }
        for (a, b, kind) in self.ties() {
            graph.add_edge(NodeIndex::new(a as usize), NodeIndex::new(b as usize), kind);
        }
        graph
    }

    /// Freezes a graph grown with petgraph or rustworkx; the index of a node is its slot.
    pub fn from_petgraph<N>(graph: &UnGraph<N, TieKind>) -> Self {
        let ties = graph.edge_references();
        Self::from_ties(
            graph.node_count(),
            ties.map(|tie| (tie.source().index() as u32, tie.target().index() as u32, *tie.weight())),
        )
    }
}

/// A peer graph that a file holds.
#[derive(Clone, Debug)]
pub struct Observed {
    pub peers: PeerGraph,
    /// Warnings: what nothing reads, and what may be other than was meant.
    pub told: Vec<Fault>,
    /// BLAKE3 hash of the file.
    pub hash: String,
}

/// Reads the peer graph that a file holds.
///
/// # Errors
/// Every fault of the file.
pub fn read(settings: &NetworkSettings, slots: &import::Places) -> Result<Observed, Vec<Fault>> {
    let (import::Ties { ties, told }, hash) = import::read(&settings.file, slots, &settings.names)?;
    Ok(Observed { peers: PeerGraph::from_ties(slots.len(), ties), told, hash })
}

/// Grows or reads the peer graph of `nodes`.
///
/// # Errors
/// Every fault of the settings or of the file.
pub fn grow(settings: &NetworkSettings, nodes: &[Node], seed: Seed) -> Result<PeerGraph, Vec<Fault>> {
    if !settings.on {
        return Ok(PeerGraph { offline: Csr::empty(nodes.len()), online: Csr::empty(nodes.len()) });
    }
    settings.check()?;
    if settings.generator == Generator::File {
        let slots = import::Places::numbered(nodes.len());
        return read(settings, &slots).map(|observed| observed.peers);
    }
    let field = Field::new(nodes, |node| node.district);
    let meeting = Meeting::new(settings, nodes, &field, seed);
    let mut growth = offline_within_homes(settings, nodes, &field, &meeting, seed);
    let abroad = settings.abroad * (1.0 - settings.abroad_online);
    across_homes(
        &mut growth,
        &field,
        &meeting,
        abroad,
        (Scope::Abroad { home: Question::AbroadHome }, Question::Abroad),
        |_, _| false,
    );
    let offline = Csr::from_edges(nodes.len(), &growth.edges);
    drop(growth);
    let online = online(settings, &field, &meeting, &offline);
    Ok(PeerGraph { offline, online })
}

fn offline_within_homes(
    settings: &NetworkSettings,
    nodes: &[Node],
    field: &Field,
    meeting: &Meeting,
    seed: Seed,
) -> Growth {
    let mean = settings.offline();
    let counted = |edges| Growth::from_edges(nodes.len(), edges);
    match settings.generator {
        Generator::Homophilous => homophilous::grow(settings, field, meeting),
        Generator::BarabasiAlbert => counted(barabasi_albert::grow(field, mean, seed)),
        Generator::WattsStrogatz => watts_strogatz::grow(field, mean, settings.rewiring, seed),
        Generator::ErdosRenyi => counted(erdos_renyi::grow(field, mean, seed)),
        Generator::StochasticBlock => {
            let share = settings.share_within;
            match settings.blocks {
                Block::District => counted(stochastic_block::grow(field, mean, share, seed)),
                Block::Sector => {
                    let sectors = Field::new(nodes, |node| u16::from(node.sector));
                    counted(stochastic_block::grow(&sectors, mean, share, seed))
                }
            }
        }
        Generator::Geographic => geographic::grow(field, mean, settings.decay, settings.arrangement, seed),
        Generator::File => unreachable!("a graph from a file is not grown"),
    }
}

fn online(settings: &NetworkSettings, field: &Field, meeting: &Meeting, offline: &Csr) -> Csr {
    let nodes = offline.nodes();
    let mut growth = Growth::new(nodes);
    growth.edges.reserve((0.51 * settings.online * nodes as f64) as usize);
    let ties = |slot| meeting.made(slot, Question::Online, settings.online);
    let scope = (Scope::Country, Question::Online);
    meeting.pass(&mut growth, 0..nodes, scope, ties, |a, b| offline.contains(a, b), |_| {});
    let questions = (Scope::Abroad { home: Question::AbroadOnlineHome }, Question::AbroadOnline);
    let mean = settings.abroad * settings.abroad_online;
    across_homes(&mut growth, field, meeting, mean, questions, |a, b| offline.contains(a, b));
    Csr::from_edges(offline.nodes(), &growth.edges)
}

fn across_homes(
    growth: &mut Growth,
    field: &Field,
    meeting: &Meeting,
    mean: f64,
    (scope, question): (Scope, Question),
    refused: impl Fn(u32, u32) -> bool,
) {
    if field.homes.len() < 2 {
        return;
    }
    growth.begin_pass();
    for (home, mean) in field.homes.iter().zip(meeting::abroad_by_home(field, mean)) {
        let ties = |slot| meeting.made(slot, question, mean);
        meeting.pass(growth, home.members.clone(), (scope, question), ties, &refused, |_| {});
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Address, Purpose};
    use crate::number;

    /// One home: districts in turn, five sectors, log-normal sizes.
    pub fn country(slots: u32, districts: u32) -> Vec<Node> {
        let draw = |slot: u32| Seed::new(99, 0).block(Address::row(slot, Purpose::Sample));
        let node = |slot: u32| Node {
            home: 0,
            district: (slot % districts) as u16,
            sector: (draw(slot).word(0) % 5) as u8,
            size: number::exp(1.0 + 1.2 * number::normal(draw(slot).uniform(1))),
        };
        (0..slots).map(node).collect()
    }

    pub fn grown(settings: &NetworkSettings, nodes: &[Node], seed: u64) -> PeerGraph {
        grow(settings, nodes, Seed::new(seed, 0)).expect("the settings are sound")
    }

    /// Mean and variance of the degrees.
    pub fn moments(graph: &Csr) -> (f64, f64) {
        let degrees = || (0..graph.nodes() as u32).map(|i| f64::from(graph.degree(i)));
        let n = graph.nodes() as f64;
        let mean = degrees().sum::<f64>() / n;
        (mean, degrees().map(|d| (d - mean) * (d - mean)).sum::<f64>() / n)
    }

    pub const GROWN: [Generator; 6] = [
        Generator::Homophilous,
        Generator::BarabasiAlbert,
        Generator::WattsStrogatz,
        Generator::ErdosRenyi,
        Generator::StochasticBlock,
        Generator::Geographic,
    ];

    #[test]
    fn every_generator_has_the_same_mean_degrees() {
        let nodes = country(20_000, 40);
        for generator in GROWN {
            let graph = grown(&NetworkSettings { generator, ..NetworkSettings::default() }, &nodes, 21);
            let (offline, online) = (moments(&graph.offline).0, moments(&graph.online).0);
            assert!((offline - 5.0).abs() < 0.1, "{generator:?}: {offline} offline peers");
            assert!((online - 2.0).abs() < 0.05, "{generator:?}: {online} online peers");
            assert!(graph.online.edges().all(|(a, b)| !graph.offline.contains(a, b)));
        }
    }

    #[test]
    fn a_graph_depends_on_settings_nodes_and_seed_alone() {
        let nodes = country(3_000, 7);
        for generator in GROWN {
            let settings = NetworkSettings { generator, ..NetworkSettings::default() };
            let graph = grown(&settings, &nodes, 1);
            let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
            assert_eq!(graph, pool.install(|| grown(&settings, &nodes, 1)), "{generator:?}");
            assert_ne!(graph, grown(&settings, &nodes, 2), "{generator:?}");
        }
    }

    #[test]
    fn ties_across_homes_balance_whatever_the_sizes_of_homes() {
        let mut nodes = country(20_000, 40);
        for (slot, node) in nodes.iter_mut().enumerate() {
            node.home = if slot < 14_000 {
                0
            } else if slot < 19_000 {
                3
            } else {
                7
            };
        }
        let home = |i: u32| nodes[i as usize].home;
        for generator in GROWN {
            let settings = NetworkSettings { generator, abroad: 0.5, abroad_online: 0.4, ..NetworkSettings::default() };
            let graph = grown(&settings, &nodes, 22);
            let crossing = |graph: &Csr| graph.edges().filter(|&(a, b)| home(a) != home(b)).count() as f64;
            // 3,000 and 2,000 ties expected.
            assert!((crossing(&graph.offline) - 3_000.0).abs() < 150.0, "{generator:?}: {}", crossing(&graph.offline));
            assert!((crossing(&graph.online) - 2_000.0).abs() < 150.0, "{generator:?}: {}", crossing(&graph.online));
            // By size alone 14:5:1 homes share their ties as 70 : 14 : 5 (pairs 0–3, 0–7, 3–7).
            let pair = |a: u8, b: u8| {
                let ties = graph
                    .offline
                    .edges()
                    .filter(|&(i, j)| (home(i), home(j)) == (a, b) || (home(i), home(j)) == (b, a));
                ties.count() as f64 / crossing(&graph.offline)
            };
            assert!((pair(0, 3) - 70.0 / 89.0).abs() < 0.04 && (pair(0, 7) - 14.0 / 89.0).abs() < 0.04);
        }
    }

    #[test]
    fn one_home_has_no_ties_abroad_and_no_switch_no_ties() {
        let nodes = country(1_000, 5);
        let one = NetworkSettings { abroad: 5.0, ..NetworkSettings::default() };
        assert_eq!(grown(&one, &nodes, 1), grown(&NetworkSettings::default(), &nodes, 1));
        let off = grown(&NetworkSettings { on: false, ..NetworkSettings::default() }, &nodes, 1);
        assert_eq!((off.offline.ties(), off.online.ties(), off.offline.nodes()), (0, 0, 1_000));
        assert_eq!(grown(&NetworkSettings::default(), &[], 1).offline.nodes(), 0);
    }

    #[test]
    fn odd_sizes_do_no_harm() {
        let mut nodes = country(500, 3);
        for (node, size) in nodes.iter_mut().zip([0.0, -1.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e-40]) {
            node.size = size;
        }
        assert!((moments(&grown(&NetworkSettings::default(), &nodes, 1).offline).0 - 5.0).abs() < 0.5);
    }

    #[test]
    fn petgraph_takes_and_gives_the_graph_back() {
        let graph = grown(&NetworkSettings::default(), &country(500, 5), 3);
        let outside = graph.petgraph();
        assert_eq!(outside.node_weights().copied().collect::<Vec<u32>>(), (0..500).collect::<Vec<u32>>());
        assert_eq!(outside.edge_count(), graph.offline.ties() + graph.online.ties());
        assert_eq!(PeerGraph::from_petgraph(&outside), graph);
    }

    #[test]
    fn a_pair_tied_both_ways_is_tied_offline() {
        let ties = [(0, 1, TieKind::Online), (1, 0, TieKind::Offline), (2, 1, TieKind::Online)];
        let graph = PeerGraph::from_ties(3, ties);
        assert_eq!(graph.ties().collect::<Vec<_>>(), [(0, 1, TieKind::Offline), (1, 2, TieKind::Online)]);
    }

    #[test]
    fn settings_that_contradict_each_other_are_all_named() {
        let settings = NetworkSettings { degree_largest: 8, generator: Generator::File, ..NetworkSettings::default() };
        let faults = grow(&settings, &country(10, 1), Seed::new(1, 0)).unwrap_err();
        let titles: Vec<&str> = faults.iter().map(|fault| fault.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "network.degree_largest = 8 is less than twice the mean degree 5",
                "network.generator = \"file\" needs a file"
            ]
        );
    }
}
