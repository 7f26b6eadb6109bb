//! Arrivals: how many contacts of each origin come in a quarter, and those that a barrier keeps from the firm.

use super::contacts::peer_market;
use super::sns::uses_sns;
use super::support::fellows;
use super::survey::screening;
use super::{Out, Own, PEER, SEARCH, Setting, UNSOLICITED};
use crate::draw::{Address, Block, Purpose};
use crate::economy::accounts::{Event, EventKind, Flow};
use crate::firm::{Orientation, Origin};
use crate::mechanism::decision::Verdict;
use crate::number::poisson;

/// Origins that arrive quarter by quarter: all but founders and policies.
const ORIGINS: usize = 6;

/// Multiplier of contacts through peers for what the firm has to give back.
#[inline]
fn gives_back(at: &Setting, own: &Own) -> f32 {
    let exchange = &at.model.theory.exchange;
    if exchange.weight > 0.0 { exchange.gain(at.visible[own.slot as usize].count()) } else { 1.0 }
}

/// How many contacts of each origin arrive in a quarter with these draws, at the rates of today.
#[inline(always)]
pub(super) fn arrivals(at: &Setting, own: &Own, step: u16, draws: Block) -> Arrivals {
    let model = at.model;
    let theory = &model.theory;
    let firm = &*own.firm;
    let proactive = firm.orientation == Orientation::Proactive;
    let a = firm.proactivity * theory.inertia.drive(firm.inertia);
    let mut arrivals = Arrivals::default();
    arrivals.add(
        Origin::Search,
        theory.search.rate(proactive, a, firm.arrival_scale, firm.barriers[0]),
        draws.part(SEARCH),
    );
    arrivals.add(
        Origin::Unsolicited,
        theory.unsolicited.rate(at.now.web, firm.reach, firm.arrival_scale),
        draws.part(UNSOLICITED),
    );
    let u = draws.part(PEER);
    if u < model.most_through_peers {
        let online_peers = uses_sns(at, own) && !model.peers.online.row(own.slot).is_empty();
        let has_peers = !model.peers.offline.row(own.slot).is_empty() || online_peers;
        let peers = theory.peer.ceiling(has_peers) * model.bridging(own.slot) * gives_back(at, own)
            + theory.peer.ceiling(!fellows(at, own).is_empty());
        arrivals.add(Origin::Peer, peers, u);
    }
    if firm.on_sns || own.quarter.survey.trust > 0.0 || own.quarter.survey.stages > 0 {
        let draws = model.seed.block(Address::firm(own.slot, firm.generation, Purpose::Arrive, step));
        if firm.on_sns {
            arrivals.add(Origin::Sns, theory.sns.rate(firm.relational, firm.reach), draws.uniform(0));
        }
        let referrals = theory.referral.rate(own.quarter.survey.trust, firm.size.sqrt());
        arrivals.add(Origin::Referral, referrals, draws.uniform(1));
        arrivals.add(Origin::Agent, theory.agent.rate(own.quarter.survey.stages), draws.uniform(2));
    }
    if !model.extension.theories.is_empty() {
        arrivals.multiply(model.extension.rates(&own.view(at)));
    }
    arrivals
}

/// Does a firm without ties miss all of the quarter's contacts? Then they leave no trace but a count.
#[inline]
pub(super) fn misses_all(at: &Setting, own: &mut Own, out: &mut Out, arrivals: &Arrivals) -> bool {
    if arrivals.is_empty() {
        return true;
    }
    if arrivals.any & 1 << Origin::Sns as usize != 0 || out.accounts.watches(own.slot) {
        return false;
    }
    let screening = screening(at, own);
    if arrivals.each().any(|arrival| arrival.passing(screening) > 0) {
        return false;
    }
    for arrival in arrivals.each() {
        miss(at, own, out, &arrival, 0);
    }
    true
}

