//! Error → `{"errors": ["…"]}`, which terraform shows to its user word for word.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use schemars::JsonSchema;
use serde::Serialize;

use super::operation::DescribeBody;
use super::path::NotAName;
use super::router::Refusals;
use super::status;
use crate::auth::Caller;
use crate::registry::Error;

/// The error type of handlers whose API has no error document of its own.
#[derive(Debug)]
pub struct PlainProblem(Error);

impl From<Error> for PlainProblem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<NotAName> for PlainProblem {
    fn from(_: NotAName) -> Self {
        Self(Error::NotFound("the module".to_owned()))
    }
}

impl PlainProblem {
    /// Returns the answer to a path whose names are not valid: the same as for names that do not
    /// exist.
    pub fn unseen(caller: &Caller) -> Self {
        match caller {
            Caller::Anonymous(fault) => Error::Unauthenticated(*fault).into(),
            Caller::Operator | Caller::Token(_) => NotAName.into(),
        }
    }
}

impl fmt::Display for PlainProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The refusals of a base in this form.
pub const PLAIN_REFUSALS: Refusals = Refusals {
    missing: |_| PlainProblem(Error::NotFound("the address".to_owned())).error_response(),
    refused: |_, status, reason| HttpResponse::build(status).json(Document::of(reason)),
    described: Some(<Document as DescribeBody>::describe),
};

/// The document of a refusal.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PlainRefusal")]
struct Document {
    errors: [String; 1],
}

impl Document {
    fn of(reason: &(impl ToString + ?Sized)) -> Self {
        Self {
            errors: [reason.to_string()],
        }
    }
}

impl ResponseError for PlainProblem {
    fn status_code(&self) -> StatusCode {
        // The JSON:API says 422 here, since its clients expect that.
        if matches!(self.0, Error::AlreadyExists(_)) {
            return StatusCode::CONFLICT;
        }
        status::code(self.0.kind())
    }

    fn error_response(&self) -> HttpResponse {
        status::begin(&self.0)
            .status(self.status_code())
            .json(Document::of(&self.0))
    }
}
