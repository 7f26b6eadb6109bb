//! What a comparison says: every sentence comes from claims, and names the arm whose number it tells.

use crate::experiment::compare::outcome::Outcome;
use crate::experiment::compare::{ArmResult, Compared, Enrolled, Money, Study, Whom};
use crate::report::figure::style::{beside, capital, count, listed, plain, rounded, several, signed, signed_beside};
use crate::statistics::claim::{Claim, Contest, Quantity, with_range};
use crate::statistics::{Estimate, Ratio};

/// Words for an arm whose measures reached nobody, where a number would look like a finding.
pub const NOBODY: &str = "reached nobody";

/// What the pairs of runs let one say, arm by arm.
pub struct Findings<'a> {
    study: &'a Study,
    compared: &'a Compared,
    /// The numbers of the arms that are more than measures that reached nobody: only they compete.
    pub played: Vec<usize>,
    /// The primary outcome, and income less cost, of those arms in the last year.
    primary: Contest,
    net: Contest,
}

impl<'a> Findings<'a> {
    /// Works out what can be said.
    pub fn new(study: &'a Study, compared: &'a Compared) -> Self {
        let played: Vec<usize> = (0..compared.arms.len()).filter(|arm| !compared.arms[*arm].reached_nobody).collect();
        let of_played = |all: Vec<Vec<f64>>| played.iter().map(|arm| all[*arm].clone()).collect::<Vec<_>>();
        let outcome = study.outcomes[0];
        let primary = played.iter().map(|arm| claim(study, compared, *arm, outcome)).collect();
        let net = played.iter().map(|arm| {
            let arm = &compared.arms[*arm];
            let quantity = Quantity::new("income less cost", "US$");
            (arm.label.clone(), quantity, arm.money.net)
        });
        Self {
            study,
            compared,
            primary: Contest::new(primary, &of_played(compared.differences(outcome))),
            net: Contest::new(Claim::family(net), &of_played(compared.nets(study))),
            played,
        }
    }

    /// The arm of which figures tell more: the first of the contest, or else the one whose estimate is farthest from 0.
    pub fn leader(&self) -> Option<usize> {
        let size = |at: &usize| self.primary.claims()[*at].estimate().mean.abs();
        let first = self.primary.first(true).or_else(|| self.primary.first(false)).map(|first| first.0);
        let farthest = || (0..self.played.len()).max_by(|a, b| size(a).total_cmp(&size(b)).then(b.cmp(a)));
        first.or_else(farthest).map(|at| self.played[at])
    }

    /// The answer: who changes the primary outcome, what becomes of the money, what else the leading arm lowers, and
    /// which measures reached nobody.
    pub fn answer(&self) -> String {
        let share = |at: usize| {
            let effect = effect(self.study, &self.compared.arms[self.played[at]], self.study.outcomes[0]);
            let share = 100.0 * effect.estimate.mean / effect.baseline;
            if share.is_finite() { format!(", {} % of the baseline", signed(share)) } else { String::new() }
        };
        let mut said = vec![self.primary.sentence(&share)];
        if let Some((at, _)) = self.primary.first(true) {
            let arm = &self.compared.arms[self.played[at]];
            said.extend(self.price(arm));
            said.extend(self.returns(at));
            said.extend(self.richer(at));
            said.extend(self.lowered(self.played[at]));
        }
        said.extend(self.compared.arms.iter().filter_map(nobody));
        if said.iter().all(String::is_empty) {
            return "Nothing was compared.".into();
        }
        said.retain(|sentence| !sentence.is_empty());
        said.join(" ")
    }

    fn price(&self, arm: &ArmResult) -> Option<String> {
        let told = per_exporter(self.study, self.compared, arm);
        let priced = told.starts_with(|first: char| first.is_ascii_digit());
        priced.then(|| format!("With {}, an additional exporter costs {told} US$.", arm.label))
    }

