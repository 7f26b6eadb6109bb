//! Files that appear whole or not at all: written beside their place, hashed on the way, renamed when complete.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::error::Error;

/// Added to the name of a file or folder that is still being written.
pub const UNFINISHED: &str = "partial";

/// What a finished file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub path: PathBuf,
    pub bytes: u64,
    /// BLAKE3 hash of the content in hexadecimal.
    pub blake3: String,
}

/// A file being written as `NAME.partial`; removed when dropped before [`Draft::finish`].
#[derive(Debug)]
pub struct Draft {
    out: BufWriter<Hashed>,
    unfinished: TempPath,
    path: PathBuf,
}

impl Draft {
    /// Begins a file that will stand at `path`, whose folder must exist.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let beside = beside(path, UNFINISHED);
        let file = File::create(&beside).map_err(|error| Error::io("create", path, error))?;
        let unfinished = TempPath::try_from_path(beside).map_err(|error| Error::io("create", path, error))?;
        let hashed = Hashed { file, hasher: blake3::Hasher::new(), bytes: 0 };
        Ok(Self { out: BufWriter::with_capacity(1 << 18, hashed), unfinished, path: path.to_owned() })
    }

    /// Puts the file in its place, over an older one of that name.
    ///
    /// # Errors
    /// The last bytes could not be stored or the file not be renamed; then nothing is left of it.
    pub fn finish(mut self) -> Result<Stored, Error> {
        // Network file systems and quotas may report a full disk only now.
        let stored = self.out.flush().and_then(|()| self.out.get_ref().file.sync_all());
        let Self { out, unfinished, path } = self;
        stored.map_err(|error| Error::io("write", &path, error))?;
        let (hashed, _) = out.into_parts();
        let Hashed { file, hasher, bytes } = hashed;
        drop(file);
        unfinished.persist(&path).map_err(|error| Error::io("write", &path, error.error))?;
        Ok(Stored { path, bytes, blake3: hasher.finalize().to_hex().to_string() })
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Self { out, path, .. } = self;
        // The libraries between here and the caller drop the path, so the message carries it.
        out.write(bytes).map_err(|error| in_words(error, path))
    }

    fn flush(&mut self) -> io::Result<()> {
        let Self { out, path, .. } = self;
        out.flush().map_err(|error| in_words(error, path))
    }
}

/// Stores a small file whole.
///
/// # Errors
/// The file could not be written.
pub fn write(path: &Path, content: &[u8]) -> Result<Stored, Error> {
    let mut draft = Draft::create(path)?;
    draft.write_all(content).map_err(|error| Error::Failed(error.to_string()))?;
    draft.finish()
}

/// The path with `.ending` added to its name.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

fn in_words(error: io::Error, path: &Path) -> io::Error {
    io::Error::new(error.kind(), Error::io("write", path, error))
}

#[derive(Debug)]
struct Hashed {
    file: File,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let mut draft = Draft::create(&path).unwrap();
        draft.write_all(b"hello").unwrap();
        assert_eq!(names(folder.path()), ["a.txt.partial"]);
        let stored = draft.finish().unwrap();
        assert_eq!(names(folder.path()), ["a.txt"]);
        assert_eq!((stored.bytes, std::fs::read(&path).unwrap()), (5, b"hello".to_vec()));
        assert_eq!(stored.blake3, blake3::hash(b"hello").to_hex().to_string());
    }

    #[test]
    fn an_abandoned_file_leaves_the_old_one_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write(&path, b"old").unwrap();
        let mut draft = Draft::create(&path).unwrap();
        draft.write_all(b"new").unwrap();
        drop(draft);
        assert_eq!(names(folder.path()), ["a.txt"]);
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        write(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn a_missing_folder_is_told_with_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let error = Draft::create(&folder.path().join("none/a.txt")).unwrap_err().to_string();
        assert!(error.starts_with("could not create") && error.contains("a.txt"), "{error}");
    }
}
