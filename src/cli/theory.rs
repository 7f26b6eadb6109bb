//! `fondaco theory`: what can be asked of the table of theories.

use super::figures::FigureArgs;
use super::interrupt::{self, INTERRUPTED};
use super::progress::Progress;
use super::threads::{ThreadArgs, start};
use super::{inform, print};
use clap::{Args, ValueHint};
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use fondaco::error::{Error, Fault};
use fondaco::experiment::theory::tournament::{Scored, tournament, years};
use fondaco::experiment::theory::{Mechanism, Results, Row, Scale, rows, runs, show};
use fondaco::report::figure::style::plain;
use fondaco::report::figure::{Look, matrix, theory_rows};
use fondaco::report::theory::{json, write, write_tournament};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

/// Show the predictions of the table of theories, row by row
///
/// Every row is an experiment: paired runs over seeds in worlds that differ in the mechanism alone, an estimate with
/// its 95 % interval, and a verdict. Without --row all rows are shown.
#[derive(Args, Debug)]
pub struct TheoryArgs {
    /// Row to show, by number; can be repeated
    #[arg(long, value_name = "N", conflicts_with = "all")]
    pub row: Vec<u8>,
    /// Show every row
    #[arg(long)]
    pub all: bool,
    /// Take the mechanism of each row out instead: rows should then no longer come out
    #[arg(long, conflicts_with = "tournament")]
    pub ablate: bool,
    /// Which combination of mechanisms reproduces which of the calibration facts
    #[arg(long, conflicts_with_all = ["row", "all"])]
    pub tournament: bool,

    /// Seeds of every experiment; 30 if not given, 10 in a tournament
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(2..))]
    pub seeds: Option<u32>,
    /// Firms in every run; 1000 if not given, 6000 in a tournament
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(50..))]
    pub firms: Option<u32>,
    /// Seed of every random number
    #[arg(short = 'r', long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,

    /// Folder of documentation whose theory.md, or theory-tournament.md, is written
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with_all = ["row", "ablate"])]
    pub docs: Option<PathBuf>,
    #[command(flatten)]
    pub drawing: FigureArgs,
    #[command(flatten)]
    pub threads: ThreadArgs,
    /// Print the result and nothing else but warnings and errors
    #[arg(short, long)]
    pub quiet: bool,
    /// Print the results as JSON
    #[arg(long)]
    pub json: bool,
}

impl TheoryArgs {
    /// How large and how often, where it is not the usual.
    fn scale(&self, usual: Scale) -> Scale {
        Scale { firms: self.firms.unwrap_or(usual.firms), seeds: self.seeds.unwrap_or(usual.seeds), seed: self.seed }
    }

    /// The command that gives the same page again.
    fn command(&self, what: &str, scale: Scale, usual: Scale) -> String {
        let mut words = vec![format!("fondaco theory {what}")];
        words.extend((scale.firms != usual.firms).then(|| format!("--firms {}", scale.firms)));
        words.extend((scale.seeds != usual.seeds).then(|| format!("--seeds {}", scale.seeds)));
        words.extend((scale.seed != usual.seed).then(|| format!("--seed {}", scale.seed)));
        words.extend(self.docs.as_ref().map(|docs| format!("--docs {}", docs.display())));
        words.join(" ")
    }

    /// The look of its figure.
    fn look(&self) -> Result<Look, Error> {
        let look = self.drawing.look(Look::default());
        look.check([if self.tournament { matrix::STEM } else { theory_rows::STEM }])?;
        Ok(look)
    }

    /// The rows asked for.
    fn rows(&self) -> Result<Vec<&'static Row>, Error> {
        let all = rows();
        if self.row.is_empty() {
            return Ok(all);
        }
        let mut faults = Vec::new();
        let mut asked = Vec::new();
        for number in &self.row {
            match all.iter().find(|row| row.number == *number) {
                Some(row) => asked.push(*row),
                None => faults.push(
                    Fault::new(format!("the table of theories has no row {number}"))
                        .expected("1 to 60, 66 or 67: rows 61 to 65 are about support measures, row 68 about tools"),
                ),
            }
        }
        if faults.is_empty() { Ok(asked) } else { Err(Error::Asked(faults)) }
    }
}

