//! A table that a user brings: its dialect, its columns by name, its rows, and the numbers in its cells.
//!
//! | found out by itself | from |
//! |---|---|
//! | separator | a first line such as `sep=;`, else the one of tab, semicolon and comma that cuts all rows alike |
//! | header | the first line that is no comment; in files of the World Bank the one that begins with `Country Name` |
//! | decimals | a comma where cells are not separated by commas and one of the cells can mean nothing else |
//!
//! Names of columns are compared in any case, with blank, dash and underscore alike.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::record::{Cell, Record, Records};
use super::{Faults, text};
use crate::error::{Fault, Source, nearest};
use crate::input;

/// Separators looked for, the first of equals wins.
const SEPARATORS: [u8; 3] = [b'\t', b';', b','];
/// Rows looked at to find the separator.
const SAMPLE: usize = 20;
/// Columns named in a warning; the others are counted.
const NAMED: usize = 8;
/// How the last lines of a download from the World Bank begin.
const FOOTERS: [&str; 2] = ["Data from database", "Last Updated"];

/// A table with a header. Rows are cut anew whenever they are asked for, so that a large file is in memory once.
#[derive(Debug)]
pub struct Table {
    source: Arc<Source>,
    separator: u8,
    header: Vec<Cell<'static>>,
    /// Where the first row begins.
    body: usize,
    rows: usize,
    world_bank: bool,
    /// Where a number stands that can only have a comma before its decimals.
    comma: Option<Range<usize>>,
}

/// A row: as many cells as the header, and where it stands.
pub struct Row<'t> {
    pub cells: Vec<Cell<'t>>,
    pub range: Range<usize>,
}

/// The name of a column as it is compared.
pub fn key(name: &str) -> String {
    name.trim().chars().map(|c| if matches!(c, ' ' | '-' | '.' | '/') { '_' } else { c.to_ascii_lowercase() }).collect()
}

impl Table {
    /// Reads the file a setting names; the table and the BLAKE3 hash of the file.
    pub fn load(path: &Path, setting: &str, faults: &mut Faults) -> Option<(Self, String)> {
        match text(path, &path.display().to_string(), super::TABLE) {
            Ok(text) => Self::of(text.source, faults).map(|table| (table, text.hash)),
            Err(fault) => {
                faults.push(input::asked_by(setting, fault));
                None
            }
        }
    }

    /// Reads a text under a name.
    pub fn parse(name: &str, text: &str, faults: &mut Faults) -> Option<Self> {
        Self::of(Arc::new(Source { name: name.to_owned(), text: text.to_owned() }), faults)
    }

    /// Reads a text; rows that are not as long as the header and broken quotation marks are faults, rows that look like
    /// data behind a `#` are counted in a warning. Nothing if there is no header.
    pub fn of(source: Arc<Source>, faults: &mut Faults) -> Option<Self> {
        let text = source.text.as_str();
        let (stated, start) = stated_separator(text);
        let separator = match stated {
            Some(Ok(separator)) => separator,
            Some(Err(range)) => {
                let fault = Fault::text(&source, range, "this is no separator of cells");
                faults.push(fault.expected("one mark, such as sep=;").help("or leave the line out"));
                return None;
            }
            None => guess(text, start),
        };
        let mut records = Records::new(text, separator, start);
        let mut hidden = Vec::new();
        let mut world_bank = false;
        let header = loop {
            let Some(record) = records.next() else {
                let title = format!("{} has no header", source.name);
                let end = source.text.len();
                faults.push(Fault::text(&source, end..end, title).expected("a first line with the names of columns"));
                return None;
            };
            let first = key(&record.cells[0].text);
            world_bank |= first == "data_source";
            match (record.comment, world_bank && first != "country_name") {
                (true, _) => hidden.push(Hidden::of(&record)),
                (false, true) => {}
                (false, false) => break record,
            }
        };
        if let Some((range, what)) = header.broken {
            faults.push(Fault::text(&source, range, what).help("double it inside of a cell, or remove it"));
        }
        world_bank |= key(&header.cells[0].text) == "country_name";
        let (body, header) = (records.at, header.cells.into_iter().map(Cell::owned).collect());
        let mut table = Self { source: source.clone(), separator, header, body, rows: 0, world_bank, comma: None };
        table.survey(hidden, faults);
        Some(table)
    }

