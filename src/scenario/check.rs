//! What can be loaded and is still wrong: settings that contradict one another, or that nothing reads.
//!
//! To add a rule, write a function and one line in [`RULES`].

use crate::error::Fault;
use crate::mechanism::decision::Rule as Decide;
use crate::param::{Decl, Value};
use crate::scenario::{Loaded, Scenario, Sections};

/// A rule about several settings, by the sentence it holds.
pub struct Rule {
    pub name: &'static str,
    /// The settings and sections it reads: where one of these could not be read, nobody knows.
    pub reads: &'static [&'static str],
    /// The faults of a scenario, placed at settings.
    pub faults: fn(&Scenario) -> Vec<Fault>,
}

/// Every rule about several settings.
pub const RULES: &[Rule] = &[
    Rule { name: "commitment is the riskier the deeper", reads: &["mechanism.risk"], faults: exposures_rise },
    Rule {
        name: "distance sorts online contacts less than offline ones",
        reads: &["mechanism.kernel"],
        faults: online_reaches_farther,
    },
    Rule { name: "a stake is for casino players", reads: &["mechanism.decision.rule"], faults: stake_without_casino },
    Rule { name: "a home that is described is simulated", reads: &["population.homes"], faults: idle_homes },
    Rule {
        name: "SNS need a platform",
        reads: &["mechanism.sns", "mechanism.adoption", "platform"],
        faults: sns_without_platform,
    },
    Rule {
        name: "a shock falls into the run",
        reads: &["run.start", "run.years", "run.burn_in", "shock"],
        faults: late_shocks,
    },
    Rule {
        name: "a measure comes, and reads what is stated",
        reads: &["run.start", "run.years", "run.burn_in", "instrument", "operator"],
        faults: odd_measures,
    },
    Rule { name: "quarters fit the clock", reads: &["run.years", "run.burn_in"], faults: too_long },
    Rule {
        name: "years of the graph are for a graph that is written",
        reads: &["output.graph"],
        faults: graph_years_without_graph,
    },
];

impl Loaded {
    /// Everything odd or wrong about a scenario that could be loaded, with places; a run goes on with warnings.
    pub fn check(&self) -> Vec<Fault> {
        let ruled = RULES.iter().flat_map(|rule| {
            let found = (rule.faults)(&self.scenario);
            found.into_iter().filter(|fault| self.holds(fault, rule.reads))
        });
        self.warnings.iter().cloned().chain(self.dead()).chain(ruled).map(|fault| self.locate(fault)).collect()
    }
}

