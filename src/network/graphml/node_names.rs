//! Which attribute of its nodes a graph goes by: the one that names a slot or a firm for every node.

use super::super::import::Says;
use super::{Document, LABEL};
use crate::error::Fault;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// What the nodes are called by.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum By {
    Id,
    /// Ids without the `n` in front of them.
    Running,
    Title(usize),
}

/// What comes of calling the nodes by one thing.
pub(super) struct Tally {
    pub(super) by: By,
    pub(super) slots: Vec<Option<u32>>,
    pub(super) given: usize,
    /// Does it name another slot for every node?
    pub(super) whole: bool,
}

impl Tally {
    fn known(&self) -> usize {
        self.slots.iter().flatten().count()
    }
}

impl Document<'_, '_> {
    /// What a node is called, and where that stands.
    pub(super) fn called(&self, node: usize, by: By) -> Option<(Cow<'_, str>, Range<usize>)> {
        let node = &self.nodes[node];
        let id = || (self.decoded(&node.id), node.id.clone());
        match by {
            By::Id => Some(id()),
            By::Running => {
                let digits = |id: &str| id.strip_prefix('n').map(str::to_owned);
                let (text, at) = id();
                Some((digits(&text).map_or(text, Cow::Owned), at))
            }
            By::Title(title) => {
                let (_, (text, at)) = node.names.iter().find(|(known, _)| *known == title)?;
                Some((Cow::Borrowed(text), at.clone()))
            }
        }
    }

    pub(super) fn tally(&self, by: By) -> Tally {
        let called = self.members().map(|node| self.called(node, by));
        let (mut given, mut slots) = (0, Vec::with_capacity(self.nodes.len()));
        for called in called {
            given += usize::from(called.is_some());
            slots.push(called.and_then(|(text, _)| self.found.slots.find(&text)));
        }
        let mut known: Vec<u32> = slots.iter().copied().flatten().collect();
        let all = known.len() == slots.len();
        known.sort_unstable();
        Tally { by, given, whole: all && known.windows(2).all(|two| two[0] != two[1]), slots }
    }

    /// What names the nodes, unless there are faults.
    pub(super) fn choose(&mut self) -> Option<Tally> {
        if !self.chosen.is_empty() {
            return self.as_asked();
        }
        let titles = (0..self.titles.len()).map(|title| self.tally(By::Title(title)));
        let titles: Vec<Tally> = titles.filter(|tally| tally.given > 0).collect();
        let (ids, running) = (self.tally(By::Id), self.tally(By::Running));
        let named = self.found.slots.named();
        if let Some(first) = titles.iter().find(|tally| tally.whole) {
            let differs = |other: &&Tally| other.whole && other.slots != first.slots;
            if let Some(other) = titles.iter().chain([&ids]).find(differs) {
                return self.ask(first.by, other.by);
            }
            let by = first.by;
            return titles.into_iter().find(|tally| tally.by == by);
        }
        let runs = running.whole && !named;
        match titles.iter().max_by_key(|tally| tally.known()) {
            _ if ids.whole && named => return Some(ids),
            Some(title) if ids.whole || runs && title.known() == 0 => return self.ask(title.by, By::Id),
            None if ids.whole => return Some(ids),
            None if runs => {
                let told = self.fault(self.nodes[0].id.clone(), "the nodes have no names but running ids");
                self.found.faults.push(
                    told.expected("taken for the numbers of places")
                        .help("give the nodes an attribute `name`, or set network.names = \"id\" if this is meant")
                        .warning(),
                );
                return Some(running);
            }
            _ => {}
        }
        // Names that some know are names; ids may run without any.
        let running = Some(running).filter(|_| !named && titles.iter().all(|tally| tally.known() == 0));
        let candidates = [Some(ids), running].into_iter().flatten().chain(titles.into_iter().rev());
        let best = candidates.max_by_key(Tally::known).expect("there are ids");
        self.strangers(best)
    }

    /// The nodes called by what the scenario says.
    pub(super) fn as_asked(&mut self) -> Option<Tally> {
        let by = match self.titles.iter().position(|title| *title == self.chosen) {
            _ if self.chosen == "id" => {
                let running = self.tally(By::Running);
                let plain = self.found.slots.named() || !running.whole;
                if plain { By::Id } else { By::Running }
            }
            Some(title) => By::Title(title),
            None => {
                let title = format!("no node of {} has an attribute `{}`", self.found.source.name, self.chosen);
                let known = self.titles.iter().map(String::as_str).chain(["id"]);
                let known: Vec<String> = known.map(|title| format!("`{title}`")).collect();
                self.found
                    .faults
                    .push(Fault::setting("network.names", title).expected(format!("one of {}", known.join(", "))));
                return None;
            }
        };
        let tally = self.tally(by);
        if tally.whole { Some(tally) } else { self.strangers(tally) }
    }

