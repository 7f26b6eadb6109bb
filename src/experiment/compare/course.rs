//! The course of one run as a comparison sees it: every firm at the end of every year, and what measures cost.

use crate::economy::Economy;
use crate::economy::support::Register;
use crate::engine::model::Model;
use crate::engine::{Sink, Taken, YearTotals};
use crate::error::Error;
use crate::observe::trajectory::{Career, Onset, onset};

/// Years before the arms part that are kept, for matching and to show that nothing differs.
pub const BEFORE: u16 = 3;

/// A firm at the end of a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    pub generation: u16,
    /// Quarter of founding.
    pub born: i16,
    /// Exports of the year, US$; 0 below the reporting threshold everywhere.
    pub exports: f32,
    pub employees: f32,
    /// Exports over exports and domestic revenue.
    pub share: f32,
    /// Markets served above the threshold.
    pub markets: u8,
    /// Highest stage abroad.
    pub stage: u8,
    pub on_sns: bool,
    /// Born since the arms parted, and a born global by the scenario's thresholds.
    pub born_global: bool,
}

impl State {
    /// Did it export this year?
    pub fn exporter(&self) -> bool {
        self.exports > 0.0
    }
}

/// What is known of a firm when the arms part: the same in all of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trait {
    pub generation: u16,
    pub home: u8,
    pub sector: u8,
    pub district: u16,
    /// Years.
    pub age: f32,
    pub proactivity: f32,
    pub ever_exported: bool,
}

/// One run, year by year.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// By year, [`BEFORE`] years before the arms part first; within a year by slot.
    pub years: Vec<Vec<State>>,
    /// By slot, at the end of the last year before the arms part.
    pub traits: Vec<Trait>,
    /// Markets served above the threshold: firm-market pairs by year and market.
    pub flows: Vec<Vec<u32>>,
    /// Onset of every slot's firm at the end, by slot.
    pub onsets: Vec<Onset>,
    pub register: Register,
    /// Firm-quarters simulated.
    pub steps: u64,
}

impl Course {
    /// The states of a year of the comparison, 0 the one in which the arms part.
    pub fn year(&self, year: usize) -> &[State] {
        &self.years[usize::from(BEFORE) + year]
    }

    /// The states of the year before the arms part.
    pub fn eve(&self) -> &[State] {
        &self.years[usize::from(BEFORE) - 1]
    }

    /// Years compared.
    pub fn horizon(&self) -> usize {
        self.years.len() - usize::from(BEFORE)
    }
}

/// Watches a run and writes its course down. Calls `tick` once a year.
pub struct Watcher<'a> {
    pub course: Course,
    zero: u16,
    tick: &'a (dyn Fn() + Sync),
    years: Vec<crate::economy::career::YearRecord>,
}

impl<'a> Watcher<'a> {
    /// A watcher of a run whose arms part at quarter `zero`.
    pub fn new(zero: u16, tick: &'a (dyn Fn() + Sync)) -> Self {
        Self { course: Course::default(), zero, tick, years: Vec::new() }
    }

    /// The same course up to now, to be continued by another run.
    pub fn fork(&self) -> Self {
        Self { course: self.course.clone(), zero: self.zero, tick: self.tick, years: Vec::new() }
    }

    fn record(&mut self, model: &Model, economy: &Economy) {
        let mut states = Vec::with_capacity(economy.len());
        let mut flows = vec![0; model.world.countries.len()];
        let mut years = std::mem::take(&mut self.years);
        for chunk in &economy.chunks {
            let home = &model.homes[usize::from(chunk.home)];
            chunk.for_each(|_, firm, _, relations| {
                let mut markets = 0;
                for relation in relations.iter().filter(|relation| relation.sales_last >= home.threshold) {
                    markets += 1;
                    flows[usize::from(relation.market)] += 1;
                }
                let exports = firm.exports_last;
                // Only a career that began after the parting can have become a born global since.
                let young = i32::from(firm.born) >= i32::from(self.zero);
                let born_global = young && exports > 0.0 && {
                    chunk.careers.read(firm.career, &mut years);
                    onset(&career(firm, economy.step, &years), &model.thresholds) == Onset::BornGlobal
                };
                states.push(State {
                    generation: firm.generation,
                    born: firm.born,
                    exports: exports * home.unit_usd,
                    employees: firm.size + exports,
                    share: exports / (exports + firm.size),
                    markets,
                    stage: relations.iter().map(|relation| relation.stage).max().unwrap_or(0),
                    on_sns: firm.on_sns,
                    born_global,
                });
            });
        }
        self.years = years;
        self.course.years.push(states);
        self.course.flows.push(flows);
    }

    fn describe(&mut self, economy: &Economy) {
        let step = i32::from(economy.step);
        economy.for_each(|_, firm, _, _| {
            self.course.traits.push(Trait {
                generation: firm.generation,
                home: firm.home,
                sector: firm.sector,
                district: firm.district,
                age: (step - i32::from(firm.born)) as f32 / 4.0,
                proactivity: firm.proactivity,
                ever_exported: firm.first_sale >= 0,
            });
        });
    }

    /// What remains to be noted when the run is over.
    pub fn close(mut self, model: &Model, economy: &Economy) -> Course {
        let mut years = Vec::new();
        for chunk in &economy.chunks {
            chunk.for_each(|_, firm, _, _| {
                chunk.careers.read(firm.career, &mut years);
                self.course.onsets.push(onset(&career(firm, economy.step, &years), &model.thresholds));
            });
        }
        self.course.register = economy.register.clone();
        self.course
    }
}

/// A firm's career up to a quarter.
fn career<'a>(firm: &crate::firm::Firm, step: u16, years: &'a [crate::economy::career::YearRecord]) -> Career<'a> {
    Career {
        founded: i32::from(firm.born).div_euclid(4),
        first_observed: 0,
        last_observed: (i32::from(step) - 1).div_euclid(4),
        died: false,
        years,
    }
}

impl Sink for Watcher<'_> {
    fn quarter(&mut self, model: &Model, economy: &Economy) -> Result<(), Error> {
        self.course.steps += economy.len() as u64;
        if !economy.step.is_multiple_of(4) {
            return Ok(());
        }
        (self.tick)();
        if economy.step + 4 * BEFORE > self.zero {
            self.record(model, economy);
        }
        if economy.step == self.zero {
            self.describe(economy);
        }
        Ok(())
    }

    fn year(&mut self, _: &Model, _: &YearTotals) -> Result<(), Error> {
        Ok(())
    }

    fn notes(&mut self, _: &Model, _: i32, _: &mut Taken) -> Result<(), Error> {
        Ok(())
    }
}
