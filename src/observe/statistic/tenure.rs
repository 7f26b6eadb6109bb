//! How the chance of leaving a market falls with the years spent there (fact C5).
//!
//! ```text
//! exit[i,m,t] = Σ_k β_k·(tenure = k) + effect of firm i in year t + effect of market m in year t + error
//! ```
//!
//! A linear probability model, as the source has it. Tenure counts the years in a row before this one. Spells under
//! way in the first year are left out, because nobody saw them begin; the last tenure takes all longer ones.

use super::{Measured, Options, Statistic};
use crate::observe::estimate::{Factor, fixed_effects};
use crate::observe::panel::Sample;

const LONGEST: usize = 5;

pub const STATISTIC: Statistic = Statistic {
    name: "tenure",
    about: "change of the probability of leaving a market with years of tenure against none, linear probability model \
            with firm-year and market-year effects",
    parts: &["0", "1", "2", "3", "4", "5"],
    options: &[],
    lacking: None,
    of_exports: true,
    measure,
};

fn measure(sample: &Sample, _: &Options) -> Measured {
    let mut exits = Vec::new();
    let mut tenures: Vec<Vec<f64>> = vec![Vec::new(); LONGEST];
    let (mut firm_years, mut market_years) = (Vec::new(), Vec::new());
    for relation in sample.panel.relations() {
        let home = sample.panel.firm(relation[0].firm).home;
        let mut begun = 0;
        for (i, flow) in relation.iter().enumerate() {
            if i == 0 || relation[i - 1].year + 1 < flow.year {
                begun = flow.year;
            }
            if begun == 0 || flow.year + 1 >= sample.panel.years {
                continue;
            }
            let tenure = usize::from(flow.year - begun).min(LONGEST);
            let stays = relation.get(i + 1).is_some_and(|next| next.year == flow.year + 1);
            exits.push(f64::from(u8::from(!stays)));
            for (k, column) in tenures.iter_mut().enumerate() {
                column.push(f64::from(u8::from(tenure == k + 1)));
            }
            firm_years.push((flow.firm, flow.year));
            market_years.push((home, flow.market, flow.year));
        }
    }
    let factors = [Factor::new(&firm_years), Factor::new(&market_years)];
    let found = fixed_effects(exits, tenures, &factors);
    // Newcomers are what the others are compared with.
    let found = found.map_or(vec![f64::NAN; LONGEST + 1], |found| [vec![0.0], found].concat());
    STATISTIC.parts.iter().zip(found).map(|(part, value)| ((*part).to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell, value};
    use super::*;
    use crate::observe::panel::Population;

    #[test]
    fn the_profile_agrees_with_dummies() {
        // 40 firms, 4 markets, 9 years; numpy.linalg.lstsq with a dummy for every firm-year and market-year gives the
        // same coefficients.
        let mut example = example(40, 9);
        for firm in 0..40_u32 {
            for market in 1..5_u32 {
                let start = (firm * 7 + market * 5 + firm * market) % 6;
                let length = 1 + (firm * 3 + market * market * 5 + firm / 4) % 8;
                for year in 0..9_u32 {
                    if (start..start + length).contains(&year) || (firm + market * 3 + year * 5).is_multiple_of(13) {
                        sell(&mut example.0, firm, year as u16, market as u8, 2000.0);
                    }
                }
            }
        }
        for (part, expected) in STATISTIC.parts[1..].iter().zip(BY_NUMPY) {
            let found = value(&STATISTIC, &example, Population::Customs, part);
            assert!((found - expected).abs() < 1e-6, "tenure {part}: {found} for {expected}");
        }
    }
    const BY_NUMPY: [f64; 5] = [
        -0.272_225_150_415_51,
        -0.214_632_690_151_43,
        0.013_940_779_364_47,
        -0.056_549_449_457_56,
        -0.135_435_705_218_98,
    ];
}
