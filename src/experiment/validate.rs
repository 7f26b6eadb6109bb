//! Validation: holds a simulated population against published facts.
//!
//! Every replicate is observed as a customs office, a business register and a survey would observe it, and every fact
//! is measured on it by the estimator of its source. A number passes when its median over the seeds lies in the band
//! of the fact; a pattern passes when it holds in at least 80 % of the seeds; a fact passes when all its rows do. The
//! same is asked of random shipments over the same firms and markets ([`shipment`](crate::observe::shipment)): a fact
//! that they pass too is weak evidence.
//!
//! Facts about bilateral trade need many homes. For them the scenario is simulated a second time with its firms spread
//! over [`MANY_HOMES`]; a scenario with ten homes or more serves itself.

use super::fact::{Fact, Homes};
use super::gather::{Gatherer, NOTES, Watch};
use super::trial::{Told, Trials};
use super::{Plan, replicates};
use crate::engine::model::Model;
use crate::error::Error;
use crate::network::Generator;
use crate::observe::panel::{Ground, Panel, Population, Sample};
use crate::observe::shipment::balls_and_bins;
use crate::observe::statistic::{Measured, Options, Statistic, median};
use serde::Serialize;
use std::sync::atomic::AtomicBool;

/// Share of seeds in which a pattern has to hold.
pub const PATTERN_SHARE: f64 = 0.8;
/// Seeds from which medians are trusted.
pub const ENOUGH_SEEDS: u32 = 30;
/// Homes from which a scenario can tell gravity itself.
const ENOUGH_HOMES: usize = 10;
/// Firms per home of the companion. Where fewer stand for a country, single shipments decide which flows are positive,
/// and distance seems to matter more than it does.
pub const FIRMS_PER_HOME: u32 = 1000;
/// Homes of the companion: the members of the European Union.
pub const MANY_HOMES: [&str; 27] = [
    "AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "HUN", "IRL", "ITA",
    "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "SWE",
];

/// Whether something was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Pass,
    Fail,
    /// It could not be measured; never counted as passed.
    Unmeasured,
    /// It was published for other homes: shown, not judged.
    Context,
    /// The null model has nothing to say about it.
    Silent,
}

impl Verdict {
    /// The word shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "FAIL",
            Self::Unmeasured => "not measurable",
            Self::Context => "context",
            Self::Silent => "–",
        }
    }
}

/// Values of a row over the seeds, and what they amount to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Values {
    /// Of each seed, by part.
    pub seeds: Vec<Vec<f64>>,
    /// Median over seeds, by part.
    pub median: Vec<f64>,
    /// Smallest and largest over seeds, by part.
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    /// Share of seeds in the band, or in which the pattern holds.
    pub share: f64,
    pub verdict: Verdict,
}

/// A row of the scorecard.
#[derive(Clone, Debug)]
pub struct Scored {
    pub fact: Fact,
    pub simulated: Values,
    pub null: Values,
    /// Why it was not measured, or "".
    pub reason: String,
}

impl Scored {
    /// How far the median is from the middle of the band in half widths (±1 are its edges); none for a pattern.
    pub fn deviation(&self) -> Option<f64> {
        let (low, high) = self.fact.band?;
        Some((self.simulated.median[0] - (low + high) / 2.0) / ((high - low) / 2.0))
    }
}

/// The scorecard of a population.
#[derive(Clone, Debug)]
pub struct Scorecard {
    pub rows: Vec<Scored>,
    /// Seeds measured, and whether fewer than asked for because of an interruption.
    pub seeds: u32,
    pub interrupted: bool,
    /// Firm-quarters simulated.
    pub steps: u64,
}

impl Scorecard {
    /// Every fact with the verdicts on the simulation and on the null model, in the order of the table.
    pub fn facts(&self) -> Vec<(&str, Verdict, Verdict)> {
        let mut facts: Vec<(&str, Vec<Verdict>, Vec<Verdict>)> = Vec::new();
        for row in &self.rows {
            let id = row.fact.id.as_str();
            if facts.last().is_none_or(|last| last.0 != id) {
                facts.push((id, Vec::new(), Vec::new()));
            }
            let last = facts.last_mut().expect("one was just put there");
            last.1.push(row.simulated.verdict);
            last.2.push(row.null.verdict);
        }
        facts.into_iter().map(|(id, simulated, null)| (id, together(&simulated), together(&null))).collect()
    }

