//! The arms of a comparison: each a scenario that differs from the baseline from some quarter on.

use super::{Arm, Branch, Comparison, UP};
use crate::error::{Error, Fault, Place, Severity, nearest};
use crate::experiment::Plan;
use crate::letters;
use crate::policy::Instrument;
use crate::scenario::{Copies, Flag, Loaded, Scenario, Sections};
use std::path::Path;

/// An arm worked out, and its oddities.
pub(super) fn branch(
    loaded: &Loaded<Comparison>,
    name: &str,
    base: &Loaded<Scenario>,
    base_flags: &[Flag],
    scan: &Scan,
    copies: &mut Copies,
) -> Result<(Branch, Vec<Fault>), Vec<Fault>> {
    let arm = &loaded.scenario.arm[name];
    if unsure(loaded, name, arm) {
        return Err(Vec::new());
    }
    let at = |setting: &str| format!("arm.{name}.{setting}");
    let located = |fault: Fault| loaded.locate(fault);
    if arm.instruments.iter().any(|name| !base.scenario.instrument.contains_key(name)) && loaded.unsure("instrument") {
        return Err(Vec::new());
    }
    let faults = unknown_measures(base, name, arm);
    if !faults.is_empty() {
        return Err(faults.into_iter().map(located).collect());
    }
    let mut flags = base_flags.to_vec();
    flags.extend(arm.instruments.iter().map(|name| Flag::set(&format!("instrument.{name}.on=true"))));
    // Relative paths among them belong to the file that states the list, which may be a base of this one.
    let origin = loaded.origin(&at("set"));
    let whose = origin.written().map_or(Path::new(""), |written| &written.folder);
    flags.extend(arm.set.iter().map(|assignment| Flag::set(assignment).stated_in(whose)));
    let (mut scenario, wrong) = scan(&flags);
    if !wrong.is_empty() {
        return Err(wrong.into_iter().map(|fault| relocate(loaded, fault, &at("set"))).collect());
    }
    if loaded.scenario.compare.shares_budget() {
        share_budget(&mut scenario.scenario, loaded.scenario.compare.equal_budget);
    }
    let differing = differing(&base.scenario, &scenario.scenario);
    if let Some(fault) = no_arm(name, &differing) {
        return Err(vec![located(fault)]);
    }
    let plan = Plan::new(&scenario);
    let unplanned = plan.as_ref().err().map_or_else(Vec::new, told);
    // A measure that never comes, or one that reaches nobody, is no policy.
    let mut odd = Vec::new();
    let mut dead: Vec<Fault> = unplanned.into_iter().map(|fault| relocate(loaded, fault, &at("instruments"))).collect();
    // What the baseline has too is none of the arm's faults.
    let inherited: Vec<String> = base.check().into_iter().map(|fault| fault.title).collect();
    for fault in scenario.check() {
        if new_table(&fault).is_some() {
            odd.push(relocate(loaded, fault, &at("set")));
            continue;
        }
        // Operators of other arms are no oddity of this one.
        if inherited.contains(&fault.title) || fault.title.starts_with("no measure takes operator") {
            continue;
        }
        let own = arm.set.iter().any(|assignment| stated_at(&fault) == Some(stated_path(assignment)));
        let late = fault.title.contains("never comes") || fault.title.contains("never happens");
        let never = late || ["nobody accepts", "nobody can meet"].iter().any(|begin| fault.title.starts_with(begin));
        let mut fault = Fault { title: format!("{} (arm {name})", fault.title), ..fault };
        if late {
            fault.label = years_allowed(&scenario.scenario, loaded.scenario.compare.horizon);
        }
        if fault.severity == Severity::Error || never {
            dead.push(Fault { severity: Severity::Error, ..relocate(loaded, fault, &at("instruments")) });
        } else if own || concerns_measures(&fault) && !fault.label.ends_with("is off") {
            odd.push(relocate(loaded, fault, &at("set")));
        }
    }
    let Some(plan) = plan.ok().filter(|_| dead.is_empty()) else { return Err(dead) };
    plan.settle(&mut scenario);
    let parts = parting(&base.scenario, &scenario.scenario, &differing, &plan);
    let resolved = scenario.standalone(copies, UP);
    let difference = |path: &String| Some(format!("{path} = {}", scenario.scenario.get(path)?));
    let differs = differing.iter().filter_map(difference).collect();
    let label = if arm.label.is_empty() { name.replace('-', " ") } else { arm.label.clone() };
    Ok((Branch { name: name.to_owned(), label, plan, resolved, differs, parts }, odd))
}

