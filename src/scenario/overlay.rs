//! Lays what a file or a flag states over a scenario, and says what cannot be laid.

use crate::error::{Fault, Source, nearest};
use crate::param::{Decl, Kind, Value};
use crate::param::{Section, is_name};
use crate::scenario::document::{Entry, Node};
use crate::scenario::section::Catalogue;
use crate::scenario::{Flag, Loaded, Origin, Sections, Written};
use crate::world::code_of;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Layer of the flags: above every file.
const FLAGS: usize = usize::MAX;

/// A scenario while layers are put on it.
pub(super) struct Overlay<S> {
    loaded: Loaded<S>,
    catalogue: Catalogue,
}

/// One file or flag being laid, and the faults found in it.
struct Layer<'a> {
    source: &'a Arc<Source>,
    /// The folder that relative paths in it belong to.
    folder: &'a Path,
    number: usize,
    /// The dotted path of the setting or section being laid.
    path: String,
    faults: Vec<Fault>,
}

impl Layer<'_> {
    fn origin(&self, entry: &Entry) -> Origin {
        let written = Written {
            source: self.source.clone(),
            key: entry.key_at.clone(),
            value: entry.at.clone(),
            layer: self.number,
            folder: self.folder.to_owned(),
        };
        if self.number == FLAGS { Origin::Flag(written) } else { Origin::File(written) }
    }

    fn fault(&mut self, at: &Range<usize>, title: String, expected: String, help: Option<String>) {
        let fault = Fault::text(self.source, at.clone(), title).expected(expected);
        let path = (!self.path.is_empty()).then(|| self.path.clone());
        self.faults.push(Fault { help, path, ..fault });
    }
}

impl<S: Sections> Overlay<S> {
    pub fn new(loaded: Loaded<S>) -> Self {
        Self { loaded, catalogue: Catalogue::of::<S>() }
    }

    pub fn finish(self) -> Loaded<S> {
        self.loaded
    }

    /// Lays the entries of a file in `folder` over the scenario; returns what could not be laid.
    pub fn file(&mut self, source: &Arc<Source>, folder: &Path, number: usize, entries: &[Entry]) -> Vec<Fault> {
        let mut layer = Layer { source, folder, number, path: String::new(), faults: Vec::new() };
        self.table(&mut layer, "", entries);
        layer.faults
    }

    /// Lays a flag over the scenario; returns what could not be laid.
    pub fn flag(&mut self, flag: &Flag) -> Vec<Fault> {
        let (source, folder, path) = (&flag.source, &flag.folder, flag.path.clone());
        let mut layer = Layer { source, folder, number: FLAGS, path, faults: Vec::new() };
        let (block, name) = flag.path.rsplit_once('.').unwrap_or(("", &flag.path));
        let kind = self.catalogue.block(block).and_then(|section| section.decl(name)).map(|decl| decl.kind);
        match flag.value(kind.unwrap_or(Kind::Text)) {
            Err(fault) => {
                self.loaded.unread.insert(flag.path.clone());
                layer.faults.push(fault);
            }
            Ok((node, at)) => {
                self.warn_of_lookalike(flag, block);
                let entry = Entry { key: name.to_owned(), key_at: flag.path_at.clone(), at, node };
                self.setting(&mut layer, block, &entry);
            }
        }
        layer.faults
    }

    fn table(&mut self, layer: &mut Layer<'_>, path: &str, entries: &[Entry]) {
        for entry in entries {
            match &entry.node {
                Node::Table(inner) => self.subtable(layer, path, entry, inner),
                _ => self.setting(layer, path, entry),
            }
        }
    }

    fn subtable(&mut self, layer: &mut Layer<'_>, path: &str, entry: &Entry, inner: &[Entry]) {
        let full = join(path, &entry.key);
        layer.path.clone_from(&full);
        let is_setting = self.catalogue.block(path).is_some_and(|section| section.decl(&entry.key).is_some());
        if is_setting {
            self.loaded.unread.insert(full.clone());
            let title = format!("`{full}` is a setting, not a section");
            layer.fault(&entry.key_at, title, "expected a value".into(), Some(format!("write `{} = …`", entry.key)));
        } else if self.catalogue.leads(&full) {
            self.table(layer, &full, inner);
        } else if self.catalogue.named(path).is_some() {
            if !is_name(&entry.key) {
                self.loaded.unread.insert(full);
                return misnamed(layer, &entry.key_at, &entry.key);
            }
            if self.loaded.scenario.open(&full).is_some() {
                self.loaded.origins.insert(full.clone(), layer.origin(entry));
            }
            self.table(layer, &full, inner);
        } else {
            let title = format!("unknown section `{full}`");
            let help = self.section_meant(path, &entry.key);
            self.loaded.unread.insert(full);
            layer.fault(&entry.key_at, title, "not a section of a scenario".into(), help);
        }
    }

