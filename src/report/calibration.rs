//! A calibration as files: the best scenario, every evaluation, the slopes, two figures.
//!
//! While the search goes on, its evaluations stand beside the result folder, in the journal `NAME.evaluations`: a killed
//! calibration leaves them there, and the next one goes on with them. When the result is whole they are in it.

mod page;

use crate::error::{Error, Fault};
use crate::experiment::aim::{Aim, scenario_of};
use crate::experiment::basis::Basis;
use crate::experiment::calibrate::{Calibrated, Evaluation, EvaluationStore, calibrate};
use crate::report::again;
use crate::report::figure::{Look, Order, descent, draw_all, pin};
use crate::report::folder::{self, Finished, Folder};
use crate::report::manifest::{Asked, Manifest, Output, Program, SCHEMA, Scenario, State, Stopwatch, Verb};
use crate::report::scorecard::{FACTS, FactTable};
use crate::report::table::{Declared, Table, declared, label};
use crate::report::{dictionary, file};
use crate::scenario::{Copies, Loaded};
use page::{caption, falling, json, page, pins};
pub use page::{pinned_by, remarks};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Names of the files that a reader looks for first.
pub const JSON: &str = "calibration.json";
pub const BEST: &str = "best.toml";
pub const SCENARIO: &str = "scenario.toml";
pub const EVALUATIONS: &str = "evaluations.jsonl";
pub const PAGE: &str = "calibration.md";
/// Added to the name of a result folder for the evaluations of a search under way.
const WORKING: &str = "evaluations";

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
    pub table: FactTable,
    /// Which figures are drawn, and how.
    pub look: Look,
    /// How notes about kept evaluations reach the user.
    pub say: fn(&str),
}

/// The figures of a calibration.
pub const DRAWN: [&str; 2] = [descent::STEM, pin::STEM];

