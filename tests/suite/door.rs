//! The door: what goes through it is what the command does.

use fondaco::report::manifest::Manifest;
use fondaco::{
    ContactView, Contacts, Done, Dose, Draw, Error, FirmView, Intervention, Progress, Results, Rule, Scenario,
    Simulation, Theory, Traits, Verdict,
};
use std::collections::BTreeMap;
use std::fs;
use tempfile::TempDir;

const SMALL: &str = "run.years = 3\nrun.burn_in = 3\npopulation.firms = 1500\nworld.largest = 30\n";
const ALL: &str = "output.panel = true\noutput.firms = true\noutput.events = true\noutput.ties = true\n\
                   output.csv = true\n";
const GRAPH: &str = "output.graph = true\n";

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
    for (at, text) in
        [format!("{SMALL}{ALL}{GRAPH}"), format!("{SMALL}{ALL}{GRAPH}run.replicates = 3\n")].iter().enumerate()
    {
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
    let scenario = scenario(&format!("{SMALL}{ALL}"));
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
    let scenario = scenario(&format!("{SMALL}{ALL}"));
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
    let nowhere = Dose::of("add-contacts", 1.0).and_then(|dose| dose.with("markets", ["QQQ"])).expect("a setting");
    assert_eq!(with.intervene(&chosen, &nowhere).unwrap_err().to_string(), "QQQ is not a market of this world");
}

#[test]
fn a_state_keeps_the_doses_given_in_the_quarter_it_was_saved_in() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let scenario = scenario(&format!("{SMALL}{ALL}"));
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

#[path = "../../examples/own_outcome.rs"]
mod own_outcome;
#[path = "../../examples/own_rule.rs"]
mod own_rule;

#[test]
fn the_examples_of_own_rules_and_outcomes_run_and_find_an_effect() {
    own_rule::main().unwrap_or_else(|error| panic!("{error}"));
    let contrast = own_rule::contrast(1000).unwrap_or_else(|error| panic!("{error}"));
    assert!(contrast.flows().parted.mean > 50.0, "another rule makes other histories: {:?}", contrast.flows());
    own_outcome::main().unwrap_or_else(|error| panic!("{error}"));
    let contrast = own_outcome::contrast(1000).unwrap_or_else(|error| panic!("{error}"));
    let gini = contrast.effect("exports_gini").expect("an outcome of the example's own");
    assert!(gini.mean > 0.3 && gini.mean < 1.0 && gini.estimate.n == 4, "{gini:?}");
}

/// Asks for what the scenario's rule would say; or, a quarter of the time, for a reason not to.
struct Usual {
    shy: f32,
}

impl Rule for Usual {
    fn name(&self) -> &str {
        "usual"
    }
    fn judge(&self, contact: &ContactView, draw: &Draw) -> Verdict {
        if draw.uniform(5) < self.shy { Verdict::Gain } else { contact.usual() }
    }
}

/// Multiplies the contacts found by searching; makes every quarter a little of nothing.
struct Search(f32);

impl Theory for Search {
    fn name(&self) -> &str {
        "search"
    }
    fn contacts(&self, _: &FirmView) -> Contacts {
        Contacts { search: self.0, ..Contacts::default() }
    }
    fn after(&self, _: &FirmView, traits: &mut Traits, draw: &Draw) {
        traits.proactivity += 0.0 * draw.normal(0);
    }
}

fn run(scenario: &Scenario) -> Results {
    scenario.run().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_rule_and_a_theory_that_change_nothing_change_no_bit() {
    let scenario = scenario(&format!("{SMALL}{ALL}"));
    let usual = tables(&run(&scenario));
    assert!(tables(&run(&scenario.with_rule(Usual { shy: 0.0 }))) == usual, "a rule that says the same");
    assert!(tables(&run(&scenario.with_theory(Search(1.0)))) == usual, "a theory that multiplies by one");
}

#[test]
fn a_rule_and_a_theory_of_the_users_own_act_and_come_to_the_same_bytes_on_any_number_of_threads() {
    let scenario = scenario(&format!("{SMALL}{ALL}"));
    let own = scenario.with_rule(Usual { shy: 0.25 }).with_theory(Search(0.0));
    let (one, two) = (run(&own.threads(1)), run(&own.threads(2)));
    assert!(tables(&one) == tables(&two), "1 and 2 threads");
    let searched = |results: &Results| {
        let series = results.table("series").unwrap_or_else(|error| panic!("{error}"));
        let column = series.column_by_name("contacts_search").expect("a column").clone();
        column.as_any().downcast_ref::<arrow_array::Int64Array>().expect("counts").iter().flatten().sum::<i64>()
    };
    assert_eq!(searched(&one), 0);
    assert!(searched(&run(&scenario)) > 100);
    let folder = TempDir::new().expect("a temporary folder can be made");
    let done = one.save(folder.path().join("own")).unwrap_or_else(|error| panic!("{error}"));
    let told = done.manifest.assumptions.join("\n");
    assert!(told.contains("decision rule usual, from outside the program") && told.contains("theory search"), "{told}");
}

#[test]
fn runs_that_begin_with_a_saved_burn_in_are_those_that_simulate_it() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let path = folder.path().join("begun.state");
    let whole = scenario(&format!("{SMALL}{ALL}run.replicates = 3\n"));
    let progress = Progress::new();
    whole.save_burn_in(&path, &progress).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((progress.done(), progress.of()), (9, 9));
    let begun = whole.with("run.from", &path).unwrap_or_else(|error| panic!("{error}"));
    let results = begun.run_with(&progress).unwrap_or_else(|error| panic!("{error}"));
    assert!(tables(&results) == tables(&run(&whole)), "every table is the same");
    assert_eq!((progress.done(), progress.of()), (9, 9), "three years of each of three replicates");
    let eager = whole.with("mechanism.search.rate", 20.0).unwrap_or_else(|error| panic!("{error}"));
    let later = run(&eager.with("run.from", &path).unwrap_or_else(|error| panic!("{error}")));
    let contrast = results.versus(&later).unwrap_or_else(|error| panic!("{error}"));
    assert!(contrast.flows().parted.mean > 0.0, "what differs acts from there on");
    let warned = |scenario: &Scenario| -> Vec<String> {
        let warnings = scenario.check().unwrap_or_else(|error| panic!("{error}"));
        warnings.into_iter().filter(|fault| fault.title.contains("burn-in of")).map(|fault| fault.title).collect()
    };
    assert_eq!(warned(&begun), [""; 0]);
    let eager = warned(&eager.with("run.from", &path).unwrap_or_else(|error| panic!("{error}")));
    assert!(eager.len() == 1 && eager[0].contains("`mechanism.search.rate` is 20"), "what differs is told: {eager:?}");

    let done = begun.run_to(folder.path().join("result")).unwrap_or_else(|error| panic!("{error}"));
    let again = Scenario::open(done.folder.join("scenario.toml")).unwrap_or_else(|error| panic!("{error}"));
    assert!(tables(&run(&again)) == tables(&results), "a result folder holds the state it began with");

    let told = |scenario: Scenario| scenario.check().map(|_| String::new()).unwrap_or_else(|error| error.to_string());
    assert!(told(begun.replicates(4)).ends_with("begun.state holds no state of replicate 3"));
    assert_eq!(told(begun.seed(5)), "`run.seed` is 5, the state has 1");
    let short = begun.with("run.burn_in", 2).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(told(short), "`run.burn_in` is 2, the state has 3");
}

