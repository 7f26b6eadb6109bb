//! The sweep file: what is varied, how, and how often, read with every fault at its place.
//!
//! ```toml
//! scenario = "../belgium.toml"                # relative to this file
//! about = "Does intensity make born globals?"
//!
//! [base]                                      # laid over the scenario, for every run
//! population.firms = 2000
//!
//! [sweep]
//! design = "grid"                             # see the table in `design`
//! replicates = 10
//! outcomes = ["exporter_share", "born_global"]
//!
//! [axis.intensity]
//! setting = "mechanism.sns.rate"
//! range = [0, 5, 20]                          # first, step, last
//! ```

use super::Sweep;
use super::arms::Arms;
use super::design::{Axis, Design, Domain, Level, Method};
use super::sobol;
use super::subject::{Study, Subject, Words};
use crate::error::{Error, Fault, Severity, Source, nearest};
use crate::experiment::compare;
use crate::experiment::outcome::measures;
use crate::input;
use crate::param::{Kind, Value};
use crate::read::{self, Faults, Table, key};
use crate::scenario::document::{Entry, Node, is_json, parse, toml_node};
use crate::scenario::{Flag, Loaded, beside, folder};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::de::DeValue;

/// Points beyond which a design is a slip of the pen.
pub(super) const MOST_POINTS: u64 = 100_000_000;
/// The most levels of a Morris design, replicates of a point, and seeds (what JSON keeps exact).
pub(super) const MOST_LEVELS: u64 = 64;
pub(super) const MOST_REPLICATES: u64 = 1_000_000;
pub(super) const MOST_SEED: u64 = (1 << 53) - 1;
pub(super) const TOP: [&str; 6] = ["scenario", "comparison", "about", "base", "sweep", "axis"];
pub(super) const SWEEP: [&str; 7] = ["design", "points", "levels", "replicates", "seed", "outcomes", "table"];
pub(super) const AXIS: [&str; 13] = [
    "setting",
    "settings",
    "label",
    "group",
    "values",
    "range",
    "level",
    "distribution",
    "low",
    "high",
    "mean",
    "sd",
    "mode",
];
pub(super) const DISTRIBUTIONS: [&str; 4] = ["uniform", "log-uniform", "normal", "triangular"];

/// Reads a sweep file and the scenario it names; `flags` are laid over everything. Warnings come along.
///
/// # Errors
/// Every fault of the file, of the scenario and of the flags.
pub fn read(path: &Path, flags: &[Flag]) -> Result<(Sweep, Vec<Fault>), Error> {
    let text = input::text(path, input::LARGEST_TEXT)?;
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    read_text(&name, path, text, flags)
}

/// The same for a text; `path` says where it would stand.
///
/// # Errors
/// As [`read`].
pub fn read_text(name: &str, path: &Path, text: String, flags: &[Flag]) -> Result<(Sweep, Vec<Fault>), Error> {
    let source = Arc::new(Source { name: path.display().to_string(), text });
    let parsed = parse(&source, is_json(path, &source.text));
    let mut reader = Reader { source: &source, path, faults: parsed.faults, warnings: Vec::new() };
    reader.known("", &parsed.entries, &TOP);
    let (subject, mut warnings) = if entry(&parsed.entries, "comparison").is_some() {
        reader.comparison(path, &parsed.entries, flags)
    } else {
        reader.scenario(path, &parsed.entries, flags)
    };
    let about = reader.text(&parsed.entries, "about").map(|(text, _)| text).unwrap_or_default();
    let words = match &subject {
        Varied::Sound(subject) => Some(subject.words()),
        Varied::Unsound(words) => words.as_deref(),
    };
    let sweep = reader.sweep(&parsed.entries, path, words);
    let mut faults = reader.faults;
    warnings.extend(reader.warnings);
    if !faults.is_empty() {
        // What could be read is told beside what could not.
        faults.append(&mut warnings);
    }
    match (subject, sweep) {
        (Varied::Sound(subject), Some((design, replicates, outcomes))) if faults.is_empty() => {
            let sweep =
                Sweep { name: name.to_owned(), about, path: path.to_owned(), subject, design, replicates, outcomes };
            Ok((sweep, warnings))
        }
        _ => Err(Error::Asked(faults)),
    }
}

