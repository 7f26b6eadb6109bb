//! What was asked: scenario files loaded, laid over one another, checked, explained and documented.
//!
//! A scenario file states only what differs from its base; every other setting keeps its default. Three layers
//! are laid over one another, the later winning: the chain of files that `extends` names (base first), the file
//! itself, and the flags of the command line. Every effective value remembers which of them wrote it.
//!
//! A block of parameters is declared beside the equations that use it and gathered here, by one line of the
//! list of [`Scenario`]. Loading, `--set`, the schema, `scenarios/reference.toml` and the tables of the
//! documentation follow from that line.
//!
//! Deliberately absent: the room knows no equation and runs nothing.

mod check;
mod document;
mod explain;
mod flag;
mod frame;
mod load;
mod overlay;
mod reference;
mod section;
mod settings;
#[cfg(test)]
mod tests;

pub use check::{RULES, Rule};
pub use explain::Explained;
pub use flag::Flag;
pub use frame::frames;
pub use load::{Loaded, Origin, Written};
pub use reference::{parameter_table, reference, schema, starter};
pub use section::{Section, Sections, Slot};
pub use settings::{OutputSettings, Run};

crate::sections! {
    /// Everything that can be set; a field of type [`Named`](crate::param::Named) holds tables that users name.
    pub struct Scenario {
        run: Run,
        output: OutputSettings,
    }
}
