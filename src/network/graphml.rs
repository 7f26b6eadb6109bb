//! GraphML as igraph, yEd, networkx, Gephi and this program write it: who the nodes are, and how they are tied.
//!
//! Where each program puts the name of a node:
//!
//! | written by | id of a node   | name                                             |
//! |------------|----------------|--------------------------------------------------|
//! | igraph     | `n0`, `n1` …   | attribute `name`; `id` where it was read before  |
//! | yEd        | `n0`, `n1` …   | the first `y:NodeLabel`                          |
//! | networkx   | the name       | the id                                           |
//! | Gephi      | as it was read | attribute `label`, or the id                     |
//! | fondaco    | slot or name  | the id                                           |
//!
//! Attributes and ids that could be names are all gathered; those are taken that name a slot or a firm for every node.
//! Where two could be meant, or running ids stand beside names that nobody knows, the reader asks instead of guessing.

mod node_names;

use super::import::{Found, Says, says, trimmed};
use crate::error::Fault;
use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// Attributes of nodes that are names, in lower case; the label is yEd's.
const NAMES: [&str; 4] = ["name", "label", "id", "place"];
const LABEL: &str = "node label";

/// Reads the ties of a GraphML text into `found`. `chosen` says what names the nodes: an attribute, or `id`; empty
/// finds it.
pub(super) fn read(found: &mut Found, chosen: &str) {
    let mut document = Document::new(found, chosen);
    if document.parse() {
        document.tie();
    }
}

/// A value and where it stands.
type Text = (String, Range<usize>);

struct Key {
    name: String,
    /// Where it was declared, or first used.
    at: Range<usize>,
    default: Option<Text>,
    /// Can ties have it?
    of_ties: bool,
}

struct Node {
    tag: Range<usize>,
    id: Range<usize>,
    /// What could be its name, by number of the title.
    names: Vec<(usize, Text)>,
    partner: bool,
}

struct Edge {
    tag: Range<usize>,
    ends: [Range<usize>; 2],
    says: Says,
}

/// The elements that matter, from the root to where the reader stands.
#[derive(Clone, Copy, PartialEq)]
enum Element {
    Graph,
    Node,
    Edge,
    Key,
    Default,
    Data,
    Label,
    Other,
}

struct Document<'a, 'b> {
    found: &'a mut Found<'b>,
    chosen: String,
    open: Vec<Element>,
    /// Declared and used keys by id.
    keys: BTreeMap<String, Key>,
    /// The key being declared, or the key of the datum that is open.
    key: String,
    /// Characters of what is open and wanted.
    text: Option<Text>,
    titles: Vec<String>,
    nodes: Vec<Node>,
    by_id: BTreeMap<String, usize>,
    edges: Vec<Edge>,
    /// The kind of the edge that is open.
    kind: Option<Text>,
    /// Have edges a kind, and which other attribute says a kind?
    kinds: bool,
    elsewhere: Option<(String, Text)>,
    /// Names of attributes that nothing reads, of nodes and of edges, and where the first was declared.
    unread: [BTreeMap<String, Range<usize>>; 2],
    graphs: usize,
    refused: bool,
    directed: Option<Range<usize>>,
}

impl<'a, 'b> Document<'a, 'b> {
    fn new(found: &'a mut Found<'b>, chosen: &str) -> Self {
        Self {
            found,
            chosen: chosen.trim().to_lowercase(),
            open: Vec::new(),
            keys: BTreeMap::new(),
            key: String::new(),
            text: None,
            titles: Vec::new(),
            nodes: Vec::new(),
            by_id: BTreeMap::new(),
            edges: Vec::new(),
            kind: None,
            kinds: false,
            elsewhere: None,
            unread: Default::default(),
            graphs: 0,
            refused: false,
            directed: None,
        }
    }

