//! Parameters, declared once: name, type, default, range, symbol, unit, source and meaning.
//!
//! Parsing, range checks, `--set`, the schema, `scenarios/reference.toml` and the tables of the documentation
//! all come from the line written in a [`params!`](crate::params) block.

mod kinds;

pub use kinds::FilePath;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// The value of a setting as a scenario states it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    Switch(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    List(Vec<String>),
    /// The way to a file, from the working directory.
    File(PathBuf),
}

impl fmt::Display for Value {
    /// Writes the value as TOML.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(on) => write!(f, "{on}"),
            Self::Integer(n) => write!(f, "{n}"),
            Self::Number(x) => write!(f, "{x:?}"),
            Self::Text(text) => write!(f, "{}", toml::Value::String(text.clone())),
            Self::File(path) => write!(f, "{}", toml::Value::String(path.display().to_string())),
            Self::List(items) => {
                let items: Vec<String> =
                    items.iter().map(|item| toml::Value::String(item.clone()).to_string()).collect();
                write!(f, "[{}]", items.join(", "))
            }
        }
    }
}

/// The type of a parameter, for messages and the schema.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Switch,
    Integer,
    Number,
    Text,
    List,
    Choice(&'static [&'static str]),
    /// The path of a file; a relative one belongs to whoever states it.
    File,
}

impl Kind {
    /// What a user has to write.
    pub fn expected(self) -> String {
        match self {
            Self::Switch => "true or false".into(),
            Self::Integer => "a whole number".into(),
            Self::Number => "a number".into(),
            Self::Text => "a text in quotes".into(),
            Self::List => "a list of texts, such as [\"BEL\", \"FRA\"]".into(),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
            Self::File => "the path of a file in quotes".into(),
        }
    }
}

/// One declared parameter.
#[derive(Clone, Debug)]
pub struct Decl {
    pub name: &'static str,
    pub kind: Kind,
    pub default: Value,
    /// Smallest and largest value allowed, where the parameter is a number.
    pub range: Option<(f64, f64)>,
    /// The symbol in the equations, or empty.
    pub symbol: &'static str,
    /// The unit, `1` for pure numbers, or empty where a unit makes no sense.
    pub unit: &'static str,
    /// Where the default comes from.
    pub source: &'static str,
    /// What it means.
    pub doc: String,
}

/// A type a parameter can have.
pub trait Setting: Sized {
    /// The kind shown to users.
    const KIND: Kind;
    /// Reads a stated value.
    ///
    /// # Errors
    /// What was expected instead.
    fn read(value: &Value) -> Result<Self, String>;
    /// The value as a scenario would state it.
    fn write(&self) -> Value;
}

/// A block of parameters made by [`params!`](crate::params).
pub trait Params {
    /// The dotted path of the block in a scenario, such as `mechanism.search`; `platform.*` for named tables.
    fn path(&self) -> &'static str;
    /// What the block is about: the doc comment of the struct.
    fn about(&self) -> String;
    /// Every parameter of the block, in the order written.
    fn decls(&self) -> Vec<Decl>;
    /// Sets one parameter; the range is checked too.
    ///
    /// # Errors
    /// What was expected instead.
    fn set(&mut self, name: &str, value: &Value) -> Result<(), String>;
    /// The current value of a parameter, if there is one of that name.
    fn get(&self, name: &str) -> Option<Value>;
}

/// Tables that users name themselves, such as `[platform.facebook]`, in the order of their names.
pub type Named<T> = BTreeMap<String, T>;

/// A section as declared: a block of parameters with its place in the file.
#[derive(Clone, Debug)]
pub struct Section {
    /// The dotted path, such as `mechanism.search`; `platform.*` for tables that users name.
    pub path: &'static str,
    /// What the block is about.
    pub about: String,
    /// Its parameters, in the order written.
    pub decls: Vec<Decl>,
}

impl Section {
    fn of(block: &dyn Params) -> Self {
        Self { path: block.path(), about: block.about(), decls: block.decls() }
    }

    /// The path without the `.*` of tables that users name.
    pub fn stem(&self) -> &'static str {
        self.path.strip_suffix(".*").unwrap_or(self.path)
    }

    /// Whether users name the tables of this section.
    pub fn is_named(&self) -> bool {
        self.path.ends_with(".*")
    }

    /// The parameter of a name.
    pub fn decl(&self, name: &str) -> Option<&Decl> {
        self.decls.iter().find(|decl| decl.name == name)
    }

    /// The path with `name` in the place of the star.
    pub fn with_name(&self, name: &str) -> String {
        self.path.replace('*', name)
    }
}

