//! Every shipped scenario loads, runs, and differs from its base in the way its name says.

use fondaco::economy::accounts::{Flow, Notes, Sum};
use fondaco::engine::{NoSink, Outcome};
use fondaco::experiment::{Plan, replicates};
use fondaco::mechanism::decision::Rule;
use fondaco::mechanism::distance::Channel;
use fondaco::scenario::{Asked, Flag, Loaded, Scenario, Sections, asked};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Every scenario file shipped, by name.
fn shipped() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let entries = fs::read_dir(&folder).expect("scenarios are shipped").map(|entry| entry.expect("it is read").path());
    let mut files: Vec<_> = entries
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml") && asked(path) == Asked::Scenario)
        .map(|path| (path.file_stem().expect("a file has a name").to_string_lossy().into_owned(), path))
        .collect();
    files.sort();
    files
}

fn load(path: &Path, flags: &[&str]) -> Loaded {
    let flags: Vec<Flag> = flags.iter().map(|assignment| Flag::set(assignment)).collect();
    Loaded::load(path, &flags).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_scenario_is_without_fault_and_without_warning() {
    let files = shipped();
    assert!(files.iter().any(|(name, _)| name == "quickstart") && files.iter().any(|(name, _)| name == "reference"));
    for (name, path) in files {
        let found = load(&path, &[]).check();
        assert!(
            found.is_empty(),
            "{name}: {}",
            found.iter().map(|fault| fault.title.clone()).collect::<Vec<_>>().join("; ")
        );
    }
}

/// The scenario with a few firms for a few years, every identity verified.
fn shrunk(path: &Path) -> (Plan, Outcome) {
    let few = ["population.firms=400", "run.years=3", "run.burn_in=3", "run.replicates=1", "run.checks=true"];
    let plan = Plan::new(&load(path, &few)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut kept = None;
    let never = AtomicBool::new(false);
    let done = replicates(
        &plan,
        Notes::default(),
        &never,
        |_| NoSink,
        |_, _, _, outcome| {
            kept = Some(outcome);
            Ok(())
        },
    );
    assert_eq!(done.unwrap_or_else(|error| panic!("{}: {error}", path.display())), 1);
    (plan, kept.expect("the replicate was handed over"))
}

#[test]
fn every_scenario_runs_and_keeps_its_identities() {
    for (name, path) in shipped() {
        let (plan, outcome) = shrunk(&path);
        let firms: f64 = outcome.years.iter().map(|year| year.sum(Sum::Firms)).sum();
        assert_eq!(firms, 3.0 * 400.0, "{name}: firm-years");
        let deaths: f64 = outcome.years.iter().map(|year| year.flow(Flow::Deaths)).sum();
        assert!(deaths > 0.0 || !plan.scenario.theory.demography.on, "{name}: nothing happens");
    }
}

/// What the name of a scenario promises of its settings.
type Promise = fn(&Scenario) -> bool;

const PROMISES: &[(&str, Promise)] = &[
    ("belgium", |s| s.population.homes == ["BEL"]),
    ("casino", |s| s.theory.decision.rule == Rule::Casino),
    ("full-information", |s| s.theory.decision.rule == Rule::FullInformation),
    ("honduras", |s| s.population.homes == ["HND"]),
    ("ireland-scotland", |s| s.population.homes.len() == 2 && s.population.homes.contains(&"IRL".to_owned())),
    ("no-sns", |s| !s.theory.adoption.on || s.platform.values().all(|platform| !platform.on)),
    ("quickstart", |s| s.population.homes == ["BEL"] && s.population.firms == 2000),
    ("reference", |s| *s == Scenario::default()),
    ("sns-level", |s| s.theory.distance.channel == Channel::Level),
    ("sns-slope", |s| s.theory.distance.channel == Channel::Slope),
    ("tanzania", |s| s.population.homes == ["TZA"] && s.platform.len() >= 6),
    ("uppsala-1977", |s| {
        s.theory.risk.outsider_weight == 0.0 && s.theory.distance.offline == 0.0 && s.theory.distance.online == 0.0
    }),
    ("uppsala-2009", |s| s.theory.risk.outsider_weight > s.theory.risk.distance_weight),
    ("world", |s| s.population.homes.len() >= 20),
];

#[test]
fn every_scenario_keeps_the_promise_of_its_name() {
    for (name, path) in shipped() {
        if let Some((_, keeps)) = PROMISES.iter().find(|(known, _)| *known == name) {
            assert!(keeps(&load(&path, &[]).scenario), "{name}.toml is not what its name says");
        }
    }
}

#[test]
fn what_extends_another_differs_from_it_in_what_it_states_and_nothing_else() {
    for (name, path) in shipped() {
        let loaded = load(&path, &[]);
        let Some(base) = loaded.files.len().checked_sub(2).map(|at| load(&loaded.files[at], &[])) else { continue };
        let own = fs::canonicalize(&path).expect("the file is there");
        let rows = loaded.explain();
        let differing: Vec<&str> = rows
            .iter()
            .filter(|row| base.scenario.get(&row.path) != Some(row.value.clone()))
            .map(|row| row.path.as_str())
            .collect();
        let says = |setting: &str| {
            loaded
                .origin(setting)
                .written()
                .is_some_and(|written| fs::canonicalize(&written.source.name).ok() == Some(own.clone()))
        };
        // It may spell out what its base leaves to the defaults.
        assert!(rows.iter().any(|row| says(&row.path)), "{name} says nothing of its own");
        for setting in differing {
            // A table that the base does not have brings its defaults along.
            let stated = match (base.scenario.get(setting), setting.rsplit_once('.')) {
                (None, Some((table, _))) => table,
                _ => setting,
            };
            let origin = loaded.origin(stated);
            let file = origin.written().map(|written| fs::canonicalize(&written.source.name).expect("it is there"));
            assert_eq!(file.as_ref(), Some(&own), "{name}: {setting} differs from the base without being stated");
        }
    }
}
