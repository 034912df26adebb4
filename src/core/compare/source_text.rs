//! Compares pieces of source without what Terraform ignores: spaces, line ends, comments.

/// Returns `source` with each run of spaces and comments as one space, except inside strings.
pub(super) fn on_one_line(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source.trim_start();
    let mut in_text = false;
    while let Some(next) = rest.chars().next() {
        let after = rest.get(next.len_utf8()..).unwrap_or_default();
        if in_text {
            out.push(next);
            rest = after;
            if next == '\\' {
                out.extend(rest.chars().next());
                rest = after_first(rest);
            } else if next == '"' {
                in_text = false;
            }
            continue;
        }
        let trimmed = after_gap(rest);
        if trimmed.len() < rest.len() {
            if !trimmed.is_empty() {
                out.push(' ');
            }
            rest = trimmed;
            continue;
        }
        in_text = next == '"';
        out.push(next);
        rest = after;
    }
    out
}

/// Returns whether two sources differ only in spaces, line ends, comments and trailing commas.
pub(super) fn same(one: &str, other: &str) -> bool {
    one == other || bare(one) == bare(other)
}

/// Returns `text` without the spaces and comments at its start.
pub(super) fn after_gap(text: &str) -> &str {
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start();
        let next = if trimmed.starts_with('#') || trimmed.starts_with("//") {
            let end = trimmed.find('\n').unwrap_or(trimmed.len());
            trimmed.get(end..).unwrap_or_default()
        } else if let Some(comment) = trimmed.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, after)| after)
        } else {
            trimmed
        };
        if next.len() == rest.len() {
            return rest;
        }
        rest = next;
    }
}

fn after_first(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.as_str()
}

/// Returns the source without spaces beside punctuation and without trailing commas.
pub(super) fn bare(source: &str) -> String {
    let shown = on_one_line(source);
    let mut out = String::with_capacity(shown.len());
    let mut in_text = false;
    let mut escaped = false;
    let mut gap = false;
    for next in shown.chars() {
        if in_text {
            in_text = escaped || next != '"';
            escaped = !escaped && next == '\\';
            out.push(next);
            continue;
        }
        if next == ' ' {
            gap = true;
            continue;
        }
        if matches!(next, ']' | '}' | ')') && out.ends_with(',') {
            out.pop();
        }
        if gap && out.ends_with(is_word) && is_word(next) {
            out.push(' ');
        }
        gap = false;
        in_text = next == '"';
        out.push(next);
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_comments_are_no_change() {
        assert!(same("[ 1,\n 2, ]", "[1,2]"));
        assert!(same("a ? b : c", "a?b:c"));
        assert!(same("{ a = 1 } # why", "{a=1}"));
        assert!(same("x /* a */ + y", "x + y"));
    }

    #[test]
    fn what_texts_hold_counts() {
        assert!(!same(r#""a b""#, r#""a  b""#));
        assert!(!same(r#""a # b""#, r#""a # c""#));
        assert!(!same(r#""\" x""#, r#""\" y""#));
        assert!(!same("a b", "ab"));
    }

    #[test]
    fn what_is_shown_is_on_one_line() {
        assert_eq!(
            on_one_line(" object({\n  a = string # x\n})"),
            "object({ a = string })"
        );
    }
}
