//! The documents agree with the code: tables and equations are current, links lead somewhere, examples load.
//!
//! A document has blocks between a comment that names a source and `<!-- end -->`:
//!
//! | marker                     | what stands there                                             |
//! |----------------------------|---------------------------------------------------------------|
//! | `table: mechanism.search`  | the parameters of a block of the scenario                     |
//! | `head: src/draw.rs`        | the head of a source file: claim, equation, prediction, source |
//! | `dictionary`               | every column of every table of a result                       |
//! | `figures`                  | every figure of a result                                      |
//!
//! `FONDACO_BLESS=1 cargo test --release --test docs` writes them anew.

use fondaco::experiment::compare::{Comparison, Study};
use fondaco::experiment::sweep;
use fondaco::mechanism::theory::Theory;
use fondaco::report::comparison;
use fondaco::report::figure::{COMPARED, FIGURES};
use fondaco::report::table::Declared;
use fondaco::report::{dictionary, rows};
use fondaco::scenario::{Loaded, Scenario, Sections, parameter_table};
use std::fs;
use std::path::{Path, PathBuf};

const END: &str = "<!-- end -->";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}")).replace("\r\n", "\n")
}

/// The marker of a line, if it opens a block.
fn marker(line: &str) -> Option<&str> {
    let inside = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
    (line != END).then_some(inside)
}

/// What belongs into the block of a marker.
fn generated(marker: &str) -> String {
    match marker.split_once(": ") {
        Some(("table", path)) => table(path),
        Some(("head", file)) => head(file),
        None if marker == "dictionary" => columns(&rows::tables()),
        None if marker == "figures" => figures(&FIGURES),
        None if marker == "compared tables" => columns(&comparison::declarations()),
        None if marker == "compared figures" => figures(&COMPARED),
        _ => panic!("`{marker}` names nothing that can be generated"),
    }
}

fn table(path: &str) -> String {
    let mut scenario = Scenario::default();
    let block = scenario.open(&path.replace('*', "NAME")).unwrap_or_else(|| panic!("no section is called {path}"));
    format!("`[{}]` {}\n\n{}", path.replace('*', "NAME"), block.about(), parameter_table(block))
}

/// The head of a source file as Markdown; links that only rustdoc understands become plain words.
fn head(file: &str) -> String {
    let source = text(file);
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    let lines: Vec<&str> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    assert!(lines.len() > 3, "{file} says too little at its head");
    lines.join("\n").replace("[`", "`").replace("`]", "`") + "\n"
}

fn columns(tables: &[Declared]) -> String {
    let page = dictionary::markdown(tables);
    page.trim_start_matches("# Data dictionary\n\n").replace("\n## ", "\n### ")
}

fn figures(figures: &[(&str, &str)]) -> String {
    let row = |(stem, about): &(&str, &str)| format!("| `figures/{stem}.svg`, `.png`, `.csv` | {about} |\n");
    "| file | about |\n|---|---|\n".to_owned() + &figures.iter().map(row).collect::<String>()
}

/// The document with every block as it would be generated today.
fn renewed(name: &str, old: &str) -> String {
    let mut new = String::new();
    let mut lines = old.lines();
    while let Some(line) = lines.next() {
        new += line;
        new.push('\n');
        if let Some(marker) = marker(line) {
            assert!(lines.any(|line| line == END), "{name}: the block `{marker}` has no end");
            new += &format!("\n{}\n{END}\n", generated(marker));
        }
    }
    new
}

fn is_current(name: &str) {
    let (old, path) = (text(name), root().join(name));
    let new = renewed(name, &old);
    if std::env::var_os("FONDACO_BLESS").is_some_and(|bless| bless == "1") {
        fs::write(&path, &new).expect("the file can be written");
        return;
    }
    let differs = old.lines().zip(new.lines()).position(|(old, new)| old != new);
    let line = 1 + differs.unwrap_or_else(|| old.lines().count().min(new.lines().count()));
    assert!(old == new, "{name} is out of date from line {line}; FONDACO_BLESS=1 writes it anew");
}

#[test]
fn the_description_of_the_model_is_current() {
    is_current("docs/odd.md");
}

#[test]
fn the_description_of_outputs_is_current() {
    is_current("docs/outputs.md");
}

