//! The result folder: whole or not there, never overwritten unasked.
//!
//! A run writes into `NAME.partial`; the folder gets its own name when the manifest is in it. A killed run leaves
//! only the `.partial` folder, which the next run of the same name clears away. With force the older result stays
//! in its place until the new one is complete, and is moved to `NAME.replaced` for the moment of the exchange;
//! should the machine stop right then, the next run puts it back. What goes is what the older manifest lists, and
//! nothing else: files that the user has put into the folder stay in it.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Fault};
use crate::experiment::basis::Basis;
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
    /// Files of the user that an exchange cut short had left in the older result.
    kept: Vec<PathBuf>,
}

/// A result that stands.
#[derive(Debug)]
pub struct Finished {
    pub folder: PathBuf,
    /// Files of the user that were in the older result and are in the new one now.
    pub kept: Vec<PathBuf>,
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
    /// Makes room for a result at `target`, used as given; its parents are created. `basis` is what it will rest on.
    ///
    /// # Errors
    /// A result is there already and `force` is not given; something else is there; another run writes the same
    /// result; or the place cannot be written.
    pub fn create(target: &Path, force: bool, basis: &Basis) -> Result<Self, Error> {
        let target = std::path::absolute(target).map_err(|error| Error::io("find", target, error))?;
        let parent = target.parent().filter(|_| target.file_name().is_some()).ok_or_else(|| not_ours(&target))?;
        let kept = recover(&target)?;
        admit(&target, force, basis)?;
        fs::create_dir_all(parent).map_err(|error| Error::io("create", parent, error))?;
        let unfinished = beside(&target, UNFINISHED);
        let lock = Some(occupy(&unfinished)?);
        Ok(Self { target, unfinished, lock, kept })
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
    pub fn finish(mut self, manifest: &Manifest) -> Result<Finished, Error> {
        manifest.write(&self.unfinished)?;
        // From here on the result is whole: a failure must not throw it away. Windows renames no open folder.
        self.lock = None;
        let target = std::mem::take(&mut self.target);
        let unfinished = std::mem::take(&mut self.unfinished);
        let mut kept = std::mem::take(&mut self.kept);
        kept.extend(exchange(&unfinished, &target).map_err(|error| {
            let (from, to) = (unfinished.display(), target.display());
            Error::Failed(format!("the result is complete in {from} but could not be renamed to {to}: {error}"))
        })?);
        // Only a note by now.
        let _ = fs::remove_file(target.join(MARKER));
        Ok(Finished { folder: target, kept })
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

/// Puts back a result whose replacement was cut short, and clears away one whose replacement was not; tells the files
/// of the user that were in it.
fn recover(target: &Path) -> Result<Vec<PathBuf>, Error> {
    let older = beside(target, REPLACED);
    if !matches!(found(&older), Found::Result { .. }) {
        return Ok(Vec::new());
    }
    let done = match found(target) {
        Found::Nothing => fs::rename(&older, target).map(|()| Vec::new()),
        Found::Result { .. } => retire(&older, target),
        Found::Room | Found::Foreign => Ok(Vec::new()),
    };
    done.map_err(|error| Error::io("clear away", &older, error))
}

/// May a result go to this place?
fn admit(target: &Path, force: bool, basis: &Basis) -> Result<(), Error> {
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
            let changes = Manifest::read(target).map_or_else(|_| Vec::new(), |there| there.basis().changes(basis));
            let what = match (complete, &changes[..]) {
                (true, []) => "already holds this result".to_owned(),
                (false, []) => "already holds an interrupted run of this".to_owned(),
                (true, _) => format!("already holds another result: {}", changes.join("; ")),
                _ => format!("already holds an interrupted run of another result: {}", changes.join("; ")),
            };
            Err(Fault::new(format!("{} {what}", target.display()))
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

/// Renames the new result into place; an older one goes away only once that is done. Tells the files of the user that
/// were in it.
fn exchange(new: &Path, target: &Path) -> std::io::Result<Vec<PathBuf>> {
    if !matches!(found(target), Found::Result { .. }) {
        return fs::rename(new, target).map(|()| Vec::new());
    }
    let older = beside(target, REPLACED);
    fs::rename(target, &older)?;
    if let Err(error) = fs::rename(new, target) {
        fs::rename(&older, target)?;
        return Err(error);
    }
    // The result stands; an older one that cannot be removed is cleared away by the next run.
    Ok(retire(&older, target).unwrap_or_default())
}

/// Removes from an older result what its manifest lists, the manifest last, and moves everything else, which is the
/// user's, into the result that has taken its place; tells what that was.
fn retire(older: &Path, target: &Path) -> std::io::Result<Vec<PathBuf>> {
    let ours = listed(older);
    let mut kept = Vec::new();
    for name in names(older, Path::new(""))? {
        let from = older.join(&name);
        if ours.contains(&name) {
            fs::remove_file(&from)?;
            continue;
        }
        // A file of the new result that has its name does not take its place.
        let free = std::iter::once(target.join(&name))
            .chain((1..).map(|n| beside(&target.join(&name), &format!("kept-{n}"))))
            .find(|to| fs::symlink_metadata(to).is_err());
        let to = free.expect("some number is free");
        to.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::rename(&from, &to)?;
        kept.push(to);
    }
    fs::remove_dir_all(older)?;
    Ok(kept)
}

/// The files that are the program's own in a result: those its manifest lists, and the manifest.
pub(super) fn listed(result: &Path) -> BTreeSet<PathBuf> {
    let plain = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_)));
    let text = fs::read(result.join(manifest::FILE)).unwrap_or_default();
    let value: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    let outputs = value.get("outputs").and_then(|outputs| outputs.as_array()).into_iter().flatten();
    let listed = outputs.filter_map(|output| Some(PathBuf::from(output.get("name")?.as_str()?)));
    listed.filter(|path| plain(path)).chain([manifest::FILE.into(), MARKER.into()]).collect()
}

/// Everything below a folder but folders that hold something, as paths within it, in order; the manifest last.
pub(super) fn names(folder: &Path, within: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut entries = fs::read_dir(folder.join(within))?.collect::<std::io::Result<Vec<_>>>()?;
    entries.sort_by_key(|entry| (entry.file_name() == manifest::FILE, entry.file_name()));
    for entry in entries {
        let name = within.join(entry.file_name());
        let below = if entry.file_type()?.is_dir() { names(folder, &name)? } else { Vec::new() };
        if below.is_empty() { found.push(name) } else { found.extend(below) }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::manifest::tests::example;
    use crate::report::manifest::{Output, State};
    use tempfile::TempDir;

    fn room() -> (TempDir, PathBuf) {
        let room = tempfile::tempdir().unwrap();
        let target = room.path().join("output/trial-00ff00ff");
        (room, target)
    }

    fn create(target: &Path, force: bool) -> Result<Folder, Error> {
        Folder::create(target, force, &example().basis())
    }

    fn make(target: &Path, content: &str) -> PathBuf {
        let folder = create(target, true).unwrap();
        let stored = crate::report::file::write(&folder.path().join("data.txt"), content.as_bytes()).unwrap();
        let outputs = vec![Output::file(folder.path(), &stored, "data")];
        folder.finish(&Manifest { outputs, ..example() }).unwrap().folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn refusal(target: &Path, force: bool) -> Fault {
        match create(target, force) {
            Err(Error::Asked(faults)) => faults.into_iter().next().unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_result_gets_its_name_when_it_is_whole() {
        let (_room, target) = room();
        let output = target.parent().unwrap().to_owned();
        let folder = create(&target, false).unwrap();
        fs::write(folder.path().join("data.txt"), "1").unwrap();
        assert_eq!(names(&output), ["trial-00ff00ff.partial"]);
        assert_eq!(names(folder.path()), [MARKER, "data.txt"]);
        assert_eq!(fs::read_to_string(folder.path().join(MARKER)).unwrap(), MARKER_TEXT);
        assert_eq!(folder.finish(&example()).unwrap().folder, target);
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
        create(&target, true).unwrap().finish(&interrupted).unwrap();
        assert!(refusal(&target, false).title.contains("interrupted"));
    }

    #[test]
    fn with_force_the_old_result_stays_until_the_new_one_is_whole() {
        let (_room, target) = room();
        make(&target, "old");
        let folder = create(&target, true).unwrap();
        fs::write(folder.path().join("data.txt"), "new").unwrap();
        assert_eq!(fs::read_to_string(target.join("data.txt")).unwrap(), "old");
        drop(folder);
        assert_eq!(fs::read_to_string(target.join("data.txt")).unwrap(), "old", "a failed run changes nothing");
        make(&target, "new");
        assert_eq!(fs::read_to_string(target.join("data.txt")).unwrap(), "new");
        assert_eq!(names(target.parent().unwrap()), ["trial-00ff00ff"]);
    }

    #[test]
    fn force_removes_what_the_manifest_lists_and_keeps_what_the_user_put_there() {
        let (_room, target) = room();
        make(&target, "old");
        fs::create_dir_all(target.join("notes/empty")).unwrap();
        fs::write(target.join("notes/thesis.tex"), "years").unwrap();
        fs::write(target.join("more.txt"), "mine").unwrap();
        let folder = create(&target, true).unwrap();
        fs::write(folder.path().join("more.txt"), "new").unwrap();
        let Finished { folder, kept } = folder.finish(&example()).unwrap();
        assert_eq!(kept, ["more.txt.kept-1", "notes/empty", "notes/thesis.tex"].map(|name| target.join(name)));
        assert_eq!(names(&folder), ["manifest.json", "more.txt", "more.txt.kept-1", "notes"], "data.txt was listed");
        let read = |name: &str| fs::read_to_string(target.join(name)).unwrap();
        assert_eq!(
            (read("more.txt"), read("more.txt.kept-1"), read("notes/thesis.tex")),
            ("new".into(), "mine".into(), "years".into())
        );
        assert_eq!(names(target.parent().unwrap()), ["trial-00ff00ff"]);
    }

    #[test]
    fn a_manifest_that_lists_what_is_not_in_its_folder_removes_nothing_there() {
        let (_room, target) = room();
        make(&target, "old");
        let outside = target.parent().unwrap().join("precious.txt");
        fs::write(&outside, "years").unwrap();
        let listed = Output {
            name: "../precious.txt".into(),
            meaning: String::new(),
            rows: None,
            bytes: 5,
            blake3: String::new(),
        };
        Manifest { outputs: vec![listed], ..example() }.write(&target).unwrap();
        create(&target, true).unwrap().finish(&example()).unwrap();
        assert_eq!(fs::read_to_string(&outside).unwrap(), "years");
    }

    #[test]
    fn another_result_in_the_place_is_told_by_what_differs() {
        let (_room, target) = room();
        make(&target, "old");
        let mut other = example().basis();
        other.inputs[0].blake3 = "bb".into();
        let told = Folder::create(&target, false, &other).unwrap_err().to_string();
        assert!(told.contains("already holds another result: countries.csv has changed"), "{told}");
    }

    #[test]
    fn a_dropped_folder_leaves_nothing() {
        let (_room, target) = room();
        let folder = create(&target, false).unwrap();
        fs::create_dir(folder.path().join("parts")).unwrap();
        drop(folder);
        assert!(names(target.parent().unwrap()).is_empty());
    }

    #[test]
    fn the_remains_of_a_killed_run_are_cleared() {
        let (_room, target) = room();
        let folder = create(&target, false).unwrap();
        fs::create_dir(folder.path().join("parts")).unwrap();
        fs::write(folder.path().join("parts/half.parquet"), "x").unwrap();
        let Folder { lock, .. } = &folder;
        lock.as_ref().unwrap().unlock().unwrap();
        let next = create(&target, false).unwrap();
        assert_eq!(names(next.path()), [MARKER]);
        std::mem::forget(folder);
    }

    #[test]
    fn two_runs_do_not_write_one_folder() {
        let (_room, target) = room();
        let first = create(&target, false).unwrap();
        assert!(refusal(&target, true).title.contains("another run is writing"));
        fs::write(first.path().join("data.txt"), "1").unwrap();
        assert_eq!(names(&first.finish(&example()).unwrap().folder), ["data.txt", "manifest.json"]);
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
        let error = create(&room.path().join("file/output/trial"), true).unwrap_err();
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
