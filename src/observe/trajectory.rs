//! Reads the label of a firm's trajectory off its history: when, how much and how far it went abroad.
//!
//! No firm of the model has a type. Annual data, the founding year is age 0, every bound is inclusive:
//!
//! ```text
//! t* = first year with FSTS ≥ θ_min,   XR = share of foreign sales outside the home region
//!
//! onset, first match wins
//!   censored             observed age < W (censored-failed if the firm died), or t* − t0 > dormancy with the
//!                        window t* … t* + W open at the last observed year and FSTS < θ so far
//!   censored-unseen      the years before the first observed one could still decide the label
//!   domestic             no t*
//!   born-global          in some year t ≤ t0 + W: FSTS ≥ θ and XR ≥ θ_R
//!   born-regional        in some year t ≤ t0 + W: FSTS ≥ θ
//!   born-again-global    t* − t0 > dormancy, and in some year t ≤ t* + W: FSTS ≥ θ and XR ≥ θ_R
//!   born-again-regional  the same without XR
//!   traditional          the rest
//!
//! continuity of firms that ever exported, first match wins
//!   de-internationaliser no exports in the last `end` years, or last FSTS ≤ (1 − d) · peak FSTS
//!   intermittent         at least `gap` years without exports between two years of exporting
//!   re-increaser         FSTS fell to (1 − d) of the highest so far or below, and later came back to it
//!   continuous           the rest
//! ```
//!
//! | symbol    | in code        | meaning                                        | unit  |
//! |-----------|----------------|------------------------------------------------|-------|
//! | θ         | `theta`        | FSTS that counts as global or regional         | 1     |
//! | W         | `window`       | years allowed to get there                     | years |
//! | θ_min     | `theta_min`    | FSTS that counts as exporting in earnest       | 1     |
//! | θ_R       | `theta_region` | share of foreign sales outside the home region | 1     |
//! | dormancy  | `dormancy`     | years at home that make a later start "again"  | years |
//! | t0        | `founded`      | year of founding                               | year  |
//!
//! Three points the definition leaves open are settled so:
//!
//! - **The last FSTS** is that of the last year of exporting, not of the last observed year; otherwise one year
//!   without exports would always be a fall to nothing and `end` would never matter.
//! - **A firm that died** inside an open window after a late start is `censored-failed` too.
//! - **Unseen years.** A firm founded before `first_observed` may have exported before anyone looked. It is
//!   `born-global` if a seen year proves it (nothing unseen could take that away) and `censored-unseen` otherwise,
//!   because an unseen early year could have made it a born global. A caller who takes the unseen years as years
//!   without exports sets `first_observed` to `founded`. Continuity speaks of the seen years only.
//!
//! Kuivalainen, Saarenketo & Puumalainen (2012), *Eur. Manag. J.* 30(4), 372–385; Knight & Cavusgil (2004),
//! *J. Int. Bus. Stud.* 35(2), 124–141; Bell, McNaughton & Young (2001), *J. Int. Manag.* 7(3), 173–189.

use crate::error::Fault;

crate::params! {
    /// Thresholds that tell the trajectories of firms apart.
    pub struct Thresholds at "trajectory" {
        /// Foreign share of sales (FSTS) that a born global reaches within the window.
        theta: f64 = 0.25 in 0.0 ..= 1.0, "θ", "1", "Knight & Cavusgil 2004; the threshold most studies use";
        /// Years after founding, or after a late start, in which the share has to be reached.
        window: u32 = 3 in 0 ..= 50, "W", "years", "Kuivalainen et al. 2012; the window most studies use";
        /// Foreign share of sales from which a firm counts as exporting in earnest.
        theta_min: f64 = 0.05 in 0.0 ..= 1.0, "θ_min", "1", "assumption, swept 0–0.1";
        /// Share of foreign sales outside the home region that tells global from regional.
        theta_region: f64 = 0.25 in 0.0 ..= 1.0, "θ_R", "1", "Kuivalainen et al. 2012 for the idea, value assumed";
        /// Years without earnest exporting after which a start counts as a second birth.
        dormancy: u32 = 10 in 0 ..= 200, "dormancy", "years", "assumption; the literature agrees on no value";
        /// Years without exports between years of exporting that make a firm intermittent.
        gap: u32 = 1 in 1 ..= 50, "gap", "years", "assumption, swept 1–3";
        /// Years without exports at the end that make a firm a de-internationaliser.
        end: u32 = 2 in 1 ..= 50, "end", "years", "assumption, swept 1–4";
        /// Fall from the peak share of foreign sales that counts as a retreat.
        drop: f64 = 0.5 in 0.01 ..= 1.0, "d", "1", "assumption, swept 0.25–0.75";
        /// Whether scale and scope have to be met in the very first year of exporting.
        at_entry: bool = false, "", "", "switch; the reading of Sui & Baum 2014";
    }
}

