//! A comparison file: a baseline, arms on top of it, outcomes, horizon, discount rate, and how sure one wants to be.

use super::outcome::Outcome;
use crate::error::{Error, Fault, Place, Severity, nearest};
use crate::experiment::Plan;
use crate::experiment::basis::Input;
use crate::letters;
use crate::param::{FilePath, Named, Params, Value};
use crate::policy::faults::cost;
use crate::policy::{Instrument, NO_LIMIT, Operator};
use crate::scenario::{Copies, Flag, Loaded, Scenario, Sections, schema_of};
use std::path::{Path, PathBuf};

crate::params! {
    /// A comparison of support measures.
    pub struct Compare at "compare" {
        /// Name shown in reports and figures; when empty, the name of the file.
        name: String = "", "", "", "presentation only";
        /// Scenario file of the baseline, relative to this file; when empty, the defaults.
        baseline: FilePath = "", "", "", "choice";
        /// Years compared, the first being the year in which the arms part.
        horizon: u32 = 8 in 1 ..= 200, "H", "years", "choice";
        /// Discount rate of costs and benefits.
        discount: f64 = 0.03 in 0.0 ..= 1.0, "r", "1/year", "choice; 3–4 % is usual in public appraisal";
        /// Share of additional exports that stays as income, for the ratio of benefits to costs; 0 takes mechanism.order.margin.
        margin: f64 = 0.0 in 0.0 ..= 1.0, "m", "1", "choice";
        /// Pairs of runs.
        replicates: u32 = 30 in 2 ..= 100000, "", "1", "choice";
        /// Go on until the half width of the 95 % interval of the primary outcome is at most this in every arm; 0 for a fixed number of pairs.
        half_width: f64 = 0.0 in 0.0 ..= 1e12, "", "as the outcome", "choice";
        /// Most pairs when going on until a half width.
        most: u32 = 400 in 2 ..= 100000, "", "1", "choice";
        /// Primary outcome.
        outcome: String = "exporters", "", "", "choice";
        /// Further outcomes reported and corrected for; empty for all.
        secondary: Vec<String> = "", "", "", "choice";
        /// US$ that every arm may spend in all, split evenly over its measures and their rounds; left out, the budgets are as stated.
        equal_budget: f64 = 1e15 in 0.0 ..= 1e15, "B", "US$", "choice";
        /// Year whose prices the costs are in, for the report.
        price_year: i64 = 2015 in 1900 ..= 2200, "", "year", "presentation only";
        /// Whose costs and benefits are counted, for the report.
        perspective: String = "public budget", "", "", "presentation only";
    }
}

impl Compare {
    /// Is one budget shared out over the measures of every arm?
    pub fn shares_budget(&self) -> bool {
        self.equal_budget < NO_LIMIT
    }
}

crate::params! {
    /// An arm of a comparison: what differs from the baseline.
    pub struct Arm at "arm.*" {
        /// Name shown in reports and figures; when empty, the name of the table.
        label: String = "", "", "", "presentation only";
        /// Measures that are switched on.
        instruments: Vec<String> = "", "", "", "choice";
        /// Further settings, such as ["instrument.fair-voucher.places = 200", "shock.slump.size = -0.2"].
        set: Vec<String> = "", "", "", "choice";
        /// Whether the arm is simulated.
        on: bool = true, "", "", "switch";
    }
}

crate::sections! {
    /// Everything that a comparison file can state; measures and operators hold for all arms.
    pub struct Comparison {
        compare: Compare,
        arm: Named<Arm>,
        instrument: Named<Instrument>,
        operator: Named<Operator>,
    }
}

/// The JSON Schema (draft 2020-12) of comparison files.
pub fn schema() -> serde_json::Value {
    schema_of::<Comparison>("Fondaco comparison", "A comparison: a baseline, and arms that differ from it.")
}

/// The way from a scenario of a comparison up to the result folder.
const UP: &str = "../";

