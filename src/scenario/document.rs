//! The text of one scenario file as a tree of entries that know where they stand.

use crate::error::{Fault, Source};
use crate::param::Value;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// Tables deeper than this are not looked into; no section lies as deep.
const DEEPEST: usize = 16;

/// A key with what stands behind it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub key: String,
    /// The bytes of the key.
    pub key_at: Range<usize>,
    /// The bytes of the value.
    pub at: Range<usize>,
    pub node: Node,
}

/// What can stand behind a key.
#[derive(Debug)]
pub(crate) enum Node {
    Value(Value),
    Table(Vec<Entry>),
    /// Something no setting can be, in words.
    Other(&'static str),
}

/// A text that was read.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub entries: Vec<Entry>,
    pub faults: Vec<Fault>,
    /// The first bytes of broken stretches; what was read on the same line was guessed.
    pub broken: Vec<usize>,
}

/// Is a file JSON? Told by its name, or, where that does not tell, by its first letter, with which no TOML begins.
pub(crate) fn is_json(path: &Path, text: &str) -> bool {
    let named = |word: &str| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(word));
    named("json") || !named("toml") && text.trim_start().starts_with('{')
}

/// Reads a text as JSON or TOML; what cannot be read is told as faults, the rest is returned.
pub(crate) fn parse(source: &Arc<Source>, json: bool) -> Parsed {
    if json {
        let mut faults = Vec::new();
        let mut entries = json_entries(source, 0..source.text.len(), 0, &mut faults);
        entries.retain(|entry| entry.key != "$schema");
        return Parsed { entries, faults, broken: Vec::new() };
    }
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let mut parsed = Parsed { entries: toml_table(table.get_ref(), 0), ..Parsed::default() };
    for error in &errors {
        let range = error.span().unwrap_or(0..0);
        if error.message().starts_with("duplicate key") {
            let key = source.text.get(range.clone()).unwrap_or_default().trim();
            parsed.faults.push(duplicate(source, range, key));
        } else {
            parsed.broken.push(range.start);
            parsed.faults.push(toml_fault(source, range, error.message()));
        }
    }
    parsed
}

fn toml_fault(source: &Arc<Source>, range: Range<usize>, message: &str) -> Fault {
    if message.starts_with("string values must be quoted") {
        return unquoted(source, range);
    }
    let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let (before, after) = source.text.split_at_checked(range.start).unwrap_or_default();
    let decimal_comma = after.starts_with(',') && before.ends_with(|c: char| c.is_ascii_digit());
    let mut fault = Fault::text(source, range, format!("not valid TOML: {what}"));
    if !matches!(expected, "" | "nothing") {
        fault = fault.expected(format!("expected {expected}"));
    }
    if decimal_comma { fault.help("decimals stand behind a point, as in 0.5") } else { fault }
}

/// The fault of a value that is neither a number nor a switch and has no quotes.
fn unquoted(source: &Arc<Source>, range: Range<usize>) -> Fault {
    let words = source.text.get(range.clone()).unwrap_or_default().trim();
    if words.is_empty() {
        return Fault::text(source, range, "no value stands behind `=`").expected("expected a value");
    }
    let help = match words.to_ascii_lowercase().as_str() {
        "yes" | "on" | "true" => "write true".into(),
        "no" | "off" | "false" => "write false".into(),
        _ if words.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => {
            "a number is written with a point and without a unit, such as 0.5 or 1e-3".into()
        }
        _ => format!("a text is written as \"{words}\""),
    };
    Fault::text(source, range, format!("`{words}` is no value"))
        .expected("expected a number, true, false or a text in quotes")
        .help(help)
}

fn duplicate(source: &Arc<Source>, range: Range<usize>, key: &str) -> Fault {
    Fault::text(source, range, format!("`{key}` is stated twice"))
        .expected("stated before in the same table")
        .help("keep one of the two")
}

fn toml_table(table: &DeTable<'_>, depth: usize) -> Vec<Entry> {
    let entry = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
        let word: &std::borrow::Cow<'_, str> = key.get_ref();
        Entry { key: word.to_string(), key_at: key.span(), at: value.span(), node: toml_node(value.get_ref(), depth) }
    };
    let mut entries: Vec<Entry> = table.iter().map(entry).collect();
    entries.sort_by_key(|entry| entry.key_at.start);
    entries
}

/// Reads one TOML value; tables deeper than any section are not looked into.
pub(crate) fn toml_node(value: &DeValue<'_>, depth: usize) -> Node {
    match value {
        DeValue::Table(_) if depth >= DEEPEST => Node::Other("tables nested too deeply"),
        DeValue::Table(table) => Node::Table(toml_table(table, depth + 1)),
        DeValue::Boolean(on) => Node::Value(Value::Switch(*on)),
        DeValue::String(text) => Node::Value(Value::Text(text.to_string())),
        DeValue::Float(x) => x.as_str().parse().map_or(Node::Other("a number"), |x| Node::Value(Value::Number(x))),
        DeValue::Integer(n) => match i64::from_str_radix(n.as_str(), n.radix()) {
            Ok(n) => Node::Value(Value::Integer(n)),
            Err(_) => Node::Other("a whole number beyond 64 bits"),
        },
        DeValue::Datetime(_) => Node::Other("a date or time"),
        DeValue::Array(items) => list(items.iter().map(|item| toml_node(item.get_ref(), DEEPEST))),
    }
}

