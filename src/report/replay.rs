//! A result made again from what is in its folder, and compared with what is there, byte by byte.

use crate::error::{Error, Fault};
use crate::experiment::Plan;
use crate::experiment::aim::{self, Aim};
use crate::experiment::compare::{Study, years};
use crate::report::again::{inputs, look_of, own, plan, same_version};
use crate::report::manifest::{Asked, Manifest, State, Verb};
use crate::report::scorecard::{self, Beside, FACTS, FactTable, REMARKS, beside_name};
use crate::report::{calibration, comparison, result};
use crate::scenario::Loaded;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// What a replay gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Files that came out the same to the byte.
    pub same: usize,
    /// What differs, in words.
    pub differences: Vec<String>,
}

/// A result being replayed.
struct Again<'a> {
    result: &'a Path,
    manifest: &'a Manifest,
    /// Where it is made again.
    target: PathBuf,
    threads: u32,
    interrupt: &'a AtomicBool,
    watch: &'a (dyn Fn(Step) + Sync),
}

/// How far a replay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It begins, and has so many steps at most: years, or points of a calibration.
    Of(u64),
    /// One more is done.
    Done,
}

/// Makes a result again in a temporary folder and compares every file; nothing if interrupted.
///
/// # Errors
/// The folder is no result that can be replayed, what went in is no longer what it was, or a replicate broke down.
pub fn replay(
    result: &Path,
    threads: u32,
    interrupt: &AtomicBool,
    watch: &(dyn Fn(Step) + Sync),
) -> Result<Option<Replayed>, Error> {
    let manifest = Manifest::read(result)?;
    let Some(asked) = manifest.asked.as_ref() else {
        let title = format!("the manifest of {} does not say what was asked for", result.display());
        return Err(Fault::new(title).help("it was made before results could be replayed; make it again").into());
    };
    if manifest.state == State::Interrupted {
        return Err(Fault::new(format!("{} is what an interrupted run had finished", result.display()))
            .help("only whole results can be replayed; run it again with --force for the whole")
            .into());
    }
    let other = match same_version(&manifest) {
        Err(error) => vec![format!("version  {error}; this is {}", env!("CARGO_PKG_VERSION"))],
        Ok(()) => inputs(result, &manifest).iter().map(|said| format!("input    {said}")).collect(),
    };
    if !other.is_empty() {
        // Another program, or other data, would give something else: that much is known without a run.
        return Ok(Some(Replayed { same: 0, differences: other }));
    }
    let room = tempfile::tempdir().map_err(|error| Error::Failed(format!("no temporary folder: {error}")))?;
    let target = room.path().join("again");
    let again = Again { result, manifest: &manifest, target, threads, interrupt, watch };
    let made = match asked.verb {
        Verb::Run => again.run()?,
        Verb::Validate => again.validate(asked)?,
        Verb::Compare => again.compare(asked)?,
        Verb::Calibrate => again.calibrate(asked)?,
    };
    made.map(|made| compare(result, &manifest, &again.target, made)).transpose()
}

