//! How two slots come to be tied: drawn by sociability within reach, accepted by likeness.
//!
//! ```text
//! P(j | i) ∝ w[j] · exp(−η_s · [sector i ≠ sector j] − η_z · |ln z[i] − ln z[j]|)     j within reach of i
//! w[i]     ∝ z[i]^ω_d · (1 − u[i])^(−1 / (γ − 1))      capped so that half the largest degree is expected at most
//! ```
//!
//! Every slot makes half of its expected ties, k·w/2, and receives the other half. A candidate is drawn by weight
//! from an urn and accepted with the exponential as its probability; after 16 refusals ([`TRIES`]) the most alike of those
//! seen is taken, so very strong homophily is a little weaker than stated. A tie that finds nobody (a district too
//! small) is handed back.
//!
//! | symbol | in code           | meaning                                                | unit |
//! |--------|-------------------|--------------------------------------------------------|------|
//! | w      | `weight`          | sociability, mean 1 in each home                       | 1    |
//! | z      | `Node::size`      | size of the first firm of the place                    | any  |
//! | η_s    | `homophily_sector`| log fall of acceptance when sectors differ             | 1    |
//! | η_z    | `homophily_size`  | log fall of acceptance per log unit of size difference | 1    |
//! | γ      | `degree_tail`     | exponent of the density of degrees in the tail         | 1    |
//! | ω_d    | `degree_size`     | elasticity of sociability to size                      | 1    |
//!
//! Chung & Lu (2002), *Ann. Comb.* 6, 125–145, for expected degrees given by weights.

use super::field::{Aim, Field, Urn};
use super::growth::{Growth, Question, block, position, round, uniform};
use super::{NetworkSettings, Node};
use crate::draw::Seed;
use crate::number::{ln, pow};
use rayon::prelude::*;
use std::ops::Range;

/// Candidates looked at for one tie.
pub(super) const TRIES: u32 = 16;

/// Rounds of scaling to mean 1 and cutting at the cap; what one round cuts off the next spreads.
const ROUNDS: usize = 8;

/// Places whose candidates are looked for at once, by all threads, before their ties are made one after another.
const BATCH: usize = 1 << 16;

/// Places of a batch that one thread takes at a time.
const PORTION: usize = 1 << 10;

/// Where a tie is sought.
#[derive(Clone, Copy)]
pub(super) enum Scope {
    /// The own district.
    District,
    /// The own country without the own district, or all of it where it is one district.
    Elsewhere,
    /// The own country.
    Country,
    /// Another home, as likely as its share of all slots.
    Abroad { home: Question },
}

/// Everyone who can be met, and how readily.
pub(super) struct Meeting<'a> {
    field: &'a Field,
    seed: Seed,
    sector: f32,
    size: f32,
    largest: u32,
    /// Sociability of each slot.
    weight: Vec<f32>,
    /// What likeness looks at, in the order of the field's members.
    traits: Vec<Traits>,
    slots: Urn,
    districts: Urn,
}

/// What a slot shows to others.
#[derive(Clone, Copy)]
struct Traits {
    log_size: f32,
    sector: u8,
}

/// One tie that a slot means to make.
#[derive(Clone, Copy)]
struct Wish {
    slot: u32,
    own: Traits,
    ordinal: u32,
}

/// A wish and the first candidate that likeness accepted.
struct Proposal {
    wish: Wish,
    /// Which attempt found the candidate; [`TRIES`] if none did.
    attempt: u32,
    /// The candidate's position among the members.
    at: usize,
}

/// What chance says of an attempt.
struct Draw {
    aim: Aim,
    /// An exponential draw: who is less unlike than this is accepted, which happens with probability e^(−unlikeness).
    patience: f32,
}

/// The patience with a candidate whose district is out of reach.
const OUT_OF_REACH: f32 = -1.0;

/// Someone drawn for a wish.
struct Candidate {
    /// Position among the members.
    at: usize,
    /// Minus the logarithm of likeness.
    unlikeness: f32,
    patience: f32,
}