fn list(items: impl Iterator<Item = Node>) -> Node {
    let mut texts = Vec::new();
    for item in items {
        match item {
            Node::Value(Value::Text(text)) => texts.push(text),
            Node::Table(_) | Node::Other("tables nested too deeply") => return Node::Other("a list of tables"),
            _ => return Node::Other("a list with an item that is no text"),
        }
    }
    Node::Value(Value::List(texts))
}

/// The pairs of a JSON object as they stand in the text, in order and with repetitions.
struct Pairs<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Pairs<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

fn json_entries(source: &Arc<Source>, range: Range<usize>, depth: usize, faults: &mut Vec<Fault>) -> Vec<Entry> {
    let text = &source.text[range.clone()];
    let pairs = match serde_json::from_str::<Pairs<'_>>(text) {
        Ok(Pairs(pairs)) => pairs,
        Err(error) => {
            let at = range.start + offset(text, error.line(), error.column());
            let message = error.to_string();
            let what = message.split(" at line ").next().unwrap_or_default();
            faults.push(Fault::text(source, at..at, format!("not valid JSON: {what}")));
            return Vec::new();
        }
    };
    let place = |part: &RawValue| {
        let start = part.get().as_ptr() as usize - source.text.as_ptr() as usize;
        start..start + part.get().len()
    };
    let mut entries: Vec<Entry> = Vec::new();
    for (key, value) in pairs {
        let key_at = place(key);
        let key = serde_json::from_str::<String>(key.get()).unwrap_or_else(|_| key.get().to_owned());
        if entries.iter().any(|entry| entry.key == key) {
            faults.push(duplicate(source, key_at, &key));
            continue;
        }
        let at = place(value);
        let node = json_node(source, at.clone(), depth, faults);
        entries.push(Entry { key, key_at, at, node });
    }
    entries
}

fn json_node(source: &Arc<Source>, at: Range<usize>, depth: usize, faults: &mut Vec<Fault>) -> Node {
    let text = &source.text[at.clone()];
    if text.starts_with('{') {
        return if depth >= DEEPEST {
            Node::Other("objects nested too deeply")
        } else {
            Node::Table(json_entries(source, at, depth + 1, faults))
        };
    }
    serde_json::from_str(text).map_or(Node::Other("a value that cannot be read"), |value| json_value(&value))
}

fn json_value(value: &serde_json::Value) -> Node {
    use serde_json::Value as Json;
    match value {
        Json::Null => Node::Other("null"),
        Json::Bool(on) => Node::Value(Value::Switch(*on)),
        Json::String(text) => Node::Value(Value::Text(text.clone())),
        Json::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(n), _) => Node::Value(Value::Integer(n)),
            (None, Some(x)) if n.is_f64() => Node::Value(Value::Number(x)),
            _ => Node::Other("a whole number beyond 64 bits"),
        },
        Json::Array(items) => list(items.iter().map(json_value)),
        Json::Object(_) => Node::Table(Vec::new()),
    }
}

/// The byte at which serde_json's line and column (both from 1) stand; its columns count bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str, json: bool) -> (Vec<Entry>, Vec<String>) {
        let source = Arc::new(Source { name: "a".into(), text: text.into() });
        let Parsed { entries, faults, .. } = parse(&source, json);
        (entries, faults.into_iter().map(|fault| fault.title).collect())
    }

    #[test]
    fn json_and_toml_give_the_same_tree_with_places() {
        let toml = "[run]\nyears = 3\nname = \"é\"\n";
        let json = "{\"run\": {\"years\": 3, \"name\": \"é\"}}";
        for (text, is_json) in [(toml, false), (json, true)] {
            let (entries, faults) = tree(text, is_json);
            assert!(faults.is_empty(), "{faults:?}");
            let Node::Table(inner) = &entries[0].node else { panic!("run is a table") };
            assert_eq!(text[inner[0].at.clone()].parse(), Ok(3));
            assert_eq!(text[inner[1].at.clone()], *"\"é\"");
            assert_eq!(text[inner[1].key_at.clone()].trim_matches('"'), "name");
        }
    }

    #[test]
    fn json_tells_a_repeated_key_and_deep_nesting() {
        assert_eq!(tree("{\"a\": 1, \"a\": 2}", true).1, ["`a` is stated twice"]);
        let deep = format!("{}1{}", "{\"a\":".repeat(5000), "}".repeat(5000));
        assert!(tree(&deep, true).1.is_empty());
        assert!(!tree(&format!("{}b = 1", "a.".repeat(5000)), false).1.is_empty());
    }
}
