//! What happens to every request, whatever it asks for: a request id, the checks that need no
//! route, security headers, the access log and the counters.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, web};
use tracing::Instrument;

use super::gate::Gate;
use super::status;
use crate::registry::Error;

/// Wraps every request.
pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let Some(gate) = request.app_data::<web::Data<Gate>>().cloned() else {
        return Err(actix_web::error::ErrorInternalServerError("internal error"));
    };
    let id = gate.next_request_id();
    let method = request.method().clone();
    // The path only: a query can hold a signature, and the path of an upload link is its secret.
    let path = loggable_path(request.path());
    let span = tracing::info_span!("request", %id);
    let mut response = match gate.admit(&request) {
        Ok(()) => next
            .call(request)
            .instrument(span.clone())
            .await?
            .map_into_boxed_body(),
        Err(refusal) => request.into_response(refused(&refusal)),
    };
    if let Ok(value) = HeaderValue::from_str(&id) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), value);
    }
    secure(response.headers_mut(), gate.is_https());
    let (status, elapsed) = (response.status(), started.elapsed());
    gate.metrics().record(&method, status, elapsed);
    span.in_scope(|| {
        let milliseconds = elapsed.as_secs_f64() * 1000.0;
        tracing::debug!(target: "terrakeep::access", %method, path, status = status.as_u16(), milliseconds);
    });
    Ok(response)
}

fn loggable_path(path: &str) -> String {
    match path.rsplit_once("/object/") {
        Some((start, _)) => format!("{start}/object/***"),
        None => path.to_owned(),
    }
}

/// The answer to a request that is turned away before it reaches a wing.
fn refused(error: &super::gate::Refusal) -> HttpResponse {
    let body = serde_json::json!({ "errors": [error.to_string()] });
    match error {
        super::gate::Refusal::TooMany {
            retry_after_seconds,
        } => {
            let slow_down = Error::TooManyRequests {
                retry_after_seconds: *retry_after_seconds,
            };
            status::begin(&slow_down).json(body)
        }
        super::gate::Refusal::UnknownHost(_) => HttpResponse::MisdirectedRequest().json(body),
        super::gate::Refusal::LongUrl { .. } => HttpResponse::UriTooLong().json(body),
    }
}

/// The headers that every answer has (OWASP's secure headers, without anything for scripts: the
/// registry serves none from other places).
fn secure(headers: &mut HeaderMap, https: bool) {
    let mut set = |name: &'static str, value: &'static str| {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "no-referrer");
    set("x-frame-options", "DENY");
    set("cross-origin-resource-policy", "same-origin");
    set(
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox",
    );
    if https {
        set("strict-transport-security", "max-age=31536000");
    }
}