    /// Reads the text; is it a graph that can be tied?
    fn parse(&mut self) -> bool {
        let source = self.found.source;
        let mut reader = Reader::from_str(&source.text);
        loop {
            let start = reader.buffer_position() as usize;
            let event = reader.read_event();
            let range = start..reader.buffer_position() as usize;
            match event {
                Ok(Event::Start(tag)) => self.enter(&tag, range),
                Ok(Event::Empty(tag)) => {
                    self.enter(&tag, range);
                    self.leave();
                }
                Ok(Event::End(_)) => self.leave(),
                Ok(Event::Text(text)) => self.characters(&text, range),
                Ok(Event::CData(text)) => self.characters(&text, range),
                Ok(Event::GeneralRef(reference)) => self.reference(&reference, range),
                Ok(Event::Eof) => break,
                Ok(_) => {}
                Err(error) => {
                    let at = (reader.error_position() as usize).min(source.text.len());
                    self.refuse(Fault::text(source, at..at, format!("this is not well-formed XML: {error}")));
                    return false;
                }
            }
            if self.open.is_empty() && self.refused {
                return false;
            }
        }
        let end = source.text.len();
        if !self.open.is_empty() {
            self.refuse(Fault::text(source, end..end, "the file ends within an element").help("is it complete?"));
        } else if self.graphs == 0 {
            let fault = Fault::text(source, end..end, "the file holds no graph");
            self.refuse(fault.expected("GraphML: <graphml><graph>…"));
        }
        !self.refused
    }

    /// Notes a fault of the whole: ties that follow would be told wrongly.
    fn refuse(&mut self, fault: Fault) {
        self.refused = true;
        self.found.faults.push(fault);
    }

    fn fault(&self, range: Range<usize>, title: impl Into<String>) -> Fault {
        Fault::text(self.found.source, range, title)
    }

    fn within(&self, element: Element) -> bool {
        self.open.contains(&element)
    }

    fn enter(&mut self, tag: &BytesStart, range: Range<usize>) {
        let name = tag.local_name();
        let element = match name.as_ref() {
            root if self.open.is_empty() => {
                self.root(root, range);
                Element::Other
            }
            "graph" => {
                self.graph(tag, range);
                Element::Graph
            }
            "node" => {
                self.node(tag, range);
                Element::Node
            }
            "edge" => {
                self.edge(tag, range);
                Element::Edge
            }
            "key" => {
                self.declare(tag, range);
                Element::Key
            }
            "default" if self.open.last() == Some(&Element::Key) => {
                self.text = Some((String::new(), range.end..range.end));
                Element::Default
            }
            "data" => {
                self.datum(tag, range);
                Element::Data
            }
            "NodeLabel" | "EdgeLabel" => {
                self.text = Some((String::new(), range.end..range.end));
                Element::Label
            }
            "hyperedge" => {
                let fault = self.fault(range, "a hyperedge ties more than two nodes");
                self.refuse(fault.expected("ties of two nodes").help("write a tie for each pair that is meant"));
                Element::Other
            }
            "port" => {
                let fault = self.fault(range, "this node has ports, which are not read");
                self.refuse(fault.expected("ties from node to node").help("export the graph without ports"));
                Element::Other
            }
            _ => Element::Other,
        };
        self.open.push(element);
    }

    fn root(&mut self, root: &str, range: Range<usize>) {
        let fault = match root {
            "graphml" => return,
            "gexf" => self
                .fault(range, "GEXF is not read")
                .help("in Gephi, choose File > Export > Graph file and the type GraphML; networkx has write_graphml"),
            _ => self.fault(range, format!("<{root}> is not GraphML")).help("export the graph as GraphML, or as CSV"),
        };
        self.refuse(fault.expected("<graphml>"));
    }

    fn graph(&mut self, tag: &BytesStart, range: Range<usize>) {
        self.graphs += 1;
        if self.optional(tag, &range, "edgedefault").is_some_and(|at| &self.found.source.text[at] == "directed") {
            self.directed.get_or_insert(range.clone());
        }
        if self.within(Element::Graph) {
            let fault = self.fault(range, "this graph is inside another one");
            self.refuse(fault.expected("one graph").help("ungroup its nodes: in yEd, Grouping > Ungroup"));
        } else if self.graphs > 1 {
            let fault = self.fault(range, "this is a second graph");
            self.refuse(fault.expected("one graph").help("keep the graph that is meant, or put them into files"));
        }
    }

