//! One page for a sweep or a sensitivity analysis: self-contained HTML with every figure inside.
//!
//! The page needs no other file and no network: figures are inline SVG, and the style is in its head. Equal stores give
//! equal pages: no date is in it.

use crate::error::Error;
use crate::experiment::outcome::Measure;
use crate::experiment::sensitivity::{Answer, Effect, Estimate, Noise, Screening, Sensitivity};
use crate::experiment::sweep::Sweep;
use crate::experiment::sweep::design::Method;
use crate::experiment::sweep::response::{Mean, levels, mean, response};
use crate::experiment::sweep::result::Outcomes;
use crate::experiment::sweep::store::Store;
use crate::experiment::sweep::task::Names;
use crate::report::figure::style::{Unit, capital, count, percent, plain, several};
use crate::report::figure::{Caption, Look, Picture, draw, heat, indices, inline, interval, morris, parallel, series};
use crate::report::file;
use crate::report::sweep::effects::{self, Told};
use crate::report::sweep::export::causes;
use std::fmt::Write as _;
use std::path::Path;

/// What the columns of a Morris screening mean.
pub const MORRIS: &str = "μ: mean effect of moving a setting over its whole range; μ*: mean size of the effect, whatever \
    its sign, with its 95% interval; σ: how much the effect depends on where the other settings stand.";

/// Begins the mark of a page in its head; the title follows.
const MARK: &str = "<meta name=\"generator\" content=\"fondaco: ";

/// Axes of which pairs have heat maps.
const MAPPED: usize = 3;

const STYLE: &str = "body{font-family:Arial,Helvetica,sans-serif;max-width:860px;margin:2em auto;padding:0 1em;color:#262626;\
line-height:1.45}h1{font-size:1.6em}h2{font-size:1.25em;margin-top:2.2em;border-bottom:1px solid #dedede;padding-bottom:.2em}\
table{border-collapse:collapse;font-size:.92em;margin:1em 0}th,td{padding:.25em .7em;text-align:left;border-bottom:1px solid \
#e2e2e2}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}figure{margin:1.2em 0}svg{width:100%;height:auto}\
code{font-size:.95em}p.note{color:#606060}";

/// A page being written, with its figures.
struct Page<'a> {
    body: String,
    /// Where figures are written too, which, and how.
    figures: Option<(&'a Path, &'a Look)>,
    caption: Caption,
    /// The stems of the figures on the page.
    drawn: Vec<String>,
}

impl Page<'_> {
    /// Puts a figure on the page.
    fn figure(&mut self, picture: &impl Picture) -> Result<(), Error> {
        let drawn = inline(picture, &self.caption);
        self.drawn.push(picture.stem().to_owned());
        // Names inside a figure have to differ from those of its neighbours.
        let svg = drawn.svg.replace("aria-labelledby=\"", &format!("aria-labelledby=\"f{}-", self.drawn.len()));
        let svg = svg.replace("id=\"", &format!("id=\"f{}-", self.drawn.len()));
        let svg = relabel(&svg, self.drawn.len());
        let _ = writeln!(self.body, "<figure>{svg}</figure>");
        if let Some((folder, look)) = self.figures.filter(|(_, look)| look.wants(picture.stem())) {
            draw(picture, &self.caption, look, folder)?;
        }
        Ok(())
    }

    fn head(&mut self, text: &str) {
        let _ = writeln!(self.body, "<h2>{}</h2>", escape(text));
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.body, "<p>{}</p>", escape(text));
    }

    /// A table; columns from `numbers` on hold numbers.
    fn table(&mut self, head: &[&str], rows: &[Vec<String>], numbers: usize) {
        let class = |i: usize| if i >= numbers { " class=\"n\"" } else { "" };
        self.body += "<table><tr>";
        for (i, cell) in head.iter().enumerate() {
            let _ = write!(self.body, "<th{}>{}</th>", class(i), escape(cell));
        }
        self.body += "</tr>\n";
        for row in rows {
            self.body += "<tr>";
            for (i, cell) in row.iter().enumerate() {
                let _ = write!(self.body, "<td{}>{}</td>", class(i), escape(cell));
            }
            self.body += "</tr>\n";
        }
        self.body += "</table>\n";
    }

    /// The table of a Morris screening, the settings that matter most first.
    fn effects(&mut self, screening: &Screening, unit: Unit) {
        let mut effects: Vec<&Effect> = screening.effects.iter().collect();
        effects.sort_by(|a, b| b.mu_star.value.total_cmp(&a.mu_star.value));
        let row = |effect: &&Effect| {
            let Estimate { value, low, high } = effect.mu_star;
            let [mu, size, low, high, sigma] =
                unit.beside([effect.mu.unwrap_or(f64::NAN), value, low, high, effect.sigma]);
            vec![words(&effect.group), mu, size, format!("{low} to {high}"), sigma]
        };
        let rows: Vec<Vec<String>> = effects.iter().map(row).collect();
        self.table(&["setting", "μ", "μ*", "95% interval of μ*", "σ"], &rows, 1);
        self.line(MORRIS);
    }

    fn finish(self, title: &str, path: &Path) -> Result<(), Error> {
        if let Some((_, look)) = self.figures {
            look.check(self.drawn.iter().map(String::as_str))?;
        }
        let page = format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta name=\"viewport\" \
             content=\"width=device-width\">\n{MARK}{0}\">\n<title>{0}</title>\n<style>{STYLE}</style></head>\n<body>\n<h1>{0}</h1>\n{1}\
             </body></html>\n",
            escape(title),
            self.body
        );
        file::write(path, page.as_bytes()).map(drop)
    }
}

