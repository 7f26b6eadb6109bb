//! Birth: the population asked for, and the traits a firm is born with.
//!
//! ```text
//! a, b, d, o, B_k = logistic(m + s·ε)         μ = σ_μ·ε         z = u^(−1/tail), at most the cap
//! ```
//!
//! Traits are independent of each other and of the country: what differs between types of firms must emerge.

use super::{Firm, NONE, Orientation};
use crate::draw::{Address, Purpose, Seed};
use crate::number::{exp, f64s, ln, logistic, normal};
use crate::param::FilePath;

crate::params! {
    /// Who is simulated.
    pub struct Population at "population" {
        /// Yearly sales in a market from which a firm counts as exporting there.
        report_usd: f32 = 1000.0 in 0.0 ..= 1000000000.0, "threshold", "US$/year", "usual in customs statistics";
        /// Yearly revenue per employee, the money unit, in multiples of GDP per head.
        revenue_ratio: f32 = 3.96 in 0.01 ..= 1000.0, "unit", "1", "gives US$ 220,000 in Belgium, about EUR 200,000";
        /// Table of the first firms; their number is population.firms.
        firms_file: FilePath = "", "", "", "none";
        /// Number of firms, all home countries together.
        firms: u32 = 10000 in 1 ..= 50000000, "n", "firms", "choice";
        /// Home countries by their ISO 3166 code.
        homes: Vec<String> = "BEL", "h", "", "choice";
        /// Number of sectors of equal size; their irrelevance for SNS is spread evenly from 0 to 1.
        sectors: u32 = 10 in 1 ..= 100, "sectors", "sectors", "assumption";
        /// Firms in a district.
        district: u32 = 150 in 1 ..= 60000, "district", "firms", "assumption";
        /// Tail exponent of initial sizes.
        size_tail: f32 = 1.06 in 0.5 ..= 10.0, "size tail", "1", "Zipf's law: P(S > s) ~ s^−1.06 (Axtell 2001, Science 293)";
        /// Tail exponent of entrants' sizes.
        entrant_tail: f32 = 1.5 in 0.5 ..= 10.0, "entrant tail", "1", "prototype, pinned by the size distribution (C10)";
        /// Largest initial size.
        size_cap: f32 = 2000.0 in 1.0 ..= 1000000.0, "size cap", "employees", "choice: facts about SMEs are measured below 250";
        /// Mean age of the first firms, exponentially distributed.
        age: f32 = 11.0 in 0.0 ..= 200.0, "mean age", "years", "assumption: near the stationary age of the default demography";
        /// Median and spread of proactivity.
        proactivity: f32 = -0.4 in -10.0 ..= 10.0, "a_m", "logit", "prototype, pinned by exporting by size (C1)";
        /// Spread of proactivity.
        proactivity_spread: f32 = 1.57 in 0.0 ..= 10.0, "a_sd", "logit", "prototype, pinned by entry and exit (C4)";
        /// Median of business skill, digital skill and clarity of objectives.
        skill: f32 = 0.0 in -10.0 ..= 10.0, "b_m", "logit", "normalisation";
        /// Spread of business skill, digital skill and clarity of objectives.
        skill_spread: f32 = 1.0 in 0.0 ..= 10.0, "b_sd", "logit", "assumption";
        /// Median barrier.
        barrier: f32 = -0.5 in -10.0 ..= 10.0, "B_m", "logit", "prototype, pinned by exporting by size (C1)";
        /// Spread of barriers.
        barrier_spread: f32 = 1.0 in 0.0 ..= 10.0, "B_sd", "logit", "assumption";
        /// Spread of export appeal.
        appeal_spread: f32 = 0.65 in 0.0 ..= 5.0, "σ_μ", "ln", "calibrated to concentration of exports (C2)";
    }
}

crate::params! {
    /// What is special about one home country.
    pub struct HomeSettings at "home.*" {
        /// Share of the firms, relative to the other homes.
        share: f32 = 1.0 in 0.0 ..= 1000000.0, "share", "1", "choice";
        /// Yearly revenue per employee, the money unit; 0 takes population.revenue_ratio times GDP per head.
        revenue_usd: f32 = 0.0 in 0.0 ..= 10000000.0, "unit", "US$/year", "choice";
        /// Share of people on the internet, where the data should not be used; −1 takes the data.
        internet: f32 = -1.0 in -1.0 ..= 1.0, "internet", "1", "choice";
    }
}

/// Longest age of a first firm, in quarters.
const OLDEST: f32 = 400.0;

impl Population {
    /// Age in quarters of the first firm at a slot: exponential, by inversion.
    pub fn first_age(&self, seed: Seed, slot: u32) -> i16 {
        let u = seed.block(Address::row(slot, Purpose::Birth)).uniform(0);
        (-4.0 * self.age * crate::number::ln(u)).min(OLDEST) as i16
    }

