//! `Authorization` header → [`Caller`].

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{Error, FromRequest, HttpRequest, web};
use data_encoding::BASE64;
use futures_util::future::{Either, LocalBoxFuture};

use super::App;
use crate::auth::{Caller, TokenFault, TokenSecret};

/// The caller of a request.
///
/// `Bearer` is what terraform sends. `Basic` with a token as the password comes from a `.netrc`
/// file, which terraform consults for archives.
#[derive(Debug)]
pub struct RequestCaller(pub Caller);

/// The inputs of a handler that depend on the caller. They are ready at once if the caller is known
/// in memory; otherwise the token is looked up off the async threads first.
pub type WithCaller<T> = Either<Ready<Result<T, Error>>, LocalBoxFuture<'static, Result<T, Error>>>;

impl FromRequest for RequestCaller {
    type Error = Error;
    type Future = WithCaller<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        with_caller(request, |_, caller| Ok(Self(caller)))
    }
}

/// Finds the caller of a request, and makes the inputs of its handler.
pub fn with_caller<T: 'static>(
    request: &HttpRequest,
    make: impl FnOnce(&HttpRequest, Caller) -> Result<T, Error> + 'static,
) -> WithCaller<T> {
    let (app, secret) = match presented(request) {
        Ok(presented) => presented,
        Err(fault) => return Either::Left(ready(make(request, Caller::Anonymous(fault)))),
    };
    if let Some(caller) = app.registry.caller_in_memory(&secret) {
        return Either::Left(ready(make(request, caller)));
    }
    let request = request.clone();
    Either::Right(Box::pin(async move {
        let found = app.run(move |registry| registry.caller(&secret)).await;
        let caller = found.map_err(|error| {
            // Only a failing disk gives an error here: a request with a bad token has an anonymous
            // caller.
            let response = super::status::begin(&error).finish();
            InternalError::from_response(error, response)
        })?;
        make(&request, caller)
    }))
}

/// Returns the secret that a request shows, or why it shows none.
fn presented(request: &HttpRequest) -> Result<(web::Data<App>, TokenSecret), TokenFault> {
    let app = request.app_data::<web::Data<App>>();
    let header = request.headers().get(AUTHORIZATION);
    let (app, header) = app.zip(header).ok_or(TokenFault::Missing)?;
    let secret = header.to_str().ok().and_then(secret);
    Ok((app.clone(), secret.ok_or(TokenFault::Unknown)?))
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
