//! Resources as the JSON:API shows them.
//!
//! Source: the samples of the generations; generations.md rows 5, 6, 13, 21, 32
//! and 33.

use serde_json::{Value, json};

use super::BASE;
use crate::domain::{
    Module, ModuleVersion, ModuleVersionStatus, Notice, TagBinding, TestConfig, VcsRepo,
};

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
        let (module, settings) = (self.module, &self.module.settings);
        let tags = format!("{BASE}/registry-modules/{}/tag-bindings", module.id);
        let mut resource = json!({
            "id": module.id,
            "type": "registry-modules",
            "attributes": self.attributes(),
            "relationships": {
                "organization": {
                    "data": { "id": self.organization_id(), "type": "organizations" },
                },
                "tag-bindings": {
                    "data": settings.tags.iter().map(tag_reference).collect::<Vec<_>>(),
                    "links": { "related": tags },
                },
            },
            "links": { "self": self.link() },
        });
        // One client stumbles over a `vcs-repo` of `null`, so what is not there is left out.
        let repository = settings.vcs_repo.as_ref().map(vcs_repo);
        put_attribute(&mut resource, "vcs-repo", repository);
        let tests = settings.test_config.as_ref().map(test_config);
        put_attribute(&mut resource, "test-config", tests);
        resource
    }

    fn attributes(&self) -> Value {
        let (module, address) = (self.module, &self.module.address);
        let statuses = self.versions.iter().map(|version| {
            json!({
                "version": version.address.version.to_string(),
                "status": version_status(version),
            })
        });
        let revoked = self
            .versions
            .iter()
            .filter(|version| version.revocation.is_some())
            .map(|version| version.address.version.to_string());
        let published = self
            .versions
            .iter()
            .any(|version| version.status() == ModuleVersionStatus::Ok);
        json!({
            "name": address.name,
            "namespace": address.namespace,
            "registry-name": "private",
            "provider": address.system,
            "status": if published { "setup_complete" } else { "pending" },
            "version-statuses": statuses.collect::<Vec<_>>(),
            "revoked-versions": revoked.collect::<Vec<_>>(),
            "no-code": module.settings.no_code,
            "publishing-mechanism": mechanism(module.settings.vcs_repo.as_ref()),
            "created-at": module.created_at.to_string(),
            "updated-at": module.updated_at.to_string(),
            "permissions": {
                "can-delete": self.may_delete,
                "can-resync": self.may_delete,
                "can-retry": self.may_delete,
            },
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

/// Where versions come from. `non_vcs` is the word of one client; the documents have none for it.
fn mechanism(repo: Option<&VcsRepo>) -> &'static str {
    match repo {
        None => "non_vcs",
        Some(repo) if repo.is_branch_based() => "branch",
        Some(_) => "git_tag",
    }
}

fn vcs_repo(repo: &VcsRepo) -> Value {
    json!({
        "identifier": repo.identifier,
        "display-identifier": repo.shown(),
        "oauth-token-id": repo.oauth_token_id,
        "github-app-installation-id": repo.github_app_installation_id,
        "branch": repo.branch,
        "tags": !repo.is_branch_based(),
        "source-directory": repo.source_directory,
        "tag-prefix": repo.tag_prefix,
        "ingress-submodules": true,
        // Nobody listens for a repository's changes.
        "webhook-url": null,
    })
}

fn test_config(config: &TestConfig) -> Value {
    json!({
        "id": config.id,
        "tests-enabled": config.tests_enabled,
        "agent-execution-mode": config.execution_mode.as_str(),
        "agent-pool-id": config.agent_pool_id,
    })
}

fn tag_reference(tag: &TagBinding) -> Value {
    json!({ "id": tag.id, "type": "tag-bindings" })
}

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
    put_attribute(resource, "revocation", Some(revocation.clone()));
}

fn put_attribute(resource: &mut Value, name: &str, value: Option<Value>) {
    let attributes = resource.get_mut("attributes");
    let attributes = attributes.and_then(Value::as_object_mut);
    if let (Some(attributes), Some(value)) = (attributes, value) {
        attributes.insert(name.to_owned(), value);
    }
}

fn version_status(version: &ModuleVersion) -> &'static str {
    match version.status() {
        ModuleVersionStatus::Pending => "pending",
        ModuleVersionStatus::Ok => "ok",
    }
}
