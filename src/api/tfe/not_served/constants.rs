//! The attributes of features that are not served, in responses.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::attributes_of;
use super::parts::IsPart;

/// Every attribute of a part that always has the same value. A document has it as a flattened
/// field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Constants<P>(PhantomData<P>);

impl<P> Default for Constants<P> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<P: IsPart> Serialize for Constants<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (_, attribute) in attributes_of(P::PART) {
            if attribute.is_constant() {
                map.serialize_entry(attribute.name(), &attribute.is)?;
            }
        }
        map.end()
    }
}

impl<P: IsPart> JsonSchema for Constants<P> {
    fn schema_name() -> Cow<'static, str> {
        "Constants".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for (feature, attribute) in attributes_of(P::PART) {
            if attribute.is_constant() {
                let described = format!("There is nothing of this here: {}.", feature.feature);
                let property = json!({ "const": attribute.is, "description": described });
                properties.insert(attribute.name().to_owned(), property);
                required.push(Value::from(attribute.name()));
            }
        }
        json_schema!({ "type": "object", "properties": properties, "required": required })
    }
}
