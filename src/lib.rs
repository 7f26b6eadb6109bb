//! fondaco

pub mod draw;
pub mod error;
pub mod network;
pub mod number;
pub mod observe;
pub mod param;
pub mod report;
pub mod scenario;
pub mod world;
