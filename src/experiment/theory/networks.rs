//! Rows on ties: insidership, trust, where opportunities come from, and what positions in a network are worth.

use super::seen::{Seen, Who};
use super::statistics::{mean, regress, regress_within, skewness, slope};
use super::trade::alike;
use super::{Check, Expect, Row};
use crate::economy::accounts::{Event, EventKind, Flow};
use crate::engine::quarter::sight;
use crate::firm::{Exit, Origin, Relation, Tie, TieState};
use crate::network::statistic::constraint;
use crate::number::f64s::ln;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of this family.
pub const ROWS: &[Row] = &[
    Row {
        number: 6,
        name: "outsidership",
        claim: "At the same distance, insiders of a market's networks dare what outsiders do not; where outsidership weighs nothing, being inside changes nothing.",
        source: "Johanson & Vahlne 2009",
        experiment: "Every contact in hand in the last quarter whose market holds another tie of the firm: is it within tolerable risk with the other ties shown, and with them hidden, at the same perceived distance. Second arm: θ_O = 0.",
        arms: &[&[], &["mechanism.risk.outsider_weight=0"]],
        checks: &[
            Check::new("share tolerable: ties shown less hidden", Expect::Positive, |arms| inside(&arms[0])),
            Check::new("the same with θ_O = 0", Expect::Never, |arms| inside(&arms[1])),
        ],
        ablation: &["mechanism.risk.outsider_weight=0"],
        note: "",
    },
    Row {
        number: 7,
        name: "trust",
        claim: "Deals come with trust, and trust with reciprocity.",
        source: "Johanson & Vahlne 2009",
        experiment: "Contacts begin with trust of 0.1 and of 0.5: pursuits that become deals. Offline loops close without an order never, and with 0.8: trust in customers in the last quarter.",
        arms: &[
            &["mechanism.contact.trust_offline=0.1", "mechanism.contact.trust_introduced=0.1"],
            &["mechanism.contact.trust_offline=0.5", "mechanism.contact.trust_introduced=0.5"],
            &["mechanism.trust.courtesy=0", "mechanism.trust.courtesy_skill=0"],
            &["mechanism.trust.courtesy=0.8", "mechanism.trust.courtesy_skill=0"],
        ],
        checks: &[
            Check::new("deals per pursuit: much trust less little", Expect::Positive, |arms| {
                let of = |seen: &Seen| seen.flow(Flow::Deals) / (seen.flow(Flow::Deals) + seen.flow(Flow::Failures));
                of(&arms[1]) - of(&arms[0])
            }),
            Check::new("trust in customers: loops that close less loops that do not", Expect::Positive, |arms| {
                customers(&arms[3], |tie| f64::from(tie.trust)) - customers(&arms[2], |tie| f64::from(tie.trust))
            }),
        ],
        ablation: &["mechanism.trust.on=false"],
        note: "",
    },
    Row {
        number: 8,
        name: "opportunity-recognition",
        claim: "Every entry has an origin, and firms with more ties owe more of their entries to ties.",
        source: "Johanson & Vahlne 2009; Ellis 2000",
        experiment: "All logged entries and re-entries; those of a firm by its ties at the end of the year before.",
        arms: &[&[]],
        checks: &[
            Check::new("entries without an origin, or not counted by origin", Expect::Never, |arms| {
                let seen = &arms[0];
                let entries = || seen.events_of(EventKind::Entry).chain(seen.events_of(EventKind::Reentry));
                let without = entries().filter(|event| usize::from(event.origin) >= Origin::ALL.len()).count() as f64;
                let counted: f64 = (0..Origin::ALL.len()).map(|origin| seen.flow_of(Flow::EntrySearch, origin)).sum();
                without + (entries().count() as f64 - counted).abs()
            }),
            Check::new("entry through a tie, per log of ties", Expect::Positive, |arms| {
                let seen = &arms[0];
                let rows: Vec<(f64, f64)> = seen
                    .events_of(EventKind::Entry)
                    .filter_map(|event| {
                        let before = seen.at((event.slot, event.generation), seen.calendar(event.step) - 1)?;
                        Some((f64::from(u8::from(by_tie(event))), ln(1.0 + f64::from(before.row.ties))))
                    })
                    .collect();
                slope(&rows)
            }),
        ],
        ablation: &["mechanism.referral.on=false", "mechanism.agent.on=false"],
        note: "",
    },
    Row {
        number: 32,
        name: "remote-search",
        claim: "New entries cluster around existing contacts; the number of destinations is skewed; firms with more contacts are spread farther.",
        source: "Chaney 2014",
        experiment: "3,000 firms. Partners refer to others near them or in their own market only. Entries after the first into markets near one served, beyond popularity; skewness of markets per exporter; mean squared felt distance of a firm's destinations by log of their number, as Chaney measures it; distance weighted by sales, by log of ties, as an open question.",
        arms: &[&["population.firms=3000"], &["population.firms=3000", "mechanism.referral.roaming=0"]],
        checks: &[
            Check::new(
                "entries near a market served: referrals that roam less those that do not",
                Expect::Positive,
                |arms| alike(&arms[0], 1) - alike(&arms[1], 1),
            ),
            Check::new("skewness of markets per exporter", Expect::Positive, |arms| {
                let seen = &arms[0];
                let exporters = seen.firms.iter().filter(|at| at.year == seen.last() && at.row.markets > 0);
                skewness(&exporters.map(|at| f64::from(at.row.markets)).collect::<Vec<_>>())
            }),
            Check::new("squared felt distance of destinations, per log of their number", Expect::Positive, |arms| {
                spread(&arms[0])
            }),
            Check::new("felt distance of exports weighted by sales, per log of ties", Expect::Open, |arms| {
                weighted_spread(&arms[0])
            }),
        ],
        ablation: &["mechanism.referral.on=false"],
        note: "",
    },
    Row {
        number: 35,
        name: "neighbour-learning",
        claim: "Neighbours who sell in a market make entry likelier and first sales larger, later growth smaller, and leave exit as it is.",
        source: "Fernandes & Tang 2014",
        experiment: "3,000 firms. Customers place trial orders first, larger where peers vouch (`mechanism.trial`). Belief in peers' success ψ at 0 and 2: entries. Entries by the number of peers who sold in the market the year before, within markets: log sales of the first full year, their growth to the next, exit within two years.",
        arms: &[
            &["population.firms=3000", "mechanism.trial.start=0.3", "mechanism.belief.peer=0"],
            &["population.firms=3000", "mechanism.trial.start=0.3", "mechanism.belief.peer=2"],
            &["population.firms=3000", "mechanism.trial.start=0.3"],
        ],
        checks: &[
            Check::new("entries: peers believed less not", Expect::Positive, |arms| {
                arms[1].entries() - arms[0].entries()
            }),
            Check::new("log sales of the first full year, per peer there", Expect::Positive, |arms| {
                neighbours(&arms[2])[0]
            }),
            Check::new("their log growth, per peer there", Expect::Negative, |arms| neighbours(&arms[2])[1]),
            Check::new("exit within two years, per peer there", Expect::Within(0.05), |arms| neighbours(&arms[2])[2]),
        ],
        ablation: &["mechanism.trial.start=1", "mechanism.peer.on=false"],
        note: "Trial orders are off by default: the calibrated population does not need them.",
    },
    Row {
        number: 38,
        name: "weak-ties-and-structural-holes",
        claim: "Firms whose peers do not know each other hear of opportunities in more countries.",
        source: "Granovetter 1973; Burt 1992",
        experiment: "Peers pass contacts on in proportion to non-redundant ties (`mechanism.bridging`, weight 2 and 0). Countries in which a firm has ties or experience in the last quarter, by Burt's constraint of its slot among offline peers, log size held constant.",
        arms: &[&["mechanism.bridging.weight=2"], &["mechanism.bridging.weight=0"]],
        checks: &[
            Check::new("countries of opportunity, per unit of constraint", Expect::Negative, |arms| {
                opportunities(&arms[0])
            }),
            Check::new("the same: with bridging less without", Expect::Negative, |arms| {
                opportunities(&arms[0]) - opportunities(&arms[1])
            }),
        ],
        ablation: &["mechanism.bridging.weight=0", "mechanism.peer.on=false"],
        note: "Bridging is off by default.",
    },
    Row {
        number: 39,
        name: "tie-horizon",
        claim: "Opportunities that come through ties are better, and nearer, than those from search.",
        source: "Ellis 2011",
        experiment: "First entries through ties (referral, peer, founder, agent) against entries from search: is the market still served after two years; felt distance. Partners refer less to markets that are far from the firm's home (`mechanism.horizon`).",
        arms: &[&["mechanism.horizon.decay=8"]],
        checks: &[
            Check::new("still served after two years: ties less search", Expect::Positive, |arms| {
                lasting(&arms[0], true) - lasting(&arms[0], false)
            }),
            Check::new("felt distance: ties less search", Expect::Negative, |arms| {
                arms[0].entry_distance(by_tie) - arms[0].entry_distance(|event| event.origin == Origin::Search as u8)
            }),
        ],
        ablation: &["mechanism.horizon.decay=0"],
        note: "The horizon of ties is off by default: there partners' own neighbourhoods alone decide where referrals lead, and ties reach farther than search.",
    },
    Row {
        number: 40,
        name: "network-mediation",
        claim: "Ties at home carry part of what internationalization does for performance.",
        source: "Zhou, Wu & Luo 2007",
        experiment: "3,000 firms. Peers give to those who can give back (`mechanism.exchange`, weight 6), and a world without peers at home. Firms that export in both worlds in 2014: exports over size from 2015 to 2018, with peers less without, by markets served in 2014 with peers.",
        arms: &[
            &["population.firms=3000", "mechanism.exchange.weight=6"],
            &["population.firms=3000", "mechanism.exchange.weight=6", "network.on=false"],
        ],
        checks: &[Check::new(
            "what peers at home add to later exports over size, per market served",
            Expect::Positive,
            |arms| mediated(&arms[0], &arms[1]),
        )],
        ablation: &["mechanism.peer.on=false", "mechanism.belief.peer=0"],
        note: "Exchange is off by default: peers then give to anybody, and the row does not come out.",
    },
    Row {
        number: 41,
        name: "anchor-partner",
        claim: "Small firms follow their first large partner into their next markets, and depend on it less as they go on.",
        source: "Coviello & Munro 1997",
        experiment: "Large partners open more doors (`mechanism.anchor`, weight 0.6 and 0). Entries in the three years after a firm's first, by log popularity of the first partner. Share of entries near the first partner's market: second and third against fifth and later.",
        arms: &[&["mechanism.anchor.weight=0.6"], &["mechanism.anchor.weight=0"]],
        checks: &[
            Check::new("entries in three years, per log popularity of the first partner", Expect::Positive, |arms| {
                following(&arms[0])
            }),
            Check::new("the same: with anchors less without", Expect::Positive, |arms| {
                following(&arms[0]) - following(&arms[1])
            }),
            Check::new("entries near the first partner: early less late", Expect::Positive, |arms| {
                dependence(&arms[0])
            }),
        ],
        ablation: &["mechanism.anchor.weight=0"],
        note: "Anchors are off by default.",
    },
    Row {
        number: 42,
        name: "connectedness",
        claim: "Where peoples are connected, trade is larger and distance matters less; more so where information is poor.",
        source: "Bailey, Gupta, Hillenbrand, Kuchler, Richmond & Stroebel 2021",
        experiment: "An index of ties that falls with distance, made for the experiment, brings markets nearer by 0.5 per standard deviation. Log entries by market on felt distance without the index and log GDP; then with the index too. With many contacts through SNS: the effect of the index on entries through search, where information is poor, and through SNS, where it is rich.",
        arms: &[
            &[],
            &["world.connectedness=\"{ties}\"", "world.connectedness_weight=0.5"],
            &["world.connectedness=\"{ties}\"", "world.connectedness_weight=0.5", "mechanism.sns.rate=30"],
        ],
        checks: &[
            Check::new("entries, per standard deviation of the index", Expect::Positive, |arms| {
                connected(&arms[0], &arms[1])[1]
            }),
            Check::new("effect of distance: index held constant less not", Expect::Positive, |arms| {
                let [distance, _, alone] = connected(&arms[0], &arms[1]);
                distance - alone
            }),
            Check::new("effect of the index: entries through search less through SNS", Expect::Positive, |arms| {
                connected_by(&arms[0], &arms[2], Origin::Search)[1] - connected_by(&arms[0], &arms[2], Origin::Sns)[1]
            }),
        ],
        ablation: &["world.connectedness_weight=0"],
        note: "The index of Bailey et al. is not shipped; users load it by `world.connectedness`.",
    },
];

