//! `fondaco run`: what can be asked of a run.

use super::figures::FigureArgs;
use super::interrupt::{self, INTERRUPTED};
use super::progress::Progress;
use super::threads::{ThreadArgs, start};
use super::{SetArgs, admit, inform, print};
use clap::{ArgAction, Args, ValueHint};
use comfy_table::{CellAlignment, Table, presets::UTF8_HORIZONTAL_ONLY};
use fondaco::error::Error;
use fondaco::experiment::{Plan, useful_threads};
use fondaco::report::memory::Need;
use fondaco::report::result::{Done, Place, produce, target};
use fondaco::scenario::Flag;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Run a scenario and write its results into a folder
///
/// Flags that state a setting, such as --seed, do the same as --set run.seed=…; to state one setting in both ways is
/// refused where they differ.
#[derive(Args, Debug)]
pub struct RunArgs {
    /// Scenario file, TOML or JSON
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// Seed of every random number
    #[arg(short = 'r', long, value_name = "NUMBER", allow_hyphen_values = true, help_heading = "Settings")]
    pub seed: Option<String>,
    /// Years observed, after the burn-in
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, help_heading = "Settings")]
    pub years: Option<String>,
    /// Number of firms
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, help_heading = "Settings")]
    pub firms: Option<String>,
    /// Runs that differ only in the seed
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true, help_heading = "Settings")]
    pub replicates: Option<String>,
    #[command(flatten, next_help_heading = "Settings")]
    pub set: SetArgs,

    /// Folder the results are written into, used as it is
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Results")]
    pub out: Option<PathBuf>,
    /// Write the yearly panel
    #[arg(long, help_heading = "Results")]
    pub panel: bool,
    /// Write the table of firms
    #[arg(long, help_heading = "Results")]
    pub firms_table: bool,
    /// Write the record of events
    #[arg(long, help_heading = "Results")]
    pub events: bool,
    /// Write the table of ties
    #[arg(long, help_heading = "Results")]
    pub ties: bool,
    /// Write every table as CSV too
    #[arg(long, help_heading = "Results")]
    pub csv: bool,
    /// Write the social graph as GraphML and edge lists, with statistics
    #[arg(long, help_heading = "Results")]
    pub graph: bool,
    /// Draw no figures
    #[arg(long, conflicts_with = "figures", help_heading = "Results")]
    pub no_figures: bool,
    #[command(flatten)]
    pub drawing: FigureArgs,
    /// Overwrite the results of an earlier run
    #[arg(short, long, help_heading = "Results")]
    pub force: bool,

    #[command(flatten)]
    pub threads: ThreadArgs,
    /// Print the result and nothing else but warnings and errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more; can be repeated
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
    /// Print the headline results as JSON
    #[arg(long)]
    pub json: bool,
}

impl RunArgs {
    /// What the flags set, in the order in which they are laid over the scenario.
    pub fn flags(&self) -> Vec<Flag> {
        let stated = [
            ("--seed", "run.seed", &self.seed),
            ("--years", "run.years", &self.years),
            ("--firms", "population.firms", &self.firms),
            ("--replicates", "run.replicates", &self.replicates),
        ];
        let switched = [
            ("--panel", "output.panel", self.panel, true),
            ("--firms-table", "output.firms", self.firms_table, true),
            ("--events", "output.events", self.events, true),
            ("--ties", "output.ties", self.ties, true),
            ("--csv", "output.csv", self.csv, true),
            ("--graph", "output.graph", self.graph, true),
            ("--no-figures", "output.figures", self.no_figures, false),
        ];
        let stated =
            stated.into_iter().filter_map(|(flag, path, value)| Some(Flag::short(flag, path, value.as_ref()?)));
        let switched = switched.into_iter().filter(|switch| switch.2);
        let switched = switched.map(|(flag, path, _, on)| Flag::switch(flag, path, on));
        stated.chain(switched).chain(self.drawing.flags()).chain(self.set.flags()).collect()
    }
}