    fn setting(&mut self, layer: &mut Layer<'_>, path: &str, entry: &Entry) {
        let full = join(path, &entry.key);
        layer.path.clone_from(&full);
        let declared = self.catalogue.block(path).and_then(|section| section.decl(&entry.key));
        let Some(decl) = declared else {
            self.unknown(layer, path, &full, entry);
            self.loaded.unread.insert(full);
            return;
        };
        let Node::Value(value) = &entry.node else {
            self.loaded.unread.insert(full.clone());
            let title = format!("`{full}` is {} where {} belongs", found(&entry.node), noun(decl.kind));
            return layer.fault(&entry.at, title, expected(decl), Some(meaning(decl)));
        };
        let Some(block) = self.loaded.scenario.open(path) else {
            self.loaded.unread.insert(full);
            return misnamed(layer, &entry.key_at, path.rsplit('.').next().unwrap_or_default());
        };
        // A relative path belongs to the file that states it; from here on it leads there from the working directory.
        let found = match (decl.kind, value) {
            (Kind::File, Value::Text(stated)) if !stated.is_empty() => Some(Value::File(layer.folder.join(stated))),
            // Countries may be named as in tables; from here on they have one code each.
            (_, Value::List(words)) if names_countries(&full) => {
                Some(Value::List(words.iter().map(|word| code_of(word).unwrap_or_else(|| word.clone())).collect()))
            }
            _ => None,
        };
        match block.set(decl.name, found.as_ref().unwrap_or(value)) {
            Ok(()) => {
                self.loaded.origins.insert(full, layer.origin(entry));
            }
            Err(range) => {
                unfit(layer, decl, &full, entry, value, &range);
                self.loaded.unread.insert(full);
            }
        }
    }

    fn unknown(&self, layer: &mut Layer<'_>, path: &str, full: &str, entry: &Entry) {
        if self.catalogue.leads(full) {
            let title = format!("`{full}` is a section, not a setting");
            let help = format!("write its settings below a line [{full}]");
            return layer.fault(&entry.at, title, "expected a table".into(), Some(help));
        }
        if let Some(section) = self.catalogue.named(path) {
            let title = format!("`{full}` stands outside a named table");
            let name = if section.decl(&entry.key).is_some() { "NAME" } else { &entry.key };
            let help = format!("write it below a line [{path}.{name}], with a name of your choice");
            return layer.fault(&entry.key_at, title, format!("[{path}] holds tables that you name"), Some(help));
        }
        let title = format!("unknown setting `{full}`");
        let label =
            if path.is_empty() { "not a setting of a scenario".into() } else { format!("not a setting of [{path}]") };
        let help = self.setting_meant(layer, path, &entry.key);
        layer.fault(&entry.key_at, title, label, help);
    }

    /// The setting that was probably meant: one of the same section, else one of such a name elsewhere.
    fn setting_meant(&self, layer: &Layer<'_>, path: &str, key: &str) -> Option<String> {
        let below = self.catalogue.below(path);
        if let Some(near) = nearest(key, below.iter().copied()) {
            let near = if layer.number == FLAGS { join(path, near) } else { near.to_owned() };
            return Some(format!("did you mean `{near}`?"));
        }
        let paths = self.catalogue.paths();
        let name = |path: &str| path.rsplit_once('.').map_or("", |(_, name)| name).to_owned();
        let names: Vec<String> = paths.iter().map(|path| name(path)).collect();
        if let Some(near) = nearest(key, names.iter().map(String::as_str)) {
            let path = paths.iter().find(|path| name(path) == near)?;
            return Some(format!("did you mean `{path}`?"));
        }
        known_here(&below)
    }

    fn section_meant(&self, path: &str, key: &str) -> Option<String> {
        let below: Vec<String> = self
            .catalogue
            .below(path)
            .into_iter()
            .map(|word| join(path, word))
            .filter(|full| self.catalogue.leads(full))
            .collect();
        let all = self.catalogue.sections.iter().map(Section::stem);
        let full = join(path, key);
        let below: Vec<&str> = below.iter().map(String::as_str).collect();
        let near = nearest(&full, below.iter().copied()).or_else(|| nearest(&full, all));
        near.map(|near| format!("did you mean [{near}]?")).or_else(|| known_here(&below))
    }

    /// A flag can make a table by a slip of the pen; say so if an existing name is close.
    fn warn_of_lookalike(&mut self, flag: &Flag, block: &str) {
        let Some((stem, name)) = block.rsplit_once('.') else { return };
        let fresh = self.catalogue.named(stem).is_some() && self.loaded.scenario.block(block).is_none();
        let blocks = self.loaded.scenario.blocks();
        let names = blocks.iter().filter_map(|(path, _)| path.strip_prefix(stem)?.strip_prefix('.'));
        if let Some(near) = nearest(name, names).filter(|_| fresh) {
            let warning = Fault::text(&flag.source, flag.path_at.clone(), format!("this makes a new table [{block}]"))
                .expected("no file has it")
                .help(format!("did you mean `{stem}.{near}`?"))
                .warning();
            self.loaded.warnings.push(warning);
        }
    }
}

