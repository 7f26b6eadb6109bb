//! Scenario files as people write them: every kind of fault, layers, origins, and what is generated.

use super::reference::{reference_of, schema_of};
use super::section::tests::Small;
use super::*;
use crate::error::{Error, Fault, Place, Severity};
use crate::param::{Kind, Value};
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

type Loading = Result<Loaded<Small>, Error>;

fn read(text: &str) -> Loading {
    Loaded::read("a.toml", text, &[])
}

fn with_flags(text: &str, flags: &[&str]) -> Loading {
    Loaded::read("a.toml", text, &flags.iter().map(|flag| Flag::set(flag)).collect::<Vec<_>>())
}

fn faults(loading: Loading) -> Vec<Fault> {
    match loading {
        Err(Error::Asked(faults)) => faults,
        other => panic!("faults were expected: {other:?}"),
    }
}

fn titles(loading: Loading) -> Vec<String> {
    faults(loading).into_iter().map(|fault| fault.title).collect()
}

#[track_caller]
fn shows(loading: Loading, frame: &str) {
    let shown = frames(&faults(loading), false);
    assert_eq!(shown.trim_end(), frame.trim(), "\n{shown}");
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    folder
}

/// Loads a file and names the folder `DIR` in what is shown.
fn shown_in(folder: &TempDir, name: &str) -> String {
    let shown = frames(&faults(Loaded::load(&folder.path().join(name), &[])), false);
    shown.replace(&folder.path().display().to_string(), "DIR")
}

#[test]
fn a_value_out_of_range_shows_range_symbol_and_unit() {
    shows(
        read("[mechanism.search]\nrate = 9.5\n"),
        "
error: `mechanism.search.rate` = 9.5 is out of range
 --> a.toml:2:8
  |
2 | rate = 9.5
  |        ^^^ expected a number from 0 to 6 (λ_s, 1/year)
  |
  = help: `rate` means: Contacts found by search. Default 3.58.",
    );
}

#[test]
fn a_slip_of_the_pen_is_answered_with_the_word_meant() {
    shows(
        read("[run]\nyeers = 3\n"),
        "
error: unknown setting `run.yeers`
 --> a.toml:2:1
  |
2 | yeers = 3
  | ^^^^^ not a setting of [run]
  |
  = help: did you mean `years`?",
    );
    shows(
        read("[mechanism.serch]\nrate = 3\n"),
        "
error: unknown section `mechanism.serch`
 --> a.toml:1:12
  |
1 | [mechanism.serch]
  |            ^^^^^ not a section of a scenario
  |
  = help: did you mean [mechanism.search]?",
    );
    shows(
        read("years = 3\n"),
        "
error: unknown setting `years`
 --> a.toml:1:1
  |
1 | years = 3
  | ^^^^^ not a setting of a scenario
  |
  = help: did you mean `run.years`?",
    );
    shows(
        read("[mechanism.search]\nmanner = \"near\"\n"),
        "
error: `mechanism.search.manner` cannot be \"near\"
 --> a.toml:2:10
  |
2 | manner = \"near\"
  |          ^^^^^^ expected one of wide, near-first
  |
  = help: did you mean \"near-first\"?",
    );
}

#[test]
fn a_wrong_type_says_what_was_found_and_what_belongs_there() {
    shows(
        read("[run]\nyears = \"40\"\n"),
        "
error: `run.years` is a text where a whole number belongs
 --> a.toml:2:9
  |
2 | years = \"40\"
  |         ^^^^ expected a whole number from 1 to 1000 (year)
  |
  = help: remove the quotes: 40",
    );
    let found = |value: &str| titles(read(&format!("run.years = {value}"))).remove(0);
    assert_eq!(found("1.5"), "`run.years` is a number with decimals where a whole number belongs");
    assert_eq!(found("2010-01-01"), "`run.years` is a date or time where a whole number belongs");
    assert_eq!(found("true"), "`run.years` is true or false where a whole number belongs");
    assert_eq!(found("[3]"), "`run.years` is a list with an item that is no text where a whole number belongs");
    assert_eq!(
        found("99999999999999999999"),
        "`run.years` is a whole number beyond 64 bits where a whole number belongs"
    );
    assert_eq!(found("{ a = 1 }"), "`run.years` is a setting, not a section");
    assert_eq!(titles(read("run = 3")), ["`run` is a section, not a setting"]);
    assert_eq!(titles(read("[[output]]\ncsv = true")), ["`output` is a section, not a setting"]);
}

