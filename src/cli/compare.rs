//! `fondaco compare`: what can be asked of a comparison.

use super::figures::FigureArgs;
use super::interrupt::{self, INTERRUPTED};
use super::progress::Progress;
use super::threads::{ThreadArgs, start};
use super::{SetArgs, inform, print, show_faults};
use clap::{Args, ValueHint};
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use fondaco::error::{Error, Fault};
use fondaco::experiment::compare::outcome::Outcome;
use fondaco::experiment::compare::{Study, years};
use fondaco::report::comparison::{Done, Request, headline, produce, target};
use fondaco::report::figure::{COMPARED, Look};
use fondaco::report::memory::Need;
use fondaco::scenario::Flag;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compare support measures with a baseline, pair by pair
///
/// Runs the baseline once per seed and every arm from where it parts, and reports effects with intervals, costs per
/// additional exporter, who gains and why, as tables, figures and a report that can be handed over.
#[derive(Args, Debug)]
pub struct CompareArgs {
    /// Comparison file, TOML or JSON
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// Pairs of runs
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, help_heading = "Settings")]
    pub replicates: Option<String>,
    /// Go on until the primary outcome is known to this half width, as half-width=NUMBER
    #[arg(long, value_name = "half-width=NUMBER", help_heading = "Settings")]
    pub until: Option<String>,
    /// Most pairs when going on until a half width
    #[arg(long, value_name = "NUMBER", help_heading = "Settings")]
    pub most: Option<String>,
    /// Seed of every random number
    #[arg(short = 'r', long, value_name = "NUMBER", allow_hyphen_values = true, help_heading = "Settings")]
    pub seed: Option<String>,
    /// Number of firms
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, help_heading = "Settings")]
    pub firms: Option<String>,
    /// Years compared
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, help_heading = "Settings")]
    pub horizon: Option<String>,
    #[command(flatten, next_help_heading = "Settings")]
    pub set: SetArgs,

    /// Folder the results are written into, used as it is
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Results")]
    pub out: Option<PathBuf>,
    /// Write twins.parquet too: every participant of the first seed beside its twin, large
    #[arg(long, help_heading = "Results")]
    pub twins: bool,
    #[command(flatten)]
    pub drawing: FigureArgs,
    /// Overwrite an earlier result
    #[arg(short, long, help_heading = "Results")]
    pub force: bool,
    /// Tell what would be simulated, and stop
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub threads: ThreadArgs,
    /// Print the result and nothing else but warnings and errors
    #[arg(short, long)]
    pub quiet: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Flags that set something of the comparison, and those of its scenarios.
pub fn split(flags: Vec<Flag>) -> (Vec<Flag>, Vec<Flag>) {
    let stems = ["compare.", "arm.", "instrument.", "operator."];
    flags.into_iter().partition(|flag| stems.iter().any(|stem| flag.path().starts_with(stem)))
}

impl CompareArgs {
    /// What the flags set in the comparison, and in the scenarios of all arms.
    fn flags(&self) -> Result<(Vec<Flag>, Vec<Flag>), Error> {
        let half_width = match self.until.as_deref().map(|until| until.split_once('=')) {
            None => None,
            Some(Some(("half-width", number))) => Some(number.to_owned()),
            Some(_) => {
                let fault = Fault::new(format!("--until {} is no stopping rule", self.until.as_deref().unwrap_or("")));
                return Err(fault.expected("half-width=NUMBER").help("for instance --until half-width=5").into());
            }
        };
        let short = |flag, path, value: Option<&String>| Some(Flag::short(flag, path, value?));
        let (mut own, mut shared) = (Vec::new(), Vec::new());
        own.extend(short("--replicates", "compare.replicates", self.replicates.as_ref()));
        own.extend(short("--until half-width=", "compare.half_width", half_width.as_ref()));
        own.extend(short("--most", "compare.most", self.most.as_ref()));
        own.extend(short("--horizon", "compare.horizon", self.horizon.as_ref()));
        shared.extend(short("--seed", "run.seed", self.seed.as_ref()));
        shared.extend(short("--firms", "population.firms", self.firms.as_ref()));
        let (ours, theirs) = split(self.set.flags());
        own.extend(ours);
        shared.extend(theirs);
        Ok((own, shared))
    }

