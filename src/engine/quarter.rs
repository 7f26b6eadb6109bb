//! One firm's quarter: the eight phases of the model, in order. Control flow lives here, equations in `mechanism`.
//!
//! A firm reads its own rows, the environment, and the faces that others showed at the start of the quarter; it
//! writes its own rows only. Every random number has an address, so the order of firms does not matter.

use super::environment::Environment;
use super::model::{Home, Model};
use super::rows::Rows;
use crate::draw::{Address, Block, Purpose};
use crate::economy::book::{Book, Event, EventKind, Flow, Life};
use crate::economy::career::Careers;
use crate::economy::support::Support;
use crate::firm::{Exit, Face, Firm, NONE, OFFLINE, Orientation, Origin, Relation, Sight, Tie, TieState};
use crate::mechanism::adoption::Inclination;
use crate::mechanism::decision::{Prospect, Rule, Verdict};
use crate::mechanism::knowledge::Lesson;
use crate::number::{normal, poisson, quarterly, strikes, strikes_in_year};
use crate::policy::support::{shape, shapes, total};
use crate::policy::{Action, Does};

/// Working memory of a thread, so that a quarter allocates nothing.
#[derive(Debug)]
pub struct Scratch {
    /// The rows of the next quarter; those of the firm in its turn, once it is awake, are what a slice of them shows.
    pub ties: Rows<Tie>,
    pub relations: Rows<Relation>,
    /// How the markets in hand look, once the firm has looked.
    pub sights: Rows<Sight>,
    /// Row of each market's relation plus one, 0 for none; all 0 between firms.
    slots: [u8; 256],
    /// The quarter's draws of the ties that existed when it began.
    draws: Vec<Block>,
    /// Ties of which something remains to be settled.
    pending: Vec<usize>,
}

impl Default for Scratch {
    fn default() -> Self {
        Self {
            ties: Rows::default(),
            relations: Rows::default(),
            sights: Rows::default(),
            slots: [0; 256],
            draws: Vec::new(),
            pending: Vec::new(),
        }
    }
}

impl Scratch {
    /// Begins a chunk.
    pub fn restart(&mut self) {
        self.ties.restart();
        self.relations.restart();
        self.sights.restart();
    }
}

/// Origins that arrive quarter by quarter: all but founders and policies.
const ORIGINS: usize = 6;

/// Where a quarter's block holds what, in bits: first and number. The others of the six origins, which concern few firms,
/// have words of a block of their own.
const FATE: (u32, u32) = (0, 22);
const SHOCK: (u32, u32) = (22, 22);
const POST: (u32, u32) = (44, 20);
const SEARCH: (u32, u32) = (64, 21);
const UNSOLICITED: (u32, u32) = (85, 21);
const PEER: (u32, u32) = (106, 22);

/// Most ties that a firm's row can count.
const MOST_TIES: usize = u16::MAX as usize;

/// What a firm finds out about its own ties at the start of a quarter.
#[derive(Clone, Copy, Debug, Default)]
struct Survey {
    trust: f32,
    stages: u32,
    online: u32,
}

/// What happened in the quarter so far.
#[derive(Clone, Copy, Debug, Default)]
struct Quarter {
    /// Money earned abroad less costs.
    net: f32,
    wanted: f32,
    successes: u32,
    ordered: bool,
}

/// What support measures mean to a firm: what it has of them, and the circles of all participants.
#[derive(Clone, Copy, Debug)]
pub struct Aided<'a> {
    pub supports: &'a [Support],
    pub circles: &'a [u32],
}

/// A firm in its quarter.
pub struct Turn<'a> {
    pub model: &'a Model,
    pub now: &'a Environment,
    pub faces: &'a [Face],
    pub aided: Aided<'a>,
    pub home: &'a Home,
    pub home_index: u8,
    pub place: u32,
    pub step: u16,
    pub firm: &'a mut Firm,
    /// Rows that are to be handed on once the firm is awake; the last are its own.
    waiting: Waiting<'a>,
    pub scratch: &'a mut Scratch,
    pub careers: &'a mut Careers,
    pub news: &'a mut Vec<(u32, Face)>,
    pub book: &'a mut Book,
    draws: Block,
    /// Contacts with a draw from here on are missed: a barrier keeps the firm from seeing what they could be.
    reach: f32,
    /// What `reach` was before barriers fell in this very quarter.
    reached: f32,
    /// Risk that the firm tolerates now.
    bearable: f32,
    /// Are its rows in the scratch memory? Are they surveyed?
    awake: bool,
    looked: bool,
    /// Ties that existed when the quarter began: only these can order or turn into customers.
    old: usize,
    /// Has a tie come farther, or ended?
    changed: bool,
    survey: Survey,
    quarter: Quarter,
}

/// A chunk's rows, of which those from one cut to another wait to be handed on: those of a run of firms that slept and,
/// last, of the firm in its turn.
#[derive(Clone, Copy, Debug)]
pub struct Waiting<'a> {
    pub ties: &'a [Tie],
    pub relations: &'a [Relation],
    pub from: Cut,
    pub to: Cut,
}

/// A position in the rows of a chunk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cut {
    pub tie: usize,
    pub relation: usize,
}