    fn node(&mut self, tag: &BytesStart, range: Range<usize>) {
        let Some(id) = self.required(tag, &range, "id") else { return };
        let name = self.decoded(&id).into_owned();
        if self.by_id.insert(name, self.nodes.len()).is_some() {
            let title = format!("there is a node `{}` already", &self.found.source.text[id.clone()]);
            self.refuse(self.fault(id.clone(), title).expected("every id once"));
        }
        self.nodes.push(Node { tag: range, id, names: Vec::new(), partner: false });
    }

    fn edge(&mut self, tag: &BytesStart, range: Range<usize>) {
        self.kind = None;
        for port in ["sourceport", "targetport"] {
            if let Some(at) = self.optional(tag, &range, port) {
                let fault = self.fault(at, "this tie ends at a port, which is not read");
                self.refuse(fault.expected("ties from node to node").help("export the graph without ports"));
            }
        }
        if let Some(at) =
            self.optional(tag, &range, "directed").filter(|at| &self.found.source.text[at.clone()] == "true")
        {
            self.directed.get_or_insert(at);
        }
        let ends = [self.required(tag, &range, "source"), self.required(tag, &range, "target")];
        if let [Some(source), Some(target)] = ends {
            self.edges.push(Edge { tag: range, ends: [source, target], says: Says::Nothing });
        } else {
            self.refused = true;
        }
    }

    fn declare(&mut self, tag: &BytesStart, range: Range<usize>) {
        let Some(id) = self.required(tag, &range, "id") else { return };
        let name = self.optional(tag, &range, "attr.name").unwrap_or(id.clone());
        let (id, name) = (self.decoded(&id).into_owned(), self.decoded(&name).trim().to_owned());
        self.key = id.clone();
        let of = self.optional(tag, &range, "for").map(|at| &self.found.source.text[at]);
        let of_ties = matches!(of, None | Some("edge" | "all"));
        self.keys.insert(id, Key { name, at: range, default: None, of_ties });
    }

    fn datum(&mut self, tag: &BytesStart, range: Range<usize>) {
        let Some(id) = self.required(tag, &range, "key") else { return };
        self.key = self.decoded(&id).into_owned();
        self.text = Some((String::new(), range.end..range.end));
        // A key that nobody declared is called by its id.
        self.keys.entry(self.key.clone()).or_insert_with(|| Key {
            name: self.key.clone(),
            at: range,
            default: None,
            of_ties: true,
        });
    }

    fn characters(&mut self, text: &str, range: Range<usize>) {
        if let Some((whole, at)) = &mut self.text {
            whole.push_str(text);
            at.end = range.end;
        }
    }

    fn reference(&mut self, reference: &BytesRef, range: Range<usize>) {
        let known = match reference.resolve_char_ref() {
            Ok(Some(char)) => Some(char.to_string()),
            Ok(None) => resolve_predefined_entity(reference).map(str::to_owned),
            Err(_) => None,
        };
        match known {
            Some(known) => self.characters(&known, range),
            None => self.unknown(range),
        }
    }

    fn unknown(&mut self, range: Range<usize>) {
        let title = format!("nobody knows `{}`", &self.found.source.text[range.clone()]);
        self.refuse(self.fault(range, title).expected("&amp;, &lt;, &gt;, &quot;, &apos; or a number such as &#228;"));
    }

    fn leave(&mut self) {
        let Some(element) = self.open.pop() else { return };
        match element {
            Element::Default => {
                let (text, key) = (self.taken(), self.key.clone());
                if let Some(key) = self.keys.get_mut(&key) {
                    key.default = text;
                }
            }
            Element::Data => self.value(),
            Element::Label => {
                if let Some(text) = self.taken() {
                    if self.within(Element::Node) {
                        self.name(LABEL, text);
                    } else {
                        self.note("edge label", text);
                    }
                }
            }
            Element::Edge => self.tied(),
            _ => {}
        }
    }

