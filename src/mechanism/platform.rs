//! Platforms: a catalogue of social networking sites, and the reach that effort on them buys.
//!
//! ```text
//! H = h_0 · z^h_z                                                                hours a week
//! reach = Σ_p max(0, H/n − f_p)^ζ · ā_p · rel_p · (½ + ½o) · (½ + ½d)            n platforms used
//! SNS contacts a year = λ_n · u · reach
//! ```
//!
//! ā_p is the platform's audience averaged over markets with weights Y^a; a market's own audience acts in the
//! kernel only, or it would count twice. Every platform takes a fixed attention f_p, so that too many give nothing.
//!
//! **Predicts** an inverted U of reach in the number of platforms, and that clear objectives and skill pay; see
//! `focus_on_few_pays`.
//!
//! Lazaro (2012), *The role of social networks in the internationalization of Tanzanian SME*, University of Dar es
//! Salaam; Deprince & Moalla (2022), *Syst. Inf. Manag.* 27(3), 55–85 (relational and informational use).

use crate::number::pow;

crate::params! {
    /// Use of social networking sites.
    pub struct Sns at "mechanism.sns" {
        /// Contacts a year per unit of reach of a firm that uses SNS for relations only.
        rate: f32 = 10.0 in 0.0 ..= 500.0, "λ_n", "1/year", "assumption, swept 0–30";
        /// Effort of a one-person firm.
        effort: f32 = 3.0 in 0.0 ..= 200.0, "h_0", "hours/week", "assumption, swept 1–8; Lazaro 2012 for the order of magnitude";
        /// Elasticity of effort to firm size.
        effort_size: f32 = 0.3 in 0.0 ..= 2.0, "h_z", "1", "assumption, swept 0.1–0.8";
        /// Mean number of further platforms of a firm without clear objectives.
        sprawl: f32 = 1.2 in 0.0 ..= 20.0, "n_p", "platforms", "assumption, swept 0–4";
        /// Returns to effort on a platform.
        returns: f32 = 0.6 in 0.05 ..= 2.0, "ζ", "1", "assumption, swept 0.3–1";
        /// Mean share of effort put into relations rather than information.
        relational: f32 = 0.5 in 0.0 ..= 1.0, "ū", "1", "assumption; Deprince & Moalla name both uses";
        /// Spread of that share around its mean.
        relational_spread: f32 = 0.3 in 0.0 ..= 0.5, "±u", "1", "assumption";
        /// Cost of an hour a week of effort.
        cost: f32 = 0.006 in 0.0 ..= 1.0, "cost of effort", "employee-revenues/year", "input: cheap (Lazaro 2012), swept 0–0.05";
        /// Whether the use of SNS does and costs anything: without it users are as those who never joined.
        on: bool = true, "", "", "switch";
    }
}

crate::params! {
    /// One social networking site.
    pub struct Platform at "platform.*" {
        /// Share of the people on the internet whom it reaches.
        audience: f32 = 0.3 in 0.0 ..= 1.0, "audience", "1", "assumption";
        /// Fixed attention it takes before anything comes back.
        attention: f32 = 0.6 in 0.0 ..= 100.0, "f_p", "hours/week", "assumption, swept 0–2";
        /// Suitability for making relations.
        relations: f32 = 0.5 in 0.0 ..= 1.0, "rel_p", "1", "assumption after the uses in Lazaro 2012";
        /// Suitability for market information.
        information: f32 = 0.5 in 0.0 ..= 1.0, "inf_p", "1", "assumption after the uses in Lazaro 2012";
        /// Ease of going on offline with what began there.
        conversion: f32 = 1.0 in 0.0 ..= 10.0, "off_p", "1", "assumption: 1 is the average platform";
        /// Decay of its contacts with distance, relative to that of online contacts.
        decay: f32 = 1.0 in 0.0 ..= 50.0, "λ_p", "1", "assumption: 1 is the average platform";
        /// Yearly fee.
        cost: f32 = 0.0 in 0.0 ..= 10.0, "fee", "employee-revenues/year", "input";
        /// Year from which it can be used.
        since: f32 = 1900.0 in 1900.0 ..= 2200.0, "since", "year", "input";
        /// Whether it exists in the scenario.
        on: bool = true, "", "", "switch";
    }
}

/// The six platforms of the Tanzanian case and their assumed properties.
pub fn catalogue() -> crate::param::Named<Platform> {
    let platform = |audience, relations, information, conversion, since| Platform {
        audience,
        relations,
        information,
        conversion,
        since,
        ..Platform::default()
    };
    [
        ("skype", platform(0.2, 0.9, 0.2, 1.6, 2004.0)),
        ("facebook", platform(0.5, 0.6, 0.4, 1.0, 2006.0)),
        ("twitter", platform(0.15, 0.4, 0.8, 0.7, 2007.0)),
        ("blog", platform(0.15, 0.3, 0.9, 0.6, 2002.0)),
        ("website", platform(0.6, 0.2, 0.6, 0.8, 1996.0)),
        ("linkedin", platform(0.15, 1.0, 0.6, 1.4, 2005.0)),
    ]
    .into_iter()
    .map(|(name, platform)| (name.to_owned(), platform))
    .collect()
}

/// What reach needs to know of the firm.
#[derive(Clone, Copy, Debug)]
pub struct Poster {
    /// Hours a week on all platforms together.
    pub effort: f32,
    pub objectives: f32,
    pub digital: f32,
}

impl Sns {
    /// Effort in hours a week of a firm of size `z`.
    #[inline]
    pub fn hours(&self, z: f32) -> f32 {
        self.effort * pow(z, self.effort_size)
    }

    /// Reach on one of `n` platforms; `audience` is the platform's mean audience over markets.
    #[inline]
    pub fn reach(&self, platform: &Platform, audience: f32, n: u32, poster: &Poster) -> f32 {
        let attention = poster.effort / n as f32 - platform.attention;
        if attention <= 0.0 {
            return 0.0;
        }
        pow(attention, self.returns)
            * audience
            * platform.relations
            * (0.5 + 0.5 * poster.objectives)
            * (0.5 + 0.5 * poster.digital)
    }

    /// Contacts a year from a total `reach` at relational share `u`.
    #[inline]
    pub fn rate(&self, u: f32, reach: f32) -> f32 {
        if self.on { self.rate * u * reach } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn focus_on_few_pays() {
        let sns = Sns::default();
        let platform = Platform { audience: 0.4, ..Platform::default() };
        let poster = Poster { effort: 3.0, objectives: 0.5, digital: 0.5 };
        let total = |n: u32, poster: &Poster| n as f32 * sns.reach(&platform, 0.4, n, poster);
        // One platform: 2.4^0.6 · 0.4 · 0.5 · 0.75 · 0.75
        assert!((total(1, &poster) - 1.690_9 * 0.1125).abs() < 1e-4);
        assert!(total(2, &poster) > total(1, &poster) && total(5, &poster) == 0.0);
        assert!(total(2, &Poster { objectives: 0.9, ..poster }) > total(2, &poster));
        assert_eq!(catalogue().len(), 6);
    }
}
