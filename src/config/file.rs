//! Reads the TOML file into values with their lines. It knows the sections, but not the keys.

use std::path::Path;

use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

use super::keys::SECTIONS;
use super::problem::{ConfigProblem, Origin};
use super::raw::{Given, Raw};
use super::suggestion::nearest;
use crate::files::{LocalFileError, read_file};

/// The most bytes of the file.
const MOST_BYTES: u64 = 4 << 20;

/// Reads the values of the file at `path`, in the order of its lines.
pub(super) fn read(path: &Path, problems: &mut Vec<ConfigProblem>) -> Vec<Given> {
    let unreadable = |wrong: String, instead: &str| ConfigProblem {
        origin: Origin::File {
            path: path.to_owned(),
            line: 0,
        },
        key: None,
        wrong,
        instead: instead.to_owned(),
    };
    let bytes = match read_file(path, MOST_BYTES) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(LocalFileError::Read { source, .. }) => {
            let wrong = format!("the file cannot be read ({source})");
            problems.push(unreadable(wrong, "name a file that exists and is readable"));
            return Vec::new();
        }
        Err(other) => {
            problems.push(unreadable(
                other.to_string(),
                "name the file with the configuration",
            ));
            return Vec::new();
        }
    };
    match std::str::from_utf8(&bytes) {
        Ok(text) => values(path, text, problems),
        Err(reason) => {
            let wrong = format!("the file is not UTF-8 ({reason})");
            problems.push(unreadable(wrong, "save it as UTF-8"));
            Vec::new()
        }
    }
}

/// Reads the values of a document.
fn values(path: &Path, text: &str, problems: &mut Vec<ConfigProblem>) -> Vec<Given> {
    let origin = |at: usize| Origin::File {
        path: path.to_owned(),
        line: line_of(text, at),
    };
    // The parser continues after a syntax error, so that all errors are found. A value on the line
    // of an error is left out, because it may not be what was meant.
    let (table, mistakes) = DeTable::parse_recoverable(text);
    let mut doubtful = Vec::new();
    for mistake in mistakes {
        let place = origin(mistake.span().map_or(text.len(), |span| span.start));
        doubtful.push(place.clone());
        problems.push(ConfigProblem {
            origin: place,
            key: None,
            wrong: format!("this is not TOML: {}", mistake.message()),
            instead: "write key = value; texts stand in \"quotes\"".to_owned(),
        });
    }

    let mut all = Vec::new();
    for (name, value) in table.get_ref() {
        let place = origin(name.span().start);
        let name = name.get_ref().as_ref();
        match value.get_ref() {
            DeValue::Table(keys) if SECTIONS.contains(&name) => {
                all.extend(keys.iter().map(|(key, value)| Given {
                    key: format!("{name}.{}", key.get_ref()),
                    raw: Raw::from_toml(value.get_ref()),
                    origin: origin(key.span().start),
                }));
            }
            DeValue::Table(_) => problems.push(unknown_section(name, place)),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => problems.push(outside_sections(name, place)),
        }
    }
    all.retain(|given| !doubtful.contains(&given.origin));
    all.sort_by(|one, other| one.origin.cmp(&other.origin));
    all
}

fn unknown_section(name: &str, origin: Origin) -> ConfigProblem {
    let instead = match nearest(name, SECTIONS) {
        Some(section) => format!("did you mean [{section}]?"),
        None => format!("the sections are {}", SECTIONS.join(", ")),
    };
    ConfigProblem {
        origin,
        key: Some(name.to_owned()),
        wrong: "there is no such section".to_owned(),
        instead,
    }
}

fn outside_sections(name: &str, origin: Origin) -> ConfigProblem {
    let paths: Vec<&str> = super::keys::KEYS.iter().map(|key| key.path).collect();
    let instead = match (SECTIONS.contains(&name), nearest(name, &paths)) {
        (true, _) => format!("begin it with a line [{name}]"),
        (false, Some(path)) => format!("did you mean {path}?"),
        (false, None) => "put it below the [section] it belongs to".to_owned(),
    };
    ConfigProblem {
        origin,
        key: Some(name.to_owned()),
        wrong: "there is no such key outside the sections".to_owned(),
        instead,
    }
}

/// Returns the line of a byte, counted from 1.
fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().iter().take(at);
    1 + before.filter(|byte| **byte == b'\n').count()
}