#[test]
fn numbers_that_are_none_are_refused_with_and_without_a_range() {
    let title = |setting: &str| titles(read(&format!("[mechanism.search]\n{setting}"))).remove(0);
    for value in ["nan", "-nan"] {
        assert_eq!(title(&format!("weight = {value}")), "`mechanism.search.weight` is not a number");
        assert_eq!(title(&format!("rate = {value}")), "`mechanism.search.rate` is not a number");
    }
    for value in ["inf", "-inf", "1e400"] {
        assert_eq!(title(&format!("weight = {value}")), "`mechanism.search.weight` is infinite");
        assert_eq!(title(&format!("rate = {value}")), "`mechanism.search.rate` is infinite");
    }
}

#[test]
fn broken_toml_is_shown_with_a_hint_where_one_is_known() {
    shows(
        read("[run]\nchecks = yes\n"),
        "
error: `yes` is no value
 --> a.toml:2:10
  |
2 | checks = yes
  |          ^^^ expected a number, true, false or a text in quotes
  |
  = help: write true",
    );
    shows(
        read("[mechanism.search]\r\nrate = 0,5\r\n"),
        "
error: not valid TOML: unexpected key or value
 --> a.toml:2:9
  |
2 | rate = 0,5
  |         ^ expected newline, `#`
  |
  = help: decimals stand behind a point, as in 0.5",
    );
    shows(
        read("[run]\nyears = 3\nyears = 4\n"),
        "
error: `years` is stated twice
 --> a.toml:3:1
  |
3 | years = 4
  | ^^^^^ stated before in the same table
  |
  = help: keep one of the two",
    );
    assert_eq!(titles(read("run.years = ")), ["no value stands behind `=`"]);
}

