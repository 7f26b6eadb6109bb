//! The scorecard of a population as files: tables, JSON, a figure, and the page of the documentation.

use crate::error::{Error, Fault};
use crate::experiment::Plan;
use crate::experiment::basis::Basis;
use crate::experiment::fact::{self, Fact, Homes};
use crate::experiment::validate::{
    ENOUGH_SEEDS, FIRMS_PER_HOME, MANY_HOMES, PATTERN_SHARE, Scorecard, Scored, Values, Verdict,
};
use crate::experiment::{validate, validate::scorecard};
use crate::report::again;
use crate::report::figure::style::{beside, listed, plain};
use crate::report::figure::{Caption, Look, draw, fact as figure, inline};
use crate::report::folder::{self, Finished, Folder};
use crate::report::manifest::{Asked, Input, Manifest, Output, Program, SCHEMA, Scenario, State, Stopwatch, Verb};
use crate::report::table::{Declared, Table, declared, label};
use crate::report::{dictionary, file};
use crate::scenario::{Copies, Loaded};
use serde::Serialize;
use serde_json::json;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Name of the scorecard as JSON in a result folder.
pub const JSON: &str = "scorecard.json";
/// Name of the page in the documentation, and of its figure.
pub const PAGE: &str = "validation.md";
const PAGE_FIGURE: &str = "validation.svg";
/// Remarks on a page, written by hand into the folder of the documentation; the page takes them up as they are.
pub const REMARKS: &str = "validation_remarks.md";
/// Name of the user's own table of facts in a result folder.
pub const FACTS: &str = "facts.csv";
/// Half widths of a band from which a median is said to move.
const MOVED: f64 = 0.5;

crate::table! {
    /// One row per checked number, or per part of a pattern: what was published, what was simulated.
    pub struct ScoreRow in "scorecard" {
        /// The fact, such as C3.
        fact: &'static str, "";
        /// Number of the row in the table of facts, from 1.
        row: u16, "";
        /// What is checked.
        label: &'static str, "";
        /// Whom it is about.
        population: &'static str, "";
        /// The homes it is judged for, by code or bloc; empty for all.
        home: &'static str, "";
        /// The statistic.
        statistic: &'static str, "";
        /// The part of the statistic.
        part: &'static str, "";
        /// Smallest value accepted; missing for a pattern.
        band_low: Option<f64>, "as the statistic";
        /// Largest value accepted; missing for a pattern.
        band_high: Option<f64>, "as the statistic";
        /// The pattern asked for; missing for a band.
        pattern: Option<&'static str>, "";
        /// Median over seeds.
        median: Option<f64>, "as the statistic";
        /// Smallest over seeds.
        lowest: Option<f64>, "as the statistic";
        /// Largest over seeds.
        highest: Option<f64>, "as the statistic";
        /// Share of seeds in the band, or in which the pattern holds.
        share: Option<f64>, "1";
        /// pass, fail, unmeasured, or context for what was published for other homes.
        verdict: &'static str, "";
        /// Median of random shipments; missing where they have nothing to say.
        null_median: Option<f64>, "as the statistic";
        /// Whether random shipments pass; missing where they have nothing to say.
        null_passes: Option<bool>, "";
        /// Published values with their places.
        published: &'static str, "";
        /// R read in the source, R-own computed from its data, K+ recalled and to be checked again, judgment.
        evidence: &'static str, "";
        /// Works and institutions.
        source: &'static str, "";
    }
}

crate::table! {
    /// One row per number measured: every seed, the simulation and its null model.
    pub struct SeedRow in "seeds" {
        /// Replicate, from 0.
        replicate: u32, "";
        /// Number of the row in the table of facts, from 1.
        row: u16, "";
        /// The fact, such as C3.
        fact: &'static str, "";
        /// The part of the statistic.
        part: &'static str, "";
        /// Whether it is the null model of random shipments.
        null: bool, "";
        /// The value; missing where it could not be measured.
        value: Option<f64>, "as the statistic";
    }
}

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Request {
    pub facts: Vec<Fact>,
    pub table: FactTable,
    /// The result folder itself.
    pub target: PathBuf,
    /// Replace a result that is there?
    pub force: bool,
    /// Threads used; goes into the manifest.
    pub threads: u32,
    /// Folder of the documentation whose page is to be written, unless the run is interrupted.
    pub docs: Option<PathBuf>,
    /// Remarks that the page takes up.
    pub remarks: Option<String>,
    /// The command that was given, for the page.
    pub command: String,
    /// How the figure is drawn.
    pub look: Look,
}

