//! What a run leaves behind: tables, their dictionary, figures, the manifest and the folder that holds them.

pub mod again;
pub mod calibration;
pub mod comparison;
pub mod dictionary;
pub mod fact;
pub mod figure;
pub mod file;
mod firm_year;
pub mod folder;
pub mod gallery;
pub mod graph;
pub mod manifest;
pub mod memory;
pub mod record;
pub mod replay;
pub mod result;
pub mod rows;
pub mod scorecard;
pub mod story;
pub mod sweep;
pub mod table;
pub mod theory;
pub mod verify;
