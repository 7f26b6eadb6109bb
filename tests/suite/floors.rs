//! The floors of the house: imports run down the list of rooms, theories know no other theory, parameters are told.

use fondaco::param::Kind;
use fondaco::scenario::{Scenario, Sections};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the door inwards, as in the tour of the library; those of one floor share a line.
const FLOORS: &[&[&str]] = &[
    &["door"],
    &["report"],
    &["experiment"],
    &["scenario"],
    &["engine"],
    &["policy"],
    &["mechanism"],
    &["observe"],
    &["economy"],
    &["firm", "world", "network"],
    &["statistics"],
    &["read", "param", "draw", "number", "letters", "input"],
    &["error"],
];

/// Rooms of one floor, or siblings above and below one another, that must not know each other.
const STRANGERS: &[(&str, &str)] = &[("mechanism", "observe"), ("world", "network"), ("firm", "world")];

/// Where a macro of the crate lives.
const MACROS: &[(&str, &str)] =
    &[("params", "param"), ("choice", "param"), ("sections", "scenario"), ("table", "report")];

/// Mechanism files that gather the others.
const GATHERERS: &[&str] = &["mod.rs", "theory.rs"];

/// Mechanism files that may know a certain other one. None do.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// Numbers without a unit: a label, not a quantity.
const UNITLESS: &[&str] = &["run.seed"];

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every Rust file below a folder, those of tests left out.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("it is read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The words of the program: without comments, texts and the test module at the foot.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file is read");
    let body = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let mut code = String::new();
    for line in body.lines() {
        let line = line.split("//").next().unwrap_or_default();
        // Every other part of a line stands between quotes.
        let spoken = line.replace("\\\"", "");
        code.extend(spoken.split('"').step_by(2));
        code.push('\n');
    }
    code
}

/// The room of a source file: the first part of its path.
fn room(path: &Path) -> String {
    let inside = path.strip_prefix(src()).expect("the file is below src");
    let first = inside.components().next().expect("a path has parts").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The words that follow `prefix` in a text, those in braces one by one.
fn named_after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        if code[..at].ends_with(|c: char| is_word(c) || c == '$' || c == ':') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        let Some(inner) = rest.strip_prefix('{') else {
            names.push(rest.chars().take_while(|c| is_word(*c)).collect());
            continue;
        };
        let (mut depth, mut item) = (0, String::new());
        for c in inner.chars() {
            match c {
                '}' if depth == 0 => break,
                ',' if depth == 0 => names.push(std::mem::take(&mut item)),
                '{' => depth += 1,
                '}' => depth -= 1,
                _ if depth == 0 => item.push(c),
                _ => {}
            }
        }
        names.push(item);
    }
    let first = |name: String| name.trim().chars().take_while(|c| is_word(*c)).collect::<String>();
    names.into_iter().map(first).filter(|name| !name.is_empty()).collect()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// What a room of the library refers to in other rooms.
fn imports(path: &Path) -> Vec<String> {
    let home = |name: String| MACROS.iter().find(|(m, _)| *m == name).map_or(name, |(_, room)| (*room).to_owned());
    named_after(&code(path), "crate::").into_iter().map(home).filter(|name| *name != room(path)).collect()
}

#[test]
fn every_room_has_a_floor_and_every_floor_is_told_in_the_tour() {
    let tour = fs::read_to_string(src().join("lib.rs")).expect("the tour is read");
    let told: Vec<Vec<&str>> = tour
        .lines()
        .filter(|line| line.starts_with("//! | `"))
        .map(|line| {
            let rooms = line.split('|').nth(1).unwrap_or_default();
            rooms.split('`').skip(1).step_by(2).collect()
        })
        .collect();
    assert_eq!(told, FLOORS, "the table in src/lib.rs and the list of this test");
    for path in files(&src()) {
        let room = room(&path);
        let known = floor(&room).is_some() || ["lib", "main", "cli"].contains(&room.as_str());
        assert!(known, "{} is in no room of the list", path.display());
    }
}

#[test]
fn imports_run_down_the_list_of_rooms_only() {
    let mut found = 0;
    let mut wrong = Vec::new();
    for path in files(&src()) {
        let Some(own) = floor(&room(&path)) else { continue };
        for name in imports(&path) {
            found += 1;
            let allowed = floor(&name).is_some_and(|below| below >= own);
            let strange = STRANGERS.iter().any(|(a, b)| {
                let pair = (room(&path), name.as_str());
                pair == ((*a).to_owned(), *b) || pair == ((*b).to_owned(), *a)
            });
            if !allowed || strange {
                wrong.push(format!("{} knows {name}", path.strip_prefix(src()).expect("below src").display()));
            }
        }
    }
    assert!(found > 100, "imports were found: {found}");
    assert!(wrong.is_empty(), "imports that run up the list:\n{}", wrong.join("\n"));
}

#[test]
fn no_path_climbs_out_of_its_room_unseen() {
    // `super::super::` could reach another room without naming the crate.
    for path in files(&src()) {
        let depth = path.strip_prefix(src()).expect("below src").components().count();
        let climbs = code(&path).match_indices("super::super::").count();
        assert!(climbs == 0 || depth > 2, "{} climbs out of its room", path.display());
    }
}

#[test]
fn the_library_neither_prints_nor_exits_nor_reads_the_command_line() {
    let forbidden =
        ["println!", "eprintln!", "print!", "eprint!", "dbg!", "process::exit", "env::args", "std::env::var"];
    for path in files(&src()) {
        if ["cli", "main"].contains(&room(&path).as_str()) {
            continue;
        }
        let code = code(&path);
        for word in forbidden {
            assert!(named_alone(&code, word).is_none(), "{} says {word}", path.display());
        }
    }
}

