//! fondaco simulates how small firms go abroad through ties.
//!
//! Populations of firms live on a social graph with real country data. Ties on social networking sites bring
//! contacts and make markets look nearer; knowledge, risk and money decide what firms make of them. Trajectories
//! (born global, gradual, born again, never) are labels read off simulated histories: no firm has a type.
//!
//! The rooms, from the door inwards; imports run down this list only:
//!
//! | room | holds |
//! |---|---|
//! | [`door`] | what Rust programs, Python and the studio go through |
//! | [`report`] | tables, figures, manifest, the result folder |
//! | [`experiment`] | a scenario worked out; replicates |
//! | [`scenario`] | files, layers, faults, documentation of every setting |
//! | [`engine`] | the clock, and a firm's quarter |
//! | [`policy`] | support measures: operators, conditions, rounds, what participants have |
//! | [`mechanism`] | the theories, one file each |
//! | [`observe`] | measures, labels, the closing of a year |
//! | [`economy`] | everything true at one date |
//! | [`firm`], [`world`], [`network`] | who, where, with whom |
//! | [`statistics`] | estimates, intervals, and what may be said of them |
//! | [`read`], [`param`], [`draw`], [`number`], [`letters`], [`input`] | the ground |
//! | [`error`] | faults and where they stand |
//!
//! Two features, both on by default, can be left out: `report` (tables, figures, pages), and `command` over it (the
//! program). Without them the crate is the model: scenarios in, numbers out.
//!
//! ```
//! use fondaco::experiment::{Plan, replicates};
//! use fondaco::economy::accounts::{Notes, Sum};
//! use fondaco::engine::NoSink;
//! use fondaco::scenario::Loaded;
//! use std::sync::atomic::AtomicBool;
//!
//! let text = "run.years = 3\nrun.burn_in = 2\npopulation.firms = 200\nworld.largest = 20";
//! let plan = Plan::new(&Loaded::read("tiny.toml", text, &[])?)?;
//! replicates(&plan, Notes::default(), &AtomicBool::new(false), |_| NoSink, |_, _, _, outcome| {
//!     assert_eq!(outcome.years.len(), 3);
//!     assert_eq!(outcome.years[0].sum(Sum::Firms), 200.0);
//!     Ok(())
//! })?;
//! # Ok::<(), fondaco::error::Error>(())
//! ```

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::disallowed_methods))]

#[cfg(feature = "report")]
pub mod door;
pub mod draw;
pub mod economy;
pub mod engine;
pub mod error;
pub mod experiment;
pub mod firm;
pub mod input;
pub mod letters;
pub mod mechanism;
pub mod network;
pub mod number;
pub mod observe;
pub mod param;
pub mod policy;
pub mod read;
#[cfg(feature = "report")]
pub mod report;
pub mod scenario;
pub mod statistics;
pub mod world;

#[cfg(feature = "report")]
pub use door::{
    About, Contrast, Dose, Effect, Firms, Flows, Progress, Results, Scenario, Setting, Simulation, Step, Target,
    Values, View, framed,
};
pub use error::{Error, Fault, Position, Severity};
pub use experiment::outcome::Measure;
#[cfg(feature = "report")]
pub use report::result::{Done, HomeSummary, Summary};
pub use statistics::Estimate;
