//! Who is in a team: by username, or by membership.
//!
//! Source: `tests/fixtures/contracts/teams.toml#members`.

use actix_web::{HttpResponse, web};

use super::body::Named;
use super::teams::team_id;
use crate::api::tfe::kit::Problem;
use crate::auth::{Caller, ManageTeams, ReadMembers};
use crate::domain::{TeamId, Username};
use crate::http::access::Access;
use crate::http::{App, RequestCaller, json_body};
use crate::registry::{Error, Registry, TeamMembers};
use crate::routes;

routes! {
    /// Adds users to a team, by their usernames.
    POST "/teams/{team_id}/relationships/users" => add_users [Access::ById] takes(Named) -> 204,
    /// Removes users from a team, by their usernames.
    DELETE "/teams/{team_id}/relationships/users" => remove_users [Access::ById] takes(Named) -> 204,
    /// Adds members to a team, by the ids of their memberships.
    POST "/teams/{team_id}/relationships/organization-memberships" => add_memberships [Access::ById] takes(Named) -> 204,
    /// Removes members from a team, by the ids of their memberships.
    DELETE "/teams/{team_id}/relationships/organization-memberships" => remove_memberships [Access::ById] takes(Named) -> 204,
}

/// What the members of a request are named by.
#[derive(Clone, Copy)]
enum By {
    Username,
    Membership,
}

macro_rules! change {
    ($name:ident, $by:ident, $change:ident) => {
        async fn $name(
            app: web::Data<App>,
            caller: RequestCaller,
            id: web::Path<String>,
            payload: web::Payload,
        ) -> Result<HttpResponse, Problem> {
            apply(app, caller.0, &id, payload, (By::$by, TeamMembers::$change)).await
        }
    };
}

change!(add_users, Username, Add);
change!(remove_users, Username, Remove);
change!(add_memberships, Membership, Add);
change!(remove_memberships, Membership, Remove);

async fn apply(
    app: web::Data<App>,
    caller: Caller,
    id: &str,
    payload: web::Payload,
    (by, change): (By, fn(Vec<Username>) -> TeamMembers),
) -> Result<HttpResponse, Problem> {
    app.registry.require_authenticated(&caller)?;
    let id = team_id(id)?;
    let (asking, asked) = (caller.clone(), id.clone());
    let (grant, _) = app
        .run(move |registry| registry.team_grant::<ManageTeams>(&asking, &asked))
        .await?;
    let named: Named = json_body::document(&app, payload).await?;
    app.run(move |registry| {
        let usernames = usernames(registry, &caller, (&id, by), &named)?;
        registry.change_team_members(&grant, &caller, &id, &change(usernames))
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn usernames(
    registry: &Registry,
    caller: &Caller,
    (team, by): (&TeamId, By),
    named: &Named,
) -> Result<Vec<Username>, Error> {
    let unknown = |id: &str| Error::NotFound(format!("the member `{id}`"));
    match by {
        By::Username => named
            .ids()
            .map(|id| id.parse().map_err(|_| unknown(id)))
            .collect(),
        By::Membership => {
            let (grant, _) = registry.team_grant::<ReadMembers>(caller, team)?;
            let members = registry.members(&grant)?;
            let find = |id: &str| {
                let member = members.iter().find(|(_, it)| it.id.as_str() == id);
                member.map(|(user, _)| user.username.clone())
            };
            named
                .ids()
                .map(|id| find(id).ok_or_else(|| unknown(id)))
                .collect()
        }
    }
}
