//! Sweeps: a scenario run at many points of its settings, so that nothing done is lost or done twice.
//!
//! | file | holds |
//! |---|---|
//! | `file` | the sweep file with all its faults |
//! | `design` | which points, each from its number alone |
//! | `subject` | what is run: settings in, outcomes out |
//! | `store` | finished runs in one file that survives anything |
//! | `task` | runs side by side, committed in order; shards, merging |
//! | `result` | finished runs in the order of the design |
//! | `response` | how an outcome moves with one axis |
//! | `contrast` | by how much settings move an outcome, with intervals that fit the design |

mod arms;
pub mod contrast;
pub mod design;
pub mod file;
pub mod response;
pub mod result;
pub mod schema;
pub mod sobol;
pub mod store;
pub mod subject;
pub mod task;

use design::Design;
use std::path::PathBuf;
use subject::Subject;

/// A sweep as its file asks for it, checked.
pub struct Sweep {
    /// Name of the file.
    pub name: String,
    /// A sentence for the report, or "".
    pub about: String,
    pub path: PathBuf,
    pub subject: Box<dyn Subject>,
    pub design: Design,
    pub replicates: u32,
    /// Which measures of the subject are shown, by position.
    pub outcomes: Vec<usize>,
}

impl Sweep {
    /// Runs of the whole sweep.
    pub fn runs(&self) -> u64 {
        self.design.len().saturating_mul(u64::from(self.replicates))
    }

    /// Point and replicate of the `k`-th run: every point once, then every point again, points in an order of which
    /// every beginning is a balanced sample.
    pub fn run_at(&self, k: u64) -> (u64, u32) {
        let points = self.design.len();
        (self.design.visit(k % points), (k / points) as u32)
    }

    /// What a point sets, axis by axis.
    pub fn settings(&self, point: u64) -> Vec<(String, crate::param::Value)> {
        let values = self.design.point(point);
        values.iter().zip(&self.design.axes).flat_map(|(value, axis)| axis.settings(*value)).collect()
    }
}
