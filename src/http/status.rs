//! The one table from kinds of errors to status codes, and the headers that belong to them.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, HttpResponseBuilder};

use crate::registry::{Error, Kind};

/// Returns the status code of each kind of error.
pub fn code(kind: Kind) -> StatusCode {
    match kind {
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Incomplete => StatusCode::BAD_REQUEST,
        Kind::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::OverBudget | Kind::NoSpace => StatusCode::INSUFFICIENT_STORAGE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Starts the answer to an error: its status and headers. The wing adds its own body.
///
/// An internal error leaves its chain of causes for the log; the caller gets the request id only.
pub fn begin(error: &Error) -> HttpResponseBuilder {
    let mut answer = HttpResponseBuilder::new(code(error.kind()));
    if let Error::Internal(source) = error {
        answer
            .extensions_mut()
            .insert(Fault(chain(source.as_ref())));
    }
    answer.insert_header((CACHE_CONTROL, "no-store"));
    if error.kind() == Kind::Unauthenticated {
        answer.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"terrakeep\""));
    }
    if let Some(seconds) = error.retry_after_seconds() {
        answer.insert_header((RETRY_AFTER, seconds));
        answer.insert_header(("X-RateLimit-Reset", seconds));
    }
    answer
}

/// The causes of an internal error, attached to the answer for the log.
struct Fault(String);

/// Logs the internal error of an answer: once, and with the request's id.
pub(super) fn log_fault<B>(answer: &HttpResponse<B>, id: &str) {
    if let Some(Fault(causes)) = answer.extensions().get::<Fault>() {
        tracing::error!(id, causes, "internal error");
    }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}
