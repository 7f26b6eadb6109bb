//! What support measures give the firm: traits and money at the start of a quarter, contacts and knowledge later.

use super::{Aided, Turn};
use crate::draw::{Address, Block, Purpose};
use crate::economy::book::{Event, EventKind};
use crate::economy::support::Support;
use crate::firm::Origin;
use crate::policy::support::{shape, shapes, strength, total};
use crate::policy::{Action, Does};

impl<'a> Turn<'a> {
    /// Has the firm anything of a support measure?
    #[inline]
    pub(super) fn is_aided(&self) -> bool {
        !self.aided.supports.is_empty()
    }

    /// What supports of a kind add up to, anywhere or in a market.
    #[inline]
    pub(super) fn aid(&self, does: Does, market: Option<u8>) -> f32 {
        if !self.is_aided() {
            return 0.0;
        }
        total(self.aided.supports, &self.model.programme.actions, self.step, does, market)
    }

    /// Fellow participants, the firm itself among them.
    #[inline]
    pub(super) fn circle(&self) -> &'a [u32] {
        let Aided { supports, circles } = self.aided;
        let actions = &self.model.programme.actions;
        let meets = |support: &&Support| support.fellows > 0 && strength(support, actions, self.step) > 0.0;
        supports.iter().find(meets).map_or(&[], |support| support.fellows(circles))
    }

    /// What support gives at the start of a quarter: traits as it shapes them, money, courage, a place on SNS. A firm
    /// that has any of it does not sleep.
    #[inline]
    pub(super) fn receive(&mut self) {
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
            let dose = support.share * action.operator.dose;
            match action.operator.does {
                Does::Grant => self.firm.slack += dose / self.home.unit_usd / (0.25 * self.firm.size),
                Does::RaiseProactivity => self.firm.proactivity = (self.firm.proactivity + dose).clamp(0.0, 1.0),
                Does::AdoptSns
                    if !self.firm.on_sns
                        && self.now.platforms != 0
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
    #[inline]
    pub(super) fn benefit(&mut self) {
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
    pub(super) fn introduce(&mut self, action: &Action) {
        let dose = action.operator.dose.max(0.0);
        let whole = dose as u32;
        let count = whole + u32::from(self.policy_draws(action, 0).uniform(0) < dose - whole as f32);
        for k in 0..count {
            let draws = self.contact_draws(Origin::Policy, u32::from(action.key) << 16 | k, self.step);
            let Some(market) = action.market(self.home_index, draws.uniform(1)) else { return };
            if draws.uniform(0) < self.visit(action, market) {
                // What a measure brings is put before the firm, which may still shrink from it.
                self.contact_in(Origin::Policy, market, draws, self.step, 1.0, None);
            }
        }
    }

    /// How far a market can be visited for what a measure brings there.
    fn visit(&self, action: &Action, market: u8) -> f32 {
        if action.operator.travel { self.now.visit[usize::from(market)] } else { 1.0 }
    }

    /// Knowledge of markets that a measure teaches.
    fn teach(&mut self, action: &Action) {
        for k in 0..action.operator.breadth {
            let u = self.policy_draws(action, 1 + k).uniform(0);
            let Some(market) = action.market(self.home_index, u) else { return };
            let visit = self.visit(action, market);
            if visit <= 0.0 {
                continue;
            }
            let (relation, seen) = self.outlook(market);
            self.relate(relation, seen);
            let row = self.relation(market);
            let relation = &mut self.scratch.relations[row];
            relation.knowledge += visit * action.operator.dose * (1.0 - relation.knowledge);
        }
    }

    /// The draws of one action, of which there may be several blocks. The lot of enrolment lives below them.
    fn policy_draws(&self, action: &Action, k: u32) -> Block {
        let which = 1 << 40 | u64::from(action.key) << 16 | u64::from(k & 0xffff);
        self.model.seed.block(Address::firm(self.place, self.firm.life, Purpose::Policy, self.step).which(which))
    }

    /// Books the entry cost that measures share, each its part.
    #[inline]
    pub(super) fn book_aid(&mut self, market: u8, cost: f32) {
        let actions = &self.model.programme.actions;
        for support in self.aided.supports {
            let action = &actions[usize::from(support.action)];
            if action.operator.does == Does::ShareEntryCost && action.within[usize::from(market)] {
                let share = strength(support, actions, self.step).clamp(0.0, 1.0);
                self.book.paid[usize::from(action.measure)] += f64::from(share * cost);
            }
        }
    }

    /// Works out again how far the firm reaches on SNS.
    pub(super) fn spread(&mut self) {
        let reach = self.model.reach(self.firm, self.now.platforms);
        self.firm.reach = reach * (1.0 + self.aid(Does::Connect, None));
    }
}
