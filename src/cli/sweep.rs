//! `fondaco sweep`: a scenario run at many points, planned, run, resumed, shared out, merged and exported.

use super::figures::FigureArgs;
use super::interrupt::{self, INTERRUPTED};
use super::threads::ThreadArgs;
use super::{SetArgs, admit, inform, print, warn};
use clap::{Args, Subcommand, ValueEnum, ValueHint};
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use fondaco::error::{Error, Fault};
use fondaco::experiment::sweep::store::{INDEX_BYTES, Store};
use fondaco::experiment::sweep::task::{
    Names, Progress, Shard, Wanted, changed, made, merge, pending, probe, run, shards,
};
use fondaco::experiment::sweep::{Sweep, file};
use fondaco::report::memory::Need;
use fondaco::report::sweep::{export, page};
use indicatif::{HumanBytes, HumanDuration, ProgressBar, ProgressStyle};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Run a scenario at many points of its settings
///
/// The file names a scenario, axes, a design, replicates and outcomes. Finished runs are kept in a store and never made
/// again; whatever stopped a sweep, `resume` goes on from there. See docs/sweeps.md.
#[derive(Args)]
pub struct SweepArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Tell how many runs there are, how long they take and how much they store; make none
    Plan(PlanArgs),
    /// Make the runs that are not in the store
    Run(RunArgs),
    /// Tell how far a sweep is
    Status(StatusArgs),
    /// Go on with a sweep that was stopped
    Resume(RunArgs),
    /// Make the runs that failed once more
    Retry(RetryArgs),
    /// Put the stores of shards together
    Merge(MergeArgs),
    /// Write the runs as a table
    Export(ExportArgs),
    /// Write one HTML page with every figure
    Report(ReportArgs),
}

/// Which sweep, and where its runs are.
#[derive(Args, Clone)]
pub struct FileArgs {
    /// Sweep file, TOML
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Folder of the store; output/NAME if not given. Sweeps that share a store share finished runs
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub store: Option<PathBuf>,
    #[command(flatten)]
    pub set: SetArgs,
}

/// How runs are made.
#[derive(Args, Clone)]
pub struct WorkArgs {
    #[command(flatten)]
    pub threads: ThreadArgs,
    /// Keep what can be read of a damaged store and make the rest again
    #[arg(long)]
    pub repair: bool,
    /// Make all runs anew where another version of the program made those in the store, which stay in it
    #[arg(long)]
    pub anew: bool,
    /// Tell nothing but warnings and errors, and results where there are
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Args)]
struct PlanArgs {
    #[command(flatten)]
    sweep: FileArgs,
    #[command(flatten)]
    threads: ThreadArgs,
    /// Print the plan as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct RunArgs {
    #[command(flatten)]
    sweep: FileArgs,
    #[command(flatten)]
    work: WorkArgs,
    /// Make one share of the runs only, such as 2/8, in a store of its own; merge puts shares together
    #[arg(long, value_name = "i/n", value_parser = Shard::read)]
    shard: Option<Shard>,
}

#[derive(Args)]
struct RetryArgs {
    #[command(flatten)]
    sweep: FileArgs,
    #[command(flatten)]
    work: WorkArgs,
    /// The runs that failed
    #[arg(long, required = true)]
    failed: bool,
}

#[derive(Args)]
struct StatusArgs {
    #[command(flatten)]
    sweep: FileArgs,
    /// Print the state as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct MergeArgs {
    #[command(flatten)]
    sweep: FileArgs,
    /// Stores to take runs from; those of the shards if none are named
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    from: Vec<PathBuf>,
}

/// Layout of an exported table.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One row for each run, for pandas, polars, DuckDB, R
    Parquet,
    /// The same as text
    Csv,
    /// The table layout of NetLogo's BehaviorSpace
    Behaviorspace,
}

#[derive(Args)]
struct ExportArgs {
    #[command(flatten)]
    sweep: FileArgs,
    /// Layout of the table
    #[arg(long, value_enum, default_value = "parquet")]
    format: Format,
    /// File to write; runs.parquet, runs.csv or behaviorspace.csv in the store if not given
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,
    /// Overwrite an earlier table
    #[arg(short, long)]
    force: bool,
}

#[derive(Args)]
struct ReportArgs {
    #[command(flatten)]
    sweep: FileArgs,
    /// Page to write; report.html in the store if not given
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,
    /// Folder to write figures into as files too; `figures` beside the page if only which and how is said
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Results")]
    figures_dir: Option<PathBuf>,
    #[command(flatten)]
    drawing: FigureArgs,
    /// Overwrite an earlier report
    #[arg(short, long)]
    force: bool,
}

