//! Demography: failures and births, critical incidents, growth; and the record of a life that ends.

use super::arrivals::{Arrival, miss};
use super::contacts::arrive;
use super::decisions::note_exit;
use super::support::renew_reach;
use super::survey::{screening, survey};
use super::{FAILURE, Out, Own, Setting, Survey, UNKNOWN};
use crate::draw::{Address, Purpose};
use crate::economy::accounts::{Accounts, Event, EventKind, Flow, History};
use crate::economy::career::Careers;
use crate::engine::model::Model;
use crate::firm::{Exit, Firm, NONE, Orientation, Origin, Relation};
use crate::number::{strikes, strikes_in_year, strikes_next};

/// Failures and births, critical incidents, and on its anniversary the firm's growth.
#[inline]
pub(super) fn demography(at: &Setting, own: &mut Own, out: &mut Out) {
    let theory = &at.model.theory;
    let age = age_of(at, own);
    let newness = at.model.newness[Model::age_row(age)];
    let firm = &*own.firm;
    let mut hazard = theory.demography.hazard(newness, age as f32 / 4.0, firm.failure_scale, firm.slack);
    if theory.strain.acts() && firm.first_sale >= 0 {
        hazard += strain(at, own);
    }
    // Failures from below; the rest of the draw, stretched to a whole one, decides on incidents.
    let draw = own.quarter.draws.part(FAILURE);
    if strikes(hazard, draw) {
        fail(at, own, out);
        found(at, own, out);
        return;
    }
    if strikes_next(hazard, theory.incident.hazard(), draw) {
        incident(at, own, out);
    }
    if anniversary(at, own) {
        grow(at, own, newness);
    }
}

/// What going abroad early, or fast and far, adds to the hazard of failing.
fn strain(at: &Setting, own: &Own) -> f32 {
    let firm = &*own.firm;
    let age = f32::from(firm.first_sale.saturating_sub(firm.born)) / 4.0;
    let abroad = (f32::from(at.step) - f32::from(firm.first_sale)) / 4.0;
    let rows = &own.waiting.relations[..own.waiting.to.relation];
    let served = rows[rows.len() - usize::from(firm.relations)..].iter().filter(|relation| relation.since >= 0);
    let (markets, distance) = served.fold((0.0, 0.0), |(markets, distance), relation| {
        (markets + 1.0, distance + at.home.felt[usize::from(relation.market)])
    });
    at.model.theory.strain.hazard(age, abroad, firm.successes, markets, distance)
}

/// Age in quarters.
#[inline]
pub(super) fn age_of(at: &Setting, own: &Own) -> i32 {
    i32::from(at.step) - i32::from(own.firm.born)
}

/// Has the firm just completed a year of age?
#[inline]
pub(super) fn anniversary(at: &Setting, own: &Own) -> bool {
    let age = age_of(at, own);
    age > 0 && age & 3 == 0
}

/// The firm fails: it leaves its markets, its ties end, its life is written down.
fn fail(at: &Setting, own: &mut Own, out: &mut Out) {
    own.supports = &[];
    survey(at, own);
    for i in 0..usize::from(own.firm.live) {
        own.scratch.slots[usize::from(own.scratch.relations[i].market)] = 0;
        if own.scratch.relations[i].since >= 0 {
            note_exit(at, own, out, i, Exit::Failure);
        }
    }
    out.accounts.count(Flow::Deaths);
    let (slot, generation, step) = (own.slot, own.firm.generation, at.step);
    out.accounts.note(slot, || Event::of_firm(EventKind::Death, slot, generation, step));
    finish_life(at.model, out.accounts, out.careers, slot, own.firm, &own.scratch.relations, step, true);
    own.scratch.ties.clear();
    own.scratch.relations.clear();
    own.scratch.sights.clear();
    own.quarter.survey = Survey::default();
    own.quarter.surveyed = false;
}

