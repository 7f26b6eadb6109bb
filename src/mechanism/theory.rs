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
}
