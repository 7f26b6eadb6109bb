//! The list of sections: which blocks of parameters a scenario is made of, found by dotted path.

use crate::param::{Decl, Params, Section, Slot, Value};

/// A list of sections made by [`sections!`](crate::sections).
///
/// A dotted path such as `platform.facebook.audience` is a block's path and the name of one of its parameters;
/// parameter names hold no dots, so the block is everything before the last one.
pub trait Sections: Clone + Default {
    /// The fields of the list, in the order written.
    fn slots(&self) -> Vec<&dyn Slot>;
    /// The same, to be changed.
    fn slots_mut(&mut self) -> Vec<&mut dyn Slot>;

    /// Every section as declared.
    fn sections() -> Vec<Section> {
        Self::default().slots().into_iter().map(Slot::section).collect()
    }

    /// Every block that exists, with its full path.
    fn blocks(&self) -> Vec<(String, &dyn Params)> {
        self.slots().into_iter().flat_map(Slot::blocks).collect()
    }

    /// The block at a path.
    fn block(&self, path: &str) -> Option<&dyn Params> {
        self.blocks().into_iter().find(|(at, _)| at == path).map(|(_, block)| block)
    }

    /// The block at a path, made first if the path names a new table.
    fn open(&mut self, path: &str) -> Option<&mut dyn Params> {
        self.slots_mut().into_iter().find_map(|slot| slot.open(path))
    }

    /// The value of a setting by its dotted path.
    fn get(&self, path: &str) -> Option<Value> {
        let (block, name) = path.rsplit_once('.')?;
        self.block(block)?.get(name)
    }

    /// Sets one setting by its dotted path; a table that users name is made on first use.
    ///
    /// # Errors
    /// What was expected instead. A refused value changes nothing.
    fn set(&mut self, path: &str, value: &Value) -> Result<(), String> {
        let unknown = || format!("a setting of this scenario, which {path} is not");
        let (block, name) = path.rsplit_once('.').ok_or_else(unknown)?;
        let declared = Self::sections().into_iter().any(|section| {
            let fits = section.path == block
                || block.rsplit_once('.').is_some_and(|(stem, _)| section.is_named() && section.stem() == stem);
            fits && section.decl(name).is_some()
        });
        if !declared {
            return Err(unknown());
        }
        self.open(block).ok_or_else(unknown)?.set(name, value)
    }
}

/// Declares the list of sections: one line for each block of parameters, one line for each kind of named table,
/// which may come with tables of its own (`= catalogue()`), and one for each list of blocks.
///
/// ```
/// use fondaco::param::{Named, Value};
/// use fondaco::scenario::Sections;
///
/// fondaco::params! {
///     /// A channel.
///     pub struct Channel at "channel.*" {
///         /// Share of firms reached.
///         reach: f64 = 0.5 in 0.0 ..= 1.0, "", "1", "example";
///     }
/// }
/// fondaco::sections! {
///     /// What can be set.
///     pub struct Study { run: fondaco::scenario::Run, channel: Named<Channel> }
/// }
/// let mut study = Study::default();
/// study.set("channel.fairs.reach", &Value::Number(0.2)).unwrap();
/// assert_eq!(study.channel["fairs"].reach, 0.2);
/// assert_eq!(study.get("run.years"), Some(Value::Integer(40)));
/// ```
#[macro_export]
macro_rules! sections {
    ($(#[$meta:meta])* pub struct $name:ident { $( $field:ident : $ty:ty $(= $default:expr)? ),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $( pub $field: $ty, )* }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: $crate::sections!(@default $($default)?), )* }
            }
        }

        impl $crate::scenario::Sections for $name {
            fn slots(&self) -> Vec<&dyn $crate::scenario::Slot> {
                let mut all = Vec::new();
                $( all.extend($crate::param::Slots::slots(&self.$field)); )*
                all
            }
            fn slots_mut(&mut self) -> Vec<&mut dyn $crate::scenario::Slot> {
                let mut all = Vec::new();
                $( all.extend($crate::param::Slots::slots_mut(&mut self.$field)); )*
                all
            }
        }
    };
    (@default) => { Default::default() };
    (@default $default:expr) => { $default };
}

/// The declared sections with the questions that loading asks of them.
pub(super) struct Catalogue {
    pub sections: Vec<Section>,
}

impl Catalogue {
    pub fn of<S: Sections>() -> Self {
        Self { sections: S::sections() }
    }

    /// The section a block path belongs to, fixed before named.
    pub fn block(&self, path: &str) -> Option<&Section> {
        let named = || path.rsplit_once('.').and_then(|(stem, _)| self.named(stem));
        self.sections.iter().find(|section| section.path == path).or_else(named)
    }

