//! The page of a scorecard: verdicts, what fails, what moves, and every number.

use super::{MOVED, Other, Request, pattern_words, published};
use crate::experiment::Plan;
use crate::experiment::fact::{Fact, Homes};
use crate::experiment::validate::{
    ENOUGH_SEEDS, FIRMS_PER_HOME, MANY_HOMES, PATTERN_SHARE, Scorecard, Scored, Values, Verdict,
};
use crate::report::figure::style::{beside, listed, plain};
use crate::scenario::Loaded;
use std::fmt::Write as _;

/// The page about a scorecard, for a reader who doubts it.
pub(super) fn page(
    plan: &Plan,
    loaded: &Loaded,
    request: &Request,
    card: &Scorecard,
    (others, remarks): (&[Other], Option<&str>),
    figure: &str,
) -> String {
    let (passed, all) = card.passed();
    let run = &plan.scenario.run;
    let mut page = String::from("# Validation\n\n");
    // Writing to a String cannot fail.
    let _ = write!(
        page,
        "**{passed} of {all} facts pass** over {} seeds. This page is written by\n\n    {}\n\nand by nothing else: the \
         same program gives the same page, on any number of threads.\n\n",
        card.seeds, request.command
    );
    if card.seeds < ENOUGH_SEEDS {
        let _ = write!(page, "**Draft**: the rule of scoring asks for {ENOUGH_SEEDS} seeds.\n\n");
    }
    let homes = listed(&plan.homes.iter().map(|home| home.iso3.clone()).collect::<Vec<_>>());
    let _ = write!(
        page,
        "| | |\n|---|---|\n| program | {} {} |\n| scenario | {}, hash `{}` |\n| firms | {} in {homes} |\n| years | {} to {}, \
         after {} of burn-in |\n| markets | {} |\n| seeds | {}, from {} |\n| facts | `{}`, hash `{}` |\n\n",
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION"),
        plan.name,
        &loaded.hash()[..16],
        plan.scenario.population.firms,
        run.start,
        run.start + i64::from(run.years) - 1,
        run.burn_in,
        plan.world.countries.len(),
        card.seeds,
        run.seed,
        request.table.input.name,
        &request.table.input.blake3[..16],
    );
    let _ = write!(page, "![{}]({figure})\n\n", picture_alt(card));
    page.push_str(RULES);
    verdicts(&mut page, card);
    failures(&mut page, card);
    unsteady(&mut page, card);
    if !others.is_empty() {
        moves(&mut page, plan, card, others);
    }
    if let Some(remarks) = remarks {
        let _ = write!(page, "{}\n\n", remarks.trim());
    }
    numbers(&mut page, card);
    statistics(&mut page, card);
    page.push_str(LIMITS);
    page
}

pub(super) fn picture_alt(card: &Scorecard) -> String {
    let (passed, all) = card.passed();
    format!("Scorecard: {passed} of {all} facts pass; bands, published values and simulated ranges row by row")
}

pub(super) const RULES: &str = "\
## How a fact is scored

A row of the table of facts is one number with a band, or a pattern of several numbers. A number passes when its median
over the seeds lies in the band; a pattern passes when it holds in at least 80 % of the seeds; a fact passes when all of
its rows do. A row that cannot be measured is never counted as passed. The bands were fixed before the defaults were
calibrated. A row belongs to the homes it was published for: EU, OECD or a single country; for any other home it is
*context*, shown and not judged. Rows without such a word were published for developing economies, or for both kinds,
and are judged for every home. A median in its band may be luck: numbers of passing facts that lie inside their band
in fewer than 80 % of the seeds are named below.

Populations: ALL, every firm; SME, below 250 employees; 10+, ten employees or more; MFG10, the same where the source is
a census of manufacturing plants; CUS, every exporter that customs see. A firm exports to a market in a year if it sells
at least US$ 1,000 there (`population.report_usd`). An entrant did not export (there) in the year before; the first
year of the panel has no entrants. The model runs in quarters, so a first calendar year is as partial as in the
sources. Regressions are those of the sources, with their fixed effects.

**The null model.** The same number of orders, each of the average size, thrown like balls into bins of firms and
markets with the same sizes (Armenter & Koren 2014). It knows sizes and chance and nothing else. A fact that it passes
too is *weak evidence*: sizes alone suffice for it.

";

