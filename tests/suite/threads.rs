//! Does the number of threads show? Or what else is written, or how many replicates are asked for?

use crate::laboratory::{ALL_NOTES, assert_same, loaded, model, with};
use fondaco::engine::{PARALLEL_FROM, Simulation};
use fondaco::experiment::Plan;
use fondaco::report::manifest::Manifest;
use fondaco::report::result::{Place, produce};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

const THREADS: [usize; 3] = [1, 2, 8];

/// Enough firms to be spread over threads, with an odd number in the last chunk.
const MANY: &[&str] = &["population.firms=20501", "run.checks=false"];

const EVERYTHING: &[&str] =
    &["output.panel=true", "output.firms=true", "output.events=true", "output.ties=true", "output.csv=true"];

fn pool(threads: usize) -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started")
}

#[test]
fn every_quarter_is_the_same_on_any_number_of_threads() {
    let model = model(&with(MANY, &["run.burn_in=3", "run.years=3"]));
    assert!(model.population.firms as usize >= PARALLEL_FROM, "the test is about runs spread over threads");
    let pools = THREADS.map(pool);
    let mut runs: Vec<Simulation> =
        pools.iter().map(|pool| pool.install(|| Simulation::new(&model, ALL_NOTES))).collect();
    let mut events = 0;
    for _ in 0..model.quarters {
        for (run, pool) in runs.iter_mut().zip(&pools) {
            pool.install(|| run.step());
        }
        let (one, others) = runs.split_first().expect("there are three runs");
        for (other, threads) in others.iter().zip(&THREADS[1..]) {
            assert_same(&format!("1 and {threads} threads"), &one.economy, &other.economy);
        }
        for run in &mut runs {
            if run.year_closed() {
                run.collect_year();
            }
            for chunk in &mut run.economy.chunks {
                let accounts = &mut chunk.accounts;
                events += accounts.events.len();
                (accounts.events, accounts.panel, accounts.firms, accounts.lives) = Default::default();
            }
        }
    }
    assert!(events > 1000, "something happened: {events} events");
}

/// What one run wrote: the manifest, and every file by name.
struct Written {
    manifest: Manifest,
    files: BTreeMap<String, Vec<u8>>,
}

fn written(settings: &[&str], threads: usize) -> Written {
    let loaded = loaded(settings);
    let plan = Plan::new(&loaded).unwrap_or_else(|error| panic!("{error}"));
    let folder = TempDir::new().expect("a temporary folder can be made");
    let place = Place { target: folder.path().join("result"), force: false, threads: threads as u32 };
    let interrupt = AtomicBool::new(false);
    let done = pool(threads).install(|| produce(&plan, &loaded, &place, &interrupt, &|_, _| {}));
    let done = done.unwrap_or_else(|error| panic!("{error}"));
    let mut files = BTreeMap::new();
    for output in &done.manifest.outputs {
        let bytes = fs::read(done.folder.join(&output.name)).expect("what the manifest lists is there");
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), output.blake3, "{}: the manifest's hash", output.name);
        files.insert(output.name.clone(), bytes);
    }
    let kept = Manifest::read(&done.folder).expect("there is a manifest");
    assert_eq!(kept.differences(&done.manifest), Vec::<String>::new());
    Written { manifest: done.manifest, files }
}

#[test]
fn every_file_is_the_same_on_any_number_of_threads() {
    let settings = with(&with(MANY, EVERYTHING), &["run.burn_in=2", "run.years=2"]);
    let [one, two, eight] = THREADS.map(|threads| written(&settings, threads).manifest);
    assert_eq!(one.differences(&two), Vec::<String>::new(), "1 and 2 threads");
    assert_eq!(one.differences(&eight), Vec::<String>::new(), "1 and 8 threads");
    assert!(one.outputs.iter().filter(|output| output.rows.is_some_and(|rows| rows > 0)).count() >= 12);
}

#[test]
fn replicates_side_by_side_are_the_same_on_any_number_of_threads() {
    let settings = with(EVERYTHING, &["run.replicates=5", "run.years=3"]);
    let [one, two, eight] = THREADS.map(|threads| written(&settings, threads).manifest);
    assert_eq!(one.differences(&two), Vec::<String>::new(), "1 and 2 threads");
    assert_eq!(one.differences(&eight), Vec::<String>::new(), "1 and 8 threads");
}

#[test]
fn many_replicates_on_many_threads_come_to_an_end() {
    // They once did not: a thread that waited for its own replicate took up a later one, which waited for the first.
    let settings = ["run.replicates=40", "run.years=1", "run.burn_in=1", "population.firms=1500"];
    let rows =
        written(&settings, 8).manifest.outputs.iter().find(|output| output.name == "series.parquet").unwrap().rows;
    assert_eq!(rows, Some(40));
}

#[test]
fn what_else_is_written_changes_no_file() {
    let bare = written(&[], 2);
    let full = written(&with(EVERYTHING, &["output.figures=true"]), 2);
    for name in ["series.parquet", "trajectories.parquet", "summary.json"] {
        assert!(bare.files.contains_key(name), "{name} is always written");
    }
    let mut compared = 0;
    for more in EVERYTHING.iter().copied().chain(["output.figures=true"]) {
        let one = written(&[more], 2);
        assert!(one.files.len() > bare.files.len(), "{more} writes something");
        for (name, bytes) in one.files.iter().filter(|(name, _)| !describes(name)) {
            assert!(full.files[name] == *bytes, "{name} differs between {more} alone and everything at once");
            assert!(bare.files.get(name).is_none_or(|plain| plain == bytes), "{name} differs with {more}");
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared} files were compared");
}

/// Does a file tell what is written, so that it has to differ?
fn describes(name: &str) -> bool {
    matches!(name, "dictionary.md" | "scenario.toml")
}

#[test]
fn a_replicate_is_the_same_whichever_number_is_asked_for() {
    let asked = |count: &str| written(&with(EVERYTHING, &["run.years=3", count]), 2).files;
    let [one, two, three] = ["run.replicates=1", "run.replicates=2", "run.replicates=3"].map(asked);
    for (name, text) in three.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let [one, two, three] = [&one[name], &two[name], text].map(|text| lines_by_replicate(name, text));
        assert_eq!((one.len(), two.len(), three.len()), (1, 2, 3), "{name}: replicates");
        assert!(one[0] == three[0] && one[0] == two[0], "{name}: replicate 0");
        assert!(two[1] == three[1], "{name}: replicate 1");
        assert!(three[0] != three[1] && three[1] != three[2], "{name}: replicates differ from one another");
    }
}

/// The lines of a CSV table by replicate, without its number; replicates must come in order.
fn lines_by_replicate(name: &str, text: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(text).expect("tables are UTF-8");
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let header = lines.next().expect("a table has a header");
    assert!(header.starts_with("replicate,"), "{name} begins with the replicate: {header}");
    let mut replicates: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let (replicate, rest) = line.split_once(',').expect("there is more than one column");
        let replicate: usize = replicate.parse().expect("a replicate is a number");
        if replicate == replicates.len() {
            replicates.push(Vec::new());
        }
        assert_eq!(replicate + 1, replicates.len(), "{name}: replicates come in order");
        replicates[replicate].push(rest.to_owned());
    }
    replicates
}
