//! Applies override files, whose blocks replace parts of other blocks.

use std::collections::{HashMap, HashSet};

use super::syntax::{Attribute, Block};

/// The key of a block: an override block changes the block with the same key.
type Identity = (String, Vec<String>, Option<String>);

/// Applies the blocks of override files, in order, to the other blocks.
pub(super) fn apply<'s>(blocks: &mut Vec<Block<'s>>, overrides: Vec<Block<'s>>) {
    if overrides.is_empty() {
        return;
    }
    let mut places: HashMap<Identity, usize> = HashMap::new();
    for (place, block) in blocks.iter().enumerate() {
        places.entry(identity(block)).or_insert(place);
    }
    for block in overrides {
        let place = places.get(&identity(&block)).copied();
        if let Some(target) = place.and_then(|place| blocks.get_mut(place)) {
            merge(target, block);
        } else {
            places.insert(identity(&block), blocks.len());
            blocks.push(block);
        }
    }
}

/// Returns the key of a block. `locals` and `terraform` have no labels, so all blocks of one of
/// these kinds share a key.
fn identity(block: &Block<'_>) -> Identity {
    let alias = (block.kind == "provider").then(|| block.text("alias"));
    (block.kind.clone(), block.labels.clone(), alias.flatten())
}

fn merge<'s>(target: &mut Block<'s>, block: Block<'s>) {
    replace(&mut target.body.attributes, block.body.attributes);
    let (required, others): (Vec<_>, Vec<_>) = block
        .body
        .blocks
        .into_iter()
        .partition(|inner| inner.kind == "required_providers");
    let kinds: HashSet<&str> = others.iter().map(|inner| &*inner.kind).collect();
    let inner = &mut target.body.blocks;
    inner.retain(|old| !kinds.contains(&*old.kind));
    inner.extend(others);
    // Requirements are merged; any other block replaces all blocks of its kind.
    for required in required {
        match inner.iter_mut().find(|old| old.kind == required.kind) {
            Some(old) => replace(&mut old.body.attributes, required.body.attributes),
            None => inner.push(required),
        }
    }
}

fn replace<'s>(target: &mut Vec<Attribute<'s>>, attributes: Vec<Attribute<'s>>) {
    let mut places: HashMap<String, usize> = HashMap::new();
    for (place, attribute) in target.iter().enumerate() {
        places.entry(attribute.name.clone()).or_insert(place);
    }
    for attribute in attributes {
        let place = places.get(&attribute.name).copied();
        match place.and_then(|place| target.get_mut(place)) {
            Some(old) => *old = attribute,
            None => target.push(attribute),
        }
    }
}
