//! Books: what a chunk counts and notes while it steps, to be collected in order.
//!
//! Counts are integers and sums are added chunk by chunk in order of slot, so they do not depend on threads.

use super::array;
use crate::firm::{Firm, Origin, Relation, Tie};
use serde::{Deserialize, Serialize};

/// What is counted as it happens. The discriminant is the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Flow {
    Births,
    Deaths,
    Incidents,
    Adoptions,
    Abandonments,
    /// Contacts by origin: eight in the order of [`Origin`].
    ContactSearch,
    ContactUnsolicited,
    ContactSns,
    ContactReferral,
    ContactPeer,
    ContactAgent,
    ContactFounder,
    ContactPolicy,
    /// Market entries by origin, likewise.
    EntrySearch,
    EntryUnsolicited,
    EntrySns,
    EntryReferral,
    EntryPeer,
    EntryAgent,
    EntryFounder,
    EntryPolicy,
    /// Contacts looked at for the first time, and what became of them, in the order of `Verdict`.
    Judged,
    Pursued,
    RefusedBarrier,
    RefusedMoney,
    RefusedRisk,
    RefusedGain,
    /// Contacts that became customers, and pursuits that failed.
    Deals,
    Failures,
    Separations,
    Conversions,
    Orders,
    LostOrders,
    StageUps,
    Leaps,
    StageDowns,
    /// Market exits by reason, in the order of `Exit`.
    ExitDeserted,
    ExitIdle,
    ExitStopLoss,
    ExitFailure,
    ExitRevealed,
    Reentries,
}

/// Number of flows.
pub const FLOWS: usize = Flow::Reentries as usize + 1;

impl Flow {
    /// The flow `offset` places after this one: a group such as contacts by origin.
    #[inline]
    pub fn plus(self, offset: usize) -> usize {
        self as usize + offset
    }
}

/// What is added up over firms at the end of a year. The discriminant is the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Sum {
    Firms,
    Exporters,
    NewExporters,
    StoppedExporters,
    /// Firms and exporters of 1–9, 10–49 and 50–249 employees.
    FirmsMicro,
    FirmsSmall,
    FirmsMedium,
    ExportersMicro,
    ExportersSmall,
    ExportersMedium,
    /// In the money unit of the home.
    Exports,
    HomeSales,
    Employment,
    /// Over exporters.
    Markets,
    OneMarket,
    TenMarkets,
    Regions,
    ForeignShare,
    ForeignShareLow,
    ForeignShareHigh,
    Herfindahl,
    ExtraRegional,
    /// Over all firms.
    OnSns,
    OnSnsTenPlus,
    FirmsTenPlus,
    Platforms,
    Reach,
    NonExporters,
    Passive,
    Proactive,
    Distressed,
    Slack,
    Proactivity,
    Inertia,
    /// Over ties.
    Ties,
    TiesOnline,
    Customers,
    CustomersOnline,
    Trust,
    /// Over relations to markets with a customer.
    Served,
    StageAgent,
    StageSubsidiary,
    StageProduction,
    Knowledge,
    Perceived,
    Felt,
    MarketEntrants,
    MarketIncumbents,
}

/// Number of sums.
pub const SUMS: usize = Sum::MarketIncumbents as usize + 1;

/// Highest rank of entry whose markets are kept.
pub const RANKS: usize = 12;
/// Ages at risk of a first export entry; the last takes the rest.
pub const AGES: usize = 61;
/// States of a relation for stage transitions: none, sporadic, agent, sales subsidiary, production.
pub const STATES: usize = 5;

/// Counts over a whole run that only figures and summaries need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tallies {
    /// First entries by the firm's rank of entry (rows, 1 first) and by nearness of the market to the home (columns, 0
    /// the nearest), as many columns as markets.
    pub entry_nearness: Vec<u32>,
    /// First entries into each market.
    pub entries: Vec<u32>,
    /// Firm-years without any export so far, and first exports among them, by age and by use of SNS at the year's end.
    #[serde(with = "array::rows")]
    pub at_risk: [[u32; AGES]; 2],
    #[serde(with = "array::rows")]
    pub first_exports: [[u32; AGES]; 2],
    /// Yearly transitions between states of a relation.
    pub stages: [[u32; STATES]; STATES],
}

impl Tallies {
    fn new(markets: usize) -> Self {
        Self {
            entry_nearness: vec![0; RANKS * markets],
            entries: vec![0; markets],
            at_risk: [[0; AGES]; 2],
            first_exports: [[0; AGES]; 2],
            stages: [[0; STATES]; STATES],
        }
    }

