//! Support measures: who gets them, what each operator moves, and that nothing else moves.

use crate::laboratory::{ALL_NOTES, Told, assert_same, differing, model, plan, rows, step_to, tell_of, with};
use fondaco::economy::Economy;
use fondaco::economy::accounts::{Flow, Sum};
use fondaco::engine::Simulation;
use fondaco::engine::model::Model;
use fondaco::error::Error;
use fondaco::experiment::compare::outcome::Outcome;
use fondaco::experiment::compare::pair::courses;
use fondaco::experiment::compare::{Compared, Comparison, Kept, Study, Whom, compare};
use fondaco::firm::{OFFLINE, Tie};
use fondaco::policy::filter::VARIABLES;
use fondaco::scenario::{Asked, Flag, Loaded, asked};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// A graph of many small worlds, so that there are firms whom no chain of peers connects to others.
const ISLANDS: &[&str] = &[
    "network.offline_district=0.6",
    "network.offline_country=0.0",
    "network.online=0.3",
    "network.degree_largest=10",
    "population.firms=1500",
    "run.burn_in=6",
];

/// A measure for so many firms drawn by lot in 2012, with an operator of each kind.
const EVERYTHING: &[&str] = &[
    "instrument.all.on=true",
    "instrument.all.operators=[\"matched-partners\", \"research-knowledge\", \"training-courage\", \"half-entry-cost\", \
     \"grant-money\", \"guarantee\", \"join-sns\", \"training-skill\", \"sns-objectives\", \"eager\", \"circle\", \
     \"going-offline\", \"wider-reach\", \"easier-trade\"]",
    "operator.eager.does=raise-proactivity",
    "operator.eager.dose=0.2",
    "instrument.all.start=2012",
    "instrument.all.places=40",
];

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

fn treated(economy: &Economy) -> Vec<u32> {
    economy.register.treatments.iter().map(|treatment| treatment.slot).collect()
}

#[test]
fn nothing_differs_before_the_first_round_and_strangers_never_notice() {
    let (without, with_it) = (model(ISLANDS), model(&with(ISLANDS, EVERYTHING)));
    let date = ((2012.0 - without.first_year) * 4.0) as u16;
    let (mut a, mut b) = (Simulation::new(&without, ALL_NOTES), Simulation::new(&with_it, ALL_NOTES));
    for step in 0..without.quarters {
        step_to(&mut a, step + 1);
        step_to(&mut b, step + 1);
        if step < date {
            assert_same("with and without, before the first round", &a.economy, &b.economy);
        } else {
            let reached = connected(&without, treated(&b.economy));
            let differ = differing(&a.economy, &b.economy);
            let stranger = differ.iter().find(|slot| !reached.contains(slot));
            assert_eq!(
                stranger, None,
                "quarter {step}: a firm that no tie connects to a participant lives another life"
            );
        }
        for simulation in [&mut a, &mut b] {
            simulation.economy.chunks.iter_mut().for_each(|chunk| chunk.accounts.events.clear());
        }
    }
    let (participants, differ) = (treated(&b.economy), differing(&a.economy, &b.economy));
    assert_eq!(participants.len(), 40);
    assert!(participants.iter().filter(|slot| differ.contains(slot)).count() > 20, "participants live other lives");
    assert!(differ.iter().any(|slot| !participants.contains(slot)), "somebody else noticed, through a tie");
    assert!(connected(&without, participants).len() < 1000, "there are strangers");
}

/// What a measure for everybody with one operator changes: told without and with it.
fn effect_of(operator: &str, base: &[&str]) -> [Told; 2] {
    let operators = format!("instrument.one.operators=[\"{operator}\"]");
    let measure = [
        operators.as_str(),
        "instrument.one.on=true",
        "instrument.one.selection=everyone",
        "instrument.one.start=2011",
    ];
    [tell_of(base), tell_of(&with(base, &measure))]
}

