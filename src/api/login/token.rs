//! `POST /oauth/token`: a code that a browser brought becomes a token. Neither cookies nor tokens are
//! read here, and no page of another site may read the answer.

use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;

use super::problem::Problem;
use crate::auth::SignInSecret;
use crate::domain::{LOGIN_CLIENT, ShortText};
use crate::http::access::Access;
use crate::http::form_body::Form;
use crate::http::operation::FormFields;
use crate::http::{App, form_body};
use crate::registry::{LoginExchange, LoginRefusal};
use crate::routes;

routes! {
    /// Exchanges the code that a browser brought for a token, as `terraform login` does.
    POST "/oauth/token" => exchange [Access::Code] takes(FormFields<TokenRequest>) -> 200 LoginToken<'_>,
}

/// The most characters of the client's name that a token is named after.
const LONGEST_NAME: usize = 120;

/// The fields of a request.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "it describes the fields, which are read one by one"
)]
struct TokenRequest {
    /// `authorization_code`
    grant_type: String,
    /// `terraform-cli`
    client_id: String,
    code: String,
    /// The address that the code was asked for with.
    redirect_uri: String,
    /// The text, of 43 to 128 characters, whose SHA-256 the code was asked for with.
    code_verifier: String,
}

/// The token that was made.
#[derive(Serialize, JsonSchema)]
struct LoginToken<'a> {
    access_token: &'a str,
    token_type: &'static str,
}

async fn exchange(
    request: HttpRequest,
    app: web::Data<App>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = form_body::fields(&app, &request, payload).await?;
    let exchange = read(&sent, description(&request))?;
    let made = app.run(move |registry| registry.exchange_login_code(exchange));
    let (_, secret) = made.await?.map_err(Problem::Refused)?;
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .insert_header(("pragma", "no-cache"))
        .json(LoginToken {
            access_token: secret.reveal(),
            token_type: "bearer",
        }))
}

fn read(sent: &Form, description: ShortText) -> Result<LoginExchange, Problem> {
    let wrong = |reason| Problem::Request("invalid_request", reason);
    let field = |name| sent.single(name);
    match field("grant_type")? {
        Some("authorization_code") => {}
        Some(_) => {
            let reason = "`grant_type` must be `authorization_code`";
            return Err(Problem::Request("unsupported_grant_type", reason));
        }
        None => return Err(wrong("`grant_type` is missing; write `authorization_code`")),
    }
    if field("client_id")? != Some(LOGIN_CLIENT) {
        let reason = "`client_id` must be `terraform-cli`";
        return Err(Problem::Request("invalid_client", reason));
    }
    let code = field("code")?.ok_or_else(|| wrong("`code` is missing"))?;
    let redirect = field("redirect_uri")?.ok_or_else(|| wrong("`redirect_uri` is missing"))?;
    let verifier = field("code_verifier")?.ok_or_else(|| wrong("`code_verifier` is missing"))?;
    Ok(LoginExchange {
        code: SignInSecret::parse(code).ok_or(Problem::Refused(LoginRefusal::Unknown))?,
        redirect: redirect.parse().ok(),
        verifier: verifier.to_owned(),
        description,
    })
}

/// Returns what the token is named after: the command, and the program as it calls itself.
fn description(request: &HttpRequest) -> ShortText {
    let agent = request.headers().get(USER_AGENT);
    let agent = agent
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let agent: String = agent
        .chars()
        .filter(|letter| !letter.is_control())
        .take(LONGEST_NAME)
        .collect();
    let command = if agent.starts_with("OpenTofu") {
        "tofu login"
    } else {
        "terraform login"
    };
    let text = match agent.trim() {
        "" => command.to_owned(),
        agent => format!("{command}, {agent}"),
    };
    text.parse().unwrap_or_default()
}
