//! The manifest: what was asked, what went in, what came out, and enough to do it again.
//!
//! Everything that may differ between two runs of one scenario and seed (date, machine, threads, speed) is in
//! `run`; the rest of two such manifests is equal to the byte.

use std::path::Path;
use std::time::Instant;

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Fault};
use crate::experiment::basis::Basis;
pub use crate::experiment::basis::Input;
use crate::input;
use crate::report::file::{self, Stored};
use crate::report::table::Written;
use crate::scenario::Copies;

/// Name of the manifest in a result folder.
pub const FILE: &str = "manifest.json";
/// Version of the manifest's and the tables' structure; raised when a reader has to change.
pub const SCHEMA: u32 = 1;

/// The manifest of a result folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub program: Program,
    pub schema: u32,
    pub state: State,
    /// What was asked for, so that it can be replayed; missing in results of programs that could not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub asked: Option<Asked>,
    pub scenario: Scenario,
    pub seed: u64,
    pub replicates: u32,
    /// Disputed mechanisms that were switched on, in words.
    pub assumptions: Vec<String>,
    pub inputs: Vec<Input>,
    pub outputs: Vec<Output>,
    /// BLAKE3 hash of everything above in hexadecimal, so that a changed manifest is found out.
    #[serde(default)]
    pub check: String,
    pub run: Run,
}

/// The program that made the result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Program {
    pub name: String,
    pub version: String,
}

impl Program {
    /// This program.
    pub fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() }
    }
}

/// Whether all that was asked for is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Completed,
    /// Stopped by the user; the replicates listed are whole.
    Interrupted,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    pub verb: Verb,
    /// What beside scenario and data decides the result, as the verb has it.
    #[serde(skip_serializing_if = "Value::is_null", default)]
    pub options: Value,
}

/// The verbs whose results have a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    Run,
    Validate,
    Compare,
    Calibrate,
}

/// The scenario in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    pub name: String,
    /// BLAKE3 hash of the resolved scenario in hexadecimal.
    pub hash: String,
    /// Files it was read from, the base first.
    pub files: Vec<String>,
    /// Every value in force, as TOML.
    pub resolved: String,
}

/// A file written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// Path within the result folder, with `/` between its parts.
    pub name: String,
    pub meaning: String,
    /// Missing where the file is no table.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rows: Option<u64>,
    pub bytes: u64,
    pub blake3: String,
}

impl Output {
    /// A table of the result folder `folder`.
    pub fn table(folder: &Path, written: &Written) -> Self {
        let Written { path, meaning, rows, bytes, blake3 } = written.clone();
        Self { name: name_within(folder, &path), meaning, rows: Some(rows), bytes, blake3 }
    }

    /// Copies of the files that scenarios in the result folder name; `read` holds the hash of each file that was read.
    ///
    /// # Errors
    /// A file that was read cannot be read any more, or is not what it was.
    pub fn copies(folder: &Path, copies: &Copies, read: &[Input]) -> Result<Vec<Self>, Error> {
        let mut outputs = Vec::new();
        for (original, place) in copies.iter() {
            let name = original.display().to_string();
            let hash = read.iter().find(|input| input.name == name).map(|input| &input.blake3);
            let bytes = match (input::bytes(original, input::LARGEST_DATA), hash) {
                (Ok(bytes), _) => bytes,
                // A file that is named but not read need not be there.
                (Err(_), None) => continue,
                (Err(fault), _) => return Err(fault.into()),
            };
            let path = folder.join(place);
            let parent = path.parent().unwrap_or(folder);
            std::fs::create_dir_all(parent).map_err(|error| Error::io("create", parent, error))?;
            let stored = file::write(&path, &bytes)?;
            if hash.is_some_and(|hash| *hash != stored.blake3) {
                return Err(Error::Failed(format!("{name} has changed since the work began; start it again")));
            }
            outputs.push(Self::file(folder, &stored, "A file that the scenario reads, as it was."));
        }
        Ok(outputs)
    }