    /// Whether firms earn with their additional exports what the measure costs.
    fn returns(&self, at: usize) -> Option<String> {
        let (arm, claim) = (&self.compared.arms[self.played[at]], &self.net.claims()[at]);
        let ratio = &arm.money.benefit_cost;
        let verdict = match () {
            () if !ratio.told => return None,
            () if claim.raises() && ratio.low > 1.0 => "is clearly more than it costs",
            () if claim.lowers() && ratio.high < 1.0 => "is clearly less than it costs",
            () => "cannot be told from what it costs",
        };
        Some(format!(
            "Within {} years, what firms earn on additional exports through {} {verdict}: {} US$ for each US$ spent.",
            self.study.compare.horizon,
            arm.label,
            per_dollar(ratio)
        ))
    }

    /// Who earns most above the cost, if that is another arm.
    fn richer(&self, leader: usize) -> Option<String> {
        let (first, _) = self.net.first(true)?;
        (first != leader).then(|| self.net.sentence(&|_| String::new()))
    }

    /// What an arm clearly lowers of all further outcomes.
    fn lowered(&self, arm: usize) -> Option<String> {
        let claims: Vec<Claim> =
            self.study.outcomes[1..].iter().map(|outcome| claim(self.study, self.compared, arm, *outcome)).collect();
        let lowered = self.study.outcomes[1..].iter().zip(&claims).filter(|(_, claim)| claim.lowers());
        let told: Vec<String> = lowered
            .map(|(outcome, claim)| {
                format!("{} ({}; {})", outcome.label().to_lowercase(), claim.figure(), claim.sure())
            })
            .collect();
        (!told.is_empty())
            .then(|| format!("{} clearly lowers {}.", capital(&self.compared.arms[arm].label), listed(&told)))
    }

    /// The finding of the figure of effects.
    pub fn title(&self) -> String {
        if self.played.is_empty() { "No measure reached anybody".to_owned() } else { self.primary.title() }
    }

    /// The finding of the figure over time: in how many years an arm's effect is clear, of all years and arms.
    pub fn over_time_title(&self) -> String {
        let (outcome, horizon) = (self.study.outcomes[0], self.study.compare.horizon as usize);
        let arms = || self.played.iter().map(|arm| &self.compared.arms[*arm]);
        let claims = Claim::family(arms().flat_map(|arm| {
            (0..horizon).map(move |year| {
                (arm.label.clone(), Quantity::default(), arm.effect(Whom::All, outcome, year).estimate)
            })
        }));
        let clear =
            |at: usize| claims[at * horizon..(at + 1) * horizon].iter().filter(|claim| claim.is_clear()).count();
        let place = self.leader().and_then(|arm| self.played.iter().position(|played| *played == arm));
        let Some(at) = place.filter(|at| clear(*at) > 0) else {
            return format!("No arm clearly changes {} in any year", outcome.label().to_lowercase());
        };
        let last = &claims[(at + 1) * horizon - 1];
        let end = last_year(self.study);
        // A range across 0 stands beside no word that says it is clear.
        let end = match last.is_clear() {
            true => format!("and {} in {end}", with_range(last.estimate())),
            false => format!("{end} not among them"),
        };
        format!(
            "{}: clear in {} of {}, {end} (Holm over {} comparisons)",
            capital(last.subject()),
            clear(at),
            several(horizon as u64, "year", "years"),
            claims.len()
        )
    }

    /// Where the effect of the leading arm on the number of exporters lies, where it has one.
    pub fn parts(&self) -> Option<String> {
        let arm = self.leader()?;
        if !claim(self.study, self.compared, arm, Outcome::Exporters).is_clear() {
            return None;
        }
        let arm = &self.compared.arms[arm];
        let extra = &arm.additionality;
        let (own, others) = (extra.gained.mean - extra.lost.mean, extra.others.mean);
        let all = arm.money.exporters.mean;
        let [whole, own, others, since] = signed_beside([all, own, others, all - own - others]);
        Some(format!(
            "Of the {whole} exporters of {}, {own} are participants that lived when the arms part, {others} other firms of that time, \
             and {since} firms founded since.",
            arm.label
        ))
    }
}

