//! Settings of a module as a whole: its VCS repository, its test configuration and its tags.
//!
//! Source: `tests/fixtures/contracts/registry-modules.toml`.

use serde::{Deserialize, Serialize};

use super::{ShortText, TagBindingId, TestConfigId};

/// The most tags that a module can have.
pub const MOST_TAGS: usize = 50;

/// Why settings are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct SettingsError {
    /// The field that is wrong, named as in the API.
    pub field: &'static str,
    /// What is wrong, and what to do instead.
    pub reason: &'static str,
}

/// The settings of a module as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModuleSettings {
    /// Whether the module may be used without writing code.
    pub no_code: bool,
    /// The VCS repository that the module comes from; `None` if there is none.
    pub vcs_repo: Option<VcsRepo>,
    /// The test configuration; `None` if there is none.
    pub test_config: Option<TestConfig>,
    /// The tags, by key.
    pub tags: Vec<TagBinding>,
}

/// The VCS repository that a module comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VcsRepo {
    /// The repository's name at its host, such as `acme/terraform-aws-vpc`.
    pub identifier: ShortText,
    /// The name that people are shown; empty if it is the identifier.
    pub display_identifier: ShortText,
    /// The id of the OAuth connection; `None` if the repository is not connected by OAuth.
    pub oauth_token_id: Option<ShortText>,
    /// The id of the GitHub app installation; `None` if the repository is not connected by the app.
    pub github_app_installation_id: Option<ShortText>,
    /// The branch that versions come from; empty if they come from tags.
    pub branch: ShortText,
    /// The module's folder in the repository; empty for the repository's root.
    pub source_directory: ShortText,
    /// The prefix of the tags that stand for versions.
    pub tag_prefix: ShortText,
}

/// A change of a repository; a field that is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VcsRepoChange {
    /// The branch that versions come from.
    pub branch: Option<ShortText>,
    /// Whether versions come from tags.
    pub tags: Option<bool>,
    /// The module's folder in the repository.
    pub source_directory: Option<ShortText>,
    /// The prefix of the tags that stand for versions.
    pub tag_prefix: Option<ShortText>,
}

impl VcsRepo {
    /// Returns whether versions come from a branch rather than from tags.
    pub fn is_branch_based(&self) -> bool {
        !self.branch.as_str().is_empty()
    }

    /// Returns the repository's name for people.
    pub fn display_identifier(&self) -> &ShortText {
        if self.display_identifier.as_str().is_empty() {
            &self.identifier
        } else {
            &self.display_identifier
        }
    }

    /// Returns the repository after a change. Refuses a branch together with tags.
    pub fn changed(self, change: VcsRepoChange) -> Result<Self, SettingsError> {
        let branch = match (change.branch, change.tags) {
            (Some(branch), Some(true)) if !branch.as_str().is_empty() => {
                return Err(SettingsError {
                    field: "vcs-repo/tags",
                    reason: "versions come from a branch or from tags; give one of the two",
                });
            }
            (Some(branch), _) => branch,
            (None, Some(true)) => ShortText::default(),
            (None, _) => self.branch,
        };
        let changed = Self {
            branch,
            source_directory: change.source_directory.unwrap_or(self.source_directory),
            tag_prefix: change.tag_prefix.unwrap_or(self.tag_prefix),
            ..self
        };
        if change.tags == Some(false) && !changed.is_branch_based() {
            return Err(SettingsError {
                field: "vcs-repo/branch",
                reason: "say which branch versions come from, if not from tags",
            });
        }
        Ok(changed)
    }

    /// Returns the repository. Refuses one without an identifier or with two connections.
    pub fn checked(self) -> Result<Self, SettingsError> {
        if self.identifier.as_str().is_empty() {
            return Err(SettingsError {
                field: "vcs-repo/identifier",
                reason: "say which repository, as in `acme/terraform-aws-vpc`",
            });
        }
        if self.oauth_token_id.is_some() && self.github_app_installation_id.is_some() {
            return Err(SettingsError {
                field: "vcs-repo/github-app-installation-id",
                reason: "a repository has one connection: by OAuth or by GitHub's app",
            });
        }
        Ok(self)
    }
}

/// Where a module's tests run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionMode {
    /// On the registry's side, which the API calls remote execution.
    #[default]
    Remote,
    /// On agents of an agent pool.
    Agent,
}

impl ExecutionMode {
    /// Returns the word for the mode in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Remote => "remote",
            Self::Agent => "agent",
        }
    }
}

impl std::str::FromStr for ExecutionMode {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        match text {
            "remote" => Ok(Self::Remote),
            "agent" => Ok(Self::Agent),
            _ => Err(SettingsError {
                field: "test-config/agent-execution-mode",
                reason: "tests run in the mode `remote` or `agent`",
            }),
        }
    }
}

/// The test configuration of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestConfig {
    /// The id.
    pub id: TestConfigId,
    /// Whether tests are enabled.
    pub tests_enabled: bool,
    /// Where the tests run.
    #[serde(default)]
    pub execution_mode: ExecutionMode,
    /// The id of the agent pool; `None` unless the tests run on agents.
    #[serde(default)]
    pub agent_pool_id: Option<ShortText>,
}

/// A change of a test configuration; a field that is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestConfigChange {
    /// Whether tests are enabled.
    pub tests_enabled: Option<bool>,
    /// Where the tests run.
    pub execution_mode: Option<ExecutionMode>,
    /// The id of the agent pool.
    pub agent_pool_id: Option<ShortText>,
}

impl TestConfig {
    /// Makes a configuration with tests disabled and remote execution.
    pub fn new(id: TestConfigId) -> Self {
        Self {
            id,
            tests_enabled: false,
            execution_mode: ExecutionMode::Remote,
            agent_pool_id: None,
        }
    }

