//! Describes the whole API as an `OpenAPI` document, generated from the route table.
//!
//! Source: the `OpenAPI` specification 3.1.0, <https://spec.openapis.org/oas/v3.1.0.html>.

use std::collections::HashMap;
use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::operation::Operation;
use super::refusal_statuses;
use super::route::Route;
use super::router::{Base, parameters};

/// The member of an operation that refuses every request: the status of the refusal.
pub const ALWAYS_REFUSED: &str = "x-always-refused";

/// The document, generated when it is first requested.
#[derive(Debug)]
pub struct OpenApi {
    bases: &'static [Base],
    public_url: String,
    document: OnceLock<Value>,
}

impl OpenApi {
    /// Describes the endpoints of all bases, for the server at this address.
    pub fn of(bases: &'static [Base], public_url: &str) -> Self {
        Self {
            bases,
            public_url: public_url.to_owned(),
            document: OnceLock::new(),
        }
    }

    /// Returns the document as JSON.
    pub fn document(&self) -> &Value {
        self.document.get_or_init(|| {
            let mut writer = Writer::new();
            for base in self.bases {
                for route in base.routes() {
                    if let Some(operation) = &route.operation {
                        writer.add(base, route, operation);
                    }
                }
            }
            writer.document(&self.public_url)
        })
    }
}

struct Writer {
    paths: Map<String, Value>,
    /// How often each operation id has been given: an endpoint may be mounted at several addresses.
    names: HashMap<String, usize>,
    /// Generates the schemas of answers. Each is stored once under its name and referenced.
    given: SchemaGenerator,
    /// Generates the schemas of request bodies. They are small, and may differ from those of
    /// answers.
    taken: SchemaGenerator,
}

impl Writer {
    fn new() -> Self {
        let given = SchemaSettings::draft2020_12()
            .for_serialize()
            .with(|settings| settings.definitions_path = "/components/schemas".into());
        let taken =
            SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
        Self {
            paths: Map::new(),
            names: HashMap::new(),
            given: given.into_generator(),
            taken: taken.into_generator(),
        }
    }

    fn add(&mut self, base: &Base, route: &Route, operation: &Operation) {
        let path = format!("{}{}", base.address, route.path).replace("{*", "{");
        let described = self.operation(base, route, operation);
        let methods = self.paths.entry(path).or_insert_with(|| json!({}));
        if let Some(methods) = methods.as_object_mut() {
            methods.insert(route.method.to_ascii_lowercase(), described);
        }
    }

    fn operation(&mut self, base: &Base, route: &Route, operation: &Operation) -> Value {
        let (group, name) = words(operation.handler);
        let mut described = json!({
            "operationId": self.unique(format!("{group}-{name}")),
            "tags": [group],
            "summary": sentence(operation.summary),
            "description": format!("Needs {}.", route.access.needs()),
            "parameters": self.parameters(route, operation),
            "responses": self.responses(base, route, operation),
        });
        if let Some(members) = described.as_object_mut() {
            if let Some(takes) = operation.takes {
                let content = content(base, takes(&mut self.taken));
                members.insert("requestBody".to_owned(), json!({ "content": content }));
            }
            if !route.access.reads_token() {
                members.insert("security".to_owned(), json!([]));
            }
            if operation.gives.0 >= 400 {
                let status = operation.gives.0.to_string();
                members.insert(ALWAYS_REFUSED.to_owned(), json!(status));
            }
        }
        described
    }

    fn unique(&mut self, name: String) -> String {
        let times = self.names.entry(name.clone()).or_default();
        *times += 1;
        match *times {
            1 => name,
            again => format!("{name}-{again}"),
        }
    }

    fn parameters(&mut self, route: &Route, operation: &Operation) -> Vec<Value> {
        let in_path = parameters(route.path).map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
        });
        let mut all: Vec<Value> = in_path.collect();
        for query in operation.query {
            let (_, schema) = query(&mut self.taken);
            let properties = schema.get("properties").and_then(Value::as_object);
            all.extend(properties.into_iter().flatten().map(|(name, schema)| {
                let described = schema.get("description").and_then(Value::as_str);
                json!({
                    "name": name,
                    "in": "query",
                    "description": described.map(sentence).unwrap_or_default(),
                    "schema": { "type": "string" },
                })
            }));
        }
        all
    }

    fn responses(&mut self, base: &Base, route: &Route, operation: &Operation) -> Value {
        let mut all = Map::new();
        for (status, reason) in refusal_statuses::of(route, operation) {
            all.insert(status.to_string(), self.refusal(base, reason));
        }
        let (status, gives) = operation.gives;
        // An endpoint that always refuses has the status of its refusal in the place of a result.
        let result = if status < 400 {
            let mut result = json!({ "description": "The requested result." });
            if let (Some(gives), Some(members)) = (gives, result.as_object_mut()) {
                let content = content(base, gives(&mut self.given));
                members.insert("content".to_owned(), content);
            }
            result
        } else {
            self.refusal(base, "Every request is refused, with the reason.")
        };
        all.insert(status.to_string(), result);
        let other = "Why the request was refused, in words for its reader.";
        all.insert("default".to_owned(), self.refusal(base, other));
        Value::Object(all)
    }

    fn refusal(&mut self, base: &Base, description: &str) -> Value {
        let mut refused = json!({ "description": description });
        if let (Some(refusal), Some(members)) = (base.refusals.described, refused.as_object_mut()) {
            let content = content(base, refusal(&mut self.given));
            members.insert("content".to_owned(), content);
        }
        refused
    }

    fn document(mut self, public_url: &str) -> Value {
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Terrakeep",
                "version": env!("CARGO_PKG_VERSION"),
                "summary": "A registry of Terraform and OpenTofu modules.",
                "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            },
            "servers": [{ "url": public_url }],
            "security": [{ "token": [] }],
            "paths": self.paths,
            "components": {
                "schemas": self.given.take_definitions(true),
                "securitySchemes": {
                    "token": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": "A token of a user, a team or an organization.",
                    },
                },
            },
        })
    }
}

/// Returns a body with its media type: its own, or the one of its base.
fn content(base: &Base, (media, schema): (Option<&str>, Schema)) -> Value {
    json!({ media.unwrap_or(base.media): { "schema": schema } })
}

/// Returns the last two parts of a handler's path: the module and the function.
fn words(handler: &str) -> (String, String) {
    let mut words = handler.rsplit("::").map(|word| word.replace('_', "-"));
    let name = words.next().unwrap_or_default();
    (words.next().unwrap_or_default(), name)
}

/// Returns a doc comment joined into one line.
fn sentence(comment: &str) -> String {
    comment.split_whitespace().collect::<Vec<_>>().join(" ")
}
