//! The social graph of an economy at one date: firms and their partners abroad, tied as peers or across borders.
//!
//! Nodes are numbered: every firm by its slot, then every partner that some firm is tied to, by market and rank. A
//! partner that is a simulated firm of another home is that firm, not a node of its own. Two firms can be tied more
//! than once: as peers, and as seller and customer in either direction.
//!
//! [`Social`] yields nodes and ties one at a time, so that graphs of any size can be written; [`social_graph`] gives
//! them all as a graph of petgraph.

use crate::economy::Economy;
use crate::engine::model::Model;
use crate::firm::{Firm, Tie, TieState};
use crate::network::{Csr, TieKind};
use petgraph::graph::{NodeIndex, UnGraph};

/// A firm at the end of a quarter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirmNode {
    pub slot: u32,
    /// Which firm of that slot, counted from 0.
    pub generation: u16,
    /// Index among the homes of the model.
    pub home: u8,
    pub sector: u8,
    pub district: u16,
    /// Employees: domestic revenue and the exports of the last full year, in the revenue of one employee.
    pub size: f32,
    /// Full years since founding.
    pub age: u16,
    /// Exports of the last full year, in the revenue of one employee.
    pub exports: f32,
    /// Did it export at least the reporting threshold in the last full year?
    pub exporter: bool,
    pub on_sns: bool,
    /// Customers abroad.
    pub customers: u16,
}

/// A partner abroad that is no simulated firm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartnerNode {
    /// Index among the countries of the world.
    pub market: u8,
    /// Rank among the partners of its country, the most popular first.
    pub rank: u32,
}

/// A node of the social graph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Member {
    Firm(FirmNode),
    Partner(PartnerNode),
}

/// A tie of the social graph.
#[derive(Clone, Copy, Debug)]
pub enum Link {
    /// Between peers. An online tie is active while both firms use SNS, an offline one always.
    Peer { kind: TieKind, active: bool },
    /// From a firm to a partner abroad; `age` in quarters. Not active once the partner, a simulated firm, has failed:
    /// such a tie goes in the next quarter.
    CrossBorder { tie: Tie, age: u16, active: bool },
}

impl Link {
    /// Does the tie work now?
    pub fn active(&self) -> bool {
        match self {
            Self::Peer { active, .. } | Self::CrossBorder { active, .. } => *active,
        }
    }
}

/// The social graph of an economy, read off it when asked.
#[derive(Debug)]
pub struct Social<'a> {
    model: &'a Model,
    economy: &'a Economy,
    /// Market and rank of the partners that are no simulated firms, in order.
    partners: Vec<(u8, u32)>,
}

impl<'a> Social<'a> {
    /// Finds the partners: eight bytes for each tie across a border.
    pub fn new(model: &'a Model, economy: &'a Economy) -> Self {
        let mut partners: Vec<(u8, u32)> = rows(economy)
            .flat_map(|(_, _, ties)| ties)
            .filter(|tie| model.partner_slot(tie.market, tie.partner).is_none())
            .map(|tie| (tie.market, tie.partner))
            .collect();
        partners.sort_unstable();
        partners.dedup();
        Self { model, economy, partners }
    }

    /// Number of firms: nodes below are firms, the others partners.
    pub fn firms(&self) -> usize {
        self.economy.len()
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.firms() + self.partners.len()
    }

    /// Market and rank of the partners, in the order of their nodes.
    pub fn partners(&self) -> &[(u8, u32)] {
        &self.partners
    }

    /// The node at the other end of a tie across a border.
    ///
    /// # Panics
    /// When no firm of this economy has the tie.
    pub fn other_end(&self, tie: &Tie) -> usize {
        if let Some(slot) = self.model.partner_slot(tie.market, tie.partner) {
            return slot as usize;
        }
        let row = self.partners.binary_search(&(tie.market, tie.partner));
        self.firms() + row.expect("a partner is the end of some tie of this economy")
    }

    /// The firm of a row.
    fn firm(&self, slot: u32, firm: &Firm, ties: &[Tie]) -> FirmNode {
        FirmNode {
            slot,
            generation: firm.generation,
            home: firm.home,
            sector: firm.sector,
            district: firm.district,
            size: firm.size + firm.exports_last,
            age: ((i32::from(self.economy.step) - 1 - i32::from(firm.born)) / 4).max(0) as u16,
            exports: firm.exports_last,
            exporter: firm.exports_last > 0.0,
            on_sns: firm.on_sns,
            customers: ties.iter().filter(|tie| tie.state == TieState::Customer).count() as u16,
        }
    }

