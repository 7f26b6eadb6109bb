//! Calibration from outside: what `fondaco calibrate` finds and writes, how it is stopped and gone on with.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SCENARIO: &str =
    "run.years = 5\nrun.burn_in = 8\nrun.start = 2012\npopulation.firms = 1000\nworld.largest = 25\n";
const WORDS: [&str; 11] = [
    "calibrate",
    "small.toml",
    "--parameters",
    "mechanism.order.value=0.02..0.15",
    "mechanism.demography.newness=0.02..0.4",
    "--targets",
    "C9,C10",
    "--seeds",
    "2",
    "-o",
    "out",
];
/// Everything a calibration writes but its manifest, which states times.
const FILES: [&str; 13] = [
    "calibration.md",
    "trace.parquet",
    "points.parquet",
    "statistics.parquet",
    "slopes.parquet",
    "best.toml",
    "calibration.json",
    "evaluations.jsonl",
    "dictionary.md",
    "scenario.toml",
    "figures/descent.svg",
    "figures/pins.svg",
    "figures/pins.png",
];

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fondaco"));
    command.current_dir(folder).args(WORDS).args(words).stdin(Stdio::null());
    command
}

fn calibrate(folder: &Path, words: &[&str]) -> Output {
    command(folder, words).output().expect("the program starts")
}

fn desk() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    fs::write(folder.path().join("small.toml"), SCENARIO).expect("a file can be written");
    folder
}

fn read(folder: &Path, file: &str) -> Vec<u8> {
    fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Evaluations kept in a file: how often the mark of a record stands in it, but for the one that says what they rest on.
fn evaluations(path: &Path) -> usize {
    let bytes = fs::read(path).unwrap_or_default();
    bytes.windows(4).filter(|four| *four == [0xf0, 0x9f, 0x8f, 0x9b]).count().saturating_sub(1)
}

#[test]
fn a_killed_calibration_ends_as_an_undisturbed_one_on_any_number_of_threads() {
    let (whole, killed) = (desk(), desk());
    let output = calibrate(whole.path(), &["--budget", "24", "-q", "-j", "1"]);
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    assert!(output.stderr.is_empty(), "quiet leaves the result alone");
    assert!(String::from_utf8_lossy(&output.stdout).contains("parameter"));

    let mut child = command(killed.path(), &["--budget", "24", "-q", "-j", "2"]).spawn().expect("the program starts");
    let kept = killed.path().join("out.evaluations");
    let since = Instant::now();
    while evaluations(&kept) < 5 && since.elapsed() < Duration::from_secs(120) {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    assert!(evaluations(&kept) >= 5 && !killed.path().join("out").exists(), "it was killed in the middle");
    let refused = calibrate(killed.path(), &["--budget", "24", "-q"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(error(&refused).contains("use --resume to go on with them"), "{}", error(&refused));
    let resumed = calibrate(killed.path(), &["--budget", "24", "-q", "-j", "2", "--resume"]);
    assert_eq!(resumed.status.code(), Some(0), "{}", error(&resumed));
    assert!(!kept.exists(), "what was kept is in the result now");
    for file in FILES {
        let [one, two] = [&whole, &killed].map(|desk| read(&desk.path().join("out"), file));
        assert!(one == two, "{file} differs");
    }
}

#[test]
fn the_best_point_is_a_scenario_that_extends_the_original() {
    let desk = desk();
    let output = calibrate(desk.path(), &["--budget", "10", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    let told = error(&output);
    assert!(told.lines().any(|line| line.contains("\"left_seconds\"") && line.contains("\"of\":10")), "{told}");
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    assert!(found["distance"]["best"].as_f64() <= found["distance"]["start"].as_f64());
    let best = String::from_utf8(read(desk.path(), "out/best.toml")).expect("it is UTF-8");
    assert!(best.contains("extends = \"scenario.toml\"\n"), "{best}");
    let explained = Command::new(env!("CARGO_BIN_EXE_fondaco"))
        .current_dir(desk.path())
        .args(["explain-config", "out/best.toml", "--json"])
        .output()
        .expect("the program starts");
    let explained: serde_json::Value = serde_json::from_slice(&explained.stdout).expect("the output is JSON");
    let value = |path: &str| {
        let all = explained["settings"].as_array().expect("a list");
        all.iter().find(|setting| setting["path"] == path).expect("every setting is there")["value"].as_f64()
    };
    for parameter in found["parameters"].as_array().expect("a list") {
        let path = parameter["path"].as_str().expect("a path");
        let best = parameter["best"].as_f64().expect("a number");
        assert!((value(path).expect("a number") / best - 1.0).abs() < 1e-6, "{path}");
    }
    assert_eq!(value("population.firms"), Some(1000.0), "the rest is the original's");

    let again = calibrate(desk.path(), &["--budget", "10", "-q"]);
    assert_eq!(again.status.code(), Some(2), "a result is not overwritten unasked");
    let more = calibrate(desk.path(), &["--budget", "14", "-q", "--resume"]);
    assert_eq!(more.status.code(), Some(0), "{}", error(&more));
    let found: serde_json::Value =
        serde_json::from_slice(&read(desk.path(), "out/calibration.json")).expect("it is JSON");
    assert_eq!(found["budget"], 14, "the new search took the place of the old one");
}

#[test]
fn a_wrong_request_is_told_where_it_was_made() {
    let desk = desk();
    fs::write(desk.path().join("p.txt"), "# ranges\nmechanism.oder.value = 0.1..0.2\n").expect("it can be written");
    let words = ["--parameters", "p.txt", "mechanism.entry.cost=2..1", "--budget", "30"];
    let output = calibrate(desk.path(), &words);
    let told = error(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains(" --> p.txt:2:1") && told.contains("did you mean `mechanism.order.value`?"), "{told}");
    assert!(told.contains("2 to 1 is no range") && told.contains("\n2 errors\n"), "{told}");
    let output = calibrate(desk.path(), &["--budget", "4"]);
    assert!(error(&output).contains("at least 8 evaluations for 2 of them"), "{}", error(&output));
    let names: Vec<_> =
        fs::read_dir(desk.path()).expect("it is read").map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing was written: {names:?}");
}
