//! Theories and decision rules written outside the crate: what they see, what they may change, what they draw from.
//!
//! They are asked at two slots: a rule for every contact that a firm weighs up, a theory once a quarter for the contacts
//! that arrive and once for what the quarter has made of the firm. A run without them asks nobody.

use super::model::Model;
use crate::draw::{Address, Block, Purpose, Seed, Stream};
use crate::firm::{Firm, Relation, Sight, Tie, TieState};
use crate::mechanism::decision::{Prospect, Verdict};
use crate::number::normal;
use std::fmt;
use std::sync::Arc;

/// Blocks of four numbers that one draw has.
const BLOCKS: u32 = 1 << 8;

/// Random numbers of one decision: pure functions of seed, firm, quarter and what is decided, and of no thread, order or
/// other draw.
///
/// Ask for the same number always under the same ordinal, and never count up: then two scenarios differ by what their
/// difference causes alone.
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    seed: Seed,
    address: Address,
    which: u64,
}

impl Draw {
    fn block(&self, ordinal: u32) -> Block {
        assert!(ordinal < 4 * BLOCKS, "a draw has numbers 0 to {}, not {ordinal}", 4 * BLOCKS - 1);
        self.seed.block(self.address.which(u64::from(ordinal / 4) << 40 | self.which))
    }

    /// The number of an ordinal below 1,024, uniform between 0 and 1, both left out.
    ///
    /// # Panics
    /// When the ordinal is 1,024 or more.
    pub fn uniform(&self, ordinal: u32) -> f32 {
        self.block(ordinal).uniform(ordinal as usize % 4)
    }

    /// The same as a draw from a normal distribution of mean 0 and variance 1.
    ///
    /// # Panics
    /// As of [`uniform`](Self::uniform).
    pub fn normal(&self, ordinal: u32) -> f32 {
        normal(self.uniform(ordinal))
    }

    /// A stream for distributions that take a generator, such as those of `rand_distr`; independent of the numbers above.
    pub fn stream(&self) -> Stream {
        self.seed.stream(self.address.which(1 << 47 | self.which))
    }
}

/// A firm as a theory or rule sees it. Money in US$ where a name says so.
#[derive(Clone, Copy, Debug)]
pub struct FirmView<'a> {
    pub(super) model: &'a Model,
    pub(super) slot: u32,
    pub(super) firm: &'a Firm,
    pub(super) ties: &'a [Tie],
    pub(super) relations: &'a [Relation],
    pub(super) step: u16,
}

impl FirmView<'_> {
    /// Identity of the firm, as in tables.
    pub fn id(&self) -> i64 {
        i64::from(self.slot) << 16 | i64::from(self.firm.generation)
    }

    /// Calendar time at the start of the quarter, years.
    pub fn year(&self) -> f32 {
        self.model.year(self.step)
    }

    /// Home country, ISO 3166-1 alpha-3.
    pub fn home(&self) -> &str {
        let market = self.model.homes[usize::from(self.firm.home)].market;
        &self.model.world.countries[usize::from(market)].iso3
    }

    /// Sector, from 0.
    pub fn sector(&self) -> u8 {
        self.firm.sector
    }

    /// Age, years.
    pub fn age(&self) -> f32 {
        (f32::from(self.step) - f32::from(self.firm.born)) / 4.0
    }

    /// Domestic revenue, in the revenue of one employee.
    pub fn size(&self) -> f32 {
        self.firm.size
    }

    /// Liquid reserves, in quarters of revenue.
    pub fn slack(&self) -> f32 {
        self.firm.slack
    }

    /// What a theory may change, as it is.
    pub fn traits(&self) -> Traits {
        let Firm { proactivity, inertia, skill, digital, objectives, barriers, .. } = *self.firm;
        Traits { proactivity, inertia, skill, digital, objectives, barriers }
    }

    /// Proactivity at birth, 0 to 1.
    pub fn proactivity_at_birth(&self) -> f32 {
        self.firm.baseline_proactivity
    }

    /// Does it use social networking sites?
    pub fn on_sns(&self) -> bool {
        self.firm.on_sns
    }

    /// Markets with a customer.
    pub fn markets(&self) -> u32 {
        self.relations.iter().filter(|relation| relation.customers > 0).count() as u32
    }

    /// Ties abroad.
    pub fn ties(&self) -> u32 {
        self.ties.len() as u32
    }

    /// Customers abroad.
    pub fn customers(&self) -> u32 {
        self.ties.iter().filter(|tie| tie.state == TieState::Customer).count() as u32
    }

    /// Exports of last year, US$.
    pub fn exports_last_usd(&self) -> f32 {
        self.firm.exports_last * self.model.homes[usize::from(self.firm.home)].unit_usd
    }

    /// Has it ever sold abroad?
    pub fn has_exported(&self) -> bool {
        self.firm.first_sale >= 0
    }

    /// Contacts followed up that became customers, and all that were followed to an end.
    pub fn successes(&self) -> (u32, u32) {
        (u32::from(self.firm.successes), u32::from(self.firm.trials))
    }
}

