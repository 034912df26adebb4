//! `/api`: the page that describes the API.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::problem::Problem;
use super::views::ApiPage;
use super::visitor::Visitor;
use crate::http::access::Access;
use crate::http::openapi::OpenApi;
use crate::http::page;
use crate::routes;

routes! {
    GET "/api" => show [Access::Open],
}

async fn show(openapi: web::Data<OpenApi>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    let html = ApiPage::of(visitor.shell(), openapi.document()).render()?;
    Ok(page::answer(StatusCode::OK, html))
}
