//! The tournament of theories: which combination of mechanisms reproduces which of the calibration facts.
//!
//! Every preset is the same Belgian population with some mechanisms taken out or put in the place of others, scored
//! against the table of facts as `fondaco validate` does it. Facts that need many homes, and those measured on
//! pairs of runs, are left out. The parameters stay those calibrated for the whole model: a preset that fails a fact has not
//! been given its own best chance, it shows what the mechanism carries in this one.

use crate::error::Error;
use crate::experiment::Plan;
use crate::experiment::fact::{Fact, Homes, facts};
use crate::experiment::validate::{Scorecard, Verdict, scorecard};
use crate::scenario::{Flag, Loaded};
use std::sync::atomic::AtomicBool;

/// A combination of mechanisms.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    pub name: &'static str,
    /// What is in and what is out, and whose theory it is.
    pub about: &'static str,
    pub settings: &'static [&'static str],
}

/// Every preset, the whole model first.
pub const PRESETS: &[Preset] = &[
    Preset { name: "whole model", about: "every mechanism, as calibrated", settings: &[] },
    Preset {
        name: "Uppsala 1977",
        about: "distance makes uncertain, only knowledge cures; Johanson & Vahlne 1977",
        settings: &["mechanism.risk.outsider_weight=0", "mechanism.distance.offline=0", "mechanism.distance.online=0"],
    },
    Preset {
        name: "Uppsala 2009",
        about: "outsidership weighs more than distance; Johanson & Vahlne 2009",
        settings: &["mechanism.risk.distance_weight=0.3", "mechanism.risk.outsider_weight=0.9"],
    },
    Preset {
        name: "networks only",
        about: "distance makes nobody uncertain, and nobody searches: all comes through ties and buyers",
        settings: &["mechanism.decision.rule=network", "mechanism.search.on=false"],
    },
    Preset {
        name: "search only",
        about: "no referrals, peers, founders or SNS: firms and buyers search",
        settings: &[
            "mechanism.referral.on=false",
            "mechanism.peer.on=false",
            "mechanism.founder.on=false",
            "mechanism.adoption.on=false",
        ],
    },
    Preset {
        name: "casino",
        about: "opportunities as they come, blind to distance; Håkanson & Kappen 2017",
        settings: &[
            "mechanism.decision.rule=casino",
            "mechanism.kernel.offline_decay=0",
            "mechanism.kernel.online_decay=0",
            "mechanism.entry.distance=0",
        ],
    },
    Preset {
        name: "full information",
        about: "true appeal, match and friction known; no fear, no barriers",
        settings: &["mechanism.decision.rule=full-information"],
    },
    Preset {
        name: "no referrals",
        about: "partners introduce nobody: without Chaney 2014",
        settings: &["mechanism.referral.on=false"],
    },
    Preset { name: "no peers", about: "firms at home do not know each other", settings: &["network.on=false"] },
    Preset {
        name: "no founders",
        about: "founders bring no contacts: without Oviatt & McDougall 1994",
        settings: &["mechanism.founder.on=false"],
    },
    Preset { name: "no SNS", about: "nobody takes SNS up", settings: &["mechanism.adoption.on=false"] },
    Preset {
        name: "no learning",
        about: "no knowledge of markets, no belief in oneself",
        settings: &["mechanism.knowledge.on=false", "mechanism.belief.on=false"],
    },
    Preset { name: "no trust", about: "ties neither strengthen nor fade", settings: &["mechanism.trust.on=false"] },
    Preset {
        name: "no barriers",
        about: "nothing inside the firm stops it: without Leonidou 2004",
        settings: &["mechanism.barrier.on=false"],
    },
];

/// A preset with its scorecard.
#[derive(Clone, Debug)]
pub struct Scored {
    pub preset: Preset,
    pub card: Scorecard,
}

impl Scored {
    /// Every fact with rows passed and all rows.
    pub fn facts(&self) -> Vec<(String, usize, usize)> {
        let mut facts: Vec<(String, usize, usize)> = Vec::new();
        for row in &self.card.rows {
            if facts.last().is_none_or(|last| last.0 != row.fact.id) {
                facts.push((row.fact.id.clone(), 0, 0));
            }
            let last = facts.last_mut().expect("one was just put there");
            last.1 += usize::from(row.simulated.verdict == Verdict::Pass);
            last.2 += 1;
        }
        facts
    }

    /// Facts passed as a whole.
    pub fn passed(&self) -> usize {
        self.facts().iter().filter(|(_, passed, all)| passed == all).count()
    }
}

/// The facts of the tournament: those that one run of one home can tell.
pub fn contested() -> Vec<Fact> {
    let told = |fact: &Fact| {
        let statistic = fact.statistic;
        fact.homes == Homes::Own && statistic.lacking.is_none() && !statistic.is_paired()
    };
    facts().into_iter().filter(told).collect()
}

/// Runs every preset over `seeds` seeds with `firms` firms and scores it; `done` is told of every year simulated.
///
/// # Errors
/// When a run breaks down.
pub fn tournament(
    firms: u32,
    seeds: u32,
    seed: u64,
    interrupt: &AtomicBool,
    done: &(dyn Fn(u32, i32) + Sync),
) -> Result<Vec<Scored>, Error> {
    let facts = contested();
    PRESETS
        .iter()
        .map(|preset| {
            let plan = plan(preset, firms, seeds, seed)?;
            Ok(Scored { preset: *preset, card: scorecard(&plan, &facts, interrupt, done)? })
        })
        .collect()
}

/// Years that a tournament simulates.
pub fn years(seeds: u32) -> u64 {
    u64::from(YEARS) * u64::from(seeds) * PRESETS.len() as u64
}

const YEARS: u32 = 30;

fn plan(preset: &Preset, firms: u32, seeds: u32, seed: u64) -> Result<Plan, Error> {
    let base = [
        "run.start=1995".to_owned(),
        format!("run.years={YEARS}"),
        format!("run.replicates={seeds}"),
        format!("run.seed={seed}"),
        format!("population.firms={firms}"),
    ];
    let settings = base.iter().map(String::as_str).chain(preset.settings.iter().copied());
    Plan::new(&Loaded::defaults(&settings.map(Flag::set).collect::<Vec<_>>())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_sound_scenario() {
        for preset in PRESETS {
            plan(preset, 100, 2, 1).unwrap_or_else(|error| panic!("{}: {error}", preset.name));
        }
        assert!(contested().iter().all(|fact| !["C7", "C14", "C19", "C20"].contains(&fact.id.as_str())));
    }
}
