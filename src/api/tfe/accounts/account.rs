//! `account`: who the caller is; their email address and password.
//!
//! Source: `tests/fixtures/contracts/users-and-accounts.toml`,
//! `tests/fixtures/contracts/discovery-and-login.toml#login`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::body::AccountBody;
use super::body::PasswordBody;
use super::view::{self, UserResource};
use crate::api::tfe::kit::{Body, Document, Problem, answer_one};
use crate::http::access::Access;
use crate::http::admission::Admission;
use crate::http::{App, RequestCaller, json_body};
use crate::registry::{Account, Error};
use crate::routes;

routes! {
    /// Shows the user of the token.
    GET "/account/details" => details [Access::Authenticated] -> 200 Document<UserResource>,
    /// Changes the caller's email address, which only administrators may.
    PATCH "/account/update" => update [Access::Account] takes(Body<AccountBody>) -> 200 Document<UserResource>,
    /// Changes the caller's password.
    PATCH "/account/password" => password [Access::Account] takes(Body<PasswordBody>) -> 200 Document<UserResource>,
}

async fn details(app: web::Data<App>, caller: RequestCaller) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    let creates_organizations = app.registry.site_grant(&caller).is_ok();
    let account = app.run(move |registry| registry.account(&caller)).await?;
    let resource = view::user(&account, creates_organizations);
    Ok(answer_one(StatusCode::OK, resource))
}

async fn update(
    app: web::Data<App>,
    caller: RequestCaller,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    app.registry.require_authenticated(&caller)?;
    let creates_organizations = app.registry.site_grant(&caller).is_ok();
    let body: Body<AccountBody> = json_body::document(&app, payload).await?;
    let (username, email) = body.attributes().parsed()?;
    let account = app
        .run(move |registry| registry.update_own_account(&caller, username.as_ref(), email))
        .await?;
    let resource = view::user(&account, creates_organizations);
    Ok(answer_one(StatusCode::OK, resource))
}

async fn password(
    request: HttpRequest,
    app: web::Data<App>,
    admission: web::Data<Admission>,
    caller: RequestCaller,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    let creates_organizations = app.registry.site_grant(&caller).is_ok();
    let asking = caller.clone();
    if let Account::Service(..) = app.run(move |registry| registry.account(&asking)).await? {
        return Err(Error::NotFound("a user of this token".to_owned()).into());
    }
    let body: Body<PasswordBody> = json_body::document(&app, payload).await?;
    let (old, new) = body.attributes().parsed()?;
    let from = admission.client(&request);
    let from = from.map(|client| client.to_string()).unwrap_or_default();
    let _place = app.sign_in_place()?;
    let user = app
        .run(move |registry| {
            let changed = registry.change_own_password(&caller, old.reveal(), new.reveal(), &from);
            changed.map_err(|error| {
                if error.field() == Some("old") {
                    Error::invalid("current_password", error)
                } else {
                    error
                }
            })
        })
        .await?;
    let resource = view::user(&Account::User(user), creates_organizations);
    Ok(answer_one(StatusCode::OK, resource))
}
