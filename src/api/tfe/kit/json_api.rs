//! The JSON:API envelope: documents, and responses with its media type.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::MEDIA_TYPE;

/// The header that says which version of the API clients may expect
/// (`tests/fixtures/contracts/json-api.toml#versions`).
pub(crate) const API_VERSION: (&str, &str) = ("tfp-api-version", "2.6");

/// The header that says which version of Terraform Enterprise has the API that is served here. Some
/// clients refuse to call what came with a later one.
pub(crate) const CURRENT_VERSION: (&str, &str) = ("x-tfe-current-version", "2.0.1");

/// Makes a response with a JSON:API document.
pub(crate) fn answer(status: StatusCode, document: &impl Serialize) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE)))
        .insert_header(API_VERSION)
        .insert_header(CURRENT_VERSION)
        .insert_header(("cache-control", "no-store"))
        .json(document)
}

/// A document of one resource.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{R}Document")]
pub(crate) struct Document<R> {
    data: R,
    /// Further resources that the request asked for in `include`; `None` leaves the member out.
    #[serde(skip_serializing_if = "Option::is_none")]
    included: Option<Vec<Value>>,
    /// What the caller should know of the resource and no attribute says; left out if there is
    /// nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Warnings>,
}

/// Sentences for people, in the `meta` of a document.
#[derive(Debug, Serialize, JsonSchema)]
struct Warnings {
    warnings: Vec<String>,
}

impl<R: Serialize> Document<R> {
    pub(crate) fn of(data: R) -> Self {
        Self {
            data,
            included: None,
            meta: None,
        }
    }

    /// Adds a warning for people as `meta.warnings`; `None` adds nothing.
    pub(crate) fn warning(mut self, warning: Option<String>) -> Self {
        self.meta = warning.map(|warning| Warnings {
            warnings: vec![warning],
        });
        self
    }

    /// Adds further resources as `included`; `None` leaves the member out.
    pub(crate) fn including(mut self, included: Option<Vec<Value>>) -> Self {
        self.included = included;
        self
    }

    /// Makes the response with status 200.
    pub(crate) fn answer(&self) -> HttpResponse {
        answer(StatusCode::OK, self)
    }

    /// Makes the response with another status of success.
    pub(crate) fn answer_with(&self, status: StatusCode) -> HttpResponse {
        answer(status, self)
    }
}

/// Makes a response with the document of one resource, and status 200.
pub(crate) fn ok<R: Serialize>(resource: R) -> HttpResponse {
    Document::of(resource).answer()
}

/// Makes a response with the document of a new resource, and status 201.
pub(crate) fn created<R: Serialize>(resource: R) -> HttpResponse {
    Document::of(resource).answer_with(StatusCode::CREATED)
}

/// Makes a response without a body, and status 204.
pub(crate) fn no_content() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// All resources of a list that has no pages.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{R}List")]
pub(crate) struct Unpaged<R> {
    data: Vec<R>,
}

impl<R: Serialize> Unpaged<R> {
    pub(crate) fn of(data: impl IntoIterator<Item = R>) -> Self {
        Self {
            data: data.into_iter().collect(),
        }
    }

    /// Makes the response with this document.
    pub(crate) fn answer(&self) -> HttpResponse {
        answer(StatusCode::OK, self)
    }
}

/// Turns resources of any types into JSON values for `included`.
pub(crate) fn included<R: Serialize>(resources: impl IntoIterator<Item = R>) -> Vec<Value> {
    let written = resources.into_iter().map(serde_json::to_value);
    written.filter_map(Result::ok).collect()
}
