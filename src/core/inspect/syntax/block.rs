//! Blocks and attributes, in one form for HCL and JSON.

use crate::domain::SourcePosition;

use super::Value;

/// The blocks of a module, and the number of labels of each. Terraform and OpenTofu know all of them.
pub(in crate::inspect) const BLOCK_KINDS: [(&str, usize); 14] = [
    ("variable", 1),
    ("output", 1),
    ("resource", 2),
    ("data", 2),
    ("ephemeral", 2),
    ("module", 1),
    ("provider", 1),
    ("check", 1),
    ("action", 2),
    ("terraform", 0),
    ("locals", 0),
    ("moved", 0),
    ("import", 0),
    ("removed", 0),
];

/// A block such as `variable "name" { … }`.
#[derive(Debug, Clone)]
pub(in crate::inspect) struct Block<'s> {
    /// The first word.
    pub(in crate::inspect) kind: String,
    /// The labels after it.
    pub(in crate::inspect) labels: Vec<String>,
    /// The content between its braces.
    pub(in crate::inspect) body: Body<'s>,
    /// The path of the file.
    pub(in crate::inspect) file: &'s str,
    /// The line of the first word, counted from 1; 0 if it is not known.
    pub(in crate::inspect) line: u32,
}

/// The content between the braces of a block.
#[derive(Debug, Clone, Default)]
pub(in crate::inspect) struct Body<'s> {
    /// The attributes.
    pub(in crate::inspect) attributes: Vec<Attribute<'s>>,
    /// The nested blocks.
    pub(in crate::inspect) blocks: Vec<Block<'s>>,
}

/// An attribute such as `default = 1`.
#[derive(Debug, Clone)]
pub(in crate::inspect) struct Attribute<'s> {
    /// The name.
    pub(in crate::inspect) name: String,
    /// The expression.
    pub(in crate::inspect) value: Value<'s>,
}

impl<'s> Block<'s> {
    /// Returns the place where the block begins.
    pub(in crate::inspect) fn position(&self) -> SourcePosition {
        SourcePosition {
            file: self.file.to_owned(),
            line: self.line,
        }
    }

    /// Returns the label at `index`; empty if there is none.
    pub(in crate::inspect) fn label(&self, index: usize) -> &str {
        self.labels.get(index).map_or("", String::as_str)
    }

    /// Returns the value of an attribute; `None` if there is no such attribute.
    pub(in crate::inspect) fn get(&self, name: &str) -> Option<&Value<'s>> {
        let mut attributes = self.body.attributes.iter();
        Some(&attributes.find(|found| found.name == name)?.value)
    }

    /// Returns the text of an attribute; `None` if it has none.
    pub(in crate::inspect) fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.text()
    }

    /// Returns the boolean value of an attribute; `None` if it has none.
    pub(in crate::inspect) fn flag(&self, name: &str) -> Option<bool> {
        self.get(name)?.flag()
    }

    /// Iterates over the nested blocks of one kind.
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
