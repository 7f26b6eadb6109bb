//! Many runs: what a scenario asks for, worked out; its replicates, in parallel and in order.
//!
//! Replicates differ only in the seed. They run side by side, one thread each; a single run of many firms is spread
//! over all threads instead. What they note is handed over in the order of replicates, whichever ends first.

pub mod aim;
pub mod basis;
pub mod calibrate;
pub mod compare;
mod dose;
pub mod fact;
mod gather;
pub mod journal;
pub mod outcome;
mod own;
mod sales;
pub mod sensitivity;
pub mod state;
pub mod sweep;
pub mod theory;
mod trial;
pub mod validate;
pub mod watch;

use self::basis::Input;
use self::state::States;
use crate::draw::Seed;
use crate::economy::CHUNK;
use crate::economy::accounts::Notes;
use crate::engine::extension::Extension;
use crate::engine::model::{HomeRequest, Model, Request};
use crate::engine::{Outcome, Sink, run};
use crate::error::{Error, Fault, Place, Severity};
use crate::firm::roster::Roster;
use crate::input::asked_by;
use crate::network::{Node, PeerGraph, grow};
use crate::policy::filter::Names;
use crate::scenario::{Flag, Loaded, Scenario, only_scenario};
use crate::world::World;
pub use own::Own;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// A checked scenario with its world: all that replicates share.
#[derive(Debug)]
pub struct Plan {
    pub scenario: Scenario,
    /// Name of the scenario.
    pub name: String,
    pub world: Arc<World>,
    pub homes: Vec<HomeRequest>,
    /// What the user's own files are read to: firms and peers.
    pub own: Own,
    /// Theories and decision rule written outside the crate.
    pub extension: Extension,
    /// The states that runs begin with, if not at quarter 0.
    pub from: Option<Arc<States>>,
}

impl Plan {
    /// Works out what a loaded scenario asks for.
    ///
    /// # Errors
    /// Every fault of world, population and network settings, with places.
    pub fn new(loaded: &Loaded) -> Result<Self, Error> {
        let of = Self::of(loaded.scenario.clone(), loaded.name());
        of.and_then(|plan| own::agreed(loaded, plan)).map_err(|mut faults| {
            faults.retain(|fault| loaded.holds(fault, &rests_on(fault)));
            loaded.locate_all(Error::Asked(faults))
        })
    }

    /// Loads a scenario file, or the defaults if none is named, and works it out; adds what a run can go on with.
    ///
    /// # Errors
    /// Every fault of every file and flag, of what could be read of them, and of the plan.
    pub fn load(path: Option<&Path>, flags: &[Flag]) -> Result<(Loaded, Self, Vec<Fault>), Error> {
        path.map_or(Ok(()), only_scenario)?;
        let (loaded, faults) = Loaded::scan(path, flags);
        Self::check(loaded, faults)
    }

    /// Works out what a scenario asks for as far as it could be read, with the faults of the rest.
    ///
    /// # Errors
    /// As of [`load`](Self::load).
    pub fn check(mut loaded: Loaded, mut faults: Vec<Fault>) -> Result<(Loaded, Self, Vec<Fault>), Error> {
        faults.extend(loaded.check());
        match Self::new(&loaded) {
            Ok(plan) if faults.iter().all(|fault| fault.severity == Severity::Warning) => {
                plan.settle(&mut loaded);
                faults.extend(plan.warnings(&loaded));
                return Ok((loaded, plan, faults));
            }
            Ok(_) => {}
            Err(Error::Asked(wrong)) => faults.extend(wrong),
            Err(failed) => return Err(failed),
        }
        Err(Error::Asked(faults))
    }

    /// What is odd about the user's files that the world and the firms were built from, with places.
    pub fn warnings(&self, loaded: &Loaded) -> Vec<Fault> {
        let before = self.from.as_ref().and_then(|from| from.other_before(&self.scenario));
        let told = self.world.warnings().iter().chain(&self.own.told).cloned().chain(before);
        told.map(|fault| loaded.locate(fault)).collect()
    }

