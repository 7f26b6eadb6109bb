//! `fondaco validate`: what can be asked of a validation.

use super::figures::FigureArgs;
use super::interrupt::{self, INTERRUPTED};
use super::progress::Progress;
use super::threads::{ThreadArgs, start};
use super::{SetArgs, admit, inform, print, usual};
use clap::{Args, ValueHint};
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use fondaco::error::Error;
use fondaco::experiment::{Plan, useful_threads};
use fondaco::report::figure::{self, Look};
use fondaco::report::memory::Need;
use fondaco::report::scorecard::{Beside, Done, Request, facts, produce, remarks, target, terminal_rows, years};
use fondaco::scenario::Flag;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Hold a simulated population against published facts
///
/// Runs the scenario over seeds, measures every fact as its source did, and writes a scorecard: what was published,
/// what was simulated, whether it lies in the band accepted, and whether random shipments pass as well.
#[derive(Args, Debug)]
pub struct ValidateArgs {
    /// Scenario file, TOML or JSON; the defaults if not given
    #[arg(value_name = "SCENARIO", value_hint = ValueHint::FilePath)]
    pub file: Option<PathBuf>,

    /// Runs that differ only in the seed; 30 if not given
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
    /// Another scenario measured beside, for the page: what moves from the one to the other; can be repeated
    #[arg(long, value_name = "SCENARIO", value_hint = ValueHint::FilePath, help_heading = "Settings")]
    pub beside: Vec<PathBuf>,

    /// Folder the results are written into, used as it is
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Results")]
    pub out: Option<PathBuf>,
    /// Folder of documentation whose validation.md is written too
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Results")]
    pub docs: Option<PathBuf>,
    #[command(flatten)]
    pub drawing: FigureArgs,
    /// Overwrite the results of an earlier validation
    #[arg(short, long, help_heading = "Results")]
    pub force: bool,

    #[command(flatten)]
    pub threads: ThreadArgs,
    /// Print the result and nothing else but warnings and errors
    #[arg(short, long)]
    pub quiet: bool,
    /// Print the scorecard as JSON
    #[arg(long)]
    pub json: bool,
}

/// Seeds if nobody says how many.
const SEEDS: &str = "30";

impl ValidateArgs {
    /// What the flags set, in the order in which they are laid over the scenario.
    fn flags(&self) -> Vec<Flag> {
        let stated = [
            ("--seed", "run.seed", self.seed.as_ref()),
            ("--firms", "population.firms", self.firms.as_ref()),
            ("--seeds", "run.replicates", self.seeds.as_ref()),
        ];
        let stated = stated.into_iter().filter_map(|(flag, path, value)| Some(Flag::short(flag, path, value?)));
        usual(SEEDS, stated.chain(self.set.flags()))
    }

    /// A scenario measured beside, with as many seeds.
    fn beside(&self, file: &Path) -> Result<Beside, Error> {
        let seeds: Vec<Flag> = self.flags().into_iter().filter(|flag| flag.path() == "run.replicates").collect();
        let (loaded, plan, warnings) = Plan::load(Some(file), &seeds)?;
        admit(warnings)?;
        Ok(Beside { plan, loaded })
    }

    /// The command that gives this scorecard again, without what does not change it.
    fn command(&self) -> String {
        let mut words = vec!["fondaco validate".to_owned()];
        words.extend(self.file.as_ref().map(|file| file.display().to_string()));
        words.extend(self.seeds.as_ref().map(|seeds| format!("--seeds {seeds}")));
        words.extend(self.seed.as_ref().map(|seed| format!("--seed {seed}")));
        words.extend(self.firms.as_ref().map(|firms| format!("--firms {firms}")));
        words.extend(self.facts.as_ref().map(|facts| format!("--facts {}", facts.display())));
        words.extend(self.set.set.iter().map(|set| format!("--set {set}")));
        words.extend(self.beside.iter().map(|beside| format!("--beside {}", beside.display())));
        words.extend(self.docs.as_ref().map(|docs| format!("--docs {}", docs.display())));
        words.join(" ")
    }
}

