//! Connectedness: ties between the people of two countries, from the user's own index, make a market feel nearer.
//!
//! ```text
//! D'[h,c] = D[h,c] · exp(−w·z[h,c]),   z = (ln s − mean ln s) / sd ln s
//! ```
//!
//! | symbol | in code  | meaning                                                                | unit       |
//! |--------|----------|------------------------------------------------------------------------|------------|
//! | s      | `values` | index of the pair, such as the Social Connectedness Index               | any, above 0 |
//! | w      | `world.connectedness_weight` | log fall of felt distance per standard deviation   | 1          |
//! | z      | [`Connectedness::standardised`] | standardised over the pairs of the file; 0 without a value | 1 |
//!
//! Such indices are relative: standardising removes their unit. The mean of felt distance is no longer exactly 1.
//!
//! Bailey, Cao, Kuchler, Stroebel & Wong (2018), *J. Econ. Perspect.* 32(3), 259–280.

use super::matrix::Matrix;
use crate::number::f64s;
use crate::read::{Faults, Table};

/// A user's index of ties between countries.
pub(crate) struct Connectedness {
    values: Matrix,
    mean: f64,
    deviation: f64,
}

impl Connectedness {
    /// Standardises an index of positive values.
    pub fn new(values: Matrix, table: &Table, faults: &mut Faults) -> Option<Self> {
        let logs: Vec<f64> = values.given().map(f64s::ln).collect();
        let n = logs.len() as f64;
        let mean = logs.iter().sum::<f64>() / n;
        let deviation = (logs.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0)).sqrt();
        if deviation > 0.0 && deviation.is_finite() {
            return Some(Self { values, mean, deviation });
        }
        if !faults.any() {
            faults.push(
                table.fault_of_header("the index does not vary").expected("two or more pairs of different value"),
            );
        }
        None
    }

    /// The standardised log of the index; of the pair the other way round if only that is given.
    pub fn standardised(&self, from: usize, to: usize) -> f64 {
        let value = self.values.get(from, to).or_else(|| self.values.get(to, from));
        value.map_or(0.0, |s| (f64s::ln(s) - self.mean) / self.deviation)
    }

    /// For how many unordered pairs of the countries a value is given.
    pub fn covered(&self, selected: &[usize]) -> usize {
        let known = |a: usize, b: usize| self.values.get(a, b).or_else(|| self.values.get(b, a)).is_some();
        let pairs = (0..selected.len()).flat_map(|b| (0..b).map(move |a| (selected[a], selected[b])));
        pairs.filter(|(a, b)| known(*a, *b)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::atlas::{atlas, find};
    use crate::world::matrix::Holds;

    #[test]
    fn logs_are_standardised_and_gaps_are_average() {
        let rows = &atlas().rows;
        let mut faults = Faults::default();
        let table = Table::parse("s.csv", "a,b,value\nBEL,FRA,100\nBEL,USA,1\nFRA,USA,10\n", &mut faults).unwrap();
        let matrix = Matrix::read(&table, rows, Holds::Ties, &mut faults);
        let index = Connectedness::new(matrix, &table, &mut faults).unwrap();
        let z = |a: &str, b: &str| index.standardised(find(rows, a).unwrap(), find(rows, b).unwrap());
        assert!((z("BEL", "FRA") - 1.0).abs() < 1e-12);
        assert!((z("USA", "BEL") + 1.0).abs() < 1e-12, "an unordered pair serves both ways");
        assert_eq!(z("BEL", "CHN"), 0.0);
    }

    #[test]
    fn zero_ties_have_no_logarithm() {
        let mut faults = Faults::default();
        let table = Table::parse("s.csv", "a,b,value\nBEL,FRA,0\n", &mut faults).unwrap();
        Matrix::read(&table, &atlas().rows, Holds::Ties, &mut faults);
        assert_eq!(faults.take("s.csv")[0].title, "`0` is too small");
    }
}
