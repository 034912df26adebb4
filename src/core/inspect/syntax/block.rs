//! Blocks and attributes. They look the same whether they were written as HCL or as JSON.

use crate::domain::SourcePosition;

use super::Value;

/// A block such as `variable "name" { … }`.
#[derive(Debug, Clone)]
pub(in crate::inspect) struct Block<'s> {
    /// The first word.
    pub(in crate::inspect) kind: String,
    /// The labels after it.
    pub(in crate::inspect) labels: Vec<String>,
    /// What is between its braces.
    pub(in crate::inspect) body: Body<'s>,
    /// The file.
    pub(in crate::inspect) file: &'s str,
    /// The line of its first word; 0 where it is not known.
    pub(in crate::inspect) line: u32,
}

/// What is between the braces of a block.
#[derive(Debug, Clone, Default)]
pub(in crate::inspect) struct Body<'s> {
    /// Its attributes.
    pub(in crate::inspect) attributes: Vec<Attribute<'s>>,
    /// The blocks in it.
    pub(in crate::inspect) blocks: Vec<Block<'s>>,
}

/// An attribute such as `default = 1`.
#[derive(Debug, Clone)]
pub(in crate::inspect) struct Attribute<'s> {
    /// Its name.
    pub(in crate::inspect) name: String,
    /// Its expression.
    pub(in crate::inspect) value: Value<'s>,
}

impl<'s> Block<'s> {
    /// Where it is.
    pub(in crate::inspect) fn position(&self) -> SourcePosition {
        SourcePosition {
            file: self.file.to_owned(),
            line: self.line,
        }
    }

    /// The label at `index`; empty where there is none.
    pub(in crate::inspect) fn label(&self, index: usize) -> &str {
        self.labels.get(index).map_or("", String::as_str)
    }

    /// The value of an attribute.
    pub(in crate::inspect) fn get(&self, name: &str) -> Option<&Value<'s>> {
        let mut attributes = self.body.attributes.iter();
        Some(&attributes.find(|found| found.name == name)?.value)
    }

    /// The text of an attribute.
    pub(in crate::inspect) fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.text()
    }

    /// Whether an attribute is `true`.
    pub(in crate::inspect) fn flag(&self, name: &str) -> Option<bool> {
        self.get(name)?.flag()
    }

    /// The blocks of one kind in it.
    pub(in crate::inspect) fn blocks<'b>(
        &'b self,
        kind: &'b str,
    ) -> impl Iterator<Item = &'b Self> {
        self.body
            .blocks
            .iter()
            .filter(move |block| block.kind == kind)
    }
}
