//! The clock: steps the economy quarter by quarter, closes years, and hands over what was observed.

pub mod environment;
pub mod extension;
pub mod home;
pub mod model;
pub mod quarter;
pub mod rows;
pub mod social;

use crate::economy::accounts::{Accounts, Event, FLOWS, FirmRow, Flow, History, Notes, PanelRow, SUMS, Sum, Tallies};
use crate::economy::array;
use crate::economy::support::{Payment, Support};
use crate::economy::visible::{VisibleStates, VisibleStatesMut};
use crate::economy::{Chunk, Economy};
use crate::error::Error;
use crate::firm::{Firm, Relation, Sight, Tie, TieState};
use crate::observe::year::{self, View};
use crate::policy::enrol::{Ground, enrol, give};
use environment::Environment;
use extension::{FirmView, Traits};
use model::Model;
use quarter::{Cut, Out, Own, Scratch, Setting, Waiting, finish_life, step_firm};
use rayon::prelude::*;
use rows::Rows;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};

/// One home country's year in counts and sums.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct YearTotals {
    /// Index of the home.
    pub home: u8,
    /// Calendar year.
    pub year: i32,
    #[serde(with = "array")]
    pub flows: [u64; FLOWS],
    #[serde(with = "array")]
    pub sums: [f64; SUMS],
}

impl YearTotals {
    /// A count.
    pub fn flow(&self, flow: Flow) -> f64 {
        self.flows[flow as usize] as f64
    }

    /// A sum.
    pub fn sum(&self, sum: Sum) -> f64 {
        self.sums[sum as usize]
    }

    /// A ratio of two sums, NaN where the denominator is 0.
    pub fn ratio(&self, part: Sum, whole: Sum) -> f64 {
        if self.sum(whole) == 0.0 { f64::NAN } else { self.sum(part) / self.sum(whole) }
    }
}

/// Where a run hands over what it noted; every hook defaults to nothing. Rows come in order of slot.
pub trait Sink {
    /// The first quarter is about to be simulated.
    ///
    /// # Errors
    /// When the sink cannot take more, here and below.
    fn begin(&mut self, _model: &Model, _economy: &Economy) -> Result<(), Error> {
        Ok(())
    }
    /// A year of one home country is complete.
    fn year(&mut self, _model: &Model, _totals: &YearTotals) -> Result<(), Error> {
        Ok(())
    }
    /// Notes of the year for one chunk.
    fn notes(&mut self, _model: &Model, _year: i32, _notes: &mut Taken) -> Result<(), Error> {
        Ok(())
    }
    /// A quarter is complete, the burn-in included.
    fn quarter(&mut self, _model: &Model, _economy: &Economy) -> Result<(), Error> {
        Ok(())
    }
    /// Everything was handed over; whether the run was cut short.
    fn end(&mut self, _model: &Model, _interrupted: bool) -> Result<(), Error> {
        Ok(())
    }
}

/// The notes of one chunk for one year, handed over.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Taken {
    pub events: Vec<Event>,
    pub panel: Vec<PanelRow>,
    pub firms: Vec<FirmRow>,
    pub lives: Vec<History>,
}

/// A sink that keeps nothing.
#[derive(Debug, Default)]
pub struct NoSink;

impl Sink for NoSink {}

/// What a run leaves behind in memory.
#[derive(Debug)]
pub struct Outcome {
    /// Observed years, home by home within a year.
    pub years: Vec<YearTotals>,
    pub tallies: Tallies,
    pub economy: Economy,
    /// Quarters simulated; fewer than asked for when interrupted.
    pub quarters: u16,
    pub interrupted: bool,
}

/// Firms from which a run is spread over the threads it is given; fewer hardly fill a chunk.
pub const PARALLEL_FROM: usize = 1_000;

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// An economy that can be stepped.
#[derive(Debug)]
pub struct Simulation<'a> {
    pub model: &'a Model,
    pub economy: Economy,
    parallel: bool,
}

