//! Any text as a graph, GraphML or edge list: it is read or refused, and ties stay among the places there are.
#![no_main]

use fondaco::error::Source;
use fondaco::network::import::{Places, parse};
use fondaco::scenario::frames;
use std::sync::Arc;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for name in ["graph.graphml", "graph.csv"] {
        let source = Arc::new(Source { name: name.to_owned(), text: text.to_owned() });
        match parse(&source, &Places::numbered(50), "") {
            Ok(ties) => assert!(ties.ties.iter().all(|(a, b, _)| *a < 50 && *b < 50), "a tie is between places"),
            Err(faults) => drop(frames(&faults, false)),
        }
    }
});
