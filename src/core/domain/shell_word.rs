//! Words of a command line, as a shell reads them.

/// Returns a text as one word of a shell, in quotes if it needs them.
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_needs_it() {
        assert_eq!(shell_word("/srv/tk/ca.pem"), "/srv/tk/ca.pem");
        assert_eq!(shell_word("--token-file=a"), "--token-file=a");
        assert_eq!(shell_word("/srv/it's $HOME"), r"'/srv/it'\''s $HOME'");
        assert_eq!(shell_word("#1000"), "'#1000'");
        assert_eq!(shell_word(""), "''");
    }
}
