//! What is asked, as a value: opened, changed, checked and carried out.

use super::extension::{Intervention, Outcome};
use super::progress::Progress;
use super::results::Results;
use super::shipped;
use super::simulation::Simulation;
use crate::economy::accounts::Notes;
use crate::engine::extension::{Extension, Rule, Theory};
use crate::error::{Error, Fault, nearest};
use crate::experiment::{Plan, state, useful_threads};
use crate::param::Kind;
use crate::report::file;
use crate::report::memory::Need;
use crate::report::result::{self, Done, Place};
use crate::scenario::{Flag, Loaded, json_of, only_scenario};
use serde::Serialize;
use serde_json::Value as Json;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A scenario: every setting with its value, and who stated it.
///
/// It is a value: what changes it gives back another one, and the first can be used again. A text that cannot be read,
/// an unknown setting or a value out of range is refused where it is stated; what contradicts is told by
/// [`check`](Self::check) and before anything is simulated, all at once.
///
/// ```
/// use fondaco::Scenario;
///
/// let tiny = Scenario::from_text("tiny.toml", "run.years = 3\nrun.burn_in = 2\npopulation.firms = 200")?;
/// let off = tiny.with("mechanism.sns.on", false)?;
/// let contrast = tiny.replicates(2).run()?.versus(&off.replicates(2).run()?)?;
/// assert_eq!(contrast.effect("exporter_share").map(|effect| effect.estimate.n), Some(2));
/// # Ok::<(), fondaco::Error>(())
/// ```
#[derive(Clone)]
pub struct Scenario {
    pub(super) loaded: Loaded,
    /// Of what was set without asking whether it fits: told before anything is done.
    faults: Vec<Fault>,
    threads: Option<usize>,
    extension: Extension,
    pub(super) outcomes: Vec<Arc<dyn Outcome>>,
    pub(super) interventions: Vec<Arc<dyn Intervention>>,
}

impl fmt::Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scenario({}, {})", self.name(), self.hash())
    }
}

/// A setting in force.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Setting {
    /// The dotted path.
    pub path: String,
    /// The value in force.
    pub value: Json,
    /// The value where nobody states one.
    pub default: Json,
    /// What may stand there: `switch`, `integer`, `number`, `text`, `list`, `choice` or `file`.
    pub kind: &'static str,
    /// The words of a choice, in order; empty otherwise.
    pub words: Vec<&'static str>,
    /// Smallest and largest value, of numbers that are bounded.
    pub range: Option<(f64, f64)>,
    /// The unit; `1` for pure numbers, empty where a unit makes no sense.
    pub unit: &'static str,
    /// The symbol in the equations, or empty.
    pub symbol: &'static str,
    /// What it means.
    pub meaning: String,
    /// Where the default comes from.
    pub source: &'static str,
    /// Who states the value: `default`, a file and its line, or the words of the program.
    pub from: String,
}

/// Where a result folder goes.
///
/// ```
/// use fondaco::Target;
/// let target = Target::from("output/study").replacing();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub(super) folder: PathBuf,
    pub(super) replace: bool,
}

impl Target {
    /// The same, taking the place of a result that is there. What is no result of this program is never replaced.
    pub fn replacing(self) -> Self {
        Self { replace: true, ..self }
    }
}

impl<P: Into<PathBuf>> From<P> for Target {
    fn from(folder: P) -> Self {
        Self { folder: folder.into(), replace: false }
    }
}

impl Scenario {
    /// What was loaded by the rooms below, as the command does.
    #[doc(hidden)]
    pub fn of(loaded: Loaded) -> Self {
        let (faults, outcomes, interventions) = (Vec::new(), Vec::new(), Vec::new());
        Self { loaded, faults, threads: None, extension: Extension::default(), outcomes, interventions }
    }

