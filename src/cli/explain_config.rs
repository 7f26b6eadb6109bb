//! `fondaco explain-config`: every effective value and where it comes from.

use super::{SetArgs, admit, print};
use clap::{Args, ValueHint};
use fondaco::error::Error;
use fondaco::scenario::{Loaded, Scenario};
use std::path::PathBuf;

/// Show every effective value and where it comes from: default, file and line, or flag
#[derive(Args)]
pub struct ExplainArgs {
    /// Scenario file, TOML or JSON; without one, the defaults
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// Print JSON, with symbols, units, meanings and the hash
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    set: SetArgs,
}

pub fn explain(args: &ExplainArgs) -> Result<(), Error> {
    let flags = args.set.flags();
    let (loaded, mut faults) = Loaded::<Scenario>::scan(args.file.as_deref(), &flags);
    faults.extend(loaded.check());
    admit(faults)?;
    if args.json { print(&format!("{:#}\n", loaded.explain_json())) } else { print(&loaded.explain_text()) }
}
