//! What a comparison says, held against random results: whose number it is, how sure it is, whether digits show it.

use super::figure::{best_buy, costs, effects, entries, over_time, profiles, who_gains};
use super::say::{Findings, headline, nobody, spending};
use crate::experiment::compare::file::Comparison;
use crate::experiment::compare::outcome::Outcome;
use crate::experiment::compare::{Compared, Enrolment, Pairs, Study, Whom, simulate_pairs, together};
use crate::report::figure::Picture;
use crate::scenario::{Flag, Loaded};
use crate::statistics::{holm, words::number};
use proptest::prelude::*;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

const ARMS: [&str; 3] = ["Alpha", "Beta", "Gamma"];

/// A study of three arms, and a pair of it that random numbers are laid over.
static STUDY: LazyLock<(Study, Pairs)> = LazyLock::new(|| {
    let arm = |name: &str| {
        format!(
            "[arm.{}]\nlabel = \"{name}\"\ninstruments = [\"fair-voucher\"]\nset = [\"instrument.fair-voucher.places = {}\"]\n",
            name.to_lowercase(),
            name.len()
        )
    };
    let text = format!(
        "[compare]\nreplicates = 6\nhorizon = 3\n{}[instrument.fair-voucher]\nstart = 2011\n",
        ARMS.map(arm).concat()
    );
    let base = ["run.years=5", "run.burn_in=4", "run.start=2010", "population.firms=150", "world.largest=12"];
    let loaded = Loaded::<Comparison>::read("arms.toml", &text, &[]).unwrap_or_else(|error| panic!("{error}"));
    let study = Study::of(&loaded, &base.map(Flag::set)).unwrap_or_else(|error| panic!("{error}"));
    let pairs = simulate_pairs(&study, 1, &AtomicBool::new(false)).unwrap_or_else(|error| panic!("{error}"));
    (study, pairs.into_iter().next().expect("one pair"))
});

/// Numbers between −1 and 1 from a state: enough for tests.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// Random results: every number of arm `k` is about `scale[k]` times 1, with effects and noise of random sizes.
fn results(seed: u64, scales: [f64; 3], replicates: u32) -> Compared {
    let (study, template) = &*STUDY;
    let mut noise = Noise(seed);
    for _ in 0..4 {
        noise.next();
    }
    let mut effect = || if noise.next() > -0.3 { noise.next() } else { 0.0 };
    let spread = |noise: &mut Noise| [0.02, 0.3, 1.0][((noise.next() + 1.0) * 1.5) as usize % 3];
    let by_outcome: Vec<Vec<f64>> = ARMS.map(|_| Outcome::ALL.iter().map(|_| effect()).collect()).to_vec();
    let spreads = ARMS.map(|_| spread(&mut noise));
    let pairs = (0..replicates).map(|replicate| {
        let mut pairs = Pairs { replicate, ..template.clone() };
        for (k, pair) in pairs.arms.iter_mut().enumerate() {
            let (scale, spread) = (scales[k], spreads[k]);
            let mut value = |mean: f64| scale * (mean + spread * noise.next());
            for (before, after) in pair.baseline.iter_mut().zip(&mut pair.arm) {
                for (o, (before, after)) in before.iter_mut().zip(after).enumerate() {
                    before.fill(100.0);
                    after.iter_mut().for_each(|level| *level = 100.0 + value(by_outcome[k][o]));
                }
            }
            pair.cost.iter_mut().for_each(|cost| *cost = value(3.0).abs());
            pair.profile.iter_mut().for_each(|row| *row = [value(0.5) / 100.0, value(0.5)]);
            pair.markets.iter_mut().enumerate().for_each(|(c, firms)| *firms = value(0.4 * (c % 3) as f64));
            (pair.extensive, pair.intensive) = (value(1.0), value(-1.0));
            pair.additional = Default::default();
            pair.enrolments =
                vec![Enrolment { rounds: 1, eligible: 9, offered: 9, accepted: 9, ..Enrolment::default() }];
            for (g, group) in pair.groups.iter_mut().enumerate() {
                (group.firms, group.treated) = (100, 50);
                group.exporters = value(0.3 * (g % 4) as f64);
                group.exporters_treated = value(0.3 * (g % 4) as f64) / 2.0;
            }
        }
        pairs
    });
    together(study, pairs.collect())
}

/// Titles and descriptions of all figures, each as what may be read alone.
fn figures(study: &Study, compared: &Compared) -> Vec<String> {
    let findings = Findings::new(study, compared);
    let mut said = Vec::new();
    let mut add = |picture: &dyn Picture, parts: bool| {
        said.push(picture.title());
        let alt = picture.alt();
        if parts { said.extend(alt.split("; ").map(str::to_owned)) } else { said.push(alt) }
    };
    add(&effects(study, compared, &findings), true);
    add(&over_time(study, compared, &findings), true);
    add(&profiles(compared), true);
    add(&costs(study, compared), true);
    add(&best_buy(study, compared), true);
    if let Some(leader) = findings.leader() {
        let arm = &compared.arms[leader];
        add(&who_gains(study, compared, arm, leader), false);
        add(&entries(study, arm), false);
    }
    said
}

