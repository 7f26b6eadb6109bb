//! Journals: files of records that are only added to; a check in every record finds out whatever happened to it.
//!
//! ```text
//! journal = first line  record*
//! record  = mark (4 bytes)  length of the payload (u32)  payload  check (first 8 bytes of BLAKE3 of length, payload)
//! ```
//!
//! All numbers are little-endian. A record stands for itself: it can be read whatever happened to the first line or to
//! its neighbours, and its payload says what it is a record of, so that one that is there twice or in another place does
//! no harm. What is added is synchronised to the disk before it counts. A record that a killed program left unfinished at
//! the end is cut off when the journal is opened for writing; damage before the end is told, and left out when a repair
//! is asked for: every whole record is kept, and the damaged file is put aside.

use crate::error::{Error, Fault};
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const MARK: [u8; 4] = [0xf0, 0x9f, 0x8f, 0x9b];
const CHECK: usize = 8;
/// Bytes around a payload.
pub const FRAME: usize = MARK.len() + 4 + CHECK;
/// Bytes that no payload exceeds.
const LONGEST: usize = 1 << 26;

/// What a journal is of, and what to say about one.
#[derive(Debug)]
pub struct Form {
    /// The first line.
    pub head: &'static [u8],
    /// What it holds, such as `runs`.
    pub what: &'static str,
    /// A payload put in the place of damage that a repair leaves out; none if empty.
    pub gap: &'static [u8],
    /// What goes on from the records that are whole.
    pub goes_on: &'static str,
    /// What to do about a damaged file, and about one that is none of ours.
    pub mends: &'static str,
    pub elsewhere: &'static str,
}

/// What the payloads of a journal add up to.
pub trait Contents: Default {
    /// Takes the next whole record, whose frame begins at byte `offset`.
    fn take(&mut self, offset: u64, payload: &[u8]);
}

/// What was found when a journal was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Bytes of an unfinished record that were cut off (or would be).
    pub torn: u64,
    /// Where damage began, how many bytes a repair left out, and where the damaged file was put.
    pub damaged: Option<(u64, u64, PathBuf)>,
}

impl Found {
    /// What is to be told of it, if anything.
    pub fn told(&self, path: &Path, form: &Form) -> Option<String> {
        let (path, what) = (path.display(), form.what);
        if let Some((from, bytes, aside)) = &self.damaged {
            let aside = aside.display();
            return Some(format!(
                "{path}: {bytes} damaged bytes were left out, from byte {from} on; the {what} that are whole are kept, \
                 the others made again; the damaged file is {aside}"
            ));
        }
        (self.torn > 0).then(|| {
            format!("{path}: {} bytes of unfinished {what} were cut off from its end; they are made again", self.torn)
        })
    }
}

/// What a journal needs of a file; tests put a disk that is full in its place.
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
    /// Whether the path still leads to this file, of so many bytes.
    fn stands(&self, _path: &Path, _length: u64) -> bool {
        true
    }
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

    fn stands(&self, path: &Path, length: u64) -> bool {
        let Ok(there) = fs::metadata(path) else { return false };
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let own = self.metadata().is_ok_and(|own| (own.dev(), own.ino()) == (there.dev(), there.ino()));
            if !own {
                return false;
            }
        }
        there.len() == length
    }
}

/// A file of records, open for reading or for writing.
#[derive(Debug)]
pub struct Journal<D = File> {
    path: PathBuf,
    form: &'static Form,
    disk: D,
    /// Bytes that count.
    length: u64,
    /// Records not yet committed.
    waiting: Vec<u8>,
}

