//! Commands as they are printed: those of README.md and docs/ are run, in order and on small populations, and do what they say.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The commands of the program in the shell blocks of a text, as words, comments and continued lines taken care of.
fn printed(text: &str) -> Vec<Vec<String>> {
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let mut found = Vec::new();
    for (block, _) in blocks {
        for line in block.replace("\\\n", " ").lines() {
            let line = line.split(" #").next().unwrap_or_default().trim();
            let words = line.strip_prefix("cargo run --release -- ").or_else(|| line.strip_prefix("fondaco "));
            found.extend(words.map(|words| words.split_whitespace().map(str::to_owned).collect()));
        }
    }
    found
}

/// The same command over fewer firms and seeds; nothing where no flag makes it small.
fn small(words: &[String]) -> Option<Vec<String>> {
    let mut asked: Vec<String> = words.to_vec();
    let mut set = |flag: &str, value: &str| match asked.iter().position(|word| word == flag) {
        Some(at) => asked[at + 1] = value.to_owned(),
        None => asked.extend([flag.to_owned(), value.to_owned()]),
    };
    let verb: Vec<&str> = words.iter().take(2).map(String::as_str).collect();
    match verb[..] {
        ["theory", "--all"] => return None,
        ["theory", _] => {
            set("--seeds", "2");
            set("--firms", "100");
        }
        ["run", _] => {
            set("--firms", "300");
            set("--replicates", "2");
            set("--years", "3");
        }
        ["compare", _] => {
            set("--firms", "300");
            set("--replicates", "2");
        }
        ["calibrate" | "validate", _] => {
            set("--firms", "400");
            set("--seeds", "2");
        }
        ["sweep" | "sensitivity", _] => asked.extend(["--set".to_owned(), "population.firms=20".to_owned()]),
        _ => {}
    }
    if let Some(at) = asked.iter().position(|word| word == "--budget") {
        asked[at + 1] = "8".to_owned();
    }
    Some(asked)
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("it is there") {
        let path = entry.expect("it can be read").path();
        let target = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file can be copied");
        }
    }
}

/// Runs the commands of a document in a folder that holds what a checkout holds for them.
fn obey(document: &str) -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join(document)).expect("the document is there");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&root.join("scenarios"), &folder.path().join("scenarios"));
    if let Some(study) = text.split("```toml\n").nth(1).and_then(|rest| rest.split_once("```")) {
        fs::write(folder.path().join("study.toml"), study.0).expect("a file can be written");
    }
    let mut obeyed = BTreeMap::new();
    for words in printed(&text) {
        let Some(mut asked) = small(&words) else { continue };
        // `<id>` stands for what the program adds to the name of a result.
        for word in asked.iter_mut().filter(|word| word.contains("<id>")) {
            let stem = word.replace("<id>", "");
            let mut results: Vec<_> = fs::read_dir(folder.path().join("output"))
                .expect("results are there")
                .map(|entry| format!("output/{}", entry.expect("it can be read").file_name().to_string_lossy()))
                .filter(|name| name.starts_with(&stem))
                .collect();
            results.sort();
            *word = results.first().unwrap_or_else(|| panic!("no result is called {stem}…")).clone();
        }
        // What was said twice, over as many firms, is there already.
        if obeyed.contains_key(&asked) {
            continue;
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_fondaco"));
        let output = command.current_dir(folder.path()).args(&asked).stdin(Stdio::null()).output().expect("it starts");
        let code = output.status.code();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(code, Some(0), "{document}: {}\n{told}", asked.join(" "));
        obeyed.insert(asked, ());
    }
    obeyed.len()
}

#[test]
fn the_commands_of_the_readme_do_what_they_say() {
    assert!(obey("README.md") >= 7);
}

#[test]
fn the_commands_of_the_page_on_measures_do_what_they_say() {
    assert!(obey("docs/policies.md") >= 2);
}

#[test]
fn the_commands_of_the_page_on_sweeps_do_what_they_say() {
    assert!(obey("docs/sweeps.md") >= 7);
}

#[test]
fn commands_are_read_as_a_shell_reads_them() {
    let text = "x\n```sh\nfondaco run a.toml --set b=1 \\\n    -r 2   # why\n# no\ncargo run --release -- check a.toml\nls\n```\n";
    assert_eq!(printed(text), [vec!["run", "a.toml", "--set", "b=1", "-r", "2"], vec!["check", "a.toml"]]);
}
