//! `fondaco calibrate`: what can be asked of a calibration.

use super::figures::FigureArgs;
use super::interrupt::{self, INTERRUPTED};
use super::progress::Progress;
use super::threads::{ThreadArgs, start};
use super::{SetArgs, admit, inform, print, usual};
use clap::{Args, ValueHint};
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use fondaco::error::Error;
use fondaco::experiment::aim::{Aim, Asked};
use fondaco::experiment::calibrate::Calibrated;
use fondaco::experiment::{Plan, useful_threads};
use fondaco::report::calibration::{DRAWN, Done, Request, pinned_by, produce, remarks, target};
use fondaco::report::figure::Look;
use fondaco::report::figure::style::plain;
use fondaco::report::memory::Need;
use fondaco::report::scorecard::facts;
use fondaco::scenario::Flag;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Search parameters at which a population meets published facts
///
/// A Latin hypercube screens the ranges, damped Gauss–Newton steps follow; every point is simulated with the same
/// seeds. Every evaluation is stored before the next begins, so that a killed search can go on with --resume. The best
/// point is written as a scenario that extends the original.
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  fondaco calibrate scenarios/belgium.toml --targets C1,C9 --budget 40 --seeds 3 \\
    --parameters mechanism.order.value=0.03..0.15 --parameters mechanism.search.rate=1..6")]
pub struct CalibrateArgs {
    /// Scenario file, TOML or JSON; the defaults if not given
    #[arg(value_name = "SCENARIO", value_hint = ValueHint::FilePath)]
    pub file: Option<PathBuf>,

    /// A parameter and its range, or a file with one of these a line; can be repeated
    #[arg(long, value_name = "PATH=LOW..HIGH", num_args = 1.., help_heading = "Search")]
    pub parameters: Vec<String>,
    /// Facts to be met, each with a weight if wanted, such as C1,C3=2
    #[arg(long, value_name = "FACTS", default_value = "all", help_heading = "Search")]
    pub targets: String,
    /// Most points tried
    #[arg(long, value_name = "NUMBER", default_value = "100", help_heading = "Search")]
    pub budget: u32,
    /// Find the scenario's own values again, in data simulated with them
    #[arg(long, help_heading = "Search")]
    pub recover: bool,

    /// Runs at every point, which differ only in the seed; 3 if not given
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, help_heading = "Settings")]
    pub seeds: Option<String>,
    /// Seed of every random number
    #[arg(short = 'r', long, value_name = "NUMBER", allow_hyphen_values = true, help_heading = "Settings")]
    pub seed: Option<String>,
    /// Number of firms
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, help_heading = "Settings")]
    pub firms: Option<String>,
    /// Table of facts to use instead of the program's own
    #[arg(long, value_name = "CSV", value_hint = ValueHint::FilePath, help_heading = "Settings")]
    pub facts: Option<PathBuf>,
    #[command(flatten, next_help_heading = "Settings")]
    pub set: SetArgs,

    /// Folder the results are written into, used as it is
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Results")]
    pub out: Option<PathBuf>,
    /// Go on with a calibration that was stopped, or with a larger budget
    #[arg(long, conflicts_with = "force", help_heading = "Results")]
    pub resume: bool,
    #[command(flatten)]
    pub drawing: FigureArgs,
    /// Overwrite the results of an earlier calibration
    #[arg(short, long, help_heading = "Results")]
    pub force: bool,

    #[command(flatten)]
    pub threads: ThreadArgs,
    /// Print the result and nothing else but warnings and errors
    #[arg(short, long)]
    pub quiet: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Seeds if nobody says how many.
const SEEDS: &str = "3";

impl CalibrateArgs {
    fn flags(&self) -> Vec<Flag> {
        let stated = [
            ("--seed", "run.seed", self.seed.as_ref()),
            ("--firms", "population.firms", self.firms.as_ref()),
            ("--seeds", "run.replicates", self.seeds.as_ref()),
        ];
        let stated = stated.into_iter().filter_map(|(flag, path, value)| Some(Flag::short(flag, path, value?)));
        usual(SEEDS, stated.chain(self.set.flags()))
    }
}

