//! A comparison as files: tables, JSON, the scenarios of all arms, figures, and the report that can be handed over.

mod figure;
mod page;
mod table;

pub use table::declarations;

use crate::error::Error;
use crate::experiment::compare::effect::{Estimate, Ratio};
use crate::experiment::compare::outcome::Outcome;
use crate::experiment::compare::{self, ArmResult, Compared, Study, Whom, pair};
use crate::report::dictionary;
use crate::report::figure::Look;
use crate::report::figure::style::{capital, count, listed, plain, rounded, signed};
use crate::report::file;
use crate::report::folder::{self, Folder};
use crate::report::manifest::{Input, Manifest, Output, Program, SCHEMA, Scenario, State, Stopwatch};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Name of the result as JSON in a result folder.
pub const JSON: &str = "comparison.json";
/// Name of the report in a result folder.
pub const PAGE: &str = "report.html";

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Request {
    /// The result folder itself.
    pub target: PathBuf,
    /// Replace a result that is there?
    pub force: bool,
    /// Threads used; goes into the manifest.
    pub threads: u32,
    /// Write the twins of the first seed?
    pub twins: bool,
    /// The command that was given, for the report.
    pub command: String,
    /// Which figures are written, and how.
    pub look: Look,
}

/// What was done.
#[derive(Debug)]
pub struct Done {
    pub folder: PathBuf,
    pub compared: Compared,
    pub manifest: Manifest,
    /// The result as JSON.
    pub json: String,
}

/// All scenarios of a comparison as one text: what its identity and hash are made of.
fn resolved(study: &Study) -> String {
    let mut text = format!("# baseline\n{}", study.resolved);
    for arm in &study.arms {
        text += &format!("# arm {}\n{}\n", arm.name, arm.differs.join("\n"));
    }
    let compare = &study.compare;
    text += &format!("# compared: {} years, {} discount, {:?}\n", compare.horizon, compare.discount, study.outcomes);
    text
}

fn hash(study: &Study) -> String {
    blake3::hash(resolved(study).as_bytes()).to_hex().to_string()
}

/// The folder a comparison belongs into.
pub fn target(study: &Study) -> PathBuf {
    let run = &study.baseline.scenario.run;
    let id = folder::short_id(&[
        env!("CARGO_PKG_VERSION"),
        "comparison",
        &hash(study),
        &run.seed.to_string(),
        &study.compare.replicates.to_string(),
        &study.compare.half_width.to_string(),
    ]);
    folder::place(Path::new(&study.baseline.scenario.output.folder), &study.name, &id)
}

/// Carries a comparison out and writes everything about it. Pairs finished before a failure are kept beside the
/// folder, and taken up by the next such comparison.
///
/// # Errors
/// The folder is taken or cannot be written, or a replicate broke down.
pub fn produce(
    study: &Study,
    request: &Request,
    interrupt: &AtomicBool,
    tick: &(dyn Fn() + Sync),
) -> Result<Done, Error> {
    let folder = Folder::create(&request.target, request.force)?;
    let clock = Stopwatch::start();
    let read = inputs(study)?;
    let copied = Output::copies(folder.path(), &study.copies, &read)?;
    let kept = file::beside(&request.target, "pairs");
    let compared = compare::compare(study, &kept, interrupt, tick)?;
    if compared.replicates == 0 {
        return Err(Error::Failed("interrupted before the first pair was complete; nothing was written".into()));
    }
    let json = json(study, request, &compared);
    let mut outputs = table::tables(folder.path(), study, &compared)?;
    if request.twins && !compared.interrupted {
        // The first seed once more: its courses are too large to be kept for every seed..
        let seed = pair::courses(study, 0, true, &|| {}, &AtomicBool::new(false))?;
        if let Some((baseline, arms)) = seed {
            outputs.push(table::twins(folder.path(), study, &baseline, &arms)?);
        }
    }
    let (drawings, drawn) = figure::draw_all(&folder.path().join("figures"), study, &compared, &request.look)?;
    outputs.extend(drawn.iter().flat_map(|drawn| drawn.outputs(folder.path())));
    let mut keep = |name: &str, content: &str, meaning: &str| -> Result<(), Error> {
        let path = folder.path().join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| Error::io("create", parent, error))?;
        }
        let stored = file::write(&path, content.as_bytes())?;
        outputs.push(Output::file(folder.path(), &stored, meaning));
        Ok(())
    };
    keep(JSON, &json, "Everything that the pairs say together.")?;
    keep("dictionary.md", &dictionary::markdown(&declarations()), "Every column of every table: meaning, unit.")?;
    keep("scenarios/baseline.toml", &study.resolved, "The baseline with every value in force.")?;
    for arm in &study.arms {
        keep(&format!("scenarios/{}.toml", arm.name), &arm.resolved, "An arm with every value in force.")?;
    }
    keep(
        PAGE,
        &page::page(study, request, &compared, &drawings),
        "The report: answer, figures, assumptions, reproduction.",
    )?;
    outputs.extend(copied);
    let manifest = Manifest {
        program: Program::this(),
        schema: SCHEMA,
        state: if compared.interrupted { State::Interrupted } else { State::Completed },
        scenario: Scenario {
            name: study.name.clone(),
            hash: hash(study),
            files: study.files.iter().map(|file| file.display().to_string()).collect(),
            resolved: resolved(study),
        },
        seed: study.baseline.scenario.run.seed as u64,
        replicates: compared.replicates,
        assumptions: Vec::new(),
        inputs: Input::all(read, &study.copies),
        outputs,
        run: clock.run(request.threads, compared.steps),
    };
    let folder = folder.finish(&manifest)?;
    if !compared.interrupted {
        compare::forget(&kept);
    }
    Ok(Done { folder, compared, manifest, json })
}

