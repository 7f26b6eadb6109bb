//! Subjects: what a sweep runs again and again, be it a scenario or anything else with settings and outcomes.
//!
//! A subject knows its settings and the names of its outcomes, and works out one run of some settings at a replicate.
//! Replicate r has the same seed at every design point (common random numbers), so differences between points hold
//! only what their settings cause.

use crate::error::{Error, Fault, Severity};
use crate::experiment::Plan;
use crate::experiment::basis::Input;
use crate::experiment::outcome::{Measure, measure, measures};
use crate::input;
use crate::param::{Decl, Value};
use crate::scenario::idle::{Idle, idle};
use crate::scenario::{Loaded, RULES, Scenario, Sections};
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

/// Hash of all that decides the numbers of a run but the program and the replicate.
pub type Identity = [u8; 32];

/// What a sweep runs.
pub trait Subject: Send + Sync {
    /// What a sweep file can name of it.
    fn words(&self) -> &Words;
    /// Its name, for reports.
    fn name(&self) -> String;
    /// The identity of some settings: equal whenever every effective value is, however it came about.
    fn identity(&self, settings: &[(String, Value)]) -> Identity;
    /// Works settings out, ready to be run.
    ///
    /// # Errors
    /// Why they cannot be run.
    fn settle(&self, settings: &[(String, Value)]) -> Result<Box<dyn Settled + '_>, String>;
    /// Every file read, with the hash of its contents.
    fn inputs(&self) -> &[Input];
    /// Quarters of a run.
    fn quarters(&self) -> u16;
    /// The seed of its runs.
    fn seed(&self) -> u64;
}

/// Settings worked out.
pub trait Settled {
    /// One run; `None` if it was interrupted.
    ///
    /// # Errors
    /// Why it failed.
    fn run(&self, replicate: u32, interrupt: &AtomicBool) -> Result<Option<Vec<f64>>, String>;
}

/// What a sweep file can name: settings, and what is measured.
pub struct Words {
    /// What is varied, in a word: `scenario`.
    pub kind: &'static str,
    /// The outcomes of a run, in order.
    pub measures: Vec<Measure>,
    scenario: Scenario,
    /// Scenarios that differ from it and take the same settings: the arms of a comparison.
    arms: Vec<Scenario>,
    decls: BTreeMap<String, Decl>,
}

impl Words {
    /// The words of a scenario.
    pub fn new(kind: &'static str, scenario: Scenario, measures: Vec<Measure>) -> Self {
        let blocks = scenario.blocks();
        let decls = blocks
            .iter()
            .flat_map(|(at, block)| block.decls().into_iter().map(move |decl| (format!("{at}.{}", decl.name), decl)))
            .collect();
        Self { kind, measures, scenario, arms: Vec::new(), decls }
    }

    /// The same with scenarios of arms.
    pub(super) fn with_arms(mut self, arms: Vec<Scenario>) -> Self {
        self.arms = arms;
        self
    }

    /// Why a setting is read by none of the scenarios once some settings are laid over them, if it is read by none.
    pub(super) fn idle(&self, settings: &[(String, Value)], path: &str) -> Option<Idle> {
        let mut why = None;
        for scenario in std::iter::once(&self.scenario).chain(&self.arms) {
            why = Some(idle(&with(scenario, settings).ok()?, path)?);
        }
        why
    }

    /// The scenario that settings are laid over.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Every setting there is, by dotted path.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.decls.keys().map(String::as_str)
    }

    /// The declaration of a setting.
    pub fn declared(&self, path: &str) -> Option<&Decl> {
        self.decls.get(path)
    }

    /// Whether a setting can have a value.
    ///
    /// # Errors
    /// What was expected instead.
    pub fn accepts(&self, path: &str, value: &Value) -> Result<(), String> {
        self.scenario.clone().set(path, value)
    }
}

/// A scenario to be run at many points.
pub struct Study {
    plan: Plan,
    words: Words,
    inputs: Vec<Input>,
    /// Every effective value that can change a number, and every file read, as the line that is hashed.
    lines: BTreeMap<String, String>,
}

impl Study {
    /// What is odd about the user's files, with places.
    pub fn warnings(&self, loaded: &Loaded) -> Vec<Fault> {
        self.plan.warnings(loaded)
    }

    /// The study of a loaded scenario.
    ///
    /// # Errors
    /// Every fault of world, population and network settings.
    pub fn new(loaded: &Loaded) -> Result<Self, Error> {
        let plan = Plan::new(loaded)?;
        let rows = loaded.explain();
        let mut lines: BTreeMap<String, String> = rows
            .iter()
            .filter(|row| counts(&row.path))
            .map(|row| (row.path.clone(), line(&row.path, &row.value)))
            .collect();
        let inputs = plan.inputs()?;
        // A blank in front: no path of a setting begins so.
        lines.extend(tables(&plan)?);
        let words = Words::new("scenario", loaded.scenario.clone(), measures());
        Ok(Self { plan, words, inputs, lines })
    }

    fn varied(&self, settings: &[(String, Value)]) -> Result<Scenario, String> {
        with(&self.plan.scenario, settings)
    }
}

/// A scenario with settings laid over it.
pub(super) fn with(scenario: &Scenario, settings: &[(String, Value)]) -> Result<Scenario, String> {
    let mut scenario = scenario.clone();
    for (path, value) in settings {
        let (block, name) = path.rsplit_once('.').ok_or_else(|| format!("{path} is no setting"))?;
        let block = scenario.open(block).ok_or_else(|| format!("{path} is no setting"))?;
        block.set(name, value).map_err(|expected| format!("{path} = {value}: expected {expected}"))?;
    }
    Ok(scenario)
}

