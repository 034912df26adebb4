//! Files of `static/`, compiled in: no request ever names a path of the file system.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;

use crate::http::PlainProblem;
use crate::http::access::Access;
use crate::registry::Error;
use crate::routes;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

routes! {
    GET "/robots.txt" => file [Access::Open],
}

async fn file(request: HttpRequest) -> Result<HttpResponse, PlainProblem> {
    let name = request.path().trim_start_matches('/');
    let file = Files::get(name).ok_or_else(|| Error::NotFound("the address".to_owned()))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, file.metadata.mimetype()))
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .body(file.data.into_owned()))
}
