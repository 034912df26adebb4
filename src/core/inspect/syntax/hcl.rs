//! Reads the blocks of HCL. Each block is parsed by itself, so an error costs only its own block.

use hcl_edit::Span;
use hcl_edit::structure::Structure;

use super::block::Body;
use super::items::{Item, Items};
use super::text::NOT_UTF8;
use super::{Attribute, Block, Budget, Value, salvage};

/// Returns the blocks of the file `file` with the content `source`.
pub(super) fn blocks<'s>(
    source: &'s str,
    file: &'s str,
    budget: &mut Budget<'_>,
) -> Vec<Block<'s>> {
    blocks_of(source, file, budget, |_| None)
}

/// Returns the blocks of a file of which some bytes are no UTF-8; `source` has a replacement
/// character in place of each. They are no problem in comments.
pub(super) fn blocks_of_lossy<'s>(
    source: &'s str,
    file: &'s str,
    budget: &mut Budget<'_>,
) -> Vec<Block<'s>> {
    blocks_of(source, file, budget, |item| {
        let at = item.for_parser().find(char::REPLACEMENT_CHARACTER)?;
        let lines = item.text.get(..at)?.matches('\n').count();
        Some(Problem {
            message: NOT_UTF8.to_owned(),
            line: item
                .line
                .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX)),
        })
    })
}

fn blocks_of<'s>(
    source: &'s str,
    file: &'s str,
    budget: &mut Budget<'_>,
    problem_of: impl Fn(&Item<'s>) -> Option<Problem>,
) -> Vec<Block<'s>> {
    let mut blocks = Vec::new();
    for item in Items::of_file(source) {
        if !budget.take_block() {
            break;
        }
        let body = match problem_of(&item) {
            Some(problem) => Err(problem),
            None => body(&item, file, budget),
        };
        match body {
            Ok(body) => {
                if !body.attributes.is_empty() {
                    let message = "an argument stands outside of all blocks";
                    budget.note(message, file, item.line);
                }
                blocks.extend(body.blocks);
            }
            Err(problem) => {
                budget.note(problem.message, file, problem.line);
                blocks.extend(salvage::block(&item, file, budget));
            }
        }
    }
    blocks
}

/// Why an item could not be parsed.
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) line: u32,
}

/// Parses the one attribute or block in `item`.
pub(super) fn body<'s>(
    item: &Item<'s>,
    file: &'s str,
    budget: &mut Budget<'_>,
) -> Result<Body<'s>, Problem> {
    if let Some(fault) = item.fault {
        return Err(Problem {
            message: fault.message.to_owned(),
            line: fault.line,
        });
    }
    if !budget.take_work(item.cost) {
        return Err(Problem {
            message: "this is too complex to be read".to_owned(),
            line: item.line,
        });
    }
    let place = SourceSpan {
        text: item.text,
        line_ends: item.text.match_indices('\n').map(|(at, _)| at).collect(),
        line: item.line,
        file,
    };
    let parsed = hcl_edit::parser::parse_body(&item.for_parser()).map_err(|error| Problem {
        message: error.message().to_owned(),
        line: place.line_of(error.location().offset()),
    })?;
    Ok(place.body(parsed))
}

/// The source that a parsed body belongs to.
struct SourceSpan<'s> {
    text: &'s str,
    line_ends: Vec<usize>,
    line: u32,
    file: &'s str,
}

impl<'s> SourceSpan<'s> {
    // The parser refuses more than 64 nested blocks, so this recursion is bounded.
    fn body(&self, parsed: hcl_edit::structure::Body) -> Body<'s> {
        let mut body = Body::default();
        for structure in parsed {
            match structure {
                Structure::Attribute(attribute) => {
                    let span = attribute.value.span();
                    let source = span.and_then(|span| self.text.get(span));
                    body.attributes.push(Attribute {
                        name: attribute.key.as_str().to_owned(),
                        value: Value::Hcl {
                            expression: attribute.value,
                            source: source.unwrap_or_default(),
                        },
                    });
                }
                Structure::Block(block) => {
                    let labels = block.labels.iter();
                    body.blocks.push(Block {
                        line: self.line_of(block.span().map_or(0, |span| span.start)),
                        kind: block.ident.as_str().to_owned(),
                        labels: labels.map(|label| label.as_str().to_owned()).collect(),
                        body: self.body(block.body),
                        file: self.file,
                    });
                }
            }
        }
        body
    }

    fn line_of(&self, at: usize) -> u32 {
        let lines = self.line_ends.partition_point(|end| *end < at);
        self.line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX))
    }
}
