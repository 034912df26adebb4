//! The page on which users change their own password.

use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::problem::{Problem, form_page, redirect, sentence};
use super::session::client;
use super::views::PasswordPage;
use super::visitor::{SESSION, Visitor, is_https};
use crate::http::access::Access;
use crate::http::admission::Admission;
use crate::http::{App, cookie};
use crate::registry::Error;
use crate::routes;

routes! {
    GET "/settings/password" => show [Access::Session],
    POST "/settings/password" => change [Access::Form],
}

async fn show(visitor: Visitor) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    form(&visitor, None)
}

fn form(visitor: &Visitor, refused: Option<&Error>) -> Result<HttpResponse, Problem> {
    let html = PasswordPage {
        shell: visitor.shell(),
        problem: refused.map(sentence),
    }
    .render()?;
    Ok(form_page(html, refused))
}

async fn change(
    request: HttpRequest,
    app: web::Data<App>,
    admission: web::Data<Admission>,
    visitor: Visitor,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    if sent.raw("new") != sent.raw("again") {
        let error = Error::invalid("again", "the new password was not typed the same way twice");
        return form(&visitor, Some(&error));
    }
    let (caller, from) = (visitor.caller.clone(), client(&admission, &request));
    let _place = app.sign_in_place()?;
    let changed = app
        .run(move |registry| {
            let (old, new) = (sent.raw("old"), sent.raw("new"));
            let user = registry.change_own_password(&caller, old, new, &from)?;
            registry.begin_session(&user)
        })
        .await;
    match changed {
        Ok(session) => {
            let mut answer = redirect("/settings/tokens");
            let line = cookie::set(SESSION, &session.reveal(), is_https(&request))?;
            answer.headers_mut().append(SET_COOKIE, line);
            Ok(answer)
        }
        Err(error @ (Error::Invalid { .. } | Error::TooManyRequests { .. })) => {
            form(&visitor, Some(&error))
        }
        Err(other) => Err(other.into()),
    }
}
