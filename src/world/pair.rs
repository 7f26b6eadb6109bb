//! What two countries have in common: distance, border, languages, religion, history, law, agreements, incomes.
//!
//! ```text
//! km       = Σ_k Σ_l w_k·w_l·d_kl                       mean over the main cities of both, people as weights
//! harmonic = 1 / Σ_k Σ_l w_k·w_l/d_kl
//! spoken   = m + (a − m)(1 − m),  a = Σ p_i·q_i,  m = max p_i·q_i     shared languages of ≥ 4 % in both
//! proximity = Σ p_i·q_j·2k_ij/(d_i + d_j) / Σ p_i·q_j                 languages of ≥ 5 %
//! religion = Σ r_g·s_h·K_gh
//! income   = |ln(y_a / y_b)|
//! ```
//!
//! | symbol | in code           | meaning                                                              | unit |
//! |--------|-------------------|----------------------------------------------------------------------|------|
//! | d_kl   | [`Point::km`]     | great-circle distance of two cities                                  | km   |
//! | p, q   | `speakers`        | share of people able to use a language                               | 1    |
//! | k, d   | `kinship`         | shared levels and depths of two language family paths                | 1    |
//! | K_gh   | `kinship_of_faiths` | 1 same group, 0.6 two Christian branches, 1 if one is unspecified Christian | 1 |
//! | y      | `gdp_per_head_ppp` | GDP per head at purchasing power parity                             | US$  |
//!
//! A colonial tie joins a country with its former ruler (colony, mandate or land empire); a common coloniser is a
//! shared ruler of two colonies or mandates at any time. A territory and its country are parts of one state: a tie of
//! the strongest kind, and an economic union.
//!
//! Melitz & Toubal (2014), *J. Int. Econ.* 93(2), 351–363, for the spoken language; Mayer & Zignago (2011), CEPII
//! working paper 2011-25, for the weighted distances.

use super::atlas::{self, RELIGIONS, Row};
use crate::number::f64s;

/// Mean radius of the Earth in km.
const EARTH_KM: f64 = 6371.0088;
/// Two cities are at least this far apart, so that logarithms stay finite.
const NEAREST_KM: f64 = 1.0;
const SPOKEN_SHARE: f64 = 0.04;
const PROXIMITY_SHARE: f64 = 0.05;
const CHRISTIAN_BRANCHES: usize = 4;
const UNSPECIFIED_CHRISTIAN: usize = 3;
const OTHER_BRANCH: f64 = 0.6;
/// The level of a territory's agreement with the country it belongs to: an economic union.
const ONE_STATE: u8 = 5;

/// What two countries have in common; the same both ways.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Components {
    /// Great-circle distance of the capitals, km.
    pub capital_km: f64,
    /// Mean distance of the main cities with people as weights, km.
    pub km: f64,
    /// Harmonic mean distance of the main cities, km.
    pub harmonic_km: f64,
    /// A common land border.
    pub border: bool,
    /// A common official language.
    pub official_language: bool,
    /// Chance that two people can speak with one another, adjusted, 0..=1.
    pub spoken_language: f64,
    /// How closely related the languages are, 0..=1.
    pub language_proximity: f64,
    /// How alike the religions are, 0..=1.
    pub religion: f64,
    /// One once ruled the other, or both are parts of one state.
    pub colony: bool,
    /// The same power once ruled both overseas.
    pub common_coloniser: bool,
    /// Deepest trade agreement: 0 none, 1 partial, 2 free trade, 3 customs union, 4 common market, 5 economic union.
    pub agreement: u8,
    /// The same family of law.
    pub legal_origin: bool,
    /// Absolute difference of log GDP per head at purchasing power parity.
    pub income: f64,
    /// Kogut–Singh index of cultural distance, where the user supplied scores of both.
    pub kogut_singh: Option<f64>,
}

/// A place on the globe as a unit vector: the chord gives the distance with one arcsine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point([f64; 3]);

impl Point {
    /// The point at degrees north and east.
    pub fn at(latitude: f64, longitude: f64) -> Self {
        let (north, east) = (latitude.to_radians(), longitude.to_radians());
        Self([f64s::cos(north) * f64s::cos(east), f64s::cos(north) * f64s::sin(east), f64s::sin(north)])
    }

    /// Great-circle distance in km.
    pub fn km(self, other: Self) -> f64 {
        let [x, y, z] = [0, 1, 2].map(|axis: usize| self.0[axis] - other.0[axis]);
        let half_chord = 0.5 * (x * x + y * y + z * z).sqrt();
        (2.0 * EARTH_KM * f64s::asin(half_chord.min(1.0))).max(NEAREST_KM)
    }
}

/// What two countries have in common.
pub(crate) fn components(a: &Row, b: &Row) -> Components {
    let capital = |row: &Row| Point::at(row.country.latitude, row.country.longitude);
    let (km, harmonic_km) = between_cities(a, b);
    let common = |x: &[u16], y: &[u16]| x.iter().any(|language| y.contains(language));
    Components {
        capital_km: capital(a).km(capital(b)),
        km,
        harmonic_km,
        border: a.borders.contains(&b.country.iso3) || b.borders.contains(&a.country.iso3),
        official_language: common(&a.official, &b.official),
        spoken_language: spoken_language(a, b),
        language_proximity: language_proximity(a, b),
        religion: religion(a, b),
        colony: a.origin == b.origin || ruled(a, b) || ruled(b, a),
        common_coloniser: common_coloniser(a, b),
        agreement: if a.origin == b.origin { ONE_STATE } else { atlas::atlas().agreement(a.base, b.base) },
        legal_origin: a.legal_origin == b.legal_origin,
        income: f64s::ln(a.country.gdp_per_head_ppp / b.country.gdp_per_head_ppp).abs(),
        kogut_singh: None,
    }
}