/// What is varied: a subject, or if that is wrong, what is known of its words.
enum Varied {
    Sound(Box<dyn Subject>),
    Unsound(Option<Box<Words>>),
}

/// The settings of nested tables of a file as flags.
fn flatten(file: &Path, path: &str, entries: &[Entry], flags: &mut Vec<Flag>) {
    for entry in entries {
        let full = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
        match &entry.node {
            Node::Table(inner) => flatten(file, &full, inner, flags),
            Node::Value(value) => flags.push(Flag::set(&format!("{full}={value}")).stated_in(folder(file))),
            Node::Other(_) => {}
        }
    }
}

/// A sweep file being read.
struct Reader<'a> {
    source: &'a Arc<Source>,
    path: &'a Path,
    faults: Vec<Fault>,
    warnings: Vec<Fault>,
}

/// One value of a list with its place.
type Item = (Value, Range<usize>);

impl Reader<'_> {
    fn fault(&mut self, at: &Range<usize>, title: impl Into<String>, expected: impl Into<String>) -> &mut Fault {
        self.faults.push(Fault::text(self.source, at.clone(), title).expected(expected));
        self.faults.last_mut().expect("one was just put there")
    }

    /// Complains of keys that mean nothing.
    fn known(&mut self, table: &str, entries: &[Entry], words: &[&str]) {
        for entry in entries.iter().filter(|entry| !words.contains(&entry.key.as_str())) {
            let place = if table.is_empty() { "a sweep file".to_owned() } else { format!("[{table}]") };
            let near = nearest(&entry.key, words.iter().copied());
            let help = near
                .map_or_else(|| format!("known here: {}", words.join(", ")), |near| format!("did you mean `{near}`?"));
            self.fault(&entry.key_at, format!("unknown word `{}`", entry.key), format!("not a word of {place}")).help =
                Some(help);
        }
    }

    /// The comparison with `[base]` and the flags over the scenarios of all its arms, and its warnings.
    fn comparison(&mut self, path: &Path, entries: &[Entry], flags: &[Flag]) -> (Varied, Vec<Fault>) {
        let nothing = (Varied::Unsound(None), Vec::new());
        let Some((name, at)) = self.text(entries, "comparison") else { return nothing };
        if let Some(both) = entry(entries, "scenario") {
            let place = both.key_at.clone();
            self.fault(&place, "a sweep is of a scenario or of a comparison", "not of both");
        }
        let base = self.base(entries);
        let Some(file) = self.file(path, &name, &at, "a comparison file") else { return nothing };
        let mut shared = Vec::new();
        flatten(path, "", base, &mut shared);
        shared.extend(flags.iter().cloned());
        let loaded = compare::Study::load(&file, &[], &shared).and_then(|study| {
            let warnings = study.warnings.clone();
            Ok((Arms::new(study)?, warnings))
        });
        match loaded {
            Ok((arms, warnings)) => (Varied::Sound(Box::new(arms)), warnings),
            Err(error) => {
                self.refused(&at, error);
                nothing
            }
        }
    }

    /// The scenario with `[base]` and the flags over it, and its warnings.
    fn scenario(&mut self, path: &Path, entries: &[Entry], flags: &[Flag]) -> (Varied, Vec<Fault>) {
        let nothing = (Varied::Unsound(None), Vec::new());
        let Some((name, at)) = self.text(entries, "scenario") else {
            if !entries.iter().any(|entry| entry.key == "scenario") {
                self.fault(&(0..0), "no scenario is named", "expected scenario = \"FILE.toml\"");
            }
            return nothing;
        };
        let base = self.base(entries);
        let Some(file) = self.file(path, &name, &at, "a scenario file") else { return nothing };
        let (loaded, unread) = Loaded::scan_under(&file, (self.source, path, base), flags);
        let (errors, warnings): (Vec<Fault>, Vec<Fault>) =
            loaded.check().into_iter().partition(|fault| fault.severity == Severity::Error);
        self.faults.extend(unread.into_iter().chain(errors));
        match Study::new(&loaded) {
            // Nobody knows which settings a broken text has.
            Ok(_) if loaded.broken => (Varied::Unsound(None), warnings),
            Ok(study) => {
                let warnings = warnings.into_iter().chain(study.warnings(&loaded)).collect();
                (Varied::Sound(Box::new(study)), warnings)
            }
            Err(error) => {
                self.refused(&at, error);
                let words = || Box::new(Words::new("scenario", loaded.scenario.clone(), measures()));
                (Varied::Unsound((!loaded.broken).then(words)), warnings)
            }
        }
    }

    /// The settings of `[base]`.
    fn base<'e>(&mut self, entries: &'e [Entry]) -> &'e [Entry] {
        let base: &[Entry] = match entry(entries, "base").map(|entry| &entry.node) {
            Some(Node::Table(inner)) => inner,
            _ => &[],
        };
        self.idle(base);
        base
    }

    /// A file named beside this one, if it is there.
    fn file(&mut self, path: &Path, name: &str, at: &Range<usize>, what: &str) -> Option<PathBuf> {
        let file = beside(path, name);
        // A pipe is no regular file.
        if file.exists() && !file.is_dir() {
            return Some(file);
        }
        self.fault(at, format!("there is no file {}", file.display()), format!("expected {what}")).help =
            Some("the path is relative to this file".into());
        None
    }

    /// Passes on why the file named here cannot be varied.
    fn refused(&mut self, at: &Range<usize>, error: Error) {
        match error {
            Error::Asked(faults) => self.faults.extend(faults),
            failed => {
                self.fault(at, failed.to_string(), "");
            }
        }
    }

    /// Complains of settings of `[base]` that a sweep has its own word for.
    fn idle(&mut self, base: &[Entry]) {
        if let Some(Entry { node: Node::Table(run), .. }) = entry(base, "run")
            && let Some(entry) = entry(run, "replicates")
        {
            let at = entry.key_at.clone();
            self.fault(&at, "`run.replicates` has no effect in a sweep", "the sweep says how often").help =
                Some("write replicates = … below [sweep]".into());
        }
    }

    /// Design, replicates and outcomes.
    fn sweep(&mut self, entries: &[Entry], path: &Path, words: Option<&Words>) -> Option<(Design, u32, Vec<usize>)> {
        let own: &[Entry] = match entry(entries, "sweep").map(|entry| (&entry.node, entry.at.clone())) {
            Some((Node::Table(inner), _)) => inner,
            Some((_, at)) => {
                self.fault(&at, "`sweep` is a table", "expected [sweep]");
                &[]
            }
            None => &[],
        };
        self.known("sweep", own, &SWEEP);
        let method = match self.text(own, "design") {
            None => Method::Grid,
            Some((word, at)) => match Method::ALL.iter().find(|(known, _)| *known == word) {
                Some((_, method)) => *method,
                None => {
                    let words: Vec<&str> = Method::ALL.iter().map(|(word, _)| *word).collect();
                    let help = nearest(&word, words.iter().copied()).map(|near| format!("did you mean \"{near}\"?"));
                    self.fault(&at, format!("no design is called {word:?}"), format!("one of {}", words.join(", ")))
                        .help = help;
                    Method::Grid
                }
            },
        };
        let points = self.whole(own, "points", 1, MOST_POINTS);
        let drawn = !matches!(method, Method::Grid | Method::Points);
        let end = entry(own, "design").map_or(0..0, |entry| entry.at.clone());
        match (drawn, points) {
            (true, None) if entry(own, "points").is_none() => {
                self.fault(&end, format!("the design {} needs a number of points", method.word()), "").help =
                    Some("write points = 64 below [sweep]".into());
            }
            (false, Some(_)) => {
                let at = entry(own, "points").map_or(0..0, |entry| entry.key_at.clone());
                self.fault(&at, format!("`points` has no effect in the design {}", method.word()), "leave it out");
            }
            _ => {}
        }
        let levels = self.whole(own, "levels", 4, MOST_LEVELS).unwrap_or(4);
        if levels % 2 == 1 {
            let at = entry(own, "levels").map_or(0..0, |entry| entry.at.clone());
            self.fault(&at, "an odd number of levels", "expected an even one: a step is half the way and a bit");
        }
        let replicates = self.whole(own, "replicates", 1, MOST_REPLICATES).unwrap_or(1) as u32;
        let seed = self.whole(own, "seed", 0, MOST_SEED).unwrap_or(1);
        let outcomes = self.outcomes(own, words);
        let words = words?;
        let mut axes = self.axes(entries, method, words);
        // Axes that are wrong have been told of.
        if !matches!(entry(entries, "axis"), Some(Entry { node: Node::Table(tables), .. }) if !tables.is_empty()) {
            self.fault(&(0..0), "nothing is varied", "").help =
                Some("write a table [axis.NAME] with setting = \"…\" and values = […]".into());
        }
        let rows = if method == Method::Points { self.table(own, path, &mut axes, words) } else { Vec::new() };
        let design = Design { method, axes, points: points.unwrap_or(0), levels: levels as u32, seed, rows };
        self.vain(entries, &design, words);
        let dimensions = design.axes.len() * if method == Method::Saltelli { 2 } else { 1 };
        if matches!(method, Method::Sobol | Method::Saltelli) && dimensions > sobol::DIMENSIONS {
            let most = sobol::DIMENSIONS / if method == Method::Saltelli { 2 } else { 1 };
            self.fault(&end, format!("{} axes are too many", design.axes.len()), format!("at most {most}"));
        }
        if design.len().saturating_mul(u64::from(replicates)) > MOST_POINTS {
            self.fault(&end, format!("more than {MOST_POINTS} runs"), "a sweep that ends in somebody's lifetime");
        }
        if method == Method::Saltelli && points.is_some_and(|points| !points.is_power_of_two()) {
            let at = entry(own, "points").map_or(0..0, |entry| entry.at.clone());
            self.fault(&at, "the number of points is no power of two", "").help =
                Some("a Sobol' sequence is even after 64, 128, 256 … points".into());
        }
        Some((design, replicates, outcomes))
    }

    /// Tells of axes that change nothing wherever the others stand, of levels that are the same, and of whole numbers
    /// that the levels of trajectories meet unevenly.
    fn vain(&mut self, entries: &[Entry], design: &Design, words: &Words) {
        const LOOKED_AT: u64 = 64;
        let points: Vec<Vec<(String, Value)>> = (0..design.len().min(LOOKED_AT))
            .map(|k| {
                let point = design.point(design.visit(k));
                design.axes.iter().zip(point).flat_map(|(axis, value)| axis.settings(value)).collect()
            })
            .collect();
        for axis in &design.axes {
            let Some(Entry { node: Node::Table(tables), .. }) = entry(entries, "axis") else { return };
            let Some(table) = entry(tables, &axis.name) else { continue };
            let warn = |title: String, expected: String| {
                Fault::text(self.source, table.key_at.clone(), title).expected(expected).warning()
            };
            let mut warnings = Vec::new();
            for path in &axis.paths {
                let mut idle = points.iter().map(|settings| words.idle(settings, path));
                let first = idle.next().flatten();
                if let Some(first) = first.filter(|_| idle.all(|idle| idle.is_some())) {
                    let title = format!("the axis {} changes nothing: `{path}` is not read", axis.name);
                    warnings
                        .push(warn(title, first.why).help(format!("{} in [base], or leave the axis out", first.set)));
                }
            }
            let levels = axis.levels().unwrap_or_default();
            for (at, level) in levels.iter().enumerate() {
                let same = |before: &&Level| !level.settings.is_empty() && before.settings == level.settings;
                if let Some(before) = levels[..at].iter().find(same) {
                    let title = format!(
                        "the levels {} and {} of the axis {} are the same",
                        before.label, level.label, axis.name
                    );
                    warnings.push(warn(title, "expected every value once".to_owned()).help("leave one of them out"));
                }
            }
            let (steps, values) = (u64::from(design.levels), axis.values().unwrap_or(1));
            if design.method == Method::Morris && values <= steps && !steps.is_multiple_of(values) {
                let title = format!("{steps} levels meet the {values} values of the axis {} unevenly", axis.name);
                let even = (1..).map(|k| k * values).find(|levels| levels.is_multiple_of(2) && *levels >= 4);
                let help = even.map(|levels| format!("write levels = {levels} below [sweep]"));
                warnings.push(Fault { help, ..warn(title, "some of them come twice as often as others".to_owned()) });
            }
            self.warnings.extend(warnings);
        }
    }

    /// The outcomes shown, by position; all if none are named.
    fn outcomes(&mut self, own: &[Entry], words: Option<&Words>) -> Vec<usize> {
        let Some(words) = words else { return Vec::new() };
        let names: Vec<&str> = words.measures.iter().map(|measure| measure.name.as_str()).collect();
        let Some(items) = self.list(own, "outcomes") else { return (0..names.len()).collect() };
        let mut found = Vec::new();
        for (value, at) in items {
            let Value::Text(word) = &value else {
                self.fault(&at, format!("{value} is no outcome"), "expected a name in quotes");
                continue;
            };
            match names.iter().position(|name| name == word) {
                Some(place) if found.contains(&place) => {
                    self.fault(&at, format!("the outcome {word} is named twice"), "expected every outcome once");
                }
                Some(place) => found.push(place),
                None => {
                    let help = nearest(word, names.iter().copied()).map_or_else(
                        || format!("known: {}", names.join(", ")),
                        |near| format!("did you mean \"{near}\"?"),
                    );
                    self.fault(&at, format!("no outcome is called {word:?}"), "").help = Some(help);
                }
            }
        }
        found
    }

    fn axes(&mut self, entries: &[Entry], method: Method, words: &Words) -> Vec<Axis> {
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

    fn axis(&mut self, name: &str, at: &Range<usize>, inner: &[Entry], method: Method, words: &Words) -> Option<Axis> {
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
    fn paths(&mut self, inner: &[Entry], words: &Words) -> Vec<String> {
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

    fn exists(&mut self, path: &str, at: &Range<usize>, words: &Words) -> bool {
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
    fn domain(
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
    fn range(&mut self, items: &[Item], at: &Range<usize>) -> Option<Vec<Item>> {
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
    fn levels(&mut self, items: Vec<Item>, paths: &[String], words: &Words) -> Option<Domain> {
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

    fn accepted(&mut self, path: &str, value: &Value, at: &Range<usize>, words: &Words) {
        if let Err(expected) = words.accepts(path, value) {
            self.fault(at, format!("`{path}` cannot be {value}"), format!("expected {expected}"));
        }
    }

    /// `[axis.NAME.level.LABEL]`: levels that set several settings.
    fn named_levels(&mut self, stated: &Entry, paths: &mut Vec<String>, words: &Words) -> Option<Domain> {
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
    fn flatten(&mut self, above: &str, entries: &[Entry], into: &mut Vec<(String, Value, Range<usize>)>) {
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

    fn distribution(&mut self, name: &str, inner: &[Entry], paths: &[String], words: &Words) -> Option<Domain> {
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
        let need = |reader: &mut Self, word: &str| {
            let found = reader.number(inner, word);
            if found.is_none() {
                reader.fault(&at, format!("the axis {name} needs `{word}`"), "").help =
                    Some(format!("write {word} = … below [axis.{name}]"));
            }
            found
        };
        match word.as_str() {
            "uniform" => Some(Domain::Uniform { low, high }),
            "log-uniform" if low > 0.0 => Some(Domain::LogUniform { low, high }),
            "log-uniform" => {
                self.fault(&at, format!("the axis {name} goes down to {low}"), "a logarithm needs low above 0");
                None
            }
            "normal" => {
                let (mean, sd) = (need(self, "mean"), need(self, "sd"));
                let (mean, sd) = (mean?, sd?);
                if !(sd > 0.0 && low < mean + 8.0 * sd && high > mean - 8.0 * sd) {
                    self.fault(
                        &at,
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
                        &at,
                        format!("the mode {mode} lies outside {low} … {high}"),
                        "expected low ≤ mode ≤ high",
                    );
                    return None;
                }
                Some(Domain::Triangular { low, mode, high })
            }
        }
    }

    /// The rows of the table of points; values of an axis become its levels in the order met.
    fn table(&mut self, own: &[Entry], path: &Path, axes: &mut [Axis], words: &Words) -> Vec<Vec<f64>> {
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

    fn text(&mut self, entries: &[Entry], key: &str) -> Option<(String, Range<usize>)> {
        let entry = entry(entries, key)?;
        match &entry.node {
            Node::Value(Value::Text(text)) => Some((text.clone(), entry.at.clone())),
            _ => {
                self.fault(&entry.at, format!("`{key}` is no text"), "expected a text in quotes");
                None
            }
        }
    }

    fn whole(&mut self, entries: &[Entry], key: &str, low: u64, high: u64) -> Option<u64> {
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

    fn number(&mut self, entries: &[Entry], key: &str) -> Option<f64> {
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
    fn list(&mut self, entries: &[Entry], key: &str) -> Option<Vec<Item>> {
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

fn entry<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Entry> {
    entries.iter().find(|entry| entry.key == key)
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(n) => Some(*n as f64),
        Value::Number(x) => Some(*x),
        _ => None,
    }
}

/// A value of a setting as a file states it: a relative path belongs to that file.
fn placed(setting: &str, value: &Value, file: &Path, words: &Words) -> Value {
    match (words.declared(setting).map(|decl| decl.kind), value) {
        (Some(Kind::File), Value::Text(stated)) if !stated.is_empty() => Value::File(beside(file, stated)),
        _ => value.clone(),
    }
}

/// A value as a cell of a table.
/// What a setting means, as words within a sentence: the first clause of what is written of it.
fn meaning(doc: &str) -> String {
    let clause = doc.split(['.', ';', ':', ',']).next().unwrap_or(doc).trim();
    let mut letters = clause.chars();
    let first = letters.next().unwrap_or_default();
    // Abbreviations such as SNS keep their capitals.
    let abbreviated = letters.clone().next().is_some_and(char::is_uppercase);
    if abbreviated { clause.to_owned() } else { first.to_lowercase().chain(letters).collect() }
}

fn label(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(x) => format!("{x}"),
        Value::List(items) => items.join(" "),
        other => other.to_string(),
    }
}

/// The points of a table, a row each: positions among the levels of the axes, which grow by the values met.
fn points(source: Arc<Source>, file: &Path, axes: &mut [Axis], words: &Words, faults: &mut Faults) -> Vec<Vec<f64>> {
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
fn position(axis: &mut Axis, word: &str, file: &Path, words: &Words) -> Result<f64, (String, String)> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("tiny.toml"), "world.largest = 20\npopulation.firms = 200\n")
            .expect("written");
        std::fs::write(folder.path().join("points.csv"), "rate, on\n1.5,true\n2,false\n1.5,false\n").expect("written");
        match read_text("x", &folder.path().join("x.toml"), text.to_owned(), &[]) {
            Ok((sweep, _)) => {
                let axes = &sweep.design.axes;
                let value = |value: &f64, axis: &Axis| axis.text(*value);
                (0..sweep.design.len().min(4))
                    .map(|i| {
                        let point = sweep.design.point(i);
                        point.iter().zip(axes).map(|(x, axis)| value(x, axis)).collect::<Vec<_>>().join(" ")
                    })
                    .collect()
            }
            Err(Error::Asked(faults)) => faults.into_iter().map(|fault| format!("! {}", fault.title)).collect(),
            Err(failed) => panic!("{failed}"),
        }
    }

    const HEAD: &str = "scenario = \"tiny.toml\"\n";

    #[test]
    fn lists_ranges_and_levels_make_a_grid() {
        let points = told(&format!(
            "{HEAD}[axis.rate]\nsetting = \"mechanism.sns.rate\"\nrange = [0.1, 0.1, 0.3]\n[axis.both]\n\
             [axis.both.level.without]\nmechanism.sns.on = false\nmechanism.adoption.on = false\n[axis.both.level.with]\n"
        ));
        assert_eq!(points, ["0.1 without", "0.1 with", "0.2 without", "0.2 with"]);
    }

    #[test]
    fn a_table_gives_points() {
        let points = told(&format!(
            "{HEAD}[sweep]\ndesign = \"points\"\ntable = \"points.csv\"\n[axis.rate]\nsetting = \"mechanism.sns.rate\"\n\
             [axis.on]\nsetting = \"mechanism.sns.on\"\n"
        ));
        assert_eq!(points, ["1.5 true", "2 false", "1.5 false"]);
    }

    #[test]
    fn a_wrong_scenario_hides_no_wrong_axis() {
        let axes = "[axis.rate]\nsetting = \"mechanism.sns.rat\"\nvalues = [1]\n\
                    [axis.firms]\nsetting = \"population.firms\"\nvalues = [0]\n";
        let faults = told(&format!("{HEAD}[base]\nrun.yeers = 3\npopulation.homes = [\"BEL\", \"BEL\"]\n{axes}"));
        assert_eq!(
            faults,
            [
                "! unknown setting `run.yeers`",
                "! BEL is named twice (number 2)",
                "! unknown setting `mechanism.sns.rat`",
                "! `population.firms` cannot be 0",
            ]
        );
    }

    #[test]
    fn a_broken_scenario_makes_no_axis_wrong() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("broken.toml"), "[shock.slump\nsize = -0.2\n").expect("written");
        let text = "scenario = \"broken.toml\"\n[axis.depth]\nsetting = \"shock.slump.size\"\nvalues = [-0.1, -0.2]\n";
        match read_text("x", &folder.path().join("x.toml"), text.to_owned(), &[]) {
            Err(Error::Asked(faults)) => {
                assert!(
                    !faults.is_empty() && faults.iter().all(|fault| !fault.title.contains("shock.slump")),
                    "{faults:?}"
                );
            }
            _ => panic!("the scenario is broken"),
        }
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let faults = told(
            "scenario = \"none.toml\"\nscenari = 1\n[sweep]\ndesign = \"gird\"\nreplicates = 0\nlevels = 5\n[base]\nrun.replicates = 3\n",
        );
        assert_eq!(
            faults,
            [
                "! unknown word `scenari`",
                "! `run.replicates` has no effect in a sweep",
                &format!("! there is no file {}", faults[2].trim_start_matches("! there is no file ")),
                "! no design is called \"gird\"",
                "! an odd number of levels",
                "! `replicates` is out of range",
            ]
        );
        let faults =
            told(&format!("{HEAD}[base]\nrun.yers = 3\n[sweep]\ndesign = \"sobol\"\noutcomes = [\"exporter_shar\"]\n"));
        assert!(faults[0].contains("unknown setting `run.yers`"), "{faults:?}");
        let faults = told(&format!(
            "{HEAD}[sweep]\ndesign = \"saltelli\"\npoints = 3\noutcomes = [\"exporter_shar\"]\n\
             [axis.a]\nsetting = \"mechanism.sns.rat\"\ndistribution = \"uniform\"\n\
             [axis.b]\nsetting = \"mechanism.sns.rate\"\ndistribution = \"uniform\"\nlow = 5\nhigh = 900\n\
             [axis.c]\nsetting = \"mechanism.sns.effort\"\nvalues = [1, -2]\nrange = [1, 2, 3]\n\
             [axis.d]\nsetting = \"run.seed\"\nvalues = [1]\n\
             [axis.seed]\nsetting = \"mechanism.decision.rule\"\nvalues = [\"casino\", \"none\"]\n"
        ));
        assert_eq!(
            faults,
            [
                "! no outcome is called \"exporter_shar\"",
                "! unknown setting `mechanism.sns.rat`",
                "! `mechanism.sns.rate` cannot be 900.0",
                "! the axis c says twice what it ranges over",
                "! `run.seed` cannot be varied",
                "! `seed` cannot name an axis",
                "! `mechanism.decision.rule` cannot be \"none\"",
                "! the number of points is no power of two",
            ]
        );
    }
}
