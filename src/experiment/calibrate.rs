//! Calibration: searches declared parameters within declared ranges for the point whose statistics lie best in their bands.
//!
//! ```text
//! e_i = (statistic_i − middle_i) / half width_i                          ±1 are the edges of the band
//! r_i = √weight_i · (max(|e_i| − 1, 0) + 0.1·|e_i|) · sign(e_i)           outside counts fully, inside a little
//! distance = Σ r_i²
//! ```
//!
//! First a Latin hypercube screens the box, then Levenberg–Marquardt steps from the best point follow a
//! finite-difference Jacobian. With addressed draws the same seeds are used at every point (common random numbers), so
//! the statistics are nearly smooth in the parameters and this needs far fewer runs than a random search. The
//! Jacobian of the last point tells which parameter pins which fact. Every evaluation is stored before the next
//! begins; a calibration that was killed and is started again replays the stored ones and goes on.
//!
//! McKay, Beckman & Conover (1979), *Technometrics* 21(2), for the hypercube; Levenberg (1944), Marquardt (1963) for
//! the steps.

use crate::draw::{Address, Purpose, Seed};
use crate::error::{Error, Fault};
use crate::experiment::basis::Basis;
use crate::experiment::journal::{Contents, Form, Journal};
use crate::number::f64s;
use nalgebra::{DMatrix, DVector};
use rand::RngExt;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A fact to be met.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub id: String,
    /// The band; both ends finite.
    pub low: f64,
    pub high: f64,
    pub weight: f64,
}

impl Target {
    /// How far a statistic is from the middle of the band, in half widths; NaN stays NaN.
    pub fn error(&self, statistic: f64) -> f64 {
        let half = (0.5 * (self.high - self.low)).max(1e-12);
        (statistic - 0.5 * (self.low + self.high)) / half
    }
}

/// A parameter to be searched.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Dotted path, such as `mechanism.search.rate`.
    pub path: String,
    pub low: f64,
    pub high: f64,
}

impl Axis {
    /// Is the axis searched on a logarithmic scale? Positive ranges wider than a factor of ten are.
    pub fn logarithmic(&self) -> bool {
        self.low > 0.0 && self.high / self.low > 10.0
    }

    /// The value at a coordinate from 0 to 1, to five digits: what was tried can be written into a scenario as it is.
    pub fn value(&self, unit: f64) -> f64 {
        let value = if self.logarithmic() {
            f64s::exp(f64s::ln(self.low) + unit * (f64s::ln(self.high) - f64s::ln(self.low)))
        } else {
            self.low + unit * (self.high - self.low)
        };
        format!("{value:.4e}").parse::<f64>().expect("a printed number parses").clamp(self.low, self.high)
    }

    /// The coordinate of a value, within 0 to 1.
    pub fn unit(&self, value: f64) -> f64 {
        let unit = if self.logarithmic() {
            (f64s::ln(value.max(self.low)) - f64s::ln(self.low)) / (f64s::ln(self.high) - f64s::ln(self.low))
        } else {
            (value - self.low) / (self.high - self.low)
        };
        unit.clamp(0.0, 1.0)
    }
}

/// What to search.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    pub axes: Vec<Axis>,
    pub targets: Vec<Target>,
    /// Most evaluations.
    pub budget: u32,
    /// Seed of the screen.
    pub seed: u64,
    /// Stored with every evaluation: hash of program, scenario, seeds and statistics, so that others are not replayed.
    pub identity: String,
}

/// One point tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    pub identity: String,
    pub number: u32,
    /// start, screen, slope or step.
    pub stage: String,
    /// Values of the parameters, in the order of the axes.
    pub point: Vec<f64>,
    /// Statistics in the order of the targets; missing where undefined.
    pub statistics: Vec<Option<f64>>,
    pub distance: f64,
}

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibrated {
    pub best: Evaluation,
    pub evaluations: Vec<Evaluation>,
    /// Change of each statistic (rows, in half widths of its band) per full range of each parameter (columns), at the
    /// best point of the steps; none when the budget did not reach so far.
    pub slopes: Option<DMatrix<f64>>,
    /// Did the budget end the search before it had settled?
    pub exhausted: bool,
}