/// Calibrates a scenario and writes what was found.
///
/// # Errors
/// What was asked for is wrong, the folder is taken, or something could not be written.
pub fn calibrate(args: &CalibrateArgs) -> Result<ExitCode, Error> {
    let flags = args.flags();
    let (loaded, plan, warnings) = Plan::load(args.file.as_deref(), &flags)?;
    admit(warnings)?;
    let (facts, table) = facts(args.facts.as_deref())?;
    admit(table.told.clone())?;
    let asked = Asked {
        parameters: args.parameters.clone(),
        targets: args.targets.clone(),
        budget: args.budget,
        recover: args.recover,
    };
    let look = args.drawing.look(Look::of(&plan.scenario.output));
    look.check(DRAWN)?;
    let mut aim = Aim::new(&loaded, plan, &facts, &table.input, &asked)?;
    let target = args.out.clone().unwrap_or_else(|| target(&aim));
    let threads = useful_threads(&aim.plan, args.threads.wanted());
    Need::without_tables(&aim.plan.scenario, threads).admit()?;
    start(threads)?;
    if !args.quiet {
        inform(&format!(
            "scenario   {}\nseeds      {} at every point, from {}\nfirms      {}\nparameters {}\ntargets    {} numbers and patterns of {}\nbudget     {} evaluations\nthreads    {threads}\noutput     {}\n",
            aim.plan.name,
            aim.plan.scenario.run.replicates,
            aim.plan.scenario.run.seed,
            aim.plan.scenario.population.firms,
            aim.search.axes.len(),
            aim.search.targets.len(),
            table.input.name,
            aim.search.budget,
            target.display()
        ));
    }
    let interrupt = interrupt::watch()?;
    let progress = Progress::new(u64::from(aim.search.budget), args.quiet);
    let request = Request {
        target,
        force: args.force,
        resume: args.resume,
        recover: args.recover,
        threads: threads as u32,
        table,
        look,
        say: super::warn,
    };
    let done = produce(&mut aim, &loaded, &request, &interrupt, &mut |evaluation, lowest| {
        progress.evaluation(&evaluation.stage, evaluation.distance, lowest);
    });
    progress.finish();
    match done? {
        Done::Interrupted { kept, evaluations } => {
            inform(&format!(
                "interrupted: {} holds {evaluations} evaluations; --resume goes on with them\n",
                kept.display()
            ));
            Ok(ExitCode::from(INTERRUPTED))
        }
        Done::Whole { folder, kept, found, manifest, json } => {
            super::tell_kept(&kept, args.quiet);
            // A search that cannot be relied on is told of even to those who want to hear of errors only.
            remarks(&aim, &found).iter().for_each(|remark| super::warn(remark.trim_end_matches('.')));
            if args.json {
                print(&json)?;
            } else {
                let mut text = account(&aim, &found);
                let _ = writeln!(text, "{}", folder.display());
                for output in manifest.outputs.iter().filter(|output| !output.name.ends_with(".svg")) {
                    let _ = writeln!(text, "  {}", output.name);
                }
                print(&text)?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Parameters and targets before and after.
fn account(aim: &Aim, found: &Calibrated) -> String {
    let first = &found.evaluations[0];
    let table = |header: &[&str], rows: Vec<Vec<String>>| {
        let mut table = Table::new();
        table.load_style(NOTHING).set_header(header.to_vec());
        for column in table.column_iter_mut().skip(1).take(3) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table.add_rows(rows);
        table.to_string()
    };
    let last = if aim.truth.is_some() { "truth" } else { "moves most" };
    let parameters = (0..aim.search.axes.len()).map(|at| {
        let axis = &aim.search.axes[at];
        vec![
            axis.path.clone(),
            format!("{} to {}", plain(axis.low), plain(axis.high)),
            plain(first.point[at]),
            plain(found.best.point[at]),
            match &aim.truth {
                Some(truth) => plain(truth[at]),
                None => pinned_by(aim, found, at).unwrap_or_else(|| "–".to_owned()),
            },
        ]
    });
    let said = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), plain);
    let targets = aim.search.targets.iter().enumerate().map(|(at, target)| {
        let best = found.best.statistics[at];
        let inside = best.is_some_and(|value| target.error(value).abs() <= 1.0);
        vec![
            target.id.clone(),
            format!("{} to {}", plain(target.low), plain(target.high)),
            said(first.statistics[at]),
            said(best),
            if inside { "in band" } else { "OUTSIDE" }.to_owned(),
        ]
    });
    let (parameters, targets) = (parameters.collect(), targets.collect());
    format!(
        "{}\n\n{}\n\ndistance from {} to {} in {} evaluations{}\n",
        table(&["parameter", "range", "start", "best", last], parameters),
        table(&["target", "band", "start", "best", ""], targets),
        plain(first.distance),
        plain(found.best.distance),
        found.evaluations.len(),
        match found.exhausted {
            false => "; settled",
            true if found.evaluations.len() < aim.search.budget as usize => {
                "; not settled: the next step would take more than the budget left"
            }
            true => "; the budget ended the search before it had settled",
        }
    )
}
