//! One firm's life, simulated again and watched: what happened to it, quarter by quarter, and where two runs part.

use crate::economy::Economy;
use crate::economy::book::{Event, Notes};
use crate::engine::Simulation;
use crate::engine::model::Model;
use crate::firm::{Face, Firm, NONE, Relation, Tie};

/// The firm of a place at the end of a quarter, and what its peers show.
#[derive(Clone, Debug, PartialEq)]
pub struct Glimpse {
    /// Quarter just lived.
    pub step: u16,
    pub firm: Firm,
    pub ties: Vec<Tie>,
    pub relations: Vec<Relation>,
    pub peers: Vec<(u32, Face)>,
}

/// What happened at a place, whichever firms lived there.
#[derive(Clone, Debug)]
pub struct Chronicle {
    pub place: u32,
    pub events: Vec<Event>,
    pub quarters: Vec<Glimpse>,
    /// Names of the measures it took part in, with life, quarter and cost in US$.
    pub treatments: Vec<(String, u16, u16, f64)>,
}

/// Simulates a model up to quarter `until` and watches a place.
///
/// # Panics
/// When the model has no such place.
pub fn chronicle(model: &Model, place: u32, until: u16) -> Chronicle {
    let mut simulation = Simulation::new(model, Notes::default());
    assert!((place as usize) < simulation.economy.len(), "place {place} is simulated");
    simulation.watch(place);
    let mut told = Chronicle { place, events: Vec::new(), quarters: Vec::new(), treatments: Vec::new() };
    while simulation.economy.step < until {
        simulation.step();
        if simulation.year_closed() {
            simulation.collect_year();
        }
        for chunk in &mut simulation.economy.chunks {
            told.events.append(&mut chunk.book.events);
        }
        told.quarters.push(glimpse(model, &simulation.economy, place));
    }
    let own = simulation.economy.register.treatments.iter().filter(|treatment| treatment.place == place);
    let named = own.map(|t| (model.programme.measures[usize::from(t.measure)].name.clone(), t.life, t.step, t.cost));
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

/// The place and the life of the firm most worth telling of at quarter `until`, and of how many it was picked; `twin` is
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
    let score = |place: usize| -> Option<f64> {
        let firm = &own[place];
        let exports = f64::from(firm.exports_last);
        let beside = || {
            let twin = &other.as_ref()?[place];
            Some(if twin.life == firm.life { f64::from(twin.exports_last) } else { 0.0 })
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
    let scored: Vec<(usize, f64)> = (0..own.len()).filter_map(|place| Some((place, score(place)?))).collect();
    let of = scored.len();
    // Of equals the one at the lowest place.
    let best = scored.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    Some((best.0 as u32, own[best.0].life, of))
}

fn glimpse(model: &Model, economy: &Economy, place: u32) -> Glimpse {
    let at = economy.chunks.partition_point(|chunk| chunk.first <= place) - 1;
    let mut found = None;
    economy.chunks[at].for_each(|at, firm, ties, relations| {
        if at == place {
            found = Some((*firm, ties.to_vec(), relations.to_vec()));
        }
    });
    let (mut firm, ties, relations) = found.expect("a chunk holds its places");
    // Where a firm's career is filed depends on whose careers were filed before.
    firm.career = if firm.career == NONE { NONE } else { 0 };
    let peers = model.peers.offline.row(place).iter().chain(model.peers.online.row(place));
    let peers = peers.map(|peer| (*peer, economy.faces[*peer as usize])).collect();
    Glimpse { step: economy.step - 1, firm, ties, relations, peers }
}

/// Where two chronicles of the same place part.
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
    pub fn knows(&self, life: u16) -> bool {
        self.quarters.iter().any(|glimpse| glimpse.firm.life == life)
    }

    /// The first quarter after which one life of this place differs from that in another chronicle, and why; none if it
    /// never does.
    pub fn parts_from(&self, other: &Self, life: u16) -> Option<Parting> {
        let state = |glimpse: &Glimpse| (glimpse.firm, glimpse.ties.clone(), glimpse.relations.clone());
        let lived = |(_, (a, b)): &(usize, (&Glimpse, &Glimpse))| a.firm.life == life || b.firm.life == life;
        let mut both = self.quarters.iter().zip(&other.quarters).enumerate().filter(lived);
        let (i, here) = both.find(|(_, (a, b))| state(a) != state(b))?;
        let step = here.0.step;
        let only = |a: &Self, b: &Self| {
            let of = |t: &&(String, u16, u16, f64)| t.1 == life && t.2 <= step && !b.treatments.contains(t);
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