/// The setting that a fault found in the words of a flag made here is about.
pub(super) fn stated_at(fault: &Fault) -> Option<String> {
    match &fault.place {
        Place::Text(source, _) if source.name.is_empty() => Some(stated_path(source.text.trim_start_matches("--set "))),
        _ => None,
    }
}

/// Gives arms of one label a label of their own; tells of them, of arms that are the same policy, and of labels that
/// no figure can show as they are.
pub(super) fn tell_apart(arms: &mut [Branch]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for at in 0..arms.len() {
        let (before, arm) = (&arms[..at], &arms[at]);
        if !letters::drawable(&arm.label) {
            let title = format!("figures cannot draw all letters of {:?}, the label of arm {}", arm.label, arm.name);
            let fault = Fault::setting(format!("arm.{}.label", arm.name), title).expected("letters that the font has");
            faults.push(fault.help(format!("until then they write {:?}", letters::legible(&arm.label))).warning());
        }
        if let Some(twin) = before.iter().find(|before| before.plan.scenario == arm.plan.scenario) {
            let title = format!("arms {} and {} are the same policy", twin.name, arm.name);
            let fault = Fault::setting(format!("arm.{}", arm.name), title).expected("something that tells them apart");
            faults.push(fault.help("give one of them other measures or settings, or leave it out").warning());
        }
        if let Some(twin) = before.iter().find(|before| before.label == arm.label) {
            let title = format!("arms {} and {} have one label, {:?}", twin.name, arm.name, arm.label);
            let fault = Fault::setting(format!("arm.{}.label", arm.name), title).expected("a label of its own");
            faults.push(fault.help("until then the name of the arm stands behind it").warning());
        }
    }
    let labels: Vec<String> = arms.iter().map(|arm| arm.label.clone()).collect();
    for arm in arms.iter_mut().filter(|arm| labels.iter().filter(|label| **label == arm.label).count() > 1) {
        arm.label = format!("{} ({})", arm.label, arm.name);
    }
    faults
}

/// The table that a warning says was made by a flag.
pub(super) fn new_table(fault: &Fault) -> Option<&str> {
    fault.title.strip_prefix("this makes a new table [")?.strip_suffix(']')
}

/// Is a table a measure that is on, or an operator of one?
pub(super) fn takes(scenario: &Scenario, table: &str) -> bool {
    let mut on = scenario.instrument.iter().filter(|(_, instrument)| instrument.on);
    match table.split_once('.') {
        Some(("instrument", name)) => on.any(|(instrument, _)| instrument == name),
        Some(("operator", name)) => on.any(|(_, instrument)| instrument.operators.iter().any(|own| own == name)),
        _ => false,
    }
}

/// In which years a measure or a shock of an arm can start.
pub(super) fn years_allowed(scenario: &Scenario, horizon: u32) -> String {
    let run = &scenario.run;
    let last = run.start + i64::from(run.years) - 1;
    let first_arm = (last + 1 - i64::from(horizon)).max(run.start);
    format!("a year from {} to {last}; {first_arm} at the latest where the arms part", run.start)
}

/// Measures and shocks of arms that come after the last year compared: their effects are 0, whatever they do.
pub(super) fn too_late(
    loaded: &Loaded<Comparison>,
    base: &Scenario,
    arms: &[Branch],
    zero: u16,
    end: u16,
) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    let first_year = base.run.start - i64::from(base.run.burn_in);
    let (from, to) = (first_year + i64::from(zero / 4), first_year + i64::from(end / 4) - 1);
    for arm in arms {
        let Scenario { instrument: measures, shock: shocks, .. } = &arm.plan.scenario;
        let comes = |measure: &Instrument| !crate::policy::rounds(measure, first_year as f32, end).is_empty();
        let measures = measures
            .iter()
            .filter(|(name, measure)| measure.on && base.instrument.get(*name) != Some(measure) && !comes(measure))
            .map(|(name, measure)| ("measure", format!("instrument.{name}.start"), name, measure.start));
        let shocks = shocks
            .iter()
            .filter(|(name, shock)| shock.on && base.shock.get(*name) != Some(shock) && shock.start >= (to + 1) as f32)
            .map(|(name, shock)| ("shock", format!("shock.{name}.start"), name, shock.start));
        for (kind, path, name, start) in measures.chain(shocks) {
            let fault = Fault::setting(path, format!("{kind} {name} ({start}) comes after the years compared"))
                .expected(format!("a year from {from} to {to}, the years compared"))
                .help(format!("start the {kind} earlier, or raise compare.horizon"));
            let place = if kind == "shock" { "set" } else { "instruments" };
            let fault = relocate(loaded, fault, &format!("arm.{}.{place}", arm.name));
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
    }
    faults
}

