//! `ping`: says that there is an API here, and in which version.
//!
//! Source: `tests/fixtures/contracts/discovery-and-login.toml#ping`: the first call of one client,
//! and of `terraform login`.

use actix_web::HttpResponse;

use crate::api::tfe::kit::{API_VERSION, CURRENT_VERSION};
use crate::http::access::Access;
use crate::routes;

routes! {
    /// Gives the version of the API, in headers.
    GET "/ping" => ping [Access::Open] -> 204,
}

async fn ping() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header(API_VERSION)
        .insert_header(CURRENT_VERSION)
        .insert_header(("tfp-appname", "Terrakeep"))
        .insert_header(("cache-control", "no-store"))
        .finish()
}
