//! `/.well-known/terraform.json`: where terraform finds the other services.
//!
//! Source: `tests/fixtures/contracts/discovery-and-login.toml`: `tfe.v2` is what `terraform login`
//! looks for. Paths are absolute and end with a slash, which every client understands; any token,
//! good or bad, is ignored. `login.v1` goes before `tfe.v2`: terraform asks for a token to paste only
//! without it.

use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;

use super::{MODULE_BASES, PROVIDER_BASES, Problem};
use crate::domain::LOGIN_CLIENT;
use crate::http::App;
use crate::http::access::Access;
use crate::http::document::Document;
use crate::routes;

routes! {
    /// Lists the services of this registry, for terraform.
    GET "/.well-known/terraform.json" => discovery [Access::Open] -> 200 Services,
}

/// The path of the JSON:API.
const TFE: &str = "/api/v2/";

/// The paths of the services.
#[derive(Serialize, JsonSchema)]
struct Services {
    #[serde(rename = "modules.v1")]
    modules: String,
    #[serde(rename = "providers.v1")]
    providers: String,
    #[serde(rename = "tfe.v2")]
    tfe: &'static str,
    /// The same API, under the names of its later generations: clients ask for one of them only.
    #[serde(rename = "tfe.v2.1")]
    tfe_2_1: &'static str,
    #[serde(rename = "tfe.v2.2")]
    tfe_2_2: &'static str,
    #[serde(rename = "login.v1", skip_serializing_if = "Option::is_none")]
    login: Option<Login>,
}

/// How a client gets a token through a browser.
#[derive(Serialize, JsonSchema)]
struct Login {
    client: &'static str,
    grant_types: [&'static str; 1],
    authz: &'static str,
    token: &'static str,
    /// Left out if clients may use every port.
    #[serde(skip_serializing_if = "Option::is_none")]
    ports: Option<[u16; 2]>,
}

async fn discovery(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let settings = app.registry.settings();
    let ports = settings.login.as_ref().map(|login| login.ports);
    let key = format!("discovery {ports:?}");
    let document = Document::remembered(&app.documents, &key, 0, || {
        let ([modules, ..], [providers, ..]) = (MODULE_BASES, PROVIDER_BASES);
        Document::render(&Services {
            modules: format!("{modules}/"),
            providers: format!("{providers}/"),
            tfe: TFE,
            tfe_2_1: TFE,
            tfe_2_2: TFE,
            login: ports.map(|ports| Login {
                client: LOGIN_CLIENT,
                grant_types: ["authz_code"],
                authz: "/oauth/authorize",
                token: "/oauth/token",
                ports: ports.map(|(first, last)| [first, last]),
            }),
        })
    })?;
    Ok(document.answer(&request))
}
