//! How small newcomers to a market are beside those established there (fact C6).

use super::{Measured, Options, Statistic, mean, measured, median};
use crate::observe::panel::Sample;
use std::collections::BTreeMap;

pub const STATISTIC: Statistic = Statistic {
    name: "entrant_size",
    about: "mean sales of entrants over mean sales of incumbents in a market, years pooled: median and mean of markets",
    parts: &["median", "mean"],
    options: &[("least", 10.0, "entrants and incumbents a market must have had to count")],
    lacking: None,
    of_exports: true,
    measure,
};

#[derive(Default)]
struct Group {
    sales: f64,
    count: f64,
}

fn measure(sample: &Sample, options: &Options) -> Measured {
    let mut markets: BTreeMap<(u8, u8), [Group; 2]> = BTreeMap::new();
    for relation in sample.panel.relations() {
        let home = sample.panel.firm(relation[0].firm).home;
        for (i, flow) in relation.iter().enumerate().filter(|(_, flow)| flow.year > 0) {
            let incumbent = usize::from(i > 0 && relation[i - 1].year + 1 == flow.year);
            let group = &mut markets.entry((home, flow.market)).or_default()[incumbent];
            group.sales += f64::from(flow.sales);
            group.count += 1.0;
        }
    }
    let least = options["least"].max(1.0);
    let counted = markets.values().filter(|groups| groups.iter().all(|group| group.count >= least));
    let ratios: Vec<f64> = counted.map(|[new, old]| (new.sales / new.count) / (old.sales / old.count)).collect();
    measured([("median", median(&ratios)), ("mean", mean(&ratios))])
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell, value};
    use super::*;
    use crate::observe::panel::Population;

    #[test]
    fn ratios_by_hand() {
        let mut example = example(60, 3);
        for firm in 0..60 {
            // Market 1: entrants sell a fifth; market 2: half; market 3: entrants only; market 4: entrants four fifths.
            for (market, new, old) in [(1, 2000.0, 10_000.0), (2, 5000.0, 10_000.0), (4, 8000.0, 10_000.0)] {
                sell(&mut example.0, firm, 1, market, new);
                sell(&mut example.0, firm, 2, market, old);
            }
            sell(&mut example.0, firm, 2, 3, 9000.0);
        }
        let of = |part| value(&STATISTIC, &example, Population::Customs, part);
        assert!((of("median") - 0.5).abs() < 1e-9);
        assert!((of("mean") - 0.5).abs() < 1e-9);
    }
}
