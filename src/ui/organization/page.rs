//! What all pages of one organization share: their address, their tabs, and what happens after a
//! form.

use actix_web::HttpResponse;
use serde::Deserialize;

use crate::auth::{Caller, Grant, ManageOrganization, ReadMembers, ReadProjects};
use crate::domain::{Namespace, Organization, Team, Username};
use crate::http::App;
use crate::registry::commands::Command;
use crate::registry::{Error, Kind, Registry};
use crate::ui::problem::{Problem, redirect, sentence};
use crate::ui::views::{NamedLink, PageShell, SettingsFrame, Tab};
use crate::ui::visitor::Visitor;

/// The parameters of all addresses about one organization; those that an address lacks are `None`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Parameters {
    pub(super) organization: String,
    /// The id of a team, or its name.
    pub(super) team: Option<String>,
    username: Option<String>,
    pub(super) invitation: Option<String>,
    pub(super) token: Option<String>,
}

impl Parameters {
    pub(super) fn organization(&self) -> Result<Namespace, Error> {
        let name = &self.organization;
        name.parse()
            .map_err(|_| Error::NotFound(format!("the organization `{name}`")))
    }

    /// Returns the address of one of the organization's pages.
    pub(super) fn page(&self, section: Section) -> Result<String, Error> {
        Ok(section.address(self.organization()?.as_str()))
    }

    pub(super) fn username(&self) -> Result<Username, Error> {
        let name = self.username.as_deref().unwrap_or_default();
        name.parse()
            .map_err(|_| Error::NotFound("the member".to_owned()))
    }
}

/// A page of an organization, as its tabs name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Section {
    Settings,
    Members,
    Teams,
    Tokens,
    Projects,
    Sharing,
    Rules,
    SshKeys,
    AuditLog,
}

impl Section {
    const ALL: [Self; 9] = [
        Self::Settings,
        Self::Members,
        Self::Teams,
        Self::Tokens,
        Self::Projects,
        Self::Sharing,
        Self::Rules,
        Self::SshKeys,
        Self::AuditLog,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Settings => "Settings",
            Self::Members => "Members",
            Self::Teams => "Teams",
            Self::Tokens => "Tokens",
            Self::Projects => "Projects",
            Self::Sharing => "Sharing",
            Self::Rules => "Rules",
            Self::SshKeys => "SSH keys",
            Self::AuditLog => "Audit log",
        }
    }

    /// Returns the address of the page.
    pub(in crate::ui) fn address(self, organization: &str) -> String {
        let below = match self {
            Self::Settings => "",
            Self::Members => "/members",
            Self::Teams => "/teams",
            Self::Tokens => "/tokens",
            Self::Projects => "/projects",
            Self::Sharing => "/sharing",
            Self::Rules => "/rules",
            Self::SshKeys => "/ssh-keys",
            Self::AuditLog => "/audit",
        };
        format!("/settings/organizations/{organization}{below}")
    }

    /// Returns whether the caller may see the page.
    fn is_for(self, registry: &Registry, caller: &Caller, organization: &str) -> bool {
        match self {
            Self::Settings | Self::Members | Self::Teams | Self::Sharing => {
                registry.grant::<ReadMembers>(caller, organization).is_ok()
            }
            Self::Tokens => may_see_tokens(registry, caller, organization),
            Self::Projects => registry.grant::<ReadProjects>(caller, organization).is_ok(),
            Self::SshKeys => registry.ssh_keys_grant(caller, organization).is_ok(),
            Self::Rules | Self::AuditLog => registry
                .grant::<ManageOrganization>(caller, organization)
                .is_ok(),
        }
    }
}

/// Returns whether the caller manages the tokens of the organization, or of one of its teams.
fn may_see_tokens(registry: &Registry, caller: &Caller, organization: &str) -> bool {
    let of_a_team = || {
        let grant = registry.grant::<ReadMembers>(caller, organization)?;
        let teams = teams_with_managed_tokens(registry, caller, &grant)?;
        Ok::<_, Error>(!teams.is_empty())
    };
    registry.token_grant(caller, organization).is_ok() || of_a_team().unwrap_or(false)
}

/// Returns the teams with tokens that the caller manages.
pub(super) fn teams_with_managed_tokens(
    registry: &Registry,
    caller: &Caller,
    grant: &Grant<ReadMembers>,
) -> Result<Vec<Team>, Error> {
    let mut teams = registry.list_teams(grant)?;
    teams.retain(|team| registry.token_grant_of(caller, team).is_ok());
    Ok(teams)
}

/// Returns the frame of a page of an organization.
pub(in crate::ui) fn frame(
    registry: &Registry,
    caller: &Caller,
    organization: &Organization,
    here: Section,
    heading: String,
) -> SettingsFrame {
    let name = organization.name.as_str();
    let id = organization.id.as_str();
    let link = |label: &str, href: String| NamedLink {
        label: label.to_owned(),
        href,
    };
    let visible = Section::ALL
        .into_iter()
        .filter(|section| section.is_for(registry, caller, id));
    SettingsFrame {
        crumbs: vec![
            link("Organizations", "/settings/organizations".to_owned()),
            link(name, Section::Settings.address(name)),
        ],
        heading,
        about: name.to_owned(),
        tabs: visible
            .map(|section| Tab {
                label: section.label(),
                href: section.address(name),
                count: None,
                current: section == here,
            })
            .collect(),
        problem: None,
    }
}

/// What a page of an organization is made from.
pub(super) struct PageRequest {
    pub(super) caller: Caller,
    pub(super) shell: PageShell,
    pub(super) path: Parameters,
    /// Why a form of the page was refused; `None` if none was.
    problem: Option<String>,
}

impl PageRequest {
    pub(super) fn new(visitor: &Visitor, path: &Parameters, refused: Option<&Error>) -> Self {
        Self {
            caller: visitor.caller.clone(),
            shell: visitor.shell(),
            path: path.clone(),
            problem: refused.map(sentence),
        }
    }

    /// Returns the frame of the page, with the reason why a form was refused.
    pub(super) fn frame(
        &self,
        registry: &Registry,
        organization: &Organization,
        here: Section,
        heading: String,
    ) -> SettingsFrame {
        SettingsFrame {
            problem: self.problem.clone(),
            ..frame(registry, &self.caller, organization, here, heading)
        }
    }
}

/// Carries out the command that a form describes, then redirects to `to`, or shows the page of the
/// form again, with the error.
pub(super) async fn carry_out(
    app: &App,
    visitor: &Visitor,
    command: Result<Command, Error>,
    to: &str,
    page: impl AsyncFnOnce(&Error) -> Result<HttpResponse, Problem>,
) -> Result<HttpResponse, Problem> {
    let caller = visitor.caller.clone();
    let done = match command {
        Ok(command) => {
            app.run(move |registry| registry.carry_out(&caller, command))
                .await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(redirect(to)),
        Err(error) if error.kind() == Kind::Internal => Err(error.into()),
        // Visitors who may not see the page get its 404 here.
        Err(error) => page(&error).await,
    }
}
