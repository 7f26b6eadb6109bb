//! One seed: the baseline once, every arm from where it parts, and what differs between them.

use super::course::{BEFORE, Course, Watcher};
use super::group::{self, Group};
use super::matching::{Matched, matched};
use super::outcome::Outcome;
use super::{Branch, Study};
use crate::economy::accounts::Notes;
use crate::economy::support::Ended;
use crate::engine::Simulation;
use crate::error::Error;
use crate::experiment::Plan;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Whom an effect is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whom {
    /// Every firm.
    All,
    /// Participants that lived on the eve of the parting.
    Treated,
    /// Firms of the eve that were eligible and did not take part: spillover through ties, or displacement.
    Untreated,
}

impl Whom {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 3] = [Self::All, Self::Treated, Self::Untreated];

    /// The word in tables.
    pub fn name(self) -> &'static str {
        ["all", "treated", "eligible-untreated"][self as usize]
    }
}

/// Numbers that may be unknown (NaN) as JSON, which has no such number: null.
pub(super) mod unknown {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    fn known(x: f64) -> Option<f64> {
        x.is_finite().then_some(x)
    }

    pub fn serialize<S: Serializer>(x: &f64, to: S) -> Result<S::Ok, S::Error> {
        known(*x).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        Ok(Option::deserialize(from)?.unwrap_or(f64::NAN))
    }

    pub mod pairs {
        use super::*;

        pub fn serialize<S: Serializer>(rows: &[[f64; 2]], to: S) -> Result<S::Ok, S::Error> {
            rows.iter().map(|row| row.map(known)).collect::<Vec<_>>().serialize(to)
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<[f64; 2]>, D::Error> {
            let rows: Vec<[Option<f64>; 2]> = Vec::deserialize(from)?;
            Ok(rows.into_iter().map(|row| row.map(|x| x.unwrap_or(f64::NAN))).collect())
        }
    }
}

/// What came of one seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pairs {
    pub replicate: u32,
    /// In the order of the arms.
    pub arms: Vec<Pair>,
    /// Firm-quarters simulated.
    pub steps: u64,
}

/// An arm against the baseline of the same seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// Levels in the baseline and in the arm: by [`Whom`], outcome of [`Outcome::ALL`] and year.
    pub baseline: Vec<Vec<Vec<f64>>>,
    pub arm: Vec<Vec<Vec<f64>>>,
    /// Participants and eligible firms without a place, of the eve; participants born since.
    pub treated: u32,
    pub untreated: u32,
    pub newcomers: u32,
    /// Difference among participants by years since they enrolled, from [`BEFORE`] years before: exporters per
    /// participant, exports per participant in US$. NaN where nobody is observed so long.
    #[serde(with = "unknown::pairs")]
    pub profile: Vec<[f64; 2]>,
    /// Change of exports in the last year through the number of exporters and through exports per exporter, US$.
    pub extensive: f64,
    pub intensive: f64,
    pub additional: Additional,
    /// US$ by year of the comparison.
    pub cost: Vec<f64>,
    /// By group: see [`GroupEffect`].
    pub groups: Vec<GroupEffect>,
    /// Additional firm-market pairs in the last year, by market.
    pub markets: Vec<f64>,
    pub matched: Matched,
    /// By measure of the arm, in the order of their names.
    pub enrolments: Vec<Enrolment>,
}

/// What the rounds of a measure came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Rounds held; those in which every applicant had an offer, places ran out, the budget did.
    pub rounds: u32,
    pub queue_ended: u32,
    pub places_ended: u32,
    pub budget_ended: u32,
    /// Firms eligible, offered a place and accepting it, summed over rounds.
    pub eligible: u32,
    pub offered: u32,
    pub accepted: u32,
    /// Applicants whose home lets nobody take part, as under a ban of travel.
    pub barred: u32,
    /// US$ paid in rounds, and as shares of entry costs since.
    pub spent: f64,
    pub shared: f64,
}

