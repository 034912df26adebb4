//! Versions of modules as the JSON:API shows them.
//!
//! Source: `tests/fixtures/contracts/registry-module-versions.toml`.

use schemars::JsonSchema;
use serde::Serialize;

use super::view::version_status;
use crate::api::tfe::kit::{AsText, Document, ToOne};
use crate::api::tfe::not_served::{Constants, part};
use crate::domain::{Module, ModuleDocs, ModuleVersion, Notice, Timestamp, WebLink};

/// A commit that a version was made from.
#[derive(Serialize, JsonSchema)]
pub(super) struct CommitResource<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: CommitAttributes<'a>,
}

#[derive(Serialize, JsonSchema)]
struct CommitAttributes<'a> {
    sha: &'a str,
    date: AsText<Timestamp>,
}

/// Returns the commit that a version was made from; `None` if its publisher named none.
pub(super) fn commit(version: &ModuleVersion) -> Option<CommitResource<'_>> {
    let sha = version.commit_sha.as_deref()?;
    Some(CommitResource {
        id: sha,
        kind: "commit",
        attributes: CommitAttributes {
            sha,
            date: AsText(version.created_at),
        },
    })
}

/// A version of a module.
#[derive(Serialize, JsonSchema)]
pub(super) struct ModuleVersionResource<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: VersionAttributes<'a>,
    relationships: VersionRelationships,
    /// The upload link: present in the response to the announcement, and once the version is
    /// published.
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<UploadLink>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct VersionAttributes<'a> {
    source: &'static str,
    status: &'static str,
    version: String,
    commit_sha: Option<&'a str>,
    created_at: AsText<Timestamp>,
    updated_at: AsText<Timestamp>,
    #[serde(flatten)]
    not_served: Constants<part::ModuleVersion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revocation: Option<Revocation<'a>>,
    /// What was changed in the archive; present where one version is shown, if anything was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    archive_notes: Vec<String>,
    /// What could not be read of the code; present where one version is shown, if there is any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diagnostics: Vec<String>,
}

/// A version's revocation. It has no notice once the version is not revoked any more.
#[derive(Serialize, JsonSchema)]
struct Revocation<'a> {
    status: &'static str,
    #[serde(flatten)]
    notice: Option<RevocationNotice<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct RevocationNotice<'a> {
    message: &'a str,
    link: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct VersionRelationships {
    registry_module: ToOne,
}

/// The address that the archive of a version is sent to.
#[derive(Serialize, JsonSchema)]
struct UploadLink {
    upload: String,
}

/// Returns the resource object of a version. `upload` is the address to send its archive to, and
/// `None` for readers.
pub(super) fn version<'a>(
    module: &Module,
    version: &'a ModuleVersion,
    upload: Option<String>,
) -> ModuleVersionResource<'a> {
    ModuleVersionResource {
        id: version.id.as_str(),
        kind: "registry-module-versions",
        attributes: VersionAttributes {
            source: "tfe-api",
            status: version_status(version.status()),
            version: version.address.version.to_string(),
            commit_sha: version.commit_sha.as_deref(),
            created_at: AsText(version.created_at),
            updated_at: AsText(version.updated_at),
            not_served: Constants::default(),
            revocation: None,
            archive_notes: Vec::new(),
            diagnostics: Vec::new(),
        },
        relationships: VersionRelationships {
            registry_module: ToOne::of("registry-modules", &module.id),
        },
        links: upload.map(|upload| UploadLink { upload }),
    }
}

impl<'a> ModuleVersionResource<'a> {
    /// Adds a revocation to the resource object; `status` is spelled as the response needs it.
    pub(super) fn revoked(self, status: &'static str, notice: &'a Notice) -> Self {
        self.saying(Revocation {
            status,
            notice: Some(RevocationNotice {
                message: notice.reason.as_str(),
                link: notice.link.as_ref().map(WebLink::as_str),
            }),
        })
    }

    /// Adds to the resource object that the version is not revoked any more.
    pub(super) fn unrevoked(self) -> Self {
        self.saying(Revocation {
            status: "Unrevoked",
            notice: None,
        })
    }

    /// Adds what was changed in the archive, and what could not be read of its code.
    pub(super) fn with_report(mut self, version: &ModuleVersion, docs: &ModuleDocs) -> Self {
        let archive = version.archive.as_ref();
        self.attributes.archive_notes = archive.map_or_else(Vec::new, |it| it.notes.clone());
        let diagnostics = docs.diagnostics().map(ToString::to_string);
        self.attributes.diagnostics = diagnostics.chain(docs.incomplete.clone()).collect();
        self
    }

    fn saying(mut self, revocation: Revocation<'a>) -> Self {
        self.attributes.revocation = Some(revocation);
        self
    }
}

/// The response to a change of a version's deprecation or revocation.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum LifecycleDocument<'a> {
    Deprecation(DeprecationDocument<'a>),
    Revocation(Document<ModuleVersionResource<'a>>),
}

/// The response to a change of a version's deprecation, with the notice as a resource of its own.
#[derive(Serialize, JsonSchema)]
pub(super) struct DeprecationDocument<'a> {
    data: DeprecatedVersion<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    included: Option<[DeprecationResource<'a>; 1]>,
}

#[derive(Serialize, JsonSchema)]
struct DeprecatedVersion<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    relationships: Option<DeprecatedRelationships>,
}

#[derive(Serialize, JsonSchema)]
struct DeprecatedRelationships {
    deprecation: ToOne,
}

#[derive(Serialize, JsonSchema)]
struct DeprecationResource<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    attributes: DeprecationAttributes<'a>,
}

#[derive(Serialize, JsonSchema)]
struct DeprecationAttributes<'a> {
    link: Option<&'a str>,
    reason: &'a str,
}

pub(super) fn deprecated(version: &ModuleVersion) -> DeprecationDocument<'_> {
    let id = version.id.as_str();
    let notice = version.deprecation.as_ref();
    DeprecationDocument {
        data: DeprecatedVersion {
            kind: "module-versions",
            id,
            relationships: notice.map(|_| DeprecatedRelationships {
                deprecation: ToOne::of("deprecations", id),
            }),
        },
        included: notice.map(|notice| {
            [DeprecationResource {
                kind: "deprecations",
                id,
                attributes: DeprecationAttributes {
                    link: notice.link.as_ref().map(WebLink::as_str),
                    reason: notice.reason.as_str(),
                },
            }]
        }),
    }
}
