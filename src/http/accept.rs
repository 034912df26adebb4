//! Tells whether the answer to a request is read by a person in a browser or by a program.

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT;

/// Returns whether a request asks for an HTML page, which only browsers do.
pub fn wants_page(request: &HttpRequest) -> bool {
    let accept = request.headers().get(ACCEPT);
    accept
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
