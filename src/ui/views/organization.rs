//! Pages about organizations: list, create, settings with members, teams and tokens.

use askama::Template;

use super::{PageShell, TokenRow};
use crate::domain::{OrganizationAccess, Team};
use crate::registry::Person;

/// The list of organizations, `/settings/organizations`.
#[derive(Template)]
#[template(path = "organization/list.html", config = "assets/askama.toml")]
pub(in crate::ui) struct OrganizationsPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) organizations: Vec<OrganizationRow>,
    pub(in crate::ui) site_admin: bool,
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

/// The page of one organization, `/settings/organizations/{organization}`.
#[derive(Template)]
#[template(path = "organization/settings.html", config = "assets/askama.toml")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what the visitor may do, switch by switch"
)]
pub(in crate::ui) struct OrganizationPage {
    pub(in crate::ui) shell: PageShell,
    pub(in crate::ui) name: String,
    pub(in crate::ui) email: String,
    pub(in crate::ui) public: bool,
    pub(in crate::ui) sharing: SharingSection,
    pub(in crate::ui) allow_version_reuse: bool,
    pub(in crate::ui) is_member: bool,
    pub(in crate::ui) allow_revoked_downloads: bool,
    pub(in crate::ui) enforce_semver: bool,
    pub(in crate::ui) enforce_valid_configuration: bool,
    pub(in crate::ui) public_curation: bool,
    pub(in crate::ui) storage: String,
    pub(in crate::ui) sees_projects: bool,
    pub(in crate::ui) sees_ssh_keys: bool,
    pub(in crate::ui) people: Vec<PersonRow>,
    pub(in crate::ui) teams: Vec<TeamRow>,
    pub(in crate::ui) tokens: Vec<TokenRow>,
    /// The teams for which the visitor may make tokens.
    pub(in crate::ui) token_teams: Vec<String>,
    pub(in crate::ui) may_change: bool,
    pub(in crate::ui) may_manage_members: bool,
    pub(in crate::ui) may_manage_teams: bool,
    pub(in crate::ui) may_manage_tokens: bool,
    pub(in crate::ui) problem: Option<String>,
}

/// What an organization shares with others, and they with it.
#[derive(Debug)]
pub(in crate::ui) struct SharingSection {
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

/// A team, its members, and its rights.
#[derive(Debug)]
pub(in crate::ui) struct TeamRow {
    pub(in crate::ui) id: String,
    pub(in crate::ui) name: String,
    pub(in crate::ui) owners: bool,
    pub(in crate::ui) secret: bool,
    pub(in crate::ui) sso_id: String,
    pub(in crate::ui) members: Vec<String>,
    pub(in crate::ui) access: Vec<AccessBox>,
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
