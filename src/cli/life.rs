//! `fondaco explain`: a firm's life, and where it parts from that of its twin.

use super::print;
use clap::{Args, ValueHint};
use fondaco::error::{Error, Fault, nearest};
use fondaco::experiment::Plan;
use fondaco::experiment::life::{Chronicle, chronicle};
use fondaco::report::manifest::Manifest;
use fondaco::report::record::identity;
use fondaco::report::story::Teller;
use fondaco::scenario::Loaded;
use std::path::{Path, PathBuf};

/// Tell a firm's life in plain sentences, and where it parts from its twin in an arm
///
/// Simulates the run again from its manifest, watches one firm, and tells which contacts came from where, why they were
/// or were not pursued, what distance looked like, and what the firm did. Firms have the numbers of the tables.
#[derive(Args)]
pub struct LifeArgs {
    /// Folder of a run or of a comparison
    #[arg(value_name = "RESULT", value_hint = ValueHint::DirPath)]
    result: PathBuf,
    /// The firm, by its number in the tables
    #[arg(long, value_name = "ID")]
    firm: u64,
    /// Arm of the comparison to hold against the baseline
    #[arg(long, value_name = "ARM")]
    versus: Option<String>,
    /// Which of the runs that differ in the seed
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    replicate: u32,
    /// Tell every contact, not only what came of them
    #[arg(long)]
    all: bool,
}

pub fn explain(args: &LifeArgs) -> Result<(), Error> {
    let manifest = Manifest::read(&args.result)?;
    if args.replicate >= manifest.replicates {
        return Err(Fault::new(format!("the result has no replicate {}", args.replicate))
            .help(format!("replicates are counted from 0; this result has {}", manifest.replicates))
            .into());
    }
    let (place, life) = ((args.firm >> 16) as u32, (args.firm & 0xffff) as u16);
    let scenarios = args.result.join("scenarios");
    let compared = scenarios.join("baseline.toml").is_file();
    let own = if compared { scenarios.join("baseline.toml") } else { args.result.join("scenario.toml") };
    let baseline = plan(&manifest, &own)?;
    let model = baseline.model(args.replicate)?;
    let places = baseline.scenario.population.firms;
    if place >= places {
        return Err(Fault::new(format!("there is no firm {}: its place {place} is not simulated", args.firm))
            .help(format!(
                "firms have the numbers of the tables: 65,536 times the place, plus which firm of that place; the last \
                 place of this run is {}",
                places - 1
            ))
            .into());
    }
    let told = chronicle(&model, place, baseline.quarters());
    if args.versus.is_none() && !told.knows(life) {
        return Err(nobody(args.firm, place, life, &told).into());
    }
    let teller = Teller { model: &model, life, all: args.all };
    let Some(arm) = &args.versus else { return print(&teller.story(&told)) };
    let path = scenarios.join(format!("{arm}.toml"));
    if !compared || !path.is_file() || arm == "baseline" {
        return Err(no_arm(arm, &scenarios).into());
    }
    let other = plan(&manifest, &path)?;
    let other_model = other.model(args.replicate)?;
    let twin = chronicle(&other_model, place, other.quarters());
    if !told.knows(life) && !twin.knows(life) {
        return Err(nobody(args.firm, place, life, &told).into());
    }
    let parting = twin.parts_from(&told, life);
    if parting.is_none() {
        return print(&format!("{}\n{}", teller.parting(None, "the baseline", arm), teller.story(&told)));
    }
    print(&format!(
        "{}\n==== under the baseline ====\n\n{}\n==== under {arm} ====\n\n{}",
        teller.parting(parting.as_ref(), "The baseline", arm),
        teller.story(&told),
        Teller { model: &other_model, life, all: args.all }.story(&twin)
    ))
}

fn nobody(firm: u64, place: u32, life: u16, told: &Chronicle) -> Fault {
    let last = told.quarters.last().map_or(0, |glimpse| glimpse.firm.life);
    Fault::new(format!("there is no firm {firm}: firm number {life} of place {place} never lived")).help(format!(
        "firms of this place have the numbers {} to {}",
        identity(place, 0),
        identity(place, last)
    ))
}

/// The plan of a scenario in a result folder, which holds copies of the files it names.
fn plan(manifest: &Manifest, path: &Path) -> Result<Plan, Error> {
    let this = env!("CARGO_PKG_VERSION");
    if manifest.program.version != this {
        return Err(Fault::new(format!("the result was made by version {} of the program", manifest.program.version))
            .expected(format!("version {this}, which is running"))
            .help("another version may simulate another life; explain with the version that made the result")
            .into());
    }
    Plan::new(&Loaded::load(path, &[])?)
}

fn no_arm(arm: &str, scenarios: &Path) -> Fault {
    let mut known: Vec<String> = std::fs::read_dir(scenarios)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some(entry.path().file_stem()?.to_string_lossy().into_owned()))
        .filter(|name| name != "baseline")
        .collect();
    known.sort();
    let fault = Fault::new(format!("the result has no arm {arm:?}"));
    if known.is_empty() {
        return fault.help("this is the result of one run; --versus needs the folder of a comparison");
    }
    match nearest(arm, known.iter().map(String::as_str)) {
        Some(near) => fault.help(format!("did you mean {near}?")),
        None => fault.help(format!("one of {}", known.join(", "))),
    }
}
