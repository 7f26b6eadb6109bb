//! The verbs of `fondaco sweep` that look at a store without running: plan, status, merge, export, report.

use super::super::figures::FigureArgs;
use super::super::threads::ThreadArgs;
use super::super::{inform, print, warn};
use super::{FileArgs, command, extent, folder, free, look, names, of_other_settings, others_told, read, strangers};
use clap::{Args, ValueEnum, ValueHint};
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use fondaco::error::Error;
use fondaco::experiment::sweep::Sweep;
use fondaco::experiment::sweep::store::{INDEX_BYTES, Store};
use fondaco::experiment::sweep::task::{Wanted, changed, made, merge, pending, probe, shards};
use fondaco::report::sweep::{export, page};
use indicatif::{HumanBytes, HumanDuration};
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

pub(super) fn plan(args: &PlanArgs) -> Result<(), Error> {
    let sweep = read(&args.sweep)?;
    let folder = folder(&args.sweep, &sweep);
    let names = names(&sweep);
    let (left, progress) = if Store::exists(&folder) {
        pending(&sweep, &names, &Store::read(&folder)?.0, Wanted::default())
    } else {
        let empty = tempfile::tempdir().map_err(|error| Error::Failed(format!("no temporary folder: {error}")))?;
        pending(&sweep, &names, &Store::write(empty.path(), false)?.0, Wanted::default())
    };
    let threads = args.threads.wanted();
    let one = probe(&sweep, &left);
    let seconds = one.map(|one| one * left.len() as f64 / threads as f64);
    let bytes = left.len() as u64 * record_bytes(&sweep);
    if args.json {
        let plan = json!({
            "sweep": sweep.name, "points": sweep.design.len(), "replicates": sweep.replicates, "runs": progress.runs,
            "finished": progress.before, "repeated": progress.repeated, "to_make": left.len(),
            "seconds_per_run": one, "threads": threads, "seconds": seconds, "bytes": bytes,
            "store": folder.display().to_string(),
        });
        return print(&format!("{plan:#}\n"));
    }
    let mut text = String::new();
    let _ = writeln!(text, "sweep      {}\n{:<11}{}", sweep.name, sweep.subject.words().kind, sweep.subject.name());
    for axis in &sweep.design.axes {
        let _ = writeln!(text, "axis       {}: {}", axis.name, ranges(axis));
    }
    let _ = writeln!(
        text,
        "design     {}, {} points, {} replicates",
        sweep.design.method.word(),
        sweep.design.len(),
        sweep.replicates
    );
    let _ = writeln!(text, "outcomes   {}", shown(&sweep).join(", "));
    let _ = write!(text, "runs       {}, of which {} are finished", progress.runs, progress.before);
    if progress.repeated > 0 {
        let _ = write!(text, " and {} the same as others", progress.repeated);
    }
    let _ = writeln!(text, "; {} to make", left.len());
    match (one, seconds) {
        (Some(one), Some(seconds)) => {
            let _ = writeln!(
                text,
                "time       about {} on {threads} threads ({:.0} ms a run, tried on {} points)",
                HumanDuration(Duration::from_secs_f64(seconds)),
                1000.0 * one,
                left.len().min(3)
            );
        }
        _ => text += "time       none\n",
    }
    let _ = writeln!(text, "disk       about {} in {}", HumanBytes(bytes), folder.display());
    let _ = writeln!(text, "memory     about {} for the index", HumanBytes(progress.runs * INDEX_BYTES));
    print(&text)
}

/// Bytes that a run takes in the store.
pub(super) fn record_bytes(sweep: &Sweep) -> u64 {
    33 + 8 * sweep.subject.words().measures.len() as u64
}

pub(super) fn shown(sweep: &Sweep) -> Vec<String> {
    sweep.outcomes.iter().map(|place| sweep.subject.words().measures[*place].name.clone()).collect()
}

/// What an axis ranges over, in words.
pub(super) fn ranges(axis: &fondaco::experiment::sweep::design::Axis) -> String {
    use fondaco::experiment::sweep::design::Domain;
    match &axis.domain {
        Domain::List(levels) => levels.iter().map(|level| level.label.clone()).collect::<Vec<_>>().join(", "),
        Domain::Uniform { low, high } => format!("uniform from {low} to {high}"),
        Domain::LogUniform { low, high } => format!("log-uniform from {low} to {high}"),
        Domain::Normal { mean, sd, low, high } => format!("normal, {mean} ± {sd}, cut at {low} and {high}"),
        Domain::Triangular { low, mode, high } => format!("triangular from {low} over {mode} to {high}"),
    }
}

