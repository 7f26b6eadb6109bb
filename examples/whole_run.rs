//! Measures whole runs: seconds, firm-quarters per second, bytes per firm, and what a firm-quarter consists of.
//!
//! ```text
//! cargo run --release --example whole_run -- --firms 100000 --years 40 --threads 2
//! ```
//!
//! Timed is the engine alone unless `--record` writes the tables of a result as well; the network is grown before and
//! timed on its own. `--census` looks into every quarter and spoils the timing.

use clap::{Parser, ValueEnum};
use fondaco::economy::Economy;
use fondaco::economy::accounts::{Flow, Notes, Sum};
use fondaco::engine::model::Model;
use fondaco::engine::{NoSink, Outcome, Sink, Taken, YearTotals, run};
use fondaco::error::Error;
use fondaco::experiment::Plan;
use fondaco::firm::TieState;
use fondaco::report::record::{Recorder, Tables, notes};
use fondaco::scenario::Loaded;
use rayon::prelude::*;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// What is noted besides the counts of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Noted {
    /// Counts and sums only.
    Nothing,
    /// Lives: what summaries and trajectories are made of.
    Lives,
    /// Lives and events.
    Events,
    /// Lives, events, panel and firms.
    All,
}

/// Measures whole runs of the default scenario.
#[derive(Parser, Debug)]
struct Asked {
    #[arg(long, default_value_t = 10_000)]
    firms: u32,
    /// Years simulated in all; a third of them are burn-in.
    #[arg(long, default_value_t = 40)]
    years: u32,
    /// Markets by size; a home in another country comes on top.
    #[arg(long, default_value_t = 60)]
    markets: u32,
    /// Home countries by their codes, separated by commas.
    #[arg(long, default_value = "BEL")]
    homes: String,
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Runs side by side, one thread each.
    #[arg(long, default_value_t = 1)]
    replicates: u32,
    /// How often the measurement is repeated; the median is reported.
    #[arg(long, default_value_t = 1)]
    repeat: usize,
    #[arg(long, value_enum, default_value_t = Noted::Lives)]
    noted: Noted,
    /// Write tables into a temporary folder while running, as `fondaco run` does.
    #[arg(long)]
    record: bool,
    /// Count what a firm-quarter consists of.
    #[arg(long)]
    census: bool,
    /// Further settings, such as `mechanism.sns.on=false`.
    #[arg(long = "set")]
    set: Vec<String>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let asked = Asked::parse();
    rayon::ThreadPoolBuilder::new().num_threads(asked.threads).build_global()?;
    let plan = plan(&asked)?;
    let started = Instant::now();
    let models: Vec<Model> =
        (0..asked.replicates).into_par_iter().map(|replicate| plan.model(replicate)).collect::<Result<_, _>>()?;
    println!("network      {:.2} s for {} replicate(s)", started.elapsed().as_secs_f64(), asked.replicates);
    if asked.census {
        return Ok(census(&models[0])?);
    }
    let (mut seconds, mut work) = (Vec::new(), Vec::new());
    for _ in 0..asked.repeat {
        let (started, before) = (Instant::now(), worked());
        let outcomes: Vec<Outcome> = if models.len() == 1 {
            vec![simulate(&models[0], &asked, &plan)?]
        } else {
            models.par_iter().map(|model| simulate(model, &asked, &plan)).collect::<Result<_, _>>()?
        };
        seconds.push(started.elapsed().as_secs_f64());
        work.extend(worked().zip(before).map(|(after, before)| after - before));
        if seconds.len() == asked.repeat {
            report(&outcomes, &mut seconds, &mut work);
        }
    }
    Ok(())
}

