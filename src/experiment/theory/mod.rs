//! The table of theories: for every row the experiment that shows its prediction, or fails to.
//!
//! A row is data and small functions: the arms of its experiment (settings laid over [`BASE`]), the checks that compare
//! them, and the settings that take its mechanism out. All arms of a row share the draws of a seed, so that a check
//! compares the same firms in worlds that differ in the arm alone. An arm that several rows ask for is run once a seed.
//!
//! ```text
//! estimate = mean over seeds of the check        interval = mean ± t_(0.975, n−1) · s/√n
//! a direction holds if the interval excludes zero on the side that the theory names; an invariant if no seed breaks it
//! ```
//!
//! To add a row, write it into the file of its family and nowhere else; [`rows`] gathers them. A row that does not come
//! out stays as it is and says why (`note`): nothing here is tuned until it agrees.

mod measures;
mod networks;
mod presence;
pub mod seen;
mod sns;
mod statistics;
pub mod tournament;
mod trade;
mod uppsala;
mod ventures;

use crate::error::Error;
use crate::experiment::Plan;
use crate::scenario::{Flag, Loaded};
use crate::statistics::interval;
use rayon::prelude::*;
use seen::Seen;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Settings of one arm, laid over [`BASE`]. `{ties}` and `{asymmetric}` stand for matrices made for the experiment
/// (see [`matrices`]).
pub type Arm = &'static [&'static str];

/// What every experiment starts from: Belgian firms in the years of social networking sites, few but eager, so that a
/// thousand of them see much. Only signs are asked of them; the calibrated population is the business of `validate`.
pub const BASE: &[&str] = &[
    "world.largest=40",
    "run.start=2005",
    "run.years=20",
    "run.burn_in=12",
    "mechanism.search.rate=6",
    "mechanism.barrier.psychological=0.5",
    "mechanism.barrier.organisational=0.5",
    "mechanism.barrier.operational=0.5",
    "mechanism.barrier.product=0.5",
];

/// What a check asks of its estimate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    Positive,
    Negative,
    /// Not zero, on whichever side.
    Differs,
    /// Exactly zero in every seed: violations of an invariant.
    Never,
    /// The whole interval lies within this distance of zero.
    Within(f64),
    /// The literature disputes the sign: what the model gives is reported.
    Open,
}

impl Expect {
    /// The words shown.
    pub fn words(self) -> String {
        match self {
            Self::Positive => "> 0".to_owned(),
            Self::Negative => "< 0".to_owned(),
            Self::Differs => "≠ 0".to_owned(),
            Self::Never => "0 in every seed".to_owned(),
            Self::Within(margin) => format!("within ±{margin}"),
            Self::Open => "open".to_owned(),
        }
    }
}

/// One comparison of a row: from what the arms of one seed show to a number. NaN where a seed says nothing.
#[derive(Clone, Copy)]
pub struct Check {
    pub label: &'static str,
    pub expect: Expect,
    pub of: fn(&[Arc<Seen>]) -> f64,
}

impl Check {
    const fn new(label: &'static str, expect: Expect, of: fn(&[Arc<Seen>]) -> f64) -> Self {
        Self { label, expect, of }
    }
}

/// One row of the table.
#[derive(Clone, Copy)]
pub struct Row {
    pub number: u8,
    /// What the row is called, after its idea.
    pub name: &'static str,
    pub claim: &'static str,
    pub source: &'static str,
    /// The experiment in a sentence.
    pub experiment: &'static str,
    pub arms: &'static [Arm],
    pub checks: &'static [Check],
    /// Settings that take the mechanism out, laid over every arm: the row must then not come out. Empty where the row
    /// is an invariant or its mechanism has no switch.
    pub ablation: Arm,
    /// Assumptions that the result rests on, or why the row does not come out; "" for nothing to say.
    pub note: &'static str,
}

/// Every row, by number. Rows 61 to 65 are about interventions, row 68 about tools: other pages show them.
pub fn rows() -> Vec<&'static Row> {
    let families =
        [uppsala::ROWS, networks::ROWS, ventures::ROWS, trade::ROWS, sns::ROWS, presence::ROWS, measures::ROWS];
    let mut rows: Vec<&Row> = families.into_iter().flatten().collect();
    rows.sort_by_key(|row| row.number);
    rows
}

/// How large and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    pub firms: u32,
    pub seeds: u32,
    /// The first seed is this one; each has all its draws to itself.
    pub seed: u64,
}

impl Default for Scale {
    fn default() -> Self {
        Self { firms: 1000, seeds: 30, seed: 1 }
    }
}

/// Whether a row came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Shown,
    NotShown,
    /// The literature disputes the sign, and the estimates are what the model gives.
    Reported,
}

impl Verdict {
    /// The word shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::NotShown => "NOT SHOWN",
            Self::Reported => "reported",
        }
    }
}

