//! One firm's quarter: the phases of the model, in order. Control flow lives here, equations in `mechanism`.
//!
//! A firm reads its own rows, the environment, and the faces that others showed at the start of the quarter; it
//! writes its own rows only. Every random number has an address, so the order of firms does not matter.

mod aid;
mod decide;
mod keep;
mod learn;
mod look;
mod meet;
mod post;
mod renew;
mod trade;

pub use look::{remembered, sight};
pub use renew::finish_life;

use crate::draw::{Address, Block, Purpose};
use crate::economy::book::Book;
use crate::economy::career::Careers;
use crate::economy::faces::Faces;
use crate::economy::support::Support;
use crate::engine::environment::Environment;
use crate::engine::model::{Home, Model};
use crate::engine::rows::Rows;
use crate::firm::{Face, Firm, Relation, Sight, Tie, TieState};

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

/// Where a quarter's block holds what, in bits: first and number. The others of the six origins, which concern few firms,
/// have words of a block of their own.
const FATE: (u32, u32) = (0, 22);
const SHOCK: (u32, u32) = (22, 22);
const POST: (u32, u32) = (44, 20);
const SEARCH: (u32, u32) = (64, 21);
const UNSOLICITED: (u32, u32) = (85, 21);
const PEER: (u32, u32) = (106, 22);

/// What a firm finds out about its own ties at the start of a quarter.
#[derive(Clone, Copy, Debug, Default)]
struct Survey {
    trust: f32,
    stages: u32,
    online: u32,
}

/// What happened in the quarter so far.
#[derive(Clone, Copy, Debug, Default)]
struct Quarter {
    /// Money earned abroad less costs.
    net: f32,
    wanted: f32,
    successes: u32,
    ordered: bool,
}

/// What support measures mean to a firm: what it has of them, and the circles of all participants.
#[derive(Clone, Copy, Debug)]
pub struct Aided<'a> {
    pub supports: &'a [Support],
    pub circles: &'a [u32],
}

/// A firm in its quarter.
pub struct Turn<'a> {
    pub model: &'a Model,
    pub now: &'a Environment,
    pub faces: &'a Faces,
    pub aided: Aided<'a>,
    pub home: &'a Home,
    pub home_index: u8,
    pub place: u32,
    pub step: u16,
    pub firm: &'a mut Firm,
    /// Rows that are to be handed on once the firm is awake; the last are its own.
    waiting: Waiting<'a>,
    pub scratch: &'a mut Scratch,
    pub careers: &'a mut Careers,
    pub news: &'a mut Vec<(u32, Face)>,
    pub book: &'a mut Book,
    draws: Block,
    /// Contacts with a draw from here on are missed: a barrier keeps the firm from seeing what they could be.
    reach: f32,
    /// What `reach` was before barriers fell in this very quarter.
    reached: f32,
    /// Risk that the firm tolerates now.
    bearable: f32,
    /// Are its rows in the scratch memory? Are they surveyed?
    awake: bool,
    looked: bool,
    /// Ties that existed when the quarter began: only these can order or turn into customers.
    old: usize,
    /// Has a tie come farther, or ended?
    changed: bool,
    survey: Survey,
    quarter: Quarter,
}

/// A chunk's rows, of which those from one cut to another wait to be handed on: those of a run of firms that slept and,
/// last, of the firm in its turn.
#[derive(Clone, Copy, Debug)]
pub struct Waiting<'a> {
    pub ties: &'a [Tie],
    pub relations: &'a [Relation],
    pub from: Cut,
    pub to: Cut,
}

/// A position in the rows of a chunk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cut {
    pub tie: usize,
    pub relation: usize,
}

