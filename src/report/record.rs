//! The recorder: takes what a run notes, turns it into rows and writes them into tables, in the order of replicates.

use crate::economy::Economy;
use crate::economy::accounts::{Event, EventKind, Flow, History, Notes, PanelRow, Sum};
use crate::engine::model::Model;
use crate::engine::{Sink, Taken, YearTotals};
use crate::error::Error;
use crate::experiment::outcome::career;
use crate::firm::{Exit, Firm, NONE, Origin, Tie, TieState};
use crate::observe::measure;
use crate::observe::trajectory::{Onset, continuity, label as one_label, onset};
use crate::report::gallery::LastYear;
use crate::report::graph::Graphs;
use crate::report::rows;
use crate::report::table::{Table, Written, batch, label};
use crate::scenario::OutputSettings;
use arrow_array::RecordBatch;
use std::path::Path;

/// Which notes the outputs asked for need.
pub fn notes(output: &OutputSettings) -> Notes {
    Notes { events: output.events, panel: output.panel, firms: output.firms, lives: true }
}

/// Identity of a firm in tables: its slot and which generation of that slot, below 2⁵³.
pub fn identity(slot: u32, generation: u16) -> i64 {
    i64::from(slot) << 16 | i64::from(generation)
}

/// Rows waiting to be written.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    series: Vec<rows::Series>,
    trajectories: Vec<rows::Trajectory>,
    panel: Vec<rows::Panel>,
    firms: Vec<rows::Firm>,
    events: Vec<rows::Event>,
    ties: Vec<rows::Tie>,
}

impl Rows {
    /// Takes the rows of another over, behind its own.
    pub fn append(&mut self, other: &mut Self) {
        self.series.append(&mut other.series);
        self.trajectories.append(&mut other.trajectories);
        self.panel.append(&mut other.panel);
        self.firms.append(&mut other.firms);
        self.events.append(&mut other.events);
        self.ties.append(&mut other.ties);
    }

    /// One row per firm that was observed.
    pub fn trajectories(&self) -> &[rows::Trajectory] {
        &self.trajectories
    }

    /// The table of a name as Arrow, `None` if none is called so.
    ///
    /// # Errors
    /// The rows are more than a batch can hold.
    pub fn batch(&self, name: &str, metadata: &[(String, String)]) -> Result<Option<RecordBatch>, Error> {
        fn named<R: crate::report::table::Row>(
            rows: &[R],
            (name, metadata): (&str, &[(String, String)]),
        ) -> Option<Result<RecordBatch, Error>> {
            (R::NAME == name).then(|| batch(rows, metadata))
        }
        let asked = (name, metadata);
        named(&self.series, asked)
            .or_else(|| named(&self.trajectories, asked))
            .or_else(|| named(&self.panel, asked))
            .or_else(|| named(&self.firms, asked))
            .or_else(|| named(&self.events, asked))
            .or_else(|| named(&self.ties, asked))
            .transpose()
    }
}

/// The tables of a result folder being written.
pub struct Tables {
    series: Table<rows::Series>,
    trajectories: Table<rows::Trajectory>,
    panel: Option<Table<rows::Panel>>,
    firms: Option<Table<rows::Firm>>,
    events: Option<Table<rows::Event>>,
    ties: Option<Table<rows::Tie>>,
}

impl Tables {
    /// Begins the tables asked for; `metadata` goes into the footer of each.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn create(folder: &Path, output: &OutputSettings, metadata: &[(String, String)]) -> Result<Self, Error> {
        fn begin<R: crate::report::table::Row>(
            folder: &Path,
            metadata: &[(String, String)],
            csv: bool,
        ) -> Result<Table<R>, Error> {
            Table::create(folder.join(format!("{}.parquet", R::NAME)), metadata, csv)
        }
        let csv = output.csv;
        Ok(Self {
            series: begin(folder, metadata, csv)?,
            trajectories: begin(folder, metadata, csv)?,
            panel: output.panel.then(|| begin(folder, metadata, csv)).transpose()?,
            firms: output.firms.then(|| begin(folder, metadata, csv)).transpose()?,
            events: output.events.then(|| begin(folder, metadata, csv)).transpose()?,
            ties: output.ties.then(|| begin(folder, metadata, csv)).transpose()?,
        })
    }

    /// Writes rows that wait.
    ///
    /// # Errors
    /// A table cannot be written.
    pub fn take(&mut self, rows: &mut Rows) -> Result<(), Error> {
        fn pass<R: crate::report::table::Row>(table: &mut Option<Table<R>>, rows: &mut Vec<R>) -> Result<(), Error> {
            match table {
                Some(table) => table.extend(rows.drain(..)),
                None => {
                    rows.clear();
                    Ok(())
                }
            }
        }
        self.series.extend(rows.series.drain(..))?;
        self.trajectories.extend(rows.trajectories.drain(..))?;
        pass(&mut self.panel, &mut rows.panel)?;
        pass(&mut self.firms, &mut rows.firms)?;
        pass(&mut self.events, &mut rows.events)?;
        pass(&mut self.ties, &mut rows.ties)
    }

    /// Completes all tables.
    ///
    /// # Errors
    /// A table cannot be written.
    pub fn finish(self) -> Result<Vec<Written>, Error> {
        let mut written = self.series.finish()?;
        written.extend(self.trajectories.finish()?);
        for table in [
            self.panel.map(Table::finish),
            self.firms.map(Table::finish),
            self.events.map(Table::finish),
            self.ties.map(Table::finish),
        ] {
            written.extend(table.transpose()?.into_iter().flatten());
        }
        Ok(written)
    }
}