impl<'a> Simulation<'a> {
    /// The economy at quarter 0.
    pub fn new(model: &'a Model, notes: Notes) -> Self {
        let economy = model.economy(notes);
        let parallel = economy.len() >= PARALLEL_FROM && rayon::current_num_threads() > 1;
        Self { model, economy, parallel }
    }

    /// Goes on from an economy that another model of the same homes and peers has come to, before any measure of
    /// either was taken.
    pub fn resume(model: &'a Model, mut economy: Economy) -> Self {
        debug_assert!(economy.register.rounds.is_empty(), "supports are numbered by the measures of their model");
        for chunk in &mut economy.chunks {
            chunk.accounts.paid = vec![0.0; model.programme.measures.len()];
        }
        let parallel = economy.len() >= PARALLEL_FROM && rayon::current_num_threads() > 1;
        Self { model, economy, parallel }
    }

    /// Goes on from an economy that this very model has come to.
    pub fn go_on(model: &'a Model, economy: Economy) -> Self {
        let parallel = economy.len() >= PARALLEL_FROM && rayon::current_num_threads() > 1;
        Self { model, economy, parallel }
    }

    /// Watches the firm at a slot: everything that happens to it is noted from now on, the burn-in included.
    pub fn watch(&mut self, slot: u32) {
        for chunk in &mut self.economy.chunks {
            let here = (chunk.first..chunk.first + chunk.firms.len() as u32).contains(&slot);
            chunk.accounts.watched = here.then_some(slot);
        }
    }

