//! The answer to an address that nothing is at: a page for browsers, a document for programs.

use actix_web::{HttpRequest, HttpResponse};

use super::problem::Problem;
use crate::http::PlainProblem;
use crate::http::accept::wants_page;
use crate::registry::Error;

/// Says that nothing is here.
pub async fn page(request: HttpRequest) -> Result<HttpResponse, actix_web::Error> {
    Err(problem(&request, Error::NotFound("the address".to_owned())))
}

/// Says what is wrong with an address before anybody looks at what it asks for.
pub fn problem(request: &HttpRequest, error: Error) -> actix_web::Error {
    if wants_page(request) {
        Problem::from(error).into()
    } else {
        PlainProblem::from(error).into()
    }
}
