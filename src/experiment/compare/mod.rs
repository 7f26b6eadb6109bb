//! Interventions compared: paired runs of a baseline and of arms, and what they say together.
//!
//! For every seed the baseline is simulated once; an arm goes on from the quarter in which it parts. Both share every
//! random number that the policy does not touch, so a difference is what the policy causes, in that one history.

pub mod course;
pub mod file;
pub mod group;
pub mod matching;
mod money;
pub mod outcome;
pub mod pair;
mod store;

pub use file::{Branch, Comparison, Study};
pub use pair::{Enrolment, Pair, Pairs, Whom};

use crate::error::Error;
use crate::experiment::basis::Basis;
use crate::experiment::{alone, broken};
use crate::statistics::{Bootstrap, Estimate, Ratio, estimate, holm, reduction};
use course::BEFORE;
use group::names;
use money::{PRICES, account, dominate, factors, money, rank};
use outcome::Outcome;
use pair::pairs;
use serde::Serialize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use store::PairStore;

/// Pairs by which a sequential comparison goes on.
const BATCH: u32 = 10;
/// An effect on a set of firms in a year.
#[derive(Clone, Debug, Serialize)]
pub struct Effect {
    pub whom: Whom,
    #[serde(serialize_with = "named")]
    pub outcome: Outcome,
    /// Year of the comparison, 0 the one in which the arms part.
    pub year: u16,
    /// Mean level in the baseline.
    pub baseline: f64,
    pub estimate: Estimate,
    /// How many times fewer runs pairing needed.
    pub reduction: f64,
    /// p value after Holm's correction; NaN but for effects on all firms in the last year.
    pub corrected: f64,
}

fn named<S: serde::Serializer>(outcome: &Outcome, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(outcome.name())
}

/// Money: costs and what they buy. US$, discounted to the year in which the arms part.
#[derive(Clone, Debug, Serialize)]
pub struct Money {
    pub cost: Estimate,
    /// Not discounted, by year.
    pub cost_by_year: Vec<f64>,
    /// Additional exporters in the last year, and the cost of one.
    pub exporters: Estimate,
    pub per_exporter: Ratio,
    /// Additional exports over all years, discounted, and exports per US$ of cost.
    pub exports: Estimate,
    pub exports_per_dollar: Ratio,
    /// Income from additional exports over cost, and less it.
    pub benefit_cost: Ratio,
    pub net: Estimate,
    /// Probability of the largest net benefit among all arms and doing nothing, by willingness to pay.
    pub acceptability: Vec<f64>,
    /// Probability of being the best, second … arm by additional exporters.
    pub ranks: Vec<f64>,
    /// An arm that costs less and brings more, or a mix of two that does; "" if there is none.
    pub dominated_by: String,
}

/// Additionality, as means over pairs.
#[derive(Clone, Debug, Serialize)]
pub struct Additionality {
    /// Participants of the eve, participants born since, eligible firms without a place, per run.
    pub treated: Estimate,
    pub newcomers: f64,
    pub untreated: f64,
    /// Share of places offered that were accepted; unknown where none was offered.
    pub take_up: f64,
    /// Participants that export in the last year and would not have, by way of the net of those lost.
    pub gained: Estimate,
    pub lost: Estimate,
    /// Share of the exporting participants that would have exported anyway.
    pub deadweight: Estimate,
    /// Net exporters gained among firms without a place: positive is spillover, negative displacement.
    pub others: Estimate,
    /// Share of early additional exporters that still export additionally in the last year.
    pub persistence: Estimate,
}

/// What the rounds of a measure of an arm came to, as means over pairs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Enrolled {
    pub measure: String,
    /// Rounds held; those in which every applicant had an offer, places ran out, the budget did.
    pub rounds: f64,
    pub queue_ended: f64,
    pub places_ended: f64,
    pub budget_ended: f64,
    /// Firms eligible, offered a place and accepting it, summed over rounds.
    pub eligible: f64,
    pub offered: f64,
    pub accepted: f64,
    /// Applicants whose home lets nobody take part, as under a ban of travel.
    pub barred: f64,
    /// US$ paid in rounds and as shares of entry costs since, not discounted; and what all rounds may cost, if limited.
    pub spent: f64,
    pub shared: f64,
    pub budget: Option<f64>,
    /// Not one firm accepted in any pair.
    pub reached_nobody: bool,
}