impl<'a> Turn<'a> {
    /// Prepares the quarter of a chunk's firms, to be taken up one by one; `waiting` are the chunk's rows.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        model: &'a Model,
        now: &'a Environment,
        faces: &'a [Face],
        home_index: u8,
        step: u16,
        firm: &'a mut Firm,
        waiting: Waiting<'a>,
        scratch: &'a mut Scratch,
        careers: &'a mut Careers,
        news: &'a mut Vec<(u32, Face)>,
        book: &'a mut Book,
    ) -> Self {
        Self {
            home: &model.homes[usize::from(home_index)],
            model,
            now,
            faces,
            aided: Aided { supports: &[], circles: &[] },
            home_index,
            place: 0,
            step,
            firm,
            waiting,
            scratch,
            careers,
            news,
            book,
            draws: Block::default(),
            reach: UNKNOWN,
            reached: UNKNOWN,
            bearable: UNKNOWN,
            awake: false,
            looked: false,
            old: 0,
            changed: false,
            survey: Survey::default(),
            quarter: Quarter::default(),
        }
    }

    /// Takes up the firm of the next place, whose rows come next.
    #[inline]
    pub fn take_up(&mut self, place: u32, firm: &'a mut Firm, aided: Aided<'a>) {
        let Cut { tie, relation } = self.waiting.to;
        let to = Cut { tie: tie + usize::from(firm.ties), relation: relation + usize::from(firm.relations) };
        self.draws = self.model.seed.block(Address::firm(place, firm.life, Purpose::Quarter, self.step));
        (self.place, self.firm, self.aided, self.waiting.to) = (place, firm, aided, to);
        (self.reach, self.reached, self.bearable) = (UNKNOWN, UNKNOWN, UNKNOWN);
        (self.awake, self.looked, self.changed, self.old) = (false, false, false, 0);
        (self.survey, self.quarter) = (Survey::default(), Quarter::default());
    }

    /// Hands on the rows of the firms that slept at the end of the chunk.
    pub fn hand_the_rest_on(&mut self) {
        let Waiting { ties, relations, from, .. } = self.waiting;
        self.scratch.ties.extend(&ties[from.tie..], 0);
        self.scratch.relations.extend(&relations[from.relation..], 0);
    }

    /// The quarter, and the news of it: what the firm shows from now on, if that has changed.
    #[inline]
    pub fn play(&mut self) {
        self.live();
        let shown = &self.faces[self.place as usize];
        if self.awake {
            self.waiting.from = self.waiting.to;
            self.firm.ties = self.scratch.ties.len() as u16;
            self.firm.relations = self.scratch.relations.len() as u16;
            let mut face = Face::new(self.firm.life, self.firm.born, self.firm.on_sns);
            for tie in self.scratch.ties.iter().filter(|tie| tie.state == TieState::Customer) {
                face.show(tie.market);
            }
            if face != *shown {
                self.news.push((self.place, face));
            }
        } else if self.firm.on_sns != shown.on_sns {
            self.news.push((self.place, Face::new(self.firm.life, self.firm.born, self.firm.on_sns)));
        }
    }

    /// Demography, SNS use, ties, contacts, decisions, trade, learning. The rows of a firm that was awake are those in the
    /// scratch memory afterwards, those of others are as before.
    ///
    /// Most firms are dormant: they have no tie, and whatever markets they once served they left. As long as they miss
    /// every contact that comes their way, they sleep. The phases in between would only let them forget, and that is
    /// made up for when they look abroad again (see [`Self::look`]).
    #[inline]
    fn live(&mut self) {
        if self.is_aided() {
            self.receive();
        }
        self.renew();
        if !self.firm.dormant {
            self.look();
        }
        self.post();
        let arrivals = self.arrivals(self.step, self.draws);
        if self.firm.dormant && !self.looked && self.misses_all(&arrivals) {
            self.trade_at_home();
            self.learn_about_itself();
            return;
        }
        self.look();
        self.keep();
        self.meet(&arrivals);
        if self.is_aided() {
            self.benefit();
        }
        if self.reached != UNKNOWN {
            self.recall();
        }
        self.decide();
        self.trade_at_home();
        self.trade_abroad();
        self.learn_about_itself();
        self.learn_markets();
    }

    // ---------------------------------------------------------------- 0. sleeping and waking

    /// Brings the firm's rows into the scratch memory.
    #[inline]
    fn wake(&mut self) {
        if !self.awake {
            self.awake = true;
            let Waiting { ties, relations, from, to } = self.waiting;
            self.scratch.ties.extend(&ties[from.tie..to.tie], usize::from(self.firm.ties));
            let relations = &relations[from.relation..to.relation];
            self.scratch.relations.extend(relations, usize::from(self.firm.relations));
            self.scratch.sights.begin();
            self.old = self.scratch.ties.len();
        }
    }

    /// Wakes and surveys its ties and markets, once a quarter.
    #[inline]
    fn look(&mut self) {
        if !self.looked {
            self.looked = true;
            self.wake();
            self.survey = Survey::default();
            self.survey();
        }
    }

    /// The markets left behind.
    #[inline]
    fn idle(&self) -> &[Relation] {
        &self.scratch.relations[usize::from(self.firm.live)..]
    }

    /// What is left of the knowledge of a market left behind; the last traces of a market never entered count for nothing.
    #[inline]
    fn faded(&self, relation: &Relation) -> f32 {
        let knowledge = relation.knowledge * self.model.left(self.step, relation);
        if relation.rank > 0 || knowledge > FORGOTTEN { knowledge } else { 0.0 }
    }

    /// How far a market left behind looks.
    #[inline]
    fn recollection(&self, relation: &Relation) -> f32 {
        let (view, _) = self.model.theory.distance.nearing(self.faded(relation), 0.0, 0.0);
        self.home.felt[usize::from(relation.market)] * view
    }

    /// Contacts with a draw below this are within reach: no barrier stops the firm.
    #[inline]
    fn reach(&mut self) -> f32 {
        if self.reach == UNKNOWN {
            self.reach = self.work_reach_out();
        }
        self.reach
    }

    fn work_reach_out(&self) -> f32 {
        self.model.theory.decision.reach(self.unhindered())
    }

    /// Chance that no barrier stops the firm, after what social networking sites cure.
    #[inline]
    fn unhindered(&self) -> f32 {
        let theory = &self.model.theory;
        if theory.remedy.on() && self.firm.on_sns {
            theory.barrier.unhindered(&theory.remedy.eased(&self.firm.barriers))
        } else {
            self.firm.unhindered
        }
    }

    /// Puts ties away that ended, and the others in order: customers, pursued contacts, mere contacts, each oldest first.
    /// Loops over ties then take the same branch many times in a row, which the processor foresees.
    #[inline]
    fn put_in_order(&mut self) {
        if self.changed {
            self.scratch.ties.retain(|tie| tie.state != TieState::Gone);
            self.scratch.ties.sort_by_key(|tie| std::cmp::Reverse(tie.state as u8));
        }
    }

    // ---------------------------------------------------------------- support measures

    /// Has the firm anything of a support measure?
    #[inline]
    fn is_aided(&self) -> bool {
        !self.aided.supports.is_empty()
    }

    /// What supports of a kind add up to, anywhere or in a market.
    #[inline]
    fn aid(&self, does: Does, market: Option<u8>) -> f32 {
        if !self.is_aided() {
            return 0.0;
        }
        total(self.aided.supports, &self.model.programme.actions, self.step, does, market)
    }

    /// Fellow participants, the firm itself among them.
    fn circle(&self) -> &'a [u32] {
        let Aided { supports, circles } = self.aided;
        let actions = &self.model.programme.actions;
        let meets = |support: &&Support| {
            support.fellows > 0 && actions[usize::from(support.action)].strength(support.age(self.step)) > 0.0
        };
        supports.iter().find(meets).map_or(&[], |support| support.fellows(circles))
    }

    /// What support gives at the start of a quarter: traits as it shapes them, money, courage, a place on SNS. A firm
    /// that has any of it does not sleep.
    fn receive(&mut self) {
        let model = self.model;
        let (actions, supports) = (&model.programme.actions, self.aided.supports);
        self.firm.dormant = false;
        if shapes(supports, actions) {
            self.reached = self.work_reach_out();
            let tail = model.population.size_tail;
            let born = model.population.newborn(model.seed, self.place, self.firm.life, self.firm.born, tail, 0.0);
            shape(self.firm, &born, supports, actions, self.step);
            self.firm.unhindered = model.theory.barrier.unhindered(&self.firm.barriers);
        }
        let mut measure = None;
        let step = self.step;
        for support in supports.iter().filter(|support| support.fresh(step)) {
            let action = &actions[usize::from(support.action)];
            if measure.replace(action.measure) != Some(action.measure) {
                let (place, life) = (self.place, self.firm.life);
                self.book.note(place, || Event::of_firm(EventKind::Support, place, life, step));
            }
            let dose = action.operator.dose;
            match action.operator.does {
                Does::Grant => self.firm.slack += dose / self.home.unit_usd / (0.25 * self.firm.size),
                Does::RaiseProactivity => self.firm.proactivity = (self.firm.proactivity + dose).clamp(0.0, 1.0),
                Does::AdoptSns
                    if !self.firm.on_sns
                        && self.now.platforms != 0
                        && !model.sites.is_empty()
                        && self.policy_draws(action, 0).uniform(0) < dose =>
                {
                    self.adopt();
                }
                _ => {}
            }
        }
        if self.firm.on_sns {
            self.spread();
        }
    }

    /// What support brings that has to do with markets: contacts, and knowledge.
    fn benefit(&mut self) {
        let (model, step, supports) = (self.model, self.step, self.aided.supports);
        for support in supports.iter().filter(|support| support.fresh(step)) {
            let action = &model.programme.actions[usize::from(support.action)];
            match action.operator.does {
                Does::AddContacts => self.introduce(action),
                Does::RaiseKnowledge => self.teach(action),
                _ => {}
            }
        }
    }

    /// Contacts that a measure brings; those that take travel come as far as travel is possible.
    fn introduce(&mut self, action: &Action) {
        let dose = action.operator.dose.max(0.0);
        let whole = dose as u32;
        let count = whole + u32::from(self.policy_draws(action, 0).uniform(0) < dose - whole as f32);
        for k in 0..count {
            let draws = self.contact_draws(Origin::Policy, u32::from(action.key) << 16 | k, self.step);
            let Some(market) = action.market(self.home_index, draws.uniform(1)) else { return };
            let visit = if action.operator.travel { self.now.visit[usize::from(market)] } else { 1.0 };
            if draws.uniform(0) < visit {
                // What a measure brings is put before the firm, which may still shrink from it.
                self.contact_in(Origin::Policy, market, draws, self.step, 1.0, None);
            }
        }
    }

    /// Knowledge of markets that a measure teaches.
    fn teach(&mut self, action: &Action) {
        for k in 0..action.operator.breadth {
            let u = self.policy_draws(action, 1 + k).uniform(0);
            let Some(market) = action.market(self.home_index, u) else { return };
            let (relation, seen) = self.outlook(market);
            self.relate(relation, seen);
            let row = self.relation(market);
            let relation = &mut self.scratch.relations[row];
            relation.knowledge += action.operator.dose * (1.0 - relation.knowledge);
        }
    }

    /// The draws of one action, of which there may be several blocks. The lot of enrolment lives below them.
    fn policy_draws(&self, action: &Action, k: u32) -> Block {
        let which = 1 << 40 | u64::from(action.key) << 16 | u64::from(k & 0xffff);
        self.model.seed.block(Address::firm(self.place, self.firm.life, Purpose::Policy, self.step).which(which))
    }

    /// Books the entry cost that measures share, each its part.
    fn book_aid(&mut self, market: u8, cost: f32) {
        let actions = &self.model.programme.actions;
        for support in self.aided.supports {
            let action = &actions[usize::from(support.action)];
            if action.operator.does == Does::ShareEntryCost && action.within[usize::from(market)] {
                let share = action.strength(support.age(self.step)).clamp(0.0, 1.0);
                self.book.paid[usize::from(action.measure)] += f64::from(share * cost);
            }
        }
    }

    /// Works out again how far the firm reaches on SNS.
    fn spread(&mut self) {
        let reach = self.model.reach(self.firm, self.now.platforms);
        self.firm.reach = reach * (1.0 + self.aid(Does::Connect, None));
    }

    // ---------------------------------------------------------------- 1. demography

    /// Failures and births, critical incidents, and on its anniversary the firm's growth.
    #[inline]
    fn renew(&mut self) {
        let theory = &self.model.theory;
        let age = self.age();
        let newness = self.model.newness[Model::age_row(age)];
        let firm = &*self.firm;
        let mut hazard = theory.demography.hazard(newness, age as f32 / 4.0, firm.failure_scale, firm.slack);
        if theory.strain.acts() && firm.first_sale >= 0 {
            hazard += self.strain();
        }
        // One draw decides both: failures from below, incidents from above.
        let fate = self.draws.part(FATE);
        if strikes(hazard, fate) {
            self.fail();
            self.found();
            return;
        }
        if strikes(theory.incident.hazard(), 1.0 - fate) {
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
    fn age(&self) -> i32 {
        i32::from(self.step) - i32::from(self.firm.born)
    }

    /// Has the firm just completed a year of age?
    #[inline]
    fn anniversary(&self) -> bool {
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
    fn founder_contacts(&self) -> Arrival {
        let address = Address::firm(self.place, self.firm.life, Purpose::Founder, self.firm.born as u16);
        let u = self.model.seed.block(address).uniform(0);
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

    // ---------------------------------------------------------------- the firm looks at its ties

    /// Insidership, perceived distance and friction of every market in hand.
    #[inline]
    fn survey(&mut self) {
        let Scratch { ties, relations, sights, slots, .. } = &mut *self.scratch;
        let relations = &mut relations[..usize::from(self.firm.live)];
        for (i, relation) in relations.iter_mut().enumerate() {
            slots[usize::from(relation.market)] = i as u8 + 1;
            sights.push(UNSEEN);
            (relation.customers, relation.customers_offline, relation.ties) = (0, 0, 0);
            self.survey.stages += u32::from(relation.stage);
        }
        let anchored = self.model.theory.anchor.on();
        for tie in &ties[..self.old] {
            let (online, customer) = (tie.online(), tie.state == TieState::Customer);
            self.survey.online += u32::from(online);
            if refers(tie) {
                self.survey.trust += if anchored { pull(self.model, tie) } else { tie.trust };
            }
            let slot = slots[usize::from(tie.market)];
            if slot == 0 {
                continue;
            }
            let (relation, sight) = (&mut relations[usize::from(slot) - 1], &mut sights[usize::from(slot) - 1]);
            add_tie(sight, tie);
            relation.ties = relation.ties.saturating_add(1);
            relation.customers = relation.customers.saturating_add(u8::from(customer));
            relation.customers_offline = relation.customers_offline.saturating_add(u8::from(customer && !online));
        }
        for (relation, seen) in relations.iter().zip(sights.iter_mut()) {
            see(self.model, self.now, self.home, relation, seen);
            ease(self.model, self.aided.supports, self.step, relation.market, seen);
        }
    }

    /// Row of a market left behind.
    #[inline]
    fn idle_row(&self, market: u8) -> Option<usize> {
        self.idle().iter().position(|relation| relation.market == market).map(|i| i + usize::from(self.firm.live))
    }

    /// The relation to a market and how the market looks, or what they would be: a market left behind, or one where the
    /// firm has contacts at most.
    fn outlook(&self, market: u8) -> (Relation, Sight) {
        match self.scratch.slots[usize::from(market)] {
            0 => {
                let (mut relation, mut seen) = (Relation::new(market), UNSEEN);
                if let Some(row) = self.idle_row(market) {
                    relation = self.scratch.relations[row];
                    relation.knowledge = self.faded(&relation);
                }
                for tie in self.scratch.ties.iter().filter(|tie| tie.market == market && tie.state != TieState::Gone) {
                    add_tie(&mut seen, tie);
                    relation.ties = relation.ties.saturating_add(1);
                }
                see(self.model, self.now, self.home, &relation, &mut seen);
                ease(self.model, self.aided.supports, self.step, market, &mut seen);
                (relation, seen)
            }
            slot => (self.scratch.relations[usize::from(slot) - 1], self.scratch.sights[usize::from(slot) - 1]),
        }
    }

    // ---------------------------------------------------------------- 3. SNS use

    /// Adoption or abandonment of social networking sites.
    #[inline]
    fn post(&mut self) {
        let model = self.model;
        let adoption = &model.theory.adoption;
        let u = self.draws.part(POST);
        if self.firm.on_sns {
            if self.now.platforms_changed {
                self.spread();
            }
            if strikes(adoption.quit_hazard(self.firm.failed), u) {
                self.firm.on_sns = false;
                self.firm.reach = 0.0;
                self.reach = UNKNOWN;
                self.book.count(Flow::Abandonments);
                let (place, life, step) = (self.place, self.firm.life, self.step);
                self.book.note(place, || Event::of_firm(EventKind::Abandonment, place, life, step));
            }
            return;
        }
        // The logistic is at most 1: most draws are settled before anybody is looked at.
        let online = (self.home.internet * (1.0 + self.aid(Does::Connect, None))).min(1.0);
        let kappa = self.now.kappa * online;
        if u >= 0.25 * kappa || self.now.platforms == 0 || model.sites.is_empty() {
            return;
        }
        let firm = &*self.firm;
        let mut inclined = Inclination {
            usefulness: firm.proactivity * model.theory.inertia.drive(firm.inertia),
            distance: 0.0,
            ln_size: firm.ln_size,
            ln_age: model.ln_age[Model::age_row(self.age())],
            irrelevance: (f32::from(firm.sector) + 0.5) / model.population.sectors as f32,
            digital: firm.digital,
        };
        let at_most = adoption.hazard_at_most(kappa, adoption.inclination(&inclined), self.home.farthest);
        if u >= 0.25 * at_most + ROUNDING {
            return;
        }
        if firm.live > 0 {
            self.look();
        }
        if self.firm.relations > 0 {
            self.wake();
        }
        inclined.distance = self.considered_distance();
        if u < quarterly(adoption.hazard(kappa, adoption.inclination(&inclined), self.peers_on_sns())) {
            self.adopt();
        }
    }

    /// Mean perceived distance over the offline search kernel.
    fn considered_distance(&self) -> f32 {
        let kernel = &self.model.theory.kernel;
        let mut total = self.home.offline.total();
        let mut sum = total * self.home.mean_distance;
        for (market, perceived) in self.outlooks() {
            let felt = self.home.felt[market];
            let (before, after) =
                (self.home.offline_weight[market], self.model.size[market] * kernel.offline(perceived));
            total += after - before;
            sum += after * perceived - before * felt;
        }
        sum / total.max(f32::MIN_POSITIVE)
    }

    /// Every market that the firm knows, in hand or left behind, and how far it looks. Markets in hand have been looked
    /// at if there are any.
    #[inline]
    fn outlooks(&self) -> impl Iterator<Item = (usize, f32)> + '_ {
        let relations: &[Relation] = if self.awake { &self.scratch.relations } else { &[] };
        let live = usize::from(self.firm.live).min(relations.len());
        let (live, idle) = relations.split_at(live);
        let in_hand = live.iter().zip(self.scratch.sights.iter());
        let in_hand = in_hand.map(|(relation, seen)| (usize::from(relation.market), seen.perceived));
        in_hand.chain(idle.iter().map(|relation| (usize::from(relation.market), self.recollection(relation))))
    }

    /// Share of peers that use SNS.
    fn peers_on_sns(&self) -> f32 {
        let peers = self.model.peers.offline.row(self.place);
        if peers.is_empty() {
            return 0.0;
        }
        let users = peers.iter().filter(|peer| self.faces[**peer as usize].on_sns).count();
        users as f32 / peers.len() as f32
    }

    /// The firm joins: it chooses platforms and what it uses them for.
    fn adopt(&mut self) {
        let model = self.model;
        let sns = &model.theory.sns;
        let draws = model.seed.block(Address::firm(self.place, self.firm.life, Purpose::Platform, self.step));
        if model.theory.remedy.on() {
            // A contact that a barrier kept it from may now be within reach.
            if self.firm.dormant {
                self.look();
                self.firm.dormant = false;
            }
            if self.reached == UNKNOWN {
                self.reached = self.work_reach_out();
            }
            self.reach = UNKNOWN;
        }
        let firm = &mut *self.firm;
        let extra = poisson(sns.sprawl * (1.0 - firm.objectives), draws.uniform(0));
        let mut u = draws.uniform(1);
        firm.platforms = 0;
        for _ in 0..=extra {
            let free = |i: usize| self.now.platforms & 1 << i != 0 && firm.platforms & 1 << i == 0;
            let total: f32 = (0..model.sites.len()).filter(|i| free(*i)).map(|i| model.sites[i].audience).sum();
            let mut left = u * total;
            let chosen = (0..model.sites.len()).filter(|i| free(*i)).find(|i| {
                left -= model.sites[*i].audience;
                left <= 0.0
            });
            let Some(chosen) = chosen else { break };
            firm.platforms |= 1 << chosen;
            // The next platform by the digits of the same draw that this one did not use.
            u = (u * 8191.0).fract();
        }
        let spread = sns.relational_spread * (2.0 * draws.uniform(2) - 1.0);
        firm.relational = (sns.relational + spread).clamp(0.0, 1.0);
        firm.on_sns = true;
        firm.failed = 0.0;
        if firm.adopted < 0 {
            firm.adopted = self.step as i16;
        }
        self.spread();
        self.book.count(Flow::Adoptions);
        let (place, life, step) = (self.place, self.firm.life, self.step);
        self.book.note(place, || Event::of_firm(EventKind::Adoption, place, life, step));
    }

    // ---------------------------------------------------------------- 4. ties

    /// Give–receive–return loops, conversion of online ties, lapse of mere contacts.
    #[inline]
    fn keep(&mut self) {
        if self.old == 0 {
            return;
        }
        let (model, now, step) = (self.model, self.now, self.step);
        let theory = &model.theory;
        let address = Address::firm(self.place, self.firm.life, Purpose::Tie, step);
        let hours = if self.firm.on_sns && self.survey.online > 0 {
            self.firm.relational * theory.sns.hours(self.firm.size) / self.survey.online as f32
        } else {
            0.0
        };
        let mut failed = 0;
        let Scratch { ties, draws, pending, .. } = &mut *self.scratch;
        draws.clear();
        for (i, tie) in ties[..self.old].iter_mut().enumerate() {
            let online = tie.online();
            if tie.state == TieState::Contact && !online {
                // Known, and nothing done: no loop is going round that could close.
                draws.push(Block::default());
                if step >= tie.lapses {
                    pending.push(i);
                }
                continue;
            }
            let own = model.seed.block(address.which(tie.which()));
            draws.push(own);
            let chance = if !online {
                theory.trust.closes_offline(tie.ordered, self.firm.skill)
            } else if now.platforms & 1 << tie.platform != 0 && hours > 0.0 {
                let count = model.partners[usize::from(tie.market)];
                theory.trust.closes_online(hours, theory.partner.popularity(tie.partner, count))
            } else {
                0.0
            };
            let closed = own.uniform(0) < chance;
            failed += u32::from(online & !closed);
            tie.trust = theory.trust.next(tie.trust, online, closed);
            let mere = tie.state != TieState::Customer;
            let lapses = mere & ((step >= tie.lapses) | (tie.trust < theory.contact.floor));
            if lapses | online | (model.home_of[usize::from(tie.market)] != u8::MAX) {
                pending.push(i);
            }
        }
        if self.survey.online > 0 {
            let share = failed as f32 / self.survey.online as f32;
            self.firm.failed += theory.adoption.memory * (share - self.firm.failed);
        }
        while let Some(i) = self.scratch.pending.pop() {
            let tie = self.scratch.ties[i];
            let mere = tie.state != TieState::Customer;
            let kept = tie.state == TieState::Contact && !tie.online() || tie.trust >= theory.contact.floor;
            if mere && (step >= tie.lapses || !kept) || self.partner_failed(&tie) {
                self.drop_tie(i);
            } else if tie.online() {
                self.convert(i);
            }
        }
    }

    /// Has the simulated firm at the other end failed since?
    #[inline]
    fn partner_failed(&self, tie: &Tie) -> bool {
        (tie.state != TieState::Contact || tie.online())
            && self.model.home_of[usize::from(tie.market)] != u8::MAX
            && self
                .model
                .partner_place(tie.market, tie.partner)
                .is_some_and(|place| self.faces[place as usize].life != tie.partner_life)
    }

    /// A tie ends; a pursuit that ends without a sale has failed.
    fn drop_tie(&mut self, i: usize) {
        let tie = &mut self.scratch.ties[i];
        let (state, dropped) = (tie.state, *tie);
        tie.state = TieState::Gone;
        self.changed = true;
        let kind = if state == TieState::Customer { EventKind::Loss } else { EventKind::Lapse };
        self.tell(kind, &dropped, |event| event);
        let tie = &dropped;
        let (market, online) = (tie.market, tie.online());
        match state {
            TieState::Pursued => {
                self.firm.trials = self.firm.trials.saturating_add(1);
                self.book.count(Flow::Failures);
            }
            TieState::Customer => {
                self.book.count(Flow::Separations);
                let relation = self.relation(market);
                let relation = &mut self.scratch.relations[relation];
                relation.customers = relation.customers.saturating_sub(1);
                if !online {
                    relation.customers_offline = relation.customers_offline.saturating_sub(1);
                }
            }
            TieState::Contact | TieState::Gone => {}
        }
    }

    /// An online tie may go offline.
    fn convert(&mut self, i: usize) {
        let model = self.model;
        let tie = self.scratch.ties[i];
        let ease = model.sites[usize::from(tie.platform)].platform.conversion;
        let visit = self.now.visit[usize::from(tie.market)] * (1.0 + self.aid(Does::EaseConversion, Some(tie.market)));
        let hazard = model.theory.conversion.hazard(tie.trust, self.firm.skill, visit, ease);
        if strikes(hazard, self.scratch.draws[i].rest()) {
            self.scratch.ties[i].platform = OFFLINE;
            if tie.state == TieState::Customer {
                let relation = self.relation(tie.market);
                let relation = &mut self.scratch.relations[relation];
                relation.customers_offline = relation.customers_offline.saturating_add(1);
            }
            self.book.count(Flow::Conversions);
            self.note(EventKind::Conversion, tie.market, Some(&tie), |event| event);
        }
    }

    /// Row of the relation to a market that has one.
    #[inline]
    fn relation(&self, market: u8) -> usize {
        usize::from(self.scratch.slots[usize::from(market)]) - 1
    }

    // ---------------------------------------------------------------- 5. contacts

    /// Multiplier of contacts through peers for what the firm has to give back.
    #[inline]
    fn gives_back(&self) -> f32 {
        let exchange = &self.model.theory.exchange;
        if exchange.weight > 0.0 { exchange.gain(self.faces[self.place as usize].count()) } else { 1.0 }
    }

    /// How many contacts of each origin arrive in a quarter with these draws, at the rates of today.
    #[inline(always)]
    fn arrivals(&self, step: u16, draws: Block) -> Arrivals {
        let model = self.model;
        let theory = &model.theory;
        let firm = &*self.firm;
        let proactive = firm.orientation == Orientation::Proactive;
        let a = firm.proactivity * theory.inertia.drive(firm.inertia);
        let mut arrivals = Arrivals::default();
        arrivals.add(
            Origin::Search,
            theory.search.rate(proactive, a, firm.arrival_scale, firm.barriers[0]),
            draws.part(SEARCH),
        );
        arrivals.add(
            Origin::Unsolicited,
            theory.unsolicited.rate(self.now.web, firm.reach, firm.arrival_scale),
            draws.part(UNSOLICITED),
        );
        let u = draws.part(PEER);
        if u < model.most_through_peers {
            let online_peers = firm.on_sns && !model.peers.online.row(self.place).is_empty();
            let has_peers = !model.peers.offline.row(self.place).is_empty() || online_peers;
            let peers = theory.peer.ceiling(has_peers) * model.bridging(self.place) * self.gives_back()
                + theory.peer.ceiling(!self.circle().is_empty());
            arrivals.add(Origin::Peer, peers, u);
        }
        if firm.on_sns || self.survey.trust > 0.0 || self.survey.stages > 0 {
            let draws = model.seed.block(Address::firm(self.place, firm.life, Purpose::Arrive, step));
            if firm.on_sns {
                arrivals.add(Origin::Sns, theory.sns.rate(firm.relational, firm.reach), draws.uniform(0));
            }
            let referrals = theory.referral.rate(self.survey.trust, firm.size.sqrt());
            arrivals.add(Origin::Referral, referrals, draws.uniform(1));
            arrivals.add(Origin::Agent, theory.agent.rate(self.survey.stages), draws.uniform(2));
        }
        arrivals
    }

    /// Does a firm without ties miss all of the quarter's contacts? Then they leave no trace but a count.
    #[inline]
    fn misses_all(&mut self, arrivals: &Arrivals) -> bool {
        if arrivals.any == 0 {
            return true;
        }
        if arrivals.any & 1 << Origin::Sns as usize != 0 || self.book.watches(self.place) {
            return false;
        }
        let reach = self.reach();
        if arrivals.each().any(|arrival| arrival.within(reach) > 0) {
            return false;
        }
        for arrival in arrivals.each() {
            self.miss(&arrival, 0);
        }
        true
    }

    /// Counts contacts of an origin, from an ordinal on, that a barrier kept the firm from.
    #[inline]
    fn miss(&mut self, arrival: &Arrival, from: u32) {
        if !self.book.observing && !self.book.watches(self.place) {
            return;
        }
        let origin = arrival.origin;
        for ordinal in from..arrival.count() {
            // A peer that serves no market has nothing to pass on.
            if origin == Origin::Peer && self.peer_market(ordinal, self.step).is_none() {
                continue;
            }
            self.book.flows[Flow::ContactSearch.plus(origin as usize)] += 1;
            self.book.flows[Flow::Judged as usize] += 1;
            self.book.flows[Flow::RefusedBarrier as usize] += 1;
            if self.book.watches(self.place) {
                for kind in [EventKind::Contact, EventKind::Refusal] {
                    let mut event = Event::of_firm(kind, self.place, self.firm.life, self.step);
                    (event.origin, event.reason) = (origin as u8, Verdict::Barrier as u8);
                    self.book.events.push(event);
                }
            }
        }
    }

    /// New contacts arrive, each with its origin; those behind a barrier are missed. Online ties live by their loops,
    /// whatever the barriers: none of them is missed.
    #[inline]
    fn meet(&mut self, arrivals: &Arrivals) {
        if arrivals.any == 0 {
            return;
        }
        let reach = self.reach();
        for arrival in arrivals.each() {
            let met = if arrival.origin == Origin::Sns { arrival.count() } else { arrival.within(reach) };
            for ordinal in 0..met {
                self.arrive(arrival.origin, ordinal, self.step, reach);
            }
            self.miss(&arrival, met);
        }
    }

    /// A contact of an origin that arose in quarter `step` and that the firm, which sees as far as `reach`, sees.
    fn arrive(&mut self, origin: Origin, ordinal: u32, step: u16, reach: f32) {
        let draws = self.contact_draws(origin, ordinal, step);
        let (market, referrer) = match origin {
            Origin::Referral => {
                let Some(referrer) = self.referrer(draws) else { return };
                (self.referred_market(&referrer, draws.uniform(1)), Some(referrer))
            }
            Origin::Peer => (self.peer_market(ordinal, step), None),
            _ => (self.market(origin, draws, ordinal), None),
        };
        if let Some(market) = market {
            self.contact_in(origin, market, draws, step, reach, referrer);
        }
    }

    /// Contacts that the firm missed in the last quarters and that the barriers which fell now would not have kept it
    /// from. Nobody wrote them down: which ones came is worked out again, at the rates of today.
    fn recall(&mut self) {
        let (before, now) = (self.reached, self.work_reach_out());
        if now <= before {
            return;
        }
        let (life, born) = (self.firm.life, self.firm.born);
        let first = self.step.saturating_sub(self.model.theory.contact.longest()).max(born.max(0) as u16);
        for step in first..self.step {
            let address = Address::firm(self.place, life, Purpose::Quarter, step);
            let arrivals = self.arrivals(step, self.model.seed.block(address));
            for arrival in arrivals.each().filter(|arrival| arrival.origin != Origin::Sns) {
                for ordinal in arrival.within(before)..arrival.within(now) {
                    self.arrive(arrival.origin, ordinal, step, now);
                }
            }
            if i32::from(step) == i32::from(born) {
                let founders = self.founder_contacts();
                for ordinal in founders.within(before)..founders.within(now) {
                    self.arrive(Origin::Founder, ordinal, step, now);
                }
            }
        }
    }

    /// The draws of a contact: its address is origin, quarter and ordinal within both.
    #[inline]
    fn contact_draws(&self, origin: Origin, ordinal: u32, step: u16) -> Block {
        let which = (origin as u64) << 32 | u64::from(ordinal);
        self.model.seed.block(Address::firm(self.place, self.firm.life, Purpose::Contact, step).which(which))
    }

    /// The tie that refers, drawn by trust.
    fn referrer(&self, draws: Block) -> Option<Tie> {
        let mut left = draws.uniform(0) * self.survey.trust;
        let old = &self.scratch.ties[..self.old];
        let mut able = old.iter().filter(|tie| refers(tie));
        let chosen = able.find(|tie| {
            left -= pull(self.model, tie);
            left <= 0.0
        });
        // Trust has moved since the survey: the last one takes what rounding and lapses leave.
        chosen.or_else(|| old.iter().rfind(|tie| refers(tie))).copied()
    }

    /// A random peer's market with a customer, if the peer is well known and has one.
    fn peer_market(&self, ordinal: u32, step: u16) -> Option<u8> {
        let model = self.model;
        let offline = model.peers.offline.row(self.place);
        let online = if self.firm.on_sns { model.peers.online.row(self.place) } else { &[] };
        let address = Address::firm(self.place, self.firm.life, Purpose::Peer, step).which(u64::from(ordinal));
        let draws = model.seed.block(address);
        let circle = self.circle();
        let n = offline.len() + online.len();
        // A circle passes as much on as all other peers do: it gets half of the draws.
        let (u, met) = match (circle.is_empty(), n) {
            (true, _) => (draws.uniform(0), false),
            (false, 0) => (draws.uniform(0), true),
            (false, _) => ((2.0 * draws.uniform(0)).fract(), draws.uniform(0) >= 0.5),
        };
        let among = if met { circle.len() } else { n };
        let pick = ((u * among as f32) as usize).min(among.checked_sub(1)?);
        let peer = match pick {
            _ if met => circle[pick],
            _ if pick < offline.len() => offline[pick],
            _ => online[pick - offline.len()],
        };
        let face = &self.faces[peer as usize];
        if peer == self.place || !met && pick >= offline.len() && !face.on_sns {
            return None;
        }
        let joint = i32::from(self.step) - i32::from(self.firm.born.max(face.born));
        if draws.uniform(1) >= model.theory.peer.strength(joint.max(0) as f32) {
            return None;
        }
        let markets = face.count();
        if markets == 0 {
            return None;
        }
        let market = face.nth(((draws.uniform(2) * markets as f32) as u32).min(markets - 1))?;
        (market != self.home.market).then_some(market)
    }

    /// The market of a contact, drawn from the kernel of its origin.
    fn market(&mut self, origin: Origin, draws: Block, ordinal: u32) -> Option<u8> {
        match origin {
            Origin::Search => self.draw_market(draws, Channel::Offline),
            Origin::Sns if self.among_friends(ordinal) => self.friend_market(ordinal),
            Origin::Sns if self.home.sites.is_empty() => self.draw_market(draws, Channel::Online),
            // Platforms that differ over distance: which one comes first.
            Origin::Sns => {
                self.platform(draws.uniform(3)).and_then(|site| self.draw_market(draws, Channel::Site(site)))
            }
            Origin::Founder => Some(self.home.founder.draw(draws.uniform(1))),
            Origin::Agent => self.staged_market(draws.uniform(0)),
            Origin::Unsolicited | Origin::Policy | Origin::Referral | Origin::Peer => {
                Some(self.home.online.draw(draws.uniform(1)))
            }
        }
    }

    /// Does a contact through SNS arise where the firm is known?
    #[inline]
    fn among_friends(&self, ordinal: u32) -> bool {
        let chance = self.model.theory.community.chance(self.firm.relational);
        chance > 0.0 && self.old > 0 && self.friend_draws(ordinal).uniform(0) < chance
    }

    /// The market of a tie in hand, drawn evenly.
    fn friend_market(&self, ordinal: u32) -> Option<u8> {
        let known = self.scratch.ties[..self.old].iter().filter(|tie| tie.state != TieState::Gone);
        let count = known.clone().count();
        let pick = (self.friend_draws(ordinal).uniform(1) * count as f32) as usize;
        known.clone().nth(pick.min(count.checked_sub(1)?)).map(|tie| tie.market)
    }

    /// The draws of a contact among friends.
    fn friend_draws(&self, ordinal: u32) -> Block {
        let which = u64::from(ordinal);
        self.model.seed.block(Address::firm(self.place, self.firm.life, Purpose::Friend, self.step).which(which))
    }

    /// A market from a home kernel, with the markets that look nearer than they did at birth getting their due.
    fn draw_market(&mut self, draws: Block, channel: Channel) -> Option<u8> {
        if self.firm.live > 0 {
            self.look();
        } else if self.firm.relations > 0 {
            self.wake();
        }
        let base = match channel {
            Channel::Offline => &self.home.offline,
            Channel::Online => &self.home.online,
            Channel::Site(site) => &self.home.sites[usize::from(site)],
        };
        // No market can gain more than looking as near as can be: most draws are settled without looking.
        let most: f32 = self.scratch.relations.iter().map(|relation| self.most_excess(relation.market, channel)).sum();
        let known = if self.awake { most } else { 0.0 };
        if draws.uniform(0) * (base.total() + known) < base.total() {
            return Some(base.draw(draws.uniform(1)));
        }
        let excess: f32 = self.outlooks().map(|(market, perceived)| self.excess(market, perceived, channel)).sum();
        let total = base.total() + excess;
        if total <= 0.0 {
            return None;
        }
        let mut left = draws.uniform(0) * total - base.total();
        if left < 0.0 {
            return Some(base.draw(draws.uniform(1)));
        }
        let nearer = self.outlooks().find(|(market, perceived)| {
            left -= self.excess(*market, *perceived, channel);
            left <= 0.0
        });
        nearer.or(self.outlooks().last()).map(|(market, _)| market as u8)
    }

    /// The most that a market's weight in a kernel can gain by looking nearer, and a little more for rounding.
    #[inline]
    fn most_excess(&self, market: u8, channel: Channel) -> f32 {
        let market = usize::from(market);
        match channel {
            Channel::Offline => 1.001 * (self.model.size[market] - self.home.offline_weight[market]),
            Channel::Online => {
                1.001 * (self.model.size[market] * self.model.audience[market] - self.home.online_weight[market])
            }
            Channel::Site(_) => f32::INFINITY,
        }
    }

    /// What a market's weight in a kernel has gained by looking nearer.
    #[inline]
    fn excess(&self, market: usize, perceived: f32, channel: Channel) -> f32 {
        let kernel = &self.model.theory.kernel;
        let gained = match channel {
            Channel::Offline => {
                self.model.size[market] * kernel.offline(perceived) - self.home.offline_weight[market]
            }
            Channel::Online => {
                self.model.size[market] * self.model.audience[market] * kernel.online(perceived)
                    - self.home.online_weight[market]
            }
            Channel::Site(site) => {
                let decay = self.model.sites[usize::from(site)].platform.decay;
                let felt = self.home.felt[market];
                self.model.size[market]
                    * self.model.audience[market]
                    * (kernel.online(decay * perceived) - kernel.online(decay * felt))
            }
        };
        gained.max(0.0)
    }

    /// A market with an agent or a subsidiary, drawn by stage.
    fn staged_market(&self, u: f32) -> Option<u8> {
        let mut left = u * self.survey.stages as f32;
        self.scratch
            .relations
            .iter()
            .filter(|relation| relation.stage > 0)
            .find(|relation| {
                left -= f32::from(relation.stage);
                left <= 0.0
            })
            .map(|relation| relation.market)
    }

    /// The market a partner refers to: its own, or with probability ρ one near it.
    fn referred_market(&self, tie: &Tie, u: f32) -> Option<u8> {
        let roaming = self.model.theory.referral.roaming;
        if u >= roaming {
            return Some(tie.market);
        }
        let u = u / roaming;
        // A partner that is itself a simulated firm leads to its own customers' markets.
        if let Some(place) = self.model.partner_place(tie.market, tie.partner) {
            let face = &self.faces[place as usize];
            let markets = face.count();
            if markets > 0 {
                return face.nth(((u * markets as f32) as u32).min(markets - 1));
            }
        }
        let around = if self.home.around.is_empty() { &self.model.around } else { &self.home.around };
        Some(around[usize::from(tie.market)].draw(u))
    }

    /// A contact in a given market, seen by a firm that sees as far as `reach`: names its partner and becomes a tie,
    /// unless the firm knows the partner already.
    fn contact_in(
        &mut self,
        origin: Origin,
        market: u8,
        draws: Block,
        step: u16,
        reach: f32,
        referrer: Option<Tie>,
    ) {
        if market == self.home.market {
            return;
        }
        let model = self.model;
        let theory = &model.theory;
        let partner = match &referrer {
            Some(tie) => {
                let k = draws.word(2) % theory.referral.acquaintances;
                model.acquaintance(tie.market, tie.partner, market, k)
            }
            None => theory.partner.draw(model.partners[usize::from(market)], draws.uniform(2)),
        };
        let known = self.scratch.ties.iter().any(|tie| tie.market == market && tie.partner == partner);
        if known || self.scratch.ties.len() >= MOST_TIES {
            return;
        }
        let mut partner_life = 0;
        if let Some(place) = model.partner_place(market, partner) {
            let face = &self.faces[place as usize];
            partner_life = face.life;
            if origin == Origin::Sns && !face.on_sns {
                return;
            }
        }
        let platform = if origin == Origin::Sns { self.platform(draws.uniform(3)) } else { Some(OFFLINE) };
        let Some(platform) = platform else { return };
        let which = u64::from(market) << 32 | u64::from(partner);
        let chance = model.seed.block(Address::firm(self.place, self.firm.life, Purpose::Match, 0).which(which));
        let lapses = self.lapse(chance.uniform(2), step);
        if lapses <= self.step {
            return;
        }
        self.book.count_origin(Flow::ContactSearch, origin);
        self.wake();
        let tie = Tie {
            partner,
            trust: theory.contact.trust(origin, referrer.map_or(0.0, |tie| tie.trust)),
            quality: theory.order.match_spread * normal(chance.uniform(0)),
            draw: if origin == Origin::Sns { chance.uniform(1) } else { reach * draws.uniform(3) },
            lapses,
            born: self.step as i16,
            partner_life,
            market,
            origin,
            state: TieState::Contact,
            platform,
            ordered: false,
            fresh: false,
        };
        self.scratch.ties.push(tie);
        self.tell(EventKind::Contact, &tie, |event| event);
    }

    /// The quarter in which a contact lapses that nothing comes of: its lifetime by inversion.
    fn lapse(&self, u: f32, step: u16) -> u16 {
        step.saturating_add(1).saturating_add(self.model.theory.contact.lifetime(u))
    }

    /// The platform on which an SNS contact arises, by what each platform reaches.
    fn platform(&self, u: f32) -> Option<u8> {
        let used = self.firm.platforms & self.now.platforms;
        let weight = |i: usize| {
            let site = &self.model.sites[i];
            if used & 1 << i != 0 { site.audience * site.platform.relations } else { 0.0 }
        };
        let sites = self.model.sites.len();
        let mut left = u * (0..sites).map(weight).sum::<f32>();
        (0..sites)
            .filter(|i| weight(*i) > 0.0)
            .find(|i| {
                left -= weight(*i);
                left <= 0.0
            })
            .map(|i| i as u8)
    }

    /// Makes sure that a market is in hand, of which this is the outlook: the firm has begun to do something there.
    fn relate(&mut self, relation: Relation, seen: Sight) {
        let market = relation.market;
        if self.scratch.slots[usize::from(market)] == 0 {
            let row = self.idle_row(market).unwrap_or_else(|| {
                self.scratch.relations.push(relation);
                self.scratch.relations.len() - 1
            });
            let live = usize::from(self.firm.live);
            self.scratch.relations[row] = relation;
            self.scratch.relations.swap(row, live);
            self.scratch.sights.push(seen);
            self.firm.live += 1;
            self.scratch.slots[usize::from(market)] = self.firm.live;
        }
    }

    // ---------------------------------------------------------------- 6. decisions

    /// The one place where a firm chooses: contacts to pursue, deals, and once a year its stages.
    #[inline]
    fn decide(&mut self) {
        if self.scratch.ties.is_empty() {
            return;
        }
        let theory = &self.model.theory;
        let reach = self.reach();
        for i in 0..self.scratch.ties.len() {
            let tie = self.scratch.ties[i];
            match tie.state {
                TieState::Contact => {
                    let fresh = i32::from(tie.born) == i32::from(self.step);
                    if fresh {
                        self.book.count(Flow::Judged);
                    }
                    let stopped = tie.draw >= reach;
                    if stopped && fresh {
                        self.tell(EventKind::Refusal, &tie, |event| Event { reason: Verdict::Barrier as u8, ..event });
                    }
                    let verdict = if stopped { Verdict::Barrier } else { self.judge(i) };
                    if fresh || verdict == Verdict::Pursue {
                        self.book.flows[Flow::Pursued.plus(verdict as usize)] += 1;
                    }
                }
                TieState::Pursued if i < self.old => self.close(i),
                _ => {}
            }
        }
        if self.anniversary() && theory.stage.on {
            for i in 0..usize::from(self.firm.live) {
                self.review(i);
            }
        }
    }

    /// Tolerable risk now.
    #[inline]
    fn tolerable(&mut self) -> f32 {
        if self.bearable == UNKNOWN {
            self.bearable = self.work_tolerance_out();
        }
        self.bearable
    }

    fn work_tolerance_out(&self) -> f32 {
        let theory = &self.model.theory;
        let firm = &*self.firm;
        let a = firm.proactivity * theory.inertia.drive(firm.inertia);
        let awake = i32::from(self.step) < i32::from(firm.awake_until);
        theory.risk.tolerable(firm.slack, theory.slack.target, a) * if awake { theory.incident.tolerance } else { 1.0 }
    }

    /// Liquid reserves in money.
    fn purse(&self) -> f32 {
        self.firm.slack.max(0.0) * 0.25 * self.firm.size
    }

    /// Was the market sold to within memory?
    fn known(&self, relation: &Relation) -> bool {
        relation.last_sale >= 0
            && f32::from(self.step) - f32::from(relation.last_sale) <= 4.0 * self.model.theory.entry.memory
    }

    /// Weighs one contact up and follows it, or not.
    fn judge(&mut self, i: usize) -> Verdict {
        let theory = &self.model.theory;
        if !theory.entry.on {
            return Verdict::Barrier;
        }
        let tie = self.scratch.ties[i];
        let (relation, seen) = self.outlook(tie.market);
        // What is only online can carry only a share of an order, and puts only that share at stake.
        let share = if tie.online() { theory.order.online } else { 1.0 };
        let level = if theory.distance.level() { seen.online } else { 0.0 };
        let cost = if self.known(&relation) {
            theory.entry.further * theory.entry.cost(seen.perceived, 1.0, level)
        } else {
            theory.entry.cost(seen.perceived, self.likeness(tie.market), level)
        };
        let paid = self.aid(Does::ShareEntryCost, Some(tie.market)).clamp(0.0, 1.0);
        let mut prospect = Prospect { cost: share * cost * (1.0 - paid), purse: self.purse(), ..Prospect::default() };
        // Whoever is watched is asked for all reasons; others are not weighed further than to the first that fails.
        let watched = self.book.watches(self.place);
        if theory.decision.asks_for_risk() && (watched || prospect.cost <= prospect.purse) {
            let mut uncertainty = theory.risk.uncertainty(seen.perceived, seen.insidership());
            if theory.information.weight > 0.0 && relation.last_sale < 0 {
                uncertainty *= theory.information.left(self.informed());
            }
            let covered = self.aid(Does::CoverRisk, Some(tie.market)).clamp(0.0, 1.0);
            let exposure = if theory.risk.on { share * theory.risk.exposure(0) * (1.0 - covered) } else { 0.0 };
            (prospect.risk, prospect.tolerable) = (exposure * uncertainty, self.tolerable());
        }
        if watched || theory.decision.asks_for_gain(&prospect) {
            let appeal = self.believed_appeal();
            let believed = theory.order.believed_profit(self.firm.order_scale, appeal, seen.perceived);
            let chance = theory.belief.chance(self.firm.successes, self.firm.trials, self.peers_in(tie.market));
            prospect.expected_gain = share * chance * believed * theory.entry.horizon;
        }
        if theory.decision.rule == Rule::FullInformation {
            prospect.true_gain = share * self.true_gain(&tie, seen.friction);
        }
        let verdict = theory.decision.judge(&prospect);
        if watched && verdict != Verdict::Pursue && i32::from(tie.born) == i32::from(self.step) {
            let Prospect { risk, tolerable, cost, expected_gain: gain, .. } = prospect;
            let weighed = |event| Event {
                risk,
                tolerable,
                cost,
                gain,
                reason: verdict as u8,
                perceived: seen.perceived,
                ..event
            };
            self.tell(EventKind::Refusal, &tie, weighed);
        }
        if verdict == Verdict::Pursue {
            self.pursue(i, &prospect, relation, seen);
            if paid > 0.0 {
                self.book_aid(tie.market, share * cost);
            }
        }
        verdict
    }

    /// What the firm believes of its appeal abroad.
    fn believed_appeal(&self) -> f32 {
        let (firm, theory) = (&*self.firm, &self.model.theory);
        let spread = self.model.population.appeal_spread;
        theory.belief.appeal(firm.residuals, f32::from(firm.lessons), theory.order.variance(), spread * spread)
    }

    /// What a contact is really worth: its chance of a deal before it lapses, times a customer's profit over the horizon.
    fn true_gain(&self, tie: &Tie, friction: f32) -> f32 {
        let theory = &self.model.theory;
        let deal = theory.entry.deal(self.firm.skill, friction, tie.trust);
        let lapse = quarterly(theory.contact.lapse);
        let noise = 0.5 * theory.order.noise * theory.order.noise;
        let quality = self.firm.appeal + tie.quality + noise;
        let yearly = theory.order.margin
            * 4.0
            * theory.order.chance
            * theory.order.value(self.firm.order_scale, quality, friction);
        deal / (deal + lapse).max(f32::MIN_POSITIVE) * yearly * theory.entry.horizon
    }

    /// Share of the entry cost left because a market like this one was served.
    fn likeness(&self, market: u8) -> f32 {
        let like = self.model.likeness(market);
        let bits = self.scratch.relations.iter().fold(0, |bits, relation| {
            let served = relation.last_sale >= 0 && relation.market != market;
            bits | like[usize::from(relation.market)] * u8::from(served)
        });
        self.model.theory.entry.likeness(bits & 1 != 0, bits & 2 != 0, bits & 4 != 0)
    }

    /// Peers with a customer in a market.
    fn peers_in(&self, market: u8) -> f32 {
        if self.model.theory.belief.peer == 0.0 || !self.model.theory.peer.on {
            return 0.0;
        }
        self.peers_there(market)
    }

    /// The same, believed or not.
    fn peers_there(&self, market: u8) -> f32 {
        let there = |peer: &&u32| self.faces[**peer as usize].has(market);
        let fellows = self.circle().iter().filter(|peer| **peer != self.place);
        self.model.peers.offline.row(self.place).iter().chain(fellows).filter(there).count() as f32
    }

    /// Follows a contact up.
    fn pursue(&mut self, i: usize, prospect: &Prospect, relation: Relation, seen: Sight) {
        self.firm.slack -= prospect.cost / (0.25 * self.firm.size);
        self.bearable = UNKNOWN;
        self.changed = true;
        let tie = &mut self.scratch.ties[i];
        tie.state = TieState::Pursued;
        let tie = *tie;
        self.relate(relation, seen);
        if self.firm.orientation == Orientation::NonExporter && tie.origin != Origin::Search {
            self.firm.orientation = Orientation::Passive;
        }
        let Prospect { risk, tolerable, cost, expected_gain: gain, .. } = *prospect;
        let weighed = |event| Event { risk, tolerable, cost, gain, ..event };
        self.note(EventKind::Pursuit, tie.market, Some(&tie), weighed);
    }

    /// A pursued contact may become a customer.
    fn close(&mut self, i: usize) {
        let model = self.model;
        let tie = self.scratch.ties[i];
        let r = self.relation(tie.market);
        let (u, friction, entry) = (self.scratch.draws[i].uniform(1), self.scratch.sights[r].friction, &model.theory.entry);
        if u >= entry.deal_at_most(self.firm.skill) || u >= entry.deal(self.firm.skill, friction, tie.trust) {
            return;
        }
        self.changed = true;
        self.scratch.ties[i].state = TieState::Customer;
        self.scratch.ties[i].fresh = true;
        self.tell(EventKind::Deal, &tie, |event| event);
        self.quarter.successes += 1;
        self.firm.trials = self.firm.trials.saturating_add(1);
        self.firm.successes = self.firm.successes.saturating_add(1);
        self.book.count(Flow::Deals);
        let relation = &mut self.scratch.relations[r];
        relation.customers = relation.customers.saturating_add(1);
        if !tie.online() {
            relation.customers_offline = relation.customers_offline.saturating_add(1);
        }
        // Patience begins anew: a customer just won has had no time to order.
        relation.idle = 0;
        if relation.since < 0 {
            self.enter(r, &tie);
        }
    }

    /// The first customer in a market: an entry, or a re-entry.
    fn enter(&mut self, r: usize, tie: &Tie) {
        let step = self.step as i16;
        self.book.count_origin(Flow::EntrySearch, tie.origin);
        let first = self.scratch.relations[r].rank == 0;
        if first {
            let rank = self.scratch.relations.iter().map(|relation| relation.rank).max().unwrap_or(0);
            let relation = &mut self.scratch.relations[r];
            relation.rank = rank.saturating_add(1);
            let (market, rank) = (relation.market, relation.rank);
            if self.book.observing {
                self.book.portrait.entry(market, rank, self.home.nearness[usize::from(market)]);
            }
            self.firm.new_markets = self.firm.new_markets.saturating_add(1);
            if self.firm.first_origin == u8::MAX {
                self.firm.first_origin = tie.origin as u8;
                self.firm.learning = self.model.learning_newness[Model::age_row(self.age())];
            }
        } else {
            self.book.count(Flow::Reentries);
        }
        let relation = &mut self.scratch.relations[r];
        relation.since = step;
        relation.quiet_since = -1;
        relation.idle = 0;
        relation.tenure = 0;
        let kind = if first { EventKind::Entry } else { EventKind::Reentry };
        self.note(kind, tie.market, Some(tie), |event| event);
        let past = self.scratch.relations[r].past_stage;
        if past > 0 && !tie.online() {
            self.resume(r, past);
        }
    }

    /// Re-entry in the old mode, if it is still bearable and affordable.
    fn resume(&mut self, r: usize, stage: u8) {
        let theory = &self.model.theory;
        let seen = self.scratch.sights[r];
        let uncertainty = theory.risk.uncertainty(seen.perceived, seen.insidership());
        let bearable = theory.risk.bearable(theory.risk.exposure(stage), uncertainty, self.tolerable());
        if theory.stage.on && bearable && theory.stage.cost(stage) <= self.purse() {
            self.set_stage(r, stage, uncertainty);
        }
    }

    /// The yearly review of a market's stage.
    fn review(&mut self, r: usize) {
        let theory = &self.model.theory;
        let relation = self.scratch.relations[r];
        if relation.since < 0 {
            return;
        }
        let sales = relation.sales.max(relation.sales_last);
        if theory.decision.rule == Rule::Casino {
            let costs = 4.0 * theory.stage.keeping + theory.stage.upkeep(relation.stage);
            if i32::from(self.step) - i32::from(relation.since) >= 4 && theory.order.margin * sales < costs {
                self.leave(r, Exit::StopLoss);
            }
            return;
        }
        let seen = self.scratch.sights[r];
        let known = i32::from(self.step) - i32::from(relation.since) >= 4;
        let poorer = theory.trial.runs(f32::from(self.step) - f32::from(relation.since))
            && theory.trial.disappoints(self.believed_appeal());
        if known && (poorer || theory.revelation.disappoints(seen.friction, seen.perceived)) {
            if relation.stage > 0 {
                self.step_back(r, relation.stage - 1, Exit::Revealed);
            } else {
                self.leave(r, Exit::Revealed);
            }
            return;
        }
        if relation.stage >= 3 || relation.customers_offline == 0 {
            return;
        }
        let uncertainty = theory.risk.uncertainty(seen.perceived, seen.insidership());
        let (tolerable, purse) = (self.tolerable(), self.purse());
        let from = relation.stage;
        let furthest = if theory.stage.leapfrog { 3 } else { from + 1 };
        let profit = theory.order.margin * sales;
        let activity = |stage: u8| theory.order.factor(stage) * theory.order.chance(stage);
        let chosen = (from + 1..=furthest).rev().find(|to| {
            let gain = theory.stage.gain(from, *to, profit, activity(*to) / activity(from), theory.entry.horizon);
            theory.stage.cost(*to) <= purse
                && theory.risk.bearable(theory.risk.exposure(*to), uncertainty, tolerable)
                && theory.stage.worth(*to, gain)
        });
        if let Some(to) = chosen {
            self.firm.steps = self.firm.steps.saturating_add(1);
            if to > from + 1 {
                self.firm.leaps = self.firm.leaps.saturating_add(1);
                self.book.count(Flow::Leaps);
            }
            self.set_stage(r, to, uncertainty);
        }
    }

    /// Raises the stage of a market and pays for it.
    fn set_stage(&mut self, r: usize, to: u8, uncertainty: f32) {
        let theory = &self.model.theory;
        let from = self.scratch.relations[r].stage;
        let cost = theory.stage.cost(to);
        let (risk, tolerable) = (theory.risk.exposure(to) * uncertainty, self.tolerable());
        self.firm.slack -= cost / (0.25 * self.firm.size);
        self.bearable = UNKNOWN;
        self.scratch.relations[r].stage = to;
        self.book.count(Flow::StageUps);
        let market = self.scratch.relations[r].market;
        let weighed = |event| Event { stage_from: from, stage_to: to, risk, tolerable, cost, ..event };
        self.note(EventKind::StageUp, market, None, weighed);
    }

    /// Takes a market one or more stages back.
    fn step_back(&mut self, r: usize, to: u8, reason: Exit) {
        let relation = &mut self.scratch.relations[r];
        let (from, market) = (relation.stage, relation.market);
        relation.past_stage = from;
        relation.stage = to;
        self.book.count(Flow::StageDowns);
        let back = |event| Event { stage_from: from, stage_to: to, reason: reason as u8, ..event };
        self.note(EventKind::StageDown, market, None, back);
    }

    /// Leaves a market: its customers are dropped.
    fn leave(&mut self, r: usize, reason: Exit) {
        let market = self.scratch.relations[r].market;
        for tie in self.scratch.ties.iter_mut() {
            if tie.market == market && tie.state == TieState::Customer {
                tie.state = TieState::Gone;
                self.changed = true;
            }
        }
        self.note_exit(r, reason);
    }

    /// Writes an exit down and closes the spell.
    fn note_exit(&mut self, r: usize, reason: Exit) {
        let relation = &mut self.scratch.relations[r];
        let market = relation.market;
        let stage = relation.stage;
        if stage > 0 {
            relation.past_stage = stage;
        }
        relation.stage = 0;
        relation.customers = 0;
        relation.customers_offline = 0;
        relation.since = -1;
        relation.quiet_since = -1;
        relation.idle = 0;
        self.book.flows[Flow::ExitDeserted.plus(reason as usize)] += 1;
        let left = |event| Event { stage_from: stage, reason: reason as u8, ..event };
        self.note(EventKind::Exit, market, None, left);
    }

    /// Notes an event in a market, if events are asked for; `fill` adds to it what the firm weighed.
    #[inline]
    fn note(&mut self, kind: EventKind, market: u8, tie: Option<&Tie>, fill: impl FnOnce(Event) -> Event) {
        if self.book.notes_events(self.place) {
            let event = fill(self.event_at(kind, market, tie));
            self.book.events.push(event);
        }
    }

    /// Notes what is told of watched firms only.
    #[inline]
    fn tell(&mut self, kind: EventKind, tie: &Tie, fill: impl FnOnce(Event) -> Event) {
        if self.book.watches(self.place) {
            self.note(kind, tie.market, Some(tie), fill);
        }
    }

    /// An event in a market, with what the firm sees there.
    fn event_at(&self, kind: EventKind, market: u8, tie: Option<&Tie>) -> Event {
        let mut event = Event::of_firm(kind, self.place, self.firm.life, self.step);
        event.market = market;
        event.felt = self.home.felt[usize::from(market)];
        let Scratch { relations, sights, .. } = &*self.scratch;
        if let Some((relation, seen)) = relations.iter().zip(sights.iter()).find(|(relation, _)| relation.market == market) {
            event.perceived = seen.perceived;
            event.ties = relation.ties;
            event.stage_from = relation.stage;
            event.stage_to = relation.stage;
        }
        if let Some(tie) = tie {
            event.origin = tie.origin as u8;
            event.partner = tie.partner;
        }
        event
    }

    // ---------------------------------------------------------------- 7. trade

    /// Sales at home, which come first; the costs of search and of SNS.
    #[inline]
    fn trade_at_home(&mut self) {
        let theory = &self.model.theory;
        let firm = &mut *self.firm;
        firm.home_sales += 0.25 * if theory.capacity.on { firm.size.min(firm.capacity) } else { firm.size };
        if firm.orientation == Orientation::Proactive && theory.search.on {
            let a = firm.proactivity * theory.inertia.drive(firm.inertia);
            self.quarter.net -= 0.25 * theory.search.cost * a;
        }
        if firm.on_sns {
            self.quarter.net -= 0.25 * self.sns_cost();
        }
    }

    /// Orders, lost orders, lost customers, exits; what was earned and spent abroad.
    #[inline]
    fn trade_abroad(&mut self) {
        if self.firm.live > 0 {
            self.fill_orders();
            self.keep_markets();
        }
    }

    /// Yearly cost of SNS use.
    fn sns_cost(&self) -> f32 {
        let firm = &*self.firm;
        let fees: f32 = (0..self.model.sites.len())
            .filter(|i| firm.platforms & 1 << i != 0)
            .map(|i| self.model.sites[i].platform.cost)
            .sum();
        self.model.theory.sns.cost * self.model.theory.sns.hours(firm.size) + fees
    }

    /// Customers order and are served as far as capacity goes; some leave.
    fn fill_orders(&mut self) {
        let theory = &self.model.theory;
        if theory.gusher.rate > 0.0 {
            self.rush();
        }
        let mut free = theory.capacity.free(self.firm.capacity, self.firm.size);
        for i in 0..self.old {
            let tie = self.scratch.ties[i];
            if tie.state != TieState::Customer {
                continue;
            }
            // The draws of a deal are not used again for an order.
            if tie.fresh {
                self.scratch.ties[i].fresh = false;
                continue;
            }
            let draws = self.scratch.draws[i];
            let r = self.relation(tie.market);
            let (relation, friction) = (self.scratch.relations[r], self.scratch.sights[r].friction);
            let chance = theory.ict.chance(theory.order.chance(relation.stage), self.now.web, self.firm.digital);
            let orders = draws.uniform(1) < chance;
            self.scratch.ties[i].ordered = orders;
            if orders {
                let share = if tie.online() { theory.order.online } else { 1.0 };
                let noise = theory.order.noise * normal(draws.uniform(3));
                let quality = self.firm.appeal + tie.quality + noise;
                let plain = theory.order.value(self.firm.order_scale, quality, friction);
                let demand = self.now.demand[usize::from(tie.market)];
                let mut value = plain * theory.order.factor(relation.stage) * share * demand;
                if theory.trial.runs(f32::from(self.step) - f32::from(relation.since)) {
                    value *= theory.trial.share(self.peers_there(tie.market), f32::from(self.firm.lessons));
                }
                self.firm.residuals += theory.order.residual(plain, self.firm.order_scale, friction);
                self.firm.lessons = self.firm.lessons.saturating_add(1);
                self.quarter.wanted += value;
                let sold = value.min(free);
                free -= sold;
                self.sell(r, sold);
                self.book.count(Flow::Orders);
                if sold < value {
                    self.scratch.ties[i].trust *= 1.0 - theory.capacity.lost_trust * (1.0 - sold / value);
                    self.book.count(Flow::LostOrders);
                }
            }
            let trust = self.scratch.ties[i].trust;
            let hazard = theory.separation.hazard(trust, relation.stage, tie.quality);
            if strikes(hazard, draws.uniform(2)) {
                self.drop_tie(i);
            }
        }
    }

    /// A firm flooded with orders may rush.
    fn rush(&mut self) {
        let theory = &self.model.theory;
        let firm = &mut *self.firm;
        let hazard = theory.gusher.hazard(firm.wanted, firm.capacity - firm.size);
        let address = Address::firm(self.place, firm.life, Purpose::Growth, self.step).which(1);
        let draws = self.model.seed.block(address);
        if !strikes(hazard, draws.uniform(0)) {
            return;
        }
        if draws.uniform(1) < theory.gusher.success {
            firm.capacity = firm.capacity.max((1.0 + theory.capacity.spare) * (firm.size + firm.wanted));
        } else {
            firm.slack -= theory.gusher.cost;
            for tie in self.scratch.ties.iter_mut().filter(|tie| tie.state == TieState::Customer) {
                tie.trust *= 1.0 - theory.gusher.lost_trust;
            }
        }
    }

    /// Books a sale.
    fn sell(&mut self, r: usize, value: f32) {
        if value <= 0.0 {
            return;
        }
        let step = self.step as i16;
        let relation = &mut self.scratch.relations[r];
        relation.sales += value;
        relation.last_sale = step;
        self.firm.exports += value;
        if self.firm.first_sale < 0 {
            self.firm.first_sale = step;
        }
        self.quarter.ordered = true;
        self.quarter.net += self.model.theory.order.margin * value;
    }

    /// Upkeep, retreat and exit, market by market.
    fn keep_markets(&mut self) {
        let theory = &self.model.theory;
        for r in 0..usize::from(self.firm.live) {
            let relation = &mut self.scratch.relations[r];
            if relation.since < 0 {
                continue;
            }
            let step = self.step as i16;
            if relation.customers == 0 {
                if relation.quiet_since < 0 {
                    relation.quiet_since = step;
                }
                let deserted = i32::from(step) - i32::from(relation.quiet_since) >= 4;
                if relation.stage > 0 {
                    self.step_back(r, 0, Exit::Deserted);
                }
                if deserted {
                    self.note_exit(r, Exit::Deserted);
                }
                continue;
            }
            relation.quiet_since = -1;
            self.quarter.net -= theory.stage.keeping + 0.25 * theory.stage.upkeep(relation.stage);
            let lone = relation.customers_offline == 0 && relation.stage > 0;
            let sold = relation.last_sale == step;
            relation.idle = if sold { 0 } else { relation.idle.saturating_add(1) };
            let idle = u32::from(relation.idle) >= theory.stage.patience;
            let stage = relation.stage;
            if lone {
                self.step_back(r, 0, Exit::Deserted);
            } else if idle && stage > 0 {
                self.scratch.relations[r].idle = 0;
                self.step_back(r, stage - 1, Exit::Idle);
            } else if idle {
                self.leave(r, Exit::Idle);
            }
        }
    }

    // ---------------------------------------------------------------- 8. learning

    /// Proactivity, inertia, orientation, slack and capacity after the quarter.
    #[inline(always)]
    fn learn_about_itself(&mut self) {
        let theory = &self.model.theory;
        let successes = self.quarter.successes;
        let firm = &mut *self.firm;
        firm.proactivity = theory.proactivity.next(firm.proactivity, firm.temper, successes);
        firm.inertia = theory.inertia.next(firm.inertia, self.quarter.ordered);
        if successes > 0
            && firm.orientation != Orientation::Proactive
            && u32::from(firm.successes) >= theory.orientation.successes
        {
            firm.orientation = Orientation::Proactive;
        }
        let drive = theory.inertia.drive(firm.inertia);
        firm.wanted = 0.75 * firm.wanted + self.quarter.wanted;
        firm.capacity = theory.capacity.next(firm.capacity, firm.size, firm.wanted, drive);
        let shock = normal(self.draws.part(SHOCK));
        firm.slack = theory.slack.next(firm.slack, self.quarter.net, 0.25 * firm.size, shock);
    }

    /// Knowledge of every market in hand; ended ties are put away and markets left behind, and maybe the firm lies down.
    fn learn_markets(&mut self) {
        self.put_in_order();
        if self.firm.live > 0 {
            self.learn();
            self.leave_behind();
        }
        if !self.idle().is_empty() && self.anniversary() {
            self.forget();
        }
        self.firm.dormant = self.scratch.ties.is_empty() && self.firm.live == 0 && !self.is_aided();
    }

    /// Informational use of social networking sites, 0 to 1.
    fn informed(&self) -> f32 {
        if self.firm.on_sns {
            (1.0 - self.firm.relational) * self.model.information(self.firm.platforms & self.now.platforms)
        } else {
            0.0
        }
    }

    /// What every market in hand taught.
    fn learn(&mut self) {
        let theory = &self.model.theory;
        let informed = self.informed();
        let Scratch { ties, relations, sights, slots, .. } = &mut *self.scratch;
        let relations = &mut relations[..usize::from(self.firm.live)];
        for relation in relations.iter_mut() {
            relation.ties = 0;
        }
        for tie in ties.iter().filter(|tie| tie.state != TieState::Contact) {
            let relation = &mut relations[usize::from(slots[usize::from(tie.market)]) - 1];
            relation.ties = relation.ties.saturating_add(1);
        }
        for (relation, seen) in relations.iter_mut().zip(sights.iter()) {
            slots[usize::from(relation.market)] = 0;
            let engaged = f32::from(u8::from(relation.ties > 0));
            let lesson = Lesson {
                active: i32::from(relation.last_sale) == i32::from(self.step),
                stage: relation.stage,
                newness: self.firm.learning,
                new_markets: self.firm.new_markets,
                insidership: engaged * seen.insidership(),
                information: engaged * informed,
            };
            relation.knowledge = theory.knowledge.next(relation.knowledge, &lesson);
        }
    }

    /// Moves markets where nothing goes on any more behind those in hand.
    fn leave_behind(&mut self) {
        let Scratch { relations, sights, .. } = &mut *self.scratch;
        let mut live = usize::from(self.firm.live);
        for r in (0..live).rev() {
            if left_behind(&relations[r], self.home.threshold) {
                relations[r].quiet_since = self.step as i16 + 1;
                live -= 1;
                relations.swap(r, live);
                sights.swap(r, live);
            }
        }
        sights.truncate(live);
        self.firm.live = live as u8;
    }

    /// Forgets the markets of which nothing is left.
    fn forget(&mut self) {
        let (model, step) = (self.model, self.step + 1);
        let gone = |relation: &Relation| {
            relation.rank == 0 && relation.knowledge * model.left(step, relation) <= FORGOTTEN
        };
        if self.idle().iter().any(gone) {
            let (live, mut row) = (usize::from(self.firm.live), 0);
            self.scratch.relations.retain(|relation| {
                row += 1;
                row <= live || !gone(relation)
            });
        }
    }
}

/// A reach that is not worked out yet.
const UNKNOWN: f32 = -1.0;

/// Contacts of one origin in one quarter: how many arrive, and how many of them are within reach.
///
/// Both by inversion of one draw, Poisson(m) and Poisson(m·r) at reach r: contacts within reach arrive as the thinning
/// of all contacts by barriers does, and a wider reach never means fewer of them.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    origin: Origin,
    mean: f32,
    u: f32,
}

impl Arrival {
    /// All of them.
    #[inline]
    fn count(&self) -> u32 {
        self.within(1.0)
    }

    /// Those within reach.
    #[inline]
    fn within(&self, reach: f32) -> u32 {
        let mean = self.mean * reach.min(1.0);
        // At least one arrives iff u < 1 − e^(−mean) ≤ mean: most draws are settled without an exponential.
        if self.u < mean { poisson(mean, 1.0 - self.u) } else { 0 }
    }
}

/// What may arrive in a quarter, by origin.
#[derive(Clone, Copy, Debug, Default)]
struct Arrivals {
    means: [f32; ORIGINS],
    draws: [f32; ORIGINS],
    /// Bits of origins of which a contact may arrive; most draws rule it out.
    any: u8,
}

impl Arrivals {
    #[inline]
    fn add(&mut self, origin: Origin, rate: f32, u: f32) {
        let lane = origin as usize;
        let mean = 0.25 * rate;
        (self.means[lane], self.draws[lane]) = (mean, u);
        self.any |= u8::from(u < mean) << lane;
    }

    /// Those that may arrive.
    #[inline]
    fn each(&self) -> impl Iterator<Item = Arrival> {
        let Self { means, draws, mut any } = *self;
        std::iter::from_fn(move || {
            let lane = any.trailing_zeros() as usize;
            any &= any.wrapping_sub(1);
            let origin = *Origin::ALL.get(lane)?;
            Some(Arrival { origin, mean: means[lane], u: draws[lane] })
        })
    }
}

/// Knowledge below which a market that was never entered is as good as unknown.
const FORGOTTEN: f32 = 0.02;

/// What rounding may add to a probability worked out as 1 − e⁻ˣ, and more.
const ROUNDING: f32 = 1e-6;

/// Was a market left for good, with nothing to show for this year? All that goes on there is forgetting.
fn left_behind(relation: &Relation, threshold: f32) -> bool {
    relation.ties == 0 && relation.since < 0 && relation.sales < threshold
}

/// A market before its ties are looked at: insidership is a product of 1 − w on the way (see [`see`]).
const UNSEEN: Sight = Sight { offline: 1.0, online: 1.0, perceived: 0.0, friction: 0.0 };

/// Takes a tie into an insidership on the way.
#[inline]
fn add_tie(seen: &mut Sight, tie: &Tie) {
    let way = if tie.online() { &mut seen.online } else { &mut seen.offline };
    *way *= 1.0 - tie.trust;
}

/// Works out how far the market of a relation looks and is, from knowledge and insidership.
#[inline]
fn see(model: &Model, now: &Environment, home: &Home, relation: &Relation, seen: &mut Sight) {
    (seen.offline, seen.online) = (1.0 - seen.offline, 1.0 - seen.online);
    let (view, way) = model.theory.distance.nearing(relation.knowledge, seen.offline, seen.online);
    let market = usize::from(relation.market);
    seen.perceived = home.felt[market] * view;
    seen.friction = (home.friction[market] * way + now.tariff[market]).max(0.0);
}

/// Takes off a friction what support measures take off it.
#[inline]
fn ease(model: &Model, supports: &[Support], step: u16, market: u8, seen: &mut Sight) {
    if !supports.is_empty() {
        let cut = total(supports, &model.programme.actions, step, Does::CutFriction, Some(market));
        seen.friction = (seen.friction - cut).max(0.0);
    }
}

/// Does a partner introduce others? Not one with whom nothing was ever begun.
#[inline]
fn refers(tie: &Tie) -> bool {
    matches!(tie.state, TieState::Pursued | TieState::Customer) || (tie.state == TieState::Contact && tie.online())
}

/// What a tie counts in referrals: its trust, times what large partners have more to offer.
#[inline]
fn pull(model: &Model, tie: &Tie) -> f32 {
    let anchor = &model.theory.anchor;
    if !anchor.on() {
        return tie.trust;
    }
    let count = model.partners[usize::from(tie.market)];
    tie.trust * anchor.pull(model.theory.partner.popularity(tie.partner, count))
}

/// How a market looks, at quarter `now`, to a firm with these ties.
pub fn sight(model: &Model, now: &Environment, home: &Home, ties: &[Tie], relation: &Relation) -> Sight {
    let mut seen = UNSEEN;
    ties.iter().filter(|tie| tie.market == relation.market).for_each(|tie| add_tie(&mut seen, tie));
    see(model, now, home, relation, &mut seen);
    seen
}

/// Which kernel a market is drawn from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Channel {
    Offline,
    Online,
    /// Online, on a platform with a decay of its own.
    Site(u8),
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