/// The calendar year of the last effects.
pub fn last_year(study: &Study) -> i32 {
    study.first_year() + study.compare.horizon as i32 - 1
}

fn effect<'a>(study: &Study, arm: &'a ArmResult, outcome: Outcome) -> &'a crate::experiment::compare::Effect {
    arm.effect(Whom::All, outcome, study.compare.horizon as usize - 1)
}

/// What an arm does to an outcome of all firms in the last year, corrected over all arms and reported outcomes; an
/// outcome that is not reported is corrected over the arms.
pub fn claim(study: &Study, compared: &Compared, arm: usize, outcome: Outcome) -> Claim {
    let quantity = Quantity::new(
        format!("{} in {}", outcome.label().to_lowercase(), last_year(study)),
        if outcome.unit() == "1" { "" } else { outcome.unit() },
    );
    let of = |arm: &ArmResult| (arm.label.clone(), quantity.clone(), effect(study, arm, outcome).estimate);
    if !study.outcomes.contains(&outcome) {
        return Claim::family(compared.arms.iter().map(of)).swap_remove(arm);
    }
    let reported =
        || compared.arms.iter().flat_map(|arm| study.outcomes.iter().map(|known| effect(study, arm, *known)));
    let family = reported().filter(|effect| !effect.corrected.is_nan()).count();
    let (label, quantity, estimate) = of(&compared.arms[arm]);
    Claim::corrected(&label, quantity, estimate, effect(study, &compared.arms[arm], outcome).corrected, family)
}

/// The headline table: a row of headings, then one per arm.
pub fn headline(study: &Study, compared: &Compared) -> (String, Vec<Vec<String>>) {
    let outcome = study.outcomes[0];
    let words = [
        "arm",
        outcome.label(),
        "95 % interval",
        "participants",
        "cost, US$",
        "per add. exporter",
        "income per US$",
        "deadweight",
        "spillover",
        "ranks first",
    ];
    let mut rows = vec![words.map(str::to_owned).to_vec()];
    for arm in &compared.arms {
        let extra = &arm.additionality;
        let [mean, interval] = shown(arm, &effect(study, arm, outcome).estimate, 1.0);
        let unless = |text: String| if arm.reached_nobody { "–".to_owned() } else { text };
        rows.push(vec![
            arm.label.clone(),
            mean,
            interval,
            count(extra.treated.mean.round() as u64),
            count(arm.money.cost.mean.round() as u64),
            per_exporter(study, compared, arm),
            unless(per_dollar(&arm.money.benefit_cost)),
            percent(extra.deadweight.mean),
            unless(signed(extra.others.mean)),
            unless(percent(arm.money.ranks.first().copied().unwrap_or(f64::NAN))),
        ]);
    }
    (Findings::new(study, compared).answer(), rows)
}

/// Mean and interval of an estimate of an arm times a factor, as cells.
pub fn shown(arm: &ArmResult, estimate: &Estimate, factor: f64) -> [String; 2] {
    if arm.reached_nobody {
        return [NOBODY.to_owned(), "–".to_owned()];
    }
    cells(estimate, factor)
}

/// Mean and interval of an estimate times a factor, as cells.
pub fn cells(estimate: &Estimate, factor: f64) -> [String; 2] {
    let Estimate { mean, low, high, .. } = estimate;
    let (mean, interval) = crate::statistics::words::with_interval(factor * mean, factor * low, factor * high);
    [mean, interval]
}

/// A cost per additional exporter with its interval, or why there is none.
pub fn per_exporter(study: &Study, compared: &Compared, arm: &ArmResult) -> String {
    let number = compared.arms.iter().position(|known| known.name == arm.name).expect("the arm was compared");
    let claim = claim(study, compared, number, Outcome::Exporters);
    let Money { per_exporter: ratio, cost, .. } = &arm.money;
    match () {
        () if arm.reached_nobody => NOBODY.into(),
        () if claim.lowers() => "fewer exporters".into(),
        () if !claim.raises() || !ratio.told => "effect not clear".into(),
        () if cost.mean <= 0.0 => "costs nothing".into(),
        () => {
            let [value, low, high] = dollars([ratio.value, ratio.low, ratio.high]);
            format!("{value} ({low} to {high})")
        }
    }
}

