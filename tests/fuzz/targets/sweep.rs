//! Any text as a sweep: it is read or refused, and every fault can be shown under its line.
#![no_main]

use fondaco::error::Error;
use fondaco::experiment::sweep::file::read_text;
use fondaco::scenario::frames;
use std::path::Path;

libfuzzer_sys::fuzz_target!(|text: &str| {
    // A path out of text is a file system, not a parser.
    if text.contains('/') {
        return;
    }
    if let Err(Error::Asked(faults)) = read_text("sweep.toml", Path::new("nowhere/sweep.toml"), text.to_owned(), &[]) {
        assert!(!faults.is_empty(), "a refusal says why");
        frames(&faults, false);
    }
});
