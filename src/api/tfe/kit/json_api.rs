//! The JSON:API envelope: documents, and answers with its media type.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::MEDIA_TYPE;

/// Which state of the API clients may expect (`tests/fixtures/contracts/json-api.toml#versions`).
pub(crate) const API_VERSION: (&str, &str) = ("tfp-api-version", "2.6");

/// Answers with a JSON:API document.
pub(crate) fn answer(status: StatusCode, document: &impl Serialize) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE)))
        .insert_header(API_VERSION)
        .insert_header(("cache-control", "no-store"))
        .json(document)
}

/// A document of one resource.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{R}Document")]
pub(crate) struct Document<R> {
    data: R,
    /// Resources that are shown beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    included: Option<Vec<Value>>,
}

impl<R: Serialize> Document<R> {
    pub(crate) fn of(data: R) -> Self {
        Self {
            data,
            included: None,
        }
    }

    /// The document with resources beside it, if they are asked for.
    pub(crate) fn including(mut self, included: Option<Vec<Value>>) -> Self {
        self.included = included;
        self
    }

    /// The answer to a request that has read something, or changed it.
    pub(crate) fn answer(&self) -> HttpResponse {
        answer(StatusCode::OK, self)
    }

    /// The answer with another status of success.
    pub(crate) fn answer_with(&self, status: StatusCode) -> HttpResponse {
        answer(status, self)
    }
}

/// Answers with the document of one resource.
pub(crate) fn ok<R: Serialize>(resource: R) -> HttpResponse {
    Document::of(resource).answer()
}

/// Answers with the document of a resource that has just been made.
pub(crate) fn created<R: Serialize>(resource: R) -> HttpResponse {
    Document::of(resource).answer_with(StatusCode::CREATED)
}

/// Answers that it is done.
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

    /// The answer.
    pub(crate) fn answer(&self) -> HttpResponse {
        answer(StatusCode::OK, self)
    }
}

/// The resources of an `included`, which may be of any types.
pub(crate) fn included<R: Serialize>(resources: impl IntoIterator<Item = R>) -> Vec<Value> {
    let written = resources.into_iter().map(serde_json::to_value);
    written.filter_map(Result::ok).collect()
}
