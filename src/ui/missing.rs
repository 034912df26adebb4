//! The answer to an address that nothing is at: a page for browsers, a document for programs.

use actix_web::{HttpRequest, HttpResponse};

use super::problem::{Problem, refusal_page};
use crate::http::accept::wants_page;
use crate::http::router::Nothing;
use crate::http::{PLAIN_NOTHING, PlainProblem, page, wrong_method};
use crate::registry::Error;

/// What this wing answers where it has nothing.
pub const NOTHING: Nothing = Nothing {
    here: |request| problem(request, Error::NotFound("the address".to_owned())).error_response(),
    by_this_method: |request| match refusal_page(&wrong_method(request))
        .filter(|_| wants_page(request))
    {
        Some(html) => page::put(&mut HttpResponse::MethodNotAllowed(), html),
        None => (PLAIN_NOTHING.by_this_method)(request),
    },
};

/// Says what is wrong with an address before anybody looks at what it asks for.
pub fn problem(request: &HttpRequest, error: Error) -> actix_web::Error {
    if wants_page(request) {
        Problem::from(error).into()
    } else {
        PlainProblem::from(error).into()
    }
}
