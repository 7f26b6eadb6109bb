//! Two economies that differ in one thing: nothing differs before it, the unconnected never notice, the touched move
//! the right way.

use crate::laboratory::{ALL_NOTES, assert_same, differing, loaded, model, rows, step_to, touch, with};
use fondaco::economy::Economy;
use fondaco::economy::accounts::{Flow, Sum};
use fondaco::engine::model::Model;
use fondaco::engine::{Simulation, YearTotals};
use fondaco::experiment::Plan;
use fondaco::firm::{NONE, OFFLINE, Orientation, Origin, Tie, TieState};
use std::collections::BTreeSet;

/// A graph of many small worlds, so that there are firms whom no chain of peers connects to others.
const ISLANDS: &[&str] = &[
    "network.offline_district=0.6",
    "network.offline_country=0.0",
    "network.online=0.3",
    "network.degree_largest=10",
    "population.firms=1500",
    "run.burn_in=8",
];

/// The quarter in which a calendar year starts.
fn quarter_of(model: &Model, year: f32) -> u16 {
    ((year - model.first_year) * 4.0) as u16
}

/// Peers of a slot, offline and online.
fn peers(model: &Model, slot: u32) -> impl Iterator<Item = u32> {
    model.peers.offline.row(slot).iter().chain(model.peers.online.row(slot)).copied()
}

/// Places that a chain of peers connects to one of `seeds`, these included.
fn connected(model: &Model, seeds: impl IntoIterator<Item = u32>) -> BTreeSet<u32> {
    let mut reached: BTreeSet<u32> = seeds.into_iter().collect();
    let mut waiting: Vec<u32> = reached.iter().copied().collect();
    while let Some(slot) = waiting.pop() {
        waiting.extend(peers(model, slot).filter(|peer| reached.insert(*peer)));
    }
    reached
}

/// Places with a customer in a market.
fn customers_in(economy: &Economy, market: u8) -> BTreeSet<u32> {
    let mut slots = BTreeSet::new();
    economy.for_each(|slot, _, ties, _| {
        if ties.iter().any(|tie| tie.market == market && tie.state == TieState::Customer) {
            slots.insert(slot);
        }
    });
    slots
}

fn total(years: &[YearTotals], sum: Sum) -> f64 {
    years.iter().map(|year| year.sum(sum)).sum()
}

#[test]
fn a_shock_shows_from_its_date_on_and_only_where_it_leads() {
    let shock = with(ISLANDS, &["shock.slump.size=-0.9", "shock.slump.start=2011.5", "shock.slump.years=50"]);
    let shock = with(&shock, &["shock.slump.markets=DEU"]);
    let (calm, struck) = (model(ISLANDS), model(&shock));
    let market = calm.world.index("DEU").expect("the largest market is there");
    let date = quarter_of(&calm, 2011.5);
    let (mut a, mut b) = (Simulation::new(&calm, ALL_NOTES), Simulation::new(&struck, ALL_NOTES));
    let mut hit = BTreeSet::new();
    let mut differ = Vec::new();
    let mut years = [Vec::new(), Vec::new()];
    for step in 0..calm.quarters {
        // Whoever sells there may notice; so may the peers of whoever shows another visible state.
        let mut may_differ: BTreeSet<u32> = differ.iter().copied().collect();
        for slot in &differ {
            if a.economy.visible[*slot as usize] != b.economy.visible[*slot as usize] {
                may_differ.extend(peers(&calm, *slot));
            }
        }
        if step >= date {
            for economy in [&a.economy, &b.economy] {
                hit.extend(customers_in(economy, market));
            }
            may_differ.extend(&hit);
        }
        a.step();
        b.step();
        if step < date {
            assert_same("calm and struck, before the shock", &a.economy, &b.economy);
        }
        differ = differing(&a.economy, &b.economy);
        for slot in &differ {
            assert!(may_differ.contains(slot), "quarter {}: firm {slot} noticed what it could not know", step + 1);
        }
        for (simulation, years) in [&mut a, &mut b].into_iter().zip(&mut years) {
            if simulation.year_closed() {
                let totals = simulation.collect_year();
                if step >= date {
                    years.extend(totals);
                }
            }
            simulation.economy.chunks.iter_mut().for_each(|chunk| chunk.accounts.events.clear());
        }
    }
    let reached = connected(&calm, hit.iter().copied());
    assert!(differ.iter().all(|slot| reached.contains(slot)), "only those connected to a seller ever differ");
    assert!(differ.len() > 10 && reached.len() < calm.peers.offline.nodes() / 2, "the test has both kinds of firms");
    let [calm, struck] = years.map(|years| total(&years, Sum::Exports));
    assert!(struck < calm, "a slump abroad lowers exports: {struck} against {calm}");
}

