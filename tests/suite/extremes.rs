//! Any scenario within its ranges either runs with every identity intact or is refused in words.

use crate::laboratory::{tell, with};
use fondaco::draw::{Address, Purpose, Seed};
use fondaco::error::Error;
use fondaco::experiment::Plan;
use fondaco::param::Kind;
use fondaco::scenario::{Flag, Loaded, Scenario, Sections};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// So few firms for so few years that hundreds of runs take seconds.
const DWARF: &[&str] = &[
    "population.firms=120",
    "population.homes=BEL,NLD",
    "run.years=4",
    "run.burn_in=4",
    "run.start=2012",
    "run.checks=true",
    "world.largest=12",
    "shock.slump.start=2010",
];

/// Settings that say how much work there is, not what the world is like.
const WORK: &[&str] = &["run.years", "run.burn_in", "run.replicates", "run.checks", "population.firms"];

/// A setting that can be turned.
struct Dial {
    path: String,
    scale: Scale,
}

enum Scale {
    Number { low: f64, high: f64, whole: bool },
    Words(Vec<&'static str>),
}

impl Dial {
    /// The setting turned to a share of its scale, 0 to 1.
    fn at(&self, share: f64) -> String {
        match &self.scale {
            Scale::Number { low, high, whole: true } => {
                format!("{}={}", self.path, (low + share * (high - low)).round())
            }
            Scale::Number { low, high, whole: false } => format!("{}={:?}", self.path, low + share * (high - low)),
            Scale::Words(words) => {
                let word = (share * words.len() as f64) as usize;
                format!("{}={}", self.path, words[word.min(words.len() - 1)])
            }
        }
    }

    /// Both ends of a range, or every word.
    fn ends(&self) -> Vec<String> {
        let steps = if let Scale::Words(words) = &self.scale { words.len() } else { 2 };
        (0..steps).map(|step| self.at(step as f64 / (steps - 1) as f64)).collect()
    }
}

/// Everything that can be set but texts; of tables that users name, one.
fn dials() -> Vec<Dial> {
    let mut dials = Vec::new();
    for section in Scenario::sections() {
        let path = match section.path {
            "platform.*" => section.with_name("facebook"),
            "shock.*" => section.with_name("slump"),
            "home.*" => section.with_name("NLD"),
            named if named.ends_with(".*") => continue,
            path => path.to_owned(),
        };
        for decl in &section.decls {
            let scale = match (decl.kind, decl.range) {
                (Kind::Number | Kind::Integer, Some((low, high))) => {
                    Scale::Number { low, high, whole: decl.kind == Kind::Integer }
                }
                (Kind::Switch, _) => Scale::Words(vec!["false", "true"]),
                (Kind::Choice(words), _) => Scale::Words(words.to_vec()),
                _ => continue,
            };
            dials.push(Dial { path: format!("{path}.{}", decl.name), scale });
        }
    }
    dials.retain(|dial| !WORK.contains(&dial.path.as_str()));
    dials
}

/// How a run of some settings ended.
#[derive(Debug, PartialEq)]
enum End {
    Ran,
    /// Refused in words.
    Refused,
    Broke(String),
}

fn end(settings: &[String]) -> End {
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    let flags: Vec<Flag> = with(DWARF, &settings).into_iter().map(Flag::set).collect();
    let ran = catch_unwind(AssertUnwindSafe(|| -> Result<(), Error> {
        let plan = Plan::new(&Loaded::read("dwarf.toml", "", &flags)?)?;
        let told = tell(&plan.model(0)?);
        let sums = told.years.iter().flat_map(|year| year.sums);
        assert!(sums.into_iter().all(f64::is_finite), "{}", "a sum is not finite");
        Ok(())
    }));
    match ran {
        Ok(Ok(())) => End::Ran,
        Ok(Err(Error::Asked(_))) => End::Refused,
        Ok(Err(Error::Failed(message))) => End::Broke(message),
        Err(panic) => End::Broke(panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "a panic".into())),
    }
}

/// Fails if one of the worlds broke down; most of them must have run.
fn assert_survived(worlds: impl Iterator<Item = Vec<String>>) {
    let ends: Vec<(Vec<String>, End)> = worlds.map(|settings| (settings.clone(), end(&settings))).collect();
    let broken: Vec<String> = ends
        .iter()
        .filter_map(|(settings, end)| match end {
            End::Broke(message) => Some(format!("{message}, with {}", settings.join(" "))),
            End::Ran | End::Refused => None,
        })
        .collect();
    assert!(broken.is_empty(), "{} of {} worlds broke down:\n{}", broken.len(), ends.len(), broken.join("\n"));
    let ran = ends.iter().filter(|(_, end)| *end == End::Ran).count();
    assert!(2 * ran > ends.len(), "only {ran} of {} worlds ran; the others were refused", ends.len());
}

#[test]
fn both_ends_of_every_range_and_every_word_are_survived() {
    let dials = dials();
    assert!(dials.len() > 200, "{} settings can be turned", dials.len());
    assert_survived(dials.iter().flat_map(Dial::ends).map(|end| vec![end]));
}

#[test]
fn wild_mixtures_are_survived() {
    let dials = dials();
    let seed = Seed::new(2024, 0);
    assert_survived((0..80).map(|world| {
        let turned = |(i, dial): (usize, &Dial)| {
            let draw = seed.block(Address::row(world, Purpose::Sample).which(i as u64));
            // One setting in eight is turned: to an end, or anywhere between.
            let share = match draw.word(0) % 32 {
                0 => 0.0,
                1 => 1.0,
                2 | 3 => f64::from(draw.uniform(2)),
                _ => return None,
            };
            // Most other ways to make the world and the graph ask for files, and are refused without.
            (!dial.path.starts_with("world.") && dial.path != "network.generator").then(|| dial.at(share))
        };
        dials.iter().enumerate().filter_map(turned).collect()
    }));
}
