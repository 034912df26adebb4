//! Parts that every room of this wing uses: documents, lists, problems, and the caller of a
//! request.
//!
//! A handler takes a [`Call`], or a [`ById`] or [`ByAdministrator`], which answer 401 and 404
//! before it runs. It asks for a grant, reads the body, lets the registry do the work, and returns
//! a [`Reply`].

mod body;
mod call;
mod include;
mod json_api;
mod list;
mod named;
mod problem;
mod resource;
mod tag_bindings;

pub(crate) use body::{
    Body, OneOrList, OptionalBody, RequestAttributes, check_type, parse, parse_if_any,
};
pub(crate) use call::{ByAdministrator, ById, Call, ResourceId, organization_of, parse_id};
pub(crate) use include::{IncludeQuery, Included};
pub(crate) use json_api::{
    API_VERSION, CURRENT_VERSION, Document, Unpaged, answer, created, included, no_content, ok,
};
pub(crate) use list::{Page, PageQuery, StatusCounts, matches_part};
pub(crate) use named::{Memberships, Named, Organizations, Teams, Users};
pub use problem::REFUSALS;
pub(crate) use problem::{Problem, Reply};
pub(crate) use resource::{
    AsText, Reference, RelatedLink, RelationshipLink, SelfLink, ToMany, ToOne, ToOneOrNone,
};
pub(crate) use tag_bindings::{
    TagAttributes, TagBindingResource, TagBindingsBody, TagFilter, TagQuery, TagRelationships,
    ToTags, tag_binding,
};

/// The path that all endpoints of the JSON:API begin with.
pub const BASE: &str = "/api/v2";

/// The media type of JSON:API documents.
pub const MEDIA_TYPE: &str = "application/vnd.api+json";
