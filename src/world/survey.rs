//! Survey: how far away managers feel another country is, fitted to their own answers.
//!
//! A host feels nearer if it is close, speaks and believes alike, is about as rich, follows the same law, and if it is
//! large: large economies are better known. The last term makes felt distance asymmetric, as the answers are.
//!
//! ```text
//! F[h,c] = −22.2 + 11.05·ln km − 3.2·border − 5.0·official − 28.5·proximity − 7.9·religion
//!          + 4.67·income − 1.4·law − 1.5·ln(Y_c / 10⁹)
//! D[h,c] = max(F[h,c], 1) / F̄
//! ```
//!
//! | symbol    | in code              | meaning                                                      | unit   |
//! |-----------|----------------------|--------------------------------------------------------------|--------|
//! | F         | [`points`]           | felt distance on the scale of the survey, 0–100              | points |
//! | F̄         | [`MEAN`]             | mean of the floored F over all ordered pairs of the data set | points |
//! | km        | `km`                 | distance with people as weights                              | km     |
//! | proximity | `language_proximity` | relatedness of the languages                                 | 1      |
//! | income    | `income`             | absolute log ratio of GDP per head at purchasing power parity | 1     |
//! | Y_c       | `gdp_usd`            | GDP of the host                                              | US$    |
//!
//! The coefficients are this project's own ordinary least squares on 600 directed pairs of 25 large economies
//! (R² = 0.73; the Kogut–Singh index alone 0.04, log distance alone 0.55). **Valid** for homes and hosts like those 25;
//! for small or poor homes, such as most of Africa and Central America, it is an extrapolation. Near neighbours fall to
//! the floor.
//!
//! Håkanson & Ambos (2010), *J. Int. Manag.* 16(3), 195–210.

use super::pair::Components;
use crate::number::f64s;

/// The least felt distance, in points: other countries are never at no distance.
const FLOOR: f64 = 1.0;
/// Mean over all ordered pairs of the data set, in points.
const MEAN: f64 = 66.552_429;
const BILLION: f64 = 1e9;

/// Felt distance from a home to a host of that GDP (US$), in points of the survey.
fn points(pair: &Components, host_gdp_usd: f64) -> f64 {
    let yes = |flag: bool| f64::from(u8::from(flag));
    let felt = -22.2 + 11.05 * f64s::ln(pair.km)
        - 3.2 * yes(pair.border)
        - 5.0 * yes(pair.official_language)
        - 28.5 * pair.language_proximity
        - 7.9 * pair.religion
        + 4.67 * pair.income
        - 1.4 * yes(pair.legal_origin)
        - 1.5 * f64s::ln(host_gdp_usd / BILLION);
    felt.max(FLOOR)
}

/// Felt distance scaled to mean 1 over the data set.
pub(crate) fn distance(pair: &Components, host_gdp_usd: f64) -> f64 {
    points(pair, host_gdp_usd) / MEAN
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::atlas::{atlas, find, pairs};

    #[test]
    fn the_mean_is_that_of_the_data_set() {
        let rows = &atlas().rows;
        let both = |(a, b, pair): &(usize, usize, Components)| {
            points(pair, rows[*a].country.gdp_usd) + points(pair, rows[*b].country.gdp_usd)
        };
        let mean = pairs().iter().map(both).sum::<f64>() / (2 * pairs().len()) as f64;
        assert!((mean / MEAN - 1.0).abs() < 1e-6, "write MEAN = {mean:.6}");
    }

    /// The fit, in points; the survey itself found to the Netherlands 7, France 8, Germany 9, the United States 43 and
    /// China 81.
    #[test]
    fn belgians_feel_as_the_survey_says() {
        let rows = &atlas().rows;
        let at = |iso3: &str| find(rows, iso3).unwrap();
        let felt = |host: &str| {
            let (a, b) = (at("BEL"), at(host));
            let (low, high) = (a.min(b), a.max(b));
            let pair = &pairs().iter().find(|p| (p.0, p.1) == (low, high)).unwrap().2;
            points(pair, rows[b].country.gdp_usd)
        };
        assert_eq!(felt("NLD"), FLOOR);
        for (host, expected) in [("FRA", 8.0), ("DEU", 4.0), ("USA", 38.0), ("CHN", 66.0)] {
            assert!((felt(host) - expected).abs() < 2.0, "{host}: {}", felt(host));
        }
    }
}
