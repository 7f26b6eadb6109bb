//! Peer ties from a file: an edge list as CSV, or GraphML, with every fault at its line and column.
//!
//! ```text
//! a,b,kind
//! 0,1,offline
//! 0,2,online
//! ```
//!
//! The first line names the columns, in any order: `a` and `b` (or `source` and `target`) and perhaps `kind`. Places
//! are numbers from 0; ties without a kind are offline. Lines that are empty or start with `#` are passed over. In
//! GraphML the id of a node is its place, plain or after an `n` as igraph writes it, and a datum of edges named `kind`
//! gives the kind; `directed` is not looked at, a tie is mutual. A tie may be named twice, as it is in lists that hold
//! both directions.

use super::TieKind;
use crate::error::{Fault, Source, nearest};
use crate::input;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Faults that are reported in full; of more only the number.
const SHOWN: usize = 50;

/// Reads the ties in the file at `path`, called `name` in messages. Files ending in `.graphml` or `.xml` are GraphML,
/// others CSV.
///
/// # Errors
/// Every fault found, up to fifty and the number of the others.
pub fn read(path: &Path, name: &str, places: usize) -> Result<Vec<(u32, u32, TieKind)>, Vec<Fault>> {
    let text = input::text(path, input::LARGEST_DATA).map_err(|fault| vec![input::asked_by("network.file", fault)])?;
    let source = Arc::new(Source { name: name.to_owned(), text });
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_lowercase();
    if extension == "graphml" || extension == "xml" { graphml(&source, places) } else { csv(&source, places) }
}

/// Reads an edge list.
///
/// # Errors
/// Every fault found, up to fifty and the number of the others.
pub fn csv(source: &Arc<Source>, places: usize) -> Result<Vec<(u32, u32, TieKind)>, Vec<Fault>> {
    let mut found = Found::new(source, places);
    let mut columns = None;
    for line in lines(&source.text) {
        let text = &source.text[line.clone()];
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        match &columns {
            None => match Columns::read(&mut found, line) {
                Some(read) => columns = Some(read),
                None => return found.finish(),
            },
            Some(columns) => columns.tie(&mut found, line),
        }
    }
    if columns.is_none() {
        let end = source.text.len();
        found.fault(
            Fault::text(source, end..end, "the file names no columns").expected("a first line `a,b` or `a,b,kind`"),
        );
    }
    found.finish()
}

/// Reads GraphML.
///
/// # Errors
/// Every fault found, up to fifty and the number of the others.
pub fn graphml(source: &Arc<Source>, places: usize) -> Result<Vec<(u32, u32, TieKind)>, Vec<Fault>> {
    let mut document = Document {
        found: Found::new(source, places),
        key: None,
        default: None,
        at: At::Elsewhere,
        depth: 0,
        seen: false,
    };
    document.read();
    document.found.finish()
}

/// Ties and faults so far.
struct Found<'a> {
    source: &'a Arc<Source>,
    places: usize,
    ties: Vec<(u32, u32, TieKind)>,
    faults: Vec<Fault>,
    hidden: usize,
}

impl<'a> Found<'a> {
    fn new(source: &'a Arc<Source>, places: usize) -> Self {
        Self { source, places, ties: Vec::new(), faults: Vec::new(), hidden: 0 }
    }

    fn fault(&mut self, fault: Fault) {
        if self.faults.len() < SHOWN {
            self.faults.push(fault);
        } else {
            self.hidden += 1;
        }
    }

    fn finish(mut self) -> Result<Vec<(u32, u32, TieKind)>, Vec<Fault>> {
        if self.hidden > 0 {
            self.faults.push(Fault::new(format!("{} has {} more faults", self.source.name, self.hidden)));
        }
        if self.faults.is_empty() { Ok(self.ties) } else { Err(self.faults) }
    }

    /// The place that a stretch of the text names; `digits` is its number.
    fn place(&mut self, range: Range<usize>, digits: Range<usize>) -> Option<u32> {
        let (named, digits) = (&self.source.text[range.clone()], &self.source.text[digits]);
        let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = if whole { digits.parse::<u64>().ok() } else { None };
        let expected = match self.places {
            0 => "nothing: this run has no places".to_owned(),
            places => format!("a place from 0 to {}", places - 1),
        };
        let title = match number {
            Some(number) if number < self.places as u64 => return Some(number as u32),
            _ if whole => format!("there is no place {named}"),
            _ => format!("`{named}` is not a place number"),
        };
        self.fault(Fault::text(self.source, range, title).expected(expected));
        None
    }

