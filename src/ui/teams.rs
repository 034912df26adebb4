//! The forms about teams on the page of an organization.
//!
//! Addresses name a team by its id, since its name may have spaces and slashes. A name that an
//! address can hold is understood, too.

use actix_web::{HttpRequest, HttpResponse, web};

use super::organization::{Parameters, carry_out};
use super::problem::Problem;
use super::visitor::Visitor;
use crate::auth::{Caller, ReadMembers};
use crate::domain::{OrganizationAccess, TeamName};
use crate::http::App;
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::registry::commands::{Command, TeamCommand};
use crate::registry::{Error, Registry};
use crate::routes;

routes! {
    POST "/settings/organizations/{organization}/teams" => create [Access::Form],
    POST "/settings/organizations/{organization}/teams/{team}/access" => change [Access::Form],
    POST "/settings/organizations/{organization}/teams/{team}/delete" => delete [Access::Form],
    POST "/settings/organizations/{organization}/teams/{team}/members" => add [Access::Form],
    POST "/settings/organizations/{organization}/teams/{team}/members/{username}/remove" => remove [Access::Form],
}

/// Returns the name of the team that an address names, if the caller may see it.
fn find(
    registry: &Registry,
    caller: &Caller,
    organization: &str,
    named: &str,
) -> Result<TeamName, Error> {
    let grant = registry.grant::<ReadMembers>(caller, organization)?;
    let teams = registry.list_teams(&grant)?;
    let by_id = teams.iter().find(|team| team.id.as_str() == named);
    let by_name = || {
        let name = named.parse::<TeamName>().ok()?;
        teams.iter().find(|team| team.name.is_same(&name))
    };
    let team = by_id.or_else(by_name).map(|team| team.name.clone());
    team.ok_or_else(|| Error::NotFound("the team".to_owned()))
}

/// Defines a handler that reads a form about a team and carries out a command.
macro_rules! team_command {
    ($name:ident, |$path:ident, $team:ident, $sent:ident| $command:expr) => {
        async fn $name(
            request: HttpRequest,
            app: web::Data<App>,
            visitor: Visitor,
            $path: web::Path<Parameters>,
            payload: web::Payload,
        ) -> Result<HttpResponse, Problem> {
            let $sent = visitor.form(&app, &request, payload).await?;
            let (caller, organization) = (visitor.caller.clone(), $path.organization.clone());
            let named = $path.team.clone().unwrap_or_default();
            let found = app
                .run(move |registry| find(registry, &caller, &organization, &named))
                .await;
            let command = found.and_then(|$team| Ok(Command::Team($command)));
            drop($sent);
            carry_out(&app, &visitor, &$path, command).await
        }
    };
}

async fn create(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    path: web::Path<Parameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let command = new_team(&path, &sent);
    drop(sent);
    carry_out(&app, &visitor, &path, command).await
}

fn new_team(path: &Parameters, sent: &Form) -> Result<Command, Error> {
    Ok(Command::Team(TeamCommand::Create {
        organization: path.organization()?,
        name: sent.parsed("name")?,
        access: OrganizationAccess::default(),
        visibility: sent.parsed_if_given("visibility")?.unwrap_or_default(),
        sso_id: None,
    }))
}

team_command!(change, |path, team, sent| {
    TeamCommand::Update {
        organization: path.organization()?,
        name: team,
        access: ticked_access(&sent).into(),
        rename: sent.parsed_if_given("name")?,
        visibility: sent.parsed_if_given("visibility")?,
        sso_id: Some(sent.parsed("sso_id")?),
    }
});
team_command!(delete, |path, team, sent| {
    TeamCommand::Delete {
        organization: path.organization()?,
        name: team,
    }
});
team_command!(add, |path, team, sent| {
    TeamCommand::Add {
        organization: path.organization()?,
        name: team,
        username: sent.parsed("username")?,
    }
});
team_command!(remove, |path, team, sent| {
    TeamCommand::Remove {
        organization: path.organization()?,
        name: team,
        username: path.username()?,
    }
});

/// Returns the access whose boxes are ticked.
fn ticked_access(sent: &Form) -> OrganizationAccess {
    let mut access = OrganizationAccess::default();
    for kind in OrganizationAccess::KINDS {
        kind.put(&mut access, sent.ticked(kind.name));
    }
    access
}