/// Residual of an undefined statistic: as bad as four half widths from the middle.
const UNDEFINED: f64 = 3.0;
/// Step of the finite differences, in the unit cube: wide enough to rise above what chance is left.
const STEP: f64 = 0.05;
/// Share of the budget spent on the screen.
const SCREEN: f64 = 0.25;
/// Pull to the middle of a band, for points within it.
const PULL: f64 = 0.1;
/// Damping factors tried in turn on each slope.
const DAMPING: [f64; 5] = [0.001, 0.01, 0.1, 1.0, 10.0];
/// Relative fall of the distance below which a search has settled.
const SETTLED: f64 = 0.01;

impl Search {
    fn residuals(&self, statistics: &[Option<f64>]) -> DVector<f64> {
        let residual = |(target, statistic): (&Target, &Option<f64>)| {
            let error = statistic.map_or(f64::NAN, |statistic| target.error(statistic));
            let size = if error.is_nan() { UNDEFINED } else { (error.abs() - 1.0).max(0.0) + PULL * error.abs() };
            target.weight.sqrt() * if error < 0.0 { -size } else { size }
        };
        DVector::from_iterator(self.targets.len(), self.targets.iter().zip(statistics).map(residual))
    }

    /// The distance of statistics from their bands.
    pub fn distance(&self, statistics: &[Option<f64>]) -> f64 {
        self.residuals(statistics).iter().map(|r| r * r).sum()
    }

    /// Points of the screen: a Latin hypercube, each stratum of each axis once.
    fn hypercube(&self, n: usize) -> Vec<Vec<f64>> {
        let mut points = vec![vec![0.0; self.axes.len()]; n];
        for axis in 0..self.axes.len() {
            let mut order: Vec<usize> = (0..n).collect();
            for i in (1..n).rev() {
                let mut stream = self.stream(axis, i);
                order.swap(i, stream.random_range(0..=i));
            }
            for (point, stratum) in points.iter_mut().zip(order) {
                point[axis] = (stratum as f64 + 0.5) / n as f64;
            }
        }
        points
    }

    fn stream(&self, axis: usize, i: usize) -> crate::draw::Stream {
        let address = Address::row(i as u32, Purpose::Sample).which(1 << 40 | axis as u64);
        Seed::new(self.seed, 0).stream(address)
    }
}

static FORM: Form = Form {
    head: b"fondaco evaluations 1\n",
    what: "evaluations",
    gap: b"",
    goes_on: "--resume",
    mends: "--resume makes the rest again",
    elsewhere: "remove it, or use --out FOLDER to write elsewhere",
};

/// Evaluations on disk, a record of a journal each, written before the next begins.
///
/// ```text
/// payload = 1, JSON      what a search rests on
///         | 2, JSON      an evaluation, with the identity of its search
/// ```
#[derive(Debug, Default)]
pub struct EvaluationStore {
    known: Vec<Evaluation>,
    bases: Vec<Basis>,
    journal: Option<Journal>,
}

impl Contents for EvaluationStore {
    fn take(&mut self, _: u64, payload: &[u8]) {
        match payload.split_first() {
            Some((1, json)) => self.bases.extend(serde_json::from_slice::<Basis>(json)),
            Some((2, json)) => self.known.extend(serde_json::from_slice::<Evaluation>(json)),
            _ => {}
        }
    }
}