/// What a group got.
#[derive(Clone, Debug, Serialize)]
pub struct GroupResult {
    pub dimension: &'static str,
    pub level: String,
    /// Firms and participants per run.
    pub firms: f64,
    pub treated: f64,
    /// Additional exporters, and per 100 firms of the group.
    pub exporters: Estimate,
    pub per_hundred: Estimate,
    /// Additional exporters per 100 participants of the group.
    pub per_hundred_treated: Estimate,
    pub exports: Estimate,
}

/// What a matching study would have published, and the truth.
#[derive(Clone, Debug, Serialize)]
pub struct MatchedResult {
    pub exporting: Estimate,
    pub exporting_true: Estimate,
    pub exports: Estimate,
    pub exports_true: Estimate,
    pub exporting_relative: Estimate,
    pub share_true: Estimate,
}

/// All that is known of an arm.
#[derive(Clone, Debug, Serialize)]
pub struct ArmResult {
    pub name: String,
    pub label: String,
    pub differs: Vec<String>,
    pub effects: Vec<Effect>,
    /// By years since enrolment, from three years before: exporters and exports (US$) per participant.
    pub profile: Vec<[Estimate; 2]>,
    pub extensive: Estimate,
    pub intensive: Estimate,
    pub additionality: Additionality,
    /// By measure that is on.
    pub enrolled: Vec<Enrolled>,
    /// The arm is nothing but measures that reached nobody: its differences are no effects, and 0 is no finding.
    pub reached_nobody: bool,
    pub money: Money,
    pub groups: Vec<GroupResult>,
    /// Additional firm-market pairs in the last year by market.
    pub markets: Vec<Estimate>,
    pub matched: MatchedResult,
}

impl ArmResult {
    /// Makes every effect unknown: an arm that reached nobody has none, and a sure 0 would be a finding.
    fn forget(&mut self) {
        let unknown = |estimate: &mut Estimate| *estimate = Estimate::unknown();
        for effect in &mut self.effects {
            unknown(&mut effect.estimate);
            effect.reduction = f64::NAN;
        }
        for group in &mut self.groups {
            [&mut group.exporters, &mut group.per_hundred, &mut group.exports].into_iter().for_each(unknown);
        }
        let Additionality { gained, lost, others, .. } = &mut self.additionality;
        let Money { exporters, exports, net, .. } = &mut self.money;
        let ours = [&mut self.extensive, &mut self.intensive];
        [gained, lost, others, exporters, exports, net].into_iter().chain(ours).for_each(unknown);
        self.markets.iter_mut().for_each(unknown);
    }

    /// The effect on an outcome in a year.
    pub fn effect(&self, whom: Whom, outcome: Outcome, year: usize) -> &Effect {
        let found = self.effects.iter().find(|e| (e.whom, e.outcome, usize::from(e.year)) == (whom, outcome, year));
        found.expect("every effect on all sets of firms, outcomes and years is worked out")
    }
}

/// A comparison carried out.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    pub arms: Vec<ArmResult>,
    /// Pairs, and whether fewer than asked for because of an interruption.
    pub replicates: u32,
    pub interrupted: bool,
    /// Whether the half width asked for was reached; none if none was asked for.
    pub precise: Option<bool>,
    /// Willingness to pay for an additional exporter, US$: where acceptability is told.
    pub prices: Vec<f64>,
    /// Firm-quarters simulated for this result, pairs taken over from an interrupted comparison included.
    pub steps: u64,
    #[serde(skip)]
    pub pairs: Vec<Pairs>,
}