impl Thresholds {
    /// What is wrong between settings, each of which is within its own range.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.theta_min > self.theta {
            faults.push(
                Fault::setting(
                    "trajectory.theta_min",
                    format!("theta_min = {} is above theta = {}", self.theta_min, self.theta),
                )
                .expected(format!("at most {}", self.theta))
                .help(
                    "exporting in earnest cannot ask for more than being a born global; lower theta_min or raise theta",
                ),
            );
        }
        if self.window > self.dormancy {
            faults.push(
                Fault::setting(
                    "trajectory.window",
                    format!("window = {} years is longer than dormancy = {} years", self.window, self.dormancy),
                )
                .expected(format!("at most {}", self.dormancy))
                .help("a firm would be born global and born again at once; shorten window or lengthen dormancy"),
            );
        }
        faults
    }
}

/// A definition of the born global in the literature, as far as yearly sales can tell it.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    pub name: &'static str,
    /// What it asks for, in a sentence.
    pub about: &'static str,
    pub source: &'static str,
    theta: f64,
    window: u32,
    theta_region: f64,
    at_entry: bool,
}

impl Definition {
    /// The default thresholds with those of the definition in their place; θ_min is lowered to θ if need be.
    pub fn thresholds(&self) -> Thresholds {
        let usual = Thresholds::default();
        let Self { theta, window, theta_region, at_entry, .. } = *self;
        Thresholds { theta, window, theta_region, at_entry, theta_min: usual.theta_min.min(theta), ..usual }
    }
}

/// Definitions to compare: the share of born globals differs severalfold between them.
pub const DEFINITIONS: [Definition; 7] = [
    Definition {
        name: "scale-and-scope",
        about: "25 % of sales abroad within 3 years, a quarter of it outside the home region (the default)",
        source: "Kuivalainen et al. 2012",
        theta: 0.25,
        window: 3,
        theta_region: 0.25,
        at_entry: false,
    },
    Definition {
        name: "scale",
        about: "25 % of sales abroad within 3 years, wherever",
        source: "Knight & Cavusgil 2004",
        theta: 0.25,
        window: 3,
        theta_region: 0.0,
        at_entry: false,
    },
    Definition {
        name: "first-year-abroad",
        about: "exports within 2 years; in the first such year 25 % of them go outside the home region",
        source: "Sui & Baum 2014",
        theta: 0.0,
        window: 2,
        theta_region: 0.25,
        at_entry: true,
    },
    Definition {
        name: "from-the-start",
        about: "20 % of sales abroad in the founding year (for inaugural capacity)",
        source: "Fan & Phan 2007",
        theta: 0.2,
        window: 0,
        theta_region: 0.0,
        at_entry: false,
    },
    Definition {
        name: "within-two-years",
        about: "any exports within 2 years",
        source: "Rennie 1993",
        theta: 0.0,
        window: 2,
        theta_region: 0.0,
        at_entry: false,
    },
    Definition {
        name: "small-open-economy",
        about: "80 % of sales abroad within 2 years",
        source: "Chetty & Campbell-Hunt 2004",
        theta: 0.8,
        window: 2,
        theta_region: 0.0,
        at_entry: false,
    },
    Definition {
        name: "any-export",
        about: "any exports within 3 years, at least a trace of them outside the home region",
        source: "as counted among new exporters of Canada, 1997–2004",
        theta: 0.0,
        window: 3,
        theta_region: 1e-6,
        at_entry: false,
    },
];

pub use crate::economy::career::YearRecord;

