//! The layers that can be left out: whoever takes the model alone builds neither tables, figures nor a command line.

use std::collections::BTreeSet;
use std::process::Command;

/// What serves the layer `report` or the layer `command`, and what these bring.
const UPPER: &[&str] = &[
    "anstream",
    "arrow-",
    "chrono",
    "clap",
    "comfy-table",
    "console",
    "ctrlc",
    "flate2",
    "flatbuffers",
    "fontdb",
    "indicatif",
    "jiff",
    "miniz_oxide",
    "parquet",
    "pdf-writer",
    "plotters",
    "png",
    "resvg",
    "rustybuzz",
    "signal-hook",
    "svg2pdf",
    "sysinfo",
    "tempfile",
    "tiny-skia",
    "usvg",
    "zstd",
];

/// Libraries that the model may rest on; a new one is worth a second look.
const MOST: usize = 65;

/// The libraries of a tree, one a line with its features, those of build scripts and macros too.
fn lines(words: &[&str]) -> Vec<String> {
    let common = ["tree", "--locked", "--offline", "--prefix", "none", "--no-dedupe", "--format", "{p}|{f}"];
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo.args(common).args(words).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let output = output.expect("cargo can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let list = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    list.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Names of all libraries that some features need.
fn tree(features: &[&str]) -> BTreeSet<String> {
    let lines = lines(&[features, &["--edges", "normal,build"]].concat());
    lines.iter().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

fn upper(tree: &BTreeSet<String>) -> Vec<&String> {
    tree.iter().filter(|name| UPPER.iter().any(|upper| name.starts_with(upper))).collect()
}

#[test]
fn the_model_alone_builds_no_tables_figures_or_command_line() {
    let model = tree(&["--no-default-features"]);
    assert!(model.contains("petgraph"), "the tree was not read: {model:?}");
    assert_eq!(upper(&model), Vec::<&String>::new());
    assert!(model.len() <= MOST, "{} libraries: {model:?}", model.len());
}

#[test]
fn results_are_written_without_a_command_line() {
    let written = tree(&["--no-default-features", "--features", "report"]);
    let all = tree(&[]);
    for name in ["clap", "indicatif", "comfy-table", "anstream"] {
        assert!(!written.contains(name) && all.contains(name), "{name}");
    }
    for name in UPPER.iter().filter(|name| **name != "ctrlc") {
        assert!(all.iter().any(|library| library.starts_with(name)), "nothing is called {name} any more");
    }
}

#[test]
fn tests_build_no_library_of_the_program_anew() {
    let of = |edges: &str| -> BTreeSet<String> { lines(&["--edges", edges]).into_iter().collect() };
    let (program, tests) = (of("normal,build"), of("normal,build,dev"));
    let anew: Vec<&String> = program.difference(&tests).collect();
    assert!(anew.is_empty(), "tests need these with other features: {anew:?}");
    assert!(tests.len() > program.len(), "libraries of the tests are listed too");
}