/// What a theory may change of a firm; shares from 0 to 1, to which they are held.
///
/// Of a firm that a support measure shapes, skills, objectives and barriers are worked out anew from those of birth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traits {
    /// Proactivity.
    pub proactivity: f32,
    /// Inertia.
    pub inertia: f32,
    /// Business skill.
    pub skill: f32,
    /// Digital skill.
    pub digital: f32,
    /// Clarity of objectives.
    pub objectives: f32,
    /// Psychological, organisational, operational, and product and market barriers.
    pub barriers: [f32; 4],
}

/// Multipliers of the contacts that arrive in a quarter, by origin; not below 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contacts {
    /// Found by searching.
    pub search: f32,
    /// That came by themselves.
    pub unsolicited: f32,
    /// Through social networking sites.
    pub sns: f32,
    /// Referred by ties abroad.
    pub referral: f32,
    /// Through peers at home.
    pub peer: f32,
    /// Through agents.
    pub agent: f32,
}

impl Default for Contacts {
    fn default() -> Self {
        Self { search: 1.0, unsolicited: 1.0, sns: 1.0, referral: 1.0, peer: 1.0, agent: 1.0 }
    }
}

/// A contact that a firm weighs up; money in the revenue of one employee.
#[derive(Clone, Copy, Debug)]
pub struct ContactView<'a> {
    /// The firm that weighs it up.
    pub firm: FirmView<'a>,
    pub(super) tie: &'a Tie,
    pub(super) seen: Sight,
    pub(super) prospect: Prospect,
    pub(super) usual: Verdict,
}

impl ContactView<'_> {
    /// Market, ISO 3166-1 alpha-3.
    pub fn market(&self) -> &str {
        &self.firm.model.world.countries[usize::from(self.tie.market)].iso3
    }

    /// Where the contact came from: `search`, `unsolicited`, `sns`, `referral`, `peer`, `agent`, `founder`, `policy`.
    pub fn origin(&self) -> &'static str {
        self.tie.origin.name()
    }

    /// Does it live online only?
    pub fn online(&self) -> bool {
        self.tie.online()
    }

    /// Trust in it, 0 to 1.
    pub fn trust(&self) -> f32 {
        self.tie.trust
    }

    /// Distance of the market as the firm perceives it.
    pub fn distance(&self) -> f32 {
        self.seen.perceived
    }

    /// Insidership in the market through all ties, 0 to 1.
    pub fn insidership(&self) -> f32 {
        self.seen.insidership()
    }

    /// Cost of following it up.
    pub fn cost(&self) -> f32 {
        self.prospect.cost
    }

    /// Liquid reserves. A contact that costs more cannot be pursued, whatever a rule says.
    pub fn cash(&self) -> f32 {
        self.prospect.cash
    }

    /// What the firm expects to gain from it over its horizon.
    pub fn expected_gain(&self) -> f32 {
        self.prospect.expected_gain
    }

    /// Exposure times uncertainty.
    pub fn risk(&self) -> f32 {
        self.prospect.risk
    }

    /// Risk that the firm tolerates.
    pub fn tolerable(&self) -> f32 {
        self.prospect.tolerable
    }

    /// What the rule of the scenario would say.
    pub fn usual(&self) -> Verdict {
        self.usual
    }
}

/// A decision rule: which of the contacts that come before it a firm pursues.
///
/// It is asked in every quarter for every contact not yet pursued that no barrier keeps from the firm.
///
/// ```
/// use fondaco::{ContactView, Draw, Rule, Verdict};
///
/// /// Firms toss a coin, once a quarter for every contact.
/// struct Coin;
///
/// impl Rule for Coin {
///     fn name(&self) -> &str {
///         "coin"
///     }
///     fn judge(&self, _contact: &ContactView, draw: &Draw) -> Verdict {
///         if draw.uniform(0) < 0.5 { Verdict::Pursue } else { Verdict::Gain }
///     }
/// }
///
/// let text = "run.years = 3\nrun.burn_in = 3\npopulation.firms = 300\nworld.largest = 20";
/// let tiny = fondaco::Scenario::from_text("tiny.toml", text)?;
/// assert_ne!(tiny.with_rule(Coin).run()?.summary(), tiny.run()?.summary());
/// # Ok::<(), fondaco::Error>(())
/// ```
pub trait Rule: Send + Sync {
    /// A name for tables and manifests.
    fn name(&self) -> &str;
    /// Decides on a contact; the same answer for the same contact and draw.
    fn judge(&self, contact: &ContactView, draw: &Draw) -> Verdict;
}

