//! Gravity: how much trade between two countries is held back, from what trade shows.
//!
//! The same facts as in the felt distance with the weights that bilateral trade reveals: minus the coefficients of a
//! gravity regression with exporter and importer effects.
//!
//! ```text
//! G[h,c] = 1.59·ln km − 0.70·border − 0.45·official − 0.60·proximity − 1.14·colony − 0.55·coloniser
//!          − 0.12·law − 0.33·religion − 0.41·agreement
//! T[h,c] = max(G[h,c] − G_min, 0) / (Ḡ − G_min)
//! ```
//!
//! | symbol    | in code              | meaning                                             | unit      |
//! |-----------|----------------------|-----------------------------------------------------|-----------|
//! | G         | [`hindrance`]        | log trade lost                                      | log point |
//! | G_min     | [`LEAST`]            | least hindered pair of the data set                 | log point |
//! | Ḡ − G_min | [`MEAN`]             | mean of all pairs of the data set above the least | log point |
//! | agreement | `agreement`          | a trade agreement of any level                      | 0 or 1    |
//!
//! The coefficients are this project's own estimates on its open columns; symmetric by construction. **Valid** for
//! trade in goods between countries that trade at all.
//!
//! Head & Mayer (2014), Gravity equations: workhorse, toolkit, and cookbook, *Handbook of International Economics* 4,
//! 131–195.

use super::pair::Components;
use crate::number::f64s;

/// The least hindered pair of the data set, in log points.
const LEAST: f64 = 4.597_799;
/// Mean over all ordered pairs of the data set above the least, in log points.
const MEAN: f64 = 8.794_090;

/// Log trade that an agreement of any level wins back.
const AGREEMENT: f64 = 0.41;

/// Trade friction that an agreement of any level takes away, in mean frictions.
pub fn eased_by_agreement() -> f64 {
    AGREEMENT / MEAN
}

/// Log trade lost between two countries.
fn hindrance(pair: &Components) -> f64 {
    let yes = |flag: bool| f64::from(u8::from(flag));
    1.59 * f64s::ln(pair.km)
        - 0.70 * yes(pair.border)
        - 0.45 * yes(pair.official_language)
        - 0.60 * pair.language_proximity
        - 1.14 * yes(pair.colony)
        - 0.55 * yes(pair.common_coloniser)
        - 0.12 * yes(pair.legal_origin)
        - 0.33 * pair.religion
        - AGREEMENT * yes(pair.agreement > 0)
}

/// Trade friction, from 0 for the least hindered pair, scaled to mean 1 over the data set.
pub(crate) fn distance(pair: &Components) -> f64 {
    (hindrance(pair) - LEAST).max(0.0) / MEAN
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::atlas::pairs;

    #[test]
    fn least_and_mean_are_those_of_the_data_set() {
        let all: Vec<f64> = pairs().iter().map(|pair| hindrance(&pair.2)).collect();
        let least = all.iter().copied().fold(f64::INFINITY, f64::min);
        let mean = all.iter().sum::<f64>() / all.len() as f64 - least;
        assert!((least - LEAST).abs() < 1e-6 && (mean - MEAN).abs() < 1e-6, "write {least:.6} and {mean:.6}");
    }
}
