//! Finished pairs of an unfinished comparison: one line each, so that a killed process loses none.

use super::Pairs;
use crate::error::Error;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The file of pairs, open for more.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    file: File,
    found: Vec<Pairs>,
}

impl Store {
    /// Opens the file of a comparison of this identity; one of another comparison is begun anew. A last line that was
    /// torn is dropped.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn open(path: &Path, identity: &str) -> Result<Self, Error> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
        }
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Error::io("read", path, error)),
        };
        let mut lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let known = lines.next().is_some_and(|line| line.trim_end() == identity);
        let mut found: Vec<Pairs> = Vec::new();
        let mut whole = identity.len() as u64 + 1;
        for line in lines.filter(|_| known) {
            let Ok(pairs) = serde_json::from_str(line) else { break };
            whole += line.len() as u64;
            found.push(pairs);
        }
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
        if let Ok(open) = &mut file {
            let fresh = |file: &mut File| {
                file.set_len(0)?;
                file.write_all(format!("{identity}\n").as_bytes())
            };
            let ready = if known { open.set_len(whole) } else { fresh(open) };
            ready.map_err(|error| Error::io("write", path, error))?;
        }
        drop(file.map_err(|error| Error::io("write", path, error))?);
        let file = OpenOptions::new().append(true).open(path).map_err(|error| Error::io("write", path, error))?;
        Ok(Self { path: path.to_owned(), file, found })
    }

    /// The pairs found, once.
    pub fn take(&mut self) -> Vec<Pairs> {
        std::mem::take(&mut self.found)
    }

    /// Keeps one more.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add(&mut self, pairs: &Pairs) -> Result<(), Error> {
        let mut line = serde_json::to_string(pairs).map_err(|error| Error::Failed(error.to_string()))?;
        line.push('\n');
        let written = self.file.write_all(line.as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(|error| Error::io("write", &self.path, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(replicate: u32) -> Pairs {
        Pairs { replicate, arms: Vec::new(), steps: 7 }
    }

    #[test]
    fn what_was_finished_is_taken_up_and_what_was_torn_is_dropped() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("pairs.jsonl");
        let open = |identity| Store::open(&path, identity).map_err(|error| error.to_string()).expect("it opens");
        let mut store = open("one");
        store.add(&pairs(0)).and_then(|()| store.add(&pairs(3))).map_err(|error| error.to_string()).expect("it writes");
        let mut torn = OpenOptions::new().append(true).open(&path).expect("it opens");
        torn.write_all(b"{\"replicate\":4,\"ar").expect("it writes");
        let mut again = open("one");
        assert_eq!(again.take().iter().map(|pairs| pairs.replicate).collect::<Vec<_>>(), [0, 3]);
        again.add(&pairs(4)).map_err(|error| error.to_string()).expect("it writes");
        assert_eq!(open("one").take().len(), 3);
        assert_eq!(open("another").take().len(), 0, "pairs of another comparison are not taken");
    }
}
