//! Theories that serve single rows of the table of theories and are off by default: the calibrated model is the other ones.

pub mod anchor;
pub mod bridging;
pub mod community;
pub mod exchange;
pub mod force;
pub mod gusher;
pub mod horizon;
pub mod ict;
pub mod information;
pub mod mixing;
pub mod remedy;
pub mod revelation;
pub mod strain;
pub mod trial;
