//! The table of theories in small: invariants hold, directions show in few seeds, and they go with their mechanism.
//!
//! `fondaco theory --all` shows every row in full. Here a row runs with few firms and seeds; those whose effect is
//! strong enough to show in them are tested, with and without their mechanism.

use fondaco::experiment::theory::{Expect, Mechanism, Results, Row, Scale, Verdict, rows, show};
use std::sync::atomic::AtomicBool;

const SMALL: Scale = Scale { firms: 500, seeds: 8, seed: 1 };

/// Rows that are invariants, or have one.
const INVARIANTS: [u8; 6] = [2, 4, 8, 49, 66, 67];

/// Directional rows whose effect shows in a few small runs.
const STRONG: [u8; 22] = [6, 7, 8, 9, 11, 21, 22, 24, 26, 27, 28, 29, 34, 36, 37, 39, 41, 43, 44, 46, 56, 60];

fn numbered(numbers: &[u8]) -> Vec<&'static Row> {
    rows().into_iter().filter(|row| numbers.contains(&row.number)).collect()
}

fn shown(numbers: &[u8], scale: Scale, mechanism: Mechanism) -> Results {
    let results = show(&numbered(numbers), scale, mechanism, &AtomicBool::new(false), &|_| {});
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

#[test]
fn strong_rows_come_out_in_small_runs() {
    let results = shown(&STRONG, SMALL, Mechanism::In);
    let failing: Vec<String> = results
        .rows
        .iter()
        .filter(|row| row.verdict != Verdict::Shown)
        .map(|row| told(&results, row.row.number))
        .collect();
    assert!(failing.is_empty(), "{}", failing.join("\n"));
}

#[test]
fn strong_rows_do_not_come_out_without_their_mechanism() {
    let results = shown(&STRONG, SMALL, Mechanism::Out);
    let surviving: Vec<String> = results
        .rows
        .iter()
        .filter(|row| row.verdict != Verdict::NotShown)
        .map(|row| told(&results, row.row.number))
        .collect();
    assert!(surviving.is_empty(), "{}", surviving.join("\n"));
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