#[test]
fn every_operator_moves_what_it_is_meant_to() {
    let base: &[&str] = &["population.firms=1500", "run.burn_in=8"];
    let poor = with(base, &["mechanism.entry.cost=0.4"]);
    let timid = with(base, &["mechanism.risk.tolerance=0.5"]);
    type Reading = fn(&Told) -> f64;
    // Operator, base, what is read, and its direction.
    let table: &[(&str, &[&str], Reading, f64)] = &[
        ("matched-partners", base, |told| told.flow(Flow::EntryPolicy), 1.0),
        ("visit-contacts", base, |told| told.flow(Flow::ContactPolicy), 1.0),
        (
            "research-knowledge",
            base,
            |told| told.outcome.economy.chunks.iter().flat_map(|c| &c.relations).map(|r| f64::from(r.knowledge)).sum(),
            1.0,
        ),
        ("training-courage", base, |told| told.flow(Flow::Pursued), 1.0),
        ("paperwork-help", base, |told| told.flow(Flow::Pursued), 1.0),
        ("half-entry-cost", &poor, |told| told.flow(Flow::RefusedMoney), -1.0),
        (
            "half-entry-cost",
            base,
            |told| told.outcome.economy.register.payments.iter().map(|payment| payment.cost).sum(),
            1.0,
        ),
        ("grant-money", base, |told| told.years[1].sum(Sum::Slack), 1.0),
        ("guarantee", &timid, |told| told.flow(Flow::RefusedRisk), -1.0),
        ("join-sns", base, |told| told.years[1].sum(Sum::OnSns), 1.0),
        ("training-skill", base, |told| told.flow(Flow::Deals), 1.0),
        ("sns-objectives", base, |told| told.years[2].sum(Sum::Reach) / told.years[2].sum(Sum::OnSns), 1.0),
        ("circle", base, |told| told.flow(Flow::ContactPeer), 1.0),
        ("going-offline", base, |told| told.flow(Flow::Conversions), 1.0),
        ("wider-reach", base, |told| told.sum(Sum::Reach), 1.0),
        ("easier-trade", base, |told| told.sum(Sum::Exports), 1.0),
    ];
    let mut last: Option<(&str, usize, [Told; 2])> = None;
    for (operator, base, read, direction) in table {
        let known = last.take().filter(|(name, settings, _)| (*name, *settings) == (*operator, base.len()));
        let told = known.map_or_else(|| effect_of(operator, base), |(.., told)| told);
        let [without, with_it] = [read(&told[0]), read(&told[1])];
        assert!(
            (with_it - without) * direction > 0.0,
            "{operator} should move this by {direction}: {without} without, {with_it} with it"
        );
        last = Some((operator, base.len(), told));
    }
}

#[test]
fn proactivity_is_raised_once_and_falls_back() {
    let eager = ["operator.eager.does=raise-proactivity", "operator.eager.dose=0.3"];
    let [without, with_it] = effect_of("eager", &with(&["run.burn_in=2"], &eager));
    let gain = |year: usize| with_it.years[year].sum(Sum::Proactivity) - without.years[year].sum(Sum::Proactivity);
    assert!(gain(0).abs() < 1e-9 && gain(1) > 20.0 && gain(5) < 0.7 * gain(1), "{} {} {}", gain(0), gain(1), gain(5));
}

#[test]
fn traits_return_when_the_support_is_over() {
    let short = ["operator.training-skill.years=2", "operator.training-skill.decay=0", "mechanism.demography.on=false"];
    let [without, with_it] = effect_of("training-skill", &short);
    let skills = |told: &Told| rows(&told.outcome.economy).iter().map(|(firm, ..)| firm.skill).collect::<Vec<_>>();
    assert_eq!(skills(&without), skills(&with_it), "from 2013 on they have the skill of their birth");
    assert_eq!(with_it.outcome.economy.chunks.iter().map(|chunk| chunk.supports.len()).sum::<usize>(), 0);
}

/// The participants of a measure without operators that change anything, by slot, with their economy at the round.
fn chosen(settings: &[&str]) -> (Vec<u32>, Economy) {
    let base = [
        "instrument.one.on=true",
        "instrument.one.operators=[\"nothing\"]",
        "operator.nothing.does=grant",
        "operator.nothing.dose=0",
        "instrument.one.start=2012",
        "run.burn_in=6",
    ];
    let model = model(&with(&base, settings));
    let date = model.programme.measures[0].rounds[0];
    let mut simulation = Simulation::new(&model, ALL_NOTES);
    step_to(&mut simulation, date);
    let before = simulation.economy.clone();
    simulation.step();
    (treated(&simulation.economy), before)
}

