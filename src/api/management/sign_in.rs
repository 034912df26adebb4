//! `POST /sign-in`: creates a token for a username and a password.

use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::{ShortText, TokenScope, Username};
use crate::http::access::Access;
use crate::http::admission::Admission;
use crate::http::sign_in::check_password;
use crate::http::{App, PlainProblem, json_body};
use crate::registry::commands::Password;
use crate::registry::{Error, NewToken, TokenEnd};
use crate::routes;

routes! {
    /// Creates a token for a username and its password.
    POST "/sign-in" => sign_in [Access::Password] takes(SignIn) -> 200 SignedIn<'_>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct SignIn {
    username: String,
    #[schemars(with = "String")]
    password: Password,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    description: ShortText,
    /// `read`, `publish` or `admin`; by default `admin`.
    #[serde(default = "widest")]
    #[schemars(with = "Option<String>")]
    scope: TokenScope,
    #[serde(default)]
    lifetime_seconds: Option<i64>,
}

/// The token that was created.
#[derive(Serialize, JsonSchema)]
struct SignedIn<'a> {
    id: String,
    token: &'a str,
    #[schemars(with = "String")]
    scope: TokenScope,
    expires_at: Option<String>,
}

fn widest() -> TokenScope {
    TokenScope::Admin
}

async fn sign_in(
    request: HttpRequest,
    app: web::Data<App>,
    admission: web::Data<Admission>,
    payload: web::Payload,
) -> Result<HttpResponse, PlainProblem> {
    let asked: SignIn = json_body::small_document(&app, payload).await?;
    let username: Username = asked.username.parse().map_err(|_| Error::WrongPassword)?;
    let new = NewToken {
        description: asked.description.if_any(),
        scope: asked.scope,
        restriction: None,
        end: asked.lifetime_seconds.map(TokenEnd::AfterSeconds),
    };
    let user = check_password(&app, &admission, &request, username, asked.password).await?;
    let (token, secret) = app
        .run(move |registry| registry.create_token_at_sign_in(&user, new))
        .await?;
    let shown = SignedIn {
        id: token.id.to_string(),
        token: secret.reveal(),
        scope: token.scope,
        expires_at: token.expires_at.map(|at| at.to_string()),
    };
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(shown))
}
