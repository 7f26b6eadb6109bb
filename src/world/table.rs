//! Tables that users bring: comma, semicolon or tab separated, every cell knowing where it stands.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::atlas::{self, Row};
use crate::error::{Fault, Source, nearest};
use crate::input;

/// More faults of one file than this are only counted: the first mend the rest.
const SHOWN: usize = 20;

/// Faults of one file.
#[derive(Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// The faults to show.
    pub fn take(mut self, file: &str) -> Vec<Fault> {
        let more = self.0.len().saturating_sub(SHOWN);
        self.0.truncate(SHOWN);
        if more > 0 {
            self.0.push(Fault::new(format!("{file} has {more} more faults")));
        }
        self.0
    }
}

/// A cell: its trimmed text and where it stands.
pub(crate) struct Cell {
    pub text: String,
    range: Range<usize>,
}

/// A table with a header.
pub(crate) struct Table {
    source: Arc<Source>,
    pub header: Vec<Cell>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Reads the file a setting names; the table and the BLAKE3 hash of the file.
    pub fn load(path: &Path, setting: &str, faults: &mut Faults) -> Option<(Self, String)> {
        match input::text(path, input::LARGEST_DATA) {
            Err(fault) => {
                faults.push(input::asked_by(setting, fault));
                None
            }
            Ok(text) => {
                let hash = blake3::hash(text.as_bytes()).to_hex().to_string();
                Self::parse(&path.display().to_string(), &text, faults).map(|table| (table, hash))
            }
        }
    }

    /// Reads a text; lines that start with `#` and empty lines are skipped.
    pub fn parse(name: &str, text: &str, faults: &mut Faults) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let source = Arc::new(Source { name: name.to_owned(), text: text.to_owned() });
        let first = text.lines().find(|line| !line.starts_with('#') && !line.is_empty()).unwrap_or_default();
        let delimiter = [b';', b'\t'].into_iter().find(|mark| first.as_bytes().contains(mark)).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for record in reader.records() {
            let record = record.expect("text in memory is read and is UTF-8");
            rows.push(cells(text, &record));
        }
        if rows.len() < 2 {
            let title = format!("{name} has no rows");
            faults.push(Fault::text(&source, 0..first.len().min(text.len()), title).expected("a header, then rows"));
            return None;
        }
        let header = rows.remove(0);
        Some(Self { source, header, rows })
    }

    /// A fault of a cell.
    pub fn fault(&self, cell: &Cell, title: impl Into<String>) -> Fault {
        Fault::text(&self.source, cell.range.clone(), title)
    }

    /// A fault of the first cell of the header, for what concerns the whole table.
    pub fn fault_of_all(&self, title: impl Into<String>) -> Fault {
        self.fault(&self.header[0], title)
    }

    /// The rows that have as many cells as the header; the others are faults.
    pub fn full_rows(&self, faults: &mut Faults) -> Vec<&[Cell]> {
        let (mut full, columns) = (Vec::new(), self.header.len());
        for row in &self.rows {
            if row.len() == columns {
                full.push(row.as_slice());
            } else {
                let whole = row[0].range.start..row[row.len() - 1].range.end;
                let title = format!("this row has {} cells, the header has {columns}", row.len());
                faults.push(Fault::text(&self.source, whole, title).expected(format!("{columns} cells")));
            }
        }
        full
    }

    /// The rows of a table whose first column, `iso3`, names each country once.
    pub fn by_country(&self, rows: &[Row], faults: &mut Faults) -> Vec<(String, &[Cell])> {
        if !self.header[0].text.eq_ignore_ascii_case("iso3") {
            let title = format!("the first column is `{}`", self.header[0].text);
            faults.push(self.fault_of_all(title).expected("iso3").help("give the countries by their ISO 3166 codes"));
        }
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for row in self.full_rows(faults) {
            if let Some(country) = self.country(&row[0], rows, faults) {
                if seen.insert(country) {
                    found.push((row[0].text.clone(), row));
                } else {
                    faults.push(self.fault(&row[0], format!("{} appears twice", row[0].text)));
                }
            }
        }
        found
    }

    /// The country a cell names.
    pub fn country(&self, cell: &Cell, rows: &[Row], faults: &mut Faults) -> Option<usize> {
        let found = atlas::find(rows, &cell.text);
        if found.is_none() {
            let fault = self.fault(cell, format!("`{}` is not a country of the data set", cell.text));
            faults.push(fault.expected("an ISO 3166 code of three letters").help(meant(&cell.text, rows)));
        }
        found
    }

    /// The finite number in a cell.
    pub fn number(&self, cell: &Cell, faults: &mut Faults) -> Option<f64> {
        match cell.text.parse::<f64>() {
            Ok(x) if x.is_finite() => Some(x),
            _ => {
                let fault = self.fault(cell, format!("`{}` is not a number", cell.text)).expected("a finite number");
                let comma = cell.text.contains(',') && cell.text.replace(',', ".").parse::<f64>().is_ok();
                faults.push(if comma { fault.help("write a point before the decimals") } else { fault });
                None
            }
        }
    }

    /// The finite number in a cell, or nothing if it is empty.
    pub fn number_or_empty(&self, cell: &Cell, faults: &mut Faults) -> Option<f64> {
        if cell.text.is_empty() { None } else { self.number(cell, faults) }
    }
}

