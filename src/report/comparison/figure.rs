//! The figures of a comparison: what each shows, with the numbers behind it.

use super::say::{Findings, cells, claim, last_year, per_exporter, percent, shown};
use crate::error::Error;
use crate::experiment::compare::group::DIMENSIONS;
use crate::experiment::compare::outcome::Outcome;
use crate::experiment::compare::{ArmResult, Compared, GroupResult, PROFILE_BEFORE, Pairs, Study, Whom};
use crate::report::figure::style::{Unit, capital, count, listed, rounded, several, signed};
use crate::report::figure::{
    self, Caption, Drawn, Inline, Look, OVER_TIME, Order, Picture, acceptability, additional, cost_plane, forest,
    gains, inline, profile, series,
};
use crate::statistics::claim::{Claim, Quantity, largest, with_range};
use crate::statistics::{Estimate, of_values};
use crate::world::Country;
use std::path::Path;

/// Pairs below which intervals are called rough: the t interval is wide, the bootstrap has few values to draw from.
pub const FEW_PAIRS: u32 = 20;

/// A figure of the report, with the numbers behind it.
pub struct Drawing {
    pub stem: String,
    pub drawn: Inline,
    /// A row of headings, then the rows.
    pub rows: Vec<Vec<String>>,
}

/// Every figure of a comparison for its report, and those that `look` wants as files in a folder.
///
/// # Errors
/// A file cannot be written.
pub fn draw_all(
    folder: &Path,
    study: &Study,
    compared: &Compared,
    look: &Look,
) -> Result<(Vec<Drawing>, Vec<Drawn>), Error> {
    type Told = (Box<dyn Picture>, Vec<Vec<String>>);
    fn told(picture: impl Picture + 'static, rows: Vec<Vec<String>>) -> Told {
        (Box::new(picture), rows)
    }
    let findings = Findings::new(study, compared);
    let mut all = vec![
        told(effects(study, compared, &findings), effect_rows(study, compared)),
        told(over_time(study, compared, &findings), over_time_rows(study, compared)),
        told(profiles(compared), profile_rows(compared)),
    ];
    if let Some(number) = findings.leader() {
        let arm = &compared.arms[number];
        all.push(told(who_gains(study, compared, arm, number), gain_rows(arm)));
        all.push(told(entries(study, arm), entry_rows(study, arm)));
    }
    all.push(told(costs(study, compared), cost_rows(study, compared)));
    all.push(told(best_buy(study, compared), best_buy_rows(compared)));
    let caption = caption(study, compared);
    let (jobs, rows): (Vec<Order>, Vec<_>) =
        all.into_iter().map(|(picture, rows)| ((picture, caption.clone()), rows)).unzip();
    let drawing = |((picture, caption), rows): (&Order, Vec<Vec<String>>)| Drawing {
        stem: picture.stem().to_owned(),
        drawn: inline(&**picture, caption),
        rows,
    };
    let drawings = jobs.iter().zip(rows).map(drawing).collect();
    Ok((drawings, figure::draw_all(&jobs, look, folder)?))
}

