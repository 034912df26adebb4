//! The kept attributes that a request names.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::kept_of;
use super::parts::IsPart;
use super::requests::find;
use crate::domain::KeptChange;
use crate::registry::Error;

/// The kept attributes of a part that a request names. A body has it as a flattened field.
pub(crate) struct KeptRequest<P> {
    sent: Map<String, Value>,
    part: PhantomData<P>,
}

impl<P: IsPart> KeptRequest<P> {
    /// Returns the change that the request asks for: what it does not name stays.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a value of another kind, and for a word that is not taken.
    pub(crate) fn change(&self) -> Result<KeptChange, Error> {
        let mut change = KeptChange::default();
        for (_, attribute, kind) in kept_of(P::PART) {
            if let Some(value) = find(&self.sent, attribute.name()) {
                let value = kind.read(value);
                let value = value.map_err(|reason| Error::invalid(attribute.path, reason))?;
                change.set(attribute.path, value);
            }
        }
        Ok(change)
    }
}

impl<P> Default for KeptRequest<P> {
    fn default() -> Self {
        Self {
            sent: Map::new(),
            part: PhantomData,
        }
    }
}

impl<P> fmt::Debug for KeptRequest<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeptRequest").field(&self.sent).finish()
    }
}

impl<'de, P> Deserialize<'de> for KeptRequest<P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self {
            sent: Map::deserialize(deserializer)?,
            part: PhantomData,
        })
    }
}

impl<P: IsPart> JsonSchema for KeptRequest<P> {
    fn schema_name() -> Cow<'static, str> {
        "KeptRequest".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut properties = Map::new();
        for (feature, attribute, kind) in kept_of(P::PART) {
            let mut schema = kind.request_schema();
            let described = format!("{}: {}.", feature.feature, feature.reason);
            if let Some(schema) = schema.as_object_mut() {
                schema.insert("description".to_owned(), Value::from(described));
            }
            properties.insert(attribute.name().to_owned(), schema);
        }
        json_schema!({ "type": "object", "properties": properties })
    }
}
