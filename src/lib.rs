//! fondaco
pub mod draw;
pub mod error;
pub mod network;
pub mod number;
pub mod param;
