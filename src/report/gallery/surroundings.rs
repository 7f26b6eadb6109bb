//! Who is drawn around the best connected exporters, and the map of entries.

use crate::economy::accounts::Tallies;
use crate::engine::Outcome;
use crate::engine::model::Model;
use crate::engine::social::{FirmNode, Social};
use crate::firm::{Tie, TieState};
use crate::network::TieKind;
use crate::report::figure::{self, style};
use std::collections::BTreeMap;

/// Most connected exporters that the network figure is drawn around.
pub(super) const HUBS: usize = 6;

/// Partners of a hub, and its peers, that are drawn.
pub(super) const PARTNERS: usize = 12;

pub(super) const PEERS: usize = 7;

/// The surroundings of the exporters with most customers: their customers, their peers, and all ties among these.
pub(super) fn network(model: &Model, outcome: &Outcome) -> figure::network::Input {
    use figure::network::{Input, Node, NodeKind, Tie as Edge};
    let social = Social::new(model, &outcome.economy);
    let firms: Vec<FirmNode> = social.each_firm().collect();
    let hubs = hubs(&firms);
    let chosen = surroundings(model, &firms, &hubs);
    let mut nodes: Vec<Node> = Vec::new();
    let mut drawn: BTreeMap<usize, usize> = BTreeMap::new();
    for &slot in &chosen {
        let firm = &firms[slot as usize];
        let home = &model.homes[usize::from(firm.home)];
        drawn.insert(slot as usize, nodes.len());
        nodes.push(Node {
            label: format!("{} {slot}", home.iso3),
            kind: NodeKind::Firm,
            group: model.world.countries[usize::from(home.market)].name.clone(),
            size: f64::from(firm.exports * home.unit_usd),
            online: firm.on_sns,
            best: hubs.contains(&slot),
        });
    }
    let mut customers: BTreeMap<u32, Vec<(usize, Tie)>> = BTreeMap::new();
    for (slot, end, tie) in
        social.each_abroad().filter(|(slot, _, tie)| hubs.contains(slot) && tie.state == TieState::Customer)
    {
        customers.entry(slot).or_default().push((end, *tie));
    }
    let mut edges = Vec::new();
    for (slot, mut own) in customers {
        own.sort_by(|a, b| b.1.trust.total_cmp(&a.1.trust).then(a.1.which().cmp(&b.1.which())));
        for (end, tie) in own.into_iter().take(PARTNERS) {
            let country = &model.world.countries[usize::from(tie.market)];
            let partner = *drawn.entry(end).or_insert_with(|| {
                nodes.push(Node {
                    label: country.iso3.clone(),
                    kind: NodeKind::Partner,
                    group: country.subregion.clone(),
                    size: 0.0,
                    online: false,
                    best: false,
                });
                nodes.len() - 1
            });
            edges.push((drawn[&(slot as usize)], partner, if tie.online() { Edge::Online } else { Edge::Offline }));
        }
    }
    for (a, b, kind, _) in social.each_peer().filter(|(_, _, _, active)| *active) {
        if let (Some(&a), Some(&b)) = (drawn.get(&(a as usize)), drawn.get(&(b as usize))) {
            edges.push((a, b, if kind == TieKind::Offline { Edge::Peer } else { Edge::PeerOnline }));
        }
    }
    Input { nodes, edges, measure: "exports of the last year (US$)".into() }
}

/// The exporters with most customers, in order of slot.
pub(super) fn hubs(firms: &[FirmNode]) -> Vec<u32> {
    let mut hubs: Vec<&FirmNode> = firms.iter().filter(|firm| firm.customers > 0).collect();
    hubs.sort_by(|a, b| b.customers.cmp(&a.customers).then(a.slot.cmp(&b.slot)));
    let mut slots: Vec<u32> = hubs.iter().take(HUBS).map(|firm| firm.slot).collect();
    slots.sort_unstable();
    slots
}

/// Hubs and their peers, exporters first.
pub(super) fn surroundings(model: &Model, firms: &[FirmNode], hubs: &[u32]) -> Vec<u32> {
    let mut chosen = hubs.to_vec();
    for &hub in hubs {
        let offline = model.peers.offline.row(hub).iter();
        let online = model
            .peers
            .online
            .row(hub)
            .iter()
            .filter(|peer| firms[hub as usize].on_sns && firms[**peer as usize].on_sns);
        let mut peers: Vec<u32> = offline.chain(online).copied().collect();
        peers.sort_by_key(|&peer| (!firms[peer as usize].exporter, peer));
        chosen.extend(peers.into_iter().take(PEERS));
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

pub(super) fn map(model: &Model, tallies: &Tallies) -> figure::map::Input {
    let total: f64 = tallies.entries.iter().map(|n| f64::from(*n)).sum();
    figure::map::Input {
        outlines: crate::world::outlines(),
        markets: model
            .world
            .countries
            .iter()
            .zip(&tallies.entries)
            .filter(|(_, entries)| **entries > 0)
            .map(|(country, entries)| figure::map::Market {
                name: country.name.clone(),
                longitude: country.longitude,
                latitude: country.latitude,
                count: f64::from(*entries),
                note: style::percent(f64::from(*entries) / total),
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
