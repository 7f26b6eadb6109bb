//! Support measures: what a programme does, for whom, when and at what cost.
//!
//! An [`Instrument`] says who may take part, how participants are chosen, when, and what it costs; what it does to a
//! participant is a list of [`Operator`]s. Named instruments are compositions in `data/instruments.toml`, not code.
//!
//! ```text
//! round r of an instrument at t_r = start + r·every:
//!   eligible:  every condition of `who` holds at the start of the quarter
//!   order:     by the selection rule, ties by a draw at the address (firm; policy; quarter; instrument)
//!   offered:   in that order while places and budget last; each accepts with probability take_up
//!   strength of an operator (× the share of visits possible at enrolment, if it takes travel) s years after enrolment:  dose · exp(−decay·s)  while s < years (0: no end) and it is above dose/200
//! ```
//!
//! | operator | what the firm gets | unit of the dose |
//! |---|---|---|
//! | `add-contacts` | contacts abroad | contacts |
//! | `raise-knowledge` | `K ← K + dose·(1 − K)` in `breadth` markets | 1 |
//! | `lower-barrier` | barriers of one heading, or of all, lower by the strength | 1 |
//! | `share-entry-cost` | the programme pays this share of entry costs | 1 |
//! | `grant` | money | US$ |
//! | `cover-risk` | this share of the exposure of a pursuit is borne by the guarantor | 1 |
//! | `adopt-sns` | joins social networking sites with this probability, if it does not use them | 1 |
//! | `raise-skill` | business or digital skill, or both, higher by the strength | 1 |
//! | `raise-objectives` | clarity of objectives higher by the strength | 1 |
//! | `raise-proactivity` | proactivity raised once; it falls back as the theory of proactivity says | 1 |
//! | `add-peer-ties` | ties to this many fellow participants | firms |
//! | `ease-conversion` | hazard of going offline times 1 + strength | 1 |
//! | `connect` | reach on SNS and readiness to adopt times 1 + strength | 1 |
//! | `cut-friction` | true friction lower by the strength | mean frictions |
//!
//! Sources: the five measures and the *Social Media Supported SME Export Programme* are those of the blog post "Social
//! Media and SME Internationalisation" (Energise 2.0, 22 February 2011); the barrier headings are Hamill's (1997).

mod catalogue;
pub mod enrol;
pub mod faults;
pub mod filter;
pub mod reach;
pub mod support;

pub use catalogue::{instruments, operators};
pub use filter::{Condition, Subject, Variable};

use crate::mechanism::kernel::{Cumulative, Kernel};
use crate::param::Named;
use crate::world::World;

crate::choice! {
    /// How participants are chosen among the eligible.
    pub enum Selection {
        /// Everybody who is eligible, in order of slot.
        Everyone = "everyone",
        /// By lot.
        Random = "random",
        /// The quicker the sooner: waiting times are exponential with proactivity as the rate.
        FirstCome = "first-come",
        /// Firms apply with probability proactivity, and are drawn by lot.
        SelfSelected = "self-selected",
        /// By a variable of the firm, the highest first.
        Scored = "scored",
        /// By the number of peers, the highest first.
        Centrality = "centrality",
        /// The further a firm has come towards exporting, the sooner.
        Stage = "stage",
    }
}

crate::choice! {
    /// What an operator does.
    pub enum Does {
        AddContacts = "add-contacts",
        RaiseKnowledge = "raise-knowledge",
        LowerBarrier = "lower-barrier",
        ShareEntryCost = "share-entry-cost",
        Grant = "grant",
        CoverRisk = "cover-risk",
        AdoptSns = "adopt-sns",
        RaiseSkill = "raise-skill",
        RaiseObjectives = "raise-objectives",
        RaiseProactivity = "raise-proactivity",
        AddPeerTies = "add-peer-ties",
        EaseConversion = "ease-conversion",
        Connect = "connect",
        CutFriction = "cut-friction",
    }
}

