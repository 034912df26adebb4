//! The members of a team, added and removed by username or by membership.
//!
//! Source: `tests/fixtures/contracts/teams.toml#members`.

use actix_web::web;

use crate::api::tfe::kit::{ById, Memberships, Named, Reply, Users, no_content};
use crate::auth::{Caller, ManageTeams, ReadMembers};
use crate::domain::{TeamId, Username};
use crate::http::access::Access;
use crate::registry::{Error, Registry, TeamMembers};
use crate::routes;

routes! {
    /// Adds users to a team, by their usernames.
    POST "/teams/{team_id}/relationships/users" => add_users [Access::ById] takes(Named<Users>) -> 204,
    /// Removes users from a team, by their usernames.
    DELETE "/teams/{team_id}/relationships/users" => remove_users [Access::ById] takes(Named<Users>) -> 204,
    /// Adds members to a team, by the ids of their memberships.
    POST "/teams/{team_id}/relationships/organization-memberships" => add_memberships [Access::ById] takes(Named<Memberships>) -> 204,
    /// Removes members from a team, by the ids of their memberships.
    DELETE "/teams/{team_id}/relationships/organization-memberships" => remove_memberships [Access::ById] takes(Named<Memberships>) -> 204,
}

/// How a request names members.
#[derive(Clone, Copy)]
enum NamedBy {
    Username,
    Membership,
}

async fn add_users(team: ById<TeamId>, payload: web::Payload) -> Reply {
    change(team, payload, NamedBy::Username, TeamMembers::Add).await
}

async fn remove_users(team: ById<TeamId>, payload: web::Payload) -> Reply {
    change(team, payload, NamedBy::Username, TeamMembers::Remove).await
}

async fn add_memberships(team: ById<TeamId>, payload: web::Payload) -> Reply {
    change(team, payload, NamedBy::Membership, TeamMembers::Add).await
}

async fn remove_memberships(team: ById<TeamId>, payload: web::Payload) -> Reply {
    change(team, payload, NamedBy::Membership, TeamMembers::Remove).await
}

async fn change(
    ById(call, id): ById<TeamId>,
    payload: web::Payload,
    named_by: NamedBy,
    change: fn(Vec<Username>) -> TeamMembers,
) -> Reply {
    let (grant, team) = call
        .run_as_caller(move |registry, caller| registry.team_grant::<ManageTeams>(caller, &id))
        .await?;
    let named = match named_by {
        NamedBy::Username => call.read::<Named<Users>>(payload).await?.ids("/data")?,
        NamedBy::Membership => call
            .read::<Named<Memberships>>(payload)
            .await?
            .ids("/data")?,
    };
    call.run_as_caller(move |registry, caller| {
        let usernames = match named_by {
            NamedBy::Username => parse_usernames(&named),
            NamedBy::Membership => find_usernames(registry, caller, &team.id, &named),
        };
        registry.change_team_members(&grant, caller, &team.id, &change(usernames?))
    })
    .await?;
    Ok(no_content())
}

fn parse_usernames(named: &[String]) -> Result<Vec<Username>, Error> {
    let parse = |id: &str| id.parse().map_err(|_| unknown(id));
    named.iter().map(|id| parse(id)).collect()
}

fn find_usernames(
    registry: &Registry,
    caller: &Caller,
    team: &TeamId,
    named: &[String],
) -> Result<Vec<Username>, Error> {
    let (grant, _) = registry.team_grant::<ReadMembers>(caller, team)?;
    let members = registry.members(&grant)?;
    let find = |id: &str| {
        let member = members.iter().find(|(_, it)| it.id.as_str() == id);
        let username = member.map(|(user, _)| user.username.clone());
        username.ok_or_else(|| unknown(id))
    };
    named.iter().map(|id| find(id)).collect()
}

fn unknown(member: &str) -> Error {
    Error::NotFound(format!("the member `{member}`"))
}
