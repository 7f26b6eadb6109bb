//! The statistics that published facts are stated in, each a function over a panel.
//!
//! A statistic measures one or several numbers, each with a name of its own, its *part*; a fact says which parts it is
//! about. To add a statistic, write a file with its function and tests, and one entry in [`STATISTICS`].
//!
//! Rules that all keep: a firm exports to a market in a year if it sells at least the reporting threshold there; an
//! entrant did not export (there) in the year before; the first year of a panel has no entrants; years are calendar
//! years, so that a first year is partial. A number that cannot be measured is NaN.

mod born_global;
mod concentration;
mod demography;
mod diffusion;
mod early_export;
mod entrant_size;
mod export_intensity;
mod export_share;
mod gravity;
mod market_count;
mod market_exit;
mod market_size;
mod market_value;
mod peer_entry;
mod sns_export;
mod starters;
mod tenure;
mod turnover;

use super::panel::Sample;
use std::collections::BTreeMap;

/// Options of a statistic, as a fact states them.
pub type Options = BTreeMap<String, f64>;

/// Numbers by part.
pub type Measured = Vec<(String, f64)>;

/// A statistic that facts can name.
#[derive(Clone, Copy, Debug)]
pub struct Statistic {
    pub name: &'static str,
    /// What it measures and how, in a sentence.
    pub about: &'static str,
    /// Its parts; `YEAR` stands for any calendar year.
    pub parts: &'static [&'static str],
    /// Its options with their defaults and meanings.
    pub options: &'static [(&'static str, f64, &'static str)],
    /// Why it cannot be measured yet, if so.
    pub lacking: Option<&'static str>,
    /// Does it look at exports? If not, a null model of exports has nothing to say.
    pub of_exports: bool,
    measure: fn(&Sample, &Options) -> Measured,
}

impl Statistic {
    /// The statistic of a name.
    pub fn of(name: &str) -> Option<&'static Self> {
        STATISTICS.iter().find(|statistic| statistic.name == name)
    }

    /// Is it measured on pairs of runs, one of them with a measure or a shock?
    pub fn is_paired(&self) -> bool {
        PAIRED.iter().any(|paired| paired.name == self.name)
    }

    /// Has it a part of that name?
    pub fn has(&self, part: &str) -> bool {
        self.parts.iter().any(|known| *known == part || *known == "YEAR" && part.parse::<u16>().is_ok())
    }

    /// Measures all parts; options not given have their defaults.
    pub fn measure(&self, sample: &Sample, options: &Options) -> Measured {
        let mut all: Options = self.options.iter().map(|(name, default, _)| ((*name).to_owned(), *default)).collect();
        all.extend(options.iter().map(|(name, value)| (name.clone(), *value)));
        (self.measure)(sample, &all)
    }
}

/// Every statistic.
pub const STATISTICS: &[Statistic] = &[
    export_share::STATISTIC,
    concentration::STATISTIC,
    market_count::STATISTIC,
    turnover::STATISTIC,
    market_exit::STATISTIC,
    tenure::STATISTIC,
    entrant_size::STATISTIC,
    gravity::STATISTIC,
    market_size::STATISTIC,
    export_intensity::STATISTIC,
    demography::STATISTIC,
    demography::SIZE_TAIL,
    early_export::STATISTIC,
    diffusion::STATISTIC,
    peer_entry::STATISTIC,
    starters::STATISTIC,
    born_global::STATISTIC,
    market_value::STATISTIC,
    sns_export::STATISTIC,
    POLICY_DOSE,
    AGREEMENT,
    CREDIT,
];

/// The effects of support measures: measured on pairs of runs, not on a panel (see `experiment::dose`).
pub const POLICY_DOSE: Statistic = Statistic {
    name: "policy_dose",
    about: "effect of a support measure on the firms that get it, by the design of the source",
    parts: &["export_probability", "fsts", "matched_exports", "true_exports"],
    options: &[],
    lacking: None,
    of_exports: false,
    measure: |_, _| Vec::new(),
};

/// What a trade agreement does: measured on pairs of runs (see `experiment::trial`).
pub const AGREEMENT: Statistic = Statistic {
    name: "agreement",
    about: "log change of the exports of SMEs to partners of a new trade agreement against the same run without it: in \
            the tenth year after that in which it comes into force, the second over the tenth, and the tenth to near \
            and to far partners",
    parts: &["year 10", "year 2 over year 10", "near", "far"],
    options: &[],
    lacking: None,
    of_exports: false,
    measure: |_, _| Vec::new(),
};