#[test]
fn tables_that_users_name_need_a_plain_name() {
    assert_eq!(titles(read("platform.audience = 0.5")), ["`platform.audience` stands outside a named table"]);
    shows(
        read("[platform.\"Zürich 2\"]\naudience = 2\n"),
        "
error: `Zürich 2` cannot name a table
 --> a.toml:1:11
  |
1 | [platform.\"Zürich 2\"]
  |           ^^^^^^^^^^ expected letters, digits, `-` and `_` only",
    );
    let loaded = read("[platform.empty]").expect("a named table may state nothing");
    assert_eq!(loaded.scenario.platform["empty"], Default::default());
}

#[test]
fn a_flag_is_shown_as_typed() {
    shows(
        with_flags("", &["run.yars=3"]),
        "
error: unknown setting `run.yars`
 |
 | --set run.yars=3
 |       ^^^^^^^^ not a setting of [run]
 |
 = help: did you mean `run.years`?",
    );
    shows(
        Loaded::read("a.toml", "", &[Flag::short("--seed", "run.seed", "x")]),
        "
error: `run.seed` is a text where a whole number belongs
 |
 | --seed x
 |        ^ expected a whole number from 0 to 9007199254740991
 |
 = help: `seed` means: Seed of every random number; the same scenario and seed give the same result on any number of threads. Default 1.",
    );
    for (flag, title) in [
        ("run.years", "a flag that sets nothing"),
        ("=3", "a flag that sets nothing"),
        ("", "a flag that sets nothing"),
        ("extends=b.toml", "unknown setting `extends`"),
        ("run=3", "`run` is a section, not a setting"),
        ("mechanism.search.first=[1", "not a TOML value: unclosed array, expected `]`"),
        ("platform.a b.audience=0.1", "`a b` cannot name a table"),
    ] {
        assert_eq!(titles(with_flags("", &[flag])), [title], "{flag}");
    }
}

#[test]
fn a_flag_that_makes_a_table_like_an_existing_one_is_doubted() {
    let text = "[platform.facebook]\naudience = 0.3";
    let loaded = with_flags(text, &["platform.facebok.audience=0.1"]).expect("the flag can be obeyed");
    shows(
        Err(Error::Asked(loaded.warnings)),
        "
warning: this makes a new table [platform.facebok]
 |
 | --set platform.facebok.audience=0.1
 |       ^^^^^^^^^^^^^^^^^^^^^^^^^ no file has it
 |
 = help: did you mean `platform.facebook`?",
    );
    assert!(with_flags(text, &["platform.facebook.audience=0.1"]).expect("no fault").warnings.is_empty());
}

#[test]
fn all_faults_of_all_files_and_flags_come_at_once() {
    let base = "[run]\nyears = 0\nseed = yes\n[mechanism.search]\nrate = 7\n";
    let top = "extends = \"base.toml\"\nrun.yeers = 1\n[platform.a]\naudience = \"x\"\nopened = 1800\nopened = 2000\n";
    let folder = folder(&[("base.toml", base), ("top.toml", top)]);
    let flags = [Flag::set("run.seed=-1"), Flag::set("output.cvs=true")];
    let titles = titles(Loaded::load(&folder.path().join("top.toml"), &flags));
    assert_eq!(
        titles,
        [
            "`run.years` = 0 is out of range",
            "`yes` is no value",
            "`mechanism.search.rate` = 7 is out of range",
            "unknown setting `run.yeers`",
            "`platform.a.audience` is a text where a number belongs",
            "`platform.a.opened` = 1800 is out of range",
            "`opened` is stated twice",
            "`run.seed` = -1 is out of range",
            "unknown setting `output.cvs`",
        ]
    );
}

#[test]
fn later_layers_win_and_every_value_remembers_its_own() {
    let folder = folder(&[
        ("base.toml", "[run]\nyears = 10\nseed = 5\nstart = 2000\n[platform.a]\naudience = 0.1\nopened = 2001\n"),
        ("middle.toml", "extends = \"base.toml\"\n[run]\nyears = 20\nseed = 6\n[platform.b]\naudience = 0.2\n"),
        ("top.toml", "extends = \"middle.toml\"\n\n[run]\nyears = 30\n[platform.a]\naudience = 0.3\n"),
    ]);
    let flags = [Flag::set("platform.b.opened=2005"), Flag::set("run.years=40"), Flag::set("run.years=41")];
    let loaded: Loaded<Small> = Loaded::load(&folder.path().join("top.toml"), &flags).expect("no fault");
    let (run, platform) = (&loaded.scenario.run, &loaded.scenario.platform);
    assert_eq!((run.years, run.seed, run.start, run.burn_in), (41, 6, 2000, 25));
    assert_eq!((platform["a"].audience, platform["a"].opened), (0.3, 2001));
    assert_eq!((platform["b"].audience, platform["b"].opened), (0.2, 2005));
    let from = |path: &str| {
        let all = loaded.explain();
        let row = all.iter().find(|row| row.path == path).expect("the setting exists");
        row.from().rsplit('/').next().unwrap_or_default().to_owned()
    };
    assert_eq!(from("run.years"), "--set run.years=41");
    assert_eq!(from("run.seed"), "middle.toml:4");
    assert_eq!(from("run.start"), "base.toml:4");
    assert_eq!(from("run.burn_in"), "default");
    assert_eq!(from("platform.a.audience"), "top.toml:6");
    let names: Vec<_> = loaded.files.iter().filter_map(|path| path.file_name()).collect();
    assert_eq!(names, ["base.toml", "middle.toml", "top.toml"]);
}

#[test]
fn a_value_overridden_later_is_still_checked_where_it_stands() {
    let loading = with_flags("run.years = 0", &["run.years=5"]);
    assert_eq!(titles(loading), ["`run.years` = 0 is out of range"]);
}

#[test]
fn a_base_that_cannot_be_read_is_shown_at_the_line_that_names_it() {
    let folder = folder(&[
        ("top.toml", "# top\nextends = \"middle.toml\"\n"),
        ("middle.toml", "extends = \"top.toml\"\n"),
        ("self.toml", "extends = \"./self.toml\"\n"),
        ("lost.toml", "extends = \"nowhere.toml\"\nrun.years = 0\n"),
        ("yaml.toml", "extends = \"old.yaml\"\n"),
        ("odd.toml", "extends = [\"a.toml\", \"b.toml\"]\n"),
        ("up.toml", "extends = \"..\"\n"),
    ]);
    assert_eq!(
        shown_in(&folder, "top.toml"),
        "error: DIR/top.toml extends itself
 --> DIR/middle.toml:1:11
  |
1 | extends = \"top.toml\"
  |           ^^^^^^^^^^ leads back to a file of this chain
  |
  = help: let the last base extend nothing
"
    );
    assert!(shown_in(&folder, "self.toml").contains("DIR/./self.toml extends itself\n --> DIR/self.toml:1:11"));
    let lost = shown_in(&folder, "lost.toml");
    assert!(lost.starts_with("error: there is no file DIR/nowhere.toml\n --> DIR/lost.toml:1:11"), "{lost}");
    assert!(lost.contains("`run.years` = 0 is out of range"), "{lost}");
    assert!(shown_in(&folder, "yaml.toml").contains("old.yaml is YAML, which is not read\n --> DIR/yaml.toml:1:11"));
    assert!(shown_in(&folder, "odd.toml").contains("`extends` names no file"));
    assert!(shown_in(&folder, "up.toml").contains("is a folder\n --> DIR/up.toml:1:11"));
}

#[test]
fn a_file_that_is_no_scenario_is_refused_in_plain_words() {
    let folder = folder(&[("a.yaml", "run:\n"), ("a.json", "{\"run\": {\"years\": 0}}")]);
    let latin = folder.path().join("latin.toml");
    fs::write(&latin, b"# caf\xe9\n").expect("a file can be written");
    fs::write(folder.path().join("huge.toml"), vec![b'\n'; 9 << 20]).expect("a file can be written");
    let path = folder.path();
    let title =
        |path: &Path| titles(Loaded::load(path, &[])).remove(0).replace(&folder.path().display().to_string(), "DIR");
    assert_eq!(title(path), "DIR is a folder");
    assert_eq!(title(&path.join("none.toml")), "there is no file DIR/none.toml");
    assert_eq!(title(&path.join("a.yaml")), "DIR/a.yaml is YAML, which is not read");
    assert_eq!(title(&path.join("huge.toml")), "DIR/huge.toml is larger than 8 MiB");
    assert_eq!(title(&path.join("a.json")), "`run.years` = 0 is out of range");
    assert_eq!(title(&latin), "DIR/latin.toml is not UTF-8 text");
    assert!(shown_in(&folder, "latin.toml").contains("latin.toml:1:6"));
}

#[test]
fn json_says_the_same_as_toml_and_points_as_well() {
    let loaded: Loaded<Small> = Loaded::read(
        "a.json",
        "{\"$schema\": \"s.json\", \"run\": {\"years\": 3}, \"platform\": {\"a\": {\"audience\": 0.25}}}",
        &[],
    )
    .expect("no fault");
    let same = read("run.years = 3\n[platform.a]\naudience = 0.25").expect("no fault");
    assert_eq!((loaded.scenario.clone(), loaded.hash()), (same.scenario.clone(), same.hash()));
    shows(
        Loaded::read("a.json", "{\"run\": {\"years\": 1, \"years\": 2,\n  \"seed\": null}}", &[]),
        "
error: `years` is stated twice
 --> a.json:1:22
  |
1 | {\"run\": {\"years\": 1, \"years\": 2,
  |                      ^^^^^^^ stated before in the same table
  |
  = help: keep one of the two

error: `run.seed` is null where a whole number belongs
 --> a.json:2:11
  |
2 |   \"seed\": null}}
  |           ^^^^ expected a whole number from 0 to 9007199254740991
  |
  = help: `seed` means: Seed of every random number; the same scenario and seed give the same result on any number of threads. Default 1.",
    );
    assert_eq!(titles(Loaded::read("a.json", "{\"run\" 3}", &[])), ["not valid JSON: expected `:`"]);
    assert_eq!(
        titles(Loaded::read("a.json", "[]", &[])),
        ["not valid JSON: invalid type: sequence, expected an object"]
    );
}

#[test]
fn faults_of_other_rooms_are_shown_where_the_setting_was_written() {
    let loaded = with_flags("[run]\nstart = 2000\n[platform.a]\naudience = 0.2\n", &["run.seed=3"]).expect("no fault");
    let frame = |path: &str| frames(&[loaded.locate(Fault::setting(path, "too early").expected("no data"))], false);
    assert_eq!(
        frame("run.start"),
        "error: too early\n --> a.toml:2:9\n  |\n2 | start = 2000\n  |         ^^^^ no data\n"
    );
    assert_eq!(frame("run.seed"), "error: too early\n |\n | --set run.seed=3\n |                ^ no data\n");
    assert!(frame("platform.a").contains("a.toml:3:1"), "{}", frame("platform.a"));
    assert!(frame("run").contains("a.toml:2:9"), "{}", frame("run"));
    let default = frame("run.years");
    assert!(default.contains("help: `run.years` has its default, 40; no file or flag states it"), "{default}");
    assert!(frame("platform.b").contains("no file or flag states `platform.b`"));
}

#[test]
fn a_setting_of_a_block_that_is_off_is_dead_unless_the_base_stated_it() {
    let dead = |text: &str, flags: &[&str]| -> Vec<Fault> { with_flags(text, flags).expect("no fault").dead() };
    let faults = dead("[mechanism.search]\non = false\nrate = 2.0\n", &[]);
    assert_eq!((faults.len(), faults[0].severity), (1, Severity::Warning));
    assert_eq!(faults[0].place, Place::Setting("mechanism.search.rate".into()));
    assert!(dead("[mechanism.search]\nrate = 2.0\n", &["mechanism.search.on=false"]).is_empty());
    assert_eq!(dead("[mechanism.search]\non = false\n", &["mechanism.search.rate=2"]).len(), 1);
    assert!(dead("[mechanism.search]\nrate = 2.0\n", &[]).is_empty());
}

#[test]
fn rules_speak_of_the_scenario_and_have_places() {
    let check = |text: &str| Loaded::<Scenario>::read("a.toml", text, &[]).expect("no fault").check();
    assert!(check("").is_empty());
    let faults = check("[mechanism.decision]\nstake = 0.2\n");
    assert_eq!(
        frames(&faults, false),
        "warning: `mechanism.decision.stake` has no effect
 --> a.toml:2:9
  |
2 | stake = 0.2
  |         ^^^ read by the casino rule only
  |
  = help: set mechanism.decision.rule = \"casino\", or leave this out
"
    );
    let wrong = "run.years = 900\n[mechanism.risk]\nexposure_agent = 0.1\n[mechanism.kernel]\nonline_decay = 9.0\n\
        [home.FRA]\nshare = 2.0\n[shock.slump]\nstart = 1900.0\n";
    let severities: Vec<Severity> = check(wrong).iter().map(|fault| fault.severity).collect();
    assert_eq!(severities.iter().filter(|severity| **severity == Severity::Error).count(), 1, "falling exposure");
    assert_eq!(severities.len(), 4, "and decay, home and shock");
    assert_eq!(check("run.years = 1000\nrun.burn_in = 1000\n").len(), 0);
    let names: std::collections::BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), RULES.len(), "two rules share a name");
}

