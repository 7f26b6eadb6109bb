//! How the firm sees its markets: it wakes, surveys ties and markets in hand, and remembers those left behind.

use super::sns::uses_sns;
use super::{Own, Scratch, Setting, Survey, UNKNOWN, Waiting};
use crate::economy::support::Support;
use crate::engine::environment::Environment;
use crate::engine::model::{Home, Model};
use crate::firm::{Relation, Sight, Tie, TieState};
use crate::policy::Does;
use crate::policy::support::total;

/// Knowledge below which a market that was never entered is as good as unknown.
pub(super) const FORGOTTEN: f32 = 0.02;

/// Brings the firm's rows into the scratch memory.
#[inline]
pub(super) fn wake(own: &mut Own) {
    if !own.quarter.awake {
        own.quarter.awake = true;
        let Waiting { ties, relations, to } = own.waiting;
        own.scratch.ties.extend(&ties[..to.tie], usize::from(own.firm.ties));
        own.scratch.relations.extend(&relations[..to.relation], usize::from(own.firm.relations));
        own.scratch.sights.begin();
        own.quarter.old = own.scratch.ties.len();
    }
}

/// Wakes and surveys its ties and markets, once a quarter.
#[inline]
pub(super) fn survey(at: &Setting, own: &mut Own) {
    if !own.quarter.surveyed {
        own.quarter.surveyed = true;
        wake(own);
        own.quarter.survey = Survey::default();
        survey_rows(at, own);
    }
}

/// The markets left behind.
#[inline]
pub(super) fn idle_rows<'a>(own: &'a Own) -> &'a [Relation] {
    &own.scratch.relations[usize::from(own.firm.live)..]
}

/// What is left of the knowledge of a market left behind.
#[inline]
fn faded(at: &Setting, relation: &Relation) -> f32 {
    remembered(at.model, at.step, relation)
}

/// How far a market left behind looks.
#[inline]
pub(super) fn recollection(at: &Setting, relation: &Relation) -> f32 {
    let (view, _) = at.model.theory.distance.nearing(faded(at, relation), 0.0, 0.0);
    at.home.felt[usize::from(relation.market)] * view
}

/// Contacts with a draw below this pass the screening: no barrier stops the firm.
#[inline]
pub(super) fn screening(at: &Setting, own: &mut Own) -> f32 {
    if own.quarter.screening == UNKNOWN {
        own.quarter.screening = work_screening_out(at, own);
    }
    own.quarter.screening
}

#[inline]
pub(super) fn work_screening_out(at: &Setting, own: &Own) -> f32 {
    at.model.theory.decision.screening(unhindered(at, own))
}

/// Chance that no barrier stops the firm, after what social networking sites cure.
#[inline]
fn unhindered(at: &Setting, own: &Own) -> f32 {
    let theory = &at.model.theory;
    if theory.remedy.on() && uses_sns(at, own) {
        theory.barrier.unhindered(&theory.remedy.eased(&own.firm.barriers))
    } else {
        own.firm.unhindered
    }
}

/// Insidership, perceived distance and friction of every market in hand.
#[inline]
fn survey_rows(at: &Setting, own: &mut Own) {
    let Scratch { ties, relations, sights, slots, .. } = &mut *own.scratch;
    let relations = &mut relations[..usize::from(own.firm.live)];
    for (i, relation) in relations.iter_mut().enumerate() {
        slots[usize::from(relation.market)] = i as u8 + 1;
        sights.push(UNSEEN);
        (relation.customers, relation.customers_offline, relation.ties) = (0, 0, 0);
        own.quarter.survey.stages += u32::from(relation.stage);
    }
    let anchored = at.model.theory.anchor.on();
    for tie in &ties[..own.quarter.old] {
        let (online, customer) = (tie.online(), tie.state == TieState::Customer);
        own.quarter.survey.online += u32::from(online);
        if refers(tie) {
            own.quarter.survey.trust += if anchored { pull(at.model, tie) } else { tie.trust };
        }
        let slot = slots[usize::from(tie.market)];
        if slot == 0 {
            continue;
        }
        let (relation, sight) = (&mut relations[usize::from(slot) - 1], &mut sights[usize::from(slot) - 1]);
        add_tie(sight, tie);
        relation.ties = relation.ties.saturating_add(1);
        relation.customers = relation.customers.saturating_add(u8::from(customer));
        relation.customers_offline = relation.customers_offline.saturating_add(u8::from(customer && !online));
    }
    for (relation, seen) in relations.iter().zip(sights.iter_mut()) {
        see(at.model, at.now, at.home, relation, seen);
        ease(at.model, own.supports, at.step, relation.market, seen);
    }
}

