//! Rows on young and sudden internationalisers: speed, learning, growth and survival.

use super::seen::{FirmYear, MarketYear, Seen, Who};
use super::statistics::{deviation, mean, regress, slope};
use super::{Check, Expect, Row};
use crate::economy::accounts::{EventKind, History, Sum};
use crate::number::f64s::ln;
use crate::observe::trajectory::Onset;
use crate::observe::venture::Venture;
use std::collections::BTreeMap;

/// Rows of this family.
pub const ROWS: &[Row] = &[
    Row {
        number: 11,
        name: "four-forces-of-speed",
        claim: "Technology enables and competition motivates early internationalization, if the entrepreneur perceives them; knowledge and networks strengthen both.",
        source: "Oviatt & McDougall 2005",
        experiment: "The forces of `mechanism.force` one at a time: technology, competition, both without perception, competition with knowledge and with networks. Lag: mean years to the first export within ten years of founding, from the hazard by age.",
        arms: &[
            &[],
            &["mechanism.force.technology=3"],
            &["mechanism.force.competition=3"],
            &["mechanism.force.technology=3", "mechanism.force.competition=3", "mechanism.force.perception=0"],
            &["mechanism.force.competition=3", "mechanism.force.knowledge=1"],
            &["mechanism.force.competition=3", "mechanism.force.network=1"],
        ],
        checks: &[
            Check::new("lag in years: technology less none", Expect::Negative, |arms| {
                arms[1].lag(10) - arms[0].lag(10)
            }),
            Check::new("lag in years: competition less none", Expect::Negative, |arms| {
                arms[2].lag(10) - arms[0].lag(10)
            }),
            Check::new("firm-years exporting, both forces unperceived: change", Expect::Never, |arms| {
                arms[3].sum(Sum::Exporters) - arms[0].sum(Sum::Exporters)
            }),
            Check::new("proactive firms under competition: with knowledge less without", Expect::Positive, |arms| {
                arms[4].share(Sum::Proactive, Sum::Firms) - arms[2].share(Sum::Proactive, Sum::Firms)
            }),
            Check::new("proactive firms under competition: with networks less without", Expect::Positive, |arms| {
                arms[5].share(Sum::Proactive, Sum::Firms) - arms[2].share(Sum::Proactive, Sum::Firms)
            }),
        ],
        ablation: &["mechanism.force.on=false"],
        note: "The forces are off by default (their weights are 0): the calibrated population does not need them.",
    },
    Row {
        number: 12,
        name: "types-of-new-ventures",
        claim: "New ventures differ in how many activities they run abroad and in how many countries; all four combinations occur.",
        source: "Oviatt & McDougall 1994",
        experiment: "Exporters up to six years old, slack target of 2: sales subsidiary or production in some market or not; five countries or more, or fewer. Share of each cell.",
        arms: &[&["mechanism.slack.target=2"]],
        checks: &[
            Check::new("export start-ups (few activities, few countries)", Expect::Positive, |arms| {
                venture(&arms[0], Venture::ExportStartUp)
            }),
            Check::new("multinational traders (few, many)", Expect::Positive, |arms| {
                venture(&arms[0], Venture::MultinationalTrader)
            }),
            Check::new("geographically focused start-ups (many, few)", Expect::Positive, |arms| {
                venture(&arms[0], Venture::FocusedStartUp)
            }),
            Check::new("global start-ups (many, many)", Expect::Positive, |arms| {
                venture(&arms[0], Venture::GlobalStartUp)
            }),
        ],
        ablation: &["mechanism.stage.on=false"],
        note: "",
    },
    Row {
        number: 13,
        name: "born-globals-emerge",
        claim: "Some firms are global from the start though no firm has a type; where firms differ, some start at once and others late.",
        source: "Knight & Cavusgil 1996, 2004",
        experiment: "Share of born globals among firms of known trajectory. Then founders with three contacts each who seldom search, and deals that are quick: firms that differ much in proactivity and barriers (spreads of 6 and 4), and firms that do not: years from founding to the first export, from hazards by age, on a logarithmic scale: share per log year at 1 and 2, at 4 to 6 and at 10 to 19 years.",
        arms: &[
            &[],
            &[
                "population.proactivity_spread=6",
                "population.barrier_spread=4",
                "mechanism.founder.contacts=3",
                "mechanism.search.rate=1",
                "mechanism.unsolicited.rate=0.1",
                "mechanism.entry.deal=1",
            ],
            &[
                "population.proactivity_spread=0",
                "population.barrier_spread=0",
                "mechanism.founder.contacts=3",
                "mechanism.search.rate=1",
                "mechanism.unsolicited.rate=0.1",
                "mechanism.entry.deal=1",
            ],
        ],
        checks: &[
            Check::new("share of born globals", Expect::Positive, |arms| arms[0].share_labelled(&[Onset::BornGlobal])),
            Check::new("early mode: share per log year at 1–2 less at 4–6", Expect::Positive, |arms| {
                arms[1].starts(1..3) - arms[1].starts(4..7)
            }),
            Check::new("late mode: share per log year at 10–19 less at 4–6", Expect::Positive, |arms| {
                arms[1].starts(10..20) - arms[1].starts(4..7)
            }),
            Check::new("depth of the valley: firms that differ less firms that do not", Expect::Open, |arms| {
                valley(&arms[1]) - valley(&arms[2])
            }),
        ],
        ablation: &["mechanism.founder.on=false"],
        note: "On a plain scale the hazard of starting falls with age and the lags have one mode, at the start. Founders' contacts make the early mode; firms that do not differ but have them show two modes as well, so the valley is not the work of differing traits alone.",
    },
    Row {
        number: 14,
        name: "born-again-globals",
        claim: "A critical incident makes firms internationalize suddenly after years at home.",
        source: "Bell, McNaughton & Young 2001; Bell, McNaughton, Young & Crick 2003",
        experiment: "The same firms in a world with incidents (ι = 0.04) and one without: change of the foreign sales share from the year before an incident to three years after. Share labelled born again in both worlds.",
        arms: &[&["mechanism.incident.rate=0.04"], &["mechanism.incident.on=false"]],
        checks: &[
            Check::new(
                "three-year change of FSTS: after an incident less the same firm without",
                Expect::Positive,
                |arms| awakened(&arms[0], &arms[1]),
            ),
            Check::new("share born again: with incidents less without", Expect::Positive, |arms| {
                let again = [Onset::BornAgainGlobal, Onset::BornAgainRegional];
                arms[0].share_labelled(&again) - arms[1].share_labelled(&again)
            }),
        ],
        ablation: &["mechanism.incident.on=false"],
        note: "",
    },
    Row {
        number: 15,
        name: "learning-advantage-of-newness",
        claim: "Firms that enter young learn faster and grow faster afterwards.",
        source: "Autio, Sapienza & Almeida 2000",
        experiment: "Knowledge gained from year to year in a market, by age at first entry abroad, knowledge and sales held constant. Growth of the number of markets from the first to the fourth full year abroad, by age at the first export, size and markets held constant. Inertia grows by 0.3 a year. Second arm: newness gives no advantage (τ_n = 1000).",
        arms: &[
            &["mechanism.knowledge.newness=8", "mechanism.inertia.growth=0.3"],
            &["mechanism.knowledge.newness=1000", "mechanism.inertia.growth=0.3"],
        ],
        checks: &[
            Check::new("knowledge gained in a year, per year of entry age", Expect::Negative, |arms| {
                learning(&arms[0])
            }),
            Check::new("the same: with the advantage less without", Expect::Negative, |arms| {
                learning(&arms[0]) - learning(&arms[1])
            }),
            Check::new("log growth of markets after entry, per year of entry age", Expect::Negative, |arms| {
                widening(&arms[0])
            }),
        ],
        ablation: &["mechanism.knowledge.newness=1000", "mechanism.inertia.on=false"],
        note: "",
    },
    Row {
        number: 16,
        name: "survival-and-growth",
        claim: "Early internationalization may cost survival and speed growth, less so for the experienced.",
        source: "Sapienza, Autio, George & Zahra 2006",
        experiment: "Default; and with the assumed strain of early entry (`mechanism.strain.early` = 0.3, softened by successes). Firms by age at first export: failure within three years, growth of exports.",
        arms: &[&[], &["mechanism.strain.early=0.3", "mechanism.strain.softening=0"], &["mechanism.strain.early=0.3"]],
        checks: &[
            Check::new(
                "default: failure within three years, age at first export ≤ 2 less older",
                Expect::Open,
                |arms| early_failure(&arms[0]),
            ),
            Check::new("with strain, not softened: the same", Expect::Open, |arms| early_failure(&arms[1])),
            Check::new("with strain, softened by experience: the same", Expect::Open, |arms| early_failure(&arms[2])),
            Check::new("default: log growth of exports, per year of age at first export", Expect::Open, |arms| {
                growth(&arms[0])
            }),
        ],
        ablation: &[],
        note: "Disputed. Newborn firms fail more often whether they export or not (liability of newness), so the first number holds age effects that no export causes; the difference between the first and the second is what the assumption adds.",
    },
    Row {
        number: 17,
        name: "age-speed-and-risk",
        claim: "Firms that go abroad late, slowly and cautiously fail least.",
        source: "Meschi, Ricard & Tapia Moore 2017",
        experiment: "Default; and with the assumed strain of fast and risky expansion (`mechanism.strain.pace` = 0.3). Exporters by age at first export (above 5), markets per year abroad (below the median) and felt distance of the portfolio (below the median): failure in the following year, late-slow-cautious less all others.",
        arms: &[&[], &["mechanism.strain.pace=0.3"]],
        checks: &[
            Check::new("default: failure of late, slow and cautious exporters less others", Expect::Open, |arms| {
                cautious(&arms[0])
            }),
            Check::new("with strain: the same", Expect::Open, |arms| cautious(&arms[1])),
        ],
        ablation: &[],
        note: "Disputed. By default pace and risk touch failure through money only; the strain is a named assumption.",
    },
    Row {
        number: 18,
        name: "speed-and-performance",
        claim: "Breadth of speed may raise performance and commitment speed lower it, both with diminishing effect.",
        source: "Hilmersson & Johanson 2016",
        experiment: "Exporters in their third to sixth year abroad. Log exports two years later over now, on markets per year abroad and its square, and on the share of foreign sales under commitment per year abroad and its square, log exports held constant.",
        arms: &[&[]],
        checks: &[
            Check::new("breadth speed", Expect::Open, |arms| performance(&arms[0])[0]),
            Check::new("its square", Expect::Open, |arms| performance(&arms[0])[1]),
            Check::new("commitment speed", Expect::Open, |arms| performance(&arms[0])[2]),
            Check::new("its square", Expect::Open, |arms| performance(&arms[0])[3]),
        ],
        ablation: &[],
        note: "Disputed. The model has no rule on speed; the signs are what demand, capacity and referrals make of it.",
    },
    Row {
        number: 19,
        name: "depth-diversity-and-speed",
        claim: "Speed may rise and then fall with depth, and fall and then rise with diversity.",
        source: "Casillas & Moreno-Menéndez 2014",
        experiment: "Exporters. Markets gained in two years on the foreign sales share and its square, and on Blau's diversity over markets and its square.",
        arms: &[&[]],
        checks: &[
            Check::new("depth", Expect::Open, |arms| pace(&arms[0])[0]),
            Check::new("its square", Expect::Open, |arms| pace(&arms[0])[1]),
            Check::new("diversity", Expect::Open, |arms| pace(&arms[0])[2]),
            Check::new("its square", Expect::Open, |arms| pace(&arms[0])[3]),
        ],
        ablation: &[],
        note: "Disputed. Nothing in the model speaks of diversity; markets gained revert to the mean, which a regression on levels picks up.",
    },
    Row {
        number: 20,
        name: "lag-and-speed",
        claim: "Firms that start late may expand slower afterwards.",
        source: "Hilmersson, Johanson, Lundberg & Papaioannou 2017",
        experiment: "Markets per year abroad in the fifth year after the first export, by years from founding to it; with inertia (default) and without.",
        arms: &[&[], &["mechanism.inertia.on=false"]],
        checks: &[
            Check::new("default: markets per year, per year of lag", Expect::Open, |arms| late(&arms[0])),
            Check::new("without inertia: the same", Expect::Open, |arms| late(&arms[1])),
        ],
        ablation: &[],
        note: "Disputed. Lag and size go together, and larger firms meet more partners; inertia works the other way.",
    },
    Row {
        number: 22,
        name: "substitutes-for-experience",
        claim: "What founders and partners know stands in for own experience, and matters less as that grows.",
        source: "Bruneel, Yli-Renko & Clarysse 2010; Zhou, Wu & Luo 2007",
        experiment: "Knowledge from partners (k_p of 0.06 against 0): difference of knowledge in the first two years in a market, and from the sixth on. Founders' contacts against none: difference of the share exporting up to age three, and from age ten on.",
        arms: &[
            &["mechanism.knowledge.partners=0.06"],
            &["mechanism.knowledge.partners=0"],
            &[],
            &["mechanism.founder.on=false"],
        ],
        checks: &[
            Check::new("effect of partners on knowledge: early less late", Expect::Positive, |arms| {
                let effect = |years: std::ops::Range<usize>| known(&arms[0], years.clone()) - known(&arms[1], years);
                effect(0..2) - effect(5..40)
            }),
            Check::new("effect of founders on exporting: young less old", Expect::Positive, |arms| {
                let effect =
                    |ages: std::ops::Range<i32>| arms[2].exporting_at(ages.clone()) - arms[3].exporting_at(ages);
                effect(0..4) - effect(10..20)
            }),
        ],
        ablation: &["mechanism.knowledge.partners=0", "mechanism.founder.on=false"],
        note: "",
    },
    Row {
        number: 23,
        name: "gusher",
        claim: "A firm that rushes after demand beyond its capacity may win or lose much: outcomes scatter.",
        source: "Chetty & Campbell-Hunt 2004",
        experiment: "3,000 firms. Firms with more orders than capacity may rush (`mechanism.gusher`), or none does. The same firms in both worlds, from the first year in which orders are beyond capacity: standard deviation of log exports over size three years later.",
        arms: &[
            &["population.firms=3000", "mechanism.gusher.rate=3", "mechanism.gusher.lost_trust=0.9"],
            &["population.firms=3000", "mechanism.gusher.rate=0"],
        ],
        checks: &[Check::new("spread of outcomes: with rushing less without", Expect::Positive, |arms| {
            scatter(&arms[0], &arms[1])
        })],
        ablation: &["mechanism.gusher.rate=0"],
        note: "Rushing is off by default.",
    },
    Row {
        number: 24,
        name: "overload",
        claim: "The more markets a firm enters at once, the less it learns from each.",
        source: "Vermeulen & Barkema 2002",
        experiment: "Knowledge gained in a year in a market, by markets entered that year, knowledge, sales and entry age held constant; overload ξ_o of 0.5 and 0.",
        arms: &[&["mechanism.knowledge.overload=0.5"], &["mechanism.knowledge.overload=0"]],
        checks: &[
            Check::new("knowledge gained, per market entered", Expect::Negative, |arms| overload(&arms[0])),
            Check::new("the same: with overload less without", Expect::Negative, |arms| {
                overload(&arms[0]) - overload(&arms[1])
            }),
        ],
        ablation: &["mechanism.knowledge.overload=0"],
        note: "",
    },
    Row {
        number: 28,
        name: "age-and-failure",
        claim: "Newness and obsolescence both kill, at opposite ends of life.",
        source: "Stinchcombe 1965; Henderson 1999; Sørensen & Stuart 2000",
        experiment: "Newness h_new on and off, obsolescence h_old of 0 and 2. Failures a year before age 5 less those from age 15 on.",
        arms: &[&[], &["mechanism.demography.newness=0"], &["mechanism.demography.obsolescence=2"]],
        checks: &[
            Check::new("young less old: with newness less without", Expect::Positive, |arms| {
                dying(&arms[0]) - dying(&arms[1])
            }),
            Check::new("young less old: with obsolescence less without", Expect::Negative, |arms| {
                dying(&arms[2]) - dying(&arms[0])
            }),
        ],
        ablation: &["mechanism.demography.newness=0", "mechanism.demography.obsolescence=0"],
        note: "",
    },
];

