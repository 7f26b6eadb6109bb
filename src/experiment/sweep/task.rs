//! Runs side by side with one writer: what is not in the store is run, and committed in the order of the sweep.
//!
//! Workers take the next run and hand its outcomes to the writer, which puts them in order before it adds them to the
//! store. So a store holds at any moment the beginning of the undisturbed one, to the byte, whatever stopped the
//! program and however many threads there were. How far workers may run ahead of the writer is bounded: memory does not
//! grow with the sweep but for the index of the store.

use super::Sweep;
use super::store::{Chapter, Ended, Id, Store, run_id};
use crate::error::{Error, Fault};
use crate::experiment::basis;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Least time between two commits.
const COMMIT: Duration = Duration::from_millis(200);
/// How much longer than a commit the work between two lasts at least, so that a slow disk costs 2 % and no more.
const WORK: u32 = 50;
/// Bytes that are committed before that time is over.
const COMMIT_BYTES: usize = 1 << 20;
/// Runs that may be ahead of the first one that is not committed.
const AHEAD: usize = 4096;
/// Runs to be tried before a duration is told, and the time after which trying ends.
const PROBES: u64 = 3;
const PROBE_TIME: Duration = Duration::from_secs(2);

/// A part of the runs: `i` of `n`, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    pub i: u32,
    pub n: u32,
}

impl Shard {
    /// Reads `i/n`.
    ///
    /// # Errors
    /// What was expected.
    pub fn read(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((i, n)) if i >= 1 && i <= n => Ok(Self { i, n }),
            _ => Err(format!("{text:?} is no share: expected i/n, such as 2/8, with i from 1 to n")),
        }
    }

    /// The folder of its own store within that of the sweep.
    pub fn folder(self, store: &Path) -> PathBuf {
        store.join("shards").join(format!("{}-of-{}", self.i, self.n))
    }

    fn has(self, k: u64) -> bool {
        k % u64::from(self.n) == u64::from(self.i) - 1
    }
}

/// How far a sweep is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Runs of the sweep, or of the shard.
    pub runs: u64,
    /// Of these, how many were in the store before.
    pub before: u64,
    /// Runs finished since, and how many of them failed.
    pub done: u64,
    pub failed: u64,
    /// Runs that were in the store before, failed, and are not made once more.
    pub failed_before: u64,
    /// Runs that the design asks for more than once.
    pub repeated: u64,
    /// Whether the work was stopped before its end.
    pub interrupted: bool,
}

/// The names of the runs of a sweep, worked out once for every point.
pub struct Names {
    pub chapter: Chapter,
    points: Vec<[u8; 32]>,
}

impl Names {
    /// The names of the runs of a sweep by a program of some version.
    pub fn of(sweep: &Sweep, program: &str) -> Self {
        let points = (0..sweep.design.len()).map(|point| sweep.subject.identity(&sweep.settings(point))).collect();
        let measures = sweep.subject.words().measures.iter().map(|measure| measure.name.clone()).collect();
        let subject = sweep.subject.words().kind.to_owned();
        let inputs = sweep.subject.inputs().to_vec();
        let chapter = Chapter { program: program.to_owned(), subject, measures, inputs };
        Self { chapter, points }
    }

    /// The name of a run.
    pub fn id(&self, point: u64, replicate: u32) -> Id {
        run_id(&self.chapter, &self.points[point as usize], replicate)
    }
}

/// Which runs of a sweep are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    pub shard: Option<Shard>,
    /// Only those that failed, once more, rather than those that are not there.
    pub failed: bool,
}

/// The numbers of the runs that have to be made, in order; none is there twice.
pub fn pending(sweep: &Sweep, names: &Names, store: &Store, wanted: Wanted) -> (Vec<u64>, Progress) {
    let mut progress = Progress::default();
    let mut seen = BTreeSet::new();
    let mut pending = Vec::new();
    for k in 0..sweep.runs() {
        if wanted.shard.is_some_and(|shard| !shard.has(k)) {
            continue;
        }
        let (point, replicate) = sweep.run_at(k);
        let id = names.id(point, replicate);
        progress.runs += 1;
        match store.state(&id) {
            Some(failed) if failed && wanted.failed && seen.insert(id) => pending.push(k),
            Some(failed) => {
                progress.before += 1;
                progress.failed_before += u64::from(failed);
            }
            None if !seen.insert(id) => progress.repeated += 1,
            None if wanted.failed => {}
            None => pending.push(k),
        }
    }
    (pending, progress)
}

