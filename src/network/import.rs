//! Peer ties from a file: an edge list as CSV, or GraphML, with every fault at its line and column.
//!
//! ```text
//! a,b,kind
//! 0,1,offline
//! 0,2,online
//! ```
//!
//! The first line names the columns, in any order: `a` and `b` (or `source` and `target`) and perhaps `kind`. Ends are
//! places, numbered from 0, or the names that firms have in the user's table of them ([`Places`]). Ties without a kind
//! are offline. Lines that are empty or start with `#` are passed over. What GraphML says is told in `graphml.rs`. A tie
//! may be named twice, as it is in lists that hold both directions; ties across borders, which are in the graphs this
//! program writes, are passed over and counted.

use super::{TieKind, graphml};
use crate::error::{Fault, Place, Source, nearest};
use crate::input::LARGEST_DATA;
use crate::read::{Faults, Table, text};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Who the ends of ties can be.
#[derive(Clone, Debug, Default)]
pub struct Places {
    count: usize,
    names: BTreeMap<String, u32>,
    /// The file that names the firms.
    file: String,
}

impl Places {
    /// Places that have numbers only, from 0 to below `count`.
    pub fn numbered(count: usize) -> Self {
        Self { count, ..Self::default() }
    }

    /// Places called by the names of their first firms, which `file` tells in the order of places.
    pub fn called(file: &str, names: impl IntoIterator<Item = String>) -> Self {
        let names: BTreeMap<String, u32> = names.into_iter().zip(0..).collect();
        Self { count: names.len(), names, file: file.to_owned() }
    }

    /// Number of slots.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Are there no slots?
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Have they names?
    pub fn named(&self) -> bool {
        !self.names.is_empty()
    }

    /// The slot that a word names.
    pub fn find(&self, word: &str) -> Option<u32> {
        if self.named() {
            return self.names.get(word).copied();
        }
        let digits = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        let number = if digits { word.parse::<u64>().ok() } else { None };
        number.filter(|number| *number < self.count as u64).map(|number| number as u32)
    }

    /// What a word should have been.
    pub(super) fn expected(&self) -> String {
        match self.count {
            0 => "nothing: this run has no places".to_owned(),
            _ if self.named() => format!("the name of a firm of {}", self.file),
            slots => format!("a place from 0 to {}", slots - 1),
        }
    }

    /// What to do where no word is known.
    pub(super) fn help(&self) -> String {
        if self.named() {
            return format!("write the names as {} does", self.file);
        }
        "number the places, or bring a table of firms with these names: population.firms_file".to_owned()
    }

    fn stranger(&self, word: &str) -> (String, Option<String>) {
        if self.named() {
            let near = nearest(word, self.names.keys().map(String::as_str));
            return (format!("no firm is called `{word}`"), near.map(|name| format!("did you mean {name}?")));
        }
        let digits = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        (if digits { format!("there is no place {word}") } else { format!("`{word}` is not a place number") }, None)
    }
}

/// Ties between slots, and what is told of the file they come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ties {
    pub ties: Vec<(u32, u32, TieKind)>,
    /// What nothing reads, and what may be other than was meant: warnings.
    pub told: Vec<Fault>,
}

/// What a word says of a tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Nothing,
    Kind(TieKind),
    /// A kind, in the words of the graphs that this program writes.
    Own(TieKind),
    /// It leads to a partner abroad.
    Abroad,
}

/// What a word says of a tie, if it says anything.
pub(super) fn says(word: &str) -> Option<Says> {
    let bare = word.to_lowercase();
    let kind = |word: &str| [TieKind::Offline, TieKind::Online].into_iter().find(|kind| kind.word() == word);
    match bare.strip_prefix("peer-") {
        Some(own) => kind(own).map(Says::Own),
        None if bare == "cross-border" => Some(Says::Abroad),
        None => kind(&bare).map(Says::Kind),
    }
}

/// Reads the ties in the file at `path`, and the BLAKE3 hash of its bytes. `names` says what names the nodes of GraphML:
/// an attribute, or `id`; empty finds it. A text that begins as XML is GraphML, any other an edge list.
///
/// # Errors
/// Every fault found, up to some and the number of the others.
pub fn read(path: &Path, slots: &Places, names: &str) -> Result<(Ties, String), Vec<Fault>> {
    let text = text(path, &path.display().to_string(), LARGEST_DATA).map_err(|fault| match fault.place {
        Place::Nowhere => vec![Fault { place: Place::Setting("network.file".to_owned()), ..fault }],
        _ => vec![fault],
    })?;
    Ok((parse(&text.source, slots, names)?, text.hash))
}