impl Seen {
    /// Chance that a firm that has not exported begins at an age, from 0.
    fn start_hazards(&self) -> Vec<f64> {
        let ages = self.tallies.at_risk[0].len();
        let both =
            |table: &[[u32; crate::economy::accounts::AGES]; 2], age: usize| f64::from(table[0][age] + table[1][age]);
        (0..ages)
            .map(|age| both(&self.tallies.first_exports, age) / both(&self.tallies.at_risk, age).max(1.0))
            .collect()
    }

    /// Mean years to the first export within `window` years of founding, were nobody to die.
    pub fn lag(&self, window: usize) -> f64 {
        let mut waiting = 1.0;
        self.start_hazards()[..window]
            .iter()
            .map(|hazard| {
                waiting *= 1.0 - hazard;
                waiting
            })
            .sum()
    }

    /// Share of first exports per log year at some ages, among firms that begin within 20 years.
    fn starts(&self, ages: std::ops::Range<usize>) -> f64 {
        let mut waiting = 1.0;
        let starts: Vec<f64> = self.start_hazards()[..20]
            .iter()
            .map(|hazard| {
                let starts = waiting * hazard;
                waiting -= starts;
                starts
            })
            .collect();
        let width = ln((ages.end as f64) / (ages.start as f64));
        starts[ages].iter().sum::<f64>() / width / starts.iter().sum::<f64>()
    }

