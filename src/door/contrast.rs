//! What one world differs from another by, seed by seed and firm by firm.
//!
//! Two results of one seed share every random number that their difference does not touch, so that a difference within a
//! pair is what the difference causes, in that one history. Statistics are those of [`statistics`](crate::statistics).

use super::results::Results;
use crate::draw::Seed;
use crate::error::{Error, Fault};
use crate::report::rows::Trajectory;
use crate::report::table::{batch, label};
use crate::statistics::{Bootstrap, Estimate, estimate, holm, mean, reduction};
use arrow_array::RecordBatch;
use std::collections::BTreeMap;

/// The effect on one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Name of the outcome, such as `exporter_share`.
    pub outcome: String,
    /// Its unit; `1` for pure numbers and shares.
    pub unit: String,
    /// What it is.
    pub meaning: String,
    /// Mean in the results contrasted, in the unit.
    pub mean: f64,
    /// Mean in the baseline, in the unit.
    pub baseline: f64,
    /// Mean of the differences, results less baseline, with its 95 % intervals, in the unit.
    pub estimate: Estimate,
    /// p value after Holm's (1979) correction for all outcomes of the contrast.
    pub corrected: f64,
    /// How many times fewer runs pairing needs: variance of independent differences over that of pairs.
    pub reduction: f64,
    /// Value in the results and in the baseline by pair, in the order of replicates; NaN where undefined.
    pub pairs: Vec<(f64, f64)>,
}

impl Effect {
    /// The difference of every pair, results less baseline, in the unit.
    pub fn differences(&self) -> impl Iterator<Item = f64> + '_ {
        self.pairs.iter().map(|(value, baseline)| value - baseline)
    }
}

/// Firms of both worlds, counted per replicate: the same slot, generation, home and founding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flows {
    /// Firms that both worlds have.
    pub firms: Estimate,
    /// Those whose whole histories, as far as `trajectories` tells them, are not the same.
    pub parted: Estimate,
    /// Those that ever exported here and not in the baseline.
    pub gained: Estimate,
    /// Those that ever exported in the baseline and not here.
    pub lost: Estimate,
    /// Those that ever exported in both.
    pub both: Estimate,
    /// Those that never exported in either.
    pub neither: Estimate,
}

crate::table! {
    /// One row per outcome: what the results differ from the baseline by, over pairs of equal seed.
    pub struct EffectRow in "effects" {
        /// Outcome.
        outcome: &'static str, "";
        /// Unit of the outcome.
        unit: &'static str, "";
        /// Mean in the results, in the unit of the outcome.
        mean: Option<f64>, "";
        /// Mean in the baseline, in the unit of the outcome.
        baseline: Option<f64>, "";
        /// Mean of the differences of pairs, in the unit of the outcome.
        effect: Option<f64>, "";
        /// Lower end of its 95 % t interval.
        low: Option<f64>, "";
        /// Upper end of its 95 % t interval.
        high: Option<f64>, "";
        /// Lower end of its 95 % bootstrap interval.
        boot_low: Option<f64>, "";
        /// Upper end of its 95 % bootstrap interval.
        boot_high: Option<f64>, "";
        /// p value of no effect, two-sided.
        p: Option<f64>, "1";
        /// The same after Holm's correction for all outcomes.
        p_corrected: Option<f64>, "1";
        /// Share of pairs with the sign of the mean.
        same_sign: Option<f64>, "1";
        /// How many times fewer runs pairing needs.
        reduction: Option<f64>, "1";
        /// Pairs in which the outcome is defined.
        pairs: u32, "pairs";
    }
}

crate::table! {
    /// One row per outcome and pair of equal seed.
    pub struct DifferenceRow in "differences" {
        /// Outcome.
        outcome: &'static str, "";
        /// Unit of the outcome.
        unit: &'static str, "";
        /// Replicate, from 0.
        replicate: u32, "";
        /// Value in the results, in the unit of the outcome.
        value: Option<f64>, "";
        /// Value in the baseline, in the unit of the outcome.
        baseline: Option<f64>, "";
        /// Value less baseline, in the unit of the outcome.
        difference: Option<f64>, "";
    }
}

