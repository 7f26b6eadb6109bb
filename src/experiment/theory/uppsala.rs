//! Rows on distance, knowledge, commitment and risk: the Uppsala models and their rivals.

mod measured;

use super::seen::Seen;
use super::statistics::{mean, regress, slope};
use super::{Check, Expect, Row};
use crate::economy::accounts::{Event, EventKind, Sum};
use crate::firm::Exit;
use crate::number::f64s::ln;
use measured::{
    again, by_slack, commitment, common, deepening, dispersion, gap, leap_profit, memory, nearing, phases, step,
    stopping, successive, unevenness, upgrades, volatility, volatility_in_one_market,
};

/// The model of 1977: outsidership weighs nothing, and ties bring no market nearer.
const YEAR_1977: [&str; 3] =
    ["mechanism.risk.outsider_weight=0", "mechanism.distance.offline=0", "mechanism.distance.online=0"];

/// The same with so little tolerance that risk binds.
const CAUTIOUS: &str = "mechanism.risk.tolerance=0.5";

/// Rows of this family.
pub const ROWS: &[Row] = &[
    Row {
        number: 1,
        name: "psychic-distance-order",
        claim: "Near markets are entered before far ones, and less strictly so the more a firm uses social networking sites.",
        source: "Johanson & Wiedersheim-Paul 1975",
        experiment: "The years 2015 to 2034, in which SNS are common; contacts come from search and SNS only, and from an agent. Four levels of SNS contacts: none, and a rate of 5, 20 and 80 contacts a year per unit of reach. Per firm born from 2011 on with three markets or more: Spearman's ρ between the order of its first five entries and felt distance.",
        arms: &[
            &[
                "run.start=2015",
                "mechanism.adoption.on=false",
                "mechanism.unsolicited.on=false",
                "mechanism.referral.on=false",
                "mechanism.peer.on=false",
                "mechanism.founder.on=false",
            ],
            &[
                "run.start=2015",
                "mechanism.sns.rate=5",
                "mechanism.unsolicited.on=false",
                "mechanism.referral.on=false",
                "mechanism.peer.on=false",
                "mechanism.founder.on=false",
            ],
            &[
                "run.start=2015",
                "mechanism.sns.rate=20",
                "mechanism.unsolicited.on=false",
                "mechanism.referral.on=false",
                "mechanism.peer.on=false",
                "mechanism.founder.on=false",
            ],
            &[
                "run.start=2015",
                "mechanism.sns.rate=80",
                "mechanism.unsolicited.on=false",
                "mechanism.referral.on=false",
                "mechanism.peer.on=false",
                "mechanism.founder.on=false",
            ],
        ],
        checks: &[
            Check::new("mean ρ without SNS", Expect::Positive, |arms| arms[0].early_order(2011, 5)),
            Check::new("change of mean ρ per level of SNS", Expect::Negative, |arms| {
                slope(
                    &arms
                        .iter()
                        .enumerate()
                        .map(|(level, arm)| (arm.early_order(2011, 5), level as f64))
                        .collect::<Vec<_>>(),
                )
            }),
            Check::new("felt distance of the first entry, per level of SNS", Expect::Positive, |arms| {
                slope(
                    &arms
                        .iter()
                        .enumerate()
                        .map(|(level, arm)| (arm.first_distance(2011), level as f64))
                        .collect::<Vec<_>>(),
                )
            }),
        ],
        ablation: &[
            "mechanism.kernel.offline_decay=0",
            "mechanism.kernel.online_decay=0",
            "mechanism.risk.on=false",
            "mechanism.entry.distance=0",
            "mechanism.entry.deal_distance=0",
            "mechanism.founder.reach=0",
        ],
        note: "Contacts on SNS are sorted less by distance, and the first market is farther the more they are used. But the markets of a firm then also lie farther apart, which makes what order there is easier to see: so the rank correlation within firms falls by little.",
    },
    Row {
        number: 2,
        name: "establishment-chain",
        claim: "Commitment to a market grows stage by stage; where stages may be skipped, slack lets firms skip them.",
        source: "Johanson & Wiedersheim-Paul 1975",
        experiment: "Leapfrogging off and on. Upgrades: is it a leap, by log of slack (over its target) at the end of the year before, log sales there and log size held constant. Re-entry in the old mode is a return, not an upgrade, and left out.",
        arms: &[&[], &["mechanism.stage.leapfrog=true"]],
        checks: &[
            Check::new("upgrades of more than a step, leapfrogging off", Expect::Never, |arms| {
                upgrades(&arms[0]).filter(|up| up.stage_to - up.stage_from > 1).count() as f64
            }),
            Check::new("chance of a leap, per log of slack", Expect::Positive, |arms| {
                by_slack(&arms[1], |step| f64::from(u8::from(step > 1)))
            }),
        ],
        ablation: &["mechanism.stage.leapfrog=false"],
        note: "",
    },
    Row {
        number: 3,
        name: "knowledge-and-commitment",
        claim: "Market knowledge breeds commitment and commitment breeds market knowledge; without learning, deepening stalls.",
        source: "Johanson & Vahlne 1977",
        experiment: "Model of 1977 with a tolerable risk low enough to bind. Market-years followed by another: does a sporadic exporter have an agent a year later, by its knowledge now. Second arm: nothing is learnt (η = 0). Third arm: an agent or subsidiary teaches no more than sporadic exports (g = 0).",
        arms: &[
            &[YEAR_1977[0], YEAR_1977[1], YEAR_1977[2], CAUTIOUS],
            &[
                YEAR_1977[0],
                YEAR_1977[1],
                YEAR_1977[2],
                CAUTIOUS,
                "mechanism.knowledge.rate=0",
                "mechanism.knowledge.partners=0",
                "mechanism.knowledge.information=0",
            ],
            &[YEAR_1977[0], YEAR_1977[1], YEAR_1977[2], CAUTIOUS, "mechanism.knowledge.stage=0"],
        ],
        checks: &[
            Check::new("agent a year later, per unit of knowledge (sales held constant)", Expect::Positive, |arms| {
                let rows: Vec<(f64, [f64; 2])> = successive(&arms[0])
                    .filter(|(now, _)| now.row.stage == 0)
                    .map(|(now, next)| {
                        (
                            f64::from(u8::from(next.row.stage > 0)),
                            [f64::from(now.row.knowledge), ln(f64::from(now.row.sales))],
                        )
                    })
                    .collect();
                regress(&rows)[0]
            }),
            Check::new(
                "knowledge of committed less other markets: commitment teaches less does not",
                Expect::Positive,
                |arms| {
                    let gap = |seen: &Seen| {
                        let of = |committed: bool| {
                            mean(
                                seen.panel
                                    .iter()
                                    .filter(|at| (at.row.stage > 0) == committed)
                                    .map(|at| f64::from(at.row.knowledge)),
                            )
                        };
                        of(true) - of(false)
                    };
                    gap(&arms[0]) - gap(&arms[2])
                },
            ),
            Check::new("upgrades per market-year: η = 0 less learning", Expect::Negative, |arms| {
                deepening(&arms[1]) - deepening(&arms[0])
            }),
        ],
        ablation: &["mechanism.knowledge.on=false"],
        note: "",
    },
    Row {
        number: 4,
        name: "tolerable-risk",
        claim: "A firm commits voluntarily only what it can bear: exposure times uncertainty stays within tolerable risk.",
        source: "Johanson & Vahlne 1977",
        experiment: "Every pursuit and every upgrade is logged with its risk and what was tolerable. Second arm: tolerable risk r₀ 1.6 times as high.",
        arms: &[&[], &["mechanism.risk.tolerance=1.6"]],
        checks: &[
            Check::new("commitments beyond tolerable risk", Expect::Never, |arms| {
                let beyond = |event: &&Event| event.risk > event.tolerable * 1.000_01;
                let of = |seen: &Seen, kind| seen.events_of(kind).filter(beyond).count();
                arms.iter().map(|arm| of(arm, EventKind::Pursuit) + of(arm, EventKind::StageUp)).sum::<usize>() as f64
            }),
            Check::new(
                "commitment (sum of exposures) per firm: higher tolerance less default",
                Expect::Positive,
                |arms| commitment(&arms[1]) - commitment(&arms[0]),
            ),
        ],
        ablation: &["mechanism.risk.on=false"],
        note: "",
    },
    Row {
        number: 5,
        name: "exceptions-to-incrementalism",
        claim: "Steps are larger for firms with slack, in stable markets and in markets like those known; large steps cost early performance and repay later.",
        source: "Johanson & Vahlne 1977; Barkema & Drogendijk 2007",
        experiment: "Leapfrogging on. Size of steps by log of slack, log sales there and log size held constant; turbulence 0 against 1. Steps in the year after (0 if none) of markets served without an agent, by perceived distance, log sales and log size held constant. Then the same firm and market in the world with and without leapfrogging: profit there (margin on sales less upkeep and the cost of the step) in the year of the leap and in the third to fifth year after.",
        arms: &[
            &["mechanism.stage.leapfrog=true"],
            &["mechanism.stage.leapfrog=true", "mechanism.risk.turbulence=0"],
            &["mechanism.stage.leapfrog=true", "mechanism.risk.turbulence=1"],
            &[],
        ],
        checks: &[
            Check::new("size of step, per log of slack", Expect::Positive, |arms| by_slack(&arms[0], f64::from)),
            Check::new("mean step: stable less turbulent markets", Expect::Positive, |arms| {
                step(&arms[1]) - step(&arms[2])
            }),
            Check::new("size of step, per unit of perceived distance", Expect::Negative, |arms| {
                let seen = &arms[0];
                let rows: Vec<(f64, [f64; 3])> = successive(seen)
                    .filter(|(now, _)| now.row.stage == 0)
                    .filter_map(|(now, next)| {
                        let firm = seen.at((now.row.slot, now.row.generation), now.year)?;
                        let x = [
                            f64::from(now.row.perceived),
                            ln(f64::from(now.row.sales)),
                            ln(f64::from(firm.row.firm.size)),
                        ];
                        Some((f64::from(next.row.stage), x))
                    })
                    .collect();
                regress(&rows)[0]
            }),
            Check::new("profit in the year of a leap, less the same without leapfrogging", Expect::Negative, |arms| {
                leap_profit(&arms[0], &arms[3], 0..1)
            }),
            Check::new("profit three to five years later, likewise", Expect::Positive, |arms| {
                leap_profit(&arms[0], &arms[3], 3..6)
            }),
        ],
        ablation: &["mechanism.stage.leapfrog=false"],
        note: "",
    },
    Row {
        number: 9,
        name: "micro-foundations",
        claim: "Managers biased towards small steps take smaller ones.",
        source: "Vahlne & Johanson 2020",
        experiment: "Leapfrogging on; a step must promise 1 and 4 times its cost. Mean size of upgrades.",
        arms: &[
            &["mechanism.stage.leapfrog=true", "mechanism.slack.target=3", "mechanism.stage.bias=1"],
            &["mechanism.stage.leapfrog=true", "mechanism.slack.target=3", "mechanism.stage.bias=4"],
        ],
        checks: &[Check::new("mean step: strong bias less none", Expect::Negative, |arms| {
            step(&arms[1]) - step(&arms[0])
        })],
        ablation: &["mechanism.stage.leapfrog=false"],
        note: "",
    },
    Row {
        number: 21,
        name: "cognition",
        claim: "Proactive managers export because they perceive less risk; who perceives much risk stays at home.",
        source: "Acedo & Jones 2007",
        experiment: "Risk perception r_p of 0 and of 1.6. Exporting in the last year by proactivity at birth; share of exporters.",
        arms: &[&["mechanism.risk.caution=0"], &["mechanism.risk.caution=1.6"]],
        checks: &[
            Check::new(
                "slope of exporting on proactivity: with risk perception less without",
                Expect::Positive,
                |arms| {
                    let of = |seen: &Seen| {
                        let rows: Vec<(f64, f64)> = seen
                            .firms
                            .iter()
                            .map(|at| {
                                (f64::from(u8::from(at.row.exports > 0.0)), f64::from(at.row.firm.baseline_proactivity))
                            })
                            .collect();
                        slope(&rows)
                    };
                    of(&arms[1]) - of(&arms[0])
                },
            ),
            Check::new("share exporting: much risk perceived less none", Expect::Negative, |arms| {
                arms[1].exporting() - arms[0].exporting()
            }),
        ],
        ablation: &["mechanism.risk.on=false"],
        note: "",
    },
    Row {
        number: 25,
        name: "increase-decrease-re-increase",
        claim: "Careers abroad rise, fall and rise again, and each phase has its events; what experience reveals may trigger the retreat.",
        source: "Dominguez & Mayrhofer 2017; Liesch et al. 2011",
        experiment: "Markets served by each firm born under observation, counted from logged entries, re-entries and exits: a peak of two or more, a fall to half of it or less, a return to the peak. Second arm: firms withdraw from markets whose friction proves greater than it looked (`mechanism.revelation`).",
        arms: &[&[], &["mechanism.revelation.on=true"]],
        checks: &[
            Check::new("share of firms with two or more markets that fall and come back", Expect::Positive, |arms| {
                phases(&arms[0]).1
            }),
            Check::new("share that fall", Expect::Positive, |arms| phases(&arms[0]).0),
            Check::new("share that fall: with revelation less without", Expect::Positive, |arms| {
                phases(&arms[1]).0 - phases(&arms[0]).0
            }),
        ],
        ablation: &["mechanism.revelation.on=false"],
        note: "",
    },
    Row {
        number: 26,
        name: "intermittency",
        claim: "Small and unproductive firms stop exporting more often, and whether a market is entered again depends on why it was left.",
        source: "Bernini, Du & Love 2016",
        experiment: "Exporters by year: do they export in the next, by log size and export appeal. Exits by reason: is the market entered again within four years.",
        arms: &[&[]],
        checks: &[
            Check::new("stopping, per log size", Expect::Negative, |arms| stopping(&arms[0])[0]),
            Check::new("stopping, per unit of appeal", Expect::Negative, |arms| stopping(&arms[0])[1]),
            Check::new("share entered again: deserted by customers less left as idle", Expect::Differs, |arms| {
                again(&arms[0], Exit::Deserted) - again(&arms[0], Exit::Idle)
            }),
        ],
        ablation: &["mechanism.separation.on=false", "mechanism.stage.patience=250"],
        note: "",
    },
    Row {
        number: 27,
        name: "re-entry-memory",
        claim: "A firm that returns to a market repeats its old mode, while what it knew fades.",
        source: "Surdu, Mellahi & Glaister 2019",
        experiment: "Re-entries into markets once served through an agent or more: is the old stage taken up at once, less what the frequencies of stages alone would give. Knowledge at return less knowledge when last seen, by years of absence.",
        arms: &[&[]],
        checks: &[
            Check::new("old mode repeated, beyond chance", Expect::Positive, |arms| memory(&arms[0])),
            Check::new("change of knowledge, per year of absence", Expect::Negative, |arms| {
                let rows: Vec<(f64, f64)> = arms[0]
                    .spells()
                    .flat_map(|spell| spell.windows(2))
                    .filter(|pair| pair[1].year - pair[0].year > 1)
                    .map(|pair| {
                        (
                            f64::from(pair[1].row.knowledge - pair[0].row.knowledge),
                            f64::from(pair[1].year - pair[0].year),
                        )
                    })
                    .collect();
                slope(&rows)
            }),
        ],
        ablation: &["mechanism.stage.on=false", "mechanism.knowledge.forgetting=0"],
        note: "",
    },
    Row {
        number: 29,
        name: "cage",
        claim: "Each kind of distance counts by itself: giving one more weight demotes the markets that are far on it.",
        source: "Ghemawat 2001",
        experiment: "Felt distance as CAGE; then the weight of language, of administration and of income raised to 8, one at a time. Mean gap of that kind over the markets entered.",
        arms: &[
            &["world.felt=cage"],
            &["world.felt=cage", "world.cage.language=8"],
            &["world.felt=cage", "world.cage.administration=8"],
            &["world.felt=cage", "world.cage.income=8"],
        ],
        checks: &[
            Check::new("entries without the official language of the home", Expect::Negative, |arms| {
                let of = |seen: &Seen| {
                    gap(seen, |seen, market| f64::from(u8::from(!common(seen, market).official_language)))
                };
                of(&arms[1]) - of(&arms[0])
            }),
            Check::new("entries without a deep trade agreement or a common family of law", Expect::Negative, |arms| {
                let of = |seen: &Seen| {
                    gap(seen, |seen, market| {
                        1.0 - f64::from(common(seen, market).agreement) / 5.0
                            + f64::from(u8::from(!common(seen, market).legal_origin))
                    })
                };
                of(&arms[2]) - of(&arms[0])
            }),
            Check::new("mean difference of log incomes of the markets entered", Expect::Negative, |arms| {
                let of = |seen: &Seen| gap(seen, |seen, market| common(seen, market).income);
                of(&arms[3]) - of(&arms[0])
            }),
        ],
        ablation: &[
            "mechanism.kernel.offline_decay=0",
            "mechanism.kernel.online_decay=0",
            "mechanism.entry.distance=0",
            "mechanism.risk.on=false",
            "mechanism.founder.reach=0",
            "mechanism.order.friction=0",
            "mechanism.entry.deal_distance=0",
        ],
        note: "",
    },
    Row {
        number: 30,
        name: "perceived-distance",
        claim: "Only experience of the very market makes it look nearer, and distance need not be the same both ways.",
        source: "Dow & Karunaratna 2006; Ambos, Leicht-Deobald & Leinemann 2019; Håkanson, Ambos, Schuster & Leicht-Deobald 2016",
        experiment: "Without SNS, markets in hand in the last quarter: log of perceived over felt distance, by knowledge of the market and mean knowledge of the firm's other markets, insidership held constant. Second arm: felt distances of the user that differ by direction.",
        arms: &[&["mechanism.adoption.on=false"], &["world.felt=matrix", "world.felt_matrix=\"{asymmetric}\""]],
        checks: &[
            Check::new("log perceived distance, per unit of knowledge of the market", Expect::Negative, |arms| {
                nearing(&arms[0])[0]
            }),
            Check::new("the same, per unit of knowledge of other markets", Expect::Within(0.0001), |arms| {
                nearing(&arms[0])[1]
            }),
            Check::new("pairs as far as the other way round, in an asymmetric matrix", Expect::Never, |arms| {
                let (world, home) = (&arms[1].model.world, arms[1].model.homes[0].market);
                let others = (0..world.countries.len() as u8).filter(|market| *market != home);
                others.filter(|market| world.felt(home, *market) == world.felt(*market, home)).count() as f64
            }),
        ],
        ablation: &["mechanism.distance.on=false"],
        note: "",
    },
    Row {
        number: 31,
        name: "casino",
        claim: "Firms that take opportunities as they come show no order by distance, and their outcomes are more dispersed.",
        source: "Håkanson & Kappen 2017",
        experiment: "The casino rule in a world that is flat for trade too: no decay with distance of contacts, referrals, costs, deals or orders; against the model of 1977; no SNS. Dispersion of outcomes: standard deviation of yearly log growth of exports.",
        arms: &[
            &[
                "mechanism.adoption.on=false",
                "mechanism.decision.rule=casino",
                "mechanism.kernel.offline_decay=0",
                "mechanism.kernel.online_decay=0",
                "mechanism.entry.distance=0",
                "mechanism.entry.deal_distance=0",
                "mechanism.order.friction=0",
                "mechanism.referral.roaming=0",
            ],
            &["mechanism.adoption.on=false", YEAR_1977[0], YEAR_1977[1], YEAR_1977[2]],
        ],
        checks: &[
            Check::new("mean ρ of entry order and distance under the casino", Expect::Within(0.05), |arms| {
                arms[0].order()
            }),
            Check::new("mean ρ: casino less Uppsala", Expect::Negative, |arms| arms[0].order() - arms[1].order()),
            Check::new("dispersion of growth: casino less Uppsala", Expect::Positive, |arms| {
                volatility(&arms[0]) - volatility(&arms[1])
            }),
            Check::new("dispersion of growth over exporters to one market, likewise", Expect::Open, |arms| {
                volatility_in_one_market(&arms[0]) - volatility_in_one_market(&arms[1])
            }),
            Check::new("markets per exporter, likewise", Expect::Open, |arms| {
                arms[0].sum(Sum::Served) / arms[0].sum(Sum::Exporters)
                    - arms[1].sum(Sum::Served) / arms[1].sum(Sum::Exporters)
            }),
            Check::new("dispersion of log exports over exporters, likewise", Expect::Open, |arms| {
                unevenness(&arms[0]) - unevenness(&arms[1])
            }),
            Check::new("dispersion of foreign sales shares over exporters, likewise", Expect::Open, |arms| {
                dispersion(&arms[0]) - dispersion(&arms[1])
            }),
        ],
        ablation: &[
            "mechanism.decision.rule=uppsala",
            "mechanism.kernel.offline_decay=3",
            "mechanism.kernel.online_decay=0.5",
            "mechanism.entry.distance=0.6",
            "mechanism.entry.deal_distance=1.8",
            "mechanism.order.friction=1.2",
            "mechanism.referral.roaming=0.8",
        ],
        note: "Outcomes scatter less under the casino rule by every measure here, and not for want of diversification: its exporters serve fewer markets, and those to one market scatter less too. What makes outcomes unequal in this model, friction that differs by market and stages that multiply orders, acts under the Uppsala rule only; stakes lost are small beside it.",
    },
];
