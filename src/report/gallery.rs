//! The gallery of a run: gathers what the figures show, over all replicates, and draws them.

use crate::economy::book::{AGES, DISTANCE_BIN, Portrait, STATES, Sum};
use crate::engine::model::Model;
use crate::engine::quarter::sight;
use crate::engine::{Outcome, YearTotals};
use crate::error::Error;
use crate::firm::{Firm, Relation, Tie, TieState};
use crate::network::Csr;
use crate::report::figure::{self, Caption, Drawn, draw};
use crate::report::record::Classes;
use std::collections::BTreeMap;
use std::path::Path;

/// Classes of FSTS between 0 and 1.
const FSTS_BINS: usize = 20;
/// Most connected exporters that the network figure is drawn around.
const HUBS: usize = 9;
/// Partners of a hub that are drawn.
const PARTNERS: usize = 12;

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
    portrait: Option<Portrait>,
    classes: Option<Classes>,
    last_year: LastYear,
    /// Yearly totals of all homes and replicates together.
    years: BTreeMap<i32, YearTotals>,
    /// Relations with customers by felt and perceived distance, in bins.
    views: BTreeMap<(u32, u32), u64>,
    degrees: Vec<(String, Vec<(u64, u64)>)>,
    network: Option<figure::network::Input>,
    map: Option<figure::map::Input>,
}

impl Gallery {
    /// Adds a finished replicate; degrees and the network drawing are those of the first.
    pub fn absorb(&mut self, model: &Model, outcome: &Outcome, classes: &Classes, last_year: &LastYear) {
        match &mut self.portrait {
            Some(portrait) => portrait.add(&outcome.portrait),
            None => {
                self.portrait = Some(outcome.portrait.clone());
                self.degrees = degrees(model, outcome);
                self.network = Some(network(model, outcome));
            }
        }
        match &mut self.classes {
            Some(known) => known.merge(classes),
            None => self.classes = Some(classes.clone()),
        }
        self.last_year.merge(last_year);
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
        outcome.economy.for_each(|_, firm, ties, relations| {
            let home = &model.homes[usize::from(firm.home)];
            for relation in relations.iter().filter(|relation| relation.customers > 0) {
                let felt = home.felt[usize::from(relation.market)];
                let bin = |distance: f32| (distance / DISTANCE_BIN) as u32;
                let perceived = sight(model, &now, home, ties, relation).perceived;
                *self.views.entry((bin(felt), bin(perceived))).or_default() += 1;
            }
        });
        self.map = Some(map(model, self.portrait.as_ref().expect("a portrait was absorbed")));
    }

    /// Shares of firms by onset label over all lives, each counted once.
    pub fn onsets(&self) -> Vec<(&'static str, u64)> {
        let classes = self.classes.iter().flat_map(|classes| classes.onsets.iter());
        classes.map(|(onset, count)| (onset.word(), *count)).collect()
    }

