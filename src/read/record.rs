//! Records: a text cut into rows and cells that know where they stand.
//!
//! Cells are separated by one mark and may stand between quotation marks, which are doubled inside. Lines end in any of
//! the three ways; those that are blank or begin with `#` hold no row, unless the `#` begins an error of a spreadsheet.

use std::borrow::Cow;
use std::ops::Range;

/// What spreadsheets and statistical offices write where nothing is known; in any case.
const MISSING: [&str; 12] = ["", "..", "...", ":", ".", "-", "na", "n/a", "#n/a", "#null!", "null", "none"];

/// What spreadsheets write where a formula failed.
const ERRORS: [&str; 7] = ["#n/a", "#null!", "#ref!", "#div/0!", "#value!", "#name?", "#num!"];

/// A cell: its text without blanks and quotation marks around it, and where that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell<'t> {
    pub text: Cow<'t, str>,
    pub range: Range<usize>,
}

impl Cell<'_> {
    /// Does it say that nothing is known? (A country's cell does not: `NA` is Namibia.)
    pub fn is_missing(&self) -> bool {
        self.text.len() <= 6 && MISSING.iter().any(|mark| self.text.eq_ignore_ascii_case(mark))
    }

    /// Does it hold an error of a spreadsheet, such as `#REF!`?
    pub fn is_error(&self) -> bool {
        ERRORS.iter().any(|word| self.text.eq_ignore_ascii_case(word))
    }

    /// The cell with a text of its own.
    pub fn owned(self) -> Cell<'static> {
        Cell { text: Cow::Owned(self.text.into_owned()), range: self.range }
    }
}

/// A line that is not blank, or several where a quoted cell holds the ends of lines.
pub(super) struct Record<'t> {
    pub cells: Vec<Cell<'t>>,
    pub range: Range<usize>,
    /// Does it begin with `#`? Then its cells are told apart without regard to quotation marks.
    pub comment: bool,
    /// What is wrong with its quotation marks, and where.
    pub broken: Option<(Range<usize>, &'static str)>,
}

/// The records of a text, one after another.
#[derive(Clone)]
pub(super) struct Records<'t> {
    text: &'t str,
    separator: u8,
    pub at: usize,
}

impl<'t> Records<'t> {
    /// The records from `at` on, where a line begins; the separator is one byte of ASCII.
    pub fn new(text: &'t str, separator: u8, at: usize) -> Self {
        Self { text, separator, at }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Where the line ends in which `at` stands, its end not included.
    fn line_end(&self, at: usize) -> usize {
        self.text[at..].find(['\n', '\r']).map_or(self.text.len(), |length| at + length)
    }

    /// Steps over the end of a line.
    fn next_line(&mut self, end: usize) {
        let both = self.byte(end) == Some(b'\r') && self.byte(end + 1) == Some(b'\n');
        self.at = (end + if both { 2 } else { 1 }).min(self.text.len());
    }

    fn blank(&self, byte: u8) -> bool {
        byte == b' ' || (byte == b'\t' && self.separator != b'\t')
    }

    fn skip_blanks(&self, mut at: usize) -> usize {
        while self.byte(at).is_some_and(|byte| self.blank(byte)) {
            at += 1;
        }
        at
    }

    /// The cell of a stretch of the text, as it stands.
    fn bare(&self, range: Range<usize>) -> Cell<'t> {
        let part = &self.text[range.clone()];
        let start = range.start + part.len() - part.trim_start().len();
        let text = part.trim();
        Cell { text: Cow::Borrowed(text), range: start..start + text.len() }
    }

    /// Where a cell ends that begins at `at` and is not quoted.
    fn cell_end(&self, at: usize) -> usize {
        let ends = |byte: &u8| *byte == self.separator || *byte == b'\n' || *byte == b'\r';
        self.text.as_bytes()[at..].iter().position(ends).map_or(self.text.len(), |length| at + length)
    }

    /// The cell whose opening quotation mark stands at `open`, and where its closing one stands.
    fn quoted(&self, open: usize) -> Option<(Cell<'t>, usize)> {
        let (mut at, mut doubled) = (open + 1, false);
        loop {
            at += self.text[at..].find('"')?;
            if self.byte(at + 1) != Some(b'"') {
                break;
            }
            doubled = true;
            at += 2;
        }
        let mut cell = self.bare(open + 1..at);
        if doubled {
            cell.text = Cow::Owned(cell.text.replace("\"\"", "\""));
        }
        Some((cell, at))
    }

