//! The guide keeps its word: its commands are run in order, and what stands below them is what they print.
//!
//! | fence              | what it is                                                                     |
//! |--------------------|--------------------------------------------------------------------------------|
//! | `toml NAME`, `csv NAME` | a file, written as it stands                                              |
//! | `sh`               | commands: of the program, and `cat FILE`                                       |
//! | `text`, `text N`   | what the commands before it print, all of it or the first `N` lines             |
//!
//! In prose, `<!--line "WORDS" word N-->…<!--/-->` holds the `N`th word, and `cell N` the `N`th cell between commas, of
//! the first line with these words in the output above. No other number stands in prose that is in no block of its page.
//! `FONDACO_BLESS=1 cargo test --release --test suite guide` writes outputs and numbers anew.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const OPEN: &str = "<!--line ";
/// Numbers that no run decides: the share that intervals hold, the level at which p is clear, and nothing.
const CONVENTIONS: [&str; 3] = ["95", "05", "0"];

const CLOSE: &str = "<!--/-->";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a command prints: what it says where it prints nothing.
fn printed(folder: &Path, command: &str) -> String {
    let words = words(command);
    let (verb, rest) = words.split_first().expect("a command has words");
    if verb == "cat" {
        return fs::read_to_string(folder.join(&rest[0])).unwrap_or_else(|error| panic!("{command}: {error}"));
    }
    assert_eq!(verb, "fondaco", "the guide has commands of the program, and `cat`: {command}");
    let mut program = Command::new(env!("CARGO_BIN_EXE_fondaco"));
    let output = program.current_dir(folder).args(rest).stdin(Stdio::null()).output().expect("it starts");
    let [out, said] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text is UTF-8"));
    assert_eq!(output.status.code(), Some(0), "{command}\n{said}");
    same_everywhere(folder, if out.trim().is_empty() { &said } else { &out })
}

/// The words of a command, as a shell takes them apart: those between quotes are one.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    parts
        .flat_map(|(i, part)| match i % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

/// A text without what depends on the machine: the folder, how long it took, the progress of the work.
fn same_everywhere(folder: &Path, text: &str) -> String {
    let folder = fs::canonicalize(folder).expect("the folder is there");
    let text = text.replace(&format!("{}/", folder.display()), "");
    let kept = text.lines().filter(|line| !line.starts_with("{\"")).filter_map(|line| match line.contains(" thread") {
        true => line.rsplit_once("; ").map(|(before, _)| before),
        false => Some(line),
    });
    let kept: Vec<&str> = kept.map(str::trim_end).collect();
    let text = kept.join("\n").trim_matches('\n').to_owned();
    if text.is_empty() { text } else { text + "\n" }
}

/// A page as its commands make it, and the number of its commands.
fn told(name: &str) -> (String, usize) {
    let page = fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    super::commands::copy(&root().join("scenarios"), &folder.path().join("scenarios"));
    let (mut new, mut output, mut commands) = (String::new(), String::new(), 0);
    for (i, part) in page.split("```").enumerate() {
        if i % 2 == 0 {
            new += &renewed(part, &output);
            continue;
        }
        let (info, body) = part.split_once('\n').expect("a fence ends its line");
        let (kind, argument) = info.split_once(' ').unwrap_or((info, ""));
        let mut body = body.to_owned();
        match kind {
            "toml" | "csv" if !argument.is_empty() => {
                fs::write(folder.path().join(argument), &body).expect("a file can be written");
            }
            "sh" => {
                output = body.lines().map(|command| printed(folder.path(), command)).collect();
                commands += body.lines().count();
            }
            "text" if commands > 0 => {
                let most = argument.parse().unwrap_or(usize::MAX);
                body = output.lines().take(most).map(|line| format!("{line}\n")).collect();
            }
            _ => {}
        }
        new += &format!("```{info}\n{body}```");
    }
    (new, commands)
}

/// Prose with the numbers it takes from an output.
fn renewed(prose: &str, output: &str) -> String {
    let mut parts = prose.split(OPEN);
    let mut new = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (asked, rest) = part.split_once("-->").expect("a marker is closed");
        let (_, rest) = rest.split_once(CLOSE).expect("a number ends");
        new += &format!("{OPEN}{asked}-->{}{CLOSE}{rest}", found(asked, output));
    }
    new
}

