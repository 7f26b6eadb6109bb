//! Whose a path is, which files are read, and that what the program writes runs as it stands, wherever it is moved.

use fondaco::report::manifest::Manifest;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fondaco"));
    command.current_dir(folder).args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn said(output: Output) -> Said {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn says(folder: &Path, words: &[&str]) -> Said {
    said(command(folder, words).output().expect("the program starts"))
}

/// Pipes a text into the program.
fn piped(folder: &Path, words: &[&str], text: &str) -> Said {
    use std::io::Write;
    let mut child = command(folder, words).stdin(Stdio::piped()).spawn().expect("the program starts");
    // A program that asks no further is no failure of the test.
    let _ = child.stdin.take().expect("it is piped").write_all(text.as_bytes());
    said(child.wait_with_output().expect("the program ends"))
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    folder
}

fn done(said: &Said) {
    assert_eq!(said.code, Some(0), "{}", said.err);
}

/// A square of felt distances among four countries, that from Austria to Denmark as given.
fn square(to_denmark: u32) -> String {
    format!("home,AUT,DNK,ITA,POL\nAUT,0,{to_denmark},2,3\nDNK,4,0,5,6\nITA,7,8,0,9\nPOL,3,2,1,0\n")
}

const FEW: &str = "run.years = 3\nrun.burn_in = 2\npopulation.firms = 150\npopulation.homes = [\"AUT\"]\n\
                   world.countries = [\"DNK\", \"ITA\", \"POL\"]\noutput.figures = false\n";
const FELT: &str = "world.felt = \"matrix\"\nworld.felt_matrix = \"own.csv\"\n";

/// The hash of the one user's file that a result says it read.
fn read_by(folder: &Path, result: &str) -> String {
    let manifest = Manifest::read(&folder.join(result)).unwrap_or_else(|error| panic!("{error}"));
    let own: Vec<_> = manifest.inputs.iter().filter(|input| input.name.starts_with("inputs/")).collect();
    assert_eq!(own.len(), 1, "{:?}", manifest.inputs);
    own[0].blake3.clone()
}

fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

#[test]
fn a_relative_path_belongs_to_the_file_that_states_it() {
    let (base, near, here) = (square(1), square(20), square(300));
    let folder = folder(&[
        ("bases/base.toml", &format!("{FEW}{FELT}")),
        ("bases/own.csv", &base),
        ("study/own.csv", &near),
        ("own.csv", &here),
        ("study/inherits.toml", "extends = \"../bases/base.toml\"\n"),
        ("study/states.toml", "extends = \"../bases/base.toml\"\nworld.felt_matrix = \"own.csv\"\n"),
    ]);
    let run = |file: &str, out: &str, more: &[&str]| {
        done(&says(folder.path(), &[&["run", file, "-o", out, "-q"], more].concat()));
        read_by(folder.path(), out)
    };
    assert_eq!(run("study/inherits.toml", "a", &[]), hash(&base), "a base's path is the base's");
    assert_eq!(run("study/states.toml", "b", &[]), hash(&near));
    assert_eq!(run("study/states.toml", "c", &["--set", "world.felt_matrix=own.csv"]), hash(&here), "a flag's is mine");
}

#[test]
fn paths_of_sweeps_and_arms_belong_to_their_files() {
    let folder = folder(&[
        ("bases/base.toml", &format!("{FEW}{FELT}")),
        ("bases/own.csv", &square(1)),
        ("study/near.csv", &square(20)),
        ("study/far.csv", &square(300)),
        (
            "study/sweep.toml",
            "scenario = \"../bases/base.toml\"\n[sweep]\noutcomes = [\"exporter_share\"]\n\
             [axis.who]\nsetting = \"world.felt_matrix\"\nvalues = [\"near.csv\", \"far.csv\"]\n",
        ),
        (
            "study/base_of_sweep.toml",
            "scenario = \"../bases/base.toml\"\n[base]\nworld.felt_matrix = \"far.csv\"\n[sweep]\n\
             outcomes = [\"exporter_share\"]\n[axis.x]\nsetting = \"mechanism.search.rate\"\nvalues = [1, 5]\n",
        ),
        (
            "study/arms.toml",
            "[compare]\nbaseline = \"../bases/base.toml\"\nhorizon = 2\nreplicates = 2\n\
            [arm.visits]\ninstruments = [\"trade-visit\"]\n[instrument.trade-visit]\nstart = 1996\n",
        ),
        ("elsewhere/more.toml", "extends = \"../study/arms.toml\"\n"),
    ]);
    done(&says(folder.path(), &["sweep", "run", "study/sweep.toml", "-q", "--store", "store"]));
    done(&says(folder.path(), &["sweep", "export", "study/sweep.toml", "--store", "store", "--format", "csv"]));
    let table = fs::read_to_string(folder.path().join("store/runs.csv")).expect("it is written");
    assert!(table.contains("near.csv") && table.contains("far.csv") && !table.contains("failed"), "{table}");
    // The same store asked from another folder: the runs are the same ones.
    let study = folder.path().join("study");
    let again = says(&study, &["sweep", "status", "sweep.toml", "--store", "../store", "--json"]);
    let state: serde_json::Value = serde_json::from_str(&again.out).expect("it is JSON");
    assert_eq!(state["finished"], 2, "{state}");
    done(&says(folder.path(), &["check", "study/base_of_sweep.toml", "elsewhere/more.toml"]));
    fs::remove_file(folder.path().join("study/far.csv")).expect("it is there");
    let missing = says(folder.path(), &["check", "study/base_of_sweep.toml"]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.err.contains("there is no file study/far.csv"), "{}", missing.err);
    assert!(missing.err.contains("study/base_of_sweep.toml:3:"), "who stated it is told: {}", missing.err);
}

#[test]
fn what_a_run_writes_runs_as_it_stands_wherever_it_is_moved() {
    let text = format!(
        "{FEW}{FELT}mechanism.stage.on = false\nmechanism.stage.patience = 9\nnetwork.generator = \"file\"\n\
         network.file = \"more/own.csv\"\n"
    );
    let ties = "a,b\n0,1\n1,2\n3,149\n";
    let folder = folder(&[("in/a.toml", &text), ("in/own.csv", &square(7)), ("in/more/own.csv", ties)]);
    done(&says(folder.path(), &["run", "in/a.toml", "-o", "out/first", "-q", "--csv"]));
    fs::rename(folder.path().join("out/first"), folder.path().join("kept")).expect("it is moved");
    fs::remove_dir_all(folder.path().join("in")).expect("the originals go");
    for (from, file) in
        [(folder.path().to_owned(), "kept/scenario.toml"), (folder.path().join("kept"), "scenario.toml")]
    {
        let told = says(&from, &["check", file]);
        assert!(told.code == Some(0) && !told.err.contains("warning"), "{}", told.err);
    }
    done(&says(folder.path(), &["run", "kept/scenario.toml", "-o", "second", "-q"]));
    let [first, second] = ["kept", "second"].map(|result| Manifest::read(&folder.path().join(result)).expect("whole"));
    let changed = first.differences(&second);
    let named = |change: &String| change.starts_with("scenario.files");
    assert!(changed.iter().all(named), "the same bytes come out: {changed:?}");
    let names: Vec<&str> = first.outputs.iter().map(|output| output.name.as_str()).collect();
    assert!(names.contains(&"inputs/own.csv") && names.contains(&"inputs/2/own.csv"), "{names:?}");
    done(&says(folder.path(), &["explain", "kept", "--firm", "65536"]));

    // A change by hand makes it somebody's own text, whose idle settings are told.
    let mut edited = fs::read_to_string(folder.path().join("kept/scenario.toml")).expect("it is there");
    edited = edited.replace("patience = 9", "patience = 8");
    fs::write(folder.path().join("kept/edited.toml"), edited).expect("it is written");
    let told = says(folder.path(), &["check", "kept/edited.toml"]);
    assert!(told.err.contains("`mechanism.stage.patience` has no effect"), "{}", told.err);
}

#[test]
fn scenarios_of_a_comparison_run_from_anywhere() {
    let arms = "[compare]\nbaseline = \"base.toml\"\nhorizon = 2\nreplicates = 2\n[arm.visits]\n\
                instruments = [\"trade-visit\"]\n[instrument.trade-visit]\nstart = 1996\n";
    let folder =
        folder(&[("in/base.toml", &format!("{FEW}{FELT}")), ("in/own.csv", &square(7)), ("in/arms.toml", arms)]);
    done(&says(folder.path(), &["compare", "in/arms.toml", "-o", "out", "-q"]));
    fs::remove_dir_all(folder.path().join("in")).expect("the originals go");
    for scenario in ["baseline", "visits"] {
        let told = says(&folder.path().join("out"), &["check", &format!("scenarios/{scenario}.toml")]);
        assert!(told.code == Some(0) && !told.err.contains("warning"), "{}", told.err);
        done(&says(folder.path(), &["run", &format!("out/scenarios/{scenario}.toml"), "-o", scenario, "-q"]));
    }
}

#[test]
fn check_reads_the_graph_that_a_run_reads() {
    let base = format!("{FEW}network.generator = \"file\"\nnetwork.file = \"ties.csv\"\n");
    let folder = folder(&[
        ("base.toml", &base),
        (
            "arms.toml",
            "[compare]\nbaseline = \"base.toml\"\nhorizon = 2\nreplicates = 2\n[arm.visits]\n\
            instruments = [\"trade-visit\"]\n[instrument.trade-visit]\nstart = 1996\n",
        ),
        (
            "sweep.toml",
            "scenario = \"base.toml\"\n[sweep]\noutcomes = [\"exporter_share\"]\n[axis.x]\n\
            setting = \"mechanism.search.rate\"\nvalues = [1, 5]\n",
        ),
    ]);
    for file in ["base.toml", "arms.toml", "sweep.toml"] {
        let told = says(folder.path(), &["check", file]);
        assert_eq!(told.code, Some(2), "{file}: {}", told.err);
        assert!(told.err.contains("there is no file ties.csv") && told.err.contains("base.toml:"), "{}", told.err);
    }
    fs::write(folder.path().join("ties.csv"), "a,b\n0,150\n").expect("it is written");
    let told = says(folder.path(), &["check", "base.toml"]);
    assert!(told.code == Some(2) && told.err.contains("ties.csv:2:"), "{}", told.err);
    fs::write(folder.path().join("ties.csv"), "a,b\n0,149\n").expect("it is written");
    done(&says(folder.path(), &["check", "base.toml", "arms.toml", "sweep.toml"]));
}

#[test]
fn what_a_file_asks_for_is_told_by_its_tables_however_they_are_written() {
    let arms = "{\"baseline\": \"base.toml\", \"horizon\": 2}";
    let folder = folder(&[
        ("base.toml", FEW),
        (
            "inline.toml",
            "compare = { baseline = \"base.toml\", horizon = 2, replicates = 2 }\n\
            instrument.trade-visit.start = 1996\narm = { a = { instruments = [\"trade-visit\"] } }\n",
        ),
        (
            "quoted.toml",
            "[ \"compare\" ]\n'baseline' = \"base.toml\"\nhorizon = 2\n[\"arm\".a]\n\
            set = [\"shock.slump.start = 1996\"]\n",
        ),
        (
            "dotted.toml",
            "\"compare\" . baseline = \"base.toml\"\ncompare.horizon = 2\n\
            arm.a.set = [\"shock.slump.start = 1996\"]\n",
        ),
        (
            "arms.json",
            &format!("{{\"compare\": {arms}, \"arm\": {{\"a\": {{\"set\": [\"shock.slump.start = 1996\"]}}}}}}"),
        ),
        ("heir.toml", "extends = \"inline.toml\"\n"),
        (
            "sweep.json",
            "{\"$schema\": \"x\", \"scenario\": \"base.toml\", \"sweep\": {\"outcomes\": [\"exporter_share\"]}, \
            \"axis\": {\"x\": {\"setting\": \"mechanism.search.rate\", \"values\": [1, 5]}}}",
        ),
        ("words.toml", "[run]\nname = '''\n[compare]\n[arm.x]\n[sweep]\n'''\n"),
    ]);
    for file in ["inline.toml", "quoted.toml", "dotted.toml", "arms.json", "heir.toml"] {
        let told = says(folder.path(), &["check", file]);
        assert!(told.code == Some(0) && told.err.contains("1 arm,"), "{file}: {}", told.err);
    }
    assert!(says(folder.path(), &["check", "sweep.json"]).err.contains("2 points of the design grid"));
    assert!(says(folder.path(), &["check", "words.toml"]).err.contains("sound; 1 of "));
    let run = says(folder.path(), &["run", "quoted.toml"]);
    assert!(run.code == Some(2) && run.err.contains("`fondaco compare quoted.toml` carries it out"), "{}", run.err);
    let validate = says(folder.path(), &["validate", "sweep.json"]);
    assert!(validate.err.contains("sweep.json is a sweep, no scenario"), "{}", validate.err);
}

#[test]
fn input_is_read_once_so_that_pipes_work() {
    let folder = folder(&[("base.toml", FEW)]);
    let wrong = piped(folder.path(), &["check", "/dev/stdin"], "[run]\nyears = 0\n");
    assert!(wrong.code == Some(2) && wrong.err.contains("/dev/stdin:2:9"), "{}", wrong.err);
    let scenario = piped(folder.path(), &["run", "/dev/stdin", "-o", "out", "-q"], FEW);
    done(&scenario);
    assert!(says(folder.path(), &["check", "base.toml", "--set", "run.years=0"]).code == Some(2));
    let json = "{\"run\": {\"years\": 4}}";
    assert!(piped(folder.path(), &["check", "/dev/stdin"], json).err.contains("sound; 1 of "));
    let arms = "[compare]\nbaseline = \"/dev/stdin\"\nhorizon = 2\nreplicates = 2\n[arm.a]\n\
                set = [\"shock.slump.start = 1996\"]\n[arm.b]\nset = [\"shock.boom.start = 1996\"]\n";
    fs::write(folder.path().join("arms.toml"), arms).expect("it is written");
    done(&piped(folder.path(), &["compare", "arms.toml", "--dry-run"], FEW));
    let matrix = ["check", "base.toml", "--set", "world.felt=matrix", "--set", "world.felt_matrix=/dev/stdin"];
    done(&piped(folder.path(), &matrix, &square(5)));
}

#[test]
fn endless_input_is_refused() {
    let folder = folder(&[("base.toml", FEW)]);
    for words in [
        &["check", "/dev/zero"][..],
        &["run", "/dev/zero"],
        &["sweep", "plan", "/dev/zero"],
        &["validate", "base.toml", "--facts", "/dev/zero"],
        &["calibrate", "base.toml", "--parameters", "/dev/zero"],
        &["check", "base.toml", "--set", "world.columns=/dev/zero"],
        &["check", "base.toml", "--set", "network.generator=file", "--set", "network.file=/dev/zero"],
    ] {
        let told = says(folder.path(), words);
        assert_eq!(told.code, Some(2), "{words:?}: {}", told.err);
        assert!(told.err.contains("/dev/zero is no text"), "{words:?}: {}", told.err);
    }
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_text_is_taken_everywhere() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&[]);
    let odd = folder.path().join(OsStr::from_bytes(b"st\xfcdy"));
    fs::create_dir(&odd).expect("a folder can be made");
    for (name, text) in [
        ("base.toml", format!("{FEW}{FELT}")),
        ("a.toml", "extends = \"base.toml\"\n".into()),
        ("own.csv", square(7)),
        (
            "arms.toml",
            "[compare]\nbaseline = \"a.toml\"\nhorizon = 2\nreplicates = 2\n\
            [arm.a]\nset = [\"shock.slump.start = 1996\"]\n"
                .into(),
        ),
        (
            "sweep.toml",
            "scenario = \"a.toml\"\n[sweep]\noutcomes = [\"exporter_share\"]\n[axis.x]\n\
            setting = \"mechanism.search.rate\"\nvalues = [1, 5]\n"
                .into(),
        ),
    ] {
        fs::write(odd.join(name), text).expect("a file can be written");
    }
    let verb = |words: &[&str], file: &str, more: &[&str], last: Option<&str>| {
        let mut command = command(folder.path(), words);
        command.arg(odd.join(file)).args(more).args(last.map(|name| odd.join(name)));
        said(command.output().expect("the program starts"))
    };
    for file in ["a.toml", "arms.toml", "sweep.toml"] {
        done(&verb(&["check"], file, &[], None));
    }
    done(&verb(&["run"], "a.toml", &["-q", "-o"], Some("result")));
    assert!(odd.join("result/manifest.json").is_file(), "the result stands where it was asked for");
    done(&verb(&["compare"], "arms.toml", &["-q", "-o"], Some("compared")));
    done(&verb(&["sweep", "run"], "sweep.toml", &["-q", "--store"], Some("store")));
    done(&verb(&["validate"], "a.toml", &["--seeds", "1", "-q", "-o"], Some("scored")));
    assert!(odd.join("scored/manifest.json").is_file());
    done(&verb(&["explain"], "result", &["--firm", "65536"], None));
}

