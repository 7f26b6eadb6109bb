//! Finished pairs of an unfinished comparison, so that a killed process loses none: a journal of one record each.
//!
//! ```text
//! payload = 1, JSON                    what the comparison rests on
//!         | 2, identity (32), JSON     the pairs of one seed
//! ```
//!
//! Pairs of another identity than that of the comparison asked for are never taken.

use super::Pairs;
use crate::error::{Error, Fault};
use crate::experiment::basis::Basis;
use crate::experiment::journal::{Contents, Form, Journal};
use std::path::Path;

static FORM: Form = Form {
    head: b"fondaco pairs 1\n",
    what: "pairs",
    gap: b"",
    goes_on: "the same command",
    mends: "the same command makes the rest again",
    elsewhere: "remove it, or use --out FOLDER to write elsewhere",
};

/// The file of pairs, open for more.
#[derive(Debug)]
pub struct PairStore {
    journal: Journal,
    identity: [u8; 32],
    found: Vec<Pairs>,
}

/// What a file of pairs holds.
#[derive(Debug, Default)]
struct Held {
    bases: Vec<Basis>,
    pairs: Vec<([u8; 32], Pairs)>,
}

impl Contents for Held {
    fn take(&mut self, _: u64, payload: &[u8]) {
        match payload.split_first() {
            Some((1, json)) => self.bases.extend(serde_json::from_slice::<Basis>(json)),
            Some((2, rest)) => {
                let Some((identity, json)) = rest.split_at_checked(32) else { return };
                let identity = identity.try_into().expect("32 bytes");
                self.pairs.extend(serde_json::from_slice(json).ok().map(|pairs| (identity, pairs)));
            }
            _ => {}
        }
    }
}

impl PairStore {
    /// Opens the file of a comparison that rests on `basis`. Damaged pairs and copies are left out; what was found odd
    /// is handed to `say`. Pairs of a comparison that rests on something else are refused, or forgotten with `force`.
    ///
    /// # Errors
    /// The file holds pairs of another comparison, or it cannot be read or written.
    pub fn open(path: &Path, basis: &Basis, force: bool, say: &dyn Fn(&str)) -> Result<Self, Error> {
        let (mut journal, mut held, found) = Journal::write::<Held>(path, &FORM, true)?;
        found.told(path, &FORM).iter().for_each(|told| say(told));
        let identity = blake3::hash(basis.hash().as_bytes());
        let (own, others): (Vec<_>, Vec<_>) = held.pairs.into_iter().partition(|(of, _)| identity == *of);
        if own.is_empty() && !(others.is_empty() && held.bases.iter().all(|of| of == basis)) {
            let mut changes = held.bases.last().map_or_else(Vec::new, |of| of.changes(basis));
            changes.extend(changes.is_empty().then(|| "the comparison differs".to_owned()));
            let title = format!("{} holds pairs of another comparison: {}", path.display(), changes.join("; "));
            if !force {
                return Err(Fault::new(title)
                    .expected("pairs of the same program, settings, seed and contents of files")
                    .help("undo the change to take them up, use --force to begin anew, or --out FOLDER to write elsewhere")
                    .into());
            }
            say(&format!("{title}; they are forgotten, for --force asks for it"));
            drop(journal);
            std::fs::remove_file(path).map_err(|error| Error::io("remove", path, error))?;
            (journal, held, _) = Journal::write::<Held>(path, &FORM, false)?;
        } else {
            held.pairs = own;
        }
        if !held.bases.contains(basis) {
            let json = serde_json::to_vec(basis).expect("a basis is plain data");
            journal.add(&[&[1], &json[..]].concat())?;
            journal.commit()?;
        }
        let mut found: Vec<Pairs> = Vec::new();
        let all = held.pairs.len();
        for (_, pairs) in held.pairs {
            if !found.iter().any(|known| known.replicate == pairs.replicate) {
                found.push(pairs);
            }
        }
        if found.len() < all {
            say(&format!(
                "{}: {} pairs are there more than once; each is read once",
                path.display(),
                all - found.len()
            ));
        }
        found.sort_by_key(|pairs| pairs.replicate);
        Ok(Self { journal, identity: *identity.as_bytes(), found })
    }