    /// Another file of the result folder `folder`.
    pub fn file(folder: &Path, stored: &Stored, meaning: &str) -> Self {
        let Stored { path, bytes, blake3 } = stored.clone();
        Self { name: name_within(folder, &path), meaning: meaning.into(), rows: None, bytes, blake3 }
    }
}

fn name_within(folder: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// What differs between two runs of the same scenario and seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Start, UTC, to the second (ISO 8601).
    pub started: String,
    pub seconds: f64,
    pub firm_steps_per_second: f64,
    pub threads: u32,
    pub machine: Machine,
}

/// Where it ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    pub os: String,
    pub arch: String,
    /// Processors the program may use.
    pub cpus: u32,
}

impl Machine {
    /// This machine.
    pub fn this() -> Self {
        let cpus = std::thread::available_parallelism().map_or(1, |cpus| cpus.get() as u32);
        Self { os: std::env::consts::OS.into(), arch: std::env::consts::ARCH.into(), cpus }
    }
}

/// Times a run.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch {
    started: Timestamp,
    since: Instant,
}

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self { started: Timestamp::now(), since: Instant::now() }
    }

    /// The run so far, in which `firm_steps` firm-quarters were simulated.
    pub fn run(&self, threads: u32, firm_steps: u64) -> Run {
        let seconds = self.since.elapsed().as_secs_f64();
        let started = self.started.round(Unit::Second).unwrap_or(self.started).to_string();
        let speed = if seconds > 0.0 { firm_steps as f64 / seconds } else { 0.0 };
        Run {
            started,
            seconds: (seconds * 1e3).round() / 1e3,
            firm_steps_per_second: speed.round(),
            threads,
            machine: Machine::this(),
        }
    }
}

impl Manifest {
    /// What the result rests on.
    pub fn basis(&self) -> Basis {
        Basis {
            program: self.program.version.clone(),
            scenario: self.scenario.hash.clone(),
            seed: self.seed,
            inputs: self.inputs.clone(),
        }
    }

    /// The manifest as it is stored: indented JSON, keys in the order declared.
    pub fn json(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("a manifest has text keys only");
        text + "\n"
    }

    /// The manifest with its check worked out.
    pub fn checked(mut self) -> Self {
        self.check = String::new();
        let mut fields = serde_json::to_value(&self).expect("a manifest has text keys only");
        fields.as_object_mut().map(|fields| fields.remove("run"));
        self.check = blake3::hash(fields.to_string().as_bytes()).to_hex().to_string();
        self
    }

    /// Stores the manifest, with its check, in a folder.
    ///
    /// # Errors
    /// The file could not be written.
    pub fn write(&self, folder: &Path) -> Result<Stored, Error> {
        file::write(&folder.join(FILE), self.clone().checked().json().as_bytes())
    }

    /// Reads the manifest of a result folder.
    ///
    /// # Errors
    /// There is none, it is not one of this program, or it is not as it was written.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(FILE);
        if !path.is_file() {
            return Err(Fault::new(format!("{} is no result: there is no {FILE} in it", folder.display()))
                .help("name the folder of a run, a validation, a comparison or a calibration")
                .into());
        }
        let text = std::fs::read_to_string(&path).map_err(|error| Error::io("read", &path, error))?;
        let read: Self = serde_json::from_str(&text).map_err(|error| Error::io("understand", &path, error))?;
        let unchecked = read.check.is_empty() && read.asked.is_none();
        if !unchecked && read.clone().checked().check != read.check {
            return Err(Error::Failed(format!(
                "{} is not as it was written: its check does not fit, so nothing it says can be relied on; make the \
                 result again",
                path.display()
            )));
        }
        Ok(read)
    }

    /// Where two manifests differ outside `run`: dotted paths with both values; none for equal results.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let [a, b] = [self, other].map(|manifest| {
            let mut value = serde_json::to_value(manifest).expect("a manifest has text keys only");
            // The check follows from all the rest.
            value.as_object_mut().map(|fields| ["run", "check"].map(|name| fields.remove(name)));
            value
        });
        let mut found = Vec::new();
        compare("", &a, &b, &mut found);
        found
    }
}

