//! The home countries of a run: kernels, distances and frictions as seen from each, worked out once.

use crate::mechanism::kernel::Cumulative;
use crate::mechanism::theory::Theory;
use crate::number::exp;
use crate::world::World;

/// One home country as asked for.
#[derive(Clone, Debug)]
pub struct HomeRequest {
    pub iso3: String,
    pub count: u32,
    pub unit_usd: f32,
    pub internet: f32,
}

/// One home country of the run.
#[derive(Clone, Debug)]
pub struct Home {
    /// Its index among the markets.
    pub market: u8,
    pub iso3: String,
    /// The first of its slots and their number.
    pub first: u32,
    pub count: u32,
    /// US$ of one money unit.
    pub unit_usd: f32,
    /// Reporting threshold in money units.
    pub threshold: f32,
    /// Share of its people on the internet.
    pub internet: f32,
    /// Kernels before anything is learnt: offline search, online, founders; of the first two the single weights too.
    pub offline: Cumulative,
    pub online: Cumulative,
    pub founder: Cumulative,
    pub offline_weight: Vec<f32>,
    pub online_weight: Vec<f32>,
    /// Kernels of platforms, where they differ over distance; none where they do not.
    pub sites: Vec<Cumulative>,
    /// Kernels around each market as seen from here, for referrals with a horizon; none without one.
    pub around: Vec<Cumulative>,
    /// Mean felt distance over the offline kernel, and the largest of any market.
    pub mean_distance: f32,
    pub farthest: f32,
    /// Felt distance and friction of every market from here.
    pub felt: Vec<f32>,
    pub friction: Vec<f32>,
    /// How many foreign markets feel nearer than each market.
    pub nearness: Vec<u8>,
    /// Is a market beyond the home region?
    pub beyond: Vec<bool>,
}

/// What all homes see alike: the theory, the world, and size and audience of its markets.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub theory: &'a Theory,
    pub world: &'a World,
    pub size: &'a [f32],
    pub audience: &'a [f32],
    /// Decay over distance of each platform, none where platforms do not differ.
    pub decays: &'a [f32],
}

impl Home {
    /// Works a home out whose first slot is `first`; `report_usd` is the reporting threshold.
    ///
    /// # Panics
    /// When the home is no country of the world.
    pub(super) fn new(asked: &HomeRequest, first: u32, report_usd: f32, view: &View) -> Self {
        let View { theory, world, size, audience, decays } = *view;
        let kernel = &theory.kernel;
        let market = world.index(&asked.iso3).expect("a home is among the countries of its world");
        let markets = size.len();
        let felt: Vec<f32> = (0..markets).map(|c| world.felt(market, c as u8)).collect();
        let away = |c: usize, weight: f32| if c == usize::from(market) { 0.0 } else { weight };
        let offline = |c: usize| away(c, size[c] * kernel.offline(felt[c]));
        let online = |c: usize| away(c, size[c] * audience[c] * kernel.online(felt[c]));
        let site = |decay: &f32| {
            let weight = |c: usize| size[c] * audience[c] * kernel.online(decay * felt[c]);
            Cumulative::new((0..markets).map(|c| away(c, weight(c))))
        };
        let around = |c: usize| {
            let weight = |other: usize| {
                size[other] * kernel.offline(world.felt(c as u8, other as u8)) * theory.horizon.weight(felt[other])
            };
            Cumulative::new((0..markets).map(|other| if other == c { 0.0 } else { weight(other) }))
        };
        let founder_decay = theory.founder.decay(kernel.offline_decay);
        let total: f32 = (0..markets).map(offline).sum();
        let region = world.countries[usize::from(market)].region_id;
        Self {
            market,
            iso3: asked.iso3.clone(),
            first,
            count: asked.count,
            unit_usd: asked.unit_usd,
            // At a threshold of zero it still takes a sale to be an exporter.
            threshold: (report_usd / asked.unit_usd).max(f32::MIN_POSITIVE),
            internet: asked.internet,
            offline: Cumulative::new((0..markets).map(offline)),
            online: Cumulative::new((0..markets).map(online)),
            founder: Cumulative::new((0..markets).map(|c| away(c, size[c] * exp(-founder_decay * felt[c])))),
            offline_weight: (0..markets).map(offline).collect(),
            online_weight: (0..markets).map(online).collect(),
            sites: decays.iter().map(site).collect(),
            around: (0..if theory.horizon.decay > 0.0 { markets } else { 0 }).map(around).collect(),
            mean_distance: (0..markets).map(|c| offline(c) * felt[c]).sum::<f32>() / total.max(f32::MIN_POSITIVE),
            farthest: felt.iter().copied().fold(0.0, f32::max),
            friction: (0..markets).map(|c| world.friction(market, c as u8)).collect(),
            nearness: nearness(&felt, usize::from(market)),
            beyond: world.countries.iter().map(|country| country.region_id != region).collect(),
            felt,
        }
    }
}

/// The rank of each market in the order of distance from the home, 0 the nearest; the home itself comes last.
fn nearness(felt: &[f32], home: usize) -> Vec<u8> {
    let mut order: Vec<usize> = (0..felt.len()).collect();
    order.sort_by(|&a, &b| (a == home).cmp(&(b == home)).then(felt[a].total_cmp(&felt[b])).then(a.cmp(&b)));
    let mut ranks = vec![0; felt.len()];
    for (rank, &market) in order.iter().enumerate() {
        ranks[market] = rank as u8;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markets_are_ranked_by_distance_and_the_home_comes_last() {
        assert_eq!(nearness(&[0.4, 0.0, 0.1, 0.4], 1), [1, 3, 0, 2]);
    }
}