impl<'a> Turn<'a> {
    /// Prepares the quarter of a chunk's firms, to be taken up one by one; `waiting` are the chunk's rows.
    #[allow(clippy::too_many_arguments)]
    #[inline]
    pub fn new(
        model: &'a Model,
        now: &'a Environment,
        faces: &'a Faces,
        home_index: u8,
        step: u16,
        firm: &'a mut Firm,
        waiting: Waiting<'a>,
        scratch: &'a mut Scratch,
        careers: &'a mut Careers,
        news: &'a mut Vec<(u32, Face)>,
        book: &'a mut Book,
    ) -> Self {
        Self {
            home: &model.homes[usize::from(home_index)],
            model,
            now,
            faces,
            aided: Aided { supports: &[], circles: &[] },
            home_index,
            place: 0,
            step,
            firm,
            waiting,
            scratch,
            careers,
            news,
            book,
            draws: Block::default(),
            reach: UNKNOWN,
            reached: UNKNOWN,
            bearable: UNKNOWN,
            awake: false,
            looked: false,
            old: 0,
            changed: false,
            survey: Survey::default(),
            quarter: Quarter::default(),
        }
    }

    /// Takes up the firm of the next place, whose rows come next.
    #[inline]
    pub fn take_up(&mut self, place: u32, firm: &'a mut Firm, aided: Aided<'a>) {
        let Cut { tie, relation } = self.waiting.to;
        let to = Cut { tie: tie + usize::from(firm.ties), relation: relation + usize::from(firm.relations) };
        self.draws = self.model.seed.block(Address::firm(place, firm.life, Purpose::Quarter, self.step));
        (self.place, self.firm, self.aided, self.waiting.to) = (place, firm, aided, to);
        (self.reach, self.reached, self.bearable) = (UNKNOWN, UNKNOWN, UNKNOWN);
        (self.awake, self.looked, self.changed, self.old) = (false, false, false, 0);
        (self.survey, self.quarter) = (Survey::default(), Quarter::default());
    }

    /// Hands on the rows of the firms that slept at the end of the chunk.
    #[inline]
    pub fn hand_the_rest_on(&mut self) {
        let Waiting { ties, relations, from, .. } = self.waiting;
        self.scratch.ties.extend(&ties[from.tie..], 0);
        self.scratch.relations.extend(&relations[from.relation..], 0);
    }

    /// The quarter, and the news of it: what the firm shows from now on, if that has changed.
    #[inline]
    pub fn play(&mut self) {
        self.live();
        if self.awake {
            self.waiting.from = self.waiting.to;
            self.firm.ties = self.scratch.ties.len() as u16;
            self.firm.relations = self.scratch.relations.len() as u16;
            let mut face = Face::new(self.firm.life, self.firm.born, self.firm.on_sns);
            for tie in self.scratch.ties.iter().filter(|tie| tie.state == TieState::Customer) {
                face.show(tie.market);
            }
            if face != self.faces[self.place as usize] {
                self.news.push((self.place, face));
            }
        } else if self.firm.on_sns != self.faces.on_sns(self.place) {
            self.news.push((self.place, Face::new(self.firm.life, self.firm.born, self.firm.on_sns)));
        }
    }

    /// Demography, survey, SNS use, arrivals, ties, contacts, decisions, trade, learning. The rows of a firm that was awake are those in the
    /// scratch memory afterwards, those of others are as before.
    ///
    /// Most firms are dormant: they have no tie, and whatever markets they once served they left. As long as they miss
    /// every contact that comes their way, they sleep. The phases in between would only let them forget, and that is
    /// made up for when they look abroad again (see [`remembered`]).
    #[inline]
    fn live(&mut self) {
        if self.is_aided() {
            self.receive();
        }
        self.renew();
        if !self.firm.dormant {
            self.look();
        }
        self.post();
        let arrivals = self.arrivals(self.step, self.draws);
        if self.firm.dormant && !self.looked && self.misses_all(&arrivals) {
            self.trade_at_home();
            self.learn_about_itself();
            return;
        }
        self.look();
        self.keep();
        self.meet(&arrivals);
        if self.is_aided() {
            self.benefit();
        }
        if self.reached != UNKNOWN {
            self.recall();
        }
        self.decide();
        self.trade_at_home();
        self.trade_abroad();
        self.learn_about_itself();
        self.learn_markets();
    }
}

/// A reach that is not worked out yet.
const UNKNOWN: f32 = -1.0;
