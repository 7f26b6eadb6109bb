//! The page and the record of a calibration.

use super::slope;
use crate::experiment::aim::Aim;
use crate::experiment::calibrate::{Calibrated, Evaluation};
use crate::report::figure::style::plain;
use crate::report::figure::{Caption, descent, pin};
use crate::report::manifest::Program;
use crate::scenario::Loaded;
use serde_json::{Value, json};

/// The search for readers.
pub(super) fn page(aim: &Aim, found: &Calibrated) -> String {
    let first = &found.evaluations[0];
    let said = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), plain);
    let mut text = format!(
        "# Calibration of {}\n\nDistance from {} to {} in {} evaluations of {} seeds each.\n",
        aim.plan.name,
        plain(first.distance),
        plain(found.best.distance),
        found.evaluations.len(),
        aim.plan.scenario.run.replicates
    );
    let remarks = remarks(aim, found);
    if !remarks.is_empty() {
        text += "\n## Before you rely on it\n\n";
        remarks.iter().for_each(|remark| text += &format!("- {remark}\n"));
    }
    text += "\n## Parameters\n\n| parameter | range | start | best | moves most |\n|---|---|---|---|---|\n";
    for (at, axis) in aim.search.axes.iter().enumerate() {
        let most = pinned_by(aim, found, at).unwrap_or_else(|| "–".to_owned());
        let (low, high, start, best) =
            (plain(axis.low), plain(axis.high), plain(first.point[at]), plain(found.best.point[at]));
        text += &format!("| `{}` | {low} to {high} | {start} | {best} | {most} |\n", axis.path);
    }
    text += "\n## Targets\n\n| target | band | start | best | |\n|---|---|---|---|---|\n";
    for (at, target) in aim.search.targets.iter().enumerate() {
        let best = found.best.statistics[at];
        let inside = best.is_some_and(|value| target.error(value).abs() <= 1.0);
        text += &format!(
            "| {} | {} to {} | {} | {} | {} |\n",
            target.id,
            plain(target.low),
            plain(target.high),
            said(first.statistics[at]),
            said(best),
            if inside { "in band" } else { "outside" }
        );
    }
    text + "\n![Falling distance](figures/descent.svg)\n\n![Which parameter moves which fact](figures/pins.svg)\n"
}

pub(super) fn json(aim: &Aim, loaded: &Loaded, found: &Calibrated) -> String {
    let search = &aim.search;
    let first = &found.evaluations[0];
    let parameters: Vec<Value> = (0..search.axes.len())
        .map(|at| {
            let axis = &search.axes[at];
            let mut value = json!({
                "path": axis.path, "low": axis.low, "high": axis.high, "logarithmic": axis.logarithmic(),
                "start": first.point[at], "best": found.best.point[at], "moves_most": pinned_by(aim, found, at),
            });
            if let Some(truth) = &aim.truth {
                value["truth"] = json!(truth[at]);
                value["miss"] = json!(axis.unit(found.best.point[at]) - axis.unit(truth[at]));
            }
            value
        })
        .collect();
    let targets: Vec<Value> = search
        .targets
        .iter()
        .enumerate()
        .map(|(at, target)| {
            let slopes: Vec<Option<f64>> = (0..search.axes.len()).map(|column| slope(found, at, column)).collect();
            json!({
                "target": target.id, "low": target.low, "high": target.high, "weight": target.weight,
                "start": first.statistics[at], "best": found.best.statistics[at], "slopes": slopes,
            })
        })
        .collect();
    let value = json!({
        "program": Program::this(),
        "scenario": aim.plan.name,
        "scenario_hash": loaded.hash(),
        "identity": search.identity,
        "seed": aim.plan.scenario.run.seed,
        "seeds": aim.plan.scenario.run.replicates,
        "recovery": aim.truth.is_some(),
        "budget": search.budget,
        "evaluations": found.evaluations.len(),
        "exhausted": found.exhausted,
        "distance": { "start": first.distance, "best": found.best.distance },
        "parameters": parameters,
        "targets": targets,
        "remarks": remarks(aim, found),
    });
    serde_json::to_string_pretty(&value).expect("a calibration is plain data") + "\n"
}

pub(super) fn caption(aim: &Aim, found: &Calibrated) -> Caption {
    let seeds = aim.plan.scenario.run.replicates;
    let note = if aim.truth.is_some() { "data simulated from known parameters" } else { "" };
    Caption {
        n: found.evaluations.len() as u64,
        of: format!("evaluations of {seeds} seed{}", if seeds == 1 { "" } else { "s" }),
        scenario: aim.plan.name.clone(),
        seed: aim.plan.scenario.run.seed as u64,
        note: note.to_owned(),
        method: "the same seeds at every point".to_owned(),
    }
}

pub(super) fn falling(found: &Calibrated) -> descent::Input {
    let evaluation = |known: &Evaluation| (known.stage.clone(), known.distance);
    descent::Input { evaluations: found.evaluations.iter().map(evaluation).collect() }
}

pub(super) fn pins(aim: &Aim, found: &Calibrated) -> pin::Input {
    let (axes, targets) = (&aim.search.axes, &aim.search.targets);
    let row = |target: usize| {
        let tenth = |parameter: usize| slope(found, target, parameter).map_or(f64::NAN, |slope| 0.1 * slope);
        (0..axes.len()).map(tenth).collect()
    };
    pin::Input {
        parameters: axes.iter().map(|axis| axis.path.clone()).collect(),
        targets: targets.iter().map(|target| target.id.clone()).collect(),
        slopes: (0..targets.len()).map(row).collect(),
    }
}

/// What a reader should know before trusting a search: starts that had to be moved, best values on the edge of their
/// range, and parameters that move nothing.
pub fn remarks(aim: &Aim, found: &Calibrated) -> Vec<String> {
    let mut remarks = Vec::new();
    for (at, axis) in aim.search.axes.iter().enumerate() {
        let (path, stated, best) = (&axis.path, aim.stated[at], found.best.point[at]);
        if aim.truth.is_none() && !(axis.low..=axis.high).contains(&stated) {
            remarks.push(format!(
                "`{path}` is {} in the scenario, which is outside its range, {} to {}: the search began at {}.",
                plain(stated),
                plain(axis.low),
                plain(axis.high),
                plain(found.evaluations[0].point[at])
            ));
        }
        if found.slopes.is_some() && pinned_by(aim, found, at).is_none() {
            remarks.push(format!(
                "`{path}` moves none of these statistics at the best point: its best value says nothing; leave it out, or \
                 aim at facts that it moves."
            ));
        } else if best <= axis.low || best >= axis.high {
            let (edge, beyond) = if best <= axis.low { ("lower", "below") } else { ("upper", "above") };
            remarks.push(format!(
                "The best `{path}`, {}, lies on the {edge} edge of its range: a better one may lie {beyond} it.",
                plain(best)
            ));
        }
    }
    remarks
}

/// The target that a parameter moves most, if it moves any.
pub fn pinned_by(aim: &Aim, found: &Calibrated, parameter: usize) -> Option<String> {
    let known = (0..aim.search.targets.len()).filter_map(|row| Some((row, slope(found, row, parameter)?)));
    let known = known.filter(|(_, slope)| slope.abs() > 0.0);
    known.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).map(|(row, _)| aim.search.targets[row].id.clone())
}
