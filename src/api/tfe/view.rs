//! Resources as the JSON:API shows them.
//!
//! Source: the samples of the generations; generations.md rows 5, 6, 13, 21, 32
//! and 33.

use serde_json::{Value, json};

use super::BASE;
use crate::domain::{Module, ModuleVersion, ModuleVersionStatus, Notice};

/// Which generation's paths a caller used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Generation {
    /// 2017 and 2018: `/registry-modules/…`.
    Old,
    /// 2021 and today: `/organizations/…/registry-modules/…`.
    New,
}

/// A module with its versions, newest first.
pub(super) struct ModuleView<'a> {
    pub(super) module: &'a Module,
    pub(super) versions: &'a [ModuleVersion],
    pub(super) may_delete: bool,
    pub(super) generation: Generation,
}

impl ModuleView<'_> {
    /// The resource object.
    pub(super) fn resource(&self) -> Value {
        let (module, address) = (self.module, &self.module.address);
        let statuses: Vec<_> = self
            .versions
            .iter()
            .map(|version| {
                json!({
                    "version": version.address.version.to_string(),
                    "status": version_status(version),
                })
            })
            .collect();
        let revoked: Vec<_> = self
            .versions
            .iter()
            .filter(|version| version.revocation.is_some())
            .map(|version| version.address.version.to_string())
            .collect();
        let published = self
            .versions
            .iter()
            .any(|version| version.status() == ModuleVersionStatus::Ok);
        json!({
            "id": module.id,
            "type": "registry-modules",
            "attributes": {
                "name": address.name,
                "namespace": address.namespace,
                "registry-name": "private",
                "provider": address.system,
                "status": if published { "setup_complete" } else { "pending" },
                "version-statuses": statuses,
                "revoked-versions": revoked,
                "created-at": module.created_at.to_string(),
                "updated-at": module.updated_at.to_string(),
                "permissions": {
                    "can-delete": self.may_delete,
                    "can-resync": self.may_delete,
                    "can-retry": self.may_delete,
                },
            },
            "relationships": {
                "organization": {
                    "data": { "id": self.organization_id(), "type": "organizations" },
                },
            },
            "links": { "self": self.link() },
        })
    }

    fn organization_id(&self) -> &str {
        match self.generation {
            Generation::Old => self.module.organization.as_str(),
            Generation::New => self.module.address.namespace.as_str(),
        }
    }

    fn link(&self) -> String {
        let address = &self.module.address;
        match self.generation {
            Generation::Old => format!("{BASE}/registry-modules/show/{address}"),
            Generation::New => format!(
                "{BASE}/organizations/{}/registry-modules/private/{address}",
                address.namespace
            ),
        }
    }
}

/// A version; with the address to send its archive to, for the one who announced it.
pub(super) fn version(module: &Module, version: &ModuleVersion, upload: Option<String>) -> Value {
    let mut resource = json!({
        "id": version.id,
        "type": "registry-module-versions",
        "attributes": {
            "source": "tfe-api",
            "status": version_status(version),
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
    if let Some(attributes) = resource
        .get_mut("attributes")
        .and_then(Value::as_object_mut)
    {
        attributes.insert("revocation".to_owned(), revocation.clone());
    }
}

fn version_status(version: &ModuleVersion) -> &'static str {
    match version.status() {
        ModuleVersionStatus::Pending => "pending",
        ModuleVersionStatus::Ok => "ok",
    }
}