fn sentences(text: &str) -> Vec<String> {
    text.split(". ").map(str::to_owned).collect()
}

fn everything(study: &Study, compared: &Compared) -> Vec<String> {
    let mut said = sentences(&headline(study, compared).0);
    said.extend(Findings::new(study, compared).parts());
    said.extend(compared.arms.iter().filter_map(spending));
    said.extend(figures(study, compared));
    said
}

/// Numbers with a sign in a sentence: estimates of differences, all of them.
fn signed_numbers(sentence: &str) -> Vec<f64> {
    let words = sentence.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ';'));
    let signed = words.filter(|word| word.starts_with(['+', '−']));
    signed.filter_map(|word| number(word.trim_end_matches([',', '.', ':']))).collect()
}

/// The ranges "a to b" and "[a, b]" of a sentence as written.
fn ranges(sentence: &str) -> Vec<(String, String)> {
    let words: Vec<&str> = sentence.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ';')).collect();
    let bare = |word: &str| word.trim_matches([',', '.', ':', '[', ']']).to_owned();
    let numbers = |(a, b): &(String, String)| number(a).is_some() && number(b).is_some();
    let to = words.windows(3).filter(|three| three[1] == "to").map(|three| (bare(three[0]), bare(three[2])));
    let brackets = words.windows(2).filter(|two| two[0].starts_with('[')).map(|two| (bare(two[0]), bare(two[1])));
    to.chain(brackets).filter(numbers).collect()
}

/// Does the sentence say that something is clear, most or largest?
fn asserts(sentence: &str) -> bool {
    let denied = ["No arm", "does not clearly", "none of", "no group", "no arm", "differ clearly from", "leave 0 out"];
    let words = ["clear", " most", "largest", "best"];
    words.iter().any(|word| sentence.contains(word)) && !denied.iter().any(|no| sentence.contains(no))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, rng_seed: proptest::test_runner::RngSeed::Fixed(68), max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sentence_tells_the_number_of_another_arm(seed in any::<u64>(), turn in 0_usize..3, n in 3_u32..9) {
        // Arms whose numbers are thousands of times apart: whoever speaks of one with the number of another is found out.
        let mut scales = [1.0, 1e4, 1e8];
        scales.rotate_left(turn);
        let (study, compared) = (&STUDY.0, results(seed, scales, n));
        for sentence in everything(study, &compared) {
            let numbers = signed_numbers(&sentence);
            let named: Vec<f64> = (0..3).filter(|k| sentence.contains(ARMS[*k])).map(|k| scales[k]).collect();
            // What each US$ brings is of no arm's size.
            if numbers.iter().all(|number| *number == 0.0) || sentence.contains("for each US$") {
                continue;
            }
            prop_assert!(!named.is_empty(), "numbers of nobody: {sentence}");
            let (least, most) = (named.iter().copied().fold(f64::INFINITY, f64::min), named.iter().copied().fold(0.0, f64::max));
            let largest = numbers.iter().map(|number| number.abs()).fold(0.0, f64::max);
            prop_assert!(largest < 300.0 * most && largest > 1e-3 * least, "not of {named:?}: {sentence}");
        }
    }

    #[test]
    fn nothing_is_clear_across_0_or_picked_uncorrected_and_digits_show_differences(
        seed in any::<u64>(),
        power in -3_i32..5,
        n in 2_u32..12,
    ) {
        let scale = 10_f64.powi(power);
        let (study, compared) = (&STUDY.0, results(seed, [scale, 1.3 * scale, 0.8 * scale], n));
        for sentence in everything(study, &compared) {
            for (from, to) in ranges(&sentence) {
                // Nothing but 0 is written 0: such a difference is exactly none, as of the baseline from itself.
                prop_assert!(from != to || from == "0", "{from} to {to}: {sentence}");
            }
            if asserts(&sentence) && !signed_numbers(&sentence).is_empty() {
                prop_assert!(sentence.contains("Holm") || sentence.contains("Forest") || ranges(&sentence).len() == 1, "picked: {sentence}");
                // What each US$ earns is held against the US$ that it costs, all else against nothing.
                let against = if sentence.contains("than it costs") { 1.0 } else { 0.0 };
                for (from, to) in ranges(&sentence).iter().filter(|range| range.0.starts_with(['+', '−'])) {
                    let (from, to) = (number(from).unwrap_or(against), number(to).unwrap_or(against));
                    prop_assert!((from - against) * (to - against) > 0.0, "clear across 0: {sentence}");
                }
            }
        }
        // The first sentence of the answer against p values worked out here.
        let all: Vec<f64> = compared.arms.iter()
            .flat_map(|arm| study.outcomes.iter().map(|o| arm.effect(Whom::All, *o, 2).estimate.p)).collect();
        let corrected = holm(&all);
        let clear: Vec<&str> = (0..3).filter(|k| corrected[k * study.outcomes.len()] < 0.05).map(|k| ARMS[k]).collect();
        let first = sentences(&headline(study, &compared).0).swap_remove(0);
        if first.contains("raises") && !first.starts_with("No arm") {
            prop_assert!(clear.iter().any(|arm| first.starts_with(arm)), "{clear:?}: {first}");
        } else if clear.is_empty() {
            prop_assert!(first.starts_with("No arm"), "{first}");
        }
        for row in headline(study, &compared).1 {
            prop_assert!(ranges(&row.join(" ; ")).iter().all(|(from, to)| from != to), "{row:?}");
        }
    }
}

