//! Contents held to, from outside: results are named by what they rest on, and what stores hold is never another number.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Four countries at distances of the user's own.
const SMALL: &str = "run.start = 2010\nrun.years = 5\nrun.burn_in = 2\npopulation.firms = 300\n\
    world.countries = [\"FRA\", \"NLD\", \"USA\"]\nworld.felt = \"matrix\"\nworld.felt_matrix = \"felt.csv\"\n\
    output.figures = false\n";
const FELT: &str = "felt,BEL,FRA,NLD,USA\nBEL,0,1,2,9\nFRA,3,0,4,9\nNLD,2,4,0,9\nUSA,9,9,9,0\n";
const ARMS: &str = "[compare]\nbaseline = \"a.toml\"\nhorizon = 3\nreplicates = 4\n[arm.fairs]\n\
    instruments = [\"fair-voucher\"]\n[instrument.fair-voucher]\nstart = 2011\nplaces = 60\n";
const TINY: &str = "run.years = 3\nrun.burn_in = 2\npopulation.firms = 150\nworld.largest = 20\n";
const GRID: &str = "scenario = \"tiny.toml\"\n[sweep]\nreplicates = 3\noutcomes = [\"exporter_share\"]\n\
    [axis.founders]\nsetting = \"mechanism.founder.contacts\"\nvalues = [0, 1, 2, 3]\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    folder
}

fn desk() -> TempDir {
    folder(&[("a.toml", SMALL), ("felt.csv", FELT), ("arms.toml", ARMS)])
}

fn command(folder: &Path, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fondaco"));
    command.current_dir(folder).args(words.split_whitespace()).stdin(Stdio::null());
    command
}

/// Exit code, and all that was said.
fn says(folder: &Path, words: &str) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = command(folder, words).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    (status.code(), text(stdout) + &text(stderr))
}

fn done(folder: &Path, words: &str) -> String {
    let (code, said) = says(folder, words);
    assert_eq!(code, Some(0), "{words}: {said}");
    said
}

/// Asks for what has to be refused or to fail, for a reason that names `what`.
fn fails(folder: &Path, words: &str, code: i32, what: &str) -> String {
    let (found, said) = says(folder, words);
    assert_eq!(found, Some(code), "{words}: {said}");
    assert!(said.contains(what), "{words} does not say {what:?}: {said}");
    said
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    fs::write(folder.join(name), content).unwrap_or_else(|error| panic!("{name}: {error}"));
}

/// Another distance between Belgium and France.
fn farther() -> String {
    FELT.replace("BEL,0,1", "BEL,0,8")
}

fn results(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("output")).expect("there are results");
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("it is read").path()).collect();
    found.sort();
    found
}

#[test]
fn a_result_is_named_and_explained_by_the_contents_of_its_files() {
    let desk = desk();
    let desk = desk.path();
    done(desk, "run a.toml -q");
    fails(desk, "run a.toml -q", 2, "already holds this result");
    let first = results(desk);
    let name = format!("output/{}", first[0].file_name().expect("it has a name").to_string_lossy());
    let life = done(desk, &format!("explain {name} --firm 65536"));
    done(desk, "run a.toml -q --out there");
    write(desk, "felt.csv", farther());
    // The result has a copy of its own, and is held to it.
    assert_eq!(done(desk, &format!("explain {name} --firm 65536")), life);
    fails(desk, "run a.toml -q --out there", 2, "there already holds another result: inputs/felt.csv has changed");
    done(desk, "run a.toml -q");
    assert_eq!(results(desk).len(), 2, "other contents are another result");
    write(desk, &format!("{name}/inputs/felt.csv"), farther());
    fails(desk, &format!("explain {name} --firm 65536"), 2, "felt.csv has changed since the result was made");
}

