//! Finds module calls: `module` blocks.

use crate::domain::ModuleCall;

use super::syntax::Block;

/// Returns the calls that `blocks` make.
pub(super) fn find(blocks: &[Block<'_>]) -> Vec<ModuleCall> {
    let calls = blocks.iter().filter(|block| block.kind == "module");
    let call = |block: &Block<'_>| ModuleCall {
        name: block.label(0).to_owned(),
        source: block.text("source").unwrap_or_default(),
        version: block.text("version"),
        position: block.position(),
    };
    calls.map(call).collect()
}