pub(super) fn verdicts(page: &mut String, card: &Scorecard) {
    page.push_str("## Verdicts\n\n| fact | simulation | random shipments | of rows they pass |\n|---|---|---|---|\n");
    for (id, simulated, null) in card.facts() {
        let rows: Vec<Verdict> = card.rows.iter().filter(|row| row.fact.id == id).map(|row| row.null.verdict).collect();
        let passed = rows.iter().filter(|verdict| **verdict == Verdict::Pass).count();
        let paired = card.rows.iter().any(|row| row.fact.id == id && row.fact.statistic.is_paired());
        let weight = match (simulated, null) {
            (_, Verdict::Silent) if paired => "no random shipments: they know no changes".to_owned(),
            (_, Verdict::Silent) => "no random shipments: not about exports".to_owned(),
            (Verdict::Pass, Verdict::Pass) => format!("{passed} of {}: weak evidence", rows.len()),
            _ => format!("{passed} of {}", rows.len()),
        };
        let _ = writeln!(page, "| {id} | {} | {} | {weight} |", simulated.word(), null.word());
    }
    page.push('\n');
}

/// What does not fit, by how much, and what is known of the reason.
pub(super) fn failures(page: &mut String, card: &Scorecard) {
    page.push_str("## What does not fit\n\n");
    let amiss = |row: &&Scored| !matches!(row.simulated.verdict, Verdict::Pass | Verdict::Context);
    let amiss: Vec<&Scored> = card.rows.iter().filter(amiss).collect();
    if amiss.is_empty() {
        page.push_str("Every row passes. What the comparison cannot show stands in the last section.\n\n");
        return;
    }
    for row in amiss {
        let fact = &row.fact;
        let _ = write!(page, "- **{} {}** ", fact.id, fact.label);
        match (row.simulated.verdict, fact.band) {
            (Verdict::Unmeasured, _) => {
                let _ = write!(page, "could not be measured: {}.", row.reason);
            }
            (_, Some((low, high))) => {
                let median = row.simulated.median[0];
                let side = if median < low { "below" } else { "above" };
                let edge = if median < low { low - median } else { median - high };
                let _ = write!(
                    page,
                    "is {} {side} its band of {} to {}: median {}, {:.0} % of the band's width outside; {:.0} % of seeds are inside.",
                    plain(edge),
                    plain(low),
                    plain(high),
                    plain(median),
                    100.0 * edge / (high - low),
                    100.0 * row.simulated.share
                );
            }
            (_, None) => {
                let _ = write!(page, "is {}; it has to be in {:.0} %.", pattern_words(row), 100.0 * PATTERN_SHARE);
            }
        }
        if !fact.note.is_empty() && row.simulated.verdict != Verdict::Unmeasured {
            let _ = write!(page, " Note: {}.", fact.note);
        }
        page.push('\n');
    }
    page.push('\n');
}

/// Numbers of passing facts that chance takes out of their band in more seeds than a pattern may fail in.
pub(super) fn unsteady(page: &mut String, card: &Scorecard) {
    let facts = card.facts();
    let passes = |row: &&Scored| {
        let fact = facts.iter().find(|fact| fact.0 == row.fact.id).expect("every row belongs to a fact");
        fact.1 == Verdict::Pass && row.simulated.verdict == Verdict::Pass
    };
    let outside: Vec<&Scored> =
        card.rows.iter().filter(passes).filter(|row| row.simulated.share < PATTERN_SHARE).collect();
    page.push_str("## What is inside its band in too few seeds\n\n");
    if outside.is_empty() {
        let _ = write!(
            page,
            "Nothing: every number of a passing fact is inside its band in at least {:.0} % of the seeds.\n\n",
            100.0 * PATTERN_SHARE
        );
        return;
    }
    let _ = write!(
        page,
        "These numbers of passing facts have their median in the band and are inside it in fewer than {:.0} % of the \
         seeds: of one more population nobody could say that it will be.\n\n| fact | number | band | median [range] | in band |\n\
         |---|---|---|---|---|\n",
        100.0 * PATTERN_SHARE
    );
    for row in outside {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} |",
            row.fact.id,
            row.fact.label,
            band_words(&row.fact),
            values_words(&row.simulated),
            share_words(&row.simulated)
        );
    }
    page.push('\n');
}

