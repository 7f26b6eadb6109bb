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

mod axis;
mod points;
mod value;

use super::Sweep;
use super::arms::Arms;
use super::design::{Design, Level, Method};
use super::sobol;
use super::subject::{Study, Subject, Words};
use crate::error::{Error, Fault, Severity, Source, nearest};
use crate::experiment::compare;
use crate::experiment::outcome::measures;
use crate::input;
use crate::param::Value;
use crate::scenario::document::{Entry, Node, is_json, parse};
use crate::scenario::{Flag, Loaded, beside, folder};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use value::{entry, number};

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

#[cfg(test)]
mod tests {
    use super::super::design::Axis;
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
