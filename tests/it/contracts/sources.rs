//! Tests that the sources that comments name are in the repository.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::format::contracts;
use crate::tidy::{files_below, row_tests, rows, rust_files};

/// The beginning of a contract's path in comments.
const FOLDER: &str = "tests/fixtures/contracts/";

/// Documents that are outside the repository, if they exist at all. Their names are written apart,
/// so that this file passes its own test.
const OUTSIDE: &[&str] = &[
    concat!("tfe-", "clients.md"),
    concat!("tfe-", "attributes.md"),
    concat!("generations", ".md"),
    concat!("endpoints", ".tsv"),
    concat!("terraform-", "cli.md"),
    concat!("terrareg-", "api.md"),
    concat!("security", ".md"),
    concat!("house", ".md"),
    concat!("storage", ".md"),
    concat!("goals", ".md"),
    concat!("hcp", "/"),
    concat!("samples ", "004"),
];

/// Returns the comment of a line, if it has one.
fn comment(line: &str) -> Option<&str> {
    let (_, text) = line.split_once("//")?;
    Some(text.trim_start_matches(['/', '!']).trim())
}

#[test]
fn comments_name_nothing_that_lies_outside_of_the_project() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut look = |file: &str, number: usize, text: &str| {
        let outside = OUTSIDE.iter().find(|name| text.contains(*name));
        wrong.extend(outside.map(|name| format!("{file}:{number}: {name}")));
    };
    for (file, text) in rust_files() {
        for (line, number) in text.lines().zip(1..) {
            if let Some(comment) = comment(line) {
                look(&file, number, comment);
            }
        }
    }
    let folders = [root.join("packaging"), root.join(".ci")];
    let texts = folders.iter().flat_map(|folder| files_below(folder));
    for path in texts.chain([root.join("README.md")]) {
        // Pictures are no text.
        let text = fs::read_to_string(&path).unwrap_or_default();
        for (line, number) in text.lines().zip(1..) {
            look(&path.display().to_string(), number, line);
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_contract_that_a_comment_names_exists() {
    let contracts = contracts();
    let (mut wrong, mut named) = (Vec::new(), 0);
    for (file, text) in rust_files() {
        for (line, number) in text.lines().zip(1..) {
            let Some(comment) = comment(line) else {
                continue;
            };
            for rest in comment.split(FOLDER).skip(1) {
                let cited = rest.split(|letter: char| {
                    !letter.is_ascii_alphanumeric() && !"-.#".contains(letter)
                });
                let cited = cited.into_iter().next().unwrap_or_default();
                if cited.is_empty() {
                    continue;
                }
                named += 1;
                let (name, fact) = cited.split_once('#').unwrap_or((cited, ""));
                let contract = name.strip_suffix(".toml").and_then(|it| contracts.get(it));
                let is_there =
                    contract.is_some_and(|it| fact.is_empty() || it.facts.contains_key(fact));
                if !is_there {
                    wrong.push(format!("{file}:{number}: there is no {cited}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(named >= 50, "{named}");
}

#[test]
fn every_source_is_a_contract_or_a_public_document() {
    let mut wrong = Vec::new();
    for (file, text) in rust_files() {
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let Some(comment) = comment(line) else {
                continue;
            };
            if !comment.starts_with("Source: ") && !comment.contains(". Source: ") {
                continue;
            }
            // The paragraph from there: a title is in stars, an address in angle brackets.
            let paragraph = lines[number..].iter().map_while(|line| self::comment(line));
            let paragraph: Vec<_> = paragraph.take_while(|line| !line.is_empty()).collect();
            let paragraph = paragraph.join(" ");
            let is_public = paragraph.contains("<https://") || paragraph.matches('*').count() > 1;
            if !is_public && !paragraph.contains(FOLDER) {
                wrong.push(format!("{file}:{}: {paragraph}", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_row_that_tests_are_named_after_is_explained() {
    let threats = &contracts()["threats"];
    let explained: BTreeSet<String> = threats.facts.keys().map(|it| it.to_lowercase()).collect();
    let rows: BTreeSet<String> = rows().collect();
    assert_eq!(explained, rows);
    assert!(row_tests().keys().all(|row| explained.contains(row)));
}
