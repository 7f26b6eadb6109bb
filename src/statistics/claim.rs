//! What may be said of an estimate: a claim knows whose number it is, of what, how sure it is, and what it was picked from.
//!
//! The words *clear*, *most*, *raises* and *lowers* are spoken here and nowhere else. An effect is clear when its 95 %
//! interval leaves 0 out and its p value, corrected by Holm (1979) for everything it was picked from, is below .05. One
//! of many is *most* when its difference from every other one is clear too, over all pairs of them; otherwise those from
//! which it cannot be told apart are named beside it.

use super::words::{capital, listed, percent, percents, probability, several, signed, with_interval};
use super::{Estimate, holm, interval, of_values};

/// The level at which a corrected p value is clear.
pub const LEVEL: f64 = 0.05;

/// What numbers are of, in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quantity {
    /// Within a sentence: "exporters in 2022".
    pub name: String,
    /// "firms"; "1" or nothing for a pure number.
    pub unit: String,
}

impl Quantity {
    /// A quantity of this name and unit.
    pub fn new(name: impl Into<String>, unit: impl Into<String>) -> Self {
        Self { name: name.into(), unit: unit.into() }
    }
}

/// An estimate of what a subject does to a quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    subject: String,
    quantity: Quantity,
    estimate: Estimate,
    corrected: f64,
    family: usize,
    /// What the estimate is a mean over: one, many.
    over: (&'static str, &'static str),
}

/// What estimates are means over unless it is said otherwise.
const PAIRS: (&str, &str) = ("pair", "pairs");

impl Claim {
    /// Claims that are picked from together: their p values are corrected for being so many.
    pub fn family(all: impl IntoIterator<Item = (String, Quantity, Estimate)>) -> Vec<Self> {
        let all: Vec<_> = all.into_iter().collect();
        let p: Vec<f64> = all.iter().map(|(_, _, estimate)| estimate.p).collect();
        let family = p.iter().filter(|p| !p.is_nan()).count();
        let corrected = holm(&p);
        let claim = |((subject, quantity, estimate), corrected)| Self {
            subject,
            quantity,
            estimate,
            corrected,
            family,
            over: PAIRS,
        };
        all.into_iter().zip(corrected).map(claim).collect()
    }

    /// A claim whose p value was corrected already, over `family` of them.
    pub fn corrected(subject: &str, quantity: Quantity, estimate: Estimate, corrected: f64, family: usize) -> Self {
        Self { subject: subject.to_owned(), quantity, estimate, corrected, family, over: PAIRS }
    }

    /// The same of an estimate that is no mean over pairs of runs: what it is a mean over, one and many of them.
    pub fn over(self, one: &'static str, many: &'static str) -> Self {
        Self { over: (one, many), ..self }
    }

    /// Whose number it is.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What it is a number of.
    pub fn quantity(&self) -> &Quantity {
        &self.quantity
    }

    /// The number with its interval.
    pub fn estimate(&self) -> &Estimate {
        &self.estimate
    }

    /// The p value of no effect, corrected for everything it was picked from.
    pub fn p(&self) -> f64 {
        self.corrected
    }

    /// Is the effect clear of 0, whatever it was picked from?
    pub fn is_clear(&self) -> bool {
        self.estimate.leaves_zero_out() && self.corrected < LEVEL
    }

    /// Is it clear, and more than 0?
    pub fn raises(&self) -> bool {
        self.is_clear() && self.estimate.mean > 0.0
    }

    /// Is it clear, and less than 0?
    pub fn lowers(&self) -> bool {
        self.is_clear() && self.estimate.mean < 0.0
    }

    /// Is there no difference at all, in any pair?
    pub fn is_nothing(&self) -> bool {
        let Estimate { mean, low, high, .. } = self.estimate;
        [mean, low, high] == [0.0; 3]
    }

    /// Difference with its unit, without the uncertainty: "+15.2 firms".
    pub fn figure(&self) -> String {
        let (mean, _) = with_interval(self.estimate.mean, self.estimate.low, self.estimate.high);
        match self.quantity.unit.as_str() {
            "" | "1" => mean,
            unit => format!("{mean} {unit}"),
        }
    }

