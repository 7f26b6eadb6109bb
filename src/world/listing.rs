//! Listing: the countries of a scenario as seen from one of them, for people who choose markets.

use super::{Cage, Components, Country, Territory, World, WorldSettings};
use crate::error::Fault;
use crate::param::Named;

/// A country, and how far it is from the home if one was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    pub country: Country,
    pub from_home: Option<Distances>,
}

/// How far a market is from the home.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distances {
    /// Felt distance of the home's firms, 1 on average over the world.
    pub felt: f32,
    /// Trade friction, 1 on average over the world.
    pub friction: f32,
    /// What both are made of.
    pub components: Components,
}

/// The markets of a scenario: from a home by felt distance, nearest first and the home itself left out; else by code.
///
/// # Errors
/// Every fault of the settings, the home and the user's files.
pub fn listing(
    settings: &WorldSettings,
    cage: &Cage,
    territories: &Named<Territory>,
    home: Option<&str>,
) -> Result<Vec<Listing>, Vec<Fault>> {
    let homes: Vec<String> = home.map(str::to_owned).into_iter().collect();
    let world = World::build(settings, cage, territories, &homes)?;
    let at = home.map(|iso3| world.index(iso3).expect("a home is always in the world"));
    let mut rows: Vec<Listing> = (0_u8..)
        .zip(&world.countries)
        .filter(|(market, _)| Some(*market) != at)
        .map(|(market, country)| Listing {
            country: country.clone(),
            from_home: at.map(|home| Distances {
                felt: world.felt(home, market),
                friction: world.friction(home, market),
                components: world.components(home, market),
            }),
        })
        .collect();
    rows.sort_by(|a, b| {
        let felt = |row: &Listing| row.from_home.map_or(0.0, |distances| distances.felt);
        felt(a).total_cmp(&felt(b)).then_with(|| a.country.iso3.cmp(&b.country.iso3))
    });
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(home: Option<&str>) -> Result<Vec<Listing>, Vec<Fault>> {
        listing(&WorldSettings::default(), &Cage::default(), &Named::new(), home)
    }

    #[test]
    fn near_markets_come_first() {
        let listed = rows(Some("BEL")).unwrap();
        assert_eq!(listed.len(), 59, "the sixty largest, without the home");
        let first: Vec<&str> = listed.iter().take(3).map(|row| row.country.iso3.as_str()).collect();
        assert!(first.contains(&"NLD") && first.contains(&"DEU"), "{first:?}");
        assert!(listed.windows(2).all(|two| two[0].from_home.unwrap().felt <= two[1].from_home.unwrap().felt));
    }

    #[test]
    fn without_a_home_countries_stand_by_code() {
        let listed = rows(None).unwrap();
        assert!(listed.iter().all(|row| row.from_home.is_none()));
        assert!(listed.windows(2).all(|two| two[0].country.iso3 < two[1].country.iso3));
        assert_eq!(rows(Some("Belgium")).unwrap_err()[0].help.as_deref(), Some("write `BEL`, the code of Belgium"));
    }
}
