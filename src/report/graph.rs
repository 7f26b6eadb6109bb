//! The social graph of a run in files: GraphML, edge and node lists, and statistics of what it is like.
//!
//! Written at the end of chosen years, for the first replicate only: graphs are large, and differ between replicates as
//! much as everything else. Rows go to disk one at a time; what is held meanwhile is 8 bytes for each tie across a
//! border, and for the statistics some 16 for each tie. Nodes and ties come in a fixed order, so the bytes are the same
//! on any number of threads.

mod numbers;

use crate::economy::Economy;
use crate::engine::model::Model;
use crate::engine::social::{FirmNode, Link, Member, Social};
use crate::error::Error;
use crate::firm::TieState;
use crate::network::TieKind;
use crate::network::export::{Cell, Column, EdgeRow, NodeRow, Type, edges_csv, graphml, nodes_csv};
use crate::report::file::{self, Draft};
use crate::report::manifest::Output;
use crate::report::record::identity;
use crate::report::table::{self, Declared};
pub use numbers::{Brokerage, CombinedStatistics, CrossBorderStatistics, SocialStatistics, Spread};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The folder of graphs within a result folder.
pub const FOLDER: &str = "graph";

/// An attribute of nodes or ties: name, type, unit, meaning.
struct Attribute(&'static str, Type, &'static str, &'static str);

const NODE: [Attribute; 12] = [
    Attribute("kind", Type::Text, "", "firm, or partner abroad."),
    Attribute("replicate", Type::Whole, "", "Replicate of a firm, the first: 0; missing for partners."),
    Attribute(
        "firm",
        Type::Whole,
        "",
        "Identity of the firm within its replicate, as in the other tables; missing for partners, as all below country.",
    ),
    Attribute("country", Type::Text, "", "Home of a firm, country of a partner, ISO 3166-1 alpha-3."),
    Attribute("sector", Type::Text, "", "Sector."),
    Attribute("district", Type::Whole, "", "District within the home."),
    Attribute(
        "size",
        Type::Real,
        "employees",
        "Domestic revenue and exports of the year, in the revenue of one employee.",
    ),
    Attribute("age", Type::Whole, "year", "Full years since founding."),
    Attribute("exporter", Type::Flag, "", "Did it export at least the reporting threshold in the year?"),
    Attribute("sns", Type::Flag, "", "Does it use SNS?"),
    Attribute("customers", Type::Whole, "", "Customers abroad."),
    Attribute("peers", Type::Whole, "", "Peers whose ties work now."),
];

const EDGE: [Attribute; 10] = [
    Attribute("kind", Type::Text, "", "peer-offline, peer-online or cross-border."),
    Attribute("channel", Type::Text, "", "offline, or online: kept through SNS only."),
    Attribute(
        "active",
        Type::Flag,
        "",
        "Does it work now? An online peer tie needs both firms on SNS; a tie to a simulated firm goes in the quarter after that firm failed.",
    ),
    Attribute("market", Type::Text, "", "Country of the partner, ISO 3166-1 alpha-3; missing for peers, as all below."),
    Attribute("platform", Type::Text, "", "Platform of an online tie."),
    Attribute("state", Type::Text, "", "contact, pursued or customer."),
    Attribute("origin", Type::Text, "", "How the contact came about."),
    Attribute("trust", Type::Real, "1", "Trust, 0 to 1."),
    Attribute("match_quality", Type::Real, "1", "Match quality."),
    Attribute("age", Type::Whole, "quarter", "Quarters since first contact."),
];

fn columns<const N: usize>(attributes: &[Attribute; N]) -> [Column<'static>; N] {
    std::array::from_fn(|i| Column { name: attributes[i].0, of: attributes[i].1 })
}

/// What the data dictionary says of the lists of nodes and ties.
pub fn declared() -> Vec<Declared> {
    let column = |Attribute(name, of, unit, meaning): &Attribute| {
        let meaning = (*meaning).to_owned();
        match of {
            Type::Text => table::Column::of::<Option<&'static str>>(name, unit, meaning),
            Type::Whole => table::Column::of::<Option<i64>>(name, unit, meaning),
            Type::Real => table::Column::of::<Option<f64>>(name, unit, meaning),
            Type::Flag => table::Column::of::<Option<bool>>(name, unit, meaning),
        }
    };
    let end = |name, meaning: &str| table::Column::of::<&'static str>(name, "", meaning.to_owned());
    let id = "Place of a firm, or the name that population.firms_file gives the first firm there; country and rank of a partner, such as FRA-17.";
    vec![
        Declared {
            name: "graph-nodes",
            about: "One row per node of the social graph, in graph/graph-YEAR-nodes.csv (CSV only) and graph-YEAR.graphml; \
                    first replicate."
                .to_owned(),
            columns: std::iter::once(end("id", id)).chain(NODE.iter().map(column)).collect(),
        },
        Declared {
            name: "graph-edges",
            about: "One row per tie of the social graph, in graph/graph-YEAR-edges.csv (CSV only) and graph-YEAR.graphml; \
                    first replicate. Two nodes can be tied more than once."
                .to_owned(),
            columns: [end("source", "Node; the firm that keeps the tie where it crosses a border."), end("target", "Node.")]
                .into_iter()
                .chain(EDGE.iter().map(column))
                .collect(),
        },
    ]
}

/// A node as files name it: as a file that is read names it, so that what is written can be read again.
#[derive(Clone, Copy)]
enum Id<'a> {
    Place(usize),
    /// The name that the user gives the first firm of the slot.
    Name(&'a str),
    /// Country, rank, and a word before them where firms have names of their own.
    Partner(&'static str, &'a str, u32),
}

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place(place) => write!(f, "{place}"),
            Self::Name(name) => f.write_str(name),
            Self::Partner(before, country, rank) => write!(f, "{before}{country}-{rank}"),
        }
    }
}

