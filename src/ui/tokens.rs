//! The page of the visitor's own tokens: list, create, revoke.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::problem::{Problem, form_page, redirect, sentence};
use super::views::{NewTokenPage, SettingsFrame, TokenRow, TokensPage};
use super::visitor::Visitor;
use crate::auth::TokenSecret;
use crate::domain::{TokenId, TokenScope};
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::http::{App, page};
use crate::registry::commands::{Command, Outcome, Owner, TokenCommand};
use crate::registry::{Error, Kind};
use crate::routes;

routes! {
    GET "/settings" => settings [Access::Session],
    GET "/app/settings/tokens" => from_login [Access::Session],
    GET "/settings/tokens" => show [Access::Session],
    POST "/settings/tokens" => create [Access::Form],
    POST "/settings/tokens/{token}/revoke" => revoke [Access::Form],
}

const DAY_SECONDS: i64 = 86_400;

async fn settings(visitor: Visitor) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    Ok(redirect("/settings/tokens"))
}

/// Redirects from the address to which `terraform login` sends people for a token
/// (`tests/fixtures/contracts/discovery-and-login.toml#login`).
async fn from_login(visitor: Visitor) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    Ok(redirect("/settings/tokens"))
}

async fn show(app: web::Data<App>, visitor: Visitor) -> Result<HttpResponse, Problem> {
    visitor.require_sign_in()?;
    list(&app, &visitor, None).await
}

async fn list(
    app: &App,
    visitor: &Visitor,
    refused: Option<&Error>,
) -> Result<HttpResponse, Problem> {
    let caller = visitor.caller.clone();
    let tokens = app
        .run(move |registry| {
            let tokens = registry.list_own_tokens(&caller)?;
            tokens
                .iter()
                .map(|token| TokenRow::new(registry, token, "you"))
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let shell = visitor.shell();
    let problem = refused.map(sentence);
    let html = TokensPage {
        frame: SettingsFrame::own(&shell, "Tokens", "Your tokens", problem),
        shell,
        tokens,
    }
    .render()?;
    Ok(form_page(html, refused))
}

async fn create(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = visitor.form(&app, &request, payload).await?;
    let command = match read_form(&sent, Owner::Myself) {
        Ok(command) => command,
        Err(error) => return list(&app, &visitor, Some(&error)).await,
    };
    match make(&app, &visitor, command).await {
        Ok(secret) => show_secret_once(&app, &visitor, &secret, "/settings/tokens"),
        Err(error) if error.kind() == Kind::Internal => Err(error.into()),
        Err(error) => list(&app, &visitor, Some(&error)).await,
    }
}

/// Builds the command that the form for a new token describes.
pub(super) fn read_form(sent: &Form, owner: Owner) -> Result<TokenCommand, Error> {
    let only = sent.text("only");
    let (mut only_organization, mut only_module) = (None, None);
    if only.contains('/') {
        only_module = Some(sent.parsed("only")?);
    } else {
        only_organization = sent.parsed_if_given("only")?;
    }
    let days = match sent.text("days") {
        "" => None,
        days => Some(days.parse::<i64>().map_err(|_| {
            Error::invalid(
                "days",
                "enter the number of days after which the token expires",
            )
        })?),
    };
    Ok(TokenCommand::Create {
        owner,
        description: sent.parsed("description")?,
        scope: scope(sent.text("scope"))?,
        only_organization,
        only_module,
        lifetime_seconds: days.map(|days| days.saturating_mul(DAY_SECONDS)),
    })
}

fn scope(text: &str) -> Result<TokenScope, Error> {
    match text {
        "read" => Ok(TokenScope::Read),
        "publish" => Ok(TokenScope::Publish),
        "admin" => Ok(TokenScope::Admin),
        _ => Err(Error::invalid("scope", "choose a scope")),
    }
}

/// Creates a token and returns its secret.
pub(super) async fn make(
    app: &App,
    visitor: &Visitor,
    command: TokenCommand,
) -> Result<TokenSecret, Error> {
    let caller = visitor.caller.clone();
    let made = app
        .run(move |registry| registry.carry_out(&caller, Command::Token(command)))
        .await?;
    let Outcome::NewToken(_, secret) = made else {
        return Err(Error::internal("a new token without its secret"));
    };
    Ok(secret)
}

/// Answers with the page that shows a secret this once.
pub(super) fn show_secret_once(
    app: &App,
    visitor: &Visitor,
    secret: &TokenSecret,
    back: &str,
) -> Result<HttpResponse, Problem> {
    let html = NewTokenPage {
        shell: visitor.shell(),
        secret: secret.reveal(),
        host: super::setup::host(app.public_url()),
        back,
    }
    .render()?;
    Ok(page::secret(html))
}

async fn revoke(
    request: HttpRequest,
    app: web::Data<App>,
    visitor: Visitor,
    token: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    visitor.form(&app, &request, payload).await?;
    revoke_by_id(&app, &visitor, &token).await?;
    Ok(redirect("/settings/tokens"))
}

/// Revokes a token by its public id, as sent.
pub(super) async fn revoke_by_id(app: &App, visitor: &Visitor, id: &str) -> Result<(), Problem> {
    let id: TokenId = id
        .parse()
        .map_err(|_| Error::NotFound("the token".to_owned()))?;
    let caller = visitor.caller.clone();
    app.run(move |registry| registry.revoke_token(&caller, &id))
        .await?;
    Ok(())
}
