//! How many foreign markets exporters serve: the share serving at least m, on logarithmic scales.

use super::Picture;
use super::axis::{Axis, Panel};
use super::data::Data;
use super::sheet::{Anchor, Frame, Sheet};
use super::style::{BLUE, INK, Marker, Stroke, Unit, count, fixed, over_runs, percent, several, size};
use crate::number::f64s;
use crate::statistics::claim::share_over_runs;

pub const STEM: &str = "market_count";
pub const ABOUT: &str = "Foreign markets per exporter";

/// Points and exporters below which no line is fitted.
const FEWEST_POINTS: usize = 3;
const FEWEST_EXPORTERS: u64 = 30;

/// Exporters by the number of foreign markets they serve.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// (Markets, firms); firms without a market are left out.
    pub counts: Vec<(u64, u64)>,
    /// Share of exporters with one market in each run that had exporters.
    pub runs: Vec<f64>,
}

/// Shares of values at least as great as each that occurs: the complementary distribution.
///
/// Values of zero count among all but have no place on a logarithmic axis.
pub(super) fn at_least(counts: &[(u64, u64)]) -> Vec<(f64, f64)> {
    let mut sorted: Vec<(u64, u64)> = counts.iter().copied().filter(|(_, firms)| *firms > 0).collect();
    sorted.sort_unstable();
    let all: u64 = sorted.iter().map(|(_, firms)| firms).sum();
    let mut left = all;
    let mut points: Vec<(f64, f64)> = Vec::new();
    for (value, firms) in sorted {
        if value > 0 && points.last().is_none_or(|point| point.0 != value as f64) {
            points.push((value as f64, left as f64 / all as f64));
        }
        left -= firms;
    }
    points
}

/// Intercept and slope of the least-squares line through (ln x, ln y), where each point weighs as many exporters as
/// have exactly its number of markets: the few far out in the tail do not turn the line.
fn fit(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let next = points.iter().skip(1).map(|point| point.1).chain([0.0]);
    let logs: Vec<(f64, f64, f64)> =
        points.iter().zip(next).map(|(&(x, y), next)| (f64s::ln(x), f64s::ln(y), y - next)).collect();
    let all: f64 = logs.iter().map(|log| log.2).sum();
    let mean = |value: &dyn Fn(&(f64, f64, f64)) -> f64| logs.iter().map(|log| log.2 * value(log)).sum::<f64>() / all;
    let (x, y) = (mean(&|log| log.0), mean(&|log| log.1));
    let across = mean(&|log| (log.0 - x) * (log.0 - x));
    let slope = mean(&|log| (log.0 - x) * (log.1 - y)) / across;
    (points.len() >= FEWEST_POINTS && across > 0.0).then_some((y - slope * x, slope))
}

impl Input {
    fn points(&self) -> Vec<(f64, f64)> {
        let positive: Vec<(u64, u64)> = self.counts.iter().copied().filter(|(markets, _)| *markets > 0).collect();
        at_least(&positive)
    }

    fn firms(&self) -> u64 {
        self.counts.iter().filter(|(markets, _)| *markets > 0).map(|(_, firms)| firms).sum()
    }

    /// The line, where there are exporters enough for one.
    fn fitted(&self, points: &[(f64, f64)]) -> Option<(f64, f64)> {
        fit(points).filter(|_| self.firms() >= FEWEST_EXPORTERS)
    }

    fn share_of_one(&self) -> f64 {
        let one: u64 = self.counts.iter().filter(|(markets, _)| *markets == 1).map(|(_, firms)| firms).sum();
        one as f64 / self.firms() as f64
    }
}

impl Picture for Input {
    fn stem(&self) -> &str {
        STEM
    }

    fn about(&self) -> &str {
        ABOUT
    }

    fn lack(&self) -> Option<String> {
        (self.firms() == 0).then(|| "no exporters in this run".to_owned())
    }

    fn title(&self) -> String {
        let most = self.points().last().map_or(0.0, |point| point.0) as u64;
        if self.firms() == 1 {
            return format!("The only exporter serves {}", several(most, "foreign market", "foreign markets"));
        }
        format!(
            "{} of exporters serve one foreign market; the most that any serves is {}",
            share_over_runs(self.share_of_one(), &self.runs),
            count(most)
        )
    }

    fn subtitle(&self) -> String {
        format!(
            "Share of exporters that serve at least m foreign markets (%), both axes logarithmic{}",
            over_runs(self.runs.len())
        )
    }

    fn alt(&self) -> String {
        let points = self.points();
        let last = points[points.len() - 1];
        let slope = self.fitted(&points).map_or_else(String::new, |(_, slope)| {
            format!(" The least-squares slope on the two log scales is {}.", fixed(slope, 2))
        });
        format!(
            "Falling dots: of {}, {} serve one market only, {} serve {} or more.{slope}",
            several(self.firms(), "exporter", "exporters"),
            percent(self.share_of_one()),
            percent(last.1),
            count(last.0 as u64),
        )
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["foreign_markets", "exporters", "share_with_at_least_as_many"]);
        for (markets, share) in self.points() {
            let exporters: u64 = self.counts.iter().filter(|(m, _)| *m as f64 == markets).map(|(_, firms)| firms).sum();
            data.row(&[&markets, &exporters, &share]);
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let points = self.points();
        let panel = Panel::new(
            sheet,
            room.inset(0.0, 0.0, 12.0, 0.0),
            Axis::log("foreign markets, at least", Unit::Count, points.iter().map(|point| point.0)),
            Axis::log("share of exporters (%)", Unit::Share, points.iter().map(|point| point.1).chain([1.0]))
                .until(1.0),
        );
        if let Some((level, slope)) = self.fitted(&points) {
            let height = |x: f64| f64s::exp(level + slope * f64s::ln(x));
            let (first, last) = (points[0].0, points[points.len() - 1].0);
            // The line may begin above 100 % or end below the axis: only the part within the plot is drawn.
            let inside = |place: &(f64, f64)| (panel.plot.top..=panel.plot.bottom).contains(&place.1);
            let steps = (0..=200).map(|i| first * f64s::pow(last / first, f64::from(i) / 200.0));
            sheet.line(steps.map(|x| panel.at(x, height(x))).filter(inside), Stroke::dashed(INK, 1.3));
            let text = format!("slope {} (least squares of logs, weighted by exporters)", fixed(slope, 2));
            let corner = (panel.plot.right - 8.0, panel.plot.top + 20.0);
            sheet.note(&text, corner, size::LABEL, INK, Anchor::End);
        }
        for (x, y) in points {
            sheet.shape(panel.at(x, y), Marker::Disc, 3.6, BLUE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_slope_are_exact_on_a_power_law() {
        // At least 1: 8 of 8; at least 2: 4; at least 4: 2: slope −1.
        let points = at_least(&[(4, 2), (1, 4), (2, 2)]);
        assert_eq!(points, [(1.0, 1.0), (2.0, 0.5), (4.0, 0.25)]);
        assert!((fit(&points).unwrap().1 + 1.0).abs() < 1e-12);
        assert_eq!(at_least(&[(0, 5), (3, 5), (7, 0)]), [(3.0, 0.5)]);
        assert!(fit(&points[..2]).is_none());
    }
}