#[test]
fn every_setting_and_every_theory_is_in_the_description_of_the_model() {
    let page = text("docs/odd.md");
    let markers: Vec<&str> = page.lines().filter_map(marker).collect();
    let count = |wanted: &str| markers.iter().filter(|marker| **marker == wanted).count();
    for section in Scenario::sections() {
        let wanted = format!("table: {}", section.path);
        assert_eq!(count(&wanted), 1, "docs/odd.md needs one block `<!-- {wanted} -->`");
    }
    for folder in ["src/mechanism", "src/mechanism/extension"] {
        for file in fs::read_dir(root().join(folder)).expect("the theories have a folder") {
            let name = file.expect("a file can be listed").file_name().into_string().expect("names are plain");
            if name.ends_with(".rs") && !["mod.rs", "theory.rs"].contains(&name.as_str()) {
                let wanted = format!("head: {folder}/{name}");
                assert_eq!(count(&wanted), 1, "docs/odd.md needs one block `<!-- {wanted} -->`");
            }
        }
    }
    let shown = markers.iter().filter_map(|marker| marker.strip_prefix("table: "));
    let shown: Vec<&str> = shown.filter(|path| path.starts_with("mechanism.")).collect();
    let listed: Vec<&str> = Theory::families().into_iter().flat_map(|(_, theories)| theories).collect();
    assert_eq!(shown, listed, "docs/odd.md describes the theories in the order of their list");
}

/// The documents: Markdown in the root and in the folders that hold some.
fn documents() -> Vec<PathBuf> {
    let folders = [root().to_owned(), root().join("docs"), root().join("docs/guide"), root().join("data")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("the folder is there"));
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a file can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    paths
}

/// The anchor of a heading, as forges make it.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Targets of the links and images of a text, code left out.
fn links(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (i, outside) in page.split("```").enumerate() {
        if i % 2 == 0 {
            found.extend(outside.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target)));
        }
    }
    found
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let documents = documents();
    assert!(documents.len() > 5);
    for document in documents {
        let page = fs::read_to_string(&document).expect("a document can be read");
        for link in links(&page).into_iter().filter(|link| !link.contains("://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                document.clone()
            } else {
                document.parent().expect("a file has a folder").join(file)
            };
            assert!(target.exists(), "{}: the link to {link} is dead", document.display());
            let is_there = || {
                let text = fs::read_to_string(&target).expect("a document can be read");
                text.lines().any(|line| line.starts_with('#') && anchor(line) == heading)
            };
            assert!(heading.is_empty() || is_there(), "{}: {link} has no such heading", document.display());
        }
    }
}

/// The code blocks of a language in a document.
fn examples<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(fence.as_str()).skip(1).filter_map(|rest| rest.split_once("```").map(|(code, _)| code)).collect()
}

#[test]
fn the_scenarios_shown_in_documents_are_sound() {
    let mut shown = 0;
    for document in documents() {
        let page = fs::read_to_string(&document).expect("a document can be read");
        for example in examples(&page, "toml") {
            shown += 1;
            if example.contains("\n[sweep]\n") {
                let place = root().join("scenarios/sweeps/example.toml");
                sweep::file::read_text("example", &place, example.to_owned(), &[])
                    .unwrap_or_else(|error| panic!("{}: {error}\n{example}", document.display()));
                continue;
            }
            if example.contains("[compare]\n") {
                let loaded = Loaded::<Comparison>::read("scenarios/example.toml", example, &[]);
                loaded
                    .and_then(|loaded| Study::of(&loaded, &[]))
                    .unwrap_or_else(|error| panic!("{}: {error:?}\n{example}", document.display()));
                continue;
            }
            let loaded: Loaded = Loaded::read("example.toml", example, &[])
                .unwrap_or_else(|error| panic!("{}: {error:?}\n{example}", document.display()));
            let faults = loaded.check();
            assert!(faults.is_empty(), "{}: {faults:?}\n{example}", document.display());
        }
    }
    assert!(shown > 0, "no document shows a scenario");
}

#[test]
fn the_commands_of_the_readme_are_those_that_are_checked() {
    let page = text("README.md");
    let commands: Vec<&str> = examples(&page, "sh").into_iter().flat_map(str::lines).collect();
    for command in ["cargo run --release -- run scenarios/belgium.toml", "cargo test --release"] {
        assert!(commands.iter().any(|line| line.starts_with(command)), "README.md does not show `{command}`");
    }
    assert!(text(".ci/run").contains("README.md"), ".ci/run takes the test command from README.md");
}

