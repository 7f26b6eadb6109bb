//! Does the ledger balance? Are there as many firms as were, came and went? With no theory, does nothing move?

use crate::laboratory::{ALL_NOTES, NOTHING_ELSE, loaded, model, plan, rows, step_to, tell, tell_of, touch, with};
use fondaco::economy::Economy;
use fondaco::economy::accounts::{EventKind, Flow, Sum};
use fondaco::engine::model::Model;
use fondaco::engine::{Simulation, Sink};
use fondaco::error::Error;
use fondaco::experiment::replicates;
use fondaco::firm::{Exit, Firm, Orientation, Relation, TieState, VisibleState};
use fondaco::param::{Kind, Value};
use fondaco::scenario::{Scenario, Sections};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicBool;

#[test]
fn every_identity_holds_in_every_quarter_under_every_rule() {
    for rule in ["uppsala", "network", "casino", "full-information"] {
        let rule = format!("mechanism.decision.rule={rule}");
        let busy = ["mechanism.unsolicited.rate=3", "mechanism.stage.leapfrog=true", &rule];
        let told = tell(&model(&with(&busy, &["run.burn_in=6", "population.firms=900"])));
        assert!(told.flow(Flow::Deals) > 100.0, "{rule}: enough happens to be verified");
        let weighs = rule.ends_with("uppsala") || rule.ends_with("network");
        for event in told.events(EventKind::Pursuit) {
            let known = [event.risk, event.tolerable, event.gain].map(f32::is_finite);
            assert_eq!(known, [weighs; 3], "{rule}: what a rule does not ask for is not made up");
        }
    }
}

#[test]
fn firms_are_the_old_and_the_born_less_the_dead() {
    let told = tell_of(&["run.burn_in=0", "run.years=8", "population.homes=BEL,NLD"]);
    assert_eq!(told.flow(Flow::Births), told.flow(Flow::Deaths));
    for year in &told.years {
        assert_eq!(year.sum(Sum::Firms), 300.0, "home {} in {}", year.home, year.year);
    }
    let mut lives = 0;
    told.outcome.economy.for_each(|_, firm, _, _| lives += u64::from(firm.generation));
    assert_eq!(lives as f64, told.flow(Flow::Deaths), "each death begins the next life of its slot");
    let unseen = told.events(EventKind::Death).filter(|event| event.step == 0).count() as u64;
    assert_eq!(told.lives.len() as u64, 600 + lives - unseen, "every life that was observed is told");
    let told_once: BTreeSet<(u32, u16)> = told.lives.iter().map(|life| (life.slot, life.firm.generation)).collect();
    assert_eq!(told_once.len(), told.lives.len(), "and told once");
}

/// Nothing but what the ledger can follow from outside: reserves are not drawn to a target and meet no chance, and
/// nobody changes its mind about searching within a quarter.
const LEDGER: &[&str] = &[
    "run.burn_in=0",
    "run.years=12",
    "mechanism.slack.reversion=0.0",
    "mechanism.slack.shock=0.0",
    "mechanism.slack.target=3.0",
    "mechanism.orientation.turn=0.0",
    "mechanism.orientation.relapse=0.0",
    "mechanism.orientation.successes=100",
    "mechanism.incident.on=false",
    "mechanism.growth.on=false",
    "mechanism.demography.on=false",
    "mechanism.unsolicited.rate=2.0",
    "mechanism.stage.cost_agent=0.02",
    "platform.skype.cost=0.001",
];

#[test]
fn the_money_of_every_firm_balances_in_every_quarter() {
    let model = model(LEDGER);
    let mut simulation = Simulation::new(&model, ALL_NOTES);
    let (mut booked, mut stages) = (0, 0);
    for _ in 0..model.quarters {
        let before = rows(&simulation.economy);
        simulation.step();
        let closing = simulation.year_closed();
        let after = rows(&simulation.economy);
        let events: Vec<_> =
            simulation.economy.chunks.iter_mut().flat_map(|chunk| std::mem::take(&mut chunk.accounts.events)).collect();
        let mut costs = vec![0.0_f64; after.len()];
        let mut kept: Vec<Vec<(u8, u8)>> = after.iter().map(|(_, _, relations)| markets_kept(relations)).collect();
        for event in &events {
            let slot = event.slot as usize;
            match event.kind {
                EventKind::Pursuit | EventKind::StageUp => {
                    costs[slot] += f64::from(event.cost);
                    stages += u32::from(event.kind == EventKind::StageUp);
                }
                // A market was kept up at the stage it had before the firm stepped back or left.
                EventKind::StageDown => {
                    if let Some(kept) = kept[slot].iter_mut().find(|kept| kept.0 == event.market) {
                        kept.1 = kept.1.max(event.stage_from);
                    }
                }
                EventKind::Exit if event.reason == Exit::Idle as u8 => {
                    kept[slot].push((event.market, event.stage_from));
                }
                _ => {}
            }
        }
        for (slot, ((was, _, sold_before), (is, _, sold))) in before.iter().zip(&after).enumerate() {
            let sales = sales_of(sold, closing) - sales_of(sold_before, false);
            let net = f64::from(model.theory.order.margin) * sales
                - costs[slot]
                - standing_costs(&model, was, is)
                - kept[slot].iter().map(|(_, stage)| upkeep(&model, *stage)).sum::<f64>();
            let revenue = f64::from(0.25 * is.size);
            let (found, expected) = (f64::from(is.slack - was.slack), net / revenue);
            assert!(
                (found - expected).abs() < 1e-4 * (1.0 + f64::from(was.slack.abs()) + sales / revenue),
                "quarter {}, firm {slot}: reserves moved by {found}, the ledger says {expected}",
                simulation.economy.step
            );
            booked += u32::from(sales > 0.0);
        }
        if closing {
            simulation.collect_year();
        }
    }
    assert!(booked > 100 && stages > 5, "{booked} quarters with sales and {stages} steps were booked");
}

