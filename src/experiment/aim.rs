//! What a calibration of a scenario searches and what it aims at: declared parameters, rows of the table of facts.
//!
//! A number of the table is a target with its band. A pattern becomes one: by how much it holds in the seed at its
//! lower fifth, as a share of the largest value, which has to lie between 0 and 1. A fact weighs 1 (or what was asked
//! for), spread evenly over its rows.
//!
//! **Recovery.** Can the facts tell the parameters at all? The scenario's own values are taken for the truth, data are
//! simulated from them with seeds of their own, and the search, begun far off, has to find them again.

use super::Plan;
use super::basis::{Basis, Input};
use super::calibrate::{Axis, Search, Target, identity_of};
use super::fact::Fact;
use super::validate::{PATTERN_SHARE, Scorecard, Scored, Verdict, score_facts};
use crate::error::{Error, Fault, Source, nearest};
use crate::input;
use crate::param::{Kind, Value};
use crate::scenario::{Copies, Loaded, Sections};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Half width of the bands around simulated data: this share of the published half width, and so many standard errors
/// of the difference between the data and a point searched. Facts that chance decides in so few firms then weigh little.
const DATA_BAND: f64 = 0.05;
const DATA_ERRORS: f64 = 2.0;
/// What is added to the seed for simulated data.
const DATA_SEED: i64 = 1_000_000_007;
/// Largest seed that a scenario may state.
const LARGEST_SEED: i64 = 1 << 53;
/// Where a recovery begins on every axis, in shares of the range: here, or as far from the other edge.
const FAR: f64 = 0.15;

/// What was asked for, as words of the command line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Asked {
    /// `PATH=LOW..HIGH`, or the name of a file with one of them a line.
    pub parameters: Vec<String>,
    /// `all`, or identities of facts, each with a weight if wanted: `C1,C3=2`.
    pub targets: String,
    pub budget: u32,
    pub recover: bool,
}

/// A calibration that can be carried out.
#[derive(Debug)]
pub struct Aim {
    pub plan: Plan,
    /// The rows aimed at, in the order of the targets.
    pub facts: Vec<Fact>,
    pub search: Search,
    /// What the search rests on.
    pub basis: Basis,
    /// What was asked for.
    pub asked: Asked,
    /// Values of the parameters in the scenario, and those at which the search begins.
    pub stated: Vec<f64>,
    pub start: Vec<f64>,
    /// The values that have to be found again, in a recovery.
    pub truth: Option<Vec<f64>>,
}

impl Aim {
    /// Works out what was asked for; `table` is the table of facts.
    ///
    /// # Errors
    /// Every fault of parameters, targets and budget.
    pub fn new(loaded: &Loaded, plan: Plan, facts: &[Fact], table: &Input, asked: &Asked) -> Result<Self, Error> {
        let mut faults = Vec::new();
        let (axes, start) = match axes(&asked.parameters, loaded) {
            Ok(found) => found,
            Err(wrong) => {
                faults.extend(wrong);
                Default::default()
            }
        };
        let homes: Vec<&str> = plan.homes.iter().map(|home| home.iso3.as_str()).collect();
        let (facts, targets) = match targets(&asked.targets, facts, &homes) {
            Ok(found) => found,
            Err(wrong) => {
                faults.extend(wrong);
                Default::default()
            }
        };
        let least = super::calibrate::least_budget(axes.len());
        if faults.is_empty() && asked.budget < least {
            let words = format!("--budget {}", asked.budget);
            let source = Arc::new(Source { name: String::new(), text: words.clone() });
            faults.push(
                Fault::text(&source, "--budget ".len()..words.len(), "the budget is too small for these parameters")
                    .expected(format!("at least {least} evaluations for {} of them", axes.len()))
                    .help("a screen, slopes along every parameter, a step, and slopes at the end: raise it, or search fewer"),
            );
        }
        if !faults.is_empty() {
            return Err(Error::Asked(faults));
        }
        let mut hasher = blake3::Hasher::new();
        let paths = axes.iter().map(|axis| axis.path.clone());
        let rows = targets.iter().map(|target| format!("{target:?}"));
        for part in [loaded.hash(), asked.recover.to_string()].into_iter().chain(paths).chain(rows) {
            hasher.update(part.as_bytes()).update(b"\n");
        }
        let mut inputs = plan.inputs()?;
        let mut copies = Copies::default();
        loaded.standalone(&mut copies, "");
        copies.rename(&mut inputs);
        inputs.push(table.clone());
        let basis = Basis::new(hasher.finalize().to_hex().to_string(), plan.scenario.run.seed, inputs);
        let seed = plan.scenario.run.seed as u64;
        let search = Search { axes, targets, budget: asked.budget, seed, identity: identity_of(&basis) };
        let asked = asked.clone();
        Ok(Self { plan, facts, search, basis, asked, stated: start.clone(), start, truth: None })
    }

