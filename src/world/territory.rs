//! Territories: parts of countries, such as Scotland, that a scenario treats as countries of their own.
//!
//! A territory copies a country's row. Distances are measured from its own coordinates where they are given; it borders
//! its country and the neighbours listed, and is in an economic union with its country. The country copied keeps all of
//! its people and output: give it smaller ones by `world.columns` where counting both would matter.

use super::atlas::{self, Row};
use super::code;
use super::pair::Point;
use crate::error::{Fault, nearest};
use crate::param::{Kind, Named, Setting, Value};

crate::params! {
    /// A part of a country as a country of its own; the name of the table is its code of three capital letters.
    pub struct Territory at "territory.*" {
        /// Code of the country it belongs to, whose row it copies.
        of: String = "", "", "", "user";
        /// Its name; if empty, its code.
        name: String = "", "", "", "user";
        /// Its capital; if empty, that of the country.
        capital: String = "", "", "", "user";
        /// Degrees north of its centre; if `""`, people live where the country's live.
        latitude: Option<f64> = "" in -90.0 ..= 90.0, "", "degrees", "user";
        /// Degrees east of its centre; stated together with the latitude.
        longitude: Option<f64> = "" in -180.0 ..= 180.0, "", "degrees", "user";
        /// People; if `""`, as many as in the country.
        population: Option<f64> = "" in 1.0 ..= 1e10, "", "people", "user";
        /// GDP; if `""`, that of its people at the country's GDP per head.
        gdp_usd: Option<f64> = "" in 1.0 ..= 1e15, "", "US$/year", "user";
        /// Share of people who use the internet; if `""`, as in the country.
        internet_pct: Option<f64> = "" in 0.0 ..= 100.0, "", "%", "user";
        /// Codes of its land neighbours besides the country itself.
        borders: Vec<String> = "", "", "", "user";
    }
}

/// A number that need not be stated; the empty text stands for none.
impl Setting for Option<f64> {
    const KIND: Kind = Kind::Number;
    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) if text.is_empty() => Ok(None),
            _ => f64::read(value).map(Some).map_err(|_| "a number, or \"\" for none".into()),
        }
    }
    fn write(&self) -> Value {
        self.map_or(Value::Text(String::new()), Value::Number)
    }
}

/// Countries and territories in the order of their codes.
pub(crate) fn extend(countries: &[Row], territories: &Named<Territory>, faults: &mut Vec<Fault>) -> Vec<Row> {
    let mut rows = countries.to_vec();
    for (code, territory) in territories {
        let before = faults.len();
        check(code, territory, countries, territories, faults);
        if faults.len() == before {
            let parent = atlas::find(countries, &territory.of).expect("checked");
            rows.push(row(code, territory, &countries[parent]));
        }
    }
    rows.sort_by(|a, b| a.country.iso3.cmp(&b.country.iso3));
    rows
}

fn check(code: &str, t: &Territory, countries: &[Row], territories: &Named<Territory>, faults: &mut Vec<Fault>) {
    let path = |setting: &str| format!("territory.{code}.{setting}");
    if code.len() != 3 || !code.bytes().all(|letter| letter.is_ascii_uppercase()) {
        let fault = Fault::setting(format!("territory.{code}"), format!("`{code}` is not a code of a territory"));
        faults.push(fault.expected("three capital letters, such as [territory.SCO]"));
    } else if let Some(at) = atlas::find(countries, code) {
        let title = format!("{code} is already the code of {}", countries[at].country.name);
        faults.push(Fault::setting(format!("territory.{code}"), title).help("choose another code of three letters"));
    }
    if atlas::find(countries, &t.of).is_none() {
        let title = if t.of.is_empty() {
            format!("the territory {code} does not say which country it belongs to")
        } else {
            format!("`{}` is not a country of the data set", t.of)
        };
        let fault = Fault::setting(if t.of.is_empty() { format!("territory.{code}") } else { path("of") }, title);
        let example = "state its code, such as `of = \"GBR\"`".to_owned();
        let help = if t.of.is_empty() { example } else { code::meant(&t.of, countries) };
        faults.push(fault.expected("an ISO 3166 code of three letters").help(help));
    }
    for (stated, other, missing) in [(t.latitude, t.longitude, "longitude"), (t.longitude, t.latitude, "latitude")] {
        if stated.is_some() && other.is_none() {
            let here = if missing == "longitude" { "latitude" } else { "longitude" };
            let fault = Fault::setting(path(here), format!("the territory {code} has a {here} but no {missing}"));
            faults.push(fault.help(format!("state `{missing}` too")));
        }
    }
    for neighbour in t.borders.iter().filter(|b| atlas::find(countries, b).is_none() && !territories.contains_key(*b)) {
        let fault = Fault::setting(path("borders"), format!("`{neighbour}` is not a country of the data set"));
        let help = nearest(neighbour, territories.keys().map(String::as_str))
            .map_or_else(|| code::meant(neighbour, countries), |word| format!("did you mean `{word}`?"));
        faults.push(fault.expected("ISO 3166 codes of three letters").help(help));
    }
}