/// The history of a firm, in years since the start of the simulation.
#[derive(Clone, Copy, Debug)]
pub struct Career<'a> {
    /// Year of founding; negative for firms older than the simulation.
    pub founded: i32,
    /// First year whose exports are known.
    pub first_observed: i32,
    /// Last year whose exports are known: the horizon, or the year of death.
    pub last_observed: i32,
    pub died: bool,
    /// Years of exporting, in ascending order, all between the founding and the last observed year.
    pub years: &'a [YearRecord],
}

/// Where a trajectory began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Onset {
    /// Too short a history: the window is still open at the last observed year.
    Censored,
    /// The firm died before its window closed.
    CensoredFailed,
    /// Years before the first observed one could still decide.
    CensoredUnseen,
    /// Never exported in earnest.
    Domestic,
    /// Much, far and early.
    BornGlobal,
    /// Much and early, but near home.
    BornRegional,
    /// Late, and then much and far within the window.
    BornAgainGlobal,
    /// Late, and then much within the window, but near home.
    BornAgainRegional,
    /// Gradual.
    Traditional,
}

impl Onset {
    /// Every label, in the order of tables and legends.
    pub const ALL: [Self; 9] = [
        Self::Censored,
        Self::CensoredFailed,
        Self::CensoredUnseen,
        Self::Domestic,
        Self::BornGlobal,
        Self::BornRegional,
        Self::BornAgainGlobal,
        Self::BornAgainRegional,
        Self::Traditional,
    ];

    /// The label as tables write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Censored => "censored",
            Self::CensoredFailed => "censored-failed",
            Self::CensoredUnseen => "censored-unseen",
            Self::Domestic => "domestic",
            Self::BornGlobal => "born-global",
            Self::BornRegional => "born-regional",
            Self::BornAgainGlobal => "born-again-global",
            Self::BornAgainRegional => "born-again-regional",
            Self::Traditional => "traditional",
        }
    }

    /// Is the history too short, at either end, for a label?
    pub const fn is_censored(self) -> bool {
        matches!(self, Self::Censored | Self::CensoredFailed | Self::CensoredUnseen)
    }
}

/// How a trajectory went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Continuity {
    /// Left foreign markets, or most of its foreign sales.
    DeInternationaliser,
    /// Left and came back.
    Intermittent,
    /// Retreated and recovered without leaving for long.
    ReIncreaser,
    Continuous,
}

impl Continuity {
    /// Every flag, in the order of tables and legends.
    pub const ALL: [Self; 4] = [Self::DeInternationaliser, Self::Intermittent, Self::ReIncreaser, Self::Continuous];

    /// The flag as tables write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::DeInternationaliser => "de-internationaliser",
            Self::Intermittent => "intermittent",
            Self::ReIncreaser => "re-increaser",
            Self::Continuous => "continuous",
        }
    }
}

/// The one-label view of a trajectory: leaving and intermittency replace the onset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    Onset(Onset),
    Continuity(Continuity),
}

impl Label {
    /// The label as tables write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Onset(onset) => onset.word(),
            Self::Continuity(continuity) => continuity.word(),
        }
    }
}

/// What the years of a window reached.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Extent {
    Little,
    Much,
    MuchAndFar,
}

/// Shares are kept in single precision, so they are compared in it: a stated .3 must equal a recorded .3.
fn at_least(share: f32, threshold: f64) -> bool {
    share >= threshold as f32
}

/// The best of the years up to and including `last`.
fn extent(years: &[YearRecord], last: i64, thresholds: &Thresholds) -> Extent {
    years
        .iter()
        .take_while(|record| i64::from(record.year) <= last)
        .filter(|record| at_least(record.fsts, thresholds.theta))
        .map(
            |record| {
                if at_least(record.extra_regional, thresholds.theta_region) { Extent::MuchAndFar } else { Extent::Much }
            },
        )
        .max()
        .unwrap_or(Extent::Little)
}