impl<'a> Meeting<'a> {
    /// Prepares weights and urns over the districts of `field`.
    pub fn new(settings: &NetworkSettings, nodes: &[Node], field: &'a Field, seed: Seed) -> Self {
        let weight = sociability(settings, nodes, field, seed);
        let by_member: Vec<f32> = field.members.iter().map(|&slot| weight[slot as usize]).collect();
        let sum = |members: &Range<usize>| by_member[members.clone()].iter().map(|w| f64::from(*w)).sum::<f64>() as f32;
        let by_district: Vec<f32> = field.blocks.iter().map(|district| sum(&district.members)).collect();
        let traits = |slot: &u32| {
            let node = &nodes[*slot as usize];
            Traits { log_size: ln(size(node)), sector: node.sector }
        };
        Self {
            field,
            seed,
            sector: settings.homophily_sector as f32,
            size: settings.homophily_size as f32,
            largest: settings.degree_largest,
            weight,
            traits: field.members.iter().map(traits).collect(),
            slots: Urn::new(&by_member, field.blocks.iter().map(|district| district.members.clone())),
            districts: Urn::new(&by_district, field.homes.iter().map(|home| home.blocks.clone())),
        }
    }

    /// How many ties a place makes itself when `mean` is what a place of weight 1 has in all.
    pub fn made(&self, slot: u32, question: Question, mean: f64) -> u32 {
        let expected = 0.5 * mean * f64::from(self.weight[slot as usize]);
        round(expected, uniform(block(self.seed, slot, question, 0, 0).low))
    }

    /// Makes the ties of the members at `members`, as many as `ties` says and none of them `refused`; `unmet` hears of
    /// each that found nobody.
    ///
    /// Whom likeness accepts depends on the draws alone, so threads look that up ahead; only who is still free is
    /// asked in order. The result is that of asking everything in order.
    pub fn pass(
        &self,
        growth: &mut Growth,
        members: Range<usize>,
        goal: (Scope, Question),
        ties: impl Fn(u32) -> u32 + Sync,
        refused: impl Fn(u32, u32) -> bool,
        mut unmet: impl FnMut(u32),
    ) {
        for batch in pieces(members, BATCH) {
            let portions: Vec<Range<usize>> = pieces(batch, PORTION).collect();
            let proposals: Vec<Vec<Proposal>> =
                portions.into_par_iter().map(|portion| self.propose(portion, goal, &ties)).collect();
            for proposal in proposals.iter().flatten() {
                let slot = proposal.wish.slot;
                if proposal.wish.ordinal == 1 {
                    growth.begin_turn(slot);
                }
                match self.settle(growth, proposal, goal, |other| refused(slot, other)) {
                    Some(other) => growth.tie(slot, other),
                    None => unmet(slot),
                }
            }
        }
    }

    /// Finds for each wish of some members the first candidate that likeness accepts. All wishes get their first
    /// attempt, then those left their second, and so on; each array is read in a short loop of its own, so that the
    /// processor waits for many slots of memory at once.
    fn propose(
        &self,
        members: Range<usize>,
        goal: (Scope, Question),
        ties: &(impl Fn(u32) -> u32 + Sync),
    ) -> Vec<Proposal> {
        let wishes = members.flat_map(|member| {
            let (slot, own) = (self.field.members[member], self.traits[member]);
            (1..=ties(slot)).map(move |ordinal| Wish { slot, own, ordinal })
        });
        let mut proposals: Vec<Proposal> = wishes.map(|wish| Proposal { wish, attempt: 0, at: 0 }).collect();
        let mut waiting: Vec<u32> = (0..proposals.len() as u32).collect();
        let mut draws = Vec::with_capacity(waiting.len());
        for attempt in 0..TRIES {
            draws.clear();
            draws.extend(waiting.iter().map(|&i| self.draw(proposals[i as usize].wish, goal, attempt)));
            for (&i, draw) in waiting.iter().zip(&draws) {
                proposals[i as usize].at = self.slots.hit(draw.aim);
            }
            let mut left = 0;
            for (k, draw) in draws.iter().enumerate() {
                let i = waiting[k];
                let proposal = &mut proposals[i as usize];
                proposal.attempt = attempt;
                waiting[left] = i;
                left += usize::from(draw.patience <= self.unlikeness(proposal.wish, proposal.at));
            }
            waiting.truncate(left);
        }
        for i in waiting {
            proposals[i as usize].attempt = TRIES;
        }
        proposals
    }