/// Sums of money that stand beside each other: three digits that matter, all of them where those look the same.
fn dollars<const N: usize>(values: [f64; N]) -> [String; N] {
    let short = values.map(rounded);
    let alike = (0..N).any(|i| (0..i).any(|j| values[i] != values[j] && short[i] == short[j]));
    if alike { beside(values) } else { short }
}

/// Income for each US$ spent, with its interval.
pub fn per_dollar(ratio: &Ratio) -> String {
    if !ratio.told {
        return "–".into();
    }
    let [value, low, high] = beside([ratio.value, ratio.low, ratio.high]);
    format!("{value} ({low} to {high})")
}

/// A share in percent.
pub fn percent(x: f64) -> String {
    if x.is_finite() { format!("{:.0} %", 100.0 * x) } else { "–".into() }
}

/// That measures of an arm reached nobody, and why, as far as their rounds tell.
pub fn nobody(arm: &ArmResult) -> Option<String> {
    let idle: Vec<&Enrolled> = arm.enrolled.iter().filter(|one| one.reached_nobody).collect();
    let why = |one: &&Enrolled| match () {
        () if one.rounds == 0.0 => format!("{} had no round in the years compared", one.measure),
        () if one.barred > 0.0 && one.offered == 0.0 => format!("a ban of travel kept all from {}", one.measure),
        () if one.eligible == 0.0 => format!("no firm was eligible for {}", one.measure),
        () if one.offered == 0.0 => format!("no eligible firm was offered {}", one.measure),
        () => format!("no firm accepted {}", one.measure),
    };
    let why: Vec<String> = idle.iter().map(why).collect();
    match (idle.len(), arm.reached_nobody) {
        (0, _) => None,
        (_, true) => Some(format!("{} {NOBODY}: {}.", capital(&arm.label), listed(&why))),
        _ => Some(format!("{}: {}.", capital(&arm.label), listed(&why))),
    }
}

/// What an arm with a budget spent of it and why more or less, where that is worth a word.
pub fn spending(arm: &ArmResult) -> Option<String> {
    let budget: f64 = arm.enrolled.iter().map(|one| one.budget).sum::<Option<f64>>().filter(|sum| *sum > 0.0)?;
    let sum = |part: fn(&Enrolled) -> f64| arm.enrolled.iter().map(part).sum::<f64>();
    let (spent, shared) = (sum(|one| one.spent), sum(|one| one.shared));
    let label = capital(&arm.label);
    if spent + shared > 1.0001 * budget {
        let [all, limit, paid] = dollars([spent + shared, budget, shared]);
        return Some(format!(
            "{label} costs {all} US$ a run, more than its budget of {limit} US$: {paid} US$ are shares of entry costs, which are paid as \
             they arise, on top of the budget."
        ));
    }
    let left = budget - spent;
    if left <= 0.05 * budget {
        return None;
    }
    let reasons: Vec<String> = [
        (sum(|one| one.queue_ended), "every firm that could take part had an offer"),
        (sum(|one| one.places_ended), "all places were taken"),
        (sum(|one| one.budget_ended), "the rest did not pay for one more participant"),
    ]
    .into_iter()
    .filter(|(rounds, _)| *rounds > 0.0)
    .map(|(rounds, words)| format!("in {} of {} rounds {words}", plain(rounds), plain(sum(|one| one.rounds))))
    .chain(
        Some(sum(|one| one.barred))
            .filter(|barred| *barred > 0.0)
            .map(|barred| format!("a ban of travel kept {} applicants out", plain(barred))),
    )
    .collect();
    let [left, limit] = dollars([left, budget]);
    Some(format!("{label} leaves {left} of its {limit} US$ a run in the budget: {}.", listed(&reasons)))
}
