//! The tables of a comparison: effects, groups, arms, profiles, markets, and twins on request.

use super::hash;
use crate::economy::support::Treatment;
use crate::error::Error;
use crate::experiment::compare::course::{BEFORE, Course};
use crate::experiment::compare::{self, ArmResult, Compared, Enrolled, Study};
use crate::report::manifest::Output;
use crate::report::record::identity;
use crate::report::table::{Declared, Table, declared, label};
use crate::statistics::{Estimate, Ratio};
use std::collections::BTreeSet;
use std::path::Path;

crate::table! {
    /// One row per effect: arm, set of firms, outcome and year.
    pub struct EffectRow in "effects" {
        /// The arm.
        arm: &'static str, "";
        /// Whom the effect is on: all, treated (participants of the eve), eligible-untreated.
        whom: &'static str, "";
        /// The outcome.
        outcome: &'static str, "";
        /// Unit of the outcome.
        unit: &'static str, "";
        /// Year of the comparison, 0 the one in which the arms part.
        year: u16, "years";
        /// Calendar year.
        calendar_year: i32, "year";
        /// Mean level in the baseline.
        baseline: Option<f64>, "unit of the outcome";
        /// Mean difference between arm and baseline over pairs.
        effect: Option<f64>, "unit of the outcome";
        /// Lower end of the 95 % t interval.
        low: Option<f64>, "unit of the outcome";
        /// Upper end of its 95 % interval.
        high: Option<f64>, "unit of the outcome";
        /// Lower end of the 95 % bootstrap interval.
        boot_low: Option<f64>, "unit of the outcome";
        /// Upper end of the bootstrap interval.
        boot_high: Option<f64>, "unit of the outcome";
        /// Share of pairs whose difference has the sign of the mean.
        same_sign: Option<f64>, "1";
        /// Two-sided p value of the t test.
        p: Option<f64>, "1";
        /// The same, corrected over arms and reported outcomes (Holm); last year and all firms only.
        p_holm: Option<f64>, "1";
        /// How many times fewer runs pairing needed.
        variance_reduction: Option<f64>, "1";
        /// Pairs with a value.
        pairs: u32, "";
    }
}

crate::table! {
    /// One row per arm and group of firms: who gains.
    pub struct GroupRow in "groups" {
        /// The arm.
        arm: &'static str, "";
        /// What the group is told by.
        dimension: &'static str, "";
        /// Which group.
        level: &'static str, "";
        /// Firms of the eve in the group, per run.
        firms: Option<f64>, "firms";
        /// Participants of the eve.
        treated: Option<f64>, "firms";
        /// Additional exporters in the last year.
        exporters: Option<f64>, "firms";
        /// Lower end of its 95 % interval.
        exporters_low: Option<f64>, "firms";
        /// Upper end of its 95 % interval.
        exporters_high: Option<f64>, "firms";
        /// Additional exporters per 100 firms of the group.
        per_hundred: Option<f64>, "firms";
        /// Additional exporters per 100 participants of the group.
        per_hundred_treated: Option<f64>, "firms";
        /// Lower end of its 95 % interval.
        per_hundred_treated_low: Option<f64>, "firms";
        /// Upper end of its 95 % interval.
        per_hundred_treated_high: Option<f64>, "firms";
        /// Additional exports in the last year.
        exports: Option<f64>, "US$";
    }
}

