//! A comparison as the subject of a sweep: one run is a pair of the baseline and every arm, and its outcomes are what
//! the arms change. Sensitivity to a setting is then the sensitivity of the policy effect.

use super::subject::{Identity, Settled, Subject, Words, sound, with};
use crate::error::Error;
use crate::experiment::Plan;
use crate::experiment::basis::Input;
use crate::experiment::compare::outcome::Outcome;
use crate::experiment::compare::{Study, Whom, pair};
use crate::experiment::outcome::Measure;
use crate::param::Value;
use crate::scenario::{Scenario, Sections};
use std::sync::atomic::AtomicBool;

/// What is told of every arm: the end of the name, the unit, and what it is.
const TOLD: [(&str, &str, &str); 6] = [
    ("exporters", "firms", "Additional exporters in the last year compared."),
    ("exports_usd", "US$", "Additional exports of all years compared, not discounted."),
    ("markets", "firm-markets", "Additional pairs of firm and market served in the last year."),
    ("survivors", "firms", "Additional firms of the eve that survive."),
    ("cost_usd", "US$", "Cost of all years, not discounted."),
    ("exporters_per_million", "firms", "Additional exporters per million US$ of cost; undefined without cost."),
];

/// A comparison to be run at many points.
pub struct Arms {
    study: Study,
    inputs: Vec<Input>,
    /// Names and hashes of the program's own tables.
    tables: String,
    words: Words,
}

impl Arms {
    /// The subject that a comparison is.
    ///
    /// # Errors
    /// A file that a scenario reads cannot be read any more.
    pub fn new(study: Study) -> Result<Self, Error> {
        let inputs = study.inputs()?;
        let mut tables = String::new();
        for plan in plans(&study) {
            tables.extend(super::subject::tables(plan)?.into_iter().map(|(_, line)| line));
        }
        let plain = Measure {
            name: "baseline_exporters".into(),
            unit: "firms".into(),
            meaning: "Firms of the baseline that export in the last year compared.".into(),
        };
        let of_arm = |name: &str| {
            let name = name.replace('-', "_");
            TOLD.map(|(end, unit, meaning)| Measure {
                name: format!("{name}_{end}"),
                unit: unit.into(),
                meaning: format!("Arm {name}: {meaning}"),
            })
        };
        let measures = std::iter::once(plain).chain(study.arms.iter().flat_map(|arm| of_arm(&arm.name))).collect();
        let words = Words::new("comparison", study.baseline.scenario.clone(), measures)
            .with_arms(study.arms.iter().map(|arm| arm.plan.scenario.clone()).collect());
        Ok(Self { study, inputs, tables, words })
    }
}

/// The baseline and the arms.
fn plans(study: &Study) -> impl Iterator<Item = &Plan> {
    std::iter::once(&study.baseline).chain(study.arms.iter().map(|arm| &arm.plan))
}

/// Every effective value that can change a number, line by line.
fn lines(scenario: &Scenario) -> String {
    let mut text = String::with_capacity(1 << 15);
    for (at, block) in scenario.blocks() {
        for decl in block.decls() {
            let path = format!("{at}.{}", decl.name);
            if super::subject::counts(&path)
                && let Some(value) = block.get(decl.name)
            {
                text += &super::subject::line(&path, &value);
            }
        }
    }
    text
}

impl Subject for Arms {
    fn words(&self) -> &Words {
        &self.words
    }

    fn name(&self) -> String {
        self.study.name.clone()
    }

    fn identity(&self, settings: &[(String, Value)]) -> Identity {
        let mut hasher = blake3::Hasher::new();
        for plan in plans(&self.study) {
            match with(&plan.scenario, settings) {
                Ok(scenario) => hasher.update(lines(&scenario).as_bytes()),
                // What cannot be set fails; it fails under a name of its own.
                Err(wrong) => hasher.update(wrong.as_bytes()),
            };
        }
        hasher.update(self.tables.as_bytes());
        hasher.update(format!("horizon {}", self.study.compare.horizon).as_bytes());
        *hasher.finalize().as_bytes()
    }

    fn settle(&self, settings: &[(String, Value)]) -> Result<Box<dyn Settled + '_>, String> {
        let study = self.study.varied(&|scenario| with(scenario, settings))?;
        for plan in plans(&study) {
            sound(&plan.scenario)?;
        }
        Ok(Box::new(study))
    }

    fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    fn quarters(&self) -> u16 {
        let arms: u32 = self.study.arms.iter().map(|arm| u32::from(self.study.end.saturating_sub(arm.parts))).sum();
        (u32::from(self.study.end) + arms).min(u32::from(u16::MAX)) as u16
    }

    fn seed(&self) -> u64 {
        self.study.baseline.scenario.run.seed as u64
    }
}

impl Settled for Study {
    fn run(&self, replicate: u32, interrupt: &AtomicBool) -> Result<Option<Vec<f64>>, String> {
        let pairs = pair::pairs(self, replicate, &|| {}, interrupt).map_err(|error: Error| error.to_string())?;
        let Some(pairs) = pairs else { return Ok(None) };
        let last = self.compare.horizon as usize - 1;
        let level = |levels: &[Vec<Vec<f64>>], outcome: Outcome, year: usize| {
            levels[Whom::All as usize][outcome as usize][year]
        };
        let mut values = vec![level(&pairs.arms[0].baseline, Outcome::Exporters, last)];
        for pair in &pairs.arms {
            let gain = |outcome, year| level(&pair.arm, outcome, year) - level(&pair.baseline, outcome, year);
            let cost: f64 = pair.cost.iter().sum();
            let exporters = gain(Outcome::Exporters, last);
            values.extend([
                exporters,
                (0..=last).map(|year| gain(Outcome::Exports, year)).sum(),
                gain(Outcome::Markets, last),
                gain(Outcome::Survival, last),
                cost,
                if cost > 0.0 { exporters / (cost * 1e-6) } else { f64::NAN },
            ]);
        }
        Ok(Some(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    #[test]
    fn another_file_is_another_run() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file can be written");
        let base = "run.start = 2012\nrun.years = 6\nrun.burn_in = 1\npopulation.firms = 200\nworld.countries = [\"DEU\", \"FRA\"]\n\
                    world.felt = \"matrix\"\nworld.felt_matrix = \"felt.csv\"\n";
        write("base.toml", base);
        write(
            "arms.toml",
            "compare.baseline = \"base.toml\"\ncompare.horizon = 2\narm.fairs.instruments = [\"fair-voucher\"]\n",
        );
        let identity = |felt: &str| {
            write("felt.csv", &format!("from,BEL,DEU,FRA\nBEL,0,{felt},1\nDEU,{felt},0,1\nFRA,1,1,0\n"));
            let study = Study::load(&folder.path().join(Path::new("arms.toml")), &[], &[]);
            let study = study.unwrap_or_else(|error| panic!("{error}"));
            Arms::new(study).unwrap_or_else(|error| panic!("{error}")).identity(&[])
        };
        let before = identity("0.5");
        assert_eq!(before, identity("0.5"));
        assert_ne!(before, identity("0.6"), "a store would hand out runs of the other matrix");
    }
}