impl Compared {
    /// Discounted cost (US$) and additional exporters in the last year of every pair, by arm.
    pub fn accounts(&self, study: &Study) -> Vec<Vec<(f64, f64)>> {
        let factors = factors(study);
        let of = |arm: usize| {
            let pairs = self.pairs.iter().map(|pairs| account(study, &pairs.arms[arm], &factors));
            pairs.map(|[cost, exporters, _]| (cost, exporters)).collect()
        };
        (0..self.arms.len()).map(of).collect()
    }

    /// Differences of an outcome of all firms in the last year by pair of runs, by arm.
    pub fn differences(&self, outcome: Outcome) -> Vec<Vec<f64>> {
        (0..self.arms.len()).map(|arm| differences(&self.pairs, arm, outcome)).collect()
    }

    /// Income from additional exports less cost (US$, discounted) by pair of runs, by arm.
    pub fn nets(&self, study: &Study) -> Vec<Vec<f64>> {
        let (factors, margin) = (factors(study), study.margin());
        let net = |pair: &Pair| {
            let [cost, _, exports] = account(study, pair, &factors);
            margin * exports - cost
        };
        (0..self.arms.len()).map(|arm| self.pairs.iter().map(|pairs| net(&pairs.arms[arm])).collect()).collect()
    }
}

/// Where finished pairs are kept until [`forget`] is called, and how what is odd about them is told.
pub struct Kept<'a> {
    pub path: &'a Path,
    /// Forget pairs of another comparison that are there?
    pub force: bool,
    pub say: &'a (dyn Fn(&str) + Sync),
}

/// Carries a comparison out. Finished pairs are kept, and taken up from where they are. Calls `tick` once a simulated
/// year.
///
/// # Errors
/// When a replicate breaks down, pairs of another comparison are kept there, or they cannot be written.
pub fn compare(
    study: &Study,
    kept: &Kept,
    interrupt: &AtomicBool,
    tick: &(dyn Fn() + Sync),
) -> Result<Compared, Error> {
    let compare = &study.compare;
    let mut store = PairStore::open(kept.path, &basis(study)?, kept.force, kept.say)?;
    let mut done = store.take();
    let store = Some(Mutex::new(store));
    let (mut asked, mut precise) = (compare.replicates, None);
    loop {
        simulate(study, asked, &mut done, &store, interrupt, tick)?;
        // Numbers must not depend on which pair was finished first.
        done.sort_by_key(|pairs| pairs.replicate);
        if interrupt.load(Ordering::Relaxed) || compare.half_width <= 0.0 {
            break;
        }
        let reached = half_width(study, &done) <= compare.half_width;
        precise = Some(reached);
        if reached || asked >= compare.most {
            break;
        }
        asked = (asked + BATCH).min(compare.most);
    }
    // An interrupted comparison keeps the pairs without a gap before them: which ones does not depend on threads.
    let whole = done.iter().enumerate().take_while(|(i, pairs)| pairs.replicate == *i as u32).count();
    done.truncate(whole.min(asked as usize));
    let interrupted = done.len() < asked as usize;
    Ok(Compared { interrupted, precise, ..together(study, done) })
}

/// Forgets the pairs kept for taking up an interrupted comparison.
pub fn forget(kept: &Path) {
    // Nothing depends on it once the result stands.
    let _ = std::fs::remove_file(kept);
}

/// What decides a pair: program, scenarios, seed and files, but not how many pairs are asked for.
///
/// # Errors
/// A file cannot be read any more.
pub fn basis(study: &Study) -> Result<Basis, Error> {
    let mut parts = vec![study.resolved.as_str()];
    parts.extend(study.arms.iter().flat_map(|arm| [arm.name.as_str(), arm.resolved.as_str()]));
    let span = format!("{} {}", study.zero, study.end);
    parts.push(&span);
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    let settings = hasher.finalize().to_hex().to_string();
    Ok(Basis::new(settings, study.baseline.scenario.run.seed, study.inputs()?))
}