    /// Opens a scenario file, TOML or JSON, with the files it extends. Relative paths in a file belong to its folder.
    ///
    /// # Errors
    /// Every fault of what cannot be read; that the file is a comparison or a sweep.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        only_scenario(path.as_ref())?;
        Loaded::load(path.as_ref(), &[]).map(Self::of)
    }

    /// Reads a text, TOML or JSON; `name` is shown in faults and, without its ending, names the run. Relative paths
    /// belong to the working directory.
    ///
    /// # Errors
    /// Every fault of what cannot be read.
    pub fn from_text(name: &str, text: &str) -> Result<Self, Error> {
        Loaded::read(name, text, &[]).map(Self::of)
    }

    /// The defaults with settings laid over them; see [`with_all`](Self::with_all).
    ///
    /// # Errors
    /// Every fault of the settings.
    pub fn from_settings(settings: impl Serialize) -> Result<Self, Error> {
        Self::defaults().with_all(settings)
    }

    /// Every setting at its default.
    pub fn defaults() -> Self {
        Self::of(Loaded::defaults(&[]).expect("the defaults are sound"))
    }

    /// A scenario that comes with the program, by the name of its file without ending, such as `belgium`.
    ///
    /// ```
    /// let belgium = fondaco::Scenario::shipped("belgium")?;
    /// assert_eq!(belgium.name(), "belgium");
    /// # Ok::<(), fondaco::Error>(())
    /// ```
    ///
    /// # Errors
    /// None is called so.
    pub fn shipped(name: &str) -> Result<Self, Error> {
        let file = format!("{name}.toml");
        if shipped::text(Path::new(&file)).is_none() {
            let near = nearest(name, Self::names()).map(|near| format!("did you mean `{near}`?"));
            let fault = Fault::new(format!("no scenario called `{name}` comes with the program"));
            let fault = fault.expected(format!("one of {}", Self::names().collect::<Vec<_>>().join(", ")));
            return Err(Fault { help: near, ..fault }.into());
        }
        Loaded::of_library(&file, shipped::text).map(Self::of)
    }

    /// Names of the scenarios that come with the program, in order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        shipped::SHIPPED.iter().map(|(name, _)| *name)
    }

    /// The scenario with one setting other: a number, a truth, a word or an array of words. A table is taken as the
    /// settings below its path.
    ///
    /// ```
    /// let study = fondaco::Scenario::defaults().with("population.homes", ["BEL", "IRL"])?.with("run.years", 20)?;
    /// let error = study.with("mechanism.sns.rat", 10.0).unwrap_err();
    /// let fondaco::Error::Asked(faults) = error else { panic!("a fault was expected") };
    /// assert_eq!(faults[0].path.as_deref(), Some("mechanism.sns.rat"));
    /// # Ok::<(), fondaco::Error>(())
    /// ```
    ///
    /// # Errors
    /// There is no such setting, or the value does not fit.
    pub fn with(&self, path: &str, value: impl Serialize) -> Result<Self, Error> {
        let mut flags = Vec::new();
        flatten(path, value, &mut flags)?;
        self.over(&flags)
    }

    /// The scenario with several settings other, later ones winning: a map, a struct or a JSON object whose keys are
    /// dotted paths, sections, or both.
    ///
    /// ```
    /// use serde_json::json;
    /// let study = fondaco::Scenario::defaults()
    ///     .with_all(json!({ "run": { "years": 10, "burn_in": 5 }, "mechanism.sns.on": false }))?;
    /// assert_eq!(study.get("run.years"), Some(json!(10)));
    /// # Ok::<(), fondaco::Error>(())
    /// ```
    ///
    /// # Errors
    /// Every fault of every setting.
    pub fn with_all(&self, settings: impl Serialize) -> Result<Self, Error> {
        let mut flags = Vec::new();
        flatten("", settings, &mut flags)?;
        self.over(&flags)
    }

    fn over(&self, flags: &[Flag]) -> Result<Self, Error> {
        let (loaded, faults) = self.loaded.clone().over(flags);
        if faults.is_empty() { Ok(Self { loaded, ..self.clone() }) } else { Err(Error::Asked(faults)) }
    }

    /// The scenario with a number of its run other; a fault waits until something is done with it.
    fn stated(&self, path: &str, value: impl std::fmt::Display) -> Self {
        let (loaded, wrong) = self.loaded.clone().over(&[Flag::stated(path, &value.to_string())]);
        let mut faults = self.faults.clone();
        faults.retain(|fault| fault.path.as_deref() != Some(path));
        let loaded = if wrong.is_empty() { loaded } else { self.loaded.clone() };
        faults.extend(wrong);
        Self { loaded, faults, ..self.clone() }
    }

    /// The scenario run so many times, with seeds that differ; 1 to 100,000, which is checked before the run.
    pub fn replicates(&self, replicates: u32) -> Self {
        self.stated("run.replicates", replicates)
    }

    /// The scenario with another seed, 0 to 2⁵³ − 1, which is checked before the run.
    pub fn seed(&self, seed: u64) -> Self {
        self.stated("run.seed", seed)
    }

    /// The scenario run on so many threads, at least one; as many as there are cores if nothing is said. Results do
    /// not depend on it.
    pub fn threads(&self, threads: usize) -> Self {
        Self { threads: Some(threads.max(1)), ..self.clone() }
    }

    /// The scenario with firms that decide on contacts by a rule of one's own, in the place of `mechanism.decision.rule`.
    pub fn with_rule(&self, rule: impl Rule + 'static) -> Self {
        let mut next = self.clone();
        next.extension.rule = Some(Arc::new(rule));
        next
    }

    /// The scenario with a further theory, which acts after those there are.
    pub fn with_theory(&self, theory: impl Theory + 'static) -> Self {
        let mut next = self.clone();
        next.extension.theories.push(Arc::new(theory));
        next
    }

    /// The scenario with a further intervention, which acts before every quarter.
    pub fn with_intervention(&self, intervention: impl Intervention + 'static) -> Self {
        let mut next = self.clone();
        next.extension.interventions.push(intervention.name().to_owned());
        next.interventions.push(Arc::new(intervention));
        next
    }

    /// The scenario with a further outcome.
    pub fn with_outcome(&self, outcome: impl Outcome + 'static) -> Self {
        let mut next = self.clone();
        next.outcomes.push(Arc::new(outcome));
        next
    }

    /// Name of the run: as stated, else that of the file.
    pub fn name(&self) -> String {
        self.loaded.name()
    }

    /// The value in force at a dotted path, `None` where there is no such setting.
    pub fn get(&self, path: &str) -> Option<Json> {
        use crate::scenario::Sections;
        self.loaded.scenario.get(path).map(|value| json_of(&value))
    }

    /// Every setting in force with its meaning, in the order of the sections.
    pub fn settings(&self) -> Vec<Setting> {
        let setting = |row: crate::scenario::Explained| Setting {
            value: json_of(&row.value),
            default: json_of(&row.decl.default),
            kind: match row.decl.kind {
                Kind::Switch => "switch",
                Kind::Integer => "integer",
                Kind::Number => "number",
                Kind::Text => "text",
                Kind::List => "list",
                Kind::Choice(_) => "choice",
                Kind::File => "file",
            },
            words: if let Kind::Choice(words) = row.decl.kind { words.to_vec() } else { Vec::new() },
            range: row.decl.range,
            unit: row.decl.unit,
            symbol: row.decl.symbol,
            source: row.decl.source,
            from: row.from(),
            meaning: row.decl.doc,
            path: row.path,
        };
        self.loaded.explain().into_iter().map(setting).collect()
    }

    /// The scenario with every value in force as TOML, which [`from_text`](Self::from_text) reads back.
    pub fn to_toml(&self) -> String {
        self.stated("run.name", toml::Value::String(self.name())).loaded.resolved_toml()
    }

    /// BLAKE3 hash, in hexadecimal, of the values that can change a number.
    pub fn hash(&self) -> String {
        self.loaded.hash()
    }

    /// Works the scenario out without simulating; gives what is odd about it but can be done.
    ///
    /// # Errors
    /// Every fault, those of the files that the scenario names included.
    pub fn check(&self) -> Result<Vec<Fault>, Error> {
        self.planned().map(|(_, _, warnings)| warnings)
    }

    pub(super) fn planned(&self) -> Result<(Loaded, Plan, Vec<Fault>), Error> {
        let (loaded, plan, warnings) = Plan::check(self.loaded.clone(), self.faults.clone())?;
        Ok((loaded, Plan { extension: self.extension.clone(), ..plan }, warnings))
    }

    /// Runs the scenario in memory.
    ///
    /// # Errors
    /// Every fault of the scenario; that it takes more memory than there is; that a replicate broke down.
    pub fn run(&self) -> Result<Results, Error> {
        self.run_with(&Progress::new())
    }

    /// [`run`](Self::run) that can be watched and stopped. A run that was stopped gives what was whole.
    ///
    /// # Errors
    /// As of [`run`](Self::run).
    pub fn run_with(&self, progress: &Progress) -> Result<Results, Error> {
        let (loaded, plan, warnings) = self.planned()?;
        let threads = self.useful(&loaded, &plan)?;
        pool(threads)?.install(|| Results::of(self, (loaded, plan), warnings, threads as u32, progress))
    }

    /// Runs the scenario into a folder: tables, figures, summary and manifest as `fondaco run` writes them, byte for byte
    /// but for the times in the manifest. Memory holds no table longer than it takes to write it.
    ///
    /// # Errors
    /// As of [`run`](Self::run); that the folder is taken or cannot be written.
    pub fn run_to(&self, target: impl Into<Target>) -> Result<Done, Error> {
        self.run_to_with(target, &Progress::new())
    }

    /// [`run_to`](Self::run_to) that can be watched and stopped.
    ///
    /// # Errors
    /// As of [`run_to`](Self::run_to).
    pub fn run_to_with(&self, target: impl Into<Target>, progress: &Progress) -> Result<Done, Error> {
        let (loaded, plan, _) = self.planned()?;
        let Target { folder, replace } = target.into();
        if !self.interventions.is_empty() {
            // What acts between quarters steps the replicates, whose rows are kept until all have ended.
            return self.run_with(progress)?.save(Target { folder, replace });
        }
        let threads = self.useful(&loaded, &plan)?;
        let place = Place { target: folder, force: replace, threads: threads as u32 };
        begin(&plan, progress);
        let watch = |replicate, year| progress.year(replicate, year);
        pool(threads)?.install(|| result::produce(&plan, &loaded, &place, progress.flag(), &watch))
    }

    /// Simulates the burn-in of every replicate and saves the states: scenarios of the same firms and world, whatever
    /// else differs, can begin with them (`run.from`), which spares them a burn-in that they share.
    ///
    /// ```
    /// use fondaco::{Progress, Scenario};
    ///
    /// let folder = tempfile::tempdir().expect("a temporary folder can be made");
    /// let path = folder.path().join("tiny.state");
    /// let text = "run.years = 3\nrun.burn_in = 5\nrun.replicates = 2\npopulation.firms = 200";
    /// let tiny = Scenario::from_text("tiny.toml", text)?;
    /// tiny.save_burn_in(&path, &Progress::new())?;
    /// let begun = tiny.with("run.from", &path)?;
    /// assert_eq!(begun.run()?.outcome("exporters"), tiny.run()?.outcome("exporters"));
    /// # Ok::<(), fondaco::Error>(())
    /// ```
    ///
    /// # Errors
    /// Every fault of the scenario; that it was stopped; that the file cannot be written.
    pub fn save_burn_in(&self, path: impl AsRef<Path>, progress: &Progress) -> Result<(), Error> {
        let (_, plan, _) = self.planned()?;
        let (replicates, burn_in) = (plan.scenario.run.replicates, plan.scenario.run.burn_in);
        progress.begin(u64::from(replicates) * u64::from(burn_in));
        let mut states = Vec::with_capacity(replicates as usize);
        for replicate in 0..replicates {
            let mut simulation = Simulation::new(self, replicate)?;
            while !simulation.observing() {
                if progress.is_cancelled() {
                    return Err(Error::Failed("stopped before the burn-in was over; nothing was written".into()));
                }
                simulation.step();
                if simulation.quarter() == 1 {
                    progress.year(replicate, simulation.year() - 1);
                }
            }
            states.push(simulation.into_state());
        }
        file::write(path.as_ref(), &state::write(&plan, Notes::default(), &states)?).map(drop)
    }

    /// The folder that `fondaco run` would choose: below `output.folder`, with a name that tells the contents.
    ///
    /// # Errors
    /// Every fault of the scenario.
    pub fn target(&self) -> Result<Target, Error> {
        let (loaded, plan, _) = self.planned()?;
        result::target(&plan, &loaded).map(Target::from)
    }

    /// The threads there is use for; refuses what takes more memory than there is.
    pub(super) fn useful(&self, loaded: &Loaded, plan: &Plan) -> Result<usize, Error> {
        let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get());
        let threads = useful_threads(plan, self.threads.unwrap_or_else(cores));
        Need::of(plan, threads).admit().map_err(|error| loaded.locate_all(error))?;
        Ok(threads)
    }
}

