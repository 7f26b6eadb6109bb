//! The result of a scenario: runs it and writes tables, summary, figures, dictionary and manifest into a folder.

use crate::economy::accounts::Sum;
use crate::engine::YearTotals;
use crate::error::Error;
use crate::experiment::basis::Basis;
use crate::experiment::{Plan, replicates};
use crate::report::again;
use crate::report::dictionary;
use crate::report::fact;
use crate::report::figure::{FIGURES, Look};
use crate::report::file;
use crate::report::folder::{self, Finished, Folder};
use crate::report::gallery::Gallery;
use crate::report::graph::{self, Graphs};
use crate::report::manifest::{Asked, Input, Manifest, Output, Program, SCHEMA, Scenario, State, Stopwatch, Verb};
use crate::report::record::{Recorder, Tables, Watch, notes};
use crate::report::rows;
use crate::scenario::{Copies, Loaded};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

/// Name of the summary in a result folder.
pub const SUMMARY: &str = "summary.json";

/// Headline results: means over replicates of the last observed year, and trajectories over the whole run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    pub scenario: String,
    pub seed: u64,
    pub replicates: u32,
    /// The last calendar year complete in all replicates.
    pub year: i32,
    pub homes: Vec<HomeSummary>,
    /// Share of all firms that lived in the observed years, by onset label.
    pub trajectories: Vec<(String, f64)>,
    /// Firms those shares are taken over.
    pub lives: u64,
}

/// One home country in the last year; money in US$.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HomeSummary {
    pub home: String,
    pub firms: f64,
    pub exporters: f64,
    pub exporter_share: f64,
    /// Smallest and largest exporter share among replicates.
    pub exporter_share_range: [f64; 2],
    pub markets_per_exporter: Option<f64>,
    /// Mean share of foreign in total sales of exporters.
    pub mean_fsts: Option<f64>,
    pub sns_share: f64,
    pub exports_usd: f64,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Done {
    pub folder: PathBuf,
    /// Files of the user that were in a result replaced, and are in this one now.
    pub kept: Vec<PathBuf>,
    pub manifest: Manifest,
    pub summary: Summary,
    pub interrupted: bool,
}

/// Where and how a result is written.
#[derive(Clone, Debug)]
pub struct Place {
    /// The result folder itself.
    pub target: PathBuf,
    /// Replace a result that is there?
    pub force: bool,
    /// Threads used; goes into the manifest.
    pub threads: u32,
}

/// The folder a scenario's result belongs into: `<output.folder>/<name>-<id>`; the id is a hash of program version,
/// scenario, seed and the contents of every file read.
///
/// # Errors
/// A file cannot be read any more.
pub fn target(plan: &Plan, loaded: &Loaded) -> Result<PathBuf, Error> {
    let id = folder::short_id(&[&basis(plan, loaded)?.hash(), &plan.scenario.run.replicates.to_string()]);
    Ok(folder::place(Path::new(&plan.scenario.output.folder), &plan.name, &id))
}

fn basis(plan: &Plan, loaded: &Loaded) -> Result<Basis, Error> {
    Ok(Basis::new(loaded.hash(), plan.scenario.run.seed, inputs(plan, loaded)?))
}

