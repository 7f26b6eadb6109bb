//! What two support measures do, measured by the designs of their evaluations: fact C14.
//!
//! The fair voucher goes to small and medium firms that apply; the effect is the change of participants against their own
//! twins two years later. The bundle of agency services goes to exporters that apply; a study would match them with
//! others and take differences in differences, and the truth is the change against the twins.

use super::Plan;
use super::compare::course::Course;
use super::compare::matching::matched;
use crate::error::Fault;
use crate::observe::statistic::Measured;
use crate::policy::Selection;
use crate::scenario::Scenario;
use std::collections::BTreeSet;

/// Years compared: that of the support and two more.
pub const HORIZON: u32 = 3;
/// Share of the firms that get a place.
const SHARE: f64 = 0.05;

/// The first calendar year of the measures, and the plans with one of them each.
///
/// # Errors
/// When the run is too short, or cannot be simulated with the measures.
pub fn arms(plan: &Plan, baseline: &Scenario) -> Result<(i64, Vec<Plan>), Vec<Fault>> {
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
    let who = |conditions: &[&str]| conditions.iter().map(|&condition| condition.to_owned()).collect::<Vec<_>>();
    let arms = [
        ("fair-voucher", who(&["employees >= 2", "employees < 250"])),
        ("agency-services", who(&["employees >= 2", "employees < 250", "exporter = true"])),
    ];
    let arm = |(name, who): (&str, Vec<String>)| {
        let mut scenario = baseline.clone();
        let places = (SHARE * f64::from(scenario.population.firms)).max(1.0) as u32;
        let instrument = scenario.instrument.get_mut(name).expect("the catalogue has the measure");
        instrument.on = true;
        instrument.who = who;
        instrument.selection = Selection::SelfSelected;
        instrument.places = places;
        instrument.start = start as f32;
        Plan::of(scenario, format!("{}-{name}", plan.name))
    };
    Ok((start, arms.into_iter().map(arm).collect::<Result<_, _>>()?))
}

/// What the courses of a seed say: the baseline, and the arms in their order.
pub fn measured(baseline: &Course, arms: &[Course]) -> Measured {
    let of = |arm: &Course| {
        let eve = baseline.eve();
        let lived = arm.register.treatments.iter().filter(|t| eve[t.slot as usize].generation == t.generation);
        matched(baseline, arm, &lived.map(|t| t.slot).collect::<BTreeSet<u32>>())
    };
    let (voucher, services) = (of(&arms[0]), of(&arms[1]));
    [
        ("export_probability", voucher.exporting_relative),
        ("fsts", voucher.share_true),
        ("matched_exports", services.exports),
        ("true_exports", services.exports_true),
    ]
    .map(|(part, value)| (part.to_owned(), value))
    .to_vec()
}
