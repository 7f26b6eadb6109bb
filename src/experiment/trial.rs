//! Facts about what a change causes, measured on pairs of runs: support measures, trade agreements, credit.
//!
//! A seed's baseline is simulated once; every change parts from it at the beginning of its year and goes on for as long
//! as its fact looks. Both runs share every random number that the change does not touch.

use super::compare::course::{Course, Watcher};
use super::sales::{Agreement, Credit, Sold, sold};
use super::{Plan, alone, broken, dose};
use crate::economy::Economy;
use crate::economy::accounts::Notes;
use crate::engine::model::Model;
use crate::engine::{Simulation, Sink};
use crate::error::{Error, Fault};
use crate::observe::statistic::{AGREEMENT, CREDIT, Measured, POLICY_DOSE, Statistic};
use crate::param::Value;
use crate::scenario::{Scenario, Sections};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What is measured.
#[derive(Debug)]
enum What {
    Doses,
    Agreement(Agreement),
    Credit,
}

/// A change, or several that begin together: plans that part from the baseline in a quarter and end in another.
#[derive(Debug)]
struct Trial {
    statistic: &'static str,
    what: What,
    plans: Vec<Plan>,
    parts: u16,
    end: u16,
    /// The quarters at whose end the sales of the year are wanted.
    wanted: Vec<u16>,
}

/// The trials that a set of statistics needs.
#[derive(Debug)]
pub struct Trials {
    baseline: Plan,
    trials: Vec<Trial>,
    /// Statistics that cannot be measured, and why.
    missing: Vec<(&'static str, String)>,
}

/// What a seed says, by statistic.
pub type Told = Vec<(&'static str, Measured)>;

impl Trials {
    /// The trials of those statistics that are `wanted`.
    pub fn new(plan: &Plan, wanted: &dyn Fn(&Statistic) -> bool) -> Result<Self, Vec<Fault>> {
        let quiet = without_measures(&plan.scenario);
        let run = &plan.scenario.run;
        let quarter = |year: i64| (4 * (year - run.start + i64::from(run.burn_in))) as u16;
        let mut trials =
            Self { baseline: Plan::of(quiet.clone(), plan.name.clone())?, trials: Vec::new(), missing: Vec::new() };
        if wanted(&POLICY_DOSE) {
            let trial = dose::arms(plan, &quiet).map(|(start, plans)| {
                let parts = quarter(start);
                let end = parts + 4 * dose::HORIZON as u16;
                Trial { statistic: POLICY_DOSE.name, what: What::Doses, plans, parts, end, wanted: Vec::new() }
            });
            trials.add(&POLICY_DOSE, trial);
        }
        if wanted(&AGREEMENT) {
            let trial = Agreement::new(plan, &quiet).map(|(agreement, with)| {
                let parts = quarter(agreement.start);
                let wanted: Vec<u16> = agreement.years().iter().map(|year| parts + 4 * (*year as u16 + 1)).collect();
                let end = wanted[wanted.len() - 1];
                let what = What::Agreement(agreement);
                Trial { statistic: AGREEMENT.name, what, plans: vec![with], parts, end, wanted }
            });
            trials.add(&AGREEMENT, trial);
        }
        if wanted(&CREDIT) {
            let trial = Credit::new(plan, &quiet).map(|(credit, with)| {
                let parts = quarter(credit.start);
                let (end, wanted) = (parts + 4, vec![parts, parts + 4]);
                Trial { statistic: CREDIT.name, what: What::Credit, plans: vec![with], parts, end, wanted }
            });
            trials.add(&CREDIT, trial);
        }
        Ok(trials)
    }

    fn add(&mut self, statistic: &Statistic, trial: Result<Trial, Vec<Fault>>) {
        match trial {
            Ok(trial) => self.trials.push(trial),
            Err(faults) => self.missing.push((statistic.name, Error::Asked(faults).to_string())),
        }
    }

    /// Is there nothing to simulate?
    pub fn is_empty(&self) -> bool {
        self.trials.is_empty()
    }

    /// Why a statistic cannot be measured, or "".
    pub fn missing(&self, statistic: &str) -> &str {
        self.missing.iter().find(|(name, _)| *name == statistic).map_or("", |(_, why)| why)
    }

    /// Simulates every seed and measures it; fewer seeds when interrupted. The second number is of firm-quarters.
    ///
    /// # Errors
    /// When a replicate breaks down.
    pub fn measure(&self, interrupt: &AtomicBool) -> Result<(Vec<Told>, u64), Error> {
        if self.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let count = self.baseline.scenario.run.replicates;
        let (next, done) = (AtomicU32::new(0), Mutex::new(Vec::new()));
        let work = || -> Result<(), Error> {
            loop {
                let replicate = next.fetch_add(1, Ordering::Relaxed);
                if replicate >= count || interrupt.load(Ordering::Relaxed) {
                    return Ok(());
                }
                let whole = catch_unwind(AssertUnwindSafe(|| self.seed(replicate, interrupt)))
                    .unwrap_or_else(|panic| Err(Error::Failed(broken(replicate, panic.as_ref()))));
                let Some((told, steps)) = whole? else { return Ok(()) };
                done.lock().unwrap_or_else(PoisonError::into_inner).push((replicate, told, steps));
            }
        };
        let workers = rayon::current_num_threads().min(count.max(1) as usize);
        let results: Vec<Result<(), Error>> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..workers).map(|_| scope.spawn(|| alone(1, work)?)).collect();
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
        });
        results.into_iter().collect::<Result<Vec<()>, Error>>()?;
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        // Numbers must not depend on which seed was finished first.
        done.sort_by_key(|seed| seed.0);
        let steps = done.iter().map(|seed| seed.2).sum();
        Ok((done.into_iter().map(|seed| seed.1).collect(), steps))
    }

    /// One seed: the baseline once, every change from where it parts; none when interrupted.
    fn seed(&self, replicate: u32, interrupt: &AtomicBool) -> Result<Option<(Told, u64)>, Error> {
        let model = self.baseline.model(replicate)?;
        let doses = self.trials.iter().find(|trial| matches!(trial.what, What::Doses));
        let mut trunk = Simulation::new(&model, Notes::default());
        let mut seen = Seen {
            watcher: doses.map(|trial| Watcher::new(trial.parts, &|| {})),
            wanted: self.trials.iter().flat_map(|trial| trial.wanted.iter().copied()).collect(),
            ..Seen::default()
        };
        let mut branches: Vec<Vec<Branch>> = self.trials.iter().map(|_| Vec::new()).collect();
        let mut course = None;
        let (mut years, mut steps) = (Vec::new(), 0);
        let mut stops: Vec<u16> = self.trials.iter().flat_map(|trial| [trial.parts, trial.end]).collect();
        stops.sort_unstable();
        stops.dedup();
        for stop in stops {
            if trunk.advance(stop, &mut seen, &mut years, interrupt)? {
                return Ok(None);
            }
            if doses.is_some_and(|trial| trial.end == stop) {
                course = seen.watcher.take().map(|watcher| watcher.close(&model, &trunk.economy));
            }
            for (trial, branches) in self.trials.iter().zip(&mut branches).filter(|(trial, _)| trial.parts == stop) {
                for plan in &trial.plans {
                    let own = plan.model_among(replicate, Arc::clone(&model.peers));
                    let mut run = Simulation::resume(&own, trunk.economy.clone());
                    let watcher = seen.watcher.as_ref().filter(|_| matches!(trial.what, What::Doses));
                    let mut seen =
                        Seen { watcher: watcher.map(Watcher::fork), wanted: trial.wanted.clone(), ..Seen::default() };
                    if run.advance(trial.end, &mut seen, &mut years, interrupt)? {
                        return Ok(None);
                    }
                    steps += seen.steps;
                    let course = seen.watcher.take().map(|watcher| watcher.close(&own, &run.economy));
                    branches.push(Branch { course, years: seen.years });
                }
            }
        }
        let baseline = Branch { course, years: seen.years };
        let told =
            self.trials.iter().zip(&branches).map(|(trial, arms)| (trial.statistic, told(trial, &baseline, arms)));
        Ok(Some((told.collect(), steps + seen.steps)))
    }
}