/// A 32-bit number as people would write it: six decimals.
fn real(value: f32) -> Cell<'static> {
    Cell::Real((f64::from(value) * 1e6).round() / 1e6)
}

/// The rows of the social graph with the names files use.
struct Rows<'a> {
    model: &'a Model,
    social: Social<'a>,
    sectors: Vec<String>,
    /// Peers of each firm whose ties work now.
    peers: Vec<u32>,
}

impl<'a> Rows<'a> {
    fn new(model: &'a Model, economy: &'a Economy) -> Self {
        let social = Social::new(model, economy);
        let mut peers = vec![0; social.firms()];
        for (a, b, _, active) in social.each_peer() {
            peers[a as usize] += u32::from(active);
            peers[b as usize] += u32::from(active);
        }
        let sectors = (1..=model.population.sectors).map(|sector| format!("S{sector:02}")).collect();
        Self { model, social, sectors, peers }
    }

    fn code(&self, market: u8) -> &str {
        &self.model.world.countries[usize::from(market)].iso3
    }

    fn id(&self, node: usize) -> Id<'_> {
        let names = self.model.roster.as_ref().map_or(&[][..], |roster| roster.names());
        match node.checked_sub(self.social.firms()) {
            None => names.get(node).map_or(Id::Place(node), |name| Id::Name(name)),
            Some(row) => {
                let (market, rank) = self.social.partners()[row];
                Id::Partner(if names.is_empty() { "" } else { "partner " }, self.code(market), rank)
            }
        }
    }

    fn nodes(&self) -> impl Iterator<Item = NodeRow<Id<'_>, [Cell<'_>; NODE.len()]>> {
        self.social.each_member().enumerate().map(|(at, member)| {
            let cells = match member {
                Member::Firm(firm) => self.firm(&firm),
                Member::Partner(partner) => {
                    let mut cells = [Cell::Missing; NODE.len()];
                    cells[0] = Cell::Text("partner");
                    cells[3] = Cell::Text(self.code(partner.market));
                    cells
                }
            };
            NodeRow { id: self.id(at), cells }
        })
    }

    fn firm(&self, firm: &FirmNode) -> [Cell<'_>; NODE.len()] {
        [
            Cell::Text("firm"),
            Cell::Whole(0),
            Cell::Whole(identity(firm.slot, firm.generation)),
            Cell::Text(&self.model.homes[usize::from(firm.home)].iso3),
            Cell::Text(&self.sectors[usize::from(firm.sector)]),
            Cell::Whole(i64::from(firm.district)),
            real(firm.size),
            Cell::Whole(i64::from(firm.age)),
            Cell::Flag(firm.exporter),
            Cell::Flag(firm.on_sns),
            Cell::Whole(i64::from(firm.customers)),
            Cell::Whole(i64::from(self.peers[firm.slot as usize])),
        ]
    }

    fn edges(&self) -> impl Iterator<Item = EdgeRow<Id<'_>, [Cell<'_>; EDGE.len()]>> {
        self.social.each_link().map(|(a, b, link)| EdgeRow {
            source: self.id(a),
            target: self.id(b),
            cells: self.link(&link),
        })
    }

    fn link(&self, link: &Link) -> [Cell<'_>; EDGE.len()] {
        match link {
            Link::Peer { kind, active } => {
                let mut cells = [Cell::Missing; EDGE.len()];
                cells[0] = Cell::Text(if *kind == TieKind::Offline { "peer-offline" } else { "peer-online" });
                cells[1] = Cell::Text(kind.word());
                cells[2] = Cell::Flag(*active);
                cells
            }
            Link::CrossBorder { tie, age, active } => [
                Cell::Text("cross-border"),
                Cell::Text(if tie.online() { "online" } else { "offline" }),
                Cell::Flag(*active),
                Cell::Text(self.code(tie.market)),
                if tie.online() {
                    Cell::Text(&self.model.sites[usize::from(tie.platform)].name)
                } else {
                    Cell::Missing
                },
                Cell::Text(match tie.state {
                    TieState::Contact => "contact",
                    TieState::Pursued => "pursued",
                    TieState::Customer | TieState::Gone => "customer",
                }),
                Cell::Text(tie.origin.name()),
                real(tie.trust),
                real(tie.quality),
                Cell::Whole(i64::from(*age)),
            ],
        }
    }
}