    /// Notes a first entry into `market`, the firm's `rank`th; `nearness` counts the markets nearer to its home.
    pub fn entry(&mut self, market: u8, rank: u8, nearness: u8) {
        self.entries[usize::from(market)] += 1;
        if usize::from(rank) <= RANKS {
            let row = (usize::from(rank) - 1) * self.entries.len();
            self.entry_nearness[row + usize::from(nearness)] += 1;
        }
    }

    /// Adds other tallies.
    pub fn add(&mut self, other: &Self) {
        let add = |to: &mut [u32], from: &[u32]| to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        add(&mut self.entries, &other.entries);
        add(&mut self.entry_nearness, &other.entry_nearness);
        for use_ in 0..2 {
            add(&mut self.at_risk[use_], &other.at_risk[use_]);
            add(&mut self.first_exports[use_], &other.first_exports[use_]);
        }
        for (to, from) in self.stages.iter_mut().zip(&other.stages) {
            add(to, from);
        }
    }
}

/// What kind of thing happened to a firm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum EventKind {
    Birth,
    Death,
    Incident,
    Adoption,
    Abandonment,
    /// A contact was followed up.
    Pursuit,
    /// A first customer in a market new to the firm.
    Entry,
    /// A first customer in a market once left.
    Reentry,
    StageUp,
    StageDown,
    Exit,
    Conversion,
    /// A firm took part in a support measure.
    Support,
    /// Of a watched firm only: a contact arrived, was not pursued, lapsed; a customer was won, was lost.
    Contact,
    Refusal,
    Lapse,
    Deal,
    Loss,
}

impl EventKind {
    /// The name shown in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Birth => "birth",
            Self::Death => "death",
            Self::Incident => "incident",
            Self::Adoption => "sns-adoption",
            Self::Abandonment => "sns-abandonment",
            Self::Pursuit => "pursuit",
            Self::Entry => "entry",
            Self::Reentry => "re-entry",
            Self::StageUp => "stage-up",
            Self::StageDown => "stage-down",
            Self::Exit => "exit",
            Self::Conversion => "conversion",
            Self::Support => "support",
            Self::Contact => "contact",
            Self::Refusal => "refusal",
            Self::Lapse => "lapse",
            Self::Deal => "deal",
            Self::Loss => "loss",
        }
    }
}

/// Something that happened to a firm, with what it saw then. NaN where a number makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub kind: EventKind,
    pub slot: u32,
    pub generation: u16,
    pub step: u16,
    /// Market, 255 for none.
    pub market: u8,
    /// Origin of the tie concerned, 255 for none.
    pub origin: u8,
    /// Why a market was left, an `Exit`; 255 for none.
    pub reason: u8,
    pub stage_from: u8,
    pub stage_to: u8,
    /// Ties in the market at the time.
    pub ties: u8,
    /// Partner, `u32::MAX` for none.
    pub partner: u32,
    pub felt: f32,
    pub perceived: f32,
    /// Exposure times uncertainty, and what was tolerable.
    pub risk: f32,
    pub tolerable: f32,
    /// Cost, in the money unit of the home, and what was expected of it.
    pub cost: f32,
    pub gain: f32,
}

impl Event {
    /// An event of the firm itself, without a market.
    pub fn of_firm(kind: EventKind, slot: u32, generation: u16, step: u16) -> Self {
        Self {
            kind,
            slot,
            generation,
            step,
            market: u8::MAX,
            origin: u8::MAX,
            reason: u8::MAX,
            stage_from: 0,
            stage_to: 0,
            ties: 0,
            partner: u32::MAX,
            felt: f32::NAN,
            perceived: f32::NAN,
            risk: f32::NAN,
            tolerable: f32::NAN,
            cost: f32::NAN,
            gain: f32::NAN,
        }
    }
}

/// A finished life (or one cut off by the end of the run): what trajectory tables are made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    pub slot: u32,
    pub firm: Firm,
    pub size_at_end: f32,
    /// Quarter after the last one lived.
    pub end: u16,
    pub died: bool,
    pub years: Vec<super::career::YearRecord>,
    /// Felt distances of the markets entered, in order of first entry.
    pub entry_distances: Vec<f32>,
    pub max_stage: u8,
}