/// Runs a scenario and writes its results.
///
/// # Errors
/// The scenario is wrong, the folder is taken, or something could not be written.
pub fn run(args: &RunArgs) -> Result<ExitCode, Error> {
    let (loaded, plan, warnings) = Plan::load(Some(&args.file), &args.flags())?;
    admit(warnings)?;
    let target = args.out.clone().map_or_else(|| target(&plan, &loaded), Ok)?;
    let threads = useful_threads(&plan, args.threads.wanted());
    let need = Need::of(&plan, threads);
    need.admit().map_err(|error| loaded.locate_all(error))?;
    start(threads)?;
    if !args.quiet {
        inform(&announcement(&plan, threads, &need, &target));
        if args.verbose > 0 {
            inform(&loaded.explain_text());
        }
    }
    let interrupt = interrupt::watch()?;
    let run = &plan.scenario.run;
    let progress = Progress::new(u64::from(run.replicates) * u64::from(plan.years()), args.quiet);
    let place = Place { target, force: args.force, threads: threads as u32 };
    let done =
        produce(&plan, &loaded, &place, &interrupt, &|replicate, year| progress.year(replicate, i64::from(year), ""));
    progress.finish();
    let done = done?;
    super::tell_kept(&done.kept, args.quiet);
    if args.json {
        let summary = serde_json::to_string_pretty(&done.summary).expect("a summary is plain data");
        print(&(summary + "\n"))?;
    } else {
        print(&account(&done))?;
    }
    if done.interrupted {
        inform(&format!(
            "interrupted: {} holds what was complete ({} of {} replicates); run it again with --force for the whole\n",
            done.folder.display(),
            if run.replicates > 1 { done.summary.replicates } else { 0 },
            run.replicates
        ));
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(ExitCode::SUCCESS)
}

/// What is about to be done.
fn announcement(plan: &Plan, threads: usize, need: &Need, target: &std::path::Path) -> String {
    let run = &plan.scenario.run;
    let homes: Vec<String> = plan.homes.iter().map(|home| format!("{} ({})", home.iso3, home.count)).collect();
    let few = if homes.len() > 6 {
        format!("{} and {} more", homes[..6].join(", "), homes.len() - 6)
    } else {
        homes.join(", ")
    };
    let megabytes = need.bytes().div_ceil(1 << 20);
    format!(
        "scenario   {}\nseed       {} ({} replicate{})\nfirms      {} in {few}\ncountries  {}\nyears      {} to {} after {} of burn-in\nthreads    {threads}\nmemory     about {megabytes} MB\n{}output     {}\n",
        plan.name,
        run.seed,
        run.replicates,
        if run.replicates == 1 { "" } else { "s" },
        plan.scenario.population.firms,
        plan.world.countries.len(),
        run.start,
        run.start + i64::from(run.years) - 1,
        run.burn_in,
        plan.coverage(),
        target.display()
    )
}

/// The headline table, the shares of trajectories, the speed and the files.
fn account(done: &Done) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY).set_header(vec![
        "home",
        "firms",
        "exporters",
        "exporters, %",
        "markets per exporter",
        "mean FSTS, %",
        "on SNS, %",
    ]);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let number = |value: Option<f64>, scale: f64, digits: usize| {
        value.map_or_else(|| "–".to_owned(), |value| format!("{:.digits$}", value * scale))
    };
    for home in &done.summary.homes {
        table.add_row(vec![
            home.home.clone(),
            format!("{:.0}", home.firms),
            format!("{:.0}", home.exporters),
            number(Some(home.exporter_share), 100.0, 1),
            number(home.markets_per_exporter, 1.0, 2),
            number(home.mean_fsts, 100.0, 1),
            number(Some(home.sns_share), 100.0, 1),
        ]);
    }
    let run = &done.manifest.run;
    let mut text = format!("{table}\n");
    let _ = writeln!(
        text,
        "in {}; trajectories of {} firms that lived in the observed years:",
        done.summary.year, done.summary.lives
    );
    for (word, share) in done.summary.trajectories.iter().filter(|(_, share)| *share > 0.0) {
        let _ = writeln!(text, "  {word:<22}{:6.2} %", 100.0 * share);
    }
    let _ = writeln!(
        text,
        "{:.1} s, {:.2} million firm-steps per second on {} thread{}",
        run.seconds,
        run.firm_steps_per_second / 1e6,
        run.threads,
        if run.threads == 1 { "" } else { "s" }
    );
    let _ = writeln!(text, "{}", done.folder.display());
    for output in done
        .manifest
        .outputs
        .iter()
        .filter(|output| !output.name.starts_with("figures/") || output.name.ends_with(".png"))
    {
        let size =
            if output.bytes < 10_000 { format!("{} B", output.bytes) } else { format!("{} kB", output.bytes / 1000) };
        let _ = writeln!(text, "  {:<32}{size:>10}  {}", output.name, first_sentence(&output.meaning));
    }
    let _ = writeln!(text, "  {:<32}{:>10}  What was asked, what went in, what came out.", "manifest.json", "");
    text
}

fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser};
    use fondaco::error::Error;
    use fondaco::scenario::{Loaded, Scenario, Sections};

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        run: RunArgs,
    }

    fn flags(words: &str) -> Vec<Flag> {
        Only::try_parse_from(words.split(' ')).map_err(|error| error.to_string()).expect("the words parse").run.flags()
    }

    #[test]
    fn the_arguments_are_sound() {
        Only::command().debug_assert();
        assert!(Only::try_parse_from(["run", "a.toml", "-q", "-v"]).is_err());
        assert!(Only::try_parse_from(["run", "a.toml", "-j", "0"]).is_err());
    }

    #[test]
    fn flags_set_what_they_say_and_show_as_typed() {
        let words = "run a.toml -r 7 --years 9 --replicates 3 -o there --panel --firms-table --events --ties --csv --graph --no-figures --set run.checks=true";
        let loaded: Loaded<Scenario> = Loaded::defaults(&flags(words)).expect("no fault");
        let Scenario { run, output, .. } = &loaded.scenario;
        assert_eq!((run.seed, run.years, run.replicates, run.checks), (7, 9, 3, true));
        assert!(output.panel && output.firms && output.events && output.ties && output.csv && output.graph);
        assert!(!output.figures);
        let rows = loaded.explain();
        let seed = rows.iter().find(|row| row.path == "run.seed").expect("the seed is a setting");
        assert_eq!(seed.from(), "--seed 7");
    }

    #[test]
    fn every_flag_names_a_setting_of_a_section_that_exists() {
        let flags = flags(
            "run a.toml -r 0 --years 1 --firms 10 --replicates 1 -o x --panel --firms-table --events --ties --csv --graph --no-figures",
        );
        assert_eq!(flags.len(), 11);
        let sections = Scenario::sections();
        for flag in flags {
            let (section, _) = flag.path().split_once('.').expect("a setting has a section");
            let exists = sections.iter().any(|known| known.path == section);
            assert_eq!(Loaded::<Scenario>::defaults(std::slice::from_ref(&flag)).is_ok(), exists, "{}", flag.path());
        }
    }

    #[test]
    fn two_flags_that_contradict_each_other_are_told() {
        let told = |words: &str| match Loaded::<Scenario>::defaults(&flags(words)) {
            Err(Error::Asked(faults)) => faults.into_iter().map(|fault| fault.title).collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        assert_eq!(
            told("run a.toml --replicates 2 --set run.replicates=1"),
            ["`run.replicates` is stated twice: --replicates 2 and --set run.replicates=1"]
        );
        assert!(told("run a.toml --years 9 --set run.years=9").is_empty(), "they agree");
        assert!(told("run a.toml --set run.years=9 --set run.years=8").is_empty(), "the last --set wins");
    }

    #[test]
    fn a_negative_seed_is_a_fault_of_the_scenario_not_of_the_parser() {
        match Loaded::<Scenario>::defaults(&flags("run a.toml --seed -1")) {
            Err(Error::Asked(faults)) => assert_eq!(faults[0].title, "`run.seed` = -1 is out of range"),
            other => panic!("a fault was expected: {other:?}"),
        }
    }
}
