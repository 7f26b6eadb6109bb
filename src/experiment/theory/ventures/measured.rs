//! What the rows on ventures measure.

use super::super::seen::{FirmYear, MarketYear, Seen, Who};
use super::super::statistics::{deviation, mean, regress, slope};
use crate::economy::accounts::{EventKind, History};
use crate::number::f64s::ln;
use crate::observe::venture::Venture;
use std::collections::BTreeMap;

pub(super) fn venture(seen: &Seen, kind: Venture) -> f64 {
    let young = seen.firms.iter().filter(|at| at.row.markets > 0 && at.age(seen) <= 6.0);
    mean(young.map(|at| f64::from(u8::from(Venture::of(at.row.stage, at.row.markets) == kind))))
}

/// Firms born under observation with their first year of exporting, as years since founding.
pub(super) fn starters(seen: &Seen) -> impl Iterator<Item = (&History, f64)> {
    seen.lives.iter().filter(|history| history.firm.born >= seen.model.burn_in as i16).filter_map(|history| {
        let first = history.years.first()?;
        Some((history, f64::from(first.year) - f64::from(history.firm.born.div_euclid(4))))
    })
}

/// How far the middle of the distribution of log lags lies below the mean of its ends.
pub(super) fn valley(seen: &Seen) -> f64 {
    (seen.starts(1..3) + seen.starts(10..20)) / 2.0 - seen.starts(4..7)
}

/// Change of FSTS over three years around incidents, against the same firms in the other world.
pub(super) fn awakened(with: &Seen, without: &Seen) -> f64 {
    mean(with.events_of(EventKind::Incident).filter_map(|event| {
        let (who, year) = ((event.slot, event.generation), with.calendar(event.step));
        let change = |seen: &Seen| Some(seen.at(who, year + 3)?.fsts() - seen.at(who, year - 1)?.fsts());
        Some(change(with)? - change(without)?)
    }))
}

/// Pairs of years in a row of a firm in a market with the firm's row of the second year.
pub(super) fn lessons(seen: &Seen) -> impl Iterator<Item = (&MarketYear, &MarketYear, &FirmYear)> {
    seen.spells().flat_map(|spell| spell.windows(2)).filter(|pair| pair[1].year == pair[0].year + 1).filter_map(
        |pair| Some((&pair[0], &pair[1], seen.at((pair[0].row.slot, pair[0].row.generation), pair[1].year)?)),
    )
}

/// Age in years at the first sale abroad.
pub(super) fn entry_age(at: &FirmYear) -> f64 {
    f64::from(at.row.firm.first_sale - at.row.firm.born) / 4.0
}

pub(super) fn learning(seen: &Seen) -> f64 {
    let rows: Vec<(f64, [f64; 3])> = lessons(seen)
        .map(|(now, next, firm)| {
            let knowledge = f64::from(now.row.knowledge);
            (f64::from(next.row.knowledge) - knowledge, [entry_age(firm), knowledge, ln(f64::from(now.row.sales))])
        })
        .collect();
    regress(&rows)[0]
}

/// Log growth of exports from the first to the third full year abroad, per year of age at the first export.
pub(super) fn growth(seen: &Seen) -> f64 {
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
pub(super) fn widening(seen: &Seen) -> f64 {
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
pub(super) fn early_failure(seen: &Seen) -> f64 {
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
pub(super) fn years_abroad(seen: &Seen, at: &FirmYear) -> f64 {
    f64::from(at.year - seen.calendar(at.row.firm.first_sale.max(0) as u16) + 1)
}

/// Failure in the following year of late, slow and cautious exporters less that of others.
pub(super) fn cautious(seen: &Seen) -> f64 {
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

pub(super) fn performance(seen: &Seen) -> [f64; 5] {
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

pub(super) fn pace(seen: &Seen) -> [f64; 4] {
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

pub(super) fn late(seen: &Seen) -> f64 {
    let rows: Vec<(f64, f64)> = starters(seen)
        .filter_map(|(history, lag)| {
            let year = seen.calendar(4 * history.years[0].year) + 4;
            Some((f64::from(seen.at((history.slot, history.firm.generation), year)?.row.markets) / 5.0, lag))
        })
        .collect();
    slope(&rows)
}

/// Mean knowledge in years of a firm in a market, counted from its first there.
pub(super) fn known(seen: &Seen, years: std::ops::Range<usize>) -> f64 {
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
pub(super) fn scatter(with: &Seen, without: &Seen) -> f64 {
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

pub(super) fn overload(seen: &Seen) -> f64 {
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
pub(super) fn dying(seen: &Seen) -> f64 {
    let rate = |ages: std::ops::Range<f64>| {
        let lived = seen.firms.iter().filter(|at| ages.contains(&at.age(seen))).count() as f64;
        let died = seen.lives.iter().filter(|history| {
            history.died && ages.contains(&(f64::from(i32::from(history.end) - i32::from(history.firm.born)) / 4.0))
        });
        died.count() as f64 / lived
    };
    rate(0.0..5.0) - rate(15.0..1e9)
}
