//! Ties: give–receive–return loops, conversion of online ties, lapse of contacts that led nowhere.

use super::events::{note, note_watched};
use super::sns::uses_sns;
use super::support::support_of;
use super::{Out, Own, Scratch, Setting};
use crate::draw::{Address, Block, Purpose};
use crate::economy::accounts::{EventKind, Flow};
use crate::engine::environment::Environment;
use crate::engine::model::Model;
use crate::firm::{OFFLINE, Tie, TieState};
use crate::number::strikes;
use crate::policy::Does;

/// Give–receive–return loops, conversion of online ties, lapse of mere contacts.
#[inline]
pub(super) fn ties(at: &Setting, own: &mut Own, out: &mut Out) {
    if own.quarter.old == 0 {
        return;
    }
    let (model, now, step) = (at.model, at.now, at.step);
    let theory = &model.theory;
    let address = Address::firm(own.slot, own.firm.generation, Purpose::Tie, step);
    let hours = hours_per_tie(at, own);
    let mut failed = 0;
    let Scratch { ties, draws, pending, .. } = &mut *own.scratch;
    draws.clear();
    for (i, tie) in ties[..own.quarter.old].iter_mut().enumerate() {
        let online = tie.online();
        if tie.state == TieState::Contact && !online {
            // Known, and nothing done: no loop is going round that could close.
            draws.push(Block::default());
            if step >= tie.lapses {
                pending.push(i);
            }
            continue;
        }
        let own_draws = model.seed.block(address.which(tie.which()));
        draws.push(own_draws);
        let chance = if online {
            closes_online(model, now, tie, hours)
        } else {
            theory.trust.closes_offline(tie.ordered, own.firm.skill)
        };
        let closed = own_draws.uniform(0) < chance;
        failed += u32::from(online & !closed);
        tie.trust = theory.trust.next(tie.trust, online, closed);
        let mere = tie.state != TieState::Customer;
        let lapses = mere & ((step >= tie.lapses) | (tie.trust < theory.contact.floor));
        if lapses | online | (model.home_of[usize::from(tie.market)] != u8::MAX) {
            pending.push(i);
        }
    }
    if own.quarter.survey.online > 0 {
        let share = failed as f32 / own.quarter.survey.online as f32;
        own.firm.failed += theory.adoption.memory * (share - own.firm.failed);
    }
    while let Some(i) = own.scratch.pending.pop() {
        let tie = own.scratch.ties[i];
        let mere = tie.state != TieState::Customer;
        let kept = tie.state == TieState::Contact && !tie.online() || tie.trust >= theory.contact.floor;
        if mere && (step >= tie.lapses || !kept) || partner_failed(at, &tie) {
            drop_tie(at, own, out, i);
        } else if tie.online() {
            convert(at, own, out, i);
        }
    }
}

/// Hours a week of relational use for each tie that is only online.
#[inline]
pub(super) fn hours_per_tie(at: &Setting, own: &Own) -> f32 {
    if uses_sns(at, own) && own.quarter.survey.online > 0 {
        own.firm.relational * at.model.theory.sns.hours(own.firm.size) / own.quarter.survey.online as f32
    } else {
        0.0
    }
}

/// Has the simulated firm at the other end failed since?
#[inline]
fn partner_failed(at: &Setting, tie: &Tie) -> bool {
    (tie.state != TieState::Contact || tie.online())
        && at.model.home_of[usize::from(tie.market)] != u8::MAX
        && at
            .model
            .partner_slot(tie.market, tie.partner)
            .is_some_and(|slot| at.visible[slot as usize].generation != tie.partner_generation)
}

/// A tie ends; a pursuit that ends without a sale has failed.
#[inline]
pub(super) fn drop_tie(at: &Setting, own: &mut Own, out: &mut Out, i: usize) {
    let tie = &mut own.scratch.ties[i];
    let (state, dropped) = (tie.state, *tie);
    tie.state = TieState::Gone;
    own.quarter.changed = true;
    let kind = if state == TieState::Customer { EventKind::Loss } else { EventKind::Lapse };
    note_watched(at, own, out, kind, &dropped, |event| event);
    let tie = &dropped;
    let (market, online) = (tie.market, tie.online());
    match state {
        TieState::Pursued => {
            own.firm.trials = own.firm.trials.saturating_add(1);
            out.accounts.count(Flow::Failures);
        }
        TieState::Customer => {
            out.accounts.count(Flow::Separations);
            let relation = row_of(own, market);
            let relation = &mut own.scratch.relations[relation];
            relation.customers = relation.customers.saturating_sub(1);
            if !online {
                relation.customers_offline = relation.customers_offline.saturating_sub(1);
            }
        }
        TieState::Contact | TieState::Gone => {}
    }
}

/// An online tie may go offline.
fn convert(at: &Setting, own: &mut Own, out: &mut Out, i: usize) {
    let model = at.model;
    let tie = own.scratch.ties[i];
    let ease = model.sites[usize::from(tie.platform)].platform.conversion;
    let visit =
        at.now.visit[usize::from(tie.market)] * (1.0 + support_of(at, own, Does::EaseConversion, Some(tie.market)));
    let hazard = model.theory.conversion.hazard(tie.trust, own.firm.skill, visit, ease);
    if strikes(hazard, own.scratch.draws[i].rest()) {
        own.scratch.ties[i].platform = OFFLINE;
        if tie.state == TieState::Customer {
            let relation = row_of(own, tie.market);
            let relation = &mut own.scratch.relations[relation];
            relation.customers_offline = relation.customers_offline.saturating_add(1);
        }
        out.accounts.count(Flow::Conversions);
        note(at, own, out, EventKind::Conversion, tie.market, Some(&tie), |event| event);
    }
}

/// Row of the relation to a market that has one.
#[inline]
pub(super) fn row_of(own: &Own, market: u8) -> usize {
    usize::from(own.scratch.slots[usize::from(market)]) - 1
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
