//! `run` from outside: what it refuses, what it prints, and what it leaves behind when it is stopped.

use fondaco::report::manifest::{Manifest, State};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

const SMALL: &str = "run.years = 3\nrun.burn_in = 2\npopulation.firms = 200\nworld.largest = 20\n";

/// Seconds of work, so that it can be stopped on the way; the first years come at once.
const LONG: &str = "run.years = 900\nrun.burn_in = 2\npopulation.firms = 6000\nworld.largest = 20\n";

fn folder(scenario: &str) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    fs::write(folder.path().join("a.toml"), scenario).expect("a scenario is written");
    folder
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fondaco"));
    command.current_dir(folder).args(words).stdin(Stdio::null());
    command
}

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

fn says(folder: &Path, words: &[&str]) -> Said {
    let Output { status, stdout, stderr } = command(folder, words).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    Said { code: status.code(), out: text(stdout), err: text(stderr) }
}

/// Runs `a.toml` into `there` with more words.
fn run(folder: &Path, more: &[&str]) -> Said {
    let words: Vec<&str> = ["run", "a.toml", "--out", "there", "--no-figures"].iter().chain(more).copied().collect();
    says(folder, &words)
}

/// Names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder is read")
        .map(|entry| entry.expect("it is read").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn manifest(folder: &Path) -> Manifest {
    Manifest::read(&folder.join("there")).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_run_says_what_it_will_do_how_far_it_is_and_what_came_out() {
    let folder = folder(SMALL);
    let said = run(folder.path(), &["-j", "2"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for line in
        ["scenario   a\n", "seed       1 (1 replicate)\n", "firms      200 in BEL (200)\n", "output     there\n"]
    {
        assert!(said.err.contains(line), "{line:?} is missing:\n{}", said.err);
    }
    let years: Vec<Value> = said
        .err
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).expect("progress is JSON"))
        .collect();
    let last = years.last().expect("the last year is told");
    assert_eq!((&last["done"], &last["of"]), (&Value::from(5), &Value::from(5)), "the burn-in is included");
    for word in ["exporters", "firm-steps per second", "series.parquet", "manifest.json"] {
        assert!(said.out.contains(word), "{word} is missing:\n{}", said.out);
    }
    let manifest = manifest(folder.path());
    assert_eq!(manifest.state, State::Completed);
    for output in &manifest.outputs {
        let bytes = fs::read(folder.path().join("there").join(&output.name)).expect("what is listed is there");
        assert_eq!((bytes.len() as u64, blake3::hash(&bytes).to_hex().as_str()), (output.bytes, &*output.blake3));
    }
    assert_eq!(names(&folder.path().join("there")).len(), manifest.outputs.len() + 1, "and nothing else");
}

#[test]
fn a_result_is_replaced_only_with_force() {
    let folder = folder(SMALL);
    assert_eq!(run(folder.path(), &["-q"]).code, Some(0));
    let first = fs::read(folder.path().join("there/manifest.json")).expect("there is a manifest");
    let refused = run(folder.path(), &["-q", "--seed", "2"]);
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""));
    assert!(
        refused.err.contains("already holds another result: the seed was 1, it is 2")
            && refused.err.contains("--force"),
        "{}",
        refused.err
    );
    assert_eq!(fs::read(folder.path().join("there/manifest.json")).expect("still there"), first);
    assert_eq!(names(folder.path()), ["a.toml", "there"]);
    let forced = run(folder.path(), &["-q", "--seed", "2", "--force"]);
    assert_eq!(forced.code, Some(0), "{}", forced.err);
    assert_eq!(manifest(folder.path()).seed, 2);
    assert_eq!(names(folder.path()), ["a.toml", "there"]);
}

#[test]
fn a_folder_of_somebody_else_is_never_replaced() {
    let folder = folder(SMALL);
    fs::create_dir(folder.path().join("there")).expect("a folder can be made");
    fs::write(folder.path().join("there/thesis.txt"), "years of work").expect("a file can be written");
    let refused = run(folder.path(), &["-q", "--force"]);
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert_eq!(names(&folder.path().join("there")), ["thesis.txt"]);
}

