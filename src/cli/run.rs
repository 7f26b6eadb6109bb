//! `fondaco run`: what can be asked of a run.

use super::SetArgs;
use clap::{ArgAction, Args, ValueHint};
use fondaco::scenario::Flag;
use std::path::PathBuf;

/// Run a scenario and write its results into a folder
///
/// Flags that state a setting, such as --seed, do the same as --set run.seed=…; where both name one setting, --set
/// wins.
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

    /// Folder the results are written into
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Results")]
    pub out: Option<String>,
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
    /// Write the network of firms as GraphML
    #[arg(long, help_heading = "Results")]
    pub graph: bool,
    /// Draw no figures
    #[arg(long, help_heading = "Results")]
    pub no_figures: bool,
    /// Overwrite the results of an earlier run
    #[arg(short, long, help_heading = "Results")]
    pub force: bool,

    /// Threads used; as many as there are cores if not given. Results do not depend on it
    #[arg(short = 'j', long, value_name = "NUMBER", env = "FONDACO_THREADS")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Say nothing but errors
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
            ("--out", "output.folder", &self.out),
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
        stated.chain(switched).chain(self.set.flags()).collect()
    }
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
        let words = "run a.toml -r 7 --years 9 --replicates 3 -o there --firms-table --events --ties --csv --graph --no-figures --set run.years=10";
        let loaded: Loaded<Scenario> = Loaded::defaults(&flags(words)).expect("no fault");
        let Scenario { run, output, .. } = &loaded.scenario;
        assert_eq!((run.seed, run.years, run.replicates, output.folder.as_str()), (7, 10, 3, "there"));
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
        assert_eq!(flags.len(), 12);
        let sections = Scenario::sections();
        for flag in flags {
            let (section, _) = flag.path().split_once('.').expect("a setting has a section");
            let exists = sections.iter().any(|known| known.path == section);
            assert_eq!(Loaded::<Scenario>::defaults(std::slice::from_ref(&flag)).is_ok(), exists, "{}", flag.path());
        }
    }

    #[test]
    fn a_negative_seed_is_a_fault_of_the_scenario_not_of_the_parser() {
        match Loaded::<Scenario>::defaults(&flags("run a.toml --seed -1")) {
            Err(Error::Asked(faults)) => assert_eq!(faults[0].title, "`run.seed` = -1 is out of range"),
            other => panic!("a fault was expected: {other:?}"),
        }
    }
}
