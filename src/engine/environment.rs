//! The environment of a quarter: calendars of the web and of platforms, and scheduled shocks.
//!
//! ```text
//! demand, exchange-rate:  order value × (1 + size)       tariff:  true friction + size
//! travel-ban:  visit × (1 − size)                        platform-shutdown:  the platform brings and closes nothing
//! ```

use crate::param::Named;

crate::choice! {
    /// What a shock hits.
    pub enum ShockKind {
        /// Foreign demand rises or falls.
        Demand = "demand",
        /// True friction rises or falls, in mean frictions.
        Tariff = "tariff",
        /// Foreign revenue in home money rises or falls.
        ExchangeRate = "exchange-rate",
        /// Visits fall by a share.
        TravelBan = "travel-ban",
        /// One platform closes.
        PlatformShutdown = "platform-shutdown",
    }
}

crate::params! {
    /// A shock from outside.
    pub struct Shock at "shock.*" {
        /// What it hits.
        kind: ShockKind = "demand", "", "", "choice";
        /// First year of the shock; quarters as fractions.
        start: f32 = 2020.0 in 1900.0 ..= 2200.0, "t_0", "year", "choice";
        /// How long it lasts.
        years: f32 = 1.0 in 0.25 ..= 200.0, "duration", "years", "choice";
        /// How large it is: a share, or mean frictions for a tariff.
        size: f32 = -0.2 in -1.0 ..= 10.0, "size", "1", "choice";
        /// Markets hit, by ISO 3166 code; empty for all.
        markets: Vec<String> = "", "", "", "choice";
        /// Platform closed, for a platform shutdown.
        platform: String = "", "", "", "choice";
        /// Whether it happens.
        on: bool = true, "", "", "switch";
    }
}

/// What holds in one quarter, by market where it differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Environment {
    /// Adoption calendar κ(t) and share of firms with a website.
    pub kappa: f32,
    pub web: f32,
    /// Multiplier of order values.
    pub demand: Vec<f32>,
    /// Added to true friction.
    pub tariff: Vec<f32>,
    /// Multiplier of visits.
    pub visit: Vec<f32>,
    /// Platforms in operation, one bit each in the order of their names.
    pub platforms: u16,
    /// Were other platforms in operation a quarter ago?
    pub platforms_changed: bool,
}

impl Environment {
    /// A quiet quarter of so many markets, in which that many platforms (16 at most) operate.
    pub fn quiet(markets: usize, platforms: usize) -> Self {
        debug_assert!(platforms <= 16, "{platforms} platforms have a bit each");
        Self {
            kappa: 0.0,
            web: 0.0,
            demand: vec![1.0; markets],
            tariff: vec![0.0; markets],
            visit: vec![1.0; markets],
            platforms: ((1_u32 << platforms) - 1) as u16,
            platforms_changed: false,
        }
    }

    /// Lets the shocks that are on at calendar time `year` act; `index` finds a market by its code.
    pub fn strike(
        &mut self,
        shocks: &Named<Shock>,
        year: f32,
        platforms: &[String],
        index: impl Fn(&str) -> Option<u8>,
    ) {
        for shock in shocks.values().filter(|shock| shock.on && year >= shock.start && year < shock.start + shock.years)
        {
            let hit: Vec<usize> = if shock.markets.is_empty() {
                (0..self.demand.len()).collect()
            } else {
                shock.markets.iter().filter_map(|code| index(code)).map(usize::from).collect()
            };
            for market in hit {
                match shock.kind {
                    ShockKind::Demand | ShockKind::ExchangeRate => self.demand[market] *= 1.0 + shock.size,
                    ShockKind::Tariff => self.tariff[market] += shock.size,
                    ShockKind::TravelBan => self.visit[market] *= 1.0 - shock.size.clamp(0.0, 1.0),
                    ShockKind::PlatformShutdown => {}
                }
            }
            if shock.kind == ShockKind::PlatformShutdown {
                for (i, _) in platforms.iter().enumerate().filter(|(_, name)| **name == shock.platform) {
                    self.platforms &= !(1 << i);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shocks_hit_what_they_name_while_they_last() {
        let mut shocks = Named::new();
        shocks.insert("slump".into(), Shock { markets: vec!["DEU".into()], ..Shock::default() });
        let shut = Shock { kind: ShockKind::PlatformShutdown, platform: "blog".into(), ..Shock::default() };
        shocks.insert("shut".into(), shut);
        let platforms = ["blog".to_owned(), "skype".to_owned()];
        let index = |code: &str| (code == "DEU").then_some(1);
        let mut now = Environment::quiet(3, 2);
        now.strike(&shocks, 2020.5, &platforms, index);
        assert_eq!(now.demand, [1.0, 0.8, 1.0]);
        assert_eq!(now.platforms, 0b10);
        let mut later = Environment::quiet(3, 2);
        later.strike(&shocks, 2021.0, &platforms, index);
        assert_eq!(later, Environment::quiet(3, 2));
    }

    #[test]
    fn only_platforms_that_exist_operate() {
        for (platforms, bits) in [(0, 0), (1, 1), (6, 0b11_1111), (16, u16::MAX)] {
            assert_eq!(Environment::quiet(1, platforms).platforms, bits);
        }
    }
}
