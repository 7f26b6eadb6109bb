//! What the report assumes, how it estimates, and what it cannot tell.

use super::super::{Request, hash, target};
use super::sheet::{Page, esc};
use super::{section, words};
use crate::experiment::compare::file::unit_costs;
use crate::experiment::compare::{Compared, Study};
use crate::report::figure::style::{count, listed};
use crate::scenario::Sections;

pub(super) fn assumptions(page: &mut Page, study: &Study) {
    section(page, 4);
    page.subheading("What differs from the baseline");
    let mut rows = vec![words(&["arm", "settings"])];
    rows.extend(study.arms.iter().map(|arm| vec![arm.label.clone(), arm.differs.join("; ")]));
    page.table(
        "arms",
        "Everything else is the same in all arms; every value in force is in scenarios/",
        "words",
        &rows,
    );
    page.subheading("Measures and what they cost");
    let heads = [
        "measure",
        "arms",
        "US$ a participant",
        "fixed, US$ a round",
        "budget, US$ a round",
        "rounds",
        "who",
        "chosen",
        "where the cost comes from",
    ];
    let mut rows = vec![words(&heads)];
    let mut doses = vec![words(&["measure", "what it does", "settings"])];
    let mut told: Vec<String> = Vec::new();
    for arm in &study.arms {
        let scenario = &arm.plan.scenario;
        for (name, cost) in unit_costs(scenario) {
            let instrument = &scenario.instrument[&name];
            let own = |arm: &&crate::experiment::compare::Branch| {
                arm.plan.scenario.instrument.get(&name).is_some_and(|instrument| instrument.on)
            };
            if told.contains(&name) {
                continue;
            }
            told.push(name.clone());
            let arms: Vec<String> = study.arms.iter().filter(own).map(|arm| arm.label.clone()).collect();
            let money = |x: f32| if x > 0.0 { count(f64::from(x).round() as u64) } else { "–".into() };
            let who = if instrument.who.is_empty() { "every firm".into() } else { instrument.who.join(" and ") };
            let chosen =
                scenario.get(&format!("instrument.{name}.selection")).map(|way| way.to_string().replace('"', ""));
            rows.push(vec![
                name.clone(),
                arms.join("; "),
                count(cost.round() as u64),
                money(instrument.fixed_cost),
                instrument.limit().map_or_else(|| "no limit".into(), |limit| count(limit.round() as u64)),
                format!("{} from {}", instrument.rounds, instrument.start),
                who,
                chosen.unwrap_or_default(),
                if instrument.evidence.is_empty() { "not stated".into() } else { instrument.evidence.clone() },
            ]);
            for operator in &instrument.operators {
                let path = format!("operator.{operator}");
                let setting =
                    |key: &str| Some(format!("{key} {}", scenario.get(&format!("{path}.{key}"))?).replace('"', ""));
                let known = scenario.operator.get(operator);
                let does = scenario.get(&format!("{path}.does")).map(|does| does.to_string().replace('"', ""));
                let mut parts: Vec<String> = setting("dose").into_iter().collect();
                if known.is_some_and(|operator| operator.years > 0.0) {
                    parts.extend(setting("years"));
                }
                if known.is_some_and(|operator| operator.decay > 0.0) {
                    parts.extend(setting("decay"));
                }
                doses.push(vec![name.clone(), does.unwrap_or_default(), parts.join(", ")]);
            }
        }
    }
    page.table("measures", "Budgets and rounds as in the first arm that takes a measure", "words", &rows);
    page.table("doses", "Doses: assumptions of the scenario", "words", &doses);
    page.subheading("What the model does not contain, and what the numbers do not say");
    page.list(LIMITS);
}

pub(super) fn method(page: &mut Page, study: &Study, request: &Request, compared: &Compared) {
    section(page, 5);
    let run = &study.baseline.scenario.run;
    let place = target(study).unwrap_or_default();
    let id = place.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
    let seeds = format!("{}, replicates 0 to {}", run.seed, compared.replicates.saturating_sub(1));
    let outcomes: Vec<String> = study.outcomes.iter().map(|outcome| outcome.label().to_lowercase()).collect();
    let last = study.first_year() + study.compare.horizon as i32 - 1;
    let rows = vec![
        words(&["what", "value"]),
        vec!["program".into(), format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))],
        vec!["seed".into(), seeds],
        vec!["result".into(), id],
        vec!["hash of all scenarios (manifest.json: scenario.hash)".into(), hash(study)],
        vec!["files".into(), study.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")],
        vec![
            "comparators".into(),
            format!("the baseline “{}”, which goes on unchanged, and the arms", study.baseline.name),
        ],
        vec!["horizon".into(), format!("{} years, {} to {last}", study.compare.horizon, study.first_year())],
        vec!["outcomes".into(), format!("{} (primary); {}", outcomes[0], listed(&outcomes[1..]))],
    ];
    page.table("method", "What was run", "words", &rows);
    page.paragraph(
        "The same command with the same program gives the same bytes, on any machine and any number of threads:",
    );
    page.text += &format!("<pre><code>{}</code></pre>\n", esc(&request.command));
    page.list([
        "Effect: mean over pairs of arm minus baseline; 95 % t interval, and percentiles of 2,000 bootstrap means of pairs.",
        "Ratios: mean of the one over mean of the other, with a bootstrap interval over pairs.",
        "Clear: the interval leaves 0 out, and p corrected for everything it was picked from is below .05. Correction: Holm (1979), for \
         the answer over all arms and outcomes reported here, last year, all firms; for the finding of a figure over all it could show.",
        "Most: clearly apart from every other arm, by the differences between arms over the same pairs, corrected over all pairs of arms.",
        "Best buy and ranks: shares of the same bootstrap samples of pairs; equals share.",
        "Frontier: arms that neither another arm nor a mix of two, doing nothing included, beats in cost and effect.",
        "Matching: nearest neighbour with difference in differences, as in evaluations of export promotion.",
    ]);
    page.paragraph(
        "Beside this page: comparison.json (all numbers), tables as Parquet with dictionary.md (every column), tables/ with the same and every table of this page as CSV, figures/ as SVG and PNG, \
         scenarios/ with every value in force, and manifest.json with the hash of every file.",
    );
}

/// What no comparison with this model can tell.
pub(super) const LIMITS: [&str; 8] = [
    "It compares; it does not forecast. The model reproduces published regularities of small firms abroad (docs/validation.md says \
     which, and which not); no effect of a measure was estimated from data of its participants.",
    "What a measure does to a firm (its doses) is an assumption stated in the scenario. An effect is what follows from it, not \
     evidence for it: vary the doses before relying on an order of arms.",
    "Firms do not compete with each other for customers, and prices, wages and exchange rates do not react. What participants gain \
     is nobody's loss by way of the market; displacement is understated.",
    "The money is not raised anywhere: no taxes, no cost of public funds, no administration beyond the costs stated.",
    "Firms sell one product, do not import, merge or move; services and digital products are not told apart from goods.",
    "Country facts are constant: no new trade agreements, crises or wars unless a shock is stated.",
    "Intervals are over seeds: they tell simulation chance, given the settings. They do not tell how wrong the settings may be.",
    "A firm founded since the arms part has no twin; it counts in totals but not in effects on participants.",
];
