//! A scorecard as rows of tables and as JSON.

use super::{Request, ScoreRow, SeedRow};
use crate::experiment::Plan;
use crate::experiment::fact::{Fact, Homes};
use crate::experiment::validate::{Scorecard, Scored, Values, Verdict};
use crate::report::figure::style::plain;
use crate::report::manifest::Program;
use crate::report::table::label;
use crate::scenario::Loaded;
use serde::Serialize;
use serde_json::json;

pub(super) fn score_rows(number: usize, row: &Scored) -> impl Iterator<Item = ScoreRow> + '_ {
    let fact = &row.fact;
    fact.parts.iter().enumerate().map(move |(at, part)| ScoreRow {
        fact: label(&fact.id),
        row: number as u16 + 1,
        label: label(&fact.label),
        population: fact.population.word(),
        home: label(&fact.published_for.join("; ")),
        statistic: fact.statistic.name,
        part: label(part),
        band_low: fact.band.map(|band| band.0),
        band_high: fact.band.map(|band| band.1),
        pattern: fact.pattern.map(|pattern| pattern.word()),
        median: finite(row.simulated.median[at]),
        lowest: finite(row.simulated.low[at]),
        highest: finite(row.simulated.high[at]),
        share: finite(row.simulated.share),
        verdict: match row.simulated.verdict {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Context => "context",
            Verdict::Unmeasured | Verdict::Silent => "unmeasured",
        },
        null_median: finite(row.null.median[at]),
        null_passes: match row.null.verdict {
            Verdict::Pass => Some(true),
            Verdict::Fail => Some(false),
            Verdict::Unmeasured | Verdict::Silent | Verdict::Context => None,
        },
        published: label(&published(fact)),
        evidence: label(&fact.evidence),
        source: label(&fact.source),
    })
}

pub(super) fn seed_rows(number: usize, row: &Scored) -> impl Iterator<Item = SeedRow> + '_ {
    [(&row.simulated, false), (&row.null, true)].into_iter().flat_map(move |(values, null)| {
        values.seeds.iter().enumerate().flat_map(move |(replicate, seed)| {
            seed.iter().zip(&row.fact.parts).map(move |(value, part)| SeedRow {
                replicate: replicate as u32,
                row: number as u16 + 1,
                fact: label(&row.fact.id),
                part: label(part),
                null,
                value: finite(*value),
            })
        })
    })
}

pub(super) fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

/// Published values in words: `Brazil 0.39; Mexico 0.71`.
pub(super) fn published(fact: &Fact) -> String {
    let values: Vec<String> = fact
        .published
        .iter()
        .map(|known| format!("{} {}", known.label, plain(known.value)).trim().to_owned())
        .collect();
    values.join("; ")
}

#[derive(Serialize)]
pub(super) struct RowJson<'a> {
    pub(super) fact: &'a str,
    pub(super) label: &'a str,
    pub(super) population: &'a str,
    pub(super) homes: &'a str,
    /// The homes it is judged for; none for all.
    pub(super) published_for: &'a [String],
    pub(super) statistic: &'a str,
    pub(super) options: &'a crate::observe::statistic::Options,
    pub(super) parts: &'a [String],
    pub(super) published: Vec<(&'a str, f64)>,
    pub(super) band: Option<(f64, f64)>,
    pub(super) pattern: Option<&'a str>,
    /// Distance of the median from the middle of the band in half widths.
    pub(super) deviation: Option<f64>,
    pub(super) simulated: &'a Values,
    pub(super) null: &'a Values,
    pub(super) reason: &'a str,
    pub(super) evidence: &'a str,
    pub(super) source: &'a str,
    pub(super) note: &'a str,
}

pub(super) fn json(plan: &Plan, loaded: &Loaded, request: &Request, card: &Scorecard) -> String {
    let rows: Vec<RowJson> = card
        .rows
        .iter()
        .map(|row| RowJson {
            fact: &row.fact.id,
            label: &row.fact.label,
            population: row.fact.population.word(),
            homes: if row.fact.homes == Homes::Many { "many" } else { "own" },
            published_for: &row.fact.published_for,
            statistic: row.fact.statistic.name,
            options: &row.fact.options,
            parts: &row.fact.parts,
            published: row.fact.published.iter().map(|known| (known.label.as_str(), known.value)).collect(),
            band: row.fact.band,
            pattern: row.fact.pattern.map(|pattern| pattern.word()),
            deviation: row.deviation(),
            simulated: &row.simulated,
            null: &row.null,
            reason: &row.reason,
            evidence: &row.fact.evidence,
            source: &row.fact.source,
            note: &row.fact.note,
        })
        .collect();
    let facts: Vec<_> = card
        .facts()
        .into_iter()
        .map(|(fact, verdict, thrown)| json!({ "fact": fact, "verdict": verdict, "null": thrown }))
        .collect();
    let (passed, all) = card.passed();
    let value = json!({
        "program": Program::this(),
        "scenario": plan.name,
        "scenario_hash": loaded.hash(),
        "facts_table": request.table.input.name,
        "facts_hash": request.table.input.blake3,
        "seed": plan.scenario.run.seed,
        "seeds": card.seeds,
        "interrupted": card.interrupted,
        "passed": passed,
        "of": all,
        "facts": facts,
        "rows": rows,
    });
    serde_json::to_string_pretty(&value).expect("a scorecard is plain data") + "\n"
}
