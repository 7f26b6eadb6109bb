//! What settings do, on the page of a sweep: effects with their intervals, corrected for being many, in a table and a tornado.

use super::page::{spoken, told, unit};
use crate::experiment::outcome::Measure;
use crate::experiment::sweep::Sweep;
use crate::experiment::sweep::contrast::{Effects, effects};
use crate::experiment::sweep::design::{Axis, Method};
use crate::experiment::sweep::response::{Mean, mean};
use crate::experiment::sweep::result::Outcomes;
use crate::report::figure::style::Unit;
use crate::report::figure::tornado;
use crate::statistics::Estimate;
use crate::statistics::claim::{Claim, Quantity, largest, with_range};
use crate::statistics::words::{probability, with_interval};

/// The effects of all settings on one outcome, as claims of one family.
pub struct Told {
    found: Effects,
    /// A claim for every effect, then for every interaction.
    claims: Vec<Claim>,
}

/// The headings of the table of effects.
pub const HEADS: [&str; 5] = ["setting", "from", "to", "effect (95% interval)", "Holm's p"];

impl Told {
    /// Works them out; nothing where the points are too few for a regression.
    pub fn of(sweep: &Sweep, outcomes: &Outcomes, o: usize, measure: &Measure) -> Option<Self> {
        let found = effects(sweep, outcomes, o)?;
        let axes = &sweep.design.axes;
        let quantity = || match unit(measure) {
            Unit::Share => Quantity::new(spoken(measure), "percentage points"),
            _ => Quantity::new(spoken(measure), measure.unit.clone()),
        };
        let shown = |estimate: &Estimate| if unit(measure) == Unit::Share { times(estimate, 100.0) } else { *estimate };
        let of_effect = found.effects.iter().map(|effect| {
            let subject = format!("“{}” from {} to {}", axes[effect.axis].spoken(), effect.from, effect.to);
            (subject, quantity(), shown(&effect.estimate))
        });
        let of_pair = found.interactions.iter().map(|pair| {
            let subject = format!("“{}” with “{}”", axes[pair.axes.0].spoken(), axes[pair.axes.1].spoken());
            (subject, quantity(), shown(&pair.estimate))
        });
        let claims = Claim::family(of_effect.chain(of_pair));
        let (one, many) = match sweep.design.method {
            Method::Grid | Method::Points => ("replicate", "replicates"),
            _ => ("point", "points"),
        };
        let claims = claims.into_iter().map(|claim| claim.over(one, many)).collect();
        Some(Self { found, claims })
    }

    /// Claims about settings alone, without interactions.
    fn alone(&self) -> &[Claim] {
        &self.claims[..self.found.effects.len()]
    }

    /// The finding in a sentence.
    pub fn sentence(&self) -> String {
        let Some(any) = self.claims.first() else { return "Nothing varies.".to_owned() };
        let many = self.alone().len();
        match largest(self.alone()) {
            Some(claim) if many > 1 => format!("The largest of {many} effects: {}", claim.sentence("")),
            Some(claim) => claim.sentence(""),
            None if any.estimate().low.is_nan() => {
                "One replicate tells no interval, so nothing can be claimed: raise `replicates`.".to_owned()
            }
            None => format!("No setting clearly moves {}, of {many} effects looked at.", any.quantity().name),
        }
    }

    /// The title of the tornado.
    fn title(&self) -> String {
        let Some(any) = self.alone().first() else { return String::new() };
        match largest(self.alone()) {
            Some(claim) => format!(
                "{}: {} {}",
                claim.subject(),
                with_range(claim.estimate()),
                if claim.quantity().unit == "1" { "" } else { &claim.quantity().unit }
            )
            .trim_end()
            .to_owned(),
            None => format!("No setting clearly moves {}", any.quantity().name),
        }
    }

    /// What the effect of an axis is, for the title of its response: the effect from its first to its last value.
    pub fn of_axis(&self, axis: usize) -> Option<String> {
        let at = self.found.effects.iter().rposition(|effect| effect.axis == axis)?;
        let (effect, claim) = (&self.found.effects[at], &self.claims[at]);
        let unit = if claim.quantity().unit == "1" { String::new() } else { format!(" {}", claim.quantity().unit) };
        let range = with_range(claim.estimate());
        Some(format!("{}: {range}{unit} from {} to {}", claim.quantity().name, effect.from, effect.to))
    }

