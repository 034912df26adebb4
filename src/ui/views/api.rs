//! The page that describes the API: its `OpenAPI` document, for readers.

use std::collections::BTreeMap;

use askama::Template;
use serde_json::Value;

use super::PageShell;
use super::api_example::example;
use crate::http::openapi::ALWAYS_REFUSED;

/// The page about the API, `/api`.
#[derive(Template)]
#[template(path = "api.html", config = "assets/askama.toml")]
pub(in crate::ui) struct ApiPage<'a> {
    shell: PageShell,
    url: &'a str,
    groups: Vec<Group<'a>>,
}

/// The endpoints of one subject.
struct Group<'a> {
    name: &'a str,
    endpoints: Vec<Endpoint<'a>>,
}

struct Endpoint<'a> {
    method: String,
    path: &'a str,
    summary: &'a str,
    needs: &'a str,
    parameters: Vec<Parameter<'a>>,
    takes: Option<String>,
    status: &'a str,
    gives: Option<String>,
}

struct Parameter<'a> {
    name: &'a str,
    description: &'a str,
}

impl<'a> ApiPage<'a> {
    pub(in crate::ui) fn of(shell: PageShell, document: &'a Value) -> Self {
        let mut groups: BTreeMap<&str, Vec<Endpoint<'_>>> = BTreeMap::new();
        for (path, methods) in members(at(document, "/paths")) {
            for (method, operation) in members(methods) {
                let endpoint = Endpoint::of((method, path), operation, document);
                groups
                    .entry(text(at(operation, "/tags/0")))
                    .or_default()
                    .push(endpoint);
            }
        }
        let groups = groups.into_iter();
        Self {
            shell,
            url: text(at(document, "/servers/0/url")),
            groups: groups
                .map(|(name, endpoints)| Group { name, endpoints })
                .collect(),
        }
    }
}

impl<'a> Endpoint<'a> {
    fn of((method, path): (&str, &'a str), operation: &'a Value, document: &Value) -> Self {
        let refused = operation.get(ALWAYS_REFUSED).and_then(Value::as_str);
        let is_result =
            |status: &str| refused.map_or(status.starts_with(['2', '3']), |it| it == status);
        let result = members(at(operation, "/responses")).find(|(status, _)| is_result(status));
        let (status, result) = result.unwrap_or(("", &Value::Null));
        let parameters = at(operation, "/parameters")
            .as_array()
            .into_iter()
            .flatten();
        Self {
            method: method.to_ascii_uppercase(),
            path,
            summary: text(at(operation, "/summary")),
            needs: text(at(operation, "/description")),
            parameters: parameters
                .filter(|parameter| at(parameter, "/in") == "query")
                .map(|parameter| Parameter {
                    name: text(at(parameter, "/name")),
                    description: text(at(parameter, "/description")),
                })
                .collect(),
            takes: body(at(operation, "/requestBody/content"), document),
            status,
            gives: body(at(result, "/content"), document),
        }
    }
}

/// Describes a body by an example, or by its media type if it is not JSON.
fn body(content: &Value, document: &Value) -> Option<String> {
    let (media, content) = members(content).next()?;
    if !media.ends_with("json") {
        return Some(media.to_owned());
    }
    let example = example(at(content, "/schema"), at(document, "/components/schemas"));
    serde_json::to_string_pretty(&example).ok()
}

fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.as_str(), value))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
