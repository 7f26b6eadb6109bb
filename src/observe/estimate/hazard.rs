//! Hazards of entry with a fixed effect for every firm: Poisson regression conditional on each firm's entries.
//!
//! ```text
//! λ[i,m,t] = exp(a_i + b_m + c_t + Σ_k β_k·x_k[i,m,t])          given that firm i entered n_i times:
//! ln L = Σ_entries η − Σ_i n_i·ln Σ_(m,t) exp(η[i,m,t]),        η = b_m + c_t + Σ β_k·x_k
//! ```
//!
//! | symbol  | in code    | meaning                                                            | unit |
//! |---------|------------|--------------------------------------------------------------------|------|
//! | a_i     | –          | whatever makes a firm enter more markets than another         | 1    |
//! | b_m, c_t | `place`   | market and year effects; the first of each is 0                    | 1    |
//! | x_k     | `signs`    | bit k of what is true of a firm and a market in a year             |      |
//! | exp β_k | `ratios`   | hazard ratio                                                       | 1    |
//!
//! The conditional likelihood gives the estimates of the Poisson regression with a dummy for every firm (Hausman,
//! Hall & Griliches 1984, *Econometrica* 52(4), 909–938); firms that never enter drop out of both. Maximised by
//! Newton's method, the step halved while it overshoots; the likelihood is concave.

use super::solve;
use crate::number::f64s::{exp, ln};
use nalgebra::{DMatrix, DVector};

/// Signs a cell can carry.
pub const SIGNS: usize = 3;
const PATTERNS: usize = 1 << SIGNS;
const ROUNDS: usize = 100;
const SETTLED: f64 = 1e-9;

/// A firm at risk of entering a market in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Number of the firm, counted from 0 without gaps.
    pub firm: u32,
    pub market: u8,
    pub year: u8,
    /// Bit k is set where sign k holds.
    pub signs: u8,
    pub entered: bool,
}

/// The cells seen from one point of the parameters.
struct State {
    /// `exp η` of every cell, and its sum by firm.
    weights: Vec<f64>,
    sums: Vec<f64>,
    /// `ln L`.
    likelihood: f64,
}

/// Cells with what their likelihood needs.
#[derive(Debug)]
pub struct Hazard {
    cells: Vec<Cell>,
    /// Entries of every firm.
    entries: Vec<f64>,
    /// Position of every market and year among the parameters; the reference has none.
    market: Vec<Option<usize>>,
    year: Vec<Option<usize>>,
    parameters: usize,
}

impl Hazard {
    /// Keeps the cells that say something: of firms, markets and years with an entry.
    pub fn new(mut cells: Vec<Cell>) -> Self {
        // Leaving a market out can leave a firm without entries, never the other way round; once each is enough,
        // because only cells without an entry are left out.
        let (mut markets, mut years) = ([false; 256], [false; 256]);
        let firms = cells.iter().map(|cell| cell.firm as usize + 1).max().unwrap_or(0);
        let mut entries = vec![0.0; firms];
        for cell in cells.iter().filter(|cell| cell.entered) {
            markets[usize::from(cell.market)] = true;
            years[usize::from(cell.year)] = true;
            entries[cell.firm as usize] += 1.0;
        }
        cells.retain(|cell| {
            markets[usize::from(cell.market)] && years[usize::from(cell.year)] && entries[cell.firm as usize] > 0.0
        });
        let mut parameters = SIGNS;
        let mut number = |seen: &[bool; 256]| -> Vec<Option<usize>> {
            let mut reference = true;
            let place = |known: &bool| {
                if !known || std::mem::take(&mut reference) {
                    return None;
                }
                parameters += 1;
                Some(parameters - 1)
            };
            seen.iter().map(place).collect()
        };
        let (market, year) = (number(&markets), number(&years));
        Self { cells, entries, market, year, parameters }
    }

    /// Number of entries.
    pub fn entries(&self) -> f64 {
        self.entries.iter().sum()
    }

    /// Hazard ratios `exp β` of the signs; NaN all of them where they are not identified.
    pub fn ratios(&self) -> [f64; SIGNS] {
        self.maximise().map_or([f64::NAN; SIGNS], |beta| std::array::from_fn(|k| exp(beta[k])))
    }

    fn maximise(&self) -> Option<DVector<f64>> {
        let mut beta = DVector::zeros(self.parameters);
        let mut state = self.weigh(&beta);
        for _ in 0..ROUNDS {
            let (gradient, information) = self.slopes(&state);
            let step = solve(&information, &gradient)?;
            let mut length = 1.0;
            loop {
                let next = &beta + length * &step;
                let reached = self.weigh(&next);
                if reached.likelihood >= state.likelihood || length < 1e-6 {
                    (beta, state) = (next, reached);
                    break;
                }
                length /= 2.0;
            }
            if length * step.amax() < SETTLED {
                return Some(beta);
            }
        }
        None
    }

