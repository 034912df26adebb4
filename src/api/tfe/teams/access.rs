//! The `organization-access` of a team, in requests and responses.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value, json};

use crate::api::tfe::not_served::{Constants, part};
use crate::domain::{AccessKind, OrganizationAccess, Team};

/// What the members of a team may do in its organization.
#[derive(Serialize, JsonSchema)]
pub(super) struct AccessAttributes {
    #[serde(flatten)]
    kinds: Kinds,
    #[serde(flatten)]
    not_served: Constants<part::OrganizationAccess>,
}

impl AccessAttributes {
    /// Returns the access that a team gives; the owners may do everything.
    pub(super) fn of(team: &Team) -> Self {
        let access = if team.is_owners() {
            OrganizationAccess::OWNER
        } else {
            team.access
        };
        Self {
            kinds: Kinds(access),
            not_served: Constants::default(),
        }
    }
}

struct Kinds(OrganizationAccess);

impl Serialize for Kinds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for kind in OrganizationAccess::KINDS {
            map.serialize_entry(kind.name, &kind.is_in(self.0))?;
        }
        map.end()
    }
}

impl JsonSchema for Kinds {
    fn schema_name() -> Cow<'static, str> {
        "Kinds".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let required: Vec<_> = OrganizationAccess::KINDS.iter().map(|it| it.name).collect();
        let properties = properties(&json!("boolean"));
        json_schema!({ "type": "object", "properties": properties, "required": required })
    }
}

/// A change of what the members of a team may do: what it does not name stays as it is.
#[derive(Debug, Default)]
pub(super) struct AccessBody(Vec<(&'static AccessKind, bool)>);

impl AccessBody {
    /// Returns the access after the change, where it was `now` before.
    pub(super) fn over(&self, mut now: OrganizationAccess) -> OrganizationAccess {
        for (kind, is_given) in &self.0 {
            kind.put(&mut now, *is_given);
        }
        now
    }
}

impl<'de> Deserialize<'de> for AccessBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let sent = Map::<String, Value>::deserialize(deserializer)?;
        let mut given = Vec::new();
        for kind in OrganizationAccess::KINDS {
            // Some clients write `_` for `-`.
            let value = sent.get(kind.name);
            match value.or_else(|| sent.get(&kind.name.replace('-', "_"))) {
                None | Some(Value::Null) => {}
                Some(Value::Bool(value)) => given.push((kind, *value)),
                Some(_) => {
                    let name = kind.name;
                    return Err(de::Error::custom(format!("`{name}` must be true or false")));
                }
            }
        }
        Ok(Self(given))
    }
}

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
        let described = format!("Its members may {}.", kind.words);
        let schema = json!({ "type": kind_of_value, "description": described });
        (kind.name.to_owned(), schema)
    };
    OrganizationAccess::KINDS.iter().map(property).collect()
}
