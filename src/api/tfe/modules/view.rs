//! Modules as the JSON:API shows them. A page has up to a hundred of them, so their members borrow
//! from the registry's rows instead of copying.
//!
//! Source: `tests/fixtures/contracts/registry-modules.toml`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::api::tfe::kit::{AsText, BASE, SelfLink, ToOne, ToTags};
use crate::api::tfe::not_served::{KeptAnswer, part};
use crate::domain::{
    Module, ModuleVersionStatus, Organization, PublicModule, TagBinding, Timestamp, Version,
};
use crate::registry::VersionInBrief;

/// The word of one client for modules whose versions are uploaded; the public documentation has none
/// for that.
const UPLOADED: &str = "non_vcs";

/// The generation of the paths that a caller used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ApiGeneration {
    /// 2017 and 2018: `/registry-modules/…`.
    V2018,
    /// 2021 and today: `/organizations/…/registry-modules/…`.
    V2021,
}

/// A module with its versions, newest first.
#[derive(Clone, Copy)]
pub(super) struct ModuleView<'a> {
    pub(super) module: &'a Module,
    pub(super) versions: &'a [VersionInBrief],
    pub(super) may: May,
    pub(super) generation: ApiGeneration,
}

/// A module as a resource object.
#[derive(Serialize, JsonSchema)]
pub(super) struct ModuleResource<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: ModuleAttributes<'a>,
    relationships: ModuleRelationships,
    links: SelfLink,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ModuleAttributes<'a> {
    name: &'a str,
    namespace: &'a str,
    registry_name: &'static str,
    provider: &'a str,
    status: &'static str,
    version_statuses: Vec<VersionStatus<'a>>,
    revoked_versions: Vec<AsText<&'a Version>>,
    publishing_mechanism: &'static str,
    created_at: AsText<Timestamp>,
    updated_at: AsText<Timestamp>,
    permissions: ModulePermissions,
    #[serde(flatten)]
    kept: KeptAnswer<part::Module>,
}

#[derive(Serialize, JsonSchema)]
struct VersionStatus<'a> {
    version: AsText<&'a Version>,
    status: &'static str,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ModulePermissions {
    can_delete: bool,
    can_resync: bool,
    can_retry: bool,
}

/// What the caller may do to a module.
#[derive(Debug, Clone, Copy)]
pub(super) struct May {
    pub(super) delete: bool,
    /// To publish a version, which is also the right to fetch it again from where it comes from.
    pub(super) publish: bool,
}

impl From<May> for ModulePermissions {
    fn from(may: May) -> Self {
        Self {
            can_delete: may.delete,
            can_resync: may.publish,
            can_retry: may.publish,
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ModuleRelationships {
    organization: ToOne,
    tag_bindings: ToTags,
}

impl<'a> ModuleView<'a> {
    /// Returns the resource object of the module.
    pub(super) fn resource(self) -> ModuleResource<'a> {
        let module = self.module;
        let organization = match self.generation {
            ApiGeneration::V2018 => module.organization.as_str(),
            ApiGeneration::V2021 => module.address.namespace.as_str(),
        };
        ModuleResource {
            id: module.id.as_str(),
            kind: "registry-modules",
            attributes: self.attributes(),
            relationships: ModuleRelationships {
                organization: ToOne::of("organizations", organization),
                tag_bindings: tags_of(module.id.as_str(), &module.settings.tags),
            },
            links: SelfLink::at(self.link()),
        }
    }

    fn attributes(self) -> ModuleAttributes<'a> {
        let address = &self.module.address;
        let statuses = self.versions.iter().map(|version| VersionStatus {
            version: AsText(&version.version),
            status: version_status(version.status),
        });
        let revoked = self
            .versions
            .iter()
            .filter(|version| version.revoked)
            .map(|version| AsText(&version.version));
        let published = self
            .versions
            .iter()
            .any(|version| version.status == ModuleVersionStatus::Ok);
        ModuleAttributes {
            name: address.name.as_str(),
            namespace: address.namespace.as_str(),
            registry_name: "private",
            provider: address.system.as_str(),
            status: if published {
                "setup_complete"
            } else {
                "pending"
            },
            version_statuses: statuses.collect(),
            revoked_versions: revoked.collect(),
            publishing_mechanism: UPLOADED,
            created_at: AsText(self.module.created_at),
            updated_at: AsText(self.module.updated_at),
            permissions: self.may.into(),
            kept: KeptAnswer::of(&self.module.settings.kept),
        }
    }

    fn link(self) -> String {
        let address = &self.module.address;
        match self.generation {
            ApiGeneration::V2018 => format!("{BASE}/registry-modules/show/{address}"),
            ApiGeneration::V2021 => format!(
                "{BASE}/organizations/{}/registry-modules/private/{address}",
                address.namespace
            ),
        }
    }
}

/// Returns the resource object of a public module in an organization's list. Its versions are not
/// known here.
pub(super) fn public<'a>(
    organization: &'a Organization,
    module: &'a PublicModule,
    may: May,
) -> ModuleResource<'a> {
    let address = &module.address;
    let (namespace, id) = (&organization.name, module.id.as_str());
    let itself = format!("{BASE}/organizations/{namespace}/registry-modules/public/{address}");
    ModuleResource {
        id,
        kind: "registry-modules",
        attributes: ModuleAttributes {
            name: address.name.as_str(),
            namespace: address.namespace.as_str(),
            registry_name: "public",
            provider: address.system.as_str(),
            status: "setup_complete",
            version_statuses: Vec::new(),
            revoked_versions: Vec::new(),
            publishing_mechanism: "git_tag",
            created_at: AsText(module.created_at),
            updated_at: AsText(module.created_at),
            permissions: may.into(),
            kept: KeptAnswer::of(&module.kept),
        },
        relationships: ModuleRelationships {
            organization: ToOne::of("organizations", namespace),
            tag_bindings: tags_of(id, &module.tags),
        },
        links: SelfLink::at(itself),
    }
}

fn tags_of(id: &str, tags: &[TagBinding]) -> ToTags {
    ToTags::of("tag-bindings", &format!("registry-modules/{id}"), tags)
}

/// Returns the API's word for a version's status.
pub(super) fn version_status(status: ModuleVersionStatus) -> &'static str {
    match status {
        ModuleVersionStatus::Pending => "pending",
        ModuleVersionStatus::Ok => "ok",
    }
}