    /// Every firm in order of slot.
    pub fn each_firm(&self) -> impl Iterator<Item = FirmNode> + '_ {
        rows(self.economy).map(|(slot, firm, ties)| self.firm(slot, firm, ties))
    }

    /// Every node in order.
    pub fn each_member(&self) -> impl Iterator<Item = Member> + '_ {
        let partners = self.partners.iter().map(|&(market, rank)| Member::Partner(PartnerNode { market, rank }));
        self.each_firm().map(Member::Firm).chain(partners)
    }

    /// Every peer tie once: the offline ones, then the online ones, each by its smaller slot.
    pub fn each_peer(&self) -> impl Iterator<Item = (u32, u32, TieKind, bool)> + '_ {
        let on_sns = |slot: u32| self.economy.visible.on_sns(slot);
        let works = move |a, b, kind| kind == TieKind::Offline || (on_sns(a) && on_sns(b));
        self.model.peers.ties().map(move |(a, b, kind)| (a, b, kind, works(a, b, kind)))
    }

    /// Every tie across a border by the slot of its firm: firm, other end, tie.
    pub fn each_abroad(&self) -> impl Iterator<Item = (u32, usize, &'a Tie)> + '_ {
        rows(self.economy).flat_map(move |(slot, _, ties)| ties.iter().map(move |tie| (slot, self.other_end(tie), tie)))
    }

    /// Every tie: the peer ties, then those across borders, the firm that keeps it first.
    pub fn each_link(&self) -> impl Iterator<Item = (usize, usize, Link)> + '_ {
        let peers = self.each_peer();
        let peers = peers.map(|(a, b, kind, active)| (a as usize, b as usize, Link::Peer { kind, active }));
        peers.chain(self.each_abroad().map(|(slot, end, tie)| {
            let age = self.economy.step.saturating_sub(tie.born.max(0) as u16);
            (slot as usize, end, Link::CrossBorder { tie: *tie, age, active: self.lives(end, tie) })
        }))
    }

    /// Is the partner still the one the tie was made with? Partners that are no simulated firms live on.
    fn lives(&self, end: usize, tie: &Tie) -> bool {
        self.economy.visible.get(end).is_none_or(|visible| visible.generation == tie.partner_generation)
    }

    /// The peer ties of one kind that work now.
    pub fn peers(&self, wanted: TieKind) -> Csr {
        let ties = self.each_peer().filter(|(_, _, kind, active)| *kind == wanted && *active);
        let ties: Vec<(u32, u32)> = ties.map(|(a, b, _, _)| (a, b)).collect();
        Csr::from_edges(self.firms(), &ties)
    }

    /// Everything as a graph of petgraph: the index of a node is its number.
    pub fn petgraph(&self) -> UnGraph<Member, Link> {
        let mut graph = UnGraph::with_capacity(self.nodes(), 0);
        for member in self.each_member() {
            graph.add_node(member);
        }
        for (a, b, link) in self.each_link() {
            graph.add_edge(NodeIndex::new(a), NodeIndex::new(b), link);
        }
        graph
    }
}

/// Place, firm and ties of every firm, in order.
fn rows(economy: &Economy) -> impl Iterator<Item = (u32, &Firm, &[Tie])> {
    economy.chunks.iter().flat_map(|chunk| {
        let mut start = 0;
        chunk.firms.iter().enumerate().map(move |(i, firm)| {
            let own = start..start + usize::from(firm.ties);
            start = own.end;
            (chunk.first + i as u32, firm, &chunk.ties[own])
        })
    })
}

/// The whole social graph of an economy, for the algorithms of petgraph and rustworkx. The index of a firm's node is its
/// slot; partners abroad follow.
///
/// ```
/// use fondaco::economy::accounts::Notes;
/// use fondaco::engine::social::{Link, Member, social_graph};
/// use fondaco::engine::NoSink;
/// use fondaco::experiment::{Plan, replicates};
/// use fondaco::scenario::Loaded;
/// use petgraph::algo::connected_components;
/// use std::sync::atomic::AtomicBool;
///
/// let text = "run.years = 2\nrun.burn_in = 4\npopulation.firms = 300\nworld.largest = 20";
/// let plan = Plan::new(&Loaded::read("tiny.toml", text, &[])?)?;
/// replicates(&plan, Notes::default(), &AtomicBool::new(false), |_| NoSink, |_, model, _, outcome| {
///     let graph = social_graph(model, &outcome.economy);
///     let firms = graph.node_weights().filter(|member| matches!(member, Member::Firm(_))).count();
///     assert_eq!(firms, 300);
///     let abroad = graph.edge_weights().filter(|link| matches!(link, Link::CrossBorder { .. })).count();
///     assert!(abroad > 0 && graph.edge_count() > abroad);
///     assert!(connected_components(&graph) < graph.node_count());
///     Ok(())
/// })?;
/// # Ok::<(), fondaco::error::Error>(())
/// ```
pub fn social_graph(model: &Model, economy: &Economy) -> UnGraph<Member, Link> {
    Social::new(model, economy).petgraph()
}
