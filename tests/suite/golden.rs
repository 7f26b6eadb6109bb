//! A few headline numbers of a tiny scenario, changed only on purpose; the same bytes on other processors.

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;

/// Fixed for good: another scenario would need other numbers.
const TINY: &str = "\
    run.seed = 7\nrun.start = 2005\nrun.years = 12\nrun.burn_in = 8\nrun.replicates = 2\nrun.checks = true\n\
    population.firms = 1000\npopulation.homes = [\"BEL\", \"NLD\"]\nworld.largest = 40\n";

/// The result of the tiny scenario, for all tests here.
static PLAIN: LazyLock<TempDir> = LazyLock::new(|| tiny(None));

/// A folder with the result of the tiny scenario; `tunables` say which features of the processor the C library may use.
fn tiny(tunables: Option<&str>) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    fs::write(folder.path().join("tiny.toml"), TINY).expect("a scenario is written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_fondaco"));
    command.current_dir(folder.path());
    command.args(["run", "tiny.toml", "--quiet", "--events", "--panel", "--csv", "--out", "result"]);
    if let Some(tunables) = tunables {
        command.env("GLIBC_TUNABLES", tunables);
    }
    let output = command.stdin(Stdio::null()).output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

fn result(folder: &TempDir) -> PathBuf {
    folder.path().join("result")
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("a result is read");
    serde_json::from_str(&text).expect("it is JSON")
}

/// The numbers a reader would look at first.
fn headline(result: &Path) -> Value {
    let summary = read(&result.join("summary.json"));
    let homes: Vec<Value> = summary["homes"]
        .as_array()
        .expect("there are homes")
        .iter()
        .map(|home| {
            json!({
                "home": home["home"], "exporter_share": home["exporter_share"], "mean_fsts": home["mean_fsts"],
                "markets_per_exporter": home["markets_per_exporter"], "sns_share": home["sns_share"],
                "exports_usd": home["exports_usd"],
            })
        })
        .collect();
    let rows: serde_json::Map<String, Value> = read(&result.join("manifest.json"))["outputs"]
        .as_array()
        .expect("there are outputs")
        .iter()
        .filter(|output| output["rows"].is_u64() && output["name"].as_str().is_some_and(|name| name.ends_with(".csv")))
        .map(|output| (output["name"].as_str().expect("a name").to_owned(), output["rows"].clone()))
        .collect();
    json!({ "year": summary["year"], "homes": homes, "lives": summary["lives"], "trajectories": summary["trajectories"], "rows": rows })
}

#[test]
fn the_headline_numbers_change_only_on_purpose() {
    let found = format!("{:#}\n", headline(&result(&PLAIN)));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/headline.json");
    if std::env::var_os("FONDACO_BLESS").is_some_and(|bless| bless == "1") {
        fs::write(&path, &found).expect("the golden file can be written");
    }
    let golden = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let moved: Vec<String> = golden
        .lines()
        .zip(found.lines())
        .filter(|(old, new)| old != new)
        .map(|(old, new)| format!("  {} -> {}", old.trim(), new.trim()))
        .collect();
    assert!(
        golden == found,
        "numbers changed:\n{}\nIf that was meant, write a line under \"Numbers changed\" in CHANGELOG.md: what moved, \
         by how much and why. Then FONDACO_BLESS=1 cargo test --release --test suite golden takes them over.",
        moved.join("\n")
    );
}

#[test]
fn the_same_bytes_come_from_processors_with_fewer_features() {
    if !cfg!(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64")) {
        println!("skipped: only glibc on x86-64 can be told to pass over features of the processor");
        return;
    }
    let tunables = "glibc.cpu.hwcaps=-FMA,-AVX2_Usable,-AVX2";
    let all = read(&result(&PLAIN).join("manifest.json"));
    let few = read(&result(&tiny(Some(tunables))).join("manifest.json"));
    let hashes = |manifest: &Value| -> Vec<(String, String)> {
        let outputs = manifest["outputs"].as_array().expect("there are outputs");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        outputs.iter().map(|output| (text(&output["name"]), text(&output["blake3"]))).collect()
    };
    let (all, few) = (hashes(&all), hashes(&few));
    assert!(all.len() > 20, "tables and figures are compared: {}", all.len());
    for ((name, one), (_, other)) in all.iter().zip(&few) {
        assert!(one == other, "{name} differs without FMA and AVX2");
    }
}
