//! One organization: its settings, members, teams and tokens.
//!
//! Each form below is one command of the registry, which checks the right that it needs. The page
//! offers only what the visitor may do.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::organization_rows::{team_rows, token_rows};
use super::problem::{Problem, form_page, redirect, sentence};
use super::views::{OrganizationPage, PageShell, PersonRow};
use super::visitor::Visitor;
use super::{sharing, tokens};
use crate::auth::{
    Caller, ManageMembership, ManageOrganization, ManageTeams, ReadMembers, ReadProjects,
};
use crate::domain::{Namespace, Username};
use crate::http::App;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::registry::commands::{Command, OrganizationCommand, Owner};
use crate::registry::{Error, Kind, OrganizationChange, Person, Registry};
use crate::routes;

routes! {
    GET "/settings/organizations/{organization}" => show [Access::Session],
    POST "/settings/organizations/{organization}" => change [Access::Form],
    POST "/settings/organizations/{organization}/members" => add_member [Access::Form],
    POST "/settings/organizations/{organization}/members/{username}/remove" => remove_member [Access::Form],
    POST "/settings/organizations/{organization}/invitations/{invitation}/remove" => remove_invitation [Access::Form],
    POST "/settings/organizations/{organization}/leave" => leave [Access::Form],
    POST "/settings/organizations/{organization}/delete" => delete [Access::Form],
    POST "/settings/organizations/{organization}/tokens" => create_token [Access::Form],
    POST "/settings/organizations/{organization}/tokens/{token}/revoke" => revoke_token [Access::Form],
}

/// The parameters of all addresses above; those that an address lacks are `None`.
#[derive(Debug, Deserialize)]
pub(super) struct Parameters {
    pub(super) organization: String,
    /// The id of a team, or its name.
    pub(super) team: Option<String>,
    username: Option<String>,
    invitation: Option<String>,
    token: Option<String>,
}

impl Parameters {
    pub(super) fn organization(&self) -> Result<Namespace, Error> {
        let name = &self.organization;
        name.parse()
            .map_err(|_| Error::NotFound(format!("the organization `{name}`")))
    }

    /// Returns the path of the organization's own page.
    fn page(&self) -> Result<String, Error> {
        Ok(format!("/settings/organizations/{}", self.organization()?))
    }

    pub(super) fn username(&self) -> Result<Username, Error> {
        let name = self.username.as_deref().unwrap_or_default();
        name.parse()
            .map_err(|_| Error::NotFound("the member".to_owned()))
    }
}

async fn show(
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    render_page(&app, &visitor, &path, None).await
}

async fn render_page(
    app: &App,
    visitor: &Visitor,
    path: &Parameters,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let (caller, shell) = (visitor.caller.clone(), visitor.shell());
    let name = path.organization.clone();
    let mut page = app
        .run(move |registry| gather(registry, &caller, shell, &name))
        .await?;
    page.problem = refused.map(sentence);
    Ok(form_page(page.render()?, refused))
}

fn gather(
    registry: &Registry,
    caller: &Caller,
    shell: PageShell,
    name: &str,
) -> Result<OrganizationPage, Error> {
    let grant = registry.grant::<ReadMembers>(caller, name)?;
    let organization = grant
        .organization()
        .ok_or_else(|| Error::NotFound(format!("the organization `{name}`")))?;
    let (teams, people) = (registry.list_teams(&grant)?, registry.people(&grant)?);
    let own_tokens = registry.token_grant(caller, name).ok();
    Ok(OrganizationPage {
        name: organization.name.to_string(),
        email: organization.email.to_string(),
        is_member: is_member(&people, shell.user.as_deref()),
        shell,
        public: organization.public,
        sharing: sharing::section_of(registry, caller, &grant)?,
        allow_version_reuse: organization.allow_version_reuse,
        allow_revoked_downloads: organization.allow_revoked_downloads,
        enforce_semver: organization.enforce_semver,
        enforce_valid_configuration: organization.enforce_valid_configuration,
        public_curation: organization.public_curation,
        storage: registry.organization_budget(&grant)?.in_words(),
        sees_projects: registry.grant::<ReadProjects>(caller, name).is_ok(),
        sees_ssh_keys: registry.ssh_keys_grant(caller, name).is_ok(),
        people: PersonRow::all(&people, &teams),
        teams: team_rows(&people, &teams),
        may_change: registry.grant::<ManageOrganization>(caller, name).is_ok(),
        may_manage_members: registry.grant::<ManageMembership>(caller, name).is_ok(),
        may_manage_teams: registry.grant::<ManageTeams>(caller, name).is_ok(),
        may_manage_tokens: own_tokens.is_some(),
        token_teams: teams
            .iter()
            .filter(|team| registry.token_grant_of(caller, team).is_ok())
            .map(|team| team.name.to_string())
            .collect(),
        tokens: token_rows(registry, caller, &grant, own_tokens.as_ref())?,
        problem: None,
    })
}

