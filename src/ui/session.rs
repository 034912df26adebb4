//! Signs visitors in and out.

use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::local_path::local_path;
use super::problem::{FormFault, Problem, redirect, sentence};
use super::sign_in_link;
use super::views::LoginPage;
use super::visitor::{FORM_TOKEN, SESSION, Visitor, is_https};
use crate::auth::SessionSecret;
use crate::domain::Username;
use crate::http::access::Access;
use crate::http::admission::Admission;
use crate::http::form_body::Form;
use crate::http::sign_in::check_password;
use crate::http::{App, Query, cookie, form_body, origin, page};
use crate::registry::commands::Password;
use crate::registry::{Error, Kind, Registry};
use crate::routes;

routes! {
    GET "/login" => show [Access::Open],
    POST "/login" => sign_in [Access::Form],
    POST "/logout" => sign_out [Access::Form],
}

/// The cookie that ties the sign-in form to the browser that it was shown in, so that nobody can
/// sign another person's browser in to a foreign account.
const BEFORE: &str = "terrakeep-form";

#[derive(Debug, Default, Deserialize)]
struct Destination {
    next: Option<String>,
    /// The secret of a link that signs in once.
    once: Option<String>,
    /// Present if a visitor who is signed in wants to use another account.
    other: Option<String>,
}

impl Destination {
    fn path(&self) -> &str {
        self.next.as_deref().and_then(local_path).unwrap_or("/")
    }
}

async fn show(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    destination: Query<Destination>,
) -> Result<HttpResponse, Problem> {
    let next = destination.0.path();
    let once = destination.0.once.as_deref();
    if visitor.secret.is_some() && destination.0.other.is_none() && once.is_none() {
        return Ok(redirect(next));
    }
    let known = before(&request);
    let secret = known.clone().unwrap_or_else(SessionSecret::generate);
    let mut answer = if let Some(once) = once {
        sign_in_link::show(&app, &visitor, once, secret.form_token("/login")).await?
    } else {
        let first_user = first_user(&app).await?;
        form(&visitor, &secret, next, first_user, None)?
    };
    if known.is_none() {
        let line = cookie::set(BEFORE, &secret.reveal(), is_https(&request))?;
        answer.headers_mut().append(SET_COOKIE, line);
    }
    Ok(answer)
}

fn before(request: &HttpRequest) -> Option<SessionSecret> {
    let name = cookie::name(BEFORE, is_https(request));
    cookie::value(request, &name).and_then(SessionSecret::parse)
}

fn form(
    visitor: &Visitor,
    secret: &SessionSecret,
    next: &str,
    first_user: Option<String>,
    refused: Option<(&str, &Error)>,
) -> Result<HttpResponse, Problem> {
    let mut shell = visitor.shell();
    shell.csrf = secret.form_token("/login");
    let html = LoginPage {
        shell,
        next,
        username: refused.map_or("", |(username, _)| username),
        problem: refused.map(|(_, error)| sentence(error)),
        first_user,
    }
    .render()?;
    let status = match refused.map(|(_, error)| error.kind()) {
        None => StatusCode::OK,
        Some(Kind::TooManyRequests) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page::answer(status, html))
}

async fn sign_in(
    request: HttpRequest,
    app: web::Data<App>,
    admission: web::Data<Admission>,
    visitor: Visitor,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    if !origin::is_own(&request, app.public_url()) {
        return Err(FormFault::Origin.into());
    }
    let secret = before(&request).ok_or(FormFault::Token)?;
    let sent = form_body::fields(&app, &request, payload).await?;
    if !secret.verifies_form_token(sent.raw(FORM_TOKEN)) {
        return Err(FormFault::Token.into());
    }
    if !sent.raw(sign_in_link::ONCE).is_empty() {
        let once = sent.raw(sign_in_link::ONCE);
        return match sign_in_link::redeem(&app, visitor.secret.clone(), once).await? {
            Some(session) => lead_on(&request, "/", &session),
            None => sign_in_link::used_up(&visitor),
        };
    }
    let next = local_path(sent.raw("next")).unwrap_or("/").to_owned();
    let username = sent.text("username").to_owned();
    match begin(&app, &admission, &request, visitor.secret.clone(), &sent).await {
        Ok(session) => lead_on(&request, &next, &session),
        Err(error @ (Error::WrongPassword | Error::TooManyRequests { .. })) => {
            let mut answer = form(&visitor, &secret, &next, None, Some((&username, &error)))?;
            if let Some(seconds) = error.retry_after_seconds() {
                answer.headers_mut().insert(RETRY_AFTER, seconds.into());
            }
            Ok(answer)
        }
        Err(other) => Err(other.into()),
    }
}

/// Leads a visitor on whose session has begun.
fn lead_on(
    request: &HttpRequest,
    next: &str,
    session: &SessionSecret,
) -> Result<HttpResponse, Problem> {
    let https = is_https(request);
    let mut answer = redirect(next);
    let lines = [
        cookie::set(SESSION, &session.reveal(), https)?,
        cookie::remove(BEFORE, https)?,
    ];
    for line in lines {
        answer.headers_mut().append(SET_COOKIE, line);
    }
    Ok(answer)
}

/// Returns the command that makes the first user; `None` if there is one.
pub(super) async fn first_user(app: &App) -> Result<Option<String>, Error> {
    app.run(Registry::first_user_command).await
}

/// Checks the password, and starts a session, which replaces the former one.
async fn begin(
    app: &App,
    admission: &web::Data<Admission>,
    request: &HttpRequest,
    former: Option<SessionSecret>,
    sent: &Form,
) -> Result<SessionSecret, Error> {
    let username: Username = sent
        .text("username")
        .parse()
        .map_err(|_| Error::WrongPassword)?;
    let password = Password::new(sent.raw("password").to_owned());
    let user = check_password(app, admission, request, username, password).await?;
    app.run(move |registry| {
        if let Some(former) = former {
            let caller = registry.session_caller(&former)?;
            registry.end_session(&caller, &former)?;
        }
        registry.begin_session(&user)
    })
    .await
}

async fn sign_out(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    visitor.form(&app, &request, payload).await?;
    if let Some(secret) = visitor.secret {
        let caller = visitor.caller;
        app.run(move |registry| registry.end_session(&caller, &secret))
            .await?;
    }
    let mut answer = redirect("/login");
    let line = cookie::remove(SESSION, is_https(&request))?;
    answer.headers_mut().append(SET_COOKIE, line);
    Ok(answer)
}