/// The label of the beginning of a career; every career has exactly one.
pub fn onset(career: &Career, thresholds: &Thresholds) -> Onset {
    debug_assert!(career.years.is_sorted_by(|a, b| a.year < b.year), "years of exporting come in ascending order");
    let founded = i64::from(career.founded);
    let horizon = i64::from(career.last_observed);
    let window = i64::from(thresholds.window);
    let open = if career.died { Onset::CensoredFailed } else { Onset::Censored };
    if horizon - founded < window {
        return open;
    }
    let judged = |years: &[YearRecord], last| {
        let years = if thresholds.at_entry { &years[..years.len().min(1)] } else { years };
        extent(years, last, thresholds)
    };
    let early = judged(career.years, founded + window);
    if early == Extent::MuchAndFar {
        return Onset::BornGlobal;
    }
    if i64::from(career.first_observed) > founded {
        return Onset::CensoredUnseen;
    }
    let Some(start) = career.years.iter().position(|record| at_least(record.fsts, thresholds.theta_min)) else {
        return Onset::Domestic;
    };
    if early == Extent::Much {
        return Onset::BornRegional;
    }
    let started = i64::from(career.years[start].year);
    if started - founded <= i64::from(thresholds.dormancy) {
        return Onset::Traditional;
    }
    match judged(&career.years[start..], started + window) {
        Extent::MuchAndFar => Onset::BornAgainGlobal,
        Extent::Much => Onset::BornAgainRegional,
        Extent::Little if started + window > horizon && !thresholds.at_entry => open,
        Extent::Little => Onset::Traditional,
    }
}

/// How a career went on; `None` for a firm that never exported.
pub fn continuity(career: &Career, thresholds: &Thresholds) -> Option<Continuity> {
    let last = career.years.last()?;
    let kept = 1.0 - thresholds.drop;
    let fallen = |share: f32, peak: f32| share <= (kept * f64::from(peak)) as f32;
    let mut peak = 0.0_f32;
    let mut retreated = false;
    let mut recovered = false;
    let mut longest_gap = 0;
    let mut previous = career.years[0].year;
    for record in career.years {
        let gap = u32::from(record.year - previous).saturating_sub(1);
        longest_gap = longest_gap.max(gap);
        retreated |= gap > 0;
        recovered |= retreated && record.fsts >= peak;
        retreated |= fallen(record.fsts, peak);
        if record.fsts > peak {
            (peak, retreated) = (record.fsts, false);
        }
        previous = record.year;
    }
    let zero_at_the_end = i64::from(career.last_observed) - i64::from(last.year);
    Some(if zero_at_the_end >= i64::from(thresholds.end) || fallen(last.fsts, peak) {
        Continuity::DeInternationaliser
    } else if longest_gap >= thresholds.gap {
        Continuity::Intermittent
    } else if recovered {
        Continuity::ReIncreaser
    } else {
        Continuity::Continuous
    })
}