#[test]
fn arms_that_cannot_be_told_apart_are_named_together_and_equals_share_their_ranks() {
    let study = &STUDY.0;
    let mut compared = results(7, [1.0; 3], 8);
    let mut pairs = std::mem::take(&mut compared.pairs);
    for (r, pairs) in pairs.iter_mut().enumerate() {
        for (k, pair) in pairs.arms.iter_mut().enumerate() {
            let gain = [5.0 + 0.1 * r as f64, 5.0 + 0.1 * r as f64, 1.0 + 0.01 * r as f64][k];
            pair.arm[0][Outcome::Exporters as usize].fill(100.0 + gain);
        }
    }
    let compared = together(study, pairs);
    let answer = headline(study, &compared).0;
    assert!(answer.contains("Alpha cannot be told apart from Beta."), "{answer}");
    assert_eq!(
        compared.arms.iter().map(|arm| arm.money.ranks[0]).map(|share| (100.0 * share).round()).collect::<Vec<_>>(),
        [50.0, 50.0, 0.0]
    );
}

#[test]
fn a_measure_that_reached_nobody_says_so_in_place_of_a_sure_zero() {
    let study = &STUDY.0;
    let mut pairs = results(3, [1.0; 3], 5).pairs;
    for pairs in &mut pairs {
        let pair = &mut pairs.arms[1];
        pair.arm = pair.baseline.clone();
        pair.enrolments = vec![Enrolment { rounds: 2, queue_ended: 2, ..Enrolment::default() }];
    }
    let compared = together(study, pairs);
    let (answer, rows) = headline(study, &compared);
    assert!(answer.ends_with("Beta reached nobody: no firm was eligible for fair-voucher."), "{answer}");
    assert_eq!(rows[2][1..3], ["reached nobody", "–"]);
    assert!(!figures(study, &compared)[0].contains("Beta"));
    let json = serde_json::to_value(&compared.arms[1]).expect("it is written");
    assert_eq!(json["reached_nobody"], true);
    assert!(json["effects"].as_array().expect("effects").iter().all(|effect| effect["estimate"]["mean"].is_null()));
    assert!(nobody(&compared.arms[0]).is_none());
}

#[test]
fn enrolment_counts_why_rounds_end() {
    let enrolments: Vec<Enrolment> = STUDY.1.arms.iter().map(|pair| pair.enrolments[0]).collect();
    let told = |one: &Enrolment| (one.rounds, one.places_ended, one.queue_ended, one.accepted);
    assert_eq!(enrolments.iter().map(told).collect::<Vec<_>>(), [(1, 1, 0, 5), (1, 1, 0, 4), (1, 1, 0, 5)]);
}

#[test]
fn what_became_of_a_budget_follows_from_what_happened() {
    let mut arm = results(3, [1.0; 3], 4).arms.swap_remove(0);
    let mut say = |queue: f64, places: f64, spent: f64, shared: f64| {
        let one = &mut arm.enrolled[0];
        (one.rounds, one.queue_ended, one.places_ended) = (4.0, queue, places);
        (one.budget_ended, one.budget) = (4.0 - queue - places, Some(100_000.0));
        (one.spent, one.shared) = (spent, shared);
        spending(&arm)
    };
    let left = say(3.0, 0.0, 20_000.0, 0.0).expect("money is left");
    assert!(left.starts_with("Alpha leaves 80,000 of its 100,000 US$"), "{left}");
    assert!(
        left.contains("in 3 of 4 rounds every firm that could take part had an offer") && !left.contains("entry costs"),
        "{left}"
    );
    let above = say(0.0, 0.0, 99_000.0, 382_000.0).expect("it is exceeded");
    assert!(
        above.starts_with("Alpha costs 481,000 US$ a run, more than its budget of 100,000 US$: 382,000 US$ are shares"),
        "{above}"
    );
    assert_eq!(say(0.0, 0.0, 99_000.0, 0.0), None);
}
