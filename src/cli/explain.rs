//! `fondaco explain`: a firm's life, and where it parts from that of its twin.

use super::{inform, print};
use clap::{Args, ValueEnum, ValueHint};
use fondaco::engine::model::Model;
use fondaco::error::{Error, Fault, nearest};
use fondaco::experiment::Plan;
use fondaco::experiment::watch::{Chronicle, Worth, chronicle, worth};
use fondaco::report::again::{hold, plan, same_version};
use fondaco::report::manifest::Manifest;
use fondaco::report::record::identity;
use fondaco::report::story::Teller;
use std::path::{Path, PathBuf};

/// Tell a firm's life in plain sentences, and where it parts from its twin in an arm
///
/// Simulates the run again from its manifest, watches one firm, and tells which contacts came from where, why they were
/// or were not pursued, what distance looked like, and what the firm did. Firms have the numbers of the tables.
#[derive(Args)]
pub struct ExplainArgs {
    /// Folder of a run or of a comparison
    #[arg(value_name = "RESULT", value_hint = ValueHint::DirPath)]
    result: PathBuf,
    /// The firm, by its number in the tables, or by its name in your own table of firms
    #[arg(long, value_name = "ID", required_unless_present = "who")]
    firm: Option<String>,
    /// Find a firm worth telling of; the last three need --versus
    #[arg(long, value_name = "WHICH", conflicts_with = "firm")]
    who: Option<Who>,
    /// Arm of the comparison to hold against the baseline
    #[arg(long, value_name = "ARM")]
    versus: Option<String>,
    /// Which of the runs that differ in the seed
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    replicate: u32,
    /// Tell every contact, not only what came of them
    #[arg(long)]
    all: bool,
    /// With --versus: tell both lives in full, not only what differs
    #[arg(long, requires = "versus")]
    full: bool,
}

/// Which firm `--who` finds.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Who {
    /// The largest exporter of the last year
    Largest,
    /// Of the exporters founded in the run, the one that sold abroad soonest after its founding
    Soonest,
    /// The firm that exports most more than its twin in the baseline
    MostGained,
    /// The firm that exports most less than its twin in the baseline
    MostLost,
    /// The largest exporter whose twin in the baseline exports nothing
    NewlyExporting,
}

impl Who {
    fn worth(self) -> Worth {
        match self {
            Self::Largest => Worth::Largest,
            Self::Soonest => Worth::Soonest,
            Self::MostGained => Worth::Gained,
            Self::MostLost => Worth::Lost,
            Self::NewlyExporting => Worth::Newly,
        }
    }

    fn compares(self) -> bool {
        matches!(self, Self::MostGained | Self::MostLost | Self::NewlyExporting)
    }
}

