//! Rows on what is measured: barriers, labels and measures.

use super::seen::Seen;
use super::{Check, Expect, Row};
use crate::number::f64s::ln;
use crate::observe::measure::{blau, entropy, herfindahl, insidership};
use crate::observe::trajectory::{Onset, Thresholds};

/// Rows of this family.
pub const ROWS: &[Row] = &[
    Row {
        number: 60,
        name: "barriers",
        claim: "Barriers under four headings keep firms at home; SNS lower some items of them and leave the others.",
        source: "Hamill 1997; Leonidou 2004",
        experiment: "Each heading taken out in turn: share exporting. Users of SNS with the remedies of the Internet (`mechanism.remedy` of 0.8 against 0): share exporting; and the same where organisational barriers are the only ones, of which the Internet cures none.",
        arms: &[
            &[],
            &["mechanism.barrier.psychological=0"],
            &["mechanism.barrier.organisational=0"],
            &["mechanism.barrier.operational=0"],
            &["mechanism.barrier.product=0"],
            &["mechanism.remedy.strength=0.8"],
            &["mechanism.barrier.psychological=0", "mechanism.barrier.operational=0", "mechanism.barrier.product=0"],
            &[
                "mechanism.barrier.psychological=0",
                "mechanism.barrier.operational=0",
                "mechanism.barrier.product=0",
                "mechanism.remedy.strength=0.8",
            ],
        ],
        checks: &[
            Check::new("share exporting without psychological barriers, less with", Expect::Positive, |arms| {
                arms[1].exporting() - arms[0].exporting()
            }),
            Check::new("without organisational ones", Expect::Positive, |arms| {
                arms[2].exporting() - arms[0].exporting()
            }),
            Check::new("without operational ones", Expect::Positive, |arms| arms[3].exporting() - arms[0].exporting()),
            Check::new("without product and market ones", Expect::Positive, |arms| {
                arms[4].exporting() - arms[0].exporting()
            }),
            Check::new("share exporting: with remedies less without", Expect::Positive, |arms| {
                arms[5].exporting() - arms[0].exporting()
            }),
            Check::new("entries where no item has a remedy: change", Expect::Never, |arms| {
                arms[7].entries() - arms[6].entries()
            }),
        ],
        ablation: &["mechanism.barrier.on=false"],
        note: "Remedies are off by default. Items count alike within their heading.",
    },
    Row {
        number: 66,
        name: "classifier",
        claim: "Labels follow from histories alone: a stricter share or scope never makes more born globals, a longer window never fewer.",
        source: "Kuivalainen, Saarenketo & Puumalainen 2012",
        experiment: "All simulated careers, on firms uncensored at the longest window, under a grid of shares θ, scopes θ_R and windows W. Hand-made careers are in the tests of `observe::trajectory`.",
        arms: &[&[]],
        checks: &[
            Check::new("labels that break the order", Expect::Never, |arms| broken_order(&arms[0])),
            Check::new("born globals under the default thresholds", Expect::Positive, |arms| {
                arms[0].onsets(&Thresholds::default()).iter().filter(|onset| **onset == Onset::BornGlobal).count()
                    as f64
            }),
        ],
        ablation: &[],
        note: "",
    },
    Row {
        number: 67,
        name: "measures",
        claim: "Measures of scope agree with their definitions, and entropy splits exactly into what lies between and within regions.",
        source: "Jacquemin & Berry 1979",
        experiment: "Every exporter of the last year: Herfindahl index and entropy as recorded, against the same worked out from its sales by market. Hand-computed fixtures are in the tests of `observe::measure`.",
        arms: &[&[]],
        checks: &[
            Check::new("exporters whose indices disagree", Expect::Never, |arms| disagreeing(&arms[0])),
            Check::new("exporters compared", Expect::Positive, |arms| exporters(&arms[0]).len() as f64),
        ],
        ablation: &[],
        note: "",
    },
];

/// Shares, scopes and windows tried.
const THETAS: [f64; 4] = [0.1, 0.25, 0.5, 0.8];
const SCOPES: [f64; 4] = [0.0, 0.25, 0.5, 0.75];
const WINDOWS: [u32; 4] = [1, 3, 5, 8];

/// Firms that are born global under a stricter threshold or shorter window and not under the looser one.
fn broken_order(seen: &Seen) -> f64 {
    let onsets = |theta: f64, theta_region: f64, window: u32| {
        seen.onsets(&Thresholds { theta, theta_region, window, theta_min: 0.05, ..Thresholds::default() })
    };
    let longest = onsets(THETAS[0], SCOPES[0], WINDOWS[3]);
    let usable: Vec<bool> = longest.iter().map(|onset| !onset.is_censored()).collect();
    let broken = |strict: &[Onset], loose: &[Onset]| {
        let pairs = strict.iter().zip(loose).zip(&usable);
        pairs
            .filter(|((strict, loose), usable)| {
                **usable && **strict == Onset::BornGlobal && **loose != Onset::BornGlobal
            })
            .count()
    };
    let mut count = 0;
    for pair in 1..4 {
        count += broken(&onsets(THETAS[pair], 0.25, 3), &onsets(THETAS[pair - 1], 0.25, 3));
        count += broken(&onsets(0.25, SCOPES[pair], 3), &onsets(0.25, SCOPES[pair - 1], 3));
        count += broken(&onsets(0.25, 0.25, WINDOWS[pair - 1]), &onsets(0.25, 0.25, WINDOWS[pair]));
    }
    count as f64
}

/// Sales by market, and what was recorded, of the exporters of the last year.
fn exporters(seen: &Seen) -> Vec<(Vec<f64>, Vec<u8>, &super::seen::FirmYear)> {
    let last = seen.firms.iter().filter(|at| at.year == seen.last() && at.row.markets > 0);
    last.map(|at| {
        let who = (at.row.slot, at.row.firm.generation);
        let markets = 0..seen.model.world.countries.len() as u8;
        let sold = markets.filter_map(|market| seen.in_market(who, market, at.year));
        let (sales, regions) =
            sold.map(|sold| (f64::from(sold.row.sales), seen.model.regions[usize::from(sold.row.market)])).unzip();
        (sales, regions, at)
    })
    .collect()
}

/// Exporters for which recorded and direct indices differ, or entropy does not add up.
fn disagreeing(seen: &Seen) -> f64 {
    const ROUNDING: f64 = 1e-4;
    let differ = |a: f64, b: f64| (a - b).abs() > ROUNDING;
    let wrong = exporters(seen).into_iter().filter(|(sales, regions, at)| {
        let total: f64 = sales.iter().sum();
        let direct: f64 = sales.iter().map(|x| x / total).map(|p| -p * ln(p)).sum();
        let (Some(index), Some(split), Some(diversity)) = (herfindahl(sales), entropy(sales, regions), blau(sales))
        else {
            return true;
        };
        let row = &at.row;
        differ(index, f64::from(row.herfindahl))
            || differ(split.total(), direct)
            || differ(split.between, f64::from(row.entropy_between))
            || differ(split.within, f64::from(row.entropy_within))
            || differ(index + diversity, 1.0)
            || differ(insidership(&[0.5, 0.5]), 0.75)
    });
    wrong.count() as f64
}
