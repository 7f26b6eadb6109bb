//! Loads a scenario: follows `extends`, lays the files over one another and the flags over the files.

use crate::error::{Error, Fault, Place, Source};
use crate::input;
use crate::param::Value;
use crate::scenario::document::{Entry, Node, Parsed, is_json, parse};
use crate::scenario::explain::is_own;
use crate::scenario::overlay::Overlay;
use crate::scenario::{Flag, Scenario, Sections};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a setting was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file, or the words of the flag.
    pub source: Arc<Source>,
    /// The bytes of the key.
    pub key: Range<usize>,
    /// The bytes of the value.
    pub value: Range<usize>,
    /// The place of the file in the chain, 0 for the last base; flags come after all files.
    pub layer: usize,
    /// The folder of the file: relative paths belong there.
    pub folder: PathBuf,
}

impl Written {
    /// The line of the value, from 1.
    pub fn line(&self) -> usize {
        1 + self.source.text.bytes().take(self.value.start).filter(|&byte| byte == b'\n').count()
    }
}

/// What an effective value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The default of the declaration.
    Default,
    File(Written),
    Flag(Written),
}

impl Origin {
    /// Where it was written, unless it is a default.
    pub fn written(&self) -> Option<&Written> {
        match self {
            Self::Default => None,
            Self::File(written) | Self::Flag(written) => Some(written),
        }
    }
}

/// A scenario with the memory of who wrote what.
#[derive(Clone, Debug)]
pub struct Loaded<S = Scenario> {
    pub scenario: S,
    /// The files read, the last base first, the file asked for at the end.
    pub files: Vec<PathBuf>,
    /// Of every setting that was written, and of the tables that users named, by dotted path.
    pub(super) origins: BTreeMap<String, Origin>,
    /// What is odd about the way it was written.
    pub(crate) warnings: Vec<Fault>,
    /// What could not be read, by dotted path; these settings kept what they had.
    pub(super) unread: BTreeSet<String>,
    /// The layers that the program itself wrote.
    pub(super) own: BTreeSet<usize>,
    /// Is a text broken, or a file missing, so that nobody knows what else it would have stated?
    pub(crate) broken: bool,
}

/// What a file asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Scenario,
    Comparison,
    Sweep,
}

/// What a file asks for, told by its tables or by those of the files it extends; a scenario where nothing tells.
pub fn asked(path: &Path) -> Asked {
    let mut chain = Chain::default();
    chain.follow(path);
    let states = |words: &[&str]| {
        let mut entries = chain.documents.iter().flat_map(|document| &document.entries);
        entries.any(|entry| words.contains(&entry.key.as_str()))
    };
    if states(&["sweep", "axis"]) {
        Asked::Sweep
    } else if states(&["compare", "arm"]) {
        Asked::Comparison
    } else {
        Asked::Scenario
    }
}

/// Refuses a file that asks for something else than a scenario.
///
/// # Errors
/// What it asks for, and the verb for that.
pub fn only_scenario(path: &Path) -> Result<(), Fault> {
    let name = path.display();
    let (what, verb) = match asked(path) {
        Asked::Scenario => return Ok(()),
        Asked::Comparison => ("comparison", "compare"),
        Asked::Sweep => ("sweep", "sweep run"),
    };
    Err(Fault::new(format!("{name} is a {what}, no scenario"))
        .expected("a scenario, without the tables of comparisons and sweeps")
        .help(format!("`fondaco {verb} {name}` carries it out; `fondaco check {name}` tells what is wrong with it")))
}

impl<S: Sections> Loaded<S> {
    /// Loads a file with the files it extends, and lays the flags over them.
    ///
    /// # Errors
    /// Every fault of every file and flag.
    pub fn load(path: &Path, flags: &[Flag]) -> Result<Self, Error> {
        let mut chain = Chain::default();
        chain.follow(path);
        Self::lay(chain, flags)
    }