impl Journal {
    /// Opens a journal for writing, and makes it if there is none. Whatever a killed program left unfinished at its end
    /// is cut off. With `repair`, damaged stretches are left out; the damaged file is kept beside the new one.
    ///
    /// # Errors
    /// The file is damaged or no such journal, or the place cannot be written.
    pub fn write<C: Contents>(path: &Path, form: &'static Form, repair: bool) -> Result<(Self, C, Found), Error> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
        let mut file = open(path, true)?;
        if file.metadata().map_err(|error| Error::io("read", path, error))?.len() < form.head.len() as u64 {
            begin(&mut file, path, form)?;
            // The name of a new file is on the disk when its folder is.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        let (mut contents, mut scan) = Scan::of::<C>(&mut file, path, form)?;
        let mut found = Found { torn: scan.torn(), damaged: None };
        if let Some(fault) = scan.damage(path, form) {
            if !repair {
                return Err(fault.into());
            }
            let aside = mend(&mut file, path, &scan, form)?;
            found = Found { torn: 0, damaged: Some((scan.good, scan.skipped, aside)) };
            file = open(path, true)?;
            (contents, scan) = Scan::of::<C>(&mut file, path, form)?;
        }
        if found.torn > 0 {
            file.cut(scan.good).and_then(|()| file.sync()).map_err(|error| Error::io("mend", path, error))?;
        }
        Ok((Self::made(path, form, file, scan.good), contents, found))
    }

    /// Opens a journal for reading; what another process is adding meanwhile is not seen.
    ///
    /// # Errors
    /// There is no such file, or it is damaged.
    pub fn read<C: Contents>(path: &Path, form: &'static Form) -> Result<(Self, C, Found), Error> {
        let mut file = open(path, false)?;
        let (contents, scan) = Scan::of::<C>(&mut file, path, form)?;
        if let Some(fault) = scan.damage(path, form) {
            return Err(fault.into());
        }
        let found = Found { torn: scan.torn(), damaged: None };
        Ok((Self::made(path, form, file, scan.good), contents, found))
    }
}

impl<D: Disk> Journal<D> {
    /// A journal on a disk that holds so many bytes of it.
    pub(super) fn made(path: &Path, form: &'static Form, disk: D, length: u64) -> Self {
        Self { path: path.to_owned(), form, disk, length, waiting: Vec::new() }
    }

    /// Adds a record, which counts once it is committed; gives back the byte at which its frame will begin.
    ///
    /// # Errors
    /// The record is too long.
    pub fn add(&mut self, payload: &[u8]) -> Result<u64, Error> {
        if payload.len() > LONGEST {
            return Err(Error::Failed(format!("a record of {} bytes is too long for a file", payload.len())));
        }
        let offset = self.length + self.waiting.len() as u64;
        self.waiting.extend(frame(payload));
        Ok(offset)
    }

    /// The payload of a record by place and length.
    ///
    /// # Errors
    /// It cannot be read any more, or is no longer what it was.
    pub fn payload(&mut self, offset: u64, length: u32) -> Result<Vec<u8>, Error> {
        if offset >= self.length {
            self.commit()?;
        }
        let mut bytes = vec![0; FRAME + length as usize];
        let read = self.disk.seek(SeekFrom::Start(offset)).and_then(|_| self.disk.read_exact(&mut bytes));
        read.map_err(|error| Error::io("read", &self.path, error))?;
        let payload = whole(&bytes).filter(|payload| payload.len() == length as usize);
        let changed = || Error::Failed(format!("{} changed while it was read", self.path.display()));
        payload.map(<[u8]>::to_vec).ok_or_else(changed)
    }