    /// How much of the world those files cover, a line for each.
    pub fn coverage(&self) -> String {
        self.world.coverage().iter().map(|file| format!("{:<10} {}\n", "covered", file.text)).collect()
    }

    /// The same for a scenario made in memory.
    ///
    /// # Errors
    /// Every fault found.
    pub fn of(scenario: Scenario, name: String) -> Result<Self, Vec<Fault>> {
        Self::in_world(scenario, name, (None, None, None))
    }

    /// Makes a loaded scenario say what its plan has found out: how many firms there are.
    pub fn settle(&self, loaded: &mut Loaded) {
        loaded.scenario.population.firms = self.scenario.population.firms;
    }

    /// The same in a world and with files read that are there already, if they are given.
    fn in_world(
        mut scenario: Scenario,
        name: String,
        (ready, own, from): (Option<Arc<World>>, Option<Own>, Option<Arc<States>>),
    ) -> Result<Self, Vec<Fault>> {
        let mut faults = scenario.trajectory.faults();
        if let Err(wrong) = scenario.network.check() {
            faults.extend(wrong);
        }
        faults.extend(scenario.output.graph_dates(&scenario.run).err().unwrap_or_default());
        let homes = &scenario.population.homes;
        if homes.is_empty() {
            faults.push(
                Fault::setting("population.homes", "no home country")
                    .expected("at least one")
                    .help("name one or more, such as homes = [\"BEL\"]"),
            );
        }
        for (i, home) in homes.iter().enumerate().filter(|(i, home)| homes[..*i].contains(home)) {
            faults.push(
                Fault::setting("population.homes", format!("{home} is named twice (number {})", i + 1))
                    .expected("every home once"),
            );
        }
        let own = match own {
            Some(own) => own,
            None => Own::read(&scenario, &mut faults),
        };
        own.count(&mut scenario, &mut faults);
        let homes = &scenario.population.homes;
        let world = match ready {
            Some(world) => Some(world),
            None => match World::build(&scenario.world, &scenario.cage, &scenario.territory, homes) {
                Ok(world) => Some(Arc::new(world)),
                Err(wrong) => {
                    faults.extend(wrong);
                    None
                }
            },
        };
        faults.extend(markets_unknown(&scenario, world.as_deref()));
        faults.extend(crate::policy::faults::errors(
            &scenario.instrument,
            &scenario.operator,
            &Names { homes, sectors: scenario.population.sectors },
        ));
        match world {
            Some(world) if faults.is_empty() => {
                let homes = home_requests(&scenario, &world, own.firms.as_deref());
                Self { scenario, name, world, homes, own, extension: Extension::default(), from: None }.begun(from)
            }
            _ => Err(faults),
        }
    }

    /// The same with the states that its runs begin with, if there are any; `ready` are those of the same file.
    fn begun(self, ready: Option<Arc<States>>) -> Result<Self, Vec<Fault>> {
        let file = &self.scenario.run.from;
        if file.is_empty() {
            return Ok(self);
        }
        let read = || States::read(file).map(Arc::new).map_err(|fault| vec![asked_by("run.from", fault)]);
        let from = ready.map_or_else(read, Ok)?;
        from.begin(&self)?;
        Ok(Self { from: Some(from), ..self })
    }

    /// The plan of a scenario that differs from this one, whose world it shares where nothing of it differs.
    ///
    /// # Errors
    /// Every fault found.
    pub fn varied(&self, scenario: Scenario) -> Result<Self, Vec<Fault>> {
        let ours = &self.scenario;
        let same = ours.world == scenario.world
            && ours.cage == scenario.cage
            && ours.territory == scenario.territory
            && ours.population.homes == scenario.population.homes;
        let from = self.from.clone().filter(|_| *ours.run.from == *scenario.run.from);
        let ready = (same.then(|| self.world.clone()), self.own.still(ours, &scenario), from);
        let plan = Self::in_world(scenario, self.name.clone(), ready)?;
        Ok(Self { extension: self.extension.clone(), ..plan })
    }