/// Who exports in the last year and would or would not have done so in the twin run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Additional {
    /// Participants that export and would not have, would have too, and do not although they would have.
    pub gained: u32,
    pub deadweight: u32,
    pub lost: u32,
    /// Firms without a place that export and would not have, and the other way round.
    pub others_gained: u32,
    pub others_lost: u32,
    /// Participants that exported additionally in the year after they enrolled, and of these, still do in the last year.
    pub early: u32,
    pub persisting: u32,
}

/// What happened to a group of the firms of the eve by the last year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GroupEffect {
    pub firms: u32,
    pub treated: u32,
    /// Additional exporters among all firms of the group, and among its participants.
    pub exporters: f64,
    pub exporters_treated: f64,
    /// Additional exports of all firms of the group, US$.
    pub exports: f64,
}

/// Simulates the baseline of one seed and every arm; arms share all that happens before they part.
///
/// # Errors
/// When a network cannot be made; [`None`] when interrupted.
pub fn pairs(
    study: &Study,
    replicate: u32,
    tick: &(dyn Fn() + Sync),
    interrupt: &AtomicBool,
) -> Result<Option<Pairs>, Error> {
    let Some(courses) = courses(study, replicate, true, tick, interrupt)? else { return Ok(None) };
    let (baseline, arms) = courses;
    let steps = baseline.steps + arms.iter().map(|arm| arm.steps).sum::<u64>();
    let groups = group::groups(study, &baseline);
    let arms = arms.iter().map(|arm| pair(study, &baseline, arm, &groups)).collect();
    Ok(Some(Pairs { replicate, arms, steps }))
}

/// The courses of the baseline and of every arm. Without `shared` every run begins at the first quarter: the same bits,
/// only slower.
///
/// # Errors
/// As [`pairs`].
pub fn courses(
    study: &Study,
    replicate: u32,
    shared: bool,
    tick: &(dyn Fn() + Sync),
    interrupt: &AtomicBool,
) -> Result<Option<(Course, Vec<Course>)>, Error> {
    let model = study.baseline.model(replicate)?;
    let mut years = Vec::new();
    let mut trunk = Simulation::new(&model, Notes::default());
    let mut watcher = Watcher::new(study.zero, tick);
    let mut arms: Vec<Option<Course>> = study.arms.iter().map(|_| None).collect();
    let mut order: Vec<usize> = (0..arms.len()).collect();
    order.sort_by_key(|arm| (study.arms[*arm].parts, *arm));
    for arm in order {
        let Branch { plan, parts, .. } = &study.arms[arm];
        let own = if same_peers(&study.baseline, plan) {
            plan.model_among(replicate, Arc::clone(&model.peers))
        } else {
            plan.model(replicate)?
        };
        let (mut branch, mut seen) = if shared {
            if trunk.advance((*parts).min(study.end), &mut watcher, &mut years, interrupt)? {
                return Ok(None);
            }
            (Simulation::resume(&own, trunk.economy.clone()), watcher.fork())
        } else {
            (Simulation::new(&own, Notes::default()), Watcher::new(study.zero, tick))
        };
        // What the trunk did is counted there.
        seen.course.steps = 0;
        if branch.advance(study.end, &mut seen, &mut years, interrupt)? {
            return Ok(None);
        }
        arms[arm] = Some(seen.close(&own, &branch.economy));
    }
    if trunk.advance(study.end, &mut watcher, &mut years, interrupt)? {
        return Ok(None);
    }
    let baseline = watcher.close(&model, &trunk.economy);
    Ok(Some((baseline, arms.into_iter().flatten().collect())))
}

/// Do two plans grow the same peer graph?
fn same_peers(a: &Plan, b: &Plan) -> bool {
    let (a, b) = (&a.scenario, &b.scenario);
    (&a.network, &a.population, &a.home) == (&b.network, &b.population, &b.home)
}

