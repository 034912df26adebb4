//! The page on which a user says whether a program may have a token: `terraform login` opens it.
//!
//! A request that is not exactly what terraform sends gets our own page and is never led on. The
//! answer is a page, too: browsers refuse to follow a redirect of a form to another origin.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use url::form_urlencoded;

use super::problem::{FormFault, Problem, sentence};
use super::views::{ConsentPage, LoginAnsweredPage, ScopeChoice, minute};
use super::visitor::Visitor;
use crate::auth::SessionSecret;
use crate::domain::{LoginRequest, TokenScope};
use crate::http::access::Access;
use crate::http::admission::Admission;
use crate::http::form_body::Form;
use crate::http::sign_in::check_password;
use crate::http::{App, page, status};
use crate::registry::commands::Password;
use crate::registry::{Account, Error, Kind, LoginAnswer, LoginSettings, Registry};
use crate::routes;

routes! {
    GET "/oauth/authorize" => show [Access::Session],
    POST "/oauth/authorize" => answer [Access::Form],
}

/// The scopes, each with what a token of it may do.
const SCOPES: [(TokenScope, &str, &str); 3] = [
    (TokenScope::Read, "read", "read and install"),
    (TokenScope::Publish, "publish", "read, install and publish"),
    (TokenScope::Admin, "admin", "everything that you may do"),
];

/// A request of a program, as it was sent and as it was read.
struct Asking {
    settings: LoginSettings,
    query: String,
    request: LoginRequest,
}

/// Reads the request of a program from the query of its address.
async fn read(app: &App, query: &str) -> Result<Asking, Problem> {
    let settings = app.run(Registry::login_settings).await?;
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let pairs = pairs.iter().map(|(name, value)| (&**name, &**value));
    let request = LoginRequest::read(pairs, settings.ports)?;
    Ok(Asking {
        settings,
        query: query.to_owned(),
        request,
    })
}

async fn show(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
) -> Result<HttpResponse, Problem> {
    let asking = read(&app, request.query_string()).await?;
    visitor.require_sign_in()?;
    let scope = asking.request.scope.unwrap_or(asking.settings.scope);
    form(&app, &visitor, &asking, scope, None).await
}

async fn form(
    app: &App,
    visitor: &Visitor,
    asking: &Asking,
    scope: TokenScope,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let (secret, settings) = (visitor.secret.clone(), asking.settings.clone());
    let state = app.run(move |registry| {
        let fresh = secret.map(|secret| registry.is_fresh_session(&secret));
        let end = registry.login_token_end(&settings);
        Ok((fresh.transpose()?.unwrap_or_default(), end))
    });
    let (is_fresh, end) = state.await?;
    let mut shell = visitor.shell();
    shell.here = format!("/oauth/authorize?{}", asking.query);
    let another = form_urlencoded::Serializer::new(String::new())
        .append_pair("other", "yes")
        .append_pair("next", &shell.here)
        .finish();
    let username = shell.user.clone().unwrap_or_default();
    let scopes = SCOPES.map(|(it, word, says)| ScopeChoice {
        word,
        says,
        picked: it == scope,
    });
    let html = ConsentPage {
        shell,
        problem: refused.map(sentence),
        username: &username,
        another: format!("/login?{another}"),
        port: asking.request.redirect.port(),
        end: minute(end),
        scopes: scopes.into(),
        asks_password: !is_fresh,
        request: &asking.query,
    }
    .render()?;
    let code = refused.map_or(StatusCode::OK, |error| status::code(error.kind()));
    let mut answer = page::answer(code, html);
    if let Some(seconds) = refused.and_then(Error::retry_after_seconds) {
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    Ok(answer)
}

async fn answer(
    request: HttpRequest,
    app: web::Data<App>,
    admission: web::Data<Admission>,
    visitor: Visitor,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let asking = read(&app, sent.raw("request")).await?;
    let secret = visitor.secret.clone().ok_or(FormFault::Session)?;
    let said = read_answer(&sent)?;
    let scope = match &said {
        LoginAnswer::Yes(scope) => *scope,
        LoginAnswer::No => asking.settings.scope,
    };
    let proved = prove(&app, &admission, &request, (&visitor, &sent), scope).await;
    let noted = match proved {
        Ok(proved) => note(&app, (&visitor, secret), &asking, &said, proved).await,
        Err(error) => Err(error),
    };
    match noted {
        Ok(callback) => {
            let html = LoginAnsweredPage {
                shell: visitor.shell(),
                allowed: matches!(said, LoginAnswer::Yes(_)),
                callback: &callback,
                is_here: !sent.ticked("elsewhere"),
            }
            .render()?;
            Ok(page::secret(html))
        }
        Err(error) if error.kind() == Kind::Invalid || error.kind() == Kind::TooManyRequests => {
            form(&app, &visitor, &asking, scope, Some(&error)).await
        }
        Err(other) => Err(other.into()),
    }
}

fn read_answer(sent: &Form) -> Result<LoginAnswer, Error> {
    match sent.text("answer") {
        "no" => Ok(LoginAnswer::No),
        "yes" => {
            let scope = SCOPES
                .into_iter()
                .find(|(_, word, _)| *word == sent.text("scope"));
            let (scope, ..) = scope.ok_or_else(|| Error::invalid("scope", "choose a scope"))?;
            Ok(LoginAnswer::Yes(scope))
        }
        _ => Err(Error::invalid("answer", "say yes or no")),
    }
}

/// Checks the password, if one was typed for a token that may do everything.
async fn prove(
    app: &App,
    admission: &web::Data<Admission>,
    request: &HttpRequest,
    (visitor, sent): (&Visitor, &Form),
    scope: TokenScope,
) -> Result<bool, Error> {
    if scope != TokenScope::Admin || sent.raw("password").is_empty() {
        return Ok(false);
    }
    let caller = visitor.caller.clone();
    let Account::User(user) = app.run(move |registry| registry.account(&caller)).await? else {
        return Err(Error::NotFound("a user of this session".to_owned()));
    };
    let password = Password::new(sent.raw("password").to_owned());
    match check_password(app, admission, request, user.username, password).await {
        Ok(_) => Ok(true),
        Err(Error::WrongPassword) => Err(Error::invalid("password", "the password is wrong")),
        Err(other) => Err(other),
    }
}

/// Notes what the user said, and returns the address that tells the program.
async fn note(
    app: &App,
    (visitor, secret): (&Visitor, SessionSecret),
    asking: &Asking,
    said: &LoginAnswer,
    proved: bool,
) -> Result<String, Error> {
    let (caller, said, request) = (visitor.caller.clone(), said.clone(), asking.request.clone());
    let code =
        app.run(move |registry| registry.answer_login((&caller, &secret), request, &said, proved));
    let code = code.await?;
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("code", code.reveal())
        .append_pair("state", &asking.request.state)
        .append_pair("iss", app.public_url())
        .finish();
    Ok(format!("{}?{query}", asking.request.redirect))
}