/// What `check` says of a file of a folder that holds `base.toml` too.
fn checked(text: &str) -> Said {
    let scores = "iso3,pdi,idv,mas,uai,lto,ivr\nAUT,12,54,78,69,61,62\nDNK,19,73,17,24,36,69\n";
    let folder = folder(&[("base.toml", FEW), ("a.toml", text), ("scores.csv", scores)]);
    says(folder.path(), &["check", "a.toml"])
}

#[test]
fn check_tells_what_is_stated_and_changes_nothing_and_what_to_set() {
    for (text, told, set) in [
        ("world.felt_matrix = \"own.csv\"\n", "`world.felt_matrix` has no effect", "set world.felt = \"matrix\""),
        ("world.scores = \"scores.csv\"\n", "`world.scores` has no effect", "set world.felt = \"cage\""),
        ("network.file = \"t.csv\"\n", "`network.file` has no effect", "set network.generator = \"file\""),
        ("network.share_within = 0.3\n", "`network.share_within` has no effect", "\"stochastic-block\""),
        ("mechanism.trial.years = 4\n", "`mechanism.trial.years` has no effect", "set mechanism.trial.start below 1"),
        ("[territory.WAL]\nof = \"GBR\"\n", "[territory.WAL] has no effect", "world.countries or population.homes"),
        ("[operator.o]\ndose = 2\n", "no measure takes operator.o", "leave the table out"),
        ("[shock.s]\nstart = 1997\nkind = \"tariff\"\n", "shock s states no size", "set shock.s.size"),
        ("[shock.s]\nstart = 1997\nsize = 0\n", "shock s has size 0", "shock.s.on = false"),
    ] {
        let said = checked(&format!("extends = \"base.toml\"\n{text}"));
        assert!(said.code == Some(0) && said.err.contains(told) && said.err.contains(set), "{text}: {}", said.err);
    }
    for size in ["", "size = -0.4\n", "size = 0\n", "size = 1.2\n"] {
        let said = checked(&format!("extends = \"base.toml\"\n[shock.b]\nkind = \"travel-ban\"\nstart = 1997\n{size}"));
        assert!(said.code == Some(2) && said.err.contains("shock b bans nothing"), "{size}: {}", said.err);
    }
}