    /// What was read of a text, unless it is empty.
    fn taken(&mut self) -> Option<Text> {
        let (text, at) = self.text.take()?;
        let at = trimmed(&self.found.source.text, at);
        Some((text.trim().to_owned(), at)).filter(|(text, _)| !text.is_empty())
    }

    /// The value of a datum, once it is read.
    fn value(&mut self) {
        let Some(text) = self.taken() else { return };
        let Some(Key { name, at, .. }) = self.keys.get(&self.key) else { return };
        let (name, at) = (name.clone(), at.clone());
        let lower = name.to_lowercase();
        if self.within(Element::Edge) {
            if lower == "kind" {
                if self.kind.is_some() {
                    let fault = self.fault(text.1, "this tie has a second kind").expected("one attribute named kind");
                    self.refuse(fault);
                } else {
                    self.kind = Some(text);
                }
                return;
            }
            self.note(&name, text);
            self.unread[1].entry(name).or_insert(at);
        } else if self.within(Element::Node) {
            if lower == "kind" && text.0 == "partner" {
                self.nodes.last_mut().expect("a node is open").partner = true;
            } else if NAMES.contains(&lower.as_str()) || lower == self.chosen {
                self.name(&lower, text);
            } else {
                self.unread[0].entry(name).or_insert(at);
            }
        }
    }

    /// Gives the node that is open something it could be called; of several of one title, the first.
    fn name(&mut self, title: &str, text: Text) {
        let at = self.titles.iter().position(|known| known == title).unwrap_or_else(|| {
            self.titles.push(title.to_owned());
            self.titles.len() - 1
        });
        if let Some(node) = self.nodes.last_mut().filter(|node| node.names.iter().all(|(known, _)| *known != at)) {
            node.names.push((at, text));
        }
    }

    /// Remembers the first word of ties that is a kind and stands where no kind is looked for.
    fn note(&mut self, title: &str, text: Text) {
        if self.elsewhere.is_none() && says(&text.0).is_some() {
            self.elsewhere = Some((title.to_owned(), text));
        }
    }

    /// The edge that was open is complete.
    fn tied(&mut self) {
        let given = self.kind.take();
        self.kinds |= given.is_some();
        let is_kind = |key: &&Key| key.of_ties && key.name.eq_ignore_ascii_case("kind");
        let default = || self.keys.values().find(is_kind)?.default.clone();
        let Some((word, at)) = given.or_else(default) else { return };
        self.kinds = true;
        let said = self.found.kind(&word, at);
        if let (Some(edge), Some(said)) = (self.edges.last_mut(), said) {
            edge.says = said;
        }
    }

    /// Where the value of an attribute stands that must be there.
    fn required(&mut self, tag: &BytesStart, range: &Range<usize>, name: &str) -> Option<Range<usize>> {
        let found = self.optional(tag, range, name);
        if found.is_none() {
            let title = format!("<{}> has no attribute `{name}`", tag.local_name().as_ref());
            self.refuse(self.fault(range.clone(), title));
        } else if let Some(at) = found.clone().filter(|at| unescape(&self.found.source.text[at.clone()]).is_err()) {
            self.unknown(at);
        }
        found
    }

    /// Where the value of an attribute stands.
    fn optional(&self, tag: &BytesStart, range: &Range<usize>, name: &str) -> Option<Range<usize>> {
        let mut attributes = tag.attributes().flatten();
        let value = attributes.find(|attribute| attribute.key.as_ref().eq_ignore_ascii_case(name))?.value;
        // The tag is a copy or a view of its stretch of the text; its first byte stands after the `<`.
        let offset = (value.as_ptr() as usize).checked_sub(tag.as_ptr() as usize)?;
        let start = range.start + 1 + offset;
        (start + value.len() <= range.end).then(|| start..start + value.len())
    }

    /// The value of an attribute with its references resolved.
    fn decoded(&self, at: &Range<usize>) -> Cow<'_, str> {
        let text = &self.found.source.text[at.clone()];
        unescape(text).unwrap_or(Cow::Borrowed(text))
    }
}

