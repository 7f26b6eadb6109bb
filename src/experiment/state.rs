//! States: a run as it stands between two quarters, kept in a file and gone on from.
//!
//! ```text
//! "fondaco state 1\n"   what it is, and the form it has
//! BLAKE3, 32 bytes      of all that follows
//! head                  program, layout, settings that must be alike, settings that the burn-in had
//! states                one for each replicate: economy, observed years and notes so far, doses given
//! ```
//!
//! Head and states are in the postcard format, which keeps every bit of a number. What a firm was born with, where it
//! lives and whom it knows must be the same in the scenario that goes on; what else differs acts from then on, and is told.

use crate::economy::Economy;
use crate::economy::accounts::{FLOWS, Notes, SUMS};
use crate::engine::model::Model;
use crate::engine::{Sink, Taken, YearTotals};
use crate::error::{Error, Fault};
use crate::experiment::Plan;
use crate::firm::{Firm, Relation, Tie, VisibleState};
use crate::input;
use crate::param::{Params, Value};
use crate::policy::Operator;
use crate::scenario::{Scenario, Sections};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

const MAGIC: &[u8] = b"fondaco state 1\n";
/// Settings that must be alike: blocks, and single ones.
const BLOCKS: [&str; 6] = ["population", "home", "world", "cage", "territory", "network"];
/// Blocks that act in a burn-in and may differ.
const ACTING: [&str; 3] = ["mechanism", "platform", "shock"];
const SINGLE: [&str; 3] = ["run.seed", "run.start", "run.burn_in"];

/// What was observed of a run so far, as the engine hands it over.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct History {
    /// Observed years, home by home within a year.
    pub years: Vec<YearTotals>,
    /// What chunks noted, with the year, in the order in which it was handed over.
    pub notes: Vec<(i32, Taken)>,
}

impl Sink for History {
    fn notes(&mut self, _: &Model, year: i32, taken: &mut Taken) -> Result<(), Error> {
        self.notes.push((year, std::mem::take(taken)));
        Ok(())
    }
}

impl History {
    /// Hands over to a sink what a run would have handed over.
    ///
    /// # Errors
    /// When the sink fails.
    pub fn replay(&self, model: &Model, sink: &mut dyn Sink) -> Result<(), Error> {
        self.years.iter().try_for_each(|totals| sink.year(model, totals))?;
        self.notes.iter().try_for_each(|(year, taken)| sink.notes(model, *year, &mut taken.clone()))
    }
}

/// One replicate as it stands at the start of a quarter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    pub replicate: u32,
    #[serde(with = "shared")]
    pub economy: Arc<Economy>,
    pub history: History,
    /// Measures given by hand so far: name and settings of the operator, in the order of the programme.
    pub doses: Vec<(String, Vec<(String, Value)>)>,
}

