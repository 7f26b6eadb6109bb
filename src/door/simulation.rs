//! A run stepped by hand: looked at, acted upon and put aside between quarters.

use super::dose::{Dose, Firms};
use super::results::Results;
use super::scenario::{Scenario, pool};
use super::view::{self, View};
use crate::economy::Economy;
use crate::economy::accounts::Notes;
use crate::engine;
use crate::engine::model::Model;
use crate::error::{Error, Fault};
use crate::experiment::Plan;
use crate::experiment::state::{self, History, State, States};
use crate::report::file;
use crate::report::manifest::Stopwatch;
use crate::report::record::{identity, notes};
use crate::report::result::Told;
use crate::scenario::Loaded;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// One replicate of a scenario, stepped quarter by quarter.
///
/// Left alone it comes to the same numbers as [`Scenario::run`], bit by bit, on any number of threads, and through any
/// [`save`](Self::save) and [`load`](Self::load) in between.
///
/// ```
/// use fondaco::{Dose, Scenario, Simulation};
///
/// let text = "run.years = 3\nrun.burn_in = 2\npopulation.firms = 200\nworld.largest = 20";
/// let mut simulation = Simulation::new(&Scenario::from_text("tiny.toml", text)?, 0)?;
/// while !simulation.observing() {
///     simulation.step();
/// }
/// assert_eq!((simulation.year(), simulation.quarter()), (1995, 1));
///
/// let small: Vec<bool> = simulation.firms().real("size")?.iter().map(|size| *size < 10.0).collect();
/// let given = simulation.intervene(&small, &Dose::of("add-contacts", 2.0)?)?;
/// assert_eq!(given, small.iter().filter(|small| **small).count());
/// while simulation.step() {}
/// assert_eq!(simulation.finish()?.summary().homes[0].firms, 200.0);
/// # Ok::<(), fondaco::Error>(())
/// ```
#[derive(Debug)]
pub struct Simulation {
    scenario: Scenario,
    loaded: Loaded,
    plan: Plan,
    warnings: Vec<Fault>,
    model: Model,
    economy: Economy,
    notes: Notes,
    replicate: u32,
    history: History,
    doses: Vec<(String, Vec<(String, crate::param::Value)>)>,
    /// Doses given at the start of the coming quarter.
    given: u32,
    pool: rayon::ThreadPool,
    /// Why an intervention could not act.
    failed: Option<Error>,
    clock: Stopwatch,
}

impl Simulation {
    /// Makes the firms of a replicate, from 0, and puts them before their first quarter, that of the burn-in.
    ///
    /// # Errors
    /// Every fault of the scenario; that the network cannot be made.
    pub fn new(scenario: &Scenario, replicate: u32) -> Result<Self, Error> {
        // What is stepped is one replicate, whatever the scenario would run.
        let scenario = scenario.replicates(1);
        let (loaded, plan, warnings) = scenario.planned()?;
        let pool = pool(scenario.useful(&loaded, &plan)?)?;
        let notes = notes(&plan.scenario.output);
        let model = pool.install(|| plan.model(replicate))?;
        let economy = model.economy(notes);
        Ok(Self {
            scenario,
            loaded,
            plan,
            warnings,
            model,
            economy,
            notes,
            replicate,
            history: History::default(),
            doses: Vec::new(),
            given: 0,
            pool,
            failed: None,
            clock: Stopwatch::start(),
        })
    }

    /// The scenario that is simulated, with one replicate.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The replicate, from 0.
    pub fn replicate(&self) -> u32 {
        self.replicate
    }

    /// Calendar year of the coming quarter.
    pub fn year(&self) -> i32 {
        self.model.calendar(i32::from(self.economy.step))
    }

    /// The coming quarter of its year, 1 to 4.
    pub fn quarter(&self) -> u8 {
        (self.economy.step % 4 + 1) as u8
    }

    /// Quarters simulated so far, those of the burn-in included.
    pub fn steps(&self) -> u32 {
        u32::from(self.economy.step)
    }

    /// Quarters that are left.
    pub fn left(&self) -> u32 {
        u32::from(self.model.quarters - self.economy.step)
    }

    /// Is the burn-in over, so that the coming quarter is observed?
    pub fn observing(&self) -> bool {
        self.economy.step >= self.model.burn_in
    }