/// Refuses a scenario whose settings contradict one another.
pub(super) fn sound(scenario: &Scenario) -> Result<(), String> {
    let broken = RULES.iter().flat_map(|rule| (rule.faults)(scenario));
    let faults: Vec<_> = broken.filter(|fault| fault.severity == Severity::Error).map(|fault| fault.title).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
}

/// Whether a setting can change the numbers of a single run.
pub(super) fn counts(path: &str) -> bool {
    !matches!(path, "run.name" | "run.replicates") && !path.starts_with("output.")
}

/// A setting as the line that is hashed; of a file, what is in it.
pub(super) fn line(path: &str, value: &Value) -> String {
    match value {
        Value::File(file) if !file.as_os_str().is_empty() => match input::read(file, input::LARGEST_DATA) {
            Ok(bytes) => format!("{path} = {}\n", blake3::hash(&bytes).to_hex()),
            Err(_) => format!("{path} cannot be read\n"),
        },
        value => format!("{path} = {value}\n"),
    }
}

/// Name and hash of the program's own tables that a plan reads, as lines; a file of the user stands with its setting.
pub(super) fn tables(plan: &Plan) -> Result<Vec<(String, String)>, Error> {
    let named = |(_, block): (String, &dyn crate::param::Params)| {
        block.decls().into_iter().filter_map(|decl| block.get(decl.name)).collect::<Vec<_>>()
    };
    let files: Vec<String> = plan
        .scenario
        .blocks()
        .into_iter()
        .flat_map(named)
        .filter_map(|value| if let Value::File(path) = value { Some(path.display().to_string()) } else { None })
        .collect();
    let own = plan.inputs()?.into_iter().filter(|input| !files.contains(&input.name));
    Ok(own.map(|Input { name, blake3 }| (format!(" {name}"), format!("{name} {blake3}\n"))).collect())
}

impl Subject for Study {
    fn words(&self) -> &Words {
        &self.words
    }

    fn name(&self) -> String {
        self.plan.name.clone()
    }

    fn identity(&self, settings: &[(String, Value)]) -> Identity {
        let mut changed: BTreeMap<&str, String> = BTreeMap::new();
        if let Ok(scenario) = self.varied(settings) {
            for (path, _) in settings.iter().filter(|(path, _)| counts(path)) {
                // As the scenario holds it, so that 1 and 1.0 are the same number.
                if let Some(value) = scenario.get(path) {
                    changed.insert(path, line(path, &value));
                }
            }
        } else {
            // What cannot be set fails; it fails under a name of its own.
            changed.extend(settings.iter().map(|(path, value)| (path.as_str(), line(path, value))));
        }
        let mut text = String::with_capacity(1 << 14);
        for (path, line) in &self.lines {
            text += changed.get(path.as_str()).unwrap_or(line);
        }
        *blake3::hash(text.as_bytes()).as_bytes()
    }

    fn settle(&self, settings: &[(String, Value)]) -> Result<Box<dyn Settled + '_>, String> {
        let scenario = self.varied(settings)?;
        sound(&scenario)?;
        let plan = self.plan.varied(scenario).map_err(|faults| Error::Asked(faults).to_string())?;
        Ok(Box::new(plan))
    }

    fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    fn quarters(&self) -> u16 {
        self.plan.quarters()
    }

    fn seed(&self) -> u64 {
        self.plan.scenario.run.seed as u64
    }
}

impl Settled for Plan {
    fn run(&self, replicate: u32, interrupt: &AtomicBool) -> Result<Option<Vec<f64>>, String> {
        let model = self.model(replicate).map_err(|error| error.to_string())?;
        measure(&model, interrupt).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TINY: &str = "run.years = 2\nrun.burn_in = 1\npopulation.firms = 200\nworld.largest = 20\n";

    fn study(more: &str) -> Study {
        Study::new(&Loaded::read("tiny.toml", &format!("{TINY}{more}"), &[]).expect("sound")).expect("sound")
    }

    fn number(path: &str, x: f64) -> (String, Value) {
        (path.to_owned(), Value::Number(x))
    }

    #[test]
    fn equal_effective_values_have_one_identity_wherever_they_were_stated() {
        let base = study("");
        let stated = study("mechanism.sns.rate = 3\nrun.replicates = 9\noutput.csv = true\nrun.name = \"x\"\n");
        let set = base.identity(&[number("mechanism.sns.rate", 3.0)]);
        assert_eq!(set, stated.identity(&[]));
        assert_eq!(set, base.identity(&[("mechanism.sns.rate".into(), Value::Integer(3))]));
        assert_ne!(set, base.identity(&[]));
        assert_ne!(base.identity(&[]), study("run.seed = 2\n").identity(&[]));
    }

    #[test]
    fn a_settled_point_runs_as_the_scenario_that_states_it() {
        let never = AtomicBool::new(false);
        let base = study("");
        let told = |settled: &dyn Settled| format!("{:?}", settled.run(2, &never));
        let point = base.settle(&[number("mechanism.founder.contacts", 5.0)]).expect("can be run");
        let stated = study("mechanism.founder.contacts = 5\n");
        assert_eq!(told(&*point), told(&*stated.settle(&[]).expect("can be run")));
        assert_ne!(told(&*point), told(&*base.settle(&[]).expect("can be run")));
    }

    #[test]
    fn settings_that_contradict_one_another_are_told() {
        let wrong = study("").settle(&[number("trajectory.theta_min", 0.9)]).err().expect("a cause");
        assert!(wrong.contains("theta_min = 0.9 is above theta"), "{wrong}");
        let beyond = study("").settle(&[number("mechanism.sns.rate", -1.0)]).err().expect("a cause");
        assert!(beyond.contains("mechanism.sns.rate = -1.0: expected"), "{beyond}");
    }
}
