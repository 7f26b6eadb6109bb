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
use crate::experiment::compare::{self, Compared, Study, pair};
use crate::report::dictionary;
use crate::report::figure::Look;
use crate::report::file;
use crate::report::folder::{self, Folder};
use crate::report::manifest::{Input, Manifest, Output, Program, SCHEMA, Scenario, State, Stopwatch};
use crate::statistics::words::csv_of;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Name of the result as JSON in a result folder.
pub const JSON: &str = "comparison.json";
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
}

/// What was done.
#[derive(Debug)]
pub struct Done {
    pub folder: PathBuf,
    pub compared: Compared,
    pub manifest: Manifest,
    /// The result as JSON.
    pub json: String,
}

/// All scenarios of a comparison as one text: what its identity and hash are made of.
fn resolved(study: &Study) -> String {
    let mut text = format!("# baseline\n{}", study.resolved);
    for arm in &study.arms {
        text += &format!("# arm {}\n{}\n", arm.name, arm.differs.join("\n"));
    }
    let compare = &study.compare;
    text += &format!("# compared: {} years, {} discount, {:?}\n", compare.horizon, compare.discount, study.outcomes);
    text
}

fn hash(study: &Study) -> String {
    blake3::hash(resolved(study).as_bytes()).to_hex().to_string()
}

/// The folder a comparison belongs into.
pub fn target(study: &Study) -> PathBuf {
    let run = &study.baseline.scenario.run;
    let id = folder::short_id(&[
        env!("CARGO_PKG_VERSION"),
        "comparison",
        &hash(study),
        &run.seed.to_string(),
        &study.compare.replicates.to_string(),
        &study.compare.half_width.to_string(),
    ]);
    folder::place(Path::new(&study.baseline.scenario.output.folder), &study.name, &id)
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
    let folder = Folder::create(&request.target, request.force)?;
    let clock = Stopwatch::start();
    let read = inputs(study)?;
    let copied = Output::copies(folder.path(), &study.copies, &read)?;
    let kept = file::beside(&request.target, "pairs");
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
        scenario: Scenario {
            name: study.name.clone(),
            hash: hash(study),
            files: study.files.iter().map(|file| file.display().to_string()).collect(),
            resolved: resolved(study),
        },
        seed: study.baseline.scenario.run.seed as u64,
        replicates: compared.replicates,
        assumptions: Vec::new(),
        inputs: Input::all(read, &study.copies),
        outputs,
        run: clock.run(request.threads, compared.steps),
    };
    let folder = folder.finish(&manifest)?;
    if !compared.interrupted {
        compare::forget(&kept);
    }
    Ok(Done { folder, compared, manifest, json })
}

/// Name and hash of every file that the baseline or an arm reads, each once.
fn inputs(study: &Study) -> Result<Vec<(String, String)>, Error> {
    let mut read = study.baseline.inputs()?;
    for arm in &study.arms {
        for input in arm.plan.inputs()? {
            if !read.contains(&input) {
                read.push(input);
            }
        }
    }
    Ok(read)
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