/// A check's values over seeds and what they amount to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    pub label: &'static str,
    pub expect: Expect,
    pub seeds: Vec<f64>,
    pub mean: f64,
    /// Half the width of the 95 % interval; 0 where all seeds agree.
    pub margin: f64,
    pub holds: bool,
}

impl Estimate {
    fn new(check: &Check, seeds: Vec<f64>) -> Self {
        let known: Vec<f64> = seeds.iter().copied().filter(|value| value.is_finite()).collect();
        let (mean, margin, _) = interval(&known);
        let enough =
            10 * seeds.iter().filter(|value| value.is_finite()).count() >= 9 * seeds.len() && !seeds.is_empty();
        let (low, high) = (mean - margin, mean + margin);
        let holds = enough
            && match check.expect {
                Expect::Positive => low > 0.0,
                Expect::Negative => high < 0.0,
                Expect::Differs => low > 0.0 || high < 0.0,
                Expect::Never => seeds.iter().all(|value| *value == 0.0),
                Expect::Within(most) => low > -most && high < most,
                Expect::Open => mean.is_finite(),
            };
        Self { label: check.label, expect: check.expect, seeds, mean, margin, holds }
    }
}

/// A row with what its experiment gave.
#[derive(Clone)]
pub struct Shown {
    pub row: &'static Row,
    pub estimates: Vec<Estimate>,
    pub verdict: Verdict,
}

impl Shown {
    fn new(row: &'static Row, estimates: Vec<Estimate>) -> Self {
        let open = estimates.iter().all(|estimate| estimate.expect == Expect::Open);
        let verdict = match (estimates.iter().all(|estimate| estimate.holds), open) {
            (true, true) => Verdict::Reported,
            (true, false) => Verdict::Shown,
            (false, _) => Verdict::NotShown,
        };
        Self { row, estimates, verdict }
    }
}

/// Rows and what became of them.
#[derive(Clone)]
pub struct Results {
    pub rows: Vec<Shown>,
    pub scale: Scale,
    /// Different arms run, each once a seed.
    pub arms: usize,
    /// Seeds finished; fewer than asked for when interrupted.
    pub seeds: u32,
}

impl Results {
    /// Rows that came out (shown, or reported where the sign is open), and all rows.
    pub fn passed(&self) -> (usize, usize) {
        let passed = self.rows.iter().filter(|shown| shown.verdict != Verdict::NotShown).count();
        (passed, self.rows.len())
    }
}

/// Whether the mechanisms of the rows act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    In,
    /// Every row's ablation is laid over its arms.
    Out,
}

