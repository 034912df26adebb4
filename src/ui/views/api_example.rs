//! Schema → an example document that fits it.

use serde_json::{Map, Value, json};

/// How deep an example nests at most; schemas may be recursive.
const MAX_DEPTH: usize = 12;

/// Returns an example that fits `schema`, whose references name these `definitions`.
pub(super) fn example(schema: &Value, definitions: &Value) -> Value {
    at_depth(schema, definitions, 0)
}

fn at_depth(schema: &Value, definitions: &Value, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    let below = |schema: &Value| at_depth(schema, definitions, depth + 1);
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or_default();
        return below(&definitions[name]);
    }
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    for choice in ["anyOf", "oneOf", "enum"] {
        if let Some(first) = schema[choice].get(0) {
            return if choice == "enum" {
                first.clone()
            } else {
                below(first)
            };
        }
    }
    match of_type(&schema["type"]) {
        "object" => {
            let properties = schema["properties"].as_object();
            let examples = properties
                .into_iter()
                .flatten()
                .map(|(name, schema)| (name.clone(), below(schema)));
            Value::Object(examples.collect::<Map<_, _>>())
        }
        "array" => json!([below(&schema["items"])]),
        "string" => json!("…"),
        "boolean" => json!(true),
        "integer" | "number" => json!(1),
        _ => Value::Null,
    }
}

/// Returns the type of a schema; of several, the first.
fn of_type(types: &Value) -> &str {
    let first = types.as_array().and_then(|types| types.first());
    first.unwrap_or(types).as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_has_the_shape_of_its_schema() {
        let definitions = json!({
            "Name": { "type": ["string", "null"] },
            "Again": { "type": "object", "properties": { "it": { "$ref": "#/$defs/Again" } } },
        });
        let schema = json!({
            "type": "object",
            "properties": {
                "name": { "$ref": "#/components/schemas/Name" },
                "many": { "type": "array", "items": { "type": "integer" } },
                "one": { "anyOf": [{ "type": "boolean" }, { "type": "null" }] },
                "word": { "enum": ["a", "b"] },
            },
        });
        let expected = json!({ "name": "…", "many": [1], "one": true, "word": "a" });
        assert_eq!(example(&schema, &definitions), expected);
        let endless = example(&json!({ "$ref": "#/$defs/Again" }), &definitions);
        assert!(endless["it"]["it"]["it"].is_object());
    }
}