/// A theory: what it adds to the contacts that come to a firm, and what a quarter makes of the firm.
///
/// ```
/// use fondaco::{Contacts, Draw, FirmView, Scenario, Theory, Traits};
///
/// /// Firms that have sold abroad search harder, and lose a tenth of their psychological barriers a quarter.
/// struct Confidence;
///
/// impl Theory for Confidence {
///     fn name(&self) -> &str {
///         "confidence"
///     }
///     fn contacts(&self, firm: &FirmView) -> Contacts {
///         Contacts { search: if firm.has_exported() { 1.5 } else { 1.0 }, ..Contacts::default() }
///     }
///     fn after(&self, firm: &FirmView, traits: &mut Traits, _draw: &Draw) {
///         if firm.has_exported() {
///             traits.barriers[0] *= 0.9;
///         }
///     }
/// }
///
/// let text = "run.years = 3\nrun.burn_in = 3\npopulation.firms = 300\nworld.largest = 20";
/// let tiny = Scenario::from_text("tiny.toml", text)?;
/// assert_ne!(tiny.with_theory(Confidence).run()?.summary(), tiny.run()?.summary());
/// # Ok::<(), fondaco::Error>(())
/// ```
pub trait Theory: Send + Sync {
    /// A name for tables and manifests; its draws depend on it.
    fn name(&self) -> &str;
    /// Multipliers of the contacts of the quarter. Called for past quarters too, when barriers fall.
    fn contacts(&self, _firm: &FirmView) -> Contacts {
        Contacts::default()
    }
    /// What the firm is like after its quarter.
    fn after(&self, _firm: &FirmView, _traits: &mut Traits, _draw: &Draw) {}
}

/// What was written outside the crate, of one scenario.
#[derive(Clone, Default)]
pub struct Extension {
    pub rule: Option<Arc<dyn Rule>>,
    pub theories: Vec<Arc<dyn Theory>>,
    /// Names of interventions, which act between quarters and not in them.
    pub interventions: Vec<String>,
}

impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

impl Extension {
    /// Names of what it holds, in words.
    pub fn names(&self) -> Vec<String> {
        let rule = self.rule.iter().map(|rule| format!("decision rule {}", rule.name()));
        let theories = self.theories.iter().map(|theory| format!("theory {}", theory.name()));
        rule.chain(theories).chain(self.interventions.iter().map(|name| format!("intervention {name}"))).collect()
    }

    /// Multipliers of the contacts of a firm's quarter, in the order of origins.
    pub(super) fn rates(&self, firm: &FirmView) -> [f32; 6] {
        let mut rates = [1.0; 6];
        for theory in &self.theories {
            let Contacts { search, unsolicited, sns, referral, peer, agent } = theory.contacts(firm);
            let own = [search, unsolicited, sns, referral, peer, agent];
            let bad = own.iter().any(|rate| !(*rate >= 0.0 && rate.is_finite()));
            assert!(!bad, "theory {}: contacts are multiplied by {own:?}", theory.name());
            rates.iter_mut().zip(own).for_each(|(rate, own)| *rate *= own);
        }
        rates
    }

    /// What the rule says of a contact, which the firm must be able to pay for.
    pub(super) fn judge(&self, rule: &dyn Rule, contact: &ContactView) -> Verdict {
        let FirmView { model, slot, firm, step, .. } = contact.firm;
        let address = Address::firm(slot, firm.generation, Purpose::OwnRule, step);
        let draw = Draw { seed: model.seed, address, which: contact.tie.which() };
        match rule.judge(contact, &draw) {
            Verdict::Pursue if contact.prospect.cost > contact.prospect.cash => Verdict::Money,
            verdict => verdict,
        }
    }

    /// What the theories make of a firm after its quarter.
    pub(super) fn after(&self, view: &FirmView) -> Traits {
        let mut traits = view.traits();
        for theory in &self.theories {
            let name = blake3::hash(theory.name().as_bytes());
            let which = u64::from(u32::from_le_bytes(name.as_bytes()[..4].try_into().expect("a hash has four bytes")));
            let address = Address::firm(view.slot, view.firm.generation, Purpose::OwnTheory, view.step);
            theory.after(view, &mut traits, &Draw { seed: view.model.seed, address, which });
        }
        let share = |value: &mut f32| {
            assert!(value.is_finite(), "a theory of the user's own made a trait of firm {} {value}", view.id());
            *value = value.clamp(0.0, 1.0);
        };
        let Traits { proactivity, inertia, skill, digital, objectives, barriers } = &mut traits;
        [proactivity, inertia, skill, digital, objectives].into_iter().chain(barriers).for_each(share);
        traits
    }
}
