//! `/.well-known/terraform.json`: where terraform finds the other services.
//!
//! Source: `tests/fixtures/contracts/discovery-and-login.toml`: `tfe.v2` is what `terraform login`
//! looks for. Paths are absolute and end with a slash, which every client understands; any token,
//! good or bad, is ignored.

use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;

use super::{MODULE_BASES, PROVIDER_BASES, Problem};
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
}

async fn discovery(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let document = Document::remembered(&app.documents, "discovery", 0, || {
        let ([modules, ..], [providers, ..]) = (MODULE_BASES, PROVIDER_BASES);
        Document::render(&Services {
            modules: format!("{modules}/"),
            providers: format!("{providers}/"),
            tfe: TFE,
            tfe_2_1: TFE,
            tfe_2_2: TFE,
        })
    })?;
    Ok(document.answer(&request))
}
