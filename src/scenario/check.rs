//! What can be loaded and is still wrong: settings that contradict one another, or that nothing reads.
//!
//! To add a rule, write a function and one line in [`RULES`].

use crate::engine::environment::{Shock, ShockKind};
use crate::error::{Fault, Place, Severity};
use crate::param::{Decl, Value};
use crate::policy::Operator;
use crate::policy::filter::Names;
use crate::policy::reach::{self, Bounds};
use crate::scenario::{Loaded, Origin, Scenario, Sections};

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
    Rule { name: "a shock has a size that acts", reads: &["shock"], faults: sizes_without_effect },
    Rule {
        name: "a condition can be met",
        reads: &["instrument", "population", "platform", "network.on"],
        faults: nobody_meets,
    },
    Rule {
        name: "an operator belongs to a measure",
        reads: &["instrument", "operator"],
        faults: operators_without_measure,
    },
    Rule {
        name: "a territory is a home or a market",
        reads: &["territory", "world.countries", "population.homes"],
        faults: idle_territories,
    },
    Rule { name: "quarters fit the clock", reads: &["run.years", "run.burn_in"], faults: too_long },
];

impl Loaded {
    /// Everything odd or wrong about a scenario that could be loaded, with places; a run goes on with warnings.
    pub fn check(&self) -> Vec<Fault> {
        let ruled = RULES.iter().flat_map(|rule| {
            let found = (rule.faults)(&self.scenario);
            found.into_iter().filter(|fault| self.holds(fault, rule.reads))
        });
        let idle = self.dead().into_iter().chain(self.idle()).chain(self.unsized_shocks());
        let found = idle.chain(ruled).filter(|fault| !self.in_own(fault));
        self.warnings.iter().cloned().chain(found).map(|fault| self.locate(fault)).collect()
    }

    /// Shocks of a kind for which the default size is no guess of what was meant: a tariff of −0.2 cuts friction.
    fn unsized_shocks(&self) -> Vec<Fault> {
        let shocks = self.scenario.shock.iter().filter(|(_, shock)| shock.on && shock.kind == ShockKind::Tariff);
        let unsized_one = |(name, shock): (&String, &Shock)| {
            let path = format!("shock.{name}.size");
            let stated = self.origin(&path).written().is_some() || self.unsure(&path);
            let title = format!("shock {name} states no size: a tariff of {} makes trade easier", shock.size);
            let fault = Fault::setting(format!("shock.{name}"), title).expected("a size in mean frictions");
            (!stated).then(|| fault.help(format!("set {path}, such as 0.2")).warning())
        };
        shocks.filter_map(unsized_one).collect()
    }

    /// Is it a warning of what the program itself wrote? There, all values are stated, with or without effect.
    fn in_own(&self, fault: &Fault) -> bool {
        let Place::Setting(path) = &fault.place else { return false };
        let own = |origin: Origin| origin.written().is_some_and(|written| self.own.contains(&written.layer));
        fault.severity == Severity::Warning && own(self.origin(path))
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
    let risk = &scenario.theory.risk;
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
    let kernel = &scenario.theory.kernel;
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

fn idle_homes(scenario: &Scenario) -> Vec<Fault> {
    let homes = &scenario.population.homes;
    let idle = scenario.home.keys().filter(|code| !homes.contains(code));
    idle.map(|code| {
        Fault::setting(format!("home.{code}"), format!("[home.{code}] has no effect"))
            .expected("not among population.homes")
            .help(match crate::world::code_of(code).filter(|known| known != code) {
                Some(known) => format!("write [home.{known}]"),
                None => format!("add \"{code}\" to population.homes, or leave the table out"),
            })
            .warning()
    })
    .collect()
}

fn sns_without_platform(scenario: &Scenario) -> Vec<Fault> {
    let none = !scenario.platform.values().any(|platform| platform.on);
    if !(none && scenario.theory.sns.on && scenario.theory.adoption.on) {
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

fn sizes_without_effect(scenario: &Scenario) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, shock) in scenario.shock.iter().filter(|(_, shock)| shock.on) {
        let path = format!("shock.{name}.size");
        match shock.kind {
            ShockKind::TravelBan if !(shock.size > 0.0 && shock.size <= 1.0) => faults.push(
                Fault::setting(path, format!("shock {name} bans nothing: a travel ban of size {}", shock.size))
                    .expected("the share of visits that do not take place, above 0 and at most 1")
                    .help(format!("set shock.{name}.size = 0.8 for a ban of four visits in five")),
            ),
            ShockKind::PlatformShutdown => {}
            _ if shock.size == 0.0 => faults.push(
                Fault::setting(path, format!("shock {name} has size 0 and changes nothing"))
                    .expected("a size other than 0")
                    .help(format!("set another size, or shock.{name}.on = false"))
                    .warning(),
            ),
            _ => {}
        }
    }
    faults
}

fn nobody_meets(scenario: &Scenario) -> Vec<Fault> {
    let population = &scenario.population;
    let shares: Vec<f32> =
        population.homes.iter().map(|code| scenario.home.get(code).map_or(1.0, |home| home.share)).collect();
    let most = if shares.is_empty() { 0 } else { population.split(&shares).into_iter().max().unwrap_or(0) };
    let bounds = Bounds {
        names: Names { homes: &population.homes, sectors: population.sectors },
        districts: most.div_ceil(population.district),
        largest: f64::from(population.size_cap),
        oldest: 100.0 + f64::from(scenario.run.burn_in + scenario.run.years),
        platforms: scenario.platform.values().filter(|platform| platform.on).count().min(16) as u32,
        peers: scenario.network.on,
    };
    let on = scenario.instrument.iter().filter(|(_, instrument)| instrument.on);
    on.flat_map(|(name, instrument)| reach::faults(name, instrument, &bounds)).collect()
}

fn operators_without_measure(scenario: &Scenario) -> Vec<Fault> {
    let (plain, catalogue) = (Operator::default(), crate::policy::operators());
    let named = |name: &String| scenario.instrument.values().any(|instrument| instrument.operators.contains(name));
    let own = scenario.operator.iter().filter(|(name, stated)| catalogue.get(*name).unwrap_or(&plain) != *stated);
    own.filter(|(name, _)| !named(name))
        .map(|(name, _)| {
            Fault::setting(format!("operator.{name}"), format!("no measure takes operator.{name}"))
                .expected("named by a measure")
                .help("name it in the operators of an [instrument.…], or leave the table out")
                .warning()
        })
        .collect()
}

fn idle_territories(scenario: &Scenario) -> Vec<Fault> {
    let named = |code: &&String| scenario.world.countries.contains(code) || scenario.population.homes.contains(code);
    let idle = scenario.territory.keys().filter(|code| !named(code));
    idle.map(|code| {
        Fault::setting(format!("territory.{code}"), format!("[territory.{code}] has no effect"))
            .expected("neither a home nor a market")
            .help(format!("add \"{code}\" to world.countries or population.homes, or leave the table out"))
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