/// The table that facts come from.
#[derive(Clone, Debug)]
pub struct FactTable {
    /// Its name, and the hash of its contents.
    pub input: Input,
    /// The text of a table of the user's own.
    pub own: Option<String>,
    /// What is odd about it.
    pub told: Vec<Fault>,
}

/// Another scenario that is measured beside the one validated, so that the page can say what moves.
#[derive(Debug)]
pub struct Beside {
    pub plan: Plan,
    pub loaded: Loaded,
}

/// The remarks written by hand for the page of a folder of documentation, if there are any.
pub fn remarks(docs: &Path) -> Option<String> {
    std::fs::read_to_string(docs.join(REMARKS)).ok()
}

/// What was measured beside.
struct Other<'a> {
    beside: &'a Beside,
    card: Scorecard,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Done {
    pub folder: PathBuf,
    /// Files of the user that were in a result replaced, and are in this one now.
    pub kept: Vec<PathBuf>,
    pub card: Scorecard,
    pub manifest: Manifest,
    /// The scorecard as JSON.
    pub json: String,
}

/// The folder a validation belongs into.
///
/// # Errors
/// A file cannot be read any more.
pub fn target(plan: &Plan, loaded: &Loaded, request: (&FactTable, &[Beside])) -> Result<PathBuf, Error> {
    let id = folder::short_id(&[
        "validation",
        &basis(plan, loaded, request.0, request.1)?.hash(),
        &plan.scenario.run.replicates.to_string(),
    ]);
    Ok(folder::place(Path::new(&plan.scenario.output.folder), &format!("{}-validation", plan.name), &id))
}

fn basis(plan: &Plan, loaded: &Loaded, table: &FactTable, beside: &[Beside]) -> Result<Basis, Error> {
    let mut inputs = again::inputs_of(plan, loaded)?;
    inputs.push(table.input.clone());
    for beside in beside {
        inputs.push(Input { name: beside.plan.name.clone(), blake3: beside.loaded.hash() });
        let own = again::inputs_of(&beside.plan, &beside.loaded)?;
        inputs.extend(own.into_iter().filter(|input| !inputs.contains(input)).collect::<Vec<_>>());
    }
    Ok(Basis::new(loaded.hash(), plan.scenario.run.seed, inputs))
}

