//! `/api/openapi.json`: the description of the whole API, for programs.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use crate::http::access::Access;
use crate::http::document::Document;
use crate::http::openapi::OpenApi;
use crate::http::{App, PlainProblem};
use crate::routes;

routes! {
    /// Describes the API in the form of OpenAPI 3.1.
    GET "/api/openapi.json" => show [Access::Open] -> 200 Value,
}

async fn show(
    request: HttpRequest,
    app: web::Data<App>,
    openapi: web::Data<OpenApi>,
) -> Result<HttpResponse, PlainProblem> {
    let document = Document::remembered(&app.documents, "openapi", 0, || {
        Document::render(openapi.document())
    })?;
    Ok(document.answer(&request))
}
