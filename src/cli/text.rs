//! JSON → text for people: aligned tables, and `key  value` lines. It prints nothing itself.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The columns of a command's tables, and the text for an empty list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// The columns that come first, in this order; others follow in alphabetical order.
    pub(super) first: &'static [&'static str],
    /// The text for an empty list.
    pub(super) nothing: &'static str,
}

/// The name of the members that hold a secret.
const SECRET: &str = "token";
/// The name of the members that hold a text of several lines, to be pasted elsewhere.
const LINES: &str = "ascii_armor";

/// Formats a list as a table, an object as lines, and a sentence as it is.
pub(super) fn text_of(value: &Value, columns: Columns) -> String {
    match value {
        Value::Array(rows) if rows.is_empty() => columns.nothing.to_owned(),
        Value::Array(rows) => table(rows, columns),
        Value::Object(members) => details(members, columns),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => cell(value),
    }
}

/// Formats a secret, clearly marked.
pub(super) fn secret(name: &str, value: &str) -> String {
    format!("The {name}, shown only this once:\n{}", printable(value))
}

/// Returns the beginning of a text with at most `most` characters; an ellipsis says that there is more.
pub(super) fn fitted(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Returns the day of a time such as `2026-12-01T07:06:08Z`.
pub(super) fn date_of(time: &str) -> &str {
    time.split_once('T').map_or(time, |(day, _)| day)
}

/// Replaces the characters that move the cursor or change the direction of text.
pub(super) fn printable(text: &str) -> String {
    if !text.contains(is_harmful) {
        return text.to_owned();
    }
    let shown = text.chars().map(|c| {
        if is_harmful(c) {
            c.escape_default().to_string()
        } else {
            c.to_string()
        }
    });
    shown.collect()
}

/// Replaces these characters in each line of a text; its line breaks stay.
pub(super) fn printable_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(printable).collect();
    lines.join("\n")
}

/// Writes a JSON document with these characters as escapes. They are in its strings only.
pub(super) fn printable_json(document: &Value) -> String {
    let mut text = String::new();
    for c in document.to_string().chars() {
        if is_harmful(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// Returns whether a terminal does something else with a character than showing it: it is a control
/// character, it reorders the text around it, or it hides or annotates text.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{206f}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn table(rows: &[Value], columns: Columns) -> String {
    let names = names(rows.iter().filter_map(Value::as_object), columns);
    let heading = |name: &&str| name.replace('_', " ").to_uppercase();
    let mut lines: Vec<Vec<String>> = vec![names.iter().map(heading).collect()];
    for row in rows {
        let value = |name: &&str| cell(row.get(*name).unwrap_or(&Value::Null));
        lines.push(names.iter().map(value).collect());
    }
    aligned(&lines)
}

fn details(members: &Map<String, Value>, columns: Columns) -> String {
    if let Some(Value::String(sentence)) = members.get("done") {
        return printable(sentence);
    }
    let names = names([members].into_iter(), columns);
    let lines: Vec<Vec<String>> = names
        .iter()
        .filter(|name| ![SECRET, LINES].contains(name))
        .map(|name| {
            let value = members.get(*name).unwrap_or(&Value::Null);
            vec![name.replace('_', " "), cell(value)]
        })
        .collect();
    let mut text = aligned(&lines);
    if let Some(Value::String(lines)) = members.get(LINES) {
        text.push('\n');
        text.push_str(lines);
    }
    if let Some(Value::String(token)) = members.get(SECRET) {
        text.push('\n');
        text.push_str(&secret(SECRET, token));
        text.push('\n');
    }
    text
}

/// Returns the names of all members, in the order in which they are shown.
fn names<'a>(
    objects: impl Iterator<Item = &'a Map<String, Value>>,
    columns: Columns,
) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for name in objects.flat_map(Map::keys) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let place = |name: &&str| {
        let known = columns.first.iter().position(|first| first == name);
        (known.unwrap_or(usize::MAX), (*name).to_owned())
    };
    names.sort_by_key(place);
    names
}

