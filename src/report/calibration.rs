//! A calibration as files: the best scenario, every evaluation, the slopes, two figures.
//!
//! While the search goes on, its evaluations stand beside the result folder, in `NAME.evaluations.jsonl`: a killed
//! calibration leaves them there, and the next one goes on with them. When the result is whole they are in it.

use crate::error::{Error, Fault};
use crate::experiment::aim::{Aim, scenario_of};
use crate::experiment::calibrate::{Calibrated, Evaluation, Store, calibrate};
use crate::report::figure::{Caption, Look, Order, descent, draw_all, pin};
use crate::report::folder::{self, Folder};
use crate::report::manifest::{Input, Manifest, Output, Program, SCHEMA, Scenario, State, Stopwatch};
use crate::report::table::{Declared, Table, declared, label};
use crate::report::{dictionary, file};
use crate::scenario::{Copies, Loaded};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Names of the files that a reader looks for first.
pub const JSON: &str = "calibration.json";
pub const BEST: &str = "best.toml";
pub const SCENARIO: &str = "scenario.toml";
pub const EVALUATIONS: &str = "evaluations.jsonl";

crate::table! {
    /// One row per evaluation of a calibration.
    pub struct TraceRow in "trace" {
        /// Number of the evaluation, from 0.
        evaluation: u32, "";
        /// start, screen, slope or step.
        stage: &'static str, "";
        /// Weighted squared distance from the bands.
        distance: f64, "1";
        /// The lowest distance so far.
        lowest: f64, "1";
    }
}

crate::table! {
    /// One row per evaluation and parameter searched.
    pub struct PointRow in "points" {
        /// Number of the evaluation, from 0.
        evaluation: u32, "";
        /// The parameter.
        parameter: &'static str, "";
        /// Its value.
        value: f64, "as the parameter";
    }
}

crate::table! {
    /// One row per evaluation and target.
    pub struct StatisticRow in "statistics" {
        /// Number of the evaluation, from 0.
        evaluation: u32, "";
        /// The target.
        target: &'static str, "";
        /// The statistic; missing where it could not be measured.
        value: Option<f64>, "as the statistic";
        /// Distance from the middle of the band.
        error: Option<f64>, "half widths of the band";
    }
}

crate::table! {
    /// One row per target and parameter: the local sensitivity at the end of the search.
    pub struct SlopeRow in "slopes" {
        /// The target.
        target: &'static str, "";
        /// The parameter.
        parameter: &'static str, "";
        /// Change of the statistic over the whole range of the parameter; missing where it could not be measured.
        slope: Option<f64>, "half widths of the band";
    }
}

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Request {
    /// The result folder itself.
    pub target: PathBuf,
    /// Replace a result that is there, and forget evaluations that are?
    pub force: bool,
    /// Go on with the evaluations that are there?
    pub resume: bool,
    pub recover: bool,
    /// Threads used; goes into the manifest.
    pub threads: u32,
    /// Name and hash of the table of facts.
    pub table: (String, String),
    /// Which figures are drawn, and how.
    pub look: Look,
}

/// The figures of a calibration.
pub const DRAWN: [&str; 2] = [descent::STEM, pin::STEM];

/// What was done.
#[derive(Debug)]
pub enum Done {
    Whole {
        folder: PathBuf,
        found: Box<Calibrated>,
        manifest: Box<Manifest>,
        /// The result as JSON.
        json: String,
    },
    /// Stopped by the user: what was evaluated is kept in a file.
    Interrupted { kept: PathBuf, evaluations: usize },
}

/// The folder a calibration belongs into.
pub fn target(aim: &Aim) -> PathBuf {
    folder::place(
        Path::new(&aim.plan.scenario.output.folder),
        &format!("{}-calibration", aim.plan.name),
        &aim.search.identity,
    )
}

/// Where evaluations are kept while a calibration goes on.
pub fn working(target: &Path) -> PathBuf {
    file::beside(target, EVALUATIONS)
}

