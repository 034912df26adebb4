//! `/setup`: how to use this registry from a new machine.

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::problem::Problem;
use super::views::SetupPage;
use super::visitor::Visitor;
use crate::http::access::Access;
use crate::http::{App, page};
use crate::registry::Error;
use crate::routes;

routes! {
    GET "/setup" => show [Access::Open],
    GET "/setup/ca.pem" => certificate [Access::Open],
}

/// The CA that users have to trust, if the registry has one of its own.
#[derive(Debug, Clone, Default)]
pub struct OwnCa {
    /// Its certificate as PEM; `None` if the registry has no CA of its own.
    pub pem: Option<String>,
    /// The SHA-256 of the certificate, in the form that other tools show.
    pub fingerprint: String,
}

/// Returns `host[:port]`, as a module's source and a credentials block name the registry.
pub(super) fn host(public_url: &str) -> &str {
    public_url
        .split_once("://")
        .map_or(public_url, |(_, host)| host)
}

async fn show(
    app: web::Data<App>,
    ca: web::Data<OwnCa>,
    visitor: Visitor,
) -> Result<HttpResponse, Problem> {
    let html = SetupPage {
        shell: visitor.shell(),
        host: host(app.public_url()),
        url: app.public_url(),
        secure: app.public_url().starts_with("https://"),
        login: app.registry.settings().login.is_some(),
        own_ca: ca.pem.is_some(),
        fingerprint: &ca.fingerprint,
    }
    .render()?;
    Ok(page::answer(actix_web::http::StatusCode::OK, html))
}

async fn certificate(ca: web::Data<OwnCa>) -> Result<HttpResponse, Problem> {
    let none = || Error::NotFound("this registry's own CA".to_owned());
    let pem = ca.pem.clone().ok_or_else(none)?;
    Ok(HttpResponse::Ok()
        .content_type("application/x-pem-file")
        .insert_header((
            CONTENT_DISPOSITION,
            "attachment; filename=\"terrakeep-ca.pem\"",
        ))
        .body(pem))
}
