//! CAGE: cultural, administrative, geographic and economic distance with weights of the user's own.
//!
//! ```text
//! C[h,c] = ω_g·ln(km/100) + ω_b·(1 − border) + ω_l·(1 − language) + ω_c·cultural + ω_a·administrative + ω_e·income
//! language       = 0.7·official + 0.3·spoken
//! cultural       = ½·KS where the user supplied scores of both, else (1 − ½·(religion + proximity)) / its mean
//! administrative = 1 − ⅓·(colony or common coloniser) − ⅓·law − ⅓·agreement/5
//! D[h,c]         = C[h,c] / C̄
//! ```
//!
//! | symbol | in code          | meaning                                                    | unit |
//! |--------|------------------|------------------------------------------------------------|------|
//! | ω      | [`Cage`]         | weights                                                    | 1    |
//! | km     | `km`             | distance with people as weights, at least 100              | km   |
//! | KS     | `kogut_singh`    | Kogut–Singh index; its mean over random pairs is 2         | 1    |
//! | income | `income`         | absolute log ratio of GDP per head, purchasing power parity | 1   |
//! | C̄      | [`Cage::mean`]   | mean over all ordered pairs of the data set                | 1    |
//!
//! Both forms of the cultural term have a mean of about 1, so that countries with and without scores can be compared.
//! The border term is needed: without it near markets saturate and common borders come out as a hindrance.
//!
//! **Predicts** that a market falls in the order of nearness when the weight of a term rises on which it is far; see
//! `a_dearer_term_demotes_markets_distant_on_it`.
//!
//! Ghemawat (2001), Distance still matters, *Harv. Bus. Rev.* 79(8), 137–147.

use super::culture::Scores;
use super::pair::Components;
use super::{atlas, culture};
use crate::number::f64s;

crate::params! {
    /// Weights of CAGE distance, used where `world.felt` or `world.friction` is `cage`.
    pub struct Cage at "world.cage" {
        /// Weight of the log of distance over 100 km.
        geography: f64 = 0.969 in 0.0 ..= 10.0, "ω_g", "1", "calibration of the prototype, plausible 0.5–2";
        /// Weight of having no common border.
        border: f64 = 2.0 in 0.0 ..= 10.0, "ω_b", "1", "calibration of the prototype, plausible 0–2";
        /// Weight of having no common language.
        language: f64 = 1.3 in 0.0 ..= 10.0, "ω_l", "1", "calibration of the prototype, plausible 0–3";
        /// Weight of cultural distance: half the Kogut–Singh index where scores are given, else religion and language.
        culture: f64 = 0.5 in 0.0 ..= 10.0, "ω_c", "1", "assumption, swept 0–1.5";
        /// Weight of administrative distance: history, law and agreements.
        administration: f64 = 0.5 in 0.0 ..= 10.0, "ω_a", "1", "assumption, swept 0–1.5";
        /// Weight of the absolute difference of log GDP per head.
        income: f64 = 0.3 in 0.0 ..= 10.0, "ω_e", "1", "assumption, swept 0–1";
    }
}

/// Distances below this count as this, in km.
const AT_LEAST_KM: f64 = 100.0;
/// Mean of `1 − ½·(religion + proximity)` over all pairs of the data set.
const UNLIKE_MEAN: f64 = 0.755_195;
/// Share of the official language in the shared language; the rest is the spoken one.
const OFFICIAL: f64 = 0.7;
/// The deepest level of agreement.
const UNION: f64 = 5.0;

fn unlike(pair: &Components) -> f64 {
    1.0 - 0.5 * (pair.religion + pair.language_proximity)
}

fn cultural(pair: &Components) -> f64 {
    pair.kogut_singh.map_or(unlike(pair) / UNLIKE_MEAN, |index| 0.5 * index)
}

fn administrative(pair: &Components) -> f64 {
    let yes = |flag: bool| f64::from(u8::from(flag));
    let shared = yes(pair.colony || pair.common_coloniser) + yes(pair.legal_origin) + f64::from(pair.agreement) / UNION;
    1.0 - shared / 3.0
}

impl Cage {
    /// Distance before scaling.
    pub(crate) fn distance(&self, pair: &Components) -> f64 {
        let yes = |flag: bool| f64::from(u8::from(flag));
        let language = OFFICIAL * yes(pair.official_language) + (1.0 - OFFICIAL) * pair.spoken_language;
        self.geography * f64s::ln(pair.km.max(AT_LEAST_KM) / AT_LEAST_KM)
            + self.border * (1.0 - yes(pair.border))
            + self.language * (1.0 - language)
            + self.culture * cultural(pair)
            + self.administration * administrative(pair)
            + self.income * pair.income
    }

    /// Mean over all pairs of the data set with these weights and scores; 0 if every weight is 0.
    pub(crate) fn mean(&self, scores: Option<&Scores>) -> f64 {
        let rows = &atlas::atlas().rows;
        let all = atlas::pairs();
        let distance = |(a, b, pair): &(usize, usize, Components)| {
            let kogut_singh = culture::between(scores, &rows[*a], &rows[*b]);
            self.distance(&Components { kogut_singh, ..*pair })
        };
        all.iter().map(distance).sum::<f64>() / all.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::atlas::pairs;

    #[test]
    fn the_mean_unlikeness_is_that_of_the_data_set() {
        let mean = pairs().iter().map(|pair| unlike(&pair.2)).sum::<f64>() / pairs().len() as f64;
        assert!((mean - UNLIKE_MEAN).abs() < 1e-6, "write UNLIKE_MEAN = {mean:.6}");
    }

    const PAIR: Components = Components {
        capital_km: 1000.0,
        km: 1000.0,
        harmonic_km: 900.0,
        border: false,
        official_language: true,
        spoken_language: 0.5,
        language_proximity: 0.4,
        religion: 0.6,
        colony: true,
        common_coloniser: false,
        agreement: 2,
        legal_origin: false,
        income: 1.5,
        kogut_singh: Some(3.0),
    };

    #[test]
    fn one_pair_worked_by_hand() {
        // 0.969·ln 10 + 2 + 1.3·(1 − 0.7 − 0.15) + 0.5·1.5 + 0.5·(1 − 1/3 − 0.4/3) + 0.3·1.5
        let by_hand = 0.969 * std::f64::consts::LN_10 + 2.0 + 0.195 + 0.75 + 0.5 * (1.6 / 3.0) + 0.45;
        assert!((Cage::default().distance(&PAIR) - by_hand).abs() < 1e-12);
    }

    #[test]
    fn no_weights_no_distance() {
        let none = Cage { geography: 0.0, border: 0.0, language: 0.0, culture: 0.0, administration: 0.0, income: 0.0 };
        assert_eq!(none.mean(None), 0.0);
    }
}