    /// Draws every figure into `folder`; `seed` and `scenario` go into the captions.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn draw(&self, scenario: &str, seed: u64, folder: &Path) -> Result<Vec<Drawn>, Error> {
        let Some(portrait) = &self.portrait else { return Ok(Vec::new()) };
        let caption =
            |n: u64, of: &str| Caption { n, of: of.into(), scenario: scenario.into(), seed, note: String::new() };
        let lives: u64 = self.onsets().iter().map(|(_, count)| count).sum();
        let exporters = self.last_year.exporters();
        let entries: u64 = portrait.entries.iter().map(|n| u64::from(*n)).sum();
        let served: u64 = self.views.values().sum();
        let moves: u64 = portrait.stages.iter().flatten().map(|n| u64::from(*n)).sum();
        let firms = self.years.values().next_back().map_or(0, |totals| totals.sum(Sum::Firms) as u64);
        let mut drawn = vec![
            draw(&self.trajectories(), &caption(lives, "firms"), folder)?,
            draw(&entry_age(portrait), &caption(first_exports(portrait), "first exports"), folder)?,
            draw(&entry_order(portrait), &caption(entries, "market entries"), folder)?,
            draw(
                &figure::market_count::Input { counts: self.last_year.markets.iter().map(|(m, n)| (*m, *n)).collect() },
                &caption(exporters, "exporters"),
                folder,
            )?,
            draw(&self.fsts(), &caption(exporters, "exporters"), folder)?,
            draw(&stages(portrait), &caption(moves, "market-years"), folder)?,
            draw(&self.distances(), &caption(served, "markets served"), folder)?,
            draw(&self.diffusion(), &caption(firms, "firms"), folder)?,
            draw(&figure::degree::Input { kinds: self.degrees.clone() }, &caption(firms, "firms"), folder)?,
        ];
        if let Some(network) = &self.network {
            drawn.push(draw(network, &caption(HUBS as u64, "most connected exporters"), folder)?);
        }
        if let Some(map) = &self.map {
            drawn.push(draw(map, &caption(entries, "market entries"), folder)?);
        }
        Ok(drawn)
    }

    fn trajectories(&self) -> figure::trajectory::Input {
        let Some(classes) = &self.classes else { return figure::trajectory::Input::default() };
        let years: Vec<i32> = self.years.keys().copied().collect();
        let firms: Vec<f64> = self.years.values().map(|totals| totals.sum(Sum::Firms)).collect();
        let share = |counts: &[i64]| counts.iter().zip(&firms).map(|(n, all)| *n as f64 / all).collect();
        // Only those who went abroad: domestic and censored firms would leave no room for them.
        let abroad = |word: &str| word != "domestic" && !word.starts_with("censored");
        let classes = classes.counts.iter().filter(|(word, counts)| abroad(word) && counts.iter().any(|n| *n > 0));
        figure::trajectory::Input {
            years,
            classes: classes.map(|(word, counts)| ((*word).to_owned(), share(counts))).collect(),
        }
    }

    fn fsts(&self) -> figure::fsts::Input {
        let n = self.last_year.exporters().max(1) as f64;
        figure::fsts::Input {
            bins: self.last_year.fsts_bins.clone(),
            mean: self.last_year.fsts_sum / n,
            share_below_20: self.last_year.low as f64 / n,
            share_above_80: self.last_year.high as f64 / n,
        }
    }

    fn distances(&self) -> figure::distance::Input {
        figure::distance::Input {
            cells: self.views.iter().map(|((x, y), n)| (*x, *y, *n)).collect(),
            x_width: f64::from(DISTANCE_BIN),
            y_width: f64::from(DISTANCE_BIN),
        }
    }

    fn diffusion(&self) -> figure::diffusion::Input {
        let share = |part: Sum, whole: Sum| self.years.values().map(|totals| totals.ratio(part, whole)).collect();
        figure::diffusion::Input {
            years: self.years.keys().copied().collect(),
            series: vec![
                ("all firms".into(), share(Sum::OnSns, Sum::Firms)),
                ("10 or more employees".into(), share(Sum::OnSnsTenPlus, Sum::FirmsTenPlus)),
            ],
            published: Vec::new(),
        }
    }
}

fn first_exports(portrait: &Portrait) -> u64 {
    portrait.first_exports.iter().flatten().map(|n| u64::from(*n)).sum()
}

fn entry_age(portrait: &Portrait) -> figure::entry_age::Input {
    let group = |use_: usize| {
        (0..AGES - 1)
            .map(|age| {
                let (risk, events) = (portrait.at_risk[use_][age], portrait.first_exports[use_][age]);
                (age as f64, u64::from(risk), u64::from(events))
            })
            .collect()
    };
    figure::entry_age::Input { groups: vec![("not using SNS".into(), group(0)), ("using SNS".into(), group(1))] }
}

