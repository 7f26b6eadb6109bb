//! A comparison as the subject of a sweep: one run is a pair of the baseline and every arm, and its outcomes are what
//! the arms change. Sensitivity to a setting is then the sensitivity of the policy effect.

use super::subject::{Identity, Settled, Subject, sound, with};
use crate::error::Error;
use crate::experiment::compare::outcome::Outcome;
use crate::experiment::compare::{Study, Whom, pair};
use crate::experiment::outcome::Measure;
use crate::param::{Decl, Value};
use crate::scenario::{Scenario, Sections};
use std::collections::BTreeMap;
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
    measures: Vec<Measure>,
    decls: BTreeMap<String, Decl>,
}

impl Arms {
    /// The subject that a comparison is.
    pub fn new(study: Study) -> Self {
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
        let blocks = study.baseline.scenario.blocks();
        let decls = blocks
            .iter()
            .flat_map(|(at, block)| block.decls().into_iter().map(move |decl| (format!("{at}.{}", decl.name), decl)))
            .collect();
        Self { study, measures, decls }
    }
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
    fn kind(&self) -> &'static str {
        "comparison"
    }

    fn name(&self) -> String {
        self.study.name.clone()
    }

    fn measures(&self) -> &[Measure] {
        &self.measures
    }

    fn paths(&self) -> Vec<String> {
        self.decls.keys().cloned().collect()
    }

    fn declared(&self, path: &str) -> Option<Decl> {
        self.decls.get(path).cloned()
    }

    fn accepts(&self, path: &str, value: &Value) -> Result<(), String> {
        self.study.baseline.scenario.clone().set(path, value)
    }

    fn identity(&self, settings: &[(String, Value)]) -> Identity {
        let mut hasher = blake3::Hasher::new();
        let scenarios = std::iter::once(&self.study.baseline).chain(self.study.arms.iter().map(|arm| &arm.plan));
        for plan in scenarios {
            match with(&plan.scenario, settings) {
                Ok(scenario) => hasher.update(lines(&scenario).as_bytes()),
                // What cannot be set fails; it fails under a name of its own.
                Err(wrong) => hasher.update(wrong.as_bytes()),
            };
        }
        hasher.update(format!("horizon {}", self.study.compare.horizon).as_bytes());
        *hasher.finalize().as_bytes()
    }

    fn settle(&self, settings: &[(String, Value)]) -> Result<Box<dyn Settled + '_>, String> {
        let study = self.study.varied(&|scenario| with(scenario, settings))?;
        for plan in std::iter::once(&study.baseline).chain(study.arms.iter().map(|arm| &arm.plan)) {
            sound(&plan.scenario)?;
        }
        Ok(Box::new(study))
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
