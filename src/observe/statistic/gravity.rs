//! How bilateral exports fall with distance and rise with what two countries share (fact C7).
//!
//! ```text
//! ln X[h,c] = β_d·ln km + β_b·border + β_l·language + β_o·colony + effect of h + effect of c + error
//! ```
//!
//! X are the exports of all firms of home h to market c over all years. One home alone cannot identify this: the effects
//! of markets would take everything. Least squares on positive flows is how most of the 1,835 estimates that the
//! source averages were made; `poisson` gives the estimator that counts zeros.

use super::{Measured, Options, Statistic};
use crate::number::f64s::ln;
use crate::observe::estimate::{Factor, fixed_effects, pseudo_poisson};
use crate::observe::panel::Sample;

pub const STATISTIC: Statistic = Statistic {
    name: "gravity",
    about: "coefficients of a gravity equation for bilateral exports, all years together, with exporter and importer \
            effects",
    parts: &["distance", "contiguity", "language", "colony"],
    options: &[(
        "poisson",
        0.0,
        "0: least squares on the logs of positive flows; 1: Poisson pseudo maximum likelihood",
    )],
    lacking: None,
    of_exports: true,
    measure,
};

fn measure(sample: &Sample, options: &Options) -> Measured {
    let (homes, markets) = (sample.ground.homes.len(), sample.ground.gdp.len());
    let mut exports = vec![0.0; homes * markets];
    for flow in &sample.panel.flows {
        let home = usize::from(sample.panel.firm(flow.firm).home);
        exports[home * markets + usize::from(flow.market)] += f64::from(flow.sales);
    }
    let poisson = options["poisson"] != 0.0;
    let (mut y, mut x) = (Vec::new(), vec![Vec::new(); STATISTIC.parts.len()]);
    let (mut from, mut to) = (Vec::new(), Vec::new());
    let reached = |market: usize| (0..homes).any(|home| exports[home * markets + market] > 0.0);
    for (h, home) in sample.ground.homes.iter().enumerate() {
        let sends = exports[h * markets..(h + 1) * markets].iter().any(|sum| *sum > 0.0);
        for market in (0..markets).filter(|market| *market != usize::from(home.market)) {
            let sum = exports[h * markets + market];
            if if poisson { !sends || !reached(market) } else { sum <= 0.0 } {
                continue;
            }
            let pair = &home.pairs[market];
            y.push(if poisson { sum } else { ln(sum) });
            let bit = |on: bool| f64::from(u8::from(on));
            for (column, value) in
                x.iter_mut().zip([pair.ln_km, bit(pair.border), bit(pair.language), bit(pair.colony)])
            {
                column.push(value);
            }
            from.push(h);
            to.push(market);
        }
    }
    let factors = [Factor::new(&from), Factor::new(&to)];
    let found = if poisson { pseudo_poisson(&y, &x, &factors) } else { fixed_effects(y, x, &factors) };
    let found = found.unwrap_or(vec![f64::NAN; STATISTIC.parts.len()]);
    STATISTIC.parts.iter().zip(found).map(|(part, value)| ((*part).to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell, value};
    use super::*;
    use crate::network::PeerGraph;
    use crate::number::f64s::exp;
    use crate::observe::panel::{Ground, Origin, Pair, Panel, Population};

    /// Six homes and twelve markets with exact gravity: β = −0.9, 0.5, 0.4, 0.8.
    fn world() -> (Panel, Ground, PeerGraph) {
        let (mut panel, _, peers) = example(6, 1);
        let mut homes = Vec::new();
        for h in 0..6_usize {
            panel.firms[h].home = h as u8;
            let pair = |m: usize| Pair {
                ln_km: 6.0 + ((5 * h + 3 * m) % 7) as f64 / 2.0,
                border: (h + m).is_multiple_of(5),
                language: (h * m) % 4 == 1,
                colony: (h + 2 * m) % 6 == 1,
            };
            let pairs: Vec<Pair> = (0..12).map(pair).collect();
            homes.push(Origin { market: h as u8, pairs, friction: vec![0.0; 12], beyond: vec![true; 12] });
        }
        for (h, home) in homes.iter().enumerate() {
            for m in (0..12).filter(|m| *m != h) {
                let Pair { ln_km, border, language, colony } = home.pairs[m];
                let bit = |on: bool| f64::from(u8::from(on));
                let own = 0.3 * h as f64 - 0.1 * (m * m % 13) as f64;
                let index = 20.0 + own - 0.9 * ln_km + 0.5 * bit(border) + 0.4 * bit(language) + 0.8 * bit(colony);
                sell(&mut panel, h as u32, 0, m as u8, exp(index) as f32);
            }
        }
        (panel, Ground { homes, gdp: vec![1.0; 12], threshold: 0.0 }, peers)
    }

    #[test]
    fn exact_gravity_is_found_by_both_estimators() {
        let world = world();
        let sample = Sample { panel: &world.0, ground: &world.1, peers: &world.2, population: Population::All };
        for poisson in [0.0, 1.0] {
            let found = STATISTIC.measure(&sample, &[("poisson".to_owned(), poisson)].into());
            for ((part, value), expected) in found.iter().zip([-0.9, 0.5, 0.4, 0.8]) {
                assert!((value - expected).abs() < 1e-4, "{part} is {value}");
            }
        }
    }

    #[test]
    fn one_home_identifies_nothing() {
        let mut example = example(1, 1);
        for market in 1..5 {
            sell(&mut example.0, 0, 0, market, 1000.0 * f32::from(market));
            example.1.homes[0].pairs[usize::from(market)].ln_km = f64::from(market);
        }
        assert!(value(&STATISTIC, &example, Population::Customs, "distance").is_nan());
    }
}