fn row(code: &str, territory: &Territory, parent: &Row) -> Row {
    let mut row = parent.clone();
    let country = &mut row.country;
    country.iso3 = code.to_owned();
    country.name = if territory.name.is_empty() { code.to_owned() } else { territory.name.clone() };
    if !territory.capital.is_empty() {
        country.capital.clone_from(&territory.capital);
    }
    country.population = territory.population.unwrap_or(country.population);
    country.gdp_usd = territory.gdp_usd.unwrap_or(country.population * parent.country.gdp_per_head);
    country.gdp_per_head = country.gdp_usd / country.population;
    // Prices are the country's: both measures of income move together.
    country.gdp_per_head_ppp *= country.gdp_per_head / parent.country.gdp_per_head;
    country.internet = territory.internet_pct.map_or(country.internet, |percent| percent / 100.0);
    if let (Some(latitude), Some(longitude)) = (territory.latitude, territory.longitude) {
        (country.latitude, country.longitude) = (latitude, longitude);
        row.cities = vec![(Point::at(latitude, longitude), 1.0)];
    }
    row.borders = std::iter::once(&territory.of).chain(&territory.borders).cloned().collect();
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::atlas::{atlas, find};
    use crate::world::pair::components;

    fn scotland() -> Territory {
        Territory {
            of: "GBR".into(),
            name: "Scotland".into(),
            latitude: Some(55.95),
            longitude: Some(-3.19),
            population: Some(5.5e6),
            ..Territory::default()
        }
    }

    fn with(code: &str, territory: Territory) -> (Vec<Row>, Vec<Fault>) {
        let mut faults = Vec::new();
        let rows = extend(&atlas().rows, &Named::from([(code.to_owned(), territory)]), &mut faults);
        (rows, faults)
    }

    #[test]
    fn scotland_is_a_small_britain_to_the_north() {
        let (rows, faults) = with("SCO", scotland());
        assert_eq!((rows.len(), faults), (201, vec![]));
        let at = |iso3: &str| &rows[find(&rows, iso3).unwrap()];
        let (sco, gbr) = (at("SCO"), at("GBR"));
        assert!((sco.country.gdp_per_head / gbr.country.gdp_per_head - 1.0).abs() < 1e-12);
        assert!(sco.country.gdp_usd < 0.1 * gbr.country.gdp_usd);
        let home = components(sco, gbr);
        assert!(home.border && home.official_language && home.colony && home.agreement == 5);
        assert!(components(sco, at("NOR")).km < components(gbr, at("NOR")).km);
        assert!(components(sco, at("IND")).colony && !components(sco, at("IRL")).border);
        assert_eq!(components(sco, at("BEL")).agreement, components(gbr, at("BEL")).agreement);
    }

    #[test]
    fn unclear_territories_are_faults() {
        let titles = |code: &str, t: Territory| -> Vec<String> {
            with(code, t).1.into_iter().map(|fault| fault.title).collect()
        };
        assert_eq!(titles("Scot", scotland()), ["`Scot` is not a code of a territory"]);
        assert_eq!(titles("FRA", scotland()), ["FRA is already the code of France"]);
        assert_eq!(titles("SCO", Territory::default()), ["the territory SCO does not say which country it belongs to"]);
        let odd = Territory { of: "GRB".into(), longitude: None, borders: vec!["XYZ".into()], ..scotland() };
        assert_eq!(titles("SCO", odd).len(), 3);
    }

    #[test]
    fn numbers_need_not_be_stated() {
        use crate::param::Params;
        let mut territory = Territory::default();
        assert_eq!(territory.latitude, None);
        assert_eq!(territory.set("latitude", &Value::Number(0.0)), Ok(()));
        assert_eq!(territory.get("latitude"), Some(Value::Number(0.0)));
        assert_eq!(territory.set("latitude", &Value::Number(91.0)), Err("a value from -90 to 90".into()));
        assert_eq!(territory.set("latitude", &Value::Text(String::new())), Ok(()));
        assert_eq!(territory.latitude, None);
    }
}