/// Mean squared felt distance of a firm's destinations in a year, per log of their number, as Chaney measures spread.
fn spread(seen: &Seen) -> f64 {
    let mut portfolios: BTreeMap<(Who, i32), (f64, f64)> = BTreeMap::new();
    for at in &seen.panel {
        let (n, squares) = portfolios.entry(((at.row.slot, at.row.generation), at.year)).or_default();
        *n += 1.0;
        *squares += seen.felt(at.row.market) * seen.felt(at.row.market);
    }
    slope(&portfolios.values().map(|(n, squares)| (squares / n, ln(*n))).collect::<Vec<_>>())
}

/// Felt distance of a firm's exports in a year, weighted by sales, per log of its ties.
fn weighted_spread(seen: &Seen) -> f64 {
    let exporters = seen.firms.iter().filter(|at| at.row.markets > 0);
    let rows = exporters.map(|at| (f64::from(at.row.distance), ln(f64::from(at.row.ties.max(1)))));
    slope(&rows.collect::<Vec<_>>())
}

/// Did the contact come through somebody the firm knew?
fn by_tie(event: &Event) -> bool {
    [Origin::Referral, Origin::Peer, Origin::Founder, Origin::Agent].iter().any(|origin| event.origin == *origin as u8)
}

/// Mean over customers in the last quarter.
fn customers(seen: &Seen, of: impl Fn(&Tie) -> f64) -> f64 {
    let mut values = Vec::new();
    seen.economy.for_each(|_, _, ties, _| {
        values.extend(ties.iter().filter(|tie| tie.state == TieState::Customer).map(&of));
    });
    mean(values)
}