fn aligned(lines: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for line in lines {
        for (column, cell) in line.iter().enumerate() {
            let width = cell.chars().count();
            match widths.get_mut(column) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    let mut text = String::new();
    for line in lines {
        let padded = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        let padded: Vec<String> = padded.collect();
        text.push_str(padded.join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.is_empty() => "-".to_owned(),
        Value::String(text) => printable(text),
        Value::Array(items) => joined(items.iter().map(cell)),
        // An object is a set of switches: the text lists those that are on.
        Value::Object(members) => {
            let on = members
                .iter()
                .filter(|(_, value)| **value == Value::Bool(true));
            joined(on.map(|(name, _)| name.clone()))
        }
    }
}

fn joined(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        "-".to_owned()
    } else {
        items.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const USERS: Columns = Columns {
        first: &["username", "id"],
        nothing: "there are no users",
    };

    #[test]
    fn a_list_is_an_aligned_table() {
        let users = json!([
            { "id": "user-1", "username": "alice", "site_admin": true, "email": "" },
            { "id": "user-22", "username": "bo", "site_admin": false, "email": null },
        ]);
        let expected = "\
USERNAME  ID       EMAIL  SITE ADMIN
alice     user-1   -      yes
bo        user-22  -      no
";
        assert_eq!(text_of(&users, USERS), expected);
        assert_eq!(text_of(&json!([]), USERS), "there are no users");
    }

    #[test]
    fn one_thing_is_lines_and_its_secret_stands_alone() {
        let made = json!({ "username": "alice", "id": "user-1", "token": "tkp_abc" });
        let expected = "\
username  alice
id        user-1

The token, shown only this once:
tkp_abc
";
        assert_eq!(text_of(&made, USERS), expected);
        assert_eq!(text_of(&json!({ "done": "gone" }), USERS), "gone");
    }

    #[test]
    fn a_text_of_several_lines_stands_below() {
        let key = json!({ "id": "key-1", "ascii_armor": "-----BEGIN\n\nAA==\n-----END\n" });
        let expected = "id  key-1\n\n-----BEGIN\n\nAA==\n-----END\n";
        assert_eq!(text_of(&key, USERS), expected);
    }

    #[test]
    fn switches_and_lists_are_words() {
        let team = json!([{
            "access": { "manage-modules": true, "manage-teams": false },
            "teams": ["owners", "ci"],
        }]);
        let shown = text_of(&team, USERS);
        assert_eq!(shown, "ACCESS          TEAMS\nmanage-modules  owners, ci\n");
    }

    #[test]
    fn t33_what_others_wrote_cannot_move_the_cursor() {
        let users = json!([{ "username": "\u{1b}[2Jx\u{202e}y\n" }]);
        let shown = text_of(&users, USERS);
        assert_eq!(shown, "USERNAME\n\\u{1b}[2Jx\\u{202e}y\\n\n");
    }

    #[test]
    fn p15_json_has_escapes_for_what_a_terminal_would_obey() {
        let text = "\u{1b}[2J \u{7f} \u{9b}31m \u{202e} \u{200f} \u{61c} \u{2067} \u{e0041} é\n";
        let document = json!({ "name\u{9b}": text });
        let shown = printable_json(&document);
        assert!(!shown.contains(is_harmful), "{shown}");
        assert!(shown.contains("\\u009b31m") && shown.contains("\\u202e"));
        assert!(shown.contains('é'), "{shown}");
        let read: Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(read, document);
    }

    #[test]
    fn p15_line_breaks_are_all_that_a_text_may_do() {
        let shown = printable_lines("a\u{9b}2J\r\nb\u{2066}\tc\n");
        assert_eq!(shown, "a\\u{9b}2J\\r\nb\\u{2066}\\tc\n");
    }
}