/// An arm worked out.
#[derive(Debug)]
pub struct Branch {
    /// Name of its table.
    pub name: String,
    pub label: String,
    pub plan: Plan,
    /// Every value in force, as TOML, and the settings that differ from the baseline.
    pub resolved: String,
    pub differs: Vec<String>,
    /// The first quarter in which it can differ from the baseline.
    pub parts: u16,
}

/// A comparison worked out: all that pairs of runs share.
#[derive(Debug)]
pub struct Study {
    pub name: String,
    pub compare: Compare,
    pub baseline: Plan,
    /// In the order of the file.
    pub arms: Vec<Branch>,
    pub outcomes: Vec<Outcome>,
    /// The comparison file and the scenarios it rests on.
    pub files: Vec<PathBuf>,
    /// Every value in force in the baseline, as TOML.
    pub resolved: String,
    /// The files that the scenarios name, with the places of their copies in the result.
    pub copies: Copies,
    /// The first quarter in which arms may part, at the start of a year, and the quarter after the last one compared.
    pub zero: u16,
    pub end: u16,
    pub warnings: Vec<Fault>,
}

impl Study {
    /// Share of additional exports that is income: as stated, or that of the model.
    pub fn margin(&self) -> f64 {
        let stated = self.compare.margin;
        if stated > 0.0 { stated } else { f64::from(self.baseline.scenario.theory.order.margin) }
    }

    /// Loads a comparison file; `flags` are laid over the baseline, `own` over the comparison file.
    ///
    /// # Errors
    /// Every fault of the file, of the baseline and of every arm, as far as what could be read tells.
    pub fn load(path: &Path, own: &[Flag], flags: &[Flag]) -> Result<Self, Error> {
        let (loaded, unread) = Loaded::<Comparison>::scan(Some(path), own);
        Self::work_out(&loaded, unread, flags)
    }

    /// Works a loaded comparison out.
    ///
    /// # Errors
    /// As [`Study::load`].
    pub fn of(loaded: &Loaded<Comparison>, flags: &[Flag]) -> Result<Self, Error> {
        Self::work_out(loaded, Vec::new(), flags)
    }

