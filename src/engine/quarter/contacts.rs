//! Contacts: how many arrive of each origin, which of them the firm sees, and what they are.

use super::arrivals::{Arrivals, arrivals, miss};
use super::demography::founder_contacts;
use super::events::note_watched;
use super::sns::{outlooks, uses_sns};
use super::support::{benefit, fellows, is_supported};
use super::survey::{idle_row, pull, refers, screening, work_screening_out};
use super::{Out, Own, Setting, UNKNOWN};
use crate::draw::{Address, Block, Purpose};
use crate::economy::accounts::{EventKind, Flow};
use crate::firm::{OFFLINE, Origin, Relation, Sight, Tie, TieState};
use crate::number::normal;

/// Most ties that a firm's row can count.
const MOST_TIES: usize = u16::MAX as usize;

/// The contacts of the quarter; then those and the knowledge that support measures bring, and, where barriers fell, contacts
/// lately missed.
#[inline]
pub(super) fn contacts(at: &Setting, own: &mut Own, out: &mut Out, arrivals: &Arrivals) {
    meet(at, own, out, arrivals);
    if is_supported(own) {
        benefit(at, own, out);
    }
    if own.quarter.screening_before != UNKNOWN {
        recall(at, own, out);
    }
}

/// New contacts arrive, each with its origin; those behind a barrier are missed. Online ties live by their loops,
/// whatever the barriers: none of them is missed.
#[inline]
fn meet(at: &Setting, own: &mut Own, out: &mut Out, arrivals: &Arrivals) {
    if arrivals.is_empty() {
        return;
    }
    let screening = screening(at, own);
    for arrival in arrivals.each() {
        let met = if arrival.origin == Origin::Sns { arrival.count() } else { arrival.passing(screening) };
        for ordinal in 0..met {
            arrive(at, own, out, arrival.origin, ordinal, at.step, screening);
        }
        miss(at, own, out, &arrival, met);
    }
}

/// A contact of an origin that arose in quarter `step` and that passes the firm's `screening`.
#[inline]
pub(super) fn arrive(
    at: &Setting,
    own: &mut Own,
    out: &mut Out,
    origin: Origin,
    ordinal: u32,
    step: u16,
    screening: f32,
) {
    let draws = contact_draws(at, own, origin, ordinal, step);
    let (market, referrer) = match origin {
        Origin::Referral => {
            let Some(referrer) = referrer(at, own, draws) else { return };
            (referred_market(at, &referrer, draws.uniform(1)), Some(referrer))
        }
        Origin::Peer => (peer_market(at, own, ordinal, step), None),
        _ => (market_of_origin(at, own, origin, draws, ordinal), None),
    };
    if let Some(market) = market {
        contact_in(at, own, out, market, &Met { origin, draws, step, screening, referrer });
    }
}

/// Contacts that the firm missed in the last quarters and that the barriers which fell now would not have kept it
/// from. Nobody wrote them down: which ones came is worked out again, at the rates of today.
#[inline]
fn recall(at: &Setting, own: &mut Own, out: &mut Out) {
    let (before, now) = (own.quarter.screening_before, work_screening_out(at, own));
    if now <= before {
        return;
    }
    let (generation, born) = (own.firm.generation, own.firm.born.max(0) as u16);
    let first = at.step.saturating_sub(at.model.theory.contact.longest()).max(born);
    for step in first..at.step {
        let address = Address::firm(own.slot, generation, Purpose::Quarter, step);
        let arrivals = arrivals(at, own, step, at.model.seed.block(address));
        for arrival in arrivals.each().filter(|arrival| arrival.origin != Origin::Sns) {
            for ordinal in arrival.passing(before)..arrival.passing(now) {
                arrive(at, own, out, arrival.origin, ordinal, step, now);
            }
        }
        if step == born && generation > 0 {
            recall_founders(at, own, out, before, now);
        }
    }
    // Contacts of this very quarter are met as they come, but for those that its founders brought a newborn.
    if at.step == born && generation > 0 {
        recall_founders(at, own, out, before, now);
    }
}