fn between_cities(a: &Row, b: &Row) -> (f64, f64) {
    let (mut mean, mut closeness) = (0.0, 0.0);
    for (here, people) in &a.cities {
        for (there, others) in &b.cities {
            let (km, weight) = (here.km(*there), people * others);
            mean += weight * km;
            closeness += weight / km;
        }
    }
    (mean, 1.0 / closeness)
}

fn spoken_language(a: &Row, b: &Row) -> f64 {
    let (mut all, mut most) = (0.0, 0.0_f64);
    for (language, p) in a.speakers.iter().filter(|(_, p)| *p >= SPOKEN_SHARE) {
        for (_, q) in b.speakers.iter().filter(|(other, q)| other == language && *q >= SPOKEN_SHARE) {
            all += p * q;
            most = most.max(p * q);
        }
    }
    most + (all - most) * (1.0 - most)
}

fn language_proximity(a: &Row, b: &Row) -> f64 {
    let atlas = atlas::atlas();
    let (mut sum, mut weights) = (0.0, 0.0);
    for (mine, p) in a.speakers.iter().filter(|(_, p)| *p >= PROXIMITY_SHARE) {
        for (theirs, q) in b.speakers.iter().filter(|(_, q)| *q >= PROXIMITY_SHARE) {
            sum += p * q * atlas.proximity(*mine, *theirs);
            weights += p * q;
        }
    }
    if weights > 0.0 { sum / weights } else { 0.0 }
}

fn religion(a: &Row, b: &Row) -> f64 {
    let mut sum = 0.0;
    for mine in (0..RELIGIONS.len()).filter(|group| a.religions[*group] > 0.0) {
        for theirs in 0..RELIGIONS.len() {
            sum += a.religions[mine] * b.religions[theirs] * kinship_of_faiths(mine, theirs);
        }
    }
    sum
}

fn kinship_of_faiths(a: usize, b: usize) -> f64 {
    if a == b {
        1.0
    } else if a.max(b) >= CHRISTIAN_BRANCHES {
        0.0
    } else if a.max(b) == UNSPECIFIED_CHRISTIAN {
        1.0
    } else {
        OTHER_BRANCH
    }
}

fn ruled(ruler: &Row, other: &Row) -> bool {
    other.rulers.iter().any(|r| r.iso3 == ruler.origin)
}

fn common_coloniser(a: &Row, b: &Row) -> bool {
    let overseas = |row: &Row, iso3: &str| row.rulers.iter().any(|r| r.overseas && r.iso3 == iso3);
    a.rulers.iter().any(|r| r.overseas && overseas(b, &r.iso3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::atlas::{atlas, find};

    fn pair(a: &str, b: &str) -> Components {
        let rows = &atlas().rows;
        components(&rows[find(rows, a).unwrap()], &rows[find(rows, b).unwrap()])
    }

    /// The fixtures were computed from the same sources by another program; distances there use all cities, not ten.
    #[test]
    fn pairs_agree_with_the_golden_rows() {
        let mut reader = csv::Reader::from_reader(include_str!("../../tests/golden/pairs.csv").as_bytes());
        let mut rows = 0;
        for record in reader.records() {
            let r = record.unwrap();
            let c = pair(&r[0], &r[1]);
            let near = |found: f64, column: usize, tolerance: f64| {
                let expected: f64 = r[column].parse().unwrap();
                assert!((found - expected).abs() <= tolerance, "{r:?}, column {column}: {found}");
            };
            near(c.capital_km, 2, 0.06);
            near(c.km, 3, (0.08 * c.km).max(40.0));
            near(c.harmonic_km, 4, 0.25 * c.harmonic_km);
            near(c.spoken_language, 7, 6e-5);
            near(c.language_proximity, 8, 6e-5);
            near(c.religion, 9, 6e-5);
            let flags = [c.border, c.official_language, c.colony, c.common_coloniser, c.legal_origin];
            let expected = [5, 6, 10, 11, 13].map(|column| &r[column] == "1");
            assert_eq!((flags, c.agreement.to_string().as_str()), (expected, &r[12]), "{r:?}");
            rows += 1;
        }
        assert_eq!(rows, 64);
    }

    #[test]
    fn a_quarter_of_the_equator_is_ten_thousand_km() {
        let quarter = Point::at(0.0, 0.0).km(Point::at(0.0, 90.0));
        assert!((quarter - EARTH_KM * std::f64::consts::FRAC_PI_2).abs() < 1e-6);
        assert_eq!(Point::at(50.0, 4.0).km(Point::at(50.0, 4.0)), NEAREST_KM);
    }

    #[test]
    fn components_are_the_same_both_ways() {
        for (a, b) in [("BEL", "COD"), ("IND", "GBR"), ("TZA", "KEN")] {
            let (there, back) = (pair(a, b), pair(b, a));
            assert!((there.km - back.km).abs() < 1e-9);
            assert_eq!((there.colony, there.border, there.agreement), (back.colony, back.border, back.agreement));
            assert!((there.language_proximity - back.language_proximity).abs() < 1e-12);
        }
    }
}