/// What was seen of a run: its course, if it was watched, and the sales of years by the quarter after which they ended.
#[derive(Debug, Default)]
struct Branch {
    course: Option<Course>,
    years: BTreeMap<u16, Vec<Sold>>,
}

fn told(trial: &Trial, baseline: &Branch, arms: &[Branch]) -> Measured {
    let years =
        |branch: &Branch| -> Vec<Vec<Sold>> { trial.wanted.iter().map(|at| branch.years[at].clone()).collect() };
    match &trial.what {
        What::Doses => {
            let courses: Vec<Course> = arms.iter().filter_map(|arm| arm.course.clone()).collect();
            dose::measured(baseline.course.as_ref().expect("the baseline was watched"), &courses)
        }
        What::Agreement(agreement) => agreement.measured(&years(baseline), &years(&arms[0])),
        What::Credit => {
            let [before, end] = [trial.wanted[0], trial.wanted[1]];
            Credit::measured(&baseline.years[&before], &baseline.years[&end], &arms[0].years[&end])
        }
    }
}

/// Watches a run.
#[derive(Default)]
struct Seen<'a> {
    watcher: Option<Watcher<'a>>,
    wanted: Vec<u16>,
    years: BTreeMap<u16, Vec<Sold>>,
    steps: u64,
}

impl Sink for Seen<'_> {
    fn quarter(&mut self, model: &Model, economy: &Economy) -> Result<(), Error> {
        self.steps += economy.len() as u64;
        if self.wanted.contains(&economy.step) {
            self.years.insert(economy.step, sold(model, economy));
        }
        self.watcher.as_mut().map_or(Ok(()), |watcher| watcher.quarter(model, economy))
    }
}

fn without_measures(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    let names: Vec<String> = scenario.instrument.keys().cloned().collect();
    for name in names {
        let off = scenario.set(&format!("instrument.{name}.on"), &Value::Switch(false));
        debug_assert!(off.is_ok(), "a measure can be switched off");
    }
    scenario
}
