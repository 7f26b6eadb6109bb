//! The store: finished runs in one file that is only ever appended to, and survives whatever stops the program.
//!
//! ```text
//! runs.seg = "fondaco runs 1\n" record*
//! record   = mark (4 bytes)  length of the payload (u32)  payload  check (first 8 bytes of BLAKE3 of length, payload)
//! payload  = 1, JSON                    chapter: program and measures of the runs that follow
//!          | 2, id (16), f64 …          a run with its outcomes
//!          | 3, id (16), text           a run that failed, with the cause
//! ```
//!
//! All numbers are little-endian. A run's id is a hash of all that decides its numbers, so a store can serve many sweeps
//! and no run is in it twice; where a failed run is tried again, the later record holds. There is one writer, which holds
//! a lock; a commit is written and synchronised to the disk before it counts. A record that a killed program left
//! unfinished at the end is cut off when the store is opened for writing; damage before the end is told and never
//! mended unasked. No date, machine or duration is in the file: equal sweeps have equal bytes.

use super::subject::Identity;
use crate::error::{Error, Fault};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Name of the file with the runs.
pub const SEGMENT: &str = "runs.seg";
/// Name of the file that the writer locks.
const LOCK: &str = "store.lock";
const HEAD: &[u8] = b"fondaco runs 1\n";
const MARK: [u8; 4] = [0xf0, 0x9f, 0x8f, 0x9b];
const CHECK: usize = 8;
/// Bytes around a payload.
const FRAME: usize = MARK.len() + 4 + CHECK;
/// No record is longer.
const LONGEST: usize = 1 << 20;
/// Bytes of the index in memory for each run, roughly.
pub const INDEX_BYTES: u64 = 64;

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
pub struct Chapter {
    /// Version of the program.
    pub program: String,
    /// Kind of subject.
    pub subject: String,
    /// Names of the outcomes, in order.
    pub measures: Vec<String>,
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
    /// Bytes of an unfinished record that were cut off (or would be).
    pub torn: u64,
    /// Bytes that a repair left out, and where the damaged file was put.
    pub damaged: Option<(u64, PathBuf)>,
}

/// The runs of a folder, open for reading or for writing.
#[derive(Debug)]
pub struct Store<D = File> {
    folder: PathBuf,
    disk: D,
    /// Bytes that count.
    length: u64,
    /// Records not yet committed.
    waiting: Vec<u8>,
    index: BTreeMap<Id, Place>,
    chapters: Vec<Chapter>,
    /// Held while the store is open for writing.
    _lock: Option<File>,
}

/// What a store needs of a file; tests put a disk that is full in its place.
pub trait Disk: Read + Seek {
    /// Writes at the end.
    ///
    /// # Errors
    /// The disk says no.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Waits until everything is on the disk.
    ///
    /// # Errors
    /// The disk says no.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the file off.
    ///
    /// # Errors
    /// The disk says no.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

impl Disk for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.seek(SeekFrom::End(0))?;
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
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
        let mut file = open(&path, true)?;
        if file.metadata().map_err(|error| Error::io("read", &path, error))?.len() < HEAD.len() as u64 {
            begin(&mut file, &path)?;
            // The name of a new file is on the disk when its folder is.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        let mut scan = Scan::of(&mut file, &path)?;
        let mut found = Found { torn: scan.torn(), damaged: None };
        if let Some(fault) = scan.damage(&path) {
            if !repair {
                return Err(fault.into());
            }
            let kept = mend(&mut file, &path, &scan)?;
            found = Found { torn: 0, damaged: Some((scan.skipped, kept)) };
            file = open(&path, true)?;
            scan = Scan::of(&mut file, &path)?;
        }
        if found.torn > 0 {
            file.cut(scan.good).and_then(|()| file.sync()).map_err(|error| Error::io("mend", &path, error))?;
        }
        Ok((Self::made(folder, file, scan, Some(lock)), found))
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
        let mut file = open(&path, false)?;
        let scan = Scan::of(&mut file, &path)?;
        if let Some(fault) = scan.damage(&path) {
            return Err(fault.into());
        }
        let found = Found { torn: scan.torn(), damaged: None };
        Ok((Self::made(folder, file, scan, None), found))
    }