#[test]
fn json_is_all_that_is_on_the_standard_output_and_quiet_leaves_the_result() {
    let folder = folder(SMALL);
    let said = run(folder.path(), &["--json"]);
    let summary: Value = serde_json::from_str(&said.out).expect("the output is JSON");
    assert_eq!(
        (summary["homes"][0]["home"].as_str(), summary["homes"][0]["firms"].as_f64()),
        (Some("BEL"), Some(200.0))
    );
    assert!(!said.err.is_empty(), "progress goes to the standard error");
    let stored = fs::read_to_string(folder.path().join("there/summary.json")).expect("there is a summary");
    assert_eq!(summary, serde_json::from_str::<Value>(&stored).expect("it is JSON"));
    let said = run(folder.path(), &["--quiet", "--force"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert!(said.out.contains("exporters, %") && said.out.contains("BEL"), "{}", said.out);
    let said = run(folder.path(), &["--quiet", "--json", "--force"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert!(serde_json::from_str::<Value>(&said.out).is_ok(), "{}", said.out);
}

#[test]
fn what_is_asked_wrongly_writes_nothing() {
    let wrong = [
        ("population.homes = [\"QQQ\"]\n", "QQQ"),
        ("run.years = 0\n", "run.years"),
        ("run.yeers = 3\n", "did you mean `years`"),
        ("population.firms = nan\n", "a.toml:1:20"),
        ("mechanism.risk.caution = nan\n", "is not a number"),
        ("extends = \"a.toml\"\n", "extends itself"),
        ("extends = \"none.toml\"\n", "none.toml"),
        ("world.felt = \"matrix\"\n", "felt_matrix"),
        ("network.generator = \"file\"\n", "network.file"),
        ("[shock.slump]\nmarkets = [\"QQQ\"]\n", "QQQ"),
        ("run.years = \n", "a.toml:1"),
    ];
    for (scenario, word) in wrong {
        let folder = folder(scenario);
        let said = run(folder.path(), &[]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{scenario}: {}", said.err);
        assert!(said.err.contains(word), "{scenario} should speak of {word}:\n{}", said.err);
        assert_eq!(names(folder.path()), ["a.toml"], "{scenario} wrote something");
    }
    let folder = folder(SMALL);
    for words in [&["--years", "0"][..], &["--firms", "-3"], &["--set", "run.yeers=3"], &["-j", "0"], &["--seed", "x"]]
    {
        let said = run(folder.path(), words);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{words:?}: {}", said.err);
        assert_eq!(names(folder.path()), ["a.toml"], "{words:?} wrote something");
    }
    assert_eq!(says(folder.path(), &["run", "b.toml"]).code, Some(2), "there is no such file");
}

#[test]
fn all_faults_are_told_in_one_go() {
    let folder = folder("run.years = 0\nrun.sed = 1\npopulation.homes = 3\n");
    let said = run(folder.path(), &["--set", "mechanism.risk.caution=99"]);
    assert_eq!(said.code, Some(2));
    for place in ["a.toml:1:13", "a.toml:2:5", "a.toml:3:20", "--set mechanism.risk.caution=99", "4 errors"] {
        assert!(said.err.contains(place), "{place} is missing:\n{}", said.err);
    }
}

#[test]
fn flags_win_over_the_file_and_the_later_over_the_earlier() {
    let folder = folder(SMALL);
    let more = [
        "--years",
        "2",
        "--firms",
        "150",
        "--set",
        "run.burn_in=1",
        "--set",
        "run.burn_in=0",
        "-r",
        "9",
        "--replicates",
        "2",
    ];
    let said = run(folder.path(), &more);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("\"done\":4,\"of\":4}\n"), "two years, twice:\n{}", said.err);
    let manifest = manifest(folder.path());
    assert_eq!((manifest.seed, manifest.replicates), (9, 2));
    for line in ["years = 2\n", "burn_in = 0\n", "firms = 150\n"] {
        assert!(manifest.scenario.resolved.contains(line), "{line:?} is not in force");
    }
    let series = manifest.outputs.iter().find(|output| output.name == "series.parquet").expect("there is a series");
    assert_eq!(series.rows, Some(4));
}

#[test]
fn without_a_folder_the_result_is_named_after_scenario_and_content() {
    let folder = folder(SMALL);
    let named = |more: &[&str]| {
        let words: Vec<&str> = ["run", "a.toml", "-q", "--no-figures"].iter().chain(more).copied().collect();
        assert_eq!(says(folder.path(), &words).code, Some(0), "{more:?}");
        names(&folder.path().join("output"))
    };
    let first = named(&[]);
    assert!(first.len() == 1 && first[0].starts_with("a-"), "{first:?}");
    assert_eq!(named(&["--seed", "2"]).len(), 2, "another seed is another result");
    assert_eq!(says(folder.path(), &["run", "a.toml", "-q"]).code, Some(2), "the first is there already");
}

#[test]
fn countries_are_listed_as_json_with_the_components_of_their_distance() {
    let folder = folder(SMALL);
    let said = says(folder.path(), &["countries", "BEL", "--json"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let rows: Vec<Value> = serde_json::from_str(&said.out).expect("the output is JSON");
    assert!(rows.len() > 150, "{} countries", rows.len());
    let of = |code: &str| rows.iter().find(|row| row["iso3"] == code).expect("the country is listed");
    assert!(of("NLD")["felt"].as_f64() < of("CHN")["felt"].as_f64());
    assert_eq!(
        (&of("FRA")["components"]["border"], &of("FRA")["components"]["official_language"]),
        (&true.into(), &true.into())
    );
    assert_eq!(says(folder.path(), &["countries", "QQQ"]).code, Some(2));
    let plain = says(folder.path(), &["countries"]);
    assert!(plain.code == Some(0) && plain.out.contains("Belgium"), "{}", plain.err);
}

#[test]
fn a_reader_that_closes_its_ear_is_no_failure() {
    let folder = folder(SMALL);
    for words in [&["countries", "BEL", "--json"][..], &["run", "a.toml", "--out", "there", "--no-figures", "--json"]] {
        let mut child =
            command(folder.path(), words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().expect("it is piped").read_to_string(&mut err).expect("the program writes UTF-8");
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{words:?}: {err}");
    }
    assert_eq!(manifest(folder.path()).state, State::Completed, "the result is whole all the same");
    let mut child = command(folder.path(), &["run", "a.toml", "--out", "deaf", "--no-figures"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop((child.stdout.take(), child.stderr.take()));
    assert_eq!(child.wait().expect("it ends").code(), Some(0), "nobody hears how far it is either");
}

/// A long run, returned when `lines` lines of progress have come; the rest of what it says is read to its end later.
#[cfg(unix)]
fn under_way(folder: &Path, more: &[&str], lines: usize) -> (Child, BufReader<std::process::ChildStderr>) {
    let words: Vec<&str> = ["run", "a.toml", "--out", "there"].iter().chain(more).copied().collect();
    let mut child =
        command(folder, &words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut said = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut seen = 0;
    let mut line = String::new();
    while seen < lines {
        line.clear();
        assert!(said.read_line(&mut line).expect("the program writes UTF-8") > 0, "it ended before it was under way");
        let done = line.split_once("\"done\":").and_then(|(_, rest)| rest.split(',').next()?.parse().ok());
        seen = done.unwrap_or(seen);
    }
    (child, said)
}

#[cfg(unix)]
fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("signals can be sent");
    assert!(sent.success());
}

/// Reads to the end of what a child says; returns its code and its words.
#[cfg(unix)]
fn ends(mut child: Child, mut said: BufReader<std::process::ChildStderr>) -> (Option<i32>, String) {
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("the program writes UTF-8");
    (child.wait().expect("it ends").code(), rest)
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_what_is_complete_and_says_so() {
    let folder = folder(LONG);
    let (child, said) = under_way(folder.path(), &["--csv", "--events", "--set", "output.figures=true"], 10);
    interrupt(&child);
    let (code, rest) = ends(child, said);
    assert_eq!(code, Some(130), "{rest}");
    assert!(rest.contains("finishing and writing what is done") && rest.contains("interrupted: "), "{rest}");
    let manifest = manifest(folder.path());
    assert_eq!(manifest.state, State::Interrupted);
    for output in &manifest.outputs {
        let bytes = fs::read(folder.path().join("there").join(&output.name)).expect("what is listed is there");
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), output.blake3, "{}", output.name);
        if output.name.ends_with(".parquet") {
            assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"), "{} is a whole table", output.name);
        }
    }
    let series = fs::read_to_string(folder.path().join("there/series.csv")).expect("there is a series");
    let years: Vec<&str> =
        series.lines().skip(1).map(|line| line.split(',').nth(1).expect("there is a year")).collect();
    assert!(years.len() >= 8 && years.len() < 900, "{} years are complete", years.len());
    assert_eq!(years[0], "1995");
    let refused = run(folder.path(), &["-q", "--years", "1"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("an interrupted run"), "{}", refused.err);
    assert_eq!(run(folder.path(), &["-q", "--years", "1", "--force"]).code, Some(0));
}

#[cfg(unix)]
#[test]
fn interrupted_replicates_that_are_whole_are_kept() {
    let folder =
        folder("run.years = 40\nrun.burn_in = 2\npopulation.firms = 1500\nworld.largest = 20\nrun.replicates = 2000\n");
    let (child, said) = under_way(folder.path(), &["--csv", "--no-figures", "-j", "2"], 400);
    interrupt(&child);
    let (code, rest) = ends(child, said);
    assert_eq!(code, Some(130), "{rest}");
    let series = fs::read_to_string(folder.path().join("there/series.csv")).expect("there is a series");
    let rows = series.lines().count() - 1;
    assert!(rows > 0 && rows.is_multiple_of(40), "only whole replicates: {rows} rows");
    assert!(rest.contains(&format!("({} of 2000 replicates)", rows / 40)), "{rest}");
}

#[cfg(unix)]
#[test]
fn an_interruption_before_anything_was_observed_still_leaves_a_result() {
    let folder = folder("run.years = 2\nrun.burn_in = 900\npopulation.firms = 6000\nworld.largest = 20\n");
    let (child, said) = under_way(folder.path(), &["--csv"], 5);
    interrupt(&child);
    let (code, rest) = ends(child, said);
    assert_eq!(code, Some(130), "{rest}");
    assert_eq!(manifest(folder.path()).state, State::Interrupted);
    let series = fs::read_to_string(folder.path().join("there/series.csv")).expect("there is a series");
    assert_eq!(series.lines().count(), 1, "only the header: {series}");
}

#[cfg(unix)]
#[test]
fn a_killed_run_leaves_nothing_that_looks_finished_and_the_next_one_succeeds() {
    let folder = folder(LONG);
    let (mut child, _said) = under_way(folder.path(), &["--no-figures"], 5);
    child.kill().expect("it can be killed");
    assert_eq!(child.wait().expect("it ends").code(), None);
    assert_eq!(names(folder.path()), ["a.toml", "there.partial"]);
    assert!(!folder.path().join("there.partial/manifest.json").exists());
    let said = run(folder.path(), &["-q", "--years", "1"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(names(folder.path()), ["a.toml", "there"]);
}

#[cfg(unix)]
#[test]
fn two_runs_into_one_folder_do_not_mix() {
    let folder = folder(LONG);
    let (mut child, _said) = under_way(folder.path(), &["--no-figures"], 2);
    let second = run(folder.path(), &["-q", "--years", "1"]);
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    assert_eq!(second.code, Some(2), "{}", second.err);
    assert!(second.err.contains("another run is writing"), "{}", second.err);
}

#[test]
fn a_place_that_cannot_be_written_is_told_before_the_run_and_is_no_fault_of_the_asker() {
    let folder = folder(LONG);
    fs::write(folder.path().join("file"), "in the way").expect("a file can be written");
    let said = says(folder.path(), &["run", "a.toml", "--no-figures", "--out", "file/there"]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{}", said.err);
    assert!(said.err.contains("could not create") && !said.err.contains("\"done\""), "{}", said.err);
    assert_eq!(names(folder.path()), ["a.toml", "file"]);
}
