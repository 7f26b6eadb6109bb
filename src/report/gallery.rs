//! The gallery of a run: gathers what the figures show, over all replicates, and draws them.

mod across;
mod scarcity;
mod surroundings;

use crate::economy::accounts::{AGES, RANKS, STATES, Sum, Tallies};
use crate::engine::model::Model;
use crate::engine::quarter::sight;
use crate::engine::social::Social;
use crate::engine::{Outcome, YearTotals};
use crate::error::Error;
use crate::network::{Csr, TieKind};
use crate::observe::depletion;
use crate::report::fact;
use crate::report::figure::diffusion::Published;
use crate::report::figure::entry_order::Order;
use crate::report::figure::trajectory::{Class, Way};
use crate::report::figure::{self, Caption, Drawn, Look, Order as Job, Picture, draw_all, style};
use crate::report::record::Classes;
use across::Runs;
use scarcity::{deplete, order, table_spearman};
use std::collections::BTreeMap;
use std::path::Path;
use surroundings::{PARTNERS, PEERS, map, network};

/// Classes of FSTS between 0 and 1.
const FSTS_BINS: usize = 20;
/// Width of a bin of felt or perceived distance.
const DISTANCE_BIN: f32 = 0.025;
/// Firms exporting in the last observed year.
#[derive(Clone, Debug, PartialEq)]
pub struct LastYear {
    /// Exporters by number of markets.
    pub markets: BTreeMap<u64, u64>,
    pub fsts_bins: Vec<u64>,
    pub fsts_sum: f64,
    pub low: u64,
    pub high: u64,
}

impl Default for LastYear {
    fn default() -> Self {
        Self { markets: BTreeMap::new(), fsts_bins: vec![0; FSTS_BINS], fsts_sum: 0.0, low: 0, high: 0 }
    }
}

impl LastYear {
    /// Adds an exporter.
    pub fn add(&mut self, markets: u8, fsts: f32) {
        *self.markets.entry(u64::from(markets)).or_default() += 1;
        self.fsts_bins[((fsts * FSTS_BINS as f32) as usize).min(FSTS_BINS - 1)] += 1;
        self.fsts_sum += f64::from(fsts);
        self.low += u64::from(fsts < 0.2);
        self.high += u64::from(fsts > 0.8);
    }

    fn merge(&mut self, other: &Self) {
        for (markets, firms) in &other.markets {
            *self.markets.entry(*markets).or_default() += firms;
        }
        for (to, from) in self.fsts_bins.iter_mut().zip(&other.fsts_bins) {
            *to += from;
        }
        self.fsts_sum += other.fsts_sum;
        self.low += other.low;
        self.high += other.high;
    }

    fn exporters(&self) -> u64 {
        self.markets.values().sum()
    }
}

/// What the figures of a run need, gathered over replicates.
#[derive(Debug, Default)]
pub struct Gallery {
    tallies: Option<Tallies>,
    classes: Option<Classes>,
    /// Lowest and highest share of living firms among replicates, by label and year; all ways abroad as "abroad".
    label_ranges: BTreeMap<&'static str, Vec<(f64, f64)>>,
    /// Years that a firm has to be seen for its label to be settled.
    window: u32,
    last_year: LastYear,
    /// Yearly totals of all homes and replicates together.
    years: BTreeMap<i32, YearTotals>,
    /// Shares of firms that use SNS in each replicate by year: of all firms, and of those with 10 employees.
    sns: Vec<BTreeMap<i32, [f64; 2]>>,
    /// What titles say of single replicates, so that they can say how sure it is.
    runs: Runs,
    replicates: u32,
    /// Names of the homes, and whether all are in the EU.
    homes: Vec<String>,
    in_eu: bool,
    /// Foreign markets of a home.
    foreign: u32,
    /// Foreign share of sales from which a firm has gone abroad, 0–1.
    earnest: f64,
    /// Relations with customers by felt and perceived distance, in bins.
    views: BTreeMap<(u32, u32), u64>,
    degrees: Vec<(String, Vec<(u64, u64)>)>,
    network: Option<figure::network::Input>,
    map: Option<figure::map::Input>,
}