    fn work_out(loaded: &Loaded<Comparison>, mut faults: Vec<Fault>, flags: &[Flag]) -> Result<Self, Error> {
        let file = loaded.files.last().cloned().unwrap_or_default();
        let stated = &loaded.scenario;
        if !faults.is_empty() {
            faults.extend(loaded.warnings.iter().cloned());
        }
        faults.extend(own_faults(loaded));
        if loaded.unsure("compare.baseline") {
            return Err(Error::Asked(faults));
        }
        let base_path = (!stated.compare.baseline.is_empty()).then(|| stated.compare.baseline.to_path_buf());
        let base_flags: Vec<Flag> = measures(loaded).iter().chain(flags).cloned().collect();
        let scan = |flags: &[Flag]| Loaded::<Scenario>::scan(base_path.as_deref(), flags);
        let (base, unread) = scan(&base_flags);
        let (mut warnings, wrong): (Vec<Fault>, Vec<Fault>) =
            base.check().into_iter().partition(|fault| fault.severity == Severity::Warning);
        // Measures that only arms switch on are no dead settings of the baseline.
        warnings.retain(|fault| !concerns_measures(fault));
        let baseline = Plan::new(&base);
        warnings.extend(baseline.iter().flat_map(|plan| plan.warnings(&base)));
        let unplanned = baseline.as_ref().err().map_or_else(Vec::new, told);
        let of_base: Vec<Fault> = unread.into_iter().chain(wrong).chain(unplanned).collect();
        faults.extend(of_base.iter().map(|fault| relocate(loaded, fault.clone(), "compare.baseline")));
        let mut copies = Copies::default();
        let mut settled = base.clone();
        if let Ok(plan) = &baseline {
            plan.settle(&mut settled);
        }
        let resolved = settled.standalone(&mut copies, UP);
        let mut arms = Vec::new();
        for name in in_order(loaded) {
            match branch(loaded, &name, &base, &base_flags, &scan, &mut copies) {
                Ok((branch, odd)) => {
                    warnings.extend(odd);
                    arms.push(branch);
                }
                // An arm inherits the faults of its baseline.
                Err(wrong) => {
                    let inherited = |fault: &Fault| of_base.iter().any(|base| fault.title.starts_with(&base.title));
                    faults.extend(wrong.into_iter().filter(|fault| !inherited(fault)));
                }
            }
        }
        // Arms leave measures of others off; what all of them leave off is dead.
        let used = |name: &String| {
            let mut measures = arms.iter().flat_map(|arm| arm.plan.scenario.instrument.values());
            measures.any(|measure| measure.on && measure.operators.contains(name))
        };
        for name in loaded.scenario.operator.keys() {
            let fault = Fault::setting(format!("operator.{name}"), format!("no arm takes operator {name}"))
                .expected("named by a measure of an arm")
                .help("name it in the operators of a measure that an arm takes, or leave the table out");
            if loaded.origin(&format!("operator.{name}")).written().is_some() && !arms.is_empty() && !used(name) {
                warnings.push(loaded.locate(fault.warning()));
            }
        }
        for name in loaded.scenario.instrument.keys() {
            let stated = loaded.origin(&format!("instrument.{name}")).written().is_some();
            let taken = |arm: &Branch| arm.plan.scenario.instrument.get(name).is_some_and(|instrument| instrument.on);
            if stated && !arms.iter().any(taken) {
                let fault = Fault::setting(format!("instrument.{name}"), format!("no arm takes measure {name}"))
                    .expected("named by an arm")
                    .help("name it in the instruments of an arm, or leave the table out");
                warnings.push(loaded.locate(fault.warning()));
            }
        }
        warnings.extend(tell_apart(&mut arms).into_iter().map(|fault| loaded.locate(fault)));
        // A table that an arm takes, or a measure taken names, is no slip of the pen; any other is told of once.
        let taken = |table: &str| arms.iter().any(|arm: &Branch| takes(&arm.plan.scenario, table));
        warnings.retain(|fault| !new_table(fault).is_some_and(taken));
        let mut told = Vec::new();
        warnings.retain(|fault| {
            let fresh = !told.contains(fault);
            told.push(fault.clone());
            fresh
        });
        let Some(baseline) = baseline.ok().filter(|_| faults.is_empty()) else { return Err(Error::Asked(faults)) };
        let name = if stated.compare.name.is_empty() {
            file.file_stem().map_or("comparison".into(), |stem| stem.to_string_lossy().into_owned())
        } else {
            stated.compare.name.clone()
        };
        let zero = arms.iter().map(|arm| arm.parts).min().unwrap_or(0) / 4 * 4;
        let asked = u32::from(zero) + 4 * stated.compare.horizon;
        let end = asked.min(u32::from(baseline.quarters())) as u16;
        let mut faults = years_that_do_not_fit(loaded, &baseline, zero, asked);
        faults.extend(too_late(loaded, &base.scenario, &arms, zero, end));
        if !faults.is_empty() {
            return Err(Error::Asked(faults));
        }
        Ok(Self {
            name,
            compare: stated.compare.clone(),
            outcomes: outcomes(&stated.compare),
            baseline,
            arms,
            files: loaded.files.iter().cloned().chain(base.files.iter().cloned()).collect(),
            resolved,
            copies,
            zero,
            end,
            warnings,
        })
    }

