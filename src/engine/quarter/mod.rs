//! One firm's quarter: the phases of the model, in order. Control flow lives here, equations in `mechanism`.
//!
//! A firm reads its own rows, the [`Setting`] that it shares with others, and in it what all firms showed at the start of
//! the quarter; it writes its own rows only, and notes what happened in [`Out`]. Every random number has an address, so
//! the order of firms does not matter.

mod arrivals;
mod contacts;
mod decisions;
mod demography;
mod events;
mod learning;
mod sns;
mod support;
mod survey;
mod ties;
mod trade;

pub use demography::finish_life;
pub use survey::{remembered, sight};

use crate::draw::{Address, Block, Purpose};
use crate::economy::accounts::Accounts;
use crate::economy::career::Careers;
use crate::economy::support::Support;
use crate::economy::visible::VisibleStates;
use crate::engine::environment::Environment;
use crate::engine::extension::FirmView;
use crate::engine::model::{Home, Model};
use crate::engine::rows::Rows;
use crate::firm::{Firm, Relation, Sight, Tie, TieState, VisibleState};
use arrivals::{arrivals, misses_all};
use contacts::contacts;
use decisions::decisions;
use demography::demography;
use learning::{learn_about_itself, learning};
use sns::sns;
use support::{is_supported, receive};
use survey::survey;
use ties::ties;
use trade::{trade, trade_at_home};

/// What the firms of a chunk share in a quarter; nobody writes it.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    pub model: &'a Model,
    pub now: &'a Environment,
    /// What every firm showed at the start of the quarter.
    pub visible: &'a VisibleStates,
    /// The circles of all participants of support measures.
    pub circles: &'a [u32],
    pub home: &'a Home,
    pub home_index: u8,
    pub step: u16,
}

/// A firm in its quarter: all that is its own, and that it alone writes.
#[derive(Debug)]
pub struct Own<'a> {
    pub slot: u32,
    pub firm: &'a mut Firm,
    pub supports: &'a [Support],
    /// Rows that are to be handed on once the firm is awake; the last are its own.
    pub waiting: Waiting<'a>,
    pub scratch: &'a mut Scratch,
    pub quarter: Quarter,
}

impl<'a> Own<'a> {
    /// The firm at a slot before its quarter.
    #[inline]
    pub fn new(
        at: &Setting,
        slot: u32,
        firm: &'a mut Firm,
        supports: &'a [Support],
        waiting: Waiting<'a>,
        scratch: &'a mut Scratch,
    ) -> Self {
        let draws = at.model.seed.block(Address::firm(slot, firm.generation, Purpose::Quarter, at.step));
        Self { slot, firm, supports, waiting, scratch, quarter: Quarter::new(draws) }
    }

    /// The firm as theories and rules of the user's own see it.
    fn view<'b>(&'b self, at: &Setting<'b>) -> FirmView<'b> {
        // The rows of a firm that sleeps are not in the scratch memory; it has no ties and serves no market.
        let (ties, relations): (&[Tie], &[Relation]) =
            if self.quarter.awake { (&self.scratch.ties, &self.scratch.relations) } else { (&[], &[]) };
        FirmView { model: at.model, slot: self.slot, firm: self.firm, ties, relations, step: at.step }
    }
}

/// What is written down of the quarter of a chunk's firms.
#[derive(Debug)]
pub struct Out<'a> {
    pub accounts: &'a mut Accounts,
    pub careers: &'a mut Careers,
    pub updates: &'a mut Vec<(u32, VisibleState)>,
}

/// How far a firm has come in its quarter.
#[derive(Clone, Copy, Debug)]
pub struct Quarter {
    draws: Block,
    /// Contacts with a draw from here on are missed: a barrier keeps the firm from seeing what they could be. And what it
    /// was before barriers fell in this very quarter.
    screening: f32,
    screening_before: f32,
    /// Risk that the firm tolerates now.
    tolerable: f32,
    /// Are its rows in the scratch memory? Are they surveyed?
    awake: bool,
    surveyed: bool,
    /// Ties that existed when the quarter began: only these can order or turn into customers.
    old: usize,
    /// Has a tie come farther, or ended?
    changed: bool,
    survey: Survey,
    /// Money earned abroad less costs, and orders wanted.
    net: f32,
    wanted: f32,
    successes: u32,
    ordered: bool,
}

impl Quarter {
    /// A quarter of which only the draws are known.
    #[inline]
    fn new(draws: Block) -> Self {
        Self {
            draws,
            screening: UNKNOWN,
            screening_before: UNKNOWN,
            tolerable: UNKNOWN,
            awake: false,
            surveyed: false,
            old: 0,
            changed: false,
            survey: Survey::default(),
            net: 0.0,
            wanted: 0.0,
            successes: 0,
            ordered: false,
        }
    }
}

/// A share or a risk that is not worked out yet.
const UNKNOWN: f32 = -1.0;

/// What a firm finds out about its own ties at the start of a quarter.
#[derive(Clone, Copy, Debug, Default)]
struct Survey {
    trust: f32,
    stages: u32,
    online: u32,
}