/// What was done.
#[derive(Debug)]
pub enum Done {
    Whole {
        folder: PathBuf,
        /// Files of the user that were in a result replaced, and are in this one now.
        kept: Vec<PathBuf>,
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
    file::beside(target, WORKING)
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
    let basis = Basis::new(loaded.hash(), aim.plan.scenario.run.seed, aim.basis.inputs.clone());
    if request.resume && !kept.exists() && !finished.is_file() {
        return Err(nothing_to_go_on_with(aim, &request.target).into());
    }
    let folder = Folder::create(&request.target, request.force || (request.resume && finished.is_file()), &basis)?;
    let earlier = prepare(&kept, &finished, aim, request)?;
    let clock = Stopwatch::start();
    let mut copies = Copies::default();
    let resolved = loaded.standalone(&mut copies, "");
    let copied = Output::copies(folder.path(), &copies, &aim.plan.inputs()?)?;
    let mut store = EvaluationStore::open(&kept, &aim.basis, &request.say)?;
    for evaluation in &earlier {
        store.add(evaluation)?;
    }
    let stopped = |store: &EvaluationStore, aim: &Aim| Done::Interrupted {
        kept: kept.clone(),
        evaluations: store.count(&aim.search.identity),
    };
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
    keep(BEST, &best(aim, &found), "The best parameters, as a scenario that extends scenario.toml.")?;
    keep(JSON, &json, "Parameters, targets, slopes and recovery.")?;
    let line = |evaluation: &Evaluation| serde_json::to_string(evaluation).expect("an evaluation is plain data") + "\n";
    keep(EVALUATIONS, &found.evaluations.iter().map(line).collect::<String>(), "Every evaluation, one line each.")?;
    keep(PAGE, &page(aim, &found), "The search for readers.")?;
    if let Some(own) = &request.table.own {
        keep(FACTS, own, "The table of facts.")?;
    }
    keep("dictionary.md", &dictionary::markdown(&declarations()), "Every column of every table: meaning, unit.")?;
    keep(SCENARIO, &resolved, "The scenario searched from, with every value in force.")?;
    outputs.extend(copied);
    outputs.extend(figures(folder.path(), aim, &found, &request.look)?);
    let manifest = Manifest {
        program: Program::this(),
        schema: SCHEMA,
        state: State::Completed,
        asked: Some(asked(aim, request)),
        scenario: searched(aim, loaded, resolved),
        seed: aim.plan.scenario.run.seed as u64,
        replicates: aim.plan.scenario.run.replicates,
        assumptions: Vec::new(),
        inputs: basis.inputs,
        outputs,
        check: String::new(),
        run: clock.run(request.threads, aim.plan.firm_quarters() * found.evaluations.len() as u64),
    };
    let Finished { folder, kept: own } = folder.finish(&manifest)?;
    // They are in the folder now.
    fs::remove_file(&kept).map_err(|error| Error::io("remove", &kept, error))?;
    Ok(Done::Whole { folder, kept: own, found: Box::new(found), manifest: Box::new(manifest), json })
}

/// The best point as a scenario.
fn best(aim: &Aim, found: &Calibrated) -> String {
    let (n, distance) = (found.evaluations.len(), found.best.distance);
    let mut about = format!("The best point of a calibration over {n} evaluations: distance {distance}.");
    remarks(aim, found).iter().for_each(|remark| about += &format!("\n{remark}"));
    scenario_of(&aim.search.axes, &found.best.point, SCENARIO, &about)
}

/// The scenario searched from, for the manifest.
fn searched(aim: &Aim, loaded: &Loaded, resolved: String) -> Scenario {
    let files = loaded.files.iter().map(|file| file.display().to_string()).collect();
    Scenario { name: aim.plan.name.clone(), hash: loaded.hash(), files, resolved }
}

/// What was asked, for the manifest.
fn asked(aim: &Aim, request: &Request) -> Asked {
    let axes = aim.search.axes.iter();
    let parameters = axes.map(|axis| format!("{}={}..{}", axis.path, axis.low, axis.high)).collect();
    let asked = crate::experiment::aim::Asked { parameters, ..aim.asked.clone() };
    let options = json!({ "search": asked, "facts": request.table.input.name, "look": again::look(&request.look) });
    Asked { verb: Verb::Calibrate, options }
}

/// Draws the descent and what each fact pins.
fn figures(folder: &Path, aim: &Aim, found: &Calibrated, look: &Look) -> Result<Vec<Output>, Error> {
    let caption = caption(aim, found);
    let jobs: [Order; 2] = [(Box::new(falling(found)), caption.clone()), (Box::new(pins(aim, found)), caption)];
    let drawn = draw_all(&jobs, look, &folder.join("figures"))?;
    Ok(drawn.iter().flat_map(|drawn| drawn.outputs(folder)).collect())
}

/// Sees to the evaluations that are there already; gives back those of a finished result to go on with.
fn prepare(kept: &Path, finished: &Path, aim: &Aim, request: &Request) -> Result<Vec<Evaluation>, Error> {
    if request.resume && (kept.exists() || !finished.is_file()) {
        return Ok(Vec::new());
    }
    if request.resume {
        return evaluations(finished, aim, &request.target);
    }
    if !kept.exists() {
        return Ok(Vec::new());
    }
    if request.force {
        fs::remove_file(kept).map_err(|error| Error::io("remove", kept, error))?;
        return Ok(Vec::new());
    }
    Err(Fault::new(format!("{} holds evaluations of a calibration that was stopped", kept.display()))
        .help("use --resume to go on with them, or --force to begin anew")
        .into())
}

/// The evaluations of a finished result, held to its manifest.
fn evaluations(finished: &Path, aim: &Aim, result: &Path) -> Result<Vec<Evaluation>, Error> {
    let refuse =
        |why: String| Err(Fault::new(why).help("use --force to begin anew, or --out FOLDER to write elsewhere").into());
    let there = Manifest::read(result)?;
    let text = fs::read(finished).map_err(|error| Error::io("read", finished, error))?;
    let stated = there.outputs.iter().find(|output| output.name == EVALUATIONS).map(|output| output.blake3.as_str());
    if stated != Some(blake3::hash(&text).to_hex().as_str()) {
        return refuse(format!("{} is not as it was written", finished.display()));
    }
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let read: Result<Vec<Evaluation>, _> = lines.map(serde_json::from_slice).collect();
    let read = read.map_err(|error| Error::io("understand", finished, error))?;
    if read.iter().any(|known| known.identity != aim.search.identity) {
        let mut changes = crate::experiment::basis::changed(&there.inputs, &aim.basis.inputs);
        changes.extend(changes.is_empty().then(|| "the calibration differs".to_owned()));
        return refuse(format!(
            "{} holds evaluations of another calibration: {}",
            finished.display(),
            changes.join("; ")
        ));
    }
    Ok(read)
}

/// Why a search cannot be gone on with: nothing is there, or only those of the same name that rest on something else.
fn nothing_to_go_on_with(aim: &Aim, target: &Path) -> Fault {
    let stem = format!("{}-calibration-", aim.plan.name);
    let entries = target.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let mut found: Vec<(PathBuf, Vec<String>)> = Vec::new();
    for path in entries.map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let changes = if !name.starts_with(&stem) {
            continue;
        } else if path.is_dir() {
            Manifest::read(&path).map(|there| crate::experiment::basis::changed(&there.inputs, &aim.basis.inputs)).ok()
        } else {
            EvaluationStore::rests_on(&path).and_then(|bases| Some(bases.last()?.changes(&aim.basis)))
        };
        found.extend(changes.map(|changes| (path, changes)));
    }
    found.sort();
    let fault = Fault::new(format!("there is nothing to go on with in {}", target.display()));
    let told: Vec<String> = found
        .iter()
        .map(|(path, changes)| {
            let why = if changes.is_empty() { "it is another search".to_owned() } else { changes.join("; ") };
            format!("{}: {why}", path.display())
        })
        .collect();
    if told.is_empty() {
        return fault.help("leave --resume out to begin");
    }
    fault.expected(told.join("\n")).help("undo the change to go on, or leave --resume out to begin")
}

fn declarations() -> Vec<Declared> {
    vec![declared::<TraceRow>(), declared::<PointRow>(), declared::<StatisticRow>(), declared::<SlopeRow>()]
}

fn metadata(aim: &Aim, loaded: &Loaded, request: &Request) -> Vec<(String, String)> {
    [
        ("program", format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))),
        ("scenario", aim.plan.name.clone()),
        ("scenario_hash", loaded.hash()),
        ("facts", request.table.input.name.clone()),
        ("facts_hash", request.table.input.blake3.clone()),
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
