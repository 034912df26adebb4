//! `teams`: list, create, show, change, delete.
//!
//! Source: `tests/fixtures/contracts/teams.toml`.

use std::slice;

use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::body::TeamBody;
use super::view::{self, TeamResource};
use crate::api::tfe::accounts;
use crate::api::tfe::kit::{
    Body, ById, Call, Document, Page, PageQuery, Reply, ResourceId, created, included, includes,
    matches_part, no_content, ok,
};
use crate::auth::{Caller, Grant, ManageTeams, ReadMembers};
use crate::domain::{Right, Team, TeamId};
use crate::http::Query;
use crate::http::access::Access;
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

impl ResourceId for TeamId {
    const RESOURCE: &'static str = "team";
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct TeamQuery {
    /// A part of the name; `None` lists all teams.
    q: Option<String>,
    /// Names of teams, with commas between them; `None` lists all teams.
    #[serde(rename = "filter[names]")]
    names: Option<String>,
    /// `users` to include the members in the response.
    include: Option<String>,
}

impl TeamQuery {
    fn matches(&self, team: &Team) -> bool {
        let names = self.names.as_deref().unwrap_or_default();
        let is_named = |name: &str| name.trim().eq_ignore_ascii_case(team.name.as_str());
        matches_part(self.q.as_deref(), &[team.name.as_str()])
            && (names.is_empty() || names.split(',').any(is_named))
    }

    /// Returns the members of these teams for `included`; `None` if the query does not ask for
    /// them.
    fn included(&self, teams: &[Team], members: &[Member]) -> Option<Vec<Value>> {
        let include = self.include.as_deref();
        let with_users = includes(include, "users");
        let inside = members.iter().filter(|(_, membership)| {
            with_users && teams.iter().any(|team| membership.teams.contains(&team.id))
        });
        include.map(|_| included(inside.map(|(user, _)| accounts::view::other_user(user))))
    }
}

async fn list(
    call: Call,
    name: web::Path<String>,
    filter: Query<TeamQuery>,
    pages: Query<PageQuery>,
) -> Reply {
    let grant = call.grant::<ReadMembers>(&name)?;
    let rights = rights_of(&call.app.registry, &call.caller, &grant);
    let (mut teams, members) = call
        .run(move |registry| Ok((registry.list_teams(&grant)?, registry.members(&grant)?)))
        .await?;
    teams.retain(|team| filter.0.matches(team));
    let teams = pages.0.cut(teams);
    let here = call.address(format_args!("/organizations/{name}/teams"));
    let page = teams.page(&here, |team| view::team(team, &members, &rights));
    let beside = filter.0.included(&teams.items, &members);
    Ok(page.including(beside).answer())
}

async fn create(call: Call, name: web::Path<String>, payload: web::Payload) -> Reply {
    let grant = call.grant::<ManageTeams>(&name)?;
    let body: TeamBody = call.attributes(payload).await?;
    let (name, access) = body.new_team()?;
    let resource = call
        .run_as_caller(move |registry, caller| {
            let team = registry.create_team(&grant, caller, name, access)?;
            to_resource(registry, caller, &team)
        })
        .await?;
    Ok(created(resource))
}

async fn show(ById(call, id): ById<TeamId>, filter: Query<TeamQuery>) -> Reply {
    let document = call
        .run_as_caller(move |registry, caller| {
            let (grant, team) = registry.team_grant::<ReadMembers>(caller, &id)?;
            let members = registry.members(&grant)?;
            let rights = rights_of(registry, caller, &grant);
            let document = Document::of(view::team(&team, &members, &rights));
            Ok(document.including(filter.0.included(slice::from_ref(&team), &members)))
        })
        .await?;
    Ok(document.answer())
}

async fn change(ById(call, id): ById<TeamId>, payload: web::Payload) -> Reply {
    let (grant, team) = call
        .run_as_caller(move |registry, caller| registry.team_grant::<ManageTeams>(caller, &id))
        .await?;
    let body: TeamBody = call.attributes(payload).await?;
    let resource = call
        .run_as_caller(move |registry, caller| {
            let change = body.change(team.access)?.of_what_differs(&team);
            let team = registry.update_team(&grant, caller, &team.id, change)?;
            to_resource(registry, caller, &team)
        })
        .await?;
    Ok(ok(resource))
}

async fn delete(ById(call, id): ById<TeamId>) -> Reply {
    call.run_as_caller(move |registry, caller| {
        let (grant, team) = registry.team_grant::<ManageTeams>(caller, &id)?;
        registry.delete_team(&grant, &team.id)
    })
    .await?;
    Ok(no_content())
}

/// Returns the resource object of a team for the caller who has just changed it.
fn to_resource(registry: &Registry, caller: &Caller, team: &Team) -> Result<TeamResource, Error> {
    let (grant, _) = registry.team_grant::<ReadMembers>(caller, &team.id)?;
    let rights = rights_of(registry, caller, &grant);
    Ok(view::team(team, &registry.members(&grant)?, &rights))
}

fn rights_of(registry: &Registry, caller: &Caller, grant: &Grant<ReadMembers>) -> Vec<Right> {
    let organization = grant.organization();
    organization.map_or_else(Vec::new, |it| registry.rights_in(caller, it))
}
