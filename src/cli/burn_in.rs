//! `fondaco burn-in`: what can be asked of a burn-in.

use super::interrupt::{self, INTERRUPTED};
use super::progress::Progress as Bar;
use super::threads::ThreadArgs;
use super::{SetArgs, admit, inform};
use clap::{Args, ValueHint};
use fondaco::error::{Error, Fault};
use fondaco::experiment::Plan;
use fondaco::{Progress, Scenario};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Simulate the burn-in of a scenario and save the state it comes to
///
/// Scenarios of the same firms, homes, world and network can begin with it: run.from = "FILE". Sweeps and comparisons then
/// need not repeat a burn-in that they share. A file holds a state of every replicate.
#[derive(Args, Debug)]
pub struct BurnInArgs {
    /// Scenario file, TOML or JSON
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// File the state is saved in
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub out: PathBuf,
    /// Overwrite a file that is there
    #[arg(short, long)]
    pub force: bool,
    #[command(flatten)]
    pub set: SetArgs,
    #[command(flatten)]
    pub threads: ThreadArgs,
    /// Print nothing but warnings and errors
    #[arg(short, long)]
    pub quiet: bool,
}

/// Simulates burn-ins and saves their states.
///
/// # Errors
/// The scenario is wrong, the file is there, or it cannot be written.
pub fn run(args: &BurnInArgs) -> Result<ExitCode, Error> {
    let (loaded, plan, warnings) = Plan::load(Some(&args.file), &args.set.flags())?;
    admit(warnings)?;
    let out = args.out.display();
    if args.out.exists() && !args.force {
        let fault = Fault::new(format!("{out} is there already"));
        return Err(fault.help("use --force to overwrite it, or --out FILE to write another").into());
    }
    let run = &plan.scenario.run;
    let bar = Arc::new(Bar::new(u64::from(run.replicates) * u64::from(run.burn_in), args.quiet));
    let (told, stop) = (Arc::clone(&bar), interrupt::watch()?);
    let progress = Progress::telling(move |step| told.year(step.replicate, i64::from(step.year), "")).stopped_by(stop);
    let saved = Scenario::of(loaded).threads(args.threads.wanted()).save_burn_in(&args.out, &progress);
    bar.finish();
    match saved {
        Err(Error::Failed(message)) if progress.is_cancelled() => {
            inform(&format!("{message}\n"));
            Ok(ExitCode::from(INTERRUPTED))
        }
        saved => {
            saved?;
            if !args.quiet {
                inform(&format!("{out} holds the state at the start of {}; begin with it by run.from\n", run.start));
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}
