//! Decisions, the one place where a firm chooses: contacts to pursue, deals, stages, and markets to leave.

use super::contacts::relate;
use super::demography::{age_of, anniversary};
use super::events::{note, note_watched};
use super::learning::informed;
use super::support::{book_support, fellows, support_of};
use super::survey::{outlook, screening};
use super::ties::{closes_online, hours_per_tie, row_of};
use super::{Out, Own, Setting, UNKNOWN};
use crate::economy::accounts::{Event, EventKind, Flow};
use crate::engine::extension::ContactView;
use crate::engine::model::Model;
use crate::firm::{Exit, Orientation, Origin, Relation, Sight, Tie, TieState};
use crate::mechanism::decision::{Prospect, Rule, Verdict};
use crate::number::quarterly;
use crate::policy::Does;

/// The one place where a firm chooses: contacts to pursue, deals, and once a year its stages.
#[inline]
pub(super) fn decisions(at: &Setting, own: &mut Own, out: &mut Out) {
    if own.scratch.ties.is_empty() {
        return;
    }
    let theory = &at.model.theory;
    let screening = screening(at, own);
    for i in 0..own.scratch.ties.len() {
        let tie = own.scratch.ties[i];
        match tie.state {
            TieState::Contact => {
                let fresh = i32::from(tie.born) == i32::from(at.step);
                if fresh {
                    out.accounts.count(Flow::Judged);
                }
                let stopped = tie.draw >= screening;
                if stopped && fresh {
                    note_watched(at, own, out, EventKind::Refusal, &tie, |event| Event {
                        reason: Verdict::Barrier as u8,
                        ..event
                    });
                }
                let verdict = if stopped { Verdict::Barrier } else { judge(at, own, out, i) };
                if fresh || verdict == Verdict::Pursue {
                    out.accounts.flows[Flow::Pursued.plus(verdict as usize)] += 1;
                }
            }
            TieState::Pursued if i < own.quarter.old => close(at, own, out, i),
            _ => {}
        }
    }
    if anniversary(at, own) && theory.stage.on {
        for i in 0..usize::from(own.firm.live) {
            review(at, own, out, i);
        }
    }
}

/// Tolerable risk now.
#[inline]
fn tolerable(at: &Setting, own: &mut Own) -> f32 {
    if own.quarter.tolerable == UNKNOWN {
        own.quarter.tolerable = work_tolerance_out(at, own);
    }
    own.quarter.tolerable
}

fn work_tolerance_out(at: &Setting, own: &Own) -> f32 {
    let theory = &at.model.theory;
    let firm = &*own.firm;
    let a = firm.proactivity * theory.inertia.drive(firm.inertia);
    let awake = i32::from(at.step) < i32::from(firm.awake_until);
    theory.risk.tolerable(firm.slack, theory.slack.target, a) * if awake { theory.incident.tolerance } else { 1.0 }
}

/// Liquid reserves in money.
fn cash(own: &Own) -> f32 {
    own.firm.slack.max(0.0) * 0.25 * own.firm.size
}

/// Was the market sold to within memory?
#[inline]
fn known(at: &Setting, relation: &Relation) -> bool {
    relation.last_sale >= 0 && f32::from(at.step) - f32::from(relation.last_sale) <= 4.0 * at.model.theory.entry.memory
}