    /// Share of firms of some ages that export.
    fn exporting_at(&self, ages: std::ops::Range<i32>) -> f64 {
        let asked = self.firms.iter().filter(|at| ages.contains(&(at.age(self) as i32)));
        mean(asked.map(|at| f64::from(u8::from(at.row.exports > 0.0))))
    }
}

fn venture(seen: &Seen, kind: Venture) -> f64 {
    let young = seen.firms.iter().filter(|at| at.row.markets > 0 && at.age(seen) <= 6.0);
    mean(young.map(|at| f64::from(u8::from(Venture::of(at.row.stage, at.row.markets) == kind))))
}

/// Firms born under observation with their first year of exporting, as years since founding.
fn starters(seen: &Seen) -> impl Iterator<Item = (&History, f64)> {
    seen.lives.iter().filter(|history| history.firm.born >= seen.model.burn_in as i16).filter_map(|history| {
        let first = history.years.first()?;
        Some((history, f64::from(first.year) - f64::from(history.firm.born.div_euclid(4))))
    })
}

/// How far the middle of the distribution of log lags lies below the mean of its ends.
fn valley(seen: &Seen) -> f64 {
    (seen.starts(1..3) + seen.starts(10..20)) / 2.0 - seen.starts(4..7)
}

/// Change of FSTS over three years around incidents, against the same firms in the other world.
fn awakened(with: &Seen, without: &Seen) -> f64 {
    mean(with.events_of(EventKind::Incident).filter_map(|event| {
        let (who, year) = ((event.slot, event.generation), with.calendar(event.step));
        let change = |seen: &Seen| Some(seen.at(who, year + 3)?.fsts() - seen.at(who, year - 1)?.fsts());
        Some(change(with)? - change(without)?)
    }))
}