/// Markets that must have been kept up, with their stages.
fn markets_kept(relations: &[Relation]) -> Vec<(u8, u8)> {
    let kept = relations.iter().filter(|relation| relation.since >= 0 && relation.customers > 0);
    kept.map(|relation| (relation.market, relation.stage)).collect()
}

fn upkeep(model: &Model, stage: u8) -> f64 {
    f64::from(model.theory.stage.keeping) + 0.25 * f64::from(model.theory.stage.upkeep(stage))
}

/// Sales of the year so far; the accounts of a closed year are in the column of last year.
fn sales_of(relations: &[Relation], closed: bool) -> f64 {
    relations.iter().map(|relation| f64::from(if closed { relation.sales_last } else { relation.sales })).sum()
}

/// Costs of searching and of social networking sites in a quarter.
fn standing_costs(model: &Model, was: &Firm, is: &Firm) -> f64 {
    let theory = &model.theory;
    let mut yearly = 0.0;
    if was.orientation == Orientation::Proactive {
        yearly += theory.search.cost * was.proactivity * theory.inertia.drive(was.inertia);
    }
    if is.on_sns {
        yearly += theory.sns.cost * theory.sns.hours(is.size);
        yearly += (0..model.sites.len())
            .filter(|i| is.platforms & 1 << i != 0)
            .map(|i| model.sites[i].platform.cost)
            .sum::<f32>();
    }
    0.25 * f64::from(yearly)
}

#[test]
fn without_entry_nobody_exports_and_whoever_stayed_at_home_lives_the_same_life() {
    let alone = ["mechanism.adoption.on=false", "population.firms=1500", "run.burn_in=0", "run.years=10"];
    let open = tell_of(&alone);
    let closed = tell_of(&with(&alone, &["mechanism.entry.on=false"]));
    for flow in [Flow::Pursued, Flow::Deals, Flow::Orders, Flow::EntryUnsolicited, Flow::StageUps] {
        assert_eq!(closed.flow(flow), 0.0, "{flow:?}");
    }
    assert_eq!((closed.sum(Sum::Exporters), closed.sum(Sum::Exports)), (0.0, 0.0));
    assert!(open.sum(Sum::Exporters) > 100.0);
    let adventurers: BTreeSet<u32> = open.events(EventKind::Pursuit).map(|event| event.slot).collect();
    let homely = |told: &crate::laboratory::Told| {
        let rows: Vec<_> = told.firms.iter().filter(|row| !adventurers.contains(&row.slot)).copied().collect();
        rows
    };
    let (open, closed) = (homely(&open), homely(&closed));
    assert!(open.len() > 1000 && open.len() == closed.len(), "{} firm-years at home", open.len());
    for (a, b) in open.iter().zip(&closed) {
        let life = |row: &fondaco::economy::accounts::FirmRow| {
            let firm = row.firm;
            let bits = [firm.size, firm.slack, firm.proactivity, firm.inertia, row.home_sales].map(f32::to_bits);
            (row.slot, firm.generation, firm.born, bits)
        };
        assert_eq!(life(a), life(b));
    }
}

#[test]
fn with_no_theory_nothing_moves() {
    let mut off = Vec::new();
    for section in Scenario::sections().iter().filter(|section| section.path.starts_with("mechanism.")) {
        if section.decl("on").is_some_and(|decl| decl.kind == Kind::Switch) {
            off.push(format!("{}.on=false", section.path));
        }
    }
    assert!(off.len() > 20, "every mechanism has a switch: {off:?}");
    // These two have no switch.
    let still = ["mechanism.slack.shock=0.0", "mechanism.orientation.turn=0.0", "mechanism.orientation.relapse=0.0"];
    off.extend(still.map(str::to_owned));
    let off: Vec<&str> = off.iter().map(String::as_str).collect();
    let model = model(&off);
    let first = rows(&model.economy(ALL_NOTES));
    let told = tell(&model);
    assert!(told.years.iter().all(|year| year.flows.iter().all(|flow| *flow == 0)), "something was counted");
    assert!(told.events.is_empty(), "{:?}", told.events.first());
    for (slot, (then, now)) in first.iter().zip(rows(&told.outcome.economy)).enumerate() {
        assert_eq!(*then, now, "firm {slot} moved");
    }
}

