//! The table of theories in small: invariants hold, directions show in few seeds, and they go with their mechanism.
//!
//! `fondaco theory --all` shows every row in full. Here a row runs with few firms and seeds; those whose effect is
//! strong enough to show in them are tested, with and without their mechanism.

use fondaco::experiment::theory::tournament::PRESETS;
use fondaco::experiment::theory::{Expect, Mechanism, Results, Row, Scale, Verdict, rows, show};
use fondaco::scenario::{Scenario, Sections};
use std::sync::atomic::AtomicBool;

const SMALL: Scale = Scale { firms: 500, seeds: 8, seed: 1 };

/// Rows that are invariants, or have one.
const INVARIANTS: [u8; 6] = [2, 4, 8, 49, 66, 67];

/// Directional rows whose effect shows in a few small runs.
const STRONG: [u8; 40] = [
    1, 2, 4, 6, 7, 8, 9, 10, 11, 13, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 34, 36, 37, 39, 41, 42, 43, 44, 45, 46,
    47, 49, 51, 52, 54, 55, 56, 57, 58, 60,
];

/// Directional rows that take the firms and seeds of the page. With these, those above, and the invariants, every row is
/// tested that docs/theory.md calls shown.
const WEAK: [u8; 14] = [3, 5, 12, 14, 15, 32, 33, 35, 38, 40, 48, 50, 53, 59];

fn numbered(numbers: &[u8]) -> Vec<&'static Row> {
    rows().into_iter().filter(|row| numbers.contains(&row.number)).collect()
}

fn shown(numbers: &[u8], scale: Scale, mechanism: Mechanism) -> Results {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let results = show(&numbered(numbers), scale, mechanism, folder.path(), &AtomicBool::new(false), &|_| {});
    results.unwrap_or_else(|error| panic!("{error}"))
}

/// What a row gave, for messages.
fn told(results: &Results, number: u8) -> String {
    let row = results.rows.iter().find(|shown| shown.row.number == number).expect("the row was asked for");
    let say = |estimate: &fondaco::experiment::theory::Estimate| {
        format!("  {}: {} ± {}, expected {}", estimate.label, estimate.mean, estimate.margin, estimate.expect.words())
    };
    let checks: Vec<String> = row.estimates.iter().map(say).collect();
    format!("row {number} {}\n{}", row.row.name, checks.join("\n"))
}

#[test]
fn invariants_of_the_table_hold_in_every_seed() {
    let results = shown(&INVARIANTS, Scale { firms: 300, seeds: 4, seed: 7 }, Mechanism::In);
    let mut held = 0;
    for row in &results.rows {
        for estimate in row.estimates.iter().filter(|estimate| estimate.expect == Expect::Never) {
            assert!(estimate.holds, "{}", told(&results, row.row.number));
            held += 1;
        }
    }
    assert!(held >= INVARIANTS.len(), "only {held} invariants were looked at");
}

/// Rows whose verdict is not the one wanted, in words.
fn odd(numbers: &[u8], scale: Scale, mechanism: Mechanism, wanted: Verdict) -> String {
    let results = shown(numbers, scale, mechanism);
    let odd = results.rows.iter().filter(|row| row.verdict != wanted);
    odd.map(|row| told(&results, row.row.number)).collect::<Vec<_>>().join("\n")
}

#[test]
fn strong_rows_come_out_in_small_runs() {
    assert_eq!(odd(&STRONG, SMALL, Mechanism::In, Verdict::Shown), "");
}

#[test]
fn strong_rows_do_not_come_out_without_their_mechanism() {
    assert_eq!(odd(&STRONG, SMALL, Mechanism::Out, Verdict::NotShown), "");
}

#[test]
fn weak_rows_come_out_in_runs_as_large_as_those_of_the_page() {
    assert_eq!(odd(&WEAK, Scale::default(), Mechanism::In, Verdict::Shown), "");
}

#[test]
fn weak_rows_do_not_come_out_without_their_mechanism() {
    assert_eq!(odd(&WEAK, Scale::default(), Mechanism::Out, Verdict::NotShown), "");
}

#[test]
fn the_page_and_the_tests_name_the_same_rows() {
    let page = include_str!("../../docs/theory.md");
    let named = |number: &u8| STRONG.contains(number) || WEAK.contains(number) || INVARIANTS.contains(number);
    for row in rows() {
        let line = page.lines().find(|line| line.starts_with(&format!("| [{}](", row.number))).expect("a row a line");
        assert_eq!(line.contains("| shown |"), named(&row.number), "row {}", row.number);
    }
}

#[test]
fn results_do_not_depend_on_threads_or_on_the_rows_asked_for() {
    let scale = Scale { firms: 120, seeds: 2, seed: 3 };
    let run = |threads: usize, numbers: &[u8]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
        let results = pool.install(|| shown(numbers, scale, Mechanism::In));
        let row = results.rows.into_iter().find(|row| row.row.number == 7).expect("it was asked for");
        row.estimates.into_iter().map(|estimate| estimate.seeds).collect::<Vec<_>>()
    };
    assert_eq!(run(1, &[7]), run(2, &[4, 7, 67]));
}

/// A setting by its path, and its value as a number where it is one.
fn parts(setting: &str) -> (&str, String) {
    let (path, value) = setting.split_once('=').expect("a setting has a value");
    let value = value.trim_matches('"');
    (path, value.parse::<f32>().map_or_else(|_| value.to_owned(), |number| number.to_string()))
}

#[test]
fn what_takes_the_casino_out_puts_the_defaults_back() {
    let row = numbered(&[31])[0];
    let sections = Scenario::sections();
    for (path, _) in row.arms[0].iter().map(|setting| parts(setting)).filter(|(path, _)| !path.contains("adoption")) {
        let back = row.ablation.iter().map(|setting| parts(setting)).find(|(at, _)| *at == path);
        let (section, name) = path.rsplit_once('.').expect("a path has a section");
        let decl = sections.iter().find(|known| known.path == section).and_then(|known| known.decl(name));
        let default = decl.expect("the setting is declared").default.to_string();
        assert_eq!(back, Some((path, parts(&format!("{path}={default}")).1)), "of {path}");
    }
}

#[test]
fn the_casino_is_the_same_in_scenario_and_tournament_and_part_of_that_of_the_table() {
    let preset = PRESETS.iter().find(|preset| preset.name == "casino").expect("the tournament has a casino");
    let shipped: toml::Table = include_str!("../../scenarios/casino.toml").parse().expect("it is TOML");
    let sections = shipped["mechanism"].as_table().expect("it states mechanisms");
    let mut stated = Vec::new();
    for (section, settings) in sections {
        for (name, value) in settings.as_table().expect("a section has settings") {
            let setting = format!("mechanism.{section}.{name}={value}");
            let (path, value) = parts(&setting);
            stated.push((path.to_owned(), value));
        }
    }
    let mut preset_states: Vec<(String, String)> =
        preset.settings.iter().map(|setting| parts(setting)).map(|(path, value)| (path.to_owned(), value)).collect();
    stated.sort();
    preset_states.sort();
    assert_eq!(stated, preset_states);
    let table = numbered(&[31])[0].arms[0];
    assert!(preset.settings.iter().all(|setting| table.contains(setting)), "{table:?}");
}
