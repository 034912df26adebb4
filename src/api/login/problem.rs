//! Error → the document of RFC 6749, section 5.2. terraform and tofu show its description.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use crate::http::status;
use crate::registry::{Error, Kind, LoginRefusal};

/// The error type of this wing's handlers.
#[derive(Debug)]
pub(super) enum Problem {
    /// The code is worth no token.
    Refused(LoginRefusal),
    /// The request is not one of RFC 6749: its error code, and what is wrong.
    Request(&'static str, &'static str),
    /// The registry returned an error.
    Error(Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Request(_, wrong) => f.write_str(wrong),
            Self::Error(error) => error.fmt(f),
        }
    }
}

/// The document of a refusal.
#[derive(Serialize)]
struct Document {
    error: &'static str,
    error_description: String,
}

impl Problem {
    fn code(&self) -> &'static str {
        match self {
            Self::Refused(LoginRefusal::SaidNo) => "access_denied",
            Self::Refused(
                LoginRefusal::Unknown
                | LoginRefusal::Expired
                | LoginRefusal::UsedBefore
                | LoginRefusal::OtherProgram
                | LoginRefusal::SignedOut,
            ) => "invalid_grant",
            Self::Request(code, _) => code,
            Self::Error(error) => match error.kind() {
                Kind::TooManyRequests | Kind::Unavailable | Kind::NoSpace => {
                    "temporarily_unavailable"
                }
                Kind::Internal => "server_error",
                Kind::Unauthenticated
                | Kind::Forbidden
                | Kind::NotFound
                | Kind::Invalid
                | Kind::Conflict
                | Kind::TooLarge
                | Kind::Incomplete
                | Kind::OverBudget => "invalid_request",
            },
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Refused(_) | Self::Request(..) => StatusCode::BAD_REQUEST,
            // Only what the body says can be wrong, and that is 400 by the standard.
            Self::Error(error) if error.kind() == Kind::Invalid => StatusCode::BAD_REQUEST,
            Self::Error(error) => status::code(error.kind()),
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = match self {
            Self::Error(error) => status::begin(error),
            Self::Refused(_) | Self::Request(..) => HttpResponse::BadRequest(),
        };
        answer.status(self.status_code());
        answer.insert_header(("cache-control", "no-store"));
        answer.json(Document {
            error: self.code(),
            error_description: self.to_string(),
        })
    }
}
