//! `/healthz`, `/readyz` and `/metrics`: for monitoring.

use actix_web::http::header::{CONTENT_TYPE, ContentType};
use actix_web::{HttpResponse, HttpResponseBuilder, web};

use crate::http::access::Access;
use crate::http::admission::Admission;
use crate::http::operation::{Metrics, Text};
use crate::http::{App, PlainProblem, RequestCaller};
use crate::registry::Registry;
use crate::routes;

routes! {
    /// Answers that the server is running.
    GET "/healthz" => alive [Access::Open] -> 200 Text,
    /// Answers whether the registry can read and write.
    GET "/readyz" => ready [Access::Open] -> 200 Text,
    /// Gives measurements, in the format of Prometheus.
    GET "/metrics" => metrics_for_administrators [Access::Site] -> 200 Metrics,
}

async fn alive() -> HttpResponse {
    word(HttpResponse::Ok(), "ok\n")
}

/// Answers only that something is wrong; the log and the metrics say what.
async fn ready(app: web::Data<App>) -> HttpResponse {
    match app.registry.health() {
        Ok(()) => word(HttpResponse::Ok(), "ready\n"),
        Err(_) => word(HttpResponse::ServiceUnavailable(), "not ready\n"),
    }
}

fn word(mut answer: HttpResponseBuilder, word: &'static str) -> HttpResponse {
    answer.content_type(ContentType::plaintext()).body(word)
}

async fn metrics_for_administrators(
    app: web::Data<App>,
    admission: web::Data<Admission>,
    caller: RequestCaller,
) -> Result<HttpResponse, PlainProblem> {
    app.registry.site_grant(&caller.0)?;
    Ok(exposition(&app.registry, &admission))
}

/// Answers on the listener that serves only metrics, which needs no token.
pub(super) async fn metrics_for_all(
    app: web::Data<App>,
    admission: web::Data<Admission>,
) -> HttpResponse {
    exposition(&app.registry, &admission)
}

fn exposition(registry: &Registry, admission: &Admission) -> HttpResponse {
    let metrics = admission.metrics();
    metrics
        .journal_sequence
        .set(i64::try_from(registry.sequence()).unwrap_or(i64::MAX));
    metrics.read_only.set(i64::from(registry.health().is_err()));
    HttpResponse::Ok()
        .insert_header((
            CONTENT_TYPE,
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        ))
        .body(metrics.text())
}