impl Does {
    /// Is it done once, at enrolment? Then duration and decay have no meaning.
    pub fn at_once(self) -> bool {
        matches!(self, Self::AddContacts | Self::RaiseKnowledge | Self::Grant | Self::AdoptSns | Self::RaiseProactivity)
    }

    /// Does it change traits that the firm was born with?
    pub fn shapes(self) -> bool {
        matches!(self, Self::LowerBarrier | Self::RaiseSkill | Self::RaiseObjectives)
    }

    /// Can it be limited to markets?
    pub fn has_scope(self) -> bool {
        matches!(
            self,
            Self::AddContacts
                | Self::RaiseKnowledge
                | Self::ShareEntryCost
                | Self::CoverRisk
                | Self::EaseConversion
                | Self::CutFriction
        )
    }
}

crate::choice! {
    /// The part of the firm that an operator on barriers or skills concerns.
    pub enum Part {
        /// All barriers, or both skills.
        All = "all",
        Psychological = "psychological",
        Organisational = "organisational",
        Operational = "operational",
        Product = "product",
        Business = "business",
        Digital = "digital",
    }
}

impl Part {
    /// Which barrier it is, in the order of the firm's.
    fn barrier(self) -> Option<usize> {
        [Self::Psychological, Self::Organisational, Self::Operational, Self::Product].iter().position(|p| *p == self)
    }
}

crate::params! {
    /// A support measure: who, how chosen, when, what and at what cost.
    pub struct Instrument at "instrument.*" {
        /// Whether the measure is taken.
        on: bool = false, "", "", "switch";
        /// What it does to a participant: names of operators.
        operators: Vec<String> = "", "", "", "choice";
        /// Conditions on the firm that must all hold, such as ["employees < 50", "exporter = false"]; empty for every firm.
        who: Vec<String> = "", "", "", "choice";
        /// How participants are chosen among the eligible.
        selection: Selection = "random", "", "", "choice";
        /// Variable of the firm by which they are ordered when selection is "scored", the highest first; a minus sign in front turns the order round.
        score: String = "degree", "", "", "choice";
        /// Year of the first round; quarters as fractions.
        start: f32 = 2015.0 in 1800.0 ..= 2200.0, "t_0", "year", "choice";
        /// Number of rounds.
        rounds: u32 = 1 in 1 ..= 1000, "", "rounds", "choice";
        /// Years from one round to the next.
        every: f32 = 1.0 in 0.25 ..= 100.0, "every", "years", "choice";
        /// Probability that a firm accepts what it is offered.
        take_up: f32 = 1.0 in 0.0 ..= 1.0, "take-up", "1", "choice";
        /// Most participants of a round; the default is no limit.
        places: u32 = 1000000000 in 0 ..= 1000000000.0, "", "firms", "choice";
        /// Most that a round may cost; the default is no limit. Shared entry costs are paid on top, as they arise.
        budget: f32 = 1e15 in 0.0 ..= 1e15, "B", "US$", "choice";
        /// Cost of a participant, grants not included.
        unit_cost: f32 = 0.0 in 0.0 ..= 1e9, "c", "US$", "choice";
        /// Cost of a round whoever takes part.
        fixed_cost: f32 = 0.0 in 0.0 ..= 1e12, "c_0", "US$", "choice";
        /// Whether a firm can take part in more than one round.
        again: bool = false, "", "", "choice";
        /// Where the costs come from, in words.
        evidence: String = "", "", "", "presentation only";
    }
}

/// A budget from here on is none: the default, which no programme reaches. US$.
pub const NO_LIMIT: f64 = 9e14;

impl Instrument {
    /// What a round may cost at most, US$, if anything limits it.
    pub fn limit(&self) -> Option<f64> {
        Some(f64::from(self.budget)).filter(|budget| *budget < NO_LIMIT)
    }
}

