//! Small populations for experiments: set up by a few settings, run or stepped, and compared firm by firm.

use fondaco::economy::accounts::{Event, EventKind, FirmRow, Flow, History, Notes, PanelRow, Sum};
use fondaco::economy::{Chunk, Economy};
use fondaco::engine::model::Model;
use fondaco::engine::{Outcome, Simulation, Sink, Taken, YearTotals, run};
use fondaco::error::Error;
use fondaco::experiment::Plan;
use fondaco::firm::{Firm, NONE, Relation, Tie};
use fondaco::scenario::{Flag, Loaded};
use std::fmt::Debug;
use std::sync::atomic::AtomicBool;

/// What all experiments start from: few firms, few years, every identity verified in every quarter.
const BASE: &str = "\
    run.years = 6\nrun.burn_in = 4\nrun.start = 2010\nrun.checks = true\n\
    population.firms = 600\nworld.largest = 20\noutput.figures = false\n";

/// Everything that brings firms contacts, or makes them fail, adopt, grow and wake up: for experiments that leave one.
pub const NOTHING_ELSE: &[&str] = &[
    "mechanism.search.on=false",
    "mechanism.unsolicited.on=false",
    "mechanism.sns.on=false",
    "mechanism.referral.on=false",
    "mechanism.peer.on=false",
    "mechanism.agent.on=false",
    "mechanism.founder.on=false",
    "mechanism.demography.on=false",
    "mechanism.adoption.on=false",
    "mechanism.growth.on=false",
    "mechanism.incident.on=false",
];

/// Every kind of note.
pub const ALL_NOTES: Notes = Notes { events: true, panel: true, firms: true, lives: true };

/// The base with settings laid over it; later ones win.
pub fn loaded(settings: &[&str]) -> Loaded {
    let flags: Vec<Flag> = settings.iter().map(|assignment| Flag::set(assignment)).collect();
    Loaded::read("laboratory.toml", BASE, &flags).unwrap_or_else(|error| panic!("{error}"))
}

/// The same, worked out.
pub fn plan(settings: &[&str]) -> Plan {
    Plan::new(&loaded(settings)).unwrap_or_else(|error| panic!("{error}"))
}

/// The same, as the model of the first replicate.
pub fn model(settings: &[&str]) -> Model {
    plan(settings).model(0).unwrap_or_else(|error| panic!("{error}"))
}

/// Settings with more laid over them.
pub fn with<'a>(settings: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    settings.iter().chain(more).copied().collect()
}

/// All that a run said.
pub struct Told {
    pub years: Vec<YearTotals>,
    pub events: Vec<Event>,
    pub panel: Vec<PanelRow>,
    pub firms: Vec<FirmRow>,
    pub lives: Vec<History>,
    pub outcome: Outcome,
}

#[derive(Default)]
struct Ear {
    events: Vec<Event>,
    panel: Vec<PanelRow>,
    firms: Vec<FirmRow>,
    lives: Vec<History>,
}

impl Sink for Ear {
    fn notes(&mut self, _: &Model, _: i32, taken: &mut Taken) -> Result<(), Error> {
        self.events.append(&mut taken.events);
        self.panel.append(&mut taken.panel);
        self.firms.append(&mut taken.firms);
        self.lives.append(&mut taken.lives);
        Ok(())
    }
}

/// Runs a model to its end and listens to all it says.
pub fn tell(model: &Model) -> Told {
    let mut ear = Ear::default();
    let outcome = run(model, ALL_NOTES, &mut ear, &AtomicBool::new(false)).unwrap_or_else(|error| panic!("{error}"));
    let Ear { events, panel, firms, lives } = ear;
    Told { years: outcome.years.clone(), events, panel, firms, lives, outcome }
}

/// Runs the base with settings laid over it.
pub fn tell_of(settings: &[&str]) -> Told {
    tell(&model(settings))
}

impl Told {
    /// A count over all observed years and homes.
    pub fn flow(&self, flow: Flow) -> f64 {
        self.years.iter().map(|year| year.flow(flow)).sum()
    }

    /// A sum over all observed years and homes.
    pub fn sum(&self, sum: Sum) -> f64 {
        self.years.iter().map(|year| year.sum(sum)).sum()
    }

    /// Events of one kind.
    pub fn events(&self, kind: EventKind) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| event.kind == kind)
    }
}

/// Steps to quarter `step`; the totals of the years on the way are forgotten.
pub fn step_to(simulation: &mut Simulation, step: u16) {
    while simulation.economy.step < step {
        simulation.step();
        if simulation.year_closed() {
            simulation.collect_year();
        }
    }
}

/// The firms of an economy with their ties and relations, in order of slot.
pub fn rows(economy: &Economy) -> Vec<(Firm, Vec<Tie>, Vec<Relation>)> {
    let mut rows = Vec::with_capacity(economy.len());
    economy.for_each(|_, firm, ties, relations| rows.push((*firm, ties.to_vec(), relations.to_vec())));
    rows
}

