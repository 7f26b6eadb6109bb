//! `fondaco measures`: the catalogue of support measures, or the tables that state some of them.

use super::print;
use clap::{Args, ValueHint};
use fondaco::error::{Error, Fault, nearest};
use fondaco::param::{Named, Params, Value};
use fondaco::policy::{Instrument, Operator, instruments, operators};
use fondaco::scenario::{Loaded, Scenario};
use serde_json::json;
use std::path::PathBuf;

/// List the support measures of the catalogue, or print the tables that state some of them
///
/// What is printed for a name is TOML: copy it into a scenario or a comparison and change it.
#[derive(Args, Debug)]
pub struct MeasuresArgs {
    /// Measures to print as TOML; without one, all are listed
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Scenario whose measures are listed; without one, those of the catalogue
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub scenario: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Lists measures.
///
/// # Errors
/// A name is unknown or the scenario is wrong.
pub fn measures(args: &MeasuresArgs) -> Result<(), Error> {
    let (mut measures, operators) = match &args.scenario {
        Some(path) => {
            let scenario: Scenario = Loaded::load(path, &[])?.scenario;
            (scenario.instrument, scenario.operator)
        }
        None => (instruments(), operators()),
    };
    let unknown: Vec<Fault> =
        args.names.iter().filter(|name| !measures.contains_key(*name)).map(|name| stranger(name, &measures)).collect();
    if !unknown.is_empty() {
        return Err(Error::Asked(unknown));
    }
    if !args.names.is_empty() {
        measures.retain(|name, _| args.names.contains(name));
    }
    if args.json {
        let rows: Vec<serde_json::Value> =
            measures.iter().map(|(name, measure)| as_json(name, measure, &operators)).collect();
        return print(&(serde_json::to_string_pretty(&rows).expect("a list is plain data") + "\n"));
    }
    let told = measures.iter().map(|(name, measure)| {
        if args.names.is_empty() { entry(name, measure, &operators) } else { tables(name, measure, &operators) }
    });
    print(&told.collect::<Vec<_>>().join("\n"))
}

fn stranger(name: &str, known: &Named<Instrument>) -> Fault {
    let help = nearest(name, known.keys().map(String::as_str))
        .map_or_else(|| "`fondaco measures` lists the names".to_owned(), |near| format!("did you mean \"{near}\"?"));
    Fault::new(format!("no measure is called {name:?}")).help(help)
}

/// A measure in a few lines.
fn entry(name: &str, measure: &Instrument, operators: &Named<Operator>) -> String {
    let mut cost = format!("{} US$ a participant", measure.unit_cost);
    if measure.fixed_cost > 0.0 {
        cost += &format!(", {} US$ a round", measure.fixed_cost);
    }
    let mut text = format!("{name}  ({cost})\n");
    for operator in measure.operators.iter().filter_map(|name| operators.get(name)) {
        text += &format!("    does      {}\n", operator.words());
    }
    if let Some(Value::Text(selection)) = measure.get("selection") {
        let rounds = if measure.rounds == 1 { "1 round".to_owned() } else { format!("{} rounds", measure.rounds) };
        text += &format!("    chosen    {selection}, {rounds}\n");
    }
    if !measure.who.is_empty() {
        text += &format!("    who       {}\n", measure.who.join(", "));
    }
    if !measure.evidence.is_empty() {
        text += &format!("    evidence  {}\n", measure.evidence);
    }
    text
}

/// The tables that state a measure and its operators.
fn tables(name: &str, measure: &Instrument, operators: &Named<Operator>) -> String {
    let own = measure.operators.iter().filter_map(|name| Some((name, operators.get(name)?)));
    let parts = own.map(|(name, operator)| table("operator", name, operator));
    std::iter::once(table("instrument", name, measure)).chain(parts).collect::<Vec<_>>().join("\n")
}

/// A table with what differs from the defaults, and what an operator does in any case.
fn table(kind: &str, name: &str, block: &dyn Params) -> String {
    let mut text = format!("[{kind}.{name}]\n");
    for decl in block.decls() {
        let value = block.get(decl.name).expect("a declared parameter has a value");
        if value != decl.default || decl.name == "does" {
            text += &format!("{} = {value}\n", decl.name);
        }
    }
    text
}

fn as_json(name: &str, measure: &Instrument, operators: &Named<Operator>) -> serde_json::Value {
    let own = measure.operators.iter().filter_map(|name| Some((name.clone(), values(operators.get(name)?))));
    let parts: serde_json::Map<String, serde_json::Value> = own.collect();
    json!({ "name": name, "measure": values(measure), "operators": parts })
}

fn values(block: &dyn Params) -> serde_json::Value {
    let value = |name: &str| match block.get(name).expect("a declared parameter has a value") {
        Value::Switch(on) => json!(on),
        Value::Integer(n) => json!(n),
        Value::Number(x) => json!(x),
        Value::Text(text) => json!(text),
        Value::File(path) => json!(path.display().to_string()),
        Value::List(items) => json!(items),
    };
    block.decls().iter().map(|decl| (decl.name.to_owned(), value(decl.name))).collect::<serde_json::Map<_, _>>().into()
}
