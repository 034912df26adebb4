//! `POST /backup`: a hot backup into a directory of the registry's machine.

use std::path::PathBuf;

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::view;
use crate::http::access::Access;
use crate::http::{App, PlainProblem, RequestCaller, json_body};
use crate::routes;

routes! {
    /// Makes a backup in a directory of the registry's machine.
    POST "/backup" => backup [Access::Site] takes(BackupRequest) -> 200 Value,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct BackupRequest {
    directory: PathBuf,
}

async fn backup(
    app: web::Data<App>,
    caller: RequestCaller,
    payload: web::Payload,
) -> Result<HttpResponse, PlainProblem> {
    let grant = app.registry.site_grant(&caller.0)?;
    let wanted: BackupRequest = json_body::document(&app, payload).await?;
    let report = app
        .run(move |registry| registry.back_up(&grant, &wanted.directory))
        .await?;
    Ok(HttpResponse::Ok().json(view::backup(&report)))
}