/// Threads of their own.
pub(super) fn pool(threads: usize) -> Result<rayon::ThreadPool, Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|error| Error::Failed(format!("could not start {threads} threads: {error}")))
}

/// Tells how many years a plan has.
pub(super) fn begin(plan: &Plan, progress: &Progress) {
    progress.begin(u64::from(plan.scenario.run.replicates) * u64::from(plan.years()));
}

/// What a serialisable value states below a path, as flags.
fn flatten(path: &str, value: impl Serialize, flags: &mut Vec<Flag>) -> Result<(), Error> {
    let value = toml::Value::try_from(value).map_err(|error| {
        let title = format!("what is stated{} is no setting: {error}", if path.is_empty() { "" } else { " there" });
        Fault { path: Some(path.to_owned()), ..Fault::new(title) }
            .expected("numbers, truths, words, arrays of words, and tables of these")
    })?;
    lay(path, &value, flags)
}

fn lay(path: &str, value: &toml::Value, flags: &mut Vec<Flag>) -> Result<(), Error> {
    let Some(table) = value.as_table() else {
        if path.is_empty() {
            return Err(Fault::new("settings have no path").expected("a map from dotted paths to values").into());
        }
        flags.push(Flag::stated(path, &value.to_string()));
        return Ok(());
    };
    for (key, value) in table {
        lay(&if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, value, flags)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn faults(error: Error) -> Vec<Fault> {
        match error {
            Error::Asked(faults) => faults,
            Error::Failed(told) => panic!("faults were expected: {told}"),
        }
    }

    #[test]
    fn every_kind_of_value_can_be_stated_and_is_in_force() {
        let study = Scenario::defaults()
            .with("mechanism.sns.on", false)
            .and_then(|study| study.with("population.homes", ["BEL", "IRL"]))
            .and_then(|study| study.with("output.figure_style", "plain"))
            .and_then(|study| study.with("trajectory.theta_min", 0.15_f32))
            .and_then(|study| study.with("run", json!({ "years": 7, "seed": 9 })))
            .expect("all of it fits");
        let got = |path| study.get(path).expect("a setting");
        assert_eq!((got("mechanism.sns.on"), got("population.homes")), (json!(false), json!(["BEL", "IRL"])));
        assert_eq!((got("output.figure_style"), got("trajectory.theta_min")), (json!("plain"), json!(0.15_f32)));
        assert_eq!((got("run.years"), got("run.seed")), (json!(7), json!(9)));
    }

    #[test]
    fn several_faults_come_at_once_with_path_expectation_and_help() {
        let settings =
            json!({ "run": { "years": 0, "sed": 1 }, "mechanism.sns.on": "perhaps", "population.firms": 20.5 });
        let found = faults(Scenario::from_settings(settings).unwrap_err());
        let mut paths: Vec<&str> = found.iter().filter_map(|fault| fault.path.as_deref()).collect();
        paths.sort_unstable();
        assert_eq!(paths, ["mechanism.sns.on", "population.firms", "run.sed", "run.years"]);
        let typo = found.iter().find(|fault| fault.path.as_deref() == Some("run.sed")).expect("it is among them");
        assert_eq!(typo.help.as_deref(), Some("did you mean `run.seed`?"));
        assert!(found.iter().all(|fault| !fault.label.is_empty()));
    }

    #[test]
    fn a_fault_of_a_text_knows_its_line_and_column() {
        let found = faults(Scenario::from_text("a.toml", "[run]\n  years = 0\n").unwrap_err());
        let position = found[0].position().expect("it stands in a text");
        assert_eq!((position.file.as_str(), position.line, position.column), ("a.toml", 2, 11));
        assert_eq!(found[0].path.as_deref(), Some("run.years"));
    }

    #[test]
    fn a_number_of_replicates_that_is_none_waits_for_the_check() {
        let study = Scenario::defaults().replicates(0);
        assert_eq!(faults(study.check().unwrap_err())[0].path.as_deref(), Some("run.replicates"));
        assert!(study.replicates(2).check().is_ok(), "the last statement counts");
    }

    #[test]
    fn what_is_in_force_reads_back_as_the_same_scenario() {
        let study = Scenario::shipped("no-sns").and_then(|study| study.with("run.years", 11)).expect("it is shipped");
        let again = Scenario::from_text("again.toml", &study.to_toml()).expect("what it writes reads back");
        assert_eq!((again.hash(), again.name()), (study.hash(), study.name()));
        assert_ne!(study.hash(), Scenario::shipped("no-sns").expect("it is shipped").hash());
    }

    #[test]
    fn a_name_close_to_one_that_is_shipped_is_told() {
        let found = faults(Scenario::shipped("belgum").unwrap_err());
        assert_eq!(found[0].help.as_deref(), Some("did you mean `belgium`?"));
    }

    #[test]
    fn every_setting_says_what_it_is() {
        let settings = Scenario::defaults().settings();
        assert!(settings.len() > 200, "{}", settings.len());
        assert!(settings.iter().all(|setting| !setting.meaning.is_empty() && setting.from == "default"));
    }
}
