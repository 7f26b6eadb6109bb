//! A result held to its manifest: is every file that went in and came out what it was, and is nothing else there?

use crate::error::Error;
use crate::experiment::sweep::store::Store;
use crate::report::again;
use crate::report::folder::{listed, names};
use crate::report::manifest::{self, Manifest};
use std::path::Path;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// What was looked at, in words.
    pub looked_at: String,
    /// What differs, is missing, or is there beside.
    pub differences: Vec<String>,
    /// What could not be looked at, and why.
    pub notes: Vec<String>,
}

/// Holds a result folder to its manifest, or the store of a sweep to the checks of its runs.
///
/// # Errors
/// The folder is no result, or cannot be read.
pub fn verify(result: &Path) -> Result<Verified, Error> {
    if !result.join(manifest::FILE).is_file() && Store::exists(result) {
        return Ok(store(result));
    }
    let manifest = Manifest::read(result)?;
    let mut found = Verified {
        looked_at: format!("{} files that went in, {} that came out", manifest.inputs.len(), manifest.outputs.len()),
        ..Verified::default()
    };
    for output in &manifest.outputs {
        match std::fs::read(result.join(&output.name)) {
            Ok(bytes) if blake3::hash(&bytes).to_hex().as_str() == output.blake3 => {}
            Ok(_) => found.differences.push(format!("differs  {}", output.name)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                found.differences.push(format!("missing  {}", output.name));
            }
            Err(error) => found.differences.push(format!("differs  {}: it cannot be read: {error}", output.name)),
        }
    }
    let ours = listed(result);
    let there = names(result, Path::new("")).map_err(|error| Error::io("read", result, error))?;
    let extra = there.iter().filter(|name| !ours.contains(*name));
    found.differences.extend(extra.map(|name| format!("extra    {}", name.display())));
    if let Err(error) = again::same_version(&manifest) {
        found.notes.push(format!("{error}: the files that went in are not looked at"));
    } else {
        // What is wrong with the scenario file itself is told among the outputs.
        let said =
            again::inputs(result, &manifest).into_iter().filter(|said| !said.contains("is not as it was written"));
        found.differences.extend(said.map(|said| format!("input    {said}")));
    }
    Ok(found)
}

/// Holds the store of a sweep to the checks of its runs.
fn store(folder: &Path) -> Verified {
    match Store::read(folder) {
        Ok((store, found)) => {
            let looked_at = format!("{} runs of a sweep, each with its check", store.ids().count());
            Verified { looked_at, differences: found.told, notes: Vec::new() }
        }
        Err(error) => {
            Verified { looked_at: "runs of a sweep".into(), differences: vec![error.to_string()], notes: Vec::new() }
        }
    }
}