    /// Walks all rows once: how many there are, what is wrong with their form, and how decimals are written.
    fn survey(&mut self, mut hidden: Vec<Hidden>, faults: &mut Faults) {
        let source = self.source.clone();
        let width = self.header.len();
        for record in Records::new(&source.text, self.separator, self.body) {
            if record.comment {
                hidden.push(Hidden::of(&record));
                continue;
            }
            if let Some((range, what)) = record.broken {
                faults.push(Fault::text(&source, range, what).help("double it inside of a cell, or remove it"));
            } else if self.holds_nothing(&record) {
                continue;
            } else if !self.fits(&record) {
                let title = format!("this row has {} cells, the header has {width}", record.cells.len());
                let fault = Fault::text(&source, record.range, title).expected(format!("{width} cells"));
                let comma = self.separator == b',' && record.cells.len() > width && width > 1;
                let help = "if decimals are written with a comma, separate the cells by semicolons, or write points";
                faults.push(if comma { fault.help(help) } else { fault });
                continue;
            }
            self.rows += 1;
            if self.separator != b',' && self.comma.is_none() {
                self.comma =
                    record.cells.iter().find(|cell| surely_a_decimal_comma(&cell.text)).map(|c| c.range.clone());
            }
        }
        hidden.retain(|row| row.number && row.cells == width);
        if let Some(first) = hidden.first() {
            let title = match hidden.len() {
                1 => "a row that begins with `#` was passed over as a comment".to_owned(),
                n => format!("{n} rows that begin with `#` were passed over as comments"),
            };
            let fault =
                Fault::text(&source, first.range.clone(), title).expected("as many cells as the header, and a number");
            faults.push(fault.help("remove the mark if they are data").warning());
        }
    }

    /// Is a record one of those that spreadsheets and downloads leave at the end?
    fn holds_nothing(&self, record: &Record) -> bool {
        let (first, rest) = record.cells.split_first().expect("a record has a cell");
        let footer = self.world_bank && FOOTERS.iter().any(|start| first.text.starts_with(start));
        rest.iter().all(|cell| cell.text.is_empty()) && (footer || (!rest.is_empty() && first.text.is_empty()))
    }

