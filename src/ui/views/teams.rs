//! Pages about the teams of an organization: all of them, and one.

use askama::Template;

use super::{PageShell, SettingsFrame, TokenRow};
use crate::domain::OrganizationAccess;

/// The teams of an organization, `/settings/organizations/{organization}/teams`.
#[derive(Template)]
#[template(path = "organization/teams.html", config = "assets/askama.toml")]
pub(in crate::ui) struct TeamsPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) name: String,
    pub(in crate::ui) teams: Vec<TeamRow>,
    pub(in crate::ui) may_manage: bool,
}

/// One team, `/settings/organizations/{organization}/teams/{team}`.
#[derive(Template)]
#[template(path = "organization/team.html", config = "assets/askama.toml")]
pub(in crate::ui) struct TeamPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) name: String,
    pub(in crate::ui) team: TeamRow,
    pub(in crate::ui) may_manage: bool,
    /// Its tokens; `None` if the visitor may not manage them.
    pub(in crate::ui) tokens: Option<Vec<TokenRow>>,
}

/// A team, its members, and its rights.
#[derive(Debug)]
pub(in crate::ui) struct TeamRow {
    pub(in crate::ui) id: String,
    pub(in crate::ui) name: String,
    pub(in crate::ui) owners: bool,
    pub(in crate::ui) secret: bool,
    pub(in crate::ui) members_manage_tokens: bool,
    pub(in crate::ui) sso_id: String,
    pub(in crate::ui) members: Vec<String>,
    pub(in crate::ui) access: Vec<AccessBox>,
}

impl TeamRow {
    /// Returns the rights that it gives and that have an effect, in words; empty if there are none.
    pub(in crate::ui) fn rights(&self) -> String {
        let given = self.access.iter().filter(|one| one.given && one.has_effect);
        given.map(|one| one.words).collect::<Vec<_>>().join(", ")
    }
}

/// The checkbox of one right of a team.
#[derive(Debug)]
pub(in crate::ui) struct AccessBox {
    pub(in crate::ui) field: &'static str,
    pub(in crate::ui) words: &'static str,
    pub(in crate::ui) given: bool,
    pub(in crate::ui) has_effect: bool,
}

impl AccessBox {
    /// Returns the checkboxes of all rights.
    pub(in crate::ui) fn all(access: OrganizationAccess) -> Vec<Self> {
        OrganizationAccess::KINDS
            .iter()
            .map(|kind| Self {
                field: kind.name,
                words: kind.words,
                given: kind.is_in(access),
                has_effect: kind.has_effect,
            })
            .collect()
    }
}
