//! `admin/users`: list, suspend and unsuspend, make and unmake administrators, delete.
//!
//! Source: `tests/fixtures/contracts/administration.toml`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::view::{self, AdminUserResource};
use crate::api::tfe::accounts::users::user_id;
use crate::api::tfe::kit::{
    BASE, Document, Page, PageQuery, Problem, administrator, answer, answer_one, included, page,
    wants,
};
use crate::domain::{Organization, User, UserId};
use crate::http::access::Access;
use crate::http::{App, Query, RequestCaller};
use crate::registry::{Error, Registry, UserChange};
use crate::routes;

routes! {
    /// Lists all users.
    GET "/admin/users" => list [Access::HiddenSite] query(UserFilter, PageQuery) -> 200 Page<AdminUserResource>,
    /// Deletes a user, with their memberships and tokens. What they published stays.
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
    /// A part of the username or the email address.
    q: Option<String>,
    /// `true` for administrators only, `false` for all others.
    #[serde(rename = "filter[admin]")]
    admin: Option<String>,
    /// `true` for those who are shut out only, `false` for all others.
    #[serde(rename = "filter[suspended]")]
    suspended: Option<String>,
    /// `organizations` to have them beside.
    include: Option<String>,
}

impl UserFilter {
    fn fits(&self, user: &User) -> bool {
        let part = self.q.as_deref().unwrap_or_default();
        let part = part.trim().to_ascii_lowercase();
        let email = user.email.as_str().to_ascii_lowercase();
        let is = |filter: &Option<String>, state: bool| match filter.as_deref() {
            Some("true") => state,
            Some("false") => !state,
            Some(_) | None => true,
        };
        (user.username.folded().contains(&part) || email.contains(&part))
            && is(&self.admin, user.site_admin)
            && is(&self.suspended, user.suspended)
    }
}

async fn list(
    app: web::Data<App>,
    caller: RequestCaller,
    wanted: Query<UserFilter>,
    pages: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let grant = administrator(&app, &caller.0)?;
    let (wanted, pages) = (wanted.0, pages.0);
    let with_organizations = wants(wanted.include.as_deref(), "organizations");
    let (offset, size) = (pages.offset(), pages.size());
    let (users, total) = app
        .run(move |registry| {
            let mut users = registry.list_users(&grant)?;
            users.retain(|user| wanted.fits(user));
            let total = users.len();
            let asked = users.into_iter().skip(offset).take(size);
            let asked = asked.map(|user| {
                let organizations = registry.organizations_of_user(&grant, &user.id)?;
                Ok((user, organizations))
            });
            let asked = asked.collect::<Result<Vec<_>, Error>>()?;
            Ok((asked, total))
        })
        .await?;
    let resources = users
        .iter()
        .map(|(user, organizations)| view::user(user, organizations))
        .collect();
    let here = format!("{}{BASE}/admin/users", app.public_url());
    let mut document = page(resources, &pages, total, &here);
    document.included = with_organizations.then(|| beside(&users));
    Ok(answer(StatusCode::OK, &document))
}

/// Every organization of these users, once.
fn beside(users: &[(User, Vec<Organization>)]) -> Vec<Value> {
    let mut all: Vec<_> = users.iter().flat_map(|(_, its)| its).collect();
    all.sort_by_key(|organization| organization.name.folded());
    all.dedup_by_key(|organization| organization.id.clone());
    let resources = all.into_iter().map(|it| view::organization(it, &[]));
    included(&resources.collect::<Vec<_>>())
}

async fn delete(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let grant = administrator(&app, &caller.0)?;
    let id = user_id(&id)?;
    app.run(move |registry| {
        let user = registry.user(&grant, &id)?;
        registry.delete_user(&grant, &user.username)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn suspend(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    change(&app, &caller, &id, suspended(true)).await
}

async fn unsuspend(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    change(&app, &caller, &id, suspended(false)).await
}

async fn grant_admin(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    change(&app, &caller, &id, site_admin(true)).await
}

async fn revoke_admin(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    change(&app, &caller, &id, site_admin(false)).await
}

/// Nobody has a second factor here, so this changes nothing.
async fn disable_two_factor(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    change(&app, &caller, &id, UserChange::default()).await
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
    app: &web::Data<App>,
    caller: &RequestCaller,
    id: &str,
    change: UserChange,
) -> Result<HttpResponse, Problem> {
    let grant = administrator(app, &caller.0)?;
    let id: UserId = user_id(id)?;
    let (user, organizations) = app
        .run(move |registry: &Registry| {
            let user = registry.user(&grant, &id)?;
            let user = registry.update_user(&grant, &user.username, change)?;
            let organizations = registry.organizations_of_user(&grant, &user.id)?;
            Ok((user, organizations))
        })
        .await?;
    let resource = view::user(&user, &organizations);
    Ok(answer_one(StatusCode::OK, resource))
}