/// Simulates the seeds up to `asked` that are not done yet, side by side.
fn simulate(
    study: &Study,
    asked: u32,
    done: &mut Vec<Pairs>,
    store: &Option<Mutex<PairStore>>,
    interrupt: &AtomicBool,
    tick: &(dyn Fn() + Sync),
) -> Result<(), Error> {
    let missing: Vec<u32> = (0..asked).filter(|r| done.iter().all(|pairs| pairs.replicate != *r)).collect();
    let (next, fresh) = (AtomicU32::new(0), Mutex::new(Vec::new()));
    let work = || -> Result<(), Error> {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed) as usize;
            if at >= missing.len() || interrupt.load(Ordering::Relaxed) {
                return Ok(());
            }
            let whole = || pairs(study, missing[at], tick, interrupt);
            let whole = catch_unwind(AssertUnwindSafe(whole))
                .unwrap_or_else(|panic| Err(Error::Failed(broken(missing[at], panic.as_ref()))));
            let Some(pairs) = whole? else { return Ok(()) };
            if let Some(store) = store {
                store.lock().unwrap_or_else(PoisonError::into_inner).add(&pairs)?;
            }
            fresh.lock().unwrap_or_else(PoisonError::into_inner).push(pairs);
        }
    };
    let workers = rayon::current_num_threads().min(missing.len().max(1));
    let results: Vec<Result<(), Error>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(|| alone(1, work)?)).collect();
        let joined = workers.into_iter().map(|worker| worker.join());
        joined.map(|worker| worker.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    results.into_iter().collect::<Result<Vec<()>, Error>>()?;
    done.extend(fresh.into_inner().unwrap_or_else(PoisonError::into_inner));
    Ok(())
}

/// Simulates so many pairs and keeps them in memory only, in the order of seeds; fewer when interrupted.
///
/// # Errors
/// When a replicate breaks down.
pub fn simulate_pairs(study: &Study, replicates: u32, interrupt: &AtomicBool) -> Result<Vec<Pairs>, Error> {
    let mut done = Vec::new();
    simulate(study, replicates, &mut done, &None, interrupt, &|| {})?;
    done.sort_by_key(|pairs| pairs.replicate);
    Ok(done)
}

/// The widest half width of the primary outcome among the arms.
fn half_width(study: &Study, done: &[Pairs]) -> f64 {
    let outcome = study.outcomes[0];
    let bootstrap = Bootstrap::new(study.baseline.seed(u32::MAX), done.len());
    let half = |arm: usize| estimate(&differences(done, arm, outcome), &bootstrap).half_width();
    // One pair tells no width, which is no narrow one.
    (0..study.arms.len())
        .map(half)
        .fold(0.0, |widest, half| if half.is_nan() { f64::INFINITY } else { widest.max(half) })
}

/// Differences of an outcome of all firms in the last year between an arm and the baseline, by pair of runs.
fn differences(pairs: &[Pairs], arm: usize, outcome: Outcome) -> Vec<f64> {
    let last = |pair: &Pair| {
        let year = pair.cost.len() - 1;
        level(&pair.arm, Whom::All, outcome, year) - level(&pair.baseline, Whom::All, outcome, year)
    };
    pairs.iter().map(|pairs| last(&pairs.arms[arm])).collect()
}

fn level(levels: &[Vec<Vec<f64>>], whom: Whom, outcome: Outcome, year: usize) -> f64 {
    levels[whom as usize][outcome as usize][year]
}

/// Works out what the pairs say together.
pub fn together(study: &Study, pairs: Vec<Pairs>) -> Compared {
    let bootstrap = Bootstrap::new(study.baseline.seed(u32::MAX), pairs.len());
    let mut arms: Vec<ArmResult> =
        (0..study.arms.len()).map(|arm| arm_result(study, &pairs, arm, &bootstrap)).collect();
    correct(study, &mut arms);
    let cheapest = arms
        .iter()
        .filter(|arm| arm.money.per_exporter.told && arm.money.per_exporter.value > 0.0)
        .map(|arm| arm.money.per_exporter.value)
        .fold(f64::INFINITY, f64::min);
    let scale = if cheapest.is_finite() { cheapest } else { 10_000.0 };
    let prices: Vec<f64> = PRICES.iter().map(|price| price * scale).collect();
    rank(study, &mut arms, &pairs, &bootstrap, &prices);
    dominate(&mut arms);
    let steps = pairs.iter().map(|pairs| pairs.steps).sum();
    let replicates = pairs.len() as u32;
    Compared { arms, replicates, interrupted: false, precise: None, prices, steps, pairs }
}