/// Short names in daily use that are no ISO 3166 alpha-3 codes.
const COLLOQUIAL: [(&str, &str); 3] = [("UK", "GBR"), ("US", "USA"), ("UAE", "ARE")];

/// What somebody who wrote an unknown country probably meant.
pub(crate) fn meant(word: &str, rows: &[Row]) -> String {
    let countries = || rows.iter().map(|row| &row.country);
    let named = |name: &str| countries().find(|country| country.name.eq_ignore_ascii_case(name));
    if let Some(country) = named(word) {
        return format!("write `{}`, the code of {}", country.iso3, country.name);
    }
    let coded = |code: &str| countries().find(|country| country.iso3 == code);
    let colloquial =
        COLLOQUIAL.iter().find(|short| short.0.eq_ignore_ascii_case(word)).and_then(|short| coded(short.1));
    // Many wrong codes are the start of the name: GER, SWI, SPA.
    let starts = |name: &str| name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let begun = || countries().find(|country| word.len() >= 3 && starts(&country.name));
    // Many names sound alike; a slip of the pen changes a letter in three at most.
    let slip = |near: &&str| {
        let changes = strsim::osa_distance(&word.to_lowercase(), &near.to_lowercase());
        changes <= (word.chars().count() / 3).max(1)
    };
    let alike = || match word.len() {
        0..=3 => nearest(word, countries().map(|country| country.iso3.as_str())).filter(slip).and_then(coded),
        _ => nearest(word, countries().map(|country| country.name.as_str())).filter(slip).and_then(named),
    };
    match colloquial.or_else(begun).or_else(alike) {
        Some(country) => format!("did you mean `{}` ({})?", country.iso3, country.name),
        None => "`fondaco countries` lists the codes".into(),
    }
}

/// The cells of a record with their places in the text: the reader knows only where a record starts.
fn cells(text: &str, record: &csv::StringRecord) -> Vec<Cell> {
    let mut at = record.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(usize::MAX)).min(text.len());
    loop {
        let rest = &text[boundary(text, at)..];
        match rest.as_bytes().first() {
            Some(b'\n' | b'\r') => at += 1,
            Some(b'#') => at += rest.find('\n').unwrap_or(rest.len()),
            _ => break,
        }
    }
    let mut cells = Vec::with_capacity(record.len());
    for field in record {
        let quoted = text.as_bytes().get(at) == Some(&b'"');
        let marks = if quoted { 2 + field.bytes().filter(|byte| *byte == b'"').count() } else { 0 };
        let end = at + field.len() + marks;
        cells.push(Cell { text: field.trim().to_owned(), range: boundary(text, at)..boundary(text, end) });
        at = end + 1;
    }
    cells
}

/// The last place not after `at` where a text may be cut.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;

    fn table(text: &str) -> Table {
        Table::parse("t.csv", text, &mut Faults::default()).unwrap()
    }

    fn pointed(fault: &Fault) -> &str {
        match &fault.place {
            Place::Text(source, range) => &source.text[range.clone()],
            place => panic!("{place:?}"),
        }
    }

    #[test]
    fn cells_know_their_place() {
        let t = table("\u{feff}# a note\n\niso3;\"näm\"\"e\";x\r\nBEL;Belgïque ;1\r\n\r\n# more\nFRA;\"a;b\";2\n");
        assert_eq!(pointed(&t.fault(&t.header[1], "")), "\"näm\"\"e\"");
        assert_eq!(t.header[1].text, "näm\"e");
        for (row, expected) in t.rows.iter().zip([["BEL", "Belgïque ", "1"], ["FRA", "\"a;b\"", "2"]]) {
            let found: Vec<&str> = row.iter().map(|cell| &t.source.text[cell.range.clone()]).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn odd_texts_are_read_without_panic() {
        for text in
            ["", "a", "a,b\n", "\"", "a\n\"é", "\"a\"é,b\nc\"d,\"e\"\"\n", "#\n#", "é;\n\"\";\"\"\"\n", ",\n,,,\n"]
        {
            let mut faults = Faults::default();
            if let Some(t) = Table::parse("t.csv", text, &mut faults) {
                t.by_country(&atlas::atlas().rows, &mut faults);
            }
            for fault in faults.take("t.csv") {
                pointed(&fault);
            }
        }
    }

    #[test]
    fn unknown_countries_are_guessed() {
        let rows = &atlas::atlas().rows;
        assert_eq!(meant("belgium", rows), "write `BEL`, the code of Belgium");
        assert_eq!(meant("GER", rows), "did you mean `DEU` (Germany)?");
        assert_eq!(meant("BELG", rows), "did you mean `BEL` (Belgium)?");
        assert_eq!(meant("UK", rows), "did you mean `GBR` (United Kingdom)?");
        assert_eq!(meant("Beglium", rows), "did you mean `BEL` (Belgium)?");
        assert_eq!(meant("Narnia", rows), "`fondaco countries` lists the codes");
        assert_eq!(meant("?", rows), "`fondaco countries` lists the codes");
    }

    #[test]
    fn many_faults_are_counted() {
        let text = format!("iso3,x\n{}", "BEL,1,2\n".repeat(25));
        let mut faults = Faults::default();
        table(&text).full_rows(&mut faults);
        let shown = faults.take("t.csv");
        assert_eq!(shown.len(), SHOWN + 1);
        assert_eq!(shown[SHOWN].title, "t.csv has 5 more faults");
    }
}