    /// What could be read of a file, or of the defaults if none is named, with the flags laid over it; and every fault
    /// of the rest. What is wrong with the settings that could be read is left to [`check`](Loaded::check).
    pub fn scan(path: Option<&Path>, flags: &[Flag]) -> (Self, Vec<Fault>) {
        let mut chain = Chain::default();
        if let Some(path) = path {
            chain.follow(path);
        }
        Self::pile(chain, None, flags)
    }

    /// Scans a file as [`scan`](Self::scan) does and lays entries of another file's text over it, below the flags.
    pub(crate) fn scan_under(path: &Path, over: (&Arc<Source>, &Path, &[Entry]), flags: &[Flag]) -> (Self, Vec<Fault>) {
        let mut chain = Chain::default();
        chain.follow(path);
        Self::pile(chain, Some(over), flags)
    }

    /// Reads a TOML text that extends nothing but files below the working directory.
    ///
    /// # Errors
    /// Every fault of the text, of the files it extends and of the flags.
    pub fn read(name: &str, text: &str, flags: &[Flag]) -> Result<Self, Error> {
        let mut chain = Chain::default();
        chain.add(Path::new(name), text.to_owned());
        Self::lay(chain, flags)
    }

    #[cfg(feature = "report")]
    /// Reads a text that extends, if anything, texts of a library, which gives them by name.
    ///
    /// # Errors
    /// Every fault of the texts.
    pub(crate) fn of_library(name: &str, library: fn(&Path) -> Option<&'static str>) -> Result<Self, Error> {
        let mut chain = Chain { library: Some(library), ..Chain::default() };
        chain.follow(Path::new(name));
        Self::lay(chain, &[])
    }

    #[cfg(feature = "report")]
    /// Lays flags over what is loaded, the later winning; returns what could not be laid, of which nothing stays.
    pub(crate) fn over(self, flags: &[Flag]) -> (Self, Vec<Fault>) {
        let mut overlay = Overlay::new(self);
        let faults = flags.iter().flat_map(|flag| overlay.flag(flag)).collect();
        (overlay.finish(), faults)
    }

    /// The defaults with the flags laid over them.
    ///
    /// # Errors
    /// Every fault of the flags.
    pub fn defaults(flags: &[Flag]) -> Result<Self, Error> {
        Self::lay(Chain::default(), flags)
    }

    fn lay(chain: Chain, flags: &[Flag]) -> Result<Self, Error> {
        let (mut loaded, mut faults) = Self::pile(chain, None, flags);
        if faults.is_empty() {
            return Ok(loaded);
        }
        faults.append(&mut loaded.warnings);
        Err(Error::Asked(faults))
    }

    /// Lays everything that can be read; returns the faults of the rest too.
    fn pile(mut chain: Chain, over: Option<(&Arc<Source>, &Path, &[Entry])>, flags: &[Flag]) -> (Self, Vec<Fault>) {
        let files = chain.documents.iter().rev().map(|document| document.path.clone()).collect();
        let ill = |document: &Document| !document.faults.is_empty() || !document.broken.is_empty();
        let loaded = Self {
            scenario: S::default(),
            files,
            origins: BTreeMap::new(),
            warnings: Vec::new(),
            unread: BTreeSet::new(),
            own: (0..)
                .zip(chain.documents.iter().rev())
                .filter(|(_, document)| document.own)
                .map(|(at, _)| at)
                .collect(),
            broken: chain.unread.is_some() || chain.documents.iter().any(ill),
        };
        let mut overlay = Overlay::new(loaded);
        for (layer, document) in chain.documents.iter_mut().rev().enumerate() {
            let found = overlay.file(&document.source, folder(&document.path), layer, &document.entries);
            document.faults.extend(without_echoes(found, &document.source.text, &document.broken));
            document.faults.sort_by_key(|fault| match &fault.place {
                Place::Text(_, range) => range.start,
                _ => 0,
            });
        }
        let mut faults: Vec<Fault> = chain.unread.into_iter().collect();
        let above = chain.documents.len();
        faults.extend(chain.documents.into_iter().rev().flat_map(|document| document.faults));
        if let Some((source, path, entries)) = over {
            faults.extend(overlay.file(source, folder(path), above, entries));
        }
        for (at, flag) in flags.iter().enumerate() {
            faults.extend(flags[..at].iter().find_map(|before| flag.contradicts(before)));
            faults.extend(overlay.flag(flag));
        }
        (overlay.finish(), faults)
    }

