//! Calls a running registry as the contracts say, and compares its responses with them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::calls::nameless;
use super::format::{Around, Call, Contract, contracts};
use crate::harness::Appliance;

/// A registry, the calls that were made to it, and the differences from the contracts.
pub(super) struct Conversation {
    pub(super) registry: Appliance,
    contracts: BTreeMap<String, Contract>,
    /// Calls that were made, by contract and number.
    made: BTreeSet<(String, usize)>,
    faults: String,
}

impl Conversation {
    /// Starts a new registry.
    pub(super) fn start() -> Self {
        Self {
            registry: Appliance::start(),
            contracts: contracts(),
            made: BTreeSet::new(),
            faults: String::new(),
        }
    }

    /// Makes a call as the administrator, without a body, and returns the answer's JSON.
    pub(super) fn call(&mut self, method: &str, path: &str) -> Value {
        self.send(method, path, &Value::Null)
    }

    /// Makes a call as the administrator; a body of null is not sent.
    pub(super) fn send(&mut self, method: &str, path: &str, body: &Value) -> Value {
        let admin = self.registry.admin.clone();
        self.send_as(&admin, method, path, body)
    }

    /// Makes a call with a token; a body of null is not sent.
    pub(super) fn send_as(&mut self, token: &str, method: &str, path: &str, body: &Value) -> Value {
        let request = self.registry.request(method, path, Some(token));
        let request = request.header("Content-Type", "application/vnd.api+json");
        let request = if body.is_null() {
            request
        } else {
            request.body(body.to_string())
        };
        let answer = request.send().expect("an answer");
        let status = answer.status().as_u16();
        let text = answer.text().expect("a text");
        let document = serde_json::from_str(&text).unwrap_or_default();
        let (name, number) = self.contract_of(method, path);
        let (contract, call) = self.at(&name, number);
        let mut faults = String::new();
        if let Some(shape) = contract.takes(call).filter(|_| !body.is_null()) {
            faults += &shape.faults(body);
        }
        if status == call.status {
            faults += &self.faults_of(contract, call, &document);
        } else {
            let expected = call.status;
            writeln!(faults, "  {status} instead of {expected}: {text}").expect("written");
        }
        if !faults.is_empty() {
            writeln!(self.faults, "{name}: {method} {path}\n{faults}").expect("written");
        }
        self.made.insert((name, number));
        document
    }

    /// Sends bytes to an upload link.
    pub(super) fn upload(&mut self, link: &Value, bytes: Vec<u8>) {
        let link = link.as_str().expect("a link");
        let answer = self.registry.upload(link, bytes);
        let path = link.replace(&self.registry.url, "");
        let (name, number) = self.contract_of("PUT", &path);
        assert_eq!(answer.status(), self.at(&name, number).1.status, "{link}");
        self.made.insert((name, number));
    }

    /// Compares a value with a shape that no call names as its answer.
    pub(super) fn expect(&mut self, contract: &str, shape: &str, value: &Value) {
        let faults = self.contracts[contract].shape(shape).faults(value);
        if !faults.is_empty() {
            writeln!(self.faults, "{contract}, {shape}\n{faults}").expect("written");
        }
    }

    /// Ends the conversation: checks that nothing was wrong, and that each call of the contracts in
    /// `named` was made, except those in `not`.
    pub(super) fn finish(self, named: &[&str], not: &[&str]) {
        assert!(self.faults.is_empty(), "\n{}", self.faults);
        let mut missing = Vec::new();
        for name in named {
            for (number, call) in self.contracts[*name].calls.iter().enumerate() {
                let (method, path) = call.parts();
                let line = format!("{name}: {method} {path}");
                let was_made = self.made.contains(&((*name).to_owned(), number));
                if was_made == not.contains(&line.as_str()) {
                    missing.push(line);
                }
            }
        }
        assert!(
            missing.is_empty(),
            "not called, or called and excepted: {missing:#?}"
        );
    }

    fn at(&self, name: &str, number: usize) -> (&Contract, &Call) {
        let contract = &self.contracts[name];
        (contract, &contract.calls[number])
    }

    /// Returns the call that a path belongs to: among those that fit, the one with the most fixed
    /// segments.
    fn contract_of(&self, method: &str, path: &str) -> (String, usize) {
        let path = path.split('?').next().expect("a path");
        let mut best = None;
        for (name, contract) in &self.contracts {
            for (number, call) in contract.calls.iter().enumerate() {
                let fits = contract
                    .paths(call)
                    .filter_map(|it| fixed(&nameless(&it), path));
                let most = fits.max().filter(|_| call.parts().0 == method);
                let candidate = most.map(|fixed| (fixed, name.clone(), number));
                best = best.max(candidate);
            }
        }
        let (_, name, number) = best.unwrap_or_else(|| panic!("no contract has {method} {path}"));
        (name, number)
    }

    fn faults_of(&self, contract: &Contract, call: &Call, document: &Value) -> String {
        let Some((around, shape)) = call.answer() else {
            return String::new();
        };
        let shape = contract.shape(shape);
        let data = &document["data"];
        match around {
            Around::Body => shape.faults(document),
            Around::Document => shape.faults(data),
            Around::List | Around::Page => {
                let mut faults = String::new();
                if around == Around::Page {
                    faults += &self.contracts["json-api"].shape("page").faults(document);
                }
                let Some(items) = data.as_array().filter(|items| !items.is_empty()) else {
                    return faults + "  there is nothing in the list to compare\n";
                };
                faults
                    + &items
                        .iter()
                        .map(|item| shape.faults(item))
                        .collect::<String>()
            }
        }
    }
}

/// Returns how many segments are fixed, if a path fits a pattern.
fn fixed(pattern: &str, path: &str) -> Option<usize> {
    let (pattern, path) = (pattern.split('/'), path.split('/'));
    if pattern.clone().count() != path.clone().count() {
        return None;
    }
    let mut fixed = 0;
    for (expected, segment) in pattern.zip(path) {
        if expected == segment {
            fixed += 1;
        } else if expected != "*" {
            return None;
        }
    }
    Some(fixed)
}

/// Makes a request document.
pub(super) fn of(kind: &str, attributes: &Value) -> Value {
    json!({ "data": { "type": kind, "attributes": attributes } })
}

/// Returns the id of the resource in a document.
pub(super) fn id(document: &Value) -> String {
    let id = document["data"]["id"].as_str();
    id.unwrap_or_else(|| panic!("no id in {document}"))
        .to_owned()
}
