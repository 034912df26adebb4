//! Sends the requests of a configuration, one resource after the other, and destroys them in the
//! opposite order, as terraform does.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;

use super::step::{Resource, Step};
use crate::harness::Appliance;

const JSON_API: &str = "application/vnd.api+json";

/// A running registry, and what answers of it had.
pub(super) struct Configuration {
    pub(super) registry: Appliance,
    kept: RefCell<BTreeMap<&'static str, String>>,
}

impl Configuration {
    /// Starts a registry for a configuration that makes its organization itself.
    pub(super) fn start() -> Self {
        Self {
            registry: Appliance::start(),
            kept: RefCell::default(),
        }
    }

    /// Starts a registry with the organization that the resources belong to.
    pub(super) fn with_organization(name: &str) -> Self {
        let configuration = Self::start();
        configuration.registry.organization(name, false);
        configuration
    }

    /// Sends everything of the resources up to their destruction, reads all of them once more, which
    /// is what a plan does, and destroys them beginning with the last.
    pub(super) fn walk(&self, resources: &[Resource]) {
        let is_end = |step: &&Step| step.what.contains("destroy");
        for resource in resources {
            for step in resource.steps.iter().filter(|step| !is_end(step)) {
                self.send(resource.name, step);
            }
        }
        for resource in resources {
            let last = resource.steps.iter().rfind(|step| step.what == "read");
            if let Some(last) = last {
                self.send(resource.name, last);
            }
        }
        for resource in resources.iter().rev() {
            for step in resource.steps.iter().filter(is_end) {
                self.send(resource.name, step);
            }
        }
    }

    fn send(&self, resource: &str, step: &Step) {
        let path = self.filled(&step.path);
        let place = format!("{resource}, {}: {} {path}", step.what, step.method);
        let own = step.token.map(|name| self.filled(&format!("{{{name}}}")));
        let token = own.as_deref().unwrap_or(&self.registry.admin);
        let mut request = self.registry.request(step.method, &path, Some(token));
        request = request.header("Accept", JSON_API);
        if step.method != "GET" {
            request = request.header("Content-Type", JSON_API);
        }
        if !step.body.is_null() {
            request = request.body(self.filled(&step.body.to_string()));
        }
        let answer = request.send().expect("an answer");
        let status = answer.status().as_u16();
        let text = answer.text().expect("a body");
        assert_eq!(status, step.status, "{place}: {text}");
        let answer: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        for (pointer, value) in &step.equal {
            let pointer = self.filled(pointer);
            let found = answer.pointer(&pointer).unwrap_or(&Value::Null);
            let value: Value =
                serde_json::from_str(&self.filled(&value.to_string())).expect("still JSON");
            assert_eq!(as_read(found), value, "{place}: {pointer} of {text}");
        }
        for (name, pointer) in &step.keep {
            let value = answer.pointer(pointer).and_then(Value::as_str);
            let value = value.unwrap_or_else(|| panic!("{place}: {pointer} is no text: {text}"));
            self.kept.borrow_mut().insert(name, value.to_owned());
        }
    }

    /// Puts what was kept in the place of its name.
    fn filled(&self, text: &str) -> String {
        let kept = self.kept.borrow();
        kept.iter().fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }
}

/// Returns a value as the client reads it: a time has no fraction that is zero.
fn as_read(value: &Value) -> Value {
    match value.as_str().and_then(|text| text.strip_suffix(".000Z")) {
        Some(time) => Value::from(format!("{time}Z")),
        None => value.clone(),
    }
}
