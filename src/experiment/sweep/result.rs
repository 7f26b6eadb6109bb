//! Results: the finished runs of a sweep in the order of its design, whatever the order in which they were made.

use super::Sweep;
use super::store::{Ended, Store};
use super::task::Names;
use crate::error::Error;

/// One run of the sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub point: u64,
    pub replicate: u32,
    /// How it ended; `None` if it was not made yet.
    pub ended: Option<Ended>,
}

/// Hands every run of the sweep over, point by point and replicate by replicate, one at a time.
///
/// # Errors
/// The store cannot be read, or `take` fails.
pub fn each(
    sweep: &Sweep,
    names: &Names,
    store: &mut Store,
    mut take: impl FnMut(Run) -> Result<(), Error>,
) -> Result<(), Error> {
    for point in 0..sweep.design.len() {
        for replicate in 0..sweep.replicates {
            take(Run { point, replicate, ended: store.get(&names.id(point, replicate))? })?;
        }
    }
    Ok(())
}

/// Outcomes of runs: by outcome shown, by point, by replicate; NaN where a run failed, is not made, or has no such
/// number. Of a sweep that was cut short, the replicates are taken that have every point, or else the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcomes {
    pub points: usize,
    /// Replicates taken.
    pub replicates: usize,
    values: Vec<f64>,
    shown: usize,
    /// Runs taken that did not fail.
    pub taken: u64,
    /// Runs of the whole sweep that failed, and that are not made.
    pub failed: u64,
    pub missing: u64,
}

impl Outcomes {
    /// Reads them from a store.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn read(sweep: &Sweep, names: &Names, store: &mut Store) -> Result<Self, Error> {
        let states = |r: u32| (0..sweep.design.len()).map(move |point| (point, r));
        let made = |r: &u32| states(*r).all(|(point, r)| store.state(&names.id(point, r)).is_some());
        let whole = (0..sweep.replicates).take_while(made).count();
        let points = sweep.design.len() as usize;
        let replicates = whole.max(1);
        let shown = sweep.outcomes.len();
        let values = Vec::with_capacity(points * replicates * shown);
        let mut read = Self { points, replicates, values, shown, taken: 0, failed: 0, missing: 0 };
        each(sweep, names, store, |run| {
            read.failed += u64::from(matches!(run.ended, Some(Ended::Failed(_))));
            read.missing += u64::from(run.ended.is_none());
            if run.replicate as usize >= replicates {
                return Ok(());
            }
            match &run.ended {
                Some(Ended::Done(values)) => {
                    let value = |place: &usize| values.get(*place).copied().unwrap_or(f64::NAN);
                    read.values.extend(sweep.outcomes.iter().map(value));
                    read.taken += 1;
                }
                _ => read.values.extend(std::iter::repeat_n(f64::NAN, shown)),
            }
            Ok(())
        })?;
        Ok(read)
    }

    /// Outcomes given by hand: of one outcome, points by rows.
    pub fn of(rows: &[Vec<f64>]) -> Self {
        let replicates = rows.first().map_or(0, Vec::len);
        let values = rows.iter().flatten().copied().collect();
        let taken = (rows.len() * replicates) as u64;
        Self { points: rows.len(), replicates, values, shown: 1, taken, failed: 0, missing: 0 }
    }

    /// One value of the `outcome`-th outcome shown.
    pub fn at(&self, outcome: usize, point: usize, replicate: usize) -> f64 {
        self.values[(point * self.replicates + replicate) * self.shown + outcome]
    }

    /// The replicates of a point that have a value.
    pub fn of_point(&self, outcome: usize, point: usize) -> Vec<f64> {
        (0..self.replicates).map(|r| self.at(outcome, point, r)).filter(|value| value.is_finite()).collect()
    }

    /// The mean over the replicates of a point that have a value; NaN without any.
    pub fn mean(&self, outcome: usize, point: usize) -> f64 {
        let values = self.of_point(outcome, point);
        if values.is_empty() { f64::NAN } else { values.iter().sum::<f64>() / values.len() as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::task::tests::sweep;
    use super::super::task::{Wanted, pending, run};
    use super::*;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn of_a_sweep_cut_short_the_whole_replicates_are_taken() {
        let folder = tempfile::tempdir().unwrap();
        let (short, long) = (sweep(4, 2), sweep(4, 5));
        let names = Names::of(&long, "1");
        let (mut store, _) = Store::write(folder.path(), false).unwrap();
        let go = |of: &Sweep, store: &mut Store| {
            run(of, &names, store, Wanted::default(), 1, &AtomicBool::new(false), &mut |_| {}).unwrap()
        };
        go(&short, &mut store);
        // One more run than two replicates: the first of the third.
        let (left, _) = pending(&long, &names, &store, Wanted::default());
        let (point, replicate) = long.run_at(left[0]);
        store.put(&names.chapter, &names.id(point, replicate), &Ended::Done(vec![99.0])).unwrap();
        store.commit().unwrap();
        let read = Outcomes::read(&long, &names, &mut store).unwrap();
        // Of x = 0 … 3 and y = 0, 1, the toy fails at x = 3.
        assert_eq!((read.points, read.replicates, read.taken), (8, 2, 12));
        assert_eq!((read.failed, read.missing), (4, 8 * 5 - 17));
        assert_eq!((read.at(0, 5, 1), read.mean(0, 5)), (4.0, 3.5));
        assert!(read.at(0, 6, 0).is_nan() && read.of_point(0, 7).is_empty());
    }
}