    fn kind(&mut self, range: Range<usize>) -> Option<TieKind> {
        let word = &self.source.text[range.clone()];
        let kinds = [TieKind::Offline, TieKind::Online];
        let kind = kinds.into_iter().find(|kind| kind.word() == word);
        if kind.is_none() {
            let mut fault =
                Fault::text(self.source, range, format!("`{word}` is not a kind of tie")).expected("offline or online");
            if let Some(meant) = nearest(word, kinds.map(TieKind::word)) {
                fault = fault.help(format!("did you mean {meant}?"));
            }
            self.fault(fault);
        }
        kind
    }

    fn tie(&mut self, range: Range<usize>, (a, b): (Option<u32>, Option<u32>), kind: Option<TieKind>) {
        if let (Some(a), Some(b)) = (a, b) {
            if a == b {
                let fault = Fault::text(self.source, range, format!("place {a} is tied to itself"));
                self.fault(fault.expected("two different places").help("remove it"));
            } else if let Some(kind) = kind {
                self.ties.push((a, b, kind));
            }
        }
    }
}

/// The lines of a text without their ends, as stretches of it; a byte-order mark is skipped.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut next = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    text[next..].split_inclusive('\n').map(move |line| {
        let start = next;
        next += line.len();
        start..start + line.trim_end_matches(['\n', '\r']).len()
    })
}

/// The fields of a line, without blanks and quotation marks around them.
fn fields(text: &str, line: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut next = line.start;
    text[line].split(',').map(move |field| {
        let range = next..next + field.len();
        next += field.len() + 1;
        let bare = trimmed(text, range);
        match text[bare.clone()].strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
            Some(_) => bare.start + 1..bare.end - 1,
            None => bare,
        }
    })
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
}

/// Which column holds what.
struct Columns {
    a: usize,
    b: usize,
    kind: Option<usize>,
    count: usize,
}

