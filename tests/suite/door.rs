//! The door: what goes through it is what the command does.

use fondaco::report::manifest::Manifest;
use fondaco::{Done, Dose, Results, Scenario, Simulation};
use std::collections::BTreeMap;
use std::fs;
use tempfile::TempDir;

const SMALL: &str = "run.years = 3\nrun.burn_in = 3\npopulation.firms = 1500\nworld.largest = 30\n";
const ALL: &str = "output.panel = true\noutput.firms = true\noutput.events = true\noutput.ties = true\n\
                   output.csv = true\noutput.graph = true\n";

fn scenario(text: &str) -> Scenario {
    Scenario::from_text("small.toml", text).unwrap_or_else(|error| panic!("{error}"))
}

/// Every file of a result by its name, but the manifest, whose times differ.
fn files(done: &Done) -> BTreeMap<String, Vec<u8>> {
    let read = |name: &str| fs::read(done.folder.join(name)).expect("what the manifest lists is there");
    done.manifest.outputs.iter().map(|output| (output.name.clone(), read(&output.name))).collect()
}

#[test]
fn results_saved_from_memory_are_those_written_as_they_come_byte_for_byte() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for (at, text) in [format!("{SMALL}{ALL}"), format!("{SMALL}{ALL}run.replicates = 3\n")].iter().enumerate() {
        let (written, saved) = (folder.path().join(format!("written-{at}")), folder.path().join(format!("saved-{at}")));
        let written = scenario(text).threads(2).run_to(written).unwrap_or_else(|error| panic!("{error}"));
        let results = scenario(text).threads(1).run().unwrap_or_else(|error| panic!("{error}"));
        let saved = results.save(saved).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(written.manifest.differences(&saved.manifest), Vec::<String>::new());
        let (written, there) = (files(&written), files(&saved));
        assert!(written.len() > 30 && written == there, "every file is the same");
        let kept = Manifest::read(&saved.folder).expect("there is a manifest");
        assert_eq!(kept.differences(&saved.manifest), Vec::<String>::new());
        let drawn = String::from_utf8(written["figures/entry_age.svg"].clone()).expect("SVG is text");
        assert_eq!(results.figure("entry_age").unwrap_or_else(|error| panic!("{error}")), drawn);
    }
}

#[test]
fn a_table_in_memory_has_the_rows_of_its_file_and_says_what_was_not_asked_for() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let results = scenario(&format!("{SMALL}output.panel = true\n")).run().unwrap_or_else(|error| panic!("{error}"));
    let done = results.save(folder.path().join("there")).unwrap_or_else(|error| panic!("{error}"));
    for name in ["series", "trajectories", "panel"] {
        let file = done.manifest.outputs.iter().find(|output| output.name == format!("{name}.parquet"));
        let table = results.table(name).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(file.and_then(|file| file.rows), Some(table.num_rows() as u64), "{name}");
        let told = table.schema_ref().fields().iter().all(|field| field.metadata().contains_key("meaning"));
        assert!(told, "every column of {name} says what it means");
    }
    let fondaco::Error::Asked(faults) = results.table("events").unwrap_err() else { panic!("a fault was expected") };
    assert_eq!(faults[0].help.as_deref(), Some("set output.events = true in the scenario and run it again"));
    let fondaco::Error::Asked(faults) = results.table("trajectory").unwrap_err() else {
        panic!("a fault was expected")
    };
    assert_eq!(faults[0].help.as_deref(), Some("did you mean `trajectories`?"));
}

/// The bytes of every table that the results hold, as Debug text of the batches: equal texts, equal values.
fn tables(results: &Results) -> Vec<String> {
    let told = |name: &str| format!("{:?}", results.table(name).unwrap_or_else(|error| panic!("{error}")).columns());
    results.tables().into_iter().map(told).collect()
}

fn stepped(mut simulation: Simulation) -> Results {
    while simulation.step() {}
    simulation.finish().unwrap_or_else(|error| panic!("{error}"))
}

