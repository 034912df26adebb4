//! `POST /sign-in`: a username and a password for a token.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use crate::domain::{ShortText, TokenScope, Username};
use crate::http::access::Access;
use crate::http::gate::Gate;
use crate::http::{App, PlainProblem, json_body};
use crate::registry::commands::Password;
use crate::registry::{Error, NewToken, TokenEnd};
use crate::routes;

routes! {
    POST "/sign-in" => sign_in [Access::Password],
}

#[derive(Debug, Deserialize)]
struct SignIn {
    username: String,
    password: Password,
    #[serde(default)]
    description: ShortText,
    #[serde(default = "widest")]
    scope: TokenScope,
    #[serde(default)]
    lifetime_seconds: Option<i64>,
}

fn widest() -> TokenScope {
    TokenScope::Admin
}

async fn sign_in(
    request: HttpRequest,
    app: web::Data<App>,
    gate: web::Data<Gate>,
    payload: web::Payload,
) -> Result<HttpResponse, PlainProblem> {
    let asked: SignIn = json_body::small_document(&app, payload).await?;
    let username: Username = asked.username.parse().map_err(|_| Error::WrongPassword)?;
    let new = NewToken {
        description: asked.description,
        scope: asked.scope,
        restriction: None,
        end: asked.lifetime_seconds.map(TokenEnd::AfterSeconds),
    };
    let password = asked.password;
    let from = gate
        .client(&request)
        .map(|client| client.to_string())
        .unwrap_or_default();
    let _place = app.sign_in_place()?;
    let (token, secret) = app
        .run(move |registry| {
            let user = registry.check_password(&username, password.reveal(), &from)?;
            registry.create_token_at_sign_in(&user, new)
        })
        .await?;
    let shown = json!({
        "id": token.id,
        "token": secret.reveal(),
        "scope": token.scope,
        "expires_at": token.expires_at.map(|at| at.to_string()),
    });
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(shown))
}