impl EvaluationStore {
    /// Opens a store for a search that rests on `basis`. Damaged evaluations and copies are left out; what was found odd
    /// is handed to `say`.
    ///
    /// # Errors
    /// The file holds evaluations of another search only, or it cannot be read or written.
    pub fn open(path: &Path, basis: &Basis, say: &dyn Fn(&str)) -> Result<Self, Error> {
        let (journal, mut store, found) = Journal::write::<Self>(path, &FORM, true)?;
        found.told(path, &FORM).iter().for_each(|told| say(told));
        let all = store.known.len();
        let mut seen: Vec<Evaluation> = Vec::new();
        for known in std::mem::take(&mut store.known) {
            if !seen.iter().any(|other| other.identity == known.identity && other.point == known.point) {
                seen.push(known);
            }
        }
        if seen.len() < all {
            let twice = all - seen.len();
            say(&format!("{}: {twice} evaluations are there more than once; each is read once", path.display()));
        }
        let others = !seen.is_empty() || store.bases.iter().any(|of| of != basis);
        if others && seen.iter().all(|known| known.identity != identity_of(basis)) {
            let mut changes = store.bases.last().map_or_else(Vec::new, |of| of.changes(basis));
            changes.extend(changes.is_empty().then(|| "the calibration differs".to_owned()));
            let title = format!("{} holds evaluations of another calibration: {}", path.display(), changes.join("; "));
            return Err(Fault::new(title)
                .expected("the same program, settings, seeds, parameters, targets and contents of files")
                .help("undo the change to go on, use --force to begin anew, or --out FOLDER to write elsewhere")
                .into());
        }
        (store.known, store.journal) = (seen, Some(journal));
        if !store.bases.contains(basis) {
            store.keep(1, &serde_json::to_vec(basis).expect("a basis is plain data"))?;
        }
        Ok(store)
    }

    /// What the searches in a file rest on; nothing if it is no such file.
    pub fn rests_on(path: &Path) -> Option<Vec<Basis>> {
        let (_, store, _) = Journal::read::<Self>(path, &FORM).ok()?;
        Some(store.bases)
    }

    /// Evaluations known of an identity.
    pub fn count(&self, identity: &str) -> usize {
        self.known.iter().filter(|known| known.identity == identity).count()
    }

    fn find(&self, identity: &str, point: &[f64]) -> Option<&Evaluation> {
        self.known.iter().find(|known| known.identity == identity && known.point == point)
    }

    /// Adds an evaluation.
    ///
    /// # Errors
    /// The file cannot be written, or is gone.
    pub fn add(&mut self, evaluation: &Evaluation) -> Result<(), Error> {
        self.keep(2, &serde_json::to_vec(evaluation).expect("an evaluation is plain data"))?;
        self.known.push(evaluation.clone());
        Ok(())
    }

    fn keep(&mut self, kind: u8, json: &[u8]) -> Result<(), Error> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        journal.add(&[&[kind], json].concat())?;
        journal.commit()
    }
}

/// The identity of a search that rests on `basis`.
pub fn identity_of(basis: &Basis) -> String {
    basis.hash()[..16].to_owned()
}

/// Gives the statistics at a point, in the order of the targets; missing where undefined.
pub type Evaluate<'a> = dyn FnMut(&[f64]) -> Result<Vec<Option<f64>>, Error> + 'a;

/// A search under way.
struct Walk<'a, 'e> {
    search: &'a Search,
    store: &'a mut EvaluationStore,
    evaluate: &'a mut Evaluate<'e>,
    told: &'a mut dyn FnMut(&Evaluation, f64),
    done: Vec<Evaluation>,
}

impl Walk<'_, '_> {
    fn left(&self) -> u32 {
        self.search.budget.saturating_sub(self.done.len() as u32)
    }

    fn best(&self) -> Option<&Evaluation> {
        self.done.iter().min_by(|a, b| a.distance.total_cmp(&b.distance).then(a.number.cmp(&b.number)))
    }

