//! Which values of a kept attribute are taken, and why others are refused.

use serde_json::{Value, json};

use crate::domain::{KeptValue, ShortText};

/// The largest number that is kept: clients read 32 bits.
const MOST: i64 = 2_147_483_647;

/// What a kept attribute may be set to. Null sets every kind back to its default.
#[derive(Debug, Clone, Copy)]
pub(super) enum KeptKind {
    /// True or false.
    Bool,
    /// A whole number that is not negative.
    Count,
    /// One line of text. The empty text sets the attribute back to its default.
    Text,
    /// A text that this function accepts; it returns the reason of a refusal.
    TextLike(fn(&str) -> Result<(), &'static str>),
}

impl KeptKind {
    /// Reads a value; `None` is the default. The error is the reason of a refusal.
    pub(super) fn read(self, value: &Value) -> Result<Option<KeptValue>, String> {
        match (self, value) {
            (_, Value::Null) => Ok(None),
            (Self::Bool, Value::Bool(value)) => Ok(Some(KeptValue::Bool(*value))),
            (Self::Count, Value::Number(number)) => number
                .as_i64()
                .filter(|number| (0..=MOST).contains(number))
                .map(|number| Some(KeptValue::Number(number)))
                .ok_or_else(|| self.refusal(value)),
            (Self::Text | Self::TextLike(_), Value::String(text)) if text.is_empty() => Ok(None),
            (Self::Text, Value::String(text)) => read_text(text),
            (Self::TextLike(check), Value::String(text)) => {
                check(text)?;
                read_text(text)
            }
            _ => Err(self.refusal(value)),
        }
    }

    fn refusal(self, value: &Value) -> String {
        let expected = match self {
            Self::Bool => "true or false".to_owned(),
            Self::Count => format!("a whole number from 0 to {MOST}"),
            Self::Text | Self::TextLike(_) => "a text".to_owned(),
        };
        let sent: String = value.to_string().chars().take(60).collect();
        format!("it must be {expected}, or null for the default, and not `{sent}`")
    }

    /// Returns the type of its values, as a JSON schema names it.
    pub(super) fn schema_type(self) -> &'static str {
        match self {
            Self::Bool => "boolean",
            Self::Count => "integer",
            Self::Text | Self::TextLike(_) => "string",
        }
    }

    /// Returns the schema of the values that a request may set.
    pub(super) fn request_schema(self) -> Value {
        let types = [self.schema_type(), "null"];
        match self {
            Self::Count => json!({ "type": types, "minimum": 0, "maximum": MOST }),
            Self::Bool | Self::Text | Self::TextLike(_) => json!({ "type": types }),
        }
    }
}

fn read_text(text: &str) -> Result<Option<KeptValue>, String> {
    let text: ShortText = text.parse().map_err(|error| format!("{error}"))?;
    Ok(Some(KeptValue::Text(text.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(text: &str) -> Result<(), &'static str> {
        (text == "remote")
            .then_some(())
            .ok_or("it must be `remote`")
    }

    #[test]
    fn a_value_of_the_right_kind_is_kept_and_any_other_has_its_reason() {
        let like = KeptKind::TextLike(remote);
        for (kind, value, expected) in [
            (KeptKind::Bool, json!(false), Some(KeptValue::Bool(false))),
            (KeptKind::Count, json!(0), Some(KeptValue::Number(0))),
            (
                KeptKind::Text,
                json!("a"),
                Some(KeptValue::Text("a".to_owned())),
            ),
            (KeptKind::Text, json!(""), None),
            (KeptKind::Count, Value::Null, None),
            (
                like,
                json!("remote"),
                Some(KeptValue::Text("remote".to_owned())),
            ),
        ] {
            assert_eq!(kind.read(&value), Ok(expected), "{value}");
        }
        for (kind, value) in [
            (KeptKind::Bool, json!("true")),
            (KeptKind::Bool, json!(1)),
            (KeptKind::Count, json!(-1)),
            (KeptKind::Count, json!(1.5)),
            (KeptKind::Count, json!(5_000_000_000_u64)),
            (KeptKind::Text, json!({})),
            (KeptKind::Text, json!("a\nb")),
            (like, json!("agent")),
        ] {
            let reason = kind.read(&value).expect_err("it is refused");
            assert!(reason.len() > 15, "{value}: {reason}");
        }
    }
}
