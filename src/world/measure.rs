//! Measures: what a distance is taken from, scaled so that its mean over the world is 1.

use super::atlas::Row;
use super::culture::Scores;
use super::matrix::Matrix;
use super::{Cage, Components, gravity, survey};
use crate::error::Fault;

crate::choice! {
    /// How the distance between two countries is measured.
    pub enum Measure {
        /// Fitted to what managers feel (Håkanson & Ambos 2010).
        Survey = "survey",
        /// Fitted to what trade shows.
        Gravity = "gravity",
        /// Cultural, administrative, geographic and economic distance with the weights of `world.cage`.
        Cage = "cage",
        /// The user's own numbers.
        Matrix = "matrix",
    }
}

/// A measure with all it needs, and what it is divided by.
pub(crate) enum Yardstick {
    Survey,
    Gravity,
    Cage(Cage, f64),
    Matrix(Matrix, f64),
}

impl Yardstick {
    /// CAGE distance, divided by its mean over all pairs of the data set.
    pub fn cage(cage: &Cage, scores: Option<&Scores>, faults: &mut Vec<Fault>) -> Self {
        let mean = cage.mean(scores);
        if mean <= 0.0 {
            let fault = Fault::setting("world.cage", "every weight of CAGE distance is 0");
            faults.push(fault.expected("one or more weights above 0"));
        }
        Self::Cage(cage.clone(), mean)
    }

    /// The user's own numbers, divided by the mean over the pairs of their file.
    pub fn matrix(matrix: Matrix) -> Self {
        let mean = matrix.mean();
        Self::Matrix(matrix, mean)
    }

    /// The distance from one country to another: 1 on average over the world.
    pub fn between(&self, rows: &[Row], from: usize, to: usize, pair: &Components) -> f64 {
        match self {
            Self::Survey => survey::distance(pair, rows[to].country.gdp_usd),
            Self::Gravity => gravity::distance(pair),
            Self::Cage(cage, mean) => cage.distance(pair) / mean,
            Self::Matrix(matrix, mean) => matrix.get(from, to).expect("a matrix with gaps was refused") / mean,
        }
    }
}