    /// The same comparison of scenarios that a `change` has been made to, the same in the baseline and in every arm.
    ///
    /// # Errors
    /// Why it cannot be carried out.
    pub fn varied(&self, change: &dyn Fn(&Scenario) -> Result<Scenario, String>) -> Result<Self, String> {
        let plan =
            |plan: &Plan| plan.varied(change(&plan.scenario)?).map_err(|faults| Error::Asked(faults).to_string());
        let baseline = plan(&self.baseline)?;
        let branch = |arm: &Branch| -> Result<Branch, String> {
            let plan = plan(&arm.plan)?;
            let differing = differing(&baseline.scenario, &plan.scenario);
            let parts = parting(&baseline.scenario, &plan.scenario, &differing, &plan);
            let (name, label) = (arm.name.clone(), arm.label.clone());
            Ok(Branch { name, label, plan, resolved: String::new(), differs: differing, parts })
        };
        let arms = self.arms.iter().map(branch).collect::<Result<Vec<_>, _>>()?;
        let zero = arms.iter().map(|arm| arm.parts).min().unwrap_or(0) / 4 * 4;
        let end = u32::from(zero) + 4 * self.compare.horizon;
        if end > u32::from(baseline.quarters()) || u32::from(zero) < 4 * baseline.scenario.run.burn_in {
            return Err(format!("the years compared do not fit into the run: they begin in quarter {zero}"));
        }
        Ok(Self {
            name: self.name.clone(),
            compare: self.compare.clone(),
            baseline,
            arms,
            outcomes: self.outcomes.clone(),
            files: self.files.clone(),
            resolved: String::new(),
            copies: Copies::default(),
            zero,
            end: end as u16,
            warnings: Vec::new(),
        })
    }

    /// The comparison as a file that is carried out in the same way: every value in force, the baseline in the file
    /// `baseline`, and arms by what differs from it.
    pub fn stated(&self, baseline: &str) -> String {
        let quoted = |text: &str| Value::Text(text.to_owned()).to_string();
        let mut text = String::from("[compare]\n");
        for decl in self.compare.decls() {
            let value = match decl.name {
                "name" => quoted(&self.name),
                "baseline" => quoted(baseline),
                name => self.compare.get(name).expect("a block holds what it declares").to_string(),
            };
            text += &format!("{} = {value}\n", decl.name);
        }
        for arm in &self.arms {
            let set = Value::List(arm.differs.clone());
            text += &format!("\n[arm.{}]\nlabel = {}\nset = {set}\n", arm.name, quoted(&arm.label));
        }
        text
    }

    /// Every file that the baseline or an arm reads, with the hash of its contents, each once, by the place of its copy in
    /// the result.
    ///
    /// # Errors
    /// A file cannot be read any more.
    pub fn inputs(&self) -> Result<Vec<Input>, Error> {
        let mut inputs = self.read()?;
        self.copies.rename(&mut inputs);
        Ok(inputs)
    }

    /// The same by the names under which they were read.
    ///
    /// # Errors
    /// A file cannot be read any more.
    pub fn read(&self) -> Result<Vec<Input>, Error> {
        let mut inputs = self.baseline.inputs()?;
        for arm in &self.arms {
            let own = arm.plan.inputs()?;
            inputs.extend(own.into_iter().filter(|input| !inputs.contains(input)).collect::<Vec<_>>());
        }
        Ok(inputs)
    }

    /// Calendar year in which the arms may part: year 0 of the comparison.
    pub fn first_year(&self) -> i32 {
        let run = &self.baseline.scenario.run;
        (run.start - i64::from(run.burn_in)) as i32 + i32::from(self.zero) / 4
    }
}

/// The arms that are on, in the order in which the file names them.
fn in_order(loaded: &Loaded<Comparison>) -> Vec<String> {
    let mut names: Vec<String> =
        loaded.scenario.arm.iter().filter(|(_, arm)| arm.on).map(|(name, _)| name.clone()).collect();
    let place = |name: &String| {
        loaded.origin(&format!("arm.{name}")).written().map(|written| (written.layer, written.key.start))
    };
    names.sort_by_key(place);
    names
}

/// What the file states of measures and operators, as flags for the scenarios.
fn measures(loaded: &Loaded<Comparison>) -> Vec<Flag> {
    let stated = loaded.stated().filter(|path| path.starts_with("instrument.") || path.starts_with("operator."));
    let flag = |path: &str| Some(Flag::set(&format!("{path}={}", loaded.scenario.get(path)?)));
    stated.filter_map(flag).collect()
}

