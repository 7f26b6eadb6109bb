//! SNS use: whether the firm joins or leaves, on which platforms, and how far it reaches.

use super::demography::age_of;
use super::support::{renew_reach, support_of};
use super::survey::{recollection, survey, wake, work_screening_out};
use super::{Out, Own, SNS, Setting, UNKNOWN};
use crate::draw::{Address, Purpose, Seed};
use crate::economy::accounts::{Event, EventKind, Flow};
use crate::engine::model::Model;
use crate::firm::Relation;
use crate::mechanism::adoption::Inclination;
use crate::number::{poisson, quarterly, strikes};
use crate::policy::Does;

/// What rounding may add to a probability worked out as 1 − e⁻ˣ, and more.
const ROUNDING: f32 = 1e-6;

/// Adoption or abandonment of social networking sites.
#[inline]
pub(super) fn sns(at: &Setting, own: &mut Own, out: &mut Out) {
    let model = at.model;
    let adoption = &model.theory.adoption;
    let u = own.quarter.draws.part(SNS);
    if own.firm.on_sns {
        if at.now.platforms_changed {
            renew_reach(at, own);
        }
        if strikes(adoption.quit_hazard(own.firm.failed), u) {
            own.firm.on_sns = false;
            own.firm.reach = 0.0;
            own.quarter.screening = UNKNOWN;
            out.accounts.count(Flow::Abandonments);
            let (slot, generation, step) = (own.slot, own.firm.generation, at.step);
            out.accounts.note(slot, || Event::of_firm(EventKind::Abandonment, slot, generation, step));
        }
        return;
    }
    // The logistic is at most 1: most draws are settled before anybody is looked at.
    let online = (at.home.internet * (1.0 + support_of(at, own, Does::Connect, None))).min(1.0);
    let kappa = at.now.kappa * online;
    if u >= 0.25 * kappa || at.now.platforms == 0 {
        return;
    }
    let firm = &*own.firm;
    let mut inclined = Inclination {
        usefulness: firm.proactivity * model.theory.inertia.drive(firm.inertia),
        distance: 0.0,
        ln_size: firm.ln_size,
        ln_age: model.ln_age[Model::age_row(age_of(at, own))],
        irrelevance: model.irrelevance(firm),
        digital: firm.digital,
    };
    let at_most = adoption.hazard_at_most(kappa, adoption.inclination(&inclined), at.home.farthest);
    if u >= 0.25 * at_most + ROUNDING {
        return;
    }
    if firm.relations > 0 {
        wake(own);
    }
    inclined.distance = considered_distance(at, own);
    if u < quarterly(adoption.hazard(kappa, adoption.inclination(&inclined), peers_on_sns(at, own))) {
        adopt(at, own, out);
    }
}

/// Does the firm use SNS, and does that do anything?
#[inline]
pub(super) fn uses_sns(at: &Setting, own: &Own) -> bool {
    own.firm.on_sns && at.model.theory.sns.on
}

/// Mean perceived distance over the offline search kernel.
fn considered_distance(at: &Setting, own: &Own) -> f32 {
    let kernel = &at.model.theory.kernel;
    let mut total = at.home.offline.total();
    let mut sum = total * at.home.mean_distance;
    for (market, perceived) in outlooks(at, own) {
        let felt = at.home.felt[market];
        let (before, after) = (at.home.offline_weight[market], at.model.size[market] * kernel.offline(perceived));
        total += after - before;
        sum += after * perceived - before * felt;
    }
    sum / total.max(f32::MIN_POSITIVE)
}

/// Every market that the firm knows, in hand or left behind, and how far it looks. Markets in hand have been looked
/// at if there are any.
#[inline]
pub(super) fn outlooks(at: &Setting, own: &Own) -> impl Iterator<Item = (usize, f32)> {
    let relations: &[Relation] = if own.quarter.awake { &own.scratch.relations } else { &[] };
    let live = usize::from(own.firm.live).min(relations.len());
    let (live, idle) = relations.split_at(live);
    let in_hand = live.iter().zip(own.scratch.sights.iter());
    let in_hand = in_hand.map(|(relation, seen)| (usize::from(relation.market), seen.perceived));
    in_hand.chain(idle.iter().map(|relation| (usize::from(relation.market), recollection(at, relation))))
}

/// Share of peers that use SNS.
fn peers_on_sns(at: &Setting, own: &Own) -> f32 {
    let peers = at.model.peers.offline.row(own.slot);
    if peers.is_empty() {
        return 0.0;
    }
    let users = peers.iter().filter(|peer| at.visible.on_sns(**peer)).count();
    users as f32 / peers.len() as f32
}

/// The firm joins: it chooses platforms and what it uses them for.
#[inline]
pub(super) fn adopt(at: &Setting, own: &mut Own, out: &mut Out) {
    let model = at.model;
    let sns = &model.theory.sns;
    let address = Address::firm(own.slot, own.firm.generation, Purpose::Platform, at.step);
    let draws = model.seed.block(address);
    if model.theory.remedy.on() {
        // A contact that a barrier kept it from may now pass.
        if own.firm.dormant {
            survey(at, own);
            own.firm.dormant = false;
        }
        if own.quarter.screening_before == UNKNOWN {
            own.quarter.screening_before = work_screening_out(at, own);
        }
        own.quarter.screening = UNKNOWN;
    }
    let firm = &mut *own.firm;
    let extra = poisson(sns.sprawl * (1.0 - firm.objectives), draws.uniform(0));
    firm.platforms = 0;
    for k in 0..=extra {
        let free = |i: usize| at.now.platforms & 1 << i != 0 && firm.platforms & 1 << i == 0;
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
        firm.adopted = at.step as i16;
    }
    renew_reach(at, own);
    out.accounts.count(Flow::Adoptions);
    let (slot, generation, step) = (own.slot, own.firm.generation, at.step);
    out.accounts.note(slot, || Event::of_firm(EventKind::Adoption, slot, generation, step));
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
                let address = |slot| Address::firm(slot, 0, Purpose::Platform, 9);
                (0..FIRMS).map(|slot| f64::from(platform_draw(Seed::new(1, 0), address(slot), k))).collect()
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
