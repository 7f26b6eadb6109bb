//! The table of theories as a page of the documentation, with its figures; and the tournament.

use crate::error::Error;
use crate::experiment::theory::tournament::{PRESETS, Scored, contested};
use crate::experiment::theory::{BASE, Estimate, Expect, Results, Shown, Verdict};
use crate::report::figure::style::{beside, listed, plain};
use crate::report::figure::{Caption, Look, Picture, draw, matrix, theory_rows};
use crate::report::file;
use crate::scenario::FigureStyle;
use crate::statistics::claim::{Claim, Quantity};
use crate::statistics::of_values;
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;

/// Names of the pages.
pub const PAGE: &str = "theory.md";
pub const TOURNAMENT: &str = "theory-tournament.md";

/// Writes the page of the table and its figure into a folder of documentation.
///
/// # Errors
/// When something cannot be written.
pub fn write(results: &Results, command: &str, look: &Look, docs: &Path) -> Result<(), Error> {
    figure(&picture(results), &caption(results), look, docs)?;
    file::write(&docs.join(PAGE), page(results, command).as_bytes()).map(drop)
}

/// Writes the page of the tournament and its figure.
///
/// # Errors
/// When something cannot be written.
pub fn write_tournament(
    scored: &[Scored],
    (firms, seed): (u32, u64),
    command: &str,
    look: &Look,
    docs: &Path,
) -> Result<(), Error> {
    let caption = Caption {
        n: u64::from(scored.first().map_or(0, |scored| scored.card.seeds)),
        of: "seeds".to_owned(),
        scenario: "belgium".to_owned(),
        seed,
        note: format!("{firms} firms"),
        method: String::new(),
    };
    figure(&tournament_picture(scored), &caption, look, docs)?;
    file::write(&docs.join(TOURNAMENT), tournament_page(scored, firms, command).as_bytes()).map(drop)
}

/// Draws a figure among those of the documentation, which shows the SVG: PNG and numbers are left only for journals.
fn figure(picture: &dyn Picture, caption: &Caption, look: &Look, docs: &Path) -> Result<(), Error> {
    let drawn = draw(picture, caption, look, &docs.join("figures"))?;
    for (stored, _) in drawn.files.iter().filter(|_| look.style == FigureStyle::Report) {
        if stored.path.extension().is_some_and(|ending| ending == "png" || ending == "csv") {
            std::fs::remove_file(&stored.path).map_err(|error| Error::io("remove", &stored.path, error))?;
        }
    }
    Ok(())
}

/// The overview of all rows.
pub fn picture(results: &Results) -> theory_rows::Input {
    let mark = |estimate: &crate::experiment::theory::Estimate| {
        // Where all seeds agree there is no margin: the estimate is as far from zero as the scale goes.
        let strength =
            if estimate.margin > 0.0 { estimate.mean / estimate.margin } else { estimate.mean.signum() * 1e9 };
        match estimate.expect {
            Expect::Positive => theory_rows::Mark::Direction(strength),
            Expect::Negative => theory_rows::Mark::Direction(-strength),
            Expect::Differs => theory_rows::Mark::Direction(strength.abs()),
            Expect::Open => theory_rows::Mark::Open(strength),
            Expect::Never | Expect::Within(_) => theory_rows::Mark::Rule(estimate.holds),
        }
    };
    let rows = results.rows.iter().map(|shown| theory_rows::Row {
        label: format!("{} {}", shown.row.number, shown.row.name.replace('-', " ")),
        marks: shown.estimates.iter().map(mark).collect(),
        out: shown.verdict != Verdict::NotShown,
    });
    theory_rows::Input { rows: rows.collect() }
}

fn caption(results: &Results) -> Caption {
    Caption {
        n: u64::from(results.seeds),
        of: "seeds".to_owned(),
        scenario: "base of the theory table".to_owned(),
        seed: results.scale.seed,
        note: format!("{} firms", results.scale.firms),
        method: String::new(),
    }
}

/// The matrix of presets and facts.
pub fn tournament_picture(scored: &[Scored]) -> matrix::Input {
    let facts = scored.first().map_or(Vec::new(), |scored| scored.facts().into_iter().map(|fact| fact.0).collect());
    let lines = scored.iter().map(|scored| matrix::Line {
        label: scored.preset.name.to_owned(),
        cells: scored.facts().into_iter().map(|(_, passed, all)| (passed, all)).collect(),
    });
    matrix::Input { facts, lines: lines.collect() }
}

/// Results as JSON, every seed included.
pub fn json(results: &Results) -> String {
    let rows: Vec<_> = results
        .rows
        .iter()
        .map(|shown| {
            json!({
                "row": shown.row.number,
                "name": shown.row.name,
                "claim": shown.row.claim,
                "source": shown.row.source,
                "experiment": shown.row.experiment,
                "arms": shown.row.arms,
                "ablation": shown.row.ablation,
                "checks": shown.estimates,
                "verdict": shown.verdict,
                "note": shown.row.note,
            })
        })
        .collect();
    let (passed, all) = results.passed();
    let value = json!({
        "base": BASE,
        "firms": results.scale.firms,
        "seed": results.scale.seed,
        "seeds": results.seeds,
        "passed": passed,
        "of": all,
        "rows": rows,
    });
    serde_json::to_string_pretty(&value).expect("results are plain data") + "\n"
}