crate::params! {
    /// One thing that a support measure does to a participant.
    pub struct Operator at "operator.*" {
        /// What it does.
        does: Does = "add-contacts", "", "", "choice";
        /// How much of it, in the unit of the operator.
        dose: f32 = 1.0 in -10000000.0 ..= 10000000.0, "dose", "as the operator", "choice";
        /// The barriers or skills concerned.
        part: Part = "all", "", "", "choice";
        /// Markets concerned, by ISO 3166 code; empty for all.
        markets: Vec<String> = "", "", "", "choice";
        /// Markets that one participant learns about, drawn as searching firms draw them.
        breadth: u32 = 1 in 1 ..= 200, "", "markets", "choice";
        /// Whether it takes travel: only as far as travel is possible at enrolment is it given, and paid for.
        travel: bool = false, "", "", "choice";
        /// How long it lasts; 0 for good.
        years: f32 = 0.0 in 0.0 ..= 1000.0, "duration", "years", "choice";
        /// Rate at which it wears off.
        decay: f32 = 0.0 in 0.0 ..= 100.0, "decay", "1/year", "choice";
    }
}

impl Operator {
    /// What it does, in a line: `lower-barrier (psychological) 0.1, for 2 years`.
    pub fn words(&self) -> String {
        use crate::param::{Params, Value};
        let word = |name: &str| match self.get(name) {
            Some(Value::Text(word)) => word,
            _ => String::new(),
        };
        let mut text = word("does");
        if self.part != Part::All {
            text += &format!(" ({})", word("part"));
        }
        text += &format!(" {}", self.dose);
        if !self.markets.is_empty() {
            text += &format!(", in {}", self.markets.join(", "));
        }
        if self.breadth > 1 {
            text += &format!(", in {} markets", self.breadth);
        }
        if self.travel {
            text += ", by travel";
        }
        if self.years > 0.0 {
            text += &format!(", for {} year{}", self.years, if self.years == 1.0 { "" } else { "s" });
        }
        if self.decay > 0.0 {
            text += &format!(", wearing off at {} a year", self.decay);
        }
        text
    }
}

/// An operator worked out for a world.
#[derive(Clone, Debug)]
pub struct Action {
    pub name: String,
    /// The measure it belongs to, as an index into those of the programme.
    pub measure: u16,
    /// Its part of random addresses: a hash of its name and the measure's.
    pub key: u16,
    pub operator: Operator,
    /// Is a market concerned?
    pub within: Vec<bool>,
    /// Market kernels of each home over the markets concerned.
    aims: Vec<Cumulative>,
}

impl Action {
    /// Strength `age` quarters after enrolment.
    #[inline]
    pub fn strength(&self, age: u16) -> f32 {
        let years = f32::from(age) / 4.0;
        let Operator { dose, years: lasts, decay, .. } = self.operator;
        if lasts > 0.0 && years >= lasts {
            return 0.0;
        }
        if decay == 0.0 {
            return dose;
        }
        // What has worn off to a two-hundredth counts as nothing.
        let left = crate::number::exp(-decay * years);
        if left > 0.005 { dose * left } else { 0.0 }
    }

    /// Is nothing of it left `age` quarters after enrolment?
    #[inline]
    pub fn over(&self, age: u16) -> bool {
        if self.operator.does.at_once() {
            return age > 0;
        }
        self.strength(age) == 0.0
    }

    /// Share of it that a firm of a home gets when visits to each market are multiplied by `visit`.
    pub fn possible(&self, home: u8, visit: &[f32]) -> f32 {
        if !self.operator.travel {
            return 1.0;
        }
        let aim = &self.aims[usize::from(home)];
        let visited: f32 = aim.weights().zip(visit).map(|(weight, visit)| weight * visit).sum();
        if aim.total() > 0.0 { (visited / aim.total()).min(1.0) } else { 0.0 }
    }

    /// The market at the uniform `u` for a firm of a home; none if no market concerned is abroad.
    pub fn market(&self, home: u8, u: f32) -> Option<u8> {
        let aim = &self.aims[usize::from(home)];
        (aim.total() > 0.0).then(|| aim.draw(u))
    }
}

