//! Sweeps from outside: killed, shared out, grown, refused; their runs are those of `fondaco run`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const TINY: &str = "run.years = 3\nrun.burn_in = 2\npopulation.firms = 150\nworld.largest = 20\n";
const GRID: &str = "scenario = \"tiny.toml\"\n[sweep]\nreplicates = 3\noutcomes = [\"exporter_share\", \"domestic\"]\n\
    [axis.founders]\nsetting = \"mechanism.founder.contacts\"\nvalues = [0, 1, 2]\n\
    [axis.theta_min]\nsetting = \"trajectory.theta_min\"\nvalues = [0.05, 0.3]\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    folder
}

fn command(folder: &Path, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fondaco"));
    command.current_dir(folder).args(words.split_whitespace()).stdin(Stdio::null());
    command
}

/// Exit code, standard output, standard error.
fn says(folder: &Path, words: &str) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command(folder, words).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    (status.code(), text(stdout), text(stderr))
}

fn done(folder: &Path, words: &str) -> String {
    let (code, out, err) = says(folder, words);
    assert_eq!(code, Some(0), "{words}: {err}");
    out + &err
}

/// The same for a sweep of which some points contradict themselves: runs that failed are told, whatever was asked for.
fn made(folder: &Path, words: &str) -> String {
    let (code, out, err) = says(folder, words);
    assert!(code == Some(1) && err.contains("runs failed: ") && err.contains("above theta"), "{words}: {err}");
    out + &err
}

fn bytes(folder: &Path, name: &str) -> Vec<u8> {
    fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn a_run_of_a_sweep_is_a_run_of_the_scenario() {
    let folder = folder(&[("tiny.toml", TINY), ("grid.toml", GRID)]);
    made(folder.path(), "sweep run grid.toml -q");
    done(folder.path(), "sweep export grid.toml --format csv");
    let table = String::from_utf8(bytes(folder.path(), "output/grid/runs.csv")).expect("CSV is UTF-8");
    // Point 2 has founders = 1, theta_min = 0.05; the first replicate alone is a run without replicates.
    let row = table.lines().find(|line| line.starts_with("2,0,1,0.05,")).expect("the run is there");
    done(folder.path(), "run tiny.toml --set mechanism.founder.contacts=1 --out single -q");
    let summary: serde_json::Value = serde_json::from_slice(&bytes(folder.path(), "single/summary.json")).unwrap();
    let cells: Vec<f64> = row.split(',').skip(4).take(2).map(|cell| cell.parse().expect("a number")).collect();
    assert_eq!(cells[0], summary["homes"][0]["exporter_share"].as_f64().unwrap());
    let trajectories = summary["trajectories"].as_array().unwrap();
    let domestic = trajectories.iter().find(|pair| pair[0] == "domestic").expect("every label is there");
    assert_eq!(cells[1], domestic[1].as_f64().unwrap());
}

#[test]
fn contradictory_points_fail_with_their_cause_and_stop_nobody() {
    let folder = folder(&[("tiny.toml", TINY), ("grid.toml", GRID)]);
    let told = made(folder.path(), "sweep run grid.toml -j 2");
    assert!(told.contains("18 of 18 runs are there") && told.contains("9 failed"), "{told}");
    let told = done(folder.path(), "sweep status grid.toml");
    assert!(told.contains("9 of them failed; 0 to make") && told.contains("theta_min = 0.3 is above theta"), "{told}");
    let told = made(folder.path(), "sweep retry --failed grid.toml");
    assert!(told.contains("9 made"), "{told}");
    for format in ["parquet", "behaviorspace"] {
        done(folder.path(), &format!("sweep export grid.toml --format {format}"));
    }
    let table = String::from_utf8(bytes(folder.path(), "output/grid/behaviorspace.csv")).expect("CSV is UTF-8");
    assert_eq!(table.lines().count(), 7 + 9, "head and the runs that did not fail");
    assert!(
        table
            .lines()
            .nth(6)
            .unwrap()
            .starts_with("\"[run number]\",\"founders\",\"theta_min\",\"replicate\",\"[step]\",")
    );
    let (code, _, told) = says(folder.path(), "sweep export grid.toml");
    assert_eq!(code, Some(2));
    assert!(told.contains("is there already"), "{told}");
}

/// A sweep of runs that take a few milliseconds each.
const LONG: &str = "scenario = \"tiny.toml\"\n[sweep]\ndesign = \"sobol\"\npoints = 2048\noutcomes = [\"exporter_share\"]\n\
    [axis.founders]\nsetting = \"mechanism.founder.contacts\"\ndistribution = \"uniform\"\nlow = 0\nhigh = 2\n";

/// Waits until a store has grown by a kilobyte, or the program has ended.
fn grown(child: &mut Child, store: &Path, from: u64) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        if child.try_wait().expect("a child can be asked").is_some() {
            return false;
        }
        if fs::metadata(store).is_ok_and(|file| file.len() > from + 1000) {
            return true;
        }
        std::thread::yield_now();
    }
    panic!("the sweep does not get on");
}

