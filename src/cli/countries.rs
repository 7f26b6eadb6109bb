//! `fondaco countries`: which countries the data know, and what a home country sees of them.

use super::print;
use clap::{Args, ValueHint};
use comfy_table::{CellAlignment, Table, presets::NOTHING};
use fondaco::error::{Error, Fault, Place};
use fondaco::scenario::{Loaded, Scenario};
use fondaco::world::{Listing, MOST_MARKETS, code_of, listing};
use serde_json::json;
use std::path::PathBuf;

/// List the countries of the data, or the distances of all markets from one of them
#[derive(Args, Debug)]
pub struct CountriesArgs {
    /// Home country by a code or its name, such as BEL; without one, all countries are listed
    #[arg(value_name = "HOME")]
    pub home: Option<String>,
    /// Scenario whose world is listed; without one, all countries of the data
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub scenario: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Lists countries.
///
/// # Errors
/// The home or the scenario's world is wrong.
pub fn countries(args: &CountriesArgs) -> Result<(), Error> {
    let mut loaded = Loaded::<Scenario>::defaults(&[])?;
    match &args.scenario {
        Some(path) => loaded = Loaded::load(path, &[])?,
        None => loaded.scenario.world.largest = MOST_MARKETS as u32,
    }
    let scenario = &loaded.scenario;
    let home = args.home.as_deref().map(|word| code_of(word).unwrap_or_else(|| word.to_uppercase()));
    let rows = listing(&scenario.world, &scenario.cage, &scenario.territory, home.as_deref());
    // The home is the word of the command line, whatever the scenario states.
    let place = |fault: Fault| match &fault.place {
        Place::Setting(path) if path == "population.homes" => Fault { place: Place::Nowhere, ..fault },
        _ => loaded.locate(fault),
    };
    let rows = rows.map_err(|faults| Error::Asked(faults.into_iter().map(place).collect()))?;
    if args.json {
        let rows: Vec<serde_json::Value> = rows.iter().map(as_json).collect();
        return print(&(serde_json::to_string_pretty(&rows).expect("a list is plain data") + "\n"));
    }
    let mut table = Table::new();
    table.load_style(NOTHING);
    match home {
        None => {
            table.set_header(vec!["code", "country", "region", "GDP, bn US$", "per head, US$", "internet, %"]);
            right(&mut table, 3..6);
            for row in &rows {
                let c = &row.country;
                table.add_row(vec![
                    c.iso3.clone(),
                    c.name.clone(),
                    c.region.clone(),
                    format!("{:.1}", c.gdp_usd * 1e-9),
                    format!("{:.0}", c.gdp_per_head),
                    format!("{:.0}", 100.0 * c.internet),
                ]);
            }
        }
        Some(_) => {
            table.set_header(vec![
                "code",
                "country",
                "felt",
                "friction",
                "km",
                "border",
                "official",
                "spoken",
                "proximity",
                "religion",
                "colony",
                "ruler",
                "agreement",
                "law",
            ]);
            right(&mut table, 2..14);
            let yes = |is: bool| if is { "yes" } else { "·" }.to_owned();
            for row in &rows {
                let Some(d) = &row.from_home else { continue };
                let c = &d.components;
                table.add_row(vec![
                    row.country.iso3.clone(),
                    row.country.name.clone(),
                    format!("{:.2}", d.felt),
                    format!("{:.2}", d.friction),
                    format!("{:.0}", c.km),
                    yes(c.border),
                    yes(c.official_language),
                    format!("{:.2}", c.spoken_language),
                    format!("{:.2}", c.language_proximity),
                    format!("{:.2}", c.religion),
                    yes(c.colony),
                    yes(c.common_coloniser),
                    format!("{}", c.agreement),
                    yes(c.legal_origin),
                ]);
            }
        }
    }
    print(&format!("{table}\n"))
}

fn right(table: &mut Table, columns: std::ops::Range<usize>) {
    for column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

fn as_json(row: &Listing) -> serde_json::Value {
    let c = &row.country;
    let mut value = json!({
        "iso3": c.iso3, "name": c.name, "region": c.region, "subregion": c.subregion, "population": c.population,
        "gdp_usd": c.gdp_usd, "gdp_per_head": c.gdp_per_head, "internet": c.internet,
        "latitude": c.latitude, "longitude": c.longitude,
    });
    if let Some(d) = &row.from_home {
        let c = &d.components;
        value["felt"] = json!(d.felt);
        value["friction"] = json!(d.friction);
        value["components"] = json!({
            "km": c.km, "capital_km": c.capital_km, "harmonic_km": c.harmonic_km, "border": c.border,
            "official_language": c.official_language, "spoken_language": c.spoken_language,
            "language_proximity": c.language_proximity, "religion": c.religion, "colony": c.colony,
            "common_coloniser": c.common_coloniser, "agreement": c.agreement, "legal_origin": c.legal_origin,
            "income": c.income, "kogut_singh": c.kogut_singh,
        });
    }
    value
}
