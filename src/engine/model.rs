//! The model of a run: everything that stays fixed while it runs, worked out once.

use super::environment::{Environment, Shock};
use super::extension::Extension;
use super::home::View;
pub use super::home::{Home, HomeRequest};
use crate::draw::{Address, Purpose, Seed};
use crate::economy::accounts::{Accounts, Notes};
use crate::economy::career::Careers;
use crate::economy::support::Register;
use crate::economy::visible::VisibleStates;
use crate::economy::{CHUNK, Chunk, Economy};
use crate::firm::birth::Population;
use crate::firm::roster::Roster;
use crate::firm::{Firm, Relation, VisibleState};
use crate::mechanism::adoption::{ln_ages, newness};
use crate::mechanism::kernel::{Cumulative, Kernel};
use crate::mechanism::platform::{Platform, Poster};
use crate::mechanism::theory::Theory;
use crate::network::PeerGraph;
use crate::network::statistic::constraint;
use crate::number::{exp, pow};
use crate::observe::trajectory::Thresholds;
use crate::param::Named;
use crate::policy::{Base, Instrument, Operator, Programme, Terrain};
use crate::world::World;
use std::sync::Arc;

/// Longest age, in quarters, that the tables by age distinguish.
const AGES: usize = 1200;

/// One platform with what it means for every market.
#[derive(Clone, Debug)]
pub struct Site {
    pub name: String,
    pub platform: Platform,
    /// Mean audience over markets, weights Y^a.
    pub audience: f32,
}

/// What is asked of a model, besides world and peers.
#[derive(Clone, Debug)]
pub struct Request {
    pub seed: Seed,
    pub theory: Theory,
    pub population: Population,
    /// The user's own first firms.
    pub roster: Option<Arc<Roster>>,
    pub platforms: Named<Platform>,
    pub shocks: Named<Shock>,
    pub instruments: Named<Instrument>,
    pub operators: Named<Operator>,
    pub thresholds: Thresholds,
    /// Calendar year of quarter 0.
    pub first_year: f32,
    /// Quarters of burn-in, and of the whole run.
    pub burn_in: u16,
    pub quarters: u16,
    /// Yearly sales in a market from which a firm counts as exporting there, US$.
    pub report_usd: f32,
    /// Check the invariants every year?
    pub checks: bool,
}

/// Everything fixed in a run.
#[derive(Debug)]
pub struct Model {
    pub seed: Seed,
    pub theory: Theory,
    pub population: Population,
    /// The user's own first firms, if there are any.
    pub roster: Option<Arc<Roster>>,
    pub thresholds: Thresholds,
    pub world: Arc<World>,
    pub peers: Arc<PeerGraph>,
    /// What each slot's position among peers is worth; none where it is worth nothing.
    pub bridging: Vec<f32>,
    /// The most contacts a quarter that may come to a firm through its peers and those it meets in a measure.
    pub most_through_peers: f32,
    pub homes: Vec<Home>,
    pub sites: Vec<Site>,
    pub shocks: Named<Shock>,
    pub programme: Programme,
    /// `Y^a`, audience and number of partners of every market.
    pub size: Vec<f32>,
    pub audience: Vec<f32>,
    pub partners: Vec<u32>,
    /// Kernels around each market, for referrals that roam.
    pub around: Vec<Cumulative>,
    /// Likeness of ordered pairs of markets: bits near 1, language 2, income 4.
    pub likeness: Vec<u8>,
    /// Share of knowledge left after quarters in which nothing was done about a market.
    pub fading: Vec<f32>,
    pub ln_age: Vec<f32>,
    pub newness: Vec<f32>,
    pub learning_newness: Vec<f32>,
    pub first_year: f32,
    pub burn_in: u16,
    pub quarters: u16,
    pub checks: bool,
    /// The home each market is, or 255.
    pub home_of: Vec<u8>,
    /// Region of every market.
    pub regions: Vec<u8>,
    /// What was written outside the crate.
    pub extension: Extension,
    /// The economy that a run begins with, if not at quarter 0.
    pub from: Option<Arc<Economy>>,
}

