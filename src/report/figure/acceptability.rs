//! Acceptability: how probable it is that an arm is the best buy, by what an additional exporter is worth.

use super::Picture;
use super::axis::{Axis, Lines};
use super::data::Data;
use super::sheet::{Frame, Sheet};
use super::style::{Cue, Unit, baseline, count, cue, percent, percents};

pub const STEM: &str = "acceptability";
pub const ABOUT: &str = "Which arm is the best buy, by what an additional exporter is worth";

/// An arm that never reaches this is only named.
const SEEN: f64 = 0.02;

/// An arm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arm {
    pub label: String,
    /// Probability of the largest net benefit, by price.
    pub shares: Vec<f64>,
}

/// Arms over prices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// What an additional exporter is worth to whoever pays, US$.
    pub prices: Vec<f64>,
    pub arms: Vec<Arm>,
    /// The finding.
    pub title: String,
}

/// A line with its look.
struct Line {
    label: String,
    shares: Vec<f64>,
    look: Cue,
}

impl Input {
    fn nothing(&self) -> Vec<f64> {
        let at = |i: usize| {
            let taken = self.arms.iter().filter_map(|arm| arm.shares.get(i)).filter(|share| share.is_finite());
            let rest = 1.0 - taken.sum::<f64>();
            // Sums of shares of samples are not exact to the last bit.
            if rest < 1e-9 { 0.0 } else { rest }
        };
        (0..self.prices.len()).map(at).collect()
    }

    fn seen(arm: &Arm) -> bool {
        arm.shares.iter().any(|share| *share >= SEEN)
    }

    /// Doing nothing first, then the arms that are ever a serious choice.
    fn lines(&self) -> Vec<Line> {
        let nothing = Line { label: "doing nothing".to_owned(), shares: self.nothing(), look: baseline() };
        let arms = self.arms.iter().enumerate().filter(|(_, arm)| Self::seen(arm));
        let line = |(number, arm): (usize, &Arm)| Line {
            label: arm.label.clone(),
            shares: arm.shares.clone(),
            look: cue(number),
        };
        std::iter::once(nothing).chain(arms.map(line)).collect()
    }

    /// The line that is the most probable choice at the last price, its share there, and the price from which it stays so.
    pub fn likeliest(&self) -> Option<(String, f64, f64)> {
        let lines = self.lines();
        let best = |i: usize| {
            let share = |line: &Line| line.shares.get(i).copied().unwrap_or(0.0);
            (0..lines.len()).max_by(|a, b| share(&lines[*a]).total_cmp(&share(&lines[*b])).then(b.cmp(a)))
        };
        let last = best(self.prices.len().checked_sub(1)?)?;
        let from = (0..self.prices.len()).rev().take_while(|i| best(*i) == Some(last)).last()?;
        let price = match from.checked_sub(1) {
            // Where its line crosses that of the choice before.
            Some(before) => {
                let rival = best(before)?;
                let lead = |i: usize| lines[last].shares[i] - lines[rival].shares[i];
                let way = lead(before) / (lead(before) - lead(from));
                self.prices[before] + way.clamp(0.0, 1.0) * (self.prices[from] - self.prices[before])
            }
            None => self.prices[from],
        };
        Some((lines[last].label.clone(), lines[last].shares.last().copied().unwrap_or(0.0), price))
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
        (self.prices.len() < 2 || self.arms.is_empty()).then(|| "no costs in this comparison".to_owned())
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn subtitle(&self) -> String {
        let never: Vec<&str> = self.arms.iter().filter(|arm| !Self::seen(arm)).map(|arm| arm.label.as_str()).collect();
        let never = match never[..] {
            [] => String::new(),
            [one] => format!("; never above 2%: {one}"),
            _ => format!("; {} arms never come above 2%", never.len()),
        };
        format!(
            "Probability of the largest net benefit (exporters × worth − cost) among all arms and doing nothing, over bootstrap \
             samples of pairs{never}"
        )
    }

    fn alt(&self) -> String {
        let say = |line: &Line| {
            let ends = percents([line.shares.first(), line.shares.last()].map(|share| share.copied().unwrap_or(0.0)));
            format!("{} from {} to {}", line.label, ends[0], ends[1])
        };
        let parts: Vec<String> = self.lines().iter().map(say).collect();
        let [from, to] = [self.prices.first(), self.prices.last()].map(|price| count(price.map_or(0.0, |p| *p) as u64));
        format!(
            "Probability of being the best buy as the worth of an additional exporter goes from {from} to {to} US$: {}.",
            parts.join("; ")
        )
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["choice", "worth_of_an_exporter_usd", "probability_of_best_buy"]);
        for line in self.lines() {
            for (price, share) in self.prices.iter().zip(&line.shares) {
                data.row(&[&line.label, price, share]);
            }
        }
        data
    }

    fn plot(&self, sheet: &mut Sheet, room: Frame) {
        let lines = self.lines();
        let end = |line: &Line| line.shares.last().copied().unwrap_or(0.0);
        let labels = lines.iter().map(|line| format!("{} {}", line.label, percent(end(line)))).collect();
        let prices = self.prices.iter().copied();
        let x = Axis::linear("worth of an additional exporter (US$)", Unit::Count, prices, true).bare();
        let y = Axis::exact("probability of being the best buy (%)", Unit::Share, 0.0, 1.0);
        let mut drawn = Lines::new(sheet, room, labels, 230.0, x, y);
        for line in &lines {
            let points: Vec<_> = self.prices.iter().zip(&line.shares).map(|(x, y)| drawn.panel.at(*x, *y)).collect();
            for at in &points {
                sheet.marker(*at, line.look.marker, 3.0, line.look.colour);
            }
            drawn.line(sheet, points, line.look);
        }
        drawn.finish(sheet);
    }
}
