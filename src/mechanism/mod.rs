//! The theories: one file each, with its claim, its equation, its parameters, its prediction and its source.
//!
//! A file says what one theory adds to one of the few quantities that matter: how far a market looks, how
//! uncertain it is, how often contacts arrive, what a step costs or is worth, what is learnt. The `params!` block
//! of a file is its symbol table: symbol, unit, range, source and meaning of everything in the equation. Rates are
//! per year. All of them are in the list of [`theory`], and in no other. The order in which the terms act is the business of [`engine`](crate::engine), not of any theory; a
//! theory knows no other theory and draws no random number.

pub mod adoption;
pub mod agent;
pub mod barrier;
pub mod belief;
pub mod capacity;
pub mod contact;
pub mod conversion;
pub mod decision;
pub mod demography;
pub mod distance;
pub mod entry;
pub mod extension;
pub mod founder;
pub mod growth;
pub mod incident;
pub mod inertia;
pub mod kernel;
pub mod knowledge;
pub mod order;
pub mod orientation;
pub mod partner;
pub mod peer;
pub mod platform;
pub mod proactivity;
pub mod referral;
pub mod risk;
pub mod search;
pub mod separation;
pub mod slack;
pub mod stage;
pub mod theory;
pub mod trust;
pub mod unsolicited;