/// The titles of everything that is wrong with a file, in the order in which it is told.
fn scanned(text: &str) -> Vec<String> {
    let folder = folder(&[("a.toml", text)]);
    let (loaded, mut faults) = Loaded::<Scenario>::scan(Some(&folder.path().join("a.toml")), &[]);
    faults.extend(loaded.check());
    faults.into_iter().map(|fault| fault.title).collect()
}

#[test]
fn what_could_be_read_is_checked_beside_what_could_not() {
    let wrong = "[population]\nfirm = 3\n[run]\nyears = \"ten\"\nseed = -1\n\
        [mechanism.conversion]\non = false\nrate = 0.5\n";
    let expected = [
        "unknown setting `population.firm`",
        "`run.years` is a text where a whole number belongs",
        "`run.seed` = -1 is out of range",
        "`mechanism.conversion.rate` has no effect",
    ];
    assert_eq!(scanned(wrong), expected);
}

#[test]
fn what_follows_from_an_unread_setting_is_not_told() {
    let one = |text: &str| assert_eq!(scanned(text).len(), 1, "{text}: {:?}", scanned(text));
    // A switch that is off by default; a rule; the end of the run; the homes; a slip of the pen.
    one("[mechanism.revelation]\non = 1\nmargin = 0.3\n");
    one("[mechanism.decision]\nrule = \"casin\"\nstake = 0.2\n");
    one("run.years = \"300\"\nshock.slump.start = 2200.0\n");
    one("population.homs = [\"FRA\"]\nhome.FRA.share = 2.0\n");
    // Where the syntax is broken, nobody knows what stands in which section.
    one("[mechanism.conversion\non = false\n[mechanism.search]\non = false\nrate = 2.0\n");
}