/// Searches, and writes everything about the search.
///
/// # Errors
/// The folder is taken or cannot be written, evaluations of an earlier search are in the way, or a replicate broke
/// down.
pub fn produce(
    aim: &mut Aim,
    loaded: &Loaded,
    request: &Request,
    interrupt: &AtomicBool,
    told: &mut dyn FnMut(&Evaluation, f64),
) -> Result<Done, Error> {
    let kept = working(&request.target);
    let finished = request.target.join(EVALUATIONS);
    let folder = Folder::create(&request.target, request.force || (request.resume && finished.is_file()))?;
    prepare(&kept, &finished, request)?;
    let clock = Stopwatch::start();
    let mut copies = Copies::default();
    let resolved = loaded.standalone(&mut copies, "");
    let read = aim.plan.inputs()?;
    let copied = Output::copies(folder.path(), &copies, &read)?;
    let mut store = Store::open(&kept)?;
    let stopped = |store: &Store, aim: &Aim| Done::Interrupted {
        kept: kept.clone(),
        evaluations: store.counts(&aim.search.identity).0,
    };
    let (same, others) = store.counts(&aim.search.identity);
    if same == 0 && others > 0 {
        return Err(Fault::new(format!("{} holds evaluations of another calibration", kept.display()))
            .expected("the same scenario, seeds, parameters and targets")
            .help("use --force to begin anew, or --out FOLDER to write elsewhere")
            .into());
    }
    if request.recover && !aim.recover(interrupt)? {
        return Ok(stopped(&store, aim));
    }
    let aim = &*aim;
    let mut evaluate = |point: &[f64]| {
        let found = aim.measure(point, interrupt)?;
        found.ok_or_else(|| Error::Failed("interrupted".to_owned()))
    };
    let found = match calibrate(&aim.search, &aim.start, &mut store, &mut evaluate, told) {
        Err(_) if interrupt.load(Ordering::Relaxed) => return Ok(stopped(&store, aim)),
        found => found?,
    };
    drop(store);
    let json = json(aim, loaded, &found);
    let mut outputs = tables(folder.path(), aim, &found, &metadata(aim, loaded, request))?;
    let mut keep = |name: &str, content: &str, meaning: &str| -> Result<(), Error> {
        let stored = file::write(&folder.path().join(name), content.as_bytes())?;
        outputs.push(Output::file(folder.path(), &stored, meaning));
        Ok(())
    };
    let about = format!(
        "The best point of a calibration over {} evaluations: distance {}.",
        found.evaluations.len(),
        found.best.distance
    );
    keep(
        BEST,
        &scenario_of(&aim.search.axes, &found.best.point, SCENARIO, &about),
        "The best parameters, as a scenario that extends scenario.toml.",
    )?;
    keep(JSON, &json, "Parameters, targets, slopes and recovery.")?;
    let line = |evaluation: &Evaluation| serde_json::to_string(evaluation).expect("an evaluation is plain data") + "\n";
    keep(EVALUATIONS, &found.evaluations.iter().map(line).collect::<String>(), "Every evaluation, one line each.")?;
    keep("dictionary.md", &dictionary::markdown(&declarations()), "Every column of every table: meaning, unit.")?;
    keep(SCENARIO, &resolved, "The scenario searched from, with every value in force.")?;
    outputs.extend(copied);
    let caption = caption(aim, &found);
    let figures = folder.path().join("figures");
    let jobs: [Order; 2] = [(Box::new(falling(&found)), caption.clone()), (Box::new(pins(aim, &found)), caption)];
    for drawn in draw_all(&jobs, &request.look, &figures)? {
        outputs.extend(drawn.outputs(folder.path()));
    }
    let inputs = read.into_iter().chain([request.table.clone()]);
    let manifest = Manifest {
        program: Program::this(),
        schema: SCHEMA,
        state: State::Completed,
        scenario: Scenario {
            name: aim.plan.name.clone(),
            hash: loaded.hash(),
            files: loaded.files.iter().map(|file| file.display().to_string()).collect(),
            resolved,
        },
        seed: aim.plan.scenario.run.seed as u64,
        replicates: aim.plan.scenario.run.replicates,
        assumptions: Vec::new(),
        inputs: Input::all(inputs, &copies),
        outputs,
        run: clock.run(request.threads, aim.plan.firm_quarters() * found.evaluations.len() as u64),
    };
    let folder = folder.finish(&manifest)?;
    // They are in the folder now.
    fs::remove_file(&kept).map_err(|error| Error::io("remove", &kept, error))?;
    Ok(Done::Whole { folder, found: Box::new(found), manifest: Box::new(manifest), json })
}

