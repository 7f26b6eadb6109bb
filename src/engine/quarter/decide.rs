//! Decisions, the one place where a firm chooses: contacts to pursue, deals, stages, and markets to leave.

use super::keep::closes_online;
use super::{Scratch, Turn, UNKNOWN};
use crate::economy::book::{Event, EventKind, Flow};
use crate::engine::model::Model;
use crate::firm::{Exit, Orientation, Origin, Relation, Sight, Tie, TieState};
use crate::mechanism::decision::{Prospect, Rule, Verdict};
use crate::number::quarterly;
use crate::policy::Does;

impl Turn<'_> {
    /// The one place where a firm chooses: contacts to pursue, deals, and once a year its stages.
    #[inline]
    pub(super) fn decide(&mut self) {
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
    #[inline]
    pub(super) fn known(&self, relation: &Relation) -> bool {
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
        let mut prospect = Prospect { cost: share * cost * (1.0 - paid), purse: self.purse(), ..Prospect::UNWEIGHED };
        // Whoever is watched is asked for all reasons of the rule; others are not weighed further than to the first that
        // fails.
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
            prospect.true_gain = share * self.true_gain(&tie, relation.stage, seen.friction);
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
        self.model.believed_appeal(self.firm)
    }

    /// What a contact is really worth: its chance of a deal before it lapses, times the profit of a customer as long as
    /// it is expected to stay within the horizon, at its trust and the stage of the market.
    fn true_gain(&self, tie: &Tie, stage: u8, friction: f32) -> f32 {
        let theory = &self.model.theory;
        let deal = theory.entry.deal(self.firm.skill, friction, tie.trust);
        let lapse = quarterly(theory.contact.lapse);
        let noise = 0.5 * theory.order.noise * theory.order.noise;
        let quality = self.firm.appeal + tie.quality + noise;
        let orders = theory.ict.chance(theory.order.chance(stage), self.now.web, self.firm.digital);
        let (offline, skill) = (&theory.trust, self.firm.skill);
        let closes = if tie.online() {
            closes_online(self.model, self.now, tie, self.hours_per_tie())
        } else {
            orders * offline.closes_offline(true, skill) + (1.0 - orders) * offline.closes_offline(false, skill)
        };
        let trust = |w: f32| theory.trust.expected(w, tie.online(), closes);
        let stay = theory.separation.stay(tie.trust, stage, tie.quality, theory.entry.horizon, trust);
        let order = theory.order.factor(stage) * theory.order.value(self.firm.order_scale, quality, friction);
        deal / (deal + lapse).max(f32::MIN_POSITIVE) * theory.order.margin * orders * order * stay
    }

    /// Share of the entry cost left because a market like this one was served.
    fn likeness(&self, market: u8) -> f32 {
        let like = self.model.likeness(market);
        let bits = self.scratch.relations.iter().fold(0, |bits, relation| {
            let served = relation.last_sale >= 0 && relation.market != market;
            bits | (like[usize::from(relation.market)] * u8::from(served))
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
    #[inline]
    pub(super) fn peers_there(&self, market: u8) -> f32 {
        let there = |peer: &u32| u32::from(self.faces.has(*peer, market));
        let peers: u32 = self.model.peers.offline.row(self.place).iter().map(there).sum();
        let fellows: u32 = self.circle().iter().filter(|peer| **peer != self.place).map(there).sum();
        (peers + fellows) as f32
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
    #[inline]
    pub(super) fn close(&mut self, i: usize) {
        let model = self.model;
        let tie = self.scratch.ties[i];
        let r = self.relation(tie.market);
        let (u, friction, entry) =
            (self.scratch.draws[i].uniform(1), self.scratch.sights[r].friction, &model.theory.entry);
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
    #[inline]
    pub(super) fn step_back(&mut self, r: usize, to: u8, reason: Exit) {
        let relation = &mut self.scratch.relations[r];
        let (from, market) = (relation.stage, relation.market);
        relation.past_stage = from;
        relation.stage = to;
        self.book.count(Flow::StageDowns);
        let back = |event| Event { stage_from: from, stage_to: to, reason: reason as u8, ..event };
        self.note(EventKind::StageDown, market, None, back);
    }

    /// Leaves a market: its customers are dropped.
    #[inline]
    pub(super) fn leave(&mut self, r: usize, reason: Exit) {
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
    #[inline]
    pub(super) fn note_exit(&mut self, r: usize, reason: Exit) {
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
    pub(super) fn note(&mut self, kind: EventKind, market: u8, tie: Option<&Tie>, fill: impl FnOnce(Event) -> Event) {
        if self.book.notes_events(self.place) {
            let event = fill(self.event_at(kind, market, tie));
            self.book.events.push(event);
        }
    }

    /// Notes what is told of watched firms only.
    #[inline]
    pub(super) fn tell(&mut self, kind: EventKind, tie: &Tie, fill: impl FnOnce(Event) -> Event) {
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
        if let Some((relation, seen)) =
            relations.iter().zip(sights.iter()).find(|(relation, _)| relation.market == market)
        {
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
}
