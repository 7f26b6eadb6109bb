//! What can be written outside the crate and plugged into a scenario: outcomes and interventions; rules and theories are in the
//! engine.

use super::simulation::Simulation;
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

/// What looks at firms and gives them doses, before every quarter of every replicate: a support measure of one's own.
///
/// ```
/// use fondaco::{Dose, Error, Intervention, Scenario, Simulation};
///
/// /// Every year, a fair for small firms that are on SNS and do not export yet.
/// struct Fair;
///
/// impl Intervention for Fair {
///     fn name(&self) -> &str {
///         "fair"
///     }
///     fn act(&self, simulation: &mut Simulation) -> Result<(), Error> {
///         if !simulation.observing() || simulation.quarter() != 1 {
///             return Ok(());
///         }
///         let firms = simulation.firms();
///         let (size, on_sns, abroad) = (firms.real("size")?, firms.flags("on_sns")?, firms.flags("exporting")?);
///         let invited: Vec<bool> = (0..size.len()).map(|i| size[i] < 50.0 && on_sns[i] && !abroad[i]).collect();
///         simulation.intervene(&invited, &Dose::of("add-contacts", 2.0)?).map(drop)
///     }
/// }
///
/// let text = "run.years = 3\nrun.burn_in = 5\nrun.replicates = 3\nrun.start = 2015\npopulation.firms = 300\nworld.largest = 30";
/// let without = Scenario::from_text("tiny.toml", text)?;
/// let contrast = without.with_intervention(Fair).run()?.versus(&without.run()?)?;
/// assert!(contrast.effect("exporters").is_some_and(|effect| effect.estimate.mean > 0.0));
/// # Ok::<(), fondaco::Error>(())
/// ```
pub trait Intervention: Send + Sync {
    /// A name for manifests.
    fn name(&self) -> &str;
    /// Looks at the firms as they stand before a quarter, that of the burn-in included, and gives what it gives.
    ///
    /// # Errors
    /// What keeps it from acting; the run then fails.
    fn act(&self, simulation: &mut Simulation) -> Result<(), Error>;
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
