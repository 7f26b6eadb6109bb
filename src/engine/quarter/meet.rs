//! Contacts: how many arrive of each origin, which of them the firm sees, and what they are.

use super::look::{pull, refers};
use super::{PEER, SEARCH, Turn, UNSOLICITED};
use crate::draw::{Address, Block, Purpose};
use crate::economy::book::{Event, EventKind, Flow};
use crate::firm::{OFFLINE, Orientation, Origin, Relation, Sight, Tie, TieState};
use crate::mechanism::decision::Verdict;
use crate::number::{normal, poisson};

/// Most ties that a firm's row can count.
const MOST_TIES: usize = u16::MAX as usize;

/// Origins that arrive quarter by quarter: all but founders and policies.
const ORIGINS: usize = 6;

impl Turn<'_> {
    /// Multiplier of contacts through peers for what the firm has to give back.
    #[inline]
    fn gives_back(&self) -> f32 {
        let exchange = &self.model.theory.exchange;
        if exchange.weight > 0.0 { exchange.gain(self.faces[self.place as usize].count()) } else { 1.0 }
    }

    /// How many contacts of each origin arrive in a quarter with these draws, at the rates of today.
    #[inline(always)]
    pub(super) fn arrivals(&self, step: u16, draws: Block) -> Arrivals {
        let model = self.model;
        let theory = &model.theory;
        let firm = &*self.firm;
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
            theory.unsolicited.rate(self.now.web, firm.reach, firm.arrival_scale),
            draws.part(UNSOLICITED),
        );
        let u = draws.part(PEER);
        if u < model.most_through_peers {
            let online_peers = self.uses_sns() && !model.peers.online.row(self.place).is_empty();
            let has_peers = !model.peers.offline.row(self.place).is_empty() || online_peers;
            let peers = theory.peer.ceiling(has_peers) * model.bridging(self.place) * self.gives_back()
                + theory.peer.ceiling(!self.circle().is_empty());
            arrivals.add(Origin::Peer, peers, u);
        }
        if firm.on_sns || self.survey.trust > 0.0 || self.survey.stages > 0 {
            let draws = model.seed.block(Address::firm(self.place, firm.life, Purpose::Arrive, step));
            if firm.on_sns {
                arrivals.add(Origin::Sns, theory.sns.rate(firm.relational, firm.reach), draws.uniform(0));
            }
            let referrals = theory.referral.rate(self.survey.trust, firm.size.sqrt());
            arrivals.add(Origin::Referral, referrals, draws.uniform(1));
            arrivals.add(Origin::Agent, theory.agent.rate(self.survey.stages), draws.uniform(2));
        }
        arrivals
    }

    /// Does a firm without ties miss all of the quarter's contacts? Then they leave no trace but a count.
    #[inline]
    pub(super) fn misses_all(&mut self, arrivals: &Arrivals) -> bool {
        if arrivals.any == 0 {
            return true;
        }
        if arrivals.any & 1 << Origin::Sns as usize != 0 || self.book.watches(self.place) {
            return false;
        }
        let reach = self.reach();
        if arrivals.each().any(|arrival| arrival.within(reach) > 0) {
            return false;
        }
        for arrival in arrivals.each() {
            self.miss(&arrival, 0);
        }
        true
    }

    /// Counts contacts of an origin, from an ordinal on, that a barrier kept the firm from.
    #[inline]
    pub(super) fn miss(&mut self, arrival: &Arrival, from: u32) {
        if !self.book.observing && !self.book.watches(self.place) {
            return;
        }
        let origin = arrival.origin;
        for ordinal in from..arrival.count() {
            // A peer that serves no market has nothing to pass on.
            if origin == Origin::Peer && self.peer_market(ordinal, self.step).is_none() {
                continue;
            }
            self.book.flows[Flow::ContactSearch.plus(origin as usize)] += 1;
            self.book.flows[Flow::Judged as usize] += 1;
            self.book.flows[Flow::RefusedBarrier as usize] += 1;
            if self.book.watches(self.place) {
                for kind in [EventKind::Contact, EventKind::Refusal] {
                    let mut event = Event::of_firm(kind, self.place, self.firm.life, self.step);
                    (event.origin, event.reason) = (origin as u8, Verdict::Barrier as u8);
                    self.book.events.push(event);
                }
            }
        }
    }

    /// New contacts arrive, each with its origin; those behind a barrier are missed. Online ties live by their loops,
    /// whatever the barriers: none of them is missed.
    #[inline]
    pub(super) fn meet(&mut self, arrivals: &Arrivals) {
        if arrivals.any == 0 {
            return;
        }
        let reach = self.reach();
        for arrival in arrivals.each() {
            let met = if arrival.origin == Origin::Sns { arrival.count() } else { arrival.within(reach) };
            for ordinal in 0..met {
                self.arrive(arrival.origin, ordinal, self.step, reach);
            }
            self.miss(&arrival, met);
        }
    }

    /// A contact of an origin that arose in quarter `step` and that the firm, which sees as far as `reach`, sees.
    #[inline]
    pub(super) fn arrive(&mut self, origin: Origin, ordinal: u32, step: u16, reach: f32) {
        let draws = self.contact_draws(origin, ordinal, step);
        let (market, referrer) = match origin {
            Origin::Referral => {
                let Some(referrer) = self.referrer(draws) else { return };
                (self.referred_market(&referrer, draws.uniform(1)), Some(referrer))
            }
            Origin::Peer => (self.peer_market(ordinal, step), None),
            _ => (self.market(origin, draws, ordinal), None),
        };
        if let Some(market) = market {
            self.contact_in(origin, market, draws, step, reach, referrer);
        }
    }

    /// Contacts that the firm missed in the last quarters and that the barriers which fell now would not have kept it
    /// from. Nobody wrote them down: which ones came is worked out again, at the rates of today.
    #[inline]
    pub(super) fn recall(&mut self) {
        let (before, now) = (self.reached, self.work_reach_out());
        if now <= before {
            return;
        }
        let (life, born) = (self.firm.life, self.firm.born.max(0) as u16);
        let first = self.step.saturating_sub(self.model.theory.contact.longest()).max(born);
        for step in first..self.step {
            let address = Address::firm(self.place, life, Purpose::Quarter, step);
            let arrivals = self.arrivals(step, self.model.seed.block(address));
            for arrival in arrivals.each().filter(|arrival| arrival.origin != Origin::Sns) {
                for ordinal in arrival.within(before)..arrival.within(now) {
                    self.arrive(arrival.origin, ordinal, step, now);
                }
            }
            if step == born && life > 0 {
                self.recall_founders(before, now);
            }
        }
        // Contacts of this very quarter are met as they come, but for those that its founders brought a newborn.
        if self.step == born && life > 0 {
            self.recall_founders(before, now);
        }
    }

    /// Contacts of the founders within reach `now` that were not `before`. The first firms had none.
    fn recall_founders(&mut self, before: f32, now: f32) {
        let founders = self.founder_contacts();
        for ordinal in founders.within(before)..founders.within(now) {
            self.arrive(Origin::Founder, ordinal, self.firm.born as u16, now);
        }
    }

    /// The draws of a contact: its address is origin, quarter and ordinal within both.
    #[inline]
    pub(super) fn contact_draws(&self, origin: Origin, ordinal: u32, step: u16) -> Block {
        let which = (origin as u64) << 32 | u64::from(ordinal);
        self.model.seed.block(Address::firm(self.place, self.firm.life, Purpose::Contact, step).which(which))
    }

    /// The tie that refers, drawn by trust.
    fn referrer(&self, draws: Block) -> Option<Tie> {
        let mut left = draws.uniform(0) * self.survey.trust;
        let old = &self.scratch.ties[..self.old];
        let mut able = old.iter().filter(|tie| refers(tie));
        let chosen = able.find(|tie| {
            left -= pull(self.model, tie);
            left <= 0.0
        });
        // Trust has moved since the survey: the last one takes what rounding and lapses leave.
        chosen.or_else(|| old.iter().rfind(|tie| refers(tie))).copied()
    }

    /// A random peer's market with a customer, if the peer is well known and has one.
    fn peer_market(&self, ordinal: u32, step: u16) -> Option<u8> {
        let model = self.model;
        let offline = model.peers.offline.row(self.place);
        let online = if self.uses_sns() { model.peers.online.row(self.place) } else { &[] };
        let address = Address::firm(self.place, self.firm.life, Purpose::Peer, step).which(u64::from(ordinal));
        let draws = model.seed.block(address);
        let circle = self.circle();
        let n = offline.len() + online.len();
        // A circle passes as much on as all other peers do: it gets half of the draws.
        let (u, met) = match (circle.is_empty(), n) {
            (true, _) => (draws.uniform(0), false),
            (false, 0) => (draws.uniform(0), true),
            (false, _) => ((2.0 * draws.uniform(0)).fract(), draws.uniform(0) >= 0.5),
        };
        let among = if met { circle.len() } else { n };
        let pick = ((u * among as f32) as usize).min(among.checked_sub(1)?);
        let peer = match pick {
            _ if met => circle[pick],
            _ if pick < offline.len() => offline[pick],
            _ => online[pick - offline.len()],
        };
        let through_sns = !met && pick >= offline.len();
        if peer == self.place || !self.faces.abroad(peer) || through_sns && !self.faces.on_sns(peer) {
            return None;
        }
        let face = &self.faces[peer as usize];
        let joint = i32::from(self.step) - i32::from(self.firm.born.max(face.born));
        if draws.uniform(1) >= model.theory.peer.strength(joint.max(0) as f32) {
            return None;
        }
        let markets = face.count();
        let market = face.nth(((draws.uniform(2) * markets as f32) as u32).min(markets - 1))?;
        (market != self.home.market).then_some(market)
    }

    /// The market of a contact, drawn from the kernel of its origin.
    #[inline]
    pub(super) fn market(&mut self, origin: Origin, draws: Block, ordinal: u32) -> Option<u8> {
        match origin {
            Origin::Search => self.draw_market(draws, Channel::Offline),
            Origin::Sns if self.among_friends(ordinal) => self.friend_market(ordinal),
            Origin::Sns if self.home.sites.is_empty() => self.draw_market(draws, Channel::Online),
            // Platforms that differ over distance: which one comes first.
            Origin::Sns => {
                self.platform(draws.uniform(3)).and_then(|site| self.draw_market(draws, Channel::Site(site)))
            }
            Origin::Founder => Some(self.home.founder.draw(draws.uniform(1))),
            Origin::Agent => self.staged_market(draws.uniform(0)),
            Origin::Unsolicited | Origin::Policy | Origin::Referral | Origin::Peer => {
                Some(self.home.online.draw(draws.uniform(1)))
            }
        }
    }

    /// Does a contact through SNS arise where the firm is known?
    #[inline]
    fn among_friends(&self, ordinal: u32) -> bool {
        let chance = self.model.theory.community.chance(self.firm.relational);
        chance > 0.0 && self.old > 0 && self.friend_draws(ordinal).uniform(0) < chance
    }

    /// The market of a tie in hand, drawn evenly.
    fn friend_market(&self, ordinal: u32) -> Option<u8> {
        let known = self.scratch.ties[..self.old].iter().filter(|tie| tie.state != TieState::Gone);
        let count = known.clone().count();
        let pick = (self.friend_draws(ordinal).uniform(1) * count as f32) as usize;
        known.clone().nth(pick.min(count.checked_sub(1)?)).map(|tie| tie.market)
    }

    /// The draws of a contact among friends.
    fn friend_draws(&self, ordinal: u32) -> Block {
        let which = u64::from(ordinal);
        self.model.seed.block(Address::firm(self.place, self.firm.life, Purpose::Friend, self.step).which(which))
    }

    /// A market from a home kernel, with the markets that look nearer than they did at birth getting their due.
    fn draw_market(&mut self, draws: Block, channel: Channel) -> Option<u8> {
        let base = match channel {
            Channel::Offline => &self.home.offline,
            Channel::Online => &self.home.online,
            Channel::Site(site) => &self.home.sites[usize::from(site)],
        };
        // No market can gain more than looking as near as can be: most draws are settled without looking.
        let most: f32 = self.scratch.relations.iter().map(|relation| self.most_excess(relation.market, channel)).sum();
        if draws.uniform(0) * (base.total() + most) < base.total() {
            return Some(base.draw(draws.uniform(1)));
        }
        let excess: f32 = self.outlooks().map(|(market, perceived)| self.excess(market, perceived, channel)).sum();
        let total = base.total() + excess;
        if total <= 0.0 {
            return None;
        }
        let mut left = draws.uniform(0) * total - base.total();
        if left < 0.0 {
            return Some(base.draw(draws.uniform(1)));
        }
        let nearer = self.outlooks().find(|(market, perceived)| {
            left -= self.excess(*market, *perceived, channel);
            left <= 0.0
        });
        nearer.or(self.outlooks().last()).map(|(market, _)| market as u8)
    }

    /// The most that a market's weight in a kernel can gain by looking nearer, and a little more for rounding.
    #[inline]
    fn most_excess(&self, market: u8, channel: Channel) -> f32 {
        let market = usize::from(market);
        match channel {
            Channel::Offline => 1.001 * (self.model.size[market] - self.home.offline_weight[market]),
            Channel::Online => {
                1.001 * (self.model.size[market] * self.model.audience[market] - self.home.online_weight[market])
            }
            Channel::Site(_) => f32::INFINITY,
        }
    }

    /// What a market's weight in a kernel has gained by looking nearer.
    #[inline]
    fn excess(&self, market: usize, perceived: f32, channel: Channel) -> f32 {
        let kernel = &self.model.theory.kernel;
        let gained = match channel {
            Channel::Offline => self.model.size[market] * kernel.offline(perceived) - self.home.offline_weight[market],
            Channel::Online => {
                self.model.size[market] * self.model.audience[market] * kernel.online(perceived)
                    - self.home.online_weight[market]
            }
            Channel::Site(site) => {
                let decay = self.model.sites[usize::from(site)].platform.decay;
                let felt = self.home.felt[market];
                self.model.size[market]
                    * self.model.audience[market]
                    * (kernel.online(decay * perceived) - kernel.online(decay * felt))
            }
        };
        gained.max(0.0)
    }

    /// A market with an agent or a subsidiary, drawn by stage.
    fn staged_market(&self, u: f32) -> Option<u8> {
        let mut left = u * self.survey.stages as f32;
        self.scratch
            .relations
            .iter()
            .filter(|relation| relation.stage > 0)
            .find(|relation| {
                left -= f32::from(relation.stage);
                left <= 0.0
            })
            .map(|relation| relation.market)
    }

    /// The market a partner refers to: its own, or with probability ρ one near it.
    fn referred_market(&self, tie: &Tie, u: f32) -> Option<u8> {
        let roaming = self.model.theory.referral.roaming;
        if u >= roaming {
            return Some(tie.market);
        }
        let u = u / roaming;
        // A partner that is itself a simulated firm leads to its own customers' markets.
        if let Some(place) = self.model.partner_place(tie.market, tie.partner) {
            let face = &self.faces[place as usize];
            let markets = face.count();
            if markets > 0 {
                return face.nth(((u * markets as f32) as u32).min(markets - 1));
            }
        }
        let around = if self.home.around.is_empty() { &self.model.around } else { &self.home.around };
        Some(around[usize::from(tie.market)].draw(u))
    }

    /// A contact in a given market, seen by a firm that sees as far as `reach`: names its partner and becomes a tie,
    /// unless the firm knows the partner already.
    #[inline]
    pub(super) fn contact_in(
        &mut self,
        origin: Origin,
        market: u8,
        draws: Block,
        step: u16,
        reach: f32,
        referrer: Option<Tie>,
    ) {
        if market == self.home.market {
            return;
        }
        let model = self.model;
        let theory = &model.theory;
        let partner = match &referrer {
            Some(tie) => {
                let k = draws.word(2) % theory.referral.acquaintances;
                model.acquaintance(tie.market, tie.partner, market, k)
            }
            None => theory.partner.draw(model.partners[usize::from(market)], draws.uniform(2)),
        };
        let known = self.scratch.ties.iter().any(|tie| tie.market == market && tie.partner == partner);
        if known || self.scratch.ties.len() >= MOST_TIES {
            return;
        }
        let mut partner_life = 0;
        if let Some(place) = model.partner_place(market, partner) {
            let face = &self.faces[place as usize];
            partner_life = face.life;
            if origin == Origin::Sns && !face.on_sns {
                return;
            }
        }
        let platform = if origin == Origin::Sns { self.platform(draws.uniform(3)) } else { Some(OFFLINE) };
        let Some(platform) = platform else { return };
        let which = u64::from(market) << 32 | u64::from(partner);
        let chance = model.seed.block(Address::firm(self.place, self.firm.life, Purpose::Match, 0).which(which));
        let lapses = self.lapse(chance.uniform(2), step);
        if lapses <= self.step {
            return;
        }
        self.book.count_origin(Flow::ContactSearch, origin);
        let tie = Tie {
            partner,
            trust: theory.contact.trust(origin, referrer.map_or(0.0, |tie| tie.trust)),
            quality: theory.order.match_spread * normal(chance.uniform(0)),
            draw: if origin == Origin::Sns { chance.uniform(1) } else { reach * draws.uniform(3) },
            lapses,
            born: self.step as i16,
            partner_life,
            market,
            origin,
            state: TieState::Contact,
            platform,
            ordered: false,
            fresh: false,
        };
        self.scratch.ties.push(tie);
        self.tell(EventKind::Contact, &tie, |event| event);
    }

    /// The quarter in which a contact lapses that nothing comes of: its lifetime by inversion.
    #[inline]
    pub(super) fn lapse(&self, u: f32, step: u16) -> u16 {
        step.saturating_add(1).saturating_add(self.model.theory.contact.lifetime(u))
    }

    /// The platform on which an SNS contact arises, by what each platform reaches.
    #[inline]
    pub(super) fn platform(&self, u: f32) -> Option<u8> {
        let used = self.firm.platforms & self.now.platforms;
        let weight = |i: usize| {
            let site = &self.model.sites[i];
            if used & 1 << i != 0 { site.audience * site.platform.relations } else { 0.0 }
        };
        let sites = self.model.sites.len();
        let mut left = u * (0..sites).map(weight).sum::<f32>();
        (0..sites)
            .filter(|i| weight(*i) > 0.0)
            .find(|i| {
                left -= weight(*i);
                left <= 0.0
            })
            .map(|i| i as u8)
    }

    /// Makes sure that a market is in hand, of which this is the outlook: the firm has begun to do something there.
    #[inline]
    pub(super) fn relate(&mut self, relation: Relation, seen: Sight) {
        let market = relation.market;
        if self.scratch.slots[usize::from(market)] == 0 {
            let row = self.idle_row(market).unwrap_or_else(|| {
                self.scratch.relations.push(relation);
                self.scratch.relations.len() - 1
            });
            let live = usize::from(self.firm.live);
            self.scratch.relations[row] = relation;
            self.scratch.relations.swap(row, live);
            self.scratch.sights.push(seen);
            self.firm.live += 1;
            self.scratch.slots[usize::from(market)] = self.firm.live;
        }
    }
}