/// A field of the list: one block, or the tables that users name.
pub trait Slot {
    /// The section as declared.
    fn section(&self) -> Section;
    /// The blocks that exist, with their full paths.
    fn blocks(&self) -> Vec<(String, &dyn Params)>;
    /// The block at a path, made first if the path names a new table of this slot.
    fn open(&mut self, path: &str) -> Option<&mut dyn Params>;
}

impl<T: Params + 'static> Slot for T {
    fn section(&self) -> Section {
        Section::of(self)
    }

    fn blocks(&self) -> Vec<(String, &dyn Params)> {
        vec![(self.path().to_owned(), self)]
    }

    fn open(&mut self, path: &str) -> Option<&mut dyn Params> {
        if path == self.path() { Some(self) } else { None }
    }
}

impl<T: Params + Default + 'static> Slot for Named<T> {
    fn section(&self) -> Section {
        Section::of(&T::default())
    }

    fn blocks(&self) -> Vec<(String, &dyn Params)> {
        let section = self.section();
        self.iter().map(|(name, block)| (section.with_name(name), block as &dyn Params)).collect()
    }

    fn open(&mut self, path: &str) -> Option<&mut dyn Params> {
        let (stem, name) = path.rsplit_once('.')?;
        if stem == self.section().stem() && is_name(name) {
            Some(self.entry(name.to_owned()).or_default())
        } else {
            None
        }
    }
}

/// What makes one or more fields of a list of sections: a slot alone, or a list of blocks such as the theories.
pub trait Slots {
    /// The slots, in the order written.
    fn slots(&self) -> Vec<&dyn Slot>;
    /// The same, to be changed.
    fn slots_mut(&mut self) -> Vec<&mut dyn Slot>;
}

impl<T: Slot + 'static> Slots for T {
    fn slots(&self) -> Vec<&dyn Slot> {
        vec![self]
    }

    fn slots_mut(&mut self) -> Vec<&mut dyn Slot> {
        vec![self]
    }
}