/// The difference between an arm and the baseline.
fn pair(study: &Study, baseline: &Course, arm: &Course, groups: &[Group]) -> Pair {
    let eve = baseline.eve();
    let horizon = arm.horizon();
    let register = &arm.register;
    let lived = |slot: u32, generation: u16| eve[slot as usize].generation == generation;
    let treated: BTreeSet<u32> =
        register.treatments.iter().filter(|t| lived(t.slot, t.generation)).map(|t| t.slot).collect();
    let newcomers: BTreeSet<(u32, u16)> =
        register.treatments.iter().filter(|t| !lived(t.slot, t.generation)).map(|t| (t.slot, t.generation)).collect();
    let untreated: Vec<u32> = register
        .eligible
        .iter()
        .filter(|(slot, generation)| lived(*slot, *generation) && !treated.contains(slot))
        .map(|(slot, _)| *slot)
        .collect();
    let treated_places: Vec<u32> = treated.iter().copied().collect();
    let whom = [None, Some(&treated_places[..]), Some(&untreated[..])];
    let levels = |course: &Course| -> Vec<Vec<Vec<f64>>> {
        let of = |who: Option<&[u32]>, outcome: &Outcome| {
            (0..horizon).map(|year| outcome.value(course, year, who)).collect()
        };
        whom.iter().map(|who| Outcome::ALL.iter().map(|outcome| of(*who, outcome)).collect()).collect()
    };
    let (base_levels, arm_levels) = (levels(baseline), levels(arm));
    let (extensive, intensive) = margins(
        at(&base_levels, Outcome::Exporters, horizon - 1),
        at(&base_levels, Outcome::Exports, horizon - 1),
        at(&arm_levels, Outcome::Exporters, horizon - 1),
        at(&arm_levels, Outcome::Exports, horizon - 1),
    );
    let markets = arm.flows.last().into_iter().flatten().zip(baseline.flows.last().into_iter().flatten());
    Pair {
        baseline: base_levels,
        arm: arm_levels,
        treated: treated.len() as u32,
        untreated: untreated.len() as u32,
        newcomers: newcomers.len() as u32,
        profile: profile(study, baseline, arm),
        extensive,
        intensive,
        additional: additional(study, baseline, arm, &treated),
        cost: cost(study, arm),
        groups: groups.iter().map(|group| group_effect(group, baseline, arm, &treated)).collect(),
        markets: markets.map(|(arm, base)| f64::from(*arm) - f64::from(*base)).collect(),
        matched: matched(baseline, arm, &treated),
        enrolments: enrolments(arm),
    }
}

/// What every measure's rounds came to.
fn enrolments(arm: &Course) -> Vec<Enrolment> {
    let register = &arm.register;
    let measures = register.rounds.iter().map(|round| usize::from(round.measure) + 1).max().unwrap_or(0);
    let mut sums = vec![Enrolment::default(); measures];
    for round in &register.rounds {
        let sum = &mut sums[usize::from(round.measure)];
        sum.rounds += 1;
        match round.ended {
            Ended::Queue => sum.queue_ended += 1,
            Ended::Places => sum.places_ended += 1,
            Ended::Budget => sum.budget_ended += 1,
        }
        sum.eligible += round.eligible;
        sum.offered += round.offered;
        sum.accepted += round.accepted;
        sum.barred += round.barred;
        sum.spent += round.cost;
    }
    // Nothing is paid for a measure that never had a round.
    for payment in &register.payments {
        if let Some(sum) = sums.get_mut(usize::from(payment.measure)) {
            sum.shared += payment.cost;
        }
    }
    sums
}

fn at(levels: &[Vec<Vec<f64>>], outcome: Outcome, year: usize) -> f64 {
    levels[Whom::All as usize][outcome as usize][year]
}

/// Parts of a change of exports: number of exporters at mean exports, and mean exports at the mean number
/// (`ΔX = Δn·x̄ + n̄·Δx`, midpoints).
fn margins(n0: f64, x0: f64, n1: f64, x1: f64) -> (f64, f64) {
    let mean = |n: f64, x: f64| if n > 0.0 { x / n } else { 0.0 };
    let (m0, m1) = (mean(n0, x0), mean(n1, x1));
    ((n1 - n0) * (m0 + m1) / 2.0, (n0 + n1) / 2.0 * (m1 - m0))
}

/// What a firm of the eve exports in a year: nothing once it is dead.
fn exports(course: &Course, year: usize, slot: u32) -> f64 {
    let state = &course.years[year][slot as usize];
    if state.generation == course.eve()[slot as usize].generation { f64::from(state.exports) } else { 0.0 }
}

