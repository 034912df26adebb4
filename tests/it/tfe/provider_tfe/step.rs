//! One request of a resource, and what its answer must have.

use serde_json::{Value, json};

/// A request of the provider. Its path and its body may name what earlier answers had, as in
/// `{team}`.
pub(super) struct Step {
    /// What the provider does: create, read, update, import or destroy.
    pub(super) what: &'static str,
    pub(super) method: &'static str,
    pub(super) path: String,
    /// Null if the request has no body.
    pub(super) body: Value,
    pub(super) status: u16,
    /// Pointers into the answer, with the values that must be there.
    pub(super) equal: Vec<(String, Value)>,
    /// Names for values of the answer that later requests use, with the pointers to them.
    pub(super) keep: Vec<(&'static str, &'static str)>,
    /// The name of the kept token that the request is made with; `None` for an administrator's.
    pub(super) token: Option<&'static str>,
}

/// A resource of the configuration: its name there, and its requests from creation to destruction.
pub(super) struct Resource {
    pub(super) name: &'static str,
    pub(super) steps: Vec<Step>,
}

impl Resource {
    pub(super) fn new(name: &'static str, steps: Vec<Step>) -> Self {
        Self { name, steps }
    }
}

impl Step {
    fn new(what: &'static str, method: &'static str, path: &str, body: Value, status: u16) -> Self {
        Self {
            what,
            method,
            path: path.to_owned(),
            body,
            status,
            equal: Vec::new(),
            keep: Vec::new(),
            token: None,
        }
    }

    /// A request that creates.
    pub(super) fn create(path: &str, body: Value) -> Self {
        Self::new("create", "POST", path, body, 201)
    }

    /// A request that reads after a creation or a change.
    pub(super) fn read(path: &str) -> Self {
        Self::new("read", "GET", path, Value::Null, 200)
    }

    /// A request that changes.
    pub(super) fn update(path: &str, body: Value) -> Self {
        Self::new("update", "PATCH", path, body, 200)
    }

    /// A request that looks for what is imported.
    pub(super) fn import(path: &str) -> Self {
        Self::new("import", "GET", path, Value::Null, 200)
    }

    /// A request that destroys.
    pub(super) fn destroy(path: &str) -> Self {
        Self::new("destroy", "DELETE", path, Value::Null, 204)
    }

    /// A read after the destruction: nothing is there any more.
    pub(super) fn gone(path: &str) -> Self {
        Self::new("read after destroy", "GET", path, Value::Null, 404)
    }

    /// The same request with another status of success, or a refusal that the provider expects.
    pub(super) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same request with another method.
    pub(super) fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    /// The same request with a body.
    pub(super) fn body(mut self, body: Value) -> Self {
        self.body = body;
        self
    }

    /// The same request with a token that an earlier answer had.
    pub(super) fn with_token(mut self, name: &'static str) -> Self {
        self.token = Some(name);
        self
    }

    /// Demands a value at a pointer of the answer.
    pub(super) fn equal(mut self, pointer: &str, value: Value) -> Self {
        self.equal.push((pointer.to_owned(), value));
        self
    }

    /// Demands that the resource has these attributes.
    pub(super) fn attributes(mut self, attributes: &Value) -> Self {
        for (name, value) in attributes.as_object().expect("attributes") {
            let pointer = format!("/data/attributes/{name}");
            self.equal.push((pointer, value.clone()));
        }
        self
    }

    /// Demands that the list of the answer, wherever it lies, has exactly these values in this order.
    pub(super) fn list(mut self, pointer: &str, field: &str, values: &[Value]) -> Self {
        for (number, value) in values.iter().enumerate() {
            let pointer = format!("{pointer}/{number}{field}");
            self.equal.push((pointer, value.clone()));
        }
        let end = format!("{pointer}/{}", values.len());
        self.equal.push((end, Value::Null));
        self
    }

    /// Keeps a value of the answer under a name.
    pub(super) fn keep(mut self, name: &'static str, pointer: &'static str) -> Self {
        self.keep.push((name, pointer));
        self
    }
}

/// Makes the document of a resource as the client writes it.
pub(super) fn document(kind: &str, attributes: &Value) -> Value {
    json!({ "data": { "type": kind, "attributes": attributes } })
}