/// Contacts of the founders that pass `now` and did not `before`. The first firms had none.
fn recall_founders(at: &Setting, own: &mut Own, out: &mut Out, before: f32, now: f32) {
    let founders = founder_contacts(at, own);
    for ordinal in founders.passing(before)..founders.passing(now) {
        arrive(at, own, out, Origin::Founder, ordinal, own.firm.born as u16, now);
    }
}

/// The draws of a contact: its address is origin, quarter and ordinal within both.
#[inline]
pub(super) fn contact_draws(at: &Setting, own: &Own, origin: Origin, ordinal: u32, step: u16) -> Block {
    let which = (origin as u64) << 32 | u64::from(ordinal);
    at.model.seed.block(Address::firm(own.slot, own.firm.generation, Purpose::Contact, step).which(which))
}

/// The tie that refers, drawn by trust.
fn referrer(at: &Setting, own: &Own, draws: Block) -> Option<Tie> {
    let mut left = draws.uniform(0) * own.quarter.survey.trust;
    let old = &own.scratch.ties[..own.quarter.old];
    let mut able = old.iter().filter(|tie| refers(tie));
    let chosen = able.find(|tie| {
        left -= pull(at.model, tie);
        left <= 0.0
    });
    // Trust has moved since the survey: the last one takes what rounding and lapses leave.
    chosen.or_else(|| old.iter().rfind(|tie| refers(tie))).copied()
}

/// A random peer's market with a customer, if the peer is well known and has one.
pub(super) fn peer_market(at: &Setting, own: &Own, ordinal: u32, step: u16) -> Option<u8> {
    let model = at.model;
    let offline = model.peers.offline.row(own.slot);
    let online = if uses_sns(at, own) { model.peers.online.row(own.slot) } else { &[] };
    let address = Address::firm(own.slot, own.firm.generation, Purpose::Peer, step).which(u64::from(ordinal));
    let draws = model.seed.block(address);
    let circle = fellows(at, own);
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
    if peer == own.slot || !at.visible.abroad(peer) || through_sns && !at.visible.on_sns(peer) {
        return None;
    }
    let visible = &at.visible[peer as usize];
    let joint = i32::from(at.step) - i32::from(own.firm.born.max(visible.born));
    if draws.uniform(1) >= model.theory.peer.strength(joint.max(0) as f32) {
        return None;
    }
    let markets = visible.count();
    let market = visible.nth(((draws.uniform(2) * markets as f32) as u32).min(markets - 1))?;
    (market != at.home.market).then_some(market)
}

/// The market of a contact, drawn from the kernel of its origin.
#[inline]
fn market_of_origin(at: &Setting, own: &mut Own, origin: Origin, draws: Block, ordinal: u32) -> Option<u8> {
    match origin {
        Origin::Search => draw_market(at, own, draws, Channel::Offline),
        Origin::Sns if among_friends(at, own, ordinal) => friend_market(at, own, ordinal),
        Origin::Sns if at.home.sites.is_empty() => draw_market(at, own, draws, Channel::Online),
        // Platforms that differ over distance: which one comes first.
        Origin::Sns => platform_of_contact(at, own, draws.uniform(3))
            .and_then(|site| draw_market(at, own, draws, Channel::Site(site))),
        Origin::Founder => Some(at.home.founder.draw(draws.uniform(1))),
        Origin::Agent => staged_market(own, draws.uniform(0)),
        Origin::Unsolicited | Origin::Policy | Origin::Referral | Origin::Peer => {
            Some(at.home.online.draw(draws.uniform(1)))
        }
    }
}

/// Does a contact through SNS arise where the firm is known?
#[inline]
fn among_friends(at: &Setting, own: &Own, ordinal: u32) -> bool {
    let chance = at.model.theory.community.chance(own.firm.relational);
    chance > 0.0 && own.quarter.old > 0 && friend_draws(at, own, ordinal).uniform(0) < chance
}

