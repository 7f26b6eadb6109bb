//! The one list of theories, in families: [`Theory`], the blocks of scenario files, reference, schema and the order of
//! docs/odd.md follow from it.

use super::*;
use crate::param::{Params, Slot, Slots};

macro_rules! theories {
    ($( $family:literal { $( $field:ident : $theory:ty, )* } )*) => {
        /// Every mechanism with its parameters.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Theory { $($( #[doc = $family] pub $field: $theory, )*)* }

        impl Theory {
            /// The families with the paths of their theories, in the order of the list.
            pub fn families() -> Vec<(&'static str, Vec<&'static str>)> {
                vec![$( ($family, vec![$( <$theory>::default().path() ),*]) ),*]
            }
        }

        impl Slots for Theory {
            fn slots(&self) -> Vec<&dyn Slot> { vec![$($( &self.$field ),*),*] }
            fn slots_mut(&mut self) -> Vec<&mut dyn Slot> { vec![$($( &mut self.$field ),*),*] }
        }
    };
}

theories! {
    "How far markets look, how uncertain that makes, and how firms decide" {
        distance: distance::Distance,
        risk: risk::Risk,
        decision: decision::Decision,
    }
    "Where contacts come from" {
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
    }
    "Ties, and what keeps firms from them" {
        trust: trust::Trust,
        conversion: conversion::Conversion,
        barrier: barrier::Barrier,
        orientation: orientation::OrientationChange,
        inertia: inertia::Inertia,
    }
    "From contact to customer" {
        belief: belief::Belief,
        entry: entry::Entry,
        order: order::Order,
        separation: separation::Separation,
        stage: stage::Stage,
        capacity: capacity::Capacity,
    }
    "Learning" {
        knowledge: knowledge::Knowledge,
        proactivity: proactivity::Proactivity,
    }
    "Money, size, life" {
        slack: slack::Slack,
        growth: growth::Growth,
        demography: demography::Demography,
        incident: incident::Incident,
    }
    "Assumptions that are off by default" {
        force: extension::force::Force,
        horizon: extension::horizon::Horizon,
        anchor: extension::anchor::Anchor,
        bridging: extension::bridging::Bridging,
        exchange: extension::exchange::Exchange,
        trial: extension::trial::Trial,
        revelation: extension::revelation::Revelation,
        gusher: extension::gusher::Gusher,
        strain: extension::strain::Strain,
        mixing: extension::mixing::Mixing,
        information: extension::information::Information,
        community: extension::community::Community,
        ict: extension::ict::Ict,
        remedy: extension::remedy::Remedy,
    }
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

    /// The settings that switch off whatever has a switch.
    pub fn switches() -> Vec<String> {
        let has_one = |slot: &&dyn Slot| slot.section().decl("on").is_some();
        let theory = Self::default();
        theory.slots().into_iter().filter(has_one).map(|slot| format!("{}.on", slot.section().path)).collect()
    }
}