#[test]
fn only_the_eligible_take_part_and_no_more_than_places_and_money_allow() {
    let young = ["instrument.one.who=[\"age < 5\", \"employees >= 2\"]"];
    let (all, economy) = chosen(&with(&young, &["instrument.one.selection=everyone"]));
    let firms = rows(&economy);
    let eligible = |slot: &u32| {
        let firm = &firms[*slot as usize].0;
        f64::from(i32::from(economy.step) - i32::from(firm.born)) / 4.0 < 5.0 && firm.size + firm.exports_last >= 2.0
    };
    let expected: Vec<u32> = (0..economy.len() as u32).filter(eligible).collect();
    assert_eq!(all, expected);
    let (some, _) = chosen(&with(&young, &["instrument.one.places=10"]));
    assert_eq!(some.len(), 10);
    assert!(some.iter().all(|slot| expected.contains(slot)));
    let (bought, _) =
        chosen(&["instrument.one.unit_cost=100", "instrument.one.fixed_cost=50", "instrument.one.budget=1000"]);
    assert_eq!(bought.len(), 9, "what is left of 1,000 US$ after 50 buys nine places");
    let (half, economy) = chosen(&["instrument.one.take_up=0.5"]);
    let share = half.len() as f64 / economy.len() as f64;
    assert!((share - 0.5).abs() < 0.1, "{share} accept");
}

#[test]
fn selection_rules_choose_whom_they_say() {
    let ten = ["instrument.one.places=10"];
    let (biggest, economy) =
        chosen(&with(&ten, &["instrument.one.selection=scored", "instrument.one.score=employees"]));
    let firms = rows(&economy);
    let size = |slot: u32| firms[slot as usize].0.size + firms[slot as usize].0.exports_last;
    let mut sizes: Vec<f32> = (0..economy.len() as u32).map(size).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    assert_eq!(biggest.iter().map(|slot| size(*slot)).collect::<Vec<_>>(), sizes[..10]);
    let (smallest, _) = chosen(&with(&ten, &["instrument.one.selection=scored", "instrument.one.score=-employees"]));
    assert!(smallest.iter().all(|slot| size(*slot) <= sizes[sizes.len() - 10]));
    let graph = model(&["run.burn_in=6"]);
    let (central, _) = chosen(&with(&ten, &["instrument.one.selection=centrality"]));
    let degree = |slot: u32| peers(&graph, slot).count();
    let mut degrees: Vec<usize> = (0..economy.len() as u32).map(degree).collect();
    degrees.sort_unstable();
    assert!(central.iter().all(|slot| degree(*slot) >= degrees[degrees.len() - 10]));
    let (advanced, economy) = chosen(&with(&ten, &["instrument.one.selection=stage"]));
    let firms = rows(&economy);
    let serves = |slot: &u32| firms[*slot as usize].2.iter().any(|relation| relation.since >= 0);
    assert!(advanced.iter().all(serves), "those who export come first");
    let half = ["instrument.one.places=200"];
    let eager = |settings: &[&str]| {
        let (slots, economy) = chosen(&with(&half, settings));
        let firms = rows(&economy);
        slots.iter().map(|slot| firms[*slot as usize].0.proactivity).sum::<f32>() / slots.len() as f32
    };
    let by_lot = eager(&["instrument.one.selection=random"]);
    assert!(eager(&["instrument.one.selection=first-come"]) > by_lot, "the proactive come first");
    assert!(eager(&["instrument.one.selection=self-selected"]) > by_lot, "the proactive apply");
}

#[test]
fn a_travel_ban_stops_what_takes_travel() {
    let ban = ["shock.ban.kind=travel-ban", "shock.ban.start=2011", "shock.ban.years=1", "shock.ban.size=1"];
    let contacts = |operator, base: &[&str]| effect_of(operator, base)[1].flow(Flow::ContactPolicy);
    assert_eq!(contacts("visit-contacts", &ban), 0.0);
    assert!(contacts("visit-contacts", &[]) > 100.0 && contacts("matched-partners", &ban) > 100.0);
}

#[test]
fn visits_that_cannot_take_place_bring_no_courage_and_cost_nothing() {
    let visits = ["instrument.trade-visit.on=true", "instrument.trade-visit.start=2011", "population.firms=1500"];
    let told = |measures: &[&str], size: &str| {
        let size = format!("shock.ban.size={size}");
        tell_of(&with(measures, &[&size, "shock.ban.kind=travel-ban", "shock.ban.start=2011"]))
    };
    let cost = |told: &Told| told.outcome.economy.register.rounds.iter().map(|round| round.cost).sum::<f64>();
    let (usual, half, none) = (told(&visits, "0"), told(&visits, "0.5"), told(&visits, "1"));
    let alone = told(&visits[2..], "1");
    assert_same("a total ban with visits and without", &none.outcome.economy, &alone.outcome.economy);
    assert!(none.outcome.economy.register.treatments.is_empty() && cost(&none) == 0.0, "nobody leaves");
    assert!((cost(&half) / cost(&usual) - 0.5).abs() < 1e-3, "half of the visits cost half");
    let courage = |told: &Told| told.flow(Flow::Pursued) - alone.flow(Flow::Pursued);
    assert!(courage(&usual) > courage(&half) && courage(&half) > 0.0, "{} and {}", courage(&usual), courage(&half));
}

