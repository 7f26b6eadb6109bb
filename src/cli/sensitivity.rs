//! `fondaco sensitivity`: which settings decide, and how much is chance.

use super::figures::FigureArgs;
use super::sweep::{FileArgs, WorkArgs, advance, failures, folder, free, look, names, open, read};
use super::{inform, interrupt::INTERRUPTED, print};
use clap::{Args, ValueHint};
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use fondaco::error::{Error, Fault};
use fondaco::experiment::sensitivity::{Answer, Estimate, Sensitivity, of};
use fondaco::experiment::sweep::Sweep;
use fondaco::experiment::sweep::design::Method;
use fondaco::experiment::sweep::result::Outcomes;
use fondaco::experiment::sweep::task::{Progress, Wanted};
use fondaco::report::sweep::{export, page};
use fondaco::statistics::words::{beside, fixed_beside};
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Tell which settings decide an outcome, and how much of it is chance
///
/// Takes a sweep file whose design is morris (screening: few runs, which settings matter at all) or saltelli (Sobol'
/// indices: shares of the variance, with intervals). Makes the runs that are not in the store, then writes a page and a
/// table beside them.
#[derive(Args)]
pub struct SensitivityArgs {
    #[command(flatten)]
    sweep: FileArgs,
    #[command(flatten)]
    work: WorkArgs,
    /// Make no runs: tell what those in the store say
    #[arg(long)]
    no_run: bool,
    /// Page to write; sensitivity.html in the store if not given, with the table beside it
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,
    /// Folder to write figures into as files too; `figures` beside the page if only which and how is said
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Results")]
    figures_dir: Option<PathBuf>,
    #[command(flatten)]
    drawing: FigureArgs,
    /// Overwrite an earlier analysis
    #[arg(short, long)]
    force: bool,
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

/// Analyses a sweep.
///
/// # Errors
/// The file is wrong or its design no sample for this, the store cannot be used, or something could not be written.
pub fn sensitivity(args: &SensitivityArgs) -> Result<ExitCode, Error> {
    let sweep = read(&args.sweep)?;
    let method = sweep.design.method;
    if !matches!(method, Method::Morris | Method::Saltelli) {
        return Err(Fault::new(format!("the design {} is no sample for sensitivity", method.word()))
            .expected(format!("in {}", sweep.path.display()))
            .help("write design = \"morris\" to screen many settings, or \"saltelli\" for shares of the variance")
            .into());
    }
    let folder = folder(&args.sweep, &sweep);
    let out = args.out.clone().unwrap_or_else(|| folder.join("sensitivity.html"));
    let table = out.with_extension("csv");
    free(&out, args.force)?;
    free(&table, args.force)?;
    let mut progress = Progress::default();
    if !args.no_run {
        let mut store = open(&folder, &args.work)?;
        progress = advance(&sweep, &mut store, Wanted::default(), &args.work)?;
        if progress.interrupted {
            inform("stopped: what is finished is kept; the same command goes on, --no-run tells what it says so far\n");
            return Ok(ExitCode::from(INTERRUPTED));
        }
    }
    let mut store = look(&folder, &sweep)?;
    let names = names(&sweep);
    let outcomes = Outcomes::read(&sweep, &names, &mut store)?;
    let found: Vec<Sensitivity> = (0..sweep.outcomes.len()).map(|o| of(&sweep.design, &outcomes, o)).collect();
    let findings = export::findings(&sweep, &found);
    export::findings_csv(&findings, &table)?;
    let figures = args.drawing.files(args.figures_dir.as_deref(), &out);
    page::sensitivity(
        &sweep,
        &names,
        &mut store,
        &outcomes,
        &found,
        &out,
        figures.as_ref().map(|(folder, look)| (folder.as_path(), look)),
    )?;
    if args.json {
        let number = |value: f64| value.is_finite().then_some(value);
        let rows: Vec<_> = findings
            .iter()
            .map(|row| {
                json!({
                    "outcome": row.outcome, "axis": row.group, "what": row.what, "value": number(row.value),
                    "low": number(row.low), "high": number(row.high),
                })
            })
            .collect();
        let all = json!({
            "sweep": sweep.name, "design": method.word(), "failed": outcomes.failed, "missing": outcomes.missing,
            "findings": rows,
        });
        print(&format!("{all:#}\n"))?;
    } else {
        print(&account(&sweep, &outcomes, &found))?;
        if !args.work.quiet {
            inform(&format!("{}\n{}\n", out.display(), table.display()));
        }
    }
    failures(&args.sweep, &sweep, &mut store, &progress)?;
    Ok(ExitCode::SUCCESS)
}

/// The findings as tables, the settings that matter most first.
fn account(sweep: &Sweep, outcomes: &Outcomes, found: &[Sensitivity]) -> String {
    let mut text = String::new();
    if outcomes.failed + outcomes.missing > 0 {
        let _ = writeln!(
            text,
            "{} runs failed and {} are not made; what rests on them is left out\n",
            outcomes.failed, outcomes.missing
        );
    }
    let said = |Estimate { value, low, high }: Estimate| {
        let [value, low, high] = fixed_beside([value, low, high], 3);
        format!("{value} [{low}, {high}]")
    };
    let mut legend = false;
    for one in found {
        let measure = &sweep.subject.words().measures[sweep.outcomes[one.outcome]];
        let mut table = Table::new();
        table.load_style(NOTHING);
        match &one.answer {
            None => {
                let _ = writeln!(
                    text,
                    "{}: nothing can be told, for too few points have a value or nothing varies\n",
                    measure.name
                );
                continue;
            }
            Some(Answer::Sobol(sobol)) => {
                table.set_header(vec![measure.name.as_str(), "first order", "total", "total less noise"]);
                let mut indices: Vec<_> = sobol.indices.iter().collect();
                indices.sort_by(|a, b| b.total.value.total_cmp(&a.total.value));
                for index in indices {
                    let clean = index.total_less_noise.map_or_else(|| "–".to_owned(), |clean| format!("{clean:.3}"));
                    table.add_row(vec![index.group.clone(), said(index.first), said(index.total), clean]);
                }
            }
            Some(Answer::Morris(screening)) => {
                legend = true;
                table.set_header(vec![measure.name.as_str(), "mu", "mu*", "sigma"]);
                let mut effects: Vec<_> = screening.effects.iter().collect();
                effects.sort_by(|a, b| b.mu_star.value.total_cmp(&a.mu_star.value));
                for effect in effects {
                    let Estimate { value, low, high } = effect.mu_star;
                    let [mu, value, low, high, sigma] =
                        beside([effect.mu.unwrap_or(f64::NAN), value, low, high, effect.sigma]);
                    table.add_row(vec![effect.group.clone(), mu, format!("{value} [{low}, {high}]"), sigma]);
                }
            }
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        let _ = writeln!(text, "{table}\n{}\n", page::noise_words(one.noise.as_ref()));
    }
    if legend {
        let _ = writeln!(text, "{}\n", page::MORRIS.replace("μ", "mu").replace("σ", "sigma"));
    }
    text
}
