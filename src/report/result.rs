//! The result of a scenario: runs it and writes tables, summary, figures, dictionary and manifest into a folder.

use crate::economy::accounts::Sum;
use crate::engine::model::Model;
use crate::engine::{Outcome, Sink, YearTotals};
use crate::error::Error;
use crate::experiment::basis::Basis;
use crate::experiment::state::History;
use crate::experiment::{Plan, replicates};
use crate::report::again;
use crate::report::dictionary;
use crate::report::fact;
use crate::report::figure::{FIGURES, Look};
use crate::report::file;
use crate::report::folder::{self, Finished, Folder};
use crate::report::gallery::Gallery;
use crate::report::graph::{self, Graphs};
use crate::report::manifest::{Asked, Input, Manifest, Output, Program, Run, SCHEMA, Scenario, State, Stopwatch, Verb};
use crate::report::record::{Recorder, Rows, Tables, Watch, notes};
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
    /// Name of the scenario.
    pub scenario: String,
    /// Its seed.
    pub seed: u64,
    /// Replicates it rests on.
    pub replicates: u32,
    /// The last calendar year complete in all replicates.
    pub year: i32,
    /// The last year, by home country.
    pub homes: Vec<HomeSummary>,
    /// Share of all firms that lived in the observed years, by onset label.
    pub trajectories: Vec<(String, f64)>,
    /// Firms those shares are taken over.
    pub lives: u64,
}

/// One home country in the last year; money in US$.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HomeSummary {
    /// Home country, ISO 3166-1 alpha-3.
    pub home: String,
    /// Firms, mean over replicates; likewise below.
    pub firms: f64,
    /// Firms that export.
    pub exporters: f64,
    /// Share of firms that export.
    pub exporter_share: f64,
    /// Smallest and largest exporter share among replicates.
    pub exporter_share_range: [f64; 2],
    /// Mean number of markets of an exporter.
    pub markets_per_exporter: Option<f64>,
    /// Mean share of foreign in total sales of exporters.
    pub mean_fsts: Option<f64>,
    /// Share of firms that use social networking sites.
    pub sns_share: f64,
    /// Exports of the year, US$.
    pub exports_usd: f64,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Done {
    /// The result folder.
    pub folder: PathBuf,
    /// Files of the user that were in a result replaced, and are in this one now.
    pub kept: Vec<PathBuf>,
    /// What was asked, what went in, what came out.
    pub manifest: Manifest,
    /// Headline results.
    pub summary: Summary,
    /// Was it stopped before all of it was simulated?
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
    let Opened { frame, tables } = open(plan, loaded, place)?;
    let clock = Stopwatch::start();
    let tables = Mutex::new(tables);
    let output = &plan.scenario.output;
    let dates = output.graph_dates(&plan.scenario.run).map_err(Error::Asked)?;
    let graphs = Graphs::create(frame.folder.path(), dates, output.graph_sources)?;
    let direct = (!plan.side_by_side()).then_some(&tables);
    let watched = Watched { graphs: graphs.as_ref(), direct, watch, interrupt };
    let carried = carry_out(plan, &watched, |_, _, recorder, _| {
        tables.lock().unwrap_or_else(PoisonError::into_inner).take(&mut recorder.rows)
    })?;
    let tables = tables.into_inner().unwrap_or_else(PoisonError::into_inner);
    let graphs = graphs.map(Graphs::finish);
    frame.close(plan, loaded, tables, &carried, graphs, || clock.run(place.threads, carried.steps))
}

/// A run carried out: what its summary and its figures rest on.
#[derive(Debug)]
pub struct Carried {
    pub gallery: Gallery,
    /// Observed years of the replicates that are whole, in their order.
    pub totals: Vec<Vec<YearTotals>>,
    /// Firm-quarters simulated.
    pub steps: u64,
    pub interrupted: bool,
}

/// What watches a run, and where its rows go as they come.
pub struct Watched<'a> {
    pub graphs: Option<&'a Graphs>,
    pub direct: Option<&'a Mutex<Tables>>,
    pub watch: Watch<'a>,
    pub interrupt: &'a AtomicBool,
}

/// Carries a plan out; `take` is handed every replicate that ends, in their order: its rows, if they did not go straight
/// to their tables, wait in the recorder.
///
/// # Errors
/// A replicate broke down, or `take` failed.
pub fn carry_out(
    plan: &Plan,
    watched: &Watched,
    mut take: impl FnMut(u32, &Model, &mut Recorder, &Outcome) -> Result<(), Error> + Send,
) -> Result<Carried, Error> {
    let output = &plan.scenario.output;
    let Watched { graphs, direct, watch, interrupt } = *watched;
    let (mut gallery, mut totals, mut steps) = (Gallery::default(), Vec::new(), 0);
    let whole = replicates(
        plan,
        notes(output),
        interrupt,
        |replicate| Recorder::new(replicate, output, direct, watch).with_graphs(graphs.filter(|_| replicate == 0)),
        |replicate, model, mut recorder, outcome| {
            recorder.end(&outcome.economy)?;
            take(replicate, model, &mut recorder, &outcome)?;
            steps += outcome.economy.len() as u64 * u64::from(outcome.quarters);
            gallery.absorb(model, &outcome, &recorder.classes, &recorder.last_year);
            totals.push(outcome.years);
            Ok(())
        },
    )?;
    Ok(Carried { gallery, totals, steps, interrupted: whole < plan.scenario.run.replicates })
}

