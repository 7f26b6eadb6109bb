//! Tests of the whole program, in one binary so that it is linked once; a test's name is the sentence it proves.

mod cli;
mod commands;
mod contents;
mod door;
mod extremes;
mod figures;
mod floors;
mod golden;
mod guide;
mod identities;
mod laboratory;
mod limits;
mod own;
mod paths;
mod policies;
mod properties;
mod running;
mod scenarios;
mod sweep;
mod theory;
mod threads;
mod twins;
