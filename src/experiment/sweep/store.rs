//! The store: finished runs in a journal that is only ever appended to, and survives whatever stops the program.
//!
//! ```text
//! runs.seg = a journal (see `experiment::journal`) whose first line is "fondaco runs 1\n"
//! payload  = 1, JSON                    chapter: program, measures and files of the runs that follow
//!          | 2, id (16), f64 …          a run with its outcomes
//!          | 3, id (16), text           a run that failed, with the cause
//! ```
//!
//! A run's id is a hash of all that decides its numbers, so a store can serve many sweeps and it does not matter where in
//! the file a run is, nor under which chapter, should that have been damaged. A run is in it once; where a failed run is
//! tried again, success holds. There is one writer, which holds a lock. No date, machine or duration is in the file: equal
//! sweeps have equal bytes.

use super::subject::Identity;
use crate::error::{Error, Fault};
use crate::experiment::basis::Input;
use crate::experiment::journal::{Contents, Disk, Form, Journal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// Name of the file with the runs.
pub const SEGMENT: &str = "runs.seg";
/// Name of the file that the writer locks.
const LOCK: &str = "store.lock";
/// Bytes of the index in memory for each run, roughly.
pub const INDEX_BYTES: u64 = 64;

/// A store as a journal. Runs behind damage that was left out are under a chapter that nobody knows.
static FORM: Form = Form {
    head: b"fondaco runs 1\n",
    what: "runs",
    gap: b"\x01{}",
    goes_on: "`fondaco sweep resume`",
    mends: "`fondaco sweep resume FILE --repair` keeps every run that can be read, puts the damaged file aside, and makes the rest again",
    elsewhere: "--store DIR names another folder",
};

/// Name of a run: the first half of the hash of all that decides its numbers.
pub type Id = [u8; 16];

/// The name of a run of some settings at a replicate, by a program of some version that measures some outcomes.
pub fn run_id(chapter: &Chapter, settings: &Identity, replicate: u32) -> Id {
    let mut hasher = blake3::Hasher::new();
    for part in [&chapter.program, &chapter.subject, &chapter.measures.join(",")] {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.update(settings).update(&replicate.to_le_bytes());
    let mut id = Id::default();
    id.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    id
}

/// What the runs after it have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Chapter {
    /// Version of the program; empty if damage has taken it.
    pub program: String,
    /// Kind of subject.
    pub subject: String,
    /// Names of the outcomes, in order.
    pub measures: Vec<String>,
    /// Files the runs rest on; they count in the id of a run by their contents.
    pub inputs: Vec<Input>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    Done(Vec<f64>),
    Failed(String),
}

/// Where the record of a run is.
#[derive(Clone, Copy, Debug)]
struct Place {
    offset: u64,
    length: u32,
    failed: bool,
    chapter: u16,
}

/// What was found when a store was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Bytes of an unfinished run that were cut off (or would be).
    pub torn: u64,
    /// Runs that are there more than once; each counts once.
    pub doubled: u64,
    /// What is to be told of torn ends, damage and doubled runs.
    pub told: Vec<String>,
}

/// The runs of a folder, open for reading or for writing.
#[derive(Debug)]
pub struct Store<D = File> {
    folder: PathBuf,
    journal: Journal<D>,
    index: BTreeMap<Id, Place>,
    chapters: Vec<Chapter>,
    /// Held while the store is open for writing.
    _lock: Option<File>,
}

impl Store {
    /// Opens a store for writing, and makes it if there is none. Whatever a killed program left unfinished at its end is
    /// cut off. With `repair`, damaged stretches are left out; the damaged file is kept beside the new one.
    ///
    /// # Errors
    /// Another process writes there, the file is damaged or no store, or the place cannot be written.
    pub fn write(folder: &Path, repair: bool) -> Result<(Self, Found), Error> {
        fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
        let lock = lock(folder)?;
        let path = folder.join(SEGMENT);
        let (journal, index, found) = Journal::write::<Index>(&path, &FORM, repair)?;
        let found = Found::of(&path, &found, index.doubled);
        Ok((Self::made(folder, journal, index, Some(lock)), found))
    }

