//! `GET /registry`: what a registry says of itself to everybody.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;

use crate::http::access::Access;
use crate::http::{App, PlainProblem};
use crate::routes;

routes! {
    /// Names the address that users know, and the version of the program.
    GET "/registry" => show [Access::Open] -> 200 About<'_>,
}

/// What a registry says of itself.
#[derive(Serialize, JsonSchema)]
struct About<'a> {
    /// The address that all links and sources begin with, as in `https://registry.example.com`.
    public_url: &'a str,
    /// The version of the program.
    version: &'a str,
}

async fn show(app: web::Data<App>) -> Result<HttpResponse, PlainProblem> {
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(About {
            public_url: app.public_url(),
            version: env!("CARGO_PKG_VERSION"),
        }))
}