/// Scores a population and writes everything about it. Nothing is left behind when it fails.
///
/// # Errors
/// The folder is taken or cannot be written, or a replicate broke down.
pub fn produce(
    plan: &Plan,
    loaded: &Loaded,
    request: &Request,
    beside: &[Beside],
    interrupt: &AtomicBool,
    watch: &(dyn Fn(u32, i32) + Sync),
) -> Result<Done, Error> {
    let basis = basis(plan, loaded, &request.table, beside)?;
    let folder = Folder::create(&request.target, request.force, &basis)?;
    let clock = Stopwatch::start();
    let mut copies = Copies::default();
    let resolved = loaded.standalone(&mut copies, "");
    let card = scorecard(plan, &request.facts, interrupt, watch)?;
    let own: Vec<Fact> = request.facts.iter().filter(|fact| fact.homes == Homes::Own).cloned().collect();
    let mut others = Vec::new();
    for beside in beside {
        others.push(Other { beside, card: scorecard(&beside.plan, &own, interrupt, watch)? });
    }
    let interrupted = card.interrupted || others.iter().any(|other| other.card.interrupted);
    let page = |figure| page(plan, loaded, request, &card, (&others, request.remarks.as_deref()), figure);
    let json = json(plan, loaded, request, &card);
    let mut outputs = tables(folder.path(), &card, &metadata(plan, loaded, request))?;
    let mut keep = |name: &str, content: &str, meaning: &str| -> Result<(), Error> {
        let stored = file::write(&folder.path().join(name), content.as_bytes())?;
        outputs.push(Output::file(folder.path(), &stored, meaning));
        Ok(())
    };
    keep(JSON, &json, "The scorecard, every seed included.")?;
    keep("dictionary.md", &dictionary::markdown(&declarations()), "Every column of every table: meaning, unit.")?;
    keep("scenario.toml", &resolved, "The scenario with every value in force.")?;
    if let Some(own) = &request.table.own {
        keep(FACTS, own, "The table of facts.")?;
    }
    for (n, beside) in beside.iter().enumerate() {
        let resolved = beside.loaded.standalone(&mut copies, "");
        keep(&beside_name(n), &resolved, "A scenario measured beside, with every value in force.")?;
    }
    if let Some(remarks) = &request.remarks {
        keep(REMARKS, remarks, "Remarks that the page takes up.")?;
    }
    keep(PAGE, &page("figures/scorecard.svg"), "The scorecard for readers.")?;
    let mut read = plan.inputs()?;
    for beside in beside {
        read.extend(beside.plan.inputs()?);
    }
    outputs.extend(Output::copies(folder.path(), &copies, &read)?);
    let (picture, caption) = (picture(&card), caption(plan, &card));
    let drawn = draw(&picture, &caption, &request.look, &folder.path().join("figures"))?;
    outputs.extend(drawn.outputs(folder.path()));
    if let Some(docs) = request.docs.as_ref().filter(|_| !interrupted) {
        std::fs::create_dir_all(docs).map_err(|error| Error::io("create", docs, error))?;
        file::write(&docs.join(PAGE_FIGURE), inline(&picture, &caption).svg.as_bytes())?;
        file::write(&docs.join(PAGE), page(PAGE_FIGURE).as_bytes())?;
    }
    let manifest = Manifest {
        program: Program::this(),
        schema: SCHEMA,
        state: if interrupted { State::Interrupted } else { State::Completed },
        asked: Some(Asked {
            verb: Verb::Validate,
            options: json!({
                "command": request.command, "facts": request.table.input.name,
                "look": again::look(&request.look),
                "beside": beside.iter().map(|beside| beside.plan.name.as_str()).collect::<Vec<_>>(),
            }),
        }),
        scenario: Scenario {
            name: plan.name.clone(),
            hash: loaded.hash(),
            files: loaded.files.iter().map(|file| file.display().to_string()).collect(),
            resolved,
        },
        seed: plan.scenario.run.seed as u64,
        replicates: plan.scenario.run.replicates,
        assumptions: Vec::new(),
        inputs: basis.inputs,
        outputs,
        check: String::new(),
        run: clock.run(request.threads, card.steps),
    };
    let Finished { folder, kept } = folder.finish(&manifest)?;
    Ok(Done { folder, kept, card, manifest, json })
}

fn declarations() -> Vec<Declared> {
    vec![declared::<ScoreRow>(), declared::<SeedRow>()]
}

fn metadata(plan: &Plan, loaded: &Loaded, request: &Request) -> Vec<(String, String)> {
    let run = &plan.scenario.run;
    [
        ("program", format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))),
        ("scenario", plan.name.clone()),
        ("scenario_hash", loaded.hash()),
        ("facts", request.table.input.name.clone()),
        ("facts_hash", request.table.input.blake3.clone()),
        ("seed", run.seed.to_string()),
        ("replicates", run.replicates.to_string()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .to_vec()
}

fn tables(folder: &Path, card: &Scorecard, metadata: &[(String, String)]) -> Result<Vec<Output>, Error> {
    let mut scores = Table::create(folder.join("scorecard.parquet"), metadata, false)?;
    let mut seeds = Table::create(folder.join("seeds.parquet"), metadata, false)?;
    for (number, row) in card.rows.iter().enumerate() {
        scores.extend(score_rows(number, row))?;
        seeds.extend(seed_rows(number, row))?;
    }
    let written = [scores.finish()?, seeds.finish()?].concat();
    Ok(written.iter().map(|written| Output::table(folder, written)).collect())
}

fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

fn score_rows(number: usize, row: &Scored) -> impl Iterator<Item = ScoreRow> + '_ {
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

fn seed_rows(number: usize, row: &Scored) -> impl Iterator<Item = SeedRow> + '_ {
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

/// Published values in words: `Brazil 0.39; Mexico 0.71`.
fn published(fact: &Fact) -> String {
    let values: Vec<String> = fact
        .published
        .iter()
        .map(|known| format!("{} {}", known.label, plain(known.value)).trim().to_owned())
        .collect();
    values.join("; ")
}

