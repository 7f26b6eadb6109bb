//! The JSON Schema of sweep files, for editors.

use super::design::Method;
use super::file::{AXIS, DISTRIBUTIONS, MOST_LEVELS, MOST_POINTS, MOST_REPLICATES, MOST_SEED, SWEEP, TOP};
use serde_json::{Map, Value as Json, json};

/// The JSON Schema (draft 2020-12) of sweep files; settings below `[base]` are those of scenarios.
pub fn schema() -> Json {
    let mut base = crate::scenario::schema();
    let settings = base["properties"].as_object_mut().expect("an object has properties");
    settings.retain(|word, _| !matches!(word.as_str(), "extends" | "$schema"));
    let base = json!({
        "type": "object",
        "description": "Settings laid over the scenario, or over every scenario of the comparison.",
        "properties": settings,
        "additionalProperties": false,
    });
    let axes = json!({
        "type": "object",
        "description": "Tables with names of your own: what is varied.",
        "propertyNames": { "pattern": "^[A-Za-z0-9_]+$" },
        "additionalProperties": table("One axis.", &AXIS, axis),
        "minProperties": 1,
    });
    let top = |word: &str| match word {
        "scenario" => text("The scenario file that is varied, relative to this file."),
        "comparison" => text("The comparison file whose effects are asked for, relative to this file."),
        "about" => text("What the sweep is for, in a sentence."),
        "base" => base.clone(),
        "sweep" => table("How and how often.", &SWEEP, sweep),
        "axis" => axes.clone(),
        other => unreachable!("{other} is a word of sweep files without a schema"),
    };
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Fondaco sweep",
    });
    let mut root = table("A sweep: a scenario or a comparison, and what is varied of it.", &TOP, top);
    root["required"] = json!(["axis"]);
    root["oneOf"] = json!([{ "required": ["scenario"] }, { "required": ["comparison"] }]);
    schema.as_object_mut().expect("an object").append(root.as_object_mut().expect("an object"));
    schema
}

/// A table of these words and of no others.
fn table(about: &str, words: &[&str], of: impl Fn(&str) -> Json) -> Json {
    let properties: Map<String, Json> = words.iter().map(|word| ((*word).to_owned(), of(word))).collect();
    json!({ "type": "object", "description": about, "properties": properties, "additionalProperties": false })
}

fn sweep(word: &str) -> Json {
    match word {
        "design" => {
            let words: Vec<&str> = Method::ALL.iter().map(|(word, _)| *word).collect();
            json!({ "enum": words, "default": "grid", "description": "How points are chosen." })
        }
        "points" => whole(
            "Points of a design that is drawn; base points of the design saltelli, trajectories of morris.",
            1,
            MOST_POINTS,
        ),
        "levels" => {
            let mut levels = whole("Levels of a Morris design, an even number.", 4, MOST_LEVELS);
            levels["multipleOf"] = json!(2);
            levels
        }
        "replicates" => whole("Runs of every point, each with draws of its own.", 1, MOST_REPLICATES),
        "seed" => whole("Seed of the design; the runs have that of the scenario.", 0, MOST_SEED),
        "outcomes" => texts("Outcomes shown, by name; all if none are named."),
        "table" => text("CSV file of the points of the design points, a column for each axis, relative to this file."),
        other => unreachable!("{other} is a word of [sweep] without a schema"),
    }
}

fn axis(word: &str) -> Json {
    match word {
        "setting" => text("The setting that is varied, by dotted path."),
        "settings" => texts("Settings that are varied together."),
        "label" => text("Name shown in figures."),
        "group" => text("Axes of one group count as one in sensitivity indices."),
        "values" => json!({
            "type": "array",
            "items": { "type": ["number", "string", "boolean", "array"] },
            "minItems": 1,
            "description": "The values, one by one.",
        }),
        "range" => json!({
            "type": "array",
            "items": { "type": "number" },
            "minItems": 3,
            "maxItems": 3,
            "description": "First value, step and last value.",
        }),
        "level" => json!({
            "type": "object",
            "description": "Tables with names of your own: levels that set several settings.",
            "additionalProperties": { "type": "object" },
        }),
        "distribution" => json!({ "enum": DISTRIBUTIONS, "description": "What values are drawn from." }),
        "low" => number("Lowest value; that of the setting if it is not stated."),
        "high" => number("Highest value; that of the setting if it is not stated."),
        "mean" => number("Mean of a normal distribution, before it is cut off at low and high."),
        "sd" => number("Standard deviation of a normal distribution, before it is cut off."),
        "mode" => number("Peak of a triangular distribution."),
        other => unreachable!("{other} is a word of an axis without a schema"),
    }
}

fn text(about: &str) -> Json {
    json!({ "type": "string", "description": about })
}

fn texts(about: &str) -> Json {
    json!({ "type": "array", "items": { "type": "string" }, "description": about })
}

fn number(about: &str) -> Json {
    json!({ "type": "number", "description": about })
}

fn whole(about: &str, least: u64, most: u64) -> Json {
    json!({ "type": "integer", "minimum": least, "maximum": most, "description": about })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// The words of a text that the schema has no place for, by dotted path.
    fn strange(schema: &Json, value: &toml::Value, at: &str) -> Vec<String> {
        let Some(table) = value.as_table() else { return Vec::new() };
        let inner = |(word, value): (&String, &toml::Value)| {
            let path = format!("{at}.{word}");
            match schema["properties"].get(word).unwrap_or(&schema["additionalProperties"]) {
                Json::Bool(false) | Json::Null => vec![path],
                place => strange(place, value, &path),
            }
        };
        if schema["properties"].is_null() && schema["additionalProperties"].is_null() {
            return Vec::new();
        }
        table.iter().flat_map(inner).collect()
    }

    #[test]
    fn every_shipped_sweep_fits_the_schema_and_a_slip_of_the_pen_does_not() {
        let schema = schema();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/sweeps");
        let mut files = 0;
        for entry in std::fs::read_dir(folder).expect("sweeps are shipped") {
            let text = std::fs::read_to_string(entry.expect("it is read").path()).expect("it is text");
            let sweep: toml::Value = toml::from_str(&text).expect("it is TOML");
            assert_eq!(strange(&schema, &sweep, ""), Vec::<String>::new());
            files += 1;
        }
        assert!(files >= 5, "{files} sweeps");
        let slips = "[base]\nrun.yeers = 3\n[sweep]\nreplicate = 3\n[axis.a]\nvalue = [1]\n";
        let slips: toml::Value = toml::from_str(slips).expect("it is TOML");
        assert_eq!(strange(&schema, &slips, ""), [".axis.a.value", ".base.run.yeers", ".sweep.replicate"]);
    }
}