    /// Factors exp(b_m), exp(c_t) and exp(Σ β_k·x_k) of every market, year and pattern of signs.
    fn factors(&self, beta: &DVector<f64>) -> ([f64; 256], [f64; 256], [f64; PATTERNS]) {
        let of = |places: &[Option<usize>]| std::array::from_fn(|i| places[i].map_or(1.0, |place| exp(beta[place])));
        let pattern = |bits: usize| exp((0..SIGNS).filter(|k| bits >> k & 1 == 1).map(|k| beta[k]).sum());
        (of(&self.market), of(&self.year), std::array::from_fn(pattern))
    }

    /// Weighs every cell at a point.
    fn weigh(&self, beta: &DVector<f64>) -> State {
        let (market, year, pattern) = self.factors(beta);
        let mut sums = vec![0.0; self.entries.len()];
        let mut likelihood = 0.0;
        let weight = |cell: &Cell| {
            let weight =
                market[usize::from(cell.market)] * year[usize::from(cell.year)] * pattern[usize::from(cell.signs)];
            sums[cell.firm as usize] += weight;
            if cell.entered {
                likelihood += ln(weight);
            }
            weight
        };
        let weights = self.cells.iter().map(weight).collect();
        for (entries, sum) in self.entries.iter().zip(&sums).filter(|(entries, _)| **entries > 0.0) {
            likelihood -= entries * ln(*sum);
        }
        State { weights, sums, likelihood }
    }

    /// Gradient of the log likelihood and minus its matrix of second derivatives.
    fn slopes(&self, state: &State) -> (DVector<f64>, DMatrix<f64>) {
        let n = self.parameters;
        let State { weights, sums, .. } = state;
        let mut gradient = DVector::zeros(n);
        let mut information = DMatrix::zeros(n, n);
        let mut means = vec![0.0; self.entries.len() * n];
        for (cell, weight) in self.cells.iter().zip(weights) {
            let firm = cell.firm as usize;
            let share = weight / sums[firm];
            let expected = self.entries[firm] * share;
            let surprise = f64::from(u8::from(cell.entered)) - expected;
            let places = self.places(cell);
            let mean = &mut means[firm * n..(firm + 1) * n];
            for (at, place) in places.iter().enumerate() {
                let Some(i) = *place else { continue };
                gradient[i] += surprise;
                mean[i] += share;
                for j in places[..=at].iter().flatten() {
                    information[(i.max(*j), i.min(*j))] += expected;
                }
            }
        }
        for (mean, entries) in means.chunks_exact(n).zip(&self.entries) {
            for i in (0..n).filter(|i| mean[*i] != 0.0) {
                let scaled = entries * mean[i];
                for j in 0..=i {
                    information[(i, j)] -= scaled * mean[j];
                }
            }
        }
        information.fill_upper_triangle_with_lower_triangle();
        (gradient, information)
    }

    /// The parameters that speak in a cell.
    fn places(&self, cell: &Cell) -> [Option<usize>; SIGNS + 2] {
        let sign = |k: usize| (cell.signs >> k & 1 == 1).then_some(k);
        std::array::from_fn(|at| match at {
            0 => self.market[usize::from(cell.market)],
            1 => self.year[usize::from(cell.year)],
            _ => sign(at - 2),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditioning_agrees_with_a_dummy_for_every_firm() {
        // A Poisson regression with dummies for 15 firms and 4 markets, by Newton's method in numpy.
        let mut cells = Vec::new();
        for firm in 0..15 {
            for market in 0..4 {
                let sign = (market + firm as u8) % 2;
                let chosen = if firm < 10 { 1 } else { 0 };
                let entered = sign == chosen && market / 2 == (firm as u8 / 2) % 2;
                let others = ((market + firm as u8 / 2).is_multiple_of(4), (market + firm as u8 / 3) % 4 == 1);
                cells.push(Cell {
                    firm,
                    market,
                    year: 0,
                    signs: sign | u8::from(others.0) << 1 | u8::from(others.1) << 2,
                    entered,
                });
            }
        }
        let hazard = Hazard::new(cells);
        assert_eq!(hazard.entries(), 15.0);
        let ratios = hazard.ratios();
        for (found, expected) in ratios.iter().zip([1.928_981_279_044_64, 1.160_698_261_432_2, 1.374_310_652_020_75]) {
            assert!((found - expected).abs() < 1e-6, "{ratios:?}");
        }
    }

    #[test]
    fn what_never_varies_is_not_estimated() {
        let cell = |firm, market, entered| Cell { firm, market, year: 0, signs: 0, entered };
        let hazard = Hazard::new(vec![cell(0, 0, true), cell(0, 1, false), cell(1, 0, false), cell(1, 1, true)]);
        assert!(hazard.ratios().iter().all(|ratio| ratio.is_nan()));
    }
}