impl Model {
    /// Works the fixed part of a run out. `peers` must have one node per slot, homes in order.
    pub fn new(request: Request, homes: &[HomeRequest], world: Arc<World>, peers: Arc<PeerGraph>) -> Self {
        let Request { theory, population, .. } = request.clone();
        let theory = theory.in_force();
        let markets = world.countries.len();
        let size: Vec<f32> =
            world.countries.iter().map(|country| pow((country.gdp_usd * 1e-12) as f32, theory.kernel.size)).collect();
        let audience: Vec<f32> = world.countries.iter().map(|country| country.internet as f32).collect();
        let sites = sites(&request.platforms, &size, &audience);
        let differ = sites.iter().any(|site| site.platform.decay != 1.0);
        let decays: Vec<f32> = sites.iter().filter(|_| differ).map(|site| site.platform.decay).collect();
        let view = View { theory: &theory, world: &world, size: &size, audience: &audience, decays: &decays };
        let mut first = 0;
        let mut home_of = vec![u8::MAX; markets];
        let mut built: Vec<Home> = Vec::with_capacity(homes.len());
        for asked in homes {
            let home = Home::new(asked, first, request.report_usd, &view);
            home_of[usize::from(home.market)] = built.len() as u8;
            first += home.count;
            built.push(home);
        }
        let bases: Vec<Base> = built.iter().map(|home| Base { market: home.market, felt: &home.felt }).collect();
        let (instruments, operators) = (&request.instruments, &request.operators);
        let (first_year, quarters) = (request.first_year, request.quarters);
        let programme =
            Programme::new(instruments, operators, &world, &bases, &theory.kernel, &size, first_year, quarters);
        let bridging = bridging(&theory, &peers);
        let alike = bridging.is_empty() && theory.exchange.weight <= 0.0;
        Self {
            seed: request.seed,
            most_through_peers: if alike { 0.25 * 2.0 * theory.peer.ceiling(true) } else { f32::INFINITY },
            around: around(&world, &theory.kernel, &size),
            likeness: likeness(&world),
            partners: world.countries.iter().map(|country| theory.partner.count(country.gdp_usd)).collect(),
            regions: world.countries.iter().map(|country| country.region_id).collect(),
            newness: newness(AGES, theory.demography.newness_years),
            learning_newness: newness(AGES, theory.knowledge.newness),
            fading: theory.knowledge.fading(usize::from(quarters)),
            ln_age: ln_ages(AGES),
            homes: built,
            theory,
            population,
            roster: request.roster,
            thresholds: request.thresholds,
            world,
            bridging,
            peers,
            sites,
            shocks: request.shocks,
            programme,
            size,
            audience,
            first_year,
            burn_in: request.burn_in,
            quarters,
            checks: request.checks,
            home_of,
            extension: Extension::default(),
            from: None,
        }
    }

    /// The same with what was written outside the crate.
    pub fn extended(mut self, extension: Extension) -> Self {
        if !extension.theories.is_empty() {
            // Nobody knows by what a theory multiplies contacts through peers.
            self.most_through_peers = f32::INFINITY;
        }
        Self { extension, ..self }
    }

    /// The same, begun with an economy that a model of the same firms, homes and markets has come to.
    pub fn begun_with(mut self, economy: Arc<Economy>) -> Self {
        self.from = Some(economy);
        self
    }

    /// Fits an economy that a model of the same firms, homes and markets has come to.
    pub fn fit(&self, economy: &mut Economy, notes: Notes) {
        for chunk in &mut economy.chunks {
            chunk.accounts.notes = notes;
            chunk.accounts.paid.resize(self.programme.measures.len(), 0.0);
            for firm in &mut chunk.firms {
                firm.unhindered = self.theory.barrier.unhindered(&firm.barriers);
            }
        }
    }

    /// Calendar time at the start of a quarter, in years.
    pub fn year(&self, step: u16) -> f32 {
        self.first_year + f32::from(step) / 4.0
    }

    /// The calendar year of a quarter.
    pub fn calendar(&self, step: i32) -> i32 {
        self.first_year as i32 + step.div_euclid(4)
    }

    /// An age, in quarters, as a row of the tables by age.
    #[inline]
    pub fn age_row(quarters: i32) -> usize {
        (quarters.max(0) as usize).min(AGES - 1)
    }

    /// Adds a measure of one operator, to be given to firms of one's choice; returns its number.
    pub fn add_measure(&mut self, name: &str, operator: Operator) -> u16 {
        let bases: Vec<Base> = self.homes.iter().map(|home| Base { market: home.market, felt: &home.felt }).collect();
        let (world, kernel) = (&*self.world, &self.theory.kernel);
        self.programme.add(name, operator, &Terrain { world, bases: &bases, kernel, size: &self.size })
    }

    /// What holds in a quarter.
    pub fn environment(&self, step: u16) -> Environment {
        let now = self.scene(step);
        let platforms_changed = step > 0 && self.scene(step - 1).platforms != now.platforms;
        Environment { platforms_changed, ..now }
    }

    /// What holds in a quarter, without looking back.
    fn scene(&self, step: u16) -> Environment {
        let year = self.year(step);
        let mut now = Environment::quiet(self.world.countries.len(), self.sites.len());
        now.kappa = self.theory.adoption.calendar(year);
        now.web = self.theory.unsolicited.spread(year);
        for (i, site) in self.sites.iter().enumerate() {
            if year < site.platform.since {
                now.platforms &= !(1 << i);
            }
        }
        let names: Vec<String> = self.sites.iter().map(|site| site.name.clone()).collect();
        now.strike(&self.shocks, year, &names, |code| self.world.index(code));
        now
    }