/// Pairs of years in a row of a firm in a market with the firm's row of the second year.
fn lessons(seen: &Seen) -> impl Iterator<Item = (&MarketYear, &MarketYear, &FirmYear)> {
    seen.spells().flat_map(|spell| spell.windows(2)).filter(|pair| pair[1].year == pair[0].year + 1).filter_map(
        |pair| Some((&pair[0], &pair[1], seen.at((pair[0].row.slot, pair[0].row.generation), pair[1].year)?)),
    )
}

/// Age in years at the first sale abroad.
fn entry_age(at: &FirmYear) -> f64 {
    f64::from(at.row.firm.first_sale - at.row.firm.born) / 4.0
}

fn learning(seen: &Seen) -> f64 {
    let rows: Vec<(f64, [f64; 3])> = lessons(seen)
        .map(|(now, next, firm)| {
            let knowledge = f64::from(now.row.knowledge);
            (f64::from(next.row.knowledge) - knowledge, [entry_age(firm), knowledge, ln(f64::from(now.row.sales))])
        })
        .collect();
    regress(&rows)[0]
}

/// Log growth of exports from the first to the third full year abroad, per year of age at the first export.
fn growth(seen: &Seen) -> f64 {
    let rows: Vec<(f64, [f64; 3])> = starters(seen)
        .filter_map(|(history, lag)| {
            let (who, first) = ((history.slot, history.firm.generation), seen.calendar(4 * history.years[0].year));
            let (one, three) = (seen.at(who, first + 1)?, seen.at(who, first + 3)?);
            let both = one.row.exports > 0.0 && three.row.exports > 0.0;
            both.then(|| {
                (ln(three.exports() / one.exports()), [lag, ln(one.exports()), ln(f64::from(one.row.firm.size))])
            })
        })
        .collect();
    regress(&rows)[0]
}