    /// Facts passed, and all facts that are judged.
    pub fn passed(&self) -> (usize, usize) {
        let facts = self.facts();
        let count = |of: &dyn Fn(Verdict) -> bool| facts.iter().filter(|fact| of(fact.1)).count();
        (count(&|verdict| verdict == Verdict::Pass), count(&|verdict| verdict != Verdict::Context))
    }
}

/// The verdict on a fact of several rows: one failure fails it, one row not measured leaves it open; rows that were
/// published for other homes have no say.
fn together(verdicts: &[Verdict]) -> Verdict {
    let any = |verdict| verdicts.contains(&verdict);
    match () {
        () if any(Verdict::Fail) => Verdict::Fail,
        () if any(Verdict::Unmeasured) => Verdict::Unmeasured,
        () if any(Verdict::Pass) => Verdict::Pass,
        () if any(Verdict::Context) => Verdict::Context,
        () => Verdict::Silent,
    }
}

/// Runs a plan over its replicates and scores every fact.
///
/// # Errors
/// When a replicate breaks down.
pub fn scorecard(plan: &Plan, facts: &[Fact], interrupt: &AtomicBool, watch: Watch) -> Result<Scorecard, Error> {
    score_facts(plan, facts, true, interrupt, watch)
}

/// The same, with the null model left out unless asked for: a search has no use for it.
pub(super) fn score_facts(
    plan: &Plan,
    facts: &[Fact],
    null: bool,
    interrupt: &AtomicBool,
    watch: Watch,
) -> Result<Scorecard, Error> {
    let study =
        |plan: &Plan, wanted: &(dyn Fn(&Fact) -> bool + Sync)| study(plan, facts, null, interrupt, watch, wanted);
    let mut own = Seeds { of: Vec::new(), asked: 0, steps: 0 };
    let all_elsewhere = facts.iter().all(|fact| measured_elsewhere(plan, fact));
    if null || !all_elsewhere {
        own = study(plan, &|fact| measured_here(plan, fact))?;
    }
    let mut pooled = Seeds { of: Vec::new(), asked: 0, steps: 0 };
    let mut missing = String::new();
    if facts.iter().any(|fact| measured_elsewhere(plan, fact)) {
        match companion(plan) {
            Ok(many) => pooled = study(&many, &|fact| measured_elsewhere(plan, fact))?,
            Err(reason) => missing = reason,
        }
    }
    let mut paired = Seeds { of: Vec::new(), asked: 0, steps: 0 };
    let mut unpaired = String::new();
    let mut trials = None;
    if facts.iter().any(|fact| fact.statistic.is_paired()) {
        match Trials::new(plan, &|statistic| facts.iter().any(|fact| fact.statistic.name == statistic.name)) {
            Ok(found) => paired = on_pairs(trials.insert(found), plan, facts, interrupt)?,
            Err(faults) => unpaired = Error::Asked(faults).to_string(),
        }
    }
    let rows = facts.iter().enumerate().map(|(row, fact)| {
        let (seeds, missing) = if fact.statistic.is_paired() {
            let missing = trials.as_ref().map_or(unpaired.as_str(), |trials| trials.missing(fact.statistic.name));
            (&paired, missing)
        } else if measured_elsewhere(plan, fact) {
            (&pooled, missing.as_str())
        } else {
            (&own, "")
        };
        let homes = plan.homes.iter().map(|home| home.iso3.as_str());
        score(fact, fact.judges(homes), seeds.of.iter().map(|seed| &seed[row]), missing)
    });
    Ok(Scorecard {
        rows: rows.collect(),
        seeds: own.of.len() as u32,
        interrupted: own.cut_short() || pooled.cut_short() || paired.cut_short(),
        steps: own.steps + pooled.steps + paired.steps,
    })
}

