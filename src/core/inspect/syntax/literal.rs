//! Converts literal expressions into JSON. An expression that must be evaluated, or would lose
//! precision, does not count as a literal.

use hcl_edit::Number;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::template::{Iter, Template};
use serde_json::{Map, Value as Json};

/// The significant digits that a floating-point number keeps.
const EXACT_DIGITS: usize = 15;

/// Returns the value of a literal; `None` if the expression is not one. `source` is its text.
pub(super) fn value(expression: &Expression, source: &str) -> Option<Json> {
    value_in(expression, source.contains("\r\n"))
}

/// Returns the value of a literal. `returns` says that its lines end with a carriage return, too.
// The parser refuses expressions that are nested too deep, so the recursion is bounded.
fn value_in(expression: &Expression, returns: bool) -> Option<Json> {
    match expression {
        Expression::Null(_) => Some(Json::Null),
        Expression::Bool(flag) => Some(Json::Bool(*flag.value())),
        Expression::Number(number) => {
            let repr = number.as_repr().map(|text| text.to_string());
            exact(number.value(), repr.as_deref().unwrap_or_default())
        }
        Expression::String(text) => Some(Json::String(text.value().clone())),
        Expression::Array(items) => items.iter().map(|item| value_in(item, returns)).collect(),
        Expression::Object(items) => {
            let members = items
                .iter()
                .map(|(name, item)| Some((key(name)?, value_in(item.expr(), returns)?)));
            members.collect::<Option<Map<_, _>>>().map(Json::Object)
        }
        Expression::StringTemplate(template) => Some(Json::String(text(template.iter())?)),
        Expression::HeredocTemplate(heredoc) => {
            let text = text(Template::iter(&heredoc.template))?;
            // The parser drops carriage returns together with indentation; terraform keeps them.
            Some(Json::String(if returns {
                text.replace("\r\n", "\n").replace('\n', "\r\n")
            } else {
                text
            }))
        }
        Expression::Parenthesis(inner) => value_in(inner.inner(), returns),
        Expression::Variable(_)
        | Expression::Conditional(_)
        | Expression::FuncCall(_)
        | Expression::Traversal(_)
        | Expression::UnaryOp(_)
        | Expression::BinaryOp(_)
        | Expression::ForExpr(_) => None,
    }
}

/// Returns the value of JSON without templates in its strings; `None` if there are any.
pub(super) fn template_free(value: &Json) -> Option<Json> {
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => Some(value.clone()),
        Json::String(text) if is_template(text) => None,
        Json::String(text) => Some(Json::String(unescaped(text))),
        Json::Array(items) => items.iter().map(template_free).collect(),
        Json::Object(members) => {
            let members = members
                .iter()
                .map(|(name, item)| Some((name.clone(), template_free(item)?)));
            members.collect::<Option<Map<_, _>>>().map(Json::Object)
        }
    }
}

/// Returns a template without its escapes; unchanged if it must be evaluated.
pub(super) fn unescaped(template: &str) -> String {
    if is_template(template) {
        template.to_owned()
    } else {
        template.replace("$${", "${").replace("%%{", "%{")
    }
}

fn is_template(text: &str) -> bool {
    let rest = text.replace("$${", "").replace("%%{", "");
    rest.contains("${") || rest.contains("%{")
}

fn key(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Ident(name) => Some(name.as_str().to_owned()),
        ObjectKey::Expression(expression) => match value_in(expression, false)? {
            Json::String(text) => Some(text),
            Json::Number(number) => Some(number.to_string()),
            Json::Bool(flag) => Some(flag.to_string()),
            Json::Null | Json::Array(_) | Json::Object(_) => None,
        },
    }
}

fn text(elements: Iter<'_>) -> Option<String> {
    let mut text = String::new();
    for element in elements {
        text.push_str(element.as_literal()?);
    }
    Some(text)
}

fn exact(number: &Number, written: &str) -> Option<Json> {
    if let Some(whole) = number.as_u64() {
        return Some(whole.into());
    }
    if let Some(whole) = number.as_i64() {
        return Some(whole.into());
    }
    let mantissa = written.split(['e', 'E']).next()?;
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_start_matches('0').trim_end_matches('0').len();
    if significant > EXACT_DIGITS {
        return None;
    }
    serde_json::Number::from_f64(number.as_f64()?).map(Json::Number)
}
