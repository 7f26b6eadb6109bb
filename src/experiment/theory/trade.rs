//! Rows on trade: sunk costs, sequential exporting, premia and shocks.

use super::seen::Seen;
use super::statistics::{mean, slope};
use super::{Check, Expect, Row};
use crate::economy::accounts::{Event, EventKind};
use crate::firm::Exit;
use crate::number::f64s::ln;

/// Rows of this family.
pub const ROWS: &[Row] = &[
    Row {
        number: 10,
        name: "extended-gravity",
        claim: "A firm is likelier to enter markets like those it serves: near them, of their language, of their income.",
        source: "Morales, Sheu & Zahler 2019",
        experiment: "Entry costs six times the default, so that they bind; with discounts for likeness at the upper end of the source (0.38 and 0.36, three quarters in all) and without. Entries after the first: share into markets like one served before, less the share expected from the popularity of markets alone.",
        arms: &[
            &[
                "mechanism.entry.cost=0.24",
                "mechanism.entry.near=0.38",
                "mechanism.entry.language=0.36",
                "mechanism.entry.income=0.4",
            ],
            &[
                "mechanism.entry.cost=0.24",
                "mechanism.entry.near=0",
                "mechanism.entry.language=0",
                "mechanism.entry.income=0",
            ],
        ],
        checks: &[
            Check::new("near a market served, beyond popularity", Expect::Positive, |arms| alike(&arms[0], 1)),
            Check::new("of its language, likewise", Expect::Positive, |arms| alike(&arms[0], 2)),
            Check::new("of its income, likewise", Expect::Positive, |arms| alike(&arms[0], 4)),
            Check::new("mean of the three: with discounts less without", Expect::Positive, |arms| {
                let all = |seen: &Seen| (alike(seen, 1) + alike(seen, 2) + alike(seen, 4)) / 3.0;
                all(&arms[0]) - all(&arms[1])
            }),
        ],
        ablation: &["mechanism.entry.near=0", "mechanism.entry.language=0", "mechanism.entry.income=0"],
        note: "",
    },
    Row {
        number: 33,
        name: "sequential-exporting",
        claim: "First markets are experiments: they are left sooner, survivors grow faster there, and a liberalised market leads to entries into others.",
        source: "Albornoz, Calvo Pardo, Corcos & Ornelas 2012",
        experiment: "3,000 firms. Markets are on trial first (`mechanism.trial`): orders begin small, the less a firm knows of its appeal, and a disappointed firm leaves; entry costs are twice the default, so that it does not come back elsewhere. Entries by whether the market is the firm's first: left within a year; growth of sales from the first to the third full year. Second arm: friction of Germany, France and the Netherlands falls by half a mean friction in 2008.",
        arms: &[
            &[
                "mechanism.trial.start=0.3",
                "mechanism.trial.despair=0",
                "mechanism.trial.lesson=0.5",
                "mechanism.entry.cost=0.08",
                "population.firms=3000",
            ],
            &[
                "mechanism.trial.start=0.3",
                "mechanism.trial.despair=0",
                "mechanism.trial.lesson=0.5",
                "mechanism.entry.cost=0.08",
                "population.firms=3000",
                "shock.open.kind=tariff",
                "shock.open.size=-0.5",
                "shock.open.start=2008",
                "shock.open.years=30",
                "shock.open.markets=[\"DEU\",\"FRA\",\"NLD\"]",
            ],
        ],
        checks: &[
            Check::new("left within a year: first market less later ones", Expect::Positive, |arms| {
                early_exit(&arms[0], true, None) - early_exit(&arms[0], false, None)
            }),
            Check::new("left in disappointment: first market less later ones", Expect::Open, |arms| {
                let why = Some(Exit::Revealed);
                early_exit(&arms[0], true, why) - early_exit(&arms[0], false, why)
            }),
            Check::new("left by the last customer: first market less later ones", Expect::Open, |arms| {
                let why = Some(Exit::Deserted);
                early_exit(&arms[0], true, why) - early_exit(&arms[0], false, why)
            }),
            Check::new("log growth of survivors: first market less later ones", Expect::Positive, |arms| {
                survivor_growth(&arms[0], true) - survivor_growth(&arms[0], false)
            }),
            Check::new(
                "entries into other markets once three are opened, less entries without",
                Expect::Positive,
                |arms| {
                    let others = |seen: &Seen| {
                        let open: Vec<u8> =
                            ["DEU", "FRA", "NLD"].iter().filter_map(|code| seen.model.world.index(code)).collect();
                        seen.events_of(EventKind::Entry)
                            .filter(|event| seen.calendar(event.step) >= 2008 && !open.contains(&event.market))
                            .count() as f64
                    };
                    others(&arms[1]) - others(&arms[0])
                },
            ),
        ],
        ablation: &["mechanism.trial.start=1"],
        note: "First markets lose their last customer sooner, as the claim has it, but are given up for want of orders less often, and disappointment ends first and later markets alike: a firm has one appeal, learns it from all orders together, and often enters its second market before the first has taught it much.",
    },
    Row {
        number: 34,
        name: "buyer-search-hysteresis",
        claim: "Trade responds to a lasting shock more in the long run than in the short, because customers have to be found one by one.",
        source: "Eaton, Eslava, Jinkins, Krizan & Tybout 2025",
        experiment: "Foreign demand 50 % higher from 2008 on. Log exports over those of the same firms without the shock, in the first year and from the eighth year on.",
        arms: &[
            &[],
            &["shock.boom.kind=demand", "shock.boom.size=0.5", "shock.boom.start=2008", "shock.boom.years=30"],
        ],
        checks: &[Check::new(
            "log response of exports from the eighth year on, less that of the first",
            Expect::Positive,
            |arms| {
                let exports = |seen: &Seen, years: std::ops::Range<i32>| -> f64 {
                    seen.firms.iter().filter(|at| years.contains(&at.year)).map(super::seen::FirmYear::exports).sum()
                };
                let response =
                    |years: std::ops::Range<i32>| ln(exports(&arms[1], years.clone()) / exports(&arms[0], years));
                response(2015..2025) - response(2008..2009)
            },
        )],
        ablation: &[
            "mechanism.capacity.on=false",
            "mechanism.stage.on=false",
            "mechanism.referral.on=false",
            "mechanism.agent.on=false",
            "mechanism.peer.on=false",
            "mechanism.growth.exporting=0",
        ],
        note: "",
    },
    Row {
        number: 36,
        name: "exporter-premia",
        claim: "Exporters are larger both because the large export and because exporting makes firms grow; the two can be told apart.",
        source: "Catullo 2013",
        experiment: "Learning by exporting g_x at 0 and at 0.05. Selection: log size of firms that never exported, those that begin within two years less the others. Learning: log size of exporters less others, between the two worlds.",
        arms: &[&["mechanism.growth.exporting=0"], &["mechanism.growth.exporting=0.05"]],
        checks: &[
            Check::new("log size before exporting, learning off: starters less others", Expect::Positive, |arms| {
                let seen = &arms[0];
                let mut rows = Vec::new();
                for (_, years) in seen.histories() {
                    let first = years.iter().position(|at| at.row.exports > 0.0);
                    for (i, at) in years.iter().enumerate().take(first.unwrap_or(years.len())) {
                        let soon = first.is_some_and(|first| first - i <= 2);
                        rows.push((ln(f64::from(at.row.firm.size)), f64::from(u8::from(soon))));
                    }
                }
                slope(&rows)
            }),
            Check::new("premium of exporters: with learning less without", Expect::Positive, |arms| {
                premium(&arms[1]) - premium(&arms[0])
            }),
        ],
        ablation: &["mechanism.growth.exporting=0"],
        note: "",
    },
    Row {
        number: 37,
        name: "shocks",
        claim: "Tariffs keep entrants away, and demand and a cheaper currency bring them.",
        source: "Domínguez-Fernández & Martínez 2025",
        experiment: "From 2010 on: friction of all markets up by half a mean friction; foreign demand down by half; foreign revenue in home money up by half. Entries from 2010 on, less those of the same firms without the shock.",
        arms: &[
            &[],
            &["shock.wall.kind=tariff", "shock.wall.size=0.5", "shock.wall.start=2010", "shock.wall.years=30"],
            &["shock.slump.kind=demand", "shock.slump.size=-0.5", "shock.slump.start=2010", "shock.slump.years=30"],
            &[
                "shock.cheap.kind=exchange-rate",
                "shock.cheap.size=0.5",
                "shock.cheap.start=2010",
                "shock.cheap.years=30",
            ],
        ],
        checks: &[
            Check::new("entries under a tariff", Expect::Negative, |arms| {
                entries_since(&arms[1], 2010) - entries_since(&arms[0], 2010)
            }),
            Check::new("entries in a slump", Expect::Negative, |arms| {
                entries_since(&arms[2], 2010) - entries_since(&arms[0], 2010)
            }),
            Check::new("entries with a cheap currency", Expect::Positive, |arms| {
                entries_since(&arms[3], 2010) - entries_since(&arms[0], 2010)
            }),
        ],
        ablation: &["shock.wall.on=false", "shock.slump.on=false", "shock.cheap.on=false"],
        note: "",
    },
];

