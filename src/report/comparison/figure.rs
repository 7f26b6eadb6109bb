//! The figures of a comparison: what each shows, with the numbers behind it.

use crate::error::Error;
use crate::experiment::compare::effect::Estimate;
use crate::experiment::compare::group::DIMENSIONS;
use crate::experiment::compare::{ArmResult, Compared, PROFILE_BEFORE, Study, Whom};
use crate::report::comparison::{per_exporter, percent};
use crate::report::figure::style::{Unit, capital, count, rounded, signed};
use crate::report::figure::{
    self, Caption, Drawn, Inline, Look, OVER_TIME, Order, Picture, acceptability, additional, cost_plane, forest,
    gains, inline, profile, series,
};
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

/// The arm with the largest clear effect on the primary outcome in the last year, or the largest if none is clear.
pub fn leader(study: &Study, compared: &Compared) -> Option<usize> {
    let last = study.compare.horizon as usize - 1;
    let effect = |arm: &ArmResult| arm.effect(Whom::All, study.outcomes[0], last).estimate;
    let key = |arm: usize| (effect(&compared.arms[arm]).is_clear(), effect(&compared.arms[arm]).mean);
    let order = |a: &usize, b: &usize| key(*a).0.cmp(&key(*b).0).then(key(*a).1.total_cmp(&key(*b).1)).then(b.cmp(a));
    (0..compared.arms.len()).max_by(order)
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
    let mut all = vec![
        told(effects(study, compared), effect_rows(study, compared)),
        told(over_time(study, compared), over_time_rows(study, compared)),
        told(profiles(compared), profile_rows(compared)),
    ];
    if let Some(number) = leader(study, compared) {
        let arm = &compared.arms[number];
        all.push(told(who_gains(study, arm, number), gain_rows(arm)));
        all.push(told(entries(study, arm), entry_rows(study, arm)));
    }
    all.push(told(costs(study, compared), cost_rows(compared)));
    all.push(told(best_buy(compared), best_buy_rows(compared)));
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

fn last_year(study: &Study) -> i32 {
    study.first_year() + study.compare.horizon as i32 - 1
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// An interval in words.
pub fn interval(low: f64, high: f64) -> String {
    if low.is_finite() && high.is_finite() { format!("{} to {}", signed(low), signed(high)) } else { "–".into() }
}

/// Mean and interval of an estimate times a factor, as cells.
fn cells(estimate: &Estimate, factor: f64) -> [String; 2] {
    [signed(factor * estimate.mean), interval(factor * estimate.low, factor * estimate.high)]
}

fn row(label: &str, estimate: &Estimate) -> forest::Row {
    forest::Row { label: label.to_owned(), mean: estimate.mean, low: estimate.low, high: estimate.high }
}

fn effects(study: &Study, compared: &Compared) -> forest::Input {
    let (outcome, last) = (study.outcomes[0], study.compare.horizon as usize - 1);
    let effect = |arm: &ArmResult| row(&arm.label, &arm.effect(Whom::All, outcome, last).estimate);
    forest::Input {
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
        let [mean, interval] = cells(&effect.estimate, 1.0);
        rows.push(vec![arm.label.clone(), mean, interval, signed(100.0 * effect.estimate.mean / effect.baseline)]);
    }
    rows
}

fn over_time(study: &Study, compared: &Compared) -> series::Input {
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
    let clear_in =
        |arm: &ArmResult| (0..horizon).filter(|year| arm.effect(Whom::All, outcome, *year).estimate.is_clear()).count();
    let title = match leader(study, compared).map(|arm| &compared.arms[arm]) {
        Some(arm) if clear_in(arm) > 0 => {
            let effect = |year: usize| arm.effect(Whom::All, outcome, year).estimate;
            let clear = (0..horizon).filter(|year| effect(*year).is_clear());
            let peak = clear.max_by(|a, b| effect(*a).mean.abs().total_cmp(&effect(*b).mean.abs())).unwrap_or(0);
            format!(
                "{}: the effect is largest in {} ({}) and {} in {}",
                capital(&arm.label),
                first + peak as i32,
                signed(effect(peak).mean),
                signed(effect(horizon - 1).mean),
                last_year(study)
            )
        }
        _ => format!("No arm changes {} clearly", outcome.label().to_lowercase()),
    };
    series::Input {
        stem: OVER_TIME.0.to_owned(),
        about: OVER_TIME.1.to_owned(),
        title,
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
            let [mean, interval] = cells(&arm.effect(Whom::All, study.outcomes[0], year).estimate, 1.0);
            rows.push(vec![arm.label.clone(), (study.first_year() + year as i32).to_string(), mean, interval]);
        }
    }
    rows
}

fn since(k: usize) -> i32 {
    k as i32 - PROFILE_BEFORE as i32
}

fn profiles(compared: &Compared) -> profile::Input {
    let years = compared.arms.iter().map(|arm| arm.profile.len()).max().unwrap_or(0);
    let arm = |arm: &ArmResult| profile::Arm {
        label: arm.label.clone(),
        points: arm
            .profile
            .iter()
            .map(|[exporters, _]| (100.0 * exporters.mean, 100.0 * exporters.low, 100.0 * exporters.high))
            .collect(),
    };
    profile::Input { since: (0..years).map(since).collect(), arms: compared.arms.iter().map(arm).collect() }
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

fn who_gains(study: &Study, arm: &ArmResult, number: usize) -> gains::Input {
    // With one home there is nothing to tell apart.
    let several = study.baseline.homes.len() > 1;
    // Nor can anything be said of a handful of participants.
    let told = arm.groups.iter().filter(|group| several || group.dimension != "home");
    let told = told.filter(|group| group.treated >= FEW_PARTICIPANTS);
    let groups = told.map(|group| gains::Group {
        dimension: dimension(group.dimension).to_owned(),
        before: group.dimension != "trajectory",
        participants: group.treated,
        gain: row(&group.level, &group.per_hundred_treated),
    });
    gains::Input { arm: arm.label.clone(), number, year: last_year(study), groups: groups.collect() }
}

/// The groups of an arm that have firms.
pub fn gain_rows(arm: &ArmResult) -> Vec<Vec<String>> {
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

fn entries(study: &Study, arm: &ArmResult) -> additional::Input {
    let world = &study.baseline.world;
    let market = |(estimate, country): (&Estimate, &Country)| additional::Market {
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
        markets: arm.markets.iter().zip(&world.countries).map(market).collect(),
        homes: at_home.map(|country| (country.longitude, country.latitude, country.name.clone())).collect(),
    }
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

fn costs(study: &Study, compared: &Compared) -> cost_plane::Input {
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
    cost_plane::Input { arms: compared.arms.iter().zip(accounts).map(arm).collect(), year: last_year(study) }
}

fn cost_rows(compared: &Compared) -> Vec<Vec<String>> {
    let heads =
        ["arm", "cost, US$", "additional exporters", "95 % interval", "US$ per additional exporter", "beaten by"];
    let mut rows = vec![words(&heads)];
    for arm in &compared.arms {
        let [mean, interval] = cells(&arm.money.exporters, 1.0);
        let cost = count(arm.money.cost.mean.max(0.0).round() as u64);
        let beaten = if arm.money.dominated_by.is_empty() { "–".into() } else { arm.money.dominated_by.clone() };
        rows.push(vec![arm.label.clone(), cost, mean, interval, per_exporter(&arm.money.per_exporter), beaten]);
    }
    rows
}

fn best_buy(compared: &Compared) -> acceptability::Input {
    let arm =
        |arm: &ArmResult| acceptability::Arm { label: arm.label.clone(), shares: arm.money.acceptability.clone() };
    acceptability::Input { prices: compared.prices.clone(), arms: compared.arms.iter().map(arm).collect() }
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
