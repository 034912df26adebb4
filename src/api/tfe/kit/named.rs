//! Requests that name resources: `{"data": [{"type": …, "id": …}]}`.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer};
use serde_json::Value;

use super::Problem;
use super::body::{Sent, check_type, type_schema};
use crate::registry::Error;

/// The type of the resources that a request names.
pub(crate) trait NamedType {
    /// The word that `type` has.
    const TYPES: &'static [&'static str];
}

/// Declares types of named resources.
macro_rules! named_types {
    ($($(#[$doc:meta])* $name:ident: $word:literal),+ $(,)?) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub(crate) enum $name {}

        impl NamedType for $name {
            const TYPES: &'static [&'static str] = &[$word];
        }
    )+ };
}

named_types! {
    /// Users.
    Users: "users",
    /// Memberships of an organization.
    Memberships: "organization-memberships",
    /// Organizations.
    Organizations: "organizations",
    /// Teams.
    Teams: "teams",
}

/// A list of resources of one type, each by its id.
#[derive(Debug)]
pub(crate) struct Named<T> {
    resources: Vec<Value>,
    kind: PhantomData<T>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self {
            resources: Vec::new(),
            kind: PhantomData,
        }
    }
}

impl<T: NamedType> Named<T> {
    /// Returns the ids. A resource of another type gets 409; `path` is the place of the list in the
    /// document, as in `/data`.
    pub(crate) fn ids(self, path: &str) -> Result<Vec<String>, Problem> {
        let all = self.resources.into_iter().enumerate();
        all.map(|(number, mut resource)| {
            check_type(
                resource.get("type"),
                T::TYPES,
                &format!("{path}/{number}/type"),
            )?;
            if let Some(Value::String(id)) = resource.get_mut("id").map(Value::take) {
                return Ok(id);
            }
            let word = T::TYPES.first().copied().unwrap_or_default();
            let reason = format!(
                r#"each entry of `data` names one resource, as in {{"type": "{word}", "id": "…"}}"#
            );
            Err(Error::invalid("body", reason).into())
        })
        .collect()
    }
}

impl<'de, T> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut sent = Sent::deserialize(deserializer)?;
        let resources = match sent.remove("data") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(resources)) => resources,
            Some(_) => return Err(serde::de::Error::custom("`data` must be a list")),
        };
        Ok(Self {
            resources,
            kind: PhantomData,
        })
    }
}

impl<T: NamedType> JsonSchema for Named<T> {
    fn schema_name() -> Cow<'static, str> {
        "Named".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "properties": { "data": { "type": "array", "items": {
                "type": "object",
                "properties": { "type": type_schema(T::TYPES), "id": { "type": "string" } },
                "required": ["id"],
            } } },
        })
    }
}