/// How many firms of each onset label lived in each observed year, firms at the end of the year.
#[derive(Clone, Debug, PartialEq)]
pub struct Classes {
    pub first_year: i32,
    /// Class names with counts by year.
    pub counts: Vec<(&'static str, Vec<i64>)>,
    /// Firms by onset label over the whole run, each life once.
    pub onsets: Vec<(Onset, u64)>,
}

impl Classes {
    fn new(first_year: i32, years: usize) -> Self {
        let counts = Onset::ALL.iter().map(|onset| (onset.word(), vec![0; years])).collect();
        Self { first_year, counts, onsets: Onset::ALL.iter().map(|onset| (*onset, 0)).collect() }
    }

    fn add(&mut self, onset: Onset, from: i32, to: i32) {
        if let Some(count) = self.onsets.iter_mut().find(|(known, _)| *known == onset) {
            count.1 += 1;
        }
        if let Some((_, years)) = self.counts.iter_mut().find(|(word, _)| *word == onset.word()) {
            let last = years.len() as i32;
            for year in (from - self.first_year).max(0)..(to - self.first_year + 1).clamp(0, last) {
                years[year as usize] += 1;
            }
        }
    }

    /// Adds the classes of another replicate.
    pub fn merge(&mut self, other: &Self) {
        for ((_, to), (_, from)) in self.counts.iter_mut().zip(&other.counts) {
            for (to, from) in to.iter_mut().zip(from) {
                *to += from;
            }
        }
        for (to, from) in self.onsets.iter_mut().zip(&other.onsets) {
            to.1 += from.1;
        }
    }
}

/// Tells whoever watches that a year has been simulated: replicate, calendar year.
pub type Watch<'a> = &'a (dyn Fn(u32, i32) + Sync);

/// The recorder of one replicate: a sink that keeps rows until they are written, or writes them as they come.
pub struct Recorder<'a> {
    pub(super) replicate: u32,
    pub rows: Rows,
    pub classes: Classes,
    pub last_year: LastYear,
    /// Where rows go as they come; `None` keeps them until the replicate has its turn.
    tables: Option<&'a std::sync::Mutex<Tables>>,
    keep_ties: bool,
    /// Writes the social graph of this replicate, if any does.
    graphs: Option<&'a Graphs>,
    watch: Watch<'a>,
    codes: Vec<&'static str>,
    pub(super) homes: Vec<&'static str>,
    pub(super) sectors: Vec<&'static str>,
    sites: Vec<&'static str>,
}

impl<'a> Recorder<'a> {
    /// A recorder of `replicate`; `direct` tables take rows at once.
    pub fn new(
        replicate: u32,
        output: &OutputSettings,
        direct: Option<&'a std::sync::Mutex<Tables>>,
        watch: Watch<'a>,
    ) -> Self {
        Self {
            replicate,
            rows: Rows::default(),
            classes: Classes::new(0, 0),
            last_year: LastYear::default(),
            tables: direct,
            keep_ties: output.ties,
            graphs: None,
            watch,
            codes: Vec::new(),
            homes: Vec::new(),
            sectors: Vec::new(),
            sites: Vec::new(),
        }
    }

    /// The same recorder, writing the social graph too.
    pub fn with_graphs(self, graphs: Option<&'a Graphs>) -> Self {
        Self { graphs, ..self }
    }

    fn flush(&mut self) -> Result<(), Error> {
        match self.tables {
            Some(tables) => tables.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take(&mut self.rows),
            None => Ok(()),
        }
    }

