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
    Body, ById, Call, Document, IncludeQuery, Included, Page, PageQuery, Reply, ResourceId,
    created, included, matches_part, no_content, ok, organization_of,
};
use crate::auth::{Caller, Grant, ManageTeams, ReadMembers};
use crate::domain::{Namespace, Right, Team, TeamId, TeamName};
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{Error, Person, Registry};
use crate::routes;

routes! {
    /// Lists an organization's teams.
    GET "/organizations/{organization}/teams" => list [Access::ReadMembers] query(TeamQuery, IncludeQuery, PageQuery) -> 200 Page<TeamResource>,
    /// Creates a team.
    POST "/organizations/{organization}/teams" => create [Access::ManageTeams] takes(Body<TeamBody>) -> 201 Document<TeamResource>,
    /// Shows a team.
    GET "/teams/{team_id}" => show [Access::ById] query(IncludeQuery) -> 200 Document<TeamResource>,
    /// Changes a team: its name, what its members may do, and who may see it.
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
}

impl TeamQuery {
    fn matches(&self, team: &Team) -> bool {
        let names = self.names.as_deref().unwrap_or_default();
        let is_named = |name: &str| {
            let name = name.trim().parse::<TeamName>();
            name.is_ok_and(|name| name.is_same(&team.name))
        };
        matches_part(self.q.as_deref(), &[team.name.as_str()])
            // A name may have a comma, too.
            && (names.is_empty() || is_named(names) || names.split(',').any(is_named))
    }
}

/// The resources that a response can include.
const INCLUDES: &[&str] = &["users", "organization-memberships"];

/// Returns what a request includes of these teams, each resource once; `None` if it includes
/// nothing.
fn beside(
    include: &Included,
    organization: &Namespace,
    teams: &[Team],
    people: &[Person],
) -> Option<Vec<Value>> {
    let inside = people
        .iter()
        .filter(|person| teams.iter().any(|team| person.teams().contains(&team.id)));
    let mut all = Vec::new();
    if include.has("users") {
        let users = inside.clone().filter_map(Person::member);
        let users = users.map(|(user, _)| user);
        all.extend(included(users.map(accounts::view::other_user)));
    }
    if include.has("organization-memberships") {
        all.extend(included(
            inside.map(|it| view::membership(organization, it)),
        ));
    }
    (!include.is_empty()).then_some(all)
}

async fn list(
    call: Call,
    name: web::Path<String>,
    filter: Query<TeamQuery>,
    include: Query<IncludeQuery>,
    pages: Query<PageQuery>,
) -> Reply {
    let grant = call.grant::<ReadMembers>(&name)?;
    let organization = organization_of(&grant)?.name;
    let include = include.0.parse(INCLUDES)?;
    let rights = rights_of(&call.app.registry, &call.caller, &grant);
    let (mut teams, people) = call
        .run(move |registry| Ok((registry.list_teams(&grant)?, registry.people(&grant)?)))
        .await?;
    teams.retain(|team| filter.0.matches(team));
    let teams = pages.0.cut(teams);
    let here = call.list_address();
    let page = teams.page(&here, |team| {
        let may = view::may_do(&call.app.registry, &call.caller, team, &rights);
        view::team(team, &people, may)
    });
    let beside = beside(&include, &organization, &teams.items, &people);
    Ok(page.including(beside).answer())
}

async fn create(call: Call, name: web::Path<String>, payload: web::Payload) -> Reply {
    let grant = call.grant::<ManageTeams>(&name)?;
    let body: TeamBody = call.attributes(payload).await?;
    let new = body.new_team()?;
    let resource = call
        .run_as_caller(move |registry, caller| {
            let team = registry.create_team(&grant, caller, new)?;
            to_resource(registry, caller, &team)
        })
        .await?;
    Ok(created(resource))
}

async fn show(ById(call, id): ById<TeamId>, include: Query<IncludeQuery>) -> Reply {
    let document = call
        .run_as_caller(move |registry, caller| {
            let (grant, team) = registry.team_grant::<ReadMembers>(caller, &id)?;
            let organization = organization_of(&grant)?.name;
            let include = include.0.parse(INCLUDES)?;
            let people = registry.people(&grant)?;
            let rights = rights_of(registry, caller, &grant);
            let may = view::may_do(registry, caller, &team, &rights);
            let document = Document::of(view::team(&team, &people, may));
            let beside = beside(&include, &organization, slice::from_ref(&team), &people);
            Ok(document.including(beside))
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
            let team = registry.update_team(&grant, caller, &team.id, body.change()?)?;
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
    let may = view::may_do(registry, caller, team, &rights);
    Ok(view::team(team, &registry.people(&grant)?, may))
}

fn rights_of(registry: &Registry, caller: &Caller, grant: &Grant<ReadMembers>) -> Vec<Right> {
    let organization = grant.organization();
    organization.map_or_else(Vec::new, |it| registry.rights_in(caller, it))
}
