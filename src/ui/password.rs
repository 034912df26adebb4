//! The page on which users change their own password.

use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::problem::{Problem, form_page, redirect, sentence};
use super::views::{PasswordPage, SettingsFrame};
use super::visitor::{SESSION, Visitor, is_https};
use crate::auth::{Caller, SessionSecret};
use crate::http::access::Access;
use crate::http::admission::Admission;
use crate::http::sign_in::check_password;
use crate::http::{App, cookie};
use crate::registry::commands::Password;
use crate::registry::{Account, Error};
use crate::routes;

routes! {
    GET "/settings/password" => show [Access::Session],
    POST "/settings/password" => change [Access::Form],
}

async fn show(app: web::Data<App>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    let is_first = is_first(&app, &visitor).await?;
    form(&visitor, is_first, None)
}

/// Returns whether the visitor, who signed in by a link, may set a password without an old one.
async fn is_first(app: &App, visitor: &Visitor) -> Result<bool, Error> {
    let Some(secret) = visitor.secret.clone() else {
        return Ok(false);
    };
    app.run(move |registry| registry.may_set_first_password(&secret))
        .await
}

fn form(
    visitor: &Visitor,
    is_first: bool,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let shell = visitor.shell();
    let problem = refused.map(sentence);
    let heading = if is_first {
        "Set a password"
    } else {
        "Change your password"
    };
    let html = PasswordPage {
        frame: SettingsFrame::own(&shell, "Password", heading, problem),
        shell,
        is_first,
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
    let is_first = is_first(&app, &visitor).await?;
    if sent.raw("new") != sent.raw("again") {
        let error = Error::invalid("again", "the new password was not typed the same way twice");
        return form(&visitor, is_first, Some(&error));
    }
    let (old, new) = (sent.raw("old").to_owned(), sent.raw("new").to_owned());
    let changed = if is_first {
        set_first(&app, &visitor, new).await
    } else {
        change_to(&app, &admission, &request, &visitor.caller, (old, new)).await
    };
    match changed {
        Ok(session) => {
            let mut answer = redirect("/settings/tokens");
            let line = cookie::set(SESSION, &session.reveal(), is_https(&request))?;
            answer.headers_mut().append(SET_COOKIE, line);
            Ok(answer)
        }
        Err(error @ (Error::Invalid { .. } | Error::TooManyRequests { .. })) => {
            form(&visitor, is_first, Some(&error))
        }
        Err(other) => Err(other.into()),
    }
}

/// Sets the first password of a user who signed in by a link, and begins a session.
async fn set_first(app: &App, visitor: &Visitor, new: String) -> Result<SessionSecret, Error> {
    let (caller, new) = (visitor.caller.clone(), Password::new(new));
    let Some(secret) = visitor.secret.clone() else {
        return Err(Error::NotFound("a user of this session".to_owned()));
    };
    app.run(move |registry| {
        let user = registry.set_first_password((&caller, &secret), new.reveal())?;
        registry.begin_session(&user)
    })
    .await
}

/// Checks the old password, sets the new one, and begins a session.
async fn change_to(
    app: &App,
    admission: &web::Data<Admission>,
    request: &HttpRequest,
    caller: &Caller,
    (old, new): (String, String),
) -> Result<SessionSecret, Error> {
    let (old, new) = (Password::new(old), Password::new(new));
    let caller = caller.clone();
    let signed_in = caller.clone();
    let account = app.run(move |registry| registry.account(&signed_in));
    let Account::User(user) = account.await? else {
        return Err(Error::NotFound("a user of this session".to_owned()));
    };
    let checked = check_password(app, admission, request, user.username, old).await;
    let user = match checked {
        Err(Error::WrongPassword) => {
            return Err(Error::invalid("old", "the old password is wrong"));
        }
        checked => checked?,
    };
    app.run(move |registry| {
        let user = registry.change_own_password(&caller, &user, new.reveal())?;
        registry.begin_session(&user)
    })
    .await
}
