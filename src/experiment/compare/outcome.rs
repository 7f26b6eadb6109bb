//! Outcomes of a comparison: numbers of a set of firms in a year.

use super::course::{Course, State};

macro_rules! outcomes {
    ($($variant:ident, $name:literal, $label:literal, $unit:literal, $about:literal;)+) => {
        /// What a measure may change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Outcome { $(#[doc = $about] $variant),+ }

        impl Outcome {
            /// Every outcome, in the order of tables.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word that comparison files and tables use.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The label of tables and figures for people.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// The unit.
            pub fn unit(self) -> &'static str {
                match self { $(Self::$variant => $unit),+ }
            }

            /// What it is.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about),+ }
            }
        }
    };
}

outcomes! {
    Exporters, "exporters", "Exporters", "firms", "Firms that export in the year.";
    NewExporters, "new-exporters", "New exporters", "firms", "Firms that export in the year and did not in the years kept before the arms part.";
    Exports, "exports", "Export value", "US$", "Exports of the year.";
    Markets, "markets", "Markets served", "firm-markets", "Pairs of firm and market served in the year.";
    Share, "export-share", "Mean export share", "1", "Mean share of exports in sales (FSTS) over the exporters of the year.";
    Survival, "survival", "Firms surviving", "firms", "Firms of the year before the arms part that still live.";
    BornGlobals, "born-globals", "Born globals", "firms", "Firms founded since the arms part that have become born globals and export in the year.";
    Staged, "committed", "Firms with a stage abroad", "firms", "Firms with an agent, a sales subsidiary or production abroad at the year's end.";
    Jobs, "jobs", "Employment", "employees", "Domestic revenue and exports over revenue per employee.";
}

impl Outcome {
    /// The outcome of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|outcome| outcome.name() == name)
    }

    /// Its value in a year of the comparison over the slots in `who` (all slots if none is given).
    ///
    /// With slots given, the outcome is that of the firms that lived there on the eve of the parting: whoever has
    /// died since counts as nothing.
    pub fn value(self, course: &Course, year: usize, who: Option<&[u32]>) -> f64 {
        let states = course.year(year);
        let eve = course.eve();
        let mut sum = Sum::default();
        let mut add = |slot: usize, cohort: bool| {
            let state = &states[slot];
            let survives = state.generation == eve[slot].generation;
            if survives || !cohort {
                self.add(&mut sum, course, slot, state, survives);
            }
        };
        match who {
            Some(slots) => slots.iter().for_each(|slot| add(*slot as usize, true)),
            None => (0..states.len()).for_each(|slot| add(slot, false)),
        }
        if self == Self::Share { if sum.count > 0.0 { sum.value / sum.count } else { 0.0 } } else { sum.value }
    }

    fn add(self, sum: &mut Sum, course: &Course, slot: usize, state: &State, survives: bool) {
        let one = |test: bool| f64::from(u8::from(test));
        sum.count += one(state.exporter());
        sum.value += match self {
            Self::Exporters => one(state.exporter()),
            Self::NewExporters => one(state.exporter() && !exported_before(course, slot, state.generation)),
            Self::Exports => f64::from(state.exports),
            Self::Markets => f64::from(state.markets),
            Self::Share => {
                if state.exporter() {
                    f64::from(state.share)
                } else {
                    0.0
                }
            }
            Self::Survival => one(survives),
            Self::BornGlobals => one(state.born_global),
            Self::Staged => one(state.stage > 0),
            Self::Jobs => f64::from(state.employees),
        };
    }
}

#[derive(Default)]
struct Sum {
    value: f64,
    /// Exporters.
    count: f64,
}

/// Did a firm export in a year kept from before the parting?
pub fn exported_before(course: &Course, slot: usize, generation: u16) -> bool {
    course.years[..usize::from(super::course::BEFORE)]
        .iter()
        .any(|year| year[slot].generation == generation && year[slot].exporter())
}
