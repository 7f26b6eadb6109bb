//! Learning: what the quarter taught the firm about itself and about its markets; what it leaves behind.

use super::demography::anniversary;
use super::sns::uses_sns;
use super::support::is_supported;
use super::survey::{FORGOTTEN, idle_rows};
use super::{Own, SHOCK, Scratch, Setting};
use crate::firm::{Orientation, Relation, TieState};
use crate::mechanism::knowledge::Lesson;
use crate::number::normal;

/// What the quarter taught the firm about itself and about its markets.
#[inline]
pub(super) fn learning(at: &Setting, own: &mut Own) {
    learn_about_itself(at, own);
    learn_markets(at, own);
}

/// Proactivity, inertia, orientation, slack and capacity after the quarter.
#[inline(always)]
pub(super) fn learn_about_itself(at: &Setting, own: &mut Own) {
    let theory = &at.model.theory;
    let successes = own.quarter.successes;
    let firm = &mut *own.firm;
    firm.proactivity = theory.proactivity.next(firm.proactivity, firm.baseline_proactivity, successes);
    firm.inertia = theory.inertia.next(firm.inertia, own.quarter.ordered);
    if successes > 0
        && firm.orientation != Orientation::Proactive
        && u32::from(firm.successes) >= theory.orientation.successes
    {
        firm.orientation = Orientation::Proactive;
    }
    let drive = theory.inertia.drive(firm.inertia);
    firm.wanted = 0.75 * firm.wanted + own.quarter.wanted;
    firm.capacity = theory.capacity.next(firm.capacity, firm.size, firm.wanted, drive);
    let shock = normal(own.quarter.draws.part(SHOCK));
    firm.slack = theory.slack.next(firm.slack, own.quarter.net, 0.25 * firm.size, shock);
}

/// Knowledge of every market in hand; ended ties are put away and markets left behind, and maybe the firm lies down.
#[inline]
fn learn_markets(at: &Setting, own: &mut Own) {
    put_in_order(own);
    if own.firm.live > 0 {
        learn_in_hand(at, own);
        leave_behind(at, own);
    }
    if !idle_rows(own).is_empty() && anniversary(at, own) {
        forget(at, own);
    }
    own.firm.dormant = own.scratch.ties.is_empty() && own.firm.live == 0 && !is_supported(own);
}

/// Informational use of social networking sites, 0 to 1.
#[inline]
pub(super) fn informed(at: &Setting, own: &Own) -> f32 {
    if uses_sns(at, own) {
        (1.0 - own.firm.relational) * at.model.information(own.firm.platforms & at.now.platforms)
    } else {
        0.0
    }
}

/// What every market in hand taught.
fn learn_in_hand(at: &Setting, own: &mut Own) {
    let theory = &at.model.theory;
    let informed = informed(at, own);
    let Scratch { ties, relations, sights, slots, .. } = &mut *own.scratch;
    let relations = &mut relations[..usize::from(own.firm.live)];
    for relation in relations.iter_mut() {
        relation.ties = 0;
    }
    for tie in ties.iter().filter(|tie| tie.state != TieState::Contact) {
        let relation = &mut relations[usize::from(slots[usize::from(tie.market)]) - 1];
        relation.ties = relation.ties.saturating_add(1);
    }
    for (relation, seen) in relations.iter_mut().zip(sights.iter()) {
        slots[usize::from(relation.market)] = 0;
        let engaged = f32::from(u8::from(relation.ties > 0));
        let lesson = Lesson {
            active: i32::from(relation.last_sale) == i32::from(at.step),
            stage: relation.stage,
            newness: own.firm.learning,
            new_markets: own.firm.new_markets,
            insidership: engaged * seen.insidership(),
            information: engaged * informed,
        };
        relation.knowledge = theory.knowledge.next(relation.knowledge, &lesson);
    }
}

/// Moves markets where nothing goes on any more behind those in hand.
fn leave_behind(at: &Setting, own: &mut Own) {
    let Scratch { relations, sights, .. } = &mut *own.scratch;
    let mut live = usize::from(own.firm.live);
    for r in (0..live).rev() {
        if left_behind(&relations[r], at.home.threshold) {
            relations[r].quiet_since = at.step as i16 + 1;
            live -= 1;
            relations.swap(r, live);
            sights.swap(r, live);
        }
    }
    sights.truncate(live);
    own.firm.live = live as u8;
}

/// Forgets the markets of which nothing is left.
#[inline]
fn forget(at: &Setting, own: &mut Own) {
    let (model, step) = (at.model, at.step + 1);
    let gone = |relation: &Relation| relation.rank == 0 && relation.knowledge * model.left(step, relation) <= FORGOTTEN;
    if idle_rows(own).iter().any(gone) {
        let (live, mut row) = (usize::from(own.firm.live), 0);
        own.scratch.relations.retain(|relation| {
            row += 1;
            row <= live || !gone(relation)
        });
    }
}

/// Puts ties away that ended, and the others in order: customers, pursued contacts, mere contacts, each in the
/// order of getting there. Loops over ties then take the same branch many times in a row, which the processor foresees.
#[inline]
fn put_in_order(own: &mut Own) {
    if own.quarter.changed {
        own.scratch.ties.retain(|tie| tie.state != TieState::Gone);
        own.scratch.ties.sort_by_key(|tie| std::cmp::Reverse(tie.state as u8));
    }
}

/// Was a market left for good, with nothing to show for this year? All that goes on there is forgetting.
fn left_behind(relation: &Relation, threshold: f32) -> bool {
    relation.ties == 0 && relation.since < 0 && relation.sales < threshold
}
