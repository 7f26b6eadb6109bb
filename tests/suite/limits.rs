//! Cases with a closed form, within a tolerance computed from the standard error.

use crate::laboratory::{ALL_NOTES, NOTHING_ELSE, assert_near, model, rows, step_to, tell, with};
use fondaco::economy::accounts::{Flow, Sum};
use fondaco::engine::Simulation;
use fondaco::engine::model::Model;
use fondaco::firm::TieState;
use fondaco::number::f64s;

/// Contacts are seen by everybody, forgotten within the quarter and followed by nobody.
const FLEETING: &[&str] = &["mechanism.contact.lapse=50.0", "mechanism.entry.on=false", "mechanism.barrier.on=false"];

/// A failure hazard of one in eight years, whatever a firm is or does.
const CONSTANT_HAZARD: &[&str] = &[
    "mechanism.demography.on=true",
    "mechanism.demography.base=0.125",
    "mechanism.demography.newness=0.0",
    "mechanism.demography.obsolescence=0.0",
    "mechanism.demography.size=0.0",
    "mechanism.demography.distress=0.0",
];

/// Fails unless counts fit expected ones, by a chi-square test whose statistic is made normal by its cube root (Wilson
/// & Hilferty 1931): beyond four standard deviations once in thirty thousand.
fn assert_fits(what: &str, found: &[f64], expected: &[f64]) {
    assert!(expected.iter().all(|count| *count >= 5.0), "{what}: cells too small for the test: {expected:?}");
    let statistic: f64 = found.iter().zip(expected).map(|(n, e)| (n - e) * (n - e) / e).sum();
    let degrees = (expected.len() - 1) as f64;
    let variance = 2.0 / (9.0 * degrees);
    let off = (f64s::pow(statistic / degrees, 1.0 / 3.0) - (1.0 - variance)) / variance.sqrt();
    assert!(
        off < 4.0,
        "{what}: chi-square {statistic:.1} on {degrees} degrees\nfound {found:?}\nexpected {expected:?}"
    );
}

#[test]
fn a_constant_hazard_gives_exponential_survival() {
    let firms = 3000.0;
    let model = model(&with(&with(NOTHING_ELSE, CONSTANT_HAZARD), &["population.firms=3000"]));
    let mut simulation = Simulation::new(&model, ALL_NOTES);
    for years in [1, 4, 10] {
        step_to(&mut simulation, 4 * years);
        let first = rows(&simulation.economy).iter().filter(|(firm, ..)| firm.generation == 0).count() as f64;
        let alive = f64s::exp(-0.125 * f64::from(years));
        assert_near(
            &format!("first firms alive after {years} years"),
            first,
            firms * alive,
            (firms * alive * (1.0 - alive)).sqrt(),
        );
    }
}

#[test]
fn a_population_as_old_as_its_hazard_makes_it_stays_so() {
    let settings = ["population.firms=3000", "population.age=8.0", "run.burn_in=0", "run.years=10"];
    let told = tell(&model(&with(&with(NOTHING_ELSE, CONSTANT_HAZARD), &settings)));
    for year in &told.years {
        assert_eq!(year.flow(Flow::Births), year.flow(Flow::Deaths), "{}", year.year);
        let mean = 3000.0 * 4.0 * (1.0 - f64s::exp(-0.125_f64 / 4.0));
        assert_near(&format!("deaths in {}", year.year), year.flow(Flow::Deaths), mean, mean.sqrt());
    }
    let ages: Vec<f64> =
        rows(&told.outcome.economy).iter().map(|(firm, ..)| (40.0 - f64::from(firm.born)) / 4.0).collect();
    // Ages are exponential with mean 8 (standard deviation 8), rounded up to quarters when simulated.
    let mean = ages.iter().sum::<f64>() / 3000.0;
    assert_near("mean age", mean, 8.0, 8.0 / 3000.0_f64.sqrt() + 0.05);
}

#[test]
fn unsolicited_contacts_arrive_as_a_poisson_process() {
    let settings = with(
        &with(NOTHING_ELSE, FLEETING),
        &[
            "mechanism.unsolicited.on=true",
            "mechanism.unsolicited.rate=0.8",
            "mechanism.unsolicited.web=0.0",
            "mechanism.search.size_elasticity=0.0",
            "population.firms=2500",
        ],
    );
    let model = model(&settings);
    let mut simulation = Simulation::new(&model, ALL_NOTES);
    let mut counts = [0.0; 4];
    for _ in 0..24 {
        simulation.step();
        let step = simulation.economy.step as i16 - 1;
        simulation.economy.for_each(|_, _, ties, _| {
            let new = ties.iter().filter(|tie| tie.born == step).count();
            counts[new.min(3)] += 1.0;
        });
    }
    let quarters = 2500.0 * 24.0;
    let mean = 0.2_f64;
    let none = quarters * f64s::exp(-mean);
    let (one, two) = (none * mean, none * mean * mean / 2.0);
    assert_fits("contacts per firm and quarter", &counts, &[none, one, two, quarters - none - one - two]);
}

