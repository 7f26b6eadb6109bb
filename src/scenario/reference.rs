//! The declarations written out: the reference scenario, the JSON Schema, the tables of the documentation and a
//! scenario to start from.

use crate::param::{Decl, Kind, Params, Value};
use crate::scenario::explain::json_of;
use crate::scenario::{Scenario, Section, Sections};
use serde_json::{Map, Value as Json, json};
use std::fmt::Write;

/// Width of comments in generated files.
const WIDTH: usize = 110;

/// The settings a new scenario states, each with its meaning.
const STARTER: &[&str] =
    &["run.name", "run.seed", "run.years", "run.burn_in", "run.start", "run.replicates", "population.homes"];

/// Every parameter with its meaning, symbol, unit, range, source and default, as a scenario that loads to the
/// defaults.
pub fn reference() -> String {
    reference_of::<Scenario>()
}

/// The JSON Schema (draft 2020-12) of scenario files.
pub fn schema() -> Json {
    schema_of::<Scenario>("Fondaco scenario", "A scenario: what differs from the defaults.")
}

/// A short annotated scenario to start from, of firms of a home.
pub fn starter(name: &str, home: &str) -> String {
    starter_of::<Scenario>(name, home, STARTER)
}

pub(super) fn reference_of<S: Sections>() -> String {
    let mut text = String::from("#:schema ../schema/scenario.schema.json\n");
    text += &comment(
        "Every setting with its default. This file is generated from the declarations in the code; a scenario states \
         only what differs. Tables with a NAME are commented out: they exist once a scenario names one.",
    );
    for section in S::sections() {
        text.push('\n');
        text += &comment(&section.about);
        let prefix = if section.is_named() { "# " } else { "" };
        let _ = writeln!(text, "{prefix}[{}]", section.with_name("NAME"));
        for decl in &section.decls {
            text.push('\n');
            text += &comment(&decl.doc);
            text += &comment(&facts(decl));
            let _ = writeln!(text, "{prefix}{} = {}", decl.name, decl.default);
        }
    }
    text
}

/// What is known of a parameter besides its meaning, on one line.
fn facts(decl: &Decl) -> String {
    let mut facts = Vec::new();
    if !decl.symbol.is_empty() {
        facts.push(format!("symbol {}", decl.symbol));
    }
    if !decl.unit.is_empty() {
        facts.push(format!("unit {}", decl.unit));
    }
    if let Some(words) = range(decl) {
        facts.push(words);
    }
    facts.push(format!("source: {}", decl.source));
    facts.join("; ")
}

fn range(decl: &Decl) -> Option<String> {
    match (decl.range, decl.kind) {
        (Some((low, high)), _) => Some(format!("from {low} to {high}")),
        (None, Kind::Choice(words)) => Some(format!("one of {}", words.join(", "))),
        (None, _) => None,
    }
}

/// A text as comment lines.
fn comment(text: &str) -> String {
    let mut lines = String::new();
    let mut line = String::from("#");
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH && line.len() > 1 {
            lines += &line;
            lines.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line += word;
    }
    lines + &line + "\n"
}

/// The JSON Schema (draft 2020-12) of files of one kind.
pub fn schema_of<S: Sections>(title: &str, about: &str) -> Json {
    let mut root = object(about);
    root["properties"]["extends"] =
        json!({ "type": "string", "description": "The file this one builds on, relative to this file." });
    root["properties"]["$schema"] = json!({ "type": "string", "description": "This schema, in JSON files." });
    for section in S::sections() {
        let mut place = &mut root;
        for word in section.stem().split('.') {
            let properties = place["properties"].as_object_mut().expect("an object has properties");
            place = properties.entry(word).or_insert_with(|| object("Sections of one kind."));
        }
        if section.is_named() {
            let mut table = object(&section.about);
            table["properties"] = properties(&section).into();
            place["description"] = json!("Tables with names of your own.");
            place["propertyNames"] = json!({ "pattern": "^[A-Za-z0-9_-]+$" });
            place["additionalProperties"] = table;
        } else {
            place["description"] = json!(section.about);
            place["properties"].as_object_mut().expect("an object has properties").append(&mut properties(&section));
        }
    }
    let mut schema = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "title": title });
    schema.as_object_mut().expect("an object").append(root.as_object_mut().expect("an object"));
    schema
}

fn object(description: &str) -> Json {
    json!({ "type": "object", "description": description, "properties": {}, "additionalProperties": false })
}

fn properties(section: &Section) -> Map<String, Json> {
    section.decls.iter().map(|decl| (decl.name.to_owned(), property(decl))).collect()
}

fn property(decl: &Decl) -> Json {
    let mut property = match decl.kind {
        Kind::Switch => json!({ "type": "boolean" }),
        Kind::Integer => json!({ "type": "integer" }),
        Kind::Number => json!({ "type": "number" }),
        Kind::Text | Kind::File => json!({ "type": "string" }),
        Kind::List => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Choice(words) => json!({ "enum": words }),
    };
    if let Some((low, high)) = decl.range {
        let bound = |x: f64| if decl.kind == Kind::Integer { json!(x as i64) } else { json!(x) };
        property["minimum"] = bound(low);
        property["maximum"] = bound(high);
    }
    property["default"] = json_of(&decl.default);
    property["description"] = json!(format!("{} ({})", decl.doc, facts(decl)));
    property
}

/// A Markdown table of a block's parameters: symbol, name, meaning, unit, default, range and source.
pub fn parameter_table(block: &dyn Params) -> String {
    let mut text = String::from("| symbol | name | meaning | unit | default | range | source |\n");
    text += "|--------|------|---------|------|---------|-------|--------|\n";
    for decl in block.decls() {
        let default = format!("`{}`", decl.default);
        let name = format!("`{}`", decl.name);
        let range =
            decl.range.map(|(low, high)| format!("{low} to {high}")).or_else(|| range(&decl)).unwrap_or_default();
        let cells = [decl.symbol, &name, &decl.doc, decl.unit, &default, &range, decl.source];
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

fn starter_of<S: Sections>(name: &str, home: &str, settings: &[&str]) -> String {
    let mut text = comment(
        "A scenario states only what differs from the defaults. `fondaco reference` lists every setting, \
         `fondaco check` tells what is wrong, `fondaco explain-config` shows where each value comes from. To build on \
         another scenario, write extends = \"base.toml\" as the first line.",
    );
    let mut last = "";
    let sections = S::sections();
    for path in settings {
        let (block, setting) = path.rsplit_once('.').expect("a setting has a section");
        let section = sections.iter().find(|section| section.path == block).expect("the section is declared");
        let decl = section.decl(setting).expect("the setting is declared");
        if block != last {
            let _ = writeln!(text, "\n[{block}]");
            last = block;
        }
        text += &comment(&decl.doc);
        let value = match *path {
            "run.name" => Value::Text(name.to_owned()),
            "population.homes" => Value::List(vec![home.to_owned()]),
            _ => decl.default.clone(),
        };
        let _ = writeln!(text, "{setting} = {value}");
    }
    text
}