/// A result folder with its tables open.
struct Opened {
    frame: Frame,
    tables: Tables,
}

/// A result folder being written, and what is known of it before anything is simulated.
struct Frame {
    folder: Folder,
    basis: Basis,
    /// The scenario with every value in force.
    resolved: String,
    copied: Vec<Output>,
}

/// Makes room for a result and begins its tables.
fn open(plan: &Plan, loaded: &Loaded, place: &Place) -> Result<Opened, Error> {
    Look::of(&plan.scenario.output).check(FIGURES.map(|figure| figure.0))?;
    let basis = basis(plan, loaded)?;
    let folder = Folder::create(&place.target, place.force, &basis)?;
    let mut copies = Copies::default();
    let resolved = loaded.standalone(&mut copies, "");
    let copied = Output::copies(folder.path(), &copies, &plan.inputs()?)?;
    let tables = Tables::create(folder.path(), &plan.scenario.output, &metadata(plan, loaded))?;
    Ok(Opened { frame: Frame { folder, basis, resolved, copied }, tables })
}

impl Frame {
    /// Completes the tables, adds all that is worked out at the end, and gives the folder its name. `graphs` are the
    /// files of the social graph, if it was asked for; `run` says how long all of it took.
    fn close(
        self,
        plan: &Plan,
        loaded: &Loaded,
        tables: Tables,
        carried: &Carried,
        graphs: Option<Vec<Output>>,
        run: impl FnOnce() -> Run,
    ) -> Result<Done, Error> {
        let Self { folder, basis, resolved, copied } = self;
        let (output, seed) = (&plan.scenario.output, plan.scenario.run.seed as u64);
        let written = tables.finish()?;
        let summary = summarise(plan, &carried.totals, &carried.gallery);
        let mut outputs: Vec<Output> = written.iter().map(|written| Output::table(folder.path(), written)).collect();
        let mut keep = |name: &str, content: &[u8], meaning: &str| -> Result<(), Error> {
            let stored = file::write(&folder.path().join(name), content)?;
            outputs.push(Output::file(folder.path(), &stored, meaning));
            Ok(())
        };
        let json = serde_json::to_string_pretty(&summary).expect("a summary is plain data") + "\n";
        keep(SUMMARY, json.as_bytes(), "Headline results.")?;
        let mut declared = rows::tables();
        declared
            .retain(|table| written.iter().any(|file| file.path.file_stem().is_some_and(|stem| stem == table.name)));
        declared.extend(graphs.iter().flat_map(|_| graph::declared()));
        let dictionary = dictionary::markdown(&declared);
        keep("dictionary.md", dictionary.as_bytes(), "Every column of every table: meaning, unit.")?;
        keep("scenario.toml", resolved.as_bytes(), "The scenario with every value in force.")?;
        outputs.extend(copied);
        if output.figures {
            let look = Look::of(output);
            for drawn in carried.gallery.draw(&plan.name, seed, &look, &folder.path().join("figures"))? {
                outputs.extend(drawn.outputs(folder.path()));
            }
        }
        outputs.extend(graphs.into_iter().flatten());
        let manifest = Manifest {
            program: Program::this(),
            schema: SCHEMA,
            state: if carried.interrupted { State::Interrupted } else { State::Completed },
            asked: Some(Asked { verb: Verb::Run, options: serde_json::Value::Null }),
            scenario: Scenario {
                name: plan.name.clone(),
                hash: loaded.hash(),
                files: loaded.files.iter().map(|file| file.display().to_string()).collect(),
                resolved,
            },
            seed,
            replicates: plan.scenario.run.replicates,
            assumptions: assumptions(plan),
            inputs: basis.inputs,
            outputs,
            check: String::new(),
            run: run(),
        };
        let Finished { folder, kept } = folder.finish(&manifest)?;
        Ok(Done { folder, kept, manifest, summary, interrupted: carried.interrupted })
    }
}

/// A replicate that has ended, with its rows.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    pub model: &'a Model,
    pub rows: &'a Rows,
    pub outcome: &'a Outcome,
    pub metadata: &'a [(String, String)],
}

/// A replicate that was simulated elsewhere.
#[derive(Debug)]
pub struct Told {
    pub replicate: u32,
    pub model: Model,
    pub history: History,
    pub outcome: Outcome,
}

