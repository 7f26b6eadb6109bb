//! How long, how often and from which seed to run, and what to keep of it.

use crate::params;

params! {
    /// The run: how long, how often, from which seed.
    pub struct Run at "run" {
        /// Name shown in reports and figures; when empty, the name of the scenario file.
        name: String = "", "", "", "presentation only";
        /// Seed of every random number; the same scenario and seed give the same result on any number of threads.
        seed: i64 = 1 in 0 ..= 9007199254740991.0, "", "", "arbitrary; at most 2^53 - 1, which JSON keeps exact";
        /// Years observed, after the burn-in.
        years: u32 = 40 in 1 ..= 1000, "", "year", "covers the data of 1995 to 2024 and a decade after";
        /// Years simulated before the first observed one, so that firms, ties and markets have a history.
        burn_in: u32 = 25 in 0 ..= 1000, "", "year", "assumption, swept 10–50";
        /// Calendar year of the first observed year.
        start: i64 = 1995 in 1800 ..= 2200, "", "year", "first year of the country data";
        /// Runs that differ only in the seed, for statements about chance.
        replicates: u32 = 1 in 1 ..= 100000, "", "1", "choice; 50 or more for comparisons";
        /// Whether the identities of the model are verified in every quarter, at some cost in time.
        checks: bool = false, "", "", "switch";
    }
}

params! {
    /// What a run writes, and where.
    pub struct OutputSettings at "output" {
        /// Folder the results are written into, relative to the working directory.
        folder: String = "output", "", "", "choice";
        /// Whether the panel is written: one row for each firm, market and year with exports.
        panel: bool = false, "", "", "switch";
        /// Whether the table of firms is written: one row for each firm and year.
        firms: bool = false, "", "", "switch";
        /// Whether the record of events is written: pursuits, entries, stages, exits, incidents, SNS use, births, failures.
        events: bool = false, "", "", "switch";
        /// Whether the table of ties is written: one row for each tie of the last observed quarter.
        ties: bool = false, "", "", "switch";
        /// Whether every table is written as CSV too, beside Parquet.
        csv: bool = false, "", "", "switch";
        /// Whether figures are drawn.
        figures: bool = true, "", "", "switch";
        /// Whether the graph of firms, peers and partners at the end of the run is written as GraphML and edge lists.
        graph: bool = false, "", "", "switch";
    }
}
