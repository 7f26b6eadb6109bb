//! What pairs of runs say of firms and their markets: trade agreements and credit, facts C19 and C20.
//!
//! ```text
//! agreement: Δ[k, P] = ln Σ sales to P in year k with it − ln Σ sales to P in year k without it
//! credit:    entered = n₁(E)/n₀(E) − 1     continued = n₁(C)/n₀(C) − 1     sales = mean over C₀ ∩ C₁ of ln s₁ − ln s₀
//! ```
//!
//! P are the partners, E the firm-markets sold to in the year and not in the year before it, C those sold to in both, 0
//! the run without and 1 the run with the change. The year before is the same in both runs. Logs of sales give every
//! firm-market the same weight, as the regressions of the source do: a change of the sum would be that of a few giants.

use super::Plan;
use crate::economy::Economy;
use crate::engine::environment::{Shock, ShockKind};
use crate::engine::model::Model;
use crate::error::Fault;
use crate::number::f64s::ln;
use crate::observe::panel::Population;
use crate::observe::statistic::Measured;
use crate::param::Value;
use crate::scenario::{Scenario, Sections};
use crate::world::eased_by_agreement;

/// Years of an agreement that are simulated: the one in which it comes into force and ten more.
pub const AGREED: u32 = 11;
/// Years of an agreement, from 0, whose effects are told.
const EARLY: usize = 2;
const LATE: usize = 10;
/// Partners near and far: the largest economies of the nearest and of the farthest third of all markets.
const PARTNERS: usize = 5;
/// The parameters that scale working capital, and what is left of them.
const WORKING_CAPITAL: &[&str] = &["mechanism.slack.target"];
const LESS: f64 = 0.9;
/// Calendar years of the changes, or as near to them as the run allows.
const AGREEMENT_YEAR: i64 = 2005;
const CREDIT_YEAR: i64 = 2008;

/// Sales of a firm in a market in a year, US$.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sold {
    pub slot: u32,
    pub generation: u16,
    pub home: u8,
    pub market: u8,
    pub sme: bool,
    pub sales: f64,
}

/// Everything sold abroad in the year that has just ended, markets below the reporting threshold left out; by slot, generation
/// and market.
pub fn sold(model: &Model, economy: &Economy) -> Vec<Sold> {
    let mut sold = Vec::new();
    for chunk in &economy.chunks {
        let home = &model.homes[usize::from(chunk.home)];
        chunk.for_each(|slot, firm, _, relations| {
            for relation in relations.iter().filter(|relation| relation.sales_last >= home.threshold) {
                sold.push(Sold {
                    slot,
                    generation: firm.generation,
                    home: chunk.home,
                    market: relation.market,
                    sme: Population::Sme.admits(firm.size + firm.exports_last),
                    sales: f64::from(relation.sales_last) * f64::from(home.unit_usd),
                });
            }
        });
    }
    sold.sort_unstable_by_key(key);
    sold
}

fn key(sold: &Sold) -> (u32, u16, u8) {
    (sold.slot, sold.generation, sold.market)
}

/// A trade agreement of the first home with near and far partners.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Calendar year in which it comes into force.
    pub start: i64,
    pub near: Vec<u8>,
    pub far: Vec<u8>,
}

impl Agreement {
    /// The agreement, and the plan with it.
    ///
    /// # Errors
    /// When the run or the world is too small, or cannot be simulated with it.
    pub fn new(plan: &Plan, baseline: &Scenario) -> Result<(Self, Plan), Vec<Fault>> {
        let run = &plan.scenario.run;
        if run.years < AGREED {
            let fault = Fault::setting("run.years", "too few years to see what comes of a trade agreement");
            return Err(vec![fault.expected(format!("at least {AGREED}"))]);
        }
        let world = &plan.world;
        let home = world.index(&plan.homes[0].iso3).expect("the world includes the homes");
        let mut others: Vec<u8> = (0..world.countries.len() as u8).filter(|market| *market != home).collect();
        let third = others.len() / 3;
        if third == 0 {
            let fault = Fault::setting("world.largest", "too few markets for near and far partners of an agreement");
            return Err(vec![fault.expected("at least 4 countries")]);
        }
        let km = |market: &u8| world.components(home, *market).km;
        others.sort_by(|a, b| km(a).total_cmp(&km(b)).then(a.cmp(b)));
        let largest = |third: &[u8]| {
            let gdp = |market: &u8| world.countries[usize::from(*market)].gdp_usd;
            let mut third = third.to_vec();
            third.sort_by(|a, b| gdp(b).total_cmp(&gdp(a)).then(a.cmp(b)));
            third.truncate(PARTNERS);
            third
        };
        let (near, far) = (largest(&others[..third]), largest(&others[others.len() - third..]));
        let start = AGREEMENT_YEAR.clamp(run.start, run.start + i64::from(run.years - AGREED));
        let code = |market: &u8| world.countries[usize::from(*market)].iso3.clone();
        let shock = Shock {
            kind: ShockKind::Tariff,
            start: start as f32,
            years: AGREED as f32,
            size: -eased_by_agreement() as f32,
            markets: near.iter().chain(&far).map(code).collect(),
            ..Shock::default()
        };
        let mut scenario = baseline.clone();
        scenario.shock.insert("agreement-for-the-fact".into(), shock);
        let with = Plan::of(scenario, format!("{}-agreement", plan.name))?;
        Ok((Self { start, near, far }, with))
    }

