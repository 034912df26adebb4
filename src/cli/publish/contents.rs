//! What a packed module holds and what was left out of it, in words and as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::packed_module::PackedModule;
use crate::domain::{PrivateFile, counted, describe_private_files};

/// Returns one line about the files: how many there are, and which private ones are in or out.
pub(super) fn summary(packed: &PackedModule) -> String {
    let mut text = format!(
        "{}, {}",
        counted(packed.files.len(), "file"),
        counted(packed.unpacked_bytes(), "byte")
    );
    if !packed.left_out.is_empty() {
        text.push_str("; left out: ");
        text.push_str(&describe_private_files(&packed.left_out));
    }
    if !packed.private.is_empty() {
        text.push_str("; published with it: ");
        text.push_str(&describe_private_files(&packed.private));
    }
    text
}

/// Returns everything that would be sent, one file a line, and what would not.
pub(super) fn listing(packed: &PackedModule) -> String {
    let mut text = String::new();
    for file in &packed.files {
        let size = counted(file.size, "byte");
        let private = packed.private.get(file.path.as_str());
        let private = private.map_or_else(String::new, |kind| format!(", {kind}"));
        text.extend(["  ", file.path.as_str(), "  (", &size, &private, ")\n"]);
    }
    if !packed.left_out.is_empty() {
        text.push_str("\nleft out:\n");
        for (path, kind) in &packed.left_out {
            text.extend(["  ", path, "  (", &kind.to_string(), ")\n"]);
        }
    }
    text
}

/// Adds what a module holds to a document about it.
pub(super) fn add_to(document: &mut Value, packed: &PackedModule) {
    document["file_count"] = json!(packed.files.len());
    document["unpacked_size"] = json!(packed.unpacked_bytes());
    document["left_out"] = private_files(&packed.left_out);
    document["private_files"] = private_files(&packed.private);
}

fn private_files(files: &BTreeMap<String, PrivateFile>) -> Value {
    let files = files
        .iter()
        .map(|(path, kind)| json!({ "path": path, "kind": kind }));
    files.collect()
}