/// Whether a word can name a table: what TOML takes without quotes, so that dotted paths stay plain.
pub(crate) fn is_name(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// The text of a default as its type reads it; used by [`params!`](crate::params) only.
#[doc(hidden)]
pub trait Literal {
    fn value(self, kind: Kind) -> Value;
}

impl Literal for bool {
    fn value(self, _: Kind) -> Value {
        Value::Switch(self)
    }
}

impl Literal for f64 {
    fn value(self, _: Kind) -> Value {
        Value::Number(self)
    }
}

impl Literal for i32 {
    fn value(self, kind: Kind) -> Value {
        if kind == Kind::Number { Value::Number(f64::from(self)) } else { Value::Integer(i64::from(self)) }
    }
}

impl Literal for &str {
    fn value(self, kind: Kind) -> Value {
        if kind == Kind::List {
            Value::List(self.split_whitespace().map(str::to_owned).collect())
        } else if kind == Kind::File {
            Value::File(self.into())
        } else {
            Value::Text(self.to_owned())
        }
    }
}

/// Checks that a number lies within the declared range.
///
/// # Errors
/// The range, in words.
pub fn within(value: &Value, range: Option<(f64, f64)>) -> Result<(), String> {
    let x = match value {
        Value::Number(x) => *x,
        Value::Integer(n) => *n as f64,
        _ => return Ok(()),
    };
    match range {
        _ if x.is_nan() => Err("a number, not NaN".into()),
        Some((low, high)) if !(low..=high).contains(&x) => Err(format!("a value from {low} to {high}")),
        None if !x.is_finite() => Err("a finite number".into()),
        _ => Ok(()),
    }
}

/// Declares a block of parameters.
///
/// ```
/// fondaco::params! {
///     /// Learning by doing.
///     pub struct Learning at "mechanism.learning" {
///         /// Share of the knowledge gap closed by a quarter of activity.
///         rate: f64 = 0.15 in 0.0 ..= 1.0, "η_K", "1/quarter", "assumption, swept 0.02–0.5";
///         /// Whether firms learn at all.
///         on: bool = true, "", "", "switch";
///     }
/// }
/// use fondaco::param::Params;
/// assert_eq!(Learning::default().rate, 0.15);
/// assert_eq!(Learning::default().decls()[0].unit, "1/quarter");
/// ```
#[macro_export]
macro_rules! params {
    ($(#[doc = $about:literal])+ pub struct $name:ident at $path:literal {
        $( $(#[doc = $doc:literal])+ $field:ident : $ty:ty = $default:literal $(in $low:literal ..= $high:literal)?,
           $symbol:literal, $unit:literal, $source:literal; )*
    }) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $( $(#[doc = $doc])+ pub $field: $ty, )* }

        impl Default for $name {
            fn default() -> Self {
                use $crate::param::{Literal, Setting};
                Self { $( $field: <$ty as Setting>::read(&$default.value(<$ty as Setting>::KIND))
                    .expect(concat!("the default of ", $path, ".", stringify!($field), " has the declared type")), )* }
            }
        }

        impl $crate::param::Params for $name {
            fn path(&self) -> &'static str { $path }
            fn about(&self) -> String { [$($about),+].map(str::trim).join(" ") }
            fn decls(&self) -> Vec<$crate::param::Decl> {
                use $crate::param::{Literal, Setting};
                vec![ $( $crate::param::Decl {
                    name: stringify!($field),
                    kind: <$ty as Setting>::KIND,
                    default: $default.value(<$ty as Setting>::KIND),
                    range: None$(.or(Some(($low as f64, $high as f64))))?,
                    symbol: $symbol, unit: $unit, source: $source,
                    doc: [$($doc),+].map(str::trim).join(" "),
                } ),* ]
            }
            fn set(&mut self, name: &str, value: &$crate::param::Value) -> Result<(), String> {
                match name {
                    $( stringify!($field) => {
                        let read = <$ty as $crate::param::Setting>::read(value)?;
                        $crate::param::within(value, None$(.or(Some(($low as f64, $high as f64))))?)?;
                        self.$field = read;
                        Ok(())
                    } )*
                    _ => Err(format!("no setting of {}", $path)),
                }
            }
            fn get(&self, name: &str) -> Option<$crate::param::Value> {
                match name {
                    $( stringify!($field) => Some($crate::param::Setting::write(&self.$field)), )*
                    _ => None,
                }
            }
        }
    };
}

/// Declares an enum whose variants a scenario names by words.
#[macro_export]
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $word:literal, )+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[$vmeta])* $variant, )+ }

        impl $crate::param::Setting for $name {
            const KIND: $crate::param::Kind = $crate::param::Kind::Choice(&[$($word),+]);
            fn read(value: &$crate::param::Value) -> Result<Self, String> {
                match value {
                    $crate::param::Value::Text(text) => match text.as_str() {
                        $( $word => Ok(Self::$variant), )+
                        _ => Err(Self::KIND.expected()),
                    },
                    _ => Err(Self::KIND.expected()),
                }
            }
            fn write(&self) -> $crate::param::Value {
                $crate::param::Value::Text(match self { $( Self::$variant => $word, )+ }.to_owned())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    choice! {
        /// A colour.
        pub enum Colour { Red = "red", DarkBlue = "dark-blue", }
    }

    params! {
        /// A block for
        /// the tests.
        pub struct Example at "example" {
            /// A share.
            share: f64 = 0.5 in 0.0 ..= 1.0, "s", "1", "none";
            /// A count.
            count: u32 = 3 in 1 ..= 9, "", "1", "none";
            /// A colour.
            colour: Colour = "dark-blue", "", "", "none";
            /// Countries.
            countries: Vec<String> = "BEL NLD", "", "", "none";
        }
    }

    #[test]
    fn one_line_drives_default_range_and_description() {
        let mut example = Example::default();
        assert_eq!((example.share, example.count, example.colour), (0.5, 3, Colour::DarkBlue));
        assert_eq!(example.countries, ["BEL", "NLD"]);
        assert_eq!(example.about(), "A block for the tests.");
        assert_eq!(example.decls()[0].range, Some((0.0, 1.0)));
        assert_eq!(example.set("share", &Value::Number(1.5)), Err("a value from 0 to 1".into()));
        assert_eq!(example.set("share", &Value::Number(f64::NAN)), Err("a number, not NaN".into()));
        assert_eq!(example.share, 0.5, "a refused value changes nothing");
        assert_eq!(example.set("count", &Value::Number(2.5)), Err("a whole number".into()));
        assert_eq!(example.set("colour", &Value::Text("pink".into())), Err("one of red, dark-blue".into()));
        assert_eq!(example.set("share", &Value::Integer(1)), Ok(()));
        assert_eq!(example.get("share"), Some(Value::Number(1.0)));
        for decl in example.decls() {
            assert_eq!(decl.kind == Kind::Number, decl.name == "share");
        }
    }

    #[test]
    fn values_are_written_as_toml() {
        assert_eq!(Value::Number(1.0).to_string(), "1.0");
        assert_eq!(Value::List(vec!["A".into(), "B".into()]).to_string(), r#"["A", "B"]"#);
    }
}
