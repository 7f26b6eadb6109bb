//! `fondaco new`: a short annotated scenario to start from.

use super::inform;
use clap::Args;
use fondaco::error::{Error, Fault};
use fondaco::firm::birth::Population;
use fondaco::world::{MOST_MARKETS, WorldSettings, code_of, listing, meant};
use std::fs::OpenOptions;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Write a short annotated scenario; never overwrites a file
#[derive(Args)]
pub struct NewArgs {
    /// Name of the study; the file is NAME.toml
    #[arg(value_name = "NAME")]
    name: PathBuf,
    /// Home country of the firms by a code or its name, such as PRT; asked for on a terminal
    #[arg(long, value_name = "CODE")]
    home: Option<String>,
}

pub fn new(args: &NewArgs) -> Result<(), Error> {
    let mut path = args.name.clone();
    if path.extension().is_none_or(|extension| extension != "toml") {
        path.as_mut_os_string().push(".toml");
    }
    let home = home(args, &path)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Fault::new(format!("{} exists already", path.display()))
            .help("choose another name; nothing was overwritten")
            .into(),
        _ => Error::io("write", &path, error),
    })?;
    let text = fondaco::scenario::starter(&name, &home);
    file.write_all(text.as_bytes()).map_err(|error| Error::io("write", &path, error))?;
    inform(&format!("wrote {0}, whose firms are of {home}; try `fondaco check {0}`\n", path.display()));
    Ok(())
}

/// The home asked for: by the flag, by an answer on a terminal, else that of the default population. The name of a
/// country as the name of the study suggests its home.
fn home(args: &NewArgs, path: &Path) -> Result<String, Error> {
    let countries = listing(
        &WorldSettings { largest: MOST_MARKETS as u32, ..Default::default() },
        &Default::default(),
        &Default::default(),
        None,
    )
    .map_err(Error::Asked)?;
    let usual = Population::default().homes.swap_remove(0);
    let code = |word: &str| {
        code_of(word).ok_or_else(|| {
            Fault::new(format!("{word:?} is no country of the data"))
                .expected("an ISO 3166 code of three letters")
                .help(meant(word).unwrap_or_else(|| "`fondaco countries` lists them".to_owned()))
        })
    };
    if let Some(word) = &args.home {
        return Ok(code(word)?);
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let plain = |text: &str| text.to_lowercase().replace(['-', '_'], " ");
    let named = countries.iter().find(|row| plain(&row.country.name) == plain(&stem)).map(|row| &row.country);
    if std::io::stdin().is_terminal() {
        let suggested = named.map_or(&usual, |country| &country.iso3);
        inform(&format!("Home country of the firms, as a code of three letters [{suggested}]: "));
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).map_err(|error| Error::Failed(error.to_string()))?;
        return Ok(if answer.trim().is_empty() { suggested.clone() } else { code(answer.trim())? });
    }
    if let Some(country) = named.filter(|country| country.iso3 != usual) {
        inform(&format!(
            "the firms are of {usual}; for {}, write `fondaco new {stem} --home {}`\n",
            country.name, country.iso3
        ));
    }
    Ok(usual)
}
