//! Any text as a table of facts: it is read or refused, and every fault can be shown under its line.
#![no_main]

use fondaco::experiment::fact::parse;
use fondaco::scenario::frames;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(faults) = parse("facts.csv", text) {
        assert!(!faults.is_empty(), "a refusal says why");
        frames(&faults, false);
    }
});