    /// Has a record a cell for every column, but for columns without a name at the end?
    fn fits(&self, record: &Record) -> bool {
        let (found, width) = (record.cells.len(), self.header.len());
        let named = self.header.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1);
        found >= named && record.cells.iter().skip(width).all(|cell| cell.text.is_empty())
    }

    /// The rows, each with as many cells as the header.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let width = self.header.len();
        let records = Records::new(&self.source.text, self.separator, self.body);
        let sound = move |record: &Record| {
            !record.comment && record.broken.is_none() && !self.holds_nothing(record) && self.fits(record)
        };
        records.filter(sound).map(move |mut record| {
            let end = record.range.end;
            record.cells.resize_with(width, || Cell { text: "".into(), range: end..end });
            Row { cells: record.cells, range: record.range }
        })
    }

    /// Are there no rows?
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The text read.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The names of the columns as they are written.
    pub fn header(&self) -> &[Cell<'static>] {
        &self.header
    }

    /// The column with the first of these names that there is.
    pub fn column(&self, names: &[&str], faults: &mut Faults) -> Option<usize> {
        for name in names {
            let mut found = (0..self.header.len()).filter(|at| key(&self.header[*at].text) == *name);
            let Some(first) = found.next() else { continue };
            if let Some(second) = found.next() {
                let title = format!("the column `{}` appears twice", self.header[second].text);
                faults.push(self.fault(&self.header[second], title).help("name each column once"));
            }
            return Some(first);
        }
        None
    }

    /// The column with the first of these names; a fault if there is none. `holds` says what stands in it.
    pub fn require(&self, names: &[&str], holds: &str, faults: &mut Faults) -> Option<usize> {
        let found = self.column(names, faults);
        if found.is_none() {
            let fault = self.fault_of_header(format!("no column says {holds}"));
            let help = match self.header.iter().find_map(|cell| self.guess(cell, names)) {
                Some(near) => near,
                None if self.header.len() == 1 => "separate cells by comma, semicolon or tab".into(),
                None => format!("known names are {}", names.join(", ")),
            };
            faults.push(fault.expected(format!("a column `{}`", names[0])).help(help));
        }
        found
    }

    /// Which of `names` the name of a column that nobody knows may be meant to be, in words.
    fn guess(&self, cell: &Cell, names: &[&str]) -> Option<String> {
        let near = nearest(&key(&cell.text), names.iter().copied())?;
        Some(format!("is `{}` meant to be `{near}`?", cell.text))
    }

    /// Warns of the columns that nothing reads, and which of them may be meant to be one of the names that would be read;
    /// of those without a name only if they hold something.
    pub fn unread(&self, read: &[usize], names: &[&str], faults: &mut Faults) {
        let holds = |at: usize| !self.header[at].text.is_empty() || self.rows().any(|r| !r.cells[at].text.is_empty());
        let left: Vec<usize> = (0..self.header.len()).filter(|at| !read.contains(at) && holds(*at)).collect();
        let Some(first) = left.first() else { return };
        let name = |at: &usize| match self.header[*at].text.as_ref() {
            "" => format!("number {}", at + 1),
            name => format!("`{name}`"),
        };
        let some = |of: &[usize]| {
            let more = of.len().saturating_sub(NAMED);
            let more = (more > 0).then(|| format!("{more} more"));
            of.iter().take(NAMED).map(name).chain(more).collect::<Vec<_>>().join(", ")
        };
        let title = match left.len() {
            1 => format!("nothing reads the column {}", some(&left)),
            n => format!("nothing reads {n} columns: {}", some(&left)),
        };
        let fault = self.fault(&self.header[*first], title).expected(format!("read: {}", some(read))).warning();
        let help = left.iter().find_map(|at| self.guess(&self.header[*at], names));
        faults.push(Fault { help, ..fault });
    }

    /// A fault of a cell.
    pub fn fault(&self, cell: &Cell, title: impl Into<String>) -> Fault {
        Fault::text(&self.source, cell.range.clone(), title)
    }

    /// A fault of a row.
    pub fn fault_of_row(&self, row: &Row, title: impl Into<String>) -> Fault {
        Fault::text(&self.source, row.range.clone(), title)
    }

    /// A fault of the whole header, for what concerns no single cell.
    pub fn fault_of_header(&self, title: impl Into<String>) -> Fault {
        let last = self.header.last().expect("a header has a cell");
        Fault::text(&self.source, self.header[0].range.start..last.range.end, title)
    }

    /// The finite number in a cell; nothing if it says that none is known, and a fault if it holds anything else.
    pub fn number(&self, cell: &Cell, faults: &mut Faults) -> Option<f64> {
        if cell.is_missing() {
            return None;
        }
        match self.decimal(&cell.text) {
            Ok(x) => Some(x),
            Err((expected, help)) => {
                let fault = self.fault(cell, format!("`{}` is not a number", cell.text)).expected(expected);
                faults.push(Fault { help, ..fault });
                None
            }
        }
    }

    /// The finite number that a word says, or what was expected and what to do.
    fn decimal(&self, word: &str) -> Result<f64, (&'static str, Option<String>)> {
        let finite = |word: &str| word.parse().ok().filter(|x: &f64| x.is_finite());
        if let Some(comma) = self.comma.clone().filter(|_| word.contains(['.', ','])) {
            let other = &self.source.text[comma.clone()];
            let line = 1 + self.source.text[..comma.start].bytes().filter(|byte| *byte == b'\n').count();
            let mixed = || format!("line {line} has `{other}`; write all numbers alike, best with a point");
            let plain = !word.contains('.') && word.matches(',').count() == 1;
            let found = if plain { finite(&word.replace(',', ".")) } else { None };
            return found.ok_or_else(|| ("a comma before decimals, as elsewhere in this file", Some(mixed())));
        }
        finite(word).ok_or_else(|| {
            let bare: String =
                word.chars().filter(|c| !matches!(c, ',' | ' ' | '\'' | '\u{a0}' | '\u{202f}' | '_')).collect();
            let commas = word.matches(',').count();
            let help = if word.starts_with('#') {
                Some("a formula of the spreadsheet failed; mend it, or empty the cell".into())
            } else if commas == 1 && finite(&word.replace(',', ".")).is_some() {
                let grouped = thousands(word).then(|| format!("or `{bare}` if the comma separates thousands"));
                Some(format!(
                    "write a point before the decimals{}",
                    grouped.map_or(String::new(), |or| format!(", {or}"))
                ))
            } else if let Some(share) = word.strip_suffix('%').filter(|share| finite(share.trim()).is_some()) {
                Some(format!("write `{}` if percent are expected", share.trim()))
            } else if finite(&bare).is_some() {
                Some(format!("write `{bare}`, without marks between thousands"))
            } else {
                None
            };
            ("a finite number", help)
        })
    }
}

