//! Reads a text from left to right, piece by piece, without indices.

/// The part of a text that has not been read yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// Makes a cursor at the beginning of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// Returns everything that is left.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// Returns whether nothing is left.
    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Returns the next character without taking it; `None` at the end.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Takes the next character.
    pub(super) fn take_char(&mut self) -> &'a str {
        self.take(self.peek().map_or(0, char::len_utf8))
    }

    /// Takes this many bytes, or everything that is left if the text is shorter or a character
    /// would be cut.
    pub(super) fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Takes a text if it comes next.
    pub(super) fn take_str(&mut self, text: &str) -> Option<&'a str> {
        self.rest.starts_with(text).then(|| self.take(text.len()))
    }

    /// Takes all characters up to the first that is not of a kind.
    pub(super) fn take_while(&mut self, is_of_kind: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|character| !is_of_kind(character));
        self.take(end.unwrap_or(self.rest.len()))
    }

    /// Takes everything up to the end of the line; the line break is not taken.
    pub(super) fn take_line(&mut self) -> &'a str {
        self.take_while(|character| character != '\n')
    }

    /// Takes everything up to and including a text, or everything that is left if the text does not
    /// occur.
    pub(super) fn take_through(&mut self, text: &str) -> &'a str {
        let end = self
            .rest
            .find(text)
            .map(|start| start.saturating_add(text.len()));
        self.take(end.unwrap_or(self.rest.len()))
    }

    /// Returns the text between this position and a later one in the same text.
    pub(super) fn up_to(&self, later: &Self) -> &'a str {
        let bytes = self.rest.len().saturating_sub(later.rest.len());
        self.rest.get(..bytes).unwrap_or(self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_goes_on_and_never_past_the_end() {
        let mut cursor = Cursor::new("äb = 1 # x\ny");
        let start = cursor;
        assert_eq!(cursor.peek(), Some('ä'));
        assert_eq!(cursor.take_while(char::is_alphabetic), "äb");
        assert_eq!(cursor.take_str("="), None);
        assert_eq!(cursor.take_through("="), " =");
        assert_eq!(start.up_to(&cursor), "äb =");
        assert_eq!(cursor.take_line(), " 1 # x");
        assert_eq!(cursor.take_char(), "\n");
        assert_eq!(cursor.take(99), "y");
        assert_eq!(cursor.take_char(), "");
        assert!(cursor.is_done());
    }
}