    /// Every file read, with the hash of its content.
    ///
    /// # Errors
    /// A file cannot be read any more.
    pub fn inputs(&self) -> Result<Vec<Input>, Error> {
        let own = self.world.inputs().into_iter().chain(self.own.inputs.iter().cloned());
        let from = self.from.iter().map(|from| (self.scenario.run.from.display().to_string(), from.blake3.clone()));
        Ok(own.chain(from).map(|(name, blake3)| Input { name, blake3 }).collect())
    }

    /// Quarters of one replicate, burn-in included.
    pub fn quarters(&self) -> u16 {
        let run = &self.scenario.run;
        (4 * (run.burn_in + run.years)) as u16
    }

    /// Years to be simulated of one replicate, burn-in included but for what a state holds of it.
    pub fn years(&self) -> u32 {
        let begun = self.from.iter().flat_map(|from| &from.states).map(|state| u32::from(state.economy.step) / 4).min();
        self.scenario.run.burn_in + self.scenario.run.years - begun.unwrap_or(0)
    }

    /// Firm-quarters of all replicates.
    pub fn firm_quarters(&self) -> u64 {
        let run = &self.scenario.run;
        u64::from(self.scenario.population.firms) * u64::from(self.quarters()) * u64::from(run.replicates)
    }

    /// The seed of a replicate.
    pub fn seed(&self, replicate: u32) -> Seed {
        Seed::new(self.scenario.run.seed as u64, replicate)
    }

    /// The model of one replicate: its network is its own.
    ///
    /// # Errors
    /// When the network cannot be made.
    pub fn model(&self, replicate: u32) -> Result<Model, Error> {
        let missing = |from: &Arc<States>| from.states.iter().all(|state| state.replicate != replicate);
        if self.from.as_ref().is_some_and(missing) {
            let file = self.scenario.run.from.display();
            return Err(Fault::setting("run.from", format!("{file} holds no state of replicate {replicate}")).into());
        }
        let peers = match &self.own.peers {
            Some(peers) => peers.clone(),
            None => Arc::new(self.peers(self.seed(replicate))?),
        };
        Ok(self.model_among(replicate, peers))
    }

    /// The model of one replicate among given peers, one node per place.
    pub fn model_among(&self, replicate: u32, peers: Arc<PeerGraph>) -> Model {
        let scenario = &self.scenario;
        let seed = self.seed(replicate);
        let run = &scenario.run;
        let request = Request {
            seed,
            theory: scenario.theory.clone(),
            population: scenario.population.clone(),
            roster: self.own.firms.clone(),
            platforms: scenario.platform.clone(),
            shocks: scenario.shock.clone(),
            instruments: scenario.instrument.clone(),
            operators: scenario.operator.clone(),
            thresholds: scenario.trajectory.clone(),
            first_year: (run.start - i64::from(run.burn_in)) as f32,
            burn_in: (4 * run.burn_in) as u16,
            quarters: self.quarters(),
            report_usd: scenario.population.report_usd,
            checks: run.checks,
        };
        let model = Model::new(request, &self.homes, self.world.clone(), peers).extended(self.extension.clone());
        let states = self.from.iter().flat_map(|from| &from.states);
        match states.into_iter().find(|state| state.replicate == replicate) {
            Some(state) => model.begun_with(state.economy.clone()),
            None => model,
        }
    }

    /// The peer graph of one replicate, over the places and the sizes of their first firms.
    fn peers(&self, seed: Seed) -> Result<PeerGraph, Error> {
        let population = &self.scenario.population;
        let mut nodes = Vec::with_capacity(population.firms as usize);
        for (h, home) in self.homes.iter().enumerate() {
            for within in 0..home.count {
                let place = nodes.len() as u32;
                let mut firm = population.newborn(seed, place, 0, 0, population.size_tail, 0.0);
                let own = self.own.firms.as_deref();
                if let Some(roster) = own {
                    roster.lay(place, &mut firm);
                }
                let district = own.and_then(|roster| roster.district(place));
                nodes.push(Node {
                    home: h as u8,
                    district: district
                        .unwrap_or_else(|| (within / population.district).min(u32::from(u16::MAX)) as u16),
                    sector: firm.sector,
                    size: firm.size,
                });
            }
        }
        grow(&self.scenario.network, &nodes, seed).map_err(Error::Asked)
    }