fn is_member(people: &[Person], username: Option<&str>) -> bool {
    let mut members = people.iter().filter_map(Person::member);
    members.any(|(user, _)| Some(user.username.as_str()) == username)
}

/// Carries out a command, then shows the page again: by a redirect, or with the error.
pub(super) async fn carry_out(
    app: &App,
    visitor: &Visitor,
    path: &Parameters,
    command: Result<Command, Error>,
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
        Ok(_) => Ok(redirect(&path.page()?)),
        Err(error) if error.kind() == Kind::Internal => Err(error.into()),
        // Visitors who may not see the page get its 404 here.
        Err(error) => render_page(app, visitor, path, Some(&error)).await,
    }
}

/// Defines a handler that reads a form and carries out a command built from it and the address.
macro_rules! command {
    ($name:ident, |$path:ident, $sent:ident| $command:expr) => {
        async fn $name(
            request: HttpRequest,
            app: web::Data<App>,
            visitor: Visitor,
            $path: web::Path<Parameters>,
            payload: web::Payload,
        ) -> Result<HttpResponse, Problem> {
            let $sent = visitor.form(&app, &request, payload).await?;
            let command = (|| Ok($command))();
            drop($sent);
            carry_out(&app, &visitor, &$path, command).await
        }
    };
}

command!(change, |path, sent| {
    Command::Organization(OrganizationCommand::Update {
        name: path.organization()?,
        change: OrganizationChange {
            email: Some(sent.parsed("email")?),
            public: Some(sent.ticked("public")),
            allow_version_reuse: Some(sent.ticked("allow_version_reuse")),
            allow_revoked_downloads: Some(sent.ticked("allow_revoked_downloads")),
            enforce_semver: Some(sent.ticked("enforce_semver")),
            enforce_valid_configuration: Some(sent.ticked("enforce_valid_configuration")),
            public_curation: Some(sent.ticked("public_curation")),
            ..OrganizationChange::default()
        },
    })
});
command!(add_member, |path, sent| {
    Command::Organization(OrganizationCommand::Invite {
        name: path.organization()?,
        who: sent.text("username").to_owned(),
        teams: Vec::new(),
    })
});
command!(remove_invitation, |path, sent| {
    Command::Organization(OrganizationCommand::RemoveInvitation {
        name: path.organization()?,
        who: path.invitation.clone().unwrap_or_default(),
    })
});
command!(remove_member, |path, sent| {
    Command::Organization(OrganizationCommand::RemoveMember {
        name: path.organization()?,
        username: path.username()?,
    })
});

async fn leave(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    visitor.form(&app, &request, payload).await?;
    let (caller, name) = (visitor.caller.clone(), path.organization.clone());
    let left = app.run(move |registry| {
        let grant = registry.grant::<ReadMembers>(&caller, &name)?;
        registry.leave_organization(&grant, &caller)
    });
    match left.await {
        Ok(()) => Ok(redirect("/settings/organizations")),
        Err(error) if error.kind() == Kind::Conflict => {
            render_page(&app, &visitor, &path, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn delete(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let (caller, typed) = (visitor.caller.clone(), sent.text("confirm").to_owned());
    drop(sent);
    let name = path.organization.clone();
    let deleted = app.run(move |registry| {
        let grant = registry.grant::<ManageOrganization>(&caller, &name)?;
        // Deleting all modules at once requires the name to be typed.
        match grant.organization() {
            Some(organization) if organization.name.as_str() != typed => {
                let name = &organization.name;
                Err(Error::invalid(
                    "confirm",
                    format!("type `{name}` to delete it"),
                ))
            }
            _ => registry.delete_organization(&grant),
        }
    });
    match deleted.await {
        Ok(()) => Ok(redirect("/settings/organizations")),
        Err(error) if error.kind() == Kind::Invalid => {
            render_page(&app, &visitor, &path, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn create_token(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let made = match owner(&path, &sent).and_then(|owner| tokens::read_form(&sent, owner)) {
        Ok(command) => tokens::make(&app, &visitor, command).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(secret) => tokens::show_secret_once(&app, &visitor, &secret, &path.page()?),
        Err(error) if error.kind() == Kind::Internal => Err(error.into()),
        Err(error) => render_page(&app, &visitor, &path, Some(&error)).await,
    }
}

fn owner(path: &Parameters, sent: &Form) -> Result<Owner, Error> {
    let organization = path.organization()?;
    Ok(match sent.parsed_if_given("team")? {
        None => Owner::Organization { organization },
        Some(team) => Owner::Team { organization, team },
    })
}

async fn revoke_token(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    visitor.form(&app, &request, payload).await?;
    let id = path.token.as_deref().unwrap_or_default();
    tokens::revoke_by_id(&app, &visitor, id).await?;
    Ok(redirect(&path.page()?))
}