/// Entries and re-entries from a year on.
pub fn entries_since(seen: &Seen, year: i32) -> f64 {
    let entries = |kind| seen.events_of(kind).filter(|event| seen.calendar(event.step) >= year).count() as f64;
    entries(EventKind::Entry) + entries(EventKind::Reentry)
}

/// Share of entries (after a firm's first) into markets like one served before in one of the ways in `bits`, less the
/// share to be expected if each went to a market not yet served in proportion to all firms' entries.
pub fn alike(seen: &Seen, bits: u8) -> f64 {
    let popularity = seen.popularity();
    let markets = popularity.len() as u8;
    let like = |market: u8, served: &[u8]| {
        served.iter().any(|other| seen.model.likeness(market)[usize::from(*other)] & bits != 0)
    };
    let mut excess = Vec::new();
    for (_, events) in seen.diaries().filter(|(_, events)| events[0].kind == EventKind::Birth) {
        let mut served: Vec<u8> = Vec::new();
        for entry in events.iter().filter(|event| event.kind == EventKind::Entry) {
            if !served.is_empty() {
                let free = (0..markets).filter(|market| !served.contains(market));
                let (mut hit, mut all) = (0.0, 0.0);
                for market in free {
                    all += popularity[usize::from(market)];
                    hit += if like(market, &served) { popularity[usize::from(market)] } else { 0.0 };
                }
                excess.push(f64::from(u8::from(like(entry.market, &served))) - hit / all);
            }
            served.push(entry.market);
        }
    }
    mean(excess)
}