/// What moves when the country changes and nothing else.
pub(super) fn moves(page: &mut String, plan: &Plan, card: &Scorecard, others: &[Other]) {
    let names: Vec<String> = others.iter().map(|other| other.beside.plan.name.clone()).collect();
    let _ = write!(
        page,
        "## Other countries\n\nThe same model with the same parameters, in the scenarios {}: home, years, number of firms and markets \
         differ, no mechanism does. A fact is judged for the homes it was published for; what was published for others is context. \
         A failure here is information, not a fault.\n\n| scenario | firms | years | markets | facts of its own that pass |\n|---|---|---|---|---|\n",
        listed(&names)
    );
    let line = |page: &mut String, plan: &Plan, passed: (usize, usize)| {
        let run = &plan.scenario.run;
        let homes = listed(&plan.homes.iter().map(|home| home.iso3.clone()).collect::<Vec<_>>());
        let _ = writeln!(
            page,
            "| {} | {} in {homes} | {} to {} | {} | {} of {} |",
            plan.name,
            plan.scenario.population.firms,
            run.start,
            run.start + i64::from(run.years) - 1,
            plan.world.countries.len(),
            passed.0,
            passed.1
        );
    };
    let own = |card: &Scorecard| {
        let alone = |id: &str| card.rows.iter().all(|row| row.fact.id != id || row.fact.homes == Homes::Own);
        let facts: Vec<Verdict> = card.facts().into_iter().filter(|fact| alone(fact.0)).map(|fact| fact.1).collect();
        let count = |of: &dyn Fn(Verdict) -> bool| facts.iter().filter(|verdict| of(**verdict)).count();
        (count(&|verdict| verdict == Verdict::Pass), count(&|verdict| verdict != Verdict::Context))
    };
    line(page, plan, own(card));
    for other in others {
        line(page, &other.beside.plan, own(&other.card));
    }
    for other in others {
        let ids = |context: bool| {
            let facts = other.card.facts();
            let of = facts.iter().filter(|fact| (fact.1 == Verdict::Context) == context).map(|fact| fact.0.to_owned());
            listed(&of.collect::<Vec<_>>())
        };
        let _ = write!(page, "\nIn {}, {} are judged", other.beside.plan.name, ids(false));
        let context = ids(true);
        let _ = if context.is_empty() { writeln!(page, ".") } else { writeln!(page, "; {context} are context.") };
    }
    rows_that_move(page, plan, card, others, &names);
}

/// The rows whose verdict or median is another in another country.
fn rows_that_move(page: &mut String, plan: &Plan, card: &Scorecard, others: &[Other], names: &[String]) {
    let heads: String = names.iter().map(|name| format!(" {name} |")).collect();
    let _ = write!(
        page,
        "\nRows that change their verdict, or whose median moves by more than {MOVED} half widths of the band:\n\n\
         | fact | number | band | {} |{heads}\n|---|---|---|---|{}\n",
        plan.name,
        "---|".repeat(others.len())
    );
    let mut still = 0;
    for row in card.rows.iter().filter(|row| row.fact.homes == Homes::Own) {
        let twins: Vec<&Scored> = others
            .iter()
            .filter_map(|other| {
                other.card.rows.iter().find(|twin| (&twin.fact.id, &twin.fact.label) == (&row.fact.id, &row.fact.label))
            })
            .collect();
        let moved = |twin: &&Scored| {
            twin.simulated.verdict != row.simulated.verdict
                || matches!((twin.deviation(), row.deviation()), (Some(a), Some(b)) if (a - b).abs() > MOVED)
        };
        if row.simulated.verdict == Verdict::Unmeasured || !twins.iter().any(moved) {
            still += usize::from(row.simulated.verdict != Verdict::Unmeasured);
            continue;
        }
        let told = |row: &Scored| match (row.simulated.verdict, row.fact.band) {
            (Verdict::Unmeasured, _) => "not measurable".to_owned(),
            (verdict, _) if !is_measured(&row.simulated) => verdict.word().to_owned(),
            (verdict, Some(_)) => format!("{} {}", plain(row.simulated.median[0]), verdict.word()),
            (verdict, None) => format!("{} {}", share_words(&row.simulated), verdict.word()),
        };
        let cells: String = twins.iter().map(|twin| format!(" {} |", told(twin))).collect();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |{cells}",
            row.fact.id,
            row.fact.label,
            band_words(&row.fact),
            told(row)
        );
    }
    let _ = write!(page, "\n{still} other rows stay where they are.\n\n");
}

pub(super) fn numbers(page: &mut String, card: &Scorecard) {
    page.push_str(
        "## Every number\n\n*For*: the homes that a row is judged for. *In band*: share of seeds inside the band, or in which the pattern holds. Evidence: R read in \
         the source, R-own computed from its data, K+ recalled and to be checked again before it is cited.\n\n\
         | fact | number | population | for | published | band | median [range] | in band | verdict | null |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in &card.rows {
        let fact = &row.fact;
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            fact.id,
            fact.label,
            fact.population.word(),
            if fact.published_for.is_empty() { "any".to_owned() } else { fact.published_for.join(", ") },
            published(fact),
            band_words(fact),
            values_words(&row.simulated),
            share_words(&row.simulated),
            row.simulated.verdict.word(),
            match row.null.verdict {
                Verdict::Silent => "–".to_owned(),
                verdict => format!("{} {}", medians_words(&row.null), verdict.word()),
            },
        );
    }
    page.push_str("\nSources:\n\n");
    let mut last = ("", "");
    for row in &card.rows {
        let fact = &row.fact;
        if (fact.id.as_str(), fact.source.as_str()) != last {
            let _ = writeln!(page, "- {} ({}): {}.", fact.id, fact.evidence, fact.source.trim_end_matches('.'));
        }
        last = (&fact.id, &fact.source);
    }
    page.push('\n');
}