/// Where a quarter's block holds what, in bits: first and number. The others of the six origins, which concern few firms,
/// have words of a block of their own.
const FAILURE: (u32, u32) = (0, 22);
const SHOCK: (u32, u32) = (22, 22);
const SNS: (u32, u32) = (44, 20);
const SEARCH: (u32, u32) = (64, 21);
const UNSOLICITED: (u32, u32) = (85, 21);
const PEER: (u32, u32) = (106, 22);

/// The quarter of a firm: demography, survey, SNS use, arrivals, ties, contacts, decisions, trade, learning. The rows of a firm
/// that was awake are those in the scratch memory afterwards, those of others are as before.
///
/// Most firms are dormant: they have no tie, and whatever markets they once served they left. As long as they miss
/// every contact that comes their way, they sleep. The phases in between would only let them forget, and that is
/// made up for when they look abroad again (see [`remembered`]).
#[inline]
fn quarter(at: &Setting, own: &mut Own, out: &mut Out) {
    if is_supported(own) {
        receive(at, own, out);
    }
    demography(at, own, out);
    if !own.firm.dormant {
        survey(at, own);
    }
    sns(at, own, out);
    let arrivals = arrivals(at, own, at.step, own.quarter.draws);
    if own.firm.dormant && !own.quarter.surveyed && misses_all(at, own, out, &arrivals) {
        trade_at_home(at, own);
        learn_about_itself(at, own);
        return;
    }
    survey(at, own);
    ties(at, own, out);
    contacts(at, own, out, &arrivals);
    decisions(at, own, out);
    trade(at, own, out);
    learning(at, own);
}

/// Lets a firm live its quarter, and keeps back what it shows from now on, if that has changed. Was it awake, so that its rows
/// were taken up?
#[inline]
pub fn step_firm(at: &Setting, own: &mut Own, out: &mut Out) -> bool {
    quarter(at, own, out);
    let firm = &mut *own.firm;
    if own.quarter.awake {
        firm.ties = own.scratch.ties.len() as u16;
        firm.relations = own.scratch.relations.len() as u16;
        let mut visible = VisibleState::new(firm.generation, firm.born, firm.on_sns);
        for tie in own.scratch.ties.iter().filter(|tie| tie.state == TieState::Customer) {
            visible.show(tie.market);
        }
        if visible != at.visible[own.slot as usize] {
            out.updates.push((own.slot, visible));
        }
    } else if firm.on_sns != at.visible.on_sns(own.slot) {
        out.updates.push((own.slot, VisibleState::new(firm.generation, firm.born, firm.on_sns)));
    }
    own.quarter.awake
}

/// Working memory of a thread, so that a quarter allocates nothing.
#[derive(Debug)]
pub struct Scratch {
    /// The rows of the next quarter; those of the firm in its turn, once it is awake, are what a slice of them shows.
    pub ties: Rows<Tie>,
    pub relations: Rows<Relation>,
    /// How the markets in hand look, once the firm has looked.
    pub sights: Rows<Sight>,
    /// Row of each market's relation plus one, 0 for none; all 0 between firms.
    slots: [u8; 256],
    /// The quarter's draws of the ties that existed when it began.
    draws: Vec<Block>,
    /// Ties of which something remains to be settled.
    pending: Vec<usize>,
}

impl Default for Scratch {
    fn default() -> Self {
        Self {
            ties: Rows::default(),
            relations: Rows::default(),
            sights: Rows::default(),
            slots: [0; 256],
            draws: Vec::new(),
            pending: Vec::new(),
        }
    }
}

impl Scratch {
    /// Begins a chunk.
    pub fn restart(&mut self) {
        self.ties.restart();
        self.relations.restart();
        self.sights.restart();
    }
}

/// Rows of a chunk that wait to be handed on: those of a run of firms that slept and, last, of the firm in its turn, which end
/// at `to`.
#[derive(Clone, Copy, Debug)]
pub struct Waiting<'a> {
    pub ties: &'a [Tie],
    pub relations: &'a [Relation],
    pub to: Cut,
}

impl<'a> Waiting<'a> {
    /// What waits once the rows up to `to` are taken up.
    #[inline]
    pub fn rest(&self) -> Self {
        Self { ties: &self.ties[self.to.tie..], relations: &self.relations[self.to.relation..], to: Cut::default() }
    }

    /// Hands all on, as rows of nobody in its turn.
    pub fn hand_on(&self, scratch: &mut Scratch) {
        scratch.ties.extend(self.ties, 0);
        scratch.relations.extend(self.relations, 0);
    }
}

/// A position in the rows of a chunk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cut {
    pub tie: usize,
    pub relation: usize,
}

impl Cut {
    /// The position after the rows of a firm.
    #[inline]
    pub fn after(self, firm: &Firm) -> Self {
        Self { tie: self.tie + usize::from(firm.ties), relation: self.relation + usize::from(firm.relations) }
    }
}