    /// A firm as it is born: drawn, and the first of a slot with what the user says of it. `proactive` is the share of
    /// firms of full proactivity that start out proactive.
    pub fn newborn(&self, slot: u32, generation: u16, born: i16, tail: f32, proactive: f32) -> Firm {
        let mut firm = self.population.newborn(self.seed, slot, generation, born, tail, proactive);
        if let Some(roster) = self.roster.as_ref().filter(|_| generation == 0) {
            roster.lay(slot, &mut firm);
            firm.orientation = self.population.orientation(self.seed, (slot, generation), proactive * firm.proactivity);
        }
        firm
    }

    /// The first firm of a slot.
    fn first(&self, home: u8, slot: u32) -> Firm {
        let founded = self.roster.as_ref().and_then(|roster| roster.founded(slot));
        let born = match founded {
            Some(year) => self.population.first_born(self.seed, slot, year, self.calendar(0)),
            None => -self.population.first_age(self.seed, slot),
        };
        self.firm(home, slot, 0, born, self.population.size_tail)
    }

    /// A firm born at `step` in `slot`, ready to live, without ties.
    pub fn firm(&self, home: u8, slot: u32, generation: u16, step: i16, tail: f32) -> Firm {
        let theory = &self.theory;
        let mut firm = self.newborn(slot, generation, step, tail, theory.orientation.birth);
        firm.home = home;
        firm.district = self.district(home, slot);
        firm.unhindered = theory.barrier.unhindered(&firm.barriers);
        firm.slack = theory.slack.target;
        firm.capacity = theory.capacity.initial(firm.size);
        self.rescale(&mut firm);
        firm
    }

    /// The draw that decides how many contacts the founders of a firm brought.
    #[inline]
    pub fn founder_draw(&self, slot: u32, firm: &Firm) -> f32 {
        self.seed.block(Address::firm(slot, firm.generation, Purpose::Founder, firm.born as u16)).uniform(0)
    }

    /// What a firm believes its export appeal to be.
    #[inline]
    pub fn believed_appeal(&self, firm: &Firm) -> f32 {
        let spread = self.population.appeal_spread;
        let noise = self.theory.order.variance();
        self.theory.belief.appeal(firm.residuals, f32::from(firm.lessons), noise, spread * spread)
    }

    /// Irrelevance of a firm's sector for SNS: the middle of its share of 0 to 1.
    #[inline]
    pub fn irrelevance(&self, firm: &Firm) -> f32 {
        (f32::from(firm.sector) + 0.5) / self.population.sectors as f32
    }

    /// The district of a slot, as the user says; else neighbouring slots share one.
    pub fn district(&self, home: u8, slot: u32) -> u16 {
        if let Some(district) = self.roster.as_ref().and_then(|roster| roster.district(slot)) {
            return district;
        }
        ((slot - self.homes[usize::from(home)].first) / self.population.district).min(u32::from(u16::MAX)) as u16
    }

    /// Works out again what depends on the logarithm of the firm's size.
    #[inline]
    pub fn rescale(&self, firm: &mut Firm) {
        let Theory { search, order, demography, .. } = &self.theory;
        let powers = [1.0, search.size_elasticity, order.size, -demography.size];
        let scales = powers.map(|power| exp(power * firm.ln_size));
        [firm.size, firm.arrival_scale, firm.order_scale, firm.failure_scale] = scales;
    }

    /// Reach of a firm over the platforms it uses and that are in operation.
    pub fn reach(&self, firm: &Firm, operating: u16) -> f32 {
        let used = firm.platforms & operating;
        let n = used.count_ones();
        if n == 0 || !self.theory.sns.on {
            return 0.0;
        }
        let poster =
            Poster { effort: self.theory.sns.hours(firm.size), objectives: firm.objectives, digital: firm.digital };
        let mut reach = 0.0;
        let kept = self.theory.mixing.kept();
        for (i, site) in self.sites.iter().enumerate() {
            if used & 1 << i != 0 {
                reach += kept * self.theory.sns.reach(&site.platform, site.audience, n, &poster);
            }
        }
        reach
    }

    /// Mean suitability for market information of the platforms in `used`, 0 without any.
    pub fn information(&self, used: u16) -> f32 {
        let sites = self.sites.iter().enumerate().filter(|(i, _)| used & 1 << i != 0);
        let sum: f32 = sites.map(|(_, site)| site.platform.information).sum();
        sum / used.count_ones().max(1) as f32
    }

