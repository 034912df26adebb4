//! Reads the blocks of HCL. Each block is parsed by itself, so an error costs only its own block.

use hcl_edit::Span;
use hcl_edit::structure::Structure;

use super::block::Body;
use super::items::{Item, Items};
use super::{Attribute, Block, Budget, Value, salvage};

/// Returns the blocks of the file `file` with the content `source`.
pub(super) fn blocks<'s>(
    source: &'s str,
    file: &'s str,
    budget: &mut Budget<'_>,
) -> Vec<Block<'s>> {
    let mut blocks = Vec::new();
    for item in Items::of_file(source) {
        if !budget.take_block() {
            break;
        }
        match body(&item, file, budget) {
            Ok(body) => {
                let found = body.blocks.into_iter();
                blocks.extend(found);
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
    let parsed = hcl_edit::parser::parse_body(&item.for_parser()).map_err(|error| {
        let lines = u32::try_from(error.location().line()).unwrap_or(u32::MAX);
        Problem {
            message: error.message().to_owned(),
            line: item.line.saturating_add(lines.saturating_sub(1)),
        }
    })?;
    let place = SourceSpan {
        text: item.text,
        line_ends: item.text.match_indices('\n').map(|(at, _)| at).collect(),
        line: item.line,
        file,
    };
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
