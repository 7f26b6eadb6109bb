//! The result folder: whole or not there, never overwritten unasked.
//!
//! A run writes into `NAME.partial`; the folder gets its own name when the manifest is in it. A killed run leaves
//! only the `.partial` folder, which the next run of the same name clears away. With force the older result stays
//! in its place until the new one is complete, and is moved to `NAME.replaced` for the moment of the exchange;
//! should the machine stop right then, the next run puts it back.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{Error, Fault};
use crate::report::file::{UNFINISHED, beside};
use crate::report::manifest::{self, Manifest, Program};

/// Lies in a folder that is being written and is locked by the process that writes.
const MARKER: &str = "UNFINISHED.txt";
const MARKER_TEXT: &str = "The run that writes into this folder is going on or was stopped.\n\
                           If it was stopped, the folder can be deleted; the next such run does so.\n";
/// Added to the name of an older result while the new one takes its place.
const REPLACED: &str = "replaced";

/// The first eight hexadecimal digits of the hash of all that decides a result: version, scenario hash, seed, …
pub fn short_id(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        // The length keeps ("ab", "c") apart from ("a", "bc").
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..8].to_owned()
}

/// `base/NAME-ID`, with whatever a folder name had better not contain replaced by dashes.
pub fn place(base: &Path, name: &str, id: &str) -> PathBuf {
    const LONGEST: usize = 60;
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    let name: String = name.trim().chars().take(LONGEST).map(plain).collect();
    let name = if name.is_empty() { "run" } else { &name };
    base.join(format!("{name}-{id}"))
}

/// A result folder being written. Dropped before [`Folder::finish`] it leaves nothing behind.
#[derive(Debug)]
pub struct Folder {
    target: PathBuf,
    unfinished: PathBuf,
    /// Held as long as the folder is being written.
    lock: Option<File>,
}

/// What stands where the result should go.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    /// An empty folder.
    Room,
    /// A result of this program; complete or interrupted.
    Result {
        complete: bool,
    },
    /// Something that is not ours to replace.
    Foreign,
}

impl Folder {
    /// Makes room for a result at `target`, used as given; its parents are created.
    ///
    /// # Errors
    /// A result is there already and `force` is not given; something else is there; another run writes the same
    /// result; or the place cannot be written.
    pub fn create(target: &Path, force: bool) -> Result<Self, Error> {
        let target = std::path::absolute(target).map_err(|error| Error::io("find", target, error))?;
        let parent = target.parent().filter(|_| target.file_name().is_some()).ok_or_else(|| not_ours(&target))?;
        recover(&target)?;
        admit(&target, force)?;
        fs::create_dir_all(parent).map_err(|error| Error::io("create", parent, error))?;
        let unfinished = beside(&target, UNFINISHED);
        let lock = Some(occupy(&unfinished)?);
        Ok(Self { target, unfinished, lock })
    }

    /// Where to write now.
    pub fn path(&self) -> &Path {
        &self.unfinished
    }

    /// Where the result will stand.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Stores the manifest and gives the folder its name.
    ///
    /// # Errors
    /// The manifest could not be written, or the folder not be renamed: then the message says where the result is.
    pub fn finish(mut self, manifest: &Manifest) -> Result<PathBuf, Error> {
        manifest.write(&self.unfinished)?;
        // From here on the result is whole: a failure must not throw it away. Windows renames no open folder.
        self.lock = None;
        let target = std::mem::take(&mut self.target);
        let unfinished = std::mem::take(&mut self.unfinished);
        exchange(&unfinished, &target).map_err(|error| {
            let (from, to) = (unfinished.display(), target.display());
            Error::Failed(format!("the result is complete in {from} but could not be renamed to {to}: {error}"))
        })?;
        // Only a note by now.
        let _ = fs::remove_file(target.join(MARKER));
        Ok(target)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.lock.take().is_some() {
            // Best effort: what stays is still named as unfinished.
            let _ = fs::remove_dir_all(&self.unfinished);
        }
    }
}

