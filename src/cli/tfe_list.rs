//! Lists of the JSON:API, which come in pages.

use serde_json::Value;

use super::client::Client;
use super::error::CliError;

/// How many things one request asks for.
const PAGE: u32 = 100;

/// Returns the resources of a list at a path of the JSON:API, of all its pages.
pub(super) fn all(client: &Client, path: &str) -> Result<Vec<Value>, CliError> {
    let mut resources = Vec::new();
    let mut number = 1;
    loop {
        let query = format!("page%5Bnumber%5D={number}&page%5Bsize%5D={PAGE}");
        let mut page = client.get(&format!("{path}?{query}"))?;
        if let Some(Value::Array(items)) = page.get_mut("data").map(Value::take) {
            resources.extend(items);
        }
        let next = page.pointer("/meta/pagination/next-page");
        match next.and_then(Value::as_u64) {
            Some(next) if next > number => number = next,
            Some(_) | None => return Ok(resources),
        }
    }
}

/// Returns an attribute of a resource; null if it has none.
pub(super) fn attribute<'a>(resource: &'a Value, name: &str) -> &'a Value {
    let attributes = resource.get("attributes");
    let found = attributes.and_then(|attributes| attributes.get(name));
    found.unwrap_or(&Value::Null)
}