/// Who is who, once all is read.
impl Document<'_, '_> {
    fn tie(&mut self) {
        let Some(tally) = self.choose() else { return };
        self.tell(tally.by);
        let mut slots = vec![None; self.nodes.len()];
        let members: Vec<usize> = self.members().collect();
        for (node, slot) in members.into_iter().zip(tally.slots) {
            slots[node] = slot;
        }
        for edge in std::mem::take(&mut self.edges) {
            let [a, b] = edge.ends.clone().map(|end| self.end(end, &slots));
            let (Some(a), Some(b)) = (a, b) else { continue };
            let partner = |end: Option<usize>| end.is_some_and(|node| self.nodes[node].partner);
            if edge.says == Says::Abroad || partner(a.0) || partner(b.0) {
                self.found.abroad(edge.tag);
            } else {
                self.found.tie(edge.tag, (a.1, b.1), edge.says);
            }
        }
    }

    /// The nodes that are firms.
    fn members(&self) -> impl Iterator<Item = usize> + '_ {
        self.nodes.iter().enumerate().filter(|(_, node)| !node.partner).map(|(at, _)| at)
    }

    /// The node and the slot at the end of a tie; a file without nodes names slots there.
    fn end(&mut self, at: Range<usize>, slots: &[Option<u32>]) -> Option<(Option<usize>, Option<u32>)> {
        let id = self.decoded(&at).into_owned();
        if self.nodes.is_empty() {
            let plain = if self.found.slots.named() { &id } else { id.strip_prefix('n').unwrap_or(&id) };
            return Some((None, self.found.slot(plain, at)));
        }
        if let Some(&node) = self.by_id.get(&id) {
            return Some((Some(node), slots[node]));
        }
        let fault = self.fault(at, format!("there is no node `{id}`")).expected("the id of a node of this file");
        self.found.faults.push(fault);
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::network::TieKind::{self, Offline, Online};
    use crate::network::import::tests::{source, told};
    use crate::network::import::{Places, parse};

    const HEAD: &str =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n";

    type Read = (Vec<(u32, u32, TieKind)>, Vec<String>);

    fn read_as(text: &str, slots: &Places, names: &str) -> Result<Read, Vec<String>> {
        let read = parse(&source(&format!("{HEAD}{text}</graphml>")), slots, names);
        read.map(|read| (read.ties, told(&read.told))).map_err(|faults| told(&faults))
    }

    fn read(text: &str) -> Result<Read, Vec<String>> {
        read_as(text, &Places::numbered(200), "")
    }

    fn firms() -> Places {
        Places::called("firms.csv", ["Acme & Co", "Brown", "Core"].map(str::to_owned))
    }

    /// A graph whose nodes have ids and an attribute called `title`, the first tied to the second, online.
    fn graph(title: &str, nodes: &[(&str, &str)]) -> String {
        let key = format!("<key id=\"v\" for=\"node\" attr.name=\"{title}\" attr.type=\"string\"/>\n");
        let kind = "<key id=\"e\" for=\"edge\" attr.name=\"kind\" attr.type=\"string\"/>\n<graph edgedefault=\"undirected\">\n";
        let node = |(id, name): &(&str, &str)| format!("<node id=\"{id}\"><data key=\"v\">{name}</data></node>\n");
        let nodes_text: String = nodes.iter().map(node).collect();
        let (a, b) = (nodes[0].0, nodes[1].0);
        format!(
            "{key}{kind}{nodes_text}<edge source=\"{a}\" target=\"{b}\"><data key=\"e\">online</data></edge>\n</graph>\n"
        )
    }

    #[test]
    fn igraph_and_gephi_name_places_by_an_attribute() {
        for title in ["name", "Label", "id"] {
            let text = graph(title, &[("n0", "150"), ("n1", "3"), ("n2", "199")]);
            assert_eq!(read(&text), Ok((vec![(150, 3, Online)], vec![])), "{title}");
        }
        let text = graph("name", &[("n0", "Core"), ("n1", "Acme &amp; Co")]);
        assert_eq!(read_as(&text, &firms(), ""), Ok((vec![(2, 0, Online)], vec![])));
    }

    #[test]
    fn networkx_names_firms_by_ids_and_what_they_have_is_told() {
        let text = graph("sector", &[("Brown", "S01"), ("Acme &amp; Co", "S02")]);
        let (ties, told) = read_as(&text, &firms(), "").unwrap();
        assert_eq!(ties, [(1, 0, Online)]);
        assert_eq!(told.len(), 1);
        assert!(
            told[0].starts_with("3:1 <key id=\"v\"") && told[0].contains("nothing reads what nodes have as sector")
        );
        let plain = "<graph><node id='150'/><node id='3'/><edge source='150' target='3'/></graph>";
        assert_eq!(read(plain), Ok((vec![(150, 3, Offline)], vec![])));
    }

    #[test]
    fn yed_names_places_by_the_first_label() {
        let text = "<key for=\"node\" id=\"d6\" yfiles.type=\"nodegraphics\"/>\n<graph edgedefault=\"directed\" id=\"G\">\n\
            <node id=\"n0\"><data key=\"d6\"><y:ShapeNode><y:Geometry height=\"30.0\"/><y:NodeLabel alignment=\"center\">17\
            <y:LabelModel><y:SmartNodeLabelModel distance=\"4.0\"/></y:LabelModel></y:NodeLabel>\
            <y:NodeLabel>2nd</y:NodeLabel></y:ShapeNode></data></node>\n\
            <node id=\"n1\"><data key=\"d6\"><y:ShapeNode><y:NodeLabel>4</y:NodeLabel></y:ShapeNode></data></node>\n\
            <edge id=\"e0\" source=\"n0\" target=\"n1\"><data key=\"d10\"><y:PolyLineEdge/></data></edge>\n</graph>\n";
        let (ties, told) = read(text).unwrap();
        assert_eq!(ties, [(17, 4, Offline)]);
        assert!(told.len() == 1 && told[0].contains("these ties are directed"), "{told:?}");
        let labelled =
            text.replace("<y:PolyLineEdge/>", "<y:PolyLineEdge><y:EdgeLabel>online</y:EdgeLabel></y:PolyLineEdge>");
        assert!(read(&labelled).unwrap_err()[0].contains("the ties have no `kind`, but `edge label` says online"));
    }

    #[test]
    fn running_ids_are_never_taken_in_silence() {
        let unnamed = "<graph><node id='n0'/><node id='n1'/><edge source='n0' target='n1'/></graph>";
        let (ties, told) = read(unnamed).unwrap();
        assert_eq!(ties, [(0, 1, Offline)]);
        assert!(told[0].contains("the nodes have no names but running ids"), "{told:?}");
        assert_eq!(read_as(unnamed, &Places::numbered(9), "id"), Ok((vec![(0, 1, Offline)], vec![])));
        for ids in [["n0", "n1"], ["0", "1"]] {
            let text = graph("name", &[(ids[0], "Acme Ltd"), (ids[1], "Brown")]);
            let asked = read(&text).unwrap_err();
            assert_eq!(asked.len(), 1);
            assert!(
                asked[0].contains("named by `name` or by `id`?")
                    && asked[0].contains("network.names = \"name\" or \"id\"")
            );
            assert_eq!(read_as(&text, &Places::numbered(9), "id").unwrap().0, [(0, 1, Online)]);
        }
    }

    #[test]
    fn two_that_could_be_meant_are_asked_for() {
        let text = graph("label", &[("7", "1"), ("8", "2")]);
        assert!(read(&text).unwrap_err()[0].contains("node `7` has the label `1`: both could be meant"));
        assert_eq!(read_as(&text, &Places::numbered(9), "label").unwrap().0, [(1, 2, Online)]);
        assert_eq!(read_as(&text, &Places::numbered(9), "id").unwrap().0, [(7, 8, Online)]);
        let told = read_as(&text, &Places::numbered(9), "vat").unwrap_err();
        assert_eq!(told, ["network.names | no node of ties has an attribute `vat` | one of `label`, `id` | "]);
        let same = graph("label", &[("7", "7"), ("8", "8")]);
        assert_eq!(read(&same).unwrap().0, [(7, 8, Online)]);
        let other = graph("vat", &[("n0", "5"), ("n1", "6")]);
        assert_eq!(read_as(&other, &Places::numbered(9), "VAT").unwrap().0, [(5, 6, Online)]);
    }

    #[test]
    fn nodes_that_nobody_knows_are_told_once_or_one_by_one() {
        let all = read(&graph("sector", &[("Acme", "S01"), ("Brown", "S02")])).unwrap_err();
        assert!(all.len() == 1 && all[0].contains("called `Acme`, `Brown` …: nobody knows any"), "{all:?}");
        assert!(all[0].contains("population.firms_file"));
        let some = read(&graph("name", &[("n0", "5"), ("n1", "200"), ("n2", ""), ("n3", "5")])).unwrap_err();
        assert_eq!(
            some,
            [
                "7:29 200 | there is no place 200 | a place from 0 to 199 | ",
                "8:1 <node id=\"n2\"> | this node has no name | a place from 0 to 199 | ",
                "9:29 5 | two nodes are called `5` | so is node `n0` | ",
            ]
        );
    }

    #[test]
    fn a_kind_is_read_however_it_is_written() {
        let tie = |key: &str, data: &str| {
            let text =
                format!("{key}<graph><node id='0'/><node id='1'/><edge source='0' target='1'>{data}</edge></graph>");
            read(&text).map(|(ties, _)| ties[0].2)
        };
        let key = "<key id='k' for='edge' attr.name='kind'/>";
        for data in ["<![CDATA[online]]>", "on&#108;ine", " on<!-- a note -->line ", "Online", "<![CDATA[on]]>line"] {
            assert_eq!(tie(key, &format!("<data key='k'>{data}</data>")), Ok(Online), "{data}");
        }
        for key in [
            "<key id='k' for='edge' attr.name='Kind'/>",
            "<key id='k' for='all' attr.name=' KIND '/>",
            "<key id='k' attr.name='kind'/>",
        ] {
            assert_eq!(tie(key, "<data key='k'>online</data>"), Ok(Online), "{key}");
        }
        assert_eq!(tie("", "<data key='kind'>online</data>"), Ok(Online), "a key that nobody declared");
        assert_eq!(tie("<key id='kind' for='edge'/>", "<data key='kind'>online</data>"), Ok(Online));
        let default = "<key id='k' for='edge' attr.name='kind'><default> <![CDATA[online]]> </default></key>";
        assert_eq!(tie(default, ""), Ok(Online));
        assert_eq!(tie(default, "<data key='k'></data>"), Ok(Online));
        assert_eq!(tie(default, "<data key='k'>offline</data>"), Ok(Offline));
        let of_nodes = "<key id='k' for='node' attr.name='kind'><default>online</default></key>";
        assert_eq!(tie(of_nodes, ""), Ok(Offline), "the default of nodes is no kind of tie");
        let wrong = tie(key, "<data key='k'><![CDATA[nonsense]]></data>").unwrap_err();
        assert!(wrong[0].contains("<![CDATA[nonsense]]> | `nonsense` is not a kind of tie"), "{wrong:?}");
        let unknown = tie(key, "<data key='k'>on&line;</data>").unwrap_err();
        assert!(unknown[0].contains("nobody knows `&line;`"), "{unknown:?}");
        let twice = "<key id='j' for='edge' attr.name='Kind'/><key id='k' for='edge' attr.name='kind'/>";
        assert!(
            tie(twice, "<data key='j'>online</data><data key='k'>offline</data>").unwrap_err()[0]
                .contains("a second kind")
        );
    }

    #[test]
    fn what_is_more_than_one_graph_of_pairs_is_refused() {
        let cases = [
            ("<graph/>\n<graph><node id='0'/></graph>", "4:1 <graph> | this is a second graph"),
            ("<graph><node id='0'>\n<graph/></node></graph>", "4:1 <graph/> | this graph is inside another one"),
            ("<graph>\n<hyperedge><endpoint node='0'/></hyperedge></graph>", "4:1 <hyperedge> | a hyperedge ties more"),
            ("<graph><node id='0'>\n<port name='N'/></node></graph>", "4:1 <port name='N'/> | this node has ports"),
            (
                "<graph><node id='0'/><node id='1'/>\n<edge source='0' target='1' sourceport='N'/></graph>",
                "4:41 N | this tie ends at a port",
            ),
            ("<graph><node id='0'/>\n<node id='0'/></graph>", "4:11 0 | there is a node `0` already"),
            ("<graph><node id='&mystery;'/></graph>", "3:18 &mystery; | nobody knows `&mystery;`"),
        ];
        for (text, wanted) in cases {
            let told = read(text).unwrap_err();
            assert!(told.len() == 1 && told[0].starts_with(wanted), "{told:?}");
        }
        let gexf =
            parse(&source("<?xml version='1.0'?>\n<gexf version='1.3'><graph/></gexf>"), &Places::numbered(4), "");
        let told = told(&gexf.unwrap_err());
        assert!(
            told[0].starts_with("2:1 <gexf version='1.3'> | GEXF is not read") && told[0].contains("File > Export")
        );
    }

    #[test]
    fn weights_and_directions_are_told() {
        let text = "<key id='w' for='edge' attr.name='weight'/><graph edgedefault='directed'><node id='0'/><node id='1'/>\
                    <edge source='0' target='1'><data key='w'>2.5</data></edge></graph>";
        let (ties, told) = read(text).unwrap();
        assert_eq!((ties.len(), told.len()), (1, 2));
        assert!(
            told[0].contains("these ties are directed") && told[1].contains("nothing reads what ties have as weight")
        );
    }

    #[test]
    fn partners_abroad_of_our_own_graphs_are_passed_over_and_counted() {
        let text = "<key id='n0' for='node' attr.name='kind'/><key id='e0' for='edge' attr.name='kind'/><graph>\
                    <node id='0'><data key='n0'>firm</data></node><node id='1'/><node id='FRA-17'><data key='n0'>partner</data></node>\
                    <edge source='1' target='0'><data key='e0'>peer-online</data></edge>\
                    <edge source='0' target='FRA-17'><data key='e0'>cross-border</data></edge></graph>";
        let (ties, told) = read(text).unwrap();
        assert_eq!(ties, [(1, 0, Online)]);
        assert!(told.len() == 1 && told[0].contains("1 ties to partners abroad are not read"), "{told:?}");
    }

    #[test]
    fn faults_of_edges_are_told_with_line_and_column() {
        let text =
            "<graph><node id='0'/><node id='1'/>\n<edge source='0' target='b'/>\n<edge source='1' target='1'/></graph>";
        assert_eq!(
            read(text).unwrap_err(),
            [
                "4:26 b | there is no node `b` | the id of a node of this file | ",
                "5:1 <edge source='1' target='1'/> | place 1 is tied to itself | two different places | remove it",
            ]
        );
        let bare = read("<graph><edge source='n0' target='5'/></graph>").unwrap();
        assert_eq!(bare.0, [(0, 5, Offline)], "ties alone name places");
        assert!(read("<graph><edge source='1'/></graph>").unwrap_err()[0].contains("<edge> has no attribute `target`"));
    }

    #[test]
    fn broken_xml_is_a_fault_and_not_a_panic() {
        for text in [
            "<graphml><graph></graphml>",
            "<graphml><graph>",
            "<graphml",
            "<graphml/>",
            "</edge>",
            "<a b='1' b='2'/>",
            "<svg/>",
        ] {
            let faults = parse(&source(text), &Places::numbered(4), "").unwrap_err();
            assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        }
        let deep = format!("<graphml>{}", "<graph>".repeat(100_000));
        assert!(parse(&source(&deep), &Places::numbered(4), "").is_err());
    }
}