crate::table! {
    /// One row per arm: money and additionality.
    pub struct ArmRow in "arms" {
        /// The arm.
        arm: &'static str, "";
        /// Name for people.
        label: &'static str, "";
        /// Participants of the eve, per run.
        treated: Option<f64>, "firms";
        /// Participants born since the arms parted, per run.
        newcomers: Option<f64>, "firms";
        /// Eligible firms of the eve without a place, per run.
        untreated: Option<f64>, "firms";
        /// Firms eligible in the rounds of all measures, summed over rounds, per run.
        eligible: Option<f64>, "firms";
        /// Places accepted in all rounds, per run.
        accepted: Option<f64>, "firms";
        /// Whether the arm is nothing but measures that reached nobody: then its effects are missing, not 0.
        reached_nobody: bool, "";
        /// What all rounds may cost, where every measure has a budget.
        budget: Option<f64>, "US$";
        /// Spent in rounds, not discounted.
        spent: Option<f64>, "US$";
        /// Entry costs shared on top of the budget, not discounted.
        shared: Option<f64>, "US$";
        /// Share of places offered that were accepted.
        take_up: Option<f64>, "1";
        /// Discounted cost.
        cost: Option<f64>, "US$";
        /// Additional exporters in the last year.
        exporters: Option<f64>, "firms";
        /// Lower end of its 95 % interval.
        exporters_low: Option<f64>, "firms";
        /// Upper end of its 95 % interval.
        exporters_high: Option<f64>, "firms";
        /// Cost of an additional exporter; missing where the effect is not clearly different from 0.
        cost_per_exporter: Option<f64>, "US$";
        /// Lower end of its 95 % interval.
        cost_per_exporter_low: Option<f64>, "US$";
        /// Upper end of its 95 % interval.
        cost_per_exporter_high: Option<f64>, "US$";
        /// Additional exports, discounted, per US$ of cost; missing where not clear.
        exports_per_dollar: Option<f64>, "1";
        /// Income from additional exports over cost.
        benefit_cost: Option<f64>, "1";
        /// Lower end of its 95 % interval.
        benefit_cost_low: Option<f64>, "1";
        /// Upper end of its 95 % interval.
        benefit_cost_high: Option<f64>, "1";
        /// Share of the exporting participants that would have exported anyway.
        deadweight: Option<f64>, "1";
        /// Net exporters gained among firms without a place; negative is displacement.
        spillover: Option<f64>, "firms";
        /// Share of early additional exporters that are still additional in the last year.
        persistence: Option<f64>, "1";
        /// Probability of bringing the most additional exporters.
        best: Option<f64>, "1";
        /// What a matching study would have found for the probability of exporting.
        matched: Option<f64>, "1";
        /// The true effect on the probability of exporting.
        matched_true: Option<f64>, "1";
        /// Change of exports through the number of exporters, in the last year.
        extensive: Option<f64>, "US$";
        /// Change of exports through exports per exporter, in the last year.
        intensive: Option<f64>, "US$";
    }
}

crate::table! {
    /// One row per arm and years since enrolment: participants against their twins.
    pub struct ProfileRow in "profile" {
        /// The arm.
        arm: &'static str, "";
        /// Years since the firm enrolled; negative before.
        since: i16, "years";
        /// Additional exporters per 100 participants.
        exporters: Option<f64>, "firms";
        /// Lower end of its 95 % interval.
        exporters_low: Option<f64>, "firms";
        /// Upper end of its 95 % interval.
        exporters_high: Option<f64>, "firms";
        /// Additional exports per participant.
        exports: Option<f64>, "US$";
        /// Lower end of its 95 % interval.
        exports_low: Option<f64>, "US$";
        /// Upper end of its 95 % interval.
        exports_high: Option<f64>, "US$";
    }
}

crate::table! {
    /// One row per arm and market: where additional entries are.
    pub struct MarketRow in "markets" {
        /// The arm.
        arm: &'static str, "";
        /// ISO 3166 code of the market.
        market: &'static str, "";
        /// Additional firms that serve it in the last year.
        firms: Option<f64>, "firms";
        /// Lower end of its 95 % interval.
        low: Option<f64>, "firms";
        /// Upper end of its 95 % interval.
        high: Option<f64>, "firms";
    }
}

crate::table! {
    /// One row per participant of the first seed and year, from three years before the arms part, beside its twin: the same firm in the baseline. On request.
    pub struct TwinRow in "twins" {
        /// The arm.
        arm: &'static str, "";
        /// Replicate, the first: 0.
        replicate: u32, "";
        /// Identity of the firm within its replicate, as `fondaco explain` takes it.
        firm: i64, "";
        /// Place of the firm in the population.
        slot: u32, "";
        /// Which firm at that slot: it counts those that failed there before.
        generation: u16, "";
        /// Calendar year in which it first enrolled.
        enrolled: i32, "year";
        /// Founded since the arms parted: such a firm has no twin.
        newcomer: bool, "";
        /// Year of the comparison, 0 the one in which the arms part.
        year: i16, "years";
        /// Calendar year.
        calendar_year: i32, "year";
        /// Whether it lives at the year's end.
        alive: bool, "";
        /// Whether the twin does.
        alive_twin: Option<bool>, "";
        /// Exports of the year.
        exports: f32, "US$";
        /// Exports of the twin.
        exports_twin: Option<f32>, "US$";
        /// Markets served.
        markets: u8, "markets";
        /// Markets served by the twin.
        markets_twin: Option<u8>, "markets";
        /// Highest stage abroad at the year's end: 0 export, then agent, sales subsidiary, production.
        stage: u8, "";
        /// Highest stage of the twin.
        stage_twin: Option<u8>, "";
    }
}

