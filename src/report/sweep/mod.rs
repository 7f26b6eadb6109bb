//! Sweeps on paper: tables of runs for other programs, figures, and one page with all of it.

pub mod effects;
pub mod export;
pub mod page;
