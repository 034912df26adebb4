//! Projects: groups of an organization that carry tags. Workspaces, which come later, belong
//! to one each.
//!
//! Source: `tests/fixtures/contracts/projects.toml`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{OrganizationId, ProjectId, TagBinding, Timestamp};

/// The name of the project that every organization has from its beginning.
pub const DEFAULT_PROJECT: &str = "Default Project";

/// The most tags that a project can have.
pub const MOST_PROJECT_TAGS: usize = 10;

/// How many characters a name may have.
const NAME_CHARACTERS: std::ops::RangeInclusive<usize> = 3..=40;

/// How many characters a description may have.
const MOST_DESCRIPTION_CHARACTERS: usize = 1000;

/// Why an attribute of a project is refused. Clients compare the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProjectError {
    /// The name has characters that are not allowed.
    #[error(
        "Name may only contain letters, numbers, spaces, hyphens and underscores, and begins and \
         ends with a letter or number"
    )]
    NameCharacters,
    /// The name is too short or too long.
    #[error("Name must have 3 to 40 characters")]
    NameLength,
    /// The description is too long.
    #[error("Description is too long (maximum is {MOST_DESCRIPTION_CHARACTERS} characters)")]
    DescriptionLength,
    /// The description has control characters.
    #[error("Description may not contain control characters, except for tabs and line breaks")]
    DescriptionControl,
    /// The duration is not a number with a unit.
    #[error(
        "Auto destroy activity duration has an incorrect format, we expect up to 4 numeric digits \
         and 1 unit ('d' or 'h')"
    )]
    Duration,
    /// The mode is not known.
    #[error("the execution mode is `remote` or `local`")]
    Mode,
    /// The mode needs agents.
    #[error(
        "Default agent pool must be specified when using 'agent' execution mode, and this registry \
         has no agent pools: use `remote` or `local`"
    )]
    NoAgents,
}

/// The name of a project, unique in its organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectName(String);

impl ProjectName {
    /// Returns the name of the default project.
    pub fn of_default() -> Self {
        Self(DEFAULT_PROJECT.to_owned())
    }

    /// Returns the name as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the form in which names are compared: lower case.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for ProjectName {
    type Err = ProjectError;

    fn from_str(text: &str) -> Result<Self, ProjectError> {
        let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = text.as_bytes();
        let is_inside = |byte: &u8| byte.is_ascii_alphanumeric() || b" -_".contains(byte);
        if !(bytes.iter().all(is_inside) && edge(bytes.first()) && edge(bytes.last())) {
            return Err(ProjectError::NameCharacters);
        }
        if !NAME_CHARACTERS.contains(&bytes.len()) {
            return Err(ProjectError::NameLength);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for ProjectName {
    type Error = ProjectError;

    fn try_from(text: String) -> Result<Self, ProjectError> {
        text.parse()
    }
}

impl From<ProjectName> for String {
    fn from(name: ProjectName) -> Self {
        name.0
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What people write about a project; may be empty, and may have several lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectDescription(String);

impl ProjectDescription {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProjectDescription {
    type Err = ProjectError;

    fn from_str(text: &str) -> Result<Self, ProjectError> {
        if text.chars().count() > MOST_DESCRIPTION_CHARACTERS {
            return Err(ProjectError::DescriptionLength);
        }
        let is_refused = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if text.chars().any(is_refused) {
            return Err(ProjectError::DescriptionControl);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for ProjectDescription {
    type Error = ProjectError;

    fn try_from(text: String) -> Result<Self, ProjectError> {
        text.parse()
    }
}

impl From<ProjectDescription> for String {
    fn from(description: ProjectDescription) -> Self {
        description.0
    }
}

/// How long a workspace is idle before it is destroyed: up to four digits and `d` or `h`. It has no
/// effect while there are no workspaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ActivityDuration(String);

impl ActivityDuration {
    /// Returns the duration as it was written, such as `14d`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ActivityDuration {
    type Err = ProjectError;

    fn from_str(text: &str) -> Result<Self, ProjectError> {
        let digits = text.strip_suffix(['d', 'h']).unwrap_or_default();
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !(is_number && (1..=4).contains(&digits.len())) {
            return Err(ProjectError::Duration);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for ActivityDuration {
    type Error = ProjectError;

    fn try_from(text: String) -> Result<Self, ProjectError> {
        text.parse()
    }
}

impl From<ActivityDuration> for String {
    fn from(duration: ActivityDuration) -> Self {
        duration.0
    }
}

/// Where runs of a project's workspaces take place, if they do not say so themselves. It has no
/// effect while there are no runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectMode {
    /// On the registry's side.
    Remote,
    /// On the user's machine.
    Local,
}

impl ProjectMode {
    /// Returns the word for the mode in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Remote => "remote",
            Self::Local => "local",
        }
    }
}

impl FromStr for ProjectMode {
    type Err = ProjectError;

    fn from_str(text: &str) -> Result<Self, ProjectError> {
        match text {
            "remote" => Ok(Self::Remote),
            "local" => Ok(Self::Local),
            "agent" => Err(ProjectError::NoAgents),
            _ => Err(ProjectError::Mode),
        }
    }
}

/// A project of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// The id.
    pub id: ProjectId,
    /// The organization it is in.
    pub organization: OrganizationId,
    /// Its name, unique in the organization without regard to case.
    pub name: ProjectName,
    /// What people write about it; may be empty.
    #[serde(default)]
    pub description: ProjectDescription,
    /// After which idle time workspaces are destroyed; `None` for never.
    #[serde(default)]
    pub auto_destroy_after: Option<ActivityDuration>,
    /// Where runs take place; `None` for the organization's default.
    #[serde(default)]
    pub mode: Option<ProjectMode>,
    /// The tags, by key.
    #[serde(default)]
    pub tags: Vec<TagBinding>,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Project {
    /// Makes a project that has nothing but a name.
    pub fn new(
        id: ProjectId,
        organization: OrganizationId,
        name: ProjectName,
        created_at: Timestamp,
    ) -> Self {
        Self {
            id,
            organization,
            name,
            description: ProjectDescription::default(),
            auto_destroy_after: None,
            mode: None,
            tags: Vec::new(),
            created_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_three_to_forty_plain_characters() {
        for good in [DEFAULT_PROJECT, "abc", "a-b_c 1", &"x".repeat(40)] {
            assert!(good.parse::<ProjectName>().is_ok(), "{good}");
        }
        for (bad, error) in [
            ("", ProjectError::NameCharacters),
            ("! / nope", ProjectError::NameCharacters),
            (" abc", ProjectError::NameCharacters),
            ("abc-", ProjectError::NameCharacters),
            ("täst", ProjectError::NameCharacters),
            ("ab", ProjectError::NameLength),
            (&"x".repeat(41), ProjectError::NameLength),
        ] {
            assert_eq!(bad.parse::<ProjectName>(), Err(error), "{bad}");
        }
    }

    #[test]
    fn durations_are_days_or_hours() {
        for good in ["1d", "24h", "9999d", "0h"] {
            assert!(good.parse::<ActivityDuration>().is_ok(), "{good}");
        }
        for bad in ["", "d", "20m", "10000d", "1.5d", "-1d", "bar", "3 d", "3"] {
            assert!(bad.parse::<ActivityDuration>().is_err(), "{bad}");
        }
    }
}