    fn comment(&mut self, start: usize, end: usize) -> Record<'t> {
        let mut cells = Vec::new();
        let mut at = start;
        loop {
            let stop = self.cell_end(at).min(end);
            cells.push(self.bare(at..stop));
            if stop == end {
                break;
            }
            at = stop + 1;
        }
        self.next_line(end);
        Record { cells, range: start..end, comment: true, broken: None }
    }

    fn record(&mut self, start: usize) -> Record<'t> {
        let mut record = Record { cells: Vec::new(), range: start..start, comment: false, broken: None };
        let mut at = start;
        loop {
            let first = self.skip_blanks(at);
            let mut end = self.cell_end(first);
            if self.byte(first) == Some(b'"') {
                match self.quoted(first) {
                    Some((cell, close)) => {
                        let after = self.skip_blanks(close + 1);
                        end = self.cell_end(after);
                        if end > after && record.broken.is_none() {
                            record.broken = Some((after..end, "there is text after the closing quotation mark"));
                        }
                        record.cells.push(cell);
                    }
                    None => {
                        end = self.line_end(first);
                        let what = "the quotation mark is never closed";
                        record.broken = record.broken.or(Some((first..first + 1, what)));
                        record.cells.push(self.bare(first..end));
                    }
                }
            } else {
                record.cells.push(self.bare(first..end));
            }
            if self.byte(end) != Some(self.separator) {
                record.range.end = end;
                self.next_line(end);
                return record;
            }
            at = end + 1;
        }
    }
}

impl<'t> Iterator for Records<'t> {
    type Item = Record<'t>;

    fn next(&mut self) -> Option<Record<'t>> {
        while self.at < self.text.len() {
            let (start, end) = (self.at, self.line_end(self.at));
            let line = &self.text[start..end];
            if line.trim().is_empty() {
                self.next_line(end);
                continue;
            }
            let error = |word: &str| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
            let comment = line.starts_with('#') && !ERRORS.iter().any(|word| error(word));
            return Some(if comment { self.comment(start, end) } else { self.record(start) });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, separator: u8) -> Vec<Vec<(String, String)>> {
        let cells = |record: Record| {
            let cell = |cell: &Cell| (cell.text.to_string(), text[cell.range.clone()].to_owned());
            record.cells.iter().map(cell).collect()
        };
        Records::new(text, separator, 0).map(cells).collect()
    }

    fn texts(text: &str, separator: u8) -> Vec<Vec<String>> {
        cut(text, separator).into_iter().map(|row| row.into_iter().map(|cell| cell.0).collect()).collect()
    }

    #[test]
    fn cells_know_their_place() {
        let rows = cut("a; \"b\"\"ä;\" ;c d \r\n\r\n  \t\n;\"\";x\ry;\"1\n2\";", b';');
        let both = |text: &str| (text.to_owned(), text.to_owned());
        assert_eq!(rows[0], [both("a"), ("b\"ä;".into(), "b\"\"ä;".into()), both("c d")]);
        assert_eq!(rows[1], [both(""), both(""), both("x")]);
        assert_eq!(rows[2], [both("y"), both("1\n2"), both("")]);
        assert_eq!(rows.len(), 3);
    }

    #[test]
    fn an_error_of_a_spreadsheet_is_no_comment() {
        let rows: Vec<bool> =
            Records::new("# note\n#N/A,1\n#ref!,2\n#NAT,3\n", b',', 0).map(|record| record.comment).collect();
        assert_eq!(rows, [true, false, false, true]);
        assert_eq!(texts("#a \"b,c\n", b','), [["#a \"b", "c"]]);
    }

    #[test]
    fn broken_quotation_marks_are_noticed_and_do_not_swallow_the_rest() {
        let text = "a,\"b\nc,d\n\"e\"f,g\n";
        let broken: Vec<Option<(Range<usize>, &str)>> =
            Records::new(text, b',', 0).map(|record| record.broken).collect();
        assert_eq!(broken.len(), 1, "the mark closes in line 3");
        assert!(broken[0].clone().unwrap().1.contains("after the closing"), "{broken:?}");
        assert_eq!(texts("a,\"b\nc,d\n", b','), [["a", "\"b"], ["c", "d"]]);
    }

    #[test]
    fn marks_of_what_is_missing() {
        let cell = |text: &str| Cell { text: Cow::Owned(text.to_owned()), range: 0..0 };
        for mark in ["", "..", ":", "#NULL!", "NA", "n/a", "#N/A"] {
            assert!(cell(mark).is_missing(), "{mark}");
        }
        for value in ["0", "-1", "NaN", "nab", "#REF!"] {
            assert!(!cell(value).is_missing(), "{value}");
        }
        assert!(cell("#REF!").is_error() && !cell("REF").is_error());
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(72),
            failure_persistence: None,
            ..Default::default()
        })]
        #[test]
        fn any_text_is_cut_in_order_and_within_itself(text in "[ab\";,\t\r\n #é]{0,60}") {
            for separator in *b",;\t" {
                let mut last = 0;
                for record in Records::new(&text, separator, 0) {
                    for cell in &record.cells {
                        assert!(cell.range.start >= last && text.get(cell.range.clone()).is_some(), "{text:?}");
                        last = cell.range.end;
                    }
                    assert!(record.range.end >= last && record.range.end <= text.len());
                    if let Some((range, _)) = record.broken {
                        assert!(text.get(range).is_some());
                    }
                }
            }
        }
    }
}
