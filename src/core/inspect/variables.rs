//! Finds inputs: `variable` blocks.

use crate::domain::{DefaultValue, Input, Validation};

use super::syntax::{Block, Value};

/// Returns the inputs that `blocks` declare.
pub(super) fn find(blocks: &[Block<'_>]) -> Vec<Input> {
    let variables = blocks.iter().filter(|block| block.kind == "variable");
    variables.map(input).collect()
}

fn input(block: &Block<'_>) -> Input {
    Input {
        name: block.label(0).to_owned(),
        type_expression: block.get("type").and_then(Value::type_expression),
        description: block.text("description"),
        default: block.get("default").map(|value| DefaultValue {
            source: value.source(),
            value: value.literal(),
        }),
        sensitive: block.flag("sensitive").unwrap_or(false),
        nullable: block.flag("nullable").unwrap_or(true),
        ephemeral: block.flag("ephemeral").unwrap_or(false),
        validations: block.blocks("validation").map(validation).collect(),
        deprecated: block.text("deprecated"),
        position: block.position(),
    }
}

fn validation(block: &Block<'_>) -> Validation {
    let condition = block.get("condition").map(Value::source);
    Validation {
        condition: condition.unwrap_or_default(),
        error_message: block.text("error_message").unwrap_or_default(),
    }
}