/// A row behind a `#`.
struct Hidden {
    range: Range<usize>,
    cells: usize,
    /// Does a cell after the first hold a number?
    number: bool,
}

impl Hidden {
    fn of(record: &Record) -> Self {
        let number = record.cells[1..].iter().any(|cell| numeric(&cell.text));
        Self { range: record.range.clone(), cells: record.cells.len(), number }
    }
}

/// The separator a first line such as `sep=;` states, or the place of one that cannot be, and where the table begins.
fn stated_separator(text: &str) -> (Option<Result<u8, Range<usize>>>, usize) {
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    let line = text[..end].trim_matches(['"', ' ']);
    let Some(mark) = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &line[4..]) else {
        return (None, 0);
    };
    let mark = if mark == "\\t" { "\t" } else { mark };
    let sound =
        mark.len() == 1 && mark.bytes().all(|byte| byte == b'\t' || byte.is_ascii_punctuation()) && mark != "\"";
    (Some(if sound { Ok(mark.as_bytes()[0]) } else { Err(0..end) }), end)
}

/// The separator that cuts the first rows alike; if none does, the one that cuts one of them into most cells.
fn guess(text: &str, start: usize) -> u8 {
    let mut best = (0, b',');
    for separator in SEPARATORS {
        let records = Records::new(text, separator, start).filter(|record| !record.comment);
        let counts: Vec<usize> = records.take(SAMPLE).map(|record| record.cells.len()).collect();
        let most = counts.iter().copied().max().unwrap_or_default();
        let alike = most > 1 && counts.iter().all(|count| *count == most);
        let score = if alike { usize::MAX } else { most };
        if score > best.0.max(1) {
            best = (score, separator);
        }
    }
    best.1
}

fn digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The whole part and the decimals of a number with one comma.
fn parts(word: &str) -> Option<(&str, &str)> {
    word.trim_start_matches(['+', '-']).split_once(',').filter(|(whole, rest)| digits(whole) && digits(rest))
}

/// Is a word a number, however decimals are written?
fn numeric(word: &str) -> bool {
    parts(word).is_some() || word.parse::<f64>().is_ok()
}

/// Can the comma in a word separate thousands?
fn thousands(word: &str) -> bool {
    parts(word).is_some_and(|(whole, rest)| whole.len() <= 3 && !whole.starts_with('0') && rest.len() == 3)
}

