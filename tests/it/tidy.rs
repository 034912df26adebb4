//! Tests the shape of the repository: file sizes, headings, leftovers, the top level, names of
//! tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::architecture::{sources, without_tests};

/// The most lines of a file of `src/`, without its tests.
const MOST_LINES: usize = 400;

/// Everything at the top level, beside entries that begin with a dot and those that git ignores.
const TOP_LEVEL: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "assets",
    "packaging",
    "src",
    "static",
    "tests",
];

/// The numbers of the threats (T) and of the reliability promises (R) that tests are named after.
const ROWS: &[(char, RangeInclusive<u32>)] =
    &[('t', 1..=68), ('t', 70..=71), ('t', 74..=74), ('r', 1..=20)];

/// Rows that no test is named after. One leaves this list with its first test, and none may join it.
#[rustfmt::skip]
const WITHOUT_TEST: &[&str] = &[
    "t24", "t39", "t42", "t43", "t44", "t45",
    "t51", "t63", "t64", "t65", "t70", "t74", "r9", "r11",
    "r12", "r15", "r16", "r18", "r20",
];

#[test]
fn files_fit_their_size_and_begin_with_what_they_are() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        if file.ends_with("/tests.rs") {
            continue;
        }
        let lines = without_tests(&text).lines().count();
        if lines > MOST_LINES {
            wrong.push(format!("src/{file} has {lines} lines; split it by idea"));
        }
    }
    for (file, text) in rust_files() {
        if !text.starts_with("//! ") {
            wrong.push(format!("{file} does not begin with `//! ` and what it is"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn nothing_is_left_over_in_the_text() {
    let mut wrong = Vec::new();
    for (file, text) in rust_files() {
        for (line, number) in text.lines().zip(1..) {
            wrong.extend(leftover(line).map(|what| format!("{file}:{number}: {what}")));
        }
        if !text.ends_with('\n') || text.ends_with("\n\n") {
            wrong.push(format!("{file} does not end with one line break"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn leftovers_are_found() {
    let note = |word: &str| format!("// {word}: later");
    for line in [
        "let x = 1; ",
        "\tlet x = 1;",
        &note(NOTES[0]),
        &note(NOTES[1]),
    ] {
        assert!(leftover(line).is_some(), "{line:?}");
    }
    assert_eq!(leftover("let x = 1; // The mastodon stays."), None);
}

#[test]
fn the_top_level_is_as_fixed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ignored = fs::read_to_string(root.join(".gitignore")).unwrap();
    let ignored: BTreeSet<&str> = ignored.lines().map(|l| l.trim_matches('/')).collect();
    let names = fs::read_dir(root).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let visible = names.filter(|name| !name.starts_with('.') && !ignored.contains(name.as_str()));
    let visible: BTreeSet<String> = visible.collect();
    let expected: BTreeSet<String> = TOP_LEVEL.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(visible, expected);
}

#[test]
fn t31_no_template_turns_escaping_off() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["assets", "static", "src"] {
        for path in files_below(&root.join(folder)) {
            // Icons and fonts are not text, and hold no templates.
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            assert!(!turns_escaping_off(&text), "{}", path.display());
        }
    }
    assert!(turns_escaping_off("<p>{{ readme |safe }}</p>"));
    assert!(turns_escaping_off("<p>{{ readme | safe }}</p>"));
    assert!(!turns_escaping_off("<p>{{ readme }}</p> is safe"));
}

#[test]
fn tests_are_named_after_rows_that_exist() {
    let named = row_tests();
    assert!(named.contains_key("t31"), "this file names one itself");
    let unknown: Vec<_> = named.iter().filter(|(row, _)| !is_row(row)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    for row in ["t00", "t69", "t75", "t1", "r0", "r21", "r01"] {
        assert!(!is_row(row), "{row}");
    }
}

#[test]
fn every_row_has_a_test_or_is_known_to_have_none() {
    let named = row_tests();
    let without: Vec<String> = rows().filter(|row| !named.contains_key(row)).collect();
    assert_eq!(
        without, WITHOUT_TEST,
        "the list WITHOUT_TEST is out of date"
    );
}

/// Returns the tests named after each row, as in `t31` for `fn t31_no_template_turns_escaping_off`.
pub(crate) fn row_tests() -> BTreeMap<String, Vec<String>> {
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, text) in rust_files() {
        for line in text.lines() {
            let line = line.trim_start();
            let line = line.strip_prefix("async ").unwrap_or(line);
            let Some((name, _)) = line.strip_prefix("fn ").and_then(|l| l.split_once('(')) else {
                continue;
            };
            // A test of several rows names them all: `r1_r2_nothing_is_lost`.
            for row in name.split('_').take_while(|word| looks_like_a_row(word)) {
                let tests = named.entry(row.to_owned()).or_default();
                tests.push(format!("{file}: {name}"));
            }
        }
    }
    named
}

fn looks_like_a_row(word: &str) -> bool {
    let number = word.strip_prefix(['t', 'r']).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns every row as tests write it: threats have two digits, promises as many as they need.
pub(crate) fn rows() -> impl Iterator<Item = String> {
    ROWS.iter().flat_map(|(letter, numbers)| {
        numbers.clone().map(move |number| match letter {
            't' => format!("t{number:02}"),
            _ => format!("{letter}{number}"),
        })
    })
}

fn is_row(row: &str) -> bool {
    rows().any(|known| known == row)
}

/// Words that put work off. They are written apart, so that this file passes its own test.
const NOTES: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

fn leftover(line: &str) -> Option<&'static str> {
    if line.ends_with([' ', '\r']) {
        Some("space at the end of the line")
    } else if line.contains('\t') {
        Some("tab")
    } else if NOTES.iter().any(|note| line.contains(note)) {
        Some("a note of work to be done: do it, or open an issue")
    } else {
        None
    }
}

fn turns_escaping_off(text: &str) -> bool {
    let mut filters = text
        .split("{{")
        .skip(1)
        .filter_map(|rest| rest.split("}}").next());
    filters.any(|inner| inner.split('|').skip(1).any(|name| name.trim() == "safe"))
}

/// Returns every Rust file of the repository, by its path.
pub(crate) fn rust_files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for folder in ["src", "tests"] {
        for path in files_below(&root.join(folder)) {
            if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                all.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    all
}

pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