    /// The pairs found, once, by replicate.
    pub fn take(&mut self) -> Vec<Pairs> {
        std::mem::take(&mut self.found)
    }

    /// Keeps one more.
    ///
    /// # Errors
    /// The file cannot be written, or is gone.
    pub fn add(&mut self, pairs: &Pairs) -> Result<(), Error> {
        let json = serde_json::to_vec(pairs).map_err(|error| Error::Failed(error.to_string()))?;
        self.journal.add(&[&[2], &self.identity[..], &json].concat())?;
        self.journal.commit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::basis::Input;
    use std::cell::RefCell;
    use std::fs;

    fn pairs(replicate: u32) -> Pairs {
        Pairs { replicate, arms: Vec::new(), steps: 7 + u64::from(replicate) }
    }

    fn basis(felt: &str) -> Basis {
        Basis::new("settings".into(), 1, vec![Input { name: "felt.csv".into(), blake3: felt.into() }])
    }

    fn open(path: &Path, basis: &Basis, force: bool) -> (Result<PairStore, Error>, Vec<String>) {
        let said = RefCell::new(Vec::new());
        let store = PairStore::open(path, basis, force, &|told| said.borrow_mut().push(told.to_owned()));
        (store, said.into_inner())
    }

    fn sound(path: &Path) -> PairStore {
        let (store, said) = open(path, &basis("a"), false);
        assert_eq!(said, Vec::<String>::new());
        store.unwrap_or_else(|error| panic!("{error}"))
    }

    /// A file of three pairs.
    fn filled(path: &Path) -> Vec<u8> {
        let mut store = sound(path);
        for replicate in [0, 2, 1] {
            store.add(&pairs(replicate)).unwrap_or_else(|error| panic!("{error}"));
        }
        fs::read(path).expect("it is there")
    }

    #[test]
    fn whatever_byte_is_changed_the_pairs_taken_up_are_those_that_were_made_and_the_change_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("pairs");
        let bytes = filled(&path);
        assert_eq!(sound(&path).take(), [pairs(0), pairs(1), pairs(2)]);
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            fs::write(&path, changed).expect("written");
            let (store, said) = open(&path, &basis("a"), false);
            let found = store.unwrap_or_else(|error| panic!("byte {at}: {error}")).take();
            assert!(found.len() >= 2 && found.iter().all(|one| *one == pairs(one.replicate)), "byte {at}: {found:?}");
            assert!(said.len() == 1 && said[0].contains("pairs"), "byte {at}: {said:?}");
            for aside in fs::read_dir(folder.path()).expect("read").map(|entry| entry.expect("read").path()) {
                fs::remove_file(aside).expect("removed");
            }
        }
    }

    #[test]
    fn pairs_that_are_there_twice_are_read_once_and_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("pairs");
        let bytes = filled(&path);
        let last = bytes.windows(4).rposition(|four| four == [0xf0, 0x9f, 0x8f, 0x9b]).expect("a record");
        fs::write(&path, [&bytes[..], &bytes[last..]].concat()).expect("written");
        let (store, said) = open(&path, &basis("a"), false);
        assert_eq!(store.unwrap_or_else(|error| panic!("{error}")).take().len(), 3);
        assert!(said[0].contains("1 pairs are there more than once"), "{said:?}");
    }

    #[test]
    fn pairs_that_rest_on_other_contents_are_refused_by_the_name_of_the_file_and_forgotten_by_force() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("pairs");
        let bytes = filled(&path);
        let told = open(&path, &basis("b"), false).0.expect_err("refused").to_string();
        assert!(told.contains("felt.csv has changed"), "{told}");
        assert_eq!(fs::read(&path).expect("there"), bytes, "nothing was touched");
        assert_eq!(sound(&path).take().len(), 3);
        let (store, said) = open(&path, &basis("b"), true);
        assert_eq!(store.unwrap_or_else(|error| panic!("{error}")).take().len(), 0);
        assert!(said[0].contains("felt.csv has changed"), "{said:?}");
        assert!(open(&path, &basis("a"), false).0.is_err(), "it is the file of the other comparison now");
    }
}