    /// Steps up to quarter `until`, or to an interruption at the end of a quarter; observed years are added to `years`.
    /// Returns whether it was interrupted.
    ///
    /// # Errors
    /// When the sink fails.
    pub fn advance(
        &mut self,
        until: u16,
        sink: &mut dyn Sink,
        years: &mut Vec<YearTotals>,
        interrupt: &AtomicBool,
    ) -> Result<bool, Error> {
        let model = self.model;
        while self.economy.step < until {
            self.step();
            sink.quarter(model, &self.economy)?;
            if model.checks && !self.year_closed() {
                self.check_rows();
            }
            if self.year_closed() {
                let totals = self.collect_year();
                if model.checks || cfg!(debug_assertions) {
                    self.check(&totals);
                }
                if self.observing() {
                    for total in totals {
                        sink.year(model, &total)?;
                        years.push(total);
                    }
                    hand_over(self, sink)?;
                }
            }
            if interrupt.load(Ordering::Relaxed) && self.economy.step < until {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// One quarter for every firm. Firms read the visible states of the start of the quarter and write their own rows, so the
    /// order in which chunks are stepped, and by which thread, makes no difference.
    pub fn step(&mut self) {
        let now = self.model.environment(self.economy.step);
        if self.model.programme.due(self.economy.step) {
            self.enrol(&now);
        }
        let Economy { chunks, visible, register, step } = &mut self.economy;
        let (model, step, circles) = (self.model, *step, &register.circles[..]);
        let seen = &*visible;
        let each = |chunk: &mut Chunk| {
            SCRATCH.with_borrow_mut(|scratch| step_chunk(model, &now, seen, circles, step, chunk, scratch));
        };
        if self.parallel {
            chunks.par_iter_mut().for_each(each);
        } else {
            chunks.iter_mut().for_each(each);
        }
        let mut rest = visible.as_mut();
        let own = chunks.iter_mut().map(|chunk| {
            let own = rest.take(chunk.firms.len());
            (chunk, own)
        });
        let tell = |(chunk, mut own): (&mut Chunk, VisibleStatesMut)| {
            for (slot, visible) in chunk.updates.drain(..) {
                own.set((slot - chunk.first) as usize, visible);
            }
        };
        if self.parallel {
            own.collect::<Vec<_>>().into_par_iter().for_each(tell);
        } else {
            own.for_each(tell);
        }
        self.economy.step += 1;
    }

    /// Gives a measure of the model's programme to firms, by slot and generation, at the start of the coming quarter.
    pub fn give(&mut self, measure: u16, firms: &[(u32, u16)]) {
        let Model { programme, seed, peers, homes, .. } = self.model;
        for chunk in &mut self.economy.chunks {
            chunk.accounts.paid.resize(programme.measures.len(), 0.0);
        }
        let units: Vec<f32> = homes.iter().map(|home| home.unit_usd).collect();
        let visit = self.model.environment(self.economy.step).visit;
        give(
            programme,
            measure,
            firms,
            &Ground { seed: *seed, peers, units: &units, visit: &visit },
            &mut self.economy,
        );
    }

    /// Holds the rounds of support measures that are due.
    fn enrol(&mut self, now: &Environment) {
        let Model { programme, seed, peers, homes, .. } = self.model;
        let units: Vec<f32> = homes.iter().map(|home| home.unit_usd).collect();
        enrol(programme, &Ground { seed: *seed, peers, units: &units, visit: &now.visit }, &mut self.economy);
    }

    /// Has a year just been completed?
    pub fn year_closed(&self) -> bool {
        self.economy.step > 0 && self.economy.step.is_multiple_of(4)
    }

    /// Is the burn-in over?
    pub fn observing(&self) -> bool {
        self.economy.step > self.model.burn_in
    }

    /// The totals of the year just completed, home by home; the counts of the chunks start again at 0.
    pub fn collect_year(&mut self) -> Vec<YearTotals> {
        let year = self.model.calendar(i32::from(self.economy.step) - 1);
        let mut totals: Vec<YearTotals> = (0..self.model.homes.len())
            .map(|home| YearTotals { home: home as u8, year, flows: [0; FLOWS], sums: [0.0; SUMS] })
            .collect();
        for chunk in &mut self.economy.chunks {
            let total = &mut totals[usize::from(chunk.home)];
            for (to, from) in total.flows.iter_mut().zip(chunk.accounts.flows) {
                *to += from;
            }
            for (to, from) in total.sums.iter_mut().zip(chunk.accounts.sums) {
                *to += from;
            }
            let unit = f64::from(self.model.homes[usize::from(chunk.home)].unit_usd);
            for (measure, paid) in chunk.accounts.paid.iter().enumerate().filter(|(_, paid)| **paid > 0.0) {
                let payment = Payment { measure: measure as u16, step: self.economy.step - 1, cost: paid * unit };
                self.economy.register.payments.push(payment);
            }
            chunk.accounts.clear_year();
        }
        totals
    }

    /// Adds the tallies of all chunks up.
    pub fn tallies(&self) -> Tallies {
        let mut tallies = Accounts::new(self.model.world.countries.len(), Notes::default()).tallies;
        for chunk in &self.economy.chunks {
            tallies.add(&chunk.accounts.tallies);
        }
        tallies
    }

    /// Checks what must hold at every year's end, of the `totals` of a year observed and of all rows.
    ///
    /// # Panics
    /// When it does not, naming quarter, firm and rule.
    pub fn check(&self, totals: &[YearTotals]) {
        let step = self.economy.step;
        for total in totals.iter().filter(|_| self.observing()) {
            let home = &self.model.homes[usize::from(total.home)];
            assert_eq!(
                total.flows[Flow::Births as usize],
                total.flows[Flow::Deaths as usize],
                "quarter {step}: births fill freed slots"
            );
            assert_eq!(total.sum(Sum::Firms), f64::from(home.count), "quarter {step}: firms = old + born − dead");
            assert!(total.sum(Sum::Exporters) <= total.sum(Sum::Firms), "quarter {step}: more exporters than firms");
        }
        self.check_rows();
    }

    /// Checks what must hold of the rows of every firm at every quarter's end.
    ///
    /// # Panics
    /// When it does not, naming quarter, firm and rule.
    pub fn check_rows(&self) {
        let step = self.economy.step;
        let visible = &self.economy.visible;
        self.economy.for_each(|slot, firm, ties, relations| {
            let at = || format!("quarter {step}, firm {slot} (generation {})", firm.generation);
            assert!(
                firm.slack.is_finite() && firm.size >= 1.0 && firm.capacity > 0.0,
                "{}: money and size are finite",
                at()
            );
            assert!((0.0..=1.0).contains(&firm.proactivity) && (0.0..=1.0).contains(&firm.inertia), "{}: shares", at());
            let unhindered = self.model.theory.barrier.unhindered(&firm.barriers);
            assert_eq!(firm.unhindered, unhindered, "{}: barriers and what they leave unhindered agree", at());
            for tie in ties {
                assert!((0.0..=1.0).contains(&tie.trust), "{}: trust {} is a share", at(), tie.trust);
                assert!(tie.state != TieState::Gone, "{}: a tie that is gone was kept", at());
                assert!(
                    tie.state == TieState::Contact || relations.iter().any(|relation| relation.market == tie.market),
                    "{}: something was done in market {} without a relation",
                    at(),
                    tie.market
                );
            }
            for relation in relations {
                let customers =
                    ties.iter().filter(|tie| tie.market == relation.market && tie.state == TieState::Customer);
                let count = customers.count();
                assert!(relation.stage == 0 || relation.since >= 0, "{}: a stage without a market served", at());
                assert!(count == 0 || relation.since >= 0, "{}: customers in a market not entered", at());
                // The counter stops at 255, so a firm of very many ties may have more customers than it counts.
                assert!(
                    usize::from(relation.customers) == count || ties.len() >= 128,
                    "{}: market {} counts {} customers and has {count}",
                    at(),
                    relation.market,
                    relation.customers
                );
                assert!(
                    relation.stage == 0 || relation.customers_offline > 0,
                    "{}: stage {} without an offline customer",
                    at(),
                    relation.stage
                );
                assert!(
                    visible[slot as usize].has(relation.market) == (count > 0),
                    "{}: the visible state shows the ties",
                    at()
                );
                assert!((0.0..=1.0).contains(&relation.knowledge), "{}: knowledge is a share", at());
            }
        });
    }
}

/// One quarter of one chunk.
fn step_chunk(
    model: &Model,
    now: &Environment,
    visible: &VisibleStates,
    circles: &[u32],
    step: u16,
    chunk: &mut Chunk,
    scratch: &mut Scratch,
) {
    let Chunk { home: home_index, first, firms, ties, relations, supports, careers, updates, accounts } = chunk;
    let home = &model.homes[usize::from(*home_index)];
    let at = Setting { model, now, visible, circles, home, home_index: *home_index, step };
    accounts.observing = step >= model.burn_in;
    scratch.restart();
    let mut out = Out { accounts, careers, updates };
    // Rows of firms that stay asleep are handed on as they are, a run of firms at a time.
    let mut waiting = Waiting { ties, relations, to: Cut::default() };
    let mut rest = &supports[..];
    for (slot, firm) in (*first..).zip(firms.iter_mut()) {
        waiting.to = waiting.to.after(firm);
        let mut own = Own::new(&at, slot, firm, own_supports(&mut rest, slot), waiting, scratch);
        if step_firm(&at, &mut own, &mut out) {
            waiting = waiting.rest();
        }
    }
    waiting.hand_on(scratch);
    replace(ties, scratch.ties.all());
    replace(relations, scratch.relations.all());
    if !model.extension.theories.is_empty() {
        shape(model, step, *first, firms, (ties, relations));
    }
    let actions = &model.programme.actions;
    supports.retain(|support| {
        let lives = firms[(support.slot - *first) as usize].generation == support.generation;
        lives && !actions[usize::from(support.action)].over(support.age(step))
    });
    if step % 4 == 3 {
        close_year(model, step, chunk, &scratch.sights);
    }
}

/// Lets theories of the user's own make of every firm of a chunk what they will.
fn shape(model: &Model, step: u16, first: u32, firms: &mut [Firm], (ties, relations): (&[Tie], &[Relation])) {
    let (mut ties, mut relations) = (ties, relations);
    for (slot, firm) in (first..).zip(firms) {
        let (own_ties, other_ties) = ties.split_at(usize::from(firm.ties));
        let (own_relations, other_relations) = relations.split_at(usize::from(firm.relations));
        (ties, relations) = (other_ties, other_relations);
        let view = FirmView { model, slot, firm, ties: own_ties, relations: own_relations, step };
        let Traits { proactivity, inertia, skill, digital, objectives, barriers } = model.extension.after(&view);
        (firm.proactivity, firm.inertia) = (proactivity, inertia);
        (firm.skill, firm.digital, firm.objectives) = (skill, digital, objectives);
        firm.barriers = barriers;
        firm.unhindered = model.theory.barrier.unhindered(&barriers);
    }
}

/// The supports of a slot, which are the first of the rest if it has any.
#[inline]
fn own_supports<'a>(rest: &mut &'a [Support], slot: u32) -> &'a [Support] {
    let own = rest.iter().take_while(|support| support.slot == slot).count();
    let (own, others) = rest.split_at(own);
    *rest = others;
    own
}

/// Closes the year of every firm of a chunk; `sights` go with the markets in hand.
fn close_year(model: &Model, step: u16, chunk: &mut Chunk, sights: &Rows<Sight>) {
    let Chunk { home, first, firms, ties, relations, careers, accounts, .. } = chunk;
    let home = &model.homes[usize::from(*home)];
    let view = View {
        threshold: home.threshold,
        beyond: &home.beyond,
        regions: &model.regions,
        felt: &home.felt,
        year: step / 4,
        step,
    };
    let (mut ties, mut relations, mut sights) = (&ties[..], &mut relations[..], sights.all());
    for (slot, firm) in (*first..).zip(firms) {
        let (own_ties, other_ties) = ties.split_at(usize::from(firm.ties));
        let (own_relations, other_relations) = relations.split_at_mut(usize::from(firm.relations));
        let (own_sights, other_sights) = sights.split_at(usize::from(firm.live));
        (ties, relations, sights) = (other_ties, other_relations, other_sights);
        year::close(slot, firm, own_ties, own_relations, own_sights, careers, accounts, &view);
    }
}

/// Copies rows over, growing the room by a sixteenth more than needed when it is too small.
fn replace<T: Copy>(rows: &mut Vec<T>, next: &[T]) {
    rows.clear();
    if rows.capacity() < next.len() {
        rows.reserve_exact(next.len() + next.len() / 16);
    }
    rows.extend_from_slice(next);
}

/// Runs a model from quarter 0 to its end, or to an interruption at the end of a quarter.
///
/// # Errors
/// When the sink fails.
pub fn run(model: &Model, notes: Notes, sink: &mut dyn Sink, interrupt: &AtomicBool) -> Result<Outcome, Error> {
    let mut simulation = Simulation::new(model, notes);
    sink.begin(model, &simulation.economy)?;
    let mut years = Vec::new();
    let interrupted = simulation.advance(model.quarters, sink, &mut years, interrupt)?;
    finish(&mut simulation, sink)?;
    sink.end(model, interrupted)?;
    let tallies = simulation.tallies();
    let quarters = simulation.economy.step;
    Ok(Outcome { years, tallies, economy: simulation.economy, quarters, interrupted })
}

/// Hands the notes of all chunks over, in order of slot.
fn hand_over(simulation: &mut Simulation, sink: &mut dyn Sink) -> Result<(), Error> {
    let model = simulation.model;
    let year = model.calendar(i32::from(simulation.economy.step) - 1);
    for chunk in &mut simulation.economy.chunks {
        hand_over_chunk(model, year, chunk, sink)?;
    }
    Ok(())
}

fn hand_over_chunk(model: &Model, year: i32, chunk: &mut Chunk, sink: &mut dyn Sink) -> Result<(), Error> {
    let accounts = &mut chunk.accounts;
    let mut taken = Taken {
        events: std::mem::take(&mut accounts.events),
        panel: std::mem::take(&mut accounts.panel),
        firms: std::mem::take(&mut accounts.firms),
        lives: std::mem::take(&mut accounts.lives),
    };
    sink.notes(model, year, &mut taken)
}

/// Cuts all lives off at the last quarter and hands them over, chunk by chunk to spare memory.
pub(crate) fn finish(simulation: &mut Simulation, sink: &mut dyn Sink) -> Result<(), Error> {
    let (model, step) = (simulation.model, simulation.economy.step);
    let year = model.calendar(i32::from(step) - 1);
    for chunk in &mut simulation.economy.chunks {
        let Chunk { first, firms, relations, careers, accounts, .. } = &mut *chunk;
        let mut at = 0;
        for (i, firm) in firms.iter_mut().enumerate() {
            let own = at..at + usize::from(firm.relations);
            at = own.end;
            finish_life(model, accounts, careers, *first + i as u32, firm, &relations[own], step, false);
        }
        hand_over_chunk(model, year, chunk, sink)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Plan;
    use crate::scenario::Loaded;

    /// A model of two homes whose firms are eager enough that much happens to few, for seven years.
    fn model(settings: &str) -> Model {
        let text = format!(
            "population.firms = 3000\npopulation.homes = [\"BEL\", \"IRL\"]\nworld.largest = 20\nrun.years = 4\n\
             run.burn_in = 3\nrun.start = 2012\nmechanism.search.rate = 9.0\n{settings}"
        );
        let loaded = Loaded::read("engine.toml", &text, &[]).expect("the settings are right");
        Plan::new(&loaded).expect("the plan can be made").model(0).expect("the network can be made")
    }

    /// Steps two simulations side by side and compares all that is counted, added up and shown, and all ties.
    fn assert_twins(mut one: Simulation, mut other: Simulation, mut before: impl FnMut(&mut Simulation)) {
        let mut exporters = 0.0;
        for quarter in 0..one.model.quarters {
            before(&mut other);
            one.step();
            other.step();
            assert_eq!(one.economy.visible, other.economy.visible, "what firms show in quarter {quarter}");
            for (a, b) in one.economy.chunks.iter().zip(&other.economy.chunks) {
                assert_eq!(a.accounts.flows, b.accounts.flows, "counts in quarter {quarter}, slots from {}", a.first);
                assert_eq!(a.accounts.sums, b.accounts.sums, "sums in quarter {quarter}, slots from {}", a.first);
                let ties = |chunk: &Chunk| {
                    chunk.ties.iter().map(|tie| (tie.which(), tie.trust.to_bits(), tie.state)).collect::<Vec<_>>()
                };
                assert_eq!(ties(a), ties(b), "ties in quarter {quarter}, slots from {}", a.first);
            }
            if one.year_closed() {
                exporters += one.collect_year().iter().map(|total| total.sum(Sum::Exporters)).sum::<f64>();
                other.collect_year();
            }
        }
        assert!(exporters > 100.0, "only {exporters} exporter years: too quiet to tell");
    }

    #[test]
    fn sleep_changes_no_bit() {
        let rules = ["", "mechanism.decision.rule = \"casino\"", "mechanism.decision.rule = \"full-information\""];
        for settings in rules {
            let model = model(settings);
            let simulation = || Simulation::new(&model, Notes::default());
            let mut slept = 0;
            assert_twins(simulation(), simulation(), |sleepless| {
                for firm in sleepless.economy.chunks.iter_mut().flat_map(|chunk| &mut chunk.firms) {
                    slept += u32::from(firm.dormant);
                    firm.dormant = false;
                }
            });
            assert!(slept > 1000, "only {slept} firm-quarters slept through");
        }
    }

    #[test]
    fn threads_change_no_bit() {
        let model = model("");
        let simulation = |parallel| Simulation { parallel, ..Simulation::new(&model, Notes::default()) };
        assert_twins(simulation(false), simulation(true), |_| {});
    }

    #[test]
    fn notes_change_no_bit() {
        let model = model("");
        let all = Notes { events: true, panel: true, firms: true, lives: true };
        assert_twins(Simulation::new(&model, Notes::default()), Simulation::new(&model, all), |_| {});
    }
}
