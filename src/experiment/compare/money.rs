//! What arms cost and bring: prices of an exporter, ranks, and which arm is worth it.

use super::file::Study;
use super::outcome::Outcome;
use super::pair::{Pair, Pairs, Whom};
use super::{ArmResult, Money, level};
use crate::statistics::{Bootstrap, estimate, ratio};

/// Willingness to pay for an additional exporter at which acceptability is told, US$, as multiples of the cheapest
/// arm's cost per additional exporter.
pub(super) const PRICES: [f64; 13] = [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 10.0];

/// Factors that discount the years of the comparison.
pub(super) fn factors(study: &Study) -> Vec<f64> {
    let rate = 1.0 + study.compare.discount;
    (0..study.compare.horizon)
        .scan(1.0, |factor, _| {
            let now = *factor;
            *factor /= rate;
            Some(now)
        })
        .collect()
}

/// Discounted cost, additional exporters in the last year, and additional exports of a pair.
pub(super) fn account(study: &Study, pair: &Pair, factors: &[f64]) -> [f64; 3] {
    let last = study.compare.horizon as usize - 1;
    let gain =
        |outcome, year| level(&pair.arm, Whom::All, outcome, year) - level(&pair.baseline, Whom::All, outcome, year);
    [
        pair.cost.iter().zip(factors).map(|(cost, factor)| cost * factor).sum(),
        gain(Outcome::Exporters, last),
        factors.iter().enumerate().map(|(year, factor)| factor * gain(Outcome::Exports, year)).sum(),
    ]
}

pub(super) fn money(study: &Study, own: &[&Pair], bootstrap: &Bootstrap) -> Money {
    let factors = factors(study);
    let accounts: Vec<[f64; 3]> = own.iter().map(|pair| account(study, pair, &factors)).collect();
    let column = |k: usize| accounts.iter().map(|row| row[k]).collect::<Vec<f64>>();
    let [cost, exporters, exports] = [column(0), column(1), column(2)];
    let margin = study.margin();
    let income: Vec<f64> = exports.iter().map(|exports| margin * exports).collect();
    let net: Vec<f64> = income.iter().zip(&cost).map(|(income, cost)| income - cost).collect();
    let years = factors.len();
    let by_year = |year: usize| own.iter().map(|pair| pair.cost[year]).sum::<f64>() / own.len() as f64;
    Money {
        cost: estimate(&cost, bootstrap),
        cost_by_year: (0..years).map(by_year).collect(),
        exporters: estimate(&exporters, bootstrap),
        per_exporter: ratio(&cost, &exporters, bootstrap),
        exports: estimate(&exports, bootstrap),
        exports_per_dollar: ratio(&exports, &cost, bootstrap),
        benefit_cost: ratio(&income, &cost, bootstrap),
        net: estimate(&net, bootstrap),
        acceptability: Vec::new(),
        ranks: Vec::new(),
        dominated_by: String::new(),
    }
}

/// Acceptability by willingness to pay, and ranks by additional exporters, over bootstrap samples.
pub(super) fn rank(study: &Study, arms: &mut [ArmResult], pairs: &[Pairs], bootstrap: &Bootstrap, prices: &[f64]) {
    let (factors, arms_asked) = (factors(study), arms.len());
    // By sample and arm: mean cost, mean additional exporters.
    let mut samples = vec![Vec::with_capacity(arms.len()); bootstrap.len()];
    for arm in 0..arms.len() {
        let accounts: Vec<[f64; 3]> = pairs.iter().map(|pairs| account(study, &pairs.arms[arm], &factors)).collect();
        let [costs, effects] = [0, 1].map(|k| accounts.iter().map(|row| row[k]).collect::<Vec<f64>>());
        for (sample, point) in samples.iter_mut().zip(bootstrap.means(&costs).zip(bootstrap.means(&effects))) {
            sample.push(point);
        }
    }
    let n = bootstrap.len() as f64;
    for arm in arms.iter_mut() {
        arm.money.acceptability = vec![0.0; prices.len()];
        arm.money.ranks = vec![0.0; arms_asked];
    }
    for points in &samples {
        for (at, price) in prices.iter().enumerate() {
            let worth = |arm: usize| price * points[arm].1 - points[arm].0;
            // Doing nothing is worth nothing; arms worth the same share the sample.
            let most = (0..points.len()).map(worth).fold(0.0, f64::max);
            let best: Vec<usize> = (0..points.len()).filter(|arm| most > 0.0 && worth(*arm) == most).collect();
            for arm in &best {
                arms[*arm].money.acceptability[at] += 1.0 / n / best.len() as f64;
            }
        }
        // Arms that bring the same share the places they take: no arm wins by where it stands in the file.
        for (arm, point) in points.iter().enumerate() {
            let before = points.iter().filter(|other| other.1 > point.1).count();
            let same = points.iter().filter(|other| other.1 == point.1).count();
            for place in before..before + same {
                arms[arm].money.ranks[place] += 1.0 / n / same as f64;
            }
        }
    }
}

/// Marks arms that another beats in cost and effect, and those that a mix of two others beats.
pub(super) fn dominate(arms: &mut [ArmResult]) {
    let points: Vec<(f64, f64)> = arms.iter().map(|arm| (arm.money.cost.mean, arm.money.exporters.mean)).collect();
    for i in 0..arms.len() {
        let (cost, effect) = points[i];
        let better = |j: &usize| *j != i && points[*j].0 <= cost && points[*j].1 >= effect && points[*j] != points[i];
        if let Some(j) = (0..arms.len()).find(better) {
            arms[i].money.dominated_by = arms[j].label.clone();
            continue;
        }
        // Doing nothing costs and brings nothing; a mix with it is a smaller programme.
        let with_nothing: Vec<(f64, f64, String)> = std::iter::once((0.0, 0.0, "doing nothing".to_owned()))
            .chain(points.iter().zip(arms.iter()).map(|(point, arm)| (point.0, point.1, arm.label.clone())))
            .collect();
        let mix = with_nothing
            .iter()
            .flat_map(|a| with_nothing.iter().map(move |b| (a, b)))
            .find(|(a, b)| a.0 < cost && b.0 > cost && a.1 + (b.1 - a.1) * (cost - a.0) / (b.0 - a.0) > effect);
        if let Some((a, b)) = mix {
            arms[i].money.dominated_by = format!("a mix of {} and {}", a.2, b.2);
        }
    }
}
