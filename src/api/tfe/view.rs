//! Versions and tags of modules as the JSON:API shows them.
//!
//! Source: the samples of the generations; generations.md rows 13, 21, 32 and 33.

use serde_json::{Value, json};

use super::view_module::version_status;
use crate::domain::{Module, ModuleVersion, Notice, TagBinding};

/// A tag of a module.
pub(super) fn tag(tag: &TagBinding) -> Value {
    json!({
        "id": tag.id,
        "type": "tag-bindings",
        "attributes": { "key": tag.key, "value": tag.value },
    })
}

/// The commit that a version was made from, where its publisher said so.
pub(super) fn commit(version: &ModuleVersion) -> Option<Value> {
    let sha = version.commit_sha.as_ref()?;
    Some(json!({
        "id": sha,
        "type": "commit",
        "attributes": { "sha": sha, "date": version.created_at.to_string() },
    }))
}

/// A version; with the address to send its archive to, for the one who announced it.
pub(super) fn version(module: &Module, version: &ModuleVersion, upload: Option<String>) -> Value {
    let mut resource = json!({
        "id": version.id,
        "type": "registry-module-versions",
        "attributes": {
            "source": "tfe-api",
            "status": version_status(version.status()),
            "version": version.address.version.to_string(),
            "commit-sha": version.commit_sha,
            "branch": null,
            "created-at": version.created_at.to_string(),
            "updated-at": version.updated_at.to_string(),
        },
        "relationships": {
            "registry-module": {
                "data": { "id": module.id, "type": "registry-modules" },
            },
        },
    });
    if let (Some(upload), Some(members)) = (upload, resource.as_object_mut()) {
        members.insert("links".to_owned(), json!({ "upload": upload }));
    }
    resource
}

/// What became of a version's deprecation; the notice stands beside it as a resource.
pub(super) fn deprecated(version: &ModuleVersion) -> Value {
    let id = &version.id;
    let Some(notice) = &version.deprecation else {
        return json!({ "data": { "type": "module-versions", "id": id } });
    };
    json!({
        "data": {
            "type": "module-versions",
            "id": id,
            "relationships": { "deprecation": { "data": { "id": id, "type": "deprecations" } } },
        },
        "included": [{
            "type": "deprecations",
            "id": id,
            "attributes": { "link": notice.link, "reason": notice.reason },
        }],
    })
}

/// Why a version is revoked, with the status as the answer spells it.
pub(super) fn revocation(status: &str, notice: &Notice) -> Value {
    json!({ "status": status, "message": notice.reason, "link": notice.link })
}

/// Puts what is said of a revocation among the attributes of a version.
pub(super) fn say(resource: &mut Value, revocation: &Value) {
    let attributes = resource.get_mut("attributes");
    if let Some(attributes) = attributes.and_then(Value::as_object_mut) {
        attributes.insert("revocation".to_owned(), revocation.clone());
    }
}
