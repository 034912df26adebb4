//! Pages about organizations: list, create, settings, members, tokens, sharing.

use askama::Template;

use super::{PageShell, SettingsFrame, TokenRow};
use crate::domain::Team;
use crate::registry::Person;
use crate::ui::paging::Paged;

/// The list of organizations, `/settings/organizations`.
#[derive(Template)]
#[template(path = "organization/list.html", config = "assets/askama.toml")]
pub(in crate::ui) struct OrganizationsPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) organizations: Vec<OrganizationRow>,
}

/// An organization in a list.
#[derive(Debug)]
pub(in crate::ui) struct OrganizationRow {
    pub(in crate::ui) name: String,
    pub(in crate::ui) public: bool,
}

/// The form that creates an organization, `/organizations/new`.
#[derive(Template)]
#[template(path = "organization/new.html", config = "assets/askama.toml")]
pub(in crate::ui) struct NewOrganizationPage<'a> {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) name: &'a str,
    pub(in crate::ui) email: &'a str,
    pub(in crate::ui) owner: &'a str,
    pub(in crate::ui) problem: Option<String>,
}

/// The first page of one organization, `/settings/organizations/{organization}`.
#[derive(Template)]
#[template(path = "organization/general.html", config = "assets/askama.toml")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the switches of an organization, and what the visitor may do"
)]
pub(in crate::ui) struct OrganizationPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) name: String,
    pub(in crate::ui) email: String,
    pub(in crate::ui) public: bool,
    pub(in crate::ui) allow_version_reuse: bool,
    pub(in crate::ui) is_member: bool,
    pub(in crate::ui) allow_revoked_downloads: bool,
    pub(in crate::ui) enforce_semver: bool,
    pub(in crate::ui) enforce_valid_configuration: bool,
    pub(in crate::ui) public_curation: bool,
    pub(in crate::ui) storage: String,
    pub(in crate::ui) may_change: bool,
}

/// The page that asks for the name before an organization is deleted,
/// `/settings/organizations/{organization}/delete`.
#[derive(Template)]
#[template(path = "organization/delete.html", config = "assets/askama.toml")]
pub(in crate::ui) struct DeleteOrganizationPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) name: String,
}

/// The members of an organization, `/settings/organizations/{organization}/members`.
#[derive(Template)]
#[template(path = "organization/members.html", config = "assets/askama.toml")]
pub(in crate::ui) struct MembersPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) name: String,
    pub(in crate::ui) query: String,
    pub(in crate::ui) people: Paged<PersonRow>,
    pub(in crate::ui) may_manage: bool,
}

/// The tokens of an organization and its teams, `/settings/organizations/{organization}/tokens`.
#[derive(Template)]
#[template(path = "organization/tokens.html", config = "assets/askama.toml")]
pub(in crate::ui) struct OrganizationTokensPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) name: String,
    pub(in crate::ui) tokens: Vec<TokenRow>,
    /// Whether the visitor manages the tokens of the organization itself.
    pub(in crate::ui) may_manage: bool,
    /// The teams for which the visitor may make tokens.
    pub(in crate::ui) teams: Vec<String>,
}

/// What an organization shares with others, and they with it,
/// `/settings/organizations/{organization}/sharing`.
#[derive(Template)]
#[template(path = "organization/sharing.html", config = "assets/askama.toml")]
pub(in crate::ui) struct SharingPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) frame: SettingsFrame,
    pub(in crate::ui) name: String,
    /// One form for modules and one for providers.
    pub(in crate::ui) forms: Vec<ShareForm>,
    /// What others share with it: modules or providers, and the name of the other organization.
    pub(in crate::ui) received: Vec<(&'static str, String)>,
    /// Whether the visitor administers the registry.
    pub(in crate::ui) may_change: bool,
}

/// With whom an organization shares its modules, or its providers.
#[derive(Debug)]
pub(in crate::ui) struct ShareForm {
    /// `modules` or `providers`.
    pub(in crate::ui) kind: &'static str,
    pub(in crate::ui) everybody: bool,
    /// The names of the organizations, if it is not everybody.
    pub(in crate::ui) with: Vec<String>,
}

/// A member or somebody who is invited, and the teams they are in.
#[derive(Debug)]
pub(in crate::ui) struct PersonRow {
    /// The username; of people who are invited, the address or the name.
    pub(in crate::ui) name: String,
    pub(in crate::ui) teams: String,
    /// The id of the invitation; `None` for members.
    pub(in crate::ui) invitation: Option<String>,
}

impl PersonRow {
    /// Returns the rows of all people of an organization.
    pub(in crate::ui) fn all(people: &[Person], teams: &[Team]) -> Vec<Self> {
        let row = |person: &Person| {
            let of_person = teams.iter().filter(|it| person.teams().contains(&it.id));
            let names: Vec<_> = of_person.map(|team| team.name.as_str()).collect();
            let (name, invitation) = match person {
                Person::Member((user, _)) => (user.username.to_string(), None),
                Person::Invited(it) => (it.invitee.to_string(), Some(it.id.to_string())),
            };
            Self {
                name,
                teams: names.join(", "),
                invitation,
            }
        };
        people.iter().map(row).collect()
    }
}