/// The title of the page of a sweep.
fn titled(sweep: &Sweep) -> String {
    format!("Sweep {}", sweep.name)
}

/// Is the file at a path a page that this sweep wrote before?
pub fn is_page_of(sweep: &Sweep, path: &Path) -> bool {
    let page = std::fs::read_to_string(path).unwrap_or_default();
    page.starts_with("<!doctype html>") && page.contains(&format!("{MARK}{}\">\n", escape(&titled(sweep))))
}

/// The second name that a figure is labelled by gets its number too.
fn relabel(svg: &str, number: usize) -> String {
    let Some((front, rest)) = svg.split_once("aria-labelledby=\"") else { return svg.to_owned() };
    let Some((names, rest)) = rest.split_once('"') else { return svg.to_owned() };
    let names = names.replacen(' ', &format!(" f{number}-"), 1);
    format!("{front}aria-labelledby=\"{names}\"{rest}")
}

fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

pub(super) fn unit(measure: &Measure) -> Unit {
    if measure.is_share() { Unit::Share } else { Unit::Plain }
}

/// The outcome in a sentence: its meaning without the full stop, and its unit.
pub(super) fn told(measure: &Measure) -> String {
    let meaning = measure.meaning.trim_end_matches('.');
    match measure.unit.as_str() {
        "1" if measure.is_share() => format!("{meaning} (%)"),
        "1" => meaning.to_owned(),
        unit => format!("{meaning} ({unit})"),
    }
}

/// A column name as words within a sentence.
pub(super) fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// A group of axes as words within a sentence: the meaning of its setting if it has only one.
fn group(sweep: &Sweep, name: &str) -> String {
    let mut own = sweep.design.axes.iter().filter(|axis| axis.group == name);
    match (own.next(), own.next()) {
        (Some(only), None) => only.spoken().to_owned(),
        _ => words(name),
    }
}

/// The outcome as words within a sentence.
pub(super) fn spoken(measure: &Measure) -> String {
    words(&measure.name)
}

fn caption(sweep: &Sweep, outcomes: &Outcomes) -> Caption {
    Caption {
        n: outcomes.taken,
        of: format!("runs ({} points, {} replicates)", outcomes.points, outcomes.replicates),
        scenario: sweep.subject.name(),
        seed: sweep.subject.seed(),
        note: format!("sweep {}, design {}", sweep.name, sweep.design.method.word()),
        method: String::new(),
    }
}