/// A measure that is taken, worked out for a run.
#[derive(Clone, Debug)]
pub struct Measure {
    pub name: String,
    pub instrument: Instrument,
    /// Its actions, as indices into those of the programme.
    pub actions: Vec<u16>,
    pub conditions: Vec<Condition>,
    pub score: (Variable, bool),
    /// Quarters in which it has a round, in order.
    pub rounds: Vec<u16>,
    /// The measure's part of random addresses: a hash of its name, so that arms share its draws.
    pub key: u64,
}

impl Measure {
    /// What a participant of a home costs when visits to each market are multiplied by `visit`, grants included, US$:
    /// what cannot be given is not paid for, the cost of a participant as far as none of the operators can be. None if
    /// nothing can.
    pub fn cost(&self, actions: &[Action], home: u8, visit: &[f32]) -> Option<f64> {
        let own = || self.actions.iter().map(|action| &actions[usize::from(*action)]);
        let possible = own().map(|action| action.possible(home, visit)).fold(0.0, f32::max);
        let granted = own().filter(|action| action.operator.does == Does::Grant);
        let grants: f64 =
            granted.map(|action| f64::from(action.operator.dose) * f64::from(action.possible(home, visit))).sum();
        (possible > 0.0).then(|| f64::from(self.instrument.unit_cost) * f64::from(possible) + grants)
    }
}

/// All measures that are taken in a run.
#[derive(Clone, Debug, Default)]
pub struct Programme {
    pub measures: Vec<Measure>,
    pub actions: Vec<Action>,
}

/// What a programme needs to know of a home: its index among the markets and how far it feels from the others.
#[derive(Clone, Copy, Debug)]
pub struct Base<'a> {
    pub market: u8,
    pub felt: &'a [f32],
}

/// What actions are aimed over: markets, and the homes they are seen from.
#[derive(Clone, Copy, Debug)]
pub struct Terrain<'a> {
    pub world: &'a World,
    pub bases: &'a [Base<'a>],
    pub kernel: &'a Kernel,
    /// `Y^a` of every market.
    pub size: &'a [f32],
}

impl Terrain<'_> {
    /// An operator of a measure worked out.
    fn action(&self, (measure, measure_name): (u16, &str), name: &str, operator: Operator) -> Action {
        let Self { world, bases, kernel, size } = *self;
        let within = scope(&operator.markets, world);
        let weight = |base: &Base, c: usize| {
            let felt = base.felt[c];
            let near = if operator.travel { kernel.offline(felt) } else { kernel.online(felt) };
            if within[c] && c != usize::from(base.market) { size[c] * near } else { 0.0 }
        };
        let aims = bases.iter().map(|base| Cumulative::new((0..size.len()).map(|c| weight(base, c)))).collect();
        let key = hash(&format!("{measure_name}/{name}")) as u16;
        Action { name: name.to_owned(), measure, key, operator, within, aims }
    }
}

