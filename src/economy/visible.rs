//! What firms can see of each other, by slot: a visible state each, and a signature of it.
//!
//! Whoever looks around among its peers mostly finds firms that neither export to the market in question nor use SNS. A
//! signature, two bytes, tells that; those of a million firms fit a processor's caches, their visible states do not.

use crate::firm::VisibleState;
use serde::{Deserialize, Serialize};
use std::ops::Index;

/// The bit of a signature for the use of SNS; the others are for markets with a customer, several to a bit.
const ON_SNS: u16 = 1 << 15;

/// The visible states of all firms at the start of a quarter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisibleStates {
    states: Vec<VisibleState>,
    signatures: Vec<u16>,
}

/// The visible states of neighbouring slots, to be changed.
#[derive(Debug)]
pub struct VisibleStatesMut<'a> {
    states: &'a mut [VisibleState],
    signatures: &'a mut [u16],
}

impl VisibleStates {
    /// The visible state of the next slot.
    pub fn push(&mut self, visible: VisibleState) {
        self.states.push(visible);
        self.signatures.push(signature(&visible));
    }

    /// Number of slots.
    pub fn len(&self) -> usize {
        self.states.len()
    }

    /// Are there no firms?
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// The visible state of a slot, if it is one.
    pub fn get(&self, slot: usize) -> Option<&VisibleState> {
        self.states.get(slot)
    }

    /// In order of slot.
    pub fn iter(&self) -> impl Iterator<Item = &VisibleState> {
        self.states.iter()
    }

    /// Has the firm a customer in any market?
    #[inline]
    pub fn abroad(&self, slot: u32) -> bool {
        self.signatures[slot as usize] & !ON_SNS != 0
    }

    /// Does the firm use a social networking site?
    #[inline]
    pub fn on_sns(&self, slot: u32) -> bool {
        self.signatures[slot as usize] & ON_SNS != 0
    }

    /// Has the firm a customer in the market?
    #[inline]
    pub fn has(&self, slot: u32, market: u8) -> bool {
        self.signatures[slot as usize] & bit(market) != 0 && self.states[slot as usize].has(market)
    }

    /// All slots, to be split.
    pub fn as_mut(&mut self) -> VisibleStatesMut<'_> {
        VisibleStatesMut { states: &mut self.states, signatures: &mut self.signatures }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.states.capacity() * size_of::<VisibleState>() + self.signatures.capacity() * size_of::<u16>()
    }
}

impl Index<usize> for VisibleStates {
    type Output = VisibleState;

    #[inline]
    fn index(&self, slot: usize) -> &VisibleState {
        &self.states[slot]
    }
}

impl<'a> VisibleStatesMut<'a> {
    /// Takes the next `n` slots off.
    ///
    /// # Panics
    /// When there are fewer.
    pub fn take(&mut self, n: usize) -> VisibleStatesMut<'a> {
        let (states, other_states) = std::mem::take(&mut self.states).split_at_mut(n);
        let (signatures, other_signatures) = std::mem::take(&mut self.signatures).split_at_mut(n);
        (self.states, self.signatures) = (other_states, other_signatures);
        VisibleStatesMut { states, signatures }
    }

    /// Shows another visible state at the `i`th of these slots.
    pub fn set(&mut self, i: usize, visible: VisibleState) {
        self.states[i] = visible;
        self.signatures[i] = signature(&visible);
    }
}

fn signature(visible: &VisibleState) -> u16 {
    visible.markets().fold(if visible.on_sns { ON_SNS } else { 0 }, |signature, market| signature | bit(market))
}

/// The bit of a signature for a market.
#[inline]
fn bit(market: u8) -> u16 {
    1 << (market % 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glance_agrees_with_the_face() {
        let mut exporter = VisibleState::new(3, 0, false);
        exporter.show(7);
        let mut visible = VisibleStates::default();
        for _ in 0..5 {
            visible.push(VisibleState::new(0, 0, false));
        }
        let mut rest = visible.as_mut();
        let _skipped = rest.take(2);
        rest.take(2).set(1, exporter);
        rest.set(0, VisibleState::new(1, 0, true));
        let abroad: Vec<bool> = (0..5).map(|slot| visible.abroad(slot)).collect();
        let on_sns: Vec<bool> = (0..5).map(|slot| visible.on_sns(slot)).collect();
        assert_eq!(abroad, [false, false, false, true, false]);
        assert_eq!(on_sns, [false, false, false, false, true]);
        assert!(visible.has(3, 7) && !visible.has(2, 7));
        assert!(!visible.has(3, 8) && !visible.has(3, 22), "neither another market nor one of the same bit");
        assert_eq!(visible[3], exporter);
    }
}