/// The page about the table, for a reader who doubts it.
pub fn page(results: &Results, command: &str) -> String {
    let (passed, all) = results.passed();
    let mut page = String::from("# Theory\n\n");
    // Writing to a String cannot fail, here and below.
    let _ = write!(
        page,
        "**{passed} of {all} rows come out** over {} seeds. This page is written by\n\n    {command}\n\nand by nothing else: \
         the same program gives the same page, on any number of threads. `fondaco theory --row N` shows one row.\n\n",
        results.seeds
    );
    page += "![Every row of the table: estimates in margins of their intervals](figures/theory_rows.svg)\n\n";
    let _ = write!(
        page,
        "## How a row is shown\n\nEvery row is an experiment on {} firms a run, seeds {} to {}. Its arms differ in the settings \
         named and share every draw that the difference does not touch, so each check compares the same firms in different \
         worlds. An estimate is a mean over seeds with its 95 % interval (Student's t). A direction is *shown* when the \
         interval excludes zero on the side that the theory names, an invariant when no seed breaks it; a row is shown when \
         all its checks hold. Where the literature disputes a sign, estimates are *reported* and nothing is expected. Sizes \
         mean little: the population is eager, so that few firms see much. Its settings:\n\n",
        results.scale.firms,
        results.scale.seed,
        results.scale.seed + u64::from(results.seeds).saturating_sub(1)
    );
    for setting in BASE {
        let _ = writeln!(page, "    {setting}");
    }
    page += "\n*Without it* names the settings that take the mechanism out; the tests hold that the row then does not come \
             out. Rows 61 to 65 are about support measures, row 68 about the tools; other pages show them. Which mechanisms \
             the published facts need is the question of the [tournament](theory-tournament.md).\n\n";
    page += "## Verdicts\n\n| row | theory | verdict | first check | estimate |\n|---|---|---|---|---|\n";
    for shown in &results.rows {
        let first = &shown.estimates[0];
        let _ = writeln!(
            page,
            "| [{}](#{}) | {} | {} | {} | {} ± {} |",
            shown.row.number,
            anchor(shown),
            shown.row.name.replace('-', " "),
            shown.verdict.word(),
            first.label,
            plain(first.mean),
            plain(first.margin)
        );
    }
    page += &corrected(results);
    failures(&mut page, results);
    page += "\n## Every row\n";
    for shown in &results.rows {
        section(&mut page, shown);
    }
    page
}

/// Which rows called shown would not be if directions had to stand a correction for being so many.
fn corrected(results: &Results) -> String {
    let directional =
        |estimate: &Estimate| matches!(estimate.expect, Expect::Positive | Expect::Negative | Expect::Differs);
    let checks: Vec<(&Shown, &Estimate)> = results
        .rows
        .iter()
        .flat_map(|shown| shown.estimates.iter().map(move |estimate| (shown, estimate)))
        .filter(|(_, estimate)| directional(estimate))
        .collect();
    let known =
        |estimate: &Estimate| estimate.seeds.iter().copied().filter(|value| value.is_finite()).collect::<Vec<_>>();
    let claims = Claim::family(
        checks
            .iter()
            .map(|(_, estimate)| (estimate.label.to_owned(), Quantity::default(), of_values(&known(estimate)))),
    );
    let open =
        checks.iter().zip(&claims).filter(|((shown, _), claim)| shown.verdict == Verdict::Shown && !claim.is_clear());
    let mut rows: Vec<String> = open.map(|((shown, _), _)| shown.row.number.to_string()).collect();
    rows.dedup();
    let told = match rows.len() {
        0 => "every row called shown stays so".to_owned(),
        1 => format!("row {} would not be shown", rows[0]),
        _ => format!("rows {} would not be shown", listed(&rows)),
    };
    format!("\nCorrected for being {} directions at once (Holm 1979, at .05), {told}.\n", checks.len())
}

fn failures(page: &mut String, results: &Results) {
    let failing: Vec<&Shown> = results.rows.iter().filter(|shown| shown.verdict == Verdict::NotShown).collect();
    *page += "\n## What does not come out\n\n";
    if failing.is_empty() {
        *page += "Every row comes out.\n";
    }
    for shown in failing {
        let checks: Vec<String> = shown
            .estimates
            .iter()
            .filter(|estimate| !estimate.holds)
            .map(|estimate| {
                format!(
                    "{}: {} ± {}, expected {}",
                    estimate.label,
                    plain(estimate.mean),
                    plain(estimate.margin),
                    estimate.expect.words()
                )
            })
            .collect();
        let _ = writeln!(
            page,
            "- **{} {}**: {}.{}{}",
            shown.row.number,
            shown.row.name.replace('-', " "),
            checks.join("; "),
            if shown.row.note.is_empty() { "" } else { " " },
            shown.row.note
        );
    }
}

/// The anchor of a row's heading.
fn anchor(shown: &Shown) -> String {
    format!("{}-{}", shown.row.number, shown.row.name)
}