    /// Opens a store for reading; what another process is adding meanwhile is not seen.
    ///
    /// # Errors
    /// There is no store, or it is damaged.
    pub fn read(folder: &Path) -> Result<(Self, Found), Error> {
        let path = folder.join(SEGMENT);
        if !path.is_file() {
            return Err(Fault::new(format!("there are no runs in {}", folder.display()))
                .help("`fondaco sweep run FILE` makes them; --store DIR looks elsewhere")
                .into());
        }
        let (journal, index, found) = Journal::read::<Index>(&path, &FORM)?;
        let found = Found::of(&path, &found, index.doubled);
        Ok((Self::made(folder, journal, index, None), found))
    }

    /// Whether a folder holds a store.
    pub fn exists(folder: &Path) -> bool {
        folder.join(SEGMENT).is_file()
    }
}

impl<D: Disk> Store<D> {
    fn made(folder: &Path, journal: Journal<D>, index: Index, lock: Option<File>) -> Self {
        let Index { runs: index, chapters, .. } = index;
        Self { folder: folder.to_owned(), journal, index, chapters, _lock: lock }
    }

    /// The folder it is in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs in the store, by the chapter they were made in, with how many of them failed.
    pub fn tally(&self) -> Vec<(&Chapter, u64, u64)> {
        let mut tally: Vec<(&Chapter, u64, u64)> = self.chapters.iter().map(|chapter| (chapter, 0, 0)).collect();
        for place in self.index.values() {
            let (_, runs, failed) = &mut tally[usize::from(place.chapter)];
            *runs += 1;
            *failed += u64::from(place.failed);
        }
        tally
    }

    /// Whether a run is in the store, and if so whether it failed.
    pub fn state(&self, id: &Id) -> Option<bool> {
        self.index.get(id).map(|place| place.failed)
    }

    /// Every run, by id.
    pub fn ids(&self) -> impl Iterator<Item = &Id> {
        self.index.keys()
    }

    /// The chapter a run was made in.
    pub fn chapter(&self, id: &Id) -> Option<&Chapter> {
        self.index.get(id).map(|place| &self.chapters[usize::from(place.chapter)])
    }

    /// How a run ended; `None` if it is not in the store.
    ///
    /// # Errors
    /// The record cannot be read any more.
    pub fn get(&mut self, id: &Id) -> Result<Option<Ended>, Error> {
        let Some(place) = self.index.get(id).copied() else { return Ok(None) };
        match Record::read(&self.journal.payload(place.offset, place.length)?) {
            Some(Record::Run(found, ended)) if found == *id => Ok(Some(ended)),
            _ => Err(Error::Failed(format!("{} changed while it was read", self.folder.join(SEGMENT).display()))),
        }
    }

    /// Adds a run made under a chapter; it counts once it is committed.
    ///
    /// # Errors
    /// The record is too long.
    pub fn put(&mut self, chapter: &Chapter, id: &Id, ended: &Ended) -> Result<(), Error> {
        if self.chapters.last() != Some(chapter) {
            let json = serde_json::to_vec(chapter).expect("a chapter is plain data");
            self.journal.add(&[&[1], &json[..]].concat())?;
            self.chapters.push(chapter.clone());
        }
        let mut payload = vec![if matches!(ended, Ended::Done(_)) { 2 } else { 3 }];
        payload.extend(id);
        match ended {
            Ended::Done(values) => values.iter().for_each(|value| payload.extend(value.to_le_bytes())),
            Ended::Failed(cause) => payload.extend(shortened(cause).as_bytes()),
        }
        let offset = self.journal.add(&payload)?;
        let chapter = (self.chapters.len() - 1) as u16;
        let failed = matches!(ended, Ended::Failed(_));
        self.index.insert(*id, Place { offset, length: payload.len() as u32, failed, chapter });
        Ok(())
    }

    /// Bytes that wait to be committed.
    pub fn waiting(&self) -> usize {
        self.journal.waiting()
    }

    /// Writes what waits and synchronises it to the disk.
    ///
    /// # Errors
    /// The disk is full or fails, or the store was removed. It then ends where it did before, and the runs that waited
    /// are not in it.
    pub fn commit(&mut self) -> Result<(), Error> {
        self.journal.commit().inspect_err(|_| {
            let end = self.journal.length();
            self.index.retain(|_, place| place.offset < end);
        })
    }
}

impl Found {
    fn of(path: &Path, found: &crate::experiment::journal::Found, doubled: u64) -> Self {
        let twice = (doubled > 0)
            .then(|| format!("{}: {doubled} runs are there more than once; each is read once", path.display()));
        let told = found.told(path, &FORM).into_iter().chain(twice).collect();
        Self { torn: found.torn, doubled, told }
    }
}

