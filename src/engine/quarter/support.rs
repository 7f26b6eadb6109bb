//! What support measures give the firm: traits and money at the start of a quarter, contacts and knowledge later.

use super::contacts::{Met, contact_draws, contact_in, relate};
use super::sns::adopt;
use super::survey::{outlook, work_screening_out};
use super::ties::row_of;
use super::{Out, Own, Setting};
use crate::draw::{Address, Block, Purpose};
use crate::economy::accounts::{Event, EventKind};
use crate::economy::support::Support;
use crate::firm::Origin;
use crate::policy::support::{shape, shapes, strength, total};
use crate::policy::{Action, Does};

/// Has the firm anything of a support measure?
#[inline]
pub(super) fn is_supported(own: &Own) -> bool {
    !own.supports.is_empty()
}

/// What supports of a kind add up to, anywhere or in a market.
#[inline]
pub(super) fn support_of(at: &Setting, own: &Own, does: Does, market: Option<u8>) -> f32 {
    if !is_supported(own) {
        return 0.0;
    }
    total(own.supports, &at.model.programme.actions, at.step, does, market)
}

/// Fellow participants, the firm itself among them.
#[inline]
pub(super) fn fellows<'a>(at: &Setting<'a>, own: &Own<'a>) -> &'a [u32] {
    let (supports, circles) = (own.supports, at.circles);
    let actions = &at.model.programme.actions;
    let meets = |support: &&Support| support.fellows > 0 && strength(support, actions, at.step) > 0.0;
    supports.iter().find(meets).map_or(&[], |support| support.fellows(circles))
}

/// What support gives at the start of a quarter: traits as it shapes them, money, courage, a place on SNS. A firm
/// that has any of it does not sleep.
#[inline]
pub(super) fn receive(at: &Setting, own: &mut Own, out: &mut Out) {
    let model = at.model;
    let (actions, supports) = (&model.programme.actions, own.supports);
    own.firm.dormant = false;
    if shapes(supports, actions) {
        own.quarter.screening_before = work_screening_out(at, own);
        let tail = model.population.size_tail;
        let born = model.newborn(own.slot, own.firm.generation, own.firm.born, tail, 0.0);
        shape(own.firm, &born, supports, actions, at.step);
        own.firm.unhindered = model.theory.barrier.unhindered(&own.firm.barriers);
    }
    let mut measure = None;
    let step = at.step;
    for support in supports.iter().filter(|support| support.fresh(step)) {
        let action = &actions[usize::from(support.action)];
        if measure.replace(action.measure) != Some(action.measure) {
            let (slot, generation) = (own.slot, own.firm.generation);
            out.accounts.note(slot, || Event::of_firm(EventKind::Support, slot, generation, step));
        }
        let dose = support.share * action.operator.dose;
        match action.operator.does {
            Does::Grant => own.firm.slack += dose / at.home.unit_usd / (0.25 * own.firm.size),
            Does::RaiseProactivity => own.firm.proactivity = (own.firm.proactivity + dose).clamp(0.0, 1.0),
            Does::AdoptSns
                if !own.firm.on_sns && at.now.platforms != 0 && policy_draws(at, own, action, 0).uniform(0) < dose =>
            {
                adopt(at, own, out);
            }
            _ => {}
        }
    }
    if own.firm.on_sns {
        renew_reach(at, own);
    }
}

/// What support brings that has to do with markets: contacts, and knowledge.
#[inline]
pub(super) fn benefit(at: &Setting, own: &mut Own, out: &mut Out) {
    let (model, step, supports) = (at.model, at.step, own.supports);
    for support in supports.iter().filter(|support| support.fresh(step)) {
        let action = &model.programme.actions[usize::from(support.action)];
        match action.operator.does {
            Does::AddContacts => introduce(at, own, out, action),
            Does::RaiseKnowledge => teach(at, own, action),
            _ => {}
        }
    }
}

/// Contacts that a measure brings; those that take travel come as far as travel is possible.
fn introduce(at: &Setting, own: &mut Own, out: &mut Out, action: &Action) {
    let dose = action.operator.dose.max(0.0);
    let whole = dose as u32;
    let count = whole + u32::from(policy_draws(at, own, action, 0).uniform(0) < dose - whole as f32);
    for k in 0..count {
        let draws = contact_draws(at, own, Origin::Policy, u32::from(action.key) << 16 | k, at.step);
        let Some(market) = action.market(at.home_index, draws.uniform(1)) else { return };
        if draws.uniform(0) < visits_to(at, action, market) {
            // What a measure brings is put before the firm, which may still shrink from it.
            let met = Met { origin: Origin::Policy, draws, step: at.step, screening: 1.0, referrer: None };
            contact_in(at, own, out, market, &met);
        }
    }
}

/// How far a market can be visited for what a measure brings there.
fn visits_to(at: &Setting, action: &Action, market: u8) -> f32 {
    if action.operator.travel { at.now.visit[usize::from(market)] } else { 1.0 }
}

/// Knowledge of markets that a measure teaches.
fn teach(at: &Setting, own: &mut Own, action: &Action) {
    for k in 0..action.operator.breadth {
        let u = policy_draws(at, own, action, 1 + k).uniform(0);
        let Some(market) = action.market(at.home_index, u) else { return };
        let visit = visits_to(at, action, market);
        if visit <= 0.0 {
            continue;
        }
        let (relation, seen) = outlook(at, own, market);
        relate(own, relation, seen);
        let row = row_of(own, market);
        let relation = &mut own.scratch.relations[row];
        relation.knowledge += visit * action.operator.dose * (1.0 - relation.knowledge);
    }
}

/// The draws of one action, of which there may be several blocks. The lot of enrolment lives below them.
fn policy_draws(at: &Setting, own: &Own, action: &Action, k: u32) -> Block {
    let which = 1 << 40 | u64::from(action.key) << 16 | u64::from(k & 0xffff);
    at.model.seed.block(Address::firm(own.slot, own.firm.generation, Purpose::Policy, at.step).which(which))
}

/// Books the entry cost that measures share, each its part.
#[inline]
pub(super) fn book_support(at: &Setting, own: &mut Own, out: &mut Out, market: u8, cost: f32) {
    let actions = &at.model.programme.actions;
    for support in own.supports {
        let action = &actions[usize::from(support.action)];
        if action.operator.does == Does::ShareEntryCost && action.within[usize::from(market)] {
            let share = strength(support, actions, at.step).clamp(0.0, 1.0);
            out.accounts.paid[usize::from(action.measure)] += f64::from(share * cost);
        }
    }
}

/// Works out again how far the firm reaches on SNS.
pub(super) fn renew_reach(at: &Setting, own: &mut Own) {
    let reach = at.model.reach(own.firm, at.now.platforms);
    own.firm.reach = reach * (1.0 + support_of(at, own, Does::Connect, None));
}