pub(super) fn status(args: &StatusArgs) -> Result<(), Error> {
    let sweep = read(&args.sweep)?;
    let folder = folder(&args.sweep, &sweep);
    let names = names(&sweep);
    let (mut store, found) = Store::read(&folder)?;
    found.told.iter().for_each(|told| warn(told));
    let changed = changed(&names, &store);
    let (left, progress) = pending(&sweep, &names, &store, Wanted::default());
    let causes = export::causes(&sweep, &names, &mut store)?;
    let failed: u64 = causes.iter().map(|(_, runs)| runs).sum();
    let others = strangers(&store);
    let elsewhere = of_other_settings(&sweep, &names, &store);
    if args.json {
        let causes: Vec<_> = causes.iter().map(|(cause, runs)| json!({ "cause": cause, "runs": runs })).collect();
        let state = json!({
            "sweep": sweep.name, "runs": progress.runs, "finished": progress.before, "failed": failed,
            "to_make": left.len(), "causes": causes, "store": folder.display().to_string(),
            "unfinished_bytes": found.torn, "doubled_runs": found.doubled, "of_other_settings": elsewhere,
            "changed": changed,
        });
        return print(&format!("{state:#}\n"));
    }
    let mut text = format!(
        "{}: {} of {} runs are finished, {failed} of them failed; {} to make\n",
        sweep.name,
        progress.before,
        progress.runs,
        left.len()
    );
    for changed in changed {
        let _ = writeln!(text, "{changed} since the runs in the store were made: none of them is of this sweep");
    }
    if elsewhere > 0 {
        let runs = if elsewhere == 1 { "run" } else { "runs" };
        let _ = writeln!(text, "the store also holds {elsewhere} {runs} of other settings");
    }
    if !others.is_empty() {
        let _ = writeln!(text, "the store also holds runs of other versions: {}", others_told(&others));
    }
    if !causes.is_empty() {
        let mut table = Table::new();
        table.load_style(NOTHING).set_header(vec!["runs", "cause"]);
        table.column_mut(0).expect("there are two columns").set_cell_alignment(CellAlignment::Right);
        for (cause, runs) in &causes {
            table.add_row(vec![runs.to_string(), cause.clone()]);
        }
        let _ = writeln!(text, "{table}\n`{}` makes them once more", command("retry --failed", &args.sweep));
    }
    print(&text)
}

pub(super) fn join(args: &MergeArgs) -> Result<(), Error> {
    let sweep = read(&args.sweep)?;
    let folder = folder(&args.sweep, &sweep);
    let mut parts = if args.from.is_empty() {
        shards(&folder)?
    } else {
        args.from.iter().map(|from| Store::read(from).map(|(store, _)| store)).collect::<Result<_, _>>()?
    };
    let (mut store, found) = Store::write(&folder, false)?;
    found.told.iter().for_each(|told| warn(told));
    let names = names(&sweep);
    let added = merge(&sweep, &names, &mut store, &mut parts)?;
    let (left, progress) = pending(&sweep, &names, &store, Wanted::default());
    inform(&format!(
        "{}: {added} runs added from {} stores; {} of {} runs are there, {} to make\n",
        folder.display(),
        parts.len(),
        progress.before,
        progress.runs,
        left.len()
    ));
    Ok(())
}

pub(super) fn write_table(args: &ExportArgs) -> Result<(), Error> {
    let sweep = read(&args.sweep)?;
    let folder = folder(&args.sweep, &sweep);
    let name = match args.format {
        Format::Parquet => "runs.parquet",
        Format::Csv => "runs.csv",
        Format::Behaviorspace => "behaviorspace.csv",
    };
    let out = args.out.clone().unwrap_or_else(|| folder.join(name));
    free(&out, args.force)?;
    let names = names(&sweep);
    let mut store = look(&folder, &sweep)?;
    let rows = match args.format {
        Format::Parquet => export::parquet(&sweep, &names, &mut store, &out)?,
        Format::Csv => export::csv(&sweep, &names, &mut store, &out)?,
        Format::Behaviorspace => export::behaviorspace(&sweep, &names, &mut store, &out)?,
    };
    let there = made(&sweep, &names, &store);
    let without = if rows < there { format!("; {} failed and have no row", there - rows) } else { String::new() };
    inform(&format!("{}: {}{without}\n", out.display(), extent(&sweep, &names, &store)));
    Ok(())
}

pub(super) fn write_page(args: &ReportArgs) -> Result<(), Error> {
    let sweep = read(&args.sweep)?;
    let folder = folder(&args.sweep, &sweep);
    let out = args.out.clone().unwrap_or_else(|| folder.join("report.html"));
    // A page is drawn from the store again: a newer one takes the place of an older one of the same sweep.
    free(&out, args.force || page::is_page_of(&sweep, &out))?;
    let figures = args.drawing.files(args.figures_dir.as_deref(), &out);
    let (mut store, names) = (look(&folder, &sweep)?, names(&sweep));
    page::sweep(&sweep, &names, &mut store, &out, figures.as_ref().map(|(folder, look)| (folder.as_path(), look)))?;
    inform(&format!("{}: {}\n", out.display(), extent(&sweep, &names, &store)));
    Ok(())
}

#[derive(Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    pub(super) sweep: FileArgs,
    #[command(flatten)]
    pub(super) threads: ThreadArgs,
    /// Print the plan as JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Args)]
pub(super) struct StatusArgs {
    #[command(flatten)]
    pub(super) sweep: FileArgs,
    /// Print the state as JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Args)]
pub(super) struct MergeArgs {
    #[command(flatten)]
    pub(super) sweep: FileArgs,
    /// Stores to take runs from; those of the shards if none are named
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) from: Vec<PathBuf>,
}

/// Layout of an exported table.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// One row for each run, for pandas, polars, DuckDB, R
    Parquet,
    /// The same as text
    Csv,
    /// The table layout of NetLogo's BehaviorSpace
    Behaviorspace,
}

#[derive(Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    pub(super) sweep: FileArgs,
    /// Layout of the table
    #[arg(long, value_enum, default_value = "parquet")]
    pub(super) format: Format,
    /// File to write; runs.parquet, runs.csv or behaviorspace.csv in the store if not given
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(super) out: Option<PathBuf>,
    /// Overwrite an earlier table
    #[arg(short, long)]
    pub(super) force: bool,
}

#[derive(Args)]
pub(super) struct ReportArgs {
    #[command(flatten)]
    pub(super) sweep: FileArgs,
    /// Page to write; report.html in the store if not given
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(super) out: Option<PathBuf>,
    /// Folder to write figures into as files too; `figures` beside the page if only which and how is said
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Results")]
    pub(super) figures_dir: Option<PathBuf>,
    #[command(flatten)]
    pub(super) drawing: FigureArgs,
    /// Overwrite an earlier report
    #[arg(short, long)]
    pub(super) force: bool,
}
