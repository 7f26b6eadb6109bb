//! Any text as a table of firms: it is read or refused, and every fault can be shown under its line.
#![no_main]

use fondaco::firm::roster::{Frame, Roster};
use fondaco::read::{Faults, Table};
use fondaco::scenario::frames;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let homes = ["BEL".to_owned(), "NLD".to_owned()];
    let frame = Frame { homes: &homes, code: &fondaco::world::code_of, sectors: 10, first_year: 1990, burn_in: 10 };
    let mut faults = Faults::default();
    let read = Table::parse("firms.csv", text, &mut faults).and_then(|table| Roster::read(&table, &frame, &mut faults));
    match read {
        Some(firms) => assert_eq!(firms.counts.iter().sum::<u32>() as usize, firms.len(), "every firm has a home"),
        None => assert!(faults.any(), "a refusal says why"),
    }
    frames(&faults.take("firms.csv"), false);
});