    /// Bytes that count.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Bytes that wait to be committed.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Writes what waits and synchronises it to the disk.
    ///
    /// # Errors
    /// The disk is full or fails, or the file is gone. The journal then ends where it did before, and what waited is not
    /// in it.
    pub fn commit(&mut self) -> Result<(), Error> {
        let (path, form) = (self.path.display(), self.form);
        if !self.disk.stands(&self.path, self.length) {
            self.waiting.clear();
            return Err(Error::Failed(format!(
                "{path} was removed or changed by another program while {} were added to it; what is missing there has \
                 to be made again",
                form.what
            )));
        }
        if self.waiting.is_empty() {
            return Ok(());
        }
        let written = self.disk.append(&self.waiting).and_then(|()| self.disk.sync());
        if let Err(error) = written {
            // What was written of it is cut off; should even that fail, the next opening does it.
            let _ = self.disk.cut(self.length);
            self.waiting.clear();
            let why = if error.kind() == io::ErrorKind::StorageFull { "the disk is full" } else { "the disk failed" };
            return Err(Error::Failed(format!(
                "could not add {0} to {path}: {why} ({error}); the {0} stored before are whole, and {1} goes on from them",
                form.what, form.goes_on
            )));
        }
        self.length += self.waiting.len() as u64;
        self.waiting.clear();
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn disk(&self) -> &D {
        &self.disk
    }
}

/// A payload with what stands around it.
fn frame(payload: &[u8]) -> Vec<u8> {
    [&MARK[..], &(payload.len() as u32).to_le_bytes(), payload, &check(payload)].concat()
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

/// Writes the first line of a new journal, over what a killed program may have left of one.
fn begin(file: &mut File, path: &Path, form: &Form) -> Result<(), Error> {
    let mut old = Vec::new();
    file.read_to_end(&mut old).map_err(|error| Error::io("read", path, error))?;
    if !form.head.starts_with(&old) {
        return Err(foreign(path, form).into());
    }
    file.cut(0)
        .and_then(|()| file.append(form.head))
        .and_then(|()| file.sync())
        .map_err(|error| Error::io("write", path, error))
}

fn foreign(path: &Path, form: &Form) -> Fault {
    Fault::new(format!("{} is no store of {} that this program reads", path.display(), form.what))
        .help(format!("nothing was touched; {}", form.elsewhere))
}

/// What reading a journal from front to back gives.
struct Scan {
    /// Where the last whole record before any damage ends; 0 if the first line is damaged.
    good: u64,
    /// Length of the file.
    length: u64,
    /// Whole records before damage and after it, and the bytes that are no records.
    before: u64,
    after: u64,
    skipped: u64,
}

impl Scan {
    /// Reads all records up to the first damage, and counts those behind it.
    fn of<C: Contents>(file: &mut File, path: &Path, form: &Form) -> Result<(C, Self), Error> {
        let failed = |error: io::Error| Error::io("read", path, error);
        let mut contents = C::default();
        let length = file.seek(SeekFrom::End(0)).map_err(failed)?;
        file.rewind().map_err(failed)?;
        let mut reader = BufReader::with_capacity(1 << 20, &mut *file);
        let mut head = vec![0; form.head.len()];
        let headed = fill(&mut reader, &mut head).map_err(failed)? == head.len() && head == form.head;
        let mut scan = Self { good: 0, length, before: 0, after: 0, skipped: 0 };
        if headed {
            scan.good = form.head.len() as u64;
            let mut payload = Vec::new();
            loop {
                match next(&mut reader, &mut payload, length).map_err(failed)? {
                    Some(true) => {
                        contents.take(scan.good, &payload);
                        scan.before += 1;
                        scan.good += (FRAME + payload.len()) as u64;
                    }
                    Some(false) => break,
                    None => return Ok((contents, scan)),
                }
            }
        }
        drop(reader);
        let rest = rest(file, scan.good).map_err(failed)?;
        let whole: usize = records(&rest).map(|(_, payload)| FRAME + payload.len()).sum();
        scan.after = records(&rest).count() as u64;
        scan.skipped = (rest.len() - whole) as u64;
        if !headed && scan.after == 0 {
            return Err(foreign(path, form).into());
        }
        Ok((contents, scan))
    }

    /// Bytes after the last whole record, if no whole record follows them.
    fn torn(&self) -> u64 {
        if self.after > 0 { 0 } else { self.length - self.good }
    }

    /// The fault of a file with whole records behind damage.
    fn damage(&self, path: &Path, form: &Form) -> Option<Fault> {
        let Self { good, before, after, skipped, .. } = self;
        (*after > 0).then(|| {
            Fault::new(format!(
                "{} is damaged from byte {good} on: {skipped} bytes there are no records, though {after} records follow",
                path.display(),
            ))
            .expected(format!("the {before} records before are whole; nothing was changed"))
            .help(form.mends)
        })
    }
}

/// What a file holds from a byte on.
fn rest(file: &mut File, from: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut rest = Vec::new();
    file.read_to_end(&mut rest)?;
    Ok(rest)
}

/// Reads one record of a file of so many bytes: whether it is whole; `None` at the end of the file.
fn next(reader: &mut impl Read, payload: &mut Vec<u8>, most: u64) -> io::Result<Option<bool>> {
    let mut front = [0; 8];
    let got = fill(reader, &mut front)?;
    if got == 0 {
        return Ok(None);
    }
    let length = u32::from_le_bytes(front[4..].try_into().expect("four bytes")) as usize;
    if got < front.len() || front[..4] != MARK || length > LONGEST || length as u64 > most {
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
fn mend(file: &mut File, path: &Path, scan: &Scan, form: &Form) -> Result<PathBuf, Error> {
    let failed = |error: io::Error| Error::io("mend", path, error);
    let bytes = rest(file, 0).map_err(failed)?;
    let mut sound = if scan.good == 0 { form.head.to_vec() } else { bytes[..scan.good as usize].to_vec() };
    let mut end = if scan.good == 0 { form.head.len() } else { 0 };
    for (at, payload) in records(&bytes[scan.good as usize..]) {
        if at > end && !form.gap.is_empty() {
            sound.extend(frame(form.gap));
        }
        end = at + FRAME + payload.len();
        sound.extend(frame(payload));
    }
    let named = |ending: &str| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(ending);
        path.with_file_name(name)
    };
    let aside = (1..).map(|n| named(&format!(".damaged-{n}"))).find(|aside| !aside.exists());
    let aside = aside.expect("some number is free");
    let fresh = named(".mended");
    let written = File::create(&fresh).and_then(|mut file| file.write_all(&sound).and_then(|()| file.sync_all()));
    // The damaged file gets a second name before its own goes to the mended one: at no moment is there none.
    written.and_then(|()| fs::copy(path, &aside)).and_then(|_| fs::rename(&fresh, path)).map_err(failed)?;
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    static FORM: Form =
        Form { head: b"words 1\n", what: "words", gap: b"", goes_on: "more", mends: "mend it", elsewhere: "go away" };

    /// The words of a journal.
    #[derive(Debug, Default, PartialEq)]
    struct Words(Vec<Vec<u8>>);

    impl Contents for Words {
        fn take(&mut self, _: u64, payload: &[u8]) {
            self.0.push(payload.to_vec());
        }
    }

    fn written(path: &Path) -> Words {
        let (mut journal, ..) = Journal::write::<Words>(path, &FORM, false).expect("opens");
        for word in [&b"one"[..], b"", b"three\n", &[0xf0, 0x9f, 0x8f, 0x9b, 3, 0, 0, 0]] {
            journal.add(word).expect("fits");
        }
        journal.commit().expect("written");
        Journal::read::<Words>(path, &FORM).expect("reads").1
    }

    #[test]
    fn whatever_byte_is_changed_no_other_word_is_ever_read_and_no_whole_one_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words");
        let sound = written(&path);
        let bytes = fs::read(&path).unwrap();
        for (at, flip) in (0..bytes.len()).flat_map(|at| [(at, 1), (at, 0x80), (at, 0xff)]) {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            fs::write(&path, &changed).unwrap();
            if let Err(error) = Journal::read::<Words>(&path, &FORM) {
                assert!(error.to_string().contains("words"), "the file is named: {error}");
            }
            let (journal, words, found) = Journal::write::<Words>(&path, &FORM, true).expect("can be repaired");
            assert!(found != Found::default() && found.told(&path, &FORM).is_some(), "byte {at} is told");
            drop(journal);
            let kept: BTreeSet<_> = words.0.iter().collect();
            assert!(words.0.iter().all(|word| sound.0.contains(word)), "byte {at}: {words:?}");
            let lost = usize::from(at >= FORM.head.len());
            assert!(kept.len() + lost >= sound.0.len(), "byte {at} costs one word at most: {words:?}");
            let again = Journal::read::<Words>(&path, &FORM).expect("sound again").1;
            assert_eq!(again, words);
            found.damaged.into_iter().for_each(|(_, _, aside)| fs::remove_file(aside).unwrap());
        }
    }

    #[test]
    fn wherever_it_ends_the_whole_words_before_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words");
        let sound = written(&path);
        let bytes = fs::read(&path).unwrap();
        for end in 0..bytes.len() {
            fs::write(&path, &bytes[..end]).unwrap();
            let (_, words, found) = Journal::write::<Words>(&path, &FORM, false).expect("opens");
            assert_eq!(words.0, sound.0[..words.0.len()], "cut at {end}");
            assert_eq!(found.damaged, None);
        }
    }

    #[test]
    fn a_file_that_vanishes_or_is_exchanged_under_the_writer_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/words");
        let (mut journal, ..) = Journal::write::<Words>(&path, &FORM, false).expect("opens");
        journal.add(b"one").and_then(|_| journal.commit()).expect("written");
        let same = fs::read(&path).unwrap();
        fs::remove_dir_all(folder.path().join("deep")).unwrap();
        let told = journal.commit().expect_err("it is gone").to_string();
        assert!(told.contains("words was removed or changed"), "{told}");
        fs::create_dir(folder.path().join("deep")).unwrap();
        fs::write(&path, same).unwrap();
        journal.add(b"two").unwrap();
        assert!(cfg!(not(unix)) || journal.commit().is_err(), "it is another file");
    }
}
