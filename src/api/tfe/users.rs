//! `users`: show one.
//!
//! Source: endpoints.tsv (hcp-org), hcp/users.md.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::json;

use super::json_api::answer;
use super::problem::Problem;
use super::view_user;
use crate::domain::UserId;
use crate::http::access::Access;
use crate::http::{App, RequestCaller};
use crate::registry::{Account, Error};
use crate::routes;

routes! {
    GET "/users/{user}" => show [Access::ById],
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    app.registry.signed_in(&caller)?;
    let id = user_id(&id)?;
    let creates_organizations =
        caller.user() == Some(&id) && app.registry.site_grant(&caller).is_ok();
    let user = app
        .run(move |registry| registry.visible_user(&caller, &id))
        .await?;
    let resource = view_user::user(&Account::User(user), creates_organizations);
    Ok(answer(StatusCode::OK, &json!({ "data": resource })))
}

/// The id of a user; what is none belongs to nobody.
pub(super) fn user_id(text: &str) -> Result<UserId, Error> {
    text.parse()
        .map_err(|_| Error::NotFound(format!("the user `{text}`")))
}