    /// Evaluates a point of the unit cube; `None` when the budget is spent.
    fn visit(&mut self, stage: &str, unit: &[f64]) -> Result<Option<Evaluation>, Error> {
        if self.left() == 0 {
            return Ok(None);
        }
        let point: Vec<f64> = self.search.axes.iter().zip(unit).map(|(axis, unit)| axis.value(*unit)).collect();
        let number = self.done.len() as u32;
        let evaluation = match self.store.find(&self.search.identity, &point) {
            Some(known) => Evaluation { number, stage: stage.into(), ..known.clone() },
            None => {
                let statistics = (self.evaluate)(&point)?;
                let distance = self.search.distance(&statistics);
                let identity = self.search.identity.clone();
                let evaluation = Evaluation { identity, number, stage: stage.into(), point, statistics, distance };
                self.store.add(&evaluation)?;
                evaluation
            }
        };
        self.done.push(evaluation.clone());
        let best = self.best().map_or(evaluation.distance, |best| best.distance);
        (self.told)(&evaluation, best);
        Ok(Some(evaluation))
    }
}

/// Searches from `start` (values of the parameters); `evaluate` gives the statistics at a point, `told` hears of every
/// evaluation and of the best distance so far.
///
/// # Errors
/// Those of `evaluate` and of the store.
pub fn calibrate(
    search: &Search,
    start: &[f64],
    store: &mut EvaluationStore,
    evaluate: &mut Evaluate,
    told: &mut dyn FnMut(&Evaluation, f64),
) -> Result<Calibrated, Error> {
    let unit =
        |point: &[f64]| -> Vec<f64> { search.axes.iter().zip(point).map(|(axis, value)| axis.unit(*value)).collect() };
    let mut walk = Walk { search, store, evaluate, told, done: Vec::new() };
    walk.visit("start", &unit(start))?;
    for point in search.hypercube((f64::from(search.budget) * SCREEN) as usize) {
        walk.visit("screen", &point)?;
    }
    let mut slopes = None;
    let mut exhausted = true;
    // The last slopes are those at the end of the search: what they cost is kept for them.
    while walk.left() as usize > 2 * search.axes.len() {
        let best = walk.best().expect("the start was evaluated").clone();
        let here = unit(&best.point);
        let (jacobian, errors) = slope(&mut walk, &best, &here)?;
        slopes = Some((best.point.clone(), errors));
        let residuals = search.residuals(&best.statistics);
        let spare = search.axes.len() as u32;
        let improved = step(&mut walk, &best, &here, &jacobian, &residuals, spare)?;
        if improved < SETTLED {
            exhausted = walk.left() <= spare;
            break;
        }
    }
    let best = walk.best().expect("the start was evaluated").clone();
    let taken_here = slopes.as_ref().is_some_and(|(point, _)| *point == best.point);
    if !taken_here && walk.left() as usize >= search.axes.len() {
        let (_, errors) = slope(&mut walk, &best, &unit(&best.point))?;
        slopes = Some((best.point.clone(), errors));
    }
    let best = walk.best().expect("the start was evaluated").clone();
    Ok(Calibrated { best, evaluations: walk.done, slopes: slopes.map(|(_, slopes)| slopes), exhausted })
}

/// Fewest evaluations with which a search of so many parameters can take slopes, one step, and slopes again.
pub fn least_budget(parameters: usize) -> u32 {
    // The start and the screen, twice the slopes, a step.
    ((2 * parameters + 2) as f64 / (1.0 - SCREEN)).ceil() as u32
}

