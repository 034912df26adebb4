//! One team: what its members may do, who they are, and its tokens.
//!
//! Addresses name a team by its id, since its name may have spaces and slashes. A name that an
//! address can hold is understood, too.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::page::{PageRequest, Parameters, Section, carry_out};
use super::rows::{team_rows, tokens_of_team};
use crate::auth::{Caller, ManageTeams, ReadMembers};
use crate::domain::{OrganizationAccess, Team};
use crate::http::App;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::registry::commands::{Command, Owner, TeamCommand};
use crate::registry::{Error, Kind, Registry, organization_of};
use crate::routes;
use crate::ui::problem::{Problem, form_page, redirect};
use crate::ui::tokens;
use crate::ui::views::TeamPage;
use crate::ui::visitor::Visitor;

routes! {
    GET "/settings/organizations/{organization}/teams/{team}" => show [Access::Session],
    POST "/settings/organizations/{organization}/teams/{team}/access" => change [Access::Form],
    POST "/settings/organizations/{organization}/teams/{team}/delete" => delete [Access::Form],
    POST "/settings/organizations/{organization}/teams/{team}/members" => add [Access::Form],
    POST "/settings/organizations/{organization}/teams/{team}/members/{username}/remove" => remove [Access::Form],
    POST "/settings/organizations/{organization}/teams/{team}/tokens" => create_token [Access::Form],
    POST "/settings/organizations/{organization}/teams/{team}/tokens/{token}/revoke" => revoke_token [Access::Form],
}

/// Returns the team that an address names, if the caller may see it.
fn find(registry: &Registry, caller: &Caller, path: &Parameters) -> Result<Team, Error> {
    let named = path.team.as_deref().unwrap_or_default();
    let grant = registry.grant::<ReadMembers>(caller, &path.organization)?;
    let mut teams = registry.list_teams(&grant)?;
    let by_id = teams.iter().position(|team| team.id.as_str() == named);
    let by_name = || {
        let name = named.parse().ok()?;
        teams.iter().position(|team| team.name.is_same(&name))
    };
    let place = by_id.or_else(by_name);
    place
        .map(|place| teams.swap_remove(place))
        .ok_or_else(|| Error::NotFound("the team".to_owned()))
}

/// Returns the address of the page of a team.
fn address(path: &Parameters, team: &Team) -> Result<String, Error> {
    Ok(format!("{}/{}", path.page(Section::Teams)?, team.id))
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
    let request = PageRequest::new(visitor, path, refused);
    let page = app.run(move |registry| gather(registry, request)).await?;
    Ok(form_page(page.render()?, refused))
}

fn gather(registry: &Registry, request: PageRequest) -> Result<TeamPage, Error> {
    let (caller, name) = (&request.caller, &request.path.organization);
    let grant = registry.grant::<ReadMembers>(caller, name)?;
    let organization = organization_of(&grant)?;
    let team = find(registry, caller, &request.path)?;
    let rows = team_rows(&registry.people(&grant)?, std::slice::from_ref(&team));
    let heading = format!("Team {} of {}", team.name, organization.name);
    let own_tokens = registry.token_grant_of(caller, &team).ok();
    Ok(TeamPage {
        frame: request.frame(registry, organization, Section::Teams, heading),
        name: organization.name.to_string(),
        team: rows.into_iter().next().ok_or_else(missing_row)?,
        may_manage: registry.grant::<ManageTeams>(caller, name).is_ok(),
        tokens: match &own_tokens {
            Some(own) => Some(tokens_of_team(registry, own, &team)?),
            None => None,
        },
        shell: request.shell,
    })
}

fn missing_row() -> Error {
    Error::internal("a team without its row")
}

/// Defines a handler that reads a form about a team and carries out a command.
macro_rules! command {
    ($name:ident, |$path:ident, $team:ident, $sent:ident| $command:expr, to $to:expr) => {
        async fn $name(
            request: HttpRequest,
            app: web::Data<App>,
            visitor: Visitor,
            $path: web::Path<Parameters>,
            payload: web::Payload,
        ) -> Result<HttpResponse, Problem> {
            let $sent = visitor.form(&app, &request, payload).await?;
            let (caller, named) = (visitor.caller.clone(), $path.clone());
            let $team = app
                .run(move |registry| find(registry, &caller, &named))
                .await?;
            let to = $to;
            let command = (|| Ok(Command::Team($command)))();
            drop($sent);
            carry_out(&app, &visitor, command, &to, async |error| {
                render_page(&app, &visitor, &$path, Some(error)).await
            })
            .await
        }
    };
}

command!(change, |path, team, sent| TeamCommand::Update {
    organization: path.organization()?,
    name: team.name.clone(),
    access: ticked_access(&sent).into(),
    members_manage_tokens: Some(sent.ticked("members_manage_tokens")),
    rename: sent.parsed_if_given("name")?,
    visibility: sent.parsed_if_given("visibility")?,
    sso_id: Some(sent.parsed("sso_id")?),
}, to address(&path, &team)?);
command!(delete, |path, team, sent| TeamCommand::Delete {
    organization: path.organization()?,
    name: team.name.clone(),
}, to path.page(Section::Teams)?);
command!(add, |path, team, sent| TeamCommand::Add {
    organization: path.organization()?,
    name: team.name.clone(),
    username: sent.parsed("username")?,
}, to address(&path, &team)?);
command!(remove, |path, team, sent| TeamCommand::Remove {
    organization: path.organization()?,
    name: team.name.clone(),
    username: path.username()?,
}, to address(&path, &team)?);

/// Returns the access whose boxes are ticked.
fn ticked_access(sent: &Form) -> OrganizationAccess {
    let mut access = OrganizationAccess::default();
    for kind in OrganizationAccess::KINDS {
        kind.put(&mut access, sent.ticked(kind.name));
    }
    access
}

async fn create_token(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let (caller, named) = (visitor.caller.clone(), path.clone());
    let team = app
        .run(move |registry| find(registry, &caller, &named))
        .await?;
    let owner = Owner::Team {
        organization: path.organization()?,
        team: team.name.clone(),
    };
    let made = match tokens::read_form(&sent, owner) {
        Ok(command) => tokens::make(&app, &visitor, command).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(secret) => tokens::show_secret_once(&app, &visitor, &secret, &address(&path, &team)?),
        Err(error) if error.kind() == Kind::Internal => Err(error.into()),
        Err(error) => render_page(&app, &visitor, &path, Some(&error)).await,
    }
}

async fn revoke_token(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    visitor.form(&app, &request, payload).await?;
    let (caller, named) = (visitor.caller.clone(), path.clone());
    let team = app
        .run(move |registry| find(registry, &caller, &named))
        .await?;
    let id = path.token.as_deref().unwrap_or_default();
    tokens::revoke_by_id(&app, &visitor, id).await?;
    Ok(redirect(&address(&path, &team)?))
}
