//! The scorecard from outside: what `fondaco validate` writes, and whether the documented one is about these facts.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const SCENARIO: &str = "run.years = 5\nrun.burn_in = 8\nrun.start = 2018\npopulation.firms = 800\nworld.largest = 25\n";
const FACTS: &str = "\
id,label,population,sample,home,statistic,options,parts,published,low,high,pattern,evidence,source,note
X1,larger firms export more often,ALL,scenario,,export_share,,1-9; 10-49,,,,rising,R,a source,
X1,exporters with one market,CUS,scenario,,market_count,,1,Here 0.5; There 0.6,0.1,0.99,,R,a source,
X2,never,ALL,scenario,,demography,,births,Nowhere 0.5,0.9,0.95,,judgment,a source,a note
X3,a fair voucher,SME,scenario,,policy_dose,,fsts,,0.1,0.2,,R,a source,
";

fn fondaco(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fondaco"));
    command.current_dir(folder).args(words).stdin(Stdio::null()).output().expect("the program starts")
}

fn desk() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    fs::write(folder.path().join("small.toml"), SCENARIO).expect("a file can be written");
    fs::write(folder.path().join("facts.csv"), FACTS).expect("a file can be written");
    folder
}

fn read(folder: &Path, file: &str) -> Vec<u8> {
    fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn a_scorecard_is_the_same_on_any_number_of_threads() {
    // The folder asked for stands in the resolved scenario, so both are called the same.
    let desks = [desk(), desk()];
    for (desk, threads) in desks.iter().zip(["1", "2"]) {
        let words =
            ["validate", "small.toml", "--facts", "facts.csv", "--seeds", "3", "-q", "-j", threads, "-o", "out"];
        let output = fondaco(desk.path(), &words);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty(), "quiet leaves the result alone");
        assert!(String::from_utf8_lossy(&output.stdout).contains("verdict"));
    }
    for file in [
        "scorecard.parquet",
        "seeds.parquet",
        "scorecard.json",
        "validation.md",
        "dictionary.md",
        "scenario.toml",
        "figures/scorecard.svg",
        "figures/scorecard.png",
    ] {
        let [one, two] = [0, 1].map(|i: usize| read(&desks[i].path().join("out"), file));
        assert!(one == two, "{file} differs between one and two threads");
    }
}

#[test]
fn verdicts_are_told_and_what_cannot_be_measured_is_not_passed() {
    let desk = desk();
    let words =
        ["validate", "small.toml", "--facts", "facts.csv", "--seeds", "2", "--json", "-o", "out", "--docs", "docs"];
    let output = fondaco(desk.path(), &words);
    assert_eq!(output.status.code(), Some(0));
    let card: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    let verdict = |fact: usize| card["facts"][fact]["verdict"].as_str().expect("it has a verdict").to_owned();
    assert_eq!([verdict(0), verdict(1), verdict(2)], ["pass", "fail", "unmeasured"]);
    assert_eq!((card["passed"].as_u64(), card["of"].as_u64(), card["seeds"].as_u64()), (Some(1), Some(3), Some(2)));
    assert_eq!(card["rows"][1]["simulated"]["seeds"].as_array().map(Vec::len), Some(2));
    let page = String::from_utf8(read(desk.path(), "docs/validation.md")).expect("the page is UTF-8");
    let command = "\n    fondaco validate small.toml --seeds 2 --facts facts.csv --docs docs\n";
    assert!(page.contains("**1 of 3 facts pass**") && page.contains(command), "{page}");
    assert!(page.contains("X2 never") && page.contains("too few years to support anybody"), "{page}");
    assert!(desk.path().join("docs/validation.svg").is_file());
    let again = fondaco(desk.path(), &words);
    assert_eq!(again.status.code(), Some(2), "a result is not overwritten unasked");
}

#[test]
fn a_wrong_table_of_facts_is_told_by_its_cell() {
    let desk = desk();
    fs::write(desk.path().join("facts.csv"), FACTS.replace("market_count", "market_cuont")).expect("it can be written");
    let output = fondaco(desk.path(), &["validate", "small.toml", "--facts", "facts.csv", "-o", "out"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("`market_cuont` is no statistic") && said.contains(" --> facts.csv:3:44"), "{said}");
    assert!(said.contains("did you mean `market_count`?"), "{said}");
    assert!(!desk.path().join("out").exists());
}

#[test]
fn the_documented_scorecard_is_about_these_facts() {
    let hash = fondaco::experiment::fact::hash();
    let page = include_str!("../docs/validation.md");
    assert!(
        page.contains(&hash[..16]),
        "data/facts.csv has changed: cargo run --release -- validate scenarios/belgium.toml --seeds 30 --firms 30000 --beside scenarios/tanzania.toml --beside scenarios/honduras.toml --docs docs"
    );
}