    /// Notes the ties of the last quarter, if asked for.
    ///
    /// # Errors
    /// The table cannot be written.
    pub fn end(&mut self, economy: &Economy) -> Result<(), Error> {
        if self.keep_ties {
            let step = economy.step;
            let mut rows = std::mem::take(&mut self.rows.ties);
            economy.for_each(|slot, firm, ties, _| {
                rows.extend(ties.iter().map(|tie| self.tie(slot, firm, tie, step)));
            });
            self.rows.ties = rows;
        }
        self.flush()
    }

    fn tie(&self, slot: u32, firm: &Firm, tie: &Tie, step: u16) -> rows::Tie {
        rows::Tie {
            replicate: self.replicate,
            firm: identity(slot, firm.generation),
            partner: tie.partner,
            market: self.codes[usize::from(tie.market)],
            channel: if tie.online() { "online" } else { "offline" },
            platform: tie.online().then(|| self.sites[usize::from(tie.platform)]),
            state: match tie.state {
                TieState::Contact => "contact",
                TieState::Pursued => "pursued",
                TieState::Customer | TieState::Gone => "customer",
            },
            origin: tie.origin.name(),
            trust: tie.trust,
            match_quality: tie.quality,
            age: step.saturating_sub(tie.born.max(0) as u16),
        }
    }

    fn trajectory(&mut self, model: &Model, history: &History) -> rows::Trajectory {
        let firm = &history.firm;
        // Year of the last full quarter lived; founding and end in years since the start.
        let last = i32::from(history.end.saturating_sub(1)) / 4;
        let founded = i32::from(firm.born).div_euclid(4);
        let career = career(history);
        let onset = onset(&career, &model.thresholds);
        let continuity = continuity(&career, &model.thresholds);
        let label = one_label(&career, &model.thresholds);
        let start = model.calendar(0);
        // The last year at whose end the firm lived; a slot is filled anew in the quarter its firm is gone.
        self.classes.add(onset, start + founded.max(0), start + i32::from(history.end) / 4 - 1);
        if let Some(year) = history.years.last().filter(|year| !history.died && i32::from(year.year) == last) {
            self.last_year.add(year.markets, year.fsts);
        }
        let first = history.years.first();
        let speed = |of: fn(&crate::economy::career::YearRecord) -> f64| {
            let (first, last) = (history.years.first()?, history.years.last()?);
            measure::speed(of(last), i32::from(first.year), i32::from(last.year)).map(|speed| speed as f32)
        };
        let order: Vec<f64> = (0..history.entry_distances.len()).map(|k| k as f64).collect();
        let distances: Vec<f64> = history.entry_distances.iter().map(|distance| f64::from(*distance)).collect();
        rows::Trajectory {
            replicate: self.replicate,
            firm: identity(history.slot, firm.generation),
            home: self.homes[usize::from(firm.home)],
            founded: start + founded,
            size: history.size_at_end,
            sector: self.sectors[usize::from(firm.sector)],
            proactivity_at_birth: firm.baseline_proactivity,
            onset: onset.word(),
            continuity: continuity.map(|flag| flag.word()),
            label: label.word(),
            lag: first.map(|year| (i32::from(year.year) - founded).max(0) as u16),
            first_export_year: first.map(|year| start + i32::from(year.year)),
            years_exporting: history.years.len() as u16,
            max_markets: history.years.iter().map(|year| year.markets).max().unwrap_or(0),
            max_regions: history.years.iter().map(|year| year.regions).max().unwrap_or(0),
            peak_fsts: history.years.iter().map(|year| year.fsts).fold(0.0, f32::max),
            breadth_speed: speed(|year| f64::from(year.markets)),
            depth_speed: speed(|year| f64::from(year.fsts)),
            max_stage: first.map(|_| history.max_stage),
            leapfrogs: u16::from(firm.leaps),
            order_correlation: measure::spearman(&order, &distances).map(|rho| rho as f32),
            sns_age: (firm.adopted >= 0).then(|| ((i32::from(firm.adopted) - i32::from(firm.born)) / 4) as u16),
            first_origin: origin(firm.first_origin),
            died: history.died,
            age_at_end: ((i32::from(history.end) - i32::from(firm.born)) / 4) as u16,
        }
    }