/// Slopes of residuals and of errors at a point, by forward differences (backward at the upper edge of the box).
fn slope(walk: &mut Walk, best: &Evaluation, here: &[f64]) -> Result<(DMatrix<f64>, DMatrix<f64>), Error> {
    let search = walk.search;
    let (rows, columns) = (search.targets.len(), search.axes.len());
    let base = search.residuals(&best.statistics);
    let mut jacobian = DMatrix::zeros(rows, columns);
    let mut errors = DMatrix::zeros(rows, columns);
    for column in 0..columns {
        let mut there = here.to_vec();
        let step = if here[column] + STEP <= 1.0 { STEP } else { -STEP };
        there[column] += step;
        let Some(visited) = walk.visit("slope", &there)? else { break };
        let residuals = search.residuals(&visited.statistics);
        for row in 0..rows {
            jacobian[(row, column)] = (residuals[row] - base[row]) / step;
            let error = |statistics: &[Option<f64>]| statistics[row].map(|x| search.targets[row].error(x));
            errors[(row, column)] = match (error(&visited.statistics), error(&best.statistics)) {
                (Some(there), Some(here)) => (there - here) / step,
                _ => f64::NAN,
            };
        }
    }
    Ok((jacobian, errors))
}

/// Tries damped steps until one lowers the distance, or only `spare` evaluations are left; returns the relative fall, 0
/// if none did.
fn step(
    walk: &mut Walk,
    best: &Evaluation,
    here: &[f64],
    jacobian: &DMatrix<f64>,
    residuals: &DVector<f64>,
    spare: u32,
) -> Result<f64, Error> {
    let normal = jacobian.transpose() * jacobian;
    let descent = -(jacobian.transpose() * residuals);
    // Damping relative to the curvature, so that weights and units do not matter.
    let scale = normal.trace() / here.len() as f64;
    for damping in DAMPING {
        if walk.left() <= spare {
            return Ok(0.0);
        }
        let damped = &normal + DMatrix::identity(here.len(), here.len()) * (damping * scale);
        let Some(step) = damped.cholesky().map(|factor| factor.solve(&descent)) else { continue };
        let there: Vec<f64> = here.iter().zip(step.iter()).map(|(x, dx)| (x + dx).clamp(0.0, 1.0)).collect();
        let Some(visited) = walk.visit("step", &there)? else { return Ok(0.0) };
        if visited.distance < best.distance {
            return Ok((best.distance - visited.distance) / best.distance.max(f64::MIN_POSITIVE));
        }
    }
    Ok(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::basis::Input;

    fn axes() -> Vec<Axis> {
        let axis = |path: &str, low, high| Axis { path: path.into(), low, high };
        vec![axis("a", 0.0, 4.0), axis("b", 0.01, 10.0)]
    }

    fn statistics(point: &[f64]) -> Vec<Option<f64>> {
        let (a, b) = (point[0], f64s::ln(point[1]));
        vec![Some(a + 0.3 * b), Some(2.0 * b - a * a / 4.0), Some(a * b)]
    }

    fn search(truth: &[f64]) -> Search {
        let targets = statistics(truth)
            .into_iter()
            .enumerate()
            .map(|(i, x)| {
                let x = x.expect("defined");
                Target { id: format!("F{i}"), low: x - 0.05, high: x + 0.05, weight: 1.0 }
            })
            .collect();
        Search { axes: axes(), targets, budget: 80, seed: 1, identity: "test".into() }
    }

    fn run(search: &Search, store: &mut EvaluationStore, calls: &mut u32) -> Calibrated {
        let mut evaluate = |point: &[f64]| {
            *calls += 1;
            Ok(statistics(point))
        };
        calibrate(search, &[1.0, 1.0], store, &mut evaluate, &mut |_, _| {}).expect("nothing fails")
    }

    #[test]
    fn known_parameters_are_recovered_from_their_statistics() {
        let truth = [2.7, 0.4];
        let found = run(&search(&truth), &mut EvaluationStore::default(), &mut 0);
        assert!((found.best.point[0] - 2.7).abs() < 0.05, "{:?}", found.best);
        assert!((found.best.point[1] / 0.4 - 1.0).abs() < 0.05, "{:?}", found.best);
        let slopes = found.slopes.expect("slopes were taken");
        // F0 rises with a by 4 (its range) in half widths of 0.05.
        assert!((slopes[(0, 0)] - 80.0).abs() < 1.0, "{slopes}");
    }

    fn basis(felt: &str) -> Basis {
        let felt = Input { name: "felt.csv".into(), blake3: felt.into() };
        Basis::new("settings".into(), 1, vec![felt])
    }

    fn opened(path: &Path, said: &mut Vec<String>) -> Result<EvaluationStore, Error> {
        let told = std::cell::RefCell::new(Vec::new());
        let store = EvaluationStore::open(path, &basis("a"), &|words| told.borrow_mut().push(words.to_owned()));
        *said = told.into_inner();
        store
    }

    /// A search of that basis, its result, its file, and how often it evaluated.
    fn whole(path: &Path) -> (Search, Calibrated, Vec<u8>, u32) {
        let search = Search { identity: identity_of(&basis("a")), ..search(&[2.7, 0.4]) };
        let mut calls = 0;
        let found = run(&search, &mut opened(path, &mut Vec::new()).expect("opens"), &mut calls);
        (search, found, std::fs::read(path).expect("written"), calls)
    }

    #[test]
    fn a_calibration_killed_at_any_byte_goes_on_where_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("evaluations");
        let (search, whole, bytes, calls) = whole(&path);
        let mut most = 0;
        for cut in (0..bytes.len()).step_by(61) {
            std::fs::write(&path, &bytes[..cut]).expect("cut");
            let mut again = 0;
            let resumed = run(&search, &mut opened(&path, &mut Vec::new()).expect("opens"), &mut again);
            assert!(resumed == whole, "a resumed calibration ends as an undisturbed one");
            assert!(std::fs::read(&path).expect("written") == bytes, "the store holds the same bytes");
            most = most.max(calls - again);
        }
        assert_eq!(most, calls - 1, "only the torn evaluation is made again");
    }

    #[test]
    fn whatever_byte_is_changed_or_record_doubled_a_calibration_ends_as_an_undisturbed_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("evaluations");
        let (search, whole, bytes, _) = whole(&path);
        let half = bytes.len() / 2;
        for at in (0..400).chain(half..half + 400).chain(bytes.len() - 9..bytes.len()) {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            std::fs::write(&path, changed).expect("written");
            let (mut again, mut said) = (0, Vec::new());
            let resumed = run(&search, &mut opened(&path, &mut said).expect("opens"), &mut again);
            assert!(resumed == whole && again <= 1, "byte {at}: {again} evaluations were made again");
            assert!(said.len() == 1 && said[0].contains("evaluations"), "byte {at}: {said:?}");
        }
        let starts: Vec<usize> =
            (0..bytes.len() - 3).filter(|at| bytes[*at..*at + 4] == [0xf0, 0x9f, 0x8f, 0x9b]).collect();
        let third = &bytes[starts[2]..starts[3]];
        std::fs::write(&path, [&bytes[..starts[3]], third, &bytes[starts[3]..]].concat()).expect("written");
        let mut said = Vec::new();
        assert!(run(&search, &mut opened(&path, &mut said).expect("opens"), &mut 0) == whole);
        assert!(said[0].contains("1 evaluations are there more than once"), "{said:?}");
        let told = EvaluationStore::open(&path, &basis("b"), &|_| {}).expect_err("refused").to_string();
        assert!(told.contains("felt.csv has changed"), "{told}");
    }

    #[test]
    fn what_lies_in_the_middle_of_all_bands_has_no_distance() {
        let search = search(&[2.7, 0.4]);
        assert!(search.distance(&statistics(&[2.7, 0.4])) < 1e-20);
        assert!(search.distance(&[None, None, None]) > 20.0, "undefined statistics are far off");
        let screen = search.hypercube(8);
        for axis in 0..2 {
            let mut strata: Vec<u32> = screen.iter().map(|point| (point[axis] * 8.0) as u32).collect();
            strata.sort_unstable();
            assert_eq!(strata, [0, 1, 2, 3, 4, 5, 6, 7]);
        }
    }
}