/// What was asked, what is there, and what failed.
fn introduction(
    page: &mut Page,
    sweep: &Sweep,
    names: &Names,
    store: &mut Store,
    outcomes: &Outcomes,
) -> Result<(), Error> {
    if !sweep.about.is_empty() {
        page.line(&sweep.about);
    }
    let all = sweep.runs();
    page.line(&format!(
        "{} {} · design {} · {} points × {} replicates · {} of {} runs finished, {} failed · {} {}",
        capital(sweep.subject.words().kind),
        sweep.subject.name(),
        sweep.design.method.word(),
        count(outcomes.points as u64),
        sweep.replicates,
        count(all - outcomes.missing),
        count(all),
        count(outcomes.failed),
        env!("CARGO_PKG_NAME"),
        names.chapter.program,
    ));
    if outcomes.missing > 0 {
        page.line(&format!(
            "Not every run is made. What follows rests on {}.",
            if outcomes.replicates as u64 * outcomes.points as u64 <= all - outcomes.missing {
                format!("the {} with every point", several(outcomes.replicates as u64, "replicate", "replicates"))
            } else {
                "what there is of the first replicate, a balanced sample of the points".to_owned()
            }
        ));
    }
    let row = |axis: &crate::experiment::sweep::design::Axis| {
        let span = match axis.levels() {
            Some(levels) => levels.iter().map(|level| level.label.clone()).collect::<Vec<_>>().join(", "),
            None => format!("{} to {}", plain(axis.value(0.0)), plain(axis.value(1.0))),
        };
        let meaning = |path: &String| sweep.subject.words().declared(path).map(|decl| decl.doc.clone());
        let meaning = axis.paths.iter().find_map(meaning).unwrap_or_default();
        vec![axis.name.clone(), axis.label.clone(), axis.paths.join(", "), meaning, span]
    };
    let rows: Vec<Vec<String>> = sweep.design.axes.iter().map(row).collect();
    page.table(&["axis", "label", "setting", "meaning", "values"], &rows, 9);
    let failures = causes(sweep, names, store)?;
    if !failures.is_empty() {
        page.head("Runs that failed");
        let rows: Vec<Vec<String>> = failures.into_iter().map(|(cause, runs)| vec![cause, count(runs)]).collect();
        page.table(&["cause", "runs"], &rows, 1);
    }
    Ok(())
}

/// Writes the page of a sweep: for every outcome shown a tornado, the response to every axis, heat maps of pairs of
/// axes, and parallel coordinates; each figure goes into `figures` too, if given.
///
/// # Errors
/// The store cannot be read, a figure not be drawn, or the page not be written.
pub fn sweep(
    sweep: &Sweep,
    names: &Names,
    store: &mut Store,
    path: &Path,
    figures: Option<(&Path, &Look)>,
) -> Result<(), Error> {
    let outcomes = Outcomes::read(sweep, names, store)?;
    let mut page = Page { body: String::new(), figures, caption: caption(sweep, &outcomes), drawn: Vec::new() };
    introduction(&mut page, sweep, names, store, &outcomes)?;
    for (o, place) in sweep.outcomes.iter().enumerate() {
        let measure = &sweep.subject.words().measures[*place];
        page.head(&format!("{}: {}", spoken(measure), told(measure)));
        of_outcome(&mut page, sweep, &outcomes, o, measure)?;
    }
    page.finish(&titled(sweep), path)
}

/// What an interval means in a design.
fn interval_words(sweep: &Sweep, outcomes: &Outcomes) -> &'static str {
    match (sweep.design.method, outcomes.replicates) {
        (Method::Grid | Method::Points, 1) => "one replicate, so no interval",
        (Method::Grid | Method::Points, _) => "95% interval over replicates",
        _ => "95% interval over points",
    }
}

