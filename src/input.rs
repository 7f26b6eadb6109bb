//! Files that users name: read whole and once, and no larger than such a file can be.
//!
//! What can be read but once, such as a pipe, is kept for whoever asks for it again, so that every verb takes it.

use crate::error::{Fault, Place, Source};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of the largest text that states something; `scenarios/reference.toml` is a hundredth of it.
pub const LARGEST_TEXT: u64 = 8 << 20;
/// Bytes of the largest file of data: the edge list of some ten million firms.
pub const LARGEST_DATA: u64 = 2 << 30;

/// How files begin that are no text, what they are, and what to do with them.
const FOREIGN: [(&[u8], &str, &str); 8] = [
    (b"\xff\xfe", "UTF-16 text", "save it in UTF-8, for instance as `CSV UTF-8` or by iconv -f UTF-16 -t UTF-8"),
    (b"\xfe\xff", "UTF-16 text", "save it in UTF-8, for instance as `CSV UTF-8` or by iconv -f UTF-16 -t UTF-8"),
    (b"PK\x03\x04", "a workbook or another ZIP archive", "unpack it, or save the sheet as CSV in UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an old workbook of a spreadsheet", "save the sheet as CSV in UTF-8"),
    (b"\x1f\x8b", "compressed by gzip", "unpack it by gunzip"),
    (b"PAR1", "a Parquet file", "write it as CSV in UTF-8"),
    (b"fondaco state", "a state of a simulation", "begin with it by run.from"),
    (b"%PDF", "a PDF", "copy its table into a CSV file in UTF-8"),
];

/// Whose a relative path is.
const WHOSE: &str = "a relative path begins at the folder of the file that states it; that of a flag, where you are";

/// What was read of pipes and devices.
static ONCE: Mutex<BTreeMap<PathBuf, Arc<[u8]>>> = Mutex::new(BTreeMap::new());

/// The bytes of a file, which may have up to `largest`.
///
/// # Errors
/// Why it cannot be read: it is not there, a folder, too large, or holds bytes that no text has.
pub fn read(path: &Path, largest: u64) -> Result<Arc<[u8]>, Fault> {
    whole(path, largest, true)
}

/// The bytes of a file that need be no text.
///
/// # Errors
/// Why it cannot be read: it is not there, a folder, or too large.
pub fn bytes(path: &Path, largest: u64) -> Result<Arc<[u8]>, Fault> {
    whole(path, largest, false)
}

fn whole(path: &Path, largest: u64, text: bool) -> Result<Arc<[u8]>, Fault> {
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if metadata.is_dir() {
        return Err(Fault::new(format!("{} is a folder", path.display())).help("name a file"));
    }
    // A regular file can be read again; the descriptors of a shell stand where they were left.
    let descriptor = ["/dev", "/proc"].iter().any(|root| path.starts_with(root));
    if metadata.is_file() && !descriptor {
        return fetch(path, largest, text);
    }
    let mut once = ONCE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(bytes) = once.get(path) {
        return Ok(bytes.clone());
    }
    let bytes = fetch(path, largest, text)?;
    once.insert(path.to_owned(), bytes.clone());
    Ok(bytes)
}

fn fetch(path: &Path, largest: u64, text: bool) -> Result<Arc<[u8]>, Fault> {
    const PIECE: usize = 1 << 16;
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut bytes = Vec::new();
    let mut piece = [0; PIECE];
    loop {
        let read = match file.read(&mut piece) {
            Ok(0) => return Ok(bytes.into()),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(path, &error)),
        };
        bytes.extend_from_slice(&piece[..read]);
        if let Some(at) = piece[..read].iter().position(|byte| text && *byte == 0) {
            let foreign = FOREIGN.iter().find(|(mark, ..)| bytes.starts_with(mark));
            let (title, help) = match foreign {
                Some((_, what, help)) => (format!("is {what}"), *help),
                None => (
                    format!("is no text: byte {} is 0", bytes.len() - read + at + 1),
                    "is this the right file? If it is, save it as text with the encoding UTF-8",
                ),
            };
            return Err(Fault::new(format!("{} {title}", path.display())).help(help));
        }
        if bytes.len() as u64 > largest {
            return Err(Fault::new(format!("{} is larger than {} MiB", path.display(), largest >> 20))
                .help("nothing that is read here is as large; is this the right file?"));
        }
    }
}

/// The text of a file, which may have up to `largest` bytes.
///
/// # Errors
/// Why it cannot be read, or where it is not UTF-8.
pub fn text(path: &Path, largest: u64) -> Result<String, Fault> {
    let bytes = read(path, largest)?;
    std::str::from_utf8(&bytes).map(str::to_owned).map_err(|error| {
        let at = error.valid_up_to();
        let source = Source { name: path.display().to_string(), text: String::from_utf8_lossy(&bytes).into_owned() };
        let range = at..at + char::REPLACEMENT_CHARACTER.len_utf8();
        Fault::text(&Arc::new(source), range, format!("{} is not UTF-8 text", path.display()))
            .expected("the first byte that is none")
            .help("save the file with the encoding UTF-8")
    })
}

/// A fault of a file placed at the setting that names it, unless it has a place in the file.
pub fn asked_by(setting: &str, mut fault: Fault) -> Fault {
    if fault.place == Place::Nowhere {
        fault.place = Place::Setting(setting.to_owned());
        fault.help.get_or_insert_with(|| WHOSE.to_owned());
    }
    fault
}

fn unreadable(path: &Path, error: &Error) -> Fault {
    let name = path.display();
    Fault::new(match error.kind() {
        ErrorKind::NotFound => format!("there is no file {name}"),
        _ => format!("{name} cannot be read: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_ends_or_is_no_text_is_refused() {
        let zero = read(Path::new("/dev/zero"), LARGEST_DATA).unwrap_err();
        assert_eq!(zero.title, "/dev/zero is no text: byte 1 is 0");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, vec![b'a'; 3 << 20]).unwrap();
        assert!(read(&path, 2 << 20).unwrap_err().title.ends_with("a.csv is larger than 2 MiB"));
        assert_eq!(read(&path, 3 << 20).map(|bytes| bytes.len()), Ok(3 << 20));
        std::fs::write(&path, b"\xff\xfea\0b\0").unwrap();
        assert!(read(&path, LARGEST_TEXT).unwrap_err().title.ends_with("a.csv is UTF-16 text"));
        std::fs::write(&path, b"k\xf6ln").unwrap();
        let wrong = text(&path, LARGEST_TEXT).unwrap_err();
        assert!(wrong.title.ends_with("a.csv is not UTF-8 text") && wrong.label.contains("first byte"));
    }
}
