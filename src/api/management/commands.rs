//! `POST /commands`: carries out one administrative command.

use actix_web::{HttpResponse, web};
use serde_json::Value;

use super::view;
use crate::http::access::Access;
use crate::http::{App, PlainProblem, RequestCaller, json_body};
use crate::registry::commands::Command;
use crate::routes;

routes! {
    /// Carries out one command about an organization, a user, a team, a module or a token.
    POST "/commands" => carry_out [Access::Command] takes(Value) -> 200 Value,
}

async fn carry_out(
    app: web::Data<App>,
    caller: RequestCaller,
    payload: web::Payload,
) -> Result<HttpResponse, PlainProblem> {
    app.registry.require_authenticated(&caller.0)?;
    let command: Command = json_body::document(&app, payload).await?;
    let outcome = app
        .run(move |registry| registry.carry_out(&caller.0, command))
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(view::outcome(&outcome)))
}