impl Gallery {
    /// Adds a finished replicate; degrees and the network drawing are those of the first.
    pub fn absorb(&mut self, model: &Model, outcome: &Outcome, classes: &Classes, last_year: &LastYear) {
        self.replicates += 1;
        let degrees = degrees(model, outcome);
        self.runs.note_degrees(&degrees);
        match &mut self.tallies {
            Some(tallies) => tallies.add(&outcome.tallies),
            None => {
                self.introduce(model);
                self.tallies = Some(outcome.tallies.clone());
                self.degrees = degrees.clone();
                self.network = Some(network(model, outcome));
            }
        }
        self.note_labels(classes, &outcome.years);
        match &mut self.classes {
            Some(known) => known.merge(classes),
            None => self.classes = Some(classes.clone()),
        }
        self.last_year.merge(last_year);
        self.runs.note_exporters(last_year);
        self.note_sns(&outcome.years);
        for totals in &outcome.years {
            match self.years.get_mut(&totals.year) {
                Some(known) => {
                    for (to, from) in known.sums.iter_mut().zip(totals.sums) {
                        *to += from;
                    }
                }
                None => {
                    self.years.insert(totals.year, totals.clone());
                }
            }
        }
        let now = model.environment(outcome.economy.step);
        let (mut felt_sum, mut perceived_sum) = (0.0, 0.0);
        outcome.economy.for_each(|_, firm, ties, relations| {
            let home = &model.homes[usize::from(firm.home)];
            for relation in relations.iter().filter(|relation| relation.customers > 0) {
                let felt = home.felt[usize::from(relation.market)];
                let bin = |distance: f32| (distance / DISTANCE_BIN) as u32;
                let perceived = sight(model, &now, home, ties, relation).perceived;
                felt_sum += f64::from(felt);
                perceived_sum += f64::from(perceived);
                *self.views.entry((bin(felt), bin(perceived))).or_default() += 1;
            }
        });
        if felt_sum > 0.0 {
            self.runs.gaps.push(perceived_sum / felt_sum - 1.0);
        }
        self.map = Some(map(model, self.tallies.as_ref().expect("tallies were absorbed")));
    }

    /// Notes what is the same in all replicates.
    fn introduce(&mut self, model: &Model) {
        let countries = &model.world.countries;
        self.homes = model.homes.iter().map(|home| countries[usize::from(home.market)].name.clone()).collect();
        let members = crate::world::members("EU");
        self.in_eu = model.homes.iter().all(|home| members.contains(&home.iso3));
        self.foreign = countries.len().saturating_sub(1) as u32;
        self.earnest = model.thresholds.theta_min;
        self.window = model.thresholds.window;
    }

    /// Widens the ranges of labels by the years of one replicate.
    fn note_labels(&mut self, classes: &Classes, years: &[YearTotals]) {
        let mut firms: BTreeMap<i32, f64> = BTreeMap::new();
        for totals in years {
            *firms.entry(totals.year).or_default() += totals.sum(Sum::Firms);
        }
        let mut parts = label_parts(classes);
        let abroad = |(_, way, _): &&(&str, Way, Vec<i64>)| *way == Way::Abroad;
        let sum = |year: usize| parts.iter().filter(abroad).filter_map(|part| part.2.get(year)).sum();
        parts.push(("abroad", Way::Abroad, (0..firms.len()).map(sum).collect()));
        for (label, _, counts) in parts {
            let none = || vec![(f64::INFINITY, f64::NEG_INFINITY); firms.len()];
            let ranges = self.label_ranges.entry(label).or_insert_with(none);
            for ((range, count), all) in ranges.iter_mut().zip(counts).zip(firms.values()) {
                *range = (range.0.min(count as f64 / all), range.1.max(count as f64 / all));
            }
        }
    }

