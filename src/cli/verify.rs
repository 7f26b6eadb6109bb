//! `fondaco verify`: is a result what it was when it was made?

use super::{FAILED, inform, print};
use clap::{Args, ValueHint};
use fondaco::error::Error;
use fondaco::report::verify::verify;
use std::path::PathBuf;
use std::process::ExitCode;

/// Hold a result to its manifest: what went in, what came out, and what else is there
///
/// Takes the folder of a run, a validation, a comparison or a calibration, or of the store of a sweep. Prints a line for
/// every file that differs, is missing or is extra, and exits with 1 if there is one.
#[derive(Args)]
pub struct VerifyArgs {
    /// Folder of the result
    #[arg(value_name = "RESULT", value_hint = ValueHint::DirPath)]
    result: PathBuf,
    /// Say nothing but errors and what differs
    #[arg(short, long)]
    quiet: bool,
}

/// Verifies a result.
///
/// # Errors
/// The folder is no result, or its manifest cannot be relied on.
pub fn run(args: &VerifyArgs) -> Result<ExitCode, Error> {
    let found = verify(&args.result)?;
    found.notes.iter().for_each(|note| super::warn(note));
    for difference in &found.differences {
        print(&format!("{difference}\n"))?;
    }
    let name = args.result.display();
    if found.differences.is_empty() {
        if !args.quiet {
            inform(&format!("{name}: as it was made; {}\n", found.looked_at));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let things = if found.differences.len() == 1 { "thing differs" } else { "things differ" };
    inform(&format!("{name}: {} {things} from what the manifest says\n", found.differences.len()));
    Ok(ExitCode::from(FAILED))
}
