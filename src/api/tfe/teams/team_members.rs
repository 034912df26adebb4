//! The members of a team, added and removed by username or by membership.
//!
//! Source: `tests/fixtures/contracts/teams.toml#members`.

use actix_web::web;

use crate::api::tfe::kit::{ById, Memberships, Named, Reply, Users, no_content};
use crate::auth::ManageTeams;
use crate::domain::TeamId;
use crate::http::access::Access;
use crate::registry::{Error, MemberRef, TeamMembers};
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
    change: fn(Vec<MemberRef>) -> TeamMembers,
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
    let members = named.iter().map(|id| parse(id, named_by));
    let change = change(members.collect::<Result<_, _>>()?);
    call.run_as_caller(move |registry, caller| {
        registry.change_team_members(&grant, caller, &team.id, &change)
    })
    .await?;
    Ok(no_content())
}

fn parse(id: &str, named_by: NamedBy) -> Result<MemberRef, Error> {
    let member = match named_by {
        NamedBy::Username => id.parse().map(MemberRef::Username).ok(),
        NamedBy::Membership => id.parse().map(MemberRef::Membership).ok(),
    };
    member.ok_or_else(|| Error::NotFound(format!("the member `{id}`")))
}