    /// Notes the SNS use of one replicate by year.
    fn note_sns(&mut self, years: &[YearTotals]) {
        let mut sums: BTreeMap<i32, [f64; 4]> = BTreeMap::new();
        for totals in years {
            let year = sums.entry(totals.year).or_default();
            let parts = [Sum::OnSns, Sum::Firms, Sum::OnSnsTenPlus, Sum::FirmsTenPlus];
            for (to, part) in year.iter_mut().zip(parts) {
                *to += totals.sum(part);
            }
        }
        let shares = |(year, [users, firms, users_ten, firms_ten]): (i32, [f64; 4])| {
            (year, [users / firms, users_ten / firms_ten])
        };
        self.sns.push(sums.into_iter().map(shares).collect());
    }

    /// Where and when, for captions: homes, period or last year, replicates.
    fn context(&self, when: When) -> String {
        const NAMED: usize = 4;
        let homes = match self.homes.len() {
            n if n > NAMED => format!("{n} home countries together"),
            1 => self.homes.join(""),
            _ => format!("{} together", style::listed(&self.homes)),
        };
        let (first, last) = (self.years.keys().next(), self.years.keys().next_back());
        let (first, last) = (first.copied().unwrap_or(0), last.copied().unwrap_or(0));
        let when_in_words = match when {
            When::AllYears if first < last => format!("{first}–{last}"),
            When::AllYears => format!("{last}"),
            When::LastYear | When::FirstReplicate => format!("end of {last}"),
        };
        let replicates = match (self.replicates, when) {
            (0 | 1, _) => String::new(),
            (n, When::FirstReplicate) => format!(" · first of {n} replicates"),
            (n, _) => format!(" · {n} replicates pooled"),
        };
        format!("{homes} · {when_in_words}{replicates}")
    }

    /// Shares of firms by onset label over all lives, each counted once.
    pub fn onsets(&self) -> Vec<(&'static str, u64)> {
        let classes = self.classes.iter().flat_map(|classes| classes.onsets.iter());
        classes.map(|(onset, count)| (onset.word(), *count)).collect()
    }