/// Does what is asked of a sweep.
///
/// # Errors
/// The file is wrong, the store cannot be used, or something could not be written.
pub fn sweep(args: &SweepArgs) -> Result<ExitCode, Error> {
    match &args.what {
        What::Plan(args) => plan(args).map(|()| ExitCode::SUCCESS),
        What::Run(args) => work(&args.sweep, &args.work, Wanted { shard: args.shard, failed: false }),
        What::Resume(args) => {
            begun(&args.sweep, args.shard, args.work.repair)?;
            work(&args.sweep, &args.work, Wanted { shard: args.shard, failed: false })
        }
        What::Status(args) => status(args).map(|()| ExitCode::SUCCESS),
        What::Retry(args) => work(&args.sweep, &args.work, Wanted { shard: None, failed: args.failed }),
        What::Merge(args) => join(args).map(|()| ExitCode::SUCCESS),
        What::Export(args) => write_table(args).map(|()| ExitCode::SUCCESS),
        What::Report(args) => write_page(args).map(|()| ExitCode::SUCCESS),
    }
}

/// The sweep a file asks for; warnings are told.
pub fn read(args: &FileArgs) -> Result<Sweep, Error> {
    let (sweep, warnings) = file::read(&args.file, &args.set.flags())?;
    admit(warnings)?;
    Ok(sweep)
}

/// The folder of the runs of a sweep.
pub fn folder(args: &FileArgs, sweep: &Sweep) -> PathBuf {
    args.store.clone().unwrap_or_else(|| Path::new("output").join(&sweep.name))
}

/// The names of the runs, as this program makes them.
pub fn names(sweep: &Sweep) -> Names {
    Names::of(sweep, env!("CARGO_PKG_VERSION"))
}

/// Refuses to resume what was not begun, or was begun with other contents of files.
fn begun(args: &FileArgs, shard: Option<Shard>, repair: bool) -> Result<(), Error> {
    let sweep = read(args)?;
    let folder = folder(args, &sweep);
    let folder = shard.map_or(folder.clone(), |shard| shard.folder(&folder));
    if Store::exists(&folder) && repair {
        // What is damaged cannot be read before it is mended.
        return Ok(());
    }
    let changed = changed(&names(&sweep), &Store::read(&folder)?.0);
    if changed.is_empty() {
        return Ok(());
    }
    let title = format!("{} since the runs in {} were made", changed.join("; "), folder.display());
    Err(Fault::new(title)
        .help(format!(
            "undo the change to go on with them, or make all runs with what is there now by `{}`; those in the store \
             stay there",
            command("run", args)
        ))
        .into())
}

/// Opens the store of a sweep for reading; what is odd about it is told.
pub fn look(folder: &Path, sweep: &Sweep) -> Result<Store, Error> {
    let (store, found) = Store::read(folder)?;
    found.told.iter().for_each(|told| warn(told));
    for changed in changed(&names(sweep), &store) {
        warn(&format!("{changed} since the runs in {} were made: they are none of this sweep's", folder.display()));
    }
    Ok(store)
}

/// How many runs of a sweep are there, in words.
fn extent(sweep: &Sweep, names: &Names, store: &Store) -> String {
    let (there, all) = (made(sweep, names, store), sweep.runs());
    format!("{there} of {all} runs{}", if there < all { ": the sweep is not complete" } else { "" })
}

/// Runs of other versions of the program in a store: their versions and how many there are.
fn strangers(store: &Store) -> Vec<(String, u64)> {
    // Where damage has taken the version, the names of runs still tell whose they are.
    let foreign = |program: &str| !program.is_empty() && program != env!("CARGO_PKG_VERSION");
    let others = store.tally().into_iter().filter(|(chapter, ..)| foreign(&chapter.program));
    others.map(|(chapter, runs, _)| (chapter.program.clone(), runs)).collect()
}

fn others_told(others: &[(String, u64)]) -> String {
    let told: Vec<String> = others.iter().map(|(version, runs)| format!("{runs} of fondaco {version}")).collect();
    told.join(", ")
}

