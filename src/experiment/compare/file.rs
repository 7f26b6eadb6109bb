//! A comparison file: a baseline, arms on top of it, outcomes, horizon, discount rate, and how sure one wants to be.

mod branch;

use super::course::BEFORE;
use super::outcome::Outcome;
use crate::error::{Error, Fault, Severity, nearest};
use crate::experiment::Plan;
use crate::experiment::basis::Input;
use crate::param::{FilePath, Named, Params, Value};
use crate::policy::faults::cost;
use crate::policy::{Instrument, NO_LIMIT, Operator};
use crate::scenario::{Copies, Flag, Loaded, Scenario, Sections, schema_of};
use branch::{
    branch, concerns_measures, differing, new_table, parting, relocate, taken_by_no_arm, takes, tell_apart, told,
    too_late,
};
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
        warnings.extend(taken_by_no_arm(loaded, &arms).into_iter().map(|fault| loaded.locate(fault)));
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
        let name = name_of(&stated.compare, &file);
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

/// The name that the file states, or else its own.
fn name_of(compare: &Compare, file: &Path) -> String {
    if !compare.name.is_empty() {
        return compare.name.clone();
    }
    file.file_stem().map_or("comparison".into(), |stem| stem.to_string_lossy().into_owned())
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
    let begun = baseline.from.iter().flat_map(|from| &from.states).map(|state| state.economy.step).max();
    let late = begun.is_some_and(|step| step + 4 * (BEFORE - 1) >= zero);
    let title = "the state is younger than the years kept from before the arms part";
    let young = Fault::setting("compare.baseline", title)
        .expected(format!("a state of run.from at least {BEFORE} years before"))
        .help("begin with an earlier state, or let the arms part later");
    let faults = [(asked > quarters, beyond), (u32::from(zero) < 4 * run.burn_in, unseen), (late, young)];
    faults.into_iter().filter(|(wrong, _)| *wrong).map(|(_, fault)| loaded.locate(fault)).collect()
}

/// What a plan spends on a participant of each measure that is on, US$, by name.
pub fn unit_costs(scenario: &Scenario) -> Vec<(String, f64)> {
    let on = scenario.instrument.iter().filter(|(_, instrument)| instrument.on);
    on.map(|(name, instrument)| (name.clone(), cost(instrument, &scenario.operator))).collect()
}