/// Log growth of the number of markets from the first to the fourth full year abroad, per year of age at the first.
fn widening(seen: &Seen) -> f64 {
    let rows: Vec<(f64, [f64; 3])> = starters(seen)
        .filter_map(|(history, lag)| {
            let (who, first) = ((history.slot, history.firm.generation), seen.calendar(4 * history.years[0].year));
            let (one, four) = (seen.at(who, first + 1)?, seen.at(who, first + 4)?);
            let markets = |at: &FirmYear| ln(1.0 + f64::from(at.row.markets));
            Some((markets(four) - markets(one), [lag, markets(one), ln(f64::from(one.row.firm.size))]))
        })
        .collect();
    regress(&rows)[0]
}

/// Failure within three years after the first export: firms that began by age two less others.
fn early_failure(seen: &Seen) -> f64 {
    let horizon = i32::from(seen.model.quarters) / 4;
    let rows: Vec<(f64, [f64; 2])> = starters(seen)
        .filter(|(history, _)| i32::from(history.years[0].year) + 4 < horizon)
        .map(|(history, lag)| {
            let failed = history.died && i32::from(history.end) / 4 <= i32::from(history.years[0].year) + 3;
            (f64::from(u8::from(failed)), [f64::from(u8::from(lag <= 2.0)), ln(f64::from(history.firm.size))])
        })
        .collect();
    regress(&rows)[0]
}

