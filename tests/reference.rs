//! Generated files are current; `FONDACO_BLESS=1 cargo test --test reference` writes them anew.

use fondaco::experiment::compare::file;
use fondaco::experiment::sweep;
use fondaco::scenario::{Loaded, Scenario, reference, schema};
use std::fs;
use std::path::Path;

/// Compares a committed file with what would be generated today, or writes it when asked to.
fn is_current(name: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("FONDACO_BLESS").is_some_and(|bless| bless == "1") {
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        fs::write(&path, generated).expect("the file can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let differs = committed.lines().zip(generated.lines()).position(|(old, new)| old != new);
    let line = 1 + differs.unwrap_or_else(|| committed.lines().count().min(generated.lines().count()));
    assert!(committed == generated, "{name} is out of date from line {line}; FONDACO_BLESS=1 writes it anew");
}

#[test]
fn the_reference_scenario_is_current_and_equals_the_defaults() {
    is_current("scenarios/reference.toml", &reference());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reference.toml");
    let loaded: Loaded = Loaded::load(&path, &[]).expect("the reference has no fault");
    assert_eq!(loaded.scenario, Scenario::default());
}

#[test]
fn the_schemas_are_current() {
    is_current("schema/scenario.schema.json", &format!("{:#}\n", schema()));
    is_current("schema/comparison.schema.json", &format!("{:#}\n", file::schema()));
    is_current("schema/sweep.schema.json", &format!("{:#}\n", sweep::schema::schema()));
}
