//! The axes of a sweep file: what is varied, over which values.

use super::super::design::{Axis, Domain, Level, Method};
use super::super::subject::Words;
use super::{AXIS, DISTRIBUTIONS, Item, Reader, entry, meaning, number};
use crate::error::nearest;
use crate::param::{Kind, Value};
use crate::scenario::beside;
use crate::scenario::document::{Entry, Node};
use std::ops::Range;
use std::path::Path;

/// A value of a setting as a file states it: a relative path belongs to that file.
pub(super) fn placed(setting: &str, value: &Value, file: &Path, words: &Words) -> Value {
    match (words.declared(setting).map(|decl| decl.kind), value) {
        (Some(Kind::File), Value::Text(stated)) if !stated.is_empty() => Value::File(beside(file, stated)),
        _ => value.clone(),
    }
}

pub(super) fn label(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(x) => format!("{x}"),
        Value::List(items) => items.join(" "),
        other => other.to_string(),
    }
}

impl Reader<'_> {
    pub(super) fn axes(&mut self, entries: &[Entry], method: Method, words: &Words) -> Vec<Axis> {
        let mut axes: Vec<Axis> = Vec::new();
        let Some(Entry { node: Node::Table(tables), .. }) = entry(entries, "axis") else { return axes };
        for table in tables {
            let Node::Table(inner) = &table.node else {
                self.fault(&table.key_at, format!("`axis.{}` is no table", table.key), "expected [axis.NAME]");
                continue;
            };
            self.known(&format!("axis.{}", table.key), inner, &AXIS);
            if let Some(axis) = self.axis(&table.key, &table.key_at, inner, method, words) {
                let twice = axes.iter().find_map(|other| {
                    axis.paths.iter().find(|path| other.paths.contains(path)).map(|path| (path.clone(), &other.name))
                });
                if let Some((path, other)) = twice {
                    let title = format!("`{path}` is varied by the axes {other} and {}", axis.name);
                    self.fault(&table.key_at, title, "expected one axis for each setting");
                }
                axes.push(axis);
            }
        }
        axes
    }

    pub(super) fn axis(
        &mut self,
        name: &str,
        at: &Range<usize>,
        inner: &[Entry],
        method: Method,
        words: &Words,
    ) -> Option<Axis> {
        let before = self.faults.len();
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !plain || ["run", "point", "replicate", "seed", "state", "cause"].contains(&name) {
            self.fault(
                at,
                format!("`{name}` cannot name an axis"),
                "expected letters, digits and `_`, as a column name",
            );
        }
        let mut paths = self.paths(inner, words);
        let domain = self.domain(name, at, inner, method, words, &mut paths)?;
        if paths.is_empty() && self.faults.len() == before {
            self.fault(at, format!("the axis {name} sets nothing"), "").help =
                Some("write setting = \"mechanism.sns.rate\", or another dotted path".into());
        }
        let decl = paths.first().and_then(|path| words.declared(path));
        let whole = decl.as_ref().is_some_and(|decl| decl.kind == Kind::Integer);
        let unit = decl.as_ref().map_or("", |decl| decl.unit);
        // Without a label an axis is called by what its setting means; the name is a column, not a word.
        let meaning = decl.as_ref().map_or_else(|| name.replace('_', " "), |decl| meaning(&decl.doc));
        let label = self.text(inner, "label").map_or_else(
            || if matches!(unit, "" | "1") { meaning } else { format!("{meaning} ({unit})") },
            |(label, _)| label,
        );
        let group = self.text(inner, "group").map_or_else(|| name.to_owned(), |(group, _)| group);
        (self.faults.len() == before).then(|| Axis { name: name.to_owned(), label, paths, whole, domain, group })
    }

    /// The settings of an axis, each of which must exist.
    pub(super) fn paths(&mut self, inner: &[Entry], words: &Words) -> Vec<String> {
        let named = self.text(inner, "setting").into_iter().map(|(text, at)| (Value::Text(text), at));
        let items: Vec<Item> = named.chain(self.list(inner, "settings").unwrap_or_default()).collect();
        let mut paths = Vec::new();
        for (value, at) in items {
            match value {
                Value::Text(path) => {
                    if self.exists(&path, &at, words) {
                        paths.push(path);
                    }
                }
                other => {
                    self.fault(&at, format!("{other} is no setting"), "expected a dotted path in quotes");
                }
            }
        }
        paths
    }

    pub(super) fn exists(&mut self, path: &str, at: &Range<usize>, words: &Words) -> bool {
        if path == "run.seed" || path == "run.replicates" || path == "run.name" || path.starts_with("output.") {
            self.fault(at, format!("`{path}` cannot be varied"), "it changes no result but by chance").help =
                Some("seeds are varied by replicates = … below [sweep]".into());
            return false;
        }
        if words.declared(path).is_some() {
            return true;
        }
        let help = nearest(path, words.paths()).map(|near| format!("did you mean \"{near}\"?"));
        self.fault(at, format!("unknown setting `{path}`"), format!("not a setting of this {}", words.kind)).help =
            help.or_else(|| Some("`fondaco reference` lists every setting".into()));
        false
    }

    /// What an axis ranges over, by whichever word says so.
    pub(super) fn domain(
        &mut self,
        name: &str,
        at: &Range<usize>,
        inner: &[Entry],
        method: Method,
        words: &Words,
        paths: &mut Vec<String>,
    ) -> Option<Domain> {
        let stated: Vec<&Entry> =
            ["values", "range", "level", "distribution"].iter().filter_map(|word| entry(inner, word)).collect();
        if let [_, second, ..] = stated[..] {
            self.fault(&second.key_at, format!("the axis {name} says twice what it ranges over"), "").help =
                Some("keep one of values, range, level, distribution".into());
            return None;
        }
        let Some(stated) = stated.first() else {
            if method == Method::Points {
                return Some(Domain::List(Vec::new()));
            }
            self.fault(at, format!("the axis {name} says nothing of its values"), "").help =
                Some("write values = […], range = [first, step, last], or distribution = \"uniform\"".into());
            return None;
        };
        if method == Method::Points {
            self.fault(
                &stated.key_at,
                format!("`{}` has no effect: the table has the values", stated.key),
                "leave it out",
            );
            return None;
        }
        let domain = match stated.key.as_str() {
            "values" => {
                let items = self.list(inner, "values")?;
                self.levels(items, paths, words)
            }
            "range" => {
                let items = self.list(inner, "range")?;
                let items = self.range(&items, &stated.at)?;
                self.levels(items, paths, words)
            }
            "level" => self.named_levels(stated, paths, words),
            _ => self.distribution(name, inner, paths, words),
        };
        if method == Method::Grid && !matches!(domain, Some(Domain::List(_)) | None) {
            self.fault(
                &stated.at,
                format!("the axis {name} has no levels for a grid"),
                "a distribution is drawn from",
            )
            .help = Some("write values or range, or choose another design".into());
            return None;
        }
        if let Some(Domain::List(levels)) = &domain
            && levels.is_empty()
        {
            self.fault(&stated.at, format!("the axis {name} has no values"), "expected one or more");
            return None;
        }
        domain
    }

    /// First, step, last as values; a last that the steps pass over is left out.
    pub(super) fn range(&mut self, items: &[Item], at: &Range<usize>) -> Option<Vec<Item>> {
        const MOST: f64 = 100_000.0;
        let numbers: Vec<f64> = items.iter().filter_map(|(value, _)| number(value)).collect();
        let whole = items.iter().all(|(value, _)| matches!(value, Value::Integer(_)));
        let [first, step, last] = numbers[..] else {
            self.fault(at, "not a range", "expected [first, step, last], three numbers");
            return None;
        };
        // A hair more than the quotient, so that 0.1, 0.1, 0.3 has three values.
        let steps = ((last - first) / step * (1.0 + 1e-12) + 1e-9).floor();
        if !(0.0..=MOST).contains(&steps) || items.len() != 3 {
            self.fault(at, "a range that leads nowhere", "expected a step that leads from the first to the last value");
            return None;
        }
        let value = |k: f64| {
            let x = first + k * step;
            // Rounded to twelve digits: a sum of steps should read as people write it.
            let x: f64 = format!("{x:.12e}").parse().unwrap_or(x);
            if whole { Value::Integer(x as i64) } else { Value::Number(x) }
        };
        Some((0..=steps as u64).map(|k| (value(k as f64), at.clone())).collect())
    }

    /// Levels that set every path of the axis to one value each.
    pub(super) fn levels(&mut self, items: Vec<Item>, paths: &[String], words: &Words) -> Option<Domain> {
        let mut levels: Vec<Level> = Vec::new();
        for (value, at) in items {
            for path in paths {
                self.accepted(path, &value, &at, words);
            }
            let label = label(&value);
            if levels.iter().any(|level| level.label == label) {
                self.fault(&at, format!("{label} stands here twice"), "expected every value once");
            }
            let settings = paths.iter().map(|path| (path.clone(), placed(path, &value, self.path, words))).collect();
            levels.push(Level { label, number: number(&value), settings });
        }
        Some(Domain::List(levels))
    }

    pub(super) fn accepted(&mut self, path: &str, value: &Value, at: &Range<usize>, words: &Words) {
        if let Err(expected) = words.accepts(path, value) {
            self.fault(at, format!("`{path}` cannot be {value}"), format!("expected {expected}"));
        }
    }

    /// `[axis.NAME.level.LABEL]`: levels that set several settings.
    pub(super) fn named_levels(&mut self, stated: &Entry, paths: &mut Vec<String>, words: &Words) -> Option<Domain> {
        let Node::Table(tables) = &stated.node else {
            self.fault(&stated.at, "`level` holds tables", "expected [axis.NAME.level.LABEL]");
            return None;
        };
        let mut levels = Vec::new();
        for table in tables {
            let Node::Table(inner) = &table.node else {
                self.fault(&table.at, format!("the level {} is no table", table.key), "expected settings below it");
                continue;
            };
            let mut settings = Vec::new();
            self.flatten("", inner, &mut settings);
            let mut kept = Vec::new();
            for (path, value, at) in settings {
                if self.exists(&path, &at, words) {
                    self.accepted(&path, &value, &at, words);
                    if !paths.contains(&path) {
                        paths.push(path.clone());
                    }
                    let value = placed(&path, &value, self.path, words);
                    kept.push((path, value));
                }
            }
            levels.push(Level { label: table.key.clone(), number: table.key.parse().ok(), settings: kept });
        }
        Some(Domain::List(levels))
    }

    /// The settings of nested tables by dotted path.
    pub(super) fn flatten(&mut self, above: &str, entries: &[Entry], into: &mut Vec<(String, Value, Range<usize>)>) {
        for entry in entries {
            let path = if above.is_empty() { entry.key.clone() } else { format!("{above}.{}", entry.key) };
            match &entry.node {
                Node::Table(inner) => self.flatten(&path, inner, into),
                Node::Value(value) => into.push((path, value.clone(), entry.at.clone())),
                Node::Other(what) => {
                    self.fault(&entry.at, format!("`{path}` is {what}"), "expected a value");
                }
            }
        }
    }

    pub(super) fn distribution(
        &mut self,
        name: &str,
        inner: &[Entry],
        paths: &[String],
        words: &Words,
    ) -> Option<Domain> {
        let (word, at) = self.text(inner, "distribution")?;
        if !DISTRIBUTIONS.contains(&word.as_str()) {
            let help = nearest(&word, DISTRIBUTIONS).map(|near| format!("did you mean \"{near}\"?"));
            self.fault(
                &at,
                format!("no distribution is called {word:?}"),
                format!("one of {}", DISTRIBUTIONS.join(", ")),
            )
            .help = help;
            return None;
        }
        let decl = paths.first().and_then(|path| words.declared(path))?;
        if !matches!(decl.kind, Kind::Number | Kind::Integer) {
            self.fault(&at, format!("`{}` is no number", paths[0]), "only numbers have a distribution").help =
                Some("write values = […]".into());
            return None;
        }
        let parts: &[&str] = match word.as_str() {
            "normal" => &["low", "high", "mean", "sd"],
            "triangular" => &["low", "high", "mode"],
            _ => &["low", "high"],
        };
        for idle in inner.iter().filter(|entry| ["low", "high", "mean", "sd", "mode"].contains(&entry.key.as_str())) {
            if !parts.contains(&idle.key.as_str()) {
                self.fault(&idle.key_at, format!("`{}` has no effect", idle.key), format!("not a word of {word}"));
            }
        }
        let part = |reader: &mut Self, word: &str| reader.number(inner, word);
        let (bottom, top) = decl.range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        let (low, high) = (part(self, "low").unwrap_or(bottom), part(self, "high").unwrap_or(top));
        let bounded = low.is_finite() && high.is_finite();
        if low >= high || !bounded {
            self.fault(&at, format!("the axis {name} has no width"), "expected low below high");
            return None;
        }
        for (word, x) in [("low", low), ("high", high)] {
            let at = entry(inner, word).map_or_else(|| at.clone(), |entry| entry.at.clone());
            if decl.kind == Kind::Integer && x.fract() != 0.0 {
                self.fault(&at, format!("`{word}` of whole numbers is {x}"), "expected a whole number");
            }
            for path in paths {
                let value = if decl.kind == Kind::Integer { Value::Integer(x as i64) } else { Value::Number(x) };
                self.accepted(path, &value, &at, words);
            }
        }
        self.shape(name, &word, &at, (low, high), inner)
    }

    /// What a distribution needs beside its ends.
    fn shape(
        &mut self,
        name: &str,
        word: &str,
        at: &Range<usize>,
        (low, high): (f64, f64),
        inner: &[Entry],
    ) -> Option<Domain> {
        let need = |reader: &mut Self, word: &str| {
            let found = reader.number(inner, word);
            if found.is_none() {
                reader.fault(at, format!("the axis {name} needs `{word}`"), "").help =
                    Some(format!("write {word} = … below [axis.{name}]"));
            }
            found
        };
        match word {
            "uniform" => Some(Domain::Uniform { low, high }),
            "log-uniform" if low > 0.0 => Some(Domain::LogUniform { low, high }),
            "log-uniform" => {
                self.fault(at, format!("the axis {name} goes down to {low}"), "a logarithm needs low above 0");
                None
            }
            "normal" => {
                let (mean, sd) = (need(self, "mean"), need(self, "sd"));
                let (mean, sd) = (mean?, sd?);
                if !(sd > 0.0 && low < mean + 8.0 * sd && high > mean - 8.0 * sd) {
                    self.fault(
                        at,
                        format!("the axis {name} has nothing to draw"),
                        "expected sd above 0 and a mean near low … high",
                    );
                    return None;
                }
                Some(Domain::Normal { mean, sd, low, high })
            }
            _ => {
                let mode = need(self, "mode")?;
                if !(low..=high).contains(&mode) {
                    self.fault(
                        at,
                        format!("the mode {mode} lies outside {low} … {high}"),
                        "expected low ≤ mode ≤ high",
                    );
                    return None;
                }
                Some(Domain::Triangular { low, mode, high })
            }
        }
    }
}
