//! Turns errors into the JSON:API error object.
//!
//! Source: `tests/fixtures/contracts/json-api.toml#error-status`: `status` is a string, or clients
//! cannot decode the answer. A body is always there: one client fails without it.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use schemars::JsonSchema;
use serde::Serialize;

use super::MEDIA_TYPE;
use crate::http::operation::DescribeBody;
use crate::http::router::Refusals;
use crate::http::status;
use crate::registry::{Error, Kind};

const JSON_API: HeaderValue = HeaderValue::from_static(MEDIA_TYPE);

/// The error that handlers of this wing return: one fault or several, of which the first decides
/// the status.
#[derive(Debug)]
pub(crate) struct Problem {
    first: Error,
    others: Vec<Error>,
    /// The place of the first fault; `None` if the error says it.
    pointer: Option<String>,
}

/// The result that handlers of this wing return.
pub(crate) type Reply = Result<HttpResponse, Problem>;

impl Problem {
    /// Makes the problem of a request document with several faults.
    pub(crate) fn several(first: Error, others: Vec<Error>) -> Self {
        Self {
            first,
            others,
            pointer: None,
        }
    }

    /// Makes the problem of a document whose `type` is another than the one that belongs there.
    pub(crate) fn wrong_type(sent: &str, right: &str, pointer: &str) -> Self {
        let sent: String = sent.chars().take(60).collect();
        let reason = format!("the type is `{right}` here, and not `{sent}`");
        Self {
            first: Error::Conflict(reason),
            others: Vec::new(),
            pointer: Some(pointer.to_owned()),
        }
    }

    fn errors(&self) -> Vec<ErrorObject> {
        let pointer = self.pointer.clone().map(Source::Pointer);
        let first = ErrorObject::of(&self.first, pointer);
        let others = self.others.iter().map(|error| ErrorObject::of(error, None));
        [first].into_iter().chain(others).collect()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::several(error, Vec::new())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)
    }
}

/// Finds the place of a fault in the request: an attribute, unless the text of `field` says
/// otherwise.
fn source(field: &str) -> Source {
    match field {
        // No part of the document could be read.
        "body" => Source::Pointer(String::new()),
        "q" | "strict" => Source::Parameter(field.to_owned()),
        _ if field.starts_with('/') => Source::Pointer(format!("/data{field}")),
        _ => Source::Pointer(format!("/data/attributes/{field}")),
    }
}

fn title_of(error: &Error) -> &'static str {
    if matches!(error, Error::Validation { .. }) {
        // Clients compare this word together with the detail.
        return "invalid attributes";
    }
    title(error.kind())
}

fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Unauthenticated => "unauthorized",
        Kind::Forbidden => "forbidden",
        Kind::NotFound => "not found",
        Kind::Invalid => "invalid attribute",
        Kind::Conflict => "conflict",
        Kind::TooLarge => "payload too large",
        Kind::Incomplete => "bad request",
        Kind::TooManyRequests => "too many requests",
        Kind::Unavailable => "service unavailable",
        Kind::OverBudget | Kind::NoSpace => "insufficient storage",
        Kind::Internal => "internal server error",
    }
}

/// The responses of this wing to requests that reach none of its endpoints.
pub const REFUSALS: Refusals = Refusals {
    missing: |_| Problem::from(Error::NotFound("the address".to_owned())).error_response(),
    refused: |_, status, reason| {
        let title = status.canonical_reason().unwrap_or("refused");
        let error = ErrorObject {
            status: status.as_str().to_owned(),
            title: title.to_ascii_lowercase(),
            detail: reason.to_owned(),
            source: None,
        };
        HttpResponse::build(status)
            .insert_header((CONTENT_TYPE, JSON_API))
            .json(Refusal {
                errors: vec![error],
            })
    },
    described: Some(<Refusal as DescribeBody>::describe),
};

/// The document of an error response.
#[derive(Serialize, JsonSchema)]
struct Refusal {
    errors: Vec<ErrorObject>,
}

#[derive(Serialize, JsonSchema)]
struct ErrorObject {
    /// The status code, as a string.
    status: String,
    title: String,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
}

/// The place of a fault in the request.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Source {
    /// A JSON pointer into the document.
    Pointer(String),
    /// The name of a parameter in the query.
    Parameter(String),
}

impl ErrorObject {
    /// Makes the object of an error; without a `source`, the error says where the fault is.
    fn of(error: &Error, place: Option<Source>) -> Self {
        Self {
            status: status::code(error.kind()).as_str().to_owned(),
            title: title_of(error).to_owned(),
            detail: error.to_string(),
            source: place.or_else(|| error.field().map(source)),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        status::code(self.first.kind())
    }

    fn error_response(&self) -> HttpResponse {
        status::begin(&self.first)
            .insert_header((CONTENT_TYPE, JSON_API))
            .json(Refusal {
                errors: self.errors(),
            })
    }
}