/// Contacts of one origin in one quarter: how many arrive, and how many of them are within reach.
///
/// Both by inversion of one draw, Poisson(m) and Poisson(m·r) at reach r: the number within reach has the law that
/// thinning by barriers gives it, and a wider reach never means fewer of them.
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
        self.within(1.0)
    }

    /// Those within reach.
    #[inline]
    pub(super) fn within(&self, reach: f32) -> u32 {
        let mean = self.mean * reach.min(1.0);
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

/// Which kernel a market is drawn from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Channel {
    Offline,
    Online,
    /// Online, on a platform with a decay of its own.
    Site(u8),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_within_reach_are_a_share_of_all_and_grow_with_reach() {
        const DRAWS: u32 = 20_000;
        let sum = |reach: f32| -> u32 {
            let arrival = |k: u32| Arrival { origin: Origin::Search, mean: 0.8, u: (k as f32 + 0.5) / DRAWS as f32 };
            (0..DRAWS).map(|k| arrival(k).within(reach)).sum()
        };
        for (reach, mean) in [(0.0, 0.0), (0.1, 0.08), (0.5, 0.4), (1.0, 0.8), (3.0, 0.8)] {
            let found = f64::from(sum(reach)) / f64::from(DRAWS);
            assert!((found - mean).abs() < 2e-3, "a mean of {found} within reach {reach}, not {mean}");
        }
        for k in 0..1000 {
            let arrival = Arrival { origin: Origin::Search, mean: 2.5, u: (k as f32 + 0.5) / 1000.0 };
            let counts: Vec<u32> = (0..=10).map(|tenth| arrival.within(tenth as f32 / 10.0)).collect();
            assert!(counts.is_sorted(), "a wider reach never means fewer: {counts:?}");
            assert_eq!(counts.last(), Some(&arrival.count()));
        }
    }
}
