//! What was asked: scenario files loaded, laid over one another, checked, explained and documented.
//!
//! A scenario file states only what differs from its base; every other setting keeps its default. Three layers
//! are laid over one another, the later winning: the chain of files that `extends` names (base first), the file
//! itself, and the flags of the command line. Every effective value remembers which of them wrote it.
//!
//! A block of parameters is declared beside the equations that use it and gathered here, by one line of the
//! list of [`Scenario`]. Loading, `--set`, the schema, `scenarios/reference.toml` and the tables of the
//! documentation follow from that line.
//!
//! Deliberately absent: the room knows no equation and runs nothing.

mod check;
pub(crate) mod document;
mod explain;
mod flag;
mod frame;
pub(crate) mod idle;
mod load;
mod overlay;
mod reference;
mod section;
mod settings;
#[cfg(test)]
mod tests;

pub use check::{RULES, Rule};
pub use explain::{Copies, Explained};
pub use flag::Flag;
pub use frame::frames;
pub use load::{Asked, Loaded, Origin, Written, asked, only_scenario};
pub(crate) use load::{beside, folder};
pub use reference::{parameter_table, reference, schema, schema_of, starter};
pub use section::{Section, Sections, Slot};
pub use settings::{FigureStyle, OutputSettings, Run};

use crate::engine::environment::Shock;
use crate::firm::birth::{HomeSettings, Population};
use crate::mechanism::*;
use crate::network::NetworkSettings;
use crate::observe::trajectory::Thresholds;
use crate::param::Named;
use crate::policy::{self, Instrument, Operator};
use crate::world::{Cage, Territory, WorldSettings};

crate::sections! {
    /// Everything that can be set; a field of type [`Named`] holds tables that users name.
    pub struct Scenario {
        run: Run,
        output: OutputSettings,
        population: Population,
        home: Named<HomeSettings>,
        world: WorldSettings,
        cage: Cage,
        territory: Named<Territory>,
        network: NetworkSettings,
        trajectory: Thresholds,
        distance: distance::Distance,
        risk: risk::Risk,
        decision: decision::Decision,
        kernel: kernel::Kernel,
        search: search::Search,
        unsolicited: unsolicited::Unsolicited,
        sns: platform::Sns,
        adoption: adoption::Adoption,
        referral: referral::Referral,
        peer: peer::Peer,
        agent: agent::Agent,
        founder: founder::Founder,
        partner: partner::Partner,
        contact: contact::Contact,
        trust: trust::Trust,
        conversion: conversion::Conversion,
        barrier: barrier::Barrier,
        orientation: orientation::OrientationChange,
        inertia: inertia::Inertia,
        belief: belief::Belief,
        entry: entry::Entry,
        order: order::Order,
        separation: separation::Separation,
        stage: stage::Stage,
        capacity: capacity::Capacity,
        knowledge: knowledge::Knowledge,
        proactivity: proactivity::Proactivity,
        slack: slack::Slack,
        growth: growth::Growth,
        demography: demography::Demography,
        incident: incident::Incident,
        anchor: anchor::Anchor,
        bridging: bridging::Bridging,
        community: community::Community,
        exchange: exchange::Exchange,
        force: force::Force,
        gusher: gusher::Gusher,
        horizon: horizon::Horizon,
        ict: ict::Ict,
        information: information::Information,
        mixing: mixing::Mixing,
        remedy: remedy::Remedy,
        revelation: revelation::Revelation,
        strain: strain::Strain,
        trial: trial::Trial,
        platform: Named<platform::Platform> = platform::catalogue(),
        shock: Named<Shock>,
        instrument: Named<Instrument> = policy::instruments(),
        operator: Named<Operator> = policy::operators(),
    }
}

impl Scenario {
    /// Every mechanism with its parameters.
    pub fn theory(&self) -> theory::Theory {
        theory::Theory {
            adoption: self.adoption.clone(),
            agent: self.agent.clone(),
            barrier: self.barrier.clone(),
            belief: self.belief.clone(),
            capacity: self.capacity.clone(),
            contact: self.contact.clone(),
            conversion: self.conversion.clone(),
            decision: self.decision.clone(),
            demography: self.demography.clone(),
            distance: self.distance.clone(),
            entry: self.entry.clone(),
            founder: self.founder.clone(),
            growth: self.growth.clone(),
            incident: self.incident.clone(),
            inertia: self.inertia.clone(),
            kernel: self.kernel.clone(),
            knowledge: self.knowledge.clone(),
            order: self.order.clone(),
            orientation: self.orientation.clone(),
            partner: self.partner.clone(),
            peer: self.peer.clone(),
            proactivity: self.proactivity.clone(),
            referral: self.referral.clone(),
            risk: self.risk.clone(),
            search: self.search.clone(),
            separation: self.separation.clone(),
            slack: self.slack.clone(),
            sns: self.sns.clone(),
            stage: self.stage.clone(),
            trust: self.trust.clone(),
            unsolicited: self.unsolicited.clone(),
            anchor: self.anchor.clone(),
            bridging: self.bridging.clone(),
            community: self.community.clone(),
            exchange: self.exchange.clone(),
            force: self.force.clone(),
            gusher: self.gusher.clone(),
            horizon: self.horizon.clone(),
            ict: self.ict.clone(),
            information: self.information.clone(),
            mixing: self.mixing.clone(),
            remedy: self.remedy.clone(),
            revelation: self.revelation.clone(),
            strain: self.strain.clone(),
            trial: self.trial.clone(),
        }
    }
}
