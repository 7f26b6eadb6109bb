//! What is kept of every replicate, for intervals.

use super::LastYear;
use crate::report::figure;

/// Statistics of each replicate by itself.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// Mean foreign share of exporters' sales, and the share of exporters below 0.2.
    pub(super) fsts: Vec<(f64, f64)>,
    /// Share of exporters with one market.
    pub(super) one_market: Vec<f64>,
    /// By what share the mean perceived distance of markets served differs from the mean felt one.
    pub(super) gaps: Vec<f64>,
    /// Mean ties of a firm, by kind of tie.
    pub(super) degrees: Vec<Vec<f64>>,
}

impl Runs {
    /// Adds the exporters of a replicate's last year, if there are any.
    pub(super) fn note_exporters(&mut self, last_year: &LastYear) {
        let n = last_year.exporters() as f64;
        if n > 0.0 {
            self.fsts.push((last_year.fsts_sum / n, last_year.low as f64 / n));
            self.one_market.push(last_year.markets.get(&1).copied().unwrap_or(0) as f64 / n);
        }
    }

    /// Adds the mean ties of a replicate's firms.
    pub(super) fn note_degrees(&mut self, kinds: &[(String, Vec<(u64, u64)>)]) {
        self.degrees.resize(kinds.len(), Vec::new());
        for (runs, (_, counts)) in self.degrees.iter_mut().zip(kinds) {
            runs.push(figure::degree::mean(counts));
        }
    }
}
