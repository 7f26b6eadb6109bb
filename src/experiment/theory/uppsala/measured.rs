//! What the rows of Uppsala measure.

use super::super::seen::{FirmYear, MarketYear, Seen, Who};
use super::super::statistics::{deviation, mean, regress};
use crate::economy::accounts::{Event, EventKind, Sum};
use crate::engine::quarter::sight;
use crate::firm::Exit;
use crate::number::f64s::ln;
use std::collections::BTreeMap;

/// Upgrades by the yearly review: those at a return to a market, in its old mode, are left out.
pub(super) fn upgrades(seen: &Seen) -> impl Iterator<Item = &Event> {
    seen.diaries().flat_map(|(_, events)| {
        let returns = move |up: &&Event| {
            !events
                .iter()
                .any(|event| event.kind == EventKind::Reentry && (event.step, event.market) == (up.step, up.market))
        };
        events.iter().filter(|event| event.kind == EventKind::StageUp).filter(returns)
    })
}

pub(super) fn step(seen: &Seen) -> f64 {
    mean(upgrades(seen).map(|up| f64::from(up.stage_to - up.stage_from)))
}

/// Pairs of years in a row of the same firm in the same market.
pub(super) fn successive(seen: &Seen) -> impl Iterator<Item = (&MarketYear, &MarketYear)> {
    seen.spells()
        .flat_map(|spell| spell.windows(2))
        .filter(|pair| pair[1].year == pair[0].year + 1)
        .map(|pair| (&pair[0], &pair[1]))
}

pub(super) fn deepening(seen: &Seen) -> f64 {
    upgrades(seen).count() as f64 / seen.sum(Sum::Served)
}

pub(super) fn commitment(seen: &Seen) -> f64 {
    seen.panel.iter().map(|at| f64::from(seen.model.theory.risk.exposure(at.row.stage))).sum::<f64>()
        / seen.sum(Sum::Firms)
}

/// Upgrades with log sales in the market that year, and the firm at the end of the year before.
pub(super) fn weighed(seen: &Seen) -> impl Iterator<Item = (&Event, f64, &FirmYear)> {
    upgrades(seen).filter_map(|up| {
        let (who, year) = ((up.slot, up.generation), seen.calendar(up.step));
        Some((up, ln(f64::from(seen.in_market(who, up.market, year)?.row.sales)), seen.at(who, year - 1)?))
    })
}

/// What upgrades are like, per log of slack over its target.
pub(super) fn by_slack(seen: &Seen, of: impl Fn(u8) -> f64) -> f64 {
    let target = seen.model.theory.slack.target;
    let rows: Vec<(f64, [f64; 3])> = weighed(seen)
        .map(|(up, sales, firm)| {
            let slack = ln(f64::from(1.0 + firm.row.firm.slack.max(0.0) / target));
            (of(up.stage_to - up.stage_from), [slack, sales, ln(f64::from(firm.row.firm.size))])
        })
        .collect();
    regress(&rows)[0]
}

/// Profit of the same firms and markets in two worlds in the years after a leap in the first, per leap.
pub(super) fn leap_profit(with: &Seen, without: &Seen, years: std::ops::Range<i32>) -> f64 {
    let profit = |seen: &Seen, who: Who, market: u8, year: i32| {
        let theory = &seen.model.theory;
        let earned = seen
            .in_market(who, market, year)
            .map_or(0.0, |at| theory.order.margin * at.row.sales - theory.stage.upkeep(at.row.stage));
        let spent: f32 = seen
            .events_of(EventKind::StageUp)
            .filter(|up| {
                (up.slot, up.generation, up.market) == (who.0, who.1, market) && seen.calendar(up.step) == year
            })
            .map(|up| up.cost)
            .sum();
        f64::from(earned - spent)
    };
    let last = with.last();
    mean(upgrades(with).filter(|up| up.stage_to - up.stage_from > 1).filter_map(|leap| {
        let (who, start) = ((leap.slot, leap.generation), with.calendar(leap.step));
        // Firms that live in both worlds to the end of the window.
        let end = start + years.end - 1;
        (end <= last && with.at(who, end).is_some() && without.at(who, end).is_some()).then(|| {
            let over = |seen: &Seen| mean(years.clone().map(|after| profit(seen, who, leap.market, start + after)));
            over(with) - over(without)
        })
    }))
}

/// Shares of the firms with two markets or more that fell to half of their peak, and that came back to it.
pub(super) fn phases(seen: &Seen) -> (f64, f64) {
    let mut firms = Vec::new();
    for (_, events) in seen.diaries().filter(|(_, events)| events[0].kind == EventKind::Birth) {
        let (mut served, mut peak, mut fell, mut back) = (0_i32, 0, false, false);
        for event in events {
            match event.kind {
                EventKind::Entry | EventKind::Reentry => served += 1,
                EventKind::Exit if event.reason != Exit::Failure as u8 => served -= 1,
                _ => {}
            }
            back |= fell && served >= peak;
            if served > peak {
                peak = served;
            }
            fell |= peak >= 2 && 2 * served <= peak;
        }
        if peak >= 2 {
            firms.push((f64::from(u8::from(fell)), f64::from(u8::from(back))));
        }
    }
    (mean(firms.iter().map(|firm| firm.0)), mean(firms.iter().map(|firm| firm.1)))
}