impl<S: Sections> Loaded<S> {
    /// Settings of blocks that are switched off, unless they state the default, or an earlier layer stated them:
    /// switching off a part of the base is what scenarios are for.
    pub(super) fn dead(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (path, block) in self.scenario.blocks() {
            if block.get("on") != Some(Value::Switch(false)) {
                continue;
            }
            let switch = format!("{path}.on");
            let off = self.origin(&switch).written().map(|written| written.layer);
            let changed = |decl: &Decl| block.get(decl.name).as_ref() != Some(&decl.default);
            for decl in block.decls().iter().filter(|decl| decl.name != "on" && changed(decl)) {
                let setting = format!("{path}.{}", decl.name);
                let stated = self.origins.get(&setting).and_then(|origin| origin.written());
                if stated.is_some_and(|written| off.is_none_or(|off| written.layer >= off)) {
                    faults.extend(Some(dead(&path, &setting)).filter(|fault| self.holds(fault, &[&switch])));
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

fn exposures_rise(scenario: &Scenario) -> Vec<Fault> {
    let risk = &scenario.risk;
    let steps = [
        ("exposure_agent", risk.exposure_sporadic, risk.exposure_agent),
        ("exposure_subsidiary", risk.exposure_agent, risk.exposure_subsidiary),
        ("exposure_production", risk.exposure_subsidiary, risk.exposure_production),
    ];
    let falling = steps.into_iter().filter(|(_, before, after)| risk.on && after < before);
    falling
        .map(|(name, before, after)| {
            Fault::setting(format!("mechanism.risk.{name}"), format!("exposure falls from {before} to {after}"))
                .expected("at least the exposure of the stage before")
                .help("a later stage commits more: C_0 ≤ C_1 ≤ C_2 ≤ C_3")
        })
        .collect()
}

fn online_reaches_farther(scenario: &Scenario) -> Vec<Fault> {
    let kernel = &scenario.kernel;
    if kernel.online_decay <= kernel.offline_decay {
        return Vec::new();
    }
    let title =
        format!("online contacts decay faster ({}) than offline ones ({})", kernel.online_decay, kernel.offline_decay);
    vec![
        Fault::setting("mechanism.kernel.online_decay", title)
            .expected("at most mechanism.kernel.offline_decay")
            .help("0 < λ_on < λ_off is what the literature finds; go on if the opposite is what you want to study")
            .warning(),
    ]
}

fn stake_without_casino(scenario: &Scenario) -> Vec<Fault> {
    let decision = &scenario.decision;
    if decision.rule == Decide::Casino || decision.stake == crate::mechanism::decision::Decision::default().stake {
        return Vec::new();
    }
    vec![
        Fault::setting("mechanism.decision.stake", "`mechanism.decision.stake` has no effect")
            .expected("read by the casino rule only")
            .help("set mechanism.decision.rule = \"casino\", or leave this out")
            .warning(),
    ]
}

fn idle_homes(scenario: &Scenario) -> Vec<Fault> {
    let homes = &scenario.population.homes;
    let idle = scenario.home.keys().filter(|code| !homes.contains(code));
    idle.map(|code| {
        Fault::setting(format!("home.{code}"), format!("[home.{code}] has no effect"))
            .expected("not among population.homes")
            .help(format!("add \"{code}\" to population.homes, or leave the table out"))
            .warning()
    })
    .collect()
}

fn sns_without_platform(scenario: &Scenario) -> Vec<Fault> {
    let none = !scenario.platform.values().any(|platform| platform.on);
    if !(none && scenario.sns.on && scenario.adoption.on) {
        return Vec::new();
    }
    vec![
        Fault::setting("mechanism.sns.on", "SNS are on, but every platform is off")
            .expected("a platform to use")
            .help("switch a platform on, or set mechanism.sns.on = false and mechanism.adoption.on = false")
            .warning(),
    ]
}

fn late_shocks(scenario: &Scenario) -> Vec<Fault> {
    let run = &scenario.run;
    let (first, last) = (run.start - i64::from(run.burn_in), run.start + i64::from(run.years));
    let out = |shock: &crate::engine::environment::Shock| {
        f64::from(shock.start) >= last as f64 || f64::from(shock.start + shock.years) <= first as f64
    };
    let missed = scenario.shock.iter().filter(|(_, shock)| shock.on && out(shock));
    missed
        .map(|(name, shock)| {
            Fault::setting(format!("shock.{name}.start"), format!("shock {name} ({}) never happens", shock.start))
                .expected(format!("a year from {first} to {}", last - 1))
                .help("move the shock, or the run by run.start and run.years")
                .warning()
        })
        .collect()
}

fn odd_measures(scenario: &Scenario) -> Vec<Fault> {
    let run = &scenario.run;
    let first = (run.start - i64::from(run.burn_in)) as f32;
    let quarters = (4 * (run.years + run.burn_in)).min(MOST_QUARTERS) as u16;
    crate::policy::faults::oddities(&scenario.instrument, &scenario.operator, first, quarters)
}

/// Quarters that the step counter can tell apart.
const MOST_QUARTERS: u32 = 32_000;

fn too_long(scenario: &Scenario) -> Vec<Fault> {
    let quarters = 4 * (scenario.run.years + scenario.run.burn_in);
    if quarters <= MOST_QUARTERS {
        return Vec::new();
    }
    vec![
        Fault::setting("run.years", format!("{quarters} quarters are too many"))
            .expected(format!("at most {} years, burn-in included", MOST_QUARTERS / 4)),
    ]
}

fn graph_years_without_graph(scenario: &Scenario) -> Vec<Fault> {
    let output = &scenario.output;
    if output.graph || output.graph_years.is_empty() {
        return Vec::new();
    }
    vec![
        Fault::setting("output.graph_years", "`output.graph_years` has no effect")
            .expected("output.graph is off")
            .help("set output.graph = true (--graph), or leave this out")
            .warning(),
    ]
}
