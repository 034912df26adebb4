//! The steps that every request passes through: a request id, admission, security headers, the
//! access log and the counters.

use std::borrow::Cow;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ALLOW, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use percent_encoding::percent_decode_str;

use super::admission::{Admission, Refusal};
use super::router::Router;
use super::watched_stream::{Activity, until_sent};
use super::{PLAIN_REFUSALS, address, page, status};
use crate::registry::Error;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps the handling of every request.
pub async fn around(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let Some(admission) = request.app_data::<web::Data<Admission>>().cloned() else {
        return Err(actix_web::error::ErrorInternalServerError("internal error"));
    };
    let id = admission.next_request_id();
    let underway = request.conn_data::<Activity>().map(Activity::begin);
    address::normalise(&mut request);
    let mut response = match admission.admit(&request) {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(refusal) => {
            let answer = refused(&refusal, request.request());
            request.into_response(answer)
        }
    };
    let status = response.status();
    if status.is_server_error() {
        status::log_fault(response.response(), &id);
    }
    admission
        .metrics()
        .record(response.request().method(), status, started.elapsed());
    if tracing::enabled!(target: "terrakeep::access", tracing::Level::DEBUG) {
        log(&response, &id, started);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    secure(response.headers_mut(), admission.is_https());
    let response = page::finish(response, &id, admission.is_https()).await;
    Ok(match underway {
        Some(underway) => response.map_body(|_, body| until_sent(body, underway)),
        None => response,
    })
}

fn log(response: &ServiceResponse<BoxBody>, id: &str, started: Instant) {
    let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
    // Logs the path only: a query can hold a signature.
    let path = without_secret(response.request().path());
    tracing::debug!(
        target: "terrakeep::access",
        id,
        method = %response.request().method(),
        path = &*path,
        status = response.status().as_u16(),
        milliseconds,
    );
}

/// Returns a path for the log. What follows the start of an upload link is secret, so it is hidden,
/// however the link is spelled and whether or not it exists.
fn without_secret(path: &str) -> Cow<'_, str> {
    let plain = percent_decode_str(path).decode_utf8_lossy();
    let start = if plain.starts_with("/_archivist/") {
        "/_archivist"
    } else if plain.starts_with("/v1/") && !plain.starts_with("/v1/modules") {
        "/v1"
    } else if let Some((start, _)) = plain.split_once("/object/") {
        start
    } else {
        return Cow::Borrowed(path);
    };
    Cow::Owned(format!("{start}/***"))
}

/// Returns the answer to a request that is refused at admission.
fn refused(refusal: &Refusal, request: &HttpRequest) -> HttpResponse {
    let begun = begin_refusal(refusal).finish();
    let (status, message) = (begun.status(), refusal.to_string());
    let mut answer = match request.app_data::<web::Data<Router>>() {
        Some(router) => router.refuse(request, status, &message),
        None => (PLAIN_REFUSALS.refused)(request, status, &message),
    };
    for (name, value) in begun.headers() {
        answer.headers_mut().insert(name.clone(), value.clone());
    }
    answer
}

fn begin_refusal(refusal: &Refusal) -> HttpResponseBuilder {
    match refusal {
        Refusal::TooMany {
            retry_after_seconds,
        } => {
            let slow_down = Error::TooManyRequests {
                retry_after_seconds: *retry_after_seconds,
            };
            status::begin(&slow_down)
        }
        Refusal::Method => {
            let mut answer = HttpResponse::MethodNotAllowed();
            answer.insert_header((ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE"));
            answer
        }
        Refusal::UnknownHost(_) => HttpResponse::MisdirectedRequest(),
        Refusal::LongUrl { .. } => HttpResponse::UriTooLong(),
        Refusal::Condition(_) => HttpResponse::PreconditionFailed(),
    }
}

/// Adds the headers that every answer has: whatever it contains, a browser runs and frames nothing.
fn secure(headers: &mut HeaderMap, https: bool) {
    const POLICY: &str =
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox";
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if https {
        let a_year = HeaderValue::from_static("max-age=31536000");
        headers.insert(STRICT_TRANSPORT_SECURITY, a_year);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t33_the_secret_of_an_upload_link_stays_out_of_the_log() {
        for (path, expected) in [
            ("/_archivist/v1/object/tku_abc", "/_archivist/***"),
            ("/_archivist/v1/obj%65ct/tku_abc", "/_archivist/***"),
            ("/%5Farchivist/v1/object/tku_abc", "/_archivist/***"),
            ("/_archivist/v1/object%2Ftku_abc", "/_archivist/***"),
            ("/v1/object/tku_abc", "/v1/***"),
            ("/v1/%6Fbject/tku_abc", "/v1/***"),
            ("/%76%31/object/tku_abc", "/v1/***"),
            ("/registry/v1/object/tku_abc", "/registry/v1/***"),
            (
                "/v1/modules/acme/vpc/aws/1.0.0",
                "/v1/modules/acme/vpc/aws/1.0.0",
            ),
            ("/v1/modules?", "/v1/modules?"),
            ("/healthz", "/healthz"),
        ] {
            assert_eq!(without_secret(path), expected, "{path}");
        }
    }
}
