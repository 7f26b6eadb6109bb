//! SNS use: whether the firm joins or leaves, on which platforms, and how far it reaches.

use super::{POST, Turn, UNKNOWN};
use crate::draw::{Address, Purpose, Seed};
use crate::economy::book::{Event, EventKind, Flow};
use crate::engine::model::Model;
use crate::firm::Relation;
use crate::mechanism::adoption::Inclination;
use crate::number::{poisson, quarterly, strikes};
use crate::policy::Does;

/// What rounding may add to a probability worked out as 1 − e⁻ˣ, and more.
const ROUNDING: f32 = 1e-6;

impl Turn<'_> {
    /// Adoption or abandonment of social networking sites.
    #[inline]
    pub(super) fn post(&mut self) {
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
        if u >= 0.25 * kappa || self.now.platforms == 0 {
            return;
        }
        let firm = &*self.firm;
        let mut inclined = Inclination {
            usefulness: firm.proactivity * model.theory.inertia.drive(firm.inertia),
            distance: 0.0,
            ln_size: firm.ln_size,
            ln_age: model.ln_age[Model::age_row(self.age())],
            irrelevance: model.irrelevance(firm),
            digital: firm.digital,
        };
        let at_most = adoption.hazard_at_most(kappa, adoption.inclination(&inclined), self.home.farthest);
        if u >= 0.25 * at_most + ROUNDING {
            return;
        }
        if firm.relations > 0 {
            self.wake();
        }
        inclined.distance = self.considered_distance();
        if u < quarterly(adoption.hazard(kappa, adoption.inclination(&inclined), self.peers_on_sns())) {
            self.adopt();
        }
    }

    /// Does the firm use SNS, and does that do anything?
    #[inline]
    pub(super) fn uses_sns(&self) -> bool {
        self.firm.on_sns && self.model.theory.sns.on
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
    pub(super) fn outlooks(&self) -> impl Iterator<Item = (usize, f32)> + '_ {
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
        let users = peers.iter().filter(|peer| self.faces.on_sns(**peer)).count();
        users as f32 / peers.len() as f32
    }

    /// The firm joins: it chooses platforms and what it uses them for.
    #[inline]
    pub(super) fn adopt(&mut self) {
        let model = self.model;
        let sns = &model.theory.sns;
        let address = Address::firm(self.place, self.firm.life, Purpose::Platform, self.step);
        let draws = model.seed.block(address);
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
        firm.platforms = 0;
        for k in 0..=extra {
            let free = |i: usize| self.now.platforms & 1 << i != 0 && firm.platforms & 1 << i == 0;
            let total: f32 = (0..model.sites.len()).filter(|i| free(*i)).map(|i| model.sites[i].audience).sum();
            let mut left = platform_draw(model.seed, address, k) * total;
            let chosen = (0..model.sites.len()).filter(|i| free(*i)).find(|i| {
                left -= model.sites[*i].audience;
                left <= 0.0
            });
            let Some(chosen) = chosen else { break };
            firm.platforms |= 1 << chosen;
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
}

/// The draw that chooses the `k`th platform, counted from 0: each has a block of its own.
#[inline]
fn platform_draw(seed: Seed, address: Address, k: u32) -> f32 {
    seed.block(address.which(u64::from(k))).uniform(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_platforms_share_a_draw() {
        const FIRMS: u32 = 20_000;
        let draws: Vec<Vec<f64>> = (0..6)
            .map(|k| {
                let address = |place| Address::firm(place, 0, Purpose::Platform, 9);
                (0..FIRMS).map(|place| f64::from(platform_draw(Seed::new(1, 0), address(place), k))).collect()
            })
            .collect();
        for (a, one) in draws.iter().enumerate() {
            for (b, other) in draws.iter().enumerate().skip(a + 1) {
                let together: f64 = one.iter().zip(other).map(|(x, y)| (x - 0.5) * (y - 0.5)).sum();
                let correlation = 12.0 * together / f64::from(FIRMS);
                assert!(correlation.abs() < 4.0 / f64::from(FIRMS).sqrt(), "platforms {a} and {b}: {correlation}");
            }
        }
    }
}