    /// Draws the figures that `look` wants into `folder`; `seed` and `scenario` go into the captions.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn draw(&self, scenario: &str, seed: u64, look: &Look, folder: &Path) -> Result<Vec<Drawn>, Error> {
        draw_all(&self.jobs(scenario, seed, look), look, folder)
    }

    /// One figure as SVG, the same as [`draw`](Self::draw) writes; `None` if none is called so or nothing was absorbed.
    pub fn svg(&self, stem: &str, scenario: &str, seed: u64, look: &Look) -> Option<String> {
        let only = Look { names: vec![stem.to_owned()], ..look.clone() };
        let jobs = self.jobs(scenario, seed, &only);
        let (picture, caption) = jobs.iter().find(|(picture, _)| picture.stem() == stem)?;
        Some(figure::svg(&**picture, caption, &only))
    }

    /// Every figure with its caption.
    fn jobs(&self, scenario: &str, seed: u64, look: &Look) -> Vec<Job<'static>> {
        let Some(tallies) = &self.tallies else { return Vec::new() };
        let caption = |n: u64, of: &str, when: When, method: &str| Caption {
            n,
            of: of.into(),
            scenario: scenario.into(),
            seed,
            note: self.context(when),
            method: method.into(),
        };
        let earnest = format!(
            "abroad: a foreign share of sales of {}% or more in some year; a label rests on the whole history to the end of \
             life or run, so some firms still at home will yet go; cannot be told: too young, dead too young, or older than \
             the simulation",
            style::plain(100.0 * self.earnest)
        );
        let entering = "ends where fewer than 30 firms are at risk; firms older than the simulation left out; a firm \
                        changes curves as it takes up or gives up SNS, which is tied to calendar time: no causal effect";
        let ordering = "orders of fewer than 10 entries left out; later bars rest on the firms that entered so many markets; \
             beyond running out lie what firms learn and are passed on, and how firms differ";
        let staying = "the row not served holds entries only, the column exits; one relation counts once a year";
        let lives: u64 = self.onsets().iter().map(|(_, count)| count).sum();
        let exporters = self.last_year.exporters();
        let entries: u64 = tallies.entries.iter().map(|n| u64::from(*n)).sum();
        let served: u64 = self.views.values().sum();
        let moves: u64 = tallies.stages.iter().flatten().map(|n| u64::from(*n)).sum();
        let firms = self.years.values().next_back().map_or(0, |totals| totals.sum(Sum::Firms) as u64);
        let network = self.network.clone().unwrap_or_default();
        let hubs = network.nodes.iter().filter(|node| node.best).count() as u64;
        let around = format!(
            "up to {PARTNERS} customers and {PEERS} peers of each are drawn, the most trusted and exporters first"
        );
        let counts = self.last_year.markets.iter().map(|(markets, firms)| (*markets, *firms)).collect();
        let online = "SNS peers: ties that need both firms on SNS; ties abroad: contacts and customers";
        let each = firms / u64::from(self.replicates.max(1));
        // What running out of markets gives takes longer than to draw it.
        let order = if look.wants(figure::entry_order::STEM) { self.entry_order(tallies) } else { Default::default() };
        vec![
            job(self.trajectories(), caption(lives, "firms", When::AllYears, &earnest)),
            job(entry_age(tallies), caption(first_exports(tallies), "first exports", When::AllYears, entering)),
            job(order, caption(entries, "first entries into a market", When::AllYears, ordering)),
            job(
                figure::market_count::Input { counts, runs: self.runs.one_market.clone() },
                caption(exporters, "exporters", When::LastYear, ""),
            ),
            job(self.fsts(), caption(exporters, "exporters", When::LastYear, "")),
            job(stages(tallies), caption(moves, "relation-years", When::AllYears, staying)),
            job(self.distances(), caption(served, "markets served", When::LastYear, "")),
            job(self.diffusion(), caption(firms, "firms at the end", When::AllYears, "")),
            job(
                figure::degree::Input { kinds: self.degrees.clone(), runs: self.runs.degrees.clone() },
                caption(each, "firms", When::FirstReplicate, online),
            ),
            job(network, caption(hubs, "exporters with most customers", When::FirstReplicate, &around)),
            job(
                self.map.clone().unwrap_or_default(),
                caption(entries, "first entries into a market", When::AllYears, ""),
            ),
        ]
    }

    fn trajectories(&self) -> figure::trajectory::Input {
        let Some(classes) = &self.classes else { return figure::trajectory::Input::default() };
        // The firms born in the last years cannot be told yet: with them the lines would bend down at the end.
        let settled = match self.years.len().saturating_sub(self.window as usize) {
            0 | 1 => self.years.len(),
            settled => settled,
        };
        let firms: Vec<f64> = self.years.values().take(settled).map(|totals| totals.sum(Sum::Firms)).collect();
        let ranges = |label: &str| match self.replicates {
            0 | 1 => Vec::new(),
            _ => self.label_ranges.get(label).map_or_else(Vec::new, |ranges| ranges[..settled].to_vec()),
        };
        let class = |(label, way, counts): (&str, Way, Vec<i64>)| {
            let shares = counts.iter().zip(&firms).map(|(count, all)| *count as f64 / all).collect();
            Class { label: label.to_owned(), way, shares, ranges: ranges(label) }
        };
        figure::trajectory::Input {
            years: self.years.keys().copied().take(settled).collect(),
            classes: label_parts(classes).into_iter().map(class).collect(),
            firms: firms.last().map_or(0, |firms| *firms as u64),
            abroad: ranges("abroad"),
        }
    }

    fn fsts(&self) -> figure::fsts::Input {
        let n = self.last_year.exporters().max(1) as f64;
        figure::fsts::Input {
            bins: self.last_year.fsts_bins.clone(),
            mean: self.last_year.fsts_sum / n,
            share_below_20: self.last_year.low as f64 / n,
            share_above_80: self.last_year.high as f64 / n,
            runs: self.runs.fsts.clone(),
        }
    }

    fn distances(&self) -> figure::distance::Input {
        figure::distance::Input {
            cells: self.views.iter().map(|((x, y), n)| (*x, *y, *n)).collect(),
            x_width: f64::from(DISTANCE_BIN),
            y_width: f64::from(DISTANCE_BIN),
            runs: self.runs.gaps.clone(),
        }
    }

    fn diffusion(&self) -> figure::diffusion::Input {
        // A share of no firms is not a number, and leaves a range as it is.
        let range = |year: &i32, which: usize| {
            let shares = self.sns.iter().filter_map(|run| Some(run.get(year)?[which]));
            shares.fold((f64::INFINITY, f64::NEG_INFINITY), |range, share| (range.0.min(share), range.1.max(share)))
        };
        let line = |label: &str, part: Sum, whole: Sum, which: usize| figure::diffusion::Line {
            label: label.to_owned(),
            shares: self.years.values().map(|totals| totals.ratio(part, whole)).collect(),
            ranges: match self.replicates {
                0 | 1 => Vec::new(),
                _ => self.years.keys().map(|year| range(year, which)).collect(),
            },
            runs: self.sns.iter().map(|run| run.values().map(|shares| shares[which]).collect()).collect(),
        };
        figure::diffusion::Input {
            years: self.years.keys().copied().collect(),
            lines: vec![
                line("all firms", Sum::OnSns, Sum::Firms, 0),
                line("10 or more employees", Sum::OnSnsTenPlus, Sum::FirmsTenPlus, 1),
            ],
            published: self.published(),
        }
    }

    /// Published shares of the years simulated, for homes they speak of.
    fn published(&self) -> Vec<Published> {
        let facts = fact::sns_use().into_iter().filter(|fact| fact.area == "EU" && self.in_eu);
        let facts = facts.filter(|fact| self.years.contains_key(&fact.year));
        facts
            .map(|fact| Published {
                year: fact.year,
                share: fact.share,
                label: format!("{}, firms with {} ({})", fact.area, fact.firms, fact.source),
                target: fact.target,
            })
            .collect()
    }

    fn entry_order(&self, tallies: &Tallies) -> figure::entry_order::Input {
        let width = tallies.entries.len();
        let table: Vec<&[u32]> = (0..RANKS).map(|k| &tallies.entry_nearness[k * width..(k + 1) * width]).collect();
        let mut points: Vec<Order> = table.iter().enumerate().filter_map(|(k, row)| order(k as u32 + 1, row)).collect();
        let beyond = deplete(&table, &mut points);
        let counts = |row: &&[u32]| row.iter().map(|n| f64::from(*n)).collect::<Vec<f64>>();
        let rows: Vec<Vec<f64>> = table.iter().map(counts).collect();
        let drawn = depletion::orders(&rows[0], RANKS).into_iter().zip(&rows);
        let drawn: Vec<Vec<f64>> =
            drawn.map(|(order, row)| order.iter().map(|p| p * row.iter().sum::<f64>()).collect()).collect();
        let (rho, rho_depleted) = (table_spearman(&rows), table_spearman(&drawn));
        figure::entry_order::Input { points, rho, rho_depleted, beyond, markets: self.foreign }
    }
}