#[test]
fn the_resolved_scenario_loads_back_to_itself() {
    let text = "[run]\nname = \"é \\\"x\\\" \\n y\"\nseed = 9007199254740991\n[mechanism.search]\nrate = 1e-7\nfirst = [\"a'b\", \"\\\"\"]\n[platform.x-1]\naudience = 0.30000000000000004\n";
    let loaded = read(text).expect("no fault");
    let resolved = loaded.resolved_toml();
    let again = read(&resolved).expect("the resolved scenario has no fault");
    assert_eq!(again.scenario, loaded.scenario);
    assert_eq!((again.hash(), again.resolved_toml()), (loaded.hash(), resolved));
    assert!(again.explain().iter().all(|row| row.origin != Origin::Default), "every value is stated");
}

#[test]
fn the_hash_sees_values_only() {
    let hash = |text: &str| read(text).expect("no fault").hash();
    let plain = hash("[run]\nyears = 7\nseed = 3\n[mechanism.search]\nrate = 2.0");
    assert_eq!(plain, hash("# other\nmechanism = { search = { rate = 2 } }\nrun.seed = 0x3\nrun.years = 7 # seven\n"));
    assert_eq!(
        plain,
        with_flags("run.years = 7", &["run.seed=3", "mechanism.search.rate=2"]).expect("no fault").hash()
    );
    assert_ne!(plain, hash("[run]\nyears = 7\nseed = 4\n[mechanism.search]\nrate = 2.0"));
    assert_ne!(hash(""), hash("[platform.a]"));
    assert_eq!(hash(""), hash("run.name = \"x\"\noutput.folder = \"elsewhere\""));
}