/// A cause of failure, cut to what a record can hold and a person would read.
fn shortened(cause: &str) -> &str {
    const MOST: usize = 4000;
    let end = (0..=cause.len().min(MOST)).rev().find(|at| cause.is_char_boundary(*at)).unwrap_or(0);
    &cause[..end]
}

/// Takes the store for this process.
fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(LOCK);
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|error| Error::io("write", &path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Fault::new(format!("another process is adding runs to {}", folder.display()))
                .help("wait for it, share the work by --shard i/n, or name another folder by --store DIR")
                .into())
        }
        Err(TryLockError::Error(error)) => Err(Fault::new(format!("{} cannot be locked: {error}", path.display()))
            .help("two writers would damage a store; put it on a file system with locks by --store DIR")
            .into()),
    }
}

/// A record of the file.
enum Record {
    Chapter(Chapter),
    Run(Id, Ended),
}

impl Record {
    fn read(payload: &[u8]) -> Option<Self> {
        let (kind, rest) = payload.split_first()?;
        if *kind == 1 {
            return serde_json::from_slice(rest).ok().map(Self::Chapter);
        }
        let (id, rest) = rest.split_at_checked(16)?;
        let id: Id = id.try_into().ok()?;
        match kind {
            2 if rest.len() % 8 == 0 => {
                let values =
                    rest.chunks_exact(8).map(|bytes| f64::from_le_bytes(bytes.try_into().expect("eight bytes")));
                Some(Self::Run(id, Ended::Done(values.collect())))
            }
            3 => Some(Self::Run(id, Ended::Failed(String::from_utf8_lossy(rest).into_owned()))),
            _ => None,
        }
    }
}

/// Where every run of a journal is.
#[derive(Debug, Default)]
struct Index {
    runs: BTreeMap<Id, Place>,
    chapters: Vec<Chapter>,
    doubled: u64,
}

