//! The program from outside: what it prints where, and how it ends.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

fn fondaco(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fondaco"));
    command.current_dir(folder).args(words).stdin(Stdio::null()).output().expect("the program starts")
}

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

fn says(folder: &Path, words: &[&str]) -> Said {
    let output = fondaco(folder, words);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    folder
}

#[test]
fn a_sound_scenario_is_told_so_and_exits_0() {
    let folder = folder(&[("base.toml", "run.years = 7\n"), ("a.toml", "extends = \"base.toml\"\nrun.seed = 2\n")]);
    let said = says(folder.path(), &["check", "a.toml", "base.toml"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    assert!(said.err.starts_with("a.toml: sound; 2 of "), "{}", said.err);
    assert!(said.err.contains("\nbase.toml: sound; 1 of "), "{}", said.err);
}

#[test]
fn faults_of_all_files_are_shown_once_without_colours_and_exit_2() {
    let folder = folder(&[
        ("base.toml", "[run]\nyears = 0\n"),
        ("a.toml", "extends = \"base.toml\"\nrun.sed = 2\n"),
        ("b.toml", "extends = \"base.toml\"\n"),
        ("sound.toml", ""),
    ]);
    let said = says(folder.path(), &["check", "a.toml", "b.toml", "sound.toml", "--set", "run.seed=-1"]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
    assert_eq!(said.err.matches("`run.years` = 0 is out of range").count(), 1, "{}", said.err);
    assert!(said.err.contains("\n --> base.toml:2:9\n"), "{}", said.err);
    assert!(said.err.contains("unknown setting `run.sed`"), "{}", said.err);
    assert!(said.err.contains("\n | --set run.seed=-1\n"), "{}", said.err);
    assert!(said.err.ends_with("\n3 errors\n"), "{}", said.err);
    assert!(!said.err.contains('\u{1b}'), "{:?}", said.err);
}

#[test]
fn what_could_be_read_is_checked_beside_what_could_not() {
    let text = "[run]\nyers = 3\nseed = -1\n[population]\nfirms = \"many\"\nhomes = [\"BEL\", \"Narnia\"]\n\
        [mechanism.conversion]\non = false\nrate = 0.5\n";
    let folder = folder(&[("a.toml", text)]);
    for verb in ["check", "run"] {
        let said = says(folder.path(), &[verb, "a.toml"]);
        assert_eq!(said.code, Some(2));
        assert!(said.err.ends_with("\n4 errors, 1 warning\n"), "{}", said.err);
        assert!(
            said.err.contains("the home `Narnia` is not a country of the data set\n --> a.toml:6:9\n"),
            "{}",
            said.err
        );
        assert!(said.err.contains("`mechanism.conversion.rate` has no effect\n --> a.toml:9:8\n"), "{}", said.err);
    }
    let said = says(folder.path(), &["countries", "Narnia"]);
    assert!(said.err.contains("NARNIA") && !said.err.contains("did you mean"), "{}", said.err);
}

#[test]
fn a_warning_is_told_and_exits_0() {
    let folder = folder(&[("a.toml", "[mechanism.decision]\nstake = 0.2\n")]);
    let said = says(folder.path(), &["check", "a.toml"]);
    assert_eq!(said.code, Some(0));
    assert!(said.err.contains("warning: `mechanism.decision.stake` has no effect\n --> a.toml:2:9\n"), "{}", said.err);
}

#[test]
fn explaining_prints_data_to_the_standard_output_only() {
    let folder = folder(&[("a.toml", "\nrun.years = 7\n")]);
    let said = says(folder.path(), &["explain-config", "a.toml", "--set", "run.seed=3"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let line = |path: &str| {
        let line = said.out.lines().find(|line| line.starts_with(path)).expect("every setting has a line");
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("run.years"), "run.years = 7 # a.toml:2");
    assert_eq!(line("run.seed"), "run.seed = 3 # --set run.seed=3");
    assert_eq!(line("run.burn_in"), "run.burn_in = 25 # default");
    let json = says(folder.path(), &["explain-config", "a.toml", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("the output is JSON");
    assert_eq!(json["files"], serde_json::json!(["a.toml"]));
    let defaults = says(folder.path(), &["explain-config"]);
    assert!(defaults.out.lines().all(|line| line.ends_with("# default")), "{}", defaults.out);
}

#[test]
fn generated_texts_are_what_they_claim_to_be() {
    let folder = folder(&[]);
    let schema = says(folder.path(), &["schema"]);
    assert_eq!(schema.code, Some(0));
    let schema: serde_json::Value = serde_json::from_str(&schema.out).expect("the schema is JSON");
    assert_eq!(schema["properties"]["run"]["properties"]["years"]["minimum"], 1);
    let reference = says(folder.path(), &["reference"]);
    fs::write(folder.path().join("r.toml"), reference.out).expect("a file can be written");
    assert_eq!(says(folder.path(), &["check", "r.toml"]).code, Some(0));
    assert!(says(folder.path(), &["completions", "bash"]).out.contains("explain-config"));
    assert!(says(folder.path(), &["man"]).out.starts_with(".ie"));
    assert_eq!(says(folder.path(), &["man", "pages/man1"]).code, Some(0));
    for page in ["fondaco.1", "fondaco-check.1", "fondaco-explain-config.1"] {
        assert!(folder.path().join("pages/man1").join(page).is_file(), "{page} is missing");
    }
}

#[test]
fn a_new_scenario_is_sound_and_never_overwrites() {
    let folder = folder(&[("old.toml", "# mine\n")]);
    for (name, file) in [("study", "study.toml"), ("v1.2", "v1.2.toml"), ("other.toml", "other.toml")] {
        assert_eq!(says(folder.path(), &["new", name]).code, Some(0), "{name}");
        assert_eq!(says(folder.path(), &["check", file]).code, Some(0), "{file}");
    }
    let refused = says(folder.path(), &["new", "old"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.starts_with("error: old.toml exists already\n"), "{}", refused.err);
    assert_eq!(fs::read_to_string(folder.path().join("old.toml")).expect("it is still there"), "# mine\n");
    assert_eq!(says(folder.path(), &["new", "no/such/folder/x"]).code, Some(1));
}

#[test]
fn a_wrong_command_line_exits_2_and_help_0() {
    let folder = folder(&[]);
    for words in [&["chekc"][..], &["check"], &["schema", "x"], &[], &["completions", "dos"]] {
        let said = says(folder.path(), words);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{words:?}");
        assert!(!said.err.is_empty(), "{words:?}");
    }
    assert!(says(folder.path(), &["chekc"]).err.contains("check"), "a slip is answered with the verb meant");
    let help = says(folder.path(), &["--help"]);
    assert_eq!(help.code, Some(0));
    assert!(help.out.contains("Exit codes"), "{}", help.out);
    assert_eq!(says(folder.path(), &["--version"]).out, format!("fondaco {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_reader_that_has_had_enough_is_no_failure() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fondaco"));
    let mut child = command.arg("reference").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().expect("it is piped").read_to_string(&mut err).expect("the program writes UTF-8");
    assert_eq!((child.wait().expect("it ends").code(), err.as_str()), (Some(0), ""));
}

#[test]
fn a_measure_of_the_catalogue_can_be_copied_into_a_scenario() {
    let folder = folder(&[]);
    let listed = says(folder.path(), &["measures"]);
    assert_eq!(listed.code, Some(0), "{}", listed.err);
    assert!(listed.out.contains("fair-voucher  (") && listed.out.contains("    evidence  "), "{}", listed.out);
    let tables = says(folder.path(), &["measures", "fair-voucher", "trade-visit"]);
    fs::write(folder.path().join("copied.toml"), &tables.out).expect("a file can be written");
    let checked = says(folder.path(), &["check", "copied.toml"]);
    assert_eq!(checked.code, Some(0), "{}\n{}", tables.out, checked.err);
    let wrong = says(folder.path(), &["measures", "fair-vouchers", "no-such-thing"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (Some(2), ""));
    assert!(wrong.err.contains("did you mean \"fair-voucher\"?") && wrong.err.contains("2 errors"), "{}", wrong.err);
}

#[test]
fn a_run_that_cannot_fit_is_refused_with_what_would() {
    let folder = folder(&[("a.toml", "population.firms = 50000000\n")]);
    let mut command = Command::new("sh");
    let limited = format!("ulimit -v 4000000; exec '{}' run a.toml -j 1", env!("CARGO_BIN_EXE_fondaco"));
    let output = command.current_dir(folder.path()).args(["-c", &limited]).output().expect("a shell starts");
    let err = String::from_utf8(output.stderr).expect("the program writes UTF-8");
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("50000000 firms do not fit into memory"), "{err}");
    assert!(err.contains("a.toml:1:20") && err.contains(" firms fit (population.firms)"), "{err}");
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1, "nothing is written");
}

#[test]
fn a_file_that_may_not_grow_further_is_an_error_in_words() {
    let folder =
        folder(&[("a.toml", "population.firms = 2000\nrun.years = 6\noutput.events = true\noutput.figures = false\n")]);
    let limited = format!("ulimit -f 8; exec '{}' run a.toml -q --out here", env!("CARGO_BIN_EXE_fondaco"));
    let output =
        Command::new("bash").current_dir(folder.path()).args(["-c", &limited]).output().expect("a shell starts");
    let err = String::from_utf8(output.stderr).expect("the program writes UTF-8");
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.contains("could not") && err.contains(".parquet"), "{err}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_hangup_that_the_starter_ignores_stays_ignored() {
    let folder = folder(&[("a.toml", "population.firms = 3000\nrun.years = 20\noutput.figures = false\n")]);
    for (trap, code) in [("trap '' HUP;", 0), ("", 130)] {
        let words = format!("{trap} exec '{}' run a.toml --force --out here", env!("CARGO_BIN_EXE_fondaco"));
        let mut command = Command::new("bash");
        let command =
            command.current_dir(folder.path()).args(["-c", &words]).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a shell starts");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        // The first year is told when the watch is set and most of the work is to come.
        lines
            .find(|line| line.as_ref().is_ok_and(|line| line.contains("\"year\"")))
            .expect("years are told")
            .expect("in UTF-8");
        let hung = Command::new("kill").args(["-HUP", &child.id().to_string()]).status().expect("kill starts");
        assert!(hung.success());
        lines.for_each(drop);
        assert_eq!(child.wait().expect("it ends").code(), Some(code), "{trap}");
    }
}