fn of_outcome(page: &mut Page, sweep: &Sweep, outcomes: &Outcomes, o: usize, measure: &Measure) -> Result<(), Error> {
    let axes = &sweep.design.axes;
    let responses: Vec<Vec<Mean>> = (0..axes.len()).map(|axis| response(sweep, outcomes, o, axis)).collect();
    let interval_words = interval_words(sweep, outcomes);
    let effects = Told::of(sweep, outcomes, o, measure);
    match &effects {
        Some(effects) => {
            page.line(&effects.sentence());
            page.table(&effects::HEADS, &effects.rows(sweep), 3);
            page.line(&effects.method(sweep));
            if axes.len() > 1 {
                page.figure(&effects.tornado(sweep, outcomes, o, measure, &responses))?;
            }
        }
        None => page.line("Too few points have a value to tell the effects of so many settings apart."),
    }
    for (number, (axis, means)) in axes.iter().zip(&responses).enumerate() {
        // One class is no response.
        if means.len() < 2 {
            continue;
        }
        let effect = effects.as_ref().and_then(|effects| effects.of_axis(number));
        let title = capital(&effect.unwrap_or_else(|| format!("{} by {}", spoken(measure), axis.label)));
        let stem = format!("response_{}_{}", measure.name, axis.name);
        let about = format!("{} by {}", spoken(measure), axis.spoken());
        let others = if axes.len() > 1 { ", mean over the other settings" } else { "" };
        let subtitle = format!("{}{others}; {interval_words}", told(measure));
        if axis.is_numeric() {
            page.figure(&series::Input {
                stem,
                about,
                title,
                subtitle,
                x: means.iter().map(|mean| mean.x).collect(),
                lines: vec![series::Line {
                    label: String::new(),
                    baseline: false,
                    points: means.iter().map(|mean| (mean.value, mean.low, mean.high)).collect(),
                }],
                x_label: axis.label.clone(),
                x_unit: Unit::Plain,
                y_label: told(measure),
                y_unit: unit(measure),
                from_zero: true,
            })?;
        } else {
            let whole = mean(sweep, outcomes, o, &(0..outcomes.points).collect::<Vec<_>>()).0;
            let row = |mean: &Mean| interval::Row {
                label: mean.level.clone(),
                estimate: mean.value,
                low: mean.low,
                high: mean.high,
            };
            page.figure(&interval::Input {
                stem,
                about,
                title,
                subtitle,
                rows: means.iter().map(row).collect(),
                measure: told(measure),
                unit: unit(measure),
                reference: (whole, "mean of all".to_owned()),
            })?;
        }
    }
    // Where points are drawn, no two share a cell.
    let mapped = if sweep.design.method == Method::Grid { axes.len().min(MAPPED) } else { 0 };
    for a in 0..mapped {
        for b in a + 1..mapped {
            page.figure(&heat_of(sweep, outcomes, o, measure, (a, b), interval_words))?;
        }
    }
    if axes.len() > 2 {
        page.figure(&parallel_of(sweep, outcomes, o, measure))?;
    }
    Ok(())
}

fn heat_of(
    sweep: &Sweep,
    outcomes: &Outcomes,
    o: usize,
    measure: &Measure,
    (a, b): (usize, usize),
    interval_words: &str,
) -> heat::Input {
    let (across, up) = (levels(sweep, a), levels(sweep, b));
    let cell = |x: usize, y: usize| {
        let here = |point: &usize| across.of_point[*point] == x && up.of_point[*point] == y;
        let points: Vec<usize> = (0..outcomes.points).filter(here).collect();
        let (value, _, high) = mean(sweep, outcomes, o, &points);
        (value, high - value)
    };
    let cells: Vec<Vec<(f64, f64)>> =
        (0..up.labels.len()).map(|y| (0..across.labels.len()).map(|x| cell(x, y)).collect()).collect();
    let axes = &sweep.design.axes;
    let places = || (0..up.labels.len()).flat_map(|y| (0..across.labels.len()).map(move |x| (x, y)));
    let known = || places().filter(|(x, y)| cells[*y][*x].0.is_finite());
    let peak = known().max_by(|p, q| cells[p.1][p.0].0.total_cmp(&cells[q.1][q.0].0));
    let least = known().map(|(x, y)| cells[y][x].0).fold(f64::INFINITY, f64::min);
    let title = peak.map_or_else(String::new, |(x, y)| {
        let [least, greatest] = unit(measure).beside([least, cells[y][x].0]);
        capital(&format!(
            "{} over {} cells, {least} to {greatest}: greatest at {} {} and {} {}",
            spoken(measure),
            known().count(),
            axes[a].spoken(),
            across.labels[x],
            axes[b].spoken(),
            up.labels[y]
        ))
    });
    heat::Input {
        stem: format!("heat_{}_{}_{}", measure.name, axes[a].name, axes[b].name),
        about: format!("{} by {} and {}", spoken(measure), axes[a].spoken(), axes[b].spoken()),
        title,
        subtitle: format!("{}, mean; ± half width of the {interval_words}", told(measure)),
        across: across.labels,
        across_label: axes[a].label.clone(),
        up: up.labels,
        up_label: axes[b].label.clone(),
        cells,
        unit: unit(measure),
    }
}