#[test]
fn a_graph_of_the_users_own_counts_as_contents_too() {
    let edges = "a,b\n0,1\n1,2\n2,3\n";
    let graph = "\n[network]\ngenerator = \"file\"\nfile = \"e.csv\"\n";
    let desk = folder(&[("a.toml", &format!("{SMALL}{graph}")), ("felt.csv", FELT), ("e.csv", edges)]);
    done(desk.path(), "run a.toml -q --out there");
    let manifest = String::from_utf8(read(desk.path(), "there/manifest.json")).expect("it is UTF-8");
    assert!(manifest.contains("e.csv"), "{manifest}");
    write(desk.path(), "e.csv", edges.replace("2,3", "2,4"));
    fails(desk.path(), "run a.toml -q --out there", 2, "e.csv has changed");
    done(desk.path(), "verify there");
    write(desk.path(), "there/inputs/e.csv", edges.replace("2,3", "2,4"));
    fails(desk.path(), "explain there --firm 65536", 2, "e.csv has changed");
    fails(desk.path(), "verify there", 1, "e.csv has changed");
}

#[test]
fn a_comparison_is_explained_and_taken_up_only_with_the_contents_it_was_made_with() {
    let desk = desk();
    let desk = desk.path();
    done(desk, "compare arms.toml -q --out there");
    done(desk, "explain there --firm 65536 --versus fairs");
    write(desk, "felt.csv", farther());
    done(desk, "explain there --firm 65536 --versus fairs");
    write(desk, "there/inputs/felt.csv", farther());
    fails(desk, "explain there --firm 65536 --versus fairs", 2, "felt.csv has changed");
    fails(
        desk,
        "compare arms.toml -q --out there",
        2,
        "there already holds another result: inputs/felt.csv has changed",
    );
}

#[test]
fn verifying_lists_whatever_differs_is_missing_or_was_added() {
    let desk = desk();
    let desk = desk.path();
    done(desk, "run a.toml -q --out there");
    let said = done(desk, "verify there");
    assert!(said.contains("as it was made"), "{said}");
    let summary = read(desk, "there/summary.json");
    for at in [0, summary.len() / 2, summary.len() - 1] {
        let mut changed = summary.clone();
        changed[at] ^= 1;
        write(desk, "there/summary.json", changed);
        fails(desk, "verify there", 1, "differs  summary.json");
    }
    fs::remove_file(desk.join("there/summary.json")).expect("removed");
    write(desk, "there/notes.txt", "mine");
    write(desk, "there/inputs/felt.csv", farther());
    let said = fails(desk, "verify there", 1, "missing  summary.json");
    assert!(said.contains("extra    notes.txt") && said.contains("input    inputs/felt.csv has changed"), "{said}");
    assert!(said.contains("4 things differ"), "{said}");
    write(desk, "there/inputs/felt.csv", FELT);
    write(desk, "there/summary.json", summary);
    fs::remove_file(desk.join("there/notes.txt")).expect("removed");
    done(desk, "verify there");
    let manifest = String::from_utf8(read(desk, "there/manifest.json")).expect("it is UTF-8");
    write(desk, "there/manifest.json", manifest.replacen("\"seed\": 1", "\"seed\": 2", 1));
    for verb in ["verify there", "replay there", "explain there --firm 65536"] {
        fails(desk, verb, 1, "manifest.json is not as it was written");
    }
    fails(desk, "verify .", 2, "is no result");
}

#[test]
fn every_kind_of_result_comes_out_again_byte_for_byte_from_its_own_folder() {
    let desk = desk();
    let desk = desk.path();
    let facts = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/facts.csv")).expect("facts");
    write(desk, "own.csv", facts);
    let search = "--parameters mechanism.order.value=0.02..0.15 --targets C9,C10 --seeds 2 --budget 8";
    for (verb, out) in [
        ("run a.toml --replicates 2 --events --csv --set output.figures=true", "run"),
        ("compare arms.toml --replicates 2 --twins", "compare"),
        ("validate a.toml --seeds 2 --facts own.csv --beside a.toml", "validate"),
        (&format!("calibrate a.toml {search}"), "calibrate"),
    ] {
        done(desk, &format!("{verb} -q --out {out}"));
        done(desk, &format!("verify {out}"));
        let said = done(desk, &format!("replay {out} -j 2"));
        assert!(said.contains("files come out again, byte for byte"), "{said}");
    }
    let page = String::from_utf8(read(desk, "compare/report.html")).expect("it is UTF-8");
    write(desk, "compare/report.html", page.replacen("firms", "farms", 1));
    fails(desk, "replay compare", 1, "differs  report.html from byte");
    for out in ["run", "compare", "validate", "calibrate"] {
        write(desk, &format!("{out}/inputs/felt.csv"), farther());
        fails(desk, &format!("replay {out}"), 1, "input    inputs/felt.csv has changed");
    }
}

