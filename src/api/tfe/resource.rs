//! What resource objects of all kinds consist of.
//!
//! Source: JSON:API, <https://jsonapi.org/format/1.0/>; `tests/fixtures/contracts/json-api.toml`.

use std::borrow::Cow;
use std::fmt::Display;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// A value as it is written for people.
#[derive(Debug, Clone, Copy)]
pub(super) struct AsText<T>(pub(super) T);

impl<T: Display> Serialize for AsText<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<T> JsonSchema for AsText<T> {
    fn schema_name() -> Cow<'static, str> {
        "AsText".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

/// What names a resource.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Reference {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

impl Reference {
    pub(super) fn to(kind: &'static str, id: impl Display) -> Self {
        Self {
            id: id.to_string(),
            kind,
        }
    }
}

/// A relationship to one resource.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ToOne {
    data: Reference,
}

impl ToOne {
    pub(super) fn of(kind: &'static str, id: impl Display) -> Self {
        Self {
            data: Reference::to(kind, id),
        }
    }
}

/// A relationship to one resource, or to none.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(super) struct ToOneOrNone {
    pub(super) data: Option<Reference>,
}

/// A relationship to any number of resources.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ToMany {
    data: Vec<Reference>,
}

impl ToMany {
    pub(super) fn of<I: Display>(kind: &'static str, ids: impl IntoIterator<Item = I>) -> Self {
        let data = ids.into_iter().map(|id| Reference::to(kind, id));
        Self {
            data: data.collect(),
        }
    }
}

/// A relationship to what lies at another address.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RelationshipLink {
    links: RelatedLink,
}

impl RelationshipLink {
    pub(super) fn at(related: String) -> Self {
        Self {
            links: RelatedLink { related },
        }
    }
}

/// Where what is related lies.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RelatedLink {
    pub(super) related: String,
}

/// Where the resource itself lies.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SelfLink {
    #[serde(rename = "self")]
    itself: String,
}

impl SelfLink {
    pub(super) fn at(itself: String) -> Self {
        Self { itself }
    }
}