/// Years abroad at the end of a year, the first counted as one.
fn years_abroad(seen: &Seen, at: &FirmYear) -> f64 {
    f64::from(at.year - seen.calendar(at.row.firm.first_sale.max(0) as u16) + 1)
}

/// Failure in the following year of late, slow and cautious exporters less that of others.
fn cautious(seen: &Seen) -> f64 {
    let exporters: Vec<&FirmYear> = seen
        .firms
        .iter()
        .filter(|at| at.row.markets > 0 && at.row.firm.first_sale >= 0 && at.year < seen.last())
        .collect();
    let median = |of: &dyn Fn(&FirmYear) -> f64| {
        crate::observe::statistic::median(&exporters.iter().map(|at| of(at)).collect::<Vec<_>>())
    };
    let pace = |at: &FirmYear| f64::from(at.row.markets) / years_abroad(seen, at);
    let risk = |at: &FirmYear| f64::from(at.row.distance);
    let (slow, near) = (median(&pace), median(&risk));
    let rows: Vec<(f64, f64)> = exporters
        .iter()
        .map(|at| {
            let failed = seen.at((at.row.slot, at.row.firm.generation), at.year + 1).is_none();
            let cell = entry_age(at) > 5.0 && pace(at) < slow && risk(at) < near;
            (f64::from(u8::from(failed)), f64::from(u8::from(cell)))
        })
        .collect();
    slope(&rows)
}