/// Share of contacts with company that are within tolerable risk, the company shown less hidden.
fn inside(seen: &Seen) -> f64 {
    let (model, step) = (&seen.model, seen.economy.step);
    let (now, theory, home) = (model.environment(step), &model.theory, &model.homes[0]);
    let mut gains = Vec::new();
    seen.economy.for_each(|_, firm, ties, relations| {
        let a = firm.proactivity * theory.inertia.drive(firm.inertia);
        let awake = i32::from(step) < i32::from(firm.awake_until);
        let tolerable = theory.risk.tolerable(firm.slack, theory.slack.target, a)
            * if awake { theory.incident.tolerance } else { 1.0 };
        for tie in ties.iter().filter(|tie| tie.state == TieState::Contact) {
            if ties.iter().filter(|other| other.market == tie.market).count() < 2 {
                continue;
            }
            let known = seen.up_to_date(firm, relations).into_iter().find(|relation| relation.market == tie.market);
            let relation = known.unwrap_or(Relation::new(tie.market));
            let (shown, hidden) =
                (sight(model, &now, home, ties, &relation), sight(model, &now, home, &[*tie], &relation));
            let share = if tie.online() { theory.order.online } else { 1.0 };
            let dares = |insidership| {
                let uncertainty = theory.risk.uncertainty(shown.perceived, insidership);
                f64::from(u8::from(theory.risk.bearable(share * theory.risk.exposure(0), uncertainty, tolerable)))
            };
            gains.push(dares(shown.insidership()) - dares(hidden.insidership()));
        }
    });
    mean(gains)
}