    /// Returns the configuration after a change. Refuses agents without a pool, and a pool without
    /// agents.
    pub fn changed(self, change: TestConfigChange) -> Result<Self, SettingsError> {
        let execution_mode = change.execution_mode.unwrap_or(self.execution_mode);
        let given = change.agent_pool_id;
        let field = "test-config/agent-pool-id";
        let agent_pool_id = match execution_mode {
            ExecutionMode::Remote if given.is_some() => {
                let reason = "only tests in the mode `agent` have a pool of agents";
                return Err(SettingsError { field, reason });
            }
            ExecutionMode::Remote => None,
            ExecutionMode::Agent => given.or(self.agent_pool_id),
        };
        if execution_mode == ExecutionMode::Agent && agent_pool_id.is_none() {
            let reason = "tests in the mode `agent` need the id of a pool of agents";
            return Err(SettingsError { field, reason });
        }
        Ok(Self {
            id: self.id,
            tests_enabled: change.tests_enabled.unwrap_or(self.tests_enabled),
            execution_mode,
            agent_pool_id,
        })
    }
}

/// A tag of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagBinding {
    /// The id.
    pub id: TagBindingId,
    /// The key.
    pub key: ShortText,
    /// The value; may be empty.
    pub value: ShortText,
}

/// Makes the tags that replace `old` ones. Each key is given once; a key that stays keeps its id.
pub fn replace_tags(
    before: &[TagBinding],
    wanted: Vec<(ShortText, ShortText)>,
    mut new_id: impl FnMut() -> TagBindingId,
) -> Result<Vec<TagBinding>, SettingsError> {
    let refused = |reason| SettingsError {
        field: "/relationships/tag-bindings",
        reason,
    };
    if wanted.len() > MOST_TAGS {
        return Err(refused("a module has at most 50 tags"));
    }
    let mut tags: Vec<TagBinding> = Vec::with_capacity(wanted.len());
    for (key, value) in wanted {
        if key.as_str().is_empty() {
            return Err(refused("each tag needs a key"));
        }
        if tags.iter().any(|tag| tag.key == key) {
            return Err(refused("each key is given once"));
        }
        let known = before.iter().find(|tag| tag.key == key);
        let id = known.map_or_else(&mut new_id, |tag| tag.id.clone());
        tags.push(TagBinding { id, key, value });
    }
    tags.sort_by(|one, other| one.key.as_str().cmp(other.key.as_str()));
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> ShortText {
        text.parse().expect("a short text")
    }

    fn repo(branch: &str) -> VcsRepo {
        VcsRepo {
            identifier: text("acme/terraform-aws-vpc"),
            branch: text(branch),
            ..VcsRepo::default()
        }
    }

    #[test]
    fn versions_come_from_a_branch_or_from_tags() {
        let change = |branch: Option<&str>, tags: Option<bool>| VcsRepoChange {
            branch: branch.map(text),
            tags,
            ..VcsRepoChange::default()
        };
        for (before, branch, tags, expected) in [
            ("", Some("main"), Some(false), Some("main")),
            ("", Some("main"), None, Some("main")),
            ("main", None, Some(true), Some("")),
            ("main", Some(""), Some(true), Some("")),
            ("main", None, None, Some("main")),
            ("main", None, Some(false), Some("main")),
            ("", Some("main"), Some(true), None),
            ("", None, Some(false), None),
        ] {
            let changed = repo(before).changed(change(branch, tags)).ok();
            let got = changed.as_ref().map(|repo| repo.branch.as_str());
            assert_eq!(got, expected, "{before} {branch:?} {tags:?}");
        }
    }

    #[test]
    fn only_agents_have_a_pool() {
        let before = || TestConfig::new(TestConfigId::from_random(1));
        let change = |mode: Option<&str>, pool: Option<&str>| TestConfigChange {
            tests_enabled: Some(true),
            execution_mode: mode.map(|mode| mode.parse().expect("a mode")),
            agent_pool_id: pool.map(text),
        };
        assert!(before().changed(change(None, None)).is_ok());
        assert!(before().changed(change(Some("agent"), None)).is_err());
        assert!(
            before()
                .changed(change(Some("remote"), Some("apool-1")))
                .is_err()
        );
        let agent = before().changed(change(Some("agent"), Some("apool-1")));
        let agent = agent.expect("agents of a pool");
        let kept = agent.changed(change(None, None)).expect("stays");
        assert_eq!(kept.agent_pool_id, Some(text("apool-1")));
        let remote = kept.changed(change(Some("remote"), None)).expect("remote");
        assert_eq!(remote.agent_pool_id, None);
        assert!("local".parse::<ExecutionMode>().is_err());
    }

    #[test]
    fn a_tag_that_stays_keeps_its_id() {
        let mut made = 0;
        let mut new_id = || {
            made += 1;
            TagBindingId::from_random(made)
        };
        let pair = |key: &str, value: &str| (text(key), text(value));
        let first = replace_tags(&[], vec![pair("b", "1"), pair("a", "2")], &mut new_id);
        let first = first.expect("tags");
        assert_eq!(first[0].key, text("a"));
        let second = replace_tags(&first, vec![pair("b", "3")], &mut new_id).expect("tags");
        assert_eq!(second[0].id, first[1].id);
        assert!(replace_tags(&[], vec![pair("", "1")], &mut new_id).is_err());
        assert!(replace_tags(&[], vec![pair("a", "1"), pair("a", "2")], &mut new_id).is_err());
        let many = (0..=MOST_TAGS)
            .map(|n| pair(&n.to_string(), ""))
            .collect::<Vec<_>>();
        assert!(replace_tags(&[], many, &mut new_id).is_err());
    }
}