impl Again<'_> {
    /// The scenario of the result under the name it had.
    fn plan(&self, name: &str, called: &str) -> Result<(Loaded, Plan), Error> {
        let (loaded, mut plan) = plan(self.result, self.manifest, name)?;
        plan.name = called.to_owned();
        Ok((loaded, plan))
    }

    fn run(&self) -> Result<Option<Manifest>, Error> {
        let (loaded, plan) = self.plan("scenario.toml", &self.manifest.scenario.name)?;
        let place = result::Place { target: self.target.clone(), force: false, threads: self.threads };
        let run = &plan.scenario.run;
        (self.watch)(Step::Of(u64::from(run.replicates) * u64::from(run.burn_in + run.years)));
        let done = result::produce(&plan, &loaded, &place, self.interrupt, &|_, _| (self.watch)(Step::Done))?;
        Ok((!done.interrupted).then_some(done.manifest))
    }

    fn validate(&self, asked: &Asked) -> Result<Option<Manifest>, Error> {
        let (loaded, plan) = self.plan("scenario.toml", &self.manifest.scenario.name)?;
        let (facts, table) = self.facts(asked)?;
        let names = asked.options["beside"].as_array().into_iter().flatten().filter_map(|name| name.as_str());
        let beside = names.enumerate().map(|(n, name)| -> Result<Beside, Error> {
            let (loaded, plan) = self.plan(&beside_name(n), name)?;
            Ok(Beside { plan, loaded })
        });
        let beside = beside.collect::<Result<Vec<_>, _>>()?;
        let remarked = self.manifest.outputs.iter().any(|output| output.name == REMARKS);
        let request = scorecard::Request {
            facts,
            table,
            target: self.target.clone(),
            force: false,
            threads: self.threads,
            docs: None,
            remarks: remarked.then(|| own(self.result, self.manifest, REMARKS)).transpose()?,
            command: text(asked, "command"),
            look: look_of(asked),
        };
        (self.watch)(Step::Of(scorecard::years(&plan, &request.facts, &beside)));
        let tick = |_: u32, _: i32| (self.watch)(Step::Done);
        let done = scorecard::produce(&plan, &loaded, &request, &beside, self.interrupt, &tick)?;
        Ok((done.manifest.state == State::Completed).then_some(done.manifest))
    }

    fn compare(&self, asked: &Asked) -> Result<Option<Manifest>, Error> {
        own(self.result, self.manifest, comparison::FILE)?;
        let mut study = Study::load(&self.result.join(comparison::FILE), &[], &[])?;
        study.baseline.name = text(asked, "baseline");
        study.files = self.manifest.scenario.files.iter().map(PathBuf::from).collect();
        let request = comparison::Request {
            target: self.target.clone(),
            force: false,
            threads: self.threads,
            twins: asked.options["twins"] == true,
            command: text(asked, "command"),
            look: look_of(asked),
            say: |_| {},
        };
        (self.watch)(Step::Of(years(&study, self.manifest.replicates)));
        let done = comparison::produce(&study, &request, self.interrupt, &|| (self.watch)(Step::Done))?;
        Ok((!done.compared.interrupted).then_some(done.manifest))
    }

    fn calibrate(&self, asked: &Asked) -> Result<Option<Manifest>, Error> {
        let (loaded, plan) = self.plan("scenario.toml", &self.manifest.scenario.name)?;
        let (facts, table) = self.facts(asked)?;
        let search: aim::Asked = serde_json::from_value(asked.options["search"].clone())
            .map_err(|error| Error::io("understand", &self.result.join("manifest.json"), error))?;
        let mut aim = Aim::new(&loaded, plan, &facts, &table.input, &search)?;
        let request = calibration::Request {
            target: self.target.clone(),
            force: false,
            resume: false,
            recover: search.recover,
            threads: self.threads,
            table,
            look: look_of(asked),
            say: |_| {},
        };
        (self.watch)(Step::Of(u64::from(aim.search.budget)));
        match calibration::produce(&mut aim, &loaded, &request, self.interrupt, &mut |_, _| (self.watch)(Step::Done))? {
            calibration::Done::Whole { manifest, .. } => Ok(Some(*manifest)),
            calibration::Done::Interrupted { .. } => Ok(None),
        }
    }

    /// The facts of the result: the program's own, or those that the result keeps.
    fn facts(&self, asked: &Asked) -> Result<(Vec<crate::experiment::fact::Fact>, FactTable), Error> {
        if !self.manifest.outputs.iter().any(|output| output.name == FACTS) {
            return scorecard::facts(None);
        }
        own(self.result, self.manifest, FACTS)?;
        let (facts, mut table) = scorecard::facts(Some(&self.result.join(FACTS)))?;
        table.input.name = text(asked, "facts");
        Ok((facts, table))
    }
}

fn text(asked: &Asked, option: &str) -> String {
    asked.options[option].as_str().unwrap_or_default().to_owned()
}

/// Compares every file of a result with the one made again, and what their manifests say.
fn compare(result: &Path, manifest: &Manifest, made: &Path, mut again: Manifest) -> Result<Replayed, Error> {
    let mut found = Replayed { same: 0, differences: Vec::new() };
    for output in &manifest.outputs {
        let read = |folder: &Path| std::fs::read(folder.join(&output.name));
        match (read(result), read(made)) {
            (Ok(old), Ok(new)) if old == new => found.same += 1,
            (Err(error), _) => found.differences.push(format!("missing  {}: {error}", output.name)),
            (_, Err(_)) => found.differences.push(format!("missing  {} did not come out again", output.name)),
            (Ok(old), Ok(new)) => {
                let at = old.iter().zip(&new).position(|(a, b)| a != b).unwrap_or(old.len().min(new.len()));
                found.differences.push(format!("differs  {} from byte {at} on", output.name));
            }
        }
    }
    let known = |name: &str| manifest.outputs.iter().any(|output| output.name == name);
    let fresh = again.outputs.iter().filter(|output| !known(&output.name));
    found.differences.extend(fresh.map(|output| format!("extra    {} came out too", output.name)));
    // Where it was read from is no part of what came out.
    again.scenario.files.clone_from(&manifest.scenario.files);
    if found.differences.is_empty() {
        let words = manifest.clone().checked().differences(&again.checked());
        found.differences.extend(words.iter().map(|word| format!("differs  manifest.json: {word}")));
    }
    Ok(found)
}