fn surely_a_decimal_comma(word: &str) -> bool {
    parts(word).is_some() && !thousands(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;

    fn table(text: &str) -> (Table, Vec<Fault>) {
        let mut faults = Faults::default();
        let table = Table::parse("t.csv", text, &mut faults).expect("it has a header");
        (table, faults.take("t.csv"))
    }

    fn pointed(fault: &Fault) -> &str {
        match &fault.place {
            Place::Text(source, range) => &source.text[range.clone()],
            place => panic!("{place:?}"),
        }
    }

    fn words(table: &Table) -> Vec<Vec<String>> {
        table.rows().map(|row| row.cells.iter().map(|cell| cell.text.to_string()).collect()).collect()
    }

    /// The numbers of the last column, and the titles and helps of the faults.
    fn numbers(text: &str) -> (Vec<Option<f64>>, Vec<String>) {
        let (table, mut told) = table(text);
        let mut faults = Faults::default();
        let last = table.header().len() - 1;
        let found = table.rows().map(|row| table.number(&row.cells[last], &mut faults)).collect();
        told.extend(faults.take("t.csv"));
        (found, told.into_iter().map(|f| format!("{} | {}", f.title, f.help.unwrap_or_default())).collect())
    }

    #[test]
    fn every_dialect_says_the_same() {
        let dialects = [
            "iso3,gdp\nBEL,1.5\nFRA,2\n",
            "iso3;gdp\nBEL;1.5\nFRA;2",
            "iso3\tgdp\r\nBEL\t1.5\r\nFRA\t2\r\n",
            "sep=;\r\niso3;gdp\r\nBEL;1.5\r\nFRA;2\r\n",
            "\"SEP=|\"\niso3|gdp\nBEL|1.5\nFRA|2\n",
            "# a note, with; marks\n\n\"iso3\" , gdp\n BEL ,\"1.5\"\n,\n\nFRA,2,,\n",
            "iso3;gdp\rBEL;1,5\rFRA;2\r",
        ];
        for text in dialects.iter().filter(|text| text.len() > 10) {
            let (found, told) = numbers(text);
            assert_eq!((found, told), (vec![Some(1.5), Some(2.0)], vec![]), "{text:?}");
        }
    }

    #[test]
    fn commas_within_cells_of_other_files_separate_nothing() {
        let (eurostat, _) = table("freq,unit,geo\\TIME_PERIOD\t2019 \t2020 \nA,PC,BE\t1 \t2 e\n");
        assert_eq!(words(&eurostat), [["A,PC,BE", "1", "2 e"]]);
        let (notes, _) = table("iso3;\"name, long\";x\nBEL;a, b;1\n");
        assert_eq!(words(&notes), [["BEL", "a, b", "1"]]);
    }

    #[test]
    fn downloads_of_the_world_bank_have_lines_around_them() {
        let bulk = "\"Data Source\",\"World Development Indicators\",\n\n\"Last Updated Date\",\"2024-01-01\",\n\n\
                    \"Country Name\",\"Country Code\",\"2019\",\n\"Aruba\",\"ABW\",\"1\",\n";
        let (table_of_bulk, faults) = table(bulk);
        assert_eq!(
            (words(&table_of_bulk), faults),
            (vec![vec!["Aruba".into(), "ABW".into(), "1".into(), "".into()]], vec![])
        );
        let bank =
            "Country Name,Country Code,2019 [YR2019]\nAruba,ABW,..\n,,\n\nData from database: WDI,,\nLast Updated: 1\n";
        let (table_of_bank, faults) = table(bank);
        assert_eq!((words(&table_of_bank).len(), faults), (1, vec![]));
    }

    #[test]
    fn columns_are_found_by_name_and_the_others_are_told() {
        let (table, _) = table("Source,Country Code,Weight,,Weight\n0,1,2,,3\n");
        let mut faults = Faults::default();
        let find = |names: &[&str], faults: &mut Faults| table.column(names, faults);
        assert_eq!(find(&["a", "source"], &mut faults), Some(0));
        assert_eq!(find(&["iso3", "country_code"], &mut faults), Some(1));
        assert_eq!(find(&["kind"], &mut faults), None);
        assert_eq!(find(&["weight"], &mut faults), Some(2));
        assert_eq!(table.require(&["sauce"], "where it begins", &mut faults), None);
        table.unread(&[0, 1], &["wait"], &mut faults);
        let told: Vec<String> =
            faults.take("t.csv").iter().map(|f| format!("{}: {} | {}", pointed(f), f.title, f.label)).collect();
        assert_eq!(
            told,
            [
                "Weight: the column `Weight` appears twice | ",
                "Source,Country Code,Weight,,Weight: no column says where it begins | a column `sauce`",
                "Weight: nothing reads 2 columns: `Weight`, `Weight` | read: `Source`, `Country Code`",
            ]
        );
    }

    #[test]
    fn a_column_without_a_name_is_told_if_it_holds_something() {
        let (table, _) = table("a,b,\n1,2,x\n");
        let mut faults = Faults::default();
        table.unread(&[0, 1], &["wait"], &mut faults);
        assert_eq!(faults.take("t.csv")[0].title, "nothing reads the column number 3");
    }

    #[test]
    fn rows_behind_a_mark_are_counted_and_rows_of_another_length_refused() {
        let (table, faults) = table("a;b\n# a note\n#1;2\n#3;4\n#N/A;5\n6;7;8\n9\n");
        assert_eq!(words(&table), [["#N/A", "5"]]);
        let told: Vec<(&str, &str)> = faults.iter().map(|fault| (pointed(fault), fault.title.as_str())).collect();
        assert_eq!(
            told,
            [
                ("6;7;8", "this row has 3 cells, the header has 2"),
                ("9", "this row has 1 cells, the header has 2"),
                ("#1;2", "2 rows that begin with `#` were passed over as comments"),
            ]
        );
    }

    #[test]
    fn decimal_commas_are_read_where_they_can_mean_nothing_else() {
        assert_eq!(
            numbers("a;x\nA;1,5\nB;1,234\nC;-0,125\nD;7\n").0,
            [Some(1.5), Some(1.234), Some(-0.125), Some(7.0)]
        );
        assert_eq!(numbers("a\tx\nA\t0,125\n").0, [Some(0.125)]);
        let (_, told) = numbers("a;x\nA;1,234\n");
        assert_eq!(
            told,
            ["`1,234` is not a number | write a point before the decimals, or `1234` if the comma separates thousands"]
        );
        let (_, told) = numbers("a;x\nA;1,5\nB;1.234\n");
        assert_eq!(told, ["`1.234` is not a number | line 2 has `1,5`; write all numbers alike, best with a point"]);
        let (_, told) = numbers("a,x\nA,\"1,5\"\nB,\"1,234,567\"\nC,94 %\nD,1 234\nE,#REF!\nF,NaN\nG,1,5\n");
        let helps: Vec<&str> = told.iter().map(|told| told.split(" | ").nth(1).unwrap()).collect();
        assert_eq!(
            helps,
            [
                "if decimals are written with a comma, separate the cells by semicolons, or write points",
                "write a point before the decimals",
                "write `1234567`, without marks between thousands",
                "write `94` if percent are expected",
                "write `1234`, without marks between thousands",
                "a formula of the spreadsheet failed; mend it, or empty the cell",
                "",
            ]
        );
    }

    #[test]
    fn a_table_needs_a_header_and_a_separator_of_one_mark() {
        for (text, title) in [
            ("", "t.csv has no header"),
            ("# only a note\n", "t.csv has no header"),
            ("sep=ab\na,b\n", "this is no separator of cells"),
            ("sep=\na,b\n", "this is no separator of cells"),
        ] {
            let mut faults = Faults::default();
            assert!(Table::parse("t.csv", text, &mut faults).is_none());
            assert_eq!(faults.take("t.csv")[0].title, title);
        }
        let (table, _) = table("sep=\\t\na\tb\n1\t2\n");
        assert_eq!(words(&table), [["1", "2"]]);
    }

    #[test]
    fn many_faults_are_counted() {
        let (_, faults) = table(&format!("iso3,x\n{}", "BEL,1,2\n".repeat(25)));
        assert_eq!((faults.len(), faults[20].title.as_str()), (21, "t.csv has 5 more faults"));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(73),
            failure_persistence: None,
            ..Default::default()
        })]
        #[test]
        fn no_text_panics_and_every_fault_points_into_it(
            head in "(sep=.\n)?[ab#,;\t\"é]{0,12}", body in "[a0-9#\",.;:%\t\r\n é]{0,80}"
        ) {
            let text = format!("{head}\n{body}");
            let mut faults = Faults::default();
            if let Some(table) = Table::parse("t.csv", &text, &mut faults) {
                for row in table.rows() {
                    assert_eq!(row.cells.len(), table.header().len());
                    for cell in &row.cells {
                        table.number(cell, &mut faults);
                    }
                }
                table.require(&["a"], "a", &mut faults);
                table.unread(&[0], &[], &mut faults);
            }
            for fault in faults.take("t.csv") {
                if fault.place != Place::Nowhere {
                    pointed(&fault);
                }
            }
        }
    }
}
