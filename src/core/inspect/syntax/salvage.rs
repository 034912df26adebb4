//! Reads what is still readable in a block that the parser refuses: its first line, and those of
//! its attributes and nested blocks that are well-formed.
//!
//! Modules for Terraform before 0.12 are read this way if they use syntax that HCL no longer
//! allows.

use super::block::Body;
use super::items::{Item, Items};
use super::lex::word;
use super::{Attribute, Block, Budget, Value, hcl};

/// How deep blocks nested in broken blocks are read.
const DEPTH: usize = 3;

/// Returns the block in `item`, as far as it can be read.
pub(super) fn block<'s>(
    item: &Item<'s>,
    file: &'s str,
    budget: &mut Budget<'_>,
) -> Option<Block<'s>> {
    block_at(item, file, budget, DEPTH)
}

fn block_at<'s>(
    item: &Item<'s>,
    file: &'s str,
    budget: &mut Budget<'_>,
    depth: usize,
) -> Option<Block<'s>> {
    let kind = word(item.text);
    let (labels, inside) = labels(item.text.get(kind.len()..)?)?;
    if kind.is_empty() {
        return None;
    }
    let header = item.text.get(..item.text.len() - inside.len())?;
    let lines = u32::try_from(header.matches('\n').count()).unwrap_or(u32::MAX);
    let inside = inside.trim_end();
    let inside = inside.strip_suffix('}').unwrap_or(inside);
    let mut body = Body::default();
    for inner in Items::of_body(inside, item.line.saturating_add(lines)) {
        if !budget.take_block() {
            break;
        }
        match hcl::body(&inner, file, budget) {
            Ok(found) => {
                body.attributes.extend(found.attributes);
                body.blocks.extend(found.blocks);
            }
            Err(_) => match attribute(inner.text) {
                Some(attribute) => body.attributes.push(attribute),
                None if depth > 0 => {
                    let block = block_at(&inner, file, budget, depth - 1);
                    body.blocks.extend(block);
                }
                None => {}
            },
        }
    }
    Some(Block {
        kind: kind.to_owned(),
        labels,
        body,
        file,
        line: item.line,
    })
}

/// Returns the labels of a block, and the text after its opening brace.
fn labels(text: &str) -> Option<(Vec<String>, &str)> {
    let mut labels = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        if let Some(inside) = rest.strip_prefix('{') {
            return Some((labels, inside));
        }
        let (label, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => rest.split_at_checked(word(rest).len())?,
        };
        let is_sound = !label.is_empty() && !label.contains(['\n', '\\', '{']);
        if !is_sound || labels.len() > 2 {
            return None;
        }
        labels.push(label.to_owned());
        rest = after;
    }
}

/// Returns an attribute with its expression as source text only.
fn attribute(text: &str) -> Option<Attribute<'_>> {
    let name = word(text);
    let value = text.get(name.len()..)?.trim_start_matches([' ', '\t']);
    let value = value.strip_prefix('=')?;
    (!name.is_empty()).then(|| Attribute {
        name: name.to_owned(),
        value: Value::Source(value.trim()),
    })
}