/// The one-label view: `de-internationaliser` and `intermittent` replace the onset label.
pub fn label(career: &Career, thresholds: &Thresholds) -> Label {
    match continuity(career, thresholds) {
        Some(flag @ (Continuity::DeInternationaliser | Continuity::Intermittent)) => Label::Continuity(flag),
        Some(Continuity::ReIncreaser | Continuity::Continuous) | None => Label::Onset(onset(career, thresholds)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;
    use crate::param::Params;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    /// Years of exporting as (year, FSTS, extra-regional share).
    fn records(years: &[(u16, f32, f32)]) -> Vec<YearRecord> {
        let record =
            |(year, fsts, extra_regional)| YearRecord { year, markets: 1, regions: 1, stage: 0, fsts, extra_regional };
        years.iter().copied().map(record).collect()
    }

    /// A firm seen from founding in year 5 to `last`.
    fn seen(last: i32, years: &[YearRecord]) -> Career<'_> {
        Career { founded: 5, first_observed: 5, last_observed: last, died: false, years }
    }

    fn onset_of(last: i32, years: &[(u16, f32, f32)]) -> Onset {
        onset(&seen(last, &records(years)), &Thresholds::default())
    }

    fn flag_of(last: i32, years: &[(u16, f32)]) -> Continuity {
        let years: Vec<_> = years.iter().map(|(year, fsts)| (*year, *fsts, 0.0)).collect();
        continuity(&seen(last, &records(&years)), &Thresholds::default()).expect("it exported")
    }

    #[test]
    fn a_young_firm_is_censored_whatever_it_did() {
        assert_eq!(onset_of(7, &[(5, 0.9, 0.9)]), Onset::Censored);
        assert_eq!(onset_of(8, &[(5, 0.9, 0.9)]), Onset::BornGlobal, "age 3 is old enough");
        let years = records(&[(5, 0.9, 0.9)]);
        let dead = Career { died: true, ..seen(7, &years) };
        assert_eq!(onset(&dead, &Thresholds::default()), Onset::CensoredFailed);
        assert_eq!(onset(&Career { last_observed: 8, ..dead }, &Thresholds::default()), Onset::BornGlobal);
    }

    #[test]
    fn without_earnest_exports_a_firm_is_domestic() {
        assert_eq!(onset_of(30, &[]), Onset::Domestic);
        assert_eq!(onset_of(30, &[(6, 0.049, 1.0)]), Onset::Domestic);
        assert_eq!(onset_of(30, &[(6, 0.05, 1.0)]), Onset::Traditional, "θ_min is inclusive");
    }

    #[test]
    fn much_far_and_early_is_born_global() {
        assert_eq!(onset_of(30, &[(8, 0.25, 0.25)]), Onset::BornGlobal, "θ, θ_R and W are inclusive");
        assert_eq!(onset_of(30, &[(9, 0.25, 0.25)]), Onset::Traditional, "one year late");
        assert_eq!(onset_of(30, &[(8, 0.2499, 0.9)]), Onset::Traditional, "too little");
        assert_eq!(onset_of(30, &[(8, 0.25, 0.2499)]), Onset::BornRegional, "too near");
        assert_eq!(onset_of(30, &[(6, 0.3, 0.1), (7, 0.2, 0.9)]), Onset::BornRegional, "not in the same year");
        assert_eq!(onset_of(30, &[(6, 0.3, 0.1), (7, 0.3, 0.9)]), Onset::BornGlobal);
    }

    #[test]
    fn much_after_a_late_start_is_born_again() {
        // Founded in 5: year 16 is the first beyond ten years of dormancy; its window closes in 19.
        assert_eq!(onset_of(40, &[(16, 0.05, 0.0), (19, 0.25, 0.25)]), Onset::BornAgainGlobal);
        assert_eq!(onset_of(40, &[(16, 0.05, 0.0), (19, 0.25, 0.24)]), Onset::BornAgainRegional);
        assert_eq!(onset_of(40, &[(16, 0.05, 0.0), (20, 0.25, 0.25)]), Onset::Traditional, "outside the window");
        assert_eq!(onset_of(40, &[(15, 0.25, 0.25)]), Onset::Traditional, "ten years are not more than ten");
        assert_eq!(onset_of(40, &[(7, 0.01, 0.0), (16, 0.3, 0.3)]), Onset::BornAgainGlobal, "crumbs do not wake it");
    }

    #[test]
    fn a_late_start_with_an_open_window_is_censored() {
        let start = (16, 0.05, 0.0);
        assert_eq!(onset_of(18, &[start]), Onset::Censored);
        assert_eq!(onset_of(19, &[start]), Onset::Traditional, "the window has closed");
        assert_eq!(onset_of(18, &[start, (17, 0.25, 0.0)]), Onset::BornAgainRegional, "θ reached already");
        let years = records(&[start]);
        let dead = Career { died: true, ..seen(18, &years) };
        assert_eq!(onset(&dead, &Thresholds::default()), Onset::CensoredFailed);
    }

    #[test]
    fn unseen_early_years_leave_only_what_is_proved() {
        let usual = Thresholds::default();
        let far = records(&[(1, 0.4, 0.4)]);
        let old = Career { founded: -2, first_observed: 0, last_observed: 40, died: false, years: &far };
        assert_eq!(onset(&old, &usual), Onset::BornGlobal, "seen at age 3");
        assert_eq!(onset(&Career { founded: -3, ..old }, &usual), Onset::CensoredUnseen);
        assert_eq!(onset(&Career { years: &[], ..old }, &usual), Onset::CensoredUnseen);
        assert_eq!(onset(&Career { first_observed: -2, years: &[], ..old }, &usual), Onset::Domestic);
        assert_eq!(onset(&Career { last_observed: 0, ..old }, &usual), Onset::Censored, "young comes first");
    }

    #[test]
    fn leaving_or_falling_is_de_internationalisation() {
        assert_eq!(flag_of(12, &[(6, 0.3), (7, 0.3), (8, 0.3), (9, 0.3), (10, 0.3)]), Continuity::DeInternationaliser);
        assert_eq!(flag_of(11, &[(9, 0.3), (10, 0.3)]), Continuity::Continuous, "one year out is not two");
        assert_eq!(flag_of(10, &[(8, 0.3), (9, 0.8), (10, 0.4)]), Continuity::DeInternationaliser, "half is inclusive");
        assert_eq!(flag_of(10, &[(8, 0.3), (9, 0.8), (10, 0.41)]), Continuity::Continuous);
        assert_eq!(
            flag_of(11, &[(8, 0.3), (9, 0.8), (10, 0.41)]),
            Continuity::Continuous,
            "the last year abroad counts"
        );
        assert_eq!(continuity(&seen(30, &[]), &Thresholds::default()), None);
    }

    #[test]
    fn a_gap_is_intermittency_and_a_dip_is_re_increase() {
        assert_eq!(flag_of(10, &[(7, 0.3), (9, 0.3), (10, 0.3)]), Continuity::Intermittent);
        assert_eq!(flag_of(10, &[(8, 0.4), (9, 0.2), (10, 0.4)]), Continuity::ReIncreaser, "both bounds inclusive");
        assert_eq!(flag_of(10, &[(8, 0.4), (9, 0.21), (10, 0.4)]), Continuity::Continuous, "no fall");
        assert_eq!(flag_of(10, &[(8, 0.4), (9, 0.2), (10, 0.39)]), Continuity::Continuous, "not regained");
        let patient = Thresholds { gap: 2, ..Thresholds::default() };
        let years = records(&[(7, 0.3, 0.0), (9, 0.2, 0.0), (10, 0.3, 0.0)]);
        assert_eq!(continuity(&seen(10, &years), &patient), Some(Continuity::ReIncreaser), "a short gap is a dip");
    }

    #[test]
    fn one_label_prefers_leaving_and_intermittency() {
        let usual = Thresholds::default();
        let years = records(&[(6, 0.4, 0.4), (8, 0.4, 0.4), (9, 0.4, 0.4)]);
        assert_eq!(onset(&seen(9, &years), &usual), Onset::BornGlobal);
        assert_eq!(label(&seen(9, &years), &usual).word(), "intermittent");
        assert_eq!(label(&seen(11, &years), &usual).word(), "de-internationaliser");
        assert_eq!(label(&seen(9, &years[1..]), &usual).word(), "born-global");
        assert_eq!(label(&seen(9, &[]), &usual).word(), "domestic");
    }

    #[test]
    fn stated_and_recorded_shares_compare_equal() {
        for percent in 1..=100_u16 {
            let theta = f64::from(percent) / 100.0;
            let thresholds = Thresholds { theta, theta_min: theta, theta_region: theta, ..Thresholds::default() };
            let years = records(&[(5, theta as f32, theta as f32)]);
            assert_eq!(onset(&seen(30, &years), &thresholds), Onset::BornGlobal, "{theta}");
        }
    }

    #[test]
    fn definitions_differ_as_their_papers_do() {
        let label = |name: &str, years: &[(u16, f32, f32)]| {
            let definition = DEFINITIONS.iter().find(|definition| definition.name == name).expect(name);
            onset(&seen(30, &records(years)), &definition.thresholds())
        };
        let near = [(7, 0.3, 0.0)];
        assert_eq!(label("scale-and-scope", &near), Onset::BornRegional);
        assert_eq!(label("scale", &near), Onset::BornGlobal);
        assert_eq!(label("from-the-start", &near), Onset::Traditional);
        assert_eq!(label("small-open-economy", &near), Onset::Traditional);
        assert_eq!(label("within-two-years", &[(7, 0.001, 0.0)]), Onset::BornGlobal);
        assert_eq!(label("within-two-years", &[(8, 0.001, 0.0)]), Onset::Traditional);
        assert_eq!(label("any-export", &[(8, 0.001, 0.01)]), Onset::BornGlobal);
        assert_eq!(label("any-export", &[(8, 0.001, 0.0)]), Onset::BornRegional);
        assert_eq!(label("first-year-abroad", &[(7, 0.01, 0.3)]), Onset::BornGlobal);
        assert_eq!(label("first-year-abroad", &[(6, 0.01, 0.1), (7, 0.5, 0.9)]), Onset::BornRegional);
        assert_eq!(DEFINITIONS[0].thresholds(), Thresholds::default());
        for definition in DEFINITIONS {
            let thresholds = definition.thresholds();
            assert!(thresholds.faults().is_empty(), "{}", definition.name);
            for decl in thresholds.decls() {
                let stated = thresholds.get(decl.name).expect(decl.name);
                assert_eq!(crate::param::within(&stated, decl.range), Ok(()), "{}", definition.name);
            }
        }
    }

    #[test]
    fn thresholds_that_contradict_each_other_are_all_named() {
        let wrong = Thresholds { theta: 0.02, window: 11, ..Thresholds::default() };
        let places: Vec<_> = wrong.faults().into_iter().map(|fault| fault.place).collect();
        let setting = |path: &str| Place::Setting(path.into());
        assert_eq!(places, [setting("trajectory.theta_min"), setting("trajectory.window")]);
        assert!(Thresholds::default().faults().is_empty());
    }

    #[test]
    fn words_are_unique() {
        let mut words: Vec<_> = Onset::ALL.iter().map(|onset| onset.word()).collect();
        words.extend(Continuity::ALL.iter().map(|flag| flag.word()));
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }

    /// The definition word for word, on every year of the career, zeros included.
    fn onset_by_the_book(career: &Career, o: &Thresholds) -> Onset {
        let (t0, end) = (career.founded, career.last_observed);
        let at = |t: i32| career.years.iter().find(|record| i32::from(record.year) == t);
        let fsts = |t: i32| at(t).map_or(0.0, |record| record.fsts);
        let much = |t: i32| at(t).is_some() && fsts(t) >= o.theta as f32;
        let far = |t: i32| much(t) && at(t).unwrap().extra_regional >= o.theta_region as f32;
        let (window, dormancy) = (o.window as i32, o.dormancy as i32);
        let first = (t0..=end).find(|t| at(*t).is_some() && fsts(*t) >= o.theta_min as f32);
        let late = first.filter(|t| t - t0 > dormancy);
        let censored = if career.died { Onset::CensoredFailed } else { Onset::Censored };
        if end - t0 < window {
            return censored;
        }
        if late.is_some_and(|t| t + window > end) && !(t0..=end).any(much) {
            return censored;
        }
        let Some(first) = first else { return Onset::Domestic };
        if (t0..=t0 + window).any(far) {
            Onset::BornGlobal
        } else if (t0..=t0 + window).any(much) {
            Onset::BornRegional
        } else if late.is_some() && (first..=first + window).any(far) {
            Onset::BornAgainGlobal
        } else if late.is_some() && (first..=first + window).any(much) {
            Onset::BornAgainRegional
        } else {
            Onset::Traditional
        }
    }

    /// The flags word for word; `None` for a firm that never exported.
    fn continuity_by_the_book(career: &Career, o: &Thresholds) -> Option<Continuity> {
        let of = |t: i32| career.years.iter().find(|r| i32::from(r.year) == t).map_or(0.0, |r| r.fsts);
        let (first, last) = (i32::from(career.years.first()?.year), i32::from(career.years.last()?.year));
        let kept = |peak: f32| ((1.0 - o.drop) * f64::from(peak)) as f32;
        let peak = |until: i32| (first..=until).map(of).fold(0.0, f32::max);
        let end = o.end as i32;
        if (career.last_observed - end + 1..=career.last_observed).all(|t| of(t) == 0.0) || of(last) <= kept(peak(last))
        {
            return Some(Continuity::DeInternationaliser);
        }
        let gap = o.gap as i32;
        if (first..=last - gap + 1).any(|t| (t..t + gap).all(|t| of(t) == 0.0)) {
            return Some(Continuity::Intermittent);
        }
        let regained = |low: i32| of(low) <= kept(peak(low - 1)) && (low + 1..=last).any(|t| of(t) >= peak(low - 1));
        Some(if (first + 1..last).any(regained) { Continuity::ReIncreaser } else { Continuity::Continuous })
    }

    /// Careers of up to 31 years with short waits and round shares, so that every bound is met often.
    fn careers() -> impl Strategy<Value = (i32, bool, Vec<YearRecord>)> {
        let year = (prop::bool::weighted(0.4), 1..12_u8, 0..5_u8);
        (0..31_usize, 0..31_usize, any::<bool>(), prop::collection::vec(year, 31)).prop_map(
            |(age, asleep, died, years)| {
                let years =
                    years.into_iter().enumerate().take(age + 1).skip(asleep).filter(|(_, (exports, ..))| *exports);
                let tuples: Vec<_> = years
                    .map(|(t, (_, tenths, quarters))| (t as u16, f32::from(tenths) * 0.05, f32::from(quarters) * 0.25))
                    .collect();
                (age as i32, died, records(&tuples))
            },
        )
    }

    fn thresholds() -> impl Strategy<Value = Thresholds> {
        (1..12_u32, 0..5_u32, 0..5_u32, 0..12_u32, 1..4_u32, 1..4_u32, 1..10_u32, 0..12_u32).prop_map(
            |(theta, window, region, dormancy, gap, end, drop, least)| Thresholds {
                theta: f64::from(theta) * 0.05,
                window: window.min(dormancy),
                theta_min: f64::from(least.min(theta)) * 0.05,
                theta_region: f64::from(region) * 0.25,
                dormancy,
                gap,
                end,
                drop: f64::from(drop) * 0.1,
                at_entry: false,
            },
        )
    }

    fn fixed(cases: u32) -> ProptestConfig {
        ProptestConfig { cases, rng_seed: RngSeed::Fixed(66), failure_persistence: None, ..ProptestConfig::default() }
    }

    fn is_born_global(career: &Career, thresholds: &Thresholds) -> bool {
        onset(career, thresholds) == Onset::BornGlobal
    }

    proptest! {
        #![proptest_config(fixed(4000))]

        #[test]
        fn classifier_follows_the_book((age, died, years) in careers(), thresholds in thresholds()) {
            let career = Career { founded: 0, first_observed: 0, last_observed: age, died, years: &years };
            prop_assert_eq!(onset(&career, &thresholds), onset_by_the_book(&career, &thresholds));
            prop_assert_eq!(continuity(&career, &thresholds), continuity_by_the_book(&career, &thresholds));
        }

        #[test]
        fn born_globals_never_grow_with_the_thresholds(
            (age, died, years) in careers(), a in thresholds(), b in thresholds(), at_entry in any::<bool>()
        ) {
            let career = Career { founded: 0, first_observed: 0, last_observed: age, died, years: &years };
            let a = Thresholds { at_entry, theta_min: 0.0, ..a };
            let scale = Thresholds { theta: a.theta.max(b.theta), ..a.clone() };
            let scope = Thresholds { theta_region: a.theta_region.max(b.theta_region), ..a.clone() };
            prop_assert!(is_born_global(&career, &a) || !is_born_global(&career, &scale));
            prop_assert!(is_born_global(&career, &a) || !is_born_global(&career, &scope));
        }

        #[test]
        fn born_globals_never_shrink_with_the_window(
            (age, died, years) in careers(), a in thresholds(), longer in 0..8_u32
        ) {
            let career = Career { founded: 0, first_observed: 0, last_observed: age, died, years: &years };
            let wide = Thresholds { window: a.window + longer, ..a.clone() };
            prop_assume!(!onset(&career, &wide).is_censored());
            prop_assert!(is_born_global(&career, &wide) || !is_born_global(&career, &a));
        }

        #[test]
        fn unseen_years_only_take_knowledge_away(
            (age, died, years) in careers(), thresholds in thresholds(), unseen in 1..6_i32
        ) {
            let whole = Career { founded: 0, first_observed: 0, last_observed: age, died, years: &years };
            let from = years.partition_point(|record| i32::from(record.year) < unseen);
            let part = Career { first_observed: unseen, years: &years[from..], ..whole };
            let label = onset(&part, &thresholds);
            prop_assert!(label.is_censored() || label == onset(&whole, &thresholds));
        }
    }
}