    /// The partner of a wish: whom likeness accepts first among those who are free, or else the most alike of those.
    fn settle(
        &self,
        growth: &Growth,
        proposal: &Proposal,
        goal: (Scope, Question),
        refused: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        let wish = proposal.wish;
        if growth.degree(wish.slot) >= self.largest {
            return None;
        }
        let free = |at: usize| {
            let other = self.field.members[at];
            growth.degree(other) < self.largest && growth.free(wish.slot, other) && !refused(other)
        };
        let mut at = (proposal.attempt < TRIES && free(proposal.at)).then_some(proposal.at);
        if at.is_none() {
            let candidates = |attempts: Range<u32>| {
                let drawn = attempts.map(|attempt| self.candidate(wish, goal, attempt));
                drawn.filter(|candidate| candidate.patience != OUT_OF_REACH && free(candidate.at))
            };
            let accepts = |candidate: &Candidate| candidate.unlikeness < candidate.patience;
            let accepted = candidates(proposal.attempt.saturating_add(1)..TRIES).find(accepts);
            let nearest = || candidates(0..TRIES).min_by(|a, b| a.unlikeness.total_cmp(&b.unlikeness));
            at = accepted.or_else(nearest).map(|candidate| candidate.at);
        }
        at.map(|at| self.field.members[at])
    }

    fn candidate(&self, wish: Wish, goal: (Scope, Question), attempt: u32) -> Candidate {
        let draw = self.draw(wish, goal, attempt);
        let at = self.slots.hit(draw.aim);
        Candidate { at, unlikeness: self.unlikeness(wish, at), patience: draw.patience }
    }

    /// What chance says of an attempt, before anyone is looked at.
    #[inline]
    fn draw(&self, wish: Wish, (scope, question): (Scope, Question), attempt: u32) -> Draw {
        let draw = block(self.seed, wish.slot, question, wish.ordinal, attempt);
        let (district, within_reach) = self.district(wish, scope, attempt, u64::from(draw.word(2)) << 32);
        let patience = if within_reach { -ln(draw.uniform(3)) } else { OUT_OF_REACH };
        Draw { aim: Aim::new(&self.field.blocks[district].members, draw.low), patience }
    }

    /// Minus the logarithm of likeness between who wishes and the member at a position.
    #[inline]
    fn unlikeness(&self, wish: Wish, at: usize) -> f32 {
        let other = self.traits[at];
        let sector = if wish.own.sector == other.sector { 0.0 } else { self.sector };
        sector + self.size * (wish.own.log_size - other.log_size).abs()
    }

    /// The district a candidate comes from, and whether it is within reach.
    #[inline]
    fn district(&self, wish: Wish, scope: Scope, attempt: u32, word: u64) -> (usize, bool) {
        let own = self.field.block_of[wish.slot as usize] as usize;
        let home = self.field.blocks[own].home;
        let blocks = &self.field.homes[home].blocks;
        match scope {
            Scope::District => (own, true),
            Scope::Country => (self.districts.draw(blocks, word), true),
            Scope::Elsewhere => {
                let drawn = self.districts.draw(blocks, word);
                (drawn, drawn != own || blocks.len() == 1)
            }
            Scope::Abroad { home: question } => {
                let draw = block(self.seed, wish.slot, question, wish.ordinal, attempt).low;
                let other = self.other_home(home, draw);
                (self.districts.draw(&self.field.homes[other].blocks, word), true)
            }
        }
    }

    /// A home other than `home`, each as likely as its number of places.
    fn other_home(&self, home: usize, word: u64) -> usize {
        let mut left = position(self.field.members.len() - self.field.homes[home].members.len(), word);
        let others = self.field.homes.iter().enumerate().filter(|(other, _)| *other != home);
        for (other, slot) in others {
            if left < slot.members.len() {
                return other;
            }
            left -= slot.members.len();
        }
        unreachable!("the position lies below the number of places in other homes")
    }
}

/// A range in pieces of `size`; the last may be shorter.
fn pieces(range: Range<usize>, size: usize) -> impl Iterator<Item = Range<usize>> {
    range.clone().step_by(size).map(move |start| start..(start + size).min(range.end))
}

/// The size of a slot, kept within what logarithms and powers can bear.
fn size(node: &Node) -> f32 {
    node.size.clamp(1e-6, 1e9).max(1e-6)
}

fn sociability(settings: &NetworkSettings, nodes: &[Node], field: &Field, seed: Seed) -> Vec<f32> {
    let exponent = -1.0 / (settings.degree_tail as f32 - 1.0);
    let elasticity = settings.degree_size as f32;
    let mut weight: Vec<f32> = nodes
        .iter()
        .enumerate()
        .map(|(slot, node)| {
            let rest = 1.0 - block(seed, slot as u32, Question::Sociability, 0, 0).uniform(0);
            pow(rest, exponent) * pow(size(node), elasticity)
        })
        .collect();
    let busiest = settings.offline().max(settings.online).max(f64::MIN_POSITIVE);
    let cap = (0.5 * f64::from(settings.degree_largest) / busiest) as f32;
    for home in &field.homes {
        scale_to_mean_one(&mut weight, &field.members[home.members.clone()], cap);
    }
    weight
}