/// The market of a tie in hand, drawn evenly.
fn friend_market(at: &Setting, own: &Own, ordinal: u32) -> Option<u8> {
    let known = own.scratch.ties[..own.quarter.old].iter().filter(|tie| tie.state != TieState::Gone);
    let count = known.clone().count();
    let pick = (friend_draws(at, own, ordinal).uniform(1) * count as f32) as usize;
    known.clone().nth(pick.min(count.checked_sub(1)?)).map(|tie| tie.market)
}

/// The draws of a contact among friends.
fn friend_draws(at: &Setting, own: &Own, ordinal: u32) -> Block {
    let which = u64::from(ordinal);
    at.model.seed.block(Address::firm(own.slot, own.firm.generation, Purpose::Friend, at.step).which(which))
}

/// A market from a home kernel, with the markets that look nearer than they did at birth getting their due.
fn draw_market(at: &Setting, own: &mut Own, draws: Block, channel: Channel) -> Option<u8> {
    let base = match channel {
        Channel::Offline => &at.home.offline,
        Channel::Online => &at.home.online,
        Channel::Site(site) => &at.home.sites[usize::from(site)],
    };
    // No market can gain more than looking as near as can be: most draws are settled without looking.
    let most: f32 = own.scratch.relations.iter().map(|relation| most_excess(at, relation.market, channel)).sum();
    if draws.uniform(0) * (base.total() + most) < base.total() {
        return Some(base.draw(draws.uniform(1)));
    }
    let excess: f32 = outlooks(at, own).map(|(market, perceived)| excess_weight(at, market, perceived, channel)).sum();
    let total = base.total() + excess;
    if total <= 0.0 {
        return None;
    }
    let mut left = draws.uniform(0) * total - base.total();
    if left < 0.0 {
        return Some(base.draw(draws.uniform(1)));
    }
    let nearer = outlooks(at, own).find(|(market, perceived)| {
        left -= excess_weight(at, *market, *perceived, channel);
        left <= 0.0
    });
    nearer.or(outlooks(at, own).last()).map(|(market, _)| market as u8)
}

/// The most that a market's weight in a kernel can gain by looking nearer, and a little more for rounding.
#[inline]
fn most_excess(at: &Setting, market: u8, channel: Channel) -> f32 {
    let market = usize::from(market);
    match channel {
        Channel::Offline => 1.001 * (at.model.size[market] - at.home.offline_weight[market]),
        Channel::Online => 1.001 * (at.model.size[market] * at.model.audience[market] - at.home.online_weight[market]),
        Channel::Site(_) => f32::INFINITY,
    }
}

/// What a market's weight in a kernel has gained by looking nearer.
#[inline]
fn excess_weight(at: &Setting, market: usize, perceived: f32, channel: Channel) -> f32 {
    let kernel = &at.model.theory.kernel;
    let gained = match channel {
        Channel::Offline => at.model.size[market] * kernel.offline(perceived) - at.home.offline_weight[market],
        Channel::Online => {
            at.model.size[market] * at.model.audience[market] * kernel.online(perceived) - at.home.online_weight[market]
        }
        Channel::Site(site) => {
            let decay = at.model.sites[usize::from(site)].platform.decay;
            let felt = at.home.felt[market];
            at.model.size[market]
                * at.model.audience[market]
                * (kernel.online(decay * perceived) - kernel.online(decay * felt))
        }
    };
    gained.max(0.0)
}

