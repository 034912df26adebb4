//! Finds which named objects of a folder refer to which, by the traversals in their expressions.

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::expr::{Expression, ForExpr, Traversal, TraversalOperator};
use hcl_edit::template::ForDirective;
use hcl_edit::visit::{self, Visit};
use hcl_edit::{Decorated, Ident};
use serde_json::Value as Json;

use crate::domain::References;

use super::syntax::{Attribute, Block, Budget, Value, parse_template};

/// The names at the start of traversals that do not refer to an object of the folder.
const NO_THINGS: [&str; 8] = [
    "each",
    "count",
    "self",
    "path",
    "terraform",
    "provider",
    "action",
    "resource",
];

/// Returns the references of all named objects in `blocks`; objects without any are left out.
pub(super) fn find(blocks: &[Block<'_>], budget: &mut Budget<'_>) -> Vec<References> {
    let resources = blocks.iter().filter(|block| block.kind == "resource");
    let types = resources.map(|block| block.label(0)).collect();
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for block in blocks {
        if !budget.goes_on() {
            break;
        }
        if block.kind == "locals" {
            for local in &block.body.attributes {
                let mut search = Search::new(&types, budget);
                search.value(&local.value);
                add(&mut all, format!("local.{}", local.name), search.found);
            }
        } else if let Some(name) = name(block) {
            let mut search = Search::new(&types, budget);
            search.body(block);
            add(&mut all, name, search.found);
        }
    }
    let found = all.into_iter().map(|(from, to)| References {
        from,
        to: to.into_iter().collect(),
    });
    found.collect()
}

fn add(all: &mut BTreeMap<String, BTreeSet<String>>, from: String, mut to: BTreeSet<String>) {
    to.remove(&from);
    if !to.is_empty() {
        all.entry(from).or_default().append(&mut to);
    }
}

/// Returns Terraform's address of the object that a block declares.
fn name(block: &Block<'_>) -> Option<String> {
    let first = block.label(0);
    match &*block.kind {
        "variable" => Some(format!("var.{first}")),
        "output" => Some(format!("output.{first}")),
        "module" => Some(format!("module.{first}")),
        "resource" => Some(format!("{first}.{}", block.label(1))),
        "data" | "ephemeral" => Some(format!("{}.{first}.{}", block.kind, block.label(1))),
        "provider" => match block.text("alias") {
            Some(alias) => Some(format!("provider.{first}.{alias}")),
            None => Some(format!("provider.{first}")),
        },
        _ => None,
    }
}

struct Search<'a, 'l> {
    /// The types of the folder's managed resources.
    types: &'a BTreeSet<&'a str>,
    budget: &'a mut Budget<'l>,
    /// The names that `for` and `dynamic` define at this place.
    bound: Vec<String>,
    found: BTreeSet<String>,
}

impl<'a, 'l> Search<'a, 'l> {
    fn new(types: &'a BTreeSet<&'a str>, budget: &'a mut Budget<'l>) -> Self {
        Self {
            types,
            budget,
            bound: Vec::new(),
            found: BTreeSet::new(),
        }
    }

    // The parser limits the depth of nested blocks.
    fn body(&mut self, block: &Block<'_>) {
        for attribute in &block.body.attributes {
            self.attribute(block, attribute);
        }
        for inner in &block.body.blocks {
            if inner.kind == "dynamic" {
                let iterator = inner.get("iterator").map(Value::source);
                let name = iterator.unwrap_or_else(|| inner.label(0).to_owned());
                self.bound.push(name);
                self.body(inner);
                self.bound.pop();
            } else {
                self.body(inner);
            }
        }
    }

    fn attribute(&mut self, block: &Block<'_>, attribute: &Attribute<'_>) {
        match (&*block.kind, &*attribute.name) {
            // These name attributes of the resource itself, types, and names that are defined here.
            (_, "ignore_changes") | ("variable", "type") | ("dynamic", "iterator") => {}
            ("resource" | "data" | "ephemeral", "provider") => {
                self.providers(&attribute.value);
            }
            ("module", "providers") => self.providers(&attribute.value),
            (_, "depends_on" | "replace_triggered_by") => {
                self.addresses(&attribute.value);
                self.value(&attribute.value);
            }
            _ => self.value(&attribute.value),
        }
    }

    fn value(&mut self, value: &Value<'_>) {
        match value {
            Value::Hcl { expression, .. } => self.visit_expr(expression),
            Value::Source(_) => {}
            Value::Json(json) => self.json(json),
        }
    }

    // The JSON reader limits the depth of nested values.
    fn json(&mut self, json: &Json) {
        match json {
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
            Json::String(text) => {
                if let Some(template) = parse_template(text, self.budget) {
                    self.visit_template(&template);
                }
            }
            Json::Array(items) => items.iter().for_each(|item| self.json(item)),
            Json::Object(members) => members.values().for_each(|member| self.json(member)),
        }
    }

    /// Adds the addresses that are given as strings, which old code and JSON do.
    fn addresses(&mut self, value: &Value<'_>) {
        match value {
            Value::Hcl {
                expression: Expression::Array(items),
                ..
            } => items
                .iter()
                .filter_map(Expression::as_str)
                .for_each(|address| self.address(address)),
            Value::Json(Json::Array(items)) => items
                .iter()
                .filter_map(Json::as_str)
                .for_each(|address| self.address(address)),
            Value::Hcl { .. } | Value::Source(_) | Value::Json(_) => {}
        }
    }

    fn address(&mut self, address: &str) {
        let parts: Vec<&str> = address.split(['.', '[']).take(3).collect();
        if let Some((root, path)) = parts.split_first() {
            self.thing(root, path);
        }
    }

    /// Adds the providers that are passed on, whose addresses look like those of resources.
    fn providers(&mut self, value: &Value<'_>) {
        match value {
            Value::Hcl {
                expression: Expression::Object(members),
                ..
            } => members
                .iter()
                .for_each(|(_, provider)| self.provider(&provider.expr().to_string())),
            Value::Json(Json::Object(members)) => members
                .values()
                .filter_map(Json::as_str)
                .for_each(|provider| self.provider(provider)),
            Value::Hcl { .. } | Value::Source(_) | Value::Json(_) => {
                self.provider(&value.text().unwrap_or_default());
            }
        }
    }

    fn provider(&mut self, written: &str) {
        let address = written.trim().trim_matches('"');
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        // An address of a provider instance includes its key.
        let address = address.split('[').next().unwrap_or_default();
        if !address.is_empty() && address.chars().all(is_part) {
            self.found.insert(format!("provider.{address}"));
        }
    }

    /// Adds the object to which a traversal leads.
    fn thing(&mut self, root: &str, path: &[&str]) {
        if NO_THINGS.contains(&root) || self.bound.iter().any(|name| name == root) {
            return;
        }
        let thing = match (root, path) {
            ("var" | "local" | "module", [name, ..]) => format!("{root}.{name}"),
            ("data" | "ephemeral", [kind, name, ..]) => format!("{root}.{kind}.{name}"),
            (kind, [name, ..]) if kind.contains('_') || self.types.contains(kind) => {
                format!("{kind}.{name}")
            }
            _ => return,
        };
        self.found.insert(thing);
    }

    fn with_bound(&mut self, names: [Option<&Ident>; 2], visit: impl FnOnce(&mut Self)) {
        let outer = self.bound.len();
        let names = names.into_iter().flatten();
        self.bound
            .extend(names.map(|name| name.as_str().to_owned()));
        visit(self);
        self.bound.truncate(outer);
    }
}

impl Visit for Search<'_, '_> {
    fn visit_traversal(&mut self, node: &Traversal) {
        if let Expression::Variable(root) = &node.expr {
            let mut path = Vec::new();
            for operator in node.operators.iter().take(2) {
                match operator.value() {
                    TraversalOperator::GetAttr(name) => path.push(name.as_str()),
                    TraversalOperator::AttrSplat(_)
                    | TraversalOperator::FullSplat(_)
                    | TraversalOperator::Index(_)
                    | TraversalOperator::LegacyIndex(_) => break,
                }
            }
            self.thing(root.as_str(), &path);
        }
        visit::visit_traversal(self, node);
    }

    fn visit_for_expr(&mut self, node: &ForExpr) {
        // The collection is evaluated outside the scope of the names.
        self.visit_expr(&node.intro.collection_expr);
        let names = [
            node.intro.key_var.as_ref().map(Decorated::value),
            Some(node.intro.value_var.value()),
        ];
        self.with_bound(names, |search| {
            if let Some(key) = &node.key_expr {
                search.visit_expr(key);
            }
            search.visit_expr(&node.value_expr);
            if let Some(condition) = &node.cond {
                search.visit_expr(&condition.expr);
            }
        });
    }

    fn visit_for_directive(&mut self, node: &ForDirective) {
        let intro = &node.for_expr;
        self.visit_expr(&intro.collection_expr);
        let names = [
            intro.key_var.as_ref().map(Decorated::value),
            Some(intro.value_var.value()),
        ];
        self.with_bound(names, |search| search.visit_template(&intro.template));
    }
}
