//! Every effective value and where it comes from; the whole scenario as one text and as one hash.

use crate::param::{Decl, Value};
use crate::scenario::{Loaded, Origin, Sections};
use serde_json::{Value as Json, json};
use std::fmt::Write;

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
pub(super) fn json_of(value: &Value) -> Json {
    match value {
        Value::Switch(on) => json!(on),
        Value::Integer(n) => json!(n),
        Value::Number(x) => json!(x),
        Value::Text(text) => json!(text),
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

    /// The complete effective scenario as one TOML text, which loads back to the same scenario.
    pub fn resolved_toml(&self) -> String {
        let mut text = String::new();
        for (path, block) in self.scenario.blocks() {
            let _ = writeln!(text, "{}[{path}]", if text.is_empty() { "" } else { "\n" });
            for decl in block.decls() {
                let value = block.get(decl.name).expect("a block holds what it declares");
                let _ = writeln!(text, "{} = {value}", decl.name);
            }
        }
        text
    }

    /// BLAKE3 of the effective values that can change a number, in the order of their paths: comments, order,
    /// layout, the files they came from, the name of the run and what is written of it do not show.
    pub fn hash(&self) -> String {
        let matters = |row: &&Explained| row.path != "run.name" && !row.path.starts_with("output.");
        let rows = self.explain();
        let line = |row: &Explained| format!("{} = {}\n", row.path, json_of(&row.value));
        let mut lines: Vec<String> = rows.iter().filter(matters).map(line).collect();
        lines.sort();
        blake3::hash(lines.concat().as_bytes()).to_hex().to_string()
    }
}