/// First-year log sales, their growth, and exit within two years, per peer who sold there the year before the entry.
fn neighbours(seen: &Seen) -> [f64; 3] {
    let there: BTreeSet<(u32, u8, i32)> = seen.panel.iter().map(|at| (at.row.slot, at.row.market, at.year)).collect();
    let (mut sales, mut growth, mut exit) =
        ((Vec::new(), Vec::new()), (Vec::new(), Vec::new()), (Vec::new(), Vec::new()));
    for (who, events) in seen.diaries() {
        for entry in events.iter().filter(|event| event.kind == EventKind::Entry) {
            let year = seen.calendar(entry.step);
            let Some(firm) = seen.at(who, year) else { continue };
            if year == seen.first() || year + 2 > seen.last() {
                continue;
            }
            let peers = seen.model.peers.offline.row(who.0);
            let peers = peers.iter().filter(|peer| there.contains(&(**peer, entry.market, year - 1))).count() as f64;
            let x =
                [peers, ln(f64::from(firm.row.firm.size)), f64::from(firm.row.firm.appeal), peers_at_all(seen, who.0)];
            let left = events.iter().any(|event| {
                event.kind == EventKind::Exit
                    && event.market == entry.market
                    && event.step > entry.step
                    && event.step <= entry.step + 8
                    && event.reason != Exit::Failure as u8
            });
            exit.0.push((f64::from(u8::from(left)), x));
            exit.1.push(entry.market);
            let of = |year| seen.in_market(who, entry.market, year).map(|at| ln(f64::from(at.row.sales)));
            if let Some(first) = of(year + 1) {
                sales.0.push((first, x));
                sales.1.push(entry.market);
                if let Some(second) = of(year + 2) {
                    growth.0.push((second - first, x));
                    growth.1.push(entry.market);
                }
            }
        }
    }
    [&sales, &growth, &exit].map(|(rows, markets)| regress_within(rows, markets)[0])
}