/// Weighs one contact up and follows it, or not.
fn judge(at: &Setting, own: &mut Own, out: &mut Out, i: usize) -> Verdict {
    let theory = &at.model.theory;
    if !theory.entry.on {
        return Verdict::Barrier;
    }
    let tie = own.scratch.ties[i];
    let (relation, seen) = outlook(at, own, tie.market);
    // What is only online can carry only a share of an order, and puts only that share at stake.
    let share = if tie.online() { theory.order.online } else { 1.0 };
    let level = if theory.distance.level() { seen.online } else { 0.0 };
    let cost = if known(at, &relation) {
        theory.entry.further * theory.entry.cost(seen.perceived, 1.0, level)
    } else {
        theory.entry.cost(seen.perceived, likeness(at, own, tie.market), level)
    };
    let paid = support_of(at, own, Does::ShareEntryCost, Some(tie.market)).clamp(0.0, 1.0);
    let mut prospect = Prospect { cost: share * cost * (1.0 - paid), cash: cash(own), ..Prospect::UNWEIGHED };
    // Whoever is watched is asked for all reasons of the rule; others are not weighed further than to the first that
    // fails.
    let watched = out.accounts.watches(own.slot);
    let own_rule = at.model.extension.rule.as_deref();
    if own_rule.is_some() || theory.decision.asks_for_risk() && (watched || prospect.cost <= prospect.cash) {
        let mut uncertainty = theory.risk.uncertainty(seen.perceived, seen.insidership());
        if theory.information.weight > 0.0 && relation.last_sale < 0 {
            uncertainty *= theory.information.left(informed(at, own));
        }
        let covered = support_of(at, own, Does::CoverRisk, Some(tie.market)).clamp(0.0, 1.0);
        let exposure = if theory.risk.on { share * theory.risk.exposure(0) * (1.0 - covered) } else { 0.0 };
        (prospect.risk, prospect.tolerable) = (exposure * uncertainty, tolerable(at, own));
    }
    if own_rule.is_some() || watched || theory.decision.asks_for_gain(&prospect) {
        let appeal = believed_appeal(at, own);
        let believed = theory.order.believed_profit(own.firm.order_scale, appeal, seen.perceived);
        let chance = theory.belief.chance(own.firm.successes, own.firm.trials, peers_in(at, own, tie.market));
        prospect.expected_gain = share * chance * believed * theory.entry.horizon;
    }
    if theory.decision.rule == Rule::FullInformation {
        prospect.true_gain = share * true_gain(at, own, &tie, relation.stage, seen.friction);
    }
    let usual = theory.decision.judge(&prospect);
    let verdict = own_rule.map_or(usual, |rule| {
        let contact = ContactView { firm: own.view(at), tie: &tie, seen, prospect, usual };
        at.model.extension.judge(rule, &contact)
    });
    if watched && verdict != Verdict::Pursue && i32::from(tie.born) == i32::from(at.step) {
        let Prospect { risk, tolerable, cost, expected_gain: gain, .. } = prospect;
        let weighed =
            |event| Event { risk, tolerable, cost, gain, reason: verdict as u8, perceived: seen.perceived, ..event };
        note_watched(at, own, out, EventKind::Refusal, &tie, weighed);
    }
    if verdict == Verdict::Pursue {
        pursue(at, own, out, i, &prospect, relation, seen);
        if paid > 0.0 {
            book_support(at, own, out, tie.market, share * cost);
        }
    }
    verdict
}

/// What the firm believes of its appeal abroad.
fn believed_appeal(at: &Setting, own: &Own) -> f32 {
    at.model.believed_appeal(own.firm)
}

/// What a contact is really worth: its chance of a deal before it lapses, times the profit of a customer as long as
/// it is expected to stay within the horizon, at its trust and the stage of the market.
fn true_gain(at: &Setting, own: &Own, tie: &Tie, stage: u8, friction: f32) -> f32 {
    let theory = &at.model.theory;
    let deal = theory.entry.deal(own.firm.skill, friction, tie.trust);
    let lapse = quarterly(theory.contact.lapse);
    let noise = 0.5 * theory.order.noise * theory.order.noise;
    let quality = own.firm.appeal + tie.quality + noise;
    let orders = theory.ict.chance(theory.order.chance(stage), at.now.web, own.firm.digital);
    let (offline, skill) = (&theory.trust, own.firm.skill);
    let closes = if tie.online() {
        closes_online(at.model, at.now, tie, hours_per_tie(at, own))
    } else {
        orders * offline.closes_offline(true, skill) + (1.0 - orders) * offline.closes_offline(false, skill)
    };
    let trust = |w: f32| theory.trust.expected(w, tie.online(), closes);
    let stay = theory.separation.stay(tie.trust, stage, tie.quality, theory.entry.horizon, trust);
    let order = theory.order.factor(stage) * theory.order.value(own.firm.order_scale, quality, friction);
    deal / (deal + lapse).max(f32::MIN_POSITIVE) * theory.order.margin * orders * order * stay
}

/// Share of the entry cost left because a market like this one was served.
fn likeness(at: &Setting, own: &Own, market: u8) -> f32 {
    let like = at.model.likeness(market);
    let bits = own.scratch.relations.iter().fold(0, |bits, relation| {
        let served = relation.last_sale >= 0 && relation.market != market;
        bits | (like[usize::from(relation.market)] * u8::from(served))
    });
    at.model.theory.entry.likeness(bits & 1 != 0, bits & 2 != 0, bits & 4 != 0)
}

/// Peers with a customer in a market.
fn peers_in(at: &Setting, own: &Own, market: u8) -> f32 {
    if at.model.theory.belief.peer == 0.0 || !at.model.theory.peer.on {
        return 0.0;
    }
    peers_there(at, own, market)
}

/// The same, believed or not.
#[inline]
pub(super) fn peers_there(at: &Setting, own: &Own, market: u8) -> f32 {
    let there = |peer: &u32| u32::from(at.visible.has(*peer, market));
    let peers: u32 = at.model.peers.offline.row(own.slot).iter().map(there).sum();
    let fellows: u32 = fellows(at, own).iter().filter(|peer| **peer != own.slot).map(there).sum();
    (peers + fellows) as f32
}

