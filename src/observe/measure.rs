//! How far abroad a firm is: intensity, scope, speed, distance, order, chain and insidership.
//!
//! ```text
//! FSTS = X / S                                  intensity
//! TNI  = (A_f/A + X/S + L_f/L) / 3
//! HHI  = Σ p²,  Blau = 1 − HHI                   scope, p the share of a market in foreign sales
//! E    = Σ p·ln(1/p) = Σ_r P_r·ln(1/P_r) + Σ_r P_r·Σ_{m∈r} (p/P_r)·ln(P_r/p)
//! lag = t1 − t0,  breadth = N/y,  depth = FSTS/y,  y = t − t1 + 1     speed
//! portfolio distance = Σ p·D,  added distance = min(D from home, D from a market served)
//! J = 1 − Π(1 − w)                              insidership
//! ```
//!
//! | symbol | meaning                                   | unit       |
//! |--------|-------------------------------------------|------------|
//! | X, S   | foreign and total sales of a year         | money      |
//! | A, L   | assets and employment, `_f` abroad        | money, 1   |
//! | P_r    | share of a region in foreign sales        | 1          |
//! | t0, t1 | year of founding, first year of exporting | year       |
//! | w      | trust of a tie                            | 1          |
//!
//! Every function is pure and knows no simulation. What is undefined (the concentration of no sales, the
//! correlation of one entry) is `None`, never a number that could slip into a mean. Sums run in the order of
//! the slice, so equal input gives equal bits.
//!
//! Entropy: Jacquemin & Berry (1979), *J. Ind. Econ.* 27(4), 359–369. Speed: Chetty, Johanson & Martín Martín
//! (2014), *J. World Bus.* 49(4), 633–650; Casillas & Acedo (2013), *Int. J. Manag. Rev.* 15(1), 15–29.
//! Order and chain: Johanson & Wiedersheim-Paul (1975), *J. Manag. Stud.* 12(3), 305–322.

use crate::number::f64s;

/// Foreign sales over total sales; 0 for a firm that sells nothing.
pub fn fsts(foreign: f64, total: f64) -> f64 {
    if total > 0.0 { foreign / total } else { 0.0 }
}

/// Transnationality index: the mean foreign share of assets, sales and employment, each given as (foreign, total).
///
/// A firm without assets (or sales, or employees) has none of them abroad.
pub fn tni(assets: (f64, f64), sales: (f64, f64), employment: (f64, f64)) -> f64 {
    (fsts(assets.0, assets.1) + fsts(sales.0, sales.1) + fsts(employment.0, employment.1)) / 3.0
}

/// Herfindahl index of sales over markets, 1/n … 1; `None` without sales.
pub fn herfindahl(sales: &[f64]) -> Option<f64> {
    let total = positive_sum(sales)?;
    Some(sales.iter().filter(|x| **x > 0.0).map(|x| (x / total) * (x / total)).sum())
}

/// Blau index of diversity, 1 − Herfindahl; `None` without sales.
pub fn blau(sales: &[f64]) -> Option<f64> {
    herfindahl(sales).map(|index| 1.0 - index)
}

/// Entropy of foreign sales in nats, split exactly into what lies between and within regions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entropy {
    /// Diversity of the shares of regions.
    pub between: f64,
    /// Mean diversity inside the regions, weighted by their shares.
    pub within: f64,
}

impl Entropy {
    /// The entropy over markets.
    pub fn total(self) -> f64 {
        self.between + self.within
    }
}

/// Entropy of `sales` over markets, whose regions are in `regions` (same length); `None` without sales.
pub fn entropy(sales: &[f64], regions: &[u8]) -> Option<Entropy> {
    assert_eq!(sales.len(), regions.len(), "every market has a region");
    let total = positive_sum(sales)?;
    let shares = || sales.iter().zip(regions).filter(|(x, _)| **x > 0.0).map(|(x, r)| (x / total, usize::from(*r)));
    let mut regional = [0.0; 256];
    shares().for_each(|(p, r)| regional[r] += p);
    let between = regional.iter().filter(|p| **p > 0.0).map(|p| p * -f64s::ln(*p)).sum();
    let within = shares().map(|(p, r)| p * f64s::ln(regional[r] / p)).sum();
    Some(Entropy { between, within })
}

