//! Settings that are stated and change nothing, because another setting says that nobody reads them.
//!
//! To add one, write a line in [`UNREAD`]; its test shows that the setting changes no result there.

use crate::engine::environment::ShockKind;
use crate::error::Fault;
use crate::mechanism::decision::Rule;
use crate::network::Generator;
use crate::param::Value;
use crate::scenario::{FigureStyle, Loaded, Scenario, Sections};
use crate::world::Measure;

/// Settings that are not read while another one stands as it does.
struct Unread {
    /// Dotted paths; `*` stands for any one word.
    settings: &'static [&'static str],
    /// The setting that decides; its `*` is the first one of the path.
    because: &'static str,
    /// Whether it decides against them, for the table of a name.
    idle: fn(&Scenario, &str) -> bool,
    /// What is so.
    why: &'static str,
    /// What to set so that they are read.
    set: &'static str,
}

/// Why a setting is not read.
pub(crate) struct Idle {
    /// The setting that decides.
    pub because: String,
    pub why: String,
    /// What to set.
    pub set: String,
}

impl Idle {
    /// The warning of a setting that is stated in vain.
    pub fn fault(&self, setting: &str) -> Fault {
        Fault::setting(setting, format!("`{setting}` has no effect"))
            .expected(&self.why)
            .help(format!("{}, or leave this out", self.set))
            .warning()
    }
}

/// Why a setting of a scenario is not read, if it is not: its block is off, or another setting decides against it.
pub(crate) fn idle(scenario: &Scenario, setting: &str) -> Option<Idle> {
    let (block, last) = setting.rsplit_once('.')?;
    let off = scenario.block(block)?.get("on") == Some(Value::Switch(false));
    if off && last != "on" {
        let set = format!("set {block}.on = true");
        return Some(Idle { because: format!("{block}.on"), why: format!("[{block}] is off"), set });
    }
    unread(scenario, setting)
}

/// Why a setting is not read though its block is not off.
fn unread(scenario: &Scenario, setting: &str) -> Option<Idle> {
    let name = setting.split('.').nth(1).unwrap_or_default();
    let unread = UNREAD
        .iter()
        .find(|unread| unread.settings.iter().any(|pattern| fits(pattern, setting)) && (unread.idle)(scenario, name))?;
    Some(Idle {
        because: unread.because.replace('*', name),
        why: unread.why.to_owned(),
        set: unread.set.replace('*', name),
    })
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut words, mut parts) = (pattern.split('.'), path.split('.'));
    loop {
        match (words.next(), parts.next()) {
            (None, None) => return true,
            (Some(word), Some(part)) if word == "*" || word == part => {}
            _ => return false,
        }
    }
}

impl Loaded {
    /// Settings of blocks that are on and yet change nothing, unless they state the default, or an earlier layer stated them:
    /// to choose another generator than the base is what scenarios are for.
    pub(super) fn idle(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for path in self.stated() {
            let Some((block, name)) = path.rsplit_once('.') else { continue };
            let Some(block) = self.scenario.block(block) else { continue };
            if block.get("on") == Some(Value::Switch(false)) {
                continue;
            }
            let decl = block.decls().into_iter().find(|decl| decl.name == name);
            if decl.is_none_or(|decl| block.get(name) == Some(decl.default)) {
                continue;
            }
            let Some(idle) = unread(&self.scenario, path) else { continue };
            let layer = |path: &str| self.origins.get(path).and_then(|origin| origin.written()).map(|at| at.layer);
            if layer(path) >= layer(&idle.because) {
                faults.extend(Some(idle.fault(path)).filter(|fault| self.holds(fault, &[&idle.because])));
            }
        }
        faults
    }
}

fn generator(scenario: &Scenario, generator: Generator) -> bool {
    scenario.network.generator == generator
}

/// Is there one home only?
fn alone(scenario: &Scenario, _: &str) -> bool {
    scenario.population.homes.len() < 2
}

fn shuts(scenario: &Scenario, name: &str) -> bool {
    scenario.shock.get(name).is_some_and(|shock| shock.kind == ShockKind::PlatformShutdown)
}

fn one_round(scenario: &Scenario, name: &str) -> bool {
    scenario.instrument.get(name).is_some_and(|measure| measure.rounds < 2)
}

