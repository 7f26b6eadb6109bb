//! Trade: sales at home, orders from abroad as far as capacity goes, lost customers, deserted markets.

use super::decisions::{leave, note_exit, peers_there, step_back};
use super::sns::uses_sns;
use super::ties::{drop_tie, row_of};
use super::{Out, Own, Setting};
use crate::draw::{Address, Purpose};
use crate::economy::accounts::Flow;
use crate::firm::{Exit, Orientation, TieState};
use crate::number::{normal, strikes};

/// Sales at home, orders from abroad.
#[inline]
pub(super) fn trade(at: &Setting, own: &mut Own, out: &mut Out) {
    trade_at_home(at, own);
    trade_abroad(at, own, out);
}

/// Sales at home, which come first; the costs of search and of SNS.
#[inline]
pub(super) fn trade_at_home(at: &Setting, own: &mut Own) {
    let theory = &at.model.theory;
    let firm = &mut *own.firm;
    firm.home_sales += 0.25 * if theory.capacity.on { firm.size.min(firm.capacity) } else { firm.size };
    if firm.orientation == Orientation::Proactive && theory.search.on {
        let a = firm.proactivity * theory.inertia.drive(firm.inertia);
        own.quarter.net -= 0.25 * theory.search.cost * a;
    }
    if uses_sns(at, own) {
        own.quarter.net -= 0.25 * sns_cost(at, own);
    }
}

/// Orders, lost orders, lost customers, exits; what was earned and spent abroad.
#[inline]
fn trade_abroad(at: &Setting, own: &mut Own, out: &mut Out) {
    if own.firm.live > 0 {
        fill_orders(at, own, out);
        keep_markets(at, own, out);
    }
}

/// Yearly cost of SNS use.
fn sns_cost(at: &Setting, own: &Own) -> f32 {
    let firm = &*own.firm;
    let fees: f32 = (0..at.model.sites.len())
        .filter(|i| firm.platforms & 1 << i != 0)
        .map(|i| at.model.sites[i].platform.cost)
        .sum();
    at.model.theory.sns.cost * at.model.theory.sns.hours(firm.size) + fees
}

/// Customers order and are served as far as capacity goes; some leave.
fn fill_orders(at: &Setting, own: &mut Own, out: &mut Out) {
    let theory = &at.model.theory;
    if theory.gusher.rate > 0.0 {
        rush(at, own);
    }
    let mut free = theory.capacity.free(own.firm.capacity, own.firm.size);
    for i in 0..own.quarter.old {
        let tie = own.scratch.ties[i];
        if tie.state != TieState::Customer {
            continue;
        }
        // The draws of a deal are not used again for an order.
        if tie.fresh {
            own.scratch.ties[i].fresh = false;
            continue;
        }
        let draws = own.scratch.draws[i];
        let r = row_of(own, tie.market);
        let (relation, friction) = (own.scratch.relations[r], own.scratch.sights[r].friction);
        let chance = theory.ict.chance(theory.order.chance(relation.stage), at.now.web, own.firm.digital);
        let orders = draws.uniform(1) < chance;
        own.scratch.ties[i].ordered = orders;
        if orders {
            let share = if tie.online() { theory.order.online } else { 1.0 };
            let noise = theory.order.noise * normal(draws.uniform(3));
            let quality = own.firm.appeal + tie.quality + noise;
            let plain = theory.order.value(own.firm.order_scale, quality, friction);
            let demand = at.now.demand[usize::from(tie.market)];
            let mut value = plain * theory.order.factor(relation.stage) * share * demand;
            if theory.trial.runs(f32::from(at.step) - f32::from(relation.since)) {
                value *= theory.trial.share(peers_there(at, own, tie.market), f32::from(own.firm.lessons));
            }
            own.firm.residuals += theory.order.residual(plain, own.firm.order_scale, friction);
            own.firm.lessons = own.firm.lessons.saturating_add(1);
            own.quarter.wanted += value;
            let sold = value.min(free);
            free -= sold;
            sell(at, own, r, sold);
            out.accounts.count(Flow::Orders);
            if sold < value {
                own.scratch.ties[i].trust *= 1.0 - theory.capacity.lost_trust * (1.0 - sold / value);
                out.accounts.count(Flow::LostOrders);
            }
        }
        let trust = own.scratch.ties[i].trust;
        let hazard = theory.separation.hazard(trust, relation.stage, tie.quality);
        if strikes(hazard, draws.uniform(2)) {
            drop_tie(at, own, out, i);
        }
    }
}

/// A firm flooded with orders may rush.
fn rush(at: &Setting, own: &mut Own) {
    let theory = &at.model.theory;
    let firm = &mut *own.firm;
    let hazard = theory.gusher.hazard(firm.wanted, firm.capacity - firm.size);
    let address = Address::firm(own.slot, firm.generation, Purpose::Growth, at.step).which(1);
    let draws = at.model.seed.block(address);
    if !strikes(hazard, draws.uniform(0)) {
        return;
    }
    if draws.uniform(1) < theory.gusher.success {
        firm.capacity = firm.capacity.max((1.0 + theory.capacity.spare) * (firm.size + firm.wanted));
    } else {
        firm.slack -= theory.gusher.cost;
        for tie in own.scratch.ties.iter_mut().filter(|tie| tie.state == TieState::Customer) {
            tie.trust *= 1.0 - theory.gusher.lost_trust;
        }
    }
}

/// Books a sale.
fn sell(at: &Setting, own: &mut Own, r: usize, value: f32) {
    if value <= 0.0 {
        return;
    }
    let step = at.step as i16;
    let relation = &mut own.scratch.relations[r];
    relation.sales += value;
    relation.last_sale = step;
    own.firm.exports += value;
    if own.firm.first_sale < 0 {
        own.firm.first_sale = step;
    }
    own.quarter.ordered = true;
    own.quarter.net += at.model.theory.order.margin * value;
}

/// Upkeep, retreat and exit, market by market.
fn keep_markets(at: &Setting, own: &mut Own, out: &mut Out) {
    let theory = &at.model.theory;
    for r in 0..usize::from(own.firm.live) {
        let relation = &mut own.scratch.relations[r];
        if relation.since < 0 {
            continue;
        }
        let step = at.step as i16;
        if relation.customers == 0 {
            if relation.quiet_since < 0 {
                relation.quiet_since = step;
            }
            let deserted = i32::from(step) - i32::from(relation.quiet_since) >= 4;
            if relation.stage > 0 {
                step_back(at, own, out, r, 0, Exit::Deserted);
            }
            if deserted {
                note_exit(at, own, out, r, Exit::Deserted);
            }
            continue;
        }
        relation.quiet_since = -1;
        own.quarter.net -= theory.stage.keeping + 0.25 * theory.stage.upkeep(relation.stage);
        let lone = relation.customers_offline == 0 && relation.stage > 0;
        let sold = relation.last_sale == step;
        relation.idle = if sold { 0 } else { relation.idle.saturating_add(1) };
        let idle = u32::from(relation.idle) >= theory.stage.patience;
        let stage = relation.stage;
        if lone {
            step_back(at, own, out, r, 0, Exit::Deserted);
        } else if idle && stage > 0 {
            own.scratch.relations[r].idle = 0;
            step_back(at, own, out, r, stage - 1, Exit::Idle);
        } else if idle {
            leave(at, own, out, r, Exit::Idle);
        }
    }
}
