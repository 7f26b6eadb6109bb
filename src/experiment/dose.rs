//! What two support measures do, measured by the designs of their evaluations: fact C14.
//!
//! The fair voucher goes to small and medium firms that apply; the effect is the change of participants against their own
//! twins two years later. The bundle of agency services goes to exporters that apply; a study would match them with
//! others and take differences in differences, and the truth is the change against the twins.

use super::Plan;
use super::compare::file::{Branch, Compare, Study};
use super::compare::{Pairs, simulate_pairs};
use crate::error::{Error, Fault};
use crate::observe::statistic::Measured;
use crate::param::Value;
use crate::policy::Selection;
use crate::scenario::{Scenario, Sections};
use std::sync::atomic::AtomicBool;

/// Years compared: that of the support and two more.
const HORIZON: u32 = 3;
/// Share of the firms that get a place.
const SHARE: f64 = 0.05;

/// The pairs of runs that the fact is measured on.
///
/// # Errors
/// When the run is too short, or cannot be simulated with the measures.
pub fn study(plan: &Plan) -> Result<Study, Vec<Fault>> {
    let run = &plan.scenario.run;
    if run.years < HORIZON + 4 {
        return Err(vec![
            Fault::setting("run.years", "too few years to support anybody and see what comes of it")
                .expected(format!("at least {}", HORIZON + 4)),
        ]);
    }
    // The years of the evaluations, or as near to them as the run allows.
    let last = run.start + i64::from(run.years) - i64::from(HORIZON);
    let start = 2015.clamp(run.start + 3, last);
    let zero = (4 * (start - run.start + i64::from(run.burn_in))) as u16;
    let who = |conditions: &[&str]| conditions.iter().map(|&condition| condition.to_owned()).collect::<Vec<_>>();
    let arms = [
        ("fair-voucher", who(&["employees >= 2", "employees < 250"])),
        ("agency-services", who(&["employees >= 2", "employees < 250", "exporter = true"])),
    ];
    let branch = |(name, who): (&str, Vec<String>)| -> Result<Branch, Vec<Fault>> {
        let mut scenario = plan.scenario.clone();
        let places = (SHARE * f64::from(scenario.population.firms)).max(1.0) as u32;
        let instrument = scenario.instrument.get_mut(name).expect("the catalogue has the measure");
        instrument.on = true;
        instrument.who = who;
        instrument.selection = Selection::SelfSelected;
        instrument.places = places;
        instrument.start = start as f32;
        let of = Plan::of(scenario, format!("{}-{name}", plan.name))?;
        Ok(Branch {
            name: name.into(),
            label: name.into(),
            plan: of,
            resolved: String::new(),
            differs: Vec::new(),
            parts: zero,
        })
    };
    let baseline = Plan::of(without_measures(&plan.scenario), plan.name.clone())?;
    let arms = arms.into_iter().map(branch).collect::<Result<Vec<_>, _>>()?;
    Ok(Study {
        name: format!("{}-doses", plan.name),
        compare: Compare { horizon: HORIZON, replicates: run.replicates, ..Compare::default() },
        baseline,
        arms,
        outcomes: Vec::new(),
        files: Vec::new(),
        resolved: String::new(),
        copies: crate::scenario::Copies::default(),
        zero,
        end: zero + 4 * HORIZON as u16,
        warnings: Vec::new(),
    })
}

fn without_measures(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    let names: Vec<String> = scenario.instrument.keys().cloned().collect();
    for name in names {
        let off = scenario.set(&format!("instrument.{name}.on"), &Value::Switch(false));
        debug_assert!(off.is_ok(), "a measure can be switched off");
    }
    scenario
}

/// Simulates the pairs and measures them, seed by seed.
///
/// # Errors
/// When a network cannot be made.
pub fn measure(study: &Study, interrupt: &AtomicBool) -> Result<(Vec<Measured>, u64), Error> {
    let pairs = simulate_pairs(study, study.compare.replicates, interrupt)?;
    let steps = pairs.iter().map(|pairs| pairs.steps).sum();
    Ok((pairs.iter().map(measured).collect(), steps))
}

fn measured(pairs: &Pairs) -> Measured {
    let (voucher, services) = (&pairs.arms[0].matched, &pairs.arms[1].matched);
    [
        ("export_probability", voucher.exporting_relative),
        ("fsts", voucher.share_true),
        ("matched_exports", services.exports),
        ("true_exports", services.exports_true),
    ]
    .map(|(part, value)| (part.to_owned(), value))
    .to_vec()
}