fn entry_order(portrait: &Portrait) -> figure::entry_order::Input {
    let middle = |bin: usize| (bin as f64 + 0.5) * f64::from(DISTANCE_BIN);
    let mut points = Vec::new();
    for (k, bins) in portrait.entry_distance.iter().enumerate() {
        let n: u64 = bins.iter().map(|count| u64::from(*count)).sum();
        if n == 0 {
            continue;
        }
        let quantile = |share: f64| {
            let mut left = share * n as f64;
            let bin = bins.iter().position(|count| {
                left -= f64::from(*count);
                left <= 0.0
            });
            middle(bin.unwrap_or(bins.len() - 1))
        };
        let mean = bins.iter().enumerate().map(|(bin, count)| f64::from(*count) * middle(bin)).sum::<f64>() / n as f64;
        points.push(figure::entry_order::Order {
            k: k as u32 + 1,
            n,
            mean,
            quartiles: [quantile(0.25), quantile(0.5), quantile(0.75)],
        });
    }
    figure::entry_order::Input { points, rho: table_spearman(&portrait.entry_distance) }
}

/// Spearman's ρ of a contingency table of order (rows) and distance (columns), with mean ranks for ties; NaN if either
/// does not vary.
fn table_spearman(table: &[[u32; crate::economy::book::DISTANCE_BINS]]) -> f64 {
    let rows: Vec<f64> = table.iter().map(|row| row.iter().map(|n| f64::from(*n)).sum()).collect();
    let width = table.first().map_or(0, |row| row.len());
    let columns: Vec<f64> = (0..width).map(|c| table.iter().map(|row| f64::from(row[c])).sum()).collect();
    let ranks = |counts: &[f64]| {
        let mut below = 0.0;
        counts
            .iter()
            .map(|n| {
                let rank = below + (n + 1.0) / 2.0;
                below += n;
                rank
            })
            .collect::<Vec<f64>>()
    };
    let total: f64 = rows.iter().sum();
    let mean = (total + 1.0) / 2.0;
    let (x, y) = (ranks(&rows), ranks(&columns));
    let spread = |ranks: &[f64], counts: &[f64]| -> f64 {
        ranks.iter().zip(counts).map(|(rank, n)| n * (rank - mean) * (rank - mean)).sum()
    };
    let mut joint = 0.0;
    for (row, x) in table.iter().zip(&x) {
        for (n, y) in row.iter().zip(&y) {
            joint += f64::from(*n) * (x - mean) * (y - mean);
        }
    }
    joint / (spread(&x, &rows) * spread(&y, &columns)).sqrt()
}

fn stages(portrait: &Portrait) -> figure::stage::Input {
    // The book has "not served" first; the figure wants the chain first.
    let order = [1, 2, 3, 4, 0];
    debug_assert_eq!(order.len(), STATES);
    figure::stage::Input {
        counts: order
            .iter()
            .map(|from| order.iter().map(|to| u64::from(portrait.stages[*from][*to])).collect())
            .collect(),
        labels: ["sporadic", "agent", "sales subsidiary", "production", "not served"].map(str::to_owned).to_vec(),
        stages: 4,
    }
}

fn degrees(model: &Model, outcome: &Outcome) -> Vec<(String, Vec<(u64, u64)>)> {
    let of_graph = |graph: &Csr| {
        let mut counts = BTreeMap::new();
        for place in 0..outcome.economy.len() as u32 {
            *counts.entry(graph.row(place).len() as u64).or_default() += 1;
        }
        counts.into_iter().collect()
    };
    let mut abroad: BTreeMap<u64, u64> = BTreeMap::new();
    outcome.economy.for_each(|_, _, ties, _| {
        *abroad.entry(ties.len() as u64).or_default() += 1;
    });
    vec![
        ("offline peers".into(), of_graph(&model.peers.offline)),
        ("online peers".into(), of_graph(&model.peers.online)),
        ("ties abroad".into(), abroad.into_iter().collect()),
    ]
}

