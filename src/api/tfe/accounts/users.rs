//! `users`: show one.
//!
//! Source: `tests/fixtures/contracts/users-and-accounts.toml`.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::view::{self, UserResource};
use crate::api::tfe::kit::{Document, Problem, answer_one};
use crate::domain::UserId;
use crate::http::access::Access;
use crate::http::{App, RequestCaller};
use crate::registry::{Account, Error};
use crate::routes;

routes! {
    /// Shows a user whom the caller shares an organization with.
    GET "/users/{user}" => show [Access::ById] -> 200 Document<UserResource>,
}

async fn show(
    app: web::Data<App>,
    caller: RequestCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    app.registry.require_authenticated(&caller)?;
    let id = user_id(&id)?;
    let creates_organizations =
        caller.user() == Some(&id) && app.registry.site_grant(&caller).is_ok();
    let user = app
        .run(move |registry| registry.visible_user(&caller, &id))
        .await?;
    let resource = view::user(&Account::User(user), creates_organizations);
    Ok(answer_one(StatusCode::OK, resource))
}

/// The id of a user; what is none belongs to nobody.
pub(crate) fn user_id(text: &str) -> Result<UserId, Error> {
    text.parse()
        .map_err(|_| Error::NotFound(format!("the user `{text}`")))
}