/// A newborn takes the place, with the contacts of its founders.
fn found(at: &Setting, own: &mut Own, out: &mut Out) {
    let model = at.model;
    let generation = own.firm.generation.wrapping_add(1);
    *own.firm = model.firm(at.home_index, own.slot, generation, at.step as i16, model.population.entrant_tail);
    own.quarter.draws = model.seed.block(Address::firm(own.slot, generation, Purpose::Quarter, at.step));
    (own.quarter.screening, own.quarter.screening_before) = (UNKNOWN, UNKNOWN);
    out.accounts.count(Flow::Births);
    let (slot, step) = (own.slot, at.step);
    out.accounts.note(slot, || Event::of_firm(EventKind::Birth, slot, generation, step));
    let (founders, screening) = (founder_contacts(at, own), screening(at, own));
    for ordinal in 0..founders.passing(screening) {
        arrive(at, own, out, Origin::Founder, ordinal, step, screening);
    }
    miss(at, own, out, &founders, founders.passing(screening));
    own.firm.dormant = own.scratch.ties.is_empty();
    own.quarter.old = own.scratch.ties.len();
}

/// The contacts that the founders brought.
#[inline]
pub(super) fn founder_contacts(at: &Setting, own: &Own) -> Arrival {
    let u = at.model.founder_draw(own.slot, own.firm);
    Arrival { origin: Origin::Founder, mean: at.model.theory.founder.mean(), u }
}

/// A critical incident.
fn incident(at: &Setting, own: &mut Own, out: &mut Out) {
    let incident = &at.model.theory.incident;
    let firm = &mut *own.firm;
    firm.awake_until = (i32::from(at.step) + (4.0 * incident.years) as i32).min(i32::from(i16::MAX)) as i16;
    firm.slack += incident.slack;
    firm.proactivity = incident.awakened(firm.proactivity);
    firm.inertia = 0.0;
    firm.orientation = Orientation::Proactive;
    out.accounts.count(Flow::Incidents);
    let (slot, generation, step) = (own.slot, own.firm.generation, at.step);
    out.accounts.note(slot, || Event::of_firm(EventKind::Incident, slot, generation, step));
}

/// A year of growth at home, and a year's chance to change orientation.
fn grow(at: &Setting, own: &mut Own, newness: f32) {
    let theory = &at.model.theory;
    let draws = at.model.seed.block(Address::firm(own.slot, own.firm.generation, Purpose::Growth, at.step));
    let firm = &mut *own.firm;
    if theory.growth.on {
        let exported = firm.exports_last > 0.0;
        firm.ln_size = theory.growth.next(firm.ln_size, newness, exported, draws.uniform(0));
        at.model.rescale(firm);
        if firm.on_sns {
            renew_reach(at, own);
        }
    }
    let firm = &mut *own.firm;
    let customer = || at.visible[own.slot as usize].count() > 0;
    let change = &theory.orientation;
    match firm.orientation {
        Orientation::Proactive => {
            if strikes_in_year(change.relapse_hazard(firm.proactivity), draws.uniform(2)) && !customer() {
                firm.orientation = if firm.successes > 0 { Orientation::Passive } else { Orientation::NonExporter };
            }
        }
        _ => {
            let a = firm.proactivity * theory.inertia.drive(firm.inertia);
            let mut hazard = change.turn_hazard(a);
            if theory.force.acts() {
                let pressure = (f32::from(firm.sector) + 0.5) / at.model.population.sectors as f32;
                hazard *= theory.force.push(at.now.web, pressure, firm.lessons, firm.ties);
            }
            if strikes_in_year(hazard, draws.uniform(1)) {
                firm.orientation = Orientation::Proactive;
            }
        }
    }
}

/// Writes a life down that ends (or is cut off) at `step`, and gives its career rows back.
#[allow(clippy::too_many_arguments)]
pub fn finish_life(
    model: &Model,
    accounts: &mut Accounts,
    careers: &mut Careers,
    slot: u32,
    firm: &mut Firm,
    relations: &[Relation],
    step: u16,
    died: bool,
) {
    if accounts.notes.lives && step > model.burn_in {
        let mut years = Vec::new();
        careers.read(firm.career, &mut years);
        let mut entered: Vec<&Relation> = relations.iter().filter(|relation| relation.rank > 0).collect();
        entered.sort_by_key(|relation| relation.rank);
        let felt = &model.homes[usize::from(firm.home)].felt;
        accounts.lives.push(History {
            slot,
            firm: *firm,
            size_at_end: firm.size,
            end: step,
            died,
            max_stage: years.iter().map(|year| year.stage).max().unwrap_or(0),
            years,
            entry_distances: entered.iter().map(|relation| felt[usize::from(relation.market)]).collect(),
        });
    }
    careers.release(firm.career);
    firm.career = NONE;
}