#[test]
fn support_is_confined_to_its_markets() {
    let scope = ["operator.matched-partners.markets=[\"DEU\"]"];
    let model = model(&with(
        &scope,
        &[
            "instrument.one.on=true",
            "instrument.one.operators=[\"matched-partners\"]",
            "instrument.one.selection=everyone",
            "instrument.one.start=2011",
        ],
    ));
    let germany = model.world.index("DEU").expect("it is a large market");
    let mut simulation = Simulation::new(&model, ALL_NOTES);
    step_to(&mut simulation, model.programme.measures[0].rounds[0] + 1);
    let mut brought = 0;
    simulation.economy.for_each(|_, _, ties, _| {
        for tie in ties.iter().filter(|tie| tie.origin == fondaco::firm::Origin::Policy) {
            assert_eq!(tie.market, germany);
            brought += 1;
        }
    });
    assert!(brought > 100, "{brought} contacts were brought");
}

#[test]
fn when_barriers_fall_firms_meet_what_they_lately_missed() {
    let model = model(&[
        "instrument.one.on=true",
        "instrument.one.operators=[\"open\"]",
        "instrument.one.selection=everyone",
        "instrument.one.take_up=1",
        "instrument.one.start=2011",
        "operator.open.does=lower-barrier",
        "operator.open.part=all",
        "operator.open.dose=1",
        "operator.open.years=5",
    ]);
    let round = model.programme.measures[0].rounds[0];
    let mut simulation = Simulation::new(&model, ALL_NOTES);
    let mut met = |quarter: u16| {
        step_to(&mut simulation, quarter + 1);
        let mut new = 0;
        simulation.economy.for_each(|_, firm, ties, _| {
            let offline = |tie: &&Tie| tie.platform == OFFLINE && i32::from(tie.born) == i32::from(quarter);
            new += if i32::from(firm.born) < i32::from(round) { ties.iter().filter(offline).count() } else { 0 };
        });
        new as f64
    };
    let (before, first, second) = (met(round - 1), met(round), met(round + 1));
    assert!(second > 1.2 * before, "without barriers more contacts are met: {second} against {before}");
    assert!(first > 1.5 * second, "and at first those of the last quarters: {first} against {second}");
}

// -------------------------------------------------------------------- comparisons

const TWO_ARMS: &str = "\
    [compare]\nreplicates = 3\nhorizon = 3\n\
    [arm.zeal]\ninstruments = [\"social-media-programme\"]\n\
    [arm.fairs]\ninstruments = [\"fair-voucher\"]\nset = [\"instrument.fair-voucher.start = 2012\"]\n\
    [instrument.social-media-programme]\nstart = 2011\nplaces = 150\n\
    [instrument.fair-voucher]\nplaces = 150\n";

const BASE: [&str; 5] = ["run.years=6", "run.burn_in=5", "run.start=2010", "population.firms=800", "world.largest=20"];

fn study_of(text: &str) -> Result<Study, Error> {
    let loaded = Loaded::<Comparison>::read("arms.toml", text, &[])?;
    Study::of(&loaded, &BASE.map(Flag::set))
}

fn study(text: &str) -> Study {
    study_of(text).unwrap_or_else(|error| panic!("{error}"))
}