/// Runs a plan and writes everything it asks for. Nothing is left behind when it fails; after an interruption the
/// folder holds what was complete, and the manifest says so.
///
/// # Errors
/// The folder is taken or cannot be written, or a replicate broke down.
pub fn produce(
    plan: &Plan,
    loaded: &Loaded,
    place: &Place,
    interrupt: &AtomicBool,
    watch: Watch,
) -> Result<Done, Error> {
    Look::of(&plan.scenario.output).check(FIGURES.map(|figure| figure.0))?;
    let basis = basis(plan, loaded)?;
    let folder = Folder::create(&place.target, place.force, &basis)?;
    let clock = Stopwatch::start();
    let output = &plan.scenario.output;
    let metadata = metadata(plan, loaded);
    let mut copies = Copies::default();
    let resolved = loaded.standalone(&mut copies, "");
    let copied = Output::copies(folder.path(), &copies, &plan.inputs()?)?;
    let tables = Mutex::new(Tables::create(folder.path(), output, &metadata)?);
    let gallery = Mutex::new(Gallery::default());
    let totals = Mutex::new(Vec::<Vec<YearTotals>>::new());
    let direct = (!plan.side_by_side()).then_some(&tables);
    let dates = output.graph_dates(&plan.scenario.run).map_err(Error::Asked)?;
    let graphs = Graphs::create(folder.path(), dates, output.graph_sources)?;
    let steps = Mutex::new(0_u64);
    let whole = replicates(
        plan,
        notes(output),
        interrupt,
        |replicate| {
            Recorder::new(replicate, output, direct, watch).with_graphs(graphs.as_ref().filter(|_| replicate == 0))
        },
        |_, model, mut recorder, outcome| {
            recorder.end(&outcome.economy)?;
            let mut tables = tables.lock().unwrap_or_else(PoisonError::into_inner);
            tables.take(&mut recorder.rows)?;
            *steps.lock().unwrap_or_else(PoisonError::into_inner) +=
                outcome.economy.len() as u64 * u64::from(outcome.quarters);
            let mut gallery = gallery.lock().unwrap_or_else(PoisonError::into_inner);
            gallery.absorb(model, &outcome, &recorder.classes, &recorder.last_year);
            totals.lock().unwrap_or_else(PoisonError::into_inner).push(outcome.years);
            Ok(())
        },
    )?;
    let unwrap = |poisoned: PoisonError<_>| poisoned.into_inner();
    let written = tables.into_inner().unwrap_or_else(PoisonError::into_inner).finish()?;
    let gallery = gallery.into_inner().unwrap_or_else(PoisonError::into_inner);
    let totals = totals.into_inner().unwrap_or_else(unwrap);
    let interrupted = whole < plan.scenario.run.replicates;
    let summary = summarise(plan, &totals, &gallery);
    let mut outputs: Vec<Output> = written.iter().map(|written| Output::table(folder.path(), written)).collect();
    let mut keep = |name: &str, content: &[u8], meaning: &str| -> Result<(), Error> {
        let stored = file::write(&folder.path().join(name), content)?;
        outputs.push(Output::file(folder.path(), &stored, meaning));
        Ok(())
    };
    let json = serde_json::to_string_pretty(&summary).expect("a summary is plain data") + "\n";
    keep(SUMMARY, json.as_bytes(), "Headline results.")?;
    let mut declared = rows::tables();
    declared.retain(|table| written.iter().any(|file| file.path.file_stem().is_some_and(|stem| stem == table.name)));
    declared.extend(graphs.iter().flat_map(|_| graph::declared()));
    keep("dictionary.md", dictionary::markdown(&declared).as_bytes(), "Every column of every table: meaning, unit.")?;
    keep("scenario.toml", resolved.as_bytes(), "The scenario with every value in force.")?;
    outputs.extend(copied);
    if output.figures {
        let seed = plan.scenario.run.seed as u64;
        for drawn in gallery.draw(&plan.name, seed, &Look::of(output), &folder.path().join("figures"))? {
            outputs.extend(drawn.outputs(folder.path()));
        }
    }
    outputs.extend(graphs.into_iter().flat_map(Graphs::finish));
    let manifest = Manifest {
        program: Program::this(),
        schema: SCHEMA,
        state: if interrupted { State::Interrupted } else { State::Completed },
        asked: Some(Asked { verb: Verb::Run, options: serde_json::Value::Null }),
        scenario: Scenario {
            name: plan.name.clone(),
            hash: loaded.hash(),
            files: loaded.files.iter().map(|file| file.display().to_string()).collect(),
            resolved,
        },
        seed: plan.scenario.run.seed as u64,
        replicates: plan.scenario.run.replicates,
        assumptions: assumptions(plan),
        inputs: basis.inputs,
        outputs,
        check: String::new(),
        run: clock.run(place.threads, steps.into_inner().unwrap_or_else(PoisonError::into_inner)),
    };
    let Finished { folder, kept } = folder.finish(&manifest)?;
    Ok(Done { folder, kept, manifest, summary, interrupted })
}

