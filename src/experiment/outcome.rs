//! Outcomes: what one run amounts to, as a few named numbers, all homes together.
//!
//! The measures are those of the summary of a run: exporting in the last observed year, how firms came abroad over the
//! observed years, and the shares of trajectories over all lives. What is undefined (markets per exporter without
//! exporters) is NaN, never a number that could slip into a mean.

use crate::economy::accounts::{Flow, History, Notes, Sum};
use crate::engine::model::Model;
use crate::engine::{Sink, Taken, YearTotals, run};
use crate::error::Error;
use crate::observe::trajectory::{Career, Onset, onset};
use std::sync::atomic::AtomicBool;

/// A named number that a run amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The name: a column of the results.
    pub name: String,
    /// The unit; `1` for pure numbers and shares.
    pub unit: String,
    /// What it is, in a sentence.
    pub meaning: String,
}

impl Measure {
    /// Whether it is a share of one, shown as a percentage.
    pub fn is_share(&self) -> bool {
        self.unit == "1" && (self.name.ends_with("share") || self.meaning.starts_with("Share"))
    }
}

/// Name, unit and meaning of what is measured before the trajectories.
const PLAIN: [(&str, &str, &str); 18] = [
    ("exporter_share", "1", "Share of firms that export in the last year."),
    ("exporters", "firms", "Firms that export in the last year."),
    ("markets_per_exporter", "markets", "Mean number of markets of an exporter in the last year."),
    ("mean_fsts", "1", "Share of foreign in total sales, mean over exporters of the last year."),
    ("export_share", "1", "Share of exports in the sales of all firms in the last year."),
    ("exports_usd", "US$/year", "Exports of the last year."),
    ("one_market_share", "1", "Share of exporters with one market in the last year."),
    ("ten_markets_share", "1", "Share of exporters with ten markets or more in the last year."),
    (
        "extra_regional_share",
        "1",
        "Share of foreign sales outside the home region, mean over exporters of the last year.",
    ),
    ("sns_share", "1", "Share of firms that use social networking sites in the last year."),
    ("online_tie_share", "1", "Share of ties abroad that live online in the last year."),
    ("mean_knowledge", "1", "Mean knowledge of the markets served in the last year."),
    ("distress_share", "1", "Share of firms without slack in the last year."),
    ("employment", "employees", "Employees of all firms in the last year."),
    ("entry_rate", "1/year", "Market entries for each firm and observed year."),
    ("sns_entry_share", "1", "Share of market entries of the observed years that began on social networking sites."),
    ("start_rate", "1/year", "New exporters for each firm and observed year."),
    ("failure_rate", "1/year", "Failures for each firm and observed year."),
];

/// What the word of an onset label is called as a measure.
fn onset_name(onset: Onset) -> String {
    onset.word().replace('-', "_")
}

/// Every measure of a run, in the order of [`measure`].
pub fn measures() -> Vec<Measure> {
    let plain = PLAIN.iter().map(|(name, unit, meaning)| Measure {
        name: (*name).to_owned(),
        unit: (*unit).to_owned(),
        meaning: (*meaning).to_owned(),
    });
    let onsets = Onset::ALL.iter().map(|onset| Measure {
        name: onset_name(*onset),
        unit: "1".to_owned(),
        meaning: format!("Share of all lives in the observed years labelled {}.", onset.word()),
    });
    plain.chain(onsets).collect()
}

/// The history of a finished life.
pub fn career(history: &History) -> Career<'_> {
    Career {
        founded: i32::from(history.firm.born).div_euclid(4),
        first_observed: 0,
        // Year of the last full quarter lived.
        last_observed: i32::from(history.end.saturating_sub(1)) / 4,
        died: history.died,
        years: &history.years,
    }
}

/// Counts lives by onset label.
#[derive(Debug, Default)]
struct Lives([u64; Onset::ALL.len()]);

impl Sink for Lives {
    fn notes(&mut self, model: &Model, _: i32, taken: &mut Taken) -> Result<(), Error> {
        for history in &taken.lives {
            let label = onset(&career(history), &model.thresholds);
            self.0[Onset::ALL.iter().position(|known| *known == label).expect("every label is listed")] += 1;
        }
        Ok(())
    }
}

/// Runs a model and measures it, in the order of [`measures`]; `None` if it was interrupted.
///
/// # Errors
/// The run cannot be made.
pub fn measure(model: &Model, interrupt: &AtomicBool) -> Result<Option<Vec<f64>>, Error> {
    let notes = Notes { events: false, panel: false, firms: false, lives: true };
    let mut lives = Lives::default();
    let outcome = run(model, notes, &mut lives, interrupt)?;
    let units: Vec<f64> = model.homes.iter().map(|home| f64::from(home.unit_usd)).collect();
    Ok((!outcome.interrupted).then(|| amount(&outcome.years, &lives.0, &units)))
}

