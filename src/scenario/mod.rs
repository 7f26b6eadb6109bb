//! What was asked: scenario files loaded, laid over one another, checked, explained and documented.
//!
//! A scenario file states only what differs from its base; every other setting keeps its default. Three layers
//! are laid over one another, the later winning: the chain of files that `extends` names (base first), the file
//! itself, and the flags of the command line. Every effective value remembers which of them wrote it.
//!
//! A block of parameters is declared beside the equations that use it and gathered here, by one line of the
//! list of [`Scenario`] or, for those of theories, of the list in [`mechanism::theory`](crate::mechanism::theory). Loading, `--set`, the schema, `scenarios/reference.toml` and the tables of the
//! documentation follow from that line.
//!
//! Deliberately absent: the room knows no equation and runs nothing.

mod check;
pub(crate) mod document;
mod explain;
mod flag;
mod frame;
pub(crate) mod idle;
mod load;
mod overlay;
mod reference;
mod section;
mod settings;
#[cfg(test)]
mod tests;

pub use crate::param::{Section, Slot};
pub use check::{RULES, Rule};
#[cfg(feature = "report")]
pub(crate) use explain::json_of;
pub use explain::{Copies, Explained};
pub use flag::Flag;
pub use frame::frames;
pub use load::{Asked, Loaded, Origin, Written, asked, only_scenario};
pub(crate) use load::{beside, folder};
pub use reference::{parameter_table, reference, schema, schema_of, starter};
pub use section::Sections;
pub use settings::{FigureStyle, OutputSettings, Run};

use crate::engine::environment::Shock;
use crate::firm::birth::{HomeSettings, Population};
use crate::mechanism::platform;
use crate::mechanism::theory::Theory;
use crate::network::NetworkSettings;
use crate::observe::trajectory::Thresholds;
use crate::param::Named;
use crate::policy::{self, Instrument, Operator};
use crate::world::{Cage, Territory, WorldSettings};

crate::sections! {
    /// Everything that can be set; a field of type [`Named`] holds tables that users name.
    pub struct Scenario {
        run: Run,
        output: OutputSettings,
        population: Population,
        home: Named<HomeSettings>,
        world: WorldSettings,
        cage: Cage,
        territory: Named<Territory>,
        network: NetworkSettings,
        trajectory: Thresholds,
        theory: Theory,
        platform: Named<platform::Platform> = platform::catalogue(),
        shock: Named<Shock>,
        instrument: Named<Instrument> = policy::instruments(),
        operator: Named<Operator> = policy::operators(),
    }
}