/// Row of a market left behind.
#[inline]
pub(super) fn idle_row(own: &Own, market: u8) -> Option<usize> {
    idle_rows(own).iter().position(|relation| relation.market == market).map(|i| i + usize::from(own.firm.live))
}

/// The relation to a market and how the market looks, or what they would be: a market left behind, or one where the
/// firm has contacts at most.
#[inline]
pub(super) fn outlook(at: &Setting, own: &Own, market: u8) -> (Relation, Sight) {
    match own.scratch.slots[usize::from(market)] {
        0 => {
            let (mut relation, mut seen) = (Relation::new(market), UNSEEN);
            if let Some(row) = idle_row(own, market) {
                relation = own.scratch.relations[row];
                relation.knowledge = faded(at, &relation);
            }
            for tie in own.scratch.ties.iter().filter(|tie| tie.market == market && tie.state != TieState::Gone) {
                add_tie(&mut seen, tie);
                relation.ties = relation.ties.saturating_add(1);
            }
            see(at.model, at.now, at.home, &relation, &mut seen);
            ease(at.model, own.supports, at.step, market, &mut seen);
            (relation, seen)
        }
        slot => (own.scratch.relations[usize::from(slot) - 1], own.scratch.sights[usize::from(slot) - 1]),
    }
}

/// A market before its ties are looked at: insidership is a product of 1 − w on the way (see [`see`]).
const UNSEEN: Sight = Sight { offline: 1.0, online: 1.0, perceived: 0.0, friction: 0.0 };

/// Takes a tie into an insidership on the way.
#[inline]
fn add_tie(seen: &mut Sight, tie: &Tie) {
    let way = if tie.online() { &mut seen.online } else { &mut seen.offline };
    *way *= 1.0 - tie.trust;
}

/// Works out how far the market of a relation looks and is, from knowledge and insidership.
#[inline]
fn see(model: &Model, now: &Environment, home: &Home, relation: &Relation, seen: &mut Sight) {
    (seen.offline, seen.online) = (1.0 - seen.offline, 1.0 - seen.online);
    let (view, way) = model.theory.distance.nearing(relation.knowledge, seen.offline, seen.online);
    let market = usize::from(relation.market);
    seen.perceived = home.felt[market] * view;
    seen.friction = (home.friction[market] * way + now.tariff[market]).max(0.0);
}

/// Takes off a friction what support measures take off it.
#[inline]
fn ease(model: &Model, supports: &[Support], step: u16, market: u8, seen: &mut Sight) {
    if !supports.is_empty() {
        let cut = total(supports, &model.programme.actions, step, Does::CutFriction, Some(market));
        seen.friction = (seen.friction - cut).max(0.0);
    }
}

/// Does a partner introduce others? Not one with whom nothing was ever begun.
#[inline]
pub(super) fn refers(tie: &Tie) -> bool {
    matches!(tie.state, TieState::Pursued | TieState::Customer) || (tie.state == TieState::Contact && tie.online())
}

/// What a tie counts in referrals: its trust, times what large partners have more to offer.
#[inline]
pub(super) fn pull(model: &Model, tie: &Tie) -> f32 {
    let anchor = &model.theory.anchor;
    if !anchor.on() {
        return tie.trust;
    }
    let count = model.partners[usize::from(tie.market)];
    tie.trust * anchor.pull(model.theory.partner.popularity(tie.partner, count))
}

/// What is left, at the start of quarter `step`, of the knowledge of a market left behind; the last traces of a market
/// never entered count for nothing.
#[inline]
pub fn remembered(model: &Model, step: u16, relation: &Relation) -> f32 {
    let knowledge = relation.knowledge * model.left(step, relation);
    if relation.rank > 0 || knowledge > FORGOTTEN { knowledge } else { 0.0 }
}

/// How a market looks, at quarter `now`, to a firm with these ties; of a market left behind, the relation must have the
/// knowledge that is left of it.
pub fn sight(model: &Model, now: &Environment, home: &Home, ties: &[Tie], relation: &Relation) -> Sight {
    let mut seen = UNSEEN;
    ties.iter().filter(|tie| tie.market == relation.market).for_each(|tie| add_tie(&mut seen, tie));
    see(model, now, home, relation, &mut seen);
    seen
}
