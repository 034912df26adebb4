//! `teams`: list, create, show, change, delete.
//!
//! Source: `tests/fixtures/contracts/teams.toml`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::body::TeamBody;
use super::view::{self, TeamResource};
use crate::api::tfe::accounts;
use crate::api::tfe::kit::{
    BASE, Body, Document, Page, PageQuery, Problem, answer, answer_one, included, page,
};
use crate::auth::{Caller, Grant, ManageTeams, ReadMembers};
use crate::domain::{Right, Team, TeamId};
use crate::http::access::Access;
use crate::http::{App, Query, RequestCaller, json_body};
use crate::registry::{Error, Member, Registry};
use crate::routes;

routes! {
    /// Lists an organization's teams.
    GET "/organizations/{organization}/teams" => list [Access::ReadMembers] query(TeamQuery, PageQuery) -> 200 Page<TeamResource>,
    /// Creates a team.
    POST "/organizations/{organization}/teams" => create [Access::ManageTeams] takes(Body<TeamBody>) -> 201 Document<TeamResource>,
    /// Shows a team.
    GET "/teams/{team_id}" => show [Access::ById] query(TeamQuery) -> 200 Document<TeamResource>,
    /// Renames a team, or changes what its members may do.
    PATCH "/teams/{team_id}" => change [Access::ById] takes(Body<TeamBody>) -> 200 Document<TeamResource>,
    /// Deletes a team and its tokens.
    DELETE "/teams/{team_id}" => delete [Access::ById] -> 204,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct TeamQuery {
    /// A part of the name.
    q: Option<String>,
    /// Names, with commas between them.
    #[serde(rename = "filter[names]")]
    names: Option<String>,
    /// `users` to have the members beside.
    include: Option<String>,
}

impl TeamQuery {
    fn fits(&self, team: &Team) -> bool {
        let part = self
            .q
            .as_deref()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let wanted = self.names.as_deref().unwrap_or_default();
        let is_named = |name: &str| name.trim().eq_ignore_ascii_case(team.name.as_str());
        team.name.folded().contains(&part) && (wanted.is_empty() || wanted.split(',').any(is_named))
    }

    /// The resources that are asked for beside teams.
    fn included(&self, teams: &[&Team], members: &[Member]) -> Option<Vec<Value>> {
        let include = self.include.as_deref()?;
        let inside = members
            .iter()
            .filter(|(_, membership)| teams.iter().any(|team| membership.teams.contains(&team.id)));
        let users = include.split(',').any(|it| it.trim() == "users");
        let users: Vec<_> = inside
            .filter(|_| users)
            .map(|(user, _)| accounts::view::other(user))
            .collect();
        Some(included(&users))
    }
}

async fn list(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    wanted: Query<TeamQuery>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let grant = app.registry.grant::<ReadMembers>(&caller.0, &name)?;
    let rights = rights_of(&app.registry, &caller.0, &grant);
    let (teams, members) = app
        .run(move |registry| Ok((registry.list_teams(&grant)?, registry.members(&grant)?)))
        .await?;
    let teams: Vec<&Team> = teams.iter().filter(|team| wanted.0.fits(team)).collect();
    let total = teams.len();
    let asked: Vec<&Team> = teams
        .into_iter()
        .skip(pages.0.offset())
        .take(pages.0.size())
        .collect();
    let resources = asked
        .iter()
        .map(|team| view::team(team, &members, &rights))
        .collect();
    let here = format!("{}{BASE}/organizations/{name}/teams", app.public_url());
    let mut document = page(resources, &pages.0, total, &here);
    document.included = wanted.0.included(&asked, &members);
    Ok(answer(StatusCode::OK, &document))
}

async fn create(
    app: web::Data<App>,
    caller: RequestCaller,
    name: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    let grant = app.registry.grant::<ManageTeams>(&caller, &name)?;
    let body: Body<TeamBody> = json_body::document(&app, payload).await?;
    let (name, access) = body.attributes().new_team()?;
    let resource = app
        .run(move |registry| {
            let team = registry.create_team(&grant, &caller, name, access)?;
            resource(registry, &caller, &team)
        })
        .await?;
    Ok(answer_one(StatusCode::CREATED, resource))
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
    wanted: Query<TeamQuery>,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    app.registry.require_authenticated(&caller)?;
    let id = team_id(&id)?;
    let document = app
        .run(move |registry| {
            let (grant, team) = registry.team_grant::<ReadMembers>(&caller, &id)?;
            let members = registry.members(&grant)?;
            let rights = rights_of(registry, &caller, &grant);
            Ok(Document {
                data: view::team(&team, &members, &rights),
                included: wanted.0.included(&[&team], &members),
            })
        })
        .await?;
    Ok(answer(StatusCode::OK, &document))
}

async fn change(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    app.registry.require_authenticated(&caller)?;
    let id = team_id(&id)?;
    let (asking, asked) = (caller.clone(), id.clone());
    let (grant, team) = app
        .run(move |registry| registry.team_grant::<ManageTeams>(&asking, &asked))
        .await?;
    let body: Body<TeamBody> = json_body::document(&app, payload).await?;
    let body = body.attributes();
    let resource = app
        .run(move |registry| {
            let change = body.change(team.access)?.of_what_differs(&team);
            let team = registry.update_team(&grant, &caller, &id, change)?;
            resource(registry, &caller, &team)
        })
        .await?;
    Ok(answer_one(StatusCode::OK, resource))
}

async fn delete(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    app.registry.require_authenticated(&caller)?;
    let id = team_id(&id)?;
    app.run(move |registry| {
        let (grant, team) = registry.team_grant::<ManageTeams>(&caller, &id)?;
        registry.delete_team(&grant, &team.id)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A team as whoever has just changed it sees it.
fn resource(registry: &Registry, caller: &Caller, team: &Team) -> Result<TeamResource, Error> {
    let (grant, _) = registry.team_grant::<ReadMembers>(caller, &team.id)?;
    let rights = rights_of(registry, caller, &grant);
    Ok(view::team(team, &registry.members(&grant)?, &rights))
}

fn rights_of(registry: &Registry, caller: &Caller, grant: &Grant<ReadMembers>) -> Vec<Right> {
    let organization = grant.organization();
    organization.map_or_else(Vec::new, |it| registry.rights_in(caller, it))
}

/// The id of a team; what is none names nothing.
pub(crate) fn team_id(text: &str) -> Result<TeamId, Error> {
    text.parse()
        .map_err(|_| Error::NotFound(format!("the team `{text}`")))
}
