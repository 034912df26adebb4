//! Parses the text of a type constraint into a tree, by recursive descent down to a fixed depth.

use std::collections::BTreeMap;

use super::source_text::{self, after_gap};
use super::type_expression::{Attribute, TypeExpression};

/// The greatest depth of nested types; deeper ones are compared as text.
const MAX_DEPTH: usize = 64;

/// Reads a type; `None` if `written` is not exactly one type.
pub(super) fn parse(written: &str) -> Option<TypeExpression> {
    let mut parser = Parser { rest: written };
    let parsed = parser.type_expression(MAX_DEPTH)?;
    parser.skip_gap();
    parser.rest.is_empty().then_some(parsed)
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn skip_gap(&mut self) {
        self.rest = after_gap(self.rest);
    }

    /// Skips spaces and consumes `token` if it is next.
    fn take(&mut self, token: char) -> bool {
        self.skip_gap();
        let after = self.rest.strip_prefix(token);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// Consumes a name, which may be in quotes.
    fn name(&mut self) -> Option<&'t str> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let is_quoted = self.take('"');
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        let closed = !is_quoted || self.rest.starts_with('"');
        if is_quoted {
            self.take('"');
        }
        (closed && !name.is_empty()).then_some(name)
    }

    fn type_expression(&mut self, depth: usize) -> Option<TypeExpression> {
        let depth = depth.checked_sub(1)?;
        let name = self.name()?;
        if !self.take('(') {
            return match name {
                "any" => Some(TypeExpression::Any),
                "bool" => Some(TypeExpression::Bool),
                "number" => Some(TypeExpression::Number),
                "string" => Some(TypeExpression::String),
                // Code of before Terraform 0.12 writes types this way.
                "list" | "set" | "map" => collection(name, TypeExpression::Any),
                _ => None,
            };
        }
        let parsed = match name {
            "list" | "set" | "map" => collection(name, self.type_expression(depth)?)?,
            "tuple" => TypeExpression::Tuple(self.tuple(depth)?),
            "object" => TypeExpression::Object(self.object(depth)?),
            _ => return None,
        };
        // A comma may follow the last argument.
        self.take(',');
        self.take(')').then_some(parsed)
    }

    fn tuple(&mut self, depth: usize) -> Option<Vec<TypeExpression>> {
        let mut items = Vec::new();
        if !self.take('[') {
            return None;
        }
        while !self.take(']') {
            items.push(self.type_expression(depth)?);
            if !self.take(',') {
                return self.take(']').then_some(items);
            }
        }
        Some(items)
    }

    fn object(&mut self, depth: usize) -> Option<BTreeMap<String, Attribute>> {
        let mut attributes = BTreeMap::new();
        if !self.take('{') {
            return None;
        }
        while !self.take('}') {
            let name = self.name()?;
            if !self.take('=') && !self.take(':') {
                return None;
            }
            attributes.insert(name.to_owned(), self.attribute(depth)?);
            // A line end separates attributes as well as a comma does.
            self.take(',');
        }
        Some(attributes)
    }

    fn attribute(&mut self, depth: usize) -> Option<Attribute> {
        self.skip_gap();
        let before = self.rest;
        let is_optional = self.name() == Some("optional") && self.take('(');
        if !is_optional {
            self.rest = before;
            let of_type = self.type_expression(depth)?;
            let attribute = Attribute {
                of_type,
                optional: false,
                default: None,
            };
            return Some(attribute);
        }
        let of_type = self.type_expression(depth)?;
        let default = self.take(',').then(|| self.until_closed()).flatten();
        let default = default.filter(|default| !default.is_empty());
        let attribute = Attribute {
            of_type,
            optional: true,
            default,
        };
        self.take(')').then_some(attribute)
    }

    /// Consumes the expression up to the closing bracket around it.
    fn until_closed(&mut self) -> Option<String> {
        let mut open = 0_usize;
        let mut in_text = false;
        let mut escaped = false;
        for (at, next) in self.rest.char_indices() {
            if in_text {
                in_text = escaped || next != '"';
                escaped = !escaped && next == '\\';
                continue;
            }
            match next {
                '"' => in_text = true,
                '(' | '[' | '{' => open = open.saturating_add(1),
                ')' | ']' | '}' if open > 0 => open = open.saturating_sub(1),
                ')' | ']' | '}' => {
                    let (expression, rest) = self.rest.split_at_checked(at)?;
                    self.rest = rest;
                    return Some(source_text::bare(expression));
                }
                _ => {}
            }
        }
        None
    }
}

fn collection(name: &str, of: TypeExpression) -> Option<TypeExpression> {
    let of = Box::new(of);
    match name {
        "list" => Some(TypeExpression::List(of)),
        "set" => Some(TypeExpression::Set(of)),
        "map" => Some(TypeExpression::Map(of)),
        _ => None,
    }
}
