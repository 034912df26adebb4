//! Which named things of a folder refer to which: the traversals in their expressions.

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::expr::{Expression, ForExpr, Traversal, TraversalOperator};
use hcl_edit::template::ForDirective;
use hcl_edit::visit::{self, Visit};
use hcl_edit::{Decorated, Ident};
use serde_json::Value as Json;

use crate::domain::References;

use super::syntax::{Attribute, Block, Budget, Value, parse_template};

/// The names at the start of traversals that lead to nothing in the folder.
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

/// The references of all named things in `blocks`; things without any are left out.
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

/// What Terraform calls the thing that a block declares.
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
    /// The types of the managed resources of the folder.
    types: &'a BTreeSet<&'a str>,
    budget: &'a mut Budget<'l>,
    /// The names that `for` and `dynamic` bind here.
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

    // The parser bounds how deep blocks lie in each other.
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
            // They name attributes of the resource itself, types, and names that are bound.
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

    // The JSON reader bounds how deep values lie in each other.
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

    /// Takes the addresses that are given as texts, as old code and JSON do.
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

    /// Takes the providers that are passed on, which look like resources.
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
        // An instance of a provider is written with its key.
        let address = address.split('[').next().unwrap_or_default();
        if !address.is_empty() && address.chars().all(is_part) {
            self.found.insert(format!("provider.{address}"));
        }
    }

    /// Takes the thing to which a traversal leads.
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
        // The collection is outside of what the names are bound in.
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