crate::table! {
    /// One row per firm and pair of equal seed, of the firms that both worlds have.
    pub struct FirmRow in "firm_pairs" {
        /// Replicate, from 0.
        replicate: u32, "";
        /// Identity of the firm within its replicate.
        firm: i64, "";
        /// Home country, ISO 3166-1 alpha-3.
        home: &'static str, "";
        /// Calendar year of founding.
        founded: i32, "year";
        /// Whether the histories differ, as far as the trajectories tell them.
        parted: bool, "";
        /// Onset label in the results.
        onset: &'static str, "";
        /// Onset label in the baseline.
        onset_baseline: &'static str, "";
        /// First calendar year of exporting in the results.
        first_export_year: Option<i32>, "year";
        /// First calendar year of exporting in the baseline.
        first_export_year_baseline: Option<i32>, "year";
        /// Years of exporting, results less baseline.
        years_exporting_difference: i32, "years";
        /// Most markets served in one year, results less baseline.
        max_markets_difference: i32, "markets";
        /// Highest foreign share of sales in one year, results less baseline.
        peak_fsts_difference: f32, "1";
        /// Revenue at the end of life or of the run, in the revenue of one employee, results less baseline.
        size_difference: f32, "employees";
    }
}

/// What results differ from a baseline by.
///
/// ```
/// let tiny = "run.years = 4\nrun.burn_in = 4\nrun.replicates = 3\npopulation.firms = 300";
/// let usual = fondaco::Scenario::from_text("tiny.toml", tiny)?;
/// let contrast = usual.with("mechanism.search.rate", 20.0)?.run()?.versus(&usual.run()?)?;
/// let share = contrast.effect("exporter_share").expect("an outcome of every run");
/// assert!(share.estimate.mean > 0.0 && share.differences().count() == 3);
/// assert_eq!(contrast.table()?.num_rows(), contrast.effects().len());
/// # Ok::<(), fondaco::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Contrast {
    effects: Vec<Effect>,
    flows: Flows,
    firms: Vec<FirmRow>,
    /// The replicates that are paired, in order.
    replicates: Vec<u32>,
    metadata: Vec<(String, String)>,
}

impl Contrast {
    pub(super) fn of(results: &Results, baseline: &Results) -> Result<Self, Error> {
        let (seed, other) = (results.seed_of_run(), baseline.seed_of_run());
        if seed != other {
            return Err(Fault::setting("run.seed", format!("the results have seed {seed}, the baseline has {other}"))
                .expected("one seed for both: without it nothing is paired")
                .help("run one of them again with the seed of the other")
                .into());
        }
        let theirs = baseline.numbers();
        let pairs: Vec<u32> = results.numbers().iter().copied().filter(|number| theirs.contains(number)).collect();
        if pairs.is_empty() {
            return Err(Fault::new("no replicate is whole in both results").help("let both run to their end").into());
        }
        let bootstrap = Bootstrap::new(Seed::new(seed as u64, u32::MAX), pairs.len());
        let firms = matched(results, baseline, &pairs);
        Ok(Self {
            effects: effects(results, baseline, &pairs, &bootstrap),
            flows: flows(&firms, &pairs, &bootstrap),
            firms,
            replicates: pairs,
            metadata: metadata(results, baseline),
        })
    }

    /// The effect on every outcome that both results have, in the order of [`Results::outcomes`]. Replicates that only
    /// one of them has are left out.
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// The effect on an outcome; `None` if none is called so.
    pub fn effect(&self, outcome: &str) -> Option<&Effect> {
        self.effects.iter().find(|effect| effect.outcome == outcome)
    }

    /// Firms of both worlds, and which of them went abroad in which.
    pub fn flows(&self) -> Flows {
        self.flows
    }

