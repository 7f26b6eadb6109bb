//! What can be loaded and is still wrong: settings that contradict one another, or that nothing reads.
//!
//! To add a rule, write a function and one line in [`RULES`].

use crate::error::Fault;
use crate::param::Value;
use crate::scenario::{Loaded, Scenario, Sections};

/// A rule about several settings, by the sentence it holds.
pub struct Rule {
    pub name: &'static str,
    /// The faults of a scenario, placed at settings.
    pub faults: fn(&Scenario) -> Vec<Fault>,
}

/// Every rule about several settings.
pub const RULES: &[Rule] = &[Rule { name: "csv mirrors a table", faults: csv_mirrors_a_table }];

impl Loaded {
    /// Everything odd or wrong about a scenario that could be loaded, with places; a run goes on with warnings.
    pub fn check(&self) -> Vec<Fault> {
        let ruled = RULES.iter().flat_map(|rule| (rule.faults)(&self.scenario));
        self.warnings.iter().cloned().chain(self.dead()).chain(ruled).map(|fault| self.locate(fault)).collect()
    }
}

impl<S: Sections> Loaded<S> {
    /// Settings of blocks that are switched off, unless an earlier layer stated them: switching off a part of the
    /// base is what scenarios are for.
    pub(super) fn dead(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (path, block) in self.scenario.blocks() {
            if block.get("on") != Some(Value::Switch(false)) {
                continue;
            }
            let off = self.origin(&format!("{path}.on")).written().map(|written| written.layer);
            for decl in block.decls().iter().filter(|decl| decl.name != "on") {
                let setting = format!("{path}.{}", decl.name);
                let stated = self.origins.get(&setting).and_then(|origin| origin.written());
                if stated.is_some_and(|written| off.is_none_or(|off| written.layer >= off)) {
                    faults.push(dead(&path, &setting));
                }
            }
        }
        faults
    }
}

fn dead(block: &str, setting: &str) -> Fault {
    Fault::setting(setting, format!("`{setting}` has no effect"))
        .expected(format!("[{block}] is off"))
        .help(format!("set {block}.on = true, or leave this out"))
        .warning()
}

fn csv_mirrors_a_table(scenario: &Scenario) -> Vec<Fault> {
    let output = &scenario.output;
    let any = output.panel || output.firms || output.events || output.ties;
    if !output.csv || any {
        return Vec::new();
    }
    let fault = Fault::setting("output.csv", "`output.csv` has no effect")
        .expected("no table is written that it could mirror")
        .help("turn on output.panel, output.firms, output.events or output.ties")
        .warning();
    vec![fault]
}
