//! The output of a lexer: the class of each part of a source.

/// The class of a part of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::markup) enum Class {
    /// A keyword or the type of a block.
    Keyword,
    /// A string.
    String,
    /// A number, a truth value or null.
    Number,
    /// A comment.
    Comment,
    /// The name of a function that is called.
    Function,
    /// A reference or a variable.
    Reference,
    /// The name of an attribute or key.
    Attribute,
    /// Punctuation.
    Punctuation,
    /// The label of a block.
    Label,
    /// The text of a heredoc.
    Heredoc,
}

/// A painted source: parts that follow one another and together are the source.
#[derive(Debug)]
pub(in crate::markup) struct Paint<'a> {
    source: &'a str,
    /// The class and the end of each part.
    parts: Vec<(Option<Class>, usize)>,
}

impl<'a> Paint<'a> {
    /// Makes a `Paint` of a source without any parts yet.
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            parts: Vec::new(),
        }
    }

    /// Adds the next part; `text` must be the source's next bytes.
    pub(super) fn push(&mut self, class: Option<Class>, text: &str) {
        if text.is_empty() {
            return;
        }
        let end = self.end().saturating_add(text.len());
        match self.parts.last_mut() {
            Some((last, last_end)) if *last == class && class != Some(Class::Punctuation) => {
                *last_end = end;
            }
            Some(_) | None => self.parts.push((class, end)),
        }
    }

    /// Returns the parts in their order.
    pub(in crate::markup) fn parts(&self) -> impl Iterator<Item = (Option<Class>, &'a str)> {
        let mut rest = self.source;
        let mut start = 0_usize;
        self.parts.iter().map(move |(class, end)| {
            let length = end.saturating_sub(start);
            start = *end;
            let (part, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            rest = after;
            (*class, part)
        })
    }

    /// Returns the end of the last part, in bytes from the start of the source.
    fn end(&self) -> usize {
        self.parts.last().map_or(0, |(_, end)| *end)
    }
}