impl Contents for Index {
    fn take(&mut self, offset: u64, payload: &[u8]) {
        match Record::read(payload) {
            Some(Record::Chapter(chapter)) => self.chapters.push(chapter),
            Some(Record::Run(id, ended)) => {
                if self.chapters.is_empty() {
                    self.chapters.push(Chapter::default());
                }
                let chapter = (self.chapters.len() - 1) as u16;
                let failed = matches!(ended, Ended::Failed(_));
                // What has succeeded once has succeeded, and a copy says nothing new.
                if self.runs.get(&id).is_some_and(|known| !known.failed) {
                    self.doubled += u64::from(!failed);
                } else {
                    self.runs.insert(id, Place { offset, length: payload.len() as u32, failed, chapter });
                }
            }
            // A kind of a later version: whole, but none of ours.
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{self, Cursor, Read, Seek, SeekFrom};

    fn chapter(program: &str) -> Chapter {
        let measures = vec!["a".into(), "b".into()];
        Chapter { program: program.into(), subject: "scenario".into(), measures, inputs: Vec::new() }
    }

    fn id(n: u32) -> Id {
        run_id(&chapter("1"), &[0; 32], n)
    }

    fn done(n: u32) -> Ended {
        Ended::Done(vec![f64::from(n), f64::NAN])
    }

    /// A store with runs 0 … `runs`, of which every seventh failed.
    fn filled(folder: &Path, runs: std::ops::Range<u32>) {
        let (mut store, _) = Store::write(folder, false).expect("opens");
        for n in runs {
            let ended = if n % 7 == 6 { Ended::Failed(format!("cause {n}")) } else { done(n) };
            store.put(&chapter("1"), &id(n), &ended).expect("fits");
            if n % 5 == 0 {
                store.commit().expect("written");
            }
        }
        store.commit().expect("written");
    }

    fn same(a: &Ended, b: &Ended) -> bool {
        format!("{a:?}") == format!("{b:?}")
    }

    fn bytes(folder: &Path) -> Vec<u8> {
        fs::read(folder.join(SEGMENT)).expect("there is a file")
    }

    #[test]
    fn what_was_put_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), 0..30);
        let (mut store, found) = Store::read(folder.path()).expect("opens");
        assert_eq!(found, Found::default());
        assert!(same(&store.get(&id(3)).unwrap().unwrap(), &done(3)));
        assert_eq!(store.get(&id(6)).unwrap(), Some(Ended::Failed("cause 6".into())));
        assert_eq!((store.state(&id(6)), store.state(&id(5)), store.state(&id(30))), (Some(true), Some(false), None));
        assert_eq!(store.get(&id(30)).unwrap(), None);
        assert_eq!(store.tally(), [(&chapter("1"), 30, 4)]);
    }

    #[test]
    fn the_same_runs_are_the_same_bytes_however_often_the_store_was_closed() {
        let (whole, parts) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        filled(whole.path(), 0..30);
        for n in [0..4, 4..5, 5..30] {
            filled(parts.path(), n);
        }
        assert_eq!(bytes(whole.path()), bytes(parts.path()));
    }

    #[test]
    fn a_torn_end_is_cut_off_wherever_it_was_torn() {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), 0..3);
        let short = bytes(folder.path());
        filled(folder.path(), 3..4);
        let long = bytes(folder.path());
        for torn in short.len()..long.len() {
            fs::write(folder.path().join(SEGMENT), &long[..torn]).unwrap();
            let (_, seen) = Store::read(folder.path()).expect("can be read");
            let (store, found) = Store::write(folder.path(), false).expect("opens");
            assert_eq!((found.torn, seen.torn), ((torn - short.len()) as u64, found.torn));
            assert_eq!(store.tally()[0].1, 3);
            drop(store);
            assert_eq!(bytes(folder.path()), short, "torn at {torn}");
            filled(folder.path(), 3..4);
            assert_eq!(bytes(folder.path()), long, "torn at {torn}");
        }
        // A file whose very head was torn begins anew.
        fs::write(folder.path().join(SEGMENT), &FORM.head[..4]).unwrap();
        filled(folder.path(), 0..4);
        assert_eq!(bytes(folder.path()), long);
    }

    #[test]
    fn damage_before_the_end_is_told_and_mended_only_when_asked() {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), 0..20);
        let sound = bytes(folder.path());
        let mut damaged = sound.clone();
        damaged[sound.len() / 2] ^= 1;
        fs::write(folder.path().join(SEGMENT), &damaged).unwrap();
        for opened in [Store::write(folder.path(), false).err(), Store::read(folder.path()).err()] {
            let told = opened.expect("a fault").to_string();
            assert!(told.contains("is damaged from byte") && told.contains("records follow"), "{told}");
        }
        assert_eq!(bytes(folder.path()), damaged, "nothing was changed");
        let (store, found) = Store::write(folder.path(), true).expect("mended");
        assert!(found.told[0].contains("damaged bytes were left out"), "{found:?}");
        assert_eq!(store.ids().count(), 19, "one run is lost");
        assert!(fs::read(folder.path().join("runs.seg.damaged-1")).unwrap() == damaged);
    }

    #[test]
    fn whatever_byte_is_changed_runs_are_lost_at_most_and_one_in_the_head_strands_none() {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), 0..8);
        let sound = bytes(folder.path());
        let chapter_end = sound.windows(4).enumerate().filter(|(_, four)| *four == &sound[15..19]).nth(1).unwrap().0;
        for at in 0..sound.len() {
            let mut damaged = sound.clone();
            damaged[at] ^= 0x10;
            fs::write(folder.path().join(SEGMENT), &damaged).unwrap();
            let (mut store, found) = Store::write(folder.path(), true).expect("can be repaired");
            assert!(!found.told.is_empty(), "byte {at}");
            let there = (0..8).filter(|n| store.state(&id(*n)).is_some()).count();
            assert_eq!(there, if at < chapter_end { 8 } else { 7 }, "byte {at}");
            for n in (0..8).filter(|n| n % 7 != 6) {
                let got = store.get(&id(n)).expect("it can be read");
                assert!(got.is_none_or(|got| same(&got, &done(n))), "byte {at} changed run {n}");
            }
            drop(store);
            let _ = fs::remove_file(folder.path().join("runs.seg.damaged-1"));
        }
    }

    #[test]
    fn runs_that_are_there_twice_or_out_of_order_count_once() {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), 0..8);
        let (mut store, _) = Store::write(folder.path(), false).expect("opens");
        store.put(&chapter("1"), &id(6), &done(6)).unwrap();
        store.commit().unwrap();
        drop(store);
        let sound = bytes(folder.path());
        let starts: Vec<usize> = (0..sound.len() - 3).filter(|at| sound[*at..*at + 4] == sound[15..19]).collect();
        let record = |n: usize| &sound[starts[n]..*starts.get(n + 1).unwrap_or(&sound.len())];
        let order = [9, 0, 3, 2, 1, 1, 4, 5, 6, 8, 7, 9];
        let mixed: Vec<u8> = order.iter().fold(FORM.head.to_vec(), |file, n| [&file[..], record(*n)].concat());
        fs::write(folder.path().join(SEGMENT), mixed).unwrap();
        let (mut store, found) = Store::read(folder.path()).expect("opens");
        assert_eq!((found.doubled, store.ids().count()), (2, 8));
        assert!(found.told[0].contains("2 runs are there more than once"), "{found:?}");
        assert!((0..8).all(|n| same(&store.get(&id(n)).unwrap().unwrap(), &done(n))), "a success beats a failure");
    }

    #[test]
    fn a_second_writer_is_sent_away_and_a_reader_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (mut store, _) = Store::write(folder.path(), false).expect("opens");
        let told = Store::write(folder.path(), false).expect_err("a fault").to_string();
        assert!(told.contains("another process is adding runs"), "{told}");
        store.put(&chapter("1"), &id(1), &done(1)).unwrap();
        assert_eq!(Store::read(folder.path()).expect("readers are welcome").0.tally().len(), 0);
        store.commit().unwrap();
        assert_eq!(Store::read(folder.path()).expect("readers are welcome").0.tally()[0].1, 1);
        drop(store);
        assert!(Store::write(folder.path(), false).is_ok());
    }

    #[test]
    fn a_foreign_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        for text in [&b"a,b\n1,2\n3,4\n5,6\n7,8\n"[..], b"abc"] {
            fs::write(folder.path().join(SEGMENT), text).unwrap();
            let told = Store::write(folder.path(), true).expect_err("a fault").to_string();
            assert!(told.contains("is no store of runs"), "{told}");
            assert_eq!(bytes(folder.path()), text);
        }
        let told = Store::read(&folder.path().join("none")).expect_err("a fault").to_string();
        assert!(told.starts_with("there are no runs in"), "{told}");
    }

    #[test]
    fn a_run_tried_again_is_what_it_became() {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), 0..8);
        let (mut store, _) = Store::write(folder.path(), false).expect("opens");
        store.put(&chapter("2"), &id(6), &done(6)).unwrap();
        assert!(same(&store.get(&id(6)).unwrap().unwrap(), &done(6)));
        drop(store);
        let (store, _) = Store::read(folder.path()).unwrap();
        assert_eq!(store.tally(), [(&chapter("1"), 7, 0), (&chapter("2"), 1, 0)]);
        assert_eq!(store.chapter(&id(6)), Some(&chapter("2")));
    }

    #[test]
    fn another_program_chapter_or_replicate_is_another_run() {
        let other = Chapter { measures: vec!["ab".into()], ..chapter("1") };
        let ids = [id(0), id(1), run_id(&chapter("2"), &[0; 32], 0), run_id(&other, &[0; 32], 0)];
        assert!((0..4).all(|i| (0..i).all(|j| ids[i] != ids[j])));
        assert_ne!(id(0), run_id(&chapter("1"), &[1; 32], 0));
    }

    /// A disk with room for so many bytes.
    struct Full(Cursor<Vec<u8>>, usize);

    impl Read for Full {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0.read(into)
        }
    }

    impl Seek for Full {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    impl Disk for Full {
        fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
            let room = self.1 - self.0.get_ref().len();
            self.0.get_mut().extend(&bytes[..bytes.len().min(room)]);
            if bytes.len() > room { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        }
        fn sync(&mut self) -> io::Result<()> {
            Ok(())
        }
        fn cut(&mut self, length: u64) -> io::Result<()> {
            self.0.get_mut().truncate(length as usize);
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_told_and_the_runs_before_are_whole() {
        let disk = Full(Cursor::new(FORM.head.to_vec()), 300);
        let journal = Journal::made(Path::new("there/runs.seg"), &FORM, disk, FORM.head.len() as u64);
        let mut store = Store::made(Path::new("there"), journal, Index::default(), None);
        let mut stored = 0;
        let told = loop {
            store.put(&chapter("1"), &id(stored), &done(stored)).unwrap();
            match store.commit() {
                Ok(()) => stored += 1,
                Err(error) => break error.to_string(),
            }
        };
        assert!(told.contains("the disk is full") && told.contains("sweep resume"), "{told}");
        assert!(stored > 2 && store.state(&id(stored)).is_none());
        assert!(same(&store.get(&id(stored - 1)).unwrap().unwrap(), &done(stored - 1)));
        assert_eq!(store.journal.disk().0.get_ref().len() as u64, store.journal.length(), "nothing half written stays");
    }
}
