//! A result taken up again: its scenarios as they were carried out, held to the contents of every file that went in.

use crate::error::{Error, Fault};
use crate::experiment::Plan;
use crate::experiment::basis::{Input, changed};
use crate::experiment::fact;
use crate::report::fact::SNS_USE;
use crate::report::figure::Look;
use crate::report::manifest::{Asked, Manifest, Verb};
use crate::scenario::{Copies, FigureStyle, Loaded};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Refuses a result that another version of the program made.
///
/// # Errors
/// It was made by another version.
pub fn same_version(manifest: &Manifest) -> Result<(), Error> {
    let (made, this) = (&manifest.program.version, env!("CARGO_PKG_VERSION"));
    if made == this {
        return Ok(());
    }
    Err(Fault::new(format!("the result was made by version {made} of the program"))
        .expected(format!("version {this}, which is running"))
        .help("another version may simulate another life: use the version that made the result")
        .into())
}

/// The text of a file that the result has written itself.
///
/// # Errors
/// It cannot be read, or it is not as it was written.
pub fn own(result: &Path, manifest: &Manifest, name: &str) -> Result<String, Error> {
    let path = result.join(name);
    let text = std::fs::read_to_string(&path).map_err(|error| Error::io("read", &path, error))?;
    let stated = manifest.outputs.iter().find(|output| output.name == name).map(|output| output.blake3.as_str());
    if stated != Some(blake3::hash(text.as_bytes()).to_hex().as_str()) {
        return Err(Fault::new(format!("{} is not as it was written: its contents have changed", path.display()))
            .help("put it back as it was, or make the result again")
            .into());
    }
    Ok(text)
}

/// The scenario in a file of the result, which holds copies of the files it names, and its plan.
///
/// # Errors
/// The file is not as it was written, or a file that the scenario reads is not there.
pub fn plan(result: &Path, manifest: &Manifest, name: &str) -> Result<(Loaded, Plan), Error> {
    own(result, manifest, name)?;
    let loaded = Loaded::load(&result.join(name), &[])?;
    let plan = Plan::new(&loaded)?;
    Ok((loaded, plan))
}

/// Every file that a plan reads, with the hash of its contents, by the place of its copy in a result.
///
/// # Errors
/// A file cannot be read any more.
pub fn inputs_of(plan: &Plan, loaded: &Loaded) -> Result<Vec<Input>, Error> {
    let (mut inputs, mut copies) = (plan.inputs()?, Copies::default());
    loaded.standalone(&mut copies, "");
    copies.rename(&mut inputs);
    Ok(inputs)
}

/// The names of the scenarios in a result.
fn scenarios(manifest: &Manifest) -> Vec<&str> {
    let compared = manifest.asked.as_ref().is_some_and(|asked| asked.verb == Verb::Compare);
    let stated = |name: &&str| if compared { name.starts_with("scenarios/") } else { *name == "scenario.toml" };
    manifest.outputs.iter().map(|output| output.name.as_str()).filter(stated).collect()
}

/// Which of the files that a plan of a result reads are no longer what they were, in words.
///
/// # Errors
/// A file cannot be read any more.
pub fn changes(result: &Path, manifest: &Manifest, plan: &Plan) -> Result<Vec<String>, Error> {
    let mut now = plan.inputs()?;
    for input in &mut now {
        // The way into the result, of which there may be several, is no part of the name.
        let path = std::fs::canonicalize(&input.name).ok().zip(std::fs::canonicalize(result).ok());
        let inside = path.and_then(|(path, result)| Some(path.strip_prefix(result).ok()?.display().to_string()));
        // A way that is no text has lost letters in the name, and can only be compared with itself as it is shown.
        let shown = || input.name.strip_prefix(&format!("{}/", result.display())).map(str::to_owned);
        if let Some(inside) = inside.or_else(shown) {
            input.name = inside.replace('\\', "/");
        }
    }
    let before: Vec<Input> =
        manifest.inputs.iter().filter(|input| now.iter().any(|other| other.name == input.name)).cloned().collect();
    Ok(changed(&before, &now))
}

/// What is other with the files that went into a result, in words: those of its scenarios and the program's own tables.
pub fn inputs(result: &Path, manifest: &Manifest) -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    for name in scenarios(manifest) {
        match plan(result, manifest, name).and_then(|(_, plan)| changes(result, manifest, &plan)) {
            Ok(changes) => said.extend(changes),
            Err(Error::Asked(faults)) => said.extend(faults.into_iter().map(|fault| fault.title)),
            Err(Error::Failed(told)) => said.extend([told]),
        }
    }
    let hash = blake3::hash(SNS_USE.1.as_bytes()).to_hex().to_string();
    for (name, hash) in [(fact::TABLE, fact::hash()), (SNS_USE.0, hash)] {
        let other = manifest.inputs.iter().any(|input| input.name == name && input.blake3 != hash);
        said.extend(other.then(|| format!("{name} has changed")));
    }
    said
}

/// Refuses a plan whose files are no longer what they were when the result was made.
///
/// # Errors
/// A file has changed or cannot be read any more.
pub fn hold(result: &Path, manifest: &Manifest, plan: &Plan) -> Result<(), Error> {
    let changes = changes(result, manifest, plan)?;
    if changes.is_empty() {
        return Ok(());
    }
    Err(Fault::new(format!("{} since the result was made", changes.join("; ")))
        .expected("the contents whose hash is in manifest.json: others give another history")
        .help("put the file back as it was, or make the result again; `fondaco verify RESULT` tells all that differs")
        .into())
}

/// A look, as a manifest has it among what was asked for.
pub fn look(look: &Look) -> Value {
    json!({ "plain": look.style == FigureStyle::Plain, "width": look.width, "names": look.names })
}

/// The look that a manifest has among what was asked for.
pub fn look_of(asked: &Asked) -> Look {
    let (usual, stated) = (Look::default(), &asked.options["look"]);
    let names = stated["names"].as_array().into_iter().flatten().filter_map(|name| Some(name.as_str()?.to_owned()));
    Look {
        style: if stated["plain"] == true { FigureStyle::Plain } else { FigureStyle::Report },
        width: stated["width"].as_f64().unwrap_or(usual.width),
        names: names.collect(),
    }
}