fn arm_result(study: &Study, pairs: &[Pairs], arm: usize, bootstrap: &Bootstrap) -> ArmResult {
    let own: Vec<&Pair> = pairs.iter().map(|pairs| &pairs.arms[arm]).collect();
    let over = |value: &dyn Fn(&Pair) -> f64| own.iter().map(|pair| value(pair)).collect::<Vec<f64>>();
    let mean = |value: &dyn Fn(&Pair) -> f64| estimate(&over(value), bootstrap);
    let horizon = study.compare.horizon as usize;
    let mut effects = Vec::new();
    for whom in Whom::ALL {
        for &outcome in Outcome::ALL {
            for year in 0..horizon {
                let (after, before) = (
                    over(&|pair| level(&pair.arm, whom, outcome, year)),
                    over(&|pair| level(&pair.baseline, whom, outcome, year)),
                );
                let differences: Vec<f64> = after.iter().zip(&before).map(|(a, b)| a - b).collect();
                effects.push(Effect {
                    whom,
                    outcome,
                    year: year as u16,
                    baseline: estimate(&before, bootstrap).mean,
                    estimate: estimate(&differences, bootstrap),
                    reduction: reduction(&after, &before),
                    corrected: f64::NAN,
                });
            }
        }
    }
    let groups = names(study).into_iter().enumerate().map(|(i, (dimension, level))| GroupResult {
        dimension,
        level,
        firms: mean(&|pair| f64::from(pair.groups[i].firms)).mean,
        treated: mean(&|pair| f64::from(pair.groups[i].treated)).mean,
        exporters: mean(&|pair| pair.groups[i].exporters),
        per_hundred: mean(&|pair| 100.0 * pair.groups[i].exporters / f64::from(pair.groups[i].firms)),
        per_hundred_treated: mean(&|pair| 100.0 * pair.groups[i].exporters_treated / f64::from(pair.groups[i].treated)),
        exports: mean(&|pair| pair.groups[i].exports),
    });
    let countries = study.baseline.world.countries.len();
    let enrolled = enrolled(&study.arms[arm], &own);
    let same = |pair: &&Pair| pair.arm == pair.baseline;
    let reached_nobody = !enrolled.is_empty() && enrolled.iter().all(|one| one.reached_nobody) && own.iter().all(same);
    let years = own.first().map_or(0, |pair| pair.profile.len());
    let mut result = ArmResult {
        name: study.arms[arm].name.clone(),
        label: study.arms[arm].label.clone(),
        differs: study.arms[arm].differs.clone(),
        effects,
        profile: (0..years).map(|k| [0, 1].map(|what| mean(&|pair| pair.profile[k][what]))).collect(),
        extensive: mean(&|pair| pair.extensive),
        intensive: mean(&|pair| pair.intensive),
        additionality: additionality(&own, bootstrap),
        enrolled,
        reached_nobody,
        money: money(study, &own, bootstrap),
        groups: groups.collect(),
        markets: (0..countries).map(|market| mean(&|pair| pair.markets[market])).collect(),
        matched: MatchedResult {
            exporting: mean(&|pair| pair.matched.exporting),
            exporting_true: mean(&|pair| pair.matched.exporting_true),
            exports: mean(&|pair| pair.matched.exports),
            exports_true: mean(&|pair| pair.matched.exports_true),
            exporting_relative: mean(&|pair| pair.matched.exporting_relative),
            share_true: mean(&|pair| pair.matched.share_true),
        },
    };
    if reached_nobody {
        result.forget();
    }
    result
}

