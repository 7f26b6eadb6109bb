//! Graphs for other programs: edge and node lists as CSV, and GraphML with named attributes.
//!
//! Rows are taken one at a time, so a graph of any size is written without being held in memory. The caller says which
//! attributes there are ([`Column`]) and gives each row's values in the same order ([`Cell`]); ids are anything that
//! can be written, such as a place or `"p12"` for a partner. Both formats are read by networkx, igraph and Gephi.

use quick_xml::escape::escape;
use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, Write};

/// The type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    Whole,
    Real,
    Flag,
}

impl Type {
    /// The name of the type in GraphML.
    fn word(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Whole => "long",
            Self::Real => "double",
            Self::Flag => "boolean",
        }
    }
}

/// A named attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column<'a> {
    pub name: &'a str,
    pub of: Type,
}

/// The value of an attribute; what is missing, and numbers that are not finite, are left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Text(&'a str),
    Whole(i64),
    Real(f64),
    Flag(bool),
    Missing,
}

impl<'a> Cell<'a> {
    /// The value as text, if there is one. Numbers are written with the fewest digits that read back the same.
    fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(text.into()),
            Self::Whole(whole) => Some(whole.to_string().into()),
            Self::Real(real) if real.is_finite() => Some(format!("{real:?}").into()),
            Self::Flag(flag) => Some(if flag { "true" } else { "false" }.into()),
            Self::Real(_) | Self::Missing => None,
        }
    }

    fn fits(self, of: Type) -> bool {
        match self {
            Self::Text(_) => of == Type::Text,
            Self::Whole(_) => of == Type::Whole,
            Self::Real(_) => of == Type::Real,
            Self::Flag(_) => of == Type::Flag,
            Self::Missing => true,
        }
    }
}

/// A node with its attributes in the order of the columns.
#[derive(Clone, Copy, Debug)]
pub struct NodeRow<I, C> {
    pub id: I,
    pub cells: C,
}

/// A tie with its attributes in the order of the columns.
#[derive(Clone, Copy, Debug)]
pub struct EdgeRow<I, C> {
    pub source: I,
    pub target: I,
    pub cells: C,
}

/// Checks that a row has the cells its columns promise: a mistake of the program, not of the user.
fn check(columns: &[Column], cells: &[Cell]) {
    assert_eq!(columns.len(), cells.len(), "a row has one cell for each column");
    for (column, cell) in columns.iter().zip(cells) {
        debug_assert!(cell.fits(column.of), "{cell:?} in column {} of {:?}", column.name, column.of);
    }
}

fn csv_row<'a>(
    writer: &mut csv::Writer<impl Write>,
    ids: &[&dyn Display],
    columns: &[Column],
    cells: &[Cell<'a>],
) -> io::Result<()> {
    check(columns, cells);
    for id in ids {
        writer.write_field(id.to_string())?;
    }
    for cell in cells {
        writer.write_field(crate::statistics::words::cell(&cell.text().unwrap_or_default()).as_bytes())?;
    }
    writer.write_record(None::<&[u8]>)?;
    Ok(())
}

/// Writes an edge list with the columns `source`, `target` and those named.
///
/// # Errors
/// What the writer says.
///
/// # Panics
/// When a row has not one cell for each column.
pub fn edges_csv<'a, I: Display, C: AsRef<[Cell<'a>]>>(
    writer: impl Write,
    columns: &[Column],
    edges: impl IntoIterator<Item = EdgeRow<I, C>>,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(writer);
    writer.write_record(["source", "target"].into_iter().chain(columns.iter().map(|column| column.name)))?;
    for edge in edges {
        csv_row(&mut writer, &[&edge.source, &edge.target], columns, edge.cells.as_ref())?;
    }
    writer.flush()
}

/// Writes a list of nodes with the columns `id` and those named.
///
/// # Errors
/// What the writer says.
///
/// # Panics
/// When a row has not one cell for each column.
pub fn nodes_csv<'a, I: Display, C: AsRef<[Cell<'a>]>>(
    writer: impl Write,
    columns: &[Column],
    nodes: impl IntoIterator<Item = NodeRow<I, C>>,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(writer);
    writer.write_record(std::iter::once("id").chain(columns.iter().map(|column| column.name)))?;
    for node in nodes {
        csv_row(&mut writer, &[&node.id], columns, node.cells.as_ref())?;
    }
    writer.flush()
}

