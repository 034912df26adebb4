//! The kept attributes in responses: what a client set, or the default.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::attribute::Constant;
use super::kept_of;
use super::parts::IsPart;
use crate::domain::KeptAttributes;

/// Every kept attribute of a part. A document has it as a flattened field.
#[derive(Debug)]
pub(crate) struct KeptAnswer<P> {
    row: KeptAttributes,
    part: PhantomData<P>,
}

impl<P> KeptAnswer<P> {
    /// Makes the attributes out of what a row keeps.
    pub(crate) fn of(row: &KeptAttributes) -> Self {
        Self {
            row: row.clone(),
            part: PhantomData,
        }
    }
}

impl<P: IsPart> Serialize for KeptAnswer<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (_, attribute, _) in kept_of(P::PART) {
            match self.row.get(attribute.path) {
                Some(value) => map.serialize_entry(attribute.name(), value)?,
                None => map.serialize_entry(attribute.name(), &attribute.is)?,
            }
        }
        map.end()
    }
}

impl<P: IsPart> JsonSchema for KeptAnswer<P> {
    fn schema_name() -> Cow<'static, str> {
        "KeptAnswer".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for (feature, attribute, kind) in kept_of(P::PART) {
            let kind = if matches!(attribute.is, Constant::Null) {
                json!([kind.schema_type(), "null"])
            } else {
                json!(kind.schema_type())
            };
            let described = format!("{}: {}.", feature.feature, feature.reason);
            let property = json!({ "type": kind, "description": described });
            properties.insert(attribute.name().to_owned(), property);
            required.push(Value::from(attribute.name()));
        }
        json_schema!({ "type": "object", "properties": properties, "required": required })
    }
}