/// Splits a budget evenly over the measures that are on, and over their rounds.
pub(super) fn share_budget(scenario: &mut Scenario, budget: f64) {
    let on = scenario.instrument.values().filter(|instrument| instrument.on).count() as f64;
    for instrument in scenario.instrument.values_mut().filter(|instrument| instrument.on) {
        instrument.budget = (budget / on / f64::from(instrument.rounds)) as f32;
    }
}

/// The paths at which two scenarios differ.
pub(super) fn differing(base: &Scenario, arm: &Scenario) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, block) in arm.blocks() {
        let before = base.block(&at);
        for decl in block.decls() {
            let value = block.get(decl.name);
            if before.and_then(|before| before.get(decl.name)) != value {
                paths.push(format!("{at}.{}", decl.name));
            }
        }
    }
    paths
}

/// The first quarter in which an arm can differ: the first round of a measure or the start of a shock, unless anything
/// else differs. Measures of the baseline count too.
pub(super) fn parting(base: &Scenario, arm: &Scenario, differing: &[String], plan: &Plan) -> u16 {
    let first_year = (arm.run.start - i64::from(arm.run.burn_in)) as f32;
    let quarters = plan.quarters();
    let policy = |path: &String| ["instrument.", "operator.", "shock."].iter().any(|stem| path.starts_with(stem));
    if !differing.iter().all(policy) {
        return 0;
    }
    let on = |scenario: &Scenario| {
        let rounds = scenario.instrument.values().filter(|instrument| instrument.on);
        let rounds =
            rounds.filter_map(|instrument| crate::policy::rounds(instrument, first_year, quarters).first().copied());
        let shocks = scenario.shock.values().filter(|shock| shock.on);
        let shocks = shocks.map(|shock| (4.0 * (shock.start - first_year)).max(0.0).floor() as u16);
        let shocked = differing.iter().any(|path| path.starts_with("shock."));
        rounds.chain(shocks.filter(|_| shocked)).min().unwrap_or(u16::MAX)
    };
    on(base).min(on(arm)).min(quarters)
}

/// Does a fault concern a measure or an operator?
pub(super) fn concerns_measures(fault: &Fault) -> bool {
    fault.title.contains("instrument.") || fault.title.contains("operator.") || fault.title.contains("measure ")
}

/// The faults of an error.
pub(super) fn told(error: &Error) -> Vec<Fault> {
    match error {
        Error::Asked(faults) => faults.clone(),
        Error::Failed(message) => vec![Fault::new(message.clone())],
    }
}

/// A fault of a scenario with its place in the comparison file, where it or an arm states the setting; a fault of
/// another setting points at `fallback`.
pub(super) fn relocate(loaded: &Loaded<Comparison>, mut fault: Fault, fallback: &str) -> Fault {
    let path = match &fault.place {
        // The words of a flag made here: its path is stated in the comparison file, or by an arm.
        Place::Text(..) => match stated_at(&fault) {
            Some(path) => path,
            None => return fault,
        },
        Place::Setting(path) => path.clone(),
        Place::Nowhere => fallback.to_owned(),
    };
    let arm = fallback.strip_prefix("arm.").and_then(|rest| rest.split_once('.')).map(|(name, _)| name);
    let set = arm.and_then(|name| loaded.scenario.arm.get(name)).map_or(&[][..], |arm| &arm.set);
    let shared = path.starts_with("instrument.") && path.ends_with(".budget") && arm.is_some();
    let place = if shared && loaded.scenario.compare.shares_budget() {
        // The budget shared out stands above all others.
        let default = format!("`{path}` has its default");
        let lines =
            |help: String| help.lines().filter(|line| !line.starts_with(&default)).collect::<Vec<_>>().join("\n");
        fault.help = fault.help.map(lines).filter(|help| !help.is_empty());
        "compare.equal_budget".to_owned()
    } else if set.iter().any(|assignment| stated_path(assignment) == path) {
        arm.map(|name| format!("arm.{name}.set")).unwrap_or_default()
    } else if loaded.origin(&path).written().is_some() {
        path
    } else {
        fallback.to_owned()
    };
    loaded.locate(Fault { place: Place::Setting(place), ..fault })
}