    /// The plan with the parameters at a point.
    ///
    /// # Errors
    /// Faults that the scenario has there.
    pub fn plan_at(&self, point: &[f64]) -> Result<Plan, Error> {
        let mut scenario = self.plan.scenario.clone();
        for (axis, value) in self.search.axes.iter().zip(point) {
            let set = scenario.set(&axis.path, &Value::Number(*value));
            set.unwrap_or_else(|wrong| panic!("{} was checked, but {wrong}", axis.path));
        }
        Plan::of(scenario, self.plan.name.clone()).map_err(Error::Asked)
    }

    /// The statistics at a point, in the order of the targets; none if interrupted.
    ///
    /// # Errors
    /// When a replicate breaks down.
    pub fn measure(&self, point: &[f64], interrupt: &AtomicBool) -> Result<Option<Vec<Option<f64>>>, Error> {
        let card = score_facts(&self.plan_at(point)?, &self.facts, false, interrupt, &|_, _| {})?;
        Ok((!card.interrupted).then(|| statistics(&card)))
    }

    /// Simulates data at the scenario's own values, aims at them and begins far off; false if interrupted.
    ///
    /// # Errors
    /// A value is not within its range, or nothing could be measured in the data.
    pub fn recover(&mut self, interrupt: &AtomicBool) -> Result<bool, Error> {
        let outside =
            self.search.axes.iter().zip(&self.start).filter(|(axis, at)| !(axis.low..=axis.high).contains(at));
        let faults: Vec<Fault> = outside
            .map(|(axis, at)| {
                Fault::setting(&axis.path, format!("the true `{}` = {at} cannot be found again", axis.path))
                    .expected(format!("a value within the range searched, {} to {}", axis.low, axis.high))
            })
            .collect();
        if !faults.is_empty() {
            return Err(Error::Asked(faults));
        }
        let mut data = self.plan_at(&self.start)?;
        data.scenario.run.seed = (data.scenario.run.seed + DATA_SEED) % LARGEST_SEED;
        let card = score_facts(&data, &self.facts, false, interrupt, &|_, _| {})?;
        if card.interrupted {
            return Ok(false);
        }
        let found = statistics(&card);
        let kept = |at: &usize| self.facts[*at].band.is_some() && found[*at].is_some();
        let kept: Vec<usize> = (0..self.facts.len()).filter(kept).collect();
        if kept.is_empty() {
            return Err(Fault::new("none of the facts could be measured in the data simulated").into());
        }
        let aimed = |at: &usize| {
            let target = &self.search.targets[*at];
            let middle = found[*at].expect("kept");
            let error = standard_error(&card.rows[*at].simulated.seeds) * std::f64::consts::SQRT_2;
            let half = DATA_BAND * 0.5 * (target.high - target.low) + DATA_ERRORS * error;
            Target { low: middle - half, high: middle + half, ..target.clone() }
        };
        self.search.targets = kept.iter().map(aimed).collect();
        self.facts = kept.iter().map(|at| self.facts[*at].clone()).collect();
        self.truth = Some(self.start.clone());
        let far = |(axis, at): (&Axis, &f64)| axis.value(if axis.unit(*at) > 0.5 { FAR } else { 1.0 - FAR });
        self.start = self.search.axes.iter().zip(&self.start).map(far).collect();
        Ok(true)
    }
}