#[test]
fn a_sweep_killed_again_and_again_ends_as_an_undisturbed_one() {
    let folder = folder(&[("tiny.toml", TINY), ("long.toml", LONG)]);
    done(folder.path(), "sweep run long.toml --store whole -q -j 1");
    let store = folder.path().join("killed/runs.seg");
    let mut kills = 0;
    loop {
        let from = fs::metadata(&store).map_or(0, |file| file.len());
        let mut child = command(folder.path(), "sweep run long.toml --store killed -q -j 2").spawn().expect("starts");
        if !grown(&mut child, &store, from) {
            assert!(child.wait().expect("it ended").success());
            break;
        }
        // SIGKILL on Unix.
        child.kill().expect("it can be killed");
        child.wait().expect("it ended");
        kills += 1;
        if kills == 2 {
            // A torn end, as a machine without power leaves it.
            let half = fs::read(&store).expect("a store");
            fs::write(&store, &half[..half.len() - 7]).expect("written");
            let told = done(folder.path(), "sweep resume long.toml --store killed");
            assert!(told.contains("of unfinished runs were cut off"), "{told}");
        }
    }
    assert!(kills >= 2, "{kills} kills");
    assert_eq!(bytes(folder.path(), "whole/runs.seg"), bytes(folder.path(), "killed/runs.seg"));
    for store in ["whole", "killed"] {
        done(folder.path(), &format!("sweep export long.toml --store {store}"));
    }
    assert_eq!(bytes(folder.path(), "whole/runs.parquet"), bytes(folder.path(), "killed/runs.parquet"));
}

#[test]
fn shards_merge_into_the_sweep_that_was_never_shared_out() {
    let folder = folder(&[("tiny.toml", TINY), ("grid.toml", GRID)]);
    made(folder.path(), "sweep run grid.toml --store whole -q");
    for i in 1..=4 {
        // Whether a share has contradictory points is chance.
        let code = says(folder.path(), &format!("sweep run grid.toml --store shared --shard {i}/4 -q")).0;
        assert!(matches!(code, Some(0 | 1)));
    }
    assert_eq!(says(folder.path(), "sweep status grid.toml --store shared").0, Some(2), "nothing is merged yet");
    let told = done(folder.path(), "sweep merge grid.toml --store shared");
    assert!(told.contains("18 runs added from 4 stores; 18 of 18 runs are there"), "{told}");
    assert_eq!(bytes(folder.path(), "whole/runs.seg"), bytes(folder.path(), "shared/runs.seg"));
    assert_eq!(says(folder.path(), "sweep run grid.toml --shard 5/4").0, Some(2));
}

