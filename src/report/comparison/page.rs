//! The report of a comparison: one page that needs no network and no scripts, answer first, readable printed.
//!
//! It follows the checklist of CHEERS 2022 (Husereau et al., *BMJ* 376, e067975) where it applies to a simulated programme:
//! comparators, perspective, horizon, discount rate, price year, heterogeneity, uncertainty, sources of costs.

mod method;
mod sheet;

use super::Request;
use super::figure::{Drawing, FEW_PAIRS, gain_rows};
use super::say::{Findings, cells, headline, last_year, per_dollar, per_exporter, percent, shown, spending};
use crate::experiment::compare::group::DIMENSIONS;
use crate::experiment::compare::{ArmResult, Compared, Study, Whom};
use crate::report::figure::style::{beside, count, listed, plain, signed};
use crate::report::figure::{OVER_TIME, acceptability, additional, cost_plane, forest, gains, profile};
use crate::statistics::Estimate;
use crate::statistics::claim::with_range;
use crate::statistics::words::probability;
use method::{assumptions, method};
pub use sheet::Shown;
use sheet::{Page, esc};

/// How the page looks, on screen and on paper.
const STYLE: &str = "
:root { color-scheme: light; }
body { font: 16px/1.5 'DejaVu Sans', Verdana, Arial, sans-serif; color: #262626; background: #fff; max-width: 62rem;
  margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .3rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; border-top: 1px solid #bbb;
  padding-top: .8rem; } h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