/// Name and hash of every file that the baseline or an arm reads, each once.
fn inputs(study: &Study) -> Result<Vec<(String, String)>, Error> {
    let mut read = study.baseline.inputs()?;
    for arm in &study.arms {
        for input in arm.plan.inputs()? {
            if !read.contains(&input) {
                read.push(input);
            }
        }
    }
    Ok(read)
}

/// Everything as JSON; numbers that are unknown are null.
fn json(study: &Study, request: &Request, compared: &Compared) -> String {
    let run = &study.baseline.scenario.run;
    let (answer, _) = headline(study, compared);
    let document = json!({
        "comparison": study.name,
        "answer": answer,
        "command": request.command,
        "program": env!("CARGO_PKG_VERSION"),
        "seed": run.seed,
        "firms": study.baseline.scenario.population.firms,
        "first_year": study.first_year(),
        "horizon": study.compare.horizon,
        "discount": study.compare.discount,
        "price_year": study.compare.price_year,
        "perspective": study.compare.perspective,
        "outcomes": study.outcomes.iter().map(|outcome| outcome.name()).collect::<Vec<_>>(),
        "result": compared,
    });
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// The answer in a sentence, and the headline table: a row of headings, then one per arm.
pub fn headline(study: &Study, compared: &Compared) -> (String, Vec<Vec<String>>) {
    let outcome = study.outcomes[0];
    let last = study.compare.horizon as usize - 1;
    let words = [
        "arm",
        outcome.label(),
        "95 % interval",
        "participants",
        "cost, US$",
        "per add. exporter",
        "income per US$",
        "deadweight",
        "spillover",
        "best of arms",
    ];
    let mut rows = vec![words.map(str::to_owned).to_vec()];
    for arm in &compared.arms {
        let effect = arm.effect(Whom::All, outcome, last);
        let extra = &arm.additionality;
        rows.push(vec![
            arm.label.clone(),
            signed(effect.estimate.mean),
            format!("{} to {}", signed(effect.estimate.low), signed(effect.estimate.high)),
            count(extra.treated.mean.round() as u64),
            count(arm.money.cost.mean.round() as u64),
            per_exporter(&arm.money.per_exporter),
            per_dollar(&arm.money.benefit_cost),
            percent(extra.deadweight.mean),
            signed(extra.others.mean),
            percent(arm.money.ranks.first().copied().unwrap_or(f64::NAN)),
        ]);
    }
    (answer(study, compared, outcome, last), rows)
}

/// A cost per additional exporter with its interval, or why there is none.
pub fn per_exporter(ratio: &Ratio) -> String {
    if !ratio.told {
        return "effect not clear".into();
    }
    let dollars = |x: f64| rounded(x.abs());
    if ratio.value <= 0.0 {
        return "fewer exporters".into();
    }
    format!("{} ({}–{})", dollars(ratio.value), dollars(ratio.low), dollars(ratio.high))
}

/// The answer first: the arm that brings most of the primary outcome or, if none brings any, the one that changes it
/// most; with its uncertainty, and what becomes of the money.
fn answer(study: &Study, compared: &Compared, outcome: Outcome, last: usize) -> String {
    let estimate = |arm: &ArmResult| arm.effect(Whom::All, outcome, last).estimate;
    let gains = |arm: &ArmResult| estimate(arm).is_clear() && estimate(arm).mean > 0.0;
    let size =
        |arm: &ArmResult| if gains(arm) { (true, estimate(arm).mean) } else { (false, estimate(arm).mean.abs()) };
    let larger = |a: &(bool, f64), b: &(bool, f64)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1));
    let Some(best) = compared.arms.iter().max_by(|a, b| larger(&size(a), &size(b))) else {
        return "Nothing was compared.".into();
    };
    let effect = best.effect(Whom::All, outcome, last);
    let year = study.first_year() + last as i32;
    let Estimate { mean, low, high, .. } = effect.estimate;
    let interval = format!("95 % interval {} to {}; {} paired runs", signed(low), signed(high), compared.replicates);
    if !effect.estimate.is_clear() {
        return format!(
            "No arm changes {} clearly by {year}: the largest change, {} {} by {}, may be chance ({interval}).",
            outcome.label().to_lowercase(),
            signed(mean),
            outcome.unit(),
            best.label
        );
    }
    let mut text = format!(
        "{} changes {} most: {} {} in {year}, {} % of the baseline ({interval})",
        capital(&best.label),
        outcome.label().to_lowercase(),
        signed(mean),
        outcome.unit(),
        signed(100.0 * mean / effect.baseline),
    );
    let money = &best.money;
    if money.per_exporter.told && money.per_exporter.value > 0.0 && money.cost.mean > 0.0 {
        text += &format!(", at {} US$ per additional exporter", per_exporter(&money.per_exporter));
    }
    text += ".";
    if effect.corrected >= 0.05 {
        text += &format!(
            " Corrected for all comparisons of this report it is no longer clear (Holm's p = {:.2}).",
            effect.corrected
        );
    }
    text + &returns(best, study.compare.horizon) + &richer(best, compared) + &worse(best, study, last)
}