/// Shows rows of the table of theories, or holds the tournament.
///
/// # Errors
/// A row is unknown, a run breaks down, or something could not be written.
pub fn theory(args: &TheoryArgs) -> Result<ExitCode, Error> {
    let rows = args.rows()?;
    if args.docs.is_none() && args.drawing.any() {
        return Err(Fault::new("no figure is drawn without --docs")
            .help(
                "figures belong to the page: say with --docs which folder it is written into, or leave their flags out",
            )
            .into());
    }
    let threads = args.threads.wanted();
    start(threads)?;
    let interrupt = interrupt::watch()?;
    if args.tournament {
        return contest(args, &interrupt);
    }
    let scale = args.scale(Scale::default());
    let mechanism = if args.ablate { Mechanism::Out } else { Mechanism::In };
    let rows: Vec<&'static Row> = rows.into_iter().filter(|row| !args.ablate || !row.ablation.is_empty()).collect();
    let progress = Progress::new(runs(&rows, scale, mechanism), args.quiet);
    let folder = tempfile::tempdir().map_err(|error| Error::Failed(format!("no temporary folder: {error}")))?;
    let results = show(&rows, scale, mechanism, folder.path(), &interrupt, &|_| progress.tick());
    progress.finish();
    let results = results?;
    let whole = results.seeds == scale.seeds;
    if let Some(docs) = args.docs.as_ref().filter(|_| whole) {
        write(&results, &args.command("--all", scale, Scale::default()), &args.look()?, docs)?;
    }
    if args.json {
        print(&json(&results))?;
    } else {
        print(&account(&results))?;
    }
    if !whole {
        inform(&format!("interrupted: {} of {} seeds are finished\n", results.seeds, scale.seeds));
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(ExitCode::SUCCESS)
}

/// Holds the tournament.
fn contest(args: &TheoryArgs, interrupt: &AtomicBool) -> Result<ExitCode, Error> {
    let usual = Scale { firms: 6000, seeds: 10, ..Scale::default() };
    let scale = args.scale(usual);
    let progress = Progress::new(years(scale.seeds), args.quiet);
    let watch = |_: u32, _: i32| progress.tick();
    let scored = tournament(scale.firms, scale.seeds, scale.seed, interrupt, &watch);
    progress.finish();
    let scored = scored?;
    let whole = scored.iter().all(|one| one.card.seeds == scale.seeds);
    if let Some(docs) = args.docs.as_ref().filter(|_| whole) {
        let command = args.command("--tournament", scale, usual);
        write_tournament(&scored, (scale.firms, scale.seed), &command, &args.look()?, docs)?;
    }
    print(&standings(&scored))?;
    if !whole {
        inform("interrupted: not every combination has all its seeds\n");
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(ExitCode::SUCCESS)
}

/// Combinations against facts.
fn standings(scored: &[Scored]) -> String {
    let mut table = Table::new();
    let mut header = vec!["combination".to_owned()];
    header.extend(scored.first().map_or(Vec::new(), Scored::facts).into_iter().map(|fact| fact.0));
    header.push("facts".to_owned());
    table.load_style(NOTHING).set_header(header);
    for one in scored {
        let mut row = vec![one.preset.name.to_owned()];
        row.extend(one.facts().into_iter().map(|(_, passed, all)| format!("{passed}/{all}")));
        row.push(one.passed().to_string());
        table.add_row(row);
    }
    format!("{table}\n")
}

/// The rows with their estimates, and how many came out.
fn account(results: &Results) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(vec!["row", "check", "estimate", "± 95 %", "expected", "verdict"]);
    for column in table.column_iter_mut().skip(2).take(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for shown in &results.rows {
        for (i, estimate) in shown.estimates.iter().enumerate() {
            let first = i == 0;
            table.add_row(vec![
                if first { format!("{} {}", shown.row.number, shown.row.name) } else { String::new() },
                estimate.label.to_owned() + if estimate.holds { "" } else { "  (!)" },
                plain(estimate.mean),
                plain(estimate.margin),
                estimate.expect.words(),
                if first { shown.verdict.word().to_owned() } else { String::new() },
            ]);
        }
    }
    let (passed, all) = results.passed();
    format!("{table}\n\n{passed} of {all} rows come out over {} seeds\n", results.seeds)
}