#[test]
fn every_dependency_has_its_line() {
    let page = text("docs/libraries.md");
    let manifest = text("Cargo.toml");
    let sections =
        manifest.split("\n[").filter(|part| part.starts_with("dependencies]") || part.starts_with("dev-dep"));
    for line in sections.flat_map(|part| part.lines().skip(1)).filter(|line| line.contains(" = ")) {
        let name = line.split_once(" = ").expect("a line of a manifest is a pair").0;
        assert!(page.contains(&format!("\n| `{name}` |")), "docs/libraries.md says nothing of {name}");
    }
}

/// A year as it stands in a citation: `2009`, `(2009)`, `(2009,`.
fn year(word: &str) -> Option<&str> {
    let bare = word.trim_start_matches('(').trim_end_matches([')', ',', ';', ':', '.', '"', '*']);
    let is_year = bare.len() == 4 && (bare.starts_with("19") || bare.starts_with("20"));
    (is_year && bare.bytes().all(|byte| byte.is_ascii_digit())).then_some(bare)
}

/// Works cited in a text as the last name before the year, and the year: `Johanson & Vahlne (1977, 2009)` are two.
fn citations(text: &str) -> Vec<(String, String)> {
    let words: Vec<&str> = text.split_whitespace().filter(|word| *word != "//!").collect();
    let mut found: Vec<(String, String)> = Vec::new();
    let mut last: Option<String> = None;
    for (i, word) in words.iter().enumerate().skip(1) {
        let Some(year_of) = year(word) else {
            last = last.filter(|_| word.starts_with('('));
            continue;
        };
        let before = match words[i - 1] {
            "al." if i > 2 => words[i - 3],
            before => before,
        };
        let name = before.rsplit(['"', '(']).next().unwrap_or(before).trim_matches(['*', ',', ';', ')']);
        let name = name.strip_suffix("'s").unwrap_or(name);
        let named = name.starts_with(char::is_uppercase) && !name.ends_with('.');
        last = if named { Some(name.to_owned()) } else { last.filter(|_| year(before).is_some()) };
        found.extend(last.iter().map(|name| (name.clone(), year_of.to_owned())));
    }
    found
}

#[test]
fn every_work_cited_is_among_the_sources() {
    let cited =
        |text: &str| citations(text).into_iter().map(|(name, year)| format!("{name} {year}")).collect::<Vec<_>>();
    assert_eq!(
        cited("Johanson & Vahlne (1977, 2009) and (Lendle et al. 2016) in 2013"),
        ["Vahlne 1977", "Vahlne 2009", "Lendle 2016"]
    );
    let page = text("docs/sources.md");
    let mut places: Vec<String> = vec!["docs/odd.md".into(), "data/facts.csv".into()];
    for folder in ["src/mechanism", "src/mechanism/extension", "src/experiment/theory"] {
        for file in fs::read_dir(root().join(folder)).expect("the theories have a folder") {
            let name = file.expect("a file can be listed").file_name().into_string().expect("names are plain");
            places.extend(name.ends_with(".rs").then(|| format!("{folder}/{name}")));
        }
    }
    let mut count = 0;
    for place in &places {
        let page_of = text(place);
        // Of an experiment, what it names as its source.
        let sources = page_of.lines().filter(|line| !place.contains("experiment") || line.contains("source: \""));
        for (name, year) in citations(&sources.collect::<Vec<_>>().join("\n")) {
            let known =
                page.lines().any(|line| line.starts_with("- **") && line.contains(&name) && line.contains(&year));
            assert!(known, "{place} cites {name} {year}, which docs/sources.md does not have");
            count += 1;
        }
    }
    assert!(count > 150, "only {count} citations were found");
    for line in page.lines().filter(|line| line.starts_with("- **")) {
        let author =
            line.trim_start_matches("- **Van ").trim_start_matches("- **").split([' ', ',']).next().unwrap_or("");
        let (_, used) = line.split_once("Used in ").unwrap_or_else(|| panic!("where is it used? {line}"));
        for file in used.split('`').skip(1).step_by(2) {
            assert!(text(file).contains(author), "{file} does not cite {author}: {line}");
        }
    }
}