fn compared(study: &Study, threads: usize, kept: &Path) -> Compared {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    let whole = || {
        let kept = Kept { path: kept, force: false, say: &|_| {} };
        compare(study, &kept, &AtomicBool::new(false), &|| {})
    };
    pool.install(whole).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_shared_past_is_the_same_as_one_lived_through() {
    let study = study(TWO_ARMS);
    assert_eq!(
        (study.arms[0].name.as_str(), study.arms[1].name.as_str()),
        ("zeal", "fairs"),
        "in the order of the file"
    );
    let never = AtomicBool::new(false);
    let of =
        |shared| courses(&study, 1, shared, &|| {}, &never).unwrap_or_else(|error| panic!("{error}")).expect("whole");
    let ((base, arms), (base_alone, arms_alone)) = (of(true), of(false));
    assert!(base.years == base_alone.years && base.onsets == base_alone.onsets);
    for (one, other) in arms.iter().zip(&arms_alone) {
        assert!(one.years == other.years && one.register == other.register && one.onsets == other.onsets);
        assert!(one.years != base.years, "an arm differs from the baseline");
        assert_eq!(one.years[..3], base.years[..3], "but not before the arms part");
    }
}

#[test]
fn threads_and_interruptions_change_no_number_of_a_comparison() {
    let study = study(TWO_ARMS);
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let whole = compared(&study, 1, &at("whole"));
    let told = |compared: &Compared| serde_json::to_string(compared).expect("it is JSON");
    assert_eq!(told(&whole), told(&compared(&study, 2, &at("two"))));
    // A killed process left the pairs up to the middle of one of them.
    let kept = std::fs::read(at("whole")).expect("pairs were kept");
    std::fs::write(at("torn"), &kept[..kept.len() * 6 / 10]).expect("it can be written");
    assert_eq!(told(&whole), told(&compared(&study, 2, &at("torn"))), "taken up again");
}

#[test]
fn effects_are_those_of_the_runs_and_the_ledger_adds_up() {
    let study = study(TWO_ARMS);
    let folder = tempfile::tempdir().expect("a folder");
    let whole = compared(&study, 2, &folder.path().join("pairs"));
    assert_eq!((whole.replicates, whole.interrupted), (3, false));
    let never = AtomicBool::new(false);
    let last = study.compare.horizon as usize - 1;
    let mut difference = 0.0;
    for replicate in 0..3 {
        let of = courses(&study, replicate, true, &|| {}, &never).unwrap_or_else(|error| panic!("{error}"));
        let (base, arms) = of.expect("whole");
        let exporters = |course: &fondaco::experiment::compare::course::Course| {
            course.year(last).iter().filter(|state| state.exporter()).count() as f64
        };
        difference += (exporters(&arms[0]) - exporters(&base)) / 3.0;
    }
    let effect = whole.arms[0].effect(Whom::All, Outcome::Exporters, last);
    assert!((effect.estimate.mean - difference).abs() < 1e-9);
    for arm in &whole.arms {
        let extra = &arm.additionality;
        let treated = arm.effect(Whom::Treated, Outcome::Exporters, last).estimate.mean;
        assert!(
            (extra.gained.mean - extra.lost.mean - treated).abs() < 1e-9,
            "gained less lost is the effect on participants"
        );
        let split = arm.extensive.mean + arm.intensive.mean;
        let exports = arm.effect(Whom::All, Outcome::Exports, last).estimate.mean;
        assert!((split - exports).abs() <= 1e-6 * exports.abs().max(1.0), "margins add up: {split} of {exports}");
    }
    let unit = study.arms[0].plan.scenario.instrument["social-media-programme"].unit_cost;
    let cost: f64 = whole.arms[0].money.cost_by_year.iter().sum();
    assert!((cost - 150.0 * f64::from(unit)).abs() < 1.0, "{cost} for 150 places at {unit}");
    assert!(whole.arms[0].additionality.treated.mean + whole.arms[0].additionality.newcomers > 149.0);
}

#[test]
fn more_pairs_are_run_until_it_is_precise_enough() {
    let text = TWO_ARMS.replace("replicates = 3", "replicates = 3\nhalf_width = 0.001\nmost = 4");
    let folder = tempfile::tempdir().expect("a folder");
    let stopped = compared(&study(&text), 2, &folder.path().join("few"));
    assert_eq!((stopped.replicates, stopped.precise), (4, Some(false)), "the most pairs are kept to, and it is said");
    let text = TWO_ARMS.replace("replicates = 3", "replicates = 3\nhalf_width = 1e9\nmost = 40");
    let easy = compared(&study(&text), 2, &folder.path().join("easy"));
    assert_eq!((easy.replicates, easy.precise), (3, Some(true)));
}

/// Two arms, the second of which starts after three years.
const TWO_STARTS: &str = "\
    [arm.a]\ninstruments = [\"social-media-programme\"]\n[arm.b]\ninstruments = [\"fair-voucher\"]\n\
    [instrument]\nsocial-media-programme.start = 2010\nfair-voucher.start = 2013\n";

#[test]
fn an_own_measure_is_no_slip_of_the_pen() {
    let own = "[compare]\nhorizon = 3\n\
        [arm.a]\ninstruments = [\"export-school\"]\n[arm.b]\ninstruments = [\"export-school\", \"fair-voucher\"]\n\
        [instrument.export-school]\nevidence = \"none\"\nstart = 2011\noperators = [\"grant-monies\"]\n\
        [instrument.fair-voucher]\nstart = 2011\n\
        [operator.grant-monies]\ndoes = \"grant\"\ndose = 500\n";
    let titles = |text: &str| -> Vec<String> { study(text).warnings.into_iter().map(|fault| fault.title).collect() };
    assert_eq!(titles(own), Vec::<String>::new());
    let spare = format!("{own}[operator.grant-moneys]\ndoes = \"grant\"\ndose = 500\n");
    let told = titles(&spare);
    assert_eq!(told, ["this makes a new table [operator.grant-moneys]", "no arm takes operator grant-moneys"]);
}

#[test]
fn every_fault_of_a_comparison_is_told_with_its_line() {
    let told = |text: &str| match study_of(text) {
        Err(Error::Asked(faults)) => fondaco::scenario::frames(&faults, false),
        Err(Error::Failed(message)) => panic!("{message}"),
        Ok(_) => panic!("it is sound"),
    };
    let arm = "[arm.a]\ninstruments = [\"fair-voucher\"]\n";
    let expected = [
        ("[compare]\nhorizon = 3\n", "nothing to compare"),
        ("[arm.a]\ninstruments = [\"fair-vouchr\"]\n", "did you mean \"fair-voucher\"?"),
        (
            "[compare]\noutcome = \"exporter\"\n[arm.a]\ninstruments = [\"fair-voucher\"]\n",
            "did you mean \"exporters\"?",
        ),
        ("[arm.a]\nlabel = \"nothing\"\n", "arm a is the baseline"),
        (&format!("{arm}[instrument.fair-voucher]\nstart = 2080\n"), "never comes"),
        (&format!("{arm}[instrument.fair-voucher]\nstart = 2016\n"), "a year from 2010 to 2015; 2010 at"),
        (&format!("[compare]\nhorizon = 3\n{TWO_STARTS}"), "--> arms.toml:9:22\n"),
        (&format!("[compare]\nhorizon = 3\n{TWO_STARTS}"), "a year from 2010 to 2012, the years compared"),
        (&format!("{arm}[instrument.fair-voucher]\nbudget = 10\n"), "buys nothing"),
        (&format!("[compare]\nequal_budget = 100\n{arm}"), "--> arms.toml:2:16\n"),
        (
            "[arm.a]\ninstruments = [\"fair-voucher\"]\nset = [\"instrument.fair-voucher.who=['employes < 9']\"]\n",
            "--> arms.toml:3:7\n",
        ),
        (&format!("{arm}[instrument.fair-voucher]\nwho = [\"employes < 9\"]\n"), "did you mean `employees`?"),
        (&format!("{arm}[instrument.fair-voucher]\ntakeup = 0.1\n"), "did you mean `take_up`?"),
        (&format!("{arm}[instrument.fair-voucher]\ntake_up = 0\n"), "nobody accepts"),
        (&format!("[compare]\nhorizon = 30\n{arm}"), "beyond the end of the run"),
        ("[arm.a]\nset = [\"run.years = 9\"]\n", "what both runs of a pair share"),
        ("[arm.a]\nset = [\"mechanism.sns.rat = 9\"]\n", "did you mean"),
    ];
    for (text, words) in expected {
        let told = told(text);
        assert!(told.contains(words), "{text:?} should say {words:?} and says\n{told}");
        assert!(told.contains("arms.toml:"), "{text:?} should say where and says\n{told}");
    }
}

#[test]
fn faults_of_every_stage_of_a_comparison_are_told_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = |base: &str, arms: &str| {
        let path = folder.path().join("arms.toml");
        std::fs::write(folder.path().join("base.toml"), base).expect("it can be written");
        std::fs::write(&path, arms).expect("it can be written");
        match Study::load(&path, &[], &[]) {
            Err(Error::Asked(faults)) => faults.into_iter().map(|fault| fault.title).collect::<Vec<_>>(),
            Err(Error::Failed(message)) => panic!("{message}"),
            Ok(_) => panic!("it is sound"),
        }
    };
    let base = "run.years = 6\nrun.burn_in = 5\nrun.start = 2010\npopulation.firms = 300\nworld.largest = 20\n";
    let arms = "[compare]\nbaseline = \"base.toml\"\nhorizn = 3\noutcome = \"exporter\"\n\
        [arm.misnamed]\ninstruments = [\"fair-vouchr\"]\n\
        [arm.unread]\ninstruments = [\"fair-voucher\"]\ntakes = 3\n\
        [arm.empty]\nlabel = \"none\"\n";
    let wrong_base = format!("{base}population.homes = [\"BEL\", \"BEL\"]\nmechanism.sns.rat = 3\n");
    assert_eq!(
        told(&wrong_base, arms),
        [
            "unknown setting `compare.horizn`",
            "unknown setting `arm.unread.takes`",
            "no outcome is called \"exporter\"",
            "unknown setting `mechanism.sns.rat`",
            "BEL is named twice (number 2)",
            "no measure is called \"fair-vouchr\"",
        ],
        "an arm that was not read, or whose baseline was not, is not judged"
    );
    let unknown = "[compare]\nbaselin = \"base.toml\"\n[arm.a]\ninstruments = [\"own\"]\n";
    assert_eq!(told(base, unknown), ["unknown setting `compare.baselin`"], "who knows which baseline was meant");
    let section = "[compare]\nbaseline = \"base.toml\"\nhorizon = 3\n[arm.a]\ninstruments = [\"own\"]\n[instrumnt.own]\nplaces = 3\n";
    assert_eq!(told(base, section), ["unknown section `instrumnt`"], "the measure may have been meant by it");
}