#[test]
fn a_plan_makes_nothing_and_a_store_is_shared_by_sweeps() {
    let more = GRID.replace("values = [0, 1, 2]", "values = [0, 1, 2, 3]");
    let folder = folder(&[("tiny.toml", TINY), ("grid.toml", GRID), ("more.toml", &more)]);
    let plan = |words: &str| -> serde_json::Value {
        serde_json::from_str(&says(folder.path(), &format!("sweep plan {words} --json")).1).expect("a plan is JSON")
    };
    let before = plan("grid.toml --store s");
    assert_eq!((before["runs"].as_u64(), before["to_make"].as_u64()), (Some(18), Some(18)));
    assert!(before["seconds"].as_f64().unwrap() > 0.0 && before["bytes"].as_u64().unwrap() > 1000);
    assert!(!folder.path().join("s").exists() && !folder.path().join("output").exists());
    made(folder.path(), "sweep run grid.toml --store s -q");
    let old = bytes(folder.path(), "s/runs.seg");
    assert_eq!(plan("more.toml --store s")["to_make"].as_u64(), Some(6));
    made(folder.path(), "sweep run more.toml --store s -q");
    assert!(bytes(folder.path(), "s/runs.seg").starts_with(&old));
    // Another seed is another run, and so is another version of the scenario.
    assert_eq!(plan("grid.toml --store s --set run.seed=2")["to_make"].as_u64(), Some(18));
    assert_eq!(plan("grid.toml --store s --set run.name=x")["to_make"].as_u64(), Some(0));
}

#[test]
fn a_store_that_cannot_be_used_is_told_and_left_alone() {
    let folder = folder(&[("tiny.toml", TINY), ("grid.toml", GRID)]);
    let (code, _, told) = says(folder.path(), "sweep resume grid.toml");
    assert!(code == Some(2) && told.contains("there are no runs in"), "{told}");
    made(folder.path(), "sweep run grid.toml -q");
    let path = folder.path().join("output/grid/runs.seg");
    let sound = fs::read(&path).expect("a store");
    // Damage in the middle.
    let mut damaged = sound.clone();
    damaged[sound.len() / 2] ^= 0x40;
    fs::write(&path, &damaged).expect("written");
    for words in ["run", "resume", "status", "export", "report"] {
        let (code, _, told) = says(folder.path(), &format!("sweep {words} grid.toml"));
        assert!(
            code == Some(2) && told.contains("is damaged from byte") && told.contains("--repair"),
            "{words}: {told}"
        );
        assert_eq!(bytes(folder.path(), "output/grid/runs.seg"), damaged, "{words}");
    }
    let told = made(folder.path(), "sweep resume grid.toml --repair");
    assert!(told.contains("damaged bytes were left out") && told.contains("1 made"), "{told}");
    assert_eq!(bytes(folder.path(), "output/grid/runs.seg.damaged-1"), damaged);
    // Another version of the program: its chapter has a version of the same length, and a check of its own.
    let other = with_version(&sound, env!("CARGO_PKG_VERSION"), "9.9.9");
    fs::write(&path, &other).expect("written");
    let (code, _, told) = says(folder.path(), "sweep resume grid.toml");
    assert!(code == Some(2) && told.contains("18 of fondaco 9.9.9") && told.contains("--anew"), "{told}");
    assert_eq!(bytes(folder.path(), "output/grid/runs.seg"), other);
}

/// The bytes of a store with another version in its chapter, whose check is worked out anew.
fn with_version(store: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "the version has three digits");
    let head = b"fondaco runs 1\n".len();
    let length = u32::from_le_bytes(store[head + 4..head + 8].try_into().unwrap());
    let end = head + 8 + length as usize;
    let text = String::from_utf8(store[head + 9..end].to_vec()).expect("a chapter is JSON");
    let payload = [&[1], text.replacen(from, to, 1).as_bytes()].concat();
    let check = blake3::hash(&[&length.to_le_bytes()[..], &payload].concat());
    [&store[..head + 8], &payload, &check.as_bytes()[..8], &store[end + 8..]].concat()
}

