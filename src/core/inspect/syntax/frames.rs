//! What may be open at a place in HCL: brackets, strings and templates.

/// What may be open.
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

/// Something that is open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// What it is.
    pub(super) kind: Kind,
    /// Operators since the last separator.
    pub(super) operators: u8,
    /// Lines and commas.
    pub(super) entries: usize,
    /// Where it begins.
    pub(super) start: usize,
    /// Whether the parser reads it twice when it is broken.
    pub(super) read_twice: bool,
    /// Whether it is an object made by `for`.
    pub(super) is_for: bool,
    /// For a heredoc: where its end mark is, and how long that is.
    pub(super) end: (usize, usize),
}

impl Kind {
    /// Whether what is in it is code rather than text.
    pub(super) fn is_code(self) -> bool {
        !matches!(self, Self::Quote | Self::Heredoc)
    }

    /// Whether `bracket` closes it.
    pub(super) fn is_closed_by(self, bracket: u8) -> bool {
        match self {
            Self::Block | Self::Object | Self::Interpolation => bracket == b'}',
            Self::Parenthesis => bracket == b')',
            Self::Bracket => bracket == b']',
            Self::Quote | Self::Heredoc => false,
        }
    }
}
