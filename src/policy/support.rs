//! What a participant gets: one row for each operator, as long as something of it is left.
//!
//! Traits that a firm was born with (barriers, skills, objectives) are worked out anew in every quarter in which
//! support shapes them: trait at birth plus strength, kept within 0 and 1. When the support is over, the trait at birth
//! is all that is left. What depends on the market is asked for market by market.

use super::{Action, Does, Part};
use crate::economy::support::Support;
use crate::firm::Firm;

/// How strong a support is in quarter `step`.
#[inline]
pub fn strength(support: &Support, actions: &[Action], step: u16) -> f32 {
    support.share * actions[usize::from(support.action)].strength(support.age(step))
}

/// What supports of one kind add up to for a firm: anywhere, or in one market.
pub fn total(supports: &[Support], actions: &[Action], step: u16, does: Does, market: Option<u8>) -> f32 {
    let mut sum = 0.0;
    for support in supports {
        let action = &actions[usize::from(support.action)];
        if action.operator.does == does && market.is_none_or(|market| action.within[usize::from(market)]) {
            sum += strength(support, actions, step);
        }
    }
    sum
}

/// Do any of the supports shape traits?
pub fn shapes(supports: &[Support], actions: &[Action]) -> bool {
    supports.iter().any(|support| actions[usize::from(support.action)].operator.does.shapes())
}

/// Gives the firm the traits that it has in quarter `step`; `born` has those of its birth.
pub fn shape(firm: &mut Firm, born: &Firm, supports: &[Support], actions: &[Action], step: u16) {
    let (mut skill, mut digital, mut objectives) = (born.skill, born.digital, born.objectives);
    let mut barriers = born.barriers;
    for support in supports {
        let action = &actions[usize::from(support.action)];
        let strength = strength(support, actions, step);
        let part = action.operator.part;
        match action.operator.does {
            Does::LowerBarrier => match part.barrier() {
                Some(one) => barriers[one] -= strength,
                None => barriers.iter_mut().for_each(|barrier| *barrier -= strength),
            },
            Does::RaiseSkill => {
                skill += if part == Part::Digital { 0.0 } else { strength };
                digital += if part == Part::Business { 0.0 } else { strength };
            }
            Does::RaiseObjectives => objectives += strength,
            _ => {}
        }
    }
    let share = |x: f32| x.clamp(0.0, 1.0);
    (firm.skill, firm.digital, firm.objectives) = (share(skill), share(digital), share(objectives));
    firm.barriers = barriers.map(share);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Seed;
    use crate::firm::birth::Population;
    use crate::policy::Operator;

    #[test]
    fn traits_return_to_those_of_birth() {
        let born = Population::default().newborn(Seed::new(1, 0), 0, 0, 4, 1.5, 0.0);
        let operator = |does, part, years| Operator { does, part, years, dose: 0.1, ..Operator::default() };
        let actions: Vec<Action> = [
            operator(Does::LowerBarrier, Part::Operational, 1.0),
            operator(Does::LowerBarrier, Part::All, 0.0),
            operator(Does::RaiseSkill, Part::Digital, 1.0),
        ]
        .map(|operator| Action {
            name: String::new(),
            measure: 0,
            key: 0,
            operator,
            within: vec![true, false],
            aims: Vec::new(),
        })
        .into();
        let support = |action| Support { slot: 0, generation: 0, action, since: 8, share: 1.0, circle: 0, fellows: 0 };
        let supports = [support(0), support(1), support(2)];
        let mut firm = born;
        shape(&mut firm, &born, &supports, &actions, 8);
        assert!((born.barriers[2] - firm.barriers[2] - 0.2).abs() < 1e-6);
        assert!((born.barriers[0] - firm.barriers[0] - 0.1).abs() < 1e-6);
        assert!((firm.digital - born.digital - 0.1).abs() < 1e-6 && firm.skill == born.skill);
        shape(&mut firm, &born, &supports, &actions, 12);
        assert!((born.barriers[2] - firm.barriers[2] - 0.1).abs() < 1e-6 && firm.digital == born.digital);
        shape(&mut firm, &born, &[], &actions, 13);
        assert_eq!(firm, born);
        assert_eq!(total(&supports, &actions, 9, Does::LowerBarrier, Some(1)), 0.0, "no market of its scope");
        assert_eq!(total(&supports, &actions, 9, Does::LowerBarrier, Some(0)), 0.2);
    }
}