/// Validates a scenario and writes the scorecard.
///
/// # Errors
/// The scenario or the table of facts is wrong, the folder is taken, or something could not be written.
pub fn validate(args: &ValidateArgs) -> Result<ExitCode, Error> {
    let flags = args.flags();
    let (loaded, plan, warnings) = Plan::load(args.file.as_deref(), &flags)?;
    admit(warnings)?;
    let look = args.drawing.look(Look::of(&plan.scenario.output));
    look.check([figure::fact::STEM])?;
    let beside = args.beside.iter().map(|file| args.beside(file)).collect::<Result<Vec<_>, _>>()?;
    let (facts, table) = facts(args.facts.as_deref())?;
    admit(table.told.clone())?;
    let target = args.out.clone().map_or_else(|| target(&plan, &loaded, (&table, &beside)), Ok)?;
    let threads = useful_threads(&plan, args.threads.wanted());
    Need::without_tables(&plan.scenario, threads).admit()?;
    start(threads)?;
    let run = &plan.scenario.run;
    if !args.quiet {
        inform(&format!(
            "scenario   {}\nseeds      {}, from {}\nfirms      {}\nyears      {} to {} after {} of burn-in\nfacts      {} rows of {}\nthreads    {threads}\noutput     {}\n",
            plan.name,
            run.replicates,
            run.seed,
            plan.scenario.population.firms,
            run.start,
            run.start + i64::from(run.years) - 1,
            run.burn_in,
            facts.len(),
            table.input.name,
            target.display()
        ));
    }
    let interrupt = interrupt::watch()?;
    let progress = Progress::new(years(&plan, &facts, &beside), args.quiet);
    let request = Request {
        facts,
        table,
        target,
        force: args.force,
        threads: threads as u32,
        docs: args.docs.clone(),
        remarks: args.docs.as_deref().and_then(remarks),
        command: args.command(),
        look,
    };
    let watch = |_: u32, _: i32| progress.tick();
    let done = produce(&plan, &loaded, &request, &beside, &interrupt, &watch);
    progress.finish();
    let done = done?;
    super::tell_kept(&done.kept, args.quiet);
    if args.json {
        print(&done.json)?;
    } else {
        print(&account(&done))?;
    }
    if done.card.interrupted {
        inform(&format!("interrupted: {} holds what {} seeds gave\n", done.folder.display(), done.card.seeds));
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(ExitCode::SUCCESS)
}

/// The scorecard, what it adds up to, and the files.
fn account(done: &Done) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(vec![
        "fact",
        "number",
        "published",
        "band",
        "median [range]",
        "in band",
        "verdict",
        "null",
    ]);
    for column in table.column_iter_mut().skip(2).take(4) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut last = String::new();
    for mut row in terminal_rows(&done.card) {
        if row[0] == last {
            row[0].clear();
        } else {
            last.clone_from(&row[0]);
        }
        table.add_row(row.to_vec());
    }
    let (passed, all) = done.card.passed();
    let run = &done.manifest.run;
    let mut text = format!("{table}\n\n{passed} of {all} facts pass over {} seeds", done.card.seeds);
    let _ =
        writeln!(text, "; {:.1} s on {} thread{}", run.seconds, run.threads, if run.threads == 1 { "" } else { "s" });
    let _ = writeln!(text, "{}", done.folder.display());
    for output in done.manifest.outputs.iter().filter(|output| !output.name.ends_with(".svg")) {
        let _ = writeln!(text, "  {}", output.name);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        validate: ValidateArgs,
    }

    #[test]
    fn the_command_told_gives_the_same_scorecard() {
        let words = "validate a.toml --seeds 4 -j 2 --set run.years=9 --docs docs -q -o there --force";
        let args =
            Only::try_parse_from(words.split(' ')).map_err(|error| error.to_string()).expect("it parses").validate;
        let command = args.command();
        assert_eq!(command, "fondaco validate a.toml --seeds 4 --set run.years=9 --docs docs");
        let again = Only::try_parse_from(command.split(' ').skip(1)).map_err(|error| error.to_string());
        let again = again.expect("it parses").validate;
        let paths = |args: &ValidateArgs| args.flags().iter().map(|flag| flag.path().to_owned()).collect::<Vec<_>>();
        assert_eq!(paths(&again), ["run.replicates", "run.years"]);
        assert_eq!(paths(&args), ["run.replicates", "run.years"]);
    }
}