#[test]
fn axes_and_settings_of_arms_that_change_nothing_are_told() {
    let axis = |name: &str, rest: &str| format!("[axis.{name}]\nsetting = {rest}\n");
    let sweep = format!(
        "scenario = \"base.toml\"\n[base]\nmechanism.stage.on = false\n[sweep]\noutcomes = [\"exporter_share\"]\n{}{}{}{}",
        axis("patience", "\"mechanism.stage.patience\"\nvalues = [2, 8]"),
        axis("decay", "\"network.decay\"\nvalues = [0.5, 2]"),
        axis("rewiring", "\"network.rewiring\"\nvalues = [0.1, 0.7]"),
        axis("maker", "\"network.generator\"\nvalues = [\"erdos-renyi\", \"watts-strogatz\"]"),
    );
    let said = checked(&sweep);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for (axis, path) in [("patience", "mechanism.stage.patience"), ("decay", "network.decay")] {
        assert!(said.err.contains(&format!("the axis {axis} changes nothing: `{path}` is not read")), "{}", said.err);
    }
    assert!(!said.err.contains("the axis rewiring"), "one level of another axis reads it: {}", said.err);
    let twins = "scenario = \"base.toml\"\n[sweep]\noutcomes = [\"exporter_share\"]\n[axis.who.level.one]\n\
                 mechanism.search.rate = 2\n[axis.who.level.two]\nmechanism.search.rate = 2\n";
    assert!(checked(twins).err.contains("the levels one and two of the axis who are the same"));
    let uneven = "scenario = \"base.toml\"\n[sweep]\ndesign = \"morris\"\npoints = 4\noutcomes = [\"exporter_share\"]\n\
                  [axis.w]\nsetting = \"trajectory.gap\"\ndistribution = \"uniform\"\nlow = 1\nhigh = 3\n";
    assert!(checked(uneven).err.contains("write levels = 6 below [sweep]"), "{}", checked(uneven).err);
    let halves = uneven.replace("low = 1", "low = 1.5");
    assert!(checked(&halves).err.contains("`low` of whole numbers is 1.5"));
}

