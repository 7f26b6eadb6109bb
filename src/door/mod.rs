//! The door: what Rust programs, the command line, Python and the studio go through.
//!
//! A [`Scenario`] says what is asked, [`Results`] hold what came of it, a [`Contrast`] is what one differs from another
//! by, pair by pair. Nothing prints; progress and cancellation are a [`Progress`] that is handed in.
//!
//! Deliberately absent: models, statistics, files. They are in the rooms below.

mod contrast;
mod dose;
mod extension;
mod progress;
mod results;
mod scenario;
mod shipped;
mod simulation;
mod view;

pub use contrast::{Contrast, Effect, Flows};
pub use dose::{Dose, Firms};
pub use extension::{Intervention, Outcome, RunView};
pub use progress::{Progress, Step};
pub use results::Results;
pub use scenario::{Scenario, Setting, Target};
pub use simulation::Simulation;
pub use view::{About, Values, View};

use crate::error::Error;
use crate::scenario::frames;

/// An error as the command shows it: every fault below the line it stands in, with what was expected and what to do.
///
/// ```
/// let error = fondaco::Scenario::from_text("study.toml", "run.years = -1").unwrap_err();
/// assert!(fondaco::framed(&error).contains("expected a whole number from 1 to 1000 (year)"));
/// ```
pub fn framed(error: &Error) -> String {
    match error {
        Error::Asked(faults) => frames(faults, false),
        Error::Failed(message) => message.clone(),
    }
}