/// Runs of a sweep that are in a store, failed ones included.
pub fn made(sweep: &Sweep, names: &Names, store: &Store) -> u64 {
    let there = |k: &u64| {
        let (point, replicate) = sweep.run_at(*k);
        store.state(&names.id(point, replicate)).is_some()
    };
    (0..sweep.runs()).filter(there).count() as u64
}

/// Files of which the sweep reads other contents than the runs in a store did, in words; none once there are runs that
/// read the same.
pub fn changed(names: &Names, store: &Store) -> Vec<String> {
    let ours = &names.chapter;
    let tally = store.tally();
    let chapters = || tally.iter().map(|(chapter, ..)| chapter);
    if chapters().any(|chapter| chapter.inputs == ours.inputs) {
        return Vec::new();
    }
    let alike = chapters().filter(|chapter| chapter.program == ours.program && chapter.subject == ours.subject);
    let mut said: Vec<String> = alike.flat_map(|chapter| basis::changed(&chapter.inputs, &ours.inputs)).collect();
    said.retain(|said| said.ends_with("has changed"));
    said.sort();
    said.dedup();
    said
}

/// Makes the runs that are wanted and adds them to the store. The first request to stop lets begun runs end. `watch` is
/// told after every run; `threads` runs go on side by side.
///
/// # Errors
/// The store cannot take more.
pub fn run(
    sweep: &Sweep,
    names: &Names,
    store: &mut Store,
    wanted: Wanted,
    threads: usize,
    interrupt: &AtomicBool,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Progress, Error> {
    let (pending, mut progress) = pending(sweep, names, store, wanted);
    watch(&progress);
    let gate = Gate::default();
    let (sender, receiver) = channel::<(usize, Id, Ended)>();
    let work = |sender: std::sync::mpsc::Sender<(usize, Id, Ended)>| {
        while let Some(turn) = gate.next(pending.len(), interrupt) {
            let (point, replicate) = sweep.run_at(pending[turn]);
            let ended = attempt(sweep, point, replicate);
            if sender.send((turn, names.id(point, replicate), ended)).is_err() {
                return;
            }
        }
    };
    let mut write = || -> Result<(), Error> {
        let mut early: BTreeMap<usize, (Id, Ended)> = BTreeMap::new();
        let mut turn = 0;
        let (mut last, mut pause) = (Instant::now(), COMMIT);
        loop {
            match receiver.recv_timeout(COMMIT) {
                Ok((at, id, ended)) => {
                    progress.done += 1;
                    progress.failed += u64::from(matches!(ended, Ended::Failed(_)));
                    early.insert(at, (id, ended));
                    while let Some((id, ended)) = early.remove(&turn) {
                        store.put(&names.chapter, &id, &ended)?;
                        turn += 1;
                    }
                    gate.reached(turn);
                    watch(&progress);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if last.elapsed() >= pause || store.waiting() >= COMMIT_BYTES {
                let begin = Instant::now();
                store.commit()?;
                last = Instant::now();
                pause = COMMIT.max(WORK * (last - begin));
            }
        }
        store.commit()
    };
    let written = std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, pending.len().max(1)) {
            let sender = sender.clone();
            scope.spawn(|| super::super::alone(1, move || work(sender)));
        }
        drop(sender);
        let written = write();
        // Should the store have refused, workers must not go on for nothing.
        gate.close();
        written
    });
    written?;
    progress.interrupted = progress.done < pending.len() as u64;
    Ok(progress)
}

