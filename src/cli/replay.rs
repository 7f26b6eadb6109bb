//! `fondaco replay`: does a result come out again?

use super::interrupt::{self, INTERRUPTED};
use super::progress::Progress;
use super::threads::{ThreadArgs, start};
use super::{FAILED, inform, print};
use clap::{Args, ValueHint};
use fondaco::error::Error;
use fondaco::report::replay::{Step, replay};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;

/// Make a result again from its own folder and compare every byte
///
/// Takes the folder of a run, a validation, a comparison or a calibration. Works in a temporary folder and leaves nothing
/// behind; takes as long as the result took. Prints a line for every file that differs, and exits with 1 if there is one.
#[derive(Args)]
pub struct ReplayArgs {
    /// Folder of the result
    #[arg(value_name = "RESULT", value_hint = ValueHint::DirPath)]
    result: PathBuf,
    #[command(flatten)]
    threads: ThreadArgs,
    /// Say nothing but errors and what differs
    #[arg(short, long)]
    quiet: bool,
}

/// Replays a result.
///
/// # Errors
/// The folder is no result that can be replayed, or a replicate broke down.
pub fn run(args: &ReplayArgs) -> Result<ExitCode, Error> {
    let threads = args.threads.wanted();
    start(threads)?;
    let interrupt = interrupt::watch()?;
    let name = args.result.display();
    let progress = OnceLock::new();
    let watch = |step: Step| match step {
        Step::Of(total) => drop(progress.set(Progress::new(total, args.quiet))),
        Step::Done => progress.get().into_iter().for_each(Progress::tick),
    };
    let found = replay(&args.result, threads as u32, &interrupt, &watch);
    progress.get().into_iter().for_each(Progress::finish);
    let Some(found) = found? else {
        inform("interrupted: nothing was compared\n");
        return Ok(ExitCode::from(INTERRUPTED));
    };
    for difference in &found.differences {
        print(&format!("{difference}\n"))?;
    }
    if found.differences.is_empty() {
        if !args.quiet {
            inform(&format!("{name}: all {} files come out again, byte for byte\n", found.same));
        }
        return Ok(ExitCode::SUCCESS);
    }
    inform(&format!("{name}: {} files come out again, {} things differ\n", found.same, found.differences.len()));
    Ok(ExitCode::from(FAILED))
}
