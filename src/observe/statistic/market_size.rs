//! How the number of exporters to a market grows with the market (fact C8).
//!
//! ```text
//! ln N[h,c] = β·ln GDP[c] + γ·T[h,c] + effect of h + error
//! ```
//!
//! N is the mean number of exporters a year; T, the barrier, is the trade friction of the model itself.

use super::{Measured, Options, Statistic, measured};
use crate::number::f64s::ln;
use crate::observe::estimate::{Factor, fixed_effects};
use crate::observe::panel::Sample;

pub const STATISTIC: Statistic = Statistic {
    name: "market_size",
    about: "elasticity of the number of exporters to the GDP of the market, trade friction controlled, least squares \
            over markets reached",
    parts: &["gdp", "friction"],
    options: &[],
    lacking: None,
    of_exports: true,
    measure,
};

fn measure(sample: &Sample, _: &Options) -> Measured {
    let (homes, markets) = (sample.ground.homes.len(), sample.ground.gdp.len());
    let mut exporters = vec![0.0; homes * markets];
    for flow in &sample.panel.flows {
        let home = usize::from(sample.panel.firm(flow.firm).home);
        exporters[home * markets + usize::from(flow.market)] += 1.0;
    }
    let (mut y, mut gdp, mut friction, mut from) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (h, home) in sample.ground.homes.iter().enumerate() {
        for market in (0..markets).filter(|market| exporters[h * markets + market] > 0.0) {
            y.push(ln(exporters[h * markets + market] / f64::from(sample.panel.years)));
            gdp.push(ln(sample.ground.gdp[market]));
            friction.push(f64::from(home.friction[market]));
            from.push(h);
        }
    }
    let found = fixed_effects(y, vec![gdp, friction], &[Factor::new(&from)]).unwrap_or(vec![f64::NAN; 2]);
    measured([("gdp", found[0]), ("friction", found[1])])
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell, value};
    use super::*;
    use crate::number::f64s::exp;
    use crate::observe::panel::Population;

    #[test]
    fn an_exact_elasticity_is_found_again() {
        let mut example = example(200, 2);
        let friction = [0.0_f32, 1.0, 0.0, 1.0, 2.0];
        let exporters = [0_u32, 10, 40, 80, 160];
        for market in 1..5 {
            example.1.homes[0].friction[market] = friction[market];
            // GDP such that ln N = 0.5·ln GDP − 0.3·T, exactly.
            let n = f64::from(exporters[market]);
            example.1.gdp[market] = exp((ln(n) + 0.3 * f64::from(friction[market])) / 0.5);
            for firm in 0..exporters[market] {
                for year in 0..2 {
                    sell(&mut example.0, firm, year, market as u8, 2000.0);
                }
            }
        }
        assert!((value(&STATISTIC, &example, Population::Customs, "gdp") - 0.5).abs() < 1e-9);
        assert!((value(&STATISTIC, &example, Population::Customs, "friction") + 0.3).abs() < 1e-6);
    }
}
