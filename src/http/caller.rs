//! `Authorization` header → [`Caller`].

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};
use data_encoding::BASE64;

use super::App;
use crate::auth::{Caller, TokenFault, TokenSecret};
use crate::registry::Error;

/// The caller of a request.
///
/// `Bearer` is what terraform sends. `Basic` with a token as the password comes from a `.netrc`
/// file, which terraform consults for archives.
#[derive(Debug)]
pub struct RequestCaller(pub Caller);

impl FromRequest for RequestCaller {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(caller(request).map(Self).map_err(|error| {
            // Only a failing disk gives an error here: a request with a bad token has an anonymous
            // caller.
            let response = super::status::begin(&error).finish();
            actix_web::error::InternalError::from_response(error, response).into()
        }))
    }
}

fn caller(request: &HttpRequest) -> Result<Caller, Error> {
    let Some(app) = request.app_data::<web::Data<App>>() else {
        return Ok(Caller::Anonymous(TokenFault::Missing));
    };
    let Some(header) = request.headers().get(AUTHORIZATION) else {
        return Ok(Caller::Anonymous(TokenFault::Missing));
    };
    match header.to_str().ok().and_then(secret) {
        Some(secret) => app.registry.caller(&secret),
        None => Ok(Caller::Anonymous(TokenFault::Unknown)),
    }
}

fn secret(header: &str) -> Option<TokenSecret> {
    let (scheme, rest) = header.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return TokenSecret::parse(rest.trim()).ok();
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let decoded = String::from_utf8(BASE64.decode(rest.trim().as_bytes()).ok()?).ok()?;
        let (_, password) = decoded.split_once(':')?;
        return TokenSecret::parse(password).ok();
    }
    None
}