/// Years from founding to the first year of exporting; 0 when the firm exports in its first year.
pub fn lag(founded: i32, first_export: i32) -> i32 {
    first_export - founded
}

/// A quantity per year abroad: breadth from the number of markets, depth from FSTS, commitment from the share of
/// resources abroad. `None` before the first year of exporting.
pub fn speed(quantity: f64, first_export: i32, year: i32) -> Option<f64> {
    (year >= first_export).then(|| quantity / f64::from(year - first_export + 1))
}

/// Change of a speed from each year to the next: one value less than given.
pub fn acceleration(speeds: &[f64]) -> Vec<f64> {
    speeds.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// Psychic distance of the portfolio: mean distance of the markets weighted by sales; `None` without sales.
pub fn portfolio_distance(sales: &[f64], distances: &[f64]) -> Option<f64> {
    assert_eq!(sales.len(), distances.len(), "every market has a distance");
    let total = positive_sum(sales)?;
    let weighted: f64 = sales.iter().zip(distances).filter(|(x, _)| **x > 0.0).map(|(x, d)| x * d).sum();
    Some(weighted / total)
}

/// Distance an entry adds: from home or from the nearest market already served, whichever is less.
pub fn added_distance(from_home: f64, from_served: &[f64]) -> f64 {
    from_served.iter().copied().fold(from_home, f64::min)
}

/// Spearman's rank correlation with mean ranks for ties; `None` when there are fewer than two pairs or one side
/// does not vary.
///
/// With `x` the date of each entry and `y` the distance of the market, it says whether near markets came first;
/// markets entered on the same date share a rank.
pub fn spearman(x: &[f64], y: &[f64]) -> Option<f64> {
    assert_eq!(x.len(), y.len(), "a correlation needs pairs");
    let (x, y) = (mean_ranks(x), mean_ranks(y));
    let centre = (x.len() as f64 + 1.0) / 2.0;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - centre) * (b - centre)).sum::<f64>();
    let (xx, yy) = (product(&x, &x), product(&y, &y));
    (xx > 0.0 && yy > 0.0).then(|| (product(&x, &y) / (xx * yy).sqrt()).clamp(-1.0, 1.0))
}

/// Ranks from 1; equal values share the mean of their ranks.
pub fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for equal in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let rank = below as f64 + (equal.len() as f64 + 1.0) / 2.0;
        equal.iter().for_each(|i| ranks[*i] = rank);
        below += equal.len();
    }
    ranks
}

/// Highest stage of the establishment chain; `None` without a market.
pub fn max_stage(stages: &[u8]) -> Option<u8> {
    stages.iter().copied().max()
}

/// Mean stage over the markets served; `None` without a market.
pub fn mean_stage(stages: &[u8]) -> Option<f64> {
    share(stages.iter().map(|stage| f64::from(*stage)).sum(), stages.len())
}

/// A step along the establishment chain in one market: the stage before (`None` when not yet there) and after.
pub type Step = (Option<u8>, u8);

/// Does the step go up and pass over at least one stage?
pub fn leapfrogs((from, to): Step) -> bool {
    i16::from(to) - from.map_or(-1, i16::from) > 1
}

/// Share of the upward steps that pass over at least one stage; `None` without an upward step.
pub fn leapfrog_share(steps: &[Step]) -> Option<f64> {
    let upward = steps.iter().filter(|(from, to)| from.is_none_or(|from| *to > from)).count();
    share(steps.iter().filter(|step| leapfrogs(**step)).count() as f64, upward)
}

/// Insidership in a market from the trust of the firm's ties there: `1 − Π(1 − w)`; 0 without a tie.
pub fn insidership(trust: &[f64]) -> f64 {
    1.0 - trust.iter().map(|w| 1.0 - w).product::<f64>()
}