/// Opens the store of a sweep for writing and tells what was found.
pub fn open(folder: &Path, work: &WorkArgs) -> Result<Store, Error> {
    let (store, found) = Store::write(folder, work.repair)?;
    found.told.iter().for_each(|told| warn(told));
    let others = strangers(&store);
    if !others.is_empty() && !work.anew {
        let title = format!(
            "{} holds runs of another version: {}; this is fondaco {}",
            folder.display(),
            others_told(&others),
            env!("CARGO_PKG_VERSION")
        );
        return Err(Fault::new(title)
            .expected("numbers may differ between versions, so runs of one are never taken for those of another")
            .help("go on with that version, name another folder by --store DIR, or make all runs with this version by --anew; those in the store stay there")
            .into());
    }
    Ok(store)
}

/// Makes the runs of a sweep that are wanted.
pub fn work(args: &FileArgs, work: &WorkArgs, wanted: Wanted) -> Result<ExitCode, Error> {
    let sweep = read(args)?;
    let folder = folder(args, &sweep);
    let folder = wanted.shard.map_or(folder.clone(), |shard| shard.folder(&folder));
    let mut store = open(&folder, work)?;
    for changed in changed(&names(&sweep), &store) {
        warn(&format!("{changed} since runs in {} were made: all runs are made anew", folder.display()));
    }
    let progress = advance(&sweep, &mut store, wanted, work)?;
    if progress.interrupted {
        let anew = if work.anew { " --anew" } else { "" };
        let shard = wanted.shard.map_or_else(String::new, |shard| format!(" --shard {}/{}", shard.i, shard.n));
        let verb = if wanted.failed { "retry --failed" } else { "resume" };
        let command = command(verb, args);
        inform(&format!("stopped: {} holds what is finished; `{command}{shard}{anew}` goes on\n", folder.display()));
        return Ok(ExitCode::from(INTERRUPTED));
    }
    failures(args, &sweep, &mut store, &progress)?;
    Ok(ExitCode::SUCCESS)
}

/// Fails where runs of a sweep have failed, with the most frequent cause.
///
/// # Errors
/// Runs have failed, or the store cannot be read.
pub fn failures(args: &FileArgs, sweep: &Sweep, store: &mut Store, progress: &Progress) -> Result<(), Error> {
    let failed = progress.failed + progress.failed_before;
    if failed == 0 {
        return Ok(());
    }
    let causes = export::causes(sweep, &names(sweep), store)?;
    let (cause, hit) = causes.first().cloned().unwrap_or_default();
    let others =
        if causes.len() > 1 { format!(" ({hit} runs, and {} other causes)", causes.len() - 1) } else { String::new() };
    Err(Error::Failed(format!(
        "{failed} of {} runs failed: {cause}{others}; `{}` lists the causes, `{}` makes them once more",
        progress.runs,
        command("status", args),
        command("retry --failed", args)
    )))
}

/// The command that does something else with the same sweep.
fn command(verb: &str, args: &FileArgs) -> String {
    let plain = |word: &str| word.chars().all(|c| c.is_alphanumeric() || "-_./=:,+@%".contains(c));
    let quoted = |word: &str| match plain(word) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    };
    let mut words = vec![format!("fondaco sweep {verb}"), quoted(&args.file.display().to_string())];
    words.extend(args.store.iter().map(|store| format!("--store {}", quoted(&store.display().to_string()))));
    words.extend(args.set.set.iter().map(|assignment| format!("--set {}", quoted(assignment))));
    words.join(" ")
}

/// Runs in a store that this version made and the sweep does not ask for: those of other settings.
fn of_other_settings(sweep: &Sweep, names: &Names, store: &Store) -> usize {
    let own: BTreeSet<_> = (0..sweep.runs())
        .map(|k| {
            let (point, replicate) = sweep.run_at(k);
            names.id(point, replicate)
        })
        .collect();
    let ours = |id: &[u8; 16]| store.chapter(id).is_some_and(|chapter| chapter.program == env!("CARGO_PKG_VERSION"));
    store.ids().filter(|id| ours(id) && !own.contains(*id)).count()
}

/// Makes runs and tells how far they are.
pub fn advance(sweep: &Sweep, store: &mut Store, wanted: Wanted, work: &WorkArgs) -> Result<Progress, Error> {
    let threads = work.threads.wanted();
    Need::without_tables(sweep.subject.words().scenario(), threads).admit()?;
    let names = names(sweep);
    let interrupt = interrupt::watch()?;
    // What a run breaks down with is its recorded cause; the backtrace of a thread is nobody's business.
    std::panic::set_hook(Box::new(|_| {}));
    let mut teller = Teller::new(work.quiet);
    let done = run(sweep, &names, store, wanted, threads, &interrupt, &mut |progress| teller.inform(progress));
    teller.finish();
    let _ = std::panic::take_hook();
    let progress = done?;
    if !work.quiet {
        inform(&account(sweep, &progress, teller.start.elapsed()));
    }
    Ok(progress)
}

