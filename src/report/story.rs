//! A firm's life in plain sentences with numbers.

use crate::economy::accounts::{Event, EventKind};
use crate::engine::model::Model;
use crate::experiment::watch::{Chronicle, Glimpse, Parting, Why};
use crate::firm::{Exit, Firm, Origin};
use crate::report::figure::style::{count, plain};
use crate::statistics::words::fixed_beside;
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Stages in words.
const STAGES: [&str; 4] = ["sporadic exports", "an agent", "a sales subsidiary", "production"];

/// Writes lives down.
#[derive(Clone, Copy)]
pub struct Teller<'a> {
    pub model: &'a Model,
    pub generation: u16,
    /// Tell every contact, not only what came of them?
    pub all: bool,
}

impl Teller<'_> {
    /// The life of one firm: who it is, then year by year what happened.
    pub fn story(&self, told: &Chronicle) -> String {
        let own: Vec<&Glimpse> =
            told.quarters.iter().filter(|glimpse| glimpse.firm.generation == self.generation).collect();
        let (Some(first), Some(last)) = (own.first(), own.last()) else {
            return format!("Nobody lived at slot {} as its firm number {} in this run.\n", told.slot, self.generation);
        };
        let mut text = self.tallies(told, first, last);
        for (year, sentences) in self.years(told) {
            let _ = writeln!(text, "\n{year}");
            sentences.iter().for_each(|sentence| {
                let _ = writeln!(text, "  {sentence}");
            });
        }
        text + "\n" + &self.ending(told, last)
    }

    /// The years in which something happened, each with its sentences.
    fn years(&self, told: &Chronicle) -> BTreeMap<i32, Vec<String>> {
        let mut by_year: BTreeMap<i32, Vec<&Event>> = BTreeMap::new();
        for event in told.events.iter().filter(|event| event.generation == self.generation) {
            by_year.entry(self.model.calendar(i32::from(event.step))).or_default().push(event);
        }
        let sentences = by_year.into_iter().map(|(year, events)| (year, self.year(told, &events)));
        sentences.filter(|(_, sentences)| !sentences.is_empty()).collect()
    }

    /// What differs between this life and that of its twin: who it is once, then year by year what happened in one of the
    /// two only, and how both end.
    pub fn difference(&self, told: &Chronicle, twin: &Teller, other: &Chronicle, names: [&str; 2]) -> String {
        let ends = |teller: &Teller, told: &Chronicle| {
            let mut own = told.quarters.iter().filter(|glimpse| glimpse.firm.generation == teller.generation);
            let first = own.next().cloned();
            let last = own.next_back().cloned().or_else(|| first.clone());
            first.zip(last)
        };
        let (here, there) = (ends(self, told), ends(twin, other));
        let mut text = match (&here, &there) {
            (Some((first, last)), _) => self.tallies(told, first, last),
            (None, Some((first, last))) => twin.tallies(other, first, last),
            (None, None) => {
                return format!("Nobody lived at slot {} as its firm number {}.\n", told.slot, self.generation);
            }
        };
        let (mine, theirs) = (self.years(told), twin.years(other));
        let none = Vec::new();
        let years: BTreeSet<i32> = mine.keys().chain(theirs.keys()).copied().collect();
        let mut same = 0;
        for year in years {
            let [a, b] = [&mine, &theirs].map(|years| years.get(&year).unwrap_or(&none));
            if a == b {
                same += 1;
                continue;
            }
            let _ = writeln!(text, "\n{year}");
            for (name, own, others) in [(names[0], a, b), (names[1], b, a)] {
                for sentence in own.iter().filter(|sentence| !others.contains(sentence)) {
                    let _ = writeln!(text, "  {name}: {sentence}");
                }
            }
        }
        if same > 0 {
            let years = if same == 1 { "In 1 other year".to_owned() } else { format!("In {same} other years") };
            let _ = writeln!(text, "\n{years} the same happened in both.");
        }
        text.push('\n');
        for (name, ends, teller, told) in [(names[0], here, self, told), (names[1], there, twin, other)] {
            let ending = ends.map_or("it never lives.\n".to_owned(), |(_, last)| teller.ending(told, &last));
            let _ = write!(text, "{name}: {ending}");
        }
        text
    }

    fn tallies(&self, told: &Chronicle, first: &Glimpse, last: &Glimpse) -> String {
        let Firm { size, baseline_proactivity, skill, barriers, born, sector, district, .. } = first.firm;
        let founded = self.model.calendar(i32::from(born));
        let home = &self.model.homes[usize::from(first.firm.home)];
        let peers = first.peers.len();
        let mean = barriers.iter().sum::<f32>() / 4.0;
        format!(
            "Firm {} (slot {}, its firm number {}): sector S{:02}, district {}, {}, founded in {founded}.\n\
             It has {} employees ({} at the end), {peers} peer{}, proactivity {}, business skill {}, barriers {} on average \
             (all from 0 to 1).\n",
            crate::report::record::identity(told.slot, self.generation),
            told.slot,
            self.generation,
            sector + 1,
            district + 1,
            self.name(home.market),
            plain(f64::from(size)),
            plain(f64::from(last.firm.size)),
            if peers == 1 { "" } else { "s" },
            share(baseline_proactivity),
            share(skill),
            share(mean),
        )
    }

    /// What happened in a year, in order.
    fn year(&self, told: &Chronicle, events: &[&Event]) -> Vec<String> {
        let mut sentences: Vec<String> = Vec::new();
        for (name, generation, step, cost) in &told.treatments {
            let here = events.iter().any(|event| event.kind == EventKind::Support && event.step == *step);
            if *generation == self.generation && here {
                let quarter = self.quarter(*step);
                sentences.push(format!(
                    "{quarter}: it takes part in {name}, which costs the programme {} US$.",
                    count(cost.round() as u64)
                ));
            }
        }
        let contacts: Vec<&&Event> = events.iter().filter(|event| event.kind == EventKind::Contact).collect();
        if !contacts.is_empty() && !self.all {
            sentences.push(self.contacts(&contacts, events));
        }
        let told = events.iter().filter(|event| self.is_told(event)).map(|event| self.sentence(event));
        sentences.extend(told);
        sentences
    }

    fn is_told(&self, event: &Event) -> bool {
        match event.kind {
            // That a contact is missed is told once, as it comes.
            EventKind::Refusal => self.all && !is_missed(event),
            EventKind::Contact | EventKind::Lapse => self.all,
            EventKind::Support => false,
            _ => true,
        }
    }

    /// Contacts of a year and why they were not pursued, in two sentences.
    fn contacts(&self, contacts: &[&&Event], events: &[&Event]) -> String {
        let mut text = format!("{} new contact{}: ", contacts.len(), if contacts.len() == 1 { "" } else { "s" });
        let mut by_origin: Vec<String> = Vec::new();
        for origin in Origin::ALL {
            let of_origin = contacts.iter().map(|event| **event).filter(|event| event.origin == origin as u8);
            let (missed, met): (Vec<&Event>, Vec<&Event>) = of_origin.partition(|event| is_missed(event));
            let mut told: Vec<String> = met.iter().map(|event| self.code(event.market)).collect();
            if !missed.is_empty() {
                told.push(format!("{} unseen", missed.len()));
            }
            if !told.is_empty() {
                by_origin.push(format!("{} ({})", through(origin), told.join(", ")));
            }
        }
        text += &by_origin.join("; ");
        let refused = |reason: u8| events.iter().filter(move |e| e.kind == EventKind::Refusal && e.reason == reason);
        let reasons = [
            (1, "stopped by the firm's barriers"),
            (2, "too dear for its reserves"),
            (3, "too risky"),
            (4, "not worth the cost"),
        ];
        let told: Vec<String> = reasons
            .iter()
            .filter_map(|(reason, words)| {
                let n = refused(*reason).count();
                let example = refused(*reason).next()?;
                let weighed = match reason {
                    2 => format!(" (cost {} US$)", self.dollars(example.cost)),
                    3 => {
                        let [risk, tolerable] = two(example.risk, example.tolerable);
                        format!(" (risk {risk} against {tolerable} tolerable)")
                    }
                    4 => format!(
                        " (cost {} US$, expected {} US$)",
                        self.dollars(example.cost),
                        self.dollars(example.gain)
                    ),
                    _ => String::new(),
                };
                Some(format!("{n} {words}{weighed}"))
            })
            .collect();
        if told.is_empty() { text + "." } else { format!("{text}. Not pursued at first: {}.", told.join("; ")) }
    }

    fn sentence(&self, event: &Event) -> String {
        let there = || self.name(event.market);
        let ties = match event.ties {
            0 | 1 => String::new(),
            n => format!(", {n} ties there"),
        };
        let [perceived, felt] = two(event.perceived, event.felt);
        let distance = format!("looked {perceived} away where {felt} is the distance without ties");
        let [risk, tolerable] = two(event.risk, event.tolerable);
        let by = Origin::ALL.get(usize::from(event.origin)).map_or("", |origin| through(*origin));
        let what = match event.kind {
            EventKind::Birth => "it is founded.".into(),
            EventKind::Death => "it fails.".into(),
            EventKind::Incident => "a critical incident wakes it up.".into(),
            EventKind::Adoption => "it joins social networking sites.".into(),
            EventKind::Abandonment => "it gives social networking sites up.".into(),
            EventKind::Support => String::new(),
            EventKind::Contact if is_missed(event) => format!("a contact {by} comes to nothing: its barriers hide it."),
            EventKind::Contact => format!("a contact in {} {by}.", there()),
            EventKind::Refusal => {
                let why = [
                    "",
                    "its barriers stop it",
                    "its reserves do not allow it",
                    "it is too risky",
                    "it is not worth it",
                ];
                format!("it does not pursue the contact in {}: {}.", there(), why[usize::from(event.reason).min(4)])
            }
            EventKind::Lapse => format!("a contact in {} lapses.", there()),
            EventKind::Pursuit => format!(
                "it pursues a contact in {}, {by}: the market {distance}{ties}; {}.",
                there(),
                self.weighed(event)
            ),
            EventKind::Deal => format!("a customer is won in {}.", there()),
            EventKind::Loss => format!("a customer in {} is lost.", there()),
            EventKind::Entry => format!("it enters {}, through a contact {by}{ties}.", there()),
            EventKind::Reentry => format!("it re-enters {}, through a contact {by}{ties}.", there()),
            EventKind::StageUp => format!(
                "it commits more in {}: from {} to {}; risk {risk} against {tolerable} tolerable, cost {} US$.",
                there(),
                stage(event.stage_from),
                stage(event.stage_to),
                self.dollars(event.cost)
            ),
            EventKind::StageDown => {
                format!("it steps back in {} from {} to {}.", there(), stage(event.stage_from), stage(event.stage_to))
            }
            EventKind::Exit => format!("it leaves {}: {}.", there(), exit(event.reason)),
            EventKind::Conversion => format!("an online tie in {} becomes a personal one.", there()),
        };
        format!("{}: {what}", self.quarter(event.step))
    }

    /// What the firm weighed, as far as its rule asks for it.
    fn weighed(&self, event: &Event) -> String {
        let [risk, tolerable] = two(event.risk, event.tolerable);
        let risk = format!("risk {risk} against {tolerable} tolerable");
        let parts = [
            event.risk.is_finite().then_some(risk),
            Some(format!("cost {} US$", self.dollars(event.cost))),
            event.gain.is_finite().then(|| format!("expected gain {} US$", self.dollars(event.gain))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn ending(&self, told: &Chronicle, last: &Glimpse) -> String {
        let events = || told.events.iter().filter(|event| event.generation == self.generation);
        let served: Vec<String> = last
            .relations
            .iter()
            .filter(|relation| relation.since >= 0)
            .map(|relation| format!("{} ({})", self.name(relation.market), stage(relation.stage)))
            .collect();
        let entries = events().filter(|event| event.kind == EventKind::Entry).count();
        let when = self.quarter(last.step);
        let abroad = if served.is_empty() { "no market".into() } else { served.join(", ") };
        let last_year = if last.firm.exports_last > 0.0 {
            format!("; {} US$ of exports in the last full year", self.dollars(last.firm.exports_last))
        } else {
            String::new()
        };
        let end = if events().any(|event| event.kind == EventKind::Death) { "Before it fails" } else { "At the end" };
        let markets = if entries == 1 { "1 market".to_owned() } else { format!("{entries} markets") };
        format!("{end} ({when}) it serves {abroad}{last_year}; it has entered {markets} in all.\n")
    }

    /// Where two lives of a slot part, and why.
    pub fn parting(&self, parting: Option<&Parting>, one: &str, other: &str) -> String {
        let Some(Parting { step, why }) = parting else {
            return format!("The firm lives the same life to the bit under {one} and under {other}.\n");
        };
        let because = match why {
            Why::Measure(name) => format!("it takes part in {name} in one of them"),
            Why::Peers(peers) => {
                let some: Vec<String> = peers.iter().take(5).map(u32::to_string).collect();
                format!(
                    "its peer{} at slot {} showed something else the quarter before",
                    if peers.len() == 1 { "" } else { "s" },
                    some.join(", ")
                )
            }
            Why::World => {
                "something holds for all firms in one of them, such as a shock or the market of a shared partner".into()
            }
        };
        format!("{one} and {other} are the same up to {}, and part then because {because}.\n", self.quarter(*step))
    }

    fn quarter(&self, step: u16) -> String {
        format!("{} Q{}", self.model.calendar(i32::from(step)), step % 4 + 1)
    }

    fn name(&self, market: u8) -> String {
        name(&self.model.world, market)
    }

    fn code(&self, market: u8) -> String {
        self.model.world.countries.get(usize::from(market)).map_or_else(String::new, |country| country.iso3.clone())
    }

    fn dollars(&self, money: f32) -> String {
        let unit = f64::from(self.model.homes[0].unit_usd);
        if money.is_finite() { count((f64::from(money).abs() * unit).round() as u64) } else { "–".into() }
    }
}

fn name(world: &World, market: u8) -> String {
    world.countries.get(usize::from(market)).map_or_else(|| "nowhere".into(), |country| country.name.clone())
}

fn share(x: f32) -> String {
    if x.is_finite() { format!("{x:.2}") } else { "–".into() }
}

/// Two numbers that are compared, with the digits that show which is more.
fn two(a: f32, b: f32) -> [String; 2] {
    fixed_beside([a, b].map(f64::from), 2)
}

fn stage(stage: u8) -> &'static str {
    STAGES[usize::from(stage).min(3)]
}

/// Did a barrier keep the firm from a contact, so that nobody knows where it would have been?
fn is_missed(event: &Event) -> bool {
    matches!(event.kind, EventKind::Contact | EventKind::Refusal) && event.market == u8::MAX
}

fn through(origin: Origin) -> &'static str {
    match origin {
        Origin::Search => "found by search",
        Origin::Unsolicited => "who came unasked",
        Origin::Sns => "met on a social networking site",
        Origin::Referral => "referred by a partner",
        Origin::Peer => "passed on by a peer",
        Origin::Agent => "brought by an agent or subsidiary",
        Origin::Founder => "brought by the founders",
        Origin::Policy => "brought by a support measure",
    }
}

fn exit(reason: u8) -> &'static str {
    match reason {
        r if r == Exit::Deserted as u8 => "its last customer was lost and no other found within the year",
        r if r == Exit::Idle as u8 => "too many quarters went by without an order",
        r if r == Exit::StopLoss as u8 => "it lost money for a year",
        r if r == Exit::Revealed as u8 => "it proved farther, or poorer, than it looked",
        _ => "the firm failed",
    }
}
