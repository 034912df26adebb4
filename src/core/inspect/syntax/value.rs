//! The value of an attribute, and the facts about it that need no evaluation.

use hcl_edit::expr::Expression;
use serde_json::Value as Json;

use super::literal;

/// The value of an attribute.
#[derive(Debug, Clone)]
pub(in crate::inspect) enum Value<'s> {
    /// An expression.
    Hcl {
        /// The parsed expression.
        expression: Expression,
        /// The source text.
        source: &'s str,
    },
    /// The source text of an expression that could not be parsed.
    Source(&'s str),
    /// JSON, in which strings are templates.
    Json(Json),
}

impl Value<'_> {
    /// Returns the value as a string; a template that needs evaluation is returned as source text.
    /// `None` if it is not a string.
    pub(in crate::inspect) fn text(&self) -> Option<String> {
        match self {
            Self::Hcl { expression, source } => match literal::value(expression, source) {
                Some(Json::String(text)) => Some(text),
                Some(Json::Null) => None,
                Some(Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) | None => {
                    Some(unquoted(source).to_owned())
                }
            },
            Self::Source(source) => Some(unquoted(source).to_owned()),
            Self::Json(Json::String(text)) => Some(literal::unescaped(text)),
            Self::Json(Json::Null) => None,
            Self::Json(value) => Some(value.to_string()),
        }
    }

    /// Returns the value as a boolean; `None` if it is not one. Old code writes `true` and `false`
    /// in quotes.
    pub(in crate::inspect) fn flag(&self) -> Option<bool> {
        self.text()?.parse().ok()
    }

    /// Returns the source text, indented as if it began a line.
    pub(in crate::inspect) fn source(&self) -> String {
        match self {
            Self::Hcl { source, .. } | Self::Source(source) => dedented(source),
            Self::Json(Json::String(text)) => expression_of(text)
                .map_or_else(|| Json::from(text.as_str()).to_string(), str::to_owned),
            Self::Json(value) => {
                serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
            }
        }
    }

    /// Returns the value as a type expression. In JSON and in old code types are strings.
    pub(in crate::inspect) fn type_expression(&self) -> Option<String> {
        match self {
            Self::Hcl { expression, .. } if expression.is_str() => self.text(),
            Self::Json(_) => self.text(),
            Self::Hcl { .. } | Self::Source(_) => Some(self.source()),
        }
    }

    /// Returns the value if it is a literal.
    pub(in crate::inspect) fn literal(&self) -> Option<Json> {
        match self {
            Self::Hcl { expression, source } => literal::value(expression, source),
            Self::Source(_) => None,
            Self::Json(value) => literal::template_free(value),
        }
    }
}

/// Returns the expression if the template consists only of one.
fn expression_of(template: &str) -> Option<&str> {
    let inner = template.strip_prefix("${")?.strip_suffix('}')?;
    (!inner.contains(['{', '}'])).then(|| inner.trim())
}

fn unquoted(source: &str) -> &str {
    let inner = source.strip_prefix('"').and_then(|s| s.strip_suffix('"'));
    inner.unwrap_or(source)
}

/// Returns `source` without the indentation that all its lines except the first share, and with a
/// line feed alone as line break.
fn dedented(source: &str) -> String {
    let lines = || source.lines().skip(1);
    // The lines of a heredoc are a part of its value.
    if source.contains("<<") || lines().next().is_none() {
        return source.replace("\r\n", "\n");
    }
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared = lines()
        .filter(|line| !line.trim().is_empty())
        .map(indentation)
        .min()
        .unwrap_or(0);
    let mut text = source.lines().next().unwrap_or_default().to_owned();
    for line in lines() {
        text.push('\n');
        text.push_str(line.get(shared..).unwrap_or_default().trim_end());
    }
    text
}
