//! The null model: orders thrown like balls into bins, each bin a firm and a market.
//!
//! As many orders as the year had, each of the average size, each falling on a firm in proportion to its sales and on
//! a market in proportion to what all homes sell there, independently of everything else. Whatever a null panel shows
//! follows from sizes and chance alone; a fact that it passes is weak evidence for a theory.
//!
//! Armenter & Koren (2014), *Am. Econ. Rev.* 104(7), 2127–2151.

use super::panel::{Flow, Ground, Panel};
use crate::draw::{Address, Purpose, Seed};

/// Keeps these draws apart from other samples of the same rows.
const OURS: u64 = 1 << 40;

/// The panel with its flows replaced by random shipments; firms, sizes and home sales stay.
pub fn balls_and_bins(panel: &Panel, ground: &Ground, seed: Seed) -> Panel {
    let mut null = panel.clone();
    null.flows = (0..panel.years).flat_map(|year| Year::of(panel, ground, year).throw(seed)).collect();
    null.flows.sort_unstable_by_key(|flow| (flow.firm, flow.market, flow.year));
    recount(&mut null);
    null
}

/// What a year's shipments are drawn from.
struct Year<'a> {
    ground: &'a Ground,
    year: u16,
    orders: u64,
    /// US$ of one shipment.
    value: f32,
    /// Firms with the running sum of their sales, and the home of each.
    firms: Vec<(u32, f64, u8)>,
    /// Running sums of market shares, by home: a firm's own market is left out.
    markets: Vec<Vec<f64>>,
}

impl<'a> Year<'a> {
    fn of(panel: &Panel, ground: &'a Ground, year: u16) -> Self {
        let mut sum = 0.0;
        let mut exports = 0.0;
        let rows = panel.firm_years.iter().filter(|row| row.year == year);
        let firms = rows
            .map(|row| {
                sum += f64::from(row.home_sales) + f64::from(row.exports);
                exports += f64::from(row.exports);
                (row.firm, sum, panel.firm(row.firm).home)
            })
            .collect();
        let mut sold = vec![0.0; ground.gdp.len()];
        for flow in panel.flows.iter().filter(|flow| flow.year == year) {
            sold[usize::from(flow.market)] += f64::from(flow.sales);
        }
        let running = |own: u8| {
            let mut sum = 0.0;
            let add = |(market, sold): (usize, &f64)| {
                sum += if market == usize::from(own) { 0.0 } else { *sold };
                sum
            };
            sold.iter().enumerate().map(add).collect()
        };
        let orders = panel.turnover.get(usize::from(year)).map_or(0, |turnover| turnover.orders);
        let value = if orders == 0 { 0.0 } else { (exports / orders as f64) as f32 };
        let markets = ground.homes.iter().map(|home| running(home.market)).collect();
        Self { ground, year, orders, value, firms, markets }
    }

    /// Throws the year's shipments; gives back the flows that are reported.
    fn throw(&self, seed: Seed) -> Vec<Flow> {
        let total = self.firms.last().map_or(0.0, |last| last.1);
        if total <= 0.0 || self.value <= 0.0 {
            return Vec::new();
        }
        let mut hit: Vec<(u32, u8)> = Vec::with_capacity(self.orders as usize);
        for ball in 0..self.orders {
            let address = Address::row(ball as u32, Purpose::Sample).which(OURS | u64::from(self.year));
            let block = seed.block(address);
            let target = f64::from(block.uniform(0)) * total;
            let bin = self.firms.partition_point(|firm| firm.1 <= target).min(self.firms.len() - 1);
            let (firm, _, home) = self.firms[bin];
            let sums = &self.markets[usize::from(home)];
            let all = sums.last().copied().unwrap_or(0.0);
            if all > 0.0 {
                let target = f64::from(block.uniform(1)) * all;
                hit.push((firm, sums.partition_point(|sum| *sum <= target).min(sums.len() - 1) as u8));
            }
        }
        hit.sort_unstable();
        hit.chunk_by(|a, b| a == b)
            .map(|balls| Flow {
                firm: balls[0].0,
                market: balls[0].1,
                year: self.year,
                sales: balls.len() as f32 * self.value,
            })
            .filter(|flow| flow.sales >= self.ground.threshold)
            .collect()
    }
}

/// Makes what follows from flows agree with them.
fn recount(panel: &mut Panel) {
    for row in &mut panel.firm_years {
        (row.exports, row.markets) = (0.0, 0);
    }
    for firm in &mut panel.firms {
        firm.first_export = None;
    }
    let Panel { flows, firm_years, firms, first_year, .. } = panel;
    for flow in flows {
        let year = *first_year + i32::from(flow.year);
        let first = &mut firms[flow.firm as usize].first_export;
        *first = Some(first.map_or(year, |first| first.min(year)));
        if let Ok(at) = firm_years.binary_search_by_key(&(flow.firm, flow.year), |row| (row.firm, row.year)) {
            firm_years[at].exports += flow.sales;
            firm_years[at].markets += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::statistic::tests::example;

    #[test]
    fn as_many_balls_in_bins_of_the_same_sizes() {
        let (mut panel, ground, _) = example(2000, 1);
        for row in &mut panel.firm_years {
            (row.home_sales, row.exports) = (if row.firm < 1000 { 30_000.0 } else { 10_000.0 }, 0.0);
        }
        panel.firm_years[0].exports = 20_000_000.0;
        let flow = |market, sales| Flow { firm: 0, market, year: 0, sales };
        panel.flows = vec![flow(1, 15_000_000.0), flow(2, 5_000_000.0)];
        panel.firm_years[0].home_sales = 0.0;
        panel.firm_years[0].exports = 20_000_000.0;
        panel.turnover[0].orders = 10_000;
        let null = balls_and_bins(&panel, &ground, Seed::new(3, 0));
        let sales = |pick: &dyn Fn(&Flow) -> bool| -> f64 {
            null.flows.iter().filter(|flow| pick(flow)).map(|flow| f64::from(flow.sales)).sum()
        };
        assert!((sales(&|_| true) / 20_000_000.0 - 1.0).abs() < 1e-6, "every shipment lands");
        // Shares of one third (of sales) and of three quarters (of markets), within four standard errors.
        let near =
            |share: f64, expected: f64| (share - expected).abs() < 4.0 * (expected * (1.0 - expected) / 1e4).sqrt();
        let firm_zero = sales(&|flow| flow.firm == 0) / 20_000_000.0;
        assert!(near(firm_zero, 20.0 / 59.97), "{firm_zero}");
        assert!(near(sales(&|flow| flow.market == 1) / 20_000_000.0, 0.75));
        assert_eq!(sales(&|flow| flow.market == 0), 0.0, "nothing is shipped home");
        let counted: u32 = null.firm_years.iter().map(|row| u32::from(row.markets)).sum();
        assert_eq!(counted as usize, null.flows.len());
        assert_eq!(null, balls_and_bins(&panel, &ground, Seed::new(3, 0)));
    }
}