fn performance(seen: &Seen) -> [f64; 5] {
    let mut committed: BTreeMap<(Who, i32), f64> = BTreeMap::new();
    for at in seen.panel.iter().filter(|at| at.row.stage > 0) {
        *committed.entry(((at.row.slot, at.row.generation), at.year)).or_default() += f64::from(at.row.sales);
    }
    let rows: Vec<(f64, [f64; 5])> = seen
        .firms
        .iter()
        .filter(|at| at.row.markets > 0 && at.row.firm.first_sale >= 0 && (3.0..=6.0).contains(&years_abroad(seen, at)))
        .filter_map(|at| {
            let who = (at.row.slot, at.row.firm.generation);
            let later = seen.at(who, at.year + 2).filter(|later| later.row.exports > 0.0)?;
            let years = years_abroad(seen, at);
            let breadth = f64::from(at.row.markets) / years;
            let commitment = committed.get(&(who, at.year)).copied().unwrap_or(0.0) / at.exports() / years;
            let growth = ln(later.exports() / at.exports());
            Some((growth, [breadth, breadth * breadth, commitment, commitment * commitment, ln(at.exports())]))
        })
        .collect();
    regress(&rows)
}

fn pace(seen: &Seen) -> [f64; 4] {
    let rows: Vec<(f64, [f64; 4])> = seen
        .firms
        .iter()
        .filter(|at| at.row.markets > 0)
        .filter_map(|at| {
            let later = seen.at((at.row.slot, at.row.firm.generation), at.year + 2)?;
            let gained = f64::from(later.row.markets) - f64::from(at.row.markets);
            let (depth, diversity) = (at.fsts(), 1.0 - f64::from(at.row.herfindahl));
            Some((gained, [depth, depth * depth, diversity, diversity * diversity]))
        })
        .collect();
    regress(&rows)
}

fn late(seen: &Seen) -> f64 {
    let rows: Vec<(f64, f64)> = starters(seen)
        .filter_map(|(history, lag)| {
            let year = seen.calendar(4 * history.years[0].year) + 4;
            Some((f64::from(seen.at((history.slot, history.firm.generation), year)?.row.markets) / 5.0, lag))
        })
        .collect();
    slope(&rows)
}

/// Mean knowledge in years of a firm in a market, counted from its first there.
fn known(seen: &Seen, years: std::ops::Range<usize>) -> f64 {
    let spells = seen.spells().filter(|spell| spell[0].year > seen.first());
    mean(spells.flat_map(|spell| {
        let first = spell[0].year;
        let within = years.clone();
        spell
            .iter()
            .filter(move |at| within.contains(&((at.year - first) as usize)))
            .map(|at| f64::from(at.row.knowledge))
    }))
}

/// Spread of log exports over size three years after orders first exceed capacity, in one world less in the other.
fn scatter(with: &Seen, without: &Seen) -> f64 {
    let (mut rushed, mut plain) = (Vec::new(), Vec::new());
    for (who, years) in without.histories() {
        let strained = years.iter().find(|at| {
            let firm = &at.row.firm;
            at.row.exports > 0.0 && firm.wanted > (firm.capacity - firm.size).max(0.0)
        });
        let Some(year) = strained.map(|at| at.year + 3) else { continue };
        if let (Some(one), Some(other)) = (with.at(who, year), without.at(who, year)) {
            // A firm that no longer exports has lost all but a trace.
            let outcome = |at: &FirmYear| ln(at.exports() / f64::from(at.row.firm.size) + 0.01);
            rushed.push(outcome(one));
            plain.push(outcome(other));
        }
    }
    deviation(&rushed) - deviation(&plain)
}

fn overload(seen: &Seen) -> f64 {
    let rows: Vec<(f64, [f64; 4])> = lessons(seen)
        .map(|(now, next, firm)| {
            let knowledge = f64::from(now.row.knowledge);
            let learnt = f64::from(next.row.knowledge) - knowledge;
            (learnt, [f64::from(firm.row.firm.new_markets), knowledge, ln(f64::from(now.row.sales)), entry_age(firm)])
        })
        .collect();
    regress(&rows)[0]
}

/// Failures a year before age 5 less those from age 15 on.
fn dying(seen: &Seen) -> f64 {
    let rate = |ages: std::ops::Range<f64>| {
        let lived = seen.firms.iter().filter(|at| ages.contains(&at.age(seen))).count() as f64;
        let died = seen.lives.iter().filter(|history| {
            history.died && ages.contains(&(f64::from(i32::from(history.end) - i32::from(history.firm.born)) / 4.0))
        });
        died.count() as f64 / lived
    };
    rate(0.0..5.0) - rate(15.0..1e9)
}
