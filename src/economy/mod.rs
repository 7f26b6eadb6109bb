//! Everything that is true at one date: the firms in chunks, and the visible states they show each other.
//!
//! Deliberately absent: how it changes (see [`engine`](crate::engine)) and how it is written down.

pub mod accounts;
pub(crate) mod array;
pub mod career;
pub mod support;
pub mod visible;

use crate::firm::{Firm, Relation, Tie, VisibleState};
use accounts::Accounts;
use career::Careers;
use serde::{Deserialize, Serialize};
use support::{Register, Support};
use visible::VisibleStates;

/// Places in a chunk: its rows fit the second-level cache of common processors.
pub const CHUNK: usize = 1024;

/// Neighbouring slots of one home country with all that belongs to them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Chunk {
    pub home: u8,
    /// The first slot.
    pub first: u32,
    pub firms: Vec<Firm>,
    /// Rows of all firms, one firm after the other; a firm knows how many are its own.
    pub ties: Vec<Tie>,
    pub relations: Vec<Relation>,
    /// What participants of support measures have, by slot.
    pub supports: Vec<Support>,
    pub careers: Careers,
    /// What some firms show from the next quarter on, by slot; kept back until all firms have had their turn.
    pub updates: Vec<(u32, VisibleState)>,
    /// What was counted and noted since the accounts were last collected.
    pub accounts: Accounts,
}

impl Chunk {
    /// Calls `each` with slot, firm, its ties and its relations, in order.
    pub fn for_each(&self, mut each: impl FnMut(u32, &Firm, &[Tie], &[Relation])) {
        let (mut tie, mut relation) = (0, 0);
        for (i, firm) in self.firms.iter().enumerate() {
            let (ties, relations) = (usize::from(firm.ties), usize::from(firm.relations));
            each(
                self.first + i as u32,
                firm,
                &self.ties[tie..tie + ties],
                &self.relations[relation..relation + relations],
            );
            tie += ties;
            relation += relations;
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.firms.capacity() * size_of::<Firm>()
            + self.ties.capacity() * size_of::<Tie>()
            + self.relations.capacity() * size_of::<Relation>()
            + self.supports.capacity() * size_of::<Support>()
            + self.careers.bytes()
            + self.updates.capacity() * size_of::<(u32, VisibleState)>()
            + self.accounts.bytes()
    }
}

/// The economy at the start of a quarter.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Economy {
    pub chunks: Vec<Chunk>,
    /// What every firm shows, by slot.
    pub visible: VisibleStates,
    /// What has come of support measures so far.
    pub register: Register,
    /// Quarters since the start of the burn-in.
    pub step: u16,
}

impl Economy {
    /// Calls `each` with slot, firm, its ties and its relations, for all firms in order of slot.
    pub fn for_each(&self, mut each: impl FnMut(u32, &Firm, &[Tie], &[Relation])) {
        for chunk in &self.chunks {
            chunk.for_each(&mut each);
        }
    }

    /// Number of slots.
    pub fn len(&self) -> usize {
        self.visible.len()
    }

    /// Are there no firms?
    pub fn is_empty(&self) -> bool {
        self.visible.is_empty()
    }

    /// Bytes held by firms, ties, relations, careers, accounts and visible states.
    pub fn bytes(&self) -> usize {
        self.chunks.iter().map(Chunk::bytes).sum::<usize>() + self.visible.bytes()
    }
}