/// Every table of a comparison.
pub fn declarations() -> Vec<Declared> {
    vec![
        declared::<EffectRow>(),
        declared::<GroupRow>(),
        declared::<ArmRow>(),
        declared::<ProfileRow>(),
        declared::<MarketRow>(),
        declared::<TwinRow>(),
    ]
}

fn metadata(study: &Study) -> Vec<(String, String)> {
    let run = &study.baseline.scenario.run;
    [
        ("program", format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))),
        ("comparison", study.name.clone()),
        ("hash", hash(study)),
        ("seed", run.seed.to_string()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .to_vec()
}

pub(super) fn tables(folder: &Path, study: &Study, compared: &Compared) -> Result<Vec<Output>, Error> {
    let metadata = metadata(study);
    let mut effects = Table::create(folder.join("effects.parquet"), &metadata, true)?;
    let mut groups = Table::create(folder.join("groups.parquet"), &metadata, true)?;
    let mut arms = Table::create(folder.join("arms.parquet"), &metadata, true)?;
    let mut profile = Table::create(folder.join("profile.parquet"), &metadata, true)?;
    let mut markets = Table::create(folder.join("markets.parquet"), &metadata, true)?;
    for arm in &compared.arms {
        effects.extend(effect_rows(study, arm))?;
        groups.extend(group_rows(arm))?;
        arms.extend([arm_row(arm)])?;
        profile.extend(profile_rows(arm))?;
        markets.extend(market_rows(study, arm))?;
    }
    let written = [effects.finish()?, groups.finish()?, arms.finish()?, profile.finish()?, markets.finish()?].concat();
    Ok(written.iter().map(|written| Output::table(folder, written)).collect())
}

fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

fn effect_rows(study: &Study, arm: &ArmResult) -> impl Iterator<Item = EffectRow> {
    let (name, first) = (label(&arm.name), study.first_year());
    arm.effects.iter().map(move |effect| {
        let Estimate { mean, low, high, boot_low, boot_high, same_sign, p, n } = effect.estimate;
        EffectRow {
            arm: name,
            whom: effect.whom.name(),
            outcome: effect.outcome.name(),
            unit: effect.outcome.unit(),
            year: effect.year,
            calendar_year: first + i32::from(effect.year),
            baseline: finite(effect.baseline),
            effect: finite(mean),
            low: finite(low),
            high: finite(high),
            boot_low: finite(boot_low),
            boot_high: finite(boot_high),
            same_sign: finite(same_sign),
            p: finite(p),
            p_holm: finite(effect.corrected),
            variance_reduction: finite(effect.reduction),
            pairs: n,
        }
    })
}

fn group_rows(arm: &ArmResult) -> impl Iterator<Item = GroupRow> {
    let name = label(&arm.name);
    arm.groups.iter().map(move |group| GroupRow {
        arm: name,
        dimension: group.dimension,
        level: label(&group.level),
        firms: finite(group.firms),
        treated: finite(group.treated),
        exporters: finite(group.exporters.mean),
        exporters_low: finite(group.exporters.low),
        exporters_high: finite(group.exporters.high),
        per_hundred: finite(group.per_hundred.mean),
        per_hundred_treated: finite(group.per_hundred_treated.mean),
        per_hundred_treated_low: finite(group.per_hundred_treated.low),
        per_hundred_treated_high: finite(group.per_hundred_treated.high),
        exports: finite(group.exports.mean),
    })
}

fn told(ratio: &Ratio, value: f64) -> Option<f64> {
    finite(value).filter(|_| ratio.told)
}