    /// [`effects`](Self::effects) as a table: a row for each outcome, units and meanings in the schema.
    ///
    /// # Errors
    /// The rows are more than a batch can hold, here and below.
    pub fn table(&self) -> Result<RecordBatch, Error> {
        let row = |effect: &Effect| {
            let Estimate { mean, low, high, boot_low, boot_high, same_sign, p, n } = effect.estimate;
            EffectRow {
                outcome: label(&effect.outcome),
                unit: label(&effect.unit),
                mean: known(effect.mean),
                baseline: known(effect.baseline),
                effect: known(mean),
                low: known(low),
                high: known(high),
                boot_low: known(boot_low),
                boot_high: known(boot_high),
                p: known(p),
                p_corrected: known(effect.corrected),
                same_sign: known(same_sign),
                reduction: known(effect.reduction),
                pairs: n,
            }
        };
        batch(&self.effects.iter().map(row).collect::<Vec<_>>(), &self.metadata)
    }

    /// Every outcome of every pair as a table.
    ///
    /// # Errors
    /// As of [`table`](Self::table).
    pub fn differences(&self) -> Result<RecordBatch, Error> {
        let of = |effect: &Effect| -> Vec<DifferenceRow> {
            let (outcome, unit) = (label(&effect.outcome), label(&effect.unit));
            let row = |(replicate, (value, baseline)): (&u32, &(f64, f64))| DifferenceRow {
                outcome,
                unit,
                replicate: *replicate,
                value: known(*value),
                baseline: known(*baseline),
                difference: known(value - baseline),
            };
            self.replicates.iter().zip(&effect.pairs).map(row).collect()
        };
        batch(&self.effects.iter().flat_map(of).collect::<Vec<_>>(), &self.metadata)
    }

    /// Every firm that both worlds have as a table: its label in each, and what differs.
    ///
    /// # Errors
    /// As of [`table`](Self::table).
    pub fn firms(&self) -> Result<RecordBatch, Error> {
        batch(&self.firms, &self.metadata)
    }
}