/// Writes the social graph of a replicate at the end of the years asked for.
pub struct Graphs {
    folder: PathBuf,
    years: Vec<i32>,
    sources: usize,
    written: Mutex<Vec<Output>>,
}

impl Graphs {
    /// Makes the folder of graphs in the result folder `result`; nothing at all when no years are asked for.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn create(result: &Path, years: Vec<i32>, sources: u32) -> Result<Option<Self>, Error> {
        if years.is_empty() {
            return Ok(None);
        }
        let folder = result.join(FOLDER);
        std::fs::create_dir(&folder).map_err(|error| Error::io("create", &folder, error))?;
        Ok(Some(Self { folder, years, sources: sources as usize, written: Mutex::default() }))
    }

    /// Writes graph and statistics if a quarter that ended was the last of a year asked for.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn take(&self, model: &Model, economy: &Economy) -> Result<(), Error> {
        let year = model.calendar(i32::from(economy.step) - 1);
        if economy.step.is_multiple_of(4) && self.years.binary_search(&year).is_ok() {
            self.write(model, economy, year)?;
        }
        Ok(())
    }

    fn write(&self, model: &Model, economy: &Economy, year: i32) -> Result<(), Error> {
        let rows = Rows::new(model, economy);
        let (node, edge) = (columns(&NODE), columns(&EDGE));
        let kind = [Column { name: "kind", of: Type::Text }];
        let peers = || {
            let ties = rows.social.each_peer();
            ties.map(|(a, b, kind, _)| EdgeRow {
                source: rows.id(a as usize),
                target: rows.id(b as usize),
                cells: [Cell::Text(kind.word())],
            })
        };
        self.keep(
            &format!("graph-{year}.graphml"),
            &format!("The social graph at the end of {year}, first replicate: firms, partners abroad, peer and cross-border ties. GraphML for networkx, igraph, Gephi."),
            |out| graphml(out, (&node, rows.nodes()), (&edge, rows.edges())),
        )?;
        self.keep(
            &format!("graph-{year}-nodes.csv"),
            &format!("Firms and partners abroad of the social graph at the end of {year}, first replicate."),
            |out| nodes_csv(out, &node, rows.nodes()),
        )?;
        self.keep(
            &format!("graph-{year}-edges.csv"),
            &format!("Ties of the social graph at the end of {year}, first replicate."),
            |out| edges_csv(out, &edge, rows.edges()),
        )?;
        self.keep(
            &format!("graph-{year}-peers.csv"),
            "Peer ties alone, as network.file reads them for another run over as many firms.",
            |out| edges_csv(out, &kind, peers()),
        )?;
        let found = SocialStatistics::new(model, economy, self.sources);
        let json = serde_json::to_string_pretty(&found).expect("statistics are plain data") + "\n";
        self.keep(
            &format!("statistics-{year}.json"),
            &format!("What the social graph is like at the end of {year}, first replicate: degrees, components, mixing, brokerage."),
            |out| out.write_all(json.as_bytes()),
        )
    }

    fn keep(
        &self,
        name: &str,
        meaning: &str,
        content: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>,
    ) -> Result<(), Error> {
        let mut draft = Draft::create(&self.folder.join(name))?;
        content(&mut draft).map_err(|error| Error::Failed(error.to_string()))?;
        let stored: file::Stored = draft.finish()?;
        let result = self.folder.parent().unwrap_or(&self.folder);
        let output = Output::file(result, &stored, meaning);
        self.written.lock().unwrap_or_else(PoisonError::into_inner).push(output);
        Ok(())
    }

    /// The files written, in the order written.
    pub fn finish(self) -> Vec<Output> {
        self.written.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::numbers::correlation;
    use super::*;
    use crate::economy::accounts::{Notes, Sum};
    use crate::engine::Simulation;
    use crate::engine::social::social_graph;
    use crate::error::Source;
    use crate::experiment::Plan;
    use crate::network::{PeerGraph, import};
    use crate::scenario::Loaded;
    use std::sync::Arc;

    /// Two homes with many simulated partners, after ten years, the last of them in `Simulation::collect_year`.
    fn with_simulation(test: impl FnOnce(&Model, &mut Simulation)) {
        let text = "run.years = 10\nrun.burn_in = 0\nrun.start = 2012\npopulation.firms = 600\nworld.largest = 12\n\
                    population.homes = [\"IRL\", \"GBR\"]\nmechanism.partner.simulated = 0.9";
        let plan = Plan::new(&Loaded::read("tiny.toml", text, &[]).unwrap()).unwrap();
        let model = plan.model(0).unwrap();
        let mut simulation = Simulation::new(&model, Notes::default());
        for quarter in 0..40 {
            if quarter % 4 == 0 {
                simulation.collect_year();
            }
            simulation.step();
        }
        test(&model, &mut simulation);
    }

    #[test]
    fn statistics_agree_with_the_books() {
        with_simulation(|model, simulation| {
            let found = SocialStatistics::new(model, &simulation.economy, 50);
            let totals = simulation.collect_year();
            let sum = |sum: Sum| totals.iter().map(|total| total.sum(sum)).sum::<f64>() as usize;
            assert_eq!((found.firms, found.year), (600, 2021));
            assert!(found.exporters > 5 && found.partners > 50, "{found:?}");
            assert_eq!(found.exporters, sum(Sum::Exporters));
            assert_eq!(found.firms_on_sns, sum(Sum::OnSns));
            let CrossBorderStatistics {
                ties,
                customers,
                to_simulated_firms,
                firm_degree_counts,
                partner_degree_counts,
                ..
            } = &found.cross_border;
            assert_eq!(*customers, sum(Sum::Customers));
            assert!(*to_simulated_firms > 0 && to_simulated_firms < ties);
            let ends = |counts: &[u64]| counts.iter().enumerate().map(|(k, n)| k as u64 * n).sum::<u64>() as usize;
            assert_eq!((ends(firm_degree_counts), ends(partner_degree_counts)), (*ties, *ties));
            assert_eq!(firm_degree_counts.iter().sum::<u64>(), 600);
            let [exporters, others] = &found.brokerage[..] else { panic!("two groups") };
            assert_eq!((exporters.firms, others.firms), (found.exporters, 600 - found.exporters));
            assert_eq!(found.peers_offline.ties, model.peers.offline.ties());
            assert!(found.peers_online_active.ties < model.peers.online.ties());
            assert_eq!(exporters.sources, 50);
        });
    }

    #[test]
    fn the_graph_of_petgraph_is_the_one_in_the_files() {
        with_simulation(|model, simulation| {
            let economy = &simulation.economy;
            let graph = social_graph(model, economy);
            let rows = Rows::new(model, economy);
            assert_eq!((graph.node_count(), graph.edge_count()), (rows.nodes().count(), rows.edges().count()));
            let (mut ties, mut customers) = (0, vec![0; economy.len()]);
            economy.for_each(|slot, _, own, _| {
                ties += own.len();
                customers[slot as usize] = own.iter().filter(|tie| tie.state == TieState::Customer).count();
            });
            assert_eq!(graph.edge_count(), ties + model.peers.offline.ties() + model.peers.online.ties());
            for (slot, member) in graph.node_weights().enumerate().take(economy.len()) {
                let Member::Firm(firm) = member else { panic!("firms come first") };
                assert_eq!((firm.slot as usize, usize::from(firm.customers)), (slot, customers[slot]));
                assert_eq!(firm.on_sns, economy.visible[slot].on_sns);
            }
            let combined = CombinedStatistics::new(&rows.social);
            let mut active = graph.clone();
            active.retain_edges(|graph, edge| graph[edge].active());
            assert_eq!(combined.components, petgraph::algo::connected_components(&active));
            let found = CrossBorderStatistics::new(&rows.social);
            assert!(found.degree_assortativity.unwrap().abs() <= 1.0);
        });
    }

    #[test]
    fn a_correlation_by_hand() {
        // Deviations −1, 0, 1 and −2, 1, 1: 3/√(2·6).
        let pairs = [(1.0, 1.0), (2.0, 4.0), (3.0, 4.0)];
        assert!((correlation(|| pairs.into_iter()).unwrap() - 3.0 / 12.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(correlation(|| [(1.0, 2.0), (1.0, 3.0)].into_iter()), None);
        assert_eq!(correlation(std::iter::empty::<(f64, f64)>), None);
        let spread = Spread::of([1.0, 3.0].into_iter());
        assert_eq!((spread.n, spread.mean, spread.standard_deviation), (2, Some(2.0), Some(2.0_f64.sqrt())));
        assert_eq!(Spread::of(std::iter::empty()), Spread { n: 0, mean: None, standard_deviation: None });
    }

    fn reads_back(model: &Model, name: &str, text: String, told: usize) {
        let source = Arc::new(Source { name: name.into(), text });
        let read =
            import::parse(&source, &import::Places::numbered(600), "").unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!(PeerGraph::from_ties(600, read.ties), *model.peers, "{name}");
        assert_eq!(read.told.len(), told, "{name}: {:?}", read.told);
        assert!(read.told.iter().all(|fault| fault.title.ends_with("ties to partners abroad are not read")));
    }

    #[test]
    fn peers_read_back_as_the_network_of_another_run() {
        with_simulation(|model, simulation| {
            let room = tempfile::tempdir().unwrap();
            let graphs = Graphs::create(room.path(), vec![2015, 2021], 10).unwrap().unwrap();
            graphs.take(model, &simulation.economy).unwrap();
            let written = graphs.finish();
            let names: Vec<&str> = written.iter().map(|output| output.name.as_str()).collect();
            let wanted = [
                "graph-2021.graphml",
                "graph-2021-nodes.csv",
                "graph-2021-edges.csv",
                "graph-2021-peers.csv",
                "statistics-2021.json",
            ];
            assert_eq!(names, wanted.map(|name| format!("graph/{name}")));
            // The full graph holds partners abroad too; they are passed over, and that is told.
            for (name, told) in [("peers.csv", 0), ("edges.csv", 1)] {
                let name = format!("graph/graph-2021-{name}");
                let text = std::fs::read_to_string(room.path().join(&name)).unwrap();
                reads_back(model, &name, text, told);
            }
            let name = "graph/graph-2021.graphml";
            reads_back(model, name, std::fs::read_to_string(room.path().join(name)).unwrap(), 1);
        });
    }

    #[test]
    fn every_column_is_declared_with_its_meaning() {
        let [nodes, edges] = &declared()[..] else { panic!("two lists") };
        assert_eq!((nodes.columns.len(), edges.columns.len()), (NODE.len() + 1, EDGE.len() + 2));
        for column in nodes.columns.iter().chain(&edges.columns) {
            assert!(column.meaning.len() > 4 && column.meaning.ends_with(['.', '?']), "{}", column.name);
        }
    }
}
