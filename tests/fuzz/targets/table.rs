//! Any text as a table: every cell stands in it, and every fault can be shown under its line.
#![no_main]

use fondaco::read::{Faults, Table};
use fondaco::scenario::frames;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut faults = Faults::default();
    if let Some(table) = Table::parse("table.csv", text, &mut faults) {
        let columns = table.header().len();
        for row in table.rows() {
            assert_eq!(row.cells.len(), columns, "a row has a cell for every column");
            for cell in &row.cells {
                table.number(cell, &mut faults);
            }
        }
        table.unread(&[], &["iso3", "value"], &mut faults);
    }
    frames(&faults.take("table.csv"), false);
});