#[test]
fn explaining_shows_value_and_origin_in_columns_and_as_json() {
    let loaded = with_flags("[run]\nyears = 7\n", &["run.seed=3"]).expect("no fault");
    let text = loaded.explain_text();
    let lines: Vec<&str> = text.lines().take(3).collect();
    assert_eq!(
        lines,
        [
            "run.name                = \"\"              # default",
            "run.seed                = 3               # --set run.seed=3",
            "run.years               = 7               # a.toml:2",
        ]
    );
    assert_eq!(read(&text).expect("the text is a scenario").scenario, loaded.scenario);
    let json = loaded.explain_json();
    assert_eq!(json["settings"][2]["path"], "run.years");
    assert_eq!(json["settings"][2]["origin"], serde_json::json!({ "kind": "file", "file": "a.toml", "line": 2 }));
    assert_eq!(json["settings"][1]["origin"]["flag"], "--set run.seed=3");
    assert_eq!(json["hash"], loaded.hash());
}

#[test]
fn the_reference_loads_to_the_defaults_and_names_every_parameter() {
    let text = reference_of::<Small>();
    assert_eq!(read(&text).expect("the reference has no fault").scenario, Small::default());
    for section in Small::sections() {
        for decl in section.decls {
            assert!(text.contains(&format!("{} = {}\n", decl.name, decl.default)), "{} is missing", decl.name);
        }
    }
    assert!(text.lines().all(|line| line.chars().count() <= 120));
}

