//! Firms and ties of the user's own: what is stated holds, what is not is drawn as ever, what is written is read again.

use fondaco::economy::accounts::Notes;
use fondaco::engine::NoSink;
use fondaco::engine::model::Model;
use fondaco::error::{Error, Fault, Severity};
use fondaco::experiment::{Plan, replicates};
use fondaco::firm::Firm;
use fondaco::report::result::{Place, produce};
use fondaco::scenario::Loaded;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

const BASE: &str = "run.years = 4\nrun.burn_in = 0\nrun.start = 2012\nrun.checks = true\nworld.largest = 15\n\
                    output.figures = false\n";

struct Room(tempfile::TempDir);

impl Room {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file can be written");
    }

    fn load(&self, settings: &str) -> Result<(Loaded, Plan, Vec<Fault>), Error> {
        self.write("s.toml", &format!("{BASE}{settings}"));
        Plan::load(Some(&self.path("s.toml")), &[])
    }

    fn refused(&self, settings: &str) -> Vec<String> {
        match self.load(settings) {
            Err(Error::Asked(faults)) => faults.into_iter().map(|fault| fault.title).collect(),
            other => panic!("{settings} should be refused, not {other:?}"),
        }
    }
}

fn first_firms(model: &Model) -> Vec<Firm> {
    let mut firms = Vec::new();
    model.economy(Notes::default()).for_each(|_, firm, _, _| firms.push(*firm));
    firms
}

/// Forty firms of which every fourth has a founding year, two homes mixed.
fn table() -> String {
    let mut text = "name;home;employees;founded;sector;district\n".to_owned();
    for i in 0..40 {
        let home = ["BEL", "IE"][i % 2];
        let founded = if i % 4 == 0 { (1990 + i / 4).to_string() } else { String::new() };
        text += &format!("firm {i};{home};{};{founded};S{:02};{}\n", 2 + i, 1 + i % 3, i % 5);
    }
    text
}

const OWN: &str = "population.homes = [\"BEL\", \"IRL\"]\npopulation.firms_file = \"firms.csv\"\n";

#[test]
fn first_firms_are_those_of_the_table_and_drawn_where_it_is_silent() {
    let room = Room::new();
    room.write("firms.csv", &table());
    let (loaded, plan, told) = room.load(OWN).expect("the table is sound");
    assert!(told.is_empty(), "{told:?}");
    assert_eq!((plan.scenario.population.firms, loaded.scenario.population.firms), (40, 40));
    let model = plan.model(0).expect("a model");
    let own = first_firms(&model);
    let (_, drawn, _) =
        room.load("population.homes = [\"BEL\", \"IRL\"]\npopulation.firms = 40\n").expect("the scenario is sound");
    let drawn = first_firms(&drawn.model(0).expect("a model"));
    for (slot, (own, drawn)) in own.iter().zip(&drawn).enumerate() {
        // Belgians first: rows 0, 2, 4 … and then 1, 3, 5 …
        let row = if slot < 20 { 2 * slot } else { 2 * (slot - 20) + 1 };
        assert!((own.size - (2 + row) as f32).abs() < 1e-3, "{slot}: {}", own.size);
        assert_eq!((usize::from(own.sector), usize::from(own.district)), (row % 3, row % 5));
        assert_eq!(
            (own.home, own.skill, own.barriers, own.appeal),
            (drawn.home, drawn.skill, drawn.barriers, drawn.appeal)
        );
        if row % 4 == 0 {
            assert_eq!(model.calendar(i32::from(own.born)), 1990 + row as i32 / 4);
        } else {
            assert_eq!(own.born, drawn.born);
        }
    }
}

