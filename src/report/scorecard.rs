//! The scorecard of a population as files: tables, JSON, a figure, and the page of the documentation.

mod page;
mod record;

use crate::error::{Error, Fault};
use crate::experiment::Plan;
use crate::experiment::basis::Basis;
use crate::experiment::fact::{self, Fact, Homes};
use crate::experiment::validate::{ENOUGH_SEEDS, Scorecard, Scored, Verdict};
use crate::experiment::{validate, validate::scorecard};
use crate::report::again;
use crate::report::figure::style::{beside, plain};
use crate::report::figure::{Caption, Look, draw, fact as figure, inline};
use crate::report::folder::{self, Finished, Folder};
use crate::report::manifest::{Asked, Input, Manifest, Output, Program, SCHEMA, Scenario, State, Stopwatch, Verb};
use crate::report::table::{Declared, Table, declared};
use crate::report::{dictionary, file};
use crate::scenario::{Copies, Loaded};
use page::{band_words, page, share_words, values_words};
use record::{json, published, score_rows, seed_rows};
use serde_json::json;
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
        asked: Some(asked(request, beside)),
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

/// What was asked, for the manifest.
fn asked(request: &Request, beside: &[Beside]) -> Asked {
    let options = json!({
        "command": request.command, "facts": request.table.input.name,
        "look": again::look(&request.look),
        "beside": beside.iter().map(|beside| beside.plan.name.as_str()).collect::<Vec<_>>(),
    });
    Asked { verb: Verb::Validate, options }
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