    /// Whether replicates are run side by side rather than one run on all threads.
    pub fn side_by_side(&self) -> bool {
        self.scenario.run.replicates > 1
    }
}

/// The settings and sections that a fault of a plan rests on beside the one it is placed at.
fn rests_on(fault: &Fault) -> Vec<&str> {
    let Place::Setting(path) = &fault.place else { return Vec::new() };
    match path.split('.').next().unwrap_or_default() {
        "population" => vec!["territory"],
        "world" => vec!["world.countries", "world.regions", "population.homes", "territory"],
        "shock" => vec!["world", "population.homes", "territory", "platform"],
        "operator" => vec!["world", "population.homes", "territory", "instrument"],
        "instrument" => vec!["instrument", "operator"],
        "output" => vec!["output", "run.start", "run.years", "run.burn_in"],
        _ => vec![path.rsplit_once('.').map_or(path.as_str(), |(block, _)| block)],
    }
}

/// What to do about a market that is not in the world.
fn unknown_market(code: &str) -> String {
    crate::world::meant(code)
        .unwrap_or_else(|| "include it by world.countries or a larger world.largest, or leave it out".to_owned())
}

/// Markets and platforms named by shocks that the world does not have.
fn markets_unknown(scenario: &Scenario, world: Option<&World>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, shock) in &scenario.shock {
        for code in world.into_iter().flat_map(|world| shock.markets.iter().filter(|code| world.index(code).is_none()))
        {
            faults.push(
                Fault::setting(format!("shock.{name}.markets"), format!("{code} is not a market of this world"))
                    .expected("codes of markets in the world")
                    .help(unknown_market(code)),
            );
        }
        let shuts = shock.kind == crate::engine::environment::ShockKind::PlatformShutdown;
        if shuts && !scenario.platform.contains_key(&shock.platform) {
            let known: Vec<&str> = scenario.platform.keys().map(String::as_str).collect();
            faults.push(
                Fault::setting(format!("shock.{name}.platform"), format!("no platform is called {:?}", shock.platform))
                    .expected(format!("one of {}", known.join(", "))),
            );
        }
    }
    let on = scenario.instrument.values().filter(|instrument| instrument.on);
    for name in on.flat_map(|instrument| &instrument.operators) {
        let Some(operator) = scenario.operator.get(name) else { continue };
        for code in
            world.into_iter().flat_map(|world| operator.markets.iter().filter(|code| world.index(code).is_none()))
        {
            faults.push(
                Fault::setting(format!("operator.{name}.markets"), format!("{code} is not a market of this world"))
                    .expected("codes of markets in the world")
                    .help(unknown_market(code)),
            );
        }
    }
    if scenario.platform.len() > 16 {
        faults.push(Fault::new(format!("{} platforms are too many", scenario.platform.len())).expected("at most 16"));
    }
    faults
}

/// Firms, money unit and internet use of every home.
fn home_requests(scenario: &Scenario, world: &World, roster: Option<&Roster>) -> Vec<HomeRequest> {
    let homes = &scenario.population.homes;
    let special = |code: &String| scenario.home.get(code).cloned().unwrap_or_default();
    let shares: Vec<f32> = homes.iter().map(|code| special(code).share).collect();
    let counts = roster.map_or_else(|| scenario.population.split(&shares), |roster| roster.counts.clone());
    homes
        .iter()
        .zip(counts)
        .map(|(code, count)| {
            let special = special(code);
            let index = world.index(code).expect("the world includes the homes");
            let country = &world.countries[usize::from(index)];
            let unit = if special.revenue_usd > 0.0 {
                special.revenue_usd
            } else {
                scenario.population.revenue_ratio * country.gdp_per_head as f32
            };
            let internet = if special.internet >= 0.0 { special.internet } else { country.internet as f32 };
            HomeRequest { iso3: code.clone(), count, unit_usd: unit, internet }
        })
        .collect()
}