/// Changes the firm at a slot and its ties, as no step of the model does.
pub fn touch(economy: &mut Economy, slot: u32, change: impl FnOnce(&mut Firm, &mut Vec<Tie>)) {
    let chunk = economy
        .chunks
        .iter_mut()
        .find(|chunk| (chunk.first..chunk.first + chunk.firms.len() as u32).contains(&slot))
        .expect("the slot is simulated");
    let i = (slot - chunk.first) as usize;
    let before: usize = chunk.firms[..i].iter().map(|firm| usize::from(firm.ties)).sum();
    let own = before..before + usize::from(chunk.firms[i].ties);
    let mut ties = chunk.ties[own.clone()].to_vec();
    change(&mut chunk.firms[i], &mut ties);
    chunk.firms[i].ties = ties.len() as u16;
    // Whatever was changed, the firm has to look at it.
    chunk.firms[i].dormant = false;
    chunk.ties.splice(own, ties);
}

/// The slots whose firm, ties or relations differ in two economies.
pub fn differing(a: &Economy, b: &Economy) -> Vec<u32> {
    // Where a firm's career is filed depends on whose careers were filed before.
    let unfiled = |economy: &Economy| {
        let mut rows = rows(economy);
        rows.iter_mut().filter(|(firm, ..)| firm.career != NONE).for_each(|(firm, ..)| firm.career = 0);
        rows
    };
    let (a, b) = (unfiled(a), unfiled(b));
    (0..a.len() as u32).filter(|slot| a[*slot as usize] != b[*slot as usize]).collect()
}

/// Fails with period, column and firm at the first difference between two economies and their accounts.
pub fn assert_same(who: &str, a: &Economy, b: &Economy) {
    assert_eq!(a.step, b.step, "{who}: the quarter");
    let quarter = format!("{who}, quarter {}", a.step);
    for (x, y) in a.chunks.iter().zip(&b.chunks) {
        assert_same_chunk(&quarter, x, y);
    }
    assert_eq!(a.chunks.len(), b.chunks.len(), "{quarter}: chunks");
    for (slot, (x, y)) in a.visible.iter().zip(b.visible.iter()).enumerate() {
        assert_same_row(&quarter, &format!("the visible state of slot {slot}"), x, y);
    }
}

fn assert_same_chunk(quarter: &str, a: &Chunk, b: &Chunk) {
    let mut others = Vec::with_capacity(b.firms.len());
    b.for_each(|slot, firm, ties, relations| others.push((slot, *firm, ties.to_vec(), relations.to_vec())));
    let mut i = 0;
    a.for_each(|slot, firm, ties, relations| {
        let (_, other, other_ties, other_relations) = &others[i];
        i += 1;
        assert_same_row(quarter, &format!("firm {slot}"), firm, other);
        assert_same_rows(quarter, &format!("ties of firm {slot}"), ties, other_ties);
        assert_same_rows(quarter, &format!("relations of firm {slot}"), relations, other_relations);
    });
    let chunk = |what: &str| format!("{what} of the chunk of firm {}", a.first);
    assert_same_row(quarter, &chunk("counts"), &a.accounts.flows, &b.accounts.flows);
    assert_same_row(quarter, &chunk("sums"), &a.accounts.sums, &b.accounts.sums);
    assert_same_row(quarter, &chunk("tallies"), &a.accounts.tallies, &b.accounts.tallies);
    assert_same_rows(quarter, &chunk("panel"), &a.accounts.panel, &b.accounts.panel);
    assert_same_rows(quarter, &chunk("yearly rows"), &a.accounts.firms, &b.accounts.firms);
    assert_same_rows(quarter, &chunk("lives"), &a.accounts.lives, &b.accounts.lives);
    // Events hold numbers that are not there as NaN, which equals nothing.
    let (x, y) = (format!("{:?}", a.accounts.events), format!("{:?}", b.accounts.events));
    if x != y {
        assert_eq!(
            a.accounts.events.len(),
            b.accounts.events.len(),
            "{quarter}: events of the chunk of firm {}",
            a.first
        );
        for (x, y) in a.accounts.events.iter().zip(&b.accounts.events) {
            let (one, other) = (format!("{x:#?}"), format!("{y:#?}"));
            assert!(one == other, "{quarter}: an event of firm {}: {}", x.slot, column(&one, &other));
        }
    }
}

fn assert_same_rows<T: PartialEq + Debug>(quarter: &str, what: &str, a: &[T], b: &[T]) {
    for (i, (x, y)) in a.iter().zip(b).enumerate() {
        if x != y {
            assert_same_row(quarter, &format!("{what}, row {i}"), x, y);
        }
    }
    assert_eq!(a.len(), b.len(), "{quarter}: number of {what}");
}

fn assert_same_row<T: PartialEq + Debug>(quarter: &str, what: &str, a: &T, b: &T) {
    if a != b {
        panic!("{quarter}: {what}: {}", column(&format!("{a:#?}"), &format!("{b:#?}")));
    }
}

/// The first line, which is a column, in which two rows differ.
fn column(a: &str, b: &str) -> String {
    let lines = a.lines().zip(b.lines()).find(|(a, b)| a != b);
    lines.map_or_else(|| "unlike in length".into(), |(a, b)| format!("{} against {}", a.trim(), b.trim()))
}

/// Fails unless a count with the given mean and standard deviation is within four of its deviations.
pub fn assert_near(what: &str, found: f64, mean: f64, deviation: f64) {
    let off = (found - mean) / deviation;
    assert!(off.abs() < 4.0, "{what}: {found} where {mean} was expected, {off:.1} standard errors off");
}