fn new(scenario: &Scenario) -> Simulation {
    Simulation::new(scenario, 0).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_run_stepped_by_hand_is_the_run() {
    let scenario = scenario(&format!("{SMALL}{ALL}output.graph = false\n"));
    let (run, stepped) = (scenario.run().unwrap_or_else(|error| panic!("{error}")), stepped(new(&scenario)));
    assert!(tables(&run) == tables(&stepped), "every table is the same");
    assert_eq!(run.summary(), stepped.summary());
    assert_eq!(run.figure("network").ok(), stepped.figure("network").ok());
    let contrast = run.versus(&stepped).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(contrast.flows().parted.mean, 0.0);
}

#[test]
fn a_run_stopped_in_any_quarter_and_taken_up_again_comes_to_the_same_bytes_on_any_number_of_threads() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let scenario = scenario(&format!("{SMALL}{ALL}output.graph = false\n"));
    let whole = tables(&stepped(new(&scenario)));
    for (at, quarter) in [0, 1, 6, 12, 13, 18, 23, 24].into_iter().enumerate() {
        let (before, after) = (scenario.threads(1 + at % 3), scenario.threads(1 + (at + 1) % 3));
        let mut simulation = new(&before);
        (0..quarter).for_each(|_| assert!(simulation.step()));
        let path = folder.path().join(format!("{quarter}.state"));
        simulation.save(&path).unwrap_or_else(|error| panic!("{error}"));
        let again = Simulation::load(&after, &path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((again.steps(), again.year()), (quarter, simulation.year()));
        again.save(folder.path().join("again.state")).unwrap_or_else(|error| panic!("{error}"));
        let bytes = |name: &str| fs::read(folder.path().join(name)).expect("a state was saved");
        assert!(bytes("again.state") == bytes(&format!("{quarter}.state")), "a state that was loaded is the same");
        assert!(tables(&stepped(again)) == whole, "stopped in quarter {quarter}");
    }
}

#[test]
fn a_state_is_held_to_its_population_and_to_its_bytes() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let path = folder.path().join("a.state");
    let mut simulation = new(&scenario(SMALL));
    (0..5).for_each(|_| assert!(simulation.step()));
    simulation.save(&path).unwrap_or_else(|error| panic!("{error}"));
    let told = |text: &str| {
        let scenario = scenario(text);
        Simulation::load(&scenario, &path).map(|_| String::new()).unwrap_or_else(|error| error.to_string())
    };
    assert_eq!(told(&format!("{SMALL}mechanism.sns.on = false\n")), "", "a mechanism may be another one from here on");
    let more = told("run.years = 3\nrun.burn_in = 3\npopulation.firms = 1501\nworld.largest = 30\nrun.seed = 4\n");
    assert_eq!(more, "`population.firms` is 1501, the state has 1500; `run.seed` is 4, the state has 1");
    let mut bytes = fs::read(&path).expect("a state was saved");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&path, &bytes).expect("it can be written");
    assert!(told(SMALL).ends_with("a.state is not as it was written"));
    fs::write(&path, "fondaco").expect("it can be written");
    assert!(told(SMALL).ends_with("a.state is no state of this program"));
}

#[test]
fn a_dose_helps_those_who_get_it_and_changes_nothing_before() {
    let scenario = scenario("run.years = 4\nrun.burn_in = 4\npopulation.firms = 1500\nworld.largest = 30\n");
    let (mut with, mut without) = (new(&scenario), new(&scenario));
    for simulation in [&mut with, &mut without] {
        (0..16).for_each(|_| assert!(simulation.step()));
    }
    let exporting = |simulation: &Simulation| simulation.firms().flags("exporting").expect("a column");
    assert_eq!(exporting(&with), exporting(&without));
    let chosen: Vec<bool> = exporting(&with).iter().enumerate().map(|(i, abroad)| !abroad && i % 2 == 0).collect();
    let contacts = Dose::of("add-contacts", 6.0).expect("an operator");
    let grant = Dose::of("grant", 200_000.0).expect("an operator");
    let firms = with.firms().whole("firm").expect("a column");
    let ids: Vec<i64> =
        firms.into_iter().zip(&chosen).filter(|(_, chosen)| **chosen).filter_map(|(id, _)| id).collect();
    assert_eq!(with.intervene(&chosen, &contacts).ok(), Some(ids.len()));
    assert_eq!(with.intervene(&ids, &grant).ok(), Some(ids.len()));
    for simulation in [&mut with, &mut without] {
        (0..12).for_each(|_| assert!(simulation.step()));
    }
    let count = |simulation: &Simulation, among: bool| {
        exporting(simulation).iter().zip(&chosen).filter(|(abroad, chosen)| **abroad && **chosen == among).count()
    };
    assert!(count(&with, true) > 2 * count(&without, true), "{} {}", count(&with, true), count(&without, true));
    let others = (count(&with, false) as f64, count(&without, false) as f64);
    assert!((others.0 / others.1 - 1.0).abs() < 0.2, "those left out hardly change: {others:?}");
    let error = with.intervene(&vec![true; 3], &grant).unwrap_err();
    assert_eq!(error.to_string(), "the mask has 3 entries, there are 1500 firms");
    let nowhere = Dose::of("add-contacts", 1.0).and_then(|dose| dose.with("markets", ["XXX"])).expect("a setting");
    assert_eq!(with.intervene(&chosen, &nowhere).unwrap_err().to_string(), "XXX is not a market of this world");
}

#[test]
fn a_state_keeps_the_doses_given_in_the_quarter_it_was_saved_in() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let scenario = scenario(&format!("{SMALL}{ALL}output.graph = false\n"));
    let everybody = vec![true; 1500];
    let contacts = Dose::of("add-contacts", 1.0).expect("an operator");
    let lasting = Dose::of("lower-barrier", 0.3).and_then(|dose| dose.with("years", 2)).expect("an operator");
    let begun = || {
        let mut simulation = new(&scenario);
        (0..13).for_each(|_| assert!(simulation.step()));
        assert_eq!(simulation.intervene(&everybody, &lasting).ok(), Some(1500));
        assert_eq!(simulation.intervene(&everybody, &contacts).ok(), Some(1500));
        simulation
    };
    let path = folder.path().join("dosed.state");
    begun().save(&path).unwrap_or_else(|error| panic!("{error}"));
    let rest = |mut simulation: Simulation| {
        assert_eq!(simulation.intervene(&everybody, &contacts).ok(), Some(1500));
        tables(&stepped(simulation))
    };
    let loaded = Simulation::load(&scenario, &path).unwrap_or_else(|error| panic!("{error}"));
    assert!(rest(loaded) == rest(begun()), "a third dose in the quarter has draws of its own in both");
}
