//! Rows on platforms, presence and trust on social networking sites (SNS): where firms are found, what it costs them, and whom they trust.

use super::seen::Seen;
use super::sns::{contacts, hours, sales_after};
use super::statistics::{mean, regress};
use super::{Check, Expect, Row};
use crate::economy::accounts::{EventKind, Flow, Sum};
use crate::firm::{Origin, TieState};
use crate::number::f64s::ln;
use crate::observe::measure::spearman;

/// Rows of this family.
pub const ROWS: &[Row] = &[
    Row {
        number: 52,
        name: "slope-or-level",
        claim: "SNS flatten the effect of distance, or cut the cost of entry near and far; where firms pursue contacts, and at what cost, tells which was set.",
        source: "Lendle, Olarreaga, Schropp & Vézina 2016; Freund & Weinhold 2004",
        experiment: "SNS on the slope, on the level, on both and on neither, with many online ties. Mean felt distance of the markets that users of SNS pursue, less that of others (slope); mean log cost of pursuits through SNS, its rise with perceived distance taken out (level).",
        arms: &[
            &[
                "mechanism.distance.channel=slope",
                "mechanism.distance.online=2",
                "mechanism.entry.cost=0.12",
                "mechanism.sns.rate=30",
                "mechanism.entry.online=1",
            ],
            &[
                "mechanism.distance.channel=level",
                "mechanism.distance.online=2",
                "mechanism.entry.cost=0.12",
                "mechanism.sns.rate=30",
                "mechanism.entry.online=1",
            ],
            &[
                "mechanism.distance.channel=both",
                "mechanism.distance.online=2",
                "mechanism.entry.cost=0.12",
                "mechanism.sns.rate=30",
                "mechanism.entry.online=1",
            ],
            &[
                "mechanism.distance.channel=none",
                "mechanism.distance.online=2",
                "mechanism.entry.cost=0.12",
                "mechanism.sns.rate=30",
                "mechanism.entry.online=1",
            ],
        ],
        checks: &[
            Check::new("distance of users' pursuits: slope less none", Expect::Positive, |arms| {
                users_distance(&arms[0]) - users_distance(&arms[3])
            }),
            Check::new("distance of users' pursuits: slope less level", Expect::Positive, |arms| {
                users_distance(&arms[0]) - users_distance(&arms[1])
            }),
            Check::new("cost of a pursuit at given distance: level less none", Expect::Negative, |arms| {
                outlay(&arms[1]) - outlay(&arms[3])
            }),
            Check::new("cost of a pursuit at given distance: level less slope", Expect::Negative, |arms| {
                outlay(&arms[1]) - outlay(&arms[0])
            }),
            Check::new("both: distance as the slope (less none)", Expect::Positive, |arms| {
                users_distance(&arms[2]) - users_distance(&arms[3])
            }),
        ],
        ablation: &["mechanism.distance.on=false", "mechanism.entry.online=0"],
        note: "",
    },
    Row {
        number: 53,
        name: "footprint-follows-distance",
        claim: "Presence on SNS, too, spreads from near to far.",
        source: "Pogrebnyakov 2017",
        experiment: "Markets in which a firm follows contacts from SNS, in the order of the first one: place in that order by felt distance, log GDP held constant, within firms with three markets or more; and Spearman's ρ as it is.",
        arms: &[&["run.start=2015", "mechanism.sns.rate=20"]],
        checks: &[
            Check::new(
                "place in the order, per unit of felt distance, log GDP held constant",
                Expect::Positive,
                |arms| footprint(&arms[0]),
            ),
            Check::new("mean ρ, large far markets and all", Expect::Open, |arms| footprint_order(&arms[0])),
        ],
        ablation: &[
            "mechanism.kernel.online_decay=0",
            "mechanism.risk.on=false",
            "mechanism.distance.on=false",
            "mechanism.entry.distance=0",
        ],
        note: "",
    },
    Row {
        number: 54,
        name: "virtuality-trap",
        claim: "SNS in the place of presence bring more entries and worse performance than SNS with visits.",
        source: "Sinkovics, Sinkovics & Jean 2013",
        experiment: "SNS only in the view (φ = 0) and never offline (χ = 0), against SNS that go offline (χ = 2), with online orders of a quarter of the size; and a world without SNS. Sales of the first two full years in markets entered through SNS.",
        arms: &[
            &[
                "mechanism.distance.online_truth=0",
                "mechanism.conversion.rate=0",
                "mechanism.order.online=0.25",
                "mechanism.sns.rate=30",
            ],
            &[
                "mechanism.distance.online_truth=0",
                "mechanism.conversion.rate=2",
                "mechanism.order.online=0.25",
                "mechanism.sns.rate=30",
            ],
            &["mechanism.adoption.on=false", "mechanism.order.online=0.25"],
        ],
        checks: &[
            Check::new("entries: virtual less no SNS", Expect::Positive, |arms| arms[0].entries() - arms[2].entries()),
            Check::new("sales per SNS entry in two years: virtual less blended", Expect::Negative, |arms| {
                sales_after(&arms[0], |event| event.origin == Origin::Sns as u8)
                    - sales_after(&arms[1], |event| event.origin == Origin::Sns as u8)
            }),
            Check::new("sales per entry in two years: virtual less no SNS", Expect::Negative, |arms| {
                sales_after(&arms[0], |_| true) - sales_after(&arms[2], |_| true)
            }),
        ],
        ablation: &["mechanism.adoption.on=false"],
        note: "",
    },
    Row {
        number: 55,
        name: "phase",
        claim: "SNS speed the beginning of internationalization more than its maturity.",
        source: "Fraccastoro & Gabrielsson 2018",
        experiment: "The same firms with and without SNS, from 2012 on: log entries of firms in their first three years abroad (the first entry included), and of firms seven years or longer abroad.",
        arms: &[&["mechanism.sns.rate=20"], &["mechanism.adoption.on=false"]],
        checks: &[Check::new("log effect of SNS on entries: early less mature", Expect::Positive, |arms| {
            let effect =
                |years: std::ops::Range<i32>| ln(by_phase(&arms[0], years.clone()) / by_phase(&arms[1], years));
            effect(0..3) - effect(7..100)
        })],
        ablation: &["mechanism.adoption.on=false"],
        note: "",
    },
    Row {
        number: 56,
        name: "foreign-and-domestic-sns",
        claim: "Sites with an audience abroad do more for going abroad than sites with one at home.",
        source: "Lee, Yang, Ghauri & Park 2022",
        experiment: "Platforms with hardly an audience abroad (0.02), which join firms at home all the same; platforms with a wide one (0.5); no SNS. First entries into markets; the source measures orientation.",
        arms: &[
            &[
                "platform.facebook.audience=0.5",
                "platform.twitter.audience=0.5",
                "platform.skype.audience=0.5",
                "platform.blog.audience=0.5",
                "platform.website.audience=0.5",
                "platform.linkedin.audience=0.5",
            ],
            &[
                "platform.facebook.audience=0.02",
                "platform.twitter.audience=0.02",
                "platform.skype.audience=0.02",
                "platform.blog.audience=0.02",
                "platform.website.audience=0.02",
                "platform.linkedin.audience=0.02",
            ],
            &["mechanism.adoption.on=false"],
        ],
        checks: &[
            Check::new("entries: foreign SNS less none", Expect::Positive, |arms| {
                arms[0].entries() - arms[2].entries()
            }),
            Check::new("entries: foreign less domestic SNS", Expect::Positive, |arms| {
                arms[0].entries() - arms[1].entries()
            }),
        ],
        ablation: &["mechanism.sns.on=false"],
        note: "",
    },
    Row {
        number: 57,
        name: "levels-of-ict",
        claim: "A website opens the door where little else does; advanced ICT deepens exporting more than it spreads it.",
        source: "Hagsten & Kotnik 2017",
        experiment: "Gain of visibility from websites of 2 and 0, in a home where hardly anybody is online (0.05) and where all are: log effect on unsolicited contacts in both, and on the share of firms that export in the first. Electronic ordering (`mechanism.ict.ordering` of 1 against 0): log effect on the mean foreign share of exporters' sales, less that on the share exporting.",
        arms: &[
            &["home.BEL.internet=0.05", "mechanism.unsolicited.web=2"],
            &["home.BEL.internet=0.05", "mechanism.unsolicited.web=0"],
            &["home.BEL.internet=1", "mechanism.unsolicited.web=2", "mechanism.unsolicited.reach=3"],
            &["home.BEL.internet=1", "mechanism.unsolicited.web=0", "mechanism.unsolicited.reach=3"],
            &["mechanism.ict.ordering=1"],
            &["mechanism.ict.ordering=0"],
        ],
        checks: &[
            Check::new(
                "log effect of websites on unsolicited contacts: little ICT less much",
                Expect::Positive,
                |arms| {
                    let effect = |with: &Seen, without: &Seen| {
                        ln(with.flow(Flow::ContactUnsolicited) / without.flow(Flow::ContactUnsolicited))
                    };
                    effect(&arms[0], &arms[1]) - effect(&arms[2], &arms[3])
                },
            ),
            Check::new("log effect of websites on exporters, little ICT", Expect::Positive, |arms| {
                ln(arms[0].exporting() / arms[1].exporting())
            }),
            Check::new(
                "log effect of electronic ordering: foreign share of exporters less share exporting",
                Expect::Positive,
                |arms| {
                    let intensity = |seen: &Seen| seen.sum(Sum::ForeignShare) / seen.sum(Sum::Exporters);
                    ln(intensity(&arms[4]) / intensity(&arms[5])) - ln(arms[4].exporting() / arms[5].exporting())
                },
            ),
        ],
        ablation: &["mechanism.unsolicited.web=0", "mechanism.ict.ordering=0"],
        note: "Electronic ordering is off by default.",
    },
    Row {
        number: 58,
        name: "four-uses",
        claim: "SNS position the firm, win customers, serve them and inform; each use can be taken out, and a contact costs less than a visit.",
        source: "Lazaro 2012",
        experiment: "Each use taken out in turn: visibility (v_s = 0), contacts (λ_n = 0), loops (l_on = 0), information (k_i = 0); what it serves, with less without. Cost of SNS per contact they bring, against the outlay on the first contact a firm followed, where it came from search: visits, samples, documents.",
        arms: &[
            &["mechanism.unsolicited.reach=1"],
            &["mechanism.unsolicited.reach=0"],
            &[],
            &["mechanism.sns.rate=0"],
            &["mechanism.trust.intensity=0"],
            &["mechanism.knowledge.information=0"],
        ],
        checks: &[
            Check::new("positioning: unsolicited contacts", Expect::Positive, |arms| {
                arms[0].flow(Flow::ContactUnsolicited) - arms[1].flow(Flow::ContactUnsolicited)
            }),
            Check::new("customer base: entries through SNS", Expect::Positive, |arms| {
                arms[2].flow(Flow::EntrySns) - arms[3].flow(Flow::EntrySns)
            }),
            Check::new("customer service: trust in online ties", Expect::Positive, |arms| {
                online_trust(&arms[2]) - online_trust(&arms[4])
            }),
            Check::new("market information: knowledge of markets served", Expect::Positive, |arms| {
                arms[2].share(Sum::Knowledge, Sum::Served) - arms[5].share(Sum::Knowledge, Sum::Served)
            }),
            Check::new("cost of a contact: SNS less a visit, employee-revenues", Expect::Negative, |arms| {
                let seen = &arms[2];
                let cost = f64::from(seen.model.theory.sns.cost) * hours(seen) / contacts(seen);
                let visit = mean(seen.diaries().filter(|(_, events)| events[0].kind == EventKind::Birth).filter_map(
                    |(_, events)| {
                        let first = events.iter().find(|event| event.kind == EventKind::Pursuit)?;
                        (first.origin == Origin::Search as u8).then(|| f64::from(first.cost))
                    },
                ));
                cost - visit
            }),
        ],
        ablation: &["mechanism.adoption.on=false"],
        note: "",
    },
    Row {
        number: 59,
        name: "sns-and-direct-investment",
        claim: "Ties on SNS lead to more subsidiaries and production abroad.",
        source: "Paniagua, Korzynski & Mas-Tur 2017 (as cited)",
        experiment: "The same firms with SNS that go offline easily (χ = 2) and without SNS, slack target of 2: markets with a subsidiary or production.",
        arms: &[
            &["mechanism.sns.rate=40", "mechanism.conversion.rate=2", "mechanism.slack.target=2"],
            &["mechanism.adoption.on=false", "mechanism.conversion.rate=2", "mechanism.slack.target=2"],
        ],
        checks: &[Check::new("market-years at stage 2 or 3: with SNS less without", Expect::Positive, |arms| {
            let of = |seen: &Seen| seen.sum(Sum::StageSubsidiary) + seen.sum(Sum::StageProduction);
            of(&arms[0]) - of(&arms[1])
        })],
        ablation: &["mechanism.conversion.rate=0", "mechanism.referral.on=false", "mechanism.adoption.on=false"],
        note: "",
    },
];

