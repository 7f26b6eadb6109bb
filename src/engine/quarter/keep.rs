//! Ties: give–receive–return loops, conversion of online ties, lapse of contacts that led nowhere.

use super::{Scratch, Turn};
use crate::draw::{Address, Block, Purpose};
use crate::economy::book::{EventKind, Flow};
use crate::engine::environment::Environment;
use crate::engine::model::Model;
use crate::firm::{OFFLINE, Tie, TieState};
use crate::number::strikes;
use crate::policy::Does;

impl Turn<'_> {
    /// Give–receive–return loops, conversion of online ties, lapse of mere contacts.
    #[inline]
    pub(super) fn keep(&mut self) {
        if self.old == 0 {
            return;
        }
        let (model, now, step) = (self.model, self.now, self.step);
        let theory = &model.theory;
        let address = Address::firm(self.place, self.firm.life, Purpose::Tie, step);
        let hours = self.hours_per_tie();
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
            let chance = if online {
                closes_online(model, now, tie, hours)
            } else {
                theory.trust.closes_offline(tie.ordered, self.firm.skill)
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

    /// Hours a week of relational use for each tie that is only online.
    #[inline]
    pub(super) fn hours_per_tie(&self) -> f32 {
        if self.uses_sns() && self.survey.online > 0 {
            self.firm.relational * self.model.theory.sns.hours(self.firm.size) / self.survey.online as f32
        } else {
            0.0
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
    #[inline]
    pub(super) fn drop_tie(&mut self, i: usize) {
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
    pub(super) fn relation(&self, market: u8) -> usize {
        usize::from(self.scratch.slots[usize::from(market)]) - 1
    }
}

/// Chance that the loop of a tie that is only online closes, at `hours` for it.
#[inline]
pub(super) fn closes_online(model: &Model, now: &Environment, tie: &Tie, hours: f32) -> f32 {
    if now.platforms & 1 << tie.platform == 0 || hours <= 0.0 {
        return 0.0;
    }
    let popularity = model.theory.partner.popularity(tie.partner, model.partners[usize::from(tie.market)]);
    model.theory.trust.closes_online(hours, popularity)
}