    /// How sure it is: "95 % interval +10.1 to +20.3 over 30 pairs; Holm's p < 0.001 over 45 comparisons".
    pub fn sure(&self) -> String {
        let (_, interval) = with_interval(self.estimate.mean, self.estimate.low, self.estimate.high);
        let p = probability(self.corrected);
        let p = if p.starts_with('<') { p } else { format!("= {p}") };
        let pairs = several(u64::from(self.estimate.n), self.over.0, self.over.1);
        match self.family {
            0 | 1 => format!("95 % interval {interval} over {pairs}; p {p}"),
            family => format!("95 % interval {interval} over {pairs}; Holm's p {p} over {family} comparisons"),
        }
    }

    /// The claim as a sentence; `more` follows the figure, "" for nothing.
    pub fn sentence(&self, more: &str) -> String {
        let Self { subject, quantity, .. } = self;
        let told = format!("{}{more} ({})", self.figure(), self.sure());
        if !self.estimate.mean.is_finite() {
            return format!("{}: nothing is known of {}.", capital(subject), quantity.name);
        }
        if self.is_nothing() {
            let pairs = several(u64::from(self.estimate.n), self.over.0, self.over.1);
            return format!("{} makes no difference to {}, in none of {pairs}.", capital(subject), quantity.name);
        }
        let verb = match (self.raises(), self.lowers()) {
            (true, _) => "clearly raises",
            (_, true) => "clearly lowers",
            _ => "does not clearly change",
        };
        format!("{} {verb} {}: {told}.", capital(subject), quantity.name)
    }
}

/// The largest clear claim in either direction, if one is clear: the first in a sentence that says how many there are.
pub fn largest(claims: &[Claim]) -> Option<&Claim> {
    let clear = claims.iter().filter(|claim| claim.is_clear());
    clear.max_by(|a, b| a.estimate.mean.abs().total_cmp(&b.estimate.mean.abs()))
}

/// Subjects that compete on one quantity, with the values of every pair of runs.
#[derive(Clone, Debug)]
pub struct Contest {
    claims: Vec<Claim>,
    /// By two of the claims: whether the first is clearly more than the second.
    more: Vec<Vec<bool>>,
}