impl Columns {
    const KNOWN: [(&'static str, usize); 5] = [("a", 0), ("source", 0), ("b", 1), ("target", 1), ("kind", 2)];

    fn read(found: &mut Found, line: Range<usize>) -> Option<Self> {
        let text = &found.source.text;
        let mut at = [None; 3];
        let mut count = 0;
        for (column, range) in fields(text, line.clone()).enumerate() {
            count += 1;
            let word = text[range.clone()].to_lowercase();
            let role = Self::KNOWN.iter().find(|(known, _)| *known == word).map(|(_, role)| *role);
            let title = match role {
                Some(role) if at[role].is_none() => {
                    at[role] = Some(column);
                    continue;
                }
                Some(_) => format!("column `{word}` repeats one before it"),
                None => format!("an edge list has no column `{word}`"),
            };
            let mut fault = Fault::text(found.source, range, title).expected("a, b and perhaps kind");
            fault.help = match nearest(&word, Self::KNOWN.map(|(known, _)| known)).filter(|_| role.is_none()) {
                Some(meant) => Some(format!("did you mean {meant}?")),
                None => Some("name each column once".to_owned()),
            };
            found.fault(fault);
        }
        for (role, name) in ["a", "b"].into_iter().enumerate() {
            if at[role].is_none() {
                let fault = Fault::text(found.source, line.clone(), format!("column `{name}` is missing"));
                found.fault(fault.expected("a first line `a,b` or `a,b,kind`"));
            }
        }
        Some(Self { a: at[0]?, b: at[1]?, kind: at[2], count })
    }

    fn tie(&self, found: &mut Found, line: Range<usize>) {
        let text = &found.source.text;
        let (mut a, mut b, mut kind, mut count) = (0..0, 0..0, None, 0);
        for (column, range) in fields(text, line.clone()).enumerate() {
            count += 1;
            if column == self.a {
                a = range;
            } else if column == self.b {
                b = range;
            } else if Some(column) == self.kind {
                kind = Some(range);
            }
        }
        if count != self.count {
            let fault = Fault::text(found.source, line, format!("this line has {count} fields"));
            found.fault(fault.expected(format!("{}, as the first line has", self.count)));
            return;
        }
        let ends = (found.place(a.clone(), a), found.place(b.clone(), b));
        let kind = match kind.filter(|range| !range.is_empty()) {
            Some(range) => found.kind(range),
            None => Some(TieKind::Offline),
        };
        found.tie(line, ends, kind);
    }
}

/// What of a GraphML document is being read.
enum At {
    Elsewhere,
    /// Within the key that declares the kind.
    Key,
    /// Within its default.
    Default,
    Edge(Edge),
    /// Within the datum of an edge that gives its kind.
    Kind(Edge),
}

struct Edge {
    tag: Range<usize>,
    ends: (Option<u32>, Option<u32>),
    kind: Option<Range<usize>>,
}

/// A GraphML document, read from start to end.
struct Document<'a> {
    found: Found<'a>,
    /// The id of the key of edges that is named `kind`.
    key: Option<&'a str>,
    /// The kind of edges that give none.
    default: Option<Range<usize>>,
    at: At,
    depth: usize,
    seen: bool,
}

impl<'a> Document<'a> {
    fn read(&mut self) {
        let source = self.found.source;
        let mut reader = Reader::from_str(&source.text);
        loop {
            let start = reader.buffer_position() as usize;
            match reader.read_event() {
                Ok(Event::Start(tag)) => {
                    self.depth += 1;
                    self.open(&tag, start..reader.buffer_position() as usize);
                }
                Ok(Event::Empty(tag)) => {
                    self.open(&tag, start..reader.buffer_position() as usize);
                    self.close(tag.local_name().as_ref());
                }
                Ok(Event::End(tag)) => {
                    self.depth = self.depth.saturating_sub(1);
                    self.close(tag.local_name().as_ref());
                }
                Ok(Event::Text(_)) => self.text(trimmed(&source.text, start..reader.buffer_position() as usize)),
                Ok(Event::Eof) => break,
                Ok(_) => {}
                Err(error) => {
                    let at = (reader.error_position() as usize).min(source.text.len());
                    self.found.fault(Fault::text(source, at..at, format!("this is not well-formed XML: {error}")));
                    return;
                }
            }
        }
        let end = source.text.len();
        if self.depth > 0 {
            self.found.fault(Fault::text(source, end..end, "the file ends within an element").help("is it complete?"));
        } else if !self.seen {
            self.found
                .fault(Fault::text(source, end..end, "the file holds no graph").expected("GraphML: <graphml><graph>…"));
        }
    }

    fn open(&mut self, tag: &BytesStart, range: Range<usize>) {
        let at = std::mem::replace(&mut self.at, At::Elsewhere);
        self.at = match (tag.local_name().as_ref(), at) {
            ("graph", _) => {
                self.seen = true;
                At::Elsewhere
            }
            ("key", _) => self.key(tag, range),
            ("default", At::Key) => At::Default,
            ("node", at) => {
                if let Some(id) = self.attribute(tag, &range, "id") {
                    self.place(id);
                }
                at
            }
            ("edge", _) => At::Edge(self.edge(tag, range)),
            ("data", At::Edge(edge)) => {
                let key = self.attribute(tag, &range, "key").map(|key| &self.found.source.text[key]);
                if key.is_some() && key == self.key { At::Kind(edge) } else { At::Edge(edge) }
            }
            (_, at) => at,
        };
    }

    fn key(&mut self, tag: &BytesStart, range: Range<usize>) -> At {
        let text = &self.found.source.text;
        let word = |name| self.optional(tag, &range, name).map(|range| &text[range]);
        if word("attr.name") != Some("kind") || !matches!(word("for"), None | Some("edge" | "all")) {
            return At::Elsewhere;
        }
        self.key = word("id");
        At::Key
    }

    fn edge(&mut self, tag: &BytesStart, range: Range<usize>) -> Edge {
        let source = self.attribute(tag, &range, "source");
        let target = self.attribute(tag, &range, "target");
        let ends = (source.and_then(|id| self.place(id)), target.and_then(|id| self.place(id)));
        Edge { tag: range, ends, kind: None }
    }

    fn place(&mut self, id: Range<usize>) -> Option<u32> {
        let prefixed = self.found.source.text[id.clone()].starts_with('n');
        self.found.place(id.clone(), id.start + usize::from(prefixed)..id.end)
    }

