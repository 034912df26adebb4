//! `POST /backup`: a hot backup, of a name, into the directory that the configuration names.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::view;
use crate::domain::BackupName;
use crate::http::access::Access;
use crate::http::{App, PlainProblem, RequestCaller, json_body};
use crate::registry::Error;
use crate::routes;

routes! {
    /// Makes a backup in the directory for backups on the registry's machine.
    POST "/backup" => backup [Access::Site] takes(BackupRequest) -> 200 Value,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BackupRequest {
    /// The name of the directory to make; it is no path.
    name: String,
}

async fn backup(
    app: web::Data<App>,
    caller: RequestCaller,
    payload: web::Payload,
) -> Result<HttpResponse, PlainProblem> {
    let grant = app.registry.site_grant(&caller.0)?;
    let wanted: BackupRequest = json_body::document(&app, payload).await?;
    let name: BackupName = wanted
        .name
        .parse()
        .map_err(|error| Error::invalid("name", error))?;
    let (directory, report) = app
        .run(move |registry| registry.back_up(&grant, &name))
        .await?;
    Ok(HttpResponse::Ok().json(view::backup(&directory, &report)))
}