fn section(page: &mut String, shown: &Shown) {
    let row = shown.row;
    let _ = write!(
        page,
        "\n### {} {}\n\n**{}.** {}\n\n*Source:* {}. *Experiment:* {}\n\n| check | expected | estimate | 95 % interval | holds |\n|---|---|---|---|---|\n",
        row.number,
        row.name.replace('-', " "),
        crate::report::figure::style::capital(&shown.verdict.word().to_lowercase()),
        row.claim,
        row.source,
        row.experiment
    );
    for estimate in &shown.estimates {
        let Estimate { mean, margin, .. } = *estimate;
        let [mean, low, high] = beside([mean, mean - margin, mean + margin]);
        let holds = match (estimate.expect, estimate.holds) {
            (Expect::Open, _) => "–",
            (_, true) => "yes",
            (_, false) => "**no**",
        };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} to {} | {holds} |",
            estimate.label,
            estimate.expect.words(),
            mean,
            low,
            high
        );
    }
    *page += "\n*Arms:* ";
    let arms: Vec<String> = row
        .arms
        .iter()
        .map(|arm| if arm.is_empty() { "the base".to_owned() } else { format!("`{}`", arm.join("` `")) })
        .collect();
    let _ = writeln!(page, "{}.", arms.join("; "));
    if !row.ablation.is_empty() {
        let _ = writeln!(page, "\n*Without it:* `{}`.", row.ablation.join("` `"));
    }
    if !row.note.is_empty() {
        let _ = writeln!(page, "\n*Note.* {}", row.note);
    }
}

fn tournament_page(scored: &[Scored], firms: u32, command: &str) -> String {
    let mut page = String::from("# Tournament of theories\n\n");
    let seeds = scored.first().map_or(0, |scored| scored.card.seeds);
    let _ = write!(
        page,
        "Which combination of mechanisms reproduces which of the calibration facts: {} combinations, {firms} Belgian firms, {seeds} \
         seeds. This page is written by\n\n    {command}\n\nand by nothing else.\n\n![Combinations of mechanisms against \
         facts: numbers inside their bands](figures/theory_tournament.svg)\n\nA cell is the number of a fact's numbers and \
         patterns that pass by the rule of [validation](validation.md), of all its numbers; a fact passes (bold) when all do. \
         Facts that need many homes (C7) and those measured on pairs of runs (C14, C19, C20) are left out. The parameters stay those \
         calibrated for the whole model, so a failure says what the mechanism taken out carries here, not that no \
         calibration of the rest could do without it.\n\n",
        PRESETS.len()
    );
    let facts: Vec<String> =
        scored.first().map_or(Vec::new(), |first| first.facts().into_iter().map(|fact| fact.0).collect());
    let _ = writeln!(page, "| combination | {} | facts |", facts.join(" | "));
    let _ = writeln!(page, "|---|{}---|", "---|".repeat(facts.len()));
    for one in scored {
        let cells: Vec<String> = one
            .facts()
            .iter()
            .map(
                |(_, passed, all)| {
                    if passed == all { format!("**{passed}/{all}**") } else { format!("{passed}/{all}") }
                },
            )
            .collect();
        let _ = writeln!(page, "| {} | {} | {} |", one.preset.name, cells.join(" | "), one.passed());
    }
    page += "\n## The combinations\n\n| combination | what it is | settings |\n|---|---|---|\n";
    for one in scored {
        let settings = one.preset.settings.iter().map(|setting| format!("`{setting}`")).collect::<Vec<_>>().join(" ");
        let settings = if settings.is_empty() { "–".to_owned() } else { settings };
        let _ = writeln!(page, "| {} | {} | {settings} |", one.preset.name, one.preset.about);
    }
    page += "\n## The facts\n\n";
    let mut last = String::new();
    for fact in contested() {
        if fact.id != last {
            let _ = writeln!(page, "- **{}**: {}", fact.id, fact.label);
            last.clone_from(&fact.id);
        } else {
            let _ = writeln!(page, "  - {}", fact.label);
        }
    }
    page += &explained(scored);
    page
}

/// For every combination the facts it loses against the whole model, and those it wins.
fn explained(scored: &[Scored]) -> String {
    let mut text = "\n## What each mechanism carries\n\nAgainst the whole model:\n\n".to_owned();
    let Some(whole) = scored.first() else { return text };
    let passes = |one: &Scored| -> Vec<String> {
        one.facts().into_iter().filter(|(_, passed, all)| passed == all).map(|(fact, ..)| fact).collect()
    };
    let base = passes(whole);
    for one in &scored[1..] {
        let own = passes(one);
        let lost: Vec<&str> = base.iter().filter(|fact| !own.contains(fact)).map(String::as_str).collect();
        let won: Vec<&str> = own.iter().filter(|fact| !base.contains(fact)).map(String::as_str).collect();
        let say = |facts: &[&str]| if facts.is_empty() { "none".to_owned() } else { facts.join(", ") };
        let _ = writeln!(text, "- **{}** loses {}; wins {}.", one.preset.name, say(&lost), say(&won));
    }
    text
}
