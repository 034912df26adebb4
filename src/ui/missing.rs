//! The answer to an address that nothing is at: a page for browsers, a document for programs.

use actix_web::http::header::ACCEPT;
use actix_web::{HttpRequest, HttpResponse};

use super::problem::Problem;
use crate::http::PlainProblem;
use crate::registry::Error;

/// Says that nothing is here.
pub async fn page(request: HttpRequest) -> Result<HttpResponse, actix_web::Error> {
    let accept = request.headers().get(ACCEPT);
    let browser = accept
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let error = Error::NotFound("the address".to_owned());
    if browser {
        Err(Problem::from(error).into())
    } else {
        Err(PlainProblem::from(error).into())
    }
}