    fn panel(&self, model: &Model, year: i32, row: &PanelRow) -> rows::Panel {
        let unit = model.homes[home_of_place(model, row.slot)].unit_usd;
        rows::Panel {
            replicate: self.replicate,
            firm: identity(row.slot, row.generation),
            year: year as u16,
            market: self.codes[usize::from(row.market)],
            sales: row.sales * unit,
            stage: row.stage,
            knowledge: row.knowledge,
            ties: row.ties,
            customers: row.customers,
            online_only: row.online_only,
            insidership: row.insidership,
            perceived_distance: row.perceived,
            friction: row.friction,
        }
    }

    fn event(&self, model: &Model, event: &Event) -> rows::Event {
        let given = |value: f32| (!value.is_nan()).then_some(value);
        let unit = model.homes[home_of_place(model, event.slot)].unit_usd;
        let market = (event.market != u8::MAX).then(|| self.codes[usize::from(event.market)]);
        rows::Event {
            replicate: self.replicate,
            quarter: (i32::from(event.step) - i32::from(model.burn_in)) as i16,
            year: model.calendar(i32::from(event.step)) as u16,
            firm: identity(event.slot, event.generation),
            market,
            kind: event.kind.name(),
            origin: origin(event.origin),
            reason: exit_reason(event),
            felt_distance: given(event.felt),
            perceived_distance: given(event.perceived),
            risk: given(event.risk),
            tolerance: given(event.tolerable),
            cost: given(event.cost * unit),
            gain: given(event.gain * unit),
            ties_there: market.map(|_| event.ties),
            stage_from: market.map(|_| event.stage_from),
            stage_to: market.map(|_| event.stage_to),
            partner: (event.partner != NONE).then_some(event.partner),
        }
    }

    fn series(&self, model: &Model, totals: &YearTotals) -> rows::Series {
        use Flow as F;
        use Sum as S;
        let unit = f64::from(model.homes[usize::from(totals.home)].unit_usd);
        let count = |sum: Sum| totals.sum(sum) as u32;
        let flow = |flow: Flow| totals.flows[flow as usize] as u32;
        let share = |part: Sum, whole: Sum| {
            let ratio = totals.ratio(part, whole);
            (!ratio.is_nan()).then_some(ratio as f32)
        };
        let sales = totals.sum(S::Exports) + totals.sum(S::HomeSales);
        rows::Series {
            replicate: self.replicate,
            year: totals.year as u16,
            home: self.homes[usize::from(totals.home)],
            firms: count(S::Firms),
            births: flow(F::Births),
            deaths: flow(F::Deaths),
            employment: totals.sum(S::Employment),
            distress_share: share(S::Distressed, S::Firms),
            incidents: flow(F::Incidents),
            exporters: count(S::Exporters),
            exporter_share: share(S::Exporters, S::Firms),
            exporter_share_micro: share(S::ExportersMicro, S::FirmsMicro),
            exporter_share_small: share(S::ExportersSmall, S::FirmsSmall),
            exporter_share_medium: share(S::ExportersMedium, S::FirmsMedium),
            new_exporters: count(S::NewExporters),
            stopped_exporters: count(S::StoppedExporters),
            exports: totals.sum(S::Exports) * unit,
            export_share: (sales > 0.0).then(|| (totals.sum(S::Exports) / sales) as f32),
            mean_markets: share(S::Markets, S::Exporters),
            share_one_market: share(S::OneMarket, S::Exporters),
            share_ten_markets: share(S::TenMarkets, S::Exporters),
            mean_fsts: share(S::ForeignShare, S::Exporters),
            share_fsts_low: share(S::ForeignShareLow, S::Exporters),
            share_fsts_high: share(S::ForeignShareHigh, S::Exporters),
            sns_share: share(S::OnSns, S::Firms),
            sns_share_ten_plus: share(S::OnSnsTenPlus, S::FirmsTenPlus),
            mean_platforms: share(S::Platforms, S::OnSns),
            mean_reach: share(S::Reach, S::OnSns),
            contacts_search: flow(F::ContactSearch),
            contacts_unsolicited: flow(F::ContactUnsolicited),
            contacts_sns: flow(F::ContactSns),
            contacts_referral: flow(F::ContactReferral),
            contacts_peer: flow(F::ContactPeer),
            contacts_agent: flow(F::ContactAgent),
            contacts_founder: flow(F::ContactFounder),
            contacts_policy: flow(F::ContactPolicy),
            entries_search: flow(F::EntrySearch),
            entries_unsolicited: flow(F::EntryUnsolicited),
            entries_sns: flow(F::EntrySns),
            entries_referral: flow(F::EntryReferral),
            entries_peer: flow(F::EntryPeer),
            entries_agent: flow(F::EntryAgent),
            entries_founder: flow(F::EntryFounder),
            entries_policy: flow(F::EntryPolicy),
            refused_risk: flow(F::RefusedRisk),
            refused_money: flow(F::RefusedMoney),
            refused_gain: flow(F::RefusedGain),
            refused_barrier: flow(F::RefusedBarrier),
            deals: flow(F::Deals),
            lost_orders: flow(F::LostOrders),
            customers: count(S::Customers),
            ties: count(S::Ties),
            online_tie_share: share(S::TiesOnline, S::Ties),
            mean_trust: share(S::Trust, S::Ties),
            mean_knowledge: share(S::Knowledge, S::Served),
            mean_nearing: share(S::Perceived, S::Felt),
            stage_1: count(S::StageAgent),
            stage_2: count(S::StageSubsidiary),
            stage_3: count(S::StageProduction),
            stage_ups: flow(F::StageUps),
            stage_downs: flow(F::StageDowns),
            market_exits: [F::ExitDeserted, F::ExitIdle, F::ExitStopLoss, F::ExitFailure, F::ExitRevealed]
                .map(flow)
                .iter()
                .sum(),
        }
    }
}

