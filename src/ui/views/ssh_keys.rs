//! The page of an organization's SSH keys.

use askama::Template;

use super::{PageShell, SettingsFrame};

/// The SSH keys of an organization, `/settings/organizations/…/ssh-keys`.
#[derive(Template)]
#[template(path = "organization/ssh_keys.html", config = "assets/askama.toml")]
pub(in crate::ui) struct SshKeysPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) organization: String,
    pub(in crate::ui) keys: Vec<SshKeyRow>,
}

/// One SSH key.
#[derive(Debug)]
pub(in crate::ui) struct SshKeyRow {
    pub(in crate::ui) id: String,
    pub(in crate::ui) name: String,
    pub(in crate::ui) created: String,
    /// Why ssh cannot read it; `None` if it can.
    pub(in crate::ui) defect: Option<String>,
}