/// Writes an undirected graph as GraphML (Brandes et al. 2002, *Graph Drawing*, LNCS 2265, 501–512): nodes first, then
/// ties. The ends of each tie should be among the nodes.
///
/// # Errors
/// What the writer says.
///
/// # Panics
/// When a row has not one cell for each column.
pub fn graphml<'a, 'b, I: Display, J: Display, C: AsRef<[Cell<'a>]>, D: AsRef<[Cell<'b>]>>(
    writer: impl Write,
    (node_columns, nodes): (&[Column], impl IntoIterator<Item = NodeRow<I, C>>),
    (edge_columns, edges): (&[Column], impl IntoIterator<Item = EdgeRow<J, D>>),
) -> io::Result<()> {
    let mut out = io::BufWriter::new(writer);
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
    out.write_all(b"<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n")?;
    for (of, letter, columns) in [("node", 'n', node_columns), ("edge", 'e', edge_columns)] {
        for (at, column) in columns.iter().enumerate() {
            let (name, kind) = (clean(column.name), column.of.word());
            writeln!(out, "<key id=\"{letter}{at}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")?;
        }
    }
    out.write_all(b"<graph edgedefault=\"undirected\">\n")?;
    for node in nodes {
        write!(out, "<node id=\"{}\"", clean(&node.id.to_string()))?;
        data(&mut out, ("node", 'n'), node_columns, node.cells.as_ref())?;
    }
    for edge in edges {
        let (source, target) = (edge.source.to_string(), edge.target.to_string());
        write!(out, "<edge source=\"{}\" target=\"{}\"", clean(&source), clean(&target))?;
        data(&mut out, ("edge", 'e'), edge_columns, edge.cells.as_ref())?;
    }
    out.write_all(b"</graph>\n</graphml>\n")?;
    out.flush()
}

/// Finishes an element whose tag is open with its data.
fn data(out: &mut impl Write, (tag, letter): (&str, char), columns: &[Column], cells: &[Cell]) -> io::Result<()> {
    check(columns, cells);
    let mut empty = true;
    for (at, text) in cells.iter().enumerate().filter_map(|(at, cell)| Some((at, cell.text()?))) {
        let close = if empty { ">" } else { "" };
        write!(out, "{close}<data key=\"{letter}{at}\">{}</data>", clean(&text))?;
        empty = false;
    }
    if empty { writeln!(out, "/>") } else { writeln!(out, "</{tag}>") }
}

