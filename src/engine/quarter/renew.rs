//! Demography: failures and births, critical incidents, growth; and the record of a life that ends.

use super::meet::Arrival;
use super::{FATE, Survey, Turn, UNKNOWN};
use crate::draw::{Address, Purpose};
use crate::economy::book::{Book, Event, EventKind, Flow, Life};
use crate::economy::career::Careers;
use crate::engine::model::Model;
use crate::firm::{Exit, Firm, NONE, Orientation, Origin, Relation};
use crate::number::{strikes, strikes_in_year, strikes_next};

impl Turn<'_> {
    /// Failures and births, critical incidents, and on its anniversary the firm's growth.
    #[inline]
    pub(super) fn renew(&mut self) {
        let theory = &self.model.theory;
        let age = self.age();
        let newness = self.model.newness[Model::age_row(age)];
        let firm = &*self.firm;
        let mut hazard = theory.demography.hazard(newness, age as f32 / 4.0, firm.failure_scale, firm.slack);
        if theory.strain.acts() && firm.first_sale >= 0 {
            hazard += self.strain();
        }
        // Failures from below; the rest of the draw, stretched to a whole one, decides on incidents.
        let fate = self.draws.part(FATE);
        if strikes(hazard, fate) {
            self.fail();
            self.found();
            return;
        }
        if strikes_next(hazard, theory.incident.hazard(), fate) {
            self.shake();
        }
        if self.anniversary() {
            self.grow(newness);
        }
    }

    /// What going abroad early, or fast and far, adds to the hazard of failing.
    fn strain(&self) -> f32 {
        let firm = &*self.firm;
        let age = f32::from(firm.first_sale.saturating_sub(firm.born)) / 4.0;
        let abroad = (f32::from(self.step) - f32::from(firm.first_sale)) / 4.0;
        let rows = &self.waiting.relations[..self.waiting.to.relation];
        let served = rows[rows.len() - usize::from(firm.relations)..].iter().filter(|relation| relation.since >= 0);
        let (markets, distance) = served.fold((0.0, 0.0), |(markets, distance), relation| {
            (markets + 1.0, distance + self.home.felt[usize::from(relation.market)])
        });
        self.model.theory.strain.hazard(age, abroad, firm.successes, markets, distance)
    }

    /// Age in quarters.
    #[inline]
    pub(super) fn age(&self) -> i32 {
        i32::from(self.step) - i32::from(self.firm.born)
    }

    /// Has the firm just completed a year of age?
    #[inline]
    pub(super) fn anniversary(&self) -> bool {
        let age = self.age();
        age > 0 && age & 3 == 0
    }

    /// The firm fails: it leaves its markets, its ties end, its life is written down.
    fn fail(&mut self) {
        self.aided.supports = &[];
        self.look();
        for i in 0..usize::from(self.firm.live) {
            self.scratch.slots[usize::from(self.scratch.relations[i].market)] = 0;
            if self.scratch.relations[i].since >= 0 {
                self.note_exit(i, Exit::Failure);
            }
        }
        self.book.count(Flow::Deaths);
        let (place, life, step) = (self.place, self.firm.life, self.step);
        self.book.note(place, || Event::of_firm(EventKind::Death, place, life, step));
        finish_life(self.model, self.book, self.careers, place, self.firm, &self.scratch.relations, step, true);
        self.scratch.ties.clear();
        self.scratch.relations.clear();
        self.scratch.sights.clear();
        self.survey = Survey::default();
        self.looked = false;
    }

    /// A newborn takes the place, with the contacts of its founders.
    fn found(&mut self) {
        let model = self.model;
        let life = self.firm.life.wrapping_add(1);
        *self.firm = model.firm(self.home_index, self.place, life, self.step as i16, model.population.entrant_tail);
        self.draws = model.seed.block(Address::firm(self.place, life, Purpose::Quarter, self.step));
        (self.reach, self.reached) = (UNKNOWN, UNKNOWN);
        self.book.count(Flow::Births);
        let (place, step) = (self.place, self.step);
        self.book.note(place, || Event::of_firm(EventKind::Birth, place, life, step));
        let (founders, reach) = (self.founder_contacts(), self.reach());
        for ordinal in 0..founders.within(reach) {
            self.arrive(Origin::Founder, ordinal, step, reach);
        }
        self.miss(&founders, founders.within(reach));
        self.firm.dormant = self.scratch.ties.is_empty();
        self.old = self.scratch.ties.len();
    }

    /// The contacts that the founders brought.
    #[inline]
    pub(super) fn founder_contacts(&self) -> Arrival {
        let u = self.model.founder_draw(self.place, self.firm);
        Arrival { origin: Origin::Founder, mean: self.model.theory.founder.mean(), u }
    }

    /// A critical incident.
    fn shake(&mut self) {
        let incident = &self.model.theory.incident;
        let firm = &mut *self.firm;
        firm.awake_until = (i32::from(self.step) + (4.0 * incident.years) as i32).min(i32::from(i16::MAX)) as i16;
        firm.slack += incident.slack;
        firm.proactivity = incident.awakened(firm.proactivity);
        firm.inertia = 0.0;
        firm.orientation = Orientation::Proactive;
        self.book.count(Flow::Incidents);
        let (place, life, step) = (self.place, self.firm.life, self.step);
        self.book.note(place, || Event::of_firm(EventKind::Incident, place, life, step));
    }

    /// A year of growth at home, and a year's chance to change orientation.
    fn grow(&mut self, newness: f32) {
        let theory = &self.model.theory;
        let draws = self.model.seed.block(Address::firm(self.place, self.firm.life, Purpose::Growth, self.step));
        let firm = &mut *self.firm;
        if theory.growth.on {
            let exported = firm.exports_last > 0.0;
            firm.ln_size = theory.growth.next(firm.ln_size, newness, exported, draws.uniform(0));
            self.model.rescale(firm);
            if firm.on_sns {
                self.spread();
            }
        }
        let firm = &mut *self.firm;
        let customer = || self.faces[self.place as usize].count() > 0;
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
                    let pressure = (f32::from(firm.sector) + 0.5) / self.model.population.sectors as f32;
                    hazard *= theory.force.push(self.now.web, pressure, firm.lessons, firm.ties);
                }
                if strikes_in_year(hazard, draws.uniform(1)) {
                    firm.orientation = Orientation::Proactive;
                }
            }
        }
    }
}

/// Writes a life down that ends (or is cut off) at `step`, and gives its career rows back.
#[allow(clippy::too_many_arguments)]
pub fn finish_life(
    model: &Model,
    book: &mut Book,
    careers: &mut Careers,
    place: u32,
    firm: &mut Firm,
    relations: &[Relation],
    step: u16,
    died: bool,
) {
    if book.notes.lives && step > model.burn_in {
        let mut years = Vec::new();
        careers.read(firm.career, &mut years);
        let mut entered: Vec<&Relation> = relations.iter().filter(|relation| relation.rank > 0).collect();
        entered.sort_by_key(|relation| relation.rank);
        let felt = &model.homes[usize::from(firm.home)].felt;
        book.lives.push(Life {
            place,
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
