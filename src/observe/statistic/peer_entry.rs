//! How much likelier a firm enters a market where one of its peers has been (fact C13).
//!
//! A firm that lived through the year before is at risk of a first entry into every foreign market it has not sold in
//! since the panel began. Three signs describe it at the end of the year before: a peer has sold in this market; a peer
//! of a peer has, but no peer; a peer has sold in some other market. Peers are tied offline, or online while both use
//! social networking sites; a peer's experience ends with the peer. The hazard has effects of firm, market and year; see
//! [`hazard`](crate::observe::estimate::hazard).

use super::{Measured, Options, Statistic, measured};
use crate::network::PeerGraph;
use crate::observe::estimate::{Cell, Hazard};
use crate::observe::panel::{Flow, Panel, Sample};

pub const STATISTIC: Statistic = Statistic {
    name: "peer_entry",
    about: "hazard ratio of a first entry into a market with a peer experienced there, with only a peer of a peer \
            experienced there, and with a peer experienced in other markets; firm, market and year effects, first home",
    parts: &["peer", "second", "other"],
    options: &[("most", 4000.0, "entering firms taken, evenly spread over all of them")],
    lacking: None,
    of_exports: true,
    measure,
};

const PEER: u8 = 1;
const SECOND: u8 = 2;
const OTHER: u8 = 4;

fn measure(sample: &Sample, options: &Options) -> Measured {
    let ratios = Hazard::new(cells(sample, options["most"] as usize)).ratios();
    measured([("peer", ratios[0]), ("second", ratios[1]), ("other", ratios[2])])
}

/// A set of markets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Markets([u64; 4]);

impl Markets {
    fn add(&mut self, market: u8) {
        self.0[usize::from(market >> 6)] |= 1 << (market & 63);
    }

    fn has(&self, market: u8) -> bool {
        self.0[usize::from(market >> 6)] & 1 << (market & 63) != 0
    }

    fn join(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own |= other;
        }
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }
}

/// Who lives at a slot at the end of a year.
#[derive(Clone, Copy, Debug)]
struct Occupant {
    firm: u32,
    on_sns: bool,
    /// Markets it has sold in since the panel began.
    sold: Markets,
}

/// Every slot at the end of a year.
struct Town<'a> {
    panel: &'a Panel,
    peers: &'a PeerGraph,
    slots: Vec<Option<Occupant>>,
    /// Rows of firm-years and of flows, by year.
    firm_years: Vec<Vec<usize>>,
    flows: Vec<Vec<usize>>,
}

impl<'a> Town<'a> {
    fn new(sample: &Sample<'a>) -> Self {
        let panel = sample.panel;
        let years = usize::from(panel.years);
        let (mut firm_years, mut flows) = (vec![Vec::new(); years], vec![Vec::new(); years]);
        for (row, firm_year) in panel.firm_years.iter().enumerate() {
            firm_years[usize::from(firm_year.year)].push(row);
        }
        for (row, flow) in panel.flows.iter().enumerate() {
            flows[usize::from(flow.year)].push(row);
        }
        let slots = vec![None; sample.peers.offline.nodes()];
        Self { panel, peers: sample.peers, slots, firm_years, flows }
    }

    /// Brings the slots to the end of a year, the one after the last.
    fn close(&mut self, year: usize) {
        let mut next = vec![None; self.slots.len()];
        for row in &self.firm_years[year] {
            let row = &self.panel.firm_years[*row];
            let slot = self.panel.firm(row.firm).slot as usize;
            let before = self.slots[slot].filter(|occupant| occupant.firm == row.firm);
            let sold = before.map_or(Markets::default(), |occupant| occupant.sold);
            next[slot] = Some(Occupant { firm: row.firm, on_sns: row.on_sns, sold });
        }
        for flow in &self.flows[year] {
            let flow = &self.panel.flows[*flow];
            if let Some(occupant) = &mut next[self.panel.firm(flow.firm).slot as usize] {
                occupant.sold.add(flow.market);
            }
        }
        self.slots = next;
    }

    /// The peers of a slot whose ties work.
    fn peers(&self, slot: u32) -> impl Iterator<Item = u32> + '_ {
        let on_sns = |slot: u32| self.slots[slot as usize].is_some_and(|occupant| occupant.on_sns);
        let online = if on_sns(slot) { self.peers.online.row(slot) } else { &[] };
        let online = online.iter().copied().filter(move |peer| on_sns(*peer));
        self.peers.offline.row(slot).iter().copied().chain(online)
    }

    /// Where the peers of a slot have sold, and where peers of peers have.
    fn experience(&self, slot: u32) -> (Markets, Markets) {
        let (mut near, mut second) = (Markets::default(), Markets::default());
        let sold = |slot: u32| self.slots[slot as usize].map_or(Markets::default(), |occupant| occupant.sold);
        for peer in self.peers(slot) {
            near.join(&sold(peer));
            for other in self.peers(peer).filter(|other| *other != slot) {
                second.join(&sold(other));
            }
        }
        (near, second)
    }
}

