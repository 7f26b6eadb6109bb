//! `fondaco new`: a short annotated scenario to start from.

use super::tell;
use clap::Args;
use fondaco::error::{Error, Fault};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

/// Write a short annotated scenario; never overwrites a file
#[derive(Args)]
pub struct NewArgs {
    /// Name of the study; the file is NAME.toml
    #[arg(value_name = "NAME")]
    name: PathBuf,
}

pub fn new(args: &NewArgs) -> Result<(), Error> {
    let mut path = args.name.clone();
    if path.extension().is_none_or(|extension| extension != "toml") {
        path.as_mut_os_string().push(".toml");
    }
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Fault::new(format!("{} exists already", path.display()))
            .help("choose another name; nothing was overwritten")
            .into(),
        _ => Error::io("write", &path, error),
    })?;
    let text = fondaco::scenario::starter(&name);
    file.write_all(text.as_bytes()).map_err(|error| Error::io("write", &path, error))?;
    tell(&format!("wrote {0}; try `fondaco check {0}`\n", path.display()));
    Ok(())
}
