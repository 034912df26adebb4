//! Reads the blocks of Terraform code in JSON.
//!
//! JSON has no line numbers here, so positions name only the file. Members are sorted by name.

use serde_json::{Map, Value as Json};

use super::block::{BLOCK_KINDS, Body};
use super::{Attribute, Block, Budget, Value};

/// The kinds of nested blocks that are read, and the number of labels of each.
const INNER: [(&str, usize); 4] = [
    ("validation", 0),
    ("required_providers", 0),
    ("data", 2),
    ("lifecycle", 0),
];

/// Returns the blocks of the file `file` with the content `source`.
pub(super) fn blocks<'s>(
    source: &'s str,
    file: &'s str,
    budget: &mut Budget<'_>,
) -> Vec<Block<'s>> {
    let mut reader = Reader {
        file,
        blocks: Vec::new(),
        unknown: Vec::new(),
    };
    let cost = u64::try_from(source.len()).unwrap_or(u64::MAX);
    if !budget.take_work(cost) {
        budget.note("this is too large to be read", file, 0);
        return reader.blocks;
    }
    match serde_json::from_str::<Json>(source) {
        Ok(Json::Object(members)) => reader.members(members, &BLOCK_KINDS),
        Ok(Json::Array(parts)) => {
            for part in parts {
                if let Json::Object(members) = part {
                    reader.members(members, &BLOCK_KINDS);
                }
            }
        }
        Ok(Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_)) => {
            budget.note("this file holds no JSON object", file, 1);
        }
        Err(error) => {
            let line = u32::try_from(error.line()).unwrap_or(u32::MAX);
            budget.note(format!("this is not JSON: {error}"), file, line);
        }
    }
    for name in &reader.unknown {
        budget.note(format!("terraform knows no block `{name}`"), file, 0);
    }
    let sound = reader.blocks.iter().position(|_| !budget.take_block());
    reader.blocks.truncate(sound.unwrap_or(usize::MAX));
    reader.blocks
}

struct Reader<'s> {
    file: &'s str,
    blocks: Vec<Block<'s>>,
    /// The names of members that are no blocks.
    unknown: Vec<String>,
}

impl Reader<'_> {
    fn members(&mut self, members: Map<String, Json>, kinds: &[(&str, usize)]) {
        for (name, value) in members {
            if let Some((kind, labels)) = kinds.iter().find(|(kind, _)| *kind == name) {
                self.labelled(kind, *labels, &mut Vec::new(), value);
            } else if name != "//" {
                self.unknown.push(name);
            }
        }
    }

    // Recursion ends with the labels, of which there are two at most, and the JSON reader has
    // refused arrays that are nested too deep.
    fn labelled(&mut self, kind: &str, missing: usize, labels: &mut Vec<String>, value: Json) {
        match value {
            Json::Array(values) => {
                for value in values {
                    self.labelled(kind, missing, labels, value);
                }
            }
            Json::Object(members) if missing > 0 => {
                for (label, value) in members {
                    if label == "//" {
                        continue;
                    }
                    labels.push(label);
                    self.labelled(kind, missing - 1, labels, value);
                    labels.pop();
                }
            }
            Json::Object(members) => {
                let body = self.body(members);
                self.blocks.push(Block {
                    kind: kind.to_owned(),
                    labels: labels.clone(),
                    body,
                    file: self.file,
                    line: 0,
                });
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
}

impl<'s> Reader<'s> {
    fn body(&self, members: Map<String, Json>) -> Body<'s> {
        let mut inner = Reader {
            file: self.file,
            blocks: Vec::new(),
            unknown: Vec::new(),
        };
        let mut attributes = Vec::new();
        for (name, value) in members {
            let kind = INNER.iter().find(|(kind, _)| *kind == name);
            match (kind, &value) {
                (Some((kind, labels)), Json::Object(_) | Json::Array(_)) => {
                    inner.labelled(kind, *labels, &mut Vec::new(), value);
                }
                _ if name == "//" => {}
                _ => attributes.push(Attribute {
                    name,
                    value: Value::Json(value),
                }),
            }
        }
        Body {
            attributes,
            blocks: inner.blocks,
        }
    }
}