#[test]
fn arms_that_nobody_can_tell_apart_and_conditions_that_nobody_meets_are_told() {
    let head = "[compare]\nbaseline = \"base.toml\"\nhorizon = 2\nreplicates = 2\n";
    let twins = format!(
        "{head}[arm.a]\nlabel = \"Aid\"\nset = [\"shock.s.start = 1996\"]\n[arm.b]\nlabel = \"Aid\"\n\
         set = [\"shock.s.start = 1996\", \"shock.s.platform = blog\"]\n[arm.c]\nset = [\"shock.s.start = 1996\"]\n"
    );
    let said = checked(&twins);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for told in [
        "arms a and b have one label, \"Aid\"",
        "arms a and c are the same policy",
        "`shock.s.platform` has no effect (arm b)",
    ] {
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
    let drawn =
        |label: &str| checked(&format!("{head}[arm.a]\nlabel = \"{label}\"\nset = [\"shock.s.start = 1996\"]\n")).err;
    for label in ["対策", "지원", "help 🧭"] {
        assert!(drawn(label).contains("figures cannot draw all letters of"), "{label}: {}", drawn(label));
    }
    assert!(!drawn("Помощь für ελληνικές").contains("figures cannot draw"));
    let measure = |who: &str| {
        format!(
            "{head}[arm.a]\ninstruments = [\"m\"]\n[instrument.m]\noperators = [\"o\"]\nstart = 1996\nwho = {who}\n\
             [operator.o]\ndoes = \"lower-barrier\"\ndose = 0.5\n"
        )
    };
    let nobody = checked(&measure("[\"age > 9\", \"age < 4\"]"));
    assert_eq!(nobody.code, Some(2), "a measure that reaches nobody is no policy: {}", nobody.err);
    assert!(nobody.err.contains("nobody can meet \"age > 9\" and \"age < 4\""), "{}", nobody.err);
    assert!(checked(&measure("[\"sector = S11\"]")).err.contains("the sectors are S01 to S10"));
    assert!(checked(&measure("[\"home = BEL\"]")).err.contains("one of AUT"));
    done(&checked(&measure("[\"sector = S03\", \"home = AUT\"]")));
    let market = |word: &str| format!("extends = \"base.toml\"\n[shock.s]\nstart = 1996\nmarkets = [\"{word}\"]\n");
    assert!(checked(&market("Denmarc")).err.contains("did you mean `DNK` (Denmark)?"));
}

#[test]
fn countries_are_named_in_scenarios_as_in_tables() {
    let folder = folder(&[]);
    let stated =
        "[population]\nhomes = [\"PT\", \"ROM\"]\n[world]\ncountries = [\"el\", \"United Kingdom\", \"FRA\"]\n";
    std::fs::write(folder.path().join("s.toml"), stated).expect("a file can be written");
    let shown = says(folder.path(), &["explain-config", "s.toml"]);
    done(&shown);
    assert!(shown.out.contains("= [\"PRT\", \"ROU\"]"), "{}", shown.out);
    assert!(shown.out.contains("= [\"GRC\", \"GBR\", \"FRA\"]"), "{}", shown.out);
    done(&says(folder.path(), &["check", "s.toml"]));
}

#[test]
fn a_new_study_has_the_home_asked_for() {
    let folder = folder(&[]);
    done(&says(folder.path(), &["new", "lusitania", "--home", "prt"]));
    let text = fs::read_to_string(folder.path().join("lusitania.toml")).expect("it is written");
    assert!(text.contains("homes = [\"PRT\"]"), "{text}");
    done(&says(folder.path(), &["check", "lusitania.toml"]));
    let named = says(folder.path(), &["new", "portugal"]);
    assert!(named.err.contains("`fondaco new portugal --home PRT`"), "{}", named.err);
    for word in ["PT", "Portugal"] {
        let name = format!("of-{word}");
        done(&says(folder.path(), &["new", &name, "--home", word]));
        let text = fs::read_to_string(folder.path().join(name + ".toml")).expect("it is written");
        assert!(text.contains("homes = [\"PRT\"]"), "{word}: {text}");
    }
    let wrong = says(folder.path(), &["new", "x", "--home", "Portugall"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("`PRT`") && !folder.path().join("x.toml").exists());
}
