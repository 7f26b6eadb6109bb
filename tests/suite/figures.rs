//! Figures as they are asked for from outside: chosen by name, in the style of journals, with their numbers beside them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const TINY: &str = "run.years = 6\nrun.burn_in = 4\nrun.replicates = 2\npopulation.firms = 300\nworld.largest = 20\n";

/// Exit code and all that is said of a command in a folder.
fn says(folder: &Path, words: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fondaco"));
    let Output { status, stdout, stderr } =
        command.current_dir(folder).args(words.split_whitespace()).output().expect("the program starts");
    (status.code(), [stdout, stderr].map(|part| String::from_utf8_lossy(&part).into_owned()).concat())
}

/// Every file among the figures of a result, by name.
fn figures(result: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(result.join("figures")).expect("there are figures");
    let read = |entry: fs::DirEntry| {
        (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("it can be read"))
    };
    entries.map(|entry| read(entry.expect("it can be listed"))).collect()
}

#[test]
fn figures_of_a_journal_are_the_same_bytes_on_any_threads_and_all_in_the_manifest() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tiny.toml"), TINY).unwrap();
    let asked = "run tiny.toml -q --figures trajectory,map,entry_order --figure-style plain --figure-width 84";
    for threads in [1, 3] {
        let (code, said) = says(folder.path(), &format!("{asked} -j {threads} --out on-{threads}"));
        assert_eq!(code, Some(0), "{said}");
    }
    let (one, three) = (figures(&folder.path().join("on-1")), figures(&folder.path().join("on-3")));
    assert_eq!(one, three);
    let stems = ["entry_order", "map", "trajectory"];
    let names: Vec<String> = stems
        .iter()
        .flat_map(|stem| ["csv", "pdf", "png", "svg", "txt"].map(|ending| format!("{stem}.{ending}")))
        .collect();
    assert_eq!(one.keys().cloned().collect::<Vec<_>>(), names);
    let manifest = fs::read_to_string(folder.path().join("on-1/manifest.json")).unwrap();
    for (name, bytes) in &one {
        assert!(manifest.contains(&format!("\"figures/{name}\"")), "{name} is in the manifest");
        let rows = bytes.iter().filter(|byte| **byte == b'\n').count();
        assert!(!name.ends_with(".csv") || rows > 1, "{name} has numbers");
    }
}

#[test]
fn a_figure_nobody_knows_is_told_before_anything_is_simulated() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tiny.toml"), TINY).unwrap();
    for (words, near) in [
        ("run tiny.toml --out there --figures trajectori,map", "did you mean `trajectory`?"),
        ("check tiny.toml --set output.figure_names=entry_ordr", "did you mean `entry_order`?"),
        ("validate tiny.toml --out there --figures scoreboard", "did you mean `scorecard`?"),
        ("calibrate tiny.toml --out there --figures pin", "did you mean `pins`?"),
    ] {
        let (code, said) = says(folder.path(), words);
        assert_eq!(code, Some(2), "{words}: {said}");
        assert!(said.contains(near), "{words}: {said}");
        assert!(!folder.path().join("there").exists(), "{words} writes nothing");
    }
    let (code, said) = says(folder.path(), "run tiny.toml --figure-style glossy");
    assert!(code == Some(2) && said.contains("plain"), "{said}");
    let (code, said) = says(folder.path(), "run tiny.toml --figure-width 12");
    assert!(code == Some(2) && said.contains("60 to 300"), "{said}");
}

#[test]
fn a_label_that_figures_cannot_draw_is_told_with_what_they_write() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tiny.toml"), TINY).unwrap();
    let arms = "[compare]\nbaseline = \"tiny.toml\"\nreplicates = 2\nhorizon = 2\n[arm.visits]\nset = [\"shock.s.start = 1996\"]\n";
    for (label, told) in [("展览", Some("ZhanLan")), ("выставка", None), ("foire d'été", None)] {
        fs::write(folder.path().join("compare.toml"), format!("{arms}label = \"{label}\"\n")).unwrap();
        let (code, said) = says(folder.path(), "check compare.toml");
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(said.contains("figures cannot draw"), told.is_some(), "{label}: {said}");
        assert!(told.is_none_or(|told| said.contains(told)), "{said}");
    }
}