/// First entries of firms of the first home, after the first year and of firms that lived through the year before.
fn entries<'a>(sample: &Sample<'a>) -> impl Iterator<Item = &'a Flow> {
    let panel = sample.panel;
    panel.relations().map(|relation| &relation[0]).filter(|first| {
        first.year > 0 && panel.firm(first.firm).home == 0 && panel.at(first.firm, first.year - 1).is_some()
    })
}

fn cells(sample: &Sample, most: usize) -> Vec<Cell> {
    let panel = sample.panel;
    let mut firms: Vec<u32> = entries(sample).map(|flow| flow.firm).collect();
    firms.dedup();
    let step = firms.len().div_ceil(most.max(1)).max(1);
    let firms: Vec<u32> = firms.into_iter().step_by(step).collect();
    let markets = sample.ground.gdp.len() as u8;
    let own = sample.ground.homes[0].market;
    let flows = flows_of(panel, &firms);
    let mut town = Town::new(sample);
    let mut cells = Vec::new();
    for year in 1..panel.years {
        town.close(usize::from(year) - 1);
        for (number, firm) in firms.iter().enumerate() {
            let slot = panel.firm(*firm).slot;
            let Some(before) = town.slots[slot as usize].filter(|occupant| occupant.firm == *firm) else { continue };
            if panel.at(*firm, year).is_none() {
                continue;
            }
            let (near, second) = town.experience(slot);
            let mut sells = Markets::default();
            flows[number].iter().filter(|flow| flow.year == year).for_each(|flow| sells.add(flow.market));
            for market in (0..markets).filter(|market| *market != own && !before.sold.has(*market)) {
                let here = near.has(market);
                let elsewhere = near.count() > u32::from(here);
                let signs = if here { PEER } else { 0 }
                    | if !here && second.has(market) { SECOND } else { 0 }
                    | if elsewhere { OTHER } else { 0 };
                let entered = sells.has(market);
                cells.push(Cell { firm: number as u32, market, year: year as u8, signs, entered });
            }
        }
    }
    cells
}

/// The flows of each of these firms.
fn flows_of<'a>(panel: &'a Panel, firms: &[u32]) -> Vec<&'a [Flow]> {
    let from = |firm: u32| panel.flows.partition_point(|flow| flow.firm < firm);
    firms.iter().map(|firm| &panel.flows[from(*firm)..from(*firm + 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell};
    use super::*;
    use crate::network::TieKind;
    use crate::observe::panel::Population;

    #[test]
    fn signs_and_risk_by_hand() {
        // 0 – 1 – 2 offline, 0 – 3 online. Firm 1 sells in market 1 and firm 2 in markets 1 and 2 in the first year,
        // firm 3 in market 3; firm 0 enters market 1 in the second year and market 2 in the third.
        let mut example = example(4, 3);
        example.2 =
            PeerGraph::from_ties(4, [(0, 1, TieKind::Offline), (1, 2, TieKind::Offline), (0, 3, TieKind::Online)]);
        for (firm, year, market) in [(1, 0, 1), (2, 0, 1), (2, 0, 2), (3, 0, 3), (0, 1, 1), (0, 2, 2)] {
            sell(&mut example.0, firm, year, market, 2000.0);
        }
        for row in example.0.firm_years.iter_mut().filter(|row| [0, 3].contains(&row.firm) && row.year == 1) {
            row.on_sns = true;
        }
        let (panel, ground, peers) = (&example.0, &example.1, &example.2);
        let sample = Sample { panel, ground, peers, population: Population::Customs };
        let cells = cells(&sample, 10);
        let seen: Vec<(u8, u8, u8, bool)> =
            cells.iter().map(|cell| (cell.year, cell.market, cell.signs, cell.entered)).collect();
        assert_eq!(
            seen,
            [
                (1, 1, PEER, true),
                (1, 2, SECOND | OTHER, false),
                (1, 3, OTHER, false),
                (1, 4, OTHER, false),
                (2, 2, SECOND | OTHER, true),
                (2, 3, PEER | OTHER, false),
                (2, 4, OTHER, false),
            ]
        );
    }

    #[test]
    fn a_newcomer_does_not_inherit_the_experience_of_its_place() {
        let mut example = example(3, 3);
        example.2 = PeerGraph::from_ties(3, [(0, 1, TieKind::Offline)]);
        for (firm, year, market) in [(1, 0, 1), (0, 1, 2), (0, 2, 1)] {
            sell(&mut example.0, firm, year, market, 2000.0);
        }
        // Firm 1 dies in the second year; firm 2 lives at its slot from then on.
        example.0.firms[2] = crate::observe::panel::Enterprise { slot: 1, generation: 1, ..example.0.firms[2] };
        example.0.firm_years.retain(|row| (row.firm, row.year) != (2, 0) && (row.firm != 1 || row.year == 0));
        let (panel, ground, peers) = (&example.0, &example.1, &example.2);
        let sample = Sample { panel, ground, peers, population: Population::Customs };
        let cells = cells(&sample, 10);
        let sign =
            |year, market| cells.iter().find(|cell| (cell.year, cell.market) == (year, market)).map(|cell| cell.signs);
        assert_eq!((sign(1, 1), sign(2, 1)), (Some(PEER), Some(0)));
    }
}
