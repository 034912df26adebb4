//! Pages that show audit events.

use askama::Template;

use super::{PageShell, SettingsFrame};

/// The audit log, `/settings/audit`, of the registry or of one organization.
#[derive(Template)]
#[template(path = "organization/audit.html", config = "assets/askama.toml")]
pub(in crate::ui) struct AuditPage<'a> {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) actor: &'a str,
    pub(in crate::ui) text: &'a str,
    pub(in crate::ui) from: &'a str,
    pub(in crate::ui) to: &'a str,
    pub(in crate::ui) query: String,
    pub(in crate::ui) rows: Vec<AuditRow>,
    pub(in crate::ui) older: Option<u64>,
}

/// One audit event.
#[derive(Debug)]
pub(in crate::ui) struct AuditRow {
    pub(in crate::ui) sequence: u64,
    pub(in crate::ui) at: String,
    /// The time with its seconds.
    pub(in crate::ui) exactly: String,
    pub(in crate::ui) actor: String,
    pub(in crate::ui) action: String,
    /// What it was done to; `None` if no row names it.
    pub(in crate::ui) object: Option<AuditObject>,
    pub(in crate::ui) changes: Vec<String>,
    pub(in crate::ui) more: usize,
}

/// What somebody did something to.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::ui) struct AuditObject {
    pub(in crate::ui) name: String,
    /// Its page; `None` if it has none, or no longer.
    pub(in crate::ui) href: Option<String>,
}