/// What time a figure speaks of, and of which replicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    AllYears,
    LastYear,
    FirstReplicate,
}

fn job(picture: impl Picture + 'static, caption: Caption) -> Job<'static> {
    (Box::new(picture), caption)
}

/// Counts by label and year, those of firms whose way cannot be told together.
fn label_parts(classes: &Classes) -> Vec<(&'static str, Way, Vec<i64>)> {
    let mut unknown: Vec<i64> = Vec::new();
    let (mut abroad, mut home) = (Vec::new(), Vec::new());
    for (word, counts) in &classes.counts {
        match *word {
            word if word.starts_with("censored") => {
                unknown.resize(counts.len(), 0);
                unknown.iter_mut().zip(counts).for_each(|(to, from)| *to += from);
            }
            "domestic" => home.push(("domestic", Way::Home, counts.clone())),
            word => abroad.push((word, Way::Abroad, counts.clone())),
        }
    }
    abroad.into_iter().chain(home).chain([("cannot be told", Way::Unknown, unknown)]).collect()
}

fn first_exports(tallies: &Tallies) -> u64 {
    tallies.first_exports.iter().flatten().map(|n| u64::from(*n)).sum()
}

fn entry_age(tallies: &Tallies) -> figure::entry_age::Input {
    let group = |use_: usize| {
        (0..AGES - 1)
            .map(|age| {
                let (risk, events) = (tallies.at_risk[use_][age], tallies.first_exports[use_][age]);
                (age as f64, u64::from(risk), u64::from(events))
            })
            .collect()
    };
    figure::entry_age::Input { groups: vec![("not using SNS".into(), group(0)), ("using SNS".into(), group(1))] }
}

fn stages(tallies: &Tallies) -> figure::stage::Input {
    // The accounts have "not served" first; the figure wants the chain first.
    let order = [1, 2, 3, 4, 0];
    debug_assert_eq!(order.len(), STATES);
    figure::stage::Input {
        counts: order
            .iter()
            .map(|from| order.iter().map(|to| u64::from(tallies.stages[*from][*to])).collect())
            .collect(),
        labels: ["sporadic", "agent", "sales subsidiary", "production", "not served"].map(str::to_owned).to_vec(),
        stages: 4,
    }
}

fn degrees(model: &Model, outcome: &Outcome) -> Vec<(String, Vec<(u64, u64)>)> {
    let of_graph = |graph: &Csr| {
        let mut counts = BTreeMap::new();
        for slot in 0..outcome.economy.len() as u32 {
            *counts.entry(u64::from(graph.degree(slot))).or_default() += 1;
        }
        counts.into_iter().collect()
    };
    let mut abroad: BTreeMap<u64, u64> = BTreeMap::new();
    outcome.economy.for_each(|_, _, ties, _| {
        *abroad.entry(ties.len() as u64).or_default() += 1;
    });
    vec![
        ("offline peers".into(), of_graph(&model.peers.offline)),
        ("SNS peers".into(), of_graph(&Social::new(model, &outcome.economy).peers(TieKind::Online))),
        ("ties abroad".into(), abroad.into_iter().collect()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rank_correlation_of_a_table_is_that_of_its_rows() {
        let mut table = vec![vec![0.0; 31]; 3];
        let pairs = [(0, 4), (0, 2), (1, 2), (1, 9), (2, 9), (2, 5), (2, 30)];
        for (k, bin) in pairs {
            table[k][bin] += 1.0;
        }
        let x: Vec<f64> = pairs.iter().map(|(k, _)| *k as f64).collect();
        let y: Vec<f64> = pairs.iter().map(|(_, bin)| *bin as f64).collect();
        let expected = crate::observe::measure::spearman(&x, &y).expect("both vary");
        assert!((table_spearman(&table) - expected).abs() < 1e-12);
        assert!(table_spearman(&[vec![0.0; 4], vec![0.0; 4]]).is_nan());
    }

    #[test]
    fn ranks_are_counted_from_the_nearest_market() {
        let found = order(2, &[1, 0, 2, 1]).expect("four entries");
        assert_eq!(
            (found.k, found.n, found.mean, found.quartiles),
            (2, 4, (1.0 + 3.0 + 3.0 + 4.0) / 4.0, [1.0, 3.0, 3.0])
        );
        assert_eq!(order(1, &[0, 0]), None);
    }

    #[test]
    fn the_last_year_adds_up() {
        let mut year = LastYear::default();
        year.add(1, 0.1);
        year.add(3, 1.0);
        let mut both = year.clone();
        both.merge(&year);
        assert_eq!((both.exporters(), both.low, both.high, both.fsts_bins[19]), (4, 2, 2, 2));
    }
}
