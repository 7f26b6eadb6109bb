//! Every effective value and where it comes from; the whole scenario as one text and as one hash.

use crate::param::{Decl, Setting, Value};
use crate::scenario::{Loaded, Origin, OutputSettings, Sections};
use serde_json::{Value as Json, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// One effective value.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The dotted path.
    pub path: String,
    pub value: Value,
    pub decl: Decl,
    pub origin: Origin,
}

impl Explained {
    /// Where the value comes from, in words: `default`, `base.toml:3` or the flag as typed.
    pub fn from(&self) -> String {
        match &self.origin {
            Origin::Default => "default".into(),
            Origin::File(written) => format!("{}:{}", written.source.name, written.line()),
            Origin::Flag(written) => written.source.text.clone(),
        }
    }

    fn json(&self) -> Json {
        let mut entry = json!({
            "path": self.path, "value": json_of(&self.value), "default": json_of(&self.decl.default),
            "symbol": self.decl.symbol, "unit": self.decl.unit, "meaning": self.decl.doc,
        });
        entry["origin"] = match &self.origin {
            Origin::Default => json!({ "kind": "default" }),
            Origin::File(written) => json!({ "kind": "file", "file": written.source.name, "line": written.line() }),
            Origin::Flag(written) => json!({ "kind": "flag", "flag": written.source.text }),
        };
        entry
    }
}

/// A value as JSON.
pub(crate) fn json_of(value: &Value) -> Json {
    match value {
        Value::Switch(on) => json!(on),
        Value::Integer(n) => json!(n),
        Value::Number(x) => json!(x),
        Value::Text(text) => json!(text),
        Value::File(path) => json!(path.display().to_string()),
        Value::List(items) => json!(items),
    }
}

impl<S: Sections> Loaded<S> {
    /// Every effective value with its declaration and origin, in the order of the sections.
    pub fn explain(&self) -> Vec<Explained> {
        let mut all = Vec::new();
        for (block_path, block) in self.scenario.blocks() {
            for decl in block.decls() {
                let path = format!("{block_path}.{}", decl.name);
                let value = block.get(decl.name).expect("a block holds what it declares");
                let origin = self.origins.get(&path).cloned().unwrap_or(Origin::Default);
                all.push(Explained { path, value, decl, origin });
            }
        }
        all
    }

    /// [`explain`](Self::explain) as a text: path, value and origin in columns.
    pub fn explain_text(&self) -> String {
        let rows: Vec<[String; 3]> =
            self.explain().iter().map(|row| [row.path.clone(), row.value.to_string(), row.from()]).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (paths, values) = (width(0), width(1).min(40));
        let mut text = String::new();
        for [path, value, origin] in &rows {
            let _ = writeln!(text, "{path:paths$} = {value:values$}  # {origin}");
        }
        text
    }

    /// [`explain`](Self::explain) for machines, with the files read and the hash.
    pub fn explain_json(&self) -> Json {
        let files: Vec<String> = self.files.iter().map(|path| path.display().to_string()).collect();
        let settings: Vec<Json> = self.explain().iter().map(Explained::json).collect();
        json!({ "files": files, "hash": self.hash(), "settings": settings })
    }

    /// The complete effective scenario as one TOML text, which loads back to the same scenario from where it was read.
    pub fn resolved_toml(&self) -> String {
        self.toml(&mut |_, value| value)
    }

    /// The complete effective scenario as one TOML text, its values passed through `as_written` with their paths.
    fn toml(&self, as_written: &mut dyn FnMut(&str, Value) -> Value) -> String {
        let mut text = String::new();
        for (path, block) in self.scenario.blocks() {
            let _ = writeln!(text, "{}[{path}]", if text.is_empty() { "" } else { "\n" });
            for decl in block.decls() {
                let value = block.get(decl.name).expect("a block holds what it declares");
                let value = as_written(&format!("{path}.{}", decl.name), value);
                let _ = writeln!(text, "{} = {value}", decl.name);
            }
        }
        text
    }

    /// BLAKE3 of the effective values that can change a number, in the order of their paths: comments, order,
    /// layout, the files they came from, the name of the run and what is written of it do not show; of files that are
    /// named, the name shows, not the folder.
    pub fn hash(&self) -> String {
        let matters = |row: &&Explained| row.path != "run.name" && !row.path.starts_with("output.");
        let rows = self.explain();
        let line = |row: &Explained| match &row.value {
            Value::File(path) => format!("{} = {}\n", row.path, json!(named(path))),
            value => format!("{} = {}\n", row.path, json_of(value)),
        };
        let mut lines: Vec<String> = rows.iter().filter(matters).map(line).collect();
        lines.sort();
        blake3::hash(lines.concat().as_bytes()).to_hex().to_string()
    }
}

impl Loaded {
    /// The complete effective scenario as a file of a result folder, which runs as it stands wherever the folder is:
    /// the files it names are `copies` in that folder, to which `up` leads; the run has its name, and no flag says
    /// where results go. The first line tells the program that it wrote the rest.
    pub fn standalone(&self, copies: &mut Copies, up: &str) -> String {
        let text = self.toml(&mut |path, value| match value {
            Value::File(original) if !original.as_os_str().is_empty() => {
                Value::Text(format!("{up}{}", copies.place(&original)))
            }
            _ if path == "run.name" => Value::Text(self.name()),
            _ if path == "output.folder" && matches!(self.origin(path), Origin::Flag(_)) => {
                OutputSettings::default().folder.write()
            }
            value => value,
        });
        format!("{OWN}{}{HASH}{}\n{text}", env!("CARGO_PKG_VERSION"), blake3::hash(text.as_bytes()).to_hex())
    }
}

const OWN: &str = "# Every value in force, written by fondaco ";
const HASH: &str = "; BLAKE3 of what follows: ";

/// Is a text a scenario as [`Loaded::standalone`] writes it, untouched? Then nothing in it is a slip of somebody's pen.
pub(super) fn is_own(text: &str) -> bool {
    let told = text.strip_prefix(OWN).and_then(|rest| rest.split_once('\n'));
    told.is_some_and(|(line, rest)| line.ends_with(blake3::hash(rest.as_bytes()).to_hex().as_str()))
}

/// The files that scenarios of a result folder name, each with the place of its copy in that folder.
#[derive(Clone, Debug, Default)]
pub struct Copies(Vec<(PathBuf, String)>);

impl Copies {
    /// The originals, each with the place of its copy: a path with `/` between its parts.
    pub fn iter(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.0.iter().map(|(original, place)| (original.as_path(), place.as_str()))
    }

    /// The place of a copy, which keeps the name of the original.
    fn place(&mut self, original: &Path) -> String {
        if let Some((_, place)) = self.iter().find(|(known, _)| *known == original) {
            return place.to_owned();
        }
        let name = named(original);
        let places = (1..).map(|k| if k == 1 { format!("inputs/{name}") } else { format!("inputs/{k}/{name}") });
        let free = |place: &String| !self.0.iter().any(|(_, taken)| taken.eq_ignore_ascii_case(place));
        let place = places.into_iter().find(free).expect("numbers do not run out");
        self.0.push((original.to_owned(), place.clone()));
        place
    }
}

/// The last part of a path.
fn named(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