    /// Years of the agreement, from 0, whose sales it wants.
    pub fn years(&self) -> [usize; 2] {
        [EARLY, LATE]
    }

    /// What the sales of those years say.
    pub fn measured(&self, without: &[Vec<Sold>], with: &[Vec<Sold>]) -> Measured {
        let change = |year: usize, partners: &[&[u8]]| {
            let sum = |sold: &[Sold]| -> f64 {
                let counts = |sold: &&Sold| {
                    sold.home == 0 && sold.sme && partners.iter().any(|partners| partners.contains(&sold.market))
                };
                sold.iter().filter(counts).map(|sold| sold.sales).sum()
            };
            // Nothing sold in one of the runs leaves no finite log.
            ln(sum(&with[year])) - ln(sum(&without[year]))
        };
        let (near, far) = (&self.near[..], &self.far[..]);
        let (early, late) = (change(0, &[near, far]), change(1, &[near, far]));
        [
            ("year 10", late),
            ("year 2 over year 10", early / late),
            ("near", change(1, &[near])),
            ("far", change(1, &[far])),
        ]
        .map(|(part, value)| (part.to_owned(), value))
        .to_vec()
    }
}

/// A tenth less working capital.
#[derive(Clone, Debug, PartialEq)]
pub struct Credit {
    /// Calendar year in which it falls.
    pub start: i64,
}

impl Credit {
    /// The change, and the plan with it.
    ///
    /// # Errors
    /// When the run is too short, or cannot be simulated with it.
    pub fn new(plan: &Plan, baseline: &Scenario) -> Result<(Self, Plan), Vec<Fault>> {
        let run = &plan.scenario.run;
        if run.years < 2 {
            let fault = Fault::setting("run.years", "too few years to see what comes of less credit");
            return Err(vec![fault.expected("at least 2")]);
        }
        let start = CREDIT_YEAR.clamp(run.start + 1, run.start + i64::from(run.years) - 1);
        let mut scenario = baseline.clone();
        for path in WORKING_CAPITAL {
            let Some(Value::Number(value)) = scenario.get(path) else { panic!("`{path}` is no number of a scenario") };
            let set = scenario.set(path, &Value::Number(LESS * value));
            set.unwrap_or_else(|wrong| panic!("a tenth less of `{path}` is out of its range: {wrong}"));
        }
        let with = Plan::of(scenario, format!("{}-less-credit", plan.name))?;
        Ok((Self { start }, with))
    }