#[test]
fn searched_contacts_are_spread_over_markets_as_the_kernel_says() {
    let settings = with(
        &with(NOTHING_ELSE, FLEETING),
        &[
            "mechanism.search.on=true",
            "mechanism.search.rate=2.0",
            "mechanism.search.size_elasticity=0.0",
            "mechanism.orientation.birth=1.0",
            "mechanism.partner.per_billion=10000",
            "population.firms=3000",
            "run.years=8",
            "world.largest=60",
        ],
    );
    let model = model(&settings);
    let mut simulation = Simulation::new(&model, ALL_NOTES);
    let mut found = vec![0.0; model.world.countries.len()];
    for _ in 0..model.quarters {
        simulation.step();
        let step = simulation.economy.step as i16 - 1;
        simulation.economy.for_each(|_, _, ties, _| {
            ties.iter().filter(|tie| tie.born == step).for_each(|tie| found[usize::from(tie.market)] += 1.0);
        });
    }
    let home = &model.homes[0];
    let weight = |market: usize| {
        if market == usize::from(home.market) {
            return 0.0;
        }
        f64::from(model.size[market]) * f64s::exp(-f64::from(model.theory.kernel.offline_decay * home.felt[market]))
    };
    let total: f64 = (0..found.len()).map(weight).sum();
    let contacts: f64 = found.iter().sum();
    assert!(contacts > 5000.0, "{contacts} contacts");
    assert_eq!(found[usize::from(home.market)], 0.0, "nobody finds a foreign market at home");
    // Markets too far to expect five contacts from are taken together.
    let (mut seen, mut expected, mut far) = (Vec::new(), Vec::new(), [0.0, 0.0]);
    for (market, n) in found.iter().enumerate() {
        let mean = contacts * weight(market) / total;
        if mean >= 5.0 {
            seen.push(*n);
            expected.push(mean);
        } else {
            far[0] += n;
            far[1] += mean;
        }
    }
    if far[1] >= 5.0 {
        seen.push(far[0]);
        expected.push(far[1]);
    }
    assert!(expected.len() > 15, "{} markets can be told apart", expected.len());
    assert_fits("contacts per market", &seen, &expected);
}

#[test]
fn a_constant_adoption_hazard_gives_exponential_diffusion() {
    // Also where more adopt in a year than there are firms: a calendar is a rate, not a share.
    for rate in [0.3_f32, 2.4] {
        diffuses_at(rate);
    }
}

fn diffuses_at(rate: f32) {
    let firms = 3000.0;
    let ceiling = format!("mechanism.adoption.ceiling={rate:?}");
    let settings = with(
        NOTHING_ELSE,
        &[
            &ceiling,
            "mechanism.adoption.on=true",
            "mechanism.adoption.midpoint=1900.0",
            "mechanism.adoption.width=1.0",
            "mechanism.adoption.base=20.0",
            "mechanism.adoption.usefulness=0.0",
            "mechanism.adoption.peers=0.0",
            "mechanism.adoption.distance=0.0",
            "mechanism.adoption.size=0.0",
            "mechanism.adoption.age=0.0",
            "mechanism.adoption.irrelevance=0.0",
            "mechanism.adoption.digital=0.0",
            "mechanism.adoption.quit=0.0",
            "mechanism.adoption.quit_failed=0.0",
            "home.BEL.internet=1.0",
            "population.firms=3000",
        ],
    );
    let model = model(&settings);
    let mut simulation = Simulation::new(&model, ALL_NOTES);
    for quarters in [2, 4, 12] {
        step_to(&mut simulation, quarters);
        let users = rows(&simulation.economy).iter().filter(|(firm, ..)| firm.on_sns).count() as f64;
        let share = 1.0 - f64s::exp(-0.25 * f64::from(rate) * f64::from(quarters));
        assert_near(
            &format!("users after {quarters} quarters at {rate}"),
            users,
            firms * share,
            (firms * share * (1.0 - share)).sqrt(),
        );
    }
}

#[test]
fn an_incident_is_as_likely_to_come_to_firms_in_danger() {
    let danger = ["mechanism.demography.base=3.0", "mechanism.incident.on=true", "mechanism.incident.rate=0.4"];
    let settings = with(&with(NOTHING_ELSE, CONSTANT_HAZARD), &danger);
    let told = tell(&model(&with(&settings, &["population.firms=3000", "run.burn_in=0"])));
    let spared = 3000.0 * 24.0 - told.flow(Flow::Deaths);
    let chance = 1.0 - f64s::exp(-0.1);
    let deviation = (spared * chance * (1.0 - chance)).sqrt();
    assert_near("incidents of those who lived on", told.flow(Flow::Incidents), spared * chance, deviation);
}

