//! Selection: which countries of the data set are markets of a scenario.

use std::collections::BTreeSet;

use super::atlas::{self, REGIONS, Row};
use super::{MOST_MARKETS, WorldSettings, code};
use crate::error::{Fault, nearest};

/// The rows a scenario asks for, in order.
pub(crate) fn select(settings: &WorldSettings, rows: &[Row], homes: &[String], faults: &mut Vec<Fault>) -> Vec<usize> {
    let mut selected = BTreeSet::new();
    let unknown = |word: &str, what: &str| format!("{what} `{word}` is not a country of the data set");
    for home in homes {
        match atlas::find(rows, home) {
            Some(at) => drop(selected.insert(at)),
            None => {
                let fault = Fault::setting("population.homes", unknown(home, "the home"));
                faults.push(fault.expected("codes or names of countries").help(code::meant(home, rows)));
            }
        }
    }
    for word in &settings.countries {
        match atlas::find(rows, word) {
            Some(at) => drop(selected.insert(at)),
            None => {
                let fault = Fault::setting("world.countries", unknown(word, "the market"));
                faults.push(fault.expected("codes or names of countries").help(code::meant(word, rows)));
            }
        }
    }
    if settings.countries.is_empty() || !settings.regions.is_empty() {
        let largest = usize::try_from(settings.largest).expect("a small number");
        selected.extend(pool(settings, rows, faults).into_iter().take(largest));
    }
    if faults.is_empty() && selected.len() > MOST_MARKETS {
        let title = format!("{} markets are more than a world can hold", selected.len());
        let fault = Fault::setting("world.countries", title).expected(format!("at most {MOST_MARKETS}"));
        faults.push(fault.help("select fewer by `world.largest`"));
    }
    if faults.is_empty() && selected.len() < 2 {
        let fault = Fault::setting("world.countries", "there is no foreign market");
        faults.push(fault.expected("two or more countries").help("name more, or leave the list empty"));
    }
    selected.into_iter().collect()
}

/// Countries of the regions asked for, largest first; territories are markets only where they are named.
fn pool(settings: &WorldSettings, rows: &[Row], faults: &mut Vec<Fault>) -> Vec<usize> {
    let blocs = &atlas::atlas().blocs;
    let within = |row: &Row, word: &str| {
        let member = |(bloc, members): &(String, Vec<String>)| {
            bloc.eq_ignore_ascii_case(word) && members.contains(&row.country.iso3)
        };
        row.country.region.eq_ignore_ascii_case(word)
            || row.country.subregion.eq_ignore_ascii_case(word)
            || blocs.iter().any(member)
    };
    for word in settings.regions.iter().filter(|word| !rows.iter().any(|row| within(row, word))) {
        let places = rows.iter().flat_map(|row| [row.country.region.as_str(), row.country.subregion.as_str()]);
        let help = match nearest(word, places.chain(blocs.iter().map(|bloc| bloc.0.as_str()))) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("regions are {}; subregions are those of the UN", REGIONS.join(", ")),
        };
        let fault = Fault::setting("world.regions", format!("`{word}` is not a region, subregion or bloc"));
        faults.push(fault.expected("names such as Europe, Western Africa or EU").help(help));
    }
    let wanted = |row: &Row| settings.regions.is_empty() || settings.regions.iter().any(|word| within(row, word));
    let is_country = |row: &Row| row.origin == row.country.iso3;
    let mut pool: Vec<usize> = (0..rows.len()).filter(|at| is_country(&rows[*at]) && wanted(&rows[*at])).collect();
    pool.sort_by(|a, b| rows[*b].country.gdp_usd.total_cmp(&rows[*a].country.gdp_usd).then(a.cmp(b)));
    pool
}