const SIMILAR: &[&str] =
    &["network.homophily_sector", "network.homophily_size", "network.degree_tail", "network.degree_size"];

const UNREAD: &[Unread] = &[
    Unread {
        settings: &["world.felt_matrix"],
        because: "world.felt",
        idle: |scenario, _| scenario.world.felt != Measure::Matrix,
        why: "read when world.felt is \"matrix\" only",
        set: "set world.felt = \"matrix\"",
    },
    Unread {
        settings: &["world.friction_matrix"],
        because: "world.friction",
        idle: |scenario, _| scenario.world.friction != Measure::Matrix,
        why: "read when world.friction is \"matrix\" only",
        set: "set world.friction = \"matrix\"",
    },
    Unread {
        settings: &["world.scores", "world.cage.*"],
        because: "world.felt",
        idle: |scenario, _| scenario.world.felt != Measure::Cage && scenario.world.friction != Measure::Cage,
        why: "read when world.felt or world.friction is \"cage\" only",
        set: "set world.felt = \"cage\"",
    },
    Unread {
        settings: &["world.scores"],
        because: "world.cage.culture",
        idle: |scenario, _| scenario.cage.culture == 0.0,
        why: "culture has no weight: world.cage.culture is 0",
        set: "set world.cage.culture above 0",
    },
    Unread {
        settings: &["world.connectedness_weight"],
        because: "world.connectedness",
        idle: |scenario, _| scenario.world.connectedness.is_empty(),
        why: "world.connectedness names no file of ties between countries",
        set: "set world.connectedness = \"FILE.csv\"",
    },
    Unread {
        settings: &["world.connectedness"],
        because: "world.connectedness_weight",
        idle: |scenario, _| scenario.world.connectedness_weight == 0.0,
        why: "it has no weight: world.connectedness_weight is 0",
        set: "set world.connectedness_weight above 0",
    },
    Unread {
        settings: &["world.largest"],
        because: "world.countries",
        idle: |scenario, _| !scenario.world.countries.is_empty() && scenario.world.regions.is_empty(),
        why: "world.countries names the markets",
        set: "set world.regions too, from which the largest are taken",
    },
    Unread {
        settings: &["network.file", "network.names"],
        because: "network.generator",
        idle: |scenario, _| !generator(scenario, Generator::File),
        why: "read when network.generator is \"file\" only",
        set: "set network.generator = \"file\"",
    },
    Unread {
        settings: &["network.rewiring"],
        because: "network.generator",
        idle: |scenario, _| !generator(scenario, Generator::WattsStrogatz),
        why: "read when network.generator is \"watts-strogatz\" only",
        set: "set network.generator = \"watts-strogatz\"",
    },
    Unread {
        settings: &["network.blocks", "network.share_within"],
        because: "network.generator",
        idle: |scenario, _| !generator(scenario, Generator::StochasticBlock),
        why: "read when network.generator is \"stochastic-block\" only",
        set: "set network.generator = \"stochastic-block\"",
    },
    Unread {
        settings: &["network.decay", "network.arrangement"],
        because: "network.generator",
        idle: |scenario, _| !generator(scenario, Generator::Geographic),
        why: "read when network.generator is \"geographic\" only",
        set: "set network.generator = \"geographic\"",
    },
    Unread {
        settings: &[
            "network.offline_district",
            "network.offline_country",
            "network.online",
            "network.abroad",
            "network.abroad_online",
            "network.degree_largest",
        ],
        because: "network.generator",
        idle: |scenario, _| generator(scenario, Generator::File),
        why: "the ties are those of network.file",
        set: "set network.generator to one that grows ties",
    },
    Unread {
        settings: SIMILAR,
        because: "network.generator",
        idle: |scenario, _| generator(scenario, Generator::File),
        why: "the ties are those of network.file",
        set: "set network.generator to one that grows ties",
    },
    Unread {
        settings: SIMILAR,
        because: "network.generator",
        idle: |scenario, name| {
            let across = !alone(scenario, name) && scenario.network.abroad > 0.0;
            !generator(scenario, Generator::Homophilous) && scenario.network.online == 0.0 && !across
        },
        why: "read by ties of the generator \"homophilous\", online ties and ties across homes, and there are none",
        set: "set network.generator = \"homophilous\"",
    },
    Unread {
        settings: &["network.abroad", "network.abroad_online"],
        because: "population.homes",
        idle: alone,
        why: "there is one home only",
        set: "set population.homes to two or more countries",
    },
    Unread {
        settings: &["home.*.share"],
        because: "population.homes",
        // A home that is not simulated has a warning of its own.
        idle: |scenario, name| alone(scenario, name) && scenario.population.homes.iter().any(|home| home == name),
        why: "there is one home only",
        set: "set population.homes to two or more countries",
    },
    Unread {
        settings: &["mechanism.partner.simulated"],
        because: "population.homes",
        idle: alone,
        why: "there is one home only, so that no partner is a simulated firm",
        set: "set population.homes to two or more countries",
    },
    Unread {
        settings: &["network.abroad_online"],
        because: "network.abroad",
        idle: |scenario, _| scenario.network.abroad == 0.0,
        why: "there are no ties across homes: network.abroad is 0",
        set: "set network.abroad above 0",
    },
    Unread {
        settings: &["mechanism.distance.online", "mechanism.distance.online_truth"],
        because: "mechanism.distance.channel",
        idle: |scenario, _| !scenario.theory.distance.slope(),
        why: "read when mechanism.distance.channel is \"slope\" or \"both\" only",
        set: "set mechanism.distance.channel = \"slope\"",
    },
    Unread {
        settings: &["mechanism.entry.online"],
        because: "mechanism.distance.channel",
        idle: |scenario, _| !scenario.theory.distance.level(),
        why: "read when mechanism.distance.channel is \"level\" or \"both\" only",
        set: "set mechanism.distance.channel = \"level\"",
    },
    Unread {
        settings: &["mechanism.decision.stake"],
        because: "mechanism.decision.rule",
        idle: |scenario, _| scenario.theory.decision.rule != Rule::Casino,
        why: "read by the casino rule only",
        set: "set mechanism.decision.rule = \"casino\"",
    },
    Unread {
        settings: &["mechanism.peer.maturity"],
        because: "mechanism.peer.rate",
        idle: |scenario, _| scenario.theory.peer.rate == 0.0,
        why: "peers pass nothing on: mechanism.peer.rate is 0",
        set: "set mechanism.peer.rate above 0",
    },
    Unread {
        settings: &["mechanism.unsolicited.web", "mechanism.unsolicited.reach"],
        because: "mechanism.unsolicited.rate",
        idle: |scenario, _| scenario.theory.unsolicited.rate == 0.0,
        why: "nobody asks unasked: mechanism.unsolicited.rate is 0",
        set: "set mechanism.unsolicited.rate above 0",
    },
    Unread {
        settings: &[
            "mechanism.incident.tolerance",
            "mechanism.incident.slack",
            "mechanism.incident.proactivity",
            "mechanism.incident.years",
        ],
        because: "mechanism.incident.rate",
        idle: |scenario, _| scenario.theory.incident.rate == 0.0,
        why: "there are no incidents: mechanism.incident.rate is 0",
        set: "set mechanism.incident.rate above 0",
    },
    Unread {
        settings: &["mechanism.founder.reach"],
        because: "mechanism.founder.contacts",
        idle: |scenario, _| scenario.theory.founder.contacts == 0.0,
        why: "founders bring no contacts: mechanism.founder.contacts is 0",
        set: "set mechanism.founder.contacts above 0",
    },
    Unread {
        settings: &["mechanism.gusher.success", "mechanism.gusher.lost_trust", "mechanism.gusher.cost"],
        because: "mechanism.gusher.rate",
        idle: |scenario, _| scenario.theory.gusher.rate == 0.0,
        why: "there are no gushers: mechanism.gusher.rate is 0",
        set: "set mechanism.gusher.rate above 0",
    },
    Unread {
        settings: &["mechanism.mixing.leak"],
        because: "mechanism.mixing.share",
        idle: |scenario, _| scenario.theory.mixing.share == 0.0,
        why: "nothing is mixed: mechanism.mixing.share is 0",
        set: "set mechanism.mixing.share above 0",
    },
    Unread {
        settings: &[
            "mechanism.trial.neighbour",
            "mechanism.trial.lesson",
            "mechanism.trial.despair",
            "mechanism.trial.years",
        ],
        because: "mechanism.trial.start",
        idle: |scenario, _| scenario.theory.trial.start == 1.0,
        why: "there are no trial orders: mechanism.trial.start is 1",
        set: "set mechanism.trial.start below 1",
    },
    Unread {
        settings: &["mechanism.strain.softening", "mechanism.strain.years"],
        because: "mechanism.strain.early",
        idle: |scenario, _| scenario.theory.strain.early == 0.0,
        why: "going early is no strain: mechanism.strain.early is 0",
        set: "set mechanism.strain.early above 0",
    },
    Unread {
        settings: &["shock.*.platform"],
        because: "shock.*.kind",
        idle: |scenario, name| !shuts(scenario, name),
        why: "read when its kind is \"platform-shutdown\" only",
        set: "set shock.*.kind = \"platform-shutdown\"",
    },
    Unread {
        settings: &["shock.*.size", "shock.*.markets"],
        because: "shock.*.kind",
        idle: shuts,
        why: "a platform shuts as a whole, everywhere",
        set: "set shock.*.kind to one that has a size and markets",
    },
    Unread {
        settings: &["instrument.*.every", "instrument.*.again"],
        because: "instrument.*.rounds",
        idle: one_round,
        why: "the measure has one round",
        set: "set instrument.*.rounds to 2 or more",
    },
    Unread {
        settings: &["output.graph_years", "output.graph_sources"],
        because: "output.graph",
        idle: |scenario, _| !scenario.output.graph,
        why: "output.graph is off",
        set: "set output.graph = true (--graph)",
    },
    Unread {
        settings: &["output.figure_style", "output.figure_width", "output.figure_names"],
        because: "output.figures",
        idle: |scenario, _| !scenario.output.figures,
        why: "output.figures is off",
        set: "set output.figures = true",
    },
    Unread {
        settings: &["output.figure_width"],
        because: "output.figure_style",
        idle: |scenario, _| scenario.output.figure_style == FigureStyle::Report,
        why: "only figures in the plain style have a width",
        set: "set output.figure_style = \"plain\" (--figure-style plain)",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Plan;
    use crate::experiment::outcome::measure;
    use crate::scenario::Flag;
    use std::sync::atomic::AtomicBool;

    const TINY: &str = "run.years = 3\nrun.burn_in = 2\npopulation.firms = 250\nworld.largest = 20\n";
    /// What makes a rule speak, and a setting with a value other than its default that then changes nothing.
    const CASES: &[(&str, &str)] = &[
        ("", "world.cage.border = 9"),
        ("", "world.connectedness_weight = 3"),
        ("world.countries = [\"FRA\", \"DEU\"]", "world.largest = 9"),
        ("", "network.rewiring = 0.9"),
        ("", "network.blocks = \"sector\""),
        ("", "network.share_within = 0.1"),
        ("", "network.decay = 9"),
        ("", "network.arrangement = \"grid\""),
        ("", "network.names = \"label\""),
        ("network.generator = \"erdos-renyi\"\nnetwork.online = 0", "network.homophily_size = 3"),
        ("network.generator = \"erdos-renyi\"\nnetwork.online = 0", "network.degree_tail = 9"),
        ("", "network.abroad = 9"),
        ("", "home.BEL.share = 9"),
        ("", "mechanism.partner.simulated = 1"),
        ("population.homes = [\"BEL\", \"FRA\"]\nnetwork.abroad = 0", "network.abroad_online = 1"),
        ("mechanism.distance.channel = \"level\"", "mechanism.distance.online = 3"),
        ("mechanism.distance.channel = \"none\"", "mechanism.distance.online_truth = 1"),
        ("", "mechanism.entry.online = 1"),
        ("", "mechanism.decision.stake = 1"),
        ("mechanism.peer.rate = 0", "mechanism.peer.maturity = 20"),
        ("mechanism.unsolicited.rate = 0", "mechanism.unsolicited.web = 10"),
        ("mechanism.unsolicited.rate = 0", "mechanism.unsolicited.reach = 10"),
        ("mechanism.incident.rate = 0", "mechanism.incident.tolerance = 50"),
        ("mechanism.incident.rate = 0", "mechanism.incident.years = 50"),
        ("mechanism.founder.contacts = 0", "mechanism.founder.reach = 3"),
        ("", "mechanism.gusher.lost_trust = 0"),
        ("", "mechanism.mixing.leak = 0.2"),
        ("", "mechanism.trial.despair = 9"),
        ("", "mechanism.trial.years = 9"),
        ("", "mechanism.strain.softening = 9"),
        ("", "mechanism.strain.years = 9"),
        ("shock.s.start = 1996", "shock.s.platform = \"blog\""),
        (
            "shock.s.start = 1996\nshock.s.kind = \"platform-shutdown\"\nshock.s.platform = \"facebook\"",
            "shock.s.size = 0.9",
        ),
        ("instrument.trade-visit.on = true\ninstrument.trade-visit.start = 1996", "instrument.trade-visit.every = 3"),
        ("", "output.graph_sources = 9"),
        ("output.figures = false", "output.figure_style = \"plain\""),
        ("", "output.figure_width = 84.0"),
    ];

    fn plan(text: &str) -> (Loaded, Vec<f64>) {
        let loaded = Loaded::read("tiny.toml", text, &[]).unwrap_or_else(|error| panic!("{text}: {error}"));
        let plan = Plan::new(&loaded).unwrap_or_else(|error| panic!("{text}: {error}"));
        let found = measure(&plan.model(0).expect("a model"), &AtomicBool::new(false)).expect("it runs");
        (loaded, found.expect("nobody interrupts"))
    }

    #[test]
    fn what_is_said_to_change_nothing_changes_nothing() {
        let mut wrong = Vec::new();
        for (setting, stated) in CASES {
            let base = format!("{TINY}{setting}\n")
                .replace(if setting.contains("world.countries") { "world.largest = 20\n" } else { "\u{0}" }, "");
            let (_, before) = plan(&base);
            let (loaded, after) = plan(&format!("{base}{stated}\n"));
            if format!("{before:?}") != format!("{after:?}") {
                wrong.push(format!("{stated} acts"));
            }
            let path = stated.split(" = ").next().expect("a path");
            let told: Vec<String> = loaded.check().into_iter().map(|fault| fault.title).collect();
            if told != [format!("`{path}` has no effect")] {
                wrong.push(format!("{stated}: {told:?}"));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn every_setting_named_exists_and_is_read_by_something() {
        let scenario = Scenario::default();
        let paths: Vec<String> = Scenario::sections()
            .iter()
            .flat_map(|section| {
                section.decls.iter().map(|decl| format!("{}.{}", section.path, decl.name)).collect::<Vec<_>>()
            })
            .collect();
        let of_star = |pattern: &str| pattern.ends_with(".*") || paths.iter().any(|path| path == pattern);
        for unread in UNREAD {
            assert!(paths.iter().any(|path| path == unread.because), "{}", unread.because);
            assert!(unread.settings.iter().all(|setting| of_star(setting)), "{:?}", unread.settings);
        }
        assert!(idle(&scenario, "mechanism.search.rate").is_none());
        assert!(idle(&scenario, "no.such").is_none());
    }

    #[test]
    fn what_a_base_states_is_no_slip_of_the_pen() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let base = "network.generator = \"watts-strogatz\"\nnetwork.rewiring = 0.5\n";
        std::fs::write(path("base.toml"), base).unwrap();
        std::fs::write(path("a.toml"), "extends = \"base.toml\"\nnetwork.generator = \"erdos-renyi\"\n").unwrap();
        let told = |flags: &[Flag]| Loaded::<Scenario>::load(&path("a.toml"), flags).expect("no fault").check();
        assert!(told(&[]).is_empty(), "another generator than the base's is what scenarios are for");
        let flagged = told(&[Flag::set("network.rewiring=0.2")]);
        assert_eq!(flagged[0].title, "`network.rewiring` has no effect");
        assert_eq!(flagged[0].help.as_deref(), Some("set network.generator = \"watts-strogatz\", or leave this out"));
    }
}
