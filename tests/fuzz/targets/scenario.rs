//! Any text as a scenario in TOML or JSON, or as a flag: it is read or refused, every fault can be shown under its line,
//! what was read can be checked, and written out it reads back as the same.
#![no_main]

use fondaco::error::Error;
use fondaco::scenario::{Flag, Loaded, Scenario, frames};

fn tell(read: Result<Loaded<Scenario>, Error>) {
    match read {
        Ok(loaded) => {
            frames(&loaded.check(), false);
            let again = Loaded::<Scenario>::read("again.toml", &loaded.resolved_toml(), &[]);
            let again = again.unwrap_or_else(|error| panic!("it does not read back: {error}"));
            assert!(again.scenario == loaded.scenario, "it reads back as another");
        }
        Err(Error::Asked(faults)) => {
            assert!(!faults.is_empty(), "a refusal says why");
            frames(&faults, false);
        }
        Err(Error::Failed(message)) => panic!("reading a text cannot fail otherwise: {message}"),
    }
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    // A path out of text is a file system, not a parser.
    if text.contains('/') {
        return;
    }
    tell(Loaded::read("study.toml", text, &[]));
    tell(Loaded::read("study.json", text, &[]));
    tell(Loaded::defaults(&[Flag::set(text)]));
});
