//! What every room of this wing needs: who calls, the bodies that are sent, documents and lists
//! that are answered, and problems.
//!
//! A handler takes a [`Call`], or a [`ById`] or [`ByAdministrator`], which answer 401 and 404 before
//! it runs. It asks for its right, reads the body, has the registry do the work, and gives a
//! [`Reply`].

mod body;
mod call;
mod json_api;
mod list;
mod problem;
mod resource;

pub(crate) use body::{Body, OptionalBody, parse, parse_if_any};
pub(crate) use call::{ByAdministrator, ById, Call, ResourceId, organization_of, parse_id};
pub(crate) use json_api::{
    API_VERSION, Document, Unpaged, answer, created, included, no_content, ok,
};
pub(crate) use list::{Page, PageQuery, StatusCounts, includes, matches_part};
pub use problem::REFUSALS;
pub(crate) use problem::{Problem, Reply};
pub(crate) use resource::{
    AsText, Reference, RelatedLink, RelationshipLink, SelfLink, ToMany, ToOne, ToOneOrNone,
};

/// Where the JSON:API is mounted.
pub const BASE: &str = "/api/v2";

/// What its documents are.
pub const MEDIA_TYPE: &str = "application/vnd.api+json";