/// Follows a contact up.
fn pursue(at: &Setting, own: &mut Own, out: &mut Out, i: usize, prospect: &Prospect, relation: Relation, seen: Sight) {
    own.firm.slack -= prospect.cost / (0.25 * own.firm.size);
    own.quarter.tolerable = UNKNOWN;
    own.quarter.changed = true;
    let tie = &mut own.scratch.ties[i];
    tie.state = TieState::Pursued;
    let tie = *tie;
    relate(own, relation, seen);
    if own.firm.orientation == Orientation::NonExporter && tie.origin != Origin::Search {
        own.firm.orientation = Orientation::Passive;
    }
    let Prospect { risk, tolerable, cost, expected_gain: gain, .. } = *prospect;
    let weighed = |event| Event { risk, tolerable, cost, gain, ..event };
    note(at, own, out, EventKind::Pursuit, tie.market, Some(&tie), weighed);
}

/// A pursued contact may become a customer.
#[inline]
fn close(at: &Setting, own: &mut Own, out: &mut Out, i: usize) {
    let model = at.model;
    let tie = own.scratch.ties[i];
    let r = row_of(own, tie.market);
    let (u, friction, entry) = (own.scratch.draws[i].uniform(1), own.scratch.sights[r].friction, &model.theory.entry);
    if u >= entry.deal_at_most(own.firm.skill) || u >= entry.deal(own.firm.skill, friction, tie.trust) {
        return;
    }
    own.quarter.changed = true;
    own.scratch.ties[i].state = TieState::Customer;
    own.scratch.ties[i].fresh = true;
    note_watched(at, own, out, EventKind::Deal, &tie, |event| event);
    own.quarter.successes += 1;
    own.firm.trials = own.firm.trials.saturating_add(1);
    own.firm.successes = own.firm.successes.saturating_add(1);
    out.accounts.count(Flow::Deals);
    let relation = &mut own.scratch.relations[r];
    relation.customers = relation.customers.saturating_add(1);
    if !tie.online() {
        relation.customers_offline = relation.customers_offline.saturating_add(1);
    }
    // Patience begins anew: a customer just won has had no time to order.
    relation.idle = 0;
    if relation.since < 0 {
        enter(at, own, out, r, &tie);
    }
}

/// The first customer in a market: an entry, or a re-entry.
fn enter(at: &Setting, own: &mut Own, out: &mut Out, r: usize, tie: &Tie) {
    let step = at.step as i16;
    out.accounts.count_origin(Flow::EntrySearch, tie.origin);
    let first = own.scratch.relations[r].rank == 0;
    if first {
        let rank = own.scratch.relations.iter().map(|relation| relation.rank).max().unwrap_or(0);
        let relation = &mut own.scratch.relations[r];
        relation.rank = rank.saturating_add(1);
        let (market, rank) = (relation.market, relation.rank);
        if out.accounts.observing {
            out.accounts.tallies.entry(market, rank, at.home.nearness[usize::from(market)]);
        }
        own.firm.new_markets = own.firm.new_markets.saturating_add(1);
        if own.firm.first_origin == u8::MAX {
            own.firm.first_origin = tie.origin as u8;
            own.firm.learning = at.model.learning_newness[Model::age_row(age_of(at, own))];
        }
    } else {
        out.accounts.count(Flow::Reentries);
    }
    let relation = &mut own.scratch.relations[r];
    relation.since = step;
    relation.quiet_since = -1;
    relation.idle = 0;
    relation.tenure = 0;
    let kind = if first { EventKind::Entry } else { EventKind::Reentry };
    note(at, own, out, kind, tie.market, Some(tie), |event| event);
    let past = own.scratch.relations[r].past_stage;
    if past > 0 && !tie.online() {
        resume(at, own, out, r, past);
    }
}

/// Re-entry in the old mode, if it is still bearable and affordable.
fn resume(at: &Setting, own: &mut Own, out: &mut Out, r: usize, stage: u8) {
    let theory = &at.model.theory;
    let seen = own.scratch.sights[r];
    let uncertainty = theory.risk.uncertainty(seen.perceived, seen.insidership());
    let bearable = theory.risk.bearable(theory.risk.exposure(stage), uncertainty, tolerable(at, own));
    if theory.stage.on && bearable && theory.stage.cost(stage) <= cash(own) {
        set_stage(at, own, out, r, stage, uncertainty);
    }
}