#[derive(Serialize)]
struct RowJson<'a> {
    fact: &'a str,
    label: &'a str,
    population: &'a str,
    homes: &'a str,
    /// The homes it is judged for; none for all.
    published_for: &'a [String],
    statistic: &'a str,
    options: &'a crate::observe::statistic::Options,
    parts: &'a [String],
    published: Vec<(&'a str, f64)>,
    band: Option<(f64, f64)>,
    pattern: Option<&'a str>,
    /// Distance of the median from the middle of the band in half widths.
    deviation: Option<f64>,
    simulated: &'a Values,
    null: &'a Values,
    reason: &'a str,
    evidence: &'a str,
    source: &'a str,
    note: &'a str,
}

fn json(plan: &Plan, loaded: &Loaded, request: &Request, card: &Scorecard) -> String {
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

fn picture(card: &Scorecard) -> figure::Input {
    let rows = card.rows.iter().map(|row| {
        let values = &row.simulated;
        let measured = row.reason.is_empty();
        figure::Row {
            id: row.fact.id.clone(),
            label: row.fact.label.clone(),
            band: row.fact.band.filter(|_| measured),
            published: row.fact.published.iter().map(|known| known.value).collect(),
            simulated: [values.low[0], values.median[0], values.high[0]],
            null: if row.null.verdict == Verdict::Silent { f64::NAN } else { row.null.median[0] },
            passes: (measured && values.verdict != Verdict::Context).then_some(values.verdict == Verdict::Pass),
            context: values.verdict == Verdict::Context,
            words: if measured { pattern_words(row) } else { row.reason.clone() },
        }
    });
    figure::Input { rows: rows.collect(), passed: card.passed() }
}

/// Whether a pattern holds, with the medians of its parts.
fn pattern_words(row: &Scored) -> String {
    let word = row.fact.pattern.map_or("", |pattern| pattern.word());
    let medians: Vec<String> = row.simulated.median.iter().map(|value| plain(*value)).collect();
    format!("{word} in {:.0} % of seeds: {}", 100.0 * row.simulated.share, medians.join(", "))
}

fn caption(plan: &Plan, card: &Scorecard) -> Caption {
    let draft = if card.seeds < ENOUGH_SEEDS {
        format!("DRAFT: the rule asks for {ENOUGH_SEEDS} seeds")
    } else {
        String::new()
    };
    Caption {
        n: u64::from(card.seeds),
        of: "seeds".to_owned(),
        scenario: plan.name.clone(),
        seed: plan.scenario.run.seed as u64,
        note: draft,
        method: String::new(),
    }
}

/// The page about a scorecard, for a reader who doubts it.
fn page(
    plan: &Plan,
    loaded: &Loaded,
    request: &Request,
    card: &Scorecard,
    (others, remarks): (&[Other], Option<&str>),
    figure: &str,
) -> String {
    let (passed, all) = card.passed();
    let run = &plan.scenario.run;
    let mut page = String::from("# Validation\n\n");
    // Writing to a String cannot fail.
    let _ = write!(
        page,
        "**{passed} of {all} facts pass** over {} seeds. This page is written by\n\n    {}\n\nand by nothing else: the \
         same program gives the same page, on any number of threads.\n\n",
        card.seeds, request.command
    );
    if card.seeds < ENOUGH_SEEDS {
        let _ = write!(page, "**Draft**: the rule of scoring asks for {ENOUGH_SEEDS} seeds.\n\n");
    }
    let homes = listed(&plan.homes.iter().map(|home| home.iso3.clone()).collect::<Vec<_>>());
    let _ = write!(
        page,
        "| | |\n|---|---|\n| program | {} {} |\n| scenario | {}, hash `{}` |\n| firms | {} in {homes} |\n| years | {} to {}, \
         after {} of burn-in |\n| markets | {} |\n| seeds | {}, from {} |\n| facts | `{}`, hash `{}` |\n\n",
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION"),
        plan.name,
        &loaded.hash()[..16],
        plan.scenario.population.firms,
        run.start,
        run.start + i64::from(run.years) - 1,
        run.burn_in,
        plan.world.countries.len(),
        card.seeds,
        run.seed,
        request.table.input.name,
        &request.table.input.blake3[..16],
    );
    let _ = write!(page, "![{}]({figure})\n\n", picture_alt(card));
    page.push_str(RULES);
    verdicts(&mut page, card);
    failures(&mut page, card);
    unsteady(&mut page, card);
    if !others.is_empty() {
        moves(&mut page, plan, card, others);
    }
    if let Some(remarks) = remarks {
        let _ = write!(page, "{}\n\n", remarks.trim());
    }
    numbers(&mut page, card);
    statistics(&mut page, card);
    page.push_str(LIMITS);
    page
}

fn picture_alt(card: &Scorecard) -> String {
    let (passed, all) = card.passed();
    format!("Scorecard: {passed} of {all} facts pass; bands, published values and simulated ranges row by row")
}

const RULES: &str = "\
## How a fact is scored

A row of the table of facts is one number with a band, or a pattern of several numbers. A number passes when its median
over the seeds lies in the band; a pattern passes when it holds in at least 80 % of the seeds; a fact passes when all of
its rows do. A row that cannot be measured is never counted as passed. The bands were fixed before the defaults were
calibrated. A row belongs to the homes it was published for: EU, OECD or a single country; for any other home it is
*context*, shown and not judged. Rows without such a word were published for developing economies, or for both kinds,
and are judged for every home. A median in its band may be luck: numbers of passing facts that lie inside their band
in fewer than 80 % of the seeds are named below.

Populations: ALL, every firm; SME, below 250 employees; 10+, ten employees or more; MFG10, the same where the source is
a census of manufacturing plants; CUS, every exporter that customs see. A firm exports to a market in a year if it sells
at least US$ 1,000 there (`population.report_usd`). An entrant did not export (there) in the year before; the first
year of the panel has no entrants. The model runs in quarters, so a first calendar year is as partial as in the
sources. Regressions are those of the sources, with their fixed effects.

**The null model.** The same number of orders, each of the average size, thrown like balls into bins of firms and
markets with the same sizes (Armenter & Koren 2014). It knows sizes and chance and nothing else. A fact that it passes
too is *weak evidence*: sizes alone suffice for it.

";

fn verdicts(page: &mut String, card: &Scorecard) {
    page.push_str("## Verdicts\n\n| fact | simulation | random shipments | of rows they pass |\n|---|---|---|---|\n");
    for (id, simulated, null) in card.facts() {
        let rows: Vec<Verdict> = card.rows.iter().filter(|row| row.fact.id == id).map(|row| row.null.verdict).collect();
        let passed = rows.iter().filter(|verdict| **verdict == Verdict::Pass).count();
        let paired = card.rows.iter().any(|row| row.fact.id == id && row.fact.statistic.is_paired());
        let weight = match (simulated, null) {
            (_, Verdict::Silent) if paired => "no random shipments: they know no changes".to_owned(),
            (_, Verdict::Silent) => "no random shipments: not about exports".to_owned(),
            (Verdict::Pass, Verdict::Pass) => format!("{passed} of {}: weak evidence", rows.len()),
            _ => format!("{passed} of {}", rows.len()),
        };
        let _ = writeln!(page, "| {id} | {} | {} | {weight} |", simulated.word(), null.word());
    }
    page.push('\n');
}

/// What does not fit, by how much, and what is known of the reason.
fn failures(page: &mut String, card: &Scorecard) {
    page.push_str("## What does not fit\n\n");
    let amiss = |row: &&Scored| !matches!(row.simulated.verdict, Verdict::Pass | Verdict::Context);
    let amiss: Vec<&Scored> = card.rows.iter().filter(amiss).collect();
    if amiss.is_empty() {
        page.push_str("Every row passes. What the comparison cannot show stands in the last section.\n\n");
        return;
    }
    for row in amiss {
        let fact = &row.fact;
        let _ = write!(page, "- **{} {}** ", fact.id, fact.label);
        match (row.simulated.verdict, fact.band) {
            (Verdict::Unmeasured, _) => {
                let _ = write!(page, "could not be measured: {}.", row.reason);
            }
            (_, Some((low, high))) => {
                let median = row.simulated.median[0];
                let side = if median < low { "below" } else { "above" };
                let edge = if median < low { low - median } else { median - high };
                let _ = write!(
                    page,
                    "is {} {side} its band of {} to {}: median {}, {:.0} % of the band's width outside; {:.0} % of seeds are inside.",
                    plain(edge),
                    plain(low),
                    plain(high),
                    plain(median),
                    100.0 * edge / (high - low),
                    100.0 * row.simulated.share
                );
            }
            (_, None) => {
                let _ = write!(page, "is {}; it has to be in {:.0} %.", pattern_words(row), 100.0 * PATTERN_SHARE);
            }
        }
        if !fact.note.is_empty() && row.simulated.verdict != Verdict::Unmeasured {
            let _ = write!(page, " Note: {}.", fact.note);
        }
        page.push('\n');
    }
    page.push('\n');
}

/// Numbers of passing facts that chance takes out of their band in more seeds than a pattern may fail in.
fn unsteady(page: &mut String, card: &Scorecard) {
    let facts = card.facts();
    let passes = |row: &&Scored| {
        let fact = facts.iter().find(|fact| fact.0 == row.fact.id).expect("every row belongs to a fact");
        fact.1 == Verdict::Pass && row.simulated.verdict == Verdict::Pass
    };
    let outside: Vec<&Scored> =
        card.rows.iter().filter(passes).filter(|row| row.simulated.share < PATTERN_SHARE).collect();
    page.push_str("## What is inside its band in too few seeds\n\n");
    if outside.is_empty() {
        let _ = write!(
            page,
            "Nothing: every number of a passing fact is inside its band in at least {:.0} % of the seeds.\n\n",
            100.0 * PATTERN_SHARE
        );
        return;
    }
    let _ = write!(
        page,
        "These numbers of passing facts have their median in the band and are inside it in fewer than {:.0} % of the \
         seeds: of one more population nobody could say that it will be.\n\n| fact | number | band | median [range] | in band |\n\
         |---|---|---|---|---|\n",
        100.0 * PATTERN_SHARE
    );
    for row in outside {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} |",
            row.fact.id,
            row.fact.label,
            band_words(&row.fact),
            values_words(&row.simulated),
            share_words(&row.simulated)
        );
    }
    page.push('\n');
}