    /// Lets the interventions of the scenario act and simulates a quarter; whether it was simulated. It is not when none is left,
    /// nor once an intervention has failed, which [`finish`](Self::finish) tells.
    pub fn step(&mut self) -> bool {
        if self.left() == 0 || self.failed.is_some() {
            return false;
        }
        for intervention in self.scenario.interventions.clone() {
            if let Err(error) = intervention.act(self) {
                self.failed = Some(error);
                return false;
            }
        }
        let (economy, model) = (std::mem::take(&mut self.economy), &self.model);
        let mut years = std::mem::take(&mut self.history.years);
        let history = &mut self.history;
        self.economy = self.pool.install(|| {
            let mut simulation = engine::Simulation::go_on(model, economy);
            let until = simulation.economy.step + 1;
            let done = simulation.advance(until, history, &mut years, &AtomicBool::new(false));
            done.expect("a history takes whatever it is handed");
            simulation.economy
        });
        self.history.years = years;
        self.given = 0;
        true
    }

    /// The firms, a row each, as they stand before the coming quarter. Row `i` is the slot `i`: a firm that fails is
    /// followed there by another one, with an identity of its own.
    pub fn firms(&self) -> View<'_> {
        view::firms(&self.model, &self.economy)
    }

    /// The ties abroad of all firms, a row each, firm after firm.
    pub fn ties(&self) -> View<'_> {
        view::ties(&self.model, &self.economy)
    }

    /// What firms have to do with markets, a row for each firm and market where anything happened, firm after firm.
    pub fn markets(&self) -> View<'_> {
        view::markets(&self.model, &self.economy)
    }

    /// Gives a dose to firms, which they have from the start of the coming quarter on; returns how many got it: those
    /// in whose home nobody can travel go without a dose that takes travel.
    ///
    /// # Errors
    /// A mask of another length than there are firms; a firm that does not live now; a market that the world lacks.
    pub fn intervene<'a>(&mut self, firms: impl Into<Firms<'a>>, dose: &Dose) -> Result<usize, Error> {
        let chosen = self.chosen(firms.into())?;
        if let Some(code) = dose.operator.markets.iter().find(|code| self.model.world.index(code).is_none()) {
            let fault = Fault::new(format!("{code} is not a market of this world"));
            return Err(fault.expected("ISO 3166-1 alpha-3 codes of markets in the world").into());
        }
        // The name is the dose's part of random addresses: its place among the doses of a quarter, whatever came before.
        let name = format!("dose-{}", self.given);
        if self.model.programme.measures.len() >= usize::from(u16::MAX) {
            return Err(Error::Failed("no more doses can be told apart: 65,535 have been given".into()));
        }
        self.given += 1;
        let before = self.economy.register.treatments.len();
        let measure = self.model.add_measure(&name, dose.operator.clone());
        self.doses.push((name, state::stated(&dose.operator)));
        let economy = std::mem::take(&mut self.economy);
        let mut simulation = engine::Simulation::go_on(&self.model, economy);
        simulation.give(measure, &chosen);
        self.economy = simulation.economy;
        Ok(self.economy.register.treatments.len() - before)
    }

    /// Firms by slot and generation, in order.
    fn chosen(&self, firms: Firms<'_>) -> Result<Vec<(u32, u16)>, Error> {
        let mut living = Vec::with_capacity(self.economy.len());
        self.economy.for_each(|slot, firm, _, _| living.push((slot, firm.generation)));
        match firms {
            Firms::Mask(mask) if mask.len() == living.len() => {
                Ok(living.into_iter().zip(mask).filter(|(_, chosen)| **chosen).map(|(firm, _)| firm).collect())
            }
            Firms::Mask(mask) => {
                let title = format!("the mask has {} entries, there are {} firms", mask.len(), living.len());
                Err(Fault::new(title).expected("a truth for each row of firms()").into())
            }
            Firms::Ids(ids) => {
                let mut chosen = Vec::with_capacity(ids.len());
                for id in ids {
                    let there = usize::try_from(id >> 16).ok().and_then(|slot| living.get(slot));
                    let Some(firm) = there.filter(|(slot, generation)| identity(*slot, *generation) == *id) else {
                        let fault = Fault::new(format!("no firm {id} lives in {} of {}", self.quarter(), self.year()));
                        return Err(fault.expected("identities as the column `firm` of firms() has them").into());
                    };
                    chosen.push(*firm);
                }
                chosen.sort_unstable();
                chosen.dedup();
                Ok(chosen)
            }
        }
    }

    /// Saves the whole state, from which [`load`](Self::load) goes on to the same bytes. The file is of this version of the
    /// program, and replaced if it is there.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let economy = Arc::new(self.economy.clone());
        let (history, doses) = (self.history.clone(), self.doses.clone());
        let state = State { replicate: self.replicate, economy, history, doses };
        file::write(path.as_ref(), &state::write(&self.plan, self.notes, &[state])?).map(drop)
    }

    pub(super) fn into_state(self) -> State {
        let Self { replicate, economy, history, doses, .. } = self;
        State { replicate, economy: Arc::new(economy), history, doses }
    }

    /// Goes on from a state that was saved. Firms, homes, markets, network and seed of the scenario must be those of the
    /// state; what else differs acts from the coming quarter on.
    ///
    /// # Errors
    /// Every fault of the scenario; that the file is no state, is not as it was written, was saved by another version,
    /// or has other firms than the scenario.
    pub fn load(scenario: &Scenario, path: impl AsRef<Path>) -> Result<Self, Error> {
        let mut fresh = Self::new(scenario, 0)?;
        let read = States::read(path.as_ref())?;
        read.hold(&fresh.plan, fresh.notes).map_err(Error::Asked)?;
        let Some(state) = read.states.into_iter().next() else {
            return Err(Fault::new(format!("{} holds no replicate", path.as_ref().display())).into());
        };
        if state.economy.step > fresh.model.quarters {
            let title = format!("{} lies behind the end of the scenario", path.as_ref().display());
            return Err(Fault::setting("run.years", title).expected("years that go on from there").into());
        }
        if state.replicate != 0 {
            fresh.model = fresh.pool.install(|| fresh.plan.model(state.replicate))?;
        }
        for (name, stated) in &state.doses {
            fresh.model.add_measure(name, state::operator(stated));
        }
        fresh.given = fresh.given_now(&state);
        let State { replicate, economy, history, doses } = state;
        let mut economy = Arc::unwrap_or_clone(economy);
        fresh.model.fit(&mut economy, fresh.notes);
        Ok(Self { replicate, economy, history, doses, ..fresh })
    }

    /// Doses of a state that were given at the start of its coming quarter: those numbered on from 0 at its end.
    fn given_now(&self, state: &State) -> u32 {
        let step = state.economy.step;
        let rounds = state.economy.register.rounds.iter().rev().take_while(|round| round.step == step);
        let first = self.model.programme.measures.len() - state.doses.len();
        rounds.filter(|round| usize::from(round.measure) >= first).count() as u32
    }

    /// Ends the run here: cuts the lives of all firms off and gives the results of the replicate. Before its last quarter,
    /// they count as those of a run that was stopped. They hold no files of the social graph (`output.graph`).
    ///
    /// # Errors
    /// An intervention of the scenario failed; the results cannot be put together.
    pub fn finish(self) -> Result<Results, Error> {
        let clock = self.clock;
        let (scenario, loaded, warnings) = (self.scenario.clone(), self.loaded.clone(), self.warnings.clone());
        let (_, plan, _) = scenario.planned()?;
        let told = self.end()?;
        let interrupted = told.outcome.interrupted;
        Results::told(&scenario, (loaded, plan), warnings, vec![told], (clock, interrupted))
    }

    /// Has an intervention failed?
    pub(super) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Cuts the lives of all firms off and gives what the run would have handed over.
    pub(super) fn end(self) -> Result<Told, Error> {
        let Self { model, economy, replicate, mut history, failed, .. } = self;
        if let Some(error) = failed {
            return Err(error);
        }
        let interrupted = economy.step < model.quarters;
        let mut simulation = engine::Simulation::go_on(&model, economy);
        engine::finish(&mut simulation, &mut history)?;
        let tallies = simulation.tallies();
        let quarters = simulation.economy.step;
        let (years, economy) = (history.years.clone(), simulation.economy);
        let outcome = engine::Outcome { years, tallies, economy, quarters, interrupted };
        Ok(Told { replicate, model, history, outcome })
    }
}
