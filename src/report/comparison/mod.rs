//! A comparison as files: tables, JSON, the scenarios of all arms, figures, and the report that can be handed over.

mod figure;
mod page;
mod say;
mod table;
#[cfg(test)]
mod tests;

pub use say::{Findings, headline};
pub use table::declarations;

use crate::error::Error;
use crate::experiment::basis::Basis;
use crate::experiment::compare::{self, Compared, Kept, Study, pair};
use crate::report::again;
use crate::report::dictionary;
use crate::report::figure::Look;
use crate::report::file;
use crate::report::folder::{self, Finished, Folder};
use crate::report::manifest::{Asked, Manifest, Output, Program, SCHEMA, Scenario, State, Stopwatch, Verb};
use crate::statistics::words::csv_of;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Name of the result as JSON in a result folder.
pub const JSON: &str = "comparison.json";
/// Name of the comparison itself in a result folder.
pub const FILE: &str = "comparison.toml";
/// Name of the report in a result folder.
pub const PAGE: &str = "report.html";
/// Folder of the tables as CSV in a result folder.
pub const TABLES: &str = "tables";

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Request {
    /// The result folder itself.
    pub target: PathBuf,
    /// Replace a result that is there?
    pub force: bool,
    /// Threads used; goes into the manifest.
    pub threads: u32,
    /// Write the twins of the first seed?
    pub twins: bool,
    /// The command that was given, for the report.
    pub command: String,
    /// Which figures are written, and how.
    pub look: Look,
    /// How notes about kept pairs reach the user.
    pub say: fn(&str),
}

/// What was done.
#[derive(Debug)]
pub struct Done {
    pub folder: PathBuf,
    /// Files of the user that were in a result replaced, and are in this one now.
    pub kept: Vec<PathBuf>,
    pub compared: Compared,
    pub manifest: Manifest,
    /// The result as JSON.
    pub json: String,
}

/// All scenarios of a comparison as one text: what its identity and hash are made of.
fn resolved(study: &Study) -> String {
    format!("# baseline\n{}\n# arms\n{}", study.resolved, study.stated("baseline.toml"))
}

fn hash(study: &Study) -> String {
    blake3::hash(resolved(study).as_bytes()).to_hex().to_string()
}

/// The folder a comparison belongs into.
///
/// # Errors
/// A file cannot be read any more.
pub fn target(study: &Study) -> Result<PathBuf, Error> {
    let compare = &study.compare;
    let id = folder::short_id(&[
        "comparison",
        &basis(study)?.hash(),
        &compare.replicates.to_string(),
        &compare.half_width.to_string(),
    ]);
    Ok(folder::place(Path::new(&study.baseline.scenario.output.folder), &study.name, &id))
}

fn basis(study: &Study) -> Result<Basis, Error> {
    Ok(Basis::new(hash(study), study.baseline.scenario.run.seed, study.inputs()?))
}

/// Carries a comparison out and writes everything about it. Pairs finished before a failure are kept beside the
/// folder, and taken up by the next such comparison.
///
/// # Errors
/// The folder is taken or cannot be written, or a replicate broke down.
pub fn produce(
    study: &Study,
    request: &Request,
    interrupt: &AtomicBool,
    tick: &(dyn Fn() + Sync),
) -> Result<Done, Error> {
    let basis = basis(study)?;
    let folder = Folder::create(&request.target, request.force, &basis)?;
    let clock = Stopwatch::start();
    let copied = Output::copies(folder.path(), &study.copies, &study.read()?)?;
    let pairs = file::beside(&request.target, "pairs");
    let kept = Kept { path: &pairs, force: request.force, say: &request.say };
    let compared = compare::compare(study, &kept, interrupt, tick)?;
    if compared.replicates == 0 {
        return Err(Error::Failed("interrupted before the first pair was complete; nothing was written".into()));
    }
    let json = json(study, request, &compared);
    let mut outputs = table::tables(folder.path(), study, &compared)?;
    if request.twins && !compared.interrupted {
        // The first seed once more: its courses are too large to be kept for every seed..
        let seed = pair::courses(study, 0, true, &|| {}, &AtomicBool::new(false))?;
        if let Some((baseline, arms)) = seed {
            outputs.extend(table::twins(folder.path(), study, &baseline, &arms)?);
        }
    }
    let (drawings, drawn) = figure::draw_all(&folder.path().join("figures"), study, &compared, &request.look)?;
    outputs.extend(drawn.iter().flat_map(|drawn| drawn.outputs(folder.path())));
    let mut keep = |name: &str, content: &str, meaning: &str| -> Result<(), Error> {
        let path = folder.path().join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| Error::io("create", parent, error))?;
        }
        let stored = file::write(&path, content.as_bytes())?;
        outputs.push(Output::file(folder.path(), &stored, meaning));
        Ok(())
    };
    keep(JSON, &json, "Everything that the pairs say together.")?;
    keep("dictionary.md", &dictionary::markdown(&declarations()), "Every column of every table: meaning, unit.")?;
    keep("scenarios/baseline.toml", &study.resolved, "The baseline with every value in force.")?;
    for arm in &study.arms {
        keep(&format!("scenarios/{}.toml", arm.name), &arm.resolved, "An arm with every value in force.")?;
    }
    keep(FILE, &study.stated("scenarios/baseline.toml"), "The comparison as it was carried out; runs again as it is.")?;
    let (page, shown) = page::page(study, request, &compared, &drawings);
    keep(PAGE, &page, "The report: answer, figures, assumptions, reproduction.")?;
    for (name, rows) in shown {
        keep(&format!("{TABLES}/{name}.csv"), &csv_of(&rows), "A table of the report as CSV.")?;
    }
    outputs.extend(copied);
    let manifest = Manifest {
        program: Program::this(),
        schema: SCHEMA,
        state: if compared.interrupted { State::Interrupted } else { State::Completed },
        asked: Some(Asked {
            verb: Verb::Compare,
            options: json!({
                "command": request.command, "baseline": study.baseline.name, "twins": request.twins, "look": again::look(&request.look),
            }),
        }),
        scenario: Scenario {
            name: study.name.clone(),
            hash: hash(study),
            files: study.files.iter().map(|file| file.display().to_string()).collect(),
            resolved: resolved(study),
        },
        seed: study.baseline.scenario.run.seed as u64,
        replicates: compared.replicates,
        assumptions: Vec::new(),
        inputs: basis.inputs,
        outputs,
        check: String::new(),
        run: clock.run(request.threads, compared.steps),
    };
    let Finished { folder, kept } = folder.finish(&manifest)?;
    if !compared.interrupted {
        compare::forget(&pairs);
    }
    Ok(Done { folder, kept, compared, manifest, json })
}

/// Everything as JSON; numbers that are unknown are null.
fn json(study: &Study, request: &Request, compared: &Compared) -> String {
    let run = &study.baseline.scenario.run;
    let (answer, _) = headline(study, compared);
    let document = json!({
        "comparison": study.name,
        "answer": answer,
        "command": request.command,
        "program": env!("CARGO_PKG_VERSION"),
        "seed": run.seed,
        "firms": study.baseline.scenario.population.firms,
        "first_year": study.first_year(),
        "horizon": study.compare.horizon,
        "discount": study.compare.discount,
        "price_year": study.compare.price_year,
        "perspective": study.compare.perspective,
        "outcomes": study.outcomes.iter().map(|outcome| outcome.name()).collect::<Vec<_>>(),
        "result": compared,
    });
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}
