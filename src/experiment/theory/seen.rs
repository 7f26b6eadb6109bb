//! Everything a run of an experiment shows, kept in memory until the row is judged.

use crate::economy::Economy;
use crate::economy::accounts::{Event, EventKind, FirmRow, Flow, History, Notes, PanelRow, Sum, Tallies};
use crate::engine::model::Model;
use crate::engine::quarter::remembered;
use crate::engine::{Sink, Taken, YearTotals, run};
use crate::error::Error;
use crate::experiment::Plan;
use crate::firm::{Firm, Relation};
use crate::observe::measure::spearman;
use crate::observe::trajectory::{Career, Onset, Thresholds, onset};
use std::sync::atomic::AtomicBool;

/// A firm at the end of a year.
#[derive(Clone, Copy, Debug)]
pub struct FirmYear {
    pub year: i32,
    pub row: FirmRow,
}

impl FirmYear {
    /// Exports over all sales.
    pub fn fsts(&self) -> f64 {
        f64::from(self.row.exports / (self.row.exports + self.row.home_sales).max(f32::MIN_POSITIVE))
    }

    /// Age in years at the end of the year.
    pub fn age(&self, seen: &Seen) -> f64 {
        f64::from(self.year + 1) - f64::from(seen.model.first_year) - f64::from(self.row.firm.born) / 4.0
    }

    /// Exports this year.
    pub fn exports(&self) -> f64 {
        f64::from(self.row.exports)
    }
}

/// A firm in a market in a year in which it exported there.
#[derive(Clone, Copy, Debug)]
pub struct MarketYear {
    pub year: i32,
    pub row: PanelRow,
}

/// Which firm: slot and life.
pub type Who = (u32, u16);

/// A finished run.
pub struct Seen {
    pub model: Model,
    pub years: Vec<YearTotals>,
    /// By firm, in the order in which things happened.
    pub events: Vec<Event>,
    /// By firm and market, then year.
    pub panel: Vec<MarketYear>,
    /// By firm, then year.
    pub firms: Vec<FirmYear>,
    pub lives: Vec<History>,
    pub economy: Economy,
    pub tallies: Tallies,
}

#[derive(Default)]
struct Ear {
    events: Vec<Event>,
    panel: Vec<MarketYear>,
    firms: Vec<FirmYear>,
    lives: Vec<History>,
}

impl Sink for Ear {
    fn notes(&mut self, _: &Model, year: i32, taken: &mut Taken) -> Result<(), Error> {
        self.events.append(&mut taken.events);
        self.panel.extend(taken.panel.drain(..).map(|row| MarketYear { year, row }));
        self.firms.extend(taken.firms.drain(..).map(|row| FirmYear { year, row }));
        self.lives.append(&mut taken.lives);
        Ok(())
    }
}

const NOTES: Notes = Notes { events: true, panel: true, firms: true, lives: true };

impl Seen {
    /// A firm's relations, those to markets left behind with the knowledge that is left of them.
    pub fn up_to_date(&self, firm: &Firm, relations: &[Relation]) -> Vec<Relation> {
        let mut relations = relations.to_vec();
        for relation in relations.iter_mut().skip(usize::from(firm.live)) {
            relation.knowledge = remembered(&self.model, self.economy.step, relation);
        }
        relations
    }

    /// Runs a replicate of a plan to its end.
    ///
    /// # Errors
    /// When the network cannot be made.
    pub fn run(plan: &Plan, replicate: u32) -> Result<Self, Error> {
        let model = plan.model(replicate)?;
        let mut ear = Ear::default();
        let outcome = run(&model, NOTES, &mut ear, &AtomicBool::new(false))?;
        let Ear { mut events, mut panel, mut firms, lives } = ear;
        events.sort_by_key(|event| (event.slot, event.generation, event.step));
        panel.sort_by_key(|at| (at.row.slot, at.row.generation, at.row.market, at.year));
        firms.sort_by_key(|at| (at.row.slot, at.row.firm.generation, at.year));
        let crate::engine::Outcome { years, economy, tallies, .. } = outcome;
        Ok(Self { model, years, events, panel, firms, lives, economy, tallies })
    }

    /// A count over all observed years.
    pub fn flow(&self, flow: Flow) -> f64 {
        self.years.iter().map(|year| year.flow(flow)).sum()
    }

    /// A count of a group by origin or reason over all observed years.
    pub fn flow_of(&self, group: Flow, offset: usize) -> f64 {
        self.years.iter().map(|year| year.flows[group.plus(offset)] as f64).sum()
    }

    /// A sum over all observed years.
    pub fn sum(&self, sum: Sum) -> f64 {
        self.years.iter().map(|year| year.sum(sum)).sum()
    }

    /// Ratio of two sums over all observed years.
    pub fn share(&self, part: Sum, whole: Sum) -> f64 {
        self.sum(part) / self.sum(whole)
    }

    /// The calendar year of a quarter.
    pub fn calendar(&self, step: u16) -> i32 {
        self.model.calendar(i32::from(step))
    }

    /// The first observed calendar year.
    pub fn first(&self) -> i32 {
        self.calendar(self.model.burn_in)
    }

    /// The last calendar year.
    pub fn last(&self) -> i32 {
        self.calendar(self.model.quarters - 1)
    }

    /// Felt distance of a market from the home of all firms.
    pub fn felt(&self, market: u8) -> f64 {
        f64::from(self.model.homes[0].felt[usize::from(market)])
    }

