//! Settings given on the command line: `--set path=value`, and flags that stand for one.

use crate::error::{Fault, Source};
use crate::param::{Kind, Value};
use crate::scenario::document::{Node, toml_node};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::de::DeValue;

/// One setting given on the command line.
#[derive(Clone, Debug)]
pub struct Flag {
    /// The words as typed, such as `--set run.seed=7`.
    pub(super) source: Arc<Source>,
    /// The dotted path, and where it stands in the words.
    pub(super) path: String,
    pub(super) path_at: Range<usize>,
    /// Where the value stands; missing if there is no `=`.
    pub(super) value_at: Option<Range<usize>>,
    /// The folder that a relative path in it belongs to: that of the file that states it; else the working directory.
    pub(super) folder: PathBuf,
}

impl Flag {
    /// `--set path=value`.
    pub fn set(assignment: &str) -> Self {
        const START: usize = "--set ".len();
        let end = START + assignment.len();
        let (path_at, value_at) = match assignment.find('=') {
            Some(equals) => (START..START + equals, Some(START + equals + 1..end)),
            None => (START..end, None),
        };
        let text = format!("--set {assignment}");
        let path = text[path_at.clone()].trim().to_owned();
        Self { source: Arc::new(Source { name: String::new(), text }), path, path_at, value_at, folder: PathBuf::new() }
    }

    /// A flag that stands for a setting: `Flag::short("--seed", "run.seed", "7")`.
    pub fn short(flag: &str, path: &str, value: &str) -> Self {
        let text = format!("{flag} {value}");
        let value_at = Some(flag.len() + 1..text.len());
        let source = Arc::new(Source { name: String::new(), text });
        Self { source, path: path.to_owned(), path_at: 0..flag.len(), value_at, folder: PathBuf::new() }
    }

    /// A flag without a value that turns a setting on or off: `Flag::switch("--panel", "output.panel", true)`.
    pub fn switch(flag: &str, path: &str, on: bool) -> Self {
        let value = if on { "true" } else { "false" };
        let source = Arc::new(Source { name: String::new(), text: format!("{flag} ({path}={value})") });
        let start = source.text.len() - 1 - value.len();
        let value_at = Some(start..start + value.len());
        Self { path: path.to_owned(), path_at: 0..flag.len(), value_at, source, folder: PathBuf::new() }
    }

    #[cfg(feature = "report")]
    /// A setting stated by a program: `Flag::stated("run.years", "20")`, the value as TOML writes it.
    pub(crate) fn stated(path: &str, value: &str) -> Self {
        let text = format!("{path} = {value}");
        let value_at = Some(path.len() + 3..text.len());
        let source = Arc::new(Source { name: String::new(), text });
        Self { source, path: path.to_owned(), path_at: 0..path.len(), value_at, folder: PathBuf::new() }
    }

    /// The same, stated by a file in a folder: its relative paths belong there.
    pub(crate) fn stated_in(mut self, folder: &Path) -> Self {
        self.folder = folder.to_owned();
        self
    }

    /// The fault if a flag of its own name and a `--set` state this setting differently. The last of several `--set`
    /// wins; what files state is no flag of anybody.
    pub(super) fn contradicts(&self, before: &Self) -> Option<Fault> {
        let words = |flag: &Self| flag.value_at.clone().map(|at| flag.source.text[at].trim().to_owned());
        let of_a_file = |flag: &Self| !flag.folder.as_os_str().is_empty();
        let typed = |flag: &Self| !of_a_file(flag) && flag.source.text.starts_with("--set ");
        let apart = !typed(self) || typed(before) || of_a_file(before);
        if self.path != before.path || words(self) == words(before) || apart {
            return None;
        }
        let title = format!("`{}` is stated twice: {} and {}", self.path, before.source.text, self.source.text);
        Some(Fault::text(&self.source, self.path_at.clone(), title).expected("stated by another flag").help("keep one"))
    }

    /// The dotted path it sets.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value as the kind of its parameter reads it: TOML, or words without quotes.
    ///
    /// # Errors
    /// The fault of a value that starts like TOML and is none, or of a missing path or value.
    pub(super) fn value(&self, kind: Kind) -> Result<(Node, Range<usize>), Fault> {
        let Some(at) = self.value_at.clone().filter(|_| !self.path.is_empty()) else {
            let help = if self.path.is_empty() {
                "for instance --set run.years=20".to_owned()
            } else {
                format!("write --set {}=VALUE", self.path)
            };
            return Err(Fault::text(&self.source, self.path_at.clone(), "a flag that sets nothing")
                .expected("expected path=value")
                .help(help));
        };
        let raw = self.source.text[at.clone()].trim();
        let textual = matches!(kind, Kind::Text | Kind::File | Kind::Choice(_)) && !raw.starts_with(['"', '\'']);
        if textual {
            return Ok((Node::Value(Value::Text(raw.to_owned())), at));
        }
        let bare = !raw.starts_with(['"', '\'', '[', '{']);
        match DeValue::parse(raw) {
            Ok(value) if !(bare && kind == Kind::List) => Ok((toml_node(value.get_ref(), 0), at)),
            Err(error) if !bare => Err(Fault::text(&self.source, at, format!("not a TOML value: {}", error.message()))
                .help("quote the whole flag in the shell, so that its quotes survive")),
            _ if kind == Kind::List => Ok((Node::Value(words(raw)), at)),
            _ => Ok((Node::Value(Value::Text(raw.to_owned())), at)),
        }
    }
}

/// A list without quotes: words between commas.
fn words(raw: &str) -> Value {
    Value::List(raw.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_words_are_read_as_the_parameter_wants_them() {
        let read = |assignment: &str, kind| match Flag::set(assignment).value(kind) {
            Ok((Node::Value(value), _)) => Some(value),
            _ => None,
        };
        assert_eq!(read("a.b=2010", Kind::Integer), Some(Value::Integer(2010)));
        assert_eq!(read("a.b=2010", Kind::Text), Some(Value::Text("2010".into())));
        assert_eq!(read("a.b=\"x y\"", Kind::Text), Some(Value::Text("x y".into())));
        assert_eq!(read("a.b=true", Kind::Switch), Some(Value::Switch(true)));
        assert_eq!(read("a.b=BEL, FRA", Kind::List), Some(Value::List(vec!["BEL".into(), "FRA".into()])));
        assert_eq!(read("a.b=[\"BEL\"]", Kind::List), Some(Value::List(vec!["BEL".into()])));
        assert_eq!(read("a.b=many", Kind::Integer), Some(Value::Text("many".into())));
        assert_eq!(read("a.b=[1", Kind::List), None);
        assert_eq!(read("a.b", Kind::Integer), None);
    }

    #[test]
    fn a_flag_knows_where_its_value_stands() {
        for flag in [
            Flag::set("run.checks=true"),
            Flag::short("--checks", "run.checks", "true"),
            Flag::switch("--checks", "run.checks", true),
        ] {
            let at = flag.value_at.clone().expect("a value is given");
            assert_eq!((&flag.source.text[at], flag.path.as_str()), ("true", "run.checks"));
        }
    }
}
