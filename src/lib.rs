//! fondaco simulates how small firms go abroad through ties.
//!
//! Populations of firms live on a social graph with real country data. Ties on social networking sites bring
//! contacts and make markets look nearer; knowledge, risk and money decide what firms make of them. Trajectories
//! (born global, gradual, born again, never) are labels read off simulated histories: no firm has a type.
//!
//! ```no_run
//! let belgium = fondaco::Scenario::open("scenarios/belgium.toml")?;
//! let results = belgium.with("mechanism.sns.rate", 20.0)?.replicates(20).run()?;
//! let contrast = results.versus(&belgium.replicates(20).run()?)?;
//! for effect in contrast.effects() {
//!     println!("{} {:.3} to {:.3}", effect.outcome, effect.estimate.low, effect.estimate.high);
//! }
//! # Ok::<(), fondaco::Error>(())
//! ```
//!
//! | to | see |
//! |---|---|
//! | say what is asked | [`Scenario`], [`Setting`], [`Fault`] |
//! | run it and look at what came of it | [`Results`], [`Summary`], [`Progress`] |
//! | hold two worlds against each other | [`Contrast`], [`Effect`], [`Estimate`] |
//! | step, look, act, put aside and go on | [`Simulation`], [`View`], [`Dose`] |
//! | put ideas of one's own in | [`Rule`], [`Theory`], [`Outcome`], [`Intervention`] |
//!
//! The same scenario and seed give the same bytes on any number of threads. Nothing prints.
//!
//! The rooms behind the door serve the command, the tests and the benches. They are hidden from this page, and change
//! without notice; `ARCHITECTURE.md` says what they hold. Imports run down this list only:
//!
//! | room | holds |
//! |---|---|
//! | `door` | what is on this page |
//! | `report` | tables, figures, manifest, the result folder |
//! | `experiment` | a scenario worked out; replicates; states of runs |
//! | `scenario` | files, layers, faults, documentation of every setting |
//! | `engine` | the clock, and a firm's quarter |
//! | `policy` | support measures: operators, conditions, rounds, what participants have |
//! | `mechanism` | the theories, one file each |
//! | `observe` | measures, labels, the closing of a year |
//! | `economy` | everything true at one date |
//! | `firm`, `world`, `network` | who, where, with whom |
//! | `statistics` | estimates, intervals, and what may be said of them |
//! | `read`, `param`, `draw`, `number`, `letters`, `input` | the ground |
//! | `error` | faults and where they stand |
//!
//! Two features, both on by default, can be left out: `report` (tables, figures, pages, and with them the door), and
//! `command` over it (the program). Without them the crate is the model: scenarios in, numbers out.

#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::disallowed_methods))]

#[cfg(feature = "report")]
mod door;
#[doc(hidden)]
pub mod draw;
#[doc(hidden)]
pub mod economy;
#[doc(hidden)]
pub mod engine;
#[doc(hidden)]
pub mod error;
#[doc(hidden)]
pub mod experiment;
#[doc(hidden)]
pub mod firm;
#[doc(hidden)]
pub mod input;
#[doc(hidden)]
pub mod letters;
#[doc(hidden)]
pub mod mechanism;
#[doc(hidden)]
pub mod network;
#[doc(hidden)]
pub mod number;
#[doc(hidden)]
pub mod observe;
#[doc(hidden)]
pub mod param;
#[doc(hidden)]
pub mod policy;
#[doc(hidden)]
pub mod read;
#[doc(hidden)]
#[cfg(feature = "report")]
pub mod report;
#[doc(hidden)]
pub mod scenario;
#[doc(hidden)]
pub mod statistics;
#[doc(hidden)]
pub mod world;

#[cfg(feature = "report")]
pub use door::{
    About, Contrast, Dose, Effect, Firms, Flows, Intervention, Outcome, Progress, Results, RunView, Scenario, Setting,
    Simulation, Step, Target, Values, View, framed,
};
pub use engine::extension::{ContactView, Contacts, Draw, FirmView, Rule, Theory, Traits};
pub use error::{Error, Fault, Position, Severity};
pub use experiment::outcome::Measure;
pub use mechanism::decision::Verdict;
#[cfg(feature = "report")]
pub use report::result::{Done, HomeSummary, Summary};
pub use statistics::Estimate;
