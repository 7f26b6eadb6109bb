//! Rows on social networking sites (SNS): who takes them up, what they bring, and what they cannot do.

use super::seen::{FirmYear, Seen, Who};
use super::statistics::{mean, regress, regress_within, slope};
use super::{Check, Expect, Row};
use crate::economy::accounts::{Event, EventKind, Flow, Sum};
use crate::firm::{Origin, TieState};
use crate::number::f64s::ln;
use crate::observe::measure::spearman;
use std::collections::BTreeMap;

/// Rows of this family.
pub const ROWS: &[Row] = &[
    Row {
        number: 43,
        name: "adoption",
        claim: "Peers speed the adoption of SNS, and sectors for which they are irrelevant lag.",
        source: "Pentina, Koh & Le 2012; Michaelidou, Siamagka & Christodoulides 2011",
        experiment: "Weight of peers in adoption of 2 and of 0: firm-years on SNS. Use by the irrelevance of the sector.",
        arms: &[&["mechanism.adoption.peers=2"], &["mechanism.adoption.peers=0"]],
        checks: &[
            Check::new("share on SNS: peers removed less peers", Expect::Negative, |arms| {
                arms[1].share(Sum::OnSns, Sum::Firms) - arms[0].share(Sum::OnSns, Sum::Firms)
            }),
            Check::new("use, from the most relevant to the least relevant sector", Expect::Negative, |arms| {
                let sectors = f64::from(arms[0].model.population.sectors);
                slope(
                    &arms[0]
                        .firms
                        .iter()
                        .map(|at| (on(at), f64::from(at.row.firm.sector) / sectors))
                        .collect::<Vec<_>>(),
                )
            }),
        ],
        ablation: &["mechanism.adoption.peers=0", "mechanism.adoption.irrelevance=0"],
        note: "",
    },
    Row {
        number: 44,
        name: "continuance",
        claim: "Firms whose conversations come back stay on SNS, and those whose do not give up.",
        source: "Mlaïki, Walsh & Kalika 2017",
        experiment: "Loops of give, receive and return that close by default, and loops that never close: firms that give up, per firm-year on SNS. Users by their share of failed loops: still there a year later.",
        arms: &[
            &["mechanism.adoption.quit_failed=0.3"],
            &["mechanism.adoption.quit_failed=0.3", "mechanism.trust.intensity=0"],
        ],
        checks: &[
            Check::new("giving up per year: no returns less returns", Expect::Positive, |arms| {
                quitting(&arms[1]) - quitting(&arms[0])
            }),
            Check::new("still on SNS a year later, per share of failed loops", Expect::Negative, |arms| {
                let years =
                    arms[0].histories().flat_map(|(_, years)| years.windows(2)).filter(|pair| pair[0].row.firm.on_sns);
                slope(&years.map(|pair| (on(&pair[1]), f64::from(pair[0].row.firm.failed))).collect::<Vec<_>>())
            }),
        ],
        ablation: &["mechanism.adoption.quit_failed=0"],
        note: "",
    },
    Row {
        number: 45,
        name: "platform-catalogue",
        claim: "Platforms differ in audience, cost, reach over distance and use, and each can be edited.",
        source: "Lazaro 2012",
        experiment: "The catalogue as it is; then Facebook with an audience of 1, with a fee of 0.2, with contacts as local as offline ones, and of no use for relations.",
        arms: &[
            &[],
            &["platform.facebook.audience=1"],
            &["platform.facebook.cost=0.2"],
            &["platform.facebook.decay=8"],
            &["platform.facebook.relations=0"],
        ],
        checks: &[
            Check::new("platforms other than six", Expect::Never, |arms| arms[0].model.sites.len() as f64 - 6.0),
            Check::new("SNS contacts: wide audience less default", Expect::Positive, |arms| {
                contacts(&arms[1]) - contacts(&arms[0])
            }),
            Check::new("slack of users: with a fee less default", Expect::Negative, |arms| {
                let of = |seen: &Seen| {
                    mean(seen.firms.iter().filter(|at| at.row.firm.on_sns).map(|at| f64::from(at.row.firm.slack)))
                };
                of(&arms[2]) - of(&arms[0])
            }),
            Check::new("felt distance of SNS pursuits: local kernel less default", Expect::Negative, |arms| {
                sns_distance(&arms[3]) - sns_distance(&arms[0])
            }),
            Check::new("SNS contacts: no use for relations less default", Expect::Negative, |arms| {
                contacts(&arms[4]) - contacts(&arms[0])
            }),
        ],
        ablation: &["platform.facebook.on=false"],
        note: "",
    },
    Row {
        number: 46,
        name: "focus-on-few",
        claim: "Attention is limited: a few platforms bring more than one, and many bring less.",
        source: "Lazaro 2012",
        experiment: "Worlds with one, two and six platforms alike, all of which every user uses; mean reach of users, and contacts through SNS per user-year.",
        arms: &[
            &[
                "platform.facebook.on=false",
                "platform.twitter.on=false",
                "platform.skype.on=false",
                "platform.blog.on=false",
                "platform.website.on=false",
                "platform.linkedin.on=false",
                "mechanism.sns.sprawl=20",
                "platform.a.audience=0.3",
            ],
            &[
                "platform.facebook.on=false",
                "platform.twitter.on=false",
                "platform.skype.on=false",
                "platform.blog.on=false",
                "platform.website.on=false",
                "platform.linkedin.on=false",
                "mechanism.sns.sprawl=20",
                "platform.a.audience=0.3",
                "platform.b.audience=0.3",
            ],
            &[
                "platform.facebook.on=false",
                "platform.twitter.on=false",
                "platform.skype.on=false",
                "platform.blog.on=false",
                "platform.website.on=false",
                "platform.linkedin.on=false",
                "mechanism.sns.sprawl=20",
                "platform.a.audience=0.3",
                "platform.b.audience=0.3",
                "platform.c.audience=0.3",
                "platform.d.audience=0.3",
                "platform.e.audience=0.3",
                "platform.f.audience=0.3",
            ],
        ],
        checks: &[
            Check::new("contacts per user-year: two platforms less one", Expect::Positive, |arms| {
                per_user(&arms[1]) - per_user(&arms[0])
            }),
            Check::new("contacts per user-year: six platforms less two", Expect::Negative, |arms| {
                per_user(&arms[2]) - per_user(&arms[1])
            }),
        ],
        ablation: &["mechanism.sns.on=false"],
        note: "",
    },
    Row {
        number: 47,
        name: "objectives-and-separation",
        claim: "Clear objectives, and business kept apart from personal talk, make more deals of an hour of effort.",
        source: "Lazaro 2012",
        experiment: "Pursuits of contacts from SNS per weekly hour of effort and year, by clarity of objectives; digital and business skill and barriers held constant. Second arm: half of what every firm posts is personal, and costs it half of its reach (`mechanism.mixing`): contacts and entries through SNS per weekly hour.",
        arms: &[&[], &["mechanism.mixing.share=0.5"]],
        checks: &[
            Check::new("pursuits from SNS per hour, per unit of clarity", Expect::Positive, |arms| by_trait(&arms[0])),
            Check::new("contacts from SNS per hour: with mixing less without", Expect::Negative, |arms| {
                let of = |seen: &Seen| contacts(seen) / hours(seen);
                of(&arms[1]) - of(&arms[0])
            }),
            Check::new("entries through SNS per hour: with mixing less without", Expect::Negative, |arms| {
                let of = |seen: &Seen| seen.flow(Flow::EntrySns) / hours(seen);
                of(&arms[1]) - of(&arms[0])
            }),
        ],
        ablation: &["mechanism.sns.on=false"],
        note: "Mixing is off by default.",
    },
    Row {
        number: 48,
        name: "sns-and-skill",
        claim: "SNS bring more to firms with business skill.",
        source: "Lazaro 2012",
        experiment: "Entries per firm whose contact came through SNS, per unit of business skill; digital skill, objectives and log size held constant. Less the same in a world without SNS, where there are none.",
        arms: &[&[], &["mechanism.adoption.on=false"]],
        checks: &[Check::new(
            "entries through SNS: with SNS less without, per unit of skill",
            Expect::Positive,
            |arms| by_skill(&arms[0]) - by_skill(&arms[1]),
        )],
        ablation: &["mechanism.adoption.on=false"],
        note: "",
    },
    Row {
        number: 49,
        name: "online-to-offline",
        claim: "Until the conversation leaves the network, online ties carry no agent and no subsidiary, and few deals.",
        source: "Lazaro 2012",
        experiment: "Many contacts from SNS; conversion easy (χ = 2) and impossible (χ = 0): markets with a stage but online ties only; conversions; what deals through SNS bring, and how many deals there are.",
        arms: &[
            &["mechanism.sns.rate=30", "mechanism.conversion.rate=2"],
            &["mechanism.sns.rate=30", "mechanism.conversion.rate=0"],
        ],
        checks: &[
            Check::new("markets with a stage and online customers only", Expect::Never, |arms| {
                arms.iter()
                    .map(|arm| arm.panel.iter().filter(|at| at.row.stage > 0 && at.row.online_only).count())
                    .sum::<usize>() as f64
            }),
            Check::new("conversions with χ = 0", Expect::Never, |arms| arms[1].flow(Flow::Conversions)),
            Check::new(
                "sales in two years per market entered through SNS: χ = 0 less χ = 2",
                Expect::Negative,
                |arms| {
                    let of = |seen: &Seen| sales_after(seen, |event| event.origin == Origin::Sns as u8);
                    of(&arms[1]) - of(&arms[0])
                },
            ),
            Check::new("number of deals, likewise", Expect::Open, |arms| {
                arms[1].flow(Flow::Deals) - arms[0].flow(Flow::Deals)
            }),
        ],
        ablation: &["mechanism.adoption.on=false"],
        note: "",
    },
    Row {
        number: 50,
        name: "informational-and-relational-use",
        claim: "SNS used for information broaden, used for relations they deepen and are kept.",
        source: "Deprince & Moalla 2022",
        experiment: "Information lowers the uncertainty of markets not yet sold to (`mechanism.information`, weight 0.6), and talk leads to more people where the firm is known (`mechanism.community`, depth 0.9). Relational share of effort 0.15 against 0.85: markets entered, with and without that effect; ties of users per market they serve, between firms with as many markets and between all; giving SNS up per firm-year on them.",
        arms: &[
            &[
                "mechanism.information.weight=0.6",
                "mechanism.community.depth=0.9",
                "mechanism.sns.relational=0.15",
                "mechanism.sns.relational_spread=0",
            ],
            &[
                "mechanism.information.weight=0.6",
                "mechanism.community.depth=0.9",
                "mechanism.sns.relational=0.85",
                "mechanism.sns.relational_spread=0",
            ],
            &[
                "mechanism.information.weight=0",
                "mechanism.community.depth=0.9",
                "mechanism.sns.relational=0.15",
                "mechanism.sns.relational_spread=0",
            ],
        ],
        checks: &[
            Check::new("markets entered: information that lowers uncertainty less none", Expect::Positive, |arms| {
                arms[0].entries() - arms[2].entries()
            }),
            Check::new(
                "ties per market, users with as many markets: relational less informational",
                Expect::Positive,
                |arms| depth_at_breadth(&arms[1], &arms[0]),
            ),
            Check::new("ties per market, all users: relational less informational", Expect::Open, |arms| {
                depth(&arms[1]) - depth(&arms[0])
            }),
            Check::new("giving SNS up per year: relational less informational", Expect::Negative, |arms| {
                quitting(&arms[1]) - quitting(&arms[0])
            }),
        ],
        ablation: &["mechanism.information.weight=0", "mechanism.community.depth=0"],
        note: "Both effects are off by default: without them relational use means more contacts all over the world, which broadens as well. It still does here, so that users with many markets, new ones among them, are more in the relational world, and the ties per market of all users together are fewer.",
    },
    Row {
        number: 51,
        name: "antecedents-of-use",
        claim: "Young firms take to SNS more readily; how performance and perceived distance act is open.",
        source: "Deprince & Moalla 2022",
        experiment: "Firms not on SNS from 2010 on: adoption within the year, by log age, within sectors. Then use of SNS in all firm-years from 2012 on, by log age, exports over size, and mean felt distance of the markets served (that of the home's search for firms with none).",
        arms: &[&[]],
        checks: &[
            Check::new("adoption, per log age", Expect::Negative, |arms| readiness(&arms[0])),
            Check::new("use, per log age", Expect::Open, |arms| antecedents(&arms[0])[0]),
            Check::new("use, per unit of exports over size", Expect::Open, |arms| antecedents(&arms[0])[1]),
            Check::new("use, per unit of distance of the portfolio", Expect::Open, |arms| antecedents(&arms[0])[2]),
        ],
        ablation: &["mechanism.adoption.age=-0.5", "mechanism.inertia.on=false"],
        note: "Use lags behind adoption: in years of spreading the old have had more time, so the sign of age in use need not be that in adoption.",
    },
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

fn on(at: &FirmYear) -> f64 {
    f64::from(u8::from(at.row.firm.on_sns))
}

fn quitting(seen: &Seen) -> f64 {
    seen.flow(Flow::Abandonments) / seen.sum(Sum::OnSns)
}

fn contacts(seen: &Seen) -> f64 {
    seen.flow(Flow::ContactSns)
}

fn per_user(seen: &Seen) -> f64 {
    contacts(seen) / seen.sum(Sum::OnSns)
}

/// Weekly hours of effort, added up over firm-years.
fn hours(seen: &Seen) -> f64 {
    let users = seen.firms.iter().filter(|at| at.row.firm.on_sns);
    users.map(|at| f64::from(seen.model.theory.sns.hours(at.row.firm.size))).sum()
}

fn sns_distance(seen: &Seen) -> f64 {
    let pursuits = seen.events_of(EventKind::Pursuit).filter(|event| event.origin == Origin::Sns as u8);
    mean(pursuits.map(|event| seen.felt(event.market)))
}

/// Pursuits from SNS per weekly hour and year on SNS, by clarity of objectives; digital and business skill, and barriers
/// held constant.
fn by_trait(seen: &Seen) -> f64 {
    let mut pursuits: BTreeMap<Who, f64> = BTreeMap::new();
    for event in seen.events_of(EventKind::Pursuit).filter(|event| event.origin == Origin::Sns as u8) {
        *pursuits.entry((event.slot, event.generation)).or_default() += 1.0;
    }
    let rows: Vec<(f64, [f64; 4])> = seen
        .histories()
        .filter_map(|(who, years)| {
            let effort: f64 = years
                .iter()
                .filter(|at| at.row.firm.on_sns)
                .map(|at| f64::from(seen.model.theory.sns.hours(at.row.firm.size)))
                .sum();
            let firm = &years[0].row.firm;
            let barriers = f64::from(firm.barriers.iter().sum::<f32>());
            let traits = [f64::from(firm.objectives), f64::from(firm.digital), f64::from(firm.skill), barriers];
            (effort > 0.0).then(|| (pursuits.get(&who).copied().unwrap_or(0.0) / effort, traits))
        })
        .collect();
    regress(&rows)[0]
}

/// Markets that users of SNS serve: ties there, and the number of markets of the firm.
fn served_by_users(seen: &Seen) -> impl Iterator<Item = (f64, u32)> {
    seen.panel.iter().filter_map(|at| {
        let firm = seen.at((at.row.slot, at.row.generation), at.year)?;
        firm.row.firm.on_sns.then(|| (f64::from(at.row.ties), u32::from(firm.row.markets)))
    })
}

/// Ties of users of SNS per market they serve.
fn depth(seen: &Seen) -> f64 {
    mean(served_by_users(seen).map(|(ties, _)| ties))
}

/// The same in one world less another, between firms with as many markets.
fn depth_at_breadth(more: &Seen, less: &Seen) -> f64 {
    let of = |seen, here: f64| served_by_users(seen).map(move |(ties, markets)| ((ties, [here]), markets));
    let (rows, markets): (Vec<_>, Vec<_>) = of(more, 1.0).chain(of(less, 0.0)).unzip();
    regress_within(&rows, &markets)[0]
}

/// Adoption within a year, per log age, within sectors.
fn readiness(seen: &Seen) -> f64 {
    let years = seen.histories().flat_map(|(_, years)| years.windows(2));
    let idle = years.filter(|pair| pair[0].year >= 2010 && !pair[0].row.firm.on_sns);
    let (rows, sectors): (Vec<_>, Vec<_>) =
        idle.map(|pair| ((on(&pair[1]), [ln(1.0 + pair[0].age(seen))]), pair[0].row.firm.sector)).unzip();
    regress_within(&rows, &sectors)[0]
}

/// Entries through SNS per firm, per unit of business skill.
fn by_skill(seen: &Seen) -> f64 {
    let mut entries: BTreeMap<Who, f64> = BTreeMap::new();
    for event in seen.events_of(EventKind::Entry).filter(|event| event.origin == Origin::Sns as u8) {
        *entries.entry((event.slot, event.generation)).or_default() += 1.0;
    }
    let rows: Vec<(f64, [f64; 4])> = seen
        .histories()
        .map(|(who, years)| {
            let firm = &years[0].row.firm;
            let traits = [firm.skill, firm.digital, firm.objectives].map(f64::from);
            (entries.get(&who).copied().unwrap_or(0.0), [traits[0], traits[1], traits[2], ln(f64::from(firm.size))])
        })
        .collect();
    regress(&rows)[0]
}

fn antecedents(seen: &Seen) -> [f64; 3] {
    let usual = f64::from(seen.model.homes[0].mean_distance);
    let rows: Vec<(f64, [f64; 3])> = seen
        .firms
        .iter()
        .filter(|at| at.year >= 2012)
        .map(|at| {
            let distance = if at.row.markets > 0 { f64::from(at.row.distance) } else { usual };
            (on(at), [ln(1.0 + at.age(seen)), at.exports() / f64::from(at.row.firm.size), distance])
        })
        .collect();
    regress(&rows)
}

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

/// Mean sales of the first two full years after entries of some kind, nothing where the market is left.
fn sales_after(seen: &Seen, asked: impl Fn(&Event) -> bool) -> f64 {
    mean(seen.events_of(EventKind::Entry).filter(|event| asked(event)).filter_map(|entry| {
        let (who, year) = ((entry.slot, entry.generation), seen.calendar(entry.step));
        (year + 2 <= seen.last()).then(|| {
            (1..=2)
                .map(|after| seen.in_market(who, entry.market, year + after).map_or(0.0, |at| f64::from(at.row.sales)))
                .sum::<f64>()
        })
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
