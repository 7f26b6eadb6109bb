//! How many exporters are new, and how many of the new still export a year later (fact C4).

use super::{Measured, Options, Statistic, measured, ratio};
use crate::observe::panel::{FirmYear, Sample};

pub const STATISTIC: Statistic = Statistic {
    name: "turnover",
    about: "entrants among the exporters of a year, and share of entrants that export the year after; years pooled",
    parts: &["entry", "survival"],
    options: &[(
        "alive",
        0.0,
        "1: survival among firms that still exist, as in a census of plants; 0: a firm that died exports no more, as \
         customs see it",
    )],
    lacking: None,
    of_exports: true,
    measure,
};

fn measure(sample: &Sample, options: &Options) -> Measured {
    let alive = options["alive"] != 0.0;
    let (mut exporters, mut entrants, mut at_risk, mut survivors) = (0.0, 0.0, 0.0, 0.0);
    for history in sample.panel.histories() {
        let in_year = |year: u16| history.iter().find(|row| row.year == year);
        let exports = |row: Option<&FirmYear>| row.is_some_and(|row| row.markets > 0);
        for (i, row) in history.iter().enumerate() {
            if row.year == 0 || row.markets == 0 || !sample.population.admits(row.employees) {
                continue;
            }
            exporters += 1.0;
            // Firms live in consecutive years, so the year before is the row before.
            if i > 0 && exports(in_year(row.year - 1)) {
                continue;
            }
            entrants += 1.0;
            let next = in_year(row.year + 1);
            if row.year + 1 < sample.panel.years && (next.is_some() || !alive) {
                at_risk += 1.0;
                survivors += f64::from(u8::from(exports(next)));
            }
        }
    }
    measured([("entry", ratio(entrants, exporters)), ("survival", ratio(survivors, at_risk))])
}

#[cfg(test)]
mod tests {
    use super::super::tests::{example, sell, value};
    use super::*;
    use crate::observe::panel::Population;

    #[test]
    fn entry_and_survival_by_hand() {
        let mut example = example(4, 4);
        // Firm 0 always; firm 1 in year 1 only; firm 2 in years 1 and 2; firm 3 in year 2, then dies.
        for (firm, year) in [(0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (2, 1), (2, 2), (3, 2)] {
            sell(&mut example.0, firm, year, 1, 2000.0);
        }
        example.0.firm_years.retain(|row| (row.firm, row.year) != (3, 3));
        let of = |population, part| value(&STATISTIC, &example, population, part);
        // Years 1 to 3: 3 + 3 + 1 exporters, 2 + 1 + 0 entrants; the entrants of firms 1, 2, 3 survive no, yes, no.
        assert!((of(Population::Customs, "entry") - 3.0 / 7.0).abs() < 1e-12);
        assert!((of(Population::Customs, "survival") - 1.0 / 3.0).abs() < 1e-12);
        let census: Options = [("alive".to_owned(), 1.0)].into();
        let (panel, ground, peers) = (&example.0, &example.1, &example.2);
        let sample = Sample { panel, ground, peers, population: Population::TenPlus };
        assert_eq!(STATISTIC.measure(&sample, &census)[1].1, 0.5, "the dead are not asked");
    }
}