/// The words that may stand here, unless they are too many to read.
fn known_here(words: &[&str]) -> Option<String> {
    const READABLE: usize = 12;
    match words.len() {
        0 => None,
        1..=READABLE => Some(format!("known here: {}", words.join(", "))),
        _ => Some("`fondaco reference` lists every setting".into()),
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn misnamed(layer: &mut Layer<'_>, at: &Range<usize>, name: &str) {
    let title = format!("`{name}` cannot name a table");
    layer.fault(at, title, "expected letters, digits, `-` and `_` only".into(), None);
}

/// The fault of a value that its parameter refuses.
fn unfit(layer: &mut Layer<'_>, decl: &Decl, full: &str, entry: &Entry, value: &Value, refusal: &str) {
    let (title, help) = match (value, decl.kind) {
        (Value::Number(x), Kind::Number) if x.is_nan() => (format!("`{full}` is not a number"), meaning(decl)),
        (Value::Number(x), Kind::Number) if x.is_infinite() => (format!("`{full}` is infinite"), meaning(decl)),
        (Value::Integer(_), Kind::Integer) | (Value::Integer(_) | Value::Number(_), Kind::Number) => {
            (format!("`{full}` = {value} is out of range"), meaning(decl))
        }
        (Value::Text(word), Kind::Choice(words)) => {
            let near = nearest(word, words.iter().copied());
            (
                format!("`{full}` cannot be {value}"),
                near.map_or_else(|| meaning(decl), |near| format!("did you mean \"{near}\"?")),
            )
        }
        (Value::Text(text), Kind::Number | Kind::Integer | Kind::Switch)
            if is_quoted(layer, entry, text, decl.kind) =>
        {
            (format!("`{full}` is a text where {} belongs", noun(decl.kind)), format!("remove the quotes: {text}"))
        }
        _ => (format!("`{full}` is {} where {} belongs", found(&entry.node), noun(decl.kind)), meaning(decl)),
    };
    let bounded = decl.range.is_some() || !matches!(decl.kind, Kind::Integer | Kind::Number);
    let label = if bounded { expected(decl) } else { format!("expected {refusal}{}", measure(decl)) };
    layer.fault(&entry.at, title, label, Some(help));
}

/// Whether a text is a number or switch in quotes.
fn is_quoted(layer: &Layer<'_>, entry: &Entry, text: &str, kind: Kind) -> bool {
    let quoted = layer.source.text.get(entry.at.clone()).is_some_and(|raw| raw.trim().starts_with(['"', '\'']));
    quoted
        && match kind {
            Kind::Switch => text.parse::<bool>().is_ok(),
            Kind::Integer => text.parse::<i64>().is_ok(),
            _ => text.parse::<f64>().is_ok_and(f64::is_finite),
        }
}

/// What a user has to write, with range, symbol and unit.
pub(super) fn expected(decl: &Decl) -> String {
    let (low, high) = match decl.range {
        Some(range) => range,
        None => return format!("expected {}{}", decl.kind.expected(), measure(decl)),
    };
    format!("expected {} from {low} to {high}{}", noun(decl.kind), measure(decl))
}

/// The symbol and the unit in brackets, as far as there are any.
fn measure(decl: &Decl) -> String {
    let unit = if decl.unit == "1" { "" } else { decl.unit };
    let parts: Vec<&str> = [decl.symbol, unit].into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn meaning(decl: &Decl) -> String {
    format!("`{}` means: {} Default {}.", decl.name, decl.doc, decl.default)
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Switch => "true or false",
        Kind::Integer => "a whole number",
        Kind::Number => "a number",
        Kind::Text => "a text",
        Kind::File => "the path of a file",
        Kind::List => "a list of texts",
        Kind::Choice(_) => "a word of a list",
    }
}

fn found(node: &Node) -> &'static str {
    match node {
        Node::Other(what) => what,
        Node::Table(_) => "a table",
        Node::Value(Value::Switch(_)) => "true or false",
        Node::Value(Value::Integer(_)) => "a whole number",
        Node::Value(Value::Number(_)) => "a number with decimals",
        Node::Value(Value::Text(_) | Value::File(_)) => "a text",
        Node::Value(Value::List(_)) => "a list",
    }
}
/// Is a setting a list of countries?
fn names_countries(path: &str) -> bool {
    let markets = ["shock.", "operator."].iter().any(|kind| path.starts_with(kind)) && path.ends_with(".markets");
    markets || ["population.homes", "world.countries"].contains(&path)
}