#[test]
fn the_schema_knows_every_parameter_with_its_bounds_and_nothing_else() {
    let schema = schema_of::<Small>("Small", "A small file.");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    for section in Small::sections() {
        let mut place = &schema;
        for word in section.stem().split('.') {
            place = &place["properties"][word];
        }
        let place = if section.is_named() { &place["additionalProperties"] } else { place };
        assert_eq!(place["additionalProperties"], false, "{}", section.path);
        assert_eq!(place["properties"].as_object().map(serde_json::Map::len), Some(section.decls.len()));
        for decl in &section.decls {
            let property = &place["properties"][decl.name];
            assert!(property["description"].as_str().is_some_and(|text| text.starts_with(&decl.doc)), "{}", decl.name);
            assert_eq!(property["maximum"].as_f64(), decl.range.map(|range| range.1), "{}", decl.name);
            assert_eq!(property["minimum"].as_f64(), decl.range.map(|range| range.0), "{}", decl.name);
            if let Kind::Choice(words) = decl.kind {
                assert_eq!(property["enum"], serde_json::json!(words));
            }
        }
    }
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn a_parameter_table_has_a_row_for_each_parameter() {
    let table = parameter_table(&super::section::tests::Search::default());
    assert_eq!(table.lines().count(), 2 + 5);
    assert!(
        table.contains("| λ_s | `rate` | Contacts found by search. | 1/year | `3.58` | 0 to 6 | test |\n"),
        "{table}"
    );
}

#[test]
fn the_starter_is_a_scenario_with_the_name_given() {
    let loaded = Loaded::<Scenario>::read("x.toml", &starter("my \"study\"", "CHL"), &[]).expect("no fault");
    assert_eq!(loaded.name(), "my \"study\"");
    assert_eq!(Loaded::<Scenario>::read("dir/x.toml", "", &[]).expect("no fault").name(), "x");
    let same = Scenario { run: Run { name: String::new(), ..loaded.scenario.run.clone() }, ..loaded.scenario };
    assert_eq!(same.population.homes, ["CHL"]);
    let same = Scenario { population: Scenario::default().population, ..same };
    assert_eq!(same, Scenario::default());
}

#[test]
fn escape_sequences_in_a_file_never_reach_the_terminal() {
    let shown = frames(&faults(read("\"\\u001b[31mred\" = 1\n# \u{1b}[0m\n")), false);
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
}

/// Texts made of the pieces of scenario files, which get further into the loader than random bytes.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "[run]",
        "[platform.a]",
        "[[output]]",
        "[mechanism",
        "mechanism.search",
        "run.",
        "years",
        "rate",
        "first",
        "extends",
        "=",
        "=",
        " ",
        "\n",
        "\n",
        "\r\n",
        "3",
        "-1",
        "0.5",
        "nan",
        "1e999",
        "\"",
        "'''",
        "\"\"\"",
        "é",
        "日本",
        "\u{feff}",
        "{",
        "}",
        "[",
        "]",
        ",",
        "#",
        "\\",
        "true",
        ":",
        "null",
        "\u{0}",
        "0x",
        "_",
        "2010-01-01",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Whatever the text, loading ends with a scenario within its ranges or with faults that can be shown.
fn survives(name: &str, text: &str, flag: &str) {
    match Loaded::<Small>::read(name, text, &[Flag::set(flag)]) {
        Ok(loaded) => {
            assert!(loaded.scenario.search.rate >= 0.0 && loaded.scenario.run.years >= 1);
            assert_eq!(read(&loaded.resolved_toml()).expect("it loads back").scenario, loaded.scenario);
        }
        Err(Error::Asked(faults)) => assert!(!frames(&faults, true).is_empty()),
        Err(Error::Failed(message)) => panic!("loading cannot fail otherwise: {message}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(69), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_stops_the_loader(text in pieces(), flag in pieces(), json in any::<bool>()) {
        survives(if json { "a.json" } else { "a.toml" }, &text, &flag);
    }

    #[test]
    fn no_bytes_stop_the_loader(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let folder = TempDir::new().expect("a temporary folder can be made");
        for name in ["a.toml", "a.json"] {
            let path = folder.path().join(name);
            fs::write(&path, &bytes).expect("a file can be written");
            if let Err(Error::Asked(faults)) = Loaded::<Small>::load(&path, &[]) {
                prop_assert!(!frames(&faults, false).is_empty());
            }
        }
    }

    #[test]
    fn every_value_in_range_loads_back(rate in 0.0..=6.0_f64, weight in -1e300..1e300_f64, name in ".*", first in prop::collection::vec(".*", 0..4)) {
        let mut small = Small::default();
        small.search = super::section::tests::Search { rate, weight, first, ..small.search };
        small.set("run.name", &Value::Text(name)).expect("a text is a name");
        let text = Loaded { scenario: small.clone(), ..Loaded::defaults(&[]).expect("no fault") }.resolved_toml();
        prop_assert_eq!(read(&text).expect("no fault").scenario, small);
    }
}