/// Simulated years that a scorecard takes, for whoever shows how far it is.
pub fn years(plan: &Plan, facts: &[Fact]) -> u64 {
    let years = u64::from(plan.scenario.run.replicates) * u64::from(plan.scenario.run.years);
    let pooled = facts.iter().any(|fact| measured_elsewhere(plan, fact)) && companion(plan).is_ok();
    years * if pooled { 2 } else { 1 }
}

/// Is a fact measured on the scenario itself?
fn measured_here(plan: &Plan, fact: &Fact) -> bool {
    fact.statistic.lacking.is_none() && !measured_elsewhere(plan, fact) && !fact.statistic.is_paired()
}

/// What pairs of runs gave, row by row.
fn on_pairs(trials: &Trials, plan: &Plan, facts: &[Fact], interrupt: &AtomicBool) -> Result<Seeds, Error> {
    let (told, steps) = trials.measure(interrupt)?;
    let value = |told: &Told, fact: &Fact, part: &String| {
        let measured = told.iter().find(|(statistic, _)| *statistic == fact.statistic.name);
        let of = |measured: &Measured| measured.iter().find(|(name, _)| name == part).map(|(_, value)| *value);
        measured.and_then(|(_, measured)| of(measured)).unwrap_or(f64::NAN)
    };
    let row = |told: &Told, fact: &Fact| {
        let values = fact.parts.iter().map(|part| value(told, fact, part)).collect();
        (values, vec![f64::NAN; fact.parts.len()])
    };
    let of = told.iter().map(|told| facts.iter().map(|fact| row(told, fact)).collect()).collect();
    let asked = if trials.is_empty() { 0 } else { plan.scenario.run.replicates };
    Ok(Seeds { of, asked, steps })
}

/// Is a fact measured on the companion?
fn measured_elsewhere(plan: &Plan, fact: &Fact) -> bool {
    fact.statistic.lacking.is_none() && fact.homes == Homes::Many && plan.homes.len() < ENOUGH_HOMES
}

/// The same scenario with firms in many homes; says why there is none.
pub fn companion(plan: &Plan) -> Result<Plan, String> {
    let mut scenario = plan.scenario.clone();
    scenario.population.homes = MANY_HOMES.map(str::to_owned).to_vec();
    scenario.population.firms = FIRMS_PER_HOME * MANY_HOMES.len() as u32;
    scenario.home.clear();
    scenario.population.firms_file = Default::default();
    // A graph read from a file is one of the scenario's own firms.
    if scenario.network.generator == Generator::File {
        scenario.network.generator = Generator::Homophilous;
    }
    Plan::of(scenario, format!("{}-many-homes", plan.name))
        .map_err(|faults| format!("the scenario cannot be simulated with many homes: {}", Error::Asked(faults)))
}

/// What one seed gave, row by row: values of the simulation and of the null model, by part.
type Seed = Vec<(Vec<f64>, Vec<f64>)>;

/// What all seeds gave.
struct Seeds {
    of: Vec<Seed>,
    asked: u32,
    steps: u64,
}

impl Seeds {
    fn cut_short(&self) -> bool {
        (self.of.len() as u32) < self.asked
    }
}

/// Runs a plan and measures the facts that are `wanted`.
fn study(
    plan: &Plan,
    facts: &[Fact],
    null: bool,
    interrupt: &AtomicBool,
    watch: Watch,
    wanted: &(dyn Fn(&Fact) -> bool + Sync),
) -> Result<Seeds, Error> {
    let measure = |model: &Model, panel: &Panel, ground: &Ground| measure(model, panel, ground, facts, null, wanted);
    let mut seeds = Seeds { of: Vec::new(), asked: plan.scenario.run.replicates, steps: 0 };
    replicates(
        plan,
        NOTES,
        interrupt,
        |replicate| Gatherer::new(replicate, watch, &measure),
        |_, _, gatherer: Gatherer<Seed>, outcome| {
            seeds.steps += outcome.economy.len() as u64 * u64::from(outcome.quarters);
            seeds.of.extend(gatherer.measured);
            Ok(())
        },
    )?;
    Ok(seeds)
}

