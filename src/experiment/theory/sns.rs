//! Rows on social networking sites (SNS): who takes them up, what they bring, and what they cannot do.

use super::seen::{FirmYear, Seen, Who};
use super::statistics::{mean, regress, regress_within, slope};
use super::{Check, Expect, Row};
use crate::economy::accounts::{Event, EventKind, Flow, Sum};
use crate::firm::Origin;
use crate::number::f64s::ln;
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
];

pub(super) fn on(at: &FirmYear) -> f64 {
    f64::from(u8::from(at.row.firm.on_sns))
}

fn quitting(seen: &Seen) -> f64 {
    seen.flow(Flow::Abandonments) / seen.sum(Sum::OnSns)
}

pub(super) fn contacts(seen: &Seen) -> f64 {
    seen.flow(Flow::ContactSns)
}

fn per_user(seen: &Seen) -> f64 {
    contacts(seen) / seen.sum(Sum::OnSns)
}

/// Weekly hours of effort, added up over firm-years.
pub(super) fn hours(seen: &Seen) -> f64 {
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

/// Mean sales of the first two full years after entries of some kind, nothing where the market is left.
pub(super) fn sales_after(seen: &Seen, asked: impl Fn(&Event) -> bool) -> f64 {
    mean(seen.events_of(EventKind::Entry).filter(|event| asked(event)).filter_map(|entry| {
        let (who, year) = ((entry.slot, entry.generation), seen.calendar(entry.step));
        (year + 2 <= seen.last()).then(|| {
            (1..=2)
                .map(|after| seen.in_market(who, entry.market, year + after).map_or(0.0, |at| f64::from(at.row.sales)))
                .sum::<f64>()
        })
    }))
}