impl Contest {
    /// Claims of one quantity; `samples` holds the values of each, by pair of runs.
    pub fn new(claims: Vec<Claim>, samples: &[Vec<f64>]) -> Self {
        assert_eq!(claims.len(), samples.len(), "every claim has its values");
        let n = claims.len();
        let pairs: Vec<(usize, usize)> = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b))).collect();
        let contrast = |(a, b): &(usize, usize)| {
            let differences: Vec<f64> = samples[*a].iter().zip(&samples[*b]).map(|(a, b)| a - b).collect();
            interval(&differences)
        };
        let contrasts: Vec<(f64, f64, f64)> = pairs.iter().map(contrast).collect();
        let corrected = holm(&contrasts.iter().map(|contrast| contrast.2).collect::<Vec<_>>());
        let mut more = vec![vec![false; n]; n];
        for (((a, b), (mean, half, _)), p) in pairs.into_iter().zip(contrasts).zip(corrected) {
            more[a][b] = p < LEVEL && mean > half;
            more[b][a] = p < LEVEL && -mean > half;
        }
        Self { claims, more }
    }

    /// The claims, in their order.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// Whose clear effect is the greatest upwards, or downwards; and from whom it cannot be told apart.
    pub fn first(&self, upwards: bool) -> Option<(usize, Vec<usize>)> {
        let in_play = |at: &usize| {
            let claim = &self.claims[*at];
            if upwards { claim.raises() } else { claim.lowers() }
        };
        let size = |at: usize| self.claims[at].estimate.mean.abs();
        let order = |a: &usize, b: &usize| size(*a).total_cmp(&size(*b)).then(b.cmp(a));
        let first = (0..self.claims.len()).filter(in_play).max_by(order)?;
        let told = |other: usize| if upwards { self.more[first][other] } else { self.more[other][first] };
        let ties = (0..self.claims.len()).filter(|other| *other != first && !told(*other)).collect();
        Some((first, ties))
    }

    /// Who is first, if anybody is, and who cannot be told apart from that; `more` says what follows a figure.
    pub fn sentence(&self, more: &dyn Fn(usize) -> String) -> String {
        let Some(any) = self.claims.first() else { return String::new() };
        let name = &any.quantity.name;
        if self.claims.len() == 1 {
            return any.sentence(&more(0));
        }
        if let Some((at, ties)) = self.first(true) {
            return self.of_first(at, &ties, "raises", "more", &more(at));
        }
        if let Some((at, ties)) = self.first(false) {
            return format!("No arm clearly raises {name}. {}", self.of_first(at, &ties, "lowers", "less", &more(at)));
        }
        let known = (0..self.claims.len()).filter(|at| self.claims[*at].estimate.mean.is_finite());
        let size = |at: usize| self.claims[at].estimate.mean.abs();
        let Some(at) = known.max_by(|a, b| size(*a).total_cmp(&size(*b)).then(b.cmp(a))) else {
            return format!("Nothing is known of {name}.");
        };
        let claim = &self.claims[at];
        if claim.is_nothing() {
            return format!("No arm makes any difference to {name}.");
        }
        format!(
            "No arm clearly changes {name}: the estimate farthest from 0, {}{} for {}, may be chance ({}).",
            claim.figure(),
            more(at),
            claim.subject,
            claim.sure()
        )
    }

    fn of_first(&self, at: usize, ties: &[usize], verb: &str, than: &str, more: &str) -> String {
        let claim = &self.claims[at];
        let (subject, name) = (&claim.subject, &claim.quantity.name);
        let told = format!("{}{more} ({})", claim.figure(), claim.sure());
        if ties.is_empty() {
            return format!("{} {verb} {name} most, clearly {than} than any other arm: {told}.", capital(subject));
        }
        let others: Vec<String> = ties.iter().map(|tie| self.claims[*tie].subject.clone()).collect();
        let start = capital(subject);
        format!("{start} clearly {verb} {name}: {told}. {start} cannot be told apart from {}.", listed(&others))
    }

    /// The same in the few words of a figure's title.
    pub fn title(&self) -> String {
        let Some(any) = self.claims.first() else { return String::new() };
        let name = &any.quantity.name;
        let told = |at: usize, verb: &str| {
            let claim = &self.claims[at];
            let unit = claim.quantity.unit.as_str();
            let unit = if matches!(unit, "" | "1") { String::new() } else { format!(" {unit}") };
            format!("{} {verb}: {}{unit}", capital(&claim.subject), with_range(&claim.estimate))
        };
        for (upwards, verb) in [(true, "raises"), (false, "lowers")] {
            let Some((at, ties)) = self.first(upwards) else { continue };
            return match ties.len() {
                0 if self.claims.len() > 1 => told(at, &format!("{verb} {name} most")),
                0 => told(at, &format!("clearly {verb} {name}")),
                1 => format!(
                    "{}, not told apart from {}",
                    told(at, &format!("clearly {verb} {name}")),
                    self.claims[ties[0]].subject
                ),
                n => format!("{}, not told apart from {n} others", told(at, &format!("clearly {verb} {name}"))),
            };
        }
        if self.claims.len() == 1 {
            format!("{} does not clearly change {name}", capital(&any.subject))
        } else {
            format!("No arm clearly changes {name}")
        }
    }
}

/// A mean in words where nothing is claimed: "+3.2 (+1.1 to +5.3)".
pub fn with_range(estimate: &Estimate) -> String {
    if !estimate.low.is_finite() {
        return signed(estimate.mean);
    }
    let (mean, interval) = with_interval(estimate.mean, estimate.low, estimate.high);
    format!("{mean} ({interval})")
}

/// A share in the words of a title: "33% (32% to 34%)", with the 95 % t interval of its mean over runs; over one run, or
/// where all agree, the share alone.
pub fn share_over_runs(pooled: f64, runs: &[f64]) -> String {
    let Estimate { mean, low, high, .. } = of_values(runs);
    if !(low.is_finite() && high.is_finite()) {
        return percent(pooled);
    }
    share_with_range(mean, low.max(0.0), high.min(1.0))
}

