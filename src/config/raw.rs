//! A value before its key has given it a type: from the file with TOML's types, from elsewhere bare.

use std::borrow::Cow;
use std::fmt;

use toml::de::DeValue;
use zeroize::Zeroizing;

use super::problem::Origin;

/// A value as it was given. Texts are wiped when dropped, because any of them may be a secret.
#[derive(Clone)]
pub(super) enum Raw {
    /// From the environment or a flag: text that stands for whatever type the key has.
    Bare(Zeroizing<String>),
    /// A TOML string.
    Text(Zeroizing<String>),
    /// A TOML integer.
    Integer(i128),
    /// A TOML boolean.
    Boolean(bool),
    /// A TOML array.
    List(Vec<Raw>),
    /// A type that no key has: float, date or table.
    Other(&'static str),
}

/// A value with the key it is meant for and where it was found.
pub(super) struct Given {
    /// The key, as in `limits.archive`. It may name nothing.
    pub(super) key: String,
    /// The value.
    pub(super) raw: Raw,
    /// The place to point at when it is wrong.
    pub(super) origin: Origin,
}

impl Raw {
    /// A value from the environment or a flag.
    pub(super) fn bare(text: &str) -> Self {
        Self::Bare(Zeroizing::new(text.to_owned()))
    }

    /// A value of the file.
    pub(super) fn from_toml(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(Zeroizing::new(text.to_string())),
            DeValue::Boolean(yes) => Self::Boolean(*yes),
            DeValue::Integer(number) => i128::from_str_radix(number.as_str(), number.radix())
                .map_or(Self::Other("a number too large"), Self::Integer),
            DeValue::Array(items) => {
                let items = items.iter().map(|item| Self::from_toml(item.get_ref()));
                Self::List(items.collect())
            }
            DeValue::Float(_) => Self::Other("a number with a fraction"),
            DeValue::Datetime(_) => Self::Other("a date"),
            DeValue::Table(_) => Self::Other("a table"),
        }
    }

    /// The text, if it is text.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Bare(text) | Self::Text(text) => Some(text),
            Self::Integer(_) | Self::Boolean(_) | Self::List(_) | Self::Other(_) => None,
        }
    }

    /// The text, also of a number: `5` is then refused for its missing unit, not for its type.
    pub(super) fn scalar(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Integer(number) => Some(Cow::Owned(number.to_string())),
            Self::Bare(_) | Self::Text(_) | Self::Boolean(_) | Self::List(_) | Self::Other(_) => {
                self.text().map(Cow::Borrowed)
            }
        }
    }

    /// The whole number, if it is one.
    pub(super) fn integer(&self) -> Option<i128> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Bare(text) => text.trim().parse().ok(),
            Self::Text(_) | Self::Boolean(_) | Self::List(_) | Self::Other(_) => None,
        }
    }

    /// The items of a list; outside the file they are separated by commas.
    pub(super) fn list(&self) -> Option<Vec<Raw>> {
        match self {
            Self::List(items) => Some(items.clone()),
            Self::Bare(text) => {
                let items = text
                    .split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty());
                Some(items.map(Self::bare).collect())
            }
            Self::Text(_) | Self::Integer(_) | Self::Boolean(_) | Self::Other(_) => None,
        }
    }
}

impl fmt::Display for Raw {
    /// As it would stand in the file, with control characters escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare(text) | Self::Text(text) => write!(f, "{:?}", text.as_str()),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Boolean(yes) => write!(f, "{yes}"),
            Self::List(_) => f.write_str("a list"),
            Self::Other(what) => f.write_str(what),
        }
    }
}