/// The surroundings of the exporters with most customers: their partners, and the peers among them.
fn network(model: &Model, outcome: &Outcome) -> figure::network::Input {
    use figure::network::{Input, Node, NodeKind, Tie as Edge};
    let mut hubs: Vec<(usize, u32)> = Vec::new();
    outcome.economy.for_each(|place, _, ties, _| {
        let customers = ties.iter().filter(|tie| tie.state == TieState::Customer).count();
        if customers > 0 {
            hubs.push((customers, place));
        }
    });
    hubs.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    hubs.truncate(HUBS);
    hubs.sort_by_key(|hub| hub.1);
    let mut nodes: Vec<Node> = Vec::new();
    let mut edges = Vec::new();
    let mut places: Vec<(u32, usize)> = Vec::new();
    let mut partners: BTreeMap<(u8, u32), usize> = BTreeMap::new();
    let mut each = |place: u32, firm: &Firm, ties: &[Tie], relations: &[Relation]| {
        if hubs.binary_search_by_key(&place, |hub| hub.1).is_err() {
            return;
        }
        let home = &model.homes[usize::from(firm.home)];
        let hub = nodes.len();
        places.push((place, hub));
        let sales: f32 = relations.iter().map(|relation| relation.sales_last).sum();
        nodes.push(Node {
            label: format!("{} {place}", home.iso3),
            kind: NodeKind::Firm,
            group: model.world.countries[usize::from(home.market)].name.clone(),
            size: f64::from(sales * home.unit_usd),
            online: firm.on_sns,
        });
        let mut customers: Vec<&Tie> = ties.iter().filter(|tie| tie.state == TieState::Customer).collect();
        customers.sort_by(|a, b| b.trust.total_cmp(&a.trust).then(a.which().cmp(&b.which())));
        for tie in customers.into_iter().take(PARTNERS) {
            let country = &model.world.countries[usize::from(tie.market)];
            let partner = *partners.entry((tie.market, tie.partner)).or_insert_with(|| {
                nodes.push(Node {
                    label: country.iso3.clone(),
                    kind: NodeKind::Partner,
                    group: country.subregion.clone(),
                    size: 0.0,
                    online: tie.online(),
                });
                nodes.len() - 1
            });
            edges.push((hub, partner, if tie.online() { Edge::Online } else { Edge::Offline }));
        }
    };
    outcome.economy.for_each(&mut each);
    for (place, hub) in &places {
        for peer in model.peers.offline.row(*place) {
            if let Some((_, other)) = places.iter().find(|(known, _)| known == peer && known > place) {
                edges.push((*hub, *other, Edge::Peer));
            }
        }
    }
    Input { nodes, edges, measure: "exports of the last year (US$)".into() }
}

fn map(model: &Model, portrait: &Portrait) -> figure::map::Input {
    let total: f64 = portrait.entries.iter().map(|n| f64::from(*n)).sum();
    figure::map::Input {
        outlines: crate::world::outlines(),
        markets: model
            .world
            .countries
            .iter()
            .zip(&portrait.entries)
            .filter(|(_, entries)| **entries > 0)
            .map(|(country, entries)| figure::map::Market {
                name: country.name.clone(),
                longitude: country.longitude,
                latitude: country.latitude,
                count: f64::from(*entries),
                note: format!("{:.0} %", 100.0 * f64::from(*entries) / total),
            })
            .collect(),
        homes: model
            .homes
            .iter()
            .map(|home| {
                let country = &model.world.countries[usize::from(home.market)];
                (country.longitude, country.latitude, country.name.clone())
            })
            .collect(),
        measure: "market entries".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::book::DISTANCE_BINS;

    #[test]
    fn the_rank_correlation_of_a_table_is_that_of_its_rows() {
        let mut table = vec![[0; DISTANCE_BINS]; 3];
        let pairs = [(0, 4), (0, 2), (1, 2), (1, 9), (2, 9), (2, 5), (2, 30)];
        for (k, bin) in pairs {
            table[k][bin] += 1;
        }
        let x: Vec<f64> = pairs.iter().map(|(k, _)| *k as f64).collect();
        let y: Vec<f64> = pairs.iter().map(|(_, bin)| *bin as f64).collect();
        let expected = crate::observe::measure::spearman(&x, &y).expect("both vary");
        assert!((table_spearman(&table) - expected).abs() < 1e-12);
        assert!(table_spearman(&vec![[0; DISTANCE_BINS]; 3]).is_nan());
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
