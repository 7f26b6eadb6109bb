//! How often exporters leave a market, newcomers and the established (fact C5).

use super::{Measured, Options, Statistic, measured, ratio};
use crate::observe::panel::Sample;

pub const STATISTIC: Statistic = Statistic {
    name: "market_exit",
    about: "share of firms selling in a market that do not the year after: entrants, incumbents, and the difference; \
            firms, markets and years pooled",
    parts: &["entrants", "incumbents", "gap"],
    options: &[],
    lacking: None,
    of_exports: true,
    measure,
};

fn measure(sample: &Sample, _: &Options) -> Measured {
    let (mut all, mut left) = ([0.0; 2], [0.0; 2]);
    for relation in sample.panel.relations() {
        for (i, flow) in relation.iter().enumerate() {
            if flow.year == 0 || flow.year + 1 >= sample.panel.years {
                continue;
            }
            let incumbent = usize::from(i > 0 && relation[i - 1].year + 1 == flow.year);
            let stays = relation.get(i + 1).is_some_and(|next| next.year == flow.year + 1);
            all[incumbent] += 1.0;
            left[incumbent] += f64::from(u8::from(!stays));
        }
    }
    let [entrants, incumbents] = [0, 1].map(|group| ratio(left[group], all[group]));
    measured([("entrants", entrants), ("incumbents", incumbents), ("gap", entrants - incumbents)])
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell, value};
    use super::*;
    use crate::observe::panel::Population;

    #[test]
    fn exits_by_hand() {
        let mut example = example(3, 4);
        for (firm, market, years) in [(0, 1, &[0, 1, 2, 3][..]), (0, 2, &[1]), (1, 1, &[1, 2]), (2, 1, &[2, 3])] {
            for year in years {
                sell(&mut example.0, firm, *year, market, 2000.0);
            }
        }
        let of = |part| value(&STATISTIC, &example, Population::Customs, part);
        // Entrants: (0,2) leaves; (1,1) stays; (2,1) stays. Incumbents: (0,1) twice stays; (1,1) leaves.
        assert!((of("entrants") - 1.0 / 3.0).abs() < 1e-12);
        assert!((of("incumbents") - 1.0 / 3.0).abs() < 1e-12);
        assert!(of("gap").abs() < 1e-12);
    }
}
