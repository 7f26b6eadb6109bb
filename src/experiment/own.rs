//! What the user's own files say of a run: who the first firms are, and whom they know.
//!
//! Both files are read once, when a scenario is planned: so `check` sees them, and replicates share them.

use super::Plan;
use crate::error::{Fault, Place, Severity};
use crate::firm::birth::Population;
use crate::firm::roster::{Frame, Roster};
use crate::network::import::Places;
use crate::network::{Generator, PeerGraph};
use crate::read::{Faults, TABLE, Table, text};
use crate::scenario::{Loaded, Scenario};
use std::sync::Arc;

/// The user's own firms and peers, where files hold them.
#[derive(Clone, Debug, Default)]
pub struct Own {
    pub firms: Option<Arc<Roster>>,
    pub peers: Option<Arc<PeerGraph>>,
    /// Files read, with the BLAKE3 hash of each.
    pub inputs: Vec<(String, String)>,
    /// Warnings.
    pub told: Vec<Fault>,
}

impl Own {
    /// Reads the files that a scenario names.
    pub(super) fn read(scenario: &Scenario, faults: &mut Vec<Fault>) -> Self {
        let mut own = Self::default();
        let before = faults.len();
        own.read_firms(scenario, faults);
        if faults.len() == before {
            own.read_peers(scenario, faults);
        }
        own
    }

    fn keep(&mut self, found: Vec<Fault>, faults: &mut Vec<Fault>) {
        let (told, wrong) = found.into_iter().partition(|fault| fault.severity == Severity::Warning);
        self.told.extend::<Vec<Fault>>(told);
        faults.extend::<Vec<Fault>>(wrong);
    }

    fn read_firms(&mut self, scenario: &Scenario, faults: &mut Vec<Fault>) {
        let (population, run) = (&scenario.population, &scenario.run);
        if population.firms_file.is_empty() {
            return;
        }
        let frame = Frame {
            homes: &population.homes,
            code: &crate::world::code_of,
            sectors: population.sectors,
            first_year: (run.start - i64::from(run.burn_in)) as i32,
            burn_in: run.burn_in,
        };
        let mut found = Faults::default();
        let name = population.firms_file.display().to_string();
        match text(&population.firms_file, &name, TABLE) {
            Ok(text) => {
                let table = Table::of(text.source, &mut found);
                self.firms = table.and_then(|table| Roster::read(&table, &frame, &mut found)).map(Arc::new);
                self.inputs.push((name.clone(), text.hash));
            }
            Err(fault) if fault.place == Place::Nowhere => {
                found.push(Fault { place: Place::Setting("population.firms_file".to_owned()), ..fault });
            }
            Err(fault) => found.push(fault),
        }
        self.keep(found.take(&name), faults);
        if let Some(roster) = &self.firms {
            self.told.extend(without_effect(scenario, roster));
        }
    }

    fn read_peers(&mut self, scenario: &Scenario, faults: &mut Vec<Fault>) {
        let network = &scenario.network;
        if !network.on || network.generator != Generator::File || network.file.is_empty() {
            return;
        }
        let slots = match self.firms.as_deref() {
            Some(roster) if !roster.names().is_empty() => Places::called(&roster.file, roster.names().iter().cloned()),
            Some(roster) if !roster.in_order => {
                let title = format!("{} gives its firms no names by which ties could be told", roster.file);
                let fault = Fault::setting("network.file", title).expected("a column `name`");
                faults.push(fault.help("name the firms, or put the rows into the order of population.homes"));
                return;
            }
            Some(roster) => Places::numbered(roster.len()),
            None => Places::numbered(scenario.population.firms as usize),
        };
        match crate::network::read(network, &slots) {
            Ok(observed) => {
                self.peers = Some(Arc::new(observed.peers));
                self.inputs.push((network.file.display().to_string(), observed.hash));
                self.told.extend(observed.told);
            }
            Err(found) => self.keep(found, faults),
        }
    }

    /// The same, if nothing that it is read from differs between two scenarios.
    pub(super) fn still(&self, ours: &Scenario, other: &Scenario) -> Option<Self> {
        let same = ours.network == other.network
            && ours.population == other.population
            && (ours.run.start, ours.run.burn_in) == (other.run.start, other.run.burn_in);
        same.then(|| self.clone())
    }

    /// Sets the number of firms to that of the user's own, unless a scenario states another.
    pub(super) fn count(&self, scenario: &mut Scenario, faults: &mut Vec<Fault>) {
        let Some(roster) = &self.firms else { return };
        let stated = std::mem::replace(&mut scenario.population.firms, roster.len() as u32);
        if stated != Population::default().firms {
            faults.extend(contradicts(roster, stated));
        }
    }
}

/// A plan whose number of firms is the one that was stated, if any was.
pub(super) fn agreed(loaded: &Loaded, plan: Plan) -> Result<Plan, Vec<Fault>> {
    let stated = loaded.origin("population.firms").written().map(|_| loaded.scenario.population.firms);
    match plan.own.firms.as_deref().zip(stated).and_then(|(roster, stated)| contradicts(roster, stated)) {
        Some(fault) => Err(vec![fault]),
        None => Ok(plan),
    }
}

fn contradicts(roster: &Roster, stated: u32) -> Option<Fault> {
    let firms = roster.len();
    (firms != stated as usize).then(|| {
        let title = format!("population.firms = {stated}, but {} has {firms} firms", roster.file);
        Fault::setting("population.firms", title)
            .expected(format!("{firms}"))
            .help("leave population.firms out: the table says how many there are")
    })
}

/// Settings that say what a table of firms says instead.
fn without_effect(scenario: &Scenario, roster: &Roster) -> Vec<Fault> {
    let (population, default) = (&scenario.population, Population::default());
    let (founded, districts) = roster.complete();
    let shares = scenario.home.iter().filter(|(_, home)| home.share != 1.0);
    let idle = [
        ("age", founded && population.age != default.age),
        ("district", districts && population.district != default.district),
    ];
    let settings = idle.into_iter().filter(|(_, idle)| *idle).map(|(name, _)| format!("population.{name}"));
    shares
        .map(|(code, _)| format!("home.{code}.share"))
        .chain(settings)
        .map(|setting| {
            Fault::setting(setting.clone(), format!("`{setting}` has no effect"))
                .expected(format!("{} says it of every firm", roster.file))
                .help("leave this out")
                .warning()
        })
        .collect()
}
