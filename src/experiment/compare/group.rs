//! Groups of firms by what they were before the arms parted, and by what became of them in the baseline.

use super::Study;
use super::course::Course;
use crate::observe::trajectory::Onset;

/// A group: a dimension, a level, and the slots of its firms.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub dimension: &'static str,
    pub level: String,
    pub slots: Vec<u32>,
}

/// Every dimension with its meaning, in the order of tables.
pub const DIMENSIONS: [(&str, &str); 8] = [
    ("size", "employees"),
    ("age", "years since founding"),
    ("sector", "sector"),
    ("district", "share of exporters in the district: thirds of the firms"),
    ("SNS use", "uses social networking sites"),
    ("experience", "exports before"),
    ("trajectory", "trajectory in the twin run"),
    ("home", "home country"),
];

/// The names of all groups: dimension and level. The same for every seed.
pub fn names(study: &Study) -> Vec<(&'static str, String)> {
    let mut names = Vec::new();
    let mut add = |dimension: usize, levels: Vec<String>| {
        names.extend(levels.into_iter().map(|level| (DIMENSIONS[dimension].0, level)));
    };
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let population = &study.baseline.scenario.population;
    add(0, words(&["1–9", "10–49", "50 and more"]));
    add(1, words(&["0–4", "5–14", "15 and more"]));
    add(2, (1..=population.sectors).map(|sector| format!("S{sector:02}")).collect());
    add(3, words(&["few", "some", "many"]));
    add(4, words(&["no", "yes"]));
    add(5, words(&["never", "once", "now"]));
    add(6, Onset::ALL.iter().map(|onset| onset.word().to_owned()).collect());
    add(7, study.baseline.homes.iter().map(|home| home.iso3.clone()).collect());
    names
}

/// The groups of a seed, in the order of [`names`]; a firm is in one group of every dimension.
pub fn groups(study: &Study, baseline: &Course) -> Vec<Group> {
    let mut groups: Vec<Group> =
        names(study).into_iter().map(|(dimension, level)| Group { dimension, level, slots: Vec::new() }).collect();
    let starts: Vec<usize> = DIMENSIONS
        .iter()
        .map(|(name, _)| groups.iter().position(|group| group.dimension == *name).expect("a dimension has groups"))
        .collect();
    let districts = districts(baseline);
    for (slot, (state, known)) in baseline.eve().iter().zip(&baseline.traits).enumerate() {
        let onset = baseline.onsets[slot];
        let levels = [
            class(state.employees, &[10.0, 50.0]),
            class(known.age, &[5.0, 15.0]),
            usize::from(known.sector),
            usize::from(districts[slot]),
            usize::from(state.on_sns),
            if state.exporter() { 2 } else { usize::from(known.ever_exported) },
            Onset::ALL.iter().position(|known| *known == onset).expect("every onset is listed"),
            usize::from(known.home),
        ];
        for (start, level) in starts.iter().zip(levels) {
            groups[start + level].slots.push(slot as u32);
        }
    }
    groups
}

fn class(value: f32, edges: &[f32]) -> usize {
    edges.iter().filter(|edge| value >= **edge).count()
}

/// The third, from 0, of every slot's district by its share of exporters.
fn districts(course: &Course) -> Vec<u8> {
    let key = |slot: usize| (course.traits[slot].home, course.traits[slot].district);
    let mut counts = std::collections::BTreeMap::<(u8, u16), (u32, u32)>::new();
    for (slot, state) in course.eve().iter().enumerate() {
        let count = counts.entry(key(slot)).or_default();
        count.0 += u32::from(state.exporter());
        count.1 += 1;
    }
    let mut order: Vec<_> = counts.iter().collect();
    // Shares compared as cross products: no rounding decides.
    order.sort_by(|(a, x), (b, y)| {
        (u64::from(x.0) * u64::from(y.1)).cmp(&(u64::from(y.0) * u64::from(x.1))).then(a.cmp(b))
    });
    let firms = course.eve().len() as u32;
    let mut third = std::collections::BTreeMap::new();
    let mut before = 0;
    for (district, (_, count)) in order {
        third.insert(*district, (3 * before / firms.max(1)).min(2) as u8);
        before += count;
    }
    (0..course.eve().len()).map(|slot| third[&key(slot)]).collect()
}
