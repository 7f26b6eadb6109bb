//! What participants of support measures have, and what has come of the measures so far.
//!
//! Deliberately absent: what a support does, which the programme of the run knows.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One operator at work on one firm.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Support {
    pub slot: u32,
    pub generation: u16,
    /// Index of the action in the programme.
    pub action: u16,
    /// Quarter of enrolment.
    pub since: u16,
    /// Share of it that was possible at enrolment.
    pub share: f32,
    /// The firm's circle of fellow participants: where it begins and how long it is, among all circles of the run.
    pub circle: u32,
    pub fellows: u16,
}

impl Support {
    /// Quarters since enrolment.
    #[inline]
    pub fn age(&self, step: u16) -> u16 {
        step - self.since
    }

    /// The fellow participants, the firm itself among them.
    #[inline]
    pub fn fellows<'a>(&self, circles: &'a [u32]) -> &'a [u32] {
        &circles[self.circle as usize..self.circle as usize + usize::from(self.fellows)]
    }

    /// Does it begin in this quarter?
    #[inline]
    pub fn fresh(&self, step: u16) -> bool {
        self.since == step
    }
}

/// A firm that takes part in a measure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Treatment {
    pub slot: u32,
    pub generation: u16,
    /// Index of the measure in the programme.
    pub measure: u16,
    pub step: u16,
    /// What it costs, grants included, US$.
    pub cost: f64,
}

/// Why a round offered no further place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ended {
    /// Every firm that applied had its offer.
    #[default]
    Queue,
    /// All places were taken.
    Places,
    /// What was left of the budget did not pay for one more participant.
    Budget,
}

/// What a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Round {
    pub measure: u16,
    pub step: u16,
    pub eligible: u32,
    pub offered: u32,
    pub accepted: u32,
    /// Applicants whose home lets nobody take part now, as under a ban of travel.
    pub barred: u32,
    pub ended: Ended,
    /// US$, the fixed cost included.
    pub cost: f64,
}

/// Entry costs that a measure has paid in a year.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    pub measure: u16,
    /// The last quarter of the year.
    pub step: u16,
    /// US$.
    pub cost: f64,
}

/// What has come of a programme so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Register {
    /// In order of enrolment.
    pub treatments: Vec<Treatment>,
    pub rounds: Vec<Round>,
    /// Year by year and home by home, as far as anything was paid.
    pub payments: Vec<Payment>,
    /// Measure, slot and generation of everybody enrolled.
    pub enrolled: BTreeSet<(u16, u32, u16)>,
    /// Firms that were eligible in some round, by slot and generation, in order and each once.
    pub eligible: Vec<(u32, u16)>,
    /// Fellow participants, circle after circle.
    pub circles: Vec<u32>,
}
