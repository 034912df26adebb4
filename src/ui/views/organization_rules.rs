//! The page of what an organization demands of tokens and sessions.

use askama::Template;

use super::{PageShell, SettingsFrame};

/// What an organization demands, `/settings/organizations/{organization}/rules`.
#[derive(Template)]
#[template(path = "organization/rules.html", config = "assets/askama.toml")]
pub(in crate::ui) struct OrganizationRulesPage<'a> {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) name: &'a str,
    pub(in crate::ui) user_tokens: bool,
    pub(in crate::ui) max_ttl: bool,
    pub(in crate::ui) policies: [PolicyField; 4],
    /// In minutes; `None` for no rule of its own.
    pub(in crate::ui) session_timeout: Option<u32>,
    /// In minutes; `None` for no rule of its own.
    pub(in crate::ui) session_remember: Option<u32>,
}

/// How long tokens of one kind may live.
#[derive(Debug)]
pub(in crate::ui) struct PolicyField {
    pub(in crate::ui) kind: &'static str,
    pub(in crate::ui) words: &'static str,
    /// As people write it: `30d`.
    pub(in crate::ui) lifetime: String,
}