/// What is wrong with the comparison itself, whatever of it could not be read.
fn own_faults(loaded: &Loaded<Comparison>) -> Vec<Fault> {
    let Comparison { compare, arm, .. } = &loaded.scenario;
    let mut faults = Vec::new();
    if !arm.values().any(|arm| arm.on) && !loaded.unsure("arm") {
        faults.push(
            Fault::setting("compare", "nothing to compare the baseline with")
                .expected("at least one arm")
                .help("write a table such as [arm.fairs] with instruments = [\"fair-voucher\"]"),
        );
    }
    let known = || Outcome::ALL.iter().map(|outcome| outcome.name());
    let mut unknown = |path: &str, name: &String| {
        if Outcome::of(name).is_none() && !loaded.unsure(path) {
            let help = nearest(name, known()).map_or_else(
                || format!("one of {}", known().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean \"{near}\"?"),
            );
            faults
                .push(Fault::setting(path, format!("no outcome is called {name:?}")).expected("an outcome").help(help));
        }
    };
    unknown("compare.outcome", &compare.outcome);
    for name in &compare.secondary {
        unknown("compare.secondary", name);
    }
    faults.into_iter().map(|fault| loaded.locate(fault)).collect()
}

/// The primary outcome and the further ones, each once.
fn outcomes(compare: &Compare) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = Outcome::of(&compare.outcome).into_iter().collect();
    let further: Vec<Outcome> = if compare.secondary.is_empty() {
        Outcome::ALL.to_vec()
    } else {
        compare.secondary.iter().filter_map(|name| Outcome::of(name)).collect()
    };
    for outcome in further {
        if !outcomes.contains(&outcome) {
            outcomes.push(outcome);
        }
    }
    outcomes
}

/// Years compared that the run does not have, or that nobody observes.
fn years_that_do_not_fit(loaded: &Loaded<Comparison>, baseline: &Plan, zero: u16, asked: u32) -> Vec<Fault> {
    let (run, quarters) = (&baseline.scenario.run, u32::from(baseline.quarters()));
    let beyond = Fault::setting(
        "compare.horizon",
        format!("{} years go beyond the end of the run", loaded.scenario.compare.horizon),
    )
    .expected(format!("at most {} years after the arms part", quarters.saturating_sub(u32::from(zero)) / 4))
    .help("lengthen run.years of the baseline, or shorten the horizon");
    let unseen = Fault::setting("compare.baseline", "an arm differs from the baseline before the first observed year")
        .expected(format!("measures and shocks from {} on; other settings cannot be compared as policies", run.start))
        .help("start later, or shorten run.burn_in, or compare scenarios by two runs");
    let faults = [(asked > quarters, beyond), (u32::from(zero) < 4 * run.burn_in, unseen)];
    faults.into_iter().filter(|(wrong, _)| *wrong).map(|(_, fault)| loaded.locate(fault)).collect()
}

/// A scenario with flags laid over it, as far as it could be read, and the faults of the rest.
type Scan<'a> = dyn Fn(&[Flag]) -> (Loaded<Scenario>, Vec<Fault>) + 'a;

/// Could an arm be other than what was meant, because something it rests on could not be read?
fn unsure(loaded: &Loaded<Comparison>, name: &str, arm: &Arm) -> bool {
    let measures = arm.instruments.iter().map(|measure| format!("instrument.{measure}"));
    measures.chain([format!("arm.{name}"), "operator".into()]).any(|path| loaded.unsure(&path))
}