    fn text(&mut self, range: Range<usize>) {
        match &mut self.at {
            At::Default => self.default = Some(range),
            At::Kind(edge) => edge.kind = Some(range),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        let at = std::mem::replace(&mut self.at, At::Elsewhere);
        self.at = match (name, at) {
            ("edge", At::Edge(edge)) => {
                let kind = match edge.kind.or_else(|| self.default.clone()) {
                    Some(range) => self.found.kind(range),
                    None => Some(TieKind::Offline),
                };
                self.found.tie(edge.tag, edge.ends, kind);
                At::Elsewhere
            }
            ("data", At::Kind(edge)) => At::Edge(edge),
            ("default", At::Default) => At::Key,
            ("key", _) => At::Elsewhere,
            (_, at) => at,
        };
    }

    /// Where the value of an attribute stands that must be there.
    fn attribute(&mut self, tag: &BytesStart, range: &Range<usize>, name: &str) -> Option<Range<usize>> {
        let found = self.optional(tag, range, name);
        if found.is_none() {
            let title = format!("<{}> has no attribute `{name}`", tag.local_name().as_ref());
            self.found.fault(Fault::text(self.found.source, range.clone(), title));
        }
        found
    }

    /// Where the value of an attribute stands.
    fn optional(&self, tag: &BytesStart, range: &Range<usize>, name: &str) -> Option<Range<usize>> {
        let value = tag.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?.value;
        // The tag is a copy or a view of its stretch of the text; its first byte stands after the `<`.
        let offset = (value.as_ptr() as usize).checked_sub(tag.as_ptr() as usize)?;
        let start = range.start + 1 + offset;
        (start + value.len() <= range.end).then(|| start..start + value.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TieKind::{Offline, Online};

    fn source(text: &str) -> Arc<Source> {
        Arc::new(Source { name: "ties".into(), text: text.into() })
    }

    /// Each fault as `line:column text | title | expected | help`.
    fn told(faults: &[Fault]) -> Vec<String> {
        let tell = |fault: &Fault| {
            let place = match &fault.place {
                crate::error::Place::Text(source, range) => {
                    let before = &source.text[..range.start];
                    let line = before.matches('\n').count() + 1;
                    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
                    format!("{line}:{column} {}", &source.text[range.clone()])
                }
                _ => String::new(),
            };
            format!("{place} | {} | {} | {}", fault.title, fault.label, fault.help.as_deref().unwrap_or(""))
        };
        faults.iter().map(tell).collect()
    }

    #[test]
    fn an_edge_list_is_read_in_any_dress() {
        let wanted = vec![(0, 1, Offline), (2, 1, Online), (3, 0, Offline)];
        let plain = "a,b,kind\n0,1,offline\n2,1,online\n3,0,\n";
        let dressed =
            "\u{feff}# from a register\r\nkind, \"Target\",Source\r\n\r\noffline,\"1\", 0\r\nonline,1,2\r\n,0,3";
        assert_eq!(csv(&source(plain), 4), Ok(wanted.clone()));
        assert_eq!(csv(&source(dressed), 4), Ok(wanted));
        assert_eq!(csv(&source("a,b\n0,1\n"), 2), Ok(vec![(0, 1, Offline)]));
        assert_eq!(csv(&source("a,b\n"), 0), Ok(vec![]));
    }

    #[test]
    fn every_fault_of_an_edge_list_is_told_with_line_and_column() {
        let text = "a,b,kind\n0,9,offline\n1,x,onlin\n2,2,online\n0,1\n-1,0,online\n1,0,online\n";
        assert_eq!(
            told(&csv(&source(text), 4).unwrap_err()),
            [
                "2:3 9 | there is no place 9 | a place from 0 to 3 | ",
                "3:3 x | `x` is not a place number | a place from 0 to 3 | ",
                "3:5 onlin | `onlin` is not a kind of tie | offline or online | did you mean online?",
                "4:1 2,2,online | place 2 is tied to itself | two different places | remove it",
                "5:1 0,1 | this line has 2 fields | 3, as the first line has | ",
                "6:1 -1 | `-1` is not a place number | a place from 0 to 3 | ",
            ]
        );
    }

    #[test]
    fn wrong_columns_are_told_at_once() {
        assert_eq!(
            told(&csv(&source("a,kid,a,weight\n0,1,2,3\n"), 4).unwrap_err()),
            [
                "1:3 kid | an edge list has no column `kid` | a, b and perhaps kind | did you mean kind?",
                "1:7 a | column `a` repeats one before it | a, b and perhaps kind | name each column once",
                "1:9 weight | an edge list has no column `weight` | a, b and perhaps kind | name each column once",
                "1:1 a,kid,a,weight | column `b` is missing | a first line `a,b` or `a,b,kind` | ",
            ]
        );
        assert_eq!(
            told(&csv(&source("\n# nothing\n"), 4).unwrap_err()),
            ["3:1  | the file names no columns | a first line `a,b` or `a,b,kind` | "]
        );
    }

    #[test]
    fn a_thousand_faults_do_not_fill_the_screen() {
        let text = format!("a,b\n{}", "0,0\n".repeat(1_000));
        let faults = csv(&source(&text), 4).unwrap_err();
        assert_eq!(faults.len(), SHOWN + 1);
        assert_eq!(faults[SHOWN].title, "ties has 950 more faults");
    }

    #[test]
    fn graphml_is_read_with_kinds_and_defaults() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="d0" for="node" attr.name="kind" attr.type="string"/>
  <key id="d1" for="edge" attr.name="kind" attr.type="string"><default>online</default></key>
  <graph edgedefault="directed">
    <node id="n0"><data key="d0">firm</data></node>
    <node id="1"/>
    <edge source="n0" target="1"/>
    <edge target='2' source='n3'><data key="d0">firm</data><data key="d1"> offline </data></edge>
  </graph>
</graphml>"#;
        assert_eq!(graphml(&source(text), 4), Ok(vec![(0, 1, Online), (3, 2, Offline)]));
        let bare = "<graphml><graph><edge source='0' target='1'/></graph></graphml>";
        assert_eq!(graphml(&source(bare), 4), Ok(vec![(0, 1, Offline)]));
    }

    #[test]
    fn every_fault_of_graphml_is_told_with_line_and_column() {
        let text = "<graphml><key id='k' for='edge' attr.name='kind'/><graph>\n<node id='n7'/>\n\
                    <edge source='n0' target='b'/>\n<edge source='1'/>\n<edge source='2' target='n2'/>\n\
                    <edge source='0' target='1'><data key='k'>of</data></edge></graph></graphml>";
        assert_eq!(
            told(&graphml(&source(text), 4).unwrap_err()),
            [
                "2:11 n7 | there is no place n7 | a place from 0 to 3 | ",
                "3:27 b | `b` is not a place number | a place from 0 to 3 | ",
                "4:1 <edge source='1'/> | <edge> has no attribute `target` |  | ",
                "5:1 <edge source='2' target='n2'/> | place 2 is tied to itself | two different places | remove it",
                "6:43 of | `of` is not a kind of tie | offline or online | did you mean offline?",
            ]
        );
    }

    #[test]
    fn broken_xml_is_a_fault_and_not_a_panic() {
        let broken = [
            "<graphml><graph></graphml>",
            "<graphml><graph>",
            "<graphml",
            "",
            "plain text",
            "</edge>",
            "<a b='1' b='2'/>",
        ];
        for text in broken {
            let faults = graphml(&source(text), 4).unwrap_err();
            assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let faults = read(&folder.path().join("none.csv"), "none.csv", 4).unwrap_err();
        assert!(faults[0].title.starts_with("there is no file ") && faults[0].title.ends_with("none.csv"));
        assert_eq!(faults[0].place, crate::error::Place::Setting("network.file".into()));
        std::fs::write(folder.path().join("latin.csv"), b"a,b\n0,\xe9\n").unwrap();
        let faults = read(&folder.path().join("latin.csv"), "latin.csv", 4).unwrap_err();
        assert!(faults[0].title.ends_with("latin.csv is not UTF-8 text"), "{}", faults[0].title);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_readers_panic(text in "[ -~\n\u{e9}]{0,60}", tail in "[<>a-e/='\" 0-9n]{0,60}") {
            let _ = csv(&source(&format!("a,b\n{text}{tail}")), 3);
            let _ = csv(&source(&text), 3);
            let _ = graphml(&source(&format!("<graphml><graph>{text}<edge source='1' {tail}")), 3);
        }
    }
}
