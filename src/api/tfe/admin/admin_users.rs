//! `admin/users`: list, suspend and unsuspend, grant and revoke administration, delete.
//!
//! Source: `tests/fixtures/contracts/administration.toml`.

use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::view::{self, AdminUserResource};
use crate::api::tfe::kit::{
    ByAdministrator, Document, IncludeQuery, Page, PageQuery, Reply, included, matches_part,
    no_content, ok, parse_id,
};
use crate::domain::Organization;
use crate::http::Query;
use crate::http::access::Access;
use crate::registry::{Error, KnownUser, UserChange};
use crate::routes;

routes! {
    /// Lists all users, and everybody who is invited.
    GET "/admin/users" => list [Access::HiddenSite] query(UserFilter, IncludeQuery, PageQuery) -> 200 Page<AdminUserResource>,
    /// Deletes a user with their memberships and tokens, or the invitations of somebody. What a user published stays.
    DELETE "/admin/users/{user}" => delete [Access::HiddenSite] -> 204,
    /// Suspends a user: their tokens stop working.
    POST "/admin/users/{user}/actions/suspend" => suspend [Access::HiddenSite] -> 200 Document<AdminUserResource>,
    /// Ends the suspension of a user.
    POST "/admin/users/{user}/actions/unsuspend" => unsuspend [Access::HiddenSite] -> 200 Document<AdminUserResource>,
    /// Makes a user an administrator of the registry.
    POST "/admin/users/{user}/actions/grant_admin" => grant_admin [Access::HiddenSite] -> 200 Document<AdminUserResource>,
    /// Makes an administrator an ordinary user.
    POST "/admin/users/{user}/actions/revoke_admin" => revoke_admin [Access::HiddenSite] -> 200 Document<AdminUserResource>,
    /// Disables two-factor authentication of a user, which nobody has here.
    POST "/admin/users/{user}/actions/disable_two_factor" => disable_two_factor [Access::HiddenSite] -> 200 Document<AdminUserResource>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
struct UserFilter {
    /// A part of the username or the email address; `None` lists all users.
    q: Option<String>,
    /// `true` for administrators only, `false` for all others.
    #[serde(rename = "filter[admin]")]
    admin: Option<String>,
    /// `true` for suspended users only, `false` for all others.
    #[serde(rename = "filter[suspended]")]
    suspended: Option<String>,
}

impl UserFilter {
    fn matches(&self, user: &KnownUser) -> bool {
        let is = |filter: &Option<String>, state: bool| match filter.as_deref() {
            Some("true") => state,
            Some("false") => !state,
            Some(_) | None => true,
        };
        let name = user.username().map_or("", |name| name.as_str());
        matches_part(self.q.as_deref(), &[name, user.email()])
            && is(&self.admin, user.site_admin())
            && is(&self.suspended, user.suspended())
    }
}

async fn list(
    ByAdministrator(call, grant): ByAdministrator,
    filter: Query<UserFilter>,
    include: Query<IncludeQuery>,
    pages: Query<PageQuery>,
) -> Reply {
    let include = include.0.parse(&["organizations"])?;
    let users = call
        .run(move |registry| {
            let mut users = registry.list_known_users(&grant)?;
            users.retain(|user| filter.0.matches(user));
            pages.0.cut(users).try_map(|user| {
                let organizations = registry.organizations_of_user(&grant, user.id())?;
                Ok((user, organizations))
            })
        })
        .await?;
    let page = users.page(&call.list_address(), |(user, organizations)| {
        view::user(user, organizations)
    });
    let beside = (!include.is_empty()).then(|| organizations_of(&users.items));
    Ok(page.including(beside).answer())
}

/// Returns the resource objects of every organization of these users, each once.
fn organizations_of(users: &[(KnownUser, Vec<Organization>)]) -> Vec<Value> {
    let mut all: Vec<_> = users.iter().flat_map(|(_, its)| its).collect();
    all.sort_by_key(|organization| organization.name.folded());
    all.dedup_by_key(|organization| organization.id.clone());
    included(all.into_iter().map(|it| view::organization(it, &[])))
}

async fn delete(ByAdministrator(call, grant): ByAdministrator, id: web::Path<String>) -> Reply {
    let id = parse_id(&id)?;
    call.run(move |registry| {
        match registry.user(&grant, &id) {
            Ok(user) => registry.delete_user(&grant, &user.username),
            // The person is invited.
            Err(Error::Conflict(_)) => registry.delete_invited_user(&grant, &id),
            Err(error) => Err(error),
        }
    })
    .await?;
    Ok(no_content())
}

async fn suspend(by: ByAdministrator, id: web::Path<String>) -> Reply {
    change(by, &id, suspended(true)).await
}

async fn unsuspend(by: ByAdministrator, id: web::Path<String>) -> Reply {
    change(by, &id, suspended(false)).await
}

async fn grant_admin(by: ByAdministrator, id: web::Path<String>) -> Reply {
    change(by, &id, site_admin(true)).await
}

async fn revoke_admin(by: ByAdministrator, id: web::Path<String>) -> Reply {
    change(by, &id, site_admin(false)).await
}

/// Changes nothing, since nobody has a second factor here.
async fn disable_two_factor(by: ByAdministrator, id: web::Path<String>) -> Reply {
    change(by, &id, UserChange::default()).await
}

fn suspended(suspended: bool) -> UserChange {
    UserChange {
        suspended: Some(suspended),
        ..UserChange::default()
    }
}

fn site_admin(site_admin: bool) -> UserChange {
    UserChange {
        site_admin: Some(site_admin),
        ..UserChange::default()
    }
}

async fn change(
    ByAdministrator(call, grant): ByAdministrator,
    id: &str,
    change: UserChange,
) -> Reply {
    let id = parse_id(id)?;
    let (user, organizations) = call
        .run(move |registry| {
            let user = registry.user(&grant, &id)?;
            let user = registry.update_user(&grant, &user.username, change)?;
            let organizations = registry.organizations_of_user(&grant, &user.id)?;
            Ok((KnownUser::User(user), organizations))
        })
        .await?;
    Ok(ok(view::user(&user, &organizations)))
}
