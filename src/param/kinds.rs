//! Values of every kind a setting may have, read and written.

use super::{Kind, Setting, Value};
use std::ops::Deref;
use std::path::{Path, PathBuf};

impl Setting for bool {
    const KIND: Kind = Kind::Switch;
    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Switch(on) => Ok(*on),
            _ => Err(Self::KIND.expected()),
        }
    }
    fn write(&self) -> Value {
        Value::Switch(*self)
    }
}

impl Setting for f64 {
    const KIND: Kind = Kind::Number;
    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Number(x) => Ok(*x),
            Value::Integer(n) => Ok(*n as f64),
            _ => Err(Self::KIND.expected()),
        }
    }
    fn write(&self) -> Value {
        Value::Number(*self)
    }
}

impl Setting for f32 {
    const KIND: Kind = Kind::Number;
    fn read(value: &Value) -> Result<Self, String> {
        f64::read(value).map(|x| x as Self)
    }
    /// The shortest decimal that reads back as the same `f32`, so that 0.15 stays 0.15.
    fn write(&self) -> Value {
        Value::Number(self.to_string().parse().expect("a printed number parses"))
    }
}

impl Setting for u32 {
    const KIND: Kind = Kind::Integer;
    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Integer(n) => Self::try_from(*n).map_err(|_| "a whole number from 0 to 4294967295".into()),
            _ => Err(Self::KIND.expected()),
        }
    }
    fn write(&self) -> Value {
        Value::Integer(i64::from(*self))
    }
}

impl Setting for i64 {
    const KIND: Kind = Kind::Integer;
    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Integer(n) => Ok(*n),
            _ => Err(Self::KIND.expected()),
        }
    }
    fn write(&self) -> Value {
        Value::Integer(*self)
    }
}

impl Setting for String {
    const KIND: Kind = Kind::Text;
    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            _ => Err(Self::KIND.expected()),
        }
    }
    fn write(&self) -> Value {
        Value::Text(self.clone())
    }
}

/// A file that a scenario names, as the way to it from the working directory; empty for none. Loading a scenario turns
/// what a file states, relative to itself, into this.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilePath(PathBuf);

impl FilePath {
    /// Whether no file is named.
    pub fn is_empty(&self) -> bool {
        self.0.as_os_str().is_empty()
    }
}

impl Deref for FilePath {
    type Target = Path;
    fn deref(&self) -> &Path {
        &self.0
    }
}

impl From<PathBuf> for FilePath {
    fn from(path: PathBuf) -> Self {
        Self(path)
    }
}

impl Setting for FilePath {
    const KIND: Kind = Kind::File;
    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::File(path) => Ok(Self(path.clone())),
            Value::Text(text) => Ok(Self(text.into())),
            _ => Err(Self::KIND.expected()),
        }
    }
    fn write(&self) -> Value {
        Value::File(self.0.clone())
    }
}

impl Setting for Vec<String> {
    const KIND: Kind = Kind::List;
    fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::List(items) => Ok(items.clone()),
            _ => Err(Self::KIND.expected()),
        }
    }
    fn write(&self) -> Value {
        Value::List(self.clone())
    }
}