#[test]
fn pages_are_whole_and_the_same_for_the_same_store() {
    let morris = "scenario = \"tiny.toml\"\n[sweep]\ndesign = \"morris\"\npoints = 4\nreplicates = 2\n\
        outcomes = [\"exporter_share\"]\n[axis.founders]\nsetting = \"mechanism.founder.contacts\"\n\
        distribution = \"uniform\"\nlow = 0\nhigh = 2\n[axis.rule]\nsetting = \"mechanism.decision.rule\"\n\
        values = [\"uppsala\", \"network\"]\n";
    let folder = folder(&[("tiny.toml", TINY), ("grid.toml", GRID), ("morris.toml", morris)]);
    made(folder.path(), "sweep run grid.toml -q");
    done(folder.path(), "sweep report grid.toml --figures-dir figures");
    done(folder.path(), "sweep report grid.toml --out again.html");
    done(folder.path(), "sweep report grid.toml --out again.html");
    fs::write(folder.path().join("other.html"), "<!doctype html>\n<title>Sweep grid</title>").expect("written");
    assert_eq!(says(folder.path(), "sweep report grid.toml --out other.html").0, Some(2), "it is no page of a sweep");
    let told = done(folder.path(), "sweep status grid.toml --set run.seed=77");
    assert!(told.contains("0 of 18") && told.contains("runs of other settings"), "{told}");
    let page = String::from_utf8(bytes(folder.path(), "output/grid/report.html")).expect("a page is UTF-8");
    assert_eq!(page.as_bytes(), bytes(folder.path(), "again.html"));
    assert!(page.matches("<svg").count() >= 8 && page.ends_with("</html>\n"), "figures are inside");
    for outside in ["http://", "https://", "<script", "<link", "src="] {
        let strange = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!strange.contains(outside), "{outside} in the page");
    }
    let ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let told: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(told.len(), ids.len(), "no name is there twice");
    assert!(
        page.split("labelledby=\"")
            .skip(1)
            .all(|rest| { rest.split('"').next().unwrap().split(' ').all(|name| told.contains(name)) })
    );
    assert!(folder.path().join("figures/heat_exporter_share_founders_theta_min.svg").is_file());
    let out = done(folder.path(), "sensitivity morris.toml");
    assert!(out.contains("mu*") && out.contains("founders") && out.contains("Monte-Carlo noise"), "{out}");
    assert_eq!(out.matches("mu*: mean size of the effect").count(), 1, "{out}");
    let page = String::from_utf8(bytes(folder.path(), "output/morris/sensitivity.html")).expect("a page is UTF-8");
    assert!(page.contains("<th class=\"n\">μ*</th>") && page.contains("σ: how much the effect"));
    let table = String::from_utf8(bytes(folder.path(), "output/morris/sensitivity.csv")).expect("CSV is UTF-8");
    assert!(table.starts_with("outcome,axis,what,value,low,high\nexporter_share,founders,mu,"), "{table}");
    assert_eq!(says(folder.path(), "sensitivity morris.toml").0, Some(2), "nothing is overwritten unasked");
    let (code, _, told) = says(folder.path(), "sensitivity grid.toml");
    assert!(code == Some(2) && told.contains("the design grid is no sample for sensitivity"), "{told}");
}

#[test]
fn every_shipped_sweep_is_sound() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<String> = fs::read_dir(root.join("scenarios/sweeps"))
        .expect("sweeps are shipped")
        .map(|entry| format!("scenarios/sweeps/{}", entry.expect("it is read").file_name().to_string_lossy()))
        .collect();
    files.sort();
    assert!(files.len() >= 6, "{files:?}");
    let (code, _, told) = says(&root, &format!("check {}", files.join(" ")));
    assert_eq!(code, Some(0), "{told}");
    assert!(!told.contains("warning"), "{told}");
    assert_eq!(told.matches(": sound; ").count(), files.len(), "{told}");
}