/// Differences among participants of the eve by years since they enrolled for the first time.
fn profile(study: &Study, baseline: &Course, arm: &Course) -> Vec<[f64; 2]> {
    let length = arm.years.len();
    let mut sums = vec![[0.0; 3]; length];
    let mut seen = BTreeSet::new();
    for t in &arm.register.treatments {
        if baseline.eve()[t.slot as usize].generation != t.generation || !seen.insert(t.slot) {
            continue;
        }
        let enrolled = usize::from(t.step.saturating_sub(study.zero) / 4);
        for (since, sum) in sums.iter_mut().enumerate() {
            let year = enrolled + since;
            if year < length {
                let (a, b) = (exports(arm, year, t.slot), exports(baseline, year, t.slot));
                sum[0] += f64::from(u8::from(a > 0.0)) - f64::from(u8::from(b > 0.0));
                sum[1] += a - b;
                sum[2] += 1.0;
            }
        }
    }
    sums.into_iter().map(|[exporters, exports, n]| [exporters / n, exports / n]).collect()
}

fn additional(study: &Study, baseline: &Course, arm: &Course, treated: &BTreeSet<u32>) -> Additional {
    let last = arm.years.len() - 1;
    let mut sum = Additional::default();
    for slot in 0..baseline.eve().len() as u32 {
        let (now, twin) = (exports(arm, last, slot) > 0.0, exports(baseline, last, slot) > 0.0);
        let count = |count: &mut u32, test: bool| *count += u32::from(test);
        if treated.contains(&slot) {
            count(&mut sum.gained, now && !twin);
            count(&mut sum.deadweight, now && twin);
            count(&mut sum.lost, !now && twin);
        } else {
            count(&mut sum.others_gained, now && !twin);
            count(&mut sum.others_lost, !now && twin);
        }
    }
    let mut seen = BTreeSet::new();
    for t in &arm.register.treatments {
        let year = usize::from(BEFORE) + usize::from(t.step.saturating_sub(study.zero) / 4) + 1;
        if !treated.contains(&t.slot) || year > last || !seen.insert(t.slot) {
            continue;
        }
        let early = exports(arm, year, t.slot) > 0.0 && exports(baseline, year, t.slot) <= 0.0;
        let late = exports(arm, last, t.slot) > 0.0 && exports(baseline, last, t.slot) <= 0.0;
        sum.early += u32::from(early);
        sum.persisting += u32::from(early && late);
    }
    sum
}

/// What a programme costs in each year of the comparison, US$.
fn cost(study: &Study, course: &Course) -> Vec<f64> {
    let mut years = vec![0.0; course.horizon()];
    let mut spend = |step: u16, cost: f64| years[usize::from(step.saturating_sub(study.zero) / 4)] += cost;
    course.register.rounds.iter().for_each(|round| spend(round.step, round.cost));
    course.register.payments.iter().for_each(|payment| spend(payment.step, payment.cost));
    years
}

fn group_effect(group: &Group, baseline: &Course, arm: &Course, treated: &BTreeSet<u32>) -> GroupEffect {
    let last = arm.years.len() - 1;
    let mut effect = GroupEffect { firms: group.slots.len() as u32, ..GroupEffect::default() };
    for &slot in &group.slots {
        let (now, twin) = (exports(arm, last, slot), exports(baseline, last, slot));
        let difference = f64::from(u8::from(now > 0.0)) - f64::from(u8::from(twin > 0.0));
        effect.exporters += difference;
        effect.exports += now - twin;
        if treated.contains(&slot) {
            effect.treated += 1;
            effect.exporters_treated += difference;
        }
    }
    effect
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_add_up() {
        let (extensive, intensive) = margins(10.0, 100.0, 12.0, 132.0);
        assert!((extensive - 2.0 * 10.5).abs() < 1e-12 && (intensive - 11.0).abs() < 1e-12);
        assert!((extensive + intensive - 32.0).abs() < 1e-12);
        assert_eq!(margins(0.0, 0.0, 0.0, 0.0), (0.0, 0.0));
    }
}
