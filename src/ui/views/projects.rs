//! The page of an organization's projects.

use askama::Template;

use super::{PageShell, SettingsFrame};
use crate::domain::TagBinding;

/// The projects of one organization, `/settings/organizations/{organization}/projects`.
#[derive(Template)]
#[template(path = "organization/projects.html", config = "assets/askama.toml")]
pub(in crate::ui) struct ProjectsPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) name: String,
    pub(in crate::ui) projects: Vec<ProjectRow>,
    pub(in crate::ui) may_change: bool,
}

/// A project with its settings and tags.
#[derive(Debug)]
pub(in crate::ui) struct ProjectRow {
    pub(in crate::ui) id: String,
    pub(in crate::ui) name: String,
    pub(in crate::ui) description: String,
    /// After which idle time workspaces are destroyed; empty for never.
    pub(in crate::ui) duration: String,
    /// Where runs take place; empty for the organization's default.
    pub(in crate::ui) mode: &'static str,
    pub(in crate::ui) is_default: bool,
    pub(in crate::ui) tags: Vec<TagRow>,
}

/// A tag.
#[derive(Debug)]
pub(in crate::ui) struct TagRow {
    pub(in crate::ui) key: String,
    pub(in crate::ui) value: String,
}

impl TagRow {
    /// Returns the key and the value of a tag.
    pub(in crate::ui) fn of(tag: &TagBinding) -> Self {
        Self {
            key: tag.key.as_str().to_owned(),
            value: tag.value.as_str().to_owned(),
        }
    }
}