/// Mean felt distance of the markets that users pursue contacts in, less that of non-users.
fn users_distance(seen: &Seen) -> f64 {
    let of = |user: bool| {
        mean(seen.events_of(EventKind::Pursuit).filter_map(|event| {
            let at = seen.at((event.slot, event.generation), seen.calendar(event.step))?;
            (at.row.firm.on_sns == user).then(|| seen.felt(event.market))
        }))
    };
    of(true) - of(false)
}

/// Mean cost of pursuits of users through SNS, the rise with perceived distance taken out.
fn outlay(seen: &Seen) -> f64 {
    let rise = f64::from(seen.model.theory.entry.distance);
    let pursuits = seen.events_of(EventKind::Pursuit).filter(|event| event.origin == Origin::Sns as u8);
    mean(pursuits.map(|event| ln(f64::from(event.cost)) - rise * f64::from(event.perceived)))
}

/// Markets in which each firm followed contacts from SNS, with the quarter of the first one.
fn presences(seen: &Seen) -> impl Iterator<Item = Vec<(u16, u8)>> {
    seen.diaries().map(|(_, events)| {
        let mut first: Vec<(u16, u8)> = Vec::new();
        for event in events.iter().filter(|event| event.kind == EventKind::Pursuit && event.origin == Origin::Sns as u8)
        {
            if !first.iter().any(|(_, market)| *market == event.market) {
                first.push((event.step, event.market));
            }
        }
        first
    })
}