#[test]
fn nobody_joins_sites_that_do_not_exist_yet() {
    let later = |name: &str| format!("platform.{name}.since=2100");
    let none = ["skype", "facebook", "twitter", "blog", "website", "linkedin"].map(later);
    let none: Vec<&str> = none.iter().map(String::as_str).collect();
    let settings = with(&none, &["run.start=2016", "instrument.social-media-programme.on=true"]);
    let told = tell(&model(&with(&settings, &["instrument.social-media-programme.start=2017"])));
    assert_eq!((told.flow(Flow::Adoptions), told.sum(Sum::OnSns)), (0.0, 0.0));
    let one = tell(&model(&with(&settings, &["platform.linkedin.since=2000"])));
    assert!(one.sum(Sum::OnSns) > 100.0, "one is enough to join");
}

#[test]
fn the_fully_informed_leave_alone_who_would_not_stay() {
    let pursued = |separation: &str| {
        let settings = ["mechanism.decision.rule=full-information", "run.burn_in=0", "run.years=1", separation];
        let told = tell(&model(&with(&settings, &["population.firms=3000"])));
        told.flow(Flow::Pursued) / told.flow(Flow::Judged)
    };
    // Within a year hardly a customer is lost; that many will be is known from the first contact on.
    let [for_good, fleeting] = ["mechanism.separation.on=false", "mechanism.separation.rate=20"].map(pursued);
    assert!(fleeting < 0.8 * for_good, "pursued: {fleeting} of contacts, where customers stay {for_good}");
}

#[test]
fn without_growth_sizes_stay_to_the_bit() {
    let model = model(&["mechanism.growth.on=false", "mechanism.demography.on=false"]);
    let first = rows(&model.economy(ALL_NOTES));
    let told = tell(&model);
    assert!(told.sum(Sum::Exporters) > 0.0, "only sizes stand still");
    for (then, now) in first.iter().zip(rows(&told.outcome.economy)) {
        assert_eq!(then.0.size.to_bits(), now.0.size.to_bits());
    }
}

/// What a firm sold abroad in the quarter just simulated, by its relations before and after.
fn sold(before: &[fondaco::firm::Relation], after: &[fondaco::firm::Relation], closed: bool) -> f32 {
    let now: f32 = after.iter().map(|relation| if closed { relation.sales_last } else { relation.sales }).sum();
    now - before.iter().map(|relation| relation.sales).sum::<f32>()
}

#[test]
fn nobody_sells_more_than_capacity_leaves_or_grows_faster_than_it_can() {
    let settings = ["mechanism.order.value=2.0", "mechanism.unsolicited.rate=2.0", "mechanism.demography.on=false"];
    let model = model(&settings);
    let capacity = &model.theory.capacity;
    let mut simulation = Simulation::new(&model, ALL_NOTES);
    let (mut at_the_limit, mut lost) = (0, 0);
    for _ in 0..model.quarters {
        let before = rows(&simulation.economy);
        simulation.step();
        let closed = simulation.year_closed();
        for (slot, (was, is)) in before.iter().zip(&rows(&simulation.economy)).enumerate() {
            let (sold, free) = (sold(&was.2, &is.2, closed), capacity.free(was.0.capacity, is.0.size));
            assert!(
                sold <= free + 1e-5 * is.0.capacity,
                "quarter {}, firm {slot}: sold {sold} where {free} was free",
                simulation.economy.step
            );
            at_the_limit += u32::from(free > 0.0 && sold > 0.999 * free);
            let fastest = was.0.capacity * (1.0 + 0.25 * capacity.growth);
            assert!(is.0.capacity <= fastest * 1.00001, "firm {slot}: capacity grew too fast");
        }
        if closed {
            lost += simulation.collect_year().iter().map(|year| year.flow(Flow::LostOrders) as u32).sum::<u32>();
        }
    }
    assert!(at_the_limit > 50 && lost > 50, "orders press against capacity: {at_the_limit}, {lost}");
}

#[test]
fn contacts_without_any_prospect_lapse_at_their_hazard() {
    let settings = with(
        NOTHING_ELSE,
        &[
            "mechanism.entry.on=false",
            "mechanism.unsolicited.on=true",
            "mechanism.contact.lapse=1.0",
            "population.firms=3000",
        ],
    );
    let model: Model = model(&settings);
    let mut simulation = Simulation::new(&model, ALL_NOTES);
    let mut born = 0.0;
    let mut alive = 0.0;
    const AGE: u16 = 6;
    while simulation.economy.step < 36 {
        simulation.step();
        let step = simulation.economy.step as i16 - 1;
        simulation.economy.for_each(|_, _, ties, _| {
            for tie in ties {
                assert!(tie.state == TieState::Contact);
                born += f64::from(u8::from(tie.born == step && step < 36 - AGE as i16));
                alive += f64::from(u8::from(step - tie.born == AGE as i16));
            }
        });
    }
    // Alive after six quarters if the lifetime is six or more: e^(−6/4) of those born.
    let share = f64s::exp(-f64::from(AGE) / 4.0);
    assert!(born > 1000.0);
    assert_near("contacts alive after six quarters", alive, born * share, (born * share * (1.0 - share)).sqrt());
}