/// Standard error of the mean of the first part over seeds; 0 for a single seed, which tells nothing of it.
fn standard_error(seeds: &[Vec<f64>]) -> f64 {
    let values: Vec<f64> = seeds.iter().map(|seed| seed[0]).filter(|value| value.is_finite()).collect();
    let n = values.len() as f64;
    if values.len() < 2 {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0) / n).sqrt()
}

/// What a scorecard says about every target.
fn statistics(card: &Scorecard) -> Vec<Option<f64>> {
    let statistic = |row: &Scored| {
        if row.simulated.verdict == Verdict::Unmeasured {
            return None;
        }
        let value = match row.fact.pattern {
            None => row.simulated.median[0],
            Some(pattern) => {
                let even = |seed: &Vec<f64>| pattern.evenness(&row.fact.parts, seed);
                let mut seeds: Vec<f64> = row.simulated.seeds.iter().map(even).filter(|x| !x.is_nan()).collect();
                seeds.sort_unstable_by(f64::total_cmp);
                *seeds.get(((1.0 - PATTERN_SHARE) * seeds.len() as f64) as usize)?
            }
        };
        Some(value).filter(|value| value.is_finite())
    };
    card.rows.iter().map(statistic).collect()
}

/// A declaration of a parameter, where it was written.
struct Words {
    source: Arc<Source>,
    range: Range<usize>,
}

impl Words {
    fn text(&self) -> &str {
        &self.source.text[self.range.clone()]
    }

    fn fault(&self, title: impl Into<String>) -> Fault {
        Fault::text(&self.source, self.range.clone(), title)
    }
}

