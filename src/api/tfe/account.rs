//! `account`: who the caller is.
//!
//! Source: tfe-clients.md (users), terraform-cli.md §11, hcp/users.md.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use super::BASE;
use super::json_api::answer;
use super::problem::Problem;
use crate::http::access::Access;
use crate::http::{App, RequestCaller};
use crate::registry::Account;
use crate::routes;

routes! {
    GET "/account/details" => details [Access::Authenticated],
}

async fn details(app: web::Data<App>, caller: RequestCaller) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    let creates_organizations = app.registry.site_grant(&caller).is_ok();
    let account = app.run(move |registry| registry.account(&caller)).await?;
    let resource = user(&account, creates_organizations);
    Ok(answer(StatusCode::OK, &json!({ "data": resource })))
}

/// The resource object of whoever asks about themselves.
fn user(account: &Account, creates_organizations: bool) -> Value {
    let (id, name, email, site_admin) = match account {
        Account::User(user) => (
            user.id.to_string(),
            user.username.as_str(),
            Some(user.email.as_str()),
            user.site_admin,
        ),
        // Clients want a user behind each token: one that stays the same as long as the token.
        Account::Service(token, name) => {
            let token = token.as_str();
            let part = token.split_once('-').map_or(token, |(_, part)| part);
            (format!("user-{part}"), name.as_str(), None, false)
        }
    };
    let is_service = email.is_none();
    json!({
        "id": id,
        "type": "users",
        "attributes": {
            "username": name,
            "email": email.unwrap_or_default(),
            "unconfirmed-email": null,
            "is-service-account": is_service,
            "is-site-admin": site_admin,
            "is-admin": site_admin,
            "is-sso-login": false,
            "auth-method": "tfc",
            // Nothing is loaded from elsewhere, so there are no pictures of people.
            "avatar-url": "",
            "v2-only": true,
            "two-factor": { "enabled": false, "verified": false },
            "permissions": {
                "can-create-organizations": creates_organizations,
                "can-change-email": false,
                "can-change-username": false,
                "can-manage-user-tokens": !is_service,
                "can-view2fa-settings": false,
                "can-manage-hcp-account": false,
            },
        },
        "relationships": {
            "authentication-tokens": {
                "links": { "related": format!("{BASE}/users/{id}/authentication-tokens") },
            },
        },
        "links": { "self": format!("{BASE}/users/{id}") },
    })
}