/// A run whose results are kept in memory.
#[derive(Debug)]
pub struct Held {
    pub carried: Carried,
    pub rows: Rows,
    pub summary: Summary,
    /// How long it took.
    pub run: Run,
    /// Files of the social graph, in a folder of their own that goes when this does.
    graphs: Option<(tempfile::TempDir, Vec<Output>)>,
    /// What goes into the schema of every table.
    pub metadata: Vec<(String, String)>,
}

impl Held {
    /// Carries a plan out; `note` is handed every replicate that ends, in their order, with its rows.
    ///
    /// # Errors
    /// A replicate broke down, or `note` failed.
    pub fn carry_out(
        plan: &Plan,
        loaded: &Loaded,
        threads: u32,
        (watch, interrupt): (Watch, &AtomicBool),
        mut note: impl FnMut(&Ended) -> Result<(), Error> + Send,
    ) -> Result<Self, Error> {
        let output = &plan.scenario.output;
        Look::of(output).check(FIGURES.map(|figure| figure.0))?;
        let clock = Stopwatch::start();
        let dates = output.graph_dates(&plan.scenario.run).map_err(Error::Asked)?;
        let aside = || tempfile::tempdir().map_err(|error| Error::Failed(format!("could not make a folder: {error}")));
        let folder = (!dates.is_empty()).then(aside).transpose()?;
        let graphs = match &folder {
            Some(folder) => Graphs::create(folder.path(), dates, output.graph_sources)?,
            None => None,
        };
        let watched = Watched { graphs: graphs.as_ref(), direct: None, watch, interrupt };
        let (mut rows, metadata) = (Rows::default(), metadata(plan, loaded));
        let carried = carry_out(plan, &watched, |_, model, recorder, outcome| {
            note(&Ended { model, rows: &recorder.rows, outcome, metadata: &metadata })?;
            rows.append(&mut recorder.rows);
            Ok(())
        })?;
        Ok(Self {
            summary: summarise(plan, &carried.totals, &carried.gallery),
            rows,
            run: clock.run(threads, carried.steps),
            graphs: folder.zip(graphs.map(Graphs::finish)),
            metadata,
            carried,
        })
    }

    /// The results of replicates that were simulated elsewhere, in their order, from what each would have handed over;
    /// `run` says how long that took.
    ///
    /// # Errors
    /// The rows cannot be told, or `note` failed.
    pub fn told(
        plan: &Plan,
        loaded: &Loaded,
        ended: Vec<Told>,
        (clock, interrupted): (Stopwatch, bool),
        mut note: impl FnMut(&Ended) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let (output, unwatched) = (&plan.scenario.output, |_, _| {});
        let (mut rows, metadata) = (Rows::default(), metadata(plan, loaded));
        let (mut gallery, mut totals, mut steps) = (Gallery::default(), Vec::new(), 0);
        for Told { replicate, model, history, outcome } in ended {
            let mut recorder = Recorder::new(replicate, output, None, &unwatched);
            recorder.begin(&model, &outcome.economy)?;
            history.replay(&model, &mut recorder)?;
            recorder.end(&outcome.economy)?;
            note(&Ended { model: &model, rows: &recorder.rows, outcome: &outcome, metadata: &metadata })?;
            gallery.absorb(&model, &outcome, &recorder.classes, &recorder.last_year);
            steps += outcome.economy.len() as u64 * u64::from(outcome.quarters);
            totals.push(outcome.years);
            rows.append(&mut recorder.rows);
        }
        let run = clock.run(rayon::current_num_threads() as u32, steps);
        let summary = summarise(plan, &totals, &gallery);
        let carried = Carried { gallery, totals, steps, interrupted };
        Ok(Self { summary, rows, run, graphs: None, metadata, carried })
    }

    /// Writes the folder that [`produce`] writes.
    ///
    /// # Errors
    /// The folder is taken or cannot be written.
    pub fn save(&self, plan: &Plan, loaded: &Loaded, place: &Place) -> Result<Done, Error> {
        let Opened { frame, mut tables } = open(plan, loaded, place)?;
        tables.take(&mut self.rows.clone())?;
        for (from, output) in self.graphs.iter().flat_map(|(from, outputs)| outputs.iter().map(move |to| (from, to))) {
            let to = frame.folder.path().join(&output.name);
            let parent = to.parent().unwrap_or(frame.folder.path());
            std::fs::create_dir_all(parent).map_err(|error| Error::io("create", parent, error))?;
            std::fs::copy(from.path().join(&output.name), &to).map_err(|error| Error::io("write", &to, error))?;
        }
        let graphs = self.graphs.as_ref().map(|(_, outputs)| outputs.clone());
        frame.close(plan, loaded, tables, &self.carried, graphs, || self.run.clone())
    }
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
    said.extend(plan.extension.names().into_iter().map(|name| format!("{name}, from outside the program")));
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