    /// The simulated firm that a partner of a market is, if it is one.
    #[inline]
    pub fn partner_slot(&self, market: u8, partner: u32) -> Option<u32> {
        let home = self.homes.get(usize::from(self.home_of[usize::from(market)]))?;
        if home.count == 0 {
            return None;
        }
        let address = Address::row(partner, Purpose::Partner).which(u64::from(market) << 16);
        let block = self.seed.block(address);
        (block.uniform(0) < self.theory.partner.simulated).then(|| home.first + block.word(1) % home.count)
    }

    /// The `k`th acquaintance in market `there` of a partner in market `market`, as a rank.
    #[inline]
    pub fn acquaintance(&self, market: u8, partner: u32, there: u8, k: u32) -> u32 {
        let which = u64::from(market) << 16 | u64::from(there) << 8 | u64::from(k & 0xff) | 1 << 40;
        let u = self.seed.block(Address::row(partner, Purpose::Partner).which(which)).uniform(0);
        self.theory.partner.draw(self.partners[usize::from(there)], u)
    }

    /// Multiplier of the contacts through peers that a slot gets for its position.
    #[inline]
    pub fn bridging(&self, slot: u32) -> f32 {
        if self.bridging.is_empty() { 1.0 } else { self.bridging[slot as usize] }
    }

    /// Share of the knowledge of a market left behind that is left at the start of a quarter.
    #[inline]
    pub fn left(&self, step: u16, relation: &Relation) -> f32 {
        self.fading[(i32::from(step) - i32::from(relation.quiet_since)) as usize]
    }

    /// Likeness bits of a market and every other.
    #[inline]
    pub fn likeness(&self, market: u8) -> &[u8] {
        let markets = self.regions.len();
        &self.likeness[usize::from(market) * markets..][..markets]
    }

    /// The economy that a run begins with: at quarter 0 the first firms, of all ages, without ties.
    pub fn economy(&self, notes: Notes) -> Economy {
        if let Some(from) = &self.from {
            let mut economy = Economy::clone(from);
            self.fit(&mut economy, notes);
            return economy;
        }
        let markets = self.world.countries.len();
        let mut chunks = Vec::new();
        let mut visible = VisibleStates::default();
        for (h, home) in self.homes.iter().enumerate() {
            let mut slot = home.first;
            let end = home.first + home.count;
            while slot < end {
                let last = end.min(slot + CHUNK as u32);
                let firms: Vec<Firm> = (slot..last).map(|slot| self.first(h as u8, slot)).collect();
                for firm in &firms {
                    visible.push(VisibleState::new(0, firm.born, false));
                }
                chunks.push(Chunk {
                    home: h as u8,
                    first: slot,
                    firms,
                    ties: Vec::new(),
                    relations: Vec::new(),
                    supports: Vec::new(),
                    careers: Careers::default(),
                    updates: Vec::new(),
                    accounts: Accounts {
                        paid: vec![0.0; self.programme.measures.len()],
                        ..Accounts::new(markets, notes)
                    },
                });
                slot = last;
            }
        }
        Economy { chunks, visible, register: Register::default(), step: 0 }
    }
}

/// The platforms that are on, sixteen at most.
fn sites(platforms: &Named<Platform>, size: &[f32], audience: &[f32]) -> Vec<Site> {
    let weight: f32 = size.iter().sum();
    let mean = size.iter().zip(audience).map(|(y, a)| y * a).sum::<f32>();
    let site = |(name, platform): (&String, &Platform)| Site {
        name: name.clone(),
        platform: platform.clone(),
        audience: platform.audience * mean / weight,
    };
    platforms.iter().filter(|(_, platform)| platform.on).take(16).map(site).collect()
}

/// Kernels around each market.
fn around(world: &World, kernel: &Kernel, size: &[f32]) -> Vec<Cumulative> {
    let weight = |c: usize, other: usize| {
        if other == c { 0.0 } else { size[other] * kernel.offline(world.felt(c as u8, other as u8)) }
    };
    (0..size.len()).map(|c| Cumulative::new((0..size.len()).map(|other| weight(c, other)))).collect()
}

/// Likeness bits of every ordered pair of markets.
fn likeness(world: &World) -> Vec<u8> {
    let markets = world.countries.len() as u8;
    let bits = |a: u8, b: u8| {
        let like = world.similarity(a, b);
        u8::from(like.near) | u8::from(like.language) << 1 | u8::from(like.income) << 2
    };
    (0..markets).flat_map(|a| (0..markets).map(move |b| bits(a, b))).collect()
}

/// What each slot's position among peers is worth, none where it is worth nothing.
fn bridging(theory: &Theory, peers: &PeerGraph) -> Vec<f32> {
    let slots = if theory.bridging.weight > 0.0 { peers.offline.nodes() as u32 } else { 0 };
    (0..slots).map(|slot| theory.bridging.gain(constraint(&peers.offline, slot) as f32)).collect()
}
