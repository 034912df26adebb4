//! `/healthz`, `/readyz` and `/metrics`: for monitoring.

use actix_web::http::header::{CONTENT_TYPE, ContentType};
use actix_web::{HttpResponse, HttpResponseBuilder, web};

use crate::domain::Timestamp;
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

/// What `/readyz` says while everything works but uploads.
const NEARLY_FULL: &str = "ready, but the disk is nearly full and uploads are refused\n";

async fn alive() -> HttpResponse {
    word(HttpResponse::Ok(), "ok\n")
}

/// Answers what kind of thing is wrong; the log says more, which is not for everybody.
async fn ready(app: web::Data<App>) -> HttpResponse {
    match app.registry.health() {
        Ok(()) if app.registry.has_room() => word(HttpResponse::Ok(), "ready\n"),
        Ok(()) => word(HttpResponse::Ok(), NEARLY_FULL),
        Err(fault) => {
            let reason = format!("not ready: {}\n", fault.in_public());
            word(HttpResponse::ServiceUnavailable(), reason)
        }
    }
}

fn word(mut answer: HttpResponseBuilder, word: impl Into<String>) -> HttpResponse {
    answer
        .content_type(ContentType::plaintext())
        .body(word.into())
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
    metrics.uploads_refused.set(i64::from(!registry.has_room()));
    if let Some(bytes) = registry.free_bytes() {
        metrics
            .disk_free_bytes
            .set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }
    let checked = registry.files_checked();
    let count = i64::try_from(checked.faults.len()).unwrap_or(i64::MAX);
    metrics.damaged_files.set(count);
    metrics
        .files_checked_seconds
        .set(checked.at.map_or(0, Timestamp::as_seconds));
    HttpResponse::Ok()
        .insert_header((
            CONTENT_TYPE,
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
        ))
        .body(metrics.text())
}