/// Place of a market in the order of SNS presence, 0 to 1, per unit of felt distance, log GDP held constant.
fn footprint(seen: &Seen) -> f64 {
    let mut rows = Vec::new();
    for first in presences(seen).filter(|first| first.len() >= 3) {
        let last = (first.len() - 1) as f64;
        for (slot, (_, market)) in first.iter().enumerate() {
            let gdp = ln(seen.model.world.countries[usize::from(*market)].gdp_usd);
            rows.push((slot as f64 / last, [seen.felt(*market), gdp]));
        }
    }
    regress(&rows)[0]
}

/// Mean rank correlation of the order in which a firm follows contacts from SNS into markets with felt distance.
fn footprint_order(seen: &Seen) -> f64 {
    mean(presences(seen).filter_map(|first| {
        let (dates, distances): (Vec<f64>, Vec<f64>) =
            first.iter().map(|(step, market)| (f64::from(*step), seen.felt(*market))).unzip();
        (first.len() >= 3).then(|| spearman(&dates, &distances)).flatten()
    }))
}

/// Entries from 2012 on of firms that have been abroad for some years.
fn by_phase(seen: &Seen, years: std::ops::Range<i32>) -> f64 {
    let entries = seen.events_of(EventKind::Entry).filter(|event| seen.calendar(event.step) >= 2012);
    let asked = entries.filter(|event| {
        let firm = seen.at((event.slot, event.generation), seen.calendar(event.step)).map(|at| at.row.firm.first_sale);
        // Before the first sale the first entry is still to bear fruit.
        let abroad =
            firm.map_or(0, |first| if first < 0 { 0 } else { (i32::from(event.step) - i32::from(first)).max(0) / 4 });
        years.contains(&abroad)
    });
    asked.count() as f64
}

fn online_trust(seen: &Seen) -> f64 {
    let mut trust = Vec::new();
    seen.economy.for_each(|_, _, ties, _| {
        trust.extend(
            ties.iter().filter(|tie| tie.online() && tie.state != TieState::Gone).map(|tie| f64::from(tie.trust)),
        );
    });
    mean(trust)
}