#[test]
fn force_leaves_the_users_own_files_in_a_result_and_tells_them() {
    let desk = desk();
    let desk = desk.path();
    done(desk, "run a.toml -q --out there --events");
    fs::create_dir(desk.join("there/notes")).expect("a folder");
    write(desk, "there/notes/thesis.txt", "years of work");
    let said = done(desk, "run a.toml --out there --force");
    assert!(said.contains("notes/thesis.txt is yours"), "{said}");
    assert_eq!(read(desk, "there/notes/thesis.txt"), b"years of work");
    assert!(!desk.join("there/events.parquet").exists(), "what the manifest listed is gone");
    fails(desk, "verify there", 1, "extra    notes/thesis.txt");
}

/// Waits until a file has grown beyond so many bytes.
fn grown(child: &mut Child, path: &Path, beyond: u64) {
    let start = Instant::now();
    while fs::metadata(path).map_or(0, |file| file.len()) <= beyond {
        assert!(start.elapsed() < Duration::from_secs(120), "it does not get on");
        assert!(child.try_wait().expect("a child can be asked").is_none(), "it ended before it was stopped");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_killed_comparison_whose_pairs_were_changed_ends_as_an_undisturbed_one_and_says_so() {
    let desk = desk();
    let desk = desk.path();
    let words = "compare arms.toml --replicates 12 -j 1";
    done(desk, &format!("{words} -q --out whole"));
    let mut child = command(desk, &format!("{words} -q --out there")).spawn().expect("it starts");
    let pairs = desk.join("there.pairs");
    grown(&mut child, &pairs, 12_000);
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    let kept = fs::read(&pairs).expect("pairs are kept");
    let digits: Vec<usize> = (0..kept.len()).filter(|at| kept[*at].is_ascii_digit()).collect();
    let last = kept.windows(4).rposition(|four| four == [0xf0, 0x9f, 0x8f, 0x9b]).expect("a record");
    let mut other = kept.clone();
    other[digits[digits.len() / 3]] ^= 1;
    let mut head = kept.clone();
    head[3] ^= 0x20;
    let doubled = [&kept[..], &kept[last..]].concat();
    let cases = [
        (other, "damaged bytes"),
        (head, "damaged bytes"),
        (doubled, "more than once"),
        (kept[..kept.len() - 5].to_vec(), "unfinished pairs"),
    ];
    for (changed, told) in cases {
        let _ = fs::remove_dir_all(desk.join("there"));
        fs::write(&pairs, changed).expect("written");
        let said = done(desk, &format!("{words} --out there"));
        assert!(said.contains(told) && said.contains("there.pairs"), "{told}: {said}");
        for name in ["comparison.json", "effects.parquet", "report.html"] {
            let one = String::from_utf8_lossy(&read(desk, &format!("whole/{name}"))).into_owned();
            assert!(one == String::from_utf8_lossy(&read(desk, &format!("there/{name}"))), "{told}: {name} differs");
        }
    }
    // The same pairs under other contents are refused by the name of the file, and taken up when it is put back.
    fs::remove_dir_all(desk.join("there")).expect("removed");
    fs::write(&pairs, &kept).expect("written");
    write(desk, "felt.csv", farther());
    let said = fails(desk, &format!("{words} -q --out there"), 2, "felt.csv has changed");
    assert!(said.contains("--force to begin anew"), "{said}");
    write(desk, "felt.csv", FELT);
    done(desk, &format!("{words} -q --out there"));
    assert!(read(desk, "whole/effects.parquet") == read(desk, "there/effects.parquet"));
}

#[test]
fn any_changed_byte_of_a_store_gives_the_undisturbed_table_or_an_error_that_names_the_file() {
    let desk = folder(&[("tiny.toml", TINY), ("grid.toml", GRID)]);
    let desk = desk.path();
    done(desk, "sweep run grid.toml -q");
    done(desk, "sweep export grid.toml --format csv --out whole.csv");
    let sound = read(desk, "output/grid/runs.seg");
    let mut places: Vec<usize> = (0..60).collect();
    places.extend((60..sound.len()).step_by(sound.len() / 40));
    for at in places {
        let mut changed = sound.clone();
        changed[at] ^= 0x04;
        write(desk, "output/grid/runs.seg", &changed);
        let (code, said) = says(desk, "sweep export grid.toml --format csv --out now.csv --force");
        if code == Some(0) {
            let table = String::from_utf8(read(desk, "now.csv")).expect("it is UTF-8");
            assert!(table.contains(",incomplete\n") && said.contains("11 of 12 runs"), "byte {at}: {said}");
        } else {
            assert!(code == Some(2) && said.contains("runs.seg"), "byte {at}: {said}");
        }
        fails(desk, "verify output/grid", 1, "runs.seg");
        let said = done(desk, "sweep resume grid.toml --repair");
        assert!(said.contains("12 of 12 runs are there"), "byte {at}: {said}");
        let made = said.split("; ").find_map(|part| part.split_once(" made in ")).map_or("0", |(made, _)| made);
        assert!(made == "0" || made == "1", "byte {at} loses one run at most: {said}");
        done(desk, "sweep export grid.toml --format csv --out now.csv --force");
        assert!(read(desk, "now.csv") == read(desk, "whole.csv"), "byte {at}");
    }
    done(desk, "verify output/grid");
}

#[test]
fn a_table_of_a_cut_store_says_of_how_many_runs_it_is() {
    let desk = folder(&[("tiny.toml", TINY), ("grid.toml", GRID)]);
    let desk = desk.path();
    done(desk, "sweep run grid.toml -q");
    let said = done(desk, "sweep export grid.toml --format csv");
    assert!(said.contains("12 of 12 runs") && !said.contains("not complete"), "{said}");
    let sound = read(desk, "output/grid/runs.seg");
    write(desk, "output/grid/runs.seg", &sound[..sound.len() / 2]);
    for format in ["csv", "parquet", "behaviorspace"] {
        let said = done(desk, &format!("sweep export grid.toml --format {format} --out half.{format}"));
        assert!(said.contains(" of 12 runs: the sweep is not complete"), "{said}");
        let table = read(desk, &format!("half.{format}"));
        assert!(String::from_utf8_lossy(&table).contains(" of 12"), "{format} says it itself");
    }
    let said = done(desk, "sweep report grid.toml");
    assert!(said.contains(" of 12 runs: the sweep is not complete"), "{said}");
    let page = String::from_utf8(read(desk, "output/grid/report.html")).expect("it is UTF-8");
    assert!(page.contains(" of 12 runs finished") && page.contains("Not every run is made"));
}

#[test]
fn a_sweep_whose_runs_fail_exits_1_and_tells_the_cause_however_quiet() {
    let base = format!("{TINY}[network]\ngenerator = \"file\"\nfile = \"e.csv\"\n");
    let desk = folder(&[("tiny.toml", &base), ("grid.toml", GRID), ("e.csv", "a,b\n0,1\n1,5000\n")]);
    // Whether a graph that names firms that are not there is found out before the runs or by them: never a success.
    let (code, said) = says(desk.path(), "sweep run grid.toml -q");
    assert!(matches!(code, Some(1 | 2)) && said.contains("5000"), "{said}");
    let contrary = GRID.replace("mechanism.founder.contacts", "trajectory.theta_min").replace("0, 1, 2, 3", "0.8, 0.9");
    let desk = folder(&[("tiny.toml", TINY), ("grid.toml", &contrary)]);
    for words in ["run", "resume", "retry --failed"] {
        let said = fails(desk.path(), &format!("sweep {words} grid.toml -q"), 1, "6 of 6 runs failed: ");
        assert!(said.contains("above theta") && said.contains("sweep status grid.toml"), "{said}");
    }
}

#[test]
fn a_store_that_vanishes_under_a_sweep_is_an_error() {
    let long = "scenario = \"tiny.toml\"\n[sweep]\ndesign = \"sobol\"\npoints = 4096\noutcomes = [\"exporter_share\"]\n\
        [axis.founders]\nsetting = \"mechanism.founder.contacts\"\ndistribution = \"uniform\"\nlow = 0\nhigh = 2\n";
    let desk = folder(&[("tiny.toml", TINY), ("long.toml", long)]);
    let mut child = command(desk.path(), "sweep run long.toml -j 1").stderr(Stdio::piped()).spawn().expect("it starts");
    grown(&mut child, &desk.path().join("output/long/runs.seg"), 1000);
    fs::remove_dir_all(desk.path().join("output/long")).expect("removed");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("runs.seg was removed or changed") && !said.contains("runs are there"), "{said}");
}

#[test]
fn a_sweep_is_resumed_only_with_the_contents_it_was_begun_with() {
    let sweep = GRID.replace("tiny.toml", "a.toml");
    let desk = folder(&[("a.toml", SMALL), ("felt.csv", FELT), ("grid.toml", &sweep)]);
    let desk = desk.path();
    done(desk, "sweep run grid.toml -q");
    write(desk, "felt.csv", farther());
    let said = fails(desk, "sweep resume grid.toml", 2, "felt.csv has changed since the runs in output/grid were made");
    assert!(said.contains("fondaco sweep run grid.toml"), "{said}");
    let said = done(desk, "sweep export grid.toml --out now.csv --format csv");
    assert!(said.contains("felt.csv has changed") && said.contains("0 of 12 runs"), "{said}");
    let said = done(desk, "sweep run grid.toml");
    assert!(said.contains("felt.csv has changed") && said.contains("12 made"), "{said}");
    done(desk, "sweep resume grid.toml");
    write(desk, "felt.csv", FELT);
    let said = done(desk, "sweep status grid.toml");
    assert!(said.contains("12 of 12 runs are finished"), "both are in the store: {said}");
}

#[test]
fn a_calibration_tells_moved_starts_bests_on_a_bound_and_parameters_that_move_nothing() {
    // The size of an entry that failed matters nothing as long as nobody rushes.
    let desk = desk();
    let words = "calibrate a.toml --parameters mechanism.demography.newness=0.9..1 --parameters mechanism.gusher.cost=0.01..0.2 \
        --targets C10 --seeds 2 --budget 12 -q --out there";
    let said = done(desk.path(), words);
    let page = String::from_utf8(read(desk.path(), "there/calibration.md")).expect("it is UTF-8");
    let json = String::from_utf8(read(desk.path(), "there/calibration.json")).expect("it is UTF-8");
    for told in [
        "outside its range, 0.9 to 1: the search began at 0.9",
        "lies on the lower edge",
        "`mechanism.gusher.cost` moves none",
    ] {
        for (place, text) in [("terminal", &said), ("page", &page), ("JSON", &json)] {
            assert!(text.contains(told), "the {place} does not say {told:?}: {text}");
        }
    }
    assert!(page.contains("| `mechanism.gusher.cost` | 0.01 to 0.2 |") && page.contains("| – |"), "{page}");
}

#[test]
fn a_calibration_is_resumed_only_with_the_contents_it_was_begun_with() {
    let desk = desk();
    let desk = desk.path();
    let words = "calibrate a.toml --parameters mechanism.order.value=0.02..0.15 --targets C9 --seeds 2 -q";
    done(desk, &format!("{words} --budget 8"));
    done(desk, &format!("{words} --budget 8 --out there"));
    write(desk, "felt.csv", farther());
    for out in ["", "--out there"] {
        fails(desk, &format!("{words} --budget 10 --resume {out}"), 2, "felt.csv has changed");
    }
    write(desk, "felt.csv", FELT);
    let sound = read(desk, "there/evaluations.jsonl");
    let changed = String::from_utf8(sound.clone()).expect("it is UTF-8").replacen("\"distance\":", "\"distance\":1", 1);
    write(desk, "there/evaluations.jsonl", changed);
    fails(desk, &format!("{words} --budget 10 --resume --out there"), 2, "evaluations.jsonl is not as it was written");
    write(desk, "there/evaluations.jsonl", sound);
    done(desk, &format!("{words} --budget 10 --resume --out there"));
    done(desk, "verify there");
}