/// One run of one point; whatever goes wrong in it is its cause of failure.
fn attempt(sweep: &Sweep, point: u64, replicate: u32) -> Ended {
    let never = AtomicBool::new(false);
    let whole = || -> Result<Vec<f64>, String> {
        let settled = sweep.subject.settle(&sweep.settings(point))?;
        settled.run(replicate, &never)?.ok_or_else(|| "the run was stopped".to_owned())
    };
    match catch_unwind(AssertUnwindSafe(whole)) {
        Ok(Ok(values)) => Ended::Done(values),
        Ok(Err(cause)) => Ended::Failed(cause),
        Err(panic) => Ended::Failed(super::super::broken(replicate, panic.as_ref())),
    }
}

/// Gives out turns, but not too far ahead of the writer.
#[derive(Default)]
struct Gate {
    /// The next turn, the first turn not written, and whether no more are given out.
    state: Mutex<(usize, usize, bool)>,
    moved: Condvar,
}

impl Gate {
    fn next(&self, turns: usize, interrupt: &AtomicBool) -> Option<usize> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !state.2 && state.0 >= state.1 + AHEAD {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.2 || state.0 >= turns || interrupt.load(Ordering::Relaxed) {
            return None;
        }
        state.0 += 1;
        Some(state.0 - 1)
    }

    fn reached(&self, turn: usize) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1 = turn;
        self.moved.notify_all();
    }

    fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).2 = true;
        self.moved.notify_all();
    }
}

/// Seconds that one run takes on one thread, from a few that are made for nothing but their duration; `None` if there
/// is nothing to run.
pub fn probe(sweep: &Sweep, pending: &[u64]) -> Option<f64> {
    let start = Instant::now();
    let mut tried = 0;
    // From all over the sweep: points differ in how much they ask.
    for j in 0..PROBES.min(pending.len() as u64) {
        let (point, replicate) = sweep.run_at(pending[(j as usize * pending.len()) / PROBES as usize]);
        attempt(sweep, point, replicate);
        tried += 1;
        if start.elapsed() > PROBE_TIME {
            break;
        }
    }
    (tried > 0).then(|| start.elapsed().as_secs_f64() / f64::from(tried))
}

/// Adds what the stores of shards hold to the store of the sweep: its own runs in its order, so that the store has the
/// bytes it would have had without shards, then runs of other sweeps by name. Gives back how many were added.
///
/// # Errors
/// A store cannot be read or written.
pub fn merge(sweep: &Sweep, names: &Names, store: &mut Store, shards: &mut [Store]) -> Result<u64, Error> {
    let mut added = 0;
    let mut take = |id: &Id, store: &mut Store, shards: &mut [Store]| -> Result<(), Error> {
        // A run that succeeded anywhere has succeeded.
        if store.state(id) == Some(false) {
            return Ok(());
        }
        let from = shards.iter().position(|shard| shard.state(id) == Some(false));
        let from = from.or_else(|| shards.iter().position(|shard| shard.state(id).is_some()));
        let Some(from) = from.filter(|from| store.state(id).is_none() || shards[*from].state(id) == Some(false)) else {
            return Ok(());
        };
        let chapter = shards[from].chapter(id).cloned().unwrap_or_default();
        if let Some(ended) = shards[from].get(id)? {
            store.put(&chapter, id, &ended)?;
            added += 1;
        }
        if store.waiting() >= COMMIT_BYTES { store.commit() } else { Ok(()) }
    };
    for k in 0..sweep.runs() {
        let (point, replicate) = sweep.run_at(k);
        take(&names.id(point, replicate), store, shards)?;
    }
    let others: BTreeSet<Id> = shards.iter().flat_map(|shard| shard.ids().copied()).collect();
    for id in &others {
        take(id, store, shards)?;
    }
    store.commit()?;
    Ok(added)
}

