//! What every room of this wing needs: documents, lists, problems, and who asks.

mod admin;
mod body;
mod json_api;
mod problem;
mod resource;

pub(crate) use admin::{administrator, wants};
pub(crate) use body::{Body, OptionalBody, parsed};
pub(crate) use json_api::{
    API_VERSION, Document, Page, PageQuery, StatusCounts, Unpaged, answer, answer_one, included,
    page,
};
pub(crate) use problem::unseen;
pub use problem::{Problem, REFUSALS};
pub(crate) use resource::{
    AsText, Reference, RelatedLink, RelationshipLink, SelfLink, ToMany, ToOne, ToOneOrNone,
};

/// Where the JSON:API is mounted.
pub const BASE: &str = "/api/v2";

/// What its documents are.
pub const MEDIA_TYPE: &str = "application/vnd.api+json";