/// Reads a text.
///
/// # Errors
/// Every fault found, up to some and the number of the others.
pub fn parse(source: &Arc<Source>, slots: &Places, names: &str) -> Result<Ties, Vec<Fault>> {
    let text = source.text.trim_start();
    let mut found = Found::new(source, slots);
    if let Some((_, what)) = OTHERS.iter().find(|(start, _)| text.to_lowercase().starts_with(start)) {
        let start = source.text.len() - text.len();
        let end = start + text.find(char::is_whitespace).unwrap_or(text.len());
        let fault = Fault::text(source, start..end, format!("{what} is not read"));
        found.faults.push(fault.expected("GraphML, or an edge list").help("export the graph as GraphML"));
    } else if text.starts_with('<') {
        graphml::read(&mut found, names);
    } else {
        edges(&mut found);
    }
    found.finish()
}

/// How files of other forms begin, in lower case.
const OTHERS: [(&str, &str); 8] = [
    ("{", "JSON"),
    ("[", "JSON"),
    ("*vertices", "a Pajek file"),
    ("*network", "a Pajek file"),
    ("graph [", "GML"),
    ("creator \"", "GML"),
    ("graph {", "DOT"),
    ("digraph", "DOT"),
];

/// Ties and faults so far.
pub(super) struct Found<'a> {
    pub source: &'a Arc<Source>,
    pub slots: &'a Places,
    ties: Vec<(u32, u32, TieKind)>,
    pub faults: Faults,
    /// Ties to partners abroad, and where the first stands.
    abroad: Option<(Range<usize>, usize)>,
}

impl<'a> Found<'a> {
    fn new(source: &'a Arc<Source>, slots: &'a Places) -> Self {
        Self { source, slots, ties: Vec::new(), faults: Faults::default(), abroad: None }
    }

    fn finish(mut self) -> Result<Ties, Vec<Fault>> {
        let name = &self.source.name;
        if let Some((at, count)) = self.abroad {
            let told = Fault::text(self.source, at, format!("{count} ties to partners abroad are not read"));
            self.faults.push(told.expected("network.file ties peers; ties abroad arise in the run").warning());
        }
        let twice = tied_both_ways(&self.ties);
        if twice > 0 {
            let told = Fault::new(format!("{name} ties {twice} pairs both offline and online"));
            self.faults.push(told.help("they are tied offline: such a tie works always").warning());
        }
        let wrong = self.faults.any();
        let told = self.faults.take(name);
        if wrong { Err(told) } else { Ok(Ties { ties: self.ties, told }) }
    }

    /// The slot that a word of the text names.
    pub fn slot(&mut self, word: &str, range: Range<usize>) -> Option<u32> {
        let slot = self.slots.find(word);
        if slot.is_none() {
            let (title, help) = self.slots.stranger(word);
            let fault = Fault::text(self.source, range, title).expected(self.slots.expected());
            self.faults.push(Fault { help, ..fault });
        }
        slot
    }

    /// What a word of the text says of a tie.
    pub fn kind(&mut self, word: &str, range: Range<usize>) -> Option<Says> {
        let said = says(word);
        if said.is_none() {
            let mut fault =
                Fault::text(self.source, range, format!("`{word}` is not a kind of tie")).expected("offline or online");
            if let Some(meant) = nearest(word, [TieKind::Offline, TieKind::Online].map(TieKind::word)) {
                fault = fault.help(format!("did you mean {meant}?"));
            }
            self.faults.push(fault);
        }
        said
    }

    /// A tie; without a kind it is offline.
    pub fn tie(&mut self, range: Range<usize>, (a, b): (Option<u32>, Option<u32>), says: Says) {
        let (Some(a), Some(b)) = (a, b) else { return };
        if a == b {
            let fault = Fault::text(self.source, range, format!("place {a} is tied to itself"));
            self.faults.push(fault.expected("two different places").help("remove it"));
            return;
        }
        match says {
            Says::Nothing => self.ties.push((a, b, TieKind::Offline)),
            Says::Kind(kind) | Says::Own(kind) => self.ties.push((a, b, kind)),
            Says::Abroad => {}
        }
    }

