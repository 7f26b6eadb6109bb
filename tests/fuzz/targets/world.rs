//! Any text as each table of countries that a scenario can name: the world is built of it or it is refused, and every
//! fault can be shown under its line.
#![no_main]

use fondaco::param::Named;
use fondaco::scenario::{Loaded, Scenario, frames};
use fondaco::world::World;
use std::path::PathBuf;
use std::sync::LazyLock;

/// The table as a file of this process.
static FILE: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("fondaco-fuzz-{}.csv", std::process::id())));

/// What it is named as, with the setting that has it read.
const AS: [&str; 4] =
    ["felt = \"matrix\"\nfelt_matrix = ", "columns = ", "felt = \"cage\"\nscores = ", "connectedness = "];

/// A scenario of few countries for each.
static SCENARIOS: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    let read = |states: &&str| {
        let text = format!("[world]\nlargest = 3\n{states}\"{}\"", FILE.display());
        Loaded::read("study.toml", &text, &[]).expect("the scenario is sound").scenario
    };
    AS.iter().map(read).collect()
});

libfuzzer_sys::fuzz_target!(|text: &str| {
    std::fs::write(&*FILE, text).expect("a temporary file can be written");
    for scenario in SCENARIOS.iter() {
        let homes = &scenario.population.homes;
        match World::build(&scenario.world, &scenario.cage, &Named::new(), homes) {
            Ok(world) => {
                let n = world.countries.len() as u8;
                let pairs = (0..n).flat_map(|a| (0..n).map(move |b| (a, b)));
                for (a, b) in pairs {
                    let (felt, friction) = (world.felt(a, b), world.friction(a, b));
                    assert!(felt >= 0.0 && friction >= 0.0, "{felt} and {friction} are no distances");
                }
                frames(world.warnings(), false);
            }
            Err(faults) => {
                assert!(!faults.is_empty(), "a refusal says why");
                frames(&faults, false);
            }
        }
    }
});
