//! `account`: who the caller is.
//!
//! Source: tfe-clients.md (users), terraform-cli.md §11, hcp/users.md.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::json;

use super::json_api::answer;
use super::problem::Problem;
use super::view_user;
use crate::http::access::Access;
use crate::http::{App, RequestCaller};
use crate::routes;

routes! {
    GET "/account/details" => details [Access::Authenticated],
}

async fn details(app: web::Data<App>, caller: RequestCaller) -> Result<HttpResponse, Problem> {
    let caller = caller.0;
    let creates_organizations = app.registry.site_grant(&caller).is_ok();
    let account = app.run(move |registry| registry.account(&caller)).await?;
    let resource = view_user::user(&account, creates_organizations);
    Ok(answer(StatusCode::OK, &json!({ "data": resource })))
}
