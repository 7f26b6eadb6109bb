//! A firm's year as a row: what it did, and every trait that decides what it will do.

use crate::economy::accounts::FirmRow;
use crate::engine::model::Model;
use crate::number::poisson;
use crate::report::record::{Recorder, identity};
use crate::report::rows;
use crate::report::table::label;

impl Recorder<'_> {
    /// The row of a firm at the end of a calendar year.
    pub(super) fn firm_year(&self, model: &Model, year: i32, row: &FirmRow) -> rows::Firm {
        let firm = &row.firm;
        let home = usize::from(firm.home);
        let unit = model.homes[home].unit_usd;
        let start = model.calendar(0);
        let last = (year - start) * 4 + 3;
        let abroad = |value: f32| (row.markets > 0).then_some(value);
        let [psychological, organisational, operational, product] = firm.barriers;
        let first = firm.generation == 0;
        // A newborn is a pure function of its address and of what the user says of it.
        let population = &model.population;
        let tail = if first { population.size_tail } else { population.entrant_tail };
        let newborn = model.newborn(row.slot, firm.generation, firm.born, tail, 0.0);
        let founders = || poisson(model.theory.founder.mean(), model.founder_draw(row.slot, firm));
        rows::Firm {
            replicate: self.replicate,
            firm: identity(row.slot, firm.generation),
            name: model
                .roster
                .as_ref()
                .filter(|_| first)
                .and_then(|roster| roster.names().get(row.slot as usize))
                .map(|name| label(name)),
            year: year as u16,
            home: self.homes[home],
            sector: self.sectors[usize::from(firm.sector)],
            district: firm.district,
            founded: start + i32::from(firm.born).div_euclid(4),
            age: ((last - i32::from(firm.born)) / 4).max(0) as u16,
            employees: firm.size + row.exports,
            domestic_sales: row.home_sales * unit,
            exports: row.exports * unit,
            fsts: if row.exports > 0.0 { row.exports / (row.exports + row.home_sales) } else { 0.0 },
            markets: row.markets,
            regions: row.regions,
            herfindahl: abroad(row.herfindahl),
            entropy_between: abroad(row.entropy_between),
            entropy_within: abroad(row.entropy_within),
            portfolio_distance: abroad(row.distance),
            max_stage: abroad(1.0).map(|_| row.stage),
            sns: firm.on_sns,
            platforms: if firm.on_sns { firm.platforms.count_ones() as u8 } else { 0 },
            reach: firm.reach,
            slack: firm.slack,
            proactivity: firm.proactivity,
            inertia: firm.inertia,
            orientation: firm.orientation.name(),
            ties: row.ties,
            online_share: (row.ties > 0).then(|| f32::from(row.ties_online) / f32::from(row.ties)),
            size_at_birth: newborn.size,
            proactivity_at_birth: firm.baseline_proactivity,
            business_skill: firm.skill,
            digital_skill: firm.digital,
            objectives: firm.objectives,
            barrier_psychological: psychological,
            barrier_organisational: organisational,
            barrier_operational: operational,
            barrier_product: product,
            unhindered: firm.unhindered,
            appeal: firm.appeal,
            believed_appeal: model.believed_appeal(firm),
            trials: firm.trials,
            successes: firm.successes,
            founder_contacts: if first { 0 } else { founders() },
            peers_offline: model.peers.offline.degree(row.slot),
            peers_online: model.peers.online.degree(row.slot),
            sector_irrelevance: model.irrelevance(firm),
            sns_since: (firm.adopted >= 0).then(|| model.calendar(i32::from(firm.adopted))),
            relational_share: firm.on_sns.then_some(firm.relational),
            capacity: firm.capacity * unit,
            awake: i32::from(firm.awake_until) > last,
            learning_advantage: firm.learning,
        }
    }
}