/// The path that an assignment states.
pub(super) fn stated_path(assignment: &str) -> String {
    assignment.split('=').next().unwrap_or_default().trim().to_owned()
}

/// Could an arm be other than what was meant, because something it rests on could not be read?
pub(super) fn unsure(loaded: &Loaded<Comparison>, name: &str, arm: &Arm) -> bool {
    let measures = arm.instruments.iter().map(|measure| format!("instrument.{measure}"));
    measures.chain([format!("arm.{name}"), "operator".into()]).any(|path| loaded.unsure(&path))
}

/// A scenario with flags laid over it, as far as it could be read, and the faults of the rest.
pub(super) type Scan<'a> = dyn Fn(&[Flag]) -> (Loaded<Scenario>, Vec<Fault>) + 'a;

/// Why settings that differ make no arm of a comparison, if they do not.
fn no_arm(name: &str, differing: &[String]) -> Option<Fault> {
    if differing.is_empty() {
        let fault = Fault::setting(format!("arm.{name}"), format!("arm {name} is the baseline"));
        return Some(fault.expected("something that differs").help("name measures or settings, or switch the arm off"));
    }
    let shared = |path: &&String| path.starts_with("run.") || path.starts_with("population.homes");
    let fault = |path: &String| Fault::setting(format!("arm.{name}.set"), format!("arm {name} changes {path}"));
    let path = differing.iter().find(shared)?;
    Some(fault(path).expected("what both runs of a pair share").help("state it in the baseline"))
}

/// Measures that an arm names and nobody has.
fn unknown_measures(base: &Loaded<Scenario>, name: &str, arm: &Arm) -> Vec<Fault> {
    let known = &base.scenario.instrument;
    let unknown = arm.instruments.iter().filter(|name| !known.contains_key(*name));
    let fault = |unknown: &String| {
        let near = nearest(unknown, known.keys().map(String::as_str));
        Fault::setting(format!("arm.{name}.instruments"), format!("no measure is called {unknown:?}"))
            .expected("names of measures")
            .help(near.map_or_else(
                || format!("write a table [instrument.{unknown}], or choose from `fondaco measures`"),
                |near| format!("did you mean \"{near}\"?"),
            ))
    };
    unknown.map(fault).collect()
}

/// Operators and measures that the comparison states and no arm takes. Arms leave measures of others off; what all of
/// them leave off is dead.
pub(super) fn taken_by_no_arm(loaded: &Loaded<Comparison>, arms: &[Branch]) -> Vec<Fault> {
    let stated = |path: &String| loaded.origin(path).written().is_some();
    let used = |name: &String| {
        let mut measures = arms.iter().flat_map(|arm| arm.plan.scenario.instrument.values());
        measures.any(|measure| measure.on && measure.operators.contains(name))
    };
    let mut faults = Vec::new();
    for name in loaded.scenario.operator.keys() {
        let path = format!("operator.{name}");
        if stated(&path) && !arms.is_empty() && !used(name) {
            let fault = Fault::setting(path, format!("no arm takes operator {name}"))
                .expected("named by a measure of an arm")
                .help("name it in the operators of a measure that an arm takes, or leave the table out");
            faults.push(fault.warning());
        }
    }
    for name in loaded.scenario.instrument.keys() {
        let path = format!("instrument.{name}");
        let taken = |arm: &Branch| arm.plan.scenario.instrument.get(name).is_some_and(|instrument| instrument.on);
        if stated(&path) && !arms.iter().any(taken) {
            let fault = Fault::setting(path, format!("no arm takes measure {name}"))
                .expected("named by an arm")
                .help("name it in the instruments of an arm, or leave the table out");
            faults.push(fault.warning());
        }
    }
    faults
}