/// What moves when the country changes and nothing else.
fn moves(page: &mut String, plan: &Plan, card: &Scorecard, others: &[Other]) {
    let names: Vec<String> = others.iter().map(|other| other.beside.plan.name.clone()).collect();
    let _ = write!(
        page,
        "## Other countries\n\nThe same model with the same parameters, in the scenarios {}: home, years, number of firms and markets \
         differ, no mechanism does. A fact is judged for the homes it was published for; what was published for others is context. \
         A failure here is information, not a fault.\n\n| scenario | firms | years | markets | facts of its own that pass |\n|---|---|---|---|---|\n",
        listed(&names)
    );
    let line = |page: &mut String, plan: &Plan, passed: (usize, usize)| {
        let run = &plan.scenario.run;
        let homes = listed(&plan.homes.iter().map(|home| home.iso3.clone()).collect::<Vec<_>>());
        let _ = writeln!(
            page,
            "| {} | {} in {homes} | {} to {} | {} | {} of {} |",
            plan.name,
            plan.scenario.population.firms,
            run.start,
            run.start + i64::from(run.years) - 1,
            plan.world.countries.len(),
            passed.0,
            passed.1
        );
    };
    let own = |card: &Scorecard| {
        let alone = |id: &str| card.rows.iter().all(|row| row.fact.id != id || row.fact.homes == Homes::Own);
        let facts: Vec<Verdict> = card.facts().into_iter().filter(|fact| alone(fact.0)).map(|fact| fact.1).collect();
        let count = |of: &dyn Fn(Verdict) -> bool| facts.iter().filter(|verdict| of(**verdict)).count();
        (count(&|verdict| verdict == Verdict::Pass), count(&|verdict| verdict != Verdict::Context))
    };
    line(page, plan, own(card));
    for other in others {
        line(page, &other.beside.plan, own(&other.card));
    }
    for other in others {
        let ids = |context: bool| {
            let facts = other.card.facts();
            let of = facts.iter().filter(|fact| (fact.1 == Verdict::Context) == context).map(|fact| fact.0.to_owned());
            listed(&of.collect::<Vec<_>>())
        };
        let _ = write!(page, "\nIn {}, {} are judged", other.beside.plan.name, ids(false));
        let context = ids(true);
        let _ = if context.is_empty() { writeln!(page, ".") } else { writeln!(page, "; {context} are context.") };
    }
    let heads: String = names.iter().map(|name| format!(" {name} |")).collect();
    let _ = write!(
        page,
        "\nRows that change their verdict, or whose median moves by more than {MOVED} half widths of the band:\n\n\
         | fact | number | band | {} |{heads}\n|---|---|---|---|{}\n",
        plan.name,
        "---|".repeat(others.len())
    );
    let mut still = 0;
    for row in card.rows.iter().filter(|row| row.fact.homes == Homes::Own) {
        let twins: Vec<&Scored> = others
            .iter()
            .filter_map(|other| {
                other.card.rows.iter().find(|twin| (&twin.fact.id, &twin.fact.label) == (&row.fact.id, &row.fact.label))
            })
            .collect();
        let moved = |twin: &&Scored| {
            twin.simulated.verdict != row.simulated.verdict
                || matches!((twin.deviation(), row.deviation()), (Some(a), Some(b)) if (a - b).abs() > MOVED)
        };
        if row.simulated.verdict == Verdict::Unmeasured || !twins.iter().any(moved) {
            still += usize::from(row.simulated.verdict != Verdict::Unmeasured);
            continue;
        }
        let told = |row: &Scored| match (row.simulated.verdict, row.fact.band) {
            (Verdict::Unmeasured, _) => "not measurable".to_owned(),
            (verdict, _) if !is_measured(&row.simulated) => verdict.word().to_owned(),
            (verdict, Some(_)) => format!("{} {}", plain(row.simulated.median[0]), verdict.word()),
            (verdict, None) => format!("{} {}", share_words(&row.simulated), verdict.word()),
        };
        let cells: String = twins.iter().map(|twin| format!(" {} |", told(twin))).collect();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |{cells}",
            row.fact.id,
            row.fact.label,
            band_words(&row.fact),
            told(row)
        );
    }
    let _ = write!(page, "\n{still} other rows stay where they are.\n\n");
}