    /// A newborn firm without ties. `tail` is the tail exponent its size is drawn with; `proactive` the share of firms
    /// of full proactivity that start out proactive.
    pub fn newborn(&self, seed: Seed, slot: u32, generation: u16, born: i16, tail: f32, proactive: f32) -> Firm {
        let at = |which: u64| seed.block(Address::firm(slot, generation, Purpose::Birth, 0).which(which));
        let [first, second, third] = [at(1), at(2), at(3)];
        let skill = |u: f32| logistic(self.skill + self.skill_spread * normal(u));
        let barrier = |u: f32| logistic(self.barrier + self.barrier_spread * normal(u));
        let proactivity = logistic(self.proactivity + self.proactivity_spread * normal(first.uniform(1)));
        let ln_size = (-ln(first.uniform(0)) / tail).min(ln(self.size_cap));
        Firm {
            size: exp(ln_size),
            ln_size,
            arrival_scale: 1.0,
            order_scale: 1.0,
            failure_scale: 1.0,
            appeal: self.appeal_spread * normal(first.uniform(2)),
            residuals: 0.0,
            proactivity,
            baseline_proactivity: proactivity,
            skill: skill(first.uniform(3)),
            digital: skill(second.uniform(0)),
            objectives: skill(second.uniform(1)),
            barriers: [
                barrier(second.uniform(2)),
                barrier(second.uniform(3)),
                barrier(third.uniform(0)),
                barrier(third.uniform(1)),
            ],
            unhindered: 1.0,
            relational: 0.0,
            reach: 0.0,
            slack: 0.0,
            capacity: 0.0,
            inertia: 0.0,
            failed: 0.0,
            wanted: 0.0,
            home_sales: 0.0,
            exports: 0.0,
            exports_last: 0.0,
            learning: 1.0,
            career: NONE,
            born,
            awake_until: i16::MIN,
            first_sale: -1,
            adopted: -1,
            generation,
            district: 0,
            platforms: 0,
            trials: 0,
            successes: 0,
            lessons: 0,
            ties: 0,
            relations: 0,
            live: 0,
            home: 0,
            sector: (third.word(2) % self.sectors) as u8,
            orientation: self.orientation(seed, (slot, generation), proactive * proactivity),
            on_sns: false,
            dormant: true,
            new_markets: 0,
            first_origin: u8::MAX,
            steps: 0,
            leaps: 0,
        }
    }

    /// The orientation that a newborn starts out with; `chance` is that of being proactive.
    pub fn orientation(&self, seed: Seed, (slot, generation): (u32, u16), chance: f32) -> Orientation {
        let u = seed.block(Address::firm(slot, generation, Purpose::Birth, 0).which(4)).uniform(1);
        if u < chance { Orientation::Proactive } else { Orientation::NonExporter }
    }

    /// Quarter in which the first firm at a slot was founded, if that was in calendar year `year` and the run begins in
    /// `first_year`: any of the four, but none after the start.
    pub fn first_born(&self, seed: Seed, slot: u32, year: i32, first_year: i32) -> i16 {
        let u = seed.block(Address::row(slot, Purpose::Birth)).uniform(0);
        let within = ((4.0 * u) as i32).min(3);
        (4 * (year - first_year) + within).min(0) as i16
    }

    /// Firms in each home, by its share, adding up to `firms`; the last takes the rounding.
    pub fn split(&self, shares: &[f32]) -> Vec<u32> {
        let total: f64 = shares.iter().map(|share| f64::from(*share)).sum();
        let mut left = self.firms;
        let mut counts: Vec<u32> = Vec::with_capacity(shares.len());
        for (i, share) in shares.iter().enumerate() {
            let part = if i + 1 == shares.len() {
                left
            } else {
                (f64s::round(f64::from(self.firms) * f64::from(*share) / total) as u32).min(left)
            };
            counts.push(part);
            left -= part;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traits_have_their_medians_and_sizes_their_tail() {
        let population = Population::default();
        let seed = Seed::new(1, 0);
        let firms: Vec<Firm> = (0..20_000).map(|i| population.newborn(seed, i, 0, 0, 1.06, 0.6)).collect();
        let share = |test: &dyn Fn(&Firm) -> bool| firms.iter().filter(|f| test(f)).count() as f64 / 20_000.0;
        assert!((share(&|f| f.proactivity < logistic(-0.4)) - 0.5).abs() < 0.015);
        assert!((share(&|f| f.size > 10.0) - 10.0_f64.powi(-1) * 0.871).abs() < 0.01, "P(S > 10) = 10^−1.06");
        assert!(firms.iter().all(|f| f.size >= 1.0 && f.size <= 2000.1));
        assert!(share(&|f| f.orientation == Orientation::Proactive) > 0.1);
    }

    #[test]
    fn a_newborn_differs_from_its_predecessor_and_not_from_itself() {
        let population = Population::default();
        let seed = Seed::new(1, 0);
        let born = |generation| population.newborn(seed, 5, generation, 0, 1.5, 0.6).appeal;
        assert_eq!(born(0), born(0));
        assert_ne!(born(0), born(1));
    }

    #[test]
    fn homes_share_the_firms_exactly() {
        let population = Population { firms: 10, ..Population::default() };
        assert_eq!(population.split(&[1.0, 1.0, 1.0]), [3, 3, 4]);
        assert_eq!(population.split(&[0.0, 2.0]), [0, 10]);
    }
}