/// Measures the facts that are `wanted` on the panel of a replicate and, if asked for, on its null model.
fn measure(
    model: &Model,
    panel: &Panel,
    ground: &Ground,
    facts: &[Fact],
    null: bool,
    wanted: &dyn Fn(&Fact) -> bool,
) -> Seed {
    let null = null.then(|| balls_and_bins(panel, ground, model.seed));
    let sample = |population| Sample { panel, ground, peers: &model.peers, population };
    let mut known = Vec::new();
    facts
        .iter()
        .map(|fact| {
            let nothing = || vec![f64::NAN; fact.parts.len()];
            if !wanted(fact) {
                return (nothing(), nothing());
            }
            let simulated = once(&mut known, fact, false, &sample(fact.population));
            let thrown = match null.as_ref().filter(|_| fact.statistic.of_exports) {
                Some(null) => once(&mut known, fact, true, &Sample { panel: null, ..sample(fact.population) }),
                None => nothing(),
            };
            (simulated, thrown)
        })
        .collect()
}

/// A statistic with all that its outcome depends on, and the outcome.
struct Known<'a> {
    statistic: &'static str,
    population: Population,
    options: &'a Options,
    null: bool,
    outcome: Measured,
}

/// The values of a fact's parts; a statistic that several facts share is computed once.
fn once<'a>(known: &mut Vec<Known<'a>>, fact: &'a Fact, null: bool, sample: &Sample) -> Vec<f64> {
    let Statistic { name, .. } = *fact.statistic;
    let same = |known: &Known| {
        (known.statistic, known.population, known.options, known.null) == (name, fact.population, &fact.options, null)
    };
    let at = known.iter().position(same).unwrap_or_else(|| {
        let outcome = fact.statistic.measure(sample, &fact.options);
        known.push(Known { statistic: name, population: fact.population, options: &fact.options, null, outcome });
        known.len() - 1
    });
    let outcome = &known[at].outcome;
    let value = |part: &String| outcome.iter().find(|(name, _)| name == part).map_or(f64::NAN, |(_, value)| *value);
    fact.parts.iter().map(value).collect()
}

pub(crate) fn score<'a>(
    fact: &Fact,
    judged: bool,
    seeds: impl Iterator<Item = &'a (Vec<f64>, Vec<f64>)>,
    missing: &str,
) -> Scored {
    let (simulated, null): (Vec<Vec<f64>>, Vec<Vec<f64>>) = seeds.cloned().unzip();
    let mut simulated = judge(fact, simulated);
    let mut null = judge(fact, null);
    let measured = simulated.verdict != Verdict::Unmeasured;
    if !judged {
        simulated.verdict = Verdict::Context;
        null.verdict = Verdict::Context;
    }
    if !fact.statistic.of_exports || fact.statistic.lacking.is_some() {
        null.verdict = Verdict::Silent;
    }
    let reason = match fact.statistic.lacking {
        Some(lacking) => lacking.to_owned(),
        None if measured => String::new(),
        None if !missing.is_empty() => missing.to_owned(),
        None if simulated.seeds.is_empty() => "no seed was finished".to_owned(),
        None => "this scenario has too few observations, or not the years".to_owned(),
    };
    Scored { fact: fact.clone(), simulated, null, reason }
}

