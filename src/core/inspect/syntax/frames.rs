//! The brackets, strings and templates that may be open at a place in HCL.

/// The kind of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The body of a block.
    Block,
    /// An object.
    Object,
    /// A parenthesis.
    Parenthesis,
    /// A list or an index.
    Bracket,
    /// `${` or `%{`.
    Interpolation,
    /// A string in quotes.
    Quote,
    /// A heredoc.
    Heredoc,
}

/// A bracket, string or template that is open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// The kind.
    pub(super) kind: Kind,
    /// The number of operators since the last separator.
    pub(super) operators: u8,
    /// The number of lines and commas.
    pub(super) entries: usize,
    /// The byte at which it begins.
    pub(super) start: usize,
    /// Whether the parser reads the content twice if it has an error.
    pub(super) read_twice: bool,
    /// Whether it is an object made by `for`.
    pub(super) is_for: bool,
    /// For a heredoc: the byte at which its end marker begins, and the marker's length.
    pub(super) end: (usize, usize),
}

impl Frame {
    /// Returns whether a line break inside means something, because it ends an entry.
    pub(super) fn ends_at_line_break(&self) -> bool {
        match self.kind {
            Kind::Block => true,
            Kind::Object => !self.is_for,
            Kind::Parenthesis
            | Kind::Bracket
            | Kind::Interpolation
            | Kind::Quote
            | Kind::Heredoc => false,
        }
    }
}

impl Kind {
    /// Returns whether the content is code rather than text.
    pub(super) fn is_code(self) -> bool {
        !matches!(self, Self::Quote | Self::Heredoc)
    }

    /// Returns whether `bracket` closes it.
    pub(super) fn is_closed_by(self, bracket: u8) -> bool {
        match self {
            Self::Block | Self::Object | Self::Interpolation => bracket == b'}',
            Self::Parenthesis => bracket == b')',
            Self::Bracket => bracket == b']',
            Self::Quote | Self::Heredoc => false,
        }
    }
}