/// The default scenario with what was asked for.
fn plan(asked: &Asked) -> Result<Plan, Error> {
    let homes: Vec<String> = asked.homes.split(',').map(|code| format!("\"{code}\"")).collect();
    let mut text = format!(
        "population.firms = {}\npopulation.homes = [{}]\nworld.largest = {}\nrun.years = {}\nrun.burn_in = {}\n",
        asked.firms,
        homes.join(", "),
        asked.markets,
        asked.years - asked.years / 3,
        asked.years / 3
    );
    for set in &asked.set {
        text += &(set.replacen('=', " = ", 1) + "\n");
    }
    Plan::new(&Loaded::read("whole_run.toml", &text, &[])?)
}

fn simulate(model: &Model, asked: &Asked, plan: &Plan) -> Result<Outcome, Error> {
    let mut output = plan.scenario.output.clone();
    output.events = matches!(asked.noted, Noted::Events | Noted::All);
    (output.panel, output.firms) = (asked.noted == Noted::All, asked.noted == Noted::All);
    let taken = Notes { lives: asked.noted != Noted::Nothing, ..notes(&output) };
    let never = AtomicBool::new(false);
    if !asked.record {
        return run(model, taken, &mut NoSink, &never);
    }
    let folder = tempfile::tempdir().map_err(|error| Error::Failed(error.to_string()))?;
    let tables = Mutex::new(Tables::create(Path::new(folder.path()), &output, &[])?);
    let mut recorder = Recorder::new(0, &output, Some(&tables), &|_, _| {});
    let outcome = run(model, taken, &mut recorder, &never)?;
    recorder.end(&outcome.economy)?;
    tables.into_inner().expect("no thread broke down").finish()?;
    Ok(outcome)
}

fn report(outcomes: &[Outcome], seconds: &mut [f64], work: &mut [f64]) {
    let firms: usize = outcomes.iter().map(|outcome| outcome.economy.len()).sum();
    let steps: f64 = outcomes.iter().map(|outcome| outcome.economy.len() as f64 * f64::from(outcome.quarters)).sum();
    let bytes: usize = outcomes.iter().map(|outcome| outcome.economy.bytes()).sum();
    seconds.sort_by(f64::total_cmp);
    let median = seconds[seconds.len() / 2];
    let last = outcomes[0].years.last().expect("a run has a year");
    println!("engine       {median:.3} s (from {:.3} to {:.3})", seconds[0], seconds[seconds.len() - 1]);
    println!("speed        {:.2} million firm-quarters/s", steps / median * 1e-6);
    if !work.is_empty() {
        work.sort_by(f64::total_cmp);
        let median = work[work.len() / 2];
        println!("processor    {median:.2} s (from {:.2} to {:.2})", work[0], work[work.len() - 1]);
        println!("per core     {:.2} million firm-quarters/s of processor time", steps / median * 1e-6);
    }
    println!("economy      {:.0} bytes/firm", bytes as f64 / firms as f64);
    if let Some(peak) = peak() {
        println!("peak         {:.0} MB, {:.0} bytes/firm with network and program", peak * 1e-6, peak / firms as f64);
    }
    println!("exporters    {:.1} %", 100.0 * last.ratio(Sum::Exporters, Sum::Firms));
    println!("digest       {}", digest(outcomes));
}

/// Seconds of processor time that the program has taken for itself so far, where the system tells. On a busy machine
/// they are a fairer measure than time on the clock.
fn worked() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/stat").ok()?;
    let ticks = status.rsplit(')').next()?.split_whitespace().nth(11)?;
    Some(ticks.parse::<f64>().ok()? / 100.0)
}

/// Peak resident memory in bytes, where the system tells.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? * 1024.0)
}