/// A share and its interval in the words of a title.
pub fn share_with_range(share: f64, low: f64, high: f64) -> String {
    if low == high || !(low.is_finite() && high.is_finite()) {
        return percent(share);
    }
    let [share, low, high] = percents([share, low, high]);
    format!("{share} ({low} to {high})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Seed;
    use crate::statistics::{Bootstrap, estimate};

    fn contest(samples: &[&[f64]]) -> Contest {
        let names = ["Alpha", "Beta", "Gamma"];
        let of = |values: &&[f64]| estimate(values, &Bootstrap::new(Seed::new(1, 0), values.len()));
        let quantity = || Quantity::new("exporters", "firms");
        let all = samples.iter().zip(names).map(|(values, name)| (name.to_owned(), quantity(), of(values)));
        Contest::new(Claim::family(all), &samples.iter().map(|values| values.to_vec()).collect::<Vec<_>>())
    }

    fn says(samples: &[&[f64]]) -> String {
        contest(samples).sentence(&|_| String::new())
    }

    #[test]
    fn most_is_said_only_of_one_that_is_clearly_apart_from_all_others() {
        let (low, high) = ([1.0, 1.2, 0.9, 1.1, 1.0, 0.8], [9.0, 9.5, 8.8, 9.1, 9.3, 8.9]);
        let said = says(&[&low, &high]);
        assert!(
            said.starts_with("Beta raises exporters most, clearly more than any other arm: +9.1 firms ("),
            "{said}"
        );
        assert!(said.contains("over 2 comparisons"), "{said}");
        let near = [8.0, 10.5, 8.0, 10.0, 8.3, 9.9];
        let said = says(&[&low, &high, &near]);
        assert!(said.starts_with("Gamma clearly raises") || said.starts_with("Beta clearly raises"), "{said}");
        assert!(said.contains("cannot be told apart from"), "{said}");
    }

    #[test]
    fn an_interval_across_nothing_is_never_clear() {
        let noise = [1.0, -1.0, 2.0, -1.5, 0.5, 0.2];
        assert!(says(&[&noise]).starts_with("Alpha does not clearly change exporters: "), "{}", says(&[&noise]));
        assert!(says(&[&noise, &noise]).starts_with("No arm clearly changes exporters: "));
        assert_eq!(says(&[&[0.0; 4]]), "Alpha makes no difference to exporters, in none of 4 pairs.");
        assert_eq!(says(&[&[0.0; 4], &[0.0; 4]]), "No arm makes any difference to exporters.");
        assert!(says(&[&[f64::NAN; 2]]).contains("nothing is known"));
    }

    #[test]
    fn one_of_many_needs_more_than_one_alone() {
        // p = .02 alone; one of ten is none.
        let values = [1.0, 0.2, 1.4, 0.1, 0.9, 0.3];
        let clear = estimate(&values, &Bootstrap::new(Seed::new(1, 0), 6));
        assert!(clear.p < 0.05 && clear.p > 0.005, "{}", clear.p);
        let many = |n: usize| Claim::family((0..n).map(|_| ("A".to_owned(), Quantity::default(), clear)));
        assert!(many(1)[0].is_clear() && !many(10)[0].is_clear());
        assert!(largest(&many(10)).is_none());
        assert!(many(10)[0].sure().ends_with("over 10 comparisons"));
    }

    #[test]
    fn a_share_over_runs_has_an_interval_where_there_are_runs() {
        // s = .01, t(2; .975) = 4.3027: half a width of .0248.
        assert_eq!(share_over_runs(0.5, &[0.19, 0.20, 0.21]), "20% (18% to 22%)");
        assert_eq!(share_over_runs(0.5, &[0.5]), "50%");
        assert_eq!(share_over_runs(0.0, &[0.0, 0.0]), "0%");
        assert_eq!(share_over_runs(0.02, &[0.0, 0.04]), "2.0% (0% to 27.4%)", "no share is negative");
    }

    #[test]
    fn what_lowers_is_said_to_lower() {
        let down = [-9.0, -9.5, -8.8, -9.1, -9.3, -8.9];
        assert!(says(&[&[0.1, -0.1, 0.0, 0.2, -0.1, 0.0], &down]).contains("Beta lowers exporters most"));
    }
}