fn compare(path: &str, a: &Value, b: &Value, found: &mut Vec<String>) {
    let below = |key: &dyn std::fmt::Display| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let added = b.keys().filter(|key| !a.contains_key(*key));
            for key in a.keys().chain(added) {
                compare(&below(key), a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), found);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            for i in 0..a.len().max(b.len()) {
                compare(&below(&i), a.get(i).unwrap_or(&Value::Null), b.get(i).unwrap_or(&Value::Null), found);
            }
        }
        _ if a == b => {}
        _ => found.push(format!("{path}: {} / {}", short(a), short(b))),
    }
}

/// Long texts are cut; the path says where to look.
fn short(value: &Value) -> String {
    const LONGEST: usize = 60;
    match value {
        Value::Null => "missing".into(),
        value => {
            let text = value.to_string();
            if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST).chain(['…']).collect() }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A small manifest for tests.
    pub(crate) fn example() -> Manifest {
        Manifest {
            program: Program::this(),
            schema: SCHEMA,
            state: State::Completed,
            asked: Some(Asked { verb: Verb::Run, options: Value::Null }),
            scenario: Scenario {
                name: "trial".into(),
                hash: "00ff".into(),
                files: vec!["trial.toml".into()],
                resolved: "[world]\n".into(),
            },
            seed: 1,
            replicates: 2,
            assumptions: vec!["breadth speed raises failure".into()],
            inputs: vec![Input { name: "countries.csv".into(), blake3: "aa".into() }],
            outputs: vec![],
            check: String::new(),
            run: Stopwatch::start().run(2, 1000),
        }
        .checked()
    }

    #[test]
    fn a_manifest_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut manifest = example();
        let stored = file::write(&folder.path().join("a.txt"), b"text").unwrap();
        manifest.outputs.push(Output::file(folder.path(), &stored, "a text"));
        manifest.write(folder.path()).unwrap();
        assert_eq!(Manifest::read(folder.path()).unwrap(), manifest.clone().checked());
        assert_eq!(manifest.outputs[0].name, "a.txt");
        let error = Manifest::read(&folder.path().join("none")).unwrap_err().to_string();
        assert!(error.contains("manifest.json"), "{error}");
    }

    #[test]
    fn a_changed_manifest_is_found_out() {
        let folder = tempfile::tempdir().unwrap();
        example().write(folder.path()).unwrap();
        let path = folder.path().join(FILE);
        let bytes = std::fs::read(&path).unwrap();
        let run = bytes.windows(7).position(|word| word == b"\"run\": ").unwrap();
        for at in (0..run).filter(|at| !bytes[*at].is_ascii_whitespace()) {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            std::fs::write(&path, &changed).unwrap();
            let told = Manifest::read(folder.path()).err().map(|error| error.to_string());
            assert!(told.is_some_and(|told| told.contains("manifest.json")), "byte {at}");
        }
    }

    #[test]
    fn keys_keep_their_order_and_run_comes_last() {
        let json = example().json();
        let order = ["program", "schema", "state", "scenario", "seed", "replicates", "assumptions", "inputs", "run"];
        let places: Vec<_> = order.iter().map(|key| json.find(&format!("\n  \"{key}\"")).expect(key)).collect();
        assert!(places.is_sorted(), "{json}");
        assert!(json.contains("\"state\": \"completed\""));
    }

    #[test]
    fn only_the_run_may_differ() {
        let a = example();
        let mut b = example();
        b.run = Run { started: "1999-01-01T00:00:00Z".into(), threads: 99, ..b.run };
        assert!(a.differences(&b).is_empty());
        let before_run = |manifest: &Manifest| manifest.json().split("\"run\"").next().map(str::to_owned);
        assert_eq!(before_run(&a), before_run(&b));
        assert_eq!(a.check, b.clone().checked().check, "the check is of what equal runs have in common");
        b.seed = 2;
        b.scenario.files.push("more.toml".into());
        assert_eq!(a.differences(&b), ["scenario.files.1: missing / \"more.toml\"", "seed: 1 / 2"]);
    }
}
