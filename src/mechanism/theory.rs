//! The theory of a run: every mechanism with its parameters.

use super::*;

/// All mechanisms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Theory {
    pub adoption: adoption::Adoption,
    pub agent: agent::Agent,
    pub barrier: barrier::Barrier,
    pub belief: belief::Belief,
    pub capacity: capacity::Capacity,
    pub contact: contact::Contact,
    pub conversion: conversion::Conversion,
    pub decision: decision::Decision,
    pub demography: demography::Demography,
    pub distance: distance::Distance,
    pub entry: entry::Entry,
    pub founder: founder::Founder,
    pub growth: growth::Growth,
    pub incident: incident::Incident,
    pub inertia: inertia::Inertia,
    pub kernel: kernel::Kernel,
    pub knowledge: knowledge::Knowledge,
    pub order: order::Order,
    pub orientation: orientation::OrientationChange,
    pub partner: partner::Partner,
    pub peer: peer::Peer,
    pub proactivity: proactivity::Proactivity,
    pub referral: referral::Referral,
    pub risk: risk::Risk,
    pub search: search::Search,
    pub separation: separation::Separation,
    pub slack: slack::Slack,
    pub sns: platform::Sns,
    pub stage: stage::Stage,
    pub trust: trust::Trust,
    pub unsolicited: unsolicited::Unsolicited,
    pub anchor: anchor::Anchor,
    pub bridging: bridging::Bridging,
    pub community: community::Community,
    pub exchange: exchange::Exchange,
    pub force: force::Force,
    pub gusher: gusher::Gusher,
    pub horizon: horizon::Horizon,
    pub ict: ict::Ict,
    pub information: information::Information,
    pub mixing: mixing::Mixing,
    pub remedy: remedy::Remedy,
    pub revelation: revelation::Revelation,
    pub strain: strain::Strain,
    pub trial: trial::Trial,
}

impl Theory {
    /// What is left of it once one mechanism has switched off what acts in others: the rule of the network knows no
    /// distance in risk, and without social networking sites (SNS) nothing that their use does is left.
    pub fn in_force(mut self) -> Self {
        if self.decision.rule == decision::Rule::Network {
            self.risk.distance_weight = 0.0;
        }
        if !self.sns.on {
            self.sns.cost = 0.0;
            self.distance.channel = distance::Channel::None;
            self.information.weight = 0.0;
            self.remedy.strength = 0.0;
        }
        self
    }
}
