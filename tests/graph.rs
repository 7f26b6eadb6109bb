//! The social graph of a run: which files there are, what they hold, and that threads do not show in them.

use fondaco::experiment::Plan;
use fondaco::report::result::{Done, Place, produce};
use fondaco::scenario::Loaded;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

const SCENARIO: &str = "run.years = 4\nrun.burn_in = 6\nrun.start = 2014\nrun.replicates = 2\npopulation.firms = 400\n\
                        population.homes = [\"IRL\", \"GBR\"]\nworld.largest = 15\noutput.figures = false\n";

fn run(settings: &str, target: &Path, threads: usize) -> Done {
    let loaded = Loaded::read("graph.toml", &format!("{SCENARIO}{settings}"), &[]).expect("the scenario is sound");
    let plan = Plan::new(&loaded).expect("the plan is sound");
    let place = Place { target: target.to_owned(), force: false, threads: threads as u32 };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    pool.install(|| produce(&plan, &loaded, &place, &AtomicBool::new(false), &|_, _| {})).expect("the run is written")
}

/// The rows of a list without its first line.
fn rows(folder: &Path, name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(folder.join("graph").join(name)).expect("a list of the graph");
    let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<String>>();
    let names = owned(reader.headers().expect("a first line"));
    (names, reader.records().map(|record| owned(&record.expect("a row of as many fields"))).collect())
}

#[test]
fn the_graph_of_chosen_years_is_written_once_and_the_same_on_any_number_of_threads() {
    let room = tempfile::tempdir().expect("a folder");
    let settings = "output.graph = true\noutput.graph_years = [\"2015\", \"2017\"]\n";
    let done = run(settings, &room.path().join("one"), 1);
    let twin = run(settings, &room.path().join("two"), 3);
    assert_eq!(done.manifest.differences(&twin.manifest), Vec::<String>::new());
    let graphs: Vec<_> = done.manifest.outputs.iter().filter(|output| output.name.starts_with("graph/")).collect();
    assert_eq!(graphs.len(), 10, "five files a year, of the first replicate only: {graphs:?}");
    for output in graphs {
        let bytes = fs::read(done.folder.join(&output.name)).expect("what the manifest lists is there");
        assert_eq!(
            (bytes.len() as u64, blake3::hash(&bytes).to_hex().to_string()),
            (output.bytes, output.blake3.clone())
        );
        assert!(output.meaning.len() > 20, "{}", output.name);
    }
    let dictionary = fs::read_to_string(done.folder.join("dictionary.md")).expect("a dictionary");
    assert!(dictionary.contains("\n## graph-nodes\n") && dictionary.contains("\n## graph-edges\n"));
}

#[test]
fn lists_graphml_and_statistics_tell_the_same() {
    let room = tempfile::tempdir().expect("a folder");
    let done = run("output.graph = true\nrun.checks = true\n", &room.path().join("run"), 2);
    let (names, nodes) = rows(&done.folder, "graph-2017-nodes.csv");
    let (_, edges) = rows(&done.folder, "graph-2017-edges.csv");
    let ids: BTreeSet<&String> = nodes.iter().map(|row| &row[0]).collect();
    assert_eq!(ids.len(), nodes.len(), "every node once");
    assert!(edges.iter().all(|row| ids.contains(&row[0]) && ids.contains(&row[1])), "both ends are nodes");
    let at = |name: &str| names.iter().position(|known| known == name).expect("a column of that name");
    let whose = |column: &str, value: &str| nodes.iter().filter(|row| row[at(column)] == value).count();
    assert_eq!((whose("kind", "firm"), whose("country", "IRL") >= 200), (400, true));
    let kinds = ["peer-offline", "peer-online", "cross-border"];
    let of_kind = kinds.map(|kind| edges.iter().filter(|row| row[2] == kind).count());
    assert_eq!(of_kind.iter().sum::<usize>(), edges.len());
    let text = fs::read_to_string(done.folder.join("graph/statistics-2017.json")).expect("statistics");
    let found: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(found["exporters"], whose("exporter", "true"));
    assert_eq!(found["firms_on_sns"], whose("sns", "true"));
    assert_eq!(found["partners"], whose("kind", "partner"));
    assert_eq!(found["combined"]["nodes"], nodes.len());
    assert_eq!(
        (&found["peers_offline"]["ties"], &found["cross_border"]["ties"]),
        (&of_kind[0].into(), &of_kind[2].into())
    );
    let active = edges.iter().filter(|row| row[2] == "peer-online" && row[4] == "true").count();
    assert_eq!(found["peers_online_active"]["ties"], active);
    let xml = fs::read_to_string(done.folder.join("graph/graph-2017.graphml")).expect("GraphML");
    assert_eq!((xml.matches("<node ").count(), xml.matches("<edge ").count()), (nodes.len(), edges.len()));
    let mut reader = quick_xml::Reader::from_str(&xml);
    while !matches!(reader.read_event().expect("well-formed XML"), quick_xml::events::Event::Eof) {}
}

#[test]
fn peers_can_be_the_network_of_the_next_run() {
    let room = tempfile::tempdir().expect("a folder");
    let first = run("output.graph = true\n", &room.path().join("first"), 1);
    let peers = first.folder.join("graph/graph-2017-peers.csv");
    let again = format!("output.graph = true\nnetwork.generator = \"file\"\nnetwork.file = '{}'\n", peers.display());
    let second = run(&again, &room.path().join("second"), 1);
    let read = |done: &Done| fs::read(done.folder.join("graph/graph-2017-peers.csv")).expect("peers");
    assert_eq!(read(&first), read(&second));
}

#[test]
fn without_the_switch_nothing_of_it_is_written() {
    let room = tempfile::tempdir().expect("a folder");
    let done = run("", &room.path().join("run"), 1);
    assert!(!done.folder.join("graph").exists());
    assert!(done.manifest.outputs.iter().all(|output| !output.name.contains("graph")));
    let dictionary = fs::read_to_string(done.folder.join("dictionary.md")).expect("a dictionary");
    assert!(!dictionary.contains("graph-nodes"));
}

#[test]
fn bad_years_are_faults_with_their_place() {
    let loaded =
        Loaded::read("graph.toml", &format!("{SCENARIO}output.graph_years = [\"2013\"]\n"), &[]).expect("it loads");
    let Err(fondaco::error::Error::Asked(faults)) = Plan::new(&loaded) else { panic!("2013 is not observed") };
    assert_eq!(faults[0].title, "2013 is not among the observed years (number 1)");
    let fondaco::error::Place::Text(source, range) = &faults[0].place else { panic!("a place in the file") };
    assert_eq!(&source.text[range.clone()], "[\"2013\"]");
    assert!(loaded.check().iter().any(|fault| fault.title == "`output.graph_years` has no effect"));
}