fn arm_row(arm: &ArmResult) -> ArmRow {
    let (money, extra) = (&arm.money, &arm.additionality);
    let sum = |part: fn(&Enrolled) -> f64| arm.enrolled.iter().map(part).sum::<f64>();
    ArmRow {
        arm: label(&arm.name),
        label: label(&arm.label),
        treated: finite(extra.treated.mean),
        newcomers: finite(extra.newcomers),
        untreated: finite(extra.untreated),
        eligible: finite(sum(|one| one.eligible)),
        accepted: finite(sum(|one| one.accepted)),
        reached_nobody: arm.reached_nobody,
        budget: arm.enrolled.iter().map(|one| one.budget).sum(),
        spent: finite(sum(|one| one.spent)),
        shared: finite(sum(|one| one.shared)),
        take_up: finite(extra.take_up),
        cost: finite(money.cost.mean),
        exporters: finite(money.exporters.mean),
        exporters_low: finite(money.exporters.low),
        exporters_high: finite(money.exporters.high),
        cost_per_exporter: told(&money.per_exporter, money.per_exporter.value),
        cost_per_exporter_low: told(&money.per_exporter, money.per_exporter.low),
        cost_per_exporter_high: told(&money.per_exporter, money.per_exporter.high),
        exports_per_dollar: told(&money.exports_per_dollar, money.exports_per_dollar.value),
        benefit_cost: told(&money.benefit_cost, money.benefit_cost.value),
        benefit_cost_low: told(&money.benefit_cost, money.benefit_cost.low),
        benefit_cost_high: told(&money.benefit_cost, money.benefit_cost.high),
        deadweight: finite(extra.deadweight.mean),
        spillover: finite(extra.others.mean),
        persistence: finite(extra.persistence.mean),
        best: money.ranks.first().copied().and_then(finite),
        matched: finite(arm.matched.exporting.mean),
        matched_true: finite(arm.matched.exporting_true.mean),
        extensive: finite(arm.extensive.mean),
        intensive: finite(arm.intensive.mean),
    }
}

fn profile_rows(arm: &ArmResult) -> impl Iterator<Item = ProfileRow> {
    let name = label(&arm.name);
    arm.profile.iter().enumerate().map(move |(k, [exporters, exports])| ProfileRow {
        arm: name,
        since: k as i16 - compare::PROFILE_BEFORE as i16,
        exporters: finite(100.0 * exporters.mean),
        exporters_low: finite(100.0 * exporters.low),
        exporters_high: finite(100.0 * exporters.high),
        exports: finite(exports.mean),
        exports_low: finite(exports.low),
        exports_high: finite(exports.high),
    })
}

fn market_rows(study: &Study, arm: &ArmResult) -> impl Iterator<Item = MarketRow> {
    let (name, world) = (label(&arm.name), &study.baseline.world);
    arm.markets.iter().zip(&world.countries).map(move |(estimate, country)| MarketRow {
        arm: name,
        market: label(&country.iso3),
        firms: finite(estimate.mean),
        low: finite(estimate.low),
        high: finite(estimate.high),
    })
}

/// Writes the participants of a seed in every arm beside their twins.
///
/// # Errors
/// The table could not be written.
pub(super) fn twins(folder: &Path, study: &Study, baseline: &Course, arms: &[Course]) -> Result<Vec<Output>, Error> {
    let mut table = Table::create(folder.join("twins.parquet"), &metadata(study), true)?;
    for (branch, arm) in study.arms.iter().zip(arms) {
        let mut seen = BTreeSet::new();
        for one in arm.register.treatments.iter().filter(|one| seen.insert((one.slot, one.generation))) {
            table.extend(twin_rows(study, label(&branch.name), baseline, arm, one))?;
        }
    }
    Ok(table.finish()?.iter().map(|written| Output::table(folder, written)).collect())
}

/// The years of a participant and of its twin.
fn twin_rows(
    study: &Study,
    arm_name: &'static str,
    baseline: &Course,
    arm: &Course,
    one: &Treatment,
) -> impl Iterator<Item = TwinRow> {
    let (slot, generation) = (one.slot as usize, one.generation);
    let newcomer = baseline.eve()[slot].generation != generation;
    let first = study.first_year() - i32::from(BEFORE);
    // A firm that does not live has nothing.
    let state = move |course: &Course, year: usize| {
        let state = course.years[year][slot];
        if state.generation == generation {
            (true, state.exports, state.markets, state.stage)
        } else {
            (false, 0.0, 0, 0)
        }
    };
    (0..arm.years.len()).map(move |year| {
        let (own, twin) = (state(arm, year), (!newcomer).then(|| state(baseline, year)));
        TwinRow {
            arm: arm_name,
            replicate: 0,
            firm: identity(one.slot, generation),
            slot: one.slot,
            generation,
            enrolled: study.first_year() + i32::from(one.step.saturating_sub(study.zero) / 4),
            newcomer,
            year: year as i16 - BEFORE as i16,
            calendar_year: first + year as i32,
            alive: own.0,
            alive_twin: twin.map(|twin| twin.0),
            exports: own.1,
            exports_twin: twin.map(|twin| twin.1),
            markets: own.2,
            markets_twin: twin.map(|twin| twin.2),
            stage: own.3,
            stage_twin: twin.map(|twin| twin.3),
        }
    })
}
