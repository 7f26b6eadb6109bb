//! One firm's life, simulated again and watched: what happened to it, quarter by quarter, and where two runs part.

use crate::economy::Economy;
use crate::economy::accounts::{Event, Notes};
use crate::engine::Simulation;
use crate::engine::model::Model;
use crate::firm::{Firm, NONE, Relation, Tie, VisibleState};

/// The firm of a slot at the end of a quarter, and what its peers show.
#[derive(Clone, Debug, PartialEq)]
pub struct Glimpse {
    /// Quarter just lived.
    pub step: u16,
    pub firm: Firm,
    pub ties: Vec<Tie>,
    pub relations: Vec<Relation>,
    pub peers: Vec<(u32, VisibleState)>,
}

/// What happened at a slot, whichever firms lived there.
#[derive(Clone, Debug)]
pub struct Chronicle {
    pub slot: u32,
    pub events: Vec<Event>,
    pub quarters: Vec<Glimpse>,
    /// Names of the measures it took part in, with life, quarter and cost in US$.
    pub treatments: Vec<(String, u16, u16, f64)>,
}

/// Simulates a model up to quarter `until` and watches a slot.
///
/// # Panics
/// When the model has no such slot.
pub fn chronicle(model: &Model, slot: u32, until: u16) -> Chronicle {
    let mut simulation = Simulation::new(model, Notes::default());
    assert!((slot as usize) < simulation.economy.len(), "slot {slot} is simulated");
    simulation.watch(slot);
    let mut told = Chronicle { slot, events: Vec::new(), quarters: Vec::new(), treatments: Vec::new() };
    while simulation.economy.step < until {
        simulation.step();
        if simulation.year_closed() {
            simulation.collect_year();
        }
        for chunk in &mut simulation.economy.chunks {
            told.events.append(&mut chunk.accounts.events);
        }
        told.quarters.push(glimpse(model, &simulation.economy, slot));
    }
    let own = simulation.economy.register.treatments.iter().filter(|treatment| treatment.slot == slot);
    let named =
        own.map(|t| (model.programme.measures[usize::from(t.measure)].name.clone(), t.generation, t.step, t.cost));
    told.treatments = named.collect();
    told
}

/// Which firm is worth telling of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// It exports most in the last year.
    Largest,
    /// Of the firms founded in the run that export in the last year, it sold abroad soonest after its founding.
    Soonest,
    /// It exports most more in the last year than its twin.
    Gained,
    /// It exports most less in the last year than its twin.
    Lost,
    /// Of the firms that export in the last year and whose twin does not, it exports most.
    Newly,
}

/// The slot and the life of the firm most worth telling of at quarter `until`, and of how many it was picked; `twin` is
/// the model of the run it is held against. Nothing if there is no such firm.
pub fn worth(model: &Model, twin: Option<&Model>, until: u16, worth: Worth) -> Option<(u32, u16, usize)> {
    let last = |model: &Model| {
        let mut simulation = Simulation::new(model, Notes::default());
        while simulation.economy.step < until {
            simulation.step();
            if simulation.year_closed() {
                simulation.collect_year();
            }
        }
        let mut firms = Vec::with_capacity(simulation.economy.len());
        simulation.economy.for_each(|_, firm, _, _| firms.push(*firm));
        firms
    };
    let (own, other) = (last(model), twin.map(last));
    let score = |slot: usize| -> Option<f64> {
        let firm = &own[slot];
        let exports = f64::from(firm.exports_last);
        let beside = || {
            let twin = &other.as_ref()?[slot];
            Some(if twin.generation == firm.generation { f64::from(twin.exports_last) } else { 0.0 })
        };
        match worth {
            Worth::Largest => (exports > 0.0).then_some(exports),
            Worth::Soonest => (exports > 0.0 && firm.born >= 0 && firm.first_sale >= firm.born)
                .then(|| -f64::from(firm.first_sale - firm.born)),
            Worth::Gained => Some(exports - beside()?).filter(|gain| *gain > 0.0),
            Worth::Lost => Some(beside()? - exports).filter(|loss| *loss > 0.0),
            Worth::Newly => (exports > 0.0 && beside()? <= 0.0).then_some(exports),
        }
    };
    let scored: Vec<(usize, f64)> = (0..own.len()).filter_map(|slot| Some((slot, score(slot)?))).collect();
    let of = scored.len();
    // Of equals the one at the lowest slot.
    let best = scored.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    Some((best.0 as u32, own[best.0].generation, of))
}

fn glimpse(model: &Model, economy: &Economy, slot: u32) -> Glimpse {
    let at = economy.chunks.partition_point(|chunk| chunk.first <= slot) - 1;
    let mut found = None;
    economy.chunks[at].for_each(|at, firm, ties, relations| {
        if at == slot {
            found = Some((*firm, ties.to_vec(), relations.to_vec()));
        }
    });
    let (mut firm, ties, relations) = found.expect("a chunk holds its slots");
    // Where a firm's career is filed depends on whose careers were filed before.
    firm.career = if firm.career == NONE { NONE } else { 0 };
    let peers = model.peers.offline.row(slot).iter().chain(model.peers.online.row(slot));
    let peers = peers.map(|peer| (*peer, economy.visible[*peer as usize])).collect();
    Glimpse { step: economy.step - 1, firm, ties, relations, peers }
}

/// Where two chronicles of the same slot part.
#[derive(Clone, Debug, PartialEq)]
pub struct Parting {
    pub step: u16,
    pub why: Why,
}

/// Why two lives part.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// One took part in a measure that the other did not.
    Measure(String),
    /// Peers showed something else the quarter before.
    Peers(Vec<u32>),
    /// What holds for all firms of the arm, such as a shock.
    World,
}

impl Chronicle {
    /// Did a firm of this number live here?
    pub fn knows(&self, generation: u16) -> bool {
        self.quarters.iter().any(|glimpse| glimpse.firm.generation == generation)
    }

    /// The first quarter after which one life of this slot differs from that in another chronicle, and why; none if it
    /// never does.
    pub fn parts_from(&self, other: &Self, generation: u16) -> Option<Parting> {
        let state = |glimpse: &Glimpse| (glimpse.firm, glimpse.ties.clone(), glimpse.relations.clone());
        let lived = |(_, (a, b)): &(usize, (&Glimpse, &Glimpse))| {
            a.firm.generation == generation || b.firm.generation == generation
        };
        let mut both = self.quarters.iter().zip(&other.quarters).enumerate().filter(lived);
        let (i, here) = both.find(|(_, (a, b))| state(a) != state(b))?;
        let step = here.0.step;
        let only = |a: &Self, b: &Self| {
            let of = |t: &&(String, u16, u16, f64)| t.1 == generation && t.2 <= step && !b.treatments.contains(t);
            a.treatments.iter().find(of).map(|t| t.0.clone())
        };
        let why = match only(self, other).or_else(|| only(other, self)) {
            Some(measure) => Why::Measure(measure),
            None => {
                let before = i.checked_sub(1).map(|before| (&self.quarters[before], &other.quarters[before]));
                let changed: Vec<u32> = before
                    .into_iter()
                    .flat_map(|(a, b)| a.peers.iter().zip(&b.peers))
                    .filter(|(a, b)| a.1 != b.1)
                    .map(|(a, _)| a.0)
                    .collect();
                if changed.is_empty() { Why::World } else { Why::Peers(changed) }
            }
        };
        Some(Parting { step, why })
    }
}
