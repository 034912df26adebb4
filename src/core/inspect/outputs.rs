//! Finds outputs: `output` blocks.

use crate::domain::Output;

use super::syntax::{Block, Value};

/// Returns the outputs that `blocks` declare.
pub(super) fn find(blocks: &[Block<'_>]) -> Vec<Output> {
    let outputs = blocks.iter().filter(|block| block.kind == "output");
    outputs.map(output).collect()
}

fn output(block: &Block<'_>) -> Output {
    Output {
        name: block.label(0).to_owned(),
        description: block.text("description"),
        value: block.get("value").map(Value::source),
        sensitive: block.flag("sensitive").unwrap_or(false),
        ephemeral: block.flag("ephemeral").unwrap_or(false),
        deprecated: block.text("deprecated"),
        position: block.position(),
    }
}