    /// The table of effects, below [`HEADS`].
    pub fn rows(&self, sweep: &Sweep) -> Vec<Vec<String>> {
        let tail = |claim: &Claim| {
            let Estimate { mean, low, high, .. } = *claim.estimate();
            let (mean, interval) = with_interval(mean, low, high);
            let known = claim.estimate().low.is_finite();
            [if known { format!("{mean} ({interval})") } else { mean }, probability(claim.p())]
        };
        let mut claims = self.claims.iter();
        let mut row =
            |cells: [String; 3]| cells.into_iter().chain(tail(claims.next().expect("one for each"))).collect();
        let axes = &sweep.design.axes;
        let effects = self.found.effects.iter();
        let mut rows: Vec<Vec<String>> =
            effects.map(|e| row([axes[e.axis].spoken().to_owned(), e.from.clone(), e.to.clone()])).collect();
        for pair in &self.found.interactions {
            let cells = [pair.axes.0, pair.axes.1].map(|axis| axes[axis].spoken());
            rows.push(row([format!("{} × {}", cells[0], cells[1]), "first levels".into(), "last levels".into()]));
        }
        rows
    }

    /// How the effects were measured, in a sentence.
    pub fn method(&self, sweep: &Sweep) -> String {
        let family = self.claims.len();
        let how = match (sweep.design.method, self.found.explained) {
            (Method::Grid, _) => "Effects are differences between levels within a replicate, whose points share their random numbers, \
                                  averaged over the other settings; × is by how much the effect of one setting changes with the other. \
                                  Intervals are over replicates."
                .to_owned(),
            (Method::Points, Some(share)) => format!(
                "Effects are coefficients of a linear regression on all settings, one for each replicate; intervals are over \
                 replicates. It explains {:.0} % of the variance between points.",
                100.0 * share
            ),
            (_, share) => format!(
                "Effects are coefficients of one linear regression on all settings over the points, each from the lower to the upper end \
                 of its range; it explains {:.0} % of the variance between points.{}",
                100.0 * share.unwrap_or(f64::NAN),
                if share.is_some_and(|share| share < 0.5) { " What it leaves is no straight line: look at the responses." } else { "" }
            ),
        };
        format!("{how} p values are corrected for {family} comparisons (Holm 1979).")
    }

    /// The tornado of a drawn design: what the regression says at both ends of every setting, the others held at their means.
    pub fn tornado(
        &self,
        sweep: &Sweep,
        outcomes: &Outcomes,
        o: usize,
        measure: &Measure,
        responses: &[Vec<Mean>],
    ) -> tornado::Input {
        let whole = mean(sweep, outcomes, o, &(0..outcomes.points).collect::<Vec<_>>()).0;
        let by_levels = sweep.design.method == Method::Grid;
        let (rows, how) = if by_levels {
            (
                of_levels(sweep, responses),
                "least and greatest mean over the levels of each setting; whiskers: 95% interval over replicates",
            )
        } else {
            (
                self.of_regression(sweep, whole),
                "by regression, from the lower to the upper end of each setting, the others held; whiskers: 95% interval",
            )
        };
        tornado::Input {
            stem: format!("tornado_{}", measure.name),
            about: format!("What moves {}", spoken(measure)),
            title: self.title(),
            subtitle: format!("{}: {how}", told(measure)),
            rows,
            measure: told(measure),
            unit: unit(measure),
            mean: whole,
        }
    }

    fn of_regression(&self, sweep: &Sweep, whole: f64) -> Vec<tornado::Row> {
        let row = |effect: &crate::experiment::sweep::contrast::Effect| {
            let Estimate { mean, low, high, .. } = effect.estimate;
            let half = (high - low) / 4.0;
            let end = |level: &String, value: f64| tornado::End {
                level: level.clone(),
                value,
                low: value - half,
                high: value + half,
            };
            let (from, to) = (end(&effect.from, whole - mean / 2.0), end(&effect.to, whole + mean / 2.0));
            let (least, greatest) = if mean < 0.0 { (to, from) } else { (from, to) };
            tornado::Row { label: sweep.design.axes[effect.axis].spoken().to_owned(), least, greatest }
        };
        self.found.effects.iter().map(row).collect()
    }
}

/// The least and the greatest mean over the levels of every setting.
fn of_levels(sweep: &Sweep, responses: &[Vec<Mean>]) -> Vec<tornado::Row> {
    let end =
        |mean: &Mean| tornado::End { level: mean.level.clone(), value: mean.value, low: mean.low, high: mean.high };
    let row = |(axis, means): (&Axis, &Vec<Mean>)| {
        let known = || means.iter().filter(|mean| mean.value.is_finite());
        let by = |a: &&Mean, b: &&Mean| a.value.total_cmp(&b.value);
        let (least, greatest) = (known().min_by(by)?, known().max_by(by)?);
        Some(tornado::Row { label: axis.spoken().to_owned(), least: end(least), greatest: end(greatest) })
    };
    sweep.design.axes.iter().zip(responses).filter_map(row).collect()
}

/// The estimate of `factor` times a number.
fn times(estimate: &Estimate, factor: f64) -> Estimate {
    let Estimate { mean, low, high, boot_low, boot_high, .. } = *estimate;
    let [mean, low, high, boot_low, boot_high] = [mean, low, high, boot_low, boot_high].map(|x| factor * x);
    Estimate { mean, low, high, boot_low, boot_high, ..*estimate }
}