/// Number of offline peers of a slot.
fn peers_at_all(seen: &Seen, slot: u32) -> f64 {
    f64::from(seen.model.peers.offline.degree(slot))
}

/// Countries in which firms have ties or experience, per unit of constraint.
fn opportunities(seen: &Seen) -> f64 {
    let mut rows = Vec::new();
    seen.economy.for_each(|slot, firm, ties, relations| {
        let held = constraint(&seen.model.peers.offline, slot);
        if held.is_finite() {
            let markets = ties.iter().map(|tie| tie.market).chain(relations.iter().map(|relation| relation.market));
            let countries = markets.collect::<BTreeSet<u8>>().len() as f64;
            rows.push((countries, [held, ln(f64::from(firm.size))]));
        }
    });
    regress(&rows)[0]
}

/// Exports over size in the four years after 2014, with peers at home less without, per market served in 2014.
fn mediated(with: &Seen, without: &Seen) -> f64 {
    let mut rows = Vec::new();
    for at in with.firms.iter().filter(|at| at.year == 2014 && at.row.exports > 0.0) {
        let who = (at.row.slot, at.row.firm.generation);
        let later = |seen: &Seen| -> Option<f64> {
            let exports: Option<Vec<f64>> = (2015..2019).map(|year| Some(seen.at(who, year)?.exports())).collect();
            Some(exports?.iter().sum::<f64>() / f64::from(at.row.firm.size))
        };
        let exports = without.at(who, 2014).is_some_and(|other| other.row.exports > 0.0);
        if let (true, Some(one), Some(other)) = (exports, later(with), later(without)) {
            rows.push((one - other, f64::from(at.row.markets)));
        }
    }
    slope(&rows)
}