fn parallel_of(sweep: &Sweep, outcomes: &Outcomes, o: usize, measure: &Measure) -> parallel::Input {
    let column = |axis: &crate::experiment::sweep::design::Axis| parallel::Column {
        label: axis.spoken().to_owned(),
        levels: axis.levels().map_or_else(Vec::new, |levels| levels.iter().map(|level| level.label.clone()).collect()),
    };
    parallel::Input {
        stem: format!("parallel_{}", measure.name),
        about: format!("{} over all settings", spoken(measure)),
        outcome: spoken(measure),
        unit: unit(measure),
        columns: sweep.design.axes.iter().map(column).collect(),
        points: (0..outcomes.points).map(|point| (sweep.design.point(point as u64), outcomes.mean(o, point))).collect(),
    }
}

/// What noise is, in a sentence.
pub fn noise_words(noise: Option<&Noise>) -> String {
    noise.map_or_else(
        || "One replicate cannot tell noise from effects: raise `replicates`.".to_owned(),
        |noise| {
            format!(
                "{} of the variance of single runs is Monte-Carlo noise ({} common to all points, which differences do not \
                 have); {} of the variance of means over replicates is noise left in them.",
                percent(noise.share),
                percent(noise.common),
                percent(noise.left)
            )
        },
    )
}

/// Writes the page of a sensitivity analysis.
///
/// # Errors
/// The store cannot be read, a figure not be drawn, or the page not be written.
pub fn sensitivity(
    sweep: &Sweep,
    names: &Names,
    store: &mut Store,
    outcomes: &Outcomes,
    found: &[Sensitivity],
    path: &Path,
    figures: Option<(&Path, &Look)>,
) -> Result<(), Error> {
    let mut page = Page { body: String::new(), figures, caption: caption(sweep, outcomes), drawn: Vec::new() };
    introduction(&mut page, sweep, names, store, outcomes)?;
    for one in found {
        let measure = &sweep.subject.words().measures[sweep.outcomes[one.outcome]];
        page.head(&format!("{}: {}", spoken(measure), told(measure)));
        page.line(&noise_words(one.noise.as_ref()));
        match &one.answer {
            None => page.line("Too few points have a value, or nothing varies: nothing can be told."),
            Some(Answer::Sobol(sobol)) => {
                page.line(&format!(
                    "{} rows used, {} left out because a run in them failed or has no such number.",
                    sobol.rows, sobol.left_out
                ));
                let row = |index: &crate::experiment::sensitivity::Index| indices::Row {
                    label: group(sweep, &index.group),
                    first: (index.first.value, index.first.low, index.first.high),
                    total: (index.total.value, index.total.low, index.total.high),
                };
                page.figure(&indices::Input {
                    stem: format!("indices_{}", measure.name),
                    about: format!("What decides {}", spoken(measure)),
                    outcome: spoken(measure),
                    rows: sobol.indices.iter().map(row).collect(),
                    noise: one.noise.map(|noise| noise.left),
                })?;
            }
            Some(Answer::Morris(screening)) => {
                page.line(&format!(
                    "{} trajectories, {} effects used, {} left out because a run failed or has no such number.",
                    screening.trajectories, screening.used, screening.left_out
                ));
                let dot = |effect: &crate::experiment::sensitivity::Effect| morris::Dot {
                    label: group(sweep, &effect.group),
                    mu_star: effect.mu_star.value,
                    low: effect.mu_star.low,
                    high: effect.mu_star.high,
                    sigma: effect.sigma,
                };
                page.figure(&morris::Input {
                    stem: format!("plane_{}", measure.name),
                    about: format!("Screening of {}", spoken(measure)),
                    outcome: told(measure),
                    spoken: spoken(measure),
                    dots: screening.effects.iter().map(dot).collect(),
                    unit: unit(measure),
                })?;
                page.effects(screening, unit(measure));
            }
        }
    }
    page.finish(&format!("Sensitivity {}", sweep.name), path)
}
