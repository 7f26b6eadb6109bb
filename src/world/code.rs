//! Codes: which country a word means, by ISO 3166 codes of three and two letters, former and other codes, and names.
//!
//! Words that mean no single country of the data set are known too: places without a row of their own, groups of the
//! World Bank and Eurostat, and countries that became several. In tables such rows are passed over, and told.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::atlas::{self, Row};
use crate::error::nearest;
use crate::read::{Cell, Faults, Table};

/// Words named in a warning; the others are counted.
const NAMED: usize = 8;

/// What a word means.
#[derive(Debug, PartialEq)]
pub(crate) enum Meaning {
    /// A country or territory: its row.
    Row(usize),
    /// Something else that is known, in words.
    Outside(&'static str),
    Unknown,
}

/// Codes and names beside those of the rows, in capitals: the country's code, or what else it is.
static CODES: LazyLock<BTreeMap<String, Result<String, &'static str>>> = LazyLock::new(|| {
    let records = atlas::records("data/codes.csv").into_iter();
    let meaning =
        |r: &csv::StringRecord| if r[1].is_empty() { Err(&*r[3].to_owned().leak()) } else { Ok(r[1].to_owned()) };
    records.map(|r| (r[0].to_uppercase(), meaning(&r))).collect()
});

/// What a word means, in any case.
pub(crate) fn meaning(word: &str, rows: &[Row]) -> Meaning {
    let capitals = word.to_uppercase();
    if let Some(at) = atlas::find(rows, &capitals) {
        return Meaning::Row(at);
    }
    match CODES.get(&capitals) {
        Some(Ok(iso3)) => Meaning::Row(atlas::find(rows, iso3).expect("codes are of countries")),
        Some(Err(note)) => Meaning::Outside(note),
        None => rows
            .iter()
            .position(|row| row.country.name.to_uppercase() == capitals)
            .map_or(Meaning::Unknown, Meaning::Row),
    }
}

/// What somebody who wrote a word that is no code of three letters probably meant.
pub(crate) fn meant(word: &str, rows: &[Row]) -> String {
    match meaning(word, rows) {
        Meaning::Row(at) => {
            let country = &rows[at].country;
            return format!("write `{}`, the code of {}", country.iso3, country.name);
        }
        Meaning::Outside(note) => return format!("`{word}` is {note}"),
        Meaning::Unknown => {}
    }
    let countries = || rows.iter().map(|row| &row.country);
    // Many wrong codes are the start of one name: GER, POR, SWI. Where two names begin so, nobody knows.
    let starts = |name: &str| name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let mut begun = countries().filter(|country| word.len() >= 3 && starts(&country.name));
    let only = begun.next().filter(|_| begun.next().is_none());
    // Codes are too short for a slip of the pen to be recognised; in names it changes a letter in three at most.
    let slip = |near: &&str| {
        let changes = strsim::osa_distance(&word.to_lowercase(), &near.to_lowercase());
        changes <= (word.chars().count() / 3).max(1)
    };
    let alike = || {
        let near = nearest(word, countries().map(|country| country.name.as_str())).filter(slip)?;
        countries().find(|country| word.len() > 3 && country.name == near)
    };
    match only.or_else(alike) {
        Some(country) => format!("did you mean `{}` ({})?", country.iso3, country.name),
        None => "`fondaco countries` lists the codes".into(),
    }
}

/// Reads the countries that cells of one table name.
pub(crate) struct Reader<'a> {
    pub rows: &'a [Row],
    /// Is the list one of names that holds other things than countries? Then what is unknown is passed over too.
    pub names: bool,
    outside: BTreeMap<String, (Cell<'static>, &'static str)>,
}

impl<'a> Reader<'a> {
    pub fn new(rows: &'a [Row]) -> Self {
        Self { rows, names: false, outside: BTreeMap::new() }
    }

    /// Does a cell name a country?
    pub fn knows(&self, cell: &Cell) -> bool {
        matches!(meaning(&cell.text, self.rows), Meaning::Row(_))
    }

    /// The country a cell names; a fault if nobody knows what it is.
    pub fn find(&mut self, table: &Table, cell: &Cell, faults: &mut Faults) -> Option<usize> {
        let note = match meaning(&cell.text, self.rows) {
            Meaning::Row(at) => return Some(at),
            Meaning::Outside(note) => note,
            Meaning::Unknown if self.names && !cell.text.is_empty() && !cell.is_error() => "",
            Meaning::Unknown => {
                let fault = if cell.text.is_empty() {
                    table.fault(cell, "this row names no country").help("name it, or delete the row")
                } else if cell.is_error() {
                    let title = format!("`{}` names no country", cell.text);
                    table.fault(cell, title).help("a look-up in the spreadsheet failed; mend it, or delete the row")
                } else {
                    let title = format!("`{}` is not a country of the data set", cell.text);
                    table.fault(cell, title).help(meant(&cell.text, self.rows))
                };
                faults.push(fault.expected("an ISO 3166 code"));
                return None;
            }
        };
        self.outside.entry(cell.text.to_string()).or_insert_with(|| (cell.clone().owned(), note));
        None
    }

