//! Events: what is noted of a quarter, as far as it is asked for.

use super::{Out, Own, Scratch, Setting};
use crate::economy::accounts::{Event, EventKind};
use crate::firm::Tie;

/// Notes an event in a market, if events are asked for; `fill` adds to it what the firm weighed.
#[inline]
pub(super) fn note(
    at: &Setting,
    own: &mut Own,
    out: &mut Out,
    kind: EventKind,
    market: u8,
    tie: Option<&Tie>,
    fill: impl FnOnce(Event) -> Event,
) {
    if out.accounts.notes_events(own.slot) {
        let event = fill(event_at(at, own, kind, market, tie));
        out.accounts.events.push(event);
    }
}

/// Notes what is told of watched firms only.
#[inline]
pub(super) fn note_watched(
    at: &Setting,
    own: &mut Own,
    out: &mut Out,
    kind: EventKind,
    tie: &Tie,
    fill: impl FnOnce(Event) -> Event,
) {
    if out.accounts.watches(own.slot) {
        note(at, own, out, kind, tie.market, Some(tie), fill);
    }
}

/// An event in a market, with what the firm sees there.
fn event_at(at: &Setting, own: &Own, kind: EventKind, market: u8, tie: Option<&Tie>) -> Event {
    let mut event = Event::of_firm(kind, own.slot, own.firm.generation, at.step);
    event.market = market;
    event.felt = at.home.felt[usize::from(market)];
    let Scratch { relations, sights, .. } = &*own.scratch;
    if let Some((relation, seen)) = relations.iter().zip(sights.iter()).find(|(relation, _)| relation.market == market)
    {
        event.perceived = seen.perceived;
        event.ties = relation.ties;
        event.stage_from = relation.stage;
        event.stage_to = relation.stage;
    }
    if let Some(tie) = tie {
        event.origin = tie.origin as u8;
        event.partner = tie.partner;
    }
    event
}
