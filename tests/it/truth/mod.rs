//! Tests that answers are true: what is not done is refused or not shown, links lead somewhere,
//! what is not there is said before a body is judged, and the description fits the answers.

mod described;
mod includes;
mod kept;
mod links;
mod not_served;
mod order;
mod texts;

use serde_json::{Value, json};

use crate::harness::Appliance;

/// Sends a document as the administrator; returns the status and the answer's document.
fn send(registry: &Appliance, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = registry.request(method, path, Some(&registry.admin));
    let request = request.header("Content-Type", "application/vnd.api+json");
    let answer = request.body(body.to_string()).send().expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().unwrap_or_default())
}

/// Makes a document with these attributes, without a type.
fn attributes(attributes: &Value) -> Value {
    json!({ "data": { "attributes": attributes } })
}

/// Returns the place and the text of the first error.
fn fault(document: &Value) -> (&str, &str) {
    let error = &document["errors"][0];
    let pointer = error["source"]["pointer"].as_str().unwrap_or_default();
    (pointer, error["detail"].as_str().unwrap_or_default())
}