fn numbers(page: &mut String, card: &Scorecard) {
    page.push_str(
        "## Every number\n\n*For*: the homes that a row is judged for. *In band*: share of seeds inside the band, or in which the pattern holds. Evidence: R read in \
         the source, R-own computed from its data, K+ recalled and to be checked again before it is cited.\n\n\
         | fact | number | population | for | published | band | median [range] | in band | verdict | null |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in &card.rows {
        let fact = &row.fact;
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            fact.id,
            fact.label,
            fact.population.word(),
            if fact.published_for.is_empty() { "any".to_owned() } else { fact.published_for.join(", ") },
            published(fact),
            band_words(fact),
            values_words(&row.simulated),
            share_words(&row.simulated),
            row.simulated.verdict.word(),
            match row.null.verdict {
                Verdict::Silent => "–".to_owned(),
                verdict => format!("{} {}", medians_words(&row.null), verdict.word()),
            },
        );
    }
    page.push_str("\nSources:\n\n");
    let mut last = ("", "");
    for row in &card.rows {
        let fact = &row.fact;
        if (fact.id.as_str(), fact.source.as_str()) != last {
            let _ = writeln!(page, "- {} ({}): {}.", fact.id, fact.evidence, fact.source.trim_end_matches('.'));
        }
        last = (&fact.id, &fact.source);
    }
    page.push('\n');
}