/// An economy that several share, for serde.
mod shared {
    use super::{Arc, Deserialize, Economy, Serialize};
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(economy: &Arc<Economy>, to: S) -> Result<S::Ok, S::Error> {
        Economy::serialize(economy, to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<Economy>, D::Error> {
        Economy::deserialize(from).map(Arc::new)
    }
}

/// What is known of a state file before its states are read.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    program: String,
    /// Sizes of rows and numbers of counts: other ones are another model.
    layout: Vec<u32>,
    /// Settings that must be alike, with their values, and the contents of files.
    alike: Vec<(String, String)>,
    /// Settings that acted so far and may be others from here on, with their values.
    acted: Vec<(String, String)>,
    /// Which notes are taken.
    notes: [bool; 4],
}

fn layout() -> Vec<u32> {
    let sizes = [size_of::<Firm>(), size_of::<Tie>(), size_of::<Relation>(), size_of::<VisibleState>(), FLOWS, SUMS];
    sizes.map(|size| size as u32).to_vec()
}

/// The settings that must be alike, with their values.
fn alike(plan: &Plan, measures: bool) -> Vec<(String, String)> {
    let scenario: &Scenario = &plan.scenario;
    let mut found = Vec::new();
    for (path, block) in scenario.blocks() {
        let section = path.split('.').next().unwrap_or_default();
        let of_measures = measures && matches!(section, "instrument" | "operator");
        for decl in block.decls() {
            let setting = format!("{path}.{}", decl.name);
            if !(BLOCKS.contains(&section) || SINGLE.contains(&setting.as_str()) || of_measures) {
                continue;
            }
            // Of files that are named, the contents matter, which are among the inputs.
            match block.get(decl.name) {
                Some(Value::File(_)) | None => {}
                Some(value) => found.push((setting, value.to_string())),
            }
        }
    }
    let on = scenario.platform.iter().filter(|(_, platform)| platform.on).map(|(name, _)| name.as_str());
    found.push(("platform".to_owned(), on.collect::<Vec<_>>().join(", ")));
    for (path, hash) in plan.world.inputs().into_iter().chain(plan.own.inputs.iter().cloned()) {
        let name = Path::new(&path).file_name().map_or(path.clone(), |name| name.to_string_lossy().into());
        found.push((format!("the file {name}"), hash));
    }
    found
}

/// The settings that act in a burn-in and may differ, with their values.
fn acting(scenario: &Scenario) -> Vec<(String, String)> {
    let blocks = scenario.blocks().into_iter();
    let blocks = blocks.filter(|(path, _)| ACTING.contains(&path.split('.').next().unwrap_or_default()));
    let settings = |(path, block): (String, &dyn Params)| -> Vec<(String, String)> {
        let value = |name: &str| block.get(name).map(|value| (format!("{path}.{name}"), value.to_string()));
        block.decls().into_iter().filter_map(|decl| value(decl.name)).collect()
    };
    blocks.flat_map(settings).collect()
}

/// What of two lists is not alike, in words, each setting once.
fn differences(there: &[(String, String)], here: &[(String, String)]) -> Vec<(String, String)> {
    let value = |list: &[(String, String)], path: &str| {
        list.iter().find(|(known, _)| known == path).map_or("nothing".to_owned(), |(_, value)| value.clone())
    };
    let mut paths: Vec<&String> = there.iter().chain(here).map(|(path, _)| path).collect();
    paths.sort();
    paths.dedup();
    let differ = paths.into_iter().map(|path| (path, value(there, path), value(here, path)));
    differ
        .filter(|(_, there, here)| there != here)
        .map(|(path, there, here)| {
            let said = if path.starts_with("the file") {
                format!("{path} has other contents")
            } else {
                format!("`{path}` is {here}, the state has {there}")
            };
            (path.clone(), said)
        })
        .collect()
}

fn flags(notes: Notes) -> [bool; 4] {
    [notes.events, notes.panel, notes.firms, notes.lives]
}

/// The bytes of a state file.
///
/// # Errors
/// There is not the memory for them.
pub fn write(plan: &Plan, notes: Notes, states: &[State]) -> Result<Vec<u8>, Error> {
    let measures = states.iter().any(|state| !state.economy.register.rounds.is_empty());
    let head = Head {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        layout: layout(),
        alike: alike(plan, measures),
        acted: acting(&plan.scenario),
        notes: flags(notes),
    };
    let told = |error: postcard::Error| Error::Failed(format!("could not put the state into bytes: {error}"));
    let head = postcard::to_stdvec(&(head, measures)).map_err(told)?;
    let body = postcard::to_stdvec(states).map_err(told)?;
    let length = (head.len() as u64).to_le_bytes();
    let mut hasher = blake3::Hasher::new();
    hasher.update(&length).update(&head).update(&body);
    Ok([MAGIC, hasher.finalize().as_bytes(), &length, &head, &body].concat())
}

/// The states of a file, with what they must be held to.
#[derive(Debug)]
pub struct States {
    name: String,
    /// Hash of the file.
    pub blake3: String,
    head: Head,
    /// Must support measures be alike too?
    measures: bool,
    pub states: Vec<State>,
}

impl States {
    /// Reads a state file.
    ///
    /// # Errors
    /// It cannot be read, is no state file, not as it was written, or of another version.
    pub fn read(path: &Path) -> Result<Self, Fault> {
        let bytes = input::bytes(path, input::LARGEST_DATA)?;
        let name = path.display().to_string();
        let torn = || Fault::new(format!("{name} is not as it was written")).help("make the state again");
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| {
            Fault::new(format!("{name} is no state of this program")).help("name a file saved from a simulation")
        })?;
        let (hash, rest) = rest.split_at_checked(32).ok_or_else(torn)?;
        if blake3::hash(rest).as_bytes() != hash {
            return Err(torn());
        }
        let (length, rest) = rest.split_first_chunk::<8>().ok_or_else(torn)?;
        let (head, body) = rest.split_at_checked(u64::from_le_bytes(*length) as usize).ok_or_else(torn)?;
        let (head, measures): (Head, bool) = postcard::from_bytes(head).map_err(|_| torn())?;
        if head.program != env!("CARGO_PKG_VERSION") || head.layout != layout() {
            let made = &head.program;
            return Err(Fault::new(format!("{name} was saved by version {made} of the program, or by another model"))
                .help("make the state again with the program that is running"));
        }
        let states = postcard::from_bytes(body).map_err(|_| torn())?;
        Ok(Self { name, blake3: blake3::hash(&bytes).to_hex().to_string(), head, measures, states })
    }

