//! A round of a measure: who is eligible, who is offered a place, who accepts, and what it costs.

use super::{Does, Measure, Programme, Selection, Subject};
use crate::draw::{Address, Purpose, Seed};
use crate::economy::Economy;
use crate::economy::support::{Ended, Round, Support, Treatment};
use crate::network::PeerGraph;
use crate::number::ln;

/// Where rounds take place.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    pub seed: Seed,
    pub peers: &'a PeerGraph,
    /// US$ of one money unit in each home.
    pub units: &'a [f32],
    /// Multiplier of visits to each market.
    pub visit: &'a [f32],
}

/// A firm in the queue.
#[derive(Clone, Copy, Debug)]
struct Applicant {
    slot: u32,
    generation: u16,
    home: u8,
    rank: f64,
    lot: f32,
    accepts: bool,
}

/// Holds all rounds that are due at the start of the quarter that the economy has come to.
pub fn enrol(programme: &Programme, ground: &Ground, economy: &mut Economy) {
    let step = economy.step;
    for (index, measure) in programme.measures.iter().enumerate() {
        if measure.rounds.binary_search(&step).is_ok() {
            hold(programme, index as u16, measure, ground, economy);
        }
    }
}

fn hold(programme: &Programme, index: u16, measure: &Measure, ground: &Ground, economy: &mut Economy) {
    let step = economy.step;
    let instrument = &measure.instrument;
    let (mut queue, eligible) = queue(index, measure, ground, economy);
    queue.sort_by(|a, b| b.rank.total_cmp(&a.rank).then(a.lot.total_cmp(&b.lot)).then(a.slot.cmp(&b.slot)));
    let costs: Vec<Option<f64>> =
        (0..ground.units.len()).map(|home| measure.cost(&programme.actions, home as u8, ground.visit)).collect();
    // A round that nobody could travel to is not held.
    let cost = if costs.iter().any(Option::is_some) { f64::from(instrument.fixed_cost) } else { 0.0 };
    let mut round = Round { measure: index, step, eligible: eligible.len() as u32, cost, ..Round::default() };
    let register = &mut economy.register;
    let first = register.treatments.len();
    for applicant in queue {
        let Some(each) = costs[usize::from(applicant.home)] else {
            round.barred += 1;
            continue;
        };
        if round.accepted >= instrument.places {
            round.ended = Ended::Places;
            break;
        }
        if round.cost + each > f64::from(instrument.budget) {
            round.ended = Ended::Budget;
            break;
        }
        round.offered += 1;
        if applicant.accepts {
            round.accepted += 1;
            round.cost += each;
            let Applicant { slot, generation, .. } = applicant;
            register.enrolled.insert((index, slot, generation));
            register.treatments.push(Treatment { slot, generation, measure: index, step, cost: each });
        }
    }
    register.eligible.extend(eligible);
    register.eligible.sort_unstable();
    register.eligible.dedup();
    register.rounds.push(round);
    let treated: Vec<(u32, u16)> = register.treatments[first..].iter().map(|t| (t.slot, t.generation)).collect();
    support(programme, measure, &treated, ground.visit, economy);
}

/// Gives a measure to firms, by slot and life, at the start of the quarter that the economy has come to: a round without
/// a queue, in which everybody accepts. Those whose home lets nobody take part go without.
pub fn give(programme: &Programme, index: u16, firms: &[(u32, u16)], ground: &Ground, economy: &mut Economy) {
    let (step, measure) = (economy.step, &programme.measures[usize::from(index)]);
    let chunks = &economy.chunks;
    let home = |slot: u32| chunks[chunks.partition_point(|chunk| chunk.first <= slot) - 1].home;
    let mut round = Round { measure: index, step, eligible: firms.len() as u32, ..Round::default() };
    let mut treated = Vec::with_capacity(firms.len());
    for &(slot, generation) in firms {
        match measure.cost(&programme.actions, home(slot), ground.visit) {
            Some(cost) => treated.push(Treatment { slot, generation, measure: index, step, cost }),
            None => round.barred += 1,
        }
    }
    (round.offered, round.accepted) = (treated.len() as u32, treated.len() as u32);
    round.cost = treated.iter().map(|treatment| treatment.cost).sum();
    let given: Vec<(u32, u16)> = treated.iter().map(|treatment| (treatment.slot, treatment.generation)).collect();
    economy.register.enrolled.extend(given.iter().map(|(slot, generation)| (index, *slot, *generation)));
    economy.register.treatments.extend(treated);
    economy.register.rounds.push(round);
    support(programme, measure, &given, ground.visit, economy);
}