#[test]
fn a_shock_after_the_years_compared_is_told() {
    let arms = |year: i32| {
        format!(
            "[compare]\nhorizon = 3\n[arm.a]\ninstruments = [\"fair-voucher\"]\n\
             [arm.b]\nset = [\"shock.slump.start = {year}\", \"shock.slump.size = -0.3\"]\n\
             [instrument.fair-voucher]\nstart = 2011\n"
        )
    };
    assert_eq!(study(&arms(2013)).arms.len(), 2, "the last year compared");
    for (year, title) in [
        (2014, "shock slump (2014) comes after the years compared"),
        (2016, "shock slump (2016) never happens (arm b)"),
    ] {
        let Err(Error::Asked(faults)) = study_of(&arms(year)) else { panic!("a shock of {year} is sound") };
        assert_eq!(faults.iter().map(|fault| fault.title.as_str()).collect::<Vec<_>>(), [title]);
        assert!(fondaco::scenario::frames(&faults, false).contains("arms.toml:6:7"), "where it is stated");
    }
}

#[test]
fn a_shock_of_the_baseline_that_never_happens_is_no_fault_of_the_arms() {
    let loaded = Loaded::<Comparison>::read("arms.toml", TWO_ARMS, &[]).expect("it can be read");
    let flags: Vec<Flag> = BASE.iter().chain(&["shock.old.start=1990"]).map(|flag| Flag::set(flag)).collect();
    let study = Study::of(&loaded, &flags).unwrap_or_else(|error| panic!("{error}"));
    let titles: Vec<&str> = study.warnings.iter().map(|fault| fault.title.as_str()).collect();
    assert_eq!(titles, ["shock old (1990) never happens"]);
}

