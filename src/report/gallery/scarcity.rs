//! How much of the order of entry is that near markets run out.

use crate::draw::{Address, Purpose, Seed};
use crate::economy::accounts::RANKS;
use crate::number;
use crate::observe::depletion;
use crate::report::figure::entry_order::Order;
use rayon::prelude::*;

/// The distance ranks, 1 the nearest, of the `k`th entries; `row` counts them by rank.
pub(super) fn order(k: u32, row: &[u32]) -> Option<Order> {
    let n: u64 = row.iter().map(|count| u64::from(*count)).sum();
    if n == 0 {
        return None;
    }
    let quantile = |share: f64| {
        let mut left = share * n as f64;
        let rank = row.iter().position(|count| {
            left -= f64::from(*count);
            left <= 0.0
        });
        rank.unwrap_or(row.len() - 1) as f64 + 1.0
    };
    let mean =
        row.iter().enumerate().map(|(rank, count)| f64::from(*count) * (rank as f64 + 1.0)).sum::<f64>() / n as f64;
    let quartiles = [quantile(0.25), quantile(0.5), quantile(0.75)];
    Some(Order { k, n, mean, quartiles, depleted: f64::NAN, margin: f64::NAN })
}

/// Fills in where the means of orders would lie if markets were drawn without replacement by the weights of first
/// entries, and gives back by how much later entries lie beyond, averaged over them, with its 95 % interval. Entries
/// count as independent; what chance leaves open in the weights is told by drawing first entries again.
pub(super) fn deplete(table: &[&[u32]], points: &mut [Order]) -> (f64, f64, f64) {
    const AGAIN: u32 = 60;
    const Z: f64 = 1.959_964;
    let first: Vec<f64> = table[0].iter().map(|n| f64::from(*n)).collect();
    let means = |weights: &[f64]| depletion::mean_places(&depletion::orders(weights, RANKS));
    let expected = means(&first);
    let redrawn = |sample: u32| {
        let seed = Seed::new(0, sample);
        let draw = |(rank, n): (usize, &f64)| {
            let u = seed.block(Address::row(rank as u32, Purpose::Sample)).uniform(0);
            (n + n.sqrt() * f64::from(number::normal(u))).max(0.0)
        };
        means(&first.iter().enumerate().map(draw).collect::<Vec<f64>>())
    };
    let samples: Vec<Vec<f64>> = (0..AGAIN).into_par_iter().map(redrawn).collect();
    let spread = |of: &dyn Fn(&[f64]) -> f64| {
        let values: Vec<f64> = samples.iter().map(|sample| of(sample)).filter(|value| value.is_finite()).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() as f64 - 1.0)
    };
    // The variance of the mean rank among the entries of one order.
    let own = |point: &Order| {
        let row = table[point.k as usize - 1].iter().enumerate();
        let squares = row.map(|(r, n)| f64::from(*n) * (r as f64 + 1.0 - point.mean) * (r as f64 + 1.0 - point.mean));
        squares.sum::<f64>() / (point.n as f64 * (point.n as f64 - 1.0).max(1.0))
    };
    for point in points.iter_mut() {
        let k = point.k as usize - 1;
        point.depleted = expected[k];
        // The first order is the weights themselves.
        point.margin = if k == 0 { 0.0 } else { Z * (own(point) + spread(&|sample| sample[k])).sqrt() };
    }
    let later: Vec<&Order> = points.iter().filter(|point| point.k > 1 && point.depleted.is_finite()).collect();
    let all: f64 = later.iter().map(|point| point.n as f64).sum();
    let over =
        |value: &dyn Fn(&Order) -> f64| later.iter().map(|point| point.n as f64 / all * value(point)).sum::<f64>();
    let beyond = over(&|point| point.mean - point.depleted);
    let chance = later.iter().map(|point| (point.n as f64 / all) * (point.n as f64 / all) * own(point)).sum::<f64>();
    let half = Z * (chance + spread(&|sample| over(&|point| sample[point.k as usize - 1]))).sqrt();
    (beyond, beyond - half, beyond + half)
}

/// Spearman's ρ of a contingency table of order (rows) and distance (columns), with mean ranks for ties; NaN if either
/// does not vary.
pub(super) fn table_spearman(table: &[Vec<f64>]) -> f64 {
    let rows: Vec<f64> = table.iter().map(|row| row.iter().sum()).collect();
    let width = table.first().map_or(0, Vec::len);
    let columns: Vec<f64> = (0..width).map(|c| table.iter().map(|row| row[c]).sum()).collect();
    let ranks = |counts: &[f64]| {
        let mut below = 0.0;
        counts
            .iter()
            .map(|n| {
                let rank = below + (n + 1.0) / 2.0;
                below += n;
                rank
            })
            .collect::<Vec<f64>>()
    };
    let total: f64 = rows.iter().sum();
    let mean = (total + 1.0) / 2.0;
    let (x, y) = (ranks(&rows), ranks(&columns));
    let spread = |ranks: &[f64], counts: &[f64]| -> f64 {
        ranks.iter().zip(counts).map(|(rank, n)| n * (rank - mean) * (rank - mean)).sum()
    };
    let mut joint = 0.0;
    for (row, x) in table.iter().zip(&x) {
        for (n, y) in row.iter().zip(&y) {
            joint += n * (x - mean) * (y - mean);
        }
    }
    joint / (spread(&x, &rows) * spread(&y, &columns)).sqrt()
}