/// The firms that would take part, and those that may.
fn queue(index: u16, measure: &Measure, ground: &Ground, economy: &Economy) -> (Vec<Applicant>, Vec<(u32, u16)>) {
    let instrument = &measure.instrument;
    let step = economy.step;
    let (mut queue, mut eligible) = (Vec::new(), Vec::new());
    economy.for_each(|slot, firm, ties, relations| {
        let [offline, online] = [ground.peers.offline.row(slot), ground.peers.online.row(slot)];
        let abroad = |peer: &&u32| economy.visible.abroad(**peer);
        let subject = Subject {
            firm,
            ties,
            relations,
            step,
            degree: (offline.len() + online.len()) as u32,
            exporting_peers: offline.iter().chain(online).filter(abroad).count() as u32,
            unit_usd: ground.units[usize::from(firm.home)],
        };
        if !measure.conditions.iter().all(|condition| condition.holds(&subject)) {
            return;
        }
        eligible.push((slot, firm.generation));
        if !instrument.again && economy.register.enrolled.contains(&(index, slot, firm.generation)) {
            return;
        }
        let draws = ground.seed.block(Address::firm(slot, firm.generation, Purpose::Policy, step).which(measure.key));
        let lot = draws.uniform(0);
        let rank = match instrument.selection {
            Selection::Everyone | Selection::Random => 0.0,
            Selection::FirstCome => f64::from(ln(lot) / firm.proactivity.max(1e-3)),
            Selection::SelfSelected if draws.uniform(2) >= firm.proactivity => return,
            Selection::SelfSelected => 0.0,
            Selection::Scored => {
                let (variable, turned) = measure.score;
                let score = (variable.read)(&subject);
                if turned { -score } else { score }
            }
            Selection::Centrality => f64::from(subject.degree),
            Selection::Stage => progress(&subject),
        };
        let lot = if instrument.selection == Selection::Everyone { 0.0 } else { lot };
        let accepts = draws.uniform(1) < instrument.take_up;
        queue.push(Applicant { slot, generation: firm.generation, home: firm.home, rank, lot, accepts });
    });
    (queue, eligible)
}

/// How far a firm has come: 0 nothing begun, 1 a contact is followed up, 2 and more by the highest stage abroad.
fn progress(subject: &Subject) -> f64 {
    let serves = subject.relations.iter().any(|relation| relation.since >= 0);
    let stage = subject.relations.iter().map(|relation| relation.stage).max().unwrap_or(0);
    let begun = subject.ties.iter().any(|tie| tie.state == crate::firm::TieState::Pursued);
    if serves { 2.0 + f64::from(stage) } else { f64::from(u8::from(begun)) }
}

/// Writes the supports of new participants into their chunks, and the circles they form.
fn support(programme: &Programme, measure: &Measure, treated: &[(u32, u16)], visit: &[f32], economy: &mut Economy) {
    let step = economy.step;
    let chunks = &mut economy.chunks;
    let chunk_of =
        |chunks: &[crate::economy::Chunk], slot: u32| chunks.partition_point(|chunk| chunk.first <= slot) - 1;
    for &number in &measure.actions {
        let action = &programme.actions[usize::from(number)];
        let operator = &action.operator;
        // A circle of a firm and so many fellows; the last one takes whoever is left.
        let size = if operator.does == Does::AddPeerTies { operator.dose.max(0.0) as usize + 1 } else { 1 };
        for circle in treated.chunks(size) {
            let start = economy.register.circles.len() as u32;
            let fellows = if size > 1 { circle.len() as u16 } else { 0 };
            if fellows > 0 {
                economy.register.circles.extend(circle.iter().map(|(slot, _)| slot));
            }
            for &(slot, generation) in circle {
                let at = chunk_of(chunks, slot);
                let share = action.possible(chunks[at].home, visit);
                let support = Support { slot, generation, action: number, since: step, share, circle: start, fellows };
                chunks[at].supports.push(support);
            }
        }
    }
    for chunk in chunks {
        chunk.supports.sort_by_key(|support| (support.slot, support.since, support.action));
    }
}
