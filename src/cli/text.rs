//! JSON → text for people: aligned tables, and `key  value` lines. It prints nothing itself.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The columns of a command's tables, and the text for an empty list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// The columns that come first, in this order; others follow in alphabetical order.
    pub(super) first: &'static [&'static str],
    /// The columns that a table has, if they are in the list; empty for all. JSON has them all.
    pub(super) table: &'static [&'static str],
    /// The text for an empty list.
    pub(super) nothing: &'static str,
}

/// The most characters of a line of a table, so that it fits a terminal.
const WIDEST: usize = 100;
/// What stands between two columns.
const GAP: &str = "  ";
/// The columns with texts that people write, which a table may shorten.
const PROSE: [&str; 10] = [
    "access",
    "changes",
    "description",
    "email",
    "only",
    "owner",
    "platforms",
    "teams",
    "what",
    "who",
];
/// The fewest characters that such a text keeps.
const SHORTEST: usize = 10;
/// How the names of times end. A table shows only their days.
const TIME: &str = "_at";
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
    let mut names = names(rows.iter().filter_map(Value::as_object), columns);
    names.retain(|name| columns.table.is_empty() || columns.table.contains(name));
    let heading = |name: &&str| {
        let name = name.strip_suffix(TIME).unwrap_or(name);
        name.replace('_', " ").to_uppercase()
    };
    let mut lines: Vec<Vec<String>> = vec![names.iter().map(heading).collect()];
    for row in rows {
        let value = |name: &&str| {
            let text = cell(row.get(*name).unwrap_or(&Value::Null));
            if name.ends_with(TIME) {
                date_of(&text).to_owned()
            } else {
                text
            }
        };
        lines.push(names.iter().map(value).collect());
    }
    narrow(&mut lines, &names);
    aligned(&lines)
}

/// Shortens texts of people until the lines fit, the longest first. Names, ids and numbers stay whole:
/// they are typed again.
fn narrow(lines: &mut [Vec<String>], names: &[&str]) {
    loop {
        let widths = widths(lines);
        let gaps = widths.len().saturating_sub(1) * GAP.len();
        let width = widths.iter().sum::<usize>() + gaps;
        let shortened = (0..names.len())
            .filter(|column| names.get(*column).is_some_and(|name| PROSE.contains(name)))
            .max_by_key(|column| widths.get(*column));
        let Some(column) = shortened.filter(|_| width > WIDEST) else {
            return;
        };
        let widest = widths.get(column).copied().unwrap_or_default();
        let most = widest
            .saturating_sub(1)
            .min(widest.saturating_sub(width - WIDEST).max(SHORTEST));
        if widest <= SHORTEST {
            return;
        }
        for line in &mut *lines {
            if let Some(cell) = line.get_mut(column) {
                *cell = fitted(cell, most);
            }
        }
    }
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

/// Returns the width of each column.
fn widths(lines: &[Vec<String>]) -> Vec<usize> {
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
    widths
}

fn aligned(lines: &[Vec<String>]) -> String {
    let widths = widths(lines);
    let mut text = String::new();
    for line in lines {
        let padded = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        let padded: Vec<String> = padded.collect();
        text.push_str(padded.join(GAP).trim_end());
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
        table: &[],
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
    fn a_table_has_its_columns_and_fits_a_terminal() {
        let tokens = json!([{
            "id": "at-8FqBz3yJmWk2Xn5T", "description": "d".repeat(90), "owner": "o".repeat(60),
            "secret_of_nobody": true, "created_at": "2026-12-01T07:06:08.123Z",
        }]);
        let columns = Columns {
            first: &["id", "owner", "description"],
            table: &["id", "owner", "description", "created_at"],
            nothing: "",
        };
        let shown = text_of(&tokens, columns);
        assert!(shown.starts_with("ID                   OWNER "), "{shown}");
        assert!(shown.contains("at-8FqBz3yJmWk2Xn5T"), "{shown}");
        assert!(shown.ends_with("2026-12-01\n"), "{shown}");
        assert!(!shown.contains("NOBODY"), "{shown}");
        let widest = shown.lines().map(|line| line.chars().count()).max();
        assert_eq!(widest, Some(100), "{shown}");
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
