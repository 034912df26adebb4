//! The parts of resource objects of all types.
//!
//! Source: JSON:API, <https://jsonapi.org/format/1.0/>; `tests/fixtures/contracts/json-api.toml`.

use std::borrow::Cow;
use std::fmt::Display;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// A value that is serialized as its `Display` text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AsText<T>(pub(crate) T);

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

/// The type and the id of a resource.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Reference {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
}

impl Reference {
    pub(crate) fn to(kind: &'static str, id: impl Display) -> Self {
        Self {
            id: id.to_string(),
            kind,
        }
    }
}

/// A relationship to one resource.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ToOne {
    data: Reference,
}

impl ToOne {
    pub(crate) fn of(kind: &'static str, id: impl Display) -> Self {
        Self {
            data: Reference::to(kind, id),
        }
    }
}

/// A relationship to one resource, or to none.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct ToOneOrNone {
    pub(crate) data: Option<Reference>,
}

/// A relationship to any number of resources.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ToMany {
    data: Vec<Reference>,
}

impl ToMany {
    pub(crate) fn of<I: Display>(kind: &'static str, ids: impl IntoIterator<Item = I>) -> Self {
        let data = ids.into_iter().map(|id| Reference::to(kind, id));
        Self {
            data: data.collect(),
        }
    }
}

/// A relationship that is given by an address only.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RelationshipLink {
    links: RelatedLink,
}

impl RelationshipLink {
    pub(crate) fn at(related: String) -> Self {
        Self {
            links: RelatedLink { related },
        }
    }
}

/// The address of the related resources.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RelatedLink {
    pub(crate) related: String,
}

/// The address of the resource itself.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SelfLink {
    #[serde(rename = "self")]
    itself: String,
}

impl SelfLink {
    pub(crate) fn at(itself: String) -> Self {
        Self { itself }
    }
}