/// Counts contacts of an origin, from an ordinal on, that a barrier kept the firm from.
#[inline]
pub(super) fn miss(at: &Setting, own: &mut Own, out: &mut Out, arrival: &Arrival, from: u32) {
    if !out.accounts.observing && !out.accounts.watches(own.slot) {
        return;
    }
    let origin = arrival.origin;
    for ordinal in from..arrival.count() {
        // A peer that serves no market has nothing to pass on.
        if origin == Origin::Peer && peer_market(at, own, ordinal, at.step).is_none() {
            continue;
        }
        out.accounts.flows[Flow::ContactSearch.plus(origin as usize)] += 1;
        out.accounts.flows[Flow::Judged as usize] += 1;
        out.accounts.flows[Flow::RefusedBarrier as usize] += 1;
        if out.accounts.watches(own.slot) {
            for kind in [EventKind::Contact, EventKind::Refusal] {
                let mut event = Event::of_firm(kind, own.slot, own.firm.generation, at.step);
                (event.origin, event.reason) = (origin as u8, Verdict::Barrier as u8);
                out.accounts.events.push(event);
            }
        }
    }
}

/// Contacts of one origin in one quarter: how many arrive, and how many of them pass the firm's screening.
///
/// Both by inversion of one draw, Poisson(m) and Poisson(m·r) where the share r passes: the number that passes has the law
/// that thinning by barriers gives it, and a larger share never means fewer of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    pub(super) origin: Origin,
    pub(super) mean: f32,
    pub(super) u: f32,
}

impl Arrival {
    /// All of them.
    #[inline]
    pub(super) fn count(&self) -> u32 {
        self.passing(1.0)
    }

    /// Those that pass, where the share `screening` does.
    #[inline]
    pub(super) fn passing(&self, screening: f32) -> u32 {
        let mean = self.mean * screening.min(1.0);
        // At least one arrives iff u < 1 − e^(−mean) ≤ mean: most draws are settled without an exponential.
        if self.u < mean { poisson(mean, 1.0 - self.u) } else { 0 }
    }
}

/// What may arrive in a quarter, by origin.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arrivals {
    means: [f32; ORIGINS],
    draws: [f32; ORIGINS],
    /// Bits of origins of which a contact may arrive; most draws rule it out.
    any: u8,
}

impl Arrivals {
    #[inline]
    pub(super) fn add(&mut self, origin: Origin, rate: f32, u: f32) {
        let lane = origin as usize;
        let mean = 0.25 * rate;
        (self.means[lane], self.draws[lane]) = (mean, u);
        self.any |= u8::from(u < mean) << lane;
    }

    /// Multiplies what may arrive of each origin.
    fn multiply(&mut self, rates: [f32; ORIGINS]) {
        self.any = 0;
        for (lane, rate) in rates.into_iter().enumerate() {
            self.means[lane] *= rate;
            self.any |= u8::from(self.draws[lane] < self.means[lane]) << lane;
        }
    }

    /// Is it sure that nothing arrives?
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.any == 0
    }

    /// Those that may arrive.
    #[inline]
    pub(super) fn each(&self) -> impl Iterator<Item = Arrival> {
        let Self { means, draws, mut any } = *self;
        std::iter::from_fn(move || {
            let lane = any.trailing_zeros() as usize;
            any &= any.wrapping_sub(1);
            let origin = *Origin::ALL.get(lane)?;
            Some(Arrival { origin, mean: means[lane], u: draws[lane] })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_that_pass_are_a_share_of_all_and_grow_with_it() {
        const DRAWS: u32 = 20_000;
        let sum = |screening: f32| -> u32 {
            let arrival = |k: u32| Arrival { origin: Origin::Search, mean: 0.8, u: (k as f32 + 0.5) / DRAWS as f32 };
            (0..DRAWS).map(|k| arrival(k).passing(screening)).sum()
        };
        for (screening, mean) in [(0.0, 0.0), (0.1, 0.08), (0.5, 0.4), (1.0, 0.8), (3.0, 0.8)] {
            let found = f64::from(sum(screening)) / f64::from(DRAWS);
            assert!((found - mean).abs() < 2e-3, "a mean of {found} within screening {screening}, not {mean}");
        }
        for k in 0..1000 {
            let arrival = Arrival { origin: Origin::Search, mean: 2.5, u: (k as f32 + 0.5) / 1000.0 };
            let counts: Vec<u32> = (0..=10).map(|tenth| arrival.passing(tenth as f32 / 10.0)).collect();
            assert!(counts.is_sorted(), "a wider screening never means fewer: {counts:?}");
            assert_eq!(counts.last(), Some(&arrival.count()));
        }
    }
}