/// The declarations of all words, those of files line by line.
fn declarations(words: &[String]) -> Result<Vec<Words>, Vec<Fault>> {
    const FLAG: &str = "--parameters ";
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for word in words {
        if word.contains('=') {
            let source = Arc::new(Source { name: String::new(), text: format!("{FLAG}{word}") });
            found.push(Words { range: FLAG.len()..source.text.len(), source });
            continue;
        }
        match input::text(Path::new(word), input::LARGEST_TEXT) {
            Err(fault) => {
                faults.push(fault.help("write --parameters PATH=LOW..HIGH, or name a file with one of these a line"));
            }
            Ok(text) => {
                let source = Arc::new(Source { name: word.clone(), text });
                let mut at = 0;
                for line in source.text.split_inclusive('\n') {
                    let stated = line.split('#').next().unwrap_or_default();
                    let from = at + (stated.len() - stated.trim_start().len());
                    let length = stated.trim().len();
                    if length > 0 {
                        found.push(Words { source: source.clone(), range: from..from + length });
                    }
                    at += line.len();
                }
            }
        }
    }
    if found.is_empty() && faults.is_empty() {
        let fault = Fault::new("no parameter is to be searched");
        faults.push(fault.help("for instance --parameters mechanism.search.rate=1..6; it can be repeated"));
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

/// The parameters to be searched, and their values in the scenario.
fn axes(words: &[String], loaded: &Loaded) -> Result<(Vec<Axis>, Vec<f64>), Vec<Fault>> {
    let declared = declarations(words)?;
    let (mut axes, mut start, mut faults): (Vec<Axis>, Vec<f64>, Vec<Fault>) = Default::default();
    for words in &declared {
        match axis(words, loaded) {
            Ok((axis, _)) if axes.iter().any(|known| known.path == axis.path) => {
                faults.push(words.fault(format!("`{}` is named twice", axis.path)).expected("every parameter once"));
            }
            Ok((axis, value)) => {
                axes.push(axis);
                start.push(value);
            }
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok((axes, start)) } else { Err(faults) }
}

fn axis(words: &Words, loaded: &Loaded) -> Result<(Axis, f64), Fault> {
    let form = || words.fault("this is no parameter with a range").expected("PATH=LOW..HIGH, two numbers");
    let (path, range) = words.text().split_once('=').ok_or_else(form)?;
    let (low, high) = range.split_once("..").ok_or_else(form)?;
    let (path, low, high) = (path.trim(), low.trim().parse::<f64>(), high.trim().parse::<f64>());
    let settings = loaded.explain();
    let Some(setting) = settings.iter().find(|setting| setting.path == path) else {
        let fault = words.fault(format!("`{path}` is no setting of this scenario"));
        let known = settings.iter().filter(|setting| setting.decl.kind == Kind::Number);
        return Err(match nearest(path, known.map(|setting| setting.path.as_str())) {
            Some(meant) => fault.help(format!("did you mean `{meant}`?")),
            None => fault.help("`fondaco reference` lists every setting"),
        });
    };
    let Value::Number(value) = setting.value else {
        let fault = words.fault(format!("`{path}` cannot be searched"));
        return Err(
            fault.expected(format!("a number that may be a fraction; this is {}", setting.decl.kind.expected()))
        );
    };
    let (Ok(low), Ok(high)) = (low, high) else { return Err(form()) };
    if !(low.is_finite() && high.is_finite() && low < high) {
        return Err(words.fault(format!("{low} to {high} is no range")).expected("two numbers, low below high"));
    }
    if let Some((least, most)) = setting.decl.range.filter(|(least, most)| low < *least || high > *most) {
        return Err(words
            .fault(format!("`{path}` may not be everything from {low} to {high}"))
            .expected(format!("a range within {least} to {most}")));
    }
    Ok((Axis { path: path.to_owned(), low, high }, value))
}

/// The rows aimed at, each with its target. Rows published for other homes than these are context, which nobody aims at.
fn targets(words: &str, facts: &[Fact], homes: &[&str]) -> Result<(Vec<Fact>, Vec<Target>), Vec<Fault>> {
    let text = format!("--targets {words}");
    let source = Arc::new(Source { name: String::new(), text });
    let mut faults = Vec::new();
    let mut weights: Vec<(&str, f64)> = Vec::new();
    let mut ids: Vec<&str> = facts.iter().map(|fact| fact.id.as_str()).collect();
    ids.dedup();
    let aimable = |fact: &Fact| fact.statistic.lacking.is_none() && fact.judges(homes.iter().copied());
    let measurable = |id: &str| facts.iter().any(|fact| fact.id == id && aimable(fact));
    let mut at = "--targets ".len();
    for word in words.split(',') {
        let here = at..at + word.len();
        at += word.len() + 1;
        let (id, weight) = word.split_once('=').unwrap_or((word, "1"));
        let id = id.trim();
        let fault = |title: String| Fault::text(&source, here.clone(), title);
        let weight = match weight.trim().parse::<f64>() {
            Ok(weight) if weight > 0.0 && weight.is_finite() => weight,
            _ => {
                faults.push(fault(format!("`{weight}` is no weight")).expected("a number above 0, such as C3=2"));
                continue;
            }
        };
        if id == "all" {
            weights.extend(ids.iter().filter(|id| measurable(id)).map(|id| (*id, weight)));
        } else if !ids.contains(&id) {
            let fault = fault(format!("`{id}` is no fact")).expected(format!("all, or some of {}", ids.join(", ")));
            faults.push(match nearest(id, ids.iter().copied()) {
                Some(meant) => fault.help(format!("did you mean `{meant}`?")),
                None => fault,
            });
        } else if !measurable(id) {
            let known = facts.iter().find(|fact| fact.id == id).expect("the identity is known");
            let why = match known.statistic.lacking {
                Some(lacking) => lacking.to_owned(),
                None => {
                    format!("it was published for {}, not for {}", known.published_for.join(", "), homes.join(", "))
                }
            };
            faults.push(fault(format!("{id} cannot be aimed at: {why}")));
        } else {
            weights.retain(|known| known.0 != id);
            weights.push((id, weight));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let weight_of = |id: &str| weights.iter().rfind(|known| known.0 == id).map(|known| known.1);
    let aimed: Vec<Fact> =
        facts.iter().filter(|fact| aimable(fact) && weight_of(&fact.id).is_some()).cloned().collect();
    let target = |fact: &Fact| {
        let rows = aimed.iter().filter(|other| other.id == fact.id).count() as f64;
        let (low, high) = fact.band.unwrap_or((0.0, 1.0));
        let weight = weight_of(&fact.id).unwrap_or(1.0) / rows;
        Target { id: format!("{} {}", fact.id, fact.label), low, high, weight }
    };
    let targets = aimed.iter().map(target).collect();
    Ok((aimed, targets))
}

/// The scenario of a point: it extends the one searched from, which lies beside it, and states the parameters alone.
pub fn scenario_of(axes: &[Axis], point: &[f64], base: &str, about: &str) -> String {
    let mut text = String::new();
    for line in about.lines() {
        text.push_str(&format!("# {line}\n"));
    }
    text.push_str(&format!("\nextends = {}\n", Value::Text(base.to_owned())));
    let mut lines: Vec<(&str, &str, f64)> = axes
        .iter()
        .zip(point)
        .map(|(axis, value)| {
            let (block, name) = axis.path.rsplit_once('.').expect("a setting has a section");
            (block, name, *value)
        })
        .collect();
    lines.sort_by_key(|line| line.0);
    let mut last = "";
    for (block, name, value) in lines {
        if block != last {
            text.push_str(&format!("\n[{block}]\n"));
            last = block;
        }
        text.push_str(&format!("{name} = {}\n", Value::Number(value)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::calibrate::{EvaluationStore, calibrate};
    use crate::experiment::fact::facts;

    const SMALL: &str = "run.years = 6\nrun.burn_in = 10\nrun.start = 2012\nrun.replicates = 6\npopulation.firms = 3000\n\
                         world.largest = 30";

    fn aim(parameters: &[&str], targets: &str, budget: u32) -> Result<Aim, Error> {
        let loaded = Loaded::read("small.toml", SMALL, &[]).expect("it is sound");
        let plan = Plan::new(&loaded).expect("it is sound");
        let asked = Asked {
            parameters: parameters.iter().map(|word| (*word).to_owned()).collect(),
            targets: targets.to_owned(),
            budget,
            recover: false,
        };
        let table = Input { name: "facts.csv".into(), blake3: "hash".into() };
        Aim::new(&loaded, plan, &facts(), &table, &asked)
    }

    fn titles(result: Result<Aim, Error>) -> Vec<String> {
        match result {
            Err(Error::Asked(faults)) => faults.into_iter().map(|fault| fault.title).collect(),
            Ok(_) | Err(Error::Failed(_)) => Vec::new(),
        }
    }

    #[test]
    fn every_fault_of_a_request_is_told_at_once() {
        let wrong = [
            "mechanism.saerch.rate=1..6",
            "mechanism.search.rate=6..1",
            "mechanism.entry.deal=0..2",
            "run.years=1..4",
            "mechanism.order.value=0.1",
        ];
        let told = titles(aim(&wrong, "C1,C99,C2=0", 9));
        assert_eq!(
            told,
            [
                "`mechanism.saerch.rate` is no setting of this scenario",
                "6 to 1 is no range",
                "`mechanism.entry.deal` may not be everything from 0 to 2",
                "`run.years` cannot be searched",
                "this is no parameter with a range",
                "`C99` is no fact",
                "`0` is no weight",
            ]
        );
        let told = titles(aim(&["mechanism.search.rate=1..6"], "all", 3));
        assert_eq!(told, ["the budget is too small for these parameters"]);
        let told = titles(aim(&["mechanism.search.rate=1..6", "mechanism.search.rate=1..5"], "all", 50));
        assert_eq!(told, ["`mechanism.search.rate` is named twice"]);
        assert_eq!(titles(aim(&[], "C1", 50)), ["no parameter is to be searched"]);
    }

    #[test]
    fn nobody_aims_at_what_was_published_for_other_homes() {
        let of = |words: &str, homes: &[&str]| targets(words, &facts(), homes);
        let told: Vec<String> =
            of("C1,C12", &["TZA"]).expect_err("one is European").into_iter().map(|fault| fault.title).collect();
        assert_eq!(told, ["C12 cannot be aimed at: it was published for EU, not for TZA"]);
        let rows = |home: &str| of("C2", &[home]).expect("it is sound").0.len();
        assert_eq!((rows("BEL"), rows("FRA"), rows("TZA")), (8, 5, 3));
        assert!(of("all", &["TZA"]).expect("it is sound").0.iter().all(|fact| fact.id != "C12"));
    }

    #[test]
    fn a_fact_weighs_as_much_as_another_however_many_rows_it_has() {
        let aim = aim(&["mechanism.search.rate=1..6"], "C1,C8,C9=3", 50).expect("it is sound");
        let weight = |id: &str| -> f64 {
            let rows = aim.search.targets.iter().zip(&aim.facts).filter(|(_, fact)| fact.id == id);
            rows.map(|(target, _)| target.weight).sum()
        };
        assert!((weight("C1") - 1.0).abs() < 1e-12 && (weight("C8") - 1.0).abs() < 1e-12);
        assert!((weight("C9") - 3.0).abs() < 1e-12);
        assert_eq!(aim.start, [5.2]);
    }

    #[test]
    fn a_point_becomes_a_scenario_that_extends_the_original() {
        let axes = [
            ("mechanism.search.rate", 1.0, 6.0),
            ("mechanism.entry.cost", 0.01, 0.2),
            ("mechanism.search.cost", 0.0, 1.0),
        ]
        .map(|(path, low, high)| Axis { path: path.into(), low, high });
        let text = scenario_of(&axes, &[2.5, 0.04, 0.1], "../base.toml", "found");
        let expected = "# found\n\nextends = \"../base.toml\"\n\n[mechanism.entry]\ncost = 0.04\n\n[mechanism.search]\n\
                        rate = 2.5\ncost = 0.1\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn parameters_of_the_model_are_recovered_from_data_simulated_with_them() {
        let ranges = ["mechanism.order.value=0.02..0.15", "mechanism.demography.newness=0.02..0.4"];
        let mut aim = aim(&ranges, "C1,C4,C9,C10", 40).expect("it is sound");
        let running = AtomicBool::new(false);
        assert!(aim.recover(&running).expect("it is measured"));
        let truth = aim.truth.clone().expect("a recovery has one");
        let share = |found: &[f64], axis: usize| {
            let Axis { low, high, .. } = aim.search.axes[axis];
            (found[axis] - truth[axis]).abs() / (high - low)
        };
        let mut evaluate =
            |point: &[f64]| aim.measure(point, &running).map(|found| found.expect("nobody interrupts a test"));
        let found = calibrate(&aim.search, &aim.start, &mut EvaluationStore::default(), &mut evaluate, &mut |_, _| {});
        let found = found.expect("it runs");
        for axis in 0..2 {
            let (before, after) = (share(&aim.start, axis), share(&found.best.point, axis));
            assert!(before > 0.2 && after < 0.12, "{:?}: {before} to {after}", aim.search.axes[axis]);
        }
    }
}
