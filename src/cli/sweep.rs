//! `fondaco sweep`: a scenario run at many points, planned, run, resumed, shared out, merged and exported.

mod store;

use super::interrupt::{self, INTERRUPTED};
use super::threads::ThreadArgs;
use super::{SetArgs, admit, inform, warn};
use clap::{Args, Subcommand, ValueHint};
use fondaco::error::{Error, Fault};
use fondaco::experiment::sweep::store::Store;
use fondaco::experiment::sweep::task::{Names, Progress, Shard, Wanted, changed, made, run};
use fondaco::experiment::sweep::{Sweep, file};
use fondaco::report::memory::Need;
use fondaco::report::sweep::export;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use store::{ExportArgs, MergeArgs, PlanArgs, ReportArgs, StatusArgs, join, plan, status, write_page, write_table};

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

/// Refuses to overwrite a file unasked.
pub fn free(path: &Path, force: bool) -> Result<(), Error> {
    if path.exists() && !force {
        return Err(Fault::new(format!("{} is there already", path.display()))
            .help("use --force to replace it, or --out PATH to write elsewhere")
            .into());
    }
    Ok(())
}
