//! Progress and cancellation: handed to whatever takes long, shared with whoever waits for it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A simulated year that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The replicate it belongs to, from 0; replicates run side by side.
    pub replicate: u32,
    /// The calendar year; years of the burn-in lie before the first observed one.
    pub year: i32,
    /// Years simulated so far, over all replicates, this one included.
    pub done: u64,
    /// Years there are to simulate, over all replicates.
    pub of: u64,
}

impl Step {
    /// What is done, from 0 to 1.
    pub fn share(&self) -> f64 {
        if self.of == 0 { 1.0 } else { self.done as f64 / self.of as f64 }
    }
}

type Told = Box<dyn Fn(Step) + Send + Sync>;

/// Tells how far a run is, and lets it be stopped from another thread.
///
/// A run that is stopped ends at the next quarter, and keeps the replicates that are whole.
///
/// ```
/// use fondaco::{Progress, Scenario};
///
/// let scenario = Scenario::from_text("tiny.toml", "run.years = 3\nrun.burn_in = 2\npopulation.firms = 200")?;
/// let progress = Progress::telling(|step| assert!(step.done <= step.of));
/// let results = scenario.run_with(&progress)?;
/// assert_eq!((progress.done(), progress.of()), (5, 5));
///
/// progress.cancel();
/// assert!(scenario.run_with(&progress)?.interrupted());
/// # Ok::<(), fondaco::Error>(())
/// ```
#[derive(Default)]
pub struct Progress {
    stop: Arc<AtomicBool>,
    done: AtomicU64,
    of: AtomicU64,
    told: Option<Told>,
}

impl Progress {
    /// Tells nobody; [`done`](Self::done) and [`of`](Self::of) can be asked.
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls `told` after every simulated year, from the thread that simulated it.
    pub fn telling(told: impl Fn(Step) + Send + Sync + 'static) -> Self {
        Self { told: Some(Box::new(told)), ..Self::default() }
    }

    /// The same, stopped as soon as a flag that others hold turns true.
    pub fn stopped_by(self, stop: Arc<AtomicBool>) -> Self {
        Self { stop, ..self }
    }

    /// Asks the run to stop; what is handed this progress later stops at once.
    pub fn cancel(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Was it asked to stop?
    pub fn is_cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Years simulated so far, over all replicates.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Years there are to simulate, over all replicates; 0 before a run has begun.
    pub fn of(&self) -> u64 {
        self.of.load(Ordering::Relaxed)
    }

    /// Begins a run of so many years.
    pub(super) fn begin(&self, of: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
    }

    /// Takes note of a year.
    pub(super) fn year(&self, replicate: u32, year: i32) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(told) = &self.told {
            told(Step { replicate, year, done, of: self.of() });
        }
    }

    /// What the engine asks after every quarter.
    pub(super) fn flag(&self) -> &AtomicBool {
        &self.stop
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Progress({} of {}, cancelled: {})", self.done(), self.of(), self.is_cancelled())
    }
}