    /// Whether a folder holds a store.
    pub fn exists(folder: &Path) -> bool {
        folder.join(SEGMENT).is_file()
    }
}

impl<D: Disk> Store<D> {
    fn made(folder: &Path, disk: D, scan: Scan, lock: Option<File>) -> Self {
        Self {
            folder: folder.to_owned(),
            disk,
            length: scan.good,
            waiting: Vec::new(),
            index: scan.index,
            chapters: scan.chapters,
            _lock: lock,
        }
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
        if place.offset >= self.length {
            self.commit()?;
        }
        let mut payload = vec![0; place.length as usize];
        let path = self.folder.join(SEGMENT);
        self.disk
            .seek(SeekFrom::Start(place.offset + MARK.len() as u64 + 4))
            .and_then(|_| self.disk.read_exact(&mut payload))
            .map_err(|error| Error::io("read", &path, error))?;
        let broken = || Error::Failed(format!("{} changed while it was read", path.display()));
        match Record::read(&payload) {
            Some(Record::Run(found, ended)) if found == *id => Ok(Some(ended)),
            _ => Err(broken()),
        }
    }

    /// Adds a run made under a chapter; it counts once it is committed.
    ///
    /// # Errors
    /// The record is too long.
    pub fn put(&mut self, chapter: &Chapter, id: &Id, ended: &Ended) -> Result<(), Error> {
        if self.chapters.last() != Some(chapter) {
            let json = serde_json::to_vec(chapter).expect("a chapter is plain data");
            self.add(&[&[1], &json[..]].concat())?;
            self.chapters.push(chapter.clone());
        }
        let mut payload = vec![if matches!(ended, Ended::Done(_)) { 2 } else { 3 }];
        payload.extend(id);
        match ended {
            Ended::Done(values) => values.iter().for_each(|value| payload.extend(value.to_le_bytes())),
            Ended::Failed(cause) => payload.extend(shortened(cause).as_bytes()),
        }
        let offset = self.length + self.waiting.len() as u64;
        self.add(&payload)?;
        let chapter = (self.chapters.len() - 1) as u16;
        let failed = matches!(ended, Ended::Failed(_));
        self.index.insert(*id, Place { offset, length: payload.len() as u32, failed, chapter });
        Ok(())
    }

    fn add(&mut self, payload: &[u8]) -> Result<(), Error> {
        if payload.len() > LONGEST {
            return Err(Error::Failed(format!("a record of {} bytes is too long for a store", payload.len())));
        }
        self.waiting.extend(MARK);
        self.waiting.extend((payload.len() as u32).to_le_bytes());
        self.waiting.extend(payload);
        self.waiting.extend(check(payload));
        Ok(())
    }

    /// Bytes that wait to be committed.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Writes what waits and synchronises it to the disk.
    ///
    /// # Errors
    /// The disk is full or fails. The store then ends where it did before, and the runs that waited are not in it.
    pub fn commit(&mut self) -> Result<(), Error> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let written = self.disk.append(&self.waiting).and_then(|()| self.disk.sync());
        if let Err(error) = written {
            // What was written of it is cut off; should even that fail, the next opening does it.
            let _ = self.disk.cut(self.length);
            self.waiting.clear();
            let end = self.length;
            self.index.retain(|_, place| place.offset < end);
            let path = self.folder.join(SEGMENT);
            let why = if error.kind() == io::ErrorKind::StorageFull { "the disk is full" } else { "the disk failed" };
            return Err(Error::Failed(format!(
                "could not add runs to {}: {why} ({error}); the runs stored before are whole, and `fondaco sweep resume` \
                 goes on from them",
                path.display()
            )));
        }
        self.length += self.waiting.len() as u64;
        self.waiting.clear();
        Ok(())
    }
}

/// A cause of failure, cut to what a record can hold and a person would read.
fn shortened(cause: &str) -> &str {
    const MOST: usize = 4000;
    let end = (0..=cause.len().min(MOST)).rev().find(|at| cause.is_char_boundary(*at)).unwrap_or(0);
    &cause[..end]
}