    /// Tells that ties have no kind, though the attribute `title` says one, at `at`.
    pub fn kindless(&mut self, title: &str, at: Range<usize>) {
        let word = &self.source.text[at.clone()];
        let fault = Fault::text(self.source, at, format!("the ties have no `kind`, but `{title}` says {word}"));
        self.faults.push(fault.expected("a kind of tie").help(format!("call `{title}` `kind`, or leave it out")));
    }

    /// Tells that directions are not read.
    pub fn directed(&mut self, at: Range<usize>) {
        let told = Fault::text(self.source, at, "these ties are directed");
        self.faults.push(told.expected("a tie is mutual: directions are not read").warning());
    }

    /// Passes a tie to a partner abroad over.
    pub fn abroad(&mut self, range: Range<usize>) {
        self.abroad.get_or_insert((range, 0)).1 += 1;
    }
}

/// How many pairs are tied offline and online.
fn tied_both_ways(ties: &[(u32, u32, TieKind)]) -> usize {
    let ordered = |&(a, b, kind): &(u32, u32, TieKind)| (a.min(b), a.max(b), kind);
    let mut ties: Vec<(u32, u32, TieKind)> = ties.iter().map(ordered).collect();
    ties.sort_unstable();
    ties.dedup();
    ties.windows(2).filter(|two| (two[0].0, two[0].1) == (two[1].0, two[1].1)).count()
}

pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
}

/// Names of the columns of an edge list: where a tie begins, where it ends, when it works.
const BEGINS: [&str; 3] = ["a", "source", "from"];
const ENDS: [&str; 3] = ["b", "target", "to"];