#[test]
fn firms_of_the_table_live_and_are_followed_by_newborns() {
    let room = Room::new();
    room.write("firms.csv", &table());
    let (_, plan, _) = room.load(&format!("{OWN}mechanism.demography.base = 0.3\n")).expect("the table is sound");
    let mut lives = Vec::new();
    replicates(
        &plan,
        Notes::default(),
        &AtomicBool::new(false),
        |_| NoSink,
        |_, _, _, outcome| {
            outcome.economy.for_each(|_, firm, _, _| lives.push((firm.generation, firm.district)));
            Ok(())
        },
    )
    .expect("the run is sound");
    assert_eq!(lives.len(), 40);
    assert!(lives.iter().any(|(life, _)| *life > 0), "some firm failed in four years");
    for (slot, (_, district)) in lives.iter().enumerate() {
        let row = if slot < 20 { 2 * slot } else { 2 * (slot - 20) + 1 };
        assert_eq!(usize::from(*district), row % 5, "a newborn has the district of its slot");
    }
}

#[test]
fn the_number_of_firms_is_that_of_the_table_and_nothing_else() {
    let room = Room::new();
    room.write("firms.csv", &table());
    for stated in [300, 10_000] {
        let told = room.refused(&format!("{OWN}population.firms = {stated}\n"));
        assert!(told.len() == 1 && told[0].contains("firms.csv has 40 firms"), "{told:?}");
    }
    assert!(room.load(&format!("{OWN}population.firms = 40\n")).is_ok());
    let (_, _, told) = room.load(&format!("{OWN}home.BEL.share = 2.0\n")).expect("a share has no effect");
    assert!(told.len() == 1 && told[0].title == "`home.BEL.share` has no effect", "{told:?}");
    assert_eq!(told[0].severity, Severity::Warning);
    let told = room.refused("population.firms_file = \"none.csv\"\n");
    assert!(told[0].contains("none.csv"), "{told:?}");
    let told = room.refused("population.homes = [\"BEL\", \"FRA\"]\npopulation.firms_file = \"firms.csv\"\n");
    assert_eq!(told[0], "IRL is not among population.homes", "{told:?}");
}

#[test]
fn ties_join_firms_by_their_names_and_what_a_run_writes_is_read_again() {
    let room = Room::new();
    room.write("firms.csv", &table());
    room.write("ties.csv", "Source,Target,kind\nfirm 0,firm 1,online\nfirm 39,firm 2,offline\n");
    let network =
        |file: &str| format!("{OWN}output.graph = true\nnetwork.generator = \"file\"\nnetwork.file = \"{file}\"\n");
    let (loaded, plan, told) = room.load(&network("ties.csv")).expect("the files are sound");
    assert!(told.is_empty(), "{told:?}");
    let peers = plan.model(0).expect("a model").peers;
    // Row 0 is slot 0, row 1 slot 20, row 2 slot 1, row 39 slot 39.
    assert_eq!(
        (peers.online.edges().collect::<Vec<_>>(), peers.offline.edges().collect::<Vec<_>>()),
        (vec![(0, 20)], vec![(1, 39)])
    );
    let inputs: Vec<String> = plan.inputs().expect("inputs").iter().map(|input| format!("{input:?}")).collect();
    assert!(["firms.csv", "ties.csv"].iter().all(|file| inputs.iter().any(|input| input.contains(file))), "{inputs:?}");
    let place = Place { target: room.path("out"), force: false, threads: 1 };
    let done = produce(&plan, &loaded, &place, &AtomicBool::new(false), &|_, _| {}).expect("the run is written");
    let graph = |name: &str| done.folder.join("graph").join(name).display().to_string();
    let xml = fs::read_to_string(Path::new(&graph("graph-2015.graphml"))).expect("a graph");
    assert!(xml.contains("<node id=\"firm 39\">"));
    for name in ["graph-2015.graphml", "graph-2015-edges.csv", "graph-2015-peers.csv"] {
        let (_, again, _) = room.load(&network(&graph(name))).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(again.model(0).expect("a model").peers, peers, "{name}");
    }
    let told = room.refused(&network(&graph("graph-2015-nodes.csv")));
    assert_eq!(told, ["this is a list of nodes"]);
}