/// How each statistic is measured, with what the table notes about single rows.
fn statistics(page: &mut String, card: &Scorecard) {
    page.push_str("## How it is measured\n\n");
    let mut told: Vec<&str> = Vec::new();
    for row in &card.rows {
        let statistic = row.fact.statistic;
        if told.contains(&statistic.name) {
            continue;
        }
        told.push(statistic.name);
        let mut ids: Vec<&str> = card
            .rows
            .iter()
            .filter(|row| row.fact.statistic.name == statistic.name)
            .map(|row| row.fact.id.as_str())
            .collect();
        ids.dedup();
        let _ = writeln!(page, "- `{}` ({}): {}.", statistic.name, ids.join(", "), statistic.about);
    }
    page.push_str("\nNotes on single rows:\n\n");
    let mut last = "";
    for row in card.rows.iter().filter(|row| !row.fact.note.is_empty()) {
        if row.fact.note != last {
            let _ = writeln!(page, "- {} {}: {}.", row.fact.id, row.fact.label, row.fact.note);
        }
        last = &row.fact.note;
    }
    if card.rows.iter().any(|row| row.fact.homes == Homes::Many) {
        let _ = writeln!(
            page,
            "\nFacts about bilateral trade are measured on a companion: the same scenario with {FIRMS_PER_HOME} firms in each \
             of {} homes, the members of the European Union, all their exports of all years together. A scenario with ten \
             homes or more serves itself.",
            MANY_HOMES.len()
        );
    }
    if card.rows.iter().any(|row| row.fact.statistic.is_paired()) {
        page.push_str(
            "\nFacts about what a change causes are measured on pairs of runs: the same scenario and seed with the change and \
             without it. Both share every random number that the change does not touch. Random shipments know no changes, \
             so that these facts have no null model.\n",
        );
    }
    page.push('\n');
}