/// An arm worked out, and its oddities.
fn branch(
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
    let mut faults = Vec::new();
    for unknown in arm.instruments.iter().filter(|name| !base.scenario.instrument.contains_key(*name)) {
        if loaded.unsure("instrument") {
            return Err(Vec::new());
        }
        let near = nearest(unknown, base.scenario.instrument.keys().map(String::as_str));
        let fault = Fault::setting(at("instruments"), format!("no measure is called {unknown:?}"))
            .expected("names of measures")
            .help(near.map_or_else(
                || format!("write a table [instrument.{unknown}], or choose from `fondaco measures`"),
                |near| format!("did you mean \"{near}\"?"),
            ));
        faults.push(located(fault));
    }
    if !faults.is_empty() {
        return Err(faults);
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
    if differing.is_empty() {
        let fault = Fault::setting(format!("arm.{name}"), format!("arm {name} is the baseline"))
            .expected("something that differs")
            .help("name measures or settings, or switch the arm off");
        return Err(vec![located(fault)]);
    }
    if let Some(path) = differing.iter().find(|path| path.starts_with("run.") || path.starts_with("population.homes")) {
        let fault = Fault::setting(at("set"), format!("arm {name} changes {path}"))
            .expected("what both runs of a pair share")
            .help("state it in the baseline");
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
fn stated_at(fault: &Fault) -> Option<String> {
    match &fault.place {
        Place::Text(source, _) if source.name.is_empty() => Some(stated_path(source.text.trim_start_matches("--set "))),
        _ => None,
    }
}

/// Gives arms of one label a label of their own; tells of them, of arms that are the same policy, and of labels that
/// no figure can show as they are.
fn tell_apart(arms: &mut [Branch]) -> Vec<Fault> {
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
fn new_table(fault: &Fault) -> Option<&str> {
    fault.title.strip_prefix("this makes a new table [")?.strip_suffix(']')
}

/// Is a table a measure that is on, or an operator of one?
fn takes(scenario: &Scenario, table: &str) -> bool {
    let mut on = scenario.instrument.iter().filter(|(_, instrument)| instrument.on);
    match table.split_once('.') {
        Some(("instrument", name)) => on.any(|(instrument, _)| instrument == name),
        Some(("operator", name)) => on.any(|(_, instrument)| instrument.operators.iter().any(|own| own == name)),
        _ => false,
    }
}

/// In which years a measure or a shock of an arm can start.
fn years_allowed(scenario: &Scenario, horizon: u32) -> String {
    let run = &scenario.run;
    let last = run.start + i64::from(run.years) - 1;
    let first_arm = (last + 1 - i64::from(horizon)).max(run.start);
    format!("a year from {} to {last}; {first_arm} at the latest where the arms part", run.start)
}

/// Measures and shocks of arms that come after the last year compared: their effects are 0, whatever they do.
fn too_late(loaded: &Loaded<Comparison>, base: &Scenario, arms: &[Branch], zero: u16, end: u16) -> Vec<Fault> {
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
fn share_budget(scenario: &mut Scenario, budget: f64) {
    let on = scenario.instrument.values().filter(|instrument| instrument.on).count() as f64;
    for instrument in scenario.instrument.values_mut().filter(|instrument| instrument.on) {
        instrument.budget = (budget / on / f64::from(instrument.rounds)) as f32;
    }
}

/// The paths at which two scenarios differ.
fn differing(base: &Scenario, arm: &Scenario) -> Vec<String> {
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
fn parting(base: &Scenario, arm: &Scenario, differing: &[String], plan: &Plan) -> u16 {
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
fn concerns_measures(fault: &Fault) -> bool {
    fault.title.contains("instrument.") || fault.title.contains("operator.") || fault.title.contains("measure ")
}

/// The faults of an error.
fn told(error: &Error) -> Vec<Fault> {
    match error {
        Error::Asked(faults) => faults.clone(),
        Error::Failed(message) => vec![Fault::new(message.clone())],
    }
}

/// A fault of a scenario with its place in the comparison file, where it or an arm states the setting; a fault of
/// another setting points at `fallback`.
fn relocate(loaded: &Loaded<Comparison>, mut fault: Fault, fallback: &str) -> Fault {
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
fn stated_path(assignment: &str) -> String {
    assignment.split('=').next().unwrap_or_default().trim().to_owned()
}

/// What a plan spends on a participant of each measure that is on, US$, by name.
pub fn unit_costs(scenario: &Scenario) -> Vec<(String, f64)> {
    let on = scenario.instrument.iter().filter(|(_, instrument)| instrument.on);
    on.map(|(name, instrument)| (name.clone(), cost(instrument, &scenario.operator))).collect()
}