#[test]
fn a_switch_leaves_the_value_of_the_setting_alone() {
    // Otherwise the rule above would switch off less than it says.
    let loaded = loaded(NOTHING_ELSE);
    for assignment in NOTHING_ELSE {
        let (path, _) = assignment.split_once('=').expect("a setting has a value");
        assert_eq!(loaded.scenario.get(path), Some(Value::Switch(false)), "{path}");
    }
}

/// What a check says of an economy that was tampered with.
fn complaint(tamper: impl FnOnce(&mut Simulation)) -> String {
    let model = model(&["mechanism.unsolicited.rate=2.0", "population.firms=300"]);
    let mut simulation = Simulation::new(&model, ALL_NOTES);
    crate::laboratory::step_to(&mut simulation, 24);
    simulation.check_rows();
    tamper(&mut simulation);
    let said = catch_unwind(AssertUnwindSafe(|| simulation.check_rows())).expect_err("the check notices");
    said.downcast_ref::<String>().cloned().or(said.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default()
}

/// Slots of firms with a customer.
fn sellers(simulation: &Simulation) -> Vec<u32> {
    let mut slots = Vec::new();
    simulation.economy.for_each(|slot, _, ties, _| {
        if ties.iter().any(|tie| tie.state == TieState::Customer) {
            slots.push(slot);
        }
    });
    slots
}

#[test]
fn a_violated_identity_names_quarter_firm_and_rule() {
    let said = complaint(|simulation| touch(&mut simulation.economy, 17, |firm, _| firm.slack = f32::NAN));
    assert!(said.starts_with("quarter 24, firm 17 (generation "), "{said}");
    assert!(said.ends_with("money and size are finite"), "{said}");

    let mut at = 0;
    let said = complaint(|simulation| {
        at = sellers(simulation)[0];
        touch(&mut simulation.economy, at, |_, ties| ties[0].trust = 1.5);
    });
    assert!(said.starts_with(&format!("quarter 24, firm {at} ")) && said.ends_with("trust 1.5 is a share"), "{said}");

    let said = complaint(|simulation| {
        at = sellers(simulation)[0];
        touch(&mut simulation.economy, at, |_, ties| ties.retain(|tie| tie.state != TieState::Customer));
    });
    assert!(said.starts_with(&format!("quarter 24, firm {at} ")), "a customer vanished: {said}");

    let said = complaint(|simulation| {
        let firms = simulation.economy.len();
        let mut visible = simulation.economy.visible.as_mut();
        (0..firms).for_each(|slot| visible.set(slot, VisibleState::new(0, 0, false)));
    });
    assert!(said.ends_with("the visible state shows the ties"), "{said}");
}

#[test]
fn a_violated_total_is_noticed() {
    let model = model(&[]);
    let mut simulation = Simulation::new(&model, ALL_NOTES);
    // Nothing is added up before the first year observed.
    step_to(&mut simulation, model.burn_in);
    for _ in 0..4 {
        simulation.step();
    }
    let mut totals = simulation.collect_year();
    simulation.check(&totals);
    totals[0].sums[Sum::Firms as usize] += 1.0;
    assert!(catch_unwind(AssertUnwindSafe(|| simulation.check(&totals))).is_err(), "one firm too many");
    totals[0].sums[Sum::Firms as usize] -= 1.0;
    totals[0].flows[Flow::Births as usize] += 1;
    assert!(catch_unwind(AssertUnwindSafe(|| simulation.check(&totals))).is_err(), "a birth without a death");
}

/// Breaks down in its third year, as a violated identity does.
struct Fragile;

impl Sink for Fragile {
    fn quarter(&mut self, _: &Model, economy: &Economy) -> Result<(), Error> {
        assert!(economy.step < 9, "quarter {}: something does not hold", economy.step);
        Ok(())
    }
}

#[test]
fn a_replicate_that_breaks_down_is_an_error_in_words_and_stops_the_others() {
    for count in ["run.replicates=1", "run.replicates=4"] {
        let plan = plan(&[count]);
        let mut handed_over = 0;
        let end = replicates(
            &plan,
            ALL_NOTES,
            &AtomicBool::new(false),
            |_| Fragile,
            |_, _, _, _| {
                handed_over += 1;
                Ok(())
            },
        );
        match end {
            Err(Error::Failed(said)) => {
                assert_eq!(said, "replicate 0 broke down: quarter 9: something does not hold", "{count}");
            }
            other => panic!("{count}: {other:?}"),
        }
        assert_eq!(handed_over, 0, "{count}");
    }
}