/// What a marker such as `"BEL" word 2` finds in an output.
fn found(asked: &str, output: &str) -> String {
    let asked_words = words(asked);
    let [text, kind, number] = &asked_words[..] else { panic!("`{asked}` is no marker") };
    let line = output.lines().find(|line| line.contains(text.as_str()));
    let line = line.unwrap_or_else(|| panic!("no line has `{text}`:\n{output}"));
    let at = number.parse::<usize>().expect("a number") - 1;
    let part = match kind.as_str() {
        "word" => line.split_whitespace().nth(at),
        "cell" => line.split(',').nth(at),
        other => panic!("`{other}` is neither word nor cell"),
    };
    let part = part.unwrap_or_else(|| panic!("`{line}` has no {asked}")).trim_matches([',', ';', ':', '(', ')']);
    match part.parse::<f64>() {
        // Files have every digit; three are enough to speak of.
        Ok(number) if part.len() > 6 => fondaco::statistics::words::plain(number),
        _ => part.to_owned(),
    }
}

/// Numbers in the prose of a page that no block of it has.
fn loose(page: &str) -> Vec<String> {
    let (mut blocks, mut prose) = (String::new(), String::new());
    for (i, part) in page.split("```").enumerate() {
        if i % 2 == 0 { &mut prose } else { &mut blocks }.push_str(part);
    }
    let known = numbers(&blocks);
    // Code within lines, markers and the targets of links are no prose.
    let prose: String = prose.split('`').step_by(2).collect();
    let prose: String = prose.split("](").map(|part| part.split_once(')').map_or(part, |(_, rest)| rest)).collect();
    let mut open = prose.split(OPEN);
    let mut said = open.next().unwrap_or_default().to_owned();
    said.extend(open.filter_map(|part| part.split_once(CLOSE)).map(|(_, rest)| rest));
    let numbered = |line: &str| {
        line.split_once(". ").map_or(line.to_owned(), |(first, rest)| {
            if first.parse::<u32>().is_ok() { rest.to_owned() } else { line.to_owned() }
        })
    };
    let said: String = said.lines().map(|line| numbered(line) + "\n").collect();
    let loose = |number: &String| !known.contains(number) && !CONVENTIONS.contains(&number.as_str());
    numbers(&said).into_iter().filter(loose).collect()
}

fn numbers(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','));
    let parts = parts.map(|part| part.trim_matches(['.', ',']).to_owned());
    parts.filter(|part| part.bytes().any(|byte| byte.is_ascii_digit())).collect()
}

fn holds(name: &str) -> usize {
    let (new, commands) = told(name);
    let old = fs::read_to_string(root().join(name)).expect("the page is there");
    if old != new && std::env::var_os("FONDACO_BLESS").is_some() {
        fs::write(root().join(name), &new).expect("the page can be written");
    } else {
        assert!(old == new, "{name} is not what its commands print now; FONDACO_BLESS=1 writes:\n{new}");
    }
    assert_eq!(loose(&new), [""; 0], "{name} has numbers that no command printed");
    commands
}

#[test]
fn a_first_study_prints_what_it_says() {
    assert!(holds("docs/guide/first-study.md") >= 5);
}

#[test]
fn a_first_comparison_prints_what_it_says() {
    assert!(holds("docs/guide/first-comparison.md") >= 4);
}

#[test]
fn your_own_data_prints_what_it_says() {
    assert!(holds("docs/guide/own-data.md") >= 4);
}

#[test]
fn your_own_theory_prints_what_it_says() {
    assert!(holds("docs/guide/own-theory.md") >= 4);
}

#[test]
fn every_page_of_the_documentation_is_in_the_book() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).expect("the accounts has a summary");
    for folder in ["docs", "docs/guide"] {
        for entry in fs::read_dir(root().join(folder)).expect("the folder is there") {
            let name = entry.expect("a file can be listed").file_name().to_string_lossy().into_owned();
            let within = folder.strip_prefix("docs/").map_or(name.clone(), |part| format!("{part}/{name}"));
            let page = name.ends_with(".md") && name != "SUMMARY.md";
            assert!(!page || summary.contains(&format!("]({within})")), "docs/SUMMARY.md lacks {within}");
        }
    }
}

#[test]
fn a_number_that_no_command_printed_is_found() {
    let page =
        "Of 12 firms <!--line \"a\" word 1-->7<!--/--> are `99` [here](x1.md), 0.5 in all.\n```text\n12 firms\n```\n";
    assert_eq!(loose(page), ["0.5"]);
    assert_eq!(renewed("<!--line \"b\" cell 2-->7<!--/--> x", "a,1\nb,2\n"), "<!--line \"b\" cell 2-->2<!--/--> x");
    assert_eq!(
        words("fondaco explain out --firm \"Adega do Vale\""),
        ["fondaco", "explain", "out", "--firm", "Adega do Vale"]
    );
}
