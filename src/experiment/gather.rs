//! Gathers the panel of a replicate while it runs, and measures it as soon as it is whole.
//!
//! Measuring happens where the replicate ran, so that replicates are measured side by side, and the panel is gone
//! before the next replicate begins.

use crate::economy::accounts::Notes;
use crate::engine::model::Model;
use crate::engine::{Sink, Taken, YearTotals};
use crate::error::Error;
use crate::number::f64s::ln;
use crate::observe::panel::{Enterprise, FirmYear, Flow, Ground, Origin, Pair, Panel, Turnover};

/// What a panel needs noted.
pub const NOTES: Notes = Notes { events: false, panel: true, firms: true, lives: true };

/// Tells whoever watches that a year has been simulated: replicate, calendar year.
pub type Watch<'a> = &'a (dyn Fn(u32, i32) + Sync);

/// A sink that gathers a panel and measures it at the end.
pub struct Gatherer<'a, T> {
    replicate: u32,
    watch: Watch<'a>,
    measure: &'a (dyn Fn(&Model, &Panel, &Ground) -> T + Sync),
    panel: Panel,
    /// Identities of the firms of rows gathered, which wait to be numbered.
    firm_years: Vec<u64>,
    flows: Vec<u64>,
    /// What was measured; none if the run was cut short.
    pub measured: Option<T>,
}

impl<'a, T> Gatherer<'a, T> {
    /// A gatherer of one replicate.
    pub fn new(replicate: u32, watch: Watch<'a>, measure: &'a (dyn Fn(&Model, &Panel, &Ground) -> T + Sync)) -> Self {
        Self {
            replicate,
            watch,
            measure,
            panel: Panel::default(),
            firm_years: Vec::new(),
            flows: Vec::new(),
            measured: None,
        }
    }

    /// Numbers the firms and puts all rows in order.
    fn complete(&mut self) -> Panel {
        let mut panel = std::mem::take(&mut self.panel);
        panel.firms.sort_unstable_by_key(|firm| identity(firm.slot, firm.generation));
        let identities: Vec<u64> = panel.firms.iter().map(|firm| identity(firm.slot, firm.generation)).collect();
        let number = |firm: &u64| identities.binary_search(firm).expect("every firm has a life") as u32;
        for (row, firm) in panel.firm_years.iter_mut().zip(&self.firm_years) {
            row.firm = number(firm);
        }
        for (row, firm) in panel.flows.iter_mut().zip(&self.flows) {
            row.firm = number(firm);
        }
        panel.firm_years.sort_unstable_by_key(|row| (row.firm, row.year));
        panel.flows.sort_unstable_by_key(|row| (row.firm, row.market, row.year));
        panel
    }
}

fn identity(slot: u32, generation: u16) -> u64 {
    u64::from(slot) << 16 | u64::from(generation)
}

impl<T> Sink for Gatherer<'_, T> {
    fn year(&mut self, model: &Model, totals: &YearTotals) -> Result<(), Error> {
        use crate::economy::accounts::Flow::{Births, Deaths, Orders};
        let panel = &mut self.panel;
        panel.first_year = model.calendar(i32::from(model.burn_in));
        let year = (totals.year - panel.first_year) as usize;
        if year >= panel.turnover.len() {
            panel.turnover.resize(year + 1, Turnover::default());
            panel.years = panel.turnover.len() as u16;
            (self.watch)(self.replicate, totals.year);
        }
        let count = |flow: crate::economy::accounts::Flow| totals.flows[flow as usize];
        let turnover = &mut panel.turnover[year];
        turnover.births += count(Births);
        turnover.deaths += count(Deaths);
        turnover.orders += count(Orders);
        Ok(())
    }

    fn notes(&mut self, model: &Model, year: i32, taken: &mut Taken) -> Result<(), Error> {
        let year = (year - self.panel.first_year) as u16;
        // Notes come chunk by chunk, and a chunk belongs to one home.
        let usd = taken.firms.first().map_or(0.0, |row| model.homes[usize::from(row.firm.home)].unit_usd);
        for row in &taken.panel {
            self.flows.push(identity(row.slot, row.generation));
            self.panel.flows.push(Flow { firm: 0, market: row.market, year, sales: row.sales * usd });
        }
        for row in &taken.firms {
            self.firm_years.push(identity(row.slot, row.firm.generation));
            self.panel.firm_years.push(FirmYear {
                firm: 0,
                year,
                markets: row.markets,
                on_sns: row.firm.on_sns,
                employees: row.firm.size + row.exports,
                home_sales: row.home_sales * usd,
                exports: row.exports * usd,
            });
        }
        let start = model.calendar(0);
        self.panel.firms.extend(taken.lives.iter().map(|history| Enterprise {
            slot: history.slot,
            generation: history.firm.generation,
            home: history.firm.home,
            founded: model.calendar(i32::from(history.firm.born)),
            ended: model.calendar(i32::from(history.end) - 1),
            died: history.died,
            first_export: history.years.first().map(|year| start + i32::from(year.year)),
        }));
        Ok(())
    }

    fn end(&mut self, model: &Model, interrupted: bool) -> Result<(), Error> {
        let panel = self.complete();
        if !interrupted {
            self.measured = Some((self.measure)(model, &panel, &ground(model)));
        }
        Ok(())
    }
}

/// What does not change while the model runs, as statistics want it.
fn ground(model: &Model) -> Ground {
    let markets = model.world.countries.len();
    let origin = |home: &crate::engine::model::Home| Origin {
        market: home.market,
        pairs: (0..markets)
            .map(|market| {
                let pair = model.world.components(home.market, market as u8);
                Pair {
                    ln_km: ln(pair.km.max(1.0)),
                    border: pair.border,
                    language: pair.official_language,
                    colony: pair.colony,
                }
            })
            .collect(),
        friction: home.friction.clone(),
        beyond: home.beyond.clone(),
    };
    let threshold = model.homes.first().map_or(0.0, |home| home.threshold * home.unit_usd);
    Ground {
        homes: model.homes.iter().map(origin).collect(),
        gdp: model.world.countries.iter().map(|country| country.gdp_usd).collect(),
        threshold,
    }
}
