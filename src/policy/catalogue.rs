//! The catalogue of named measures and what they are made of: `data/instruments.toml`, compiled in.

use super::{Instrument, Operator};
use crate::param::{Named, Params, Value};
use std::sync::OnceLock;

const TEXT: &str = include_str!("../../data/instruments.toml");

/// The measures of the catalogue, none of them switched on.
pub fn instruments() -> Named<Instrument> {
    static READ: OnceLock<Named<Instrument>> = OnceLock::new();
    READ.get_or_init(|| read("instrument")).clone()
}

/// The operators of the catalogue.
pub fn operators() -> Named<Operator> {
    static READ: OnceLock<Named<Operator>> = OnceLock::new();
    READ.get_or_init(|| read("operator")).clone()
}

/// Reads the tables of one kind.
///
/// # Panics
/// When the catalogue states something that is no parameter; a test reads it.
fn read<T: Params + Default>(kind: &str) -> Named<T> {
    let table: toml::Table = TEXT.parse().expect("the catalogue is TOML");
    let named = table[kind].as_table().expect("the catalogue holds tables of both kinds");
    named.iter().map(|(name, stated)| (name.clone(), block(name, stated))).collect()
}

fn block<T: Params + Default>(name: &str, stated: &toml::Value) -> T {
    let mut block = T::default();
    for (key, value) in stated.as_table().expect("a named table is a table") {
        if let Err(expected) = block.set(key, &setting(value)) {
            panic!("the catalogue states {key} of {name}, where {expected} belongs");
        }
    }
    block
}

fn setting(value: &toml::Value) -> Value {
    match value {
        toml::Value::Boolean(on) => Value::Switch(*on),
        toml::Value::Integer(n) => Value::Integer(*n),
        toml::Value::Float(x) => Value::Number(*x),
        toml::Value::Array(items) => Value::List(items.iter().map(text).collect()),
        other => Value::Text(text(other)),
    }
}

fn text(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::filter;

    #[test]
    fn measures_are_made_of_operators_that_exist() {
        let operators = operators();
        let mut used = Vec::new();
        for (name, instrument) in instruments() {
            assert!(!instrument.on, "{name} is in the catalogue to be switched on");
            assert!(!instrument.operators.is_empty() && !instrument.evidence.is_empty(), "{name} says too little");
            for operator in &instrument.operators {
                assert!(operators.contains_key(operator), "{name} names {operator}");
            }
            for condition in &instrument.who {
                assert!(filter::Condition::read(condition, &filter::Names::default()).is_ok(), "{name}: {condition}");
            }
            used.extend(instrument.operators);
        }
        for operator in operators.keys() {
            assert!(used.contains(operator), "no measure uses {operator}");
        }
    }
}