/// Reads an edge list.
fn edges(found: &mut Found) {
    let Some(table) = Table::of(found.source.clone(), &mut found.faults) else { return };
    let faults = &mut found.faults;
    let (a, b) = (table.column(&BEGINS, faults), table.column(&ENDS, faults));
    let (kind, direction) = (table.column(&["kind"], faults), table.column(&["type"], faults));
    let (Some(a), Some(b)) = (a, b) else {
        let header = table.header();
        if header.len() > 1 && header[..2].iter().all(|cell| found.slots.find(&cell.text).is_some()) {
            let fault = table.fault_of_header("the first line is a tie and names no columns");
            faults.push(fault.expected("a first line `a,b` or `a,b,kind`"));
        } else if table.column(&["id"], faults).is_some() {
            let fault = table.fault_of_header("this is a list of nodes").expected("a list of ties");
            faults.push(
                fault.help("name the list of ties beside it, such as graph-YEAR-peers.csv or graph-YEAR-edges.csv"),
            );
        } else {
            table.require(&BEGINS, "where a tie begins", faults);
            table.require(&ENDS, "where a tie ends", faults);
        }
        return;
    };
    let (mut own, mut directed, mut elsewhere) = (false, None, None);
    for row in table.rows() {
        let cell = |at: usize| (row.cells[at].text.as_ref(), row.cells[at].range.clone());
        if let Some((word, at)) = direction.map(cell).filter(|(word, _)| word.eq_ignore_ascii_case("directed")) {
            directed.get_or_insert((word.to_owned(), at));
        }
        let says = match kind.map(cell).filter(|(word, _)| !word.is_empty()) {
            Some((word, at)) => found.kind(word, at),
            None => Some(Says::Nothing),
        };
        own |= matches!(says, Some(Says::Own(_) | Says::Abroad));
        if says == Some(Says::Abroad) {
            found.abroad(row.range);
            continue;
        }
        if kind.is_none() && elsewhere.is_none() {
            elsewhere = (0..row.cells.len()).find(|at| self::says(cell(*at).0).is_some()).map(|at| (at, cell(at).1));
        }
        let ends = [a, b].map(|end| {
            let (word, at) = cell(end);
            found.slot(word, at)
        });
        if let Some(says) = says {
            found.tie(row.range, (ends[0], ends[1]), says);
        }
    }
    if let Some((column, at)) = elsewhere.clone() {
        found.kindless(&table.header()[column].text, at);
    }
    let mut read: Vec<usize> = [Some(a), Some(b), kind].into_iter().flatten().collect();
    read.extend(elsewhere.iter().map(|(column, _)| *column));
    if let Some((_, at)) = directed {
        found.directed(at);
        read.extend(direction);
    }
    // The columns of what this program wrote are for other programs.
    if !own {
        table.unread(&read, &["kind"], &mut found.faults);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use TieKind::{Offline, Online};

    pub fn source(text: &str) -> Arc<Source> {
        Arc::new(Source { name: "ties".into(), text: text.into() })
    }

    /// Each fault as `line:column text | title | expected | help`.
    pub fn told(faults: &[Fault]) -> Vec<String> {
        let tell = |fault: &Fault| {
            let place = match &fault.place {
                Place::Text(source, range) => {
                    let before = &source.text[..range.start];
                    let line = before.matches('\n').count() + 1;
                    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
                    format!("{line}:{column} {}", &source.text[range.clone()])
                }
                Place::Setting(path) => path.clone(),
                Place::Nowhere => String::new(),
            };
            format!("{place} | {} | {} | {}", fault.title, fault.label, fault.help.as_deref().unwrap_or(""))
        };
        faults.iter().map(tell).collect()
    }

    /// The ties of a text over four slots, and what is told of it.
    fn read(text: &str) -> (Vec<(u32, u32, TieKind)>, Vec<String>) {
        let read =
            parse(&source(text), &Places::numbered(4), "").unwrap_or_else(|faults| panic!("{:?}", told(&faults)));
        (read.ties, told(&read.told))
    }

    fn refused(text: &str) -> Vec<String> {
        told(&parse(&source(text), &Places::numbered(4), "").unwrap_err())
    }

    #[test]
    fn an_edge_list_is_read_in_any_dress() {
        let wanted = vec![(0, 1, Offline), (2, 1, Online), (3, 0, Offline)];
        let dresses = [
            "a,b,kind\n0,1,offline\n2,1,online\n3,0,\n",
            "# from a register\r\nkind, \"Target\",Source\r\n\r\noffline,\"1\", 0\r\nOnline,1,2\r\n,0,3",
            "sep=;\nfrom;to;Kind\n0;1;offline\n2;1;online\n3;0;\n",
            "source\ttarget\tkind\n0\t1\toffline\n2\t1\t\"online\"\n3\t0\t\n",
        ];
        for dress in dresses {
            assert_eq!(read(dress), (wanted.clone(), vec![]), "{dress}");
        }
        assert_eq!(read("a,b\n"), (vec![], vec![]));
    }

    #[test]
    fn the_edge_list_of_gephi_is_read_and_what_nothing_reads_is_told() {
        let text = "Source,Target,Type,Id,Label,timeset,Weight\n0,1,Undirected,7,,,1.0\n1,3,Undirected,8,,,2.5\n";
        let (ties, told) = read(text);
        assert_eq!(ties, [(0, 1, Offline), (1, 3, Offline)]);
        let wanted = "1:15 Type | nothing reads 5 columns: `Type`, `Id`, `Label`, `timeset`, `Weight`";
        assert!(told.len() == 1 && told[0].starts_with(wanted), "{told:?}");
        let (_, told) = read("Source,Target,Type\n0,1,Directed\n1,0,Directed\n");
        assert_eq!(told, ["2:5 Directed | these ties are directed | a tie is mutual: directions are not read | "]);
    }

    #[test]
    fn a_kind_under_another_name_is_asked_for_and_not_lost() {
        assert_eq!(
            refused("source,target,channel\n0,1,offline\n1,2,online\n"),
            [
                "2:5 offline | the ties have no `kind`, but `channel` says offline | a kind of tie | call `channel` `kind`, or leave it out"
            ]
        );
    }

    #[test]
    fn a_pair_of_both_kinds_is_told() {
        let (ties, told) = read("a,b,kind\n0,1,online\n1,0,offline\n1,2,online\n2,1,online\n");
        assert_eq!(ties.len(), 4);
        assert_eq!(
            told,
            [" | ties ties 1 pairs both offline and online |  | they are tied offline: such a tie works always"]
        );
    }

    #[test]
    fn every_fault_of_an_edge_list_is_told_with_line_and_column() {
        let text = "a,b,kind\n0,9,offline\n1,x,onlin\n2,2,online\n-1,0,online\n1,0,online\n";
        assert_eq!(
            refused(text),
            [
                "2:3 9 | there is no place 9 | a place from 0 to 3 | ",
                "3:5 onlin | `onlin` is not a kind of tie | offline or online | did you mean online?",
                "3:3 x | `x` is not a place number | a place from 0 to 3 | ",
                "4:1 2,2,online | place 2 is tied to itself | two different places | remove it",
                "5:1 -1 | `-1` is not a place number | a place from 0 to 3 | ",
            ]
        );
        assert_eq!(refused("a,b\n0,1,2\n").len(), 1);
    }

    #[test]
    fn a_list_of_nodes_and_a_list_without_names_are_told_apart() {
        let nodes = refused("id,kind,size\n0,firm,1.5\n1,firm,2.0\n");
        assert!(nodes[0].contains("this is a list of nodes") && nodes[0].contains("graph-YEAR-peers.csv"), "{nodes:?}");
        let bare = refused("0 1\n1 2\n".replace(' ', ",").as_str());
        assert!(bare[0].contains("the first line is a tie and names no columns"), "{bare:?}");
        let other = refused("friend,fried\n0,1\n");
        assert_eq!(other.len(), 2, "{other:?}");
    }

    #[test]
    fn firms_are_found_by_their_names() {
        let slots = Places::called("firms.csv", ["Acme", "Brown & Sons", "7"].map(str::to_owned));
        let read = parse(&source("a;b\nAcme;7\n\"Brown & Sons\";Acme\n"), &slots, "").unwrap();
        assert_eq!(read.ties, [(0, 2, Offline), (1, 0, Offline)]);
        assert_eq!(
            told(&parse(&source("a;b\nAcme;0\nAcne;7\n"), &slots, "").unwrap_err()),
            [
                "2:6 0 | no firm is called `0` | the name of a firm of firms.csv | ",
                "3:1 Acne | no firm is called `Acne` | the name of a firm of firms.csv | did you mean Acme?",
            ]
        );
    }

    #[test]
    fn other_forms_are_refused_by_name() {
        let forms = [
            ("{\"directed\": false}", "JSON"),
            ("*Vertices 3\n1 \"a\"\n", "a Pajek file"),
            ("graph [\n  node [\n", "GML"),
            ("Creator \"igraph\"\ngraph\n[\n", "GML"),
            ("digraph { a -> b }", "DOT"),
        ];
        for (text, form) in forms {
            let told = refused(text);
            assert!(told[0].contains(&format!("{form} is not read")) && told[0].contains("GraphML"), "{told:?}");
        }
    }

    #[test]
    fn a_thousand_faults_do_not_fill_the_screen() {
        let text = format!("a,b\n{}", "0,0\n".repeat(1_000));
        let faults = parse(&source(&text), &Places::numbered(4), "").unwrap_err();
        assert!(faults.len() < 60 && faults.last().unwrap().title.ends_with("more faults"));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let read = |name: &str| super::read(&folder.path().join(name), &Places::numbered(4), "").unwrap_err();
        let faults = read("none.csv");
        assert!(faults[0].title.starts_with("there is no file"), "{}", faults[0].title);
        assert_eq!(faults[0].place, Place::Setting("network.file".into()));
        std::fs::write(folder.path().join("latin.csv"), b"a,b\n0,\xe9\n").unwrap();
        assert!(read("latin.csv")[0].title.ends_with("latin.csv is not UTF-8 text"));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(71),
            failure_persistence: None,
            ..Default::default()
        })]
        #[test]
        fn no_text_makes_the_readers_panic(text in "[ -~\n\u{e9}]{0,60}", tail in "[<>a-e/='\" 0-9n&;!\\[\\]]{0,60}") {
            let slots = Places::numbered(3);
            let _ = parse(&source(&format!("a,b\n{text}{tail}")), &slots, "");
            let _ = parse(&source(&text), &slots, "");
            let _ = parse(&source(&format!("<graphml><graph>{text}<edge source='1' {tail}")), &slots, "");
            let _ = parse(&source(&format!("<graphml><key id='k' attr.name='kind'><default>{text}</default></key><graph><node id='0'>{tail}")), &slots, "name");
        }
    }
}