/// Runs all replicates and passes each outcome to `finish`, in order of replicates; `sink` makes the sink of one.
///
/// Returns how many replicates were finished; an interruption leaves the rest out, and the one it hit unfinished.
///
/// # Errors
/// The first error of a model, a sink or `finish`.
pub fn replicates<S: Sink + Send>(
    plan: &Plan,
    notes: Notes,
    interrupt: &AtomicBool,
    sink: impl Fn(u32) -> S + Sync,
    finish: impl FnMut(u32, &Model, S, Outcome) -> Result<(), Error> + Send,
) -> Result<u32, Error> {
    let count = plan.scenario.run.replicates;
    let finish = Mutex::new(finish);
    let whole = |replicate: u32| -> Result<(Model, S, Outcome), Error> {
        let model = plan.model(replicate)?;
        let mut sink = sink(replicate);
        let outcome = run(&model, notes, &mut sink, interrupt)?;
        Ok((model, sink, outcome))
    };
    let one = |replicate: u32| {
        catch_unwind(AssertUnwindSafe(|| whole(replicate)))
            .unwrap_or_else(|panic| Err(Error::Failed(broken(replicate, panic.as_ref()))))
    };
    if !plan.side_by_side() {
        let (model, sink, outcome) = one(0)?;
        let whole = u32::from(!outcome.interrupted);
        let mut finish = finish.lock().unwrap_or_else(PoisonError::into_inner);
        finish(0, &model, sink, outcome)?;
        return Ok(whole);
    }
    let turn = Turn::default();
    let next = AtomicU32::new(0);
    let work = || {
        let mut done = 0;
        loop {
            let replicate = next.fetch_add(1, Ordering::Relaxed);
            if replicate >= count || interrupt.load(Ordering::Relaxed) {
                return Ok(done);
            }
            let result = one(replicate);
            // A replicate hands over when all before it have; the lowest unfinished one is always running.
            let outcome = turn.wait(replicate, || match result {
                Ok((model, sink, outcome)) if !outcome.interrupted => {
                    let mut finish = finish.lock().unwrap_or_else(PoisonError::into_inner);
                    finish(replicate, &model, sink, outcome).map(|()| 1)
                }
                Ok(_) => Ok(0),
                Err(error) => Err(error),
            });
            match outcome {
                Some(Ok(finished)) => done += finished,
                Some(Err(error)) => return Err(error),
                None => return Ok(done),
            }
        }
    };
    let workers = rayon::current_num_threads().min(count as usize);
    let threads = rayon::current_num_threads() / workers.max(1);
    let results: Vec<Result<u32, Error>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(|| alone(threads, work)?)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    results.into_iter().try_fold(0, |sum, result| Ok(sum + result?))
}

/// Does `work` on a pool of so many threads of its own.
///
/// Replicates wait for their turn. On a shared pool, a thread that waits for a part of its own replicate could take up
/// a later one meanwhile, which would wait for the one below it on the stack, for ever.
fn alone<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Error::Failed(format!("could not start a thread: {error}")))?;
    Ok(pool.install(work))
}

/// What a replicate said when it broke an assertion.
fn broken(replicate: u32, panic: &(dyn std::any::Any + Send)) -> String {
    let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    format!("replicate {replicate} broke down: {}", said.unwrap_or("no reason given"))
}

/// Whose turn it is to hand over; broken once one has failed.
#[derive(Default)]
struct Turn {
    next: Mutex<(u32, bool)>,
    moved: Condvar,
}

impl Turn {
    /// Waits for the turn of `replicate`, does `work` and passes the turn on; `None` if an earlier one failed.
    fn wait<T>(&self, replicate: u32, work: impl FnOnce() -> Result<T, Error>) -> Option<Result<T, Error>> {
        let mut state = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        while state.0 != replicate && !state.1 {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.1 {
            return None;
        }
        let result = work();
        *state = (replicate + 1, result.is_err());
        self.moved.notify_all();
        Some(result)
    }
}

/// Threads worth using for a plan: more than there are chunks in all its replicates would idle.
pub fn useful_threads(plan: &Plan, asked: usize) -> usize {
    let work = (plan.scenario.run.replicates as usize)
        .saturating_mul((plan.scenario.population.firms as usize).div_ceil(CHUNK));
    asked.clamp(1, work.max(1))
}