/// What was done, in a few lines.
fn account(sweep: &Sweep, progress: &Progress, took: Duration) -> String {
    let mut text = format!(
        "{}: {} of {} runs are there",
        sweep.name,
        progress.before + progress.repeated + progress.done,
        progress.runs
    );
    if progress.done > 0 {
        let seconds = took.as_secs_f64();
        let _ =
            write!(text, "; {} made in {seconds:.1} s, {:.1} a second", progress.done, progress.done as f64 / seconds);
    }
    if progress.failed > 0 {
        let _ = write!(text, "; {} failed: `fondaco sweep status` tells why", progress.failed);
    }
    text + "\n"
}

/// Tells how far a sweep is: a bar on a terminal, a JSON line now and then elsewhere.
struct Teller {
    start: Instant,
    last: Option<Instant>,
    bar: Option<ProgressBar>,
    quiet: bool,
}

/// Time between two lines where there is no terminal.
const LINE: Duration = Duration::from_secs(5);

impl Teller {
    fn new(quiet: bool) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let style = ProgressStyle::with_template(
                "{bar:32} {pos} of {len} runs  {percent:>3} %  {msg}  {elapsed} of about {duration}",
            );
            ProgressBar::new(0).with_style(style.expect("the template is well formed"))
        });
        Self { start: Instant::now(), last: None, bar, quiet }
    }

    fn inform(&mut self, progress: &Progress) {
        let there = progress.before + progress.repeated + progress.done;
        let seconds = self.start.elapsed().as_secs_f64();
        let rate = progress.done as f64 / seconds.max(1e-9);
        if let Some(bar) = &self.bar {
            if bar.length() != Some(progress.runs) {
                bar.set_length(progress.runs);
                bar.set_position(there);
                bar.reset_eta();
            }
            bar.set_position(there);
            let failed = if progress.failed > 0 { format!(", {} failed", progress.failed) } else { String::new() };
            bar.set_message(format!("{rate:.1} a second{failed}"));
        } else if !self.quiet && (self.last.is_none_or(|last| last.elapsed() >= LINE) || there == progress.runs) {
            self.last = Some(Instant::now());
            let left = (progress.runs - there) as f64 / rate;
            let line = json!({
                "done": there, "of": progress.runs, "failed": progress.failed,
                "runs_per_second": (rate * 10.0).round() / 10.0,
                "seconds_left": left.is_finite().then(|| left.round()),
            });
            inform(&format!("{line}\n"));
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn plan(args: &PlanArgs) -> Result<(), Error> {
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
fn record_bytes(sweep: &Sweep) -> u64 {
    33 + 8 * sweep.subject.words().measures.len() as u64
}

fn shown(sweep: &Sweep) -> Vec<String> {
    sweep.outcomes.iter().map(|place| sweep.subject.words().measures[*place].name.clone()).collect()
}

/// What an axis ranges over, in words.
fn ranges(axis: &fondaco::experiment::sweep::design::Axis) -> String {
    use fondaco::experiment::sweep::design::Domain;
    match &axis.domain {
        Domain::List(levels) => levels.iter().map(|level| level.label.clone()).collect::<Vec<_>>().join(", "),
        Domain::Uniform { low, high } => format!("uniform from {low} to {high}"),
        Domain::LogUniform { low, high } => format!("log-uniform from {low} to {high}"),
        Domain::Normal { mean, sd, low, high } => format!("normal, {mean} ± {sd}, cut at {low} and {high}"),
        Domain::Triangular { low, mode, high } => format!("triangular from {low} over {mode} to {high}"),
    }
}

fn status(args: &StatusArgs) -> Result<(), Error> {
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

fn join(args: &MergeArgs) -> Result<(), Error> {
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

/// Refuses to overwrite a file unasked.
pub fn free(path: &Path, force: bool) -> Result<(), Error> {
    if path.exists() && !force {
        return Err(Fault::new(format!("{} is there already", path.display()))
            .help("use --force to replace it, or --out PATH to write elsewhere")
            .into());
    }
    Ok(())
}

fn write_table(args: &ExportArgs) -> Result<(), Error> {
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

fn write_page(args: &ReportArgs) -> Result<(), Error> {
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