/// Entries of firms born under observation, each with whether it is the firm's first market.
fn firsts(seen: &Seen) -> impl Iterator<Item = (&Event, bool, &[Event])> {
    seen.diaries().filter(|(_, events)| events[0].kind == EventKind::Birth).flat_map(|(_, events)| {
        let entries = events.iter().filter(|event| event.kind == EventKind::Entry);
        entries.enumerate().map(move |(rank, entry)| (entry, rank == 0, events))
    })
}

/// Share of entries that are left within a year, for any reason or for one.
fn early_exit(seen: &Seen, first: bool, why: Option<Exit>) -> f64 {
    const YEAR: u16 = 4;
    let settled =
        firsts(seen).filter(|(entry, is_first, _)| *is_first == first && entry.step + YEAR + 4 < seen.model.quarters);
    mean(settled.map(|(entry, _, events)| {
        // A market counts as left when its last customer was lost, which is noted up to a year later.
        let left = |event: &&Event| {
            event.kind == EventKind::Exit
                && event.market == entry.market
                && event.step > entry.step
                && event.step <= entry.step + YEAR + 4
                && why.map_or(event.reason != Exit::Failure as u8, |why| event.reason == why as u8)
        };
        f64::from(u8::from(events.iter().any(|event| left(&event))))
    }))
}

fn survivor_growth(seen: &Seen, first: bool) -> f64 {
    mean(firsts(seen).filter(|(_, is_first, _)| *is_first == first).filter_map(|(entry, _, _)| {
        let (who, year) = ((entry.slot, entry.generation), seen.calendar(entry.step));
        let sales = |year| seen.in_market(who, entry.market, year).map(|at| ln(f64::from(at.row.sales)));
        Some(sales(year + 3)? - sales(year + 1)?)
    }))
}

fn premium(seen: &Seen) -> f64 {
    let rows: Vec<(f64, f64)> = seen
        .firms
        .iter()
        .map(|at| (ln(f64::from(at.row.firm.size)), f64::from(u8::from(at.row.exports > 0.0))))
        .collect();
    slope(&rows)
}
