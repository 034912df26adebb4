//! Tests that there is one word per thing: the glossary of `src/ARCHITECTURE.md`, and the words
//! that it has replaced.

use super::architecture::{sources, without_tests};

const ARCHITECTURE: &str = include_str!("../../src/ARCHITECTURE.md");

/// The most lines of the glossary.
const MOST_LINES: usize = 40;

/// Names of types and functions that say nothing, or that another word has replaced.
#[rustfmt::skip]
const BANNED_NAMES: &[(&str, &str)] = &[
    ("Wanted",       "the name of what it holds, as in `TeamQuery` or `BackupRequest`"),
    ("Asked",        "the name of what it holds, as in `VersionRequest`"),
    ("Shown",        "the name of what it holds, as in `VersionPage`"),
    ("Kept",         "the name of what it holds, as in `ComparedWith`"),
    ("Told",         "the name of what it holds"),
    ("Mark",         "`Badge` on a page, `Revision` of rows"),
    ("Marks",        "`Revisions`"),
    ("MarkedCache",  "`RevisionCache`"),
    ("ModuleDigest", "`ModuleOutline`; a digest is a hash"),
    ("Unread",       "`InspectionQueue`"),
    ("Following",    "`JournalFollower`"),
    ("Gate",         "`Admission`"),
    ("Turn",         "`WriterState` or `HashPermit`"),
    ("Parcel",       "`PackedModule`"),
    ("JournalPlace", "`JournalPosition`"),
    ("Act",          "`AuditEvent`"),
    ("Acts",         "`AuditPage`"),
    ("fn shown",     "a verb, as in `to_resource` or `render_form`"),
    ("fn asked",     "a verb, as in `parse_request` or `authorize_key`"),
    ("fn found",     "a verb, as in `find_version`"),
    ("fn kept",      "a verb, as in `retain_nodes`"),
    ("fn told",      "a verb, as in `describe_breaks`"),
    ("fn made",      "a verb, as in `verifies_form_token`"),
    ("fn wanted",    "a verb, as in `read_form`"),
    ("fn one_of",    "`find_version`"),
    ("fn keep_for",  "`store_blob_then`"),
    ("fn signed_in", "`require_authenticated`"),
];

/// Phrases of comments that a glossary word or a plain sentence has replaced.
#[rustfmt::skip]
const BANNED_PHRASES: &[(&str, &str)] = &[
    ("change mark",   "revision"),
    ("the short of",  "outline, or what it is"),
    ("whomever",      "who it is"),
    ("The same, where", "what it does, and in which case"),
    ("The same for",  "what it does"),
];

#[test]
fn a_replaced_word_does_not_come_back() {
    let mut found = Vec::new();
    for (file, text) in sources() {
        for (line, number) in without_tests(&text).lines().zip(1..) {
            found.extend(banned(line).map(|why| format!("src/{file}:{number}: {why}")));
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn replaced_words_are_found() {
    for line in [
        "struct Wanted {",
        "pub fn shown(&self) {",
        "    let all: Vec<Act> = Vec::new();",
        "/// The change mark of a row.",
        "//! The same for tokens.",
    ] {
        assert!(banned(line).is_some(), "{line}");
    }
    for line in ["fn shown_bytes() {", "// In the same way", "struct Actor;"] {
        assert_eq!(banned(line), None, "{line}");
    }
}

#[test]
fn the_glossary_is_short_and_in_order() {
    let (_, glossary) = ARCHITECTURE.split_once("\n## Words\n").expect("a glossary");
    let glossary = glossary.split("\n## ").next().expect("a section");
    assert!(glossary.lines().count() <= MOST_LINES, "it is too long");
    let rows = glossary.lines().filter(|line| line.starts_with("| "));
    let words: Vec<&str> = rows
        .skip(1)
        .filter_map(|row| row.trim_start_matches("| ").split(" |").next())
        .collect();
    assert!(words.len() > 10, "{words:?}");
    assert!(words.is_sorted(), "{words:?}");
}

/// Returns why a line is not allowed; `None` if it is.
fn banned(line: &str) -> Option<String> {
    let (code, comment) = line.split_once("//").unwrap_or((line, ""));
    let name = BANNED_NAMES.iter().find(|(name, _)| has_word(code, name));
    let phrase = BANNED_PHRASES
        .iter()
        .find(|(phrase, _)| comment.contains(phrase));
    let (word, better) = name.or(phrase)?;
    Some(format!("`{word}` is replaced by {better}"))
}

/// Returns whether a text has a word that is not a part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(is_letter) && !after.is_some_and(is_letter)
    })
}