/// A hash of all years and of the state at the end: two builds that print the same computed the same.
fn digest(outcomes: &[Outcome]) -> String {
    let mut hasher = blake3::Hasher::new();
    for outcome in outcomes {
        outcome.years.iter().for_each(|year| add_year(&mut hasher, year));
        outcome.economy.for_each(|slot, firm, ties, relations| {
            hasher.update(&slot.to_le_bytes());
            for number in [firm.size, firm.slack, firm.proactivity, firm.inertia, firm.capacity, firm.reach] {
                hasher.update(&number.to_bits().to_le_bytes());
            }
            for tie in ties {
                hasher.update(&tie.partner.to_le_bytes()).update(&tie.trust.to_bits().to_le_bytes());
            }
            for relation in relations.iter().filter(|relation| relation.since >= 0) {
                hasher.update(&[relation.market, relation.stage, relation.rank]);
                hasher.update(&relation.knowledge.to_bits().to_le_bytes());
            }
        });
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

fn add_year(hasher: &mut blake3::Hasher, year: &YearTotals) {
    for flow in year.flows {
        hasher.update(&flow.to_le_bytes());
    }
    for sum in year.sums {
        hasher.update(&sum.to_bits().to_le_bytes());
    }
}

/// What the firms of a quarter have and do, added up over all quarters.
#[derive(Debug, Default)]
struct Census {
    firm_quarters: f64,
    dormant: f64,
    on_sns: f64,
    ties: f64,
    /// Ties whose loop is going round, and those of them that are online.
    loops: f64,
    online: f64,
    customers: f64,
    relations: f64,
    /// Relations without a tie.
    idle: f64,
    flows: Vec<f64>,
}

impl Sink for Census {
    fn quarter(&mut self, _: &Model, economy: &Economy) -> Result<(), Error> {
        let one = |test: bool| f64::from(u8::from(test));
        economy.for_each(|_, firm, ties, relations| {
            self.firm_quarters += 1.0;
            self.dormant += one(firm.dormant);
            self.on_sns += one(firm.on_sns);
            self.ties += ties.len() as f64;
            self.relations += relations.len() as f64;
            for tie in ties {
                self.loops += one(tie.state != TieState::Contact || tie.online());
                self.online += one(tie.online());
                self.customers += one(tie.state == TieState::Customer);
            }
            self.idle += relations.iter().filter(|relation| relation.ties == 0).count() as f64;
        });
        Ok(())
    }

    fn year(&mut self, _: &Model, totals: &YearTotals) -> Result<(), Error> {
        self.flows.resize(totals.flows.len(), 0.0);
        for (sum, flow) in self.flows.iter_mut().zip(totals.flows) {
            *sum += flow as f64;
        }
        Ok(())
    }

    fn notes(&mut self, _: &Model, _: i32, _: &mut Taken) -> Result<(), Error> {
        Ok(())
    }
}

/// Prints what a firm-quarter consists of on average, and what that asks of the processor at least.
fn census(model: &Model) -> Result<(), Error> {
    let mut census = Census::default();
    let outcome = run(model, Notes::default(), &mut census, &AtomicBool::new(false))?;
    let n = census.firm_quarters;
    let observed = n * f64::from(model.quarters - model.burn_in) / f64::from(model.quarters);
    let flow = |from: Flow, to: Flow| census.flows[from as usize..=to as usize].iter().sum::<f64>() / observed;
    let contacts = flow(Flow::ContactSearch, Flow::ContactPolicy);
    let row = |name: &str, value: f64| println!("{name:<44}{value:>10.3}");
    println!("per firm-quarter");
    row("dormant firms", census.dormant / n);
    row("firms on SNS", census.on_sns / n);
    row("ties", census.ties / n);
    row("  of these with a loop going round", census.loops / n);
    row("  of these online", census.online / n);
    row("  of these customers", census.customers / n);
    row("relations", census.relations / n);
    row("  of these without a tie", census.idle / n);
    row("contacts", contacts);
    row("orders", flow(Flow::Orders, Flow::Orders));
    let rows = size_of::<fondaco::firm::Firm>() as f64
        + census.ties / n * size_of::<fondaco::firm::Tie>() as f64
        + census.relations / n * size_of::<fondaco::firm::Relation>() as f64;
    let shown = (size_of::<fondaco::firm::VisibleState>() + size_of::<u16>()) as f64;
    row("bytes read and written again, visible states included", 2.0 * (rows + shown));
    row("bytes per firm at the end", outcome.economy.bytes() as f64 / outcome.economy.len() as f64);
    Ok(())
}