/// Text for XML: escaped, and without the control characters that XML cannot hold.
fn clean(text: &str) -> Cow<'_, str> {
    let forbidden = |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.contains(forbidden) { escape(text.replace(forbidden, "\u{fffd}")) } else { escape(text) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{GROWN, country, grown};
    use super::super::{NetworkSettings, PeerGraph, import};
    use super::*;
    use crate::error::Source;
    use std::sync::Arc;

    const NODES: [Column; 3] = [
        Column { name: "kind", of: Type::Text },
        Column { name: "size", of: Type::Real },
        Column { name: "SNS", of: Type::Flag },
    ];
    const EDGES: [Column; 2] =
        [Column { name: "market", of: Type::Text }, Column { name: "age & <stage>", of: Type::Whole }];

    fn nodes<'a>() -> [NodeRow<&'a str, [Cell<'a>; 3]>; 2] {
        [
            NodeRow { id: "f1", cells: [Cell::Text("firm"), Cell::Real(1.5), Cell::Flag(true)] },
            NodeRow { id: "p\"2", cells: [Cell::Missing, Cell::Real(f64::NAN), Cell::Missing] },
        ]
    }

    fn edges<'a>() -> [EdgeRow<&'a str, [Cell<'a>; 2]>; 1] {
        [EdgeRow { source: "f1", target: "p\"2", cells: [Cell::Text("Côte d'Ivoire, \u{1}west"), Cell::Whole(-3)] }]
    }

    #[test]
    fn graphml_names_types_and_leaves_out_what_is_missing() {
        let mut out = Vec::new();
        graphml(&mut out, (&NODES, nodes()), (&EDGES, edges())).unwrap();
        let wanted = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="n0" for="node" attr.name="kind" attr.type="string"/>
<key id="n1" for="node" attr.name="size" attr.type="double"/>
<key id="n2" for="node" attr.name="SNS" attr.type="boolean"/>
<key id="e0" for="edge" attr.name="market" attr.type="string"/>
<key id="e1" for="edge" attr.name="age &amp; &lt;stage&gt;" attr.type="long"/>
<graph edgedefault="undirected">
<node id="f1"><data key="n0">firm</data><data key="n1">1.5</data><data key="n2">true</data></node>
<node id="p&quot;2"/>
<edge source="f1" target="p&quot;2"><data key="e0">Côte d&apos;Ivoire, �west</data><data key="e1">-3</data></edge>
</graph>
</graphml>
"#;
        assert_eq!(String::from_utf8(out).unwrap(), wanted);
    }

    #[test]
    fn csv_quotes_where_it_must() {
        let mut out = Vec::new();
        edges_csv(&mut out, &EDGES, edges()).unwrap();
        let wanted = "source,target,market,age & <stage>\nf1,\"p\"\"2\",\"Côte d'Ivoire, \u{1}west\",-3\n";
        assert_eq!(String::from_utf8(out).unwrap(), wanted);
        let mut out = Vec::new();
        nodes_csv(&mut out, &NODES, nodes()).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "id,kind,size,SNS\nf1,firm,1.5,true\n\"p\"\"2\",,,\n");
    }

    #[test]
    fn whatever_a_generator_ties_is_read_back_as_it_was_written() {
        for generator in GROWN {
            let graph = grown(&NetworkSettings { generator, ..NetworkSettings::default() }, &country(300, 3), 17);
            let kind = [Column { name: "kind", of: Type::Text }];
            let rows =
                || graph.ties().map(|(a, b, kind)| EdgeRow { source: a, target: b, cells: [Cell::Text(kind.word())] });
            let slots = (0..300).map(|id| NodeRow { id, cells: [] });
            let (mut csv, mut xml) = (Vec::new(), Vec::new());
            edges_csv(&mut csv, &kind, rows()).unwrap();
            graphml(&mut xml, (&[], slots), (&kind, rows())).unwrap();
            let source = |text| Arc::new(Source { name: "ties".into(), text: String::from_utf8(text).unwrap() });
            for text in [csv, xml] {
                let read = import::parse(&source(text), &import::Places::numbered(300), "").unwrap();
                assert_eq!((PeerGraph::from_ties(300, read.ties), read.told), (graph.clone(), vec![]), "{generator:?}");
            }
        }
    }

    #[test]
    fn names_with_marks_of_their_own_are_read_back() {
        let names = ["A & B <Ltd>", "\"C\", the; 2nd", "D\u{e9}j\u{e0} Vu"];
        let kind = [Column { name: "kind", of: Type::Text }];
        let rows = || {
            [(0, 1), (2, 0)].map(|(a, b)| EdgeRow { source: names[a], target: names[b], cells: [Cell::Text("online")] })
        };
        let (mut csv, mut xml) = (Vec::new(), Vec::new());
        edges_csv(&mut csv, &kind, rows()).unwrap();
        graphml(&mut xml, (&[], names.map(|id| NodeRow { id, cells: [] })), (&kind, rows())).unwrap();
        let slots = import::Places::called("firms.csv", names.map(str::to_owned));
        for text in [csv, xml] {
            let source = Arc::new(Source { name: "ties".into(), text: String::from_utf8(text).unwrap() });
            let ties = import::parse(&source, &slots, "").unwrap().ties;
            assert_eq!(ties.iter().map(|tie| (tie.0, tie.1)).collect::<Vec<_>>(), [(0, 1), (2, 0)]);
        }
    }
}