/// Puts back a result whose replacement was cut short, and clears away one whose replacement was not.
fn recover(target: &Path) -> Result<(), Error> {
    let older = beside(target, REPLACED);
    if !matches!(found(&older), Found::Result { .. }) {
        return Ok(());
    }
    let done = match found(target) {
        Found::Nothing => fs::rename(&older, target),
        Found::Result { .. } => fs::remove_dir_all(&older),
        Found::Room | Found::Foreign => Ok(()),
    };
    done.map_err(|error| Error::io("clear away", &older, error))
}

/// May a result go to this place?
fn admit(target: &Path, force: bool) -> Result<(), Error> {
    let found = found(target);
    if found != Found::Nothing && holds_current(target) {
        let title = format!("{} is the current folder or holds it, and cannot be replaced", target.display());
        return Err(Fault::new(title).help("name a folder that does not exist yet").into());
    }
    match found {
        Found::Nothing => Ok(()),
        // Tried now rather than after the run: a mount point, for instance, cannot be replaced.
        Found::Room => fs::remove_dir(target).map_err(|error| Error::io("replace", target, error)),
        Found::Result { .. } if force => Ok(()),
        Found::Result { complete } => {
            let what = if complete { "this result" } else { "an interrupted run of this" };
            Err(Fault::new(format!("{} already holds {what}", target.display()))
                .help("use --force to replace it, or --out FOLDER to write elsewhere")
                .into())
        }
        Found::Foreign => Err(not_ours(target)),
    }
}

fn not_ours(target: &Path) -> Error {
    Fault::new(format!("{} holds something that is not a result of this program", target.display()))
        .help("nothing was touched; use --out to name a folder that does not exist yet")
        .into()
}

fn found(path: &Path) -> Found {
    if fs::symlink_metadata(path).is_err() {
        return Found::Nothing;
    }
    match fs::read_dir(path).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Found::Room,
        Ok(false) => match manifest_state(path) {
            Some(state) => Found::Result { complete: state != "interrupted" },
            None => Found::Foreign,
        },
        Err(_) => Found::Foreign,
    }
}

/// The state in the manifest of a result of any version of this program.
fn manifest_state(folder: &Path) -> Option<String> {
    let text = fs::read(folder.join(manifest::FILE)).ok()?;
    let value: serde_json::Value = serde_json::from_slice(&text).ok()?;
    let ours = value.pointer("/program/name")?.as_str()? == Program::this().name;
    ours.then(|| value.get("state").and_then(|state| state.as_str()).unwrap_or_default().to_owned())
}

/// Whether the process stands in the folder: renaming it away would leave the user nowhere.
fn holds_current(folder: &Path) -> bool {
    let current = std::env::current_dir().and_then(fs::canonicalize);
    matches!((current, fs::canonicalize(folder)), (Ok(current), Ok(folder)) if current.starts_with(&folder))
}

/// Takes the unfinished folder for this process and empties it of what a killed run left.
fn occupy(unfinished: &Path) -> Result<File, Error> {
    let marker = unfinished.join(MARKER);
    match found(unfinished) {
        Found::Nothing => match fs::create_dir(unfinished) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(Error::io("create", unfinished, error));
            }
            _ => {}
        },
        Found::Room => {}
        Found::Result { .. } | Found::Foreign if marker.exists() => {}
        Found::Result { .. } | Found::Foreign => return Err(not_ours(unfinished)),
    }
    let lock = File::options().create(true).truncate(false).write(true).open(&marker);
    let lock = lock.map_err(|error| Error::io("write", &marker, error))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Fault::new(format!("another run is writing into {}", unfinished.display()))
                .help("wait for it, or use --out FOLDER to write elsewhere")
                .into());
        }
        // Some network file systems have no locks; going on without is better than not running there.
        Err(TryLockError::Error(_)) => {}
    }
    clear(unfinished).map_err(|error| Error::io("clear", unfinished, error))?;
    // Through the locked handle: Windows lets no other one write.
    let noted = lock.set_len(0).and_then(|()| (&lock).write_all(MARKER_TEXT.as_bytes()));
    noted.map_err(|error| Error::io("write", &marker, error))?;
    Ok(lock)
}