    /// Holds the states to a plan that goes on with them.
    ///
    /// # Errors
    /// What of firms, homes, markets, network, seed and tables is not alike.
    pub fn hold(&self, plan: &Plan, notes: Notes) -> Result<(), Vec<Fault>> {
        let name = &self.name;
        let fault = |(path, said): (String, String)| {
            let fault = if said.starts_with('`') { Fault::setting(path, said) } else { Fault::new(said) };
            fault
                .expected(format!("as in {name}: firms, homes, markets and ties are those of the state"))
                .help("go on with the same population and world, or make the state again")
        };
        let mut faults: Vec<Fault> =
            differences(&self.head.alike, &alike(plan, self.measures)).into_iter().map(fault).collect();
        let observed = self.states.iter().any(|state| !state.history.years.is_empty());
        if observed && self.head.notes != flags(notes) {
            let title = format!("{name} was saved after observed years of which other tables were kept");
            faults.push(Fault::new(title).help("ask for the same tables in [output] as when the state was saved"));
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// What of a scenario was otherwise in the burn-in: a warning, if anything was.
    pub fn other_before(&self, scenario: &Scenario) -> Option<Fault> {
        const SHOWN: usize = 3;
        let differ = differences(&self.head.acted, &acting(scenario));
        let (first, _) = differ.first()?;
        let mut said: Vec<String> = differ.iter().take(SHOWN).map(|(_, said)| said.clone()).collect();
        if differ.len() > SHOWN {
            said.push(format!("and {} more differ", differ.len() - SHOWN));
        }
        let title = format!("the burn-in of {} had other settings: {}", self.name, said.join("; "));
        let fault = Fault::setting(first.clone(), title).expected(format!("acts from {} on", scenario.run.start));
        Some(fault.help("save the state anew with `fondaco burn-in` if the burn-in should have it too").warning())
    }

    /// Holds the states to a plan whose runs begin with them.
    ///
    /// # Errors
    /// As of [`hold`](Self::hold); a replicate is missing, or a state lies behind the burn-in.
    pub fn begin(&self, plan: &Plan) -> Result<(), Vec<Fault>> {
        self.hold(plan, Notes::default())?;
        let run = &plan.scenario.run;
        let missing = (0..run.replicates).find(|replicate| self.states.iter().all(|s| s.replicate != *replicate));
        if let Some(missing) = missing {
            let title = format!("{} holds no state of replicate {missing}", self.name);
            let fault = Fault::setting("run.from", title).expected("a state of every replicate");
            let help = format!("save one of {} replicates, or ask for fewer", run.replicates);
            return Err(vec![fault.help(help)]);
        }
        if self.states.iter().any(|state| !state.economy.register.rounds.is_empty()) {
            let title = format!("firms of {} have had support measures or doses", self.name);
            let fault = Fault::setting("run.from", title).expected("a state before any");
            return Err(vec![fault.help("go on from it with Simulation::load, or save an earlier state")]);
        }
        if self.states.iter().any(|state| u32::from(state.economy.step) > 4 * run.burn_in) {
            let title = format!("{} lies behind the burn-in: years would be missing in the results", self.name);
            let fault = Fault::setting("run.from", title).expected("a state of the burn-in, or of its end");
            return Err(vec![fault.help("go on from it with Simulation::load, which keeps what was observed")]);
        }
        Ok(())
    }
}

/// An operator as its settings.
pub fn stated(operator: &Operator) -> Vec<(String, Value)> {
    let value = |name: &str| operator.get(name).expect("a block holds what it declares");
    operator.decls().into_iter().map(|decl| (decl.name.to_owned(), value(decl.name))).collect()
}

/// The operator of such settings; what it does not know of them is left out.
pub fn operator(stated: &[(String, Value)]) -> Operator {
    let mut operator = Operator::default();
    for (name, value) in stated {
        let _ = operator.set(name, value);
    }
    operator
}