/// Where a word stands that is not the end of a longer one.
fn named_alone(code: &str, word: &str) -> Option<usize> {
    code.match_indices(word).map(|(at, _)| at).find(|at| !code[..*at].ends_with(is_word))
}

#[test]
fn no_table_has_an_order_of_its_own_and_no_number_comes_from_the_machine() {
    // Hash tables are ordered by chance; the functions of the machine differ between machines.
    let forbidden = ["HashMap", "HashSet", "rand::rng", "thread_rng", "SystemTime"];
    let of_the_machine =
        [".exp()", ".ln()", ".powf(", ".sin()", ".cos()", ".tan()", ".log10()", ".exp2()", ".mul_add("];
    for path in files(&src()) {
        let code = code(&path);
        for word in forbidden.iter().chain(&of_the_machine) {
            assert!(!code.contains(word), "{} uses {word}", path.display());
        }
    }
}

#[test]
fn only_tables_know_the_types_of_files() {
    // `report/table.rs` has kinds of columns, none without a sign; whoever writes Parquet asks it for its columns.
    for path in files(&src()).iter().filter(|path| !path.ends_with("report/table.rs")) {
        for word in ["DataType", "UInt8", "UInt16", "UInt32", "UInt64"] {
            let text = code(path);
            assert!(!text.contains(word), "{} names {word}; see report/table.rs", path.display());
        }
    }
}

#[test]
fn no_theory_knows_another() {
    for path in files(&src().join("mechanism")) {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        if GATHERERS.contains(&name.as_str()) {
            continue;
        }
        let code = code(&path);
        let known = named_after(&code, "super::").into_iter().chain(named_after(&code, "crate::mechanism::"));
        for other in known {
            let listed = EXCEPTIONS.iter().any(|(file, theory)| *file == name && *theory == other);
            assert!(listed, "mechanism/{name} knows the theory {other}");
        }
    }
}

#[test]
fn every_theory_is_gathered_and_its_prediction_has_a_test() {
    let gathered = fs::read_to_string(src().join("mechanism/theory.rs")).expect("the theories are gathered");
    for path in files(&src().join("mechanism")) {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        if GATHERERS.contains(&name.as_str()) {
            continue;
        }
        let theory = name.trim_end_matches(".rs");
        assert!(gathered.contains(&format!("{theory}::")), "{name} is no part of the theory");
        let text = fs::read_to_string(&path).expect("a theory is read");
        let head: String = text
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .map(|line| line[3..].trim().to_owned() + " ")
            .collect();
        let predicts = head.split_once("**Predicts**").unwrap_or_else(|| panic!("{name} predicts nothing")).1;
        let test = predicts.split_once("see `").unwrap_or_else(|| panic!("{name}: no test of its prediction")).1;
        let test = test.split('`').next().unwrap_or_default();
        assert!(text.contains(&format!("#[test]\n    fn {test}()")), "{name} names the test {test}, which it lacks");
        assert!(head.contains("```text") || head.contains("|---"), "{name} has neither equation nor table");
    }
}

#[test]
fn every_file_begins_by_saying_what_it_is_for() {
    for path in files(&src()) {
        let text = fs::read_to_string(&path).expect("a source file is read");
        let first: String =
            text.lines().take_while(|line| line.starts_with("//! ")).map(|line| format!("{} ", &line[4..])).collect();
        let sentence = first.contains(['.', ':']) && first.starts_with(|c: char| c.is_uppercase() || c == '`');
        let named = first.starts_with("fondaco ");
        assert!(sentence || named, "{} does not begin with a sentence: {first:?}", path.display());
    }
}

#[test]
fn every_parameter_has_a_meaning_a_source_and_if_it_is_a_number_a_unit_and_a_range() {
    let mut numbers = 0;
    for section in Scenario::sections() {
        assert!(!section.about.is_empty(), "{} is about nothing", section.path);
        for decl in &section.decls {
            let path = format!("{}.{}", section.path, decl.name);
            assert!(decl.doc.len() > 5 && decl.doc.ends_with('.'), "{path} means {:?}", decl.doc);
            assert!(!decl.source.is_empty(), "{path} has no source");
            if matches!(decl.kind, Kind::Number | Kind::Integer) {
                numbers += 1;
                let (low, high) = decl.range.unwrap_or_else(|| panic!("{path} has no range"));
                assert!(low < high, "{path}: the range {low} to {high} is empty");
                assert!(!decl.unit.is_empty() || UNITLESS.contains(&path.as_str()), "{path} has no unit");
            }
        }
    }
    assert!(numbers > 150, "{numbers} numbers are declared");
}

/// What a test of the floors would say of a sentence of code.
#[test]
fn the_reader_of_imports_sees_what_stands_there() {
    let said = |code: &str| named_after(code, "crate::");
    assert_eq!(said("use crate::draw::{Address, Purpose};"), ["draw"]);
    assert_eq!(
        said("use crate::{draw::Seed, economy::{Chunk, accounts::Accounts}, firm};"),
        ["draw", "economy", "firm"]
    );
    assert_eq!(said("let x = crate::number::exp(-1.0); crate::params! {"), ["number", "params"]);
    assert_eq!(said("$crate::param::Decl, other_crate::draw"), Vec::<String>::new());
}
