//! Texts, numbers and lists of a sweep file, with the places they stand at.

use super::{Item, Reader};
use crate::param::Value;
use crate::scenario::document::{Entry, Node, toml_node};
use std::ops::Range;
use toml::de::DeValue;

pub(super) fn entry<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Entry> {
    entries.iter().find(|entry| entry.key == key)
}

pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(n) => Some(*n as f64),
        Value::Number(x) => Some(*x),
        _ => None,
    }
}

impl Reader<'_> {
    pub(super) fn text(&mut self, entries: &[Entry], key: &str) -> Option<(String, Range<usize>)> {
        let entry = entry(entries, key)?;
        match &entry.node {
            Node::Value(Value::Text(text)) => Some((text.clone(), entry.at.clone())),
            _ => {
                self.fault(&entry.at, format!("`{key}` is no text"), "expected a text in quotes");
                None
            }
        }
    }

    pub(super) fn whole(&mut self, entries: &[Entry], key: &str, low: u64, high: u64) -> Option<u64> {
        let entry = entry(entries, key)?;
        match &entry.node {
            Node::Value(Value::Integer(n)) if u64::try_from(*n).is_ok_and(|n| (low..=high).contains(&n)) => {
                Some(*n as u64)
            }
            _ => {
                self.fault(
                    &entry.at,
                    format!("`{key}` is out of range"),
                    format!("expected a whole number from {low} to {high}"),
                );
                None
            }
        }
    }

    pub(super) fn number(&mut self, entries: &[Entry], key: &str) -> Option<f64> {
        let entry = entry(entries, key)?;
        let found = match &entry.node {
            Node::Value(value @ (Value::Integer(_) | Value::Number(_))) => number(value).filter(|x| x.is_finite()),
            _ => None,
        };
        if found.is_none() {
            self.fault(&entry.at, format!("`{key}` is no number"), "expected a finite number");
        }
        found
    }

    /// The items of a list with their places; scenario files know lists of texts only, so the value is read again.
    pub(super) fn list(&mut self, entries: &[Entry], key: &str) -> Option<Vec<Item>> {
        let entry = entry(entries, key)?;
        let raw = self.source.text.get(entry.at.clone()).unwrap_or_default();
        let items = match DeValue::parse(raw) {
            Ok(value) => match value.get_ref() {
                DeValue::Array(items) => items
                    .iter()
                    .map(|item| {
                        let span = item.span();
                        (toml_node(item.get_ref(), 0), entry.at.start + span.start..entry.at.start + span.end)
                    })
                    .collect(),
                _ => Vec::new(),
            },
            Err(_) => Vec::new(),
        };
        if items.is_empty() {
            self.fault(&entry.at, format!("`{key}` is no list"), "expected values in brackets, such as [1, 2, 3]");
            return None;
        }
        let mut found = Vec::new();
        for (node, at) in items {
            match node {
                Node::Value(value) => found.push((value, at)),
                _ => {
                    self.fault(&at, "this is no value", "expected a number, a text, true or false");
                }
            }
        }
        Some(found)
    }
}
