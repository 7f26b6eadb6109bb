//! Trade: sales at home, orders from abroad as far as capacity goes, lost customers, deserted markets.

use super::Turn;
use crate::draw::{Address, Purpose};
use crate::economy::book::Flow;
use crate::firm::{Exit, Orientation, TieState};
use crate::number::{normal, strikes};

impl Turn<'_> {
    /// Sales at home, which come first; the costs of search and of SNS.
    #[inline]
    pub(super) fn trade_at_home(&mut self) {
        let theory = &self.model.theory;
        let firm = &mut *self.firm;
        firm.home_sales += 0.25 * if theory.capacity.on { firm.size.min(firm.capacity) } else { firm.size };
        if firm.orientation == Orientation::Proactive && theory.search.on {
            let a = firm.proactivity * theory.inertia.drive(firm.inertia);
            self.quarter.net -= 0.25 * theory.search.cost * a;
        }
        if self.uses_sns() {
            self.quarter.net -= 0.25 * self.sns_cost();
        }
    }

    /// Orders, lost orders, lost customers, exits; what was earned and spent abroad.
    #[inline]
    pub(super) fn trade_abroad(&mut self) {
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
}