/// How each statistic is measured, with what the table notes about single rows.
pub(super) fn statistics(page: &mut String, card: &Scorecard) {
    page.push_str("## How it is measured\n\n");
    let mut told: Vec<&str> = Vec::new();
    for row in &card.rows {
        let statistic = row.fact.statistic;
        if told.contains(&statistic.name) {
            continue;
        }
        told.push(statistic.name);
        let mut ids: Vec<&str> = card
            .rows
            .iter()
            .filter(|row| row.fact.statistic.name == statistic.name)
            .map(|row| row.fact.id.as_str())
            .collect();
        ids.dedup();
        let _ = writeln!(page, "- `{}` ({}): {}.", statistic.name, ids.join(", "), statistic.about);
    }
    page.push_str("\nNotes on single rows:\n\n");
    let mut last = "";
    for row in card.rows.iter().filter(|row| !row.fact.note.is_empty()) {
        if row.fact.note != last {
            let _ = writeln!(page, "- {} {}: {}.", row.fact.id, row.fact.label, row.fact.note);
        }
        last = &row.fact.note;
    }
    if card.rows.iter().any(|row| row.fact.homes == Homes::Many) {
        let _ = writeln!(
            page,
            "\nFacts about bilateral trade are measured on a companion: the same scenario with {FIRMS_PER_HOME} firms in each \
             of {} homes, the members of the European Union, all their exports of all years together. A scenario with ten \
             homes or more serves itself.",
            MANY_HOMES.len()
        );
    }
    if card.rows.iter().any(|row| row.fact.statistic.is_paired()) {
        page.push_str(
            "\nFacts about what a change causes are measured on pairs of runs: the same scenario and seed with the change and \
             without it. Both share every random number that the change does not touch. Random shipments know no changes, \
             so that these facts have no null model.\n",
        );
    }
    page.push('\n');
}

pub(super) const LIMITS: &str = "\
## What this cannot show

- The facts come from different countries, years and kinds of firms; no one population should meet all of them exactly.
  A band says what would be plausible, not what is true of the home simulated.
- The defaults were chosen with these facts in view. That they pass is a check of the model's ability, not a
  prediction; facts that were not used for calibration would be one.
- Passing says that *some* mechanism of this strength reproduces a number, not that it is the mechanism at work.
- A firm that dies within a year leaves no record of that year; customs would have its last shipments.
- The model tells goods from services as little as manufacturers from others. Firms are capped in size at birth, so what
  the few giants of a country do is missing.
- Published values marked K+ are from memory of the published tables.
";

pub(super) fn band_words(fact: &Fact) -> String {
    match (fact.band, fact.pattern) {
        (Some((low, high)), _) => beside([low, high]).join(" to "),
        (None, Some(pattern)) => pattern.word().to_owned(),
        (None, None) => String::new(),
    }
}

pub(super) fn medians_words(values: &Values) -> String {
    let medians: Vec<String> = values.median.iter().map(|value| plain(*value)).collect();
    medians.join(", ")
}

/// Context may be without a value, too.
pub(super) fn is_measured(values: &Values) -> bool {
    values.verdict != Verdict::Unmeasured && values.median.iter().all(|value| value.is_finite())
}

pub(super) fn values_words(values: &Values) -> String {
    match values.median.as_slice() {
        _ if !is_measured(values) => "–".to_owned(),
        [median] => {
            let [median, low, high] = beside([*median, values.low[0], values.high[0]]);
            format!("{median} [{low}, {high}]")
        }
        _ => medians_words(values),
    }
}

pub(super) fn share_words(values: &Values) -> String {
    if !is_measured(values) { "–".to_owned() } else { format!("{:.0} %", 100.0 * values.share) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fact::facts;
    use crate::experiment::validate::score;

    #[test]
    fn a_number_that_passes_in_too_few_seeds_is_named() {
        let fact = facts().into_iter().find(|fact| fact.id == "C8").expect("there is such a row");
        let page = |values: &[f64]| {
            let seeds: Vec<_> = values.iter().map(|value| (vec![*value], vec![*value])).collect();
            let rows = vec![score(&fact, true, seeds.iter(), "")];
            let card = Scorecard { rows, seeds: values.len() as u32, interrupted: false, steps: 0 };
            let mut page = String::new();
            unsteady(&mut page, &card);
            page
        };
        assert!(page(&[0.4, 0.5, 0.6]).contains("Nothing:"));
        let told = page(&[0.4, 0.5, 0.6, 0.9, 0.9]);
        assert!(told.contains(&fact.label) && told.contains("60 %") && !told.contains("Nothing:"), "{told}");
    }
}