/// What less credit does: measured on pairs of runs (see `experiment::trial`).
pub const CREDIT: Statistic = Statistic {
    name: "credit",
    about: "relative change with a tenth less working capital against the same run without it, in the year in which it \
            happens: firm-markets entered, firm-markets continued, and sales of those that both runs continue (mean \
            of logs)",
    parts: &["entered", "continued", "sales"],
    options: &[],
    lacking: None,
    of_exports: false,
    measure: |_, _| Vec::new(),
};

/// The statistics that are measured on pairs of runs.
pub const PAIRED: [Statistic; 3] = [POLICY_DOSE, AGREEMENT, CREDIT];

/// Names parts that are known when the program is written.
fn measured<const N: usize>(parts: [(&str, f64); N]) -> Measured {
    parts.into_iter().map(|(part, value)| (part.to_owned(), value)).collect()
}

/// A ratio, NaN where the denominator is 0.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { f64::NAN } else { part / whole }
}

/// The mean, NaN of nothing.
fn mean(values: &[f64]) -> f64 {
    ratio(values.iter().sum(), values.len() as f64)
}

/// The median, NaN of nothing; the mean of the middle two of an even number.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    match (sorted.len(), sorted.len() / 2) {
        (0, _) => f64::NAN,
        (n, middle) if n % 2 == 0 => (sorted[middle - 1] + sorted[middle]) / 2.0,
        (_, middle) => sorted[middle],
    }
}

/// Small panels whose answers are known.
#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::network::PeerGraph;
    use crate::observe::panel::{Enterprise, FirmYear, Flow, Ground, Origin, Pair, Panel, Population, Turnover};

    /// Firms of one home (market 0) over some years from 2000, without exports; 20 employees each, five markets.
    pub fn example(firms: u32, years: u16) -> (Panel, Ground, PeerGraph) {
        let firm = |slot| Enterprise {
            slot,
            generation: 0,
            home: 0,
            founded: 1990,
            ended: 2000 + i32::from(years) - 1,
            died: false,
            first_export: None,
        };
        let row = |firm, year| FirmYear {
            firm,
            year,
            markets: 0,
            on_sns: false,
            employees: 20.0,
            home_sales: 1_000_000.0,
            exports: 0.0,
        };
        let panel = Panel {
            first_year: 2000,
            years,
            firms: (0..firms).map(firm).collect(),
            firm_years: (0..firms).flat_map(|firm| (0..years).map(move |year| row(firm, year))).collect(),
            flows: Vec::new(),
            turnover: vec![Turnover::default(); usize::from(years)],
        };
        let origin = Origin {
            market: 0,
            pairs: vec![Pair::default(); 5],
            friction: vec![0.0; 5],
            beyond: vec![false, false, false, true, true],
        };
        let ground = Ground { homes: vec![origin], gdp: vec![1.0; 5], threshold: 1000.0 };
        (panel, ground, PeerGraph::from_ties(firms as usize, []))
    }

    /// Adds sales of a firm in a market in a year.
    pub fn sell(panel: &mut Panel, firm: u32, year: u16, market: u8, sales: f32) {
        let at = panel.flows.partition_point(|flow| (flow.firm, flow.market, flow.year) < (firm, market, year));
        panel.flows.insert(at, Flow { firm, market, year, sales });
        let calendar = panel.calendar(year);
        let first = &mut panel.firms[firm as usize].first_export;
        *first = Some(first.map_or(calendar, |first| first.min(calendar)));
        let row = panel.firm_years.iter_mut().find(|row| (row.firm, row.year) == (firm, year)).expect("it lives");
        row.exports += sales;
        row.markets += 1;
    }

    /// What a statistic measures on a panel, by part.
    pub fn value(
        statistic: &Statistic,
        (panel, ground, peers): &(Panel, Ground, PeerGraph),
        population: Population,
        part: &str,
    ) -> f64 {
        let sample = Sample { panel, ground, peers, population };
        let measured = statistic.measure(&sample, &Options::new());
        for (name, _) in &measured {
            assert!(statistic.has(name), "{} declares no part {name}", statistic.name);
        }
        measured.iter().find(|(name, _)| name == part).map(|(_, value)| *value).expect("the part is measured")
    }

    #[test]
    fn names_are_unique_and_nothing_is_measured_on_an_empty_panel() {
        let empty = example(0, 0);
        for (i, statistic) in STATISTICS.iter().enumerate() {
            assert!(STATISTICS[..i].iter().all(|other| other.name != statistic.name), "{}", statistic.name);
            let sample = Sample { panel: &empty.0, ground: &empty.1, peers: &empty.2, population: Population::All };
            for (part, value) in statistic.measure(&sample, &Options::new()) {
                assert!(value.is_nan(), "{} {part} is {value} on nothing", statistic.name);
            }
        }
    }

    #[test]
    fn medians_by_hand() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, f64::NAN, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(&[]).is_nan());
    }
}