    /// The command that gives this result again, without what does not change it.
    fn command(&self) -> String {
        let mut words = vec![format!("fondaco compare {}", self.file.display())];
        let mut add = |flag: &str, value: Option<&String>| words.extend(value.map(|value| format!("{flag} {value}")));
        add("--replicates", self.replicates.as_ref());
        add("--until", self.until.as_ref());
        add("--most", self.most.as_ref());
        add("--seed", self.seed.as_ref());
        add("--firms", self.firms.as_ref());
        add("--horizon", self.horizon.as_ref());
        words.extend(self.set.set.iter().map(|set| format!("--set {set}")));
        words.join(" ")
    }
}

/// Carries a comparison out and writes its result.
///
/// # Errors
/// The comparison is wrong, the folder is taken, or something could not be written.
pub fn compare(args: &CompareArgs) -> Result<ExitCode, Error> {
    let (own, shared) = args.flags()?;
    let study = Study::load(&args.file, &own, &shared)?;
    show_faults(&study.warnings);
    let look = args.drawing.look(Look::of(&study.baseline.scenario.output));
    look.check(COMPARED.map(|figure| figure.0))?;
    let target = args.out.clone().map_or_else(|| target(&study), Ok)?;
    let threads = args.threads.wanted().min(study.compare.replicates.max(1) as usize);
    // A pair holds the baseline, a copy of it and the arm.
    Need::without_tables(&study.baseline.scenario, 3 * threads).admit()?;
    start(threads)?;
    let pairs = study.compare.replicates;
    if !args.quiet {
        let first = study.first_year();
        inform(&format!(
            "comparison {}\nbaseline   {}, {} firms, seed {}\narms       {}\npairs      {pairs}{}\nyears      {first} to {}\nthreads    {threads}\noutput     {}\n",
            study.name,
            study.baseline.name,
            study.baseline.scenario.population.firms,
            study.baseline.scenario.run.seed,
            study.arms.iter().map(|arm| arm.name.as_str()).collect::<Vec<_>>().join(", "),
            if study.compare.half_width > 0.0 {
                format!(
                    ", at most {}, until the half width of {} is {}",
                    study.compare.most, study.compare.outcome, study.compare.half_width
                )
            } else {
                String::new()
            },
            first + study.compare.horizon as i32 - 1,
            target.display()
        ));
    }
    if args.dry_run {
        return Ok(ExitCode::SUCCESS);
    }
    let interrupt = interrupt::watch()?;
    let progress = Progress::new(years(&study, pairs), args.quiet);
    let request = Request {
        target,
        force: args.force,
        threads: threads as u32,
        twins: args.twins,
        command: args.command(),
        look,
        say: super::warn,
    };
    let done = produce(&study, &request, &interrupt, &|| progress.tick());
    progress.finish();
    let done = done?;
    super::tell_kept(&done.kept, args.quiet);
    if args.json {
        print(&done.json)?;
    } else {
        print(&account(&study, &done))?;
    }
    if done.compared.interrupted {
        inform(&format!(
            "interrupted: {} holds what {} pairs gave; the same command takes them up again with --force\n",
            done.folder.display(),
            done.compared.replicates
        ));
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(ExitCode::SUCCESS)
}

/// The answer, the headline table and the files.
fn account(study: &Study, done: &Done) -> String {
    let (answer, rows) = headline(study, &done.compared);
    let mut table = Table::new();
    let outcome = study.outcomes[0];
    table.load_style(NOTHING).set_header(rows.first().cloned().unwrap_or_default());
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for row in rows.iter().skip(1) {
        table.add_row(row.clone());
    }
    let mut text = format!("{answer}\n\n{table}\n\n");
    let run = &done.manifest.run;
    let _ = writeln!(
        text,
        "{} in {}, {} pairs{}; {:.1} s on {} thread{}",
        Outcome::label(outcome),
        study.first_year() + study.compare.horizon as i32 - 1,
        done.compared.replicates,
        match done.compared.precise {
            Some(true) => ", as precise as asked for",
            Some(false) => ", NOT as precise as asked for",
            None => "",
        },
        run.seconds,
        run.threads,
        if run.threads == 1 { "" } else { "s" }
    );
    let _ = writeln!(text, "{}", done.folder.display());
    for output in done.manifest.outputs.iter().filter(|output| !output.name.ends_with(".svg")) {
        let _ = writeln!(text, "  {}", output.name);
    }
    text
}