/// The home a slot belongs to.
fn home_of_place(model: &Model, slot: u32) -> usize {
    model.homes.partition_point(|home| home.first <= slot) - 1
}

fn origin(number: u8) -> Option<&'static str> {
    Origin::ALL.get(usize::from(number)).map(|origin| origin.name())
}

fn exit_reason(event: &Event) -> Option<&'static str> {
    let known = [Exit::Deserted, Exit::Idle, Exit::StopLoss, Exit::Failure, Exit::Revealed];
    let told = matches!(event.kind, EventKind::Exit | EventKind::StageDown);
    known.into_iter().find(|exit| told && *exit as u8 == event.reason).map(Exit::name)
}

impl Sink for Recorder<'_> {
    fn begin(&mut self, model: &Model, _: &Economy) -> Result<(), Error> {
        self.codes = model.world.countries.iter().map(|country| label(&country.iso3)).collect();
        self.homes = model.homes.iter().map(|home| label(&home.iso3)).collect();
        self.sectors = (1..=model.population.sectors).map(|sector| label(&format!("S{sector:02}"))).collect();
        self.sites = model.sites.iter().map(|site| label(&site.name)).collect();
        let years = usize::from((model.quarters - model.burn_in) / 4);
        self.classes = Classes::new(model.calendar(i32::from(model.burn_in)), years);
        Ok(())
    }

    fn year(&mut self, model: &Model, totals: &YearTotals) -> Result<(), Error> {
        self.rows.series.push(self.series(model, totals));
        Ok(())
    }

    fn notes(&mut self, model: &Model, year: i32, taken: &mut Taken) -> Result<(), Error> {
        for history in &taken.lives {
            let row = self.trajectory(model, history);
            self.rows.trajectories.push(row);
        }
        let panel: Vec<rows::Panel> = taken.panel.iter().map(|row| self.panel(model, year, row)).collect();
        self.rows.panel.extend(panel);
        let firms: Vec<rows::Firm> = taken.firms.iter().map(|row| self.firm_year(model, year, row)).collect();
        self.rows.firms.extend(firms);
        let events: Vec<rows::Event> = taken.events.iter().map(|event| self.event(model, event)).collect();
        self.rows.events.extend(events);
        self.flush()
    }

    fn quarter(&mut self, model: &Model, economy: &Economy) -> Result<(), Error> {
        if economy.step.is_multiple_of(4) {
            (self.watch)(self.replicate, model.calendar(i32::from(economy.step) - 1));
        }
        self.graphs.map_or(Ok(()), |graphs| graphs.take(model, economy))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Plan, replicates};
    use crate::scenario::Loaded;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn every_living_firm_has_one_label_in_every_year() {
        let text = "run.years = 8\nrun.burn_in = 5\npopulation.firms = 400\nworld.largest = 20\nmechanism.demography.base = 0.3";
        let plan = Plan::new(&Loaded::read("tiny.toml", text, &[]).unwrap()).unwrap();
        let output = &plan.scenario.output;
        let recorder = |replicate| Recorder::new(replicate, output, None, &|_, _| {});
        replicates(&plan, notes(output), &AtomicBool::new(false), recorder, |_, _, recorder, outcome| {
            assert_eq!(outcome.years.len(), 8);
            for year in 0..8 {
                let labelled: i64 = recorder.classes.counts.iter().map(|(_, counts)| counts[year]).sum();
                assert_eq!(labelled, 400, "year {year}");
            }
            Ok(())
        })
        .unwrap();
    }
}