const LIMITS: &str = "\
## What this cannot show

- The facts come from different countries, years and kinds of firms; no one population should meet all of them exactly.
  A band says what would be plausible, not what is true of the home simulated.
- The defaults were chosen with these facts in view. That they pass is a check of the model's ability, not a
  prediction; facts that were not used for calibration would be one.
- Passing says that *some* mechanism of this strength reproduces a number, not that it is the mechanism at work.
- A firm that dies within a year leaves no record of that year; customs would have its last shipments.
- The model tells goods from services as little as manufacturers from others. Firms are capped in size at birth, so what
  the few giants of a country do is missing.
- Published values marked K+ are from memory of the published tables.
";

fn band_words(fact: &Fact) -> String {
    match (fact.band, fact.pattern) {
        (Some((low, high)), _) => beside([low, high]).join(" to "),
        (None, Some(pattern)) => pattern.word().to_owned(),
        (None, None) => String::new(),
    }
}

fn medians_words(values: &Values) -> String {
    let medians: Vec<String> = values.median.iter().map(|value| plain(*value)).collect();
    medians.join(", ")
}

/// Context may be without a value, too.
fn is_measured(values: &Values) -> bool {
    values.verdict != Verdict::Unmeasured && values.median.iter().all(|value| value.is_finite())
}

fn values_words(values: &Values) -> String {
    match values.median.as_slice() {
        _ if !is_measured(values) => "–".to_owned(),
        [median] => {
            let [median, low, high] = beside([*median, values.low[0], values.high[0]]);
            format!("{median} [{low}, {high}]")
        }
        _ => medians_words(values),
    }
}

fn share_words(values: &Values) -> String {
    if !is_measured(values) { "–".to_owned() } else { format!("{:.0} %", 100.0 * values.share) }
}

/// One line of the scorecard for a terminal: fact, number, published, band, simulated, share in band, verdict, null.
pub fn terminal_rows(card: &Scorecard) -> Vec<[String; 8]> {
    let short = |fact: &Fact| {
        let span = |pick: fn(f64, f64) -> f64| fact.published.iter().map(|known| known.value).reduce(pick);
        match (span(f64::min), span(f64::max)) {
            (Some(low), Some(high)) if low < high => beside([low, high]).join(" … "),
            (Some(one), _) => plain(one),
            _ => "–".to_owned(),
        }
    };
    let line = |row: &Scored| {
        [
            row.fact.id.clone(),
            row.fact.label.clone(),
            short(&row.fact),
            band_words(&row.fact),
            values_words(&row.simulated),
            share_words(&row.simulated),
            row.simulated.verdict.word().to_owned(),
            row.null.verdict.word().to_owned(),
        ]
    };
    card.rows.iter().map(line).collect()
}

/// Facts for a request: the project's own table, or a user's.
///
/// # Errors
/// Every fault in the user's table.
pub fn facts(table: Option<&Path>) -> Result<(Vec<Fact>, FactTable), Error> {
    let Some(path) = table else {
        let input = Input { name: fact::TABLE.to_owned(), blake3: fact::hash() };
        return Ok((fact::facts(), FactTable { input, own: None, told: Vec::new() }));
    };
    let fact::Own { facts, text, hash, told } = fact::load(path)?;
    let input = Input { name: path.display().to_string(), blake3: hash };
    Ok((facts, FactTable { input, own: Some(text), told }))
}

/// The name under which a result keeps the n-th scenario measured beside.
pub fn beside_name(n: usize) -> String {
    format!("beside-{}.toml", n + 1)
}

/// Simulated years that a request takes.
pub fn years(plan: &Plan, facts: &[Fact], beside: &[Beside]) -> u64 {
    let own = |beside: &Beside| {
        let run = &beside.plan.scenario.run;
        u64::from(run.replicates) * u64::from(run.years)
    };
    validate::years(plan, facts) + beside.iter().map(own).sum::<u64>()
}
