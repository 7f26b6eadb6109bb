//! Any text as a scenario: it is read or refused, and every fault can be shown under its line.
#![no_main]

use fondaco::error::Error;
use fondaco::scenario::{Loaded, Scenario, frames};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(Error::Asked(faults)) = Loaded::<Scenario>::read("study.toml", text, &[]) {
        assert!(!faults.is_empty(), "a refusal says why");
        frames(&faults, false);
    }
});
