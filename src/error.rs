//! Faults: what was found, where, what was expected and what to do, many at once.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A text a fault can point into: a file, or the words of a command line.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The name shown before line and column; empty for the words of a command line, which have neither.
    pub name: String,
    pub text: String,
}

/// Where a fault is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nothing to point at.
    Nowhere,
    /// A setting by its dotted path, such as `world.largest`; the scenario knows where it was written.
    Setting(String),
    /// A stretch of bytes of a text.
    Text(Arc<Source>, Range<usize>),
}

/// Whether the work can go on in spite of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The request cannot be carried out.
    Error,
    /// The request can be carried out, but is probably not what was meant.
    Warning,
}

/// One thing that is wrong, told to the person who can mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Whether the work can go on in spite of it.
    pub severity: Severity,
    /// What is wrong, in one line without a full stop.
    pub title: String,
    /// Where it is.
    pub place: Place,
    /// What stands under the underlined text: what was expected.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The setting it is about, by its dotted path, wherever that was written; none if it is about no single one.
    pub path: Option<String>,
}

/// Where a fault stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The file; empty for what was no file, such as the words of a command line.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In letters, from 1.
    pub column: usize,
}

impl Fault {
    /// A fault that points at nothing.
    pub fn new(title: impl Into<String>) -> Self {
        let (title, label) = (title.into(), String::new());
        Self { severity: Severity::Error, title, place: Place::Nowhere, label, help: None, path: None }
    }

    /// A fault of the setting at a dotted path.
    pub fn setting(path: impl Into<String>, title: impl Into<String>) -> Self {
        let path = path.into();
        Self { place: Place::Setting(path.clone()), path: Some(path), ..Self::new(title) }
    }

    /// A fault in a text.
    pub fn text(source: &Arc<Source>, range: Range<usize>, title: impl Into<String>) -> Self {
        Self { place: Place::Text(source.clone(), range), ..Self::new(title) }
    }

    /// The file, line and column it points at, if it points into a text.
    pub fn position(&self) -> Option<Position> {
        let Place::Text(source, range) = &self.place else { return None };
        let before = source.text.get(..range.start).unwrap_or_default();
        let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
        let (lines, column) = (before.matches('\n').count() + 1, line.chars().count() + 1);
        Some(Position { file: source.name.clone(), line: lines, column })
    }

    /// Makes the fault a warning.
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Adds what was expected.
    pub fn expected(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Why something could not be done.
#[derive(Debug)]
pub enum Error {
    /// The request is wrong: every fault found (exit code 2).
    Asked(Vec<Fault>),
    /// A file or the system let us down (exit code 1).
    Failed(String),
}

impl Error {
    /// An input or output error with the path it happened at and what was being done.
    pub fn io(doing: &str, path: &std::path::Path, error: impl fmt::Display) -> Self {
        Self::Failed(format!("could not {doing} {}: {error}", path.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(message) => f.write_str(message),
            Self::Asked(faults) => {
                let titles: Vec<&str> = faults.iter().map(|fault| fault.title.as_str()).collect();
                f.write_str(&titles.join("; "))
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Asked(vec![fault])
    }
}

/// The word among `known` that `wrong` was probably meant to be (Jaro–Winkler similarity above 0.8).
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|word| (strsim::jaro_winkler(&wrong.to_lowercase(), &word.to_lowercase()), word))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}