/// Whether firms earn with their additional exports what the measure costs.
fn returns(arm: &ArmResult, horizon: u32) -> String {
    let ratio = &arm.money.benefit_cost;
    if !ratio.told {
        return String::new();
    }
    let verdict = match (ratio.low > 1.0, ratio.high < 1.0) {
        (true, _) => "is more than it costs",
        (_, true) => "is less than it costs",
        _ => "cannot be told from what it costs",
    };
    format!(
        " Within {horizon} years, what firms earn on additional exports {verdict}: {} US$ for each US$ spent.",
        per_dollar(ratio)
    )
}

/// The arm that brings more income for its cost, if it is another one.
fn richer(best: &ArmResult, compared: &Compared) -> String {
    let income = |arm: &ArmResult| arm.money.benefit_cost.value;
    let told = compared.arms.iter().filter(|arm| arm.money.benefit_cost.told);
    let Some(richest) = told.max_by(|a, b| income(a).total_cmp(&income(b))) else { return String::new() };
    if richest.name == best.name || (best.money.benefit_cost.told && income(richest) <= income(best)) {
        return String::new();
    }
    format!(" By income, {} brings most: {}.", richest.label, per_dollar(&richest.money.benefit_cost))
}

/// What the arm clearly lowers, of all outcomes reported, corrected for being many.
fn worse(arm: &ArmResult, study: &Study, last: usize) -> String {
    let lowered = study.outcomes[1..].iter().filter_map(|outcome| {
        let effect = arm.effect(Whom::All, *outcome, last);
        let clear = effect.corrected < 0.05 && effect.estimate.mean < 0.0;
        let unit = if outcome.unit() == "1" { String::new() } else { format!(" {}", outcome.unit()) };
        clear.then(|| format!("{} ({}{unit})", outcome.label().to_lowercase(), signed(effect.estimate.mean)))
    });
    let lowered: Vec<String> = lowered.collect();
    if lowered.is_empty() { String::new() } else { format!(" It clearly lowers {}.", listed(&lowered)) }
}

/// Income for each US$ spent, with its interval.
pub fn per_dollar(ratio: &Ratio) -> String {
    if !ratio.told {
        return "–".into();
    }
    format!("{} ({} to {})", plain(ratio.value), plain(ratio.low), plain(ratio.high))
}

/// Why costs differ although budgets do not, if they do.
pub fn unequal_costs(study: &Study, compared: &Compared) -> Option<String> {
    let costs = || compared.arms.iter().map(|arm| arm.money.cost.mean);
    let (least, most) = (costs().fold(f64::INFINITY, f64::min), costs().fold(0.0, f64::max));
    let unequal = study.compare.equal_budget > 0.0 && most > 1.05 * least;
    unequal.then(|| {
        format!(
            "Budgets are equal, costs are not ({} to {} US$): shares of entry costs are paid as they arise, on top of a budget. \
             Compare the columns per exporter and per US$.",
            count(least.round() as u64),
            count(most.round() as u64)
        )
    })
}

/// Where the effect of an arm on the number of exporters lies: participants, others, and firms founded since.
pub fn parts(arm: &ArmResult) -> String {
    let extra = &arm.additionality;
    let (own, others) = (extra.gained.mean - extra.lost.mean, extra.others.mean);
    let all = arm.money.exporters.mean;
    format!(
        "Of the {} exporters of {}, {} are participants that lived when the arms part, {} other firms of that time, and {} firms \
         founded since.",
        signed(all),
        arm.label,
        signed(own),
        signed(others),
        signed(all - own - others)
    )
}

/// A share in percent.
pub fn percent(x: f64) -> String {
    if x.is_finite() { format!("{:.0} %", 100.0 * x) } else { "–".into() }
}
