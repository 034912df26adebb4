//! Resources as the JSON:API shows them.
//!
//! Source: the samples of the generations; generations.md rows 5, 6, 13 and 21.

use serde_json::{Value, json};

use super::BASE;
use crate::domain::{Module, ModuleVersion, ModuleVersionStatus};

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

fn version_status(version: &ModuleVersion) -> &'static str {
    match version.status() {
        ModuleVersionStatus::Pending => "pending",
        ModuleVersionStatus::Ok => "ok",
    }
}
