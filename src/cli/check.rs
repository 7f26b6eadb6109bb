//! `fondaco check`: everything that is wrong with scenario files, at once.

use super::compare::split;
use super::{SetArgs, admit, inform};
use clap::{Args, ValueHint};
use fondaco::error::{Error, Fault, Place, Severity};
use fondaco::experiment::Plan;
use fondaco::experiment::compare::Study;
use fondaco::experiment::sweep::file;
use fondaco::report::figure::{FIGURES, Look};
use fondaco::scenario::{Asked, Origin, asked};
use fondaco::statistics::words::several;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Tell everything that is wrong with scenario, comparison and sweep files
///
/// Errors make the exit code 2; warnings, such as a setting that has no effect, do not.
#[derive(Args)]
pub struct CheckArgs {
    /// Scenario, comparison and sweep files, TOML or JSON
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    set: SetArgs,
}

pub fn check(args: &CheckArgs) -> Result<(), Error> {
    let mut all: Vec<Fault> = Vec::new();
    let mut told = BTreeSet::new();
    let mut sound = String::new();
    for path in &args.files {
        let (found, summary) = one(path, args)?;
        if found.iter().all(|fault| fault.severity == Severity::Warning) {
            sound += &summary;
        }
        // Two files can share a base; its faults are told once.
        all.extend(found.into_iter().filter(|fault| told.insert(place(fault))));
    }
    inform(&sound);
    admit(all)
}

/// What tells a fault from others: its title, the text it is in, and where.
fn place(fault: &Fault) -> (String, String, usize) {
    let (name, start) = match &fault.place {
        Place::Text(source, range) => (source.name.clone(), range.start),
        Place::Setting(_) | Place::Nowhere => (String::new(), 0),
    };
    (fault.title.clone(), name, start)
}

/// The faults of one file, and a line that says what it holds.
fn one(path: &Path, args: &CheckArgs) -> Result<(Vec<Fault>, String), Error> {
    let what = asked(path);
    if what == Asked::Comparison {
        let (own, shared) = split(args.set.flags());
        return match Study::load(path, &own, &shared) {
            Ok(study) => {
                let (arms, pairs) = (study.arms.len(), study.compare.replicates);
                let (arms, pairs) = (several(arms as u64, "arm", "arms"), several(pairs.into(), "pair", "pairs"));
                let sound = format!("{}: sound; {arms}, {pairs} of runs\n", path.display());
                let summary = sound + &study.baseline.coverage();
                Ok((study.warnings, summary))
            }
            Err(Error::Asked(faults)) => Ok((faults, String::new())),
            Err(failed) => Err(failed),
        };
    }
    if what == Asked::Sweep {
        return match file::read(path, &args.set.flags()) {
            Ok((sweep, warnings)) => {
                let (points, method) = (sweep.design.len(), sweep.design.method.word());
                Ok((
                    warnings,
                    format!(
                        "{}: sound; {} runs, {points} points of the design {method}\n",
                        path.display(),
                        sweep.runs()
                    ),
                ))
            }
            Err(Error::Asked(faults)) => Ok((faults, String::new())),
            Err(failed) => Err(failed),
        };
    }
    match Plan::load(Some(path), &args.set.flags()) {
        Ok((loaded, plan, warnings)) => {
            if let Err(Error::Asked(faults)) = Look::of(&plan.scenario.output).check(FIGURES.map(|figure| figure.0)) {
                return Ok((faults, String::new()));
            }
            let rows = loaded.explain();
            let stated = rows.iter().filter(|row| row.origin != Origin::Default).count();
            let sound = format!("{}: sound; {stated} of {} settings stated\n", path.display(), rows.len());
            let summary = sound + &plan.coverage();
            Ok((warnings, summary))
        }
        Err(Error::Asked(faults)) => Ok((faults, String::new())),
        Err(failed) => Err(failed),
    }
}