/// A market with an agent or a subsidiary, drawn by stage.
fn staged_market(own: &Own, u: f32) -> Option<u8> {
    let mut left = u * own.quarter.survey.stages as f32;
    own.scratch
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
fn referred_market(at: &Setting, tie: &Tie, u: f32) -> Option<u8> {
    let roaming = at.model.theory.referral.roaming;
    if u >= roaming {
        return Some(tie.market);
    }
    let u = u / roaming;
    // A partner that is itself a simulated firm leads to its own customers' markets.
    if let Some(slot) = at.model.partner_slot(tie.market, tie.partner) {
        let visible = &at.visible[slot as usize];
        let markets = visible.count();
        if markets > 0 {
            return visible.nth(((u * markets as f32) as u32).min(markets - 1));
        }
    }
    let around = if at.home.around.is_empty() { &at.model.around } else { &at.home.around };
    Some(around[usize::from(tie.market)].draw(u))
}

/// How a contact came about.
pub(super) struct Met {
    pub origin: Origin,
    /// The contact's own draws.
    pub draws: Block,
    /// The quarter in which it arose.
    pub step: u16,
    /// The firm's screening, which it passed.
    pub screening: f32,
    /// The tie that referred it.
    pub referrer: Option<Tie>,
}

/// A contact in a given market that passed the firm's screening: names its partner and becomes a tie, unless the firm
/// knows the partner already.
#[inline]
pub(super) fn contact_in(at: &Setting, own: &mut Own, out: &mut Out, market: u8, met: &Met) {
    let Met { origin, draws, step, screening, referrer } = *met;
    if market == at.home.market {
        return;
    }
    let model = at.model;
    let theory = &model.theory;
    let partner = match &referrer {
        Some(tie) => {
            let k = draws.word(2) % theory.referral.acquaintances;
            model.acquaintance(tie.market, tie.partner, market, k)
        }
        None => theory.partner.draw(model.partners[usize::from(market)], draws.uniform(2)),
    };
    let known = own.scratch.ties.iter().any(|tie| tie.market == market && tie.partner == partner);
    if known || own.scratch.ties.len() >= MOST_TIES {
        return;
    }
    let mut partner_generation = 0;
    if let Some(slot) = model.partner_slot(market, partner) {
        let visible = &at.visible[slot as usize];
        partner_generation = visible.generation;
        if origin == Origin::Sns && !visible.on_sns {
            return;
        }
    }
    let platform = if origin == Origin::Sns { platform_of_contact(at, own, draws.uniform(3)) } else { Some(OFFLINE) };
    let Some(platform) = platform else { return };
    let which = u64::from(market) << 32 | u64::from(partner);
    let chance = model.seed.block(Address::firm(own.slot, own.firm.generation, Purpose::Match, 0).which(which));
    let lapses = lapse(at, chance.uniform(2), step);
    if lapses <= at.step {
        return;
    }
    out.accounts.count_origin(Flow::ContactSearch, origin);
    let tie = Tie {
        partner,
        trust: theory.contact.trust(origin, referrer.map_or(0.0, |tie| tie.trust)),
        quality: theory.order.match_spread * normal(chance.uniform(0)),
        draw: if origin == Origin::Sns { chance.uniform(1) } else { screening * draws.uniform(3) },
        lapses,
        born: at.step as i16,
        partner_generation,
        market,
        origin,
        state: TieState::Contact,
        platform,
        ordered: false,
        fresh: false,
    };
    own.scratch.ties.push(tie);
    note_watched(at, own, out, EventKind::Contact, &tie, |event| event);
}

/// The quarter in which a contact lapses that nothing comes of: its lifetime by inversion.
#[inline]
fn lapse(at: &Setting, u: f32, step: u16) -> u16 {
    step.saturating_add(1).saturating_add(at.model.theory.contact.lifetime(u))
}

/// The platform on which an SNS contact arises, by what each platform reaches.
#[inline]
fn platform_of_contact(at: &Setting, own: &Own, u: f32) -> Option<u8> {
    let used = own.firm.platforms & at.now.platforms;
    let weight = |i: usize| {
        let site = &at.model.sites[i];
        if used & 1 << i != 0 { site.audience * site.platform.relations } else { 0.0 }
    };
    let sites = at.model.sites.len();
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
pub(super) fn relate(own: &mut Own, relation: Relation, seen: Sight) {
    let market = relation.market;
    if own.scratch.slots[usize::from(market)] == 0 {
        let row = idle_row(own, market).unwrap_or_else(|| {
            own.scratch.relations.push(relation);
            own.scratch.relations.len() - 1
        });
        let live = usize::from(own.firm.live);
        own.scratch.relations[row] = relation;
        own.scratch.relations.swap(row, live);
        own.scratch.sights.push(seen);
        own.firm.live += 1;
        own.scratch.slots[usize::from(market)] = own.firm.live;
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