    /// What the sales of the year say: without and with the change, and of the year before.
    pub fn measured(before: &[Sold], without: &[Sold], with: &[Sold]) -> Measured {
        let of = |sold: &Sold, year: &[Sold]| year.binary_search_by_key(&key(sold), key).ok().map(|at| year[at]);
        let split = |year: &[Sold]| {
            let continued = year.iter().filter(|sold| of(sold, before).is_some()).count() as f64;
            (year.len() as f64 - continued, continued)
        };
        let (entered, continued) = (split(without), split(with));
        let (entered, continued) = ((entered.0, continued.0), (entered.1, continued.1));
        let mut logs = Vec::new();
        for sold in without.iter().filter(|sold| of(sold, before).is_some()) {
            if let Some(twin) = of(sold, with) {
                logs.push(ln(twin.sales) - ln(sold.sales));
            }
        }
        let change = |(without, with): (f64, f64)| if without > 0.0 { with / without - 1.0 } else { f64::NAN };
        let sales = if logs.is_empty() { f64::NAN } else { logs.iter().sum::<f64>() / logs.len() as f64 };
        [("entered", change(entered)), ("continued", change(continued)), ("sales", sales)]
            .map(|(part, value)| (part.to_owned(), value))
            .to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Loaded;

    fn sold(slot: u32, market: u8, sales: f64) -> Sold {
        Sold { slot, generation: 0, home: 0, market, sme: true, sales }
    }

    fn value(measured: &Measured, part: &str) -> f64 {
        measured.iter().find(|(name, _)| name == part).expect("the part is measured").1
    }

    #[test]
    fn changes_of_an_agreement_by_hand() {
        let agreement = Agreement { start: 2005, near: vec![1], far: vec![3] };
        // Without: 100 to near and 50 to far partners in both years. With: 110 and 52 after two years, 200 and 60 after
        // ten; market 2 is no partner, and a large firm does not count.
        let year = |near: f64, far: f64| {
            let large = Sold { sme: false, ..sold(9, 1, 1e9 * near) };
            vec![sold(0, 1, near), sold(0, 2, 999.0 * far), sold(0, 3, far), large]
        };
        let measured =
            agreement.measured(&[year(100.0, 50.0), year(100.0, 50.0)], &[year(110.0, 52.0), year(200.0, 60.0)]);
        let late = (260.0_f64 / 150.0).ln();
        assert!((value(&measured, "year 10") - late).abs() < 1e-12);
        assert!((value(&measured, "year 2 over year 10") - (162.0_f64 / 150.0).ln() / late).abs() < 1e-12);
        assert!((value(&measured, "near") - 2.0_f64.ln()).abs() < 1e-12);
        assert!((value(&measured, "far") - 1.2_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn changes_of_credit_by_hand() {
        let before: Vec<Sold> = (0..4).map(|slot| sold(slot, 1, 100.0)).collect();
        // Without: all four go on, two enter. With: the last drops out, the first sells half; three enter; one of the
        // continuing is a giant whose sales do not change.
        let without =
            [sold(0, 1, 80.0), sold(1, 1, 1e9), sold(2, 1, 90.0), sold(3, 1, 70.0), sold(4, 1, 5.0), sold(5, 2, 5.0)];
        let with =
            [sold(0, 1, 40.0), sold(1, 1, 1e9), sold(2, 1, 90.0), sold(2, 2, 5.0), sold(4, 1, 5.0), sold(5, 2, 5.0)];
        let measured = Credit::measured(&before, &without, &with);
        assert!((value(&measured, "entered") - 0.5).abs() < 1e-12);
        assert!((value(&measured, "continued") + 0.25).abs() < 1e-12);
        let expected = 0.5_f64.ln() / 3.0;
        assert!((value(&measured, "sales") - expected).abs() < 1e-12, "the sum of sales hardly changes");
    }

    #[test]
    fn partners_are_large_and_near_or_far() {
        let text = "run.years = 12\nrun.burn_in = 4\nrun.start = 2000\nrun.replicates = 1\npopulation.firms = 200";
        let loaded = Loaded::read("small.toml", text, &[]).expect("it is sound");
        let plan = Plan::new(&loaded).expect("it is sound");
        let (agreement, with) = Agreement::new(&plan, &plan.scenario).expect("there is room for it");
        let codes = |markets: &[u8]| -> Vec<&str> {
            markets.iter().map(|market| plan.world.countries[usize::from(*market)].iso3.as_str()).collect()
        };
        assert_eq!(agreement.start, 2001, "the latest that leaves ten years more");
        assert_eq!(codes(&agreement.near), ["DEU", "GBR", "FRA", "ITA", "ESP"]);
        assert!(codes(&agreement.far).contains(&"JPN") && agreement.far.len() == PARTNERS);
        let shock = &with.scenario.shock["agreement-for-the-fact"];
        assert!((f64::from(shock.size) + 0.41 / 8.794_09).abs() < 1e-6);
        let (_, less) = Credit::new(&plan, &plan.scenario).expect("there is room for it");
        for path in WORKING_CAPITAL {
            let (Some(Value::Number(one)), Some(Value::Number(nine_tenths))) =
                (plan.scenario.get(path), less.scenario.get(path))
            else {
                panic!("`{path}` is no number of a scenario");
            };
            assert!((nine_tenths / one - 0.9).abs() < 1e-6, "{path}: {one} to {nine_tenths}");
        }
    }
}