#[test]
fn every_shipped_comparison_is_sound_and_runs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let kept = tempfile::tempdir().expect("a folder");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("scenarios are shipped") {
        let path = entry.expect("it is read").path();
        if path.extension().is_none_or(|extension| extension != "toml") || asked(&path) != Asked::Comparison {
            continue;
        }
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let load = |own: &[&str], shared: &[&str]| {
            let flags = |set: &[&str]| set.iter().map(|assignment| Flag::set(assignment)).collect::<Vec<_>>();
            Study::load(&path, &flags(own), &flags(shared)).unwrap_or_else(|error| panic!("{name}: {error}"))
        };
        assert!(load(&[], &[]).warnings.is_empty(), "{name}");
        let few = ["population.firms=400", "run.burn_in=3", "world.largest=30", "run.checks=true"];
        let study = load(&["compare.replicates=2"], &few);
        let done = compared(&study, 2, &kept.path().join(&name));
        assert_eq!(done.arms.len(), study.arms.len());
        assert!(done.arms.iter().all(|arm| arm.money.cost.mean >= 0.0));
        assert!(done.arms.iter().any(|arm| arm.effects.iter().any(|effect| effect.estimate.mean != 0.0)), "{name}");
        names.push(name);
    }
    names.sort();
    let expected = ["belgium-measures", "fairs-vs-information", "tanzania-sns", "targeting", "travel-ban"];
    assert_eq!(names, expected.map(|name| format!("compare-{name}")));
}

