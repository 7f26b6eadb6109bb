//! What can be written outside the crate and plugged into a scenario: outcomes here, rules and theories in the engine.

use super::view::{self, View};
use crate::economy::Economy;
use crate::engine::model::Model;
use crate::error::{Error, Fault};
use crate::report::record::Rows;
use arrow_array::RecordBatch;

/// A number that a run amounts to, worked out from what it left behind.
///
/// It stands beside the outcomes of the crate in [`Results::outcome`](super::Results::outcome), in the table `outcomes` and
/// in every [`Contrast`](super::Contrast). See `examples/own_outcome.rs`.
pub trait Outcome: Send + Sync {
    /// The name of its column; one of a kind.
    fn name(&self) -> &str;
    /// The unit; `1` for pure numbers and shares.
    fn unit(&self) -> &str {
        "1"
    }
    /// What it is, in a sentence.
    fn meaning(&self) -> &str;
    /// Its value for one replicate; NaN where it is undefined.
    ///
    /// # Errors
    /// What keeps it from being worked out; the run then fails.
    fn value(&self, run: &RunView) -> Result<f64, Error>;
}

/// One replicate as it ended.
#[derive(Clone, Copy, Debug)]
pub struct RunView<'a> {
    pub(super) model: &'a Model,
    pub(super) economy: &'a Economy,
    pub(super) rows: &'a Rows,
    pub(super) metadata: &'a [(String, String)],
}

impl RunView<'_> {
    /// The firms at the end.
    pub fn firms(&self) -> View<'_> {
        view::firms(self.model, self.economy)
    }

    /// The ties abroad at the end.
    pub fn ties(&self) -> View<'_> {
        view::ties(self.model, self.economy)
    }

    /// What firms have to do with markets at the end.
    pub fn markets(&self) -> View<'_> {
        view::markets(self.model, self.economy)
    }

    /// A table of this replicate, such as `series` and `trajectories`; others where the scenario asks for them, as in
    /// [`Results::table`](super::Results::table).
    ///
    /// # Errors
    /// There is no such table.
    pub fn table(&self, name: &str) -> Result<RecordBatch, Error> {
        self.rows.batch(name, self.metadata)?.ok_or_else(|| {
            let fault = Fault::new(format!("there is no table `{name}`"));
            fault.expected("series, trajectories, firms, panel, events or ties").into()
        })
    }
}
