//! Any text as a comparison: it is read or refused, and every fault can be shown under its line.
#![no_main]

use fondaco::error::Error;
use fondaco::experiment::compare::{Comparison, Study};
use fondaco::scenario::{Loaded, frames};

libfuzzer_sys::fuzz_target!(|text: &str| {
    // A path out of text is a file system, not a parser.
    if text.contains('/') {
        return;
    }
    let read = Loaded::<Comparison>::read("comparison.toml", text, &[]);
    if let Err(Error::Asked(faults)) = read.and_then(|loaded| Study::of(&loaded, &[]).map(drop)) {
        assert!(!faults.is_empty(), "a refusal says why");
        frames(&faults, false);
    }
});
