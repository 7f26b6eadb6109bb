//! Words in, words out: the verbs of the command line, one file each.
//!
//! Data goes to the standard output, talk to the standard error. Exit codes: 0 done, 1 failed, 2 asked wrongly,
//! 130 interrupted. To add a verb, write a file with its arguments and its function, and one line in [`Verb`].

mod burn_in;
mod calibrate;
mod check;
mod compare;
mod countries;
mod explain;
mod explain_config;
mod figures;
mod generate;
mod interrupt;
mod measures;
mod new;
mod progress;
mod replay;
mod run;
mod sensitivity;
mod sweep;
mod theory;
mod threads;
mod validate;
mod verify;

use clap::{Args, Parser, Subcommand};
use fondaco::error::{Error, Fault, Severity};
use fondaco::scenario::{Flag, frames};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit code of a failure that is not the asker's.
const FAILED: u8 = 1;
/// Exit code of a wrong request; clap uses the same.
const ASKED_WRONGLY: u8 = 2;

/// Simulates how small firms go abroad through ties.
#[derive(Parser)]
#[command(name = "fondaco", version, max_term_width = 100, after_help = AFTER_HELP)]
#[command(arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

const AFTER_HELP: &str = "\
Examples:
  fondaco run scenarios/quickstart.toml run a scenario and write its results
  fondaco validate scenarios/belgium.toml hold it against published facts
  fondaco compare scenarios/compare-belgium-measures.toml
                                        compare support measures
  fondaco sweep run scenarios/sweeps/sns-founders.toml run it at many points
  fondaco verify output/belgium-<id>    is that result what it was when it was made?
  fondaco replay output/belgium-<id>    does it come out again, byte for byte?
  fondaco theory --row 1                show the prediction of a theory
  fondaco new study                     write study.toml, a short annotated scenario
  fondaco check study.toml              tell everything that is wrong with it
  fondaco explain-config study.toml     show every value and where it comes from
  fondaco reference                     list every setting with meaning, unit and range

Exit codes: 0 done, 1 failed, 2 asked wrongly, 130 interrupted.";

/// What can be asked.
#[derive(Subcommand)]
enum Verb {
    Run(run::RunArgs),
    BurnIn(burn_in::BurnInArgs),
    Validate(validate::ValidateArgs),
    Theory(theory::TheoryArgs),
    Compare(compare::CompareArgs),
    Explain(explain::ExplainArgs),
    Verify(verify::VerifyArgs),
    Replay(replay::ReplayArgs),
    Calibrate(calibrate::CalibrateArgs),
    Sweep(sweep::SweepArgs),
    Sensitivity(sensitivity::SensitivityArgs),
    New(new::NewArgs),
    Check(check::CheckArgs),
    ExplainConfig(explain_config::ExplainArgs),
    Schema(generate::SchemaArgs),
    /// Print every setting with its meaning, unit, range, source and default, as a scenario
    Reference,
    Countries(countries::CountriesArgs),
    Measures(measures::MeasuresArgs),
    Completions(generate::CompletionsArgs),
    Man(generate::ManArgs),
}

/// Settings laid over the scenario file.
#[derive(Args, Clone, Debug, Default)]
struct SetArgs {
    /// Set one value by its dotted path, such as run.years=20; can be repeated, the last one wins
    #[arg(long = "set", value_name = "PATH=VALUE")]
    set: Vec<String>,
}

impl SetArgs {
    fn flags(&self) -> Vec<Flag> {
        self.set.iter().map(|assignment| Flag::set(assignment)).collect()
    }
}

/// Flags, with the usual number of seeds below them unless they say another.
fn usual(seeds: &str, flags: impl Iterator<Item = Flag>) -> Vec<Flag> {
    let mut flags: Vec<Flag> = flags.collect();
    if !flags.iter().any(|flag| flag.path() == "run.replicates") {
        flags.insert(0, Flag::short("--seeds", "run.replicates", seeds));
    }
    flags
}