impl Programme {
    /// Works the measures out that are on. `size` is `Y^a` of every market, `first_year` the calendar time of quarter 0.
    ///
    /// # Panics
    /// When a measure names an operator, variable or market that does not exist; loading a scenario refuses those.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        instruments: &Named<Instrument>,
        operators: &Named<Operator>,
        world: &World,
        bases: &[Base],
        kernel: &Kernel,
        size: &[f32],
        first_year: f32,
        quarters: u16,
    ) -> Self {
        let mut programme = Self::default();
        let homes: Vec<String> =
            bases.iter().map(|base| world.countries[usize::from(base.market)].iso3.clone()).collect();
        let names = filter::Names { homes: &homes, sectors: filter::MOST_SECTORS };
        for (measure_name, instrument) in instruments.iter().filter(|(_, instrument)| instrument.on) {
            let measure = programme.measures.len() as u16;
            let ground = Terrain { world, bases, kernel, size };
            let named = |name: &String| {
                let operator = operators.get(name).expect("a loaded scenario names operators that exist");
                ground.action((measure, measure_name), name, operator.clone())
            };
            let first = programme.actions.len();
            programme.actions.extend(instrument.operators.iter().map(named));
            let read = |text: &String| {
                Condition::read(text, &names).expect("a loaded scenario has conditions that can be read")
            };
            programme.measures.push(Measure {
                name: measure_name.clone(),
                actions: (first..programme.actions.len()).map(|action| action as u16).collect(),
                conditions: instrument.who.iter().map(read).collect(),
                score: filter::score(&instrument.score).expect("a loaded scenario scores by a variable that exists"),
                rounds: rounds(instrument, first_year, quarters),
                key: u64::from(hash(measure_name)),
                instrument: instrument.clone(),
            });
        }
        programme
    }

    /// Adds a measure that has no rounds and one operator; whoever is to have it is told by [`enrol::give`]. Returns
    /// its number.
    pub fn add(&mut self, name: &str, operator: Operator, terrain: &Terrain) -> u16 {
        let measure = self.measures.len() as u16;
        let action = terrain.action((measure, name), "dose", operator);
        self.measures.push(Measure {
            name: name.to_owned(),
            instrument: Instrument { on: true, ..Instrument::default() },
            actions: vec![self.actions.len() as u16],
            conditions: Vec::new(),
            score: filter::score("degree").expect("the degree is a variable"),
            rounds: Vec::new(),
            key: u64::from(hash(name)),
        });
        self.actions.push(action);
        measure
    }

    /// Is there a round of any measure in this quarter?
    pub fn due(&self, step: u16) -> bool {
        self.measures.iter().any(|measure| measure.rounds.binary_search(&step).is_ok())
    }
}

/// The quarters of a measure's rounds that fall into a run of so many quarters.
pub fn rounds(instrument: &Instrument, first_year: f32, quarters: u16) -> Vec<u16> {
    (0..instrument.rounds)
        .map(|round| (4.0 * (instrument.start - first_year + round as f32 * instrument.every)).round())
        .filter(|quarter| (0.0..f32::from(quarters)).contains(quarter))
        .map(|quarter| quarter as u16)
        .collect()
}

fn scope(markets: &[String], world: &World) -> Vec<bool> {
    let mut within = vec![markets.is_empty(); world.countries.len()];
    for index in markets.iter().filter_map(|code| world.index(code)) {
        within[usize::from(index)] = true;
    }
    within
}

/// 32 bits of a name's hash.
fn hash(name: &str) -> u32 {
    let hash = blake3::hash(name.as_bytes());
    u32::from_le_bytes(hash.as_bytes()[..4].try_into().expect("a hash has four bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(operator: Operator) -> Action {
        Action { name: "test".into(), measure: 0, key: 0, operator, within: Vec::new(), aims: Vec::new() }
    }

    #[test]
    fn support_lasts_and_wears_off() {
        let lasting = action(Operator { does: Does::RaiseSkill, dose: 0.2, years: 2.0, ..Operator::default() });
        assert_eq!((lasting.strength(7), lasting.strength(8)), (0.2, 0.0));
        assert!(!lasting.over(7) && lasting.over(8));
        let fading = action(Operator { does: Does::RaiseSkill, dose: 0.2, decay: 0.5, ..Operator::default() });
        assert!((fading.strength(8) - 0.2 * (-1.0_f32).exp()).abs() < 1e-6);
        assert!(!fading.over(40) && fading.over(48), "e^(−0.5·10.6) is a two-hundredth");
        assert_eq!(fading.strength(48), 0.0, "and in the quarter in which it ends, traits are those of birth");
        let once = action(Operator { does: Does::Grant, dose: 1000.0, ..Operator::default() });
        assert!(!once.over(0) && once.over(1));
        let good = action(Operator { does: Does::CutFriction, dose: 0.1, ..Operator::default() });
        assert!(!good.over(4000), "for good");
    }

    #[test]
    fn rounds_fall_on_quarters_of_the_run() {
        let instrument = Instrument { start: 2015.25, rounds: 4, every: 2.0, ..Instrument::default() };
        assert_eq!(rounds(&instrument, 2015.0, 20), [1, 9, 17]);
        assert_eq!(rounds(&instrument, 2016.0, 20), [5, 13]);
    }
}