#[test]
fn the_command_saves_a_burn_in_that_the_command_begins_with() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    fs::write(folder.path().join("small.toml"), SMALL).expect("it can be written");
    let says = |words: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_fondaco"));
        let output = command.args(words.split(' ')).current_dir(folder.path()).output().expect("the command runs");
        (output.status.code(), String::from_utf8(output.stderr).expect("talk is text"))
    };
    let (code, said) = says("burn-in small.toml -o small.state --set run.replicates=2");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("small.state holds the state at the start of 1995"), "{said}");
    let (code, said) = says("burn-in small.toml -o small.state");
    assert!(code == Some(2) && said.contains("small.state is there already"), "{said}");
    for (out, from) in [("whole", ""), ("begun", " --set run.from=small.state")] {
        let (code, said) = says(&format!("run small.toml -q --no-figures --replicates 2 -o {out}{from}"));
        assert_eq!(code, Some(0), "{said}");
    }
    let table = |name: &str| fs::read(folder.path().join(name).join("summary.json")).expect("a summary was written");
    assert!(table("whole") == table("begun"));
}

/// Gives contacts to firms that do not export, once a year once the burn-in is over; or fails in a certain year.
struct Fair {
    fails: i32,
}

impl Intervention for Fair {
    fn name(&self) -> &str {
        "fair"
    }
    fn act(&self, simulation: &mut Simulation) -> Result<(), Error> {
        if simulation.year() == self.fails {
            return Err(Error::Failed("no hall is to be had".into()));
        }
        if !simulation.observing() || simulation.quarter() != 2 {
            return Ok(());
        }
        let invited: Vec<bool> = simulation.firms().flags("exporting")?.iter().map(|abroad| !abroad).collect();
        simulation.intervene(&invited, &Dose::of("add-contacts", 1.0)?).map(drop)
    }
}

#[test]
fn an_intervention_acts_in_every_replicate_as_by_hand_on_any_number_of_threads() {
    let scenario = scenario(&format!("{SMALL}{ALL}run.replicates = 3\n"));
    let own = scenario.with_intervention(Fair { fails: 0 });
    let (one, three) = (run(&own.threads(1)), run(&own.threads(3)));
    assert!(tables(&one) == tables(&three), "1 and 3 threads");
    assert_eq!((one.replicates(), one.interrupted()), (3, false));
    let contrast = one.versus(&run(&scenario)).unwrap_or_else(|error| panic!("{error}"));
    assert!(contrast.flows().gained.mean > 10.0, "{:?}", contrast.flows());

    let mut by_hand = new(&scenario);
    let fair = Fair { fails: 0 };
    while by_hand.left() > 0 {
        fair.act(&mut by_hand).unwrap_or_else(|error| panic!("{error}"));
        assert!(by_hand.step());
    }
    let by_hand = by_hand.finish().unwrap_or_else(|error| panic!("{error}"));
    let first = |results: &Results| results.outcome("exporters").expect("an outcome")[0];
    assert_eq!(first(&by_hand), first(&one));
    let parted = one.versus(&by_hand).unwrap_or_else(|error| panic!("{error}")).flows();
    assert_eq!((parted.parted.mean, parted.firms.n), (0.0, 1), "replicate 0 is the same firm by firm");

    let failed = scenario.with_intervention(Fair { fails: 1996 }).run().map(|_| ()).unwrap_err();
    assert_eq!(failed.to_string(), "no hall is to be had");
    let folder = TempDir::new().expect("a temporary folder can be made");
    let done = own.run_to(folder.path().join("fair")).unwrap_or_else(|error| panic!("{error}"));
    assert!(done.manifest.assumptions.iter().any(|said| said == "intervention fair, from outside the program"));
}