/// What goes into the footer of every table.
fn metadata(plan: &Plan, loaded: &Loaded) -> Vec<(String, String)> {
    [
        ("program", format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))),
        ("scenario", plan.name.clone()),
        ("scenario_hash", loaded.hash()),
        ("seed", plan.scenario.run.seed.to_string()),
        ("replicates", plan.scenario.run.replicates.to_string()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .to_vec()
}

/// Every table and file that went in, the published figures that are shown beside results among them.
fn inputs(plan: &Plan, loaded: &Loaded) -> Result<Vec<Input>, Error> {
    let (name, text) = fact::SNS_USE;
    let facts = Input { name: name.to_owned(), blake3: blake3::hash(text.as_bytes()).to_hex().to_string() };
    let mut inputs = again::inputs_of(plan, loaded)?;
    inputs.push(facts);
    Ok(inputs)
}

/// Disputed mechanisms that are switched on, in words.
fn assumptions(plan: &Plan) -> Vec<String> {
    let scenario = &plan.scenario;
    let mut said = vec![format!(
        "SNS act on distance by: {}",
        crate::param::Setting::write(&scenario.theory.distance.channel).to_string().replace('"', "")
    )];
    if scenario.theory.demography.obsolescence > 0.0 {
        said.push("firms grow obsolete with age".into());
    }
    if scenario.theory.stage.leapfrog {
        said.push("stages of commitment may be skipped".into());
    }
    let rule = crate::param::Setting::write(&scenario.theory.decision.rule).to_string().replace('"', "");
    said.push(format!("firms decide on contacts by the rule: {rule}"));
    for (name, shock) in scenario.shock.iter().filter(|(_, shock)| shock.on) {
        let kind = crate::param::Setting::write(&shock.kind).to_string().replace('"', "");
        said.push(format!("shock {name}: {kind} {} from {} for {} years", shock.size, shock.start, shock.years));
    }
    said
}

fn summarise(plan: &Plan, totals: &[Vec<YearTotals>], gallery: &Gallery) -> Summary {
    let last = totals.iter().filter_map(|years| years.last().map(|year| year.year)).min().unwrap_or(0);
    let of_home = |home: usize| -> Vec<&YearTotals> {
        totals
            .iter()
            .filter_map(|years| years.iter().find(|year| year.year == last && usize::from(year.home) == home))
            .collect()
    };
    let homes = plan
        .homes
        .iter()
        .enumerate()
        .map(|(h, home)| {
            let years = of_home(h);
            let n = years.len().max(1) as f64;
            let sum = |sum: Sum| years.iter().map(|year| year.sum(sum)).sum::<f64>();
            let ratio = |part: Sum, whole: Sum| (sum(whole) > 0.0).then(|| sum(part) / sum(whole));
            let shares: Vec<f64> = years.iter().map(|year| year.ratio(Sum::Exporters, Sum::Firms)).collect();
            HomeSummary {
                home: home.iso3.clone(),
                firms: sum(Sum::Firms) / n,
                exporters: sum(Sum::Exporters) / n,
                exporter_share: ratio(Sum::Exporters, Sum::Firms).unwrap_or(0.0),
                exporter_share_range: [
                    shares.iter().copied().fold(1.0, f64::min),
                    shares.iter().copied().fold(0.0, f64::max),
                ],
                markets_per_exporter: ratio(Sum::Markets, Sum::Exporters),
                mean_fsts: ratio(Sum::ForeignShare, Sum::Exporters),
                sns_share: ratio(Sum::OnSns, Sum::Firms).unwrap_or(0.0),
                exports_usd: sum(Sum::Exports) / n * f64::from(home.unit_usd),
            }
        })
        .collect();
    let onsets = gallery.onsets();
    let lives: u64 = onsets.iter().map(|(_, count)| count).sum();
    Summary {
        scenario: plan.name.clone(),
        seed: plan.scenario.run.seed as u64,
        replicates: totals.len() as u32,
        year: last,
        homes,
        trajectories: onsets
            .iter()
            .map(|(word, count)| ((*word).to_owned(), *count as f64 / lives.max(1) as f64))
            .collect(),
        lives,
    }
}
