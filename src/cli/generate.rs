//! `fondaco schema`, `reference`, `completions` and `man`: texts made from the declarations.

use super::{Cli, inform, print};
use clap::{Args, CommandFactory, ValueEnum, ValueHint};
use clap_complete::Shell;
use fondaco::error::Error;
use std::path::PathBuf;

/// Print the completions of a shell
///
/// For bash: fondaco completions bash > ~/.local/share/bash-completion/completions/fondaco
#[derive(Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Write the manual pages, one for each verb, into a folder; without one, print the first page
#[derive(Args)]
pub struct ManArgs {
    /// Folder the pages are written into; made if it is missing
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    folder: Option<PathBuf>,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FileKind {
    Scenario,
    Comparison,
    Sweep,
}

/// Print the JSON Schema of scenario, comparison or sweep files, for editors
#[derive(Args)]
pub struct SchemaArgs {
    /// Kind of file
    #[arg(value_name = "KIND", default_value = "scenario")]
    kind: FileKind,
}

pub fn schema(args: &SchemaArgs) -> Result<(), Error> {
    let schema = match args.kind {
        FileKind::Scenario => fondaco::scenario::schema(),
        FileKind::Comparison => fondaco::experiment::compare::file::schema(),
        FileKind::Sweep => fondaco::experiment::sweep::schema::schema(),
    };
    print(&format!("{schema:#}\n"))
}

pub fn reference() -> Result<(), Error> {
    print(&fondaco::scenario::reference())
}

pub fn completions(args: &CompletionsArgs) -> Result<(), Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "fondaco", &mut script);
    print(&String::from_utf8_lossy(&script))
}

pub fn man(args: &ManArgs) -> Result<(), Error> {
    let Some(folder) = &args.folder else {
        let mut page = Vec::new();
        let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
        rendered.map_err(|error| Error::Failed(format!("could not write the manual page: {error}")))?;
        return print(&String::from_utf8_lossy(&page));
    };
    std::fs::create_dir_all(folder).map_err(|error| Error::io("make the folder", folder, error))?;
    clap_mangen::generate_to(Cli::command(), folder)
        .map_err(|error| Error::io("write manual pages into", folder, error))?;
    inform(&format!("wrote the manual pages into {}\n", folder.display()));
    Ok(())
}