    /// Warns of what was passed over.
    pub fn tell(self, table: &Table, faults: &mut Faults) {
        let mut outside: Vec<(Cell, &str)> = self.outside.into_values().collect();
        outside.sort_by_key(|(cell, _)| cell.range.start);
        let Some((first, _)) = outside.first() else { return };
        let name = |(cell, note): &(Cell, &str)| {
            if note.is_empty() { format!("`{}`", cell.text) } else { format!("`{}` ({note})", cell.text) }
        };
        let mut names: Vec<String> = outside.iter().take(NAMED).map(name).collect();
        if outside.len() > NAMED {
            names.push(format!("{} more", outside.len() - NAMED));
        }
        let one = outside.len() == 1;
        let title = format!(
            "{} of no country of the data set {} passed over: {}",
            if one { "a row" } else { "rows" },
            if one { "was" } else { "were" },
            names.join(", ")
        );
        faults.push(table.fault(first, title).expected("the first of them").warning());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::atlas::atlas;

    fn code(word: &str) -> &str {
        match meaning(word, &atlas().rows) {
            Meaning::Row(at) => &atlas().rows[at].country.iso3,
            Meaning::Outside(note) => note,
            Meaning::Unknown => "?",
        }
    }

    #[test]
    fn codes_of_every_kind_are_known_in_any_case() {
        let known = [
            ("bel", "BEL"),
            ("AU", "AUS"),
            ("at", "AUT"),
            ("NA", "NAM"),
            ("TZ", "TZA"),
            ("EL", "GRC"),
            ("UK", "GBR"),
            ("ROM", "ROU"),
            ("ZAR", "COD"),
            ("TMP", "TLS"),
            ("XK", "XKX"),
            ("KSV", "XKX"),
            ("Belgium", "BEL"),
            ("u.s.a.", "USA"),
            ("Korea South", "KOR"),
            ("Türkiye", "TUR"),
        ];
        for (word, iso3) in known {
            assert_eq!(code(word), iso3, "{word}");
        }
        assert_eq!(
            (code("ABW"), code("EU27_2020"), code("wld")),
            ("Aruba", "a group of Eurostat", "a group of the World Bank")
        );
        assert!(code("YUG").starts_with("Yugoslavia") && code("Congo").contains("COD and COG"));
        assert_eq!((code("XYZ"), code("")), ("?", "?"));
    }

    #[test]
    fn every_country_has_a_code_of_two_letters_and_no_code_has_two_meanings() {
        let rows = &atlas().rows;
        let two = CODES.iter().filter(|(code, meaning)| code.len() == 2 && meaning.is_ok());
        let named: std::collections::BTreeSet<&String> = two.filter_map(|(_, meaning)| meaning.as_ref().ok()).collect();
        assert_eq!(named.len(), rows.len());
        assert_eq!(CODES.len(), atlas::records("data/codes.csv").len());
        assert!(rows.iter().all(|row| !CODES.contains_key(&row.country.iso3)));
        assert!(CODES.values().flatten().all(|iso3| atlas::find(rows, iso3).is_some()));
    }

    #[test]
    fn unknown_countries_are_guessed_only_where_one_is_likely() {
        let rows = &atlas().rows;
        assert_eq!(meant("belgium", rows), "write `BEL`, the code of Belgium");
        assert_eq!(meant("AU", rows), "write `AUS`, the code of Australia");
        assert_eq!(meant("UK", rows), "write `GBR`, the code of United Kingdom");
        assert_eq!(meant("GER", rows), "did you mean `DEU` (Germany)?");
        assert_eq!(meant("BELG", rows), "did you mean `BEL` (Belgium)?");
        assert_eq!(meant("Beglium", rows), "did you mean `BEL` (Belgium)?");
        for word in ["Narnia", "?", "NIG", "SOU", "ENG", "WXD", "XB"] {
            assert_eq!(meant(word, rows), "`fondaco countries` lists the codes", "{word}");
        }
        assert_eq!(meant("WLD", rows), "`WLD` is a group of the World Bank");
    }
}