    /// The section whose tables users name below this path.
    pub fn named(&self, stem: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.is_named() && section.stem() == stem)
    }

    /// Whether a path is a section or leads to one.
    pub fn leads(&self, path: &str) -> bool {
        self.sections.iter().any(|section| {
            section.stem().strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// What may stand directly below a path: its settings and the next words of the sections below it.
    pub fn below(&self, path: &str) -> Vec<&str> {
        let mut words: Vec<&str> =
            self.block(path).into_iter().flat_map(|section| section.decls.iter().map(|decl| decl.name)).collect();
        for section in &self.sections {
            let rest = if path.is_empty() {
                Some(section.stem())
            } else {
                section.stem().strip_prefix(path).and_then(|rest| rest.strip_prefix('.'))
            };
            let word = rest.and_then(|rest| rest.split('.').next()).filter(|word| !word.is_empty());
            words.extend(word.filter(|word| !words.contains(word)));
        }
        words
    }

    /// Every setting as a full path; `NAME` stands for the name of a table.
    pub fn paths(&self) -> Vec<String> {
        let path = |section: &Section, decl: &Decl| format!("{}.{}", section.with_name("NAME"), decl.name);
        self.sections.iter().flat_map(|section| section.decls.iter().map(move |decl| path(section, decl))).collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::param::{Named, is_name};
    use crate::scenario::{OutputSettings, Run, Scenario};
    use crate::{choice, params};
    use std::collections::BTreeSet;

    choice! {
        /// How firms search.
        pub enum Manner { Wide = "wide", NearFirst = "near-first", }
    }

    params! {
        /// Search for partners.
        pub struct Search at "mechanism.search" {
            /// Whether firms search at all.
            on: bool = true, "", "", "switch";
            /// Contacts found by search.
            rate: f64 = 3.58 in 0.0 ..= 6.0, "λ_s", "1/year", "test";
            /// Weight without bounds.
            weight: f64 = 1.0, "", "1", "test";
            /// How firms search.
            manner: Manner = "wide", "", "", "test";
            /// Countries searched first.
            first: Vec<String> = "FRA DEU", "", "", "test";
        }
    }

    params! {
        /// An online platform.
        pub struct Platform at "platform.*" {
            /// Share of firms that can be met there.
            audience: f64 = 0.5 in 0.0 ..= 1.0, "u_p", "1", "test";
            /// Year it opened.
            opened: i64 = 2004 in 1990 ..= 2100, "", "year", "test";
        }
    }

    crate::sections! {
        /// A small scenario for the tests.
        pub struct Small { run: Run, output: OutputSettings, search: Search, platform: Named<Platform> }
    }

    #[test]
    fn a_dotted_path_finds_its_block_and_makes_named_tables() {
        let mut small = Small::default();
        assert_eq!(small.get("mechanism.search.rate"), Some(Value::Number(3.58)));
        assert_eq!(small.set("mechanism.search.rate", &Value::Integer(2)), Ok(()));
        assert_eq!(small.search.rate, 2.0);
        assert_eq!(small.set("platform.facebook.opened", &Value::Integer(2006)), Ok(()));
        assert_eq!(small.platform["facebook"], Platform { audience: 0.5, opened: 2006 });
        assert!(small.set("platform.facebook.audience", &Value::Number(2.0)).is_err());
        let paths: Vec<String> = small.blocks().into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["run", "output", "mechanism.search", "platform.facebook"]);
    }

    #[test]
    fn an_unknown_path_makes_no_table() {
        let mut small = Small::default();
        for path in ["years", "run.yeers", "platform.x.rate", "platform.audience", "platform.a b.audience", ""] {
            assert!(small.set(path, &Value::Integer(1)).is_err(), "{path}");
        }
        assert_eq!(small, Small::default());
    }

    #[test]
    fn every_section_of_the_scenario_is_declared_once_and_documented() {
        let sections = Scenario::sections();
        let paths: BTreeSet<&str> = sections.iter().map(|section| section.path).collect();
        assert_eq!(paths.len(), sections.len(), "two sections share a path");
        for section in &sections {
            assert!(section.stem().split('.').all(is_name), "{} has an odd path", section.path);
            let names: BTreeSet<&str> = section.decls.iter().map(|decl| decl.name).collect();
            assert_eq!(names.len(), section.decls.len(), "{} names a setting twice", section.path);
            for decl in &section.decls {
                assert!(
                    !decl.doc.is_empty() && !decl.source.is_empty(),
                    "{}.{} says too little",
                    section.path,
                    decl.name
                );
            }
        }
    }
}