fn scale_to_mean_one(weight: &mut [f32], members: &[u32], cap: f32) {
    for _ in 0..ROUNDS {
        let sum: f64 = members.iter().map(|&slot| f64::from(weight[slot as usize])).sum();
        let scale = (members.len() as f64 / sum) as f32;
        for &slot in members {
            weight[slot as usize] = (weight[slot as usize] * scale).min(cap);
        }
    }
}

/// The mean of ties across homes that a slot of each home has, so that as many ties leave a home as arrive and the
/// mean over all places is `mean`: places of small homes have more of them.
pub(super) fn abroad_by_home(field: &Field, mean: f64) -> Vec<f64> {
    let all = field.members.len() as f64;
    let elsewhere: Vec<f64> = field.homes.iter().map(|home| 1.0 - home.members.len() as f64 / all).collect();
    let mixing: f64 = elsewhere.iter().map(|share| share * (1.0 - share)).sum();
    elsewhere.iter().map(|share| if mixing > 0.0 { mean * share / mixing } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{country, grown};
    use super::*;
    use crate::number::f64s;

    #[test]
    fn the_head_says_after_how_many_refusals() {
        assert!(include_str!("meeting.rs").contains(&format!("after {TRIES} refusals")));
    }

    #[test]
    fn another_sector_is_accepted_as_often_as_stated() {
        let mut nodes = country(20_000, 1);
        for (slot, node) in nodes.iter_mut().enumerate() {
            (node.sector, node.size) = ((slot % 2) as u8, 1.0);
        }
        let settings = NetworkSettings { homophily_sector: 1.0, ..NetworkSettings::default() };
        let graph = grown(&settings, &nodes, 15).offline;
        let same = graph.edges().filter(|&(a, b)| (a ^ b) & 1 == 0).count() as f64;
        // Two sectors of one size: ties between them are to those within as e^(−1) to 1.
        let ratio = (graph.ties() as f64 - same) / same;
        let error = ratio * f64::sqrt(1.0 / same + 1.0 / (graph.ties() as f64 - same));
        assert!((ratio - f64s::exp(-1.0)).abs() < 4.0 * error, "{ratio}");
    }

    #[test]
    fn size_repels_as_stated_and_the_most_alike_is_taken_in_the_end() {
        let mut nodes = country(20_000, 1);
        for (slot, node) in nodes.iter_mut().enumerate() {
            (node.sector, node.size) = (0, if slot % 100 == 0 { 100.0 } else { 1.0 });
        }
        let settings = NetworkSettings { homophily_size: 10.0, degree_size: 0.0, ..NetworkSettings::default() };
        let graph = grown(&settings, &nodes, 16).offline;
        // Acceptance across sizes is 100⁻¹⁰. A small slot misses the small 99 % in sixteen draws never; a large one
        // finds one of the large 1 % with 1 − 0.99¹⁶ = 0.149, and must otherwise take a small one. Large slots make
        // half of their ties.
        let (mut both, mut one) = (0.0, 0.0);
        for (a, b) in graph.edges() {
            match (a % 100 == 0, b % 100 == 0) {
                (true, true) => both += 1.0,
                (false, false) => {}
                _ => one += 1.0,
            }
        }
        let found: f64 = both / (both + one);
        let error = f64::sqrt(0.149 * 0.851 / (both + one));
        assert!((found - 0.149).abs() < 4.0 * error, "{found} of {} ties", both + one);
    }

    #[test]
    fn ties_across_homes_are_shared_out_by_random_mixing() {
        let mut nodes = country(100, 1);
        for node in &mut nodes[90..] {
            node.home = 1;
        }
        let field = Field::new(&nodes, |node| node.district);
        // Ninety slots need as many ends as ten: 90 · m = 10 · 9m, and (90 · m + 10 · 9m)/100 = 1.
        let means = abroad_by_home(&field, 1.0);
        assert!((means[0] - 100.0 / 180.0).abs() < 1e-12 && (means[1] - 5.0).abs() < 1e-12, "{means:?}");
        assert_eq!(abroad_by_home(&Field::new(&nodes[..90], |_| 0), 1.0), [0.0]);
    }
}
