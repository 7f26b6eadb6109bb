//! What came of a run, in memory: tables as Arrow, summary, outcomes, figures on request.

use super::contrast::Contrast;
use super::extension::{Outcome, RunView};
use super::progress::Progress;
use super::scenario::{Scenario, Target, begin};
use super::simulation::Simulation;
use crate::error::{Error, Fault, nearest};
use crate::experiment::Plan;
use crate::experiment::outcome::{Measure, amount, measures};
use crate::report::figure::{FIGURES, Look};
use crate::report::manifest::Stopwatch;
use crate::report::record::Rows;
use crate::report::result::{Done, Ended, Held, Place, Summary, Told};
use crate::report::rows;
use crate::scenario::Loaded;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch};
use arrow_schema::Schema;
use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The table that has a row for each replicate and a column for each outcome.
const OUTCOMES: &str = "outcomes";

/// The results of a scenario. Copies share what they hold.
///
/// ```
/// let text = "run.years = 3\nrun.burn_in = 2\npopulation.firms = 200\noutput.panel = true";
/// let results = fondaco::Scenario::from_text("tiny.toml", text)?.run()?;
/// let table = results.table("trajectories")?;
/// let size = table.schema_ref().field_with_name("size").expect("a column");
/// assert_eq!(size.metadata()["unit"], "employees");
/// assert_eq!(results.summary().homes[0].firms, 200.0);
/// assert!(results.figure("entry_age")?.starts_with("<svg"));
/// # Ok::<(), fondaco::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Results(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    scenario: Scenario,
    loaded: Loaded,
    plan: Plan,
    held: Held,
    warnings: Vec<Fault>,
    measures: Vec<Measure>,
    /// The replicates, in order.
    numbers: Vec<u32>,
    /// The outcomes of every replicate, in the order of `measures`.
    amounts: Vec<Vec<f64>>,
    /// Tables that were asked for before.
    batches: Mutex<BTreeMap<String, RecordBatch>>,
}

impl Results {
    pub(super) fn of(
        scenario: &Scenario,
        (loaded, plan): (Loaded, Plan),
        warnings: Vec<Fault>,
        threads: u32,
        progress: &Progress,
    ) -> Result<Self, Error> {
        begin(&plan, progress);
        if !scenario.interventions.is_empty() {
            return stepped(scenario, (loaded, plan), warnings, threads, progress);
        }
        let watch = |replicate, year| progress.year(replicate, year);
        let mut amounts = Vec::new();
        let measures = all_measures(&scenario.outcomes)?;
        let held = Held::carry_out(&plan, &loaded, threads, (&watch, progress.flag()), |ended| {
            amounts.push(self::amounts(&scenario.outcomes, ended)?);
            Ok(())
        })?;
        let (numbers, batches) = ((0..amounts.len() as u32).collect(), Mutex::default());
        let scenario = scenario.clone();
        Ok(Self(Arc::new(Inner { scenario, loaded, plan, held, warnings, measures, numbers, amounts, batches })))
    }

    /// Those of replicates that were stepped, in their order.
    pub(super) fn told(
        scenario: &Scenario,
        (loaded, plan): (Loaded, Plan),
        warnings: Vec<Fault>,
        ended: Vec<Told>,
        (clock, interrupted): (Stopwatch, bool),
    ) -> Result<Self, Error> {
        let measures = all_measures(&scenario.outcomes)?;
        let numbers = ended.iter().map(|told| told.replicate).collect();
        let mut amounts = Vec::new();
        let held = Held::told(&plan, &loaded, ended, (clock, interrupted), |ended| {
            amounts.push(self::amounts(&scenario.outcomes, ended)?);
            Ok(())
        })?;
        let batches = Mutex::default();
        let scenario = scenario.clone();
        Ok(Self(Arc::new(Inner { scenario, loaded, plan, held, warnings, measures, numbers, amounts, batches })))
    }

    /// The scenario that was run.
    pub fn scenario(&self) -> &Scenario {
        &self.0.scenario
    }

    /// What was odd about the scenario but could be done.
    pub fn warnings(&self) -> &[Fault] {
        &self.0.warnings
    }

    /// Headline results: means over replicates of the last observed year, and trajectories over the whole run.
    pub fn summary(&self) -> &Summary {
        &self.0.held.summary
    }

    /// Replicates that are whole.
    pub fn replicates(&self) -> u32 {
        self.numbers().len() as u32
    }

    /// Numbers of the replicates that are whole, in order.
    pub(super) fn numbers(&self) -> &[u32] {
        let cut = self.interrupted() && !self.0.plan.side_by_side();
        if cut { &[] } else { &self.0.numbers }
    }

