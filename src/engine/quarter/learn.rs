//! Learning: what the quarter taught the firm about itself and about its markets; what it leaves behind.

use super::look::FORGOTTEN;
use super::{SHOCK, Scratch, Turn};
use crate::firm::{Orientation, Relation, TieState};
use crate::mechanism::knowledge::Lesson;
use crate::number::normal;

impl Turn<'_> {
    /// Proactivity, inertia, orientation, slack and capacity after the quarter.
    #[inline(always)]
    pub(super) fn learn_about_itself(&mut self) {
        let theory = &self.model.theory;
        let successes = self.quarter.successes;
        let firm = &mut *self.firm;
        firm.proactivity = theory.proactivity.next(firm.proactivity, firm.temper, successes);
        firm.inertia = theory.inertia.next(firm.inertia, self.quarter.ordered);
        if successes > 0
            && firm.orientation != Orientation::Proactive
            && u32::from(firm.successes) >= theory.orientation.successes
        {
            firm.orientation = Orientation::Proactive;
        }
        let drive = theory.inertia.drive(firm.inertia);
        firm.wanted = 0.75 * firm.wanted + self.quarter.wanted;
        firm.capacity = theory.capacity.next(firm.capacity, firm.size, firm.wanted, drive);
        let shock = normal(self.draws.part(SHOCK));
        firm.slack = theory.slack.next(firm.slack, self.quarter.net, 0.25 * firm.size, shock);
    }

    /// Knowledge of every market in hand; ended ties are put away and markets left behind, and maybe the firm lies down.
    #[inline]
    pub(super) fn learn_markets(&mut self) {
        self.put_in_order();
        if self.firm.live > 0 {
            self.learn();
            self.leave_behind();
        }
        if !self.idle().is_empty() && self.anniversary() {
            self.forget();
        }
        self.firm.dormant = self.scratch.ties.is_empty() && self.firm.live == 0 && !self.is_aided();
    }

    /// Informational use of social networking sites, 0 to 1.
    #[inline]
    pub(super) fn informed(&self) -> f32 {
        if self.uses_sns() {
            (1.0 - self.firm.relational) * self.model.information(self.firm.platforms & self.now.platforms)
        } else {
            0.0
        }
    }

    /// What every market in hand taught.
    fn learn(&mut self) {
        let theory = &self.model.theory;
        let informed = self.informed();
        let Scratch { ties, relations, sights, slots, .. } = &mut *self.scratch;
        let relations = &mut relations[..usize::from(self.firm.live)];
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
                active: i32::from(relation.last_sale) == i32::from(self.step),
                stage: relation.stage,
                newness: self.firm.learning,
                new_markets: self.firm.new_markets,
                insidership: engaged * seen.insidership(),
                information: engaged * informed,
            };
            relation.knowledge = theory.knowledge.next(relation.knowledge, &lesson);
        }
    }

    /// Moves markets where nothing goes on any more behind those in hand.
    fn leave_behind(&mut self) {
        let Scratch { relations, sights, .. } = &mut *self.scratch;
        let mut live = usize::from(self.firm.live);
        for r in (0..live).rev() {
            if left_behind(&relations[r], self.home.threshold) {
                relations[r].quiet_since = self.step as i16 + 1;
                live -= 1;
                relations.swap(r, live);
                sights.swap(r, live);
            }
        }
        sights.truncate(live);
        self.firm.live = live as u8;
    }

    /// Forgets the markets of which nothing is left.
    #[inline]
    pub(super) fn forget(&mut self) {
        let (model, step) = (self.model, self.step + 1);
        let gone =
            |relation: &Relation| relation.rank == 0 && relation.knowledge * model.left(step, relation) <= FORGOTTEN;
        if self.idle().iter().any(gone) {
            let (live, mut row) = (usize::from(self.firm.live), 0);
            self.scratch.relations.retain(|relation| {
                row += 1;
                row <= live || !gone(relation)
            });
        }
    }

    /// Puts ties away that ended, and the others in order: customers, pursued contacts, mere contacts, each in the
    /// order of getting there. Loops over ties then take the same branch many times in a row, which the processor foresees.
    #[inline]
    fn put_in_order(&mut self) {
        if self.changed {
            self.scratch.ties.retain(|tie| tie.state != TieState::Gone);
            self.scratch.ties.sort_by_key(|tie| std::cmp::Reverse(tie.state as u8));
        }
    }
}

/// Was a market left for good, with nothing to show for this year? All that goes on there is forgetting.
fn left_behind(relation: &Relation, threshold: f32) -> bool {
    relation.ties == 0 && relation.since < 0 && relation.sales < threshold
}
