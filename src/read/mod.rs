//! Texts and tables that users bring.
//!
//! [`text`] reads any text, [`Table`] what stands in columns. To read a table, find its columns by name, walk its rows
//! and say which columns were read, so that the others are told:
//!
//! ```
//! use fondaco::read::{Faults, Table};
//! let mut faults = Faults::default();
//! let table = Table::parse("ties.csv", "Source;Target;Label\n0;1;x\n", &mut faults).expect("it has a header");
//! let a = table.require(&["a", "source"], "where a tie begins", &mut faults);
//! let b = table.require(&["b", "target"], "where it ends", &mut faults);
//! if let (Some(a), Some(b)) = (a, b) {
//!     for row in table.rows() {
//!         let (from, to) = (&row.cells[a], &row.cells[b]);
//!         if from.text == to.text {
//!             faults.push(table.fault(from, "a tie to itself"));
//!         }
//!     }
//!     table.unread(&[a, b], &["kind"], &mut faults);
//! }
//! assert_eq!(faults.take("ties.csv")[0].title, "nothing reads the column `Label`");
//! ```

mod record;
mod table;

pub use record::Cell;
pub use table::{Row, Table, key};

use std::path::Path;
use std::sync::Arc;

use crate::error::{Fault, Severity, Source};
use crate::input;

/// Bytes of the largest table read: all pairs of all countries in two dozen columns take a tenth of it.
pub const TABLE: u64 = 64 << 20;

/// More errors of one file than this are only counted: the first mend the rest.
const SHOWN: usize = 20;

/// Faults of one file: errors up to a number, and warnings.
#[derive(Debug, Default)]
pub struct Faults {
    errors: Vec<Fault>,
    hidden: usize,
    warnings: Vec<Fault>,
}

impl Faults {
    /// Notes a fault.
    pub fn push(&mut self, fault: Fault) {
        match fault.severity {
            Severity::Warning => self.warnings.push(fault),
            Severity::Error if self.errors.len() < SHOWN => self.errors.push(fault),
            Severity::Error => self.hidden += 1,
        }
    }

    /// Is there an error?
    pub fn any(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The errors to show, how many more there are, and the warnings.
    pub fn take(mut self, file: &str) -> Vec<Fault> {
        if self.hidden > 0 {
            self.errors.push(Fault::new(format!("{file} has {} more faults", self.hidden)));
        }
        self.errors.append(&mut self.warnings);
        self.errors
    }
}

/// A file read: its text without a byte-order mark, under the name users know it by, and the BLAKE3 hash of its bytes.
#[derive(Clone, Debug)]
pub struct Text {
    pub source: Arc<Source>,
    pub hash: String,
}

/// Reads a file of at most `largest` bytes, also if it is a pipe or a device; `name` is what messages call it.
///
/// # Errors
/// It cannot be read, is larger, or is no UTF-8 text; placed at the first byte that is none.
pub fn text(path: &Path, name: &str, largest: u64) -> Result<Text, Fault> {
    let bytes = input::read(path, largest)?;
    let hash = blake3::hash(&bytes).to_hex().to_string();
    Ok(Text { source: Arc::new(Source { name: name.to_owned(), text: decoded(&bytes, name)? }), hash })
}

/// The text of bytes, without a byte-order mark.
fn decoded(bytes: &[u8], name: &str) -> Result<String, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (sound, rest) = bytes.split_at(error.valid_up_to());
        // What a file in the commonest other encoding would say.
        let rest: String = rest.iter().take(80).map(|byte| char::from(*byte)).collect();
        let odd = rest.chars().next().unwrap_or_default();
        let text = String::from_utf8_lossy(sound).into_owned() + &rest;
        let source = Arc::new(Source { name: name.to_owned(), text });
        let at = sound.len();
        Fault::text(&source, at..at + odd.len_utf8(), format!("{name} is not UTF-8 text"))
            .expected(format!("the first byte that is none; in Latin-1 it is `{odd}`"))
            .help("save it as CSV in UTF-8, for instance by iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW")
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;

    fn read(bytes: &[u8], largest: u64) -> Result<Text, Fault> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, bytes).unwrap();
        text(&path, "t.csv", largest)
    }

    #[test]
    fn a_mark_at_the_start_is_no_part_of_the_text() {
        let found = read(b"\xef\xbb\xbfa,b\n", TABLE).unwrap();
        assert_eq!(found.source.text, "a,b\n");
        assert_eq!(found.hash, blake3::hash(b"\xef\xbb\xbfa,b\n").to_hex().to_string());
    }

    #[test]
    fn other_encodings_are_told_with_what_to_do() {
        let latin = read("a,é\nb,".as_bytes().iter().chain(b"\xfc\n").copied().collect::<Vec<_>>().as_slice(), TABLE);
        let fault = latin.unwrap_err();
        assert_eq!((fault.title.as_str(), fault.label.contains("`ü`")), ("t.csv is not UTF-8 text", true));
        assert!(fault.help.unwrap().contains("iconv -f WINDOWS-1252"));
        match fault.place {
            Place::Text(source, range) => assert_eq!((&source.text[range.clone()], range.start), ("ü", 7)),
            place => panic!("{place:?}"),
        }
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain("a,b\n".bytes().flat_map(|byte| [byte, 0])).collect();
        assert!(read(&utf16, TABLE).unwrap_err().title.ends_with("t.csv is UTF-16 text"));
        assert!(read(&utf16[2..], TABLE).unwrap_err().title.contains("is no text"));
        let book = read(b"PK\x03\x04\0\0", TABLE).unwrap_err();
        assert!(book.title.ends_with("t.csv is a workbook or another ZIP archive") && book.help.is_some());
    }

    #[test]
    fn a_file_has_a_largest_size() {
        assert!(read(b"12345678", 8).is_ok());
        assert!(read(b"123456789", 8).unwrap_err().title.contains("is larger than"));
    }
}
