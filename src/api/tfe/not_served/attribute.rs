//! The attributes that belong to features that are not served, as the table writes them.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::kept::KeptKind;
use super::parts::Part;
use OtherValues::{Never, Refused, Stored};

/// An attribute that has no effect here.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) part: Part,
    /// Its name; in a request, an attribute may lie in an object: `test-config/tests-enabled`.
    pub(super) path: &'static str,
    /// Its value; a kept attribute has it until a client sets another one.
    pub(super) is: Constant,
    /// Whether responses have it. Clients want most of these attributes, but not all.
    pub(super) in_responses: bool,
    pub(super) other_values: OtherValues,
}

impl Attribute {
    /// Returns the name without the object around it.
    pub(super) fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// Returns whether responses have it, always with the same value.
    pub(super) fn is_constant(&self) -> bool {
        self.in_responses && !matches!(self.other_values, Stored(_))
    }
}

/// The value of an attribute.
#[derive(Debug, Clone, Copy)]
pub(super) enum Constant {
    Null,
    Bool(bool),
    Number(i32),
    Text(&'static str),
}

/// What happens to a request that asks for another value.
#[derive(Debug, Clone, Copy)]
pub(super) enum OtherValues {
    /// It is refused, because its sender would believe that the value is in force.
    Refused,
    /// The value is kept and given back, because it is about a feature that is not here yet. Nothing
    /// that protects anybody is ever kept without being in force.
    Stored(KeptKind),
    /// Requests have no such attribute.
    Never,
}

/// An attribute of responses only.
pub(super) const fn shows(part: Part, path: &'static str, is: Constant) -> Attribute {
    Attribute {
        part,
        path,
        is,
        in_responses: true,
        other_values: Never,
    }
}

/// An attribute of responses; a request that asks for another value is refused.
pub(super) const fn shows_and_refuses(part: Part, path: &'static str, is: Constant) -> Attribute {
    Attribute {
        other_values: Refused,
        ..shows(part, path, is)
    }
}

/// An attribute of requests only, in which no other value is taken.
pub(super) const fn refuses(part: Part, path: &'static str, is: Constant) -> Attribute {
    Attribute {
        in_responses: false,
        ..shows_and_refuses(part, path, is)
    }
}

/// An attribute of requests and responses: what a client sets is kept and given back, and `is` is the
/// value until then. The row that keeps it has a field [`KeptAttributes`](crate::domain::KeptAttributes).
pub(super) const fn keeps(
    part: Part,
    path: &'static str,
    kind: KeptKind,
    is: Constant,
) -> Attribute {
    Attribute {
        other_values: Stored(kind),
        ..shows(part, path, is)
    }
}

impl Constant {
    /// Returns whether a request with this value asks for nothing else than what is so.
    pub(super) fn allows(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null) => true,
            (Self::Null, Value::String(text)) => text.is_empty(),
            (Self::Null | Self::Number(0), Value::Number(number)) => number.as_i64() == Some(0),
            (Self::Bool(is), Value::Bool(value)) => is == *value,
            (Self::Number(is), Value::Number(number)) => number.as_i64() == Some(is.into()),
            (Self::Text(is), Value::String(text)) => is == text || text.is_empty(),
            _ => false,
        }
    }
}

impl Serialize for Constant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => serializer.serialize_i32(*value),
            Self::Text(value) => serializer.serialize_str(value),
        }
    }
}
