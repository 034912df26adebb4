//! The `organization-access` of a team, in requests and responses.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::domain::{AccessChange, AccessKind, OrganizationAccess};

/// What the members of a team may do in its organization.
pub(super) struct AccessAttributes(pub(super) OrganizationAccess);

impl Serialize for AccessAttributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for kind in OrganizationAccess::KINDS {
            map.serialize_entry(kind.name, &kind.is_in(self.0))?;
        }
        map.end()
    }
}

impl JsonSchema for AccessAttributes {
    fn schema_name() -> Cow<'static, str> {
        "AccessAttributes".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let required: Vec<_> = OrganizationAccess::KINDS.iter().map(|it| it.name).collect();
        let properties = properties(&json!("boolean"));
        json_schema!({ "type": "object", "properties": properties, "required": required })
    }
}

/// A change of what the members of a team may do.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct AccessBody(pub(super) AccessChange);

impl JsonSchema for AccessBody {
    fn schema_name() -> Cow<'static, str> {
        "AccessBody".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let properties = properties(&json!(["boolean", "null"]));
        json_schema!({
            "description": "What the members of a team may do. What is not named stays as it is.",
            "type": "object",
            "properties": properties,
        })
    }
}

fn properties(kind_of_value: &Value) -> Map<String, Value> {
    let property = |kind: &AccessKind| {
        let mut described = format!("Its members may {}.", kind.words);
        if !kind.has_effect {
            described.push_str(" It is kept, and has no effect yet.");
        }
        let schema = json!({ "type": kind_of_value, "description": described });
        (kind.name.to_owned(), schema)
    };
    OrganizationAccess::KINDS.iter().map(property).collect()
}