/// Removes everything but the marker.
fn clear(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == MARKER {
            continue;
        }
        if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) }?;
    }
    Ok(())
}

/// Renames the new result into place; an older one goes away only once that is done.
fn exchange(new: &Path, target: &Path) -> std::io::Result<()> {
    if !matches!(found(target), Found::Result { .. }) {
        return fs::rename(new, target);
    }
    let older = beside(target, REPLACED);
    fs::rename(target, &older)?;
    if let Err(error) = fs::rename(new, target) {
        fs::rename(&older, target)?;
        return Err(error);
    }
    // The result stands; an older one that cannot be removed is cleared away by the next run.
    let _ = fs::remove_dir_all(&older);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::manifest::State;
    use crate::report::manifest::tests::example;
    use tempfile::TempDir;

    fn room() -> (TempDir, PathBuf) {
        let room = tempfile::tempdir().unwrap();
        let target = room.path().join("output/trial-00ff00ff");
        (room, target)
    }

    fn make(target: &Path, content: &str) -> PathBuf {
        let folder = Folder::create(target, true).unwrap();
        fs::write(folder.path().join("data.txt"), content).unwrap();
        folder.finish(&example()).unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn refusal(target: &Path, force: bool) -> Fault {
        match Folder::create(target, force) {
            Err(Error::Asked(faults)) => faults.into_iter().next().unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_result_gets_its_name_when_it_is_whole() {
        let (_room, target) = room();
        let output = target.parent().unwrap().to_owned();
        let folder = Folder::create(&target, false).unwrap();
        fs::write(folder.path().join("data.txt"), "1").unwrap();
        assert_eq!(names(&output), ["trial-00ff00ff.partial"]);
        assert_eq!(names(folder.path()), [MARKER, "data.txt"]);
        assert_eq!(fs::read_to_string(folder.path().join(MARKER)).unwrap(), MARKER_TEXT);
        assert_eq!(folder.finish(&example()).unwrap(), target);
        assert_eq!(names(&output), ["trial-00ff00ff"]);
        assert_eq!(names(&target), ["data.txt", "manifest.json"]);
        assert_eq!(Manifest::read(&target).unwrap().seed, 1);
    }

    #[test]
    fn a_result_is_not_overwritten_without_force() {
        let (_room, target) = room();
        make(&target, "old");
        let fault = refusal(&target, false);
        assert!(fault.title.contains("already holds this result") && fault.help.unwrap().contains("--force"));
        assert_eq!(names(target.parent().unwrap()), ["trial-00ff00ff"], "the refusal leaves no trace");
        let interrupted = Manifest { state: State::Interrupted, ..example() };
        Folder::create(&target, true).unwrap().finish(&interrupted).unwrap();
        assert!(refusal(&target, false).title.contains("interrupted"));
    }

    #[test]
    fn with_force_the_old_result_stays_until_the_new_one_is_whole() {
        let (_room, target) = room();
        make(&target, "old");
        let folder = Folder::create(&target, true).unwrap();
        fs::write(folder.path().join("data.txt"), "new").unwrap();
        assert_eq!(fs::read_to_string(target.join("data.txt")).unwrap(), "old");
        drop(folder);
        assert_eq!(fs::read_to_string(target.join("data.txt")).unwrap(), "old", "a failed run changes nothing");
        make(&target, "new");
        assert_eq!(fs::read_to_string(target.join("data.txt")).unwrap(), "new");
        assert_eq!(names(target.parent().unwrap()), ["trial-00ff00ff"]);
    }

    #[test]
    fn a_dropped_folder_leaves_nothing() {
        let (_room, target) = room();
        let folder = Folder::create(&target, false).unwrap();
        fs::create_dir(folder.path().join("parts")).unwrap();
        drop(folder);
        assert!(names(target.parent().unwrap()).is_empty());
    }

    #[test]
    fn the_remains_of_a_killed_run_are_cleared() {
        let (_room, target) = room();
        let folder = Folder::create(&target, false).unwrap();
        fs::create_dir(folder.path().join("parts")).unwrap();
        fs::write(folder.path().join("parts/half.parquet"), "x").unwrap();
        let Folder { lock, .. } = &folder;
        lock.as_ref().unwrap().unlock().unwrap();
        let next = Folder::create(&target, false).unwrap();
        assert_eq!(names(next.path()), [MARKER]);
        std::mem::forget(folder);
    }

    #[test]
    fn two_runs_do_not_write_one_folder() {
        let (_room, target) = room();
        let first = Folder::create(&target, false).unwrap();
        assert!(refusal(&target, true).title.contains("another run is writing"));
        fs::write(first.path().join("data.txt"), "1").unwrap();
        assert_eq!(names(&first.finish(&example()).unwrap()), ["data.txt", "manifest.json"]);
    }

    #[test]
    fn an_exchange_cut_short_is_mended() {
        let (_room, target) = room();
        make(&target, "old");
        let older = beside(&target, REPLACED);
        fs::rename(&target, &older).unwrap();
        refusal(&target, false);
        assert_eq!(fs::read_to_string(target.join("data.txt")).unwrap(), "old", "put back");
        fs::create_dir(&older).unwrap();
        example().write(&older).unwrap();
        refusal(&target, false);
        assert_eq!(names(target.parent().unwrap()), ["trial-00ff00ff"], "cleared away");
    }

    #[test]
    fn what_is_not_a_result_is_never_touched() {
        let (_room, target) = room();
        fs::create_dir_all(&target).unwrap();
        fs::write(target.join("thesis.tex"), "x").unwrap();
        assert!(refusal(&target, true).title.contains("not a result"));
        fs::write(target.join("manifest.json"), "{\"program\": {\"name\": \"other\"}}").unwrap();
        assert!(refusal(&target, true).title.contains("not a result"));
        let unfinished = beside(&target, UNFINISHED);
        fs::create_dir(&unfinished).unwrap();
        fs::write(unfinished.join("mine.txt"), "x").unwrap();
        assert!(refusal(&target, true).title.contains("not a result"));
        assert_eq!(
            (names(&target), names(&unfinished)),
            (vec!["manifest.json".into(), "thesis.tex".into()], vec!["mine.txt".into()])
        );
        fs::write(target.with_file_name("file"), "x").unwrap();
        assert!(refusal(&target.with_file_name("file"), true).title.contains("not a result"));
    }

    #[test]
    fn an_empty_folder_is_room_and_the_current_one_is_not() {
        let (_room, target) = room();
        fs::create_dir_all(&target).unwrap();
        assert_eq!(names(&make(&target, "1")), ["data.txt", "manifest.json"]);
        assert!(refusal(&std::env::current_dir().unwrap(), true).title.contains("is the current folder"));
        assert!(refusal(Path::new("/"), true).title.contains("not a result"));
    }

    #[test]
    fn a_place_that_cannot_be_written_fails_at_once() {
        let room = tempfile::tempdir().unwrap();
        fs::write(room.path().join("file"), "x").unwrap();
        let error = Folder::create(&room.path().join("file/output/trial"), true).unwrap_err();
        assert!(matches!(&error, Error::Failed(text) if text.contains("could not create")), "{error}");
    }

    #[test]
    fn names_and_identities() {
        let base = Path::new("output");
        assert_eq!(place(base, "../up & away", "0a"), base.join("---up---away-0a"));
        assert_eq!(place(base, "  ", "0a"), base.join("run-0a"));
        assert_eq!(short_id(&["1.0", "ab"]).len(), 8);
        assert_eq!(short_id(&["1.0", "ab"]), short_id(&["1.0", "ab"]));
        assert_ne!(short_id(&["1.0", "ab"]), short_id(&["1.0a", "b"]));
    }
}
