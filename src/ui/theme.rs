//! Light or dark: a choice of each browser, stored in a cookie and not in an account.

use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse, web};

use super::local_path::local_path;
use super::problem::{Problem, redirect};
use super::visitor::is_https;
use crate::http::access::Access;
use crate::http::page::{THEME, THEMES};
use crate::http::{App, cookie, form_body, origin};
use crate::routes;

routes! {
    POST "/settings/theme" => choose [Access::Open],
}

/// Stores the choice, and redirects to the page where it was made.
async fn choose(
    request: HttpRequest,
    app: web::Data<App>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    // The choice is harmless, so the form has no token; requests of other sites are ignored.
    if !origin::is_own(&request, app.public_url()) {
        return Ok(redirect("/"));
    }
    let sent = form_body::fields(&app, &request, payload).await?;
    let (theme, https) = (sent.raw("theme"), is_https(&request));
    let line = if THEMES.contains(&theme) {
        cookie::keep(THEME, theme, https)?
    } else {
        cookie::remove(THEME, https)?
    };
    let mut answer = redirect(local_path(sent.raw("next")).unwrap_or("/"));
    answer.headers_mut().append(SET_COOKIE, line);
    Ok(answer)
}