/// The stores of shards below the folder of a sweep, in order of their names.
///
/// # Errors
/// One of them cannot be read, or there are none.
pub fn shards(folder: &Path) -> Result<Vec<Store>, Error> {
    let below = folder.join("shards");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&below)
        .map(|entries| {
            entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| Store::exists(path)).collect()
        })
        .unwrap_or_default();
    folders.sort();
    if folders.is_empty() {
        return Err(Fault::new(format!("there are no shards in {}", below.display()))
            .help("`fondaco sweep run FILE --shard i/n` makes them")
            .into());
    }
    folders.iter().map(|folder| Store::read(folder).map(|(store, _)| store)).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::design::{Axis, Design, Domain, Level, Method};
    use super::super::result::each;
    use super::super::subject::{Identity, Settled, Subject, Words};
    use super::*;
    use crate::experiment::basis::Input;
    use crate::experiment::outcome::Measure;
    use crate::param::Value;
    use crate::scenario::Scenario;
    use std::sync::Arc;
    use std::sync::atomic::AtomicU32;

    /// A subject whose outcome is a known function of `x`, `y` and the replicate; 3 fails, 4 breaks down.
    pub struct Toy {
        calls: AtomicU32,
        /// Turned on after every fifth run.
        stop: Option<Arc<AtomicBool>>,
        words: Words,
    }

    impl Subject for Toy {
        fn words(&self) -> &Words {
            &self.words
        }
        fn name(&self) -> String {
            "toy".into()
        }
        fn identity(&self, settings: &[(String, Value)]) -> Identity {
            *blake3::hash(format!("{settings:?}").as_bytes()).as_bytes()
        }
        fn settle(&self, settings: &[(String, Value)]) -> Result<Box<dyn Settled + '_>, String> {
            let number = |value: &Value| match value {
                Value::Number(x) => *x,
                _ => f64::NAN,
            };
            Ok(Box::new(Point(self, settings.iter().map(|(_, value)| number(value)).collect())))
        }
        fn inputs(&self) -> &[Input] {
            &[]
        }
        fn quarters(&self) -> u16 {
            4
        }
        fn seed(&self) -> u64 {
            1
        }
    }

    struct Point<'a>(&'a Toy, Vec<f64>);

    impl Settled for Point<'_> {
        fn run(&self, replicate: u32, _: &AtomicBool) -> Result<Option<Vec<f64>>, String> {
            let calls = self.0.calls.fetch_add(1, Ordering::Relaxed);
            if let Some(stop) = self.0.stop.as_ref().filter(|_| calls % 5 == 4) {
                stop.store(true, Ordering::Relaxed);
            }
            if self.1[0] == 3.0 {
                return Err("three is too many".into());
            }
            assert!(self.1[0] != 4.0, "four breaks down");
            Ok(Some(vec![self.1.iter().sum::<f64>() + f64::from(replicate)]))
        }
    }

    /// A grid of x in 0 … n − 1 over y in 0, 1.
    pub fn sweep(n: usize, replicates: u32) -> Sweep {
        stopping(n, replicates, None)
    }

    fn stopping(n: usize, replicates: u32, stop: Option<Arc<AtomicBool>>) -> Sweep {
        let level = |path: &str, i: usize| Level {
            label: i.to_string(),
            number: Some(i as f64),
            settings: vec![(path.to_owned(), Value::Number(i as f64))],
        };
        let axis = |path: &str, n: usize| Axis {
            name: path.into(),
            label: path.into(),
            paths: vec![path.into()],
            whole: false,
            domain: Domain::List((0..n).map(|i| level(path, i)).collect()),
            group: path.into(),
        };
        let axes = vec![axis("x", n), axis("y", 2)];
        let measures = vec![Measure { name: "z".into(), unit: "1".into(), meaning: "Sum.".into() }];
        let words = Words::new("toy", Scenario::default(), measures);
        Sweep {
            name: "toy".into(),
            about: String::new(),
            path: PathBuf::new(),
            subject: Box::new(Toy { calls: AtomicU32::default(), stop, words }),
            design: Design { method: Method::Grid, axes, points: 0, levels: 4, seed: 1, rows: Vec::new() },
            replicates,
            outcomes: vec![0],
        }
    }

    fn go(sweep: &Sweep, folder: &Path, wanted: Wanted, threads: usize) -> Progress {
        let names = Names::of(sweep, "1");
        let (mut store, _) = Store::write(folder, false).expect("opens");
        run(sweep, &names, &mut store, wanted, threads, &AtomicBool::new(false), &mut |_| {}).expect("stored")
    }

    fn bytes(folder: &Path) -> Vec<u8> {
        std::fs::read(folder.join(super::super::store::SEGMENT)).expect("a store")
    }

    #[test]
    fn a_store_has_the_same_bytes_for_any_threads_and_after_any_interruption() {
        let one = tempfile::tempdir().unwrap();
        go(&sweep(7, 3), one.path(), Wanted::default(), 1);
        let many = tempfile::tempdir().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let sweep = stopping(7, 3, Some(stop.clone()));
        let names = Names::of(&sweep, "1");
        let mut rounds = 0;
        loop {
            stop.store(false, Ordering::Relaxed);
            let (mut store, _) = Store::write(many.path(), false).unwrap();
            rounds += 1;
            let progress = run(&sweep, &names, &mut store, Wanted::default(), 3, &stop, &mut |_| {}).unwrap();
            if !progress.interrupted {
                break;
            }
        }
        assert!(rounds > 3, "{rounds}");
        assert_eq!(bytes(one.path()), bytes(many.path()));
    }

    #[test]
    fn failures_are_recorded_with_their_cause_and_stop_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let sweep = sweep(6, 2);
        let progress = go(&sweep, folder.path(), Wanted::default(), 2);
        assert_eq!((progress.runs, progress.done, progress.failed), (24, 24, 8));
        let names = Names::of(&sweep, "1");
        let mut store = Store::read(folder.path()).unwrap().0;
        each(&sweep, &names, &mut store, |run| {
            let x = sweep.design.point(run.point)[0];
            match run.ended.expect("every run was made") {
                Ended::Done(values) => assert!(x != 3.0 && x != 4.0 && values[0].is_finite()),
                Ended::Failed(cause) if x == 3.0 => assert_eq!(cause, "three is too many"),
                Ended::Failed(cause) => {
                    assert_eq!(cause, format!("replicate {} broke down: four breaks down", run.replicate));
                }
            }
            Ok(())
        })
        .unwrap();
        // Asked once more, the failed ones alone are made.
        drop(store);
        let again = go(&sweep, folder.path(), Wanted { failed: true, ..Wanted::default() }, 1);
        assert_eq!((again.done, again.failed, again.before), (8, 8, 16));
    }

    #[test]
    fn what_is_finished_is_never_run_again_whichever_sweep_asks() {
        let folder = tempfile::tempdir().unwrap();
        let small = sweep(3, 2);
        go(&small, folder.path(), Wanted::default(), 2);
        let old = bytes(folder.path());
        let grown = sweep(6, 3);
        let progress = go(&grown, folder.path(), Wanted::default(), 2);
        assert_eq!((progress.runs, progress.before, progress.done), (36, 12, 24));
        assert!(bytes(folder.path()).starts_with(&old), "what was there is untouched");
        assert_eq!(go(&small, folder.path(), Wanted::default(), 2).done, 0);
    }

    #[test]
    fn shards_merged_are_the_store_that_never_was_divided() {
        let (one, many) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let sweep = sweep(7, 3);
        go(&sweep, one.path(), Wanted::default(), 2);
        for i in [2, 3, 1] {
            let shard = Shard { i, n: 3 };
            go(&sweep, &shard.folder(many.path()), Wanted { shard: Some(shard), failed: false }, 1);
        }
        let names = Names::of(&sweep, "1");
        for added in [42, 0] {
            let (mut store, _) = Store::write(many.path(), false).unwrap();
            let mut parts = shards(many.path()).unwrap();
            assert_eq!(merge(&sweep, &names, &mut store, &mut parts).unwrap(), added);
        }
        assert_eq!(bytes(one.path()), bytes(many.path()));
        assert!(shards(one.path()).is_err());
    }

    #[test]
    fn shares_of_the_work_are_read_or_refused() {
        assert_eq!(Shard::read("2/8"), Ok(Shard { i: 2, n: 8 }));
        for wrong in ["0/3", "4/3", "1", "a/b", "1/0", ""] {
            assert!(Shard::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_beginning_of_a_sweep_holds_every_point_before_any_twice() {
        let sweep = sweep(7, 3);
        let points: BTreeSet<u64> = (0..14).map(|k| sweep.run_at(k).0).collect();
        assert_eq!(points.len(), 14);
        assert!((0..14).all(|k| sweep.run_at(k).1 == 0) && (14..28).all(|k| sweep.run_at(k).1 == 1));
    }
}