/// Share of the ties that live online; `None` without a tie.
pub fn online_share(online: &[bool]) -> Option<f64> {
    share(online.iter().filter(|online| **online).count() as f64, online.len())
}

fn share(part: f64, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part / whole as f64)
}

/// Sum of the positive entries: a market with nothing sold, or with returns only, is not served.
fn positive_sum(sales: &[f64]) -> Option<f64> {
    let total: f64 = sales.iter().filter(|x| **x > 0.0).sum();
    (total > 0.0).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    }

    #[test]
    fn intensity_by_hand() {
        assert_eq!(fsts(30.0, 120.0), 0.25);
        assert_eq!(fsts(0.0, 0.0), 0.0);
        // (1/4 + 1/2 + 0) / 3 = 1/4
        assert_eq!(tni((10.0, 40.0), (30.0, 60.0), (0.0, 8.0)), 0.25);
        assert_eq!(tni((0.0, 0.0), (30.0, 40.0), (0.0, 8.0)), 0.25);
    }

    #[test]
    fn scope_by_hand() {
        // shares 1/2, 1/4, 1/4: HHI = 1/4 + 1/16 + 1/16 = 3/8
        assert_eq!(herfindahl(&[2.0, 1.0, 0.0, 1.0]), Some(0.375));
        assert_eq!(blau(&[2.0, 1.0, 1.0]), Some(0.625));
        assert_eq!(herfindahl(&[7.0]), Some(1.0));
        assert_eq!((herfindahl(&[]), blau(&[0.0])), (None, None));
    }

    #[test]
    fn entropy_by_hand() {
        // Shares ½, ¼, ¼; the first two in one region: P = ¾, ¼.
        // total = ½ ln 2 + ½ ln 4 = 1.5 ln 2; between = ¾ ln(4/3) + ¼ ln 4; within = ½ ln 1.5 + ¼ ln 3.
        let split = entropy(&[2.0, 1.0, 1.0, 0.0], &[3, 3, 9, 200]).unwrap();
        near(split.total(), 1.5 * f64s::ln(2.0));
        near(split.between, 0.75 * f64s::ln(4.0 / 3.0) + 0.25 * f64s::ln(4.0));
        near(split.within, 0.5 * f64s::ln(1.5) + 0.25 * f64s::ln(3.0));
        near(split.within, 0.477_385_626_221_109_6);
        let one_region = entropy(&[1.0, 1.0], &[0, 0]).unwrap();
        assert_eq!(one_region.between, 0.0);
        near(one_region.within, f64s::ln(2.0));
        assert_eq!(entropy(&[1.0, 1.0], &[0, 1]).unwrap().within, 0.0);
        assert_eq!(entropy(&[0.0], &[1]), None);
    }

    #[test]
    fn speed_by_hand() {
        assert_eq!(lag(2001, 2004), 3);
        // Six markets at the end of the third year abroad.
        assert_eq!(speed(6.0, 2004, 2006), Some(2.0));
        assert_eq!(speed(0.3, 2004, 2004), Some(0.3));
        assert_eq!(speed(6.0, 2004, 2003), None);
        assert_eq!(acceleration(&[1.0, 3.0, 2.5]), [2.0, -0.5]);
        assert!(acceleration(&[1.0]).is_empty());
    }

    #[test]
    fn distance_by_hand() {
        // ¾·10 + ¼·50 = 20
        assert_eq!(portfolio_distance(&[3.0, 1.0, 0.0], &[10.0, 50.0, 900.0]), Some(20.0));
        assert_eq!(portfolio_distance(&[0.0], &[10.0]), None);
        assert_eq!(added_distance(40.0, &[]), 40.0);
        assert_eq!(added_distance(40.0, &[55.0, 7.0, 90.0]), 7.0);
        assert_eq!(added_distance(4.0, &[55.0]), 4.0);
    }

    #[test]
    fn rank_correlation_by_hand() {
        assert_eq!(mean_ranks(&[5.0, 1.0, 5.0, 7.0]), [2.5, 1.0, 2.5, 4.0]);
        assert_eq!(spearman(&[1.0, 2.0, 3.0], &[4.0, 9.0, 90.0]), Some(1.0));
        assert_eq!(spearman(&[1.0, 2.0, 3.0], &[9.0, 4.0, 1.0]), Some(-1.0));
        // Ranks 1 2 3 4 5 against 2 1 4 3 5: ρ = 1 − 6·4/(5·24) = 0.8.
        near(spearman(&[1.0, 2.0, 3.0, 4.0, 5.0], &[20.0, 10.0, 40.0, 30.0, 50.0]).unwrap(), 0.8);
        // Two entries in one quarter: ranks 1.5 1.5 3 against 1 2 3; Σxy = 1.5, Σxx = 1.5, Σyy = 2.
        near(spearman(&[8.0, 8.0, 9.0], &[1.0, 2.0, 3.0]).unwrap(), 1.5 / 3.0_f64.sqrt());
        assert_eq!(spearman(&[1.0], &[1.0]), None);
        assert_eq!(spearman(&[], &[]), None);
        assert_eq!(spearman(&[1.0, 2.0], &[3.0, 3.0]), None);
    }

    #[test]
    fn chain_by_hand() {
        assert_eq!((max_stage(&[0, 2, 1]), mean_stage(&[0, 2, 1])), (Some(2), Some(1.0)));
        assert_eq!((max_stage(&[]), mean_stage(&[])), (None, None));
        // Up: none→0, 0→1, 1→3 (leapfrog), none→1 (leapfrog); down: 2→0.
        let steps = [(None, 0), (Some(0), 1), (Some(1), 3), (None, 1), (Some(2), 0)];
        assert_eq!(leapfrog_share(&steps), Some(0.5));
        assert_eq!(leapfrog_share(&[(Some(2), 0), (Some(1), 1)]), None);
    }

    #[test]
    fn ties_by_hand() {
        assert_eq!(insidership(&[]), 0.0);
        assert_eq!(insidership(&[0.5, 0.5]), 0.75);
        assert_eq!(insidership(&[0.2, 1.0]), 1.0);
        assert_eq!(online_share(&[true, false, false, true]), Some(0.5));
        assert_eq!(online_share(&[]), None);
    }

    fn fixed() -> ProptestConfig {
        ProptestConfig { rng_seed: RngSeed::Fixed(67), failure_persistence: None, ..ProptestConfig::default() }
    }

    proptest! {
        #![proptest_config(fixed())]

        #[test]
        fn entropy_decomposes_exactly(markets in prop::collection::vec((0.0..1e9_f64, 0..6_u8), 1..40)) {
            let (sales, regions): (Vec<f64>, Vec<u8>) = markets.into_iter().unzip();
            let total: f64 = sales.iter().sum();
            prop_assume!(total > 0.0);
            let direct: f64 =
                sales.iter().filter(|x| **x > 0.0).map(|x| x / total).map(|p| -p * f64s::ln(p)).sum();
            let split = entropy(&sales, &regions).unwrap();
            prop_assert!((split.total() - direct).abs() < 1e-12);
            prop_assert!(split.between >= 0.0 && split.within > -1e-12);
        }

        #[test]
        fn indices_stay_in_their_bounds(sales in prop::collection::vec(0.0..1e9_f64, 1..40)) {
            prop_assume!(sales.iter().sum::<f64>() > 0.0);
            let served = sales.iter().filter(|x| **x > 0.0).count() as f64;
            let index = herfindahl(&sales).unwrap();
            prop_assert!(index >= 1.0 / served - 1e-12 && index <= 1.0 + 1e-12);
        }

        #[test]
        fn rank_correlation_sees_order_only(values in prop::collection::vec((0..50_i32, 0..50_i32), 2..30)) {
            let (x, y): (Vec<f64>, Vec<f64>) = values.iter().map(|(a, b)| (f64::from(*a), f64::from(*b))).unzip();
            let cubed: Vec<f64> = y.iter().map(|v| v * v * v).collect();
            prop_assert_eq!(spearman(&x, &y), spearman(&x, &cubed));
            prop_assert_eq!(spearman(&x, &y), spearman(&y, &x));
        }
    }
}