fn check(payload: &[u8]) -> [u8; CHECK] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(payload.len() as u32).to_le_bytes()).update(payload);
    let mut check = [0; CHECK];
    check.copy_from_slice(&hasher.finalize().as_bytes()[..CHECK]);
    check
}

fn open(path: &Path, write: bool) -> Result<File, Error> {
    let opened = File::options().read(true).write(write).create(write).truncate(false).open(path);
    opened.map_err(|error| Error::io("open", path, error))
}

/// Writes the head of a new store, over what a killed program may have left of one.
fn begin(file: &mut File, path: &Path) -> Result<(), Error> {
    let mut old = Vec::new();
    file.read_to_end(&mut old).map_err(|error| Error::io("read", path, error))?;
    if !HEAD.starts_with(&old) {
        return Err(foreign(path).into());
    }
    file.cut(0)
        .and_then(|()| file.append(HEAD))
        .and_then(|()| file.sync())
        .map_err(|error| Error::io("write", path, error))
}

fn foreign(path: &Path) -> Fault {
    Fault::new(format!("{} is no store of runs that this program reads", path.display()))
        .help("nothing was touched; --store DIR names another folder")
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

/// What reading a store from front to back gives.
struct Scan {
    index: BTreeMap<Id, Place>,
    chapters: Vec<Chapter>,
    /// Where the last whole record before any damage ends.
    good: u64,
    /// Length of the file.
    length: u64,
    /// Whether whole records follow damage, and the bytes that are no records.
    resumes: bool,
    skipped: u64,
}

impl Scan {
    /// Reads all records.
    fn of(file: &mut File, path: &Path) -> Result<Self, Error> {
        let failed = |error: io::Error| Error::io("read", path, error);
        let length = file.seek(SeekFrom::End(0)).map_err(failed)?;
        file.rewind().map_err(failed)?;
        let mut reader = BufReader::with_capacity(1 << 20, &mut *file);
        let mut head = vec![0; HEAD.len()];
        if reader.read_exact(&mut head).is_err() || head != HEAD {
            return Err(foreign(path).into());
        }
        let good = HEAD.len() as u64;
        let mut scan = Self { index: BTreeMap::new(), chapters: Vec::new(), good, length, resumes: false, skipped: 0 };
        let mut payload = Vec::new();
        loop {
            match next(&mut reader, &mut payload).map_err(failed)? {
                Some(true) => {
                    scan.take(scan.good, &payload);
                    scan.good += (FRAME + payload.len()) as u64;
                }
                Some(false) => break,
                None => return Ok(scan),
            }
        }
        drop(reader);
        let after = |file: &mut File| -> io::Result<Vec<u8>> {
            file.seek(SeekFrom::Start(scan.good))?;
            let mut rest = Vec::new();
            file.read_to_end(&mut rest)?;
            Ok(rest)
        };
        let rest = after(file).map_err(failed)?;
        scan.resumes = records(&rest).next().is_some();
        let whole: usize = records(&rest).map(|(_, payload)| FRAME + payload.len()).sum();
        scan.skipped = (rest.len() - whole) as u64;
        Ok(scan)
    }

    fn take(&mut self, offset: u64, payload: &[u8]) {
        match Record::read(payload) {
            Some(Record::Chapter(chapter)) => self.chapters.push(chapter),
            Some(Record::Run(id, ended)) => {
                if self.chapters.is_empty() {
                    self.chapters.push(Chapter::default());
                }
                let chapter = (self.chapters.len() - 1) as u16;
                let failed = matches!(ended, Ended::Failed(_));
                self.index.insert(id, Place { offset, length: payload.len() as u32, failed, chapter });
            }
            // A kind of a later version: whole, but none of ours.
            None => {}
        }
    }

    /// Bytes after the last whole record, if no whole record follows them.
    fn torn(&self) -> u64 {
        if self.resumes { 0 } else { self.length - self.good }
    }

    /// The fault of a file with whole records behind damage.
    fn damage(&self, path: &Path) -> Option<Fault> {
        self.resumes.then(|| {
            let runs = self.index.len();
            Fault::new(format!(
                "{} is damaged from byte {} on: {} bytes there are no records, though records follow",
                path.display(),
                self.good,
                self.skipped
            ))
            .expected(format!("the {runs} runs before are whole; nothing was changed"))
            .help("`fondaco sweep resume FILE --repair` keeps every run that can be read, puts the damaged file aside, and makes the rest again")
        })
    }
}

/// Reads one record: whether it is whole; `None` at the end of the file.
fn next(reader: &mut impl Read, payload: &mut Vec<u8>) -> io::Result<Option<bool>> {
    let mut front = [0; 8];
    let got = fill(reader, &mut front)?;
    if got == 0 {
        return Ok(None);
    }
    let length = u32::from_le_bytes(front[4..].try_into().expect("four bytes")) as usize;
    if got < front.len() || front[..4] != MARK || length > LONGEST {
        return Ok(Some(false));
    }
    payload.resize(length, 0);
    let mut found = [0; CHECK];
    let whole = fill(reader, payload)? == length && fill(reader, &mut found)? == CHECK;
    Ok(Some(whole && found == check(payload)))
}

/// Reads as much as there is; how much that was.
fn fill(reader: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < into.len() {
        match reader.read(&mut into[got..]) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}

/// Every whole record in bytes that are not all records, with its place.
fn records(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at + FRAME <= bytes.len() {
            let here = at;
            if let Some(payload) = whole(&bytes[here..]) {
                at += FRAME + payload.len();
                return Some((here, payload));
            }
            at += 1;
        }
        None
    })
}