/// Change of the chance that an exporter stops, per log size and per unit of appeal.
pub(super) fn stopping(seen: &Seen) -> [f64; 2] {
    let years = seen.histories().flat_map(|(_, years)| years.windows(2));
    let rows: Vec<(f64, [f64; 2])> = years
        .filter(|pair| pair[0].row.exports > 0.0)
        .map(|pair: &[FirmYear]| {
            let firm = &pair[0].row.firm;
            (f64::from(u8::from(pair[1].row.exports == 0.0)), [ln(f64::from(firm.size)), f64::from(firm.appeal)])
        })
        .collect();
    regress(&rows)
}

/// Share of exits for a reason after which the market is entered again within four years.
pub(super) fn again(seen: &Seen, reason: Exit) -> f64 {
    const WITHIN: u16 = 16;
    let end = seen.model.quarters;
    mean(seen.diaries().flat_map(|(_, events)| {
        let died = events.iter().any(|event| event.kind == EventKind::Death);
        let exits =
            events.iter().filter(move |event| event.kind == EventKind::Exit && event.reason == reason as u8 && !died);
        exits.filter(move |exit| exit.step + WITHIN < end).map(move |exit| {
            let back = |event: &&Event| {
                event.kind == EventKind::Reentry
                    && event.market == exit.market
                    && event.step > exit.step
                    && event.step <= exit.step + WITHIN
            };
            f64::from(u8::from(events.iter().any(|event| back(&event))))
        })
    }))
}

/// How much more often the old mode is repeated at a return than independent modes would be the same.
pub(super) fn memory(seen: &Seen) -> f64 {
    let mut pairs: Vec<(u8, u8)> = Vec::new();
    for (_, events) in seen.diaries() {
        let mut old: BTreeMap<u8, u8> = BTreeMap::new();
        for (i, event) in events.iter().enumerate() {
            match event.kind {
                EventKind::StageDown | EventKind::Exit if event.stage_from > 0 => {
                    let _ = old.insert(event.market, event.stage_from);
                }
                EventKind::Reentry => {
                    let now = events[i..]
                        .iter()
                        .find(|up| up.kind == EventKind::StageUp && (up.step, up.market) == (event.step, event.market));
                    pairs.push((old.get(&event.market).copied().unwrap_or(0), now.map_or(0, |up| up.stage_to)));
                }
                _ => {}
            }
        }
    }
    let share =
        |test: &dyn Fn(&(u8, u8)) -> bool| pairs.iter().filter(|pair| test(pair)).count() as f64 / pairs.len() as f64;
    share(&|pair| pair.0 == pair.1)
        - (0..=3).map(|stage| share(&|pair| pair.0 == stage) * share(&|pair| pair.1 == stage)).sum::<f64>()
}

pub(super) fn common(seen: &Seen, market: u8) -> crate::world::Components {
    seen.model.world.components(seen.model.homes[0].market, market)
}

pub(super) fn gap(seen: &Seen, of: impl Fn(&Seen, u8) -> f64) -> f64 {
    mean(seen.events_of(EventKind::Entry).map(|entry| of(seen, entry.market)))
}

/// Log of perceived over felt distance by knowledge of the market, of the firm's others, and insidership.
pub(super) fn nearing(seen: &Seen) -> [f64; 3] {
    let (model, now) = (&seen.model, seen.model.environment(seen.economy.step));
    let mut rows = Vec::new();
    seen.economy.for_each(|_, firm, ties, relations| {
        let relations = seen.up_to_date(firm, relations);
        let known: f64 = relations.iter().map(|relation| f64::from(relation.knowledge)).sum();
        for relation in relations.iter().filter(|_| relations.len() > 1) {
            let looks = sight(model, &now, &model.homes[0], ties, relation);
            let knowledge = f64::from(relation.knowledge);
            let others = (known - knowledge) / (relations.len() as f64 - 1.0);
            let nearer = ln(f64::from(looks.perceived) / seen.felt(relation.market));
            rows.push((nearer, [knowledge, others, f64::from(looks.insidership())]));
        }
    });
    regress(&rows)
}

pub(super) fn dispersion(seen: &Seen) -> f64 {
    let exporters = seen.firms.iter().filter(|at| at.year == seen.last() && at.row.exports > 0.0);
    deviation(&exporters.map(FirmYear::fsts).collect::<Vec<_>>())
}

/// Spread of yearly log growth of exports over firm-years.
/// Standard deviation of log exports over exporters of a year.
pub(super) fn unevenness(seen: &Seen) -> f64 {
    let exporters = seen.firms.iter().filter(|at| at.row.exports > 0.0);
    deviation(&exporters.map(|at| ln(at.exports())).collect::<Vec<_>>())
}

/// Standard deviation of log growth of exports from one year to the next.
pub(super) fn volatility(seen: &Seen) -> f64 {
    deviation(&growths(seen, |_| true))
}

pub(super) fn volatility_in_one_market(seen: &Seen) -> f64 {
    deviation(&growths(seen, |at| at.row.markets == 1))
}

/// Log growth of exports between years in which a firm exports and is wanted.
pub(super) fn growths(seen: &Seen, wanted: impl Fn(&FirmYear) -> bool) -> Vec<f64> {
    let years = seen.histories().flat_map(|(_, years)| years.windows(2));
    let both = years.filter(|pair| pair.iter().all(|at| at.row.exports > 0.0 && wanted(at)));
    both.map(|pair| ln(pair[1].exports() / pair[0].exports())).collect()
}