    /// Events of one kind.
    pub fn events_of(&self, kind: EventKind) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| event.kind == kind)
    }

    /// The events of each firm in turn.
    pub fn diaries(&self) -> impl Iterator<Item = (Who, &[Event])> {
        let firms = self.events.chunk_by(|a, b| (a.slot, a.generation) == (b.slot, b.generation));
        firms.map(|events| ((events[0].slot, events[0].generation), events))
    }

    /// The years of each firm in turn.
    pub fn histories(&self) -> impl Iterator<Item = (Who, &[FirmYear])> {
        let firms =
            self.firms.chunk_by(|a, b| (a.row.slot, a.row.firm.generation) == (b.row.slot, b.row.firm.generation));
        firms.map(|years| ((years[0].row.slot, years[0].row.firm.generation), years))
    }

    /// The years of each firm in each market in turn.
    pub fn spells(&self) -> impl Iterator<Item = &[MarketYear]> {
        self.panel.chunk_by(|a, b| {
            (a.row.slot, a.row.generation, a.row.market) == (b.row.slot, b.row.generation, b.row.market)
        })
    }

    /// A firm at the end of a year, if it lived then.
    pub fn at(&self, (slot, generation): Who, year: i32) -> Option<&FirmYear> {
        let key = |at: &FirmYear| (at.row.slot, at.row.firm.generation, at.year);
        self.firms.binary_search_by_key(&(slot, generation, year), key).ok().map(|row| &self.firms[row])
    }

    /// A firm in a market in a year, if it exported there.
    pub fn in_market(&self, (slot, generation): Who, market: u8, year: i32) -> Option<&MarketYear> {
        let key = |at: &MarketYear| (at.row.slot, at.row.generation, at.row.market, at.year);
        self.panel.binary_search_by_key(&(slot, generation, market, year), key).ok().map(|row| &self.panel[row])
    }

    /// Mean over firms with at least three markets of the rank correlation between order of entry and felt distance.
    pub fn order(&self) -> f64 {
        let of = |history: &History| {
            let distances: Vec<f64> = history.entry_distances.iter().map(|distance| f64::from(*distance)).collect();
            let ranks: Vec<f64> = (0..distances.len()).map(|rank| rank as f64).collect();
            (distances.len() >= 3).then(|| spearman(&ranks, &distances)).flatten()
        };
        super::statistics::mean(self.lives.iter().filter_map(of))
    }

    /// The same over the first `most` entries of firms born from a calendar year on.
    pub fn early_order(&self, born: i32, most: usize) -> f64 {
        let of = |history: &History| {
            let distances = history.entry_distances.iter().take(most).map(|distance| f64::from(*distance));
            let distances: Vec<f64> = distances.collect();
            let ranks: Vec<f64> = (0..distances.len()).map(|rank| rank as f64).collect();
            (distances.len() >= 3).then(|| spearman(&ranks, &distances)).flatten()
        };
        let young = |history: &&History| self.model.calendar(i32::from(history.firm.born)) >= born;
        super::statistics::mean(self.lives.iter().filter(young).filter_map(of))
    }

    /// Mean felt distance of the first entry of firms born from a calendar year on.
    pub fn first_distance(&self, born: i32) -> f64 {
        let young = self.lives.iter().filter(|history| self.model.calendar(i32::from(history.firm.born)) >= born);
        super::statistics::mean(
            young.filter_map(|history| history.entry_distances.first()).map(|distance| f64::from(*distance)),
        )
    }

    /// The label of every life by other thresholds.
    pub fn onsets(&self, thresholds: &Thresholds) -> Vec<Onset> {
        let career = |history: &History| {
            let career = Career {
                founded: i32::from(history.firm.born).div_euclid(4),
                first_observed: 0,
                last_observed: i32::from(history.end.saturating_sub(1)) / 4,
                died: history.died,
                years: &history.years,
            };
            onset(&career, thresholds)
        };
        self.lives.iter().map(career).collect()
    }

    /// Share of the firms of known trajectory that have a label.
    pub fn share_labelled(&self, labels: &[Onset]) -> f64 {
        let onsets = self.onsets(&self.model.thresholds);
        let known = onsets.iter().filter(|onset| !onset.is_censored()).count() as f64;
        onsets.iter().filter(|onset| labels.contains(onset)).count() as f64 / known
    }

    /// Share of firm-years with exports.
    pub fn exporting(&self) -> f64 {
        self.share(Sum::Exporters, Sum::Firms)
    }

    /// First entries into markets.
    pub fn entries(&self) -> f64 {
        self.events_of(EventKind::Entry).count() as f64
    }

    /// Mean felt distance of first entries, of all origins or of some.
    pub fn entry_distance(&self, of: impl Fn(&Event) -> bool) -> f64 {
        super::statistics::mean(
            self.events_of(EventKind::Entry).filter(|event| of(event)).map(|event| self.felt(event.market)),
        )
    }

    /// Share of first entries into each market.
    pub fn popularity(&self) -> Vec<f64> {
        let mut counts = vec![0.0; self.model.world.countries.len()];
        self.events_of(EventKind::Entry).for_each(|event| counts[usize::from(event.market)] += 1.0);
        let all: f64 = counts.iter().sum();
        counts.into_iter().map(|count| count / all).collect()
    }
}