/// Runs the experiments of `rows` and judges them; `done` is told the replicate of every run that is finished. Matrices
/// made for them are written to `folder`.
///
/// # Errors
/// When an arm is no sound scenario, or a run breaks down.
pub fn show(
    rows: &[&'static Row],
    scale: Scale,
    mechanism: Mechanism,
    folder: &Path,
    interrupt: &AtomicBool,
    done: &(dyn Fn(u32) + Sync),
) -> Result<Results, Error> {
    matrices(folder)?;
    let mut arms = Arms::default();
    let asked: Vec<Vec<usize>> =
        rows.iter().map(|row| row.arms.iter().map(|arm| arms.number(row, arm, scale, mechanism)).collect()).collect();
    let plans: Vec<Plan> = arms.settings.iter().map(|settings| plan(settings, folder)).collect::<Result<_, _>>()?;
    let one = |replicate: u32| -> Result<Option<Vec<Vec<f64>>>, Error> {
        let mut left = vec![0_usize; plans.len()];
        asked.iter().flatten().for_each(|arm| left[*arm] += 1);
        let mut known: BTreeMap<usize, Arc<Seen>> = BTreeMap::new();
        let mut values = Vec::with_capacity(rows.len());
        for (row, asked) in rows.iter().zip(&asked) {
            let mut seen = Vec::with_capacity(asked.len());
            for arm in asked {
                if interrupt.load(Ordering::Relaxed) {
                    return Ok(None);
                }
                let run = match known.get(arm) {
                    Some(run) => run.clone(),
                    None => {
                        let run = Arc::new(Seen::run(&plans[*arm], replicate)?);
                        done(replicate);
                        run
                    }
                };
                left[*arm] -= 1;
                if left[*arm] == 0 {
                    known.remove(arm);
                } else {
                    known.insert(*arm, run.clone());
                }
                seen.push(run);
            }
            values.push(row.checks.iter().map(|check| (check.of)(&seen)).collect());
        }
        Ok(Some(values))
    };
    let by_seed: Vec<Vec<Vec<f64>>> =
        (0..scale.seeds).into_par_iter().map(one).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let shown = rows.iter().enumerate().map(|(i, row)| {
        let check =
            |(k, check): (usize, &Check)| Estimate::new(check, by_seed.iter().map(|values| values[i][k]).collect());
        Shown::new(row, row.checks.iter().enumerate().map(check).collect())
    });
    Ok(Results { rows: shown.collect(), scale, arms: plans.len(), seeds: by_seed.len() as u32 })
}

/// Runs that the experiments of `rows` take, for whoever shows how far they are.
pub fn runs(rows: &[&'static Row], scale: Scale, mechanism: Mechanism) -> u64 {
    let mut arms = Arms::default();
    for row in rows {
        for arm in row.arms {
            arms.number(row, arm, scale, mechanism);
        }
    }
    arms.settings.len() as u64 * u64::from(scale.seeds)
}

/// The different arms of all rows.
#[derive(Default)]
struct Arms {
    settings: Vec<Vec<String>>,
}

impl Arms {
    fn number(&mut self, row: &Row, arm: &[&str], scale: Scale, mechanism: Mechanism) -> usize {
        let mut settings: Vec<String> = BASE.iter().map(|setting| (*setting).to_owned()).collect();
        settings.push(format!("population.firms={}", scale.firms));
        settings.push(format!("run.seed={}", scale.seed));
        // One run each, but not on all threads: seeds are what runs side by side.
        settings.extend(arm.iter().map(|setting| (*setting).to_owned()));
        if mechanism == Mechanism::Out {
            settings.extend(row.ablation.iter().map(|setting| (*setting).to_owned()));
        }
        let known = self.settings.iter().position(|known| *known == settings);
        known.unwrap_or_else(|| {
            self.settings.push(settings);
            self.settings.len() - 1
        })
    }
}

/// A scenario from settings, later ones winning; `folder` holds the matrices made for the experiments.
fn plan(settings: &[String], folder: &Path) -> Result<Plan, Error> {
    let file = |name: &str| folder.join(name).display().to_string();
    let flags: Vec<Flag> = settings
        .iter()
        .map(|setting| {
            Flag::set(&setting.replace("{ties}", &file("ties.csv")).replace("{asymmetric}", &file("asymmetric.csv")))
        })
        .collect();
    Plan::new(&Loaded::defaults(&flags)?)
}

/// Writes the matrices that arms can name: an index of ties between countries, half chance and half falling with felt
/// distance (`ties.csv`, drawn once), and felt distances that differ by direction (`asymmetric.csv`).
fn matrices(folder: &Path) -> Result<(), Error> {
    use crate::draw::{Address, Purpose, Seed};
    use crate::number::{f64s, normal};
    let failed = |error: std::io::Error| Error::Failed(format!("could not write a matrix: {error}"));
    let plan = plan(&BASE.iter().map(|setting| (*setting).to_owned()).collect::<Vec<_>>(), folder)?;
    let (world, seed) = (&plan.world, Seed::new(42, 0));
    let (mut ties, mut felt) = ("a,b,value\n".to_owned(), "from,to,value\n".to_owned());
    for (a, from) in world.countries.iter().enumerate() {
        for (b, to) in world.countries.iter().enumerate().filter(|(b, _)| *b != a) {
            if a < b {
                let u = seed.block(Address::row((a * 256 + b) as u32, Purpose::Sample)).uniform(0);
                let index = f64s::exp(f64::from(normal(u)) - 2.0 * f64::from(world.felt(a as u8, b as u8)));
                ties += &format!("{},{},{index:.6}\n", from.iso3, to.iso3);
            }
            let further = if a < b { 1.5 } else { 1.0 };
            felt += &format!("{},{},{:.6}\n", from.iso3, to.iso3, further * f64::from(world.felt(a as u8, b as u8)));
        }
    }
    std::fs::write(folder.join("ties.csv"), ties).map_err(failed)?;
    std::fs::write(folder.join("asymmetric.csv"), felt).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direction_needs_the_whole_interval() {
        let judge = |expect, values: &[f64]| Estimate::new(&Check::new("x", expect, |_| 0.0), values.to_vec()).holds;
        assert!(judge(Expect::Positive, &[1.0, 1.1, 0.9]) && !judge(Expect::Positive, &[1.0, -1.0, 0.9]));
        assert!(judge(Expect::Never, &[0.0; 3]) && !judge(Expect::Never, &[0.0, 0.0, 1.0]));
        assert!(judge(Expect::Within(0.5), &[0.1, 0.0, 0.1]) && !judge(Expect::Within(0.5), &[0.1, 0.9, 0.1]));
        assert!(!judge(Expect::Positive, &[1.0, f64::NAN, f64::NAN]), "seeds without an answer do not count");
        assert!(!judge(Expect::Open, &[]));
    }

    #[test]
    fn the_table_is_whole() {
        let numbers: Vec<u8> = rows().iter().map(|row| row.number).collect();
        let expected: Vec<u8> = (1..=67).filter(|number| !(61..=65).contains(number)).collect();
        assert_eq!(numbers, expected);
        for row in rows() {
            assert!(!row.arms.is_empty() && !row.checks.is_empty() && !row.source.is_empty(), "row {}", row.number);
        }
    }
}
