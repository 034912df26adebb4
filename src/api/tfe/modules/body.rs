//! Bodies of the requests about modules. Some clients write names with an underscore instead of the
//! dash.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::tfe::kit::{parse, parse_if_any};
use crate::domain::{
    ExecutionMode, ModuleAddress, Namespace, ShortText, TestConfigChange, VcsRepo, VcsRepoChange,
};
use crate::registry::{Error, ModuleChange, NewModule};

/// The attributes of a new module.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct NewModuleBody {
    name: Option<String>,
    provider: Option<String>,
    namespace: Option<String>,
    #[serde(alias = "registry_name")]
    registry_name: Option<String>,
    #[serde(alias = "no_code")]
    no_code: Option<bool>,
    #[serde(alias = "vcs_repo")]
    vcs_repo: Option<VcsRepoBody>,
    #[serde(alias = "test_config")]
    test_config: Option<TestConfigBody>,
}

impl NewModuleBody {
    /// Returns the module's address in a namespace.
    pub(super) fn address(&self, namespace: Namespace) -> Result<ModuleAddress, Error> {
        Ok(ModuleAddress {
            namespace,
            name: parse("name", self.name.as_deref())?,
            system: parse("provider", self.provider.as_deref())?,
        })
    }

    /// Returns the address and the no-code flag of a public module; `None` for a private one.
    pub(super) fn public(&self) -> Result<Option<(ModuleAddress, bool)>, Error> {
        if self.registry_name.as_deref() != Some("public") {
            return Ok(None);
        }
        let namespace = parse("namespace", self.namespace.as_deref())?;
        let address = self.address(namespace)?;
        Ok(Some((address, self.no_code.unwrap_or_default())))
    }

    /// Refuses a registry name or a namespace that this organization cannot have.
    pub(super) fn check(&self, organization: &Namespace) -> Result<(), Error> {
        match self.registry_name.as_deref() {
            None | Some("private") => {}
            Some(_) => {
                let reason = "Registry name is not included in the list (private, public)";
                return Err(Error::invalid("registry-name", reason));
            }
        }
        match &self.namespace {
            Some(other) if !other.eq_ignore_ascii_case(organization.as_str()) => {
                let reason =
                    format!("a private module's namespace is its organization, `{organization}`");
                Err(Error::invalid("namespace", reason))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Returns the new module with these attributes at its address.
    pub(super) fn at(self, address: ModuleAddress) -> Result<NewModule, Error> {
        let vcs_repo = self.vcs_repo.map(VcsRepoBody::repository).transpose()?;
        let test_config = self.test_config.map(TestConfigBody::change).transpose()?;
        Ok(NewModule {
            address,
            no_code: self.no_code.unwrap_or_default(),
            vcs_repo,
            test_config,
        })
    }
}

/// `vcs-repo`: the place of the repository on its server, and which of its versions are published.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct VcsRepoBody {
    identifier: Option<String>,
    #[serde(alias = "display_identifier")]
    display_identifier: Option<String>,
    #[serde(alias = "oauth_token_id")]
    oauth_token_id: Option<String>,
    #[serde(alias = "github_app_installation_id", alias = "gha_installation_id")]
    github_app_installation_id: Option<String>,
    branch: Option<String>,
    tags: Option<bool>,
    #[serde(alias = "source_directory")]
    source_directory: Option<String>,
    #[serde(alias = "tag_prefix")]
    tag_prefix: Option<String>,
}

impl VcsRepoBody {
    fn repository(self) -> Result<VcsRepo, Error> {
        let repository = VcsRepo {
            identifier: parse_if_any("vcs-repo/identifier", self.identifier.as_deref())?
                .unwrap_or_default(),
            display_identifier: parse_if_any(
                "vcs-repo/display-identifier",
                self.display_identifier.as_deref(),
            )?
            .unwrap_or_default(),
            oauth_token_id: parse_if_any(
                "vcs-repo/oauth-token-id",
                self.oauth_token_id.as_deref(),
            )?,
            github_app_installation_id: parse_if_any(
                "vcs-repo/github-app-installation-id",
                self.github_app_installation_id.as_deref(),
            )?,
            ..VcsRepo::default()
        };
        Ok(repository.changed(self.change()?)?)
    }

    fn change(self) -> Result<VcsRepoChange, Error> {
        Ok(VcsRepoChange {
            branch: parse_if_any("vcs-repo/branch", self.branch.as_deref())?,
            tags: self.tags,
            source_directory: parse_if_any(
                "vcs-repo/source-directory",
                self.source_directory.as_deref(),
            )?,
            tag_prefix: parse_if_any("vcs-repo/tag-prefix", self.tag_prefix.as_deref())?,
        })
    }
}

/// `test-config`: how the module is tested.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct TestConfigBody {
    #[serde(alias = "tests_enabled")]
    tests_enabled: Option<bool>,
    #[serde(alias = "agent_execution_mode")]
    agent_execution_mode: Option<String>,
    #[serde(alias = "agent_pool_id")]
    agent_pool_id: Option<String>,
}

impl TestConfigBody {
    fn change(self) -> Result<TestConfigChange, Error> {
        let mode = self.agent_execution_mode.as_deref();
        let mode = mode.map(str::parse::<ExecutionMode>).transpose()?;
        // An empty id counts as absent.
        let pool = self.agent_pool_id.as_deref().filter(|id| !id.is_empty());
        Ok(TestConfigChange {
            tests_enabled: self.tests_enabled,
            execution_mode: mode,
            agent_pool_id: parse_if_any("test-config/agent-pool-id", pool)?,
        })
    }
}

/// The changes to a module: `{"data": {"attributes": …, "relationships": …}}`.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct ModuleChangeBody {
    data: ChangeData,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct ChangeData {
    #[serde(default)]
    attributes: ChangeAttributes,
    #[serde(default)]
    relationships: ChangeRelationships,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
struct ChangeAttributes {
    #[serde(alias = "no_code")]
    no_code: Option<bool>,
    #[serde(alias = "vcs_repo")]
    vcs_repo: Option<VcsRepoBody>,
    #[serde(alias = "test_config")]
    test_config: Option<TestConfigBody>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
struct ChangeRelationships {
    #[serde(alias = "tag_bindings")]
    tag_bindings: Option<TagBindings>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TagBindings {
    data: Option<Vec<TagBindingBody>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TagBindingBody {
    attributes: TagBindingAttributes,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct TagBindingAttributes {
    key: Option<String>,
    value: Option<String>,
}

const TAGS: &str = "/relationships/tag-bindings";

impl TagBindingBody {
    fn pair(self) -> Result<(ShortText, ShortText), Error> {
        let key = parse_if_any(TAGS, self.attributes.key.as_deref())?;
        let value = parse_if_any(TAGS, self.attributes.value.as_deref())?;
        Ok((key.unwrap_or_default(), value.unwrap_or_default()))
    }
}

impl ModuleChangeBody {
    /// Returns the change.
    pub(super) fn parse(self) -> Result<ModuleChange, Error> {
        let (attributes, relationships) = (self.data.attributes, self.data.relationships);
        let tags = relationships.tag_bindings.and_then(|tags| tags.data);
        let tags = tags.map(|tags| tags.into_iter().map(TagBindingBody::pair).collect());
        Ok(ModuleChange {
            no_code: attributes.no_code,
            vcs_repo: attributes.vcs_repo.map(VcsRepoBody::change).transpose()?,
            test_config: attributes
                .test_config
                .map(TestConfigBody::change)
                .transpose()?,
            tags: tags.transpose()?,
        })
    }
}