#[test]
fn the_program_compares_and_explains() {
    let folder = tempfile::tempdir().expect("a folder");
    let base = "run.years = 6\nrun.burn_in = 4\nrun.start = 2010\npopulation.firms = 500\nworld.largest = 20\n";
    std::fs::write(folder.path().join("base.toml"), base).expect("it can be written");
    let arms = TWO_ARMS.replace("[compare]", "[compare]\nbaseline = \"base.toml\"");
    std::fs::write(folder.path().join("arms.toml"), arms).expect("it can be written");
    let says = |words: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_fondaco"));
        let output = command.current_dir(folder.path()).args(words).output().expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    assert_eq!(says(&["check", "arms.toml"]).0, Some(0));
    let (code, out, err) = says(&["compare", "arms.toml", "-o", "result"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("zeal") && out.contains(" pairs"), "{out}");
    let result = folder.path().join("result");
    for name in
        ["effects.parquet", "comparison.json", "manifest.json", "scenarios/baseline.toml", "scenarios/fairs.toml"]
    {
        assert!(result.join(name).is_file(), "{name}");
    }
    assert!(!folder.path().join("result.pairs").exists(), "nothing is left beside a result that stands");
    let (code, _, err) = says(&["compare", "arms.toml", "-o", "result"]);
    assert_eq!(code, Some(2), "a result is not overwritten unasked: {err}");
    let effects = std::fs::read_to_string(result.join("comparison.json")).expect("it is there");
    assert!(effects.contains("\"answer\""));
    // Whoever took part first parts from its twin in the quarter of its enrolment, because of the measure.
    let study = Study::load(&folder.path().join("arms.toml"), &[], &[]).unwrap_or_else(|error| panic!("{error}"));
    let never = AtomicBool::new(false);
    let of = courses(&study, 0, true, &|| {}, &never).unwrap_or_else(|error| panic!("{error}"));
    let treatment = of.expect("whole").1[0].register.treatments[0];
    let id = fondaco::report::record::identity(treatment.slot, treatment.generation).to_string();
    let (code, out, err) = says(&["explain", "result", "--firm", &id, "--versus", "zeal"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("part then because it takes part in social-media-programme"), "{out}");
    assert!(
        out.contains("2011 Q1: it takes part in social-media-programme, which costs the programme 2,500 US$."),
        "{out}"
    );
    // What happened in both is not told twice; both lives in full are, when asked for.
    let founded = |out: &str| out.matches("employees").count();
    assert!(out.contains("  zeal: ") && founded(&out) == 1, "{out}");
    let (_, full, _) = says(&["explain", "result", "--firm", &id, "--versus", "zeal", "--full"]);
    assert!(full.contains("==== under zeal ====") && founded(&full) == 2, "{full}");
    // A firm worth telling of is the one that the arm moved most, and is said to be picked.
    let (code, found, err) = says(&["explain", "result", "--who", "most-gained", "--versus", "zeal"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains(" is most-gained, picked from ") && found.contains("US$ of exports"), "{err}\n{found}");
    let (code, _, err) = says(&["explain", "result", "--who", "most-gained"]);
    assert!(code == Some(2) && err.contains("--versus ARM"), "{err}");
    let (code, _, _) = says(&["explain", "result", "--who", "largest"]);
    assert_eq!(code, Some(0));
    // A contact that a barrier hid has no market to be told.
    let mut unseen = 0;
    for slot in 0..40_u32 {
        let id = fondaco::report::record::identity(slot, 0).to_string();
        for all in [&["--all"][..], &[]] {
            let (code, out, err) = says(&[&["explain", "result", "--firm", &id][..], all].concat());
            assert_eq!(code, Some(0), "{err}");
            assert!(!["nowhere", "(,", ", ,", ", )", "()"].iter().any(|hole| out.contains(hole)), "{out}");
            unseen += out.matches(" unseen").count() * out.matches("new contact").count();
        }
    }
    assert!(unseen > 0, "nobody missed a contact");
    let (code, _, err) = says(&["explain", "result", "--firm", &id, "--versus", "zeel"]);
    assert!(code == Some(2) && err.contains("did you mean zeal?"), "{err}");
    let (code, _, err) = says(&["explain", "result", "--firm", "999999999999"]);
    assert!(code == Some(2) && err.contains("there is no firm"), "{err}");
}

#[test]
fn every_variable_can_be_asked_for() {
    for variable in VARIABLES {
        let value = variable.words.first().copied().unwrap_or("0");
        let settings = format!("instrument.one.who=[\"{} = {value}\"]", variable.name);
        let _ = chosen(&[settings.as_str()]);
        assert!(!variable.meaning.is_empty());
    }
    assert!(plan(&[]).scenario.instrument.len() >= 14, "the catalogue is there");
}