/// What participants did beyond what they would have done, and what others did.
fn additionality(own: &[&Pair], bootstrap: &Bootstrap) -> Additionality {
    let mean =
        |value: &dyn Fn(&Pair) -> f64| estimate(&own.iter().map(|pair| value(pair)).collect::<Vec<f64>>(), bootstrap);
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole);
    Additionality {
        treated: mean(&|pair| f64::from(pair.treated)),
        newcomers: mean(&|pair| f64::from(pair.newcomers)).mean,
        untreated: mean(&|pair| f64::from(pair.untreated)).mean,
        take_up: mean(&|pair| {
            let sum = |part: fn(&Enrolment) -> u32| pair.enrolments.iter().map(part).sum::<u32>();
            share(sum(|one| one.accepted), sum(|one| one.offered))
        })
        .mean,
        gained: mean(&|pair| f64::from(pair.additional.gained)),
        lost: mean(&|pair| f64::from(pair.additional.lost)),
        deadweight: mean(&|pair| {
            let a = &pair.additional;
            share(a.deadweight, a.deadweight + a.gained)
        }),
        others: mean(&|pair| f64::from(pair.additional.others_gained) - f64::from(pair.additional.others_lost)),
        persistence: mean(&|pair| share(pair.additional.persisting, pair.additional.early)),
    }
}

/// What the rounds of every measure of an arm came to.
fn enrolled(branch: &Branch, own: &[&Pair]) -> Vec<Enrolled> {
    let on = branch.plan.scenario.instrument.iter().filter(|(_, instrument)| instrument.on).enumerate();
    let of = |(at, (name, instrument)): (usize, (&String, &crate::policy::Instrument))| {
        let all = || own.iter().map(|pair| pair.enrolments.get(at).copied().unwrap_or_default());
        let mean = |part: fn(&Enrolment) -> f64| all().map(|one| part(&one)).sum::<f64>() / own.len() as f64;
        let rounds = mean(|one| f64::from(one.rounds));
        Enrolled {
            measure: name.clone(),
            rounds,
            queue_ended: mean(|one| f64::from(one.queue_ended)),
            places_ended: mean(|one| f64::from(one.places_ended)),
            budget_ended: mean(|one| f64::from(one.budget_ended)),
            eligible: mean(|one| f64::from(one.eligible)),
            offered: mean(|one| f64::from(one.offered)),
            accepted: mean(|one| f64::from(one.accepted)),
            barred: mean(|one| f64::from(one.barred)),
            spent: mean(|one| one.spent),
            shared: mean(|one| one.shared),
            budget: instrument.limit().map(|limit| limit * rounds),
            reached_nobody: all().all(|one| one.accepted == 0),
        }
    };
    on.map(of).collect()
}

/// Corrects the p values of the last year's effects on all firms for being many.
fn correct(study: &Study, arms: &mut [ArmResult]) {
    let last = study.compare.horizon as u16 - 1;
    let counts =
        |effect: &Effect| effect.whom == Whom::All && effect.year == last && study.outcomes.contains(&effect.outcome);
    let p: Vec<f64> =
        arms.iter().flat_map(|arm| arm.effects.iter().filter(|e| counts(e))).map(|e| e.estimate.p).collect();
    let mut corrected = holm(&p).into_iter();
    for effect in arms.iter_mut().flat_map(|arm| arm.effects.iter_mut()).filter(|e| counts(e)) {
        effect.corrected = corrected.next().expect("as many as were counted");
    }
}

/// Simulated years that a comparison of so many pairs takes, shared ones once, for whoever shows how far it is.
pub fn years(study: &Study, replicates: u32) -> u64 {
    let arms: u64 = study.arms.iter().map(|arm| u64::from(study.end - arm.parts.min(study.end)).div_ceil(4)).sum();
    u64::from(replicates) * (u64::from(study.end) / 4 + arms)
}

/// Years of the profile before enrolment.
pub const PROFILE_BEFORE: usize = BEFORE as usize;
