//! A table of points: a column for each axis, a row for each point.

use super::super::design::{Axis, Domain, Level};
use super::super::subject::Words;
use super::axis::placed;
use super::{Reader, entry, number};
use crate::error::Source;
use crate::param::{Kind, Value};
use crate::read::{self, Faults, Table, key};
use crate::scenario::beside;
use crate::scenario::document::Entry;
use std::path::Path;
use std::sync::Arc;

/// The points of a table, a row each: positions among the levels of the axes, which grow by the values met.
pub(super) fn points(
    source: Arc<Source>,
    file: &Path,
    axes: &mut [Axis],
    words: &Words,
    faults: &mut Faults,
) -> Vec<Vec<f64>> {
    let Some(table) = Table::of(source, faults) else { return Vec::new() };
    let names: Vec<String> = axes.iter().map(|axis| key(&axis.name)).collect();
    let column = |(axis, name): (&Axis, &String)| {
        table.require(&[name.as_str()], &format!("the values of the axis {}", axis.name), faults)
    };
    let columns: Vec<Option<usize>> = axes.iter().zip(&names).map(column).collect();
    let known: Vec<usize> = columns.iter().flatten().copied().collect();
    table.unread(&known, &names.iter().map(String::as_str).collect::<Vec<_>>(), faults);
    if known.len() < axes.len() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for row in table.rows() {
        let position = |(axis, at): (&mut Axis, &usize)| match position(axis, row.cells[*at].text.as_ref(), file, words)
        {
            Ok(position) => Some(position),
            Err((title, expected)) => {
                faults.push(table.fault(&row.cells[*at], title).expected(expected));
                None
            }
        };
        // Every cell is looked at, so that all faults of a row are told.
        let cells: Vec<Option<f64>> = axes.iter_mut().zip(&known).map(position).collect();
        found.extend(cells.into_iter().collect::<Option<Vec<f64>>>());
    }
    if found.is_empty() && !faults.any() {
        faults.push(table.fault_of_header("the table has no rows").expected("one or more points below the header"));
    }
    found
}

/// The position of a word among the levels of its axis, which a new value joins; what is wrong and what was expected.
pub(super) fn position(axis: &mut Axis, word: &str, file: &Path, words: &Words) -> Result<f64, (String, String)> {
    let nothing = || (format!("{word:?} is no value of {}", axis.name), String::new());
    let Domain::List(levels) = &mut axis.domain else { return Err(nothing()) };
    if let Some(known) = levels.iter().position(|level| level.label == word) {
        return Ok(known as f64);
    }
    let first = axis.paths.first().and_then(|path| words.declared(path));
    let kind = first.map(|decl| decl.kind).ok_or_else(|| (format!("{} sets nothing", axis.name), String::new()))?;
    let value = match kind {
        Kind::Switch => word.to_ascii_lowercase().parse().map(Value::Switch).ok(),
        Kind::Integer => word.parse().map(Value::Integer).ok(),
        Kind::Number => word.parse().ok().filter(|x: &f64| x.is_finite()).map(Value::Number),
        _ => Some(Value::Text(word.to_owned())),
    };
    let wrong = || (format!("{word:?} is no value of {}", axis.name), kind.expected());
    let value = value.ok_or_else(wrong)?;
    for path in &axis.paths {
        words.accepts(path, &value).map_err(|expected| (format!("`{path}` cannot be {value}"), expected))?;
    }
    let settings = axis.paths.iter().map(|path| (path.clone(), placed(path, &value, file, words))).collect();
    levels.push(Level { label: word.to_owned(), number: number(&value), settings });
    Ok((levels.len() - 1) as f64)
}

impl Reader<'_> {
    /// The rows of the table of points; values of an axis become its levels in the order met.
    pub(super) fn table(&mut self, own: &[Entry], path: &Path, axes: &mut [Axis], words: &Words) -> Vec<Vec<f64>> {
        let Some((name, at)) = self.text(own, "table") else {
            if entry(own, "table").is_none() {
                self.fault(&(0..0), "the design points needs a table", "").help =
                    Some("write table = \"points.csv\" below [sweep], relative to this file".into());
            }
            return Vec::new();
        };
        let file = beside(path, &name);
        let mut faults = Faults::default();
        let read = match read::text(&file, &file.display().to_string(), read::TABLE) {
            Ok(read) => read,
            Err(fault) => {
                self.fault(&at, fault.title, "expected a table with a column for each axis");
                return Vec::new();
            }
        };
        let rows = points(read.source, &file, axes, words, &mut faults);
        self.faults.extend(faults.take(&file.display().to_string()));
        rows
    }
}