.answer { font-size: 1.15rem; border-left: .35rem solid #0072b2; padding: .4rem 0 .4rem 1rem; margin: 1rem 0; }
.draft { border: 2px solid #b24500; padding: .4rem .8rem; }
.soft, caption, figcaption { color: #555; font-size: .88rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; margin: .5rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .3rem; }
th, td { text-align: right; padding: .22rem .55rem; border-bottom: 1px solid #ddd; vertical-align: top; }
th { border-bottom: 2px solid #555; vertical-align: bottom; } tbody th { border-bottom: 1px solid #ddd; font-weight: normal;
  vertical-align: top; }
th:first-child, td:first-child, table.words th, table.words td { text-align: left; }
figure { margin: 1rem 0; overflow-x: auto; } figure svg { max-width: 100%; height: auto; display: block; }
details { margin: .3rem 0 1rem; } summary { cursor: pointer; color: #00517f; }
pre { background: #f4f4f4; padding: .6rem .8rem; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
code { font-size: .9em; overflow-wrap: anywhere; } nav ol { columns: 2; font-size: .9rem; margin: .4rem 0; }
a { color: #00517f; }
.narrow { display: none; }
@media screen { table:not(.words) td { white-space: nowrap; } tbody th { min-width: 6rem; } }
@media (max-width: 45rem) {
  body { padding: .8rem; } h1 { font-size: 1.25rem; } .answer { font-size: 1rem; padding-left: .7rem; }
  nav ol { columns: 1; } figure svg { max-width: none; width: 44rem; } table.words { min-width: 36rem; }
  caption { position: sticky; left: 0; max-width: calc(100vw - 1.6rem); } .narrow { display: inline; font-weight: bold; }
}
@media print {
  @page { size: A4; margin: 12mm 14mm; }
  body { font-size: 9pt; line-height: 1.35; max-width: none; padding: 0; } h1 { font-size: 14pt; }
  h2 { font-size: 11.5pt; margin: 4mm 0 1mm; padding-top: 1.5mm; } h3 { font-size: 9.5pt; margin: 2.5mm 0 .5mm; }
  p, ul { margin: 1.2mm 0; } ul { columns: 2; column-gap: 8mm; padding-left: 4mm; font-size: 8pt; } li { break-inside: avoid; }
  .answer { font-size: 10pt; } .soft, caption, figcaption { font-size: 8pt; } nav { display: none; } .wide { overflow: visible; }
  pre { padding: 1mm 2mm; margin: 1.2mm 0; font-size: 8pt; }
  table { font-size: 6.8pt; line-height: 1.2; margin: 1.5mm 0; } th, td { padding: .4mm 1mm; } table.words { width: 100%; }
  table.long { font-size: 6.5pt; } table.long td { white-space: nowrap; } table.long th, table.long td { padding: .2mm 1mm; }
  table.long tr > :nth-child(n+6):nth-child(-n+7), table.long tr > :nth-child(n+10) { display: none; }
  h2, h3, caption, thead { break-after: avoid; } figure, tr, .answer { break-inside: avoid; }
  figure { margin: 1.5mm 0; overflow: visible; } figure svg { max-height: 74mm; margin: 0 auto; }
  figure.tall svg { max-height: 160mm; }
  details:not([open]), details[open] > summary { display: none; }
  a { color: inherit; text-decoration: none; }
}
";

/// The report as HTML, and the tables on it.
pub fn page(study: &Study, request: &Request, compared: &Compared, drawings: &[Drawing]) -> (String, Vec<Shown>) {
    let mut page = Page { text: String::new(), tables: Vec::new(), figures: 0 };
    head(&mut page, study, compared);
    answer(&mut page, study, compared, drawings);
    time(&mut page, compared, drawings);
    who(&mut page, study, compared, drawings);
    money(&mut page, study, compared, drawings);
    sure(&mut page, study, compared);
    assumptions(&mut page, study);
    method(&mut page, study, request, compared);
    (page.text + "</main>\n</body>\n</html>\n", page.tables)
}

fn head(page: &mut Page, study: &Study, compared: &Compared) {
    let name = esc(&study.name);
    let last = study.first_year() + study.compare.horizon as i32 - 1;
    page.text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1\">\n<meta name=\"generator\" content=\"{} {}\">\n<title>{name}: support measures compared</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{name}: support measures compared</h1>\n",
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION"),
    );
    let homes: Vec<String> = study.baseline.homes.iter().map(|home| home.iso3.clone()).collect();
    page.text += &format!(
        "<p class=\"soft\">{} of {}, {} firms in {}, {} to {last}; baseline “{}”. A simulation: it compares, it does not \
         forecast.</p>\n",
        if compared.arms.len() == 1 { "One arm".to_owned() } else { format!("{} arms", compared.arms.len()) },
        "support measures",
        count(study.baseline.scenario.population.firms as u64),
        esc(&listed(&homes)),
        study.first_year(),
        esc(&study.baseline.name),
    );
    if compared.interrupted {
        page.text += &format!(
            "<p class=\"draft\"><strong>Draft.</strong> The comparison was interrupted after {} pairs.</p>\n",
            compared.replicates
        );
    } else if compared.replicates < FEW_PAIRS {
        page.text += &format!(
            "<p class=\"draft\"><strong>Few pairs.</strong> With {} pairs of runs the intervals are rough; {FEW_PAIRS} or more are \
             better.</p>\n",
            compared.replicates
        );
    }
    if compared.precise == Some(false) {
        page.text += "<p class=\"draft\"><strong>Not as precise as asked for.</strong> The most pairs allowed were simulated.</p>\n";
    }
}

fn answer(page: &mut Page, study: &Study, compared: &Compared, drawings: &[Drawing]) {
    let (answer, rows) = headline(study, compared);
    let last = last_year(study);
    page.text += &format!("<p class=\"answer\"><strong>{}</strong></p>\n", esc(&answer));
    let caption = format!(
        "{} ({}) in {last}: arm minus baseline, mean over {} pairs of runs; costs discounted to {} at {} % a year, prices of {}",
        study.outcomes[0].label(),
        study.outcomes[0].unit(),
        compared.replicates,
        study.first_year(),
        plain(100.0 * study.compare.discount),
        study.compare.price_year,
    );
    page.table("answer", &caption, "", &rows);
    for remark in Findings::new(study, compared).parts().into_iter().chain(compared.arms.iter().filter_map(spending)) {
        page.paragraph(&remark);
    }
    page.text += "<p class=\"soft\">Participants: firms of the year before the arms part that took part, per run. Per additional \
                  exporter: US$, with its 95 % bootstrap interval; \
                  told only where the effect is clear. An effect is clear where its interval leaves 0 out and its p value, corrected for \
                  everything it was picked from (Holm), is below .05. Income per US$: what firms earn on additional exports of all years, \
                  for each US$ of cost. Deadweight: share of exporting participants that would have exported anyway. Spillover: net \
                  additional exporters among firms that did not take part. Ranks first: share of bootstrap samples of pairs in which the \
                  arm brings the most exporters; it tells chance between seeds, the settings being what they are.</p>\n";
    page.text += "<nav aria-label=\"Contents\"><ol>\n";
    for (id, text) in SECTIONS {
        page.text += &format!("<li><a href=\"#{id}\">{text}</a></li>\n");
    }
    page.text += "</ol></nav>\n";
    page.figure(drawings, forest::STEM);
}

/// The parts of the page after the answer.
const SECTIONS: [(&str, &str); 6] = [
    ("time", "When effects come and go"),
    ("who", "Who gains"),
    ("money", "Value for money"),
    ("sure", "How sure are we"),
    ("assumptions", "Assumptions and limits"),
    ("method", "Method and reproduction"),
];

fn section(page: &mut Page, at: usize) {
    page.heading(SECTIONS[at].0, SECTIONS[at].1);
}

fn time(page: &mut Page, compared: &Compared, drawings: &[Drawing]) {
    section(page, 0);
    page.figure(drawings, OVER_TIME.0);
    page.figure(drawings, profile::STEM);
    let mut rows = vec![words(&[
        "arm",
        "through the number of exporters",
        "95 % interval",
        "through exports each",
        "95 % interval",
    ])];
    for arm in &compared.arms {
        let mut row = vec![arm.label.clone()];
        for part in [&arm.extensive, &arm.intensive] {
            row.extend(shown(arm, part, 1.0));
        }
        rows.push(row);
    }
    page.table("margins", "Change of exports in the last year (US$), by its two parts", "", &rows);
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn who(page: &mut Page, study: &Study, compared: &Compared, drawings: &[Drawing]) {
    section(page, 1);
    let post = DIMENSIONS.iter().filter(|known| known.0 == "trajectory").map(|known| known.1);
    page.paragraph(&format!(
        "Groups are what firms were in the year before the arms part, the same in all arms. One is told afterwards, by the outcome \
         itself: the {}, read off the run without the measure. Who would not have exported can only gain, who would have can only lose; \
         such rows say where changes lie, and are no evidence of who gains more.",
        post.collect::<String>()
    ));
    page.figure(drawings, gains::STEM);
    page.figure(drawings, additional::STEM);
    let mut rows = vec![words(&[
        "arm",
        "participants",
        "founded since",
        "eligible without a place",
        "take-up",
        "gained",
        "lost",
        "would have exported anyway",
        "net among others",
        "lasting",
    ])];
    for arm in &compared.arms {
        let extra = &arm.additionality;
        rows.push(vec![
            arm.label.clone(),
            plain(extra.treated.mean),
            plain(extra.newcomers),
            plain(extra.untreated),
            percent(extra.take_up),
            plain(extra.gained.mean),
            plain(extra.lost.mean),
            percent(extra.deadweight.mean),
            if arm.reached_nobody { super::say::NOBODY.to_owned() } else { with_range(&extra.others) },
            percent(extra.persistence.mean),
        ]);
    }
    page.table(
        "additionality",
        "Additionality, per run: participants that export in the last year and would not have (gained), and the other way round (lost); \
         lasting: share of those gained one year after enrolment that are still additional in the last year",
        "",
        &rows,
    );
    let leader = Findings::new(study, compared).leader();
    let others = compared.arms.iter().enumerate().filter(|(number, _)| Some(*number) != leader);
    for (_, arm) in others {
        page.text += &format!("<details><summary>Who gains from {}</summary>\n", esc(&arm.label));
        page.table(&format!("groups-{}", arm.name), &format!("{}, by group", arm.label), "", &gain_rows(arm));
        page.text += "</details>\n";
    }
}

fn money(page: &mut Page, study: &Study, compared: &Compared, drawings: &[Drawing]) {
    section(page, 2);
    let compare = &study.compare;
    page.paragraph(&format!(
        "Perspective: {}. US$ in prices of {}, discounted to {} at {} % a year. Income from additional exports is {} % of their value.",
        compare.perspective,
        compare.price_year,
        study.first_year(),
        plain(100.0 * compare.discount),
        plain(100.0 * study.margin())
    ));
    let heads = [
        "arm",
        "cost",
        "95 % interval",
        "per additional exporter",
        "exports per US$ of cost",
        "income over cost",
        "beaten by",
    ];
    let mut rows = vec![words(&heads)];
    for arm in &compared.arms {
        let money = &arm.money;
        let cost = beside([money.cost.mean, money.cost.low, money.cost.high].map(|cost| cost.max(0.0).round()));
        rows.push(vec![
            arm.label.clone(),
            cost[0].clone(),
            format!("{} to {}", cost[1], cost[2]),
            per_exporter(study, compared, arm),
            per_dollar(&money.exports_per_dollar),
            per_dollar(&money.benefit_cost),
            if money.dominated_by.is_empty() { "–".into() } else { money.dominated_by.clone() },
        ]);
    }
    page.table("money", "Costs and what they buy (US$; 95 % bootstrap intervals in brackets)", "", &rows);
    page.figure(drawings, cost_plane::STEM);
    page.figure(drawings, acceptability::STEM);
    let mut rows = vec![words(&["arm"])];
    rows[0].extend((0..compare.horizon as i32).map(|year| (study.first_year() + year).to_string()));
    for arm in &compared.arms {
        let years = arm.money.cost_by_year.iter().map(|cost| count(cost.max(0.0).round() as u64));
        rows.push(std::iter::once(arm.label.clone()).chain(years).collect());
    }
    page.text += "<details><summary>Costs by year</summary>\n";
    page.table("costs-by-year", "Costs by year, US$, not discounted", "", &rows);
    page.text += "</details>\n";
}

fn sure(page: &mut Page, study: &Study, compared: &Compared) {
    section(page, 3);
    page.paragraph(
        "Both runs of a pair share every random number that the measures do not touch: a difference is what the measure causes in that \
         one history. The gain from pairing says how many times more runs independent ones would need for the same interval.",
    );
    let last = study.compare.horizon as usize - 1;
    let heads = [
        "arm",
        "outcome",
        "baseline",
        "difference",
        "95 % t interval",
        "95 % bootstrap interval",
        "same sign",
        "p",
        "p (Holm)",
        "gain from pairing",
        "pairs",
    ];
    let rows = |arm: &ArmResult, primary: bool| -> Vec<Vec<String>> {
        let outcomes = study.outcomes.iter().enumerate().filter(|(i, _)| (*i == 0) == primary);
        let row = |outcome: &crate::experiment::compare::outcome::Outcome| {
            let effect = arm.effect(Whom::All, *outcome, last);
            let estimate = &effect.estimate;
            let [mean, interval] = shown(arm, estimate, 1.0);
            let samples = Estimate { low: estimate.boot_low, high: estimate.boot_high, ..*estimate };
            let [_, samples] = shown(arm, &samples, 1.0);
            vec![
                arm.label.clone(),
                format!("{} ({})", outcome.label(), if outcome.unit() == "1" { "share" } else { outcome.unit() }),
                plain(effect.baseline),
                mean,
                interval,
                samples,
                percent(estimate.same_sign),
                probability(estimate.p),
                probability(effect.corrected),
                if effect.reduction.is_finite() { format!("× {}", plain(effect.reduction)) } else { "–".into() },
                estimate.n.to_string(),
            ]
        };
        outcomes.map(|(_, outcome)| row(outcome)).collect()
    };
    let all = |primary: bool| -> Vec<Vec<String>> {
        std::iter::once(words(&heads)).chain(compared.arms.iter().flat_map(|arm| rows(arm, primary))).collect()
    };
    page.table(
        "effects-primary",
        "Primary outcome, all firms, last year; p corrected over all arms and reported outcomes",
        "",
        &all(true),
    );
    if study.outcomes.len() > 1 {
        page.text += "<details open><summary>Further outcomes</summary>\n";
        let caption = "Further outcomes, all firms, last year; on paper without the bootstrap, the signs and the pairs, which are in \
                       tables/effects-further.csv";
        page.table("effects-further", caption, "long", &all(false));
        page.text += "</details>\n";
    }
    ranks(page, compared);
    matching_study(page, compared);
}

/// How often each arm comes first, second and so on.
fn ranks(page: &mut Page, compared: &Compared) {
    let mut rows = vec![words(&["arm"])];
    rows[0].extend((1..=compared.arms.len()).map(|rank| format!("rank {rank}")));
    for arm in &compared.arms {
        rows.push(
            std::iter::once(arm.label.clone()).chain(arm.money.ranks.iter().map(|share| percent(*share))).collect(),
        );
    }
    page.table("ranks", "Share of bootstrap samples of pairs in which an arm has each rank by additional exporters; arms that bring the same share their ranks", "", &rows);
}

/// The estimate of a study without twins beside the truth.
fn matching_study(page: &mut Page, compared: &Compared) {
    page.subheading("What a matching study would have found");
    page.paragraph(
        "In the world of an arm alone, without its twin, an evaluator would match participants with similar firms that did not take \
         part, and compare their changes. Beside it stands the true effect, which only a simulation knows: the gap is the bias of the \
         method, from selection and from what spills over to the controls.",
    );
    let heads = [
        "arm",
        "exporting: matched",
        "95 % interval",
        "exporting: true",
        "95 % interval",
        "exports: matched",
        "exports: true",
    ];
    let mut rows = vec![words(&heads)];
    for arm in &compared.arms {
        let matched = &arm.matched;
        let relative = |x: f64| if x.is_finite() { format!("{} %", signed(100.0 * x)) } else { "–".into() };
        let both = |estimate: &Estimate| cells(estimate, 100.0);
        let mut row = vec![arm.label.clone()];
        row.extend(both(&matched.exporting));
        row.extend(both(&matched.exporting_true));
        row.extend([relative(matched.exports.mean), relative(matched.exports_true.mean)]);
        rows.push(row);
    }
    page.table(
        "matched",
        "Effect on participants in the last year: probability of exporting (percentage points) and exports",
        "",
        &rows,
    );
}