    /// Could what a setting or a section holds be other than what was meant, because something could not be read?
    pub(crate) fn unsure(&self, path: &str) -> bool {
        let within = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let parent = |path: &str| path.rsplit_once('.').map_or(String::new(), |(parent, _)| parent.to_owned());
        // A word that is not known may have meant this one, unless it is stated.
        let meant = |unread: &String| self.origin(path).written().is_none() && parent(unread) == parent(path);
        self.broken || self.unread.iter().any(|unread| within(unread, path) || within(path, unread) || meant(unread))
    }

    /// Does a fault hold whatever could not be read? It rests on the settings and sections `reads`.
    pub(crate) fn holds(&self, fault: &Fault, reads: &[&str]) -> bool {
        if !self.broken && self.unread.is_empty() {
            return true;
        }
        let Place::Setting(path) = &fault.place else { return false };
        let stated = self.origin(path).written().is_some() && !self.unread.contains(path);
        stated && !reads.iter().any(|path| self.unsure(path))
    }

    /// The dotted paths of all settings that were stated, and of the tables that users named, in order.
    pub fn stated(&self) -> impl Iterator<Item = &str> {
        self.origins.keys().map(String::as_str)
    }

    /// What the value at a dotted path comes from; for a section, the first thing written of it.
    pub fn origin(&self, path: &str) -> Origin {
        if let Some(origin) = self.origins.get(path) {
            return origin.clone();
        }
        let inside = self.origins.range(path.to_owned()..).take_while(|(at, _)| at.starts_with(path));
        let inside = inside.filter(|(at, _)| at[path.len()..].starts_with('.')).map(|(_, origin)| origin);
        let first = inside.min_by_key(|origin| origin.written().map(|written| (written.layer, written.value.start)));
        first.cloned().unwrap_or(Origin::Default)
    }

    /// The fault with its dotted path replaced by the place where that setting was written.
    pub fn locate(&self, fault: Fault) -> Fault {
        let Place::Setting(path) = &fault.place else { return fault };
        match self.origin(path).written() {
            Some(written) => Fault { place: Place::Text(written.source.clone(), written.value.clone()), ..fault },
            None => self.locate_default(path.clone(), fault),
        }
    }

    fn locate_default(&self, path: String, mut fault: Fault) -> Fault {
        let note = match self.scenario.get(&path) {
            Some(value) => format!("`{path}` has its default, {value}; no file or flag states it"),
            None => format!("no file or flag states `{path}`"),
        };
        fault.help = Some(fault.help.map_or(note.clone(), |help| format!("{help}\n{note}")));
        // The table that a user named and that leaves it out is the place to state it.
        let table = path.rsplit_once('.').and_then(|(table, _)| self.origins.get(table)?.written());
        if let Some(written) = table {
            fault.place = Place::Text(written.source.clone(), written.key.clone());
        }
        fault
    }

    /// [`locate`](Self::locate) for all the faults of an error.
    pub fn locate_all(&self, error: Error) -> Error {
        match error {
            Error::Asked(faults) => Error::Asked(faults.into_iter().map(|fault| self.locate(fault)).collect()),
            failed => failed,
        }
    }
}

impl Loaded {
    /// The name of the run: as stated, else the name of the scenario file, else `defaults`.
    pub fn name(&self) -> String {
        let stem =
            || self.files.last().and_then(|path| path.file_stem()).map(|stem| stem.to_string_lossy().into_owned());
        match self.scenario.run.name.as_str() {
            "" => stem().unwrap_or_else(|| "defaults".into()),
            name => name.to_owned(),
        }
    }
}