/// A row of the panel: one firm, one market, one year.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PanelRow {
    pub slot: u32,
    pub generation: u16,
    pub market: u8,
    pub stage: u8,
    pub customers: u8,
    pub ties: u8,
    pub online_only: bool,
    pub sales: f32,
    pub knowledge: f32,
    pub insidership: f32,
    pub perceived: f32,
    pub friction: f32,
}

/// A firm at the end of a year with what tables and checks want of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirmRow {
    pub slot: u32,
    pub firm: Firm,
    pub home_sales: f32,
    pub exports: f32,
    pub markets: u8,
    pub regions: u8,
    pub stage: u8,
    pub ties: u16,
    pub ties_online: u16,
    pub herfindahl: f32,
    pub entropy_between: f32,
    pub entropy_within: f32,
    pub distance: f32,
}

/// Which notes a run takes; counts are taken without being asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    pub events: bool,
    pub panel: bool,
    pub firms: bool,
    pub lives: bool,
}

/// The accounts of one chunk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Accounts {
    pub notes: Notes,
    #[serde(with = "array")]
    pub flows: [u64; FLOWS],
    #[serde(with = "array")]
    pub sums: [f64; SUMS],
    /// Entry costs that each measure has paid this year, money units.
    pub paid: Vec<f64>,
    pub tallies: Tallies,
    pub events: Vec<Event>,
    pub panel: Vec<PanelRow>,
    pub firms: Vec<FirmRow>,
    pub lives: Vec<History>,
    /// A slot whose firm is watched: everything that happens to it is noted, the burn-in included.
    pub watched: Option<u32>,
    /// Is the burn-in over? Sums, tallies, notes and counts of contacts missed are taken from then on.
    pub observing: bool,
}

impl Accounts {
    /// Empty accounts.
    pub fn new(markets: usize, notes: Notes) -> Self {
        Self {
            notes,
            flows: [0; FLOWS],
            sums: [0.0; SUMS],
            paid: Vec::new(),
            tallies: Tallies::new(markets),
            events: Vec::new(),
            panel: Vec::new(),
            firms: Vec::new(),
            lives: Vec::new(),
            watched: None,
            observing: false,
        }
    }

    /// Counts one.
    #[inline]
    pub fn count(&mut self, flow: Flow) {
        self.flows[flow as usize] += 1;
    }

    /// Counts one of a group by origin.
    #[inline]
    pub fn count_origin(&mut self, group: Flow, origin: Origin) {
        self.flows[group.plus(origin as usize)] += 1;
    }

    /// Adds to a sum.
    #[inline]
    pub fn add(&mut self, sum: Sum, value: f64) {
        self.sums[sum as usize] += value;
    }

    /// Are events of a slot asked for, now?
    #[inline]
    pub fn notes_events(&self, slot: u32) -> bool {
        self.notes.events && self.observing || self.watches(slot)
    }

    /// Is the firm at a slot watched?
    #[inline]
    pub fn watches(&self, slot: u32) -> bool {
        self.watched == Some(slot)
    }

    /// Notes an event of a slot, if events are asked for.
    #[inline]
    pub fn note(&mut self, slot: u32, event: impl FnOnce() -> Event) {
        if self.notes_events(slot) {
            self.events.push(event());
        }
    }

    /// Forgets the counts of the year; tallies stay.
    pub fn clear_year(&mut self) {
        self.flows = [0; FLOWS];
        self.sums = [0.0; SUMS];
        self.paid.fill(0.0);
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        size_of::<Self>()
            + (self.tallies.entry_nearness.capacity() + self.tallies.entries.capacity()) * 4
            + self.events.capacity() * size_of::<Event>()
            + self.panel.capacity() * size_of::<PanelRow>()
            + self.firms.capacity() * size_of::<FirmRow>()
            + self.lives.iter().map(|history| size_of::<History>() + history.years.len() * 16).sum::<usize>()
    }
}

/// Counts of a firm's ties: all, online, customers, customers online.
pub fn tie_counts(ties: &[Tie]) -> [u16; 4] {
    let mut counts = [0; 4];
    for tie in ties {
        counts[0] += 1;
        counts[1] += u16::from(tie.online());
        let customer = tie.state == crate::firm::TieState::Customer;
        counts[2] += u16::from(customer);
        counts[3] += u16::from(customer && tie.online());
    }
    counts
}

/// Highest stage among relations.
pub fn highest_stage(relations: &[Relation]) -> u8 {
    relations.iter().map(|relation| relation.stage).max().unwrap_or(0)
}