/// Judges the values of a row by the rule of scoring; a seed without a value counts as one outside.
fn judge(fact: &Fact, seeds: Vec<Vec<f64>>) -> Values {
    let parts = fact.parts.len();
    let part =
        |part: usize| -> Vec<f64> { seeds.iter().map(|seed| seed[part]).filter(|value| value.is_finite()).collect() };
    let fold = |start: f64, pick: fn(f64, f64) -> f64| -> Vec<f64> {
        let of = |values: Vec<f64>| values.into_iter().fold(start, pick);
        (0..parts).map(|at| Some(of(part(at))).filter(|value| value.is_finite()).unwrap_or(f64::NAN)).collect()
    };
    let holds = |seed: &&Vec<f64>| match (fact.band, fact.pattern) {
        (Some((low, high)), _) => seed[0] >= low && seed[0] <= high,
        (None, Some(pattern)) => pattern.margin(&fact.parts, seed) > 0.0,
        (None, None) => false,
    };
    let measured = seeds.iter().filter(|seed| seed.iter().all(|value| value.is_finite())).count();
    let share = seeds.iter().filter(holds).count() as f64 / seeds.len() as f64;
    let medians: Vec<f64> = (0..parts).map(|at| median(&part(at))).collect();
    let met = match fact.band {
        Some((low, high)) => medians[0] >= low && medians[0] <= high,
        None => share >= PATTERN_SHARE,
    };
    // A median over the lucky half of the seeds would flatter.
    let verdict = match (2 * measured > seeds.len(), met) {
        (false, _) => Verdict::Unmeasured,
        (true, true) => Verdict::Pass,
        (true, false) => Verdict::Fail,
    };
    let (low, high) = (fold(f64::INFINITY, f64::min), fold(f64::NEG_INFINITY, f64::max));
    Values { median: medians, low, high, share, verdict, seeds }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fact::{Pattern, facts, parse};
    use crate::scenario::Loaded;

    fn plan(text: &str) -> Plan {
        Plan::new(&Loaded::read("small.toml", text, &[]).expect("it is sound")).expect("it is sound")
    }

    fn row(id: &str, label: &str) -> Fact {
        facts().into_iter().find(|fact| fact.id == id && fact.label.contains(label)).expect("there is such a row")
    }

    #[test]
    fn medians_and_patterns_are_judged_by_the_rule() {
        let fact = Fact { band: Some((0.2, 0.4)), ..row("C4", "entrants among exporters") };
        let seeds = |values: &[f64]| values.iter().map(|value| vec![*value]).collect::<Vec<_>>();
        let judged = judge(&fact, seeds(&[0.1, 0.25, 0.3, 0.5, 0.9]));
        assert_eq!((judged.verdict, judged.median[0], judged.share), (Verdict::Pass, 0.3, 0.4));
        assert_eq!((judged.low[0], judged.high[0]), (0.1, 0.9));
        assert_eq!(judge(&fact, seeds(&[0.1, 0.45, 0.5])).verdict, Verdict::Fail);
        assert_eq!(judge(&fact, seeds(&[0.3, f64::NAN])).verdict, Verdict::Unmeasured);
        assert_eq!(judge(&fact, Vec::new()).verdict, Verdict::Unmeasured);
        let fact = row("C1", "larger firms");
        assert_eq!(fact.pattern, Some(Pattern::Rising));
        let (up, flat) = (vec![0.1, 0.2, 0.3], vec![0.1, 0.2, 0.2]);
        let four = [&up, &up, &up, &up].map(Clone::clone).to_vec();
        assert_eq!(judge(&fact, [four.clone(), vec![flat.clone()]].concat()).verdict, Verdict::Pass);
        assert_eq!(judge(&fact, [four, vec![flat.clone(), flat]].concat()).verdict, Verdict::Fail);
    }

    #[test]
    fn a_fact_needs_all_its_rows() {
        use Verdict::{Fail, Pass, Silent, Unmeasured};
        assert_eq!(together(&[Pass, Pass]), Pass);
        assert_eq!(together(&[Pass, Unmeasured]), Unmeasured);
        assert_eq!(together(&[Unmeasured, Fail, Pass]), Fail);
        assert_eq!(together(&[Silent]), Silent);
        assert_eq!(together(&[Verdict::Context, Pass]), Pass);
        assert_eq!(together(&[Verdict::Context, Verdict::Context]), Verdict::Context);
    }

    #[test]
    fn what_was_published_for_other_homes_is_shown_and_not_judged() {
        let fact = row("C4", "entrants among exporters");
        let seeds = [(vec![0.9], vec![0.9])];
        let scored = |judged: bool| score(&fact, judged, seeds.iter(), "");
        assert_eq!((scored(true).simulated.verdict, scored(true).null.verdict), (Verdict::Fail, Verdict::Fail));
        let context = scored(false);
        assert_eq!((context.simulated.verdict, context.simulated.median[0]), (Verdict::Context, 0.9));
        let card = Scorecard { rows: vec![context], seeds: 1, interrupted: false, steps: 0 };
        assert_eq!((card.passed(), card.facts()[0].1), ((0, 0), Verdict::Context));
    }

    #[test]
    fn what_a_change_causes_is_measured_on_pairs_of_runs() {
        let paired: Vec<Fact> = facts().into_iter().filter(|fact| fact.statistic.is_paired()).collect();
        assert_eq!(paired.len(), 10);
        let text = "run.years = 12\nrun.burn_in = 8\nrun.start = 2006\nrun.replicates = 2\npopulation.firms = 3000\n\
                    world.largest = 30";
        let card = scorecard(&plan(text), &paired, &AtomicBool::new(false), &|_, _| {}).expect("it runs");
        for row in &card.rows {
            assert!(row.simulated.median[0].is_finite(), "{}", row.fact.label);
            assert_eq!(row.null.verdict, Verdict::Silent, "random shipments know no measures");
        }
        let short = text.replace("run.years = 12", "run.years = 5");
        let card = scorecard(&plan(&short), &paired, &AtomicBool::new(false), &|_, _| {}).expect("it runs");
        for row in &card.rows {
            let measured = row.simulated.verdict != Verdict::Unmeasured;
            assert_eq!(measured, row.fact.id == "C20", "{}", row.fact.label);
            assert!(measured || row.reason.contains("too few years"), "{}", row.reason);
        }
    }

    #[test]
    fn a_population_is_scored_the_same_on_any_number_of_threads() {
        let text = "run.years = 6\nrun.burn_in = 10\nrun.start = 2012\nrun.replicates = 2\npopulation.firms = 1500\n\
                    world.largest = 30";
        let table = facts();
        let own: Vec<Fact> = table.into_iter().filter(|fact| fact.homes == Homes::Own).collect();
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
            let card = pool.install(|| scorecard(&plan(text), &own, &AtomicBool::new(false), &|_, _| {}));
            let card = card.expect("it runs");
            card.rows.iter().map(|row| format!("{:?} {:?}", row.simulated, row.null)).collect::<Vec<_>>()
        };
        let (one, two) = (run(1), run(2));
        for ((one, two), fact) in one.iter().zip(&two).zip(&own) {
            assert_eq!(one, two, "{} {}", fact.id, fact.label);
        }
        let measured = one.iter().filter(|row| !row.contains("NaN")).count();
        assert!(measured > own.len() / 2, "only {measured} of {} rows could be measured", own.len());
    }

    #[test]
    fn a_row_about_many_homes_is_measured_on_many() {
        let text = "run.years = 3\nrun.burn_in = 8\nrun.replicates = 1\npopulation.firms = 500\nworld.largest = 20";
        let header = include_str!("../../data/facts.csv").lines().next().expect("there is a header");
        let rows = "X1,one home,CUS,scenario,,gravity,,distance,,-9,9,,R,s,\nX2,many,CUS,pooled,,gravity,,distance,,-9,9,,R,s,";
        let facts = parse("t.csv", &format!("{header}\n{rows}\n")).expect("it is sound");
        let plan = plan(text);
        let years = std::sync::atomic::AtomicU32::new(0);
        let count = |_: u32, _: i32| {
            years.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        };
        let card = scorecard(&plan, &facts, &AtomicBool::new(false), &count).expect("it runs");
        assert_eq!(card.rows[0].simulated.verdict, Verdict::Unmeasured);
        assert!(card.rows[1].simulated.median[0].is_finite());
        assert_eq!(u64::from(years.into_inner()), super::years(&plan, &facts));
        assert_eq!(card.passed(), (1, 2));
    }
}