#[test]
fn changed_firms_live_other_lives_and_the_unconnected_the_same() {
    let model = model(ISLANDS);
    let mut a = Simulation::new(&model, ALL_NOTES);
    step_to(&mut a, 16);
    let mut b = Simulation::new(&model, ALL_NOTES);
    step_to(&mut b, 16);
    assert_same("two runs of one model", &a.economy, &b.economy);
    let changed: Vec<u32> = (0..1500).step_by(50).collect();
    for slot in &changed {
        touch(&mut b.economy, *slot, |firm, _| {
            firm.proactivity = 1.0;
            firm.baseline_proactivity = 1.0;
            firm.orientation = Orientation::Proactive;
            firm.slack += 5.0;
            (firm.barriers, firm.unhindered) = ([0.0; 4], 1.0);
        });
    }
    let reached = connected(&model, changed.iter().copied());
    assert!(reached.len() < 1000, "{} firms are unconnected to a changed one", 1500 - reached.len());
    let mut differ = Vec::new();
    while a.economy.step < 40 {
        let to = a.economy.step + 1;
        step_to(&mut a, to);
        step_to(&mut b, to);
        differ = differing(&a.economy, &b.economy);
        let strangers = differ.iter().find(|slot| !reached.contains(slot));
        assert_eq!(strangers, None, "quarter {to}: an unconnected firm lives another life");
    }
    assert!(differ.iter().any(|slot| !changed.contains(slot)), "somebody noticed, or the test is about nothing");
    let entered = |economy: &Economy| {
        let rows = rows(economy);
        changed.iter().flat_map(|slot| &rows[*slot as usize].2).filter(|relation| relation.rank > 0).count()
    };
    let (before, after) = (entered(&a.economy), entered(&b.economy));
    assert!(after > before, "the eager, rich and unhindered enter more markets: {after} against {before}");
}

#[test]
fn more_contacts_never_make_fewer_entries_on_average() {
    let model = model(&["population.firms=1500", "run.burn_in=8"]);
    let mut without = Simulation::new(&model, ALL_NOTES);
    step_to(&mut without, 20);
    let entries_with = |number: u32| {
        let mut with = Simulation::new(&model, ALL_NOTES);
        step_to(&mut with, 20);
        for slot in (0..1500).step_by(3) {
            touch(&mut with.economy, slot, |_, ties| {
                ties.extend((0..number).map(|k| introduced(&model, k, 20)));
            });
        }
        let mut entries = 0;
        while with.economy.step < 40 {
            with.step();
            if with.year_closed() {
                let totals = with.collect_year();
                with.check(&totals);
                let of_policy = |year: &YearTotals| {
                    year.flows[Flow::EntrySearch as usize..=Flow::EntryPolicy as usize].iter().sum::<u64>()
                };
                entries += totals.iter().map(of_policy).sum::<u64>();
            }
        }
        entries
    };
    let entries = [0, 2, 6].map(entries_with);
    assert!(entries[0] < entries[1] && entries[1] < entries[2], "entries with 0, 2 and 6 more contacts: {entries:?}");
}

/// A good contact such as a fair might bring, the `k`th.
fn introduced(model: &Model, k: u32, step: u16) -> Tie {
    let markets = (0..model.world.countries.len() as u8).filter(|market| *market != model.homes[0].market);
    Tie {
        // Ranks that popularity hardly ever draws.
        partner: model.partners[0] - 1 - k,
        trust: 0.6,
        quality: 0.5,
        draw: 0.02,
        lapses: step + 12,
        born: step as i16,
        partner_generation: 0,
        market: markets.cycle().nth(5 * k as usize).expect("markets go round"),
        origin: Origin::Policy,
        state: TieState::Contact,
        platform: OFFLINE,
        ordered: false,
        fresh: false,
    }
}

#[test]
fn a_platform_that_comes_later_changes_nothing_before() {
    let late = model(&["platform.facebook.since=2011"]);
    let never = model(&["platform.facebook.since=2200"]);
    let date = quarter_of(&late, 2011.0);
    let (mut a, mut b) = (Simulation::new(&late, ALL_NOTES), Simulation::new(&never, ALL_NOTES));
    let mut platforms = [0, 0];
    for step in 0..late.quarters {
        a.step();
        b.step();
        if step < date {
            assert_same("late and never, before the platform comes", &a.economy, &b.economy);
        }
    }
    for (simulation, count) in [&a, &b].into_iter().zip(&mut platforms) {
        simulation.economy.for_each(|_, firm, _, _| *count += firm.platforms.count_ones());
    }
    assert!(platforms[0] > 0 && differing(&a.economy, &b.economy).len() > 10, "afterwards it is used: {platforms:?}");
}