    /// Was the run stopped before all of it was simulated? Then tables hold the replicates that were whole, or, of a
    /// single run, the years it came to.
    pub fn interrupted(&self) -> bool {
        self.0.held.carried.interrupted
    }

    /// Seconds the run took.
    pub fn seconds(&self) -> f64 {
        self.0.held.run.seconds
    }

    /// Names of the tables there are: `series`, `trajectories` and `outcomes` always; `firms`, `panel`, `events` and
    /// `ties` where the scenario asks for them, such as by `output.panel`.
    pub fn tables(&self) -> Vec<&'static str> {
        let output = &self.0.plan.scenario.output;
        let there = |name: &&str| match *name {
            "firms" => output.firms,
            "panel" => output.panel,
            "events" => output.events,
            "ties" => output.ties,
            _ => true,
        };
        rows::tables().into_iter().map(|table| table.name).filter(there).chain([OUTCOMES]).collect()
    }

    /// A table as one batch of columns. The schema says the unit and the meaning of each column, and what a row is; a
    /// firm is known by `replicate` and `firm` together, money is in US$, what is missing is null.
    ///
    /// # Errors
    /// There is no such table, or the scenario did not ask for it.
    pub fn table(&self, name: &str) -> Result<RecordBatch, Error> {
        if !self.tables().contains(&name) {
            return Err(self.no_table(name));
        }
        let mut batches = self.0.batches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(batch) = batches.get(name) {
            return Ok(batch.clone());
        }
        let batch = match self.0.held.rows.batch(name, &self.0.held.metadata)? {
            Some(batch) => batch,
            None => self.outcome_table()?,
        };
        batches.insert(name.to_owned(), batch.clone());
        Ok(batch)
    }

    fn no_table(&self, name: &str) -> Error {
        let fault =
            Fault::new(format!("there is no table `{name}`")).expected(format!("one of {}", self.tables().join(", ")));
        let kept = rows::tables().iter().any(|table| table.name == name);
        let near = nearest(name, self.tables()).map(|near| format!("did you mean `{near}`?"));
        let help = kept.then(|| format!("set output.{name} = true in the scenario and run it again")).or(near);
        Fault { help, ..fault }.into()
    }

    fn outcome_table(&self) -> Result<RecordBatch, Error> {
        let Inner { measures, numbers, amounts, held, .. } = &*self.0;
        let kind = crate::report::table::Kind::F64;
        let mut fields = vec![crate::report::table::Kind::I64.field("replicate", false, "", "Replicate, from 0.")];
        let numbers: Int64Array = numbers.iter().map(|number| i64::from(*number)).collect();
        let mut columns: Vec<ArrayRef> = vec![Arc::new(numbers)];
        for (at, measure) in measures.iter().enumerate() {
            fields.push(kind.field(&measure.name, true, &measure.unit, &measure.meaning));
            let known = amounts.iter().map(|amounts| Some(amounts[at]).filter(|value| !value.is_nan()));
            columns.push(Arc::new(known.collect::<Float64Array>()));
        }
        let about = [("table", OUTCOMES), ("meaning", "One row per replicate: what it amounts to.")];
        let about = about.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let schema =
            Schema::new(fields).with_metadata(about.into_iter().chain(held.metadata.iter().cloned()).collect());
        RecordBatch::try_new(Arc::new(schema), columns)
            .map_err(|error| Error::Failed(format!("could not build the table {OUTCOMES}: {error}")))
    }

    /// What a run amounts to, with units and meanings: the outcomes by which results are contrasted.
    pub fn outcomes(&self) -> &[Measure] {
        &self.0.measures
    }

    /// An outcome by replicate; NaN where it is undefined. `None` if none is called so.
    pub fn outcome(&self, name: &str) -> Option<Vec<f64>> {
        let at = self.0.measures.iter().position(|measure| measure.name == name)?;
        Some(self.0.amounts.iter().map(|amounts| amounts[at]).collect())
    }

    /// Names of the figures there are, each with what it shows.
    pub fn figures() -> [(&'static str, &'static str); 11] {
        FIGURES
    }

    /// A figure as SVG, in the style that the scenario asks for, drawn now.
    ///
    /// # Errors
    /// There is no such figure.
    pub fn figure(&self, name: &str) -> Result<String, Error> {
        let Inner { plan, held, .. } = &*self.0;
        let look = Look::of(&plan.scenario.output);
        Look { names: vec![name.to_owned()], ..look.clone() }.check(FIGURES.map(|figure| figure.0))?;
        let drawn = held.carried.gallery.svg(name, &plan.name, plan.scenario.run.seed as u64, &look);
        drawn.ok_or_else(|| Error::Failed(format!("the run was stopped before there was anything to show in {name}")))
    }

    /// Writes the folder that [`Scenario::run_to`] writes.
    ///
    /// # Errors
    /// The folder is taken or cannot be written.
    pub fn save(&self, target: impl Into<Target>) -> Result<Done, Error> {
        let Inner { plan, loaded, held, .. } = &*self.0;
        let Target { folder, replace } = target.into();
        let place = Place { target: folder, force: replace, threads: held.run.threads };
        held.save(plan, loaded, &place)
    }

    /// How these results differ from those of a baseline of the same seed, pair by pair.
    ///
    /// # Errors
    /// The seeds differ, or no replicate is whole in both.
    pub fn versus(&self, baseline: &Self) -> Result<Contrast, Error> {
        Contrast::of(self, baseline)
    }

    pub(super) fn rows(&self) -> &Rows {
        &self.0.held.rows
    }

    pub(super) fn metadata(&self) -> &[(String, String)] {
        &self.0.held.metadata
    }

    pub(super) fn seed_of_run(&self) -> i64 {
        self.0.plan.scenario.run.seed
    }
}

