//! The attributes of features that are not served, in requests.

use serde_json::{Map, Value, json};

use super::attribute::{Attribute, OtherValues};
use super::{NotServed, Part, attributes_of};
use crate::registry::Error;

/// Refuses attributes that ask for something that this registry does not do. Clients also send the
/// values that mean nothing, and those that are so already; both are taken.
pub(crate) fn check(part: Part, attributes: &Map<String, Value>) -> Result<(), Error> {
    for (feature, attribute) in attributes_of(part) {
        let value = find(attributes, attribute.path);
        let asks = value.is_some_and(|value| !attribute.is.allows(value));
        if asks && matches!(attribute.other_values, OtherValues::Refused) {
            return Err(feature.refuse(attribute.path));
        }
    }
    Ok(())
}

/// Adds to the schema of a request's attributes which values are taken, and why no others are.
pub(crate) fn describe(part: Part, properties: &mut Map<String, Value>) {
    for (feature, attribute) in attributes_of(part) {
        if let OtherValues::Never | OtherValues::Stored(_) = attribute.other_values {
            continue;
        }
        let mut place = &mut *properties;
        let mut names = attribute.path.split('/').peekable();
        while let Some(name) = names.next() {
            let entry = place.entry(name);
            if names.peek().is_none() {
                entry.or_insert_with(|| attribute.schema(feature));
                break;
            }
            let inside =
                entry.or_insert_with(|| json!({ "type": ["object", "null"], "properties": {} }));
            let Some(Value::Object(inside)) = inside.get_mut("properties") else {
                break;
            };
            place = inside;
        }
    }
}

/// Finds an attribute by its path; some clients write `_` for `-`.
pub(super) fn find<'a>(attributes: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let (name, rest) = match path.split_once('/') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let value = attributes
        .get(name)
        .or_else(|| attributes.get(&name.replace('-', "_")))?;
    match rest {
        Some(rest) => find(value.as_object()?, rest),
        None => Some(value),
    }
}

impl Attribute {
    fn schema(&self, feature: &NotServed) -> Value {
        let reason = feature.reason;
        match self.other_values {
            OtherValues::Refused => {
                let mut taken = vec![json!(self.is)];
                if !taken.contains(&Value::Null) {
                    taken.push(Value::Null);
                }
                json!({ "enum": taken, "description": format!("Nothing else is taken: {reason}.") })
            }
            OtherValues::Stored(_) | OtherValues::Never => {
                json!({ "description": format!("Without any effect: {reason}.") })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(part: Part, attributes: &Value) -> Option<&'static str> {
        let attributes = attributes.as_object().expect("an object");
        check(part, attributes)
            .err()
            .and_then(|error| error.field())
    }

    #[test]
    fn s1_s2_s3_what_would_be_believed_is_refused_and_what_is_so_is_taken() {
        for (attributes, expected) in [
            // This one is kept and given back, so it is read elsewhere.
            (json!({ "no-code": true }), None),
            (json!({ "vcs-repo": {} }), Some("vcs-repo")),
            (json!({ "vcs_repo": null }), None),
            (
                json!({ "test-config": { "tests_enabled": true } }),
                Some("test-config/tests-enabled"),
            ),
            (
                json!({ "test-config": { "agent-pool-id": "apool-1" } }),
                Some("test-config/agent-pool-id"),
            ),
            (
                json!({ "test-config": {
                    "tests-enabled": false, "agent-execution-mode": "remote", "agent-pool-id": "",
                } }),
                None,
            ),
        ] {
            assert_eq!(refused(Part::Module, &attributes), expected, "{attributes}");
        }
    }

    #[test]
    fn p12_clients_may_send_the_values_that_mean_nothing() {
        for (attributes, expected) in [
            (
                json!({ "collaborator-auth-policy": "two_factor_mandatory" }),
                Some("collaborator-auth-policy"),
            ),
            (
                // What the provider `tfe` sends with each change.
                json!({
                    "collaborator-auth-policy": "password", "user-tokens-enabled": true,
                    "allow-force-delete-workspaces": false, "enforce-hyok": false,
                    "speculative-plan-management-enabled": true, "max-ttl-enabled": false,
                    "owners-team-saml-role-id": "",
                }),
                None,
            ),
        ] {
            let found = refused(Part::Organization, &attributes);
            assert_eq!(found, expected, "{attributes}");
        }
    }
}
