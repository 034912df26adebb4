//! The answer to an address that does not exist: a page for browsers, a document for programs.

use actix_web::{HttpRequest, HttpResponse};

use super::problem::{Problem, refusal_page};
use crate::http::accept::wants_page;
use crate::http::router::Refusals;
use crate::http::{PLAIN_REFUSALS, PlainProblem, page};
use crate::registry::Error;

/// How this wing refuses requests that reach none of its endpoints.
pub const REFUSALS: Refusals = Refusals {
    missing: |request| problem(request, Error::NotFound("the address".to_owned())).error_response(),
    refused: |request, status, reason| match refusal_page(reason).filter(|_| wants_page(request)) {
        Some(html) => page::put(&mut HttpResponse::build(status), html),
        None => (PLAIN_REFUSALS.refused)(request, status, reason),
    },
    described: None,
};

/// Returns an error about the address itself: as a page for browsers, as a document for programs.
pub fn problem(request: &HttpRequest, error: Error) -> actix_web::Error {
    if wants_page(request) {
        // What programs call an address is a page to people.
        let error = if matches!(error, Error::NotFound(_)) {
            Error::NotFound("the page".to_owned())
        } else {
            error
        };
        Problem::from(error).into()
    } else {
        PlainProblem::from(error).into()
    }
}