#[test]
fn a_theory_that_changes_midway_acts_from_then_on_and_in_its_direction() {
    let cheap = model(&["population.firms=1500", "run.burn_in=8"]);
    let dear = model(&["population.firms=1500", "run.burn_in=8", "mechanism.entry.cost=0.5"]);
    let mut a = Simulation::new(&cheap, ALL_NOTES);
    step_to(&mut a, 32);
    let mut b = Simulation::new(&dear, ALL_NOTES);
    b.economy = a.economy.clone();
    let pursued = |simulation: &mut Simulation| {
        let mut pursued = 0.0;
        while simulation.economy.step < 48 {
            simulation.step();
            if simulation.year_closed() {
                pursued += simulation.collect_year().iter().map(|year| year.flow(Flow::Pursued)).sum::<f64>();
            }
        }
        pursued
    };
    let (cheap, dear) = (pursued(&mut a), pursued(&mut b));
    assert!(dear < 0.8 * cheap, "dearer entry, fewer pursuits: {dear} against {cheap}");
}

#[test]
fn where_social_networking_sites_do_nothing_their_users_live_like_everybody_else() {
    // Everything that use can do is there to be switched off: contacts, visibility, distance, barriers, information, peers
    // on the sites, hours and fees.
    let busy = [
        "population.firms=1500",
        "mechanism.adoption.midpoint=2008",
        "mechanism.unsolicited.reach=2",
        "mechanism.distance.channel=both",
        "mechanism.remedy.strength=0.8",
        "mechanism.information.weight=0.6",
        "mechanism.sns.cost=0.05",
        "platform.facebook.cost=0.01",
        "network.online=4",
    ];
    let lives = |setting: &str| {
        let model = model(&with(&busy, &[setting]));
        let mut simulation = Simulation::new(&model, ALL_NOTES);
        step_to(&mut simulation, 40);
        let mut users = 0;
        let mut rows = rows(&simulation.economy);
        for (firm, ..) in &mut rows {
            users += u32::from(firm.on_sns);
            // What tells that a firm joined, and nothing else. Where its career is filed depends on others.
            (firm.on_sns, firm.adopted, firm.platforms, firm.relational) = (false, -1, 0, 0.0);
            firm.career = NONE;
        }
        (users, rows)
    };
    let (idle, off) = lives("mechanism.sns.on=false");
    let (none, alone) = lives("mechanism.adoption.on=false");
    assert!(idle > 100 && none == 0, "{idle} firms use what does nothing");
    for (slot, (one, other)) in off.iter().zip(&alone).enumerate() {
        assert_eq!(one, other, "firm {slot} lives another life for using what does nothing");
    }
    assert!(lives("mechanism.sns.on=true").1 != alone, "and where they do something, they do");
}

/// Two homes whose firms share markets and perhaps partners, but no peers.
const TWO_HOMES: &[&str] =
    &["population.homes=BEL,NLD", "population.firms=1600", "network.abroad=0.0", "run.burn_in=8"];

/// Quarters 24 to 48 with and without eager firms in the first home: how many firms of the second home differ.
fn foreigners_who_notice(settings: &[&str]) -> usize {
    let loaded = loaded(settings);
    let plan = Plan::new(&loaded).unwrap_or_else(|error| panic!("{error}"));
    let model = plan.model(0).unwrap_or_else(|error| panic!("{error}"));
    let border = model.homes[1].first;
    let mut a = Simulation::new(&model, ALL_NOTES);
    step_to(&mut a, 24);
    let mut b = Simulation::new(&model, ALL_NOTES);
    step_to(&mut b, 24);
    for slot in 0..border {
        // On the edge of ruin: many fail in one twin and live on in the other.
        touch(&mut b.economy, slot, |firm, _| firm.slack -= 8.0);
    }
    step_to(&mut a, 48);
    step_to(&mut b, 48);
    let differ = differing(&a.economy, &b.economy);
    assert!(differ.iter().filter(|slot| **slot < border).count() > 400, "the touched live other lives");
    differ.iter().filter(|slot| **slot >= border).count()
}

#[test]
fn firms_abroad_notice_only_through_partners_who_are_those_firms() {
    let apart = with(TWO_HOMES, &["mechanism.partner.simulated=0.0"]);
    assert_eq!(foreigners_who_notice(&apart), 0, "the same partners and markets, and nobody who tells");
    let joined = with(TWO_HOMES, &["mechanism.partner.simulated=1.0"]);
    assert!(foreigners_who_notice(&joined) > 0, "a customer that fails is lost");
}