/// Sees to the evaluations that are there already.
fn prepare(kept: &Path, finished: &Path, request: &Request) -> Result<(), Error> {
    if request.resume {
        if !kept.exists() && finished.is_file() {
            fs::copy(finished, kept).map_err(|error| Error::io("copy", finished, error))?;
        }
        return Ok(());
    }
    if !kept.exists() {
        return Ok(());
    }
    if request.force {
        return fs::remove_file(kept).map_err(|error| Error::io("remove", kept, error));
    }
    Err(Fault::new(format!("{} holds evaluations of a calibration that was stopped", kept.display()))
        .help("use --resume to go on with them, or --force to begin anew")
        .into())
}

fn declarations() -> Vec<Declared> {
    vec![declared::<TraceRow>(), declared::<PointRow>(), declared::<StatisticRow>(), declared::<SlopeRow>()]
}

fn metadata(aim: &Aim, loaded: &Loaded, request: &Request) -> Vec<(String, String)> {
    [
        ("program", format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))),
        ("scenario", aim.plan.name.clone()),
        ("scenario_hash", loaded.hash()),
        ("facts", request.table.0.clone()),
        ("facts_hash", request.table.1.clone()),
        ("seed", aim.plan.scenario.run.seed.to_string()),
        ("replicates", aim.plan.scenario.run.replicates.to_string()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .to_vec()
}

fn tables(folder: &Path, aim: &Aim, found: &Calibrated, metadata: &[(String, String)]) -> Result<Vec<Output>, Error> {
    let (axes, targets) = (&aim.search.axes, &aim.search.targets);
    let mut trace = Table::create(folder.join("trace.parquet"), metadata, false)?;
    let mut points = Table::create(folder.join("points.parquet"), metadata, false)?;
    let mut statistics = Table::create(folder.join("statistics.parquet"), metadata, false)?;
    let mut slopes = Table::create(folder.join("slopes.parquet"), metadata, false)?;
    let mut lowest = f64::INFINITY;
    for Evaluation { number, stage, point, statistics: values, distance, .. } in &found.evaluations {
        let (evaluation, distance) = (*number, *distance);
        lowest = lowest.min(distance);
        trace.push(TraceRow { evaluation, stage: label(stage), distance, lowest })?;
        let row = |(axis, value): (&crate::experiment::calibrate::Axis, &f64)| PointRow {
            evaluation,
            parameter: label(&axis.path),
            value: *value,
        };
        points.extend(axes.iter().zip(point).map(row))?;
        let row = |(target, value): (&crate::experiment::calibrate::Target, &Option<f64>)| StatisticRow {
            evaluation,
            target: label(&target.id),
            value: *value,
            error: value.map(|value| target.error(value)),
        };
        statistics.extend(targets.iter().zip(values).map(row))?;
    }
    for (row, target) in targets.iter().enumerate() {
        for (column, axis) in axes.iter().enumerate() {
            let slope = slope(found, row, column);
            slopes.push(SlopeRow { target: label(&target.id), parameter: label(&axis.path), slope })?;
        }
    }
    let written = [trace.finish()?, points.finish()?, statistics.finish()?, slopes.finish()?].concat();
    Ok(written.iter().map(|written| Output::table(folder, written)).collect())
}

