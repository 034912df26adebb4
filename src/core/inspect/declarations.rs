//! Finds declarations that terraform refuses although their syntax is sound: names that are declared
//! twice, blocks that no module has, and blocks with too few or too many labels.

use std::collections::HashMap;

use super::syntax::{BLOCK_KINDS, Block, Budget};

/// Notes what is wrong with the declarations of a folder. `blocks` are those of its files, without
/// the override files, which change what is declared elsewhere.
pub(super) fn check(blocks: &[Block<'_>], budget: &mut Budget<'_>) {
    let mut declared: HashMap<String, &Block<'_>> = HashMap::new();
    for block in blocks {
        let Some((_, labels)) = BLOCK_KINDS.iter().find(|(kind, _)| *kind == block.kind) else {
            let message = format!("terraform knows no block `{}`", block.kind);
            budget.note(message, block.file, block.line);
            continue;
        };
        if block.labels.len() != *labels {
            let message = format!("a block `{}` has {}", block.kind, in_words(*labels));
            budget.note(message, block.file, block.line);
            continue;
        }
        for name in names(block) {
            if let Some(first) = declared.get(&name) {
                let first = first.position();
                let message = format!("`{name}` is declared at {first} already");
                budget.note(message, block.file, block.line);
            } else {
                declared.insert(name, block);
            }
        }
    }
}

fn in_words(labels: usize) -> &'static str {
    match labels {
        0 => "no name after it",
        1 => "one name after it",
        _ => "a type and a name after it",
    }
}

/// Returns the names that a block declares, each of which a folder may declare once.
fn names(block: &Block<'_>) -> Vec<String> {
    let labels = block.labels.join(".");
    match &*block.kind {
        "variable" => vec![format!("var.{labels}")],
        "resource" => vec![labels],
        "output" | "data" | "ephemeral" | "module" | "check" | "action" => {
            vec![format!("{}.{labels}", block.kind)]
        }
        "provider" => vec![match block.text("alias") {
            Some(alias) => format!("provider.{labels}.{alias}"),
            None => format!("provider.{labels}"),
        }],
        "locals" => {
            let locals = block.body.attributes.iter();
            locals
                .map(|local| format!("local.{}", local.name))
                .collect()
        }
        _ => Vec::new(),
    }
}