/// Share of entries of an origin whose market is sold to in the second full year.
fn lasting(seen: &Seen, ties: bool) -> f64 {
    let asked = |event: &&Event| if ties { by_tie(event) } else { event.origin == Origin::Search as u8 };
    mean(seen.events_of(EventKind::Entry).filter(asked).filter_map(|entry| {
        let (who, year) = ((entry.slot, entry.generation), seen.calendar(entry.step) + 2);
        (year <= seen.last() && seen.at(who, year).is_some())
            .then(|| f64::from(u8::from(seen.in_market(who, entry.market, year).is_some())))
    }))
}

/// Firms born under observation with their entries in order.
fn careers(seen: &Seen) -> impl Iterator<Item = Vec<&Event>> {
    seen.diaries().filter(|(_, events)| events[0].kind == EventKind::Birth).filter_map(|(_, events)| {
        let entries: Vec<&Event> = events.iter().filter(|event| event.kind == EventKind::Entry).collect();
        (!entries.is_empty()).then_some(entries)
    })
}

/// Entries in the three years after the first, per log popularity of the first partner.
fn following(seen: &Seen) -> f64 {
    const WITHIN: u16 = 12;
    let model = &seen.model;
    let settled = careers(seen).filter(|entries| entries[0].step + WITHIN < model.quarters);
    let rows: Vec<(f64, f64)> = settled
        .map(|entries| {
            let first = entries[0];
            let popularity = model.theory.partner.popularity(first.partner, model.partners[usize::from(first.market)]);
            let next = entries[1..].iter().filter(|entry| entry.step <= first.step + WITHIN).count() as f64;
            (next, ln(f64::from(popularity)))
        })
        .collect();
    slope(&rows)
}

/// Share of the second and third entries near the first market, less the share of the fifth and later.
fn dependence(seen: &Seen) -> f64 {
    let near = |ranks: std::ops::Range<usize>| {
        mean(careers(seen).flat_map(|entries| {
            let first = entries[0].market;
            let asked: Vec<f64> = ranks
                .clone()
                .filter_map(|rank| entries.get(rank))
                .map(|entry| f64::from(seen.model.likeness(first)[usize::from(entry.market)] & 1))
                .collect();
            asked
        }))
    };
    near(1..3) - near(4..40)
}

/// Effects on log entries by market: of felt distance with the index held constant, of the index, of distance alone.
/// Felt distance is that of the world without the index.
fn connected(plain: &Seen, tied: &Seen) -> [f64; 3] {
    connection(plain, tied, |_| true)
}

/// The same for entries of one origin.
fn connected_by(plain: &Seen, tied: &Seen, origin: Origin) -> [f64; 3] {
    connection(plain, tied, |event| event.origin == origin as u8)
}

fn connection(plain: &Seen, tied: &Seen, asked: impl Fn(&Event) -> bool) -> [f64; 3] {
    let home = tied.model.homes[0].market;
    let mut counts = vec![0.0; tied.model.world.countries.len()];
    let entries = tied.events_of(EventKind::Entry).filter(|event| asked(event));
    entries.for_each(|event| counts[usize::from(event.market)] += 1.0);
    let weight = 0.5;
    let rows: Vec<(f64, [f64; 3])> = (0..counts.len() as u8)
        .filter(|market| *market != home)
        .map(|market| {
            let index = ln(plain.felt(market) / tied.felt(market)) / weight;
            let gdp = ln(tied.model.world.countries[usize::from(market)].gdp_usd);
            (ln(0.5 + counts[usize::from(market)]), [plain.felt(market), index, gdp])
        })
        .collect();
    let alone: Vec<(f64, [f64; 2])> = rows.iter().map(|(y, [distance, _, gdp])| (*y, [*distance, *gdp])).collect();
    let [distance, index, _] = regress(&rows);
    [distance, index, regress(&alone)[0]]
}