fn caption(study: &Study, compared: &Compared) -> Caption {
    let note = match () {
        () if compared.interrupted => "DRAFT: interrupted",
        () if compared.replicates < FEW_PAIRS => "few pairs: intervals are rough",
        () => "",
    };
    Caption {
        n: u64::from(compared.replicates),
        of: "pairs of runs".to_owned(),
        scenario: format!("{} of {}", study.baseline.name, study.name),
        seed: study.baseline.scenario.run.seed as u64,
        note: note.to_owned(),
        method: String::new(),
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn row(label: &str, estimate: &Estimate) -> forest::Row {
    forest::Row { label: label.to_owned(), mean: estimate.mean, low: estimate.low, high: estimate.high }
}

pub(super) fn effects(study: &Study, compared: &Compared, findings: &Findings) -> forest::Input {
    let (outcome, last) = (study.outcomes[0], study.compare.horizon as usize - 1);
    let effect = |arm: &ArmResult| row(&arm.label, &arm.effect(Whom::All, outcome, last).estimate);
    forest::Input {
        title: findings.title(),
        rows: compared.arms.iter().map(effect).collect(),
        outcome: outcome.label().to_owned(),
        unit: outcome.unit().to_owned(),
        year: last_year(study),
        baseline: compared.arms.first().map_or(f64::NAN, |arm| arm.effect(Whom::All, outcome, last).baseline),
    }
}

fn effect_rows(study: &Study, compared: &Compared) -> Vec<Vec<String>> {
    let (outcome, last) = (study.outcomes[0], study.compare.horizon as usize - 1);
    let mut rows = vec![words(&["arm", "difference", "95 % interval", "% of the baseline"])];
    for arm in &compared.arms {
        let effect = arm.effect(Whom::All, outcome, last);
        let [mean, interval] = shown(arm, &effect.estimate, 1.0);
        let share = 100.0 * effect.estimate.mean / effect.baseline;
        rows.push(vec![arm.label.clone(), mean, interval, signed(share)]);
    }
    rows
}

pub(super) fn over_time(study: &Study, compared: &Compared, findings: &Findings) -> series::Input {
    let (outcome, horizon) = (study.outcomes[0], study.compare.horizon as usize);
    let first = study.first_year();
    let nothing = series::Line { label: "baseline".into(), baseline: true, points: vec![(0.0, 0.0, 0.0); horizon] };
    let line = |arm: &ArmResult| {
        let point = |year: usize| {
            let estimate = arm.effect(Whom::All, outcome, year).estimate;
            (estimate.mean, estimate.low, estimate.high)
        };
        series::Line { label: arm.label.clone(), baseline: false, points: (0..horizon).map(point).collect() }
    };
    series::Input {
        stem: OVER_TIME.0.to_owned(),
        about: OVER_TIME.1.to_owned(),
        title: findings.over_time_title(),
        subtitle: format!(
            "{} ({}): arm minus baseline of the same seed; bands: 95 % intervals over pairs",
            outcome.label(),
            outcome.unit()
        ),
        x: (0..horizon).map(|year| f64::from(first + year as i32)).collect(),
        lines: std::iter::once(nothing).chain(compared.arms.iter().map(line)).collect(),
        x_label: "year".to_owned(),
        x_unit: Unit::Year,
        y_label: format!("difference from the baseline ({})", outcome.unit()),
        y_unit: Unit::Plain,
        from_zero: true,
    }
}

fn over_time_rows(study: &Study, compared: &Compared) -> Vec<Vec<String>> {
    let mut rows = vec![words(&["arm", "year", "difference", "95 % interval"])];
    for arm in &compared.arms {
        for year in 0..study.compare.horizon as usize {
            let [mean, interval] = shown(arm, &arm.effect(Whom::All, study.outcomes[0], year).estimate, 1.0);
            rows.push(vec![arm.label.clone(), (study.first_year() + year as i32).to_string(), mean, interval]);
        }
    }
    rows
}

fn since(k: usize) -> i32 {
    k as i32 - PROFILE_BEFORE as i32
}

pub(super) fn profiles(compared: &Compared) -> profile::Input {
    let years = compared.arms.iter().map(|arm| arm.profile.len()).max().unwrap_or(0);
    let arm = |arm: &ArmResult| profile::Arm {
        label: arm.label.clone(),
        points: arm
            .profile
            .iter()
            .map(|[exporters, _]| (100.0 * exporters.mean, 100.0 * exporters.low, 100.0 * exporters.high))
            .collect(),
    };
    profile::Input {
        since: (0..years).map(since).collect(),
        arms: compared.arms.iter().map(arm).collect(),
        title: profile_title(compared),
    }
}

/// The largest of the clear differences between participants and their twins, of all arms and years since enrolment.
fn profile_title(compared: &Compared) -> String {
    let years = |arm: &ArmResult| PROFILE_BEFORE..arm.profile.len().max(PROFILE_BEFORE);
    let claims = Claim::family(compared.arms.iter().flat_map(|arm| {
        years(arm).map(move |k| {
            let when = match since(k) {
                0 => "in the year of enrolment".to_owned(),
                1 => "one year after enrolment".to_owned(),
                years => format!("{years} years after enrolment"),
            };
            let estimate = scaled(&arm.profile[k][0], 100.0);
            (arm.label.clone(), Quantity::new(when, "exporters per 100 participants"), estimate)
        })
    }));
    match largest(&claims) {
        Some(claim) => format!(
            "{}: {} {} {}, the largest of {} (Holm over {} comparisons)",
            capital(claim.subject()),
            with_range(claim.estimate()),
            claim.quantity().unit,
            claim.quantity().name,
            several(
                claims.iter().filter(|claim| claim.is_clear()).count() as u64,
                "clear difference",
                "clear differences"
            ),
            claims.len()
        ),
        None => "Participants of no arm differ clearly from their twins".to_owned(),
    }
}

/// An estimate in other units.
fn scaled(estimate: &Estimate, factor: f64) -> Estimate {
    let Estimate { mean, low, high, .. } = *estimate;
    Estimate { mean: factor * mean, low: factor * low, high: factor * high, ..*estimate }
}

fn profile_rows(compared: &Compared) -> Vec<Vec<String>> {
    let heads = ["arm", "years since", "exporters per 100", "95 % interval", "exports each, US$", "95 % interval"];
    let mut rows = vec![words(&heads)];
    for arm in &compared.arms {
        let known = arm.profile.iter().enumerate().filter(|(_, [exporters, _])| exporters.mean.is_finite());
        for (k, [exporters, exports]) in known {
            let ([a, b], [c, d]) = (cells(exporters, 100.0), cells(exports, 1.0));
            rows.push(vec![arm.label.clone(), signed(f64::from(since(k))), a, b, c, d]);
        }
    }
    rows
}

/// What a dimension of groups is, for people.
pub fn dimension(name: &str) -> &'static str {
    DIMENSIONS.iter().find(|known| known.0 == name).map_or("", |known| known.1)
}

/// Participants of a run below which a group is left to the table.
const FEW_PARTICIPANTS: f64 = 10.0;

pub(super) fn who_gains(study: &Study, compared: &Compared, arm: &ArmResult, number: usize) -> gains::Input {
    // With one home there is nothing to tell apart.
    let several = study.baseline.homes.len() > 1;
    // Nor can anything be said of a handful of participants.
    let told = |group: &GroupResult| (several || group.dimension != "home") && group.treated >= FEW_PARTICIPANTS;
    let groups: Vec<usize> = (0..arm.groups.len()).filter(|at| told(&arm.groups[*at])).collect();
    let group = |at: &usize| {
        let group = &arm.groups[*at];
        gains::Group {
            dimension: dimension(group.dimension).to_owned(),
            participants: group.treated,
            gain: row(&group.level, &group.per_hundred_treated),
        }
    };
    gains::Input {
        arm: arm.label.clone(),
        number,
        year: last_year(study),
        groups: groups.iter().map(group).collect(),
        title: contrast(compared, arm, number, &groups),
    }
}

/// The two groups of a dimension that differ most, if that is clear of all such differences. Groups told by what becomes
/// of firms are left out: they are sorted on the outcome, so that they differ whatever the measure does.
fn contrast(compared: &Compared, arm: &ArmResult, number: usize, told: &[usize]) -> String {
    let rate = |group: usize| -> Vec<f64> {
        let of = |pairs: &Pairs| {
            let group = &pairs.arms[number].groups[group];
            100.0 * group.exporters_treated / f64::from(group.treated)
        };
        compared.pairs.iter().map(of).collect()
    };
    let told: Vec<usize> = told.iter().copied().filter(|at| arm.groups[*at].dimension != "trajectory").collect();
    let beside = |a: &usize, b: &usize| a < b && arm.groups[*a].dimension == arm.groups[*b].dimension;
    let two = told.iter().flat_map(|a| told.iter().filter(move |b| beside(a, b)).map(move |b| (*a, *b)));
    let claims = Claim::family(two.map(|(a, b)| {
        let (first, second) = (rate(a), rate(b));
        let sign =
            if arm.groups[a].per_hundred_treated.mean < arm.groups[b].per_hundred_treated.mean { -1.0 } else { 1.0 };
        let differences: Vec<f64> = first.iter().zip(&second).map(|(a, b)| sign * (a - b)).collect();
        let (more, less) = if sign > 0.0 { (a, b) } else { (b, a) };
        let words = format!(
            "{} gains clearly more than {} ({})",
            arm.groups[more].level,
            arm.groups[less].level,
            dimension(arm.groups[a].dimension)
        );
        (words, Quantity::new("", "per 100"), of_values(&differences))
    }));
    match largest(&claims) {
        Some(claim) => format!(
            "{}: {}: {} per 100 (Holm over {} comparisons)",
            capital(&arm.label),
            claim.subject(),
            with_range(claim.estimate()),
            claims.len()
        ),
        None => format!("{}: no group gains clearly more than another", capital(&arm.label)),
    }
}

/// The groups of an arm that have firms.
pub fn gain_rows(arm: &ArmResult) -> Vec<Vec<String>> {
    // Trajectories are what becomes of firms without the measure: sorted on the outcome.
    let heads = [
        "told by",
        "group",
        "firms",
        "participants",
        "additional exporters, others included",
        "95 % interval",
        "among 100 participants",
        "95 % interval",
    ];
    let mut rows = vec![words(&heads)];
    for group in arm.groups.iter().filter(|group| group.firms > 0.0) {
        let ([a, b], [c, d]) = (cells(&group.exporters, 1.0), cells(&group.per_hundred_treated, 1.0));
        let number = |x: f64| count(x.round() as u64);
        let told = dimension(group.dimension).to_owned();
        rows.push(vec![told, group.level.clone(), number(group.firms), number(group.treated), a, b, c, d]);
    }
    rows
}

pub(super) fn entries(study: &Study, arm: &ArmResult) -> additional::Input {
    let world = &study.baseline.world;
    let known = arm.markets.iter().zip(&world.countries);
    let claims =
        Claim::family(known.map(|(estimate, country)| (country.name.clone(), Quantity::new("", "firms"), *estimate)));
    let market = |(claim, (estimate, country)): (&Claim, (&Estimate, &Country))| additional::Market {
        clear: claim.is_clear(),
        name: country.name.clone(),
        longitude: country.longitude,
        latitude: country.latitude,
        mean: estimate.mean,
        low: estimate.low,
        high: estimate.high,
    };
    let homes = &study.baseline.homes;
    let at_home = world.countries.iter().filter(|country| homes.iter().any(|home| home.iso3 == country.iso3));
    additional::Input {
        arm: arm.label.clone(),
        year: last_year(study),
        outlines: crate::world::outlines(),
        markets: claims.iter().zip(arm.markets.iter().zip(&world.countries)).map(market).collect(),
        title: entries_title(arm, &claims),
        homes: at_home.map(|country| (country.longitude, country.latitude, country.name.clone())).collect(),
    }
}

/// How many markets gain or lose firms clearly, of all, and the largest estimates among them.
fn entries_title(arm: &ArmResult, claims: &[Claim]) -> String {
    const NAMED: usize = 3;
    let mut clear: Vec<&Claim> = claims.iter().filter(|claim| claim.is_clear()).collect();
    clear.sort_by(|a, b| b.estimate().mean.abs().total_cmp(&a.estimate().mean.abs()));
    let all = claims.iter().filter(|claim| claim.estimate().mean.is_finite()).count();
    if clear.is_empty() {
        return format!("{}: none of {all} markets clearly gains or loses firms", capital(&arm.label));
    }
    let named: Vec<String> = clear
        .iter()
        .take(NAMED)
        .map(|claim| format!("{} {}", claim.subject(), signed(claim.estimate().mean)))
        .collect();
    let (n, rest) = (clear.len(), clear.len() > NAMED);
    format!(
        "{}: {n} of {all} markets clearly {} firms{} {} (Holm over {all})",
        capital(&arm.label),
        match (clear.iter().any(|claim| claim.raises()), clear.iter().any(|claim| claim.lowers())) {
            (true, false) if n == 1 => "gains",
            (true, false) => "gain",
            (false, true) if n == 1 => "loses",
            (false, true) => "lose",
            _ => "gain or lose",
        },
        if rest { ", the largest estimates" } else { ":" },
        listed(&named)
    )
}

fn entry_rows(study: &Study, arm: &ArmResult) -> Vec<Vec<String>> {
    let mut markets: Vec<_> = arm.markets.iter().zip(&study.baseline.world.countries).collect();
    markets.retain(|(estimate, _)| estimate.mean.is_finite() && estimate.mean != 0.0);
    markets.sort_by(|a, b| b.0.mean.abs().total_cmp(&a.0.mean.abs()).then_with(|| a.1.iso3.cmp(&b.1.iso3)));
    let mut rows = vec![words(&["market", "firms", "95 % interval"])];
    rows.extend(markets.into_iter().map(|(estimate, country)| {
        let [mean, interval] = cells(estimate, 1.0);
        vec![country.name.clone(), mean, interval]
    }));
    rows
}

pub(super) fn costs(study: &Study, compared: &Compared) -> cost_plane::Input {
    let accounts = compared.accounts(study);
    let arm = |(arm, pairs): (&ArmResult, Vec<(f64, f64)>)| cost_plane::Arm {
        label: arm.label.clone(),
        cost: arm.money.cost.mean,
        effect: arm.money.exporters.mean,
        low: arm.money.exporters.low,
        high: arm.money.exporters.high,
        price: match &arm.money.per_exporter {
            ratio if ratio.told && ratio.value > 0.0 => format!("{} US$ each", rounded(ratio.value)),
            _ => String::new(),
        },
        pairs,
    };
    let arms = compared.arms.iter().zip(accounts).map(arm).collect();
    let mut input = cost_plane::Input { arms, year: last_year(study), title: String::new() };
    let claims: Vec<Claim> =
        (0..compared.arms.len()).map(|arm| claim(study, compared, arm, Outcome::Exporters)).collect();
    let frontier = input.frontier();
    let (sure, unsure): (Vec<usize>, Vec<usize>) = frontier.into_iter().partition(|arm| claims[*arm].raises());
    let names = |arms: &[usize]| listed(&arms.iter().map(|arm| compared.arms[*arm].label.clone()).collect::<Vec<_>>());
    input.title = match (sure.len(), unsure.len()) {
        (0, 0) => "No arm lies above doing nothing".to_owned(),
        (0, _) => {
            format!("No arm clearly brings more exporters than doing nothing; estimates above it: {}", names(&unsure))
        }
        (_, 0) => format!("The frontier of mean cost and effect: {}", names(&sure)),
        _ => format!(
            "The frontier of mean cost and effect: {}; not clear of doing nothing: {}",
            names(&sure),
            names(&unsure)
        ),
    };
    input
}

fn cost_rows(study: &Study, compared: &Compared) -> Vec<Vec<String>> {
    let heads =
        ["arm", "cost, US$", "additional exporters", "95 % interval", "US$ per additional exporter", "beaten by"];
    let mut rows = vec![words(&heads)];
    for arm in &compared.arms {
        let [mean, interval] = shown(arm, &arm.money.exporters, 1.0);
        let cost = count(arm.money.cost.mean.max(0.0).round() as u64);
        let beaten = if arm.money.dominated_by.is_empty() { "–".into() } else { arm.money.dominated_by.clone() };
        rows.push(vec![arm.label.clone(), cost, mean, interval, per_exporter(study, compared, arm), beaten]);
    }
    rows
}

pub(super) fn best_buy(study: &Study, compared: &Compared) -> acceptability::Input {
    let arm =
        |arm: &ArmResult| acceptability::Arm { label: arm.label.clone(), shares: arm.money.acceptability.clone() };
    let arms = compared.arms.iter().map(arm).collect();
    let mut input = acceptability::Input { prices: compared.prices.clone(), arms, title: String::new() };
    let number = |label: &str| compared.arms.iter().position(|arm| arm.label == label);
    let raises =
        |label: &str| number(label).is_some_and(|arm| claim(study, compared, arm, Outcome::Exporters).raises());
    let last = compared.prices.last().copied().unwrap_or(f64::NAN);
    let share = |share: f64| format!("{} of samples", percent(share));
    input.title = match input.likeliest() {
        // A share of samples of pairs is as sure as a p value is: 95 % and a clear effect, or it is no best buy.
        Some((label, most, price)) if most >= 0.95 && raises(&label) => format!(
            "{} is the best buy ({}) where an additional exporter is worth {} US$, the likeliest from about {} US$",
            capital(&label),
            share(most),
            rounded(last),
            rounded(price)
        ),
        Some((label, most, _)) if number(&label).is_some() => format!(
            "No arm is clearly the best buy: {} is it in {} where an additional exporter is worth {} US$",
            label,
            share(most),
            rounded(last)
        ),
        _ => "No arm is a likelier buy than doing nothing".to_owned(),
    };
    input
}

fn best_buy_rows(compared: &Compared) -> Vec<Vec<String>> {
    let mut rows = vec![words(&["worth of an additional exporter, US$"])];
    rows[0].extend(compared.arms.iter().map(|arm| arm.label.clone()));
    for (i, price) in compared.prices.iter().enumerate() {
        let share = |arm: &ArmResult| percent(arm.money.acceptability.get(i).copied().unwrap_or(f64::NAN));
        let shares = compared.arms.iter().map(share);
        rows.push(std::iter::once(count(price.round() as u64)).chain(shares).collect());
    }
    rows
}