/// The payload of a record at the front of some bytes, if one is there.
fn whole(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(&MARK)?;
    let (length, rest) = rest.split_at_checked(4)?;
    let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
    let payload = rest.get(..length.min(LONGEST + 1))?;
    (rest.get(length..length + CHECK)? == check(payload)).then_some(payload)
}

/// Writes every whole record into a new file and puts it in the place of the damaged one, which is kept.
fn mend(file: &mut File, path: &Path, scan: &Scan) -> Result<PathBuf, Error> {
    let failed = |error: io::Error| Error::io("mend", path, error);
    let mut bytes = Vec::new();
    file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map_err(failed)?;
    let mut sound = bytes[..scan.good as usize].to_vec();
    for (at, payload) in records(&bytes[scan.good as usize..]) {
        let from = scan.good as usize + at;
        sound.extend(&bytes[from..from + FRAME + payload.len()]);
    }
    let aside = (1..).map(|n| path.with_file_name(format!("{SEGMENT}.damaged-{n}"))).find(|aside| !aside.exists());
    let aside = aside.expect("some number is free");
    let fresh = path.with_file_name(format!("{SEGMENT}.mended"));
    let written = File::create(&fresh).and_then(|mut file| file.write_all(&sound).and_then(|()| file.sync_all()));
    // The damaged file gets a second name before its own goes to the mended one: at no moment is there none.
    written.and_then(|()| fs::copy(path, &aside)).and_then(|_| fs::rename(&fresh, path)).map_err(failed)?;
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn chapter(program: &str) -> Chapter {
        Chapter { program: program.into(), subject: "scenario".into(), measures: vec!["a".into(), "b".into()] }
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
        fs::write(folder.path().join(SEGMENT), &HEAD[..4]).unwrap();
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
            assert!(told.contains("is damaged from byte") && told.contains("though records follow"), "{told}");
        }
        assert_eq!(bytes(folder.path()), damaged, "nothing was changed");
        let (store, found) = Store::write(folder.path(), true).expect("mended");
        let (skipped, aside) = found.damaged.expect("damage is told");
        assert_eq!(store.tally()[0].1, 19, "one run is lost");
        assert!(skipped > 30 && fs::read(aside).unwrap() == damaged);
        assert_eq!(bytes(folder.path()).len() as u64, sound.len() as u64 - skipped);
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
        let good = HEAD.len() as u64;
        let scan =
            Scan { index: BTreeMap::new(), chapters: Vec::new(), good, length: good, resumes: false, skipped: 0 };
        let disk = Full(Cursor::new(HEAD.to_vec()), 300);
        let mut store = Store::made(Path::new("there"), disk, scan, None);
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
        let length = store.length;
        assert_eq!(store.disk.0.get_ref().len() as u64, length, "nothing half written stays");
    }
}
