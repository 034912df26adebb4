//! `/.well-known/terraform.json`: where terraform finds everything else.
//!
//! Source: terraform-cli.md §1 and §11: `tfe.v2` is what `terraform login` looks for. Paths are absolute and end with a slash, which every client
//! understands; any token, good or bad, is ignored.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{MODULE_BASES, Problem};
use crate::http::App;
use crate::http::access::Access;
use crate::http::document::Document;
use crate::routes;

routes! {
    GET "/.well-known/terraform.json" => discovery [Access::Open],
}

async fn discovery(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let document = Document::remembered(&app.documents, "discovery", 0, || {
        let [modules, ..] = MODULE_BASES;
        Document::render(&json!({
            "modules.v1": format!("{modules}/"),
            "tfe.v2": "/api/v2/",
        }))
    })?;
    Ok(document.answer(&request))
}