/// Steps every replicate, side by side, so that interventions can act between quarters.
fn stepped(
    scenario: &Scenario,
    (loaded, plan): (Loaded, Plan),
    warnings: Vec<Fault>,
    threads: u32,
    progress: &Progress,
) -> Result<Results, Error> {
    let (clock, count) = (Stopwatch::start(), plan.scenario.run.replicates);
    let own = if count > 1 { scenario.threads(1) } else { scenario.threads(threads as usize) };
    let (next, ended) = (AtomicU32::new(0), Mutex::new(Vec::new()));
    let one = |replicate: u32| -> Result<Option<Told>, Error> {
        let mut simulation = Simulation::new(&own, replicate)?;
        while !progress.is_cancelled() && simulation.step() {
            if simulation.quarter() == 1 {
                progress.year(replicate, simulation.year() - 1);
            }
        }
        // A single run that was stopped gives the years it came to; of several, those that are whole.
        let kept = count == 1 || simulation.left() == 0 || simulation.has_failed();
        if kept { simulation.end().map(Some) } else { Ok(None) }
    };
    let work = || -> Result<(), Error> {
        loop {
            let replicate = next.fetch_add(1, Ordering::Relaxed);
            if replicate >= count || progress.is_cancelled() && replicate > 0 {
                return Ok(());
            }
            let told = one(replicate)?;
            ended.lock().unwrap_or_else(PoisonError::into_inner).extend(told);
        }
    };
    let workers = threads.min(count);
    let results: Vec<Result<(), Error>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    results.into_iter().collect::<Result<Vec<()>, Error>>()?;
    let mut ended = ended.into_inner().unwrap_or_else(PoisonError::into_inner);
    ended.sort_by_key(|told: &Told| told.replicate);
    let whole = (0..).zip(&ended).take_while(|(number, told)| told.replicate == *number).count();
    ended.truncate(whole);
    let interrupted = ended.len() < count as usize || ended.iter().any(|told| told.outcome.interrupted);
    Results::told(scenario, (loaded, plan), warnings, ended, (clock, interrupted))
}

/// Every outcome of the crate, then those of the user's own.
fn all_measures(own: &[Arc<dyn Outcome>]) -> Result<Vec<Measure>, Error> {
    let mut all = measures();
    for outcome in own {
        if all.iter().any(|known| known.name == outcome.name()) {
            let fault = Fault::new(format!("there are two outcomes called `{}`", outcome.name()));
            return Err(fault.expected("a name that no other outcome has").into());
        }
        let [name, unit, meaning] = [outcome.name(), outcome.unit(), outcome.meaning()].map(str::to_owned);
        all.push(Measure { name, unit, meaning });
    }
    Ok(all)
}

/// The outcomes of a replicate, those of the user's own at the end.
pub(super) fn amounts(own: &[Arc<dyn Outcome>], ended: &Ended) -> Result<Vec<f64>, Error> {
    let Ended { model, rows, outcome, metadata } = *ended;
    let units: Vec<f64> = model.homes.iter().map(|home| f64::from(home.unit_usd)).collect();
    let view = RunView { model, economy: &outcome.economy, rows, metadata };
    let mut amounts = amount(&outcome.years, &lives(rows), &units);
    for outcome in own {
        amounts.push(outcome.value(&view)?);
    }
    Ok(amounts)
}

/// Lives by onset label, in the order of labels.
fn lives(rows: &Rows) -> Vec<u64> {
    use crate::observe::trajectory::Onset;
    let count = |onset: &Onset| rows.trajectories().iter().filter(|row| row.onset == onset.word()).count() as u64;
    Onset::ALL.iter().map(count).collect()
}