/// Reads the command line and does what it asks.
pub fn main() -> ExitCode {
    interrupt::survive_full_files();
    match answer(Cli::parse().verb) {
        Ok(code) => code,
        Err(error) => refuse(&error),
    }
}

fn answer(verb: Verb) -> Result<ExitCode, Error> {
    match verb {
        Verb::Run(args) => return run::run(&args),
        Verb::BurnIn(args) => return burn_in::run(&args),
        Verb::Validate(args) => return validate::validate(&args),
        Verb::Theory(args) => return theory::theory(&args),
        Verb::Compare(args) => return compare::compare(&args),
        Verb::Calibrate(args) => return calibrate::calibrate(&args),
        Verb::Sweep(args) => return sweep::sweep(&args),
        Verb::Verify(args) => return verify::run(&args),
        Verb::Replay(args) => return replay::run(&args),
        Verb::Sensitivity(args) => return sensitivity::sensitivity(&args),
        Verb::Countries(args) => countries::countries(&args),
        Verb::Measures(args) => measures::measures(&args),
        Verb::Explain(args) => explain::explain(&args),
        Verb::New(args) => new::new(&args),
        Verb::Check(args) => check::check(&args),
        Verb::ExplainConfig(args) => explain_config::explain(&args),
        Verb::Schema(args) => generate::schema(&args),
        Verb::Reference => generate::reference(),
        Verb::Completions(args) => generate::completions(&args),
        Verb::Man(args) => generate::man(&args),
    }
    .map(|()| ExitCode::SUCCESS)
}

/// Tells an error; returns its exit code.
fn refuse(error: &Error) -> ExitCode {
    match error {
        Error::Asked(faults) => {
            show_faults(faults);
            ExitCode::from(ASKED_WRONGLY)
        }
        Error::Failed(message) => {
            show_faults(&[Fault::new(message)]);
            ExitCode::from(FAILED)
        }
    }
}

/// Writes faults to the standard error, with their number if there are several.
fn show_faults(faults: &[Fault]) {
    if faults.is_empty() {
        return;
    }
    inform(&frames(faults, true));
    if faults.len() > 1 {
        inform(&format!("\n{}\n", tally(faults)));
    }
}

/// How many errors and warnings there are, in words.
fn tally(faults: &[Fault]) -> String {
    let count = |severity, one: &str| {
        let number = faults.iter().filter(|fault| fault.severity == severity).count();
        (number > 0).then(|| format!("{number} {one}{}", if number == 1 { "" } else { "s" }))
    };
    let counts = [count(Severity::Error, "error"), count(Severity::Warning, "warning")];
    counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Refuses if one of the faults is an error; otherwise tells the warnings.
fn admit(faults: Vec<Fault>) -> Result<(), Error> {
    if faults.iter().any(|fault| fault.severity == Severity::Error) {
        return Err(Error::Asked(faults));
    }
    show_faults(&faults);
    Ok(())
}

/// Writes talk to the standard error, without colours unless it is a terminal. If nobody can hear, so be it.
fn inform(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// Tells what the user should know although the work goes on.
fn warn(said: &str) {
    show_faults(&[Fault::new(said).warning()]);
}

/// Tells which files of the user stayed in a result folder that was replaced.
fn tell_kept(kept: &[PathBuf], quiet: bool) {
    for path in kept.iter().filter(|_| !quiet) {
        inform(&format!("{} is yours, not the program's: it stays\n", path.display()));
    }
}

/// Writes data to the standard output. A reader that has had enough, such as `head`, is no failure.
fn print(text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::Failed(format!("could not write to the standard output: {error}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn errors_and_warnings_are_counted_apart() {
        let faults = [Fault::new("a"), Fault::new("b").warning(), Fault::new("c")];
        assert_eq!(tally(&faults), "2 errors, 1 warning");
        assert_eq!(tally(&faults[1..2]), "1 warning");
        assert!(admit(faults[1..2].to_vec()).is_ok());
        assert!(admit(faults.to_vec()).is_err());
    }
}