pub fn explain(args: &ExplainArgs) -> Result<(), Error> {
    let manifest = Manifest::read(&args.result)?;
    if args.replicate >= manifest.replicates {
        return Err(Fault::new(format!("the result has no replicate {}", args.replicate))
            .help(format!("replicates are counted from 0; this result has {}", manifest.replicates))
            .into());
    }
    let scenarios = args.result.join("scenarios");
    let compared = scenarios.join("baseline.toml").is_file();
    let read = |name: &str| again(&args.result, &manifest, name);
    let baseline = read(if compared { "scenarios/baseline.toml" } else { "scenario.toml" })?;
    let model = baseline.model(args.replicate)?;
    let other = match &args.versus {
        None => None,
        Some(arm) => {
            let path = scenarios.join(format!("{arm}.toml"));
            if !compared || !path.is_file() || arm == "baseline" {
                return Err(no_arm(arm, &scenarios).into());
            }
            let plan = read(&format!("scenarios/{arm}.toml"))?;
            Some((plan.model(args.replicate)?, plan.quarters()))
        }
    };
    let firm = match (&args.firm, args.who) {
        (Some(word), _) => called(word, &baseline)?,
        (None, Some(who)) => found(who, &model, other.as_ref(), baseline.quarters())?,
        (None, None) => unreachable!("one of the two is required"),
    };
    let (slot, generation) = ((firm >> 16) as u32, (firm & 0xffff) as u16);
    let slots = baseline.scenario.population.firms;
    if slot >= slots {
        return Err(Fault::new(format!("there is no firm {firm}: its slot {slot} is not simulated"))
            .help(format!(
                "firms have the numbers of the tables: 65,536 times the slot, plus which firm of that slot; the last \
                 slot of this run is {}",
                slots - 1
            ))
            .into());
    }
    let told = chronicle(&model, slot, baseline.quarters());
    let teller = Teller { model: &model, generation, all: args.all };
    let (Some(arm), Some((other_model, quarters))) = (&args.versus, &other) else {
        return if told.knows(generation) {
            print(&teller.story(&told))
        } else {
            Err(nobody(firm, slot, generation, &told).into())
        };
    };
    let twin = chronicle(other_model, slot, *quarters);
    if !told.knows(generation) && !twin.knows(generation) {
        return Err(nobody(firm, slot, generation, &told).into());
    }
    let Some(parting) = twin.parts_from(&told, generation) else {
        return print(&format!("{}\n{}", teller.parting(None, "the baseline", arm), teller.story(&told)));
    };
    let parting = teller.parting(Some(&parting), "The baseline", arm);
    let other = Teller { model: other_model, generation, all: args.all };
    print(&if args.full {
        format!(
            "{parting}\n==== under the baseline ====\n\n{}\n==== under {arm} ====\n\n{}",
            teller.story(&told),
            other.story(&twin)
        )
    } else {
        format!("{parting}\n{}", teller.difference(&told, &other, &twin, ["baseline", arm]))
    })
}

/// The number of the firm that a word means: its number, or its name among the user's own firms.
fn called(word: &str, plan: &Plan) -> Result<u64, Error> {
    let names = plan.own.firms.as_ref().map_or(&[][..], |roster| roster.names());
    if let Some(slot) = names.iter().position(|name| name == word) {
        return Ok(identity(slot as u32, 0) as u64);
    }
    word.parse().map_err(|_| {
        let fault = Fault::new(format!("no firm is called {word:?}"));
        let help = match nearest(word, names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean {near:?}?"),
            None if names.is_empty() => {
                "the firms of this result have no names: give the number of the tables, or let --who find a firm"
                    .to_owned()
            }
            None => "give a name of the table of firms, or the number of the tables".to_owned(),
        };
        fault.help(help).into()
    })
}

/// The number of the firm that `--who` finds; says which it is and of how many.
fn found(who: Who, model: &Model, other: Option<&(Model, u16)>, quarters: u16) -> Result<u64, Error> {
    let word = who.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
    if who.compares() && other.is_none() {
        return Err(Fault::new(format!("--who {word} needs another run to hold the firm against"))
            .help("add --versus ARM, with the folder of a comparison")
            .into());
    }
    // In the arm, held against the baseline, where there is one.
    let (own, twin, until) = match other {
        Some((other, until)) => (other, Some(model), *until),
        None => (model, None, quarters),
    };
    let Some((slot, generation, of)) = worth(own, twin, until, who.worth()) else {
        return Err(Fault::new(format!("no firm of this replicate is {word}")).help("try another --replicate").into());
    };
    let firm = identity(slot, generation) as u64;
    inform(&format!("firm {firm} is {word}, picked from {of}: an extreme case, not a typical one\n\n"));
    Ok(firm)
}

fn nobody(firm: u64, slot: u32, generation: u16, told: &Chronicle) -> Fault {
    let last = told.quarters.last().map_or(0, |glimpse| glimpse.firm.generation);
    Fault::new(format!("there is no firm {firm}: firm number {generation} of slot {slot} never lived")).help(format!(
        "firms of this slot have the numbers {} to {}",
        identity(slot, 0),
        identity(slot, last)
    ))
}

/// The plan of a scenario of the result, held to the version and the files it was made with.
fn again(result: &Path, manifest: &Manifest, name: &str) -> Result<Plan, Error> {
    same_version(manifest)?;
    let (_, plan) = plan(result, manifest, name)?;
    hold(result, manifest, &plan)?;
    Ok(plan)
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