/// The yearly review of a market's stage.
fn review(at: &Setting, own: &mut Own, out: &mut Out, r: usize) {
    let theory = &at.model.theory;
    let relation = own.scratch.relations[r];
    if relation.since < 0 {
        return;
    }
    let sales = relation.sales.max(relation.sales_last);
    if theory.decision.rule == Rule::Casino {
        let costs = 4.0 * theory.stage.keeping + theory.stage.upkeep(relation.stage);
        if i32::from(at.step) - i32::from(relation.since) >= 4 && theory.order.margin * sales < costs {
            leave(at, own, out, r, Exit::StopLoss);
        }
        return;
    }
    let seen = own.scratch.sights[r];
    let known = i32::from(at.step) - i32::from(relation.since) >= 4;
    let poorer = theory.trial.runs(f32::from(at.step) - f32::from(relation.since))
        && theory.trial.disappoints(believed_appeal(at, own));
    if known && (poorer || theory.revelation.disappoints(seen.friction, seen.perceived)) {
        if relation.stage > 0 {
            step_back(at, own, out, r, relation.stage - 1, Exit::Revealed);
        } else {
            leave(at, own, out, r, Exit::Revealed);
        }
        return;
    }
    if relation.stage >= 3 || relation.customers_offline == 0 {
        return;
    }
    let uncertainty = theory.risk.uncertainty(seen.perceived, seen.insidership());
    let (tolerable, cash) = (tolerable(at, own), cash(own));
    let from = relation.stage;
    let furthest = if theory.stage.leapfrog { 3 } else { from + 1 };
    let profit = theory.order.margin * sales;
    let activity = |stage: u8| theory.order.factor(stage) * theory.order.chance(stage);
    let chosen = (from + 1..=furthest).rev().find(|to| {
        let gain = theory.stage.gain(from, *to, profit, activity(*to) / activity(from), theory.entry.horizon);
        theory.stage.cost(*to) <= cash
            && theory.risk.bearable(theory.risk.exposure(*to), uncertainty, tolerable)
            && theory.stage.worth(*to, gain)
    });
    if let Some(to) = chosen {
        own.firm.steps = own.firm.steps.saturating_add(1);
        if to > from + 1 {
            own.firm.leaps = own.firm.leaps.saturating_add(1);
            out.accounts.count(Flow::Leaps);
        }
        set_stage(at, own, out, r, to, uncertainty);
    }
}

/// Raises the stage of a market and pays for it.
fn set_stage(at: &Setting, own: &mut Own, out: &mut Out, r: usize, to: u8, uncertainty: f32) {
    let theory = &at.model.theory;
    let from = own.scratch.relations[r].stage;
    let cost = theory.stage.cost(to);
    let (risk, tolerable) = (theory.risk.exposure(to) * uncertainty, tolerable(at, own));
    own.firm.slack -= cost / (0.25 * own.firm.size);
    own.quarter.tolerable = UNKNOWN;
    own.scratch.relations[r].stage = to;
    out.accounts.count(Flow::StageUps);
    let market = own.scratch.relations[r].market;
    let weighed = |event| Event { stage_from: from, stage_to: to, risk, tolerable, cost, ..event };
    note(at, own, out, EventKind::StageUp, market, None, weighed);
}

/// Takes a market one or more stages back.
#[inline]
pub(super) fn step_back(at: &Setting, own: &mut Own, out: &mut Out, r: usize, to: u8, reason: Exit) {
    let relation = &mut own.scratch.relations[r];
    let (from, market) = (relation.stage, relation.market);
    relation.past_stage = from;
    relation.stage = to;
    out.accounts.count(Flow::StageDowns);
    let back = |event| Event { stage_from: from, stage_to: to, reason: reason as u8, ..event };
    note(at, own, out, EventKind::StageDown, market, None, back);
}

/// Leaves a market: its customers are dropped.
#[inline]
pub(super) fn leave(at: &Setting, own: &mut Own, out: &mut Out, r: usize, reason: Exit) {
    let market = own.scratch.relations[r].market;
    for tie in own.scratch.ties.iter_mut() {
        if tie.market == market && tie.state == TieState::Customer {
            tie.state = TieState::Gone;
            own.quarter.changed = true;
        }
    }
    note_exit(at, own, out, r, reason);
}

/// Writes an exit down and closes the spell.
#[inline]
pub(super) fn note_exit(at: &Setting, own: &mut Own, out: &mut Out, r: usize, reason: Exit) {
    let relation = &mut own.scratch.relations[r];
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
    out.accounts.flows[Flow::ExitDeserted.plus(reason as usize)] += 1;
    let left = |event| Event { stage_from: stage, reason: reason as u8, ..event };
    note(at, own, out, EventKind::Exit, market, None, left);
}