    pub(super) fn title(&self, by: By) -> &str {
        match by {
            By::Title(title) => &self.titles[title],
            By::Id | By::Running => "id",
        }
    }

    /// Asks which of two is meant.
    pub(super) fn ask(&mut self, one: By, other: By) -> Option<Tally> {
        let slot = |by, node| self.called(node, by).and_then(|(text, _)| self.found.slots.find(&text));
        let apart =
            self.members().find(|&node| self.called(node, one).is_some() && slot(one, node) != slot(other, node));
        let node = apart.or_else(|| self.members().next())?;
        let (name, at) = self.called(node, one)?;
        let (other_name, _) = self.called(node, other)?;
        let (first, second) = (self.title(one), self.title(other));
        let label = match self.found.slots.find(&name) {
            Some(_) => format!("node `{other_name}` has the {first} `{name}`: both could be meant"),
            None => {
                format!("node `{other_name}` has the {first} `{name}`, which is not {}", self.found.slots.expected())
            }
        };
        let help = format!(
            "set network.names = \"{first}\" or \"{second}\"; firms get names by a table of them, population.firms_file"
        );
        let fault = self.fault(at, format!("are the nodes named by `{first}` or by `{second}`?"));
        self.found.faults.push(fault.expected(label).help(help));
        None
    }

    /// Tells which nodes are nobody.
    pub(super) fn strangers(&mut self, tally: Tally) -> Option<Tally> {
        let title = self.title(tally.by).to_owned();
        let members: Vec<usize> = self.members().collect();
        if 2 * tally.known() < members.len() {
            let unknown = members.iter().zip(&tally.slots).filter(|(_, slot)| slot.is_none());
            let named: Vec<_> = unknown.filter_map(|(&node, _)| self.called(node, tally.by)).take(3).collect();
            let some: Vec<String> = named.iter().map(|(text, _)| format!("`{text}`")).collect();
            let at = named.first().map_or(0..0, |(_, at)| at.clone());
            let fault = self.fault(at, format!("the nodes are called {} …: nobody knows any of them", some.join(", ")));
            self.found.faults.push(fault.expected(self.found.slots.expected()).help(self.found.slots.help()));
            return None;
        }
        let mut seen = BTreeMap::new();
        for (&node, slot) in members.iter().zip(&tally.slots) {
            match (self.called(node, tally.by), slot) {
                (None, _) => {
                    let fault = self.fault(self.nodes[node].tag.clone(), format!("this node has no {title}"));
                    self.found.faults.push(fault.expected(self.found.slots.expected()));
                }
                (Some((text, at)), None) => {
                    let text = text.into_owned();
                    self.found.slot(&text, at);
                }
                (Some((text, at)), Some(slot)) => {
                    if let Some(first) = seen.insert(*slot, node) {
                        let other = self.decoded(&self.nodes[first].id).into_owned();
                        let fault = self.fault(at, format!("two nodes are called `{text}`"));
                        self.found.faults.push(fault.expected(format!("so is node `{other}`")));
                    }
                }
            }
        }
        None
    }

    /// Tells what nothing reads, and what could be lost.
    pub(super) fn tell(&mut self, by: By) {
        if let Some((title, (_, at))) = self.elsewhere.take().filter(|_| !self.kinds) {
            self.found.kindless(&title, at);
        }
        if let Some(at) = self.directed.take() {
            self.found.directed(at);
        }
        if self.edges.iter().any(|edge| matches!(edge.says, Says::Own(_) | Says::Abroad)) {
            return; // The attributes of what this program wrote are for other programs.
        }
        let passed = |title: usize| By::Title(title) != by && self.titles[title] != LABEL && self.titles[title] != "id";
        let more: Vec<String> =
            (0..self.titles.len()).filter(|&title| passed(title)).map(|title| self.titles[title].clone()).collect();
        for title in more {
            let named = self.keys.values().find(|key| key.name.to_lowercase() == title);
            if let Some((name, at)) = named.map(|key| (key.name.clone(), key.at.clone())) {
                self.unread[0].entry(name).or_insert(at);
            }
        }
        let [nodes, edges] = std::mem::take(&mut self.unread);
        let helps = [
            "who firms are is said by population.firms_file",
            "every tie counts the same; leave out those that do not",
        ];
        for ((whose, unread), help) in [("nodes", nodes), ("ties", edges)].into_iter().zip(helps) {
            if let Some(at) = unread.values().min_by_key(|at| at.start) {
                let names: Vec<&str> = unread.keys().map(String::as_str).collect();
                let told = self.fault(at.clone(), format!("nothing reads what {whose} have as {}", names.join(", ")));
                self.found.faults.push(told.help(help).warning());
            }
        }
    }
}