/// The numbers of observed years, lives by label, and money units of the homes in US$.
pub(crate) fn amount(years: &[YearTotals], lives: &[u64], units: &[f64]) -> Vec<f64> {
    let last = years.iter().map(|year| year.year).max().unwrap_or(0);
    let of_last = || years.iter().filter(|year| year.year == last);
    let sum = |sum: Sum| of_last().map(|year| year.sum(sum)).sum::<f64>();
    let usd = |sum: Sum| of_last().map(|year| year.sum(sum) * units[usize::from(year.home)]).sum::<f64>();
    let flow = |flow: Flow| years.iter().map(|year| year.flow(flow)).sum::<f64>();
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { f64::NAN };
    let ratio = |part: Sum, whole: Sum| share(sum(part), sum(whole));
    let firm_years: f64 = years.iter().map(|year| year.sum(Sum::Firms)).sum();
    let entries = |from: usize| years.iter().map(|year| year.flows[Flow::EntrySearch.plus(from)] as f64).sum::<f64>();
    let all_entries: f64 = (0..8).map(entries).sum();
    let started: f64 = years.iter().map(|year| year.sum(Sum::NewExporters)).sum();
    let mut values = vec![
        ratio(Sum::Exporters, Sum::Firms),
        sum(Sum::Exporters),
        ratio(Sum::Markets, Sum::Exporters),
        ratio(Sum::ForeignShare, Sum::Exporters),
        share(usd(Sum::Exports), usd(Sum::Exports) + usd(Sum::HomeSales)),
        usd(Sum::Exports),
        ratio(Sum::OneMarket, Sum::Exporters),
        ratio(Sum::TenMarkets, Sum::Exporters),
        ratio(Sum::ExtraRegional, Sum::Exporters),
        ratio(Sum::OnSns, Sum::Firms),
        ratio(Sum::TiesOnline, Sum::Ties),
        ratio(Sum::Knowledge, Sum::Served),
        ratio(Sum::Distressed, Sum::Firms),
        sum(Sum::Employment),
        share(all_entries, firm_years),
        share(flow(Flow::EntrySns), all_entries),
        share(started, firm_years),
        share(flow(Flow::Deaths), firm_years),
    ];
    let all: u64 = lives.iter().sum();
    values.extend(lives.iter().map(|count| share(*count as f64, all as f64)));
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economy::accounts::{FLOWS, SUMS};
    use crate::experiment::Plan;
    use crate::scenario::Loaded;
    use std::collections::BTreeSet;

    fn year(home: u8, year: i32, sums: &[(Sum, f64)], flows: &[(Flow, u64)]) -> YearTotals {
        let mut totals = YearTotals { home, year, flows: [0; FLOWS], sums: [0.0; SUMS] };
        sums.iter().for_each(|(sum, value)| totals.sums[*sum as usize] = *value);
        flows.iter().for_each(|(flow, value)| totals.flows[*flow as usize] = *value);
        totals
    }

    fn value(values: &[f64], name: &str) -> f64 {
        values[measures().iter().position(|measure| measure.name == name).expect("a measure")]
    }

    #[test]
    fn two_homes_by_hand() {
        let years = [
            year(0, 2001, &[(Sum::Firms, 60.0)], &[(Flow::EntrySearch, 9)]),
            year(1, 2001, &[(Sum::Firms, 40.0)], &[]),
            year(0, 2002, &[(Sum::Firms, 60.0), (Sum::Exporters, 6.0), (Sum::Markets, 12.0), (Sum::Exports, 2.0)], &[]),
            year(
                1,
                2002,
                &[(Sum::Firms, 40.0), (Sum::Exporters, 4.0), (Sum::Markets, 13.0), (Sum::Exports, 1.0)],
                &[(Flow::EntrySns, 3), (Flow::Deaths, 2)],
            ),
        ];
        let values = amount(&years, &[0, 0, 0, 3, 1, 0, 0, 0, 0], &[100.0, 10.0]);
        assert_eq!(value(&values, "exporter_share"), 0.1);
        assert_eq!(value(&values, "markets_per_exporter"), 2.5);
        assert_eq!(value(&values, "exports_usd"), 210.0);
        assert_eq!(value(&values, "entry_rate"), 12.0 / 200.0);
        assert_eq!(value(&values, "sns_entry_share"), 0.25);
        assert_eq!(value(&values, "failure_rate"), 0.01);
        assert_eq!((value(&values, "domestic"), value(&values, "born_global")), (0.75, 0.25));
        assert!(value(&values, "mean_knowledge").is_nan(), "no market is served");
    }

    #[test]
    fn a_run_has_a_number_for_every_measure_and_names_are_told_apart() {
        let names: BTreeSet<String> = measures().into_iter().map(|measure| measure.name).collect();
        let text = "run.years = 3\nrun.burn_in = 2\npopulation.firms = 300\nworld.largest = 20";
        let plan = Plan::new(&Loaded::read("tiny.toml", text, &[]).unwrap()).unwrap();
        let values = measure(&plan.model(0).unwrap(), &AtomicBool::new(false)).unwrap().expect("not interrupted");
        assert_eq!((values.len(), measures().len()), (names.len(), names.len()));
        let shares: f64 = Onset::ALL.iter().map(|onset| value(&values, &onset_name(*onset))).sum();
        assert!((shares - 1.0).abs() < 1e-12);
        assert!(measure(&plan.model(0).unwrap(), &AtomicBool::new(true)).unwrap().is_none());
    }
}