/// Faults in a line with broken syntax are dropped: what was read there was guessed.
fn without_echoes(found: Vec<Fault>, text: &str, broken: &[usize]) -> Vec<Fault> {
    let newlines: Vec<usize> = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
    let line = |at: usize| newlines.partition_point(|&newline| newline < at);
    let broken: BTreeSet<usize> = broken.iter().map(|&at| line(at)).collect();
    let echoes = |fault: &Fault| matches!(&fault.place, Place::Text(_, range) if broken.contains(&line(range.start)));
    found.into_iter().filter(|fault| !echoes(fault)).collect()
}

/// One file of the chain.
struct Document {
    path: PathBuf,
    source: Arc<Source>,
    entries: Vec<Entry>,
    faults: Vec<Fault>,
    broken: Vec<usize>,
    /// The file it extends, and where it says so.
    base: Option<(PathBuf, Range<usize>)>,
    /// Did the program write it?
    own: bool,
}

/// The files from the one asked for to its last base.
#[derive(Default)]
struct Chain {
    documents: Vec<Document>,
    seen: Vec<PathBuf>,
    /// Why the file asked for could not be read.
    unread: Option<Fault>,
    /// Where texts come from if not from files.
    library: Option<fn(&Path) -> Option<&'static str>>,
}

impl Chain {
    /// Reads a file and the files it extends.
    fn follow(&mut self, path: &Path) {
        match self.text(path) {
            Ok(text) => self.add(path, text),
            Err(fault) => self.refuse(fault),
        }
    }

    /// Adds a text and the files it extends.
    fn add(&mut self, path: &Path, text: String) {
        self.documents.push(Document::new(path, text));
        while let Some((base, _)) = self.documents.last().and_then(|document| document.base.clone()) {
            match self.text(&base) {
                Ok(text) => self.documents.push(Document::new(&base, text)),
                Err(fault) => return self.refuse(fault),
            }
        }
    }

    fn text(&mut self, path: &Path) -> Result<String, Fault> {
        if let Some(text) = self.library.and_then(|library| library(path)) {
            return Ok(text.to_owned());
        }
        let name = path.display();
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        if matches!(extension.as_deref(), Some("yaml" | "yml")) {
            return Err(Fault::new(format!("{name} is YAML, which is not read"))
                .help("write the scenario as TOML; `fondaco new NAME` writes one to start from"));
        }
        if path.is_dir() {
            return Err(Fault::new(format!("{name} is a folder")).help("name a scenario file, such as NAME.toml"));
        }
        let text = input::text(path, input::LARGEST_TEXT)?;
        let same = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if self.seen.contains(&same) {
            return Err(Fault::new(format!("{name} extends itself"))
                .expected("leads back to a file of this chain")
                .help("let the last base extend nothing"));
        }
        self.seen.push(same);
        Ok(text)
    }

    /// Puts a fault of reading where the file was asked for.
    fn refuse(&mut self, mut fault: Fault) {
        let Some(document) = self.documents.last_mut() else {
            self.unread = Some(fault);
            return;
        };
        if let (Place::Nowhere, Some((_, at))) = (&fault.place, &document.base) {
            fault.place = Place::Text(document.source.clone(), at.clone());
        }
        document.faults.push(fault);
    }
}

impl Document {
    fn new(path: &Path, text: String) -> Self {
        let source = Arc::new(Source { name: path.display().to_string(), text });
        let Parsed { mut entries, mut faults, broken } = parse(&source, is_json(path, &source.text));
        let extends = entries.iter().position(|entry| entry.key == "extends").map(|at| entries.remove(at));
        let base = extends.and_then(|entry| match entry.node {
            Node::Value(Value::Text(base)) if !base.is_empty() => Some((beside(path, &base), entry.at)),
            _ => {
                faults.push(
                    Fault::text(&source, entry.at, "`extends` names no file")
                        .expected("expected the path of one file, in quotes")
                        .help("the path is relative to this file; a base can extend a further one"),
                );
                None
            }
        });
        let own = is_own(&source.text);
        Self { path: path.to_owned(), source, entries, faults, broken, base, own }
    }
}

/// A path relative to the file that states it.
pub(crate) fn beside(path: &Path, base: &str) -> PathBuf {
    folder(path).join(base)
}

/// The folder of a file.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}
