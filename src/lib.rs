//! fondaco
pub mod draw;
pub mod error;
pub mod number;
pub mod param;
pub mod report;