/// A value unless it is undefined; an infinite one is defined but no number.
fn known(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn effects(results: &Results, baseline: &Results, pairs: &[u32], bootstrap: &Bootstrap) -> Vec<Effect> {
    let of_pairs = |results: &Results, name: &str| -> Option<Vec<f64>> {
        let values = results.outcome(name)?;
        let at = |number: &u32| results.numbers().iter().position(|known| known == number).map(|at| values[at]);
        pairs.iter().map(at).collect()
    };
    let effect = |measure: &crate::experiment::outcome::Measure| {
        let (ours, theirs) = (of_pairs(results, &measure.name)?, of_pairs(baseline, &measure.name)?);
        let differences: Vec<f64> = ours.iter().zip(&theirs).map(|(value, baseline)| value - baseline).collect();
        Some(Effect {
            outcome: measure.name.clone(),
            unit: measure.unit.clone(),
            meaning: measure.meaning.clone(),
            mean: mean(ours.iter().copied()).0,
            baseline: mean(theirs.iter().copied()).0,
            estimate: estimate(&differences, bootstrap),
            corrected: f64::NAN,
            reduction: reduction(&ours, &theirs),
            pairs: ours.iter().copied().zip(theirs.iter().copied()).collect(),
        })
    };
    let mut effects: Vec<Effect> = results.outcomes().iter().filter_map(effect).collect();
    let corrected = holm(&effects.iter().map(|effect| effect.estimate.p).collect::<Vec<f64>>());
    effects.iter_mut().zip(corrected).for_each(|(effect, p)| effect.corrected = p);
    effects
}

/// The firms of both worlds, in the order of the results.
fn matched(results: &Results, baseline: &Results, pairs: &[u32]) -> Vec<FirmRow> {
    let key = |row: &Trajectory| (row.replicate, row.firm, row.founded, row.home);
    let theirs: BTreeMap<_, &Trajectory> = baseline.rows().trajectories().iter().map(|row| (key(row), row)).collect();
    let ours = results.rows().trajectories().iter().filter(|row| pairs.contains(&row.replicate));
    ours.filter_map(|row| Some((row, *theirs.get(&key(row))?))).map(|(row, other)| pair(row, other)).collect()
}

fn pair(row: &Trajectory, other: &Trajectory) -> FirmRow {
    FirmRow {
        replicate: row.replicate,
        firm: row.firm,
        home: row.home,
        founded: row.founded,
        parted: row != other,
        onset: row.onset,
        onset_baseline: other.onset,
        first_export_year: row.first_export_year,
        first_export_year_baseline: other.first_export_year,
        years_exporting_difference: i32::from(row.years_exporting) - i32::from(other.years_exporting),
        max_markets_difference: i32::from(row.max_markets) - i32::from(other.max_markets),
        peak_fsts_difference: row.peak_fsts - other.peak_fsts,
        size_difference: row.size - other.size,
    }
}

fn flows(firms: &[FirmRow], pairs: &[u32], bootstrap: &Bootstrap) -> Flows {
    let count = |test: &dyn Fn(&FirmRow) -> bool| {
        let mut counts = vec![0.0; pairs.len()];
        for row in firms.iter().filter(|row| test(row)) {
            let at = pairs.iter().position(|pair| *pair == row.replicate).expect("firms of other pairs are left out");
            counts[at] += 1.0;
        }
        estimate(&counts, bootstrap)
    };
    let abroad = |here: bool, there: bool| {
        count(&|row: &FirmRow| {
            (row.first_export_year.is_some(), row.first_export_year_baseline.is_some()) == (here, there)
        })
    };
    Flows {
        firms: count(&|_| true),
        parted: count(&|row| row.parted),
        gained: abroad(true, false),
        lost: abroad(false, true),
        both: abroad(true, true),
        neither: abroad(false, false),
    }
}

fn metadata(results: &Results, baseline: &Results) -> Vec<(String, String)> {
    let theirs = baseline.metadata().iter().filter(|(key, _)| key.starts_with("scenario"));
    let theirs = theirs.map(|(key, value)| (format!("baseline_{key}"), value.clone()));
    results.metadata().iter().cloned().chain(theirs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scenario;

    fn tiny() -> Scenario {
        let text = "run.years = 6\nrun.burn_in = 6\nrun.replicates = 3\npopulation.firms = 400\nworld.largest = 30";
        Scenario::from_text("tiny.toml", text).expect("the text is sound").threads(2)
    }

    #[test]
    fn a_world_does_not_differ_from_itself() {
        let contrast = tiny().run().and_then(|here| here.versus(&tiny().threads(1).run()?)).expect("it runs");
        for effect in contrast.effects().iter().filter(|effect| effect.estimate.n > 0) {
            assert_eq!((effect.estimate.mean, effect.estimate.p), (0.0, 1.0), "{}", effect.outcome);
        }
        let Flows { parted, gained, lost, .. } = contrast.flows();
        assert_eq!((parted.mean, gained.mean, lost.mean), (0.0, 0.0, 0.0));
    }

    #[test]
    fn firms_of_both_worlds_add_up_and_agree_with_the_outcomes_of_their_pairs() {
        let (on, off) = (tiny().run(), tiny().with("mechanism.sns.on", false).and_then(|off| off.run()));
        let (on, off) = (on.expect("it runs"), off.expect("it runs"));
        let contrast = on.versus(&off).expect("one seed");
        let Flows { firms, gained, lost, both, neither, parted } = contrast.flows();
        let parts = gained.mean + lost.mean + both.mean + neither.mean;
        assert!((firms.mean - parts).abs() < 1e-9, "{} and {parts}", firms.mean);
        assert!(parted.mean > 0.0 && firms.mean >= 400.0, "{parted:?} {firms:?}");
        let effect = contrast.effect("exporters").expect("an outcome");
        let by_hand: Vec<f64> = on
            .outcome("exporters")
            .into_iter()
            .flatten()
            .zip(off.outcome("exporters").into_iter().flatten())
            .map(|(on, off)| on - off)
            .collect();
        assert_eq!(effect.differences().collect::<Vec<_>>(), by_hand);
        let rows = contrast.firms().expect("few rows").num_rows() as f64;
        assert!((rows - 3.0 * firms.mean).abs() < 1e-6, "{rows}");
        assert_eq!(contrast.differences().expect("few rows").num_rows(), 3 * contrast.effects().len());
    }

    #[test]
    fn results_of_other_seeds_are_not_paired() {
        let (here, there) = (tiny().replicates(1).run(), tiny().replicates(1).seed(2).run());
        let error = here.expect("it runs").versus(&there.expect("it runs")).unwrap_err();
        assert_eq!(error.to_string(), "the results have seed 1, the baseline has 2");
    }
}
