//! Every dependency may be used, changed and passed on by anybody: its licence is permissive.

use std::process::Command;

/// Licences that ask for little more than the notice. MPL-2.0 and the like, which reach into changed files, are not.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether a licence expression leaves a permissive choice. `OR` binds less than `AND`; brackets hold whole choices.
fn is_permissive(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let mut depth = 0;
    // Words inside brackets are kept together by another space.
    let flat: String = expression
        .chars()
        .map(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            if depth > 0 && c == ' ' { '\u{a0}' } else { c }
        })
        .collect();
    let holds = |term: &str| match term.trim().strip_prefix('(').and_then(|term| term.strip_suffix(')')) {
        Some(inner) => is_permissive(&inner.replace('\u{a0}', " ")),
        None => PERMISSIVE.contains(&term.trim()),
    };
    flat.split(" OR ").any(|choice| choice.split(" AND ").all(holds))
}

#[test]
fn licences_are_read_as_they_are_meant() {
    for good in ["MIT", "MIT/GPL-3.0", "GPL-3.0 OR Apache-2.0", "(MIT OR GPL-3.0) AND Unicode-3.0", "ISC AND (MIT)"] {
        assert!(is_permissive(good), "{good}");
    }
    for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT AND MPL-2.0) OR AGPL-3.0", "MPL-2.0"] {
        assert!(!is_permissive(bad), "{bad}");
    }
}

/// Package, version and licence of everything that edges of some kinds lead to, on this machine's platform; the libraries
/// of the benches too.
fn dependencies(edges: &str) -> Vec<(String, String)> {
    let words =
        ["tree", "--workspace", "--locked", "--offline", "--prefix", "none", "--format", "{p}|{l}", "--edges", edges];
    let output = Command::new(env!("CARGO")).args(words).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let output = output.expect("cargo can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let list = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let pair = |line: &str| {
        let (package, licence) = line.split_once('|').expect("the format has a bar");
        (package.to_owned(), licence.trim_end_matches(" (*)").to_owned())
    };
    list.lines().filter(|line| !line.is_empty()).map(pair).collect()
}

#[test]
fn everything_is_permissive_that_of_the_tests_too() {
    let found = dependencies("normal,build,dev");
    assert!(found.len() > 100, "only {} dependencies were listed", found.len());
    for (package, licence) in found {
        assert!(is_permissive(&licence), "{package} is under {licence:?}");
    }
}