fn slope(found: &Calibrated, target: usize, parameter: usize) -> Option<f64> {
    found.slopes.as_ref().map(|slopes| slopes[(target, parameter)]).filter(|slope| slope.is_finite())
}

/// The target that a parameter moves most, and the parameter that moves a target most.
pub fn pinned_by(aim: &Aim, found: &Calibrated, parameter: usize) -> Option<String> {
    let known = (0..aim.search.targets.len()).filter_map(|row| Some((row, slope(found, row, parameter)?)));
    known.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).map(|(row, _)| aim.search.targets[row].id.clone())
}

fn json(aim: &Aim, loaded: &Loaded, found: &Calibrated) -> String {
    let search = &aim.search;
    let first = &found.evaluations[0];
    let parameters: Vec<Value> = (0..search.axes.len())
        .map(|at| {
            let axis = &search.axes[at];
            let mut value = json!({
                "path": axis.path, "low": axis.low, "high": axis.high, "logarithmic": axis.logarithmic(),
                "start": first.point[at], "best": found.best.point[at], "moves_most": pinned_by(aim, found, at),
            });
            if let Some(truth) = &aim.truth {
                value["truth"] = json!(truth[at]);
                value["miss"] = json!(axis.unit(found.best.point[at]) - axis.unit(truth[at]));
            }
            value
        })
        .collect();
    let targets: Vec<Value> = search
        .targets
        .iter()
        .enumerate()
        .map(|(at, target)| {
            let slopes: Vec<Option<f64>> = (0..search.axes.len()).map(|column| slope(found, at, column)).collect();
            json!({
                "target": target.id, "low": target.low, "high": target.high, "weight": target.weight,
                "start": first.statistics[at], "best": found.best.statistics[at], "slopes": slopes,
            })
        })
        .collect();
    let value = json!({
        "program": Program::this(),
        "scenario": aim.plan.name,
        "scenario_hash": loaded.hash(),
        "identity": search.identity,
        "seed": aim.plan.scenario.run.seed,
        "seeds": aim.plan.scenario.run.replicates,
        "recovery": aim.truth.is_some(),
        "budget": search.budget,
        "evaluations": found.evaluations.len(),
        "exhausted": found.exhausted,
        "distance": { "start": first.distance, "best": found.best.distance },
        "parameters": parameters,
        "targets": targets,
    });
    serde_json::to_string_pretty(&value).expect("a calibration is plain data") + "\n"
}

fn caption(aim: &Aim, found: &Calibrated) -> Caption {
    let seeds = aim.plan.scenario.run.replicates;
    let note = if aim.truth.is_some() { "data simulated from known parameters" } else { "" };
    Caption {
        n: found.evaluations.len() as u64,
        of: format!("evaluations of {seeds} seed{}", if seeds == 1 { "" } else { "s" }),
        scenario: aim.plan.name.clone(),
        seed: aim.plan.scenario.run.seed as u64,
        note: note.to_owned(),
        method: "the same seeds at every point".to_owned(),
    }
}

fn falling(found: &Calibrated) -> descent::Input {
    let evaluation = |known: &Evaluation| (known.stage.clone(), known.distance);
    descent::Input { evaluations: found.evaluations.iter().map(evaluation).collect() }
}

fn pins(aim: &Aim, found: &Calibrated) -> pin::Input {
    let (axes, targets) = (&aim.search.axes, &aim.search.targets);
    let row = |target: usize| {
        let tenth = |parameter: usize| slope(found, target, parameter).map_or(f64::NAN, |slope| 0.1 * slope);
        (0..axes.len()).map(tenth).collect()
    };
    pin::Input {
        parameters: axes.iter().map(|axis| axis.path.clone()).collect(),
        targets: targets.iter().map(|target| target.id.clone()).collect(),
        slopes: (0..targets.len()).map(row).collect(),
    }
}
